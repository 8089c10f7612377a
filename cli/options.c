/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the options of cloudctl with their help texts, and reads them. All other names after "--"
 * are parameters of operations: see params.c. Names are never abbreviated, because a wrong guess
 * could spend money.
 */
#include "cli/command_line.h"

#include <stdlib.h>
#include <string.h>

enum option_kind { OPTION_TEXT, OPTION_FLAG, OPTION_SECONDS, OPTION_OUTPUT };

#define AT(member) offsetof(struct ctl_options, member)

bool ctl_can_wait(const struct ctl_options *options)
{
    return options->op &&
           (options->op->effect != CLOUD_READS || options->op->op == CLOUD_OP_DESCRIBE_TASK);
}

static bool is_invoke(const struct ctl_options *options)
{
    return options->op && options->op->op == CLOUD_OP_INVOKE;
}

static bool is_price(const struct ctl_options *options)
{
    return options->op && options->op->op == CLOUD_OP_DESCRIBE_PRICE;
}

static bool can_change(const struct ctl_options *options)
{
    return options->op && options->op->effect != CLOUD_READS;
}

static bool has_rows(const struct ctl_options *options)
{
    if (options->op)
        return options->op->effect == CLOUD_READS;
    return options->command && options->command->rows;
}

#define ROWS "commands that list or show something"
#define WAITING "commands that change something, and for wait"

/* clang-format off */
const struct ctl_option ctl_option_rows[] = {
    { "cloud", 0, "NAME",
      "a cloud of clouds.yaml, or a built-in cloud (demo, demo-ecs, demo-ccs); "
      "default: $CLOUD_CLIENT_CLOUD, or the only cloud in clouds.yaml",
      OPTION_TEXT, AT(cloud), NULL, NULL },
    { "config", 0, "FILE",
      "the configuration; default: $CLOUD_CLIENT_CONFIG, or clouds.yaml in "
      "$XDG_CONFIG_HOME/cloud-client/ or /etc/cloud-client/",
      OPTION_TEXT, AT(config), NULL, NULL },
    { "region", 0, "REGION", "another region of a built-in cloud",
      OPTION_TEXT, AT(region), NULL, NULL },
    { "journal", 0, "URI",
      "the journal that records purchases, sqlite:PATH or postgresql://...; "
      "default: $CLOUD_CLIENT_JOURNAL, or \"journal:\" in the configuration, or none",
      OPTION_TEXT, AT(journal), NULL, NULL },
    { "output", 'o', "table|wide|json|yaml|csv",
      "a table for people (default), fitted to the terminal, or with wide not; JSON, YAML or CSV "
      "for programs",
      OPTION_OUTPUT, AT(output), NULL, NULL },
    { "columns", 0, "NAME,...",
      "the members that a table or CSV has; -o json shows all their names",
      OPTION_TEXT, AT(columns), has_rows, ROWS },
    { "sort", 0, "NAME", "sort rows by this member; -NAME sorts from the highest to the lowest",
      OPTION_TEXT, AT(sort), has_rows, ROWS },
    { "no-header", 0, NULL, "leave out the names of the columns",
      OPTION_FLAG, AT(no_header), has_rows, ROWS },
    { "yes", 'y', NULL,
      "do not ask before spending or deleting; without a terminal nothing is asked",
      OPTION_FLAG, AT(yes), can_change, "commands that change something" },
    { "wait", 0, NULL, "wait until the vendor has completed the work",
      OPTION_FLAG, AT(wait), ctl_can_wait, WAITING },
    { "no-wait", 0, NULL,
      "return when the vendor has accepted the request (default, except for wait)",
      OPTION_FLAG, AT(no_wait), ctl_can_wait, WAITING },
    { "timeout", 0, "SECONDS", "the longest time to wait; default: 600",
      OPTION_SECONDS, AT(timeout_s), ctl_can_wait, WAITING },
    { "all-clouds", 0, NULL,
      "get the price of every configured cloud for one period (default: 1month), lowest first",
      OPTION_FLAG, AT(all_clouds), is_price, "price" },
    { "json", 0, "FILE",
      "a file with the action's parameters as a JSON object; - reads standard input",
      OPTION_TEXT, AT(json), is_invoke, "invoke" },
    { "debug", 'v', NULL, "write the library's log to standard error",
      OPTION_FLAG, AT(debug), NULL, NULL },
    { "help", 'h', NULL, "show this help",
      OPTION_FLAG, AT(help), NULL, NULL },
    { "version", 0, NULL, "show the version",
      OPTION_FLAG, AT(version), NULL, NULL },
    { 0 }
};
/* clang-format on */

