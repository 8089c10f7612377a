/* SPDX-License-Identifier: Apache-2.0 */
/* Exact amounts, read from the digits of a reply. The rest of money.c is public. */
#ifndef CC_MONEY_H
#define CC_MONEY_H

#include "include/cloud_client.h"

/*
 * An amount from its digits ("12.34", "-0.5", "1e3"), exactly. CLOUD_EINVAL when it is no decimal
 * number, has more than six digits behind the point that are not zero, or does not fit; or when
 * @currency is no ISO 4217 code.
 */
int cc_money_read(const char *digits, const char *currency, struct cloud_money *ret_money,
                  struct cloud_error *err);

#endif
