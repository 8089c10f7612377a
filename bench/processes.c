/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures with separate processes: the memory of an inventory, a rate limit that several processes
 * share, the start of cloudctl, and the journal.
 */
#include <fcntl.h>
#include <pthread.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/measure.h"

extern char **environ;

/* Starts a program; @quiet discards its output. */
static pid_t start(char *const *argv, bool quiet)
{
    posix_spawn_file_actions_t actions;
    pid_t process = 0;

    posix_spawn_file_actions_init(&actions);
    if (quiet)
        posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (quiet)
        posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO, STDERR_FILENO);
    bench_need(!posix_spawnp(&process, argv[0], &actions, NULL, argv, environ), argv[0]);
    posix_spawn_file_actions_destroy(&actions);
    return process;
}

static void finish(pid_t process)
{
    int status = 0;

    bench_need(waitpid(process, &status, 0) == process && WIFEXITED(status) && !WEXITSTATUS(status),
               "a process of the measurement");
}

/* Reads VmHWM: the value of getrusage() includes the process that started this one. */
static long peak_resident_kib(void)
{
    FILE *status = fopen("/proc/self/status", "r");
    char line[256];
    long kib = 0;

    bench_need(status != NULL, "/proc/self/status");
    while (fgets(line, sizeof(line), status)) {
        if (!strncmp(line, "VmHWM:", 6))
            kib = strtol(line + 6, NULL, 10);
    }
    fclose(status);
    return kib;
}

int run_inventory(int port, long count)
{
    struct bench_server server = { .port = port };
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_batch *batch;
    struct cloud_error err;
    char region[32];
    long seen = 0, expiring = 0;

    snprintf(region, sizeof(region), "bench-t%ld", count);
    call.client = bench_client(&server, region, NULL);
    call.op = CLOUD_OP_DESCRIBE_INSTANCES;
    call.stream = true;
    bench_need(!cloud_batch_new(NULL, &batch, &err), err.message);
    bench_need(!cloud_batch_add_call(batch, &call, NULL, &err), err.message);
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done)) {
            bench_need(!done.code, done.error.message);
            for (size_t i = 0; i < done.result.instance_count; i++)
                expiring += done.result.instances[i].expires_at != CLOUD_TIME_NONE;
            seen += (long)done.result.instance_count;
        }
    }
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
    cloud_client_free(call.client);
    printf("%ld\n", peak_resident_kib());
    return seen == count && expiring == count ? 0 : 1;
}

static double inventory(struct bench *bench, const char *count, double *ret_mib)
{
    char command[512], line[64] = "";
    double before = bench_wall();
    FILE *process;

    snprintf(command, sizeof(command), "exec '%s' --inventory %d %s", bench->self,
             bench->server.port, count);
    process = popen(command, "r");
    bench_need(process && fgets(line, sizeof(line), process) && pclose(process) == 0,
               "an inventory");
    *ret_mib = strtod(line, NULL) / 1024;
    return bench_wall() - before;
}

void measure_inventory(struct bench *bench)
{
    struct bench_result *memory =
        bench_add(bench, "inventory_memory", "inventory of 100,000 instances: peak resident memory",
                  "MiB", 16);
    struct bench_result *times = bench_add(
        bench, "inventory_time", "time for 100,000 instances / for 10,000", "ratio", 10.5);

    times->part_unit = "s wall (10,000 for bare)";
    for (int round = 0; round < bench->rounds; round++) {
        double mib, small = inventory(bench, "10000", &mib),
                    large = inventory(bench, "100000", &mib);

        bench_value(memory, mib);
        bench_ratio(times, large, small);
    }
}

enum { PROCESSES = 8, CALLERS = 8 };

struct caller {
    pthread_t thread;
    struct bench_server server;
    const char *limit;
    double until;
};

static void *call_on(void *user)
{
    const struct caller *caller = user;
    struct cloud_client *client = bench_client(&caller->server, "bench", caller->limit);
    struct cloud_error err;

    while (bench_wall() < caller->until) {
        int rc = cloud_describe_instance(client, "i-0000000000", NULL, &err);

        bench_need(!rc, err.message);
    }
    cloud_client_free(client);
    return NULL;
}

int run_limited(int port, const char *limit, double seconds)
{
    struct caller callers[CALLERS];
    double until = bench_wall() + seconds;

    for (int i = 0; i < CALLERS; i++) {
        callers[i] = (struct caller){ .server.port = port, .limit = limit, .until = until };
        bench_need(!pthread_create(&callers[i].thread, NULL, call_on, &callers[i]), "a thread");
    }
    for (int i = 0; i < CALLERS; i++)
        pthread_join(callers[i].thread, NULL);
    return 0;
}

