/* SPDX-License-Identifier: Apache-2.0 */
/* Actions on existing ECS instances. A batch applies to all of them or to none. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

bool emu_ecs_flag_good(struct emu_co *call, const char *name)
{
    uint64_t value = (uint64_t)emu_get_int(call->params, name, 0);

    return value < 2 ||
           emu_co_fail(call, "InvalidParameter", emu_text(call->world, "%s is 0 or 1.", name));
}

bool emu_ecs_batch(struct emu_co *call, struct emu_object ***ret, size_t *ret_count)
{
    yyjson_mut_val *ids = emu_get(call->params, "EcsIds"), *id;
    struct emu_object **list =
        emu_alloc(call->world, (yyjson_mut_arr_size(ids) + 1) * sizeof(*list));
    size_t i, max, count = 0;

    yyjson_mut_arr_foreach(ids, i, max, id)
    {
        struct emu_object *one = emu_ecs_find(call, "instance", yyjson_mut_get_str(id));
        size_t seen = 0;

        if (!one || emu_ecs_is(one, " deleted "))
            return emu_co_fail(call, "InvalidResourceId.NotFound", yyjson_mut_get_str(id));
        while (seen < count && list[seen] != one)
            seen++;
        if (seen == count)
            list[count++] = one;
    }
    for (i = 1; i < count; i++) {
        if (strcmp(list[i]->region, list[0]->region) != 0)
            return emu_co_fail(call, "InvalidOperation.AzMismatch", NULL);
        if (strcmp(emu_get_text(list[i]->body, "vpc"), emu_get_text(list[0]->body, "vpc")) != 0)
            return emu_co_fail(call, "InvalidOperation.VpcMismatch", NULL);
    }
    *ret = list;
    *ret_count = count;
    return true;
}

bool emu_ecs_batch_in(struct emu_co *call, struct emu_object **list, size_t count,
                      const char *statuses)
{
    for (size_t i = 0; i < count; i++) {
        if (!emu_ecs_is(list[i], statuses))
            return emu_co_fail(call, "InvalidOperation.InstanceStatusUnsupported", list[i]->id);
    }
    return true;
}

/* While an instance is stopped without charge only start, deletion and making an image are allowed.
 */
static bool none_free(struct emu_co *call, struct emu_object **list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (emu_get_int(list[i]->body, "free", 0))
            return emu_co_fail(call, "InvalidOperation.InstanceStatusUnsupported", list[i]->id);
    }
    return true;
}

static void begin_all(struct emu_co *call, struct emu_object **list, size_t count,
                      const char *event_type, const char *task_type)
{
    struct emu_object *event = emu_ecs_event_new(call, event_type);

    for (size_t i = 0; i < count; i++)
        emu_ecs_begin(call->world, event, list[i], emu_ecs_work_find(task_type));
    emu_co_answer(call, emu_ecs_event_data(call->world, event));
}

static const struct operation {
    const char *word, *from;
} operations[] = {
    { "start_up_ecs", " shutdown " },     { "shutdown_ecs", " running " },
    { "restart_ecs", " running " },       { "hard_shutdown_ecs", " running " },
    { "free_shutdown_ecs", " running " },
};

/* Only on demand, on cloud disks, of a white-listed account; the others in the batch are stopped
 * normally. */
static void stop_free(struct emu_co *call, struct emu_object *instance)
{
    const char *listed = emu_switch(call->world, "ecs_free_shutdown");

    if ((listed && strcmp(listed, "0") == 0) || emu_get_bool(instance->body, "local", false) ||
        strcmp(emu_get_text(instance->body, "billing"), "0") != 0)
        return;
    emu_set_int(call->world, instance->body, "free", 1);
    if (emu_get_int(call->params, "DeleteEip", 1) == 1)
        emu_ecs_release_eip(call->world, instance, true);
}

