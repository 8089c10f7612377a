/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests the transport over libcurl against a server that misbehaves (hostile_server.c). The outcome
 * that the transport reports must agree with the bytes that the server received. A request that
 * changes something is never sent twice.
 */
#include <dlfcn.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <cmocka.h>

#include "core/transport/transport.h"
#include "tests/unit/transport/hostile_server.h"

#define OK_HEAD "HTTP/1.1 200 OK\r\nContent-Length: "
#define OK OK_HEAD "2\r\n\r\n{}"
#define CANARY "signature-canary"

/* An exchange with everything that it borrows. */
struct run {
    struct cc_request request;
    struct cc_reply reply;
    struct cc_exchange exchange;
};

static void prepare(struct run *run, const char *base, const char *method, size_t body, bool fresh)
{
    const char *host = strstr(base, "://") + 3;

    *run = (struct run){ 0 };
    run->request.method = method;
    run->request.base = strdup(base);
    run->request.host = strdup(host);
    run->request.path = strdup("/v1/things");
    cc_buf_puts(&run->request.query_text, "Signature=" CANARY);
    cc_pairs_add(&run->request.headers, "Authorization", CANARY);
    for (size_t piece; body > 0; body -= piece) {
        static const char text[] =
            "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

        piece = body < sizeof(text) - 1 ? body : sizeof(text) - 1;
        cc_buf_add(&run->request.body, text, piece);
    }
    run->exchange = (struct cc_exchange){ .request = &run->request,
                                          .reply = &run->reply,
                                          .timeout_ms = 300000,
                                          .connect_timeout_ms = 300000,
                                          .max_reply_bytes = 100000,
                                          .fresh = fresh };
}

static void clear(struct run *run)
{
    cc_request_clear(&run->request);
    cc_reply_clear(&run->reply);
}

static struct cc_exchange *wait_for_one(struct cc_transport *transport)
{
    struct cc_exchange *exchange;

    while (!(exchange = transport->next(transport)))
        transport->wait(transport, 20000);
    return exchange;
}

static void perform(struct cc_transport *transport, struct run *run)
{
    struct cloud_error err;

    assert_int_equal(transport->start(transport, &run->exchange, &err), CLOUD_OK);
    assert_ptr_equal(wait_for_one(transport), &run->exchange);
    assert_null(transport->next(transport));
}

static void assert_ended(const struct run *run, enum cc_wire wire, int code, const char *reason)
{
    assert_string_equal(cloud_code_name(run->reply.code), cloud_code_name(code));
    assert_int_equal(run->reply.wire, wire);
    if (!strstr(run->reply.reason, reason))
        fail_msg("\"%s\" does not say \"%s\"", run->reply.reason, reason);
    assert_null(strstr(run->reply.reason, CANARY));
    if (wire != CC_WIRE_ANSWERED)
        assert_int_equal(run->reply.body.len, 0);
}

/* The server does @step with a request; the transport must report the outcome below. */
struct behaviour {
    const char *name;
    size_t body;
    int64_t timeout_ms; /* 0: long enough for every server but a silent one */
    struct server_step step;
    enum cc_wire wire;
    int code;
    int status; /* -1: depends on how much arrived */
    const char *reason;
};

enum { LARGE = 6 * 1024 * 1024 }; /* larger than the buffers of both sockets */
enum { SHORT_MS = 2000 };         /* the limit for silent servers */
enum { SILENCE_MS = 600000 };

#define CONTINUE "HTTP/1.1 100 Continue\r\n\r\n"
#define CHUNKED "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
#define ANSWERED(status) CC_WIRE_ANSWERED, CLOUD_OK, status, ""
#define UNSENT(code, reason) CC_WIRE_UNSENT, code, 0, reason
#define LOST(code, status, reason) CC_WIRE_LOST, code, status, reason
#define BROKEN "the connection to 127.0.0.1:"
#define HEADERS_OF "the headers of the answer of 127.0.0.1:"

