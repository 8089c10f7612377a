/* SPDX-License-Identifier: Apache-2.0 */
/* What measures share: clocks, the rounds of a ratio, how results are kept and printed. */
#ifndef BENCH_MEASURE_H
#define BENCH_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "bench/server.h"
#include "include/cloud_batch.h"

#define BENCH_ROUNDS_MAX 64

/* one line of the results */
struct bench_result {
    const char *name;  /* "cpu_one": for JSON */
    const char *title; /* for people */
    const char *unit;  /* "ratio", "calls", "MiB" */
    double bar;        /* what it must reach */
    bool at_least;     /* the bar is a floor */
    double values[BENCH_ROUNDS_MAX], bare[BENCH_ROUNDS_MAX],
        ours[BENCH_ROUNDS_MAX]; /* bare and ours: what was divided */
    const char *part_unit;      /* of those; NULL: there are none */
    size_t count;
};

struct bench {
    struct bench_server server;
    int rounds;
    const char *cloudctl; /* path of the program; NULL: not measured */
    const char *journal;  /* path of bench_journal; NULL: not measured */
    const char *self;     /* this program, started again for what needs a process of its own */
    struct bench_result results[32];
    size_t result_count;
};

double bench_cpu(void);  /* seconds of this process, all threads */
double bench_wall(void); /* seconds */

/* a new line of the results, without values */
struct bench_result *bench_add(struct bench *bench, const char *name, const char *title,
                               const char *unit, double bar);
void bench_value(struct bench_result *result, double value);
void bench_ratio(struct bench_result *result, double ours, double bare);
/* fails loudly */
void bench_need(bool good, const char *what);

/* a client of the server; @region says how it answers; @rate_limit may be NULL */
struct cloud_client *bench_client(const struct bench_server *server, const char *region,
                                  const char *rate_limit);

/* bare.c: libcurl alone, with one kept handle or many at once */
struct bare;
struct bare *bare_new(const struct bench_server *server, const char *region);
void bare_free(struct bare *bare);
/* a request one after the other; @target is "/instances/i-0000000001" */
void bare_many(struct bare *bare, const char *target, int count);
/* @count requests, @in_flight at once */
void bare_at_once(struct bare *bare, const char *target, int count, int in_flight);
/* bytes of the last reply */
size_t bare_got(const struct bare *bare);
/* calls of malloc() and its kin, of the whole program and of libcurl in it */
void bare_count_memory(void);
extern unsigned long bench_allocations, bench_curl_allocations;

/* measures: each adds its lines */
void measure_cpu(struct bench *bench);
void measure_throughput(struct bench *bench);
void measure_latency(struct bench *bench);
void measure_inventory(struct bench *bench);
void measure_questions(struct bench *bench);
void measure_limit(struct bench *bench);
void measure_allocations(struct bench *bench);
void measure_program(struct bench *bench);
void measure_journal(struct bench *bench);

/* what a process started by bench->self does: a listing of @count instances from @port; prints its
   largest resident set in KiB; its exit code */
int run_inventory(int port, long count);
/* one of the processes that share a limit: @seconds long, with 8 callers */
int run_limited(int port, const char *limit, double seconds);

#endif
