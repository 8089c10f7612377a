/* SPDX-License-Identifier: Apache-2.0 */
/* Events of ECS and their tasks: begins and ends them, and DescribeEvent. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

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
    /* The work begins a moment later; work that takes no time has ended before. */
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

void emu_ecs_continue(struct emu_world *world, struct emu_object *object,
                      const struct emu_ecs_work *work)
{
    start_work(world, object, work, emu_get_text(object->body, "event"));
}

/* Ends the event when its last task has ended. */
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

void emu_ecs_event_end_task(struct emu_world *world, const char *event_id, const char *resource,
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

void emu_ecs_event_begin(struct emu_world *world, struct emu_object *event)
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

/* Reading an event counts as a poll of its resources. */
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
