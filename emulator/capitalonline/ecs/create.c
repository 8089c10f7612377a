/* SPDX-License-Identifier: Apache-2.0 */
/* CreateInstance of ECS: checks all its rules, then makes the instances with their disks,
 * addresses, charges and event. A refusal rolls everything back (serve.c), so a check may follow a
 * change. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_AT_ONCE = 100, MOST_DATA_DISKS = 15, SYSTEM_MOST_GB = 500, MOST_START = 999999 };

/* The checked parameters of CreateInstance. */
struct order {
    const struct emu_ecs_zone *zone;
    const struct emu_ecs_subnet *subnet;
    struct emu_ecs_config config;
    struct emu_ecs_term term;
    yyjson_mut_val *image;
    const char *payer;
    int64_t number;
    int64_t price; /* of one instance */
    bool local;
};

static bool check_config(struct emu_co *call, struct order *order)
{
    yyjson_mut_val *params = call->params;
    struct emu_ecs_config *config = &order->config;

    order->zone = emu_ecs_zone_find(emu_get_text(params, "AvailableZoneCode"));
    if (!order->zone)
        return emu_co_fail(call, "InvalidAvailableZone.NotFound", NULL);
    config->family = emu_ecs_family_find(emu_get_text(params, "EcsFamilyName"));
    if (!config->family)
        return emu_co_fail(call, "InvalidInstanceType.ValueNotSupported", NULL);
    config->cpu = emu_get_int(params, "Cpu", 0);
    config->ram = emu_get_int(params, "Ram", 0);
    config->gpu = emu_get_int(params, "Gpu", 0);
    if (!emu_ecs_family_has(config->family, config->cpu, config->ram, config->gpu))
        return emu_co_fail(call, "InvalidInstanceSpec.ValueNotSupported", NULL);
    if (emu_ecs_sold_out(call->world, order->zone, config->family, config->cpu, config->ram,
                         config->gpu))
        return emu_co_fail(call, "InvalidOperation", "Sold out.");
    order->image = emu_ecs_image_find(call, order->zone, emu_get_text(params, "ImageId"));
    return order->image || emu_co_fail(call, "InvalidImage.NotFound", NULL);
}

/* Checks the number of instances against the account's quota. */
static bool check_number(struct emu_co *call, struct order *order)
{
    struct emu_object **all;
    size_t count = emu_object_list(call->world, EMU_ECS, "instance", call->account, NULL, &all);
    int64_t alive = 0;

    order->number = emu_get_int(call->params, "Number", 1);
    for (size_t i = 0; i < count; i++)
        alive += !emu_ecs_is(all[i], " deleted failed ");
    if (order->number < 1)
        return emu_co_fail(call, "InvalidParameter", "Number is less than 1.");
    if ((uint64_t)emu_get_int(call->params, "StartNumber", 0) > MOST_START)
        return emu_co_fail(call, "InvalidParameter", "StartNumber is 0 to 999999.");
    if (order->number > MOST_AT_ONCE || alive + order->number > emu_quota(call->world, "ecs", 500))
        return emu_co_fail(call, "MaxEcsCountExceed", NULL);
    return true;
}

static bool check_spot(struct emu_co *call, struct order *order)
{
    const char *type = emu_get_text(call->params, "SpotType"),
               *amount = emu_get_text(call->params, "SpotAmount");
    int64_t least = emu_ecs_spot_price(&order->config), most = emu_ecs_day_price(&order->config);

    order->term.bid = least;
    if (!*type || strcmp(type, "auto") == 0)
        return true;
    if (strcmp(type, "bid") != 0)
        return emu_co_fail(call, "InvalidParameter", "SpotType is auto or bid.");
    if (!emu_money_read(amount, &order->term.bid) || order->term.bid < least ||
        order->term.bid > most)
        return emu_co_fail(call, "InvalidParameter",
                           "SpotAmount is outside of what DescribePrice says.");
    return true;
}

