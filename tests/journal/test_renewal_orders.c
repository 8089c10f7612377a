/* SPDX-License-Identifier: Apache-2.0 */
/* Tests renewals of JD Cloud whose orders are known: a renewal is applied when its order was paid,
 * also when the expiry does not show it. The same tests run on each store. */
#include "tests/journal/renewal_orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_orders__paid_is_applied_before_the_expiry_shows_it(void **state)
{
    struct orders *o = *state;

    journal_control(&o->env, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    assert_int_equal(o->err.outcome, CLOUD_APPLIED);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
    assert_non_null(strchr(orders_last(o, "k").orders, ','));
}

static void test_orders__cancelled_is_not_applied_and_may_be_tried_again(void **state)
{
    static const char *const words[] = { "CANCELED", "FAILED" };
    struct orders *o = *state;

    for (size_t i = 0; i < 2; i++) {
        const char *key = i ? "k1" : "k0";

        orders_set_status(o, words[i]);
        assert_int_equal(orders_renew(o, key), CLOUD_EBALANCE);
        assert_int_equal(o->err.outcome, CLOUD_NOT_APPLIED);
        assert_non_null(strstr(o->err.message, words[i]));
        orders_assert(o, key, CLOUD_JOURNAL_NOT_APPLIED, (int)i * RENEWAL_CHARGES);
        orders_set_status(o, "PAID");
        assert_int_equal(orders_renew(o, key), CLOUD_OK);
        assert_int_equal(orders_last(o, key).attempt, 2);
        orders_assert(o, key, CLOUD_JOURNAL_APPLIED, (int)(i + 1) * RENEWAL_CHARGES);
    }
}

static void test_orders__unpaid_stays_unknown_and_names_the_order(void **state)
{
    struct orders *o = *state;
    char order[200];

    orders_set_status(o, "NO_PAY");
    assert_int_equal(orders_renew(o, "k"), CLOUD_ESTATE);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    snprintf(order, sizeof(order), "%.*s", (int)strcspn(orders_last(o, "k").orders, ","),
             orders_last(o, "k").orders);
    assert_true(strlen(order) > 5);
    assert_non_null(strstr(orders_last(o, "k").reason, order));
    assert_non_null(strstr(orders_last(o, "k").reason, "NO_PAY"));
}

static void test_orders__paid_or_cancelled_later_is_detected(void **state)
{
    struct orders *o = *state;

    orders_set_status(o, "DEALING");
    journal_control(&o->env, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":3000}");
    assert_int_equal(orders_renew(o, "k"), CLOUD_ESTATE);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    journal_advance(&o->env, 3000);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);

    assert_int_equal(orders_renew(o, "l"), CLOUD_ESTATE);
    journal_control(&o->env, "POST", "world", "{\"balance\":\"0.00\"}");
    journal_advance(&o->env, 3000);
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_NOT_APPLIED, RENEWAL_CHARGES);
}

static void test_orders__unreadable_orders_are_decided_by_the_expiry(void **state)
{
    struct orders *o = *state;

    journal_control(&o->env, "POST", "fail",
                    "{\"action\":\"queryOrder\",\"kind\":\"code\",\"code\":\"PERMISSION_DENIED\","
                    "\"status\":403,\"times\":99}");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);

    journal_control(&o->env, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(orders_renew(o, "l"), CLOUD_ESTATE);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    journal_advance(&o->env, 300);
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_APPLIED, 2 * RENEWAL_CHARGES);

    orders_set_status(o, "CANCELED"); /* no expiry changes, and the order cannot be read */
    assert_int_equal(orders_renew(o, "m"), CLOUD_ESTATE);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "m", CLOUD_JOURNAL_UNKNOWN, 2 * RENEWAL_CHARGES);
}

