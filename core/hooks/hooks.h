/* SPDX-License-Identifier: Apache-2.0 */
/* Functions behind row kinds: client tokens, fingerprints, filters, prepaid disks. */
#ifndef CC_HOOKS_H
#define CC_HOOKS_H

#include "include/cloud_provider.h"

/* The client token of an operation key: the key itself, or its digest if a vendor might refuse the
   key. False when out of memory. */
#define CC_TOKEN_MAX 65
bool cc_token(const char *operation_key, char ret_token[CC_TOKEN_MAX]);
/* The fingerprint of a client token: "op" and the first ten hexadecimal digits of its SHA-256.
 * False when out of memory. */
bool cc_mark(const char *token, char ret_mark[CLOUD_MARK_MAX]);

/* appends { name, values: [value] } to the action's list at the path */
void cc_hook_filter(struct cc_hook *hook, const char *path, const char *name, const char *value);
/* the n-th prepaid cloud disk of the instance found, the system disk first; NULL past the last */
const struct cloud_disk *cc_hook_prepaid_disk(const struct cc_hook *hook, size_t n);

#endif