/* clang-format off */
static const struct behaviour behaviours[] = {
    { "answers",              5,     0, { .reply = OK }, ANSWERED(200) },
    { "answers a large one",  LARGE, 0, { .reply = OK }, ANSWERED(200) },
    { "answers and closes",   5,     0, { .reply = "HTTP/1.1 200 OK\r\n\r\n{}", .close = true },
      ANSWERED(200) },
    { "no body",              0,     0, { .reply = "HTTP/1.1 204 No Content\r\n\r\n" },
      ANSWERED(204) },
    { "empty body",           0,     0, { .reply = OK_HEAD "0\r\n\r\n" }, ANSWERED(200) },
    { "chunks",               5,     0, { .reply = CHUNKED "2\r\n{}\r\n0\r\n\r\n" },
      ANSWERED(200) },
    { "largest allowed body", 5,     0, { .reply = OK_HEAD "100000\r\n\r\n", .fill = 100000 },
      ANSWERED(200) },
    { "slow",                 5,     0, { .reply = OK, .delay_ms = 150 }, ANSWERED(200) },
    { "vendor's fault",       5,     0,
      { .reply = "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n{}" }, ANSWERED(500) },
    { "temporary redirect",   5,     0,
      { .reply = "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n" },
      ANSWERED(302) },
    { "permanent redirect",   5,     0,
      { .reply = "HTTP/1.1 308 Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n" },
      ANSWERED(308) },
    { "requires a password",  5,     0,
      { .reply = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\n"
                 "Content-Length: 0\r\n\r\n" }, ANSWERED(401) },
    { "rejects Expect",       LARGE, 0, { .reply = "HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n" },
      ANSWERED(417) },
    { "sends 100 Continue",   LARGE, 0, { .interim = CONTINUE, .reply = OK }, ANSWERED(200) },

    { "closes at accept",     5,     0, { .at_accept = true }, LOST(CLOUD_ENETWORK, 0, BROKEN) },
    { "closes in the request", 5,    0, { .stop_after = 10 }, LOST(CLOUD_ENETWORK, 0, BROKEN) },
    { "resets in a large one", LARGE, 0, { .stop_after = 9000, .reset = true },
      UNSENT(CLOUD_ENETWORK, BROKEN) },
    { "stops in a large one", LARGE, SHORT_MS, { .stop_after = 9000, .delay_ms = SILENCE_MS },
      UNSENT(CLOUD_ETIMEDOUT, "the request could not be sent to 127.0.0.1:") },
    { "100 Continue, then reset", LARGE, 0,
      { .interim = CONTINUE, .stop_after = 9000, .delay_ms = 1000, .reset = true },
      LOST(CLOUD_ENETWORK, -1, "") },
    { "closes after it",      5,     0, { .close = true }, LOST(CLOUD_ENETWORK, 0, BROKEN) },
    { "closes after GET",     0,     0, { .close = true }, LOST(CLOUD_ENETWORK, 0, BROKEN) },
    { "closes after a large one", LARGE, 0, { .close = true }, LOST(CLOUD_ENETWORK, 0, BROKEN) },
    { "resets after it",      5,     0, { .reset = true }, LOST(CLOUD_ENETWORK, 0, BROKEN) },
    { "silent",               5,     SHORT_MS, { .delay_ms = SILENCE_MS },
      LOST(CLOUD_ETIMEDOUT, 0, "no answer from 127.0.0.1:") },
    { "silent after GET",     0,     SHORT_MS, { .delay_ms = SILENCE_MS },
      LOST(CLOUD_ETIMEDOUT, 0, "within 2000 ms") },
    { "part of a status",     5,     0, { .reply = "HTTP/1.1 2", .close = true },
      LOST(CLOUD_ENETWORK, 0, "") },
    { "part of the headers",  5,     0,
      { .reply = "HTTP/1.1 200 OK\r\nContent-Le", .close = true },
      LOST(CLOUD_ENETWORK, 200, HEADERS_OF) },
    { "headers without end",  5,     0,
      { .reply = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", .close = true },
      LOST(CLOUD_ENETWORK, 200, "") },
    { "headers, then reset",  5,     0,
      { .reply = "HTTP/1.1 200 OK\r\nContent-Le", .reset = true, .close = true },
      LOST(CLOUD_ENETWORK, -1, "") },
    { "100 Continue, then close", 5, 0, { .interim = CONTINUE, .close = true },
      LOST(CLOUD_ENETWORK, -1, "") },
    { "part of the body",     5,     0, { .reply = OK_HEAD "100\r\n\r\n{", .close = true },
      LOST(CLOUD_ENETWORK, 200, "") },
    { "body, then silence",   5,     SHORT_MS, { .reply = OK_HEAD "100\r\n\r\n{", .delay_ms = 0 },
      LOST(CLOUD_ETIMEDOUT, 200, "no answer") },
    { "truncated chunk",      5,     0, { .reply = CHUNKED "9\r\n{}", .close = true },
      LOST(CLOUD_ENETWORK, 200, "") },
    { "chunks without end",   5,     0, { .reply = CHUNKED "2\r\n{}\r\n", .close = true },
      LOST(CLOUD_ENETWORK, 200, "") },
    { "invalid chunk size",   5,     0, { .reply = CHUNKED "zz\r\n{}", .close = true },
      LOST(CLOUD_ENETWORK, 200, "") },
    { "no HTTP",              5,     0, { .reply = "\x01\x02 nonsense\r\n\r\n", .close = true },
      LOST(CLOUD_ENETWORK, -1, "") },
    { "negative length",      5,     0, { .reply = OK_HEAD "-5\r\n\r\n{}", .close = true },
      LOST(CLOUD_ENETWORK, 200, "") },
    { "switches protocols",   5,     0,
      { .reply = "HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n{}", .close = true },
      LOST(CLOUD_ENETWORK, 101, "status 101") },
    { "one byte too many",    5,     0, { .reply = OK_HEAD "100001\r\n\r\n", .fill = 100001 },
      LOST(CLOUD_ETOOBIG, 200, "longer than 100000 bytes; raise max_reply_bytes") },
    { "endless body",         5,     0, { .reply = "HTTP/1.1 200 OK\r\n\r\n", .fill = LARGE },
      LOST(CLOUD_ETOOBIG, 200, "longer than 100000 bytes") },
    { "endless header",       5,     0, { .reply = "HTTP/1.1 200 OK\r\nX: ", .fill = LARGE },
      LOST(CLOUD_ETOOBIG, 200, HEADERS_OF) },
};
/* clang-format on */

/* Sends a request that must not be sent twice: the server must see one connection, one request. */
static void check_behaviour(const struct behaviour *behaviour, const char *names)
{
    struct cc_transport *transport = cc_transport_curl_new();
    struct hostile_server *server = hostile_server_new(&behaviour->step, 1, names);
    bool no_handshake = behaviour->step.at_accept && names;
    char text[4096];
    struct run run;

    print_message("    %s%s\n", behaviour->name, names ? ", by TLS" : "");
    prepare(&run, hostile_server_base(server), behaviour->body ? "POST" : "GET", behaviour->body,
            true);
    run.exchange.ca_file = names ? hostile_server_ca(server) : NULL;
    if (behaviour->timeout_ms)
        run.exchange.timeout_ms = behaviour->timeout_ms;
    perform(transport, &run);
    if (no_handshake)
        assert_ended(&run, CC_WIRE_UNSENT, behaviour->code, "cannot connect to 127.0.0.1:");
    else
        assert_ended(&run, behaviour->wire, behaviour->code, behaviour->reason);
    if (behaviour->status >= 0)
        assert_int_equal(run.reply.status, behaviour->status);
    if (behaviour->wire == CC_WIRE_ANSWERED)
        assert_non_null(run.reply.body.data);
    clear(&run);
    transport->free(transport);
    hostile_server_last(server, text, sizeof(text));
    assert_null(strcasestr(text, "\r\nExpect:"));
    assert_int_equal(hostile_server_connections(server), 1);
    assert_int_equal(hostile_server_requests(server), behaviour->step.at_accept ? 0 : 1);
    hostile_server_free(server);
}

static void test_curl_transport__reports_the_outcome_of_a_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(behaviours); i++)
        check_behaviour(&behaviours[i], NULL);
}

