/* SPDX-License-Identifier: Apache-2.0 */
/* Tests renewals of JD Cloud whose reply was lost: their orders are found in the vendor's list, and
 * no other order is taken for them. The same tests run on each store. */
#include "tests/journal/renewal_orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEW 3
#define MANY 105 /* more orders than are read, and than a page has */

static void clear_faults(struct orders *o)
{
    journal_control(&o->env, "DELETE", "fail", "%s", "");
}

static void fault(struct orders *o, const char *action, const char *kind)
{
    journal_control(
        &o->env, "POST", "fail",
        "{\"action\":\"%s\",\"kind\":\"%s\",\"code\":\"PERMISSION_DENIED\",\"status\":403,"
        "\"times\":99}",
        action, kind);
}

/* a renewal whose reply is lost; the order of the disks is not sent */
static void lose(struct orders *o, const char *key, const char *status, bool arrives)
{
    orders_set_status(o, status);
    fault(o, "renewInstance", arrives ? "drop_after_apply" : "drop_before_apply");
    assert_int_not_equal(orders_renew(o, key), CLOUD_OK);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    clear_faults(o);
    orders_set_status(o, "PAID");
    assert_string_equal(orders_last(o, key).orders, "");
}

/* renews the instance and its disk without the journal */
static void renew_without_journal(struct orders *o, const char *id, int months)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;

    if (cloud_renew_instance(o->env.client, id, (struct cloud_period){ months, CLOUD_PERIOD_MONTH },
                             &result, &err))
        fail_msg("%s", err.message);
    cloud_result_clear(&result);
}

static void assert_reason_has(struct orders *o, const char *key, const char *word)
{
    struct last last = orders_last(o, key);

    if (!strstr(last.reason, word))
        fail_msg("%s does not say %s: %s", key, word, last.reason);
}

static bool turn_auto_renew_on(struct orders *o)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    int rc;

    params.instance_id = o->id;
    params.auto_renew = CLOUD_YES;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    rc = cloud_call(o->env.client, CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, &params, &result,
                    &o->err);
    cloud_result_clear(&result);
    return !rc;
}

static void test_lost__paid_is_found_with_its_number(void **state)
{
    struct orders *o = *state;

    lose(o, "k", "PAID", true);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 1); /* the order of the disks may still arrive */
    assert_reason_has(o, "k", "disks");
    assert_true(strlen(orders_last(o, "k").orders) > 5);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
    assert_non_null(strchr(orders_last(o, "k").orders, ','));
}

static void test_lost__unpaid_stays_unknown_and_names_the_order(void **state)
{
    static const char *const words[] = { "NO_PAY", "DEALING" };
    struct orders *o = *state;

    journal_control(&o->env, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":9999}");
    for (size_t i = 0; i < 2; i++) {
        char key[] = { (char)('k' + i), '\0' };

        lose(o, key, words[i], true);
        journal_advance(&o->env, SETTLED_S);
        orders_resolve(o);
        orders_assert(o, key, CLOUD_JOURNAL_UNKNOWN, 0);
        assert_reason_has(o, key, words[i]);
        assert_reason_has(o, key, orders_last(o, key).orders);
        assert_true(strlen(orders_last(o, key).orders) > 5);
        orders_resolve(o); /* the order is known now and is not searched again */
        assert_reason_has(o, key, words[i]);
        assert_null(strchr(orders_last(o, key).orders, ','));
        journal_buy(&o->env, o->id);
    }
}

static void test_lost__paid_late_is_applied(void **state)
{
    struct orders *o = *state;

    journal_control(&o->env, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":3000}");
    lose(o, "k", "DEALING", true);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    journal_advance(&o->env, 3000);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
}

static void test_lost__cancelled_is_not_applied(void **state)
{
    struct orders *o = *state;

    lose(o, "k", "CANCELED", true);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    assert_string_equal(orders_last(o, "k").orders,
                        ""); /* a person may have made it; the order of the key may still arrive */
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_NOT_APPLIED, 0);
    assert_reason_has(o, "k", "CANCELED");

    journal_control(&o->env, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":3000}");
    lose(o, "l", "DEALING", true);
    orders_resolve(o);
    assert_reason_has(o, "l", "DEALING");
    journal_control(&o->env, "POST", "world", "{\"balance\":\"0.00\"}");
    journal_advance(&o->env, 3001);
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_NOT_APPLIED, 0);
    assert_reason_has(o, "l", "CANCELED");
}

static void test_lost__order_of_the_disks_is_found(void **state)
{
    struct orders *o = *state;

    orders_set_hook(o, "PAID", "NO_PAY");
    o->lose_at = 2;
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    assert_int_equal(o->changes, 2);
    assert_reason_has(o, "k", "NO_PAY");
    assert_reason_has(o, "k", strchr(orders_last(o, "k").orders, ',') + 1);
}

