/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the journal with the emulator in this process: keys, states, evidence, quotes, report and
 * audit. The same tests run on each store. */
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

static bool on_postgres;

static int open_jd(void **state)
{
    struct journal_env *env = calloc(1, sizeof(*env));

    journal_env_open(env, "jdcloud", on_postgres);
    *state = env;
    return 0;
}

static int close_world(void **state)
{
    journal_env_close(*state);
    free(*state);
    return 0;
}

static int buy(struct journal_env *env, const char *key, struct cloud_result *result,
               struct cloud_error *err)
{
    struct cloud_params params;

    vendor_params(env->vendor, false, &params);
    params.operation_key = key;
    return cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE, &params, result,
                              err);
}

static int renew(struct journal_env *env, const char *key, const char *id, struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.operation_key = key;
    params.instance_id = id;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return cloud_journal_call(env->journal, env->client, CLOUD_OP_RENEW_INSTANCE, &params, NULL,
                              err);
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

static struct cloud_journal_entry last_of(struct journal_env *env, const char *key)
{
    struct cloud_journal_entry last = { .attempt = 0 };

    assert_int_equal(cloud_journal_list(env->journal, key, keep_last, &last, NULL), CLOUD_OK);
    return last;
}

/* printed when a test fails */
static bool show(const struct cloud_journal_entry *entry, void *user_data)
{
    (void)user_data;
    print_message("%s: %s %s\n", entry->key, cloud_journal_state_name(entry->state), entry->reason);
    return true;
}

static struct cloud_journal_summary resolve(struct journal_env *env)
{
    struct cloud_journal_summary sum;
    struct cloud_error err;

    if (cloud_journal_resolve(env->journal, env->client, NULL, show, NULL, &sum, &err))
        fail_msg("%s", err.message);
    return sum;
}

static void fail_next(struct journal_env *env, const char *action, const char *kind)
{
    journal_control(env, "POST", "fail", "{\"action\":\"%s\",\"kind\":\"%s\",\"times\":10}", action,
                    kind);
}

static void clear_faults(struct journal_env *env)
{
    journal_control(env, "DELETE", "fail", "%s", "");
}

static void assert_audit_lines(struct journal_env *env, int64_t lines)
{
    struct cloud_error err;
    int64_t count = -1;

    if (cloud_journal_verify(env->journal, &count, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(count, lines);
}

static void test_journal__same_key_returns_the_first_result_without_a_request(void **state)
{
    struct journal_env *env = *state;
    struct cloud_result first = CLOUD_RESULT_INIT, again = CLOUD_RESULT_INIT;
    struct cloud_error err;

    assert_int_equal(buy(env, "order-1", &first, &err), CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    assert_int_equal(first.id_count, 1);
    journal_control(env, "DELETE", "requests", "%s", "");
    journal_env_reopen(env, NULL);
    assert_int_equal(buy(env, "order-1", &again, &err), CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    assert_int_equal(again.id_count, 1);
    assert_string_equal(again.ids[0], first.ids[0]);
    assert_string_equal(again.request_id, first.request_id);
    assert_true(again.price.total.micros > 0);
    journal_control(env, "GET", "requests", "%s", "");
    assert_null(strstr(env->reply, "createInstances"));
    assert_null(strstr(env->reply, "calculateTotalPrice"));
    assert_int_equal(last_of(env, "order-1").state, CLOUD_JOURNAL_APPLIED);
    assert_audit_lines(env, 1);
    cloud_result_clear(&first);
    cloud_result_clear(&again);
}

static void test_journal__same_key_with_other_parameters_is_refused_by_name(void **state)
{
    struct journal_env *env = *state;
    struct cloud_params params;
    struct cloud_error err;
    int charges;

    assert_int_equal(buy(env, "order-1", NULL, &err), CLOUD_OK);
    charges = journal_charges(env, NULL);
    vendor_params(env->vendor, false, &params);
    params.operation_key = "order-1";
    params.system_disk_gb = 50;
    assert_int_equal(cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                        &params, NULL, &err),
                     CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "system_disk_gb"));
    params.system_disk_gb = 40;
    params.description = "more";
    assert_int_equal(cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                        &params, NULL, &err),
                     CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "description"));
    assert_int_equal(renew(env, "order-1", "i-1", &err), CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "operation"));
    params.operation_key = NULL;
    assert_int_equal(cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                        &params, NULL, &err),
                     CLOUD_EINVAL);
    assert_string_equal(err.parameter, "operation_key");
    assert_int_equal(journal_charges(env, NULL), charges);
}

