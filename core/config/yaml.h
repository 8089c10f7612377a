/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares YAML files as trees. Every node knows its line, so that a message can name file, line
 * and key. The meaning of the keys is in config.c and price_book_load.c.
 *
 * Users write these files: maps, lists, plain and quoted text. Anchors, aliases, tags and
 * second documents are refused. Our files do not need them, and a few lines of aliases can expand
 * to gigabytes.
 */
#ifndef CC_YAML_H
#define CC_YAML_H

#include "core/base/nearest.h"
#include "core/base/memory.h"
#include "include/cloud_client.h"

enum cc_yaml_kind { CC_YAML_TEXT = 1, CC_YAML_MAP, CC_YAML_LIST };

struct cc_yaml_node {
    enum cc_yaml_kind kind;
    int line;         /* from 1; for a member of a map, the line of its key */
    const char *key;  /* of a member of a map; NULL in a list and at the root */
    const char *text; /* of CC_YAML_TEXT; NULL when it is empty, "~" or "null" */
    struct cc_yaml_node *parent;
    struct cc_yaml_node *first, *last, *next; /* members or elements, in the file's order */
    size_t index;                             /* in its parent, from 0 */
};

struct cc_yaml {
    const char *path;
    struct cc_yaml_node *root; /* a map */
    struct cc_arena *arena;
};

/*
 * Reads a file whose root is a map. The tree may hold secrets, so it is wiped when it is freed.
 *
 * @return CLOUD_OK; CLOUD_ECONFIG naming file, line and key, or when other users can change the
 *         file; CLOUD_ENOMEM
 */
int cc_yaml_load(const char *path, struct cc_yaml **ret_yaml, struct cloud_error *err);
void cc_yaml_free(struct cc_yaml *yaml);

/* The member of a map by its key; NULL when there is none, or when @map is NULL or not a map. */
const struct cc_yaml_node *cc_yaml_find(const struct cc_yaml_node *map, const char *key);

/* "a text", "a map", "a list": for messages */
const char *cc_yaml_kind_name(enum cc_yaml_kind kind);

/*
 * Writes "FILE:LINE: KEY: …". KEY is the whole path of the key, which also becomes err->parameter.
 * Returns CLOUD_ECONFIG.
 *
 * @param missing  the key that @node lacks; NULL: the mistake is @node itself
 */
int cc_yaml_fail(const struct cc_yaml *yaml, const struct cc_yaml_node *node, const char *missing,
                 struct cloud_error *err, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Requires that @node is of the kind and, when it is a text, not empty. CLOUD_ECONFIG names it. */
int cc_yaml_expect(const struct cc_yaml *yaml, const struct cc_yaml_node *node,
                   enum cc_yaml_kind kind, struct cloud_error *err);

/* Reads a whole number in plain digits, from @min to @max; false for anything else. */
bool cc_yaml_int(const char *text, int min, int max, int *ret_value);

/* Reports an unknown key, and the nearest key that is allowed there, if one is near. Returns
 * CLOUD_ECONFIG. */
int cc_yaml_unknown(const struct cc_yaml *yaml, const struct cc_yaml_node *node,
                    const struct cc_nearest *nearest, struct cloud_error *err);

#endif
