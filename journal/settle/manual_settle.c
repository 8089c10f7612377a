/* SPDX-License-Identifier: Apache-2.0 */
/* Settles an entry by the decision of a person, when there is no evidence. The entry and its line
 * of the audit say who decided, and why. */
#include "journal/journal.h"

#include <inttypes.h>

/* checks whether a person may settle the entry in this state now */
static int check(const struct cloud_journal *journal, const struct cc_entry *entry, const char *key,
                 enum cloud_journal_state state, struct cloud_error *err)
{
    int64_t from = entry->sent_at + CC_SIGNATURE_LIFE_S + journal->lag_s, now = cc_wall_time();

    if (!entry->id)
        return cc_fail(err, CLOUD_ENOTFOUND, "the journal has no key \"%.60s\"", key);
    if (cc_entry_settled(entry))
        return cc_fail(err, CLOUD_ESTATE, "\"%.60s\" is settled already: %s", key, entry->state);
    if (!cc_entry_is(entry, CLOUD_JOURNAL_UNKNOWN) || !cc_entry_is_available(journal, entry))
        return cc_fail(err, CLOUD_ESTATE,
                       "\"%.60s\" is %s, and a process may still work on it: resolve it first", key,
                       entry->state);
    if (state == CLOUD_JOURNAL_NOT_APPLIED && now < from)
        return cc_fail(err, CLOUD_ESTATE,
                       "\"%.60s\" may still be applied, or be applied and not be visible: look "
                       "again in %" PRId64 " minutes",
                       key, (from - now) / 60 + 1);
    return CLOUD_OK;
}

static int acquire(struct cloud_journal *journal, const char *key, enum cloud_journal_state state,
                   struct cc_entry *ret, struct cloud_error *err)
{
    int rc = cc_entries_begin(journal, err);

    if (rc)
        return rc;
    rc = cc_entries_last(journal, key, ret, err);
    if (!rc)
        rc = check(journal, ret, key, state, err);
    if (!rc)
        rc = cc_entries_acquire(journal, ret, err);
    return cc_entries_end(journal, rc, err);
}

static int write_decision(struct cloud_journal *journal, struct cc_entry *entry,
                          enum cloud_journal_state state, const char *ids, const char *note,
                          struct cloud_error *err)
{
    bool applied = state == CLOUD_JOURNAL_APPLIED;
    cc_auto_buf struct cc_buf decision = { 0 };
    bool good;

    cc_buf_puts_all(&decision, "settled by ", journal->who, ": ", note, NULL);
    good = !decision.failed &&
           cc_entry_text(entry, &entry->state, cloud_journal_state_name(state)) &&
           cc_entry_text(entry, &entry->reason, applied ? "" : cc_buf_text(&decision)) &&
           (!applied || cc_entry_text(entry, &entry->warning, cc_buf_text(&decision))) &&
           (!applied || !ids || cc_entry_text(entry, &entry->ids, ids));
    return good ? cc_audit_end(journal, entry, err) : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

int cloud_journal_settle(struct cloud_journal *journal, const char *key,
                         enum cloud_journal_state state, const char *ids, const char *note,
                         struct cloud_error *err)
{
    cc_auto_entry struct cc_entry entry = { 0 };
    int rc = cc_need_journal(journal, err);

    if (rc)
        return rc;
    cc_error_clear(err);
    if (!key || !note || !*note)
        return cc_fail(err, CLOUD_EINVAL, "to settle, give a key and a note of what was seen");
    if (state != CLOUD_JOURNAL_APPLIED && state != CLOUD_JOURNAL_NOT_APPLIED)
        return cc_fail(err, CLOUD_EINVAL,
                       "the state is not allowed; settle as applied or not_applied");
    rc = acquire(journal, key, state, &entry, err);
    return rc ? rc : write_decision(journal, &entry, state, ids, note, err);
}
