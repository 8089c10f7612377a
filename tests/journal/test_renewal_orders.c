/* SPDX-License-Identifier: Apache-2.0 */
/* The journal and JD Cloud's orders: a renewal that was answered with an order is done when that
 * was paid, whatever the expiry shows; the same tests for each store. */
#include "tests/journal/renewal_orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_orders__paid_is_applied_before_it_shows(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    assert_int_equal(o->err.outcome, CLOUD_APPLIED);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
    assert_non_null(strchr(orders_last(o, "k").orders, ','));
}

static void test_orders__cancelled_is_not_applied_and_may_be_tried_again(void **state)
{
    static const char *const words[] = { "CANCELED", "FAILED" };
    struct orders *o = *state;

    for (size_t i = 0; i < 2; i++) {
        const char *key = i ? "k1" : "k0";

        orders_pay_as(o, words[i]);
        assert_int_equal(orders_renew(o, key), CLOUD_EBALANCE);
        assert_int_equal(o->err.outcome, CLOUD_NOT_APPLIED);
        assert_non_null(strstr(o->err.message, words[i]));
        orders_stand(o, key, CLOUD_JOURNAL_NOT_APPLIED, (int)i * EACH);
        orders_pay_as(o, "PAID");
        assert_int_equal(orders_renew(o, key), CLOUD_OK);
        assert_int_equal(orders_last(o, key).attempt, 2);
        orders_stand(o, key, CLOUD_JOURNAL_APPLIED, (int)(i + 1) * EACH);
    }
}

static void test_orders__unpaid_stays_unknown_and_names_the_order(void **state)
{
    struct orders *o = *state;
    char order[200];

    orders_pay_as(o, "NO_PAY");
    assert_int_equal(orders_renew(o, "k"), CLOUD_ESTATE);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    snprintf(order, sizeof(order), "%.*s", (int)strcspn(orders_last(o, "k").orders, ","),
             orders_last(o, "k").orders);
    assert_true(strlen(order) > 5);
    assert_non_null(strstr(orders_last(o, "k").reason, order));
    assert_non_null(strstr(orders_last(o, "k").reason, "NO_PAY"));
}

static void test_orders__paid_later_or_never_is_found_out(void **state)
{
    struct orders *o = *state;

    orders_pay_as(o, "DEALING");
    journal_ask(&o->world, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":3000}");
    assert_int_equal(orders_renew(o, "k"), CLOUD_ESTATE);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    journal_advance(&o->world, 3000);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);

    assert_int_equal(orders_renew(o, "l"), CLOUD_ESTATE);
    journal_ask(&o->world, "POST", "world", "{\"balance\":\"0.00\"}");
    journal_advance(&o->world, 3000);
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
}

static void test_orders__that_cannot_be_read_leave_it_to_the_expiry(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "fail",
                "{\"action\":\"queryOrder\",\"kind\":\"code\",\"code\":\"PERMISSION_DENIED\","
                "\"status\":403,\"times\":99}");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(orders_renew(o, "l"), CLOUD_ESTATE);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    journal_advance(&o->world, 300);
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_APPLIED, 2 * EACH);

    orders_pay_as(o, "CANCELED"); /* nothing will ever show it, and nobody tells */
    assert_int_equal(orders_renew(o, "m"), CLOUD_ESTATE);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "m", CLOUD_JOURNAL_UNKNOWN, 2 * EACH);
}

static void test_orders__decide_where_the_vendor_renews_by_itself(void **state)
{
    struct orders *o = *state;
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = o->id;
    params.auto_renew = CLOUD_YES;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    params.operation_key = "flag";
    assert_int_equal(cloud_journal_call(o->world.journal, o->world.client,
                                        CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, &params,
                                        NULL, &o->err),
                     CLOUD_OK);
    orders_pay_as(o, "CANCELED");
    assert_int_equal(orders_renew(o, "k"), CLOUD_EBALANCE);
    orders_pay_as(o, "PAID");
    journal_advance(&o->world, 25L * 86400); /* when the vendor's own may have come already */
    assert_int_equal(orders_renew(o, "l"), CLOUD_OK);
    assert_non_null(strstr(orders_last(o, "l").warning, "automatic renewal"));
    orders_stand(o, "l", CLOUD_JOURNAL_APPLIED, EACH);
}

static void test_orders__disks_that_were_not_paid_are_ordered_again(void **state)
{
    struct orders *o = *state;

    orders_watch(o, "PAID", "CANCELED");
    assert_int_equal(orders_renew(o, "k"), CLOUD_ESTATE);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    assert_int_equal(o->changes, 3); /* the disks' once more, at once, which was not paid either */
    orders_pay_as(o, "PAID");
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
}

static void test_orders__instance_that_was_not_paid_is_ordered_again(void **state)
{
    struct orders *o = *state;

    orders_watch(o, "CANCELED", "PAID");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
}

