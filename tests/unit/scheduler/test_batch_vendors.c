/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests coalescing at each vendor: power operations where an action takes several instances, and
 * reads of states everywhere. Afterwards each instance must have the expected state.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/memory.h"
#include "include/cloud_batch.h"
#include "tests/support/emulator_client.h"

enum { COUNT = 20 };

/* an instance that the emulator of each vendor sells */
static const struct vendor {
    const char *provider, *region, *zone, *family, *image, *vpc, *subnet;
    int each;      /* instances in one purchase */
    int stops;     /* requests that stop all of them */
    int describes; /* requests that describe all of them */
    int states;    /* requests that read the states of all of them */
} vendors[] = {
    { "jdcloud", "cn-north-1", NULL, NULL, NULL, NULL, NULL, COUNT, COUNT, 1, 1 },
    { "capitalonline_ecs", "CN_Huhhot", "CN_Hohhot_B", "Cpu计算型C4", "img-demo000000000002",
      "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222", COUNT, 1,
      COUNT, 1 },
    { "capitalonline_ccs", "CN_Beijing_A", "CN_Beijing_A", "CCS.C3", "Ubuntu_22.04_64",
      "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444", COUNT, 1, 1,
      1 },
};

static void buy(struct emulated *emulated, const struct vendor *vendor,
                struct cloud_result *ret_bought)
{
    struct cloud_params params = emulated_purchase("web");
    struct cloud_result task = CLOUD_RESULT_INIT;
    struct cloud_error err;

    params.count = vendor->each;
    params.period = (struct cloud_period){ 0 };
    if (vendor->family) {
        params.instance_type = NULL;
        params.zone = vendor->zone;
        params.family = vendor->family;
        params.cpu = 2;
        params.memory_gb = 4;
        params.image_id = vendor->image;
        params.vpc_id = vendor->vpc;
        params.subnet_id = vendor->subnet;
        params.password = "Xk7#mQp2vLw9";
        params.system_disk_type = strstr(vendor->provider, "ccs") ? NULL : "ssd";
        params.system_disk_gb = strstr(vendor->provider, "ccs") ? 0 : 40;
    }
    if (cloud_create_instance(emulated->client, &params, ret_bought, &err))
        fail_msg("%s: %s", vendor->provider, err.message);
    if (ret_bought->id_count == 0) {
        struct cloud_params follow = CLOUD_PARAMS_INIT;

        follow.task_id = ret_bought->task_id;
        free(emulated_control(emulated, "clock", "{\"advance_s\":3600}"));
        if (cloud_describe_task(emulated->client, &follow, &task, &err))
            fail_msg("%s: %s", vendor->provider, err.message);
        cloud_result_clear(&task);
        cloud_result_clear(ret_bought);
        if (cloud_describe_instances(emulated->client, NULL, ret_bought, &err))
            fail_msg("%s: %s", vendor->provider, err.message);
    }
    free(emulated_control(emulated, "clock", "{\"advance_s\":3600}"));
}

static size_t bought_count(const struct cloud_result *bought)
{
    return bought->id_count ? bought->id_count : bought->instance_count;
}

static const char *bought_id(const struct cloud_result *bought, size_t i)
{
    return bought->id_count ? bought->ids[i] : bought->instances[i].id;
}

/* Runs the operation for all instances; every call must succeed. Returns the number of requests. */
static long do_all(struct emulated *emulated, const struct cloud_result *bought, enum cloud_op op,
                   enum cloud_instance_state state)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_batch *batch;
    struct cloud_error err;
    long before = emulated_requests(emulated);

    assert_int_equal(cloud_batch_new(NULL, &batch, &err), CLOUD_OK);
    for (size_t i = 0; i < bought_count(bought); i++) {
        struct cloud_params params = CLOUD_PARAMS_INIT;

        params.instance_id = bought_id(bought, i);
        assert_int_equal(cloud_batch_add(batch, emulated->client, op, &params,
                                         (void *)bought_id(bought, i), NULL, &err),
                         CLOUD_OK);
    }
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done)) {
            if (done.code)
                fail_msg("%s: %s", cloud_op_info(op)->word, done.error.message);
            if (cloud_op_info(op)->effect != CLOUD_READS) {
                assert_int_equal(done.error.outcome, CLOUD_APPLIED);
                continue;
            }
            assert_int_equal(done.result.instance_count, 1);
            assert_string_equal(done.result.instances[0].id, done.user_data);
            assert_int_equal(done.result.instances[0].state, state);
            if (op == CLOUD_OP_DESCRIBE_TASK)
                assert_int_equal(done.result.task.state, CLOUD_TASK_SUCCEEDED);
        }
    }
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
    return emulated_requests(emulated) - before;
}

