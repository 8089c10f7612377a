/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implements the functions that create and free a batch, and add and cancel calls. Chooses the
 * transport of each client. scheduler.c runs the calls.
 */
#include <limits.h>

#include "core/base/error.h"
#include "core/scheduler/job.h"

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

    cc_error_clear(err);
    if (options)
        memcpy(&given, options, options->size < sizeof(given) ? options->size : sizeof(given));
    if (given.max_in_flight < 0 || given.max_in_flight > MAX_CONCURRENCY)
        return cc_fail_param(err, "max_in_flight",
                             "max_in_flight is %d; it can be 1 to %d, or 0 for %d",
                             given.max_in_flight, MAX_CONCURRENCY, DEFAULT_CONCURRENCY);
    batch = calloc(1, sizeof(*batch));
    if (!batch)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    batch->options = given;
    batch->options.size = sizeof(given);
    if (!given.max_in_flight)
        batch->options.max_in_flight = DEFAULT_CONCURRENCY;
    batch->env = &cc_real_env;
    TAILQ_INIT(&batch->queued);
    TAILQ_INIT(&batch->ready);
    TAILQ_INIT(&batch->sent);
    TAILQ_INIT(&batch->idle);
    TAILQ_INIT(&batch->done);
    *ret_batch = batch;
    return CLOUD_OK;
}

static void free_jobs(struct cc_jobs *jobs)
{
    while (!TAILQ_EMPTY(jobs))
        cc_job_free(TAILQ_FIRST(jobs));
}

static void free_queue(struct cc_client_queue *queue)
{
    free_jobs(&queue->limiter_queue);
    LIST_REMOVE(queue, link);
    free(queue);
}

void cloud_batch_free(struct cloud_batch *batch)
{
    struct cc_job *job;

    if (!batch)
        return;
    TAILQ_FOREACH(job, &batch->idle, link)
    {
        if (job->stream)
            cc_stream_end(batch, job);
    }
    TAILQ_FOREACH(job, &batch->done, link)
    {
        if (job->stream)
            cc_stream_end(batch, job);
    }
    TAILQ_FOREACH(job, &batch->sent, link)
    {
        job->queue->slot->transport->cancel(job->queue->slot->transport,
                                            &job->call->attempt.exchange);
    }
    free_jobs(&batch->queued);
    free_jobs(&batch->ready);
    free_jobs(&batch->sent);
    free_jobs(&batch->idle);
    free_jobs(&batch->done);
    while (!LIST_EMPTY(&batch->queues))
        free_queue(LIST_FIRST(&batch->queues));
    while (!LIST_EMPTY(&batch->slots)) {
        struct cc_transport_slot *slot = LIST_FIRST(&batch->slots);

        LIST_REMOVE(slot, link);
        if (slot->endpoint)
            slot->transport->free(slot->transport);
        free(slot);
    }
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
        cc_transport_curl_set_limit(batch->shared, batch->options.max_in_flight);
    return batch->shared;
}

static struct cc_transport_slot *add_slot(struct cloud_batch *batch, struct cc_transport *transport,
                                          const char *endpoint)
{
    struct cc_transport_slot *slot = calloc(1, sizeof(*slot));

    if (!slot)
        return NULL;
    slot->transport = transport;
    slot->endpoint = endpoint;
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

static struct cc_client_queue *queue_of(struct cloud_batch *batch, struct cloud_client *client)
{
    struct cc_client_queue *queue;
    struct cc_transport_slot *slot;

    LIST_FOREACH(queue, &batch->queues, link)
    {
        if (queue->client == client)
            return queue;
    }
    slot = slot_of(batch, client);
    queue = slot ? calloc(1, sizeof(*queue)) : NULL;
    if (!queue)
        return NULL;
    queue->client = client;
    queue->slot = slot;
    TAILQ_INIT(&queue->limiter_queue);
    LIST_INSERT_HEAD(&batch->queues, queue, link);
    batch->env = &client->env;
    return queue;
}

static int add(struct cloud_batch *batch, const struct cloud_batch_call *call, uint64_t *ret_id,
               struct cloud_error *err)
{
    struct cc_client_queue *queue = queue_of(batch, call->client);
    struct cc_job *job = queue ? cc_job_new(queue, call->op, call->params) : NULL;

    if (!job || (call->stream && !(job->stream = cc_stream_new()))) {
        cc_job_free(job);
        return cc_fail(err, CLOUD_ENOMEM, queue ? "out of memory" : CC_NO_TRANSPORT);
    }
    job->user_data = call->user_data;
    if (call->timeout_ms > 0) {
        job->timeout_ms = call->timeout_ms;
        job->deadline_ms = cc_batch_now(batch) + call->timeout_ms;
        if (cc_job_wake_at(batch, job, job->deadline_ms)) {
            cc_job_free(job);
            return cc_fail(err, CLOUD_ENOMEM, "out of memory");
        }
    }
    job->id = ++batch->last_id;
    batch->left++;
    cc_job_move(job, &batch->queued);
    if (ret_id)
        *ret_id = job->id;
    return CLOUD_OK;
}

int cloud_batch_add_call(struct cloud_batch *batch, const struct cloud_batch_call *call,
                         uint64_t *ret_id, struct cloud_error *err)
{
    struct cloud_batch_call given = CLOUD_BATCH_CALL_INIT;

    cc_error_clear(err);
    memcpy(&given, call, call->size < sizeof(given) ? call->size : sizeof(given));
    if (!given.client)
        return cc_fail_param(err, "client", "the call has no client");
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

int cloud_batch_cancel(struct cloud_batch *batch, uint64_t id)
{
    const struct cc_jobs *lists[] = { &batch->queued, &batch->ready, &batch->sent, &batch->idle };
    struct cc_job *job = NULL;
    struct cc_client_queue *queue;

    for (size_t i = 0; !job && id && i < CC_COUNT(lists); i++)
        job = find_in(lists[i], id);
    LIST_FOREACH(queue, &batch->queues, link)
    {
        if (!job && id)
            job = find_in(&queue->limiter_queue, id);
    }
    if (!job)
        return CLOUD_ENOTFOUND;
    cc_batch_stop(batch, job, CLOUD_ECANCELLED, "cancelled by the caller");
    return CLOUD_OK;
}

size_t cloud_batch_left(const struct cloud_batch *batch)
{
    return batch->left;
}

int cloud_batch_fd(struct cloud_batch *batch)
{
    struct cc_transport *transport = shared_transport(batch);

    return transport ? transport->fd(transport) : -1;
}
