/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hooks that several providers use: checks of a dry run, filters, sizes, prices, an instance as its
 * own task. They know no vendor. A hook that only one vendor uses is in the vendor's folder; hooks
 * for changes are in changes.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/error.h"
#include "core/hooks/hooks.h"
#include "core/model/provider.h"

bool cc_token(const char *operation_key, char ret_token[CC_TOKEN_MAX])
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";

    if (strlen(operation_key) >= CC_TOKEN_MAX || operation_key[strspn(operation_key, plain)])
        return cc_sha256_hex(operation_key, strlen(operation_key), ret_token);
    strcpy(ret_token, operation_key);
    return true;
}

int cloud_operation_mark(const char *operation_key, char ret_mark[CLOUD_MARK_MAX],
                         struct cloud_error *err)
{
    char token[CC_TOKEN_MAX];

    if (cc_token(operation_key, token) && cc_mark(token, ret_mark))
        return CLOUD_OK;
    return cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

bool cc_mark(const char *token, char ret_mark[CLOUD_MARK_MAX])
{
    char digest[65];

    if (!cc_sha256_hex(token, strlen(token), digest))
        return false;
    snprintf(ret_mark, CLOUD_MARK_MAX, "op%.10s", digest);
    return true;
}

void *cc_hook_alloc(struct cc_hook *hook, size_t count, size_t size)
{
    void *memory = cc_arena_alloc(hook->arena, count * size + 1);

    if (!memory)
        cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
    return memory;
}

int cc_hook_check(struct cc_hook *hook, const char *name, enum cc_check_kind kind, int code,
                  const char *format, ...)
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
    if (!checks[result->check_count].message)
        return cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
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
        return cc_fail(hook->err, CLOUD_ENOTFOUND, "there is no instance %s",
                       hook->params->instance_id);
    task->id = instance->id;
    task->vendor_state = instance->vendor_state;
    task->reason = instance->state_reason;
    if (instance->state == CLOUD_STATE_ERROR)
        task->state = CLOUD_TASK_FAILED;
    else if (instance->state != CLOUD_STATE_UNKNOWN)
        task->state =
            cloud_state_is_settled(instance->state) ? CLOUD_TASK_SUCCEEDED : CLOUD_TASK_RUNNING;
    return CLOUD_OK;
}

static bool same_family(const struct cloud_instance_type *type, const char *family)
{
    return !family || (type->family && !strcasecmp(type->family, family));
}

bool cc_when_size_unnamed(const struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;

    return !p->instance_type && (p->family || p->cpu || p->memory_gb || p->gpu);
}

static bool fits(const struct cloud_instance_type *type, const struct cloud_params *p)
{
    return same_family(type, p->family) && (!p->cpu || type->cpu == p->cpu) &&
           (!p->memory_gb || type->memory_mb == p->memory_gb * 1024) &&
           (!p->gpu || type->gpu == p->gpu);
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
        snprintf(names + strlen(names), sizeof(names) - strlen(names), "%.60s",
                 type->instance_type);
        p->instance_type = type->instance_type;
    }
    if (!found)
        return cc_fail_param(
            hook->err, "instance_type",
            "no size has family %s, cpu %d, memory_gb %d; `cloudctl types` lists the sizes",
            p->family ? p->family : "(any)", p->cpu, p->memory_gb);
    if (found > 1)
        return cc_fail_param(
            hook->err, "instance_type",
            "%zu sizes fit: %.200s; name one with instance_type, or family, cpu and memory_gb",
            found, names);
    hook->result->types = NULL;
    hook->result->type_count = 0;
    return CLOUD_OK;
}

int cc_parse_regions(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;

    result->regions = hook->provider->regions;
    while (result->regions && result->regions[result->region_count].id)
        result->region_count++;
    return CLOUD_OK;
}

bool cc_type_in_stock(const struct cloud_instance_type *type, const char *zone)
{
    for (size_t i = 0; i < type->zone_count; i++) {
        if (type->zones[i].id && !strcmp(type->zones[i].id, zone))
            return type->zones[i].stock == CLOUD_STOCK_AVAILABLE;
    }
    return false;
}

