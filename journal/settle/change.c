/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an instance was changed: by what it is now against what it was before, as written down
 * then. No other operation of this journal touched it meanwhile. What was done in part is brought
 * to its end.
 */
#include "journal/journal.h"

#include <inttypes.h>
#include <stdio.h>

static bool was(struct cc_case *c, const char *name, const char *is)
{
    const char *before = cc_kv_find(c->entry->arena, c->entry->before, name, 0, NULL);

    return strcmp(before ? before : "", is ? is : "") == 0;
}

static bool same_size(struct cc_case *c, const struct cloud_instance *i)
{
    const char *before = c->entry->before;

    return was(c, "instance_type", i->instance_type) && was(c, "family", i->family) &&
           cc_kv_number(before, "cpu") == i->cpu &&
           cc_kv_number(before, "memory_mb") == i->memory_mb &&
           cc_kv_number(before, "gpu") == i->gpu;
}

/* what was ordered, as far as the vendor's answer can be compared with it */
static bool is_ordered_size(struct cc_case *c, const struct cloud_instance *i)
{
    const char *params = c->entry->params,
               *type = cc_kv_find(c->entry->arena, params, "instance_type", 0, NULL);
    int64_t cpu = cc_kv_number(params, "cpu"), memory_gb = cc_kv_number(params, "memory_gb");

    return (!type || !i->instance_type || strcmp(type, i->instance_type) == 0) &&
           (!cpu || !i->cpu || cpu == i->cpu) &&
           (!memory_gb || !i->memory_mb || memory_gb * 1024 == i->memory_mb);
}

/* it is shown as it was */
static int judge_unchanged(struct cc_case *c, const struct cloud_instance *instance)
{
    struct cc_vendor_task work;
    int rc = cc_vendor_task_look(c, c->entry->task_id, &work, NULL);

    if (rc || work.state == CC_VENDOR_TASK_DONE)
        return rc ? rc : cc_case_applied(c);
    if (work.state == CC_VENDOR_TASK_OPEN)
        return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                               "the vendor says of its work %.64s: %.100s; resolve again when it "
                               "has ended",
                               work.id, work.says);
    if (work.state == CC_VENDOR_TASK_FAILED)
        return cc_case_verdict(c, CLOUD_JOURNAL_NOT_APPLIED,
                               "its work %.64s failed (%.64s), and nothing has changed", work.id,
                               work.says);
    if (!cloud_state_is_settled(instance->state))
        return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                               "the instance is \"%.60s\": resolve again when it has settled",
                               instance->vendor_state ? instance->vendor_state : "");
    if (!cc_case_in_time(c))
        return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                               "nothing has changed yet, which may still come: resolve again in %d "
                               "minutes",
                               15 + c->journal->lag_s / 60 + 1);
    return cc_case_verdict(c, CLOUD_JOURNAL_NOT_APPLIED,
                           "nothing has changed, and nothing can change by it any more");
}

/* the disk that was the instance's system disk, also where it is detached; size 0: not to be seen
 */
static int look_at_disk(struct cc_case *c, const struct cloud_instance *instance,
                        struct cloud_disk *ret_disk, struct cloud_result *ret_result,
                        struct cloud_error *err)
{
    const char *id = cc_kv_find(c->entry->arena, c->entry->before, "disk", 0, NULL);
    int rc;

    *ret_disk = instance->system_disk;
    if (!id || !*id || (ret_disk->id && strcmp(ret_disk->id, id) == 0))
        return CLOUD_OK;
    *ret_disk = (struct cloud_disk){ .id = id };
    rc = cloud_call(c->client, CLOUD_OP_DESCRIBE_DISKS, NULL, ret_result, err);
    for (size_t i = 0; !rc && i < ret_result->disk_count; i++) {
        if (strcmp(ret_result->disks[i].id, id) == 0)
            *ret_disk = ret_result->disks[i];
    }
    return rc;
}

/* JD Cloud detaches a system disk to extend it: an instance must not be left without */
static int attach_again(struct cc_case *c, const struct cloud_disk *disk, struct cloud_error *err)
{
    struct cc_send spend = { .journal = c->journal, .client = c->client, .entry = c->entry };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    cc_auto_buf struct cc_buf json = { 0 };
    struct cc_entry *entry = c->entry;
    const char *state = entry->state, *reason = entry->reason;
    int64_t sent_at = entry->sent_at, sent_by = entry->sent_by;
    int rc;

    cc_buf_printf(&json, "{\"instanceId\":\"%s\",\"diskId\":\"%s\",\"deviceName\":\"vda\"}",
                  entry->instance_id, disk->id);
    params.action = "attachDisk";
    params.parameters = cc_buf_text(&json);
    rc = cc_send_call(&spend, CLOUD_OP_INVOKE, &params, &result, err);
    cloud_result_clear(&result);
    entry->sent_at = sent_at;
    entry->sent_by = sent_by;
    if (rc)
        return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                               "disk %.80s is detached and could not be attached to %.80s again: "
                               "%.200s; attach it as vda, then resolve again",
                               disk->id, entry->instance_id, err->message);
    entry->state = state;
    entry->reason = reason;
    return CLOUD_OK;
}

static int judge_disk(struct cc_case *c, const struct cloud_instance *instance,
                      struct cloud_error *err)
{
    int64_t wanted = cc_kv_number(c->entry->params, "system_disk_gb"),
            before = cc_kv_number(c->entry->before, "disk_gb");
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_disk disk;
    int rc = look_at_disk(c, instance, &disk, &result, err);

    if (!rc && disk.size_gb == wanted)
        rc = cc_case_applied(c);
    else if (!rc && disk.size_gb == before)
        rc = judge_unchanged(c, instance);
    else if (!rc)
        rc = cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                             "the system disk has %d GB, neither what it had nor what was ordered: "
                             "look at the vendor's list of orders",
                             disk.size_gb);
    if (!rc && cc_entry_settled(c->entry) && disk.state == CLOUD_DISK_AVAILABLE &&
        !instance->system_disk.id)
        rc = attach_again(c, &disk, err);
    cloud_result_clear(&result);
    return rc;
}

static int judge_size(struct cc_case *c, const struct cloud_instance *instance)
{
    if (cc_kv_number(c->entry->before, "estimated") && !cc_case_in_time(c))
        return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                               "the change before it may not show yet: resolve again in %d minutes",
                               15 + c->journal->lag_s / 60 + 1);
    if (same_size(c, instance))
        return judge_unchanged(c, instance);
    if (is_ordered_size(c, instance))
        return cc_case_applied(c);
    return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                           "the instance has become neither what it was nor what was ordered: look "
                           "at the vendor's list of orders for who changed it");
}

int cc_judge_upgrade(struct cc_case *c, struct cloud_error *err)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    int rc = cc_case_instance(c, &result, err);

    if (rc == CLOUD_ENOTFOUND)
        rc = cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                             "the instance is gone: look at the vendor's list of orders");
    else if (!rc)
        rc = cc_kv_number(c->entry->params, "system_disk_gb")
                 ? judge_disk(c, &result.instances[0], err)
                 : judge_size(c, &result.instances[0]);
    cloud_result_clear(&result);
    return rc;
}
