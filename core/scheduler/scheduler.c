/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drives the calls of a batch: begins them up to max_in_flight, feeds their replies back, waits for
 * the first event, and returns the results. coalesce.c combines calls into one request, stream.c
 * reads listings page by page, and batch.c adds calls to the batch.
 */
#include <limits.h>

#include "core/scheduler/run_one.h"
#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/scheduler/job.h"

#define FOREVER INT64_MAX

int64_t cc_batch_now(const struct cloud_batch *batch)
{
    return batch->env.tick_ms(batch->env.data);
}

/* an eighth more than max_in_flight; see may_start() */
int cc_batch_most_in_flight(const struct cloud_batch *batch)
{
    return batch->options.max_in_flight + batch->options.max_in_flight / 8;
}

/* clients with a request in flight or to send; at least 1 */
static int count_busy(const struct cloud_batch *batch)
{
    const struct cc_client_queue *queue;
    int busy = 0;

    LIST_FOREACH(queue, &batch->queues, link)
    {
        busy += queue->sent_count || !TAILQ_EMPTY(&queue->ready) || !TAILQ_EMPTY(&queue->queued);
    }
    return busy ? busy : 1;
}

/*
 * Whether a client may send one more request. Each of the @busy clients has an equal share of
 * max_in_flight. When clients that came earlier have more than that, a new one would wait for their
 * answers, which may not come. So it may exceed max_in_flight by a part of the eighth that is kept
 * for this, and the next new one by a part of the rest.
 */
static bool may_start(const struct cc_client_queue *queue, int busy)
{
    const struct cloud_batch *batch = queue->batch;
    int max = batch->options.max_in_flight, share = (max + busy - 1) / busy;

    if (queue->sent_count >= share)
        return false;
    return batch->sent_count < max ||
           queue->sent_count < cc_batch_most_in_flight(batch) - batch->sent_count;
}

static void add_startable(struct cc_client_queue *queue)
{
    if (!queue->is_startable)
        TAILQ_INSERT_TAIL(&queue->batch->startable, queue, startable);
    queue->is_startable = true;
}

/* the next client, in turn, that may start a job now; NULL: none */
static struct cc_client_queue *next_startable(struct cloud_batch *batch, int busy)
{
    struct cc_client_queue *queue, *next;

    for (queue = TAILQ_FIRST(&batch->startable); queue; queue = next) {
        next = TAILQ_NEXT(queue, startable);
        if (TAILQ_EMPTY(&queue->ready) && TAILQ_EMPTY(&queue->queued)) {
            TAILQ_REMOVE(&batch->startable, queue, startable);
            queue->is_startable = false;
        } else if (!queue->limited && may_start(queue, busy)) {
            return queue;
        }
    }
    return NULL;
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
    if (job->ids)
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
    cc_job_move(job, &job->queue->idle);
    cc_job_wake_at(batch, job, cc_batch_now(batch) + wait_ms);
}

/* whether waiting for a permit counts in the deadline of the job */
static bool is_paused_by_limit(const struct cc_job *job)
{
    return job->queue->client->limiter && !job->fixed;
}

/* the job waits from now on for a request of its own, and ends at its deadline */
static void begin_wait(struct cloud_batch *batch, struct cc_job *job)
{
    int64_t deadline_ms = job->call ? job->call->options.deadline_ms : job->deadline_ms;

    if (job->queue->client->limiter && !job->limited_ms) {
        job->limited_ms = cc_batch_now(batch);
        cc_coalesce_pause(batch, job);
    }
    if (deadline_ms && !is_paused_by_limit(job))
        cc_job_wake_at(batch, job, deadline_ms);
    else
        cc_job_cancel_wake(batch, job);
}

/* the job sends its request now; the wait for its permit does not count in its deadline */
static void end_wait(struct cloud_batch *batch, struct cc_job *job)
{
    int64_t waited_ms = job->limited_ms ? cc_batch_now(batch) - job->limited_ms : 0;

    cc_job_cancel_wake(batch, job);
    if (!job->limited_ms)
        return;
    job->limited_ms = 0;
    cc_coalesce_resume(batch, job, waited_ms);
    if (!is_paused_by_limit(job))
        return;
    job->call->options.deadline_ms += waited_ms;
    if (job->deadline_ms)
        job->deadline_ms += waited_ms;
}

void cc_batch_enqueue(struct cloud_batch *batch, struct cc_job *job)
{
    (void)batch;
    job->state = CC_JOB_QUEUED;
    cc_job_move(job, &job->queue->queued);
    add_startable(job->queue);
}

void cc_batch_make_ready(struct cloud_batch *batch, struct cc_job *job)
{
    job->state = CC_JOB_READY;
    cc_job_move(job, &job->queue->ready);
    add_startable(job->queue);
    begin_wait(batch, job);
}

