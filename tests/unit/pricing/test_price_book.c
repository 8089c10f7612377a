/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests core/pricing/price_book.c and proration.c: a price for any period and discount is exact or
 * refused. The error of a missing price says which row to add.
 */
#include "tests/unit/pricing/price_book_file.h"
#include "tests/support/alloc_fail.h"

static struct cc_arena *arena;
static struct cloud_price price;

static int setup(void **state)
{
    arena = cc_arena_new();
    return arena ? enter_directory(state) : -1;
}

static int teardown(void **state)
{
    cc_pricebook_free(book);
    cc_arena_free(arena);
    return leave_directory(state);
}

static int64_t at(const char *text)
{
    int64_t time = 0;

    assert_int_equal(cloud_time_parse(text, &time, NULL), CLOUD_OK);
    return time;
}

static int find_price(const struct cc_price_item *item, const char *period,
                      enum cloud_charge_mode mode, int64_t now)
{
    struct cloud_period length = { 0 };

    if (period)
        assert_int_equal(cloud_period_parse(period, &length, NULL), CLOUD_OK);
    memset(&err, 0xff, sizeof(err));
    price = (struct cloud_price){ 0 };
    return cc_pricebook_price(book, item, length, mode, now, arena, &price, &err);
}

static void expect_money(struct cloud_money money, const char *expected)
{
    char text[CLOUD_MONEY_MAX];

    assert_string_equal(cloud_money_format(money, text), expected);
}

/* Checks the price of @item for @period (NULL: on demand) on 1 June 2026. */
static void expect_price(const struct cc_price_item *item, const char *period, const char *total,
                         const char *list)
{
    if (find_price(item, period, CLOUD_CHARGE_UNKNOWN, at("2026-06-01T00:00:00Z")) != CLOUD_OK)
        fail_msg("%s: %s", period ? period : "on demand", err.message);
    expect_money(price.total, total);
    expect_money(price.list, list);
    assert_int_equal(price.source, CLOUD_PRICE_BOOK);
}

static void expect_no_price(const struct cc_price_item *item, const char *period, int code,
                            const char *says)
{
    assert_int_equal(find_price(item, period, CLOUD_CHARGE_UNKNOWN, at("2026-06-01T00:00:00Z")),
                     code);
    assert_int_equal(err.code, code);
    if (!strstr(err.message, says))
        fail_msg("expected \"%s\", got \"%s\"", says, err.message);
    assert_null(price.covers);
}

static const char units_book[] =
    HEAD "    instances:\n"
         "      - { instance_type: all, hour: 0.123456, day: 2.5, month: 60, year: 600 }\n"
         "      - { instance_type: hours, hour: 0.1 }\n"
         "      - { instance_type: days, day: 2 }\n"
         "      - { instance_type: months, month: 60.01 }\n"
         "      - { instance_type: years, year: 599.99 }\n"
         "      - { instance_type: free, hour: 0, month: 0 }\n";

