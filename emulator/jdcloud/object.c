/* SPDX-License-Identifier: Apache-2.0 */
/* Finds an object of the caller's account and region; reads and sets its status. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

struct emu_object *emu_jd_find(struct emu_world *world, const char *kind, const char *id)
{
    return emu_object_find(world, EMU_JD, kind, id);
}

struct emu_object *emu_jd_need(struct emu_jd_call *call, const char *kind, const char *id)
{
    struct emu_object *ret = emu_jd_find(call->world, kind, id);

    if (ret && strcmp(ret->account, call->request->account) == 0 &&
        strcmp(ret->region, call->region) == 0)
        return ret;
    emu_jd_fail(call, 404, "NOT_FOUND", "%s %s is not found", kind, id ? id : "");
    return NULL;
}

size_t emu_jd_mine(struct emu_jd_call *call, const char *kind, struct emu_object ***ret)
{
    return emu_object_list(call->world, EMU_JD, kind, call->request->account, call->region, ret);
}

const char *emu_jd_status(const struct emu_object *object)
{
    return emu_get_text(object->body, "status");
}

void emu_jd_set_status(struct emu_world *world, struct emu_object *object, const char *status)
{
    emu_set_str(world, object->body, "status", status);
    emu_object_save(world, object);
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
