/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the driver of one call, and its functions that the driver of many calls uses too. */
#ifndef CC_RUN_ONE_H
#define CC_RUN_ONE_H

#include "core/engine/call.h"

/* runs one call of a client to its end */
void cc_run_one(struct cc_call *call);

/* batch.c: ends the calls that a client has in batches, before it is freed */
void cc_batch_forget_client(struct cloud_client *client);
/* cloud_call() with options, which may be NULL */
int cc_run_call(struct cloud_client *client, enum cloud_op op, const struct cloud_params *params,
                const struct cc_call_options *options, struct cloud_result *ret_result,
                struct cloud_error *err);

/* for scheduler.c, the driver of many calls */

/* the message of a change that a child of fork() inherited */
#define CC_PARENT_CONTINUES "the call is older than fork(): the parent continues it"

/* calls the change hook and starts the exchange; false: it was not started, as the reply says */
bool cc_run_start(struct cc_call *call, struct cc_transport *transport);
/* reads the reply after the exchange has ended */
void cc_run_feed(struct cc_call *call);
/* the time of the latest permit when @left_ms remain */
int64_t cc_run_latest_permit_ns(int64_t left_ms, int64_t now_ns);
/* ends a call that gets no permit in time */
void cc_run_fail_rate_limited(struct cc_call *call);
/* milliseconds until the time of a permit, rounded up */
int64_t cc_run_ms_until(int64_t permit_ns, int64_t now_ns);
/* true inside a callback, which must not start a call that waits */
extern _Thread_local bool cc_in_callback;

#endif
