/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JSON, read and written: the only file that includes the JSON library. Values and nodes are the
 * library's own, seen through opaque names; numbers stay the digits of the text. What a document
 * means is for others to say.
 */
#include "core/json.h"
#include "core/error.h"
#include "core/mem.h"

#include <stdio.h>
#include <strings.h>
#include <yyjson.h>

enum { DEPTH_MAX = 64 };

_Static_assert(CC_JSON_PADDING >= YYJSON_PADDING_SIZE, "room for reading in place");
_Static_assert(CC_BUF_SPARE >= CC_JSON_PADDING, "a buffer can be read in place");

static yyjson_val *as_val(const void *value)
{
    return (yyjson_val *)value;
}

static yyjson_mut_val *as_mut(const void *node)
{
    return (yyjson_mut_val *)node;
}

/*
 * What the library itself does not limit: nesting, and strings with a NUL in them, which no C
 * string can hold and which would be cut short in silence. Broken texts may be misread here; the
 * library finds them afterwards.
 */
static int check_shape(const char *text, size_t len, struct cloud_error *err)
{
    bool quoted = false;
    int depth = 0;

    for (size_t i = 0; i < len; i++) {
        if (quoted && text[i] == '\\') {
            if (len - i > 5 && memcmp(text + i + 1, "u0000", 5) == 0)
                return cc_fail(err, CLOUD_EPROTOCOL, "JSON string with a NUL at byte %zu", i);
            i++;
        } else if (text[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && (text[i] == '[' || text[i] == '{')) {
            if (++depth > DEPTH_MAX)
                return cc_fail(err, CLOUD_EPROTOCOL, "JSON nested deeper than %d at byte %zu",
                               DEPTH_MAX, i);
        } else if (!quoted && (text[i] == ']' || text[i] == '}')) {
            depth--;
        }
    }
    return CLOUD_OK;
}

int cc_doc_parse(char *text, size_t len, struct cc_doc **ret_doc, struct cloud_error *err)
{
    /* CapitalOnline's pages print answers with a comma behind the last member */
    const yyjson_read_flag flags = YYJSON_READ_INSITU | YYJSON_READ_NUMBER_AS_RAW | YYJSON_READ_ALLOW_TRAILING_COMMAS;
    yyjson_read_err why;
    yyjson_doc *doc;
    int code;

    if (!text || len == 0)
        return cc_fail(err, CLOUD_EPROTOCOL, "not JSON: the text is empty");
    code = check_shape(text, len, err);
    if (code)
        return code;
    doc = yyjson_read_opts(text, len, flags, NULL, &why);
    if (!doc && why.code == YYJSON_READ_ERROR_MEMORY_ALLOCATION)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory while reading JSON");
    if (!doc)
        return cc_fail(err, CLOUD_EPROTOCOL, "not JSON at byte %zu of %zu: %s", why.pos, len,
                       why.msg);
    *ret_doc = (struct cc_doc *)doc;
    return CLOUD_OK;
}

void cc_doc_free(struct cc_doc *doc)
{
    yyjson_doc_free((yyjson_doc *)doc);
}

const struct cc_value *cc_doc_root(const struct cc_doc *doc)
{
    return (const struct cc_value *)yyjson_doc_get_root((yyjson_doc *)doc);
}

static enum cc_json_kind kind_of(yyjson_type type)
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
    return kind_of(yyjson_get_type(as_val(value)));
}

const char *cc_json_kind_name(enum cc_json_kind kind)
{
    static const char *const names[] = { "null", "boolean", "number", "string", "list", "object" };

    return (size_t)kind < CC_COUNT(names) ? names[kind] : "nothing";
}

const char *cc_value_text(const struct cc_value *value)
{
    yyjson_val *val = as_val(value);

    if (yyjson_is_raw(val))
        return yyjson_get_raw(val);
    if (yyjson_is_bool(val))
        return yyjson_get_bool(val) ? "true" : "false";
    return yyjson_get_str(val);
}

size_t cc_value_count(const struct cc_value *value)
{
    return yyjson_is_ctn(as_val(value)) ? yyjson_get_len(as_val(value)) : 0;
}

const struct cc_value *cc_iter_next(struct cc_iter *iter, const char **ret_name)
{
    yyjson_val *container = as_val(iter->container);
    yyjson_val *at;

    if (iter->index >= cc_value_count(iter->container))
        return NULL;
    at = iter->index == 0 ? unsafe_yyjson_get_first(container)
                          : unsafe_yyjson_get_next(as_val(iter->at));
    if (ret_name)
        *ret_name = yyjson_is_obj(container) ? yyjson_get_str(at) : NULL;
    if (yyjson_is_obj(container))
        at++; /* a member's value stands behind its name */
    iter->index++;
    iter->at = at;
    return (const struct cc_value *)at;
}

/* Whether a member's name is @wanted[0..len): 2 exactly, 1 but for case, 0 not. */
static int match(const char *name, const char *wanted, size_t len)
{
    if (strncasecmp(name, wanted, len) != 0 || name[len])
        return 0;
    return memcmp(name, wanted, len) == 0 ? 2 : 1;
}

