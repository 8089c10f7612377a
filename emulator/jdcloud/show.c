/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud's instances as they are shown: one, many, their states and addresses; instance types. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

/* InstanceDiskAttachment of a cloud disk. */
static yyjson_mut_val *disk_attachment(struct emu_world *world, struct emu_object *disk,
                                       yyjson_mut_val *attachment)
{
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_str(world, ret, "diskCategory", "cloud");
    emu_set_bool(world, ret, "autoDelete", emu_get_bool(attachment, "_autoDelete", false));
    emu_set(world, ret, "cloudDisk", emu_jd_disk_shown(world, disk));
    emu_set_str(world, ret, "deviceName", emu_get_text(attachment, "_device"));
    emu_set_str(world, ret, "status", emu_get_text(attachment, "status"));
    return ret;
}

static void show_disks(struct emu_world *world, struct emu_object *instance, yyjson_mut_val *shown)
{
    yyjson_mut_val *data = emu_arr(world), *id, *attachment;
    size_t i, count, j, places;

    yyjson_mut_arr_foreach(emu_get(instance->body, "_disks"), i, count, id)
    {
        struct emu_object *disk = emu_jd_find(world, "disk", yyjson_mut_get_str(id));

        yyjson_mut_arr_foreach(disk ? emu_get(disk->body, "attachments") : NULL, j, places,
                               attachment)
        {
            if (strcmp(emu_get_text(attachment, "instanceId"), instance->id) != 0)
                continue;
            if (strcmp(emu_get_text(attachment, "_device"), "vda") == 0)
                emu_set(world, shown, "systemDisk", disk_attachment(world, disk, attachment));
            else
                emu_push(data, disk_attachment(world, disk, attachment));
        }
    }
    emu_set(world, shown, "dataDisks", data);
}

static void show_interfaces(struct emu_world *world, struct emu_object *instance,
                            yyjson_mut_val *shown)
{
    yyjson_mut_val *others = emu_arr(world), *id;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(instance->body, "_nics"), i, count, id)
    {
        struct emu_object *nic = emu_jd_find(world, "nic", yyjson_mut_get_str(id));
        yyjson_mut_val *place = emu_obj(world);

        if (!nic)
            continue;
        emu_set_int(world, place, "deviceIndex", (int64_t)i + 1);
        emu_set_bool(world, place, "autoDelete", emu_get_bool(nic->body, "_autoDelete", false));
        emu_set(world, place, "networkInterface", emu_json_copy(world, nic->body));
        if (i)
            emu_push(others, place);
        else
            emu_set(world, shown, "primaryNetworkInterface", place);
    }
    emu_set(world, shown, "secondaryNetworkInterfaces", others);
}

yyjson_mut_val *emu_jd_instance_shown(struct emu_world *world, struct emu_object *instance)
{
    yyjson_mut_val *ret;

    emu_object_polled(world, instance);
    if (instance->removed)
        return NULL;
    ret = emu_seen(world, instance);
    show_disks(world, instance, ret);
    show_interfaces(world, instance, ret);
    return ret;
}

static yyjson_mut_val *all_shown(struct emu_jd_call *call)
{
    struct emu_object **list;
    size_t count = emu_jd_mine(call, "instance", &list);
    yyjson_mut_val *ret = emu_arr(call->world);

    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *shown = emu_is_hidden(call->world, list[i])
                                    ? NULL
                                    : emu_jd_instance_shown(call->world, list[i]);

        if (shown)
            emu_push(ret, shown);
    }
    return ret;
}

#define PRIMARY "primaryNetworkInterface.networkInterface."
#define SECONDARY "secondaryNetworkInterfaces.networkInterface."

/* clang-format off */
#define SHARED_FILTERS \
    { "instanceId", NULL, 0 }, { "status", NULL, 0 }, { "vpcId", NULL, 0 }, \
    { "imageId", NULL, 0 }, \
    { "subnetId", PRIMARY "subnetId|" SECONDARY "subnetId", 0 }, \
    { "networkInterfaceId", PRIMARY "networkInterfaceId|" SECONDARY "networkInterfaceId", 0 }, \
    { "name", "instanceName", EMU_JD_SUBSTRING | EMU_JD_ONE }, { "agId", "ag.id", EMU_JD_ONE }, \
    { "faultDomain", NULL, 0 }

static const struct emu_jd_filter instance_filters[] = {
    SHARED_FILTERS,
    { "privateIpAddress",
      PRIMARY "primaryIp.privateIpAddress|" SECONDARY "primaryIp.privateIpAddress",
      EMU_JD_SUBSTRING },
    { "az", NULL, 0 }, { "dedicatedHostId", NULL, 0 },
    { "dedicatedPoolId", NULL, 0 }, { "instanceType", NULL, 0 },
    { "elasticIpAddress", NULL, EMU_JD_ONE },
    { 0 }
};
static const struct emu_jd_filter status_filters[] = {
    SHARED_FILTERS,
    { "privateIpAddress", NULL, EMU_JD_SUBSTRING },
    { 0 }
};
/* clang-format on */

void emu_jd_describeInstances(struct emu_jd_call *call)
{
    static const struct emu_jd_list list = { "instances", instance_filters, true };

    emu_jd_answer_list(call, all_shown(call), &list);
}

