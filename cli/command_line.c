/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the command line: one command, then its arguments: ids, or "key=value" for invoke; options
 * anywhere. The library checks for missing parameters, because the configuration may supply them.
 */
#include "cli/command_line.h"

#include <stdlib.h>
#include <string.h>

static void read_argument(struct ctl_reader *reader, const char *text)
{
    struct ctl_options *options = reader->options;

    if (!options->command_name)
        options->command_name = text;
    else if (!options->argument)
        options->argument = text;
    else
        options->extra[options->extra_count++] = text;
}

static void too_many(struct ctl_reader *reader, const char *argument)
{
    const struct ctl_options *options = reader->options;
    bool one = options->op && options->op->effect == CLOUD_SPENDS && options->argument != argument;

    CTL_MISTAKE(reader, "", "'%s' is one argument too many after '%s'%s", argument,
                options->command_name, one ? "; it spends money for one instance at a time" : "");
}

static void check_targets(struct ctl_reader *reader)
{
    const struct ctl_options *options = reader->options;

    if (options->extra_count && options->params.task_id)
        CTL_MISTAKE(reader, "task_id", "--task-id belongs to one instance; give one id");
    for (size_t i = 0; i < options->extra_count; i++) {
        struct cloud_params one = CLOUD_PARAMS_INIT;
        struct cloud_error err = { 0 };
        bool again = strcmp(options->argument, options->extra[i]) == 0;

        for (size_t before = 0; before < i; before++)
            again |= strcmp(options->extra[before], options->extra[i]) == 0;
        if (again)
            CTL_MISTAKE(reader, "instance_id", "%s is given twice; give it once",
                        options->extra[i]);
        if (cloud_params_set(&one, CLOUD_PARAM_INSTANCE_ID, options->extra[i], &err) != CLOUD_OK)
            CTL_MISTAKE(reader, "instance_id", "%s", err.message);
    }
}

/* Further arguments are ids, pairs of invoke, or those of journal. */
static void check_extra_arguments(struct ctl_reader *reader)
{
    const struct ctl_options *options = reader->options;
    bool pairs = options->op && options->op->op == CLOUD_OP_INVOKE;

    if (options->command && options->command->id == CTL_COMMAND_JOURNAL)
        return; /* journal.c checks them: the number depends on the subcommand */
    if (options->op && ctl_takes_several(options->op)) {
        check_targets(reader);
        return;
    }
    for (size_t i = 0; i < options->extra_count; i++) {
        const char *text = options->extra[i];

        if (!pairs)
            too_many(reader, text);
        else if (!strchr(text, '=') || *text == '=')
            CTL_MISTAKE(reader, "", "'%s' is not KEY=VALUE; write name=value for each parameter",
                        text);
    }
    if ((options->extra_count != 0) + (options->json != NULL) +
            (options->params.parameters != NULL) >
        1)
        CTL_MISTAKE(reader, "parameters",
                    "the action's parameters are given twice: use either KEY=VALUE, --json or "
                    "--parameters");
}

static void unknown_command(struct ctl_reader *reader, const char *name)
{
    struct ctl_nearest nearest = { 0 };

    for (int i = 0; i < CLOUD_OP__COUNT; i++)
        ctl_nearest_try(&nearest, name, cloud_op_info((enum cloud_op)i)->word);
    for (const struct ctl_command *row = ctl_commands; row->name; row++)
        ctl_nearest_try(&nearest, name, row->name);
    if (nearest.best)
        CTL_MISTAKE(reader, "", "there is no command '%s'; did you mean '%s'?", name, nearest.best);
    else
        CTL_MISTAKE(reader, "", "there is no command '%s'", name);
}

static void find_command(struct ctl_reader *reader)
{
    struct ctl_options *options = reader->options;

    if (!options->command_name)
        return;
    options->command = ctl_command_find(options->command_name);
    if (!options->command)
        options->op = cloud_op_find(options->command_name);
    if (!options->command && !options->op)
        unknown_command(reader, options->command_name);
}

