/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JD Cloud from end to end, against the emulator: what the vendor refuses, what it lists, its own
 * words, and whether it is reached at all: keys, clocks, signatures, servers. An order's life is in
 * test_provider_jd.c.
 */
#include "tests/providers/provider_jd.h"

static void test_reach_jd__stock_quota_and_balance_are_told_apart(void **state)
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

static void test_reach_jd__a_wrong_state_is_a_wrong_state(void **state)
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

static void test_reach_jd__a_listing_of_more_than_a_page_is_whole(void **state)
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

static void test_reach_jd__forms_get_what_they_offer(void **state)
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

/* every size that is offered can be had, and at the price that is quoted */
static void test_reach_jd__what_upgrade_options_offers_is_accepted(void **state)
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

static void test_reach_jd__the_vendors_own_words_reach_it(void **state)
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
                    &result, &err)); /* its token is written for it */
    assert_non_null(strstr(result.json, "diskIds"));
}

static void reopen(struct cloud_client_options options)
{
    options.size = sizeof(options);
    emulated_client(&emulated, &options);
}

static void test_reach_jd__the_older_signature_works_when_it_is_chosen(void **state)
{
    struct cloud_params p = emulated_purchase("jd2-1"), narrow = CLOUD_PARAMS_INIT;

    (void)state;
    reopen((struct cloud_client_options){ .signature = "JDCLOUD2" });
    buy(&p);
    narrow.name = "jd2";
    narrow.zone = "cn-north-1a";
    OK(cloud_describe_instances(emulated.client, &narrow, &result, &err));
    assert_int_equal(result.instance_count, 1);
}

static void test_reach_jd__a_wrong_key_is_refused_after_one_attempt(void **state)
{
    static const struct cloud_client_options wrong[] = {
        { .access_key_id = CLOUD_EMULATOR_KEY_ID,
          .access_key_secret = "wrong-secret-0000000000000000001" },
        { .access_key_id = "UNKNOWNKEY0000000000000000000001",
          .access_key_secret = "wrong-secret-0000000000000000001" },
    };
    struct cloud_params p = emulated_purchase("wrong-1");

    (void)state; /* over HTTP: in this process a client makes its own key known */
    for (size_t i = 0; i < CC_COUNT(wrong); i++) {
        long before = emulated_requests(&emulated);

        reopen(wrong[i]);
        expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EAUTH);
        assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
        assert_int_equal(emulated_requests(&emulated), before + 1);
        assert_null(strstr(err.message, "wrong-secret"));
    }
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), 0);
}

static void test_reach_jd__a_wrong_clock_is_learned_once(void **state)
{
    static const char *const skews[] = { "{\"skew_s\":7200}", "{\"skew_s\":-7200}" };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(skews); i++) {
        long before = emulated_requests(&emulated);

        control("clock", skews[i]);
        OK(cloud_describe_instances(emulated.client, NULL, &result, &err));
        assert_int_equal(emulated_requests(&emulated), before + 2);
        OK(cloud_describe_instances(emulated.client, NULL, &result, &err));
        assert_int_equal(emulated_requests(&emulated), before + 3);
    }
}

static void test_reach_jd__a_server_that_is_not_there_changes_nothing(void **state)
{
    struct cloud_params p = emulated_purchase("dead-1");

    (void)state;
    cloud_emulator_stop(emulated.emulator);
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_ENETWORK);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    expect(cloud_describe_instances(emulated.client, NULL, &result, &err), CLOUD_ENETWORK);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        INSIDE(test_reach_jd__stock_quota_and_balance_are_told_apart),
        INSIDE(test_reach_jd__a_wrong_state_is_a_wrong_state),
        BOTH(test_reach_jd__a_listing_of_more_than_a_page_is_whole),
        INSIDE(test_reach_jd__forms_get_what_they_offer),
        INSIDE(test_reach_jd__what_upgrade_options_offers_is_accepted),
        INSIDE(test_reach_jd__the_vendors_own_words_reach_it),
        BOTH(test_reach_jd__the_older_signature_works_when_it_is_chosen),
        HTTP(test_reach_jd__a_wrong_key_is_refused_after_one_attempt),
        BOTH(test_reach_jd__a_wrong_clock_is_learned_once),
        HTTP(test_reach_jd__a_server_that_is_not_there_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
