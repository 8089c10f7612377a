/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decodes a reply into a result: field rows fill structures. vendor_error.c decodes refusals.
 */
#include "core/engine/decode.h"

#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/money.h"
#include "core/engine/call.h"
#include "core/engine/field_index.h"
#include "core/json/json.h"
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

/* elements of lists in one reply: 8 MiB of "{}" would otherwise become 2 GB of structures */
#define ELEMENTS_MAX 200000
/* the deadline is checked once for so many elements */
#define ELEMENTS_PER_CHECK 256
/* members of an object above which the deadline is checked before each search in it */
#define LARGE_OBJECT 4096

struct reader {
    struct cc_call *call;
    const struct cloud_provider *provider;
    struct cc_arena *arena;
    struct cloud_error *err;
    size_t elements;              /* of all lists so far, also those that are nothing */
    size_t read;                  /* elements that were read */
    const char *member;           /* inside CC_FIELD_MEMBERS: name of the current member */
    const struct cc_value *outer; /* inside CC_FIELD_EACH: the current element */
};

static const char *field_name(const struct cc_field *field)
{
    return *field->path ? field->path : "data";
}

static int no_memory(struct reader *r)
{
    return cc_fail(r->err, CLOUD_ENOMEM, "out of memory");
}

static bool is_empty_container(const struct cc_value *value)
{
    enum cc_json_kind kind = cc_value_kind(value);

    return (kind == CC_JSON_LIST || kind == CC_JSON_OBJECT) && !cc_value_count(value);
}

/* Whether it is nothing: back ends in PHP and Go write null, "", [] or {}, whatever the type. */
static bool is_nothing(const struct cc_value *value)
{
    const char *text = cc_value_text(value);

    return !value || cc_value_kind(value) == CC_JSON_NULL || is_empty_container(value) ||
           (text && !*text);
}

/*
 * Whether the operation lists things. A value that cannot be read is then absent, so that one odd
 * record does not hide the others. Elsewhere it is an error: a price or a precondition may rest on
 * it.
 */
static bool is_listing(const struct reader *r)
{
    switch (r->call->op) {
    case CLOUD_OP_DESCRIBE_INSTANCES:
    case CLOUD_OP_DESCRIBE_DISKS:
    case CLOUD_OP_DESCRIBE_IMAGES:
    case CLOUD_OP_DESCRIBE_INSTANCE_TYPES:
    case CLOUD_OP_DESCRIBE_REGIONS: return true;
    default: return false;
    }
}

/* Writes a warning to the log; returns CLOUD_OK. */
__attribute__((format(printf, 2, 3))) static int warn(struct reader *r, const char *format, ...)
{
    struct cloud_error note = { 0 };
    char text[sizeof(note.message)];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    CC_ERROR_SET(note.message, text); /* which replaces control characters of the vendor */
    cc_client_log(r->call->client, CLOUD_LOG_INFO, "%s: warning: %s", r->provider->name,
                  note.message);
    return CLOUD_OK;
}

static int leave_out(struct reader *r, const struct cc_field *field, const char *text,
                     const char *expected)
{
    return warn(r, "the answer's %s is \"%.40s\", not %s; it is left out", field_name(field), text,
                expected);
}

static int fail_type(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                     const char *expected)
{
    const char *text = cc_value_text(value), *kind = cc_json_kind_name(cc_value_kind(value));

    if (!field->required && is_listing(r))
        return leave_out(r, field, text ? text : kind, expected);
    return cc_fail(r->err, CLOUD_EPROTOCOL, "the answer's %s is %s, not %s", field_name(field),
                   kind, expected);
}

static int fail_nothing(struct reader *r, const struct cc_field *field)
{
    return cc_fail(r->err, CLOUD_EPROTOCOL, "the answer has no %s", field_name(field));
}

/* counts @more elements that are about to be read */
static int count_elements(struct reader *r, size_t more)
{
    r->elements += more;
    if (r->elements <= ELEMENTS_MAX)
        return CLOUD_OK;
    return cc_fail(r->err, CLOUD_ETOOBIG,
                   "the answer's lists have more than %d elements; narrow the request with filters",
                   ELEMENTS_MAX);
}

/* called for each element; a small reply is never refused, because reading it takes no time */
static int check_deadline(struct reader *r)
{
    if (++r->read % ELEMENTS_PER_CHECK || cc_call_left_ms(r->call) > 0)
        return CLOUD_OK;
    return cc_call_fail_deadline(r->call);
}

