/* SPDX-License-Identifier: Apache-2.0 */
/* The driver: obeys calls until they are done. */
#ifndef CC_BATCH_H
#define CC_BATCH_H

#include "core/call.h"

/* runs one call of a client to its end */
void cc_batch_run_one(struct cc_call *call);

/* batch.c: shared by the one call that blocks and the many that do not */
/* hands the request over; false when it could not even be started: that is then the reply */
bool cc_batch_start(struct cc_call *call, struct cc_transport *transport);
/* the exchange has ended */
void cc_batch_feed(struct cc_call *call);
/* when a turn that the rate limit gives would be too late for the call; and the end of a call that gets none */
int64_t cc_batch_latest_turn(const struct cc_call *call, int64_t now_ns);
void cc_batch_out_of_turns(struct cc_call *call);
/* in whole milliseconds, rounded up */
int64_t cc_batch_until_turn(int64_t turn_ns, int64_t now_ns);
/* a callback must not start what waits */
extern _Thread_local bool cc_in_callback;

#endif
