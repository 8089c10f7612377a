/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settles entries that were interrupted: acquires each entry, decides its outcome, and saves it. An
 * entry whose evidence cannot be read stays unknown, with the reason.
 */
#include "journal/journal.h"

#define DAY_S 86400

/* Adds the ids of a purchase whose task had not ended before. The line of the audit has the task.
 */
static int add_ids(struct cc_settlement *s, struct cloud_error *err)
{
    struct cc_entry *entry = s->entry;
    struct cc_vendor_task task;
    int rc = cc_vendor_task_read(s, entry->task_id, &task, err);

    if (rc)
        return rc;
    cc_entry_text(entry, &entry->ids, task.ids);
    if (!*task.ids &&
        (task.state == CC_VENDOR_TASK_DONE || task.state == CC_VENDOR_TASK_FAILED ||
         (task.state == CC_VENDOR_TASK_UNKNOWN && cc_wall_time() > entry->ended_at + DAY_S)))
        cc_entry_text(
            entry, &entry->warning,
            cc_arena_printf(
                entry->arena,
                "task %.64s (%.100s) names no instance: look at the vendor's list of orders",
                task.id, task.vendor_state));
    return cc_entries_save(s->journal, entry, false, err);
}

int cc_resolve_one(struct cc_settlement *s, struct cloud_error *err)
{
    struct cc_entry *entry = s->entry;
    int rc;

    if (entry->audited)
        return add_ids(s, err);
    rc = cc_entry_settled(entry) ? CLOUD_OK : cc_evidence_settle(s, err);
    if (rc)
        return rc;
    if (!cc_entry_settled(entry))
        return cc_entries_save(s->journal, entry, false, err);
    if (!entry->expires_after)
        cc_observe_after(s);
    return cc_audit_end(s->journal, entry, err);
}

static bool is_in_scope(const struct cc_entry *entry, const struct cc_entry *scope)
{
    return strcmp(entry->provider, scope->provider) == 0 &&
           strcmp(entry->account, scope->account) == 0 && strcmp(entry->region, scope->region) == 0;
}

/* acquires the next entry that this journal can settle; ret->id is 0 at the end */
static int acquire_next(struct cloud_journal *journal, const struct cc_entry *scope,
                        const char *key, int64_t *after, struct cc_entry *ret,
                        struct cloud_journal_summary *sum, struct cloud_error *err)
{
    for (;;) {
        bool selected;
        int rc = cc_entries_begin(journal, err);

        if (rc)
            return rc;
        rc = cc_entries_next(journal, *after, ret, err);
        selected = !rc && ret->id && (!key || strcmp(key, ret->key) == 0);
        if (selected && is_in_scope(ret, scope) && cc_entry_is_available(journal, ret))
            rc = cc_entries_acquire(journal, ret, err);
        else if (selected)
            sum->elsewhere += !ret->audited, selected = false;
        rc = cc_entries_end(journal, rc, err);
        if (rc || !ret->id)
            return rc;
        *after = ret->id;
        if (selected)
            return CLOUD_OK;
    }
}

static void count(struct cloud_journal_summary *sum, const struct cc_entry *entry)
{
    if (cc_entry_is(entry, CLOUD_JOURNAL_APPLIED))
        sum->applied++;
    else if (cc_entry_is(entry, CLOUD_JOURNAL_NOT_APPLIED))
        sum->not_applied++;
    else
        sum->unknown++;
}

static int resolve_all(struct cc_settlement *s, const struct cc_entry *scope, const char *key,
                       cloud_journal_entry_fn each, void *user_data,
                       struct cloud_journal_summary *sum, struct cloud_error *err)
{
    int64_t after = 0;

    for (;;) {
        struct cloud_journal_entry view;
        int rc = acquire_next(s->journal, scope, key, &after, s->entry, sum, err);
        bool was_audited = s->entry->audited;

        if (rc || !s->entry->id)
            return rc;
        rc = cc_resolve_one(s, err);
        if (rc == CLOUD_ECONFLICT) /* another process settles it */
            continue;
        if (rc)
            return rc;
        if (!was_audited)
            count(sum, s->entry);
        view = cc_entry_view(s->entry);
        if (each && !each(&view, user_data))
            return CLOUD_OK;
    }
}

int cloud_journal_resolve(struct cloud_journal *journal, struct cloud_client *client,
                          const char *key, cloud_journal_entry_fn each, void *user_data,
                          struct cloud_journal_summary *ret_summary, struct cloud_error *err)
{
    struct cloud_journal_summary sum = { 0 };
    cc_auto_entry struct cc_entry entry = { 0 }, scope = { 0 };
    struct cc_settlement s = { .journal = journal, .client = client, .entry = &entry };
    int rc = cc_need_for_call(journal, client, NULL, NULL, err);

    if (rc)
        return rc;
    cc_error_clear(err);
    rc = cc_entry_set_scope(&scope, client, err);
    if (!rc)
        rc = resolve_all(&s, &scope, key, each, user_data, &sum, err);
    if (ret_summary)
        *ret_summary = sum;
    return rc;
}
