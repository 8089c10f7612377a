/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the files of cloudctl share: the command line as read, errors and exit codes, small helpers.
 * Knows the library by its public header only; what a result looks like is in cli/result_fields.h.
 */
#ifndef CTL_CLI_H
#define CTL_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/cloud_client.h"

#define CTL_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ctl_auto_free __attribute__((cleanup(ctl_free_pointer)))

/* A promise to scripts: README, man page and every --help say the same. */
enum ctl_exit {
    CTL_DONE = 0,
    CTL_FAILED = 1,      /* refused or failed */
    CTL_USAGE = 2,       /* a parameter, an option or the configuration is to be mended */
    CTL_UNKNOWN = 3,     /* it may have been done: not to be repeated */
    CTL_UNSUPPORTED = 4, /* this vendor cannot */
    CTL_INTERRUPTED = 130
};

enum ctl_output { CTL_TABLE, CTL_JSON, CTL_MARKDOWN };

struct ctl_command;

/* The command line, read whole. Strings point into argv but for the secret. */
struct ctl_options {
    const char *config;
    const char *cloud;
    const char *region;
    const char *journal;
    enum ctl_output output;
    bool help;
    bool version;
    bool debug;
    bool wait;
    bool no_wait;
    bool all_clouds;
    int timeout_s;        /* 0: the library's own */
    const char *word;     /* the command as typed; NULL: none */
    const char *argument; /* what stands behind it; NULL: nothing */
    const char **words;   /* and behind that: invoke's "key=value" */
    size_t word_count;
    const char *json; /* invoke: the file its parameters stand in, "-": standard input */
    const struct cloud_op_info *op;    /* the operation of that word, or */
    const struct ctl_command *command; /* a command of the program itself, or neither */
    struct cloud_params params;
    char *secret; /* a secret read from a terminal or a file; params points to it */
};

/* A command that is no operation of the library. */
struct ctl_command {
    const char *word;
    const char *summary;
    const char *argument; /* what may stand behind it, "[WORD]"; NULL: nothing */
    const char *example;  /* of that */
    bool markdown;        /* whether -o markdown means anything to it */
    int (*run)(const struct ctl_options *options);
};

/* An option of the program: parameters of operations are not here but in the library's own list. */
struct ctl_option {
    const char *name;
    char letter;       /* 0: none */
    const char *value; /* what stands for its value in help; NULL: a flag */
    const char *summary;
    int kind;
    size_t at;                                       /* in struct ctl_options */
    bool (*fits)(const struct ctl_options *options); /* NULL: every command */
    const char *fits_what;                           /* completes "is for ..." */
};

/* options.c; option rows end with a name of NULL */
extern const struct ctl_option ctl_option_rows[];
int ctl_options_read(int argc, char **argv, struct ctl_options *ret, struct cloud_error *err);
void ctl_options_clear(struct ctl_options *options);
bool ctl_can_wait(const struct ctl_options *options);
enum cloud_param ctl_positional(const struct cloud_op_info *op); /* CLOUD_PARAM__COUNT: none */
char *ctl_option_name(const char *param_name); /* "image_id" to "image-id"; caller frees */

/* secret.c: where a secret comes from when it is not on the command line */
int ctl_secret_ask(const char *name, char **ret, struct cloud_error *err);
int ctl_secret_file(const char *path, const char *name, char **ret, struct cloud_error *err);
void ctl_secret_free(char *secret);

/* commands.c; rows end with a word of NULL */
extern const struct ctl_command ctl_commands[];
const struct ctl_command *ctl_command_find(const char *word);

/* help.c */
void ctl_help(const struct ctl_options *options);
int ctl_help_run(const struct ctl_options *options);

/* clouds.c: configured clouds, and the built-in ones where no configuration names them */
#define CTL_NO_CONFIGURATION "clouds.yaml" /* what the error names when there is none at all */
void ctl_clouds_explain(void);             /* how to begin, to stderr */
int ctl_clouds_load(const struct ctl_options *options, struct cloud_config **ret_or_null,
                    struct cloud_error *err);
