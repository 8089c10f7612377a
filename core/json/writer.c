/* SPDX-License-Identifier: Apache-2.0 */
/* Builds JSON trees and writes them as text. */
#include "core/json/internal.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

#include <malloc.h>
#include <stdio.h>

static yyjson_mut_val *as_mut(const void *node)
{
    return (yyjson_mut_val *)node;
}

struct cc_tree {
    yyjson_mut_doc *doc;
    bool failed;
};

static void *allocate(void *user_data, size_t size)
{
    (void)user_data;
    return malloc(size);
}

static void wipe_and_free(void *user_data, void *memory)
{
    (void)user_data;
    if (memory)
        cc_wipe(memory, malloc_usable_size(memory));
    free(memory);
}

/* Does not use realloc(), which could free the old bytes without wiping them. */
static void *reallocate(void *user_data, void *memory, size_t old_size, size_t size)
{
    void *moved = malloc(size);

    if (!moved)
        return NULL;
    memcpy(moved, memory, old_size < size ? old_size : size);
    wipe_and_free(user_data, memory);
    return moved;
}

/* A tree may hold a password among its parameters, so its memory is wiped before it is freed. */
struct cc_tree *cc_tree_new(void)
{
    static const yyjson_alc wiping = { allocate, reallocate, wipe_and_free, NULL };
    struct cc_tree *tree = calloc(1, sizeof(*tree));
    yyjson_mut_val *root;

    if (!tree)
        return NULL;
    tree->doc = yyjson_mut_doc_new(&wiping);
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

bool cc_tree_failed(const struct cc_tree *tree)
{
    return tree->failed;
}

struct cc_node *cc_tree_root(struct cc_tree *tree)
{
    return (struct cc_node *)yyjson_mut_doc_get_root(tree->doc);
}

/* Copies the content of @val into a value that is already in the tree. */
static void assign(struct cc_tree *tree, yyjson_mut_val *place, const yyjson_mut_val *val)
{
    if (!place || !val) {
        tree->failed = true;
        return;
    }
    place->tag = val->tag;
    place->uni = val->uni;
}

/*
 * Finds a member of an object, or adds it as null. When @object is not an object, it becomes an
 * empty one.
 */
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

/* Finds the value at a dotted path below @node; adds it and the objects between. */
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

/* NULL when the text is NULL (out of memory) or not UTF-8; assign() makes that a failure. */
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

/* The grammar of JSON: no leading zeroes, no plus sign, digits on both sides of the point. */
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
        value ? yyjson_val_mut_copy(tree->doc, cc_as_val(value)) : yyjson_mut_null(tree->doc);

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
    else /* a container points to its last element or name; the elements are a circular list */
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
    static const struct cc_json_walker nodes = { node_step, node_is_null, true };

    return (struct cc_node *)cc_json_find(&nodes, node, path);
}

enum cc_json_kind cc_node_kind(const struct cc_node *node)
{
    return cc_json_kind_of(yyjson_mut_get_type(as_mut(node)));
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
