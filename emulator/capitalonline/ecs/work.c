/* SPDX-License-Identifier: Apache-2.0 */
/* The work that an action begins on an instance, disk or image: the states it goes through and the
 * effects of its end. The documents name the states but no transitions; the transitions here are
 * inferred. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

static void refund(struct emu_world *world, struct emu_object *object)
{
    int64_t micros = emu_get_int(object->body, "held", 0);

    if (micros)
        emu_ecs_charge(world, object, "refund", emu_get_str(object->body, "order"), -micros);
    emu_set_int(world, object->body, "held", 0);
}

static void created(struct emu_world *world, struct emu_object *instance, bool failed)
{
    struct emu_object **disks;
    size_t count = emu_ecs_disks_of(world, instance, &disks);

    for (size_t i = 0; i < count; i++) {
        if (failed)
            emu_object_remove(world, disks[i]);
        else
            emu_ecs_set_status(world, disks[i], "running");
    }
    if (!failed)
        return;
    refund(world, instance);
    emu_ecs_release_eip(world, instance, true);
    emu_event_drop(world, instance, "bill");
}

static void resized(struct emu_world *world, struct emu_object *instance, bool failed)
{
    yyjson_mut_val *next = emu_get(instance->body, "next");
    size_t i, count;
    yyjson_mut_val *key, *item;

    if (failed) {
        refund(world, instance);
    } else {
        yyjson_mut_obj_foreach(next, i, count, key, item)
        {
            emu_late(world, instance, yyjson_mut_get_str(key));
            emu_set(world, instance->body, yyjson_mut_get_str(key), emu_json_copy(world, item));
        }
    }
    emu_set(world, instance->body, "next", NULL);
}

static void stopped(struct emu_world *world, struct emu_object *instance, bool failed)
{
    if (failed)
        emu_set_int(world, instance->body, "free", 0);
}

static void started(struct emu_world *world, struct emu_object *instance, bool failed)
{
    if (!failed)
        emu_set_int(world, instance->body, "free", 0);
}

void emu_ecs_release_disks(struct emu_world *world, struct emu_object *instance)
{
    struct emu_object **disks;
    size_t count = emu_ecs_disks_of(world, instance, &disks);

    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *body = disks[i]->body;

        if (strcmp(emu_get_text(body, "property"), "system") == 0 ||
            emu_get_int(body, "release", 1)) {
            emu_object_remove(world, disks[i]);
            continue;
        }
        emu_set_str(world, body, "ecs", "");
        if (!emu_get_bool(body, "alone", false)) {
            emu_set_bool(world, body, "alone", true);
            emu_set_str(world, body, "billing", "0");
            emu_ecs_bill_start(world, disks[i]);
        }
        emu_ecs_set_status(world, disks[i], "waiting");
    }
}

/* A deleted instance can be read by its id for a day; then it is destroyed. */
static void deleted(struct emu_world *world, struct emu_object *instance, bool failed)
{
    if (failed)
        return;
    emu_event_drop(world, instance, "bill");
    emu_ecs_release_disks(world, instance);
    emu_ecs_release_eip(world, instance, emu_get_bool(instance->body, "delete_eip", false));
    emu_event_add(world, instance, "destroy", emu_now_ms(world) + INT64_C(86400) * 1000, NULL);
}

static void disk_created(struct emu_world *world, struct emu_object *disk, bool failed)
{
    if (failed) {
        refund(world, disk);
        emu_event_drop(world, disk, "bill");
        emu_set_str(world, disk->body, "ecs", "");
    } else if (*emu_get_text(disk->body, "ecs")) {
        emu_ecs_continue(world, disk, emu_ecs_work_find("mount_disk"));
    }
}

static void disk_mounted(struct emu_world *world, struct emu_object *disk, bool failed)
{
    if (failed)
        emu_set_str(world, disk->body, "ecs", "");
}

static void disk_unmounted(struct emu_world *world, struct emu_object *disk, bool failed)
{
    if (failed)
        return;
    emu_set_str(world, disk->body, "ecs", "");
    if (!emu_get_bool(disk->body, "alone", false)) {
        /* It was on the bill of the instance; from now on it has its own. */
        emu_set_bool(world, disk->body, "alone", true);
        emu_ecs_bill_start(world, disk);
    }
}

static void disk_extended(struct emu_world *world, struct emu_object *disk, bool failed)
{
    if (failed) {
        refund(world, disk);
        return;
    }
    emu_late(world, disk, "size");
    emu_set_int(world, disk->body, "size", emu_get_int(disk->body, "next_size", 0));
}

static void gone(struct emu_world *world, struct emu_object *object, bool failed)
{
    if (!failed)
        emu_object_remove(world, object);
}

