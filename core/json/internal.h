/* SPDX-License-Identifier: Apache-2.0 */
/* What the json*.c files share: the JSON library, which only they include. */
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

/* How to step through members: read and built documents are searched by the same code. */
struct cc_json_walker {
    const struct cc_value *(*next)(struct cc_iter *iter, const char **ret_name);
    bool (*is_null)(const void *value);
};
/* what is at a path, by cc_value_find()'s rules */
const void *cc_json_find(const struct cc_json_walker *walker, const void *from, const char *path);

#endif
