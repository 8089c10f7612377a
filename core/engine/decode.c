/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decodes a reply into a result: field rows fill structures. vendor_error.c decodes refusals.
 */
#include "core/engine/decode.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/money.h"
#include "core/engine/field_index.h"
#include "core/base/time.h"

/* compares exactly first, because that is faster and nearly always matches */
const struct cc_word *cc_word_find(const struct cc_word *words, const char *word)
{
    for (const struct cc_word *row = words; word && row && row->word; row++) {
        if (*row->word == *word && !strcmp(row->word, word))
            return row;
    }
    for (const struct cc_word *row = words; word && row && row->word; row++) {
        if (!cc_ascii_casecmp(row->word, word))
            return row;
    }
    return NULL;
}

int cc_word_value(const struct cc_word *words, const char *word)
{
    const struct cc_word *row = cc_word_find(words, word);

    return row ? row->value : 0;
}

struct reader {
    const struct cloud_provider *provider;
    struct cc_arena *arena;
    struct cloud_error *err;
    const char *member;           /* inside CC_FIELD_MEMBERS: name of the current member */
    const struct cc_value *outer; /* inside CC_FIELD_EACH: the current element */
};

static const char *field_name(const struct cc_field *field)
{
    return *field->path ? field->path : "data";
}

static int fail_type(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                     const char *expected)
{
    return cc_fail(r->err, CLOUD_EPROTOCOL, "the answer's %s is %s, not %s", field_name(field),
                   cc_json_kind_name(cc_value_kind(value)), expected);
}

static int no_memory(struct reader *r)
{
    return cc_fail(r->err, CLOUD_ENOMEM, "out of memory");
}

/* Like the other readers of single values, it writes nothing when the vendor's value is empty. */
static int read_number(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                       int scale, int *ret_number)
{
    const char *text = cc_value_text(value);
    char *end;
    long number;

    if (!text)
        return fail_type(r, field, value, "a number");
    if (!*text)
        return CLOUD_OK;
    errno = 0;
    number = strtol(text, &end, 10);
    if (*end == '.' && strspn(end + 1, "0") == strlen(end + 1))
        end += strlen(end); /* 4.0 is 4 */
    if (*end || end == text || errno || number > INT_MAX / scale || number < INT_MIN / scale)
        return cc_fail(r->err, CLOUD_EPROTOCOL, "the answer's %s is \"%.40s\", not a whole number",
                       field->path, text);
    *ret_number = (int)(number * scale);
    return CLOUD_OK;
}

static const struct cc_word flag_words[] = {
    { "true", CLOUD_YES, NULL },
    { "false", CLOUD_NO, NULL },
    { "1", CLOUD_YES, NULL },
    { "0", CLOUD_NO, NULL },
    { "yes", CLOUD_YES, NULL },
    { "no", CLOUD_NO, NULL },
    { 0 },
};

static int read_time(struct reader *r, const struct cc_field *field, const char *text,
                     int64_t *ret_time)
{
    const char *none = r->provider->no_expiry;
    struct cloud_error why;

    if (!*text || (none && !strncmp(text, none, strlen(none))))
        return CLOUD_OK;
    if (cc_time_read(text, r->provider->utc_offset_s, ret_time, &why))
        return cc_fail(r->err, CLOUD_EPROTOCOL, "the answer's %s is \"%.40s\", not a time",
                       field->path, text);
    return CLOUD_OK;
}

static const char *scalar_text(const struct reader *r, const struct cc_field *field,
                               const struct cc_value *value)
{
    if (*field->path == '=')
        return field->path + 1;
    return *field->path == '@' ? r->member : cc_value_text(value);
}

