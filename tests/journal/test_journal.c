/* SPDX-License-Identifier: Apache-2.0 */
/* The journal against the emulator in this process: keys, states, evidence, guards, audit; the same
 * tests for each store. */
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

static bool on_postgres;

static int open_jd(void **state)
{
    struct journal_env *w = calloc(1, sizeof(*w));

    journal_env_open(w, "jdcloud", on_postgres);
    *state = w;
    return 0;
}

static int close_world(void **state)
{
    journal_env_close(*state);
    free(*state);
    return 0;
}

static int buy(struct journal_env *w, const char *key, struct cloud_result *result,
               struct cloud_error *err)
{
    struct cloud_params params;

    vendor_params(w->vendor, false, &params);
    params.operation_key = key;
    return cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, result,
                              err);
}

static int renew(struct journal_env *w, const char *key, const char *id, struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.operation_key = key;
    params.instance_id = id;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return cloud_journal_call(w->journal, w->client, CLOUD_OP_RENEW_INSTANCE, &params, NULL, err);
}

static bool keep_last(const struct cloud_journal_entry *entry, void *user_data)
{
    struct cloud_journal_entry *last = user_data;

    last->state = entry->state;
    last->attempt = entry->attempt;
    last->amount = entry->amount;
    last->expires_before = entry->expires_before;
    last->expires_after = entry->expires_after;
    return true;
}

static struct cloud_journal_entry last_of(struct journal_env *w, const char *key)
{
    struct cloud_journal_entry last = { .attempt = 0 };

    assert_int_equal(cloud_journal_list(w->journal, key, keep_last, &last, NULL), CLOUD_OK);
    return last;
}

/* what a failing test shows */
static bool show(const struct cloud_journal_entry *entry, void *user_data)
{
    (void)user_data;
    print_message("%s: %s %s\n", entry->key, cloud_journal_state_name(entry->state), entry->reason);
    return true;
}

static struct cloud_journal_summary resolve(struct journal_env *w)
{
    struct cloud_journal_summary sum;
    struct cloud_error err;

    if (cloud_journal_resolve(w->journal, w->client, NULL, show, NULL, &sum, &err))
        fail_msg("%s", err.message);
    return sum;
}

static void fail_next(struct journal_env *w, const char *action, const char *kind)
{
    journal_ask(w, "POST", "fail", "{\"action\":\"%s\",\"kind\":\"%s\",\"times\":10}", action,
                kind);
}

static void heal(struct journal_env *w)
{
    journal_ask(w, "DELETE", "fail", "%s", "");
}

static void verified(struct journal_env *w, int64_t lines)
{
    struct cloud_error err;
    int64_t count = -1;

    if (cloud_journal_verify(w->journal, &count, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(count, lines);
}

static void test_journal__same_key_returns_the_first_result_without_a_request(void **state)
{
    struct journal_env *w = *state;
    struct cloud_result first = CLOUD_RESULT_INIT, again = CLOUD_RESULT_INIT;
    struct cloud_error err;

    assert_int_equal(buy(w, "order-1", &first, &err), CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    assert_int_equal(first.id_count, 1);
    journal_ask(w, "DELETE", "requests", "%s", "");
    journal_env_reopen(w, NULL);
    assert_int_equal(buy(w, "order-1", &again, &err), CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    assert_int_equal(again.id_count, 1);
    assert_string_equal(again.ids[0], first.ids[0]);
    assert_string_equal(again.request_id, first.request_id);
    assert_true(again.price.total.micros > 0);
    journal_ask(w, "GET", "requests", "%s", "");
    assert_null(strstr(w->answer, "createInstances"));
    assert_null(strstr(w->answer, "calculateTotalPrice"));
    assert_int_equal(last_of(w, "order-1").state, CLOUD_JOURNAL_APPLIED);
    verified(w, 1);
    cloud_result_clear(&first);
    cloud_result_clear(&again);
}

static void test_journal__same_key_with_other_parameters_is_refused_by_name(void **state)
{
    struct journal_env *w = *state;
    struct cloud_params params;
    struct cloud_error err;
    int charges;

    assert_int_equal(buy(w, "order-1", NULL, &err), CLOUD_OK);
    charges = journal_charges(w, NULL);
    vendor_params(w->vendor, false, &params);
    params.operation_key = "order-1";
    params.system_disk_gb = 50;
    assert_int_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "system_disk_gb"));
    params.system_disk_gb = 40;
    params.description = "more";
    assert_int_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "description"));
    assert_int_equal(renew(w, "order-1", "i-1", &err), CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "operation"));
    params.operation_key = NULL;
    assert_int_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_EINVAL);
    assert_string_equal(err.parameter, "operation_key");
    assert_int_equal(journal_charges(w, NULL), charges);
}