static bool check_term(struct emu_co *call, struct order *order)
{
    const char *billing = emu_get_text(call->params, "BillingMethod");

    if (strcmp(billing, "0") != 0 && strcmp(billing, "1") != 0 && strcmp(billing, "3") != 0)
        return emu_co_fail(call, "InvalidParameter", "BillingMethod is \"0\", \"1\" or \"3\".");
    if (!emu_ecs_flag_good(call, "IsToMonth") || !emu_ecs_flag_good(call, "IsAutoRenewal") ||
        !emu_ecs_flag_good(call, "UtcTime"))
        return false;
    order->term.billing = billing;
    order->term.months = emu_get_int(call->params, "Duration", 1);
    order->term.to_month_end = emu_get_int(call->params, "IsToMonth", 1) == 1;
    if (strcmp(billing, "1") == 0 && !emu_ecs_months_allowed(order->term.months))
        return emu_co_fail(call, "InvalidParameter", "Duration is 1 to 12, 24 or 36.");
    return strcmp(billing, "3") != 0 || check_spot(call, order);
}

static bool check_system_disk(struct emu_co *call, struct order *order)
{
    const char *feature = emu_get_text(call->params, "SystemDisk.DiskFeature");
    int64_t size = emu_get_int(call->params, "SystemDisk.Size", 0);

    order->local = strcmp(feature, "local") == 0;
    if (!order->local && strcmp(feature, "ssd") != 0)
        return emu_co_fail(call, "InvalidParameter",
                           "SystemDisk.DiskFeature is \"local\" or \"ssd\".");
    if (size < emu_get_int(order->image, "OsSize", 0))
        return emu_co_fail(call, "MinDiskSizeLess", NULL);
    if (size > SYSTEM_MOST_GB)
        return emu_co_fail(call, "MaxDiskSizeExceed", NULL);
    if (!order->local && size % 8)
        return emu_co_fail(call, "InvalidDiskSize.ValueNotSupported", NULL);
    *(order->local ? &order->config.local_gb : &order->config.cloud_gb) += size;
    return true;
}

/* Cloud disks only, and not together with a local system disk. */
static bool check_data_disk(struct emu_co *call, struct order *order, yyjson_mut_val *disk)
{
    const char *feature = emu_get_text(disk, "DiskFeature");
    int64_t size = emu_get_int(disk, "Size", 0);

    if (strcmp(feature, "ssd") != 0 && strcmp(feature, "local") != 0)
        return emu_co_fail(call, "InvalidParameter", "DataDisk.DiskFeature is \"ssd\".");
    if (order->local || strcmp(feature, "local") == 0)
        return emu_co_fail(call, "UnSupportedMixingLocalAndEbs", NULL);
    if (!emu_ecs_disk_size_good(call, size))
        return false;
    if ((uint64_t)emu_get_int(disk, "ReleaseWithInstance", 1) > 1)
        return emu_co_fail(call, "InvalidParameter", "ReleaseWithInstance is 0 or 1.");
    /* The documents have no action that makes a snapshot, so none exists. */
    if (*emu_get_text(disk, "SnapshotId"))
        return emu_co_fail(call, "InvalidResourceId.NotFound", "SnapshotId");
    order->config.cloud_gb += size;
    return true;
}

static bool check_disks(struct emu_co *call, struct order *order)
{
    yyjson_mut_val *disks = emu_get(call->params, "DataDisk"), *disk;
    int64_t quota = emu_quota(call->world, "ebs", 10240);
    size_t i, count;

    if (!check_system_disk(call, order))
        return false;
    if (yyjson_mut_arr_size(disks) > MOST_DATA_DISKS)
        return emu_co_fail(call, "InvalidParameter", "DataDisk has more than 15 disks.");
    yyjson_mut_arr_foreach(disks, i, count, disk)
    {
        if (!check_data_disk(call, order, disk))
            return false;
    }
    if (order->config.cloud_gb && emu_ecs_disk_used(call->world, call->account, order->zone->code) +
                                          order->config.cloud_gb * order->number >
                                      quota)
        return emu_co_fail(call, "InvalidDiskSize.ValueNotSupported", "The disk quota is used up.");
    return true;
}

