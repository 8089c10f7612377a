/* SPDX-License-Identifier: Apache-2.0 */
/* EBS: the disks of instances and those bought alone. Its lists have cloud disks only; just
 * DescribeInstance shows a local disk. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <stdlib.h>
#include <string.h>

enum { LEAST_GB = 24, MOST_GB = 2000, STEP_GB = 8, MOST_DISKS = 16, MOST_AT_ONCE = 100 };

static bool is_cloud(const struct emu_object *disk)
{
    return strcmp(emu_get_text(disk->body, "feature"), "local") != 0;
}

int64_t emu_ecs_disk_used(struct emu_world *world, const char *account, const char *zone_code)
{
    struct emu_object **all;
    size_t count = emu_object_list(world, EMU_ECS, "disk", account, zone_code, &all);
    int64_t ret = 0;

    for (size_t i = 0; i < count; i++)
        ret += is_cloud(all[i]) ? emu_get_int(all[i]->body, "size", 0) : 0;
    return ret;
}

bool emu_ecs_disk_size_good(struct emu_co *call, int64_t size)
{
    if (size < LEAST_GB)
        return emu_co_fail(call, "MinDiskSizeLess", NULL);
    if (size > MOST_GB)
        return emu_co_fail(call, "MaxDiskSizeExceed", NULL);
    if (size % STEP_GB)
        return emu_co_fail(call, "InvalidDiskSize.ValueNotSupported", NULL);
    return true;
}

/* The default name is like those of the examples: "ssd_20220804". */
struct emu_object *emu_ecs_disk_new(struct emu_co *call, const struct emu_ecs_zone *zone,
                                    yyjson_mut_val *body)
{
    struct emu_world *world = call->world;
    const char *today = emu_co_time(world, emu_now(world));
    struct emu_object *ret;

    if (!*emu_get_text(body, "name"))
        emu_set_str(world, body, "name",
                    emu_text(world, "%s_%.4s%.2s%.2s", emu_get_text(body, "feature"), today,
                             today + 5, today + 8));
    emu_set_int(world, body, "created", emu_now(world));
    ret = emu_object_add(world, EMU_ECS, "disk", emu_new_id(world, "disk-", 16), call->account,
                         zone->code, body);
    emu_late(world, ret, NULL);
    emu_object_save(world, ret);
    return ret;
}

/* Reads InstanceId (as the tables name it) or EcsId (as the samples do). *ret is NULL when @needed
 * is false and neither is given. */
static bool read_instance(struct emu_co *call, bool needed, struct emu_object **ret)
{
    const char *id = emu_get_str(call->params, "InstanceId");

    *ret = NULL;
    if (!id)
        id = emu_get_str(call->params, "EcsId");
    if (!id)
        return !needed || emu_co_fail(call, "MissingParameter", "InstanceId");
    *ret = emu_ecs_find(call, "instance", id);
    if (!*ret || emu_ecs_is(*ret, " deleted "))
        return emu_co_fail(call, "InvalidResourceId.NotFound", "InstanceId");
    return true;
}

static bool read_disks(struct emu_co *call, const char *statuses, struct emu_object ***ret,
                       size_t *ret_count)
{
    yyjson_mut_val *ids = emu_get(call->params, "DiskIds"), *id;
    struct emu_object **list =
        emu_alloc(call->world, (yyjson_mut_arr_size(ids) + 1) * sizeof(*list));
    size_t i, max, count = 0;

    yyjson_mut_arr_foreach(ids, i, max, id)
    {
        struct emu_object *disk = emu_ecs_find(call, "disk", yyjson_mut_get_str(id));
        size_t seen = 0;

        if (!disk || !is_cloud(disk))
            return emu_co_fail(call, "InvalidResourceId.NotFound", yyjson_mut_get_str(id));
        if (strcmp(emu_get_text(disk->body, "property"), "system") == 0)
            return emu_co_fail(call, "InvalidOperation", "A system disk.");
        if (!emu_ecs_is(disk, statuses))
            return emu_co_fail(call, "InvalidOperation.InstanceStatusUnsupported", disk->id);
        while (seen < count && list[seen] != disk)
            seen++;
        if (seen == count)
            list[count++] = disk;
    }
    *ret = list;
    *ret_count = count;
    return true;
}

/* Checks whether @more disks may be attached to the instance. */
static bool can_attach(struct emu_co *call, struct emu_object *instance, size_t more)
{
    struct emu_object **disks;

    if (!emu_ecs_batch_in(call, &instance, 1, " running shutdown "))
        return false;
    if (emu_get_int(instance->body, "free", 0))
        return emu_co_fail(call, "InvalidOperation.InstanceStatusUnsupported", instance->id);
    if (emu_get_bool(instance->body, "local", false))
        return emu_co_fail(call, "UnSupportedMixingLocalAndEbs", NULL);
    if (emu_ecs_disks_of(call->world, instance, &disks) + more > MOST_DISKS)
        return emu_co_fail(call, "InvalidOperation", "More than 16 disks on one instance.");
    return true;
}

