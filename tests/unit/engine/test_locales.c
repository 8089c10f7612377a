/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Calls in a Turkish and a German locale, which the test itself compiles into a folder of its own.
 * In the Turkish one toupper('i') is no 'I', so strcasecmp() takes "RUNNING" and "running" for
 * different words; in the German one the decimal mark is a comma.
 */
#include "tests/support/temp_directory.h"

#include <ctype.h>
#include <locale.h>

#include "tests/support/fake_transport.h"

#define INSTANCE(status, mode) \
    "{\"requestId\":\"r\",\"result\":{\"INSTANCE\":{\"INSTANCEID\":\"i-1\",\"STATUS\":\"" status \
    "\",\"charge\":{\"chargeMode\":\"" mode "\"}}}}"
#define PRICED "{\"requestId\":\"r\",\"result\":{\"discountedTotalPrice\":120.55}}"
#define REFUSED \
    "{\"requestId\":\"r\",\"error\":{\"code\":404,\"status\":\"not_found\",\"message\":\"NO\"}}"

static struct fake script;
static struct cloud_error err;
static struct cloud_result result = CLOUD_RESULT_INIT;

static int compile_locales(void **state)
{
    if (enter_directory(state))
        return -1;
    if (system("localedef -i tr_TR -f UTF-8 ./tr_TR.UTF-8 && "
               "localedef -i de_DE -f UTF-8 ./de_DE.UTF-8") != 0) {
        fprintf(stderr, "localedef cannot compile the locales: skipped\n");
        exit(77);
    }
    return setenv("LOCPATH", directory, 1);
}

static int restore_locale(void **state)
{
    (void)state;
    setlocale(LC_ALL, "C");
    cloud_result_clear(&result);
    return 0;
}

static void enter_turkish(void)
{
    assert_non_null(setlocale(LC_ALL, "tr_TR.UTF-8"));
    assert_int_not_equal(toupper('i'), 'I'); /* the locale is what it should be */
}

static int show(const char *body, int status)
{
    const struct fake_reply reply = { .status = status, .body = body };
    int rc;

    fake_open(&script, "jdcloud", NULL);
    fake_play(&script, &reply, 1);
    rc = cloud_describe_instance(script.client, "i-1", &result, &err);
    fake_close(&script);
    return rc;
}

static void test_turkish__names_and_states_of_a_vendor(void **state)
{
    (void)state;
    enter_turkish();
    assert_int_equal(show(INSTANCE("RUNNING", "PREPAID_BY_DURATION"), 200), CLOUD_OK);
    assert_string_equal(result.instances[0].id, "i-1");
    assert_int_equal(result.instances[0].state, CLOUD_STATE_RUNNING);
    assert_int_equal(result.instances[0].charge_mode, CLOUD_CHARGE_PREPAID);
}

static void test_turkish__codes_of_a_vendor(void **state)
{
    (void)state;
    enter_turkish();
    assert_int_equal(show(REFUSED, 400), CLOUD_ENOTFOUND);
}

static void test_turkish__words_of_a_caller(void **state)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_period period;

    (void)state;
    enter_turkish();
    assert_int_equal(cloud_params_set(&params, CLOUD_PARAM_CHARGE_MODE, "PREPAID", &err), CLOUD_OK);
    assert_int_equal(params.charge_mode, CLOUD_CHARGE_PREPAID);
    assert_int_equal(cloud_params_set(&params, CLOUD_PARAM_PRICE_SOURCE, "PRICE_BOOK", &err),
                     CLOUD_OK);
    assert_int_equal(cloud_period_parse("1 MONTH", &period, &err), CLOUD_OK);
    assert_string_equal(cloud_param_find("instance-id")->name, "instance_id");
}

static void test_turkish__names_of_characters_are_those_of_the_rules(void **state)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    (void)state;
    enter_turkish();
    fake_open(&script, "jdcloud", NULL);
    params.instance_id = "i-1";
    params.resource = "instance_type";
    assert_int_equal(
        cloud_call_check(script.client, CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION, &params, &err),
        CLOUD_OK);
    fake_close(&script);
}

/* a password with a row of keys in upper case is refused in every locale */
static void test_turkish__passwords(void **state)
{
    (void)state;
    enter_turkish();
    fake_open(&script, "jdcloud", NULL);
    assert_int_equal(cloud_modify_instance_passwd(script.client, "i-1", "GHI5$mna-Zw", &err),
                     CLOUD_EINVAL);
    assert_string_equal(err.parameter, "password");
    assert_int_equal(script.sent, 0);
    fake_close(&script);
}

static void test_german__money_has_a_point(void **state)
{
    const struct fake_reply replies[] = { { .status = 200, .body = PRICED } };
    struct cloud_params params = CLOUD_PARAMS_INIT;
    char text[CLOUD_MONEY_MAX];
    struct cloud_money money;

    (void)state;
    assert_non_null(setlocale(LC_ALL, "de_DE.UTF-8"));
    assert_string_equal(localeconv()->decimal_point, ",");
    assert_int_equal(cloud_money_parse("12.34", "CNY", &money, &err), CLOUD_OK);
    assert_int_equal(money.micros, 12340000);
    assert_string_equal(cloud_money_format(money, text), "12.34 CNY");
    assert_int_equal(cloud_money_parse("12,34", "CNY", &money, &err), CLOUD_EINVAL);
    assert_int_equal(cloud_params_set(&params, CLOUD_PARAM_MAX_CHARGE, "99.5", &err), CLOUD_OK);
    assert_int_equal(params.max_charge.micros, 99500000);
    params = (struct cloud_params)CLOUD_PARAMS_INIT;
    params.zone = "cn-north-1a";
    params.instance_type = "g.n2.medium";
    params.system_disk_gb = 40;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    fake_open(&script, "jdcloud", NULL);
    fake_play(&script, replies, 1);
    if (cloud_describe_price(script.client, &params, &result, &err))
        fail_msg("%s", err.message);
    assert_int_equal(result.price.total.micros, 120550000);
    fake_close(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_turkish__names_and_states_of_a_vendor, restore_locale),
        cmocka_unit_test_teardown(test_turkish__codes_of_a_vendor, restore_locale),
        cmocka_unit_test_teardown(test_turkish__words_of_a_caller, restore_locale),
        cmocka_unit_test_teardown(test_turkish__names_of_characters_are_those_of_the_rules,
                                  restore_locale),
        cmocka_unit_test_teardown(test_turkish__passwords, restore_locale),
        cmocka_unit_test_teardown(test_german__money_has_a_point, restore_locale),
    };

    return cmocka_run_group_tests(tests, compile_locales, leave_directory);
}
