/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the money of CapitalOnline's ECS emulator: terms, days, arrears, renewals, upgrades.
 * Charges equal quotes. */
#include "tests/emulator/ecs_steps.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct moment {
    int year, month, day, hour;
};

static bool is_leap(int year)
{
    return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static int days_in(int year, int month)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

    return month == 2 && is_leap(year) ? 29 : days[month - 1];
}

/* Returns the Unix time of a moment in UTC+8. It counts day by day, without the C library. */
static int64_t seconds_of(struct moment at)
{
    int64_t days = 0;

    for (int year = 1970; year < at.year; year++)
        days += is_leap(year) ? 366 : 365;
    for (int month = 1; month < at.month; month++)
        days += days_in(at.year, month);
    return (days + at.day - 1) * 86400 + (at.hour - 8) * 3600;
}

static void advance_to(struct co_client *client, struct moment moment)
{
    advance(client, seconds_of(moment) - emulated_now(client));
}

/* Returns the first characters of the end of a term. Up to ten minutes may pass while the test
 * runs. The end is n calendar months later, or n - 1 months after the month's end. */
static void end_of_term(struct moment from, int months, bool to_month_end, char ret[32])
{
    int month = from.month - 1 + months, year = from.year + month / 12, day = from.day;

    month = month % 12 + 1;
    if (day > days_in(year, month))
        day = days_in(year, month);
    if (to_month_end)
        snprintf(ret, 32, "%04d-%02d-01 00:00:00", year, month);
    else
        snprintf(ret, 32, "%04d-%02d-%02d %02d:0", year, month, day, from.hour);
}

/* Calculates the price of a term from the price of a month, by the rules at the top of the
 * emulator's ecs/price.c. */
static int64_t price_of_term(int64_t month, struct moment from, int months, bool to_month_end)
{
    int days = days_in(from.year, from.month);
    int64_t ret = months < 12 ? months * month : months / 12 * 10 * month;

    if (to_month_end)
        ret += month * (days - from.day + 1) / days / CENT * CENT - month;
    return ret;
}

static void check_term(struct co_client *client, struct moment from, int64_t month, int months,
                       bool to_month_end)
{
    char more[96], expected[32];
    struct made made;
    int64_t quoted;

    snprintf(more, sizeof(more), "\"BillingMethod\":\"1\",\"Duration\":%d,\"IsToMonth\":%d", months,
             to_month_end);
    quoted = price(client, more);
    assert_string_equal(co_text(client, "/Data/PriceUnit"), months < 12 ? "月" : "年");
    assert_int_equal(quoted, price_of_term(month, from, months, to_month_end));
    made = create(client, more);
    assert_int_equal(charged(client, made.id, ""), quoted);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    end_of_term(from, months, to_month_end, expected);
    if (strncmp(co_text(client, "/Data/EndBillTime"), expected, strlen(expected)) != 0)
        fail_msg("%d months from day %d: %s, not %s", months, from.day,
                 co_text(client, "/Data/EndBillTime"), expected);
    assert_int_equal(co_int(client, "/Data/Duration"), months);
    assert_string_equal(co_text(client, "/Data/BillingInfo/BillCycleId"),
                        months < 12 ? "month" : "year");
}

static void test_ecs__terms_from_every_kind_of_day(void **state)
{
    static const struct {
        int month, day;
    } starts[] = { { 1, 1 },  { 1, 15 }, { 1, 28 }, { 1, 29 },
                   { 1, 30 }, { 1, 31 }, { 2, 29 }, { 12, 31 } };
    static const int lengths[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36 };
    struct co_client *client = *state;
    time_t now = time(NULL);
    int year = gmtime(&now)->tm_year + 1900 + 1;

    while (!is_leap(year))
        year++;
    for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++) {
        struct moment from = { year, starts[i].month, starts[i].day, 15 };
        int64_t month;

        advance_to(client, from);
        month = price(client, "\"BillingMethod\":\"1\",\"IsToMonth\":0");
        for (size_t k = 0; k < sizeof(lengths) / sizeof(lengths[0]); k++) {
            check_term(client, from, month, lengths[k], false);
            check_term(client, from, month, lengths[k], true);
        }
        assert_int_equal(co_control(client, "POST", "reset", "{}"), 200);
    }
}

