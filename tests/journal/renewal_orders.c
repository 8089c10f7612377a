/* SPDX-License-Identifier: Apache-2.0 */
/* Implements renewal_orders.h. */
#include "tests/journal/renewal_orders.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int orders_open(void **state)
{
    struct orders *o = calloc(1, sizeof(*o));

    journal_env_open(&o->env, "jdcloud", getenv("CLOUD_TEST_POSTGRES") != NULL);
    journal_buy(&o->env, o->id);
    *state = o;
    return 0;
}

int orders_close(void **state)
{
    struct orders *o = *state;

    journal_env_close(&o->env);
    free(o);
    return 0;
}

void orders_set_status(struct orders *o, const char *status)
{
    journal_control(&o->env, "POST", "world", "{\"switches\":{\"jd_order_status\":\"%s\"}}",
                    status);
}

int orders_renew(struct orders *o, const char *key)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.operation_key = key;
    params.instance_id = o->id;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return cloud_journal_call(o->env.journal, o->env.client, CLOUD_OP_RENEW_INSTANCE, &params, NULL,
                              &o->err);
}

void orders_resolve(struct orders *o)
{
    struct journal_env *env = &o->env;

    if (cloud_journal_resolve(env->journal, env->client, NULL, NULL, NULL, NULL, &o->err))
        fail_msg("%s", o->err.message);
}

static int before_order(const struct cloud_change *change, void *user_data, struct cloud_error *err)
{
    struct orders *o = user_data;

    assert_string_equal(change->action, "renewInstance");
    assert_int_equal(change->order_id != NULL, o->changes == 1);
    if (o->refuse_at && o->changes + 1 == o->refuse_at) {
        err->code = CLOUD_EMODE;
        return CLOUD_EMODE;
    }
    if (o->changes < 2 && o->statuses[o->changes])
        orders_set_status(o, o->statuses[o->changes]);
    o->changes++;
    if (o->changes == o->lose_at)
        journal_control(&o->env, "POST", "fail",
                        "{\"action\":\"renewInstance\",\"kind\":\"drop_after_apply\",\"times\":1}");
    return CLOUD_OK;
}

void orders_set_hook(struct orders *o, const char *first, const char *second)
{
    o->statuses[0] = first;
    o->statuses[1] = second;
    cloud_client_set_change_hook(o->env.client, before_order, o);
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

    assert_int_equal(cloud_journal_list(o->env.journal, key, keep, &last, NULL), CLOUD_OK);
    return last;
}

void orders_assert(struct orders *o, const char *key, enum cloud_journal_state state, int charges)
{
    struct last last = orders_last(o, key);

    if (last.state != state)
        fail_msg("%s is %s: %s", key, cloud_journal_state_name(last.state), last.reason);
    assert_int_equal(journal_charges(&o->env, "renew"), charges);
    if (state == CLOUD_JOURNAL_APPLIED || state == CLOUD_JOURNAL_NOT_APPLIED)
        assert_int_equal(cloud_journal_verify(o->env.journal, NULL, NULL, NULL), CLOUD_OK);
}
