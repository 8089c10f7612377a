/* SPDX-License-Identifier: Apache-2.0 */
/* A reply, by rows, to a result. */
#ifndef CC_REPLY_H
#define CC_REPLY_H

#include "core/model/provider.h"

/* Reads the fields of @value into the structure at @target. CLOUD_EPROTOCOL names the path. */
int cc_fields_read(const struct cloud_provider *provider, const struct cc_field *fields,
                   const struct cc_value *value, void *target, struct cc_arena *arena,
                   struct cloud_error *err);
/* Fills @err from the vendor's refusal by the error rows. Returns its code. */
int cc_reply_refused(const struct cloud_provider *provider, int http_status,
                     const struct cc_envelope *envelope, struct cloud_error *err);
/* the value of a word in a table; 0 when in no row */
int cc_word_value(const struct cc_word *words, const char *word);
const struct cc_word *cc_word_find(const struct cc_word *words, const char *word);

#endif