static void test_ecs__month_end_is_the_default(void **state)
{
    struct co_client *client = *state;
    int64_t quoted = price(client, "\"BillingMethod\":\"1\"");
    struct made made = create(client, "\"BillingMethod\":\"1\"");

    assert_int_equal(charged(client, made.id, ""), quoted);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_string_equal(co_text(client, "/Data/EndBillTime") + 7, "-01 00:00:00");
    assert_string_equal(co_text(client, "/Data/IsAutoRenewal"), "1");
    assert_string_equal(co_text(client, "/Data/BillingInfo/BillingMethodName"), "包年包月");
}

static void test_ecs__postpaid_days_are_charged_as_quoted(void **state)
{
    struct co_client *client = *state;
    int64_t day = price(client, "\"BillingMethod\":\"0\"");
    struct made made = created(client, "\"BillingMethod\":\"0\",\"Number\":2");

    assert_int_equal(price(client, "\"BillingMethod\":\"0\",\"Number\":3"), 3 * day);
    assert_string_equal(co_text(client, "/Data/PriceUnit"), "天");
    assert_string_equal(co_text(client, "/Data/PriceSymbol"), "￥");
    assert_int_equal(day, (2 * 180 + 4 * 90 + 40 * 4) * CENT);
    assert_int_equal(charged(client, made.id, "usage"), day);
    advance(client, 86000);
    assert_int_equal(charged(client, made.id, "usage"), day);
    advance(client, 9 * 86400 + 500);
    assert_int_equal(charged(client, made.id, "usage"), 11 * day);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_string_equal(co_text(client, "/Data/EndBillTime"), "2099-01-01 00:00:00");
    assert_int_equal(balance(client) + 22 * day, INT64_C(1000000) * 1000000);
}

static void test_ecs__arrears_and_a_new_balance(void **state)
{
    struct co_client *client = *state;
    struct made made = created(client, "\"BillingMethod\":\"0\"");

    co_control(client, "POST", "world", "{\"balance\":\"1.00\"}");
    advance(client, 86400);
    status_is(client, made.id, "recycling");
    operate(client, made.id, "start_up_ecs");
    refused(client, 403, WRONG_STATE);
    co_control(client, "POST", "world", "{\"balance\":\"100.00\"}");
    co_control(client, "POST", "timeline", "{\"transition\":\"recover\",\"seconds\":3600}");
    advance(client, 86400);
    status_is(client, made.id, "cancel_recycling");
    advance(client, 3600);
    status_is(client, made.id, "shutdown");
    co_control(client, "POST", "world", "{\"balance\":\"0.00\"}");
    advance(client, 9 * 86400);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    refused(client, 404, "InvalidResourceId.NotFound");
}

static void test_ecs__the_end_of_a_prepaid_term(void **state)
{
    struct co_client *client = *state;
    int64_t month = price(client, "\"BillingMethod\":\"1\",\"IsToMonth\":0");
    struct made ends =
        created(client, "\"BillingMethod\":\"1\",\"IsToMonth\":0,\"IsAutoRenewal\":0");
    struct made renews = created(client, "\"BillingMethod\":\"1\",\"IsToMonth\":0");
    char first[32];

    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", renews.id);
    snprintf(first, sizeof(first), "%s", co_text(client, "/Data/EndBillTime"));
    advance(client, 32 * 86400);
    status_is(client, ends.id, "recycling");
    status_is(client, renews.id, "running");
    assert_int_equal(charged(client, renews.id, "auto_renew"), month);
    assert_int_equal(charged(client, ends.id, "auto_renew"), 0);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", renews.id);
    assert_string_not_equal(co_text(client, "/Data/EndBillTime"), first);
    assert_string_equal(co_text(client, "/Data/EndBillTime") + 10, first + 10);
    advance(client, 8 * 86400);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", ends.id);
    refused(client, 404, "InvalidResourceId.NotFound");
}

