/* SPDX-License-Identifier: Apache-2.0 */
/* Declares percent-decoding. The part for providers is in cloud_provider/request.h. */
#ifndef CC_ENCODING_H
#define CC_ENCODING_H

#include "include/cloud_provider.h"

/*
 * Appends text percent-decoded. With @plus, '+' becomes a space. A '%' without two hexadecimal
 * digits after it stays.
 */
void cc_decode(struct cc_buf *out, const char *text, size_t len, bool plus);
/* True when percent-encoding would not change the text. The character @also needs no encoding. */
bool cc_is_encoded(const char *text, char also);

#endif
