/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the money of JD Cloud's emulator: quotes, the ledger, the end of terms, arrears, renewal.
 */
#include "tests/emulator/jdcloud_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define ENTRY(service, more) \
    "{\"serviceCode\":\"" service "\",\"region\":\"cn-north-1\",\"billingType\":3," more "}"
#define FORMULA(key, value) "\"formula\":[{\"key\":\"" key "\",\"value\":" value ",\"number\":1}]"

/* Returns the price of calculateTotalPrice, as "123.45". */
static void quote(struct jd_client *c, int cmd, const char *entries, char ret[32])
{
    assert_int_equal(jd_call(c, "billing", "POST", "v1/calculateTotalPrice",
                             "{\"cmd\":%d,\"packageCount\":1,\"orderList\":[%s]}", cmd, entries),
                     200);
    jd_digits(c, "discountedTotalPrice", ret);
}

/* Adds up the ledger's charges of a kind. */
static void charged(struct jd_client *c, const char *kind, char ret[32])
{
    long long cents = 0;
    size_t i, count;
    yyjson_val *charge;

    jd_control(c, "GET", "ledger", NULL);
    yyjson_arr_foreach(yyjson_doc_ptr_get(c->json, "/charges"), i, count, charge)
    {
        const char *amount = yyjson_get_str(yyjson_obj_get(charge, "amount"));

        if (strcmp(yyjson_get_str(yyjson_obj_get(charge, "kind")), kind) == 0) {
            assert_int_equal(strlen(strchr(amount, '.')), 3); /* whole cents */
            cents += atoll(amount) * 100 + atoll(strchr(amount, '.') + 1);
        }
    }
    snprintf(ret, 32, "%lld.%02lld", cents / 100, cents % 100);
}

static void test_money__ledger_is_what_was_quoted(void **state)
{
    static const char *const discounts[] = { "1", "0.8765" };
    char id[64], entries[512], asked[32], paid[32];

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct jd_client world, *c = &world;

        jd_open(c, NULL);
        jd_at_once(c);
        jd_control(c, "POST", "world", "{\"switches\":{\"discount\":\"%s\"}}", discounts[i]);
        quote(c, 1,
              ENTRY("vm", "\"timeSpan\":1,\"timeUnit\":4," FORMULA("g.n2.medium", "1")) "," ENTRY(
                  "disk", "\"timeSpan\":1,\"timeUnit\":4," FORMULA("hdd.std1", "40")),
              asked);
        jd_create(
            c,
            SPEC(",\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeUnit\":\"year\","
                 "\"chargeDuration\":1}}"),
            id);
        charged(c, "create", paid);
        assert_string_equal(asked, paid);
        if (!i)
            assert_string_equal(asked, "1318.00"); /* ten months of 119.80 and 40 x 0.30 */
        jd_advance(c, 100 * 86400 + 5);
        jd_act(c, id, ":stopInstance");
        snprintf(entries, sizeof(entries),
                 ENTRY("vm", "\"resourceId\":\"%s\"," FORMULA("m.n2.xlarge", "1")), id);
        quote(c, 3, entries, asked);
        assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":resizeInstance"),
                                 "{\"instanceType\":\"m.n2.xlarge\"}"),
                         200);
        charged(c, "upgrade", paid);
        assert_string_equal(asked, paid);
        snprintf(entries, sizeof(entries),
                 ENTRY("vm", "\"resourceId\":\"%s\",\"timeSpan\":3,\"timeUnit\":3"), id);
        quote(c, 2, entries, asked);
        assert_int_equal(jd_call(c, "renewal", "POST", "v2/instances:renew",
                                 "{\"renewInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":"
                                 "\"vm\",\"timeUnit\":\"MONTH\","
                                 "\"timeSpan\":3,\"instanceIds\":\"%s\"}}",
                                 id),
                         200);
        charged(c, "renew", paid);
        assert_string_equal(asked, paid);
        jd_close(c);
    }
}

static void test_money__growing_a_prepaid_disk_costs_the_quote(void **state)
{
    struct jd_client *c = *state;
    char disk[64], path[128], entries[512], asked[32], paid[32];

    jd_at_once(c);
    jd_call(c, "disk", "POST", "v1/disks",
            "{\"diskSpec\":{\"az\":\"cn-north-1a\",\"name\":\"data\",\"diskType\":\"ssd.gp1\","
            "\"diskSizeGB\":20,"
            "\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeDuration\":2}},"
            "\"maxCount\":1,\"clientToken\":\"d\"}");
    snprintf(disk, sizeof(disk), "%s", jd_text(c, "/result/diskIds/0"));
    jd_advance(c, 7 * 86400);
    snprintf(entries, sizeof(entries),
             ENTRY("disk", "\"resourceId\":\"%s\"," FORMULA("ssd.gp1", "130")), disk);
    quote(c, 3, entries, asked);
    snprintf(path, sizeof(path), "v1/disks/%s:extend", disk);
    assert_int_equal(jd_call(c, "disk", "POST", path, "{\"diskSizeGB\":130}"), 200);
    charged(c, "upgrade", paid);
    assert_string_equal(asked, paid);
    assert_int_equal(jd_call(c, "disk", "POST", path, "{\"diskSizeGB\":130}"), 400);
    assert_int_equal(jd_call(c, "disk", "POST", path, "{\"diskSizeGB\":145}"), 400);
}

