/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Parses JSON and reads its values. Values are those of the JSON library, behind opaque types.
 * Numbers stay the digits of the text.
 */
#include "core/base/error.h"
#include "core/json/internal.h"
#include "core/base/memory.h"

enum { DEPTH_MAX = 64, VALUES_MAX = 2000000 };

_Static_assert(CC_JSON_PADDING >= YYJSON_PADDING_SIZE, "the padding for parsing in place");
_Static_assert(CC_BUF_SPARE >= CC_JSON_PADDING, "a buffer can be parsed in place");

/* Replaces each NUL in a string by U+FFFD, because a C string cannot hold a NUL. */
static void replace_nuls(char *text, size_t len)
{
    char *end = text + len;

    for (char *at = text; (at = memchr(at, '\\', (size_t)(end - at))); at += 2) {
        if (end - at > 5 && memcmp(at + 1, "u0000", 5) == 0)
            memcpy(at + 2, "fffd", 4);
        if (end - at < 2)
            break;
    }
}

/*
 * Refuses strings with a NUL, which the JSON library accepts: as C strings they would be cut
 * silently. A backslash outside of a string is an error that the library finds.
 */
static int check_escapes(const char *text, size_t len, struct cloud_error *err)
{
    const char *end = text + len;

    for (const char *at = text; (at = memchr(at, '\\', (size_t)(end - at))); at += 2) {
        if (end - at > 5 && memcmp(at + 1, "u0000", 5) == 0)
            return cc_fail(err, CLOUD_EPROTOCOL, "a JSON string has a NUL at byte %zu",
                           (size_t)(at - text));
        if (end - at < 2)
            break;
    }
    return CLOUD_OK;
}

_Static_assert((YYJSON_TYPE_ARR & 6) == 6 && (YYJSON_TYPE_OBJ & 6) == 6,
               "the tags of lists and objects only");

static size_t count_containers(const yyjson_val *val, const yyjson_val *end)
{
    size_t count = 0;

    for (; val < end; val++)
        count += (val->tag & 6) == 6;
    return count;
}

/*
 * Limits the depth, which the JSON library does not. Values are stored in the order of the text,
 * and a container knows its end.
 */
static int check_depth(const yyjson_doc *doc, struct cloud_error *err)
{
    const yyjson_val *val = doc->root, *end = val + yyjson_doc_get_val_count((yyjson_doc *)doc);
    const yyjson_val *ends[DEPTH_MAX];
    int depth = 0;

    if (count_containers(val, end) <= DEPTH_MAX)
        return CLOUD_OK; /* so few containers cannot be too deep, however they are nested */
    for (; val < end; val++) {
        if ((val->tag & 6) != 6)
            continue;
        while (depth > 0 && val >= ends[depth - 1])
            depth--;
        if (depth == DEPTH_MAX)
            return cc_fail(err, CLOUD_EPROTOCOL, "the JSON is nested deeper than %d levels",
                           DEPTH_MAX);
        ends[depth++] = unsafe_yyjson_get_next((yyjson_val *)val);
    }
    return CLOUD_OK;
}

static int check_size(const yyjson_doc *doc, struct cloud_error *err)
{
    size_t count = yyjson_doc_get_val_count((yyjson_doc *)doc);

    if (count > VALUES_MAX)
        return cc_fail(err, CLOUD_ETOOBIG, "the JSON has %zu values; at most %d are read", count,
                       VALUES_MAX);
    return check_depth(doc, err);
}

