/* SPDX-License-Identifier: Apache-2.0 */
/* Plays scripted replies and records the requests. A request after the last reply of the script
 * fails as "not sent"; it is recorded like the others. */
#include "tests/support/fake_transport.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"

static int64_t now_ms(void *data)
{
    return ((struct fake *)data)->now_ms;
}

static void nonce(void *data, char ret_nonce[37])
{
    snprintf(ret_nonce, 37, "00000000-0000-4000-8000-%012d", ++((struct fake *)data)->nonces);
}

static uint32_t jitter(void *data, uint32_t limit)
{
    uint32_t value = ((struct fake *)data)->jitter;

    return value < limit ? value : limit;
}

static void sleep_ms(void *data, int64_t ms)
{
    struct fake *script = data;

    if (script->sleeps < FAKE_MAX)
        script->slept[script->sleeps++] = ms;
    script->now_ms += ms;
}

static void record(struct fake *script, const struct cc_exchange *exchange)
{
    const struct cc_request *request = exchange->request;
    cc_auto_buf struct cc_buf text = { 0 };

    cc_buf_printf(&text, "%s %s%s%s HTTP/1.1\nHost: %s\n", request->method, request->path,
                  request->query_text.len ? "?" : "", cc_buf_text(&request->query_text),
                  request->host);
    for (size_t i = 0; i < request->headers.count; i++)
        cc_buf_printf(&text, "%s: %s\n", request->headers.items[i].name,
                      request->headers.items[i].value);
    cc_buf_printf(&text, "\n%s", cc_buf_text(&request->body));
    script->fresh[script->sent] = exchange->fresh;
    script->requests[script->sent++] = cc_buf_take(&text);
}

static int start(struct cc_transport *transport, struct cc_exchange *exchange,
                 struct cloud_error *err)
{
    struct fake *script = (struct fake *)transport;
    static const struct fake_reply end = { .wire = CC_WIRE_UNSENT, .code = CLOUD_ENETWORK };
    const struct fake_reply *answer;
    struct cc_reply *reply = exchange->reply;

    if (script->sent == FAKE_MAX)
        return cc_fail(err, CLOUD_ENETWORK, "the script is at its end");
    answer = script->sent < script->reply_count ? &script->replies[script->sent] : &end;
    record(script, exchange);
    cc_reply_clear(reply);
    reply->wire = answer->status ? CC_WIRE_ANSWERED : answer->wire;
    reply->code = answer->code;
    reply->status = answer->status;
    snprintf(reply->date, sizeof(reply->date), "%s", answer->date ? answer->date : "");
    snprintf(reply->retry_after, sizeof(reply->retry_after), "%s",
             answer->retry_after ? answer->retry_after : "");
    snprintf(reply->content_encoding, sizeof(reply->content_encoding), "%s",
             answer->content_encoding ? answer->content_encoding : "");
    snprintf(reply->reason, sizeof(reply->reason), "%s",
             answer->status ? "" : "the script says so");
    if (answer->body)
        cc_buf_add(&reply->body, answer->body, answer->len ? answer->len : strlen(answer->body));
    if (reply->body.failed) { /* as a transport whose reply does not fit into memory */
        reply->wire = CC_WIRE_LOST;
        reply->code = CLOUD_ENOMEM;
    }
    script->ended = exchange;
    return CLOUD_OK;
}

static void wait_for(struct cc_transport *transport, int64_t timeout_ms)
{
    (void)transport;
    (void)timeout_ms;
}

static struct cc_exchange *next(struct cc_transport *transport)
{
    return cc_take(((struct fake *)transport)->ended);
}

static void cancel(struct cc_transport *transport, struct cc_exchange *exchange)
{
    (void)exchange;
    ((struct fake *)transport)->ended = NULL;
}

static void nothing(struct cc_transport *transport)
{
    (void)transport;
}

static void note(enum cloud_log_level level, const char *line, void *user_data)
{
    struct fake *script = user_data;
    size_t used = strlen(script->log);

    (void)level;
    snprintf(script->log + used, sizeof(script->log) - used, "%s\n", line);
}

void fake_open(struct fake *script, const char *provider,
               const struct cloud_client_options *options)
{
    struct cloud_client_options o = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_error err;

    memset(script, 0, sizeof(*script));
    if (options)
        o = *options;
    o.provider = provider;
    o.region = o.region ? o.region : "cn-north-1";
    o.access_key_id = "FAKEAK00000000000000000000000001";
    o.access_key_secret = "fake-secret-not-a-real-key-000001";
    o.log = note;
    o.log_user_data = script;
    if (cloud_client_new(&o, &script->client, &err)) {
        fprintf(stderr, "no client: %s\n", err.message);
        abort();
    }
    script->transport = (struct cc_transport){
        .start = start, .wait = wait_for, .next = next, .cancel = cancel, .free = nothing
    };
    script->client->transport->free(script->client->transport);
    script->client->transport = &script->transport;
    script->client->env = (struct cc_env){ now_ms, now_ms, nonce, jitter, sleep_ms, script };
    script->now_ms = (int64_t)FAKE_NOW * 1000;
}

void fake_play(struct fake *script, const struct fake_reply *replies, size_t count)
{
    for (size_t i = 0; i < script->sent; i++)
        free(script->requests[i]);
    script->sent = 0;
    script->sleeps = 0;
    script->replies = replies;
    script->reply_count = count;
}

void fake_close(struct fake *script)
{
    fake_play(script, NULL, 0);
    cloud_client_free(script->client);
}
