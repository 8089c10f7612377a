/* SPDX-License-Identifier: Apache-2.0 */
/* The journal and CapitalOnline's events and tasks: what they say counts where the mark alone does
 * not tell. */
#include "tests/journal/journal_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTLED_S 1300 /* past the signature's life and the vendor's lag */

struct work {
    struct journal_env world;
    struct cloud_error err;
    struct cloud_result result;
    struct cloud_journal_summary sum;
    /* of the entry that was looked at last */
    enum cloud_journal_state state;
    char ids[400], reason[600], warning[600];
};

static int open_at(void **state, const char *provider)
{
    struct work *k = calloc(1, sizeof(*k));

    journal_env_open(&k->world, provider, false);
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
    struct work *k = *state;

    cloud_result_clear(&k->result);
    journal_env_close(&k->world);
    free(k);
    return 0;
}

static bool keep(const struct cloud_journal_entry *entry, void *user_data)
{
    struct work *k = user_data;

    k->state = entry->state;
    snprintf(k->ids, sizeof(k->ids), "%s", entry->ids);
    snprintf(k->reason, sizeof(k->reason), "%s", entry->reason);
    snprintf(k->warning, sizeof(k->warning), "%s", entry->warning);
    return true;
}

static void look(struct work *k, const char *key)
{
    assert_int_equal(cloud_journal_list(k->world.journal, key, keep, k, NULL), CLOUD_OK);
}

static void resolve(struct work *k)
{
    if (cloud_journal_resolve(k->world.journal, k->world.client, NULL, NULL, NULL, &k->sum,
                              &k->err))
        fail_msg("%s", k->err.message);
}

static int buy(struct work *k, const char *key, int count)
{
    struct cloud_params params;

    vendor_params(k->world.vendor, false, &params);
    params.operation_key = key;
    params.count = count;
    return cloud_journal_call(k->world.journal, k->world.client, CLOUD_OP_CREATE_INSTANCE, &params,
                              &k->result, &k->err);
}

static void timeline(struct work *k, const char *what)
{
    journal_ask(&k->world, "POST", "timeline", "%s", what);
}

static int count_of(const char *ids)
{
    int count = *ids != '\0';

    for (; *ids; ids++)
        count += *ids == ',';
    return count;
}

static void test_work__ids_come_from_the_task_that_has_ended(void **state)
{
    struct work *k = *state;
    char first[128];

    assert_int_equal(buy(k, "k", 1), CLOUD_OK);
    assert_int_equal(k->result.id_count, 1);
    snprintf(first, sizeof(first), "%s", k->result.ids[0]);
    look(k, "k");
    assert_string_equal(k->ids, first);
    assert_int_equal(buy(k, "k", 1), CLOUD_OK);
    assert_string_equal(k->result.ids[0], first);
    assert_int_equal(journal_charges(&k->world, NULL), 1);
}

static void test_work__ids_come_later_from_the_task_that_took_its_time(void **state)
{
    struct work *k = *state;
    int64_t lines = 0;

    timeline(k, "{\"transition\":\"create\",\"seconds\":600}");
    journal_ask(&k->world, "POST", "fail",
                "{\"action\":\"DescribeTask\",\"kind\":\"drop_before_apply\",\"times\":9}");
    assert_int_equal(buy(k, "k", 2), CLOUD_OK);
    journal_ask(&k->world, "DELETE", "fail", "%s", "");
    look(k, "k");
    assert_int_equal(k->state, CLOUD_JOURNAL_APPLIED);
    assert_string_equal(k->ids, "");
    journal_advance(&k->world, 700);
    resolve(k);
    assert_int_equal(k->sum.applied + k->sum.unknown + k->sum.not_applied + k->sum.elsewhere, 0);
    look(k, "k");
    assert_int_equal(count_of(k->ids), 2);
    assert_int_equal(cloud_journal_verify(k->world.journal, &lines, NULL, &k->err), CLOUD_OK);
    assert_int_equal(lines, 1);
    assert_int_equal(buy(k, "k", 2), CLOUD_OK);
    assert_int_equal(k->result.id_count, 2);
    journal_ask(&k->world, "DELETE", "requests", "%s", "");
    resolve(k); /* there is nothing left to learn */
    journal_ask(&k->world, "GET", "requests", "%s", "");
    assert_null(strstr(k->world.answer, "DescribeTask"));
}

/* the work failed and what it left is to be seen: money may have been kept for it */
static void test_work__failed_purchase_that_left_something_is_told(void **state)
{
    struct work *k = *state;

    timeline(k, "{\"transition\":\"create\",\"outcome\":\"error\",\"times\":1}");
    assert_int_equal(buy(k, "k", 1), CLOUD_OK);
    look(k, "k");
    assert_int_equal(k->state, CLOUD_JOURNAL_APPLIED);
    assert_non_null(strstr(k->warning, "list of orders"));
    assert_int_equal(count_of(k->ids), 1);
}