static int parse(char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err)
{
    const yyjson_read_flag flags =
        YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW | YYJSON_READ_ALLOW_TRAILING_COMMAS |
        YYJSON_READ_ALLOW_INVALID_UNICODE; /* one name that is not UTF-8 must not make the whole
                                              list unreadable */
    yyjson_read_err why;
    yyjson_doc *doc;
    int code;

    if (!text || len == 0)
        return cc_fail(err, CLOUD_EPROTOCOL, "not JSON: the text is empty");
    doc = yyjson_read_opts(text, len, flags, NULL, &why);
    if (!doc && why.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory while reading JSON");
    if (!doc)
        return cc_fail(err, CLOUD_EPROTOCOL, "not JSON at byte %zu of %zu: %s", why.pos, len,
                       why.msg);
    code = check_size(doc, err);
    if (code) {
        yyjson_doc_free(doc);
        return code;
    }
    *ret_doc = (struct cc_doc *)doc;
    return CLOUD_OK;
}

int cc_doc_parse(char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err)
{
    int code = text ? check_escapes(text, len, err) : CLOUD_OK;

    return code ? code : parse(text, len, ret_doc, err);
}

int cc_doc_parse_answer(char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err)
{
    replace_nuls(text, len);
    return parse(text, len, ret_doc, err);
}

void cc_doc_free(struct cc_doc *doc)
{
    yyjson_doc_free((yyjson_doc *)doc);
}

const struct cc_value *cc_doc_root(const struct cc_doc *doc)
{
    return (const struct cc_value *)yyjson_doc_get_root((yyjson_doc *)doc);
}

enum cc_json_kind cc_json_kind_of(yyjson_type type)
{
    switch (type) {
    case YYJSON_TYPE_BOOL: return CC_JSON_BOOL;
    case YYJSON_TYPE_RAW:
    case YYJSON_TYPE_NUM: return CC_JSON_NUMBER;
    case YYJSON_TYPE_STR: return CC_JSON_STRING;
    case YYJSON_TYPE_ARR: return CC_JSON_LIST;
    case YYJSON_TYPE_OBJ: return CC_JSON_OBJECT;
    default: return CC_JSON_NULL;
    }
}

enum cc_json_kind cc_value_kind(const struct cc_value *value)
{
    return cc_json_kind_of(yyjson_get_type(cc_as_val(value)));
}

const char *cc_json_kind_name(enum cc_json_kind kind)
{
    static const char *const names[] = { "null", "boolean", "number", "string", "list", "object" };

    return (size_t)kind < CC_COUNT(names) ? names[kind] : "nothing";
}

const char *cc_value_text(const struct cc_value *value)
{
    yyjson_val *val = cc_as_val(value);

    if (yyjson_is_raw(val))
        return yyjson_get_raw(val);
    if (yyjson_is_bool(val))
        return yyjson_get_bool(val) ? "true" : "false";
    return yyjson_get_str(val);
}

size_t cc_value_count(const struct cc_value *value)
{
    return yyjson_is_ctn(cc_as_val(value)) ? yyjson_get_len(cc_as_val(value)) : 0;
}

const struct cc_value *cc_iter_next(struct cc_iter *iter, const char **ret_name)
{
    yyjson_val *container = cc_as_val(iter->container);
    yyjson_val *at;

    if (iter->index >= cc_value_count(iter->container))
        return NULL;
    at = iter->index == 0 ? unsafe_yyjson_get_first(container)
                          : unsafe_yyjson_get_next(cc_as_val(iter->at));
    if (ret_name)
        *ret_name = yyjson_is_obj(container) ? yyjson_get_str(at) : NULL;
    if (yyjson_is_obj(container))
        at++; /* the value of a member follows its name */
    iter->index++;
    iter->at = at;
    return (const struct cc_value *)at;
}

/* Compares a member's name with @sought[0..len): 2 equal, 1 equal except for case, 0 different. */
static int match(const char *name, const char *sought, size_t len)
{
    if (((unsigned char)*name ^ (unsigned char)*sought) & ~0x20u)
        return 0; /* most names differ in their first letter */
    if (cc_ascii_ncasecmp(name, sought, len) != 0 || name[len])
        return 0;
    return memcmp(name, sought, len) == 0 ? 2 : 1;
}

/* True when the text is the number @index: "0", "1", … name the elements of a list. */
static bool match_index(size_t index, const char *text, size_t len)
{
    size_t number = 0;

    for (size_t i = 0; i < len; i++) {
        if (text[i] < '0' || text[i] > '9' || len > 6)
            return false;
        number = number * 10 + (size_t)(text[i] - '0');
    }
    return len > 0 && number == index;
}

static const void *find_member(const struct cc_json_walker *walker, const void *object,
                               const char *sought, size_t len)
{
    struct cc_iter iter = { .container = object };
    const void *value, *similar = NULL;
    const char *name, *similar_name = NULL;
    bool has_own = walker->exact; /* the name itself is present, though null */

    while ((value = walker->next(&iter, &name))) {
        bool is_null = walker->is_null(value);
        int quality = name ? match(name, sought, len) : 0;

        if ((quality == 2 && !is_null) || (!name && match_index(iter.index - 1, sought, len)))
            return value;
        has_own |= quality == 2;
        if (quality != 1 || is_null)
            continue;
        has_own |= similar && strcmp(similar_name, name); /* two spellings: neither is meant */
        similar = similar ? similar : value;
        similar_name = name;
    }
    return has_own ? NULL : similar;
}

const void *cc_json_find(const struct cc_json_walker *walker, const void *from, const char *path)
{
    while (from && *path) {
        const char *end = path + strcspn(path, ".");
        const void *found = NULL;

        while (path < end) {
            size_t len = strcspn(path, ".|");

            if (!found)
                found = find_member(walker, from, path, len);
            path += len;
            if (*path == '|')
                path++;
        }
        from = found;
        if (*path == '.')
            path++;
    }
    return from && !walker->is_null(from) ? from : NULL;
}

static bool value_is_null(const void *value)
{
    return yyjson_is_null(cc_as_val(value));
}

/* The length of a path that is a single name; 0 for any other path. */
static size_t name_length(const char *path)
{
    size_t len = 0;

    while (path[len] && path[len] != '.' && path[len] != '|')
        len++;
    return path[len] ? 0 : len;
}

const struct cc_value *cc_value_find(const struct cc_value *value, const char *path)
{
    static const struct cc_json_walker values = { cc_iter_next, value_is_null, false };
    size_t len = name_length(path);
    yyjson_val *member = len ? yyjson_obj_getn(cc_as_val(value), path, len) : NULL;

    if (member && !yyjson_is_null(member))
        return (const struct cc_value *)member; /* the usual case: an exact match */
    return cc_json_find(&values, value, path);
}

char *cc_value_write(const struct cc_value *value)
{
    return value ? yyjson_val_write(cc_as_val(value), YYJSON_WRITE_ALLOW_INVALID_UNICODE, NULL)
                 : strdup("null");
}
