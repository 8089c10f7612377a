/* SPDX-License-Identifier: Apache-2.0 */
/* The journal and renewals at JD Cloud whose answer was lost: their orders are found in the
 * vendor's list, and nobody else's is taken for them; the same tests for each store. */
#include "tests/journal/renewal_orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FEW 3
#define MANY 105 /* more than are looked at, and than a page has */

static void mend(struct orders *o)
{
    journal_ask(&o->world, "DELETE", "fail", "%s", "");
}

static void fault(struct orders *o, const char *action, const char *kind)
{
    journal_ask(&o->world, "POST", "fail",
                "{\"action\":\"%s\",\"kind\":\"%s\",\"code\":\"PERMISSION_DENIED\",\"status\":403,"
                "\"times\":99}",
                action, kind);
}

/* a renewal of which nothing is heard; the order of the disks never leaves */
static void lose(struct orders *o, const char *key, const char *status, bool arrives)
{
    orders_pay_as(o, status);
    fault(o, "renewInstance", arrives ? "drop_after_apply" : "drop_before_apply");
    assert_int_not_equal(orders_renew(o, key), CLOUD_OK);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    mend(o);
    orders_pay_as(o, "PAID");
    assert_string_equal(orders_last(o, key).orders, "");
}

/* past the journal: the instance, and its disk */
static void renew_past(struct orders *o, const char *id, int months)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;

    if (cloud_renew_instance(o->world.client, id,
                             (struct cloud_period){ months, CLOUD_PERIOD_MONTH }, &result, &err))
        fail_msg("%s", err.message);
    cloud_result_clear(&result);
}

static void names(struct orders *o, const char *key, const char *word)
{
    struct last last = orders_last(o, key);

    if (!strstr(last.reason, word))
        fail_msg("%s does not say %s: %s", key, word, last.reason);
}

static bool is_renewed_automatically(struct orders *o)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    int rc;

    params.instance_id = o->id;
    params.auto_renew = CLOUD_YES;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    rc = cloud_call(o->world.client, CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, &params,
                    &result, &o->err);
    cloud_result_clear(&result);
    return !rc;
}

static void test_lost__paid_is_found_with_its_number(void **state)
{
    struct orders *o = *state;

    lose(o, "k", "PAID", true);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 1); /* the disks' may still arrive */
    names(o, "k", "disks");
    assert_true(strlen(orders_last(o, "k").orders) > 5);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
    assert_non_null(strchr(orders_last(o, "k").orders, ','));
}

static void test_lost__unpaid_stays_unknown_and_names_the_order(void **state)
{
    static const char *const words[] = { "NO_PAY", "DEALING" };
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":9999}");
    for (size_t i = 0; i < 2; i++) {
        char key[] = { (char)('k' + i), '\0' };

        lose(o, key, words[i], true);
        journal_advance(&o->world, SETTLED_S);
        orders_resolve(o);
        orders_stand(o, key, CLOUD_JOURNAL_UNKNOWN, 0);
        names(o, key, words[i]);
        names(o, key, orders_last(o, key).orders);
        assert_true(strlen(orders_last(o, key).orders) > 5);
        orders_resolve(o); /* it is known now, and not taken for another */
        names(o, key, words[i]);
        assert_null(strchr(orders_last(o, key).orders, ','));
        journal_buy(&o->world, o->id);
    }
}

static void test_lost__paid_long_after_is_applied(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":3000}");
    lose(o, "k", "DEALING", true);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    journal_advance(&o->world, 3000);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
}

static void test_lost__cancelled_is_not_applied(void **state)
{
    struct orders *o = *state;

    lose(o, "k", "CANCELED", true);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    assert_string_equal(orders_last(o, "k").orders,
                        ""); /* a person's, perhaps: its own may come yet */
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_NOT_APPLIED, 0);
    names(o, "k", "CANCELED");

    journal_ask(&o->world, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":3000}");
    lose(o, "l", "DEALING", true);
    orders_resolve(o);
    names(o, "l", "DEALING");
    journal_ask(&o->world, "POST", "world", "{\"balance\":\"0.00\"}");
    journal_advance(&o->world, 3001);
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_NOT_APPLIED, 0);
    names(o, "l", "CANCELED");
}

static void test_lost__order_of_the_disks_is_found(void **state)
{
    struct orders *o = *state;

    orders_watch(o, "PAID", "NO_PAY");
    o->lose_at = 2;
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    assert_int_equal(o->changes, 2);
    names(o, "k", "NO_PAY");
    names(o, "k", strchr(orders_last(o, "k").orders, ',') + 1);
}

