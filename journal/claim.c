/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Claims a key: finds or inserts its entry and makes this journal the owner, in one transaction. A
 * key that is applied needs no owner. A key or an instance that another process works on is busy.
 */
#include "journal/journal.h"

static int check_same(const struct cc_entry *found, const struct cc_entry *requested,
                      struct cloud_error *err)
{
    const struct {
        const char *name, *is, *was;
    } rows[] = {
        { "operation", requested->op, found->op },
        { "cloud", requested->provider, found->provider },
        { "region", requested->region, found->region },
        { "access_key_id", requested->account, found->account },
    };
    char name[64];

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (strcmp(rows[i].is, rows[i].was) != 0)
            return cc_fail(err, CLOUD_ECONFLICT,
                           "operation_key \"%.60s\" was used with another %s: %.60s, now %.60s; "
                           "use a new key for a new intent",
                           requested->key, rows[i].name, rows[i].was, rows[i].is);
    }
    if (cc_params_differ(found->params, requested->params, name))
        return cc_fail(err, CLOUD_ECONFLICT,
                       "operation_key \"%.60s\" was used with another %s: nothing was sent; use a "
                       "new key for a new intent",
                       requested->key, name);
    return CLOUD_OK;
}

/* claims an entry that is not settled, if its owner has ended */
static int claim_unsettled(struct cloud_journal *journal, struct cc_entry *found,
                           enum cc_claim *ret, struct cloud_error *err)
{
    *ret = CC_CLAIM_BUSY;
    if (!cc_entry_is_available(journal, found))
        return CLOUD_OK;
    *ret = cc_entry_is(found, CLOUD_JOURNAL_INTENT) ? CC_CLAIM_OURS : CC_CLAIM_STALE;
    return cc_entries_acquire(journal, found, err);
}

static int insert_intent(struct cloud_journal *journal, const struct cc_entry *requested,
                         int64_t attempt, struct cc_entry *ret_entry, enum cc_claim *ret,
                         struct cloud_error *err)
{
    bool done = false;
    int rc;

    if (!cc_entry_init(ret_entry))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    ret_entry->attempt = attempt;
    ret_entry->written_at = cc_wall_time();
    cc_entry_text(ret_entry, &ret_entry->key, requested->key);
    cc_entry_text(ret_entry, &ret_entry->provider, requested->provider);
    cc_entry_text(ret_entry, &ret_entry->account, requested->account);
    cc_entry_text(ret_entry, &ret_entry->region, requested->region);
    cc_entry_text(ret_entry, &ret_entry->op, requested->op);
    cc_entry_text(ret_entry, &ret_entry->instance_id, requested->instance_id);
    cc_entry_text(ret_entry, &ret_entry->params, requested->params);
    cc_entry_text(ret_entry, &ret_entry->who, journal->who);
    rc = cc_entries_insert(journal, ret_entry, &done, err);
    *ret = done ? CC_CLAIM_OURS : CC_CLAIM_BUSY;
    return rc;
}

static int claim_new(struct cloud_journal *journal, const struct cc_entry *requested,
                     int64_t attempt, struct cc_entry *ret_entry, enum cc_claim *ret,
                     struct cloud_error *err)
{
    struct cloud_money quote;
    int rc = cc_quote_check(journal, requested, cc_wall_time(), &quote, err);

    if (!rc)
        rc = cc_entries_unsettled(journal, requested, ret_entry, err);
    if (rc)
        return rc;
    if (!ret_entry->id)
        return insert_intent(journal, requested, attempt, ret_entry, ret, err);
    rc = claim_unsettled(journal, ret_entry, ret, err);
    if (*ret == CC_CLAIM_OURS) /* the intent belongs to another key of the instance */
        *ret = CC_CLAIM_STALE;
    return rc;
}

static int claim_in_transaction(struct cloud_journal *journal, const struct cc_entry *requested,
                                struct cc_entry *ret_entry, enum cc_claim *ret,
                                struct cloud_error *err)
{
    int rc = cc_entries_last(journal, requested->key, ret_entry, err);
    int64_t attempt = ret_entry->attempt;

    if (!rc && ret_entry->id)
        rc = check_same(ret_entry, requested, err);
    if (rc)
        return rc;
    if (ret_entry->id && !cc_entry_is(ret_entry, CLOUD_JOURNAL_NOT_APPLIED)) {
        *ret = CC_CLAIM_APPLIED;
        return cc_entry_is(ret_entry, CLOUD_JOURNAL_APPLIED)
                   ? CLOUD_OK
                   : claim_unsettled(journal, ret_entry, ret, err);
    }
    cc_entry_clear(ret_entry);
    return claim_new(journal, requested, attempt + 1, ret_entry, ret, err);
}

int cc_claim(struct cloud_journal *journal, const struct cc_entry *requested,
             struct cc_entry *ret_entry, enum cc_claim *ret, struct cloud_error *err)
{
    int rc = cc_entries_begin(journal, err);

    if (rc)
        return rc;
    return cc_entries_end(journal, claim_in_transaction(journal, requested, ret_entry, ret, err),
                          err);
}
