/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs one call with its entry kept up to date: the entry is saved and synced as "sent" before each
 * request that changes something. When that fails (disk full, no connection, another owner),
 * nothing is sent.
 */
#include "journal/journal.h"

/* The hook of the caller runs last: a request that it refuses was not sent. */
struct hooks {
    cloud_change_fn ours, callers;
    void *our_data, *callers_data;
};

static int call_both(const struct cloud_change *change, void *user_data, struct cloud_error *err)
{
    struct hooks *hooks = user_data;
    int rc = hooks->ours(change, hooks->our_data, err);

    return rc || !hooks->callers ? rc : hooks->callers(change, hooks->callers_data, err);
}

int cc_call_with_hook(struct cloud_client *client, cloud_change_fn hook, void *hook_data,
                      enum cloud_op op, const struct cloud_params *params,
                      struct cloud_result *ret_result, struct cloud_error *err)
{
    struct hooks hooks = { .ours = hook, .our_data = hook_data };
    int rc;

    hooks.callers = cloud_client_change_hook(client, &hooks.callers_data);
    cloud_client_set_change_hook(client, call_both, &hooks);
    rc = cloud_call(client, op, params, ret_result, err);
    cloud_client_set_change_hook(client, hooks.callers, hooks.callers_data);
    return rc;
}

static int before_change(const struct cloud_change *change, void *user_data,
                         struct cloud_error *err)
{
    struct cc_send *send = user_data;
    struct cc_entry *entry = send->entry;
    int64_t vendor_time = cloud_client_vendor_time(send->client);
    struct cc_entry was = *entry;
    int rc = cc_orders_add(entry, change->order_id, err);

    if (rc)
        return rc;
    cc_entry_text(entry, &entry->state, cloud_journal_state_name(CLOUD_JOURNAL_SENT));
    entry->sent_by = vendor_time != CLOUD_TIME_NONE;
    entry->sent_at = entry->sent_by ? vendor_time : cc_wall_time();
    rc = cc_entries_save(send->journal, entry, true, err);
    if (!rc) {
        send->sent = true;
        return CLOUD_OK;
    }
    entry->state = was.state;
    entry->sent_by = was.sent_by;
    entry->sent_at = was.sent_at;
    return rc;
}

int cc_entry_add_result(struct cc_entry *entry, const struct cloud_result *result,
                        struct cloud_error *err)
{
    cc_auto_buf struct cc_buf ids = { 0 };
    bool good = true;

    for (size_t i = 0; i < result->id_count; i++)
        cc_buf_puts_all(&ids, i ? "," : "", result->ids[i], NULL);
    if (ids.len || ids.failed)
        good &= !ids.failed && cc_entry_text(entry, &entry->ids, cc_buf_text(&ids));
    if (result->task_id)
        good &= cc_entry_text(entry, &entry->task_id, result->task_id);
    good &= cc_orders_add(entry, result->order_id, NULL) == CLOUD_OK;
    good &= cc_entry_text(entry, &entry->request_id, result->request_id);
    if (result->price.total.currency[0]) {
        entry->micros = result->price.total.micros;
        good &= cc_entry_text(entry, &entry->currency, result->price.total.currency);
    }
    return good ? CLOUD_OK : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

/*
 * Whether an access key that was valid a moment ago is refused now. A request that is delivered
 * twice is refused like this the second time, so the outcome of the first is not known.
 */
static bool is_refused_repetition(const struct cc_send *send, int code)
{
    return send->sent && send->answered && (code == CLOUD_EAUTH || code == CLOUD_EDENIED);
}

static enum cloud_journal_state state_after(const struct cc_send *send, int code,
                                            struct cloud_error *err)
{
    if (!code)
        return CLOUD_JOURNAL_APPLIED;
    if (is_refused_repetition(send, code))
        err->outcome = CLOUD_OUTCOME_UNKNOWN;
    return err->outcome == CLOUD_OUTCOME_UNKNOWN ? CLOUD_JOURNAL_UNKNOWN
                                                 : CLOUD_JOURNAL_NOT_APPLIED;
}

int cc_send_call(struct cc_send *send, enum cloud_op op, const struct cloud_params *params,
                 struct cloud_result *ret_result, struct cloud_error *err)
{
    struct cc_entry *entry = send->entry;
    enum cloud_journal_state state;
    int rc;

    send->sent = false;
    send->answered = cloud_client_vendor_time(send->client) != CLOUD_TIME_NONE;
    rc = cc_call_with_hook(send->client, before_change, send, op, params, ret_result, err);
    state = state_after(send, rc, err);
    cc_entry_text(entry, &entry->state, cloud_journal_state_name(state));
    cc_entry_text(entry, &entry->reason, rc ? err->message : "");
    if (rc)
        cc_entry_text(entry, &entry->request_id, err->request_id);
    else if (cc_entry_add_result(entry, ret_result, NULL))
        cc_entry_text(entry, &entry->warning,
                      "out of memory: the ids are not saved; look at the vendor's list of orders");
    return rc;
}
