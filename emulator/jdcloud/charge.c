/* SPDX-License-Identifier: Apache-2.0 */
/* How an object of JD Cloud is charged: its mode, its start, its expiry. jdcloud_billing.c handles
 * the times that are set here. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

enum { HOUR_S = 3600, DAY_S = 86400 };

bool emu_jd_is_prepaid(const struct emu_object *object)
{
    return strcmp(emu_get_text(object->body, "charge.chargeMode"), "prepaid_by_duration") == 0;
}

bool emu_jd_is_paid_up(const struct emu_object *object)
{
    return strcmp(emu_get_text(object->body, "charge.chargeStatus"), "normal") == 0;
}

int64_t emu_jd_days_left(struct emu_world *world, const struct emu_object *object)
{
    int64_t rest = emu_get_int(object->body, "_expire", 0) - emu_now(world);

    return rest > 0 ? (rest + DAY_S - 1) / DAY_S : 0;
}

/* Sets the times of a prepaid object and schedules the end of its term. */
void emu_jd_set_expire(struct emu_world *world, struct emu_object *object, int64_t expire)
{
    yyjson_mut_val *charge = emu_get(object->body, "charge");

    emu_set_int(world, object->body, "_expire", expire);
    emu_set_str(world, charge, "chargeStatus", "normal");
    emu_set_str(world, charge, "chargeExpiredTime", emu_time_iso(world, expire));
    emu_set_str(world, charge, "chargeRetireTime", "");
    emu_event_drop(world, object, "charge.release");
    emu_event_add(world, object, "charge.expire", expire * 1000, NULL);
}

int64_t emu_jd_term_end(int64_t from, bool year, int64_t span)
{
    return emu_time_add_months(from, (int)(span * (year ? 12 : 1)));
}

void emu_jd_charge_start(struct emu_world *world, struct emu_object *object, yyjson_mut_val *spec)
{
    const char *mode = emu_get_str(spec, "chargeMode");
    bool year = strcmp(emu_get_text(spec, "chargeUnit"), "year") == 0;
    int64_t span = emu_get_int(spec, "chargeDuration", 1);
    yyjson_mut_val *charge = emu_obj(world), *automatic = emu_obj(world);

    emu_late(world, object, NULL);
    emu_set_str(world, charge, "chargeMode", mode ? mode : "postpaid_by_duration");
    emu_set_str(world, charge, "chargeStatus", "normal");
    emu_set_str(world, charge, "chargeStartTime", emu_time_iso(world, emu_now(world)));
    emu_set_str(world, charge, "chargeExpiredTime", "");
    emu_set_str(world, charge, "chargeRetireTime", "");
    emu_set(world, object->body, "charge", charge);
    if (emu_jd_is_prepaid(object)) {
        emu_jd_set_expire(world, object, emu_jd_term_end(emu_now(world), year, span));
        if (emu_get_bool(spec, "autoRenew", false)) {
            emu_set_bool(world, automatic, "year", year);
            emu_set_int(world, automatic, "span", span);
            emu_set(world, object->body, "_auto", automatic);
        }
    } else if (strcmp(emu_get_text(charge, "chargeMode"), "postpaid_by_duration") == 0) {
        emu_event_add(world, object, "charge.hour", emu_now_ms(world) + HOUR_S * 1000, NULL);
    }
    emu_object_save(world, object);
}

void emu_jd_charge_extend(struct emu_world *world, struct emu_object *object, int64_t expire)
{
    emu_jd_set_expire(world, object, expire);
    emu_object_save(world, object);
}
