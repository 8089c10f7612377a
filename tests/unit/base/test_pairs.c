/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/pairs.c: lists of names and values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/pairs.h"

static void test_pairs__the_order_is_kept_and_case_ignored(void **state)
{
    struct cc_pairs pairs = { 0 };

    (void)state;
    for (int i = 0; i < 20; i++)
        cc_pairs_add(&pairs, i % 2 ? "Even" : "odd", i == 7 ? NULL : "v");
    assert_int_equal(pairs.count, 20);
    assert_string_equal(pairs.items[7].value, "");
    cc_pairs_set(&pairs, "EVEN", "first");
    assert_int_equal(pairs.count, 20);
    assert_string_equal(pairs.items[1].value, "first");
    assert_string_equal(pairs.items[1].name, "Even");
    assert_string_equal(cc_pairs_find(&pairs, "even"), "first");
    assert_null(cc_pairs_find(&pairs, "eve"));
    cc_pairs_set(&pairs, "new", "x");
    assert_int_equal(pairs.count, 21);
    cc_pairs_clear(&pairs);
    assert_int_equal(pairs.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pairs__the_order_is_kept_and_case_ignored),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
