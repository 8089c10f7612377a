/* SPDX-License-Identifier: Apache-2.0 */
/* The journal and JD Cloud's orders: a renewal that was answered with an order is done when that
 * was paid, whatever the expiry shows; the same tests for each store. */
#include "tests/journal_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define SETTLED_S 1300 /* past the signature's life and the vendor's lag */
#define EACH 2         /* charges of one renewal: the instance, and its disk */

static bool on_postgres;

struct orders {
    struct journal_world world;
    char id[128];
    struct cloud_error err;
    const char *statuses[2]; /* of the first order and of the second, set as they leave */
    int changes, refuse_at;
};

static int open_jd(void **state)
{
    struct orders *o = calloc(1, sizeof(*o));

    journal_world_open(&o->world, "jdcloud", on_postgres);
    journal_buy(&o->world, o->id);
    *state = o;
    return 0;
}

static int close_world(void **state)
{
    struct orders *o = *state;

    journal_world_close(&o->world);
    free(o);
    return 0;
}

static void pay_as(struct orders *o, const char *status)
{
    journal_ask(&o->world, "POST", "world", "{\"switches\":{\"jd_order_status\":\"%s\"}}", status);
}

static int renew(struct orders *o, const char *key)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.operation_key = key;
    params.instance_id = o->id;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return cloud_journal_call(o->world.journal, o->world.client, CLOUD_OP_RENEW_INSTANCE, &params,
                              NULL, &o->err);
}

struct last {
    enum cloud_journal_state state;
    int attempt;
    char orders[200], reason[600], warning[600];
};

static bool keep(const struct cloud_journal_entry *entry, void *user_data)
{
    struct last *last = user_data;

    last->state = entry->state;
    last->attempt = entry->attempt;
    snprintf(last->orders, sizeof(last->orders), "%s", entry->order_id);
    snprintf(last->reason, sizeof(last->reason), "%s", entry->reason);
    snprintf(last->warning, sizeof(last->warning), "%s", entry->warning);
    return true;
}

static struct last last_of(struct orders *o, const char *key)
{
    struct last last = { .attempt = 0 };

    assert_int_equal(cloud_journal_list(o->world.journal, key, keep, &last, NULL), CLOUD_OK);
    return last;
}

static void resolve(struct orders *o)
{
    struct journal_world *w = &o->world;

    if (cloud_journal_resolve(w->journal, w->client, NULL, NULL, NULL, NULL, &o->err))
        fail_msg("%s", o->err.message);
}

/* the key as it stands, and what was charged for renewals in all */
static void stands(struct orders *o, const char *key, enum cloud_journal_state state, int charges)
{
    struct last last = last_of(o, key);

    if (last.state != state)
        fail_msg("%s is %s: %s", key, cloud_journal_state_name(last.state), last.reason);
    assert_int_equal(journal_charges(&o->world, "renew"), charges);
    if (state == CLOUD_JOURNAL_APPLIED || state == CLOUD_JOURNAL_NOT_APPLIED)
        assert_int_equal(cloud_journal_verify(o->world.journal, NULL, NULL, NULL), CLOUD_OK);
}

/* ------------------------------------------------------------------------------ both the same way
 */

