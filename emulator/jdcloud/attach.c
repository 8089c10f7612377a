/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud's disks at instances: attach, detach, removal with the instance, and the ends of a
 * disk's transitions. jdcloud_disk.c makes disks and has the disk service's own actions. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

enum { DELETED_SHOWN_MS = 3600 * 1000 };

static yyjson_mut_val *place_of(const struct emu_object *disk, const struct emu_object *instance)
{
    yyjson_mut_val *place;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(disk->body, "attachments"), i, count, place)
    {
        if (strcmp(emu_get_text(place, "instanceId"), instance->id) == 0)
            return place;
    }
    return NULL;
}

void emu_jd_disk_put(struct emu_world *world, struct emu_object *disk, struct emu_object *instance,
                     const char *status)
{
    yyjson_mut_val *place = emu_obj(world);

    emu_set_str(world, place, "attachmentId", emu_new_id(world, "attach-", 10));
    emu_set_str(world, place, "diskId", disk->id);
    emu_set_str(world, place, "instanceType", "vm");
    emu_set_str(world, place, "instanceId", instance->id);
    emu_set_str(world, place, "status", status);
    emu_set_str(world, place, "attachTime", emu_time_iso(world, emu_now(world)));
    emu_push(emu_get(disk->body, "attachments"), place);
    emu_push_str(world, emu_get(instance->body, "_disks"), disk->id);
}

static void remove_text(yyjson_mut_val *list, const char *text)
{
    yyjson_mut_arr_iter iter;
    yyjson_mut_val *item;

    yyjson_mut_arr_iter_init(list, &iter);
    while ((item = yyjson_mut_arr_iter_next(&iter)) != NULL) {
        if (strcmp(yyjson_mut_get_str(item), text) == 0)
            yyjson_mut_arr_iter_remove(&iter);
    }
}

static void remove_attachment(struct emu_world *world, struct emu_object *disk,
                              struct emu_object *instance)
{
    yyjson_mut_val *places = emu_get(disk->body, "attachments"), *item;
    yyjson_mut_arr_iter iter;

    yyjson_mut_arr_iter_init(places, &iter);
    while ((item = yyjson_mut_arr_iter_next(&iter)) != NULL) {
        if (strcmp(emu_get_text(item, "instanceId"), instance->id) == 0)
            yyjson_mut_arr_iter_remove(&iter);
    }
    remove_text(emu_get(instance->body, "_disks"), disk->id);
    if (!yyjson_mut_arr_size(places))
        emu_set_str(world, disk->body, "status", "available");
    emu_object_save(world, disk);
    if (!instance->removed)
        emu_object_save(world, instance);
}

/* Called when the instance is removed. Removes the disk if autoDelete is set or if it is the system
 * disk. */
void emu_jd_disk_drop(struct emu_world *world, struct emu_object *disk, struct emu_object *instance)
{
    yyjson_mut_val *place = place_of(disk, instance);
    bool system = strcmp(emu_get_text(place, "_device"), "vda") == 0;
    bool wanted = emu_get_bool(place, "_autoDelete", false) && !emu_jd_is_prepaid(disk) &&
                  !emu_get_bool(disk->body, "multiAttachable", false);

    remove_attachment(world, disk, instance);
    emu_set_str(world, disk->body, "_system_of", NULL);
    emu_object_save(world, disk);
    if (system || wanted)
        emu_jd_disk_gone(world, disk);
}

/* A deleted disk can still be read for a while. */
void emu_jd_disk_gone(struct emu_world *world, struct emu_object *disk)
{
    emu_sql(world, "DELETE FROM events WHERE object = ?", "i", disk->serial);
    emu_jd_set_status(world, disk, "deleted");
    emu_event_add(world, disk, "vanish", emu_now_ms(world) + DELETED_SHOWN_MS, NULL);
}

static const char *free_device(struct emu_world *world, struct emu_object *instance)
{
    yyjson_mut_val *shown = emu_jd_instance_shown(world, instance), *disk, *taken = emu_arr(world);
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(shown, "dataDisks"), i, count, disk)
        emu_push_str(world, taken, emu_get_text(disk, "deviceName"));
    for (char letter = 'b'; letter <= 'm'; letter++) {
        const char *name = emu_text(world, "vd%c", letter);

        if (!emu_has_str(taken, name))
            return name;
    }
    return NULL;
}

static bool check_attach(struct emu_jd_call *call, struct emu_object *instance,
                         struct emu_object *disk, const char *device)
{
    const struct emu_jd_type *type = emu_jd_type_find(emu_get_text(instance->body, "instanceType"));
    bool shared = emu_get_bool(disk->body, "multiAttachable", false),
         system = device && strcmp(device, "vda") == 0;
    size_t places = yyjson_mut_arr_size(emu_get(disk->body, "attachments"));
    yyjson_mut_val *shown = emu_jd_instance_shown(call->world, instance);

    if (strcmp(emu_jd_status(disk), "available") != 0 && !(shared && places && places < 16))
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "disk %s is %s, not available",
                           disk->id, emu_jd_status(disk));
    if (strcmp(emu_get_text(disk->body, "az"), emu_get_text(instance->body, "az")) != 0)
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "disk %s is in another az", disk->id);
    if (place_of(disk, instance))
        return emu_jd_fail(call, 409, "ALREADY_EXISTS", "disk %s is attached already", disk->id);
    if (yyjson_mut_arr_size(emu_get(instance->body, "_disks")) >= (size_t)type->disks)
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "instanceType %s takes no more disks",
                           type->name);
    if (system && (strcmp(emu_jd_status(instance), "stopped") != 0 || emu_get(shown, "systemDisk")))
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                           "a system disk goes to a stopped instance without one");
    if (device && !system &&
        (strlen(device) != 3 || strncmp(device, "vd", 2) != 0 || device[2] < 'b' ||
         device[2] > 'm'))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "deviceName %s is not vda or vdb to vdm",
                           device);
    return true;
}

