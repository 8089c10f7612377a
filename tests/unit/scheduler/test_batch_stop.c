/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests the ends of calls in a batch: a cancelled call, a call whose deadline has passed and a call
 * whose client was freed end once and alone. The others continue. The answers come from the
 * emulator and are delayed by a clock of the test.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/memory.h"
#include "include/cloud_batch.h"
#include "tests/support/delayed_transport.h"
#include "tests/support/emulator_client.h"

enum { MANY = 30, ENDS = 200 };

struct end {
    int count, parts, code;
    enum cloud_outcome outcome;
    bool has_client;
    int64_t at_ms;
};

/* one client of an emulator with a delayed transport */
struct world {
    struct emulated emulated;
    struct delayed delayed;
    struct cloud_result bought;
    struct delayed_fate fate, first_fate; /* first_fate: of so many requests */
    int first_count;
    int64_t now_ms;
};

static struct end ends[ENDS];

static struct delayed_fate choose(void *user, const struct cc_exchange *exchange)
{
    struct world *world = user;

    (void)exchange;
    if (world->first_count <= 0)
        return world->fate;
    world->first_count--;
    return world->first_fate;
}

static struct cloud_params purchase(const char *provider)
{
    struct cloud_params params = emulated_purchase("web");

    if (!strcmp(provider, "jdcloud"))
        return params;
    params.instance_type = NULL;
    params.period = (struct cloud_period){ 0 };
    params.zone = "CN_Hohhot_B";
    params.family = "Cpu计算型C4";
    params.cpu = 2;
    params.memory_gb = 4;
    params.image_id = "img-demo000000000002";
    params.vpc_id = "11111111-1111-4111-8111-111111111111";
    params.subnet_id = "22222222-2222-4222-8222-222222222222";
    params.password = "Xk7#mQp2vLw9";
    params.system_disk_type = "ssd";
    return params;
}

static void open_world(struct world *world, const char *provider, int count)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_params params = purchase(provider);
    struct cloud_error err;

    memset(world, 0, sizeof(*world));
    memset(ends, 0, sizeof(ends));
    options.provider = provider;
    options.region = strcmp(provider, "jdcloud") ? "CN_Huhhot" : "cn-north-1";
    emulated_open(&world->emulated, false, &options);
    free(emulated_control(&world->emulated, "world",
                          "{\"quota\":{\"instance\":2000,\"ecs\":2000,\"ebs\":100000}}"));
    world->bought = (struct cloud_result)CLOUD_RESULT_INIT;
    params.count = count;
    if (count && cloud_create_instance(world->emulated.client, &params, &world->bought, &err))
        fail_msg("%s", err.message);
    free(emulated_control(&world->emulated, "clock", "{\"advance_s\":3600}"));
    world->now_ms = cc_real_env.now_ms(cc_real_env.data);
    delayed_open(&world->delayed, world->emulated.client, &world->now_ms);
    world->delayed.choose = choose;
    world->delayed.user = world;
    world->fate.delay_ms = 500;
}

static void close_world(struct world *world)
{
    cloud_result_clear(&world->bought);
    emulated_close(&world->emulated);
}

static uint64_t add(struct cloud_batch *batch, struct world *world, enum cloud_op op,
                    const struct cloud_params *params, struct end *end, int timeout_ms)
{
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct cloud_error err;
    uint64_t id;

    call.client = world->emulated.client;
    call.op = op;
    call.params = params;
    call.user_data = end;
    call.timeout_ms = timeout_ms;
    call.stream = op == CLOUD_OP_DESCRIBE_INSTANCES;
    if (cloud_batch_add_call(batch, &call, &id, &err))
        fail_msg("%s", err.message);
    return id;
}

static uint64_t add_for(struct cloud_batch *batch, struct world *world, enum cloud_op op,
                        int number, int timeout_ms)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = world->bought.ids[number];
    return add(batch, world, op, &params, &ends[number], timeout_ms);
}

static struct cloud_batch *new_batch(int max_in_flight, cloud_batch_fn done)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch *batch;
    struct cloud_error err;

    options.max_in_flight = max_in_flight;
    options.done = done;
    assert_int_equal(cloud_batch_new(&options, &batch, &err), CLOUD_OK);
    return batch;
}

static const int64_t *clock_ms;

