/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs one operation, for one instance or for several: makes the call, prints its result, and waits
 * when the command line says so. The result is printed before the wait, and a failure never hides
 * what was done before it.
 */
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The output of one command. */
struct report {
    const struct ctl_options *options;
    struct ctl_json *json;       /* grows until the end; NULL: tables are printed */
    struct ctl_json_value *list; /* the results of a command with several ids; NULL: one id */
    size_t printed;              /* results in tables */
};

/* One of the instances that a command names, or the command's only call. */
struct target {
    struct ctl_options options; /* those of the command, with the id of this instance */
    char *id;                   /* owned; found by a name; NULL: options have the id */
    const char *shown;          /* the id or name as typed, with several; NULL: the only one */
    struct ctl_json_value *at;  /* its part of the document */
    struct cloud_result result;
    enum ctl_exit status;
    bool done; /* accepted by the vendor, so it can be waited for */
};

static void report_result(struct report *report, const struct target *target,
                          struct cloud_result *result)
{
    const struct ctl_type *types[2];

    for (const struct ctl_field *field = ctl_result_type.fields; field->name; field++)
        if (field->kind == CTL_LIST)
            ctl_rows_sort(report->options, field->type, (void *)ctl_pointer_at(field, result),
                          ctl_count_at(field, result));
    if (report->json) {
        ctl_json_result(report->json, target->at, result);
        return;
    }
    if (report->printed++ && report->options->output != CTL_CSV &&
        ctl_result_types(result->op, types))
        putchar('\n');
    ctl_show_result(report->options, result, target->shown);
}

/* @next: what to do, when more is known than the error has; NULL: the usual advice. */
static enum ctl_exit report_error(struct report *report, const struct target *target,
                                  const struct cloud_error *err, const char *next)
{
    ctl_auto_free char *usual = ctl_advice(&target->options, err);
    ctl_auto_free char *name =
        ctl_format("%s%s%s", report->options->command_name, target->shown ? " " : "",
                   target->shown ? target->shown : "");

    if (!next)
        next = usual;
    if (report->json)
        ctl_json_error(report->json, target->at, err, next);
    fflush(stdout);
    ctl_error_print(name, err, next);
    return ctl_exit_of(err);
}

/* The document to write when the user interrupts now: all that was reported, and an error. NULL:
 * tables are printed. Caller frees */
static char *interrupted_document(struct report *report, enum cloud_outcome outcome,
                                  const char *next)
{
    struct cloud_error err = { .code = CLOUD_ECANCELLED, .outcome = outcome };
    struct ctl_json_value *root;
    char *text;
    bool named;

    if (!report->json)
        return NULL;
    root = ctl_json_root(report->json);
    named = ctl_json_member(root, "operation") != NULL;
    snprintf(err.message, sizeof(err.message), "interrupted");
    if (!named)
        ctl_json_text(report->json, root, "operation", report->options->op->name);
    ctl_json_error(report->json, root, &err, next);
    text = ctl_json_document(report->json, report->options);
    ctl_json_remove(root, "error");
    if (!named)
        ctl_json_remove(root, "operation");
    return text;
}

/* The command that continues the wait. Caller frees */
static char *wait_command(const struct ctl_options *options, const struct cloud_params *target)
{
    const char *id = target->instance_id, *task = target->task_id;

    if (!task)
        return ctl_suggest_command(options, "wait", id, NULL);
    if (!id)
        return ctl_suggest_command(options, "wait", "--task-id", task, NULL);
    return ctl_suggest_command(options, "wait", id, "--task-id", task, NULL);
}

/* Waits for one instance or task; Ctrl-C says how to continue. */
static int wait_for(struct report *report, struct cloud_client *client,
                    const struct ctl_options *options, const struct cloud_params *target,
                    bool changed, struct cloud_result *ret, struct cloud_error *err)
{
    ctl_auto_free char *command = wait_command(options, target);
    ctl_auto_free char *next = ctl_format("to keep waiting: %s", command);
    ctl_auto_free char *text = NULL, *document = NULL;
    int code;

    ctl_clean(next, true);
    text = ctl_format("%scloudctl: interrupted; the vendor continues the work\n  next: %s\n",
                      isatty(STDERR_FILENO) ? "\n" : "", next);
    document = interrupted_document(report, changed ? CLOUD_APPLIED : CLOUD_NOT_APPLIED, next);

    fflush(stdout);
    ctl_interrupt_arm(document, text, CTL_INTERRUPTED);
    code = ctl_wait_run(client, options, target, ret, err);
    ctl_interrupt_disarm();
    return code;
}

