/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drives the calls of a batch: begins them up to max_in_flight, feeds their replies back, waits for
 * the first event, and returns the results. coalesce.c combines calls into one request, stream.c
 * reads listings page by page, and batch.c adds calls to the batch.
 */
#include <limits.h>

#include "core/scheduler/run_one.h"
#include "core/base/error.h"
#include "core/scheduler/job.h"

#define FOREVER INT64_MAX

int64_t cc_batch_now(const struct cloud_batch *batch)
{
    return batch->env->tick_ms(batch->env->data);
}

void cc_batch_deliver(struct cloud_batch *batch, struct cc_job *job)
{
    cc_job_cancel_wake(batch, job);
    job->state = CC_JOB_DONE;
    cc_job_move(job, &batch->done);
}

/* moves its call to the free list, with its memory */
static void recycle(struct cloud_batch *batch, struct cc_job *job)
{
    cc_call_clear(job->call);
    if (batch->spare_count < CC_COUNT(batch->spare))
        batch->spare[batch->spare_count++] = job->call;
    else
        cc_call_free(job->call);
    job->call = NULL;
}

static struct cc_call *new_call(struct cloud_batch *batch)
{
    return batch->spare_count ? batch->spare[--batch->spare_count] : cc_call_new();
}

/* passes the result of a job that has ended to its followers, its stream or the caller; may free
 * the job */
static void report_end(struct cloud_batch *batch, struct cc_job *job)
{
    if (!TAILQ_EMPTY(&job->followers))
        cc_coalesce_end(batch, job);
    else if (job->page)
        cc_stream_page(batch, job);
    else
        cc_batch_deliver(batch, job);
}

/* takes the result of its call, which is done */
static void finish(struct cloud_batch *batch, struct cc_job *job)
{
    struct cloud_batch_done *done = cc_job_done(job);

    cc_job_cancel_wake(batch, job);
    job->totals = job->call->listing.totals;
    job->outcome = job->call->error.outcome;
    if (done) {
        done->code = cc_call_take(job->call, &done->result, &done->error);
        recycle(batch, job);
    }
    report_end(batch, job);
}

static void continue_job(struct cloud_batch *batch, struct cc_job *job);

static void wait_for_time(struct cloud_batch *batch, struct cc_job *job, int64_t wait_ms)
{
    job->state = CC_JOB_WAITING;
    cc_job_move(job, &batch->idle);
    if (!cc_job_wake_at(batch, job, cc_batch_now(batch) + wait_ms))
        return;
    cc_call_cancel(job->call, CLOUD_ENOMEM, false, "out of memory");
    finish(batch, job);
}

void cc_batch_make_ready(struct cloud_batch *batch, struct cc_job *job)
{
    cc_job_cancel_wake(batch, job);
    job->state = CC_JOB_READY;
    cc_job_move(job, &batch->ready);
}

/*
 * Reserves a permit for the first job of the limiter queue. A client holds only one permit: so
 * other processes get permits in between, and a process that dies loses only one.
 */
static void reserve_permit(struct cloud_batch *batch, struct cc_client_queue *queue)
{
    struct cc_job *job;

    while ((job = TAILQ_FIRST(&queue->limiter_queue)) && !job->permit_ns) {
        int64_t now = cc_rate_limiter_now();

        job->permit_ns = cc_rate_limiter_reserve(queue->client->limiter, now,
                                                 cc_run_latest_permit_ns(job->call, now));
        if (!job->permit_ns) {
            cc_run_fail_rate_limited(job->call);
            finish(batch, job);
            continue;
        }
        if (!cc_job_wake_at(batch, job, cc_batch_now(batch) + cc_run_ms_until(job->permit_ns, now)))
            return;
        cc_call_cancel(job->call, CLOUD_ENOMEM, false, "out of memory");
        finish(batch, job);
    }
}

