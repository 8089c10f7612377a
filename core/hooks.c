/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What hooks of several providers need: checks of a dry run, filters, sizes, changes, an instance as its own task. Knows
 * no vendor; what only one of them needs stays in its folder.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/error.h"
#include "core/provider.h"

#define DISK_POLL_MS 1000

bool cc_mark(const char *token, char ret_mark[CC_MARK_MAX])
{
    char digest[65];

    if (!cc_sha256_hex(token, strlen(token), digest))
        return false;
    snprintf(ret_mark, CC_MARK_MAX, "op%.10s", digest);
    return true;
}

void *cc_hook_alloc(struct cc_hook *hook, size_t count, size_t size)
{
    void *memory = cc_arena_alloc(hook->arena, count * size + 1);

    if (!memory)
        cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
    return memory;
}

int cc_hook_check(struct cc_hook *hook, const char *name, enum cc_check_kind kind, int code, const char *format, ...)
{
    struct cloud_result *result = hook->result;
    struct cloud_check *checks = cc_hook_alloc(hook, result->check_count + 1, sizeof(*checks));
    char text[256];
    va_list args;

    if (!checks)
        return CLOUD_ENOMEM;
    if (result->check_count)
        memcpy(checks, result->checks, result->check_count * sizeof(*checks));
    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    checks[result->check_count] = (struct cloud_check){
        .name = name,
        .real = kind == CC_CHECK_REAL,
        .passed = kind != CC_CHECK_NONE && !code,
        .message = cc_arena_strdup(hook->arena, text),
    };
    result->checks = checks;
    result->check_count++;
    if (code && !hook->failed_check) {
        hook->failed_check = code;
        cc_fail(hook->err, code, "%s: %s", name, text);
    }
    return CLOUD_OK;
}

void cc_hook_filter(struct cc_hook *hook, const char *path, const char *name, const char *value)
{
    struct cc_node *filter = cc_tree_append(hook->tree, hook->root, path);

    if (!filter)
        return;
    cc_tree_set_text(hook->tree, filter, "name", name);
    cc_tree_append_text(hook->tree, filter, "values", value);
}

int cc_parse_instance_task(struct cc_hook *hook)
{
    struct cloud_task *task = &hook->result->task;
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_ENOTFOUND, "there is no instance %s", hook->params->instance_id);
    task->id = instance->id;
    task->vendor_state = instance->vendor_state;
    task->reason = instance->state_reason;
    if (instance->state == CLOUD_STATE_ERROR)
        task->state = CLOUD_TASK_FAILED;
    else if (instance->state != CLOUD_STATE_UNKNOWN)
        task->state = cloud_state_is_settled(instance->state) ? CLOUD_TASK_SUCCEEDED : CLOUD_TASK_RUNNING;
    return CLOUD_OK;
}

/* -------------------------------------------------------------------------------------------------------- sizes */

static bool same_family(const struct cloud_instance_type *type, const char *family)
{
    return !family || (type->family && !strcasecmp(type->family, family));
}

int cc_parse_keep_family(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    size_t kept = 0;

    for (size_t i = 0; i < result->type_count; i++) {
        if (same_family(&result->types[i], hook->params->family))
            result->types[kept++] = result->types[i];
    }
    result->type_count = kept;
    return CLOUD_OK;
}

bool cc_when_size_unnamed(const struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;

    return !p->instance_type && (p->family || p->cpu || p->memory_gb || p->gpu);
}

static bool fits(const struct cloud_instance_type *type, const struct cloud_params *p)
{
    return same_family(type, p->family) && (!p->cpu || type->cpu == p->cpu) &&
           (!p->memory_gb || type->memory_mb == p->memory_gb * 1024) && (!p->gpu || type->gpu == p->gpu);
}

