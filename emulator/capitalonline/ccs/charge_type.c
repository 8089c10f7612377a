/* SPDX-License-Identifier: Apache-2.0 */
/* ModifyInstanceChargeType of CCS: changes on demand to prepaid, or extends a prepaid term. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <string.h>

enum { MOST_MONTHS = 36 };

/* The new expiry: the end of the month in which the paid time ends, plus @months. The documents
 * define PrepaidMonth so here, and differently for CreateInstance. For a prepaid instance this is
 * undocumented; terraform does it, so here it extends the term from its expiry. */
static int64_t buy_on(struct emu_world *world, struct emu_object *instance, int64_t months,
                      int64_t *ret_end)
{
    int64_t month = emu_ccs_month_price(instance->body), from = emu_now(world);
    int64_t expiry = emu_get_int(instance->body, "_expires", 0);

    if (emu_ccs_is_prepaid(instance) && expiry > from) {
        *ret_end = emu_co_month_end(expiry - 1, months);
        return month * months +
               (emu_co_month_end(expiry - 1, 0) > expiry ? emu_co_rest_of_month(month, expiry) : 0);
    }
    *ret_end = emu_co_month_end(from, months);
    return month * months + emu_co_rest_of_month(month, from);
}

void emu_ccs_modify_charge_type(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *instance = emu_ccs_instance(call), *task;
    int64_t months = emu_get_int(call->params, "PrepaidMonth", 0), price, end;
    int64_t renew = emu_get_int(call->params, "AutoRenew", 1);
    const char *type = emu_get_text(call->params, "InstanceChargeType");

    if (!instance || !emu_ccs_state_good(call, instance, "running stop unpaid"))
        return;
    if (strcmp(type, "PrePaid") != 0) {
        /* Only from PostPaid to PrePaid, by the sixth example of the document. */
        if (strcmp(type, "PostPaid") == 0)
            emu_ccs_wrong_state(call);
        else
            emu_co_fail(call, "InvalidInstanceChargeType.Malformed", NULL);
        return;
    }
    if (months < 0 || months > MOST_MONTHS || renew < 0 || renew > 1) {
        emu_co_fail(call, "InvalidPrepaidMonth.Malformed", NULL);
        return;
    }
    price = buy_on(world, instance, months, &end);
    emu_ccs_bill_settle(world, instance);
    if (!emu_ccs_can_pay(call, price))
        return;
    task = emu_ccs_task_new(call, "newOrderUpdateVM", true);
    emu_ccs_task_covers(world, task, instance->id, false);
    emu_ccs_charge(world, instance, emu_ccs_is_prepaid(instance) ? "renew" : "charge_type",
                   task->id, price);
    emu_ccs_bill_prepay(world, instance, end, renew);
    emu_object_save(world, instance);
    emu_co_answer(call, NULL);
}