void emu_ecs_operate_instance(struct emu_co *call)
{
    const char *word = emu_get_text(call->params, "OpType");
    const struct operation *row = operations;
    struct emu_object **list;
    size_t count;

    while (row < operations + EMU_COUNT(operations) && strcmp(row->word, word) != 0)
        row++;
    if (row == operations + EMU_COUNT(operations)) {
        emu_co_fail(call, "InvalidParameter", "OpType");
        return;
    }
    if (!emu_ecs_flag_good(call, "DeleteEip") || !emu_ecs_batch(call, &list, &count) ||
        !emu_ecs_batch_in(call, list, count, row->from))
        return;
    for (size_t i = 0; i < count && strcmp(word, "free_shutdown_ecs") == 0; i++)
        stop_free(call, list[i]);
    begin_all(call, list, count, word, word);
}

void emu_ecs_delete_instance(struct emu_co *call)
{
    struct emu_object **list;
    size_t count;

    if (!emu_ecs_flag_good(call, "DeleteEip") || !emu_ecs_batch(call, &list, &count) ||
        !emu_ecs_batch_in(call, list, count, " running shutdown error failed recycling "))
        return;
    for (size_t i = 0; i < count; i++)
        emu_set_bool(call->world, list[i]->body, "delete_eip",
                     emu_get_int(call->params, "DeleteEip", 0) == 1);
    begin_all(call, list, count, "delete_ecs", "delete_ecs");
}

void emu_ecs_modify_password(struct emu_co *call)
{
    struct emu_object **list;
    size_t count;

    if (!emu_ecs_batch(call, &list, &count) ||
        !emu_ecs_batch_in(call, list, count, " running shutdown ") || !none_free(call, list, count))
        return;
    if (!emu_co_password_good(emu_get_text(call->params, "Password"))) {
        emu_co_fail(call, "InvalidParameter", "Password");
        return;
    }
    begin_all(call, list, count, "reset_password", "reset_password");
}

void emu_ecs_modify_name(struct emu_co *call)
{
    struct emu_object *instance =
        emu_ecs_find(call, "instance", emu_get_str(call->params, "EcsId"));
    const char *name = emu_get_text(call->params, "Name");
    yyjson_mut_val *data = emu_obj(call->world);

    if (!instance || emu_ecs_is(instance, " deleted ")) {
        emu_co_fail(call, "InvalidResourceId.NotFound", NULL);
        return;
    }
    emu_set_str(call->world, instance->body, "name", name);
    emu_object_save(call->world, instance);
    emu_set_str(call->world, data, "EcsId", instance->id);
    emu_set_str(call->world, data, "Name", name);
    emu_co_answer(call, data);
}

static bool same(const struct emu_object *a, const struct emu_object *b, const char *name)
{
    return strcmp(emu_get_text(a->body, name), emu_get_text(b->body, name)) == 0;
}

/* Checks the new family and size of one instance by the rules of the action's page. */
static bool change_allowed(struct emu_co *call, const struct emu_object *one,
                           const struct emu_ecs_config *to)
{
    yyjson_mut_val *body = one->body;
    const struct emu_ecs_family *old = emu_ecs_family_find(emu_get_text(body, "family"));
    int64_t cpu = emu_get_int(body, "cpu", 0), ram = emu_get_int(body, "ram", 0),
            gpu = emu_get_int(body, "gpu", 0);
    const char *billing = emu_get_text(body, "billing");

    if (strcmp(billing, "3") == 0)
        return emu_co_fail(call, "InvalidOperation", "A spot instance cannot be changed.");
    if ((gpu > 0) != (to->gpu > 0))
        return emu_co_fail(call, "InvalidOperation", "No change between CPU and GPU types.");
    if (gpu && strcmp(old->driver, to->family->driver) != 0)
        return emu_co_fail(call, "InvalidOperation", "No change between GPU drivers.");
    if (old != to->family && emu_get_bool(body, "local", false))
        return emu_co_fail(call, "InvalidOperation", "No change of family on local disks.");
    if (old == to->family && cpu == to->cpu && ram == to->ram && gpu == to->gpu)
        return emu_co_fail(call, "InvalidOperation", "It has this configuration.");
    if (strcmp(billing, "1") == 0 && (to->cpu < cpu || to->ram < ram || to->gpu < gpu))
        return emu_co_fail(call, "InvalidOperation", "A prepaid instance can only grow.");
    return true;
}

