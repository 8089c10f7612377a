/* SPDX-License-Identifier: Apache-2.0 */
/* Signs and sends requests for the emulator's own tests; see the header. An error of the client
 * ends the test program. */
#include "tests/emulator/capitalonline_client.h"

#include <ctype.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { MAX_PAIRS = 64 };

static void require(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "test client: %s\n", what);
    abort();
}

void co_open(struct co_client *client, const char *path)
{
    char message[256] = "";

    *client =
        (struct co_client){ .key_id = CLOUD_EMULATOR_KEY_ID, .secret = CLOUD_EMULATOR_KEY_SECRET };
    require(cloud_emulator_open(path, &client->emulator, message, sizeof(message)) == 0, message);
}

static void clear_reply(struct co_client *client)
{
    yyjson_doc_free(client->json);
    free(client->text);
    client->json = NULL;
    client->text = NULL;
}

void co_close(struct co_client *client)
{
    clear_reply(client);
    cloud_emulator_close(client->emulator);
}

struct pair {
    char *name, *value;
};

static char *encode(const char *text)
{
    char *ret = malloc(strlen(text) * 3 + 1), *out = ret;

    require(ret != NULL, "memory");
    for (; *text; text++) {
        unsigned char byte = (unsigned char)*text;

        if (byte < 128 && (isalnum(byte) || strchr("-_.~", byte)))
            *out++ = (char)byte;
        else
            out += sprintf(out, "%%%02X", byte);
    }
    *out = '\0';
    return ret;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct pair *)a)->name, ((const struct pair *)b)->name);
}

static size_t add(struct pair *pairs, size_t count, const char *name, const char *value)
{
    require(count < MAX_PAIRS, "too many parameters");
    pairs[count].name = strdup(name);
    pairs[count].value = strdup(value);
    return count + 1;
}

static size_t add_members(struct pair *pairs, size_t count, const char *json)
{
    yyjson_doc *doc = yyjson_read(json, strlen(json), 0);
    yyjson_val *key, *value;
    size_t i, members;

    require(doc != NULL, "the test's parameters are not JSON");
    yyjson_obj_foreach(yyjson_doc_get_root(doc), i, members, key, value)
    {
        char *text = yyjson_val_write(value, 0, NULL);

        count = add(pairs, count, yyjson_get_str(key),
                    yyjson_is_str(value) ? yyjson_get_str(value) : text);
        free(text);
    }
    yyjson_doc_free(doc);
    return count;
}

/* Returns "a=b&c=d", encoded. */
static char *joined(const struct pair *pairs, size_t count)
{
    char *ret = strdup(""), *next;

    for (size_t i = 0; i < count; i++) {
        char *name = encode(pairs[i].name), *value = encode(pairs[i].value);

        require(asprintf(&next, "%s%s%s=%s", ret, i ? "&" : "", name, value) >= 0, "memory");
        free(ret);
        free(name);
        free(value);
        ret = next;
    }
    return ret;
}

static char *signature(const char *method, const char *query, const char *secret)
{
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int size = 0;
    char *encoded = encode(query), *text, *ret = calloc(1, 64);

    require(asprintf(&text, "%s&%%2F&%s", method, encoded) >= 0 && ret, "memory");
    require(HMAC(EVP_sha1(), secret, (int)strlen(secret), (unsigned char *)text, strlen(text),
                 digest, &size) != NULL,
            "HMAC");
    EVP_EncodeBlock((unsigned char *)ret, digest, (int)size);
    free(encoded);
    free(text);
    return ret;
}

char *co_sign(struct co_client *client, const char *method, const char *path, const char *action,
              const char *query)
{
    struct pair pairs[MAX_PAIRS];
    char nonce[80], when[32], *text, *sum, *ret;
    time_t now = time(NULL);
    size_t count = 0;

    strftime(when, sizeof(when), "%Y-%m-%dT%H:%M:%SZ", gmtime(&now));
    snprintf(nonce, sizeof(nonce), "%ld-%p-%u", (long)now, (void *)client, client->nonce++);
    count = add(pairs, count, "Action", action);
    count = add(pairs, count, "AccessKeyId", client->key_id);
    count = add(pairs, count, "SignatureMethod", "HMAC-SHA1");
    count = add(pairs, count, "SignatureVersion", "1.0");
    count = add(pairs, count, "SignatureNonce", nonce);
    count = add(pairs, count, "Timestamp", when);
    count = add(pairs, count, "Version", "2019-08-08");
    if (query)
        count = add_members(pairs, count, query);
    qsort(pairs, count, sizeof(*pairs), by_name);
    text = joined(pairs, count);
    sum = signature(method, text, client->secret);
    free(text);
    count = add(pairs, count, "Signature", sum);
    text = joined(pairs, count);
    require(asprintf(&ret, "http://localhost%s/?%s", path, text) >= 0, "memory");
    free(text);
    free(sum);
    for (size_t i = 0; i < count; i++) {
        free(pairs[i].name);
        free(pairs[i].value);
    }
    return ret;
}