/* the order that was sent again is lost: whether it was paid is seen by the expiry, in its time */
static void test_orders__ordered_again_and_lost_is_not_ordered_a_third_time(void **state)
{
    static const char *const kinds[] = { "drop_after_apply", "drop_before_apply" };
    struct orders *o = *state;

    for (size_t i = 0; i < 2; i++) {
        const char *key = i ? "k1" : "k0";

        o->changes = 0;
        orders_watch(o, "PAID", "CANCELED");
        assert_int_equal(orders_renew(o, key), CLOUD_ESTATE);
        orders_pay_as(o, "PAID");
        journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
        journal_ask(&o->world, "POST", "fail",
                    "{\"action\":\"renewInstance\",\"kind\":\"%s\",\"times\":9}", kinds[i]);
        orders_resolve(o);
        journal_ask(&o->world, "DELETE", "fail", "%s", "");
        orders_resolve(o);
        orders_stand(o, key, CLOUD_JOURNAL_UNKNOWN, (int)i * EACH + (i ? 1 : 2));
        journal_advance(&o->world, SETTLED_S);
        orders_resolve(o);
        orders_stand(o, key, CLOUD_JOURNAL_APPLIED, (int)(i + 1) * EACH);
        journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":0}");
    }
}

/* as after a crash between the two: the first order is in the record, the second never left */
static void test_orders__first_is_kept_before_the_second_leaves(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    orders_watch(o, "PAID", "PAID");
    o->refuse_at = 2;
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_true(strlen(orders_last(o, "k").orders) > 5);
    cloud_client_set_change_hook(o->world.client, NULL, NULL);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
}

static void test_orders__first_cancelled_and_second_unsent_is_not_applied(void **state)
{
    struct orders *o = *state;

    orders_watch(o, "CANCELED", "PAID");
    o->refuse_at = 2;
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_UNKNOWN,
                 0); /* for all that is known the second may have left */
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_NOT_APPLIED, 0);
}

static void test_orders__guard_holds_against_a_renewal_that_is_not_shown_yet(void **state)
{
    struct orders *o = *state;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result shown = CLOUD_RESULT_INIT;

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    assert_int_equal(cloud_describe_instance(o->world.client, o->id, &shown, NULL), CLOUD_OK);
    params.operation_key = "l";
    params.instance_id = o->id;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    params.if_expiry = shown.instances[0].expires_at; /* as it was before the first */
    assert_int_equal(cloud_journal_call(o->world.journal, o->world.client, CLOUD_OP_RENEW_INSTANCE,
                                        &params, NULL, &o->err),
                     CLOUD_ECONFLICT);
    assert_int_equal(o->err.outcome, CLOUD_NOT_APPLIED);
    orders_stand(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
    cloud_result_clear(&shown);
}

static void test_orders__renewal_before_is_not_taken_for_one_that_was_lost(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    journal_ask(&o->world, "POST", "fail",
                "{\"action\":\"renewInstance\",\"kind\":\"drop_before_apply\",\"times\":9}");
    assert_int_not_equal(orders_renew(o, "l"), CLOUD_OK);
    journal_ask(&o->world, "DELETE", "fail", "%s", "");
    journal_advance(&o->world, 300); /* now the first shows */
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_UNKNOWN, EACH);
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
}

/* an order that is paid long after it was sent shows as long after that */
static void test_orders__paid_late_and_shown_late_is_not_taken_for_the_next(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    journal_ask(&o->world, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":3000}");
    orders_pay_as(o, "DEALING");
    assert_int_equal(orders_renew(o, "k"), CLOUD_ESTATE);
    journal_advance(&o->world, 3001);
    orders_resolve(o);
    orders_stand(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
    journal_ask(&o->world, "POST", "fail",
                "{\"action\":\"renewInstance\",\"kind\":\"drop_before_apply\",\"times\":9}");
    assert_int_not_equal(orders_renew(o, "l"), CLOUD_OK);
    journal_ask(&o->world, "DELETE", "fail", "%s", "");
    journal_advance(&o->world, SETTLED_S);
    orders_resolve(o);
    orders_stand(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
}

static void test_orders__callers_hook_is_asked_and_given_back(void **state)
{
    struct orders *o = *state;
    cloud_change_fn hook;
    void *data = NULL;

    orders_watch(o, "PAID", "PAID");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    assert_int_equal(o->changes, 2);
    hook = cloud_client_change_hook(o->world.client, &data);
    orders_watch(o, "PAID", "PAID");
    assert_ptr_equal(cloud_client_change_hook(o->world.client, NULL), hook);
    assert_ptr_equal(data, o);
    o->changes = 0;
    o->refuse_at = 1; /* what it refuses was not sent */
    assert_int_equal(orders_renew(o, "l"), CLOUD_EMODE);
    assert_int_equal(o->err.outcome, CLOUD_NOT_APPLIED);
    orders_stand(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
}

#define T(name) cmocka_unit_test_setup_teardown(test_orders__##name, orders_open, orders_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(paid_is_applied_before_it_shows),
        T(cancelled_is_not_applied_and_may_be_tried_again),
        T(unpaid_stays_unknown_and_names_the_order),
        T(paid_later_or_never_is_found_out),
        T(that_cannot_be_read_leave_it_to_the_expiry),
        T(decide_where_the_vendor_renews_by_itself),
        T(disks_that_were_not_paid_are_ordered_again),
        T(instance_that_was_not_paid_is_ordered_again),
        T(ordered_again_and_lost_is_not_ordered_a_third_time),
        T(first_is_kept_before_the_second_leaves),
        T(first_cancelled_and_second_unsent_is_not_applied),
        T(guard_holds_against_a_renewal_that_is_not_shown_yet),
        T(renewal_before_is_not_taken_for_one_that_was_lost),
        T(paid_late_and_shown_late_is_not_taken_for_the_next),
        T(callers_hook_is_asked_and_given_back),
    };

    return orders_run("orders", tests);
}