static void test_price_book__the_price_of_each_period_is_exact(void **state)
{
    static const struct {
        const char *type, *period, *total, *list;
    } cases[] = {
        { "all", "1 hour", "0.123456 CNY", "0.123456 CNY" },
        { "all", "1000 hours", "123.456 CNY", "123.456 CNY" },
        { "all", "1 day", "2.50 CNY", "2.50 CNY" },
        { "all", "31 days", "77.50 CNY", "77.50 CNY" },
        { "all", "1 month", "60.00 CNY", "60.00 CNY" },
        { "all", "11 months", "660.00 CNY", "660.00 CNY" },
        { "all", "12 months", "600.00 CNY", "720.00 CNY" },
        { "all", "1 year", "600.00 CNY", "720.00 CNY" },
        { "all", "3 years", "1800.00 CNY", "2160.00 CNY" },
        { "all", "36 months", "1800.00 CNY", "2160.00 CNY" },
        { "all", "13 months", "780.00 CNY", "780.00 CNY" },
        { "all", NULL, "0.123456 CNY", "0.123456 CNY" },
        { "hours", "2 days", "4.80 CNY", "4.80 CNY" },
        { "hours", NULL, "0.10 CNY", "0.10 CNY" },
        { "days", NULL, "2.00 CNY", "2.00 CNY" },
        { "days", "3 days", "6.00 CNY", "6.00 CNY" },
        { "months", "1 year", "720.12 CNY", "720.12 CNY" },
        { "months", "7 months", "420.07 CNY", "420.07 CNY" },
        { "years", "2 years", "1199.98 CNY", "1199.98 CNY" },
        { "free", "1 year", "0.00 CNY", "0.00 CNY" },
        { "free", NULL, "0.00 CNY", "0.00 CNY" },
    };
    static const struct {
        const char *type, *period, *add;
    } none[] = {
        { "hours", "1 month", "month: PRICE" },
        { "days", "5 hours", "hour: PRICE" },
        { "months", "1 day", "day: PRICE" },
        { "months", NULL, "hour: PRICE" },
        { "years", "1 month", "month: PRICE" },
        { "years", "13 months", "month: PRICE" },
        { "nothing", "1 month",
          "{ instance_type: nothing, month: PRICE } to p.yaml under prices.v.instances" }
    };

    (void)state;
    assert_int_equal(load(units_book), CLOUD_OK);
    for (size_t i = 0; i < CC_COUNT(cases); i++)
        expect_price(&(struct cc_price_item){ .cloud = "v", .instance_type = cases[i].type },
                     cases[i].period, cases[i].total, cases[i].list);
    for (size_t i = 0; i < CC_COUNT(none); i++)
        expect_no_price(&(struct cc_price_item){ .cloud = "v", .instance_type = none[i].type },
                        none[i].period, CLOUD_ENOTFOUND, none[i].add);
}

static void test_price_book__a_price_names_its_period(void **state)
{
    const struct cc_price_item item = { .cloud = "v", .instance_type = "all" };
    const struct cc_price_item days = { .cloud = "v", .instance_type = "days" };
    const int64_t now = at("2026-06-01T00:00:00Z");
    char text[CLOUD_PERIOD_MAX];

    (void)state;
    assert_int_equal(load(units_book), CLOUD_OK);
    assert_int_equal(find_price(&item, "1 year", CLOUD_CHARGE_PREPAID, now), CLOUD_OK);
    assert_string_equal(cloud_period_format(price.period, text), "1 year");
    assert_int_equal(find_price(&item, NULL, CLOUD_CHARGE_POSTPAID, now), CLOUD_OK);
    assert_string_equal(cloud_period_format(price.period, text), "1 hour");
    assert_int_equal(find_price(&days, NULL, CLOUD_CHARGE_UNKNOWN, now), CLOUD_OK);
    assert_string_equal(cloud_period_format(price.period, text), "1 day");
    assert_int_equal(find_price(&item, "3 days", CLOUD_CHARGE_POSTPAID, now), CLOUD_OK);
    expect_money(price.total, "7.50 CNY");

    assert_int_equal(find_price(&item, "1 month", CLOUD_CHARGE_POSTPAID, now), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "period");
    assert_int_equal(find_price(&item, "1 year", CLOUD_CHARGE_POSTPAID, now), CLOUD_EINVAL);
    assert_int_equal(find_price(&item, NULL, CLOUD_CHARGE_PREPAID, now), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "period");
    assert_int_equal(find_price(&item, NULL, CLOUD_CHARGE_SPOT, now), CLOUD_EUNSUPPORTED);
    assert_int_equal(find_price(&item, "2000000000 years", CLOUD_CHARGE_PREPAID, now),
                     CLOUD_EINVAL);
    assert_string_equal(err.parameter, "period");
}