static void test_batch_vendors__calls_are_coalesced_where_the_vendor_allows(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(vendors); i++) {
        const struct vendor *vendor = &vendors[i];
        struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
        struct cloud_result bought = CLOUD_RESULT_INIT;
        struct emulated emulated;

        options.provider = vendor->provider;
        options.region = vendor->region;
        emulated_open(&emulated, false, &options);
        buy(&emulated, vendor, &bought);
        assert_int_equal(bought_count(&bought), vendor->each);
        assert_int_equal(do_all(&emulated, &bought, CLOUD_OP_DESCRIBE_TASK, CLOUD_STATE_RUNNING),
                         vendor->states);
        assert_int_equal(do_all(&emulated, &bought, CLOUD_OP_STOP_INSTANCE, CLOUD_STATE_UNKNOWN),
                         vendor->stops);
        free(emulated_control(&emulated, "clock", "{\"advance_s\":3600}"));
        assert_int_equal(
            do_all(&emulated, &bought, CLOUD_OP_DESCRIBE_INSTANCE, CLOUD_STATE_STOPPED),
            vendor->describes);
        assert_int_equal(do_all(&emulated, &bought, CLOUD_OP_START_INSTANCE, CLOUD_STATE_UNKNOWN),
                         vendor->stops);
        free(emulated_control(&emulated, "clock", "{\"advance_s\":3600}"));
        assert_int_equal(do_all(&emulated, &bought, CLOUD_OP_DESCRIBE_TASK, CLOUD_STATE_RUNNING),
                         vendor->states);
        cloud_result_clear(&bought);
        emulated_close(&emulated);
    }
}

enum { THOUSAND = 1000, AT_ONCE = 50 };

static void buy_a_thousand(struct emulated *emulated, const struct vendor *vendor,
                           struct cloud_result *ret_all)
{
    struct vendor order = *vendor;
    struct cloud_error err;

    order.each = AT_ONCE;
    if (strstr(vendor->provider, "ccs"))
        order.subnet = NULL; /* a network of the emulator has only 254 addresses */
    free(emulated_control(emulated, "world", "{\"quota\":{\"ecs\":2000,\"ebs\":100000}}"));
    for (int i = 0; i < THOUSAND / AT_ONCE; i++) {
        struct cloud_result bought = CLOUD_RESULT_INIT;

        buy(emulated, &order, &bought);
        cloud_result_clear(&bought);
    }
    if (cloud_describe_instances(emulated->client, NULL, ret_all, &err))
        fail_msg("%s: %s", vendor->provider, err.message);
    assert_int_equal(ret_all->instance_count, THOUSAND);
}

/* A request takes up to a hundred ids, or the account's listing has pages of a hundred. */
static void test_batch_vendors__a_thousand_reads_are_ten_requests(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(vendors); i++) {
        struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
        struct cloud_result all = CLOUD_RESULT_INIT;
        struct emulated emulated;

        if (!vendors[i].family)
            continue; /* bench/ counts those of JD Cloud */
        options.provider = vendors[i].provider;
        options.region = vendors[i].region;
        emulated_open(&emulated, false, &options);
        buy_a_thousand(&emulated, &vendors[i], &all);
        assert_in_range(do_all(&emulated, &all, CLOUD_OP_DESCRIBE_TASK, CLOUD_STATE_RUNNING), 1,
                        10);
        if (vendors[i].describes == 1)
            assert_in_range(
                do_all(&emulated, &all, CLOUD_OP_DESCRIBE_INSTANCE, CLOUD_STATE_RUNNING), 1, 10);
        cloud_result_clear(&all);
        emulated_close(&emulated);
    }
}

/* One of the instances is stopped already: the vendor refuses the request for all, and each call
 * still gets its own result. */
static void test_batch_vendors__one_wrong_state_affects_no_other_call(void **state)
{
    const struct vendor *vendor = &vendors[1];
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_result bought = CLOUD_RESULT_INIT;
    struct cloud_batch *batch;
    struct cloud_error err;
    struct emulated emulated;
    int good = 0, wrong = 0;

    (void)state;
    options.provider = vendor->provider;
    options.region = vendor->region;
    emulated_open(&emulated, false, &options);
    buy(&emulated, vendor, &bought);
    assert_int_equal(cloud_stop_instance(emulated.client, bought_id(&bought, 3), false, &err),
                     CLOUD_OK);
    free(emulated_control(&emulated, "clock", "{\"advance_s\":3600}"));
    assert_int_equal(cloud_batch_new(NULL, &batch, &err), CLOUD_OK);
    for (size_t i = 0; i < 6; i++) {
        struct cloud_params params = CLOUD_PARAMS_INIT;

        params.instance_id = bought_id(&bought, i);
        assert_int_equal(cloud_batch_add(batch, emulated.client, CLOUD_OP_STOP_INSTANCE, &params,
                                         (void *)(uintptr_t)i, NULL, &err),
                         CLOUD_OK);
    }
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done)) {
            good += !done.code;
            wrong += done.code == CLOUD_ESTATE && (uintptr_t)done.user_data == 3 &&
                     done.error.outcome == CLOUD_NOT_APPLIED;
        }
    }
    assert_int_equal(good, 5);
    assert_int_equal(wrong, 1);
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
    cloud_result_clear(&bought);
    emulated_close(&emulated);
}

/* With the argument "thousand": the test with a thousand instances, which is too slow for valgrind.
 * Without it: the others. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_vendors__calls_are_coalesced_where_the_vendor_allows),
        cmocka_unit_test(test_batch_vendors__one_wrong_state_affects_no_other_call),
    };
    const struct CMUnitTest slow_tests[] = {
        cmocka_unit_test(test_batch_vendors__a_thousand_reads_are_ten_requests),
    };

    if (argc > 1 && !strcmp(argv[1], "thousand"))
        return cmocka_run_group_tests(slow_tests, NULL, NULL);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
