/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The real clock, nonces, jitter and sleep: the only file that includes libuuid. Everything else is
 * handed a world, so that tests can fix it.
 */
#include "core/world.h"

#include <errno.h>
#include <sys/random.h>
#include <time.h>
#include <uuid/uuid.h>

static int64_t read_clock(clockid_t clock)
{
    struct timespec now;

    clock_gettime(clock, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int64_t real_now_ms(void *data)
{
    (void)data;
    return read_clock(CLOCK_REALTIME);
}

static int64_t real_tick_ms(void *data)
{
    (void)data;
    return read_clock(CLOCK_MONOTONIC);
}

static void real_nonce(void *data, char ret_nonce[37])
{
    uuid_t uuid;

    (void)data;
    uuid_generate_random(uuid);
    uuid_unparse_lower(uuid, ret_nonce);
}

static uint32_t random_bits(void)
{
    uint32_t bits;

    /* small reads of the kernel's generator are never cut short; they fail where it is missing */
    if (getrandom(&bits, sizeof(bits), 0) != (ssize_t)sizeof(bits))
        bits = (uint32_t)read_clock(CLOCK_MONOTONIC) * UINT32_C(2654435761);
    return bits;
}

/* Uniform: draws that would favour the small numbers are made again. */
static uint32_t real_jitter(void *data, uint32_t limit)
{
    uint64_t span = (uint64_t)limit + 1;
    uint64_t whole = (UINT64_C(1) << 32) / span * span;
    uint32_t bits;

    (void)data;
    do {
        bits = random_bits();
    } while (bits >= whole);
    return (uint32_t)(bits % span);
}

static void real_sleep_ms(void *data, int64_t ms)
{
    struct timespec left = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

    (void)data;
    if (ms <= 0)
        return;
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
        continue;
}

const struct cc_world cc_real_world = {
    .now_ms = real_now_ms,
    .tick_ms = real_tick_ms,
    .nonce = real_nonce,
    .jitter = real_jitter,
    .sleep_ms = real_sleep_ms,
};
