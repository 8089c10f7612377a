/* SPDX-License-Identifier: Apache-2.0 */
/* Implements hooks of an upgrade: checks the change, and lists what an instance can become. */
#include <string.h>

#include "core/base/error.h"
#include "core/model/provider.h"

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
                             "the size and the system disk cannot change in one call, because "
                             "each is a separate charge; make a call for each");
    if (size || disk)
        return CLOUD_OK;
    return cc_fail_param(hook->err, "system_disk_gb",
                         "no change was given; give the size (instance_type, or family, cpu and "
                         "memory_gb) or system_disk_gb; `cloudctl upgrade-options` lists both");
}

int cc_parse_need_stopped(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_EPROTOCOL, "the answer has no instance");
    if (instance->state != CLOUD_STATE_STOPPED)
        return cc_fail(hook->err, CLOUD_ESTATE, "%s is %s: stop it first", instance->id,
                       instance->vendor_state ? instance->vendor_state : "in an unknown state");
    return cc_hook_need_larger_disk(hook);
}

int cc_hook_need_larger_disk(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!cc_when_disk_changes(hook))
        return CLOUD_OK;
    if (instance->system_disk.type && !cc_ascii_casecmp(instance->system_disk.type, "local"))
        return cc_fail_param(hook->err, "system_disk_gb",
                             "the system disk is local: its size is fixed");
    if (hook->params->system_disk_gb <= instance->system_disk.size_gb)
        return cc_fail_param(hook->err, "system_disk_gb",
                             "the system disk has %d GB: it can only grow",
                             instance->system_disk.size_gb);
    return CLOUD_OK;
}

static bool is_requested(const struct cc_hook *hook, const char *resource)
{
    return !hook->params->resource || !strcmp(hook->params->resource, resource);
}

bool cc_when_sizes_wanted(const struct cc_hook *hook)
{
    return is_requested(hook, "instance_type");
}

int cc_hook_growth(struct cc_hook *hook, const struct cloud_disk *disk, int max_gb, int step_gb)
{
    int min_gb = (disk->size_gb / step_gb + 1) * step_gb;
    struct cloud_disk_range *range;

    if (!disk->size_gb || min_gb > max_gb || !is_requested(hook, "system_disk"))
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
    return is_requested(hook, "system_disk");
}

static bool is_current(const struct cloud_instance *instance,
                       const struct cloud_instance_type *type)
{
    if (type->instance_type)
        return instance->instance_type && !strcmp(instance->instance_type, type->instance_type);
    return instance->family && type->family && !cc_ascii_casecmp(instance->family, type->family) &&
           instance->cpu == type->cpu && instance->memory_mb == type->memory_mb &&
           instance->gpu == type->gpu;
}

void cc_hook_keep_targets(struct cc_hook *hook, cc_target_fn may_become)
{
    struct cloud_result *result = hook->result;
    const struct cloud_instance *instance = &result->instances[0];
    struct cloud_instance_type current = { 0 };
    size_t count = cc_when_sizes_wanted(hook) ? result->type_count : 0, kept = 0;

    for (size_t i = 0; i < count; i++)
        current = is_current(instance, &result->types[i]) ? result->types[i] : current;
    for (size_t i = 0; i < count; i++) {
        if (!is_current(instance, &result->types[i]) &&
            may_become(instance, &current, &result->types[i]))
            result->types[kept++] = result->types[i];
    }
    result->type_count = kept;
}
