/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Preconditions: plans what a call asks before it spends money, and compares the answers. The
 * quote is asked for max_charge, the instance's current expiry for if_expiry.
 */
#include <string.h>

#include "core/engine/call.h"
#include "core/base/error.h"
#include "core/engine/local_prices.h"

static void add_stage(struct cc_field_index *plan, enum cloud_op op, const struct cc_op_row *row)
{
    plan->stages[plan->count++] = (struct cc_stage){ .op = op, .row = row };
}

static enum cloud_op price_of(enum cloud_op op)
{
    switch (op) {
    case CLOUD_OP_CREATE_INSTANCE: return CLOUD_OP_DESCRIBE_PRICE;
    case CLOUD_OP_RENEW_INSTANCE: return CLOUD_OP_DESCRIBE_RENEW_PRICE;
    default: return CLOUD_OP_DESCRIBE_UPGRADE_PRICE;
    }
}

/* the operation, after the instance that its row needs */
static void add(struct cc_call *call, enum cloud_op op)
{
    const struct cc_op_row *row = cc_price_row(call, op);

    if (row->keeps_result && op != CLOUD_OP_DESCRIBE_PRICE)
        add_stage(&call->plan, CLOUD_OP_DESCRIBE_INSTANCE,
                  &call->client->provider->ops[CLOUD_OP_DESCRIBE_INSTANCE]);
    add_stage(&call->plan, op, row);
}

void cc_preconditions_plan(struct cc_call *call)
{
    const struct cc_op_row *rows = call->client->provider->ops, *row = &rows[call->op];

    if (call->op == CLOUD_OP_INVOKE) {
        add_stage(&call->plan, call->op, &call->invoke.row);
        return;
    }
    if (call->options.ids) {
        add_stage(&call->plan, call->op, row->many_row ? row->many_row : row);
        return;
    }
    if (call->params.if_expiry)
        add_stage(&call->plan, CLOUD_OP_DESCRIBE_INSTANCE, &rows[CLOUD_OP_DESCRIBE_INSTANCE]);
    if (call->params.max_charge.currency[0])
        add(call, price_of(call->op));
    add(call, call->op);
}

static int judge_expiry(struct cc_call *call)
{
    const struct cloud_result *result = &call->result;
    char is[CLOUD_TIME_MAX], wanted[CLOUD_TIME_MAX];
    int64_t expires_at = result->instance_count ? result->instances[0].expires_at : CLOUD_TIME_NONE;

    if (!call->params.if_expiry || expires_at == call->params.if_expiry)
        return CLOUD_OK;
    return cc_fail(&call->error, CLOUD_ECONFLICT,
                   "the instance expires at %s, not at %s: somebody renewed it already",
                   cloud_time_format(expires_at, is),
                   cloud_time_format(call->params.if_expiry, wanted));
}

static int judge_price(struct cc_call *call)
{
    const struct cloud_money *total = &call->result.price.total, *most = &call->params.max_charge;
    char is[CLOUD_MONEY_MAX], limit[CLOUD_MONEY_MAX];

    cloud_money_format(*total, is);
    cloud_money_format(*most, limit);
    if (!total->currency[0])
        return cc_fail(&call->error, CLOUD_EPRICE,
                       "the price could not be learned, so max_charge cannot be held");
    if (strcmp(total->currency, most->currency))
        return cc_fail(&call->error, CLOUD_EPRICE,
                       "the price is %s, max_charge is %s: another currency", is, limit);
    if (total->micros > most->micros)
        return cc_fail(&call->error, CLOUD_EPRICE,
                       "it costs %s now, more than max_charge %s; nothing was bought", is, limit);
    return CLOUD_OK;
}

int cc_preconditions_judge(struct cc_call *call, enum cloud_op asked)
{
    return asked == CLOUD_OP_DESCRIBE_INSTANCE ? judge_expiry(call) : judge_price(call);
}
