/* SPDX-License-Identifier: Apache-2.0 */
/* Implements hooks on instances that a step found: selects one, and checks its term and disks. */
#include <string.h>

#include "core/base/error.h"
#include "core/hooks/hooks.h"
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
    if (result->instance_count)
        return cc_fail(hook->err, CLOUD_EPROTOCOL,
                       "the answer is about instance %.100s, but the request was for %.100s",
                       result->instances[0].id, id);
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

int cc_parse_need_term(struct cc_hook *hook)
{
    struct cloud_instance *instance = &hook->result->instances[0];

    if (!instance->expires_at)
        instance->expires_at = hook->params->expires_at;
    if (instance->charge_mode != CLOUD_CHARGE_PREPAID || instance->expires_at)
        return CLOUD_OK;
    return cc_fail_param(hook->err, "expires_at",
                         "%s does not report when %s expires, and the price depends on the rest "
                         "of its term; give expires_at from your own records",
                         hook->provider->title, instance->id);
}