/* A delete waits until the vendor does not know the instance any more. */
static bool was_deleted(const struct ctl_options *options, int code)
{
    return code == CLOUD_ENOTFOUND && options->op->op == CLOUD_OP_DELETE_INSTANCE;
}

static void report_deleted(const struct report *report, const char *id)
{
    ctl_auto_free char *clean = ctl_strdup(id ? id : "");

    ctl_clean(clean, true);
    if (!report->json && report->options->output != CTL_CSV)
        printf("%s is deleted\n", clean);
}

static enum ctl_exit wait_one(struct report *report, struct cloud_client *client,
                              struct target *target, const struct cloud_params *what,
                              struct ctl_json_value *waited)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err = { 0 };
    ctl_auto_free char *command = wait_command(&target->options, what);
    ctl_auto_free char *resume = NULL;
    enum ctl_exit status = CTL_DONE;
    int code = wait_for(report, client, &target->options, what, true, &result, &err);

    if (was_deleted(report->options, code)) {
        report_deleted(report, what->instance_id);
    } else if (code != CLOUD_OK) {
        err.outcome = CLOUD_APPLIED; /* the change was accepted; only the wait failed */
        resume = ctl_format(code == CLOUD_ETIMEDOUT
                                ? "the vendor continues the work; to keep waiting: %s"
                                : "the change was accepted; to check it: %s",
                            command);
        status = report_error(report, target, &err, resume);
    } else if (report->json) {
        ctl_json_result(report->json, ctl_json_object(report->json, waited, NULL), &result);
    } else if (report->options->output != CTL_CSV) {
        putchar('\n');
        ctl_show_result(report->options, &result, NULL);
    }
    cloud_result_clear(&result);
    return status;
}

/* After a change, waits for its task, or for each instance that it made or changed. */
static enum ctl_exit wait_after(struct report *report, struct cloud_client *client,
                                struct target *target)
{
    const struct cloud_result *done = &target->result;
    struct ctl_json_value *waited =
        report->json ? ctl_json_array(report->json, target->at, "waited") : NULL;
    const char *own = target->options.params.instance_id;
    size_t count = own || done->id_count == 0 ? 1 : done->id_count;
    enum ctl_exit status = CTL_DONE;

    for (size_t i = 0; i < count && status == CTL_DONE; i++) {
        struct cloud_params what = CLOUD_PARAMS_INIT;

        what.task_id = i == 0 ? done->task_id : NULL;
        what.instance_id = own ? own : done->id_count ? done->ids[i] : NULL;
        if (what.task_id || what.instance_id)
            status = wait_one(report, client, target, &what, waited);
    }
    return status;
}

/* Makes the call. Between the request of a change and its reply the outcome is unknown, and Ctrl-C
 * must say so. */
static int call(struct report *report, struct cloud_client *client,
                const struct ctl_options *options, struct cloud_result *ret,
                struct cloud_error *err)
{
    const struct cloud_error unknown = { .outcome = CLOUD_OUTCOME_UNKNOWN };
    ctl_auto_free char *next = NULL, *document = NULL, *text = NULL;
    int code;

    if (ctl_effect_of(client, options) == CLOUD_READS)
        return ctl_spend(client, options, ret, err);
    next = ctl_advice(options, &unknown);
    ctl_clean(next, true);
    document = interrupted_document(report, CLOUD_OUTCOME_UNKNOWN, next);
    text = ctl_format("%scloudctl: interrupted while %s was under way\n"
                      "  outcome: unknown\n"
                      "  next: %s\n",
                      isatty(STDERR_FILENO) ? "\n" : "", options->command_name, next);
    ctl_change_begin();
    ctl_interrupt_arm(document, text, CTL_UNKNOWN);
    code = ctl_spend(client, options, ret, err);
    ctl_change_end(options, ret, err);
    ctl_interrupt_disarm();
    return code;
}

/* Runs the wait command; with --no-wait it only gets the state once. */
static int call_wait(struct report *report, struct cloud_client *client,
                     const struct ctl_options *options, struct cloud_result *ret,
                     struct cloud_error *err)
{
    const struct cloud_params *target = &options->params;

    if (options->no_wait)
        return cloud_call(client, CLOUD_OP_DESCRIBE_TASK, target, ret, err);
    if (!target->task_id && !target->instance_id)
        return ctl_refuse(
            err, CLOUD_EINVAL, "instance_id",
            "wait needs the id of an instance or --task-id: cloudctl wait INSTANCE_ID");
    return wait_for(report, client, options, target, false, ret, err);
}

