/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the parameters of a CapitalOnline action by its rows into one JSON object with the rows'
 * types. They come from the query and a JSON body. In a GET the query takes precedence (cck-sdk-go
 * sends GETs with everything in the body), in a POST the body (cds-python-sdk repeats all of it, as
 * text, in the query). */
#include "emulator/capitalonline/common/capitalonline.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool is_number(const char *text, size_t size)
{
    return size > 0 && size < 4 && strspn(text, "0123456789") >= size;
}

/* "DataDisks.0.Size": makes the objects on the way; the last segment gets the value. */
static void put_path(struct emu_world *world, yyjson_mut_val *object, const char *path,
                     const char *value)
{
    for (;;) {
        size_t size = strcspn(path, ".");
        const char *name = emu_text_n(world, path, size);
        yyjson_mut_val *next = yyjson_mut_obj_get(object, name);

        if (!path[size]) {
            emu_set_str(world, object, name, value);
            return;
        }
        if (!yyjson_mut_is_obj(next)) {
            next = emu_obj(world);
            emu_set(world, object, name, next);
        }
        object = next;
        path += size + 1;
    }
}

/* Turns objects whose members are all numbers into lists, in the order of the numbers. */
static yyjson_mut_val *with_lists(struct emu_world *world, yyjson_mut_val *value)
{
    yyjson_mut_val *key, *item, *ret;
    size_t i, count, numbered = 0;

    if (!yyjson_mut_is_obj(value))
        return emu_json_copy(world, value);
    yyjson_mut_obj_foreach(value, i, count, key, item) numbered +=
        is_number(yyjson_mut_get_str(key), yyjson_mut_get_len(key));
    if (!numbered || numbered != yyjson_mut_obj_size(value)) {
        ret = emu_obj(world);
        yyjson_mut_obj_foreach(value, i, count, key, item)
            emu_set(world, ret, yyjson_mut_get_str(key), with_lists(world, item));
        return ret;
    }
    ret = emu_arr(world);
    for (int number = 0; number < 1000 && yyjson_mut_arr_size(ret) < numbered; number++) {
        item = yyjson_mut_obj_get(value, emu_text(world, "%d", number));
        if (item)
            emu_push(ret, with_lists(world, item));
    }
    return ret;
}

static yyjson_mut_val *query_object(struct emu_world *world, const struct emu_request *request)
{
    yyjson_mut_val *ret = emu_obj(world);

    for (size_t i = 0; i < request->param_count; i++) {
        const struct emu_pair *pair = &request->params[i];

        if (strchr(pair->name, '.'))
            put_path(world, ret, pair->name, pair->value);
        else
            emu_set_str(world, ret, pair->name, pair->value);
    }
    return with_lists(world, ret);
}

/* Parses text of a query as @type; NULL when it is not of that type. */
static yyjson_mut_val *from_text(struct emu_world *world, const char *text, enum emu_co_type type)
{
    char *end;
    long long number;
    yyjson_mut_val *ret;

    switch (type) {
    case EMU_CO_INT:
        errno = 0;
        number = strtoll(text, &end, 10);
        return *end || end == text || errno ? NULL : yyjson_mut_sint(world->doc, number);
    case EMU_CO_BOOL:
        if (emu_ascii_casecmp(text, "true") == 0 || strcmp(text, "1") == 0)
            return yyjson_mut_bool(world->doc, true);
        return emu_ascii_casecmp(text, "false") == 0 || strcmp(text, "0") == 0
                   ? yyjson_mut_bool(world->doc, false)
                   : NULL;
    case EMU_CO_STRINGS:
        if (*text == '[')
            return emu_json_read(world, text, strlen(text), NULL);
        ret = emu_arr(world);
        for (const char *p = text; *p;) {
            size_t size = strcspn(p, ",");

            if (size)
                emu_push_str(world, ret, emu_text_n(world, p, size));
            p += size + (p[size] == ',');
        }
        return ret;
    case EMU_CO_OBJ:
    case EMU_CO_OBJS: return emu_json_read(world, text, strlen(text), NULL);
    default:
        /* Invalid UTF-8 cannot be written and becomes a bare null. */
        ret = yyjson_mut_strcpy(world->doc, text);
        return *emu_json_write(world, ret, NULL) == '"' ? ret : NULL;
    }
}

/* Reads a value of a JSON body as @type; NULL when it is not of that type. */
static yyjson_mut_val *from_json(struct emu_world *world, yyjson_mut_val *value,
                                 enum emu_co_type type)
{
    const char *text = yyjson_mut_get_str(value);

    switch (type) {
    case EMU_CO_STR: return text ? emu_json_copy(world, value) : NULL;
    case EMU_CO_INT: return yyjson_mut_is_int(value) ? emu_json_copy(world, value) : NULL;
    case EMU_CO_BOOL:
        if (yyjson_mut_is_int(value) && (uint64_t)yyjson_mut_get_sint(value) < 2)
            return yyjson_mut_bool(world->doc, yyjson_mut_get_sint(value) == 1);
        return yyjson_mut_is_bool(value) ? emu_json_copy(world, value) : NULL;
    case EMU_CO_SCALAR:
        if (yyjson_mut_is_ctn(value))
            return NULL;
        return yyjson_mut_strcpy(world->doc, text ? text : emu_json_write(world, value, NULL));
    default:
        if (text)
            return from_text(world, text, type);
        return yyjson_mut_is_ctn(value) ? emu_json_copy(world, value) : NULL;
    }
}

