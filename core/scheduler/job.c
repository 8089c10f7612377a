/* SPDX-License-Identifier: Apache-2.0 */
/* Creates and frees the jobs of a batch, moves them between lists, and keeps the heap of those that
 * wait for a time. */
#include "core/scheduler/job.h"

#include "core/base/error.h"
#include "core/model/operations.h"

/* the heap has space for every job, so cc_job_wake_at() needs no memory */
static bool reserve_heap(struct cloud_batch *batch)
{
    size_t cap = batch->heap_cap ? batch->heap_cap * 2 : 64;
    struct cc_job **grown;

    if (batch->job_count + 1 < batch->heap_cap)
        return true;
    grown = reallocarray(batch->heap, cap, sizeof(struct cc_job *));
    if (!grown)
        return false;
    batch->heap = grown;
    batch->heap_cap = cap;
    return true;
}

struct cc_job *cc_job_new(struct cc_client_queue *queue, enum cloud_op op,
                          const struct cloud_params *params)
{
    struct cc_arena *arena = NULL;
    struct cc_job *job = NULL;

    if (reserve_heap(queue->batch))
        arena = cc_arena_sized(sizeof(struct cc_job) + cc_params_bytes(params));
    if (arena)
        job = cc_arena_alloc(arena, sizeof(*job));
    if (!job || !cc_params_dup(&job->params, params, arena)) {
        cc_arena_free(arena);
        return NULL;
    }
    TAILQ_INIT(&job->followers);
    job->queue = queue;
    job->op = op;
    job->arena = arena;
    queue->job_count++;
    queue->batch->job_count++;
    return job;
}

void cc_job_free(struct cc_job *job)
{
    if (!job)
        return;
    cc_job_cancel_wake(job->queue->batch, job);
    cc_job_move(job, NULL);
    cc_call_free(job->call);
    if (job->done)
        cloud_batch_done_clear(job->done);
    free(job->done);
    while (!TAILQ_EMPTY(&job->followers))
        cc_job_free(TAILQ_FIRST(&job->followers));
    cc_stream_free(job->stream);
    free(job->ids);
    job->queue->job_count--;
    job->queue->batch->job_count--;
    cc_arena_free(job->arena); /* contains the job itself */
}

bool cc_job_changes(const struct cc_job *job)
{
    return cloud_op_info(job->op)->effect != CLOUD_READS;
}

void cc_job_move(struct cc_job *job, struct cc_jobs *to)
{
    if (job->list)
        TAILQ_REMOVE(job->list, job, link);
    if (to)
        TAILQ_INSERT_TAIL(to, job, link);
    job->list = to;
}

struct cloud_batch_done *cc_job_done(struct cc_job *job)
{
    if (job->done)
        return job->done;
    job->done = calloc(1, sizeof(*job->done));
    if (job->done) {
        job->done->size = sizeof(*job->done);
        job->done->result.size = sizeof(job->done->result);
        job->done->result.op = job->op;
    }
    return job->done;
}

static bool is_sooner(const struct cloud_batch *batch, size_t a, size_t b)
{
    return batch->heap[a]->due_ms < batch->heap[b]->due_ms;
}

static void swap(struct cloud_batch *batch, size_t a, size_t b)
{
    struct cc_job *job = batch->heap[a];

    batch->heap[a] = batch->heap[b];
    batch->heap[b] = job;
    batch->heap[a]->heap_at = a;
    batch->heap[b]->heap_at = b;
}

/* restores the heap after the job at @at was added or changed */
static void restore_heap(struct cloud_batch *batch, size_t at)
{
    for (; at > 1 && is_sooner(batch, at, at / 2); at /= 2)
        swap(batch, at, at / 2);
    for (size_t child; (child = 2 * at) <= batch->heap_count; at = child) {
        if (child < batch->heap_count && is_sooner(batch, child + 1, child))
            child++;
        if (!is_sooner(batch, child, at))
            break;
        swap(batch, at, child);
    }
}

void cc_job_wake_at(struct cloud_batch *batch, struct cc_job *job, int64_t due_ms)
{
    job->due_ms = due_ms;
    if (!job->heap_at) {
        job->heap_at = ++batch->heap_count;
        batch->heap[job->heap_at] = job;
    }
    restore_heap(batch, job->heap_at);
}

void cc_job_cancel_wake(struct cloud_batch *batch, struct cc_job *job)
{
    size_t at = job->heap_at;

    if (!at)
        return;
    swap(batch, at, batch->heap_count);
    batch->heap_count--;
    job->heap_at = 0;
    if (at <= batch->heap_count)
        restore_heap(batch, at);
}

struct cc_job *cc_job_next_due(const struct cloud_batch *batch)
{
    return batch->heap_count ? batch->heap[1] : NULL;
}
