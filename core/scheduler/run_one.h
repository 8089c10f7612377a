/* SPDX-License-Identifier: Apache-2.0 */
/* Drives one call: sends its requests and waits until it is done. */
#ifndef CC_BATCH_H
#define CC_BATCH_H

#include "core/engine/call.h"

/* runs one call of a client to its end */
void cc_batch_run_one(struct cc_call *call);

/* what batch_run.c, the driver of many calls, shares */
/* hands the request to the transport; false: it could not be started, and that is the reply */
bool cc_batch_start(struct cc_call *call, struct cc_transport *transport);
/* the exchange has ended */
void cc_batch_feed(struct cc_call *call);
/* the latest turn of the rate limiter that is before the deadline of the call */
int64_t cc_batch_latest_turn(const struct cc_call *call, int64_t now_ns);
/* ends a call that gets no turn before its deadline */
void cc_batch_out_of_turns(struct cc_call *call);
/* milliseconds, rounded up */
int64_t cc_batch_until_turn(int64_t turn_ns, int64_t now_ns);
/* true inside a callback, which must not start a call that waits */
extern _Thread_local bool cc_in_callback;

#endif
