/* SPDX-License-Identifier: Apache-2.0 */
/* Creates and frees clients, and keeps their options and credentials. config/options.c checks the
 * options. */
#include "core/scheduler/run_one.h"

#include <stdio.h>
#include <string.h>

#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/transport/rate_limiter.h"
#include "core/model/operations.h"
#include "core/config/options.h"
#include "core/pricing/price_book.h"
#include "include/cloud_emulator.h"

static bool in_process(const struct cloud_client_options *options)
{
    return options->endpoint && !strncmp(options->endpoint, "emulator:", 9);
}

/* copies the options that the client needs later, without the secrets */
static bool keep_options(struct cloud_client *client, const struct cloud_client_options *options)
{
    struct cloud_client_options *o = &client->options;

    *o = *options;
    o->access_key_id = o->access_key_secret = o->security_token = NULL;
    /* borrowed; open_client() reads them from the caller's options */
    o->provider = o->signature = o->price_book = o->rate_limit = NULL;
    o->defaults = NULL;
    o->region = cc_arena_strdup(client->arena, options->region);
    o->endpoint = cc_arena_strdup(client->arena, options->endpoint);
    o->ca_file = cc_arena_strdup(client->arena, options->ca_file);
    o->timeout_ms = options->timeout_ms ? options->timeout_ms : 30000;
    o->connect_timeout_ms = options->connect_timeout_ms ? options->connect_timeout_ms : 10000;
    o->attempts = options->attempts ? options->attempts : 3;
    o->max_reply_bytes = options->max_reply_bytes ? options->max_reply_bytes : 8 << 20;
    return cc_params_dup(&client->defaults, options->defaults, client->arena) &&
           (!options->region || o->region) && (!options->endpoint || o->endpoint) &&
           (!options->ca_file || o->ca_file);
}

static bool keep_secrets(struct cloud_client *client, const struct cloud_client_options *options)
{
    bool emulated = in_process(options) && !options->access_key_id;
    struct cc_credentials *c = &client->credentials;

    c->id = strdup(emulated ? CLOUD_EMULATOR_KEY_ID : options->access_key_id);
    c->secret = strdup(emulated ? CLOUD_EMULATOR_KEY_SECRET : options->access_key_secret);
    c->token = options->security_token ? strdup(options->security_token) : NULL;
    return c->id && c->secret && (c->token || !options->security_token);
}

static int choose_sign(struct cloud_client *client, const char *name, struct cloud_error *err)
{
    const struct cloud_provider *p = client->provider;

    client->sign = p->sign;
    if (!name || (p->sign_name && !strcmp(name, p->sign_name)))
        return CLOUD_OK;
    if (p->sign_other && !strcmp(name, p->sign_other_name)) {
        client->sign = p->sign_other;
        return CLOUD_OK;
    }
    if (!p->sign_name)
        return cc_fail_param(err, "signature",
                             "signature is \"%.40s\"; %s has only one, leave it out", name,
                             p->title);
    err = err ? err : &(struct cloud_error){ 0 };
    cc_fail_param(err, "signature", "signature is \"%.40s\"; %s has %s and %s", name, p->title,
                  p->sign_name, p->sign_other_name);
    return err->code = CLOUD_ECONFIG;
}

static int connect_transport(struct cloud_client *client, struct cloud_error *err)
{
    const char *endpoint = client->options.endpoint;

    if (in_process(&client->options))
        return cc_transport_emulator_new(endpoint, client->credentials.id,
                                         client->credentials.secret, &client->transport, err);
    client->endpoint = endpoint;
    client->transport = cc_transport_curl_new();
    return client->transport ? CLOUD_OK : cc_transport_curl_fail(err);
}

static int open_limit(struct cloud_client *client, const char *text, struct cloud_error *err)
{
    struct cc_rate rate;
    int rc = cc_rate_read(text, &rate, err);

    if (!rc)
        rc = cc_rate_limiter_open(rate, client->provider->name, client->credentials.id,
                                  &client->limiter, err);
    if (!rc && cc_rate_limiter_problem(client->limiter))
        cc_client_log(client, CLOUD_LOG_ERROR, "%s; the limit holds for this process alone",
                      cc_rate_limiter_problem(client->limiter));
    return rc;
}

