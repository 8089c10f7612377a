/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keeps a few large blocks for reuse. A page of a listing and its result need such blocks, and so
 * does the next page. malloc() would return the memory to the kernel, and each page would fault it
 * in again.
 */
#include "core/base/free_list.h"

#include <malloc.h>
#include <stdatomic.h>
#include <stdlib.h>

/* Class n holds blocks of BLOCK_MIN << n bytes and more, BLOCKS_A_CLASS of them. */
enum { BLOCK_MIN = 32 * 1024, CLASSES = 5, BLOCKS_A_CLASS = 2 };
static _Atomic(void *) free_blocks[CLASSES][BLOCKS_A_CLASS];

__attribute__((destructor)) static void free_all(void)
{
    for (size_t i = 0; i < CLASSES * BLOCKS_A_CLASS; i++)
        free(atomic_exchange(&free_blocks[i / BLOCKS_A_CLASS][i % BLOCKS_A_CLASS], NULL));
}

/* The free blocks of a size; NULL when the list keeps no blocks of that size. */
static _Atomic(void *) *find_class(size_t size)
{
    size_t class = 0;

    while (class < CLASSES && size >= (size_t)2 * BLOCK_MIN << class)
        class ++;
    return size >= BLOCK_MIN && class < CLASSES ? free_blocks[class] : NULL;
}

void *cc_alloc_large(size_t size)
{
    _Atomic(void *) *blocks = find_class(size);

    for (size_t i = 0; blocks && i < BLOCKS_A_CLASS; i++) {
        void *block = atomic_exchange(&blocks[i], NULL);

        if (block && malloc_usable_size(block) >= size)
            return block;
        free(block);
    }
    return malloc(size);
}

void cc_free_large(void *block)
{
    _Atomic(void *) *blocks = block ? find_class(malloc_usable_size(block)) : NULL;

    for (size_t i = 0; blocks && block && i < BLOCKS_A_CLASS; i++)
        block = atomic_exchange(&blocks[i], block);
    free(block);
}
