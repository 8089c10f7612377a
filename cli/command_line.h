/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the parts that command_line.c, options.c and params.c share. */
#ifndef CTL_COMMAND_LINE_H
#define CTL_COMMAND_LINE_H

#include "cli/cli.h"

/* The state of the reader. It keeps the first mistake and reads the rest all the same: a later
 * -o json decides how the mistake is printed. */
struct ctl_reader {
    int argc;
    char **argv;
    int at;
    struct ctl_options *options;
    uint64_t given;                        /* bits of the parameters that were given */
    const struct cloud_param_info *secret; /* read last, when all else is correct; NULL: none */
    const char *secret_path;               /* the file it is in; NULL: terminal or stdin */
    struct cloud_error *err;
};

#define CTL_MISTAKE(reader, parameter, ...) \
    ((reader)->err->code \
         ? (void)0 \
         : (void)ctl_refuse((reader)->err, CLOUD_EINVAL, (parameter), __VA_ARGS__))

/* options.c: reads one argument that begins with "-" */
void ctl_read_long(struct ctl_reader *reader, const char *text);
void ctl_read_short(struct ctl_reader *reader, const char *letters);
bool ctl_option_is_set(const struct ctl_options *options, const struct ctl_option *row);

/* params.c: parameters of operations */
bool ctl_read_param(struct ctl_reader *reader, const char *name, const char *inline_value);
void ctl_set_param(struct ctl_reader *reader, const struct cloud_param_info *info,
                   const char *value);
void ctl_read_secret(struct ctl_reader *reader);
/* the value after "=" or in the next argument; NULL and a mistake when there is none */
const char *ctl_value_of(struct ctl_reader *reader, const char *name, const char *inline_value);

#endif