/* Sends the list with only the id and @value of each entry. */
static void answer_brief(struct emu_jd_call *call, const char *member, const char *value)
{
    struct emu_jd_list list = { member, status_filters, true };
    yyjson_mut_val *brief = emu_arr(call->world), *instance;
    size_t i, count;

    emu_jd_answer_list(call, all_shown(call), &list);
    yyjson_mut_arr_foreach(emu_get(call->result, member), i, count, instance)
    {
        yyjson_mut_val *entry = emu_obj(call->world);

        emu_set_str(call->world, entry, "instanceId", emu_get_text(instance, "instanceId"));
        emu_set_str(call->world, entry, value, emu_get_text(instance, value));
        emu_push(brief, entry);
    }
    if (!emu_jd_failed(call))
        emu_set(call->world, call->result, member, brief);
}

void emu_jd_describeInstanceStatus(struct emu_jd_call *call)
{
    answer_brief(call, "instanceStatuses", "status");
}

void emu_jd_describeInstancePrivateIpAddress(struct emu_jd_call *call)
{
    answer_brief(call, "instancePrivateIpAddress", "privateIpAddress");
}

void emu_jd_describeInstance(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need(call, "instance", call->id);
    yyjson_mut_val *shown = instance && !emu_is_hidden(call->world, instance)
                                ? emu_jd_instance_shown(call->world, instance)
                                : NULL;

    if (shown)
        emu_set(call->world, call->result, "instance", emu_shown(call->world, shown));
    else
        emu_jd_fail(call, 404, "NOT_FOUND", "instance %s is not found", call->id);
}

void emu_jd_describeInstanceVncUrl(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need(call, "instance", call->id);

    if (!instance)
        return;
    emu_object_polled(call->world, instance);
    if (strcmp(emu_jd_status(instance), "running") != 0) {
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "instance %s is %s, not running",
                    instance->id, emu_jd_status(instance));
        return;
    }
    emu_set_str(call->world, call->result, "vncUrl",
                emu_text(call->world, "https://vnc-%s.jdcloud.com/vnc_auto.html?token=%s",
                         call->region, emu_new_id(call->world, "", 40)));
}

static yyjson_mut_val *type_zones(struct emu_jd_call *call, const struct emu_jd_type *type)
{
    yyjson_mut_val *ret = emu_arr(call->world);

    for (char letter = 'a'; letter <= 'z'; letter++) {
        const char *az = emu_text(call->world, "%s%c", call->region, letter);
        yyjson_mut_val *state = emu_obj(call->world);

        if (!emu_jd_zone_known(call->region, az))
            continue;
        emu_set_str(call->world, state, "az", az);
        emu_set_bool(call->world, state, "inStock", !emu_is_sold_out(call->world, type->name));
        emu_set_int(call->world, state, "availableCount", 0);
        emu_push(ret, state);
    }
    return ret;
}

static yyjson_mut_val *type_shown(struct emu_jd_call *call, const struct emu_jd_type *type)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *ret = emu_obj(world), *disks = emu_arr(world), *kinds = emu_arr(world);

    emu_set_str(world, ret, "family", type->family);
    emu_set_str(world, ret, "instanceType", type->name);
    emu_set_int(world, ret, "cpu", type->cpu);
    emu_set_int(world, ret, "memoryMB", type->memory_mb);
    emu_set_str(world, ret, "architecture", "x86_64");
    emu_set_int(world, ret, "nicLimit", type->nics);
    emu_set_int(world, ret, "cloudDiskCountLimit", type->disks);
    emu_set_str(world, ret, "desc", type->desc);
    emu_set_int(world, ret, "generation", type->generation);
    emu_set(world, ret, "state", type_zones(call, type));
    for (int i = 0; i < type->local_disks; i++) {
        yyjson_mut_val *disk = emu_obj(world);

        emu_set_str(world, disk, "diskType", "premium-hdd");
        emu_set_int(world, disk, "diskSizeGB", 40);
        emu_push(disks, disk);
    }
    emu_set(world, ret, "localDisks", disks);
    for (const struct emu_jd_disk_type *row = emu_jd_disk_types; row->name; row++)
        emu_push_str(world, kinds, row->name);
    emu_set(world, ret, "cloudDiskTypes", kinds);
    return ret;
}

void emu_jd_describeInstanceTypes(struct emu_jd_call *call)
{
    static const struct emu_jd_filter filters[] = { { "instanceTypes", "instanceType", 0 },
                                                    { "az", "state.az", 0 },
                                                    { "architecture", NULL, EMU_JD_ONE },
                                                    { 0 } };
    static const struct emu_jd_list list = { "instanceTypes", filters, false };
    const char *service = emu_get_str(call->params, "serviceName"),
               *mode = emu_get_str(call->params, "chargeMode");
    yyjson_mut_val *all = emu_arr(call->world);

    if ((service && !emu_jd_check_word(call, "serviceName", service, " vm nc ")) ||
        (mode && !emu_jd_check_word(call, "chargeMode", mode, " postpaid_by_spot ")))
        return;
    /* No native containers and no spot instances are sold here. */
    for (const struct emu_jd_type *row = emu_jd_types;
         row->name && !mode && (!service || *service == 'v'); row++)
        emu_push(all, type_shown(call, row));
    emu_jd_answer_list(call, all, &list);
    emu_set(call->world, call->result, "specificInstanceTypes", emu_arr(call->world));
}
