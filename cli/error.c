/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes errors and prints them: as text on standard error, and with -o json on standard output too.
 * The advice is that of the library, or a command to type where cloudctl knows more. exit_code.c
 * has the exit codes.
 */
#include "cli/output.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

int ctl_refuse(struct cloud_error *err, int code, const char *parameter, const char *format, ...)
{
    struct cloud_error made = { .code = code };
    va_list args;

    va_start(args, format);
    vsnprintf(made.message, sizeof(made.message), format, args);
    va_end(args);
    snprintf(made.parameter, sizeof(made.parameter), "%s", parameter);
    *err = made;
    return code;
}

/* Quotes the text for a shell where it has other than plain characters. */
static char *quoted(const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:";
    ctl_auto_free char *escaped = ctl_strdup("");

    if (*text && text[strspn(text, plain)] == '\0')
        return ctl_strdup(text);
    for (; *text; text++) {
        ctl_auto_free char *before = escaped;

        escaped = ctl_format(*text == '\'' ? "%s'\\'%c" : "%s%c", before, *text);
    }
    return ctl_format("'%s'", escaped);
}

char *ctl_suggest_command(const struct ctl_options *options, const char *format, ...)
{
    ctl_auto_free char *config = options->config ? quoted(options->config) : NULL;
    ctl_auto_free char *cloud = options->cloud ? quoted(options->cloud) : NULL;
    char rest[256];
    va_list args;

    va_start(args, format);
    vsnprintf(rest, sizeof(rest), format, args);
    va_end(args);
    return ctl_format("cloudctl%s%s%s%s %s", config ? " --config " : "", config ? config : "",
                      cloud ? " --cloud " : "", cloud ? cloud : "", rest);
}

/* The command that settles an unknown outcome; NULL: the call did not use a journal. */
static char *settle_command(const struct ctl_options *options)
{
    ctl_auto_free char *uri = NULL;
    struct cloud_error err = { 0 };

    if (!options->op || options->op->effect != CLOUD_SPENDS ||
        ctl_journal_uri(options, &uri, &err) != CLOUD_OK || !uri)
        return NULL;
    if (options->journal)
        return ctl_suggest_command(options, "--journal '%s' journal resolve", options->journal);
    return ctl_suggest_command(options, "journal resolve");
}

char *ctl_advice(const struct ctl_options *options, const struct cloud_error *err)
{
    const char *id = options->params.instance_id;

    if (err->outcome == CLOUD_OUTCOME_UNKNOWN) {
        ctl_auto_free char *look =
            id ? ctl_suggest_command(options, "show %s", id) : ctl_suggest_command(options, "list");
        ctl_auto_free char *settle = settle_command(options);

        if (settle)
            return ctl_format("do not repeat it with another operation key; settle it with: %s",
                              settle);
        return ctl_format("do not repeat it, it may have been done; check with: %s", look);
    }
    switch (err->code) {
    case CLOUD_EINVAL:
        return options->op || options->command
                   ? ctl_format("see cloudctl %s --help", options->command_name)
                   : ctl_strdup("see cloudctl --help");
    case CLOUD_EUNSUPPORTED:
        return ctl_strdup("nothing was sent; cloudctl support shows what each vendor can do");
    default: return ctl_strdup(cloud_code_advice(err->code));
    }
}

static void print_line(const char *prefix, const char *text)
{
    ctl_auto_free char *clean = ctl_strdup(text);

    ctl_clean(clean, true);
    fprintf(stderr, "%s%s\n", prefix, clean);
}

void ctl_error_print(const char *command_name, const struct cloud_error *err, const char *next)
{
    ctl_auto_free char *prefix =
        ctl_format("cloudctl: %s%s", command_name ? command_name : "", command_name ? ": " : "");
    ctl_auto_free char *vendor = ctl_format(
        "%s%s%s%s", err->vendor_code, err->vendor_code[0] && err->request_id[0] ? ", " : "",
        err->request_id[0] ? "request id " : "", err->request_id);

    print_line(prefix, err->message[0] ? err->message : cloud_code_name(err->code));
    if (*vendor)
        print_line("  vendor: ", vendor);
    if (err->outcome == CLOUD_OUTCOME_UNKNOWN)
        print_line("  outcome: ", "unknown");
    print_line("  next: ", next);
}

void ctl_explain_setup(void)
{
    fputs("  to try it without configuration:  cloudctl --cloud demo regions\n"
          "  to use your own cloud, write ~/.config/cloud-client/clouds.yaml:\n"
          "    clouds:\n"
          "      beijing: { provider: jdcloud, region: cn-north-1,\n"
          "                 access_key_id: \"${JD_ACCESS_KEY_ID}\",\n"
          "                 access_key_secret: \"${JD_ACCESS_KEY_SECRET}\" }\n"
          "  and then run:  cloudctl --cloud beijing regions\n"
          "  a clouds.yaml in another place is read when it is named:  cloudctl --config FILE\n",
          stderr);
}

int ctl_stop(const struct ctl_options *options, const struct cloud_error *err)
{
    ctl_auto_free char *next = ctl_advice(options, err);

    if (options->output == CTL_JSON) {
        struct ctl_json *json = ctl_json_new();
        ctl_auto_free char *written = NULL;

        ctl_json_text(json, ctl_json_root(json), "operation",
                      options->op ? options->op->name : NULL);
        ctl_json_error(json, ctl_json_root(json), err, next);
        written = ctl_json_write(json);
        fputs(written, stdout);
        ctl_json_free(json);
    }
    ctl_error_print(options->command_name, err, next);
    if (strcmp(err->parameter, CTL_NO_CONFIGURATION) == 0)
        ctl_explain_setup();
    return (int)ctl_exit_of(err);
}