static void test_curl_transport__reports_the_same_outcome_with_tls(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(behaviours); i++)
        check_behaviour(&behaviours[i], "IP:127.0.0.1");
}

static void test_curl_transport__headers_beyond_the_limit_are_refused(void **state)
{
    cc_auto_buf struct cc_buf reply = { 0 };
    struct cc_transport *transport = cc_transport_curl_new();
    struct server_step step = { .close = true };
    struct hostile_server *server;
    struct run run;

    (void)state;
    cc_buf_puts(&reply, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 3000; i++)
        cc_buf_printf(&reply, "X-Header-Number-%d: of three thousand\r\n", i);
    cc_buf_puts(&reply, "Content-Length: 0\r\n\r\n");
    step.reply = reply.data;
    server = hostile_server_new(&step, 1, NULL);
    prepare(&run, hostile_server_base(server), "GET", 0, false);
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_LOST, CLOUD_ETOOBIG, "longer than 64 KiB");
    clear(&run);
    transport->free(transport);
    hostile_server_free(server);
}

static void test_curl_transport__without_a_connection_the_request_is_unsent(void **state)
{
    char refused[64], longest[128];
    const struct {
        const char *base;
        const char *reason;
    } rows[] = { { refused, "cannot connect to 127.0.0.1:" },
                 { refused, ": Connection refused" },
                 { longest, "cannot connect to aaaa" },
                 { "gopher://127.0.0.1", "cannot connect to 127.0.0.1: Protocol \"gopher\"" },
                 { "http://me:" CANARY "@127.0.0.1", "cannot connect to 127.0.0.1: " } };
    struct cc_transport *transport = cc_transport_curl_new();

    (void)state;
    snprintf(refused, sizeof(refused), "http://127.0.0.1:%d", closed_port());
    /* a label of more than 63 characters is no host name, so no name server is asked */
    snprintf(longest, sizeof(longest), "http://%s.test",
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
             "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa");
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct run run;

        prepare(&run, rows[i].base, "POST", 5, true);
        perform(transport, &run);
        assert_ended(&run, CC_WIRE_UNSENT, CLOUD_ENETWORK, rows[i].reason);
        clear(&run);
    }
    transport->free(transport);
}