static int read_scalar(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                       void *at)
{
    const char *text = scalar_text(r, field, value);
    const struct cc_word *row;
    struct cloud_error why;
    const char *old;
    int word;

    if (!text)
        return fail_type(r, field, value, "a single value");
    if (!*text && !field->required)
        return CLOUD_OK;
    switch ((enum cc_field_kind)field->kind) {
    case CC_FIELD_TEXT: memcpy(at, &text, sizeof(text)); return CLOUD_OK;
    case CC_FIELD_FIRST:
        memcpy(&old, at, sizeof(old));
        memcpy(at, old ? &old : &text, sizeof(text));
        return CLOUD_OK;
    case CC_FIELD_JOINED:
        memcpy(&old, at, sizeof(old));
        text = old ? cc_arena_printf(r->arena, "%s,%s", old, text) : text;
        memcpy(at, &text, sizeof(text));
        return text ? CLOUD_OK : no_memory(r);
    case CC_FIELD_MONEY:
        if (!cc_money_read(text, r->provider->currency, at, &why))
            return CLOUD_OK;
        return cc_fail(r->err, CLOUD_EPROTOCOL, "the answer's %s: %.200s", field->path,
                       why.message);
    case CC_FIELD_TIME: return read_time(r, field, text, at);
    case CC_FIELD_FLAG:
        word = cc_word_value(field->words ? field->words : flag_words, text);
        memcpy(at, &word, sizeof(word));
        return CLOUD_OK;
    case CC_FIELD_WORD:
    case CC_FIELD_KNOWN:
        row = cc_word_find(field->words, text);
        if (field->kind == CC_FIELD_KNOWN && !row)
            return CLOUD_OK;
        word = row ? row->value : 0;
        memcpy(at, &word, sizeof(word));
        return CLOUD_OK;
    default: /* CC_FIELD_REASON */
        row = cc_word_find(field->words, text);
        if (!row || !row->reason)
            return CLOUD_OK;
        memcpy(at, &row->reason, sizeof(row->reason));
        return CLOUD_OK;
    }
}

static int read_fields(struct reader *r, const struct cc_field *fields,
                       const struct cc_value *value, void *target);

/* Appends space to the array. It may have elements already: those of earlier pages of a listing. */
static void *grow(struct reader *r, void *array_at, size_t count, size_t more, size_t size)
{
    void *array;

    memcpy(&array, array_at, sizeof(array));
    array = cc_arena_grow(r->arena, array, count * size, (count + more) * size + 1);
    if (array)
        memcpy(array_at, &array, sizeof(array));
    return array;
}

static int read_texts(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                      void *target)
{
    size_t *count = (size_t *)((char *)target + field->list->count_at);
    bool single = cc_value_kind(value) != CC_JSON_LIST;
    struct cc_iter iter = { .container = value };
    const struct cc_value *element;
    const char **texts;

    if (single && (!cc_value_text(value) || !*cc_value_text(value)))
        return cc_value_text(value) ? CLOUD_OK : fail_type(r, field, value, "a list");
    texts = grow(r, (char *)target + field->at, *count, single ? 1 : cc_value_count(value),
                 sizeof(*texts));
    if (!texts)
        return no_memory(r);
    if (single)
        texts[(*count)++] = cc_value_text(value);
    while (!single && (element = cc_iter_next(&iter, NULL))) {
        if (!cc_value_text(element))
            return fail_type(r, field, element, "text");
        texts[(*count)++] = cc_value_text(element);
    }
    return CLOUD_OK;
}

static int read_list(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                     void *target)
{
    size_t *count = (size_t *)((char *)target + field->list->count_at), size = field->list->size;
    bool members = field->kind == CC_FIELD_MEMBERS;
    struct cc_iter iter = { .container = value };
    const struct cc_value *element;
    const char *name, *outer = r->member;
    char *array;
    int rc = CLOUD_OK;

    if (cc_value_text(value) && !*cc_value_text(value))
        return CLOUD_OK; /* "": an empty list, as CapitalOnline CCS writes it */
    if (!members && cc_value_kind(value) == CC_JSON_OBJECT)
        iter.container = NULL; /* an object instead of a list is a list of one */
    else if (cc_value_kind(value) != (members ? CC_JSON_OBJECT : CC_JSON_LIST))
        return fail_type(r, field, value, members ? "an object" : "a list");
    array = grow(r, (char *)target + field->at, *count, iter.container ? cc_value_count(value) : 1,
                 size);
    if (!array)
        return no_memory(r);
    if (!iter.container)
        return read_fields(r, field->list->fields, value, array + (*count)++ * size);
    while (!rc && (element = cc_iter_next(&iter, &name))) {
        r->member = name;
        if (cc_value_kind(element) != CC_JSON_OBJECT)
            rc = fail_type(r, field, element, "an object");
        else
            rc = read_fields(r, field->list->fields, element, array + (*count)++ * size);
    }
    r->member = outer;
    return rc;
}

