/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One exchange by libcurl: what its handle is told, what it answers, how it ended. TLS is always
 * verified; nothing is followed, decoded or sent twice. It says what surely did not leave this
 * machine (CC_WIRE_UNSENT) and what may have arrived (CC_WIRE_LOST); retry.c decides whether the
 * request is sent again.
 *
 * What keeps libcurl from sending a request a second time by itself: it does so when a kept
 * connection turns out dead, when an HTTP/2 stream is refused, after a 417 to its own Expect, and
 * to authenticate or follow. A fresh exchange has a connection of its own and HTTP/1.1; nobody has
 * Expect, credentials or redirects.
 */
#include "core/transport/curl_exchange.h"

#include <errno.h>
#include <stdio.h>
#include <strings.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/transport/poller.h"

enum {
    MAX_HEADER_BYTES = 64 * 1024,
    BUFFER_BYTES =
        128 * 1024 /* of a handle at work: a page of a listing in two reads, not in ten */
};

bool cc_curl_exchange_may_share(const struct curl_exchange *transfer)
{
    const struct cc_exchange *exchange = transfer->exchange;

    return !exchange->fresh && strncasecmp(exchange->request->base, "https:", 6) == 0;
}

void cc_curl_exchange_set_joining(struct curl_exchange *transfer, bool joins)
{
    transfer->transport->joining += joins - transfer->joins;
    transfer->joins = joins;
}

static int on_ready(void *user, char *ip, char *local_ip, int port, int local_port)
{
    struct curl_exchange *transfer = user;

    (void)ip, (void)local_ip, (void)port, (void)local_port;
    transfer->begun = true;
    cc_curl_exchange_set_joining(transfer, false);
    return CURL_PREREQFUNC_OK;
}

static size_t on_header(char *data, size_t one, size_t len, void *user)
{
    struct curl_exchange *transfer = user;
    struct cc_reply *reply = transfer->exchange->reply;

    (void)one;
    transfer->header_bytes += len;
    if (transfer->header_bytes > MAX_HEADER_BYTES) {
        transfer->trouble = CLOUD_ETOOBIG;
        return 0;
    }
    if (len > 5 && memcmp(data, "HTTP/", 5) == 0)
        cc_reply_forget_headers(reply);
    else
        cc_reply_header(reply, data, len);
    transfer->headed = data[0] == '\r' || data[0] == '\n';
    return len;
}

/* one piece of memory for all of it, where the server says how long it is */
static void expect_body(const struct curl_exchange *transfer)
{
    curl_off_t len = -1;

    if (curl_easy_getinfo(transfer->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &len) == CURLE_OK &&
        len > 0 && (uint64_t)len <= transfer->exchange->max_reply_bytes)
        cc_buf_reserve(&transfer->exchange->reply->body, (size_t)len);
}

static size_t on_body(char *data, size_t one, size_t len, void *user)
{
    struct curl_exchange *transfer = user;

    (void)one;
    if (!transfer->answering)
        expect_body(transfer);
    transfer->answering = true;
    transfer->trouble =
        cc_reply_add(transfer->exchange->reply, data, len, transfer->exchange->max_reply_bytes);
    return transfer->trouble ? 0 : len;
}

static bool has_body(const struct cc_request *request)
{
    /* these say how long their body is even when there is none */
    static const char *const methods[] = { "POST", "PUT", "PATCH" };

    for (size_t i = 0; i < CC_COUNT(methods); i++) {
        if (strcmp(request->method, methods[i]) == 0)
            return true;
    }
    return request->body.len > 0;
}

