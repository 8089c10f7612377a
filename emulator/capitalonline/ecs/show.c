/* SPDX-License-Identifier: Apache-2.0 */
/* Instances as DescribeInstanceList, DescribeInstance and DescribeInstanceStatus show them. Keys,
 * their order and their types are those of the documents' examples. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>
#include <strings.h>

static const char never[] = "2099-01-01 00:00:00"; /* the expiry of what is paid on demand */

/* As emu_ecs_find, for actions that read: not before the instance is visible. */
static struct emu_object *find_shown(struct emu_co *call, const char *id)
{
    struct emu_object *ret = emu_ecs_find(call, "instance", id);

    if (!ret || emu_is_hidden(call->world, ret))
        return NULL;
    emu_object_polled(call->world, ret);
    return ret->removed ? NULL : ret;
}

yyjson_mut_val *emu_ecs_page(struct emu_co *call, yyjson_mut_val *list)
{
    int64_t count = (int64_t)yyjson_mut_arr_size(list);
    int64_t size =
        emu_get_int(call->params, "PageSize", emu_get(call->params, "PageNumber") ? 20 : count);
    int64_t number = emu_get_int(call->params, "PageNumber", 1);
    yyjson_mut_val *ret = emu_arr(call->world), *item;
    struct emu_page page;
    size_t i, max;

    size = size < 1 ? (count ? count : 1) : size > INT32_MAX ? INT32_MAX : size;
    number = number < 1 ? 1 : number > INT32_MAX ? INT32_MAX : number;
    page = emu_page(call->request, number, size);
    yyjson_mut_arr_foreach(list, i, max, item)
    {
        if (i >= page.first && i < page.end)
            emu_push(ret, emu_json_copy(call->world, item));
    }
    call->page_number = page.number;
    call->page_size = page.size;
    call->total_count = count;
    return ret;
}

bool emu_ecs_place_good(struct emu_co *call)
{
    const char *zone = emu_get_str(call->params, "AvailableZoneCode");
    const char *region = emu_get_str(call->params, "RegionCode");
    const struct emu_ecs_zone *row = emu_ecs_zones;

    if (zone && !emu_ecs_zone_find(zone))
        return emu_co_fail(call, "InvalidAvailableZone.NotFound", NULL);
    while (region && row->code && strcasecmp(row->region_code, region) != 0)
        row++;
    return row->code || emu_co_fail(call, "InvalidRegion.NotFound", NULL);
}

static const char *expiry_text(struct emu_world *world, yyjson_mut_val *body)
{
    int64_t expiry = emu_get_int(body, "expiry", 0);

    return expiry ? emu_co_time(world, expiry) : never;
}

static void set_place(struct emu_world *world, yyjson_mut_val *to, const struct emu_ecs_zone *zone)
{
    emu_set_str(world, to, "AzId", zone->id);
    emu_set_str(world, to, "AzName", zone->name);
    emu_set_str(world, to, "RegionId", zone->region_id);
    emu_set_str(world, to, "RegionName", zone->region_name);
}

static void set_status(struct emu_world *world, yyjson_mut_val *to,
                       const struct emu_object *instance)
{
    emu_set_str(world, to, "Status", emu_ecs_status(instance));
    emu_set_str(world, to, "StatusDisplay", emu_ecs_display("instance", emu_ecs_status(instance)));
}

static void add_address(struct emu_world *world, yyjson_mut_val *to, const char *address,
                        const char *isp, const char *eip, int64_t qos, bool with_qos)
{
    yyjson_mut_val *one = emu_obj(world);

    if (!*address)
        return;
    emu_set_str(world, one, "ConfName", isp);
    emu_set_str(world, one, "EipIp", eip);
    /* The document's example has "" when there is no public address. The Go SDK and its document
     * have an int and cannot parse a reply with "". */
    if (with_qos)
        emu_set_int(world, one, "CurrentUseQos", qos);
    emu_set(world, to, address, one);
}

/* The private address, and the gateway with the public address that belongs to it. */
static yyjson_mut_val *eip_info(struct emu_world *world, const struct emu_object *instance,
                                bool with_qos)
{
    yyjson_mut_val *body = instance->body, *ret = emu_obj(world);

    add_address(world, ret, emu_get_text(body, "ip"), "", "", 0, with_qos);
    add_address(world, ret, emu_get_text(body, "gateway"), emu_get_text(body, "isp"),
                emu_get_text(body, "eip"), emu_get_int(body, "qos", 0), with_qos);
    return ret;
}

/* DescribeInstanceList writes "CPU" where the other actions write "Cpu". */
static const char *list_family(struct emu_world *world, const char *name)
{
    return strncmp(name, "Cpu", 3) == 0 ? emu_text(world, "CPU%s", name + 3) : name;
}

