/* SPDX-License-Identifier: Apache-2.0 */
/* What the journal refuses, at every vendor: nothing is charged then, and the entry says so. And an
 * audit that was tampered with, and a store that cannot be written. */
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

struct guarded {
    struct journal_env world;
    struct cloud_client *restricted; /* another client of that world, with a mode */
    struct cloud_error err;
    char id[128];
    int charges; /* before */
    int64_t bought_at;
};

/* each vendor in a world of its own, with an instance that is stopped */
static void open_world(struct guarded *g, const struct vendor_row *vendor)
{
    *g = (struct guarded){ .bought_at = (int64_t)time(NULL) };
    journal_env_open(&g->world, vendor->provider, on_postgres);
    journal_buy(&g->world, g->id);
    if (cloud_stop_instance(g->world.client, g->id, false, &g->err))
        fail_msg("%s", g->err.message);
    g->charges = journal_charges(&g->world, NULL);
}

static void close_world(struct guarded *g)
{
    cloud_client_free(g->restricted);
    journal_env_close(&g->world);
}

static void restrict_to(struct guarded *g, enum cloud_mode mode)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    char endpoint[160];

    snprintf(endpoint, sizeof(endpoint), "emulator:%s/world", g->world.directory);
    options.provider = g->world.vendor->provider;
    options.region = g->world.vendor->region;
    options.endpoint = endpoint;
    options.mode = mode;
    cloud_client_free(g->restricted);
    g->restricted = NULL;
    assert_int_equal(cloud_client_new(&options, &g->restricted, &g->err), CLOUD_OK);
}

static const enum cloud_op spends[] = { CLOUD_OP_CREATE_INSTANCE, CLOUD_OP_RENEW_INSTANCE,
                                        CLOUD_OP_UPGRADE_INSTANCE };
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static void order_of(struct guarded *g, enum cloud_op op, const char *key,
                     struct cloud_params *ret_params)
{
    vendor_params(g->world.vendor, op != CLOUD_OP_CREATE_INSTANCE, ret_params);
    if (op == CLOUD_OP_RENEW_INSTANCE) {
        *ret_params = (struct cloud_params)CLOUD_PARAMS_INIT;
        ret_params->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    }
    if (op != CLOUD_OP_CREATE_INSTANCE)
        ret_params->instance_id = g->id;
    if (op == CLOUD_OP_UPGRADE_INSTANCE &&
        strcmp(g->world.vendor->provider, "capitalonline_ccs") == 0)
        ret_params->expires_at = g->bought_at + 28 * 86400; /* CCS does not tell */
    ret_params->operation_key = key;
}

static int entries_of(struct guarded *g, const char *key);