int cc_curl_exchange_build(const struct curl_transport *transport, struct curl_exchange *transfer,
                           const struct cc_request *request, struct cloud_error *err)
{
    bool body = has_body(request), typed = cc_pairs_find(&request->headers, "Content-Type");
    /* with a body libcurl would wait for a 100, and claim a form */
    const char *const more[] = { transport->agent, body ? "Expect:" : NULL,
                                 body && !typed ? "Content-Type:" : NULL, NULL };
    /* "Name;" is how libcurl is told of a header without a value */
    int code = cc_request_text_write(&transfer->text, request, more, ";", err);

    if (code)
        return code;
    if (transfer->line_cap < transfer->text.count) {
        struct curl_slist *grown =
            reallocarray(transfer->lines, transfer->text.count, sizeof(*grown));

        if (!grown)
            return cc_fail(err, CLOUD_ENOMEM, "out of memory");
        transfer->lines = grown;
        transfer->line_cap = transfer->text.count;
    }
    for (size_t i = 0; i < transfer->text.count; i++) {
        transfer->lines[i].data = (char *)transfer->text.lines[i]; /* libcurl only reads it */
        transfer->lines[i].next = i + 1 < transfer->text.count ? &transfer->lines[i + 1] : NULL;
    }
    return CLOUD_OK;
}

/* The same for every exchange. Some are libcurl's defaults: here so that they do not depend on its
 * version. */
static const struct {
    CURLoption option;
    long value;
} always[] = {
    { CURLOPT_SSL_VERIFYPEER, 1 },
    { CURLOPT_SSL_VERIFYHOST, 2 },
    { CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2 },
    { CURLOPT_FOLLOWLOCATION, 0 },
    { CURLOPT_NETRC, CURL_NETRC_IGNORED },
    { CURLOPT_DISALLOW_USERNAME_IN_URL, 1 },
    { CURLOPT_PATH_AS_IS, 1 },
    { CURLOPT_HTTP09_ALLOWED, 0 },
    { CURLOPT_SUPPRESS_CONNECT_HEADERS, 1 },
    { CURLOPT_NOSIGNAL, 1 },
    { CURLOPT_QUICK_EXIT, 1 }, /* or a deadline would wait for a name server that does not answer */
};

#define SET(option, value) (failed |= curl_easy_setopt(easy, option, value) != CURLE_OK)

/* a connection of libcurl's: closing it is told to us first, so that the watch need not ask the
 * kernel */
static int on_close(void *user, curl_socket_t fd)
{
    struct curl_transport *transport = user;

    cc_poller_closed(transport->poller, fd);
    return close(fd);
}

/* as libcurl does it, but it does not say why it got none, and children are to have none */
static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct curl_exchange *transfer = user;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

    (void)purpose;
    transfer->no_socket = fd < 0 ? errno : 0;
    return fd < 0 ? CURL_SOCKET_BAD : fd;
}

/* all that stays the same from one exchange to the next */
__attribute__((cold)) static bool set_up(struct curl_transport *transport,
                                         struct curl_exchange *transfer)
{
    CURL *easy = transfer->easy;
    bool failed = false;

    for (size_t i = 0; i < CC_COUNT(always); i++)
        SET(always[i].option, always[i].value);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_BUFFERSIZE, (long)BUFFER_BYTES);
    SET(CURLOPT_SHARE, transport->share);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, transfer);
    SET(CURLOPT_CLOSESOCKETFUNCTION, on_close);
    SET(CURLOPT_CLOSESOCKETDATA, transport);
    SET(CURLOPT_PRIVATE, transfer);
    SET(CURLOPT_ERRORBUFFER, transfer->words);
    SET(CURLOPT_PREREQFUNCTION, on_ready);
    SET(CURLOPT_PREREQDATA, transfer);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, transfer);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, transfer);
    return !failed;
}

/* what a request line takes as it is; anything else is for libcurl to encode, or to refuse, as part
 * of a URL */
static bool is_target(const char *text)
{
    if (*text != '/')
        return false;
    while ((unsigned char)*text > ' ' && (unsigned char)*text < 0x7f && *text != '#')
        text++;
    return !*text;
}

/* A target of the place it knows spares libcurl to take every URL apart. */
static bool aim(struct curl_exchange *transfer)
{
    const char *url = transfer->text.buf.data,
               *target = url + strlen(transfer->exchange->request->base);
    CURL *easy = transfer->easy;
    bool failed = false, aimed = transfer->place && is_target(target);

    if (aimed) {
        SET(CURLOPT_REQUEST_TARGET, target);
    } else {
        SET(CURLOPT_REQUEST_TARGET, NULL);
        SET(CURLOPT_URL, url);
    }
    if (aimed != transfer->aimed)
        SET(CURLOPT_CURLU, aimed ? transfer->place : NULL);
    transfer->aimed = aimed;
    return !failed;
}

