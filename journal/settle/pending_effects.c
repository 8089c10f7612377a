/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What this journal did to an instance a moment ago, and the vendor may not show yet: it belongs to
 * the world before the next operation, or it would be taken for that operation's doing.
 */
#include "journal/journal.h"

#include <time.h>

#define DAY_S 86400

static int64_t later(int64_t time, const char *text)
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

/* what had expired may begin anew when it is paid */
static int64_t renewed(const struct cc_entry *past, int64_t before)
{
    return later(before < past->sent_at ? past->sent_at : before,
                 cc_kv_find(past->arena, past->params, "period", 0, NULL));
}

/* whether @now was moved by it */
static bool advance(int64_t *now, int64_t to)
{
    bool hidden = *now + CC_ESTIMATE_S < to;

    if (hidden)
        *now = to;
    return hidden;
}

static bool show_renewal(const struct cc_entry *past, struct cloud_instance *instance)
{
    bool hidden =
        advance(&instance->expires_at,
                past->expires_after ? past->expires_after : renewed(past, past->expires_before));

    for (size_t i = 0; i <= instance->data_disk_count; i++) {
        struct cloud_disk *disk = i ? &instance->data_disks[i - 1] : &instance->system_disk;
        cc_auto_buf struct cc_buf name = { 0 };
        int64_t before;

        if (!disk->id || !disk->expires_at)
            continue;
        cc_buf_puts_all(&name, "disk_expires:", disk->id, NULL);
        before = name.failed ? 0 : cc_kv_number(past->before, cc_buf_text(&name));
        if (before)
            hidden |= advance(&disk->expires_at, renewed(past, before));
    }
    return hidden;
}

static bool put_text(const char **member, const char *text)
{
    bool hidden = text && (!*member || strcmp(*member, text) != 0);

    if (hidden)
        *member = text;
    return hidden;
}

static bool put_number(int *member, int64_t number)
{
    bool hidden = number && *member && *member != (int)number;

    if (hidden)
        *member = (int)number;
    return hidden;
}

static bool show_change(const struct cc_entry *past, struct cloud_instance *instance)
{
    const char *params = past->params;
    int64_t disk_gb = cc_kv_number(params, "system_disk_gb");
    bool hidden = false;

    if (disk_gb)
        return put_number(&instance->system_disk.size_gb, disk_gb);
    hidden |= put_text(&instance->instance_type,
                       cc_kv_find(past->arena, params, "instance_type", 0, NULL));
    hidden |= put_text(&instance->family, cc_kv_find(past->arena, params, "family", 0, NULL));
    hidden |= put_number(&instance->cpu, cc_kv_number(params, "cpu"));
    hidden |= put_number(&instance->memory_mb, cc_kv_number(params, "memory_gb") * 1024);
    hidden |= put_number(&instance->gpu, cc_kv_number(params, "gpu"));
    return hidden;
}

/*
 * Until when it may be hidden. An order may be paid, and work may end, long after the request, and
 * when that was is not known; an expiry only grows, so that looking back far does no harm.
 */
static int64_t hidden_until(const struct cloud_journal *journal, const struct cc_entry *past)
{
    bool late = cc_entry_op(past) == CLOUD_OP_RENEW_INSTANCE || *past->task_id;

    return past->sent_at + (late ? DAY_S : journal->lag_s);
}

int cc_pending_effects_show(struct cc_case *c, struct cc_entry *ret_before,
                            struct cloud_instance *instance, bool *ret_hidden,
                            struct cloud_error *err)
{
    int64_t now = cloud_client_vendor_time(c->client);
    int rc = cc_entries_before(c->journal, c->entry, true, ret_before, err);

    *ret_hidden = false;
    if (rc || !ret_before->id || now == CLOUD_TIME_NONE ||
        now >= hidden_until(c->journal, ret_before))
        return rc;
    *ret_hidden = cc_entry_op(c->entry) == CLOUD_OP_RENEW_INSTANCE
                      ? show_renewal(ret_before, instance)
                      : show_change(ret_before, instance);
    return CLOUD_OK;
}
