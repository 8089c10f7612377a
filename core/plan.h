/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field rows made ready for reading: the members that a table of fields names, as an index by which an object is walked
 * once for all of them. Made when a table is first read, kept as long as the process; threads share them.
 */
#ifndef CC_PLAN_H
#define CC_PLAN_H

#include "core/provider.h"

#define CC_PLAN_SLOTS 64

struct cc_plan {
    const struct cc_field *fields;
    const signed char *slot_of; /* of each field: where its value is put; -1: it must be looked for */
    struct cc_json_index *index;
    size_t slots; /* that are used */
};

/* NULL: the table is too large, or there is no memory; its fields must then be looked for */
const struct cc_plan *cc_plan_of(const struct cc_field *fields);

#endif
