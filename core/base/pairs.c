/* SPDX-License-Identifier: Apache-2.0 */
/* Implements lists of name-value pairs: headers and query parameters. */
#include "core/base/pairs.h"

#include "core/base/memory.h"

static char *copy_text(struct cc_pairs *pairs, const char *text)
{
    text = text ? text : "";
    return pairs->arena ? cc_arena_strdup(pairs->arena, text) : strdup(text);
}

static struct cc_pair *grow_items(struct cc_pairs *pairs, size_t cap)
{
    struct cc_pair *items;

    if (!pairs->arena)
        return reallocarray(pairs->items, cap, sizeof(*items));
    items = cc_arena_alloc(pairs->arena, cap * sizeof(*items));
    if (items && pairs->count)
        memcpy(items, pairs->items, pairs->count * sizeof(*items));
    return items;
}

void cc_pairs_add(struct cc_pairs *pairs, const char *name, const char *value)
{
    char *own_name, *own_value;

    if (pairs->failed)
        return;
    if (pairs->count == pairs->cap) {
        size_t cap = pairs->cap ? pairs->cap * 2 : 8;
        struct cc_pair *items = grow_items(pairs, cap);

        pairs->failed = !items;
        if (!items)
            return;
        pairs->items = items;
        pairs->cap = cap;
    }
    own_name = copy_text(pairs, name);
    own_value = copy_text(pairs, value);
    if (!own_name || !own_value) {
        if (!pairs->arena) {
            free(own_name);
            cc_free_secret(own_value);
        }
        pairs->failed = true;
        return;
    }
    pairs->items[pairs->count++] = (struct cc_pair){ own_name, own_value };
}

void cc_pairs_set(struct cc_pairs *pairs, const char *name, const char *value)
{
    for (size_t i = 0; i < pairs->count; i++) {
        char *copy;

        if (!cc_same_name(pairs->items[i].name, name))
            continue;
        copy = copy_text(pairs, value);
        if (!copy) {
            pairs->failed = true;
            return;
        }
        if (!pairs->arena)
            cc_free_secret((char *)pairs->items[i].value);
        pairs->items[i].value = copy;
        return;
    }
    cc_pairs_add(pairs, name, value);
}

const char *cc_pairs_find(const struct cc_pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (cc_same_name(pairs->items[i].name, name))
            return pairs->items[i].value;
    }
    return NULL;
}

void cc_pairs_clear(struct cc_pairs *pairs)
{
    /* Values may be secrets, so they are wiped. Names are never secret. */
    for (size_t i = 0; !pairs->arena && i < pairs->count; i++) {
        free((char *)pairs->items[i].name);
        cc_free_secret((char *)pairs->items[i].value);
    }
    if (!pairs->arena)
        free(pairs->items);
    *pairs = (struct cc_pairs){ 0 };
}