static void test_curl_transport__an_untrusted_certificate_is_refused(void **state)
{
    const struct server_step step = { .reply = OK };
    const struct {
        const char *names;
        const char *ca_file; /* "": the server's own */
        int code;
        const char *reason;
    } rows[] = {
        { "IP:127.0.0.1", NULL, CLOUD_ETLS, "TLS with 127.0.0.1:" },
        { "IP:127.0.0.1", "", CLOUD_OK, "" },
        { "IP:127.0.0.2", "", CLOUD_ETLS, "TLS with 127.0.0.1:" },
        { "DNS:other.example", "", CLOUD_ETLS, "TLS with 127.0.0.1:" },
        { "IP:127.0.0.1", "/nowhere/ca.pem", CLOUD_ETLS, "/nowhere/ca.pem" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct hostile_server *server = hostile_server_new(&step, 1, rows[i].names);
        struct cc_transport *transport = cc_transport_curl_new();
        enum cc_wire wire = rows[i].code ? CC_WIRE_UNSENT : CC_WIRE_ANSWERED;
        struct run run;

        prepare(&run, hostile_server_base(server), "POST", 5, false);
        run.exchange.ca_file =
            rows[i].ca_file && !*rows[i].ca_file ? hostile_server_ca(server) : rows[i].ca_file;
        perform(transport, &run);
        assert_ended(&run, wire, rows[i].code, rows[i].reason);
        clear(&run);
        transport->free(transport);
        assert_int_equal(hostile_server_requests(server), rows[i].code ? 0 : 1);
        hostile_server_free(server);
    }
}

static void test_curl_transport__a_failed_handshake_leaves_the_request_unsent(void **state)
{
    const struct server_step step = { .reply = OK, .stop_after = 20, .close = true };
    struct hostile_server *server = hostile_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    char base[64];
    struct run run;

    (void)state;
    snprintf(base, sizeof(base), "https://%s", hostile_server_authority(server));
    prepare(&run, base, "POST", 5, true);
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_UNSENT, CLOUD_ETLS, "TLS with 127.0.0.1:");
    clear(&run);
    transport->free(transport);
    hostile_server_free(server);
}

