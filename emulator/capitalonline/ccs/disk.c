/* SPDX-License-Identifier: Apache-2.0 */
/* Disks of CCS: read from a request by the rules of DescribeAvailableResource, added, extended,
 * deleted. A disk is a part of its instance. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <string.h>

static bool size_good(const struct emu_ccs_disk *row, int64_t size)
{
    return size >= row->least && size <= row->most && size % row->step == 0;
}

/* A request gives IOPS as packs; an answer also has the number that they amount to. */
static void set_iops(struct emu_world *world, yyjson_mut_val *disk, int64_t packs)
{
    const struct emu_ccs_disk *row = emu_ccs_disk(emu_get_text(disk, "DiskType"));

    emu_set_int(world, disk, "IopsSize", packs);
    emu_set_int(world, disk, "Iops", row->base_iops + packs * emu_ccs_pack_iops);
}

static bool packs_good(const struct emu_ccs_disk *row, int64_t packs)
{
    enum { MOST_PACKS = 100 };

    return packs >= 0 && packs <= (row->packs ? MOST_PACKS : 0);
}

yyjson_mut_val *emu_ccs_disk_read(struct emu_co *call, yyjson_mut_val *from, bool system,
                                  int64_t least)
{
    struct emu_world *world = call->world;
    const char *type = emu_get_str(from, "Type");
    const struct emu_ccs_disk *row = emu_ccs_disk(type     ? type
                                                  : system ? "system_disk"
                                                           : "high_disk");
    int64_t size = emu_get_int(from, "Size", 0), packs = emu_get_int(from, "IOPS", 0);
    yyjson_mut_val *ret = emu_obj(world);

    /* A system disk without a size has that of its image. */
    if (system && size == 0)
        size = least;
    if (!row || row->system != system || !packs_good(row, packs)) {
        emu_co_fail(call, "InvalidInstanceTypeDisk.ValueUnauthorized", NULL);
        return NULL;
    }
    if (!size_good(row, size) || size < least) {
        emu_co_fail(call, "InvalidDataDiskSize.ValueNotSupported", NULL);
        return NULL;
    }
    if (!system)
        emu_set_str(world, ret, "DiskId", emu_co_uuid(world));
    emu_set_str(world, ret, "DiskType", row->id);
    emu_set_int(world, ret, "Size", size);
    set_iops(world, ret, packs);
    return ret;
}

yyjson_mut_val *emu_ccs_data_disks_read(struct emu_co *call, yyjson_mut_val *list, size_t most)
{
    yyjson_mut_val *ret = emu_arr(call->world), *from, *disk;
    size_t i, count;

    if (yyjson_mut_arr_size(list) > most) {
        emu_co_fail(call, "InvalidDataDiskSize.ValueNotSupported", NULL);
        return NULL;
    }
    yyjson_mut_arr_foreach(list, i, count, from)
    {
        disk = emu_ccs_disk_read(call, from, false, 0);
        if (!disk)
            return NULL;
        emu_push(ret, disk);
    }
    return ret;
}

/* The future configuration of the instance, to compute its price and to apply it. */
static yyjson_mut_val *next_config(struct emu_co *call, const struct emu_object *instance)
{
    return emu_json_copy(call->world, instance->body);
}

/* Gives the instance the disks of @config and charges the difference. */
static void change_disks(struct emu_co *call, struct emu_object *instance, yyjson_mut_val *config,
                         const char *name, yyjson_mut_val *data, bool uuid)
{
    struct emu_world *world = call->world;
    struct emu_object *task = emu_ccs_task_new(call, "newOrderUpdateVM", uuid);
    struct emu_ccs_change change = { .name = name, .change = emu_obj(world) };

    if (!emu_ccs_bill_upgrade(call, instance, config, task->id, &change.spent))
        return;
    emu_set(world, change.change, "Disks", emu_json_copy(world, emu_get(config, "Disks")));
    emu_ccs_change(call, instance, task, &change);
    emu_co_answer(call, data);
}

static yyjson_mut_val *data_disk(yyjson_mut_val *config, const char *id)
{
    yyjson_mut_val *disk;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(config, "Disks.DataDisks"), i, count, disk)
    {
        if (strcmp(emu_get_text(disk, "DiskId"), id) == 0)
            return disk;
    }
    return NULL;
}

