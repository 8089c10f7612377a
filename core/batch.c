/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The driver of one call: sends what it asks for, waits, and feeds the answers back. Many at once are batch_run.c's,
 * which shares the steps here; what a call is, is call.c's; when the next request may go, limits.c's.
 */
#include "core/batch.h"

#include "core/error.h"
#include "core/limits.h"
#include "core/time.h"

#define MS_NS INT64_C(1000000)

/* a callback must not start what waits */
_Thread_local bool cc_in_callback;

/* --------------------------------------------------------------------------------------------------- one request */

/* whoever keeps a record of changes writes this one down before it leaves */
static int ask_hook(struct cc_call *call, struct cloud_error *err)
{
    struct cloud_client *client = call->client;
    struct cloud_change change = { .op = call->op, .effect = cc_call_effect(call), .attempt = call->attempt };

    if (!client->change_hook || change.effect == CLOUD_READS)
        return CLOUD_OK;
    change.action = cc_call_step(call)->action->name;
    change.order_id = call->result.order_id;
    return client->change_hook(&change, client->change_user_data, err);
}

static void learn_vendor_time(struct cloud_client *client, const struct cc_reply *reply)
{
    _Static_assert(sizeof(client->vendor_date) == sizeof(reply->date), "it fits");
    if (reply->wire != CC_WIRE_ANSWERED || !*reply->date)
        return;
    if (strcmp(reply->date, client->vendor_date)) { /* many answers come within a second */
        if (cc_http_date_read(reply->date, &client->vendor_date_s, NULL))
            return;
        strcpy(client->vendor_date, reply->date);
    }
    client->vendor_ahead_ms = client->vendor_date_s * 1000 - client->world.now_ms(client->world.data);
    client->vendor_seen = true;
}

/* false when it could not even be started: that is then the reply */
bool cc_batch_start(struct cc_call *call, struct cc_transport *transport)
{
    struct cloud_error why = { 0 };
    int rc = ask_hook(call, &why);

    if (!rc)
        rc = transport->start(transport, &call->exchange, &why);
    if (!rc)
        return true;
    cc_reply_clear(&call->reply);
    call->reply.wire = CC_WIRE_UNSENT;
    call->reply.code = rc;
    CC_ERROR_SET(call->reply.reason, why.message);
    return false;
}

/* the exchange has ended */
void cc_batch_feed(struct cc_call *call)
{
    struct cloud_client *client = call->client;

    learn_vendor_time(client, &call->reply);
    cc_call_feed(call);
    if (!client->limit || call->reply.wire != CC_WIRE_ANSWERED)
        return;
    if (call->error.code == CLOUD_ETHROTTLED)
        cc_limit_refused(client->limit, cc_limit_now(), call->error.retry_after_ms);
    else
        cc_limit_served(client->limit, cc_limit_now());
}

/* ------------------------------------------------------------------------------------------------------ one call */

/* when a turn that the limit gives would be too late for the call */
int64_t cc_batch_latest_turn(const struct cc_call *call, int64_t now_ns)
{
    const struct cc_world *world = &call->client->world;
    int64_t left_ms = call->deadline_ms - world->tick_ms(world->data);

    return now_ns + (left_ms > 0 ? left_ms : 0) * MS_NS;
}

void cc_batch_out_of_turns(struct cc_call *call)
{
    cc_call_cancel(call, CLOUD_ETHROTTLED, false,
                   "not sent: by the configured rate_limit its turn would be after the deadline");
}

/* in whole milliseconds, rounded up */
int64_t cc_batch_until_turn(int64_t turn_ns, int64_t now_ns)
{
    return turn_ns > now_ns ? (turn_ns - now_ns + MS_NS - 1) / MS_NS : 0;
}

/* waits for a turn by the rate limit; false when there is none in time */
static bool pass_gate(struct cc_call *call)
{
    struct cloud_client *client = call->client;
    int64_t now = client->limit ? cc_limit_now() : 0, turn = 0;

    while (client->limit) {
        turn = cc_limit_reserve(client->limit, now, cc_batch_latest_turn(call, now));
        if (!turn)
            break;
        client->world.sleep_ms(client->world.data, cc_batch_until_turn(turn, now));
        now = cc_limit_now();
        if (!cc_limit_missed(client->limit, turn, now))
            break;
    }
    if (client->limit && !turn)
        cc_batch_out_of_turns(call);
    return !client->limit || turn;
}

static void perform(struct cc_call *call)
{
    struct cc_transport *transport = call->client->transport;

    if (cc_batch_start(call, transport)) {
        while (!transport->next(transport))
            transport->wait(transport, call->exchange.timeout_ms);
    }
    cc_batch_feed(call);
}

void cc_batch_run_one(struct cc_call *call)
{
    struct cc_world *world = &call->client->world;
    int64_t wait_ms = 0;

    for (;;) {
        switch (cc_call_settle(call, &wait_ms)) {
        case CC_SEND:
            if (pass_gate(call) && cc_call_next(call, &wait_ms) == CC_SEND)
                perform(call);
            break;
        case CC_WAIT:
            world->sleep_ms(world->data, wait_ms);
            break;
        case CC_DONE:
            return;
        }
    }
}

/* makes the client's own call ready, which is then in use */
static int begin(struct cloud_client *client, enum cloud_op op, const struct cloud_params *params, struct cloud_error *err)
{
    if (client->busy || cc_in_callback)
        return cc_fail(err, CLOUD_EINVAL, "this client is in a call; a callback must not start another with it");
    if (!client->call && !(client->call = cc_call_new()))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    client->busy = true;
    cc_call_init(client->call, client, op, params);
    return CLOUD_OK;
}

static void end(struct cloud_client *client)
{
    cc_call_clear(client->call);
    client->busy = false;
}

int cloud_call(struct cloud_client *client, enum cloud_op op, const struct cloud_params *params,
               struct cloud_result *ret_result, struct cloud_error *err)
{
    int rc = begin(client, op, params, err);

    if (rc)
        return rc;
    cc_batch_run_one(client->call);
    rc = cc_call_take(client->call, ret_result, err);
    end(client);
    return rc;
}

int cloud_call_check(struct cloud_client *client, enum cloud_op op, const struct cloud_params *params,
                     struct cloud_error *err)
{
    int rc = begin(client, op, params, err);

    if (rc)
        return rc;
    cc_error_clear(err);
    if (client->call->done)
        rc = cc_call_take(client->call, NULL, err);
    end(client);
    return rc;
}
