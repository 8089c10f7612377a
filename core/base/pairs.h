/* SPDX-License-Identifier: Apache-2.0 */
/* Declares lookups in lists of pairs. The part for providers is in cloud_provider/request.h. */
#ifndef CC_PAIRS_H
#define CC_PAIRS_H

#include "include/cloud_provider.h"

/* The value of the first pair of that name, ASCII case ignored; NULL when there is none. */
const char *cc_pairs_find(const struct cc_pairs *pairs, const char *name);

/*
 * True when two header names are equal, ASCII case ignored. Compares the first letter without a
 * call, because most names differ there.
 */
static inline bool cc_same_name(const char *a, const char *b)
{
    return (((unsigned char)*a ^ (unsigned char)*b) & ~0x20u) == 0 && cc_ascii_casecmp(a, b) == 0;
}

#endif