int cc_parse_find_size(struct cc_hook *hook)
{
    struct cloud_params *p = hook->params;
    char names[256] = "";
    size_t found = 0;

    for (size_t i = 0; i < hook->result->type_count; i++) {
        const struct cloud_instance_type *type = &hook->result->types[i];

        if (!type->instance_type || !fits(type, p))
            continue;
        if (found++)
            snprintf(names + strlen(names), sizeof(names) - strlen(names), ", ");
        snprintf(names + strlen(names), sizeof(names) - strlen(names), "%.60s", type->instance_type);
        p->instance_type = type->instance_type;
    }
    if (!found)
        return cc_fail_param(hook->err, "instance_type",
                             "no size has family %s, cpu %d, memory_gb %d; `cloudctl types` lists the sizes",
                             p->family ? p->family : "(any)", p->cpu, p->memory_gb);
    if (found > 1)
        return cc_fail_param(hook->err, "instance_type", "%zu sizes fit: %.200s; name one with instance_type, or family, cpu and memory_gb",
                             found, names);
    hook->result->types = NULL;
    hook->result->type_count = 0;
    return CLOUD_OK;
}

/* ------------------------------------------------------------------------------------------------------ changes */

bool cc_when_disk_changes(const struct cc_hook *hook)
{
    return hook->params->system_disk_gb > 0;
}

bool cc_when_size_changes(const struct cc_hook *hook)
{
    return hook->params->instance_type || cc_when_size_unnamed(hook);
}

int cc_check_purchase(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;

    if (p->max_charge.currency[0] && p->public_mbps)
        return cc_fail_param(hook->err, "max_charge", "the price of a public address cannot be asked, so max_charge "
                                                      "cannot be held with public_mbps; leave one of them out");
    return CLOUD_OK;
}

int cc_check_change(struct cc_hook *hook)
{
    bool size = cc_when_size_changes(hook), disk = cc_when_disk_changes(hook);

    if (size && disk)
        return cc_fail_param(hook->err, "system_disk_gb", "change the size or the system disk, one at a time: each is a "
                                                          "charge of its own");
    if (size || disk)
        return CLOUD_OK;
    return cc_fail_param(hook->err, "system_disk_gb", "say what to change: the size (instance_type, or family, cpu and "
                                                      "memory_gb) or system_disk_gb; `cloudctl upgrade-options` lists both");
}

int cc_parse_need_prepaid(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_EPROTOCOL, "the answer has no instance");
    if (instance->charge_mode == CLOUD_CHARGE_PREPAID)
        return CLOUD_OK;
    return cc_fail(hook->err, CLOUD_ESTATE, "%s is charged as \"%s\": only a prepaid instance can be renewed",
                   instance->id, instance->vendor_charge_mode ? instance->vendor_charge_mode : "unknown");
}

int cc_parse_need_stopped(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_EPROTOCOL, "the answer has no instance");
    if (instance->state != CLOUD_STATE_STOPPED)
        return cc_fail(hook->err, CLOUD_ESTATE, "%s is %s: stop it first", instance->id, instance->vendor_state);
    return cc_hook_need_larger_disk(hook);
}

int cc_hook_need_larger_disk(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!cc_when_disk_changes(hook))
        return CLOUD_OK;
    if (!instance->system_disk.id)
        return cc_fail_param(hook->err, "system_disk_gb", "the system disk is local: its size is fixed");
    if (hook->params->system_disk_gb <= instance->system_disk.size_gb)
        return cc_fail_param(hook->err, "system_disk_gb", "the system disk has %d GB: it can only grow",
                             instance->system_disk.size_gb);
    return CLOUD_OK;
}

bool cc_hook_asked_for(const struct cc_hook *hook, const char *resource)
{
    return !hook->params->resource || !strcmp(hook->params->resource, resource);
}

int cc_hook_growth(struct cc_hook *hook, const struct cloud_disk *disk, int max_gb, int step_gb)
{
    int min_gb = (disk->size_gb / step_gb + 1) * step_gb;
    struct cloud_disk_range *range;

    if (!disk->size_gb || min_gb > max_gb || !cc_hook_asked_for(hook, "system_disk"))
        return CLOUD_OK;
    range = cc_hook_alloc(hook, 1, sizeof(*range));
    if (!range)
        return CLOUD_ENOMEM;
    *range = (struct cloud_disk_range){
        .type = disk->type, .role = "system", .min_gb = min_gb, .max_gb = max_gb, .step_gb = step_gb
    };
    hook->result->disk_ranges = range;
    hook->result->disk_range_count = 1;
    return CLOUD_OK;
}