static bool is_empty(yyjson_mut_val *value)
{
    return yyjson_mut_is_null(value) || (yyjson_mut_is_str(value) && !yyjson_mut_get_len(value)) ||
           (yyjson_mut_is_ctn(value) && !yyjson_mut_arr_size(value) && !yyjson_mut_obj_size(value));
}

static yyjson_mut_val *read_object(struct emu_co *call, yyjson_mut_val *first,
                                   yyjson_mut_val *second, const struct emu_co_param *rows,
                                   bool first_is_text, bool second_is_text);

static bool malformed(struct emu_co *call, const struct emu_co_param *row, const char *what)
{
    return emu_co_fail(call,
                       row->malformed ? row->malformed : call->product->refusals[EMU_CO_UNREADABLE],
                       emu_text(call->world, "%s %s.", row->name, what));
}

/* A list with valid elements; NULL after failing. */
static yyjson_mut_val *read_list(struct emu_co *call, yyjson_mut_val *value,
                                 const struct emu_co_param *row, bool is_text)
{
    yyjson_mut_val *ret = emu_arr(call->world), *item;
    size_t i, count;

    yyjson_mut_arr_foreach(value, i, count, item)
    {
        yyjson_mut_val *good = NULL;

        if (row->type == EMU_CO_STRINGS && yyjson_mut_is_str(item) && yyjson_mut_get_len(item))
            good = emu_json_copy(call->world, item);
        else if (row->type == EMU_CO_OBJS && yyjson_mut_is_obj(item)) {
            good = row->fields ? read_object(call, item, NULL, row->fields, is_text, false)
                               : emu_json_copy(call->world, item);
            if (!good)
                return NULL;
        }
        if (!good) {
            malformed(call, row,
                      row->type == EMU_CO_OBJS ? "is not a list of objects"
                                               : "is not a list of strings");
            return NULL;
        }
        emu_push(ret, good);
    }
    return ret;
}

/* One value as its row requires; NULL after failing. */
static yyjson_mut_val *read_value(struct emu_co *call, yyjson_mut_val *from,
                                  const struct emu_co_param *row, bool is_text)
{
    static const char *const what[] = {
        [EMU_CO_STR] = "is not a string",       [EMU_CO_INT] = "is not an integer",
        [EMU_CO_BOOL] = "is not true or false", [EMU_CO_SCALAR] = "is not a simple value",
        [EMU_CO_STRINGS] = "is not a list",     [EMU_CO_OBJ] = "is not an object",
        [EMU_CO_OBJS] = "is not a list",
    };
    yyjson_mut_val *value = is_text && yyjson_mut_is_str(from)
                                ? from_text(call->world, yyjson_mut_get_str(from), row->type)
                                : from_json(call->world, from, row->type);

    if (row->type == EMU_CO_OBJS && yyjson_mut_is_obj(value)) {
        /* The Python sample of CreateInstance sends its one data disk without a list. */
        yyjson_mut_val *list = emu_arr(call->world);

        emu_push(list, emu_json_copy(call->world, value));
        value = list;
    }
    if (!value || (row->type == EMU_CO_OBJ && !yyjson_mut_is_obj(value)) ||
        ((row->type == EMU_CO_OBJS || row->type == EMU_CO_STRINGS) && !yyjson_mut_is_arr(value))) {
        malformed(call, row, what[row->type]);
        return NULL;
    }
    if (row->type == EMU_CO_OBJ && row->fields)
        return read_object(call, value, NULL, row->fields, is_text, false);
    return row->type == EMU_CO_OBJS || row->type == EMU_CO_STRINGS
               ? read_list(call, value, row, is_text)
               : value;
}

/* The members of the rows; the first source takes precedence. NULL after failing. */
static yyjson_mut_val *read_object(struct emu_co *call, yyjson_mut_val *first,
                                   yyjson_mut_val *second, const struct emu_co_param *rows,
                                   bool first_is_text, bool second_is_text)
{
    yyjson_mut_val *ret = emu_obj(call->world);

    for (; rows->name; rows++) {
        yyjson_mut_val *from = yyjson_mut_obj_get(first, rows->name);
        bool is_text = from ? first_is_text : second_is_text;
        yyjson_mut_val *value;

        if (!from)
            from = yyjson_mut_obj_get(second, rows->name);
        if (!from || is_empty(from)) {
            if (!rows->required)
                continue;
            emu_co_fail(
                call, call->product->refusals[from ? EMU_CO_EMPTY : EMU_CO_MISSING],
                emu_text(call->world, from ? "%s is empty." : "%s is missing.", rows->name));
            return NULL;
        }
        value = read_value(call, from, rows, is_text);
        if (!value)
            return NULL;
        emu_set(call->world, ret, rows->name, value);
    }
    return ret;
}

bool emu_co_read_params(struct emu_co *call, const struct emu_co_param *rows)
{
    static const struct emu_co_param none[] = { { 0 } };
    const struct emu_request *request = call->request;
    yyjson_mut_val *query = query_object(call->world, request), *body = NULL;
    bool query_first = strcmp(request->method, "GET") == 0;
    const char *why = NULL;

    if (request->body_size) {
        body = emu_json_read(call->world, request->body, request->body_size, &why);
        if (!body || (!yyjson_mut_is_obj(body) && !yyjson_mut_is_null(body)))
            return emu_co_fail(call, call->product->refusals[EMU_CO_UNREADABLE],
                               why ? emu_text(call->world, "The body is not JSON: %s.", why)
                                   : "The body is not an object.");
    }
    call->params = query_first ? read_object(call, query, body, rows ? rows : none, true, false)
                               : read_object(call, body, query, rows ? rows : none, false, true);
    return call->params != NULL;
}
