/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What hooks of several providers need for changes of an instance: what was asked for, what is
 * allowed, what it can become and what that costs. Knows no vendor.
 */
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "core/base/error.h"
#include "core/pricing/price_book.h"
#include "core/model/provider.h"

#define DISK_POLL_MS 1000

bool cc_when_disk_changes(const struct cc_hook *hook)
{
    return hook->params->system_disk_gb > 0;
}

bool cc_when_size_changes(const struct cc_hook *hook)
{
    return hook->params->instance_type || cc_when_size_unnamed(hook);
}

int cc_check_change(struct cc_hook *hook)
{
    bool size = cc_when_size_changes(hook), disk = cc_when_disk_changes(hook);

    if (size && disk)
        return cc_fail_param(hook->err, "system_disk_gb",
                             "change the size or the system disk, one at a time: each is a "
                             "charge of its own");
    if (size || disk)
        return CLOUD_OK;
    return cc_fail_param(hook->err, "system_disk_gb",
                         "say what to change: the size (instance_type, or family, cpu and "
                         "memory_gb) or system_disk_gb; `cloudctl upgrade-options` lists both");
}

int cc_parse_need_prepaid(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_EPROTOCOL, "the answer has no instance");
    if (instance->charge_mode == CLOUD_CHARGE_PREPAID)
        return CLOUD_OK;
    return cc_fail(hook->err, CLOUD_ESTATE,
                   "%s is charged as \"%s\": only a prepaid instance can be renewed", instance->id,
                   instance->vendor_charge_mode ? instance->vendor_charge_mode : "unknown");
}

int cc_parse_need_stopped(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_EPROTOCOL, "the answer has no instance");
    if (instance->state != CLOUD_STATE_STOPPED)
        return cc_fail(hook->err, CLOUD_ESTATE, "%s is %s: stop it first", instance->id,
                       instance->vendor_state);
    return cc_hook_need_larger_disk(hook);
}

int cc_hook_need_larger_disk(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!cc_when_disk_changes(hook))
        return CLOUD_OK;
    if (instance->system_disk.type && !strcasecmp(instance->system_disk.type, "local"))
        return cc_fail_param(hook->err, "system_disk_gb",
                             "the system disk is local: its size is fixed");
    if (hook->params->system_disk_gb <= instance->system_disk.size_gb)
        return cc_fail_param(hook->err, "system_disk_gb",
                             "the system disk has %d GB: it can only grow",
                             instance->system_disk.size_gb);
    return CLOUD_OK;
}

bool cc_hook_asked_for(const struct cc_hook *hook, const char *resource)
{
    return !hook->params->resource || !strcmp(hook->params->resource, resource);
}

