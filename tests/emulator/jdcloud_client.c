/* SPDX-License-Identifier: Apache-2.0 */
/* Signs and sends requests for the emulator's own tests; see the header. An error of the client
 * ends the test program. */
#include "tests/emulator/jdcloud_client.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static void require(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "test client: %s\n", what);
    abort();
}

void jd_open(struct jd_client *client, const char *path)
{
    char message[256] = "";

    *client = (struct jd_client){ .key_id = CLOUD_EMULATOR_KEY_ID,
                                  .secret = CLOUD_EMULATOR_KEY_SECRET,
                                  .region = "cn-north-1" };
    require(cloud_emulator_open(path, &client->emulator, message, sizeof(message)) == 0, message);
}

static void clear_reply(struct jd_client *client)
{
    yyjson_doc_free(client->json);
    free(client->headers);
    free(client->text);
    client->json = NULL;
    client->headers = client->text = NULL;
}

void jd_close(struct jd_client *client)
{
    clear_reply(client);
    cloud_emulator_close(client->emulator);
}

static void hex(const unsigned char *bytes, char ret[65])
{
    for (size_t i = 0; i < 32; i++)
        snprintf(ret + 2 * i, 3, "%02x", bytes[i]);
}

static void sha256_hex(const char *text, char ret[65])
{
    unsigned char digest[32];

    require(EVP_Digest(text, strlen(text), digest, NULL, EVP_sha256(), NULL) == 1, "SHA-256");
    hex(digest, ret);
}

static void hmac(const void *key, size_t key_size, const char *text, unsigned char ret[32])
{
    unsigned char digest[32];

    require(HMAC(EVP_sha256(), key, (int)key_size, (const unsigned char *)text, strlen(text),
                 digest, NULL) != NULL,
            "HMAC");
    memcpy(ret, digest, 32);
}

/* Encodes the colon of an action. Other paths of the tests need no encoding. */
static void canonical_path(const char *path, char *ret)
{
    for (; *path && *path != '?'; path++) {
        if (*path == ':')
            ret += sprintf(ret, "%%3A");
        else
            *ret++ = *path;
    }
    *ret = '\0';
}

void jd_sign(struct jd_client *client, const char *service, const char *method, const char *path,
             const char *body, int64_t when, struct jd_request *ret)
{
    static const char signed_names[] = "content-type;host;x-jdcloud-date;x-jdcloud-nonce";
    char target[768], plain[900], date[32], scope[128], nonce[96], canonical[4096], text[1024],
        digest[65];
    const char *query = strchr(path, '?');
    time_t seconds = (time_t)when;
    unsigned char key[32];
    struct tm parts;

    gmtime_r(&seconds, &parts);
    strftime(date, sizeof(date), "%Y%m%dT%H%M%SZ", &parts);
    snprintf(target, sizeof(target), "/%.2s/regions/%s%s", path, client->region, path + 2);
    snprintf(nonce, sizeof(nonce), "nonce-%ld-%ld-%p-%u", (long)time(NULL), (long)getpid(),
             (void *)client, client->nonce++);
    canonical_path(target, plain);
    sha256_hex(body ? body : "", digest);
    snprintf(canonical, sizeof(canonical),
             "%s\n%s\n%s\ncontent-type:application/json\nhost:localhost\nx-jdcloud-date:%s\n"
             "x-jdcloud-nonce:%s\n\n%s\n%s",
             method, plain, query ? query + 1 : "", date, nonce, signed_names, digest);
    sha256_hex(canonical, digest);
    snprintf(scope, sizeof(scope), "%.8s/%s/%s/jdcloud3_request", date, client->region, service);
    snprintf(text, sizeof(text), "JDCLOUD3-HMAC-SHA256\n%s\n%s\n%s", date, scope, digest);
    snprintf(plain, sizeof(plain), "JDCLOUD3%s", client->secret);
    snprintf(canonical, sizeof(canonical), "%.8s", date);
    hmac(plain, strlen(plain), canonical, key);
    hmac(key, 32, client->region, key);
    hmac(key, 32, service, key);
    hmac(key, 32, "jdcloud3_request", key);
    hmac(key, 32, text, key);
    hex(key, digest);
    snprintf(ret->method, sizeof(ret->method), "%s", method);
    snprintf(ret->url, sizeof(ret->url), "http://localhost%s", target);
    snprintf(ret->headers[0], sizeof(ret->headers[0]), "Host: localhost");
    snprintf(ret->headers[1], sizeof(ret->headers[1]), "Content-Type: application/json");
    snprintf(ret->headers[2], sizeof(ret->headers[2]), "x-jdcloud-date: %s", date);
    snprintf(ret->headers[3], sizeof(ret->headers[3]), "x-jdcloud-nonce: %s", nonce);
    snprintf(ret->headers[4], sizeof(ret->headers[4]),
             "Authorization: JDCLOUD3-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s",
             client->key_id, scope, signed_names, digest);
    ret->headers[5][0] = '\0';
    ret->body = body ? strdup(body) : NULL;
}

