/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the parts that the files of cloudctl share: the command line after reading, errors, exit
 * codes and small helpers. It uses the public header of the library only. The members of a result
 * are described in cli/result_fields.h.
 */
#ifndef CTL_CLI_H
#define CTL_CLI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "include/cloud_client.h"

#define CTL_COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define ctl_auto_free __attribute__((cleanup(ctl_free_pointer)))

/* Scripts rely on these numbers. The README, the man page and every --help list them. */
enum ctl_exit {
    CTL_DONE = 0,
    CTL_FAILED = 1,      /* refused or failed: nothing was changed or bought */
    CTL_USAGE = 2,       /* fix a parameter, an option or the configuration */
    CTL_UNKNOWN = 3,     /* it was or may have been applied: do not repeat it */
    CTL_UNSUPPORTED = 4, /* this vendor does not support it */
    CTL_INTERRUPTED = 130
};

enum ctl_output { CTL_TABLE, CTL_WIDE, CTL_JSON, CTL_YAML, CTL_CSV, CTL_MARKDOWN };

/* Commands that are not operations of the library. */
enum ctl_command_id {
    CTL_COMMAND_NONE = 0, /* the end of the list */
    CTL_COMMAND_CLOUDS,
    CTL_COMMAND_SUPPORT,
    CTL_COMMAND_ACTIONS,
    CTL_COMMAND_JOURNAL,
    CTL_COMMAND_HELP,
    CTL_COMMAND_VERSION
};

struct ctl_command {
    enum ctl_command_id id;
    const char *name;
    const char *summary;
    const char *argument; /* what may follow the name, "[TEXT]"; NULL: nothing */
    const char *example;  /* a value of the argument; NULL: none */
    bool markdown;        /* accepts -o markdown */
    bool rows;            /* prints rows: accepts -o csv, --columns, --sort and --no-header */
    const char *details;  /* whole lines of help about the argument; NULL: none */
};

/* The command line after reading. Strings point into argv, except for the secret. */
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
    bool yes;
    bool no_header;
    const char *columns;               /* "id,name"; NULL: the columns of the type */
    const char *sort;                  /* "name", "-expires_at"; NULL: the order of the vendor */
    int timeout_s;                     /* 0: the default of the library */
    const char *command_name;          /* as typed; NULL: none */
    const char *argument;              /* the first argument after the command; NULL: none */
    const char **extra;                /* further arguments: ids, or "key=value" of invoke */
    size_t extra_count;                /* number of those */
    const char *json;                  /* file with the parameters of invoke; "-": stdin */
    const struct cloud_op_info *op;    /* set when the command is an operation */
    const struct ctl_command *command; /* set when it is a command of cloudctl itself */
    struct cloud_params params;
    char *secret; /* owned; read from a terminal or a file; params points to it */
};

/* One option of cloudctl. Parameters of operations come from the list of the library instead. */
struct ctl_option {
    const char *name;
    char letter;       /* 0: none */
    const char *value; /* placeholder of its value in help texts; NULL: a flag */
    const char *summary;
    int kind;
    size_t at;                                       /* offset in struct ctl_options */
    bool (*fits)(const struct ctl_options *options); /* NULL: every command */
    const char *fits_what;                           /* the commands, completes "is for ..." */
};

/* options.c: the options of cloudctl; a row with a name of NULL ends the list */
extern const struct ctl_option ctl_option_rows[];
bool ctl_can_wait(const struct ctl_options *options);

/* command_line.c */
int ctl_options_read(int argc, char **argv, struct ctl_options *ret, struct cloud_error *err);
void ctl_options_clear(struct ctl_options *options);

/* params.c: parameters of operations */
/* the parameter that is given without its name; CLOUD_PARAM__COUNT: none */
enum cloud_param ctl_positional(const struct cloud_op_info *op);
bool ctl_takes_several(const struct cloud_op_info *op); /* ids */
char *ctl_option_name(const char *param_name);          /* "image_id" to "image-id"; caller frees */