static void perform_many(struct cc_transport *transport, struct hostile_server *server, int count,
                         bool fresh)
{
    for (int i = 0; i < count; i++) {
        struct run run;

        prepare(&run, hostile_server_base(server), "GET", 0, fresh);
        run.exchange.ca_file = *hostile_server_ca(server) ? hostile_server_ca(server) : NULL;
        perform(transport, &run);
        assert_ended(&run, CC_WIRE_ANSWERED, CLOUD_OK, "");
        assert_string_equal(run.reply.body.data, "{}");
        clear(&run);
    }
}

static void test_curl_transport__reads_share_a_connection_and_fresh_ones_do_not(void **state)
{
    const struct server_step step = { .reply = OK };
    const char *const names[] = { NULL, "IP:127.0.0.1" };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(names); i++) {
        struct hostile_server *server = hostile_server_new(&step, 1, names[i]);
        struct cc_transport *transport = cc_transport_curl_new();

        perform_many(transport, server, 2, true);
        assert_int_equal(hostile_server_connections(server), 2);
        perform_many(transport, server, 10, false); /* fresh connections are not reused */
        assert_int_equal(hostile_server_connections(server), 3);
        perform_many(transport, server, 2, true);
        assert_int_equal(hostile_server_connections(server), 5);
        perform_many(transport, server, 10, false); /* the first of the reads is still open */
        assert_int_equal(hostile_server_connections(server), 5);
        assert_int_equal(hostile_server_requests(server), 24);
        transport->free(transport);
        hostile_server_free(server);
    }
}

/* The second exchange reuses the easy handle of the first. The third begins meanwhile and needs
 * another handle. */
static void test_curl_transport__connections_share_tls_sessions(void **state)
{
    const struct server_step steps[] = { { .reply = OK }, { .reply = OK, .delay_ms = 300 } };
    struct hostile_server *server = hostile_server_new(steps, CC_COUNT(steps), "IP:127.0.0.1");
    struct cc_transport *transport = cc_transport_curl_new();
    struct cloud_error err;
    struct run runs[2];

    (void)state;
    perform_many(transport, server, 1, true);
    for (int i = 0; i < (int)CC_COUNT(runs); i++) {
        prepare(&runs[i], hostile_server_base(server), "GET", 0, true);
        runs[i].exchange.ca_file = hostile_server_ca(server);
        assert_int_equal(transport->start(transport, &runs[i].exchange, &err), CLOUD_OK);
        while (hostile_server_requests(server) < i + 2)
            transport->wait(transport, 10);
    }
    for (size_t i = 0; i < CC_COUNT(runs); i++)
        assert_int_equal(wait_for_one(transport)->reply->wire, CC_WIRE_ANSWERED);
    for (size_t i = 0; i < CC_COUNT(runs); i++)
        clear(&runs[i]);
    assert_int_equal(hostile_server_connections(server), 3);
    assert_int_equal(hostile_server_resumed(server), 2);
    transport->free(transport);
    hostile_server_free(server);
}

/* The server closes a reused connection during a request. A read is repeated on a new connection. A
 * change used its own connection and is not repeated. */
static void
test_curl_transport__only_reads_are_repeated_when_a_reused_connection_breaks(void **state)
{
    const struct server_step steps[] = { { .reply = OK }, { .stop_after = 1 }, { .reply = OK } };

    (void)state;
    for (int fresh = 0; fresh < 2; fresh++) {
        struct hostile_server *server = hostile_server_new(steps, CC_COUNT(steps), NULL);
        struct cc_transport *transport = cc_transport_curl_new();
        struct run run;

        perform_many(transport, server, 1, false);
        prepare(&run, hostile_server_base(server), "POST", 5, fresh);
        perform(transport, &run);
        if (fresh)
            assert_ended(&run, CC_WIRE_LOST, CLOUD_ENETWORK, "");
        else
            assert_ended(&run, CC_WIRE_ANSWERED, CLOUD_OK, "");
        clear(&run);
        transport->free(transport);
        assert_int_equal(hostile_server_connections(server), 2);
        assert_int_equal(hostile_server_requests(server), fresh ? 2 : 3);
        hostile_server_free(server);
    }
}

