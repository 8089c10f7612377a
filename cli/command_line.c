/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the command line: one command, at most one argument behind it, then "key=value" for invoke;
 * options anywhere. Whether a parameter is missing is for the library to say, since the
 * configuration may supply it.
 */
#include "cli/command_line.h"

#include <stdlib.h>
#include <string.h>

char *ctl_option_name(const char *param_name)
{
    char *name = ctl_strdup(param_name);

    for (char *c = name; *c; c++)
        if (*c == '_')
            *c = '-';
    return name;
}

static void read_word(struct ctl_reader *reader, const char *text)
{
    struct ctl_options *options = reader->options;

    if (!options->word)
        options->word = text;
    else if (!options->argument)
        options->argument = text;
    else
        options->words[options->word_count++] = text;
}

/* Only invoke takes more than one argument, and then pairs. */
static void check_words(struct ctl_reader *reader)
{
    const struct ctl_options *options = reader->options;
    bool pairs = options->op && options->op->op == CLOUD_OP_INVOKE;

    for (size_t i = 0; i < options->word_count; i++) {
        const char *word = options->words[i];

        if (options->command && options->command->run == ctl_journal_run)
            continue; /* how many depends on what comes first */
        if (!pairs)
            CTL_MISTAKE(reader, "", "'%s' is one argument too many behind '%s'", word,
                        options->word);
        else if (!strchr(word, '=') || *word == '=')
            CTL_MISTAKE(reader, "", "'%s' is no KEY=VALUE", word);
    }
    if ((options->word_count != 0) + (options->json != NULL) +
            (options->params.parameters != NULL) >
        1)
        CTL_MISTAKE(reader, "parameters",
                    "the action's parameters are given twice: KEY=VALUE, --json or --parameters");
}

enum cloud_param ctl_positional(const struct cloud_op_info *op)
{
    static const enum cloud_param candidates[] = { CLOUD_PARAM_ACTION, CLOUD_PARAM_INSTANCE_ID };

    for (size_t i = 0; i < CTL_COUNT(candidates); i++)
        if ((op->required | op->optional) & UINT64_C(1) << candidates[i])
            return candidates[i];
    return CLOUD_PARAM__COUNT;
}

static void unknown_command(struct ctl_reader *reader, const char *word)
{
    struct ctl_nearest nearest = { 0 };

    for (int i = 0; i < CLOUD_OP__COUNT; i++)
        ctl_nearest_try(&nearest, word, cloud_op_info((enum cloud_op)i)->word);
    for (const struct ctl_command *row = ctl_commands; row->word; row++)
        ctl_nearest_try(&nearest, word, row->word);
    if (nearest.best)
        CTL_MISTAKE(reader, "", "there is no command '%s'; did you mean '%s'?", word, nearest.best);
    else
        CTL_MISTAKE(reader, "", "there is no command '%s'", word);
}

static void find_command(struct ctl_reader *reader)
{
    struct ctl_options *options = reader->options;

    if (!options->word)
        return;
    options->command = ctl_command_find(options->word);
    if (!options->command)
        options->op = cloud_op_find(options->word);
    if (!options->command && !options->op)
        unknown_command(reader, options->word);
}

/* Parameters that the command knows nothing of, by name. */
static void check_params(struct ctl_reader *reader)
{
    const struct ctl_options *options = reader->options;
    uint64_t known = options->op ? options->op->required | options->op->optional : 0;

    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        ctl_auto_free char *name = NULL;

        if (!((reader->given & ~known) & UINT64_C(1) << i))
            continue;
        name = ctl_option_name(cloud_param_info((enum cloud_param)i)->name);
        CTL_MISTAKE(reader, name, "%s does not take --%s", options->word, name);
    }
}

static void check_options(struct ctl_reader *reader)
{
    const struct ctl_options *options = reader->options;

    for (const struct ctl_option *row = ctl_option_rows; row->name; row++)
        if (row->fits && ctl_option_is_set(options, row) && !row->fits(options))
            CTL_MISTAKE(reader, row->name, "--%s is for %s", row->name, row->fits_what);
    if (options->wait && options->no_wait)
        CTL_MISTAKE(reader, "wait", "--wait and --no-wait are given both");
    if (options->output == CTL_MARKDOWN && !(options->command && options->command->markdown))
        CTL_MISTAKE(reader, "output", "-o markdown is for support and actions");
    if (options->all_clouds && options->cloud)
        CTL_MISTAKE(reader, "cloud", "--cloud and --all-clouds are given both");
    if (options->timeout_s && options->op && options->op->op != CLOUD_OP_DESCRIBE_TASK &&
        !options->wait)
        CTL_MISTAKE(reader, "timeout", "--timeout needs --wait");
}

/* The instance, or invoke's action. Nothing configures those, so a missing one is said here. */
static void take_argument(struct ctl_reader *reader)
{
    const struct ctl_options *options = reader->options;
    const struct cloud_param_info *info;
    enum cloud_param param;

    if (!options->op) {
        if (options->argument && options->command && !options->command->argument)
            CTL_MISTAKE(reader, "", "'%s' is one argument too many behind '%s'", options->argument,
                        options->word);
        return;
    }
    param = ctl_positional(options->op);
    if (param == CLOUD_PARAM__COUNT) {
        if (options->argument)
            CTL_MISTAKE(reader, "", "'%s' is one argument too many behind '%s'", options->argument,
                        options->word);
        return;
    }
    info = cloud_param_info(param);
    if (options->argument)
        ctl_set_param(reader, info, options->argument);
    else if (!(reader->given & UINT64_C(1) << param) && !options->help &&
             options->op->required & UINT64_C(1) << param)
        CTL_MISTAKE(reader, info->name, "%s needs the %s behind it", options->word,
                    param == CLOUD_PARAM_ACTION ? "vendor's action" : "id of an instance");
}

int ctl_options_read(int argc, char **argv, struct ctl_options *ret, struct cloud_error *err)
{
    struct ctl_reader reader = { argc, argv, 1, ret, 0, NULL, NULL, err };
    bool only_words = false;

    ret->words = ctl_alloc((size_t)argc * sizeof(*ret->words));
    for (; reader.at < argc; reader.at++) {
        const char *text = argv[reader.at];

        if (only_words || text[0] != '-' || !text[1])
            read_word(&reader, text);
        else if (strcmp(text, "--") == 0)
            only_words = true;
        else if (text[1] == '-')
            ctl_read_long(&reader, text + 2);
        else
            ctl_read_short(&reader, text + 1);
    }
    find_command(&reader);
    if (err->code)
        return err->code;
    take_argument(&reader);
    check_words(&reader);
    check_params(&reader);
    if (!ret->help)
        check_options(&reader);
    if (!err->code && !ret->help && reader.secret)
        ctl_read_secret(&reader);
    return err->code;
}

void ctl_options_clear(struct ctl_options *options)
{
    cloud_params_clear(&options->params);
    ctl_secret_free(options->secret);
    options->secret = NULL;
    free(options->words);
    options->words = NULL;
}
