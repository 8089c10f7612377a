/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests that nothing is bought at a price that is not known: negative, absent, or in another
 * currency; and that a limit without a currency, or in another one, is refused before any request.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/support/fake_transport.h"

static struct fake script;
static struct cloud_error err;
static struct cloud_result result = CLOUD_RESULT_INIT;

/* parameters of a purchase that are valid at every provider */
static struct cloud_params purchase(const char *provider)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.zone = "zone-a";
    p.system_disk_gb = 40;
    p.name = "web-1";
    if (strcmp(provider, "jdcloud") == 0) {
        p.instance_type = "g.n2.medium";
        p.image_id = "img-1";
        p.subnet_id = "subnet-1";
    } else {
        p.family = "family-a";
        p.cpu = 2;
        p.memory_gb = 4;
        p.image_id = "img-1";
        p.vpc_id = "vpc-1";
        p.subnet_id = "subnet-1";
        p.system_disk_type = strcmp(provider, "capitalonline_ccs") == 0 ? "ssd_system_disk" : "ssd";
        p.password = "Aa1!Aa1!Aa1!";
    }
    if (strcmp(provider, "capitalonline_ccs") == 0)
        p.zone = NULL;
    return p;
}

static int call(const char *provider, enum cloud_op op, const struct cloud_params *params,
                const char *body)
{
    struct fake_reply replies[4];
    int code;

    for (size_t i = 0; i < CC_COUNT(replies); i++)
        replies[i] = (struct fake_reply){ .status = 200, .body = body };
    fake_open(&script, provider, NULL);
    fake_play(&script, replies, CC_COUNT(replies));
    code = cloud_call(script.client, op, params, &result, &err);
    return code;
}

static void end(void)
{
    cloud_result_clear(&result);
    fake_close(&script);
}

static struct cloud_money cny(int64_t units)
{
    return (struct cloud_money){ units * 1000000, "CNY" };
}

#define JD(price) "{\"requestId\":\"r\",\"result\":{" price "}}"
#define ECS(price) "{\"Code\":\"Success\",\"Data\":{\"PriceUnit\":\"天\"," price "}}"
#define CCS(price) "{\"Code\":\"Success\",\"Data\":{" price "}}"

static const struct {
    const char *provider, *body, *says;
} bad_prices[] = {
    { "jdcloud", JD("\"discountedTotalPrice\":-1"), "negative" },
    { "jdcloud", JD("\"discountedTotalPrice\":\"-0.01\""), "negative" },
    { "jdcloud", JD("\"discountedTotalPrice\":null"), "has no discountedTotalPrice" },
    { "jdcloud", JD("\"discountedTotalPrice\":\"\""), "has no discountedTotalPrice" },
    { "jdcloud", JD("\"discountedTotalPrice\":[]"), "has no discountedTotalPrice" },
    { "jdcloud", JD("\"totalPrice\":5"), "has no discountedTotalPrice" },
    { "jdcloud", JD("\"discountedTotalPrice\":5,\"currency\":\"USD\""),
      "\"USD\": the price is not in CNY" },
    { "jdcloud", JD("\"discountedTotalPrice\":5,\"totalOriginalPrice\":-5"), "negative" },
    { "capitalonline_ecs", ECS("\"PriceSymbol\":\"$\",\"TotalPrice\":104.0"),
      "\"$\": the price is not in CNY" },
    { "capitalonline_ecs", ECS("\"PriceSymbol\":\"US$\",\"TotalPrice\":104.0"), "not in CNY" },
    { "capitalonline_ecs", ECS("\"PriceSymbol\":\"￥\",\"TotalPrice\":-104.0"), "negative" },
    { "capitalonline_ecs", ECS("\"PriceSymbol\":\"￥\",\"TotalPrice\":{}"), "has no TotalPrice" },
    { "capitalonline_ecs", ECS("\"PriceSymbol\":\"￥\""), "has no TotalPrice" },
    { "capitalonline_ccs", CCS("\"TotalPrice\":-2"), "negative" },
    { "capitalonline_ccs", CCS("\"TotalPrice\":2,\"Currency\":\"HKD\""), "not in CNY" },
    { "capitalonline_ccs", CCS("\"Price\":2"), "has no TotalPrice" },
};

static void test_money__a_price_that_is_not_known_is_an_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(bad_prices); i++) {
        struct cloud_params p = purchase(bad_prices[i].provider);

        p.name = p.vpc_id = p.subnet_id = p.password = NULL;
        if (call(bad_prices[i].provider, CLOUD_OP_DESCRIBE_PRICE, &p, bad_prices[i].body) !=
                CLOUD_EPROTOCOL ||
            !strstr(err.message, bad_prices[i].says))
            fail_msg("row %zu: %s", i, err.message);
        end();
    }
}