/* reads the elements of a list, a single object, or the members of an object into one target */
static int read_each(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                     void *target)
{
    bool members = field->kind == CC_FIELD_EACH_MEMBER,
         single = !members && cc_value_kind(value) == CC_JSON_OBJECT;
    const struct cc_value *element, *outer = r->outer;
    struct cc_iter iter = { .container = value };
    int rc = CLOUD_OK;

    if ((cc_value_text(value) && !*cc_value_text(value)) ||
        (cc_value_kind(value) == CC_JSON_LIST && !cc_value_count(value)))
        return CLOUD_OK; /* no element */
    if (!single && cc_value_kind(value) != (members ? CC_JSON_OBJECT : CC_JSON_LIST))
        return fail_type(r, field, value, members ? "an object" : "a list");
    while (!rc && (element = single ? value : cc_iter_next(&iter, NULL))) {
        r->outer = element;
        rc = cc_value_kind(element) == CC_JSON_OBJECT
                 ? read_fields(r, field->list->fields, element, target)
                 : fail_type(r, field, element, "an object");
        if (single)
            break;
    }
    r->outer = outer;
    return rc;
}

static int read_field(struct reader *r, const struct cc_field *field, const struct cc_value *found,
                      void *target)
{
    void *at = (char *)target + field->at;

    switch ((enum cc_field_kind)field->kind) {
    case CC_FIELD_OBJECT:
        if (cc_value_kind(found) != CC_JSON_OBJECT)
            return fail_type(r, field, found, "an object");
        return read_fields(r, field->list->fields, found, at);
    case CC_FIELD_LIST:
    case CC_FIELD_MEMBERS: return read_list(r, field, found, target);
    case CC_FIELD_TEXTS: return read_texts(r, field, found, target);
    case CC_FIELD_EACH:
    case CC_FIELD_EACH_MEMBER: return read_each(r, field, found, target);
    case CC_FIELD_INT: return read_number(r, field, found, 1, at);
    case CC_FIELD_GIB: return read_number(r, field, found, 1024, at);
    default: return read_scalar(r, field, found, at);
    }
}

static const struct cc_value *find(const struct reader *r, const char *path,
                                   const struct cc_value *value)
{
    if (!strncmp(path, "../", 3))
        return cc_value_find(r->outer, path + 3);
    return *path == '@' || *path == '=' ? value : cc_value_find(value, path);
}

static int read_fields(struct reader *r, const struct cc_field *fields,
                       const struct cc_value *value, void *target)
{
    const struct cc_field_index *index = fields ? cc_field_index_of(fields) : NULL;
    const struct cc_value *slots[CC_FIELD_INDEX_SLOTS];
    bool walked = index && cc_json_index_find(index->index, value, slots, index->slots);
    int rc = CLOUD_OK;

    for (const struct cc_field *field = fields; !rc && field && field->path; field++) {
        int slot = walked ? index->slot_of[field - fields] : -1;
        const struct cc_value *found = slot >= 0 ? slots[slot] : find(r, field->path, value);

        if (found)
            rc = read_field(r, field, found, target);
        else if (field->required)
            rc = cc_fail(r->err, CLOUD_EPROTOCOL, "the answer has no %s", field_name(field));
    }
    return rc;
}

int cc_fields_read(const struct cloud_provider *provider, const struct cc_field *fields,
                   const struct cc_value *value, void *target, struct cc_arena *arena,
                   struct cloud_error *err)
{
    struct reader r = { .provider = provider, .arena = arena, .err = err };

    return read_fields(&r, fields, value, target);
}
