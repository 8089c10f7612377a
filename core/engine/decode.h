/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the decoding of replies into results and errors. */
#ifndef CC_DECODE_H
#define CC_DECODE_H

#include "core/model/provider.h"

/* Reads the fields of @value into the structure at @target. CLOUD_EPROTOCOL names the path. */
int cc_fields_read(const struct cloud_provider *provider, const struct cc_field *fields,
                   const struct cc_value *value, void *target, struct cc_arena *arena,
                   struct cloud_error *err);
/* vendor_error.c: fills @err from a refusal of the vendor by the error rows; returns its code */
int cc_vendor_error_read(const struct cloud_provider *provider, int http_status,
                         const struct cc_envelope *envelope, struct cloud_error *err);
/* vendor_error.c: whether the error proves that the request changed nothing */
enum cc_proof cc_vendor_error_proof(const struct cloud_provider *provider, int http_status,
                                    const struct cc_envelope *envelope);
/* vendor_error.c: finds whole words in a message, without case; NULL: it has none */
const char *cc_words_in(const char *message, const char *words);
/* the value of a word in a table; 0 when no row has it */
int cc_word_value(const struct cc_word *words, const char *word);
const struct cc_word *cc_word_find(const struct cc_word *words, const char *word);

#endif
