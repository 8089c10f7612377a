/* SPDX-License-Identifier: Apache-2.0 */
/* Clears results, and moves one into another. */
#include <string.h>

#include "core/base/arguments.h"
#include "core/base/memory.h"

void cloud_result_clear(struct cloud_result *result)
{
    size_t size;

    if (cc_need_struct(CC_STRUCT_RESULT, result, NULL))
        return;
    size = result->size;
    cc_arena_free(result->storage);
    memset(result, 0, size);
    result->size = size;
}

void cloud_result_take(struct cloud_result *to, struct cloud_result *from)
{
    size_t size, kept;

    if (to == from || cc_need_struct(CC_STRUCT_RESULT, to, NULL) ||
        cc_need_struct(CC_STRUCT_RESULT, from, NULL))
        return;
    size = from->size < to->size ? from->size : to->size;
    kept = to->size;
    cloud_result_clear(to);
    memcpy(to, from, size);
    to->size = kept;
    from->storage = NULL;
    cloud_result_clear(from);
}
