/* SPDX-License-Identifier: Apache-2.0 */
/* Builds commands that an error or a note suggests, quoted for a shell. */
#include "cli/cli.h"

#include <stdarg.h>

static char *add_word(char *command, const char *word)
{
    ctl_auto_free char *before = command, *quoted = ctl_quote(word);

    return ctl_format("%s %s", before, quoted);
}

static char *add_option(char *command, const char *option, const char *value)
{
    return value ? add_word(add_word(command, option), value) : command;
}

char *ctl_suggest_command(const struct ctl_options *options, ...)
{
    char *command = ctl_strdup("cloudctl");
    const char *word;
    va_list args;

    command = add_option(command, "--config", options->config);
    command = add_option(command, "--cloud", options->cloud);
    command = add_option(command, "--region", options->region);
    va_start(args, options);
    while ((word = va_arg(args, const char *)))
        command = add_word(command, word);
    va_end(args);
    return command;
}
