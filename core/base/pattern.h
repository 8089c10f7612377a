/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the matching of a text with a pattern: a POSIX extended regular expression without
 * back-references and collating symbols. Unlike regexec() it allocates nothing, needs no compiled
 * form, and reads UTF-8 in every locale. The classes, such as [:alpha:], hold ASCII characters;
 * [:cntrl:] also holds the control characters U+0080 to U+009F.
 */
#ifndef CC_PATTERN_H
#define CC_PATTERN_H

#include <stdbool.h>

bool cc_pattern_is_valid(const char *pattern);
/* False also for a pattern that is not valid, and for a text that would need too much work: groups
 * that repeat more than 500 times, or a million steps. */
bool cc_pattern_matches(const char *pattern, const char *text);

#endif
