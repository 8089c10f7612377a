/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a query or a body into parameters by the fields of an action: of the right types, without
 * unknown members, without nulls. */
#include "emulator/jdcloud/jdcloud.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool all_digits(const char *text)
{
    return *text && strspn(text, "0123456789") == strlen(text);
}

/* Turns members 1, 2, 3, ... into a list in the order of their numbers: a sorted query has 10
 * before 2. */
static yyjson_mut_val *lists_from_numbers(struct emu_world *world, yyjson_mut_val *value)
{
    yyjson_mut_val *ret, *key, *item, *list = emu_arr(world);
    size_t i, count = yyjson_mut_obj_size(value);
    bool numbers = count > 0;

    if (!yyjson_mut_is_obj(value))
        return emu_json_copy(world, value);
    ret = emu_obj(world);
    yyjson_mut_obj_foreach(value, i, count, key, item)
    {
        emu_set(world, ret, yyjson_mut_get_str(key), lists_from_numbers(world, item));
        numbers = numbers && all_digits(yyjson_mut_get_str(key));
    }
    for (long number = 1; numbers && yyjson_mut_arr_size(list) < count && number <= 1000;
         number++) {
        item = yyjson_mut_obj_get(ret, emu_text(world, "%ld", number));
        if (item)
            emu_push(list, emu_json_copy(world, item));
    }
    return numbers ? list : ret;
}

/* Puts a parameter of a query into an object: filters.1.values.2=x. */
static void put_param(struct emu_world *world, yyjson_mut_val *root, const char *name,
                      const char *value)
{
    const char *dot;

    while ((dot = strchr(name, '.')) != NULL) {
        const char *part = emu_text_n(world, name, (size_t)(dot - name));
        yyjson_mut_val *next = yyjson_mut_obj_get(root, part);

        if (!yyjson_mut_is_obj(next)) {
            next = emu_obj(world);
            emu_set(world, root, part, next);
        }
        root = next;
        name = dot + 1;
    }
    emu_set_str(world, root, name, value);
}

struct checker {
    struct emu_jd_call *call;
    bool from_text; /* a query has only text: numbers and booleans are parsed from it */
};

static yyjson_mut_val *check_object(const struct checker *checker,
                                    const struct emu_jd_field *fields, yyjson_mut_val *value,
                                    const char *path);

static yyjson_mut_val *from_text(const struct checker *checker, const struct emu_jd_field *field,
                                 yyjson_mut_val *value)
{
    const char *text = yyjson_mut_get_str(value);
    char *end;
    long long number;

    if (!checker->from_text || !text || !strchr("ib", field->type))
        return value;
    /* Go and Java write true, Python writes True. */
    if (field->type == 'b' &&
        (emu_ascii_casecmp(text, "true") == 0 || emu_ascii_casecmp(text, "false") == 0))
        return yyjson_mut_bool(checker->call->world->doc, emu_ascii_casecmp(text, "true") == 0);
    errno = 0;
    number = strtoll(text, &end, 10);
    if (field->type == 'i' && *text && !*end && !errno)
        return yyjson_mut_sint(checker->call->world->doc, number);
    return value;
}

static bool is_of_type(char type, yyjson_mut_val *value)
{
    switch (type) {
    case 's': return yyjson_mut_is_str(value);
    case 'i': return yyjson_mut_is_int(value);
    case 'n': return yyjson_mut_is_num(value);
    case 'b': return yyjson_mut_is_bool(value);
    case 'o': return yyjson_mut_is_obj(value);
    case 'a':
    case 'S': return yyjson_mut_is_arr(value);
    default: return true;
    }
}

static yyjson_mut_val *check_list(const struct checker *checker, const struct emu_jd_field *field,
                                  yyjson_mut_val *value, const char *path)
{
    struct emu_world *world = checker->call->world;
    yyjson_mut_val *ret = emu_arr(world), *item;
    size_t i, count;

    yyjson_mut_arr_foreach(value, i, count, item)
    {
        const char *at = emu_text(world, "%s[%zu]", path, i);
        yyjson_mut_val *copy;

        if (!is_of_type(field->type == 'S' ? 's' : 'o', item)) {
            emu_jd_fail(checker->call, 400, "INVALID_ARGUMENT", "%s is of the wrong type", at);
            return NULL;
        }
        copy = field->of ? check_object(checker, field->of, item, at) : emu_json_copy(world, item);
        if (!copy)
            return NULL;
        emu_push(ret, copy);
    }
    return ret;
}

