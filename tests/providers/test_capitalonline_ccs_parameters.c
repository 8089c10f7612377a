/* SPDX-License-Identifier: Apache-2.0 */
/* Tests invalid parameters for CapitalOnline CCS: each is refused by name before anything is sent.
 * The emulator counts the requests. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/support/emulator_client.h"

#define ZONE "CN_Beijing_A"

static struct emulated emulated;
static struct cloud_result result = CLOUD_RESULT_INIT;
static struct cloud_error err;
static const struct cloud_period month = { 1, CLOUD_PERIOD_MONTH };

static const struct cloud_client_options options = {
    .size = sizeof(options),
    .provider = "capitalonline_ccs",
    .region = ZONE,
};

static int open_in_process(void **state)
{
    (void)state;
    emulated_open(&emulated, false, &options);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    cloud_result_clear(&result);
    emulated_close(&emulated);
    return 0;
}

static void expect(int rc, int expected)
{
    if (rc != expected)
        fail_msg("%s: %s", cloud_code_name(rc), err.message);
}

static struct cloud_params order(void)
{
    return (struct cloud_params){
        .size = sizeof(struct cloud_params),
        .name = "web",
        .zone = ZONE,
        .family = "CCS.C3",
        .cpu = 2,
        .memory_gb = 4,
        .vpc_id = "33333333-3333-4333-8333-333333333333",
        .password = "Gre7n$Tea-9",
    };
}

static const struct refusal {
    const char *given, *text; /* added to a valid order */
    const char *named;        /* in the error; NULL: the same */
} refusals[] = {
    { "period", "13months", NULL },
    { "period", "25months", NULL },
    { "period", "4years", NULL },
    { "period", "10days", NULL },
    { "charge_mode", "prepaid", "period" },
    { "charge_mode", "spot", NULL },
    { "auto_renew", "yes", NULL },
    { "cpu", "3", NULL },
    { "memory_gb", "6", NULL },
    { "count", "100", NULL },
    { "password", "short1A", NULL },
    { "password", "onlyletters", NULL },
    { "password", "Gre7n\"Tea-9", NULL },
    { "system_disk_gb", "501", NULL },
    { "system_disk_type", "ssd", NULL },
    { "data_disks", "high_disk:4001", NULL },
    { "instance_type", "g.n2.medium", NULL },
    { "public_mbps", "5", NULL },
    { "key_name", "k", NULL },
    { "description", "d", NULL },
    { "security_group_id", "sg", NULL },
    { "gpu", "1", NULL },
};

static void test_capitalonline_ccs_parameters__an_invalid_one_is_refused_by_name(void **state)
{
    long seen = emulated_requests(&emulated);

    (void)state;
    for (size_t i = 0; i < CC_COUNT(refusals); i++) {
        const struct refusal *r = &refusals[i];
        struct cloud_params p = order();

        assert_int_equal(cloud_params_set(&p, cloud_param_find(r->given)->param, r->text, &err),
                         CLOUD_OK);
        expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EINVAL);
        assert_string_equal(err.parameter, r->named ? r->named : r->given);
        assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
        cloud_params_clear(&p);
    }
    assert_int_equal(emulated_requests(&emulated), seen);
}

static void test_capitalonline_ccs_parameters__the_error_lists_the_allowed_periods(void **state)
{
    struct cloud_params p = order();

    (void)state;
    p.period = (struct cloud_period){ 13, CLOUD_PERIOD_MONTH };
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EINVAL);
    assert_non_null(strstr(err.message, "1 to 12 months, 24 months, 36 months, 1 to 3 years"));
}

static void test_capitalonline_ccs_parameters__to_month_end_excludes_a_period(void **state)
{
    struct cloud_params p = order();

    (void)state;
    p.period = month;
    p.to_month_end = CLOUD_YES;
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "to_month_end");
    p.period = (struct cloud_period){ 0 };
    p.charge_mode = CLOUD_CHARGE_POSTPAID;
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "to_month_end");
}

static void test_capitalonline_ccs_parameters__a_missing_one_is_named(void **state)
{
    static const size_t members[] = {
        offsetof(struct cloud_params, name),
        offsetof(struct cloud_params, family),
        offsetof(struct cloud_params, vpc_id),
        offsetof(struct cloud_params, password),
    };
    static const char *const names[] = { "name", "family", "vpc_id", "password" };
    long seen = emulated_requests(&emulated);

    (void)state;
    for (size_t i = 0; i < CC_COUNT(members); i++) {
        struct cloud_params p = order();

        *(const char **)(void *)((char *)&p + members[i]) = NULL;
        expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EINVAL);
        assert_string_equal(err.parameter, names[i]);
    }
    expect(cloud_describe_task(emulated.client, NULL, &result, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "task_id");
    expect(cloud_start_instance(emulated.client, "a,b", &err), CLOUD_EINVAL);
    assert_int_equal(emulated_requests(&emulated), seen);
}

static void test_capitalonline_ccs_parameters__without_a_region_the_zone_is_named(void **state)
{
    struct cloud_client_options nowhere = options;
    struct cloud_params p = order();

    (void)state;
    nowhere.region = NULL;
    emulated_client(&emulated, &nowhere);
    p.zone = NULL;
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "zone");
    assert_non_null(strstr(err.message, "cloudctl regions"));
    emulated_client(&emulated, &options);
}

static void test_capitalonline_ccs_parameters__an_unsupported_operation_sends_nothing(void **state)
{
    long seen = emulated_requests(&emulated);

    (void)state;
    expect(cloud_renew_instance(emulated.client, "i", month, &result, &err), CLOUD_EUNSUPPORTED);
    assert_non_null(strstr(err.message, "ModifyInstanceChargeType"));
    expect(cloud_modify_instance_auto_renew_attribute(emulated.client, "i", true, month, &err),
           CLOUD_EUNSUPPORTED);
    assert_non_null(strstr(err.message, "when buying"));
    assert_int_equal(emulated_requests(&emulated), seen);
}

#define IN_PROCESS(name) cmocka_unit_test_setup_teardown(name, open_in_process, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PROCESS(test_capitalonline_ccs_parameters__an_invalid_one_is_refused_by_name),
        IN_PROCESS(test_capitalonline_ccs_parameters__the_error_lists_the_allowed_periods),
        IN_PROCESS(test_capitalonline_ccs_parameters__to_month_end_excludes_a_period),
        IN_PROCESS(test_capitalonline_ccs_parameters__a_missing_one_is_named),
        IN_PROCESS(test_capitalonline_ccs_parameters__without_a_region_the_zone_is_named),
        IN_PROCESS(test_capitalonline_ccs_parameters__an_unsupported_operation_sends_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
