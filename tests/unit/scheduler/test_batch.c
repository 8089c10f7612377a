/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests batches against the emulator, whose list of requests shows which requests were sent. Each
 * call of a batch gets its own result. Reads of single instances are coalesced. Cancelling, a
 * deadline or a refusal ends one call and no other.
 */
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/memory.h"
#include "include/cloud_batch.h"
#include "tests/support/emulator_client.h"

#define BOUGHT 20            /* the emulator's quota */
#define WAIT_MS (10 * 60000) /* longer than a test may last */

struct world {
    struct emulated emulated;
    struct cloud_result bought;
    struct cloud_batch *batch;
};

static void open_world(struct world *world, bool http, const struct cloud_batch_options *options)
{
    struct cloud_params params = emulated_purchase("web");
    struct cloud_error err;

    memset(world, 0, sizeof(*world));
    emulated_open(&world->emulated, http, NULL);
    world->bought = (struct cloud_result)CLOUD_RESULT_INIT;
    params.count = BOUGHT;
    if (cloud_create_instance(world->emulated.client, &params, &world->bought, &err))
        fail_msg("%s", err.message);
    assert_int_equal(world->bought.id_count, BOUGHT);
    assert_int_equal(cloud_batch_new(options, &world->batch, &err), CLOUD_OK);
}

static void close_world(struct world *world)
{
    cloud_batch_free(world->batch);
    cloud_result_clear(&world->bought);
    emulated_close(&world->emulated);
}

static uint64_t add(struct world *world, enum cloud_op op, const char *id)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;
    uint64_t number = 0;
    char text[64];

    /* the batch must copy its parameters */
    snprintf(text, sizeof(text), "%s", id);
    params.instance_id = text;
    assert_int_equal(cloud_batch_add(world->batch, world->emulated.client, op, &params, (void *)id,
                                     &number, &err),
                     CLOUD_OK);
    memset(text, 'x', sizeof(text) - 1);
    return number;
}

/* Runs all calls to their end. Returns how many succeeded. */
static int run(struct world *world, int *ret_codes)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    int good = 0, ended = 0;

    while (cloud_batch_left(world->batch)) {
        assert_int_equal(cloud_batch_run(world->batch, WAIT_MS), CLOUD_OK);
        while (cloud_batch_next(world->batch, &done)) {
            if (ret_codes)
                ret_codes[done.id - 1] = done.code;
            if (!done.code && done.op == CLOUD_OP_DESCRIBE_INSTANCE) {
                assert_int_equal(done.result.instance_count, 1);
                assert_string_equal(done.result.instances[0].id, done.user_data);
                assert_non_null(done.result.request_id);
            }
            good += !done.code;
            ended++;
        }
    }
    cloud_batch_done_clear(&done);
    assert_true(ended > 0);
    return good;
}

static void test_batch__reads_of_single_instances_are_coalesced(void **state)
{
    struct world world;
    int codes[BOUGHT + 1];
    long before;

    (void)state;
    open_world(&world, false, NULL);
    before = emulated_requests(&world.emulated);
    for (int i = 0; i < BOUGHT; i++)
        add(&world, i % 2 ? CLOUD_OP_DESCRIBE_INSTANCE : CLOUD_OP_DESCRIBE_TASK,
            world.bought.ids[i]);
    add(&world, CLOUD_OP_DESCRIBE_INSTANCE, "i-notthere00");
    assert_int_equal(run(&world, codes), BOUGHT);
    assert_int_equal(codes[BOUGHT], CLOUD_ENOTFOUND);
    assert_int_equal(emulated_requests(&world.emulated) - before, 2); /* one for each operation */
    close_world(&world);
}

static void test_batch__without_coalescing_each_call_is_a_request(void **state)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct world world;
    long before;

    (void)state;
    options.no_coalescing = true;
    options.max_in_flight = 3;
    open_world(&world, false, &options);
    before = emulated_requests(&world.emulated);
    for (int i = 0; i < BOUGHT; i++)
        add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[i]);
    assert_int_equal(run(&world, NULL), BOUGHT);
    assert_int_equal(emulated_requests(&world.emulated) - before, BOUGHT);
    close_world(&world);
}

