/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML files as small trees in which every node knows its line, so that every mistake can name
 * file, line and key. yaml.c is the only file that includes the YAML library. What the keys mean is
 * for config.c and pricebook_load.c.
 *
 * Read is what people write by hand: maps, lists, plain and quoted text. Anchors, aliases, tags and
 * second documents are refused: nothing in our files needs them, and a few lines of aliases can
 * stand for gigabytes.
 */
#ifndef CC_YAML_H
#define CC_YAML_H

#include "core/base/memory.h"
#include "include/cloud_client.h"

enum cc_yaml_kind { CC_YAML_TEXT = 1, CC_YAML_MAP, CC_YAML_LIST };

struct cc_yaml_node {
    enum cc_yaml_kind kind;
    int line;         /* from 1; of the key, for a map's member */
    const char *key;  /* of a map's member; NULL in a list and at the root */
    const char *text; /* of CC_YAML_TEXT; NULL when it is written as nothing, "~" or "null" */
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
 * Reads a file whose root is a map. Freed whole, and wiped: it may hold secrets.
 *
 * @return CLOUD_OK; CLOUD_ECONFIG naming file, line and key; CLOUD_ENOMEM
 */
int cc_yaml_load(const char *path, struct cc_yaml **ret_yaml, struct cloud_error *err);
void cc_yaml_free(struct cc_yaml *yaml);

/* A member of a map by its key; NULL when there is none, or when @map is NULL or no map. */
const struct cc_yaml_node *cc_yaml_find(const struct cc_yaml_node *map, const char *key);

/* "a text", "a map", "a list": for messages */
const char *cc_yaml_kind_name(enum cc_yaml_kind kind);

/*
 * Writes "FILE:LINE: KEY: …" with the whole path of the key, which becomes err->parameter; returns
 * CLOUD_ECONFIG.
 *
 * @param missing  a key that should stand in @node and does not; NULL: the mistake is @node itself
 */
int cc_yaml_fail(const struct cc_yaml *yaml, const struct cc_yaml_node *node, const char *missing,
                 struct cloud_error *err, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* CLOUD_OK when @node is of the kind and, for a text, not empty; else CLOUD_ECONFIG naming it. */
int cc_yaml_want(const struct cc_yaml *yaml, const struct cc_yaml_node *node,
                 enum cc_yaml_kind kind, struct cloud_error *err);

/* A whole number in plain digits, from min to max; false for anything else. */
bool cc_yaml_int(const char *text, int min, int max, int *ret_value);

/* The candidate that is fewest changes of a letter away from a word. Start from { .word = … }. */
struct cc_nearest {
    const char *word;
    const char *best; /* NULL until a candidate was tried */
    size_t distance;
};
void cc_nearest_try(struct cc_nearest *nearest, const char *candidate);

/* There is no key of this name; the nearest that could stand there is known. CLOUD_ECONFIG. */
int cc_yaml_unknown(const struct cc_yaml *yaml, const struct cc_yaml_node *node,
                    const struct cc_nearest *nearest, struct cloud_error *err);

#endif
