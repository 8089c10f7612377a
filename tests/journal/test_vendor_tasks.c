/* SPDX-License-Identifier: Apache-2.0 */
/* Tests CapitalOnline's events and tasks as evidence, where the fingerprint is not enough. */
#include "tests/journal/journal_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTLED_S 1300 /* longer than the signature's life and the vendor's lag */

struct fixture {
    struct journal_env env;
    struct cloud_error err;
    struct cloud_result result;
    struct cloud_journal_summary sum;
    /* of the entry that was read last */
    enum cloud_journal_state state;
    char ids[400], reason[600], warning[600];
};

static int open_at(void **state, const char *provider)
{
    struct fixture *k = calloc(1, sizeof(*k));

    journal_env_open(&k->env, provider, false);
    k->result = (struct cloud_result)CLOUD_RESULT_INIT;
    *state = k;
    return 0;
}

static int open_ecs(void **state)
{
    return open_at(state, "capitalonline_ecs");
}

static int open_ccs(void **state)
{
    return open_at(state, "capitalonline_ccs");
}

static int close_world(void **state)
{
    struct fixture *k = *state;

    cloud_result_clear(&k->result);
    journal_env_close(&k->env);
    free(k);
    return 0;
}

static bool keep(const struct cloud_journal_entry *entry, void *user_data)
{
    struct fixture *k = user_data;

    k->state = entry->state;
    snprintf(k->ids, sizeof(k->ids), "%s", entry->ids);
    snprintf(k->reason, sizeof(k->reason), "%s", entry->reason);
    snprintf(k->warning, sizeof(k->warning), "%s", entry->warning);
    return true;
}

static void read_entry(struct fixture *k, const char *key)
{
    assert_int_equal(cloud_journal_list(k->env.journal, key, keep, k, NULL), CLOUD_OK);
}

static void resolve(struct fixture *k)
{
    if (cloud_journal_resolve(k->env.journal, k->env.client, NULL, NULL, NULL, &k->sum, &k->err))
        fail_msg("%s", k->err.message);
}

static int buy(struct fixture *k, const char *key, int count)
{
    struct cloud_params params;

    vendor_params(k->env.vendor, false, &params);
    params.operation_key = key;
    params.count = count;
    return cloud_journal_call(k->env.journal, k->env.client, CLOUD_OP_CREATE_INSTANCE, &params,
                              &k->result, &k->err);
}

static void timeline(struct fixture *k, const char *what)
{
    journal_control(&k->env, "POST", "timeline", "%s", what);
}

static int count_of(const char *ids)
{
    int count = *ids != '\0';

    for (; *ids; ids++)
        count += *ids == ',';
    return count;
}

static void test_vendor_tasks__ids_are_of_the_task_that_has_ended(void **state)
{
    struct fixture *k = *state;
    char first[128];

    assert_int_equal(buy(k, "k", 1), CLOUD_OK);
    assert_int_equal(k->result.id_count, 1);
    snprintf(first, sizeof(first), "%s", k->result.ids[0]);
    read_entry(k, "k");
    assert_string_equal(k->ids, first);
    assert_int_equal(buy(k, "k", 1), CLOUD_OK);
    assert_string_equal(k->result.ids[0], first);
    assert_int_equal(journal_charges(&k->env, NULL), 1);
}

static void test_vendor_tasks__ids_are_added_when_the_task_has_ended(void **state)
{
    struct fixture *k = *state;
    int64_t lines = 0;

    timeline(k, "{\"transition\":\"create\",\"seconds\":600}");
    journal_control(&k->env, "POST", "fail",
                    "{\"action\":\"DescribeTask\",\"kind\":\"drop_before_apply\",\"times\":9}");
    assert_int_equal(buy(k, "k", 2), CLOUD_OK);
    journal_control(&k->env, "DELETE", "fail", "%s", "");
    read_entry(k, "k");
    assert_int_equal(k->state, CLOUD_JOURNAL_APPLIED);
    assert_string_equal(k->ids, "");
    journal_advance(&k->env, 700);
    resolve(k);
    assert_int_equal(k->sum.applied + k->sum.unknown + k->sum.not_applied + k->sum.elsewhere, 0);
    read_entry(k, "k");
    assert_int_equal(count_of(k->ids), 2);
    assert_int_equal(cloud_journal_verify(k->env.journal, &lines, NULL, &k->err), CLOUD_OK);
    assert_int_equal(lines, 1);
    assert_int_equal(buy(k, "k", 2), CLOUD_OK);
    assert_int_equal(k->result.id_count, 2);
    journal_control(&k->env, "DELETE", "requests", "%s", "");
    resolve(k); /* no ids are missing */
    journal_control(&k->env, "GET", "requests", "%s", "");
    assert_null(strstr(k->env.reply, "DescribeTask"));
}

/* the task failed, but an instance is visible, so money may have been charged */
static void test_vendor_tasks__failed_purchase_with_an_instance_has_a_warning(void **state)
{
    struct fixture *k = *state;

    timeline(k, "{\"transition\":\"create\",\"outcome\":\"error\",\"times\":1}");
    assert_int_equal(buy(k, "k", 1), CLOUD_OK);
    read_entry(k, "k");
    assert_int_equal(k->state, CLOUD_JOURNAL_APPLIED);
    assert_non_null(strstr(k->warning, "list of orders"));
    assert_int_equal(count_of(k->ids), 1);
}

