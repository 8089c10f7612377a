/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Random runs of a batch: calls of several clients are added, cancelled and time out, clients are
 * freed, listings are streamed, and answers are late, lost or broken. Every call must end exactly
 * once, for its own caller and before its deadline. No purchase and no power operation may
 * contradict the emulator: its ledger and its instances are the truth. A run is repeated by its
 * seed.
 *
 *   test_batch_random RUNS [FIRST-SEED]
 *
 * In three of four runs the answers are delayed by a clock of the test, so no run waits. In the
 * others the clients use the transport of the emulator as an application does.
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

enum { CLIENTS = 3, BOUGHT = 10, MAX_CALLS = 60, STEPS = 120, CHARGES = 400 };

struct call {
    uint64_t id;
    struct cloud_client *client; /* NULL: freed */
    enum cloud_op op;
    int target; /* of a power operation: number of the instance; -1: none */
    bool stream, ended;
    int parts;
    int64_t deadline_ms; /* 0: not checked */
    int code;
    enum cloud_outcome outcome;
};

struct run {
    uint64_t seed, random;
    bool is_delayed, own_loop;
    int64_t now_ms;
    struct emulated emulated;
    struct cloud_client_options options;
    struct cloud_client *clients[CLIENTS];
    struct delayed delayed[CLIENTS];
    struct cloud_batch *batch;
    struct cloud_result bought;
    bool used[BOUGHT]; /* a power operation was added for the instance */
    struct call calls[MAX_CALLS];
    int count;
    bool may_act; /* the callback adds, cancels and frees too */
};

static struct run run;

static unsigned below(unsigned limit)
{
    run.random ^= run.random << 13;
    run.random ^= run.random >> 7;
    run.random ^= run.random << 17;
    return (unsigned)((run.random >> 11) % limit);
}

