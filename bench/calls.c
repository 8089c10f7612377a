/* SPDX-License-Identifier: Apache-2.0 */
/* Measures calls: CPU time, throughput, latency, coalescing and allocations. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"

#define ONE "/instances/i-0000000000"
#define PAGE "/instances?pageNumber=1&pageSize=100"

static void get_one(struct cloud_client *client, int count)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err = { 0 };

    while (count-- > 0)
        bench_need(!cloud_describe_instance(client, "i-0000000000", &result, &err) &&
                       result.instance_count == 1,
                   err.message);
    cloud_result_clear(&result);
}

static void get_page(struct cloud_client *client, int count)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err = { 0 };

    while (count-- > 0)
        bench_need(!cloud_describe_instances(client, NULL, &result, &err) &&
                       result.instance_count == 100,
                   err.message);
    cloud_result_clear(&result);
}

static void compare(struct bench *bench, struct bench_result *result, const char *target, int count,
                    void (*call)(struct cloud_client *client, int count))
{
    struct cloud_client *client = bench_client(&bench->server, "bench", NULL);
    struct bare *bare = bare_new(&bench->server, "bench");

    bare_many(bare, target, 50);
    call(client, 50);
    result->part_unit = "us CPU";
    for (int round = 0; round < bench->rounds; round++) {
        double ours = 0, theirs = 0;

        /* they alternate in small parts, so that both run under the same load of the machine */
        for (int part = 0; part < 10; part++) {
            double before = bench_cpu(), between;

            bare_many(bare, target, count / 10);
            between = bench_cpu();
            call(client, count / 10);
            theirs += between - before;
            ours += bench_cpu() - between;
        }
        bench_ratio(result, ours * 1e6 / count, theirs * 1e6 / count);
    }
    bare_free(bare);
    cloud_client_free(client);
}

void measure_cpu(struct bench *bench)
{
    compare(bench,
            bench_add(bench, "cpu_one", "CPU of one signed describe-instance / bare libcurl",
                      "ratio", 1.20),
            ONE, 3000, get_one);
    compare(bench,
            bench_add(bench, "cpu_page", "CPU of a page of 100 instances, decoded / bare libcurl",
                      "ratio", 0),
            PAGE, 1000, get_page);
}

static void get_many(struct cloud_batch *batch, struct cloud_client *client, int count)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_error err;

    params.instance_id = "i-0000000000";
    while (count-- > 0)
        bench_need(
            !cloud_batch_add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, &params, NULL, NULL, &err),
            err.message);
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done))
            bench_need(!done.code && done.result.instance_count == 1, done.error.message);
    }
    cloud_batch_done_clear(&done);
}

static struct cloud_batch *new_batch(int in_flight)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch *batch;
    struct cloud_error err;

    options.max_in_flight = in_flight;
    options.no_coalescing = true; /* each call must send its own request */
    bench_need(!cloud_batch_new(&options, &batch, &err), err.message);
    return batch;
}

void measure_throughput(struct bench *bench)
{
    enum { COUNT = 10000, CONCURRENT = 32 };
    struct bench_result *result =
        bench_add(bench, "throughput", "throughput, one thread, 32 in flight / bare libcurl multi",
                  "ratio", 0.85);
    struct cloud_client *client = bench_client(&bench->server, "bench", NULL);
    struct cloud_batch *batch = new_batch(CONCURRENT);
    struct bare *bare = bare_new(&bench->server, "bench");

    result->at_least = true;
    result->part_unit = "calls/s";
    bare_at_once(bare, ONE, 500, CONCURRENT);
    get_many(batch, client, 500);
    for (int round = 0; round < bench->rounds; round++) {
        double ours = 0, theirs = 0;

        for (int part = 0; part < 5; part++) {
            double before = bench_wall(), between;

            bare_at_once(bare, ONE, COUNT / 5, CONCURRENT);
            between = bench_wall();
            get_many(batch, client, COUNT / 5);
            theirs += between - before;
            ours += bench_wall() - between;
        }
        bench_ratio(result, (double)COUNT / ours, (double)COUNT / theirs);
    }
    bare_free(bare);
    cloud_batch_free(batch);
    cloud_client_free(client);
}

