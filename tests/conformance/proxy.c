/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Records and changes the traffic between library and emulator. The library looks up the emulator's
 * functions in the program that it runs in. The program exports its own functions with the same
 * names. They record requests, inject the faults of a case, change replies, and forward requests to
 * the real emulator or to one over HTTP.
 */
#include "tests/conformance/kit.h"

#include <curl/curl.h>
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "cli/cli.h"
#include "include/cloud_emulator.h"

#define EXPORTED __attribute__((visibility("default")))
#define MAX_REQUESTS 4096

static struct {
    struct kit_request requests[MAX_REQUESTS];
    size_t count;
    enum kit_fault fault;
    size_t from, to;
    int status;
    char *error;
    kit_modify_fn modify;
    void *modify_data;
    void (*before)(size_t n, void *data);
    void *before_data;
    int paused;
    char *url; /* of an emulator over HTTP; NULL: the one in this process */
    CURL *curl;
    struct cloud_emulator *emulator; /* the last one opened */
    char *signatures[64];            /* the first ones that were sent */
    size_t signature_count;
} proxy;

static const char *const fault_names[] = { "none",        "refused",    "reset",
                                           "lost-before", "lost-after", "cut",
                                           "garbage",     "gateway",    "vendor" };
_Static_assert(KIT_COUNT(fault_names) == KIT_FAULTS, "each fault has a name");

const char *kit_fault_name(enum kit_fault fault)
{
    return fault_names[fault];
}

static void clear_requests(void)
{
    for (size_t i = 0; i < proxy.count && i < MAX_REQUESTS; i++) {
        struct kit_request *r = &proxy.requests[i];

        free(r->method);
        free(r->url);
        free(r->headers);
        free(r->body);
        memset(r, 0, sizeof(*r));
    }
    proxy.count = 0;
}

void kit_proxy_reset(void)
{
    clear_requests();
    proxy.fault = KIT_NO_FAULT;
    proxy.modify = NULL;
    proxy.before = NULL;
}

size_t kit_proxy_count(void)
{
    return proxy.count;
}

const struct kit_request *kit_proxy_request(size_t n)
{
    return n < proxy.count && n < MAX_REQUESTS ? &proxy.requests[n] : NULL;
}

void kit_proxy_fault(enum kit_fault fault, size_t from, size_t to)
{
    clear_requests();
    proxy.fault = fault;
    proxy.from = from;
    proxy.to = to;
}

void kit_proxy_error(int status, const char *body)
{
    free(proxy.error);
    proxy.error = ctl_strdup(body);
    proxy.status = status;
}

void kit_proxy_modify(kit_modify_fn modify, void *user_data)
{
    proxy.modify = modify;
    proxy.modify_data = user_data;
}

void kit_proxy_before(void (*before)(size_t n, void *user_data), void *user_data)
{
    proxy.before = before;
    proxy.before_data = user_data;
}

void kit_proxy_pause(bool paused)
{
    proxy.paused += paused ? 1 : -1;
}

void kit_proxy_use(const char *url)
{
    free(proxy.url);
    proxy.url = url ? ctl_strdup(url) : NULL;
}

bool kit_secret_was_sent(const char *text)
{
    for (size_t i = 0; i < proxy.signature_count; i++) {
        if (strstr(text, proxy.signatures[i]))
            return true;
    }
    return false;
}

static void *real(const char *name)
{
    return ctl_checked(dlsym(RTLD_NEXT, name));
}

#define REAL(name) ((__typeof__(name) *)real(#name))

static size_t collect(char *data, size_t size, size_t count, void *user_data)
{
    struct cloud_emulator_reply *reply = user_data;
    size_t length = size * count;

    reply->body = ctl_checked(realloc(reply->body, reply->body_size + length + 1));
    memcpy((char *)reply->body + reply->body_size, data, length);
    reply->body_size += length;
    ((char *)reply->body)[reply->body_size] = '\0';
    return length;
}

static size_t collect_header(char *data, size_t size, size_t count, void *user_data)
{
    struct cloud_emulator_reply *reply = user_data;
    char *longer =
        ctl_format("%s%.*s", reply->headers ? reply->headers : "", (int)(size * count), data);

    free(reply->headers);
    reply->headers = longer;
    return size * count;
}

/* Sends "https://vm.example.com/v1/x" to the emulator's address. The header Host still names the
 * vendor's host. */