/* Refuses parameters that the operation does not take. */
static void check_params(struct ctl_reader *reader)
{
    const struct ctl_options *options = reader->options;
    uint64_t known = options->op ? options->op->required | options->op->optional : 0;

    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        ctl_auto_free char *name = NULL;

        if (!((reader->given & ~known) & UINT64_C(1) << i))
            continue;
        name = ctl_option_name(cloud_param_info((enum cloud_param)i)->name);
        CTL_MISTAKE(reader, name, "%s does not take --%s", options->command_name, name);
    }
}

static bool has_csv(const struct ctl_options *options)
{
    return options->op ? options->op->op != CLOUD_OP_INVOKE
                       : options->command && options->command->rows;
}

static void check_options(struct ctl_reader *reader)
{
    const struct ctl_options *options = reader->options;

    for (const struct ctl_option *row = ctl_option_rows; row->name; row++)
        if (row->fits && ctl_option_is_set(options, row) && !row->fits(options))
            CTL_MISTAKE(reader, row->name, "--%s is for %s", row->name, row->fits_what);
    if (options->wait && options->no_wait)
        CTL_MISTAKE(reader, "wait", "--wait and --no-wait exclude each other; give one of them");
    if (options->output == CTL_MARKDOWN && !(options->command && options->command->markdown))
        CTL_MISTAKE(reader, "output", "-o markdown is for support and actions; use table or json");
    if (options->output == CTL_CSV && !has_csv(options))
        CTL_MISTAKE(reader, "output", "-o csv is for rows; use -o json");
    if (options->columns && (options->output == CTL_JSON || options->output == CTL_YAML))
        CTL_MISTAKE(reader, "columns", "--columns is for tables and CSV; -o json has all members");

    if (options->all_clouds && options->cloud)
        CTL_MISTAKE(reader, "cloud",
                    "--cloud and --all-clouds exclude each other; give one of them");
    if (options->timeout_s && options->op && options->op->op != CLOUD_OP_DESCRIBE_TASK &&
        !options->wait)
        CTL_MISTAKE(reader, "timeout", "--timeout needs --wait: without it nothing is waited for");
}

/* Takes the instance, or the action of invoke. No configuration supplies them, so a missing one is
 * a mistake here. */
static void take_argument(struct ctl_reader *reader)
{
    const struct ctl_options *options = reader->options;
    const struct cloud_param_info *info;
    enum cloud_param param;

    if (!options->op) {
        if (options->argument && options->command && !options->command->argument)
            too_many(reader, options->argument);
        return;
    }
    param = ctl_positional(options->op);
    if (param == CLOUD_PARAM__COUNT) {
        if (options->argument)
            too_many(reader, options->argument);
        return;
    }
    info = cloud_param_info(param);
    if (options->argument)
        ctl_set_param(reader, info, options->argument);
    else if (!(reader->given & UINT64_C(1) << param) && !options->help &&
             options->op->required & UINT64_C(1) << param)
        CTL_MISTAKE(reader, info->name, "%s needs %s: cloudctl %s %s", options->command_name,
                    param == CLOUD_PARAM_ACTION ? "the vendor's action" : "the id of an instance",
                    options->command_name, param == CLOUD_PARAM_ACTION ? "ACTION" : "INSTANCE_ID");
}

int ctl_options_read(int argc, char **argv, struct ctl_options *ret, struct cloud_error *err)
{
    struct ctl_reader reader = { argc, argv, 1, ret, 0, NULL, NULL, err };
    bool only_arguments = false;

    ret->extra = ctl_alloc((size_t)argc * sizeof(*ret->extra));
    for (; reader.at < argc; reader.at++) {
        const char *text = argv[reader.at];

        if (only_arguments || text[0] != '-' || !text[1])
            read_argument(&reader, text);
        else if (strcmp(text, "--") == 0)
            only_arguments = true;
        else if (text[1] == '-')
            ctl_read_long(&reader, text + 2);
        else
            ctl_read_short(&reader, text + 1);
    }
    find_command(&reader);
    if (err->code)
        return err->code;
    take_argument(&reader);
    check_extra_arguments(&reader);
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
    free(options->extra);
    options->extra = NULL;
}
