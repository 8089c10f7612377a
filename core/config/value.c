/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Resolves the references in a value of clouds.yaml: ${NAME}, anywhere in a value, is a variable of
 * the environment; file:PATH is the first line of a file.
 */
#include "core/config/config.h"
#include "core/base/error.h"
#include "core/config/secret_file.h"

static int no_memory(const struct cc_entry *entry)
{
    return cc_fail(entry->err, CLOUD_ENOMEM, "out of memory while reading %s", entry->yaml->path);
}

/* A part of a value: plain text, or the name of a variable. */
struct piece {
    const char *text;
    size_t len;
    bool variable;
    bool broken; /* "${" without a name or a closing brace */
};

static bool next_piece(const char **at, struct piece *ret_piece)
{
    static const char name_bytes[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_";
    const char *p = *at;

    if (!*p)
        return false;
    if (strncmp(p, "$${", 3) == 0) { /* the characters "${" themselves */
        *ret_piece = (struct piece){ .text = p + 1, .len = 2 };
        *at = p + 3;
    } else if (strncmp(p, "${", 2) == 0) {
        size_t len = strspn(p + 2, name_bytes);
        bool broken = len == 0 || cc_ascii_is_digit(p[2]) || p[2 + len] != '}';

        *ret_piece =
            (struct piece){ .text = p + 2, .len = len, .variable = true, .broken = broken };
        *at = p + 2 + len + !broken;
    } else {
        *ret_piece = (struct piece){ .text = p, .len = 1 + strcspn(p + 1, "$") };
        *at = p + ret_piece->len;
    }
    return true;
}

static const char *after_file(const char *text)
{
    return strncmp(text, "file:", 5) == 0 ? text + 5 : NULL;
}

bool cc_value_refers(const char *text)
{
    struct piece piece;

    if (after_file(text))
        return true;
    while (next_piece(&text, &piece))
        if (piece.variable)
            return true;
    return false;
}

bool cc_value_is_plain_text(const char *text)
{
    struct piece piece;

    if (after_file(text))
        return false;
    while (next_piece(&text, &piece))
        if (!piece.variable)
            return true;
    return false;
}

int cc_value_check(const struct cc_entry *entry, const struct cc_yaml_node *node)
{
    int r = cc_yaml_expect(entry->yaml, node, CC_YAML_TEXT, entry->err);
    const char *at = node->text;
    struct piece piece;

    if (r != CLOUD_OK)
        return r;
    while (next_piece(&at, &piece))
        if (piece.broken)
            return cc_yaml_fail(
                entry->yaml, node, NULL, entry->err,
                "has a ${ that names no variable; write ${NAME} with letters, digits and _, or "
                "$${ for the characters themselves");
    at = after_file(node->text);
    if (at && !*at)
        return cc_yaml_fail(entry->yaml, node, NULL, entry->err, "names no file; write file:PATH");
    return CLOUD_OK;
}

/* Replaces every ${NAME}. The value of a variable is not searched for further references. */
static int expand(const struct cc_entry *entry, const struct cc_yaml_node *node, const char *text,
                  const char **ret_text)
{
    cc_auto_buf struct cc_buf out = { 0 };
    struct piece piece;

    while (next_piece(&text, &piece)) {
        cc_auto_free char *name = piece.variable ? strndup(piece.text, piece.len) : NULL;
        const char *value = name ? getenv(name) : NULL;

        if (piece.variable && !name)
            return no_memory(entry);
        if (piece.variable && !value)
            return cc_yaml_fail(
                entry->yaml, node, NULL, entry->err,
                "the environment has no variable %s; set it, or write the value here", name);
        if (piece.variable && !*value)
            return cc_yaml_fail(entry->yaml, node, NULL, entry->err,
                                "the variable %s of the environment is empty; give it a value",
                                name);
        cc_buf_add(&out, value ? value : piece.text, value ? strlen(value) : piece.len);
    }
    *ret_text = out.failed ? NULL : cc_arena_strdup(entry->arena, cc_buf_text(&out));
    return *ret_text ? CLOUD_OK : no_memory(entry);
}

const char *cc_value_path(const struct cc_entry *entry, const char *path)
{
    if (*path == '/')
        return path;
    return cc_arena_printf(entry->arena, "%s/%s", entry->directory, path);
}

static int first_line(const struct cc_entry *entry, const struct cc_yaml_node *node,
                      const char *path, const char **ret_text)
{
    const char *place = cc_value_path(entry, path);
    char *text = NULL;
    struct cloud_error why = { 0 };
    int r = place ? cc_secret_file_read(place, &text, &why) : CLOUD_ENOMEM;

    if (r == CLOUD_OK)
        *ret_text = cc_arena_strdup(entry->arena, text);
    cc_free_secret(text);
    if (r == CLOUD_ENOMEM || (r == CLOUD_OK && !*ret_text))
        return no_memory(entry);
    if (r == CLOUD_ENOTFOUND)
        return cc_yaml_fail(
            entry->yaml, node, NULL, entry->err,
            "%.120s %s; fix the path (it is relative to this file's directory) or the permissions",
            node->text, why.message);
    if (r == CLOUD_EINVAL)
        return cc_yaml_fail(entry->yaml, node, NULL, entry->err,
                            "the first line of %.120s is empty; write the value there", node->text);
    if (r != CLOUD_OK)
        return cc_yaml_fail(entry->yaml, node, NULL, entry->err, "%.120s %s", node->text,
                            why.message);
    return CLOUD_OK;
}

int cc_value_resolve(const struct cc_entry *entry, const struct cc_yaml_node *node,
                     const char **ret_text)
{
    const char *path = after_file(node->text);
    int r = expand(entry, node, path ? path : node->text, ret_text);

    return r == CLOUD_OK && path ? first_line(entry, node, *ret_text, ret_text) : r;
}