static void begin_all(struct emu_co *call, struct emu_object **list, size_t count, const char *type)
{
    struct emu_object *event = emu_ecs_event_new(call, type);

    for (size_t i = 0; i < count; i++)
        emu_ecs_begin(call->world, event, list[i], emu_ecs_work_find(type));
    emu_co_answer(call, emu_ecs_event_data(call->world, event));
}

/* 2 to 40 characters, beginning with a letter: letters, Chinese, digits, . _ : - ( ) */
static bool name_good(const char *name)
{
    size_t length = emu_co_length(name);

    if (!*name)
        return true;
    if (length < 2 || length > 40 || !((*name | 0x20) >= 'a' && (*name | 0x20) <= 'z'))
        return false;
    for (; *name; name++) {
        char lower = (char)(*name | 0x20);

        if (!(lower >= 'a' && lower <= 'z') && !(*name >= '0' && *name <= '9') &&
            !strchr("._:-()", *name) && !(*name & 0x80))
            return false;
    }
    return true;
}

static bool create_good(struct emu_co *call, const struct emu_ecs_zone *zone,
                        const struct emu_object *instance)
{
    const char *billing = emu_get_str(call->params, "BillingMethod");
    int64_t size = emu_get_int(call->params, "Size", 0),
            number = emu_get_int(call->params, "Number", 1);

    if (!zone)
        return emu_co_fail(call, "InvalidAvailableZone.NotFound", NULL);
    if (emu_ascii_casecmp(emu_get_text(call->params, "DiskFeature"), "ssd") != 0)
        return emu_co_fail(call, "InvalidParameter", "DiskFeature is SSD.");
    if (billing && strcmp(billing, "0") != 0)
        return emu_co_fail(call, "InvalidParameter", "BillingMethod is \"0\".");
    if (number < 1 || number > MOST_AT_ONCE)
        return emu_co_fail(call, "InvalidParameter", "Number is 1 to 100.");
    if (!name_good(emu_get_text(call->params, "DiskName")))
        return emu_co_fail(call, "InvalidParameter", "DiskName");
    if (*emu_get_text(call->params, "SnapshotId"))
        return emu_co_fail(call, "InvalidResourceId.NotFound", "SnapshotId");
    if (!emu_ecs_disk_size_good(call, size))
        return false;
    if (instance && strcmp(instance->region, zone->code) != 0)
        return emu_co_fail(call, "InvalidOperation.AzMismatch", NULL);
    if (emu_ecs_disk_used(call->world, call->account, zone->code) + size * number >
        emu_quota(call->world, "ebs", 10240))
        return emu_co_fail(call, "InvalidDiskSize.ValueNotSupported", "The disk quota is used up.");
    return true;
}

static struct emu_object *make_disk(struct emu_co *call, const struct emu_ecs_zone *zone,
                                    const struct emu_object *instance, int64_t price,
                                    const char *order)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *body = emu_obj(world);
    struct emu_object *ret;

    emu_set_str(world, body, "name", emu_get_text(call->params, "DiskName"));
    emu_set_int(world, body, "size", emu_get_int(call->params, "Size", 0));
    emu_set_str(world, body, "feature", "ssd");
    emu_set_str(world, body, "property", "data");
    emu_set_str(world, body, "ecs", instance ? instance->id : "");
    emu_set_str(world, body, "billing", "0");
    emu_set_bool(world, body, "alone", true);
    emu_set_int(world, body, "release",
                instance ? emu_get_int(call->params, "ReleaseWithInstance", 1) : 0);
    emu_set_int(world, body, "held", price);
    emu_set_str(world, body, "order", order);
    ret = emu_ecs_disk_new(call, zone, body);
    emu_ecs_charge(world, ret, "usage", order, price);
    emu_ecs_bill_start(world, ret);
    return ret;
}

