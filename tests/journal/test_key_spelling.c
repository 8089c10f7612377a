/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that an order number with a blank or a line end more is not another purchase. */
#include "tests/journal/journal_env.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <string.h>

static void test_key__five_spellings_are_one_purchase(void **state)
{
    static const char *const spellings[] = { "order-7 ",  " order-7",        "order-7\n",
                                             "order-7\t", "order-7\xc2\xa0", "\xef\xbb\xbforder-7",
                                             "order\n7" };
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params;
    struct cloud_error err;
    struct journal_env env = { 0 };
    int charges;

    (void)state;
    journal_env_open(&env, "jdcloud", false);
    vendor_params(env.vendor, false, &params);
    params.operation_key = "order-7";
    assert_int_equal(cloud_journal_call(env.journal, env.client, CLOUD_OP_CREATE_INSTANCE, &params,
                                        &result, &err),
                     CLOUD_OK);
    charges = journal_charges(&env, "create");
    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        params.operation_key = spellings[i];
        assert_int_equal(cloud_journal_call(env.journal, env.client, CLOUD_OP_CREATE_INSTANCE,
                                            &params, &result, &err),
                         CLOUD_EINVAL);
        assert_string_equal(err.parameter, "operation_key");
        assert_non_null(strstr(err.message, "; remove it"));
        assert_int_equal(cloud_journal_quote(env.journal, env.client, CLOUD_OP_CREATE_INSTANCE,
                                             &params, &result, &err),
                         CLOUD_EINVAL);
        assert_string_equal(err.parameter, "operation_key");
        assert_non_null(strstr(err.message, "; remove it"));
    }
    assert_int_equal(journal_charges(&env, "create"), charges);
    cloud_result_clear(&result);
    journal_env_close(&env);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        test_key__five_spellings_are_one_purchase) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
