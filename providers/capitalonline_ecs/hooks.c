/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of CapitalOnline ECS: checks of a stop, a size, a price and the disk quota, and what an
 * instance may grow to. */
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "providers/capitalonline_ecs/ecs.h"

int ecs_check_stop(struct cc_hook *hook)
{
    if (hook->params->force != CLOUD_YES || hook->params->stop_charging != CLOUD_YES)
        return CLOUD_OK;
    return cc_fail_param(hook->err, "force",
                         "force and stop_charging are two ways to stop: leave one of them out");
}

/* the first part of the size that gets smaller; NULL: none */
static const char *smaller(const struct cloud_instance *instance, const struct cloud_params *p)
{
    if (p->cpu < instance->cpu)
        return "cpu";
    if (p->memory_gb < instance->memory_mb / 1024)
        return "memory_gb";
    return p->gpu < instance->gpu ? "gpu" : NULL;
}

int ecs_need_larger_size(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    const struct cloud_params *p = hook->params;
    const char *what = smaller(instance, p);

    if (what && instance->charge_mode == CLOUD_CHARGE_PREPAID)
        return cc_fail_param(hook->err, what,
                             "%s is prepaid: it can only grow, and %s would get smaller",
                             instance->id, what);
    if (p->cpu == instance->cpu && p->memory_gb == instance->memory_mb / 1024 &&
        p->gpu == instance->gpu &&
        (!instance->family || !cc_ascii_casecmp(p->family, instance->family)))
        return cc_fail_param(hook->err, "cpu", "%s has that size already", instance->id);
    return CLOUD_OK;
}

const struct cc_value *ecs_seek(const struct cc_value *value, const char *name, const char *text)
{
    const char *own =
        cc_value_kind(value) == CC_JSON_OBJECT ? cc_value_text(cc_value_find(value, name)) : NULL;
    const struct cc_value *inside, *found = own && !strcmp(own, text) ? value : NULL;
    struct cc_iter iter = { .container = value };

    while (!found && (inside = cc_iter_next(&iter, NULL)))
        found = ecs_seek(inside, name, text);
    return found;
}

/* free GB of a disk type among the ranges found; -1: not known */
static int free_gb(const struct cc_hook *hook, const char *type)
{
    for (size_t i = 0; !hook->refused && i < hook->result->disk_range_count; i++) {
        const struct cloud_disk_range *range = &hook->result->disk_ranges[i];

        if (range->type && type && !cc_ascii_casecmp(range->type, type))
            return range->max_gb;
    }
    return -1;
}

int ecs_growth_within(struct cc_hook *hook, int step_gb)
{
    const struct cloud_disk *disk = &hook->result->instances[0].system_disk;
    int left = free_gb(hook, disk->type);

    hook->result->disk_range_count = 0;
    return left < 0 || left > INT_MAX - disk->size_gb
               ? CLOUD_OK
               : cc_hook_growth(hook, disk, disk->size_gb + left, step_gb);
}

int ecs_check_disk_quota(struct cc_hook *hook, const char *usual)
{
    const struct cloud_params *p = hook->params;
    bool other = p->system_disk_type && cc_ascii_casecmp(p->system_disk_type, usual);
    long wanted = other ? 0 : p->system_disk_gb;
    int left = free_gb(hook, usual);

    hook->result->disk_range_count = 0;
    for (size_t i = 0; i < p->data_disk_count; i++)
        wanted += p->data_disks[i].type && cc_ascii_casecmp(p->data_disks[i].type, usual)
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

int ecs_types_here(struct cc_hook *hook)
{
    const char *zone =
        cc_arena_strdup(hook->arena, hook->params->zone); /* it may be the caller's */

    for (size_t i = 0; i < hook->result->type_count; i++) {
        for (size_t k = 0; k < hook->result->types[i].zone_count; k++)
            hook->result->types[i].zones[k].id = zone;
    }
    return CLOUD_OK;
}

static bool is_asked_for(const struct cloud_instance_type *type, const struct cloud_params *p)
{
    return type->family && !cc_ascii_casecmp(type->family, p->family) && type->cpu == p->cpu &&
           type->memory_mb == p->memory_gb * 1024 && type->gpu == p->gpu;
}

int ecs_check_size(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    struct cloud_result *result = hook->result;
    char size[200];
    size_t kept = 0;

    for (size_t i = 0; i < result->type_count; i++) {
        if (is_asked_for(&result->types[i], p))
            result->types[kept++] = result->types[i];
    }
    result->type_count = kept;
    snprintf(size, sizeof(size), "%.100s with %d cores, %d GB%s", p->family, p->cpu, p->memory_gb,
             p->gpu ? " and GPU" : "");
    ecs_types_here(hook);
    return cc_hook_check_stock(hook, "family", size);
}

int ecs_check_price(struct cc_hook *hook)
{
    return cc_hook_check_price(hook, "whether the network has free addresses shows when buying");
}
