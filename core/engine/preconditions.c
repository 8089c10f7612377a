/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Plans and checks the preconditions of a call that spends money. max_charge needs a quote, and
 * if_expiry needs the current expiry of the instance.
 */
#include <string.h>

#include "core/engine/call.h"
#include "core/base/error.h"
#include "core/engine/local_prices.h"

static void add_stage(struct cc_call_plan *plan, enum cloud_op op, const struct cc_op_row *row)
{
    plan->stages[plan->count++] = (struct cc_stage){ .op = op, .row = row };
}

static enum cloud_op price_op(enum cloud_op op)
{
    switch (op) {
    case CLOUD_OP_CREATE_INSTANCE: return CLOUD_OP_DESCRIBE_PRICE;
    case CLOUD_OP_RENEW_INSTANCE: return CLOUD_OP_DESCRIBE_RENEW_PRICE;
    default: return CLOUD_OP_DESCRIBE_UPGRADE_PRICE;
    }
}

/* adds the operation, after the stage that reads the instance if its row needs one */
static void add_operation(struct cc_call *call, enum cloud_op op)
{
    const struct cc_op_row *row = cc_local_price_row(call, op);

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
        add_operation(call, price_op(call->op));
    add_operation(call, call->op);
}

static int check_expiry(struct cc_call *call)
{
    const struct cloud_result *result = &call->result;
    char actual[CLOUD_TIME_MAX], wanted[CLOUD_TIME_MAX];
    int64_t expires_at = result->instance_count ? result->instances[0].expires_at : CLOUD_TIME_NONE;

    if (!call->params.if_expiry || expires_at == call->params.if_expiry)
        return CLOUD_OK;
    return cc_fail(&call->error, CLOUD_ECONFLICT,
                   "if_expiry is %s, but the instance expires at %s: it was renewed already; "
                   "nothing was changed",
                   cloud_time_format(call->params.if_expiry, wanted),
                   cloud_time_format(expires_at, actual));
}

static int check_price(struct cc_call *call)
{
    const struct cloud_money *total = &call->result.price.total, *limit = &call->params.max_charge;
    char total_text[CLOUD_MONEY_MAX], limit_text[CLOUD_MONEY_MAX];

    cloud_money_format(*total, total_text);
    cloud_money_format(*limit, limit_text);
    if (!total->currency[0])
        return cc_fail(&call->error, CLOUD_EPRICE,
                       "no price was quoted, so max_charge cannot be checked; nothing was bought");
    if (strcmp(total->currency, limit->currency))
        return cc_fail(&call->error, CLOUD_EPRICE,
                       "the price is %s, but max_charge is %s; use the price's currency",
                       total_text, limit_text);
    if (total->micros > limit->micros)
        return cc_fail(&call->error, CLOUD_EPRICE,
                       "the price is now %s, more than max_charge %s; nothing was bought",
                       total_text, limit_text);
    return CLOUD_OK;
}

int cc_preconditions_check(struct cc_call *call, enum cloud_op op)
{
    return op == CLOUD_OP_DESCRIBE_INSTANCE ? check_expiry(call) : check_price(call);
}
