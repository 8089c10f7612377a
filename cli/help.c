/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prints help. The texts come from lists: operations and parameters of the library, commands
 * (commands.c) and options (options.c) of cloudctl. Only the values of the examples are here.
 */
#include "cli/cli.h"
#include "include/cloud_provider/ascii.h"

#include <stdio.h>
#include <string.h>

#define INDENT 26
#define WIDTH 80

/* Values of parameters in examples. A parameter without one shows its placeholder. */
static const char *const samples[CLOUD_PARAM__COUNT] = {
    [CLOUD_PARAM_INSTANCE_ID] = "i-5hqzx3s1ab",
    [CLOUD_PARAM_PASSWORD] = "-",
    [CLOUD_PARAM_PERIOD] = "1month",
    [CLOUD_PARAM_AUTO_RENEW] = "yes",
    [CLOUD_PARAM_ACTION] = "describeImageConstraints",
};

/* Optional parameters that an example shows. */
static const struct {
    enum cloud_op op;
    const char *more;
} example_options[] = {
    { CLOUD_OP_DESCRIBE_PRICE, " --cpu 2 --memory-gb 4 --period 1month --all-clouds" },
    { CLOUD_OP_CREATE_INSTANCE,
      " --name web-1 --cpu 2 --memory-gb 4 --period 1month --password - --wait" },
    { CLOUD_OP_CREATE_INSTANCE_DRY_RUN, " --name web-1 --cpu 2 --memory-gb 4 --period 1month" },
    { CLOUD_OP_DESCRIBE_UPGRADE_PRICE, " --cpu 4 --memory-gb 8" },
    { CLOUD_OP_UPGRADE_INSTANCE, " --cpu 4 --memory-gb 8 --wait" },
    { CLOUD_OP_START_INSTANCE, " --wait" },
    { CLOUD_OP_DESCRIBE_TASK, " i-5hqzx3s1ab --timeout 120" },
    { CLOUD_OP_INVOKE, " imageId=img-demowin2019x" },
};

static const char exit_codes[] =
    "Exit codes: 0 done, 1 refused or failed (nothing was changed or bought),\n"
    "            2 usage or configuration, 3 it was or may have been applied (do not\n"
    "            repeat it; standard error has the outcome and the ids),\n"
    "            4 unsupported by this vendor, 130 interrupted\n"
    "            With several ids, the code of the worst result.\n";

static const char invoke_values[] =
    "\n"
    "\"cloudctl actions\" lists the actions and their parameters. The type of a parameter decides\n"
    "how its value is written: a number, true or false, a list as a,b or KEY=a KEY=b, an object\n"
    "or a list of objects as JSON. The value \"-\" reads a secret from the terminal without\n"
    "showing it, or from a line of standard input.\n";

/* Prints a name and its meaning; the meaning is wrapped within its own column. */
static void print_entry(const char *name, const char *meaning)
{
    int column = printf("  %-*s ", INDENT - 3, name);

    if (column > INDENT) {
        printf("\n%*s", INDENT, "");
        column = INDENT;
    }
    while (*meaning) {
        size_t len = strcspn(meaning, " ");

        if (column > INDENT && column + (int)len > WIDTH) {
            printf("\n%*s", INDENT, "");
            column = INDENT;
        }
        printf("%s%.*s", column > INDENT ? " " : "", (int)len, meaning);
        column += (int)len + 1;
        meaning += len;
        meaning += strspn(meaning, " ");
    }
    putchar('\n');
}

static void print_option(const struct ctl_option *row)
{
    ctl_auto_free char *letter = row->letter ? ctl_format("-%c, ", row->letter) : ctl_strdup("");
    ctl_auto_free char *name = ctl_format("%s--%s%s%s", letter, row->name, row->value ? " " : "",
                                          row->value ? row->value : "");

    print_entry(name, row->summary);
}

/* Prints the options of this command, or all options. */
static void print_options(const struct ctl_options *options)
{
    printf("\nOptions:\n");
    for (const struct ctl_option *row = ctl_option_rows; row->name; row++)
        if (!row->fits || !options->command_name || row->fits(options))
            print_option(row);
    putchar('\n');
}

static void print_group(const char *title, enum cloud_effect effect)
{
    printf("\n%s:\n", title);
    for (int i = 0; i < CLOUD_OP__COUNT; i++) {
        const struct cloud_op_info *op = cloud_op_info((enum cloud_op)i);

        if (op->effect == effect)
            print_entry(op->word, op->summary);
    }
}

static void print_commands(const struct ctl_options *options)
{
    printf("Usage: cloudctl [--cloud NAME] [-o FORMAT] COMMAND [ID...] [--parameter VALUE...]\n"
           "\n"
           "Manages cloud servers of several vendors with the same commands.\n"
           "No configuration yet? Try: cloudctl --cloud demo regions\n");
    print_group("Commands that only read", CLOUD_READS);
    print_group("Commands that change something", CLOUD_CHANGES);
    print_group("Commands that can spend money", CLOUD_SPENDS);
    printf("\nOther commands:\n");
    for (const struct ctl_command *row = ctl_commands; row->name; row++)
        print_entry(row->name, row->summary);
    print_options(options);
    fputs(exit_codes, stdout);
    printf("\nRun \"cloudctl COMMAND --help\" for the parameters of a command.\n");
}