/* the latest time of a permit that the job can use */
static int64_t latest_permit_ns(const struct cc_job *job, int64_t now_ms, int64_t now_ns)
{
    int64_t left_ms = job->queue->client->options.rate_limit_wait_ms;

    if (job->fixed)
        left_ms = cc_call_left_ms(job->call);
    else if (left_ms)
        left_ms -= now_ms - job->limited_ms;
    else
        return INT64_MAX;
    return cc_run_latest_permit_ns(left_ms, now_ns);
}

/*
 * Reserves a permit for the job of a client that waits for one. Only one job of a client does: so
 * other processes get permits in between, and a process that dies loses only one.
 */
static void reserve_permit(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_client_queue *queue = job->queue;
    int64_t now_ns = cc_rate_limiter_now(), now_ms = cc_batch_now(batch);

    job->permit_ns = cc_rate_limiter_reserve(queue->client->limiter, now_ns,
                                             latest_permit_ns(job, now_ms, now_ns));
    if (job->permit_ns) {
        cc_job_wake_at(batch, job, now_ms + cc_run_ms_until(job->permit_ns, now_ns));
        return;
    }
    queue->limited = NULL;
    cc_run_fail_rate_limited(job->call);
    finish(batch, job);
}

void cc_batch_renew_permit(struct cloud_batch *batch, struct cc_client_queue *queue)
{
    if (queue->limited)
        reserve_permit(batch, queue->limited);
}

static void wait_for_permit(struct cloud_batch *batch, struct cc_job *job)
{
    job->state = CC_JOB_RATE_LIMITED;
    cc_job_move(job, &job->queue->idle);
    begin_wait(batch, job);
    job->queue->limited = job;
    reserve_permit(batch, job);
}

/* the time of its permit has come; a permit that has expired is reserved again */
static void use_permit(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_client_queue *queue = job->queue;

    if (cc_rate_limiter_missed(queue->client->limiter, job->permit_ns, cc_rate_limiter_now())) {
        reserve_permit(batch, job);
        return;
    }
    job->granted = true;
    queue->limited = NULL;
    cc_job_move(job, NULL);
    continue_job(batch, job);
}

/* true when the request was started; false when its reply, a failure, was processed already */
static bool send(struct cloud_batch *batch, struct cc_job *job)
{
    int64_t unused;

    job->granted = false;
    end_wait(batch, job);
    if (cc_call_next(job->call, &unused) != CC_SEND)
        return false;
    job->call->attempt.exchange.user = job;
    if (!cc_run_start(job->call, job->queue->slot->transport)) {
        cc_run_feed(job->call);
        return false;
    }
    job->state = CC_JOB_SENT;
    cc_job_move(job, &job->queue->sent);
    batch->sent_count++;
    job->queue->sent_count++;
    job->queue->slot->sent_count++;
    return true;
}

