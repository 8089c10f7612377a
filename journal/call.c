/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs an operation through the journal: claims the key, observes the instance and the price, sends
 * the request, and writes the outcome. When another process owns the key or the instance, the call
 * waits for it, or settles the entry that a process left when it ended.
 */
#include "journal/journal.h"

#include <stdio.h>
#include <time.h>

static int split_ids(struct cc_arena *arena, const char *text, struct cloud_result *result,
                     struct cloud_error *err)
{
    char *rest = cc_arena_strdup(arena, text);
    size_t most = 1;

    for (const char *p = text; *p; p++)
        most += *p == ',';
    result->ids = cc_arena_alloc(arena, most * sizeof(*result->ids));
    if (!rest || !result->ids)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    while (*text && rest)
        result->ids[result->id_count++] = strsep(&rest, ",");
    return CLOUD_OK;
}

static const char *null_if_empty(struct cc_arena *arena, const char *text)
{
    return *text ? cc_arena_strdup(arena, text) : NULL;
}

/* returns the first result of the key, built from the entry */
static int first_result(const struct cc_entry *entry, enum cloud_op op,
                        struct cloud_result *ret_result, struct cloud_error *err)
{
    struct cloud_result result = { .op = op };
    size_t size = ret_result->size;
    struct cc_arena *arena;
    int rc;

    cc_error_clear(err);
    cloud_result_clear(ret_result);
    arena = cc_arena_new();
    if (!arena)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    rc = split_ids(arena, entry->ids, &result, err);
    result.storage = arena;
    result.size = size;
    result.request_id = null_if_empty(arena, entry->request_id);
    result.task_id = null_if_empty(arena, entry->task_id);
    result.order_id = null_if_empty(arena, entry->order_id);
    result.price.total.micros = entry->micros;
    snprintf(result.price.total.currency, sizeof(result.price.total.currency), "%s",
             entry->currency);
    if (rc)
        cc_arena_free(arena);
    else
        memcpy(ret_result, &result, size < sizeof(result) ? size : sizeof(result));
    if (!rc)
        err->outcome = CLOUD_APPLIED;
    return rc;
}

/*
 * Saves the entry, and closes it when it is settled. An applied entry is saved before the expiry is
 * read, so a crash during that read does not lose the outcome.
 */
static int end_entry(struct cc_settlement *s, struct cloud_error *err)
{
    struct cc_entry *entry = s->entry;
    int rc;

    if (!cc_entry_settled(entry))
        return cc_entries_save(s->journal, entry, false, err);
    entry->ended_at = cc_wall_time();
    if (cc_entry_is(entry, CLOUD_JOURNAL_APPLIED) && *entry->instance_id && !entry->expires_after) {
        rc = cc_entries_save(s->journal, entry, true, err);
        if (rc)
            return rc;
        cc_observe_after(s);
    }
    return cc_audit_end(s->journal, entry, err);
}

static int end_unsent(struct cc_settlement *s, int rc, struct cloud_error *err)
{
    cc_settlement_decide(s, CLOUD_JOURNAL_NOT_APPLIED, "it was not sent: %.400s", err->message);
    end_entry(s, NULL); /* when this write fails, the entry stays an intent until its lease ends */
    err->outcome = CLOUD_NOT_APPLIED;
    return rc;
}

static void limit_to_quote(struct cloud_params *params, const struct cloud_money *quote)
{
    bool tighter = (!params->max_charge.currency[0] && !params->max_charge.micros) ||
                   (strcmp(params->max_charge.currency, quote->currency) == 0 &&
                    quote->micros < params->max_charge.micros);

    if (quote->currency[0] && tighter)
        params->max_charge = *quote;
}

static int fail_unknown(const struct cc_entry *entry, const char *key, struct cloud_error *err)
{
    bool own = strcmp(entry->key, key) == 0;

    cc_fail(err, CLOUD_ESTATE, "%s%.60s%s has an unknown outcome: %.350s",
            own ? "operation_key \"" : "operation \"", entry->key,
            own ? "\"" : "\" on the same instance", entry->reason);
    err->outcome = own ? CLOUD_OUTCOME_UNKNOWN : CLOUD_NOT_APPLIED;
    return CLOUD_ESTATE;
}

/* Whether an accepted request needs evidence: a renewal with an order always, else a failed task.
 */
