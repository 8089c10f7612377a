/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the n-th allocation fail, so that a test can check that every failure is survived. A test
 * that includes this header is linked with -Wl,--wrap=malloc,--wrap=calloc. Only statically linked
 * code is affected.
 */
#ifndef TESTS_ALLOC_FAIL_H
#define TESTS_ALLOC_FAIL_H

#include <stdlib.h>

static int alloc_fail_left = -1; /* how many more allocations succeed; below 0: all */

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
