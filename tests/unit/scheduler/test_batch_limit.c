/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests calls that wait for the rate limiter: the wait does not count in the client's timeout, and
 * counts where the caller gave a limit. Also the answers that slow a client down, and those that do
 * not. The clock is the real one, because processes share the limiter.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/sign/sign.h"
#include "core/transport/rate_limiter.h"
#include "include/cloud_batch.h"
#include "tests/support/fake_transport.h"

/* every call is one request with the same answer */
#define ANSWER "{\"requestId\":\"r\",\"result\":{\"images\":[],\"totalCount\":0}}"

static struct fake fake;
static struct fake_reply replies[FAKE_MAX];
static char key[64];

static int64_t now_ms(void *data)
{
    struct timespec now;

    (void)data;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(void *data, int64_t ms)
{
    (void)data;
    if (ms > 0)
        usleep((useconds_t)ms * 1000);
}

static void open_client(const char *rate_limit, int timeout_ms, int wait_ms)
{
    static int number;
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cc_rate rate;
    struct cloud_error err;

    options.timeout_ms = timeout_ms;
    options.rate_limit_wait_ms = wait_ms;
    fake_open(&fake, "jdcloud", &options);
    fake.client->env.tick_ms = now_ms;
    fake.client->env.sleep_ms = sleep_ms;
    snprintf(key, sizeof(key), "limit-%d-%d", (int)getpid(), number++);
    assert_int_equal(cc_rate_read(rate_limit, &rate, &err), CLOUD_OK);
    assert_int_equal(cc_rate_limiter_open(rate, "jdcloud", key, &fake.client->limiter, &err),
                     CLOUD_OK);
    for (size_t i = 0; i < FAKE_MAX; i++)
        replies[i] = (struct fake_reply){ .status = 200, .body = ANSWER };
    fake_play(&fake, replies, FAKE_MAX);
}

static void close_client(void)
{
    char text[80], digest[65], file[96];

    fake_close(&fake);
    snprintf(text, sizeof(text), "jdcloud/%s", key);
    assert_true(cc_sha256_hex(text, strlen(text), digest));
    snprintf(file, sizeof(file), "/cloud_client-%u-%.32s", (unsigned)geteuid(), digest);
    shm_unlink(file);
}

/* so many calls in one batch; how many ended with a code */
static int run_many(int count, int timeout_ms, int max_in_flight, int code)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_batch *batch;
    struct cloud_error err;
    int found = 0;

    options.max_in_flight = max_in_flight;
    assert_int_equal(cloud_batch_new(&options, &batch, &err), CLOUD_OK);
    call.client = fake.client;
    call.op = CLOUD_OP_DESCRIBE_IMAGES;
    call.timeout_ms = timeout_ms;
    for (int i = 0; i < count; i++)
        assert_int_equal(cloud_batch_add_call(batch, &call, NULL, &err), CLOUD_OK);
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done))
            found += done.code == code;
    }
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
    return found;
}

static void test_limit__a_wait_does_not_count_in_the_clients_timeout(void **state)
{
    (void)state;
    for (int max_in_flight = 1; max_in_flight <= 8; max_in_flight *= 8) {
        open_client("20/s", 150, 0);
        assert_int_equal(run_many(12, 0, max_in_flight, CLOUD_OK), 12); /* takes 0.6 s */
        assert_int_equal(fake.sent, 12);
        close_client();
    }
}

static void test_limit__a_wait_counts_in_the_calls_timeout(void **state)
{
    int64_t begin = now_ms(NULL);
    int good;

    (void)state;
    open_client("10/s", 30000, 0);
    good = run_many(12, 350, 0, CLOUD_OK);
    assert_in_range(good, 2, 4);
    assert_int_equal(fake.sent, good);
    assert_in_range(now_ms(NULL) - begin, 0, 1000);
    close_client();
}

static void test_limit__a_wait_has_its_own_limit(void **state)
{
    int good;

    (void)state;
    open_client("1/min", 100, 200);
    good = run_many(3, 0, 0, CLOUD_OK);
    assert_int_equal(good, 1);
    assert_int_equal(fake.sent, 1);
    close_client();
}

static void test_limit__a_blocking_call_waits_as_long_as_its_timeout(void **state)
{
    static const struct {
        int timeout_ms, wait_ms, code;
    } rows[] = { { 400, 0, CLOUD_OK }, { 100, 0, CLOUD_ETHROTTLED }, { 100, 400, CLOUD_OK } };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cloud_error err;

        open_client("5/s", rows[i].timeout_ms, rows[i].wait_ms);
        assert_int_equal(cloud_call(fake.client, CLOUD_OP_DESCRIBE_IMAGES, NULL, NULL, &err),
                         CLOUD_OK);
        assert_int_equal(cloud_call(fake.client, CLOUD_OP_DESCRIBE_IMAGES, NULL, NULL, &err),
                         rows[i].code);
        assert_int_equal(fake.sent, rows[i].code ? 1 : 2);
        close_client();
    }
}

/* the vendor's answers, the share of the rate afterwards, and whether requests are held back */
static void test_limit__learns_in_the_right_direction(void **state)
{
    static const struct {
        int status;
        const char *body, *retry_after;
        int share;
        bool holds;
    } rows[] = {
        { 200, ANSWER, NULL, 750, false },
        { 404, "{\"error\":{\"code\":404,\"status\":\"NOT_FOUND\",\"message\":\"no\"}}", NULL, 750,
          false },
        { 429, "{\"error\":{\"code\":429,\"status\":\"RATE_LIMIT\",\"message\":\"no\"}}", NULL, 490,
          false },
        { 429, "{\"error\":{\"code\":429,\"status\":\"RATE_LIMIT\",\"message\":\"no\"}}", "7200",
          490, true },
        { 503, "down", NULL, 700, false },
        { 500, "down", "172800", 700, true },
        { 503, "down", "172800", 700, true },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        int64_t now = cc_rate_limiter_now();
        struct cloud_error err;

        open_client("1000/s", 1000, 0);
        fake.client->options.attempts = 1;
        cc_rate_limiter_refused(fake.client->limiter, now - 5 * CC_SECOND_NS, 0);
        replies[0] = (struct fake_reply){ .status = rows[i].status,
                                          .body = rows[i].body,
                                          .retry_after = rows[i].retry_after };
        cloud_call(fake.client, CLOUD_OP_DESCRIBE_IMAGES, NULL, NULL, &err);
        assert_int_equal(fake.sent, 1);
        if (cc_rate_limiter_share(fake.client->limiter) != rows[i].share)
            fail_msg("row %zu: %d", i, cc_rate_limiter_share(fake.client->limiter));
        now = cc_rate_limiter_now();
        assert_int_equal(
            cc_rate_limiter_reserve(fake.client->limiter, now, now + 7000 * CC_SECOND_NS) == 0,
            rows[i].holds);
        close_client();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limit__a_wait_does_not_count_in_the_clients_timeout),
        cmocka_unit_test(test_limit__a_wait_counts_in_the_calls_timeout),
        cmocka_unit_test(test_limit__a_wait_has_its_own_limit),
        cmocka_unit_test(test_limit__a_blocking_call_waits_as_long_as_its_timeout),
        cmocka_unit_test(test_limit__learns_in_the_right_direction),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
