/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What hooks of several providers need: checks of a dry run, filters, sizes, an instance as its own
 * task. Knows no vendor; what only one of them needs stays in its folder, what a change needs is in
 * changes.c.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "core/base/error.h"
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

    _Static_assert(CLOUD_MARK_MAX == CC_MARK_MAX, "one mark");
    if (cc_token(operation_key, token) && cc_mark(token, ret_mark))
        return CLOUD_OK;
    return cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

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

static bool names(const struct cc_value *list, const char *text)
{
    struct cc_iter iter = { .container = list };
    const struct cc_value *element;

    while ((element = cc_iter_next(&iter, NULL))) {
        if (cc_value_text(element) && !strcmp(cc_value_text(element), text))
            return true;
    }
    return false;
}

int cc_hook_keep_types(struct cc_hook *hook, const struct cc_value *list, bool named)
{
    struct cloud_result *result = hook->result;
    size_t kept = 0;

    for (size_t i = 0; i < result->type_count; i++) {
        if (names(list, result->types[i].instance_type) == named)
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

const struct cc_value *cc_hook_seek(const struct cc_value *value, const char *name,
                                    const char *text)
{
    const char *own =
        cc_value_kind(value) == CC_JSON_OBJECT ? cc_value_text(cc_value_find(value, name)) : NULL;
    const struct cc_value *inside, *found = own && !strcmp(own, text) ? value : NULL;
    struct cc_iter iter = { .container = value };

    while (!found && (inside = cc_iter_next(&iter, NULL)))
        found = cc_hook_seek(inside, name, text);
    return found;
}

int cc_parse_regions(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;

    result->regions = hook->provider->regions;
    while (result->regions && result->regions[result->region_count].id)
        result->region_count++;
    return CLOUD_OK;
}

bool cc_when_instance(const struct cc_hook *hook)
{
    return hook->params->instance_id && !hook->params->task_id;
}

bool cc_when_no_instance(const struct cc_hook *hook)
{
    return !hook->params->instance_id;
}

bool cc_when_family(const struct cc_hook *hook)
{
    return hook->params->family;
}

bool cc_when_no_family(const struct cc_hook *hook)
{
    return !hook->params->family;
}

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
    const struct cloud_error told = *hook->err;
    int rc = cc_hook_check(hook, name, CC_CHECK_REAL, hook->refused, "%.199s", told.message);

    hook->err->http_status = told.http_status;
    CC_ERROR_SET(hook->err->vendor_code, told.vendor_code);
    CC_ERROR_SET(hook->err->request_id, told.request_id);
    return rc;
}

static int check_stock(struct cc_hook *hook, const char *parameter, const char *size)
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

int cc_parse_check_type(struct cc_hook *hook)
{
    return check_stock(hook, "instance_type", hook->params->instance_type);
}

int cc_parse_types_here(struct cc_hook *hook)
{
    const char *zone =
        cc_arena_strdup(hook->arena, hook->params->zone); /* it may be the caller's */

    for (size_t i = 0; i < hook->result->type_count; i++) {
        for (size_t k = 0; k < hook->result->types[i].zone_count; k++)
            hook->result->types[i].zones[k].id = zone;
    }
    return CLOUD_OK;
}

int cc_parse_check_size(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    struct cloud_result *result = hook->result;
    char size[200];
    size_t kept = 0;

    for (size_t i = 0; i < result->type_count; i++) {
        if (fits(&result->types[i], p) && result->types[i].gpu == p->gpu)
            result->types[kept++] = result->types[i];
    }
    result->type_count = kept;
    snprintf(size, sizeof(size), "%.100s with %d cores, %d GB%s", p->family, p->cpu, p->memory_gb,
             p->gpu ? " and GPU" : "");
    cc_parse_types_here(hook);
    return check_stock(hook, "family", size);
}

int cc_parse_keep_source(struct cc_hook *hook)
{
    const char *source = hook->params->image_source;
    struct cloud_result *result = hook->result;
    size_t kept = 0;

    for (size_t i = 0; i < result->image_count; i++) {
        if (!source || (result->images[i].source && !strcasecmp(result->images[i].source, source)))
            result->images[kept++] = result->images[i];
    }
    result->image_count = kept;
    return CLOUD_OK;
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

static bool holds_image(const struct cloud_result *result, const char *id)
{
    for (size_t i = 0; i < result->image_count; i++) {
        if (!strcmp(result->images[i].id, id))
            return true;
    }
    return false;
}

int cc_parse_keep_image(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    const char *id = hook->params->image_id;
    size_t count = result->image_count;

    result->image_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct cloud_image *image = &result->images[i];
        bool wanted = !id || !strcmp(image->id, id) || (image->name && !strcmp(image->name, id));

        if (wanted && !holds_image(result, image->id))
            result->images[result->image_count++] = *image;
    }
    return CLOUD_OK;
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

int cc_hook_check_quota(struct cc_hook *hook, const char *limit, const char *used)
{
    int wanted = hook->params->count ? hook->params->count : 1, left;

    if (hook->refused || !limit || !used)
        return cc_hook_check(hook, "quota", CC_CHECK_NONE, CLOUD_OK,
                             "the quota of instances could not be learned");
    left = atoi(limit) - atoi(used);
    return cc_hook_check(hook, "quota", CC_CHECK_REAL, left >= wanted ? CLOUD_OK : CLOUD_EQUOTA,
                         "%d more instances are allowed, %d wanted", left > 0 ? left : 0, wanted);
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

int cc_parse_price_renew(struct cc_hook *hook)
{
    cc_hook_price(hook, hook->params->period,
                  "an estimate: what the same size with the same disks costs when bought anew; "
                  "discounts of the order are not known");
    return cc_parse_note_assumed(hook);
}

int cc_parse_check_price(struct cc_hook *hook)
{
    return cc_hook_check_price(hook, "whether the network has free addresses shows when buying");
}
