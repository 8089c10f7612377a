/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a client of the emulator. Its backoff has no jitter, and its retry budget is full. */
#include "tests/support/emulator_client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/json/json.h"
#include "core/base/money.h"

static void stop(const char *what, const char *why)
{
    fprintf(stderr, "%s: %s\n", what, why);
    abort();
}

static uint32_t no_jitter(void *data, uint32_t limit)
{
    (void)data;
    (void)limit;
    return 0;
}

static void note(enum cloud_log_level level, const char *line, void *user_data)
{
    struct emulated *emulated = user_data;
    size_t used = strlen(emulated->log);

    (void)level;
    snprintf(emulated->log + used, sizeof(emulated->log) - used, "%s\n", line);
}

void emulated_client(struct emulated *emulated, const struct cloud_client_options *options)
{
    struct cloud_client_options o = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_error err;

    if (options)
        o = *options;
    o.provider = o.provider ? o.provider : "jdcloud";
    if (!o.region && !strcmp(o.provider, "jdcloud"))
        o.region = "cn-north-1";
    o.endpoint = o.endpoint ? o.endpoint : emulated->endpoint;
    o.access_key_id = o.access_key_id ? o.access_key_id : CLOUD_EMULATOR_KEY_ID;
    o.access_key_secret = o.access_key_secret ? o.access_key_secret : CLOUD_EMULATOR_KEY_SECRET;
    o.timeout_ms = o.timeout_ms ? o.timeout_ms : 10 * 60000; /* longer than a test may last */
    o.connect_timeout_ms = o.connect_timeout_ms ? o.connect_timeout_ms : o.timeout_ms;
    o.log = note;
    o.log_user_data = emulated;
    cloud_client_free(cc_take(emulated->client));
    if (cloud_client_new(&o, &emulated->client, &err))
        stop("no client", err.message);
    emulated->client->env.jitter = no_jitter;
}

void emulated_open(struct emulated *emulated, bool http, const struct cloud_client_options *options)
{
    char message[256], path[60];
    int port;

    memset(emulated, 0, sizeof(*emulated));
    strcpy(emulated->directory, "/tmp/cloud_emulated_XXXXXX");
    if (!mkdtemp(emulated->directory))
        stop("no directory", emulated->directory);
    snprintf(path, sizeof(path), "%s/world", emulated->directory);
    if (cloud_emulator_open(http ? NULL : path, &emulated->emulator, message, sizeof(message)))
        stop("no emulator", message);
    if (http &&
        cloud_emulator_listen(emulated->emulator, "127.0.0.1:0", &port, message, sizeof(message)))
        stop("no port", message);
    if (http)
        snprintf(emulated->endpoint, sizeof(emulated->endpoint), "http://127.0.0.1:%d", port);
    else
        snprintf(emulated->endpoint, sizeof(emulated->endpoint), "emulator:%s", path);
    emulated_client(emulated, options);
    free(emulated_control(emulated, "timeline", "{\"transition\":\"*\",\"seconds\":0}"));
}

void emulated_close(struct emulated *emulated)
{
    static const char *const files[] = { "world", "world-wal", "world-shm" };

    cloud_client_free(emulated->client);
    cloud_emulator_close(emulated->emulator);
    for (size_t i = 0; i < CC_COUNT(files); i++) {
        char path[80];

        snprintf(path, sizeof(path), "%s/%s", emulated->directory, files[i]);
        unlink(path);
    }
    rmdir(emulated->directory);
}

char *emulated_control(struct emulated *emulated, const char *path, const char *body)
{
    char url[128];
    struct cloud_emulator_request request = { .size = sizeof(request),
                                              .method = body ? "POST" : "GET",
                                              .url = url,
                                              .body = body,
                                              .body_size = body ? strlen(body) : 0 };
    struct cloud_emulator_reply reply = { .size = sizeof(reply) };
    char *text = NULL;

    snprintf(url, sizeof(url), "http://localhost/_emulator/%s", path);
    if (cloud_emulator_handle(emulated->emulator, &request, &reply) || !reply.body)
        stop("the emulator did not answer", path);
    if (reply.status != 200)
        stop(path, reply.body);
    text = calloc(1, reply.body_size + CC_JSON_PADDING + 1);
    if (text)
        memcpy(text, reply.body, reply.body_size);
    cloud_emulator_reply_clear(&reply);
    return text;
}

static void copy_text(const struct cc_value *object, const char *name, char *ret_text, size_t size)
{
    const char *text = cc_value_text(cc_value_find(object, name));

    snprintf(ret_text, size, "%s", text ? text : "");
}

static void read_charge(const struct cc_value *from, struct emulated_charge *ret)
{
    struct cloud_money amount = { 0 };
    char text[40];

    copy_text(from, "kind", ret->kind, sizeof(ret->kind));
    copy_text(from, "resource_id", ret->resource, sizeof(ret->resource));
    copy_text(from, "order_id", ret->order, sizeof(ret->order));
    copy_text(from, "client_token", ret->token, sizeof(ret->token));
    copy_text(from, "amount", text, sizeof(text));
    if (cc_money_read(text, "CNY", &amount, NULL))
        stop("not an amount", text);
    ret->micros = amount.micros;
}

/* Parses @text, the reply of /_emulator/@path. Free the result with cc_doc_free(). */
static struct cc_doc *document(const char *path, char *text)
{
    struct cloud_error err;
    struct cc_doc *doc = NULL;

    if (!text || cc_doc_parse(text, strlen(text), &doc, &err))
        stop(path, "no JSON");
    return doc;
}

size_t emulated_ledger(struct emulated *emulated, struct emulated_charge *ret, size_t max)
{
    cc_auto_free char *text = emulated_control(emulated, "ledger", NULL);
    struct cc_doc *doc = document("ledger", text);
    struct cc_iter iter = { .container = cc_value_find(cc_doc_root(doc), "charges") };
    const struct cc_value *element;
    size_t count = 0;

    for (; (element = cc_iter_next(&iter, NULL)); count++) {
        if (count == max)
            stop("ledger", "it has more charges than the test's array");
        read_charge(element, &ret[count]);
    }
    cc_doc_free(doc);
    return count;
}

int64_t emulated_sum(const struct emulated_charge *charges, size_t from, size_t count)
{
    int64_t sum = 0;

    for (size_t i = from; i < count; i++)
        sum += charges[i].micros;
    return sum;
}

long emulated_requests(struct emulated *emulated)
{
    cc_auto_free char *text = emulated_control(emulated, "requests", NULL);
    struct cc_doc *doc = document("requests", text);
    struct cc_iter iter = { .container = cc_value_find(cc_doc_root(doc), "requests") };
    const struct cc_value *element;
    long last = 0;

    while ((element = cc_iter_next(&iter, NULL)))
        last = strtol(cc_value_text(cc_value_find(element, "id")), NULL, 10);
    cc_doc_free(doc);
    return last;
}

struct cloud_params emulated_purchase(const char *name)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.name = name;
    p.zone = "cn-north-1a";
    p.instance_type = "g.n2.medium";
    p.image_id = "img-demoubuntu22";
    p.subnet_id = "subnet-demo000001";
    p.system_disk_gb = 40;
    p.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return p;
}
