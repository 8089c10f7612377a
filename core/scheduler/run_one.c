/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drives one call: sends its requests, waits, and feeds the replies back. scheduler.c drives many
 * calls at once and uses the functions here. engine/call.h declares the state machine, and
 * transport/rate_limiter.c decides when the next request may be sent.
 */
#include "core/scheduler/run_one.h"

#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/base/fork.h"
#include "core/transport/rate_limiter.h"
#include "core/base/time.h"

#define MS_NS INT64_C(1000000)
#define GIVE_UP_MS 250 /* after the deadline, when the transport has its own limit already */

_Thread_local bool cc_in_callback;

/* the journal records a change in this hook, before the request is sent */
static int run_change_hook(struct cc_call *call, struct cloud_error *err)
{
    struct cloud_client *client = call->client;
    struct cloud_change change = { .op = call->op,
                                   .effect = cc_call_effect(call),
                                   .attempt = cc_retry_attempt(call) };

    if (!client->change_hook || change.effect == CLOUD_READS)
        return CLOUD_OK;
    change.action = cc_call_step(call)->action->name;
    change.order_id = call->result.order_id;
    return client->change_hook(&change, client->change_user_data, err);
}

static void update_vendor_time(struct cloud_client *client, const struct cc_reply *reply)
{
    _Static_assert(sizeof(client->vendor_date) == sizeof(reply->date), "strcpy() needs it");
    if (reply->wire != CC_WIRE_ANSWERED || !*reply->date)
        return;
    /* the replies of one second have the same text: it is parsed once */
    if (strcmp(reply->date, client->vendor_date)) {
        if (cc_http_date_read(reply->date, &client->vendor_date_s, NULL))
            return;
        strcpy(client->vendor_date, reply->date);
    }
    client->vendor_ahead_ms = client->vendor_date_s * 1000 - client->env.now_ms(client->env.data);
    client->vendor_seen = true;
}

/*
 * A change is sent by one process only: a child of fork() has the call too when the program forked
 * in a callback. For the child its outcome is unknown.
 */
static bool belongs_to_parent(const struct cc_call *call)
{
    return cc_call_effect(call) != CLOUD_READS && call->forks != cc_fork_count();
}

bool cc_run_start(struct cc_call *call, struct cc_transport *transport)
{
    struct cloud_error why = { 0 };
    int rc = belongs_to_parent(call) ? CLOUD_OK : run_change_hook(call, &why);

    if (!rc && belongs_to_parent(call)) {
        cc_attempt_unsent(call, CLOUD_ECANCELLED, CC_PARENT_CONTINUES);
        call->attempt.reply.wire = CC_WIRE_LOST;
        return false;
    }
    if (!rc)
        rc = transport->start(transport, &call->attempt.exchange, &why);
    if (rc)
        cc_attempt_unsent(call, rc, why.message);
    return !rc;
}

/* A failing vendor is no reason to send more: only an answer of success or a refusal counts as
 * served. Every Retry-After holds, also that of a failure. */
static void report_to_limiter(struct cc_call *call)
{
    struct cc_rate_limiter *limiter = call->client->limiter;
    int64_t now = cc_rate_limiter_now(), server_ms = call->retry.server_ms;

    if (call->attempt.code == CLOUD_ETHROTTLED)
        cc_rate_limiter_refused(limiter, now, server_ms);
    else if (call->attempt.code && server_ms)
        cc_rate_limiter_hold(limiter, now, server_ms);
    else if (call->attempt.reply.status < 500)
        cc_rate_limiter_served(limiter, now);
}

void cc_run_feed(struct cc_call *call)
{
    update_vendor_time(call->client, &call->attempt.reply);
    cc_call_feed(call);
    if (call->client->limiter && call->attempt.reply.wire == CC_WIRE_ANSWERED)
        report_to_limiter(call);
}

int64_t cc_run_latest_permit_ns(int64_t left_ms, int64_t now_ns)
{
    return now_ns + (left_ms > 0 ? left_ms : 0) * MS_NS;
}

void cc_run_fail_rate_limited(struct cc_call *call)
{
    cc_call_cancel(call, CLOUD_ETHROTTLED, false,
                   "not sent: rate_limit allows no request soon enough; raise the timeout, "
                   "rate_limit_wait_ms or the rate_limit");
}

int64_t cc_run_ms_until(int64_t permit_ns, int64_t now_ns)
{
    return permit_ns > now_ns ? (permit_ns - now_ns + MS_NS - 1) / MS_NS : 0;
}