static bool needs_evidence(struct cc_settlement *s)
{
    struct cc_entry *entry = s->entry;
    struct cc_vendor_task task;

    if (cc_entry_op(entry) == CLOUD_OP_RENEW_INSTANCE && *entry->order_id)
        return true;
    if (cc_vendor_task_read(s, entry->task_id, &task, NULL))
        return false;
    if (task.state == CC_VENDOR_TASK_DONE && !*entry->ids &&
        cc_entry_op(entry) == CLOUD_OP_CREATE_INSTANCE)
        cc_entry_text(entry, &entry->ids, task.ids);
    return task.state == CC_VENDOR_TASK_FAILED;
}

/*
 * Checks a request that the vendor accepted with the number of an order or a task: it is applied
 * when the vendor says so. The result is then built from the entry.
 */
static int confirm(struct cc_settlement *s, enum cloud_op op, struct cloud_result *ret_result,
                   struct cloud_error *err)
{
    struct cc_entry *entry = s->entry;
    bool had_ids = *entry->ids;
    int rc;

    if (!needs_evidence(s))
        return !had_ids && *entry->ids ? first_result(entry, op, ret_result, err) : CLOUD_OK;
    cc_entry_text(entry, &entry->state, cloud_journal_state_name(CLOUD_JOURNAL_SENT));
    cc_entries_save(s->journal, entry, true, NULL); /* end_entry() reports a store that fails */
    rc = cc_evidence_settle(s, err);
    if (!rc && cc_entry_is(entry, CLOUD_JOURNAL_APPLIED))
        return first_result(entry, op, ret_result, err);
    cloud_result_clear(ret_result);
    if (rc)
        err->outcome = CLOUD_OUTCOME_UNKNOWN;
    if (rc)
        return rc;
    if (cc_entry_is(entry, CLOUD_JOURNAL_UNKNOWN))
        return fail_unknown(entry, entry->key, err);
    rc = cc_fail(err, op == CLOUD_OP_RENEW_INSTANCE ? CLOUD_EBALANCE : CLOUD_EFAILED, "%s",
                 entry->reason);
    err->outcome = CLOUD_NOT_APPLIED;
    return rc;
}

/* runs the operation of an entry that this journal owns and that was not sent */
static int run_claimed(struct cc_settlement *s, enum cloud_op op, struct cloud_params *params,
                       struct cloud_result *ret_result, struct cloud_error *err)
{
    struct cc_send send = { .journal = s->journal, .client = s->client, .entry = s->entry };
    struct cloud_error why = { 0 };
    struct cloud_money quote;
    int rc = cc_quote_check(s->journal, s->entry, cc_wall_time(), &quote, err), written;

    if (!rc) {
        limit_to_quote(params, &quote);
        rc = cc_observe_before(s, err);
    }
    if (rc)
        return end_unsent(s, rc, err);
    rc = cc_send_call(&send, op, params, ret_result, err);
    if (!rc)
        rc = confirm(s, op, ret_result, err);
    written = end_entry(s, &why);
    if (rc || !written ||
        written == CLOUD_ECONFLICT) /* the next owner finds the same outcome by the evidence */
        return rc;
    cc_fail(err, CLOUD_EJOURNAL,
            "the operation was applied, but the journal could not be written; fix the journal, "
            "then resolve \"%.60s\": %.300s",
            s->entry->key, why.message);
    err->outcome = CLOUD_APPLIED;
    return CLOUD_EJOURNAL;
}

static int fail_busy(const struct cc_entry *entry, const char *key, struct cloud_error *err)
{
    bool own = !entry->id || strcmp(entry->key, key) == 0;

    cc_fail(err, CLOUD_ESTATE,
            "another process works on \"%.60s\"; call again with the same key for its outcome",
            entry->id ? entry->key : key);
    err->outcome = own ? CLOUD_OUTCOME_UNKNOWN : CLOUD_NOT_APPLIED;
    return CLOUD_ESTATE;
}

static int64_t monotonic_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void sleep_ms(int ms)
{
    struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

    nanosleep(&left, NULL);
}

/* settles an entry whose owner has ended; CLOUD_OK: the key can be claimed again */
static int settle_stale(struct cc_settlement *s, const char *key, const struct cloud_params *params,
                        struct cloud_error *err)
{
    int rc;

