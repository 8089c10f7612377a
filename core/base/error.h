/* SPDX-License-Identifier: Apache-2.0 */
/* Error objects: written where it went wrong, handed up untouched. */
#ifndef CC_ERROR_H
#define CC_ERROR_H

#include "include/cloud_provider.h"

void cc_error_clear(struct cloud_error *err);
/* copies text into a fixed field, cutting at a UTF-8 boundary, replacing control characters by
 * spaces */
void cc_error_text(char *field, size_t size, const char *text);
#define CC_ERROR_SET(field, text) cc_error_text((field), sizeof(field), (text))

#endif
