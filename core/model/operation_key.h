/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the client token and the fingerprint of an operation key. */
#ifndef CC_OPERATION_KEY_H
#define CC_OPERATION_KEY_H

#include "include/cloud_provider.h"

#define CC_TOKEN_MAX 65
/*
 * The client token of an operation key: the key itself, or its SHA-256 digest when a vendor might
 * refuse the key (too long, or characters other than letters, digits, '-' and '_'). False when out
 * of memory.
 */
bool cc_token(const char *operation_key, char ret_token[CC_TOKEN_MAX]);
/*
 * The fingerprint of a client token: "op" and the first ten hexadecimal digits of its SHA-256
 * digest. False when out of memory.
 */
bool cc_mark(const char *token, char ret_mark[CLOUD_MARK_MAX]);

#endif
