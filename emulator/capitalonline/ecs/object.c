/* SPDX-License-Identifier: Apache-2.0 */
/* Finds an object of ECS and its disks, reads and sets its status. */
#include "emulator/capitalonline/ecs/ecs.h"

#include <string.h>

struct emu_object *emu_ecs_find(struct emu_co *call, const char *kind, const char *id)
{
    struct emu_object *ret = emu_object_find(call->world, EMU_ECS, kind, id);

    return ret && strcmp(ret->account, call->account) == 0 ? ret : NULL;
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

    /* "shutdown" must not match " shutdown_x ". */
    while (at && !(at[-1] == ' ' && at[size] == ' '))
        at = strstr(at + 1, status);
    return at != NULL;
}

size_t emu_ecs_disks_of(struct emu_world *world, const struct emu_object *instance,
                        struct emu_object ***ret)
{
    struct emu_object **all;
    size_t count =
               emu_object_list(world, EMU_ECS, "disk", instance->account, instance->region, &all),
           kept = 0;

    /* The system disk was made first. */
    for (size_t i = 0; i < count; i++) {
        if (strcmp(emu_get_text(all[i]->body, "ecs"), instance->id) == 0)
            all[kept++] = all[i];
    }
    *ret = all;
    return kept;
}