static bool check_network(struct emu_co *call, struct order *order)
{
    const struct emu_ecs_vpc *vpc = emu_ecs_vpc_find(emu_get_text(call->params, "VpcInfo.VpcId"));
    yyjson_mut_val *groups = emu_get(call->params, "SecurityGroups"), *group;
    yyjson_mut_val *dns = emu_get(call->params, "DnsList");
    size_t i, count;

    order->subnet = emu_ecs_subnet_find(emu_get_text(call->params, "SubnetInfo.SubnetId"));
    if (!vpc)
        return emu_co_fail(call, "InvalidVpc.NotFound", NULL);
    if (!order->subnet)
        return emu_co_fail(call, "InvalidResourceId.NotFound", "SubnetInfo.SubnetId");
    if (strcmp(order->subnet->vpc_id, vpc->id) != 0)
        return emu_co_fail(call, "InvalidOperation.VpcMismatch", NULL);
    if (strcmp(order->subnet->zone_code, order->zone->code) != 0)
        return emu_co_fail(call, "InvalidOperation.AzMismatch", NULL);
    if (dns && yyjson_mut_arr_size(dns) != 2)
        return emu_co_fail(call, "InvalidParameter", "DnsList has two addresses.");
    yyjson_mut_arr_foreach(groups, i, count, group)
    {
        const char *const *known = emu_ecs_security_groups;

        while (*known && strcmp(*known, emu_get_text(group, "SecurityGroupId")) != 0)
            known++;
        if (!*known)
            return emu_co_fail(call, "InvalidResourceId.NotFound", "SecurityGroupId");
    }
    return emu_ecs_pubnet_good(call, (size_t)order->number, strcmp(order->term.billing, "1") == 0);
}

/* No document has a code for an insufficient balance. */
static bool check_money(struct emu_co *call, struct order *order)
{
    const char *subject = emu_get_text(call->params, "TestAccount");

    if (*subject && !emu_ecs_subject_find(subject))
        return emu_co_fail(call, "InvalidAccount.NotFound", "TestAccount");
    order->payer = *subject ? emu_ecs_subject_payer(call->world, subject) : call->account;
    order->price = emu_ecs_price(&order->config, &order->term, emu_now(call->world));
    if (!emu_ecs_can_pay(call->world, order->payer, order->price * order->number))
        return emu_co_fail(call, "InvalidOperation", "The balance is not enough.");
    return true;
}

static bool check(struct emu_co *call, struct order *order)
{
    if (!check_config(call, order) || !check_number(call, order) || !check_term(call, order) ||
        !check_disks(call, order) || !check_network(call, order))
        return false;
    if (!emu_co_password_good(emu_get_text(call->params, "Password")))
        return emu_co_fail(call, "InvalidParameter", "Password");
    return check_money(call, order);
}

/* "ecs-20220731", "web", or with StartNumber "web-1", "web-2". */
static char *name_of(struct emu_co *call, int64_t index)
{
    struct emu_world *world = call->world;
    const char *name = emu_get_text(call->params, "Name");

    if (!*name)
        name = emu_text(world, "ecs-%.4s%.2s%.2s", emu_co_time(world, emu_now(world)),
                        emu_co_time(world, emu_now(world)) + 5,
                        emu_co_time(world, emu_now(world)) + 8);
    if (!emu_get(call->params, "StartNumber"))
        return emu_text(world, "%s", name);
    return emu_text(world, "%s-%lld", name,
                    (long long)(emu_get_int(call->params, "StartNumber", 0) + index));
}

static void set_bill(struct emu_co *call, const struct order *order, yyjson_mut_val *body)
{
    struct emu_world *world = call->world;
    bool prepaid = strcmp(order->term.billing, "1") == 0;
    int64_t now = emu_now(world), expiry = 0;

    if (prepaid)
        expiry = order->term.to_month_end ? emu_co_month_end(now, order->term.months - 1)
                                          : emu_co_months_later(now, order->term.months);
    emu_set_str(world, body, "billing", order->term.billing);
    emu_set_str(world, body, "payer", order->payer);
    emu_set_int(world, body, "created", now);
    emu_set_int(world, body, "expiry", expiry);
    emu_set_int(world, body, "duration", prepaid ? order->term.months : 1);
    emu_set_int(world, body, "auto_renew",
                prepaid ? emu_get_int(call->params, "IsAutoRenewal", 1) : 0);
    emu_set_int(world, body, "bid", order->term.bid);
    emu_set_int(world, body, "held", order->price);
}