static void test_money__years_cents_and_a_short_balance(void **state)
{
    struct jd_client *c = *state;
    char digits[32];

    jd_control(c, "POST", "world", "{\"switches\":{\"discount\":\"0.3333\"}}");
    quote(c, 1, ENTRY("vm", "\"timeSpan\":1,\"timeUnit\":4," FORMULA("g.n2.medium", "1")), digits);
    assert_string_equal(digits, "399.29"); /* 1198 x 0.3333 = 399.2934: cut, not rounded */
    jd_digits(c, "totalPrice", digits);
    assert_string_equal(digits, "1198.000000");
    jd_digits(c, "totalOriginalPrice", digits);
    assert_string_equal(digits, "1437.600000");
    jd_digits(c, "afterFavorableTotalPrice", digits);
    assert_string_equal(digits, "399.293400");
    jd_digits(c, "eraseTotalPrice", digits);
    assert_string_equal(digits, "0.003400");
    /* A VM and its disk: 131.80 x 0.3333 = 43.92894. */
    assert_int_equal(jd_control(c, "POST", "world", "{\"balance\":\"43.91\"}"), 200);
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", SPEC(PREPAID "}")), 400);
    assert_non_null(strstr(jd_text(c, "/error/message"), "balance"));
    assert_int_equal(jd_control(c, "POST", "world", "{\"balance\":\"43.92\"}"), 200);
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", SPEC(PREPAID "}")), 200);
    jd_control(c, "GET", "world", NULL);
    assert_non_null(strstr(c->text, "\"balance\":\"0.00\""));
    assert_int_equal(jd_call(c, "vm", "POST", "v1/instances", SPEC("}")),
                     400); /* postpaid requires a balance of 50 */
}

static void test_time__expiry_stops_renewal_starts_long_arrears_release(void **state)
{
    struct jd_client *c = *state;
    char id[64];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    assert_int_equal(jd_call(c, "vm", "DELETE", jd_path_of(id, ""), NULL), 400);
    jd_advance(c, 32 * 86400);
    assert_string_equal(jd_status_of(c, id), "stopped");
    assert_string_equal(jd_text(c, "/result/instance/charge/chargeStatus"), "overdue");
    assert_int_equal(jd_act(c, id, ":startInstance"), 400);
    assert_int_equal(jd_call(c, "renewal", "POST", "v2/instances:renew",
                             "{\"renewInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":"
                             "\"vm\",\"timeUnit\":\"MONTH\","
                             "\"timeSpan\":1,\"instanceIds\":\"%s\",\"autoPay\":true}}",
                             id),
                     200);
    assert_true(*jd_text(c, "/result/orderNumber"));
    assert_string_equal(jd_status_of(c, id), "running");
    jd_advance(c, 40 * 86400);
    assert_int_equal(jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL), 404);
}

static void test_time__automatic_renewal_pays(void **state)
{
    struct jd_client *c = *state;
    char id[64], paid[32];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    assert_int_equal(jd_call(c, "renewal", "PUT", "v2/instances:autoRenewStatus",
                             "{\"setRenewalParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\","
                             "\"instanceIds\":\"%s\","
                             "\"autoRenewStatus\":\"OPEN\",\"timeUnit\":\"MONTH\",\"timeSpan\":1,"
                             "\"allAutoPay\":\"BIND\"}}",
                             id),
                     200);
    assert_string_equal(jd_text(c, "/result/stringResult"), "1");
    jd_call(c, "renewal", "POST", "v2/instances",
            "{\"queryInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\","
            "\"renewStatus\":\"AUTO\"}}");
    assert_string_equal(jd_text(c, "/result/listQueries/0/autoRenewStatus"), "OPENED");
    jd_advance(c, 70 * 86400);
    assert_string_equal(jd_status_of(c, id), "running");
    charged(c, "auto_renew", paid);
    assert_string_equal(paid, "263.60"); /* VM and disk, twice */
}

static void test_time__arrears_stop_and_a_balance_starts(void **state)
{
    struct jd_client *c = *state;
    char id[64];

    jd_at_once(c);
    jd_create(c, SPEC("}"), id);
    jd_advance(c, 3 * 3600 + 1);
    jd_control(c, "GET", "ledger", NULL);
    assert_int_equal(yyjson_arr_size(yyjson_doc_ptr_get(c->json, "/charges")), 6);
    assert_string_equal(jd_text(c, "/totals/CNY"), "0.915222"); /* 3 x (0.277314 + 40 x 0.000694) */
    jd_control(c, "POST", "world", "{\"balance\":\"0.00\"}");
    jd_advance(c, 3600);
    assert_string_equal(jd_status_of(c, id), "stopped");
    assert_string_equal(jd_text(c, "/result/instance/charge/chargeStatus"), "arrear");
    jd_control(c, "POST", "world", "{\"balance\":\"10.00\"}");
    jd_advance(c, 3600);
    assert_string_equal(jd_status_of(c, id), "running");
    assert_string_equal(jd_text(c, "/result/instance/charge/chargeStatus"), "normal");
}

