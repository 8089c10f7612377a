/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A spend through the journal: the key is claimed, the world before is written down, the call is
 * made held to its entry, and the end is written. Whoever finds the key claimed waits for its end,
 * or settles what its worker left behind.
 */
#include "journal/journal.h"

#include <stdio.h>
#include <time.h>

enum claim {
    CLAIM_OURS,    /* intent: go on */
    CLAIM_APPLIED, /* the first result is there */
    CLAIM_STALE,   /* left behind, perhaps sent; ours to settle */
    CLAIM_BUSY     /* a worker is at it, who is alive as far as can be seen */
};

static int check_same(const struct cc_entry *found, const struct cc_entry *wanted,
                      struct cloud_error *err)
{
    const struct {
        const char *name, *is, *was;
    } rows[] = {
        { "operation", wanted->op, found->op },
        { "cloud", wanted->provider, found->provider },
        { "region", wanted->region, found->region },
        { "access_key_id", wanted->account, found->account },
    };
    char name[64];

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (strcmp(rows[i].is, rows[i].was) != 0)
            return cc_fail(err, CLOUD_ECONFLICT,
                           "operation_key \"%.60s\" was used with another %s: %.60s, now %.60s",
                           wanted->key, rows[i].name, rows[i].was, rows[i].is);
    }
    if (cc_params_differ(found->params, wanted->params, name))
        return cc_fail(err, CLOUD_ECONFLICT,
                       "operation_key \"%.60s\" was used with another %s: nothing was sent; take "
                       "another key for another intent",
                       wanted->key, name);
    return CLOUD_OK;
}

/* what is found unsettled: still at work, ours now, or to be settled first */
static int claim_found(struct cloud_journal *journal, struct cc_entry *found, enum claim *ret,
                       struct cloud_error *err)
{
    *ret = CLAIM_BUSY;
    if (!cc_entry_free(journal, found))
        return CLOUD_OK;
    *ret = cc_entry_is(found, CLOUD_JOURNAL_INTENT) ? CLAIM_OURS : CLAIM_STALE;
    return cc_entries_take(journal, found, err);
}

static int claim_new(struct cloud_journal *journal, const struct cc_entry *wanted, int64_t attempt,
                     struct cc_entry *ret_record, enum claim *ret, struct cloud_error *err)
{
    struct cloud_money quote;
    bool done = false;
    int rc = cc_quote_check(journal, wanted, cc_wall_time(), &quote, err);

    if (!rc)
        rc = cc_entries_busy(journal, wanted, ret_record, err);
    if (rc)
        return rc;
    if (ret_record->id) {
        rc = claim_found(journal, ret_record, ret, err);
        *ret = *ret == CLAIM_OURS ? CLAIM_STALE : *ret; /* another key's */
        return rc;
    }
    if (!cc_entry_init(ret_record))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    ret_record->attempt = attempt;
    ret_record->written_at = cc_wall_time();
    cc_entry_text(ret_record, &ret_record->key, wanted->key);
    cc_entry_text(ret_record, &ret_record->provider, wanted->provider);
    cc_entry_text(ret_record, &ret_record->account, wanted->account);
    cc_entry_text(ret_record, &ret_record->region, wanted->region);
    cc_entry_text(ret_record, &ret_record->op, wanted->op);
    cc_entry_text(ret_record, &ret_record->instance_id, wanted->instance_id);
    cc_entry_text(ret_record, &ret_record->params, wanted->params);
    cc_entry_text(ret_record, &ret_record->who, journal->who);
    rc = cc_entries_insert(journal, ret_record, &done, err);
    *ret = done ? CLAIM_OURS : CLAIM_BUSY;
    return rc;
}

static int claim_in_transaction(struct cloud_journal *journal, const struct cc_entry *wanted,
                                struct cc_entry *ret_record, enum claim *ret,
                                struct cloud_error *err)
{
    int rc = cc_entries_last(journal, wanted->key, ret_record, err);
    int64_t attempt = ret_record->attempt;

    if (!rc && ret_record->id)
        rc = check_same(ret_record, wanted, err);
    if (rc)
        return rc;
    if (ret_record->id && !cc_entry_is(ret_record, CLOUD_JOURNAL_NOT_APPLIED)) {
        *ret = CLAIM_APPLIED;
        return cc_entry_is(ret_record, CLOUD_JOURNAL_APPLIED)
                   ? CLOUD_OK
                   : claim_found(journal, ret_record, ret, err);
    }
    cc_entry_clear(ret_record);
    return claim_new(journal, wanted, attempt + 1, ret_record, ret, err);
}

static int claim_once(struct cloud_journal *journal, const struct cc_entry *wanted,
                      struct cc_entry *ret_record, enum claim *ret, struct cloud_error *err)
{
    int rc = cc_entries_begin(journal, err);

    if (rc)
        return rc;
    return cc_entries_end(journal, claim_in_transaction(journal, wanted, ret_record, ret, err),
                          err);
}

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

static const char *some(struct cc_arena *arena, const char *text)
{
    return *text ? cc_arena_strdup(arena, text) : NULL;
}

