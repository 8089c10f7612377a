/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the index of a table of field rows. With it, one pass over a JSON object finds the
 * members for all fields of the table. An index is built when its table is first used, is kept
 * until the process ends, and is shared by all threads.
 */
#ifndef CC_FIELD_INDEX_H
#define CC_FIELD_INDEX_H

#include "core/model/provider.h"

#define CC_FIELD_INDEX_SLOTS 64

struct cc_field_index {
    const struct cc_field *fields;
    const signed char *slot_of; /* by field: slot of its value; -1: not indexed */
    struct cc_json_index *index;
    size_t slots; /* in use */
};

/* NULL: the table is too large, or out of memory; the fields are then looked up one by one */
const struct cc_field_index *cc_field_index_of(const struct cc_field *fields);

#endif