static void record(struct cloud_batch_done *done)
{
    struct end *end = done->user_data;

    assert_true(done->id);
    assert_non_null(end);
    end->has_client = done->client != NULL;
    end->parts += done->more;
    if (done->more)
        return;
    end->count++;
    end->code = done->code;
    end->outcome = done->error.outcome;
    end->at_ms = clock_ms ? *clock_ms : 0;
}

static void take(struct cloud_batch *batch)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;

    while (cloud_batch_next(batch, &done))
        record(&done);
    cloud_batch_done_clear(&done);
}

/* to the end, as an event loop does that may not spin */
static void finish(struct cloud_batch *batch, struct world *world)
{
    clock_ms = &world->now_ms;
    for (int i = 0; cloud_batch_left(batch); i++) {
        int wait_ms = cloud_batch_timeout_ms(batch);

        assert_true(wait_ms >= 0 && i < 5000);
        world->now_ms += wait_ms;
        cloud_batch_run(batch, 0);
        take(batch);
    }
    clock_ms = NULL;
}

static enum cloud_instance_state state_of(struct world *world, int number)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    enum cloud_instance_state state;
    struct cloud_error err;

    free(emulated_control(&world->emulated, "clock", "{\"advance_s\":3600}"));
    if (cloud_describe_instance(world->emulated.client, world->bought.ids[number], &result, &err))
        fail_msg("%s", err.message);
    state = result.instances[0].state;
    cloud_result_clear(&result);
    return state;
}

/* the group has no call left, and a purchase is in flight */
static void test_stop__a_purchase_survives_a_cancelled_group(void **state)
{
    struct cloud_batch *batch = new_batch(0, NULL);
    struct cloud_params params = purchase("jdcloud");
    struct world world;
    uint64_t ids[4];

    (void)state;
    open_world(&world, "jdcloud", 4);
    add(batch, &world, CLOUD_OP_CREATE_INSTANCE, &params, &ends[100], 0);
    for (int i = 0; i < 4; i++)
        ids[i] = add_for(batch, &world, CLOUD_OP_DESCRIBE_INSTANCE, i, 0);
    cloud_batch_run(batch, 0);
    assert_int_equal(world.delayed.in_flight, 2);
    for (int i = 0; i < 4; i++)
        assert_int_equal(cloud_batch_cancel(batch, ids[i]), CLOUD_OK);
    assert_int_equal(world.delayed.in_flight, 1);
    assert_int_equal(cloud_batch_left(batch), 5);
    finish(batch, &world);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(ends[i].count, 1);
        assert_int_equal(ends[i].code, CLOUD_ECANCELLED);
    }
    assert_int_equal(ends[100].count, 1);
    assert_int_equal(ends[100].code, CLOUD_OK);
    assert_int_equal(ends[100].outcome, CLOUD_APPLIED);
    assert_int_equal(cloud_batch_timeout_ms(batch), -1);
    cloud_batch_free(batch);
    close_world(&world);
}

/* the request for the group was not sent yet, and no longer contains the cancelled call */
static void test_stop__a_cancelled_change_that_was_not_sent_is_not_applied(void **state)
{
    struct cloud_batch *batch = new_batch(0, NULL);
    struct world world;
    uint64_t ids[4];

    (void)state;
    open_world(&world, "capitalonline_ecs", 4);
    world.first_fate = (struct delayed_fate){ DELAYED_UNSENT, 10 };
    world.first_count = 1;
    for (int i = 0; i < 4; i++)
        ids[i] = add_for(batch, &world, CLOUD_OP_STOP_INSTANCE, i, 0);
    cloud_batch_run(batch, 50); /* it waits for its second attempt */
    assert_int_equal(world.delayed.in_flight, 0);
    assert_int_equal(world.delayed.started, 1);
    assert_int_equal(cloud_batch_cancel(batch, ids[2]), CLOUD_OK);
    finish(batch, &world);
    assert_int_equal(world.delayed.started, 2);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(ends[i].count, 1);
        assert_int_equal(ends[i].code, i == 2 ? CLOUD_ECANCELLED : CLOUD_OK);
        assert_int_equal(ends[i].outcome, i == 2 ? CLOUD_NOT_APPLIED : CLOUD_APPLIED);
        assert_int_equal(state_of(&world, i), i == 2 ? CLOUD_STATE_RUNNING : CLOUD_STATE_STOPPED);
    }
    cloud_batch_free(batch);
    close_world(&world);
}

