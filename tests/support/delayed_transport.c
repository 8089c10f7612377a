/* SPDX-License-Identifier: Apache-2.0 */
/* Delays and loses the answers of a transport, by a clock of the test. */
#include "tests/support/delayed_transport.h"

#include <stdlib.h>

#include "core/base/error.h"
#include "core/transport/http_text.h"

struct delayed_answer {
    TAILQ_ENTRY(delayed_answer) link;
    struct cc_exchange *exchange;
    int64_t due_ms;
};

static struct delayed *from_base(struct cc_transport *transport)
{
    return (struct delayed *)transport;
}

static void fail(struct cc_exchange *exchange, enum cc_wire wire, int code)
{
    cc_reply_clear(exchange->reply);
    cc_reply_init(exchange->reply);
    cc_reply_fail(exchange->reply, wire, code, "the test decided so");
}

/* the inner transport processes the request; its own answer is read at once */
static int process(struct delayed *delayed, struct cc_exchange *exchange, struct cloud_error *err)
{
    int code = delayed->inner->start(delayed->inner, exchange, err);

    while (!code && !delayed->inner->next(delayed->inner))
        delayed->inner->wait(delayed->inner, 1000);
    exchange->internal = NULL;
    return code;
}

static void apply(struct cc_exchange *exchange, enum delayed_kind kind)
{
    struct cc_reply *reply = exchange->reply;

    if (kind == DELAYED_LOST)
        fail(exchange, CC_WIRE_LOST, CLOUD_ENETWORK);
    if (kind == DELAYED_SILENT)
        fail(exchange, CC_WIRE_LOST, CLOUD_ETIMEDOUT);
    if (kind != DELAYED_BROKEN)
        return;
    cc_reply_clear(reply);
    cc_reply_init(reply);
    reply->status = 500;
    cc_buf_puts(&reply->body, "{\"Code\":\"InternalError\",\"error\":{\"code\":500}}");
}

static int start(struct cc_transport *base, struct cc_exchange *exchange, struct cloud_error *err)
{
    struct delayed *delayed = from_base(base);
    struct delayed_fate fate = { DELAYED_ANSWER, 0 };
    struct delayed_answer *answer = calloc(1, sizeof(*answer));
    int code = CLOUD_OK;

    exchange->internal = NULL;
    cc_reply_init(exchange->reply);
    if (!answer)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (delayed->choose)
        fate = delayed->choose(delayed->user, exchange);
    if (fate.kind == DELAYED_UNSENT)
        fail(exchange, CC_WIRE_UNSENT, CLOUD_ENETWORK);
    else
        code = process(delayed, exchange, err);
    if (code) {
        free(answer);
        return code;
    }
    if (fate.kind == DELAYED_SILENT || fate.delay_ms >= exchange->timeout_ms)
        fate = (struct delayed_fate){ DELAYED_SILENT, exchange->timeout_ms };
    apply(exchange, fate.kind);
    answer->exchange = exchange;
    answer->due_ms = *delayed->now_ms + fate.delay_ms;
    exchange->internal = answer;
    TAILQ_INSERT_TAIL(&delayed->answers, answer, link);
    delayed->started++;
    delayed->in_flight++;
    if (delayed->in_flight > delayed->most_in_flight)
        delayed->most_in_flight = delayed->in_flight;
    return CLOUD_OK;
}

static struct delayed_answer *first(const struct delayed *delayed)
{
    struct delayed_answer *answer, *found = NULL;

    TAILQ_FOREACH(answer, &delayed->answers, link)
    {
        if (!found || answer->due_ms < found->due_ms)
            found = answer;
    }
    return found;
}

static int64_t due_ms(struct cc_transport *base)
{
    struct delayed *delayed = from_base(base);
    const struct delayed_answer *answer = first(delayed);

    if (!answer)
        return -1;
    return answer->due_ms > *delayed->now_ms ? answer->due_ms - *delayed->now_ms : 0;
}

static void wait_for(struct cc_transport *base, int64_t timeout_ms)
{
    int64_t due = due_ms(base);

    *from_base(base)->now_ms += due >= 0 && due < timeout_ms ? due : timeout_ms;
}

static void cancel(struct cc_transport *base, struct cc_exchange *exchange)
{
    struct delayed *delayed = from_base(base);
    struct delayed_answer *answer = exchange->internal;

    if (!answer)
        return;
    TAILQ_REMOVE(&delayed->answers, answer, link);
    free(answer);
    exchange->internal = NULL;
    delayed->in_flight--;
}

static struct cc_exchange *next(struct cc_transport *base)
{
    struct delayed *delayed = from_base(base);
    struct delayed_answer *answer = first(delayed);
    struct cc_exchange *exchange = NULL;

    if (answer && answer->due_ms <= *delayed->now_ms) {
        exchange = answer->exchange;
        cancel(base, exchange);
    }
    return exchange;
}

static void free_transport(struct cc_transport *base)
{
    struct delayed *delayed = from_base(base);

    while (!TAILQ_EMPTY(&delayed->answers))
        cancel(base, TAILQ_FIRST(&delayed->answers)->exchange);
    delayed->inner->free(delayed->inner);
}

static int64_t read_clock(void *data)
{
    return *(const int64_t *)data;
}

static void sleep_ms(void *data, int64_t ms)
{
    if (ms > 0)
        *(int64_t *)data += ms;
}

static uint32_t jitter(void *data, uint32_t limit)
{
    (void)data;
    return limit / 2;
}

void delayed_open(struct delayed *delayed, struct cloud_client *client, int64_t *now_ms)
{
    *delayed = (struct delayed){ .inner = client->transport, .now_ms = now_ms };
    delayed->transport = (struct cc_transport){ .start = start,
                                                .wait = wait_for,
                                                .next = next,
                                                .cancel = cancel,
                                                .free = free_transport,
                                                .due_ms = due_ms };
    TAILQ_INIT(&delayed->answers);
    client->transport = &delayed->transport;
    client->env = (struct cc_env){ .now_ms = read_clock,
                                   .tick_ms = read_clock,
                                   .nonce = cc_real_env.nonce,
                                   .jitter = jitter,
                                   .sleep_ms = sleep_ms,
                                   .data = now_ms };
}
