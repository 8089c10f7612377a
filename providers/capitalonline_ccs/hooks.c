/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of CapitalOnline CCS: filters of listings, and disks taken from instances. */
#include <string.h>

#include "providers/capitalonline_ccs/ccs.h"

int ccs_need_known(struct cc_hook *hook, enum cloud_param param)
{
    const char *name = cloud_param_info(param)->name;

    if (cloud_params_has(hook->params, param))
        return CLOUD_OK;
    return cc_fail_param(hook->err, name,
                         "%s does not tell the %s of %s: set it among this cloud's parameters",
                         hook->provider->title, name, hook->params->instance_id);
}

int ccs_keep_named(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    const char *wanted = hook->params->name;
    size_t kept = 0;

    for (size_t i = 0; i < result->instance_count; i++) {
        const char *name = result->instances[i].name;

        if (!wanted || (name && cc_ascii_contains(name, wanted)))
            result->instances[kept++] = result->instances[i];
    }
    result->instance_count = kept;
    return CLOUD_OK;
}

static void add_disk(struct cloud_result *result, const struct cloud_instance *of,
                     const struct cloud_disk *disk, const char *role)
{
    struct cloud_disk *to = &result->disks[result->disk_count++];

    *to = *disk;
    to->role = role;
    to->instance_id = of->id;
    to->zone = of->zone;
    to->charge_mode = of->charge_mode;
}

int ccs_disks_of_instances(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    size_t count = 0;
    int rc = hook->params->instance_id ? cc_parse_found(hook) : CLOUD_OK;

    for (size_t i = 0; i < result->instance_count; i++)
        count += 1 + result->instances[i].data_disk_count;
    result->disks = rc ? NULL : cc_hook_alloc(hook, count, sizeof(*result->disks));
    if (!result->disks)
        return rc ? rc : CLOUD_ENOMEM;
    for (size_t i = 0; i < result->instance_count; i++) {
        const struct cloud_instance *instance = &result->instances[i];

        if (instance->system_disk.id || instance->system_disk.size_gb)
            add_disk(result, instance, &instance->system_disk, "system");
        for (size_t n = 0; n < instance->data_disk_count; n++)
            add_disk(result, instance, &instance->data_disks[n], "data");
    }
    return CLOUD_OK;
}

static bool is_larger(const struct cloud_instance *instance, const struct cloud_instance_type *type)
{
    bool same = type->cpu == instance->cpu && type->memory_mb == instance->memory_mb;
    bool other =
        instance->family && type->family && cc_ascii_casecmp(type->family, instance->family) != 0;

    return type->cpu >= instance->cpu && type->memory_mb >= instance->memory_mb && (!same || other);
}

int ccs_keep_larger(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    size_t kept = 0;

    for (size_t i = 0; i < result->type_count; i++) {
        if (is_larger(&result->instances[0], &result->types[i]))
            result->types[kept++] = result->types[i];
    }
    result->type_count = kept;
    return CLOUD_OK;
}

static bool holds_image(const struct cloud_result *result, const char *id)
{
    for (size_t i = 0; i < result->image_count; i++) {
        if (!strcmp(result->images[i].id, id))
            return true;
    }
    return false;
}

int ccs_keep_image(struct cc_hook *hook)
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