static void test_journal__secrets_are_kept_as_digests_and_still_compared(void **state)
{
    struct journal_env *w = *state;
    struct cloud_params params;
    struct cloud_error err;

    vendor_params(w->vendor, false, &params);
    params.operation_key = "order-1";
    params.password = "Kp7!vNxq92";
    assert_int_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_OK);
    assert_int_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_OK);
    params.password = "Kp7!vNxq93";
    assert_int_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "password"));
    assert_null(strstr(err.message, "Kp7"));
    if (!on_postgres) {
        char command[256];

        snprintf(command, sizeof(command), "! grep -aq 'Kp7!vNxq9' %s/journal.db*", w->directory);
        assert_int_equal(system(command), 0);
    }
}

static void test_journal__not_applied_key_may_be_tried_again(void **state)
{
    struct journal_env *w = *state;
    struct cloud_error err;

    journal_ask(w, "POST", "world", "{\"balance\":\"1.00\"}");
    assert_int_equal(buy(w, "order-1", NULL, &err), CLOUD_EBALANCE);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(last_of(w, "order-1").state, CLOUD_JOURNAL_NOT_APPLIED);
    journal_ask(w, "POST", "world", "{\"balance\":\"10000.00\"}");
    assert_int_equal(buy(w, "order-1", NULL, &err), CLOUD_OK);
    assert_int_equal(last_of(w, "order-1").attempt, 2);
    verified(w, 2);
}

static void test_journal__bad_parameters_leave_no_entry(void **state)
{
    struct journal_env *w = *state;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;

    params.operation_key = "order-1";
    params.instance_id = "i-1";
    params.period = (struct cloud_period){ 13, CLOUD_PERIOD_MONTH };
    assert_int_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_RENEW_INSTANCE, &params, NULL, &err),
        CLOUD_EINVAL);
    assert_string_equal(err.parameter, "period");
    assert_int_equal(last_of(w, "order-1").attempt, 0);
}

static void test_journal__lost_purchase_is_resolved_by_its_token(void **state)
{
    struct journal_env *w = *state;
    struct cloud_journal_summary sum;
    struct cloud_error err;

    fail_next(w, "createInstances", "drop_after_apply");
    assert_int_not_equal(buy(w, "order-1", NULL, &err), CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_int_equal(last_of(w, "order-1").state, CLOUD_JOURNAL_UNKNOWN);
    heal(w);
    sum = resolve(w);
    assert_int_equal(sum.applied, 1);
    assert_int_equal(buy(w, "order-1", NULL, &err), CLOUD_OK);
    assert_int_equal(journal_charges(w, "create"), 2); /* the instance and its disk, once */
}

static void test_journal__lost_order_that_never_arrived_is_bought_once(void **state)
{
    struct journal_env *w = *state;
    struct cloud_error err;

    fail_next(w, "createInstances", "drop_before_apply");
    assert_int_not_equal(buy(w, "order-1", NULL, &err), CLOUD_OK);
    heal(w);
    assert_int_equal(journal_charges(w, "create"), 0);
    assert_int_equal(resolve(w).applied, 1);
    assert_int_equal(journal_charges(w, "create"), 2);
}

static void test_journal__mark_is_found_where_the_token_cannot_be_sent_again(void **state)
{
    struct journal_env *w = *state;
    struct cloud_params params;
    struct cloud_error err;

    vendor_params(w->vendor, false, &params);
    params.operation_key = "order-1";
    params.password = "Kp7!vNxq92";
    fail_next(w, "createInstances", "drop_after_apply");
    assert_int_not_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_OK);
    heal(w);
    assert_int_equal(resolve(w).applied, 1);
    assert_int_equal(journal_charges(w, "create"), 2);

    params.operation_key = "order-2";
    fail_next(w, "createInstances", "drop_before_apply");
    assert_int_not_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_OK);
    heal(w);
    assert_int_equal(resolve(w).unknown, 1);
    journal_advance(w, SETTLED_S);
    assert_int_equal(resolve(w).not_applied, 1);
    assert_int_equal(journal_charges(w, "create"), 2);
}