/* How to step through members: read and built documents are searched by the same code. */
struct walker {
    const struct cc_value *(*next)(struct cc_iter *iter, const char **ret_name);
    bool (*is_null)(const void *value);
};

/* Whether "0", "1", … names the element at @index of a list. */
static bool match_index(size_t index, const char *wanted, size_t len)
{
    size_t number = 0;

    for (size_t i = 0; i < len; i++) {
        if (wanted[i] < '0' || wanted[i] > '9' || len > 6)
            return false;
        number = number * 10 + (size_t)(wanted[i] - '0');
    }
    return len > 0 && number == index;
}

static const void *find_member(const struct walker *walker, const void *object, const char *wanted,
                               size_t len)
{
    struct cc_iter iter = { .container = object };
    const void *value, *similar = NULL;
    const char *name;

    while ((value = walker->next(&iter, &name))) {
        int quality = name && !walker->is_null(value) ? match(name, wanted, len) : 0;

        if (quality == 2 || (!name && match_index(iter.index - 1, wanted, len)))
            return value;
        if (quality == 1 && !similar)
            similar = value;
    }
    return similar;
}

static const void *find_path(const struct walker *walker, const void *from, const char *path)
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
    return yyjson_is_null(as_val(value));
}

const struct cc_value *cc_value_find(const struct cc_value *value, const char *path)
{
    static const struct walker values = { cc_iter_next, value_is_null };

    return find_path(&values, value, path);
}

char *cc_value_write(const struct cc_value *value)
{
    return value ? yyjson_val_write(as_val(value), YYJSON_WRITE_NOFLAG, NULL) : strdup("null");
}

/* ---- writing */

struct cc_tree {
    yyjson_mut_doc *doc;
    bool failed;
};

struct cc_tree *cc_tree_new(void)
{
    struct cc_tree *tree = calloc(1, sizeof(*tree));
    yyjson_mut_val *root;

    if (!tree)
        return NULL;
    tree->doc = yyjson_mut_doc_new(NULL);
    root = tree->doc ? yyjson_mut_obj(tree->doc) : NULL;
    if (!root) {
        cc_tree_free(tree);
        return NULL;
    }
    yyjson_mut_doc_set_root(tree->doc, root);
    return tree;
}

void cc_tree_free(struct cc_tree *tree)
{
    if (tree)
        yyjson_mut_doc_free(tree->doc);
    free(tree);
}

struct cc_node *cc_tree_root(struct cc_tree *tree)
{
    return (struct cc_node *)yyjson_mut_doc_get_root(tree->doc);
}

/* Puts @val's content into a place that already hangs in the tree. */
static void assign(struct cc_tree *tree, yyjson_mut_val *place, const yyjson_mut_val *val)
{
    if (!place || !val) {
        tree->failed = true;
        return;
    }
    place->tag = val->tag;
    place->uni = val->uni;
}

/* The member of an object, made (as null) when not there; @object is made one if it is none. */
static yyjson_mut_val *member(struct cc_tree *tree, yyjson_mut_val *object, const char *name,
                              size_t len)
{
    yyjson_mut_val *key, *val;

    if (!yyjson_mut_is_obj(object))
        assign(tree, object, yyjson_mut_obj(tree->doc));
    val = yyjson_mut_obj_getn(object, name, len);
    if (val)
        return val;
    key = yyjson_mut_strncpy(tree->doc, name, len);
    val = yyjson_mut_null(tree->doc);
    if (!key || !val || !yyjson_mut_obj_add(object, key, val)) {
        tree->failed = true;
        return NULL;
    }
    return val;
}

/* The place at a dotted path below @node, with the objects between. */
static yyjson_mut_val *place_at(struct cc_tree *tree, struct cc_node *node, const char *path)
{
    yyjson_mut_val *place = as_mut(node);

    while (place && !tree->failed && *path) {
        size_t len = strcspn(path, ".");

        place = member(tree, place, path, len);
        path += len;
        if (*path == '.')
            path++;
    }
    if (!place)
        tree->failed = true;
    return tree->failed ? NULL : place;
}

/* NULL, of memory that was not there, sticks as a failure */
static yyjson_mut_val *text_value(struct cc_tree *tree, const char *text)
{
    return text && cc_is_utf8(text) ? yyjson_mut_strcpy(tree->doc, text) : NULL;
}

void cc_tree_set_text(struct cc_tree *tree, struct cc_node *node, const char *path,
                      const char *text)
{
    assign(tree, place_at(tree, node, path), text_value(tree, text));
}

static const char *skip_digits(const char *text)
{
    return text + strspn(text, "0123456789");
}

/* JSON's own form: no leading zeroes or plus sign, digits on both sides of the point. */
static bool is_number(const char *text)
{
    const char *at = text + (*text == '-');
    const char *end = *at == '0' ? at + 1 : skip_digits(at);

    if (end == at)
        return false;
    if (*end == '.') {
        at = end + 1;
        end = skip_digits(at);
        if (end == at)
            return false;
    }
    if (*end == 'e' || *end == 'E') {
        at = end + 1 + (end[1] == '+' || end[1] == '-');
        end = skip_digits(at);
        if (end == at)
            return false;
    }
    return *end == '\0';
}

