/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes JSON by dotted paths: members by name, elements by number. Facts, replies and
 * requests are read this way. */
#include "tests/conformance/kit.h"

#include <stdlib.h>
#include <string.h>

#include "cli/cli.h"

/* Takes the next name of the path; returns false at its end. */
static bool next_name(const char **path, char ret_name[128])
{
    size_t length = strcspn(*path, ".");

    if (!**path || length >= 128)
        return false;
    memcpy(ret_name, *path, length);
    ret_name[length] = '\0';
    *path += length + ((*path)[length] == '.');
    return true;
}

yyjson_val *kit_at(yyjson_val *value, const char *path)
{
    char name[128];

    while (value && next_name(&path, name))
        value = yyjson_is_arr(value) ? yyjson_arr_get(value, strtoul(name, NULL, 10))
                                     : yyjson_obj_get(value, name);
    return value;
}

static bool is_number(const char *name)
{
    return name[strspn(name, "0123456789")] == '\0';
}

/* Returns a container for the rest of @path: a list if it begins with a number. */
static yyjson_mut_val *new_container(yyjson_mut_doc *doc, const char *path)
{
    return *path >= '0' && *path <= '9' ? yyjson_mut_arr(doc) : yyjson_mut_obj(doc);
}

static yyjson_mut_val *step(yyjson_mut_doc *doc, yyjson_mut_val *in, const char *name,
                            yyjson_mut_val *put)
{
    yyjson_mut_val *old;

    if (yyjson_mut_is_arr(in)) {
        size_t n = strtoul(name, NULL, 10);

        old = yyjson_mut_arr_get(in, n);
        if (!put)
            return old;
        if (old)
            yyjson_mut_arr_replace(in, n, put);
        else
            yyjson_mut_arr_append(in, put);
        return put;
    }
    old = yyjson_mut_obj_get(in, name);
    if (put)
        yyjson_mut_obj_put(in, yyjson_mut_strcpy(doc, name), put);
    return put ? put : old;
}

void kit_put(yyjson_mut_doc *doc, const char *path, yyjson_val *leaf)
{
    yyjson_mut_val *at = yyjson_mut_doc_get_root(doc);
    char name[128];

    while (next_name(&path, name)) {
        yyjson_mut_val *next;

        if (yyjson_mut_is_arr(at) && !is_number(name))
            return; /* the reply of another action */
        next = step(doc, at, name, NULL);

        if (!*path)
            next = step(doc, at, name, yyjson_val_mut_copy(doc, leaf));
        else if (!yyjson_mut_is_ctn(next) || (yyjson_mut_is_obj(next) && is_number(path)))
            next = step(doc, at, name, new_container(doc, path));
        at = next;
    }
}

char *kit_leaf_text(yyjson_val *value)
{
    if (!value || yyjson_is_null(value))
        return ctl_strdup("");
    return yyjson_is_str(value) ? ctl_strdup(yyjson_get_str(value))
                                : ctl_checked(yyjson_val_write(value, 0, NULL));
}

yyjson_val *kit_fact(const struct kit *kit, const char *path)
{
    return kit_at(kit->facts, path);
}

const char *kit_fact_text(const struct kit *kit, const char *path)
{
    return yyjson_get_str(kit_fact(kit, path));
}