static void test_price_book__a_discount_applies_to_its_period_only(void **state)
{
    const struct cc_price_item item = { .cloud = "v", .instance_type = "t" };
    const struct cc_price_item elsewhere = { .cloud = "v", .instance_type = "t", .region = "r" };
    const struct cc_price_item yearly = { .cloud = "v", .instance_type = "y" };

    (void)state;
    assert_int_equal(
        load(HEAD "    instances:\n      - { instance_type: t, hour: 0.5, day: 10, month: 99.99 }\n"
                  "      - { instance_type: y, month: 100, year: 1100 }\n"
                  "    discounts:\n      - { period: 12 months, pay: 10 months }\n"
                  "      - { period: 2 years, pay: 20 months }\n      - { period: 6 months, "
                  "percent: 95 }\n"
                  "      - { period: 3 months, percent: 97.5 }\n      - { period: 30 days, pay: 25 "
                  "days }\n"
                  "      - { period: 10 hours, percent: 50 }\n"
                  "      - { region: r, period: 12 months, pay: 8 months }\n"),
        CLOUD_OK);
    expect_price(&item, "1 month", "99.99 CNY", "99.99 CNY");
    expect_price(&item, "3 months", "292.47075 CNY", "299.97 CNY");
    expect_price(&item, "6 months", "569.943 CNY", "599.94 CNY");
    expect_price(&item, "11 months", "1099.89 CNY", "1099.89 CNY");
    expect_price(&item, "12 months", "999.90 CNY", "1199.88 CNY");
    expect_price(&item, "1 year", "999.90 CNY", "1199.88 CNY");
    expect_price(&item, "13 months", "1299.87 CNY", "1299.87 CNY");
    expect_price(&item, "24 months", "1999.80 CNY", "2399.76 CNY");
    expect_price(&item, "36 months", "3599.64 CNY", "3599.64 CNY");
    expect_price(&item, "30 days", "250.00 CNY", "300.00 CNY");
    expect_price(&item, "31 days", "310.00 CNY", "310.00 CNY");
    expect_price(&item, "10 hours", "2.50 CNY", "5.00 CNY");
    expect_price(&elsewhere, "1 year", "799.92 CNY", "1199.88 CNY");
    expect_price(&elsewhere, "6 months", "569.943 CNY", "599.94 CNY");
    expect_price(&yearly, "1 year", "1100.00 CNY", "1200.00 CNY");
    expect_price(&yearly, "6 months", "570.00 CNY", "600.00 CNY");
}

static void test_price_book__an_inexact_price_is_refused(void **state)
{
    const struct cc_price_item item = { .cloud = "v", .instance_type = "t" };

    (void)state;
    assert_int_equal(load(HEAD "    instances:\n      - { instance_type: t, month: 0.000001 }\n"
                               "    discounts:\n      - { period: 3 months, percent: 33.3 }\n"
                               "      - { period: 7 months, pay: 3 months }\n"),
                     CLOUD_OK);
    expect_no_price(&item, "3 months", CLOUD_ECONFIG,
                    "p.yaml:7: prices.v.discounts: this percentage");
    expect_price(&item, "7 months", "0.000003 CNY", "0.000007 CNY");
}

static void test_price_book__amounts_that_do_not_fit_are_refused(void **state)
{
    static const struct cloud_disk_spec disk = { .type = "d", .size_gb = 2000000000 };
    const struct cc_price_item t = { .cloud = "v", .instance_type = "t" };
    const struct cc_price_item many = { .cloud = "v", .instance_type = "s", .count = 2147483647 };
    const struct cc_price_item large = {
        .cloud = "v", .instance_type = "s", .disks = &disk, .disk_count = 1
    };
    const struct cc_price_item sum = { .cloud = "v", .instance_type = "t", .public_mbps = 1 };
    const struct cc_price_item negative = { .cloud = "v", .instance_type = "s", .count = -1 };

    (void)state;
    assert_int_equal(
        load(HEAD
             "    instances:\n      - { instance_type: t, month: 9223372036854.775807 }\n"
             "      - { instance_type: s, month: 5000, year: 1 }\n"
             "    disks: [ { type: d, month: 9999 } ]\n    bandwidth: [ { month: 0.000001 } ]\n"),
        CLOUD_OK);
    expect_price(&t, "1 month", "9223372036854.775807 CNY", "9223372036854.775807 CNY");
    expect_no_price(&t, "2 months", CLOUD_ECONFIG, "p.yaml:5: prices.v: the price is too large");
    expect_no_price(&many, "1 month", CLOUD_EINVAL, "count is 2147483647");
    assert_string_equal(err.parameter, "count");
    expect_no_price(&negative, "1 month", CLOUD_EINVAL, "count is -1");
    expect_no_price(&large, "1 month", CLOUD_ECONFIG, "p.yaml:7: prices.v: the price is too large");
    expect_no_price(&sum, "1 month", CLOUD_ECONFIG, "p.yaml:8: prices.v: the price is too large");
}

