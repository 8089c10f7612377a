/* SPDX-License-Identifier: Apache-2.0 */
/* The driver: obeys calls until they are done. */
#ifndef CC_BATCH_H
#define CC_BATCH_H

#include "core/call.h"

/* runs one call of a client to its end */
void cc_batch_run_one(struct cc_call *call);

#endif
