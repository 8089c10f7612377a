/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field rows made ready for reading: the members that a table of fields names, as an index by which
 * an object is walked once for all of them. Made when a table is first read, kept as long as the
 * process; threads share them.
 */
#ifndef CC_FIELD_INDEX_H
#define CC_FIELD_INDEX_H

#include "core/model/provider.h"

#define CC_FIELD_INDEX_SLOTS 64

struct cc_field_index {
    const struct cc_field *fields;
    const signed char
        *slot_of; /* of each field: where its value is put; -1: it must be looked for */
    struct cc_json_index *index;
    size_t slots; /* that are used */
};

/* NULL: the table is too large, or there is no memory; its fields must then be looked for */
const struct cc_field_index *cc_field_index_of(const struct cc_field *fields);

#endif
