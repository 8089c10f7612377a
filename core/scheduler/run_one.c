/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drives one call: sends its requests, waits, and feeds the replies back. scheduler.c drives many
 * calls at once and uses the functions here. engine/call.h declares the state machine, and
 * transport/rate_limiter.c decides when the next request may be sent.
 */
#include "core/scheduler/run_one.h"

#include "core/base/error.h"
#include "core/transport/rate_limiter.h"
#include "core/base/time.h"

#define MS_NS INT64_C(1000000)

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

bool cc_run_start(struct cc_call *call, struct cc_transport *transport)
{
    struct cloud_error why = { 0 };
    int rc = run_change_hook(call, &why);

    if (!rc)
        rc = transport->start(transport, &call->attempt.exchange, &why);
    if (rc)
        cc_attempt_unsent(call, rc, why.message);
    return !rc;
}

void cc_run_feed(struct cc_call *call)
{
    struct cloud_client *client = call->client;
    const struct cc_reply *reply = &call->attempt.reply;

    update_vendor_time(client, reply);
    cc_call_feed(call);
    if (!client->limiter || reply->wire != CC_WIRE_ANSWERED)
        return;
    if (call->error.code == CLOUD_ETHROTTLED)
        cc_rate_limiter_refused(client->limiter, cc_rate_limiter_now(), call->error.retry_after_ms);
    else
        cc_rate_limiter_served(client->limiter, cc_rate_limiter_now());
}

int64_t cc_run_latest_permit_ns(const struct cc_call *call, int64_t now_ns)
{
    int64_t left_ms = cc_call_left_ms(call);

    return now_ns + (left_ms > 0 ? left_ms : 0) * MS_NS;
}

void cc_run_fail_rate_limited(struct cc_call *call)
{
    cc_call_cancel(call, CLOUD_ETHROTTLED, false,
                   "not sent: rate_limit allows no request before the call's deadline; raise the "
                   "timeout or the rate_limit");
}

int64_t cc_run_ms_until(int64_t permit_ns, int64_t now_ns)
{
    return permit_ns > now_ns ? (permit_ns - now_ns + MS_NS - 1) / MS_NS : 0;
}

/* waits for a permit of the rate limiter; false: there is none before the deadline */
static bool wait_for_permit(struct cc_call *call)
{
    struct cloud_client *client = call->client;
    int64_t now = client->limiter ? cc_rate_limiter_now() : 0, permit = 0;

    while (client->limiter) {
        permit = cc_rate_limiter_reserve(client->limiter, now, cc_run_latest_permit_ns(call, now));
        if (!permit)
            break;
        client->env.sleep_ms(client->env.data, cc_run_ms_until(permit, now));
        now = cc_rate_limiter_now();
        if (!cc_rate_limiter_missed(client->limiter, permit, now))
            break;
    }
    if (client->limiter && !permit)
        cc_run_fail_rate_limited(call);
    return !client->limiter || permit;
}

static void perform(struct cc_call *call)
{
    struct cc_transport *transport = call->client->transport;

    if (cc_run_start(call, transport)) {
        while (!transport->next(transport))
            transport->wait(transport, call->attempt.exchange.timeout_ms);
    }
    cc_run_feed(call);
}

void cc_run_one(struct cc_call *call)
{
    struct cc_env *env = &call->client->env;
    int64_t wait_ms = 0;

    for (;;) {
        switch (cc_call_advance(call, &wait_ms)) {
        case CC_SEND:
            if (wait_for_permit(call) && cc_call_next(call, &wait_ms) == CC_SEND)
                perform(call);
            break;
        case CC_WAIT: env->sleep_ms(env->data, wait_ms); break;
        case CC_DONE: return;
        }
    }
}

/* prepares the client's own call, which is busy until end() */
static int begin(struct cloud_client *client, enum cloud_op op, const struct cloud_params *params,
                 const struct cc_call_options *options, struct cloud_error *err)
{
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
    int rc = begin(client, op, params, options, err);

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
    int rc = begin(client, op, params, NULL, err);

    if (rc)
        return rc;
    cc_error_clear(err);
    if (client->call->outcome.done)
        rc = cc_call_take(client->call, NULL, err);
    end(client);
    return rc;
}
