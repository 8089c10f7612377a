/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the instances of a call, changes them, and reports the tasks of these changes. The other
 * ccs_*.c decide what changes.
 *
 * A task is NEW, then DOING, then FINISH or ERROR. [CONV] It is NEW for 300 ms (the switch
 * ccs_task_start_ms), and until then an instance that it makes is in no list.
 */
#include "emulator/capitalonline/ccs/ccs.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

bool emu_ccs_id_good(const char *id)
{
    static const char form[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

    if (strlen(id) != strlen(form))
        return false;
    for (size_t i = 0; id[i]; i++) {
        if (form[i] == '-' ? id[i] != '-'
                           : !islower((unsigned char)id[i]) && !isdigit((unsigned char)id[i]))
            return false;
    }
    return true;
}

/* Four actions spell codes and texts differently: InvalidInstanceId for InvalidInstanceID, Status
 * for status. */
static bool spells_otherwise(const struct emu_co *call)
{
    static const char *const actions[] = { "RebootInstance", "RebootInstances",
                                           "ModifyInstanceChargeType", "ResetImage" };

    for (size_t i = 0; i < EMU_COUNT(actions); i++) {
        if (strcmp(actions[i], call->action->name) == 0)
            return true;
    }
    return false;
}

static struct emu_object *find_instance(struct emu_co *call, const char *id)
{
    struct emu_object *ret;

    if (!emu_ccs_id_good(id)) {
        emu_co_fail(call,
                    spells_otherwise(call) ? "InvalidInstanceId.Malformed"
                                           : "InvalidInstanceID.Malformed",
                    NULL);
        return NULL;
    }
    ret = emu_object_find(call->world, EMU_CCS, "instance", id);
    if (ret && strcmp(ret->account, call->account) == 0)
        return ret;
    emu_co_fail(call, "InstanceNotFound", NULL);
    return NULL;
}

struct emu_object *emu_ccs_instance(struct emu_co *call)
{
    return find_instance(call, emu_get_text(call->params, "InstanceId"));
}

size_t emu_ccs_instances(struct emu_co *call, struct emu_object ***ret)
{
    yyjson_mut_val *ids = emu_get(call->params, "InstanceIds"), *id;
    struct emu_object **list = emu_alloc(call->world, yyjson_mut_arr_size(ids) * sizeof(*list));
    size_t i, count, found = 0;

    yyjson_mut_arr_foreach(ids, i, count, id)
    {
        struct emu_object *instance = find_instance(call, yyjson_mut_get_str(id));
        size_t k = 0;

        if (!instance)
            return 0;
        while (k < found && list[k] != instance)
            k++;
        list[k] = instance;
        found += k == found;
    }
    /* A query can contain a list without an id. */
    if (!found)
        emu_co_fail(call, "IncompleteParamter", NULL);
    *ret = list;
    return found;
}

struct emu_page emu_ccs_page_read(struct emu_co *call, int64_t size)
{
    enum { MOST = 9999 };
    int64_t number = emu_get_int(call->params, "PageNumber", 1);
    int64_t wanted = emu_get_int(call->params, "PageSize", size);

    size = wanted < 1 ? size : wanted > MOST ? MOST : wanted;
    number = number < 1 ? 1 : number > INT32_MAX ? INT32_MAX : number;
    return emu_page(call->request, number, size);
}

bool emu_ccs_wrong_state(struct emu_co *call)
{
    if (!spells_otherwise(call))
        return emu_co_fail(call, "IncorrectInstanceStatus", NULL);
    emu_co_refuse(call->product, call->world, call->request, 0, "IncorrectInstanceStatus",
                  "The   current Status of the resource does not support this operation.",
                  call->reply);
    return false;
}

static bool has_word(struct emu_world *world, const char *words, const char *word)
{
    return strstr(emu_text(world, " %s ", words), emu_text(world, " %s ", word)) != NULL;
}

bool emu_ccs_state_good(struct emu_co *call, const struct emu_object *instance, const char *states)
{
    bool unpaid = emu_get_bool(instance->body, "_unpaid", false);

    if (has_word(call->world, states, emu_get_text(instance->body, "InstanceStatus")) &&
        (!unpaid || has_word(call->world, states, "unpaid")))
        return true;
    return emu_ccs_wrong_state(call);
}

int64_t emu_ccs_task_start_ms(struct emu_world *world)
{
    const char *text = emu_switch(world, "ccs_task_start_ms");

    return text ? strtoll(text, NULL, 10) : 300;
}

struct emu_object *emu_ccs_task_new(struct emu_co *call, const char *type, bool uuid)
{
    struct emu_world *world = call->world;
    int64_t number = emu_setting_int(world, "ccs_last_task", 7424647) + 1;
    yyjson_mut_val *body = emu_obj(world);
    const char *id = uuid ? emu_co_uuid(world) : emu_text(world, "%lld", (long long)number);

    if (!uuid)
        emu_setting_put(world, "ccs_last_task", id);
    emu_set_str(world, body, "TaskType", type);
    emu_set(world, body, "ResourceIds", emu_arr(world));
    emu_set_int(world, body, "_left", 0);
    emu_set_int(world, body, "_starts_ms", emu_now_ms(world) + emu_ccs_task_start_ms(world));
    call->task_id = id;
    return emu_object_add(world, EMU_CCS, "task", id, call->account, "", body);
}

void emu_ccs_task_covers(struct emu_world *world, struct emu_object *task, const char *resource_id,
                         bool takes_time)
{
    emu_push_str(world, emu_get(task->body, "ResourceIds"), resource_id);
    emu_set_int(world, task->body, "_left", emu_get_int(task->body, "_left", 0) + takes_time);
    emu_object_save(world, task);
}

static void task_step_done(struct emu_world *world, const char *id, bool failed)
{
    struct emu_object *task = emu_object_find(world, EMU_CCS, "task", id);

    if (!task)
        return;
    emu_set_int(world, task->body, "_left", emu_get_int(task->body, "_left", 1) - 1);
    if (failed)
        emu_set_bool(world, task->body, "_failed", true);
    emu_object_save(world, task);
}

static const char *task_status(const struct emu_world *world, const struct emu_object *task)
{
    if (emu_get_int(task->body, "_left", 0) == 0)
        return emu_get_bool(task->body, "_failed", false) ? "ERROR" : "FINISH";
    return emu_now_ms(world) < emu_get_int(task->body, "_starts_ms", 0) ? "NEW" : "DOING";
}

void emu_ccs_describe_task(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const char *id = emu_get_text(call->params, "TaskId");
    struct emu_object *task = emu_object_find(world, EMU_CCS, "task", id), *resource;
    yyjson_mut_val *data = emu_obj(world), *ids;
    const char *first;

    if (!task || strcmp(task->account, call->account) != 0) {
        emu_co_fail(call, "InvalidTaskID.Malformed", NULL);
        return;
    }
    ids = emu_get(task->body, "ResourceIds");
    for (size_t i = 0; i < yyjson_mut_arr_size(ids); i++) {
        resource = emu_object_find(world, EMU_CCS, "instance",
                                   yyjson_mut_get_str(yyjson_mut_arr_get(ids, i)));
        if (resource)
            emu_object_polled(world, resource);
    }
    first = yyjson_mut_get_str(yyjson_mut_arr_get_first(ids));
    emu_set_str(world, data, "Status", task_status(world, task));
    emu_set_str(world, data, "ResourceId", first ? first : "");
    emu_set(world, data, "ResourceIds", emu_json_copy(world, ids));
    emu_set_str(world, data, "TaskType", emu_get_text(task->body, "TaskType"));
    call->task_id = id;
    emu_co_answer(call, data);
}

void emu_ccs_change(struct emu_co *call, struct emu_object *instance, struct emu_object *task,
                    const struct emu_ccs_change *change)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *body = instance->body;

    emu_set_str(world, body, "_then",
                change->then ? change->then : emu_get_text(body, "InstanceStatus"));
    emu_set_str(world, body, "InstanceStatus", change->during ? change->during : "updating");
    emu_set(world, body, "_change", change->change);
    emu_set_int(world, body, "_spent", change->spent);
    emu_object_save(world, instance);
    emu_ccs_task_covers(world, task, instance->id, true);
    emu_transition_begin(world, instance, change->name, task->id);
}

