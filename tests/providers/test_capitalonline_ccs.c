/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests CapitalOnline CCS from end to end, against the emulator: in this process, over HTTP, and
 * with the types of JSON values varied where the documents disagree.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/time.h"
#include "tests/support/emulator_client.h"

#define MOST 64
#define WAIT_MS (10 * 60000) /* longer than a test may last */
#define ZONE "CN_Beijing_A"
#define VDC "33333333-3333-4333-8333-333333333333"
#define NETWORK "44444444-4444-4444-8444-444444444444"

static struct emulated emulated;
static struct cloud_result result = CLOUD_RESULT_INIT;
static struct cloud_error err;
static struct emulated_charge charges[MOST];
static const struct cloud_period month = { 1, CLOUD_PERIOD_MONTH };
static char id[64];

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

static int open_http(void **state)
{
    (void)state;
    emulated_open(&emulated, true, &options);
    return 0;
}

static void control(const char *path, const char *body)
{
    free(emulated_control(&emulated, path, body));
}

static int open_varied_types(void **state)
{
    open_in_process(state);
    control("world", "{\"capitalonline_types\":true}");
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

#define OK(call) expect(call, CLOUD_OK)

static struct cloud_params priced_params(void)
{
    static const struct cloud_disk_spec disks[] = { { "ssd_disk", 100 }, { NULL, 200 } };

    return (struct cloud_params){
        .size = sizeof(struct cloud_params),
        .zone = ZONE,
        .family = "CCS.C3",
        .cpu = 2,
        .memory_gb = 4,
        .image_id = "Ubuntu_22.04_64",
        .system_disk_gb = 60,
        .data_disks = disks,
        .data_disk_count = CC_COUNT(disks),
    };
}

static struct cloud_params order(const char *name)
{
    struct cloud_params p = priced_params();

    p.name = name;
    p.vpc_id = VDC;
    p.subnet_id = NETWORK;
    p.password = "Gre7n$Tea-9";
    return p;
}

/* Waits for the task of the last result. The result then has the ids of the created instances. */
static void follow_task(void)
{
    struct cloud_params task = CLOUD_PARAMS_INIT;
    char task_id[64];

    assert_non_null(result.task_id);
    snprintf(task_id, sizeof(task_id), "%s", result.task_id);
    task.task_id = task_id;
    OK(cloud_wait(emulated.client, &task, WAIT_MS, NULL, NULL, &result, &err));
    assert_string_equal(result.task.id, task_id);
    assert_int_equal(result.task.state, CLOUD_TASK_SUCCEEDED);
}

static void buy(const struct cloud_params *params)
{
    OK(cloud_create_instance(emulated.client, params, &result, &err));
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    assert_int_equal(result.id_count, 0);
    follow_task();
    assert_int_equal(result.task.resource_id_count, params->count ? params->count : 1);
    snprintf(id, sizeof(id), "%s", result.task.resource_ids[0]);
}

static enum cloud_instance_state state_now(void)
{
    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    assert_int_equal(result.instance_count, 1);
    return result.instances[0].state;
}

static void stop(void)
{
    OK(cloud_stop_instance(emulated.client, id, false, &err));
    assert_int_equal(state_now(), CLOUD_STATE_STOPPED);
}

static size_t charged(size_t seen, struct cloud_money quoted)
{
    size_t count = emulated_ledger(&emulated, charges, MOST);

    assert_int_equal(emulated_sum(charges, seen, count), quoted.micros);
    return count;
}

static struct cloud_money quote(struct cloud_params params)
{
    OK(cloud_describe_price(emulated.client, &params, &result, &err));
    assert_true(result.price.total.micros > 0);
    assert_int_equal(result.price.source, CLOUD_PRICE_VENDOR);
    return result.price.total;
}

static void check_bought(const struct cloud_instance *i)
{
    assert_string_equal(i->name, "life");
    assert_string_equal(i->vendor_state, "running");
    assert_int_equal(i->charge_mode, CLOUD_CHARGE_PREPAID);
    assert_int_equal(i->billing_state, CLOUD_BILLING_ACTIVE);
    assert_int_equal(i->expires_at, CLOUD_TIME_NONE);
    assert_true(i->created_at > 0);
    assert_string_equal(i->zone, ZONE);
    assert_string_equal(i->family, "CCS.C3");
    assert_string_equal(i->image_name, "Ubuntu_22.04_64");
    assert_int_equal(i->cpu, 2);
    assert_int_equal(i->memory_mb, 4096);
    assert_string_equal(i->vpc_id, VDC);
    assert_string_equal(i->subnet_id, NETWORK);
    assert_non_null(i->private_ip);
    assert_null(i->public_ip);
    assert_int_equal(i->system_disk.size_gb, 60);
    assert_string_equal(i->system_disk.type, "system_disk");
    assert_int_equal(i->data_disk_count, 2);
    assert_string_equal(i->data_disks[0].type, "ssd_disk");
    assert_string_equal(i->data_disks[1].type, "high_disk");
    assert_int_equal(i->data_disks[1].size_gb, 200);
}

static void test_capitalonline_ccs__an_order_from_purchase_to_stop(void **state)
{
    struct cloud_params p = order("life"), priced = priced_params();
    struct cloud_money total;
    size_t seen;

    (void)state;
    p.period = priced.period = (struct cloud_period){ 3, CLOUD_PERIOD_MONTH };
    total = quote(priced);
    OK(cloud_create_instance_dry_run(emulated.client, &p, &result, &err));
    assert_int_equal(result.check_count, 2);
    assert_true(result.checks[0].real && result.checks[0].passed);
    assert_false(result.checks[1].real || result.checks[1].passed);
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), 0);
    buy(&p);
    seen = charged(0, total);
    assert_int_equal(state_now(), CLOUD_STATE_RUNNING);
    check_bought(&result.instances[0]);
    OK(cloud_describe_renew_price(emulated.client, id, priced.period, &result, &err));
    assert_int_equal(result.price.total.micros, total.micros);
    OK(cloud_describe_instance_vnc_url(emulated.client, id, &result, &err));
    assert_non_null(strstr(result.console.url, "https://"));
    assert_null(strstr(emulated.log, result.console.url));
    OK(cloud_reboot_instance(emulated.client, id, &err));
    assert_int_equal(state_now(), CLOUD_STATE_RUNNING);
    OK(cloud_modify_instance_passwd(emulated.client, id, "Gre7n$Tea-10", &err));
    stop();
    OK(cloud_start_instance(emulated.client, id, &err));
    OK(cloud_stop_instance(emulated.client, id, true, &err));
    assert_int_equal(state_now(), CLOUD_STATE_STOPPED);
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), seen);
    assert_null(strstr(emulated.log, "Gre7n"));
}

