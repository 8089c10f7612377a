/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Evidence: what is written down of the world before a spend, and how what is seen later is
 * weighed. What is to be seen counts at once. What is not to be seen counts only when the request
 * could not arrive any more (both vendors refuse a signature that is 15 minutes old) and the vendor
 * has had its time to show what it did.
 */
#include "journal/journal.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

int cc_case_verdict(struct cc_case *c, enum cloud_journal_state state, const char *format, ...)
{
    char text[512];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    cc_entry_text(c->entry, &c->entry->state, cloud_journal_state_name(state));
    cc_entry_text(c->entry, &c->entry->reason, text);
    return CLOUD_OK;
}

int cc_case_applied(struct cc_case *c)
{
    return cc_case_verdict(c, CLOUD_JOURNAL_APPLIED, "%s", "");
}

bool cc_case_in_time(struct cc_case *c)
{
    struct cc_entry *entry = c->entry;
    int64_t now = cloud_client_vendor_time(c->client), from = entry->sent_at;

    if (now == CLOUD_TIME_NONE)
        return false;
    if (!entry->looked_at)
        entry->looked_at = now;
    if (!entry->sent_by) /* it went by another clock than the one we read now */
        from = entry->looked_at;
    return now >= from + CC_SIGNATURE_LIFE_S + c->journal->lag_s;
}

int cc_case_instance(struct cc_case *c, struct cloud_result *ret_result, struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    int rc;

    params.instance_id = c->entry->instance_id;
    rc = cloud_call(c->client, CLOUD_OP_DESCRIBE_INSTANCE, &params, ret_result, err);
    if (!rc && !ret_result->instance_count)
        rc = cc_fail(err, CLOUD_EPROTOCOL, "the answer has no instance");
    return rc;
}

static void add_disk(struct cc_buf *lines, const struct cloud_disk *disk)
{
    char name[160];

    if (!disk->id || disk->charge_mode != CLOUD_CHARGE_PREPAID || !disk->expires_at)
        return;
    snprintf(name, sizeof(name), "disk_expires:%s", disk->id);
    cc_kv_add_number(lines, name, disk->expires_at);
}

static void add_instance(struct cc_buf *lines, const struct cloud_instance *i)
{
    cc_kv_add(lines, "instance_type", i->instance_type ? i->instance_type : "");
    cc_kv_add(lines, "family", i->family ? i->family : "");
    cc_kv_add_number(lines, "cpu", i->cpu);
    cc_kv_add_number(lines, "memory_mb", i->memory_mb);
    cc_kv_add_number(lines, "gpu", i->gpu);
    cc_kv_add(lines, "disk", i->system_disk.id ? i->system_disk.id : "");
    cc_kv_add_number(lines, "disk_gb", i->system_disk.size_gb);
    cc_kv_add_number(lines, "auto_renew", i->auto_renew);
    add_disk(lines, &i->system_disk);
    for (size_t n = 0; n < i->data_disk_count; n++)
        add_disk(lines, &i->data_disks[n]);
}

/* JD Cloud tells of automatic renewal in its renewal service only */
bool cc_vendor_renews(struct cloud_client *client, const struct cloud_instance *instance)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    char query[256];
    bool renews = instance->auto_renew == CLOUD_YES;

    if (instance->auto_renew != CLOUD_UNSET ||
        strcmp(cloud_client_provider(client), "jdcloud") != 0)
        return renews;
    snprintf(query, sizeof(query),
             "{\"queryInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\","
             "\"instanceId\":\"%.100s\"}}",
             instance->id);
    if (!cloud_invoke(client, "queryInstance", query, &result, NULL) && result.json)
        renews = strstr(result.json, "\"OPENED\"") != NULL;
    cloud_result_clear(&result);
    return renews;
}

/* if_expiry is for what the vendor shows, too, when an earlier renewal of ours does not show yet */
static int check_expiry(const struct cc_case *c, const struct cloud_instance *instance,
                        struct cloud_error *err)
{
    char is[CLOUD_TIME_MAX], wanted[CLOUD_TIME_MAX];
    int64_t wants = c->params->if_expiry;

    if (!wants || (instance->expires_at < wants + CC_ESTIMATE_S &&
                   wants < instance->expires_at + CC_ESTIMATE_S))
        return CLOUD_OK;
    return cc_fail(err, CLOUD_ECONFLICT,
                   "the instance expires about %s, not at %s: it was renewed a moment ago, which "
                   "the vendor does not show yet",
                   cloud_time_format(instance->expires_at, is), cloud_time_format(wants, wanted));
}

static int write_instance(struct cc_case *c, const struct cloud_instance *instance, bool estimated,
                          struct cloud_error *err)
{
    bool renews = cc_vendor_renews(c->client, instance);
    cc_auto_buf struct cc_buf lines = { 0 };

    add_instance(&lines, instance);
    cc_kv_add_number(&lines, "vendor_renews", renews);
    cc_kv_add_number(&lines, "estimated", estimated);
    c->entry->expires_before = instance->expires_at;
    if (renews && cc_entry_op(c->entry) == CLOUD_OP_RENEW_INSTANCE)
        cc_entry_text(c->entry, &c->entry->warning,
                      "the vendor's automatic renewal is on: it will renew this instance too");
    if (lines.failed || !cc_entry_text(c->entry, &c->entry->before, cc_buf_text(&lines)))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return CLOUD_OK;
}