/* waits for a permit of the rate limiter; false: there is none in time */
static bool wait_for_permit(struct cc_call *call)
{
    const struct cloud_client_options *options = &call->client->options;
    struct cc_rate_limiter *limiter = call->client->limiter;
    struct cc_env *env = &call->client->env;
    int64_t begin_ms = env->tick_ms(env->data), begin_ns = cc_rate_limiter_now(), now = begin_ns;
    int64_t latest = cc_run_latest_permit_ns(
        options->rate_limit_wait_ms ? options->rate_limit_wait_ms : options->timeout_ms, begin_ns);
    int64_t permit;

    do {
        permit = cc_rate_limiter_reserve(limiter, now, latest);
        if (!permit) {
            cc_run_fail_rate_limited(call);
            return false;
        }
        env->sleep_ms(env->data, cc_run_ms_until(permit, now));
        now = cc_rate_limiter_now();
    } while (cc_rate_limiter_missed(limiter, permit, now));
    call->options.deadline_ms += env->tick_ms(env->data) - begin_ms;
    return true;
}

/* ends an exchange that the transport did not end in time */
static void give_up(struct cc_call *call, struct cc_transport *transport)
{
    struct cc_exchange *exchange = &call->attempt.exchange;

    transport->cancel(transport, exchange);
    cc_attempt_unsent(call, CLOUD_ETIMEDOUT, "the connection did not end at the deadline");
    call->attempt.reply.wire = CC_WIRE_LOST;
}

/* waits for the end of the exchange, by a clock of its own: no call outlasts its deadline */
static void wait_for_end(struct cc_call *call, struct cc_transport *transport)
{
    struct cc_env *env = &call->client->env;
    int64_t timeout_ms = call->attempt.exchange.timeout_ms;
    int64_t latest_ms = env->tick_ms(env->data) + timeout_ms + GIVE_UP_MS;

    while (!transport->next(transport)) {
        int64_t left_ms = latest_ms - env->tick_ms(env->data);

        if (left_ms <= 0) {
            give_up(call, transport);
            return;
        }
        transport->wait(transport, left_ms < timeout_ms ? left_ms : timeout_ms);
    }
}

static void perform(struct cc_call *call)
{
    struct cc_transport *transport = call->client->transport;

    if (cc_run_start(call, transport))
        wait_for_end(call, transport);
    cc_run_feed(call);
}

void cc_run_one(struct cc_call *call)
{
    struct cc_env *env = &call->client->env;
    int64_t wait_ms = 0;

    for (;;) {
        switch (cc_call_advance(call, &wait_ms)) {
        case CC_SEND:
            if ((!call->client->limiter || wait_for_permit(call)) &&
                cc_call_next(call, &wait_ms) == CC_SEND)
                perform(call);
            break;
        case CC_WAIT: env->sleep_ms(env->data, wait_ms); break;
        case CC_DONE: return;
        }
    }
}

/* prepares the client's own call, which is busy until end() */
static int begin(struct cloud_client *client, enum cloud_op op, const struct cloud_params *params,
                 const struct cc_call_options *options, const struct cloud_result *result,
                 struct cloud_error *err)
{
    int rc = cc_need(client, "client", err);

    if (!rc && params)
        rc = cc_need_struct(CC_STRUCT_PARAMS, params, err);
    if (!rc && result)
        rc = cc_need_struct(CC_STRUCT_RESULT, result, err);
    if (rc)
        return rc;
    if (client->busy || cc_in_callback)
        return cc_fail(err, CLOUD_EINVAL,
                       "this client is in a call; a callback must not start another with it");
    if (!client->call && !(client->call = cc_call_new()))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    client->busy = true;
    cc_call_init(client->call, client, op, params, options);
    return CLOUD_OK;
}

static void end(struct cloud_client *client)
{
    cc_call_clear(client->call);
    client->busy = false;
}

int cc_run_call(struct cloud_client *client, enum cloud_op op, const struct cloud_params *params,
                const struct cc_call_options *options, struct cloud_result *ret_result,
                struct cloud_error *err)
{
    int rc = begin(client, op, params, options, ret_result, err);

    if (rc)
        return rc;
    cc_run_one(client->call);
    rc = cc_call_take(client->call, ret_result, err);
    end(client);
    return rc;
}

int cloud_call(struct cloud_client *client, enum cloud_op op, const struct cloud_params *params,
               struct cloud_result *ret_result, struct cloud_error *err)
{
    return cc_run_call(client, op, params, NULL, ret_result, err);
}

int cloud_call_check(struct cloud_client *client, enum cloud_op op,
                     const struct cloud_params *params, struct cloud_error *err)
{
    int rc = begin(client, op, params, NULL, NULL, err);

    if (rc)
        return rc;
    cc_error_clear(err);
    if (client->call->outcome.done)
        rc = cc_call_take(client->call, NULL, err);
    end(client);
    return rc;
}
