/* SPDX-License-Identifier: Apache-2.0 */
/* JSON, read and written: for providers too, so it is declared in cloud_provider.h. Only json*.c
 * include the JSON library. */
#ifndef CC_JSON_H
#define CC_JSON_H

#include "include/cloud_provider.h"

/*
 * Many paths at once: an index of paths, each with a slot, by which an object is walked once. Paths
 * name members only, with alternatives at their end; a slot gets what cc_value_find() would find.
 */
struct cc_json_index;
struct cc_json_index *cc_json_index_new(void); /* NULL when out of memory */
void cc_json_index_free(struct cc_json_index *index);
bool cc_json_index_add(struct cc_json_index *index, const char *path,
                       int slot); /* false when out of memory */
/* what was found for each slot, NULL for those that are not there; false: look for each by itself
 */
bool cc_json_index_find(const struct cc_json_index *index, const struct cc_value *object,
                        const struct cc_value **ret_found, size_t slots);

/*
 * cc_doc_parse() of a vendor's answer. A NUL in a string becomes U+FFFD, so that one odd name does
 * not cost the whole answer; cc_doc_parse() refuses it.
 */
int cc_doc_parse_answer(char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err);

/* whether a failure stuck, as of cc_tree_write() */
bool cc_tree_failed(const struct cc_tree *tree);

#define cc_auto_doc __attribute__((cleanup(cc_doc_clear)))
static inline void cc_doc_clear(struct cc_doc **doc)
{
    cc_doc_free(*doc);
}

#endif
