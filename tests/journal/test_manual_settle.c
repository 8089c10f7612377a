/* SPDX-License-Identifier: Apache-2.0 */
/* Tests outcomes that a person decides: only once, not too early, and marked in the audit. */
#include "tests/journal/journal_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    struct journal_env env;
    struct cloud_error err;
    struct cloud_result result;
};

static int open_world(void **state)
{
    struct fixture *s = calloc(1, sizeof(*s));

    journal_env_open(&s->env, "jdcloud", false);
    s->result = (struct cloud_result)CLOUD_RESULT_INIT;
    *state = s;
    return 0;
}

static int close_world(void **state)
{
    struct fixture *s = *state;

    cloud_result_clear(&s->result);
    journal_env_close(&s->env);
    free(s);
    return 0;
}

static int buy(struct fixture *s)
{
    struct cloud_params params;

    vendor_params(s->env.vendor, false, &params);
    params.operation_key = "k";
    return cloud_journal_call(s->env.journal, s->env.client, CLOUD_OP_CREATE_INSTANCE, &params,
                              &s->result, &s->err);
}

/* a purchase whose request is lost; @ahead_s: the vendor's clock minus ours */
static void lose(struct fixture *s, int ahead_s)
{
    journal_control(&s->env, "POST", "clock", "{\"skew_s\":%d}", ahead_s);
    assert_int_equal(cloud_describe_regions(s->env.client, &s->result, &s->err),
                     CLOUD_OK); /* its reply has the vendor's time */
    journal_control(&s->env, "POST", "fail", "%s",
                    "{\"action\":\"createInstances\",\"kind\":\"drop_before_apply\",\"times\":9}");
    assert_int_not_equal(buy(s), CLOUD_OK);
    assert_int_equal(s->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    journal_control(&s->env, "DELETE", "fail", "%s", "");
}

static int settle(struct fixture *s, enum cloud_journal_state state, const char *ids)
{
    return cloud_journal_settle(s->env.journal, "k", state, ids, "order 4711 is in the console",
                                &s->err);
}

static bool count_note(const char *line, void *user_data)
{
    *(int *)user_data +=
        strstr(line, "order 4711 is in the console") && strstr(line, "settled by ");
    return true;
}

static void assert_audited(struct fixture *s, int lines)
{
    int64_t count = 0;
    int found = 0;

    assert_int_equal(cloud_journal_verify(s->env.journal, &count, NULL, &s->err), CLOUD_OK);
    assert_int_equal(count, lines);
    assert_int_equal(cloud_journal_audit(s->env.journal, count_note, &found, &s->err), CLOUD_OK);
    assert_int_equal(found, 1);
}

static void test_settle__applied_returns_the_given_ids(void **state)
{
    struct fixture *s = *state;

    lose(s, 0);
    assert_int_equal(settle(s, CLOUD_JOURNAL_APPLIED, "i-1,i-2"), CLOUD_OK);
    assert_audited(s, 1);
    assert_int_equal(buy(s), CLOUD_OK);
    assert_int_equal(s->result.id_count, 2);
    assert_string_equal(s->result.ids[1], "i-2");
    assert_int_equal(journal_charges(&s->env, NULL), 0);
    assert_int_equal(settle(s, CLOUD_JOURNAL_NOT_APPLIED, NULL), CLOUD_ESTATE);
    assert_audited(s, 1);
}

static void test_settle__not_applied_is_refused_while_the_request_may_arrive(void **state)
{
    struct fixture *s = *state;

    lose(s, 0);
    assert_int_equal(settle(s, CLOUD_JOURNAL_NOT_APPLIED, NULL), CLOUD_ESTATE);
    assert_non_null(strstr(s->err.message, "look again in 2")); /* 20 or 21 minutes */
}

static void test_settle__not_applied_may_be_tried_again(void **state)
{
    struct fixture *s = *state;

    lose(s, -1300); /* sent long ago */
    assert_int_equal(settle(s, CLOUD_JOURNAL_NOT_APPLIED, NULL), CLOUD_OK);
    assert_audited(s, 1);
    assert_int_equal(buy(s), CLOUD_OK);
    assert_int_equal(journal_charges(&s->env, NULL), 2); /* an instance and its disk */
    assert_audited(s, 2);
}

static void test_settle__mistakes_change_nothing(void **state)
{
    struct fixture *s = *state;
    struct cloud_journal *journal = s->env.journal;

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
        T(applied_returns_the_given_ids),
        T(not_applied_is_refused_while_the_request_may_arrive),
        T(not_applied_may_be_tried_again),
        T(mistakes_change_nothing),
    };

    return cmocka_run_group_tests_name("journal, manual settlement", tests, NULL, NULL);
}
