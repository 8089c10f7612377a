/* SPDX-License-Identifier: Apache-2.0 */
/* JSON values that live as long as the request; members are read by name or path. */
#include "emulator/engine/emulator.h"

#include <stdlib.h>
#include <string.h>

static yyjson_mut_val *read_json(struct emu_world *world, const char *text, size_t size,
                                 yyjson_read_flag flags, const char **ret_why)
{
    yyjson_read_err why;
    yyjson_doc *doc = yyjson_read_opts((char *)(uintptr_t)text, size, flags, NULL, &why);
    yyjson_mut_val *ret;

    if (!doc) {
        if (ret_why)
            *ret_why = emu_text(world, "%s at byte %zu", why.msg, why.pos);
        return NULL;
    }
    ret = yyjson_val_mut_copy(world->doc, yyjson_doc_get_root(doc));
    yyjson_doc_free(doc);
    return ret;
}

yyjson_mut_val *emu_json_read(struct emu_world *world, const char *text, size_t size,
                              const char **ret_why)
{
    return read_json(world, text, size, YYJSON_READ_NOFLAG, ret_why);
}

yyjson_mut_val *emu_json_read_as_written(struct emu_world *world, const char *text, size_t size,
                                         const char **ret_why)
{
    return read_json(world, text, size, YYJSON_READ_NUMBER_AS_RAW, ret_why);
}

char *emu_json_write(struct emu_world *world, const yyjson_mut_val *value, size_t *ret_size)
{
    size_t size = 0;
    char *text = yyjson_mut_val_write(value, 0, &size);
    char *ret;

    /* Only invalid UTF-8 cannot be written; input was checked when it was read. */
    if (!text) {
        text = strdup("null");
        size = 4;
    }
    ret = emu_text_n(world, text, size);
    free(text);
    if (ret_size)
        *ret_size = size;
    return ret;
}

yyjson_mut_val *emu_json_copy(struct emu_world *world, yyjson_mut_val *value)
{
    return value ? yyjson_mut_val_mut_copy(world->doc, value) : NULL;
}

yyjson_mut_val *emu_obj(struct emu_world *world)
{
    return yyjson_mut_obj(world->doc);
}

yyjson_mut_val *emu_arr(struct emu_world *world)
{
    return yyjson_mut_arr(world->doc);
}

yyjson_mut_val *emu_get(yyjson_mut_val *object, const char *name)
{
    while (object) {
        size_t size = strcspn(name, ".");
        yyjson_mut_val *member = yyjson_mut_obj_getn(object, name, size);

        if (yyjson_mut_is_null(member))
            return NULL;
        if (!name[size])
            return member;
        object = member;
        name += size + 1;
    }
    return NULL;
}

const char *emu_get_str(yyjson_mut_val *object, const char *name)
{
    return yyjson_mut_get_str(emu_get(object, name));
}

const char *emu_get_text(yyjson_mut_val *object, const char *name)
{
    const char *ret = emu_get_str(object, name);

    return ret ? ret : "";
}

yyjson_mut_val emu_get_number(yyjson_mut_val *object, const char *name)
{
    yyjson_mut_val *value = emu_get(object, name), ret = { 0 };

    if (yyjson_mut_is_num(value))
        return *value;
    if (yyjson_mut_is_raw(value))
        yyjson_mut_read_number(yyjson_mut_get_raw(value), &ret, YYJSON_READ_NOFLAG, NULL, NULL);
    return ret;
}

int64_t emu_get_int(yyjson_mut_val *object, const char *name, int64_t fallback)
{
    yyjson_mut_val number = emu_get_number(object, name);

    return yyjson_mut_is_int(&number) ? yyjson_mut_get_sint(&number) : fallback;
}

bool emu_get_bool(yyjson_mut_val *object, const char *name, bool fallback)
{
    yyjson_mut_val *value = emu_get(object, name);

    return yyjson_mut_is_bool(value) ? yyjson_mut_get_bool(value) : fallback;
}

void emu_set(struct emu_world *world, yyjson_mut_val *object, const char *name,
             yyjson_mut_val *value)
{
    /* With a NULL value yyjson_mut_obj_put removes the member. */
    yyjson_mut_obj_put(object, yyjson_mut_strcpy(world->doc, name), value);
}

void emu_set_str(struct emu_world *world, yyjson_mut_val *object, const char *name,
                 const char *value)
{
    emu_set(world, object, name, value ? yyjson_mut_strcpy(world->doc, value) : NULL);
}

void emu_set_int(struct emu_world *world, yyjson_mut_val *object, const char *name, int64_t value)
{
    emu_set(world, object, name, yyjson_mut_sint(world->doc, value));
}

void emu_set_bool(struct emu_world *world, yyjson_mut_val *object, const char *name, bool value)
{
    emu_set(world, object, name, yyjson_mut_bool(world->doc, value));
}

void emu_set_number(struct emu_world *world, yyjson_mut_val *object, const char *name,
                    const char *digits)
{
    emu_set(world, object, name, yyjson_mut_rawcpy(world->doc, digits));
}

void emu_push(yyjson_mut_val *array, yyjson_mut_val *value)
{
    yyjson_mut_arr_append(array, value);
}

void emu_push_str(struct emu_world *world, yyjson_mut_val *array, const char *value)
{
    yyjson_mut_arr_add_strcpy(world->doc, array, value);
}

bool emu_has_str(yyjson_mut_val *array, const char *value)
{
    size_t i, count;
    yyjson_mut_val *item;

    yyjson_mut_arr_foreach(array, i, count, item)
    {
        if (yyjson_mut_is_str(item) && strcmp(yyjson_mut_get_str(item), value) == 0)
            return true;
    }
    return false;
}

static void hide_members(yyjson_mut_val *value)
{
    size_t i, count;
    yyjson_mut_val *key, *item;

    if (yyjson_mut_is_arr(value)) {
        yyjson_mut_arr_foreach(value, i, count, item) hide_members(item);
    } else if (yyjson_mut_is_obj(value)) {
        yyjson_mut_obj_iter iter;

        yyjson_mut_obj_iter_init(value, &iter);
        while ((key = yyjson_mut_obj_iter_next(&iter)) != NULL) {
            if (yyjson_mut_get_str(key)[0] == '_')
                yyjson_mut_obj_iter_remove(&iter);
            else
                hide_members(yyjson_mut_obj_iter_get_val(key));
        }
    }
}

yyjson_mut_val *emu_shown(struct emu_world *world, yyjson_mut_val *value)
{
    yyjson_mut_val *ret = emu_json_copy(world, value);

    hide_members(ret);
    return ret;
}
