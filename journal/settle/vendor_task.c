/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the state of an order (JD Cloud), an event (ECS) or a task (CCS) of the vendor. Keeps the
 * orders of a renewal, one a product, in the kv text of its entry.
 */
#include "journal/journal.h"

#include <stdio.h>

static enum cc_vendor_task_state task_state(const struct cloud_task *task)
{
    switch (task->state) {
    case CLOUD_TASK_PENDING:
    case CLOUD_TASK_RUNNING: return CC_VENDOR_TASK_OPEN;
    case CLOUD_TASK_SUCCEEDED: return CC_VENDOR_TASK_DONE;
    case CLOUD_TASK_FAILED: return CC_VENDOR_TASK_FAILED;
    default: return CC_VENDOR_TASK_UNKNOWN;
    }
}

static const char *join_ids(struct cc_arena *arena, const struct cloud_task *task)
{
    cc_auto_buf struct cc_buf ids = { 0 };

    for (size_t i = 0; i < task->resource_id_count; i++) {
        if (*task->resource_ids[i])
            cc_buf_puts_all(&ids, ids.len ? "," : "", task->resource_ids[i], NULL);
    }
    return ids.failed ? NULL : cc_arena_strdup(arena, cc_buf_text(&ids));
}

int cc_vendor_task_read(struct cc_settlement *s, const char *id, struct cc_vendor_task *ret,
                        struct cloud_error *err)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cc_arena *arena = s->entry->arena;
    struct cloud_error why;
    int rc;

    *ret = (struct cc_vendor_task){ .id = id ? id : "", .vendor_state = "", .ids = "" };
    if (!*ret->id)
        return CLOUD_OK;
    params.task_id = id;
    rc = cloud_call(s->client, CLOUD_OP_DESCRIBE_TASK, &params, &result, &why);
    ret->state = rc ? CC_VENDOR_TASK_UNKNOWN : task_state(&result.task);
    ret->vendor_state = cc_arena_strdup(arena, rc                         ? why.message
                                               : result.task.vendor_state ? result.task.vendor_state
                                                                          : "");
    if (!rc)
        ret->ids = join_ids(arena, &result.task);
    cloud_result_clear(&result);
    return ret->vendor_state && ret->ids ? CLOUD_OK : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

/* the products of a renewal in JD Cloud's renewal service, in the sequence of their orders */
static const char *const products[] = { CC_VM, CC_DISK, NULL };

static void kv_name(const char *product, char ret_name[32])
{
    snprintf(ret_name, 32, "order:%s", product);
}

const char *cc_order_last(struct cc_entry *entry, const char *product)
{
    const char *found, *last = "";
    char name[32];

    kv_name(product, name);
    for (size_t n = 0; (found = cc_kv_find(entry->arena, entry->before, name, n, NULL)); n++)
        last = found;
    return last;
}

int cc_order_add(struct cc_entry *entry, const char *product, const char *number,
                 struct cloud_error *err)
{
    cc_auto_buf struct cc_buf kv = { 0 }, list = { 0 };
    char name[32];

    if (strcmp(cc_order_last(entry, product), number) == 0)
        return CLOUD_OK;
    kv_name(product, name);
    cc_buf_puts(&kv, entry->before);
    cc_kv_add(&kv, name, number);
    cc_buf_puts_all(&list, entry->order_id, *entry->order_id && *number ? "," : "", number, NULL);
    if (kv.failed || list.failed || !cc_entry_text(entry, &entry->before, cc_buf_text(&kv)) ||
        !cc_entry_text(entry, &entry->order_id, cc_buf_text(&list)))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return CLOUD_OK;
}

int cc_orders_add(struct cc_entry *entry, const char *numbers, struct cloud_error *err)
{
    int rc = CLOUD_OK;

    for (size_t i = 0; !rc && numbers && *numbers && products[i]; i++) {
        size_t len = strcspn(numbers, ",");
        const char *number = cc_arena_strndup(entry->arena, numbers, len);

        rc = number ? cc_order_add(entry, products[i], number, err)
                    : cc_fail(err, CLOUD_ENOMEM, "out of memory");
        numbers += len + (numbers[len] == ',');
    }
    return rc;
}