static void test_lost__paid_order_of_a_deleted_instance_is_applied(void **state)
{
    struct orders *o = *state;
    struct cloud_result gone = CLOUD_RESULT_INIT;

    lose(o, "k", "PAID", true);
    journal_advance(&o->env, 400L * 86400);
    assert_int_equal(cloud_describe_instance(o->env.client, o->id, &gone, NULL), CLOUD_ENOTFOUND);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, 1);
    assert_non_null(strstr(orders_last(o, "k").warning, "gone"));
}

static void test_lost__other_orders_of_that_time_are_not_taken(void **state)
{
    struct orders *o = *state;
    char ids[FEW][128];

    journal_control(&o->env, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":9999}");
    for (size_t i = 0; i < FEW; i++)
        journal_buy(&o->env, ids[i]);
    for (size_t i = 0; i < FEW; i++)
        renew_without_journal(o, ids[i], 1);
    lose(o, "k", "NO_PAY", true);
    for (size_t i = 0; i < FEW; i++)
        renew_without_journal(o, ids[i], 1);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 2 * FEW * RENEWAL_CHARGES);
    assert_reason_has(o, "k", "NO_PAY");
    assert_reason_has(o, "k", orders_last(o, "k").orders);
    assert_true(strlen(orders_last(o, "k").orders) > 5);
}

static void test_lost__too_many_orders_are_reported(void **state)
{
    struct orders *o = *state;
    char other[128];

    journal_buy(&o->env, other);
    for (int i = 0; i < MANY; i++)
        renew_without_journal(o, other, 1);
    lose(o, "k", "PAID", false);
    orders_resolve(o);
    assert_reason_has(o, "k", "more orders");
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_NOT_APPLIED, MANY * RENEWAL_CHARGES);
    assert_reason_has(o, "k", "more orders");
}

/* the list begins with the newest order */
static void test_lost__nearest_orders_are_read_first(void **state)
{
    struct orders *o = *state;
    char other[128];

    lose(o, "k", "NO_PAY", true);
    journal_buy(&o->env, other);
    journal_advance(&o->env, 60);
    for (int i = 0; i < MANY; i++)
        renew_without_journal(o, other, 1);
    orders_resolve(o);
    assert_true(strlen(orders_last(o, "k").orders) > 5);
    assert_reason_has(o, "k", "NO_PAY");
}

/* The order was cancelled, and the repeated one was lost. It may still arrive, so there is no third
 * one. */
static void test_lost__earlier_order_of_the_key_is_not_taken(void **state)
{
    struct orders *o = *state;
    char orders[200];

    orders_set_hook(o, "PAID", "CANCELED");
    fault(o, "queryOrder", "code"); /* prevents that it is ordered again at once */
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    clear_faults(o);
    fault(o, "renewInstance", "drop_before_apply");
    orders_resolve(o);
    clear_faults(o);
    orders_set_status(o, "PAID");
    snprintf(orders, sizeof(orders), "%s", orders_last(o, "k").orders);
    assert_non_null(strchr(orders, ','));
    assert_int_equal(o->changes, 3);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    assert_int_equal(o->changes, 3);
    assert_string_equal(orders_last(o, "k").orders, orders);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
}

static void test_lost__order_for_another_period_is_not_taken(void **state)
{
    struct orders *o = *state;

    lose(o, "k", "PAID", false);
    renew_without_journal(o, o->id, 2);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, RENEWAL_CHARGES);
    assert_string_equal(orders_last(o, "k").orders, "");
    assert_reason_has(o, "k", "not the period");
}

static void test_lost__order_of_another_key_is_not_taken(void **state)
{
    struct orders *o = *state;

    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    lose(o, "l", "PAID", false);
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_UNKNOWN, RENEWAL_CHARGES);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_NOT_APPLIED, RENEWAL_CHARGES);
}

/* the cancelled order of the first attempt must not be taken for that of the second */
static void test_lost__order_of_an_earlier_attempt_is_not_taken(void **state)
{
    struct orders *o = *state;

    orders_set_status(o, "CANCELED");
    assert_int_equal(orders_renew(o, "k"), CLOUD_EBALANCE);
    lose(o, "k", "PAID", true);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
    assert_int_equal(orders_last(o, "k").attempt, 2);
}

/* The order of an earlier renewal that was settled by the expiry is not known. It must not be taken
 * for a later one. */