void emu_jd_attachDisk(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need_instance(call, " running stopped ");
    struct emu_object *disk =
        instance ? emu_jd_need(call, "disk", emu_get_str(call->params, "diskId")) : NULL;
    const char *device = emu_get_str(call->params, "deviceName");
    yyjson_mut_val *place;

    if (!disk || !emu_jd_idle(call, disk) || !check_attach(call, instance, disk, device))
        return;
    emu_jd_disk_put(call->world, disk, instance, "attaching");
    place = place_of(disk, instance);
    emu_set_str(call->world, place, "_device",
                device ? device : free_device(call->world, instance));
    emu_set_bool(call->world, place, "_autoDelete",
                 emu_get_bool(call->params, "autoDelete", false));
    if (device && strcmp(device, "vda") == 0)
        emu_set_str(call->world, disk->body, "_system_of", instance->id);
    emu_jd_set_status(call->world, disk, "in-use");
    emu_object_save(call->world, instance);
    emu_transition_begin(call->world, disk, "attach", instance->id);
}

void emu_jd_detachDisk(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need_instance(call, " running stopped ");
    struct emu_object *disk =
        instance ? emu_jd_need(call, "disk", emu_get_str(call->params, "diskId")) : NULL;
    yyjson_mut_val *place = disk ? place_of(disk, instance) : NULL;

    if (!disk || !emu_jd_idle(call, disk))
        return;
    if (!place) {
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "disk %s is not attached to %s", disk->id,
                    instance->id);
        return;
    }
    if (strcmp(emu_get_text(place, "_device"), "vda") == 0 &&
        strcmp(emu_jd_status(instance), "stopped") != 0) {
        emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                    "the system disk of a running instance cannot be detached");
        return;
    }
    emu_set_str(call->world, place, "status", "detaching");
    emu_object_save(call->world, disk);
    emu_transition_begin(call->world, disk, "detach", instance->id);
}

void emu_jd_modifyInstanceDiskAttribute(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need(call, "instance", call->id);
    yyjson_mut_val *item;
    size_t i, count;

    yyjson_mut_arr_foreach(instance ? emu_get(call->params, "dataDisks") : NULL, i, count, item)
    {
        struct emu_object *disk = emu_jd_need(call, "disk", emu_get_text(item, "diskId"));
        yyjson_mut_val *place = disk ? place_of(disk, instance) : NULL;

        if (!disk)
            return;
        if (!place || emu_jd_is_prepaid(disk) ||
            emu_get_bool(disk->body, "multiAttachable", false)) {
            emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                        "disk %s is not a postpaid, unshared disk of it", disk->id);
            return;
        }
        emu_set_bool(call->world, place, "_autoDelete", emu_get_bool(item, "autoDelete", false));
        emu_object_save(call->world, disk);
    }
}

static void attach_ends(struct emu_world *world, const struct emu_event *event, bool attached)
{
    struct emu_object *instance = emu_jd_find(world, "instance", event->arg);
    yyjson_mut_val *place = instance ? place_of(event->object, instance) : NULL;

    if (!place)
        return;
    if (attached) {
        emu_set_str(world, place, "status", "attached");
        emu_object_save(world, event->object);
    } else {
        emu_set_str(world, event->object->body, "_system_of", NULL);
        remove_attachment(world, event->object, instance);
    }
}

/* A disk in the recycle bin keeps its data and costs nothing; the bin is never emptied here. */
static void put_in_recycle_bin(struct emu_world *world, struct emu_object *disk)
{
    emu_event_drop(world, disk, "charge.hour");
    emu_set_str(world, disk->body, "trashTime", emu_time_iso(world, emu_now(world)));
    emu_jd_set_status(world, disk, "in-recyclebin");
}

static void extend_ends(struct emu_world *world, const struct emu_event *event)
{
    struct emu_object *disk = event->object;

    if (event->failed) {
        emu_jd_refund(world, disk, "upgrade");
    } else {
        emu_late(world, disk, "diskSizeGB");
        emu_set_int(world, disk->body, "diskSizeGB", emu_get_int(disk->body, "_extending", 0));
    }
    emu_jd_set_status(world, disk, event->failed ? "error_extend" : "available");
}

static void delete_ends(struct emu_world *world, const struct emu_event *event)
{
    if (event->failed)
        emu_jd_set_status(world, event->object, "error_delete");
    else if (strcmp(event->arg, "bin") == 0)
        put_in_recycle_bin(world, event->object);
    else
        emu_jd_disk_gone(world, event->object);
}

/* A disk whose creation failed costs nothing and has no term. */
static void create_ends(struct emu_world *world, const struct emu_event *event)
{
    emu_jd_set_status(world, event->object, event->failed ? "error_create" : "available");
    if (!event->failed)
        return;
    emu_jd_refund(world, event->object, "create");
    emu_event_drop(world, event->object, "charge.hour");
    emu_event_drop(world, event->object, "charge.expire");
}

void emu_jd_disk_event(struct emu_world *world, const struct emu_event *event)
{
    if (strcmp(event->name, "attach") == 0 || strcmp(event->name, "detach") == 0)
        attach_ends(world, event, (strcmp(event->name, "attach") == 0) != event->failed);
    else if (strcmp(event->name, "create_disk") == 0)
        create_ends(world, event);
    else if (strcmp(event->name, "extend") == 0)
        extend_ends(world, event);
    else if (strcmp(event->name, "delete_disk") == 0)
        delete_ends(world, event);
    else
        emu_object_remove(world, event->object);
}
