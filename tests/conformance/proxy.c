/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The door between library and emulator. The library looks the emulator's functions up in the
 * program it runs in, so the program exports its own under the same names: they write down what was
 * sent, break or spoil what is answered as a case asks, and pass the rest on to the real ones, or
 * to an emulator over HTTP.
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
#define KEPT 4096

static struct {
    struct kit_request requests[KEPT];
    size_t count;
    enum kit_fault fault;
    size_t from, to;
    int status;
    char *error;
    kit_spoil_fn spoil;
    void *spoil_data;
    void (*before)(size_t n, void *data);
    void *before_data;
    int quiet;
    char *url; /* of an emulator over HTTP; NULL: the one in this process */
    CURL *curl;
    struct cloud_emulator *emulator; /* the last that was opened */
    char *signatures[64];            /* a sample of those that were sent */
    size_t signature_count;
} door;

static const char *const fault_names[] = { "none",        "refused",    "reset",
                                           "lost-before", "lost-after", "cut",
                                           "garbage",     "gateway",    "vendor" };
_Static_assert(KIT_COUNT(fault_names) == KIT_FAULTS, "a name for every fault");

const char *kit_fault_name(enum kit_fault fault)
{
    return fault_names[fault];
}

static void clear_requests(void)
{
    for (size_t i = 0; i < door.count && i < KEPT; i++) {
        struct kit_request *r = &door.requests[i];

        free(r->method);
        free(r->url);
        free(r->headers);
        free(r->body);
        memset(r, 0, sizeof(*r));
    }
    door.count = 0;
}

void kit_proxy_reset(void)
{
    clear_requests();
    door.fault = KIT_NO_FAULT;
    door.spoil = NULL;
    door.before = NULL;
}

size_t kit_proxy_count(void)
{
    return door.count;
}

const struct kit_request *kit_proxy_request(size_t n)
{
    return n < door.count && n < KEPT ? &door.requests[n] : NULL;
}

void kit_proxy_fault(enum kit_fault fault, size_t from, size_t to)
{
    clear_requests();
    door.fault = fault;
    door.from = from;
    door.to = to;
}

void kit_proxy_error(int status, const char *body)
{
    free(door.error);
    door.error = ctl_strdup(body);
    door.status = status;
}

void kit_proxy_spoil(kit_spoil_fn spoil, void *data)
{
    door.spoil = spoil;
    door.spoil_data = data;
}

void kit_proxy_before(void (*before)(size_t n, void *data), void *data)
{
    door.before = before;
    door.before_data = data;
}

void kit_proxy_quiet(bool quiet)
{
    door.quiet += quiet ? 1 : -1;
}

void kit_proxy_use(const char *url)
{
    free(door.url);
    door.url = url ? ctl_strdup(url) : NULL;
}

