/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests the transport to the emulator in this process. This program exports the emulator's
 * functions, so the transport finds a fake emulator here. The replies of the real one are tested
 * in tests/emulator/.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/transport/transport.h"
#include "include/cloud_emulator.h"

struct cloud_emulator {
    char path[128];
};

static struct {
    pthread_mutex_t lock;
    struct cloud_emulator_reply reply; /* the next reply; its texts are copied */
    int took_ms;
    bool refuse_open, refuse_request;
    int opened, closed, handled;
    char request[1024]; /* the last request, a line for each part */
    char keys[256];
} script = { .lock = PTHREAD_MUTEX_INITIALIZER };

int cloud_emulator_open(const char *path, struct cloud_emulator **ret, char *message, size_t size)
{
    if (script.refuse_open) {
        snprintf(message, size, "the disk is full");
        return -1;
    }
    *ret = calloc(1, sizeof(**ret));
    snprintf((*ret)->path, sizeof((*ret)->path), "%s", path ? path : "memory");
    script.opened++;
    return 0;
}

void cloud_emulator_close(struct cloud_emulator *emulator)
{
    free(emulator);
    script.closed++;
}

int cloud_emulator_add_key(struct cloud_emulator *emulator, const char *id, const char *secret)
{
    pthread_mutex_lock(&script.lock);
    snprintf(script.keys, sizeof(script.keys), "%s %s:%s", emulator->path, id, secret);
    pthread_mutex_unlock(&script.lock);
    return strcmp(secret, "another") == 0 ? -1 : 0;
}

int cloud_emulator_handle(struct cloud_emulator *emulator,
                          const struct cloud_emulator_request *request,
                          struct cloud_emulator_reply *ret)
{
    const struct timespec took = { .tv_nsec = script.took_ms * 1000000L };
    size_t at;

    assert_int_equal(request->size, sizeof(*request));
    assert_int_equal(ret->size, sizeof(*ret));
    if (script.refuse_request)
        return -1;
    nanosleep(&took, NULL);
    pthread_mutex_lock(&script.lock);
    at = (size_t)snprintf(script.request, sizeof(script.request), "%s %s %s\n", emulator->path,
                          request->method, request->url);
    for (const char *const *header = request->headers; *header; header++)
        at += (size_t)snprintf(script.request + at, sizeof(script.request) - at, "%s\n", *header);
    snprintf(script.request + at, sizeof(script.request) - at, "%.*s", (int)request->body_size,
             request->body_size ? (const char *)request->body : "");
    script.handled++;
    *ret = script.reply;
    ret->headers = script.reply.headers ? strdup(script.reply.headers) : NULL;
    ret->body = script.reply.body ? strdup(script.reply.body) : NULL;
    pthread_mutex_unlock(&script.lock);
    return 0;
}

void cloud_emulator_reply_clear(struct cloud_emulator_reply *reply)
{
    free(reply->headers);
    free(reply->body);
    *reply = (struct cloud_emulator_reply){ .size = reply->size };
}

static void script_reply(enum cloud_emulator_wire wire, int status, const char *headers,
                         const char *body, int delay_ms)
{
    script.reply = (struct cloud_emulator_reply){ .size = sizeof(script.reply),
                                                  .wire = wire,
                                                  .status = status,
                                                  .headers = (char *)headers,
                                                  .body = (char *)body,
                                                  .body_size = body ? strlen(body) : 0,
                                                  .delay_ms = delay_ms };
}

struct run {
    struct cc_request request;
    struct cc_reply reply;
    struct cc_exchange exchange;
};

static void prepare(struct run *run)
{
    *run = (struct run){ 0 };
    run->request.method = "POST";
    run->request.base = strdup("https://vm.jdcloud-api.com");
    run->request.host = strdup("vm.jdcloud-api.com");
    run->request.path = strdup("/v1/things");
    run->exchange = (struct cc_exchange){
        .request = &run->request, .reply = &run->reply, .timeout_ms = 300000, .max_reply_bytes = 50
    };
}

static void clear(struct run *run)
{
    cc_request_clear(&run->request);
    cc_reply_clear(&run->reply);
}

static struct cc_transport *open_transport(const char *endpoint)
{
    struct cc_transport *transport = NULL;
    struct cloud_error err;