    s->params = strcmp(s->entry->key, key) == 0 ? params : NULL;
    rc = cc_resolve_one(s, err);
    if (rc && rc != CLOUD_ECONFLICT) {
        if (err)
            err->outcome = CLOUD_OUTCOME_UNKNOWN;
        return rc;
    }
    return rc || cc_entry_settled(s->entry) ? CLOUD_OK : fail_unknown(s->entry, key, err);
}

static int claim_and_run(struct cloud_journal *journal, struct cloud_client *client,
                         enum cloud_op op, struct cloud_params *params,
                         const struct cc_entry *requested, struct cloud_result *ret_result,
                         struct cloud_error *err)
{
    cc_auto_entry struct cc_entry entry = { 0 };
    struct cc_settlement s = {
        .journal = journal, .client = client, .entry = &entry, .params = params
    };
    int64_t deadline = monotonic_ms() + journal->wait_ms;
    int backoff_ms = 10, rc;

    for (;;) {
        enum cc_claim claim = CC_CLAIM_BUSY;

        rc = cc_claim(journal, requested, &entry, &claim, err);
        if (rc)
            return rc;
        s.params = params;
        if (claim == CC_CLAIM_OURS)
            return run_claimed(&s, op, params, ret_result, err);
        if (claim == CC_CLAIM_APPLIED)
            return first_result(&entry, op, ret_result, err);
        if (claim == CC_CLAIM_STALE)
            rc = settle_stale(&s, requested->key, params, err);
        else if (monotonic_ms() >= deadline)
            return fail_busy(&entry, requested->key, err);
        else
            sleep_ms(backoff_ms);
        if (rc)
            return rc;
        backoff_ms = backoff_ms < 250 ? backoff_ms * 2 : backoff_ms;
    }
}

static int refuse_charge(const struct cloud_change *change, void *user_data,
                         struct cloud_error *err)
{
    (void)user_data;
    if (change->effect != CLOUD_SPENDS)
        return CLOUD_OK;
    return cc_fail(err, CLOUD_EINVAL, "%.60s costs money: give an operation_key", change->action);
}

static bool costs_money(enum cloud_op op, const struct cloud_params *params)
{
    const struct cloud_op_info *info = cloud_op_info(op);

    return info && info->effect == CLOUD_SPENDS &&
           !(op == CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE && params->auto_renew == CLOUD_NO);
}

static int describe_request(struct cloud_journal *journal, struct cloud_client *client,
                            enum cloud_op op, const struct cloud_params *params,
                            struct cc_entry *ret, struct cloud_error *err)
{
    cc_auto_free char *kv = NULL;
    int rc = cc_entry_set_scope(ret, client, err);

    if (!rc)
        rc = cc_params_to_kv(journal, params, &kv, err);
    if (!rc && !(cc_entry_text(ret, &ret->key, params->operation_key) &&
                 cc_entry_text(ret, &ret->params, kv) &&
                 cc_entry_text(ret, &ret->op, cloud_op_info(op)->name) &&
                 cc_entry_text(ret, &ret->instance_id, params->instance_id)))
        rc = cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return rc;
}

int cloud_journal_call(struct cloud_journal *journal, struct cloud_client *client, enum cloud_op op,
                       const struct cloud_params *params, struct cloud_result *ret_result,
                       struct cloud_error *err)
{
    struct cloud_params given = CLOUD_PARAMS_INIT;
    struct cloud_result own = CLOUD_RESULT_INIT;
    cc_auto_entry struct cc_entry requested = { 0 };
    struct cloud_error why;
    int rc;

    err = err ? err : &why;
    rc = cc_need_for_call(journal, client, params, ret_result, err);
    if (rc)
        return rc;
    if (params)
        cc_copy_struct(&given, sizeof(given), params);
    if (!costs_money(op, &given))
        return cloud_call(client, op, params, ret_result, err);
    if (op == CLOUD_OP_INVOKE && !given.operation_key)
        return cc_call_with_hook(client, refuse_charge, NULL, op, params, ret_result, err);
    rc = cloud_call_check(client, op, &given, err);
    if (rc)
        return rc;
    if (!given.operation_key)
        return cc_fail_param(err, "operation_key",
                             "operation_key is missing; set it to your own name for this purchase, "
                             "for example its order number");
    rc = describe_request(journal, client, op, &given, &requested, err);
    if (!rc)
        rc = claim_and_run(journal, client, op, &given, &requested, ret_result ? ret_result : &own,
                           err);
    cloud_result_clear(&own);
    return rc;
}
