/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Helps tests of clouds.yaml: writes and loads the file "c.yaml", makes a client of it, and
 * compares errors. A fake cloud_client_new() writes its options to made_of as text. Link with
 * -Wl,--wrap=cloud_client_new and with the options of alloc_fail.h and fake_providers.h.
 */
#ifndef TESTS_CONFIG_FILE_H
#define TESTS_CONFIG_FILE_H

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/config/options.h"
#include "tests/support/alloc_fail.h"
#include "tests/support/temp_directory.h"
#include "tests/support/fake_providers.h"

#define CANARY "CANARY5ecret"

int __wrap_cloud_client_new(const struct cloud_client_options *options,
                            struct cloud_client **ret_client, struct cloud_error *err);

static char made_of[2000];         /* the options of the last client */
static struct cloud_error refusal; /* cloud_client_new() fails with it; zeros: it succeeds */

int __wrap_cloud_client_new(const struct cloud_client_options *o, struct cloud_client **ret_client,
                            struct cloud_error *err)
{
    const struct cloud_params *p = o->defaults;
    int r = cc_options_check(o, err);

    if (r != CLOUD_OK)
        return r;
    if (refusal.code) {
        *err = refusal;
        return refusal.code;
    }
    snprintf(made_of, sizeof(made_of),
             "provider=%s region=%s id=%s secret=%s token=%s endpoint=%s signature=%s ca_file=%s "
             "http=%d change=%d "
             "mode=%d timeout=%d connect=%d attempts=%d bytes=%d book=%s zone=%s image=%s cpu=%d "
             "disks=%zu",
             o->provider, o->region ? o->region : "-", o->access_key_id ? o->access_key_id : "-",
             o->access_key_secret ? o->access_key_secret : "-",
             o->security_token ? o->security_token : "-", o->endpoint ? o->endpoint : "-",
             o->signature ? o->signature : "-", o->ca_file ? o->ca_file : "-", o->allow_http,
             o->allow_prepaid_charge_change, (int)o->mode, o->timeout_ms, o->connect_timeout_ms,
             o->attempts, o->max_reply_bytes, o->price_book ? o->price_book : "-",
             p->zone ? p->zone : "-", p->image_id ? p->image_id : "-", p->cpu, p->data_disk_count);
    *ret_client = NULL;
    return CLOUD_OK;
}

static struct cloud_error err;

static int load(const char *path, struct cloud_config **ret_config)
{
    memset(&err, 0xff, sizeof(err));
    return cloud_config_load(path, ret_config, &err);
}

/* Loading "c.yaml" must fail with "c.yaml:LINE: KEY: …SAYS…" and with the key as parameter. */
static inline void expect_refused(int line, const char *key, const char *says)
{
    struct cloud_config *config = NULL;
    char begin[300];

    assert_int_equal(load("c.yaml", &config), CLOUD_ECONFIG);
    snprintf(begin, sizeof(begin), "c.yaml:%d: %s%s", line, key, *key ? ": " : "");
    if (strncmp(err.message, begin, strlen(begin)) != 0 || !strstr(err.message, says))
        fail_msg("expected \"%s…%s…\", got \"%s\"", begin, says, err.message);
    assert_int_equal(err.code, CLOUD_ECONFIG);
    assert_string_equal(err.parameter, key);
    assert_null(strstr(err.message, CANARY));
    assert_null(config);
}

static inline void expect_mistake(const char *text, int line, const char *key, const char *says)
{
    write_text("c.yaml", text);
    expect_refused(line, key, says);
}

/* Makes a client of the cloud "a" of the text. Returns the code. */
static inline int make(const char *text)
{
    struct cloud_config *config = NULL;
    struct cloud_client *client = NULL;
    int r;

    write_text("c.yaml", text);
    r = load("c.yaml", &config);
    if (r != CLOUD_OK)
        return r;
    made_of[0] = '\0';
    memset(&err, 0xff, sizeof(err));
    r = cloud_config_client(config, "a", &client, &err);
    cloud_config_free(config);
    return r;
}

static inline void expect_made(const char *text, const char *has)
{
    if (make(text) != CLOUD_OK)
        fail_msg("%s", err.message);
    if (!strstr(made_of, has))
        fail_msg("expected \"%s\" in \"%s\"", has, made_of);
    assert_int_equal(err.code, CLOUD_OK);
}

static inline void expect_unmade(const char *text, const char *begin, const char *says)
{
    assert_int_equal(make(text), CLOUD_ECONFIG);
    if (strncmp(err.message, begin, strlen(begin)) != 0 || !strstr(err.message, says))
        fail_msg("expected \"%s…%s…\", got \"%s\"", begin, says, err.message);
    assert_null(strstr(err.message, CANARY));
}

#define KEYS "    access_key_id: id\n    access_key_secret: " CANARY "\n"
#define CLOUD_A \
    "clouds:\n  a:\n    provider: jdcloud\n    region: cn-north-1\n" KEYS /* lines 1..6 */

#endif