static void test_orders__paid_is_applied_before_it_shows(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(renew(o, "k"), CLOUD_OK);
    assert_int_equal(o->err.outcome, CLOUD_APPLIED);
    stands(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
    assert_non_null(strchr(last_of(o, "k").orders, ','));
}

static void test_orders__cancelled_is_not_applied_and_may_be_tried_again(void **state)
{
    static const char *const words[] = { "CANCELED", "FAILED" };
    struct orders *o = *state;

    for (size_t i = 0; i < 2; i++) {
        const char *key = i ? "k1" : "k0";

        pay_as(o, words[i]);
        assert_int_equal(renew(o, key), CLOUD_EBALANCE);
        assert_int_equal(o->err.outcome, CLOUD_NOT_APPLIED);
        assert_non_null(strstr(o->err.message, words[i]));
        stands(o, key, CLOUD_JOURNAL_NOT_APPLIED, (int)i * EACH);
        pay_as(o, "PAID");
        assert_int_equal(renew(o, key), CLOUD_OK);
        assert_int_equal(last_of(o, key).attempt, 2);
        stands(o, key, CLOUD_JOURNAL_APPLIED, (int)(i + 1) * EACH);
    }
}

static void test_orders__unpaid_stays_unknown_and_names_the_order(void **state)
{
    struct orders *o = *state;
    char order[200];

    pay_as(o, "NO_PAY");
    assert_int_equal(renew(o, "k"), CLOUD_ESTATE);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    journal_advance(&o->world, SETTLED_S);
    resolve(o);
    stands(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    snprintf(order, sizeof(order), "%.*s", (int)strcspn(last_of(o, "k").orders, ","),
             last_of(o, "k").orders);
    assert_true(strlen(order) > 5);
    assert_non_null(strstr(last_of(o, "k").reason, order));
    assert_non_null(strstr(last_of(o, "k").reason, "NO_PAY"));
}

static void test_orders__paid_later_or_never_is_found_out(void **state)
{
    struct orders *o = *state;

    pay_as(o, "DEALING");
    journal_ask(&o->world, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":3000}");
    assert_int_equal(renew(o, "k"), CLOUD_ESTATE);
    journal_advance(&o->world, SETTLED_S);
    resolve(o);
    stands(o, "k", CLOUD_JOURNAL_UNKNOWN, 0);
    journal_advance(&o->world, 3000);
    resolve(o);
    stands(o, "k", CLOUD_JOURNAL_APPLIED, EACH);

    assert_int_equal(renew(o, "l"), CLOUD_ESTATE);
    journal_ask(&o->world, "POST", "world", "{\"balance\":\"0.00\"}");
    journal_advance(&o->world, 3000);
    resolve(o);
    stands(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
}

static void test_orders__that_cannot_be_read_leave_it_to_the_expiry(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "fail",
                "{\"action\":\"queryOrder\",\"kind\":\"code\",\"code\":\"PERMISSION_DENIED\","
                "\"status\":403,\"times\":99}");
    assert_int_equal(renew(o, "k"), CLOUD_OK);
    stands(o, "k", CLOUD_JOURNAL_APPLIED, EACH);

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(renew(o, "l"), CLOUD_ESTATE);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    journal_advance(&o->world, 300);
    resolve(o);
    stands(o, "l", CLOUD_JOURNAL_APPLIED, 2 * EACH);

    pay_as(o, "CANCELED"); /* nothing will ever show it, and nobody tells */
    assert_int_equal(renew(o, "m"), CLOUD_ESTATE);
    journal_advance(&o->world, SETTLED_S);
    resolve(o);
    stands(o, "m", CLOUD_JOURNAL_UNKNOWN, 2 * EACH);
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
    pay_as(o, "CANCELED");
    assert_int_equal(renew(o, "k"), CLOUD_EBALANCE);
    pay_as(o, "PAID");
    journal_advance(&o->world, 25L * 86400); /* when the vendor's own may have come already */
    assert_int_equal(renew(o, "l"), CLOUD_OK);
    assert_non_null(strstr(last_of(o, "l").warning, "automatic renewal"));
    stands(o, "l", CLOUD_JOURNAL_APPLIED, EACH);
}

/* --------------------------------------------------------------------------------- half and half
 */

static int as_they_leave(const struct cloud_change *change, void *user_data,
                         struct cloud_error *err)
{
    struct orders *o = user_data;

    assert_string_equal(change->action, "renewInstance");
    assert_int_equal(change->order_id != NULL, o->changes == 1);
    if (o->refuse_at && o->changes + 1 == o->refuse_at) {
        err->code = CLOUD_EMODE;
        return CLOUD_EMODE;
    }
    if (o->changes < 2)
        pay_as(o, o->statuses[o->changes]);
    o->changes++;
    return CLOUD_OK;
}

static void watch(struct orders *o, const char *first, const char *second)
{
    o->statuses[0] = first;
    o->statuses[1] = second;
    cloud_client_set_change_hook(o->world.client, as_they_leave, o);
}

static void test_orders__disks_that_were_not_paid_are_ordered_again(void **state)
{
    struct orders *o = *state;

    watch(o, "PAID", "CANCELED");
    assert_int_equal(renew(o, "k"), CLOUD_ESTATE);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    stands(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    assert_int_equal(o->changes, 3); /* the disks' once more, at once, which was not paid either */
    pay_as(o, "PAID");
    resolve(o);
    stands(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
}

static void test_orders__instance_that_was_not_paid_is_ordered_again(void **state)
{
    struct orders *o = *state;

    watch(o, "CANCELED", "PAID");
    assert_int_equal(renew(o, "k"), CLOUD_OK);
    stands(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
}

/* the order that was sent again is lost: whether it was paid is seen by the expiry, in its time */
static void test_orders__ordered_again_and_lost_is_not_ordered_a_third_time(void **state)
{
    static const char *const kinds[] = { "drop_after_apply", "drop_before_apply" };
    struct orders *o = *state;

    for (size_t i = 0; i < 2; i++) {
        const char *key = i ? "k1" : "k0";

        o->changes = 0;
        watch(o, "PAID", "CANCELED");
        assert_int_equal(renew(o, key), CLOUD_ESTATE);
        pay_as(o, "PAID");
        journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
        journal_ask(&o->world, "POST", "fail",
                    "{\"action\":\"renewInstance\",\"kind\":\"%s\",\"times\":9}", kinds[i]);
        resolve(o);
        journal_ask(&o->world, "DELETE", "fail", "%s", "");
        resolve(o);
        stands(o, key, CLOUD_JOURNAL_UNKNOWN, (int)i * EACH + (i ? 1 : 2));
        journal_advance(&o->world, SETTLED_S);
        resolve(o);
        stands(o, key, CLOUD_JOURNAL_APPLIED, (int)(i + 1) * EACH);
        journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":0}");
    }
}

/* as after a crash between the two: the first order is in the record, the second never left */
static void test_orders__first_is_kept_before_the_second_leaves(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    watch(o, "PAID", "PAID");
    o->refuse_at = 2;
    assert_int_not_equal(renew(o, "k"), CLOUD_OK);
    assert_int_equal(o->err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_true(strlen(last_of(o, "k").orders) > 5);
    cloud_client_set_change_hook(o->world.client, NULL, NULL);
    resolve(o);
    stands(o, "k", CLOUD_JOURNAL_UNKNOWN, 1);
    journal_advance(&o->world, SETTLED_S);
    resolve(o);
    stands(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
}

static void test_orders__first_cancelled_and_second_unsent_is_not_applied(void **state)
{
    struct orders *o = *state;

    watch(o, "CANCELED", "PAID");
    o->refuse_at = 2;
    assert_int_not_equal(renew(o, "k"), CLOUD_OK);
    resolve(o);
    stands(o, "k", CLOUD_JOURNAL_UNKNOWN, 0); /* for all that is known the second may have left */
    journal_advance(&o->world, SETTLED_S);
    resolve(o);
    stands(o, "k", CLOUD_JOURNAL_NOT_APPLIED, 0);
}

/* -------------------------------------------------------------------- what is not shown yet */

static void test_orders__guard_holds_against_a_renewal_that_is_not_shown_yet(void **state)
{
    struct orders *o = *state;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result shown = CLOUD_RESULT_INIT;

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(renew(o, "k"), CLOUD_OK);
    assert_int_equal(cloud_describe_instance(o->world.client, o->id, &shown, NULL), CLOUD_OK);
    params.operation_key = "l";
    params.instance_id = o->id;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    params.if_expiry = shown.instances[0].expires_at; /* as it was before the first */
    assert_int_equal(cloud_journal_call(o->world.journal, o->world.client, CLOUD_OP_RENEW_INSTANCE,
                                        &params, NULL, &o->err),
                     CLOUD_ECONFLICT);
    assert_int_equal(o->err.outcome, CLOUD_NOT_APPLIED);
    stands(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
    cloud_result_clear(&shown);
}

static void test_orders__renewal_before_is_not_taken_for_one_that_was_lost(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    assert_int_equal(renew(o, "k"), CLOUD_OK);
    journal_ask(&o->world, "POST", "fail",
                "{\"action\":\"renewInstance\",\"kind\":\"drop_before_apply\",\"times\":9}");
    assert_int_not_equal(renew(o, "l"), CLOUD_OK);
    journal_ask(&o->world, "DELETE", "fail", "%s", "");
    journal_advance(&o->world, 300); /* now the first shows */
    resolve(o);
    stands(o, "l", CLOUD_JOURNAL_UNKNOWN, EACH);
    journal_advance(&o->world, SETTLED_S);
    resolve(o);
    stands(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
}

/* an order that is paid long after it was sent shows as long after that */
static void test_orders__paid_late_and_shown_late_is_not_taken_for_the_next(void **state)
{
    struct orders *o = *state;

    journal_ask(&o->world, "POST", "world", "{\"visibility_lag_s\":290}");
    journal_ask(&o->world, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":3000}");
    pay_as(o, "DEALING");
    assert_int_equal(renew(o, "k"), CLOUD_ESTATE);
    journal_advance(&o->world, 3001);
    resolve(o);
    stands(o, "k", CLOUD_JOURNAL_APPLIED, EACH);
    journal_ask(&o->world, "POST", "fail",
                "{\"action\":\"renewInstance\",\"kind\":\"drop_before_apply\",\"times\":9}");
    assert_int_not_equal(renew(o, "l"), CLOUD_OK);
    journal_ask(&o->world, "DELETE", "fail", "%s", "");
    journal_advance(&o->world, SETTLED_S);
    resolve(o);
    stands(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
}

/* ------------------------------------------------------------------------------ the caller's hook
 */

static void test_orders__callers_hook_is_asked_and_given_back(void **state)
{
    struct orders *o = *state;
    void *data = NULL;

    watch(o, "PAID", "PAID");
    assert_int_equal(renew(o, "k"), CLOUD_OK);
    assert_int_equal(o->changes, 2);
    assert_ptr_equal(cloud_client_change_hook(o->world.client, &data), as_they_leave);
    assert_ptr_equal(data, o);
    o->changes = 0;
    o->refuse_at = 1; /* what it refuses was not sent */
    assert_int_equal(renew(o, "l"), CLOUD_EMODE);
    assert_int_equal(o->err.outcome, CLOUD_NOT_APPLIED);
    stands(o, "l", CLOUD_JOURNAL_NOT_APPLIED, EACH);
}

#define T(name) cmocka_unit_test_setup_teardown(test_orders__##name, open_jd, close_world)

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

    on_postgres = getenv("CLOUD_TEST_POSTGRES") != NULL;
    return cmocka_run_group_tests_name(on_postgres ? "orders on PostgreSQL" : "orders on SQLite",
                                       tests, NULL, NULL);
}
