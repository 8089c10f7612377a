/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The money of CCS: one price function for quotes and the ledger, prepaid terms and their ends, use
 * on demand. capitalonline_calendar.c has the calendar and the price of an upgrade.
 *
 * Where the documents say nothing [CONV]:
 * - On demand, a day costs a twenty-fifth of the monthly price, truncated to the cent. It is
 *   charged after each 24 hours. When use ends or changes, the part of a day is charged, truncated
 *   to the cent.
 * - To the month's end costs the share of the monthly price for the remaining days, today included.
 * - Months are counted from the time of the order by the calendar of UTC+8.
 * - Deletion before the end of a term refunds nothing.
 * - A term that ends is renewed by a month if AutoRenew is 1 and the balance suffices. Otherwise
 *   the instance is stopped, and removed a week later.
 * - On demand with a negative balance the instance is stopped as well, until the balance suffices
 *   (checked once a day) or ModifyInstanceChargeType pays.
 */
#include "emulator/capitalonline/ccs/ccs.h"

#include <string.h>

enum { DAY_S = 86400, GRACE_DAYS = 7 };

static int64_t disk_price(yyjson_mut_val *disk)
{
    const struct emu_ccs_disk *row = emu_ccs_disk(emu_get_str(disk, "DiskType"));

    return row ? emu_get_int(disk, "Size", 0) * row->gb_month +
                     emu_get_int(disk, "IopsSize", 0) * emu_ccs_pack_month
               : 0;
}

int64_t emu_ccs_month_price(yyjson_mut_val *config)
{
    const struct emu_ccs_type *type = emu_ccs_type(emu_get_str(config, "InstanceType"));
    yyjson_mut_val *disk;
    size_t i, count;
    int64_t ret = disk_price(emu_get(config, "Disks.SystemDisk"));

    yyjson_mut_arr_foreach(emu_get(config, "Disks.DataDisks"), i, count, disk) ret +=
        disk_price(disk);
    return ret + emu_get_int(config, "Cpu", 0) * type->sold_as->cpu_month +
           emu_get_int(config, "Ram", 0) * type->sold_as->ram_month;
}

static int64_t day_price(yyjson_mut_val *config)
{
    return emu_co_cents(emu_ccs_month_price(config) / 25);
}

int64_t emu_ccs_first_price(yyjson_mut_val *config, bool prepaid, int64_t months, int64_t now)
{
    if (!prepaid)
        return day_price(config);
    return months ? emu_ccs_month_price(config) * months
                  : emu_co_rest_of_month(emu_ccs_month_price(config), now);
}

bool emu_ccs_can_pay(struct emu_co *call, int64_t micros)
{
    if (emu_balance(call->world, EMU_CCS, call->account) >= micros)
        return true;
    return emu_co_fail(call, "NotEnoughBalance", NULL);
}

void emu_ccs_charge(struct emu_world *world, const struct emu_object *object, const char *kind,
                    const char *order_id, int64_t micros)
{
    struct emu_charge charge = { .provider = EMU_CCS,
                                 .account = object->account,
                                 .region = object->region,
                                 .kind = kind,
                                 .resource_id = object->id,
                                 .order_id = order_id,
                                 .micros = micros };

    if (micros)
        emu_ledger_add(world, &charge);
}

bool emu_ccs_is_prepaid(const struct emu_object *instance)
{
    return strcmp(emu_get_text(instance->body, "InstanceChargeType"), "PrePaid") == 0;
}

static void set_expiry(struct emu_world *world, struct emu_object *instance, int64_t expiry)
{
    emu_set_int(world, instance->body, "_expires", expiry);
    emu_event_add(world, instance, "expire", expiry * 1000, NULL);
}

/* Starts a term of @months at @start. The start is kept, so that the 31st returns after February.
 */
static void set_term(struct emu_world *world, struct emu_object *instance, int64_t start,
                     int64_t months)
{
    emu_set_int(world, instance->body, "_term_start", start);
    emu_set_int(world, instance->body, "_term_months", months);
    set_expiry(world, instance, emu_co_months_later(start, months));
}

static void use_from_now(struct emu_world *world, struct emu_object *instance)
{
    emu_set_int(world, instance->body, "_used_until", emu_now(world));
    emu_event_add(world, instance, "usage", (emu_now(world) + DAY_S) * 1000, NULL);
}

int64_t emu_ccs_bill_begin(struct emu_world *world, struct emu_object *instance, bool prepaid,
                           int64_t months, const char *order_id)
{
    int64_t now = emu_now(world);
    int64_t price = prepaid ? emu_ccs_first_price(instance->body, true, months, now) : 0;

    if (!prepaid)
        use_from_now(world, instance);
    else if (months)
        set_term(world, instance, now, months);
    else
        set_term(world, instance, emu_co_month_end(now, 0), 0);
    emu_ccs_charge(world, instance, "create", order_id, price);
    return price;
}

