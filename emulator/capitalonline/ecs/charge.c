/* SPDX-License-Identifier: Apache-2.0 */
/* Charges one object of ECS and sets the time of its next bill; ecs_bill.c handles the bill. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

enum { DAY_S = 86400 };

bool emu_ecs_can_pay(struct emu_world *world, const char *payer, int64_t micros)
{
    return micros <= 0 || emu_balance(world, EMU_ECS, payer) >= micros;
}

const char *emu_ecs_payer(const struct emu_object *object)
{
    const char *payer = emu_get_text(object->body, "payer");

    return *payer ? payer : object->account;
}

void emu_ecs_charge(struct emu_world *world, struct emu_object *object, const char *kind,
                    const char *order_id, int64_t micros)
{
    if (!micros)
        return;
    emu_ledger_add(world, &(struct emu_charge){ .provider = EMU_ECS,
                                                .account = emu_ecs_payer(object),
                                                .region = object->region,
                                                .kind = kind,
                                                .resource_id = object->id,
                                                .order_id = order_id,
                                                .micros = micros });
}

bool emu_ecs_is_prepaid(const struct emu_object *object)
{
    return strcmp(emu_get_text(object->body, "billing"), "1") == 0;
}

void emu_ecs_bill_at(struct emu_world *world, struct emu_object *object, int64_t at)
{
    emu_event_add(world, object, "bill", at * 1000, NULL);
}

void emu_ecs_bill_start(struct emu_world *world, struct emu_object *object)
{
    emu_ecs_bill_at(world, object,
                    emu_ecs_is_prepaid(object) ? emu_get_int(object->body, "expiry", 0)
                                               : emu_now(world) + DAY_S);
}