static void test_capitalonline_ccs__on_demand_is_upgraded_and_deleted(void **state)
{
    struct cloud_params p = order("small"), up = CLOUD_PARAMS_INIT;
    struct cloud_money whole;

    (void)state;
    buy(&p);
    up.instance_id = id;
    up.cpu = 4;
    up.memory_gb = 8;
    p = priced_params();
    p.cpu = 4;
    p.memory_gb = 8;
    whole = quote(p);
    OK(cloud_describe_upgrade_price(emulated.client, &up, &result, &err));
    assert_int_equal(result.price.total.micros, whole.micros);
    expect(cloud_upgrade_instance(emulated.client, &up, &result, &err), CLOUD_ESTATE);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    stop();
    OK(cloud_upgrade_instance(emulated.client, &up, &result, &err));
    follow_task();
    assert_int_equal(state_now(), CLOUD_STATE_STOPPED);
    assert_int_equal(result.instances[0].cpu, 4);
    assert_int_equal(result.instances[0].memory_mb, 8192);
    up.cpu = up.memory_gb = 0;
    up.system_disk_gb = 60;
    expect(cloud_upgrade_instance(emulated.client, &up, &result, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "system_disk_gb");
    up.system_disk_gb = 80;
    OK(cloud_upgrade_instance(emulated.client, &up, &result, &err));
    assert_int_equal(state_now(), CLOUD_STATE_STOPPED);
    assert_int_equal(result.instances[0].system_disk.size_gb, 80);
    OK(cloud_delete_instance(emulated.client, id, &err));
    expect(cloud_describe_instance(emulated.client, id, &result, &err), CLOUD_ENOTFOUND);
}

static void test_capitalonline_ccs__listings_are_complete_and_filtered(void **state)
{
    struct cloud_params p = order("many"), some = CLOUD_PARAMS_INIT;

    (void)state;
    p.count = 99;
    p.data_disks = NULL;
    p.data_disk_count = 0;
    buy(&p);
    p.count = 30;
    p.name = "other";
    buy(&p);
    OK(cloud_describe_instances(emulated.client, NULL, &result, &err));
    assert_int_equal(result.instance_count, 129);
    some.name = "OTH";
    OK(cloud_describe_instances(emulated.client, &some, &result, &err));
    assert_int_equal(result.instance_count, 30);
    OK(cloud_describe_disks(emulated.client, NULL, &result, &err));
    assert_int_equal(result.disk_count, 129);
    some = (struct cloud_params)CLOUD_PARAMS_INIT;
    some.zone = "CN_Beijing_B";
    OK(cloud_describe_instances(emulated.client, &some, &result, &err));
    assert_int_equal(result.instance_count, 0);
    some = (struct cloud_params)CLOUD_PARAMS_INIT;
    some.instance_id = "00000000-0000-4000-8000-000000000000";
    expect(cloud_describe_disks(emulated.client, &some, &result, &err), CLOUD_ENOTFOUND);
}

static void test_capitalonline_ccs__types_images_and_regions_are_listed(void **state)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;
    size_t all;

    (void)state;
    OK(cloud_describe_instance_types(emulated.client, &p, &result, &err));
    all = result.type_count;
    for (size_t i = 0; i < all; i++)
        assert_true(result.types[i].family && result.types[i].cpu && result.types[i].memory_mb);
    p.family = "CCS.G3";
    OK(cloud_describe_instance_types(emulated.client, &p, &result, &err));
    assert_in_range(result.type_count, 1, all - 1);
    assert_string_equal(result.types[0].family, "CCS.G3");
    p.family = "CCS.NONE";
    expect(cloud_describe_instance_types(emulated.client, &p, &result, &err), CLOUD_EDENIED);
    p.family = NULL;
    OK(cloud_describe_images(emulated.client, &p, &result, &err));
    all = result.image_count;
    p.image_source = "private";
    OK(cloud_describe_images(emulated.client, &p, &result, &err));
    assert_int_equal(result.image_count, 1);
    assert_string_equal(result.images[0].source, "private");
    p.image_source = "public";
    OK(cloud_describe_images(emulated.client, &p, &result, &err));
    assert_int_equal(result.image_count, all - 1);
    p.image_id = "Ubuntu_22.04_64";
    OK(cloud_describe_images(emulated.client, &p, &result, &err));
    assert_int_equal(result.image_count, 1);
    assert_int_equal(result.images[0].state, CLOUD_IMAGE_AVAILABLE);
    OK(cloud_describe_regions(emulated.client, &result, &err));
    assert_int_equal(result.region_count, 55);
    assert_string_equal(result.regions[0].id, ZONE);
    assert_string_equal(result.regions[0].name, "北京A");
    assert_string_equal(result.regions[0].zones[0].id, ZONE);
}

