/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the checks of what callers pass to public functions: pointers that must not be NULL, and
 * structures that begin with their size. A structure of zeroes, as PHP, Go and Rust make it, would
 * be read as one without members: without the limit and the operation key of a purchase.
 */
#ifndef CC_ARGUMENTS_H
#define CC_ARGUMENTS_H

#include "include/cloud_provider.h"

enum cc_struct {
    CC_STRUCT_PARAMS,
    CC_STRUCT_RESULT,
    CC_STRUCT_CLIENT_OPTIONS,
    CC_STRUCT_WAIT_OPTIONS,
    CC_STRUCT_BATCH_OPTIONS,
    CC_STRUCT_BATCH_CALL,
    CC_STRUCT_BATCH_DONE,
    CC_STRUCT_JOURNAL_OPTIONS,
    CC_STRUCT_ACTION_INFO,
    CC_STRUCT_ACTION_PARAM,
};

/* CLOUD_EINVAL naming @name when it is not given: its pointer is NULL */
int cc_need(bool given, const char *name, struct cloud_error *err);
/*
 * CLOUD_EINVAL when the structure is NULL, has size 0 or is smaller than in the first release. Also
 * when a structure that the library reads is larger than it knows, and the rest is not zero: a
 * limit that is not known must not be ignored. Its member size need not be the whole structure's.
 */
int cc_need_struct(enum cc_struct kind, const void *object, struct cloud_error *err);
/* copies a checked structure of a caller into one of @size bytes, without the member size */
void cc_copy_struct(void *ret, size_t size, const void *object);

#endif