static void test_curl_transport__sends_exactly_the_signed_request(void **state)
{
    const struct server_step step = { .reply = OK };
    struct hostile_server *server = hostile_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    char text[4096], expected[4096];
    struct run run;

    (void)state;
    prepare(&run, hostile_server_base(server), "PATCH", 3, true);
    free(run.request.path);
    run.request.path = strdup("/a/../b%2Fc:go/./");
    free(run.request.host);
    run.request.host = strdup("vm.vendor.example");
    cc_pairs_add(&run.request.headers, "host", "another.example");
    cc_pairs_add(&run.request.headers, "x-empty", "");
    cc_pairs_add(&run.request.headers, "content-type", "application/json");
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_ANSWERED, CLOUD_OK, "");
    hostile_server_last(server, text, sizeof(text));
    snprintf(expected, sizeof(expected),
             "PATCH /a/../b%%2Fc:go/./?Signature=" CANARY " HTTP/1.1\r\nHost: vm.vendor.example\r\n"
             "Accept: */*\r\nUser-Agent: cloud_client/%s\r\nAuthorization: " CANARY
             "\r\nx-empty:\r\n"
             "content-type: application/json\r\nContent-Length: 3\r\n\r\nbbb",
             cloud_version());
    assert_string_equal(text, expected);
    clear(&run);

    prepare(&run, hostile_server_base(server), "POST", 0, true);
    perform(transport, &run);
    hostile_server_last(server, text, sizeof(text));
    assert_non_null(strstr(text, "\r\nContent-Length: 0\r\n"));
    assert_null(strcasestr(text, "Content-Type"));
    clear(&run);
    transport->free(transport);
    hostile_server_free(server);
}

static void test_curl_transport__a_line_break_in_a_header_is_refused(void **state)
{
    struct cc_transport *transport = cc_transport_curl_new();
    struct cloud_error err;
    struct run run;

    (void)state;
    prepare(&run, "http://127.0.0.1:1", "GET", 0, true);
    cc_pairs_add(&run.request.headers, "x-a", "b\r\nx-c: d");
    assert_int_equal(transport->start(transport, &run.exchange, &err), CLOUD_EINVAL);
    assert_null(transport->next(transport));
    transport->cancel(transport, &run.exchange);
    clear(&run);
    transport->free(transport);
}

static void test_curl_transport__reads_the_last_reply_headers(void **state)
{
    const struct server_step step = {
        .reply = "HTTP/1.1 103 Early\r\nRetry-After: 99\r\nDate: long ago\r\n\r\n"
                 "HTTP/1.1 429 Slow\r\nDATE:  Fri, 20 Nov 2026 08:00:00 GMT \r\n"
                 "X-Request-Id: a-proxy's\r\nx-jdcloud-request-id: r-\x1b[31m7\r\n"
                 "x-request-id: another\r\nContent-Length: 2\r\n\r\n{}"
    };
    struct hostile_server *server = hostile_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    struct run run;

    (void)state;
    prepare(&run, hostile_server_base(server), "GET", 0, false);
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_ANSWERED, CLOUD_OK, "");
    assert_int_equal(run.reply.status, 429);
    assert_string_equal(run.reply.date, "Fri, 20 Nov 2026 08:00:00 GMT");
    assert_string_equal(run.reply.retry_after, "");
    assert_string_equal(run.reply.request_id, "r- [31m7");
    clear(&run);
    transport->free(transport);
    hostile_server_free(server);
}