static void test_capitalonline_ccs__upgrade_options_are_listed(void **state)
{
    struct cloud_params p = order("options");

    (void)state;
    buy(&p);
    OK(cloud_describe_resources_modification(emulated.client, id, NULL, &result, &err));
    assert_true(result.type_count > 0);
    for (size_t i = 0; i < result.type_count; i++) {
        assert_string_equal(result.types[i].family, "CCS.C3");
        assert_true(result.types[i].cpu >= 2 && result.types[i].memory_mb >= 4096);
        assert_true(result.types[i].cpu > 2 || result.types[i].memory_mb > 4096);
    }
    assert_int_equal(result.disk_range_count, 1);
    assert_string_equal(result.disk_ranges[0].type, "system_disk");
    assert_string_equal(result.disk_ranges[0].role, "system");
    assert_int_equal(result.disk_ranges[0].min_gb, 70);
    assert_int_equal(result.disk_ranges[0].max_gb, 500);
    assert_int_equal(result.disk_ranges[0].step_gb, 10);
    OK(cloud_describe_resources_modification(emulated.client, id, "system_disk", &result, &err));
    assert_int_equal(result.type_count, 0);
    assert_int_equal(result.disk_range_count, 1);
    OK(cloud_describe_resources_modification(emulated.client, id, "instance_type", &result, &err));
    assert_true(result.type_count > 0);
    assert_int_equal(result.disk_range_count, 0);
}

static void test_capitalonline_ccs__every_allowed_period_costs_its_quote(void **state)
{
    static const struct cloud_period periods[] = {
        { 1, CLOUD_PERIOD_MONTH },  { 10, CLOUD_PERIOD_MONTH }, { 11, CLOUD_PERIOD_MONTH },
        { 24, CLOUD_PERIOD_MONTH }, { 3, CLOUD_PERIOD_YEAR },
    };
    int64_t one = 0;
    size_t seen = 0;

    (void)state;
    control("world", "{\"balance\":\"10000000.00\"}");
    for (size_t i = 0; i < CC_COUNT(periods); i++) {
        struct cloud_params p = order("months"), priced = priced_params();
        struct cloud_money total;

        p.period = priced.period = periods[i];
        total = quote(priced);
        one = one ? one : total.micros;
        assert_true(total.micros > one || !i);
        p.max_charge = total;
        buy(&p);
        seen = charged(seen, total);
    }
}

