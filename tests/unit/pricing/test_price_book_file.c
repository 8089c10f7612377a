/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/pricing/price_book_load.c: the error of every mistake in a price book names file, line
 * and key. */
#include "tests/unit/pricing/price_book_file.h"

static void expect_mistake(const char *text, int line, const char *key, const char *says)
{
    char begin[200];

    assert_int_equal(load(text), CLOUD_ECONFIG);
    assert_null(book);
    snprintf(begin, sizeof(begin), "p.yaml:%d: %s: ", line, key);
    if (strncmp(err.message, begin, strlen(begin)) != 0 || !strstr(err.message, says))
        fail_msg("expected \"%s…%s…\", got \"%s\"", begin, says, err.message);
    assert_string_equal(err.parameter, key);
}

static int leave(void **state)
{
    cc_pricebook_free(book);
    return leave_directory(state);
}

static void test_price_book__errors_of_the_book_name_line_and_key(void **state)
{
    (void)state;
    expect_mistake("currency: CNY\n", 1, "prices", "is missing");
    expect_mistake("prices: {}\nprice: {}\n", 2, "price", "the nearest is 'prices'");
    expect_mistake("prices:\n  v: { instances: [] }\n", 1, "currency", "is missing");
    expect_mistake("currency: yuan\nprices: {}\n", 1, "currency", "three capital letters");
    expect_mistake("currency: [CNY]\nprices: {}\n", 1, "currency", "is a list");
    expect_mistake("currency:\nprices: {}\n", 1, "currency", "is empty");
    expect_mistake("currency: CNY\nprices: 3\n", 2, "prices", "is a text; write a map");
    expect_mistake("currency: CNY\nprices:\n  v: []\n", 3, "prices.v", "is a list; write a map");
    expect_mistake(HEAD "    currency: Y\n", 4, "prices.v.currency", "three capital letters");
    expect_mistake(HEAD "    disk: []\n", 4, "prices.v.disk", "the nearest is 'disks'");
    expect_mistake(HEAD "    disks: {}\n", 4, "prices.v.disks", "is a map; write a list");
    expect_mistake(HEAD "    disks: [x]\n", 4, "prices.v.disks[0]", "is a text; write a map");
    expect_mistake("valid_from: soon\n" HEAD, 1, "valid_from", "write a date like");
    expect_mistake("valid_until: 2026-02-30\n" HEAD, 1, "valid_until", "write a date like");
    expect_mistake("valid_from: 2026-02-02\nvalid_until: 2026-02-01\nprices: {}\n", 2,
                   "valid_until", "is before valid_from");
    assert_int_equal(cc_pricebook_load("none.yaml", &book, &err), CLOUD_ECONFIG);
    assert_non_null(strstr(err.message, "none.yaml cannot be read: No such file"));
}

