/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests thousands of calls in flight from one thread. Each gets its result, also when the process
 * may open few files, and no descriptor remains open. The server of the benchmarks delays every
 * reply until the last request must have been sent.
 */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <cmocka.h>

#include "bench/server.h"
#include "include/cloud_batch.h"

#ifdef __SANITIZE_ADDRESS__
#define PER_CALL_KB 160 /* the sanitizer adds memory to each allocation */
#else
#define PER_CALL_KB 64
#endif

enum { COUNT = 2500, FILES = COUNT + 256 };

/* Returns the number of open descriptors of this process. */
static int open_files(void)
{
    DIR *directory = opendir("/proc/self/fd");
    int count = 0;

    assert_non_null(directory);
    while (readdir(directory))
        count++;
    closedir(directory);
    return count - 3; /* the directory's own descriptor, "." and ".." */
}

static long resident_kb(void)
{
    FILE *file = fopen("/proc/self/statm", "r");
    long size, resident = 0;

    assert_non_null(file);
    assert_int_equal(fscanf(file, "%ld %ld", &size, &resident), 2);
    fclose(file);
    return resident * 4;
}

static struct cloud_client *new_client(const struct bench_server *server, const char *region)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_client *client;
    struct cloud_error err;
    char endpoint[64];

    snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", server->port);
    options.provider = "jdcloud";
    options.region = region;
    options.endpoint = endpoint;
    options.access_key_id = "FAKEAK00000000000000000000000001";
    options.access_key_secret = "fake-secret-not-a-real-key-000001";
    options.timeout_ms = 600000;
    if (cloud_client_new(&options, &client, &err))
        fail_msg("%s", err.message);
    return client;
}

/* Reads an instance @count times at once. Each call must succeed once. */
static void describe_many(struct cloud_client *client, int count, long *ret_peak_kb)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    static bool seen[COUNT];
    struct cloud_batch *batch;
    struct cloud_error err;
    int answered = 0;

    memset(seen, 0, sizeof(seen));
    options.max_in_flight = COUNT;
    options.no_coalescing = true;
    assert_int_equal(cloud_batch_new(&options, &batch, &err), CLOUD_OK);
    params.instance_id = "i-0000000000";
    for (uintptr_t i = 0; i < (uintptr_t)count; i++)
        assert_int_equal(cloud_batch_add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, &params,
                                         (void *)i, NULL, &err),
                         CLOUD_OK);
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        if (!answered && ret_peak_kb)
            *ret_peak_kb = resident_kb(); /* all are in flight when the first reply arrives */
        while (cloud_batch_next(batch, &done)) {
            uintptr_t number = (uintptr_t)done.user_data;

            if (done.code)
                fail_msg("call %d: %s", (int)number, done.error.message);
            assert_int_equal(done.result.instance_count, 1);
            assert_false(seen[number]);
            seen[number] = true;
            answered++;
        }
    }
    assert_int_equal(answered, count);
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
}

/* Returns false when this process may not open so many files. */
static bool allow_files(rlim_t count)
{
    struct rlimit limit;

    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    if (limit.rlim_max < count)
        return false;
    limit.rlim_cur = count;
    return setrlimit(RLIMIT_NOFILE, &limit) == 0;
}

static void test_batch_many__thousands_of_calls_are_in_flight(void **state)
{
    struct bench_server server;
    struct cloud_client *client;
    long peak_kb, before_kb;
    int before;

    (void)state;
    if (!allow_files(FILES)) {
        print_message("skipped: this process may not open %d files\n", FILES);
        skip();
    }
    assert_true(bench_server_start(&server));
    client = new_client(&server, "bench-d20000");
    before = open_files();
    before_kb = resident_kb();
    describe_many(client, COUNT, &peak_kb);
    /* each had a connection of its own: the last request was sent before the first reply */
    assert_int_equal(atomic_load(&server.counts->connections), COUNT);
    assert_int_equal(atomic_load(&server.counts->requests), COUNT);
    print_message("%d calls at once: %ld KiB each\n", COUNT, (peak_kb - before_kb) / COUNT);
    assert_true(peak_kb - before_kb < (long)COUNT * PER_CALL_KB);
    assert_int_equal(open_files(), before);
    cloud_client_free(client);
    bench_server_stop(&server);
}

static void test_batch_many__calls_wait_when_there_are_too_few_files(void **state)
{
    struct bench_server server;
    struct cloud_client *client;
    struct rlimit limit;
    int before;

    (void)state;
    assert_true(bench_server_start(&server));
    client = new_client(&server, "bench-d20");
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    before = open_files();
    assert_true(allow_files((rlim_t)before + 60));
    describe_many(client, 1000, NULL);
    assert_true(allow_files(limit.rlim_cur));
    assert_int_equal(atomic_load(&server.counts->requests), 1000); /* no request was sent twice */
    assert_in_range(atomic_load(&server.counts->connections), 2, 60);
    assert_int_equal(open_files(), before);
    cloud_client_free(client);
    bench_server_stop(&server);
}

/* Without any descriptor there is no call to wait for, so it is an error. */
static void test_batch_many__without_any_file_a_call_fails(void **state)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct bench_server server;
    struct cloud_client *client;
    struct cloud_batch *batch;
    struct cloud_error err;
    struct rlimit limit;

    (void)state;
    assert_true(bench_server_start(&server));
    client = new_client(&server, "bench");
    assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
    assert_int_equal(cloud_batch_new(NULL, &batch, &err), CLOUD_OK);
    assert_true(allow_files(3));
    assert_int_equal(
        cloud_batch_add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, &params, NULL, NULL, &err),
        CLOUD_ENOMEM);
    assert_non_null(strstr(err.message, "ulimit -n"));
    params.instance_id = "i-0000000000";
    assert_int_equal(cloud_call(client, CLOUD_OP_DESCRIBE_INSTANCE, &params, &result, &err),
                     CLOUD_ENETWORK);
    assert_non_null(strstr(err.message, "Too many open files"));
    assert_int_equal(atomic_load(&server.counts->requests), 0);
    assert_true(allow_files(limit.rlim_cur));
    assert_int_equal(cloud_call(client, CLOUD_OP_DESCRIBE_INSTANCE, &params, &result, &err),
                     CLOUD_OK);
    cloud_result_clear(&result);
    cloud_batch_free(batch);
    cloud_client_free(client);
    bench_server_stop(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_many__thousands_of_calls_are_in_flight),
        cmocka_unit_test(test_batch_many__calls_wait_when_there_are_too_few_files),
        cmocka_unit_test(test_batch_many__without_any_file_a_call_fails),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