static void test_lost__unknown_order_of_an_earlier_renewal_is_not_taken(void **state)
{
    struct orders *o = *state;

    orders_set_hook(o, "PAID", "PAID");
    o->lose_at = 2;
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    cloud_client_set_change_hook(o->env.client, NULL, NULL);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, RENEWAL_CHARGES);
    orders_resolve(o); /* by the expiry of the disks */
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
    assert_null(strchr(orders_last(o, "k").orders, ','));

    orders_set_hook(o, "PAID", NULL); /* now the order of the disks does not arrive */
    o->changes = 0;
    o->lose_at = 0;
    o->refuse_at = 2;
    assert_int_not_equal(orders_renew(o, "l"), CLOUD_OK);
    cloud_client_set_change_hook(o->env.client, NULL, NULL);
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_UNKNOWN, RENEWAL_CHARGES + 1);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_APPLIED, 2 * RENEWAL_CHARGES);
}

static void test_lost__second_order_is_ours_after_an_unknown_one(void **state)
{
    struct orders *o = *state;

    fault(o, "queryOrders", "code");
    fault(o, "renewInstance", "drop_after_apply");
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    clear_faults(o);
    fault(o, "queryOrders", "code");
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o); /* by the expiry; the disks are ordered now */
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
    clear_faults(o);
    lose(o, "l", "PAID", true);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_APPLIED, 2 * RENEWAL_CHARGES);
}

static void test_lost__unreadable_list_is_decided_by_the_expiry(void **state)
{
    struct orders *o = *state;

    lose(o, "k", "NO_PAY", true);
    fault(o, "queryOrders", "code");
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    assert_reason_has(o, "k", "list of orders cannot be read");
    clear_faults(o);
    fault(o, "queryOrder", "code"); /* the list can be read, but not the orders */
    orders_resolve(o);
    assert_reason_has(o, "k", "list of orders cannot be read");
    assert_string_equal(orders_last(o, "k").orders, "");
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_NOT_APPLIED, 0);
    assert_reason_has(o, "k", "list of orders cannot be read");
}

static void go_near_the_end(struct orders *o)
{
    assert_true(turn_auto_renew_on(o));
    journal_advance(&o->env, 25L * 86400);
}

static void test_lost__only_order_may_be_of_automatic_renewal(void **state)
{
    struct orders *o = *state;

    go_near_the_end(o);
    lose(o, "k", "PAID", true);
    orders_resolve(o);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    assert_reason_has(o, "k", "automatic renewal");
    assert_reason_has(o, "k", "PAID");
    assert_string_equal(orders_last(o, "k").orders, "");
}

static void test_lost__one_of_two_paid_orders_is_ours(void **state)
{
    struct orders *o = *state;

    go_near_the_end(o);
    lose(o, "k", "PAID", true);
    renew_without_journal(o, o->id, 1); /* as the automatic renewal would */
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, 1 + RENEWAL_CHARGES);
}

static void test_lost__none_of_two_different_orders_is_taken(void **state)
{
    struct orders *o = *state;

    go_near_the_end(o);
    lose(o, "k", "CANCELED", true);
    renew_without_journal(o, o->id, 1);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, RENEWAL_CHARGES);
    assert_reason_has(o, "k", "CANCELED");
    assert_reason_has(o, "k", "PAID");
}

static void test_lost__cancelled_is_not_applied_with_automatic_renewal(void **state)
{
    struct orders *o = *state;

    go_near_the_end(o);
    lose(o, "k", "CANCELED", true);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_NOT_APPLIED, 0);
    assert_string_equal(orders_last(o, "k").orders, "");
}

static void test_lost__automatic_renewal_makes_no_order_early(void **state)
{
    struct orders *o = *state;

    assert_true(turn_auto_renew_on(o));
    lose(o, "k", "NO_PAY", true);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    assert_reason_has(o, "k", orders_last(o, "k").orders);
    assert_true(strlen(orders_last(o, "k").orders) > 5);
}

#define T(name) cmocka_unit_test_setup_teardown(test_lost__##name, orders_open, orders_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(paid_is_found_with_its_number),
        T(unpaid_stays_unknown_and_names_the_order),
        T(paid_late_is_applied),
        T(cancelled_is_not_applied),
        T(order_of_the_disks_is_found),
        T(paid_order_of_a_deleted_instance_is_applied),
        T(other_orders_of_that_time_are_not_taken),
        T(too_many_orders_are_reported),
        T(nearest_orders_are_read_first),
        T(earlier_order_of_the_key_is_not_taken),
        T(order_for_another_period_is_not_taken),
        T(order_of_another_key_is_not_taken),
        T(order_of_an_earlier_attempt_is_not_taken),
        T(unknown_order_of_an_earlier_renewal_is_not_taken),
        T(second_order_is_ours_after_an_unknown_one),
        T(unreadable_list_is_decided_by_the_expiry),
        T(only_order_may_be_of_automatic_renewal),
        T(one_of_two_paid_orders_is_ours),
        T(none_of_two_different_orders_is_taken),
        T(cancelled_is_not_applied_with_automatic_renewal),
        T(automatic_renewal_makes_no_order_early),
    };

    return orders_run("lost orders", tests);
}
