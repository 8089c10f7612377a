/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handles bills: each day of what is paid by the day, the end of a prepaid term, arrears.
 *
 * [CONV] no source: days are paid in advance, from the creation on. Automatic renewal buys a month,
 * or a year when the last term was a year or more. An object that cannot be paid is "recycling" for
 * seven days; each day payment is tried again, then it is deleted.
 */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

enum { DAY_S = 86400, KEPT_DAYS = 7 };

/* The price of the next day: of everything, of the disks only while it is stopped without charge,
 * or the bid. */
static int64_t day_due(struct emu_world *world, struct emu_object *object)
{
    struct emu_ecs_config config = { 0 };

    if (strcmp(object->kind, "disk") == 0) {
        config.cloud_gb = emu_get_int(object->body, "size", 0);
        return emu_ecs_day_price(&config);
    }
    config = emu_ecs_config_of(world, object);
    if (emu_get_int(object->body, "free", 0))
        config.family = NULL;
    if (strcmp(emu_get_text(object->body, "billing"), "3") == 0)
        return emu_get_int(object->body, "bid", 0);
    return emu_ecs_day_price(&config);
}

static void recycle(struct emu_world *world, struct emu_object *object)
{
    int64_t days = emu_get_int(object->body, "recycling_days", 0);

    /* A change or deletion in progress has a day to end. */
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

/* A payment succeeded: takes the object out of the recycling bin. */
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
    struct emu_ecs_config config = emu_ecs_config_of(world, object);
    struct emu_ecs_term term = { .billing = "1",
                                 .months = emu_get_int(object->body, "duration", 1) < 12 ? 1 : 12 };
    int64_t expiry = emu_get_int(object->body, "expiry", 0);
    int64_t price = emu_ecs_price(&config, &term, emu_now(world));

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

/* The balances of the test accounts. */
void emu_ecs_seed(struct emu_world *world)
{
    for (const struct emu_ecs_subject *row = emu_ecs_subjects; row->name; row++)
        emu_sql(world, "INSERT OR IGNORE INTO balances VALUES(?, ?, ?)", "ssi", EMU_ECS,
                emu_ecs_subject_payer(world, row->name), row->balance);
}