static void test_stop__a_coalesced_call_has_its_own_deadline(void **state)
{
    static const struct {
        const char *provider;
        enum cloud_op op;
        int count;
        enum cloud_outcome outcome; /* of the call that ends at its deadline */
    } rows[] = {
        { "jdcloud", CLOUD_OP_DESCRIBE_INSTANCE, MANY, CLOUD_NOT_APPLIED },
        { "capitalonline_ecs", CLOUD_OP_DESCRIBE_TASK, MANY, CLOUD_NOT_APPLIED },
        { "capitalonline_ecs", CLOUD_OP_STOP_INSTANCE, 4, CLOUD_OUTCOME_UNKNOWN },
    };

    (void)state;
    for (size_t row = 0; row < CC_COUNT(rows); row++) {
        struct cloud_batch *batch = new_batch(0, NULL);
        struct world world;
        int64_t begin_ms;

        open_world(&world, rows[row].provider, rows[row].count);
        begin_ms = world.now_ms;
        for (int i = 0; i < rows[row].count; i++)
            add_for(batch, &world, rows[row].op, i, i == 1 ? 100 : i == 2 ? 90000 : 0);
        finish(batch, &world);
        assert_int_equal(world.delayed.started, 1);
        for (int i = 0; i < rows[row].count; i++) {
            assert_int_equal(ends[i].count, 1);
            assert_int_equal(ends[i].code, i == 1 ? CLOUD_ETIMEDOUT : CLOUD_OK);
            assert_int_equal(ends[i].at_ms - begin_ms, i == 1 ? 100 : 500);
        }
        assert_int_equal(ends[1].outcome, rows[row].outcome);
        cloud_batch_free(batch);
        close_world(&world);
    }
}

/* the client's timeout ends the calls that gave no other, and the group lives as long as its last
 */
static void test_stop__a_group_has_the_latest_deadline(void **state)
{
    struct cloud_batch *batch = new_batch(0, NULL);
    struct world world;
    int64_t begin_ms;

    (void)state;
    open_world(&world, "jdcloud", 4);
    world.emulated.client->options.timeout_ms = 30000;
    world.fate = (struct delayed_fate){ DELAYED_SILENT, 0 };
    begin_ms = world.now_ms;
    for (int i = 0; i < 4; i++)
        add_for(batch, &world, CLOUD_OP_DESCRIBE_INSTANCE, i, i == 3 ? 70000 : 0);
    finish(batch, &world);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(ends[i].count, 1);
        assert_int_equal(ends[i].code, CLOUD_ETIMEDOUT);
        assert_int_equal(ends[i].at_ms - begin_ms, i == 3 ? 70000 : 30000);
    }
    cloud_batch_free(batch);
    close_world(&world);
}

static uint64_t stream_id;
static int stop_after; /* the callback stops the stream after so many parts */

static void stop_in_callback(struct cloud_batch *batch, struct cloud_batch_done *done,
                             void *user_data)
{
    (void)user_data;
    record(done);
    if (done->more && ends[0].parts == stop_after)
        assert_int_equal(cloud_batch_cancel(batch, stream_id), CLOUD_OK);
}

/* three pages of instances */
static void open_pages(struct world *world)
{
    struct cloud_params params = purchase("jdcloud");

    open_world(world, "jdcloud", 0);
    params.count = 100;
    for (int i = 0; i < 3; i++)
        assert_int_equal(cloud_create_instance(world->emulated.client, &params, NULL, NULL),
                         CLOUD_OK);
    free(emulated_control(&world->emulated, "clock", "{\"advance_s\":3600}"));
}

static void assert_stopped(const struct world *world)
{
    assert_int_equal(ends[0].count, 1);
    assert_int_equal(ends[0].code, CLOUD_ECANCELLED);
    assert_int_equal(world->delayed.in_flight, 0);
    memset(ends, 0, sizeof(ends));
}

