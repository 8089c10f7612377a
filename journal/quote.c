/* SPDX-License-Identifier: Apache-2.0 */
/* Quotes: a price that was asked under a key, and what it binds the key to. */
#include "journal/journal.h"

#include <inttypes.h>
#include <stdio.h>

/* columns of a quote */
enum { OP, PARAMS, MICROS, CURRENCY, VALID_UNTIL };

int cc_quote_check(struct cloud_journal *journal, const struct cc_entry *wanted, int64_t now,
                   struct cloud_money *ret_most, struct cloud_error *err)
{
    cc_auto_rows struct cc_rows rows = { 0 };
    char name[64], until[CLOUD_TIME_MAX];
    int64_t valid_until;
    int rc = journal->store->run(
        journal->store,
        "SELECT op, params, micros, currency, valid_until FROM quotes WHERE key = $1", &wanted->key,
        1, &rows, err);

    *ret_most = (struct cloud_money){ 0 };
    if (rc || !rows.rows)
        return rc;
    if (strcmp(cc_cell(&rows, 0, OP), wanted->op) != 0)
        return cc_fail(err, CLOUD_ECONFLICT, "the quote of this key is for %.40s",
                       cc_cell(&rows, 0, OP));
    if (cc_params_differ(cc_cell(&rows, 0, PARAMS), wanted->params, name))
        return cc_fail(err, CLOUD_ECONFLICT,
                       "%s is not as it was when the quote of this key was asked: ask for another, "
                       "with a key of its own",
                       name);
    valid_until = strtoll(cc_cell(&rows, 0, VALID_UNTIL), NULL, 10);
    if (valid_until && now > valid_until)
        return cc_fail(
            err, CLOUD_EPRICE,
            "the quote of this key held until %s: ask for another, with a key of its own",
            cloud_time_format(valid_until, until));
    ret_most->micros = strtoll(cc_cell(&rows, 0, MICROS), NULL, 10);
    snprintf(ret_most->currency, sizeof(ret_most->currency), "%s", cc_cell(&rows, 0, CURRENCY));
    return CLOUD_OK;
}

static int keep_quote(struct cloud_journal *journal, const char *key, const char *op,
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
        rc = cc_fail(err, CLOUD_ECONFLICT,
                     "the key \"%.60s\" has a quote already: take another key", key);
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

static int ask(struct cloud_client *client, enum cloud_op op, const char *lines,
               struct cloud_result *ret_result, struct cloud_error *err)
{
    const struct cloud_op_info *info = cloud_op_info(op);
    struct cc_arena *arena = cc_arena_new();
    struct cloud_params params;
    bool secret;
    int rc;

    if (!arena)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    rc = cc_params_from_kv(arena, lines, info->required | info->optional, &params, &secret, err);
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
    cc_auto_free char *lines = NULL;
    int rc;

    cc_error_clear(err);
    if (price_op(op) == CLOUD_OP__COUNT)
        return cc_fail_param(err, "op", "quotes are for create, renew and upgrade");
    if (!params || !cloud_params_has(params, CLOUD_PARAM_OPERATION_KEY))
        return cc_fail_param(err, "operation_key",
                             "operation_key is needed: your own name for the purchase");
    rc = cc_entries_last(journal, params->operation_key, &used, err);
    if (!rc && used.id)
        rc = cc_fail(err, CLOUD_ECONFLICT, "the key \"%.60s\" was used already: take another",
                     params->operation_key);
    if (!rc)
        rc = cc_params_to_kv(journal, params, &lines, err);
    if (!rc)
        rc = ask(client, price_op(op), lines, result, err);
    if (!rc)
        rc = keep_quote(journal, params->operation_key, cloud_op_info(op)->name, lines,
                        &result->price, err);
    if (rc)
        cloud_result_clear(result);
    cloud_result_clear(&own);
    return rc;
}
