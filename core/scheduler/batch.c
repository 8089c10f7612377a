/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implements the functions that create and free a batch, and add and cancel calls. Chooses the
 * transport of each client. scheduler.c runs the calls.
 */
#include <errno.h>
#include <limits.h>

#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/base/fork.h"
#include "core/scheduler/job.h"
#include "core/scheduler/run_one.h"

#define DEFAULT_CONCURRENCY 256
#define MAX_CONCURRENCY 100000

void cloud_batch_done_clear(struct cloud_batch_done *done)
{
    if (done)
        cloud_result_clear(&done->result);
}

int cloud_batch_new(const struct cloud_batch_options *options, struct cloud_batch **ret_batch,
                    struct cloud_error *err)
{
    struct cloud_batch_options given = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch *batch;
    int rc = cc_need(ret_batch, "ret_batch", err);

    if (!rc && options)
        rc = cc_need_struct(CC_STRUCT_BATCH_OPTIONS, options, err);
    if (rc)
        return rc;
    cc_error_clear(err);
    if (options)
        cc_copy_struct(&given, sizeof(given), options);
    if (given.max_in_flight < 0 || given.max_in_flight > MAX_CONCURRENCY)
        return cc_fail_param(err, "max_in_flight",
                             "max_in_flight is %d; it can be 1 to %d, or 0 for %d",
                             given.max_in_flight, MAX_CONCURRENCY, DEFAULT_CONCURRENCY);
    batch = calloc(1, sizeof(*batch));
    if (!batch)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    batch->options = given;
    if (!given.max_in_flight)
        batch->options.max_in_flight = DEFAULT_CONCURRENCY;
    batch->env = cc_real_env;
    batch->forks = cc_fork_count();
    TAILQ_INIT(&batch->startable);
    TAILQ_INIT(&batch->done);
    *ret_batch = batch;
    return CLOUD_OK;
}

static void free_jobs(struct cc_jobs *jobs)
{
    while (!TAILQ_EMPTY(jobs))
        cc_job_free(TAILQ_FIRST(jobs));
}

static void free_slot(struct cc_transport_slot *slot)
{
    LIST_REMOVE(slot, link);
    if (slot->endpoint)
        slot->transport->free(slot->transport);
    free(slot->endpoint);
    free(slot);
}

void cc_batch_drop_queue(struct cc_client_queue *queue)
{
    if (queue->is_startable)
        TAILQ_REMOVE(&queue->batch->startable, queue, startable);
    if (queue->client)
        LIST_REMOVE(queue, of_client);
    LIST_REMOVE(queue, link);
    if (!--queue->slot->queue_count)
        free_slot(queue->slot);
    free(queue);
}

static void free_queue(struct cc_client_queue *queue)
{
    struct cc_transport *transport = queue->slot->transport;
    struct cc_job *job;

    TAILQ_FOREACH(job, &queue->sent, link)
    {
        transport->cancel(transport, &job->call->attempt.exchange);
    }
    free_jobs(&queue->queued);
    free_jobs(&queue->ready);
    free_jobs(&queue->sent);
    free_jobs(&queue->idle);
    cc_batch_drop_queue(queue);
}

/* Stops the streams first: their pages are jobs too. */
static void end_streams(struct cloud_batch *batch)
{
    struct cc_client_queue *queue;
    struct cc_job *job;

    TAILQ_FOREACH(job, &batch->done, link)
    {
        if (job->stream)
            cc_stream_end(batch, job);
    }
    LIST_FOREACH(queue, &batch->queues, link)
    {
        TAILQ_FOREACH(job, &queue->idle, link)
        {
            if (job->stream)
                cc_stream_end(batch, job);
        }
    }
}

void cloud_batch_free(struct cloud_batch *batch)
{
    if (!batch)
        return;
    end_streams(batch);
    free_jobs(&batch->done);
    while (!LIST_EMPTY(&batch->queues))
        free_queue(LIST_FIRST(&batch->queues));
    if (batch->shared)
        batch->shared->free(batch->shared);
    while (batch->spare_count)
        cc_call_free(batch->spare[--batch->spare_count]);
    free(batch->heap);
    free(batch);
}

static struct cc_transport *shared_transport(struct cloud_batch *batch)
{
    if (!batch->shared && (batch->shared = cc_transport_curl_new()))
        cc_transport_curl_set_limit(batch->shared, cc_batch_most_in_flight(batch));
    return batch->shared;
}

