/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether a purchase was made: by its mark on the instances there are; by the event or task it was
 * answered with, where that is known; where the vendor takes a token, by sending the same order
 * with the same token again, which buys nothing twice.
 */
#include "journal/journal.h"

#include <stdio.h>

#define HOUR_S 3600
#define DAY_S 86400

/* how long a vendor knows a token; no page says, so an hour less than the day that is usual */
static const struct {
    const char *provider;
    int64_t life_s;
} tokens[] = { { "jdcloud", DAY_S - HOUR_S } };

bool cc_instance_has_fingerprint(const struct cloud_instance *instance, const char *mark)
{
    for (size_t i = 0; i < instance->tag_count; i++) {
        const struct cloud_tag *tag = &instance->tags[i];

        if ((tag->key && strcmp(tag->key, mark) == 0) ||
            (tag->value && strcmp(tag->value, mark) == 0))
            return true;
    }
    return instance->name && strstr(instance->name, mark);
}

/* the ids of the instances that bear the mark */
static int find_marked(struct cc_case *c, struct cloud_result *ret_result, struct cc_buf *ret_ids,
                       int64_t *ret_count, struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    char mark[CLOUD_MARK_MAX];
    int rc = cloud_operation_mark(c->entry->key, mark, err);

    params.zone = cc_kv_find(c->entry->arena, c->entry->before, "zone", 0, NULL);
    if (!rc)
        rc = cloud_call(c->client, CLOUD_OP_DESCRIBE_INSTANCES, &params, ret_result, err);
    *ret_count = 0;
    for (size_t i = 0; !rc && i < ret_result->instance_count; i++) {
        if (cc_instance_has_fingerprint(&ret_result->instances[i], mark))
            cc_buf_puts_all(ret_ids, (*ret_count)++ ? "," : "", ret_result->instances[i].id, NULL);
    }
    return rc ? rc : ret_ids->failed ? cc_fail(err, CLOUD_ENOMEM, "out of memory") : CLOUD_OK;
}

/* what is paid in advance cannot be gone before its time; what is not might be */
static int64_t stays_s(const struct cc_case *c)
{
    const char *text = cc_kv_find(c->entry->arena, c->entry->params, "period", 0, NULL);
    struct cloud_period period;

    if (!text || cloud_period_parse(text, &period, NULL))
        return DAY_S;
    switch (period.unit) {
    case CLOUD_PERIOD_MONTH: return period.count * INT64_C(28) * DAY_S;
    case CLOUD_PERIOD_YEAR: return period.count * INT64_C(365) * DAY_S;
    default: return DAY_S;
    }
}

static int not_yet(struct cc_case *c, const char *what)
{
    return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                           "%s, which may still change: resolve again in %d minutes", what,
                           15 + c->journal->lag_s / 60 + 1);
}

static int not_ended(struct cc_case *c, const struct cc_vendor_task *work)
{
    return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                           "the vendor says of its work %.64s: %.100s; resolve again when it has "
                           "ended",
                           work->id, work->says);
}

static int64_t count_of(const char *ids)
{
    int64_t count = *ids != '\0';

    for (; *ids; ids++)
        count += *ids == ',';
    return count;
}

static void warn(struct cc_case *c, const char *what, const struct cc_vendor_task *work)
{
    char text[300];

    snprintf(text, sizeof(text), "%s%s%.64s%s%.64s%s: look at the vendor's list of orders", what,
             *work->id ? " (" : "", work->id, *work->id ? ": " : "", work->says,
             *work->id ? ")" : "");
    cc_entry_text(c->entry, &c->entry->warning, text);
}

static int judge_absent(struct cc_case *c, const struct cc_vendor_task *work)
{
    int64_t age = cloud_client_vendor_time(c->client) - c->entry->sent_at;

    if (work->state == CC_VENDOR_TASK_OPEN)
        return not_ended(c, work);
    if (work->state == CC_VENDOR_TASK_DONE) {
        if (cc_case_in_time(c))
            warn(c, "it was made, and no instance bears its mark any more", work);
        if (*work->ids)
            cc_entry_text(c->entry, &c->entry->ids, work->ids);
        return cc_case_applied(c);
    }
    if (!cc_case_in_time(c))
        return not_yet(c, "no instance bears its mark yet");
    if (work->state == CC_VENDOR_TASK_FAILED)
        return cc_case_verdict(c, CLOUD_JOURNAL_NOT_APPLIED,
                               "its work %.64s failed (%.64s), and no instance bears its mark",
                               work->id, work->says);
    if (age > stays_s(c))
        return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                               "no instance bears its mark, but since then one could have been "
                               "made and be gone: look at the vendor's list of orders");
    return cc_case_verdict(c, CLOUD_JOURNAL_NOT_APPLIED,
                           "no instance bears its mark, and none can appear any more");
}