bool kit_secret_was_sent(const char *text)
{
    for (size_t i = 0; i < door.signature_count; i++) {
        if (strstr(text, door.signatures[i]))
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

/* "https://vm.example.com/v1/x" to the emulator's address, the Host header telling whom it was
 * meant for */
static int send_http(const struct cloud_emulator_request *request, struct cloud_emulator_reply *ret)
{
    const char *path =
        strchr(strstr(request->url, "://") ? strstr(request->url, "://") + 3 : request->url, '/');
    ctl_auto_free char *url = ctl_format("%s%s", door.url, path ? path : "/");
    struct curl_slist *headers = NULL;
    long status = 0;
    CURLcode rc;

    if (!door.curl)
        door.curl = ctl_checked(curl_easy_init());
    curl_easy_reset(door.curl);
    for (const char *const *h = request->headers; h && *h; h++)
        headers = curl_slist_append(headers, *h);
    curl_easy_setopt(door.curl, CURLOPT_URL, url);
    curl_easy_setopt(door.curl, CURLOPT_CUSTOMREQUEST, request->method);
    curl_easy_setopt(door.curl, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(door.curl, CURLOPT_PROXY, "");
    curl_easy_setopt(door.curl, CURLOPT_PROTOCOLS_STR, "http");
    curl_easy_setopt(door.curl, CURLOPT_WRITEFUNCTION, collect);
    curl_easy_setopt(door.curl, CURLOPT_WRITEDATA, ret);
    curl_easy_setopt(door.curl, CURLOPT_HEADERFUNCTION, collect_header);
    curl_easy_setopt(door.curl, CURLOPT_HEADERDATA, ret);
    if (request->body_size) {
        curl_easy_setopt(door.curl, CURLOPT_POSTFIELDSIZE, (long)request->body_size);
        curl_easy_setopt(door.curl, CURLOPT_POSTFIELDS, request->body);
        curl_easy_setopt(door.curl, CURLOPT_CUSTOMREQUEST, request->method);
    }
    rc = curl_easy_perform(door.curl);
    curl_easy_getinfo(door.curl, CURLINFO_RESPONSE_CODE, &status);
    curl_slist_free_all(headers);
    ret->status = (int)status;
    ret->wire = rc ? CLOUD_EMULATOR_REFUSED : CLOUD_EMULATOR_ANSWERED;
    return 0;
}

/* the reply's parts are malloc'ed, whoever answered */
static int pass_on(const struct cloud_emulator_request *request, struct cloud_emulator_reply *ret)
{
    struct cloud_emulator_reply real_reply = { .size = sizeof(real_reply) };
    int rc;

    if (door.url)
        return send_http(request, ret);
    rc = REAL(cloud_emulator_handle)(door.emulator, request, &real_reply);
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

    if (pass_on(&request, &reply) || reply.status != 200) {
        cloud_emulator_reply_clear(&reply);
        return NULL;
    }
    free(reply.headers);
    return reply.body ? reply.body : ctl_strdup("");
}

/* "Authorization: … Signature=abc", "&Signature=abc&" */
static void note_signature(const char *text)
{
    const char *at = strcasestr(text, "signature=");
    size_t length = at ? strcspn(at + 10, "&, \r\n") : 0;

    if (length >= 16 && door.signature_count < KIT_COUNT(door.signatures))
        door.signatures[door.signature_count++] = ctl_format("%.*s", (int)length, at + 10);
}

static struct kit_request *note(const struct cloud_emulator_request *request)
{
    static struct kit_request spare;
    struct kit_request *r = door.count < KEPT ? &door.requests[door.count] : &spare;

    door.count++;
    if (r == &spare)
        return r;
    r->method = ctl_strdup(request->method);
    r->url = ctl_strdup(request->url);
    r->headers = ctl_strdup("");
    for (const char *const *h = request->headers; h && *h; h++) {
        char *longer = ctl_format("%s%s\n", r->headers, *h);

        free(r->headers);
        r->headers = longer;
        note_signature(*h);
    }
    note_signature(request->url);
    r->body = ctl_format("%.*s", (int)request->body_size,
                         request->body_size ? (const char *)request->body : "");
    return r;
}

static void answer(struct cloud_emulator_reply *ret, int status, const char *type, const char *body)
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
        answer(ret, 502, "text/html", "<html><body>502 Bad Gateway</body></html>");
        break;
    case KIT_VENDOR: answer(ret, door.status, "application/json", door.error); break;
    case KIT_GARBAGE: answer(ret, 200, "application/json", "\x01\xff{no JSON"); break;
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

static void spoil(struct cloud_emulator_reply *ret)
{
    yyjson_doc *read =
        ret->body_size ? yyjson_read(ret->body, ret->body_size, YYJSON_READ_NUMBER_AS_RAW) : NULL;
    yyjson_mut_doc *doc = read ? yyjson_doc_mut_copy(read, NULL) : NULL;
    size_t length = 0;

    yyjson_doc_free(read);
    if (!doc)
        return;
    door.spoil(doc, door.spoil_data);
    free(ret->body);
    ret->body = ctl_checked(yyjson_mut_write(doc, YYJSON_WRITE_ALLOW_INVALID_UNICODE, &length));
    ret->body_size = length;
    yyjson_mut_doc_free(doc);
}

static enum kit_fault fault_now(void)
{
    bool met = door.count >= door.from && (!door.to || door.count <= door.to);

    return met ? door.fault : KIT_NO_FAULT;
}

static bool reaches(enum kit_fault fault)
{
    return fault == KIT_NO_FAULT || fault == KIT_LOST_AFTER || fault == KIT_CUT ||
           fault == KIT_GARBAGE;
}

EXPORTED int cloud_emulator_handle(struct cloud_emulator *emulator,
                                   const struct cloud_emulator_request *request,
                                   struct cloud_emulator_reply *ret)
{
    struct kit_request *noted;
    enum kit_fault fault;
    int rc = 0;

    (void)emulator;
    if (door.quiet)
        return pass_on(request, ret);
    noted = note(request);
    fault = fault_now();
    if (door.before)
        door.before(door.count, door.before_data);
    if (reaches(fault)) {
        rc = pass_on(request, ret);
        noted->handled = true;
        noted->status = ret->status;
    }
    if (!rc && fault != KIT_NO_FAULT)
        break_reply(fault, ret);
    else if (!rc && door.spoil)
        spoil(ret);
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
    static char nobody;

    if (door.url) {
        *ret = (struct cloud_emulator *)(void *)&nobody;
        return 0;
    }
    if (REAL(cloud_emulator_open)(path, ret, message, message_size))
        return -1;
    door.emulator = *ret;
    return 0;
}

EXPORTED void cloud_emulator_close(struct cloud_emulator *emulator)
{
    if (!door.url)
        REAL(cloud_emulator_close)(emulator);
}

EXPORTED int cloud_emulator_add_key(struct cloud_emulator *emulator, const char *id,
                                    const char *secret)
{
    return door.url ? 0 : REAL(cloud_emulator_add_key)(emulator, id, secret);
}

void kit_proxy_end(void)
{
    kit_proxy_reset();
    kit_proxy_use(NULL);
    free(door.error);
    door.error = NULL;
    if (door.curl)
        curl_easy_cleanup(door.curl);
    door.curl = NULL;
    while (door.signature_count)
        free(door.signatures[--door.signature_count]);
}
