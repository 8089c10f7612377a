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
    if (expires_at == CLOUD_TIME_UNREADABLE)
        return cc_fail(&call->error, CLOUD_EPROTOCOL,
                       "if_expiry cannot be checked: the vendor's expiry of the instance is "
                       "unreadable; nothing was changed");
    return cc_fail(&call->error, CLOUD_ECONFLICT,
                   "if_expiry is %s, but the instance expires at %s: it was renewed already; "
                   "nothing was changed",
                   cloud_time_format(call->params.if_expiry, wanted),
                   cloud_time_format(expires_at, actual));
}

static bool is_price_op(enum cloud_op op)
{
    return op == CLOUD_OP_DESCRIBE_PRICE || op == CLOUD_OP_DESCRIBE_RENEW_PRICE ||
           op == CLOUD_OP_DESCRIBE_UPGRADE_PRICE;
}

/* whatever its source: the vendor, a computation, the price book */
static int check_quote(struct cc_call *call)
{
    const struct cloud_provider *provider = call->client->provider;
    const struct cloud_money *total = &call->result.price.total;
    char text[CLOUD_MONEY_MAX];

    if (!total->currency[0])
        return cc_fail(&call->error, CLOUD_EPROTOCOL, "%s quoted no price; nothing was bought",
                       provider->title);
    if (strcmp(total->currency, provider->currency))
        return cc_fail(&call->error, CLOUD_EPRICE,
                       "the price is %s, but %s charges in %s; correct the currency of the price "
                       "book; nothing was bought",
                       cloud_money_format(*total, text), provider->title, provider->currency);
    if (total->micros < 0)
        return cc_fail(&call->error, CLOUD_EPROTOCOL,
                       "the price is negative: %s; nothing was bought",
                       cloud_money_format(*total, text));
    return CLOUD_OK;
}

static int check_limit(struct cc_call *call)
{
    const struct cloud_money *total = &call->result.price.total, *limit = &call->params.max_charge;
    char total_text[CLOUD_MONEY_MAX], limit_text[CLOUD_MONEY_MAX];

    if (total->micros <= limit->micros)
        return CLOUD_OK;
    return cc_fail(&call->error, CLOUD_EPRICE,
                   "the price is now %s, more than max_charge %s; nothing was bought",
                   cloud_money_format(*total, total_text), cloud_money_format(*limit, limit_text));
}

int cc_preconditions_check(struct cc_call *call, enum cloud_op op)
{
    int rc = is_price_op(op) ? check_quote(call) : CLOUD_OK;

    if (rc || op == call->op)
        return rc;
    return is_price_op(op) ? check_limit(call) : check_expiry(call);
}
