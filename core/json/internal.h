/* SPDX-License-Identifier: Apache-2.0 */
/* What the rooms of JSON share: the JSON library itself, which they alone include, and memory that
 * is used again. */
#ifndef CC_JSON_INSIDE_H
#define CC_JSON_INSIDE_H

#include <yyjson.h>

#include "core/json/json.h"

static inline yyjson_val *cc_as_val(const void *value)
{
    return (yyjson_val *)value;
}

enum cc_json_kind cc_json_kind_of(yyjson_type type);

/* How to step through members: read and built documents are searched by the same code. */
struct cc_json_walker {
    const struct cc_value *(*next)(struct cc_iter *iter, const char **ret_name);
    bool (*is_null)(const void *value);
};
/* what is at a path, by cc_value_find()'s rules */
const void *cc_json_find(const struct cc_json_walker *walker, const void *from, const char *path);

/* a NUL in a vendor's answer, which no C string holds, becomes U+FFFD, so that one odd name does
 * not cost all of it */
void cc_json_mend_escapes(char *text, size_t len);
/* parses in such a memory a text whose escapes were mended */
int cc_json_parse_in(struct cc_json_memory *memory, char *text, size_t len, struct cc_doc **ret_doc,
                     struct cloud_error *err);

/* json_alike.c: NULL when the text has no list of objects that look alike, or is no JSON, or memory
 * ran out */
struct cc_doc *cc_json_alike_parse(struct cc_json_memory *memory, struct cc_arena *arena,
                                   char *text, size_t len);
/* of a list that is marked as one: how long it is, and the next of its elements */
size_t cc_json_alike_count(const struct cc_value *list);
const struct cc_value *cc_json_alike_next(struct cc_iter *iter);
#define CC_JSON_ALIKE \
    0x08 /* the mark, in its tag: a bit of the subtype, which lists have none of */
static inline bool cc_json_is_alike(const struct cc_value *value)
{
    return value && (cc_as_val(value)->tag & (YYJSON_TYPE_MASK | CC_JSON_ALIKE)) ==
                        (YYJSON_TYPE_ARR | CC_JSON_ALIKE);
}
struct cc_alike *cc_json_alike(struct cc_json_memory *memory);

/* a piece of the memory, until it starts again; NULL when there is none */
void *cc_json_cut(void *memory, size_t size);
/* as the JSON library wants it */
const yyjson_alc *cc_json_alc(const struct cc_json_memory *memory);
/* empty again; @secret: what was in it is wiped */
void cc_json_start_again(struct cc_json_memory *memory, bool secret);

#endif