static yyjson_mut_val *instance_body(struct emu_co *call, const struct order *order, int64_t index,
                                     const char *address)
{
    static const char *const from_image[][2] = { { "image", "ImageId" },
                                                 { "image_name", "ImageName" },
                                                 { "os_type", "OsType" },
                                                 { "os_version", "OsVersion" } };
    struct emu_world *world = call->world;
    yyjson_mut_val *body = emu_obj(world);

    emu_set_str(world, body, "name", name_of(call, index));
    emu_set_str(world, body, "family", order->config.family->name);
    emu_set_int(world, body, "cpu", order->config.cpu);
    emu_set_int(world, body, "ram", order->config.ram);
    emu_set_int(world, body, "gpu", order->config.gpu);
    for (size_t i = 0; i < EMU_COUNT(from_image); i++)
        emu_set_str(world, body, from_image[i][0], emu_get_text(order->image, from_image[i][1]));
    emu_set_str(world, body, "vpc", order->subnet->vpc_id);
    emu_set_str(world, body, "subnet", order->subnet->id);
    emu_set_str(world, body, "ip", address);
    emu_set_bool(world, body, "local", order->local);
    emu_set_int(world, body, "utc", emu_get_int(call->params, "UtcTime", 0));
    set_bill(call, order, body);
    return body;
}

static void add_disk(struct emu_co *call, const struct order *order,
                     const struct emu_object *instance, yyjson_mut_val *from, const char *property)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *body = emu_obj(world);
    bool prepaid = strcmp(order->term.billing, "1") == 0, system = strcmp(property, "system") == 0;

    emu_set_str(world, body, "status", "building");
    emu_set_int(world, body, "size", emu_get_int(from, "Size", 0));
    emu_set_str(world, body, "feature", emu_get_text(from, "DiskFeature"));
    emu_set_str(world, body, "property", property);
    emu_set_str(world, body, "ecs", instance->id);
    emu_set_str(world, body, "billing", order->term.billing);
    emu_set_str(world, body, "payer", order->payer);
    /* go-sdk: the data disks of a prepaid instance are not released with it. */
    emu_set_int(world, body, "release",
                emu_get_int(from, "ReleaseWithInstance", system || !prepaid));
    emu_ecs_disk_new(call, order->zone, body);
}

static void make_one(struct emu_co *call, const struct order *order, struct emu_object *event,
                     int64_t index, const char *address, yyjson_mut_val *ids)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *disks = emu_get(call->params, "DataDisk"), *disk;
    struct emu_object *instance =
        emu_object_add(world, EMU_ECS, "instance", emu_new_id(world, "ins-", 16), call->account,
                       order->zone->code, instance_body(call, order, index, address));
    size_t i, count;

    add_disk(call, order, instance, emu_get(call->params, "SystemDisk"), "system");
    yyjson_mut_arr_foreach(disks, i, count, disk) add_disk(call, order, instance, disk, "data");
    emu_ecs_eip_bind(call, instance, order->subnet, (size_t)index);
    emu_set_str(world, instance->body, "order", event->id);
    emu_late(world, instance, NULL);
    emu_ecs_charge(world, instance, strcmp(order->term.billing, "1") == 0 ? "create" : "usage",
                   event->id, order->price);
    emu_ecs_bill_start(world, instance);
    emu_ecs_begin(world, event, instance, emu_ecs_work_find("create_ecs"));
    emu_push_str(world, ids, instance->id);
}

void emu_ecs_create_instance(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct order order = { 0 };
    yyjson_mut_val *data, *ids = emu_arr(world);
    struct emu_object *event;
    const char **addresses;

    if (!check(call, &order))
        return;
    addresses = emu_ecs_addresses(call, order.subnet, (size_t)order.number);
    if (!addresses)
        return;
    event = emu_ecs_event_new(call, "create_ecs");
    for (int64_t i = 0; i < order.number; i++)
        make_one(call, &order, event, i, addresses[i], ids);
    data = emu_ecs_event_data(world, event);
    emu_set(world, data, "EcsIdSet", ids);
    emu_co_answer(call, data);
}
