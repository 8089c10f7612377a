/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the access to JD Cloud against the emulator: signatures, keys, clocks, and a server that
 * stopped. */
#include "tests/providers/jdcloud_world.h"

static void reopen(struct cloud_client_options options)
{
    options.size = sizeof(options);
    emulated_client(&emulated, &options);
}

static void test_jdcloud_access__the_older_signature_can_be_chosen(void **state)
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

static void test_jdcloud_access__a_wrong_key_is_refused_after_one_attempt(void **state)
{
    static const struct cloud_client_options wrong[] = {
        { .access_key_id = CLOUD_EMULATOR_KEY_ID,
          .access_key_secret = "wrong-secret-0000000000000000001" },
        { .access_key_id = "UNKNOWNKEY0000000000000000000001",
          .access_key_secret = "wrong-secret-0000000000000000001" },
    };
    struct cloud_params p = emulated_purchase("wrong-1");

    (void)state; /* only over HTTP: a client in this process adds its key to the emulator */
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

static void test_jdcloud_access__a_wrong_clock_is_corrected_once(void **state)
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

static void test_jdcloud_access__without_a_server_nothing_is_applied(void **state)
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
        BOTH(test_jdcloud_access__the_older_signature_can_be_chosen),
        HTTP(test_jdcloud_access__a_wrong_key_is_refused_after_one_attempt),
        BOTH(test_jdcloud_access__a_wrong_clock_is_corrected_once),
        HTTP(test_jdcloud_access__without_a_server_nothing_is_applied),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