void emu_ccs_change_one(struct emu_co *call, struct emu_object *instance, bool uuid,
                        const struct emu_ccs_change *change)
{
    emu_ccs_change(call, instance, emu_ccs_task_new(call, "newOrderUpdateVM", uuid), change);
    emu_co_answer(call, NULL);
}

/* The members that are sold; the others are free. */
static bool is_bought(const char *name)
{
    return strcmp(name, "InstanceType") == 0 || strcmp(name, "Cpu") == 0 ||
           strcmp(name, "Ram") == 0 || strcmp(name, "Disks") == 0;
}

/* Applies the members of a change to the instance. */
static void take_over(struct emu_world *world, struct emu_object *instance)
{
    size_t i, count;
    yyjson_mut_val *key, *value, *change = emu_json_copy(world, emu_get(instance->body, "_change"));

    yyjson_mut_obj_foreach(change, i, count, key, value)
    {
        const char *name = yyjson_mut_get_str(key);

        if (is_bought(name))
            emu_late(world, instance, name);
        emu_set(world, instance->body, name, emu_json_copy(world, value));
    }
}

void emu_ccs_change_event(struct emu_world *world, const struct emu_event *event)
{
    struct emu_object *instance = event->object;
    yyjson_mut_val *body = instance->body;
    int64_t spent = emu_get_int(body, "_spent", 0);
    const char *then = emu_get_text(body, "_then");

    task_step_done(world, event->arg, event->failed);
    if (strcmp(event->name, "delete") == 0 && !event->failed) {
        emu_ccs_bill_settle(world, instance);
        emu_object_remove(world, instance);
        return;
    }
    if (event->failed && spent)
        emu_ccs_charge(world, instance, "refund", event->arg, -spent);
    if (event->failed && strcmp(event->name, "create") == 0)
        emu_ccs_bill_stop(world, instance);
    if (!event->failed)
        take_over(world, instance);
    else
        then = "error";
    /* An instance that became unpaid during the change stays stopped. */
    emu_set_str(world, body, "InstanceStatus",
                emu_get_bool(body, "_unpaid", false) && !event->failed ? "stop" : then);
    emu_set(world, body, "_change", NULL);
    emu_set(world, body, "_spent", NULL);
    emu_set(world, body, "_then", NULL);
    emu_object_save(world, instance);
}