void measure_latency(struct bench *bench)
{
    enum { COUNT = 1000, CONCURRENT = 64, TAKES_MS = 50 };
    struct bench_result *result = bench_add(
        bench, "latency", "1,000 calls, 64 in flight, 50 ms each: wall / ideal", "ratio", 1.08);
    struct cloud_client *client = bench_client(&bench->server, "bench-d50", NULL);
    struct cloud_batch *batch = new_batch(CONCURRENT);
    double ideal = (double)((COUNT + CONCURRENT - 1) / CONCURRENT) * (double)TAKES_MS / 1000;

    result->part_unit = "s wall (ideal for bare)";
    get_many(batch, client, CONCURRENT);
    for (int round = 0; round < bench->rounds; round++) {
        double before = bench_wall();

        get_many(batch, client, COUNT);
        bench_ratio(result, bench_wall() - before, ideal);
    }
    cloud_batch_free(batch);
    cloud_client_free(client);
}

void measure_questions(struct bench *bench)
{
    enum { COUNT = 1000 };
    struct bench_result *result =
        bench_add(bench, "questions_jdcloud",
                  "vendor calls for 1,000 questions about single instances, JD Cloud", "calls", 10);
    struct cloud_client *client = bench_client(&bench->server, "bench", NULL);

    for (int round = 0; round < bench->rounds; round++) {
        struct cloud_batch *batch;
        struct cloud_error err;
        struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
        uint64_t before = bench->server.counts->requests;
        char id[16];

        bench_need(!cloud_batch_new(NULL, &batch, &err), err.message);
        for (long i = 0; i < COUNT; i++) {
            struct cloud_params params = CLOUD_PARAMS_INIT;

            snprintf(id, sizeof(id), "i-%010ld", i * 7);
            params.instance_id = id;
            bench_need(!cloud_batch_add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, &params,
                                        (void *)(uintptr_t)(i * 7), NULL, &err),
                       err.message);
        }
        while (cloud_batch_left(batch)) {
            cloud_batch_run(batch, -1);
            while (cloud_batch_next(batch, &done)) {
                bench_need(!done.code, done.error.message);
                bench_need((uintptr_t)done.user_data ==
                               strtoul(done.result.instances[0].id + 2, NULL, 10),
                           "a result of another call");
            }
        }
        cloud_batch_done_clear(&done);
        cloud_batch_free(batch);
        bench_value(result, (double)(bench->server.counts->requests - before));
    }
    cloud_client_free(client);
}

void measure_allocations(struct bench *bench)
{
    enum { COUNT = 1000 };
    struct bench_result *result = bench_add(
        bench, "allocations",
        "allocations per blocking call after the first, libcurl's own left out", "allocations", 12);
    struct bench_result *all = bench_add(bench, "allocations_all",
                                         "the same with libcurl's own (no bar)", "allocations", 0);
    struct bench_result *bare_only =
        bench_add(bench, "allocations_bare", "bare libcurl's (no bar)", "allocations", 0);
    struct cloud_client *client = bench_client(&bench->server, "bench", NULL);
    struct bare *bare = bare_new(&bench->server, "bench");

    get_one(client, 5);
    bare_many(bare, ONE, 5);
    for (int round = 0; round < bench->rounds; round++) {
        unsigned long before = bench_allocations, curl_before = bench_curl_allocations;

        get_one(client, COUNT);
        bench_value(result,
                    (double)(bench_allocations - before - (bench_curl_allocations - curl_before)) /
                        (double)COUNT);
        bench_value(all, (double)(bench_allocations - before) / (double)COUNT);
        before = bench_allocations;
        bare_many(bare, ONE, COUNT);
        bench_value(bare_only, (double)(bench_allocations - before) / (double)COUNT);
    }
    bare_free(bare);
    cloud_client_free(client);
}