static void test_orders__decide_while_automatic_renewal_is_on(void **state)
{
    struct orders *o = *state;
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = o->id;
    params.auto_renew = CLOUD_YES;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    params.operation_key = "flag";
    assert_int_equal(cloud_journal_call(o->env.journal, o->env.client,
                                        CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, &params,
                                        NULL, &o->err),
                     CLOUD_OK);
    orders_set_status(o, "CANCELED");
    assert_int_equal(orders_renew(o, "k"), CLOUD_EBALANCE);
    orders_set_status(o, "PAID");
    journal_advance(&o->env, 25L * 86400); /* when the vendor's automatic renewal may have run */
    assert_int_equal(orders_renew(o, "l"), CLOUD_OK);
    assert_non_null(strstr(orders_last(o, "l").warning, "automatic renewal"));
    orders_assert(o, "l", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
}

static void test_orders__disks_that_were_not_paid_are_ordered_again(void **state)
{
    struct orders *o = *state;

    orders_set_hook(o, "PAID", "CANCELED");
    assert_int_equal(orders_renew(o, "k"), CLOUD_ESTATE);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    assert_int_equal(o->changes,
                     3); /* the disks were ordered again at once, which was not paid either */
    orders_set_status(o, "PAID");
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
}

static void test_orders__instance_that_was_not_paid_is_ordered_again(void **state)
{
    struct orders *o = *state;

    orders_set_hook(o, "CANCELED", "PAID");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
}

/* the repeated order is lost: the expiry shows later whether it was paid */
static void test_orders__ordered_again_and_lost_is_not_ordered_a_third_time(void **state)
{
    static const char *const kinds[] = { "drop_after_apply", "drop_before_apply" };
    struct orders *o = *state;

    for (size_t i = 0; i < 2; i++) {
        const char *key = i ? "k1" : "k0";

        o->changes = 0;
        orders_set_hook(o, "PAID", "CANCELED");
        assert_int_equal(orders_renew(o, key), CLOUD_ESTATE);
        orders_set_status(o, "PAID");
        journal_control(&o->env, "POST", "world", "{\"visibility_lag_s\":290}");
        journal_control(&o->env, "POST", "fail",
                        "{\"action\":\"renewInstance\",\"kind\":\"%s\",\"times\":9}", kinds[i]);
        orders_resolve(o);
        journal_control(&o->env, "DELETE", "fail", "%s", "");
        orders_resolve(o);
        orders_assert(o, key, CLOUD_JOURNAL_UNKNOWN, (int)i * RENEWAL_CHARGES + (i ? 1 : 2));
        journal_advance(&o->env, SETTLED_S);
        orders_resolve(o);
        orders_assert(o, key, CLOUD_JOURNAL_APPLIED, (int)(i + 1) * RENEWAL_CHARGES);
        journal_control(&o->env, "POST", "world", "{\"visibility_lag_s\":0}");
    }
}

/* as after a crash between both orders: the first is in the entry, the second was not sent */
static void test_orders__first_is_saved_before_the_second_is_sent(void **state)
{
    struct orders *o = *state;

    journal_control(&o->env, "POST", "world", "{\"visibility_lag_s\":290}");
    orders_set_hook(o, "PAID", "PAID");
    o->refuse_at = 2;
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_true(strlen(orders_last(o, "k").orders) > 5);
    cloud_client_set_change_hook(o->env.client, NULL, NULL);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
}

static void test_orders__first_cancelled_and_second_unsent_is_not_applied(void **state)
{
    struct orders *o = *state;

    orders_set_hook(o, "CANCELED", "PAID");
    o->refuse_at = 2;
    assert_int_not_equal(orders_renew(o, "k"), CLOUD_OK);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_UNKNOWN,
                  0); /* the journal cannot know that the second was not sent */
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_NOT_APPLIED, 0);
}

