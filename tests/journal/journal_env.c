/* SPDX-License-Identifier: Apache-2.0 */
/* Implements journal_env.h. A failure here ends the test program. */
#include "tests/journal/journal_env.h"

#include <libpq-fe.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* clang-format off */
const struct vendor_row vendor_rows[] = {
    { .provider = "jdcloud", .region = "cn-north-1", .renews = true,
      .params = { { "name", "web" }, { "zone", "cn-north-1a" }, { "instance_type", "g.n2.medium" },
                  { "image_id", "img-demoubuntu22" }, { "subnet_id", "subnet-demo000001" },
                  { "system_disk_gb", "40" }, { "period", "1month" } },
      .bigger = { { "instance_type", "g.n2.large" } } },
    { .provider = "capitalonline_ecs", .region = "CN_Huhhot",
      .params = { { "name", "web" }, { "zone", "CN_Hohhot_B" }, { "family", "Cpu计算型C4" },
                  { "cpu", "2" }, { "memory_gb", "4" }, { "image_id", "img-demo000000000002" },
                  { "vpc_id", "11111111-1111-4111-8111-111111111111" },
                  { "subnet_id", "22222222-2222-4222-8222-222222222222" },
                  { "system_disk_type", "ssd" }, { "system_disk_gb", "40" },
                  { "password", "Kp7!vNxq92" }, { "period", "1month" } },
      .bigger = { { "cpu", "4" }, { "memory_gb", "8" } } },
    { .provider = "capitalonline_ccs", .region = "CN_Beijing_A",
      .params = { { "name", "web" }, { "family", "CCS.C3" }, { "cpu", "2" }, { "memory_gb", "4" },
                  { "image_id", "Ubuntu_22.04_64" },
                  { "vpc_id", "33333333-3333-4333-8333-333333333333" },
                  { "subnet_id", "44444444-4444-4444-8444-444444444444" },
                  { "system_disk_type", "ssd_system_disk" }, { "system_disk_gb", "40" },
                  { "password", "Kp7!vNxq92" }, { "period", "1month" } },
      .bigger = { { "cpu", "4" }, { "memory_gb", "8" } } },
    { 0 }
};
/* clang-format on */

int journal_attempts;

static void require(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "environment of the journal's tests: %s\n", what);
    abort();
}

const struct vendor_row *vendor_find(const char *provider)
{
    for (const struct vendor_row *row = vendor_rows; row->provider; row++) {
        if (strcmp(row->provider, provider) == 0)
            return row;
    }
    require(false, provider);
    return NULL;
}

void vendor_params(const struct vendor_row *row, bool bigger, struct cloud_params *ret_params)
{
    const char *const(*pairs)[2] = bigger ? row->bigger : row->params;
    struct cloud_error err;

    *ret_params = (struct cloud_params)CLOUD_PARAMS_INIT;
    for (; (*pairs)[0]; pairs++)
        require(
            !cloud_params_set(ret_params, cloud_param_find((*pairs)[0])->param, (*pairs)[1], &err),
            err.message);
}

/* drops the tables of the journal */
static void empty_postgres(const char *uri)
{
    PGconn *connection = PQconnectdb(uri);
    PGresult *result;

    require(PQstatus(connection) == CONNECTION_OK, PQerrorMessage(connection));
    result = PQexec(
        connection,
        "SET client_min_messages TO error; DROP TABLE IF EXISTS operations, meta, audit, quotes");
    require(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
}

void journal_env_reopen(struct journal_env *env, const struct cloud_journal_options *options)
{
    struct cloud_error err;

    cloud_journal_close(env->journal);
    env->journal = NULL;
    require(!cloud_journal_open(env->uri, options, &env->journal, &err), err.message);
}

void journal_env_open(struct journal_env *env, const char *provider, bool postgres)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    char path[128], endpoint[160], message[256] = "";
    struct cloud_error err;

    *env = (struct journal_env){ .directory = "/tmp/cloud_journal_XXXXXX",
                                 .vendor = vendor_find(provider) };
    require(mkdtemp(env->directory), "no directory");
    snprintf(path, sizeof(path), "%s/world", env->directory);
    snprintf(endpoint, sizeof(endpoint), "emulator:%s", path);
    require(!cloud_emulator_open(path, &env->emulator, message, sizeof(message)), message);
    journal_control(env, "POST", "timeline", "{\"transition\":\"*\",\"seconds\":0}");
    options.provider = provider;
    options.region = env->vendor->region;
    options.endpoint = endpoint;
    options.attempts = journal_attempts;
    require(!cloud_client_new(&options, &env->client, &err), err.message);
    snprintf(env->uri, sizeof(env->uri), "sqlite:%s/journal.db", env->directory);
    if (postgres) {
        snprintf(env->uri, sizeof(env->uri), "%s", getenv("CLOUD_TEST_POSTGRES"));
        empty_postgres(env->uri);
    }
    journal_env_reopen(env, NULL);
}

void journal_env_close(struct journal_env *env)
{
    char command[128];

    cloud_journal_close(env->journal);
    cloud_client_free(env->client);
    cloud_emulator_close(env->emulator);
    free(env->reply);
    snprintf(command, sizeof(command), "rm -rf %s", env->directory);
    require(system(command) == 0, command);
}

int journal_control(struct journal_env *env, const char *method, const char *path,
                    const char *format, ...)
{
    struct cloud_emulator_reply reply = { .size = sizeof(reply) };
    char url[128], body[1024];
    struct cloud_emulator_request request = {
        .size = sizeof(request), .method = method, .url = url, .body = body
    };
    va_list args;
    int status;

    va_start(args, format);
    vsnprintf(body, sizeof(body), format, args);
    va_end(args);
    request.body_size = strlen(body);
    snprintf(url, sizeof(url), "http://localhost/_emulator/%s", path);
    require(!cloud_emulator_handle(env->emulator, &request, &reply), url);
    free(env->reply);
    env->reply = strdup(reply.body ? reply.body : "");
    status = reply.status;
    require(status == 200, env->reply);
    cloud_emulator_reply_clear(&reply);
    return status;
}

int journal_charges(struct journal_env *env, const char *kind)
{
    char expected[64];
    int count = 0;

    snprintf(expected, sizeof(expected), kind ? "\"kind\":\"%s\"" : "\"kind\":\"", kind);
    journal_control(env, "GET", "ledger", "%s", "");
    for (const char *at = env->reply; (at = strstr(at, expected)); at++)
        count++;
    return count;
}

void journal_advance(struct journal_env *env, long seconds)
{
    env->ahead_s += seconds;
    journal_control(env, "POST", "clock", "{\"advance_s\":%ld,\"skew_s\":%ld}", seconds,
                    env->ahead_s);
}

void journal_buy(struct journal_env *env, char ret_id[128])
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params;
    struct cloud_error err;
    int rc;

    vendor_params(env->vendor, false, &params);
    rc = cloud_create_instance(env->client, &params, &result, &err);
    require(!rc, err.message);
    snprintf(ret_id, 128, "%s", result.id_count ? result.ids[0] : "");
    if (!result.id_count) { /* the id is known when the task has ended */
        params.task_id = result.task_id;
        rc = cloud_wait(
            env->client,
            &(struct cloud_params){ .size = sizeof(params), .task_id = strdupa(result.task_id) },
            5000, NULL, NULL, &result, &err);
        require(!rc && result.task.resource_id_count, err.message);
        snprintf(ret_id, 128, "%s", result.task.resource_ids[0]);
    }
    cloud_result_clear(&result);
}