static void test_journal__secrets_are_kept_as_digests_and_still_compared(void **state)
{
    struct journal_env *env = *state;
    struct cloud_params params;
    struct cloud_error err;

    vendor_params(env->vendor, false, &params);
    params.operation_key = "order-1";
    params.password = "Kp7!vNxq92";
    assert_int_equal(cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                        &params, NULL, &err),
                     CLOUD_OK);
    assert_int_equal(cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                        &params, NULL, &err),
                     CLOUD_OK);
    params.password = "Kp7!vNxq93";
    assert_int_equal(cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                        &params, NULL, &err),
                     CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "password"));
    assert_null(strstr(err.message, "Kp7"));
    if (!on_postgres) {
        char command[256];

        snprintf(command, sizeof(command), "! grep -aq 'Kp7!vNxq9' %s/journal.db*", env->directory);
        assert_int_equal(system(command), 0);
    }
}

static void test_journal__not_applied_key_may_be_tried_again(void **state)
{
    struct journal_env *env = *state;
    struct cloud_error err;

    journal_control(env, "POST", "world", "{\"balance\":\"1.00\"}");
    assert_int_equal(buy(env, "order-1", NULL, &err), CLOUD_EBALANCE);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(last_of(env, "order-1").state, CLOUD_JOURNAL_NOT_APPLIED);
    journal_control(env, "POST", "world", "{\"balance\":\"10000.00\"}");
    assert_int_equal(buy(env, "order-1", NULL, &err), CLOUD_OK);
    assert_int_equal(last_of(env, "order-1").attempt, 2);
    assert_audit_lines(env, 2);
}

static void test_journal__bad_parameters_leave_no_entry(void **state)
{
    struct journal_env *env = *state;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;

    params.operation_key = "order-1";
    params.instance_id = "i-1";
    params.period = (struct cloud_period){ 13, CLOUD_PERIOD_MONTH };
    assert_int_equal(
        cloud_journal_call(env->journal, env->client, CLOUD_OP_RENEW_INSTANCE, &params, NULL, &err),
        CLOUD_EINVAL);
    assert_string_equal(err.parameter, "period");
    assert_int_equal(last_of(env, "order-1").attempt, 0);
}

static void test_journal__lost_purchase_is_resolved_by_its_token(void **state)
{
    struct journal_env *env = *state;
    struct cloud_journal_summary sum;
    struct cloud_error err;

    fail_next(env, "createInstances", "drop_after_apply");
    assert_int_not_equal(buy(env, "order-1", NULL, &err), CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_int_equal(last_of(env, "order-1").state, CLOUD_JOURNAL_UNKNOWN);
    clear_faults(env);
    sum = resolve(env);
    assert_int_equal(sum.applied, 1);
    assert_int_equal(buy(env, "order-1", NULL, &err), CLOUD_OK);
    assert_int_equal(journal_charges(env, "create"), 2); /* the instance and its disk, once */
}

static void test_journal__lost_order_that_never_arrived_is_bought_once(void **state)
{
    struct journal_env *env = *state;
    struct cloud_error err;

    fail_next(env, "createInstances", "drop_before_apply");
    assert_int_not_equal(buy(env, "order-1", NULL, &err), CLOUD_OK);
    clear_faults(env);
    assert_int_equal(journal_charges(env, "create"), 0);
    assert_int_equal(resolve(env).applied, 1);
    assert_int_equal(journal_charges(env, "create"), 2);
}

static void test_journal__fingerprint_is_found_when_the_token_cannot_be_sent_again(void **state)
{
    struct journal_env *env = *state;
    struct cloud_params params;
    struct cloud_error err;

    vendor_params(env->vendor, false, &params);
    params.operation_key = "order-1";
    params.password = "Kp7!vNxq92";
    fail_next(env, "createInstances", "drop_after_apply");
    assert_int_not_equal(cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                            &params, NULL, &err),
                         CLOUD_OK);
    clear_faults(env);
    assert_int_equal(resolve(env).applied, 1);
    assert_int_equal(journal_charges(env, "create"), 2);

    params.operation_key = "order-2";
    fail_next(env, "createInstances", "drop_before_apply");
    assert_int_not_equal(cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                            &params, NULL, &err),
                         CLOUD_OK);
    clear_faults(env);
    assert_int_equal(resolve(env).unknown, 1);
    journal_advance(env, SETTLED_S);
    assert_int_equal(resolve(env).not_applied, 1);
    assert_int_equal(journal_charges(env, "create"), 2);
}

