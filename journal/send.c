/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One call that spends, held to its entry: before each request that changes something the entry
 * says "sent", synced. Where it cannot say so (no room, no connection, taken over by another
 * worker) nothing leaves.
 */
#include "journal/journal.h"

/* whoever set a hook of his own is asked, too, and last: what he refuses was not sent */
struct asking {
    cloud_change_fn ours, callers;
    void *our_data, *callers_data;
};

static int ask_both(const struct cloud_change *change, void *user_data, struct cloud_error *err)
{
    struct asking *asking = user_data;
    int rc = asking->ours(change, asking->our_data, err);

    return rc || !asking->callers ? rc : asking->callers(change, asking->callers_data, err);
}

int cc_call_asking(struct cloud_client *client, cloud_change_fn hook, void *hook_data,
                   enum cloud_op op, const struct cloud_params *params,
                   struct cloud_result *ret_result, struct cloud_error *err)
{
    struct asking asking = { .ours = hook, .our_data = hook_data };
    int rc;

    asking.callers = cloud_client_change_hook(client, &asking.callers_data);
    cloud_client_set_change_hook(client, ask_both, &asking);
    rc = cloud_call(client, op, params, ret_result, err);
    cloud_client_set_change_hook(client, asking.callers, asking.callers_data);
    return rc;
}

static int before_change(const struct cloud_change *change, void *user_data,
                         struct cloud_error *err)
{
    struct cc_send *spend = user_data;
    struct cc_entry *entry = spend->entry;
    int64_t vendor_time = cloud_client_vendor_time(spend->client);
    struct cc_entry was = *entry;
    int rc = cc_orders_keep(entry, change->order_id, err);

    if (rc)
        return rc;
    cc_entry_text(entry, &entry->state, cloud_journal_state_name(CLOUD_JOURNAL_SENT));
    entry->sent_by = vendor_time != CLOUD_TIME_NONE;
    entry->sent_at = entry->sent_by ? vendor_time : cc_wall_time();
    rc = cc_entries_save(spend->journal, entry, true, err);
    if (!rc) {
        spend->sent = true;
        return CLOUD_OK;
    }
    entry->state = was.state;
    entry->sent_by = was.sent_by;
    entry->sent_at = was.sent_at;
    return rc;
}

int cc_send_keep(struct cc_entry *entry, const struct cloud_result *result, struct cloud_error *err)
{
    cc_auto_buf struct cc_buf ids = { 0 };
    bool good = true;

    for (size_t i = 0; i < result->id_count; i++)
        cc_buf_puts_all(&ids, i ? "," : "", result->ids[i], NULL);
    if (ids.len || ids.failed)
        good &= !ids.failed && cc_entry_text(entry, &entry->ids, cc_buf_text(&ids));
    if (result->task_id)
        good &= cc_entry_text(entry, &entry->task_id, result->task_id);
    good &= cc_orders_keep(entry, result->order_id, NULL) == CLOUD_OK;
    good &= cc_entry_text(entry, &entry->request_id, result->request_id);
    if (result->price.total.currency[0]) {
        entry->micros = result->price.total.micros;
        good &= cc_entry_text(entry, &entry->currency, result->price.total.currency);
    }
    return good ? CLOUD_OK : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

/*
 * A key that was good a moment ago and is refused now: a request that was delivered twice is
 * refused so the second time, whatever became of the first.
 */
static bool refused_as_repeated(const struct cc_send *spend, int code)
{
    return spend->sent && spend->answered && (code == CLOUD_EAUTH || code == CLOUD_EDENIED);
}

static enum cloud_journal_state state_after(const struct cc_send *spend, int code,
                                            struct cloud_error *err)
{
    if (!code)
        return CLOUD_JOURNAL_APPLIED;
    if (refused_as_repeated(spend, code))
        err->outcome = CLOUD_OUTCOME_UNKNOWN;
    return err->outcome == CLOUD_OUTCOME_UNKNOWN ? CLOUD_JOURNAL_UNKNOWN
                                                 : CLOUD_JOURNAL_NOT_APPLIED;
}

int cc_send_call(struct cc_send *spend, enum cloud_op op, const struct cloud_params *params,
                 struct cloud_result *ret_result, struct cloud_error *err)
{
    struct cc_entry *entry = spend->entry;
    enum cloud_journal_state state;
    int rc;

    spend->sent = false;
    spend->answered = cloud_client_vendor_time(spend->client) != CLOUD_TIME_NONE;
    rc = cc_call_asking(spend->client, before_change, spend, op, params, ret_result, err);
    state = state_after(spend, rc, err);
    cc_entry_text(entry, &entry->state, cloud_journal_state_name(state));
    cc_entry_text(entry, &entry->reason, rc ? err->message : "");
    if (rc)
        cc_entry_text(entry, &entry->request_id, err->request_id);
    else if (cc_send_keep(entry, ret_result, NULL))
        cc_entry_text(entry, &entry->warning, "out of memory: its ids were not kept");
    return rc;
}