void emu_ecs_create_disk(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const struct emu_ecs_zone *zone =
        emu_ecs_zone_find(emu_get_text(call->params, "AvailableZoneCode"));
    struct emu_ecs_config config = { .cloud_gb = emu_get_int(call->params, "Size", 0) };
    int64_t number = emu_get_int(call->params, "Number", 1), price;
    yyjson_mut_val *data, *ids = emu_arr(world);
    struct emu_object *event, *instance;

    if (!emu_ecs_flag_good(call, "ReleaseWithInstance") || !read_instance(call, false, &instance) ||
        !create_good(call, zone, instance) ||
        (instance && !can_attach(call, instance, (size_t)number)))
        return;
    price = emu_ecs_day_price(&config);
    if (!emu_ecs_can_pay(world, call->account, price * number)) {
        emu_co_fail(call, "InvalidOperation", "The balance is not enough.");
        return;
    }
    event = emu_ecs_event_new(call, "create_disk");
    for (int64_t i = 0; i < number; i++) {
        struct emu_object *disk = make_disk(call, zone, instance, price, event->id);

        emu_ecs_begin(world, event, disk, emu_ecs_work_find("create_disk"));
        emu_push_str(world, ids, disk->id);
    }
    data = emu_ecs_event_data(world, event);
    emu_set(world, data, "DiskIdSet", ids);
    emu_co_answer(call, data);
}

void emu_ecs_delete_disk(struct emu_co *call)
{
    struct emu_object **list;
    size_t count;

    if (read_disks(call, " waiting build_fail error recycling ", &list, &count))
        begin_all(call, list, count, "delete_disk");
}

void emu_ecs_detach_disk(struct emu_co *call)
{
    struct emu_object **list;
    size_t count;

    if (read_disks(call, " running ", &list, &count))
        begin_all(call, list, count, "unmount_disk");
}

void emu_ecs_attach_disk(struct emu_co *call)
{
    struct emu_object **list, *instance;
    size_t count;

    if (!emu_ecs_flag_good(call, "ReleaseWithInstance") || !read_instance(call, true, &instance) ||
        !read_disks(call, " waiting ", &list, &count) || !can_attach(call, instance, count))
        return;
    for (size_t i = 0; i < count; i++) {
        if (strcmp(list[i]->region, instance->region) != 0) {
            emu_co_fail(call, "InvalidOperation.AzMismatch", NULL);
            return;
        }
        emu_set_str(call->world, list[i]->body, "ecs", instance->id);
        emu_set_int(call->world, list[i]->body, "release",
                    emu_get_int(call->params, "ReleaseWithInstance", 1));
    }
    begin_all(call, list, count, "mount_disk");
}

/* A prepaid instance pays for the rest of the term at once; by the day, the next day has the new
 * price. */
static bool pay_extension(struct emu_co *call, struct emu_object *disk, int64_t size)
{
    struct emu_world *world = call->world;
    struct emu_object *instance =
        emu_object_find(world, EMU_ECS, "instance", emu_get_text(disk->body, "ecs"));
    struct emu_ecs_config before = { .cloud_gb = emu_get_int(disk->body, "size", 0) },
                          after = { .cloud_gb = size };
    const char *payer = emu_get_str(disk->body, "payer");
    int64_t price = 0;

    if (instance && !emu_get_bool(disk->body, "alone", false) &&
        strcmp(emu_get_text(instance->body, "billing"), "1") == 0)
        price = emu_co_upgrade_price(emu_ecs_month_price(&before), emu_ecs_month_price(&after),
                                     emu_now(world), emu_get_int(instance->body, "expiry", 0));
    if (!emu_ecs_can_pay(world, payer ? payer : call->account, price))
        return emu_co_fail(call, "InvalidOperation", "The balance is not enough.");
    emu_ecs_charge(world, disk, "upgrade", NULL, price);
    emu_set_int(world, disk->body, "held", price);
    return true;
}

void emu_ecs_extend_disk(struct emu_co *call)
{
    struct emu_object *disk = emu_ecs_find(call, "disk", emu_get_str(call->params, "DiskId"));
    int64_t size = emu_get_int(call->params, "ExtendedSize", 0), old;

    if (!disk || !is_cloud(disk)) {
        emu_co_fail(call, "InvalidResourceId.NotFound", NULL);
        return;
    }
    if (!emu_ecs_is(disk, " running waiting ")) {
        emu_co_fail(call, "InvalidOperation.InstanceStatusUnsupported", NULL);
        return;
    }
    old = emu_get_int(disk->body, "size", 0);
    if (size <= old) {
        emu_co_fail(call, "MinDiskSizeLess", NULL);
        return;
    }
    if (!emu_ecs_disk_size_good(call, size))
        return;
    if (emu_ecs_disk_used(call->world, call->account, disk->region) + size - old >
        emu_quota(call->world, "ebs", 10240)) {
        emu_co_fail(call, "InvalidDiskSize.ValueNotSupported", "The disk quota is used up.");
        return;
    }
    if (!pay_extension(call, disk, size))
        return;
    emu_set_int(call->world, disk->body, "next_size", size);
    begin_all(call, &disk, 1, "extend_disk");
}