static void test_curl_transport__many_exchanges_run_concurrently(void **state)
{
    enum { MANY = 200 };
    static struct run runs[MANY];
    const struct server_step step = { .reply = OK, .delay_ms = 50 };
    struct hostile_server *server = hostile_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    struct cloud_error err;

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        prepare(&runs[i], hostile_server_base(server), "GET", 0, i % 2);
        assert_int_equal(transport->start(transport, &runs[i].exchange, &err), CLOUD_OK);
    }
    for (size_t i = 0; i < MANY; i++)
        assert_int_equal(wait_for_one(transport)->reply->wire, CC_WIRE_ANSWERED);
    for (size_t i = 0; i < MANY; i++) {
        assert_string_equal(runs[i].reply.body.data, "{}");
        clear(&runs[i]);
    }
    assert_null(transport->next(transport));
    transport->free(transport);
    assert_int_equal(hostile_server_requests(server), MANY);
    hostile_server_free(server);
}

/* More exchanges than connections. An exchange that waits for a connection has a deadline too. */
static void test_curl_transport__waiting_for_a_connection_ends_at_the_deadline(void **state)
{
    enum { TAKEN = 256, MORE = 20 };
    static struct run runs[TAKEN + MORE];
    const struct server_step steps[] = { { .delay_ms = SILENCE_MS } };
    struct hostile_server *server = hostile_server_new(steps, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    struct cloud_error err;

    (void)state;
    for (size_t i = 0; i < TAKEN + MORE; i++) {
        prepare(&runs[i], hostile_server_base(server), "GET", 0, true);
        runs[i].exchange.timeout_ms = i < TAKEN ? SILENCE_MS : 200;
        assert_int_equal(transport->start(transport, &runs[i].exchange, &err), CLOUD_OK);
    }
    for (size_t i = 0; i < MORE; i++) {
        struct cc_exchange *exchange = wait_for_one(transport);

        assert_true(exchange >= &runs[TAKEN].exchange);
        assert_int_equal(exchange->reply->wire, CC_WIRE_UNSENT);
        assert_int_equal(exchange->reply->code, CLOUD_ETIMEDOUT);
        assert_non_null(strstr(exchange->reply->reason, "no connection to 127.0.0.1:"));
    }
    while (hostile_server_connections(server) < TAKEN)
        transport->wait(transport, 10);
    transport->free(transport); /* the other exchanges are still in flight */
    assert_int_equal(hostile_server_connections(server), TAKEN);
    hostile_server_free(server);
    for (size_t i = 0; i < TAKEN + MORE; i++)
        clear(&runs[i]);
}

static void test_curl_transport__a_cancelled_exchange_is_never_returned(void **state)
{
    const struct server_step steps[] = { { .reply = OK, .delay_ms = 100 }, { .reply = OK } };
    struct hostile_server *server = hostile_server_new(steps, 2, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    struct cloud_error err;
    struct run run;

    (void)state;
    prepare(&run, hostile_server_base(server), "GET", 0, false);
    assert_int_equal(transport->start(transport, &run.exchange, &err), CLOUD_OK);
    while (hostile_server_requests(server) == 0)
        transport->wait(transport, 5);
    transport->cancel(transport, &run.exchange);
    transport->wait(transport, 150);
    assert_null(transport->next(transport));
    clear(&run);
    perform_many(transport, server, 2, false);
    transport->free(transport);
    hostile_server_free(server);
}

static void test_curl_transport__waiting_without_an_exchange_lasts_until_the_timeout(void **state)
{
    struct cc_transport *transport = cc_transport_curl_new();
    struct timespec before, after;

    (void)state;
    clock_gettime(CLOCK_MONOTONIC, &before);
    transport->wait(transport, 50);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(
        (after.tv_sec - before.tv_sec) * 1000 + (after.tv_nsec - before.tv_nsec) / 1000000 >= 45);
    transport->free(transport);
}

static void test_curl_transport__a_proxy_is_not_used_for_this_machine(void **state)
{
    const struct server_step steps[] = {
        { .reply = OK },
        { .reply = "HTTP/1.1 200 Via\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
          .close = true },
        { .reply = "HTTP/1.1 502 No way\r\nContent-Length: 2\r\n\r\n{}", .close = true },
    };
    struct hostile_server *server = hostile_server_new(steps, CC_COUNT(steps), NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    char text[4096];
    struct run run;

    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    perform_many(transport, server, 1, false);
    setenv("http_proxy", hostile_server_base(server), 1);
    prepare(&run, "http://vm.vendor.example", "GET", 0, false);
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_ANSWERED, CLOUD_OK, "");
    hostile_server_last(server, text, sizeof(text));
    assert_non_null(strstr(text, "GET http://vm.vendor.example/v1/things?"));
    clear(&run);
    setenv("https_proxy", hostile_server_base(server), 1);
    prepare(&run, "https://vm.vendor.example", "GET", 0, true);
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_UNSENT, CLOUD_ENETWORK, "cannot connect to vm.vendor.example: ");
    hostile_server_last(server, text, sizeof(text));
    assert_null(strstr(text, CANARY)); /* the CONNECT request has no part of the signed request */
    clear(&run);
    unsetenv("http_proxy");
    unsetenv("https_proxy");
    transport->free(transport);
    hostile_server_free(server);
}

static void *perform_in_thread(void *user)
{
    struct cc_transport *transport = cc_transport_curl_new();

    perform_many(transport, user, 20, false);
    transport->free(transport);
    return NULL;
}

static void test_curl_transport__each_thread_uses_its_own_transport(void **state)
{
    const struct server_step step = { .reply = OK };
    struct hostile_server *server = hostile_server_new(&step, 1, NULL);
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, perform_in_thread, server), 0);
    for (size_t i = 0; i < CC_COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(hostile_server_connections(server), CC_COUNT(threads));
    hostile_server_free(server);
}