static void test_work__failed_purchase_that_left_nothing_is_not_applied(void **state)
{
    struct work *k = *state;

    journal_ask(&k->world, "POST", "world", "{\"visibility_lag_s\":100000}");
    timeline(k, "{\"transition\":\"create\",\"outcome\":\"error\",\"times\":1}");
    assert_int_equal(buy(k, "k", 1), CLOUD_ESTATE);
    assert_int_equal(k->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    resolve(k);
    assert_int_equal(k->sum.unknown, 1);
    journal_advance(&k->world, SETTLED_S);
    resolve(k);
    assert_int_equal(k->sum.not_applied, 1);
    look(k, "k");
    assert_non_null(strstr(k->reason, "failed"));
}

static void test_work__part_of_an_order_is_applied_with_a_warning(void **state)
{
    struct work *k = *state;

    timeline(k, "{\"transition\":\"create\",\"outcome\":\"error\",\"times\":1}");
    assert_int_equal(buy(k, "k", 3), CLOUD_OK);
    look(k, "k");
    assert_int_equal(k->state, CLOUD_JOURNAL_APPLIED);
    assert_non_null(strstr(k->warning, "part_fail"));
}

static bool count_kind(const struct cloud_finding *finding, void *user_data)
{
    ((int *)user_data)[finding->kind]++;
    return true;
}

/* findings of that kind, and none of another */
static void finds(struct work *k, enum cloud_finding_kind kind, int wanted)
{
    int found[CLOUD_FINDING__COUNT] = { 0 };

    assert_int_equal(
        cloud_journal_report(k->world.journal, k->world.client, count_kind, found, &k->err),
        CLOUD_OK);
    for (int i = 0; i < CLOUD_FINDING__COUNT; i++)
        assert_int_equal(found[i], i == (int)kind ? wanted : 0);
}

/* also where the answer named a task, and no ids are known */
static void test_work__what_was_bought_and_is_not_there_is_missed_in_its_time(void **state)
{
    struct work *k = *state;

    timeline(k, "{\"transition\":\"create\",\"seconds\":2}");
    assert_int_equal(buy(k, "k", 1), CLOUD_OK);
    journal_advance(&k->world, 10);
    finds(k, CLOUD_FINDING_MISSED, 0);
    journal_ask(&k->world, "POST", "world", "{\"visibility_lag_s\":100000}");
    assert_int_equal(buy(k, "l", 2), CLOUD_OK);
    finds(k, CLOUD_FINDING_MISSED, 0); /* so short a time ago */
    journal_advance(&k->world, SETTLED_S);
    look(k, "l");
    finds(k, CLOUD_FINDING_MISSED, *k->ids ? 2 : 1);
}

static int upgrade(struct work *k, const char *key, const char *id, int disk_gb)
{
    struct cloud_params params;

    vendor_params(k->world.vendor, true, &params);
    if (disk_gb) {
        params = (struct cloud_params)CLOUD_PARAMS_INIT;
        params.system_disk_gb = disk_gb;
    }
    params.operation_key = key;
    params.instance_id = id;
    return cloud_journal_call(k->world.journal, k->world.client, CLOUD_OP_UPGRADE_INSTANCE, &params,
                              &k->result, &k->err);
}

static void test_work__failed_change_is_not_applied_and_may_be_tried_again(void **state)
{
    struct work *k = *state;
    char id[128];

    journal_buy(&k->world, id);
    assert_int_equal(cloud_stop_instance(k->world.client, id, false, NULL), CLOUD_OK);
    for (int disk_gb = 0; disk_gb <= 80; disk_gb += 80) {
        const char *key = disk_gb ? "disk" : "size";

        timeline(k, "{\"transition\":\"*\",\"outcome\":\"error\",\"times\":1}");
        assert_int_equal(upgrade(k, key, id, disk_gb), CLOUD_EFAILED);
        assert_int_equal(k->err.outcome, CLOUD_NOT_APPLIED);
        look(k, key);
        assert_int_equal(k->state, CLOUD_JOURNAL_NOT_APPLIED);
        assert_non_null(strstr(k->reason, "failed"));
        if (strcmp(k->world.vendor->provider, "capitalonline_ccs") == 0)
            break; /* it leaves the instance in error */
        assert_int_equal(upgrade(k, key, id, disk_gb), CLOUD_OK);
    }
    assert_int_equal(cloud_journal_verify(k->world.journal, NULL, NULL, &k->err), CLOUD_OK);
}

#define ECS(name) cmocka_unit_test_setup_teardown(test_work__##name, open_ecs, close_world)
#define CCS(name) cmocka_unit_test_setup_teardown(test_work__##name, open_ccs, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CCS(ids_come_from_the_task_that_has_ended),
        CCS(ids_come_later_from_the_task_that_took_its_time),
        ECS(failed_purchase_that_left_something_is_told),
        CCS(failed_purchase_that_left_something_is_told),
        ECS(failed_purchase_that_left_nothing_is_not_applied),
        CCS(failed_purchase_that_left_nothing_is_not_applied),
        ECS(part_of_an_order_is_applied_with_a_warning),
        ECS(what_was_bought_and_is_not_there_is_missed_in_its_time),
        CCS(what_was_bought_and_is_not_there_is_missed_in_its_time),
        ECS(failed_change_is_not_applied_and_may_be_tried_again),
        CCS(failed_change_is_not_applied_and_may_be_tried_again),
    };

    return cmocka_run_group_tests_name("journal, events and tasks", tests, NULL, NULL);
}