static void test_price_book__every_part_of_an_item_is_counted(void **state)
{
    struct cloud_disk_spec disks[] = { { "ssd", 40 }, { "SSD", 100 }, { "hdd", 500 } };
    struct cc_price_item item = { .cloud = "v",
                                  .family = "Cpu计算型C3",
                                  .cpu = 2,
                                  .memory_mb = 4096,
                                  .disks = disks,
                                  .disk_count = 3,
                                  .public_mbps = 5,
                                  .count = 3 };

    (void)state;
    assert_int_equal(
        load(HEAD
             "    currency: USD\n    instances:\n"
             "      - { family: CPU计算型C3, cpu: 2, memory_gb: 4, month: 100.01 }\n"
             "      - { family: CPU计算型C3, cpu: 2, memory_gb: 4, gpu: 1, month: 900 }\n"
             "    disks:\n      - { type: ssd, month: 0.7 }\n      - { type: hdd, month: 0.3 }\n"
             "    bandwidth: [ { month: 20 } ]\n    discounts: [ { period: 1 year, pay: 10 months "
             "} ]\n"),
        CLOUD_OK);
    /* 100.01 + 140 * 0.7 + 500 * 0.3 + 5 * 20 = 448.01 */
    expect_price(&item, "1 month", "1344.03 USD", "1344.03 USD");
    assert_string_equal(
        price.covers,
        "Cpu计算型C3 2 cores 4 GB, 40 GB ssd, 100 GB SSD, 500 GB hdd, 5 Mbps; 3 of them; "
        "without images, traffic and snapshots");
    expect_price(&item, "1 year", "13440.30 USD", "16128.36 USD");
    item.gpu = 1;
    item.count = 0;
    expect_price(&item, "1 month", "1248.00 USD", "1248.00 USD");

    item.gpu = 2;
    expect_no_price(
        &item, "1 month", CLOUD_ENOTFOUND,
        "{ family: Cpu计算型C3, cpu: 2, memory_gb: 4, gpu: 2, month: PRICE } to p.yaml under "
        "prices.v.instances");
    item.gpu = 0;
    disks[2].type = "tape";
    expect_no_price(&item, "1 month", CLOUD_ENOTFOUND,
                    "add { type: tape, month: PRICE } to p.yaml under prices.v.disks");
    disks[2].type = NULL;
    expect_no_price(&item, "1 month", CLOUD_EINVAL, "a disk's type");
    assert_string_equal(err.parameter, "data_disks");
    item.disk_count = 2;
    disks[0].size_gb = 0;
    expect_no_price(&item, "1 month", CLOUD_EINVAL, "a disk's type or size");
    assert_string_equal(err.parameter, "system_disk_type");
    item.disk_count = 0;
    item.public_mbps = -1;
    expect_no_price(&item, "1 month", CLOUD_EINVAL, "public_mbps");
    item.public_mbps = 0;
    item.cpu = 0;
    expect_no_price(&item, "1 month", CLOUD_EINVAL, "the size is not known");
    item.family = NULL;
    expect_no_price(&item, "1 month", CLOUD_EINVAL, "the size is not known");
    assert_string_equal(err.parameter, "instance_type");
    item.cloud = "w";
    expect_no_price(&item, "1 month", CLOUD_ENOTFOUND,
                    "no prices for w; add them to p.yaml under prices.w");
}

static void test_price_book__the_error_names_bandwidth_without_a_row(void **state)
{
    const struct cc_price_item item = {
        .cloud = "v", .instance_type = "t", .public_mbps = 1, .zone = "z"
    };

    (void)state;
    assert_int_equal(load(ROW("instances", "{ instance_type: t, month: 1 }")), CLOUD_OK);
    expect_no_price(&item, "1 month", CLOUD_ENOTFOUND,
                    "for z; add { month: PRICE } to p.yaml under prices.v.bandwidth");
}

