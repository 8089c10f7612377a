/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Performs one exchange with libcurl: sets the options of its easy handle, collects the reply, and
 * reports how it ended. TLS is always verified. Redirects are not followed, content is not decoded,
 * and no request is sent twice. A failure is either a request that surely did not leave this
 * machine (CC_WIRE_UNSENT) or one that may have arrived (CC_WIRE_LOST). engine/retry.c decides
 * whether the request is sent again.
 *
 * libcurl may send a request a second time by itself: when a reused connection turns out to be
 * dead, when an HTTP/2 stream is refused, after a 417 reply to its own Expect header, and to
 * authenticate or to follow a redirect. The first two are excluded for a fresh exchange, which has
 * its own connection and HTTP/1.1. The others are excluded for all exchanges: none has Expect,
 * credentials or redirects.
 */
#include "core/transport/curl_exchange.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/transport/poller.h"

enum {
    MAX_HEADER_BYTES = 64 * 1024,
    /* receive buffer of a handle: a page of a listing takes two reads instead of ten */
    BUFFER_BYTES = 128 * 1024
};

bool cc_curl_exchange_may_share(const struct curl_exchange *curl)
{
    const struct cc_exchange *exchange = curl->exchange;

    return !exchange->fresh && cc_ascii_ncasecmp(exchange->request->base, "https:", 6) == 0;
}

void cc_curl_exchange_set_connecting(struct curl_exchange *curl, bool connecting)
{
    int change = connecting - curl->connecting;

    curl->transport->connecting_count += change;
    if (curl->host)
        curl->host->connecting_count += change;
    curl->connecting = connecting;
}

static int on_ready(void *user, char *ip, char *local_ip, int port, int local_port)
{
    struct curl_exchange *curl = user;

    (void)ip, (void)local_ip, (void)port, (void)local_port;
    curl->connected = true;
    cc_curl_exchange_set_connecting(curl, false);
    return CURL_PREREQFUNC_OK;
}

static size_t on_header(char *data, size_t one, size_t len, void *user)
{
    struct curl_exchange *curl = user;
    struct cc_reply *reply = curl->exchange->reply;

    (void)one;
    curl->header_bytes += len;
    if (curl->header_bytes > MAX_HEADER_BYTES) {
        curl->callback_code = CLOUD_ETOOBIG;
        return 0;
    }
    if (len > 5 && memcmp(data, "HTTP/", 5) == 0)
        cc_reply_forget_headers(reply);
    else
        cc_reply_header(reply, data, len);
    curl->headers_complete = data[0] == '\r' || data[0] == '\n';
    return len;
}

/* one allocation for the whole body when the server sends Content-Length */
static void reserve_body(const struct curl_exchange *curl)
{
    curl_off_t len = -1;

    if (curl_easy_getinfo(curl->easy, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &len) == CURLE_OK &&
        len > 0 && (uint64_t)len <= curl->exchange->max_reply_bytes)
        cc_buf_reserve(&curl->exchange->reply->body, (size_t)len);
}

static size_t on_body(char *data, size_t one, size_t len, void *user)
{
    struct curl_exchange *curl = user;

    (void)one;
    if (!curl->body_started)
        reserve_body(curl);
    curl->body_started = true;
    curl->callback_code =
        cc_reply_add(curl->exchange->reply, data, len, curl->exchange->max_reply_bytes);
    return curl->callback_code ? 0 : len;
}

static bool has_body(const struct cc_request *request)
{
    /* these send Content-Length even when the body is empty */
    static const char *const methods[] = { "POST", "PUT", "PATCH" };

    for (size_t i = 0; i < CC_COUNT(methods); i++) {
        if (strcmp(request->method, methods[i]) == 0)
            return true;
    }
    return request->body.len > 0;
}

int cc_curl_exchange_write(const struct curl_transport *transport, struct curl_exchange *curl,
                           const struct cc_request *request, struct cloud_error *err)
{
    bool body = has_body(request), typed = cc_pairs_find(&request->headers, "Content-Type");
    /* with a body libcurl would wait for a reply 100, and send the Content-Type of a form */
    const char *const more[] = { transport->agent, body ? "Expect:" : NULL,
                                 body && !typed ? "Content-Type:" : NULL, NULL };
    /* libcurl sends "Name;" as a header without a value */
    int code = cc_request_text_write(&curl->text, request, more, ";", err);

    if (code)
        return code;
    if (curl->line_cap < curl->text.count) {
        struct curl_slist *grown = reallocarray(curl->lines, curl->text.count, sizeof(*grown));

        if (!grown)
            return cc_fail(err, CLOUD_ENOMEM, "out of memory");
        curl->lines = grown;
        curl->line_cap = curl->text.count;
    }
    for (size_t i = 0; i < curl->text.count; i++) {
        curl->lines[i].data = (char *)curl->text.lines[i]; /* libcurl only reads it */
        curl->lines[i].next = i + 1 < curl->text.count ? &curl->lines[i + 1] : NULL;
    }
    return CLOUD_OK;
}

