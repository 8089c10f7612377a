/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/env.c: the real random source, nonces and clocks. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/env.h"

static void test_env__jitter_stays_within_its_limit(void **state)
{
    unsigned seen = 0;

    (void)state;
    for (int i = 0; i < 1000; i++) {
        uint32_t value = cc_real_env.jitter(NULL, 3);

        assert_true(value <= 3);
        seen |= 1U << value;
    }
    assert_int_equal(seen, 15);
    assert_int_equal(cc_real_env.jitter(NULL, 0), 0);
    cc_real_env.jitter(NULL, UINT32_MAX);
}

static void test_env__nonces_are_uuids_and_clocks_run(void **state)
{
    char first[37], second[37];
    int64_t before = cc_real_env.tick_ms(NULL);

    (void)state;
    cc_real_env.nonce(NULL, first);
    cc_real_env.nonce(NULL, second);
    assert_int_equal(strlen(first), 36);
    assert_int_equal(first[14], '4');
    assert_int_equal(strspn(first, "0123456789abcdef-"), 36);
    assert_string_not_equal(first, second);
    cc_real_env.sleep_ms(NULL, 5);
    cc_real_env.sleep_ms(NULL, -1);
    assert_true(cc_real_env.tick_ms(NULL) - before >= 5);
    assert_true(cc_real_env.now_ms(NULL) > INT64_C(1600000000000));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_env__jitter_stays_within_its_limit),
        cmocka_unit_test(test_env__nonces_are_uuids_and_clocks_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