static yyjson_mut_val *shown_in_list(struct emu_world *world, const struct emu_object *instance)
{
    yyjson_mut_val *body = emu_seen(world, instance), *ret = emu_obj(world);
    const struct emu_ecs_family *family = emu_ecs_family_find(emu_get_text(body, "family"));
    const struct emu_ecs_vpc *vpc = emu_ecs_vpc_find(emu_get_text(body, "vpc"));
    const char *billing = emu_get_text(body, "billing"), *feature = "";
    struct emu_object **disks;
    int64_t gpu = emu_get_int(body, "gpu", 0), size = 0;

    if (emu_ecs_disks_of(world, instance, &disks)) {
        feature = emu_get_text(disks[0]->body, "feature");
        size = emu_get_int(emu_seen(world, disks[0]), "size", 0);
    }
    emu_set_str(world, ret, "EcsId", instance->id);
    emu_set_str(world, ret, "EcsName", emu_get_text(body, "name"));
    emu_set_str(world, ret, "VpcId", vpc->id);
    emu_set_str(world, ret, "VpcName", vpc->name);
    set_status(world, ret, instance);
    set_place(world, ret, emu_ecs_zone_find(instance->region));
    emu_set_str(world, ret, "PrivateNet", emu_get_text(body, "ip"));
    emu_set_str(world, ret, "PubNet", emu_get_text(body, "gateway"));
    emu_set(world, ret, "VirtualNet", emu_arr(world));
    emu_set(world, ret, "EipInfo", eip_info(world, instance, false));
    emu_set_str(world, ret, "CreateTime", emu_co_time(world, emu_get_int(body, "created", 0)));
    emu_set_str(world, ret, "EndBillTime", expiry_text(world, body));
    emu_set_str(world, ret, "IsAutoRenewal", emu_get_int(body, "auto_renew", 0) ? "1" : "0");
    emu_set_bool(world, ret, "IsGpu", gpu > 0);
    emu_set_str(world, ret, "CardName", gpu ? family->card : "");
    emu_set_int(world, ret, "CpuSize", emu_get_int(body, "cpu", 0));
    emu_set_int(world, ret, "RamSize", emu_get_int(body, "ram", 0));
    emu_set_int(world, ret, "GpuSize", gpu);
    emu_set_str(world, ret, "BillingMethodName", emu_ecs_display("billing", billing));
    emu_set_str(world, ret, "BillingMethod", billing);
    emu_set_str(world, ret, "OsType", emu_get_text(body, "os_type"));
    emu_set_str(world, ret, "OsVersion", emu_get_text(body, "os_version"));
    emu_set_str(world, ret, "ImageName", emu_get_text(body, "image_name"));
    emu_set_int(world, ret, "OsBit", 64);
    emu_set_str(world, ret, "CustomerId", "E000001");
    emu_set_str(world, ret, "SystemDiskType", emu_ecs_display("disk_type", feature));
    emu_set_str(world, ret, "SystemDiskFeature", feature);
    emu_set_int(world, ret, "SystemDiskSize", size);
    emu_set_str(world, ret, "SupportGpuDriver", gpu ? family->driver : "");
    emu_set_str(world, ret, "SpecFamilyId", family->id);
    emu_set_str(world, ret, "EcsFamilyName", list_family(world, family->name));
    emu_set_int(world, ret, "NoChargeForShutdown", emu_get_int(body, "free", 0));
    return ret;
}

void emu_ecs_answer_list(struct emu_co *call, const char *kind, const char *name,
                         bool (*wanted)(struct emu_co *call, const struct emu_object *object),
                         yyjson_mut_val *(*shown)(struct emu_world *world,
                                                  const struct emu_object *object))
{
    yyjson_mut_val *data = emu_obj(call->world), *list = emu_arr(call->world);
    struct emu_object **all;
    size_t count = emu_object_list(call->world, EMU_ECS, kind, call->account, NULL, &all);

    if (!emu_ecs_place_good(call))
        return;
    for (size_t i = 0; i < count; i++) {
        if (!wanted(call, all[i]))
            continue;
        emu_object_polled(call->world, all[i]);
        if (!all[i]->removed)
            emu_push(list, shown(call->world, all[i]));
    }
    emu_set(call->world, data, name, emu_ecs_page(call, list));
    emu_co_answer(call, data);
}

