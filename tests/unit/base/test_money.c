/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of core/base/money.c, core/base/time.c and core/base/env.c: amounts, periods, the calendar,
 * chance. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/base/money.h"
#include "core/base/time.h"
#include "core/base/env.h"

static void test_money__digits_are_kept_exactly(void **state)
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

static void test_money__what_cannot_be_kept_is_refused(void **state)
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

static void test_money__period_is_a_count_and_a_unit(void **state)
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

static void test_time__vendors_spellings_are_read(void **state)
{
    static const struct {
        const char *text;
        int offset_s;
        int64_t time;
    } rows[] = {
        { "2022-08-22 16:41:28", 28800, 1661157688 },
        { "2022-08-22T16:41:28", 28800, 1661157688 },
        { "2022-08-22T16:41:28+08:00", 0, 1661157688 },
        { "2022-08-22T16:41:28+0800", 0, 1661157688 },
        { "2022-08-22T08:41:28Z", 28800, 1661157688 },
        { "2022-08-22T08:41:28.123456789Z", 0, 1661157688 },
        { "2022-08-22T00:41:28-08:00", 0, 1661157688 },
        { "2022-08-22", 28800, 1661097600 },
        { "1970-01-01T00:00:00Z", 0, 0 },
        { "1969-12-31T23:59:59Z", 0, -1 },
        { "2024-02-29", 0, 1709164800 },
        { "2000-02-29T12:00:00Z", 0, 951825600 },
        { "2099-01-01 00:00:00", 28800, 4070880000 },
        { "9999-12-31T23:59:59Z", 0, 253402300799 },
        { "0001-01-01T00:00:00Z", 0, -62135596800 },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        int64_t time = 1;

        assert_int_equal(cc_time_read(rows[i].text, rows[i].offset_s, &time, NULL), CLOUD_OK);
        assert_true(time == rows[i].time);
    }
}

static void test_time__what_is_no_time_is_refused(void **state)
{
    static const char *const texts[] = {
        "",
        "0",
        "2022",
        "2022-02-30",
        "2023-02-29",
        "1900-02-29",
        "2022-13-01",
        "2022-00-01",
        "2022-01-00",
        "2022-01-32",
        "0000-01-01",
        "0000-00-00 00:00:00",
        "2022-01-01 24:00:00",
        "2022-01-01 00:60:00",
        "2022-01-01 00:00:60",
        "2022-01-01 00:00",
        "2022-01-01T00:00:00z",
        "2022-01-01T00:00:00.Z",
        "2022-01-01T00:00:00+8",
        "2022-01-01T00:00:00+24:00",
        "2022-01-01T00:00:00+08:60",
        "2022-01-01T00:00:00Zx",
        "2022-01-01 ",
        "2022-01-01  00:00:00",
        "2022/01/01 00:00:00",
        " 2022-01-01",
        "2022-1-1",
        "-2022-01-01",
        "tomorrow",
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(texts); i++) {
        int64_t time = 5;
        struct cloud_error err;

        assert_int_equal(cc_time_read(texts[i], 0, &time, &err), CLOUD_EINVAL);
        assert_int_equal(time, 5);
        assert_int_equal(err.code, CLOUD_EINVAL);
    }
    assert_int_equal(cc_time_read(NULL, 0, &(int64_t){ 0 }, NULL), CLOUD_EINVAL);
}

static void test_time__http_dates_are_read(void **state)
{
    static const char *const bad[] = { "",
                                       "Sun, 06 Nov 1994 08:49:37",
                                       "Sun, 06 Nov 1994 08:49:37 UTC",
                                       "Sun, 31 Feb 1994 08:49:37 GMT",
                                       "Sun, 6 Nov 1994 08:49:37 GMT",
                                       "06 Nov 1994 08:49:37 GMT",
                                       "Sun, 06 nov 1994 08:49:37 GMT" };
    int64_t time = 0;

    (void)state;
    assert_int_equal(cc_http_date_read("Sun, 06 Nov 1994 08:49:37 GMT", &time, NULL), CLOUD_OK);
    assert_true(time == 784111777);
    for (size_t i = 0; i < CC_COUNT(bad); i++)
        assert_int_equal(cc_http_date_read(bad[i], &time, NULL), CLOUD_EINVAL);
    assert_int_equal(cc_http_date_read(NULL, &time, NULL), CLOUD_EINVAL);
}

