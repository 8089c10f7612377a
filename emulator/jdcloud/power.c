/* SPDX-License-Identifier: Apache-2.0 */
/* The life of an instance: what each state allows, what it goes through, how it ends. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

/* A transition: the state while it lasts (NULL: as before), the one after it, and the one after it
 * failed. */
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

/* A VM that did not come to be: shown as an error for a minute, costs nothing, then is gone. */
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
    /* A cheaper type lasts longer: the days that are left, in the proportion of the prices. */
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
    /* Whoever has not paid in the meantime does not run. */
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

bool emu_jd_idle(struct emu_jd_call *call, struct emu_object *object)
{
    const char *task = emu_transition_of(call->world, object);
    yyjson_mut_val *id;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(object->body, "_disks"), i, count, id)
    {
        struct emu_object *disk = emu_jd_find(call->world, "disk", yyjson_mut_get_str(id));

        if (disk && !task)
            task = emu_transition_of(call->world, disk);
    }
    if (!task)
        return true;
    return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "Conflict with underlay task: %s of %s",
                       task, object->id);
}

struct emu_object *emu_jd_need_instance(struct emu_jd_call *call, const char *states)
{
    struct emu_object *ret = emu_jd_need(call, "instance", call->id);
    const char *status;

    if (!ret || !emu_jd_idle(call, ret))
        return NULL;
    status = emu_jd_status(ret);
    if (!*states || strstr(states, emu_text(call->world, " %s ", status)))
        return ret;
    emu_jd_fail(call, 400, "FAILED_PRECONDITION", "instance %s is %s, not one of:%s", ret->id,
                status, states);
    return NULL;
}

static bool check_paid(struct emu_jd_call *call, const struct emu_object *instance)
{
    if (emu_jd_is_paid_up(instance))
        return true;
    return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "instance %s is %s", instance->id,
                       emu_get_text(instance->body, "charge.chargeStatus"));
}

static bool has_system_disk(struct emu_world *world, struct emu_object *instance)
{
    yyjson_mut_val *shown = emu_jd_instance_shown(world, instance);

    return emu_get(shown, "systemDisk") != NULL;
}

void emu_jd_startInstance(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need_instance(call, " stopped ");

    if (!instance || !check_paid(call, instance))
        return;
    if (!has_system_disk(call->world, instance))
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "instance %s has no system disk",
                    instance->id);
    else if (strcmp(emu_get_text(instance->body, "chargeOnStopped"), "stopCharging") == 0 &&
             emu_is_sold_out(call->world, emu_get_text(instance->body, "instanceType")))
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "instanceType %s is sold out",
                    emu_get_text(instance->body, "instanceType"));
    else
        emu_jd_instance_begin(call->world, instance, "start", NULL);
}

void emu_jd_stopInstance(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need_instance(call, " running ");
    const char *charge = emu_get_str(call->params, "chargeOnStopped");

    if (!instance)
        return;
    if (charge && *charge &&
        !emu_jd_check_word(call, "chargeOnStopped", charge, " keepCharging stopCharging "))
        return;
    if (charge && strcmp(charge, "stopCharging") == 0 &&
        (emu_jd_is_prepaid(instance) || emu_get(instance->body, "systemDisk"))) {
        emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                    "stopCharging is for postpaid VMs with a cloud system disk");
        return;
    }
    if (charge && *charge)
        emu_set_str(call->world, instance->body, "chargeOnStopped", charge);
    emu_jd_instance_begin(call->world, instance, "stop", NULL);
}

void emu_jd_rebootInstance(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need_instance(call, " running ");

    if (instance && check_paid(call, instance))
        emu_jd_instance_begin(call->world, instance, "reboot", NULL);
}

static const char *user_of(const struct emu_object *instance)
{
    return strcmp(emu_get_text(instance->body, "osType"), "windows") == 0 ? "administrator"
                                                                          : "root";
}

/* The API names no state; what is being built or is broken has no system to change it in. */
void emu_jd_modifyInstancePassword(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need_instance(call, " running stopped ");

    if (instance &&
        emu_jd_check_password(call, emu_get_text(call->params, "password"), user_of(instance)))
        emu_jd_instance_begin(call->world, instance, "password", NULL);
}

static bool check_resize(struct emu_jd_call *call, struct emu_object *instance,
                         const struct emu_jd_type *to)
{
    const struct emu_jd_type *from = emu_jd_type_find(emu_get_text(instance->body, "instanceType"));
    bool local = emu_get(instance->body, "systemDisk") != NULL;
    size_t disks = yyjson_mut_arr_size(emu_get(instance->body, "_disks"));

    if (!to)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "instanceType %s is not sold",
                           emu_get_text(call->params, "instanceType"));
    if (to == from)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                           "the instance is of instanceType %s already", to->name);
    if (emu_is_sold_out(call->world, to->name))
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "instanceType %s is sold out",
                           to->name);
    if (local && (to->generation != from->generation || !to->local_disks))
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                           "a local system disk cannot change generation");
    if ((int)yyjson_mut_arr_size(emu_get(instance->body, "_nics")) > to->nics ||
        (int)disks > to->disks)
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                           "too many disks or interfaces for instanceType %s", to->name);
    return true;
}