static void test_journal__renewal_is_resolved_by_the_expiry(void **state)
{
    struct journal_env *w = *state;
    struct cloud_error err;
    char id[128];

    journal_buy(w, id);
    assert_int_equal(renew(w, "renew-1", id, &err), CLOUD_OK);
    assert_true(last_of(w, "renew-1").expires_after > last_of(w, "renew-1").expires_before);
    assert_true(last_of(w, "renew-1").amount.micros > 0);

    journal_ask(
        w, "POST", "fail",
        "{\"action\":\"renewInstance\",\"kind\":\"drop_after_apply\",\"skip\":1,\"times\":1}");
    assert_int_not_equal(renew(w, "renew-2", id, &err), CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_int_equal(resolve(w).applied, 1);
    assert_int_equal(journal_charges(w, "renew"), 4);

    heal(w);
    fail_next(w, "renewInstance", "drop_before_apply");
    assert_int_not_equal(renew(w, "renew-3", id, &err), CLOUD_OK);
    heal(w);
    assert_int_equal(resolve(w).unknown, 1);
    assert_int_equal(renew(w, "renew-4", id, &err),
                     CLOUD_ESTATE); /* the instance has an open question */
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_non_null(strstr(err.message, "renew-3"));
    assert_int_equal(renew(w, "renew-3", id, &err), CLOUD_ESTATE);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    journal_advance(w, SETTLED_S);
    assert_int_equal(renew(w, "renew-3", id, &err),
                     CLOUD_OK); /* settled as not applied, and tried again */
    assert_int_equal(last_of(w, "renew-3").attempt, 2);
    assert_int_equal(journal_charges(w, "renew"), 6);
    verified(w, 4);
}

static void test_journal__renewal_half_done_is_brought_to_its_end(void **state)
{
    struct journal_env *w = *state;
    struct cloud_error err;
    char id[128];

    journal_buy(w, id);
    journal_ask(
        w, "POST", "fail",
        "{\"action\":\"renewInstance\",\"kind\":\"drop_before_apply\",\"skip\":1,\"times\":1}");
    assert_int_not_equal(renew(w, "renew-1", id, &err), CLOUD_OK);
    assert_int_equal(journal_charges(w, "renew"), 1);
    assert_int_equal(resolve(w).unknown, 1);
    journal_advance(w, SETTLED_S);
    assert_int_equal(resolve(w).applied, 1);
    assert_int_equal(journal_charges(w, "renew"), 2);
}

static int upgrade(struct journal_env *w, const char *key, const char *id, int disk_gb,
                   struct cloud_error *err)
{
    struct cloud_params params;

    vendor_params(w->vendor, true, &params);
    if (disk_gb) {
        params = (struct cloud_params)CLOUD_PARAMS_INIT;
        params.system_disk_gb = disk_gb;
    }
    params.operation_key = key;
    params.instance_id = id;
    return cloud_journal_call(w->journal, w->client, CLOUD_OP_UPGRADE_INSTANCE, &params, NULL, err);
}

static void test_journal__upgrade_is_resolved_by_the_shape(void **state)
{
    struct journal_env *w = *state;
    struct cloud_error err;
    char id[128];

    journal_buy(w, id);
    assert_int_equal(cloud_stop_instance(w->client, id, false, &err), CLOUD_OK);
    fail_next(w, "resizeInstance", "drop_before_apply");
    assert_int_not_equal(upgrade(w, "up-1", id, 0, &err), CLOUD_OK);
    heal(w);
    assert_int_equal(resolve(w).unknown, 1);
    journal_advance(w, SETTLED_S);
    assert_int_equal(resolve(w).not_applied, 1);
    fail_next(w, "resizeInstance", "drop_after_apply");
    assert_int_not_equal(upgrade(w, "up-1", id, 0, &err), CLOUD_OK);
    heal(w);
    assert_int_equal(resolve(w).applied, 1);
    assert_int_equal(upgrade(w, "up-1", id, 0, &err), CLOUD_OK);
}

/* the system disk is detached, extended, attached: wherever that stops, the instance gets its disk
 * back */
static void test_journal__upgrade_of_a_disk_leaves_no_instance_without(void **state)
{
    static const struct {
        const char *action, *kind;
        bool grown;
    } rows[] = {
        { "detachDisk", "drop_after_apply", false }, { "extendDisk", "drop_before_apply", false },
        { "extendDisk", "drop_after_apply", true },  { "attachDisk", "drop_before_apply", true },
        { "attachDisk", "drop_after_apply", true },
    };
    struct journal_env *w = *state;
    struct cloud_error err;
    int gb = 40;
    char id[128];

    journal_buy(w, id);
    assert_int_equal(cloud_stop_instance(w->client, id, false, &err), CLOUD_OK);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cloud_result result = CLOUD_RESULT_INIT;
        char key[16];

        snprintf(key, sizeof(key), "disk-%zu", i);
        fail_next(w, rows[i].action, rows[i].kind);
        assert_int_not_equal(upgrade(w, key, id, gb + 10, &err), CLOUD_OK);
        heal(w);
        journal_advance(w, SETTLED_S);
        resolve(w);
        assert_int_equal(last_of(w, key).state,
                         rows[i].grown ? CLOUD_JOURNAL_APPLIED : CLOUD_JOURNAL_NOT_APPLIED);
        gb += rows[i].grown ? 10 : 0;
        assert_int_equal(cloud_describe_instance(w->client, id, &result, &err), CLOUD_OK);
        assert_non_null(result.instances[0].system_disk.id);
        assert_int_equal(result.instances[0].system_disk.size_gb, gb);
        cloud_result_clear(&result);
    }
}

