/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Settling what died half-way: one record after the other is taken, judged, and saved. A record
 * that cannot be looked at now stays unknown, with the reason.
 */
#include "journal/journal.h"

#define DAY_S 86400

/* what was bought, where the vendor's task tells it only now: the audit has the task */
static int learn_ids(struct cc_case *c, struct cloud_error *err)
{
    struct cc_record *record = c->record;
    struct cc_work work;
    int rc = cc_work_look(c, record->task_id, &work, err);

    if (rc)
        return rc;
    cc_record_text(record, &record->ids, work.ids);
    if (!*work.ids && (work.state == CC_WORK_DONE || work.state == CC_WORK_FAILED ||
                       (work.state == CC_WORK_DARK && cc_wall_time() > record->ended_at + DAY_S)))
        cc_record_text(record, &record->warning,
                       cc_arena_printf(record->arena,
                                       "its work %.64s says %.100s and names nothing: look at "
                                       "the vendor's list of orders",
                                       work.id, work.says));
    return cc_records_save(c->journal, record, false, err);
}

int cc_resolve_one(struct cc_case *c, struct cloud_error *err)
{
    struct cc_record *record = c->record;
    int rc;

    if (record->audited)
        return learn_ids(c, err);
    rc = cc_record_settled(record) ? CLOUD_OK : cc_evidence_judge(c, err);
    if (rc)
        return rc;
    if (!cc_record_settled(record))
        return cc_records_save(c->journal, record, false, err);
    if (!record->expires_after)
        cc_evidence_after(c);
    return cc_audit_end(c->journal, record, err);
}

/* ----------------------------------------------------------------------------------------- all */

static bool is_here(const struct cc_record *record, const struct cc_record *place)
{
    return strcmp(record->provider, place->provider) == 0 &&
           strcmp(record->account, place->account) == 0 &&
           strcmp(record->region, place->region) == 0;
}

/* takes the next one that is ours to settle; record->id is 0 at the end */
static int take_next(struct cloud_journal *journal, const struct cc_record *place, const char *key,
                     int64_t *after, struct cc_record *ret, struct cloud_journal_summary *sum,
                     struct cloud_error *err)
{
    for (;;) {
        bool wanted;
        int rc = cc_records_begin(journal, err);

        if (rc)
            return rc;
        rc = cc_records_next(journal, *after, ret, err);
        wanted = !rc && ret->id && (!key || strcmp(key, ret->key) == 0);
        if (wanted && is_here(ret, place) && cc_record_free(journal, ret))
            rc = cc_records_take(journal, ret, err);
        else if (wanted)
            sum->elsewhere += !ret->audited, wanted = false;
        rc = cc_records_end(journal, rc, err);
        if (rc || !ret->id)
            return rc;
        *after = ret->id;
        if (wanted)
            return CLOUD_OK;
    }
}

static void count(struct cloud_journal_summary *sum, const struct cc_record *record)
{
    if (cc_record_is(record, CLOUD_JOURNAL_APPLIED))
        sum->applied++;
    else if (cc_record_is(record, CLOUD_JOURNAL_NOT_APPLIED))
        sum->not_applied++;
    else
        sum->unknown++;
}

static int resolve_all(struct cc_case *c, const struct cc_record *place, const char *key,
                       cloud_journal_entry_fn each, void *user_data,
                       struct cloud_journal_summary *sum, struct cloud_error *err)
{
    int64_t after = 0;

    for (;;) {
        struct cloud_journal_entry entry;
        int rc = take_next(c->journal, place, key, &after, c->record, sum, err);
        bool closed = c->record->audited;

        if (rc || !c->record->id)
            return rc;
        rc = cc_resolve_one(c, err);
        if (rc == CLOUD_ECONFLICT) /* another worker was faster, which is as good */
            continue;
        if (rc)
            return rc;
        if (!closed)
            count(sum, c->record);
        entry = cc_entry_of(c->record);
        if (each && !each(&entry, user_data))
            return CLOUD_OK;
    }
}

int cloud_journal_resolve(struct cloud_journal *journal, struct cloud_client *client,
                          const char *key, cloud_journal_entry_fn each, void *user_data,
                          struct cloud_journal_summary *ret_summary, struct cloud_error *err)
{
    struct cloud_journal_summary sum = { 0 };
    cc_auto_record struct cc_record record = { 0 }, place = { 0 };
    struct cc_case c = { .journal = journal, .client = client, .record = &record };
    int rc;

    cc_error_clear(err);
    rc = cc_record_place(&place, client, err);
    if (!rc)
        rc = resolve_all(&c, &place, key, each, user_data, &sum, err);
    if (ret_summary)
        *ret_summary = sum;
    return rc;
}
