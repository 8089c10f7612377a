/* SPDX-License-Identifier: Apache-2.0 */
/*
 * VDCs of CCS with their public and private networks: the actions of /network.
 *
 * [CONV] A private network has 256 addresses, a public one 64. The first two (the network's own and
 * the gateway's) and the last are reserved. CreateVdc makes a private network, and a public one
 * when it is requested.
 */
#include "emulator/capitalonline/ccs/ccs.h"

#include <string.h>

enum { PRIVATE_BITS = 24, PUBLIC_BITS = 26 };

struct emu_object *emu_ccs_vdc(struct emu_co *call, const char *id)
{
    struct emu_object *ret;

    if (!emu_ccs_id_good(id)) {
        emu_co_fail(call, "InvalidVDCID.Malformed", NULL);
        return NULL;
    }
    ret = emu_object_find(call->world, EMU_CCS, "vdc", id);
    if (ret && emu_ccs_is_visible(call, ret))
        return ret;
    emu_co_fail(call, "VDCNotFound", NULL);
    return NULL;
}

static void add_network(struct emu_world *world, const struct emu_object *vdc, const char *id,
                        const char *name, int64_t qos, const char *base)
{
    yyjson_mut_val *body = emu_obj(world);
    int bits = qos ? PUBLIC_BITS : PRIVATE_BITS;

    emu_set_str(world, body, "Name", name);
    emu_set_str(world, body, "_vdc", vdc->id);
    emu_set_str(world, body, "_base", base);
    emu_set_int(world, body, "_bits", bits);
    emu_set_int(world, body, "_qos", qos);
    emu_set_bool(world, body, "_public", qos != 0);
    emu_set_str(world, body, "_segment", emu_co_uuid(world));
    emu_object_add(world, EMU_CCS, "network", id, vdc->account, vdc->region, body);
}

static struct emu_object *add_vdc(struct emu_world *world, const char *id, const char *account,
                                  const char *region, const char *name)
{
    yyjson_mut_val *body = emu_obj(world);

    emu_set_str(world, body, "VdcName", name);
    return emu_object_add(world, EMU_CCS, "vdc", id, account, region, body);
}

void emu_ccs_network_seed(struct emu_world *world)
{
    struct emu_object *vdc = add_vdc(world, EMU_CCS_VDC, "", "CN_Beijing_A", "demo-vdc");

    add_network(world, vdc, EMU_CCS_PRIVATE, "私网1", 0, "10.240.0.0");
    add_network(world, vdc, EMU_CCS_PUBLIC, "公网1", 20, "203.0.113.0");
}

static int64_t free_addresses(const struct emu_ccs_pool *pool, const struct emu_object *network)
{
    uint32_t first, last;
    int64_t ret;

    emu_ccs_range(network, &first, &last);
    ret = (int64_t)last - first + 1;
    for (size_t i = 0; i < pool->count; i++)
        ret -= pool->used[i] >= first && pool->used[i] <= last;
    return ret;
}

static yyjson_mut_val *shown_network(struct emu_world *world, const struct emu_ccs_pool *pool,
                                     const struct emu_object *network)
{
    bool public = emu_ccs_is_public(network);
    const char *base = emu_get_text(network->body, "_base");
    yyjson_mut_val *ret = emu_obj(world), *segments = emu_arr(world), *segment = emu_obj(world);
    uint32_t address = 0;

    emu_ccs_address_read(base, &address);
    emu_set_str(world, ret, public ? "PublicId" : "PrivateId", network->id);
    emu_set_str(world, ret, "Name", emu_get_text(network->body, "Name"));
    emu_set_str(world, ret, "Status", "ok");
    emu_set_int(world, ret, "UnuseIpNum", free_addresses(pool, network));
    if (public) {
        emu_set_int(world, ret, "Qos", emu_get_int(network->body, "_qos", 0));
        emu_set_str(world, segment, "SegmentId", emu_get_text(network->body, "_segment"));
        emu_set_str(world, segment, "Address", base);
        emu_set_int(world, segment, "Mask", PUBLIC_BITS);
        emu_set_str(world, segment, "Gateway", emu_ccs_address_text(world, address + 1));
        emu_push(segments, segment);
    } else {
        emu_push_str(world, segments,
                     emu_text(world, "%s/%d~%s/%d", base, PRIVATE_BITS,
                              emu_ccs_address_text(world, address | 255), PRIVATE_BITS));
    }
    emu_set(world, ret, "Segments", segments);
    return ret;
}