int co_send(struct co_client *client, const char *method, const char *url, const char *body)
{
    static const char *const headers[] = { "Content-Type: application/json", NULL };
    struct cloud_emulator_request request = { .size = sizeof(request),
                                              .method = method,
                                              .url = url,
                                              .headers = headers,
                                              .body = body,
                                              .body_size = body ? strlen(body) : 0 };
    struct cloud_emulator_reply reply = { .size = sizeof(reply) };

    clear_reply(client);
    require(cloud_emulator_handle(client->emulator, &request, &reply) == 0, "no request");
    client->status = reply.status;
    client->text = reply.body;
    client->json = reply.body ? yyjson_read(reply.body, reply.body_size, 0) : NULL;
    free(reply.headers);
    return client->status;
}

int co_call(struct co_client *client, const char *method, const char *path, const char *action,
            const char *format, ...)
{
    char *params = NULL, *url;
    bool get = strcmp(method, "GET") == 0;
    va_list args;

    if (format) {
        va_start(args, format);
        require(vasprintf(&params, format, args) >= 0, "memory");
        va_end(args);
    }
    url = co_sign(client, method, path, action, get ? params : NULL);
    co_send(client, method, url, get ? NULL : params);
    free(url);
    free(params);
    return client->status;
}

int co_control(struct co_client *client, const char *method, const char *path, const char *format,
               ...)
{
    char url[128], *body = NULL;
    va_list args;

    if (format) {
        va_start(args, format);
        require(vasprintf(&body, format, args) >= 0, "memory");
        va_end(args);
    }
    snprintf(url, sizeof(url), "http://localhost/_emulator/%s", path);
    co_send(client, method, url, body);
    free(body);
    return client->status;
}

const char *co_text(const struct co_client *client, const char *pointer)
{
    const char *ret = yyjson_get_str(yyjson_doc_ptr_get(client->json, pointer));

    return ret ? ret : "";
}

int64_t co_int(const struct co_client *client, const char *pointer)
{
    yyjson_val *value = yyjson_doc_ptr_get(client->json, pointer);

    return yyjson_is_int(value) ? yyjson_get_sint(value) : -1;
}

size_t co_count(const struct co_client *client, const char *pointer)
{
    return yyjson_arr_size(yyjson_doc_ptr_get(client->json, pointer));
}

const char *co_code(const struct co_client *client)
{
    const char *code = co_text(client, "/Code");

    return *code ? code : co_text(client, "/code");
}

static int64_t micros(const char *text)
{
    bool negative = *text == '-';
    int64_t ret = 0;
    int digits = -1;

    for (text += negative; *text; text++) {
        if (*text == '.' && digits < 0) {
            digits = 0;
            continue;
        }
        if (!isdigit((unsigned char)*text) || (digits >= 0 && ++digits > 6))
            return INT64_MIN;
        ret = ret * 10 + (*text - '0');
    }
    for (digits = digits < 0 ? 0 : digits; digits < 6; digits++)
        ret *= 10;
    return negative ? -ret : ret;
}

int64_t co_money(const struct co_client *client, const char *pointer)
{
    yyjson_doc *doc =
        client->text ? yyjson_read(client->text, strlen(client->text), YYJSON_READ_NUMBER_AS_RAW)
                     : NULL;
    yyjson_val *value = yyjson_doc_ptr_get(doc, pointer);
    const char *text = yyjson_is_raw(value) ? yyjson_get_raw(value) : yyjson_get_str(value);
    char number[64] = "";
    int64_t ret;

    if (text)
        snprintf(number, sizeof(number), "%.*s", (int)yyjson_get_len(value), text);
    ret = *number ? micros(number) : INT64_MIN;
    yyjson_doc_free(doc);
    return ret;
}