/* Like the other readers of single values, it writes nothing when the vendor's value is empty. */
static int read_number(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                       int scale, int *ret_number)
{
    const char *text = cc_value_text(value);
    int64_t number;

    if (!text)
        return fail_type(r, field, value, "a number");
    if (cc_whole_read(text, &number) && number <= INT_MAX / scale && number >= INT_MIN / scale) {
        *ret_number = (int)(number * scale);
        return CLOUD_OK;
    }
    if (!field->required && is_listing(r))
        return leave_out(r, field, text, "a whole number");
    return cc_fail(r->err, CLOUD_EPROTOCOL, "the answer's %s is \"%.40s\", not a whole number",
                   field_name(field), text);
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

/*
 * A time that cannot be read is left out, unless it is an expiry: "does not expire" would then be
 * wrong, and an instance would be lost or renewed twice.
 */
static int read_time(struct reader *r, const struct cc_field *field, const char *text,
                     int64_t *ret_time)
{
    const char *none = r->provider->no_expiry;
    bool is_expiry = field->kind == CC_FIELD_EXPIRY;

    if (cc_time_is_zero(text) || (none && !strncmp(text, none, strlen(none))))
        return CLOUD_OK;
    if (!cc_time_read(text, r->provider->utc_offset_s, ret_time, NULL))
        return CLOUD_OK;
    if (!is_expiry)
        return leave_out(r, field, text, "a time");
    *ret_time = CLOUD_TIME_UNREADABLE;
    return warn(r, "the answer's %s is \"%.40s\", not a time; the expiry is marked unreadable",
                field_name(field), text);
}

/* An amount is exact, not negative, and in the provider's currency, which no row says. */
static int read_money(struct reader *r, const struct cc_field *field, const char *text,
                      struct cloud_money *ret_money)
{
    struct cloud_money money;
    struct cloud_error why;

    if (cc_money_read(text, r->provider->currency, &money, &why))
        return cc_fail(r->err, CLOUD_EPROTOCOL, "the answer's %s: %.200s", field_name(field),
                       why.message);
    if (money.micros < 0)
        return cc_fail(r->err, CLOUD_EPROTOCOL, "the answer's %s is negative: %.40s",
                       field_name(field), text);
    *ret_money = money;
    return CLOUD_OK;
}

static int read_currency(struct reader *r, const struct cc_field *field, const char *text)
{
    const char *currency = r->provider->currency;

    if (!cc_ascii_casecmp(text, currency) || cc_word_find(field->words, text))
        return CLOUD_OK;
    return cc_fail(r->err, CLOUD_EPROTOCOL,
                   "the answer's %s is \"%.20s\": the price is not in %s; nothing was bought",
                   field_name(field), text, currency);
}

static const char *scalar_text(const struct reader *r, const struct cc_field *field,
                               const struct cc_value *value)
{
    if (*field->path == '=')
        return field->path + 1;
    return *field->path == '@' ? r->member : cc_value_text(value);
}

/* the row of a word; a number such as 1.0 is the word "1" */
static const struct cc_word *find_word(const struct cc_word *words, const char *text,
                                       const struct cc_value *value)
{
    const struct cc_word *row = cc_word_find(words, text);
    char digits[24];
    int64_t number;

    if (row || cc_value_kind(value) != CC_JSON_NUMBER || !cc_whole_read(text, &number))
        return row;
    snprintf(digits, sizeof(digits), "%lld", (long long)number);
    return cc_word_find(words, digits);
}

static void read_enum(const struct cc_field *field, const char *text, const struct cc_value *value,
                      void *at)
{
    bool is_flag = field->kind == CC_FIELD_FLAG && !field->words;
    const struct cc_word *row = find_word(is_flag ? flag_words : field->words, text, value);
    int number = row ? row->value : 0;

    if (field->kind == CC_FIELD_REASON && row && row->reason)
        memcpy(at, &row->reason, sizeof(row->reason));
    if (field->kind == CC_FIELD_REASON || (field->kind == CC_FIELD_KNOWN && !row))
        return;
    memcpy(at, &number, sizeof(number));
}

static int read_scalar(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                       void *at)
{
    const char *text = scalar_text(r, field, value);
    const char *old;

    if (!text)
        return fail_type(r, field, value, "a single value");
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
    case CC_FIELD_MONEY: return read_money(r, field, text, at);
    case CC_FIELD_CURRENCY: return read_currency(r, field, text);
    case CC_FIELD_TIME:
    case CC_FIELD_EXPIRY: return read_time(r, field, text, at);
    default: read_enum(field, text, value, at); return CLOUD_OK;
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
    size_t *count = (size_t *)((char *)target + field->list->count_at), more;
    bool single = cc_value_kind(value) != CC_JSON_LIST;
    struct cc_iter iter = { .container = value };
    const struct cc_value *element;
    const char **texts;
    int rc;

    if (single && !cc_value_text(value))
        return fail_type(r, field, value, "a list");
    more = single ? 1 : cc_value_count(value);
    rc = count_elements(r, more);
    if (rc)
        return rc;
    texts = grow(r, (char *)target + field->at, *count, more, sizeof(*texts));
    if (!texts)
        return no_memory(r);
    if (single)
        texts[(*count)++] = cc_value_text(value);
    while (!rc && !single && (element = cc_iter_next(&iter, NULL))) {
        if (cc_value_text(element))
            texts[(*count)++] = cc_value_text(element);
        else if (!is_nothing(element))
            rc = fail_type(r, field, element, "text");
    }
    return rc;
}

/*
 * One element of a list, which is nothing or an object. In a listing, an element inside a record
 * that cannot be read is left out of the record. The records themselves are never left out.
 */
static int read_element(struct reader *r, const struct cc_field *field,
                        const struct cc_value *element, void *target, bool *ret_is_read)
{
    int rc = is_nothing(element) ? CLOUD_OK : check_deadline(r);

    *ret_is_read = false;
    if (rc || is_nothing(element))
        return rc;
    if (cc_value_kind(element) != CC_JSON_OBJECT)
        return fail_type(r, field, element, "an object");
    rc = read_fields(r, field->list->fields, element, target);
    if (rc == CLOUD_EPROTOCOL && !field->required && is_listing(r))
        return warn(r, "%s; an element of %s is left out", r->err->message, field_name(field));
    *ret_is_read = !rc;
    return rc;
}

/* whether the value is a list (or an object, whose members are the elements) */
static bool is_iterable(const struct cc_field *field, const struct cc_value *value)
{
    bool members = field->kind == CC_FIELD_MEMBERS || field->kind == CC_FIELD_EACH_MEMBER;

    return cc_value_kind(value) == (members ? CC_JSON_OBJECT : CC_JSON_LIST);
}

static int fail_list(struct reader *r, const struct cc_field *field, const struct cc_value *value)
{
    bool members = field->kind == CC_FIELD_MEMBERS || field->kind == CC_FIELD_EACH_MEMBER;

    return fail_type(r, field, value, members ? "an object" : "a list");
}

/* an object instead of a list is a list of one */
static int read_list(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                     void *target)
{
    size_t *count = (size_t *)((char *)target + field->list->count_at), size = field->list->size;
    bool single = !is_iterable(field, value);
    size_t more = single ? 1 : cc_value_count(value);
    struct cc_iter iter = { .container = value };
    const struct cc_value *element;
    const char *outer = r->member;
    char *array;
    bool is_read;
    int rc;

    if (single && cc_value_kind(value) != CC_JSON_OBJECT)
        return fail_list(r, field, value);
    rc = count_elements(r, more);
    if (rc)
        return rc;
    array = grow(r, (char *)target + field->at, *count, more, size);
    if (!array)
        return no_memory(r);
    while (!rc && (element = single ? value : cc_iter_next(&iter, &r->member))) {
        rc = read_element(r, field, element, array + *count * size, &is_read);
        if (is_read)
            ++*count;
        else
            memset(array + *count * size, 0, size);
        if (single)
            break;
    }
    r->member = outer;
    return rc;
}

/* reads the elements of a list, a single object, or the members of an object into one target */
static int read_each(struct reader *r, const struct cc_field *field, const struct cc_value *value,
                     void *target)
{
    const struct cc_value *element, *outer = r->outer;
    struct cc_iter iter = { .container = value };
    bool single = !is_iterable(field, value), is_read;
    int rc;

    if (single && cc_value_kind(value) != CC_JSON_OBJECT)
        return fail_list(r, field, value);
    rc = count_elements(r, single ? 1 : cc_value_count(value));
    while (!rc && (element = single ? value : cc_iter_next(&iter, NULL))) {
        r->outer = element;
        rc = read_element(r, field, element, target, &is_read);
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
    case CC_FIELD_ONE:
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

/*
 * The field is nothing. A list is empty then, also a required one. Required is the object that the
 * list is a member of, unless the total is 0: an answer without data is not an empty account.
 */
static int read_nothing(struct reader *r, const struct cc_field *field,
                        const struct cc_value *value)
{
    switch ((enum cc_field_kind)field->kind) {
    case CC_FIELD_LIST:
    case CC_FIELD_MEMBERS:
    case CC_FIELD_EACH:
    case CC_FIELD_EACH_MEMBER:
        if (!value)
            return field->required && !cc_listing_is_empty(&r->call->listing)
                       ? fail_nothing(r, field)
                       : CLOUD_OK;
        if (cc_value_kind(value) == CC_JSON_OBJECT || is_nothing(value))
            return CLOUD_OK;
        break;
    default: break;
    }
    return field->required || field->kind == CC_FIELD_ONE ? fail_nothing(r, field) : CLOUD_OK;
}

/* whether the row reads something else than the value at its path */
static bool has_no_path(const struct cc_field *field)
{
    return *field->path == '@' || *field->path == '=';
}

static const struct cc_value *find(const struct reader *r, const char *path,
                                   const struct cc_value *value)
{
    if (!strncmp(path, "../", 3))
        return cc_value_find(r->outer, path + 3);
    return cc_value_find(value, path);
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
        const struct cc_value *found;

        if (has_no_path(field)) {
            rc = read_field(r, field, value, target);
            continue;
        }
        if (!walked && cc_value_count(value) > LARGE_OBJECT && cc_call_left_ms(r->call) <= 0)
            return cc_call_fail_deadline(r->call);
        found = slot >= 0 ? slots[slot] : find(r, field->path, value);
        rc =
            is_nothing(found) ? read_nothing(r, field, value) : read_field(r, field, found, target);
    }
    return rc;
}

int cc_fields_read(struct cc_call *call, const struct cc_field *fields,
                   const struct cc_value *value)
{
    struct reader r = {
        .call = call,
        .provider = call->client->provider,
        .arena = call->arena,
        .err = &call->error,
    };

    return read_fields(&r, fields, value, &call->result);
}