static void enter_limiter_queue(struct cloud_batch *batch, struct cc_job *job)
{
    job->state = CC_JOB_RATE_LIMITED;
    job->permit_ns = 0;
    cc_job_move(job, &job->queue->limiter_queue);
    reserve_permit(batch, job->queue);
}

/* the time of its permit has come; a permit that has expired is reserved again */
static void leave_limiter_queue(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_client_queue *queue = job->queue;

    if (cc_rate_limiter_missed(queue->client->limiter, job->permit_ns, cc_rate_limiter_now())) {
        job->permit_ns = 0;
    } else {
        job->granted = true;
        cc_job_cancel_wake(batch, job);
        cc_job_move(job, NULL);
        continue_job(batch, job);
    }
    reserve_permit(batch, queue);
}

/* true when the request was started; false when its reply, a failure, was processed already */
static bool send(struct cloud_batch *batch, struct cc_job *job)
{
    int64_t unused;

    job->granted = false;
    if (cc_call_next(job->call, &unused) != CC_SEND)
        return false;
    job->call->attempt.exchange.user = job;
    if (!cc_run_start(job->call, job->queue->slot->transport)) {
        cc_run_feed(job->call);
        return false;
    }
    job->state = CC_JOB_SENT;
    cc_job_move(job, &batch->sent);
    batch->sent_count++;
    job->queue->slot->sent++;
    return true;
}

/* advances a job until it must wait or has ended */
static void continue_job(struct cloud_batch *batch, struct cc_job *job)
{
    int64_t wait_ms = 0;

    for (;;) {
        switch (cc_call_advance(job->call, &wait_ms)) {
        case CC_SEND:
            if (job->queue->client->limiter && !job->granted) {
                enter_limiter_queue(batch, job);
                return;
            }
            if (batch->sent_count >= batch->options.max_in_flight && !job->granted) {
                cc_batch_make_ready(batch, job);
                return;
            }
            if (send(batch, job))
                return;
            break;
        case CC_WAIT: wait_for_time(batch, job, wait_ms); return;
        case CC_DONE: finish(batch, job); return;
        }
    }
}

static void fail_job(struct cloud_batch *batch, struct cc_job *job, int code, const char *why)
{
    struct cloud_batch_done *done = cc_job_done(job);

    if (done)
        done->code = cc_fail(&done->error, code, "%s", why);
    report_end(batch, job);
}

static void init_call(struct cc_job *job)
{
    struct cc_call_options options = {
        .ids = job->ids,
        .id_count = job->id_count,
        .page = job->page,
        .page_size = job->page_size,
        .deadline_ms = job->deadline_ms,
        .timeout_ms = job->timeout_ms,
    };

    cc_call_init(job->call, job->queue->client, job->op, &job->params, &options);
}

static void begin(struct cloud_batch *batch, struct cc_job *job)
{
    if (job->stream) {
        job->state = CC_JOB_STREAMING;
        cc_job_move(job, &batch->idle);
        if (cc_stream_continue(batch, job))
            fail_job(batch, job, CLOUD_ENOMEM, "out of memory");
        return;
    }
    if (!batch->options.no_coalescing && !job->page)
        job = cc_coalesce(batch, job);
    job->call = new_call(batch);
    if (!job->call) {
        fail_job(batch, job, CLOUD_ENOMEM, "out of memory");
        return;
    }
    init_call(job);
    cc_job_cancel_wake(batch, job);
    continue_job(batch, job);
}

/* begins or continues jobs while fewer than max_in_flight requests are in flight */
static void begin_jobs(struct cloud_batch *batch)
{
    struct cc_job *job;

    while (batch->sent_count < batch->options.max_in_flight) {
        job = TAILQ_FIRST(&batch->ready);
        if (!job)
            job = TAILQ_FIRST(&batch->queued);
        if (!job)
            return;
        cc_job_move(job, NULL);
        if (job->call)
            continue_job(batch, job);
        else
            begin(batch, job);
    }
}

static void end_exchange(struct cloud_batch *batch, struct cc_job *job)
{
    batch->sent_count--;
    job->queue->slot->sent--;
    cc_job_move(job, NULL);
}