static struct cc_transport_slot *add_slot(struct cloud_batch *batch, struct cc_transport *transport,
                                          const char *endpoint)
{
    struct cc_transport_slot *slot = calloc(1, sizeof(*slot));

    if (!slot)
        return NULL;
    slot->transport = transport;
    if (endpoint && !(slot->endpoint = strdup(endpoint))) {
        free(slot);
        return NULL;
    }
    LIST_INSERT_HEAD(&batch->slots, slot, link);
    return slot;
}

/* clients of the same emulator share a transport that the batch owns, as clients over HTTP do */
static struct cc_transport_slot *emulator_slot(struct cloud_batch *batch,
                                               const struct cloud_client *client)
{
    struct cc_transport *transport;
    struct cc_transport_slot *slot;

    LIST_FOREACH(slot, &batch->slots, link)
    {
        if (slot->endpoint && !strcmp(slot->endpoint, client->options.endpoint))
            return slot;
    }
    if (cc_transport_emulator_new(client->options.endpoint, NULL, NULL, &transport, NULL))
        return NULL;
    slot = add_slot(batch, transport, client->options.endpoint);
    if (!slot)
        transport->free(transport);
    return slot;
}

static struct cc_transport_slot *slot_of(struct cloud_batch *batch,
                                         const struct cloud_client *client)
{
    struct cc_transport *transport = client->transport;
    struct cc_transport_slot *slot;

    if (transport->shareable && !client->endpoint && client->options.endpoint)
        return emulator_slot(batch, client);
    if (transport->shareable)
        transport = shared_transport(batch);
    LIST_FOREACH(slot, &batch->slots, link)
    {
        if (slot->transport == transport)
            return slot;
    }
    return transport ? add_slot(batch, transport, NULL) : NULL;
}

static struct cc_client_queue *new_queue(struct cloud_batch *batch, struct cloud_client *client)
{
    struct cc_client_queue *queue = calloc(1, sizeof(*queue));
    struct cc_transport_slot *slot = queue ? slot_of(batch, client) : NULL;

    if (!slot) {
        free(queue);
        return NULL;
    }
    if (LIST_EMPTY(&batch->queues))
        batch->env = client->env;
    slot->queue_count++;
    queue->batch = batch;
    queue->client = client;
    queue->slot = slot;
    TAILQ_INIT(&queue->queued);
    TAILQ_INIT(&queue->ready);
    TAILQ_INIT(&queue->sent);
    TAILQ_INIT(&queue->idle);
    LIST_INSERT_HEAD(&batch->queues, queue, link);
    LIST_INSERT_HEAD(&client->queues, queue, of_client);
    return queue;
}

static struct cc_client_queue *queue_of(struct cloud_batch *batch, struct cloud_client *client)
{
    struct cc_client_queue *queue;

    LIST_FOREACH(queue, &client->queues, of_client)
    {
        if (queue->batch == batch)
            return queue;
    }
    return new_queue(batch, client);
}

static struct cc_job *new_job(struct cc_client_queue *queue, const struct cloud_batch_call *call)
{
    struct cc_job *job = cc_job_new(queue, call->op, call->params);

    if (job && call->stream && !(job->stream = cc_stream_new())) {
        cc_job_free(job);
        return NULL;
    }
    return job;
}

static int add(struct cloud_batch *batch, const struct cloud_batch_call *call, uint64_t *ret_id,
               struct cloud_error *err)
{
    struct cc_client_queue *queue;
    struct cc_job *job;

    cc_batch_leave_parent(batch);
    errno = ENOMEM; /* unless a transport says otherwise */
    queue = queue_of(batch, call->client);
    if (!queue)
        return cc_transport_curl_fail(err);
    job = new_job(queue, call);
    if (!job) {
        if (!queue->job_count)
            cc_batch_drop_queue(queue);
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    }
    job->user_data = call->user_data;
    if (call->timeout_ms > 0) {
        job->fixed = true;
        job->timeout_ms = call->timeout_ms;
        job->deadline_ms = cc_batch_now(batch) + call->timeout_ms;
        cc_job_wake_at(batch, job, job->deadline_ms);
    }
    job->id = ++batch->last_id;
    batch->left++;
    cc_batch_enqueue(batch, job);
    if (ret_id)
        *ret_id = job->id;
    return CLOUD_OK;
}

