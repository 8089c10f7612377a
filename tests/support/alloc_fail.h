/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out at the n-th request, for tests that want to see every failure survived. A
 * test that includes this is linked with -Wl,--wrap=malloc,--wrap=calloc; only what is linked
 * statically feels it.
 */
#ifndef TESTS_ALLOC_FAIL_H
#define TESTS_ALLOC_FAIL_H

#include <stdlib.h>

static int alloc_fail_left = -1; /* how many more requests are granted; below 0: all */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static int alloc_fail_refuses(void)
{
    return alloc_fail_left >= 0 && alloc_fail_left-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return alloc_fail_refuses() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return alloc_fail_refuses() ? NULL : __real_calloc(count, size);
}

#endif