static void test_vendor_tasks__failed_purchase_without_an_instance_is_not_applied(void **state)
{
    struct fixture *k = *state;

    journal_control(&k->env, "POST", "world", "{\"visibility_lag_s\":100000}");
    timeline(k, "{\"transition\":\"create\",\"outcome\":\"error\",\"times\":1}");
    assert_int_equal(buy(k, "k", 1), CLOUD_ESTATE);
    assert_int_equal(k->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    resolve(k);
    assert_int_equal(k->sum.unknown, 1);
    journal_advance(&k->env, SETTLED_S);
    resolve(k);
    assert_int_equal(k->sum.not_applied, 1);
    read_entry(k, "k");
    assert_non_null(strstr(k->reason, "failed"));
}

static void test_vendor_tasks__part_of_an_order_is_applied_with_a_warning(void **state)
{
    struct fixture *k = *state;

    timeline(k, "{\"transition\":\"create\",\"outcome\":\"error\",\"times\":1}");
    assert_int_equal(buy(k, "k", 3), CLOUD_OK);
    read_entry(k, "k");
    assert_int_equal(k->state, CLOUD_JOURNAL_APPLIED);
    assert_non_null(strstr(k->warning, "part_fail"));
}

static bool count_kind(const struct cloud_finding *finding, void *user_data)
{
    ((int *)user_data)[finding->kind]++;
    return true;
}

/* asserts the number of findings of that kind, and none of another */
static void assert_findings(struct fixture *k, enum cloud_finding_kind kind, int expected)
{
    int found[CLOUD_FINDING__COUNT] = { 0 };

    assert_int_equal(
        cloud_journal_report(k->env.journal, k->env.client, count_kind, found, &k->err), CLOUD_OK);
    for (int i = 0; i < CLOUD_FINDING__COUNT; i++)
        assert_int_equal(found[i], i == (int)kind ? expected : 0);
}

/* also when the vendor replied with a task, and no ids are known */
static void test_vendor_tasks__purchase_without_an_instance_is_reported_after_the_lag(void **state)
{
    struct fixture *k = *state;

    timeline(k, "{\"transition\":\"create\",\"seconds\":2}");
    assert_int_equal(buy(k, "k", 1), CLOUD_OK);
    journal_advance(&k->env, 10);
    assert_findings(k, CLOUD_FINDING_MISSED, 0);
    journal_control(&k->env, "POST", "world", "{\"visibility_lag_s\":100000}");
    assert_int_equal(buy(k, "l", 2), CLOUD_OK);
    assert_findings(k, CLOUD_FINDING_MISSED, 0); /* the purchase is too recent */
    journal_advance(&k->env, SETTLED_S);
    read_entry(k, "l");
    assert_findings(k, CLOUD_FINDING_MISSED, *k->ids ? 2 : 1);
}

static int upgrade(struct fixture *k, const char *key, const char *id, int disk_gb)
{
    struct cloud_params params;

    vendor_params(k->env.vendor, true, &params);
    if (disk_gb) {
        params = (struct cloud_params)CLOUD_PARAMS_INIT;
        params.system_disk_gb = disk_gb;
    }
    params.operation_key = key;
    params.instance_id = id;
    return cloud_journal_call(k->env.journal, k->env.client, CLOUD_OP_UPGRADE_INSTANCE, &params,
                              &k->result, &k->err);
}

static void test_vendor_tasks__failed_change_is_not_applied_and_may_be_tried_again(void **state)
{
    struct fixture *k = *state;
    char id[128];

    journal_buy(&k->env, id);
    assert_int_equal(cloud_stop_instance(k->env.client, id, false, NULL), CLOUD_OK);
    for (int disk_gb = 0; disk_gb <= 80; disk_gb += 80) {
        const char *key = disk_gb ? "disk" : "size";

        timeline(k, "{\"transition\":\"*\",\"outcome\":\"error\",\"times\":1}");
        assert_int_equal(upgrade(k, key, id, disk_gb), CLOUD_EFAILED);
        assert_int_equal(k->err.outcome, CLOUD_NOT_APPLIED);
        read_entry(k, key);
        assert_int_equal(k->state, CLOUD_JOURNAL_NOT_APPLIED);
        assert_non_null(strstr(k->reason, "failed"));
        if (strcmp(k->env.vendor->provider, "capitalonline_ccs") == 0)
            break; /* it leaves the instance in the state "error" */
        assert_int_equal(upgrade(k, key, id, disk_gb), CLOUD_OK);
    }
    assert_int_equal(cloud_journal_verify(k->env.journal, NULL, NULL, &k->err), CLOUD_OK);
}

#define ECS(name) cmocka_unit_test_setup_teardown(test_vendor_tasks__##name, open_ecs, close_world)
#define CCS(name) cmocka_unit_test_setup_teardown(test_vendor_tasks__##name, open_ccs, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CCS(ids_are_of_the_task_that_has_ended),
        CCS(ids_are_added_when_the_task_has_ended),
        ECS(failed_purchase_with_an_instance_has_a_warning),
        CCS(failed_purchase_with_an_instance_has_a_warning),
        ECS(failed_purchase_without_an_instance_is_not_applied),
        CCS(failed_purchase_without_an_instance_is_not_applied),
        ECS(part_of_an_order_is_applied_with_a_warning),
        ECS(purchase_without_an_instance_is_reported_after_the_lag),
        CCS(purchase_without_an_instance_is_reported_after_the_lag),
        ECS(failed_change_is_not_applied_and_may_be_tried_again),
        CCS(failed_change_is_not_applied_and_may_be_tried_again),
    };

    return cmocka_run_group_tests_name("journal, events and tasks", tests, NULL, NULL);
}