static void test_price_book__the_most_specific_row_counts(void **state)
{
    struct cc_price_item item = {
        .cloud = "v", .instance_type = "t", .family = "f", .cpu = 1, .memory_mb = 1024
    };

    (void)state;
    assert_int_equal(
        load(HEAD "    instances:\n      - { family: f, cpu: 1, memory_gb: 1, zone: Z, month: 1 }\n"
                  "      - { instance_type: t, month: 2, hour: 9 }\n"
                  "      - { instance_type: t, month: 3, region: R }\n"
                  "      - { instance_type: t, month: 4, zone: Z }\n"
                  "      - { instance_type: t, month: 5, zone: Z, region: R }\n"),
        CLOUD_OK);
    expect_price(&item, "1 month", "2.00 CNY", "2.00 CNY");
    item.region = "r";
    expect_price(&item, "1 month", "3.00 CNY", "3.00 CNY");
    item.zone = "z";
    expect_price(&item, "1 month", "5.00 CNY", "5.00 CNY");
    item.region = "other";
    expect_price(&item, "1 month", "4.00 CNY", "4.00 CNY");
    /* the more specific rows have no price for an hour */
    expect_price(&item, "1 hour", "9.00 CNY", "9.00 CNY");
    item.instance_type = "unlisted";
    expect_price(&item, "1 month", "1.00 CNY", "1.00 CNY");
    item.instance_type = NULL;
    expect_price(&item, "1 month", "1.00 CNY", "1.00 CNY");
}

static void test_price_book__prices_are_valid_from_begin_to_end(void **state)
{
    const struct cc_price_item item = { .cloud = "v", .instance_type = "t" };

    (void)state;
    assert_int_equal(
        load("valid_from: 2026-01-01\nvalid_until: 2026-12-31\n" HEAD
             "    instances:\n      - { instance_type: t, month: 1, valid_until: 2026-06-30 }\n"
             "      - { instance_type: t, month: 2, valid_from: 2026-07-01, "
             "valid_until: 2026-09-30T16:00:00Z }\n"),
        CLOUD_OK);
    assert_int_equal(find_price(&item, "1 month", 0, at("2025-12-31T23:59:59Z")), CLOUD_ECONFIG);
    assert_string_equal(err.parameter, "valid_from");
    assert_non_null(
        strstr(err.message, "p.yaml: valid_from: its prices begin at 2026-01-01T00:00:00Z"));
    assert_int_equal(find_price(&item, "1 month", 0, at("2026-01-01T00:00:00Z")), CLOUD_OK);
    assert_int_equal(price.valid_until, at("2026-07-01T00:00:00Z"));
    assert_int_equal(find_price(&item, "1 month", 0, at("2026-06-30T23:59:59Z")), CLOUD_OK);
    expect_money(price.total, "1.00 CNY");
    assert_int_equal(find_price(&item, "1 month", 0, at("2026-07-01T00:00:00Z")), CLOUD_OK);
    expect_money(price.total, "2.00 CNY");
    assert_int_equal(price.valid_until, at("2026-09-30T16:00:00Z"));
    assert_int_equal(find_price(&item, "1 month", 0, at("2026-09-30T16:00:00Z")), CLOUD_ENOTFOUND);
    assert_int_equal(find_price(&item, "1 month", 0, at("2026-12-31T23:59:59Z")), CLOUD_ENOTFOUND);
    assert_int_equal(find_price(&item, "1 month", 0, at("2027-01-01T00:00:00Z")), CLOUD_ECONFIG);
    assert_string_equal(err.parameter, "valid_until");
    assert_int_equal(cc_pricebook_price(book, &item, (struct cloud_period){ 1, CLOUD_PERIOD_MONTH },
                                        0, at("2027-01-01T00:00:00Z"), arena, &price, NULL),
                     CLOUD_ECONFIG);
}

static void test_price_book__a_prorated_price_counts_begun_days_and_is_cut_to_the_cent(void **state)
{
    static const struct {
        int64_t monthly, left_s, share;
        int days;
    } cases[] = {
        { 30000000, 86400, 1000000, 1 },
        { 30000000, 86399, 1000000, 1 },
        { 30000000, 1, 1000000, 1 },
        { 30000000, 30 * 86400, 30000000, 30 },
        { 30000000, 365 * 86400, 365000000, 365 },
        { 100000000, 86400, 3330000, 1 },
        { 100000000, 86401, 6660000, 2 },
        { 100000000, 2 * 86400, 6660000, 2 },
        { 299999, 86400, 0, 1 },
        { 300000, 86400, 10000, 1 },
        { -30000000, 86400, 0, 1 },
        { 0, 86400, 0, 1 },
    };
    const int64_t now = 1790000000;
    struct cloud_money share = { 0 };
    int days = 0;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        const struct cloud_money monthly = { cases[i].monthly, "CNY" };

        assert_int_equal(cc_price_prorate(monthly, now, now + cases[i].left_s, &share, &days, &err),
                         CLOUD_OK);
        assert_int_equal(share.micros, cases[i].share);
        assert_int_equal(days, cases[i].days);
        assert_string_equal(share.currency, "CNY");
    }
    assert_int_equal(cc_price_prorate(share, now, now, &share, &days, &err), CLOUD_ESTATE);
    assert_int_equal(cc_price_prorate(share, now, now - 1, &share, &days, &err), CLOUD_ESTATE);
    assert_int_equal(cc_price_prorate(share, INT64_MIN, INT64_MAX, &share, NULL, &err),
                     CLOUD_ESTATE);
    share.micros = INT64_MAX;
    assert_int_equal(cc_price_prorate(share, now, now + 31 * 86400, &share, &days, &err),
                     CLOUD_EINVAL);
    assert_int_equal(cc_price_prorate(share, 0, INT64_MAX, &share, &days, &err), CLOUD_EINVAL);
}