void cc_tree_set_number(struct cc_tree *tree, struct cc_node *node, const char *path,
                        const char *digits)
{
    yyjson_mut_val *val = is_number(digits) ? yyjson_mut_rawcpy(tree->doc, digits) : NULL;

    assign(tree, place_at(tree, node, path), val);
}

void cc_tree_set_int(struct cc_tree *tree, struct cc_node *node, const char *path, int64_t value)
{
    char digits[24];

    snprintf(digits, sizeof(digits), "%lld", (long long)value);
    cc_tree_set_number(tree, node, path, digits);
}

void cc_tree_set_bool(struct cc_tree *tree, struct cc_node *node, const char *path, bool value)
{
    assign(tree, place_at(tree, node, path), yyjson_mut_bool(tree->doc, value));
}

void cc_tree_set_value(struct cc_tree *tree, struct cc_node *node, const char *path,
                       const struct cc_value *value)
{
    yyjson_mut_val *copy =
        value ? yyjson_val_mut_copy(tree->doc, as_val(value)) : yyjson_mut_null(tree->doc);

    assign(tree, place_at(tree, node, path), copy);
}

static struct cc_node *append(struct cc_tree *tree, struct cc_node *node, const char *path,
                              yyjson_mut_val *val)
{
    yyjson_mut_val *list = place_at(tree, node, path);

    if (list && !yyjson_mut_is_arr(list))
        assign(tree, list, yyjson_mut_arr(tree->doc));
    if (!list || !val || tree->failed || !yyjson_mut_arr_append(list, val)) {
        tree->failed = true;
        return NULL;
    }
    return (struct cc_node *)val;
}

struct cc_node *cc_tree_append(struct cc_tree *tree, struct cc_node *node, const char *path)
{
    return append(tree, node, path, yyjson_mut_obj(tree->doc));
}

void cc_tree_append_text(struct cc_tree *tree, struct cc_node *node, const char *path,
                         const char *text)
{
    append(tree, node, path, text_value(tree, text));
}

static const struct cc_value *node_step(struct cc_iter *iter, const char **ret_name)
{
    yyjson_mut_val *container = as_mut(iter->container);
    bool named = yyjson_mut_is_obj(container);
    yyjson_mut_val *at;

    if (!yyjson_mut_is_ctn(container) || iter->index >= yyjson_mut_get_len(container))
        return NULL;
    if (iter->index > 0)
        at = as_mut(iter->at)->next;
    else /* a container points to its last element or last name, and they go round in a ring */
        at = named ? as_mut(container->uni.ptr)->next->next : as_mut(container->uni.ptr)->next;
    if (ret_name)
        *ret_name = named ? yyjson_mut_get_str(at) : NULL;
    if (named)
        at = at->next;
    iter->index++;
    iter->at = at;
    return (const struct cc_value *)at;
}

struct cc_node *cc_node_next(struct cc_node_iter *iter, const char **ret_name)
{
    struct cc_iter step = { (const struct cc_value *)iter->container, iter->index, iter->at };
    struct cc_node *node = (struct cc_node *)node_step(&step, ret_name);

    iter->index = step.index;
    iter->at = (void *)step.at;
    return node;
}

static bool node_is_null(const void *node)
{
    return yyjson_mut_is_null(as_mut(node));
}

struct cc_node *cc_node_find(struct cc_node *node, const char *path)
{
    static const struct walker nodes = { node_step, node_is_null };

    return (struct cc_node *)find_path(&nodes, node, path);
}

enum cc_json_kind cc_node_kind(const struct cc_node *node)
{
    return kind_of(yyjson_mut_get_type(as_mut(node)));
}

size_t cc_node_count(const struct cc_node *node)
{
    return yyjson_mut_is_ctn(as_mut(node)) ? yyjson_mut_get_len(as_mut(node)) : 0;
}

const char *cc_node_text(struct cc_node *node)
{
    yyjson_mut_val *val = as_mut(node);

    if (yyjson_mut_is_raw(val))
        return yyjson_mut_get_raw(val);
    if (yyjson_mut_is_bool(val))
        return yyjson_mut_get_bool(val) ? "true" : "false";
    return yyjson_mut_get_str(val);
}

void cc_node_remove(struct cc_node *node, const char *name)
{
    yyjson_mut_obj_remove_key(as_mut(node), name);
}

char *cc_tree_write(struct cc_tree *tree, struct cc_node *node, size_t *ret_len)
{
    yyjson_mut_val *from = node ? as_mut(node) : yyjson_mut_doc_get_root(tree->doc);
    size_t len = 0;
    char *text = tree->failed ? NULL : yyjson_mut_val_write(from, YYJSON_WRITE_NOFLAG, &len);

    if (text && ret_len)
        *ret_len = len;
    return text;
}
