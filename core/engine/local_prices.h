/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the rows of prices computed locally from the price book. */
#ifndef CC_LOCAL_PRICES_H
#define CC_LOCAL_PRICES_H

#include "core/engine/call.h"

/* the row of an operation: the provider's, or the local one if the caller chose the price book */
const struct cc_op_row *cc_local_price_row(const struct cc_call *call, enum cloud_op op);

#endif
