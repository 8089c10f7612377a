/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides whether a failed attempt is repeated, and after which backoff. A reading step is always
 * safe to repeat. A changing step is repeated only if the request surely did not arrive, if an
 * error row proves that the vendor refused it, or if the vendor recognises a repeated request. A
 * budget keeps retries from making an outage worse. The server's Retry-After comes before our own
 * backoff, and the deadline of the call limits all attempts together.
 */
#include <stdlib.h>
#include <string.h>

#include "core/engine/call.h"
#include "core/base/error.h"
#include "core/base/time.h"

#define BASE_MS 200
#define LONGEST_MS 5000
#define LONGEST_DELAY_MS INT32_MAX /* that a server may ask for: it must fit into the error */
#define CLOCK_SKEW_MS 30000        /* smaller differences are not corrected */
/* the client's retry budget: a retry costs 1000, an accepted request gives 100 back */
#define COST 1000
#define REFILL 100
#define BUDGET 10000

int cc_retry_attempt(const struct cc_call *call)
{
    return call->retry.failures + 1;
}

bool cc_may_be_applied(const struct cc_call *call)
{
    const struct cc_reply *reply = &call->attempt.reply;

    if (reply->wire == CC_WIRE_ANSWERED)
        return call->attempt.proof == CC_UNPROVEN;
    return reply->wire == CC_WIRE_LOST;
}

/* "120" or "2.5" seconds, a part of a millisecond counts as one; false: another text */
static bool read_seconds(const char *text, int64_t *ret_ms)
{
    int64_t unit = 1000000, us = 0;
    const char *at = text;

    for (; *at >= '0' && *at <= '9' && us < LONGEST_DELAY_MS * INT64_C(1000); at++)
        us = us * 10 + (*at - '0') * unit;
    at += strspn(at, "0123456789");
    if (at == text)
        return false;
    if (*at == '.' && at[1]) {
        for (at++; *at >= '0' && *at <= '9'; at++)
            us += (*at - '0') * (unit /= 10);
    }
    if (!*at)
        *ret_ms = (us + 999) / 1000;
    return !*at;
}

/* Retry-After of the reply in milliseconds, a date by the clock of the server; 0: none */
static int64_t server_delay(const struct cc_call *call)
{
    const struct cc_reply *reply = &call->attempt.reply;
    int64_t at, now, wait = 0;

    if (reply->wire != CC_WIRE_ANSWERED)
        return 0;
    if (!read_seconds(reply->retry_after, &wait) &&
        !cc_http_date_read(reply->retry_after, &at, NULL)) {
        now = cc_http_date_read(reply->date, &now, NULL) ? cc_client_vendor_ms(call->client)
                                                         : now * 1000;
        wait = at * 1000 - now;
    }
    return wait < 0 ? 0 : wait < LONGEST_DELAY_MS ? wait : LONGEST_DELAY_MS;
}

/*
 * The vendor may have refused the request for its time: learns the vendor's clock from the Date
 * header. True when ours was off.
 */
static bool correct_clock(struct cc_call *call)
{
    struct cloud_client *client = call->client;
    const char *date = call->attempt.reply.date;
    int64_t server, ours = cc_client_vendor_ms(client);

    if (call->retry.clock_corrected || !date[0] || cc_http_date_read(date, &server, NULL))
        return false;
    if (llabs(server * 1000 - ours) < CLOCK_SKEW_MS)
        return false;
    call->retry.clock_corrected = true;
    client->skew_ms += server * 1000 - ours;
    cc_client_log(client, CLOUD_LOG_INFO, "%s: the local clock is off by %lld s; corrected",
                  client->provider->name, (long long)(client->skew_ms / 1000));
    return true;
}

static bool is_transient(const struct cc_call *call, int code)
{
    bool answered = call->attempt.reply.wire == CC_WIRE_ANSWERED;

    switch (code) {
    case CLOUD_ETIMEDOUT:
    case CLOUD_ETHROTTLED:
    case CLOUD_EVENDOR: return true;
    case CLOUD_ENETWORK: /* answered: a proxy wants a password */
    case CLOUD_EPROTOCOL: /* the connection may have broken inside the reply */ return !answered;
    default: return answered && call->attempt.proof == CC_BUSY;
    }
}

static bool is_safe(const struct cc_call *call)
{
    const struct cc_action *action = cc_call_step(call)->action;

    return cc_call_effect(call) == CLOUD_READS || action->token || !cc_may_be_applied(call);
}

static bool may_retry(const struct cc_call *call, int code)
{
    const struct cloud_client *client = call->client;

    return is_transient(call, code) && is_safe(call) &&
           cc_retry_attempt(call) < client->options.attempts && client->retry_budget >= COST;
}

/* full jitter: random, up to a limit that doubles with every attempt */
static int64_t backoff(const struct cc_call *call)
{
    const struct cc_env *env = &call->client->env;
    int attempt = cc_retry_attempt(call);
    int64_t cap = BASE_MS << (attempt < 6 ? attempt : 6);

    return env->jitter(env->data, (uint32_t)(cap < LONGEST_MS ? cap : LONGEST_MS));
}

int64_t cc_retry_wait_ms(struct cc_call *call, int code)
{
    int64_t wait = server_delay(call);

    call->error.retry_after_ms = (int)wait;
    if ((code == CLOUD_EAUTH || code == CLOUD_EDENIED) && correct_clock(call) && is_safe(call)) {
        call->retry.failures++;
        return 0;
    }
    if (!may_retry(call, code))
        return CC_NO_WAIT;
    wait += backoff(call);
    if (wait >= cc_call_left_ms(call))
        return CC_NO_WAIT;
    call->client->retry_budget -= COST;
    call->retry.failures++;
    return wait;
}

void cc_retry_end(struct cc_call *call, int code)
{
    call->retry.failures = 0;
    if (!code && call->client->retry_budget < BUDGET)
        call->client->retry_budget += REFILL;
}