static bool wanted(struct emu_co *call, const struct emu_object *instance)
{
    yyjson_mut_val *params = call->params, *body = instance->body, *ids = emu_get(params, "EcsIds");
    const char *zone = emu_get_str(params, "AvailableZoneCode"),
               *vpc = emu_get_str(params, "VpcId");
    const char *word = emu_get_str(params, "SearchInfo");

    if (emu_ecs_is(instance, " deleted ") || emu_is_hidden(call->world, instance))
        return false;
    if (zone && strcasecmp(zone, instance->region) != 0)
        return false;
    if (vpc && strcmp(vpc, emu_get_text(body, "vpc")) != 0)
        return false;
    if (ids && !emu_has_str(ids, instance->id))
        return false;
    return !word || strstr(instance->id, word) || strstr(emu_get_text(body, "name"), word) ||
           strstr(emu_get_text(body, "ip"), word);
}

void emu_ecs_describe_instance_list(struct emu_co *call)
{
    emu_ecs_answer_list(call, "instance", "EcsList", wanted, shown_in_list);
}

static yyjson_mut_val *shown_rule(struct emu_world *world, yyjson_mut_val *body)
{
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_str(world, ret, "Name", emu_get_text(body, "family"));
    emu_set_int(world, ret, "CpuNum", emu_get_int(body, "cpu", 0));
    emu_set_str(world, ret, "CpuUnit", "核");
    emu_set_int(world, ret, "Ram", emu_get_int(body, "ram", 0));
    emu_set_int(world, ret, "Gpu", emu_get_int(body, "gpu", 0));
    emu_set_str(world, ret, "RamUnit", "GiB");
    emu_set_str(world, ret, "GpuUnit", "个");
    return ret;
}

static yyjson_mut_val *shown_os(struct emu_world *world, yyjson_mut_val *body)
{
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_str(world, ret, "ImageId", emu_get_text(body, "image"));
    emu_set_str(world, ret, "ImageName", emu_get_text(body, "image_name"));
    emu_set_str(world, ret, "OsType", emu_get_text(body, "os_type"));
    emu_set_int(world, ret, "Bit", 64);
    emu_set_str(world, ret, "Version", emu_get_text(body, "os_version"));
    return ret;
}

/* The id of a system disk is DiskId, that of a data disk Id. */
static yyjson_mut_val *shown_disk(struct emu_world *world, const struct emu_object *disk,
                                  bool is_system)
{
    yyjson_mut_val *body = emu_seen(world, disk), *ret = emu_obj(world);
    int64_t size = emu_get_int(body, "size", 0);

    emu_set_int(world, ret, "ReleaseWithInstance", emu_get_int(body, "release", 1));
    emu_set_str(world, ret, "DiskType", is_system ? "system" : "data");
    emu_set_str(world, ret, "Name", emu_get_text(body, "name"));
    emu_set_int(world, ret, "Size", size);
    emu_set_int(world, ret, "DiskIops", 1800 + size * 30); /* 2520 for 24 GB, as in the example */
    emu_set_int(world, ret, "BandMbps", 84 + size / 2);    /* 96 for 24 GB, as in the example */
    emu_set_str(world, ret, "Unit", "GB");
    emu_set_str(world, ret, is_system ? "DiskId" : "Id", disk->id);
    emu_set_str(world, ret, "DiskFeature", emu_get_text(body, "feature"));
    return ret;
}

static yyjson_mut_val *shown_disks(struct emu_world *world, struct emu_object *instance)
{
    yyjson_mut_val *ret = emu_obj(world), *data = emu_arr(world);
    struct emu_object **disks;
    size_t count = emu_ecs_disks_of(world, instance, &disks);

    emu_set(world, ret, "SystemDiskConf", emu_obj(world));
    for (size_t i = 0; i < count; i++) {
        bool is_system = strcmp(emu_get_text(disks[i]->body, "property"), "system") == 0;

        if (is_system)
            emu_set(world, ret, "SystemDiskConf", shown_disk(world, disks[i], true));
        else
            emu_push(data, shown_disk(world, disks[i], false));
    }
    emu_set(world, ret, "DataDiskConf", data);
    return ret;
}

static yyjson_mut_val *shown_pipe(struct emu_world *world, struct emu_object *instance)
{
    yyjson_mut_val *body = instance->body, *ret = emu_obj(world);
    const struct emu_ecs_vpc *vpc = emu_ecs_vpc_find(emu_get_text(body, "vpc"));
    const struct emu_ecs_subnet *subnet = emu_ecs_subnet_find(emu_get_text(body, "subnet"));

    emu_set_str(world, ret, "VpcName", vpc->name);
    emu_set_str(world, ret, "VpcId", vpc->id);
    emu_set_str(world, ret, "SubnetId", subnet->id);
    emu_set_str(world, ret, "SubnetName", subnet->name);
    emu_set_str(world, ret, "CreateTime",
                "2022-04-14 14:21:52"); /* of the subnet: older than any world */
    emu_set_str(world, ret, "PrivateNet", emu_get_text(body, "ip"));
    emu_set_str(world, ret, "PubNet", emu_get_text(body, "gateway"));
    emu_set(world, ret, "VirtualNet", emu_arr(world));
    emu_set(world, ret, "EipInfo", eip_info(world, instance, true));
    return ret;
}

