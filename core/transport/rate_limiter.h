/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rate limits: so many requests in so much time, for one account at one vendor, shared by all
 * processes of this machine through a file in shared memory. A request first reserves a turn, waits
 * until its time, and is then sent.
 */
#ifndef CC_RATE_LIMITER_H
#define CC_RATE_LIMITER_H

#include "core/base/rate.h"

struct cc_rate_limiter;

/* The limit of an account (its access key) at a vendor, as the processes of this user share it. */
int cc_rate_limiter_open(struct cc_rate rate, const char *provider, const char *key_id,
                         struct cc_rate_limiter **ret_limit, struct cloud_error *err);
void cc_rate_limiter_free(struct cc_rate_limiter *limit);

/* the clock of turns: the same for all processes */
int64_t cc_rate_limiter_now(void);
/*
 * Reserves the next turn and says when it is, now or later. None is reserved (and 0 returned) when
 * it would be after
 * @latest_ns.
 */
int64_t cc_rate_limiter_reserve(struct cc_rate_limiter *limit, int64_t now_ns, int64_t latest_ns);
/* A turn that was missed by much is lost: sending all the same could break the limit. */
bool cc_rate_limiter_missed(const struct cc_rate_limiter *limit, int64_t turn_ns, int64_t now_ns);
/* What the vendor said of a request: refused for coming too soon, with its own delay (0: none); or
 * served. */
void cc_rate_limiter_refused(struct cc_rate_limiter *limit, int64_t now_ns, int retry_after_ms);
void cc_rate_limiter_served(struct cc_rate_limiter *limit, int64_t now_ns);
/* of the configured rate, in thousandths, what is used now */
int cc_rate_limiter_share(const struct cc_rate_limiter *limit);

#endif