/* the result as it was, made from the entry */
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
    result.request_id = some(arena, entry->request_id);
    result.task_id = some(arena, entry->task_id);
    result.order_id = some(arena, entry->order_id);
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

/* an applied entry first says so, then what became of the instance is looked up, then it is closed
 */
static int end_record(struct cc_case *c, struct cloud_error *err)
{
    struct cc_entry *entry = c->entry;
    int rc;

    if (!cc_entry_settled(entry))
        return cc_entries_save(c->journal, entry, false, err);
    entry->ended_at = cc_wall_time();
    if (cc_entry_is(entry, CLOUD_JOURNAL_APPLIED) && *entry->instance_id && !entry->expires_after) {
        rc = cc_entries_save(c->journal, entry, true, err);
        if (rc)
            return rc;
        cc_evidence_after(c);
    }
    return cc_audit_end(c->journal, entry, err);
}

static int not_begun(struct cc_case *c, int rc, struct cloud_error *err)
{
    cc_case_verdict(c, CLOUD_JOURNAL_NOT_APPLIED, "it was not sent: %.400s", err->message);
    end_record(c, NULL); /* what cannot be written now is an intent that ends with its lease */
    err->outcome = CLOUD_NOT_APPLIED;
    return rc;
}

static void hold_to_quote(struct cloud_params *params, const struct cloud_money *quote)
{
    bool tighter = !params->max_charge.currency[0] ||
                   (strcmp(params->max_charge.currency, quote->currency) == 0 &&
                    quote->micros < params->max_charge.micros);

    if (quote->currency[0] && tighter)
        params->max_charge = *quote;
}

static int unknown(const struct cc_entry *entry, const char *key, struct cloud_error *err)
{
    bool own = strcmp(entry->key, key) == 0;

    cc_fail(err, CLOUD_ESTATE, "%s%.60s%s has an unknown outcome: %.350s",
            own ? "operation_key \"" : "operation \"", entry->key,
            own ? "\"" : "\" on the same instance", entry->reason);
    err->outcome = own ? CLOUD_OUTCOME_UNKNOWN : CLOUD_NOT_APPLIED;
    return CLOUD_ESTATE;
}

/* whether what the vendor has taken on is to be judged: orders always, and work that failed */
static bool is_doubtful(struct cc_case *c)
{
    struct cc_entry *entry = c->entry;
    struct cc_vendor_task work;

    if (cc_entry_op(entry) == CLOUD_OP_RENEW_INSTANCE && *entry->order_id)
        return true;
    if (cc_vendor_task_look(c, entry->task_id, &work, NULL))
        return false;
    if (work.state == CC_VENDOR_TASK_DONE && !*entry->ids &&
        cc_entry_op(entry) == CLOUD_OP_CREATE_INSTANCE)
        cc_entry_text(entry, &entry->ids, work.ids);
    return work.state == CC_VENDOR_TASK_FAILED;
}

/*
 * What the vendor has taken on, with a number to ask by, is done when it says so. The answer to the
 * caller is the entry's.
 */
static int confirm(struct cc_case *c, enum cloud_op op, struct cloud_result *ret_result,
                   struct cloud_error *err)
{
    struct cc_entry *entry = c->entry;
    bool named = *entry->ids;
    int rc;

    if (!is_doubtful(c))
        return !named && *entry->ids ? first_result(entry, op, ret_result, err) : CLOUD_OK;
    cc_entry_text(entry, &entry->state, cloud_journal_state_name(CLOUD_JOURNAL_SENT));
    cc_entries_save(c->journal, entry, true, NULL); /* what cannot be written, end_record() tells */
    rc = cc_evidence_judge(c, err);
    if (!rc && cc_entry_is(entry, CLOUD_JOURNAL_APPLIED))
        return first_result(entry, op, ret_result, err);
    cloud_result_clear(ret_result);
    if (rc)
        err->outcome = CLOUD_OUTCOME_UNKNOWN;
    if (rc)
        return rc;
    if (cc_entry_is(entry, CLOUD_JOURNAL_UNKNOWN))
        return unknown(entry, entry->key, err);
    rc = cc_fail(err, op == CLOUD_OP_RENEW_INSTANCE ? CLOUD_EBALANCE : CLOUD_EFAILED, "%s",
                 entry->reason);
    err->outcome = CLOUD_NOT_APPLIED;
    return rc;
}

/* the entry is ours, and nothing was sent */
static int spend(struct cc_case *c, enum cloud_op op, struct cloud_params *params,
                 struct cloud_result *ret_result, struct cloud_error *err)
{
    struct cc_send spend = { .journal = c->journal, .client = c->client, .entry = c->entry };
    struct cloud_error why = { 0 };
    struct cloud_money quote;
    int rc = cc_quote_check(c->journal, c->entry, cc_wall_time(), &quote, err), written;

