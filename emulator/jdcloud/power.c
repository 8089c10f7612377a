/* SPDX-License-Identifier: Apache-2.0 */
/* Actions on an instance: start, stop, reboot, password, resize, rebuild, delete, attributes. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

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

/* The API names no states. An instance that is being made or is broken has no system to change. */
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

    /* An instance that was just created, or failed, has no billing record yet. */
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
