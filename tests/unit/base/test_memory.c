/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of core/base/memory.c and core/base/error.c: buffers and ceilings, arena, small files,
 * error texts. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <errno.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

static void test_mem__buffer_grows_and_stays_terminated(void **state)
{
    cc_auto_buf struct cc_buf buf = { 0 };

    (void)state;
    assert_string_equal(cc_buf_text(&buf), "");
    for (int i = 0; i < 3000; i++) {
        cc_buf_putc(&buf, (char)('a' + i % 26));
        assert_int_equal(strlen(buf.data), buf.len);
    }
    assert_int_equal(buf.len, 3000);
    assert_int_equal(buf.data[2999], 'a' + 2999 % 26);
    for (int i = 0; i < CC_BUF_SPARE; i++)
        assert_int_equal(buf.data[buf.len + (size_t)i], 0);
    cc_buf_printf(&buf, "%s-%d", "x", 7);
    assert_string_equal(buf.data + 3000, "x-7");
    assert_false(buf.failed);
}

static void test_mem__long_text_is_formatted_whole(void **state)
{
    cc_auto_buf struct cc_buf buf = { 0 };

    (void)state;
    cc_buf_printf(&buf, "%0*d|", 5000, 1);
    assert_int_equal(buf.len, 5001);
    assert_string_equal(buf.data + 4999, "1|");
    cc_buf_puts_all(&buf, "a", "", "bc", NULL);
    assert_string_equal(buf.data + 4999, "1|abc");
}

static void test_mem__ceiling_fails_and_sticks(void **state)
{
    cc_auto_buf struct cc_buf buf = { 0 };

    (void)state;
    cc_buf_init(&buf, 5);
    cc_buf_puts(&buf, "12345");
    assert_false(buf.failed);
    cc_buf_putc(&buf, '6');
    assert_true(buf.failed);
    assert_string_equal(buf.data, "12345");
    cc_buf_printf(&buf, "%s", "");
    assert_true(buf.failed);
    assert_null(cc_buf_take(&buf));
    assert_false(buf.failed); /* taken: empty again, the ceiling kept */
    cc_buf_printf(&buf, "%d", 123456);
    assert_true(buf.failed);
    cc_buf_reset(&buf);
    cc_buf_puts(&buf, "ok");
    assert_string_equal(buf.data, "ok");
}

static void test_mem__impossible_size_fails(void **state)
{
    cc_auto_buf struct cc_buf buf = { 0 };

    (void)state;
    cc_buf_puts(&buf, "x");
    cc_buf_add(&buf, "y", SIZE_MAX);
    assert_true(buf.failed);
    assert_string_equal(buf.data, "x");
}

static void test_mem__empty_buffer_hands_over_an_empty_string(void **state)
{
    struct cc_buf buf = { 0 };
    cc_auto_free char *text = cc_buf_take(&buf);

    (void)state;
    assert_non_null(text);
    assert_string_equal(text, "");
    assert_null(buf.data);
}

static void count_release(void *what)
{
    int *place = *(int **)what;

    *place = *place * 10 + 1;
}

static void test_mem__arena_is_zeroed_aligned_and_releases(void **state)
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

static void test_mem__take_leaves_nothing(void **state)
{
    cc_auto_free char *kept = NULL;
    cc_auto_free char *text = strdup("mine");

    (void)state;
    kept = cc_take(text);
    assert_null(text);
    assert_string_equal(kept, "mine");
    cc_free_secret(NULL);
}

static void write_file(const char *path, const void *data, size_t len)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    assert_int_equal(fwrite(data, 1, len, file), len);
    assert_int_equal(fclose(file), 0);
}

static void test_mem__file_is_read_up_to_its_ceiling(void **state)
{
    char path[] = "/tmp/cloud_client_test_XXXXXX";
    int file = mkstemp(path);
    cc_auto_free char *whole = NULL;

    (void)state;
    assert_true(file >= 0);
    close(file);
    write_file(path, "12345", 5);
    whole = cc_file_read(path, 5);
    assert_string_equal(whole, "12345");
    assert_null(cc_file_read(path, 4));
    assert_int_equal(errno, EFBIG);
    write_file(path, "a\0b", 3);
    assert_null(cc_file_read(path, 100));
    assert_int_equal(errno, EILSEQ);
    unlink(path);
    assert_null(cc_file_read(path, 100));
    assert_int_equal(errno, ENOENT);
    assert_null(cc_file_read("/", 100));
    assert_int_equal(errno, EISDIR);
}

static void test_mem__utf8_is_told_from_bytes(void **state)
{
    static const struct {
        const char *text;
        size_t length;
    } rows[] = {
        { "a", 1 },
        { "\xc3\xa9", 2 },
        { "\xe4\xb8\xad", 3 },
        { "\xf0\x9f\x98\x80", 4 },
        { "\x80", 0 },
        { "\xc3", 0 },
        { "\xc0\xaf", 0 },
        { "\xe0\x80\xaf", 0 },
        { "\xed\xa0\x80", 0 },
        { "\xf4\x90\x80\x80", 0 },
        { "\xff", 0 },
        { "", 0 },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++)
        assert_int_equal(cc_utf8_length(rows[i].text, strlen(rows[i].text)), rows[i].length);
}

