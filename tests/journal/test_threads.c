/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests eight threads of one process, each with a client and a journal of its own, on one store and
 * one rate limit. They renew with keys of their own and with a shared key, read, and list the
 * journal. Run it with the thread sanitizer too.
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
    const struct journal_env *env;
    const char *shared; /* an instance that all threads renew */
    int number, good;
    char bought[128], message[512];
};

/* counts successful calls; saves the message of a failed one */
static bool succeeded(struct worker *worker, int rc, const struct cloud_error *err)
{
    worker->good += rc == CLOUD_OK;
    if (rc)
        snprintf(worker->message, sizeof(worker->message), "%s", err->message);
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
    succeeded(worker,
              cloud_journal_call(journal, client, CLOUD_OP_RENEW_INSTANCE, &params, NULL, &err),
              &err);
}

static void buy(struct worker *worker, struct cloud_journal *journal, struct cloud_client *client)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params;
    struct cloud_error err;
    char key[32];

    snprintf(key, sizeof(key), "buy-%d", worker->number);
    vendor_params(worker->env->vendor, false, &params);
    params.operation_key = key;
    if (succeeded(
            worker,
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

static void buy_and_read(struct worker *worker, struct cloud_journal *journal,
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
        succeeded(worker, cloud_describe_instance(client, worker->shared, &result, &err), &err);
        succeeded(worker, cloud_journal_list(journal, NULL, count, &entries, &err), &err);
    }
    succeeded(worker, cloud_journal_resolve(journal, client, NULL, NULL, NULL, NULL, &err), &err);
    succeeded(worker, cloud_journal_verify(journal, NULL, NULL, &err), &err);
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

    snprintf(endpoint, sizeof(endpoint), "emulator:%s/world", worker->env->directory);
    options.provider = worker->env->vendor->provider;
    options.region = worker->env->vendor->region;
    options.endpoint = endpoint;
    options.rate_limit = "100000/s";
    if (succeeded(worker, cloud_client_new(&options, &client, &err), &err) &&
        succeeded(worker, cloud_journal_open(worker->env->uri, NULL, &journal, &err), &err))
        buy_and_read(worker, journal, client);
    cloud_journal_close(journal);
    cloud_client_free(client);
    return NULL;
}

static void test_journal_threads__share_a_store(void **state)
{
    struct journal_env env;
    struct worker workers[THREADS];
    char shared[128];
    int64_t lines = 0;
    struct cloud_error err;

    (void)state;
    journal_env_open(&env, "jdcloud", getenv("CLOUD_TEST_POSTGRES") != NULL);
    journal_buy(&env, shared);
    for (int i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .env = &env, .shared = shared, .number = i };
        assert_int_equal(pthread_create(&workers[i].thread, NULL, work, &workers[i]), 0);
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < THREADS; i++) {
        if (*workers[i].message)
            fail_msg("%s", workers[i].message);
        assert_int_equal(workers[i].good, 2 + 1 + ROUNDS * 4 + 3);
    }
    /* a renewal makes two charges: the instance and its disk; a shared key is one renewal */
    assert_int_equal(journal_charges(&env, "renew"), 2 * (THREADS * ROUNDS + ROUNDS));
    if (cloud_journal_verify(env.journal, &lines, NULL, &err))
        fail_msg("%s", err.message);
    assert_int_equal(lines, THREADS + THREADS * ROUNDS + ROUNDS);
    journal_env_close(&env);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(test_journal_threads__share_a_store) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
