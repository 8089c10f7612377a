/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the checks of UTF-8, and of blanks and control characters. */
#ifndef CC_UTF8_H
#define CC_UTF8_H

#include <stdbool.h>
#include <stddef.h>

/* The length of the well-formed UTF-8 sequence that @text begins with; 0 when there is none. */
size_t cc_utf8_length(const char *text, size_t len);
/* True when the whole string is well-formed UTF-8. */
bool cc_is_utf8(const char *text);

/*
 * Describes the fault at an end of a text that names something, such as a key or an id: "begins
 * with a blank", "ends with a control character"; NULL when both ends are good. Blanks and controls
 * of Unicode count too: they are invisible, and a name with one is another name.
 */
const char *cc_text_ends(const char *text);
/* True when a control character is anywhere in the text. */
bool cc_has_control(const char *text);

#endif
