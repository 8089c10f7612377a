/* SPDX-License-Identifier: Apache-2.0 */
/* Declares internals that the files of core/json share. It is the only file of the library that
 * includes the JSON library. */
#ifndef CC_JSON_INSIDE_H
#define CC_JSON_INSIDE_H

#include <string.h>
#include <yyjson.h>

#include "core/json/json.h"

static inline yyjson_val *cc_as_val(const void *value)
{
    return (yyjson_val *)value;
}

enum cc_json_kind cc_json_kind_of(yyjson_type type);

/* Iterates over members, so that one function searches parsed documents and built trees. */
struct cc_json_walker {
    const struct cc_value *(*next)(struct cc_iter *iter, const char **ret_name);
    bool (*is_null)(const void *value);
    bool exact; /* never accepts a name that differs in case */
};
/* The value at a path, by the rules of cc_value_find(). */
const void *cc_json_find(const struct cc_json_walker *walker, const void *from, const char *path);

#endif