    if (!rc) {
        hold_to_quote(params, &quote);
        rc = cc_evidence_before(c, err);
    }
    if (rc)
        return not_begun(c, rc, err);
    rc = cc_send_call(&spend, op, params, ret_result, err);
    if (!rc)
        rc = confirm(c, op, ret_result, err);
    written = end_record(c, &why);
    if (rc || !written ||
        written == CLOUD_ECONFLICT) /* a successor will find the same by its evidence */
        return rc;
    cc_fail(
        err, CLOUD_EJOURNAL,
        "it was done, but the journal could not write so: mend it, then resolve \"%.60s\"; %.300s",
        c->entry->key, why.message);
    err->outcome = CLOUD_APPLIED;
    return CLOUD_EJOURNAL;
}

static int waited_enough(const struct cc_entry *entry, const char *key, struct cloud_error *err)
{
    bool own = !entry->id || strcmp(entry->key, key) == 0;

    cc_fail(err, CLOUD_ESTATE, "another worker is at \"%.60s\": ask again for its outcome",
            entry->id ? entry->key : key);
    err->outcome = own ? CLOUD_OUTCOME_UNKNOWN : CLOUD_NOT_APPLIED;
    return CLOUD_ESTATE;
}

static int64_t tick_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static void pause_ms(int ms)
{
    struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000 };

    nanosleep(&left, NULL);
}

/* settles what was left behind; CLOUD_OK: claim again */
static int settle(struct cc_case *c, const char *key, const struct cloud_params *params,
                  struct cloud_error *err)
{
    int rc;

    c->params = strcmp(c->entry->key, key) == 0 ? params : NULL;
    rc = cc_resolve_one(c, err);
    if (rc && rc != CLOUD_ECONFLICT) {
        if (err)
            err->outcome = CLOUD_OUTCOME_UNKNOWN;
        return rc;
    }
    return rc || cc_entry_settled(c->entry) ? CLOUD_OK : unknown(c->entry, key, err);
}

static int claim_and_spend(struct cloud_journal *journal, struct cloud_client *client,
                           enum cloud_op op, struct cloud_params *params,
                           const struct cc_entry *wanted, struct cloud_result *ret_result,
                           struct cloud_error *err)
{
    cc_auto_entry struct cc_entry entry = { 0 };
    struct cc_case c = { .journal = journal, .client = client, .entry = &entry, .params = params };
    int64_t until = tick_ms() + journal->wait_ms;
    int pause = 10, rc;

    for (;;) {
        enum claim claim = CLAIM_BUSY;

        rc = claim_once(journal, wanted, &entry, &claim, err);
        if (rc)
            return rc;
        c.params = params;
        if (claim == CLAIM_OURS)
            return spend(&c, op, params, ret_result, err);
        if (claim == CLAIM_APPLIED)
            return first_result(&entry, op, ret_result, err);
        if (claim == CLAIM_STALE)
            rc = settle(&c, wanted->key, params, err);
        else if (tick_ms() >= until)
            return waited_enough(&entry, wanted->key, err);
        else
            pause_ms(pause);
        if (rc)
            return rc;
        pause = pause < 250 ? pause * 2 : pause;
    }
}

static int refuse_spend(const struct cloud_change *change, void *user_data, struct cloud_error *err)
{
    (void)user_data;
    if (change->effect != CLOUD_SPENDS)
        return CLOUD_OK;
    return cc_fail(err, CLOUD_EINVAL, "%.60s costs money: give an operation_key", change->action);
}

static bool spends(enum cloud_op op, const struct cloud_params *params)
{
    const struct cloud_op_info *info = cloud_op_info(op);

    return info && info->effect == CLOUD_SPENDS &&
           !(op == CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE && params->auto_renew == CLOUD_NO);
}

static int describe_wanted(struct cloud_journal *journal, struct cloud_client *client,
                           enum cloud_op op, const struct cloud_params *params,
                           struct cc_entry *ret, struct cloud_error *err)
{
    cc_auto_free char *lines = NULL;
    int rc = cc_entry_place(ret, client, err);

    if (!rc)
        rc = cc_params_to_kv(journal, params, &lines, err);
    if (!rc && !(cc_entry_text(ret, &ret->key, params->operation_key) &&
                 cc_entry_text(ret, &ret->params, lines) &&
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
    cc_auto_entry struct cc_entry wanted = { 0 };
    struct cloud_error why;
    int rc;

    err = err ? err : &why;
    if (params)
        memcpy(&given, params, params->size < sizeof(given) ? params->size : sizeof(given));
    given.size = sizeof(given);
    if (!spends(op, &given))
        return cloud_call(client, op, params, ret_result, err);
    if (op == CLOUD_OP_INVOKE && !given.operation_key)
        return cc_call_asking(client, refuse_spend, NULL, op, params, ret_result, err);
    rc = cloud_call_check(client, op, &given, err);
    if (rc)
        return rc;
    if (!given.operation_key)
        return cc_fail_param(
            err, "operation_key",
            "operation_key is needed: your own name for this purchase, its order number");
    rc = describe_wanted(journal, client, op, &given, &wanted, err);
    if (!rc)
        rc = claim_and_spend(journal, client, op, &given, &wanted, ret_result ? ret_result : &own,
                             err);
    cloud_result_clear(&own);
    return rc;
}
