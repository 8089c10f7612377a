/* SPDX-License-Identifier: Apache-2.0 */
/* Stores the quote of a key, and holds the key to its parameters and its price. */
#include "core/base/utf8.h"
#include "journal/journal.h"

#include <inttypes.h>
#include <stdio.h>

/* columns of a quote */
enum { OP, PARAMS, MICROS, CURRENCY, VALID_UNTIL };

int cc_quote_check(struct cloud_journal *journal, const struct cc_entry *requested, int64_t now,
                   struct cloud_money *ret_limit, struct cloud_error *err)
{
    cc_auto_rows struct cc_rows rows = { 0 };
    char name[64], until[CLOUD_TIME_MAX];
    int64_t valid_until;
    int rc = journal->store->run(
        journal->store,
        "SELECT op, params, micros, currency, valid_until FROM quotes WHERE key = $1",
        &requested->key, 1, &rows, err);

    *ret_limit = (struct cloud_money){ 0 };
    if (rc || !rows.rows)
        return rc;
    if (strcmp(cc_cell(&rows, 0, OP), requested->op) != 0)
        return cc_fail(err, CLOUD_ECONFLICT,
                       "the quote of this key is for %.40s; use another key for another operation",
                       cc_cell(&rows, 0, OP));
    if (cc_params_differ(cc_cell(&rows, 0, PARAMS), requested->params, name))
        return cc_fail(err, CLOUD_ECONFLICT,
                       "%s differs from the quote of this key; get another quote with a new key",
                       name);
    valid_until = strtoll(cc_cell(&rows, 0, VALID_UNTIL), NULL, 10);
    if (valid_until && now > valid_until)
        return cc_fail(err, CLOUD_EPRICE,
                       "the quote of this key expired at %s; get another quote with a new key",
                       cloud_time_format(valid_until, until));
    ret_limit->micros = strtoll(cc_cell(&rows, 0, MICROS), NULL, 10);
    snprintf(ret_limit->currency, sizeof(ret_limit->currency), "%s", cc_cell(&rows, 0, CURRENCY));
    return CLOUD_OK;
}

static int store_quote(struct cloud_journal *journal, const char *key, const char *op,
                       const char *params, const struct cloud_price *price, struct cloud_error *err)
{
    char micros[24], valid_until[24];
    const char *const values[] = { key, op, params, micros, price->total.currency, valid_until };
    cc_auto_rows struct cc_rows rows = { 0 };
    int rc;

    snprintf(micros, sizeof(micros), "%" PRId64, price->total.micros);
    snprintf(valid_until, sizeof(valid_until), "%" PRId64, price->valid_until);
    rc = journal->store->run(journal->store,
                             "INSERT INTO quotes(key, op, params, micros, currency, valid_until)"
                             " VALUES($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING key",
                             values, CC_COUNT(values), &rows, err);
    if (!rc && !rows.rows)
        rc = cc_fail(err, CLOUD_ECONFLICT, "the key \"%.60s\" has a quote already; use another key",
                     key);
    return rc;
}

static enum cloud_op price_op(enum cloud_op op)
{
    if (op == CLOUD_OP_CREATE_INSTANCE)
        return CLOUD_OP_DESCRIBE_PRICE;
    if (op == CLOUD_OP_RENEW_INSTANCE)
        return CLOUD_OP_DESCRIBE_RENEW_PRICE;
    return op == CLOUD_OP_UPGRADE_INSTANCE ? CLOUD_OP_DESCRIBE_UPGRADE_PRICE : CLOUD_OP__COUNT;
}

static int read_price(struct cloud_client *client, enum cloud_op op, const char *kv,
                      struct cloud_result *ret_result, struct cloud_error *err)
{
    const struct cloud_op_info *info = cloud_op_info(op);
    struct cc_arena *arena = cc_arena_new();
    struct cloud_params params;
    bool secret;
    int rc;

    if (!arena)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    rc = cc_params_from_kv(arena, kv, info->required | info->optional, &params, &secret, err);
    if (!rc) {
        rc = cloud_call(client, op, &params, ret_result, err);
        cloud_params_clear(&params);
    }
    cc_arena_free(arena);
    return rc;
}

int cloud_journal_quote(struct cloud_journal *journal, struct cloud_client *client,
                        enum cloud_op op, const struct cloud_params *params,
                        struct cloud_result *ret_result, struct cloud_error *err)
{
    struct cloud_result own = CLOUD_RESULT_INIT, *result = ret_result ? ret_result : &own;
    cc_auto_entry struct cc_entry used = { 0 };
    cc_auto_free char *kv = NULL;
    const char *ends;
    int rc = cc_need_for_call(journal, client, params, ret_result, err);

    if (rc)
        return rc;
    cc_error_clear(err);
    if (price_op(op) == CLOUD_OP__COUNT)
        return cc_fail_param(
            err, "op", "this operation has no quote; quotes are for create, renew and upgrade");
    if (!params || !cloud_params_has(params, CLOUD_PARAM_OPERATION_KEY))
        return cc_fail_param(err, "operation_key",
                             "operation_key is missing; set it to your own name for the purchase");
    ends = cc_text_ends(params->operation_key);
    if (ends || cc_has_control(params->operation_key))
        return cc_fail_param(err, "operation_key", "operation_key %s; remove it",
                             ends ? ends : "has a control character");
    rc = cc_entries_last(journal, params->operation_key, &used, err);
    if (!rc && used.id)
        rc = cc_fail(err, CLOUD_ECONFLICT, "the key \"%.60s\" was used already; use another key",
                     params->operation_key);
    if (!rc)
        rc = cc_params_to_kv(journal, params, &kv, err);
    if (!rc)
        rc = read_price(client, price_op(op), kv, result, err);
    if (!rc)
        rc = store_quote(journal, params->operation_key, cloud_op_info(op)->name, kv,
                         &result->price, err);
    if (rc)
        cloud_result_clear(result);
    cloud_result_clear(&own);
    return rc;
}