static bool set_request(struct curl_exchange *transfer)
{
    const struct cc_request *request = transfer->exchange->request;
    CURL *easy = transfer->easy;
    bool failed = false;

    failed |= !aim(transfer);
    SET(CURLOPT_HTTPHEADER, transfer->lines);
    if (has_body(request)) {
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        SET(CURLOPT_POSTFIELDS, cc_buf_text(&request->body)); /* not copied */
    } else {
        SET(CURLOPT_HTTPGET, 1L);
    }
    if (!transfer->method || strcmp(transfer->method, request->method) != 0)
        SET(CURLOPT_CUSTOMREQUEST, request->method);
    transfer->method = failed ? NULL : request->method;
    return !failed;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/*
 * The place apart from what is asked of it. Not for plain HTTP through a proxy, which is asked by
 * whole URLs; and what libcurl cannot read it says of the URL.
 */
static void take_apart(struct curl_exchange *transfer, bool proxied)
{
    curl_url_cleanup(transfer->place);
    transfer->place = proxied ? NULL : curl_url();
    if (!transfer->place || curl_url_set(transfer->place, CURLUPART_URL, transfer->base,
                                         CURLU_DISALLOW_USER) == CURLUE_OK)
        return;
    curl_url_cleanup(transfer->place);
    transfer->place = NULL;
}

/* where it goes: told again only when it is another place, or the other kind of connection */
static bool set_place(struct curl_exchange *transfer)
{
    const struct cc_exchange *exchange = transfer->exchange;
    bool plain = strncasecmp(exchange->request->base, "http:", 5) == 0, here;
    CURL *easy = transfer->easy;
    bool failed = false;

    if (same(transfer->base, exchange->request->base) && transfer->fresh == exchange->fresh)
        return true;
    free(transfer->base);
    transfer->base = strdup(exchange->request->base);
    transfer->fresh = exchange->fresh;
    if (!transfer->base)
        return false;
    here = cc_is_loopback(cc_request_authority(exchange->request));
    SET(CURLOPT_CURLU, NULL);
    SET(CURLOPT_URL, transfer->base); /* or libcurl would still know the one before */
    transfer->aimed = false;
    take_apart(transfer, plain && !here);
    /* http_proxy, https_proxy and no_proxy count as users expect, but never for this machine */
    SET(CURLOPT_PROXY, here ? "" : NULL);
    SET(CURLOPT_FRESH_CONNECT, (long)exchange->fresh);
    SET(CURLOPT_FORBID_REUSE, (long)exchange->fresh);
    SET(CURLOPT_HTTP_VERSION,
        plain || exchange->fresh ? (long)CURL_HTTP_VERSION_1_1 : (long)CURL_HTTP_VERSION_2TLS);
    /* many requests to a server that speaks HTTP/2 go over one connection, not over one each */
    SET(CURLOPT_PIPEWAIT, (long)(!plain && !exchange->fresh));
    return !failed;
}

static bool set_times(struct curl_exchange *transfer, int64_t left_ms)
{
    int64_t connect_ms = transfer->exchange->connect_timeout_ms;
    CURL *easy = transfer->easy;
    bool failed = false;

    if (connect_ms <= 0 || connect_ms > left_ms)
        connect_ms = left_ms;
    SET(CURLOPT_TIMEOUT_MS, (long)left_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
    return !failed;
}

__attribute__((cold)) void cc_curl_exchange_forget_handle(struct curl_exchange *transfer)
{
    curl_easy_cleanup(transfer->easy);
    curl_url_cleanup(transfer->place);
    free(transfer->base);
    free(transfer->ca_file);
    transfer->easy = NULL;
    transfer->place = NULL;
    transfer->aimed = false;
    transfer->base = transfer->ca_file = NULL;
    transfer->method = NULL;
}

/* a handle that trusts the right certificates: libcurl cannot go back to its own once it was told
 * others */
__attribute__((cold)) static bool set_trust(struct curl_transport *transport,
                                            struct curl_exchange *transfer)
{
    const char *ca_file = transfer->exchange->ca_file;

    if (transfer->easy && same(transfer->ca_file, ca_file))
        return true;
    cc_curl_exchange_forget_handle(transfer);
    transfer->easy = curl_easy_init();
    if (!transfer->easy || !set_up(transport, transfer))
        return false;
    if (!ca_file)
        return true;
    transfer->ca_file = strdup(ca_file);
    return transfer->ca_file &&
           curl_easy_setopt(transfer->easy, CURLOPT_CAINFO, ca_file) == CURLE_OK;
}

bool cc_curl_exchange_configure(struct curl_transport *transport, struct curl_exchange *transfer,
                                int64_t left_ms)
{
    return set_trust(transport, transfer) && set_place(transfer) && set_request(transfer) &&
           set_times(transfer, left_ms);
}

void cc_curl_exchange_renew_handle(struct curl_exchange *transfer)
{
    transfer->begun = transfer->headed = transfer->answering = false;
    transfer->trouble = transfer->no_socket = 0;
    transfer->header_bytes = 0;
    transfer->words[0] = '\0';
}

void cc_curl_exchange_free(struct curl_exchange *transfer)
{
    cc_curl_exchange_forget_handle(transfer);
    cc_request_text_clear(&transfer->text);
    free(transfer->lines);
    free(transfer);
}

/*
 * What surely did not leave. Nothing did before libcurl had a connection ready, with TLS and any
 * proxy's tunnel. After that the count of bytes the socket took decides: a request that is short of
 * its last byte is of no use to anybody. A byte the socket took may have arrived, whatever happened
 * next. libcurl counts the body apart from the headers, so that a request without a body counts as
 * sent from its first byte on; and anything of a reply means that it arrived.
 */
static enum cc_wire what_left(const struct curl_exchange *transfer)
{
    size_t len = transfer->exchange->request->body.len;
    curl_off_t body_sent = 0;
    long sent = 0;

    if (!transfer->begun)
        return CC_WIRE_UNSENT;
    if (transfer->header_bytes > 0)
        return CC_WIRE_LOST;
    if (len > 0) {
        if (curl_easy_getinfo(transfer->easy, CURLINFO_SIZE_UPLOAD_T, &body_sent) != CURLE_OK)
            return CC_WIRE_LOST;
        return body_sent < (curl_off_t)len ? CC_WIRE_UNSENT : CC_WIRE_LOST;
    }
    if (curl_easy_getinfo(transfer->easy, CURLINFO_REQUEST_SIZE, &sent) != CURLE_OK)
        return CC_WIRE_LOST;
    return sent == 0 ? CC_WIRE_UNSENT : CC_WIRE_LOST;
}

/* which code a result of libcurl is */
__attribute__((cold)) static int code_of(const struct curl_exchange *transfer, CURLcode result)
{
    enum { TOO_LARGE = 100 }; /* CURLE_TOO_LARGE, which 7.88 does not know */

    if (transfer->trouble)
        return transfer->trouble;
    switch ((int)result) {
    case CURLE_OPERATION_TIMEDOUT: return CLOUD_ETIMEDOUT;
    case TOO_LARGE: return CLOUD_ETOOBIG;
    /* what 7.88 says of a header line past its own limit */
    case CURLE_OUT_OF_MEMORY: return transfer->begun ? CLOUD_ETOOBIG : CLOUD_ENOMEM;
    case CURLE_SSL_CONNECT_ERROR:
        /* or the peer went away: no word against its certificate, and worth another try */
        if (strstr(transfer->words, "SSL routines") && !strstr(transfer->words, "unexpected eof"))
            return CLOUD_ETLS;
        return CLOUD_ENETWORK;
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM:
    case CURLE_SSL_CIPHER:
    case CURLE_SSL_ENGINE_INITFAILED:
    case CURLE_SSL_ISSUER_ERROR: return CLOUD_ETLS;
    default: return CLOUD_ENETWORK;
    }
}

__attribute__((cold)) void cc_curl_exchange_time_out(const struct curl_exchange *transfer,
                                                     enum cc_wire wire)
{
    const struct cc_exchange *exchange = transfer->exchange;
    int64_t limit_ms = exchange->timeout_ms, connect_ms = exchange->connect_timeout_ms;

    if (!transfer->begun)
        cc_reply_fail_timeout(exchange, wire, "no connection to",
                              connect_ms > 0 && connect_ms < limit_ms ? connect_ms : limit_ms);
    else if (wire == CC_WIRE_UNSENT)
        cc_reply_fail_timeout(exchange, wire, "the request was not taken by", limit_ms);
    else
        cc_reply_fail_timeout(exchange, wire, "no answer from", limit_ms);
}

__attribute__((cold)) static void fail_headers(const struct curl_exchange *transfer,
                                               enum cc_wire wire, const char *host)
{
    const char *words = "are longer than libcurl takes, or memory ran out";

    if (transfer->trouble)
        words = "passed 64 KiB";
    cc_reply_fail(transfer->exchange->reply, wire, CLOUD_ETOOBIG,
                  "the headers of the answer of %s %s", host, words);
}

__attribute__((cold)) static void fail_otherwise(const struct curl_exchange *transfer,
                                                 enum cc_wire wire, int code, CURLcode result)
{
    const char *words = *transfer->words ? transfer->words : curl_easy_strerror(result);
    const char *what = transfer->begun ? "the exchange broke with" : "cannot connect to";
    char text[128];
    long why = 0;

    if (code == CLOUD_ETLS)
        what = "no TLS with";
    /* shorter than libcurl's words, which name the host again */
    if (result == CURLE_COULDNT_CONNECT && transfer->no_socket)
        words = strerror_r(transfer->no_socket, text, sizeof(text));
    else if (result == CURLE_COULDNT_CONNECT &&
             curl_easy_getinfo(transfer->easy, CURLINFO_OS_ERRNO, &why) == CURLE_OK && why > 0)
        words = strerror_r((int)why, text, sizeof(text));
    cc_reply_fail(transfer->exchange->reply, wire, code, "%s %s: %s", what,
                  cc_request_authority(transfer->exchange->request), words);
}

__attribute__((cold)) static void fail(const struct curl_exchange *transfer, CURLcode result)
{
    enum cc_wire wire = what_left(transfer);
    int code = code_of(transfer, result);

    if (code == CLOUD_ETIMEDOUT)
        cc_curl_exchange_time_out(transfer, wire);
    else if (code == CLOUD_ETOOBIG && transfer->answering)
        cc_reply_fail_too_big(transfer->exchange, wire);
    else if (code == CLOUD_ETOOBIG)
        fail_headers(transfer, wire, cc_request_authority(transfer->exchange->request));
    else
        fail_otherwise(transfer, wire, code, result);
}

void cc_curl_exchange_finish(struct curl_exchange *transfer, CURLcode result)
{
    struct cc_reply *reply = transfer->exchange->reply;
    long status = 0, version = 0;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(transfer->easy, CURLINFO_HTTP_VERSION, &version);
    if (version && cc_curl_exchange_may_share(transfer))
        transfer->transport->unshared = version < CURL_HTTP_VERSION_2_0;
    reply->status = (int)status;
    cc_buf_add(&reply->body, "", 0); /* an empty body is a string too */
    if (result != CURLE_OK)
        fail(transfer, result);
    else if (reply->body.failed)
        cc_reply_fail(reply, CC_WIRE_LOST, CLOUD_ENOMEM, "out of memory");
    else if (!transfer->headed && !transfer->answering)
        /* libcurl takes a connection that ends among the headers for an answer */
        cc_reply_fail(reply, CC_WIRE_LOST, CLOUD_ENETWORK,
                      "the headers of the answer of %s were cut",
                      cc_request_authority(transfer->exchange->request));
    else if (status < 200 || status > 599)
        cc_reply_fail(reply, CC_WIRE_LOST, CLOUD_ENETWORK, "%s answered with the status %ld",
                      cc_request_authority(transfer->exchange->request), status);
}