static void test_error__message_may_quote_itself(void **state)
{
    struct cloud_error err = { .http_status = 500, .vendor_code = "X" };

    (void)state;
    assert_int_equal(cc_fail(&err, CLOUD_ESTATE, "it is %s", "off"), CLOUD_ESTATE);
    assert_int_equal(err.http_status, 0);
    assert_string_equal(err.vendor_code, "");
    assert_int_equal(cc_fail_param(&err, "count", "first: %s", err.message), CLOUD_EINVAL);
    assert_string_equal(err.message, "first: it is off");
    assert_string_equal(err.parameter, "count");
    assert_int_equal(cc_fail_param(&err, err.parameter, "again"), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "count");
    assert_int_equal(cc_fail(NULL, CLOUD_ENOMEM, "%d", 1), CLOUD_ENOMEM);
    cc_error_clear(NULL);
    cc_error_clear(&err);
    assert_int_equal(err.code, CLOUD_OK);
}

static void test_error__text_is_safe_to_show(void **state)
{
    char field[8];
    struct cloud_error err;

    (void)state;
    cc_error_text(field, sizeof(field), "a\x1b[1m\n\x7f");
    assert_string_equal(field, "a [1m  ");
    cc_error_text(field, sizeof(field),
                  "\xc2\x9b"
                  "31m\xff");
    assert_string_equal(field, " 31m?");
    cc_error_text(field, sizeof(field), "\xe4\xb8\xad\xe4\xb8\xad\xe4\xb8\xad");
    assert_string_equal(field, "\xe4\xb8\xad\xe4\xb8\xad"); /* cut between characters */
    cc_error_text(field, sizeof(field), NULL);
    assert_string_equal(field, "");
    cc_fail(&err, CLOUD_EVENDOR, "%0600d\n", 1);
    assert_int_equal(strlen(err.message), sizeof(err.message) - 1);
}

static void test_error__every_code_has_a_name_and_advice(void **state)
{
    (void)state;
    assert_string_equal(cloud_code_name(CLOUD_OK), "CLOUD_OK");
    assert_string_equal(cloud_code_name(CLOUD_ESTATE), "CLOUD_ESTATE");
    assert_string_equal(cloud_code_name(CLOUD_EJOURNAL), "CLOUD_EJOURNAL");
    for (int code = CLOUD_OK; code >= CLOUD_EJOURNAL; code--) {
        assert_int_equal(strncmp(cloud_code_name(code), "CLOUD_", 6), 0);
        assert_true(strlen(cloud_code_advice(code)) > 10);
    }
    assert_string_equal(cloud_code_name(1), "CLOUD_E?");
    assert_string_equal(cloud_code_name(CLOUD_EJOURNAL - 1), "CLOUD_E?");
    assert_string_equal(cloud_code_name(INT32_MIN), "CLOUD_E?");
    assert_non_null(cloud_code_advice(77));
    assert_string_equal(cloud_outcome_name(CLOUD_NOT_APPLIED), "not applied");
    assert_string_equal(cloud_outcome_name(CLOUD_APPLIED), "applied");
    assert_string_equal(cloud_outcome_name(CLOUD_OUTCOME_UNKNOWN), "unknown");
}

/* pages of a listing: the array moves seldom, and what it left is not kept */
static void test_mem__arena_grows_an_array_in_its_place(void **state)
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
        assert_non_null(cc_arena_alloc(arena, 5000)); /* something else comes in between */
        moved += array != before;
        for (size_t i = 0; i < more; i++)
            assert_int_equal(array[size + i], 0);
        memset(array + size, (int)(size / more % 200 + 1), more);
    }
    assert_in_range(moved, 1, 10);
    for (size_t i = 0; i < size; i++)
        assert_int_equal(array[i], i / 2000 % 200 + 1);
    before = cc_arena_grow(arena, array, 0, 3000); /* begun anew */
    assert_ptr_equal(before, array);
    for (size_t i = 0; i < 3000; i++)
        assert_int_equal(array[i], 0);
    before = cc_arena_alloc(arena, 16); /* shares its chunk: is copied */
    memset(before, 7, 16);
    array = cc_arena_grow(arena, before, 16, 64);
    assert_true(array != before && array[15] == 7 && array[16] == 0 && before[0] == 7);
    assert_null(cc_arena_grow(arena, array, 64, SIZE_MAX));
    cc_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_mem__buffer_grows_and_stays_terminated),
        cmocka_unit_test(test_mem__long_text_is_formatted_whole),
        cmocka_unit_test(test_mem__ceiling_fails_and_sticks),
        cmocka_unit_test(test_mem__impossible_size_fails),
        cmocka_unit_test(test_mem__empty_buffer_hands_over_an_empty_string),
        cmocka_unit_test(test_mem__arena_is_zeroed_aligned_and_releases),
        cmocka_unit_test(test_mem__arena_grows_an_array_in_its_place),
        cmocka_unit_test(test_mem__take_leaves_nothing),
        cmocka_unit_test(test_mem__file_is_read_up_to_its_ceiling),
        cmocka_unit_test(test_mem__utf8_is_told_from_bytes),
        cmocka_unit_test(test_error__message_may_quote_itself),
        cmocka_unit_test(test_error__text_is_safe_to_show),
        cmocka_unit_test(test_error__every_code_has_a_name_and_advice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
