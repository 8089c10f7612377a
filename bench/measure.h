/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the parts that all measurements share: clocks, results and the bare libcurl client. */
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
    double bar;        /* the limit of the median; 0: none */
    bool at_least;     /* the bar is a minimum, not a maximum */
    double values[BENCH_ROUNDS_MAX], bare[BENCH_ROUNDS_MAX],
        ours[BENCH_ROUNDS_MAX]; /* a ratio is ours / bare */
    const char *part_unit;      /* unit of ours and bare; NULL: not a ratio */
    size_t count;
};

struct bench {
    struct bench_server server;
    int rounds;
    const char *cloudctl; /* path of cloudctl; NULL: not measured */
    const char *journal;  /* path of bench_journal; NULL: not measured */
    const char *self;     /* path of this program, which starts itself for some measurements */
    struct bench_result results[32];
    size_t result_count;
};

double bench_cpu(void);  /* seconds of this process, all threads */
double bench_wall(void); /* seconds */

/* adds a line to the results, without values */
struct bench_result *bench_add(struct bench *bench, const char *name, const char *title,
                               const char *unit, double bar);
void bench_value(struct bench_result *result, double value);
void bench_ratio(struct bench_result *result, double ours, double bare);
/* ends the program with an error when @good is false */
void bench_need(bool good, const char *what);

/* a client of the server; @region selects the replies, see server.h; @rate_limit may be NULL */
struct cloud_client *bench_client(const struct bench_server *server, const char *region,
                                  const char *rate_limit);

/* bare.c: libcurl alone, with one handle or many at once */
struct bare;
struct bare *bare_new(const struct bench_server *server, const char *region);
void bare_free(struct bare *bare);
/* @count requests, one after the other; @target is "/instances/i-0000000001" */
void bare_many(struct bare *bare, const char *target, int count);
/* @count requests, @in_flight at once */
void bare_at_once(struct bare *bare, const char *target, int count, int in_flight);
/* bytes of the last reply */
size_t bare_got(const struct bare *bare);
/* counts calls of malloc(), calloc() and realloc(): of the whole program, and of libcurl */
void bare_count_memory(void);
extern unsigned long bench_allocations, bench_curl_allocations;

/* measurements: each adds its lines to the results */
void measure_cpu(struct bench *bench);
void measure_throughput(struct bench *bench);
void measure_latency(struct bench *bench);
void measure_inventory(struct bench *bench);
void measure_questions(struct bench *bench);
void measure_limit(struct bench *bench);
void measure_allocations(struct bench *bench);
void measure_program(struct bench *bench);
void measure_journal(struct bench *bench);

/* runs in a process of its own: lists @count instances from @port, prints its peak resident memory
   in KiB, and returns the exit code */
int run_inventory(int port, long count);
/* runs in one of the processes that share a limit: @seconds long, with 8 callers */
int run_limited(int port, const char *limit, double seconds);

#endif
