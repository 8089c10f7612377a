/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Adds to an observation the effects of the previous operation that the vendor may not show yet.
 * Otherwise a settlement could take them for effects of its own operation.
 */
#include "journal/journal.h"

#include <time.h>

#define DAY_S 86400

static int64_t add_period(int64_t time, const char *text)
{
    struct cloud_period p;
    time_t from = (time_t)time;
    struct tm tm;

    if (!text || cloud_period_parse(text, &p, NULL) || !gmtime_r(&from, &tm))
        return time;
    tm.tm_year += p.unit == CLOUD_PERIOD_YEAR ? p.count : 0;
    tm.tm_mon += p.unit == CLOUD_PERIOD_MONTH ? p.count : 0;
    tm.tm_mday += p.unit == CLOUD_PERIOD_DAY ? p.count : 0;
    return (int64_t)timegm(&tm);
}

/* the expiry after a renewal; the term of an expired resource may begin when it was paid */
static int64_t expiry_after(const struct cc_entry *previous, int64_t before)
{
    return add_period(before < previous->sent_at ? previous->sent_at : before,
                      cc_kv_find(previous->arena, previous->params, "period", 0, NULL));
}

/* moves @now to the expiry @to, if it is later; true: the vendor does not show that yet */
static bool advance(int64_t *now, int64_t to)
{
    bool hidden = *now + CC_CALENDAR_TOLERANCE_S < to;

    if (hidden)
        *now = to;
    return hidden;
}

static bool apply_renewal(const struct cc_entry *previous, struct cloud_instance *instance)
{
    bool hidden =
        advance(&instance->expires_at, previous->expires_after
                                           ? previous->expires_after
                                           : expiry_after(previous, previous->expires_before));

    for (size_t i = 0; i <= instance->data_disk_count; i++) {
        struct cloud_disk *disk = i ? &instance->data_disks[i - 1] : &instance->system_disk;
        cc_auto_buf struct cc_buf name = { 0 };
        int64_t before;

        if (!disk->id || !disk->expires_at)
            continue;
        cc_buf_puts_all(&name, "disk_expires:", disk->id, NULL);
        before = name.failed ? 0 : cc_kv_number(previous->before, cc_buf_text(&name));
        if (before)
            hidden |= advance(&disk->expires_at, expiry_after(previous, before));
    }
    return hidden;
}

static bool set_text(const char **member, const char *text)
{
    bool hidden = text && (!*member || strcmp(*member, text) != 0);

    if (hidden)
        *member = text;
    return hidden;
}

static bool set_number(int *member, int64_t number)
{
    bool hidden = number && *member && *member != (int)number;

    if (hidden)
        *member = (int)number;
    return hidden;
}

static bool apply_upgrade(const struct cc_entry *previous, struct cloud_instance *instance)
{
    const char *params = previous->params;
    int64_t disk_gb = cc_kv_number(params, "system_disk_gb");
    bool hidden = false;

    if (disk_gb)
        return set_number(&instance->system_disk.size_gb, disk_gb);
    hidden |= set_text(&instance->instance_type,
                       cc_kv_find(previous->arena, params, "instance_type", 0, NULL));
    hidden |= set_text(&instance->family, cc_kv_find(previous->arena, params, "family", 0, NULL));
    hidden |= set_number(&instance->cpu, cc_kv_number(params, "cpu"));
    hidden |= set_number(&instance->memory_mb, cc_kv_number(params, "memory_gb") * 1024);
    hidden |= set_number(&instance->gpu, cc_kv_number(params, "gpu"));
    return hidden;
}

/*
 * Until when an effect may be hidden. An order may be paid, and a task may end, long after the
 * request, at a time that is not known. An expiry only grows, so a long limit does no harm.
 */
static int64_t hidden_until(const struct cloud_journal *journal, const struct cc_entry *previous)
{
    bool late = cc_entry_op(previous) == CLOUD_OP_RENEW_INSTANCE || *previous->task_id;

    return previous->sent_at + (late ? DAY_S : journal->lag_s);
}

int cc_pending_effects_apply(struct cc_settlement *s, struct cc_entry *ret_previous,
                             struct cloud_instance *instance, bool *ret_hidden,
                             struct cloud_error *err)
{
    int64_t now = cloud_client_vendor_time(s->client);
    int rc = cc_entries_previous(s->journal, s->entry, true, ret_previous, err);

    *ret_hidden = false;
    if (rc || !ret_previous->id || now == CLOUD_TIME_NONE ||
        now >= hidden_until(s->journal, ret_previous))
        return rc;
    *ret_hidden = cc_entry_op(s->entry) == CLOUD_OP_RENEW_INSTANCE
                      ? apply_renewal(ret_previous, instance)
                      : apply_upgrade(ret_previous, instance);
    return CLOUD_OK;
}
