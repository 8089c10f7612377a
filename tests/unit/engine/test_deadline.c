/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests the limits of what a reply may cost: elements, values, and the deadline while a reply is
 * read. Tests also that messages state a deadline as it was configured, with what was seen last.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "core/scheduler/run_one.h"
#include "tests/support/fake_transport.h"

#define LARGE ((size_t)8 << 20)

static struct fake script;
static struct cloud_error err;
static struct cloud_result result = CLOUD_RESULT_INIT;
static int (*fake_start)(struct cc_transport *, struct cc_exchange *, struct cloud_error *);

#define RUNNING \
    "{\"requestId\":\"r\",\"result\":{\"instance\":{\"instanceId\":\"i-1\",\"status\":" \
    "\"starting\"}}}"
#define BUSY "{\"requestId\":\"r\",\"error\":{\"code\":503,\"status\":\"\",\"message\":\"busy\"}}"

static const struct fake_reply lost = { .wire = CC_WIRE_LOST, .code = CLOUD_ETIMEDOUT };

/* a request without an answer takes all the time that it has */
static int start(struct cc_transport *transport, struct cc_exchange *exchange,
                 struct cloud_error *ret_err)
{
    int rc = fake_start(transport, exchange, ret_err);

    if (!rc && exchange->reply->wire == CC_WIRE_LOST)
        script.now_ms += exchange->timeout_ms;
    return rc;
}

static void open_client(int timeout_ms)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;

    options.timeout_ms = timeout_ms;
    fake_open(&script, "jdcloud", &options);
    fake_start = script.transport.start;
    script.transport.start = start;
}

static void close_client(void)
{
    cloud_result_clear(&result);
    fake_close(&script);
}

/* 8 MiB: @begin, then @element again and again, then @end */
static char *write_large(const char *begin, const char *element, const char *end)
{
    char *text = malloc(LARGE + 1);
    size_t len = strlen(begin), one = strlen(element);

    assert_non_null(text);
    memcpy(text, begin, len);
    for (; len + one + strlen(end) + 2 < LARGE; len += one)
        memcpy(text + len, element, one);
    strcpy(text + len - 1, end); /* instead of the last comma */
    return text;
}

static int list(const char *body)
{
    struct fake_reply replies[] = { { .status = 200, .body = body },
                                    { .status = 200, .body = body } };

    fake_play(&script, replies, CC_COUNT(replies));
    return cloud_call(script.client, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &result, &err);
}

static long memory_mib(void)
{
    struct rusage usage;

    getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss / 1024;
}

static void test_limits__a_large_answer_does_not_cost_gigabytes(void **state)
{
    static const struct {
        const char *begin, *element, *end;
    } rows[] = {
        { "{\"requestId\":\"r\",\"result\":{\"totalCount\":1,\"instances\":[", "{},", "]}}" },
        { "{\"requestId\":\"r\",\"result\":{\"totalCount\":1,\"instances\":[", "{\"a\":1},",
          "]}}" },
        { "{\"requestId\":\"r\",\"result\":{\"totalCount\":1,\"instances\":[{\"instanceId\":\"i\","
          "\"dataDisks\":[",
          "{},", "]}]}}" },
        { "{\"requestId\":\"r\",\"result\":{\"totalCount\":1,\"instances\":[",
          "{\"instanceId\":\"i\",\"tags\":[{},{},{},{},{},{},{},{},{},{},{},{},{},{}]},", "]}}" },
        { "{\"requestId\":\"r\",\"result\":{\"x\":[", "0,", "]}}" },
        { "{\"requestId\":\"r\",\"result\":{\"x\":[", "[],", "]}}" },
    };

    (void)state;
    open_client(0);
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        char *body = write_large(rows[i].begin, rows[i].element, rows[i].end);

        if (list(body) != CLOUD_ETOOBIG && err.code != CLOUD_EPROTOCOL)
            fail_msg("row %zu: %d %s", i, err.code, err.message);
        assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
        free(body);
    }
    assert_true(memory_mib() < 600); /* with the sanitizers' own; it was 2,000 */
    close_client();
}

static int64_t slow_tick(void *data)
{
    return ((struct fake *)data)->now_ms += 1;
}

static void test_limits__the_deadline_is_checked_while_an_answer_is_read(void **state)
{
    char *body =
        write_large("{\"requestId\":\"r\",\"result\":{\"totalCount\":1,\"instances\":[",
                    "{\"instanceId\":\"i-1\",\"instanceName\":\"a long name, so that it is "
                    "fewer of them\"},",
                    "]}}");

    (void)state;
    open_client(100);
    script.client->env.tick_ms = slow_tick;
    assert_int_equal(list(body), CLOUD_ETIMEDOUT);
    assert_string_equal(err.message, "not done within 100 ms");
    free(body);
    close_client();
}