static int upgrade(const struct cc_price_item *from, const struct cc_price_item *to, int64_t now,
                   int64_t expires_at)
{
    memset(&err, 0xff, sizeof(err));
    price = (struct cloud_price){ 0 };
    return cc_pricebook_upgrade(book, from, to, now, expires_at, arena, &price, &err);
}

static void test_price_book__an_upgrade_costs_the_difference_until_expiry(void **state)
{
    const struct cc_price_item small = { .cloud = "v", .instance_type = "s" };
    const struct cc_price_item large = { .cloud = "v", .instance_type = "l" };
    const struct cc_price_item unknown = { .cloud = "v", .instance_type = "x" };
    const int64_t now = at("2026-06-01T12:00:00Z");
    char text[CLOUD_PERIOD_MAX];

    (void)state;
    assert_int_equal(load(HEAD
                          "    instances:\n      - { instance_type: s, month: 100, hour: 0.2 }\n"
                          "      - { instance_type: l, month: 201, hour: 0.5 }\n"
                          "    discounts: [ { period: 1 month, percent: 50 } ]\n"),
                     CLOUD_OK);
    assert_int_equal(upgrade(&small, &large, now, at("2026-06-21T20:00:00Z")), CLOUD_OK);
    expect_money(price.total, "70.70 CNY"); /* 101 * 21 / 30 */
    expect_money(price.list, "-");
    assert_string_equal(cloud_period_format(price.period, text), "21 days");
    assert_int_equal(price.source, CLOUD_PRICE_COMPUTED);
    assert_string_equal(
        price.covers,
        "101.00 CNY more a month, for 21 days of 30: l; without images, traffic and snapshots");
    assert_int_equal(upgrade(&large, &small, now, at("2026-06-21T20:00:00Z")), CLOUD_OK);
    expect_money(price.total, "0.00 CNY");
    assert_string_equal(price.refund.currency, "");
    assert_int_equal(upgrade(&small, &large, now, now + 3600), CLOUD_OK);
    expect_money(price.total, "3.36 CNY"); /* a begun day counts */
    assert_int_equal(price.period.count, 1);
    assert_int_equal(upgrade(&small, &large, now, now), CLOUD_ESTATE);
    assert_int_equal(upgrade(&small, &unknown, now, now + 86400), CLOUD_ENOTFOUND);
    assert_int_equal(upgrade(&unknown, &small, now, now + 86400), CLOUD_ENOTFOUND);
    assert_int_equal(upgrade(&small, &large, now, CLOUD_TIME_NONE), CLOUD_OK);
    expect_money(price.total, "0.50 CNY");
    assert_string_equal(cloud_period_format(price.period, text), "1 hour");
    assert_non_null(strstr(price.covers, "on demand the change itself is free"));
    assert_int_equal(upgrade(&small, &unknown, now, CLOUD_TIME_NONE), CLOUD_ENOTFOUND);
}

