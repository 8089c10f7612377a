/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which failure may be tried again, and when. Reading is repeated; changing only when the request surely did not
 * arrive, was refused unprocessed, or is recognised by the vendor as a repetition. A budget keeps an outage from being
 * made worse; the server's own delay goes before ours; one deadline covers all.
 */
#include <stdlib.h>
#include <string.h>

#include "core/call.h"
#include "core/error.h"
#include "core/time.h"

#define BASE_MS 200
#define LONGEST_MS 5000
#define COST 1000 /* of the client's budget, which is full at 10000 */
#define SKEW_WORTH_MENDING_MS 30000

bool cc_may_be_applied(const struct cc_call *call, int code)
{
    int status = call->reply.status;

    if (call->reply.wire != CC_WIRE_ANSWERED)
        return call->reply.wire == CC_WIRE_LOST;
    /* a gateway that gave up, or an answer that cannot be read, says nothing about the work behind it */
    return status >= 500 || status == 408 || status == 499 ||
           (status < 400 && (code == CLOUD_EPROTOCOL || code == CLOUD_ENOMEM));
}

/* the server's own word, in milliseconds; 0: none */
static int64_t server_delay(const struct cc_call *call)
{
    const char *text = call->reply.retry_after;
    int64_t at, now = call->client->world.now_ms(call->client->world.data) + call->client->skew_ms;
    char *end;
    long seconds;

    if (call->reply.wire != CC_WIRE_ANSWERED || !*text)
        return 0;
    seconds = strtol(text, &end, 10);
    if (!*end && seconds >= 0)
        return seconds > 86400 ? 86400000 : (int64_t)seconds * 1000;
    if (!cc_http_date_read(text, &at, NULL) && at * 1000 > now)
        return at * 1000 - now;
    return 0;
}

/* The vendor refused our time, perhaps: learns its clock from the Date header. True when it was off. */
static bool learn_clock(struct cc_call *call)
{
    struct cloud_client *client = call->client;
    int64_t server, ours = client->world.now_ms(client->world.data) + client->skew_ms;

    if (call->clock_tried || !call->reply.date[0] || cc_http_date_read(call->reply.date, &server, NULL))
        return false;
    if (llabs(server * 1000 - ours) < SKEW_WORTH_MENDING_MS)
        return false;
    call->clock_tried = true;
    client->skew_ms += server * 1000 - ours;
    cc_client_log(client, CLOUD_LOG_INFO, "%s: the local clock is off by %lld s; corrected", client->provider->name,
                  (long long)(client->skew_ms / 1000));
    return true;
}

static bool passing(const struct cc_call *call, int code)
{
    switch (code) {
    case CLOUD_ENETWORK:
    case CLOUD_ETIMEDOUT:
    case CLOUD_ETHROTTLED:
    case CLOUD_EVENDOR:
        return true;
    case CLOUD_EPROTOCOL: /* cut short on the way, perhaps */
        return call->reply.wire != CC_WIRE_ANSWERED;
    default:
        return false;
    }
}

static bool safe(const struct cc_call *call, int code)
{
    const struct cc_action *action = cc_call_step(call)->action;

    return cc_call_effect(call) == CLOUD_READS || action->token || !cc_may_be_applied(call, code);
}

bool cc_retry(struct cc_call *call, int code)
{
    struct cloud_client *client = call->client;
    int64_t now = client->world.tick_ms(client->world.data), wait = server_delay(call), cap;

    call->error.retry_after_ms = (int)wait;
    if ((code == CLOUD_EAUTH || code == CLOUD_EDENIED) && learn_clock(call)) {
        call->wait_ms = 0;
        return true;
    }
    if (!passing(call, code) || !safe(call, code) || call->attempt >= client->options.attempts ||
        client->retry_budget < COST)
        return false;
    cap = BASE_MS << (call->attempt < 6 ? call->attempt : 6);
    wait += client->world.jitter(client->world.data, (uint32_t)(cap < LONGEST_MS ? cap : LONGEST_MS));
    if (now + wait >= call->deadline_ms)
        return false;
    client->retry_budget -= COST;
    call->wait_ms = wait;
    return true;
}
