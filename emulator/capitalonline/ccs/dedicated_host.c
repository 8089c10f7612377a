/* SPDX-License-Identifier: Apache-2.0 */
/* Dedicated hosts of CCS. The page prints no Data for them; the members here are those that
 * cds-gic-sdk-go reads. Types and prices are ours [CONV]; every zone sells the same. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <stdlib.h>
#include <string.h>

static const struct host_type {
    const char *id, *name, *description, *family, *spec, *scheme;
    int64_t goods, cpu, ram, month; /* month: micro-yuan */
} types[] = {
    { "3d658304-bdb1-4b34-a097-d59f42c9548a", "专有宿主机计算型", "hc3",
      "6a0f4e1c-52b7-4f0e-9d0b-0d6f3e7a9c11", "b1c9d6f2-7e35-4a88-8f43-5e2a1d9c7b21",
      "e2f7a1b4-93c6-4d58-a1e7-3c8b5d2f9a31", 6195, 24, 300, 5200000000 },
    { "8f1b2c3d-4e5f-4a6b-8c7d-9e0f1a2b3c4d", "专有宿主机通用型", "hg3",
      "6a0f4e1c-52b7-4f0e-9d0b-0d6f3e7a9c12", "b1c9d6f2-7e35-4a88-8f43-5e2a1d9c7b22",
      "e2f7a1b4-93c6-4d58-a1e7-3c8b5d2f9a32", 6196, 48, 384, 8400000000 },
};

static yyjson_mut_val *shown_type(struct emu_world *world, const struct host_type *type,
                                  int64_t sort)
{
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_str(world, ret, "BillSchemeId", type->scheme);
    emu_set_int(world, ret, "Cpu", type->cpu);
    emu_set_int(world, ret, "GoodsId", type->goods);
    emu_set_int(world, ret, "Ram", type->ram);
    emu_set_str(world, ret, "VmFamilyId", type->family);
    emu_set_str(world, ret, "VmRuleName", type->name);
    emu_set_str(world, ret, "VmSpecId", type->spec);
    emu_set_str(world, ret, "VmTypeDescription", type->description);
    emu_set_str(world, ret, "VmTypeId", type->id);
    emu_set_str(world, ret, "VmTypeName", type->name);
    emu_set_int(world, ret, "VmTypeSort", sort);
    return ret;
}

void emu_ccs_host_types(struct emu_co *call)
{
    yyjson_mut_val *data = emu_arr(call->world);

    if (!emu_ccs_zone(emu_get_text(call->params, "RegionId"))) {
        emu_co_fail(call, "InvalidRegionID.Malformed", NULL);
        return;
    }
    for (size_t i = 0; i < EMU_COUNT(types); i++)
        emu_push(data, shown_type(call->world, &types[i], (int64_t)i + 1));
    emu_co_answer(call, data);
}

/* A share in percent, as a string. */
static const char *rate(struct emu_world *world, int64_t used, int64_t whole)
{
    return emu_text(world, "%lld%%", (long long)(whole ? used * 100 / whole : 0));
}

static yyjson_mut_val *shown_host(struct emu_world *world, const struct emu_object *host)
{
    struct emu_object **list;
    size_t count = emu_object_list(world, EMU_CCS, "instance", host->account, NULL, &list);
    int64_t machines = 0, cpu = 0, ram = 0;
    yyjson_mut_val *ret = emu_shown(world, host->body);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(emu_get_text(list[i]->body, "_host"), host->id) != 0)
            continue;
        machines++;
        cpu += emu_get_int(list[i]->body, "Cpu", 0);
        ram += emu_get_int(list[i]->body, "Ram", 0);
    }
    emu_set_int(world, ret, "VmNum", machines);
    emu_set_str(world, ret, "CpuRate", rate(world, cpu, emu_get_int(host->body, "_cpu", 0)));
    emu_set_str(world, ret, "RamRate", rate(world, ram, emu_get_int(host->body, "_ram", 0)));
    return ret;
}

void emu_ccs_hosts(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_page page = emu_ccs_page_read(call, 20);
    const char *id = emu_get_str(call->params, "HostId"),
               *name = emu_get_str(call->params, "HostName");
    yyjson_mut_val *data = emu_obj(world), *shown = emu_arr(world);
    struct emu_object **list;
    size_t all = emu_object_list(world, EMU_CCS, "host", call->account, NULL, &list), count = 0;

    for (size_t i = 0; i < all; i++) {
        if ((!id || strcmp(id, list[i]->id) == 0) &&
            (!name || strcmp(name, emu_get_text(list[i]->body, "HostName")) == 0))
            list[count++] = list[i];
    }
    for (size_t i = page.first; i < count && i < page.end; i++)
        emu_push(shown, shown_host(world, list[i]));
    emu_set(world, data, "HostList", shown);
    emu_set_int(world, data, "Total", (int64_t)count);
    emu_co_answer(call, data);
}