/* Later calls reuse the memory of earlier ones, with shorter and longer parameters. */
static void test_batch__later_calls_do_not_mix_with_earlier_ones(void **state)
{
    struct world world;
    char password[600];

    (void)state;
    open_world(&world, false, NULL);
    for (int round = 0; round < 6; round++) {
        struct cloud_params params = CLOUD_PARAMS_INIT;
        struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
        struct cloud_error err;

        /* no vendor accepts this password: the call fails, and no other call gets its error */
        memset(password, 'a' + round, sizeof(password));
        password[round % 2 ? 4 : sizeof(password) - 1] = '\0';
        params.password = password;
        params.instance_id = world.bought.ids[round];
        assert_int_equal(cloud_batch_add(world.batch, world.emulated.client,
                                         CLOUD_OP_MODIFY_INSTANCE_PASSWD, &params, NULL, NULL,
                                         &err),
                         CLOUD_OK);
        while (cloud_batch_left(world.batch)) {
            assert_int_equal(cloud_batch_run(world.batch, WAIT_MS), CLOUD_OK);
            while (cloud_batch_next(world.batch, &done)) {
                assert_int_equal(done.code, CLOUD_EINVAL);
                assert_string_equal(done.error.parameter, "password");
            }
        }
        cloud_batch_done_clear(&done);
        for (int i = 0; i < BOUGHT; i++)
            add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[(i + round) % BOUGHT]);
        assert_int_equal(run(&world, NULL), BOUGHT);
    }
    close_world(&world);
}

static void test_batch__a_refused_coalesced_request_is_split(void **state)
{
    struct world world;
    long before;

    (void)state;
    open_world(&world, false, NULL);
    before = emulated_requests(&world.emulated);
    free(emulated_control(&world.emulated, "fail",
                          "{\"action\":\"describeInstances\",\"kind\":\"code\",\"code\":\"INVALID_"
                          "ARGUMENT\",\"status\":400,\"times\":1}"));
    add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[0]);
    add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[1]);
    assert_int_equal(run(&world, NULL), 2);
    assert_int_equal(emulated_requests(&world.emulated) - before, 3);
    close_world(&world);
}

/* A shared reply lives as long as the last result that uses it, also without batch and client. */
static void test_batch__taken_results_outlive_the_batch(void **state)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_result kept[2] = { CLOUD_RESULT_INIT, CLOUD_RESULT_INIT };
    struct world world;
    char name[64];
    int n = 0;

    (void)state;
    open_world(&world, false, NULL);
    add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[0]);
    add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[1]);
    while (cloud_batch_left(world.batch)) {
        cloud_batch_run(world.batch, -1);
        while (cloud_batch_next(world.batch, &done))
            cloud_result_take(&kept[n++], &done.result);
    }
    assert_int_equal(n, 2);
    snprintf(name, sizeof(name), "%s", world.bought.ids[1]);
    close_world(&world);
    cloud_result_clear(&kept[0]);
    assert_string_equal(kept[1].instances[0].id, name);
    cloud_result_clear(&kept[1]);
    cloud_batch_done_clear(&done);
}

struct calls {
    struct world *world;
    int called, added, refused;
};

static void on_done(struct cloud_batch *batch, struct cloud_batch_done *done, void *user_data)
{
    struct calls *calls = user_data;
    struct cloud_error err;

    assert_int_equal(done->code, CLOUD_OK);
    calls->called++;
    calls->refused +=
        cloud_describe_regions(calls->world->emulated.client, NULL, &err) == CLOUD_EINVAL;
    assert_int_equal(cloud_batch_run(batch, 0), CLOUD_EINVAL);
    if (calls->added++ < 3)
        add(calls->world, CLOUD_OP_DESCRIBE_INSTANCE, calls->world->bought.ids[calls->added]);
}

