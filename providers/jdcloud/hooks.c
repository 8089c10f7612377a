/* SPDX-License-Identifier: Apache-2.0 */
/* Hooks of JD Cloud's operations: checks of an order, stock and quota, sizes, and waiting for a
 * disk. */
#include <stdlib.h>
#include <string.h>

#include "providers/jdcloud/jdcloud.h"

#define DISK_POLL_MS 1000

static int need_system_disk(struct cc_hook *hook)
{
    const struct cc_rule *rule = hook->provider->rules;

    while (rule && rule->kind &&
           (rule->kind != CC_RULE_RANGE || rule->param != CLOUD_PARAM_SYSTEM_DISK_GB))
        rule++;
    return cc_fail_param(hook->err, "system_disk_gb",
                         "system_disk_gb is needed: %ld to %ld, not below the image's",
                         rule ? rule->min : 0, rule ? rule->max : 0);
}

int jdcloud_check_purchase(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    bool local = p->system_disk_type && !cc_ascii_casecmp(p->system_disk_type, "local");

    if (!cc_when_size_changes(hook))
        return cc_fail_param(hook->err, "instance_type",
                             "a size is needed: instance_type, or family, cpu and memory_gb; "
                             "`cloudctl types` lists them");
    if (local && p->system_disk_gb)
        return cc_fail_param(hook->err, "system_disk_gb",
                             "a local system disk has a fixed size; leave system_disk_gb out");
    if (!local && !p->system_disk_gb)
        return need_system_disk(hook);
    return cc_check_purchase(hook);
}

int jdcloud_check_quota(struct cc_hook *hook, const char *limit, const char *used)
{
    int wanted = hook->params->count ? hook->params->count : 1, left;

    if (hook->refused || !limit || !used)
        return cc_hook_check(hook, "quota", CC_CHECK_NONE, CLOUD_OK,
                             "the quota of instances could not be learned");
    left = atoi(limit) - atoi(used);
    return cc_hook_check(hook, "quota", CC_CHECK_REAL, left >= wanted ? CLOUD_OK : CLOUD_EQUOTA,
                         "%d more instances are allowed, %d wanted", left > 0 ? left : 0, wanted);
}

int jdcloud_check_type(struct cc_hook *hook)
{
    return cc_hook_check_stock(hook, "instance_type", hook->params->instance_type);
}

int jdcloud_keep_family(struct cc_hook *hook)
{
    const char *family = hook->params->family;
    struct cloud_result *result = hook->result;
    size_t kept = 0;

    for (size_t i = 0; i < result->type_count; i++) {
        if (!family ||
            (result->types[i].family && !cc_ascii_casecmp(result->types[i].family, family)))
            result->types[kept++] = result->types[i];
    }
    result->type_count = kept;
    return CLOUD_OK;
}

int jdcloud_found_to_change(struct cc_hook *hook)
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

bool jdcloud_when_targets(const struct cc_hook *hook)
{
    return hook->result->type_count && hook->result->instances[0].image_id;
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

int jdcloud_keep_types(struct cc_hook *hook, const struct cc_value *list, bool named)
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

int jdcloud_until_available(struct cc_hook *hook)
{
    return until_disk(hook, CLOUD_DISK_AVAILABLE);
}

int jdcloud_until_in_use(struct cc_hook *hook)
{
    return until_disk(hook, CLOUD_DISK_IN_USE);
}
