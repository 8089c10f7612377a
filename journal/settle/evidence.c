/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides the outcome of an entry from evidence. A visible effect is evidence at once. A missing
 * effect is evidence only when the request cannot arrive any more (both vendors refuse a signature
 * that is 15 minutes old) and the vendor had time to show the effect.
 */
#include "journal/journal.h"

#include <stdarg.h>
#include <stdio.h>

int cc_settlement_decide(struct cc_settlement *s, enum cloud_journal_state state,
                         const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cc_entry_text(s->entry, &s->entry->state, cloud_journal_state_name(state));
    cc_entry_text(s->entry, &s->entry->reason, text);
    return CLOUD_OK;
}

int cc_settlement_applied(struct cc_settlement *s)
{
    return cc_settlement_decide(s, CLOUD_JOURNAL_APPLIED, "%s", "");
}

int cc_settlement_wait_minutes(const struct cc_settlement *s)
{
    return CC_SIGNATURE_LIFE_S / 60 + s->journal->lag_s / 60 + 1;
}

bool cc_absence_is_evidence(struct cc_settlement *s)
{
    struct cc_entry *entry = s->entry;
    int64_t now = cloud_client_vendor_time(s->client), from = entry->sent_at;

    if (now == CLOUD_TIME_NONE)
        return false;
    if (!entry->looked_at)
        entry->looked_at = now;
    if (!entry->sent_by) /* by our clock, which may differ from the vendor's */
        from = entry->looked_at;
    return now >= from + CC_SIGNATURE_LIFE_S + s->journal->lag_s;
}

int cc_settlement_instance(struct cc_settlement *s, struct cloud_result *ret_result,
                           struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    int rc;

    params.instance_id = s->entry->instance_id;
    rc = cloud_call(s->client, CLOUD_OP_DESCRIBE_INSTANCE, &params, ret_result, err);
    if (!rc && !ret_result->instance_count)
        rc = cc_fail(err, CLOUD_EPROTOCOL, "the answer has no instance");
    return rc;
}

/* Turning automatic renewal on again is idempotent, so the request is repeated. */
static int settle_auto_renew(struct cc_settlement *s, struct cloud_error *err)
{
    struct cc_send send = { .journal = s->journal, .client = s->client, .entry = s->entry };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params;
    bool secret;
    int rc =
        cc_params_from_kv(s->entry->arena, s->entry->params, ~UINT64_C(0), &params, &secret, err);

    if (rc)
        return rc;
    params.operation_key = s->entry->key;
    rc = cc_send_call(&send, CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, &params, &result, err);
    if (rc) /* the first request may have been applied although the second one failed */
        cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN,
                             "the request was repeated and failed: %.300s; look at the automatic "
                             "renewal of %.80s in the vendor's console",
                             err->message, s->entry->instance_id);
    cloud_params_clear(&params);
    cloud_result_clear(&result);
    return CLOUD_OK;
}

static int settle_by_operation(struct cc_settlement *s, struct cloud_error *err)
{
    switch (cc_entry_op(s->entry)) {
    case CLOUD_OP_CREATE_INSTANCE: return cc_settle_create(s, err);
    case CLOUD_OP_RENEW_INSTANCE: return cc_settle_renew(s, err);
    case CLOUD_OP_UPGRADE_INSTANCE: return cc_settle_upgrade(s, err);
    case CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE: return settle_auto_renew(s, err);
    default:
        return cc_settlement_decide(
            s, CLOUD_JOURNAL_UNKNOWN,
            "there is no known evidence for an invoked action: look for its effect in the vendor's "
            "console, and in the list of orders around the time it was sent");
    }
}

int cc_evidence_settle(struct cc_settlement *s, struct cloud_error *err)
{
    struct cloud_error why = { 0 };
    int rc;

    if (cc_entry_is(s->entry, CLOUD_JOURNAL_INTENT))
        return cc_settlement_decide(s, CLOUD_JOURNAL_NOT_APPLIED, "it was never sent");
    rc = settle_by_operation(s, &why);
    if (rc == CLOUD_ENOMEM || rc == CLOUD_EJOURNAL) {
        if (err)
            *err = why;
        return rc;
    }
    if (rc)
        cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN, "the evidence could not be read: %.300s",
                             why.message);
    if (cc_entry_is(s->entry, CLOUD_JOURNAL_SENT)) /* a change hook refused a request */
        cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN, "resolve again");
    return CLOUD_OK;
}