static int instance_before(struct cc_case *c, struct cloud_error *err)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    cc_auto_entry struct cc_entry past = { 0 };
    bool estimated = false;
    int rc = cc_case_instance(c, &result, err);

    if (!rc)
        rc = cc_pending_effects_show(c, &past, &result.instances[0], &estimated, err);
    if (!rc && estimated && cc_entry_op(c->entry) == CLOUD_OP_RENEW_INSTANCE)
        rc = check_expiry(c, &result.instances[0], err);
    if (!rc)
        rc = write_instance(c, &result.instances[0], estimated, err);
    cloud_result_clear(&result);
    return rc;
}

static enum cloud_op price_op(enum cloud_op op)
{
    switch (op) {
    case CLOUD_OP_CREATE_INSTANCE: return CLOUD_OP_DESCRIBE_PRICE;
    case CLOUD_OP_RENEW_INSTANCE: return CLOUD_OP_DESCRIBE_RENEW_PRICE;
    case CLOUD_OP_UPGRADE_INSTANCE: return CLOUD_OP_DESCRIBE_UPGRADE_PRICE;
    default: return CLOUD_OP__COUNT;
    }
}

/* The amount for the audit, as far as it can be learned; with max_charge the call itself asks. */
static void price_before(struct cc_case *c)
{
    enum cloud_op op = price_op(cc_entry_op(c->entry));
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params;
    const struct cloud_op_info *info;
    bool secret;

    if (op == CLOUD_OP__COUNT || cloud_params_has(c->params, CLOUD_PARAM_MAX_CHARGE))
        return;
    info = cloud_op_info(op);
    if (cc_params_from_kv(c->entry->arena, c->entry->params, info->required | info->optional,
                          &params, &secret, NULL))
        return;
    if (!cloud_call(c->client, op, &params, &result, NULL) && result.price.total.currency[0]) {
        c->entry->micros = result.price.total.micros;
        cc_entry_text(c->entry, &c->entry->currency, result.price.total.currency);
    }
    cloud_params_clear(&params);
    cloud_result_clear(&result);
}

/* where it is bought: the client's own zone may be another when it is looked for */
static int place_before(struct cc_case *c, struct cloud_error *err)
{
    const char *zone = c->params->zone ? c->params->zone : cloud_client_defaults(c->client)->zone;
    cc_auto_buf struct cc_buf lines = { 0 };

    if (!zone)
        return CLOUD_OK;
    cc_kv_add(&lines, "zone", zone);
    if (lines.failed || !cc_entry_text(c->entry, &c->entry->before, cc_buf_text(&lines)))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return CLOUD_OK;
}

int cc_evidence_before(struct cc_case *c, struct cloud_error *err)
{
    int rc = *c->entry->instance_id ? instance_before(c, err) : place_before(c, err);

    if (!rc)
        price_before(c);
    return rc;
}

void cc_evidence_after(struct cc_case *c)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cc_entry *entry = c->entry;
    int64_t slack = cc_kv_number(entry->before, "estimated") ? CC_ESTIMATE_S : 0;

    if (*entry->instance_id && cc_entry_is(entry, CLOUD_JOURNAL_APPLIED) && !entry->expires_after &&
        !cc_case_instance(c, &result, NULL) &&
        (cc_entry_op(entry) != CLOUD_OP_RENEW_INSTANCE ||
         result.instances[0].expires_at > entry->expires_before + slack)) /* else it is not shown */
        entry->expires_after = result.instances[0].expires_at;
    cloud_result_clear(&result);
}

/* Turning it on twice is turning it on. */
static int judge_auto_renew(struct cc_case *c, struct cloud_error *err)
{
    struct cc_send spend = { .journal = c->journal, .client = c->client, .entry = c->entry };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params;
    bool secret;
    int rc =
        cc_params_from_kv(c->entry->arena, c->entry->params, ~UINT64_C(0), &params, &secret, err);

    if (rc)
        return rc;
    params.operation_key = c->entry->key;
    rc = cc_send_call(&spend, CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, &params, &result, err);
    if (rc) /* the first one may have been done all the same */
        cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                        "it was repeated, and: %.300s; look at the automatic renewal of %.80s in "
                        "the vendor's console",
                        err->message, c->entry->instance_id);
    cloud_params_clear(&params);
    cloud_result_clear(&result);
    return CLOUD_OK;
}

static int weigh(struct cc_case *c, struct cloud_error *err)
{
    switch (cc_entry_op(c->entry)) {
    case CLOUD_OP_CREATE_INSTANCE: return cc_judge_create(c, err);
    case CLOUD_OP_RENEW_INSTANCE: return cc_judge_renew(c, err);
    case CLOUD_OP_UPGRADE_INSTANCE: return cc_judge_upgrade(c, err);
    case CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE: return judge_auto_renew(c, err);
    default:
        return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                               "an action in the vendor's own words leaves no evidence that is "
                               "known here: look in the "
                               "vendor's console for what it does, and in its list of orders, "
                               "around the time it was sent");
    }
}

int cc_evidence_judge(struct cc_case *c, struct cloud_error *err)
{
    struct cloud_error why = { 0 };
    int rc;

    if (cc_entry_is(c->entry, CLOUD_JOURNAL_INTENT))
        return cc_case_verdict(c, CLOUD_JOURNAL_NOT_APPLIED, "it was never sent");
    rc = weigh(c, &why);
    if (rc == CLOUD_ENOMEM || rc == CLOUD_EJOURNAL) {
        if (err)
            *err = why;
        return rc;
    }
    if (rc)
        cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN, "its evidence could not be looked at: %.300s",
                        why.message);
    if (cc_entry_is(c->entry, CLOUD_JOURNAL_SENT)) /* a hook stopped the rest: no verdict */
        cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN, "resolve again");
    return CLOUD_OK;
}
