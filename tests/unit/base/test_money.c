/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/money.c: amounts and periods. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/base/money.h"

static void test_money__amounts_are_exact(void **state)
{
    static const struct {
        const char *text;
        int64_t micros;
        const char *shown;
    } rows[] = {
        { "12.34", 12340000, "12.34 CNY" },
        { "0", 0, "0.00 CNY" },
        { "-0", 0, "0.00 CNY" },
        { "0.0", 0, "0.00 CNY" },
        { "-0.5", -500000, "-0.50 CNY" },
        { "-0.000001", -1, "-0.000001 CNY" },
        { "1e3", 1000000000, "1000.00 CNY" },
        { "1E+3", 1000000000, "1000.00 CNY" },
        { "1e-6", 1, "0.000001 CNY" },
        { "10e-7", 1, "0.000001 CNY" },
        { "123.4560000000", 123456000, "123.456 CNY" },
        { "0.1", 100000, "0.10 CNY" },
        { "1e12", 1000000000000000000, "1000000000000.00 CNY" },
        { "0.0000000001e10", 1000000, "1.00 CNY" },
        { "0e99999999999999999999", 0, "0.00 CNY" },
        { "0e-99999999999999999999", 0, "0.00 CNY" },
        { "9223372036854.775807", INT64_MAX, "9223372036854.775807 CNY" },
        { "-9223372036854.775808", INT64_MIN, "-9223372036854.775808 CNY" },
        { "00012", 12000000, "12.00 CNY" },
        { ".5", 500000, "0.50 CNY" },
        { "5.", 5000000, "5.00 CNY" },
    };
    char shown[CLOUD_MONEY_MAX];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cloud_money money = { 0 };
        struct cloud_error err = { .code = 1 };

        assert_int_equal(cloud_money_parse(rows[i].text, "CNY", &money, &err), CLOUD_OK);
        assert_int_equal(err.code, CLOUD_OK);
        assert_true(money.micros == rows[i].micros);
        assert_string_equal(money.currency, "CNY");
        assert_string_equal(cloud_money_format(money, shown), rows[i].shown);
    }
    assert_string_equal(cloud_money_format((struct cloud_money){ 0 }, shown), "-");
}

static void test_money__an_amount_that_cannot_be_stored_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "-",
        ".",
        "+1",
        " 1",
        "1 ",
        "1,5",
        "1.2.3",
        "abc",
        "0x10",
        "1e",
        "1e+",
        "1e1.5",
        "--1",
        "NaN",
        "inf",
        "1e-7",
        "0.0000001",
        "1.2345678",
        "-1e-7",
        "1e13",
        "9223372036854.775808",
        "-9223372036854.775809",
        "99999999999999999999",
        "1e99999999999999999999",
        "1e-99999999999999999999",
        "9223372036854775.807e-2",
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        struct cloud_money money = { .micros = 77 };
        struct cloud_error err = { 0 };

        assert_int_equal(cloud_money_parse(texts[i], "CNY", &money, &err), CLOUD_EINVAL);
        assert_int_equal(money.micros, 77);
        assert_int_equal(err.code, CLOUD_EINVAL);
    }
    assert_int_equal(cloud_money_parse(NULL, "CNY", &(struct cloud_money){ 0 }, NULL),
                     CLOUD_EINVAL);
    assert_int_equal(cloud_money_parse("1", "cny", &(struct cloud_money){ 0 }, NULL), CLOUD_EINVAL);
    assert_int_equal(cloud_money_parse("1", "CNYX", &(struct cloud_money){ 0 }, NULL),
                     CLOUD_EINVAL);
    assert_int_equal(cloud_money_parse("1", NULL, &(struct cloud_money){ 0 }, NULL), CLOUD_EINVAL);
}

static void test_money__a_period_is_a_count_and_a_unit(void **state)
{
    static const struct {
        const char *text;
        struct cloud_period period;
        const char *shown;
    } rows[] = {
        { "1 month", { 1, CLOUD_PERIOD_MONTH }, "1 month" },
        { "3months", { 3, CLOUD_PERIOD_MONTH }, "3 months" },
        { "2m", { 2, CLOUD_PERIOD_MONTH }, "2 months" },
        { "2 Mon", { 2, CLOUD_PERIOD_MONTH }, "2 months" },
        { "2y", { 2, CLOUD_PERIOD_YEAR }, "2 years" },
        { "1 year", { 1, CLOUD_PERIOD_YEAR }, "1 year" },
        { "10d", { 10, CLOUD_PERIOD_DAY }, "10 days" },
        { "24 hours", { 24, CLOUD_PERIOD_HOUR }, "24 hours" },
        { "2147483647h", { INT32_MAX, CLOUD_PERIOD_HOUR }, "2147483647 hours" },
    };
    static const char *const bad[] = { "",     "month", "0 months", "-1 month",    "1",   "1 week",
                                       "1.5m", "1 m m", "m1",       "2147483648h", " 1m", "1m " };
    char shown[CLOUD_PERIOD_MAX];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cloud_period period = { 0 };

        assert_int_equal(cloud_period_parse(rows[i].text, &period, NULL), CLOUD_OK);
        assert_int_equal(period.count, rows[i].period.count);
        assert_int_equal(period.unit, rows[i].period.unit);
        assert_string_equal(cloud_period_format(period, shown), rows[i].shown);
    }
    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        struct cloud_error err;

        assert_int_equal(cloud_period_parse(bad[i], &(struct cloud_period){ 0 }, &err),
                         CLOUD_EINVAL);
        assert_string_equal(err.parameter, "period");
    }
    assert_int_equal(cloud_period_parse(NULL, &(struct cloud_period){ 0 }, NULL), CLOUD_EINVAL);
    assert_string_equal(cloud_period_format((struct cloud_period){ 0 }, shown), "-");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_money__amounts_are_exact),
        cmocka_unit_test(test_money__an_amount_that_cannot_be_stored_is_refused),
        cmocka_unit_test(test_money__a_period_is_a_count_and_a_unit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