static void test_journal__renewal_is_resolved_by_the_expiry(void **state)
{
    struct journal_env *env = *state;
    struct cloud_error err;
    char id[128];

    journal_buy(env, id);
    assert_int_equal(renew(env, "renew-1", id, &err), CLOUD_OK);
    assert_true(last_of(env, "renew-1").expires_after > last_of(env, "renew-1").expires_before);
    assert_true(last_of(env, "renew-1").amount.micros > 0);

    journal_control(
        env, "POST", "fail",
        "{\"action\":\"renewInstance\",\"kind\":\"drop_after_apply\",\"skip\":1,\"times\":1}");
    assert_int_not_equal(renew(env, "renew-2", id, &err), CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_int_equal(resolve(env).applied, 1);
    assert_int_equal(journal_charges(env, "renew"), 4);

    clear_faults(env);
    fail_next(env, "renewInstance", "drop_before_apply");
    assert_int_not_equal(renew(env, "renew-3", id, &err), CLOUD_OK);
    clear_faults(env);
    assert_int_equal(resolve(env).unknown, 1);
    assert_int_equal(renew(env, "renew-4", id, &err),
                     CLOUD_ESTATE); /* another key of the instance is unknown */
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_non_null(strstr(err.message, "renew-3"));
    assert_int_equal(renew(env, "renew-3", id, &err), CLOUD_ESTATE);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    journal_advance(env, SETTLED_S);
    assert_int_equal(renew(env, "renew-3", id, &err),
                     CLOUD_OK); /* it is settled as not applied, and then tried again */
    assert_int_equal(last_of(env, "renew-3").attempt, 2);
    assert_int_equal(journal_charges(env, "renew"), 6);
    assert_audit_lines(env, 4);
}

static void test_journal__partial_renewal_is_completed(void **state)
{
    struct journal_env *env = *state;
    struct cloud_error err;
    char id[128];

    journal_buy(env, id);
    journal_control(
        env, "POST", "fail",
        "{\"action\":\"renewInstance\",\"kind\":\"drop_before_apply\",\"skip\":1,\"times\":1}");
    assert_int_not_equal(renew(env, "renew-1", id, &err), CLOUD_OK);
    assert_int_equal(journal_charges(env, "renew"), 1);
    assert_int_equal(resolve(env).unknown, 1);
    journal_advance(env, SETTLED_S);
    assert_int_equal(resolve(env).applied, 1);
    assert_int_equal(journal_charges(env, "renew"), 2);
}

static int upgrade(struct journal_env *env, const char *key, const char *id, int disk_gb,
                   struct cloud_error *err)
{
    struct cloud_params params;

    vendor_params(env->vendor, true, &params);
    if (disk_gb) {
        params = (struct cloud_params)CLOUD_PARAMS_INIT;
        params.system_disk_gb = disk_gb;
    }
    params.operation_key = key;
    params.instance_id = id;
    return cloud_journal_call(env->journal, env->client, CLOUD_OP_UPGRADE_INSTANCE, &params, NULL,
                              err);
}

static void test_journal__upgrade_is_resolved_by_the_size(void **state)
{
    struct journal_env *env = *state;
    struct cloud_error err;
    char id[128];

    journal_buy(env, id);
    assert_int_equal(cloud_stop_instance(env->client, id, false, &err), CLOUD_OK);
    fail_next(env, "resizeInstance", "drop_before_apply");
    assert_int_not_equal(upgrade(env, "up-1", id, 0, &err), CLOUD_OK);
    clear_faults(env);
    assert_int_equal(resolve(env).unknown, 1);
    journal_advance(env, SETTLED_S);
    assert_int_equal(resolve(env).not_applied, 1);
    fail_next(env, "resizeInstance", "drop_after_apply");
    assert_int_not_equal(upgrade(env, "up-1", id, 0, &err), CLOUD_OK);
    clear_faults(env);
    assert_int_equal(resolve(env).applied, 1);
    assert_int_equal(upgrade(env, "up-1", id, 0, &err), CLOUD_OK);
}

/* The system disk is detached, extended and attached. Whichever request fails, the disk is attached
 * in the end. */
static void test_journal__upgrade_of_a_disk_attaches_it_in_the_end(void **state)
{
    static const struct {
        const char *action, *kind;
        bool grown;
    } rows[] = {
        { "detachDisk", "drop_after_apply", false }, { "extendDisk", "drop_before_apply", false },
        { "extendDisk", "drop_after_apply", true },  { "attachDisk", "drop_before_apply", true },
        { "attachDisk", "drop_after_apply", true },
    };
    struct journal_env *env = *state;
    struct cloud_error err;
    int gb = 40;
    char id[128];

    journal_buy(env, id);
    assert_int_equal(cloud_stop_instance(env->client, id, false, &err), CLOUD_OK);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cloud_result result = CLOUD_RESULT_INIT;
        char key[16];

        snprintf(key, sizeof(key), "disk-%zu", i);
        fail_next(env, rows[i].action, rows[i].kind);
        assert_int_not_equal(upgrade(env, key, id, gb + 10, &err), CLOUD_OK);
        clear_faults(env);
        journal_advance(env, SETTLED_S);
        resolve(env);
        assert_int_equal(last_of(env, key).state,
                         rows[i].grown ? CLOUD_JOURNAL_APPLIED : CLOUD_JOURNAL_NOT_APPLIED);
        gb += rows[i].grown ? 10 : 0;
        assert_int_equal(cloud_describe_instance(env->client, id, &result, &err), CLOUD_OK);
        assert_non_null(result.instances[0].system_disk.id);
        assert_int_equal(result.instances[0].system_disk.size_gb, gb);
        cloud_result_clear(&result);
    }
}

