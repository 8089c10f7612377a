/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes errors and prints them: as text on standard error, and with -o json or yaml on standard
 * output too.
 * The advice is that of the library, or a command to type where cloudctl knows more. exit_code.c
 * has the exit codes.
 */
#include "cli/output.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static char region_note[256];

void ctl_set_region_note(const char *note)
{
    snprintf(region_note, sizeof(region_note), "%s", note);
}

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

/* A password in a URI is not shown. */
static bool has_password(const char *uri)
{
    const char *user = strstr(uri, "://"), *host = strrchr(uri, '@');

    return strstr(uri, "password=") ||
           (user && host && host > user + 3 && memchr(user + 3, ':', (size_t)(host - user) - 3));
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
        return ctl_suggest_command(options, "--journal", has_password(uri) ? "URI" : uri, "journal",
                                   "resolve", NULL);
    return ctl_suggest_command(options, "journal", "resolve", NULL);
}

/* Advice on an outcome that is not certain, or on a change that was made. */
static char *advice_on_change(const struct ctl_options *options, enum cloud_outcome outcome)
{
    const char *id = options->params.instance_id;
    ctl_auto_free char *look = id ? ctl_suggest_command(options, "show", id, NULL)
                                  : ctl_suggest_command(options, "list", NULL);
    ctl_auto_free char *settle = settle_command(options);

    if (settle)
        return ctl_format("do not repeat it with another operation key; settle it with: %s",
                          settle);
    return ctl_format("do not repeat it, it %s; check with: %s",
                      outcome == CLOUD_APPLIED ? "was applied" : "may have been done", look);
}

/* The id that was not found names an instance, or an entry of the journal. */
static char *advice_not_found(const struct ctl_options *options)
{
    ctl_auto_free char *list = NULL;

    if (!options->command || options->command->id != CTL_COMMAND_JOURNAL)
        return ctl_strdup(region_note[0] ? region_note : cloud_code_advice(CLOUD_ENOTFOUND));
    list = ctl_suggest_command(options, "journal", "list", NULL);
    return ctl_format("check the operation key and the journal; all keys: %s", list);
}

char *ctl_advice(const struct ctl_options *options, const struct cloud_error *err)
{
    if (err->outcome != CLOUD_NOT_APPLIED)
        return advice_on_change(options, err->outcome);
    switch (err->code) {
    case CLOUD_EINVAL:
        if (err->http_status && region_note[0])
            return ctl_strdup(region_note);
        return options->op || options->command
                   ? ctl_format("see cloudctl %s --help", options->command_name)
                   : ctl_strdup("see cloudctl --help");
    case CLOUD_EUNSUPPORTED:
        return ctl_strdup("nothing was sent; cloudctl support shows what each vendor can do");
    case CLOUD_ENOTFOUND: return advice_not_found(options);
    default: return ctl_strdup(cloud_code_advice(err->code));
    }
}

static void print_line(const char *prefix, const char *text)
{
    ctl_auto_free char *clean = ctl_strdup(text);

    ctl_clean(clean, true);
    fprintf(stderr, "%s%s\n", prefix, clean);
}

void ctl_note(const char *format, ...)
{
    ctl_auto_free char *text = NULL;
    va_list args;

    va_start(args, format);
    ctl_checked(vasprintf(&text, format, args) < 0 ? NULL : text);
    va_end(args);
    print_line("", text);
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
    if (err->outcome != CLOUD_NOT_APPLIED) {
        print_line("  outcome: ", cloud_outcome_name(err->outcome));
        fputs(ctl_change_ids(), stderr);
    }
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

    if (ctl_is_document(options)) {
        struct ctl_json *json = ctl_json_new();

        ctl_json_text(json, ctl_json_root(json), "operation",
                      options->op ? options->op->name : NULL);
        ctl_json_error(json, ctl_json_root(json), err, next);
        ctl_json_print(json, options);
    }
    ctl_error_print(options->command_name, err, next);
    if (strcmp(err->parameter, CTL_NO_CONFIGURATION) == 0)
        ctl_explain_setup();
    return (int)ctl_exit_of(err);
}