static void test_lost__instance_that_is_gone_was_renewed(void **state)
{
    struct orders *o = *state;
    struct cloud_result gone = CLOUD_RESULT_INIT;

    lose(o, "k", "PAID", true);
    journal_advance(&o->world, 400L * 86400);
    assert_int_equal(cloud_describe_instance(o->world.client, o->id, &gone, NULL), CLOUD_ENOTFOUND);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, 1);
    assert_non_null(strstr(orders_last(o, "k").warning, "gone"));
}

static void test_lost__others_of_that_time_are_told_apart(void **state)
{
    struct orders *o = *state;
    char ids[FEW][128];

    journal_ask(&o->world, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":9999}");
    for (size_t i = 0; i < FEW; i++)
        journal_buy(&o->world, ids[i]);
    for (size_t i = 0; i < FEW; i++)
        renew_past(o, ids[i], 1);
    lose(o, "k", "NO_PAY", true);
    for (size_t i = 0; i < FEW; i++)
        renew_past(o, ids[i], 1);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 2 * FEW * EACH);
    names(o, "k", "NO_PAY");
    names(o, "k", orders_last(o, "k").orders);
    assert_true(strlen(orders_last(o, "k").orders) > 5);
}

static void test_lost__too_many_to_look_at_is_said(void **state)
{
    struct orders *o = *state;
    char other[128];

    journal_buy(&o->world, other);
    for (int i = 0; i < MANY; i++)
        renew_past(o, other, 1);
    lose(o, "k", "PAID", false);
    orders_resolve(o);
    names(o, "k", "more orders");
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_NOT_APPLIED, MANY * EACH);
    names(o, "k", "more orders");
}

/* the list begins with the last */
static void test_lost__the_nearest_are_looked_at_first(void **state)
{
    struct orders *o = *state;
    char other[128];

    lose(o, "k", "NO_PAY", true);
    journal_buy(&o->world, other);
    journal_advance(&o->world, 60);
    for (int i = 0; i < MANY; i++)
        renew_past(o, other, 1);
    orders_resolve(o);
    assert_true(strlen(orders_last(o, "k").orders) > 5);
    names(o, "k", "NO_PAY");
}

/* cancelled, ordered again, and that never arrived: it may still, and is not ordered a third time
 */
static void test_lost__its_own_before_is_not_taken(void **state)
{
    struct orders *o = *state;
    char orders[200];

    orders_watch(o, "PAID", "CANCELED");
    fault(o, "queryOrder", "code"); /* so that it is not ordered again at once */
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    mend(o);
    fault(o, "renewInstance", "drop_before_apply");
    orders_resolve(o);
    mend(o);
    orders_pay_as(o, "PAID");
    snprintf(orders, sizeof(orders), "%s", orders_last(o, "k").orders);
    assert_non_null(strchr(orders, ','));
    assert_int_equal(o->changes, 3);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    assert_int_equal(o->changes, 3);
    assert_string_equal(orders_last(o, "k").orders, orders);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
}

static void test_lost__for_another_length_is_not_taken(void **state)
{
    struct orders *o = *state;

    lose(o, "k", "PAID", false);
    renew_past(o, o->id, 2);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, EACH);
    assert_string_equal(orders_last(o, "k").orders, "");
    names(o, "k", "not the period");
}

static void test_lost__another_keys_order_is_not_taken(void **state)
{
    struct orders *o = *state;

    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    lose(o, "l", "PAID", false);
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_UNKNOWN, EACH);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
}

/* the first try's, cancelled, has the number that the second's may not be given */
static void test_lost__an_earlier_trys_order_is_not_taken(void **state)
{
    struct orders *o = *state;

    orders_pay_as(o, "CANCELED");
    assert_int_equal(orders_renew(o, "k"), CLOUD_EBALANCE);
    lose(o, "k", "PAID", true);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
    assert_int_equal(orders_last(o, "k").attempt, 2);
}