/* Charges the difference for the rest of a prepaid term. On demand, the next day is the first with
 * the new price. */
static bool pay_change(struct emu_co *call, struct emu_object *one, const struct emu_ecs_config *to,
                       const char *order)
{
    struct emu_ecs_config before = emu_ecs_config_of(call->world, one), after = before;
    int64_t price = 0;

    after.family = to->family;
    after.cpu = to->cpu;
    after.ram = to->ram;
    after.gpu = to->gpu;
    if (strcmp(emu_get_text(one->body, "billing"), "1") == 0)
        price = emu_co_upgrade_price(emu_ecs_month_price(&before), emu_ecs_month_price(&after),
                                     emu_now(call->world), emu_get_int(one->body, "expiry", 0));
    if (!emu_ecs_can_pay(call->world, emu_get_text(one->body, "payer"), price))
        return emu_co_fail(call, "InvalidOperation", "The balance is not enough.");
    emu_set_int(call->world, one->body, "held", price);
    emu_set_str(call->world, one->body, "order", order);
    emu_ecs_charge(call->world, one, "upgrade", order, price);
    return true;
}

static void plan_change(struct emu_world *world, struct emu_object *one,
                        const struct emu_ecs_config *to)
{
    yyjson_mut_val *next = emu_obj(world);

    emu_set_str(world, next, "family", to->family->name);
    emu_set_int(world, next, "cpu", to->cpu);
    emu_set_int(world, next, "ram", to->ram);
    emu_set_int(world, next, "gpu", to->gpu);
    emu_set(world, one->body, "next", next);
}

static bool read_target(struct emu_co *call, const struct emu_object *first,
                        struct emu_ecs_config *to)
{
    const struct emu_ecs_zone *zone =
        emu_ecs_zone_find(emu_get_text(call->params, "AvailableZoneCode"));

    if (!zone)
        return emu_co_fail(call, "InvalidAvailableZone.NotFound", NULL);
    if (strcmp(zone->code, first->region) != 0)
        return emu_co_fail(call, "InvalidOperation.AzMismatch", NULL);
    to->family = emu_ecs_family_find(emu_get_text(call->params, "EcsFamilyName"));
    to->cpu = emu_get_int(call->params, "Cpu", 0);
    to->ram = emu_get_int(call->params, "Ram", 0);
    to->gpu = emu_get_int(call->params, "Gpu", 0);
    if (!to->family)
        return emu_co_fail(call, "InvalidInstanceType.ValueNotSupported", NULL);
    if (!emu_ecs_family_has(to->family, to->cpu, to->ram, to->gpu))
        return emu_co_fail(call, "InvalidInstanceSpec.ValueNotSupported", NULL);
    if (emu_ecs_sold_out(call->world, zone, to->family, to->cpu, to->ram, to->gpu))
        return emu_co_fail(call, "InvalidOperation", "Sold out.");
    return true;
}

void emu_ecs_change_configure(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_ecs_config to = { 0 };
    struct emu_object **list, *event;
    size_t count;

    if (!emu_ecs_batch(call, &list, &count) || !read_target(call, list[0], &to) ||
        !emu_ecs_batch_in(call, list, count, " shutdown ") || !none_free(call, list, count))
        return;
    event = emu_ecs_event_new(call, "change_configure");
    for (size_t i = 0; i < count; i++) {
        if (!same(list[i], list[0], "family") || !same(list[i], list[0], "billing") ||
            emu_get_bool(list[i]->body, "local", false) !=
                emu_get_bool(list[0]->body, "local", false)) {
            emu_co_fail(call, "InvalidOperation", "A batch shares family, billing and storage.");
            return;
        }
        if (!change_allowed(call, list[i], &to) || !pay_change(call, list[i], &to, event->id))
            return;
        plan_change(world, list[i], &to);
        emu_ecs_begin(world, event, list[i], emu_ecs_work_find("change_configure"));
    }
    emu_co_answer(call, emu_ecs_event_data(world, event));
}
