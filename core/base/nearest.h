/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the known name that is nearest to a mistyped one. */
#ifndef CC_BASE_NEAREST_H
#define CC_BASE_NEAREST_H

#include <stdbool.h>
#include <stddef.h>

/**
 * The fewest letters changed, added or removed that turn @a into @b (Levenshtein distance), without
 * regard to case. Only the first 64 bytes are compared.
 */
size_t cc_edit_distance(const char *a, const char *b);

/** The candidate with the smallest edit distance from a word. Start from { .word = … }. */
struct cc_nearest {
    const char *word;
    const char *best; /* borrowed; NULL until a candidate was tried */
    size_t distance;
};
void cc_nearest_try(struct cc_nearest *nearest, const char *candidate);

/** Whether more than half of a name is changed: then it is another name, not a typing mistake. */
bool cc_is_far(const char *candidate, size_t distance);

/** The best candidate; NULL when none is near. */
const char *cc_nearest_found(const struct cc_nearest *nearest);

#endif
