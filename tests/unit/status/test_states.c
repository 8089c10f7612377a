/* SPDX-License-Identifier: Apache-2.0 */
/*
 * States: what they allow, what becomes of words that nobody has ever heard of, and how a wait
 * ends. The words that the vendors' pages list are in test_words.c; docs/user/states.md is compared
 * in test_states_page.sh.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/fake_transport.h"

static void test_states__settled_is_where_nothing_goes_on(void **state)
{
    static const enum cloud_instance_state settled[] = { CLOUD_STATE_RUNNING, CLOUD_STATE_STOPPED,
                                                         CLOUD_STATE_DELETED, CLOUD_STATE_ERROR,
                                                         CLOUD_STATE_EXPIRED };
    unsigned bits = 0;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(settled); i++)
        bits |= 1u << settled[i];
    for (int i = 0; i < CLOUD_STATE__COUNT; i++)
        assert_int_equal(cloud_state_is_settled((enum cloud_instance_state)i), bits >> i & 1);
    assert_false(cloud_state_is_settled(CLOUD_STATE__COUNT));
}

static void test_states__unknown_allows_reads_only(void **state)
{
    (void)state;
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        bool asks_state = !cloud_state_can(CLOUD_STATE_DELETED, (enum cloud_op)op);

        assert_int_equal(cloud_state_can(CLOUD_STATE_UNKNOWN, (enum cloud_op)op), !asks_state);
    }
    assert_true(cloud_state_can(CLOUD_STATE_UNKNOWN, CLOUD_OP_DESCRIBE_INSTANCE));
    assert_false(cloud_state_can(CLOUD_STATE_UNKNOWN, CLOUD_OP_START_INSTANCE));
    assert_false(cloud_state_can(CLOUD_STATE__COUNT, CLOUD_OP_DESCRIBE_INSTANCE));
    assert_false(cloud_state_can(CLOUD_STATE_RUNNING, CLOUD_OP__COUNT));
}

static void test_states__each_allows_what_it_is_for(void **state)
{
    (void)state;
    assert_true(cloud_state_can_start(CLOUD_STATE_STOPPED));
    assert_false(cloud_state_can_start(CLOUD_STATE_RUNNING));
    assert_true(cloud_state_can_stop(CLOUD_STATE_RUNNING));
    assert_false(cloud_state_can_stop(CLOUD_STATE_STOPPING));
    assert_true(cloud_state_can_reboot(CLOUD_STATE_RUNNING));
    assert_false(cloud_state_can_reboot(CLOUD_STATE_EXPIRED));
    assert_true(cloud_state_can(CLOUD_STATE_EXPIRED, CLOUD_OP_RENEW_INSTANCE));
    assert_false(cloud_state_can(CLOUD_STATE_DELETING, CLOUD_OP_DELETE_INSTANCE));
    assert_false(cloud_state_can(CLOUD_STATE_RUNNING, CLOUD_OP_UPGRADE_INSTANCE));
}

enum { WORDS = 100000, PER_LIST = 50, LONGEST = 4096 };

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

/* any bytes but those that would end the text: most are short, some of 4 KiB; every fourth is ASCII
 */
static size_t make_word(uint32_t *seed, unsigned char *word)
{
    size_t length = 1 + next_random(seed) % (next_random(seed) % 64 ? 40 : LONGEST);
    bool ascii = next_random(seed) % 4 == 0;

    for (size_t i = 0; i < length; i++) {
        word[i] = (unsigned char)(next_random(seed) >> 8);
        if (!word[i] || (ascii && (word[i] < ' ' || word[i] > '~')))
            word[i] = '~';
    }
    word[length] = '\0';
    return length;
}

/* as JSON has it; what is no UTF-8 stands there as it is, as a broken vendor would print it */
static void add_word(struct cc_buf *out, const unsigned char *word, size_t length)
{
    cc_buf_putc(out, '"');
    for (size_t i = 0; i < length; i++) {
        if (word[i] < 0x20 || word[i] == '"' || word[i] == '\\')
            cc_buf_printf(out, "\\u%04x", word[i]);
        else
            cc_buf_putc(out, (char)word[i]);
    }
    cc_buf_putc(out, '"');
}

static const struct shape {
    const char *provider, *begin, *record, *end; /* the record: id, then the word behind it */
} shapes[] = {
    { "jdcloud", "{\"requestId\":\"r\",\"result\":{\"totalCount\":%d,\"instances\":[",
      "{\"instanceId\":\"i-%d\",\"status\":", "]}}" },
    { "capitalonline_ecs", "{\"code\":\"Success\",\"TotalCount\":%d,\"Data\":{\"EcsList\":[",
      "{\"EcsId\":\"i-%d\",\"Status\":", "]}}" },
    { "capitalonline_ccs",
      "{\"Code\":\"Success\",\"Data\":{\"PageCount\":1,\"Total\":%d,\"Instances\":[",
      "{\"InstanceId\":\"i-%d\",\"InstanceStatus\":", "]}}" },
};

