/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the CCS emulator's money: charges equal quotes; terms end by the calendar of UTC+8, for
 * every start day and length; postpaid use; refunds; no purchase without a balance. */
#include "tests/emulator/test_ccs.h"

#include <time.h>

enum { DAY_S = 86400, ZONE_S = 8 * 3600 };

/* 4 cores, 8 GB of CCS.C3 with 60 GB and 100 GB of ssd and 5 packs: 180 + 128 + 48 + 80 + 25. */
static const int64_t month = 461000000;

/* Adds up the charges of a kind (NULL: all). */
static int64_t charged(const char *kind)
{
    int64_t ret = 0;
    char pointer[64];

    assert_int_equal(co_control(&ccs, "GET", "ledger", NULL), 200);
    for (size_t i = 0; i < co_count(&ccs, "/charges"); i++) {
        snprintf(pointer, sizeof(pointer), "/charges/%zu/kind", i);
        if (kind && strcmp(co_text(&ccs, pointer), kind) != 0)
            continue;
        snprintf(pointer, sizeof(pointer), "/charges/%zu/amount", i);
        ret += co_money(&ccs, pointer);
    }
    return ret;
}

static int64_t quoted(const char *more)
{
    co_call(&ccs, "POST", "/ccs", "DescribeInstancePrice", "{" SPEC "," DISKS ",\"Amount\":1%s}",
            more);
    assert_int_equal(ccs.status, 200);
    return co_money(&ccs, "/Data/TotalPrice");
}

static int64_t now_s(void)
{
    struct tm parts = { 0 };

    co_control(&ccs, "GET", "clock", NULL);
    assert_non_null(strptime(co_text(&ccs, "/now"), "%Y-%m-%dT%H:%M:%SZ", &parts));
    return (int64_t)timegm(&parts);
}

struct day {
    int year, month, day; /* in UTC+8 */
};

static int days_in(int year, int month_of_year)
{
    static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
    bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;

    return days[month_of_year - 1] + (month_of_year == 2 && leap);
}

/* Returns the first second of a day, as Unix time. */
static int64_t seconds_of(struct day day)
{
    int64_t days = 0;

    for (int year = 1970; year < day.year; year++)
        days += days_in(year, 2) == 29 ? 366 : 365;
    for (int i = 1; i < day.month; i++)
        days += days_in(day.year, i);
    return (days + day.day - 1) * DAY_S - ZONE_S;
}

static struct day months_later(struct day day, int months)
{
    int index = day.year * 12 + day.month - 1 + months;
    struct day ret = { index / 12, index % 12 + 1, day.day };

    if (ret.day > days_in(ret.year, ret.month))
        ret.day = days_in(ret.year, ret.month);
    return ret;
}

/* Advances the emulated clock to a later moment. */
static void advance_to(int64_t when)
{
    int64_t left = when - now_s();

    assert_true(left >= 0);
    advance(left);
}

static void test_ccs_money__a_quote_is_what_is_charged(void **state)
{
    static const char *const orders[] = {
        ",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":1",
        ",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":10",
        ",\"InstanceChargeType\":\"PrePaid\"",
    };
    char id[40];
    int64_t before = 0;

    (void)state;
    advance_to(seconds_of((struct day){ 2031, 1, 10 }) + DAY_S / 2);
    assert_int_equal(quoted(""), month / 25);
    assert_int_equal(quoted(orders[0]), month);
    assert_int_equal(quoted(orders[1]), 10 * month);
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        int64_t price = quoted(orders[i]);

        buy(orders[i], id);
        assert_int_equal(charged(NULL) - before, price);
        before += price;
    }
    assert_int_equal(charged("create"), before);
}

static void test_ccs_money__a_dry_run_does_nothing(void **state)
{
    (void)state;
    post("CreateInstance",
         "{" SPEC "," DISKS "," IDENTITY ",\"InstanceChargeType\":\"PrePaid\",\"DryRun\":true,"
         "\"LabelNames\":[\"new\"]}");
    assert_int_equal(ccs.status, 200);
    assert_string_equal(co_text(&ccs, "/TaskId"), "");
    assert_int_equal(charged(NULL), 0);
    co_control(&ccs, "GET", "world", NULL);
    assert_int_equal(co_int(&ccs, "/objects/capitalonline_ccs~1instance"), -1);
    assert_int_equal(co_int(&ccs, "/objects/capitalonline_ccs~1tag"), -1);
    assert_int_equal(co_int(&ccs, "/objects/capitalonline_ccs~1task"), -1);
    post("CreateInstance", "{" SPEC "," IDENTITY ",\"DryRun\":true,\"Amount\":0}");
    assert_int_equal(ccs.status, 400);
}