static void test_journal__automatic_renewal_is_turned_on_again_after_a_loss(void **state)
{
    struct journal_env *env = *state;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;
    char id[128];

    journal_buy(env, id);
    params.operation_key = "auto-1";
    params.instance_id = id;
    params.auto_renew = CLOUD_YES;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    fail_next(env, "setRenewal", "drop_before_apply");
    assert_int_not_equal(cloud_journal_call(env->journal, env->client,
                                            CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, &params,
                                            NULL, &err),
                         CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    clear_faults(env);
    assert_int_equal(resolve(env).applied, 1);
}

static void test_journal__quote_binds_the_price(void **state)
{
    struct journal_env *env = *state;
    struct cloud_result quote = CLOUD_RESULT_INIT;
    struct cloud_params params;
    struct cloud_error err;

    vendor_params(env->vendor, false, &params);
    params.operation_key = "order-1";
    assert_int_equal(cloud_journal_quote(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                         &params, &quote, &err),
                     CLOUD_OK);
    assert_true(quote.price.total.micros > 0);
    params.instance_type = "g.n2.large"; /* more expensive */
    assert_int_equal(cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                        &params, NULL, &err),
                     CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "instance_type"));
    params.instance_type = "g.n2.medium";
    assert_int_equal(cloud_journal_call(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                        &params, NULL, &err),
                     CLOUD_OK);
    assert_int_equal(last_of(env, "order-1").amount.micros, quote.price.total.micros);
    assert_int_equal(cloud_journal_quote(env->journal, env->client, CLOUD_OP_CREATE_INSTANCE,
                                         &params, NULL, &err),
                     CLOUD_ECONFLICT);
    cloud_result_clear(&quote);
}

