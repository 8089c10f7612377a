/* SPDX-License-Identifier: Apache-2.0 */
/* Answers about ECS that need no instance: places, families, stock, prices, test accounts. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

static const struct emu_ecs_zone *need_zone(struct emu_co *call)
{
    const struct emu_ecs_zone *ret =
        emu_ecs_zone_find(emu_get_text(call->params, "AvailableZoneCode"));

    if (!ret)
        emu_co_fail(call, "InvalidAvailableZone.NotFound", NULL);
    return ret;
}

static yyjson_mut_val *shown_region(struct emu_world *world, const struct emu_ecs_zone *first)
{
    yyjson_mut_val *ret = emu_obj(world), *list = emu_arr(world);

    for (const struct emu_ecs_zone *row = first;
         row->code && strcmp(row->region_id, first->region_id) == 0; row++) {
        yyjson_mut_val *one = emu_obj(world);

        emu_set_str(world, one, "AzId", row->id);
        emu_set_str(world, one, "AzName", row->name);
        emu_set_str(world, one, "AvailableZoneCode", row->code);
        emu_push(list, one);
    }
    emu_set_str(world, ret, "RegionId", first->region_id);
    emu_set_str(world, ret, "RegionName", first->region_name);
    emu_set(world, ret, "AzList", list);
    emu_set_str(world, ret, "RegionCode", first->region_code);
    return ret;
}

void emu_ecs_describe_regions(struct emu_co *call)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *data = emu_arr(world), *regions = NULL;
    const char *group = "", *region = "";

    for (const struct emu_ecs_zone *row = emu_ecs_zones; row->code; row++) {
        if (strcmp(row->group_id, group) != 0) {
            yyjson_mut_val *one = emu_obj(world);

            regions = emu_arr(world);
            emu_set_str(world, one, "RegionGroupId", row->group_id);
            emu_set_str(world, one, "RegionGroupName", row->group_name);
            emu_set(world, one, "RegionList", regions);
            emu_push(data, one);
        }
        if (strcmp(row->region_id, region) != 0)
            emu_push(regions, shown_region(world, row));
        group = row->group_id;
        region = row->region_id;
    }
    emu_co_answer(call, data);
}

static yyjson_mut_val *shown_family(struct emu_world *world, const struct emu_ecs_family *family)
{
    yyjson_mut_val *ret = emu_obj(world), *list = emu_arr(world);

    for (const struct emu_ecs_spec *spec = family->specs; spec->cpu; spec++) {
        yyjson_mut_val *one = emu_obj(world);

        emu_set_str(world, one, "GpuShowType", family->card);
        emu_set_str(world, one, "GpuTypeId", family->card_id);
        emu_set_int(world, one, "Cpu", spec->cpu);
        emu_set_int(world, one, "Ram", spec->ram);
        emu_set_int(world, one, "Gpu", spec->gpu);
        emu_set_str(world, one, "SupportGpuDriver", family->driver);
        emu_push(list, one);
    }
    emu_set_str(world, ret, "EcsFamilyName", family->name);
    emu_set(world, ret, "SpecList", list);
    return ret;
}

static bool billing_known(struct emu_co *call)
{
    if (strstr(" 0 1 3 ",
               emu_text(call->world, " %s ", emu_get_text(call->params, "BillingMethod"))))
        return true;
    return emu_co_fail(call, "InvalidParameter", "BillingMethod is \"0\", \"1\" or \"3\".");
}

void emu_ecs_describe_family_info(struct emu_co *call)
{
    yyjson_mut_val *data = emu_obj(call->world), *list = emu_arr(call->world);

    if (!need_zone(call) || !billing_known(call))
        return;
    for (const struct emu_ecs_family *row = emu_ecs_families; row->name; row++)
        emu_push(list, shown_family(call->world, row));
    emu_set(call->world, data, "EcsFamilyInfo", list);
    emu_co_answer(call, data);
}

/* Returns whether a size matches the given Cpu, Ram and Gpu. */
static bool spec_wanted(struct emu_co *call, const struct emu_ecs_spec *spec)
{
    return emu_get_int(call->params, "Cpu", spec->cpu) == spec->cpu &&
           emu_get_int(call->params, "Ram", spec->ram) == spec->ram &&
           emu_get_int(call->params, "Gpu", spec->gpu) == spec->gpu;
}

static yyjson_mut_val *shown_stock(struct emu_co *call, const struct emu_ecs_zone *zone,
                                   const struct emu_ecs_family *family)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *ret = emu_obj(world), *list = emu_arr(world);

    for (const struct emu_ecs_spec *spec = family->specs; spec->cpu; spec++) {
        yyjson_mut_val *one = emu_obj(world);
        bool out = emu_ecs_sold_out(world, zone, family, spec->cpu, spec->ram, spec->gpu);

        if (!spec_wanted(call, spec))
            continue;
        emu_set_int(world, one, "Cpu", spec->cpu);
        emu_set_int(world, one, "Ram", spec->ram);
        emu_set_int(world, one, "Gpu", spec->gpu);
        emu_set_str(world, one, "GpuType", family->card_type);
        emu_set_str(world, one, "SupportGpuDriver", family->driver);
        emu_set_str(world, one, "Status", out ? "SELLOUT" : "SELL");
        emu_set_str(world, one, "CpuName", family->cpu_name);
        emu_push(list, one);
    }
    emu_set_str(world, ret, "EcsFamilyName", family->name);
    emu_set_str(world, ret, "AvailableZone", zone->name);
    emu_set(world, ret, "SpecList", list);
    return ret;
}

