/* SPDX-License-Identifier: Apache-2.0 */
/* JSON for providers: reading replies, and building the parameters of a request. */
#ifndef CLOUD_PROVIDER_JSON_H
#define CLOUD_PROVIDER_JSON_H

#include <stdint.h>

#include "memory.h"

/*
 * Numbers are kept as the digits of the text, so that money never passes through a double. Reading
 * is in place: strings point into the text that was parsed, and live as long as it.
 *
 * Paths: names joined by dots. A name may list alternatives with '|' ("Data.Id|DiskId"): the first
 * that is present and not null is taken. A name is compared exactly. Only when no member has that
 * name, and all members that differ from it in case alone have one spelling, is such a member
 * taken: vendors are not consistent in case, but names that are both present are different names.
 * "0" is the first element of a list. "" is the value itself.
 */

/** A parsed text. */
struct cc_doc;
/** A value in it, borrowed. NULL is allowed everywhere below and counts as null. */
struct cc_value;

/** So many bytes after the text must exist and be writable. */
#define CC_JSON_PADDING 4

/**
 * Parses text[0..len) in place. The text must live as long as the document. A comma after the last
 * member is accepted, because vendors print it; other bytes after the value are an error. The
 * depth is limited to 64, the number of values to 2,000,000.
 *
 * @param ret_doc  the caller frees it with cc_doc_free()
 * @return CLOUD_OK; CLOUD_EPROTOCOL with line, offset and reason; CLOUD_ETOOBIG; CLOUD_ENOMEM
 */
CLOUD_API int cc_doc_parse(char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err)
    CC_AS(cc_doc_parse);
/** Frees a document. NULL is allowed. */
CLOUD_API void cc_doc_free(struct cc_doc *doc) CC_AS(cc_doc_free);
CLOUD_API const struct cc_value *cc_doc_root(const struct cc_doc *doc) CC_AS(cc_doc_root);

enum cc_json_kind {
    CC_JSON_NULL,
    CC_JSON_BOOL,
    CC_JSON_NUMBER,
    CC_JSON_STRING,
    CC_JSON_LIST,
    CC_JSON_OBJECT
};
CLOUD_API enum cc_json_kind cc_value_kind(const struct cc_value *value) CC_AS(cc_value_kind);
/** The value at a path; NULL when it is absent or null. */
CLOUD_API const struct cc_value *cc_value_find(const struct cc_value *value, const char *path)
    CC_AS(cc_value_find);
/** The string, the digits of a number, "true" or "false"; NULL for anything else. */
CLOUD_API const char *cc_value_text(const struct cc_value *value) CC_AS(cc_value_text);
/** The number of elements of a list or members of an object; 0 for anything else. */
CLOUD_API size_t cc_value_count(const struct cc_value *value) CC_AS(cc_value_count);

/** Walks a list or an object. Start with { .container = value }. */
struct cc_iter {
    const struct cc_value *container;
    size_t index;
    const void *at;
};
/**
 * The next element, and in objects its name (@ret_name may be NULL); NULL at the end, or when it
 * is no container. Elements and names are valid as long as the document.
 */
CLOUD_API const struct cc_value *cc_iter_next(struct cc_iter *iter, const char **ret_name)
    CC_AS(cc_iter_next);

/**
 * A tree that is being built: the parameters of a request, as hook->tree. A failure (memory) is
 * sticky.
 */
struct cc_tree;
/** An object in it: hook->root, or a result of cc_tree_append(). */
struct cc_node;
/**
 * Each sets the member at a dotted path below @node and creates the objects on the way. It
 * replaces a member that is there. Text is copied.
 */
CLOUD_API void cc_tree_set_text(struct cc_tree *tree, struct cc_node *node, const char *path,
                                const char *text) CC_AS(cc_tree_set_text);
CLOUD_API void cc_tree_set_int(struct cc_tree *tree, struct cc_node *node, const char *path,
                               int64_t value) CC_AS(cc_tree_set_int);
CLOUD_API void cc_tree_set_bool(struct cc_tree *tree, struct cc_node *node, const char *path,
                                bool value) CC_AS(cc_tree_set_bool);
/**
 * Each appends to the list at the path and creates the list: an empty object (NULL when out of
 * memory), a text.
 */
CLOUD_API struct cc_node *cc_tree_append(struct cc_tree *tree, struct cc_node *node,
                                         const char *path) CC_AS(cc_tree_append);
CLOUD_API void cc_tree_append_text(struct cc_tree *tree, struct cc_node *node, const char *path,
                                   const char *text) CC_AS(cc_tree_append_text);

#endif