static yyjson_mut_val *shown_billing(struct emu_world *world, const struct emu_object *instance)
{
    const char *method = emu_get_text(instance->body, "billing");
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_str(world, ret, "BillingMethod", method);
    emu_set_str(world, ret, "BillingMethodName", emu_ecs_display("billing", method));
    emu_set_str(world, ret, "BillingStatus", emu_ecs_is(instance, " recycling ") ? "欠费" : "正常");
    emu_set_str(world, ret, "BillCycleId",
                emu_get_int(instance->body, "duration", 1) < 12 ? "month" : "year");
    return ret;
}

void emu_ecs_describe_instance(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *instance = find_shown(call, emu_get_str(call->params, "EcsId"));
    yyjson_mut_val *ret = emu_obj(world), *body;
    const struct emu_ecs_zone *zone;
    bool is_gpu;

    if (!instance) {
        emu_co_fail(call, "InvalidResourceId.NotFound", NULL);
        return;
    }
    body = emu_seen(world, instance);
    zone = emu_ecs_zone_find(instance->region);
    is_gpu = emu_get_int(body, "gpu", 0) > 0;
    emu_set_str(world, ret, "EcsId", instance->id);
    emu_set_str(world, ret, "EcsName", emu_get_text(body, "name"));
    emu_set_str(world, ret, "RegionId", zone->region_id);
    emu_set_str(world, ret, "RegionName", zone->region_name);
    emu_set_str(world, ret, "AzId", zone->id);
    emu_set_str(world, ret, "AzName", zone->name);
    set_status(world, ret, instance);
    emu_set_str(world, ret, "CreateTime", emu_co_time(world, emu_get_int(body, "created", 0)));
    emu_set_int(world, ret, "Duration", emu_get_int(body, "duration", 1));
    emu_set_str(world, ret, "EndBillTime", expiry_text(world, body));
    emu_set_str(world, ret, "IsAutoRenewal", emu_get_int(body, "auto_renew", 0) ? "1" : "0");
    emu_set_str(world, ret, "TimeZone", emu_get_int(body, "utc", 0) ? "UTC" : "Asia/Shanghai");
    emu_set_bool(world, ret, "IsGpu",
                 is_gpu); /* the table's name of the member, then the example's */
    emu_set_bool(world, ret, "IsRam", is_gpu);
    emu_set_int(world, ret, "NoChargeForShutdown", emu_get_int(body, "free", 0));
    emu_set(world, ret, "EcsRule", shown_rule(world, body));
    emu_set(world, ret, "OsInfo", shown_os(world, body));
    emu_set(world, ret, "Disk", shown_disks(world, instance));
    emu_set(world, ret, "Pipe", shown_pipe(world, instance));
    emu_set(world, ret, "BillingInfo", shown_billing(world, instance));
    emu_co_answer(call, ret);
}

void emu_ecs_describe_instance_status(struct emu_co *call)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *data = emu_obj(world), *all = emu_obj(world), *id;
    size_t i, count;

    /* Ids that the account does not have are left out (inferred). */
    yyjson_mut_arr_foreach(emu_get(call->params, "EcsIds"), i, count, id)
    {
        struct emu_object *instance = find_shown(call, yyjson_mut_get_str(id));
        yyjson_mut_val *one = emu_obj(world);

        if (!instance)
            continue;
        set_status(world, one, instance);
        emu_set(world, all, instance->id, one);
    }
    emu_set(world, data, "EcsStatus", all);
    emu_co_answer(call, data);
}

void emu_ecs_describe_instance_vnc_url(struct emu_co *call)
{
    struct emu_object *instance =
        emu_ecs_find(call, "instance", emu_get_str(call->params, "EcsId"));
    yyjson_mut_val *data = emu_obj(call->world);

    if (!instance) {
        emu_co_fail(call, "InvalidResourceId.NotFound", NULL);
        return;
    }
    if (!emu_ecs_is(instance, " running ")) {
        emu_co_fail(call, "InvalidOperation.InstanceStatusUnsupported", NULL);
        return;
    }
    emu_set_str(
        call->world, data, "InstanceVncUrl",
        emu_text(call->world, "http://vnc.capitalonline.net/%s", emu_new_id(call->world, "", 32)));
    emu_co_answer(call, data);
}
