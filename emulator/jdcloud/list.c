/* SPDX-License-Identifier: Apache-2.0 */
/* The common parts of JD Cloud's lists: filters, tags, pages. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>
#include <strings.h>

static bool value_matches(yyjson_mut_val *value, const char *wanted, bool substring)
{
    if (yyjson_mut_is_bool(value))
        return strcasecmp(wanted, yyjson_mut_get_bool(value) ? "true" : "false") == 0;
    if (!yyjson_mut_is_str(value))
        return false;
    return substring ? strstr(yyjson_mut_get_str(value), wanted) != NULL
                     : strcmp(yyjson_mut_get_str(value), wanted) == 0;
}

/* Follows a path; a list in it matches when one of its elements does. */
static bool path_matches(yyjson_mut_val *value, const char *path, size_t path_size,
                         const char *wanted, bool substring)
{
    size_t size = 0, i, count;
    yyjson_mut_val *item;

    if (yyjson_mut_is_arr(value)) {
        yyjson_mut_arr_foreach(value, i, count, item)
        {
            if (path_matches(item, path, path_size, wanted, substring))
                return true;
        }
        return false;
    }
    if (!path_size)
        return value_matches(value, wanted, substring);
    while (size < path_size && path[size] != '.')
        size++;
    value = yyjson_mut_obj_getn(value, path, size);
    size += size < path_size;
    return value && path_matches(value, path + size, path_size - size, wanted, substring);
}

/* Matches any of the values at any of the paths, which '|' separates. */
static bool filter_matches(const struct emu_jd_filter *row, yyjson_mut_val *object,
                           yyjson_mut_val *values)
{
    const char *path = row->path ? row->path : row->name;
    size_t i, count;
    yyjson_mut_val *wanted;

    while (*path) {
        size_t size = strcspn(path, "|");

        yyjson_mut_arr_foreach(values, i, count, wanted)
        {
            if (path_matches(object, path, size, yyjson_mut_get_str(wanted),
                             row->how & EMU_JD_SUBSTRING))
                return !(row->how & EMU_JD_NOT);
        }
        path += size + (path[size] == '|');
    }
    return row->how & EMU_JD_NOT;
}

static const struct emu_jd_filter *find_row(const struct emu_jd_filter *rows, const char *name)
{
    for (; rows && rows->name; rows++) {
        if (strcmp(rows->name, name) == 0)
            return rows;
    }
    return NULL;
}

static bool check_filters(struct emu_jd_call *call, const struct emu_jd_filter *rows)
{
    size_t i, count;
    yyjson_mut_val *filter;

    yyjson_mut_arr_foreach(emu_get(call->params, "filters"), i, count, filter)
    {
        const char *name = emu_get_text(filter, "name"), *operator= emu_get_str(filter, "operator");
        const struct emu_jd_filter *row = find_row(rows, name);

        if (!row)
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "there is no filter \"%s\" here",
                               name);
        if (operator&& strcmp(operator, "eq") != 0)
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "filter %s has no operator \"%s\"",
                               name, operator);
        if (!yyjson_mut_arr_size(emu_get(filter, "values")) ||
            ((row->how & EMU_JD_ONE) && yyjson_mut_arr_size(emu_get(filter, "values")) > 1))
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "filter %s takes %s", name,
                               row->how & EMU_JD_ONE ? "one value" : "at least one value");
    }
    return true;
}

static bool has_tag(yyjson_mut_val *object, yyjson_mut_val *filter)
{
    yyjson_mut_val *tag, *values = emu_get(filter, "values");
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(object, "tags"), i, count, tag)
    {
        if (strcmp(emu_get_text(tag, "key"), emu_get_text(filter, "key")) == 0 &&
            (!yyjson_mut_arr_size(values) || emu_has_str(values, emu_get_text(tag, "value"))))
            return true;
    }
    return false;
}

static bool object_fits(struct emu_jd_call *call, const struct emu_jd_filter *rows,
                        yyjson_mut_val *object)
{
    size_t i, count;
    yyjson_mut_val *filter;

    yyjson_mut_arr_foreach(emu_get(call->params, "filters"), i, count, filter)
    {
        if (!filter_matches(find_row(rows, emu_get_text(filter, "name")), object,
                            emu_get(filter, "values")))
            return false;
    }
    yyjson_mut_arr_foreach(emu_get(call->params, "tags"), i, count, filter)
    {
        if (!has_tag(object, filter))
            return false;
    }
    return true;
}

void emu_jd_answer_list(struct emu_jd_call *call, yyjson_mut_val *all,
                        const struct emu_jd_list *list)
{
    int64_t page = emu_get_int(call->params, "pageNumber", 1);
    int64_t size = emu_get_int(call->params, "pageSize", 20);
    yyjson_mut_val *ret = emu_arr(call->world), *object;
    struct emu_page shown;
    size_t i, count, total = 0;

    if (!check_filters(call, list->filters) ||
        !emu_jd_check_int(call, "pageNumber", page, 1, INT32_MAX) ||
        !emu_jd_check_int(call, "pageSize", size, 10, 100))
        return;
    if (list->paged)
        shown = emu_page(call->request, page, size);
    else
        shown = (struct emu_page){ .end = SIZE_MAX };
    yyjson_mut_arr_foreach(all, i, count, object)
    {
        if (!object_fits(call, list->filters, object))
            continue;
        if (total >= shown.first && total < shown.end)
            emu_push(ret, emu_shown(call->world, object));
        total++;
    }
    emu_set(call->world, call->result, list->member, ret);
    emu_set_int(call->world, call->result, "totalCount", (int64_t)total);
}
