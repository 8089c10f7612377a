/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares a rate limiter (token bucket): at most n requests in a window of time, for one account
 * at one vendor. All processes of this user on this machine share it through a file in shared
 * memory. A request reserves a permit, waits for the permit's time, and is then sent.
 */
#ifndef CC_RATE_LIMITER_H
#define CC_RATE_LIMITER_H

#include "core/base/rate.h"

struct cc_rate_limiter;

/*
 * Opens the limiter of an account, which is identified by its access key. CLOUD_ECONFIG: the file
 * belongs to another user. Without a usable file system for it the limit holds for this process
 * alone; cc_rate_limiter_problem() then says why.
 */
int cc_rate_limiter_open(struct cc_rate rate, const char *provider, const char *key_id,
                         struct cc_rate_limiter **ret_limiter, struct cloud_error *err);
void cc_rate_limiter_free(struct cc_rate_limiter *limiter);
/* why other processes do not share the limit now; NULL: they do */
const char *cc_rate_limiter_problem(const struct cc_rate_limiter *limiter);

/* the clock of permits; the same for all processes */
int64_t cc_rate_limiter_now(void);
/* Reserves the next permit and returns its time, now or later. Reserves none and returns 0 when its
 * time would be after @latest_ns. */
int64_t cc_rate_limiter_reserve(struct cc_rate_limiter *limiter, int64_t now_ns, int64_t latest_ns);
/* Whether the permit has expired: a request that is sent too late could exceed the limit. So it has
 * when the vendor wanted no request before a later time, after the permit was reserved. */
bool cc_rate_limiter_missed(struct cc_rate_limiter *limiter, int64_t permit_ns, int64_t now_ns);
/* The vendor throttled a request, with its Retry-After (0: none); wants no request before its
 * Retry-After for another reason; or processed one. */
void cc_rate_limiter_refused(struct cc_rate_limiter *limiter, int64_t now_ns,
                             int64_t retry_after_ms);
void cc_rate_limiter_hold(struct cc_rate_limiter *limiter, int64_t now_ns, int64_t retry_after_ms);
void cc_rate_limiter_served(struct cc_rate_limiter *limiter, int64_t now_ns);
/* the rate that is used now, in thousandths of the configured one */
int cc_rate_limiter_share(struct cc_rate_limiter *limiter);

#endif
