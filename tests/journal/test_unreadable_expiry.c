/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests the journal with a vendor whose expiries cannot be read: a renewal is refused before it is
 * charged, and a renewal of unknown outcome stays unknown, because no expiry shows that it was not
 * applied.
 */
#include "tests/journal/journal_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

#include "core/engine/client.h"

static struct journal_env env;
static char id[128];
static struct cloud_error err;
static bool is_unreadable;
static struct cc_exchange *(*transport_next)(struct cc_transport *);

/* makes every expiry in a reply unreadable: "2026-..." becomes "x026-..." */
static struct cc_exchange *next(struct cc_transport *transport)
{
    static const char name[] = "\"chargeExpiredTime\":\"";
    struct cc_exchange *exchange = transport_next(transport);
    char *at = exchange && is_unreadable ? exchange->reply->body.data : NULL;

    while (at && (at = strstr(at, name))) {
        at += strlen(name);
        *at = 'x';
    }
    return exchange;
}

static int open_world(void **state)
{
    (void)state;
    journal_attempts = 1;
    journal_env_open(&env, "jdcloud", false);
    journal_buy(&env, id);
    transport_next = env.client->transport->next;
    env.client->transport->next = next;
    is_unreadable = false;
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    env.client->transport->next = transport_next;
    journal_env_close(&env);
    return 0;
}

static int renew(const char *key)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = id;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    params.operation_key = key;
    return cloud_journal_call(env.journal, env.client, CLOUD_OP_RENEW_INSTANCE, &params, NULL,
                              &err);
}

static void test_unreadable__a_renewal_is_refused_before_it_is_charged(void **state)
{
    int charges = journal_charges(&env, NULL);

    (void)state;
    is_unreadable = true;
    assert_int_equal(renew("order-1"), CLOUD_EPROTOCOL);
    assert_non_null(strstr(err.message, "unreadable"));
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(journal_charges(&env, NULL), charges);
    is_unreadable = false; /* and the key can be used when the vendor is well again */
    assert_int_equal(renew("order-1"), CLOUD_OK);
}

static bool keep_state(const struct cloud_journal_entry *entry, void *user_data)
{
    *(enum cloud_journal_state *)user_data = entry->state;
    return true;
}

static void test_unreadable__an_unknown_renewal_stays_unknown(void **state)
{
    enum cloud_journal_state found = CLOUD_JOURNAL_APPLIED;

    (void)state;
    journal_control(&env, "POST", "fail",
                    "{\"action\":\"renewInstance\",\"kind\":\"drop_after_apply\",\"times\":1}");
    assert_int_not_equal(renew("order-2"), CLOUD_OK);
    journal_control(&env, "DELETE", "fail", "%s", "");
    is_unreadable = true;
    journal_advance(&env, 3600); /* so that an expiry that has not changed would be evidence */
    if (cloud_journal_resolve(env.journal, env.client, NULL, NULL, NULL, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(cloud_journal_list(env.journal, "order-2", keep_state, &found, &err),
                     CLOUD_OK);
    assert_int_equal(found, CLOUD_JOURNAL_UNKNOWN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_unreadable__a_renewal_is_refused_before_it_is_charged,
                                        open_world, close_world),
        cmocka_unit_test_setup_teardown(test_unreadable__an_unknown_renewal_stays_unknown,
                                        open_world, close_world),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
