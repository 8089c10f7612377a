/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/arena.c: allocations, adopted objects and arrays that grow. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/arena.h"
#include "core/base/memory.h"

static void count_release(void *what)
{
    int *place = *(int **)what;

    *place = *place * 10 + 1;
}

static void test_arena__memory_is_zeroed_aligned_and_released(void **state)
{
    struct cc_arena *arena = cc_arena_new();
    int released = 0;
    int *place = &released;

    (void)state;
    assert_non_null(arena);
    for (size_t size = 0; size < 20000; size = size * 2 + 1) {
        unsigned char *memory = cc_arena_alloc(arena, size);

        assert_non_null(memory);
        assert_int_equal((uintptr_t)memory % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(memory[i], 0);
        memset(memory, 0xff, size);
    }
    assert_null(cc_arena_alloc(arena, SIZE_MAX));
    assert_null(cc_arena_strdup(arena, NULL));
    assert_string_equal(cc_arena_strdup(arena, "text"), "text");
    assert_string_equal(cc_arena_strndup(arena, "text", 2), "te");
    assert_string_equal(cc_arena_printf(arena, "%d%%", 50), "50%");
    assert_true(cc_arena_adopt(arena, &place, count_release));
    assert_true(cc_arena_adopt(arena, &place, count_release));
    assert_int_equal(released, 0);
    cc_arena_free(arena);
    assert_int_equal(released, 11);
    cc_arena_free(NULL);
}

/* As pages of a listing are read: the array moves seldom, and its old memory is released. */
static void test_arena__an_array_grows_in_place(void **state)
{
    struct cc_arena *arena = cc_arena_new();
    unsigned char *array = NULL, *before;
    size_t size = 0, moved = 0;

    (void)state;
    assert_non_null(arena);
    for (size_t more = 2000; size < 400000; size += more) {
        before = array;
        array = cc_arena_grow(arena, array, size, size + more);
        assert_non_null(array);
        assert_non_null(cc_arena_alloc(arena, 5000)); /* another allocation follows each growth */
        moved += array != before;
        for (size_t i = 0; i < more; i++)
            assert_int_equal(array[size + i], 0);
        memset(array + size, (int)(size / more % 200 + 1), more);
    }
    assert_in_range(moved, 1, 10);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(array[i], i / 2000 % 200 + 1);
    before = cc_arena_grow(arena, array, 0, 3000); /* a used size of 0 starts again */
    assert_ptr_equal(before, array);
    for (size_t i = 0; i < 3000; i++)
        assert_int_equal(array[i], 0);
    before = cc_arena_alloc(arena, 16); /* it shares a chunk, so it must be copied */
    memset(before, 7, 16);
    array = cc_arena_grow(arena, before, 16, 64);
    assert_true(array != before && array[15] == 7 && array[16] == 0 && before[0] == 7);
    assert_null(cc_arena_grow(arena, array, 64, SIZE_MAX));
    cc_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arena__memory_is_zeroed_aligned_and_released),
        cmocka_unit_test(test_arena__an_array_grows_in_place),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