static int show(const struct fake_reply *replies, size_t count)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = "i-1";
    fake_play(&script, replies, count);
    return cloud_call(script.client, CLOUD_OP_DESCRIBE_INSTANCE, &params, &result, &err);
}

static void test_deadline__it_is_stated_as_configured_with_the_last_failure(void **state)
{
    const struct fake_reply busy[] = { { .status = 503, .body = BUSY }, lost };
    const struct fake_reply broken[] = { { .status = 502, .body = "<html>" }, lost };
    const struct fake_reply silent[] = { lost };

    (void)state;
    open_client(3000);
    script.jitter = 400;
    assert_int_equal(show(busy, 2), CLOUD_ETIMEDOUT);
    assert_string_equal(err.message, "not done within 3000 ms; last: HTTP 503");
    assert_int_equal(show(broken, 2), CLOUD_ETIMEDOUT);
    assert_string_equal(err.message, "not done within 3000 ms; last: HTTP 502");
    assert_int_equal(show(silent, 1), CLOUD_ETIMEDOUT);
    assert_null(strstr(err.message, "last:"));
    close_client();
}

/* what a transport is given to state is the configured time, also in later attempts */
static int stated_start(struct cc_transport *transport, struct cc_exchange *exchange,
                        struct cloud_error *ret_err)
{
    assert_int_equal(exchange->stated_ms, 3000);
    assert_true(exchange->timeout_ms <= 3000);
    return fake_start(transport, exchange, ret_err);
}

static void test_deadline__every_attempt_states_the_configured_time(void **state)
{
    const struct fake_reply busy[] = { { .status = 503, .body = BUSY },
                                       { .status = 503, .body = BUSY },
                                       { .status = 200, .body = RUNNING } };

    (void)state;
    open_client(3000);
    script.transport.start = stated_start;
    script.jitter = 400;
    assert_int_equal(show(busy, 3), CLOUD_OK);
    close_client();
}

static int wait_for(const struct fake_reply *replies, size_t count, int timeout_ms)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = "i-1";
    fake_play(&script, replies, count);
    return cloud_wait(script.client, &params, timeout_ms, NULL, NULL, &result, &err);
}

static void test_wait__it_reports_the_state_that_was_seen_last(void **state)
{
    const struct fake_reply seen[] = { { .status = 200, .body = RUNNING }, lost };
    const struct fake_reply fails[] = { { .status = 200, .body = RUNNING },
                                        { .status = 503, .body = BUSY },
                                        { .status = 503, .body = BUSY },
                                        { .status = 503, .body = BUSY },
                                        lost };

    (void)state;
    open_client(30000);
    assert_int_equal(wait_for(seen, 2, 3000), CLOUD_ETIMEDOUT);
    assert_string_equal(err.message, "the state is still \"starting\" after 3000 ms; wait again");
    assert_int_equal(wait_for(fails, 5, 3000), CLOUD_ETIMEDOUT);
    assert_non_null(
        strstr(err.message, "the state is still \"starting\" after 3000 ms; wait again"));
    assert_non_null(strstr(err.message, "busy"));
    close_client();
}

static void test_wait__without_any_state_it_says_why(void **state)
{
    const struct fake_reply fails[] = { { .status = 503, .body = BUSY },
                                        { .status = 503, .body = BUSY },
                                        { .status = 503, .body = BUSY },
                                        lost };
    const struct fake_reply silent[] = { lost };

    (void)state;
    open_client(30000);
    assert_int_equal(wait_for(fails, 4, 3000), CLOUD_ETIMEDOUT);
    assert_string_equal(err.message, "no state was seen within 3000 ms; last: busy");
    assert_int_equal(wait_for(silent, 1, 3000), CLOUD_ETIMEDOUT);
    close_client();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits__a_large_answer_does_not_cost_gigabytes),
        cmocka_unit_test(test_limits__the_deadline_is_checked_while_an_answer_is_read),
        cmocka_unit_test(test_deadline__it_is_stated_as_configured_with_the_last_failure),
        cmocka_unit_test(test_deadline__every_attempt_states_the_configured_time),
        cmocka_unit_test(test_wait__it_reports_the_state_that_was_seen_last),
        cmocka_unit_test(test_wait__without_any_state_it_says_why),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
