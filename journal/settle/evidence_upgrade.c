/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides whether an upgrade was applied: compares the size of the instance with the
 * observation before sending. No other operation of this journal changed the instance in between.
 * An upgrade that was applied in part is completed.
 */
#include "journal/journal.h"

#include <stdio.h>

static bool is_as_before(struct cc_settlement *s, const char *name, const char *is)
{
    const char *before = cc_kv_find(s->entry->arena, s->entry->before, name, 0, NULL);

    return strcmp(before ? before : "", is ? is : "") == 0;
}

static bool has_size_before(struct cc_settlement *s, const struct cloud_instance *i)
{
    const char *before = s->entry->before;

    return is_as_before(s, "instance_type", i->instance_type) &&
           is_as_before(s, "family", i->family) && cc_kv_number(before, "cpu") == i->cpu &&
           cc_kv_number(before, "memory_mb") == i->memory_mb &&
           cc_kv_number(before, "gpu") == i->gpu;
}

/* whether the size is the ordered one, in the members that the vendor reports */
static bool has_ordered_size(struct cc_settlement *s, const struct cloud_instance *i)
{
    const char *params = s->entry->params,
               *type = cc_kv_find(s->entry->arena, params, "instance_type", 0, NULL);
    int64_t cpu = cc_kv_number(params, "cpu"), memory_gb = cc_kv_number(params, "memory_gb");

    return (!type || !i->instance_type || strcmp(type, i->instance_type) == 0) &&
           (!cpu || !i->cpu || cpu == i->cpu) &&
           (!memory_gb || !i->memory_mb || memory_gb * 1024 == i->memory_mb);
}

/* decides about an instance that is as before */
static int decide_unchanged(struct cc_settlement *s, const struct cloud_instance *instance)
{
    struct cc_vendor_task task;
    int rc = cc_vendor_task_read(s, s->entry->task_id, &task, NULL);

    if (rc || task.state == CC_VENDOR_TASK_DONE)
        return rc ? rc : cc_settlement_applied(s);
    if (task.state == CC_VENDOR_TASK_OPEN)
        return cc_settlement_decide(
            s, CLOUD_JOURNAL_UNKNOWN,
            "task %.64s of the vendor is %.100s: resolve again when it has ended", task.id,
            task.vendor_state);
    if (task.state == CC_VENDOR_TASK_FAILED)
        return cc_settlement_decide(s, CLOUD_JOURNAL_NOT_APPLIED,
                                    "task %.64s failed (%.64s), and nothing has changed", task.id,
                                    task.vendor_state);
    if (!cloud_state_is_settled(instance->state))
        return cc_settlement_decide(
            s, CLOUD_JOURNAL_UNKNOWN,
            "the instance is \"%.60s\": resolve again when that state has ended",
            instance->vendor_state ? instance->vendor_state : "");
    if (!cc_absence_is_evidence(s))
        return cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN,
                                    "nothing has changed yet: resolve again in %d minutes",
                                    cc_settlement_wait_minutes(s));
    return cc_settlement_decide(
        s, CLOUD_JOURNAL_NOT_APPLIED,
        "nothing has changed, and the request cannot change anything any more");
}

/* reads the disk that was the system disk, also when it is detached; size 0: it is not visible */
static int read_system_disk(struct cc_settlement *s, const struct cloud_instance *instance,
                            struct cloud_disk *ret_disk, struct cloud_result *ret_result,
                            struct cloud_error *err)
{
    const char *id = cc_kv_find(s->entry->arena, s->entry->before, "disk", 0, NULL);
    int rc;

    *ret_disk = instance->system_disk;
    if (!id || !*id || (ret_disk->id && strcmp(ret_disk->id, id) == 0))
        return CLOUD_OK;
    *ret_disk = (struct cloud_disk){ .id = id };
    rc = cloud_call(s->client, CLOUD_OP_DESCRIBE_DISKS, NULL, ret_result, err);
    for (size_t i = 0; !rc && i < ret_result->disk_count; i++) {
        if (strcmp(ret_result->disks[i].id, id) == 0)
            *ret_disk = ret_result->disks[i];
    }
    return rc;
}

