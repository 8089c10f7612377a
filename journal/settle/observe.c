/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Observes what an operation changes: the instance and the price before the request is sent, and
 * the expiry after it was applied. The observation before is written to the entry, so a later
 * settlement can compare with it.
 */
#include "journal/journal.h"

#include <stdio.h>

static void add_disk(struct cc_buf *kv, const struct cloud_disk *disk)
{
    char name[160];

    if (!disk->id || disk->charge_mode != CLOUD_CHARGE_PREPAID || !disk->expires_at ||
        disk->expires_at == CLOUD_TIME_UNREADABLE)
        return;
    snprintf(name, sizeof(name), "disk_expires:%s", disk->id);
    cc_kv_add_number(kv, name, disk->expires_at);
}

static void add_instance(struct cc_buf *kv, const struct cloud_instance *i)
{
    cc_kv_add(kv, "instance_type", i->instance_type ? i->instance_type : "");
    cc_kv_add(kv, "family", i->family ? i->family : "");
    cc_kv_add_number(kv, "cpu", i->cpu);
    cc_kv_add_number(kv, "memory_mb", i->memory_mb);
    cc_kv_add_number(kv, "gpu", i->gpu);
    cc_kv_add(kv, "disk", i->system_disk.id ? i->system_disk.id : "");
    cc_kv_add_number(kv, "disk_gb", i->system_disk.size_gb);
    cc_kv_add_number(kv, "auto_renew", i->auto_renew);
    add_disk(kv, &i->system_disk);
    for (size_t n = 0; n < i->data_disk_count; n++)
        add_disk(kv, &i->data_disks[n]);
}

/* JD Cloud reports automatic renewal in its renewal service only. */
bool cc_auto_renew_is_on(struct cloud_client *client, const struct cloud_instance *instance)
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

bool cc_expiry_is_unreadable(const struct cloud_instance *instance)
{
    bool unreadable = instance->expires_at == CLOUD_TIME_UNREADABLE ||
                      instance->system_disk.expires_at == CLOUD_TIME_UNREADABLE;

    for (size_t i = 0; i < instance->data_disk_count; i++)
        unreadable |= instance->data_disks[i].expires_at == CLOUD_TIME_UNREADABLE;
    return unreadable;
}

/* Checks if_expiry also against an earlier renewal of ours that the vendor does not show yet. */
static int check_expiry(const struct cc_settlement *s, const struct cloud_instance *instance,
                        struct cloud_error *err)
{
    char is[CLOUD_TIME_MAX], expected_text[CLOUD_TIME_MAX];
    int64_t expected = s->params->if_expiry;

    if (!expected || (instance->expires_at < expected + CC_CALENDAR_TOLERANCE_S &&
                      expected < instance->expires_at + CC_CALENDAR_TOLERANCE_S))
        return CLOUD_OK;
    return cc_fail(err, CLOUD_ECONFLICT,
                   "the instance expires about %s, not at %s: it was renewed just before, which "
                   "the vendor does not show yet",
                   cloud_time_format(instance->expires_at, is),
                   cloud_time_format(expected, expected_text));
}

static int write_instance(struct cc_settlement *s, const struct cloud_instance *instance,
                          bool estimated, struct cloud_error *err)
{
    bool renews = cc_auto_renew_is_on(s->client, instance);
    cc_auto_buf struct cc_buf kv = { 0 };

    add_instance(&kv, instance);
    cc_kv_add_number(&kv, "vendor_renews", renews);
    cc_kv_add_number(&kv, "estimated", estimated);
    if (instance->expires_at != CLOUD_TIME_UNREADABLE)
        s->entry->expires_before = instance->expires_at;
    if (renews && cc_entry_op(s->entry) == CLOUD_OP_RENEW_INSTANCE)
        cc_entry_text(s->entry, &s->entry->warning,
                      "the vendor's automatic renewal is on and will renew this instance too");
    if (kv.failed || !cc_entry_text(s->entry, &s->entry->before, cc_buf_text(&kv)))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return CLOUD_OK;
}