void emu_ccs_create_disk(struct emu_co *call)
{
    struct emu_object *instance = emu_ccs_instance(call);
    yyjson_mut_val *config, *old, *added, *disk;
    size_t i, count;

    if (!instance || !emu_ccs_state_good(call, instance, "running stop"))
        return;
    config = next_config(call, instance);
    old = emu_get(config, "Disks.DataDisks");
    added = emu_get(call->params, "DataDisks");
    if (!added) {
        emu_co_fail(call, "IncompleteParamter", NULL);
        return;
    }
    added =
        emu_ccs_data_disks_read(call, added, EMU_CCS_MOST_DATA_DISKS - yyjson_mut_arr_size(old));
    if (!added)
        return;
    yyjson_mut_arr_foreach(added, i, count, disk) emu_push(old, emu_json_copy(call->world, disk));
    change_disks(call, instance, config, "disk", NULL, true);
}

/* Extends @disk; without a new number of packs it keeps its own. */
static bool grow(struct emu_co *call, yyjson_mut_val *disk, int64_t size, int64_t packs)
{
    const struct emu_ccs_disk *row = emu_ccs_disk(emu_get_text(disk, "DiskType"));

    if (size < emu_get_int(disk, "Size", 0))
        return emu_co_fail(call, "InvalidDiskSize.TooSmall", NULL);
    if (!size_good(row, size))
        return emu_co_fail(call, "InvalidDataDiskSize.ValueNotSupported", NULL);
    if (!packs_good(row, packs))
        return emu_co_fail(call, "InvalidInstanceTypeDisk.ValueUnauthorized", NULL);
    emu_set_int(call->world, disk, "Size", size);
    set_iops(call->world, disk, packs);
    return true;
}

void emu_ccs_resize_disk(struct emu_co *call)
{
    struct emu_object *instance = emu_ccs_instance(call);
    yyjson_mut_val *config, *disk;

    if (!instance || !emu_ccs_state_good(call, instance, "running stop"))
        return;
    config = next_config(call, instance);
    disk = data_disk(config, emu_get_text(call->params, "DiskId"));
    if (!disk) {
        emu_co_fail(call, "InvalidDiskID.Malformed", NULL);
        return;
    }
    if (grow(call, disk, emu_get_int(call->params, "DataSize", 0),
             emu_get_int(call->params, "IOPS", emu_get_int(disk, "IopsSize", 0))))
        change_disks(call, instance, config, "extend", NULL, true);
}

void emu_ccs_extend_system_disk(struct emu_co *call)
{
    struct emu_object *instance = emu_ccs_instance(call);
    yyjson_mut_val *config, *disk, *data = emu_obj(call->world);

    if (!instance || !emu_ccs_state_good(call, instance, "running stop"))
        return;
    if (!emu_get(call->params, "Size") && !emu_get(call->params, "IOPS")) {
        emu_co_fail(call, "IncompleteParamter", NULL);
        return;
    }
    config = next_config(call, instance);
    disk = emu_get(config, "Disks.SystemDisk");
    emu_set_int(call->world, data, "order_audit", 0);
    if (grow(call, disk, emu_get_int(call->params, "Size", emu_get_int(disk, "Size", 0)),
             emu_get_int(call->params, "IOPS", emu_get_int(disk, "IopsSize", 0))))
        change_disks(call, instance, config, "extend", data, false);
}

void emu_ccs_delete_disk(struct emu_co *call)
{
    struct emu_object *instance = emu_ccs_instance(call);
    yyjson_mut_val *ids = emu_get(call->params, "DiskIds"), *config, *disk,
                   *left = emu_arr(call->world);
    size_t i, count;

    if (!instance || !emu_ccs_state_good(call, instance, "running stop"))
        return;
    config = next_config(call, instance);
    for (i = 0; i < yyjson_mut_arr_size(ids); i++) {
        if (!data_disk(config, yyjson_mut_get_str(yyjson_mut_arr_get(ids, i)))) {
            emu_co_fail(call, "InvalidDiskID.Malformed", NULL);
            return;
        }
    }
    yyjson_mut_arr_foreach(emu_get(config, "Disks.DataDisks"), i, count, disk)
    {
        if (!emu_has_str(ids, emu_get_text(disk, "DiskId")))
            emu_push(left, emu_json_copy(call->world, disk));
    }
    emu_set(call->world, emu_get(config, "Disks"), "DataDisks", left);
    change_disks(call, instance, config, "disk", NULL, true);
}
