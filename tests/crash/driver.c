/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs one step of a reseller's work at an endpoint, through a journal. The trials kill this
 * program, cut its connections, and race several of them.
 *
 *   journal_driver ENDPOINT PROVIDER JOURNAL STEP [NAME=VALUE...]
 *
 * Steps:
 *   - prepare: buys an instance without the journal, and stops it with stop=yes. Prints its id and
 *     its expiry.
 *   - create, renew, upgrade, upgrade-disk: run through the journal with key=, id=, if_expiry=,
 *     and print code, outcome, ids and message.
 *   - resolve: settles all entries, or those of key=. Prints every entry: key, attempt, state, ids,
 *     reason.
 *   - report, verify: print the findings, or the error.
 */
#include "tests/journal/journal_env.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct step {
    struct cloud_client *client;
    struct cloud_journal *journal;
    const struct vendor_row *vendor;
    char **arguments;
    struct cloud_error err;
};

static const char *argument(const struct step *step, const char *name)
{
    for (char **w = step->arguments; *w; w++) {
        if (strncmp(*w, name, strlen(name)) == 0 && (*w)[strlen(name)] == '=')
            return *w + strlen(name) + 1;
    }
    return NULL;
}

static int fail(const struct step *step, int rc)
{
    fprintf(stderr, "%s: %s\n", cloud_code_name(rc), step->err.message);
    return 1;
}

static int wait_for(struct step *step, const char *task_id, const char *id,
                    struct cloud_result *result)
{
    struct cloud_params what = CLOUD_PARAMS_INIT;

    what.task_id = task_id;
    what.instance_id = id;
    return cloud_wait(step->client, &what, 10000, NULL, NULL, result, &step->err);
}

static int buy(struct step *step, char id[128])
{
    struct cloud_result result = CLOUD_RESULT_INIT, waited = CLOUD_RESULT_INIT;
    struct cloud_params params;
    int rc;

    vendor_params(step->vendor, false, &params);
    rc = cloud_create_instance(step->client, &params, &result, &step->err);
    if (!rc && result.id_count)
        snprintf(id, 128, "%s", result.ids[0]);
    if (!rc && result.task_id)
        rc = wait_for(step, result.task_id, NULL, &waited);
    if (!rc && !result.id_count && waited.task.resource_id_count)
        snprintf(id, 128, "%s", waited.task.resource_ids[0]);
    if (!rc)
        rc = wait_for(step, NULL, id, &waited);
    cloud_result_clear(&result);
    cloud_result_clear(&waited);
    return rc;
}

static int prepare(struct step *step)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    char id[128] = "", expires[CLOUD_TIME_MAX];
    int rc = buy(step, id);

    if (!rc && argument(step, "stop")) {
        rc = cloud_stop_instance(step->client, id, false, &step->err);
        if (!rc)
            rc = wait_for(step, NULL, id, &result);
    }
    if (!rc)
        rc = cloud_describe_instance(step->client, id, &result, &step->err);
    if (rc)
        return fail(step, rc);
    printf("%s %s\n", id, cloud_time_format(result.instances[0].expires_at, expires));
    cloud_result_clear(&result);
    return 0;
}

static enum cloud_op make_params(struct step *step, const char *name, struct cloud_params *params)
{
    enum cloud_op op = CLOUD_OP_CREATE_INSTANCE;

    *params = (struct cloud_params)CLOUD_PARAMS_INIT;
    if (strcmp(name, "create") == 0) {
        vendor_params(step->vendor, false, params);
    } else if (strcmp(name, "renew") == 0) {
        op = CLOUD_OP_RENEW_INSTANCE;
        params->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    } else {
        op = CLOUD_OP_UPGRADE_INSTANCE;
        if (strcmp(name, "upgrade") == 0)
            vendor_params(step->vendor, true, params);
        else
            params->system_disk_gb = 80;
    }
    params->operation_key = argument(step, "key");
    params->instance_id = argument(step, "id");
    if (argument(step, "if_expiry"))
        cloud_time_parse(argument(step, "if_expiry"), &params->if_expiry, NULL);
    return op;
}

static int call(struct step *step, const char *name)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params;
    enum cloud_op op = make_params(step, name, &params);
    int rc = cloud_journal_call(step->journal, step->client, op, &params, &result, &step->err);

    printf("%s|%s|%s|%s\n", cloud_code_name(rc), cloud_outcome_name(step->err.outcome),
           result.id_count ? result.ids[0] : "", step->err.message);
    cloud_result_clear(&result);
    return 0;
}

static bool show(const struct cloud_journal_entry *entry, void *user_data)
{
    (void)user_data;
    printf("%s|%d|%s|%s|%s\n", entry->key, entry->attempt, cloud_journal_state_name(entry->state),
           entry->ids, entry->reason);
    return true;
}

static bool show_finding(const struct cloud_finding *finding, void *user_data)
{
    (void)user_data;
    printf("%s|%s|%s|%s\n", cloud_finding_name(finding->kind), finding->key, finding->instance_id,
           finding->message);
    return true;
}

static int run(struct step *step, const char *name)
{
    int rc = CLOUD_OK;

    if (strcmp(name, "prepare") == 0)
        return prepare(step);
    if (strcmp(name, "report") == 0)
        rc = cloud_journal_report(step->journal, step->client, show_finding, NULL, &step->err);
    else if (strcmp(name, "verify") == 0)
        rc = cloud_journal_verify(step->journal, NULL, NULL, &step->err);
    else if (strcmp(name, "resolve") != 0)
        return call(step, name);
    else if (!(rc = cloud_journal_resolve(step->journal, step->client, argument(step, "key"), NULL,
                                          NULL, NULL, &step->err)))
        rc = cloud_journal_list(step->journal, argument(step, "key"), show, NULL, &step->err);
    return rc ? fail(step, rc) : 0;
}

int main(int argc, char **argv)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_journal_options journal_options = CLOUD_JOURNAL_OPTIONS_INIT;
    struct step step = { .arguments = argv + (argc > 5 ? 5 : argc) };
    int rc;

    if (argc < 5)
        return 2;
    step.vendor = vendor_find(argv[2]);
    options.provider = argv[2];
    options.region = step.vendor->region;
    options.endpoint = argv[1];
    options.access_key_id = CLOUD_EMULATOR_KEY_ID;
    options.access_key_secret = CLOUD_EMULATOR_KEY_SECRET;
    options.timeout_ms =
        argument(&step, "timeout_ms") ? atoi(argument(&step, "timeout_ms")) : 10000;
    journal_options.lease_s = argument(&step, "lease_s") ? atoi(argument(&step, "lease_s")) : 0;
    journal_options.wait_ms = argument(&step, "wait_ms") ? atoi(argument(&step, "wait_ms")) : 0;
    journal_options.who = "trial";
    rc = cloud_client_new(&options, &step.client, &step.err);
    if (!rc && strcmp(argv[4], "prepare") != 0)
        rc = cloud_journal_open(argv[3], &journal_options, &step.journal, &step.err);
    rc = rc ? fail(&step, rc) : run(&step, argv[4]);
    cloud_journal_close(step.journal);
    cloud_client_free(step.client);
    return rc;
}
