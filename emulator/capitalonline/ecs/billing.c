/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Bills that come with time: each day of what is paid by the day, the end of a prepaid term,
 * arrears.
 *
 * [CONV] no source: days are paid in advance, from the moment of creation on; automatic renewal
 * buys a month (a year, when the last term was of years); who cannot pay is "recycling" for seven
 * days, in which each day is a new chance, and is deleted then.
 */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

enum { DAY_S = 86400, KEPT_DAYS = 7 };

/* What the next day costs: all of it, only the disks while it is stopped without charge, or the
 * bid. */
static int64_t day_due(struct emu_world *world, struct emu_object *object)
{
    struct emu_ecs_shape shape = { 0 };

    if (strcmp(object->kind, "disk") == 0) {
        shape.cloud_gb = emu_get_int(object->body, "size", 0);
        return emu_ecs_day_price(&shape);
    }
    shape = emu_ecs_shape_of(world, object);
    if (emu_get_int(object->body, "free", 0))
        shape.family = NULL;
    if (strcmp(emu_get_text(object->body, "billing"), "3") == 0)
        return emu_get_int(object->body, "bid", 0);
    return emu_ecs_day_price(&shape);
}

static void recycle(struct emu_world *world, struct emu_object *object)
{
    int64_t days = emu_get_int(object->body, "recycling_days", 0);

    /* What is being changed or deleted has a day to get that done. */
    if (emu_transition_of(world, object)) {
        emu_ecs_bill_at(world, object, emu_now(world) + DAY_S);
        return;
    }
    if (days >= KEPT_DAYS) {
        if (strcmp(object->kind, "instance") == 0) {
            emu_ecs_release_disks(world, object);
            emu_ecs_release_eip(world, object, false);
        }
        emu_object_remove(world, object);
        return;
    }
    if (!days)
        emu_set_str(world, object->body, "recycled_from", emu_ecs_status(object));
    emu_set_int(world, object->body, "recycling_days", days + 1);
    emu_ecs_set_status(world, object, "recycling");
    emu_ecs_bill_at(world, object, emu_now(world) + DAY_S);
}

/* Paid after all: out of the recycling bin. */
static void recover(struct emu_world *world, struct emu_object *object)
{
    if (strcmp(emu_ecs_status(object), "recycling") != 0)
        return;
    emu_set_int(world, object->body, "recycling_days", 0);
    emu_set_str(world, object->body, "status", emu_get_text(object->body, "recycled_from"));
    emu_ecs_begin(world, NULL, object, emu_ecs_work_of(object->kind, "recover"));
}

static void renew(struct emu_world *world, struct emu_object *object)
{
    struct emu_ecs_shape shape = emu_ecs_shape_of(world, object);
    struct emu_ecs_term term = { .billing = "1",
                                 .months = emu_get_int(object->body, "duration", 1) < 12 ? 1 : 12 };
    int64_t expiry = emu_get_int(object->body, "expiry", 0);
    int64_t price = emu_ecs_price(&shape, &term, emu_now(world));

    if (!emu_get_int(object->body, "auto_renew", 0) ||
        !emu_ecs_can_pay(world, emu_ecs_payer(object), price)) {
        recycle(world, object);
        return;
    }
    emu_ecs_charge(world, object, "auto_renew", NULL, price);
    if (emu_get_int(object->body, "recycling_days", 0))
        expiry = emu_now(world);
    emu_late(world, object, "expiry");
    emu_set_int(world, object->body, "expiry", emu_co_months_later(expiry, term.months));
    recover(world, object);
    emu_object_save(world, object);
    emu_ecs_bill_at(world, object, emu_get_int(object->body, "expiry", 0));
}

void emu_ecs_bill_due(struct emu_world *world, struct emu_object *object)
{
    int64_t price;

    if (emu_ecs_is_prepaid(object)) {
        renew(world, object);
        return;
    }
    price = day_due(world, object);
    if (!emu_ecs_can_pay(world, emu_ecs_payer(object), price)) {
        recycle(world, object);
        return;
    }
    emu_ecs_charge(world, object, "usage", NULL, price);
    recover(world, object);
    emu_ecs_bill_at(world, object, emu_now(world) + DAY_S);
}

/* The test accounts' money. */
void emu_ecs_seed(struct emu_world *world)
{
    for (const struct emu_ecs_subject *row = emu_ecs_subjects; row->name; row++)
        emu_sql(world, "INSERT OR IGNORE INTO balances VALUES(?, ?, ?)", "ssi", EMU_ECS,
                emu_ecs_subject_payer(world, row->name), row->balance);
}