static char *upper_name(const char *name)
{
    char *upper = ctl_strdup(name);

    for (char *c = upper; *c; c++)
        *c = cc_ascii_upper(*c);
    return upper;
}

/* "--period PERIOD"; for the positional parameter only "INSTANCE_ID" */
static char *param_usage(const struct cloud_op_info *op, const struct cloud_param_info *info)
{
    ctl_auto_free char *name = ctl_option_name(info->name);

    if (info->param == ctl_positional(op))
        return upper_name(info->name);
    return ctl_format("--%s %s", name, info->value ? info->value : "[yes|no]");
}

static void print_params(const char *title, const struct cloud_op_info *op, uint64_t mask)
{
    if (mask)
        printf("\n%s:\n", title);
    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        const struct cloud_param_info *info = cloud_param_info((enum cloud_param)i);
        ctl_auto_free char *usage = param_usage(op, info);
        ctl_auto_free char *meaning = NULL;

        if (!(mask & UINT64_C(1) << i))
            continue;
        meaning = info->secret
                      ? ctl_format("%s; \"-\" reads it from the terminal without showing it, or "
                                   "from a line of standard input; --%s-file FILE reads the first "
                                   "line of a file. Other users of the machine can see a value on "
                                   "the command line",
                                   info->summary, info->name)
                      : ctl_strdup(info->summary);
        print_entry(usage, meaning);
    }
}

static void print_usage(const struct cloud_op_info *op)
{
    enum cloud_param positional = ctl_positional(op);

    printf("Usage: cloudctl [--cloud NAME] %s", op->word);
    if (positional != CLOUD_PARAM__COUNT) {
        ctl_auto_free char *name = upper_name(cloud_param_info(positional)->name);
        bool required = op->required & UINT64_C(1) << positional;

        printf(required ? " %s" : " [%s]", name);
        if (ctl_takes_several(op))
            printf("...");
    }
    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        ctl_auto_free char *usage = param_usage(op, cloud_param_info((enum cloud_param)i));

        if (op->required & UINT64_C(1) << i && i != (int)positional)
            printf(" %s", usage);
    }
    if (op->op == CLOUD_OP_INVOKE)
        printf(" [KEY=VALUE... | --json FILE]");
    else if (op->optional)
        printf(" [--parameter VALUE...]");
    printf("\n\n%s.\n", op->summary);
    if (op->op == CLOUD_OP_INVOKE)
        fputs(invoke_values, stdout);
    if (positional == CLOUD_PARAM_INSTANCE_ID)
        printf("\nINSTANCE_ID is the vendor's id of an instance, or a name that only one instance "
               "has.\n");
}

static void print_example(const struct cloud_op_info *op)
{
    printf("\nExample: cloudctl --cloud demo %s", op->word);
    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        const struct cloud_param_info *info = cloud_param_info((enum cloud_param)i);
        ctl_auto_free char *name = ctl_option_name(info->name);
        const char *sample = samples[i] ? samples[i] : info->value;

        if (!(op->required & UINT64_C(1) << i))
            continue;
        if (info->param == ctl_positional(op))
            printf(" %s", sample);
        else
            printf(" --%s %s", name, sample ? sample : "");
    }
    for (size_t i = 0; i < CTL_COUNT(example_options); i++)
        if (example_options[i].op == op->op)
            fputs(example_options[i].more, stdout);
    putchar('\n');
}

static void print_operation(const struct ctl_options *options)
{
    const struct cloud_op_info *op = options->op;

    print_usage(op);
    print_params("Required", op, op->required);
    print_params("Optional (some vendors require some of them)", op, op->optional);
    if (op->required | op->optional)
        printf("\nA parameter that is not given comes from \"parameters:\" of the cloud in "
               "clouds.yaml.\n");
    print_options(options);
    fputs(exit_codes, stdout);
    print_example(op);
}

static void print_command(const struct ctl_options *options)
{
    const struct ctl_command *command = options->command;

    printf("Usage: cloudctl %s%s%s\n\n%s.\n", command->name, command->argument ? " " : "",
           command->argument ? command->argument : "", command->summary);
    if (command->details)
        printf("\n%s", command->details);
    print_options(options);
    if (command->markdown)
        printf("-o markdown is also accepted.\n\n");
    fputs(exit_codes, stdout);
    printf("\nExample: cloudctl %s%s%s\n", command->name, command->example ? " " : "",
           command->example ? command->example : "");
}

void ctl_help(const struct ctl_options *options)
{
    if (options->op)
        print_operation(options);
    else if (options->command)
        print_command(options);
    else
        print_commands(options);
}

int ctl_help_run(const struct ctl_options *options)
{
    struct ctl_options about = { .command_name = options->argument };
    struct cloud_error err = { 0 };

    if (about.command_name) {
        about.command = ctl_command_find(about.command_name);
        about.op = about.command ? NULL : cloud_op_find(about.command_name);
    }
    if (about.command_name && !about.command && !about.op) {
        ctl_refuse(&err, CLOUD_EINVAL, "", "there is no command '%s'", about.command_name);
        return ctl_stop(options, &err);
    }
    ctl_help(&about);
    return CTL_DONE;
}
