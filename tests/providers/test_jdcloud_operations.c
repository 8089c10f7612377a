/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests operations of JD Cloud against the emulator: refusals of the vendor, listings, upgrade
 * options, and invoked actions.
 */
#include "tests/providers/jdcloud_world.h"

static void test_jdcloud_operations__stock_quota_and_balance_have_different_codes(void **state)
{
    struct cloud_params p = emulated_purchase("refused-1");

    (void)state;
    control("world", "{\"sold_out\":[\"g.n2.medium\"]}");
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_ESOLDOUT);
    expect(cloud_create_instance_dry_run(emulated.client, &p, &result, &err), CLOUD_ESOLDOUT);
    assert_string_equal(result.checks[0].name, "instance_type");
    assert_true(result.checks[0].real && !result.checks[0].passed);
    assert_non_null(strstr(err.message, "sold out"));
    control("world", "{\"sold_out\":[],\"quota\":{\"instance\":0}}");
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EQUOTA);
    expect(cloud_create_instance_dry_run(emulated.client, &p, &result, &err), CLOUD_EQUOTA);
    control("world", "{\"quota\":{\"instance\":null},\"balance\":\"1.00\"}");
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EBALANCE);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(err.http_status, 400);
    assert_true(*err.vendor_code && *err.request_id);
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), 0);
}

static void test_jdcloud_operations__a_refusal_by_state_is_estate(void **state)
{
    struct cloud_params p = emulated_purchase("state-1"), change = CLOUD_PARAMS_INIT;

    (void)state;
    buy(&p);
    expect(cloud_start_instance(emulated.client, id, &err), CLOUD_ESTATE);
    change.instance_id = id;
    change.instance_type = "g.n2.large";
    expect(cloud_upgrade_instance(emulated.client, &change, &result, &err), CLOUD_ESTATE);
    stop();
    expect(cloud_stop_instance(emulated.client, id, false, &err), CLOUD_ESTATE);
    expect(cloud_reboot_instance(emulated.client, id, &err), CLOUD_ESTATE);
    expect(cloud_describe_instance_vnc_url(emulated.client, id, &result, &err), CLOUD_ESTATE);
    expect(cloud_start_instance(emulated.client, "i-none000001", &err), CLOUD_ENOTFOUND);
    expect(cloud_renew_instance(emulated.client, "i-none000001", month, &result, &err),
           CLOUD_ENOTFOUND);
}

static void test_jdcloud_operations__a_listing_of_several_pages_is_complete(void **state)
{
    struct cloud_params p = emulated_purchase("many-[001]"), narrow = CLOUD_PARAMS_INIT;

    (void)state;
    control("world", "{\"quota\":{\"instance\":1000,\"disk\":1000}}");
    p.period = (struct cloud_period){ 0 };
    p.count = 100;
    OK(cloud_create_instance(emulated.client, &p, &result, &err));
    assert_int_equal(result.id_count, 100);
    p.name = "more-[1]";
    p.count = 5;
    OK(cloud_create_instance(emulated.client, &p, &result, &err));
    OK(cloud_describe_instances(emulated.client, NULL, &result, &err));
    assert_int_equal(result.instance_count, 105);
    for (size_t i = 0; i < result.instance_count; i++) {
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(result.instances[i].id, result.instances[k].id);
    }
    narrow.name = "more-";
    OK(cloud_describe_instances(emulated.client, &narrow, &result, &err));
    assert_int_equal(result.instance_count, 5);
    OK(cloud_describe_disks(emulated.client, NULL, &result, &err));
    assert_int_equal(result.disk_count, 105);
}

static void test_jdcloud_operations__listings_are_filtered(void **state)
{
    struct cloud_params p = emulated_purchase("form-1"), of = CLOUD_PARAMS_INIT;
    size_t all;

    (void)state;
    buy(&p);
    of.instance_id = id;
    OK(cloud_describe_disks(emulated.client, &of, &result, &err));
    assert_int_equal(result.disk_count, 1);
    assert_string_equal(result.disks[0].instance_id, id);
    OK(cloud_describe_instance_types(emulated.client, NULL, &result, &err));
    all = result.type_count;
    of = (struct cloud_params)CLOUD_PARAMS_INIT;
    of.family = "g.n2";
    OK(cloud_describe_instance_types(emulated.client, &of, &result, &err));
    assert_true(result.type_count > 0 && result.type_count < all);
    OK(cloud_describe_images(emulated.client, NULL, &result, &err));
    assert_true(result.image_count > 0 && result.images[0].state == CLOUD_IMAGE_AVAILABLE);
    OK(cloud_describe_regions(emulated.client, &result, &err));
    assert_int_equal(result.region_count, 4);
    OK(cloud_describe_resources_modification(emulated.client, id, NULL, &result, &err));
    assert_true(result.type_count > 0);
    for (size_t i = 0; i < result.type_count; i++)
        assert_string_not_equal(result.types[i].instance_type, "g.n2.medium");
    assert_int_equal(result.disk_ranges[0].min_gb, 50);
}

/* Every instance type of the options has a quote and can be ordered. */
static void test_jdcloud_operations__every_upgrade_option_is_accepted(void **state)
{
    struct cloud_params p = emulated_purchase("options-1"), change = CLOUD_PARAMS_INIT;
    struct cloud_result options = CLOUD_RESULT_INIT;

    (void)state;
    buy(&p);
    stop();
    OK(cloud_describe_resources_modification(emulated.client, id, "instance_type", &options, &err));
    assert_true(options.type_count > 2);
    change.instance_id = id;
    for (size_t i = 0; i < options.type_count; i++) {
        change.instance_type = options.types[i].instance_type;
        OK(cloud_describe_upgrade_price(emulated.client, &change, &result, &err));
        OK(cloud_upgrade_instance(emulated.client, &change, &result, &err));
    }
    cloud_result_clear(&options);
}

static void test_jdcloud_operations__invoke_sends_an_action_of_the_vendor(void **state)
{
    struct cloud_params p = emulated_purchase("invoke-1");
    char json[256];

    (void)state;
    buy(&p);
    OK(cloud_invoke(emulated.client, "describeQuotas", NULL, &result, &err));
    assert_non_null(strstr(result.json, "\"resourceType\":\"instance\""));
    snprintf(json, sizeof(json), "{\"instanceId\":\"%s\",\"name\":\"renamed-1\"}", id);
    OK(cloud_invoke(emulated.client, "modifyInstanceAttribute", json, &result, &err));
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    assert_string_equal(result.instances[0].name, "renamed-1");
    OK(cloud_invoke(emulated.client, "createDisks",
                    "{\"diskSpec\":{\"az\":\"cn-north-1a\",\"name\":\"d-1\",\"diskType\":\"ssd."
                    "gp1\",\"diskSizeGB\":20},"
                    "\"maxCount\":1}",
                    &result, &err)); /* the library adds the client token */
    assert_non_null(strstr(result.json, "diskIds"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_PROCESS(test_jdcloud_operations__stock_quota_and_balance_have_different_codes),
        IN_PROCESS(test_jdcloud_operations__a_refusal_by_state_is_estate),
        BOTH(test_jdcloud_operations__a_listing_of_several_pages_is_complete),
        IN_PROCESS(test_jdcloud_operations__listings_are_filtered),
        IN_PROCESS(test_jdcloud_operations__every_upgrade_option_is_accepted),
        IN_PROCESS(test_jdcloud_operations__invoke_sends_an_action_of_the_vendor),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
