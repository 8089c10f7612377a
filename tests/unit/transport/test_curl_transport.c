/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport over libcurl against a server that misbehaves: what it says of each exchange must
 * be what the server can have seen, and what changes something must never be sent twice. The
 * server's tricks are wire_server.c's.
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

/* an exchange with all that it borrows */
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
                                          .timeout_ms = 20000,
                                          .connect_timeout_ms = 10000,
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

/* what a server does to a request, and what has to be said of it */
struct fate {
    const char *name;
    struct wire_step step;
    size_t body;
    int64_t timeout_ms; /* 0: plenty */
    enum cc_wire wire;
    int code;
    int status;
    const char *reason;
};

enum { LARGE = 6 * 1024 * 1024 }; /* more than the sockets between the two take */

/* clang-format off */
static const struct fate fates[] = {
    { "answers",              { .reply = OK },                         5, 0, CC_WIRE_ANSWERED, CLOUD_OK, 200, "" },
    { "answers a large one",  { .reply = OK },                     LARGE, 0, CC_WIRE_ANSWERED, CLOUD_OK, 200, "" },
    { "answers and closes",   { .reply = "HTTP/1.1 200 OK\r\n\r\n{}", .close = true }, 5, 0, CC_WIRE_ANSWERED, CLOUD_OK, 200, "" },
    { "no body",              { .reply = "HTTP/1.1 204 No Content\r\n\r\n" }, 0, 0, CC_WIRE_ANSWERED, CLOUD_OK, 204, "" },
    { "empty body",           { .reply = OK_HEAD "0\r\n\r\n" },        0, 0, CC_WIRE_ANSWERED, CLOUD_OK, 200, "" },
    { "chunks",               { .reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" }, 5, 0, CC_WIRE_ANSWERED, CLOUD_OK, 200, "" },
    { "as much as may be",    { .reply = OK_HEAD "100000\r\n\r\n", .fill = 100000 }, 5, 0, CC_WIRE_ANSWERED, CLOUD_OK, 200, "" },
    { "slow",                 { .reply = OK, .delay_ms = 150 },        5, 0, CC_WIRE_ANSWERED, CLOUD_OK, 200, "" },
    { "vendor's fault",       { .reply = "HTTP/1.1 500 Oh\r\nContent-Length: 2\r\n\r\n{}" }, 5, 0, CC_WIRE_ANSWERED, CLOUD_OK, 500, "" },
    { "redirects",            { .reply = "HTTP/1.1 302 Found\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n" }, 5, 0, CC_WIRE_ANSWERED, CLOUD_OK, 302, "" },
    { "redirects for good",   { .reply = "HTTP/1.1 308 Moved\r\nLocation: /other\r\nContent-Length: 0\r\n\r\n" }, 5, 0, CC_WIRE_ANSWERED, CLOUD_OK, 308, "" },
    { "wants a password",     { .reply = "HTTP/1.1 401 No\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\n\r\n" }, 5, 0, CC_WIRE_ANSWERED, CLOUD_OK, 401, "" },
    { "expects nothing",      { .reply = "HTTP/1.1 417 No\r\nContent-Length: 0\r\n\r\n" }, LARGE, 0, CC_WIRE_ANSWERED, CLOUD_OK, 417, "" },
    { "asks to continue",     { .interim = "HTTP/1.1 100 Continue\r\n\r\n", .reply = OK }, LARGE, 0, CC_WIRE_ANSWERED, CLOUD_OK, 200, "" },

    { "closes at accept",     { .at_accept = true },                   5, 0, CC_WIRE_LOST,   CLOUD_ENETWORK,    0, "the connection to 127.0.0.1:" },
    { "closes in the request", { .stop_after = 10 },                   5, 0, CC_WIRE_LOST,   CLOUD_ENETWORK,    0, "the connection to 127.0.0.1:" },
    { "resets in a large one", { .stop_after = 9000, .reset = true },  LARGE, 0, CC_WIRE_UNSENT, CLOUD_ENETWORK, 0, "the connection to 127.0.0.1:" },
    { "stops in a large one", { .stop_after = 9000, .delay_ms = 9000 }, LARGE, 500, CC_WIRE_UNSENT, CLOUD_ETIMEDOUT, 0, "the request could not be sent to 127.0.0.1:" },
    { "interim, then resets", { .interim = "HTTP/1.1 100 Continue\r\n\r\n", .stop_after = 9000, .delay_ms = 200, .reset = true }, LARGE, 0, CC_WIRE_LOST, CLOUD_ENETWORK, -1, "" },
    { "closes after it",      { .close = true },                       5, 0, CC_WIRE_LOST,   CLOUD_ENETWORK,    0, "the connection to" },
    { "closes after GET",     { .close = true },                       0, 0, CC_WIRE_LOST,   CLOUD_ENETWORK,    0, "the connection to" },
    { "closes after a large one", { .close = true },               LARGE, 0, CC_WIRE_LOST,   CLOUD_ENETWORK,    0, "the connection to" },
    { "resets after it",      { .reset = true },                       5, 0, CC_WIRE_LOST,   CLOUD_ENETWORK,    0, "the connection to" },
    { "says nothing",         { .delay_ms = 9000 },                    5, 500, CC_WIRE_LOST, CLOUD_ETIMEDOUT,   0, "no answer from 127.0.0.1:" },
    { "says nothing to GET",  { .delay_ms = 9000 },                    0, 500, CC_WIRE_LOST, CLOUD_ETIMEDOUT,   0, "within 500 ms" },
    { "part of a status",     { .reply = "HTTP/1.1 2", .close = true }, 5, 0, CC_WIRE_LOST,  CLOUD_ENETWORK,    0, "" },
    { "part of the headers",  { .reply = "HTTP/1.1 200 OK\r\nContent-Le", .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, 200, "the headers of the answer of 127.0.0.1:" },
    { "headers without end",  { .reply = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n", .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, 200, "" },
    { "headers, then reset",  { .reply = "HTTP/1.1 200 OK\r\nContent-Le", .reset = true, .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, -1, "" },
    { "interim, then closes", { .interim = "HTTP/1.1 100 Continue\r\n\r\n", .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, -1, "" },
    { "part of the body",     { .reply = OK_HEAD "100\r\n\r\n{", .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, 200, "" },
    { "body, then silence",   { .reply = OK_HEAD "100\r\n\r\n{", .delay_ms = 0 }, 5, 500, CC_WIRE_LOST, CLOUD_ETIMEDOUT, 200, "no answer" },
    { "chunks cut",           { .reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\n{}", .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, 200, "" },
    { "chunks without end",   { .reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n", .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, 200, "" },
    { "chunks of nonsense",   { .reply = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}", .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, 200, "" },
    { "nonsense",             { .reply = "\x01\x02 nonsense\r\n\r\n", .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, -1, "" },
    { "nonsense for a length", { .reply = OK_HEAD "-5\r\n\r\n{}", .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, 200, "" },
    { "switches protocols",   { .reply = "HTTP/1.1 101 Go\r\nUpgrade: x\r\n\r\n{}", .close = true }, 5, 0, CC_WIRE_LOST, CLOUD_ENETWORK, 101, "status 101" },
    { "one byte too many",    { .reply = OK_HEAD "100001\r\n\r\n", .fill = 100001 }, 5, 0, CC_WIRE_LOST, CLOUD_ETOOBIG, 200, "longer than 100000 bytes; raise max_reply_bytes" },
    { "a flood",              { .reply = "HTTP/1.1 200 OK\r\n\r\n", .fill = LARGE }, 5, 0, CC_WIRE_LOST, CLOUD_ETOOBIG, 200, "longer than 100000 bytes" },
    { "a flood of one header", { .reply = "HTTP/1.1 200 OK\r\nX: ", .fill = LARGE }, 5, 0, CC_WIRE_LOST, CLOUD_ETOOBIG, 200, "the headers of the answer of 127.0.0.1:" },
};
/* clang-format on */

/* Each fate for a request that must not be sent twice: the server must have seen one connection and
 * one request. */
static void meet(const struct fate *fate, const char *names)
{
    struct cc_transport *transport = cc_transport_curl_new();
    struct wire_server *server = wire_server_new(&fate->step, 1, names);
    bool no_handshake = fate->step.at_accept && names;
    char text[4096];
    struct run run;

    print_message("    %s%s\n", fate->name, names ? ", by TLS" : "");
    prepare(&run, wire_server_base(server), fate->body ? "POST" : "GET", fate->body, true);
    run.exchange.ca_file = names ? wire_server_ca(server) : NULL;
    if (fate->timeout_ms)
        run.exchange.timeout_ms = fate->timeout_ms;
    perform(transport, &run);
    if (no_handshake)
        assert_ended(&run, CC_WIRE_UNSENT, fate->code, "cannot connect to 127.0.0.1:");
    else
        assert_ended(&run, fate->wire, fate->code, fate->reason);
    if (fate->status >= 0)
        assert_int_equal(run.reply.status, fate->status);
    if (fate->wire == CC_WIRE_ANSWERED)
        assert_non_null(run.reply.body.data);
    clear(&run);
    transport->free(transport);
    wire_server_last(server, text, sizeof(text));
    assert_null(strcasestr(text, "\r\nExpect:"));
    assert_int_equal(wire_server_connections(server), 1);
    assert_int_equal(wire_server_requests(server), fate->step.at_accept ? 0 : 1);
    wire_server_free(server);
}

static void test_transport__says_what_became_of_a_request(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(fates); i++)
        meet(&fates[i], NULL);
}

static void test_transport__says_the_same_by_tls(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(fates); i++)
        meet(&fates[i], "IP:127.0.0.1");
}

static void test_transport__many_headers_are_too_many(void **state)
{
    cc_auto_buf struct cc_buf reply = { 0 };
    struct cc_transport *transport = cc_transport_curl_new();
    struct wire_step step = { .close = true };
    struct wire_server *server;
    struct run run;

    (void)state;
    cc_buf_puts(&reply, "HTTP/1.1 200 OK\r\n");
    for (int i = 0; i < 3000; i++)
        cc_buf_printf(&reply, "X-Header-Number-%d: of three thousand\r\n", i);
    cc_buf_puts(&reply, "Content-Length: 0\r\n\r\n");
    step.reply = reply.data;
    server = wire_server_new(&step, 1, NULL);
    prepare(&run, wire_server_base(server), "GET", 0, false);
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_LOST, CLOUD_ETOOBIG, "longer than 64 KiB");
    clear(&run);
    transport->free(transport);
    wire_server_free(server);
}

static void test_transport__no_connection_is_unsent(void **state)
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
    snprintf(refused, sizeof(refused), "http://127.0.0.1:%d", wire_closed_port());
    /* a label of more than 63 characters: no name, so that nobody is asked for it */
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

static void test_transport__a_certificate_nobody_vouches_for_is_refused(void **state)
{
    const struct wire_step step = { .reply = OK };
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
        struct wire_server *server = wire_server_new(&step, 1, rows[i].names);
        struct cc_transport *transport = cc_transport_curl_new();
        enum cc_wire wire = rows[i].code ? CC_WIRE_UNSENT : CC_WIRE_ANSWERED;
        struct run run;

        prepare(&run, wire_server_base(server), "POST", 5, false);
        run.exchange.ca_file =
            rows[i].ca_file && !*rows[i].ca_file ? wire_server_ca(server) : rows[i].ca_file;
        perform(transport, &run);
        assert_ended(&run, wire, rows[i].code, rows[i].reason);
        clear(&run);
        transport->free(transport);
        assert_int_equal(wire_server_requests(server), rows[i].code ? 0 : 1);
        wire_server_free(server);
    }
}

static void test_transport__tls_on_a_plain_port_is_unsent(void **state)
{
    const struct wire_step step = { .reply = OK, .stop_after = 20, .close = true };
    struct wire_server *server = wire_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    char base[64];
    struct run run;

    (void)state;
    snprintf(base, sizeof(base), "https://%s", wire_server_authority(server));
    prepare(&run, base, "POST", 5, true);
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_UNSENT, CLOUD_ETLS, "TLS with 127.0.0.1:");
    clear(&run);
    transport->free(transport);
    wire_server_free(server);
}

static void perform_many(struct cc_transport *transport, struct wire_server *server, int count,
                         bool fresh)
{
    for (int i = 0; i < count; i++) {
        struct run run;

        prepare(&run, wire_server_base(server), "GET", 0, fresh);
        run.exchange.ca_file = *wire_server_ca(server) ? wire_server_ca(server) : NULL;
        perform(transport, &run);
        assert_ended(&run, CC_WIRE_ANSWERED, CLOUD_OK, "");
        assert_string_equal(run.reply.body.data, "{}");
        clear(&run);
    }
}

static void test_transport__reads_share_a_connection_and_fresh_ones_do_not(void **state)
{
    const struct wire_step step = { .reply = OK };
    const char *const names[] = { NULL, "IP:127.0.0.1" };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(names); i++) {
        struct wire_server *server = wire_server_new(&step, 1, names[i]);
        struct cc_transport *transport = cc_transport_curl_new();

        perform_many(transport, server, 2, true);
        assert_int_equal(wire_server_connections(server), 2);
        perform_many(transport, server, 10, false); /* none is left over from the fresh ones */
        assert_int_equal(wire_server_connections(server), 3);
        perform_many(transport, server, 2, true);
        assert_int_equal(wire_server_connections(server), 5);
        perform_many(transport, server, 10, false); /* the kept one is still there */
        assert_int_equal(wire_server_connections(server), 5);
        assert_int_equal(wire_server_requests(server), 24);
        transport->free(transport);
        wire_server_free(server);
    }
}

/* The second is under way, on the handle of the first, when the third begins on a handle of its
 * own. */
static void test_transport__connections_share_tls_sessions(void **state)
{
    const struct wire_step steps[] = { { .reply = OK }, { .reply = OK, .delay_ms = 300 } };
    struct wire_server *server = wire_server_new(steps, CC_COUNT(steps), "IP:127.0.0.1");
    struct cc_transport *transport = cc_transport_curl_new();
    struct cloud_error err;
    struct run runs[2];

    (void)state;
    perform_many(transport, server, 1, true);
    for (int i = 0; i < (int)CC_COUNT(runs); i++) {
        prepare(&runs[i], wire_server_base(server), "GET", 0, true);
        runs[i].exchange.ca_file = wire_server_ca(server);
        assert_int_equal(transport->start(transport, &runs[i].exchange, &err), CLOUD_OK);
        while (wire_server_requests(server) < i + 2)
            transport->wait(transport, 10);
    }
    for (size_t i = 0; i < CC_COUNT(runs); i++)
        assert_int_equal(wait_for_one(transport)->reply->wire, CC_WIRE_ANSWERED);
    for (size_t i = 0; i < CC_COUNT(runs); i++)
        clear(&runs[i]);
    assert_int_equal(wire_server_connections(server), 3);
    assert_int_equal(wire_server_resumed(server), 2);
    transport->free(transport);
    wire_server_free(server);
}

/* A kept connection that dies under a request: reads go on over another one; a change went over its
 * own and is not repeated. */
static void test_transport__a_dead_kept_connection_repeats_reads_only(void **state)
{
    const struct wire_step steps[] = { { .reply = OK }, { .stop_after = 1 }, { .reply = OK } };

    (void)state;
    for (int fresh = 0; fresh < 2; fresh++) {
        struct wire_server *server = wire_server_new(steps, CC_COUNT(steps), NULL);
        struct cc_transport *transport = cc_transport_curl_new();
        struct run run;

        perform_many(transport, server, 1, false);
        prepare(&run, wire_server_base(server), "POST", 5, fresh);
        perform(transport, &run);
        if (fresh)
            assert_ended(&run, CC_WIRE_LOST, CLOUD_ENETWORK, "");
        else
            assert_ended(&run, CC_WIRE_ANSWERED, CLOUD_OK, "");
        clear(&run);
        transport->free(transport);
        assert_int_equal(wire_server_connections(server), 2);
        assert_int_equal(wire_server_requests(server), fresh ? 2 : 3);
        wire_server_free(server);
    }
}

static void test_transport__sends_what_was_signed_and_nothing_else(void **state)
{
    const struct wire_step step = { .reply = OK };
    struct wire_server *server = wire_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    char text[4096], expected[4096];
    struct run run;

    (void)state;
    prepare(&run, wire_server_base(server), "PATCH", 3, true);
    free(run.request.path);
    run.request.path = strdup("/a/../b%2Fc:go/./");
    free(run.request.host);
    run.request.host = strdup("vm.vendor.example");
    cc_pairs_add(&run.request.headers, "host", "another.example");
    cc_pairs_add(&run.request.headers, "x-empty", "");
    cc_pairs_add(&run.request.headers, "content-type", "application/json");
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_ANSWERED, CLOUD_OK, "");
    wire_server_last(server, text, sizeof(text));
    snprintf(expected, sizeof(expected),
             "PATCH /a/../b%%2Fc:go/./?Signature=" CANARY " HTTP/1.1\r\nHost: vm.vendor.example\r\n"
             "Accept: */*\r\nUser-Agent: cloud_client/%s\r\nAuthorization: " CANARY
             "\r\nx-empty:\r\n"
             "content-type: application/json\r\nContent-Length: 3\r\n\r\nbbb",
             cloud_version());
    assert_string_equal(text, expected);
    clear(&run);

    prepare(&run, wire_server_base(server), "POST", 0, true);
    perform(transport, &run);
    wire_server_last(server, text, sizeof(text));
    assert_non_null(strstr(text, "\r\nContent-Length: 0\r\n"));
    assert_null(strcasestr(text, "Content-Type"));
    clear(&run);
    transport->free(transport);
    wire_server_free(server);
}

static void test_transport__a_line_break_in_a_header_is_refused(void **state)
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

static void test_transport__keeps_the_headers_that_matter(void **state)
{
    const struct wire_step step = {
        .reply = "HTTP/1.1 103 Early\r\nRetry-After: 99\r\nDate: long ago\r\n\r\n"
                 "HTTP/1.1 429 Slow\r\nDATE:  Fri, 20 Nov 2026 08:00:00 GMT \r\n"
                 "X-Request-Id: a-proxy's\r\nx-jdcloud-request-id: r-\x1b[31m7\r\n"
                 "x-request-id: another\r\nContent-Length: 2\r\n\r\n{}"
    };
    struct wire_server *server = wire_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    struct run run;

    (void)state;
    prepare(&run, wire_server_base(server), "GET", 0, false);
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_ANSWERED, CLOUD_OK, "");
    assert_int_equal(run.reply.status, 429);
    assert_string_equal(run.reply.date, "Fri, 20 Nov 2026 08:00:00 GMT");
    assert_string_equal(run.reply.retry_after, "");
    assert_string_equal(run.reply.request_id, "r- [31m7");
    clear(&run);
    transport->free(transport);
    wire_server_free(server);
}

static void test_transport__many_at_once(void **state)
{
    enum { MANY = 200 };
    static struct run runs[MANY];
    const struct wire_step step = { .reply = OK, .delay_ms = 50 };
    struct wire_server *server = wire_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    struct cloud_error err;

    (void)state;
    for (size_t i = 0; i < MANY; i++) {
        prepare(&runs[i], wire_server_base(server), "GET", 0, i % 2);
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
    assert_int_equal(wire_server_requests(server), MANY);
    wire_server_free(server);
}

/* More than there are connections for: who waits for one has a deadline like all others. */
static void test_transport__waiting_for_a_connection_ends_at_the_deadline(void **state)
{
    enum { TAKEN = 256, MORE = 20 };
    static struct run runs[TAKEN + MORE];
    const struct wire_step steps[] = { { .delay_ms = 60000 } };
    struct wire_server *server = wire_server_new(steps, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    struct cloud_error err;

    (void)state;
    for (size_t i = 0; i < TAKEN + MORE; i++) {
        prepare(&runs[i], wire_server_base(server), "GET", 0, true);
        runs[i].exchange.timeout_ms = i < TAKEN ? 60000 : 200;
        assert_int_equal(transport->start(transport, &runs[i].exchange, &err), CLOUD_OK);
    }
    for (size_t i = 0; i < MORE; i++) {
        struct cc_exchange *exchange = wait_for_one(transport);

        assert_true(exchange >= &runs[TAKEN].exchange);
        assert_int_equal(exchange->reply->wire, CC_WIRE_UNSENT);
        assert_int_equal(exchange->reply->code, CLOUD_ETIMEDOUT);
        assert_non_null(strstr(exchange->reply->reason, "no connection to 127.0.0.1:"));
    }
    while (wire_server_connections(server) < TAKEN)
        transport->wait(transport, 10);
    transport->free(transport); /* with the others still under way */
    assert_int_equal(wire_server_connections(server), TAKEN);
    wire_server_free(server);
    for (size_t i = 0; i < TAKEN + MORE; i++)
        clear(&runs[i]);
}

static void test_transport__a_cancelled_exchange_never_comes_back(void **state)
{
    const struct wire_step steps[] = { { .reply = OK, .delay_ms = 100 }, { .reply = OK } };
    struct wire_server *server = wire_server_new(steps, 2, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    struct cloud_error err;
    struct run run;

    (void)state;
    prepare(&run, wire_server_base(server), "GET", 0, false);
    assert_int_equal(transport->start(transport, &run.exchange, &err), CLOUD_OK);
    while (wire_server_requests(server) == 0)
        transport->wait(transport, 5);
    transport->cancel(transport, &run.exchange);
    transport->wait(transport, 150);
    assert_null(transport->next(transport));
    clear(&run);
    perform_many(transport, server, 2, false);
    transport->free(transport);
    wire_server_free(server);
}

static void test_transport__waiting_for_nothing_takes_its_time(void **state)
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

static void test_transport__a_proxy_is_for_others_not_for_this_machine(void **state)
{
    const struct wire_step steps[] = {
        { .reply = OK },
        { .reply = "HTTP/1.1 200 Via\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}",
          .close = true },
        { .reply = "HTTP/1.1 502 No way\r\nContent-Length: 2\r\n\r\n{}", .close = true },
    };
    struct wire_server *server = wire_server_new(steps, CC_COUNT(steps), NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    char text[4096];
    struct run run;

    (void)state;
    setenv("http_proxy", "http://127.0.0.1:1", 1);
    perform_many(transport, server, 1, false);
    setenv("http_proxy", wire_server_base(server), 1);
    prepare(&run, "http://vm.vendor.example", "GET", 0, false);
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_ANSWERED, CLOUD_OK, "");
    wire_server_last(server, text, sizeof(text));
    assert_non_null(strstr(text, "GET http://vm.vendor.example/v1/things?"));
    clear(&run);
    setenv("https_proxy", wire_server_base(server), 1);
    prepare(&run, "https://vm.vendor.example", "GET", 0, true);
    perform(transport, &run);
    assert_ended(&run, CC_WIRE_UNSENT, CLOUD_ENETWORK, "cannot connect to vm.vendor.example: ");
    wire_server_last(server, text, sizeof(text));
    assert_null(strstr(text, CANARY)); /* the tunnel is not told what it is for */
    clear(&run);
    unsetenv("http_proxy");
    unsetenv("https_proxy");
    transport->free(transport);
    wire_server_free(server);
}

static void *perform_in_thread(void *user)
{
    struct cc_transport *transport = cc_transport_curl_new();

    perform_many(transport, user, 20, false);
    transport->free(transport);
    return NULL;
}

static void test_transport__one_for_each_thread(void **state)
{
    const struct wire_step step = { .reply = OK };
    struct wire_server *server = wire_server_new(&step, 1, NULL);
    pthread_t threads[4];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, perform_in_thread, server), 0);
    for (size_t i = 0; i < CC_COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(wire_server_connections(server), CC_COUNT(threads));
    wire_server_free(server);
}

/* This program holds no emulator. (Where one is installed for all, it is found, and that is right
 * as well.) */
static void test_transport__a_missing_emulator_says_what_to_install(void **state)
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
        cmocka_unit_test(test_transport__says_what_became_of_a_request),
        cmocka_unit_test(test_transport__says_the_same_by_tls),
        cmocka_unit_test(test_transport__many_headers_are_too_many),
        cmocka_unit_test(test_transport__no_connection_is_unsent),
        cmocka_unit_test(test_transport__a_certificate_nobody_vouches_for_is_refused),
        cmocka_unit_test(test_transport__tls_on_a_plain_port_is_unsent),
        cmocka_unit_test(test_transport__reads_share_a_connection_and_fresh_ones_do_not),
        cmocka_unit_test(test_transport__connections_share_tls_sessions),
        cmocka_unit_test(test_transport__a_dead_kept_connection_repeats_reads_only),
        cmocka_unit_test(test_transport__sends_what_was_signed_and_nothing_else),
        cmocka_unit_test(test_transport__a_line_break_in_a_header_is_refused),
        cmocka_unit_test(test_transport__keeps_the_headers_that_matter),
        cmocka_unit_test(test_transport__many_at_once),
        cmocka_unit_test(test_transport__waiting_for_a_connection_ends_at_the_deadline),
        cmocka_unit_test(test_transport__a_cancelled_exchange_never_comes_back),
        cmocka_unit_test(test_transport__waiting_for_nothing_takes_its_time),
        cmocka_unit_test(test_transport__a_proxy_is_for_others_not_for_this_machine),
        cmocka_unit_test(test_transport__one_for_each_thread),
        cmocka_unit_test(test_transport__a_missing_emulator_says_what_to_install),
    };

    return cmocka_run_group_tests_name("transport", tests, NULL, NULL);
}