bool cc_when_sizes_wanted(const struct cc_hook *hook)
{
    return cc_hook_asked_for(hook, "instance_type");
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

bool cc_when_disk_wanted(const struct cc_hook *hook)
{
    return cc_hook_asked_for(hook, "system_disk");
}

static bool is_own(const struct cloud_instance *instance, const struct cloud_instance_type *type)
{
    if (type->instance_type)
        return instance->instance_type && !strcmp(instance->instance_type, type->instance_type);
    return instance->family && type->family && !strcasecmp(instance->family, type->family) &&
           instance->cpu == type->cpu && instance->memory_mb == type->memory_mb &&
           instance->gpu == type->gpu;
}

void cc_hook_keep_targets(struct cc_hook *hook, cc_target_fn may_become)
{
    struct cloud_result *result = hook->result;
    const struct cloud_instance *instance = &result->instances[0];
    struct cloud_instance_type own = { 0 };
    size_t count = cc_when_sizes_wanted(hook) ? result->type_count : 0, kept = 0;

    for (size_t i = 0; i < count; i++)
        own = is_own(instance, &result->types[i]) ? result->types[i] : own;
    for (size_t i = 0; i < count; i++) {
        if (!is_own(instance, &result->types[i]) && may_become(instance, &own, &result->types[i]))
            result->types[kept++] = result->types[i];
    }
    result->type_count = kept;
}

bool cc_when_targets(const struct cc_hook *hook)
{
    return hook->result->type_count && hook->result->instances[0].image_id;
}

/* free GB of a disk type among the ranges found; -1: not told */
static int free_gb(const struct cc_hook *hook, const char *type)
{
    for (size_t i = 0; !hook->refused && i < hook->result->disk_range_count; i++) {
        const struct cloud_disk_range *range = &hook->result->disk_ranges[i];

        if (range->type && type && !strcasecmp(range->type, type))
            return range->max_gb;
    }
    return -1;
}

int cc_hook_growth_within(struct cc_hook *hook, int step_gb)
{
    const struct cloud_disk *disk = &hook->result->instances[0].system_disk;
    int left = free_gb(hook, disk->type);

    hook->result->disk_range_count = 0;
    return left < 0 || left > INT_MAX - disk->size_gb
               ? CLOUD_OK
               : cc_hook_growth(hook, disk, disk->size_gb + left, step_gb);
}

int cc_hook_check_disk_quota(struct cc_hook *hook, const char *usual)
{
    const struct cloud_params *p = hook->params;
    bool other = p->system_disk_type && strcasecmp(p->system_disk_type, usual);
    long wanted = other ? 0 : p->system_disk_gb;
    int left = free_gb(hook, usual);

    hook->result->disk_range_count = 0;
    for (size_t i = 0; i < p->data_disk_count; i++)
        wanted += p->data_disks[i].type && strcasecmp(p->data_disks[i].type, usual)
                      ? 0
                      : p->data_disks[i].size_gb;
    wanted *= p->count ? p->count : 1;
    if (left < 0)
        return cc_hook_check(hook, "disk_quota", CC_CHECK_NONE, CLOUD_OK,
                             "the quota of disks could not be learned");
    return cc_hook_check(hook, "disk_quota", CC_CHECK_REAL,
                         wanted <= left ? CLOUD_OK : CLOUD_EQUOTA,
                         "%d GB of %s disks are allowed, %ld wanted", left, usual, wanted);
}

static int until_disk(struct cc_hook *hook, enum cloud_disk_state wanted)
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

int cc_parse_until_available(struct cc_hook *hook)
{
    return until_disk(hook, CLOUD_DISK_AVAILABLE);
}

int cc_parse_until_in_use(struct cc_hook *hook)
{
    return until_disk(hook, CLOUD_DISK_IN_USE);
}

/* what of a shape gets smaller; NULL: nothing */
static const char *smaller(const struct cloud_instance *instance, const struct cloud_params *p)
{
    if (p->cpu < instance->cpu)
        return "cpu";
    if (p->memory_gb < instance->memory_mb / 1024)
        return "memory_gb";
    return p->gpu < instance->gpu ? "gpu" : NULL;
}

int cc_hook_need_larger_size(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    const struct cloud_params *p = hook->params;
    const char *what = smaller(instance, p);

    if (what && instance->charge_mode == CLOUD_CHARGE_PREPAID)
        return cc_fail_param(hook->err, what,
                             "%s is prepaid: it can only grow, and %s would get smaller",
                             instance->id, what);
    if (p->cpu == instance->cpu && p->memory_gb == instance->memory_mb / 1024 &&
        p->gpu == instance->gpu && (!instance->family || !strcasecmp(p->family, instance->family)))
        return cc_fail_param(hook->err, "cpu", "%s has that size already", instance->id);
    return CLOUD_OK;
}

int cc_parse_families(struct cc_hook *hook)
{
    struct cc_families *families = hook->scratch;
    struct cloud_result *result = hook->result;

    for (size_t i = 0; i < result->type_count; i++) {
        bool known = !result->types[i].family;

        for (size_t k = 0; !known && k < families->count; k++)
            known = !strcasecmp(result->types[k].family, result->types[i].family);
        if (!known)
            result->types[families->count++] = result->types[i];
    }
    result->type_count = families->count;
    if (families->count)
        hook->params->family = result->types[0].family;
    return CLOUD_OK;
}

bool cc_when_families(const struct cc_hook *hook)
{
    const struct cc_families *families = hook->scratch;

    return families->asked < families->count;
}

int cc_parse_next_family(struct cc_hook *hook)
{
    struct cc_families *families = hook->scratch;
    struct cloud_result *result = hook->result;
    const char *name;

    /* one of several that this account may not have, or that is listed and not known, is left out
     */
    if (hook->refused &&
        ((hook->refused != CLOUD_EDENIED && hook->refused != CLOUD_EINVAL) || !families->count))
        return hook->refused;
    name = cc_arena_strdup(hook->arena, hook->params->family); /* it may be the caller's */
    for (size_t i = families->count; i < result->type_count; i++)
        result->types[i].family = result->types[i].family ? result->types[i].family : name;
    if (++families->asked < families->count) {
        hook->params->family = result->types[families->asked].family;
        hook->again_ms = 0;
        return CLOUD_OK;
    }
    result->types += families->count;
    result->type_count -= families->count;
    return CLOUD_OK;
}

bool cc_when_change_of_size(const struct cc_hook *hook)
{
    return ((const struct cc_change *)hook->scratch)->size;
}

bool cc_when_change_of_disk(const struct cc_hook *hook)
{
    return !cc_when_change_of_size(hook);
}

int cc_parse_price_after(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct cc_change *change = hook->scratch;
    struct cloud_params *p = hook->params;
    const char *zone = p->zone;
    int rc = cc_parse_need_term(hook);

    if (rc)
        return rc;
    if (instance->charge_mode != CLOUD_CHARGE_PREPAID) {
        rc = cc_parse_price_new(hook);
        hook->result->price.covers =
            "on demand the change itself is free: this is what it costs from then on";
        hook->finish = true;
        return rc ? rc : cc_parse_note_assumed(hook);
    }
    change->after = hook->result->price.total;
    hook->result->price = (struct cloud_price){ 0 };
    p->family = NULL;
    p->cpu = p->memory_gb = p->gpu = p->system_disk_gb = 0;
    rc = cc_hook_take_size(hook);
    p->zone = zone;
    return rc;
}

int cc_parse_price_before(struct cc_hook *hook)
{
    const struct cc_change *change = hook->scratch;
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct cloud_price *price = &hook->result->price;
    struct cloud_money more = change->after;
    char text[CLOUD_MONEY_MAX];
    int days, rc;

    more.micros -= price->total.micros; /* neither is below zero */
    rc = cc_price_prorate(more, hook->now, instance->expires_at, &price->total, &days, hook->err);
    if (rc)
        return rc;
    price->period = (struct cloud_period){ days, days ? CLOUD_PERIOD_DAY : CLOUD_PERIOD_NONE };
    price->source = CLOUD_PRICE_COMPUTED;
    if (more.micros <= 0)
        price->covers =
            "it costs no more a month than now: nothing is charged, and nothing given back";
    else
        price->covers = cc_arena_printf(
            hook->arena,
            "%s more a month, for %d days of 30: size and disks; discounts are not known",
            cloud_money_format(more, text), days);
    return price->covers ? cc_parse_note_assumed(hook)
                         : cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
}
