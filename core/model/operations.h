/* SPDX-License-Identifier: Apache-2.0 */
/* Declares how core looks up operations and reads parameters. */
#ifndef CC_OPERATIONS_H
#define CC_OPERATIONS_H

#include "core/base/memory.h"
#include "include/cloud_client.h"

/* True when two names are equal; '-' and '_' count as the same character. */
bool cc_name_equal(const char *a, const char *b);

enum cc_param_kind {
    CC_PARAM_TEXT = 0,
    CC_PARAM_INT,
    CC_PARAM_FLAG,
    CC_PARAM_PERIOD,
    CC_PARAM_MONEY,
    CC_PARAM_TIME,
    CC_PARAM_CHARGE,
    CC_PARAM_SOURCE,
    CC_PARAM_DISKS
};
enum cc_param_kind cc_param_kind(enum cloud_param param);
/* Copies the caller's structure. Members past its size become zero. NULL gives an empty one. */
void cc_params_read(struct cloud_params *to, const struct cloud_params *from);
/* The parameters that were given, a bit for each. */
uint64_t cc_params_given(const struct cloud_params *params);
/* Sets one parameter of @to from @from. Strings stay borrowed. */
void cc_params_copy_one(struct cloud_params *to, const struct cloud_params *from,
                        enum cloud_param param);
/* Clears every parameter whose bit is not in @mask. */
void cc_params_keep(struct cloud_params *params, uint64_t mask);
/* About the number of bytes that cc_params_dup() needs for its strings. */
size_t cc_params_bytes(const struct cloud_params *from);
/* Copies the structure; its strings go into the arena. False when out of memory. */
bool cc_params_dup(struct cloud_params *to, const struct cloud_params *from,
                   struct cc_arena *arena);
/* The value of one parameter, which must be of that kind. */
const char *cc_params_text(const struct cloud_params *params, enum cloud_param param);
int cc_params_int(const struct cloud_params *params,
                  enum cloud_param param); /* a flag is an enum cloud_flag */
/*
 * Refuses a text that begins or ends with a blank or a control character, except names,
 * descriptions, passwords and JSON: "A1 " would be another order than "A1". An operation key has no
 * control character at all.
 */
int cc_param_check_text(enum cloud_param param, const char *text, struct cloud_error *err);
/* Where a user finds a value: "`cloudctl images` lists them"; NULL when there is no hint. */
const char *cc_param_hint(enum cloud_param param);
const char *cc_param_name(enum cloud_param param);

#endif