static void test_price_book__errors_of_rows_name_line_and_key(void **state)
{
    static const struct {
        const char *list, *row, *key, *says;
    } wrong[] = {
        { "instances", "{ month: 1 }", ".instance_type", "is missing; name the size" },
        { "instances", "{ family: f, memory_gb: 1, month: 1 }", ".cpu", "is missing" },
        { "instances", "{ family: f, cpu: 1, month: 1 }", ".memory_gb", "is missing" },
        { "instances", "{ instance_type: t, family: f, month: 1 }", ".family", "in one way only" },
        { "instances", "{ instance_type: t, cpu: 1, month: 1 }", ".cpu", "in one way only" },
        { "instances", "{ instance_type: t, gpu: 1, month: 1 }", ".gpu", "in one way only" },
        { "instances", "{ instance_type: t }", ".month", "there is no price" },
        { "instances", "{ instance_type: t, month: }", ".month", "is empty" },
        { "instances", "{ instance_type: t, month: cheap }", ".month", "write an amount like" },
        { "instances", "{ instance_type: t, month: 1.0000001 }", ".month", "write an amount like" },
        { "instances", "{ instance_type: t, month: 9223372036855 }", ".month",
          "write an amount like" },
        { "instances", "{ instance_type: t, hour: -1 }", ".hour", "below zero" },
        { "instances", "{ instance_type: t, day: [1] }", ".day", "is a list" },
        { "instances", "{ instance_type: t, year: {} }", ".year", "is a map" },
        { "instances", "{ instance_type: [t], month: 1 }", ".instance_type", "is a list" },
        { "instances", "{ family: f, cpu: 0, memory_gb: 1, month: 1 }", ".cpu", "from 1 to" },
        { "instances", "{ family: f, cpu: 1, memory_gb: 0.5, month: 1 }", ".memory_gb",
          "from 1 to" },
        { "instances", "{ family: f, cpu: 1, memory_gb: 1, gpu: -1, month: 1 }", ".gpu",
          "from 0 to" },
        { "instances", "{ instance_type: t, moth: 1 }", ".moth", "the nearest is 'month'" },
        { "instances", "{ type: t, month: 1 }", ".type", "there is no such key here" },
        { "instances", "{ instance_type: t, month: 1, region: }", ".region", "is empty" },
        { "instances", "{ instance_type: t, month: 1, zone: [] }", ".zone", "is a list" },
        { "instances", "{ instance_type: t, month: 1, valid_from: x }", ".valid_from",
          "write a date" },
        { "instances", "{ instance_type: t, month: 1, valid_until: 2026-13-01 }", ".valid_until",
          "write a date" },
        { "disks", "{ month: 1 }", ".type", "is missing" },
        { "disks", "{ type: ssd }", ".month", "there is no price" },
        { "disks", "{ type: ssd, cpu: 1, month: 1 }", ".cpu", "there is no such key here" },
        { "bandwidth", "{ region: r }", ".month", "there is no price" },
        { "bandwidth", "{ type: x, month: 1 }", ".type", "there is no such key here" },
        { "discounts", "{ pay: 1 month }", ".period", "is missing" },
        { "discounts", "{ period: 1 month }", ".pay", "write one of them" },
        { "discounts", "{ period: 1 month, pay: 1 month, percent: 1 }", ".pay",
          "write one of them" },
        { "discounts", "{ period: a while, percent: 1 }", ".period", "write a length like" },
        { "discounts", "{ period: 2000000000 years, percent: 1 }", ".period", "too long" },
        { "discounts", "{ period: 12 months, pay: 10 days }", ".pay", "has another unit" },
        { "discounts", "{ period: 12 months, pay: 13 months }", ".pay", "is more than period" },
        { "discounts", "{ period: 12 months, percent: 0 }", ".percent", "above 0, at most 100" },
        { "discounts", "{ period: 12 months, percent: 100.01 }", ".percent",
          "above 0, at most 100" },
        { "discounts", "{ period: 12 months, percent: half }", ".percent", "above 0, at most 100" },
        { "discounts", "{ period: 12 months, percent: 85, month: 1 }", ".month",
          "there is no such key here" },
    };
    char text[300], key[100];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(wrong); i++) {
        snprintf(text, sizeof(text), HEAD "    %s:\n      - %s\n", wrong[i].list, wrong[i].row);
        snprintf(key, sizeof(key), "prices.v.%s[0]%s", wrong[i].list, wrong[i].key);
        expect_mistake(text, 5, key, wrong[i].says);
    }
}

static void test_price_book__two_prices_for_the_same_item_are_refused(void **state)
{
    (void)state;
    expect_mistake(ROW("disks", "{ type: ssd, month: 1 }\n      - { type: SSD, month: 2 }"), 6,
                   "prices.v.disks[1]", "same time as line 5");
    expect_mistake(ROW("bandwidth", "{ month: 1, zone: a }\n      - { hour: 2, zone: a }"), 6,
                   "prices.v.bandwidth[1]", "same time as line 5");
    expect_mistake(
        ROW("discounts",
            "{ period: 1 year, percent: 90 }\n      - { period: 12 months, pay: 10 months }"),
        6, "prices.v.discounts[1]", "same time as line 5");
    expect_mistake(ROW("disks", "{ type: ssd, month: 1, valid_until: 2026-06-30 }\n"
                                "      - { type: ssd, month: 2, valid_from: 2026-06-30 }"),
                   6, "prices.v.disks[1]", "same time as line 5");
    assert_int_equal(load(ROW("disks", "{ type: ssd, month: 1, valid_until: 2026-06-30 }\n"
                                       "      - { type: ssd, month: 2, valid_from: 2026-07-01 }\n"
                                       "      - { type: ssd, month: 3, region: r }\n"
                                       "      - { type: ssd, month: 4, zone: r }\n"
                                       "      - { type: hdd, month: 5 }")),
                     CLOUD_OK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_price_book__errors_of_the_book_name_line_and_key),
        cmocka_unit_test(test_price_book__errors_of_rows_name_line_and_key),
        cmocka_unit_test(test_price_book__two_prices_for_the_same_item_are_refused),
    };

    return cmocka_run_group_tests(tests, enter_directory, leave);
}