static yyjson_mut_val *shown_vdc(struct emu_world *world, const struct emu_ccs_pool *pool,
                                 const struct emu_object *vdc)
{
    yyjson_mut_val *ret = emu_obj(world), *public = emu_arr(world), *private = emu_arr(world);
    struct emu_object **list;
    size_t count = emu_ccs_networks_of(world, vdc->id, &list);

    for (size_t i = 0; i < count; i++)
        emu_push(emu_ccs_is_public(list[i]) ? public : private,
                 shown_network(world, pool, list[i]));
    emu_set(world, ret, "PublicNetwork", public);
    emu_set_str(world, ret, "RegionId", vdc->region);
    emu_set_str(world, ret, "VdcId", vdc->id);
    emu_set_str(world, ret, "VdcName", emu_get_text(vdc->body, "VdcName"));
    emu_set_str(world, ret, "VdcStatus", "ok");
    emu_set(world, ret, "PrivateNetwork", private);
    return ret;
}

void emu_ccs_describe_vdc(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const char *region = emu_get_str(call->params, "RegionId"),
               *id = emu_get_str(call->params, "VdcId");
    const char *word = emu_get_text(call->params, "Keyword");
    struct emu_page page = emu_ccs_page_read(call, 10);
    struct emu_ccs_pool pool = emu_ccs_pool_open(world);
    yyjson_mut_val *data = emu_arr(world), *shown;
    struct emu_object **list;
    size_t all, count = 0;

    if (region && !emu_ccs_zone(region)) {
        emu_co_fail(call, "InvalidRegionID.Malformed", NULL);
        return;
    }
    if (id && !emu_ccs_vdc(call, id))
        return;
    all = emu_object_list(world, EMU_CCS, "vdc", NULL, region ? emu_ccs_zone(region)->id : NULL,
                          &list);
    for (size_t i = 0; i < all; i++) {
        if (emu_ccs_is_visible(call, list[i]) && (!id || strcmp(id, list[i]->id) == 0) &&
            strstr(emu_get_text(list[i]->body, "VdcName"), word))
            list[count++] = list[i];
    }
    for (size_t i = page.first; i < count && i < page.end; i++) {
        shown = shown_vdc(world, &pool, list[i]);
        emu_set_int(world, shown, "PageNumber", page.number);
        emu_set_int(world, shown, "PageCount", ((int64_t)count + page.size - 1) / page.size);
        emu_push(data, shown);
    }
    emu_co_answer(call, data);
}

/* Checks whether the caller may have one more VDC there. */
static bool vdc_sold(struct emu_co *call, const struct emu_ccs_zone *zone)
{
    enum { MOST_VDCS = 20 };
    struct emu_object **list;

    if (!zone)
        return emu_co_fail(call, "InvalidRegionId.Malformed", NULL);
    if (zone->closed || emu_is_sold_out(call->world, zone->id))
        return emu_co_fail(call, "Region.NotOnSale", NULL);
    if ((int64_t)emu_object_list(call->world, EMU_CCS, "vdc", call->account, NULL, &list) >=
        emu_quota(call->world, "ccs_vdcs", MOST_VDCS))
        return emu_co_fail(call, "QuotaExceed.Vdc", NULL);
    return true;
}

void emu_ccs_create_vdc(struct emu_co *call)
{
    enum { RANGES = 1000, USUAL_QOS = 5 };
    struct emu_world *world = call->world;
    const struct emu_ccs_zone *zone = emu_ccs_zone(emu_get_text(call->params, "RegionId"));
    yyjson_mut_val *public = emu_get(call->params, "PublicNetwork");
    int64_t number = emu_setting_int(world, "ccs_last_vdc", 0) + 1, qos;
    uint32_t range = (uint32_t)(number % RANGES);
    const char *id = emu_co_uuid(world), *name = emu_get_str(call->params, "VdcName"), *net;
    struct emu_object *vdc, *task;

    if (!vdc_sold(call, zone))
        return;
    emu_setting_put(world, "ccs_last_vdc", emu_text(world, "%lld", (long long)number));
    vdc = add_vdc(world, id, call->account, zone->id, name ? name : id);
    add_network(world, vdc, emu_co_uuid(world), "私网1", 0,
                emu_ccs_address_text(world, (10u << 24) + (241u << 16) + (range << 8)));
    qos = emu_get_int(public, "Qos", USUAL_QOS);
    net = emu_get_str(public, "Name");
    if (public)
        add_network(world, vdc, emu_co_uuid(world), net ? net : "公网1", qos < 1 ? USUAL_QOS : qos,
                    emu_ccs_address_text(world, (198u << 24) + (18u << 16) + (range << 6)));
    task = emu_ccs_task_new(call, "orderCreateVDC", true);
    emu_ccs_task_covers(world, task, id, false);
    emu_co_answer(call, NULL);
}

