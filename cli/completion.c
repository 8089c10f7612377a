/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Completes the last word of a command line: "cloudctl __complete WORD..." prints one candidate a
 * line, "candidate<TAB>description". The completion scripts of bash, zsh and fish call it, so they
 * offer all commands, clouds, actions, parameters and values that cloudctl has. A single line
 * ":files" stands for file names. Candidates are quoted for a shell. Nothing is sent to a vendor. A
 * mistake gives no candidates.
 */
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The line up to the cursor. */
struct line {
    const char *now;    /* the word at the cursor, may be empty */
    const char *before; /* the word before it, or "" */
    size_t prefix_len;  /* the part of @now that is kept before each candidate: "--cloud=" */
    char **words;       /* the words before the cursor's */
    int count;
    int command_at; /* index of the command in words; -1: none yet */
    struct ctl_options options;
};

/* A shell inserts the candidate into the command line, so it is quoted. One with control characters
 * is not offered: it cannot be shown as it is. The user may have typed the opening quote. */
static void offer(const struct line *line, const char *candidate, const char *description)
{
    const char *typed = line->now + line->prefix_len;
    ctl_auto_free char *quoted = ctl_quote(candidate), *about = ctl_strdup(description);

    typed += *typed == '\'' || *typed == '"';
    if (ctl_has_control(candidate) || strncmp(candidate, typed, strlen(typed)) != 0)
        return;
    ctl_clean(about, true);
    printf("%.*s%s\t%s\n", (int)line->prefix_len, line->now, quoted, about);
}

/* Offers each value of a placeholder like "table|json". */
static void offer_alternatives(const struct line *line, const char *alternatives)
{
    for (const char *at = alternatives; *at; at += *at == '|') {
        size_t len = strcspn(at, "|");
        ctl_auto_free char *one = ctl_format("%.*s", (int)len, at);

        offer(line, one, "");
        at += len;
    }
}

static const struct ctl_option *find_option(const char *word)
{
    for (const struct ctl_option *row = ctl_option_rows; row->name; row++) {
        const char short_name[] = { '-', row->letter, '\0' };

        if ((row->letter && strcmp(word, short_name) == 0) ||
            (strncmp(word, "--", 2) == 0 && strcmp(word + 2, row->name) == 0))
            return row;
    }
    return NULL;
}

static const struct cloud_param_info *find_param(const char *word)
{
    return strncmp(word, "--", 2) == 0 ? cloud_param_find(word + 2) : NULL;
}

static bool takes_value(const char *word)
{
    const struct ctl_option *row = find_option(word);
    const struct cloud_param_info *param = find_param(word);

    if (row)
        return row->value != NULL;
    if (param)
        return param->value != NULL;
    return strncmp(word, "--", 2) == 0 && !strchr(word, '=') && strlen(word) > 7 &&
           strcmp(word + strlen(word) - 5, "-file") == 0;
}

static void read_line(struct line *line)
{
    for (int i = 0; i < line->count; i++) {
        const char *word = line->words[i];

        if (strcmp(word, "--cloud") == 0 && i + 1 < line->count)
            line->options.cloud = line->words[i + 1];
        else if (strcmp(word, "--config") == 0 && i + 1 < line->count)
            line->options.config = line->words[i + 1];
        else if (strncmp(word, "--cloud=", 8) == 0)
            line->options.cloud = word + 8;
        else if (strncmp(word, "--config=", 9) == 0)
            line->options.config = word + 9;
        else if (line->command_at < 0 && word[0] != '-')
            line->command_at = i;
        i += takes_value(word);
    }
    if (line->command_at < 0)
        return;
    line->options.command_name = line->words[line->command_at];
    line->options.command = ctl_command_find(line->options.command_name);
    line->options.op = line->options.command ? NULL : cloud_op_find(line->options.command_name);
}

/* The first argument after the command; NULL: none yet. */
static const char *argument_of(const struct line *line)
{
    for (int i = line->command_at + 1; i < line->count; i++) {
        if (line->words[i][0] != '-')
            return line->words[i];
        i += takes_value(line->words[i]);
    }
    return NULL;
}

static void offer_cloud(const struct cloud_config_cloud *cloud, void *user_data)
{
    offer(user_data, cloud->name, cloud->provider);
}

static void offer_clouds(struct line *line)
{
    struct cloud_config *config = NULL;
    struct cloud_error err = { 0 };

    if (ctl_config_load(&line->options, &config, &err) != CLOUD_OK)
        config = NULL;
    ctl_clouds_walk(config, offer_cloud, line);
    cloud_config_free(config);
}

static void offer_commands(const struct line *line)
{
    for (int i = 0; i < CLOUD_OP__COUNT; i++)
        offer(line, cloud_op_info((enum cloud_op)i)->word,
              cloud_op_info((enum cloud_op)i)->summary);
    for (const struct ctl_command *row = ctl_commands; row->name; row++)
        offer(line, row->name, row->summary);
}