static void test_time__is_written_and_read_back(void **state)
{
    static const int64_t times[] = { 1, -1, 1661157688, 951825600, 253402300799, -62135596800 };
    char basic[CC_TIME_BASIC_MAX], shown[CLOUD_TIME_MAX];
    int64_t time;

    (void)state;
    cc_time_basic(1550141114, basic);
    assert_string_equal(basic, "20190214T104514Z");
    for (size_t i = 0; i < CC_COUNT(times); i++) {
        assert_int_equal(cloud_time_parse(cloud_time_format(times[i], shown), &time, NULL),
                         CLOUD_OK);
        assert_true(time == times[i]);
    }
    assert_string_equal(cloud_time_format(CLOUD_TIME_NONE, shown), "-");
    assert_string_equal(cloud_time_format(INT64_MAX / 2, shown), "9999-12-31T23:59:59Z");
    assert_string_equal(cloud_time_format(INT64_MIN / 2, shown), "0001-01-01T00:00:00Z");
    assert_int_equal(cloud_time_parse("1661157688", &time, NULL), CLOUD_OK);
    assert_true(time == 1661157688);
    assert_int_equal(cloud_time_parse("99999999999999999999", &time, NULL), CLOUD_EINVAL);
    assert_int_equal(cloud_time_parse("", &time, NULL), CLOUD_EINVAL);
    assert_int_equal(cloud_time_parse("-", &time, NULL), CLOUD_EINVAL);
    assert_int_equal(cloud_time_parse("12x", &time, NULL), CLOUD_EINVAL);
}

/* Every day from year 1 to 9999, against counting on by one. */
static void test_time__calendar_has_no_gap(void **state)
{
    struct cc_date date = { .year = 1, .month = 1, .day = 1 };
    int64_t time = -62135596800;

    (void)state;
    while (date.year < 10000) {
        struct cc_date back = cc_date_of(time + 86399, 0);

        if (cc_time_of(date, 0) != time || back.year != date.year || back.month != date.month ||
            back.day != date.day || back.second != 59)
            fail_msg("%lld-%d-%d", (long long)date.year, date.month, date.day);
        time += 86400;
        if (++date.day > cc_days_in_month(date.year, date.month)) {
            date.day = 1;
            date.year += date.month == 12;
            date.month = date.month % 12 + 1;
        }
    }
    assert_true(time == 253402300800);
}

static void test_time__months_end_with_their_last_day(void **state)
{
    static const struct {
        const char *from;
        struct cloud_period period;
        const char *to;
    } rows[] = {
        { "2024-01-31 10:00:00", { 1, CLOUD_PERIOD_MONTH }, "2024-02-29 10:00:00" },
        { "2023-01-31 10:00:00", { 1, CLOUD_PERIOD_MONTH }, "2023-02-28 10:00:00" },
        { "2023-01-31 10:00:00", { 2, CLOUD_PERIOD_MONTH }, "2023-03-31 10:00:00" },
        { "2023-12-01 00:00:00", { 1, CLOUD_PERIOD_MONTH }, "2024-01-01 00:00:00" },
        { "2024-02-29 00:00:00", { 1, CLOUD_PERIOD_YEAR }, "2025-02-28 00:00:00" },
        { "2024-02-29 00:00:00", { 4, CLOUD_PERIOD_YEAR }, "2028-02-29 00:00:00" },
        { "2023-03-31 00:00:00", { -1, CLOUD_PERIOD_MONTH }, "2023-02-28 00:00:00" },
        { "2023-01-15 00:00:00", { -13, CLOUD_PERIOD_MONTH }, "2021-12-15 00:00:00" },
        { "2023-01-31 23:00:00", { 1, CLOUD_PERIOD_DAY }, "2023-02-01 23:00:00" },
        { "2023-01-31 23:00:00", { 2, CLOUD_PERIOD_HOUR }, "2023-02-01 01:00:00" },
        { "2023-01-31 23:00:00", { 7, CLOUD_PERIOD_NONE }, "2023-01-31 23:00:00" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        int64_t from, to;

        assert_int_equal(cc_time_read(rows[i].from, 28800, &from, NULL), CLOUD_OK);
        assert_int_equal(cc_time_read(rows[i].to, 28800, &to, NULL), CLOUD_OK);
        assert_true(cc_time_add_period(from, rows[i].period, 28800) == to);
    }
}

static void test_world__jitter_stays_within_its_limit(void **state)
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

static void test_world__nonces_are_uuids_and_clocks_run(void **state)
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
        cmocka_unit_test(test_money__digits_are_kept_exactly),
        cmocka_unit_test(test_money__what_cannot_be_kept_is_refused),
        cmocka_unit_test(test_money__period_is_a_count_and_a_unit),
        cmocka_unit_test(test_time__vendors_spellings_are_read),
        cmocka_unit_test(test_time__what_is_no_time_is_refused),
        cmocka_unit_test(test_time__http_dates_are_read),
        cmocka_unit_test(test_time__is_written_and_read_back),
        cmocka_unit_test(test_time__calendar_has_no_gap),
        cmocka_unit_test(test_time__months_end_with_their_last_day),
        cmocka_unit_test(test_world__jitter_stays_within_its_limit),
        cmocka_unit_test(test_world__nonces_are_uuids_and_clocks_run),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
