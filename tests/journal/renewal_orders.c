/* SPDX-License-Identifier: Apache-2.0 */
/* See journal_orders.h. */
#include "tests/journal/renewal_orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int orders_open(void **state)
{
    struct orders *o = calloc(1, sizeof(*o));

    journal_env_open(&o->world, "jdcloud", getenv("CLOUD_TEST_POSTGRES") != NULL);
    journal_buy(&o->world, o->id);
    *state = o;
    return 0;
}

int orders_close(void **state)
{
    struct orders *o = *state;

    journal_env_close(&o->world);
    free(o);
    return 0;
}

void orders_pay_as(struct orders *o, const char *status)
{
    journal_ask(&o->world, "POST", "world", "{\"switches\":{\"jd_order_status\":\"%s\"}}", status);
}

int orders_renew(struct orders *o, const char *key)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.operation_key = key;
    params.instance_id = o->id;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return cloud_journal_call(o->world.journal, o->world.client, CLOUD_OP_RENEW_INSTANCE, &params,
                              NULL, &o->err);
}

void orders_resolve(struct orders *o)
{
    struct journal_env *w = &o->world;

    if (cloud_journal_resolve(w->journal, w->client, NULL, NULL, NULL, NULL, &o->err))
        fail_msg("%s", o->err.message);
}

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
    if (o->changes < 2 && o->statuses[o->changes])
        orders_pay_as(o, o->statuses[o->changes]);
    o->changes++;
    if (o->changes == o->lose_at)
        journal_ask(&o->world, "POST", "fail",
                    "{\"action\":\"renewInstance\",\"kind\":\"drop_after_apply\",\"times\":1}");
    return CLOUD_OK;
}

void orders_watch(struct orders *o, const char *first, const char *second)
{
    o->statuses[0] = first;
    o->statuses[1] = second;
    cloud_client_set_change_hook(o->world.client, as_they_leave, o);
}

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

struct last orders_last(struct orders *o, const char *key)
{
    struct last last = { .attempt = 0 };

    assert_int_equal(cloud_journal_list(o->world.journal, key, keep, &last, NULL), CLOUD_OK);
    return last;
}

void orders_stand(struct orders *o, const char *key, enum cloud_journal_state state, int charges)
{
    struct last last = orders_last(o, key);

    if (last.state != state)
        fail_msg("%s is %s: %s", key, cloud_journal_state_name(last.state), last.reason);
    assert_int_equal(journal_charges(&o->world, "renew"), charges);
    if (state == CLOUD_JOURNAL_APPLIED || state == CLOUD_JOURNAL_NOT_APPLIED)
        assert_int_equal(cloud_journal_verify(o->world.journal, NULL, NULL, NULL), CLOUD_OK);
}