static void offer_options(const struct line *line)
{
    uint64_t known = line->options.op ? line->options.op->required | line->options.op->optional : 0;

    for (const struct ctl_option *row = ctl_option_rows; row->name; row++) {
        ctl_auto_free char *name = ctl_format("--%s", row->name);

        if (!row->fits || row->fits(&line->options))
            offer(line, name, row->summary);
    }
    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        const struct cloud_param_info *param = cloud_param_info((enum cloud_param)i);
        ctl_auto_free char *name = ctl_option_name(param->name);
        ctl_auto_free char *option = ctl_format("--%s", name);
        ctl_auto_free char *file = ctl_format("--%s-file", name);

        if (!(known & UINT64_C(1) << i))
            continue;
        offer(line, option, param->summary);
        if (param->secret)
            offer(line, file, "a file with the value in its first line");
    }
}

/* The provider of the chosen cloud; NULL: none was chosen, or it is unknown. Caller frees */
static char *provider_of(const struct line *line)
{
    struct cloud_error err = { 0 };
    char *provider = NULL;

    return ctl_cloud_provider(&line->options, &provider, &err) == CLOUD_OK ? provider : NULL;
}

static void offer_actions(const struct line *line)
{
    ctl_auto_free char *only = provider_of(line);
    const char *provider;

    for (size_t p = 0; (provider = cloud_provider_name(p)); p++) {
        struct cloud_action_info action = CLOUD_ACTION_INFO_INIT, first = CLOUD_ACTION_INFO_INIT;

        for (size_t n = 0;
             (!only || strcmp(only, provider) == 0) && cloud_action_info(provider, n, &action);
             n++) {
            ctl_auto_free char *whole = ctl_format("%s:%s", action.service, action.name);
            bool shared = cloud_action_find(provider, action.name, &first) && first.number != n;

            offer(line, shared ? whole : action.name, action.about);
        }
    }
}

static bool is_given(const struct line *line, const char *name)
{
    size_t len = strlen(name);

    for (int i = line->command_at + 1; i < line->count; i++)
        if (strncmp(line->words[i], name, len) == 0 && line->words[i][len] == '=')
            return true;
    return false;
}

static void offer_keys(struct line *line, const char *action)
{
    ctl_auto_free char *only = provider_of(line);
    const char *provider;

    for (size_t p = 0; (provider = cloud_provider_name(p)); p++) {
        struct cloud_action_info info = CLOUD_ACTION_INFO_INIT;
        struct cloud_action_param param = CLOUD_ACTION_PARAM_INIT;

        if ((only && strcmp(only, provider) != 0) || !cloud_action_find(provider, action, &info))
            continue;
        for (size_t n = 0; cloud_action_param(provider, info.number, n, &param); n++) {
            ctl_auto_free char *key = ctl_format("%s=", param.name);
            ctl_auto_free char *description = ctl_format(
                "%s%s", param.type, param.required && !param.supplied ? ", required" : "");

            if (is_given(line, param.name))
                continue;
            if (strncmp(line->now, key, strlen(key)) != 0) {
                offer(line, key, description);
            } else if (strcmp(param.type, "bool") == 0) {
                line->prefix_len = strlen(key);
                offer_alternatives(line, "true|false");
                line->prefix_len = 0;
            }
        }
    }
}

/* Offers values of an option or a parameter; false when @option takes no value. */
static bool offer_value(struct line *line, const char *option)
{
    const struct ctl_option *row = find_option(option);
    const struct cloud_param_info *param = find_param(option);

    if (!takes_value(option))
        return false;
    if (row && strcmp(row->name, "cloud") == 0)
        offer_clouds(line);
    else if ((row && strcmp(row->value, "FILE") == 0) || (!row && !param))
        printf(":files\n");
    else if (row && strchr(row->value, '|'))
        offer_alternatives(line, row->value);
    else if (param && strchr(param->value, '|'))
        offer_alternatives(line, param->value);
    return true;
}

/* Offers values in "--cloud=de". */
static bool offer_inline_value(struct line *line)
{
    size_t len = strcspn(line->now, "=");
    ctl_auto_free char *option = ctl_format("%.*s", (int)len, line->now);

    if (line->now[0] != '-' || !line->now[len])
        return false;
    line->prefix_len = len + 1;
    return offer_value(line, option);
}

static void offer_arguments(struct line *line)
{
    const char *argument = argument_of(line);
    bool invoke = line->options.op && line->options.op->op == CLOUD_OP_INVOKE;
    bool actions = line->options.command && line->options.command->id == CTL_COMMAND_ACTIONS;

    if ((invoke || actions) && !argument)
        offer_actions(line);
    else if (invoke)
        offer_keys(line, argument);
    else if (line->options.command && line->options.command->id == CTL_COMMAND_HELP && !argument)
        offer_commands(line);
}

int ctl_complete_run(int count, char **words)
{
    struct line line = { .now = count ? words[count - 1] : "",
                         .before = count > 1 ? words[count - 2] : "",
                         .words = words,
                         .count = count ? count - 1 : 0,
                         .command_at = -1 };

    read_line(&line);
    if (offer_value(&line, line.before) || offer_inline_value(&line))
        return CTL_DONE;
    if (line.now[0] == '-')
        offer_options(&line);
    else if (line.command_at < 0)
        offer_commands(&line);
    else
        offer_arguments(&line);
    return CTL_DONE;
}