static void test_journal__automatic_renewal_is_turned_on_again_after_a_loss(void **state)
{
    struct journal_env *w = *state;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;
    char id[128];

    journal_buy(w, id);
    params.operation_key = "auto-1";
    params.instance_id = id;
    params.auto_renew = CLOUD_YES;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    fail_next(w, "setRenewal", "drop_before_apply");
    assert_int_not_equal(cloud_journal_call(w->journal, w->client,
                                            CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, &params,
                                            NULL, &err),
                         CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    heal(w);
    assert_int_equal(resolve(w).applied, 1);
}

static void test_journal__quote_binds_the_price(void **state)
{
    struct journal_env *w = *state;
    struct cloud_result quote = CLOUD_RESULT_INIT;
    struct cloud_params params;
    struct cloud_error err;

    vendor_params(w->vendor, false, &params);
    params.operation_key = "order-1";
    assert_int_equal(
        cloud_journal_quote(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, &quote, &err),
        CLOUD_OK);
    assert_true(quote.price.total.micros > 0);
    params.instance_type = "g.n2.large"; /* dearer */
    assert_int_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "instance_type"));
    params.instance_type = "g.n2.medium";
    assert_int_equal(
        cloud_journal_call(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_OK);
    assert_int_equal(last_of(w, "order-1").amount.micros, quote.price.total.micros);
    assert_int_equal(
        cloud_journal_quote(w->journal, w->client, CLOUD_OP_CREATE_INSTANCE, &params, NULL, &err),
        CLOUD_ECONFLICT);
    cloud_result_clear(&quote);
}

static bool count_kind(const struct cloud_finding *finding, void *user_data)
{
    ((int *)user_data)[finding->kind]++;
    return true;
}

