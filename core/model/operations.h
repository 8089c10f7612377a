/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of operations and parameters, as the rest of core uses them. */
#ifndef CC_OPS_H
#define CC_OPS_H

#include "core/base/memory.h"
#include "include/cloud_client.h"

/* names that differ only by '-' for '_' are the same */
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
/* what the caller's structure holds: members beyond its size are zero; NULL gives an empty one */
void cc_params_read(struct cloud_params *to, const struct cloud_params *from);
/* bits of the parameters that were given */
uint64_t cc_params_given(const struct cloud_params *params);
/* sets @to's parameter as @from has it (borrowed) */
void cc_params_copy_one(struct cloud_params *to, const struct cloud_params *from,
                        enum cloud_param param);
/* clears every parameter whose bit is not in @mask */
void cc_params_keep(struct cloud_params *params, uint64_t mask);
/* copies with every string in the arena; false when out of memory */
size_t
cc_params_bytes(const struct cloud_params *from); /* what the copies of its strings need, about */
bool cc_params_dup(struct cloud_params *to, const struct cloud_params *from,
                   struct cc_arena *arena);
/* pointers into a parameter structure; the kind must fit */
const char *cc_params_text(const struct cloud_params *params, enum cloud_param param);
int cc_params_int(const struct cloud_params *params,
                  enum cloud_param param); /* flags as enum cloud_flag */
/* where a person finds a value for it: "cloudctl images lists them"; NULL: no hint */
const char *cc_param_hint(enum cloud_param param);
const char *cc_param_name(enum cloud_param param);

#endif