/* settled by the expiry, while the list could not be read: one of two orders is its own */
static void test_lost__order_of_one_before_without_a_number_is_not_taken(void **state)
{
    struct orders *o = *state;

    orders_watch(o, "PAID", "PAID");
    o->lose_at = 2;
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    cloud_client_set_change_hook(o->world.client, NULL, NULL);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, EACH);
    orders_resolve(o); /* the disks' expiry tells */
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
    assert_null(strchr(orders_last(o, "k").orders, ','));

    orders_watch(o, "PAID", NULL); /* now the disks' order never arrives */
    o->changes = 0;
    o->lose_at = 0;
    o->refuse_at = 2;
    assert_int_not_equal(orders_renew(o, "l"), CLOUD_OK);
    cloud_client_set_change_hook(o->world.client, NULL, NULL);
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_UNKNOWN, EACH + 1);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_APPLIED, 2 * EACH);
}

static void test_lost__one_of_two_is_ours_where_one_before_has_no_number(void **state)
{
    struct orders *o = *state;

    fault(o, "queryOrders", "code");
    fault(o, "renewInstance", "drop_after_apply");
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    mend(o);
    fault(o, "queryOrders", "code");
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o); /* by the expiry; the disks are ordered now */
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
    mend(o);
    lose(o, "l", "PAID", true);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_APPLIED, 2 * EACH);
}

static void test_lost__list_that_cannot_be_read_leaves_it_to_the_expiry(void **state)
{
    struct orders *o = *state;

    lose(o, "k", "NO_PAY", true);
    fault(o, "queryOrders", "code");
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    names(o, "k", "list of orders cannot be read");
    mend(o);
    fault(o, "queryOrder", "code"); /* the list, but not what it is of */
    orders_resolve(o);
    names(o, "k", "list of orders cannot be read");
    assert_string_equal(orders_last(o, "k").orders, "");
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_NOT_APPLIED, 0);
    names(o, "k", "list of orders cannot be read");
}

static void near_the_end(struct orders *o)
{
    assert_true(is_renewed_automatically(o));
    journal_advance(&o->world, 25L * 86400);
}

static void test_lost__the_vendor_may_have_made_the_only_one(void **state)
{
    struct orders *o = *state;

    near_the_end(o);
    lose(o, "k", "PAID", true);
    orders_resolve(o);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    names(o, "k", "automatic renewal");
    names(o, "k", "PAID");
    assert_string_equal(orders_last(o, "k").orders, "");
}

static void test_lost__of_two_one_is_ours(void **state)
{
    struct orders *o = *state;

    near_the_end(o);
    lose(o, "k", "PAID", true);
    renew_past(o, o->id, 1); /* as the vendor would */
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, 1 + EACH);
}

static void test_lost__of_two_that_differ_none_is_taken(void **state)
{
    struct orders *o = *state;

    near_the_end(o);
    lose(o, "k", "CANCELED", true);
    renew_past(o, o->id, 1);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, EACH);
    names(o, "k", "CANCELED");
    names(o, "k", "PAID");
}

static void test_lost__cancelled_is_not_applied_whoever_made_it(void **state)
{
    struct orders *o = *state;

    near_the_end(o);
    lose(o, "k", "CANCELED", true);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_NOT_APPLIED, 0);
    assert_string_equal(orders_last(o, "k").orders, "");
}

static void test_lost__long_before_the_end_the_vendor_made_none(void **state)
{
    struct orders *o = *state;

    assert_true(is_renewed_automatically(o));
    lose(o, "k", "NO_PAY", true);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    names(o, "k", orders_last(o, "k").orders);
    assert_true(strlen(orders_last(o, "k").orders) > 5);
}

#define T(name) cmocka_unit_test_setup_teardown(test_lost__##name, orders_open, orders_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(paid_is_found_with_its_number),
        T(unpaid_stays_unknown_and_names_the_order),
        T(paid_long_after_is_applied),
        T(cancelled_is_not_applied),
        T(order_of_the_disks_is_found),
        T(instance_that_is_gone_was_renewed),
        T(others_of_that_time_are_told_apart),
        T(too_many_to_look_at_is_said),
        T(the_nearest_are_looked_at_first),
        T(its_own_before_is_not_taken),
        T(for_another_length_is_not_taken),
        T(another_keys_order_is_not_taken),
        T(an_earlier_trys_order_is_not_taken),
        T(order_of_one_before_without_a_number_is_not_taken),
        T(one_of_two_is_ours_where_one_before_has_no_number),
        T(list_that_cannot_be_read_leaves_it_to_the_expiry),
        T(the_vendor_may_have_made_the_only_one),
        T(of_two_one_is_ours),
        T(of_two_that_differ_none_is_taken),
        T(cancelled_is_not_applied_whoever_made_it),
        T(long_before_the_end_the_vendor_made_none),
    };

    return orders_run("lost orders", tests);
}
