/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prices of ECS: DescribePrice, the ledger and the bills use the same functions. The price list is
 * in ecs_data.c and here. All sums are exact and truncated to the cent once, at the end.
 *
 * [CONV] no source: the price list itself; a year costs ten months; to the month's end (IsToMonth
 * 1) the first month costs the share of its remaining days, today included; on demand and spot are
 * paid by the day in advance; a public address costs nothing (DescribePrice has no parameter for
 * one).
 */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

enum {
    CENT = 10000,
    CLOUD_MONTH = 80 * CENT, /* one GB of cloud disk; a cent is 10^4 micros */
    CLOUD_DAY = 4 * CENT,
    LOCAL_MONTH = 50 * CENT,
    LOCAL_DAY = 25000,
    YEAR_IN_MONTHS = 10,
    SPOT_PERCENT = 30 /* the lowest bid, as a share of the price on demand */
};

int64_t emu_ecs_month_price(const struct emu_ecs_config *config)
{
    const struct emu_ecs_family *family = config->family;
    int64_t ret = config->cloud_gb * CLOUD_MONTH + config->local_gb * LOCAL_MONTH;

    if (family)
        ret += (config->cpu * family->cpu_month + config->ram * family->ram_month +
                config->gpu * family->gpu_month) *
               CENT;
    return emu_co_cents(ret);
}

int64_t emu_ecs_day_price(const struct emu_ecs_config *config)
{
    const struct emu_ecs_family *family = config->family;
    int64_t ret = config->cloud_gb * CLOUD_DAY + config->local_gb * LOCAL_DAY;

    if (family)
        ret += (config->cpu * family->cpu_day + config->ram * family->ram_day +
                config->gpu * family->gpu_day) *
               CENT;
    return emu_co_cents(ret);
}

int64_t emu_ecs_spot_price(const struct emu_ecs_config *config)
{
    return emu_co_cents(emu_ecs_day_price(config) * SPOT_PERCENT / 100);
}

bool emu_ecs_months_allowed(int64_t months)
{
    return (months >= 1 && months <= 12) || months == 24 || months == 36;
}

int64_t emu_ecs_price(const struct emu_ecs_config *config, const struct emu_ecs_term *term,
                      int64_t now)
{
    int64_t month = emu_ecs_month_price(config), ret;

    if (strcmp(term->billing, "3") == 0)
        return term->bid ? term->bid : emu_ecs_spot_price(config);
    if (strcmp(term->billing, "1") != 0)
        return emu_ecs_day_price(config);
    ret = term->months < 12 ? term->months * month : term->months / 12 * YEAR_IN_MONTHS * month;
    if (term->to_month_end)
        ret += emu_co_rest_of_month(month, now) - month;
    return ret;
}

struct emu_ecs_config emu_ecs_config_of(struct emu_world *world, struct emu_object *instance)
{
    yyjson_mut_val *body = instance->body;
    struct emu_ecs_config ret = {
        .family = emu_ecs_family_find(emu_get_text(body, "family")),
        .cpu = emu_get_int(body, "cpu", 0),
        .ram = emu_get_int(body, "ram", 0),
        .gpu = emu_get_int(body, "gpu", 0),
    };
    struct emu_object **disks;
    size_t count = emu_ecs_disks_of(world, instance, &disks);

    for (size_t i = 0; i < count; i++) {
        int64_t size = emu_get_int(disks[i]->body, "size", 0);

        if (emu_get_bool(disks[i]->body, "alone", false))
            continue;
        if (strcmp(emu_get_text(disks[i]->body, "feature"), "local") == 0)
            ret.local_gb += size;
        else
            ret.cloud_gb += size;
    }
    return ret;
}
