/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests eight threads, each with a client, that share a world and a rate limiter: blocking calls,
 * batches, streams, and results that another thread frees. The thread sanitizer finds most errors
 * here.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "include/cloud_batch.h"
#include "tests/support/emulator_client.h"

enum { THREADS = 8, ROUNDS = 5, BOUGHT = 20 };

struct worker {
    pthread_t thread;
    const char *endpoint;
    const struct cloud_result *bought;
    struct cloud_result kept; /* shares its storage with other results of the worker */
    int good;
};

static struct cloud_client *make_client(const char *endpoint)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_client *client = NULL;

    options.provider = "jdcloud";
    options.region = "cn-north-1";
    options.endpoint = endpoint;
    options.access_key_id = CLOUD_EMULATOR_KEY_ID;
    options.access_key_secret = CLOUD_EMULATOR_KEY_SECRET;
    options.rate_limit = "100000/s";
    options.timeout_ms = 600000;
    return cloud_client_new(&options, &client, NULL) ? NULL : client;
}

static int run_batch(struct worker *worker, struct cloud_client *client)
{
    struct cloud_batch_call stream = CLOUD_BATCH_CALL_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_batch *batch = NULL;
    int good = 0;

    if (cloud_batch_new(NULL, &batch, NULL))
        return 0;
    for (size_t i = 0; i < worker->bought->id_count; i++) {
        struct cloud_params params = CLOUD_PARAMS_INIT;

        params.instance_id = worker->bought->ids[i];
        cloud_batch_add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, &params, NULL, NULL, NULL);
    }
    stream.client = client;
    stream.op = CLOUD_OP_DESCRIBE_INSTANCES;
    stream.stream = true;
    cloud_batch_add_call(batch, &stream, NULL, NULL);
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done)) {
            good += !done.code && !done.more;
            if (done.op == CLOUD_OP_DESCRIBE_INSTANCE)
                cloud_result_take(&worker->kept, &done.result);
        }
    }
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
    return good;
}

static void *work(void *user)
{
    struct worker *worker = user;
    struct cloud_client *client = make_client(worker->endpoint);

    for (int round = 0; client && round < ROUNDS; round++) {
        worker->good += !cloud_describe_instance(client, worker->bought->ids[0], NULL, NULL);
        worker->good += run_batch(worker, client);
    }
    cloud_client_free(client);
    return NULL;
}

static void run_threads(bool http)
{
    struct worker workers[THREADS];
    struct cloud_params params = emulated_purchase("web");
    struct cloud_result bought = CLOUD_RESULT_INIT;
    struct emulated emulated;
    struct cloud_error err;

    emulated_open(&emulated, http, NULL);
    params.count = BOUGHT;
    if (cloud_create_instance(emulated.client, &params, &bought, &err))
        fail_msg("%s", err.message);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .endpoint = emulated.endpoint,
                                      .bought = &bought,
                                      .kept = CLOUD_RESULT_INIT };
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        assert_int_equal(workers[i].good, ROUNDS * (1 + BOUGHT + 1));
        assert_int_equal(workers[i].kept.instance_count, 1);
        cloud_result_clear(&workers[i].kept); /* another thread made it */
    }
    cloud_result_clear(&bought);
    emulated_close(&emulated);
}

static void test_batch_threads__threads_share_a_world_in_the_process(void **state)
{
    (void)state;
    run_threads(false);
}

static void test_batch_threads__threads_share_a_server(void **state)
{
    (void)state;
    run_threads(true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_threads__threads_share_a_world_in_the_process),
        cmocka_unit_test(test_batch_threads__threads_share_a_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