    if (cc_transport_emulator_new(endpoint, "id", "secret", &transport, &err))
        fail_msg("%s", err.message);
    return transport;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void perform(struct cc_transport *transport, struct run *run)
{
    struct cc_exchange *exchange;
    struct cloud_error err;

    assert_int_equal(transport->start(transport, &run->exchange, &err), CLOUD_OK);
    while (!(exchange = transport->next(transport)))
        transport->wait(transport, 10000);
    assert_ptr_equal(exchange, &run->exchange);
    assert_null(transport->next(transport));
}

static void test_emulator_transport__receives_the_request_of_the_wire(void **state)
{
    struct cc_transport *transport = open_transport("emulator:");
    struct run run;

    (void)state;
    script_reply(CLOUD_EMULATOR_ANSWERED, 404,
                 "Date: Fri, 20 Nov 2026 08:00:00 GMT\r\nRetry-After: 3\r\nCDS-Request-Id: r-7\r\n",
                 "{\"a\":1}", 0);
    prepare(&run);
    cc_buf_puts(&run.request.query_text, "a=b%20c");
    cc_pairs_add(&run.request.headers, "Content-Type", "application/json");
    cc_pairs_add(&run.request.headers, "x-empty", "");
    cc_buf_puts(&run.request.body, "{}");
    perform(transport, &run);
    assert_string_equal(script.request, "memory POST https://vm.jdcloud-api.com/v1/things?a=b%20c\n"
                                        "Host: vm.jdcloud-api.com\nContent-Type: application/json\n"
                                        "x-empty:\n{}");
    assert_string_equal(script.keys, "memory id:secret");
    assert_int_equal(run.reply.wire, CC_WIRE_ANSWERED);
    assert_int_equal(run.reply.code, CLOUD_OK);
    assert_int_equal(run.reply.status, 404);
    assert_string_equal(run.reply.body.data, "{\"a\":1}");
    assert_string_equal(run.reply.date, "Fri, 20 Nov 2026 08:00:00 GMT");
    assert_string_equal(run.reply.retry_after, "3");
    assert_string_equal(run.reply.request_id, "r-7");
    clear(&run);
    transport->free(transport);
}

static void test_emulator_transport__the_outcome_on_the_wire_is_reported(void **state)
{
    enum { LONG_MS = 300000 };
    static const struct {
        enum cloud_emulator_wire wire;
        int delay_ms;
        const char *body;
        enum cc_wire expected;
        int code;
        const char *reason;
    } rows[] = {
        { CLOUD_EMULATOR_ANSWERED, 0, "", CC_WIRE_ANSWERED, CLOUD_OK, "" },
        { CLOUD_EMULATOR_ANSWERED, 20, "{}", CC_WIRE_ANSWERED, CLOUD_OK, "" },
        { CLOUD_EMULATOR_REFUSED, 0, NULL, CC_WIRE_UNSENT, CLOUD_ENETWORK, "no connection" },
        { CLOUD_EMULATOR_RESET, 0, NULL, CC_WIRE_UNSENT, CLOUD_ENETWORK,
          "failed during the request" },
        { CLOUD_EMULATOR_LOST, 0, NULL, CC_WIRE_LOST, CLOUD_ENETWORK, "failed before the answer" },
        { CLOUD_EMULATOR_CUT, 0, "{\"a", CC_WIRE_LOST, CLOUD_ENETWORK, "failed during the answer" },
        { (enum cloud_emulator_wire)99, 0, "{}", CC_WIRE_LOST, CLOUD_ENETWORK,
          "an answer of unknown kind" },
        { CLOUD_EMULATOR_ANSWERED, LONG_MS, "{}", CC_WIRE_LOST, CLOUD_ETIMEDOUT,
          "no answer from vm.jdcloud-api.com within 100 ms" },
        { CLOUD_EMULATOR_CUT, LONG_MS, "{", CC_WIRE_LOST, CLOUD_ETIMEDOUT, "within 100 ms" },
        { CLOUD_EMULATOR_REFUSED, LONG_MS, NULL, CC_WIRE_UNSENT, CLOUD_ETIMEDOUT, "within 100 ms" },
        { CLOUD_EMULATOR_ANSWERED, 0, "12345678901234567890123456789012345678901234567890",
          CC_WIRE_ANSWERED, CLOUD_OK, "" },
        { CLOUD_EMULATOR_ANSWERED, 0, "123456789012345678901234567890123456789012345678901",
          CC_WIRE_LOST, CLOUD_ETOOBIG, "longer than 50 bytes; raise max_reply_bytes" },
    };
    struct cc_transport *transport = open_transport("emulator:");

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        int64_t began = now_ms();
        struct run run;

        script_reply(rows[i].wire, 200, NULL, rows[i].body, rows[i].delay_ms);
        prepare(&run);
        run.exchange.timeout_ms = rows[i].delay_ms == LONG_MS ? 100 : LONG_MS;
        perform(transport, &run);
        assert_int_equal(run.reply.wire, rows[i].expected);
        assert_string_equal(cloud_code_name(run.reply.code), cloud_code_name(rows[i].code));
        if (!strstr(run.reply.reason, rows[i].reason))
            fail_msg("\"%s\" does not say \"%s\"", run.reply.reason, rows[i].reason);
        if (rows[i].code)
            assert_int_equal(run.reply.body.len, 0);
        else
            assert_string_equal(run.reply.body.data, rows[i].body);
        assert_true(now_ms() - began >= (rows[i].delay_ms == LONG_MS ? 100 : rows[i].delay_ms));
        assert_true(now_ms() - began < LONG_MS / 2);
        clear(&run);
    }
    transport->free(transport);
}

