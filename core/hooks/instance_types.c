/* SPDX-License-Identifier: Apache-2.0 */
/* Implements hooks on instance types that a step found: selects one, and reads its stock. */
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/model/provider.h"

bool cc_when_size_unnamed(const struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;

    return !p->instance_type && (p->family || p->cpu || p->memory_gb || p->gpu);
}

static bool same_family(const struct cloud_instance_type *type, const char *family)
{
    return !family || (type->family && !cc_ascii_casecmp(type->family, family));
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

bool cc_type_in_stock(const struct cloud_instance_type *type, const char *zone)
{
    for (size_t i = 0; i < type->zone_count; i++) {
        if (type->zones[i].id && !strcmp(type->zones[i].id, zone))
            return type->zones[i].stock == CLOUD_STOCK_AVAILABLE;
    }
    return false;
}