static bool is_empty(struct emu_world *world, const struct emu_object *vdc)
{
    struct emu_object **list;
    size_t count = emu_object_list(world, EMU_CCS, "instance", NULL, NULL, &list);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(emu_get_text(list[i]->body, "VdcId"), vdc->id) == 0)
            return false;
    }
    return true;
}

void emu_ccs_delete_vdc(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *vdc = emu_ccs_vdc(call, emu_get_text(call->params, "VdcId")), **list, *task;
    size_t count;

    if (!vdc)
        return;
    /* The VDC that every account has stays. */
    if (!*vdc->account || !is_empty(world, vdc)) {
        emu_co_fail(call, "IncorrectVdcStatus", NULL);
        return;
    }
    count = emu_ccs_networks_of(world, vdc->id, &list);
    for (size_t i = 0; i < count; i++)
        emu_object_remove(world, list[i]);
    task = emu_ccs_task_new(call, "orderDeleteVDC", true);
    emu_ccs_task_covers(world, task, vdc->id, false);
    emu_object_remove(world, vdc);
    emu_co_answer(call, NULL);
}

static struct emu_object *named_network(struct emu_co *call, const char *name, const char *vdc_id)
{
    bool public = strcmp(name, "PublicId") == 0;
    struct emu_object *ret = emu_ccs_network(call, emu_get_text(call->params, name), vdc_id);

    if (ret && emu_ccs_is_public(ret) == public)
        return ret;
    emu_co_fail(call,
                public ? "InvalidPublicNetworkID.Malformed" : "InvalidPrivateNetworkID.Malformed",
                NULL);
    return NULL;
}

/* {Address, Usage} of each interface in @network. */
static yyjson_mut_val *used_list(struct emu_world *world, const struct emu_object *network)
{
    bool public = emu_ccs_is_public(network);
    yyjson_mut_val *ret = emu_arr(world), *card, *used;
    struct emu_object **list;
    size_t all = emu_object_list(world, EMU_CCS, "instance", NULL, network->region, &list), i,
           count;

    for (size_t k = 0; k < all; k++) {
        yyjson_mut_arr_foreach(
            emu_get(list[k]->body, public ? "PublicNetworkInterface" : "PrivateNetworkInterface"),
            i, count, card)
        {
            if (!*emu_get_text(card, "IP") ||
                strcmp(emu_get_text(card, public ? "PublicId" : "PrivateId"), network->id) != 0)
                continue;
            used = emu_obj(world);
            emu_set_str(world, used, "Address", emu_get_text(card, "IP"));
            emu_set_str(
                world, used, "Usage",
                emu_text(world, "云服务器使用(%s)", emu_get_text(list[k]->body, "InstanceName")));
            emu_push(ret, used);
        }
    }
    return ret;
}

void emu_ccs_describe_ips(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const char *name =
        strcmp(call->action->name, "DescribePublicIp") == 0 ? "PublicId" : "PrivateId";
    struct emu_object *vdc = emu_ccs_vdc(call, emu_get_text(call->params, "VdcId"));
    struct emu_object *network = vdc ? named_network(call, name, vdc->id) : NULL;
    yyjson_mut_val *data = emu_obj(world), *list;
    uint32_t first, last;

    if (!network)
        return;
    emu_ccs_range(network, &first, &last);
    list = emu_ccs_free_list(world, first, last);
    emu_set(world, data, "UnusedList", list);
    emu_set_int(world, data, "UnusedTotal", (int64_t)yyjson_mut_arr_size(list));
    list = used_list(world, network);
    emu_set(world, data, "UsedList", list);
    emu_set_int(world, data, "UsedTotal", (int64_t)yyjson_mut_arr_size(list));
    emu_co_answer(call, data);
}

void emu_ccs_ips_of_segment(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *network = named_network(call, "PrivateId", NULL);
    yyjson_mut_val *data = emu_obj(world), *list;
    uint32_t first, last, from, to;

    if (!network)
        return;
    if (!emu_ccs_segment_read(world, emu_get_text(call->params, "Segment"), &from, &to)) {
        emu_co_fail(call, "InvalidPrivateIpAddress.Malformed", NULL);
        return;
    }
    emu_ccs_range(network, &first, &last);
    list = emu_ccs_free_list(world, from > first ? from : first, to < last ? to : last);
    emu_set(world, data, "AvailableIPList", list);
    emu_set_int(world, data, "AvailableIPTotal", (int64_t)yyjson_mut_arr_size(list));
    emu_co_answer(call, data);
}
