/* SPDX-License-Identifier: Apache-2.0 */
/* See journal_env.h. What it cannot do ends the test. */
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
                  { "image_id", "img-demoubuntu22" }, { "subnet_id", "subnet-demo000001" }, { "system_disk_gb", "40" },
                  { "period", "1month" } },
      .bigger = { { "instance_type", "g.n2.large" } } },
    { .provider = "capitalonline_ecs", .region = "CN_Huhhot",
      .params = { { "name", "web" }, { "zone", "CN_Hohhot_B" }, { "family", "Cpu计算型C4" }, { "cpu", "2" },
                  { "memory_gb", "4" }, { "image_id", "img-demo000000000002" },
                  { "vpc_id", "11111111-1111-4111-8111-111111111111" },
                  { "subnet_id", "22222222-2222-4222-8222-222222222222" }, { "system_disk_type", "ssd" },
                  { "system_disk_gb", "40" }, { "password", "Kp7!vNxq92" }, { "period", "1month" } },
      .bigger = { { "cpu", "4" }, { "memory_gb", "8" } } },
    { .provider = "capitalonline_ccs", .region = "CN_Beijing_A",
      .params = { { "name", "web" }, { "family", "CCS.C3" }, { "cpu", "2" }, { "memory_gb", "4" },
                  { "image_id", "Ubuntu_22.04_64" }, { "vpc_id", "33333333-3333-4333-8333-333333333333" },
                  { "subnet_id", "44444444-4444-4444-8444-444444444444" }, { "system_disk_type", "ssd_system_disk" },
                  { "system_disk_gb", "40" }, { "password", "Kp7!vNxq92" }, { "period", "1month" } },
      .bigger = { { "cpu", "4" }, { "memory_gb", "8" } } },
    { 0 }
};
/* clang-format on */

int journal_attempts;

static void need(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "journal's test world: %s\n", what);
    abort();
}

const struct vendor_row *vendor_find(const char *provider)
{
    for (const struct vendor_row *row = vendor_rows; row->provider; row++) {
        if (strcmp(row->provider, provider) == 0)
            return row;
    }
    need(false, provider);
    return NULL;
}

void vendor_params(const struct vendor_row *row, bool bigger, struct cloud_params *ret_params)
{
    const char *const(*pairs)[2] = bigger ? row->bigger : row->params;
    struct cloud_error err;

    *ret_params = (struct cloud_params)CLOUD_PARAMS_INIT;
    for (; (*pairs)[0]; pairs++)
        need(!cloud_params_set(ret_params, cloud_param_find((*pairs)[0])->param, (*pairs)[1], &err),
             err.message);
}

/* an empty database: the schema is dropped */
static void empty_postgres(const char *uri)
{
    PGconn *connection = PQconnectdb(uri);
    PGresult *result;

    need(PQstatus(connection) == CONNECTION_OK, PQerrorMessage(connection));
    result = PQexec(
        connection,
        "SET client_min_messages TO error; DROP TABLE IF EXISTS operations, meta, audit, quotes");
    need(PQresultStatus(result) == PGRES_COMMAND_OK, PQerrorMessage(connection));
    PQclear(result);
    PQfinish(connection);
}

void journal_env_reopen(struct journal_env *w, const struct cloud_journal_options *options)
{
    struct cloud_error err;

    cloud_journal_close(w->journal);
    w->journal = NULL;
    need(!cloud_journal_open(w->uri, options, &w->journal, &err), err.message);
}

void journal_env_open(struct journal_env *w, const char *provider, bool postgres)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    char path[128], endpoint[160], message[256] = "";
    struct cloud_error err;

    *w = (struct journal_env){ .directory = "/tmp/cloud_journal_XXXXXX",
                               .vendor = vendor_find(provider) };
    need(mkdtemp(w->directory), "no directory");
    snprintf(path, sizeof(path), "%s/world", w->directory);
    snprintf(endpoint, sizeof(endpoint), "emulator:%s", path);
    need(!cloud_emulator_open(path, &w->emulator, message, sizeof(message)), message);
    journal_ask(w, "POST", "timeline", "{\"transition\":\"*\",\"seconds\":0}");
    options.provider = provider;
    options.region = w->vendor->region;
    options.endpoint = endpoint;
    options.attempts = journal_attempts;
    need(!cloud_client_new(&options, &w->client, &err), err.message);
    snprintf(w->uri, sizeof(w->uri), "sqlite:%s/journal.db", w->directory);
    if (postgres) {
        snprintf(w->uri, sizeof(w->uri), "%s", getenv("CLOUD_TEST_POSTGRES"));
        empty_postgres(w->uri);
    }
    journal_env_reopen(w, NULL);
}

void journal_env_close(struct journal_env *w)
{
    char command[128];

    cloud_journal_close(w->journal);
    cloud_client_free(w->client);
    cloud_emulator_close(w->emulator);
    free(w->answer);
    snprintf(command, sizeof(command), "rm -rf %s", w->directory);
    need(system(command) == 0, command);
}

int journal_ask(struct journal_env *w, const char *method, const char *path, const char *format,
                ...)
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
    need(!cloud_emulator_handle(w->emulator, &request, &reply), url);
    free(w->answer);
    w->answer = strdup(reply.body ? reply.body : "");
    status = reply.status;
    need(status == 200, w->answer);
    cloud_emulator_reply_clear(&reply);
    return status;
}

int journal_charges(struct journal_env *w, const char *kind)
{
    char wanted[64];
    int count = 0;

    snprintf(wanted, sizeof(wanted), kind ? "\"kind\":\"%s\"" : "\"kind\":\"", kind);
    journal_ask(w, "GET", "ledger", "%s", "");
    for (const char *at = w->answer; (at = strstr(at, wanted)); at++)
        count++;
    return count;
}

void journal_advance(struct journal_env *w, long seconds)
{
    w->ahead_s += seconds;
    journal_ask(w, "POST", "clock", "{\"advance_s\":%ld,\"skew_s\":%ld}", seconds, w->ahead_s);
}

void journal_buy(struct journal_env *w, char ret_id[128])
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params;
    struct cloud_error err;
    int rc;

    vendor_params(w->vendor, false, &params);
    rc = cloud_create_instance(w->client, &params, &result, &err);
    need(!rc, err.message);
    snprintf(ret_id, 128, "%s", result.id_count ? result.ids[0] : "");
    if (!result.id_count) { /* known when its task has ended */
        params.task_id = result.task_id;
        rc = cloud_wait(
            w->client,
            &(struct cloud_params){ .size = sizeof(params), .task_id = strdupa(result.task_id) },
            5000, NULL, NULL, &result, &err);
        need(!rc && result.task.resource_id_count, err.message);
        snprintf(ret_id, 128, "%s", result.task.resource_ids[0]);
    }
    cloud_result_clear(&result);
}