static void test_emulator_transport__the_time_of_the_emulator_counts(void **state)
{
    struct cc_transport *transport = open_transport("emulator:");
    int handled = script.handled;
    struct run run;

    (void)state;
    script_reply(CLOUD_EMULATOR_ANSWERED, 200, NULL, "{}", 0);
    script.took_ms = 60;
    prepare(&run);
    run.exchange.timeout_ms = 30;
    perform(transport, &run);
    assert_int_equal(run.reply.wire, CC_WIRE_LOST);
    assert_int_equal(run.reply.code, CLOUD_ETIMEDOUT);
    clear(&run);
    script.took_ms = 0;

    prepare(&run);
    run.exchange.timeout_ms = 0; /* no time left: nothing is sent */
    perform(transport, &run);
    assert_int_equal(run.reply.wire, CC_WIRE_UNSENT);
    assert_int_equal(script.handled, handled + 1);
    clear(&run);
    transport->free(transport);
}

static void test_emulator_transport__replies_arrive_in_the_order_of_their_delays(void **state)
{
    static const int delays_ms[] = { 900, 0, 600, 300, 600 };
    static const size_t order[] = { 1, 3, 2, 4 }; /* the first is cancelled */
    struct cc_transport *transport = open_transport("emulator:");
    struct run runs[CC_COUNT(delays_ms)];
    struct cloud_error err;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(delays_ms); i++) {
        prepare(&runs[i]);
        script_reply(CLOUD_EMULATOR_ANSWERED, 200, NULL, "{}", delays_ms[i]);
        assert_int_equal(transport->start(transport, &runs[i].exchange, &err), CLOUD_OK);
    }
    transport->cancel(transport, &runs[0].exchange);
    transport->cancel(transport, &runs[0].exchange);
    for (size_t i = 0; i < CC_COUNT(order); i++) {
        struct cc_exchange *exchange;

        while (!(exchange = transport->next(transport)))
            transport->wait(transport, 10000);
        assert_ptr_equal(exchange, &runs[order[i]].exchange);
    }
    transport->wait(transport, 1000);
    assert_null(transport->next(transport));
    script_reply(CLOUD_EMULATOR_ANSWERED, 200, NULL, "{}", 5000);
    clear(&runs[0]);
    prepare(&runs[0]);
    assert_int_equal(transport->start(transport, &runs[0].exchange, &err), CLOUD_OK);
    transport->free(transport); /* one exchange is still in flight */
    for (size_t i = 0; i < CC_COUNT(runs); i++)
        clear(&runs[i]);
}

static void test_emulator_transport__an_invalid_request_is_not_started(void **state)
{
    struct cc_transport *transport = open_transport("emulator:");
    struct cloud_error err;
    struct run run;

    (void)state;
    prepare(&run);
    script.refuse_request = true;
    assert_int_equal(transport->start(transport, &run.exchange, &err), CLOUD_EINVAL);
    script.refuse_request = false;
    cc_pairs_add(&run.request.headers, "a", "b\nc");
    assert_int_equal(transport->start(transport, &run.exchange, &err), CLOUD_EINVAL);
    assert_null(transport->next(transport));
    clear(&run);
    transport->free(transport);
}