void emu_ecs_describe_zone_instance_type(struct emu_co *call)
{
    const struct emu_ecs_zone *zone = need_zone(call);
    const struct emu_ecs_family *family =
        emu_ecs_family_find(emu_get_text(call->params, "EcsFamilyName"));
    yyjson_mut_val *data = emu_arr(call->world);

    if (!zone)
        return;
    /* The page's error table has no code for an unknown family: the list is empty. */
    if (family)
        emu_push(data, shown_stock(call, zone, family));
    emu_co_answer(call, data);
}

static bool add_disk(struct emu_co *call, yyjson_mut_val *disk, struct emu_ecs_config *config)
{
    const char *feature = emu_get_text(disk, "DiskFeature");
    int64_t size = emu_get_int(disk, "Size", 0);

    if (size < 0 || size > 1000000)
        return emu_co_fail(call, "InvalidDiskSize.ValueNotSupported", NULL);
    if (strcmp(feature, "local") == 0)
        config->local_gb += size;
    else if (strcmp(feature, "ssd") == 0)
        config->cloud_gb += size;
    else
        return emu_co_fail(call, "InvalidParameter", "DiskFeature is \"local\" or \"ssd\".");
    if (config->cloud_gb + config->local_gb > 1000000)
        return emu_co_fail(call, "MaxDiskSizeExceed", NULL);
    return true;
}

/* Without a family it is the first one with that size. */
static bool find_spec(struct emu_co *call, struct emu_ecs_config *config)
{
    const char *name = emu_get_str(call->params, "EcsFamilyName");
    const struct emu_ecs_family *family = name ? emu_ecs_family_find(name) : emu_ecs_families;

    config->cpu = emu_get_int(call->params, "Cpu", 0);
    config->ram = emu_get_int(call->params, "Ram", 0);
    config->gpu = emu_get_int(call->params, "Gpu", 0);
    if (!family)
        return emu_co_fail(call, "InvalidInstanceType.ValueNotSupported", NULL);
    while (!name && family->name &&
           !emu_ecs_family_has(family, config->cpu, config->ram, config->gpu))
        family++;
    if (!family->name || !emu_ecs_family_has(family, config->cpu, config->ram, config->gpu))
        return emu_co_fail(call, "InvalidInstanceSpec.ValueNotSupported", NULL);
    config->family = family;
    return true;
}

/* The rules for disk sizes at creation do not apply: the samples ask for 10 GB. */
static bool read_config(struct emu_co *call, struct emu_ecs_config *config)
{
    size_t i, count;
    yyjson_mut_val *disk;

    if (!find_spec(call, config) ||
        !add_disk(call, emu_get(call->params, "SystemDiskInfo"), config))
        return false;
    yyjson_mut_arr_foreach(emu_get(call->params, "DataDiskInfo"), i, count, disk)
    {
        if (!add_disk(call, disk, config))
            return false;
    }
    return true;
}

static void set_money(struct emu_world *world, yyjson_mut_val *to, const char *name, int64_t micros)
{
    emu_set_number(world, to, name, emu_money_plain(world, micros));
}

void emu_ecs_describe_price(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_ecs_config config = { 0 };
    struct emu_ecs_term term = { .billing = emu_get_str(call->params, "BillingMethod"),
                                 .months = emu_get_int(call->params, "Duration", 1),
                                 .to_month_end = emu_get_int(call->params, "IsToMonth", 1) == 1 };
    int64_t number = emu_get_int(call->params, "Number", 1);
    bool prepaid = strcmp(term.billing, "1") == 0;
    yyjson_mut_val *data = emu_obj(world);

    if (!need_zone(call) || !billing_known(call) || !read_config(call, &config))
        return;
    if (number < 1 || (prepaid && !emu_ecs_months_allowed(term.months))) {
        emu_co_fail(call, "InvalidParameter",
                    number < 1 ? "Number is less than 1." : "Duration is 1 to 12, 24 or 36.");
        return;
    }
    if (number > 100) {
        emu_co_fail(call, "MaxEcsCountExceed", NULL);
        return;
    }
    emu_set_str(world, data, "PriceUnit", !prepaid ? "天" : term.months < 12 ? "月" : "年");
    emu_set_str(world, data, "PriceSymbol", "￥");
    set_money(world, data, "TotalPrice", emu_ecs_price(&config, &term, emu_now(world)) * number);
    if (strcmp(term.billing, "3") == 0) {
        set_money(world, data, "SpotStdAmount", emu_ecs_spot_price(&config));
        set_money(world, data, "DemandStdAmount", emu_ecs_day_price(&config));
    }
    emu_co_answer(call, data);
}

void emu_ecs_describe_account_subject(struct emu_co *call)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *data = emu_arr(world);

    for (const struct emu_ecs_subject *row = emu_ecs_subjects; row->name; row++) {
        yyjson_mut_val *one = emu_obj(world);

        emu_set_str(world, one, "Name", row->name);
        set_money(world, one, "Balance",
                  emu_balance(world, EMU_ECS, emu_ecs_subject_payer(world, row->name)));
        set_money(world, one, "Income", row->income);
        emu_set_int(world, one, "Duration", row->days);
        emu_set_str(world, one, "BeginTime", row->begin);
        emu_set_str(world, one, "EndTime", row->end);
        emu_push(data, one);
    }
    emu_co_answer(call, data);
}
