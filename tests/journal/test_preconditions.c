/* SPDX-License-Identifier: Apache-2.0 */
/* Tests preconditions at every vendor: when one is not met, nothing is charged, and the entry has
 * the reason. Also tests an audit that was edited, and a store that cannot be written. */
#include "tests/journal/journal_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static bool on_postgres;

struct fixture {
    struct journal_env env;
    struct cloud_client *restricted; /* another client of the world, with a mode */
    struct cloud_error err;
    char id[128];
    int charges; /* before the call */
    int64_t bought_at;
};

/* opens a world for the vendor, with a stopped instance */
static void open_world(struct fixture *f, const struct vendor_row *vendor)
{
    *f = (struct fixture){ .bought_at = (int64_t)time(NULL) };
    journal_env_open(&f->env, vendor->provider, on_postgres);
    journal_buy(&f->env, f->id);
    if (cloud_stop_instance(f->env.client, f->id, false, &f->err))
        fail_msg("%s", f->err.message);
    f->charges = journal_charges(&f->env, NULL);
}

static void close_world(struct fixture *f)
{
    cloud_client_free(f->restricted);
    journal_env_close(&f->env);
}

static void restrict_to(struct fixture *f, enum cloud_mode mode)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    char endpoint[160];

    snprintf(endpoint, sizeof(endpoint), "emulator:%s/world", f->env.directory);
    options.provider = f->env.vendor->provider;
    options.region = f->env.vendor->region;
    options.endpoint = endpoint;
    options.mode = mode;
    cloud_client_free(f->restricted);
    f->restricted = NULL;
    assert_int_equal(cloud_client_new(&options, &f->restricted, &f->err), CLOUD_OK);
}

static const enum cloud_op operations[] = { CLOUD_OP_CREATE_INSTANCE, CLOUD_OP_RENEW_INSTANCE,
                                            CLOUD_OP_UPGRADE_INSTANCE };
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void make_params(struct fixture *f, enum cloud_op op, const char *key,
                        struct cloud_params *ret_params)
{
    vendor_params(f->env.vendor, op != CLOUD_OP_CREATE_INSTANCE, ret_params);
    if (op == CLOUD_OP_RENEW_INSTANCE) {
        *ret_params = (struct cloud_params)CLOUD_PARAMS_INIT;
        ret_params->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    }
    if (op != CLOUD_OP_CREATE_INSTANCE)
        ret_params->instance_id = f->id;
    if (op == CLOUD_OP_UPGRADE_INSTANCE &&
        strcmp(f->env.vendor->provider, "capitalonline_ccs") == 0)
        ret_params->expires_at = f->bought_at + 28 * 86400; /* CCS does not return it */
    ret_params->operation_key = key;
}

static int entries_of(struct fixture *f, const char *key);