/* The OpenSSL library would wait for a FIFO. Who can change the file can answer as the vendor. */
static int check_ca_file(const char *path, struct cloud_error *err)
{
    struct cloud_error why = { 0 };

    if (cc_file_check(path, CC_FILE_TRUSTED, &why) == CLOUD_OK)
        return CLOUD_OK;
    cc_fail_param(err, "ca_file", "ca_file %.300s %s", path, why.message);
    if (err)
        err->code = CLOUD_ECONFIG;
    return CLOUD_ECONFIG;
}

static int open_client(struct cloud_client *client, const struct cloud_client_options *options,
                       struct cloud_error *err)
{
    int rc;

    client->provider = cc_provider_find(options->provider);
    client->env = cc_real_env;
    client->retry_budget = 10000;
    client->arena = cc_arena_new();
    if (!client->arena || !keep_options(client, options) || !keep_secrets(client, options))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (client->provider->zone_is_region && !client->defaults.zone)
        client->defaults.zone = client->options.region;
    rc = choose_sign(client, options->signature, err);
    if (!rc && options->price_book)
        rc = cc_pricebook_load(options->price_book, &client->price_book, err);
    if (!rc && options->ca_file)
        rc = check_ca_file(options->ca_file, err);
    if (!rc && options->rate_limit)
        rc = open_limit(client, options->rate_limit, err);
    return rc ? rc : connect_transport(client, err);
}

int cloud_client_new(const struct cloud_client_options *options, struct cloud_client **ret_client,
                     struct cloud_error *err)
{
    struct cloud_client_options given = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_client *client;
    int rc = cc_need_struct(CC_STRUCT_CLIENT_OPTIONS, options, err);

    if (!rc)
        rc = cc_need(ret_client, "ret_client", err);
    if (rc)
        return rc;
    cc_error_clear(err);
    cc_copy_struct(&given, sizeof(given), options);
    if (given.defaults)
        rc = cc_need_struct(CC_STRUCT_PARAMS, given.defaults, err);
    if (!rc)
        rc = cc_options_check(&given, err);
    if (rc)
        return rc;
    client = calloc(1, sizeof(*client));
    if (!client)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    rc = open_client(client, &given, err);
    if (rc) {
        cloud_client_free(client);
        return rc;
    }
    *ret_client = client;
    return CLOUD_OK;
}

void cloud_client_free(struct cloud_client *client)
{
    if (!client)
        return;
    cc_batch_forget_client(client);
    if (client->transport)
        client->transport->free(client->transport);
    cc_pricebook_free(client->price_book);
    cc_call_free(client->call);
    cc_rate_limiter_free(client->limiter);
    cc_free_secret((char *)client->credentials.id);
    cc_free_secret((char *)client->credentials.secret);
    cc_free_secret((char *)client->credentials.token);
    cc_arena_free(client->arena);
    cc_wipe(client, sizeof(*client));
    free(client);
}

const char *cloud_client_provider(const struct cloud_client *client)
{
    return client ? client->provider->name : "";
}

void cloud_client_set_log(struct cloud_client *client, cloud_log_fn log, void *user_data)
{
    if (!client)
        return;
    client->options.log = log;
    client->options.log_user_data = user_data;
}

const char *cloud_client_region(const struct cloud_client *client)
{
    return client && client->options.region ? client->options.region : "";
}

const struct cloud_params *cloud_client_defaults(const struct cloud_client *client)
{
    return client ? &client->defaults : NULL;
}

int cloud_client_account(const struct cloud_client *client, char ret_account[CLOUD_ACCOUNT_MAX],
                         struct cloud_error *err)
{
    char digest[CLOUD_DIGEST_MAX];
    int rc = cc_need(client, "client", err);

    if (!rc)
        rc = cc_need(ret_account, "ret_account", err);
    if (!rc)
        rc = cloud_digest(NULL, client->credentials.id, digest, err);

    if (!rc)
        snprintf(ret_account, CLOUD_ACCOUNT_MAX, "ak-%.16s", digest);
    return rc;
}

int64_t cloud_client_vendor_time(const struct cloud_client *client)
{
    if (!client || !client->vendor_seen)
        return CLOUD_TIME_NONE;
    return (client->env.now_ms(client->env.data) + client->vendor_ahead_ms) / 1000;
}

void cloud_client_set_change_hook(struct cloud_client *client, cloud_change_fn hook,
                                  void *user_data)
{
    if (!client)
        return;
    client->change_hook = hook;
    client->change_user_data = user_data;
}

cloud_change_fn cloud_client_change_hook(const struct cloud_client *client, void **ret_user_data)
{
    if (ret_user_data)
        *ret_user_data = client ? client->change_user_data : NULL;
    return client ? client->change_hook : NULL;
}