static int call_once(struct report *report, struct cloud_client *client, struct target *target,
                     struct cloud_error *err)
{
    if (target->options.op->op == CLOUD_OP_DESCRIBE_TASK)
        return call_wait(report, client, &target->options, &target->result, err);
    return call(report, client, &target->options, &target->result, err);
}

/* The vendor knows no such instance, or the text cannot be an id. Nothing was changed. */
static bool is_no_id(const struct cloud_error *err)
{
    bool refused =
        err->parameter[0] ? strcmp(err->parameter, "instance_id") == 0 : err->http_status != 0;

    return err->outcome == CLOUD_NOT_APPLIED &&
           (err->code == CLOUD_ENOTFOUND || (err->code == CLOUD_EINVAL && refused));
}

static int use_name(struct cloud_client *client, struct target *target, struct cloud_error *err)
{
    struct cloud_params *params = &target->options.params;
    int code = ctl_find_by_name(client, params->instance_id, &target->id, err);

    if (code == CLOUD_OK && target->id) {
        ctl_note("%s is instance %s", params->instance_id, target->id);
        params->instance_id = target->id;
    }
    return code;
}

/* A text that is not an id of the vendor may be the name of an instance. */
static int call_target(struct report *report, struct cloud_client *client, struct target *target,
                       struct cloud_error *err)
{
    struct cloud_error why = { 0 };
    int code = call_once(report, client, target, err);

    if (code == CLOUD_OK || !is_no_id(err) || target->id || !target->options.argument ||
        target->options.params.instance_id == NULL)
        return code;
    if (use_name(client, target, &why) == CLOUD_ECONFLICT) {
        *err = why;
        return why.code;
    }
    if (!target->id)
        return code;
    cloud_result_clear(&target->result);
    return call_once(report, client, target, err);
}

/* Says when an answer comes from a table of the provider: it proves nothing about the access key.
 */
static void note_source(struct report *report, const struct target *target,
                        struct cloud_client *client)
{
    const char *reason = NULL;
    ctl_auto_free char *note = NULL;

    if (target->options.op->effect != CLOUD_READS || target->result.request_id ||
        cloud_supports(cloud_client_provider(client), target->options.op->op, &reason) !=
            CLOUD_DERIVED)
        return;
    note = ctl_format("%s; the access key was not tested", reason ? reason : "derived");
    if (report->json)
        ctl_json_text(report->json, target->at, "note", note);
    else
        ctl_note("note: %s", note);
}

static void run_target(struct report *report, struct cloud_client *client, struct target *target)
{
    const struct ctl_options *options = &target->options;
    struct cloud_error err = { 0 };
    bool is_wait = options->op->op == CLOUD_OP_DESCRIBE_TASK;
    int code = call_target(report, client, target, &err);
    ctl_auto_free char *resume =
        is_wait && code == CLOUD_ETIMEDOUT ? wait_command(options, &options->params) : NULL;

    target->result.op = options->op->op;
    /* a dry run that fails prints its checks, too; a change that could not be recorded its ids */
    if (code == CLOUD_OK || target->result.check_count > 0 || err.outcome == CLOUD_APPLIED)
        report_result(report, target, &target->result);
    else if (report->json)
        ctl_json_text(report->json, target->at, "operation", options->op->name);
    if (code == CLOUD_OK)
        note_source(report, target, client);
    else
        target->status = report_error(report, target, &err, resume);
    target->done = code == CLOUD_OK && !is_wait;
}

static size_t count_targets(const struct ctl_options *options)
{
    return options->op->op == CLOUD_OP_INVOKE ? 1 : 1 + options->extra_count;
}

static struct target *make_targets(struct report *report, size_t count)
{
    const struct ctl_options *options = report->options;
    struct target *targets = ctl_alloc(count * sizeof(*targets));

    if (report->json && count > 1) {
        ctl_json_text(report->json, ctl_json_root(report->json), "operation", options->op->name);
        report->list = ctl_json_array(report->json, ctl_json_root(report->json), "results");
    }
    for (size_t i = 0; i < count; i++) {
        targets[i] = (struct target){ .options = *options, .result = CLOUD_RESULT_INIT };
        if (i > 0)
            targets[i].options.params.instance_id = options->extra[i - 1];
        if (count > 1)
            targets[i].shown = targets[i].options.params.instance_id;
        if (report->list) {
            targets[i].at = ctl_json_object(report->json, report->list, NULL);
            ctl_json_text(report->json, targets[i].at, "target", targets[i].shown);
        } else if (report->json) {
            targets[i].at = ctl_json_root(report->json);
        }
    }
    return targets;
}