static void image_synced(struct emu_world *world, struct emu_object *image, bool failed)
{
    yyjson_mut_val *zones = emu_get(image->body, "zones"), *item;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(image->body, "next_zones"), i, count, item)
    {
        if (!failed && !emu_has_str(zones, yyjson_mut_get_str(item)))
            emu_push_str(world, zones, yyjson_mut_get_str(item));
    }
}

/* Without a zone, DeleteImage deletes an image from all zones. */
static void image_deleted(struct emu_world *world, struct emu_object *image, bool failed)
{
    const char *zone = emu_get_text(image->body, "delete_zone");
    yyjson_mut_val *zones = emu_arr(world), *item;
    size_t i, count;

    if (failed)
        return;
    yyjson_mut_arr_foreach(emu_get(image->body, "zones"), i, count, item)
    {
        if (*zone && strcmp(yyjson_mut_get_str(item), zone) != 0)
            emu_push_str(world, zones, yyjson_mut_get_str(item));
    }
    if (!yyjson_mut_arr_size(zones))
        emu_object_remove(world, image);
    else
        emu_set(world, image->body, "zones", zones);
}

/* clang-format off */
static const struct emu_ecs_work works[] = {
    { "instance", "create",   "building",         "running",  "failed", "create_ecs",
      created },
    { "instance", "start",    "starting_up",      "running",  NULL,     "start_up_ecs",
      started },
    { "instance", "stop",     "shutting_down",    "shutdown", NULL,     "shutdown_ecs",
      stopped },
    { "instance", "stop",     "shutting_down",    "shutdown", NULL,     "hard_shutdown_ecs",
      stopped },
    { "instance", "stop",     "shutting_down",    "shutdown", NULL,     "free_shutdown_ecs",
      stopped },
    { "instance", "reboot",   "restarting",       "running",  "error",  "restart_ecs",       NULL },
    { "instance", "delete",   "deleting",         "deleted",  NULL,     "delete_ecs",
      deleted },
    { "instance", "password", "updating",         NULL,       NULL,     "reset_password",    NULL },
    { "instance", "resize",   "updating",         NULL,       NULL,     "change_configure",
      resized },
    { "instance", "image",    "creating_image",   NULL,       NULL,     "image_source",      NULL },
    { "instance", "recover",  "cancel_recycling", "shutdown", NULL,     "",                  NULL },
    { "disk",     "create",   "building",         "waiting",  "build_fail", "create_disk",
      disk_created },
    { "disk",     "attach",   "mounting",         "running",  "waiting", "mount_disk",
      disk_mounted },
    { "disk",     "detach",   "unmounting",       "waiting",  "running", "unmount_disk",
      disk_unmounted },
    { "disk",     "extend",   "updating",         NULL,       NULL,     "extend_disk",
      disk_extended },
    { "disk",     "delete",   "deleting",         NULL,       NULL,     "delete_disk",       gone },
    { "disk",     "recover",  "cancel_recycling", NULL,       NULL,     "",                  NULL },
    { "image",    "image",    "building",         "running",  "error",  "create_image",      NULL },
    { "image",    "delete",   "deleting",         NULL,       NULL,     "delete_image",
      image_deleted },
    { "image",    "sync",     "updating",         NULL,       NULL,     "sync_image",
      image_synced },
};
/* clang-format on */

const struct emu_ecs_work *emu_ecs_work_find(const char *task_type)
{
    for (size_t i = 0; i < EMU_COUNT(works); i++) {
        if (strcmp(works[i].task_type, task_type) == 0)
            return &works[i];
    }
    return NULL;
}

const struct emu_ecs_work *emu_ecs_work_of(const char *kind, const char *transition)
{
    for (size_t i = 0; i < EMU_COUNT(works); i++) {
        if (strcmp(works[i].kind, kind) == 0 && strcmp(works[i].transition, transition) == 0)
            return &works[i];
    }
    return NULL;
}

void emu_ecs_work_end(struct emu_world *world, const struct emu_event *event)
{
    struct emu_object *object = event->object;
    const struct emu_ecs_work *work = emu_ecs_work_of(object->kind, event->name);
    const char *status, *id = object->id;

    if (!work)
        return;
    status = event->failed ? work->failed : work->after;
    emu_set_str(world, object->body, "status",
                status ? status : emu_get_text(object->body, "before"));
    if (work->end)
        work->end(world, object, event->failed);
    /* The instance was removed while its disk was being attached. */
    if (strcmp(object->kind, "disk") == 0 && emu_ecs_is(object, " running ") &&
        !*emu_get_text(object->body, "ecs"))
        emu_set_str(world, object->body, "status", "waiting");
    if (!object->removed)
        emu_object_save(world, object);
    /* A disk that was created is being attached now: the task has not ended. */
    if (object->removed || !emu_transition_of(world, object))
        emu_ecs_event_end_task(world, event->arg, id, event->failed);
}