/* processes the exchanges that have ended; true when there was one */
static bool collect_replies(struct cloud_batch *batch)
{
    struct cc_exchange *exchange;
    struct cc_transport_slot *slot;
    bool any = false;

    LIST_FOREACH(slot, &batch->slots, link)
    {
        while (slot->sent && (exchange = slot->transport->next(slot->transport))) {
            struct cc_job *job = exchange->user;

            end_exchange(batch, job);
            cc_run_feed(job->call);
            continue_job(batch, job);
            begin_jobs(batch); /* sends further requests before the other replies are read */
            any = true;
        }
    }
    return any;
}

static void wake_due(struct cloud_batch *batch)
{
    struct cc_job *job;

    while ((job = cc_job_next_due(batch)) && job->due_ms <= cc_batch_now(batch)) {
        cc_job_cancel_wake(batch, job);
        switch (job->state) {
        case CC_JOB_RATE_LIMITED: leave_limiter_queue(batch, job); break;
        case CC_JOB_WAITING: cc_batch_make_ready(batch, job); break;
        default:
            cc_batch_stop(batch, job, CLOUD_ETIMEDOUT,
                          "the call's deadline passed before its request could be sent");
        }
    }
}

/* a change that the leader has sent already may be applied although its follower is stopped */
static void set_follower_outcome(struct cc_job *job)
{
    bool sent = job->leader && !job->page && job->leader->state == CC_JOB_SENT;

    job->leader = NULL;
    if (!sent || cloud_op_info(job->op)->effect == CLOUD_READS)
        return;
    job->outcome = CLOUD_OUTCOME_UNKNOWN;
    if (job->done)
        job->done->error.outcome = CLOUD_OUTCOME_UNKNOWN;
}

void cc_batch_stop(struct cloud_batch *batch, struct cc_job *job, int code, const char *why)
{
    bool sent = job->state == CC_JOB_SENT;
    struct cc_client_queue *queue = job->state == CC_JOB_RATE_LIMITED ? job->queue : NULL;

    cc_job_cancel_wake(batch, job);
    if (sent) {
        job->queue->slot->transport->cancel(job->queue->slot->transport,
                                            &job->call->attempt.exchange);
        end_exchange(batch, job);
    }
    cc_job_move(job, NULL);
    if (job->stream)
        cc_stream_end(batch, job);
    if (job->call) {
        cc_call_cancel(job->call, code, sent, why);
        finish(batch, job);
    } else {
        fail_job(batch, job, code, why);
        set_follower_outcome(job);
    }
    if (queue)
        reserve_permit(batch, queue);
}

static bool has_fd(const struct cc_transport_slot *slot)
{
    return slot->transport->fd != NULL;
}

/* time until a job or a transport is due; FOREVER: only a descriptor can have an event */
static int64_t idle_ms(const struct cloud_batch *batch)
{
    const struct cc_job *first = cc_job_next_due(batch);
    int64_t now = cc_batch_now(batch), idle = FOREVER;
    struct cc_transport_slot *slot;
    bool has_capacity = batch->sent_count < batch->options.max_in_flight;

    if (has_capacity && (!TAILQ_EMPTY(&batch->ready) || !TAILQ_EMPTY(&batch->queued)))
        return 0;
    if (first)
        idle = first->due_ms > now ? first->due_ms - now : 0;
    LIST_FOREACH(slot, &batch->slots, link)
    {
        int64_t due =
            slot->sent && slot->transport->due_ms ? slot->transport->due_ms(slot->transport) : -1;

        if (due >= 0 && due < idle)
            idle = due;
    }
    return idle;
}

