/* SPDX-License-Identifier: Apache-2.0 */
/* CreateInstance and DescribeInstancePrice read the configuration with the same functions, so the
 * quote is the charge. Then come names, networks, tags and the order itself. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <stdlib.h>
#include <string.h>

struct order {
    const struct emu_ccs_zone *zone;
    struct emu_ccs_picture picture;
    yyjson_mut_val *config; /* InstanceType, Cpu, Ram, Disks: as an instance has them */
    bool prepaid;
    int64_t months, renew, amount;
};

static bool read_charge(struct emu_co *call, struct order *order)
{
    enum { MOST_MONTHS = 36, MOST_AMOUNT = 99 };
    const char *type = emu_get_str(call->params, "InstanceChargeType");

    order->prepaid = type && strcmp(type, "PrePaid") == 0;
    order->months = emu_get_int(call->params, "PrepaidMonth", 0);
    order->renew = emu_get_int(call->params, "AutoRenew", 1);
    order->amount = emu_get_int(call->params, "Amount", 1);
    if (type && !order->prepaid && strcmp(type, "PostPaid") != 0)
        return emu_co_fail(call, "InvalidInstanceChargeType.Malformed", NULL);
    if (order->months < 0 || order->months > MOST_MONTHS)
        return emu_co_fail(call, "InvalidPrepaidMonth.Malformed", NULL);
    if (order->renew < 0 || order->renew > 1)
        return emu_co_fail(call, "InvalidAutoRenew.Malformed", NULL);
    if (order->amount < 1 || order->amount > MOST_AMOUNT)
        return emu_co_fail(call, "InvalidAmount.Malformed", NULL);
    return true;
}

static bool read_disks(struct emu_co *call, struct order *order)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *disks = emu_obj(world), *disk;

    disk =
        emu_ccs_disk_read(call, emu_get(call->params, "SystemDisk"), true, order->picture.disk_gb);
    if (!disk)
        return false;
    emu_set(world, disks, "SystemDisk", disk);
    disk =
        emu_ccs_data_disks_read(call, emu_get(call->params, "DataDisks"), EMU_CCS_MOST_DATA_DISKS);
    if (!disk)
        return false;
    emu_set(world, disks, "DataDisks", disk);
    emu_set(world, order->config, "Disks", disks);
    return true;
}

static bool read_order(struct emu_co *call, struct order *order)
{
    struct emu_world *world = call->world;
    const char *name = emu_get_text(call->params, "InstanceType");
    const char *image = emu_get_str(call->params, "ImageId");
    const struct emu_ccs_type *type = emu_ccs_type(name);
    int64_t cpu = emu_get_int(call->params, "Cpu", 0), ram = emu_get_int(call->params, "Ram", 0);

    order->zone = emu_ccs_zone(emu_get_text(call->params, "RegionId"));
    if (!order->zone)
        return emu_co_fail(call, "InvalidRegionID.Malformed", NULL);
    if (!type || !emu_ccs_size_sold(type, cpu, ram))
        return emu_co_fail(call, "InvalidInstanceType.ValueUnauthorized", NULL);
    if (!emu_ccs_picture(call, image ? image : "Ubuntu_16.04_64", &order->picture) ||
        !read_charge(call, order))
        return false;
    order->config = emu_obj(world);
    emu_set_str(world, order->config, "InstanceType", type->id);
    emu_set_int(world, order->config, "Cpu", cpu);
    emu_set_int(world, order->config, "Ram", ram);
    return read_disks(call, order);
}

/* "244.8": without zeroes at the end. */
static const char *short_money(struct emu_world *world, int64_t micros)
{
    char *ret = emu_money_text(world, micros, 6);
    size_t size = strlen(ret);

    while (ret[size - 1] == '0')
        ret[--size] = '\0';
    if (ret[size - 1] == '.')
        ret[size - 1] = '\0';
    return ret;
}

void emu_ccs_describe_instance_price(struct emu_co *call)
{
    struct order order = { 0 };
    yyjson_mut_val *data = emu_obj(call->world);
    int64_t one;

    if (!read_order(call, &order))
        return;
    one = emu_ccs_first_price(order.config, order.prepaid, order.months, emu_now(call->world));
    emu_set_number(call->world, data, "TotalPrice", short_money(call->world, one * order.amount));
    emu_co_answer(call, data);
}

/* After "001" comes 002: the digits are a suffix that counts up to six digits. */
static bool number_good(const char *digits)
{
    size_t size = strlen(digits);

    return strspn(digits, "0123456789") == size && size >= 1 && size <= 6;
}

static const char *name_of(struct emu_co *call, int64_t i)
{
    const char *name = emu_get_text(call->params, "InstanceName");
    const char *digits = emu_get_str(call->params, "DescriptionNum");
    int width = digits ? (int)strlen(digits) : 0;

    if (!digits)
        return name;
    return emu_text(call->world, "%s%0*lld", name, width < 3 ? 3 : width,
                    strtoll(digits, NULL, 10) + (long long)i);
}