/* Extending a system disk of JD Cloud needs it to be detached. It must not stay detached. */
static int attach_again(struct cc_settlement *s, const struct cloud_disk *disk,
                        struct cloud_error *err)
{
    struct cc_send send = { .journal = s->journal, .client = s->client, .entry = s->entry };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    cc_auto_buf struct cc_buf json = { 0 };
    struct cc_entry *entry = s->entry;
    const char *state = entry->state, *reason = entry->reason;
    int64_t sent_at = entry->sent_at, sent_by = entry->sent_by;
    int rc;

    cc_buf_printf(&json, "{\"instanceId\":\"%s\",\"diskId\":\"%s\",\"deviceName\":\"vda\"}",
                  entry->instance_id, disk->id);
    params.action = "attachDisk";
    params.parameters = cc_buf_text(&json);
    rc = cc_send_call(&send, CLOUD_OP_INVOKE, &params, &result, err);
    cloud_result_clear(&result);
    entry->sent_at = sent_at;
    entry->sent_by = sent_by;
    if (rc)
        return cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN,
                                    "disk %.80s is detached and could not be attached to %.80s "
                                    "again: %.200s; attach it as vda, then resolve again",
                                    disk->id, entry->instance_id, err->message);
    entry->state = state;
    entry->reason = reason;
    return CLOUD_OK;
}

static int settle_disk(struct cc_settlement *s, const struct cloud_instance *instance,
                       struct cloud_error *err)
{
    int64_t ordered = cc_kv_number(s->entry->params, "system_disk_gb"),
            before = cc_kv_number(s->entry->before, "disk_gb");
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_disk disk;
    int rc = read_system_disk(s, instance, &disk, &result, err);

    if (!rc && disk.size_gb == ordered)
        rc = cc_settlement_applied(s);
    else if (!rc && disk.size_gb == before)
        rc = decide_unchanged(s, instance);
    else if (!rc)
        rc = cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN,
                                  "the system disk has %d GB, neither the size before nor the "
                                  "ordered size: look at the vendor's list of orders",
                                  disk.size_gb);
    if (!rc && cc_entry_settled(s->entry) && disk.state == CLOUD_DISK_AVAILABLE &&
        !instance->system_disk.id)
        rc = attach_again(s, &disk, err);
    cloud_result_clear(&result);
    return rc;
}

static int settle_size(struct cc_settlement *s, const struct cloud_instance *instance)
{
    if (cc_kv_number(s->entry->before, "estimated") && !cc_absence_is_evidence(s))
        return cc_settlement_decide(
            s, CLOUD_JOURNAL_UNKNOWN,
            "the vendor may not show the previous change yet: resolve again in %d minutes",
            cc_settlement_wait_minutes(s));
    if (has_size_before(s, instance))
        return decide_unchanged(s, instance);
    if (has_ordered_size(s, instance))
        return cc_settlement_applied(s);
    return cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN,
                                "the instance has neither the size before nor the ordered size: "
                                "look at the vendor's list of orders for another change");
}

int cc_settle_upgrade(struct cc_settlement *s, struct cloud_error *err)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    int rc = cc_settlement_instance(s, &result, err);

    if (rc == CLOUD_ENOTFOUND)
        rc = cc_settlement_decide(
            s, CLOUD_JOURNAL_UNKNOWN,
            "the instance does not exist any more: look at the vendor's list of orders");
    else if (!rc)
        rc = cc_kv_number(s->entry->params, "system_disk_gb")
                 ? settle_disk(s, &result.instances[0], err)
                 : settle_size(s, &result.instances[0]);
    cloud_result_clear(&result);
    return rc;
}
