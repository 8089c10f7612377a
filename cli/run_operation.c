/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs one operation: makes the call, prints its result, and waits when the command line says so.
 * The result is printed before the wait, and a failure never hides what was done before it.
 */
#include "cli/output.h"

#include <stdio.h>
#include <unistd.h>

/* The output of one command. */
struct report {
    const struct ctl_options *options;
    struct ctl_json *json; /* grows until the end; NULL: tables are printed */
};

static void report_result(struct report *report, const struct cloud_result *result)
{
    if (report->json)
        ctl_json_result(report->json, ctl_json_root(report->json), result);
    else
        ctl_show_result(result);
}

/* @next: what to do, when more is known than the error has; NULL: the usual advice. */
static enum ctl_exit report_error(struct report *report, const struct cloud_error *err,
                                  const char *next)
{
    ctl_auto_free char *usual = ctl_advice(report->options, err);

    if (!next)
        next = usual;
    if (report->json)
        ctl_json_error(report->json, ctl_json_root(report->json), err, next);
    fflush(stdout);
    ctl_error_print(report->options->command_name, err, next);
    return ctl_exit_of(err);
}

/* Writes the document at the end, as a whole. */
static void report_end(struct report *report)
{
    ctl_auto_free char *text = report->json ? ctl_json_write(report->json) : NULL;

    if (text)
        fputs(text, stdout);
    ctl_json_free(report->json);
}

/* The document to write when the user interrupts now; NULL: tables are printed. */
static char *interrupted_document(const struct ctl_options *options,
                                  const struct cloud_result *before, enum cloud_outcome outcome,
                                  const char *next)
{
    struct cloud_error err = { .code = CLOUD_ECANCELLED, .outcome = outcome };
    struct ctl_json *json;
    char *text;

    if (options->output != CTL_JSON)
        return NULL;
    snprintf(err.message, sizeof(err.message), "interrupted");
    json = ctl_json_new();
    if (before)
        ctl_json_result(json, ctl_json_root(json), before);
    else
        ctl_json_text(json, ctl_json_root(json), "operation", options->op->name);
    ctl_json_error(json, ctl_json_root(json), &err, next);
    text = ctl_json_write(json);
    ctl_json_free(json);
    return text;
}

/* The command that continues the wait. Caller frees */
static char *wait_command(const struct ctl_options *options, const struct cloud_params *target)
{
    return ctl_suggest_command(options, "wait%s%s%s%s", target->instance_id ? " " : "",
                               target->instance_id ? target->instance_id : "",
                               target->task_id ? " --task-id " : "",
                               target->task_id ? target->task_id : "");
}

/* Waits for one instance or task; Ctrl-C says how to continue. */
static int wait_for(struct report *report, struct cloud_client *client,
                    const struct cloud_params *target, const struct cloud_result *before,
                    struct cloud_result *ret, struct cloud_error *err)
{
    const struct ctl_options *options = report->options;
    ctl_auto_free char *command = wait_command(options, target);
    ctl_auto_free char *next = ctl_format("to keep waiting: %s", command);
    ctl_auto_free char *text =
        ctl_format("%scloudctl: interrupted; the vendor continues the work\n  next: %s\n",
                   isatty(STDERR_FILENO) ? "\n" : "", next);
    ctl_auto_free char *document =
        interrupted_document(options, before, before ? CLOUD_APPLIED : CLOUD_NOT_APPLIED, next);
    int code;

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

static enum ctl_exit wait_one(struct report *report, struct cloud_client *client,
                              const struct cloud_params *target, const struct cloud_result *before,
                              struct ctl_json_value *waited)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err = { 0 };
    ctl_auto_free char *command = wait_command(report->options, target);
    ctl_auto_free char *resume = NULL;
    enum ctl_exit status = CTL_DONE;
    int code = wait_for(report, client, target, before, &result, &err);

    if (was_deleted(report->options, code)) {
        if (!report->json)
            printf("%s is deleted\n", target->instance_id);
    } else if (code != CLOUD_OK) {
        err.outcome = CLOUD_APPLIED; /* the change was accepted; only the wait failed */
        resume = ctl_format(code == CLOUD_ETIMEDOUT
                                ? "the vendor continues the work; to keep waiting: %s"
                                : "the change was accepted; to check it: %s",
                            command);
        status = report_error(report, &err, resume);
    } else if (report->json) {
        ctl_json_result(report->json, ctl_json_object(report->json, waited, NULL), &result);
    } else {
        putchar('\n');
        ctl_show_result(&result);
    }
    cloud_result_clear(&result);
    return status == CTL_DONE ? CTL_DONE : CTL_FAILED;
}