static int judge_marked(struct cc_case *c, const char *ids, int64_t wanted,
                        const struct cc_vendor_task *work)
{
    struct cc_entry *entry = c->entry;
    int64_t found = count_of(ids);

    if (found < wanted && work->state == CC_VENDOR_TASK_DONE && count_of(work->ids) == wanted) {
        ids = work->ids; /* those that are not to be seen yet among them */
        found = wanted;
    }
    if (found < wanted && work->state == CC_VENDOR_TASK_OPEN)
        return not_ended(c, work);
    if (found < wanted && !cc_case_in_time(c))
        return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                               "%d of %d instances are to be seen so far: resolve again later",
                               (int)found, (int)wanted);
    if (found < wanted)
        warn(c, "fewer instances were made than ordered", work);
    else if (found > wanted)
        warn(c, "more instances bear its mark than were ordered", work);
    else if (work->state == CC_VENDOR_TASK_FAILED)
        warn(c, "it was made, but not whole", work);
    cc_entry_text(entry, &entry->ids, ids);
    return cc_case_applied(c);
}

static bool token_lives(const struct cc_case *c)
{
    int64_t now = cloud_client_vendor_time(c->client);

    for (size_t i = 0; i < CC_COUNT(tokens); i++) {
        if (strcmp(tokens[i].provider, c->entry->provider) == 0)
            return now != CLOUD_TIME_NONE && now < c->entry->sent_at + tokens[i].life_s;
    }
    return false;
}

/* the vendor refused the repetition; @sent_at is of what may have arrived before */
static int judge_refusal(struct cc_case *c, const struct cloud_error *why, int64_t sent_at)
{
    static const struct cc_vendor_task none = { .id = "", .says = "", .ids = "" };

    c->entry->sent_at = sent_at;
    if (strcmp(why->vendor_code, "ALREADY_EXISTS") == 0) {
        if (!cc_case_in_time(c))
            return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                                   "the vendor knows the order, and does not show the instance "
                                   "yet: resolve again later");
        cc_entry_text(c->entry, &c->entry->warning,
                      "the vendor knows the order, but no instance bears its mark: look "
                      "at its list of orders");
        return cc_case_applied(c);
    }
    return judge_absent(c, &none);
}

/* *ret_done: it has settled the matter, or at least asked */
static int repeat(struct cc_case *c, bool *ret_done, struct cloud_error *err)
{
    struct cc_send spend = { .journal = c->journal, .client = c->client, .entry = c->entry };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    int64_t sent_at = c->entry->sent_at;
    bool secret = false;
    int rc = CLOUD_OK;

    if (!c->params)
        rc = cc_params_from_kv(c->entry->arena, c->entry->params, ~UINT64_C(0), &params, &secret,
                               err);
    params.operation_key = c->entry->key;
    if (!rc && !secret)
        rc = cc_send_call(&spend, CLOUD_OP_CREATE_INSTANCE, c->params ? c->params : &params,
                          &result, err);
    *ret_done = spend.sent;
    if (rc && spend.sent && err->outcome == CLOUD_NOT_APPLIED)
        judge_refusal(c, err, sent_at);
    if (!c->params)
        cloud_params_clear(&params);
    cloud_result_clear(&result);
    return CLOUD_OK;
}

int cc_judge_create(struct cc_case *c, struct cloud_error *err)
{
    int64_t wanted = cc_kv_number(c->entry->params, "count"), found = 0;
    struct cloud_result result = CLOUD_RESULT_INIT;
    cc_auto_buf struct cc_buf ids = { 0 };
    struct cc_vendor_task work;
    bool done = false;
    int rc = cc_vendor_task_look(c, c->entry->task_id, &work, err);

    if (!rc)
        rc = find_marked(c, &result, &ids, &found, err);
    cloud_result_clear(&result);
    if (!rc && !found && token_lives(c))
        rc = repeat(c, &done, err);
    if (rc || done)
        return rc;
    return found ? judge_marked(c, cc_buf_text(&ids), wanted ? wanted : 1, &work)
                 : judge_absent(c, &work);
}
