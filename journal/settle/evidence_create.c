/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides whether a purchase was applied. The evidence is the fingerprint of the key on the
 * existing instances, and the event or task of the vendor's reply, if it is known. When the vendor
 * accepts a client token, the same order is sent again with the same token, which buys nothing
 * twice.
 */
#include "journal/journal.h"

#include <stdio.h>

#define HOUR_S 3600
#define DAY_S 86400

/* How long a vendor recognises a client token. No page says it: an hour less than the usual day.
 * [inferred] */
static const struct {
    const char *provider;
    int64_t life_s;
} tokens[] = { { "jdcloud", DAY_S - HOUR_S } };

bool cc_instance_has_fingerprint(const struct cloud_instance *instance, const char *fingerprint)
{
    for (size_t i = 0; i < instance->tag_count; i++) {
        const struct cloud_tag *tag = &instance->tags[i];

        if ((tag->key && strcmp(tag->key, fingerprint) == 0) ||
            (tag->value && strcmp(tag->value, fingerprint) == 0))
            return true;
    }
    return instance->name && strstr(instance->name, fingerprint);
}

/* finds the ids of the instances with the fingerprint */
static int find_by_fingerprint(struct cc_settlement *s, struct cloud_result *ret_result,
                               struct cc_buf *ret_ids, int64_t *ret_count, struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    char fingerprint[CLOUD_MARK_MAX];
    int rc = cloud_operation_mark(s->entry->key, fingerprint, err);

    params.zone = cc_kv_find(s->entry->arena, s->entry->before, "zone", 0, NULL);
    if (!rc)
        rc = cloud_call(s->client, CLOUD_OP_DESCRIBE_INSTANCES, &params, ret_result, err);
    *ret_count = 0;
    for (size_t i = 0; !rc && i < ret_result->instance_count; i++) {
        if (cc_instance_has_fingerprint(&ret_result->instances[i], fingerprint))
            cc_buf_puts_all(ret_ids, (*ret_count)++ ? "," : "", ret_result->instances[i].id, NULL);
    }
    return rc ? rc : ret_ids->failed ? cc_fail(err, CLOUD_ENOMEM, "out of memory") : CLOUD_OK;
}

/* How long an instance exists at least: a prepaid one until its term ends. For another one a day is
 * assumed. */
static int64_t lifetime_s(const struct cc_settlement *s)
{
    const char *text = cc_kv_find(s->entry->arena, s->entry->params, "period", 0, NULL);
    struct cloud_period period;

    if (!text || cloud_period_parse(text, &period, NULL))
        return DAY_S;
    switch (period.unit) {
    case CLOUD_PERIOD_MONTH: return period.count * INT64_C(28) * DAY_S;
    case CLOUD_PERIOD_YEAR: return period.count * INT64_C(365) * DAY_S;
    default: return DAY_S;
    }
}

static int decide_not_yet(struct cc_settlement *s, const char *what)
{
    return cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN, "%s: resolve again in %d minutes", what,
                                cc_settlement_wait_minutes(s));
}

static int decide_running(struct cc_settlement *s, const struct cc_vendor_task *task)
{
    return cc_settlement_decide(
        s, CLOUD_JOURNAL_UNKNOWN,
        "task %.64s of the vendor is %.100s: resolve again when it has ended", task->id,
        task->vendor_state);
}

static int64_t count_ids(const char *ids)
{
    int64_t count = *ids != '\0';

    for (; *ids; ids++)
        count += *ids == ',';
    return count;
}

static void add_warning(struct cc_settlement *s, const char *what,
                        const struct cc_vendor_task *task)
{
    char text[300];

    snprintf(text, sizeof(text), "%s%s%.64s%s%.64s%s: look at the vendor's list of orders", what,
             *task->id ? " (" : "", task->id, *task->id ? ": " : "", task->vendor_state,
             *task->id ? ")" : "");
    cc_entry_text(s->entry, &s->entry->warning, text);
}

static int decide_absent(struct cc_settlement *s, const struct cc_vendor_task *task)
{
    int64_t age = cloud_client_vendor_time(s->client) - s->entry->sent_at;

    if (task->state == CC_VENDOR_TASK_OPEN)
        return decide_running(s, task);
    if (task->state == CC_VENDOR_TASK_DONE) {
        if (cc_absence_is_evidence(s))
            add_warning(s, "the instances were created, but none has the fingerprint now", task);
        if (*task->ids)
            cc_entry_text(s->entry, &s->entry->ids, task->ids);
        return cc_settlement_applied(s);
    }
    if (!cc_absence_is_evidence(s))
        return decide_not_yet(s, "no instance has the fingerprint yet");
    if (task->state == CC_VENDOR_TASK_FAILED)
        return cc_settlement_decide(
            s, CLOUD_JOURNAL_NOT_APPLIED,
            "task %.64s failed (%.64s), and no instance has the fingerprint", task->id,
            task->vendor_state);
    if (age > lifetime_s(s))
        return cc_settlement_decide(
            s, CLOUD_JOURNAL_UNKNOWN,
            "no instance has the fingerprint, but one may have been created and deleted since: "
            "look at the vendor's list of orders");
    return cc_settlement_decide(s, CLOUD_JOURNAL_NOT_APPLIED,
                                "no instance has the fingerprint, and none can appear any more");
}

