/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON, read and written. json.c is the only file that includes the JSON library. Numbers are kept as the digits of
 * the text, so that money never passes through a double. Reading is in place: strings point into the text given.
 *
 * Paths: names joined by dots; a name may list alternatives with '|' ("Data.Id|DiskId"), the first present and not
 * null is taken. Names compare exactly, then without case; "0" is the first element of a list. "" is the value itself.
 */
#ifndef CC_JSON_H
#define CC_JSON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/cloud_client.h"

struct cc_doc;   /* a parsed text */
struct cc_value; /* one value in it, borrowed */

/* bytes behind the text that must exist and be writable */
#define CC_JSON_PADDING 4

/*
 * Parses text[0..len) in place; the text must stay alive as long as the document. Trailing bytes that are not white
 * space are an error; a comma behind the last member is not, since vendors print it. Depth is limited (64). CLOUD_EPROTOCOL with line/offset and reason; CLOUD_ENOMEM.
 */
int cc_doc_parse(char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err);
void cc_doc_free(struct cc_doc *doc);
const struct cc_value *cc_doc_root(const struct cc_doc *doc);

enum cc_json_kind { CC_JSON_NULL, CC_JSON_BOOL, CC_JSON_NUMBER, CC_JSON_STRING, CC_JSON_LIST, CC_JSON_OBJECT };
/* NULL counts as CC_JSON_NULL everywhere below */
enum cc_json_kind cc_value_kind(const struct cc_value *value);
const char *cc_json_kind_name(enum cc_json_kind kind);
/* NULL when absent or null */
const struct cc_value *cc_value_find(const struct cc_value *value, const char *path);
/* string, digits of a number, "true"/"false"; NULL for anything else. Lives as long as the document */
const char *cc_value_text(const struct cc_value *value);
size_t cc_value_count(const struct cc_value *value); /* elements of a list or members of an object, else 0 */
/* walks lists and objects: start with *state = NULL-initialised struct */
struct cc_iter {
    const struct cc_value *container;
    size_t index;
    const void *at;
};
/* next element (and its name, for objects; @ret_name may be NULL); NULL at the end or when it is no container */
const struct cc_value *cc_iter_next(struct cc_iter *iter, const char **ret_name);
/*
 * Many paths at once: an index of paths, each with a slot, by which an object is walked once. Paths name members only,
 * with alternatives at their end; a slot gets what cc_value_find() would find.
 */
struct cc_json_index;
struct cc_json_index *cc_json_index_new(void); /* NULL when out of memory */
void cc_json_index_free(struct cc_json_index *index);
bool cc_json_index_add(struct cc_json_index *index, const char *path, int slot); /* false when out of memory */
/* what was found for each slot, NULL for those that are not there; false: look for each by itself */
bool cc_json_index_find(const struct cc_json_index *index, const struct cc_value *object, const struct cc_value **ret_found,
                        size_t slots);
/* the value as compact JSON text (to free()); NULL when out of memory */
char *cc_value_write(const struct cc_value *value);

/* Writing: a tree under construction. A failure (memory) sticks; ask cc_tree_write() at the end. */
struct cc_tree;
struct cc_node;
struct cc_tree *cc_tree_new(void); /* its root is an empty object; NULL when out of memory */
void cc_tree_free(struct cc_tree *tree);
struct cc_node *cc_tree_root(struct cc_tree *tree);
/* Set a member at a dotted path below @node, making the objects between; replaces what stands there. Text is copied. */
void cc_tree_set_text(struct cc_tree *tree, struct cc_node *node, const char *path, const char *text);
void cc_tree_set_number(struct cc_tree *tree, struct cc_node *node, const char *path, const char *digits);
void cc_tree_set_int(struct cc_tree *tree, struct cc_node *node, const char *path, int64_t value);
void cc_tree_set_bool(struct cc_tree *tree, struct cc_node *node, const char *path, bool value);
void cc_tree_set_value(struct cc_tree *tree, struct cc_node *node, const char *path, const struct cc_value *value);
/* Appends an empty object / a text to the list at the path, making the list; NULL when out of memory */
struct cc_node *cc_tree_append(struct cc_tree *tree, struct cc_node *node, const char *path);
void cc_tree_append_text(struct cc_tree *tree, struct cc_node *node, const char *path, const char *text);
/* present, at a dotted path? */
struct cc_node *cc_node_find(struct cc_node *node, const char *path);
enum cc_json_kind cc_node_kind(const struct cc_node *node);
size_t cc_node_count(const struct cc_node *node);
const char *cc_node_text(struct cc_node *node); /* as cc_value_text() */
struct cc_node_iter {
    const struct cc_node *container;
    size_t index;
    void *at;
};
struct cc_node *cc_node_next(struct cc_node_iter *iter, const char **ret_name);
void cc_node_remove(struct cc_node *node, const char *name); /* a direct member */
/* compact JSON text (to free()) of a node, or of the root when NULL; NULL when anything failed */
char *cc_tree_write(struct cc_tree *tree, struct cc_node *node, size_t *ret_len);

#endif
