/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver of many calls: begins them as there is room, feeds their answers back, waits for
 * whatever comes first, and hands over what has ended. Which calls become one is coalesce.c's; how
 * a listing comes page by page, stream.c's; how calls get into the batch, batch_calls.c's.
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
    cc_job_wake_never(batch, job);
    job->state = CC_JOB_DONE;
    cc_job_move(job, &batch->done);
}

/* keeps a call that did its work for the next one: its memory is worth having */
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

/* it has ended, and may be freed by this: what became of it goes to whoever asked */
static void conclude(struct cloud_batch *batch, struct cc_job *job)
{
    if (!TAILQ_EMPTY(&job->followers))
        cc_coalesce_end(batch, job);
    else if (job->page)
        cc_stream_page(batch, job);
    else
        cc_batch_deliver(batch, job);
}

/* its call is done */
static void finish(struct cloud_batch *batch, struct cc_job *job)
{
    struct cloud_batch_done *done = cc_job_done(job);

    cc_job_wake_never(batch, job);
    job->total = job->call->listing.total;
    job->outcome = job->call->error.outcome;
    if (done) {
        done->code = cc_call_take(job->call, &done->result, &done->error);
        recycle(batch, job);
    }
    conclude(batch, job);
}

static void go_on(struct cloud_batch *batch, struct cc_job *job);

/* puts a job aside until a time */
static void set_aside(struct cloud_batch *batch, struct cc_job *job, enum cc_job_state state,
                      int64_t wait_ms)
{
    job->state = state;
    cc_job_move(job, &batch->idle);
    if (!cc_job_wake_at(batch, job, cc_batch_now(batch) + wait_ms))
        return;
    cc_call_cancel(job->call, CLOUD_ENOMEM, false, "out of memory");
    finish(batch, job);
}

static void make_ready(struct cloud_batch *batch, struct cc_job *job)
{
    cc_job_wake_never(batch, job);
    job->state = CC_JOB_READY;
    cc_job_move(job, &batch->ready);
}

/*
 * The first at a limiter_queue holds a turn, and only one is held for a client: others of this
 * machine get theirs in between, and a process that dies loses no more than that one.
 */
static void take_turn(struct cloud_batch *batch, struct cc_client_queue *queue)
{
    struct cc_job *job;

    while ((job = TAILQ_FIRST(&queue->limiter_queue)) && !job->turn_ns) {
        int64_t now = cc_rate_limiter_now();

        job->turn_ns = cc_rate_limiter_reserve(queue->client->limit, now,
                                               cc_batch_latest_turn(job->call, now));
        if (!job->turn_ns) {
            cc_batch_out_of_turns(job->call);
            finish(batch, job);
            continue;
        }
        if (!cc_job_wake_at(batch, job,
                            cc_batch_now(batch) + cc_batch_until_turn(job->turn_ns, now)))
            return;
        cc_call_cancel(job->call, CLOUD_ENOMEM, false, "out of memory");
        finish(batch, job);
    }
}

static void enter_limiter_queue(struct cloud_batch *batch, struct cc_job *job)
{
    job->state = CC_JOB_RATE_LIMITED;
    job->turn_ns = 0;
    cc_job_move(job, &job->queue->limiter_queue);
    take_turn(batch, job->queue);
}

/* its turn has come, unless it was missed by much */
static void leave_limiter_queue(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_client_queue *queue = job->queue;

    if (cc_rate_limiter_missed(queue->client->limit, job->turn_ns, cc_rate_limiter_now())) {
        job->turn_ns = 0;
    } else {
        job->granted = true;
        cc_job_wake_never(batch, job);
        cc_job_move(job, NULL);
        go_on(batch, job);
    }
    take_turn(batch, queue);
}

/* true when the answer will come later */
static bool send(struct cloud_batch *batch, struct cc_job *job)
{
    int64_t unused;

    job->granted = false;
    if (cc_call_next(job->call, &unused) != CC_SEND)
        return false;
    job->call->attempt.exchange.user = job;
    if (!cc_batch_start(job->call, job->queue->slot->transport)) {
        cc_batch_feed(job->call);
        return false;
    }
    job->state = CC_JOB_SENT;
    cc_job_move(job, &batch->sent);
    batch->sent_count++;
    job->queue->slot->sent++;
    return true;
}

/* takes a job as far as it goes without waiting */
static void go_on(struct cloud_batch *batch, struct cc_job *job)
{
    int64_t wait_ms = 0;

    for (;;) {
        switch (cc_call_advance(job->call, &wait_ms)) {
        case CC_SEND:
            if (job->queue->client->limit && !job->granted) {
                enter_limiter_queue(batch, job);
                return;
            }
            if (batch->sent_count >= batch->options.max_in_flight && !job->granted) {
                make_ready(batch, job);
                return;
            }
            if (send(batch, job))
                return;
            break;
        case CC_WAIT: set_aside(batch, job, CC_JOB_WAITING, wait_ms); return;
        case CC_DONE: finish(batch, job); return;
        }
    }
}

static void fail_job(struct cloud_batch *batch, struct cc_job *job, int code, const char *why)
{
    struct cloud_batch_done *done = cc_job_done(job);

    if (done)
        done->code = cc_fail(&done->error, code, "%s", why);
    conclude(batch, job);
}

static void init_call(struct cc_job *job)
{
    struct cc_call_options options = {
        .ids = job->ids,
        .id_count = job->id_count,
        .page = job->page,
        .deadline_ms = job->deadline_ms,
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
    cc_job_wake_never(batch, job);
    go_on(batch, job);
}

void cc_batch_begin(struct cloud_batch *batch, struct cc_job *job)
{
    job->state = CC_JOB_READY;
    cc_job_move(job, &batch->ready);
}

/* all that there is room for */
static void begin_some(struct cloud_batch *batch)
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
            go_on(batch, job);
        else
            begin(batch, job);
    }
}

