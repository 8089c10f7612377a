/* SPDX-License-Identifier: Apache-2.0 */
/* The transitions of an instance: the states it goes through, the effects of their ends, its
 * removal. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

/* A transition: the state during it (NULL: unchanged), the state after it, the state after a
 * failure. */
static const struct phase {
    const char *name, *during, *after, *failed;
} phases[] = {
    { "create", "pending", "running", "error" },
    { "start", "starting", "running", "stopped" },
    { "stop", "stopping", "stopped", "running" },
    { "reboot", "rebooting", "running", "error" },
    { "resize", "resizing", "stopped", "stopped" },
    { "rebuild", "rebuilding", "stopped", "error" },
    { "delete", "deleting", NULL, "error" },
    { "password", NULL, NULL, NULL },
    { "image", NULL, NULL, NULL },
};

static const struct phase *phase_of(const char *name)
{
    for (size_t i = 0; i < EMU_COUNT(phases); i++) {
        if (strcmp(phases[i].name, name) == 0)
            return &phases[i];
    }
    return NULL;
}

void emu_jd_instance_begin(struct emu_world *world, struct emu_object *instance,
                           const char *transition, const char *arg)
{
    const struct phase *phase = phase_of(transition);

    if (phase->during)
        emu_jd_set_status(world, instance, phase->during);
    emu_transition_begin(world, instance, transition, arg);
}

static void disks_are(struct emu_world *world, struct emu_object *instance, const char *status)
{
    yyjson_mut_val *id, *place;
    size_t i, count, j, places;

    yyjson_mut_arr_foreach(emu_get(instance->body, "_disks"), i, count, id)
    {
        struct emu_object *disk = emu_jd_find(world, "disk", yyjson_mut_get_str(id));

        yyjson_mut_arr_foreach(disk ? emu_get(disk->body, "attachments") : NULL, j, places, place)
        {
            if (strcmp(emu_get_text(place, "instanceId"), instance->id) == 0)
                emu_set_str(world, place, "status", status);
        }
        if (disk)
            emu_object_save(world, disk);
    }
}

/* A VM whose creation failed is shown as an error for a minute, costs nothing, and then disappears.
 */
static void creation_failed(struct emu_world *world, struct emu_object *instance)
{
    yyjson_mut_val *ids = emu_json_copy(world, emu_get(instance->body, "_disks")), *id;
    const char *eip_id = emu_get_str(instance->body, "elasticIpId");
    struct emu_object *eip = eip_id && *eip_id ? emu_jd_find(world, "eip", eip_id) : NULL;
    size_t i, count;

    emu_jd_refund(world, instance, "create");
    yyjson_mut_arr_foreach(ids, i, count, id)
    {
        struct emu_object *disk = emu_jd_find(world, "disk", yyjson_mut_get_str(id));

        if (disk) {
            emu_jd_refund(world, disk, "create");
            emu_jd_disk_drop(world, disk, instance);
            emu_object_remove(world, disk);
        }
    }
    if (eip) {
        emu_jd_refund(world, eip, "create");
        emu_jd_eip_unbind(world, eip);
        emu_object_remove(world, eip);
    }
    emu_event_drop(world, instance, "charge.expire");
    emu_event_drop(world, instance, "charge.hour");
    emu_event_add(world, instance, "vanish", emu_now_ms(world) + 60000, NULL);
}

static void resize_done(struct emu_world *world, struct emu_object *instance, const char *type)
{
    struct emu_jd_goods from = emu_jd_goods_of(instance), to = { "vm", type, 1, 0 };
    int64_t days = emu_jd_days_left(world, instance),
            expire = emu_get_int(instance->body, "_expire", 0);
    int64_t before = emu_jd_month(&from), after = emu_jd_month(&to);

    emu_late(world, instance, "instanceType");
    emu_set_str(world, instance->body, "instanceType", type);
    /* A cheaper type extends the term: the remaining days grow in proportion to the prices. */
    if (emu_jd_is_prepaid(instance) && after < before)
        emu_jd_charge_extend(world, instance, expire + (days * before / after - days) * 86400);
}

static void succeed(struct emu_world *world, const struct emu_event *event)
{
    struct emu_object *instance = event->object;

    if (strcmp(event->name, "create") == 0)
        disks_are(world, instance, "attached");
    if (strcmp(event->name, "resize") == 0)
        resize_done(world, instance, event->arg);
    if (strcmp(event->name, "password") == 0)
        emu_set_bool(world, instance->body, "_passwordPending", true);
    if (strcmp(event->name, "reboot") == 0 || strcmp(event->name, "start") == 0)
        emu_set_str(world, instance->body, "_passwordPending", NULL);
}

void emu_jd_instance_event(struct emu_world *world, const struct emu_event *event)
{
    struct emu_object *instance = event->object;
    const struct phase *phase = phase_of(event->name);
    const char *next;

    if (!phase || (strcmp(event->name, "delete") == 0 && !event->failed)) {
        emu_jd_instance_gone(world, instance, strcmp(event->arg, "eip") == 0);
        return;
    }
    if (!event->failed)
        succeed(world, event);
    next = event->failed ? phase->failed : phase->after;
    /* An instance that is not paid any more does not run. */
    if (next && strcmp(next, "running") == 0 && !emu_jd_is_paid_up(instance))
        next = "stopped";
    if (next)
        emu_set_str(world, instance->body, "status", next);
    emu_object_save(world, instance);
    if (event->failed && strcmp(event->name, "create") == 0)
        creation_failed(world, instance);
    if (event->failed && strcmp(event->name, "resize") == 0 &&
        emu_get_bool(instance->body, "_resizePaid", false))
        emu_jd_refund(world, instance, "upgrade");
}

void emu_jd_instance_gone(struct emu_world *world, struct emu_object *instance, bool release_eip)
{
    yyjson_mut_val *ids = emu_json_copy(world, emu_get(instance->body, "_disks")), *id;
    const char *eip_id = emu_get_str(instance->body, "elasticIpId");
    struct emu_object *eip = eip_id && *eip_id ? emu_jd_find(world, "eip", eip_id) : NULL;
    size_t i, count;

    yyjson_mut_arr_foreach(ids, i, count, id)
    {
        struct emu_object *disk = emu_jd_find(world, "disk", yyjson_mut_get_str(id));

        if (disk)
            emu_jd_disk_drop(world, disk, instance);
    }
    if (eip) {
        emu_jd_eip_unbind(world, eip);
        if (release_eip)
            emu_object_remove(world, eip);
    }
    ids = emu_get(instance->body, "_nics");
    yyjson_mut_arr_foreach(ids, i, count, id)
    {
        struct emu_object *nic = emu_jd_find(world, "nic", yyjson_mut_get_str(id));

        if (nic && emu_get_bool(nic->body, "_autoDelete", false))
            emu_object_remove(world, nic);
        else if (nic) {
            emu_set_str(world, nic->body, "_instance", NULL);
            emu_object_save(world, nic);
        }
    }
    emu_object_remove(world, instance);
}
