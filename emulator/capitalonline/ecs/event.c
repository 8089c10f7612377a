/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Events and their tasks, and the states an instance, disk or image goes through while one is under
 * way. The documents name the states but no transitions; these are the inferred ones of the
 * reference.
 */
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

/* A deleted instance can still be asked for by its id for a day; then it is destroyed. */
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
        emu_ecs_go_on(world, disk, emu_ecs_work_find("mount_disk"));
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

/* Without a zone DeleteImage takes an image from all of them, and it is gone. */
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
    { "instance", "create",   "building",         "running",  "failed", "create_ecs",        created },
    { "instance", "start",    "starting_up",      "running",  NULL,     "start_up_ecs",      started },
    { "instance", "stop",     "shutting_down",    "shutdown", NULL,     "shutdown_ecs",      stopped },
    { "instance", "stop",     "shutting_down",    "shutdown", NULL,     "hard_shutdown_ecs", stopped },
    { "instance", "stop",     "shutting_down",    "shutdown", NULL,     "free_shutdown_ecs", stopped },
    { "instance", "reboot",   "restarting",       "running",  "error",  "restart_ecs",       NULL },
    { "instance", "delete",   "deleting",         "deleted",  NULL,     "delete_ecs",        deleted },
    { "instance", "password", "updating",         NULL,       NULL,     "reset_password",    NULL },
    { "instance", "resize",   "updating",         NULL,       NULL,     "change_configure",  resized },
    { "instance", "image",    "creating_image",   NULL,       NULL,     "image_source",      NULL },
    { "instance", "recover",  "cancel_recycling", "shutdown", NULL,     "",                  NULL },
    { "disk",     "create",   "building",         "waiting",  "build_fail", "create_disk",   disk_created },
    { "disk",     "attach",   "mounting",         "running",  "waiting", "mount_disk",       disk_mounted },
    { "disk",     "detach",   "unmounting",       "waiting",  "running", "unmount_disk",     disk_unmounted },
    { "disk",     "extend",   "updating",         NULL,       NULL,     "extend_disk",       disk_extended },
    { "disk",     "delete",   "deleting",         NULL,       NULL,     "delete_disk",       gone },
    { "disk",     "recover",  "cancel_recycling", NULL,       NULL,     "",                  NULL },
    { "image",    "image",    "building",         "running",  "error",  "create_image",      NULL },
    { "image",    "delete",   "deleting",         NULL,       NULL,     "delete_image",      image_deleted },
    { "image",    "sync",     "updating",         NULL,       NULL,     "sync_image",        image_synced },
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

const char *emu_ecs_status(const struct emu_object *object)
{
    return emu_get_text(object->body, "status");
}

void emu_ecs_set_status(struct emu_world *world, struct emu_object *object, const char *status)
{
    emu_set_str(world, object->body, "status", status);
    emu_object_save(world, object);
}

bool emu_ecs_is(const struct emu_object *object, const char *statuses)
{
    const char *status = emu_ecs_status(object), *at = strstr(statuses, status);
    size_t size = strlen(status);

    /* "shutdown" must not be found in " shutdown_x ". */
    while (at && !(at[-1] == ' ' && at[size] == ' '))
        at = strstr(at + 1, status);
    return at != NULL;
}

struct emu_object *emu_ecs_event_new(struct emu_co *call, const char *type)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *body = emu_obj(world);
    struct emu_object *ret;

    emu_set_str(world, body, "status", "init");
    emu_set_str(world, body, "type", type);
    emu_set_int(world, body, "created", emu_now(world));
    emu_set(world, body, "tasks", emu_arr(world));
    ret = emu_object_add(world, EMU_ECS, "event", emu_co_uuid(world), call->account, "", body);
    /* A moment later the work begins; work that takes no time at all is over before. */
    emu_event_add(world, ret, "begin", emu_now_ms(world) + 200, NULL);
    return ret;
}

yyjson_mut_val *emu_ecs_event_data(struct emu_world *world, const struct emu_object *event)
{
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_str(world, ret, "EventId", event->id);
    return ret;
}

static void start_work(struct emu_world *world, struct emu_object *object,
                       const struct emu_ecs_work *work, const char *event_id)
{
    emu_ecs_set_status(world, object, work->during);
    emu_transition_begin(world, object, work->transition, event_id);
}

void emu_ecs_begin(struct emu_world *world, struct emu_object *event, struct emu_object *object,
                   const struct emu_ecs_work *work)
{
    if (event) {
        yyjson_mut_val *task = emu_obj(world);

        emu_set_str(world, task, "id", emu_co_uuid(world));
        emu_set_str(world, task, "status", "init");
        emu_set_str(world, task, "resource", object->id);
        emu_set_str(world, task, "kind", object->kind);
        emu_set_str(world, task, "type", work->task_type);
        emu_set_int(world, task, "updated", emu_now(world));
        emu_push(emu_get(event->body, "tasks"), task);
        emu_object_save(world, event);
    }
    emu_set_str(world, object->body, "before", emu_ecs_status(object));
    emu_set_str(world, object->body, "event", event ? event->id : "");
    start_work(world, object, work, event ? event->id : "");
}

void emu_ecs_go_on(struct emu_world *world, struct emu_object *object,
                   const struct emu_ecs_work *work)
{
    start_work(world, object, work, emu_get_text(object->body, "event"));
}