static void test_ccs_money__nothing_is_bought_without_the_balance(void **state)
{
    char id[40];

    (void)state;
    world("{\"balance\":\"460.99\"}");
    post("CreateInstance",
         "{" SPEC "," DISKS "," IDENTITY ",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":1}");
    assert_int_equal(ccs.status, 400);
    assert_string_equal(co_code(&ccs), "NotEnoughBalance");
    assert_int_equal(charged(NULL), 0);
    world("{\"balance\":\"461.00\"}");
    buy(",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":1", id);
    assert_int_equal(charged(NULL), month);
}

static const int lengths[] = { 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36 };
enum { LENGTHS = sizeof(lengths) / sizeof(lengths[0]) };

/* Orders one of every length at noon of @start, without renewal. Each runs until its end, is
 * stopped then, and is deleted a week later. */
static void expect_terms(struct day start)
{
    int64_t noon = seconds_of(start) + DAY_S / 2, last = days_in(start.year, start.month), sum = 0,
            off;
    char more[128], ids[LENGTHS][40];

    co_open(&ccs, NULL);
    advance_to(noon);
    for (int i = 0; i < LENGTHS; i++) {
        int64_t price =
            lengths[i] ? month * lengths[i] : month * (last - start.day + 1) / last / 10000 * 10000;

        snprintf(more, sizeof(more),
                 ",\"InstanceChargeType\":\"PrePaid\",\"AutoRenew\":0,\"PrepaidMonth\":%d",
                 lengths[i]);
        assert_int_equal(quoted(more), price);
        buy(more, ids[i]);
        sum += price;
    }
    assert_int_equal(charged(NULL), sum);
    for (int i = 0; i < LENGTHS; i++) {
        off = lengths[i] ? seconds_of(months_later(start, lengths[i])) + DAY_S / 2
                         : seconds_of(months_later((struct day){ start.year, start.month, 1 }, 1));
        /* The orders took some seconds after noon. */
        advance_to(off - 60);
        assert_string_equal(state_of(ids[i]), "running");
        advance_to(off + 900);
        assert_string_equal(state_of(ids[i]), "stop");
        assert_string_equal(co_text(&ccs, "/Data/Instances/0/InstanceChargeStatus"), "arrears");
        assert_int_equal(power("StartInstance", ids[i]), 403);
    }
    advance(7 * DAY_S);
    assert_string_equal(state_of(ids[LENGTHS - 1]), "");
    co_close(&ccs);
}

static void test_ccs_money__terms_end_by_the_calendar(void **state)
{
    static const int start_days[] = { 1, 15, 28, 29, 30, 31 };

    (void)state;
    /* January has all these days, and the next month is February. */
    for (size_t i = 0; i < sizeof(start_days) / sizeof(start_days[0]); i++)
        expect_terms((struct day){ 2031, 1, start_days[i] });
}

static void test_ccs_money__a_term_renews_itself_and_keeps_its_day(void **state)
{
    struct day start = { 2031, 1, 31 };
    char id[40];

    (void)state;
    advance_to(seconds_of(start));
    buy(",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":1", id);
    for (int i = 1; i <= 4; i++) {
        advance_to(seconds_of(months_later(start, i)) - 60);
        assert_int_equal(charged("auto_renew"), (i - 1) * month);
        advance(120);
        assert_int_equal(charged("auto_renew"), i * month);
    }
    world("{\"balance\":\"1.00\"}");
    advance_to(seconds_of(months_later(start, 5)) + 60);
    assert_int_equal(charged("auto_renew"), 4 * month);
    assert_string_equal(state_of(id), "stop");
}

static void test_ccs_money__postpaid_becomes_prepaid(void **state)
{
    struct day start = { 2031, 3, 15 };
    char id[40];
    int64_t used, rest = month * 17 / 31 / 10000 * 10000; /* the 15th to the 31st */

    (void)state;
    advance_to(seconds_of(start) - 10 * DAY_S);
    buy("", id);
    advance_to(seconds_of(start) + 3600);
    used = charged("usage");
    assert_true(used >= 9 * (month / 25) && used <= 10 * (month / 25));
    co_call(&ccs, "POST", "/ccs", "ModifyInstanceChargeType",
            "{\"InstanceId\":\"%s\",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":2,"
            "\"AutoRenew\":0}",
            id);
    assert_int_equal(ccs.status, 200);
    assert_int_equal(charged("charge_type"), rest + 2 * month);
    used = charged("usage");
    state_of(id);
    assert_string_equal(co_text(&ccs, "/Data/Instances/0/InstanceChargeType"), "PrePaid");
    advance_to(seconds_of((struct day){ 2031, 6, 1 }) - 60);
    assert_string_equal(state_of(id), "running");
    advance(120);
    assert_string_equal(state_of(id), "stop");
    assert_int_equal(charged("usage"), used);
    /* It is paid again before it is deleted. */
    co_call(&ccs, "POST", "/ccs", "ModifyInstanceChargeType",
            "{\"InstanceId\":\"%s\",\"InstanceChargeType\":\"PrePaid\"}", id);
    assert_int_equal(ccs.status, 200);
    assert_int_equal(charged("renew") + charged("charge_type"), rest + 3 * month);
    assert_int_equal(power("StartInstance", id), 200);
}

static void test_ccs_money__prepaid_again_extends_from_its_end(void **state)
{
    struct day start = { 2031, 4, 10 };
    char id[40];

    (void)state;
    advance_to(seconds_of(start) + 60);
    buy(",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":1,\"AutoRenew\":0", id);
    co_call(&ccs, "POST", "/ccs", "ModifyInstanceChargeType",
            "{\"InstanceId\":\"%s\",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":1,"
            "\"AutoRenew\":0}",
            id);
    assert_int_equal(ccs.status, 200);
    /* From May 10 to the end of May, and June. */
    assert_int_equal(charged("renew"), month * 22 / 31 / 10000 * 10000 + month);
    advance_to(seconds_of((struct day){ 2031, 7, 1 }) - 60);
    assert_string_equal(state_of(id), "running");
    advance(120);
    assert_string_equal(state_of(id), "stop");
}

/* It is already paid until a month's end, so another month is exactly one month. */
static void test_ccs_money__prepaid_again_from_a_months_end(void **state)
{
    char id[40];

    (void)state;
    advance_to(seconds_of((struct day){ 2031, 4, 10 }));
    buy(",\"InstanceChargeType\":\"PrePaid\",\"AutoRenew\":0", id);
    co_call(&ccs, "POST", "/ccs", "ModifyInstanceChargeType",
            "{\"InstanceId\":\"%s\",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":1,"
            "\"AutoRenew\":0}",
            id);
    assert_int_equal(ccs.status, 200);
    assert_int_equal(charged("renew"), month);
    advance_to(seconds_of((struct day){ 2031, 6, 1 }) - 60);
    assert_string_equal(state_of(id), "running");
    advance(120);
    assert_string_equal(state_of(id), "stop");
}

static void test_ccs_money__an_upgrade_costs_the_difference_for_days_begun(void **state)
{
    const int64_t bigger = month + 180000000 + 128000000; /* 8 cores, 16 GB */
    struct day start = { 2031, 1, 10 };
    char id[40];
    int64_t days;

    (void)state;
    advance_to(seconds_of(start));
    buy(",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":3,\"AutoRenew\":0", id);
    power("StopInstance", id);
    advance(DAY_S * 20 + 3600);
    days = 90 - 20; /* until April 10; a day that has begun counts */
    co_call(&ccs, "POST", "/ccs", "ModifyInstanceSpec",
            "{\"InstanceId\":\"%s\",\"Cpu\":8,\"Ram\":16}", id);
    assert_int_equal(ccs.status, 200);
    assert_int_equal(charged("upgrade"), (bigger - month) * days / 30 / 10000 * 10000);
    advance(2);
    state_of(id);
    assert_int_equal(co_int(&ccs, "/Data/Instances/0/Cpu"), 8);
    co_call(&ccs, "POST", "/ccs", "ExtendSystemDisk", "{\"InstanceId\":\"%s\",\"Size\":100}", id);
    assert_int_equal(ccs.status, 200);
    assert_int_equal(charged("upgrade"), (bigger - month) * days / 30 / 10000 * 10000 +
                                             INT64_C(32000000) * days / 30 / 10000 * 10000);
    advance(2);
    /* A prepaid instance cannot get cheaper, and a failed upgrade is refunded. */
    co_call(&ccs, "POST", "/ccs", "ModifyInstanceSpec",
            "{\"InstanceId\":\"%s\",\"Cpu\":4,\"Ram\":8}", id);
    assert_int_equal(ccs.status, 400);
    co_control(&ccs, "POST", "timeline", "{\"transition\":\"resize\",\"outcome\":\"error\"}");
    co_call(&ccs, "POST", "/ccs", "ModifyInstanceSpec",
            "{\"InstanceId\":\"%s\",\"Cpu\":16,\"Ram\":32}", id);
    assert_int_equal(ccs.status, 200);
    advance(2);
    assert_string_equal(state_of(id), "error");
    assert_int_equal(co_int(&ccs, "/Data/Instances/0/Cpu"), 8);
    assert_int_equal(charged("upgrade") + charged("refund"),
                     (bigger - month) * days / 30 / 10000 * 10000 +
                         INT64_C(32000000) * days / 30 / 10000 * 10000);
}

static void test_ccs_money__a_failed_creation_costs_nothing(void **state)
{
    (void)state;
    co_control(&ccs, "POST", "timeline",
               "{\"transition\":\"create\",\"outcome\":\"error\",\"times\":2}");
    post("CreateInstance",
         "{" SPEC "," IDENTITY ",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":1}");
    post("CreateInstance", "{" SPEC "," IDENTITY "}");
    advance(2);
    post("DescribeInstances", "{}");
    assert_string_equal(co_text(&ccs, "/Data/Instances/0/InstanceStatus"), "error");
    assert_true(charged("create") > 0);
    assert_int_equal(charged(NULL), 0);
    advance(40 * DAY_S);
    assert_int_equal(charged(NULL), 0);
}

static void test_ccs_money__postpaid_use_is_charged_by_the_day(void **state)
{
    char id[40];
    int64_t before;

    (void)state;
    buy("", id);
    assert_int_equal(charged(NULL), 0);
    advance(3 * DAY_S + DAY_S / 2);
    assert_int_equal(charged("usage"), 3 * (month / 25));
    co_call(&ccs, "POST", "/ccs", "DeleteInstance", "{\"InstanceIds\":[\"%s\"]}", id);
    advance(2);
    before = charged("usage");
    /* And half a day, plus or minus the seconds that the test took. */
    assert_true(before > 3 * (month / 25) + month / 51 && before < 3 * (month / 25) + month / 49);
    advance(3 * DAY_S);
    assert_int_equal(charged("usage"), before);
}

static void test_ccs_money__arrears_stop_it_until_there_is_a_balance(void **state)
{
    char id[40];

    (void)state;
    world("{\"balance\":\"20.00\"}");
    buy("", id);
    advance(2 * DAY_S);
    assert_string_equal(state_of(id), "stop");
    assert_int_equal(power("StartInstance", id), 403);
    assert_int_equal(charged("usage"), 2 * (month / 25));
    world("{\"balance\":\"100.00\"}");
    advance(DAY_S);
    assert_int_equal(charged("usage"), 2 * (month / 25) + month / 25);
    assert_int_equal(power("StartInstance", id), 200);
    advance(8 * DAY_S);
    world("{\"balance\":\"0.00\"}");
    advance(30 * DAY_S);
    assert_string_equal(state_of(id), "");
}

static void test_ccs_money__dedicated_hosts_are_charged(void **state)
{
    (void)state;
    post("AllocateDedicatedHosts",
         "{\"RegionId\":\"CN_Beijing_A\",\"DedicatedHostType\":\"3d658304-bdb1-4b34-a097-"
         "d59f42c9548a\","
         "\"DedicatedHostGoodId\":6195,\"DedicatedHostName\":\"h\",\"DedicatedHostCpu\":24,"
         "\"DedicatedHostRam\":300,\"DedicatedHostLimit\":1,\"PrepaidMonth\":2,\"AutoRenew\":0,"
         "\"Amount\":2}");
    assert_int_equal(co_count(&ccs, "/Data"), 2);
    assert_int_equal(charged("create"), INT64_C(4) * 5200000000);
    advance(70 * DAY_S);
    post("DescribeDedicatedHosts", "{}");
    assert_int_equal(co_int(&ccs, "/Data/Total"), 0);
}

#define CASE(name) cmocka_unit_test_setup_teardown(test_ccs_money__##name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_quote_is_what_is_charged),
        CASE(a_dry_run_does_nothing),
        CASE(nothing_is_bought_without_the_balance),
        cmocka_unit_test(test_ccs_money__terms_end_by_the_calendar),
        CASE(a_term_renews_itself_and_keeps_its_day),
        CASE(postpaid_becomes_prepaid),
        CASE(prepaid_again_extends_from_its_end),
        CASE(prepaid_again_from_a_months_end),
        CASE(an_upgrade_costs_the_difference_for_days_begun),
        CASE(a_failed_creation_costs_nothing),
        CASE(postpaid_use_is_charged_by_the_day),
        CASE(arrears_stop_it_until_there_is_a_balance),
        CASE(dedicated_hosts_are_charged),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