void emu_jd_resizeInstance(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need_instance(call, " stopped ");
    const struct emu_jd_type *to = emu_jd_type_find(emu_get_text(call->params, "instanceType"));
    struct emu_jd_goods goods = { "vm", emu_get_text(call->params, "instanceType"), 1, 0 };
    struct emu_jd_line line = { 0 };

    if (!instance || !check_paid(call, instance) || !check_resize(call, instance, to) ||
        !emu_jd_image_for(call, emu_get_text(instance->body, "imageId"), to->name))
        return;
    emu_jd_price_change(call->world, instance, &goods, &line);
    line.resource_id = instance->id;
    emu_set_bool(call->world, instance->body, "_resizePaid", line.process == 1);
    if (line.process == 1 && !emu_jd_pay(call->world, call, instance->account, instance->region,
                                         "upgrade", &line, 1, NULL))
        return;
    emu_jd_instance_begin(call->world, instance, "resize", to->name);
}

static bool check_rebuild(struct emu_jd_call *call, struct emu_object *instance,
                          struct emu_object *image)
{
    bool local = emu_get(instance->body, "systemDisk") != NULL;
    bool windows = strcmp(emu_get_text(image->body, "osType"), "windows") == 0;
    const char *password = emu_get_str(call->params, "password"),
               *hostname = emu_get_str(call->params, "hostname");
    yyjson_mut_val *shown = emu_jd_instance_shown(call->world, instance);

    if (local != (strcmp(emu_get_text(image->body, "rootDeviceType"), "localDisk") == 0))
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                           "the image's root device does not fit the system disk");
    if (!local && emu_get_int(shown, "systemDisk.cloudDisk.diskSizeGB", 0) <
                      emu_get_int(image->body, "systemDiskSizeGB", 0))
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                           "the system disk is too small for the image");
    if (!emu_jd_check_keys(call, emu_get(call->params, "keyNames"), windows))
        return false;
    if (hostname && !emu_jd_check_hostname(call, hostname, windows))
        return false;
    return !password || emu_jd_check_password(call, password, windows ? "administrator" : "root");
}

void emu_jd_rebuildInstance(struct emu_jd_call *call)
{
    static const char *const from_image[] = { "imageId", "osType", "osVersion", "platform",
                                              "bootMode" };
    struct emu_object *instance = emu_jd_need_instance(call, " stopped "), *image;
    const char *image_id = emu_get_str(call->params, "imageId");

    if (!instance)
        return;
    image = emu_jd_image_for(call, image_id ? image_id : emu_get_text(instance->body, "imageId"),
                             emu_get_text(instance->body, "instanceType"));
    if (!image || !check_rebuild(call, instance, image))
        return;
    for (size_t i = 0; i < EMU_COUNT(from_image); i++)
        emu_set_str(call->world, instance->body, from_image[i],
                    emu_get_text(image->body, from_image[i]));
    if (emu_get(call->params, "hostname"))
        emu_set_str(call->world, instance->body, "hostname",
                    emu_get_text(call->params, "hostname"));
    emu_set(call->world, instance->body, "keyNames",
            emu_jd_keys_shown(call->world, emu_get(call->params, "keyNames")));
    emu_jd_instance_begin(call->world, instance, "rebuild", NULL);
}

void emu_jd_deleteInstance(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need(call, "instance", call->id);
    bool eip = emu_get_bool(call->params, "deletePrimaryNetworkInterfaceAllElasticIp", false);

    /* Just created or failed, it has no billing record yet. */
    if (instance && strcmp(emu_jd_status(instance), "pending") == 0)
        emu_jd_fail(call, 403, "PERMISSION_DENIED", "Can't delete no charged resource");
    if (!instance || emu_jd_failed(call) ||
        !(instance = emu_jd_need_instance(call, " running stopped error ")))
        return;
    if (emu_jd_is_prepaid(instance) && emu_jd_is_paid_up(instance)) {
        emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                    "instance %s is prepaid until %s and cannot be deleted before", instance->id,
                    emu_get_text(instance->body, "charge.chargeExpiredTime"));
        return;
    }
    emu_jd_instance_begin(call->world, instance, "delete", eip ? "eip" : NULL);
}

void emu_jd_modifyInstanceAttribute(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need(call, "instance", call->id);
    const char *name = emu_get_str(call->params, "name"),
               *hostname = emu_get_str(call->params, "hostname");
    const char *text = emu_get_str(call->params, "description");

    if (!instance || (name && !emu_jd_check_name(call, name, 128, "name")) ||
        !emu_jd_check_description(call, text) ||
        (hostname &&
         !emu_jd_check_hostname(call, hostname, strcmp(user_of(instance), "root") != 0)))
        return;
    if (name)
        emu_set_str(call->world, instance->body, "instanceName", name);
    if (hostname)
        emu_set_str(call->world, instance->body, "hostname", hostname);
    if (text)
        emu_set_str(call->world, instance->body, "description", text);
    emu_object_save(call->world, instance);
}