/* An event ends with its last task. */
static void close_event(struct emu_world *world, struct emu_object *event)
{
    size_t i, count, open = 0, bad = 0;
    yyjson_mut_val *task;

    yyjson_mut_arr_foreach(emu_get(event->body, "tasks"), i, count, task)
    {
        const char *status = emu_get_text(task, "status");

        open += strcmp(status, "init") == 0 || strcmp(status, "doing") == 0;
        bad += strcmp(status, "failed") == 0;
    }
    if (!open)
        emu_set_str(world, event->body, "status",
                    !bad           ? "success"
                    : bad == count ? "failed"
                                   : "part_fail");
    emu_object_save(world, event);
}

static void end_task(struct emu_world *world, const char *event_id, const char *resource,
                     bool failed)
{
    struct emu_object *event = emu_object_find(world, EMU_ECS, "event", event_id);
    size_t i, count;
    yyjson_mut_val *task;

    if (!event)
        return;
    yyjson_mut_arr_foreach(emu_get(event->body, "tasks"), i, count, task)
    {
        if (strcmp(emu_get_text(task, "resource"), resource) != 0)
            continue;
        emu_set_str(world, task, "status", failed ? "failed" : "success");
        emu_set_int(world, task, "updated", emu_now(world));
        emu_set_int(world, task, "ended", emu_now(world));
    }
    close_event(world, event);
}

static void begin_event(struct emu_world *world, struct emu_object *event)
{
    size_t i, count;
    yyjson_mut_val *task;

    if (strcmp(emu_ecs_status(event), "init") != 0)
        return;
    yyjson_mut_arr_foreach(emu_get(event->body, "tasks"), i, count, task)
    {
        if (strcmp(emu_get_text(task, "status"), "init") == 0)
            emu_set_str(world, task, "status", "doing");
    }
    emu_ecs_set_status(world, event, "doing");
}

static void end_work(struct emu_world *world, const struct emu_event *event)
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
    /* Its instance went away in the middle of it. */
    if (strcmp(object->kind, "disk") == 0 && emu_ecs_is(object, " running ") &&
        !*emu_get_text(object->body, "ecs"))
        emu_set_str(world, object->body, "status", "waiting");
    if (!object->removed)
        emu_object_save(world, object);
    /* Created, and being attached: the task is not over. */
    if (object->removed || !emu_transition_of(world, object))
        end_task(world, event->arg, id, event->failed);
}

void emu_ecs_event(struct emu_world *world, const struct emu_event *event)
{
    if (strcmp(event->name, "begin") == 0)
        begin_event(world, event->object);
    else if (strcmp(event->name, "bill") == 0)
        emu_ecs_bill_due(world, event->object);
    else if (strcmp(event->name, "destroy") == 0)
        emu_object_remove(world, event->object);
    else
        end_work(world, event);
}

static const char *time_or_empty(struct emu_world *world, yyjson_mut_val *task, const char *name)
{
    return emu_get(task, name) ? emu_co_time(world, emu_get_int(task, name, 0)) : "";
}

static yyjson_mut_val *shown_task(struct emu_world *world, const struct emu_object *event,
                                  yyjson_mut_val *task)
{
    const char *kind = emu_get_text(task, "kind"), *status = emu_get_text(task, "status");
    const char *type = emu_get_text(task, "type"),
               *resource = strcmp(kind, "instance") == 0 ? "ecs" : kind;
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_str(world, ret, "TaskId", emu_get_text(task, "id"));
    emu_set_str(world, ret, "Status", status);
    emu_set_str(world, ret, "StatusDisplay", emu_ecs_display("event", status));
    emu_set_str(world, ret, "ResourceId", emu_get_text(task, "resource"));
    emu_set_str(world, ret, "CreateTime", time_or_empty(world, event->body, "created"));
    emu_set_str(world, ret, "UpdateTime", time_or_empty(world, task, "updated"));
    emu_set_str(world, ret, "EndTime", time_or_empty(world, task, "ended"));
    emu_set_str(world, ret, "ResourceType", resource);
    emu_set_str(world, ret, "ResourceDisplay", emu_ecs_display("resource", resource));
    emu_set_str(world, ret, "TaskType", type);
    emu_set_str(world, ret, "TaskTypeDisplay", emu_ecs_display("task", type));
    return ret;
}

/* Asking for an event counts as asking for what it is about. */
static void poll_tasks(struct emu_world *world, struct emu_object *event)
{
    size_t i, count;
    yyjson_mut_val *task, *tasks = emu_json_copy(world, emu_get(event->body, "tasks"));

    yyjson_mut_arr_foreach(tasks, i, count, task)
    {
        struct emu_object *object = emu_object_find(world, EMU_ECS, emu_get_text(task, "kind"),
                                                    emu_get_text(task, "resource"));

        if (object)
            emu_object_polled(world, object);
    }
}

void emu_ecs_describe_event(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *event = emu_ecs_find(call, "event", emu_get_str(call->params, "EventId"));
    yyjson_mut_val *data = emu_obj(world), *list = emu_arr(world), *task;
    size_t i, count;

    if (!event) {
        emu_co_fail(call, "InvalidEvent.NotFound", NULL);
        return;
    }
    poll_tasks(world, event);
    yyjson_mut_arr_foreach(emu_get(event->body, "tasks"), i, count, task)
        emu_push(list, shown_task(world, event, task));
    emu_set_str(world, data, "EventId", event->id);
    emu_set_str(world, data, "EventStatus", emu_ecs_status(event));
    emu_set_str(world, data, "EventStatusDisplay", emu_ecs_display("event", emu_ecs_status(event)));
    emu_set_str(world, data, "EventType", emu_get_text(event->body, "type"));
    emu_set_str(world, data, "EventTypeDisplay",
                emu_ecs_display("task", emu_get_text(event->body, "type")));
    emu_set_str(world, data, "CreateTime", time_or_empty(world, event->body, "created"));
    emu_set(world, data, "TaskList", list);
    emu_co_answer(call, data);
}