int cloud_batch_add_call(struct cloud_batch *batch, const struct cloud_batch_call *call,
                         uint64_t *ret_id, struct cloud_error *err)
{
    struct cloud_batch_call given = CLOUD_BATCH_CALL_INIT;
    int rc = cc_need(batch, "batch", err);

    if (!rc)
        rc = cc_need_struct(CC_STRUCT_BATCH_CALL, call, err);
    if (rc)
        return rc;
    cc_error_clear(err);
    cc_copy_struct(&given, sizeof(given), call);
    if (!given.client)
        return cc_fail_param(err, "client", "the call has no client");
    if (given.params && cc_need_struct(CC_STRUCT_PARAMS, given.params, err))
        return CLOUD_EINVAL;
    if (!cloud_op_info(given.op))
        return cc_fail_param(err, "op", "there is no such operation");
    if (given.timeout_ms < 0)
        return cc_fail_param(err, "timeout_ms", "timeout_ms is %d; it must not be negative",
                             given.timeout_ms);
    if (given.stream && !cc_stream_possible(given.client, given.op))
        return cc_fail_param(err, "stream",
                             "only a listing of instances that has pages can be streamed; leave "
                             "stream unset");
    return add(batch, &given, ret_id, err);
}

int cloud_batch_add(struct cloud_batch *batch, struct cloud_client *client, enum cloud_op op,
                    const struct cloud_params *params, void *user_data, uint64_t *ret_id,
                    struct cloud_error *err)
{
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;

    call.client = client;
    call.op = op;
    call.params = params;
    call.user_data = user_data;
    return cloud_batch_add_call(batch, &call, ret_id, err);
}

static struct cc_job *find_in(const struct cc_jobs *jobs, uint64_t id)
{
    struct cc_job *job, *follower;

    TAILQ_FOREACH(job, jobs, link)
    {
        if (job->id == id)
            return job;
        TAILQ_FOREACH(follower, &job->followers, link)
        {
            if (follower->id == id)
                return follower;
        }
    }
    return NULL;
}

static struct cc_job *find_in_queue(const struct cc_client_queue *queue, uint64_t id)
{
    const struct cc_jobs *lists[] = { &queue->sent, &queue->idle, &queue->ready, &queue->queued };
    struct cc_job *job = NULL;

    for (size_t i = 0; !job && i < CC_COUNT(lists); i++)
        job = find_in(lists[i], id);
    return job;
}

/* A stream can be stopped until its end was taken, unless it failed. */
static bool can_stop_done(const struct cc_job *job)
{
    return job->stream && job->done && !job->done->code;
}

/* a call that has not ended; NULL: there is none with this id */
static struct cc_job *find_job(const struct cloud_batch *batch, uint64_t id)
{
    const struct cc_client_queue *queue;
    struct cc_job *job = find_in(&batch->done, id);

    if (job)
        return can_stop_done(job) ? job : NULL;
    LIST_FOREACH(queue, &batch->queues, link)
    {
        job = find_in_queue(queue, id);
        if (job)
            return job;
    }
    return NULL;
}

int cloud_batch_cancel(struct cloud_batch *batch, uint64_t id)
{
    struct cc_job *job;

    if (!batch)
        return CLOUD_EINVAL;
    cc_batch_leave_parent(batch);
    job = id ? find_job(batch, id) : NULL;
    if (!job)
        return CLOUD_ENOTFOUND;
    cc_batch_stop(batch, job, CLOUD_ECANCELLED, "cancelled by the caller");
    return CLOUD_OK;
}

/* whether a part of a stream waits for the caller */
static bool has_more(const struct cc_job *job)
{
    return job->done && job->done->more;
}

/* A call of the queue that has not ended; NULL: none is left. Leaders and pages end with the calls
 * that they serve. */
static struct cc_job *first_call(const struct cc_client_queue *queue)
{
    const struct cc_jobs *lists[] = { &queue->queued, &queue->ready, &queue->idle, &queue->sent };
    struct cc_job *job;

    for (size_t i = 0; i < CC_COUNT(lists); i++) {
        TAILQ_FOREACH(job, lists[i], link)
        {
            if (!job->page)
                return job->ids ? TAILQ_FIRST(&job->followers) : job;
        }
    }
    TAILQ_FOREACH(job, &queue->batch->done, link)
    {
        if (job->queue == queue && has_more(job))
            return job;
    }
    return NULL;
}

void cc_batch_forget_client(struct cloud_client *client)
{
    struct cc_client_queue *queue;
    struct cc_job *job;

    while ((queue = LIST_FIRST(&client->queues))) {
        cc_batch_leave_parent(queue->batch);
        if (queue != LIST_FIRST(&client->queues))
            continue;
        while ((job = first_call(queue)))
            cc_batch_stop(queue->batch, job, CLOUD_ECANCELLED, "the client of the call was freed");
        LIST_REMOVE(queue, of_client);
        queue->client = NULL;
    }
}

size_t cloud_batch_left(const struct cloud_batch *batch)
{
    return batch ? batch->left : 0;
}

int cloud_batch_fd(struct cloud_batch *batch)
{
    struct cc_transport *transport = batch ? shared_transport(batch) : NULL;

    return transport ? transport->fd(transport) : -1;
}