static bool count_kind(const struct cloud_finding *finding, void *user_data)
{
    ((int *)user_data)[finding->kind]++;
    return true;
}

static void test_journal__report_lists_differences(void **state)
{
    struct journal_env *env = *state;
    int found[CLOUD_FINDING__COUNT] = { 0 };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;
    char id[128];

    assert_int_equal(buy(env, "order-1", &result, &err), CLOUD_OK);
    snprintf(id, sizeof(id), "%s", result.ids[0]);
    assert_int_equal(renew(env, "renew-1", id, &err), CLOUD_OK);
    assert_int_equal(cloud_journal_report(env->journal, env->client, count_kind, found, &err),
                     CLOUD_OK);
    for (int i = 0; i < CLOUD_FINDING__COUNT; i++)
        assert_int_equal(found[i], 0);

    /* renewed without the journal; automatic renewal is on; bought without the journal with a
     * fingerprint */
    assert_int_equal(cloud_renew_instance(env->client, id,
                                          (struct cloud_period){ 1, CLOUD_PERIOD_MONTH }, NULL,
                                          &err),
                     CLOUD_OK);
    assert_int_equal(
        cloud_modify_instance_auto_renew_attribute(
            env->client, id, true, (struct cloud_period){ 1, CLOUD_PERIOD_MONTH }, &err),
        CLOUD_OK);
    vendor_params(env->vendor, false, &params);
    params.operation_key = "elsewhere";
    assert_int_equal(cloud_create_instance(env->client, &params, NULL, &err), CLOUD_OK);
    assert_int_equal(cloud_journal_report(env->journal, env->client, count_kind, found, &err),
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

static void test_journal__edited_audit_is_detected(void **state)
{
    struct journal_env *env = *state;
    char line[4096], command[1024];
    struct cloud_error err;

    assert_int_equal(buy(env, "order-1", NULL, &err), CLOUD_OK);
    assert_int_equal(buy(env, "order-2", NULL, &err), CLOUD_OK);
    assert_audit_lines(env, 2);
    assert_int_equal(cloud_journal_audit(env->journal, keep_line, line, &err), CLOUD_OK);
    assert_non_null(strstr(line, "\"key\":\"order-2\""));
    assert_non_null(strstr(line, "\"outcome\":\"applied\""));
    assert_non_null(strstr(line, "\"amount\":\""));
    if (on_postgres)
        snprintf(command, sizeof(command),
                 "psql -q '%s' -c \"UPDATE audit SET line = replace(line, 'order-1', 'order-9')\"",
                 env->uri);
    else
        snprintf(command, sizeof(command),
                 "python3 -c \"import sqlite3; c=sqlite3.connect('%s'); "
                 "c.execute('UPDATE audit SET line = replace(line, ?, ?)', ('order-1', "
                 "'order-9')); c.commit()\"",
                 env->uri + 7);
    assert_int_equal(system(command), 0);
    assert_int_equal(cloud_journal_verify(env->journal, NULL, NULL, &err), CLOUD_EJOURNAL);
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
        T(fingerprint_is_found_when_the_token_cannot_be_sent_again),
        T(renewal_is_resolved_by_the_expiry),
        T(partial_renewal_is_completed),
        T(upgrade_is_resolved_by_the_size),
        T(upgrade_of_a_disk_attaches_it_in_the_end),
        T(automatic_renewal_is_turned_on_again_after_a_loss),
        T(quote_binds_the_price),
        T(report_lists_differences),
        T(edited_audit_is_detected),
    };

    on_postgres = getenv("CLOUD_TEST_POSTGRES") != NULL;
    return cmocka_run_group_tests_name(on_postgres ? "journal on PostgreSQL" : "journal on SQLite",
                                       tests, NULL, NULL);
}
