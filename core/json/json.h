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
 * Memory for one document or one tree at a time, used again for the next: what was made in it
 * before is gone when the next is made.
 */
struct cc_json_memory;
struct cc_json_memory *cc_json_memory_new(void); /* NULL when out of memory */
void cc_json_memory_free(struct cc_json_memory *memory);
/* cc_tree_new() in such a memory (NULL: out of memory) */
struct cc_tree *cc_tree_new_in(struct cc_json_memory *memory);
/*
 * cc_doc_parse() in such a memory, of a vendor's answer; the document is not to be freed. A NUL in
 * a string becomes U+FFFD, so that one odd name does not cost the whole answer; cc_doc_parse()
 * refuses it.
 */
int cc_doc_parse_answer(struct cc_json_memory *memory, char *text, size_t len,
                        struct cc_doc **ret_doc, struct cloud_error *err);

#endif
