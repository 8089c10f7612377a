/* SPDX-License-Identifier: Apache-2.0 */
/* What the files that read the command line share; for nobody else. */
#ifndef CTL_READER_H
#define CTL_READER_H

#include "cli/cli.h"

/* Where the reading stands. Only the first mistake is kept; the rest is read on, to learn of -o
 * json. */
struct ctl_reader {
    int argc;
    char **argv;
    int at;
    struct ctl_options *options;
    uint64_t given;                        /* bits of the parameters seen */
    const struct cloud_param_info *secret; /* to be read once all else is right; NULL: none */
    const char *secret_path;               /* from this file; NULL: from standard input */
    struct cloud_error *err;
};

#define CTL_MISTAKE(reader, parameter, ...) \
    ((reader)->err->code \
         ? (void)0 \
         : (void)ctl_refuse((reader)->err, CLOUD_EINVAL, (parameter), __VA_ARGS__))

/* options.c: one argument that begins with "-" */
void ctl_read_long(struct ctl_reader *reader, const char *text);
void ctl_read_short(struct ctl_reader *reader, const char *letters);
bool ctl_option_is_set(const struct ctl_options *options, const struct ctl_option *row);

/* params.c: parameters of operations */
bool ctl_read_param(struct ctl_reader *reader, const char *name, const char *inline_value);
void ctl_set_param(struct ctl_reader *reader, const struct cloud_param_info *info,
                   const char *value);
void ctl_read_secret(struct ctl_reader *reader);
const char *ctl_value_of(struct ctl_reader *reader, const char *name, const char *inline_value);

#endif