static void test_stop__a_stream_stops_in_its_callback(void **state)
{
    struct cloud_params none = CLOUD_PARAMS_INIT;
    struct world world;

    (void)state;
    open_pages(&world);
    for (stop_after = 1; stop_after <= 3; stop_after++) {
        struct cloud_batch *batch = new_batch(0, stop_in_callback);

        stream_id = add(batch, &world, CLOUD_OP_DESCRIBE_INSTANCES, &none, &ends[0], 0);
        finish(batch, &world);
        assert_int_equal(ends[0].parts, stop_after);
        assert_stopped(&world);
        assert_int_equal(cloud_batch_cancel(batch, stream_id), CLOUD_ENOTFOUND);
        cloud_batch_free(batch);
    }
    close_world(&world);
}

/* at any moment: queued, its first page in flight, a part waiting to be taken, parts taken */
static void test_stop__a_stream_stops_at_any_point(void **state)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_params none = CLOUD_PARAMS_INIT;
    struct world world;

    (void)state;
    open_pages(&world);
    for (int rounds = 0; rounds < 12; rounds++) {
        struct cloud_batch *batch = new_batch(1, NULL);
        uint64_t id = add(batch, &world, CLOUD_OP_DESCRIBE_INSTANCES, &none, &ends[0], 0);

        for (int i = 0; i < rounds; i++) {
            if (i % 3 == 2 && cloud_batch_next(batch, &done))
                record(&done);
            cloud_batch_run(batch, i % 2 ? 300 : 0);
        }
        assert_int_equal(ends[0].count, 0);
        assert_int_equal(cloud_batch_cancel(batch, id), CLOUD_OK);
        finish(batch, &world);
        assert_stopped(&world);
        cloud_batch_free(batch);
    }
    cloud_batch_done_clear(&done);
    close_world(&world);
}

static void test_stop__a_batch_outlives_its_clients(void **state)
{
    struct cloud_batch *batch = new_batch(0, NULL);

    (void)state;
    for (int i = 0; i < 3; i++) { /* often the next client has the address of the last */
        struct world world;

        open_world(&world, i == 1 ? "capitalonline_ecs" : "jdcloud", i + 1);
        for (int round = 0; round < 2; round++) {
            add(batch, &world, CLOUD_OP_DESCRIBE_INSTANCE,
                &(struct cloud_params){ .size = sizeof(struct cloud_params),
                                        .instance_id = world.bought.ids[i] },
                &ends[round], 60000);
            finish(batch, &world);
            assert_int_equal(ends[round].code, CLOUD_OK);
        }
        close_world(&world);
        assert_int_equal(cloud_batch_left(batch), 0);
        assert_int_equal(cloud_batch_run(batch, 0), CLOUD_OK);
        assert_int_equal(cloud_batch_timeout_ms(batch), -1);
    }
    cloud_batch_free(batch);
}

/* clients as an application has them, each of its own emulator in this process */
static void test_stop__a_client_is_not_known_by_its_address(void **state)
{
    struct cloud_batch *batch = new_batch(0, NULL);

    (void)state;
    for (int i = 0; i < 8; i++) {
        struct emulated emulated;
        struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
        struct cloud_params params = emulated_purchase("web");
        struct cloud_error err;

        emulated_open(&emulated, i % 3 == 2, NULL);
        assert_int_equal(cloud_batch_add(batch, emulated.client, CLOUD_OP_CREATE_INSTANCE, &params,
                                         NULL, NULL, &err),
                         CLOUD_OK);
        assert_int_equal(cloud_batch_run(batch, 20000), CLOUD_OK);
        assert_true(cloud_batch_next(batch, &done));
        assert_int_equal(done.code, CLOUD_OK);
        assert_int_equal(emulated_requests(&emulated), 1);
        cloud_batch_done_clear(&done);
        emulated_close(&emulated);
    }
    cloud_batch_free(batch);
}

/* calls in every state: one waits to be taken, one is in flight, a group, a stream, one is queued
 */
