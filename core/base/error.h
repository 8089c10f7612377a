/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares how errors are written. The function that fails writes the error; its callers return it
 * unchanged.
 */
#ifndef CC_ERROR_H
#define CC_ERROR_H

#include "include/cloud_provider.h"

void cc_error_clear(struct cloud_error *err);
/*
 * Copies text into a field of fixed size. Cuts at a UTF-8 boundary. Replaces control characters by
 * spaces, and bytes that are not UTF-8 by '?'.
 */
void cc_error_text(char *field, size_t size, const char *text);
#define CC_ERROR_SET(field, text) cc_error_text((field), sizeof(field), (text))

#endif
