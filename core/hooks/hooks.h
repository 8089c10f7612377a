/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the functions of hooks that the engine calls. The rest is in cloud_provider/hooks.h. */
#ifndef CC_HOOKS_H
#define CC_HOOKS_H

#include "include/cloud_provider.h"

/*
 * Checks what a hook of the provider returned: @code, or CLOUD_EPROTOCOL when it is no code of this
 * library. A failure without a reason gets one. @kind: "parse".
 */
int cc_hook_code(const struct cloud_provider *provider, const char *kind, int code,
                 struct cloud_error *err);
/* Appends { name, values: [value] } to the list at @path in the parameters of the action. */
void cc_hook_filter(struct cc_hook *hook, const char *path, const char *name, const char *value);
/*
 * The n-th prepaid cloud disk of the first instance found, the system disk first; NULL past the
 * last.
 */
const struct cloud_disk *cc_hook_prepaid_disk(const struct cc_hook *hook, size_t n);
/*
 * The expiry of the first instance found, and of its prepaid cloud disks, can be read;
 * CLOUD_EPROTOCOL.
 */
int cc_hook_need_readable_expiry(struct cc_hook *hook);

#endif
