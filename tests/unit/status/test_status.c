/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests status/status.c: the operations that each state allows, and vendor states that no table
 * lists. tests/providers/test_vendor_states.c tests the vendor states of the vendors' pages;
 * tests/docs/test_states_page.sh compares docs/user/states.md.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

#include "tests/support/fake_transport.h"

static void test_status__a_settled_state_has_no_work_in_progress(void **state)
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

static void test_status__an_unknown_state_allows_reads_only(void **state)
{
    (void)state;
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        bool needs_state = !cloud_state_can(CLOUD_STATE_DELETED, (enum cloud_op)op);

        assert_int_equal(cloud_state_can(CLOUD_STATE_UNKNOWN, (enum cloud_op)op), !needs_state);
    }
    assert_true(cloud_state_can(CLOUD_STATE_UNKNOWN, CLOUD_OP_DESCRIBE_INSTANCE));
    assert_false(cloud_state_can(CLOUD_STATE_UNKNOWN, CLOUD_OP_START_INSTANCE));
    assert_false(cloud_state_can(CLOUD_STATE__COUNT, CLOUD_OP_DESCRIBE_INSTANCE));
    assert_false(cloud_state_can(CLOUD_STATE_RUNNING, CLOUD_OP__COUNT));
}

static void test_status__each_state_allows_its_operations(void **state)
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

static void test_status__predicates_agree_with_the_table(void **state)
{
    static const char *const settled = " running stopped deleted error expired ";

    (void)state;
    for (int s = 0; s < CLOUD_STATE__COUNT; s++) {
        enum cloud_instance_state at = (enum cloud_instance_state)s;
        char word[32];

        snprintf(word, sizeof(word), " %s ", cloud_instance_state_name(at));
        assert_int_equal(cloud_state_is_settled(at), strstr(settled, word) != NULL);
        assert_int_equal(cloud_state_can_start(at), at == CLOUD_STATE_STOPPED);
        assert_int_equal(cloud_state_can_stop(at), at == CLOUD_STATE_RUNNING);
        assert_int_equal(cloud_state_can_reboot(at), at == CLOUD_STATE_RUNNING);
        for (int op = 0; op < CLOUD_OP__COUNT; op++) {
            bool about_one = cloud_op_info((enum cloud_op)op)->required & CC_BIT(INSTANCE_ID);

            if (at == CLOUD_STATE_UNKNOWN && about_one &&
                cloud_op_info((enum cloud_op)op)->effect != CLOUD_READS)
                assert_false(cloud_state_can(at, (enum cloud_op)op));
            if (op == CLOUD_OP_DESCRIBE_INSTANCE)
                assert_true(cloud_state_can(at, (enum cloud_op)op));
        }
    }
    assert_false(cloud_state_is_settled((enum cloud_instance_state)99));
    assert_false(cloud_state_can((enum cloud_instance_state)99, CLOUD_OP_START_INSTANCE));
}

enum { WORDS = 100000, PER_LIST = 50, LONGEST = 4096 };

static uint32_t next_random(uint32_t *seed)
{
    *seed ^= *seed << 13;
    *seed ^= *seed >> 17;
    return *seed ^= *seed << 5;
}

/* Makes a vendor state of random bytes other than 0. Most are short, some have 4 KiB; every fourth
 * is ASCII. */
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

/* Adds a JSON string. Bytes that are no UTF-8 stay unchanged, as a broken vendor sends them. */
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

static const struct listing {
    const char *provider, *begin, *record, *end; /* @record: the id; the vendor state follows */
} listings[] = {
    { "jdcloud", "{\"requestId\":\"r\",\"result\":{\"totalCount\":%d,\"instances\":[",
      "{\"instanceId\":\"i-%d\",\"status\":", "]}}" },
    { "capitalonline_ecs", "{\"code\":\"Success\",\"TotalCount\":%d,\"Data\":{\"EcsList\":[",
      "{\"EcsId\":\"i-%d\",\"Status\":", "]}}" },
    { "capitalonline_ccs",
      "{\"Code\":\"Success\",\"Data\":{\"PageCount\":1,\"Total\":%d,\"Instances\":[",
      "{\"InstanceId\":\"i-%d\",\"InstanceStatus\":", "]}}" },
};

static void play_list(struct fake *script, const struct listing *listing, uint32_t *seed)
{
    static unsigned char words[PER_LIST][LONGEST + 1];
    struct cc_buf body = { 0 };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct fake_reply reply = { .status = 200 };
    struct cloud_error err;
    int rc;

    cc_buf_printf(&body, listing->begin, PER_LIST);
    for (int i = 0; i < PER_LIST; i++) {
        size_t length = make_word(seed, words[i]);

        cc_buf_puts(&body, i ? "," : "");
        cc_buf_printf(&body, listing->record, i);
        add_word(&body, words[i], length);
        cc_buf_putc(&body, '}');
    }
    cc_buf_puts(&body, listing->end);
    reply.body = body.data;
    reply.len = body.len;
    fake_play(script, &reply, 1);
    rc = cloud_call(script->client, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &result, &err);
    if (rc)
        fail_msg("%s: %s", listing->provider, err.message);
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

static void test_status__no_vendor_state_breaks_a_listing(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(listings); i++) {
        struct fake script;
        uint32_t seed = 20221122 + (uint32_t)i;

        fake_open(&script, listings[i].provider, NULL);
        for (int n = 0; n < WORDS; n += PER_LIST)
            play_list(&script, &listings[i], &seed);
        fake_close(&script);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_status__a_settled_state_has_no_work_in_progress),
        cmocka_unit_test(test_status__an_unknown_state_allows_reads_only),
        cmocka_unit_test(test_status__each_state_allows_its_operations),
        cmocka_unit_test(test_status__predicates_agree_with_the_table),
        cmocka_unit_test(test_status__no_vendor_state_breaks_a_listing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