/* After a change, waits for its task, or for each instance that it made or changed. */
static enum ctl_exit wait_after(struct report *report, struct cloud_client *client,
                                const struct cloud_result *done)
{
    struct ctl_json_value *waited =
        report->json ? ctl_json_array(report->json, ctl_json_root(report->json), "waited") : NULL;
    const char *own = report->options->params.instance_id;
    size_t count = own || done->id_count == 0 ? 1 : done->id_count;
    enum ctl_exit status = CTL_DONE;

    for (size_t i = 0; i < count && status == CTL_DONE; i++) {
        struct cloud_params target = CLOUD_PARAMS_INIT;

        target.task_id = i == 0 ? done->task_id : NULL;
        target.instance_id = own ? own : done->id_count ? done->ids[i] : NULL;
        if (target.task_id || target.instance_id)
            status = wait_one(report, client, &target, done, waited);
    }
    return status;
}

/* invoke has the effect of its action */
static enum cloud_effect effect_of(struct cloud_client *client, const struct ctl_options *options)
{
    struct cloud_action_info action = CLOUD_ACTION_INFO_INIT;

    if (options->op->op == CLOUD_OP_INVOKE &&
        cloud_action_find(cloud_client_provider(client), options->params.action, &action))
        return action.effect;
    return options->op->effect;
}

/* Makes the call. Between the request of a change and its reply the outcome is unknown, and Ctrl-C
 * must say so. */
static int call(struct cloud_client *client, const struct ctl_options *options,
                struct cloud_result *ret, struct cloud_error *err)
{
    const struct cloud_error unknown = { .outcome = CLOUD_OUTCOME_UNKNOWN };
    ctl_auto_free char *next = ctl_advice(options, &unknown);
    ctl_auto_free char *document = interrupted_document(options, NULL, CLOUD_OUTCOME_UNKNOWN, next);
    ctl_auto_free char *text =
        ctl_format("%scloudctl: interrupted while %s was under way\n"
                   "  outcome: unknown\n"
                   "  next: %s\n",
                   isatty(STDERR_FILENO) ? "\n" : "", options->command_name, next);
    int code;

    if (effect_of(client, options) != CLOUD_READS)
        ctl_interrupt_arm(document, text, CTL_UNKNOWN);
    code = ctl_spend(client, options, ret, err);
    if (effect_of(client, options) != CLOUD_READS)
        ctl_interrupt_disarm();
    return code;
}

/* Runs the wait command; with --no-wait it only gets the state once. */
static int call_wait(struct report *report, struct cloud_client *client, struct cloud_result *ret,
                     struct cloud_error *err)
{
    const struct ctl_options *options = report->options;
    const struct cloud_params *target = &options->params;

    if (options->no_wait)
        return cloud_call(client, CLOUD_OP_DESCRIBE_TASK, target, ret, err);
    if (!target->task_id && !target->instance_id)
        return ctl_refuse(
            err, CLOUD_EINVAL, "instance_id",
            "wait needs the id of an instance or --task-id: cloudctl wait INSTANCE_ID");
    return wait_for(report, client, target, NULL, ret, err);
}

static enum ctl_exit run(struct report *report, struct cloud_client *client)
{
    const struct ctl_options *options = report->options;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err = { 0 };
    enum ctl_exit status = CTL_DONE;
    bool is_wait = options->op->op == CLOUD_OP_DESCRIBE_TASK;
    int code =
        is_wait ? call_wait(report, client, &result, &err) : call(client, options, &result, &err);
    ctl_auto_free char *resume =
        is_wait && code == CLOUD_ETIMEDOUT ? wait_command(options, &options->params) : NULL;

    result.op = options->op->op;
    /* a dry run that fails prints its checks, too */
    if (code == CLOUD_OK || result.check_count > 0)
        report_result(report, &result);
    else if (report->json)
        ctl_json_text(report->json, ctl_json_root(report->json), "operation", options->op->name);
    if (code != CLOUD_OK)
        status = report_error(report, &err, resume);
    else if (options->wait && !is_wait)
        status = wait_after(report, client, &result);
    cloud_result_clear(&result);
    return status;
}

static int run_with(const struct ctl_options *options, struct cloud_client *client)
{
    struct report report = { .options = options };
    enum ctl_exit status;

    report.json = options->output == CTL_JSON ? ctl_json_new() : NULL;
    status = run(&report, client);
    report_end(&report);
    return (int)status;
}

int ctl_operation_run(const struct ctl_options *options)
{
    struct ctl_options own = *options;
    struct cloud_client *client = NULL;
    struct cloud_error err = { 0 };
    char *parameters = NULL;
    int status;

    if (ctl_client_open(options, &client, &err) != CLOUD_OK)
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