static void land(struct cloud_batch *batch, struct cc_job *job)
{
    batch->sent_count--;
    job->queue->slot->sent--;
    cc_job_move(job, NULL);
}

/* the answers that have come */
static bool collect(struct cloud_batch *batch)
{
    struct cc_exchange *exchange;
    struct cc_transport_slot *slot;
    bool any = false;

    LIST_FOREACH(slot, &batch->slots, link)
    {
        while (slot->sent && (exchange = slot->transport->next(slot->transport))) {
            struct cc_job *job = exchange->user;

            land(batch, job);
            cc_batch_feed(job->call);
            go_on(batch, job);
            begin_some(batch); /* the wire is not left idle while other answers are read */
            any = true;
        }
    }
    return any;
}

static void wake(struct cloud_batch *batch)
{
    struct cc_job *job;

    while ((job = cc_job_next_due(batch)) && job->due_ms <= cc_batch_now(batch)) {
        cc_job_wake_never(batch, job);
        switch (job->state) {
        case CC_JOB_RATE_LIMITED: leave_limiter_queue(batch, job); break;
        case CC_JOB_WAITING: make_ready(batch, job); break;
        default:
            cc_batch_stop(batch, job, CLOUD_ETIMEDOUT,
                          "its deadline passed before it could be sent");
        }
    }
}

/* a change that another job has asked for already may be done all the same */
static void led_change(struct cc_job *job)
{
    bool asked = job->leader && !job->page && job->leader->state == CC_JOB_SENT;

    job->leader = NULL;
    if (!asked || cloud_op_info(job->op)->effect == CLOUD_READS)
        return;
    job->outcome = CLOUD_OUTCOME_UNKNOWN;
    if (job->done)
        job->done->error.outcome = CLOUD_OUTCOME_UNKNOWN;
}

void cc_batch_stop(struct cloud_batch *batch, struct cc_job *job, int code, const char *why)
{
    bool sent = job->state == CC_JOB_SENT;
    struct cc_client_queue *gated = job->state == CC_JOB_RATE_LIMITED ? job->queue : NULL;

    cc_job_wake_never(batch, job);
    if (sent) {
        job->queue->slot->transport->cancel(job->queue->slot->transport,
                                            &job->call->attempt.exchange);
        land(batch, job);
    }
    cc_job_move(job, NULL);
    if (job->stream)
        cc_stream_end(batch, job);
    if (job->call) {
        cc_call_cancel(job->call, code, sent, why);
        finish(batch, job);
    } else {
        fail_job(batch, job, code, why);
        led_change(job);
    }
    if (gated)
        take_turn(batch, gated);
}

static bool has_fd(const struct cc_transport_slot *slot)
{
    return slot->transport->fd != NULL;
}

/* how long nothing happens by itself; FOREVER: nothing is awaited but descriptors */
static int64_t idle_ms(const struct cloud_batch *batch)
{
    const struct cc_job *first = cc_job_next_due(batch);
    int64_t now = cc_batch_now(batch), idle = FOREVER;
    struct cc_transport_slot *slot;
    bool room = batch->sent_count < batch->options.max_in_flight;

    if (room && (!TAILQ_EMPTY(&batch->ready) || !TAILQ_EMPTY(&batch->queued)))
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

static void wait_for_some(struct cloud_batch *batch, int64_t most_ms)
{
    int64_t idle = idle_ms(batch), wait_ms = idle < most_ms ? idle : most_ms;
    struct cc_transport_slot *slot, *asked = NULL;

    LIST_FOREACH(slot, &batch->slots, link)
    {
        if (slot->sent && (!asked || has_fd(slot)))
            asked = slot;
    }
    if (asked && (has_fd(asked) || idle == FOREVER))
        asked->transport->wait(asked->transport, wait_ms);
    else if (wait_ms > 0 && wait_ms != FOREVER)
        batch->env->sleep_ms(batch->env->data, wait_ms);
}

/* the next that can be handed over, and whether that is its end; NULL when there is none */
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

/* a job whose end was handed over goes; a stream goes on */
static void put_away(struct cloud_batch *batch, struct cc_job *job, bool more)
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
        put_away(batch, job, ret_done->more);
    return job != NULL;
}

/* true when there was one */
static bool call_back(struct cloud_batch *batch)
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

/* everything that can be done without waiting */
static void continue_all(struct cloud_batch *batch)
{
    do {
        wake(batch);
        begin_some(batch);
    } while (collect(batch));
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
        if (batch->options.done && call_back(batch))
            continue;
        if (!batch->left || (!batch->options.done && !TAILQ_EMPTY(&batch->done)))
            return CLOUD_OK;
        if (deadline != FOREVER)
            left_ms = deadline - cc_batch_now(batch);
        if (left_ms <= 0 && waited)
            return CLOUD_ETIMEDOUT;
        wait_for_some(batch, left_ms > 0 ? left_ms : 0);
        waited = true;
    }
}

int cloud_batch_timeout_ms(struct cloud_batch *batch)
{
    int64_t idle = TAILQ_EMPTY(&batch->done) ? idle_ms(batch) : 0;
    struct cc_transport_slot *slot;

    /* transports without a descriptor have a time, or have their answers already */
    LIST_FOREACH(slot, &batch->slots, link)
    {
        if (slot->sent && !has_fd(slot) && !slot->transport->due_ms)
            idle = 0;
    }
    return idle == FOREVER ? -1 : idle > INT_MAX ? INT_MAX : (int)idle;
}