/* advances a job until it must wait or has ended */
static void continue_job(struct cloud_batch *batch, struct cc_job *job)
{
    int64_t wait_ms = 0;

    for (;;) {
        switch (cc_call_advance(job->call, &wait_ms)) {
        case CC_SEND:
            if (!job->granted &&
                (job->queue->limited || !may_start(job->queue, count_busy(batch)))) {
                cc_batch_make_ready(batch, job);
                return;
            }
            if (!job->granted && job->queue->client->limiter) {
                wait_for_permit(batch, job);
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

/* ends a job that has no call */
static void fail_job(struct cloud_batch *batch, struct cc_job *job, int code,
                     enum cloud_outcome outcome, const char *why)
{
    struct cloud_batch_done *done = cc_job_done(job);

    job->outcome = outcome;
    if (done) {
        cloud_result_clear(&done->result); /* the part of a stream that was not taken */
        done->more = false;
        done->code = cc_fail(&done->error, code, "%s", why);
        done->error.outcome = outcome;
    }
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
        cc_job_move(job, &job->queue->idle);
        if (cc_stream_continue(batch, job))
            cc_batch_stop(batch, job, CLOUD_ENOMEM, "out of memory");
        return;
    }
    job->limited_ms = 0; /* its deadline, if it has one, counts from now */
    if (!batch->options.no_coalescing && !job->page)
        job = cc_coalesce(batch, job);
    job->call = new_call(batch);
    if (!job->call) {
        cc_job_cancel_wake(batch, job);
        fail_job(batch, job, CLOUD_ENOMEM, CLOUD_NOT_APPLIED, "out of memory");
        return;
    }
    init_call(job);
    continue_job(batch, job);
}

/* begins or continues jobs while their clients may send */
static void begin_jobs(struct cloud_batch *batch)
{
    struct cc_client_queue *queue;
    struct cc_job *job;

    while ((queue = next_startable(batch, count_busy(batch)))) {
        TAILQ_REMOVE(&batch->startable, queue, startable); /* its next turn comes last */
        TAILQ_INSERT_TAIL(&batch->startable, queue, startable);
        job = TAILQ_FIRST(&queue->ready);
        if (!job)
            job = TAILQ_FIRST(&queue->queued);
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
    job->queue->sent_count--;
    job->queue->slot->sent_count--;
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
        while (slot->sent_count && (exchange = slot->transport->next(slot->transport))) {
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
        case CC_JOB_RATE_LIMITED: use_permit(batch, job); break;
        case CC_JOB_WAITING: cc_batch_make_ready(batch, job); break;
        case CC_JOB_COALESCED:
            cc_batch_stop(batch, job, CLOUD_ETIMEDOUT, "no answer before the call's deadline");
            break;
        default:
            cc_batch_stop(batch, job, CLOUD_ETIMEDOUT,
                          "the call's deadline passed before its request could be sent");
        }
    }
}

/* takes it out of every list and its request out of the transport; true when that was in flight */
static bool detach(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_transport *transport = job->queue->slot->transport;
    bool sent = job->state == CC_JOB_SENT;

    cc_job_cancel_wake(batch, job);
    if (sent) {
        transport->cancel(transport, &job->call->attempt.exchange);
        end_exchange(batch, job);
    }
    if (job->queue->limited == job)
        job->queue->limited = NULL;
    cc_job_move(job, NULL);
    return sent;
}

void cc_batch_drop(struct cloud_batch *batch, struct cc_job *job)
{
    detach(batch, job);
    if (job->call)
        recycle(batch, job);
    cc_job_free(job);
}

void cc_batch_stop(struct cloud_batch *batch, struct cc_job *job, int code, const char *why)
{
    enum cloud_outcome outcome =
        job->state == CC_JOB_COALESCED ? cc_coalesce_leave(batch, job) : CLOUD_NOT_APPLIED;
    bool sent = detach(batch, job);

    if (job->stream)
        cc_stream_end(batch, job);
    if (job->call) {
        cc_call_cancel(job->call, code, sent, why);
        finish(batch, job);
    } else {
        fail_job(batch, job, code, outcome, why);
    }
}

static bool has_fd(const struct cc_transport_slot *slot)
{
    return slot->transport->fd != NULL;
}

/* time until a job or a transport is due; FOREVER: only a descriptor can have an event */
static int64_t idle_ms(struct cloud_batch *batch)
{
    const struct cc_job *first = cc_job_next_due(batch);
    int64_t now = cc_batch_now(batch), idle = FOREVER;
    struct cc_transport_slot *slot;

    if (next_startable(batch, count_busy(batch)))
        return 0;
    if (first)
        idle = first->due_ms > now ? first->due_ms - now : 0;
    LIST_FOREACH(slot, &batch->slots, link)
    {
        int64_t due = slot->sent_count && slot->transport->due_ms
                          ? slot->transport->due_ms(slot->transport)
                          : -1;

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
        if (slot->sent_count && (!chosen || has_fd(slot)))
            chosen = slot;
    }
    if (chosen && (has_fd(chosen) || idle == FOREVER))
        chosen->transport->wait(chosen->transport, wait_ms);
    else if (wait_ms > 0 && wait_ms != FOREVER)
        batch->env.sleep_ms(batch->env.data, wait_ms);
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
    struct cc_client_queue *queue = job->queue;

    if (more) {
        cc_stream_part_taken(batch, job);
        return;
    }
    batch->left--;
    cc_job_free(job);
    if (!queue->job_count)
        cc_batch_drop_queue(queue);
}

bool cloud_batch_next(struct cloud_batch *batch, struct cloud_batch_done *ret_done)
{
    struct cc_job *job;

    if (!batch || !ret_done)
        return false;
    if (cc_need_struct(CC_STRUCT_BATCH_DONE, ret_done, NULL) ||
        cc_need_struct(CC_STRUCT_RESULT, &ret_done->result, NULL)) {
        batch->misused = true;
        return false;
    }
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
        cc_batch_leave_parent(batch);
        wake_due(batch);
        begin_jobs(batch);
    } while (collect_replies(batch));
}

int cloud_batch_run(struct cloud_batch *batch, int timeout_ms)
{
    int64_t deadline;
    bool waited = false;

    if (!batch || cc_in_callback || batch->misused) {
        if (batch)
            batch->misused = false;
        return CLOUD_EINVAL;
    }
    deadline = timeout_ms < 0 ? FOREVER : cc_batch_now(batch) + timeout_ms;
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
    int64_t idle;
    struct cc_transport_slot *slot;

    if (!batch)
        return -1;
    cc_batch_leave_parent(batch);
    idle = TAILQ_EMPTY(&batch->done) ? idle_ms(batch) : 0;
    /* a transport with neither descriptor nor due time has its answers already */
    LIST_FOREACH(slot, &batch->slots, link)
    {
        if (slot->sent_count && !has_fd(slot) && !slot->transport->due_ms)
            idle = 0;
    }
    return idle == FOREVER ? -1 : idle > INT_MAX ? INT_MAX : (int)idle;
}