static void test_money__a_cheaper_type_lasts_longer(void **state)
{
    struct jd_client *c = *state;
    char id[64], entries[512], asked[32];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    jd_control(c, "POST", "clock", "{\"advance_s\":%d}", 10 * 86400 + 60);
    jd_act(c, id, ":stopInstance");
    snprintf(entries, sizeof(entries),
             ENTRY("vm", "\"resourceId\":\"%s\"," FORMULA("g.s1.micro", "1")), id);
    quote(c, 3, entries, asked);
    assert_string_equal(asked, "0.00");
    assert_int_equal(jd_int(c, "/result/list/0/processType"), 2);
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":resizeInstance"),
                             "{\"instanceType\":\"g.s1.micro\"}"),
                     200);
    charged(c, "upgrade", asked);
    assert_string_equal(asked, "0.00");
    /* 20 or 21 days at 119.80 are 57 or 59 at 42.00: the VM outlives its old month. */
    assert_int_equal(jd_act(c, id, ":startInstance"), 200);
    jd_control(c, "POST", "clock", "{\"advance_s\":%d}", 50 * 86400);
    assert_string_equal(jd_status_of(c, id), "running");
    jd_control(c, "POST", "clock", "{\"advance_s\":%d}", 12 * 86400);
    assert_string_equal(jd_status_of(c, id), "stopped");
}

static void test_money__several_are_renewed_together_or_not_at_all(void **state)
{
    struct jd_client *c = *state;
    char first[64], second[64], paid[32];
    static const char body[] =
        "{\"renewInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\","
        "\"timeUnit\":\"%s\",\"timeSpan\":%d,\"instanceIds\":\"%s,%s\"}}";
    static const struct {
        const char *unit;
        int span, status;
    } cases[] = {
        { "DAY", 1, 400 },  { "MONTH", 0, 400 }, { "MONTH", 10, 400 },
        { "YEAR", 4, 400 }, { "MONTH", 1, 200 },
    };

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), first);
    jd_create(c, SPEC("}"), second);
    assert_int_equal(
        jd_call(c, "renewal", "POST", "v2/instances:renew", body, "MONTH", 1, first, second), 400);
    jd_create(c, SPEC(PREPAID "}"), second);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        charged(c, "renew", paid);
        assert_string_equal(paid, "0.00");
        jd_call(c, "renewal", "POST", "v2/instances:renew", body, cases[i].unit, cases[i].span,
                first, second);
        assert_int_equal(c->status, cases[i].status);
    }
    charged(c, "renew", paid);
    assert_string_equal(paid, "239.60");
    assert_int_equal(
        jd_call(c, "renewal", "POST", "v2/instances:renew", body, "MONTH", 1, first, first), 400);
    assert_int_equal(
        jd_call(c, "renewal", "POST", "v2/instances:renew", body, "MONTH", 1, first, "i-none"),
        404);
}

static void test_query__renewal_list_filters(void **state)
{
    static const struct {
        const char *more;
        int count;
    } cases[] = {
        { "", 3 },
        { ",\"billingType\":\"MONTHLY\"", 2 },
        { ",\"billingType\":\"CONFIG\"", 1 },
        { ",\"renewStatus\":\"AUTO\"", 1 },
        { ",\"renewStatus\":\"MANUAL\"", 2 },
        { ",\"expireType\":\"SEVEN\"", 0 },
        { ",\"expireType\":\"UNEXPIRED\"", 2 },
        { ",\"pageSize\":1", 3 },
    };
    struct jd_client *c = *state;
    char id[64];

    jd_at_once(c);
    jd_create(c, SPEC("}"), id);
    jd_create(c, SPEC(PREPAID "}"), id);
    jd_create(c, SPEC(PREPAID "}"), id);
    jd_call(c, "renewal", "PUT", "v2/instances:autoRenewStatus",
            "{\"setRenewalParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\",\"instanceIds\":"
            "\"%s\",\"autoRenewStatus\":\"OPEN\"}}",
            id);
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        jd_call(c, "renewal", "POST", "v2/instances",
                "{\"queryInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\"%s}}",
                cases[i].more);
        if (jd_int(c, "/result/totalCount") != cases[i].count)
            fail_msg("%s: %s", cases[i].more, c->text);
    }
    assert_int_equal(yyjson_arr_size(yyjson_doc_ptr_get(c->json, "/result/listQueries")), 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_money__ledger_is_what_was_quoted),
        JD_WORLD(test_money__growing_a_prepaid_disk_costs_the_quote),
        JD_WORLD(test_money__years_cents_and_a_short_balance),
        JD_WORLD(test_time__expiry_stops_renewal_starts_long_arrears_release),
        JD_WORLD(test_time__automatic_renewal_pays),
        JD_WORLD(test_time__arrears_stop_and_a_balance_starts),
        JD_WORLD(test_money__a_cheaper_type_lasts_longer),
        JD_WORLD(test_money__several_are_renewed_together_or_not_at_all),
        JD_WORLD(test_query__renewal_list_filters),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