static void test_ecs__test_money_pays_for_test_instances(void **state)
{
    struct co_client *client = *state;
    int64_t day = price(client, "\"BillingMethod\":\"0\"");
    struct made made = created(client, "\"BillingMethod\":\"0\",\"TestAccount\":\"kvmtest\"");

    co_call(client, "GET", ECS, "DescribeAccountSubject", NULL);
    assert_int_equal(co_money(client, "/Data/1/Balance"), 100001 * CENT - day);
    co_control(client, "GET", "ledger", NULL);
    assert_string_equal(co_text(client, "/charges/0/account"), "subject/kvmtest");
    assert_string_equal(co_text(client, "/charges/0/resource_id"), made.id);
}

static void test_ecs__spot_instances_need_a_sufficient_bid(void **state)
{
    struct co_client *client = *state;
    int64_t day = price(client, "\"BillingMethod\":\"0\""), least;
    struct made made;

    least = price(client, "\"BillingMethod\":\"3\"");
    assert_int_equal(co_money(client, "/Data/SpotStdAmount"), least);
    assert_int_equal(co_money(client, "/Data/DemandStdAmount"), day);
    made = created(client, "\"BillingMethod\":\"3\",\"SpotType\":\"bid\",\"SpotAmount\":\"5.00\"");
    assert_int_equal(charged(client, made.id, ""), 500 * CENT);
    stop(client, made.id);
    co_call(client, "POST", ECS, "ChangeInstanceConfigure",
            "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"EcsFamilyName\":\"Cpu计算型C4\",\"Cpu\":4,"
            "\"Ram\":8,\"EcsIds\":[\"%s\"]}",
            made.id);
    refused(client, 403, "InvalidOperation");
}

static int change(struct co_client *client, const char *id, const char *family, int cpu, int ram,
                  int gpu)
{
    return co_call(client, "POST", ECS, "ChangeInstanceConfigure",
                   "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"EcsFamilyName\":\"%s\",\"Cpu\":%d,"
                   "\"Ram\":%d,\"Gpu\":%d,"
                   "\"EcsIds\":[\"%s\"]}",
                   family, cpu, ram, gpu, id);
}

static void test_ecs__a_prepaid_upgrade_costs_the_difference(void **state)
{
    struct co_client *client = *state;
    int64_t small = price(client, "\"BillingMethod\":\"1\",\"IsToMonth\":0");
    int64_t large = price(client, "\"BillingMethod\":\"1\",\"IsToMonth\":0,\"Cpu\":4,\"Ram\":8");
    struct made made = created(client, "\"BillingMethod\":\"1\",\"IsToMonth\":0,\"Duration\":2");
    int64_t days, expected;
    struct tm end = { 0 };

    change(client, made.id, "Cpu计算型C4", 4, 8, 0);
    refused(client, 403, WRONG_STATE);
    stop(client, made.id);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_non_null(strptime(co_text(client, "/Data/EndBillTime"), "%Y-%m-%d %H:%M:%S", &end));
    days = ((int64_t)timegm(&end) - 8 * 3600 - emulated_now(client) + 86399) / 86400;
    expected = (large - small) * days / 30 / CENT * CENT;
    assert_int_equal(change(client, made.id, "Cpu计算型C4", 4, 8, 0), 200);
    assert_int_equal(charged(client, made.id, "upgrade"), expected);
    status_is(client, made.id, "updating");
    advance(client, DONE);
    status_is(client, made.id, "shutdown");
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_int_equal(co_int(client, "/Data/EcsRule/CpuNum"), 4);
    assert_int_equal(co_int(client, "/Data/EcsRule/Ram"), 8);
    change(client, made.id, "Cpu计算型C4", 2, 4, 0);
    refused(client, 403, "InvalidOperation");
    change(client, made.id, "Cpu计算型C4", 4, 8, 0);
    refused(client, 403, "InvalidOperation");
    co_control(client, "POST", "timeline", "{\"transition\":\"resize\",\"outcome\":\"error\"}");
    assert_int_equal(change(client, made.id, "Cpu计算型C4", 8, 16, 0), 200);
    advance(client, DONE);
    assert_int_equal(charged(client, made.id, "upgrade") + charged(client, made.id, "refund"),
                     expected);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_int_equal(co_int(client, "/Data/EcsRule/CpuNum"), 4);
}

