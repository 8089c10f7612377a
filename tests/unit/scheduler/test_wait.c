/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/scheduler/wait.c: the replies, errors and deadlines that end a wait. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/fake_transport.h"

#define SEEN(terminated) \
    { \
        .status = 200, .body = "{\"requestId\":\"r\",\"result\":{\"instance\":{\"instanceId\":" \
                               "\"i-1\",\"status\":\"" terminated "\"}}}" \
    }
#define FAULT \
    { \
        .status = 500, .body = "{\"requestId\":\"r\",\"error\":{\"code\":500,\"status\":" \
                               "\"INTERNAL\",\"message\":\"down\"}}" \
    }
#define REFUSED(http, terminated) \
    { \
        .status = http, .body = \
                            "{\"requestId\":\"r\",\"error\":{\"code\":1,\"status\":\"" terminated \
                            "\",\"message\":\"no\"}}" \
    }

struct waited {
    struct fake script;
    struct cloud_error err;
    int64_t took_ms;
    int rc;
};

static void wait_through(struct waited *w, const struct fake_reply *replies, size_t count,
                         const struct cloud_wait_options *options)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    int64_t before;

    fake_open(&w->script, "jdcloud", NULL);
    fake_play(&w->script, replies, count);
    before = w->script.now_ms;
    params.instance_id = "i-1";
    w->rc = cloud_wait_until(w->script.client, &params, options, NULL, &w->err);
    w->took_ms = w->script.now_ms - before;
}

static void test_wait__ends_within_one_poll_of_an_error(void **state)
{
    static const struct fake_reply replies[] = { SEEN("starting"), SEEN("starting"), SEEN("error"),
                                                 SEEN("error") };
    struct cloud_wait_options options = CLOUD_WAIT_INIT;
    struct waited w;

    (void)state;
    wait_through(&w, replies, CC_COUNT(replies), &options);
    assert_int_equal(w.rc, CLOUD_EFAILED);
    assert_int_equal(w.script.sent, 3);
    fake_close(&w.script);
}

static void test_wait__ends_at_once_when_the_credentials_are_refused(void **state)
{
    static const struct fake_reply forbidden[] = { REFUSED(403, "HTTP_FORBIDDEN"),
                                                   SEEN("running") };
    static const struct fake_reply unknown[] = { REFUSED(401, "UNAUTHENTICATED"), SEEN("running") };
    struct cloud_wait_options options = CLOUD_WAIT_INIT;
    struct waited w;

    (void)state;
    wait_through(&w, forbidden, 2, &options);
    assert_int_equal(w.rc, CLOUD_EDENIED);
    assert_int_equal(w.script.sent, 1);
    assert_int_equal(w.took_ms, 0);
    fake_close(&w.script);
    wait_through(&w, unknown, 2, &options);
    assert_int_equal(w.rc, CLOUD_EAUTH);
    assert_int_equal(w.script.sent, 1);
    fake_close(&w.script);
}

static void test_wait__survives_a_vendor_that_fails_every_other_time(void **state)
{
    struct fake_reply replies[40];
    static const struct fake_reply bad = FAULT, pending = SEEN("starting"), end = SEEN("running");
    struct cloud_wait_options options = CLOUD_WAIT_INIT;
    struct waited w;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(replies); i++)
        replies[i] = i + 1 == CC_COUNT(replies) ? end : i % 2 ? pending : bad;
    wait_through(&w, replies, CC_COUNT(replies), &options);
    assert_int_equal(w.rc, CLOUD_OK);
    assert_int_equal(w.script.sent, CC_COUNT(replies));
    fake_close(&w.script);
}

static void test_wait__ends_at_a_deleted_instance(void **state)
{
    static const struct fake_reply not_found[] = { SEEN("starting"), REFUSED(404, "NOT_FOUND"),
                                                   SEEN("running") };
    static const struct fake_reply terminated[] = { SEEN("deleting"), SEEN("terminated"),
                                                    SEEN("running") };
    struct cloud_wait_options options = CLOUD_WAIT_INIT;
    struct waited w;

    (void)state;
    wait_through(&w, not_found, 3, &options);
    assert_int_equal(w.rc, CLOUD_ENOTFOUND);
    assert_int_equal(w.script.sent, 2);
    fake_close(&w.script);
    wait_through(&w, terminated, 3, &options);
    assert_int_equal(w.rc, CLOUD_ENOTFOUND);
    assert_int_equal(w.script.sent, 2);
    fake_close(&w.script);
    options.succeeds = CLOUD_STATE_BIT(DELETED);
    wait_through(&w, not_found, 3, &options);
    assert_int_equal(w.rc, CLOUD_OK);
    assert_int_equal(w.script.sent, 2);
    fake_close(&w.script);
}

static void test_wait__accepts_the_states_of_its_options(void **state)
{
    static const struct fake_reply replies[] = { SEEN("running"), SEEN("stopping"), SEEN("stopped"),
                                                 SEEN("running") };
    struct cloud_wait_options options = CLOUD_WAIT_INIT;
    struct waited w;

    (void)state;
    options.succeeds = CLOUD_STATE_BIT(STOPPED);
    wait_through(&w, replies, CC_COUNT(replies), &options);
    assert_int_equal(w.rc, CLOUD_OK);
    assert_int_equal(w.script.sent, 3);
    fake_close(&w.script);
    options.succeeds = CLOUD_STATE_BIT(RUNNING);
    options.fails = CLOUD_STATE_BIT(STOPPED) | CLOUD_STATE_BIT(STOPPING);
    wait_through(&w, replies + 1, 3, &options);
    assert_int_equal(w.rc, CLOUD_EFAILED);
    assert_int_equal(w.script.sent, 1);
    fake_close(&w.script);
}

static void test_wait__ends_at_its_deadline(void **state)
{
    static const struct fake_reply starting = SEEN("starting");
    struct fake_reply replies[60];
    struct cloud_wait_options options = CLOUD_WAIT_INIT;
    struct waited w;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(replies); i++)
        replies[i] = starting;
    options.deadline = FAKE_NOW + 30;
    wait_through(&w, replies, CC_COUNT(replies), &options);
    assert_int_equal(w.rc, CLOUD_ETIMEDOUT);
    assert_int_equal(w.took_ms, 30000);
    fake_close(&w.script);
    options.timeout_ms = 5000;
    wait_through(&w, replies, CC_COUNT(replies), &options);
    assert_int_equal(w.took_ms, 5000);
    fake_close(&w.script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wait__ends_within_one_poll_of_an_error),
        cmocka_unit_test(test_wait__ends_at_once_when_the_credentials_are_refused),
        cmocka_unit_test(test_wait__survives_a_vendor_that_fails_every_other_time),
        cmocka_unit_test(test_wait__ends_at_a_deleted_instance),
        cmocka_unit_test(test_wait__accepts_the_states_of_its_options),
        cmocka_unit_test(test_wait__ends_at_its_deadline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