/* secret_input.c: reads a secret from a terminal, from standard input or from a file */
int ctl_secret_ask(const char *name, char **ret, struct cloud_error *err);
int ctl_secret_file(const char *path, const char *name, char **ret, struct cloud_error *err);
void ctl_secret_free(char *secret);

/* commands.c: a row with a name of NULL ends the list */
extern const struct ctl_command ctl_commands[];
const struct ctl_command *ctl_command_find(const char *name); /* NULL: not found */

/* help.c */
void ctl_help(const struct ctl_options *options);
int ctl_help_run(const struct ctl_options *options);

/* config.c: clouds.yaml. *ret_or_null is NULL when no file exists and none was named */
int ctl_config_load(const struct ctl_options *options, struct cloud_config **ret_or_null,
                    struct cloud_error *err);
/* loads the plug-ins of clouds.yaml */
int ctl_plugins_load(const struct ctl_options *options, struct cloud_error *err);
/* the cloud of --cloud, else of $CLOUD_CLIENT_CLOUD; NULL: none. Borrowed */
const char *ctl_cloud_name(const struct ctl_options *options);
/* --journal, else $CLOUD_CLIENT_JOURNAL, else the configuration; NULL: none. Caller frees */
int ctl_journal_uri(const struct ctl_options *options, char **ret_or_null, struct cloud_error *err);

/* clouds.c: configured clouds, and built-in ones where no configured cloud has their name */
int ctl_cloud_open(const struct ctl_options *options, const struct cloud_config *config,
                   const char *name, struct cloud_client **ret, struct cloud_error *err);
int ctl_client_open(const struct ctl_options *options, struct cloud_client **ret,
                    struct cloud_error *err);
int ctl_clouds_run(const struct ctl_options *options);
/* calls @take with each cloud, configured and built in */
void ctl_clouds_walk(const struct cloud_config *config,
                     void (*take)(const struct cloud_config_cloud *cloud, void *user_data),
                     void *user_data);
/* the provider of the chosen cloud; NULL when no cloud was chosen. Caller frees */
int ctl_cloud_provider(const struct ctl_options *options, char **ret_or_null,
                       struct cloud_error *err);

/* demo_clouds.c: clouds on the embedded emulator that need no configuration */
const struct cloud_config_cloud *ctl_demo_cloud(size_t n); /* NULL past the last */
const struct cloud_config_cloud *ctl_demo_find(const char *name);
int ctl_demo_client(const struct cloud_config_cloud *demo, const struct ctl_options *options,
                    struct cloud_client **ret, struct cloud_error *err);

/* run_operation.c, targets.c, confirm.c, wait.c, compare_prices.c, support.c */
int ctl_operation_run(const struct ctl_options *options);
/* the effect of the command; invoke has that of its action */
enum cloud_effect ctl_effect_of(struct cloud_client *client, const struct ctl_options *options);
/* finds the instance that has @name, when it is the only one; *ret_id_or_null is NULL when there is
 * none. Caller frees */
int ctl_find_by_name(struct cloud_client *client, const char *name, char **ret_id_or_null,
                     struct cloud_error *err);
/* on a terminal, asks before a command spends money or deletes. @max_charge is set to the price
 * that was shown, when no other limit was given */
int ctl_confirm(struct cloud_client *client, const struct ctl_options *options,
                const char *const *ids, size_t count, struct cloud_money *max_charge,
                struct cloud_error *err);
bool ctl_confirm_needed(struct cloud_client *client, const struct ctl_options *options);
int ctl_wait_run(struct cloud_client *client, const struct ctl_options *options,
                 const struct cloud_params *params, struct cloud_result *ret,
                 struct cloud_error *err);
int ctl_compare_run(const struct ctl_options *options);
int ctl_support_run(const struct ctl_options *options);

/* journal.c: makes a call; through the journal when it spends and a journal is configured */
int ctl_spend(struct cloud_client *client, const struct ctl_options *options,
              struct cloud_result *ret, struct cloud_error *err);