static void test_price_book__the_example_prices_all_three_clouds(void **state)
{
    static const struct cloud_disk_spec jd = { "ssd.gp1", 40 }, ecs = { "ssd", 40 },
                                        ccs = { "system_disk", 40 };
    const struct cc_price_item items[] = {
        { .cloud = "jdcloud",
          .region = "cn-north-1",
          .instance_type = "g.n2.medium",
          .disks = &jd,
          .disk_count = 1,
          .public_mbps = 1 },
        { .cloud = "capitalonline_ecs",
          .zone = "CN_Hohhot_B",
          .family = "Cpu计算型C3",
          .cpu = 2,
          .memory_mb = 4096,
          .disks = &ecs,
          .disk_count = 1,
          .public_mbps = 1 },
        { .cloud = "capitalonline_ccs",
          .region = "CN_Beijing_A",
          .family = "CCS.C3",
          .cpu = 2,
          .memory_mb = 4096,
          .disks = &ccs,
          .disk_count = 1,
          .public_mbps = 1 },
    };
    const char *example = getenv("CLOUD_TEST_EXAMPLES");
    char path[1000];

    (void)state;
    assert_non_null(example);
    snprintf(path, sizeof(path), "%s/prices.yaml", example);
    cc_pricebook_free(book);
    book = NULL;
    if (cc_pricebook_load(path, &book, &err) != CLOUD_OK)
        fail_msg("%s", err.message);
    expect_price(&items[0], "1 month", "170.80 CNY", "170.80 CNY");
    expect_price(&items[0], "1 year", "1754.00 CNY", "2049.60 CNY");
    expect_price(&items[1], "1 month", "185.00 CNY", "185.00 CNY");
    expect_price(&items[1], "1 year", "1850.00 CNY", "2220.00 CNY");
    expect_price(&items[2], "1 month", "191.00 CNY", "191.00 CNY");
    expect_price(&items[2], "12 months", "1948.20 CNY", "2292.00 CNY");
    expect_price(&items[0], NULL, "0.395354 CNY", "0.395354 CNY");
    expect_price(&items[1], NULL, "9.20 CNY", "9.20 CNY");
    expect_price(&items[2], NULL, "7.64 CNY", "7.64 CNY");
}

static void test_price_book__every_failed_allocation_is_survived(void **state)
{
    const struct cc_price_item item = { .cloud = "v", .instance_type = "s", .public_mbps = 1 };
    const struct cc_price_item larger = { .cloud = "v", .instance_type = "s", .public_mbps = 2 };
    int r = CLOUD_ENOMEM, tries = 0;

    (void)state;
    for (; r == CLOUD_ENOMEM; tries++) {
        struct cc_arena *own = cc_arena_new();

        write_text(
            "p.yaml", HEAD
            "    instances: [ { instance_type: s, month: 1 } ]\n    bandwidth: [ { month: 1 } ]\n");
        cc_pricebook_free(book);
        book = NULL;
        alloc_fail_left = tries;
        r = cc_pricebook_load("p.yaml", &book, &err);
        if (r == CLOUD_OK)
            r = cc_pricebook_upgrade(book, &item, &larger, 0, 86400, own, &price, &err);
        alloc_fail_left = -1;
        if (r != CLOUD_OK && (r != CLOUD_ENOMEM || err.code != CLOUD_ENOMEM))
            fail_msg("allocation %d: %s", tries, err.message);
        cc_arena_free(own);
    }
    assert_int_equal(r, CLOUD_OK);
    assert_true(tries > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_price_book__the_price_of_each_period_is_exact),
        cmocka_unit_test(test_price_book__a_price_names_its_period),
        cmocka_unit_test(test_price_book__a_discount_applies_to_its_period_only),
        cmocka_unit_test(test_price_book__an_inexact_price_is_refused),
        cmocka_unit_test(test_price_book__amounts_that_do_not_fit_are_refused),
        cmocka_unit_test(test_price_book__every_part_of_an_item_is_counted),
        cmocka_unit_test(test_price_book__the_error_names_bandwidth_without_a_row),
        cmocka_unit_test(test_price_book__the_most_specific_row_counts),
        cmocka_unit_test(test_price_book__prices_are_valid_from_begin_to_end),
        cmocka_unit_test(
            test_price_book__a_prorated_price_counts_begun_days_and_is_cut_to_the_cent),
        cmocka_unit_test(test_price_book__an_upgrade_costs_the_difference_until_expiry),
        cmocka_unit_test(test_price_book__the_example_prices_all_three_clouds),
        cmocka_unit_test(test_price_book__every_failed_allocation_is_survived),
    };

    return cmocka_run_group_tests(tests, setup, teardown);
}
