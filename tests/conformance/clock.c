/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes waits take no time. The program exports the functions below, so the library and the
 * emulator in this process read their clocks through them. A wait advances these clocks and returns
 * at once. A real run does not change the clocks.
 */
#include "tests/conformance/kit.h"

#include <errno.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static struct {
    bool on, wall;
    int64_t ahead_ns;
} ahead;

void kit_clock_skip_waits(bool on, bool wall)
{
    ahead.on = on;
    ahead.wall = wall;
}

void kit_clock_advance(int64_t ms)
{
    ahead.ahead_ns += ahead.on ? ms * 1000000 : 0;
}

__attribute__((visibility("default"))) int clock_gettime(clockid_t clock, struct timespec *now)
{
    int rc = (int)syscall(SYS_clock_gettime, clock, now);
    int64_t ns;

    if (rc || !ahead.ahead_ns ||
        (clock != CLOCK_MONOTONIC && !(clock == CLOCK_REALTIME && ahead.wall)))
        return rc;
    ns = now->tv_nsec + ahead.ahead_ns % 1000000000;
    now->tv_sec += ahead.ahead_ns / 1000000000 + ns / 1000000000;
    now->tv_nsec = ns % 1000000000;
    return rc;
}

__attribute__((visibility("default"))) int
clock_nanosleep(clockid_t clock, int flags, const struct timespec *length, struct timespec *left)
{
    if (!ahead.on || flags)
        return syscall(SYS_clock_nanosleep, clock, flags, length, left) ? errno : 0;
    ahead.ahead_ns += (int64_t)length->tv_sec * 1000000000 + length->tv_nsec;
    return 0;
}
