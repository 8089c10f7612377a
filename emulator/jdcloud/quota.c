/* SPDX-License-Identifier: Apache-2.0 */
/* The quotas of JD Cloud's vm service: limits, usage, describeQuotas. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

static const struct {
    const char *type;
    int limit;
} limits[] = {
    { "instance", 20 },
    { "instance_cpu", 400 },
    { "instance_memory", 1600 * 1024 },
    { "instance_local_disk", 1600 },
    { "keypair", 20 },
    { "image", 5 },
    { "instanceTemplate", 20 },
    { "imageShare", 20 },
    { "disk", 15 },
    { "snapshot", 15 },
    { "snapshot_policy", 15 },
};

int64_t emu_jd_quota_limit(struct emu_world *world, const char *type)
{
    for (size_t i = 0; i < EMU_COUNT(limits); i++) {
        if (strcmp(limits[i].type, type) == 0)
            return emu_quota(world, type, limits[i].limit);
    }
    return emu_quota(world, type, 0);
}

static int64_t quota_used(struct emu_jd_call *call, const char *type)
{
    struct emu_object **list;
    size_t count = emu_jd_mine(call, "instance", &list);
    int64_t ret = 0;

    if (strcmp(type, "instance") == 0)
        return (int64_t)count;
    if (strcmp(type, "image") == 0)
        return (int64_t)emu_jd_mine(call, "image", &list);
    if (strcmp(type, "keypair") == 0)
        return 1; /* EMU_JD_KEY */
    if (strcmp(type, "imageShare") == 0) {
        struct emu_object *image = emu_jd_need(call, "image", emu_get_str(call->params, "imageId"));

        return image ? (int64_t)yyjson_mut_arr_size(emu_get(image->body, "_pins")) : 0;
    }
    for (size_t i = 0; i < count; i++) {
        const struct emu_jd_type *row =
            emu_jd_type_find(emu_get_str(list[i]->body, "instanceType"));

        if (strcmp(type, "instance_cpu") == 0)
            ret += row->cpu;
        if (strcmp(type, "instance_memory") == 0)
            ret += row->memory_mb;
        if (strcmp(type, "instance_local_disk") == 0)
            ret += emu_get_int(list[i]->body, "systemDisk.localDisk.diskSizeGB", 0);
    }
    return ret;
}

void emu_jd_describeQuotas(struct emu_jd_call *call)
{
    static const struct emu_jd_filter filters[] = { { "resourceTypes", "resourceType", 0 }, { 0 } };
    static const struct emu_jd_list list = { "quotas", filters, false };
    yyjson_mut_val *all = emu_arr(call->world);

    for (size_t i = 0; i < EMU_COUNT(limits) - 3; i++) {
        yyjson_mut_val *quota = emu_obj(call->world);

        /* Sharing is counted for each image: it is listed only when one is named. */
        if (strcmp(limits[i].type, "imageShare") == 0 && !emu_get(call->params, "imageId"))
            continue;
        emu_set_str(call->world, quota, "resourceType", limits[i].type);
        emu_set_int(call->world, quota, "limit", emu_jd_quota_limit(call->world, limits[i].type));
        emu_set_int(call->world, quota, "used", quota_used(call, limits[i].type));
        emu_push(all, quota);
    }
    emu_jd_answer_list(call, all, &list);
    yyjson_mut_obj_remove_key(call->result, "totalCount");
}
