/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/buffer.c and core/base/memory.h: buffers, their ceilings and sticky failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/buffer.h"
#include "core/base/memory.h"

static void test_buffer__it_grows_and_stays_terminated(void **state)
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

static void test_buffer__long_text_is_formatted_whole(void **state)
{
    cc_auto_buf struct cc_buf buf = { 0 };

    (void)state;
    cc_buf_printf(&buf, "%0*d|", 5000, 1);
    assert_int_equal(buf.len, 5001);
    assert_string_equal(buf.data + 4999, "1|");
    cc_buf_puts_all(&buf, "a", "", "bc", NULL);
    assert_string_equal(buf.data + 4999, "1|abc");
}

static void test_buffer__a_failure_at_the_ceiling_is_sticky(void **state)
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
    assert_false(buf.failed); /* the buffer is empty again and keeps its ceiling */
    cc_buf_printf(&buf, "%d", 123456);
    assert_true(buf.failed);
    cc_buf_reset(&buf);
    cc_buf_puts(&buf, "ok");
    assert_string_equal(buf.data, "ok");
}

static void test_buffer__an_impossible_size_fails(void **state)
{
    cc_auto_buf struct cc_buf buf = { 0 };

    (void)state;
    cc_buf_puts(&buf, "x");
    cc_buf_add(&buf, "y", SIZE_MAX);
    assert_true(buf.failed);
    assert_string_equal(buf.data, "x");
}

static void test_buffer__an_empty_buffer_gives_an_empty_string(void **state)
{
    struct cc_buf buf = { 0 };
    cc_auto_free char *text = cc_buf_take(&buf);

    (void)state;
    assert_non_null(text);
    assert_string_equal(text, "");
    assert_null(buf.data);
}

static void test_buffer__take_leaves_a_null_pointer(void **state)
{
    cc_auto_free char *kept = NULL;
    cc_auto_free char *text = strdup("mine");

    (void)state;
    kept = cc_take(text);
    assert_null(text);
    assert_string_equal(kept, "mine");
    cc_free_secret(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_buffer__it_grows_and_stays_terminated),
        cmocka_unit_test(test_buffer__long_text_is_formatted_whole),
        cmocka_unit_test(test_buffer__a_failure_at_the_ceiling_is_sticky),
        cmocka_unit_test(test_buffer__an_impossible_size_fails),
        cmocka_unit_test(test_buffer__an_empty_buffer_gives_an_empty_string),
        cmocka_unit_test(test_buffer__take_leaves_a_null_pointer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
