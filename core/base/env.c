/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Implements the real environment: clock, nonces, jitter and sleep. All other code gets a struct
 * cc_env, so that tests can set it. This is the only file that includes libuuid.
 */
#include "core/base/env.h"

#include <errno.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>
#include <uuid/uuid.h>

#include "core/base/fork.h"
#include "include/cloud_provider.h"

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

/*
 * Random bytes of the kernel, fetched for several nonces at once. A child of fork() fetches its
 * own, because its parent uses the same bytes.
 */
static _Thread_local struct {
    unsigned char bytes[1024];
    size_t left;
    unsigned forks;
} random_pool;

static void take_random(void *to, size_t count)
{
    if (random_pool.forks != cc_fork_count())
        random_pool.left = 0;
    random_pool.forks = cc_fork_count();
    if (random_pool.left < count) {
        /* A signal can cut a read short, but not below 256 bytes. The call fails where the kernel
         * has no generator. */
        ssize_t got = getrandom(random_pool.bytes, sizeof(random_pool.bytes), 0);

        random_pool.left = got > 0 ? (size_t)got : 0;
        if (random_pool.left < count) {
            uuid_generate(random_pool.bytes);
            random_pool.left = sizeof(uuid_t);
        }
    }
    random_pool.left -= count;
    memcpy(to, random_pool.bytes + random_pool.left, count);
}

/*
 * Writes a UUID of version 4. Does not use uuid_generate_random(), which makes ten other system
 * calls each time.
 */
static void real_nonce(void *data, char ret_nonce[37])
{
    static const unsigned char groups[] = { 8, 4, 4, 4, 12 };
    unsigned char uuid[16];
    char digits[2 * sizeof(uuid) + 1], *from = digits, *out = ret_nonce;

    (void)data;
    take_random(uuid, sizeof(uuid));
    uuid[6] = (unsigned char)((uuid[6] & 0x0f) | 0x40);
    uuid[8] = (unsigned char)((uuid[8] & 0x3f) | 0x80);
    cc_hex(uuid, sizeof(uuid), digits);
    for (size_t i = 0; i < sizeof(groups); from += groups[i++]) {
        out = mempcpy(out, from, groups[i]);
        *out++ = i + 1 < sizeof(groups) ? '-' : '\0';
    }
}

static uint32_t random_bits(void)
{
    uint32_t bits;

    take_random(&bits, sizeof(bits));
    return bits;
}

/* Uniform: repeats a draw that would favour small numbers. */
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

const struct cc_env cc_real_env = {
    .now_ms = real_now_ms,
    .tick_ms = real_tick_ms,
    .nonce = real_nonce,
    .jitter = real_jitter,
    .sleep_ms = real_sleep_ms,
};