static void test_money__nothing_is_bought_at_such_a_price(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(bad_prices); i++) {
        struct cloud_params p = purchase(bad_prices[i].provider);

        p.max_charge = cny(1000);
        if (call(bad_prices[i].provider, CLOUD_OP_CREATE_INSTANCE, &p, bad_prices[i].body) !=
            CLOUD_EPROTOCOL)
            fail_msg("row %zu: %s", i, err.message);
        assert_int_equal(script.sent, 1);
        assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
        end();
    }
}

static void test_money__the_providers_own_currency_is_accepted_in_any_spelling(void **state)
{
    static const char *const bodies[] = {
        ECS("\"PriceSymbol\":\"￥\",\"TotalPrice\":104.55"),
        ECS("\"PriceSymbol\":\"¥\",\"TotalPrice\":104.55"),
        ECS("\"PriceSymbol\":\"cny\",\"TotalPrice\":104.55"),
        ECS("\"PriceSymbol\":\"\",\"TotalPrice\":104.55"),
        ECS("\"TotalPrice\":\"104.550000\""),
    };
    struct cloud_params p = purchase("capitalonline_ecs");

    (void)state;
    p.name = p.vpc_id = p.subnet_id = p.password = NULL;
    for (size_t i = 0; i < CC_COUNT(bodies); i++) {
        if (call("capitalonline_ecs", CLOUD_OP_DESCRIBE_PRICE, &p, bodies[i]))
            fail_msg("row %zu: %s", i, err.message);
        assert_int_equal(result.price.total.micros, 104550000);
        assert_string_equal(result.price.total.currency, "CNY");
        end();
    }
}

static void test_money__a_limit_needs_the_currency_of_the_price(void **state)
{
    static const struct {
        struct cloud_money limit;
        const char *says;
    } rows[] = {
        { { 500000000, "" }, "max_charge has no currency; set it to the price's currency (CNY)" },
        { { 500000000, "USD" },
          "the currency of max_charge is USD; set it to the price's currency (CNY)" },
        { { 500000000, "cny" }, "the currency of max_charge is cny" },
        { { 500000000, { 'C', 'N', 'Y', 'X' } }, "the currency of max_charge is CNYX" },
        { { 0, "USD" }, "the currency of max_charge is USD" },
        { { -1, "CNY" }, "negative" },
    };
    static const char *const providers[] = { "jdcloud", "capitalonline_ecs", "capitalonline_ccs" };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows) * CC_COUNT(providers); i++) {
        const char *provider = providers[i / CC_COUNT(rows)];
        struct cloud_params p = purchase(provider);

        p.max_charge = rows[i % CC_COUNT(rows)].limit;
        assert_int_equal(call(provider, CLOUD_OP_CREATE_INSTANCE, &p, NULL), CLOUD_EINVAL);
        if (!strstr(err.message, rows[i % CC_COUNT(rows)].says))
            fail_msg("row %zu: %s", i, err.message);
        assert_string_equal(err.parameter, "max_charge");
        assert_int_equal(script.sent, 0);
        end();
    }
}

static void test_money__a_limit_as_text_may_name_its_currency(void **state)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;
    char text[CLOUD_MONEY_MAX];

    (void)state;
    assert_int_equal(cloud_params_set(&p, CLOUD_PARAM_MAX_CHARGE, "120.5", &err), CLOUD_OK);
    assert_string_equal(p.max_charge.currency, "CNY");
    assert_int_equal(cloud_params_set(&p, CLOUD_PARAM_MAX_CHARGE, "120.5 USD", &err), CLOUD_OK);
    assert_string_equal(p.max_charge.currency, "USD");
    cloud_params_text(&p, CLOUD_PARAM_MAX_CHARGE, text, sizeof(text));
    assert_string_equal(text, "120.50 USD");
    assert_int_equal(cloud_params_set(&p, CLOUD_PARAM_MAX_CHARGE, "120.5 US", &err), CLOUD_EINVAL);
    assert_int_equal(cloud_params_set(&p, CLOUD_PARAM_MAX_CHARGE, "120.5 ", &err), CLOUD_EINVAL);
}

/* 0 in the struct is "not given", which buys one */
static void test_money__a_count_of_none_buys_none(void **state)
{
    static const char *const none[] = { "0", "00", "+0", "-0" };
    struct cloud_params p = CLOUD_PARAMS_INIT;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(none); i++)
        assert_int_equal(cloud_params_set(&p, CLOUD_PARAM_COUNT, none[i], &err), CLOUD_EINVAL);
    assert_int_equal(cloud_params_set(&p, CLOUD_PARAM_COUNT, "10", &err), CLOUD_OK);
    assert_int_equal(p.count, 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_money__a_price_that_is_not_known_is_an_error),
        cmocka_unit_test(test_money__nothing_is_bought_at_such_a_price),
        cmocka_unit_test(test_money__the_providers_own_currency_is_accepted_in_any_spelling),
        cmocka_unit_test(test_money__a_limit_needs_the_currency_of_the_price),
        cmocka_unit_test(test_money__a_limit_as_text_may_name_its_currency),
        cmocka_unit_test(test_money__a_count_of_none_buys_none),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
