/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A library for LD_PRELOAD: the n-th allocation of the whole process fails, or all from the n-th
 * on, those of libcurl, OpenSSL and the C library too. The program finds malloc_fail_arm() with
 * dlsym().
 */
#include <errno.h>
#include <limits.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

static atomic_long left = LONG_MAX; /* how many more allocations succeed */
static atomic_int all;              /* all later ones fail, too */

__attribute__((visibility("default"))) long malloc_fail_arm(long n, int and_all_later);

/* returns how many allocations would have succeeded still */
long malloc_fail_arm(long n, int and_all_later)
{
    long before = atomic_load(&left);

    atomic_store(&all, and_all_later);
    atomic_store(&left, n < 0 ? LONG_MAX : n);
    return before;
}

static int refuses(void)
{
    long now = atomic_load(&left);

    if (now == LONG_MAX)
        return 0;
    now = atomic_fetch_sub(&left, 1);
    if (now == 0 || (now < 0 && atomic_load(&all))) {
        errno = ENOMEM;
        return 1;
    }
    return 0;
}

__attribute__((visibility("default"))) void *malloc(size_t size)
{
    return refuses() ? NULL : __libc_malloc(size);
}

__attribute__((visibility("default"))) void *calloc(size_t count, size_t size)
{
    return refuses() ? NULL : __libc_calloc(count, size);
}

__attribute__((visibility("default"))) void *realloc(void *memory, size_t size)
{
    return refuses() ? NULL : __libc_realloc(memory, size);
}

__attribute__((visibility("default"))) void *reallocarray(void *memory, size_t count, size_t size)
{
    size_t bytes;

    if (__builtin_mul_overflow(count, size, &bytes) || refuses()) {
        errno = ENOMEM;
        return NULL;
    }
    return __libc_realloc(memory, bytes);
}

__attribute__((visibility("default"))) void *memalign(size_t alignment, size_t size)
{
    return refuses() ? NULL : __libc_memalign(alignment, size);
}

__attribute__((visibility("default"))) void *aligned_alloc(size_t alignment, size_t size)
{
    return memalign(alignment, size);
}

__attribute__((visibility("default"))) int posix_memalign(void **ret, size_t alignment, size_t size)
{
    void *memory = memalign(alignment, size);

    if (!memory)
        return ENOMEM;
    *ret = memory;
    return 0;
}
