/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The transport over libcurl when libcurl or the system fails under it: an error of the multi
 * interface, a libcurl that does not end an exchange, memory that is missing in a callback, and no
 * free descriptor. Each exchange ends with a code before its deadline, and the next one works.
 */
#include <curl/curl.h>
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/base/env.h"
#include "core/transport/transport.h"
#include "tests/unit/transport/hostile_server.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"

CURLMcode __real_curl_multi_socket_action(CURLM *multi, curl_socket_t fd, int events, int *running);
CURLMcode __wrap_curl_multi_socket_action(CURLM *multi, curl_socket_t fd, int events, int *running);
void *__real_reallocarray(void *memory, size_t count, size_t size);
void *__wrap_reallocarray(void *memory, size_t count, size_t size);

static int good_calls = -1; /* calls of libcurl that succeed still; below 0: all */
static CURLMcode multi_error;
static bool silent;   /* libcurl is not called at all */
static bool no_array; /* no memory for tables that grow */

CURLMcode __wrap_curl_multi_socket_action(CURLM *multi, curl_socket_t fd, int events, int *running)
{
    if (silent)
        return CURLM_OK;
    if (good_calls >= 0 && good_calls-- == 0)
        return multi_error;
    return __real_curl_multi_socket_action(multi, fd, events, running);
}

void *__wrap_reallocarray(void *memory, size_t count, size_t size)
{
    return no_array ? NULL : __real_reallocarray(memory, count, size);
}

struct run {
    struct cc_request request;
    struct cc_reply reply;
    struct cc_exchange exchange;
};

static void prepare(struct run *run, const char *base, bool fresh, int timeout_ms)
{
    *run = (struct run){ 0 };
    run->request.method = "GET";
    run->request.base = strdup(base);
    run->request.host = strdup(strstr(base, "://") + 3);
    run->request.path = strdup("/v1/things");
    run->exchange = (struct cc_exchange){ .request = &run->request,
                                          .reply = &run->reply,
                                          .timeout_ms = timeout_ms,
                                          .connect_timeout_ms = timeout_ms,
                                          .max_reply_bytes = 100000,
                                          .fresh = fresh };
}

static void clear(struct run *run)
{
    cc_request_clear(&run->request);
    cc_reply_clear(&run->reply);
}

static int64_t now_ms(void)
{
    return cc_real_env.tick_ms(cc_real_env.data);
}

static void wait_for_end(struct cc_transport *transport, int64_t most_ms)
{
    int64_t began = now_ms();

    while (!transport->next(transport)) {
        transport->wait(transport, 20000);
        if (now_ms() - began > most_ms)
            fail_msg("no end after %d ms", (int)most_ms);
    }
}

static void expect_answer(struct cc_transport *transport, const char *base)
{
    struct run run;
    struct cloud_error err;

    prepare(&run, base, false, 20000);
    assert_int_equal(transport->start(transport, &run.exchange, &err), CLOUD_OK);
    wait_for_end(transport, 20000);
    assert_string_equal(run.reply.reason, "");
    assert_int_equal(run.reply.status, 200);
    clear(&run);
}

static void test_failures__an_error_of_libcurl_ends_every_exchange(void **state)
{
    static const struct server_step step = { .reply = OK, .delay_ms = 100 };
    static const struct {
        CURLMcode error;
        int code;
    } errors[] = { { CURLM_OUT_OF_MEMORY, CLOUD_ENOMEM },
                   { CURLM_ABORTED_BY_CALLBACK, CLOUD_ENOMEM },
                   { CURLM_INTERNAL_ERROR, CLOUD_ENETWORK } };
    struct hostile_server *server = hostile_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();

    (void)state;
    for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
        for (int good = 0; good < 3; good++) {
            struct run runs[3];
            struct cloud_error err;

            multi_error = errors[i].error;
            for (int k = 0; k < 3; k++) {
                prepare(&runs[k], hostile_server_base(server), k == 1, 5000);
                assert_int_equal(transport->start(transport, &runs[k].exchange, &err), CLOUD_OK);
            }
            good_calls = good;
            for (int k = 0; k < 3; k++)
                wait_for_end(transport, 5000);
            good_calls = -1;
            for (int k = 0; k < 3; k++) {
                assert_int_equal(runs[k].reply.code, errors[i].code);
                assert_string_not_equal(runs[k].reply.reason, "");
                clear(&runs[k]);
            }
            expect_answer(transport, hostile_server_base(server));
        }
    }
    transport->free(transport);
    hostile_server_free(server);
}

