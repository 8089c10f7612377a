/* SPDX-License-Identifier: Apache-2.0 */
/* Clock, nonce, jitter: all that is not decided by the caller or the vendor. Tests fix it. */
#ifndef CC_ENV_H
#define CC_ENV_H

#include <stdint.h>

struct cc_env {
    int64_t (*now_ms)(void *data);                  /* wall clock, Unix milliseconds */
    int64_t (*tick_ms)(void *data);                 /* monotonic */
    void (*nonce)(void *data, char ret_nonce[37]);  /* a UUID v4, lower case */
    uint32_t (*jitter)(void *data, uint32_t limit); /* uniform in [0, limit] */
    void (*sleep_ms)(void *data, int64_t ms);
    void *data;
};

/* the real one */
extern const struct cc_env cc_real_env;

#endif