/* Returns the largest number of requests in any second, and their rate between the first and the
 * last one. */
static void count_rates(const struct bench_counts *counts, uint64_t from, uint64_t to,
                        double *ret_max, double *ret_rate)
{
    uint64_t first = from;
    double span;

    *ret_max = 0;
    for (uint64_t i = from; i < to; i++) {
        while (counts->at_ns[i % 65536] - counts->at_ns[first % 65536] >= 1000000000)
            first++;
        if ((double)(i - first + 1) > *ret_max)
            *ret_max = (double)(i - first + 1);
    }
    span = (double)(counts->at_ns[(to - 1) % 65536] - counts->at_ns[from % 65536]) / 1e9;
    *ret_rate = (double)(to - from - 1) / span;
}

static void limited(struct bench *bench, int limit, struct bench_result *most,
                    struct bench_result *used)
{
    char port[16], text[16];
    char *argv[] = { (char *)bench->self, (char *)"--limited", port, text, (char *)"5", NULL };
    pid_t processes[PROCESSES];
    uint64_t before = bench->server.counts->requests;
    double at_most, rate;

    snprintf(port, sizeof(port), "%d", bench->server.port);
    snprintf(text, sizeof(text), "%d/s", limit);
    for (int i = 0; i < PROCESSES; i++)
        processes[i] = start(argv, true);
    for (int i = 0; i < PROCESSES; i++)
        finish(processes[i]);
    count_rates(bench->server.counts, before, bench->server.counts->requests, &at_most, &rate);
    bench_value(most, at_most / limit);
    bench_value(used, rate / limit);
}

void measure_limit(struct bench *bench)
{
    static const struct {
        int limit;
        const char *most, *most_title, *used, *used_title;
    } rows[] = {
        { 20, "limit_20_most", "8 processes x 8 callers, 20/s: most in any second / limit",
          "limit_20_used", "the same: used of it" },
        { 200, "limit_200_most", "8 processes x 8 callers, 200/s: most in any second / limit",
          "limit_200_used", "the same: used of it" },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct bench_result *most =
            bench_add(bench, rows[i].most, rows[i].most_title, "ratio", 1.0);
        struct bench_result *used =
            bench_add(bench, rows[i].used, rows[i].used_title, "ratio", 0.95);

        used->at_least = true;
        for (int round = 0; round < bench->rounds; round++)
            limited(bench, rows[i].limit, most, used);
    }
}

static double time_of(char *const *argv, int count)
{
    double before = bench_wall();

    while (count-- > 0)
        finish(start(argv, true));
    return bench_wall() - before;
}

void measure_program(struct bench *bench)
{
    struct bench_result *result;
    char *clouds[] = { (char *)bench->cloudctl, (char *)"clouds", NULL };
    char *nothing[] = { (char *)"true", NULL };
    enum { COUNT = 50 };

    if (!bench->cloudctl)
        return;
    result = bench_add(bench, "program", "cloudctl clouds / true, wall", "ratio", 6);
    result->part_unit = "ms wall";
    time_of(clouds, 5);
    time_of(nothing, 5);
    for (int round = 0; round < bench->rounds; round++) {
        double theirs = time_of(nothing, COUNT), ours = time_of(clouds, COUNT);

        bench_ratio(result, ours * 1000 / (double)COUNT, theirs * 1000 / (double)COUNT);
    }
}

/* Finds the result with that title, or adds it. */
static struct bench_result *result_of(struct bench *bench, const char *title, const char *unit)
{
    for (size_t i = 0; i < bench->result_count; i++) {
        if (!strcmp(bench->results[i].title, title))
            return &bench->results[i];
    }
    title = strdup(title); /* never freed: the results need it until the end */
    bench_need(title != NULL, "memory");
    return bench_add(bench, "journal", title, unit, 0);
}

/* Each run of bench/journal.c prints one line for each operation. */
void measure_journal(struct bench *bench)
{
    char line[160], name[36], title[64];
    double ms, syncs;

    for (int round = 0; bench->journal && round < bench->rounds; round++) {
        FILE *output = popen(bench->journal, "r");

        bench_need(output != NULL, bench->journal);
        while (fgets(line, sizeof(line), output)) {
            int fields = sscanf(line, "%35[^:]: %lf ms each, %lf syncs each", name, &ms, &syncs);

            bench_need(fields >= 2, line);
            bench_value(result_of(bench, name, "ms each (no bar)"), ms);
            snprintf(title, sizeof(title), "%s, syncs", name);
            if (fields == 3)
                bench_value(result_of(bench, title, "syncs each (no bar)"), syncs);
        }
        bench_need(!pclose(output), bench->journal);
    }
}