static void play_list(struct fake *script, const struct shape *shape, uint32_t *seed)
{
    static unsigned char words[PER_LIST][LONGEST + 1];
    struct cc_buf body = { 0 };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct fake_reply reply = { .status = 200 };
    struct cloud_error err;
    int rc;

    cc_buf_printf(&body, shape->begin, PER_LIST);
    for (int i = 0; i < PER_LIST; i++) {
        size_t length = make_word(seed, words[i]);

        cc_buf_puts(&body, i ? "," : "");
        cc_buf_printf(&body, shape->record, i);
        add_word(&body, words[i], length);
        cc_buf_putc(&body, '}');
    }
    cc_buf_puts(&body, shape->end);
    reply.body = body.data;
    reply.len = body.len;
    fake_play(script, &reply, 1);
    rc = cloud_call(script->client, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &result, &err);
    if (rc)
        fail_msg("%s: %s", shape->provider, err.message);
    assert_int_equal(result.instance_count, PER_LIST);
    for (size_t i = 0; i < PER_LIST; i++) {
        char id[16];

        snprintf(id, sizeof(id), "i-%zu", i);
        assert_string_equal(result.instances[i].id, id);
        assert_string_equal(result.instances[i].vendor_state, (const char *)words[i]);
        assert_int_equal(result.instances[i].state, CLOUD_STATE_UNKNOWN);
    }
    cloud_result_clear(&result);
    cc_buf_clear(&body);
}

static void test_states__no_word_breaks_a_listing(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(shapes); i++) {
        struct fake script;
        uint32_t seed = 20221122 + (uint32_t)i;

        fake_open(&script, shapes[i].provider, NULL);
        for (int n = 0; n < WORDS; n += PER_LIST)
            play_list(&script, &shapes[i], &seed);
        fake_close(&script);
    }
}

#define SEEN(word) \
    { \
        .status = 200, .body = "{\"requestId\":\"r\",\"result\":{\"instance\":{\"instanceId\":" \
                               "\"i-1\",\"status\":\"" word "\"}}}" \
    }
#define FAULT \
    { \
        .status = 500, .body = "{\"requestId\":\"r\",\"error\":{\"code\":500,\"status\":" \
                               "\"INTERNAL\",\"message\":\"down\"}}" \
    }
#define REFUSED(http, word) \
    { \
        .status = http, .body = "{\"requestId\":\"r\",\"error\":{\"code\":1,\"status\":\"" word \
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

static void test_wait__ends_at_once_when_the_login_is_refused(void **state)
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

static void test_wait__comes_through_a_vendor_that_flaps(void **state)
{
    struct fake_reply replies[40];
    static const struct fake_reply bad = FAULT, on_the_way = SEEN("starting"),
                                   end = SEEN("running");
    struct cloud_wait_options options = CLOUD_WAIT_INIT;
    struct waited w;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(replies); i++)
        replies[i] = i + 1 == CC_COUNT(replies) ? end : i % 2 ? on_the_way : bad;
    wait_through(&w, replies, CC_COUNT(replies), &options);
    assert_int_equal(w.rc, CLOUD_OK);
    assert_int_equal(w.script.sent, CC_COUNT(replies));
    fake_close(&w.script);
}

static void test_wait__ends_at_a_deleted_instance(void **state)
{
    static const struct fake_reply gone[] = { SEEN("starting"), REFUSED(404, "NOT_FOUND"),
                                              SEEN("running") };
    static const struct fake_reply word[] = { SEEN("deleting"), SEEN("terminated"),
                                              SEEN("running") };
    struct cloud_wait_options options = CLOUD_WAIT_INIT;
    struct waited w;

    (void)state;
    wait_through(&w, gone, 3, &options);
    assert_int_equal(w.rc, CLOUD_ENOTFOUND);
    assert_int_equal(w.script.sent, 2);
    fake_close(&w.script);
    wait_through(&w, word, 3, &options);
    assert_int_equal(w.rc, CLOUD_ENOTFOUND);
    assert_int_equal(w.script.sent, 2);
    fake_close(&w.script);
    options.succeeds = CLOUD_STATE_BIT(DELETED);
    wait_through(&w, gone, 3, &options);
    assert_int_equal(w.rc, CLOUD_OK);
    assert_int_equal(w.script.sent, 2);
    fake_close(&w.script);
}

static void test_wait__accepts_what_it_was_told(void **state)
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

static void test_wait__keeps_its_deadline(void **state)
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
        cmocka_unit_test(test_states__settled_is_where_nothing_goes_on),
        cmocka_unit_test(test_states__unknown_allows_reads_only),
        cmocka_unit_test(test_states__each_allows_what_it_is_for),
        cmocka_unit_test(test_states__no_word_breaks_a_listing),
        cmocka_unit_test(test_wait__ends_within_one_poll_of_an_error),
        cmocka_unit_test(test_wait__ends_at_once_when_the_login_is_refused),
        cmocka_unit_test(test_wait__comes_through_a_vendor_that_flaps),
        cmocka_unit_test(test_wait__ends_at_a_deleted_instance),
        cmocka_unit_test(test_wait__accepts_what_it_was_told),
        cmocka_unit_test(test_wait__keeps_its_deadline),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
