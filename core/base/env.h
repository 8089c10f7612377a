/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the environment of the engine: clock, nonces, jitter and sleep. Tests use their own. */
#ifndef CC_ENV_H
#define CC_ENV_H

#include <stdint.h>

struct cc_env {
    int64_t (*now_ms)(void *data);                  /* wall clock; Unix milliseconds */
    int64_t (*tick_ms)(void *data);                 /* monotonic clock; milliseconds */
    void (*nonce)(void *data, char ret_nonce[37]);  /* a UUID of version 4, lower case */
    uint32_t (*jitter)(void *data, uint32_t limit); /* uniform in [0, limit] */
    void (*sleep_ms)(void *data, int64_t ms);
    void *data;
};

/* The environment outside of tests. */
extern const struct cc_env cc_real_env;

#endif
