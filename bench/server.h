/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The server of the measurements: one process that replays fixed replies over kept-alive
 * connections, as fast as a socket takes them. What it answers depends on the path alone; it checks
 * nothing.
 */
#ifndef BENCH_SERVER_H
#define BENCH_SERVER_H

#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct bench_server {
    pid_t process;
    int port;
    /* written by the server, read by whoever started it: requests, and when each came, by the
     * monotonic clock */
    struct bench_counts {
        _Atomic uint64_t requests;
        _Atomic uint64_t connections;
        int64_t at_ns[65536]; /* of the request with that number, modulo */
    } * counts;
};

/*
 * Starts it on a free port of 127.0.0.1; false when that fails. The path says what is answered:
 *   /instances/ID      one instance, 1.7 KB
 *   /instances?…pageNumber=N&pageSize=100    page N of the listing, 164 KB; ids are asked for with
 * filters.1.values and the name of the region how: "bench-t100000" has so many instances,
 * "bench-d50" takes 50 ms for each answer.
 */
int bench_server_start(struct bench_server *server);
void bench_server_stop(struct bench_server *server);

#endif