static void test_stop__freeing_a_client_cancels_its_calls(void **state)
{
    struct cloud_batch *batch = new_batch(4, NULL);
    struct cloud_params params = purchase("jdcloud"), none = CLOUD_PARAMS_INIT;
    struct world world;

    (void)state;
    open_world(&world, "jdcloud", 4);
    world.first_fate = (struct delayed_fate){ DELAYED_ANSWER, 0 };
    world.first_count = 1;
    add(batch, &world, CLOUD_OP_DESCRIBE_IMAGES, &none, &ends[10], 0);
    cloud_batch_run(batch, 0);
    add(batch, &world, CLOUD_OP_CREATE_INSTANCE, &params, &ends[11], 0);
    add(batch, &world, CLOUD_OP_DESCRIBE_INSTANCES, &none, &ends[12], 0);
    for (int i = 0; i < 4; i++)
        add_for(batch, &world, CLOUD_OP_DESCRIBE_INSTANCE, i, 0);
    for (int i = 20; i < 25; i++)
        add(batch, &world, CLOUD_OP_CREATE_INSTANCE, &params, &ends[i], 0);
    cloud_batch_run(batch, 0);
    cloud_client_free(cc_take(world.emulated.client));
    assert_int_equal(cloud_batch_left(batch), 12);
    take(batch);
    assert_int_equal(cloud_batch_left(batch), 0);
    for (int i = 0; i < 25; i++) {
        bool is_used = i < 4 || (i >= 10 && i <= 12) || i >= 20;

        assert_int_equal(ends[i].count, is_used);
        assert_false(ends[i].has_client);
        assert_int_equal(ends[i].code, is_used && i != 10 ? CLOUD_ECANCELLED : CLOUD_OK);
    }
    assert_int_equal(ends[11].outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_int_equal(ends[24].outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(cloud_batch_run(batch, 0), CLOUD_OK);
    cloud_batch_free(batch);
    close_world(&world);
}

/* @after: the silent client has its requests in flight when the other comes */
static void starve(int max_in_flight, bool after)
{
    struct cloud_batch *batch = new_batch(max_in_flight, NULL);
    struct world silent, good;
    struct cloud_params none = CLOUD_PARAMS_INIT;

    open_world(&silent, "jdcloud", 0);
    open_world(&good, "jdcloud", 0);
    silent.fate = (struct delayed_fate){ DELAYED_SILENT, 0 };
    good.fate = (struct delayed_fate){ DELAYED_ANSWER, 10 };
    silent.delayed.now_ms = &good.now_ms;
    silent.emulated.client->env.data = &good.now_ms;
    for (int i = 0; i < 3 * max_in_flight; i++)
        add(batch, &silent, CLOUD_OP_DESCRIBE_IMAGES, &none, &ends[0], 0);
    if (after) {
        cloud_batch_run(batch, 0);
        assert_int_equal(silent.delayed.in_flight, max_in_flight);
    }
    for (int i = 0; i < 2 * max_in_flight; i++)
        add(batch, &good, CLOUD_OP_DESCRIBE_IMAGES, &none, &ends[1], 0);
    for (int i = 0; i < 2000 && ends[1].count < 2 * max_in_flight; i++) {
        cloud_batch_run(batch, 10);
        take(batch);
    }
    assert_int_equal(ends[1].count, 2 * max_in_flight);
    assert_int_equal(ends[1].code, CLOUD_OK);
    assert_int_equal(ends[0].count, 0);
    assert_in_range(silent.delayed.most_in_flight, 1, max_in_flight);
    assert_in_range(good.delayed.most_in_flight, 1, after ? max_in_flight / 8 : max_in_flight / 2);
    cloud_batch_free(batch);
    close_world(&good);
    close_world(&silent);
}

static void test_stop__a_silent_vendor_starves_no_other(void **state)
{
    (void)state;
    starve(4, false);
    starve(16, false);
    starve(16, true);
    starve(64, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stop__a_purchase_survives_a_cancelled_group),
        cmocka_unit_test(test_stop__a_cancelled_change_that_was_not_sent_is_not_applied),
        cmocka_unit_test(test_stop__a_coalesced_call_has_its_own_deadline),
        cmocka_unit_test(test_stop__a_group_has_the_latest_deadline),
        cmocka_unit_test(test_stop__a_stream_stops_in_its_callback),
        cmocka_unit_test(test_stop__a_stream_stops_at_any_point),
        cmocka_unit_test(test_stop__a_batch_outlives_its_clients),
        cmocka_unit_test(test_stop__a_client_is_not_known_by_its_address),
        cmocka_unit_test(test_stop__freeing_a_client_cancels_its_calls),
        cmocka_unit_test(test_stop__a_silent_vendor_starves_no_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