static void wait_for_exchanges(struct cloud_batch *batch, int64_t max_ms)
{
    int64_t idle = idle_ms(batch), wait_ms = idle < max_ms ? idle : max_ms;
    struct cc_transport_slot *slot, *chosen = NULL;

    LIST_FOREACH(slot, &batch->slots, link)
    {
        if (slot->sent && (!chosen || has_fd(slot)))
            chosen = slot;
    }
    if (chosen && (has_fd(chosen) || idle == FOREVER))
        chosen->transport->wait(chosen->transport, wait_ms);
    else if (wait_ms > 0 && wait_ms != FOREVER)
        batch->env->sleep_ms(batch->env->data, wait_ms);
}

/* moves the next result to the caller; NULL when there is none */
static struct cc_job *take_done(struct cloud_batch *batch, struct cloud_batch_done *ret_done)
{
    struct cc_job *job = TAILQ_FIRST(&batch->done);
    size_t size = ret_done->size;

    if (!job)
        return NULL;
    if (job->done) {
        struct cloud_result result = ret_done->result;

        memcpy((char *)ret_done + sizeof(size), (char *)job->done + sizeof(size),
               (size < sizeof(*ret_done) ? size : sizeof(*ret_done)) - sizeof(size));
        ret_done->result = result;
        cloud_result_take(&ret_done->result, &job->done->result);
    } else {
        ret_done->more = false;
        ret_done->code = cc_fail(&ret_done->error, CLOUD_ENOMEM, "out of memory");
        ret_done->error.outcome = job->outcome;
    }
    ret_done->id = job->id;
    ret_done->user_data = job->user_data;
    ret_done->client = job->queue->client;
    ret_done->op = job->op;
    return job;
}

/* frees a job whose end was returned; a stream continues with its next page */
static void release(struct cloud_batch *batch, struct cc_job *job, bool more)
{
    if (more) {
        cc_stream_part_taken(batch, job);
        return;
    }
    batch->left--;
    cc_job_free(job);
}

bool cloud_batch_next(struct cloud_batch *batch, struct cloud_batch_done *ret_done)
{
    struct cc_job *job;

    cloud_result_clear(&ret_done->result);
    job = take_done(batch, ret_done);
    if (job)
        release(batch, job, ret_done->more);
    return job != NULL;
}

/* runs the callback for each result; true when there was one */
static bool run_callback(struct cloud_batch *batch)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    bool any = false;

    while (cloud_batch_next(batch, &done)) {
        any = cc_in_callback = true;
        batch->options.done(batch, &done, batch->options.user_data);
        cc_in_callback = false;
    }
    return any;
}

/* does all work that needs no waiting */
static void continue_all(struct cloud_batch *batch)
{
    do {
        wake_due(batch);
        begin_jobs(batch);
    } while (collect_replies(batch));
}

int cloud_batch_run(struct cloud_batch *batch, int timeout_ms)
{
    int64_t deadline = timeout_ms < 0 ? FOREVER : cc_batch_now(batch) + timeout_ms;
    bool waited = false;

    if (cc_in_callback)
        return CLOUD_EINVAL;
    for (;;) {
        int64_t left_ms = FOREVER;

        continue_all(batch);
        if (batch->options.done && run_callback(batch))
            continue;
        if (!batch->left || (!batch->options.done && !TAILQ_EMPTY(&batch->done)))
            return CLOUD_OK;
        if (deadline != FOREVER)
            left_ms = deadline - cc_batch_now(batch);
        if (left_ms <= 0 && waited)
            return CLOUD_ETIMEDOUT;
        wait_for_exchanges(batch, left_ms > 0 ? left_ms : 0);
        waited = true;
    }
}

int cloud_batch_timeout_ms(struct cloud_batch *batch)
{
    int64_t idle = TAILQ_EMPTY(&batch->done) ? idle_ms(batch) : 0;
    struct cc_transport_slot *slot;

    /* a transport with neither descriptor nor due time has its answers already */
    LIST_FOREACH(slot, &batch->slots, link)
    {
        if (slot->sent && !has_fd(slot) && !slot->transport->due_ms)
            idle = 0;
    }
    return idle == FOREVER ? -1 : idle > INT_MAX ? INT_MAX : (int)idle;
}
