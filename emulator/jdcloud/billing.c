/* SPDX-License-Identifier: Apache-2.0 */
/* Charging over time: ends of terms, hourly charges, arrears, release. A prepaid object becomes
 * overdue when its term ends, a postpaid one falls into arrear when the balance does not cover its
 * hour. Either stops a VM at once and releases it seven days later. A renewal, or enough balance,
 * restores it. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

enum { HOUR_S = 3600, KEPT_S = 7 * 86400 };

static void begin_arrears(struct emu_world *world, struct emu_object *object, const char *status)
{
    yyjson_mut_val *charge = emu_get(object->body, "charge");
    int64_t gone = emu_now(world) + KEPT_S;

    emu_set_str(world, charge, "chargeStatus", status);
    emu_set_str(world, charge, "chargeRetireTime", emu_time_iso(world, gone));
    emu_event_add(world, object, "charge.release", gone * 1000, NULL);
    if (strcmp(object->kind, "instance") == 0 && strcmp(emu_jd_status(object), "running") == 0)
        emu_set_str(world, object->body, "status", "stopped");
    emu_object_save(world, object);
}

static void end_arrears(struct emu_world *world, struct emu_object *object)
{
    yyjson_mut_val *charge = emu_get(object->body, "charge");

    emu_set_str(world, charge, "chargeStatus", "normal");
    emu_set_str(world, charge, "chargeRetireTime", "");
    emu_event_drop(world, object, "charge.release");
    emu_object_save(world, object);
    /* An expired VM starts by itself once it is paid. */
    if (strcmp(object->kind, "instance") == 0 && strcmp(emu_jd_status(object), "stopped") == 0 &&
        !emu_transition_of(world, object))
        emu_jd_instance_begin(world, object, "start", NULL);
}

void emu_jd_charge_renew(struct emu_world *world, struct emu_object *object, bool year,
                         int64_t span)
{
    int64_t expire = emu_get_int(object->body, "_expire", 0);
    bool in_arrears = !emu_jd_is_paid_up(object);

    emu_late(world, object, "_expire");
    emu_late(world, object, "charge");
    /* Our convention: a renewal of an expired object begins today, any other at its expiry. */
    emu_jd_set_expire(world, object,
                      emu_jd_term_end(in_arrears ? emu_now(world) : expire, year, span));
    emu_object_save(world, object);
    if (in_arrears)
        end_arrears(world, object);
}

static void term_ends(struct emu_world *world, struct emu_object *object)
{
    yyjson_mut_val *automatic = emu_get(object->body, "_auto");
    struct emu_jd_goods goods = emu_jd_goods_of(object);
    struct emu_jd_line line = { .resource_id = object->id };

    if (automatic) {
        bool year = emu_get_bool(automatic, "year", false);
        int64_t span = emu_get_int(automatic, "span", 1);

        emu_jd_price_term(world, &goods, year, span, &line);
        line.resource_id = object->id;
        if (emu_jd_pay(world, NULL, object->account, object->region, "auto_renew", &line, 1,
                       NULL)) {
            emu_jd_charge_renew(world, object, year, span);
            return;
        }
    }
    begin_arrears(world, object, "overdue");
}

/* A stopped VM with stopCharging costs nothing; its disks are still charged. */
static bool is_free_while_stopped(const struct emu_object *object)
{
    return strcmp(object->kind, "instance") == 0 && strcmp(emu_jd_status(object), "stopped") == 0 &&
           emu_jd_is_paid_up(object) &&
           strcmp(emu_get_text(object->body, "chargeOnStopped"), "stopCharging") == 0;
}

static void hour_ends(struct emu_world *world, struct emu_object *object)
{
    struct emu_jd_goods goods = emu_jd_goods_of(object);
    struct emu_jd_line line = { 0 };
    struct emu_charge charge = { .provider = EMU_JD,
                                 .account = object->account,
                                 .region = object->region,
                                 .kind = "usage",
                                 .resource_id = object->id };

    emu_event_add(world, object, "charge.hour", emu_now_ms(world) + HOUR_S * 1000, NULL);
    if (is_free_while_stopped(object))
        return;
    emu_jd_price_hour(world, &goods, &line);
    if (emu_balance(world, EMU_JD, object->account) < line.after) {
        if (emu_jd_is_paid_up(object))
            begin_arrears(world, object, "arrear");
        return;
    }
    charge.micros = line.after;
    emu_ledger_add(world, &charge);
    if (!emu_jd_is_paid_up(object))
        end_arrears(world, object);
}

static void release(struct emu_world *world, struct emu_object *object)
{
    const char *instance = emu_get_str(object->body, "_system_of");

    if (strcmp(object->kind, "instance") == 0)
        emu_jd_instance_gone(world, object, false);
    else if (strcmp(object->kind, "disk") != 0)
        emu_object_remove(world, object);
    /* A system disk stays as long as its VM and is removed with it. */
    else if (!instance || !emu_jd_find(world, "instance", instance))
        emu_jd_disk_gone(world, object);
}

void emu_jd_charge_event(struct emu_world *world, const struct emu_event *event)
{
    if (strcmp(event->name, "charge.expire") == 0)
        term_ends(world, event->object);
    else if (strcmp(event->name, "charge.hour") == 0)
        hour_ends(world, event->object);
    else if (strcmp(event->name, "charge.release") == 0)
        release(world, event->object);
}