static void free_targets(struct target *targets, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        cloud_result_clear(&targets[i].result);
        free(targets[i].id);
    }
    free(targets);
}

/* Names are looked up first where a wrong id costs more than a request: the journal writes the id
 * before the vendor is asked, a question to the user names the instance, and the list of disks of
 * an unknown instance is empty. */
static int find_names_first(struct cloud_client *client, struct target *targets, size_t count,
                            struct cloud_error *err)
{
    const struct ctl_options *options = &targets[0].options;
    int code = CLOUD_OK;

    if (!options->argument || !options->params.instance_id ||
        (options->op->effect != CLOUD_SPENDS && options->op->op != CLOUD_OP_DESCRIBE_DISKS &&
         !ctl_confirm_needed(client, options)))
        return CLOUD_OK;
    for (size_t i = 0; i < count && code == CLOUD_OK; i++) {
        struct cloud_result result = CLOUD_RESULT_INIT;
        struct cloud_error why = { 0 };

        if (cloud_describe_instance(client, targets[i].options.params.instance_id, &result, &why) !=
                CLOUD_OK &&
            is_no_id(&why))
            code =
                use_name(client, &targets[i], err) == CLOUD_ECONFLICT ? CLOUD_ECONFLICT : CLOUD_OK;
        cloud_result_clear(&result);
    }
    return code;
}

static int confirm(struct cloud_client *client, struct target *targets, size_t count,
                   struct cloud_error *err)
{
    ctl_auto_free const char **ids = ctl_alloc(count * sizeof(*ids));

    for (size_t i = 0; i < count; i++)
        ids[i] = targets[i].options.params.instance_id;
    return ctl_confirm(client, &targets[0].options, ids, count,
                       &targets[0].options.params.max_charge, err);
}

static enum ctl_exit run(struct report *report, struct cloud_client *client)
{
    size_t count = count_targets(report->options);
    struct target *targets = make_targets(report, count);
    struct cloud_error err = { 0 };
    enum ctl_exit status = CTL_DONE;

    if (find_names_first(client, targets, count, &err) != CLOUD_OK ||
        confirm(client, targets, count, &err) != CLOUD_OK) {
        struct target command = { .options = *report->options };

        command.at = report->json ? ctl_json_root(report->json) : NULL;
        if (report->json && !report->list)
            ctl_json_text(report->json, command.at, "operation", report->options->op->name);
        status = report_error(report, &command, &err,
                              err.code == CLOUD_ECANCELLED ? "nothing was sent" : NULL);
        free_targets(targets, count);
        return status;
    }
    for (size_t i = 0; i < count; i++)
        run_target(report, client, &targets[i]);
    for (size_t i = 0; i < count; i++) {
        if (report->options->wait && targets[i].done)
            targets[i].status = wait_after(report, client, &targets[i]);
        status = ctl_exit_worst(status, targets[i].status);
    }
    free_targets(targets, count);
    return status;
}

static int run_with(const struct ctl_options *options, struct cloud_client *client)
{
    struct report report = { .options = options };
    enum ctl_exit status;

    report.json = ctl_is_document(options) ? ctl_json_new() : NULL;
    status = run(&report, client);
    if (report.json)
        ctl_json_print(report.json, options);
    return (int)status;
}

int ctl_operation_run(const struct ctl_options *options)
{
    const struct ctl_type *types[2];
    struct ctl_options own = *options;
    struct cloud_client *client = NULL;
    struct cloud_error err = { 0 };
    char *parameters = NULL;
    int status;

    if (ctl_rows_check(options, types, ctl_result_types(options->op->op, types), &err) !=
            CLOUD_OK ||
        ctl_client_open(options, &client, &err) != CLOUD_OK)
        return ctl_stop(options, &err);
    if (ctl_invoke_read(options, cloud_client_provider(client), &parameters, &err) != CLOUD_OK) {
        status = ctl_stop(options, &err);
    } else {
        own.params.parameters = parameters ? parameters : options->params.parameters;
        status = run_with(&own, client);
    }
    ctl_secret_free(parameters);
    cloud_client_free(client);
    return status;
}
