/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/utf8.c: the length of a character. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/memory.h"
#include "core/base/utf8.h"

static void test_utf8__the_length_of_a_character_is_found(void **state)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_utf8__the_length_of_a_character_is_found),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
