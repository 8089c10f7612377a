/* SPDX-License-Identifier: Apache-2.0 */
/* Networks of ECS: the lists of the VPC product, private addresses, public addresses of instances.
 */
#include "emulator/capitalonline/ecs/ecs.h"

#include <stdlib.h>
#include <string.h>

/* Private addresses: PREFIX.0.2 and up, 250 for each third number. */
enum { ADDRESSES = 250 * 250 };

static int64_t number_of(const char *address)
{
    const char *third = strchr(address, '.');
    char *fourth;
    long high;

    third = third ? strchr(third + 1, '.') : NULL;
    if (!third)
        return -1;
    high = strtol(third + 1, &fourth, 10);
    return *fourth == '.' ? high * 250 + strtol(fourth + 1, NULL, 10) - 2 : -1;
}

/* Counts the addresses of a subnet that the account uses; marks them in @taken unless it is NULL.
 */
static int64_t used_addresses(struct emu_co *call, const char *subnet_id, bool *taken)
{
    struct emu_object **all;
    size_t count = emu_object_list(call->world, EMU_ECS, "instance", call->account, NULL, &all);
    int64_t ret = 0;

    for (size_t i = 0; i < count; i++) {
        int64_t number = number_of(emu_get_text(all[i]->body, "ip"));

        if (strcmp(emu_get_text(all[i]->body, "subnet"), subnet_id) != 0 ||
            emu_ecs_is(all[i], " deleted failed "))
            continue;
        ret++;
        if (taken && number >= 0 && number < ADDRESSES)
            taken[number] = true;
    }
    return ret;
}

static char *address_text(struct emu_world *world, const struct emu_ecs_subnet *subnet,
                          int64_t number)
{
    return emu_text(world, "%s.%d.%d", subnet->prefix, (int)(number / 250),
                    (int)(number % 250) + 2);
}

/* Takes the requested addresses, in the order of the instances. */
static bool take_wanted(struct emu_co *call, const struct emu_ecs_subnet *subnet,
                        yyjson_mut_val *wanted, size_t count, bool *taken, const char **ret)
{
    if (yyjson_mut_arr_size(wanted) != count)
        return emu_co_fail(call, "InvalidParameter",
                           "IpAddress is not one address for each instance.");
    for (size_t i = 0; i < count; i++) {
        const char *address = yyjson_mut_get_str(yyjson_mut_arr_get(wanted, i));
        int64_t number = number_of(address);

        if (number < 0 || number >= ADDRESSES || taken[number] ||
            strcmp(address, address_text(call->world, subnet, number)) != 0)
            return emu_co_fail(call, "InvalidParameter",
                               "IpAddress has one that is taken or not of the subnet.");
        taken[number] = true;
        ret[i] = address;
    }
    return true;
}

const char **emu_ecs_addresses(struct emu_co *call, const struct emu_ecs_subnet *subnet,
                               size_t count)
{
    yyjson_mut_val *wanted = emu_get(call->params, "SubnetInfo.IpAddress");
    bool *taken = emu_alloc(call->world, ADDRESSES * sizeof(bool));
    const char **ret = emu_alloc(call->world, (count + 1) * sizeof(*ret));
    size_t found = 0;

    used_addresses(call, subnet->id, taken);
    if (wanted)
        return take_wanted(call, subnet, wanted, count, taken, ret) ? ret : NULL;
    for (int64_t number = 0; number < ADDRESSES && found < count; number++) {
        if (!taken[number])
            ret[found++] = address_text(call->world, subnet, number);
    }
    if (found < count) {
        emu_co_fail(call, "InvalidOperation", "The subnet has no free address.");
        return NULL;
    }
    return ret;
}

/* Finds an address of the account. The two that every account has are made at their first use. */
static struct emu_object *eip_find(struct emu_co *call, const char *id)
{
    struct emu_world *world = call->world;
    const char *key = emu_text(world, "%s/%s", call->account, id);
    struct emu_object *ret = emu_object_find(world, EMU_ECS, "eip", key);
    yyjson_mut_val *body = emu_obj(world);

