/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/time.c: times of vendors and of HTTP, the calendar, periods added to a time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/base/time.h"

static void test_time__the_formats_of_all_vendors_are_read(void **state)
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

static void test_time__a_text_that_is_no_time_is_refused(void **state)
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

static void test_time__a_time_is_written_and_read_back(void **state)
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

/* Compares every day from year 1 to 9999 with a count by one. */
static void test_time__the_calendar_has_no_gap(void **state)
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

static void test_time__a_period_of_months_ends_at_the_latest_on_the_last_day(void **state)
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_time__the_formats_of_all_vendors_are_read),
        cmocka_unit_test(test_time__a_text_that_is_no_time_is_refused),
        cmocka_unit_test(test_time__http_dates_are_read),
        cmocka_unit_test(test_time__a_time_is_written_and_read_back),
        cmocka_unit_test(test_time__the_calendar_has_no_gap),
        cmocka_unit_test(test_time__a_period_of_months_ends_at_the_latest_on_the_last_day),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
