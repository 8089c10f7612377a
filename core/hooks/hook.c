/* SPDX-License-Identifier: Apache-2.0 */
/* Allocates memory for hooks, and appends filters to a request. */
#include "core/hooks/hooks.h"

#include "core/base/error.h"
#include "core/model/provider.h"

void *cc_hook_alloc(struct cc_hook *hook, size_t count, size_t size)
{
    void *memory = cc_arena_alloc(hook->arena, count * size + 1);

    if (!memory)
        cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
    return memory;
}

void cc_hook_filter(struct cc_hook *hook, const char *path, const char *name, const char *value)
{
    struct cc_node *filter = cc_tree_append(hook->tree, hook->root, path);

    if (!filter)
        return;
    cc_tree_set_text(hook->tree, filter, "name", name);
    cc_tree_append_text(hook->tree, filter, "values", value);
}