static bool base64_good(struct emu_co *call, yyjson_mut_val *list)
{
    yyjson_mut_val *item;
    size_t i, count, size;
    char *plain;

    yyjson_mut_arr_foreach(list, i, count, item)
    {
        if (!emu_base64_decode(call->world, yyjson_mut_get_str(item), &plain, &size))
            return false;
    }
    return true;
}

static bool zone_sells(struct emu_co *call, const struct emu_ccs_zone *zone, const char *type)
{
    struct emu_world *world = call->world;

    if (zone->closed || emu_is_sold_out(world, zone->id) || emu_is_sold_out(world, type) ||
        emu_is_sold_out(world, emu_text(world, "%s/%s", zone->id, type)))
        return emu_co_fail(call, "Zone.NotOnSale", NULL);
    return true;
}

/* One key for all, or one for each instance. */
static bool activation_good(yyjson_mut_val *activation, int64_t amount)
{
    bool batch = emu_get_int(activation, "Batch", 1) == 1;

    return !activation ||
           (int64_t)yyjson_mut_arr_size(emu_get(activation, "ProductIds")) == (batch ? 1 : amount);
}

/* Checks what an order has besides its configuration. */
static bool check_order(struct emu_co *call, const struct order *order)
{
    enum { MOST_NAME = 128, MOST_LABELS = 20 };
    const char *digits = emu_get_str(call->params, "DescriptionNum");
    const char *host = emu_get_str(call->params, "DedicatedHostId");
    struct emu_object *found;

    if (!zone_sells(call, order->zone, emu_get_text(order->config, "InstanceType")))
        return false;
    if (emu_co_length(name_of(call, order->amount - 1)) > MOST_NAME ||
        (digits && !number_good(digits)))
        return emu_co_fail(call, "InvalidInstanceName.Malformed", NULL);
    if (!emu_co_password_good(emu_get_text(call->params, "Password")))
        return emu_co_fail(call, "InvalidPassword.Malformed", NULL);
    if (!emu_ccs_image(order->picture.id) && !emu_get(call->params, "ImagePassword"))
        return emu_co_fail(call, "IncompleteParamter", "ImagePassword is missing.");
    if (yyjson_mut_arr_size(emu_get(call->params, "LabelNames")) > MOST_LABELS)
        return emu_co_fail(call, "InvalidLabelNames.Malformed", NULL);
    if (!base64_good(call, emu_get(call->params, "UserData")))
        return emu_co_fail(call, "InvalidUserData.Malformed", NULL);
    if (!activation_good(emu_get(call->params, "WindowsActivation"), order->amount))
        return emu_co_fail(call, "InvalidWindowsActivation.Malformed", NULL);
    found = host ? emu_object_find(call->world, EMU_CCS, "host", host) : NULL;
    if (host && (!found || strcmp(found->account, call->account) != 0 ||
                 strcmp(found->region, order->zone->id) != 0))
        return emu_co_fail(call, "InvalidDedicatedHostId.Malformed", NULL);
    return true;
}

/* The address for instance number @i. When the list is too short its last element counts for the
 * rest, so one "auto" is enough for all. [CONV] */
static const char *address_for(yyjson_mut_val *list, int64_t i)
{
    size_t size = yyjson_mut_arr_size(list);

    return size ? yyjson_mut_get_str(
                      yyjson_mut_arr_get(list, (size_t)i < size ? (size_t)i : size - 1))
                : "";
}

static bool plug(struct emu_co *call, struct emu_ccs_pool *pool, struct emu_object *network,
                 const struct emu_ccs_wish *wish, yyjson_mut_val *body)
{
    yyjson_mut_val *card = emu_ccs_interface(call, pool, network, wish);

    if (card)
        emu_push(emu_get(body, emu_ccs_is_public(network) ? "PublicNetworkInterface"
                                                          : "PrivateNetworkInterface"),
                 card);
    return card != NULL;
}

/* OrderedIP and PrivateIp: lists of networks, with different names for the network's id. */
static bool plug_listed(struct emu_co *call, struct emu_ccs_pool *pool, const char *list_name,
                        const char *id_name, const char *vdc_id, int64_t i, yyjson_mut_val *body)
{
    yyjson_mut_val *item;
    size_t k, count;

    yyjson_mut_arr_foreach(emu_get(call->params, list_name), k, count, item)
    {
        struct emu_object *network = emu_ccs_network(call, emu_get_text(item, id_name), vdc_id);
        struct emu_ccs_wish wish = { .address = address_for(emu_get(item, "IP"), i),
                                     .segment = emu_get_str(item, "Segment"),
                                     .ipv6 = emu_get_bool(call->params, "Ipv6Bind", false),
                                     .ordered = strcmp(list_name, "OrderedIP") == 0 };

        if (!network || (!wish.ordered && emu_ccs_is_public(network)))
            return emu_co_fail(
                call, wish.ordered ? "InvalidIp.Address" : "InvalidPrivateIpAddress.Malformed",
                wish.ordered ? emu_get_text(item, id_name) : NULL);
        if (!plug(call, pool, network, &wish, body))
            return false;
    }
    return true;
}

