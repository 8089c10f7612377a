/* SPDX-License-Identifier: Apache-2.0 */
/* Declares reading an exact amount or a whole number from the digits of a reply. The rest of
 * money.c is public. */
#ifndef CC_MONEY_H
#define CC_MONEY_H

#include <stdbool.h>

#include "include/cloud_client.h"

/*
 * Reads an amount from its digits ("12.34", "-0.5", "1e3"), exactly. CLOUD_EINVAL when the text is
 * not a decimal number, has more than six decimal places that are not zero, or does not fit; or
 * when
 * @currency is not an ISO 4217 code.
 */
int cc_money_read(const char *digits, const char *currency, struct cloud_money *ret_money,
                  struct cloud_error *err);

/*
 * Reads a whole number in any spelling that a JSON writer has for it: "3", "3.0", "3e0". False when
 * the text is not a number, not whole, or larger than 9 * 10^12.
 */
bool cc_whole_read(const char *digits, int64_t *ret_number);

#endif
