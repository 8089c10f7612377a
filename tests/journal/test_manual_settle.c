/* SPDX-License-Identifier: Apache-2.0 */
/* A person's word on what no evidence settles: taken once, in its time, and told by the audit as
 * what it is. */
#include "tests/journal/journal_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct settling {
    struct journal_env world;
    struct cloud_error err;
    struct cloud_result result;
};

static int open_world(void **state)
{
    struct settling *s = calloc(1, sizeof(*s));

    journal_env_open(&s->world, "jdcloud", false);
    s->result = (struct cloud_result)CLOUD_RESULT_INIT;
    *state = s;
    return 0;
}

static int close_world(void **state)
{
    struct settling *s = *state;

    cloud_result_clear(&s->result);
    journal_env_close(&s->world);
    free(s);
    return 0;
}

static int buy(struct settling *s)
{
    struct cloud_params params;

    vendor_params(s->world.vendor, false, &params);
    params.operation_key = "k";
    return cloud_journal_call(s->world.journal, s->world.client, CLOUD_OP_CREATE_INSTANCE, &params,
                              &s->result, &s->err);
}

/* a purchase whose request is lost; how far the vendor's clock is ahead of ours when it is sent */
static void lose(struct settling *s, int ahead_s)
{
    journal_ask(&s->world, "POST", "clock", "{\"skew_s\":%d}", ahead_s);
    assert_int_equal(cloud_describe_regions(s->world.client, &s->result, &s->err),
                     CLOUD_OK); /* tells the clock */
    journal_ask(&s->world, "POST", "fail", "%s",
                "{\"action\":\"createInstances\",\"kind\":\"drop_before_apply\",\"times\":9}");
    assert_int_not_equal(buy(s), CLOUD_OK);
    assert_int_equal(s->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    journal_ask(&s->world, "DELETE", "fail", "%s", "");
}

static int settle(struct settling *s, enum cloud_journal_state state, const char *ids)
{
    return cloud_journal_settle(s->world.journal, "k", state, ids, "order 4711 is in the console",
                                &s->err);
}

static bool tells_the_note(const char *line, void *user_data)
{
    *(int *)user_data +=
        strstr(line, "order 4711 is in the console") && strstr(line, "settled by ");
    return true;
}

static void assert_told(struct settling *s, int lines)
{
    int64_t count = 0;
    int told = 0;

    assert_int_equal(cloud_journal_verify(s->world.journal, &count, NULL, &s->err), CLOUD_OK);
    assert_int_equal(count, lines);
    assert_int_equal(cloud_journal_audit(s->world.journal, tells_the_note, &told, &s->err),
                     CLOUD_OK);
    assert_int_equal(told, 1);
}

static void test_settle__applied_answers_with_the_ids_that_were_seen(void **state)
{
    struct settling *s = *state;

    lose(s, 0);
    assert_int_equal(settle(s, CLOUD_JOURNAL_APPLIED, "i-1,i-2"), CLOUD_OK);
    assert_told(s, 1);
    assert_int_equal(buy(s), CLOUD_OK);
    assert_int_equal(s->result.id_count, 2);
    assert_string_equal(s->result.ids[1], "i-2");
    assert_int_equal(journal_charges(&s->world, NULL), 0);
    assert_int_equal(settle(s, CLOUD_JOURNAL_NOT_APPLIED, NULL), CLOUD_ESTATE);
    assert_told(s, 1);
}

static void test_settle__not_applied_has_to_wait_for_what_may_still_come(void **state)
{
    struct settling *s = *state;

    lose(s, 0);
    assert_int_equal(settle(s, CLOUD_JOURNAL_NOT_APPLIED, NULL), CLOUD_ESTATE);
    assert_non_null(strstr(s->err.message, "look again in 2")); /* 20 or 21 minutes */
}

static void test_settle__not_applied_may_be_tried_again(void **state)
{
    struct settling *s = *state;

    lose(s, -1300); /* sent long ago */
    assert_int_equal(settle(s, CLOUD_JOURNAL_NOT_APPLIED, NULL), CLOUD_OK);
    assert_told(s, 1);
    assert_int_equal(buy(s), CLOUD_OK);
    assert_int_equal(journal_charges(&s->world, NULL), 2); /* an instance and its disk */
    assert_told(s, 2);
}

static void test_settle__mistakes_change_nothing(void **state)
{
    struct settling *s = *state;
    struct cloud_journal *journal = s->world.journal;

    assert_int_equal(settle(s, CLOUD_JOURNAL_APPLIED, NULL), CLOUD_ENOTFOUND);
    lose(s, -1300);
    assert_int_equal(settle(s, CLOUD_JOURNAL_INTENT, NULL), CLOUD_EINVAL);
    assert_int_equal(cloud_journal_settle(journal, "k", CLOUD_JOURNAL_APPLIED, NULL, "", &s->err),
                     CLOUD_EINVAL);
    assert_int_equal(
        cloud_journal_settle(journal, NULL, CLOUD_JOURNAL_APPLIED, NULL, "seen", &s->err),
        CLOUD_EINVAL);
    assert_int_not_equal(buy(s), CLOUD_EINVAL);
}

int main(void)
{
#define T(name) cmocka_unit_test_setup_teardown(test_settle__##name, open_world, close_world)
    const struct CMUnitTest tests[] = {
        T(applied_answers_with_the_ids_that_were_seen),
        T(not_applied_has_to_wait_for_what_may_still_come),
        T(not_applied_may_be_tried_again),
        T(mistakes_change_nothing),
    };

    return cmocka_run_group_tests_name("journal, settled by a person", tests, NULL, NULL);
}