#define REQUIRE(condition) \
    do { \
        if (!(condition)) \
            fail_msg("seed %llu: %s", (unsigned long long)run.seed, #condition); \
    } while (0)

static struct delayed_fate choose(void *user, const struct cc_exchange *exchange)
{
    static const enum delayed_kind kinds[] = {
        DELAYED_ANSWER, DELAYED_ANSWER, DELAYED_ANSWER, DELAYED_ANSWER, DELAYED_ANSWER,
        DELAYED_ANSWER, DELAYED_LOST,   DELAYED_UNSENT, DELAYED_BROKEN, DELAYED_SILENT,
    };

    (void)user, (void)exchange;
    return (struct delayed_fate){ kinds[below(CC_COUNT(kinds))], below(400) };
}

static void open_one(int at)
{
    struct cloud_error err;

    if (cloud_client_new(&run.options, &run.clients[at], &err))
        fail_msg("%s", err.message);
    if (!run.is_delayed)
        return;
    delayed_open(&run.delayed[at], run.clients[at], &run.now_ms);
    run.delayed[at].choose = choose;
}

/* a purchase that the emulator of the provider accepts */
static struct cloud_params purchase(const char *name)
{
    struct cloud_params params = emulated_purchase(name);

    if (!strcmp(run.options.provider, "jdcloud"))
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

static void buy(void)
{
    struct cloud_params params = purchase("first");
    struct cloud_error err;

    params.count = BOUGHT;
    if (cloud_create_instance(run.emulated.client, &params, &run.bought, &err))
        fail_msg("%s", err.message);
    assert_int_equal(run.bought.id_count, BOUGHT);
    free(emulated_control(&run.emulated, "clock", "{\"advance_s\":3600}"));
}

static void on_done(struct cloud_batch *batch, struct cloud_batch_done *done, void *user_data);

static void open_run(uint64_t seed)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_error err;
    bool with_callback;

    memset(&run, 0, sizeof(run));
    run.seed = seed;
    run.random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    for (int i = 0; i < 8; i++)
        below(2);
    run.is_delayed = seed % 4 != 3;
    run.own_loop = below(2);
    run.options = (struct cloud_client_options)CLOUD_CLIENT_OPTIONS_INIT;
    run.options.provider = below(2) ? "jdcloud" : "capitalonline_ecs";
    run.options.region = strcmp(run.options.provider, "jdcloud") ? "CN_Huhhot" : "cn-north-1";
    run.bought = (struct cloud_result)CLOUD_RESULT_INIT;
    emulated_open(&run.emulated, false, &run.options);
    free(emulated_control(&run.emulated, "world",
                          "{\"quota\":{\"instance\":2000,\"ecs\":2000,\"ebs\":100000}}"));
    run.options.endpoint = run.emulated.endpoint;
    run.options.timeout_ms = run.is_delayed ? 1000 + (int)below(20000) : 30000;
    buy();
    run.now_ms = cc_real_env.now_ms(cc_real_env.data);
    for (int i = 0; i < CLIENTS; i++)
        open_one(i);
    with_callback = below(2);
    run.may_act = with_callback && below(2);
    options.done = with_callback ? on_done : NULL;
    options.max_in_flight = 1 + (int)below(9);
    options.no_coalescing = below(5) == 0;
    assert_int_equal(cloud_batch_new(&options, &run.batch, &err), CLOUD_OK);
}

static void add_call(struct cloud_params *params, enum cloud_op op, int target)
{
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct call *mine = &run.calls[run.count];
    struct cloud_error err;

    *mine = (struct call){ .client = run.clients[below(CLIENTS)], .op = op, .target = target };
    call.client = mine->client;
    call.op = op;
    call.params = params;
    call.user_data = mine;
    call.stream = mine->stream =
        op == CLOUD_OP_DESCRIBE_INSTANCES && !strcmp(run.options.provider, "jdcloud") && below(3);
    if (run.is_delayed && below(3) == 0) {
        call.timeout_ms = 1 + (int)below(1500);
        mine->deadline_ms = run.now_ms + call.timeout_ms;
    }
    if (cloud_batch_add_call(run.batch, &call, &mine->id, &err))
        fail_msg("seed %llu: %s", (unsigned long long)run.seed, err.message);
    run.count++;
}

static void add(void)
{
    static const enum cloud_op power[] = { CLOUD_OP_STOP_INSTANCE, CLOUD_OP_REBOOT_INSTANCE };
    struct cloud_params params = CLOUD_PARAMS_INIT;
    unsigned target = below(BOUGHT);
    char name[24];

    if (run.count == MAX_CALLS)
        return;
    snprintf(name, sizeof(name), "call-%d", run.count);
    params.instance_id = run.bought.ids[target];
    switch (below(8)) {
    case 0:
        params = purchase(name);
        add_call(&params, CLOUD_OP_CREATE_INSTANCE, -1);
        break;
    case 1:
    case 2:
    case 3:
        if (run.used[target])
            break;
        run.used[target] = true;
        add_call(&params, power[below(4) == 0], (int)target);
        break;
    case 4:
        params.instance_id = NULL;
        add_call(&params, CLOUD_OP_DESCRIBE_INSTANCES, -1);
        break;
    case 5: add_call(&params, CLOUD_OP_DESCRIBE_TASK, -1); break;
    default: add_call(&params, CLOUD_OP_DESCRIBE_INSTANCE, -1);
    }
}

static void cancel(void)
{
    struct call *call = run.count ? &run.calls[below((unsigned)run.count)] : NULL;
    bool is_over;

    if (!call)
        return;
    is_over = call->ended;
    /* the result of a call that has ended may still wait to be taken */
    if (cloud_batch_cancel(run.batch, call->id) == CLOUD_OK)
        REQUIRE(!is_over);
}

/* all calls of a few instances at once: they were coalesced */
static void cancel_many(void)
{
    for (int i = 0; i < run.count; i++) {
        if (run.calls[i].op != CLOUD_OP_CREATE_INSTANCE && !run.calls[i].ended)
            cloud_batch_cancel(run.batch, run.calls[i].id);
    }
}

static void replace_client(void)
{
    int at = (int)below(CLIENTS);

    for (int i = 0; i < run.count; i++) {
        if (run.calls[i].client == run.clients[at])
            run.calls[i].client = NULL;
    }
    cloud_client_free(run.clients[at]);
    open_one(at);
}

static void act(void)
{
    switch (below(24)) {
    case 0:
    case 1: cancel(); break;
    case 2: cancel_many(); break;
    case 3: replace_client(); break;
    default: add();
    }
}

static void end(struct cloud_batch_done *done)
{
    struct call *call = done->user_data;

    REQUIRE(done->id && call);
    REQUIRE(call->id == done->id && call->op == done->op && !call->ended);
    REQUIRE(done->client == call->client);
    if (done->more) {
        REQUIRE(call->stream && !done->code);
        call->parts++;
        return;
    }
    call->ended = true;
    call->code = done->code;
    call->outcome = done->error.outcome;
    REQUIRE(!call->deadline_ms || run.now_ms <= call->deadline_ms || run.may_act);
    if (call->op == CLOUD_OP_DESCRIBE_INSTANCE && !call->code)
        REQUIRE(done->result.instance_count == 1);
}

static void on_done(struct cloud_batch *batch, struct cloud_batch_done *done, void *user_data)
{
    (void)batch, (void)user_data;
    end(done);
    if (run.may_act && below(4) == 0)
        act();
}

static void take_all(void)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;

    while (cloud_batch_next(run.batch, &done))
        end(&done);
    cloud_batch_done_clear(&done);
}