/* Some are libcurl's defaults. They are set here because a default may change with a version. */
static const struct {
    CURLoption option;
    long value;
} constant_options[] = {
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
    { CURLOPT_QUICK_EXIT, 1 }, /* otherwise a deadline waits for a name server without answer */
};

#define SET(option, value) (failed |= curl_easy_setopt(easy, option, value) != CURLE_OK)

/* libcurl closes a connection here, so the poller learns of it without a system call */
static int on_close(void *user, curl_socket_t fd)
{
    struct curl_transport *transport = user;

    cc_poller_closed(transport->poller, fd);
    return close(fd);
}

/* Does the same as libcurl, keeps errno, which libcurl does not report, and sets close-on-exec. */
static curl_socket_t on_open(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    struct curl_exchange *curl = user;
    int fd = socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);

    (void)purpose;
    curl->socket_errno = fd < 0 ? errno : 0;
    if (fd >= 0 && !cc_poller_opened(curl->transport->poller, fd)) {
        curl->socket_errno = ENOMEM;
        close(fd);
        fd = -1;
    }
    return fd < 0 ? CURL_SOCKET_BAD : fd;
}

/* sets the options that no exchange changes */
static bool set_constant_options(struct curl_transport *transport, struct curl_exchange *curl)
{
    CURL *easy = curl->easy;
    bool failed = false;

    for (size_t i = 0; i < CC_COUNT(constant_options); i++)
        SET(constant_options[i].option, constant_options[i].value);
    SET(CURLOPT_PROTOCOLS_STR, "http,https");
    SET(CURLOPT_BUFFERSIZE, (long)BUFFER_BYTES);
    SET(CURLOPT_SHARE, transport->share);
    SET(CURLOPT_OPENSOCKETFUNCTION, on_open);
    SET(CURLOPT_OPENSOCKETDATA, curl);
    SET(CURLOPT_CLOSESOCKETFUNCTION, on_close);
    SET(CURLOPT_CLOSESOCKETDATA, transport);
    SET(CURLOPT_PRIVATE, curl);
    SET(CURLOPT_ERRORBUFFER, curl->message);
    SET(CURLOPT_PREREQFUNCTION, on_ready);
    SET(CURLOPT_PREREQDATA, curl);
    SET(CURLOPT_HEADERFUNCTION, on_header);
    SET(CURLOPT_HEADERDATA, curl);
    SET(CURLOPT_WRITEFUNCTION, on_body);
    SET(CURLOPT_WRITEDATA, curl);
    return !failed;
}

/* Whether the text can be sent in a request line unchanged. libcurl encodes or refuses any other
 * text as a part of a URL. */
static bool is_request_target(const char *text)
{
    if (*text != '/')
        return false;
    while ((unsigned char)*text > ' ' && (unsigned char)*text < 0x7f && *text != '#')
        text++;
    return !*text;
}

/* With a parsed base URL and a request target, libcurl need not parse the URL of every request. */
static bool set_url(struct curl_exchange *curl)
{
    const char *url = curl->text.buf.data, *target = url + strlen(curl->exchange->request->base);
    CURL *easy = curl->easy;
    bool failed = false, uses_target = curl->parsed_base && is_request_target(target);

    if (uses_target) {
        SET(CURLOPT_REQUEST_TARGET, target);
    } else {
        SET(CURLOPT_REQUEST_TARGET, NULL);
        SET(CURLOPT_URL, url);
    }
    if (uses_target != curl->uses_target)
        SET(CURLOPT_CURLU, uses_target ? curl->parsed_base : NULL);
    curl->uses_target = uses_target;
    return !failed;
}

static bool set_request(struct curl_exchange *curl)
{
    const struct cc_request *request = curl->exchange->request;
    CURL *easy = curl->easy;
    bool failed = false;

    failed |= !set_url(curl);
    SET(CURLOPT_HTTPHEADER, curl->lines);
    if (has_body(request)) {
        SET(CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)request->body.len);
        SET(CURLOPT_POSTFIELDS, cc_buf_text(&request->body)); /* libcurl does not copy it */
    } else {
        SET(CURLOPT_HTTPGET, 1L);
    }
    if (!curl->method || strcmp(curl->method, request->method) != 0)
        SET(CURLOPT_CUSTOMREQUEST, request->method);
    curl->method = failed ? NULL : request->method;
    return !failed;
}