int cc_hook_until_disk(struct cc_hook *hook, enum cloud_disk_state wanted)
{
    const struct cloud_disk *disk = &hook->result->disks[0];
    enum cloud_disk_state state = hook->result->disk_count ? disk->state : CLOUD_DISK_UNKNOWN;

    hook->result->disk_count = 0;
    if (state == CLOUD_DISK_ERROR)
        return cc_fail(hook->err, CLOUD_EFAILED, "disk %s is \"%s\"", disk->id, disk->vendor_state);
    if (state != wanted)
        hook->again_ms = DISK_POLL_MS;
    return CLOUD_OK;
}

/* --------------------------------------------------------------------------------------------- dry runs, prices */

bool cc_type_in_stock(const struct cloud_instance_type *type, const char *zone)
{
    for (size_t i = 0; i < type->zone_count; i++) {
        if (type->zones[i].id && !strcmp(type->zones[i].id, zone))
            return type->zones[i].stock == CLOUD_STOCK_AVAILABLE;
    }
    return false;
}

/* the vendor refused to tell: its own words are the check's */
static int check_refusal(struct cc_hook *hook, const char *name)
{
    char why[200];

    snprintf(why, sizeof(why), "%.199s", hook->err->message);
    return cc_hook_check(hook, name, CC_CHECK_REAL, hook->refused, "%s", why);
}

int cc_hook_check_stock(struct cc_hook *hook, const char *parameter, const char *size)
{
    const struct cloud_instance_type *type = hook->result->types;
    const char *zone = hook->params->zone;
    size_t found = hook->result->type_count;

    hook->result->type_count = 0;
    if (hook->refused)
        return check_refusal(hook, parameter);
    if (!found)
        return cc_hook_check(hook, parameter, CC_CHECK_REAL, CLOUD_EINVAL, "there is no size %s", size);
    if (!cc_type_in_stock(type, zone))
        return cc_hook_check(hook, parameter, CC_CHECK_REAL, CLOUD_ESOLDOUT, "%s is sold out in %s", size, zone);
    return cc_hook_check(hook, parameter, CC_CHECK_REAL, CLOUD_OK, "%s is in stock in %s", size, zone);
}

static const struct cloud_image *find_image(const struct cloud_result *result, const char *id)
{
    for (size_t i = 0; i < result->image_count; i++) {
        const struct cloud_image *image = &result->images[i];

        if (!strcmp(image->id, id) || (image->name && !strcmp(image->name, id)))
            return image;
    }
    return NULL;
}

int cc_parse_check_image(struct cc_hook *hook)
{
    const char *id = hook->params->image_id;
    const struct cloud_image *image = hook->refused ? NULL : find_image(hook->result, id);
    int gb = hook->params->system_disk_gb;

    hook->result->image_count = 0;
    if (hook->refused && hook->refused != CLOUD_ENOTFOUND && hook->refused != CLOUD_EINVAL)
        return check_refusal(hook, "image_id");
    if (!image)
        return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_ENOTFOUND, "there is no image %s", id);
    if (image->state != CLOUD_IMAGE_AVAILABLE)
        return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_ESTATE, "image %s is %s", id, image->vendor_state);
    if (gb && gb < image->min_disk_gb)
        return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_EINVAL, "image %s needs a system disk of %d GB", id,
                             image->min_disk_gb);
    return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_OK, "image %s can be installed", id);
}

int cc_hook_check_price(struct cc_hook *hook)
{
    char total[CLOUD_MONEY_MAX];
    int rc;

    if (hook->refused)
        rc = check_refusal(hook, "price");
    else
        rc = cc_hook_check(hook, "price", CC_CHECK_REAL, CLOUD_OK, "it costs %s",
                           cloud_money_format(hook->result->price.total, total));
    return rc ? rc : cc_hook_check(hook, "balance", CC_CHECK_NONE, CLOUD_OK, "whether the account can pay shows when buying");
}

int cc_hook_price(struct cc_hook *hook, struct cloud_period period, const char *covers)
{
    hook->result->price.period = period;
    hook->result->price.source = CLOUD_PRICE_VENDOR;
    hook->result->price.covers = covers;
    return CLOUD_OK;
}