static void test_ecs__rules_of_changing_a_configuration(void **state)
{
    struct co_client *client = *state;
    struct made cloud = created(client, "\"BillingMethod\":\"0\"");
    struct made local = created(
        client, "\"BillingMethod\":\"0\",\"SystemDisk\":{\"DiskFeature\":\"local\",\"Size\":50}");
    struct made gpu = created(
        client, "\"BillingMethod\":\"0\",\"EcsFamilyName\":\"专业渲染型rp3\",\"Cpu\":16,\"Ram\":32,"
                "\"Gpu\":1");

    stop(client, cloud.id);
    stop(client, local.id);
    stop(client, gpu.id);
    change(client, cloud.id, "专业渲染型rp3", 16, 32, 1);
    refused(client, 403, "InvalidOperation");
    change(client, gpu.id, "极速渲染型re3", 12, 24, 1);
    refused(client, 403, "InvalidOperation");
    change(client, local.id, "Cpu计算型C3", 4, 8, 0);
    refused(client, 403, "InvalidOperation");
    change(client, cloud.id, "Cpu计算型C3", 3, 8, 0);
    refused(client, 400, "InvalidInstanceSpec.ValueNotSupported");
    change(client, cloud.id, "none", 4, 8, 0);
    refused(client, 400, "InvalidInstanceType.ValueNotSupported");
    co_call(client, "POST", ECS, "ChangeInstanceConfigure",
            "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"EcsFamilyName\":\"Cpu计算型C4\",\"Cpu\":4,"
            "\"Ram\":8,"
            "\"EcsIds\":[\"%s\",\"%s\"]}",
            cloud.id, local.id);
    refused(client, 403, "InvalidOperation");
    assert_int_equal(change(client, cloud.id, "Cpu计算型C3", 2, 4, 0), 200);
    assert_int_equal(change(client, local.id, "Cpu计算型C4", 1, 2, 0), 200);
    assert_int_equal(change(client, gpu.id, "专业渲染型rp2", 32, 64, 2), 200);
    advance(client, DONE);
    assert_int_equal(charged(client, cloud.id, "upgrade"), 0);
    co_call(client, "GET", ECS, "DescribeInstanceList", "{\"EcsIds\":\"%s,%s\"}", cloud.id, gpu.id);
    assert_int_equal(co_count(client, "/Data/EcsList"), 2);
    assert_string_equal(co_text(client, "/Data/EcsList/0/EcsFamilyName"), "CPU计算型C3");
    assert_true(yyjson_get_bool(at(client, "/Data/EcsList/1/IsGpu")));
    assert_string_equal(co_text(client, "/Data/EcsList/1/CardName"), "NVIDIA RTX A5000");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_ecs__terms_from_every_kind_of_day),
        TEST(test_ecs__month_end_is_the_default),
        TEST(test_ecs__postpaid_days_are_charged_as_quoted),
        TEST(test_ecs__arrears_and_a_new_balance),
        TEST(test_ecs__the_end_of_a_prepaid_term),
        TEST(test_ecs__test_money_pays_for_test_instances),
        TEST(test_ecs__spot_instances_need_a_sufficient_bid),
        TEST(test_ecs__a_prepaid_upgrade_costs_the_difference),
        TEST(test_ecs__rules_of_changing_a_configuration),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