static int send_http(const struct cloud_emulator_request *request, struct cloud_emulator_reply *ret)
{
    const char *path =
        strchr(strstr(request->url, "://") ? strstr(request->url, "://") + 3 : request->url, '/');
    ctl_auto_free char *url = ctl_format("%s%s", proxy.url, path ? path : "/");
    struct curl_slist *headers = NULL;
    long status = 0;
    CURLcode rc;

    if (!proxy.curl)
        proxy.curl = ctl_checked(curl_easy_init());
    curl_easy_reset(proxy.curl);
    for (const char *const *h = request->headers; h && *h; h++)
        headers = curl_slist_append(headers, *h);
    curl_easy_setopt(proxy.curl, CURLOPT_URL, url);
    curl_easy_setopt(proxy.curl, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(proxy.curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(proxy.curl, CURLOPT_PROXY, "");
    curl_easy_setopt(proxy.curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(proxy.curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(proxy.curl, CURLOPT_WRITEDATA, ret);
    curl_easy_setopt(proxy.curl, CURLOPT_HEADERFUNCTION, collect_header);
    curl_easy_setopt(proxy.curl, CURLOPT_HEADERDATA, ret);
    if (request->body_size) {
        curl_easy_setopt(proxy.curl, CURLOPT_POSTFIELDSIZE, (long)request->body_size);
        curl_easy_setopt(proxy.curl, CURLOPT_POSTFIELDS, request->body);
        curl_easy_setopt(proxy.curl, CURLOPT_CUSTOMREQUEST, request->method);
    }
    rc = curl_easy_perform(proxy.curl);
    curl_easy_getinfo(proxy.curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    ret->status = (int)status;
    ret->wire = rc ? CLOUD_EMULATOR_REFUSED : CLOUD_EMULATOR_ANSWERED;
    return 0;
}

/* The reply's parts are allocated with malloc() in both cases. */
static int forward(const struct cloud_emulator_request *request, struct cloud_emulator_reply *ret)
{
    struct cloud_emulator_reply real_reply = { .size = sizeof(real_reply) };
    int rc;

    if (proxy.url)
        return send_http(request, ret);
    rc = REAL(cloud_emulator_handle)(proxy.emulator, request, &real_reply);
    if (!rc) {
        ret->wire = real_reply.wire;
        ret->status = real_reply.status;
        ret->delay_ms = real_reply.delay_ms;
        ret->headers = real_reply.headers ? ctl_strdup(real_reply.headers) : NULL;
        ret->body_size = real_reply.body_size;
        ret->body = ctl_alloc(real_reply.body_size + 1);
        if (real_reply.body_size)
            memcpy(ret->body, real_reply.body, real_reply.body_size);
        REAL(cloud_emulator_reply_clear)(&real_reply);
    }
    return rc;
}

char *kit_proxy_control(const char *method, const char *path, const char *body)
{
    ctl_auto_free char *url = ctl_format("http://emulator.invalid/_emulator/%s", path);
    static const char *const headers[] = { "Content-Type: application/json", NULL };
    struct cloud_emulator_request request = { sizeof(request), method, url,
                                              headers,         body,   body ? strlen(body) : 0 };
    struct cloud_emulator_reply reply = { .size = sizeof(reply) };

    if (forward(&request, &reply) || reply.status != 200) {
        cloud_emulator_reply_clear(&reply);
        return NULL;
    }
    free(reply.headers);
    return reply.body ? reply.body : ctl_strdup("");
}

/* "Authorization: ... Signature=abc", "&Signature=abc&" */
static void record_signature(const char *text)
{
    const char *at = strcasestr(text, "signature=");
    size_t length = at ? strcspn(at + 10, "&, \r\n") : 0;

    if (length >= 16 && proxy.signature_count < KIT_COUNT(proxy.signatures))
        proxy.signatures[proxy.signature_count++] = ctl_format("%.*s", (int)length, at + 10);
}

static struct kit_request *record_request(const struct cloud_emulator_request *request)
{
    static struct kit_request spare;
    struct kit_request *r = proxy.count < MAX_REQUESTS ? &proxy.requests[proxy.count] : &spare;

    proxy.count++;
    if (r == &spare)
        return r;
    r->method = ctl_strdup(request->method);
    r->url = ctl_strdup(request->url);
    r->headers = ctl_strdup("");
    for (const char *const *h = request->headers; h && *h; h++) {
        char *longer = ctl_format("%s%s\n", r->headers, *h);

        free(r->headers);
        r->headers = longer;
        record_signature(*h);
    }
    record_signature(request->url);
    r->body = ctl_format("%.*s", (int)request->body_size,
                         request->body_size ? (const char *)request->body : "");
    return r;
}

static void set_reply(struct cloud_emulator_reply *ret, int status, const char *type,
                      const char *body)
{
    cloud_emulator_reply_clear(ret);
    ret->wire = CLOUD_EMULATOR_ANSWERED;
    ret->status = status;
    ret->headers = ctl_format("Content-Type: %s\r\n", type);
    ret->body = ctl_strdup(body);
    ret->body_size = strlen(body);
}

static void break_reply(enum kit_fault fault, struct cloud_emulator_reply *ret)
{
    static const enum cloud_emulator_wire wires[KIT_FAULTS] = {
        [KIT_REFUSED] = CLOUD_EMULATOR_REFUSED,
        [KIT_RESET] = CLOUD_EMULATOR_RESET,
        [KIT_LOST_BEFORE] = CLOUD_EMULATOR_LOST,
        [KIT_LOST_AFTER] = CLOUD_EMULATOR_LOST,
    };

    switch (fault) {
    case KIT_GATEWAY:
        set_reply(ret, 502, "text/html", "<html><body>502 Bad Gateway</body></html>");
        break;
    case KIT_VENDOR: set_reply(ret, proxy.status, "application/json", proxy.error); break;
    case KIT_GARBAGE: set_reply(ret, 200, "application/json", "\x01\xff{no JSON"); break;
    case KIT_CUT:
        ret->wire = CLOUD_EMULATOR_CUT;
        ret->body_size /= 2;
        break;
    default:
        cloud_emulator_reply_clear(ret);
        ret->wire = wires[fault];
        break;
    }
}

static void modify(struct cloud_emulator_reply *ret)
{
    yyjson_doc *read =
        ret->body_size ? yyjson_read(ret->body, ret->body_size, YYJSON_READ_NUMBER_AS_RAW) : NULL;
    yyjson_mut_doc *doc = read ? yyjson_doc_mut_copy(read, NULL) : NULL;
    size_t length = 0;

    yyjson_doc_free(read);
    if (!doc)
        return;
    proxy.modify(doc, proxy.modify_data);
    free(ret->body);
    ret->body = ctl_checked(yyjson_mut_write(doc, YYJSON_WRITE_ALLOW_INVALID_UNICODE, &length));
    ret->body_size = length;
    yyjson_mut_doc_free(doc);
}

static enum kit_fault current_fault(void)
{
    bool met = proxy.count >= proxy.from && (!proxy.to || proxy.count <= proxy.to);

    return met ? proxy.fault : KIT_NO_FAULT;
}

static bool is_delivered(enum kit_fault fault)
{
    return fault == KIT_NO_FAULT || fault == KIT_LOST_AFTER || fault == KIT_CUT ||
           fault == KIT_GARBAGE;
}

EXPORTED int cloud_emulator_handle(struct cloud_emulator *emulator,
                                   const struct cloud_emulator_request *request,
                                   struct cloud_emulator_reply *ret)
{
    struct kit_request *recorded;
    enum kit_fault fault;
    int rc = 0;

    (void)emulator;
    if (proxy.paused)
        return forward(request, ret);
    recorded = record_request(request);
    fault = current_fault();
    if (proxy.before)
        proxy.before(proxy.count, proxy.before_data);
    if (is_delivered(fault)) {
        rc = forward(request, ret);
        recorded->handled = true;
        recorded->status = ret->status;
    }
    if (!rc && fault != KIT_NO_FAULT)
        break_reply(fault, ret);
    else if (!rc && proxy.modify)
        modify(ret);
    return rc;
}

EXPORTED void cloud_emulator_reply_clear(struct cloud_emulator_reply *reply)
{
    free(reply->headers);
    free(reply->body);
    *reply = (struct cloud_emulator_reply){ .size = reply->size };
}

EXPORTED int cloud_emulator_open(const char *path, struct cloud_emulator **ret, char *message,
                                 size_t message_size)
{
    static char unused;

    if (proxy.url) {
        *ret = (struct cloud_emulator *)(void *)&unused;
        return 0;
    }
    if (REAL(cloud_emulator_open)(path, ret, message, message_size))
        return -1;
    proxy.emulator = *ret;
    return 0;
}

EXPORTED void cloud_emulator_close(struct cloud_emulator *emulator)
{
    if (!proxy.url)
        REAL(cloud_emulator_close)(emulator);
}

EXPORTED int cloud_emulator_add_key(struct cloud_emulator *emulator, const char *id,
                                    const char *secret)
{
    return proxy.url ? 0 : REAL(cloud_emulator_add_key)(emulator, id, secret);
}

void kit_proxy_end(void)
{
    kit_proxy_reset();
    kit_proxy_use(NULL);
    free(proxy.error);
    proxy.error = NULL;
    if (proxy.curl)
        curl_easy_cleanup(proxy.curl);
    proxy.curl = NULL;
    while (proxy.signature_count)
        free(proxy.signatures[--proxy.signature_count]);
}