/* a timer of libcurl that is lost does not make the exchange last for ever */
static void test_failures__the_transport_has_a_clock_of_its_own(void **state)
{
    static const struct server_step step = { .reply = OK };
    struct hostile_server *server = hostile_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    struct cloud_error err;
    struct run run;

    (void)state;
    prepare(&run, hostile_server_base(server), true, 300);
    assert_int_equal(transport->start(transport, &run.exchange, &err), CLOUD_OK);
    silent = true;
    assert_in_range(transport->due_ms(transport), 0, 400);
    wait_for_end(transport, 900);
    silent = false;
    assert_int_equal(run.reply.code, CLOUD_ETIMEDOUT);
    clear(&run);
    expect_answer(transport, hostile_server_base(server));
    transport->free(transport);
    hostile_server_free(server);
}

/* Descriptors above the table, and no memory to grow it: the socket is refused as a lack of memory,
 * and libcurl continues. */
static void test_failures__no_memory_to_watch_a_descriptor(void **state)
{
    static const struct server_step step = { .reply = OK };
    struct hostile_server *server = hostile_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    int used[64], count = 0;
    struct cloud_error err;
    struct run run;

    (void)state;
    do {
        used[count++] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    } while (used[count - 1] < 40);
    prepare(&run, hostile_server_base(server), true, 3000);
    assert_int_equal(transport->start(transport, &run.exchange, &err), CLOUD_OK);
    no_array = true;
    wait_for_end(transport, 4000);
    no_array = false;
    assert_int_equal(run.reply.code, CLOUD_ENOMEM);
    clear(&run);
    expect_answer(transport, hostile_server_base(server));
    while (count > 0)
        close(used[--count]);
    transport->free(transport);
    hostile_server_free(server);
}

static void test_failures__a_full_descriptor_table_is_named(void **state)
{
    static const struct server_step step = { .reply = OK };
    struct hostile_server *server = hostile_server_new(&step, 1, NULL);
    struct cc_transport *transport = cc_transport_curl_new();
    struct rlimit usual, few;
    struct cloud_error err;
    struct run run;

    (void)state;
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &usual), 0);
    few = usual;
    few.rlim_cur = 3;
    for (int named = 0; named < 2; named++) {
        prepare(&run, named ? "http://localhost:1" : hostile_server_base(server), true, 3000);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
        assert_int_equal(transport->start(transport, &run.exchange, &err), CLOUD_OK);
        wait_for_end(transport, 4000);
        assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
        assert_int_equal(run.reply.wire, CC_WIRE_UNSENT);
        if (!strstr(run.reply.reason, "Too many open files"))
            fail_msg("%s", run.reply.reason);
        clear(&run);
    }
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &few), 0);
    assert_null(cc_transport_curl_new());
    assert_int_equal(cc_transport_curl_fail(&err), CLOUD_ENOMEM);
    assert_int_equal(setrlimit(RLIMIT_NOFILE, &usual), 0);
    assert_non_null(strstr(err.message, "ulimit -n"));
    expect_answer(transport, hostile_server_base(server));
    transport->free(transport);
    hostile_server_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_failures__an_error_of_libcurl_ends_every_exchange),
        cmocka_unit_test(test_failures__the_transport_has_a_clock_of_its_own),
        cmocka_unit_test(test_failures__no_memory_to_watch_a_descriptor),
        cmocka_unit_test(test_failures__a_full_descriptor_table_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