static void test_journal__report_tells_what_differs(void **state)
{
    struct journal_env *w = *state;
    int found[CLOUD_FINDING__COUNT] = { 0 };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;
    char id[128];

    assert_int_equal(buy(w, "order-1", &result, &err), CLOUD_OK);
    snprintf(id, sizeof(id), "%s", result.ids[0]);
    assert_int_equal(renew(w, "renew-1", id, &err), CLOUD_OK);
    assert_int_equal(cloud_journal_report(w->journal, w->client, count_kind, found, &err),
                     CLOUD_OK);
    for (int i = 0; i < CLOUD_FINDING__COUNT; i++)
        assert_int_equal(found[i], 0);

    /* renewed past the journal; the vendor renews it too; bought past the journal with a mark */
    assert_int_equal(cloud_renew_instance(
                         w->client, id, (struct cloud_period){ 1, CLOUD_PERIOD_MONTH }, NULL, &err),
                     CLOUD_OK);
    assert_int_equal(cloud_modify_instance_auto_renew_attribute(
                         w->client, id, true, (struct cloud_period){ 1, CLOUD_PERIOD_MONTH }, &err),
                     CLOUD_OK);
    vendor_params(w->vendor, false, &params);
    params.operation_key = "elsewhere";
    assert_int_equal(cloud_create_instance(w->client, &params, NULL, &err), CLOUD_OK);
    assert_int_equal(cloud_journal_report(w->journal, w->client, count_kind, found, &err),
                     CLOUD_OK);
    assert_int_equal(found[CLOUD_FINDING_EXPIRY], 1);
    assert_int_equal(found[CLOUD_FINDING_BOTH_RENEW], 1);
    assert_int_equal(found[CLOUD_FINDING_ORPHANED], 1);
    assert_int_equal(found[CLOUD_FINDING_MISSED], 0);
    cloud_result_clear(&result);
}

static bool keep_line(const char *line, void *user_data)
{
    snprintf(user_data, 4096, "%s", line);
    return true;
}

static void test_journal__edited_audit_shows(void **state)
{
    struct journal_env *w = *state;
    char line[4096], command[1024];
    struct cloud_error err;

    assert_int_equal(buy(w, "order-1", NULL, &err), CLOUD_OK);
    assert_int_equal(buy(w, "order-2", NULL, &err), CLOUD_OK);
    verified(w, 2);
    assert_int_equal(cloud_journal_audit(w->journal, keep_line, line, &err), CLOUD_OK);
    assert_non_null(strstr(line, "\"key\":\"order-2\""));
    assert_non_null(strstr(line, "\"outcome\":\"applied\""));
    assert_non_null(strstr(line, "\"amount\":\""));
    if (on_postgres)
        snprintf(command, sizeof(command),
                 "psql -q '%s' -c \"UPDATE audit SET line = replace(line, 'order-1', 'order-9')\"",
                 w->uri);
    else
        snprintf(command, sizeof(command),
                 "python3 -c \"import sqlite3; c=sqlite3.connect('%s'); "
                 "c.execute('UPDATE audit SET line = replace(line, ?, ?)', ('order-1', "
                 "'order-9')); c.commit()\"",
                 w->uri + 7);
    assert_int_equal(system(command), 0);
    assert_int_equal(cloud_journal_verify(w->journal, NULL, NULL, &err), CLOUD_EJOURNAL);
    assert_non_null(strstr(err.message, "edited"));
}

#define T(name) cmocka_unit_test_setup_teardown(test_journal__##name, open_jd, close_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(same_key_returns_the_first_result_without_a_request),
        T(same_key_with_other_parameters_is_refused_by_name),
        T(secrets_are_kept_as_digests_and_still_compared),
        T(not_applied_key_may_be_tried_again),
        T(bad_parameters_leave_no_entry),
        T(lost_purchase_is_resolved_by_its_token),
        T(lost_order_that_never_arrived_is_bought_once),
        T(mark_is_found_where_the_token_cannot_be_sent_again),
        T(renewal_is_resolved_by_the_expiry),
        T(renewal_half_done_is_brought_to_its_end),
        T(upgrade_is_resolved_by_the_shape),
        T(upgrade_of_a_disk_leaves_no_instance_without),
        T(automatic_renewal_is_turned_on_again_after_a_loss),
        T(quote_binds_the_price),
        T(report_tells_what_differs),
        T(edited_audit_shows),
    };

    on_postgres = getenv("CLOUD_TEST_POSTGRES") != NULL;
    return cmocka_run_group_tests_name(on_postgres ? "journal on PostgreSQL" : "journal on SQLite",
                                       tests, NULL, NULL);
}
