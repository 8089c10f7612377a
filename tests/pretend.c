/* SPDX-License-Identifier: Apache-2.0 */
/* See pretend.h. Retries wait for no jitter, and the retry budget is full before each test needs
 * it. */
#include "tests/pretend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/json.h"
#include "core/money.h"

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
    struct pretend *pretend = user_data;
    size_t used = strlen(pretend->log);

    (void)level;
    snprintf(pretend->log + used, sizeof(pretend->log) - used, "%s\n", line);
}

void pretend_client(struct pretend *pretend, const struct cloud_client_options *options)
{
    struct cloud_client_options o = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_error err;

    if (options)
        o = *options;
    o.provider = o.provider ? o.provider : "jdcloud";
    if (!o.region && !strcmp(o.provider, "jdcloud"))
        o.region = "cn-north-1";
    o.endpoint = o.endpoint ? o.endpoint : pretend->endpoint;
    o.access_key_id = o.access_key_id ? o.access_key_id : CLOUD_EMULATOR_KEY_ID;
    o.access_key_secret = o.access_key_secret ? o.access_key_secret : CLOUD_EMULATOR_KEY_SECRET;
    o.log = note;
    o.log_user_data = pretend;
    cloud_client_free(cc_take(pretend->client));
    if (cloud_client_new(&o, &pretend->client, &err))
        stop("no client", err.message);
    pretend->client->world.jitter = no_jitter;
}

void pretend_open(struct pretend *pretend, bool http, const struct cloud_client_options *options)
{
    char message[256], path[60];
    int port;

    memset(pretend, 0, sizeof(*pretend));
    strcpy(pretend->directory, "/tmp/cloud_pretend_XXXXXX");
    if (!mkdtemp(pretend->directory))
        stop("no directory", pretend->directory);
    snprintf(path, sizeof(path), "%s/world", pretend->directory);
    if (cloud_emulator_open(http ? NULL : path, &pretend->emulator, message, sizeof(message)))
        stop("no emulator", message);
    if (http &&
        cloud_emulator_listen(pretend->emulator, "127.0.0.1:0", &port, message, sizeof(message)))
        stop("no port", message);
    if (http)
        snprintf(pretend->endpoint, sizeof(pretend->endpoint), "http://127.0.0.1:%d", port);
    else
        snprintf(pretend->endpoint, sizeof(pretend->endpoint), "emulator:%s", path);
    pretend_client(pretend, options);
    free(pretend_ask(pretend, "timeline", "{\"transition\":\"*\",\"seconds\":0}"));
}

void pretend_close(struct pretend *pretend)
{
    static const char *const files[] = { "world", "world-wal", "world-shm" };

    cloud_client_free(pretend->client);
    cloud_emulator_close(pretend->emulator);
    for (size_t i = 0; i < CC_COUNT(files); i++) {
        char path[80];

        snprintf(path, sizeof(path), "%s/%s", pretend->directory, files[i]);
        unlink(path);
    }
    rmdir(pretend->directory);
}

char *pretend_ask(struct pretend *pretend, const char *path, const char *body)
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
    if (cloud_emulator_handle(pretend->emulator, &request, &reply) || !reply.body)
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

static void read_charge(const struct cc_value *from, struct pretend_charge *ret)
{
    struct cloud_money amount = { 0 };
    char text[40];

    copy_text(from, "kind", ret->kind, sizeof(ret->kind));
    copy_text(from, "resource_id", ret->resource, sizeof(ret->resource));
    copy_text(from, "order_id", ret->order, sizeof(ret->order));
    copy_text(from, "client_token", ret->token, sizeof(ret->token));
    copy_text(from, "amount", text, sizeof(text));
    if (cc_money_read(text, "CNY", &amount, NULL))
        stop("an amount that is none", text);
    ret->micros = amount.micros;
}

/* the document that /_emulator/@path answers, in @text */
static struct cc_doc *document(const char *path, char *text)
{
    struct cloud_error err;
    struct cc_doc *doc = NULL;

    if (!text || cc_doc_parse(text, strlen(text), &doc, &err))
        stop(path, "no JSON");
    return doc;
}

size_t pretend_ledger(struct pretend *pretend, struct pretend_charge *ret, size_t max)
{
    cc_auto_free char *text = pretend_ask(pretend, "ledger", NULL);
    struct cc_doc *doc = document("ledger", text);
    struct cc_iter iter = { .container = cc_value_find(cc_doc_root(doc), "charges") };
    const struct cc_value *element;
    size_t count = 0;

    for (; (element = cc_iter_next(&iter, NULL)); count++) {
        if (count == max)
            stop("ledger", "more charges than the test has room for");
        read_charge(element, &ret[count]);
    }
    cc_doc_free(doc);
    return count;
}

int64_t pretend_sum(const struct pretend_charge *charges, size_t from, size_t count)
{
    int64_t sum = 0;

    for (size_t i = from; i < count; i++)
        sum += charges[i].micros;
    return sum;
}

long pretend_requests(struct pretend *pretend)
{
    cc_auto_free char *text = pretend_ask(pretend, "requests", NULL);
    struct cc_doc *doc = document("requests", text);
    struct cc_iter iter = { .container = cc_value_find(cc_doc_root(doc), "requests") };
    const struct cc_value *element;
    long last = 0;

    while ((element = cc_iter_next(&iter, NULL)))
        last = strtol(cc_value_text(cc_value_find(element, "id")), NULL, 10);
    cc_doc_free(doc);
    return last;
}

struct cloud_params pretend_purchase(const char *name)
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
