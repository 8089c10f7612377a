/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the server of the measurements: one process that sends fixed replies over persistent
 * connections. The path alone selects the reply; the server checks nothing.
 */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct bench_server {
    pid_t process;
    int port;
    /* shared memory, written by the server, read by the measuring process; the times are of the
     * monotonic clock */
    struct bench_counts {
        _Atomic uint64_t requests;
        _Atomic uint64_t connections;
        int64_t at_ns[65536]; /* when request n arrived, at [n % 65536] */
    } * counts;
};

/*
 * Starts the server on a free port of 127.0.0.1; returns false on failure. The path selects the
 * reply:
 *
 *   /instances/ID                            one instance, 1.7 KB
 *   /instances?...pageNumber=N&pageSize=100  page N of the listing, 164 KB; filters.1.values
 *                                            selects ids
 *
 * The name of the region selects the rest: "bench-t100000" has so many instances, "bench-d50"
 * delays each reply by 50 ms.
 */
int bench_server_start(struct bench_server *server);
void bench_server_stop(struct bench_server *server);

#endif