static int decide_found(struct cc_settlement *s, const char *ids, int64_t ordered,
                        const struct cc_vendor_task *task)
{
    struct cc_entry *entry = s->entry;
    int64_t found = count_ids(ids);

    if (found < ordered && task->state == CC_VENDOR_TASK_DONE && count_ids(task->ids) == ordered) {
        ids = task->ids; /* includes the instances that are not visible yet */
        found = ordered;
    }
    if (found < ordered && task->state == CC_VENDOR_TASK_OPEN)
        return decide_running(s, task);
    if (found < ordered && !cc_absence_is_evidence(s))
        return cc_settlement_decide(
            s, CLOUD_JOURNAL_UNKNOWN,
            "%d of %d instances are visible so far: resolve again in %d minutes", (int)found,
            (int)ordered, cc_settlement_wait_minutes(s));
    if (found < ordered)
        add_warning(s, "fewer instances were created than ordered", task);
    else if (found > ordered)
        add_warning(s, "more instances have the fingerprint than were ordered", task);
    else if (task->state == CC_VENDOR_TASK_FAILED)
        add_warning(s, "the instances were created, but the task failed", task);
    cc_entry_text(entry, &entry->ids, ids);
    return cc_settlement_applied(s);
}

static bool token_is_known(const struct cc_settlement *s)
{
    int64_t now = cloud_client_vendor_time(s->client);

    for (size_t i = 0; i < CC_COUNT(tokens); i++) {
        if (strcmp(tokens[i].provider, s->entry->provider) == 0)
            return now != CLOUD_TIME_NONE && now < s->entry->sent_at + tokens[i].life_s;
    }
    return false;
}

/* Decides after the vendor refused the repeated order. @sent_at: of the order before it. */
static int decide_refused(struct cc_settlement *s, const struct cloud_error *why, int64_t sent_at)
{
    static const struct cc_vendor_task none = { .id = "", .vendor_state = "", .ids = "" };

    s->entry->sent_at = sent_at;
    if (strcmp(why->vendor_code, "ALREADY_EXISTS") == 0) {
        if (!cc_absence_is_evidence(s))
            return cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN,
                                        "the vendor knows the order, but does not show the "
                                        "instance yet: resolve again in %d minutes",
                                        cc_settlement_wait_minutes(s));
        cc_entry_text(s->entry, &s->entry->warning,
                      "the vendor knows the order, but no instance has the fingerprint: look at "
                      "the vendor's list of orders");
        return cc_settlement_applied(s);
    }
    return decide_absent(s, &none);
}

/* *ret_done: the order was sent again, so the entry has its outcome */
static int send_again(struct cc_settlement *s, bool *ret_done, struct cloud_error *err)
{
    struct cc_send send = { .journal = s->journal, .client = s->client, .entry = s->entry };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    int64_t sent_at = s->entry->sent_at;
    bool secret = false;
    int rc = CLOUD_OK;

    if (!s->params)
        rc = cc_params_from_kv(s->entry->arena, s->entry->params, ~UINT64_C(0), &params, &secret,
                               err);
    params.operation_key = s->entry->key;
    if (!rc && !secret)
        rc = cc_send_call(&send, CLOUD_OP_CREATE_INSTANCE, s->params ? s->params : &params, &result,
                          err);
    *ret_done = send.sent;
    if (rc && send.sent && err->outcome == CLOUD_NOT_APPLIED)
        decide_refused(s, err, sent_at);
    if (!s->params)
        cloud_params_clear(&params);
    cloud_result_clear(&result);
    return CLOUD_OK;
}

int cc_settle_create(struct cc_settlement *s, struct cloud_error *err)
{
    int64_t ordered = cc_kv_number(s->entry->params, "count"), found = 0;
    struct cloud_result result = CLOUD_RESULT_INIT;
    cc_auto_buf struct cc_buf ids = { 0 };
    struct cc_vendor_task task;
    bool done = false;
    int rc = cc_vendor_task_read(s, s->entry->task_id, &task, err);

    if (!rc)
        rc = find_by_fingerprint(s, &result, &ids, &found, err);
    cloud_result_clear(&result);
    if (!rc && !found && token_is_known(s))
        rc = send_again(s, &done, err);
    if (rc || done)
        return rc;
    return found ? decide_found(s, cc_buf_text(&ids), ordered ? ordered : 1, &task)
                 : decide_absent(s, &task);
}