static void test_batch__only_run_invokes_callbacks(void **state)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct calls calls = { 0 };
    struct world world;

    (void)state;
    options.done = on_done;
    options.user_data = &calls;
    calls.world = &world;
    open_world(&world, false, &options);
    add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[0]);
    assert_int_equal(calls.called, 0);
    assert_int_equal(cloud_batch_run(world.batch, WAIT_MS), CLOUD_OK);
    assert_int_equal(calls.called, 4); /* with the calls that callbacks added */
    assert_int_equal(calls.refused, 4);
    assert_int_equal(cloud_batch_left(world.batch), 0);
    assert_int_equal(cloud_describe_regions(world.emulated.client, NULL, NULL), CLOUD_OK);
    close_world(&world);
}

static void test_batch__a_cancelled_call_was_not_sent(void **state)
{
    struct world world;
    int codes[2];
    uint64_t number;
    long before;

    (void)state;
    open_world(&world, false, NULL);
    before = emulated_requests(&world.emulated);
    number = add(&world, CLOUD_OP_STOP_INSTANCE, world.bought.ids[0]);
    add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[1]);
    assert_int_equal(cloud_batch_cancel(world.batch, number), CLOUD_OK);
    assert_int_equal(run(&world, codes), 1);
    assert_int_equal(codes[0], CLOUD_ECANCELLED);
    assert_int_equal(cloud_batch_cancel(world.batch, number), CLOUD_ENOTFOUND);
    assert_int_equal(emulated_requests(&world.emulated) - before, 1);
    close_world(&world);
}

/* Uses HTTP, because the reply must still be outstanding. */
static void test_batch__a_change_cancelled_in_flight_is_unknown(void **state)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct world world;
    uint64_t number;
    long before;

    (void)state;
    open_world(&world, true, NULL);
    free(emulated_control(&world.emulated, "fail",
                          "{\"action\":\"stopInstance\",\"delay_ms\":60000,\"times\":1}"));
    before = emulated_requests(&world.emulated);
    number = add(&world, CLOUD_OP_STOP_INSTANCE, world.bought.ids[0]);
    do
        assert_int_equal(cloud_batch_run(world.batch, 200), CLOUD_ETIMEDOUT);
    while (emulated_requests(&world.emulated) == before);
    assert_int_equal(cloud_batch_cancel(world.batch, number), CLOUD_OK);
    assert_true(cloud_batch_next(world.batch, &done));
    assert_int_equal(done.code, CLOUD_ECANCELLED);
    assert_int_equal(done.error.outcome, CLOUD_OUTCOME_UNKNOWN);
    cloud_batch_done_clear(&done);
    close_world(&world);
}

static void test_batch__a_deadline_ends_one_call_only(void **state)
{
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct world world;
    struct cloud_error err;
    int codes[2];

    (void)state;
    open_world(&world, false, NULL);
    free(emulated_control(
        &world.emulated, "fail",
        "{\"action\":\"describeInstanceVncUrl\",\"delay_ms\":600000,\"times\":1}"));
    params.instance_id = world.bought.ids[0];
    call.client = world.emulated.client;
    call.op = CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL;
    call.params = &params;
    call.timeout_ms = 100;
    assert_int_equal(cloud_batch_add_call(world.batch, &call, NULL, &err), CLOUD_OK);
    add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[1]);
    assert_int_equal(run(&world, codes), 1);
    assert_int_equal(codes[0], CLOUD_ETIMEDOUT);
    assert_int_equal(codes[1], CLOUD_OK);
    close_world(&world);
}

