/* SPDX-License-Identifier: Apache-2.0 */
/* Declares reading and writing of JSON. The part for providers is in cloud_provider/json.h. */
#ifndef CC_JSON_H
#define CC_JSON_H

#include "include/cloud_provider.h"

const char *cc_json_kind_name(enum cc_json_kind kind);
/* The value as compact JSON text, which the caller frees; NULL when out of memory. */
char *cc_value_write(const struct cc_value *value);

/*
 * A tree whose root is an empty object; NULL when out of memory. A failure is sticky:
 * cc_tree_write() reports it.
 */
struct cc_tree *cc_tree_new(void);
void cc_tree_free(struct cc_tree *tree);
struct cc_node *cc_tree_root(struct cc_tree *tree);
void cc_tree_set_number(struct cc_tree *tree, struct cc_node *node, const char *path,
                        const char *digits);
void cc_tree_set_value(struct cc_tree *tree, struct cc_node *node, const char *path,
                       const struct cc_value *value);
/*
 * Compact JSON text of @node, or of the root when @node is NULL. The caller frees it. NULL when
 * anything failed.
 */
char *cc_tree_write(struct cc_tree *tree, struct cc_node *node, size_t *ret_len);

struct cc_node *cc_node_find(struct cc_node *node,
                             const char *path); /* at a dotted path; NULL when absent */
enum cc_json_kind cc_node_kind(const struct cc_node *node);
size_t cc_node_count(const struct cc_node *node);
const char *cc_node_text(struct cc_node *node); /* as cc_value_text() */
struct cc_node_iter {
    const struct cc_node *container;
    size_t index;
    void *at;
};
struct cc_node *cc_node_next(struct cc_node_iter *iter, const char **ret_name);
void cc_node_remove(struct cc_node *node, const char *name); /* a direct member only */

/*
 * An index of paths, each with a slot. Finds the values of all paths in one walk of an object.
 * Paths name members only, with alternatives at their end. A slot gets the value that
 * cc_value_find() would find.
 */
struct cc_json_index;
struct cc_json_index *cc_json_index_new(void); /* NULL when out of memory */
void cc_json_index_free(struct cc_json_index *index);
bool cc_json_index_add(struct cc_json_index *index, const char *path,
                       int slot); /* false when out of memory */
/*
 * Writes the value of each slot, NULL when there is none. False: the object has an unusual form;
 * the caller uses cc_value_find() for each path.
 */
bool cc_json_index_find(const struct cc_json_index *index, const struct cc_value *object,
                        const struct cc_value **ret_found, size_t slots);

/*
 * cc_doc_parse() of a vendor's reply. A NUL in a string becomes U+FFFD, so that one bad name does
 * not make the whole reply unreadable. cc_doc_parse() refuses a NUL.
 */
int cc_doc_parse_answer(char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err);

/* True after a failure, like NULL from cc_tree_write(). */
bool cc_tree_failed(const struct cc_tree *tree);

#define cc_auto_doc __attribute__((cleanup(cc_doc_clear)))
static inline void cc_doc_clear(struct cc_doc **doc)
{
    cc_doc_free(*doc);
}

#endif