void emu_ccs_bill_settle(struct emu_world *world, struct emu_object *instance)
{
    int64_t until = emu_get_int(instance->body, "_used_until", emu_now(world));
    int64_t used = emu_now(world) - until;

    if (emu_ccs_is_prepaid(instance) || emu_get_bool(instance->body, "_unpaid", false) || used <= 0)
        return;
    emu_ccs_charge(world, instance, "usage", NULL,
                   emu_co_cents(day_price(instance->body) * used / DAY_S));
    use_from_now(world, instance);
}

void emu_ccs_bill_stop(struct emu_world *world, struct emu_object *instance)
{
    emu_event_drop(world, instance, "usage");
    emu_event_drop(world, instance, "expire");
    emu_set(world, instance->body, "_used_until", NULL);
}

bool emu_ccs_bill_upgrade(struct emu_co *call, struct emu_object *instance, yyjson_mut_val *config,
                          const char *order_id, int64_t *ret_spent)
{
    int64_t spent =
        emu_co_upgrade_price(emu_ccs_month_price(instance->body), emu_ccs_month_price(config),
                             emu_now(call->world), emu_get_int(instance->body, "_expires", 0));

    *ret_spent = 0;
    if (!emu_ccs_is_prepaid(instance)) {
        emu_ccs_bill_settle(call->world, instance);
        return true;
    }
    if (!emu_ccs_can_pay(call, spent))
        return false;
    emu_ccs_charge(call->world, instance, "upgrade", order_id, spent);
    *ret_spent = spent;
    return true;
}

static void switch_off(struct emu_world *world, struct emu_object *instance)
{
    const char *state = emu_get_text(instance->body, "InstanceStatus");

    emu_set_bool(world, instance->body, "_unpaid", true);
    emu_set_str(world, instance->body, "InstanceChargeStatus", "arrears");
    if (strcmp(state, "running") == 0)
        emu_set_str(world, instance->body, "InstanceStatus", "stop");
    emu_event_add(world, instance, "release", (emu_now(world) + GRACE_DAYS * DAY_S) * 1000, NULL);
}

static void paid_again(struct emu_world *world, struct emu_object *instance)
{
    emu_set(world, instance->body, "_unpaid", NULL);
    emu_set_str(world, instance->body, "InstanceChargeStatus", "success");
    emu_event_drop(world, instance, "release");
}

static void day_used(struct emu_world *world, struct emu_object *instance)
{
    bool unpaid = emu_get_bool(instance->body, "_unpaid", false);

    /* A stopped unpaid instance makes no more debt; each day it is checked whether the balance
     * suffices. */
    if (unpaid && emu_balance(world, EMU_CCS, instance->account) >= day_price(instance->body)) {
        paid_again(world, instance);
        unpaid = false;
    }
    if (unpaid) {
        use_from_now(world, instance);
    } else {
        emu_ccs_bill_settle(world, instance);
        if (emu_balance(world, EMU_CCS, instance->account) < 0)
            switch_off(world, instance);
    }
}

static void term_over(struct emu_world *world, struct emu_object *instance)
{
    int64_t price = emu_ccs_month_price(instance->body);

    if (emu_get_int(instance->body, "_auto_renew", 0) != 1 ||
        emu_balance(world, EMU_CCS, instance->account) < price) {
        switch_off(world, instance);
        return;
    }
    emu_ccs_charge(world, instance, "auto_renew", NULL, price);
    set_term(world, instance, emu_get_int(instance->body, "_term_start", 0),
             emu_get_int(instance->body, "_term_months", 0) + 1);
}

void emu_ccs_bill_event(struct emu_world *world, const struct emu_event *event)
{
    struct emu_object *instance = event->object;

    if (strcmp(event->name, "release") == 0) {
        emu_object_remove(world, instance);
        return;
    }
    if (strcmp(event->name, "usage") == 0)
        day_used(world, instance);
    else
        term_over(world, instance);
    emu_object_save(world, instance);
}

void emu_ccs_bill_prepay(struct emu_world *world, struct emu_object *instance, int64_t expiry,
                         int64_t auto_renew)
{
    emu_event_drop(world, instance, "usage");
    emu_set(world, instance->body, "_used_until", NULL);
    emu_late(world, instance, "InstanceChargeType");
    emu_set_str(world, instance->body, "InstanceChargeType", "PrePaid");
    emu_set_int(world, instance->body, "_auto_renew", auto_renew);
    set_term(world, instance, expiry, 0);
    if (emu_get_bool(instance->body, "_unpaid", false))
        paid_again(world, instance);
}