    for (size_t i = 0; !ret && emu_ecs_eips[i][0]; i++) {
        if (strcmp(emu_ecs_eips[i][0], id) != 0)
            continue;
        emu_set_str(world, body, "address", emu_ecs_eips[i][1]);
        emu_set_str(world, body, "isp", emu_ecs_eips[i][2]);
        emu_set_int(world, body, "qos", 5);
        ret = emu_object_add(world, EMU_ECS, "eip", key, call->account, "", body);
    }
    return ret;
}

static struct emu_object *eip_new(struct emu_co *call, yyjson_mut_val *pubnet)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *body = emu_obj(world);
    const char *isp = emu_get_str(pubnet, "BandwidthConfName");
    int64_t number = emu_sql_int(world, "SELECT coalesce(max(serial), 0) FROM objects", "");

    emu_set_str(
        world, body, "address",
        emu_text(world, "198.18.%d.%d", (int)(number / 250 % 250), (int)(number % 250) + 2));
    emu_set_str(world, body, "isp", isp ? isp : "移动");
    emu_set_int(world, body, "qos", emu_get_int(pubnet, "Qos", 0));
    return emu_object_add(world, EMU_ECS, "eip",
                          emu_text(world, "%s/%s", call->account, emu_co_uuid(world)),
                          call->account, "", body);
}

bool emu_ecs_pubnet_good(struct emu_co *call, size_t count, bool prepaid)
{
    yyjson_mut_val *pubnet = yyjson_mut_arr_get_first(emu_get(call->params, "PubnetInfo"));
    const char *type = emu_get_text(pubnet, "BandwidthType");
    yyjson_mut_val *ids = emu_get(pubnet, "EipIds");

    if (!pubnet)
        return true;
    if (strcmp(emu_get_text(pubnet, "IpType"), "virtual") != 0 &&
        !emu_ecs_subnet_find(emu_get_text(pubnet, "SubnetId")))
        return emu_co_fail(call, "InvalidResourceId.NotFound", "PubnetInfo.SubnetId");
    if (ids) {
        if (yyjson_mut_arr_size(ids) != count)
            return emu_co_fail(call, "InvalidParameter", "EipIds is not one id for each instance.");
        for (size_t i = 0; i < count; i++) {
            struct emu_object *eip = eip_find(call, yyjson_mut_get_str(yyjson_mut_arr_get(ids, i)));

            if (!eip)
                return emu_co_fail(call, "InvalidResourceId.NotFound", "EipIds");
            if (*emu_get_text(eip->body, "ecs"))
                return emu_co_fail(call, "InvalidOperation", "The EIP is bound already.");
        }
        return true;
    }
    if (strcmp(type, "Traffic") == 0)
        return true;
    if (strcmp(type, prepaid ? "BandwidthMonth" : "Bandwidth") != 0)
        return emu_co_fail(call, "InvalidParameter",
                           "BandwidthType is Traffic, Bandwidth or, prepaid, BandwidthMonth.");
    if (emu_get_int(pubnet, "Qos", 0) < 1)
        return emu_co_fail(call, "InvalidParameter", "Qos is missing.");
    return true;
}

void emu_ecs_eip_bind(struct emu_co *call, struct emu_object *instance,
                      const struct emu_ecs_subnet *subnet, size_t index)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *pubnet = yyjson_mut_arr_get_first(emu_get(call->params, "PubnetInfo"));
    const char *id = yyjson_mut_get_str(yyjson_mut_arr_get(emu_get(pubnet, "EipIds"), index));
    struct emu_object *eip;

    if (!pubnet)
        return;
    eip = id ? eip_find(call, id) : eip_new(call, pubnet);
    emu_set_str(world, eip->body, "ecs", instance->id);
    emu_object_save(world, eip);
    emu_set_str(world, instance->body, "gateway",
                emu_text(world, "%s.255.%d", subnet->prefix, (int)(index % 250) + 2));
    emu_set_str(world, instance->body, "eip", emu_get_text(eip->body, "address"));
    emu_set_str(world, instance->body, "eip_id", eip->id);
    emu_set_str(world, instance->body, "isp", emu_get_text(eip->body, "isp"));
    emu_set_int(world, instance->body, "qos", emu_get_int(eip->body, "qos", 0));
}

