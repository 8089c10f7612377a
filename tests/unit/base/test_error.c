/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/error.c: error messages, codes and outcomes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/error.h"

static void test_error__a_message_may_quote_the_same_error(void **state)
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

static void test_error__texts_have_no_control_characters(void **state)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error__a_message_may_quote_the_same_error),
        cmocka_unit_test(test_error__texts_have_no_control_characters),
        cmocka_unit_test(test_error__every_code_has_a_name_and_advice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