/* refused with that code, for certain, and free of charge */
static void refused(struct guarded *g, int rc, int wanted, int entries, const char *key)
{
    if (rc != wanted)
        fail_msg("%s: %s: %s", g->world.vendor->provider, cloud_code_name(rc), g->err.message);
    assert_int_equal(g->err.outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(journal_charges(&g->world, NULL), g->charges);
    assert_int_equal(entries_of(g, key), entries);
}

static bool count_settled(const struct cloud_journal_entry *entry, void *user_data)
{
    assert_int_equal(entry->state, CLOUD_JOURNAL_NOT_APPLIED);
    ++*(int *)user_data;
    return true;
}

static int entries_of(struct guarded *g, const char *key)
{
    int count = 0;

    assert_int_equal(cloud_journal_list(g->world.journal, key, count_settled, &count, &g->err),
                     CLOUD_OK);
    return count;
}

static void each_spend(void (*try)(struct guarded *g, enum cloud_op op, const char *key))
{
    for (const struct vendor_row *vendor = vendor_rows; vendor->provider; vendor++) {
        struct guarded g;

        open_world(&g, vendor);
        for (size_t i = 0; i < COUNT(spends); i++) {
            char key[16];

            snprintf(key, sizeof(key), "key-%zu", i);
            if (spends[i] != CLOUD_OP_RENEW_INSTANCE || vendor->renews)
                try(&g, spends[i], key);
        }
        close_world(&g);
    }
}

static int call(struct guarded *g, struct cloud_client *client, enum cloud_op op,
                const struct cloud_params *params)
{
    return cloud_journal_call(g->world.journal, client, op, params, NULL, &g->err);
}

static void try_max_charge(struct guarded *g, enum cloud_op op, const char *key)
{
    struct cloud_params params;

    order_of(g, op, key, &params);
    assert_int_equal(cloud_money_parse("0.01", "CNY", &params.max_charge, NULL), CLOUD_OK);
    refused(g, call(g, g->world.client, op, &params), CLOUD_EPRICE, 1, key);
    /* the guard is no parameter: the same key goes through when it is raised */
    assert_int_equal(cloud_money_parse("100000", "CNY", &params.max_charge, NULL), CLOUD_OK);
    if (call(g, g->world.client, op, &params))
        fail_msg("%s: %s", g->world.vendor->provider, g->err.message);
    g->charges = journal_charges(&g->world, NULL);
}

static void test_guards__max_charge_is_held_at_every_vendor(void **state)
{
    (void)state;
    each_spend(try_max_charge);
}

static void try_modes(struct guarded *g, enum cloud_op op, const char *key)
{
    static const enum cloud_mode modes[] = { CLOUD_MODE_READ_ONLY, CLOUD_MODE_NO_SPEND };
    struct cloud_params params;

    order_of(g, op, key, &params);
    for (size_t i = 0; i < COUNT(modes); i++) {
        restrict_to(g, modes[i]);
        refused(g, call(g, g->restricted, op, &params), CLOUD_EMODE, 0, key);
    }
}

static void test_guards__modes_forbid_spending_at_every_vendor(void **state)
{
    (void)state;
    each_spend(try_modes);
}

static void try_quote(struct guarded *g, enum cloud_op op, const char *key)
{
    struct cloud_result quote = CLOUD_RESULT_INIT;
    struct cloud_params params;

    order_of(g, op, key, &params);
    if (cloud_journal_quote(g->world.journal, g->world.client, op, &params, &quote, &g->err))
        fail_msg("%s: %s", g->world.vendor->provider, g->err.message);
    assert_true(quote.price.total.micros > 0);
    cloud_result_clear(&quote);
    if (op == CLOUD_OP_CREATE_INSTANCE)
        params.system_disk_gb = 80;
    else if (op == CLOUD_OP_RENEW_INSTANCE)
        params.period.count = 2;
    else
        params.instance_id = "i-another";
    refused(g, call(g, g->world.client, op, &params), CLOUD_ECONFLICT, 0, key);
    order_of(g, op, key, &params);
    if (call(g, g->world.client, op, &params))
        fail_msg("%s: %s", g->world.vendor->provider, g->err.message);
    g->charges = journal_charges(&g->world, NULL);
}

static void test_guards__quote_binds_its_key_at_every_vendor(void **state)
{
    (void)state;
    each_spend(try_quote);
}

/* the rest of the term grew meanwhile, and the price of the change with it */
static void test_guards__quote_refuses_a_price_that_has_grown(void **state)
{
    struct guarded g;
    struct cloud_params params;

    (void)state;
    open_world(&g, vendor_find("jdcloud"));
    order_of(&g, CLOUD_OP_UPGRADE_INSTANCE, "up", &params);
    assert_int_equal(cloud_journal_quote(g.world.journal, g.world.client, CLOUD_OP_UPGRADE_INSTANCE,
                                         &params, NULL, &g.err),
                     CLOUD_OK);
    assert_int_equal(cloud_renew_instance(g.world.client, g.id,
                                          (struct cloud_period){ 6, CLOUD_PERIOD_MONTH }, NULL,
                                          &g.err),
                     CLOUD_OK);
    g.charges = journal_charges(&g.world, NULL);
    refused(&g, call(&g, g.world.client, CLOUD_OP_UPGRADE_INSTANCE, &params), CLOUD_EPRICE, 1,
            "up");
    close_world(&g);
}

/* a client that may not spend settles nothing by spending */
static void test_guards__resolving_read_only_sends_nothing_that_spends(void **state)
{
    struct guarded g;
    struct cloud_params params;
    struct cloud_journal_summary sum;

    (void)state;
    open_world(&g, vendor_find("jdcloud"));
    journal_ask(&g.world, "POST", "fail",
                "{\"action\":\"createInstances\",\"kind\":\"drop_before_apply\",\"times\":9}");
    order_of(&g, CLOUD_OP_CREATE_INSTANCE, "k", &params);
    assert_int_not_equal(call(&g, g.world.client, CLOUD_OP_CREATE_INSTANCE, &params), CLOUD_OK);
    journal_ask(&g.world, "DELETE", "fail", "%s", "");
    restrict_to(&g, CLOUD_MODE_READ_ONLY);
    assert_int_equal(
        cloud_journal_resolve(g.world.journal, g.restricted, NULL, NULL, NULL, &sum, &g.err),
        CLOUD_OK);
    assert_int_equal(sum.applied, 0);
    assert_int_equal(journal_charges(&g.world, NULL), g.charges);
    close_world(&g);
}

static void change_store(struct guarded *g, const char *sql)
{
    char command[1200];

    if (on_postgres)
        snprintf(command, sizeof(command), "psql -q '%s' -c \"%s\"", g->world.uri, sql);
    else
        snprintf(command, sizeof(command),
                 "python3 -c \"import sqlite3, sys; c = sqlite3.connect('%s'); "
                 "c.executescript(sys.argv[1]); c.commit()\" \"%s\"",
                 g->world.uri + 7, sql);
    assert_int_equal(system(command), 0);
}

static void test_guards__audit_shows_what_was_tampered_with(void **state)
{
    static const struct {
        const char *sql, *told;
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
        struct guarded g;

        open_world(&g, vendor_find("jdcloud"));
        for (int n = 0; n < 5; n++) {
            struct cloud_params params;
            char key[16];

            snprintf(key, sizeof(key), "key-%d", n);
            order_of(&g, CLOUD_OP_RENEW_INSTANCE, key, &params);
            params.if_expiry = 1;
            refused(&g, call(&g, g.world.client, CLOUD_OP_RENEW_INSTANCE, &params), CLOUD_ECONFLICT,
                    1, key);
        }
        assert_int_equal(cloud_journal_verify(g.world.journal, NULL, NULL, &g.err), CLOUD_OK);
        change_store(&g, cases[i].sql);
        if (cloud_journal_verify(g.world.journal, NULL, NULL, &g.err) != CLOUD_EJOURNAL)
            fail_msg("not seen: %s", cases[i].sql);
        if (!strstr(g.err.message, cases[i].told))
            fail_msg("%s: %s", cases[i].sql, g.err.message);
        close_world(&g);
    }
}

static void cannot_open(struct guarded *g)
{
    struct cloud_journal *journal = NULL;

    assert_int_equal(cloud_journal_open(g->world.uri, NULL, &journal, &g->err), CLOUD_EJOURNAL);
    assert_non_null(strstr(g->err.message, "read-only"));
    assert_non_null(strstr(g->err.message, "writable"));
}

/* also for the administrator, whom the system would let */
static void test_guards__read_only_journal_is_refused(void **state)
{
    struct guarded g;
    char folder[128], path[160];

    (void)state;
    if (on_postgres)
        skip();
    open_world(&g, vendor_find("jdcloud"));
    snprintf(folder, sizeof(folder), "%s/kept", g.world.directory);
    snprintf(path, sizeof(path), "%s/journal.db", folder);
    snprintf(g.world.uri, sizeof(g.world.uri), "sqlite:%s", path);
    assert_int_equal(mkdir(folder, 0700), 0);
    journal_env_reopen(&g.world, NULL);
    assert_int_equal(chmod(path, 0444), 0);
    cannot_open(&g);
    assert_int_equal(chmod(path, 0600), 0);
    assert_int_equal(chmod(folder, 0500), 0);
    cannot_open(&g);
    assert_int_equal(chmod(folder, 0700), 0);
    close_world(&g);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guards__max_charge_is_held_at_every_vendor),
        cmocka_unit_test(test_guards__modes_forbid_spending_at_every_vendor),
        cmocka_unit_test(test_guards__quote_binds_its_key_at_every_vendor),
        cmocka_unit_test(test_guards__quote_refuses_a_price_that_has_grown),
        cmocka_unit_test(test_guards__resolving_read_only_sends_nothing_that_spends),
        cmocka_unit_test(test_guards__audit_shows_what_was_tampered_with),
        cmocka_unit_test(test_guards__read_only_journal_is_refused),
    };

    on_postgres = getenv("CLOUD_TEST_POSTGRES") != NULL;
    return cmocka_run_group_tests_name(on_postgres ? "guards on PostgreSQL" : "guards on SQLite",
                                       tests, NULL, NULL);
}
