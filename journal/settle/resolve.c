/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settling what died half-way: one entry after the other is taken, judged, and saved. An entry
 * that cannot be looked at now stays unknown, with the reason.
 */
#include "journal/journal.h"

#define DAY_S 86400

/* what was bought, where the vendor's task tells it only now: the audit has the task */
static int learn_ids(struct cc_case *c, struct cloud_error *err)
{
    struct cc_entry *entry = c->entry;
    struct cc_vendor_task work;
    int rc = cc_vendor_task_look(c, entry->task_id, &work, err);

    if (rc)
        return rc;
    cc_entry_text(entry, &entry->ids, work.ids);
    if (!*work.ids &&
        (work.state == CC_VENDOR_TASK_DONE || work.state == CC_VENDOR_TASK_FAILED ||
         (work.state == CC_VENDOR_TASK_UNKNOWN && cc_wall_time() > entry->ended_at + DAY_S)))
        cc_entry_text(entry, &entry->warning,
                      cc_arena_printf(entry->arena,
                                      "its work %.64s says %.100s and names nothing: look at "
                                      "the vendor's list of orders",
                                      work.id, work.says));
    return cc_entries_save(c->journal, entry, false, err);
}

int cc_resolve_one(struct cc_case *c, struct cloud_error *err)
{
    struct cc_entry *entry = c->entry;
    int rc;

    if (entry->audited)
        return learn_ids(c, err);
    rc = cc_entry_settled(entry) ? CLOUD_OK : cc_evidence_judge(c, err);
    if (rc)
        return rc;
    if (!cc_entry_settled(entry))
        return cc_entries_save(c->journal, entry, false, err);
    if (!entry->expires_after)
        cc_evidence_after(c);
    return cc_audit_end(c->journal, entry, err);
}

static bool is_here(const struct cc_entry *entry, const struct cc_entry *place)
{
    return strcmp(entry->provider, place->provider) == 0 &&
           strcmp(entry->account, place->account) == 0 && strcmp(entry->region, place->region) == 0;
}

/* takes the next one that is ours to settle; entry->id is 0 at the end */
static int take_next(struct cloud_journal *journal, const struct cc_entry *place, const char *key,
                     int64_t *after, struct cc_entry *ret, struct cloud_journal_summary *sum,
                     struct cloud_error *err)
{
    for (;;) {
        bool wanted;
        int rc = cc_entries_begin(journal, err);

        if (rc)
            return rc;
        rc = cc_entries_next(journal, *after, ret, err);
        wanted = !rc && ret->id && (!key || strcmp(key, ret->key) == 0);
        if (wanted && is_here(ret, place) && cc_entry_free(journal, ret))
            rc = cc_entries_take(journal, ret, err);
        else if (wanted)
            sum->elsewhere += !ret->audited, wanted = false;
        rc = cc_entries_end(journal, rc, err);
        if (rc || !ret->id)
            return rc;
        *after = ret->id;
        if (wanted)
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

static int resolve_all(struct cc_case *c, const struct cc_entry *place, const char *key,
                       cloud_journal_entry_fn each, void *user_data,
                       struct cloud_journal_summary *sum, struct cloud_error *err)
{
    int64_t after = 0;

    for (;;) {
        struct cloud_journal_entry public_entry;
        int rc = take_next(c->journal, place, key, &after, c->entry, sum, err);
        bool closed = c->entry->audited;

        if (rc || !c->entry->id)
            return rc;
        rc = cc_resolve_one(c, err);
        if (rc == CLOUD_ECONFLICT) /* another worker was faster, which is as good */
            continue;
        if (rc)
            return rc;
        if (!closed)
            count(sum, c->entry);
        public_entry = cc_entry_public(c->entry);
        if (each && !each(&public_entry, user_data))
            return CLOUD_OK;
    }
}

int cloud_journal_resolve(struct cloud_journal *journal, struct cloud_client *client,
                          const char *key, cloud_journal_entry_fn each, void *user_data,
                          struct cloud_journal_summary *ret_summary, struct cloud_error *err)
{
    struct cloud_journal_summary sum = { 0 };
    cc_auto_entry struct cc_entry entry = { 0 }, place = { 0 };
    struct cc_case c = { .journal = journal, .client = client, .entry = &entry };
    int rc;

    cc_error_clear(err);
    rc = cc_entry_place(&place, client, err);
    if (!rc)
        rc = resolve_all(&c, &place, key, each, user_data, &sum, err);
    if (ret_summary)
        *ret_summary = sum;
    return rc;
}
