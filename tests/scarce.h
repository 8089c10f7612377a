/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory that runs out at the n-th request, for tests that want to see every failure survived. A
 * test that includes this is linked with -Wl,--wrap=malloc,--wrap=calloc; only what is linked
 * statically feels it.
 */
#ifndef TESTS_SCARCE_H
#define TESTS_SCARCE_H

#include <stdlib.h>

static int scarce_left = -1; /* how many more requests are granted; below 0: all */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);

static int scarce_refuses(void)
{
    return scarce_left >= 0 && scarce_left-- == 0;
}

void *__wrap_malloc(size_t size)
{
    return scarce_refuses() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return scarce_refuses() ? NULL : __real_calloc(count, size);
}

#endif
