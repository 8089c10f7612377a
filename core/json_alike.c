/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists of objects that look alike, as values: the JSON library reads the text with only the moulds
 * of such a list in it; whoever goes through the list sees a mould each time, with the values of
 * the element whose turn it is. Before the moulds stands a number that is not in the text: in its
 * place is kept what the list is short for.
 */
#include "core/alike.h"
#include "core/base/error.h"
#include "core/json/internal.h"
#include "core/base/memory.h"

#include <string.h>

#define NUMBER "0,"

/* a token's value in the document, and what it was */
struct place {
    yyjson_val *val, mould;
};

struct shape {
    yyjson_val *object;
    uint32_t first_change, changes; /* that it has now */
};

struct cc_json_list {
    const struct cc_alike *alike;
    char *text;
    struct place *places; /* of each token */
    struct shape *shapes; /* of each mould */
};

static char *copy(char *to, const char *from, size_t len)
{
    memcpy(to, from, len);
    return to + len;
}

/* The text with the moulds only; @ret_number: where the number stands in it. */
static char *shorten(const struct cc_alike *alike, struct cc_arena *arena, const char *text,
                     size_t len, size_t *ret_len, size_t *ret_number)
{
    size_t size =
        alike->begin + sizeof(NUMBER) + (len - alike->end) + alike->mould_count + CC_JSON_PADDING;
    char *out, *at;

    for (uint32_t i = 0; i < alike->mould_count; i++)
        size += alike->moulds[i].to - alike->moulds[i].from;
    out = cc_arena_alloc(arena, size);
    if (!out)
        return NULL;
    at = copy(out, text, alike->begin);
    *ret_number = (size_t)(at - out);
    at = copy(at, NUMBER, sizeof(NUMBER) - 1);
    for (uint32_t i = 0; i < alike->mould_count; i++) {
        if (i)
            *at++ = ',';
        at = copy(at, text + alike->moulds[i].from, alike->moulds[i].to - alike->moulds[i].from);
    }
    at = copy(at, text + alike->end, len - alike->end);
    *ret_len = (size_t)(at - out);
    return out;
}

/* The list: what begins with the number that was put there. */
static yyjson_val *find_list(const yyjson_doc *doc, const char *number)
{
    yyjson_val *val = doc->root, *end = val + doc->val_read;

    for (; val + 1 < end; val++) {
        if (unsafe_yyjson_is_arr(val) && unsafe_yyjson_is_raw(val + 1) && val[1].uni.str == number)
            return val;
    }
    return NULL;
}

/* Finds the values of a mould's tokens; they stand in the order of the text. @moved: from the long
 * text to the short. */
static bool find_places(const struct cc_json_list *list, const struct cc_alike_mould *mould,
                        const char *moved, yyjson_val *object)
{
    const struct cc_alike_token *token = list->alike->tokens + mould->first_token,
                                *last = token + mould->tokens;
    struct place *place = list->places + mould->first_token;
    yyjson_val *end = unsafe_yyjson_get_next(object);

    for (yyjson_val *val = object; val < end; val++) {
        uint8_t type = unsafe_yyjson_get_type(val);
        bool flag = type == YYJSON_TYPE_BOOL, text = type == YYJSON_TYPE_STR;

        if (!flag && !text && type != YYJSON_TYPE_RAW)
            continue;
        if (token < last && (flag ? token->kind == CC_ALIKE_FLAG
                                  : val->uni.str == moved + (token->from - mould->from))) {
            *place++ = (struct place){ val, *val };
            token++;
        } else if (!text) {
            return false;
        } /* else it is a name */
    }
    return token == last;
}