static void test_capitalonline_ccs__the_period_ends_with_the_month_only_on_request(void **state)
{
    struct cloud_params p = order("end"), priced = priced_params();
    int64_t whole;
    size_t seen;

    (void)state;
    priced.period = month;
    whole = quote(priced).micros;
    priced.period = (struct cloud_period){ 0 };
    priced.to_month_end = p.to_month_end = CLOUD_YES;
    assert_true(quote(priced).micros <= whole);
    assert_int_equal(result.price.period.unit, CLOUD_PERIOD_NONE);
    buy(&p);
    seen = charged(0, quote(priced));
    p.period = month;
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "to_month_end");
    p.to_month_end = CLOUD_NO;
    buy(&p);
    assert_int_equal(emulated_sum(charges, seen, emulated_ledger(&emulated, charges, MOST)), whole);
}

static void test_capitalonline_ccs__a_prepaid_upgrade_is_priced_by_the_given_expiry(void **state)
{
    struct cloud_params p = order("prepaid"), up = CLOUD_PARAMS_INIT;
    struct cloud_money quoted;
    size_t seen;

    (void)state;
    p.period = month;
    buy(&p);
    stop();
    seen = emulated_ledger(&emulated, charges, MOST);
    up.instance_id = id;
    up.cpu = 4;
    expect(cloud_describe_upgrade_price(emulated.client, &up, &result, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "expires_at");
    up.max_charge = (struct cloud_money){ 1000000000, "CNY" };
    expect(cloud_upgrade_instance(emulated.client, &up, &result, &err), CLOUD_EINVAL);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), seen);
    up.max_charge = (struct cloud_money){ 0 };
    expect(cloud_describe_instance(emulated.client, id, &result, &err), CLOUD_OK);
    up.expires_at = cc_time_add_period(result.instances[0].created_at, month, 8 * 3600);
    expect(cloud_describe_upgrade_price(emulated.client, &up, &result, &err), CLOUD_OK);
    quoted = up.max_charge = result.price.total;
    expect(cloud_upgrade_instance(emulated.client, &up, &result, &err), CLOUD_OK);
    assert_int_equal(emulated_sum(charges, seen, emulated_ledger(&emulated, charges, MOST)),
                     quoted.micros);
}

static void test_capitalonline_ccs__an_operation_key_makes_a_fingerprint(void **state)
{
    struct cloud_params p = order("marked");

    (void)state;
    p.operation_key = "order-77";
    buy(&p);
    assert_int_equal(state_now(), CLOUD_STATE_RUNNING);
    assert_int_equal(result.instances[0].tag_count, 1);
    assert_int_equal(strncmp(result.instances[0].tags[0].key, "op", 2), 0);
    assert_int_equal(strlen(result.instances[0].tags[0].key), 12);
    p.operation_key = NULL;
    buy(&p);
    assert_int_equal(state_now(), CLOUD_STATE_RUNNING);
    assert_int_equal(result.instances[0].tag_count, 0);
}

static void test_capitalonline_ccs__a_dry_run_reports_the_refusal(void **state)
{
    struct cloud_params p = order("poor");

    (void)state;
    p.period = month;
    control("world", "{\"sold_out\":[\"CN_Beijing_A\"]}");
    expect(cloud_create_instance_dry_run(emulated.client, &p, &result, &err), CLOUD_ESOLDOUT);
    assert_int_equal(result.check_count, 2);
    assert_true(result.checks[0].real);
    assert_false(result.checks[0].passed);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
}

