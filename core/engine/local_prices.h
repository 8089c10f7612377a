/* SPDX-License-Identifier: Apache-2.0 */
/* Prices from the price book, in place of the vendor's. */
#ifndef CC_PRICING_H
#define CC_PRICING_H

#include "core/engine/call.h"

/* the row for an operation: the provider's, or the price book's where the caller asked for it */
const struct cc_op_row *cc_price_row(const struct cc_call *call, enum cloud_op op);

#endif