int ctl_journal_run(const struct ctl_options *options);

/* invoke.c: the action's parameters as JSON text, from arguments or a file; NULL: neither was
 * given. They may hold secrets: free them with ctl_secret_free() */
int ctl_invoke_read(const struct ctl_options *options, const char *provider, char **ret_or_null,
                    struct cloud_error *err);

/* actions.c: lists the actions that invoke accepts */
int ctl_actions_run(const struct ctl_options *options);

/* completion.c: "cloudctl __complete WORD...", for the scripts in completions/ */
#define CTL_COMPLETE "__complete"
int ctl_complete_run(int count, char **words);

/* interrupt.c: sets what Ctrl-C writes. The texts are borrowed until the matching disarm */
void ctl_interrupt_arm(const char *to_stdout, const char *to_stderr, enum ctl_exit status);
void ctl_interrupt_disarm(void);

/* exit_code.c */
enum ctl_exit ctl_exit_of(const struct cloud_error *err);
enum ctl_exit ctl_exit_worst(enum ctl_exit a, enum ctl_exit b); /* of several results */

/* change.c: what this command changed. Between begin and end its outcome is unknown */
void ctl_change_begin(void);
void ctl_change_end(const struct ctl_options *options, const struct cloud_result *result,
                    const struct cloud_error *err);
bool ctl_change_made(void);       /* or its outcome is unknown */
const char *ctl_change_ids(void); /* "  ids: i-1\n", one line each; "": none */
/* for output that is lost: writes outcome and ids to standard error; returns the exit code, which
 * is @status when nothing was changed */
int ctl_change_report(int status);

/* suggest.c */
/* a command for the same cloud, to type: "cloudctl --cloud demo wait i-1"; caller frees */
/* the words of the command follow, each is quoted for a shell; NULL ends them */
char *ctl_suggest_command(const struct ctl_options *options, ...) __attribute__((sentinel));

/* error.c */
#define CTL_NO_CONFIGURATION "clouds.yaml" /* err.parameter when there is no configuration */
/* keeps a note on the region of the opened cloud, which becomes the advice of later errors */
void ctl_set_region_note(const char *note);
int ctl_refuse(struct cloud_error *err, int code, const char *parameter, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* what to do next; caller frees */
char *ctl_advice(const struct ctl_options *options, const struct cloud_error *err);
void ctl_error_print(const char *command_name, const struct cloud_error *err, const char *next);
/* writes one line to standard error; control characters are replaced */
void ctl_note(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* writes how to begin without a configuration to standard error */
void ctl_explain_setup(void);
/* writes the error to standard error, and with -o json to standard output; returns the exit code */
int ctl_stop(const struct ctl_options *options, const struct cloud_error *err);

/* text.c */
/* called before the program ends for want of memory; NULL: nothing */
extern void (*ctl_on_no_memory)(void);
void *ctl_checked(void *memory); /* ends the program when @memory is NULL: out of memory */
void *ctl_alloc(size_t size);    /* zeroed */
char *ctl_strdup(const char *text);
char *ctl_format(const char *format, ...) __attribute__((format(printf, 1, 2)));
void ctl_free_pointer(void *pointer);
/* replaces bytes that are not UTF-8; with @controls also control characters, which could move the
 * cursor of a terminal or change the order of a line */
void ctl_clean(char *text, bool controls);
bool ctl_has_control(const char *text); /* or a byte that is not UTF-8 */
/* JSON text with the control characters of its strings as escapes; caller frees */
char *ctl_escape_controls(const char *json);
char *ctl_quote(const char *text); /* one word for a shell; caller frees */
/* finds the candidate nearest to a mistyped text, without regard to case; best is NULL when none is
 * near: more than a third of its characters differ, or half of a short name's */
struct ctl_nearest {
    const char *best;
    size_t distance;
};
void ctl_nearest_try(struct ctl_nearest *nearest, const char *text, const char *candidate);

#endif