static void test_capitalonline_ccs__a_purchase_is_never_sent_twice(void **state)
{
    struct cloud_params p = order("lost");

    (void)state;
    p.operation_key = "order-78";
    control("fail", "{\"action\":\"CreateInstance\",\"kind\":\"drop_after_apply\",\"times\":1}");
    assert_true(cloud_create_instance(emulated.client, &p, &result, &err) != CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    OK(cloud_describe_instances(emulated.client, NULL, &result, &err));
    assert_int_equal(result.instance_count, 1); /* its label has the fingerprint */
    assert_int_equal(result.instances[0].tag_count, 1);
    control("fail", "{\"action\":\"CreateInstance\",\"kind\":\"refuse\",\"times\":1}");
    p.operation_key = "order-79";
    OK(cloud_create_instance(emulated.client, &p, &result, &err));
    OK(cloud_describe_instances(emulated.client, NULL, &result, &err));
    assert_int_equal(result.instance_count, 2);
}

static int change_charge_type(const char *type)
{
    char text[256];

    snprintf(
        text, sizeof(text),
        "{\"InstanceId\":\"%s\",\"InstanceChargeType\":\"%s\",\"PrepaidMonth\":1,\"AutoRenew\":0}",
        id, type);
    return cloud_invoke(emulated.client, "ModifyInstanceChargeType", text, &result, &err);
}

static void test_capitalonline_ccs__changing_prepaid_to_prepaid_needs_an_option(void **state)
{
    struct cloud_client_options opted = options;
    struct cloud_params p = order("charge");
    size_t seen;

    (void)state;
    buy(&p);
    OK(change_charge_type("PrePaid"));
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    assert_int_equal(state_now(), CLOUD_STATE_RUNNING);
    assert_int_equal(result.instances[0].charge_mode, CLOUD_CHARGE_PREPAID);
    seen = emulated_ledger(&emulated, charges, MOST);
    expect(change_charge_type("PrePaid"), CLOUD_EUNSUPPORTED);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_non_null(strstr(err.message, "allow_prepaid_charge_change"));
    expect(change_charge_type("PostPaid"), CLOUD_EUNSUPPORTED);
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), seen);
    opted.allow_prepaid_charge_change = true;
    emulated_client(&emulated, &opted);
    change_charge_type("PrePaid"); /* the vendor may refuse it, the library does not */
    assert_true(err.code != CLOUD_EUNSUPPORTED);
    emulated_client(&emulated, &options);
}

static void test_capitalonline_ccs__charge_type_is_checked_before_it_is_sent(void **state)
{
    long seen = emulated_requests(&emulated);

    (void)state;
    expect(cloud_invoke(emulated.client, "ModifyInstanceChargeType",
                        "{\"InstanceChargeType\":\"PrePaid\"}", &result, &err),
           CLOUD_EINVAL);
    assert_string_equal(err.parameter, "InstanceId");
    assert_int_equal(emulated_requests(&emulated), seen);
    expect(cloud_invoke(emulated.client, "ModifyInstanceChargeType",
                        "{\"InstanceId\":\"00000000-0000-4000-8000-000000000000\","
                        "\"InstanceChargeType\":\"PrePaid\"}",
                        &result, &err),
           CLOUD_ENOTFOUND);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
}

#define IN_PROCESS(name) cmocka_unit_test_setup_teardown(name, open_in_process, close_all)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PROCESS(test_capitalonline_ccs__an_order_from_purchase_to_stop),
        cmocka_unit_test_setup_teardown(test_capitalonline_ccs__an_order_from_purchase_to_stop,
                                        open_http, close_all),
        cmocka_unit_test_setup_teardown(test_capitalonline_ccs__an_order_from_purchase_to_stop,
                                        open_varied_types, close_all),
        IN_PROCESS(test_capitalonline_ccs__on_demand_is_upgraded_and_deleted),
        cmocka_unit_test_setup_teardown(test_capitalonline_ccs__on_demand_is_upgraded_and_deleted,
                                        open_varied_types, close_all),
        IN_PROCESS(test_capitalonline_ccs__listings_are_complete_and_filtered),
        IN_PROCESS(test_capitalonline_ccs__types_images_and_regions_are_listed),
        IN_PROCESS(test_capitalonline_ccs__upgrade_options_are_listed),
        IN_PROCESS(test_capitalonline_ccs__every_allowed_period_costs_its_quote),
        IN_PROCESS(test_capitalonline_ccs__the_period_ends_with_the_month_only_on_request),
        IN_PROCESS(test_capitalonline_ccs__a_prepaid_upgrade_is_priced_by_the_given_expiry),
        IN_PROCESS(test_capitalonline_ccs__an_operation_key_makes_a_fingerprint),
        IN_PROCESS(test_capitalonline_ccs__a_dry_run_reports_the_refusal),
        IN_PROCESS(test_capitalonline_ccs__a_purchase_is_never_sent_twice),
        IN_PROCESS(test_capitalonline_ccs__changing_prepaid_to_prepaid_needs_an_option),
        IN_PROCESS(test_capitalonline_ccs__charge_type_is_checked_before_it_is_sent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
