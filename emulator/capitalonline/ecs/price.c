/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What ECS costs: one function behind DescribePrice, the ledger and the bills. Prices are in
 * ecs_data.c and here; all sums are exact, and truncated to the cent once, at the end.
 *
 * [CONV] no source: the price list itself; a year costs ten months; to the month's end (IsToMonth
 * 1) the first month costs its remaining days, today counted, out of all its days; on demand and
 * spot are paid by the day in advance; a public address costs nothing (DescribePrice cannot be
 * asked about one).
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
    SPOT_PERCENT = 30 /* the lowest bid, of the price on demand */
};

int64_t emu_ecs_month_price(const struct emu_ecs_shape *shape)
{
    const struct emu_ecs_family *family = shape->family;
    int64_t ret = shape->cloud_gb * CLOUD_MONTH + shape->local_gb * LOCAL_MONTH;

    if (family)
        ret += (shape->cpu * family->cpu_month + shape->ram * family->ram_month +
                shape->gpu * family->gpu_month) *
               CENT;
    return emu_co_cents(ret);
}

int64_t emu_ecs_day_price(const struct emu_ecs_shape *shape)
{
    const struct emu_ecs_family *family = shape->family;
    int64_t ret = shape->cloud_gb * CLOUD_DAY + shape->local_gb * LOCAL_DAY;

    if (family)
        ret += (shape->cpu * family->cpu_day + shape->ram * family->ram_day +
                shape->gpu * family->gpu_day) *
               CENT;
    return emu_co_cents(ret);
}

int64_t emu_ecs_spot_price(const struct emu_ecs_shape *shape)
{
    return emu_co_cents(emu_ecs_day_price(shape) * SPOT_PERCENT / 100);
}

bool emu_ecs_months_legal(int64_t months)
{
    return (months >= 1 && months <= 12) || months == 24 || months == 36;
}

int64_t emu_ecs_price(const struct emu_ecs_shape *shape, const struct emu_ecs_term *term,
                      int64_t now)
{
    int64_t month = emu_ecs_month_price(shape), ret;

    if (strcmp(term->billing, "3") == 0)
        return term->bid ? term->bid : emu_ecs_spot_price(shape);
    if (strcmp(term->billing, "1") != 0)
        return emu_ecs_day_price(shape);
    ret = term->months < 12 ? term->months * month : term->months / 12 * YEAR_IN_MONTHS * month;
    if (term->to_month_end)
        ret += emu_co_rest_of_month(month, now) - month;
    return ret;
}

struct emu_ecs_shape emu_ecs_shape_of(struct emu_world *world, struct emu_object *instance)
{
    yyjson_mut_val *body = instance->body;
    struct emu_ecs_shape ret = {
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