static yyjson_mut_val *check_value(const struct checker *checker, const struct emu_jd_field *field,
                                   yyjson_mut_val *value, const char *path)
{
    value = from_text(checker, field, value);
    if (!is_of_type(field->type, value)) {
        emu_jd_fail(checker->call, 400, "INVALID_ARGUMENT", "%s is of the wrong type", path);
        return NULL;
    }
    if (field->type == 'a' || field->type == 'S')
        return check_list(checker, field, value, path);
    if (field->type == 'o' && field->of)
        return check_object(checker, field->of, value, path);
    return emu_json_copy(checker->call->world, value);
}

static bool known(const struct emu_jd_field *fields, const char *name)
{
    for (; fields && fields->name; fields++) {
        if (strcmp(fields->name, name) == 0)
            return true;
    }
    return false;
}

/* Refuses a parameter that the vendor's pages do not list, so that a misspelt one is noticed. */
static bool check_names(const struct checker *checker, const struct emu_jd_field *fields,
                        yyjson_mut_val *value, const char *path)
{
    yyjson_mut_val *key, *item;
    size_t i, count;

    yyjson_mut_obj_foreach(value, i, count, key, item)
    {
        const char *name = yyjson_mut_get_str(key);

        /* Parameters of the path may be repeated here. */
        if (known(fields, name) || (!*path && strstr(" regionId instanceId diskId imageId ",
                                                     emu_text(checker->call->world, " %s ", name))))
            continue;
        return emu_jd_fail(checker->call, 400, "INVALID_ARGUMENT", "unknown parameter %s%s%s", path,
                           *path ? "." : "", name);
    }
    return true;
}

static yyjson_mut_val *check_object(const struct checker *checker,
                                    const struct emu_jd_field *fields, yyjson_mut_val *value,
                                    const char *path)
{
    struct emu_world *world = checker->call->world;
    yyjson_mut_val *ret = emu_obj(world);

    if (!check_names(checker, fields, value, path))
        return NULL;
    for (; fields && fields->name; fields++) {
        const char *at = emu_text(world, "%s%s%s", path, *path ? "." : "", fields->name);
        yyjson_mut_val *member = emu_get(value, fields->name);

        if (fields->required &&
            (!member || (yyjson_mut_is_str(member) && !yyjson_mut_get_len(member)))) {
            emu_jd_fail(checker->call, 400, "INVALID_ARGUMENT", "parameter %s is required", at);
            return NULL;
        }
        if (!member)
            continue;
        member = check_value(checker, fields, member, at);
        if (!member)
            return NULL;
        emu_set(world, ret, fields->name, member);
    }
    return ret;
}

static yyjson_mut_val *read_query(struct emu_jd_call *call)
{
    yyjson_mut_val *root = emu_obj(call->world);

    for (size_t i = 0; i < call->request->param_count; i++)
        put_param(call->world, root, call->request->params[i].name, call->request->params[i].value);
    return lists_from_numbers(call->world, root);
}

static yyjson_mut_val *read_body(struct emu_jd_call *call)
{
    const char *why = "";
    yyjson_mut_val *ret;

    if (!call->request->body_size)
        return emu_obj(call->world);
    ret = emu_json_read(call->world, call->request->body, call->request->body_size, &why);
    if (yyjson_mut_is_obj(ret))
        return ret;
    emu_jd_fail(call, 400, "INVALID_ARGUMENT", "the body is not a JSON object %s", why);
    return NULL;
}

yyjson_mut_val *emu_jd_read_params(struct emu_jd_call *call)
{
    bool in_query =
        strcmp(call->action->method, "GET") == 0 || strcmp(call->action->method, "DELETE") == 0;
    struct checker checker = { .call = call, .from_text = in_query };
    yyjson_mut_val *query = read_query(call), *body;

    if (in_query)
        return check_object(&checker, call->action->params, query, "");
    body = read_body(call);
    /* The pages put maxCount and clientToken of createInstances into the query, the SDKs into the
     * body. */
    if (body && emu_get(query, "maxCount") && !emu_get(body, "maxCount"))
        emu_set_int(call->world, body, "maxCount",
                    strtoll(emu_get_text(query, "maxCount"), NULL, 10));
    if (body && emu_get(query, "clientToken") && !emu_get(body, "clientToken"))
        emu_set_str(call->world, body, "clientToken", emu_get_str(query, "clientToken"));
    return body ? check_object(&checker, call->action->params, body, "") : NULL;
}