/* AutoRenew is a bool on the page and a number in gic. */
static bool is_yes(const char *text)
{
    return strcmp(text, "1") == 0 || strcmp(text, "true") == 0;
}

static const char *allocate(struct emu_co *call, const struct host_type *type, const char *region,
                            const char *name, int64_t price)
{
    struct emu_world *world = call->world;
    int64_t months = emu_get_int(call->params, "PrepaidMonth", 0), now = emu_now(world);
    int64_t end = months ? emu_co_months_later(now, months) : emu_co_month_end(now, 0);
    yyjson_mut_val *body = emu_obj(world);
    const char *id = emu_co_uuid(world);
    struct emu_object *host;

    emu_set_str(world, body, "HostId", id);
    emu_set_str(world, body, "HostName", name);
    emu_set_str(world, body, "HostType", type->name);
    emu_set_str(world, body, "Status", "ok");
    emu_set_str(world, body, "Region", region);
    emu_set_str(world, body, "BillMethod", "PrePaid");
    emu_set_int(world, body, "Duration", months);
    emu_set_str(world, body, "StartBillTime", emu_co_time(world, now));
    emu_set_str(world, body, "EndBillTime", emu_co_time(world, end));
    emu_set_int(world, body, "_cpu", type->cpu);
    emu_set_int(world, body, "_ram", type->ram);
    emu_set_int(world, body, "_month", type->month);
    emu_set_int(world, body, "_expires", end);
    emu_set_bool(world, body, "_renews", is_yes(emu_get_text(call->params, "AutoRenew")));
    host = emu_object_add(world, EMU_CCS, "host", id, call->account, region, body);
    emu_event_add(world, host, "expire", end * 1000, NULL);
    emu_ccs_charge(world, host, "create", NULL, price);
    return id;
}

/* The term of a host has ended: renews it by a month, or removes the host. */
void emu_ccs_host_event(struct emu_world *world, const struct emu_event *event)
{
    struct emu_object *host = event->object;
    int64_t month = emu_get_int(host->body, "_month", 0);
    int64_t end = emu_co_months_later(emu_get_int(host->body, "_expires", 0), 1);

    if (!emu_get_bool(host->body, "_renews", false) ||
        emu_balance(world, EMU_CCS, host->account) < month) {
        emu_object_remove(world, host);
        return;
    }
    emu_ccs_charge(world, host, "auto_renew", NULL, month);
    emu_set_int(world, host->body, "_expires", end);
    emu_set_str(world, host->body, "EndBillTime", emu_co_time(world, end));
    emu_event_add(world, host, "expire", end * 1000, NULL);
    emu_object_save(world, host);
}

static bool months_good(int64_t months)
{
    return (months >= 0 && months <= 12) || months == 24 || months == 36;
}

void emu_ccs_allocate_hosts(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const struct emu_ccs_zone *zone = emu_ccs_zone(emu_get_text(call->params, "RegionId"));
    const char *wanted = emu_get_text(call->params, "DedicatedHostType");
    const char *name = emu_get_text(call->params, "DedicatedHostName");
    int64_t amount = emu_get_int(call->params, "Amount", 0);
    int64_t months = emu_get_int(call->params, "PrepaidMonth", -1), price;
    const struct host_type *type = types;
    yyjson_mut_val *data = emu_arr(world);
    bool numbered = emu_get_bool(call->params, "DescriptionNum", false);

    while (type < types + EMU_COUNT(types) && strcmp(type->id, wanted) != 0)
        type++;
    if (!zone) {
        emu_co_fail(call, "InvalidRegionID.Malformed", NULL);
        return;
    }
    if (type == types + EMU_COUNT(types) ||
        strtoll(emu_get_text(call->params, "DedicatedHostGoodId"), NULL, 10) != type->goods ||
        emu_get_int(call->params, "DedicatedHostCpu", 0) > type->cpu ||
        emu_get_int(call->params, "DedicatedHostRam", 0) > type->ram) {
        emu_co_fail(call, "InvalidInstanceType.ValueUnauthorized", NULL);
        return;
    }
    if (!months_good(months) || amount < 1 || amount > 99) {
        emu_co_fail(
            call, months_good(months) ? "InvalidAmount.Malformed" : "InvalidPrepaidMonth.Malformed",
            NULL);
        return;
    }
    price = months ? type->month * months : emu_co_rest_of_month(type->month, emu_now(world));
    if (!emu_ccs_can_pay(call, price * amount))
        return;
    for (int64_t i = 0; i < amount; i++)
        emu_push_str(world, data,
                     allocate(call, type, zone->id,
                              numbered ? emu_text(world, "%s%03d", name, (int)i + 1) : name,
                              price));
    emu_co_answer(call, data);
}
