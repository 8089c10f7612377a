/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads parameters of operations from the command line. The library's list says their names, and
 * which of them are flags or secrets. options.c reads the options of cloudctl itself.
 */
#include "cli/command_line.h"

#include <string.h>

char *ctl_option_name(const char *param_name)
{
    char *name = ctl_strdup(param_name);

    for (char *c = name; *c; c++)
        if (*c == '_')
            *c = '-';
    return name;
}

enum cloud_param ctl_positional(const struct cloud_op_info *op)
{
    static const enum cloud_param candidates[] = { CLOUD_PARAM_ACTION, CLOUD_PARAM_INSTANCE_ID };

    for (size_t i = 0; i < CTL_COUNT(candidates); i++)
        if ((op->required | op->optional) & UINT64_C(1) << candidates[i])
            return candidates[i];
    return CLOUD_PARAM__COUNT;
}

/* A purchase is for one instance: each needs an operation key of its own. */
bool ctl_takes_several(const struct cloud_op_info *op)
{
    return ctl_positional(op) == CLOUD_PARAM_INSTANCE_ID && op->effect != CLOUD_SPENDS;
}

const char *ctl_value_of(struct ctl_reader *reader, const char *name, const char *inline_value)
{
    if (inline_value)
        return inline_value;
    if (reader->at + 1 < reader->argc)
        return reader->argv[++reader->at];
    CTL_MISTAKE(reader, name, "--%s needs a value", name);
    return NULL;
}

void ctl_set_param(struct ctl_reader *reader, const struct cloud_param_info *info,
                   const char *value)
{
    uint64_t bit = UINT64_C(1) << info->param;
    ctl_auto_free char *name = ctl_option_name(info->name);
    struct cloud_error err = { 0 };

    if (reader->given & bit) {
        CTL_MISTAKE(reader, info->name, "--%s is given twice; give it once", name);
        return;
    }
    reader->given |= bit;
    if (cloud_params_set(&reader->options->params, info->param, value, &err) != CLOUD_OK)
        CTL_MISTAKE(reader, info->name, "%s", err.message);
}

/* A secret is read last: the user does not type it for a command line with a mistake. */
static void note_secret(struct ctl_reader *reader, const struct cloud_param_info *info,
                        const char *path)
{
    if (reader->secret)
        CTL_MISTAKE(reader, info->name, "--%s is given twice; give it once", info->name);
    reader->secret = info;
    reader->secret_path = path;
    reader->given |= UINT64_C(1) << info->param;
}

void ctl_read_secret(struct ctl_reader *reader)
{
    const struct cloud_param_info *info = reader->secret;
    char **secret = &reader->options->secret;
    int failed = reader->secret_path
                     ? ctl_secret_file(reader->secret_path, info->name, secret, reader->err)
                     : ctl_secret_ask(info->name, secret, reader->err);

    if (failed)
        return;
    reader->given &= ~(UINT64_C(1) << info->param);
    ctl_set_param(reader, info, *secret);
}

/* A flag needs no value, but users also write "--auto-renew no". */
static const char *flag_value(struct ctl_reader *reader, const char *inline_value)
{
    static const char *const words[] = { "yes", "no", "true", "false", "on", "off" };
    const char *next = reader->at + 1 < reader->argc ? reader->argv[reader->at + 1] : NULL;

    if (inline_value)
        return inline_value;
    for (size_t i = 0; next && i < CTL_COUNT(words); i++)
        if (strcmp(next, words[i]) == 0)
            return reader->argv[++reader->at];
    return "yes";
}

/* Accepts "--name", "--no-name" for a flag, and "--name-file" for a secret; false: unknown name. */
bool ctl_read_param(struct ctl_reader *reader, const char *name, const char *inline_value)
{
    const struct cloud_param_info *info = cloud_param_find(name);
    size_t len = strlen(name);

    if (info && !info->value) {
        ctl_set_param(reader, info, flag_value(reader, inline_value));
        return true;
    }
    if (info) {
        const char *value = ctl_value_of(reader, name, inline_value);

        if (value && info->secret && strcmp(value, "-") == 0)
            note_secret(reader, info, NULL);
        else if (value)
            ctl_set_param(reader, info, value);
        return true;
    }
    if (strncmp(name, "no-", 3) == 0 && !inline_value && (info = cloud_param_find(name + 3)) &&
        !info->value) {
        ctl_set_param(reader, info, "no");
        return true;
    }
    if (len > 5 && strcmp(name + len - 5, "-file") == 0) {
        ctl_auto_free char *stem = ctl_format("%.*s", (int)(len - 5), name);
        const char *path;

        if ((info = cloud_param_find(stem)) && info->secret) {
            if ((path = ctl_value_of(reader, name, inline_value)))
                note_secret(reader, info, path);
            return true;
        }
    }
    return false;
}
