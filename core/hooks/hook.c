/* SPDX-License-Identifier: Apache-2.0 */
/* Allocates memory for hooks, checks what they return, and appends filters to a request. */
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

int cc_hook_code(const struct cloud_provider *provider, const char *kind, int code,
                 struct cloud_error *err)
{
    if (code == CLOUD_OK)
        return CLOUD_OK;
    if (code > CLOUD_OK || code < CLOUD_EJOURNAL)
        return cc_fail(err, CLOUD_EPROTOCOL,
                       "a %s hook of provider %.60s returned %d, which is no error code; report it "
                       "to the author of the provider",
                       kind, provider->name, code);
    if (!err->message[0])
        return cc_fail(err, code,
                       "a %s hook of provider %.60s failed without a reason; report it to the "
                       "author of the provider",
                       kind, provider->name);
    return code;
}

void cc_hook_filter(struct cc_hook *hook, const char *path, const char *name, const char *value)
{
    struct cc_node *filter = cc_tree_append(hook->tree, hook->root, path);

    if (!filter)
        return;
    cc_tree_set_text(hook->tree, filter, "name", name);
    cc_tree_append_text(hook->tree, filter, "values", value);
}
