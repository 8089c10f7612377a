/* SPDX-License-Identifier: Apache-2.0 */
/* Implements a set of hashed ids as an open hash table that is at most half full. */
#include "core/base/id_set.h"

#include <stdlib.h>

uint64_t cc_id_hash(const char *id)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; id && *id; id++)
        hash = (hash ^ (unsigned char)*id) * UINT64_C(1099511628211);
    return hash ? hash : 1;
}

static uint64_t *slot_of(const struct cc_id_set *set, uint64_t hash)
{
    size_t at = (size_t)hash & (set->cap - 1);

    while (set->slots[at] && set->slots[at] != hash)
        at = (at + 1) & (set->cap - 1);
    return &set->slots[at];
}

bool cc_id_set_has(const struct cc_id_set *set, uint64_t hash)
{
    return set->cap && *slot_of(set, hash);
}

static bool grow(struct cc_id_set *set)
{
    struct cc_id_set grown = { .count = set->count, .cap = set->cap ? set->cap * 2 : 64 };

    grown.slots = calloc(grown.cap, sizeof(*grown.slots));
    if (!grown.slots)
        return false;
    for (size_t i = 0; i < set->cap; i++) {
        if (set->slots[i])
            *slot_of(&grown, set->slots[i]) = set->slots[i];
    }
    free(set->slots);
    *set = grown;
    return true;
}

bool cc_id_set_add(struct cc_id_set *set, uint64_t hash)
{
    uint64_t *slot;

    if (set->count * 2 >= set->cap && !grow(set))
        return false;
    slot = slot_of(set, hash);
    set->count += !*slot;
    *slot = hash;
    return true;
}

void cc_id_set_clear(struct cc_id_set *set)
{
    free(set->slots);
    *set = (struct cc_id_set){ 0 };
}