/* A renewal is settled by comparing expiries, so an expiry that cannot be read is refused. */
static int check_readable(const struct cc_settlement *s, const struct cloud_instance *instance,
                          struct cloud_error *err)
{
    if (cc_entry_op(s->entry) != CLOUD_OP_RENEW_INSTANCE || !cc_expiry_is_unreadable(instance))
        return CLOUD_OK;
    return cc_fail(err, CLOUD_EPROTOCOL,
                   "the expiry of %.128s or of one of its disks is unreadable, as the vendor "
                   "returns it; nothing was changed",
                   instance->id);
}

static int observe_instance(struct cc_settlement *s, struct cloud_error *err)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    cc_auto_entry struct cc_entry previous = { 0 };
    bool estimated = false;
    int rc = cc_settlement_instance(s, &result, err);

    if (!rc)
        rc = check_readable(s, &result.instances[0], err);
    if (!rc)
        rc = cc_pending_effects_apply(s, &previous, &result.instances[0], &estimated, err);
    if (!rc && estimated && cc_entry_op(s->entry) == CLOUD_OP_RENEW_INSTANCE)
        rc = check_expiry(s, &result.instances[0], err);
    if (!rc)
        rc = write_instance(s, &result.instances[0], estimated, err);
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

/* Reads the amount for the audit, if there is a price. With max_charge the call reads it itself. */
static void observe_price(struct cc_settlement *s)
{
    enum cloud_op op = price_op(cc_entry_op(s->entry));
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params;
    const struct cloud_op_info *info;
    bool secret;

    if (op == CLOUD_OP__COUNT || cloud_params_has(s->params, CLOUD_PARAM_MAX_CHARGE))
        return;
    info = cloud_op_info(op);
    if (cc_params_from_kv(s->entry->arena, s->entry->params, info->required | info->optional,
                          &params, &secret, NULL))
        return;
    if (!cloud_call(s->client, op, &params, &result, NULL) && result.price.total.currency[0]) {
        s->entry->micros = result.price.total.micros;
        cc_entry_text(s->entry, &s->entry->currency, result.price.total.currency);
    }
    cloud_params_clear(&params);
    cloud_result_clear(&result);
}

/* Writes the zone of a purchase: the client that settles it may have another default zone. */
static int observe_zone(struct cc_settlement *s, struct cloud_error *err)
{
    const char *zone = s->params->zone ? s->params->zone : cloud_client_defaults(s->client)->zone;
    cc_auto_buf struct cc_buf kv = { 0 };

    if (!zone)
        return CLOUD_OK;
    cc_kv_add(&kv, "zone", zone);
    if (kv.failed || !cc_entry_text(s->entry, &s->entry->before, cc_buf_text(&kv)))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return CLOUD_OK;
}

int cc_observe_before(struct cc_settlement *s, struct cloud_error *err)
{
    int rc = *s->entry->instance_id ? observe_instance(s, err) : observe_zone(s, err);

    if (!rc)
        observe_price(s);
    return rc;
}

void cc_observe_after(struct cc_settlement *s)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cc_entry *entry = s->entry;
    int64_t tolerance = cc_kv_number(entry->before, "estimated") ? CC_CALENDAR_TOLERANCE_S : 0;

    if (*entry->instance_id && cc_entry_is(entry, CLOUD_JOURNAL_APPLIED) && !entry->expires_after &&
        !cc_settlement_instance(s, &result, NULL) &&
        (cc_entry_op(entry) != CLOUD_OP_RENEW_INSTANCE ||
         result.instances[0].expires_at >
             entry->expires_before + tolerance)) /* else the vendor does not show the renewal yet */
        entry->expires_after = result.instances[0].expires_at;
    cloud_result_clear(&result);
}
