/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the checks of UTF-8. */
#ifndef CC_UTF8_H
#define CC_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the well-formed UTF-8 sequence that @text begins with; 0 when there is none. */
size_t cc_utf8_length(const char *text, size_t len);
/* True when the whole string is well-formed UTF-8. */
bool cc_is_utf8(const char *text);

#endif