/* asserts a refusal with that code, without a charge, and the entries of the key */
static void assert_refused(struct fixture *f, int rc, int expected, int entries, const char *key)
{
    if (rc != expected)
        fail_msg("%s: %s: %s", f->env.vendor->provider, cloud_code_name(rc), f->err.message);
    assert_int_equal(f->err.outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(journal_charges(&f->env, NULL), f->charges);
    assert_int_equal(entries_of(f, key), entries);
}

static bool count_settled(const struct cloud_journal_entry *entry, void *user_data)
{
    assert_int_equal(entry->state, CLOUD_JOURNAL_NOT_APPLIED);
    ++*(int *)user_data;
    return true;
}

static int entries_of(struct fixture *f, const char *key)
{
    int count = 0;

    assert_int_equal(cloud_journal_list(f->env.journal, key, count_settled, &count, &f->err),
                     CLOUD_OK);
    return count;
}

static void for_each_operation(void (*try)(struct fixture *f, enum cloud_op op, const char *key))
{
    for (const struct vendor_row *vendor = vendor_rows; vendor->provider; vendor++) {
        struct fixture f;

        open_world(&f, vendor);
        for (size_t i = 0; i < COUNT(operations); i++) {
            char key[16];

            snprintf(key, sizeof(key), "key-%zu", i);
            if (operations[i] != CLOUD_OP_RENEW_INSTANCE || vendor->renews)
                try(&f, operations[i], key);
        }
        close_world(&f);
    }
}

static int call(struct fixture *f, struct cloud_client *client, enum cloud_op op,
                const struct cloud_params *params)
{
    return cloud_journal_call(f->env.journal, client, op, params, NULL, &f->err);
}

static void try_max_charge(struct fixture *f, enum cloud_op op, const char *key)
{
    struct cloud_params params;

    make_params(f, op, key, &params);
    assert_int_equal(cloud_money_parse("0.01", "CNY", &params.max_charge, NULL), CLOUD_OK);
    assert_refused(f, call(f, f->env.client, op, &params), CLOUD_EPRICE, 1, key);
    /* max_charge is not a parameter of the intent: with a higher one the same key succeeds */
    assert_int_equal(cloud_money_parse("100000", "CNY", &params.max_charge, NULL), CLOUD_OK);
    if (call(f, f->env.client, op, &params))
        fail_msg("%s: %s", f->env.vendor->provider, f->err.message);
    f->charges = journal_charges(&f->env, NULL);
}

static void test_preconditions__max_charge_limits_the_price_at_every_vendor(void **state)
{
    (void)state;
    for_each_operation(try_max_charge);
}

static void try_modes(struct fixture *f, enum cloud_op op, const char *key)
{
    static const enum cloud_mode modes[] = { CLOUD_MODE_READ_ONLY, CLOUD_MODE_NO_SPEND };
    struct cloud_params params;

    make_params(f, op, key, &params);
    for (size_t i = 0; i < COUNT(modes); i++) {
        restrict_to(f, modes[i]);
        assert_refused(f, call(f, f->restricted, op, &params), CLOUD_EMODE, 0, key);
    }
}

static void test_preconditions__modes_forbid_spending_at_every_vendor(void **state)
{
    (void)state;
    for_each_operation(try_modes);
}

static void try_quote(struct fixture *f, enum cloud_op op, const char *key)
{
    struct cloud_result quote = CLOUD_RESULT_INIT;
    struct cloud_params params;

    make_params(f, op, key, &params);
    if (cloud_journal_quote(f->env.journal, f->env.client, op, &params, &quote, &f->err))
        fail_msg("%s: %s", f->env.vendor->provider, f->err.message);
    assert_true(quote.price.total.micros > 0);
    cloud_result_clear(&quote);
    if (op == CLOUD_OP_CREATE_INSTANCE)
        params.system_disk_gb = 80;
    else if (op == CLOUD_OP_RENEW_INSTANCE)
        params.period.count = 2;
    else
        params.instance_id = "i-another";
    assert_refused(f, call(f, f->env.client, op, &params), CLOUD_ECONFLICT, 0, key);
    make_params(f, op, key, &params);
    if (call(f, f->env.client, op, &params))
        fail_msg("%s: %s", f->env.vendor->provider, f->err.message);
    f->charges = journal_charges(&f->env, NULL);
}

static void test_preconditions__quote_binds_its_key_at_every_vendor(void **state)
{
    (void)state;
    for_each_operation(try_quote);
}

/* a renewal after the quote makes the rest of the term, and so the upgrade, more expensive */
static void test_preconditions__quote_refuses_a_higher_price(void **state)
{
    struct fixture f;
    struct cloud_params params;

    (void)state;
    open_world(&f, vendor_find("jdcloud"));
    make_params(&f, CLOUD_OP_UPGRADE_INSTANCE, "up", &params);
    assert_int_equal(cloud_journal_quote(f.env.journal, f.env.client, CLOUD_OP_UPGRADE_INSTANCE,
                                         &params, NULL, &f.err),
                     CLOUD_OK);
    assert_int_equal(cloud_renew_instance(f.env.client, f.id,
                                          (struct cloud_period){ 6, CLOUD_PERIOD_MONTH }, NULL,
                                          &f.err),
                     CLOUD_OK);
    f.charges = journal_charges(&f.env, NULL);
    assert_refused(&f, call(&f, f.env.client, CLOUD_OP_UPGRADE_INSTANCE, &params), CLOUD_EPRICE, 1,
                   "up");
    close_world(&f);
}

/* resolving with a read-only client repeats no order */
static void test_preconditions__resolving_read_only_sends_no_order(void **state)
{
    struct fixture f;
    struct cloud_params params;
    struct cloud_journal_summary sum;

    (void)state;
    open_world(&f, vendor_find("jdcloud"));
    journal_control(&f.env, "POST", "fail",
                    "{\"action\":\"createInstances\",\"kind\":\"drop_before_apply\",\"times\":9}");
    make_params(&f, CLOUD_OP_CREATE_INSTANCE, "k", &params);
    assert_int_not_equal(call(&f, f.env.client, CLOUD_OP_CREATE_INSTANCE, &params), CLOUD_OK);
    journal_control(&f.env, "DELETE", "fail", "%s", "");
    restrict_to(&f, CLOUD_MODE_READ_ONLY);
    assert_int_equal(
        cloud_journal_resolve(f.env.journal, f.restricted, NULL, NULL, NULL, &sum, &f.err),
        CLOUD_OK);
    assert_int_equal(sum.applied, 0);
    assert_int_equal(journal_charges(&f.env, NULL), f.charges);
    close_world(&f);
}

static void change_store(struct fixture *f, const char *sql)
{
    char command[1200];

    if (on_postgres)
        snprintf(command, sizeof(command), "psql -q '%s' -c \"%s\"", f->env.uri, sql);
    else
        snprintf(command, sizeof(command),
                 "python3 -c \"import sqlite3, sys; c = sqlite3.connect('%s'); "
                 "c.executescript(sys.argv[1]); c.commit()\" \"%s\"",
                 f->env.uri + 7, sql);
    assert_int_equal(system(command), 0);
}

static void test_preconditions__edited_audit_is_detected(void **state)
{
    static const struct {
        const char *sql, *expected;
    } cases[] = {
        { "UPDATE audit SET line = replace(line, 'not_applied', 'applied') WHERE seq = 1",
          "line 2" },
        { "UPDATE audit SET line = replace(line, 'key-2', 'key-9') WHERE seq = 3", "line 4" },
        { "UPDATE audit SET line = replace(line, 'key-4', 'key-9') WHERE seq = 5", "line 5" },
        { "DELETE FROM audit WHERE seq = 1", "line 1" },
        { "DELETE FROM audit WHERE seq = 3", "line 3" },
        { "DELETE FROM audit WHERE seq = 5", "line 4" },
        { "DELETE FROM audit", "line 0" },
        { "UPDATE audit SET seq = 9 WHERE seq = 2; UPDATE audit SET seq = 2 WHERE seq = 3;"
          " UPDATE audit SET seq = 3 WHERE seq = 9",
          "line 2" },
        { "INSERT INTO audit SELECT 6, line FROM audit WHERE seq = 5", "line 6" },
        { "UPDATE audit SET seq = seq + 10", "line 1" },
    };

    (void)state;
    for (size_t i = 0; i < COUNT(cases); i++) {
        struct fixture f;

        open_world(&f, vendor_find("jdcloud"));
        for (int n = 0; n < 5; n++) {
            struct cloud_params params;
            char key[16];

            snprintf(key, sizeof(key), "key-%d", n);
            make_params(&f, CLOUD_OP_RENEW_INSTANCE, key, &params);
            params.if_expiry = 1;
            assert_refused(&f, call(&f, f.env.client, CLOUD_OP_RENEW_INSTANCE, &params),
                           CLOUD_ECONFLICT, 1, key);
        }
        assert_int_equal(cloud_journal_verify(f.env.journal, NULL, NULL, &f.err), CLOUD_OK);
        change_store(&f, cases[i].sql);
        if (cloud_journal_verify(f.env.journal, NULL, NULL, &f.err) != CLOUD_EJOURNAL)
            fail_msg("not detected: %s", cases[i].sql);
        if (!strstr(f.err.message, cases[i].expected))
            fail_msg("%s: %s", cases[i].sql, f.err.message);
        close_world(&f);
    }
}

static void assert_read_only(struct fixture *f)
{
    struct cloud_journal *journal = NULL;

    assert_int_equal(cloud_journal_open(f->env.uri, NULL, &journal, &f->err), CLOUD_EJOURNAL);
    assert_non_null(strstr(f->err.message, "read-only"));
    assert_non_null(strstr(f->err.message, "writable"));
}

/* also for root, whom the system would let write */
static void test_preconditions__read_only_journal_is_refused(void **state)
{
    struct fixture f;
    char folder[128], path[160];

    (void)state;
    if (on_postgres)
        skip();
    open_world(&f, vendor_find("jdcloud"));
    snprintf(folder, sizeof(folder), "%s/kept", f.env.directory);
    snprintf(path, sizeof(path), "%s/journal.db", folder);
    snprintf(f.env.uri, sizeof(f.env.uri), "sqlite:%s", path);
    assert_int_equal(mkdir(folder, 0700), 0);
    journal_env_reopen(&f.env, NULL);
    assert_int_equal(chmod(path, 0444), 0);
    assert_read_only(&f);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(chmod(folder, 0500), 0);
    assert_read_only(&f);
    assert_int_equal(chmod(folder, 0700), 0);
    close_world(&f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_preconditions__max_charge_limits_the_price_at_every_vendor),
        cmocka_unit_test(test_preconditions__modes_forbid_spending_at_every_vendor),
        cmocka_unit_test(test_preconditions__quote_binds_its_key_at_every_vendor),
        cmocka_unit_test(test_preconditions__quote_refuses_a_higher_price),
        cmocka_unit_test(test_preconditions__resolving_read_only_sends_no_order),
        cmocka_unit_test(test_preconditions__edited_audit_is_detected),
        cmocka_unit_test(test_preconditions__read_only_journal_is_refused),
    };

    on_postgres = getenv("CLOUD_TEST_POSTGRES") != NULL;
    return cmocka_run_group_tests_name(
        on_postgres ? "preconditions on PostgreSQL" : "preconditions on SQLite", tests, NULL, NULL);
}