/* the vendor refused the request: its message is the check's */
static int check_refusal(struct cc_hook *hook, const char *name)
{
    const struct cloud_error refusal = *hook->err;
    int rc = cc_hook_check(hook, name, CC_CHECK_REAL, hook->refused, "%.199s", refusal.message);

    hook->err->http_status = refusal.http_status;
    CC_ERROR_SET(hook->err->vendor_code, refusal.vendor_code);
    CC_ERROR_SET(hook->err->request_id, refusal.request_id);
    return rc;
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
        return cc_hook_check(hook, parameter, CC_CHECK_REAL, CLOUD_EINVAL, "there is no size %s",
                             size);
    if (!cc_type_in_stock(type, zone))
        return cc_hook_check(hook, parameter, CC_CHECK_REAL, CLOUD_ESOLDOUT, "%s is sold out in %s",
                             size, zone);
    return cc_hook_check(hook, parameter, CC_CHECK_REAL, CLOUD_OK, "%s is in stock in %s", size,
                         zone);
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

int cc_parse_check_order(struct cc_hook *hook)
{
    int rc;

    hook->result->task_id = NULL; /* there is nothing to follow */
    rc = hook->refused ? check_refusal(hook, "order")
                       : cc_hook_check(hook, "order", CC_CHECK_REAL, CLOUD_OK,
                                       "the vendor's dry run takes the order");
    return rc ? rc
              : cc_hook_check(hook, "balance", CC_CHECK_NONE, CLOUD_OK,
                              "whether balance and stock were looked at is not documented: they "
                              "show when buying");
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
        return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_ENOTFOUND,
                             "there is no image %s", id);
    if (image->state != CLOUD_IMAGE_AVAILABLE)
        return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_ESTATE, "image %s is %s", id,
                             image->vendor_state);
    if (gb && gb < image->min_disk_gb)
        return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_EINVAL,
                             "image %s needs a system disk of %d GB", id, image->min_disk_gb);
    return cc_hook_check(hook, "image_id", CC_CHECK_REAL, CLOUD_OK, "image %s can be installed",
                         id);
}

int cc_hook_check_price(struct cc_hook *hook, const char *network)
{
    char total[CLOUD_MONEY_MAX];
    int rc;

    if (hook->refused)
        rc = check_refusal(hook, "price");
    else
        rc = cc_hook_check(hook, "price", CC_CHECK_REAL, CLOUD_OK, "it costs %s",
                           cloud_money_format(hook->result->price.total, total));
    if (!hook->refused)
        cc_parse_price_new(hook);
    rc = rc ? rc
            : cc_hook_check(hook, "balance", CC_CHECK_NONE, CLOUD_OK,
                            "whether the account can pay shows when buying");
    return rc ? rc : cc_hook_check(hook, "subnet_id", CC_CHECK_NONE, CLOUD_OK, "%s", network);
}

int cc_hook_price(struct cc_hook *hook, struct cloud_period period, const char *covers)
{
    hook->result->price.period = period;
    hook->result->price.source = CLOUD_PRICE_VENDOR;
    hook->result->price.covers = covers;
    return CLOUD_OK;
}

int cc_parse_price_new(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    struct cloud_period period = hook->result->price.period;

    period.count = period.unit ? 1 : 0; /* on demand: one of the unit that the vendor named */
    if (p->to_month_end == CLOUD_YES)
        return cc_hook_price(hook, (struct cloud_period){ 0 },
                             "instance, system disk, data disks, to the end of the month and "
                             "for the rest of the period behind it; not a public address");
    if (p->charge_mode == CLOUD_CHARGE_PREPAID)
        period = p->period;
    return cc_hook_price(
        hook, period,
        period.unit ? "instance, system disk, data disks; not a public address"
                    : "instance, system disk, data disks, on demand: for how long, the vendor "
                      "does not say; not a public address");
}