static bool plug_all(struct emu_co *call, struct emu_ccs_pool *pool, const char *vdc_id, int64_t i,
                     yyjson_mut_val *body)
{
    struct emu_object *public = emu_ccs_first_network(call, vdc_id, true);
    yyjson_mut_val *addresses = emu_get(call->params, "PublicIp");
    struct emu_ccs_wish wish = { .address = address_for(addresses, i),
                                 .ipv6 = emu_get_bool(call->params, "Ipv6Bind", false) };

    if (emu_get(call->params, "OrderedIP"))
        return plug_listed(call, pool, "OrderedIP", "PipeId", vdc_id, i, body);
    if (addresses && !public)
        return emu_co_fail(call, "InvalidPublicIpAddress.Malformed", NULL);
    if (addresses && !plug(call, pool, public, &wish, body))
        return false;
    return plug_listed(call, pool, "PrivateIp", "PrivateId", vdc_id, i, body);
}

static yyjson_mut_val *new_body(struct emu_co *call, const struct order *order,
                                const struct emu_object *vdc, const char *name)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *ret = emu_json_copy(world, order->config), *image = emu_obj(world), *disk;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(ret, "Disks.DataDisks"), i, count, disk)
        emu_set_str(world, disk, "DiskId", emu_co_uuid(world));
    emu_set_str(world, ret, "InstanceName", name);
    emu_set_str(world, ret, "RegionId", order->zone->id);
    emu_set_str(world, ret, "VdcId", vdc->id);
    emu_set_str(world, ret, "InstanceChargeType", order->prepaid ? "PrePaid" : "PostPaid");
    emu_set_str(world, ret, "InstanceChargeStatus", "success");
    emu_set_str(world, ret, "CreateTime", emu_co_time(world, emu_now(world)));
    emu_set_str(world, image, "ImageName", order->picture.name);
    emu_set(world, ret, "ImageInfo", image);
    emu_set(world, ret, "PrivateNetworkInterface", emu_arr(world));
    emu_set(world, ret, "PublicNetworkInterface", emu_arr(world));
    emu_set_int(world, ret, "_auto_renew", order->renew);
    emu_set_int(world, ret, "_made_ms", emu_now_ms(world));
    emu_set_bool(world, ret, "_protected", emu_get_bool(call->params, "DeletionProtection", false));
    emu_set_str(world, ret, "_image", order->picture.id);
    emu_set_str(world, ret, "_password", emu_get_text(call->params, "Password"));
    emu_set_str(world, ret, "_host", emu_get_str(call->params, "DedicatedHostId"));
    emu_set_str(world, ret, "_host_name", emu_get_str(call->params, "HostName"));
    return ret;
}

static yyjson_mut_val *tags_of(struct emu_co *call)
{
    yyjson_mut_val *ret = emu_arr(call->world), *name;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(call->params, "LabelNames"), i, count, name)
        emu_push(ret, emu_ccs_tag(call, yyjson_mut_get_str(name)));
    return ret;
}

static void make_one(struct emu_co *call, const struct order *order, yyjson_mut_val *body,
                     struct emu_object *task)
{
    struct emu_world *world = call->world;
    const char *id = emu_co_uuid(world);
    struct emu_ccs_change change = { .name = "create", .then = "running" };
    struct emu_object *instance;

    emu_set_str(world, body, "InstanceId", id);
    instance = emu_object_add(world, EMU_CCS, "instance", id, call->account, order->zone->id, body);
    emu_late(world, instance, NULL);
    change.spent = emu_ccs_bill_begin(world, instance, order->prepaid, order->months, task->id);
    emu_ccs_change(call, instance, task, &change);
}

void emu_ccs_create_instance(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct order order = { 0 };
    struct emu_ccs_pool pool = emu_ccs_pool_open(world);
    struct emu_object *vdc, *task;
    yyjson_mut_val **bodies;

    if (!read_order(call, &order) || !check_order(call, &order))
        return;
    vdc = emu_ccs_vdc(call, emu_get_text(call->params, "VdcId"));
    if (!vdc)
        return;
    if (strcmp(vdc->region, order.zone->id) != 0) {
        emu_co_fail(call, "VDCNotFound", NULL);
        return;
    }
    bodies = emu_alloc(world, (size_t)order.amount * sizeof(yyjson_mut_val *));
    for (int64_t i = 0; i < order.amount; i++) {
        bodies[i] = new_body(call, &order, vdc, name_of(call, i));
        if (!plug_all(call, &pool, vdc->id, i, bodies[i]))
            return;
    }
    if (!emu_ccs_can_pay(call, order.amount * emu_ccs_first_price(order.config, order.prepaid,
                                                                  order.months, emu_now(world))))
        return;
    if (emu_get_bool(call->params, "DryRun", false)) {
        /* No example shows this answer, and none has a task. */
        emu_co_answer(call, NULL);
        return;
    }
    task = emu_ccs_task_new(call, "orderCreateVM", false);
    for (int64_t i = 0; i < order.amount; i++) {
        emu_set(world, bodies[i], "Tags", tags_of(call));
        make_one(call, &order, bodies[i], task);
    }
    emu_co_answer(call, NULL);
}