static bool find_shapes(struct cc_json_list *list, yyjson_val *array, const char *moulds)
{
    const struct cc_alike *alike = list->alike;
    yyjson_val *object = unsafe_yyjson_get_first(array) + 1;

    if (unsafe_yyjson_get_len(array) != 1 + (size_t)alike->mould_count)
        return false;
    for (uint32_t i = 0; i < alike->mould_count; i++) {
        const struct cc_alike_mould *mould = &alike->moulds[i];

        if (!unsafe_yyjson_is_obj(object) || !find_places(list, mould, moulds, object))
            return false;
        list->shapes[i] = (struct shape){ .object = object };
        moulds += mould->to - mould->from + 1;
        object = unsafe_yyjson_get_next(object);
    }
    return true;
}

struct cc_doc *cc_json_alike_parse(struct cc_json_memory *memory, struct cc_arena *arena,
                                   char *text, size_t len)
{
    struct cc_alike *alike = cc_json_alike(memory);
    struct cc_json_list *list;
    struct cc_doc *doc;
    size_t short_len, number;
    yyjson_val *array;
    char *brief;

    if (!cc_alike_read(alike, text, len) ||
        !(brief = shorten(alike, arena, text, len, &short_len, &number)))
        return NULL;
    cc_json_mend_escapes(brief, short_len);
    if (cc_json_parse_in(memory, brief, short_len, &doc, NULL))
        return NULL;
    array = find_list((yyjson_doc *)doc, brief + number);
    list = cc_json_cut(memory, sizeof(*list));
    if (!array || !list)
        return NULL;
    *list = (struct cc_json_list){ .alike = alike, .text = text };
    list->places = cc_json_cut(memory, (alike->token_count + 1) * sizeof(*list->places));
    list->shapes = cc_json_cut(memory, alike->mould_count * sizeof(*list->shapes));
    if (!list->places || !list->shapes ||
        !find_shapes(list, array, brief + number + sizeof(NUMBER) - 1))
        return NULL;
    array->tag |= CC_JSON_ALIKE;
    array[1].uni.ptr = list;
    return doc;
}

static const struct cc_json_list *list_of(const struct cc_value *value)
{
    return cc_as_val(value)[1].uni.ptr;
}

bool cc_value_is_alike(const struct cc_value *value)
{
    return cc_json_is_alike(value);
}

size_t cc_json_alike_count(const struct cc_value *value)
{
    return list_of(value)->alike->element_count;
}

/* puts the bytes of the text in the place of a mould's value; in the text itself they are ended, as
 * read they are already */
static void change(const struct cc_json_list *list, const struct cc_alike_change *change)
{
    const struct cc_alike_token *token = &list->alike->tokens[change->token];
    yyjson_val *val = list->places[change->token].val;
    uint64_t len = change->to - change->from;

    if (token->kind == CC_ALIKE_FLAG) {
        val->tag = YYJSON_TYPE_BOOL |
                   (list->text[change->from] == 't' ? YYJSON_SUBTYPE_TRUE : YYJSON_SUBTYPE_FALSE);
        return;
    }
    list->text[change->to] = '\0';
    val->tag =
        len << YYJSON_TAG_BIT | (token->kind == CC_ALIKE_TEXT ? YYJSON_TYPE_STR : YYJSON_TYPE_RAW);
    val->uni.str = list->text + change->from;
}

const struct cc_value *cc_json_alike_next(struct cc_iter *iter)
{
    const struct cc_json_list *list = list_of(iter->container);
    const struct cc_alike *alike = list->alike;
    const struct cc_alike_element *element = &alike->elements[iter->index];
    struct shape *shape;

    if (iter->index >= alike->element_count)
        return NULL;
    iter->index++;
    shape = &list->shapes[element->mould];
    for (uint32_t i = 0; i < shape->changes; i++) {
        const struct place *place = &list->places[alike->changes[shape->first_change + i].token];

        *place->val = place->mould;
    }
    for (uint32_t i = 0; i < element->changes; i++)
        change(list, &alike->changes[element->first_change + i]);
    shape->first_change = element->first_change;
    shape->changes = element->changes;
    return iter->at = (const struct cc_value *)shape->object;
}