int ctl_cloud_open(const struct ctl_options *options, const struct cloud_config *config,
                   const char *name, struct cloud_client **ret, struct cloud_error *err);
int ctl_client_open(const struct ctl_options *options, struct cloud_client **ret,
                    struct cloud_error *err);
int ctl_clouds_run(const struct ctl_options *options);
/* calls @take with each cloud's name, configured and built in */
void ctl_clouds_walk(const struct cloud_config *config,
                     void (*take)(const struct cloud_config_cloud *cloud, void *user_data),
                     void *user_data);
/* the provider of the cloud that was named; NULL when none was. Caller frees */
int ctl_cloud_provider(const struct ctl_options *options, char **ret_or_null,
                       struct cloud_error *err);

/* demo.c: clouds on the embedded emulator that need no configuration */
const struct cloud_config_cloud *ctl_demo_cloud(size_t n); /* NULL past the last */
const struct cloud_config_cloud *ctl_demo_find(const char *name);
int ctl_demo_client(const struct cloud_config_cloud *demo, const struct ctl_options *options,
                    struct cloud_client **ret, struct cloud_error *err);

/* run.c, wait.c, compare.c, support.c: the work */
int ctl_operation_run(const struct ctl_options *options);
int ctl_wait_run(struct cloud_client *client, const struct ctl_options *options,
                 const struct cloud_params *params, struct cloud_result *ret,
                 struct cloud_error *err);
int ctl_compare_run(const struct ctl_options *options);
int ctl_support_run(const struct ctl_options *options);

/* journal.c: a call, through the journal where it spends and a journal is named; and what the
 * journal has */
int ctl_spend(struct cloud_client *client, const struct ctl_options *options,
              struct cloud_result *ret, struct cloud_error *err);
/* the command that settles an unknown outcome; NULL: it did not go through a journal. Caller frees
 */
char *ctl_journal_command(const struct ctl_options *options);
int ctl_journal_run(const struct ctl_options *options);

/* invoke.c: the action's parameters as JSON text, from words or a file; NULL: neither was given.
 * May hold secrets: ctl_secret_free() */
int ctl_invoke_read(const struct ctl_options *options, const char *provider, char **ret_or_null,
                    struct cloud_error *err);

/* actions.c: what invoke can be asked for */
int ctl_actions_run(const struct ctl_options *options);

/* complete.c: "cloudctl __complete WORD...", what the last word may become. Made for completions/
 */
#define CTL_COMPLETE "__complete"
int ctl_complete_run(int count, char **words);

/* interrupt.c: what is said on Ctrl-C, written down beforehand. Texts are borrowed meanwhile */
void ctl_interrupt_arm(const char *to_stdout, const char *to_stderr, enum ctl_exit status);
void ctl_interrupt_disarm(void);

/* error.c */
int ctl_refuse(struct cloud_error *err, int code, const char *parameter, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
enum ctl_exit ctl_exit_of(const struct cloud_error *err);
/* what to do next; caller frees */
char *ctl_advice(const struct ctl_options *options, const struct cloud_error *err);
/* a command to type for the same cloud: "cloudctl --cloud demo wait i-1"; caller frees */
char *ctl_command_line(const struct ctl_options *options, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void ctl_error_print(const char *word, const struct cloud_error *err, const char *next);
/* error to stderr, and to stdout too when it speaks JSON; returns the exit code */
int ctl_stop(const struct ctl_options *options, const struct cloud_error *err);

/* text.c */
void *ctl_checked(void *memory); /* ends the program when it is NULL: out of memory */
void *ctl_alloc(size_t size);    /* zeroed */
char *ctl_strdup(const char *text);
char *ctl_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
void ctl_free_pointer(void *pointer);
/* replaces what is not UTF-8, and, with @controls, what would move a terminal's cursor */
void ctl_clean(char *text, bool controls);
/* the candidate that @text was probably meant to be, else NULL */
struct ctl_nearest {
    const char *best;
    size_t distance;
};
void ctl_nearest_try(struct ctl_nearest *nearest, const char *text, const char *candidate);

#endif