static bool same(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/*
 * Parses the base URL. Not for HTTP without TLS through a proxy, which needs whole URLs in the
 * request line. A base URL that cannot be parsed is set as text, and libcurl then reports the
 * error.
 */
static void parse_base(struct curl_exchange *curl, bool through_proxy)
{
    curl_url_cleanup(curl->parsed_base);
    curl->parsed_base = through_proxy ? NULL : curl_url();
    if (!curl->parsed_base || curl_url_set(curl->parsed_base, CURLUPART_URL, curl->base,
                                           CURLU_DISALLOW_USER) == CURLUE_OK)
        return;
    curl_url_cleanup(curl->parsed_base);
    curl->parsed_base = NULL;
}

/* sets base URL, proxy and kind of connection if they differ from those of the previous exchange */
static bool set_connection(struct curl_exchange *curl)
{
    const struct cc_exchange *exchange = curl->exchange;
    bool is_http = cc_ascii_ncasecmp(exchange->request->base, "http:", 5) == 0, is_local;
    CURL *easy = curl->easy;
    bool failed = false;

    if (same(curl->base, exchange->request->base) && curl->fresh == exchange->fresh)
        return true;
    free(curl->base);
    curl->base = strdup(exchange->request->base);
    curl->fresh = exchange->fresh;
    if (!curl->base)
        return false;
    is_local = cc_is_loopback(cc_request_authority(exchange->request));
    SET(CURLOPT_CURLU, NULL);
    SET(CURLOPT_URL, curl->base); /* otherwise libcurl keeps the previous URL */
    curl->uses_target = false;
    parse_base(curl, is_http && !is_local);
    /* http_proxy, https_proxy and no_proxy apply as usual, but never to this machine */
    SET(CURLOPT_PROXY, is_local ? "" : NULL);
    SET(CURLOPT_FRESH_CONNECT, (long)exchange->fresh);
    SET(CURLOPT_FORBID_REUSE, (long)exchange->fresh);
    SET(CURLOPT_HTTP_VERSION,
        is_http || exchange->fresh ? (long)CURL_HTTP_VERSION_1_1 : (long)CURL_HTTP_VERSION_2TLS);
    /* many requests to a server with HTTP/2 share one connection instead of opening one each */
    SET(CURLOPT_PIPEWAIT, (long)(!is_http && !exchange->fresh));
    return !failed;
}

static bool set_timeouts(struct curl_exchange *curl, int64_t left_ms)
{
    int64_t connect_ms = curl->exchange->connect_timeout_ms;
    CURL *easy = curl->easy;
    bool failed = false;

    if (connect_ms <= 0 || connect_ms > left_ms)
        connect_ms = left_ms;
    SET(CURLOPT_TIMEOUT_MS, (long)left_ms);
    SET(CURLOPT_CONNECTTIMEOUT_MS, (long)connect_ms);
    return !failed;
}

void cc_curl_exchange_free_handle(struct curl_exchange *curl)
{
    curl_easy_cleanup(curl->easy);
    curl_url_cleanup(curl->parsed_base);
    free(curl->base);
    free(curl->ca_file);
    curl->easy = NULL;
    curl->parsed_base = NULL;
    curl->uses_target = false;
    curl->base = curl->ca_file = NULL;
    curl->method = NULL;
}

void cc_curl_exchange_leave_handle(struct curl_exchange *curl)
{
    curl->easy = NULL;
    curl->in_flight = curl->connecting = false;
    cc_curl_exchange_free_handle(curl);
    cc_curl_exchange_reset(curl);
}

/* Makes sure of a handle with the right trust store. libcurl cannot return to its default trust
 * store after CURLOPT_CAINFO was set, so another ca_file needs a new handle. */
static bool set_ca_file(struct curl_transport *transport, struct curl_exchange *curl)
{
    const char *ca_file = curl->exchange->ca_file;

    if (curl->easy && same(curl->ca_file, ca_file))
        return true;
    cc_curl_exchange_free_handle(curl);
    curl->easy = curl_easy_init();
    if (!curl->easy || !set_constant_options(transport, curl))
        return false;
    if (!ca_file)
        return true;
    curl->ca_file = strdup(ca_file);
    return curl->ca_file && curl_easy_setopt(curl->easy, CURLOPT_CAINFO, ca_file) == CURLE_OK;
}

bool cc_curl_exchange_configure(struct curl_transport *transport, struct curl_exchange *curl,
                                int64_t left_ms)
{
    return set_ca_file(transport, curl) && set_connection(curl) && set_request(curl) &&
           set_timeouts(curl, left_ms);
}

void cc_curl_exchange_reset(struct curl_exchange *curl)
{
    curl->connected = curl->headers_complete = curl->body_started = false;
    curl->callback_code = curl->socket_errno = 0;
    curl->header_bytes = 0;
    curl->message[0] = '\0';
}

void cc_curl_exchange_free(struct curl_exchange *curl)
{
    cc_curl_exchange_free_handle(curl);
    cc_request_text_clear(&curl->text);
    free(curl->lines);
    free(curl);
}

/*
 * Decides whether the request may have arrived. Nothing was sent before libcurl had a connection
 * ready, including TLS and the tunnel of a proxy. After that, the number of bytes that the socket
 * accepted decides: a server cannot process a request without its last byte, and any byte that the
 * socket accepted may have arrived. libcurl counts the body without the headers, so a request
 * without a body counts as sent from its first byte. Any byte of a reply means that the request
 * arrived.
 */
enum cc_wire cc_curl_exchange_wire(const struct curl_exchange *curl)
{
    size_t len = curl->exchange->request->body.len;
    curl_off_t body_sent = 0;
    long sent = 0;

    if (!curl->connected)
        return CC_WIRE_UNSENT;
    if (curl->header_bytes > 0)
        return CC_WIRE_LOST;
    if (len > 0) {
        if (curl_easy_getinfo(curl->easy, CURLINFO_SIZE_UPLOAD_T, &body_sent) != CURLE_OK)
            return CC_WIRE_LOST;
        return body_sent < (curl_off_t)len ? CC_WIRE_UNSENT : CC_WIRE_LOST;
    }
    if (curl_easy_getinfo(curl->easy, CURLINFO_REQUEST_SIZE, &sent) != CURLE_OK)
        return CC_WIRE_LOST;
    return sent == 0 ? CC_WIRE_UNSENT : CC_WIRE_LOST;
}

static int code_of(const struct curl_exchange *curl, CURLcode result)
{
    enum { TOO_LARGE = 100 }; /* CURLE_TOO_LARGE, which libcurl 7.88 does not define */

    if (curl->callback_code)
        return curl->callback_code;
    if (!curl->connected && curl->socket_errno == ENOMEM)
        return CLOUD_ENOMEM;
    switch ((int)result) {
    case CURLE_OPERATION_TIMEDOUT: return CLOUD_ETIMEDOUT;
    case TOO_LARGE: return CLOUD_ETOOBIG;
    /* libcurl 7.88 reports it for a header line longer than its own limit */
    case CURLE_OUT_OF_MEMORY:
        return curl->connected && !curl->headers_complete ? CLOUD_ETOOBIG : CLOUD_ENOMEM;
    case CURLE_SSL_CONNECT_ERROR:
        /* otherwise the peer closed the connection: no certificate error, so it may be retried */
        if (strstr(curl->message, "SSL routines") && !strstr(curl->message, "unexpected eof"))
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

void cc_curl_exchange_time_out(const struct curl_exchange *curl, enum cc_wire wire)
{
    const struct cc_exchange *exchange = curl->exchange;
    int64_t connect_ms = exchange->connect_timeout_ms;

    if (!curl->connected)
        cc_reply_fail_timeout(exchange, wire, "no connection to",
                              connect_ms < exchange->timeout_ms ? connect_ms : 0);
    else if (wire == CC_WIRE_UNSENT)
        cc_reply_fail_timeout(exchange, wire, "the request could not be sent to", 0);
    else
        cc_reply_fail_timeout(exchange, wire, "no answer from", 0);
}

static void fail_headers(const struct curl_exchange *curl, enum cc_wire wire, const char *host)
{
    const char *reason = "are longer than libcurl allows, or memory ran out";

    if (curl->callback_code)
        reason = "are longer than 64 KiB";
    cc_reply_fail(curl->exchange->reply, wire, CLOUD_ETOOBIG, "the headers of the answer of %s %s",
                  host, reason);
}

/* libcurl and the resolver do not say it when they cannot open a file, so it is tried */
static int try_to_open(struct curl_transport *transport)
{
    int fd = dup(cc_poller_fd(transport->poller)), os_errno = fd < 0 ? errno : 0;

    if (fd >= 0)
        close(fd);
    return os_errno;
}

static const char *lack_of_files(const struct curl_exchange *curl)
{
    const char *reason = curl->connected ? NULL : cc_no_more_files(curl->socket_errno);

    if (curl->connected || reason)
        return reason;
    return cc_no_more_files(try_to_open(curl->transport));
}

bool cc_curl_exchange_lacks_files(const struct curl_exchange *curl)
{
    return lack_of_files(curl) != NULL;
}

static bool has_proxy(void)
{
    static const char *const names[] = { "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                         "ALL_PROXY" };

    for (size_t i = 0; i < CC_COUNT(names); i++) {
        const char *value = getenv(names[i]);

        if (value && *value)
            return true;
    }
    return false;
}

/*
 * Whether libcurl's text may be shown. Before there is a connection it may quote a proxy's URL as
 * the environment has it, with a password, or what it took for the host of a URL that is misspelt.
 */
static bool is_showable(const struct curl_exchange *curl, int code, CURLcode result)
{
    if (!*curl->message)
        return false;
    switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: return true;
    default: return curl->connected || code == CLOUD_ETLS || !has_proxy();
    }
}

static void fail_other(const struct curl_exchange *curl, enum cc_wire wire, int code,
                       CURLcode result)
{
    const char *reason =
        is_showable(curl, code, result) ? curl->message : curl_easy_strerror(result);
    const char *what = curl->connected ? "the connection to" : "cannot connect to";
    const char *hint = "";
    bool says_failed = curl->connected || code == CLOUD_ETLS;
    char text[128];
    long os_errno = 0;

    if (code == CLOUD_ETLS)
        what = "TLS with";
    /* shorter than libcurl's message, which repeats the host */
    if (lack_of_files(curl))
        reason = lack_of_files(curl);
    else if (result == CURLE_COULDNT_CONNECT && curl->socket_errno)
        reason = strerror_r(curl->socket_errno, text, sizeof(text));
    else if (result == CURLE_COULDNT_CONNECT &&
             curl_easy_getinfo(curl->easy, CURLINFO_OS_ERRNO, &os_errno) == CURLE_OK &&
             os_errno > 0)
        reason = strerror_r((int)os_errno, text, sizeof(text));
    else if (!is_showable(curl, code, result) && has_proxy())
        hint = "; check the proxy in http_proxy, https_proxy or all_proxy, written as "
               "http://USER:PASSWORD@HOST:PORT with @ as %40 in the password";
    cc_reply_fail(curl->exchange->reply, wire, code, "%s %s%s: %s%s", what,
                  cc_request_authority(curl->exchange->request), says_failed ? " failed" : "",
                  reason, hint);
}

static void fail(const struct curl_exchange *curl, CURLcode result)
{
    enum cc_wire wire = cc_curl_exchange_wire(curl);
    int code = code_of(curl, result);

    if (code == CLOUD_ETIMEDOUT)
        cc_curl_exchange_time_out(curl, wire);
    else if (code == CLOUD_ETOOBIG && curl->body_started)
        cc_reply_fail_too_big(curl->exchange, wire);
    else if (code == CLOUD_ETOOBIG)
        fail_headers(curl, wire, cc_request_authority(curl->exchange->request));
    else
        fail_other(curl, wire, code, result);
}

void cc_curl_exchange_finish(struct curl_exchange *curl, CURLcode result)
{
    struct cc_reply *reply = curl->exchange->reply;
    long status = 0, version = 0;

    curl_easy_getinfo(curl->easy, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_getinfo(curl->easy, CURLINFO_HTTP_VERSION, &version);
    if (version && curl->host)
        curl->host->no_multiplexing = version < CURL_HTTP_VERSION_2_0;
    reply->status = (int)status;
    cc_buf_add(&reply->body, "", 0); /* an empty body becomes an empty string */
    if (result != CURLE_OK)
        fail(curl, result);
    else if (reply->body.failed)
        cc_reply_fail(reply, CC_WIRE_LOST, CLOUD_ENOMEM, "out of memory");
    else if (!curl->headers_complete && !curl->body_started)
        /* libcurl reports success when the connection ends between two headers */
        cc_reply_fail(reply, CC_WIRE_LOST, CLOUD_ENETWORK,
                      "the headers of the answer of %s are incomplete",
                      cc_request_authority(curl->exchange->request));
    else if (status < 200 || status > 599)
        cc_reply_fail(reply, CC_WIRE_LOST, CLOUD_ENETWORK,
                      "%s answered with HTTP status %ld, which is not from 200 to 599",
                      cc_request_authority(curl->exchange->request), status);
}
