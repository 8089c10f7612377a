/* SPDX-License-Identifier: Apache-2.0 */
/* Declares a set of ids that keeps only their hashes, for recognising an id that was seen before.
 */
#ifndef CC_ID_SET_H
#define CC_ID_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zero is an empty set. */
struct cc_id_set {
    uint64_t *slots; /* hash table; 0: empty */
    size_t count, cap;
};

/* The hash of an id (FNV-1a), never 0. NULL counts as "". */
uint64_t cc_id_hash(const char *id);
bool cc_id_set_has(const struct cc_id_set *set, uint64_t hash);
/* Adds a hash that may be there; false when out of memory. */
bool cc_id_set_add(struct cc_id_set *set, uint64_t hash);
/* Empties the set and frees its memory. */
void cc_id_set_clear(struct cc_id_set *set);

#endif
