/* SPDX-License-Identifier: Apache-2.0 */
/* Fingerprints of operation keys, and digests of texts. */
#ifndef CLOUD_CLIENT_DIGEST_H
#define CLOUD_CLIENT_DIGEST_H

#include "error.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The size of a buffer for the fingerprint of an operation key and the NUL. */
#define CLOUD_MARK_MAX 13

/**
 * The fingerprint of an operation key: "op" and ten hexadecimal digits. An instance that is bought
 * with the key carries it in a tag, a label or its name, depending on the vendor, and can be found
 * by it.
 *
 * @return CLOUD_OK; CLOUD_EINVAL for a key with a blank at an end or a control character;
 *         CLOUD_ENOMEM
 */
CLOUD_API int cloud_operation_mark(const char *operation_key, char ret_mark[CLOUD_MARK_MAX],
                                   struct cloud_error *err);

/** The size of a buffer for a digest in hexadecimal digits and the NUL. */
#define CLOUD_DIGEST_MAX 65

/**
 * SHA-256 of @text, or HMAC-SHA-256 with @key. For records that must show a change, or must
 * recognise a text without holding it.
 *
 * @param key  NULL: none
 * @return CLOUD_OK; CLOUD_ENOMEM
 */
CLOUD_API int cloud_digest(const char *key, const char *text, char ret_hex[CLOUD_DIGEST_MAX],
                           struct cloud_error *err);

#ifdef __cplusplus
}
#endif

#endif