void emu_ecs_release_eip(struct emu_world *world, struct emu_object *instance, bool for_good)
{
    static const char *const members[] = { "gateway", "eip", "eip_id", "isp", "qos" };
    struct emu_object *eip =
        emu_object_find(world, EMU_ECS, "eip", emu_get_text(instance->body, "eip_id"));

    if (eip && for_good) {
        emu_object_remove(world, eip);
    } else if (eip) {
        emu_set_str(world, eip->body, "ecs", "");
        emu_object_save(world, eip);
    }
    for (size_t i = 0; i < EMU_COUNT(members); i++)
        emu_set(world, instance->body, members[i], NULL);
}

static bool word_in(struct emu_co *call, const char *id, const char *name)
{
    const char *word = emu_get_str(call->params, "Keyword");

    return !word || strstr(id, word) || strstr(name, word);
}

/* The lists of the VPC product have no page size: a page number, and 20 entries. */
static void answer_list(struct emu_co *call, const char *name, yyjson_mut_val *list)
{
    yyjson_mut_val *data = emu_obj(call->world);

    emu_set_int(call->world, data, "Total", (int64_t)yyjson_mut_arr_size(list));
    emu_set(call->world, data, name, emu_ecs_page(call, list));
    emu_co_answer(call, data);
}

void emu_ecs_describe_vpc(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const char *region = emu_get_str(call->params, "RegionCode");
    yyjson_mut_val *list = emu_arr(world);

    if (!emu_ecs_place_good(call))
        return;
    for (const struct emu_ecs_vpc *row = emu_ecs_vpcs; row->id; row++) {
        yyjson_mut_val *one = emu_obj(world);

        if ((region && emu_ascii_casecmp(region, row->region_code) != 0) ||
            !word_in(call, row->id, row->name))
            continue;
        emu_set_str(world, one, "VPCId", row->id);
        emu_set_str(world, one, "VPCNmae", row->name); /* the documents' spelling */
        emu_set_str(world, one, "VPCSegment", row->segment);
        emu_set_str(world, one, "Status", "ok");
        emu_set_str(world, one, "RegionCode", row->region_code);
        emu_set_str(world, one, "BandwidthType", "Bandwidth_BGP");
        emu_set_str(world, one, "CreateTime", "2022-04-14 14:20:07");
        emu_push(list, one);
    }
    answer_list(call, "VPCList", list);
}

static bool subnet_wanted(struct emu_co *call, const struct emu_ecs_subnet *row)
{
    const char *vpc = emu_get_str(call->params, "VPCId");
    const char *zone = emu_get_str(call->params, "AvailableZoneCode");

    return emu_ascii_casecmp(emu_ecs_zone_find(row->zone_code)->region_code,
                             emu_get_text(call->params, "RegionCode")) == 0 &&
           (!vpc || strcmp(vpc, row->vpc_id) == 0) &&
           (!zone || emu_ascii_casecmp(zone, row->zone_code) == 0) &&
           word_in(call, row->id, row->name);
}

void emu_ecs_describe_subnet(struct emu_co *call)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *list = emu_arr(world);

    if (!emu_ecs_place_good(call))
        return;
    for (const struct emu_ecs_subnet *row = emu_ecs_subnets; row->id; row++) {
        yyjson_mut_val *one = emu_obj(world);

        if (!subnet_wanted(call, row))
            continue;
        emu_set_str(world, one, "SubnetId", row->id);
        emu_set_str(world, one, "SubnetName", row->name);
        emu_set_str(world, one, "SubnetSegment", emu_text(world, "%s.0.0/16", row->prefix));
        emu_set_int(world, one, "UsedIPNum", used_addresses(call, row->id, NULL));
        emu_set_str(world, one, "VPCId", row->vpc_id);
        emu_set_str(world, one, "VPCName", emu_ecs_vpc_find(row->vpc_id)->name);
        emu_set_str(world, one, "AvailableZoneCode", row->zone_code);
        emu_set_str(world, one, "Status", "ok");
        emu_push(list, one);
    }
    answer_list(call, "SubnetList", list);
}
