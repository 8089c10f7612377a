/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Delayed visibility. With the world's switch visibility_lag_s a purchase is executed and charged
 * at once, but becomes visible only that many seconds of the emulated clock later. Until then a new
 * object is in no list and cannot be read, and a changed one shows its former values. The lag at
 * the time of the purchase counts; a shorter one that is set later makes it visible sooner.
 *
 * A body keeps hidden changes in "_late", oldest first: name and former value of the changed member
 * (no name: the object itself is new), the time, and the lag at that time.
 */
#include "emulator/engine/emulator.h"

#include <stdlib.h>

static int64_t lag_of(struct emu_world *world)
{
    const char *text = emu_switch(world, "visibility_lag_s");
    long long ret = text ? strtoll(text, NULL, 10) : 0;

    return ret > INT32_MAX ? INT32_MAX : ret;
}

static bool is_late(struct emu_world *world, yyjson_mut_val *entry)
{
    int64_t lag = lag_of(world), then = emu_get_int(entry, "lag_s", 0);

    return emu_now_ms(world) < emu_get_int(entry, "at_ms", 0) + (lag < then ? lag : then) * 1000;
}

void emu_late(struct emu_world *world, struct emu_object *object, const char *name)
{
    yyjson_mut_val *kept = emu_arr(world), *entry;
    size_t i, count;

    if (lag_of(world) <= 0)
        return;
    yyjson_mut_arr_foreach(emu_get(object->body, "_late"), i, count, entry)
    {
        if (is_late(world, entry))
            emu_push(kept, emu_json_copy(world, entry));
    }
    entry = emu_obj(world);
    emu_set_str(world, entry, "name", name);
    if (name && emu_get(object->body, name))
        emu_set(world, entry, "value", emu_json_copy(world, emu_get(object->body, name)));
    emu_set_int(world, entry, "at_ms", emu_now_ms(world));
    emu_set_int(world, entry, "lag_s", lag_of(world));
    emu_push(kept, entry);
    emu_set(world, object->body, "_late", kept);
}

bool emu_is_hidden(struct emu_world *world, const struct emu_object *object)
{
    yyjson_mut_val *entry;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(object->body, "_late"), i, count, entry)
    {
        if (!emu_get(entry, "name") && is_late(world, entry))
            return true;
    }
    return false;
}

yyjson_mut_val *emu_seen(struct emu_world *world, const struct emu_object *object)
{
    yyjson_mut_val *ret = emu_json_copy(world, object->body), *list = emu_get(ret, "_late");

    /* Undo from the newest to the oldest, so that the oldest value remains. */
    for (size_t i = yyjson_mut_arr_size(list); i > 0; i--) {
        yyjson_mut_val *entry = yyjson_mut_arr_get(list, i - 1), *value = emu_get(entry, "value");

        if (emu_get(entry, "name") && is_late(world, entry))
            emu_set(world, ret, emu_get_str(entry, "name"),
                    value ? emu_json_copy(world, value) : NULL);
    }
    return ret;
}
