/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the free list of large blocks, which all threads of the process share. */
#ifndef CC_FREE_LIST_H
#define CC_FREE_LIST_H

#include <stddef.h>

/* A block of at least @size bytes, from the free list or from malloc(). NULL when out of memory. */
void *cc_alloc_large(size_t size);
/*
 * Frees a block of cc_alloc_large(), cc_buf_take() or malloc(); NULL is allowed. A large block goes
 * to the free list. The block is not wiped: a caller that had a secret in it wipes it first.
 */
void cc_free_large(void *block);

#endif