void jd_request_clear(struct jd_request *request)
{
    free(request->body);
    request->body = NULL;
}

static void send_raw(struct jd_client *client, const struct cloud_emulator_request *request)
{
    struct cloud_emulator_reply reply = { .size = sizeof(reply) };

    clear_reply(client);
    require(cloud_emulator_handle(client->emulator, request, &reply) == 0,
            "handle refused the request");
    client->wire = reply.wire;
    client->status = reply.status;
    client->delay_ms = reply.delay_ms;
    client->headers = reply.headers;
    client->text = reply.body;
    client->size = reply.body_size;
    client->json = reply.body ? yyjson_read(reply.body, reply.body_size, 0) : NULL;
}

void jd_send(struct jd_client *client, const struct jd_request *request)
{
    const char *headers[JD_HEADERS + 1] = { NULL };

    for (size_t i = 0; i < JD_HEADERS && request->headers[i][0]; i++)
        headers[i] = request->headers[i];
    send_raw(client, &(struct cloud_emulator_request){
                         .size = sizeof(struct cloud_emulator_request),
                         .method = request->method,
                         .url = request->url,
                         .headers = headers,
                         .body = request->body,
                         .body_size = request->body ? strlen(request->body) : 0 });
}

int jd_call(struct jd_client *client, const char *service, const char *method, const char *path,
            const char *format, ...)
{
    struct jd_request request;
    char *body = NULL;
    va_list args;

    if (format) {
        va_start(args, format);
        require(vasprintf(&body, format, args) >= 0, "memory");
        va_end(args);
    }
    jd_sign(client, service, method, path, body, time(NULL), &request);
    free(body);
    jd_send(client, &request);
    jd_request_clear(&request);
    return client->status;
}

int jd_control(struct jd_client *client, const char *method, const char *path, const char *format,
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
    send_raw(client,
             &(struct cloud_emulator_request){ .size = sizeof(struct cloud_emulator_request),
                                               .method = method,
                                               .url = url,
                                               .body = body,
                                               .body_size = body ? strlen(body) : 0 });
    free(body);
    return client->status;
}

const char *jd_text(const struct jd_client *client, const char *pointer)
{
    const char *ret = yyjson_get_str(yyjson_doc_ptr_get(client->json, pointer));

    return ret ? ret : "";
}

int64_t jd_int(const struct jd_client *client, const char *pointer)
{
    yyjson_val *value = yyjson_doc_ptr_get(client->json, pointer);

    return yyjson_is_int(value) ? yyjson_get_sint(value) : -1;
}

void jd_digits(const struct jd_client *client, const char *member, char ret[32])
{
    char name[64];
    const char *at;

    snprintf(name, sizeof(name), "\"%s\":", member);
    at = client->text ? strstr(client->text, name) : NULL;
    snprintf(ret, 32, "%.*s", at ? (int)strspn(at + strlen(name), "-0123456789.") : 0,
             at ? at + strlen(name) : "");
}

int jd_open_world(void **state)
{
    struct jd_client *client = calloc(1, sizeof(*client));

    jd_open(client, NULL);
    *state = client;
    return 0;
}

int jd_close_world(void **state)
{
    jd_close(*state);
    free(*state);
    return 0;
}

void jd_at_once(struct jd_client *c)
{
    require(jd_control(c, "POST", "timeline", "{\"transition\":\"*\",\"seconds\":0}") == 200,
            "the emulator refused");
}

void jd_advance(struct jd_client *c, long seconds)
{
    require(jd_control(c, "POST", "clock", "{\"advance_s\":%ld}", seconds) == 200,
            "the emulator refused");
}

void jd_create(struct jd_client *c, const char *spec, char ret[64])
{
    require(jd_call(c, "vm", "POST", "v1/instances", "%s", spec) == 200, "the emulator refused");
    snprintf(ret, 64, "%s", jd_text(c, "/result/instanceIds/0"));
    require(ret[0] == 'i', "no instance id");
}

const char *jd_path_of(const char *id, const char *action)
{
    static char ret[128];

    snprintf(ret, sizeof(ret), "v1/instances/%s%s", id, action);
    return ret;
}

const char *jd_status_of(struct jd_client *c, const char *id)
{
    jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL);
    return jd_text(c, "/result/instance/status");
}

int jd_act(struct jd_client *c, const char *id, const char *action)
{
    return jd_call(c, "vm", "POST", jd_path_of(id, action), "{}");
}
