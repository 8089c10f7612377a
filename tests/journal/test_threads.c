/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Eight threads of one process, each with a client and a journal of its own, on one store and one
 * rate limit: they spend under keys of their own and under one that they share, read, and look at
 * the journal. Worth most with the thread sanitizer.
 */
#include "tests/journal/journal_env.h"

#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { THREADS = 8, ROUNDS = 2 };

struct worker {
    pthread_t thread;
    const struct journal_env *world;
    const char *shared; /* an instance that all of them renew */
    int number, good;
    char bought[128], told[512];
};

/* counts what went well, keeps the story of what did not */
static bool went(struct worker *worker, int rc, const struct cloud_error *err)
{
    worker->good += rc == CLOUD_OK;
    if (rc)
        snprintf(worker->told, sizeof(worker->told), "%s", err->message);
    return rc == CLOUD_OK;
}

static void renew(struct worker *worker, struct cloud_journal *journal, struct cloud_client *client,
                  const char *key, const char *id)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;

    params.operation_key = key;
    params.instance_id = id;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    went(worker, cloud_journal_call(journal, client, CLOUD_OP_RENEW_INSTANCE, &params, NULL, &err),
         &err);
}

static void buy(struct worker *worker, struct cloud_journal *journal, struct cloud_client *client)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params;
    struct cloud_error err;
    char key[32];

    snprintf(key, sizeof(key), "buy-%d", worker->number);
    vendor_params(worker->world->vendor, false, &params);
    params.operation_key = key;
    if (went(worker,
             cloud_journal_call(journal, client, CLOUD_OP_CREATE_INSTANCE, &params, &result, &err),
             &err))
        snprintf(worker->bought, sizeof(worker->bought), "%s", result.ids[0]);
    cloud_result_clear(&result);
}

static bool count(const struct cloud_journal_entry *entry, void *user_data)
{
    *(int *)user_data += entry->id > 0;
    return true;
}

static void spend_and_read(struct worker *worker, struct cloud_journal *journal,
                           struct cloud_client *client)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    int entries = 0;
    char key[32];

    buy(worker, journal, client);
    for (int round = 0; round < ROUNDS; round++) {
        snprintf(key, sizeof(key), "own-%d-%d", worker->number, round);
        renew(worker, journal, client, key, worker->bought);
        snprintf(key, sizeof(key), "shared-%d", round);
        renew(worker, journal, client, key, worker->shared);
        went(worker, cloud_describe_instance(client, worker->shared, &result, &err), &err);
        went(worker, cloud_journal_list(journal, NULL, count, &entries, &err), &err);
    }
    went(worker, cloud_journal_resolve(journal, client, NULL, NULL, NULL, NULL, &err), &err);
    went(worker, cloud_journal_verify(journal, NULL, NULL, &err), &err);
    worker->good += entries > 0;
    cloud_result_clear(&result);
}

static void *work(void *user)
{
    struct worker *worker = user;
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_client *client = NULL;
    struct cloud_journal *journal = NULL;
    struct cloud_error err;
    char endpoint[160];

    snprintf(endpoint, sizeof(endpoint), "emulator:%s/world", worker->world->directory);
    options.provider = worker->world->vendor->provider;
    options.region = worker->world->vendor->region;
    options.endpoint = endpoint;
    options.rate_limit = "100000/s";
    if (went(worker, cloud_client_new(&options, &client, &err), &err) &&
        went(worker, cloud_journal_open(worker->world->uri, NULL, &journal, &err), &err))
        spend_and_read(worker, journal, client);
    cloud_journal_close(journal);
    cloud_client_free(client);
    return NULL;
}

static void test_journal_threads__share_a_store(void **state)
{
    struct journal_env world;
    struct worker workers[THREADS];
    char shared[128];
    int64_t lines = 0;
    struct cloud_error err;

    (void)state;
    journal_env_open(&world, "jdcloud", getenv("CLOUD_TEST_POSTGRES") != NULL);
    journal_buy(&world, shared);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .world = &world, .shared = shared, .number = i };
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < THREADS; i++) {
        if (*workers[i].told)
            fail_msg("%s", workers[i].told);
        assert_int_equal(workers[i].good, 2 + 1 + ROUNDS * 4 + 3);
    }
    /* each renewal is two charges: the instance, and its disk; each shared key is one renewal */
    assert_int_equal(journal_charges(&world, "renew"), 2 * (THREADS * ROUNDS + ROUNDS));
    if (cloud_journal_verify(world.journal, &lines, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(lines, THREADS + THREADS * ROUNDS + ROUNDS);
    journal_env_close(&world);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_journal_threads__share_a_store) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
