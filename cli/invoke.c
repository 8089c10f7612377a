/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the parameters of invoke: "key=value" arguments by the types in the action's row, or a file
 * with the JSON object. The library checks them: a value that does not have its row's type is
 * passed as a string, and the library refuses it by name.
 */
#include "cli/output.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FILE_MAX ((size_t)16 << 20)

static bool find_row(const char *provider, const char *action, const char *name,
                     struct cloud_action_param *ret)
{
    struct cloud_action_info info = CLOUD_ACTION_INFO_INIT;

    if (!cloud_action_find(provider, action, &info))
        return false;
    for (size_t n = 0; cloud_action_param(provider, info.number, n, ret); n++)
        if (strcmp(ret->name, name) == 0)
            return true;
    return false;
}

/* "true" or "false" for "yes", "off", ...; NULL for other texts */
static const char *bool_text(const char *value)
{
    static const char *const names[][2] = {
        { "true", "true" }, { "false", "false" }, { "yes", "true" }, { "no", "false" },
        { "on", "true" },   { "off", "false" },   { "1", "true" },   { "0", "false" },
    };

    for (size_t i = 0; i < CTL_COUNT(names); i++)
        if (strcmp(value, names[i][0]) == 0)
            return names[i][1];
    return NULL;
}

/* Adds "a,b" to the list @name; the same key may be given several times. */
static void add_strings(struct ctl_json *json, const char *name, const char *value)
{
    struct ctl_json_value *root = ctl_json_root(json), *array = ctl_json_member(root, name);

    if (!array)
        array = ctl_json_array(json, root, name);
    for (const char *at = value;; at++) {
        size_t len = strcspn(at, ",");
        ctl_auto_free char *item = ctl_format("%.*s", (int)len, at);

        ctl_json_text(json, array, NULL, item);
        at += len;
        if (!*at)
            return;
    }
}

static void add_value(struct ctl_json *json, const struct cloud_action_param *row, const char *name,
                      const char *value)
{
    struct ctl_json_value *root = ctl_json_root(json);
    const char *type = row ? row->type : "string", *raw = NULL;

    if (strcmp(type, "strings") == 0 && *value != '[') {
        add_strings(json, name, value);
        return;
    }
    if (strcmp(type, "bool") == 0)
        raw = bool_text(value);
    else if (strcmp(type, "string") != 0)
        raw = value;
    if (!raw || !ctl_json_raw(json, root, name, raw))
        ctl_json_text(json, root, name, value);
}

static int add_pair(struct ctl_json *json, const struct ctl_options *options, const char *provider,
                    const char *pair, struct cloud_error *err)
{
    struct cloud_action_param row = CLOUD_ACTION_PARAM_INIT;
    ctl_auto_free char *name = ctl_format("%.*s", (int)strcspn(pair, "="), pair);
    const char *value = pair + strlen(name) + 1;
    bool known = find_row(provider, options->params.action, name, &row);
    struct ctl_json_value *before = ctl_json_member(ctl_json_root(json), name);
    char *secret = NULL;

    if (before &&
        !(known && strcmp(row.type, "strings") == 0 && *value != '[' && ctl_json_is_array(before)))
        return ctl_refuse(err, CLOUD_EINVAL, name, "%s is given twice; give it once", name);
    if (known && row.secret && strcmp(value, "-") == 0) {
        if (ctl_secret_ask(name, &secret, err) != CLOUD_OK)
            return err->code;
        value = secret;
    }
    add_value(json, known ? &row : NULL, name, value);
    ctl_secret_free(secret);
    return CLOUD_OK;
}

static int read_pairs(const struct ctl_options *options, const char *provider, char **ret,
                      struct cloud_error *err)
{
    struct ctl_json *json = ctl_json_new();
    int code = CLOUD_OK;

    for (size_t i = 0; i < options->extra_count && code == CLOUD_OK; i++)
        code = add_pair(json, options, provider, options->extra[i], err);
    if (code == CLOUD_OK)
        *ret = ctl_json_write(json);
    ctl_json_free(json);
    return code;
}

static int read_all(FILE *file, const char *path, char **ret, struct cloud_error *err)
{
    char *text = ctl_alloc(FILE_MAX + 1);
    size_t len = fread(text, 1, FILE_MAX + 1, file);
    int code = CLOUD_OK;

    if (ferror(file))
        code = ctl_refuse(err, CLOUD_EINVAL, "json", "--json: cannot read %s: %s", path,
                          strerror(errno));
    else if (len > FILE_MAX)
        code = ctl_refuse(err, CLOUD_EINVAL, "json", "--json: %s has more than %zu bytes", path,
                          FILE_MAX);
    else if (strnlen(text, len) != len)
        code = ctl_refuse(err, CLOUD_EINVAL, "json", "--json: %s is not a text: it has a zero byte",
                          path);
    else
        *ret = ctl_strdup(text);
    explicit_bzero(text, len);
    free(text);
    return code;
}

static int read_file(const char *path, char **ret, struct cloud_error *err)
{
    bool input = strcmp(path, "-") == 0;
    FILE *file = input ? stdin : fopen(path, "re");
    int code;

    if (!file)
        return ctl_refuse(err, CLOUD_EINVAL, "json", "--json: cannot read %s: %s", path,
                          strerror(errno));
    code = read_all(file, input ? "standard input" : path, ret, err);
    if (!input)
        fclose(file);
    return code;
}

int ctl_invoke_read(const struct ctl_options *options, const char *provider, char **ret_or_null,
                    struct cloud_error *err)
{
    *ret_or_null = NULL;
    if (options->op->op != CLOUD_OP_INVOKE) /* further arguments are ids */
        return CLOUD_OK;
    if (options->json)
        return read_file(options->json, ret_or_null, err);
    if (options->extra_count)
        return read_pairs(options, provider, ret_or_null, err);
    return CLOUD_OK;
}