/* as an event loop of an application: it waits as long as the batch says, and no longer */
static void loop_once(int *idle_rounds)
{
    int wait_ms = cloud_batch_timeout_ms(run.batch);

    REQUIRE(wait_ms >= 0 || !cloud_batch_left(run.batch));
    *idle_rounds = wait_ms ? 0 : *idle_rounds + 1;
    REQUIRE(*idle_rounds < 1000); /* otherwise it spins */
    if (run.is_delayed && wait_ms > 0)
        run.now_ms += wait_ms;
    cloud_batch_run(run.batch, 0);
}

static void finish_all(void)
{
    int idle_rounds = 0;

    for (int i = 0; cloud_batch_left(run.batch); i++) {
        REQUIRE(i < 100000);
        if (run.own_loop)
            loop_once(&idle_rounds);
        else
            cloud_batch_run(run.batch, -1);
        take_all();
    }
    for (int i = 0; i < run.count; i++)
        REQUIRE(run.calls[i].ended);
    REQUIRE(cloud_batch_timeout_ms(run.batch) == -1);
}

/* how many instances have the name of a purchase */
static int named(const struct cloud_result *all, int call)
{
    char name[24];
    int count = 0;

    snprintf(name, sizeof(name), "call-%d", call);
    for (size_t i = 0; i < all->instance_count; i++)
        count += all->instances[i].name && !strcmp(all->instances[i].name, name);
    return count;
}

/* how many charges a purchase of one instance is in the ledger; 0: it is charged later */
static int charges_of(const char *id, const struct emulated_charge *charges, size_t count)
{
    int found = 0;

    for (size_t i = 0; i < count; i++)
        found += !strcmp(charges[i].kind, "create") && !strcmp(charges[i].resource, id);
    return found;
}

static enum cloud_instance_state state_of(const struct cloud_result *all, const char *id)
{
    for (size_t i = 0; i < all->instance_count; i++) {
        if (!strcmp(all->instances[i].id, id))
            return all->instances[i].state;
    }
    return CLOUD_STATE_UNKNOWN;
}

static void check_call(const struct cloud_result *all, int at, int *purchases)
{
    const struct call *call = &run.calls[at];
    bool is_done = false;

    if (call->op == CLOUD_OP_CREATE_INSTANCE) {
        int count = named(all, at);

        REQUIRE(count <= 1);
        *purchases += count;
        is_done = count;
    } else if (call->op == CLOUD_OP_STOP_INSTANCE) {
        is_done = state_of(all, run.bought.ids[call->target]) == CLOUD_STATE_STOPPED;
    } else {
        return;
    }
    if (!call->ended)
        return;
    REQUIRE(!call->code == (call->outcome == CLOUD_APPLIED));
    REQUIRE(call->outcome != CLOUD_APPLIED || is_done);
    REQUIRE(call->outcome != CLOUD_NOT_APPLIED || !is_done);
}

static void check_truth(void)
{
    struct cloud_result all = CLOUD_RESULT_INIT;
    struct emulated_charge charges[CHARGES];
    struct cloud_error err;
    int purchases = 0, expected = strcmp(run.options.provider, "jdcloud") ? 0 : 1;
    size_t count;

    free(emulated_control(&run.emulated, "clock", "{\"advance_s\":3600}"));
    if (cloud_describe_instances(run.emulated.client, NULL, &all, &err))
        fail_msg("%s", err.message);
    for (int i = 0; i < run.count; i++)
        check_call(&all, i, &purchases);
    REQUIRE(all.instance_count == (size_t)(BOUGHT + purchases));
    count = emulated_ledger(&run.emulated, charges, CHARGES);
    for (size_t i = 0; i < all.instance_count; i++)
        REQUIRE(charges_of(all.instances[i].id, charges, count) == expected);
    cloud_result_clear(&all);
}

static void close_run(void)
{
    for (int i = 0; i < CLIENTS; i++)
        cloud_client_free(run.clients[i]);
    cloud_result_clear(&run.bought);
    emulated_close(&run.emulated);
}

static void run_seed(uint64_t seed)
{
    bool cut_off;

    open_run(seed);
    cut_off = below(8) == 0; /* the batch is freed with calls in it */
    for (int i = 0; i < STEPS; i++) {
        act();
        if (below(3) == 0)
            cloud_batch_run(run.batch, run.is_delayed ? (int)below(200) : 0);
        if (below(3) == 0)
            take_all();
    }
    run.may_act = false;
    if (!cut_off)
        finish_all();
    cloud_batch_free(run.batch);
    check_truth();
    close_run();
}

static int runs = 100;
static uint64_t first_seed = 1;

static void test_batch__random_calls_end_once_and_as_the_ledger_says(void **state)
{
    (void)state;
    for (int i = 0; i < runs; i++)
        run_seed(first_seed + (uint64_t)i);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch__random_calls_end_once_and_as_the_ledger_says),
    };

    if (argc > 1)
        runs = atoi(argv[1]);
    if (argc > 2)
        first_seed = strtoull(argv[2], NULL, 10);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