static void test_orders__if_expiry_includes_a_renewal_that_is_not_shown_yet(void **state)
{
    struct orders *o = *state;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result shown = CLOUD_RESULT_INIT;

    journal_control(&o->env, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    assert_int_equal(cloud_describe_instance(o->env.client, o->id, &shown, NULL), CLOUD_OK);
    params.operation_key = "l";
    params.instance_id = o->id;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    params.if_expiry = shown.instances[0].expires_at; /* the expiry before the first renewal */
    assert_int_equal(cloud_journal_call(o->env.journal, o->env.client, CLOUD_OP_RENEW_INSTANCE,
                                        &params, NULL, &o->err),
                     CLOUD_ECONFLICT);
    assert_int_equal(o->err.outcome, CLOUD_NOT_APPLIED);
    orders_assert(o, "l", CLOUD_JOURNAL_NOT_APPLIED, RENEWAL_CHARGES);
    cloud_result_clear(&shown);
}

static void test_orders__earlier_renewal_is_not_taken_for_the_lost_one(void **state)
{
    struct orders *o = *state;

    journal_control(&o->env, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    journal_control(&o->env, "POST", "fail",
                    "{\"action\":\"renewInstance\",\"kind\":\"drop_before_apply\",\"times\":9}");
    assert_int_not_equal(orders_renew(o, "l"), CLOUD_OK);
    journal_control(&o->env, "DELETE", "fail", "%s", "");
    journal_advance(&o->env, 300); /* now the vendor shows the first renewal */
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_UNKNOWN, RENEWAL_CHARGES);
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_NOT_APPLIED, RENEWAL_CHARGES);
}

/* the vendor shows a renewal late after its order was paid, which may be long after it was sent */
static void test_orders__late_effect_is_not_taken_for_the_next_renewal(void **state)
{
    struct orders *o = *state;

    journal_control(&o->env, "POST", "world", "{\"visibility_lag_s\":290}");
    journal_control(&o->env, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":3000}");
    orders_set_status(o, "DEALING");
    assert_int_equal(orders_renew(o, "k"), CLOUD_ESTATE);
    journal_advance(&o->env, 3001);
    orders_resolve(o);
    orders_assert(o, "k", CLOUD_JOURNAL_APPLIED, RENEWAL_CHARGES);
    journal_control(&o->env, "POST", "fail",
                    "{\"action\":\"renewInstance\",\"kind\":\"drop_before_apply\",\"times\":9}");
    assert_int_not_equal(orders_renew(o, "l"), CLOUD_OK);
    journal_control(&o->env, "DELETE", "fail", "%s", "");
    journal_advance(&o->env, SETTLED_S);
    orders_resolve(o);
    orders_assert(o, "l", CLOUD_JOURNAL_NOT_APPLIED, RENEWAL_CHARGES);
}

static void test_orders__hook_of_the_caller_is_called_and_restored(void **state)
{
    struct orders *o = *state;
    cloud_change_fn hook;
    void *data = NULL;

    orders_set_hook(o, "PAID", "PAID");
    assert_int_equal(orders_renew(o, "k"), CLOUD_OK);
    assert_int_equal(o->changes, 2);
    hook = cloud_client_change_hook(o->env.client, &data);
    orders_set_hook(o, "PAID", "PAID");
    assert_ptr_equal(cloud_client_change_hook(o->env.client, NULL), hook);
    assert_ptr_equal(data, o);
    o->changes = 0;
    o->refuse_at = 1; /* an order that it refuses was not sent */
    assert_int_equal(orders_renew(o, "l"), CLOUD_EMODE);
    assert_int_equal(o->err.outcome, CLOUD_NOT_APPLIED);
    orders_assert(o, "l", CLOUD_JOURNAL_NOT_APPLIED, RENEWAL_CHARGES);
}

#define T(name) cmocka_unit_test_setup_teardown(test_orders__##name, orders_open, orders_close)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(paid_is_applied_before_the_expiry_shows_it),
        T(cancelled_is_not_applied_and_may_be_tried_again),
        T(unpaid_stays_unknown_and_names_the_order),
        T(paid_or_cancelled_later_is_detected),
        T(unreadable_orders_are_decided_by_the_expiry),
        T(decide_while_automatic_renewal_is_on),
        T(disks_that_were_not_paid_are_ordered_again),
        T(instance_that_was_not_paid_is_ordered_again),
        T(ordered_again_and_lost_is_not_ordered_a_third_time),
        T(first_is_saved_before_the_second_is_sent),
        T(first_cancelled_and_second_unsent_is_not_applied),
        T(if_expiry_includes_a_renewal_that_is_not_shown_yet),
        T(earlier_renewal_is_not_taken_for_the_lost_one),
        T(late_effect_is_not_taken_for_the_next_renewal),
        T(hook_of_the_caller_is_called_and_restored),
    };

    return orders_run("orders", tests);
}