static yyjson_mut_val *shown(struct emu_world *world, const struct emu_object *disk)
{
    yyjson_mut_val *body = emu_seen(world, disk), *ret = emu_obj(world);
    const char *ecs = emu_get_text(body, "ecs"), *status = emu_ecs_status(disk);
    struct emu_object *instance = emu_object_find(world, EMU_ECS, "instance", ecs);

    emu_set_str(world, ret, "DiskId", disk->id);
    emu_set_str(world, ret, "DiskName", emu_get_text(body, "name"));
    emu_set_int(world, ret, "Size", emu_get_int(body, "size", 0));
    emu_set_str(world, ret, "EcsId", ecs);
    emu_set_str(world, ret, "EcsName", instance ? emu_get_text(instance->body, "name") : "");
    emu_set_str(world, ret, "BillingMethod", emu_get_text(body, "billing"));
    emu_set_int(world, ret, "ReleaseWithInstance", emu_get_int(body, "release", 1));
    emu_set_str(world, ret, "RegionCode", emu_ecs_zone_find(disk->region)->region_code);
    emu_set_str(world, ret, "AvailableZoneCode", disk->region);
    emu_set_str(world, ret, "Status", status);
    emu_set_str(world, ret, "StatusDisplay", emu_ecs_display("disk", status));
    emu_set_str(world, ret, "DiskFeature", "SSD");
    emu_set_str(world, ret, "Property", emu_get_text(body, "property"));
    return ret;
}

void emu_ecs_describe_disk_quota(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const struct emu_ecs_zone *zone =
        emu_ecs_zone_find(emu_get_text(call->params, "AvailableZoneCode"));
    yyjson_mut_val *data = emu_obj(world), *list = emu_arr(world), *one = emu_obj(world);
    int64_t total = emu_quota(world, "ebs", 10240), used;

    if (!zone) {
        emu_co_fail(call, "InvalidAvailableZone.NotFound", NULL);
        return;
    }
    used = emu_ecs_disk_used(world, call->account, zone->code);
    emu_set_int(world, one, "TotalQuota", total);
    emu_set_int(world, one, "UsedQuota", used);
    emu_set_int(world, one, "FreeQuota", total > used ? total - used : 0);
    emu_set_str(world, one, "DiskFeature", "SSD");
    emu_push(list, one);
    emu_set(world, data, "QuotaList", list);
    emu_co_answer(call, data);
}

static bool wanted(struct emu_co *call, const struct emu_object *disk)
{
    const char *zone = emu_get_str(call->params, "AvailableZoneCode");
    const char *region = emu_get_str(call->params, "RegionCode");
    yyjson_mut_val *ids = emu_get(call->params, "DiskIds");

    return is_cloud(disk) && !emu_is_hidden(call->world, disk) &&
           (!zone || emu_ascii_casecmp(zone, disk->region) == 0) &&
           (!region ||
            emu_ascii_casecmp(region, emu_ecs_zone_find(disk->region)->region_code) == 0) &&
           (!ids || emu_has_str(ids, disk->id));
}

void emu_ecs_describe_disk_list(struct emu_co *call)
{
    emu_ecs_answer_list(call, "disk", "DiskList", wanted, shown);
}

/* A missing disk is not the 404 of the table here: the vendor's own CSI driver received this error.
 */
void emu_ecs_describe_disk(struct emu_co *call)
{
    struct emu_object *disk = emu_ecs_find(call, "disk", emu_get_str(call->params, "DiskId"));
    yyjson_mut_val *data = emu_obj(call->world);

    if (disk && emu_is_hidden(call->world, disk))
        disk = NULL;
    if (disk)
        emu_object_polled(call->world, disk);
    if (!disk || disk->removed || !is_cloud(disk)) {
        emu_co_fail(call, "InvalidParameter", "云盘信息不存在");
        return;
    }
    emu_set(call->world, data, "DiskInfo", shown(call->world, disk));
    emu_co_answer(call, data);
}

void emu_ecs_describe_attach_disks(struct emu_co *call)
{
    yyjson_mut_val *data = emu_obj(call->world), *list = emu_arr(call->world);
    struct emu_object *instance, **disks;
    size_t count;

    if (!read_instance(call, true, &instance))
        return;
    count = emu_ecs_disks_of(call->world, instance, &disks);
    for (size_t i = 0; i < count; i++) {
        if (emu_is_hidden(call->world, disks[i]))
            continue;
        emu_object_polled(call->world, disks[i]);
        if (!disks[i]->removed && is_cloud(disks[i]))
            emu_push(list, shown(call->world, disks[i]));
    }
    emu_set(call->world, data, "DiskList", list);
    emu_co_answer(call, data);
}