/* This program does not link the emulator. The test is skipped where the emulator is installed,
 * because the library finds it then. */
static void test_curl_transport__the_error_of_a_missing_emulator_names_the_package(void **state)
{
    struct cc_transport *transport = NULL;
    struct cloud_error err;
    void *installed = dlopen("libcloud_emulator.so.0", RTLD_NOW);

    (void)state;
    if (installed) {
        dlclose(installed);
        skip();
    }
    assert_int_equal(cc_transport_emulator_new("emulator:", "id", "secret", &transport, &err),
                     CLOUD_ECONFIG);
    assert_non_null(strstr(err.message, "install libcloud_emulator"));
    assert_non_null(strstr(err.message, "libcloud_emulator.so.0: cannot open"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_curl_transport__reports_the_outcome_of_a_request),
        cmocka_unit_test(test_curl_transport__reports_the_same_outcome_with_tls),
        cmocka_unit_test(test_curl_transport__headers_beyond_the_limit_are_refused),
        cmocka_unit_test(test_curl_transport__without_a_connection_the_request_is_unsent),
        cmocka_unit_test(test_curl_transport__an_untrusted_certificate_is_refused),
        cmocka_unit_test(test_curl_transport__a_failed_handshake_leaves_the_request_unsent),
        cmocka_unit_test(test_curl_transport__reads_share_a_connection_and_fresh_ones_do_not),
        cmocka_unit_test(test_curl_transport__connections_share_tls_sessions),
        cmocka_unit_test(
            test_curl_transport__only_reads_are_repeated_when_a_reused_connection_breaks),
        cmocka_unit_test(test_curl_transport__sends_exactly_the_signed_request),
        cmocka_unit_test(test_curl_transport__a_line_break_in_a_header_is_refused),
        cmocka_unit_test(test_curl_transport__reads_the_last_reply_headers),
        cmocka_unit_test(test_curl_transport__many_exchanges_run_concurrently),
        cmocka_unit_test(test_curl_transport__waiting_for_a_connection_ends_at_the_deadline),
        cmocka_unit_test(test_curl_transport__a_cancelled_exchange_is_never_returned),
        cmocka_unit_test(test_curl_transport__waiting_without_an_exchange_lasts_until_the_timeout),
        cmocka_unit_test(test_curl_transport__a_proxy_is_not_used_for_this_machine),
        cmocka_unit_test(test_curl_transport__each_thread_uses_its_own_transport),
        cmocka_unit_test(test_curl_transport__the_error_of_a_missing_emulator_names_the_package),
    };

    return cmocka_run_group_tests_name("transport", tests, NULL, NULL);
}