static void test_emulator_transport__clients_share_a_world(void **state)
{
    struct cc_transport *one, *other, *memory;
    int opened, closed;

    (void)state;
    memory = open_transport("emulator:"); /* an earlier test may have opened this world */
    opened = script.opened;
    closed = script.closed;
    one = open_transport("emulator:world.db");
    other = open_transport("emulator:world.db");
    assert_string_equal(script.keys, "world.db id:secret");
    assert_int_equal(script.opened, opened + 1);
    one->free(one);
    assert_int_equal(script.closed, closed);
    other->free(other);
    assert_int_equal(script.closed, closed + 1);
    one = open_transport("emulator:world.db");
    assert_int_equal(script.opened, opened + 2);
    one->free(one);

    memory->free(memory);
    memory = open_transport("emulator::memory:");
    assert_int_equal(script.opened, opened + 2);
    assert_int_equal(script.closed, closed + 2);
    memory->free(memory);
}

static void test_emulator_transport__the_transport_accepts_a_key_with_another_secret(void **state)
{
    struct cc_transport *transport = NULL;

    (void)state;
    assert_int_equal(cc_transport_emulator_new("emulator:", "id", "another", &transport, NULL),
                     CLOUD_OK);
    transport->free(transport);
    assert_int_equal(cc_transport_emulator_new("emulator:", NULL, NULL, &transport, NULL),
                     CLOUD_OK);
    transport->free(transport);
}

static void test_emulator_transport__the_error_says_why_a_world_cannot_be_opened(void **state)
{
    static const struct {
        const char *endpoint;
        const char *message;
    } rows[] = {
        { "emulator:/nowhere/at/all/w.db", "directory /nowhere/at/all: No such file or directory" },
        { "emulator:/dev/null/w.db", "/dev/null is not a directory" },
        { "emulator:/full.db", "endpoint emulator:/full.db: the disk is full" },
        { "http://127.0.0.1", "endpoint is http://127.0.0.1; it must be \"emulator:\"" },
        { "e", "endpoint is e; it must be" },
    };

    (void)state;
    script.refuse_open = true;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_transport *transport = NULL;
        struct cloud_error err;

        assert_int_equal(
            cc_transport_emulator_new(rows[i].endpoint, "id", "secret", &transport, &err),
            CLOUD_ECONFIG);
        if (!strstr(err.message, rows[i].message))
            fail_msg("\"%s\" does not say \"%s\"", err.message, rows[i].message);
        assert_null(transport);
    }
    script.refuse_open = false;
}

static void *perform_in_thread(void *user)
{
    const char *endpoint = user;

    for (int i = 0; i < 50; i++) {
        struct cc_transport *transport = open_transport(endpoint);
        struct run run;

        prepare(&run);
        perform(transport, &run);
        assert_int_equal(run.reply.wire, CC_WIRE_ANSWERED);
        clear(&run);
        transport->free(transport);
    }
    return NULL;
}

static void test_emulator_transport__worlds_are_opened_and_closed_by_many_threads(void **state)
{
    static const char *const endpoints[] = { "emulator:", "emulator:world.db" };
    int opened = script.opened, closed = script.closed;
    pthread_t threads[4];

    (void)state;
    script_reply(CLOUD_EMULATOR_ANSWERED, 200, NULL, "{}", 0);
    for (size_t i = 0; i < CC_COUNT(threads); i++)
        assert_int_equal(pthread_create(&threads[i], NULL, perform_in_thread,
                                        (void *)endpoints[i % CC_COUNT(endpoints)]),
                         0);
    for (size_t i = 0; i < CC_COUNT(threads); i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(script.opened - opened, script.closed - closed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_emulator_transport__receives_the_request_of_the_wire),
        cmocka_unit_test(test_emulator_transport__the_outcome_on_the_wire_is_reported),
        cmocka_unit_test(test_emulator_transport__the_time_of_the_emulator_counts),
        cmocka_unit_test(test_emulator_transport__replies_arrive_in_the_order_of_their_delays),
        cmocka_unit_test(test_emulator_transport__an_invalid_request_is_not_started),
        cmocka_unit_test(test_emulator_transport__clients_share_a_world),
        cmocka_unit_test(test_emulator_transport__the_transport_accepts_a_key_with_another_secret),
        cmocka_unit_test(test_emulator_transport__the_error_says_why_a_world_cannot_be_opened),
        cmocka_unit_test(test_emulator_transport__worlds_are_opened_and_closed_by_many_threads),
    };

    return cmocka_run_group_tests_name("transport_emulator", tests, NULL, NULL);
}