static void test_batch__mistakes_are_reported_at_once_or_by_the_call(void **state)
{
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch *none = NULL;
    struct cloud_error err;
    struct world world;
    int codes[1];

    (void)state;
    options.max_in_flight = -1;
    assert_int_equal(cloud_batch_new(&options, &none, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "max_in_flight");
    open_world(&world, false, NULL);
    assert_int_equal(cloud_batch_add_call(world.batch, &call, NULL, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "client");
    call.client = world.emulated.client;
    call.op = CLOUD_OP_DESCRIBE_INSTANCE;
    call.stream = true;
    assert_int_equal(cloud_batch_add_call(world.batch, &call, NULL, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "stream");
    add(&world, CLOUD_OP_DESCRIBE_INSTANCE, "a/b");
    assert_int_equal(run(&world, codes), 0);
    assert_int_equal(codes[0], CLOUD_EINVAL);
    close_world(&world);
}

static void test_batch__runs_in_an_event_loop_of_the_caller(void **state)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct world world;
    int ended = 0;

    (void)state;
    open_world(&world, true, NULL);
    assert_int_equal(cloud_batch_timeout_ms(world.batch), -1);
    free(emulated_control(&world.emulated, "fail",
                          "{\"action\":\"describeInstances\",\"delay_ms\":100,\"times\":1}"));
    for (int i = 0; i < BOUGHT; i++)
        add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[i]);
    assert_int_equal(cloud_batch_timeout_ms(world.batch), 0);
    for (int turns = 0; cloud_batch_left(world.batch); turns++) {
        struct pollfd watched = { .fd = cloud_batch_fd(world.batch), .events = POLLIN };

        assert_true(watched.fd >= 0 && turns < 1000); /* the loop sleeps between the turns */
        assert_true(poll(&watched, 1, cloud_batch_timeout_ms(world.batch)) >= 0);
        cloud_batch_run(world.batch, 0);
        while (cloud_batch_next(world.batch, &done))
            ended += !done.code;
    }
    assert_int_equal(ended, BOUGHT);
    cloud_batch_done_clear(&done);
    close_world(&world);
}

static void test_batch__can_be_freed_with_calls_in_flight(void **state)
{
    struct world world;

    (void)state;
    open_world(&world, true, NULL);
    free(emulated_control(&world.emulated, "fail",
                          "{\"action\":\"describeInstances\",\"delay_ms\":2000,\"times\":1}"));
    for (int i = 0; i < 3; i++)
        add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[i]);
    assert_int_equal(cloud_batch_run(world.batch, 50), CLOUD_ETIMEDOUT);
    add(&world, CLOUD_OP_DESCRIBE_INSTANCE, world.bought.ids[4]);
    close_world(&world);
}

static void test_batch__a_listing_is_streamed(void **state)
{
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct world world;
    struct cloud_error err;
    size_t seen = 0, ends = 0;

    (void)state;
    open_world(&world, false, NULL);
    call.client = world.emulated.client;
    call.op = CLOUD_OP_DESCRIBE_INSTANCES;
    call.stream = true;
    assert_int_equal(cloud_batch_add_call(world.batch, &call, NULL, &err), CLOUD_OK);
    while (cloud_batch_left(world.batch)) {
        cloud_batch_run(world.batch, -1);
        while (cloud_batch_next(world.batch, &done)) {
            assert_int_equal(done.code, CLOUD_OK);
            assert_int_equal(done.more, done.result.instance_count > 0);
            seen += done.result.instance_count;
            ends += !done.more;
        }
    }
    assert_int_equal(seen, BOUGHT);
    assert_int_equal(ends, 1);
    cloud_batch_done_clear(&done);
    close_world(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch__reads_of_single_instances_are_coalesced),
        cmocka_unit_test(test_batch__without_coalescing_each_call_is_a_request),
        cmocka_unit_test(test_batch__later_calls_do_not_mix_with_earlier_ones),
        cmocka_unit_test(test_batch__a_refused_coalesced_request_is_split),
        cmocka_unit_test(test_batch__taken_results_outlive_the_batch),
        cmocka_unit_test(test_batch__only_run_invokes_callbacks),
        cmocka_unit_test(test_batch__a_cancelled_call_was_not_sent),
        cmocka_unit_test(test_batch__a_change_cancelled_in_flight_is_unknown),
        cmocka_unit_test(test_batch__a_deadline_ends_one_call_only),
        cmocka_unit_test(test_batch__mistakes_are_reported_at_once_or_by_the_call),
        cmocka_unit_test(test_batch__runs_in_an_event_loop_of_the_caller),
        cmocka_unit_test(test_batch__can_be_freed_with_calls_in_flight),
        cmocka_unit_test(test_batch__a_listing_is_streamed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
