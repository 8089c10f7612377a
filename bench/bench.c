/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures the cost of the library and compares it with bare libcurl: the same requests to the same
 * server in the same run. Prints ratios with minimum, median and maximum, or JSON with --json.
 *
 *   bench [--rounds N] [--json] [--only NAME] [--cloudctl PATH] [--journal PATH]
 */
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bench/measure.h"

static double read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

double bench_cpu(void)
{
    return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

double bench_wall(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void bench_need(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "bench: failed: %s\n", what);
    exit(1);
}

struct bench_result *bench_add(struct bench *bench, const char *name, const char *title,
                               const char *unit, double bar)
{
    struct bench_result *result = &bench->results[bench->result_count++];

    bench_need(bench->result_count <= sizeof(bench->results) / sizeof(bench->results[0]),
               "too many measures");
    *result = (struct bench_result){ .name = name, .title = title, .unit = unit, .bar = bar };
    return result;
}

void bench_value(struct bench_result *result, double value)
{
    if (result->count < BENCH_ROUNDS_MAX)
        result->values[result->count++] = value;
}

void bench_ratio(struct bench_result *result, double ours, double bare)
{
    if (result->count == BENCH_ROUNDS_MAX)
        return;
    result->ours[result->count] = ours;
    result->bare[result->count] = bare;
    bench_value(result, ours / bare);
}

struct cloud_client *bench_client(const struct bench_server *server, const char *region,
                                  const char *rate_limit)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_client *client = NULL;
    struct cloud_error err;
    char endpoint[64];

    snprintf(endpoint, sizeof(endpoint), "http://127.0.0.1:%d", server->port);
    options.provider = "jdcloud";
    options.region = region;
    options.endpoint = endpoint;
    options.access_key_id = "BENCHKEY000000000000000000000001";
    options.access_key_secret = "bench-secret-that-opens-nothing-1";
    options.rate_limit = rate_limit;
    bench_need(!cloud_client_new(&options, &client, &err), err.message);
    return client;
}

static int by_value(const void *a, const void *b)
{
    const double *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

/* Returns the median; sorts the values. */
static double median(double *values, size_t count)
{
    qsort(values, count, sizeof(*values), by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* 1: reached, 0: not, -1: there is no bar */
static int verdict(const struct bench_result *result, double middle)
{
    if (result->bar == 0)
        return -1;
    return result->at_least ? middle >= result->bar : middle <= result->bar;
}

static void print_line(struct bench_result *result)
{
    static const char *const names[] = { "MISSED", "ok", "" };
    double middle = median(result->values, result->count);
    int good = verdict(result, middle);

    printf("%-74s %8.3f %8.3f %8.3f  %s", result->title, result->values[0], middle,
           result->values[result->count - 1], result->unit);
    if (good >= 0)
        printf("  (%s %g) %s", result->at_least ? ">=" : "<=", result->bar, names[good]);
    if (result->part_unit)
        printf("  [%.1f / %.1f %s]", median(result->ours, result->count),
               median(result->bare, result->count), result->part_unit);
    putchar('\n');
}

static void print_json(struct bench_result *result, bool last)
{
    static const char *const names[] = { "false", "true", "null" };
    double middle = median(result->values, result->count);
    int good = verdict(result, middle);

    printf("  "
           "{\"name\":\"%s\",\"title\":\"%s\",\"unit\":\"%s\",\"runs\":%zu,\"min\":%.4f,\"median\":"
           "%.4f,\"max\":%.4f,"
           "\"bar\":%g,\"reached\":%s",
           result->name, result->title, result->unit, result->count, result->values[0], middle,
           result->values[result->count - 1], result->bar, names[good < 0 ? 2 : good]);
    if (result->part_unit)
        printf(",\"ours\":%.4f,\"bare\":%.4f,\"part_unit\":\"%s\"",
               median(result->ours, result->count), median(result->bare, result->count),
               result->part_unit);
    printf("}%s\n", last ? "" : ",");
}

static void print(struct bench *bench, bool json)
{
    if (json)
        puts("[");
    else
        printf("%-74s %8s %8s %8s\n", "", "min", "median", "max");
    for (size_t i = 0; i < bench->result_count; i++) {
        if (json)
            print_json(&bench->results[i], i + 1 == bench->result_count);
        else
            print_line(&bench->results[i]);
    }
    if (json)
        puts("]");
}

/*
 * Binds client and server to processors. On one processor the caches are warm and no other
 * processor is woken, so both sides cost half as much; a client and its vendor never share one.
 */
static void set_processors(const struct bench *bench, bool apart)
{
    static cpu_set_t all;
    cpu_set_t client, server;
    size_t first = CPU_SETSIZE, last = 0;

    if (!CPU_COUNT(&all))
        sched_getaffinity(0, sizeof(all), &all);
    for (size_t cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET(cpu, &all)) {
            first = first == CPU_SETSIZE ? cpu : first;
            last = cpu;
        }
    }
    client = server = all;
    if (apart && first != last) {
        CPU_ZERO(&client);
        CPU_SET(first, &client);
        CPU_ZERO(&server);
        CPU_SET(last, &server);
    }
    bench_need(!sched_setaffinity(0, sizeof(client), &client) &&
                   !sched_setaffinity(bench->server.process, sizeof(server), &server),
               "the processors cannot be set");
}

static const struct {
    const char *name;
    void (*measure)(struct bench *bench);
    bool apart; /* client and server run on different processors */
} measures[] = {
    { "cpu", measure_cpu, true },
    { "throughput", measure_throughput, true },
    { "latency", measure_latency, true },
    { "inventory", measure_inventory, true },
    { "questions", measure_questions, true },
    { "limit", measure_limit, false },
    { "allocations", measure_allocations, true },
    { "program", measure_program, false },
    { "journal", measure_journal, false },
};

static const char *value_of(int argc, char **argv, const char *option)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (!strcmp(argv[i], option))
            return argv[i + 1];
    }
    return NULL;
}

static bool has(int argc, char **argv, const char *option)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], option))
            return true;
    }
    return false;
}

int main(int argc, char **argv)
{
    static struct bench bench;
    const char *rounds = value_of(argc, argv, "--rounds"), *only = value_of(argc, argv, "--only");
    bool any = false;

    if (argc == 4 && !strcmp(argv[1], "--inventory"))
        return run_inventory(atoi(argv[2]), atol(argv[3]));
    if (argc == 5 && !strcmp(argv[1], "--limited"))
        return run_limited(atoi(argv[2]), argv[3], atof(argv[4]));
    bench.rounds = rounds ? atoi(rounds) : 7;
    bench.cloudctl = value_of(argc, argv, "--cloudctl");
    bench.journal = value_of(argc, argv, "--journal");
    bench.self = argv[0];
    bench_need(bench.rounds >= 1 && bench.rounds <= BENCH_ROUNDS_MAX, "--rounds takes 1 to 64");
    bare_count_memory();
    bench_need(bench_server_start(&bench.server), "the server cannot be started");
    for (size_t i = 0; i < sizeof(measures) / sizeof(measures[0]); i++) {
        if (only && strcmp(only, measures[i].name))
            continue;
        any = true;
        set_processors(&bench, measures[i].apart);
        measures[i].measure(&bench);
    }
    bench_server_stop(&bench.server);
    bench_need(any, "--only takes the name of a measure");
    print(&bench, has(argc, argv, "--json"));
    return 0;
}