static void set_output(struct ctl_reader *reader, const char *value)
{
    static const char *const names[] = {
        [CTL_TABLE] = "table", [CTL_WIDE] = "wide", [CTL_JSON] = "json",
        [CTL_YAML] = "yaml",   [CTL_CSV] = "csv",   [CTL_MARKDOWN] = "markdown",
    };

    for (size_t i = 0; i < CTL_COUNT(names); i++) {
        if (strcmp(names[i], value) == 0) {
            reader->options->output = (enum ctl_output)i;
            return;
        }
    }
    CTL_MISTAKE(reader, "output", "--output %s: the output is table, wide, json, yaml or csv",
                value);
}

static void set_seconds(struct ctl_reader *reader, const char *value, int *ret)
{
    char *end;
    long seconds = strtol(value, &end, 10);

    if (*value < '0' || *value > '9' || *end || seconds < 1 || seconds > 1000000)
        CTL_MISTAKE(reader, "timeout",
                    "--timeout %s: the timeout is a number of seconds from 1 to 1000000", value);
    else
        *ret = (int)seconds;
}

static void set_option(struct ctl_reader *reader, const struct ctl_option *row,
                       const char *inline_value)
{
    void *member = (char *)reader->options + row->at;
    const char *value = NULL;

    if (row->value && !(value = ctl_value_of(reader, row->name, inline_value)))
        return;
    if (!row->value && inline_value) {
        CTL_MISTAKE(reader, row->name, "--%s takes no value", row->name);
        return;
    }
    switch ((enum option_kind)row->kind) {
    case OPTION_TEXT: *(const char **)member = value; break;
    case OPTION_FLAG: *(bool *)member = true; break;
    case OPTION_SECONDS: set_seconds(reader, value, member); break;
    case OPTION_OUTPUT: set_output(reader, value); break;
    }
}

static void unknown_option(struct ctl_reader *reader, const char *name)
{
    struct ctl_nearest nearest = { 0 };
    ctl_auto_free char *spelled = NULL;

    for (const struct ctl_option *row = ctl_option_rows; row->name; row++)
        ctl_nearest_try(&nearest, name, row->name);
    for (int i = 0; i < CLOUD_PARAM__COUNT; i++)
        ctl_nearest_try(&nearest, name, cloud_param_info((enum cloud_param)i)->name);
    if (!nearest.best) {
        CTL_MISTAKE(reader, name, "there is no option --%s", name);
        return;
    }
    spelled = ctl_option_name(nearest.best);
    CTL_MISTAKE(reader, name, "there is no option --%s; did you mean --%s?", name, spelled);
}

void ctl_read_long(struct ctl_reader *reader, const char *text)
{
    size_t len = strcspn(text, "=");
    ctl_auto_free char *name = ctl_format("%.*s", (int)len, text);
    const char *inline_value = text[len] ? text + len + 1 : NULL;

    for (const struct ctl_option *row = ctl_option_rows; row->name; row++) {
        if (strcmp(row->name, name) == 0) {
            set_option(reader, row, inline_value);
            return;
        }
    }
    if (!ctl_read_param(reader, name, inline_value))
        unknown_option(reader, name);
}

/* "-h", "-vh", "-o json", "-ojson" */
void ctl_read_short(struct ctl_reader *reader, const char *letters)
{
    for (; *letters; letters++) {
        const struct ctl_option *row = ctl_option_rows;

        while (row->name && row->letter != *letters)
            row++;
        if (!row->name) {
            CTL_MISTAKE(reader, "", "there is no option -%c", *letters);
            return;
        }
        set_option(reader, row, row->value && letters[1] ? letters + 1 : NULL);
        if (row->value)
            return;
    }
}

bool ctl_option_is_set(const struct ctl_options *options, const struct ctl_option *row)
{
    const void *member = (const char *)options + row->at;

    switch ((enum option_kind)row->kind) {
    case OPTION_FLAG: return *(const bool *)member;
    case OPTION_SECONDS: return *(const int *)member != 0;
    case OPTION_TEXT: return *(const char *const *)member != NULL;
    case OPTION_OUTPUT: return *(const enum ctl_output *)member != CTL_TABLE;
    }
    return false;
}
