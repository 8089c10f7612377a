/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What hooks of several providers do with instances that a step has found: pick the one asked for,
 * name, flatten, follow them, take their shape as what is to be priced. Knows no vendor.
 */
#include <string.h>
#include <strings.h>

#include "core/base/error.h"
#include "core/model/provider.h"

int cc_parse_found(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    const char *id = hook->params->instance_id;

    for (size_t i = 0; i < result->instance_count; i++) {
        if (strcmp(result->instances[i].id, id))
            continue;
        result->instances += i;
        result->instance_count = 1;
        return CLOUD_OK;
    }
    return cc_fail(hook->err, CLOUD_ENOTFOUND, "there is no instance %s", id);
}

const struct cloud_disk *cc_hook_prepaid_disk(const struct cc_hook *hook, size_t n)
{
    const struct cloud_instance *instance = hook->result->instances;

    for (size_t i = 0; hook->result->instance_count && i <= instance->data_disk_count; i++) {
        const struct cloud_disk *disk = i ? &instance->data_disks[i - 1] : &instance->system_disk;

        if (disk->id && disk->charge_mode == CLOUD_CHARGE_PREPAID && !n--)
            return disk;
    }
    return NULL;
}

bool cc_when_prepaid_disks(const struct cc_hook *hook)
{
    return cc_hook_prepaid_disk(hook, 0) != NULL;
}

int cc_parse_found_to_change(struct cc_hook *hook)
{
    int rc = cc_parse_found(hook);
    const struct cloud_instance *instance = hook->result->instances;
    bool disk = cc_when_disk_changes(hook);

    if (rc)
        return rc;
    if (disk && !instance->system_disk.id)
        return cc_fail_param(hook->err, "system_disk_gb",
                             "the system disk is local: its size is fixed");
    hook->params->charge_mode = disk ? instance->system_disk.charge_mode : instance->charge_mode;
    hook->params->zone = instance->zone;
    return CLOUD_OK;
}

int cc_parse_keep_named(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    const char *wanted = hook->params->name;
    size_t kept = 0;

    for (size_t i = 0; i < result->instance_count; i++) {
        const char *name = result->instances[i].name;

        if (!wanted || (name && strcasestr(name, wanted)))
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

int cc_parse_disks_of_instances(struct cc_hook *hook)
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

int cc_check_task(struct cc_hook *hook)
{
    if (hook->params->task_id || hook->params->instance_id)
        return CLOUD_OK;
    return cc_fail_param(hook->err, "task_id",
                         "say what to follow: task_id, from an earlier answer, or instance_id");
}

bool cc_when_task(const struct cc_hook *hook)
{
    return hook->params->task_id != NULL;
}

bool cc_when_no_task(const struct cc_hook *hook)
{
    return !hook->params->task_id;
}

/* the instance's own word, else what the configuration buys by default */
static const char *known(const char *given, const char *own, const char *usual)
{
    if (given)
        return given;
    return own ? own : usual;
}

static int take_data_disks(struct cc_hook *hook, const struct cloud_instance *instance)
{
    struct cloud_disk_spec *disks = cc_hook_alloc(hook, instance->data_disk_count, sizeof(*disks));

    if (!disks)
        return CLOUD_ENOMEM;
    for (size_t i = 0; i < instance->data_disk_count; i++) {
        const struct cloud_disk *disk = &instance->data_disks[i];

        if (!disk->type || !disk->size_gb)
            return cc_fail(hook->err, CLOUD_EUNSUPPORTED,
                           "%s does not say what kind of disk %s is, so it cannot be priced",
                           hook->provider->title, disk->id ? disk->id : "a data disk");
        disks[i] = (struct cloud_disk_spec){ .type = disk->type, .size_gb = disk->size_gb };
    }
    hook->params->data_disks = disks;
    hook->params->data_disk_count = instance->data_disk_count;
    return CLOUD_OK;
}

int cc_hook_take_size(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    const struct cloud_params *usual = hook->defaults;
    struct cloud_params *p = hook->params;

    p->zone = instance->zone;
    p->family = known(p->family, instance->family, usual->family);
    p->image_id = known(instance->image_id, instance->image_name, usual->image_id);
    p->system_disk_type = known(NULL, instance->system_disk.type, usual->system_disk_type);
    p->cpu = p->cpu ? p->cpu : instance->cpu;
    p->memory_gb = p->memory_gb ? p->memory_gb : instance->memory_mb / 1024;
    p->gpu = p->gpu ? p->gpu : instance->gpu;
    p->system_disk_gb = p->system_disk_gb ? p->system_disk_gb : instance->system_disk.size_gb;
    return take_data_disks(hook, instance);
}

int cc_hook_need_known(struct cc_hook *hook, enum cloud_param param)
{
    const char *name = cloud_param_info(param)->name;

    if (cloud_params_has(hook->params, param))
        return CLOUD_OK;
    return cc_fail_param(hook->err, name,
                         "%s does not tell the %s of %s: set it among this cloud's parameters",
                         hook->provider->title, name, hook->params->instance_id);
}

int cc_parse_note_assumed(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    const struct cloud_params *p = hook->params;
    struct cloud_price *price = &hook->result->price;

    if (instance->family && (instance->image_id || instance->image_name) &&
        instance->system_disk.type)
        return CLOUD_OK;
    price->covers = cc_arena_printf(
        hook->arena,
        "%s; where %s does not tell what it has: as family %s, image %s, system disk %s",
        price->covers, hook->provider->title, p->family, p->image_id,
        p->system_disk_type ? p->system_disk_type : "of the default type");
    return price->covers ? CLOUD_OK : cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
}

int cc_parse_need_term(struct cc_hook *hook)
{
    struct cloud_instance *instance = &hook->result->instances[0];

    if (!instance->expires_at)
        instance->expires_at = hook->params->expires_at;
    if (instance->charge_mode != CLOUD_CHARGE_PREPAID || instance->expires_at)
        return CLOUD_OK;
    return cc_fail_param(hook->err, "expires_at",
                         "%s does not say when %s expires, and the rest of its term decides the "
                         "price: give expires_at, as you sold it",
                         hook->provider->title, instance->id);
}

static bool is_larger(const struct cloud_instance *instance, const struct cloud_instance_type *type)
{
    bool same = type->cpu == instance->cpu && type->memory_mb == instance->memory_mb;
    bool other =
        instance->family && type->family && strcasecmp(type->family, instance->family) != 0;

    return type->cpu >= instance->cpu && type->memory_mb >= instance->memory_mb && (!same || other);
}

int cc_parse_keep_larger(struct cc_hook *hook)
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
