/* SPDX-License-Identifier: Apache-2.0 */
/* Lists the options of a client, sets them from text, and checks them. */
#include "core/config/options.h"
#include "core/base/error.h"
#include "core/base/rate.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"
#include "core/model/provider.h"
#include "core/config/yaml.h"

#include <arpa/inet.h>
#include <stdio.h>

#define OPTION(member_, kind_, flags_) \
    { \
        .name = #member_, .kind = (kind_), .flags = (flags_), \
        .at = offsetof(struct cloud_client_options, member_) \
    }
#define OPTION_INT(member_, min_, max_) \
    { \
        .name = #member_, .kind = CC_OPTION_INT, .flags = CC_OPTION_DEFAULTS, \
        .at = CC_AT(struct cloud_client_options, member_, int), .min = (min_), .max = (max_) \
    }

/* clang-format off */
static const struct cc_option options_table[] = {
    OPTION(provider,                    CC_OPTION_TEXT, CC_OPTION_CHECK_INPUT),
    OPTION(region,                      CC_OPTION_TEXT, 0),
    OPTION(access_key_id,               CC_OPTION_TEXT, CC_OPTION_CREDENTIAL),
    OPTION(access_key_secret,           CC_OPTION_TEXT, CC_OPTION_CREDENTIAL | CC_OPTION_SECRET),
    OPTION(security_token,              CC_OPTION_TEXT, CC_OPTION_CREDENTIAL | CC_OPTION_SECRET),
    OPTION(endpoint,                    CC_OPTION_TEXT, CC_OPTION_CHECK_INPUT),
    OPTION(signature,                   CC_OPTION_TEXT, CC_OPTION_CHECK_INPUT),
    OPTION(ca_file,                     CC_OPTION_PATH, 0),
    OPTION(allow_http,                  CC_OPTION_BOOL, CC_OPTION_CHECK_INPUT),
    OPTION(allow_prepaid_charge_change, CC_OPTION_BOOL, 0),
    OPTION(mode,                        CC_OPTION_MODE, 0),
    OPTION(price_book,                  CC_OPTION_PATH, 0),
    OPTION(rate_limit,                  CC_OPTION_TEXT, CC_OPTION_DEFAULTS | CC_OPTION_CHECK_INPUT),
    OPTION_INT(timeout_ms,              1,    86400000),
    OPTION_INT(connect_timeout_ms,      1,    86400000),
    OPTION_INT(attempts,                1,    20),
    OPTION_INT(max_reply_bytes,         1024, 1 << 30),
    OPTION_INT(rate_limit_wait_ms,      1,    1000000000),
};

static const char *const mode_names[] = {
    [CLOUD_MODE_NORMAL]    = "normal",
    [CLOUD_MODE_NO_SPEND]  = "no_spend",
    [CLOUD_MODE_READ_ONLY] = "read_only",
};

static const struct {
    const char *word;
    bool value;
} switches[] = {
    { "true", true }, { "false", false }, { "yes", true },
    { "no", false },  { "on", true },     { "off", false },
};
/* clang-format on */

const struct cc_option *cc_option_at(size_t n)
{
    return n < CC_COUNT(options_table) ? &options_table[n] : NULL;
}

const struct cc_option *cc_option_find(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(options_table); i++)
        if (strcmp(options_table[i].name, name) == 0)
            return &options_table[i];
    return NULL;
}

/* Reports a mistake in the option @name. */
__attribute__((format(printf, 3, 4))) static int fail(struct cloud_error *err, const char *name,
                                                      const char *format, ...)
{
    char message[sizeof(err->message)];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    cc_fail(err, CLOUD_ECONFIG, "%s", message);
    if (err)
        CC_ERROR_SET(err->parameter, name);
    return CLOUD_ECONFIG;
}

static int range_error(const struct cc_option *option, struct cloud_error *err)
{
    return fail(err, option->name, "%s must be a whole number from %d to %d", option->name,
                option->min, option->max);
}

static int set_mode(enum cloud_mode *ret_mode, const char *text, struct cloud_error *err)
{
    for (size_t i = 0; i < CC_COUNT(mode_names); i++) {
        if (strcmp(mode_names[i], text) == 0) {
            *ret_mode = (enum cloud_mode)i;
            return CLOUD_OK;
        }
    }
    return fail(err, "mode", "mode must be normal, no_spend or read_only");
}

static int set_switch(const struct cc_option *option, bool *ret_value, const char *text,
                      struct cloud_error *err)
{
    for (size_t i = 0; i < CC_COUNT(switches); i++) {
        if (strcmp(switches[i].word, text) == 0) {
            *ret_value = switches[i].value;
            return CLOUD_OK;
        }
    }
    return fail(err, option->name, "%s must be true or false", option->name);
}

int cc_option_set(struct cloud_client_options *options, const struct cc_option *option,
                  const char *text, struct cloud_error *err)
{
    void *member = (char *)options + option->at;

    switch (option->kind) {
    case CC_OPTION_INT:
        return cc_yaml_int(text, option->min, option->max, member) ? CLOUD_OK
                                                                   : range_error(option, err);
    case CC_OPTION_BOOL: return set_switch(option, member, text, err);
    case CC_OPTION_MODE: return set_mode(member, text, err);
    case CC_OPTION_TEXT:
    case CC_OPTION_PATH: break;
    }
    *(const char **)member = text;
    return CLOUD_OK;
}

/* These texts go into headers, URLs and log lines, so they must not have line ends. */
static int check_text(const struct cc_option *option, const char *text, struct cloud_error *err)
{
    const char *ends;

    if (!text)
        return CLOUD_OK;
    if (!*text)
        return fail(err, option->name, "%s is empty; give it a value or leave it out",
                    option->name);
    for (const char *c = text; *c; c++)
        if ((unsigned char)*c < 0x20 || *c == 0x7f)
            return fail(err, option->name,
                        "%s has a line end or another control character; remove it", option->name);
    ends = option->kind == CC_OPTION_TEXT ? cc_text_ends(text) : NULL;
    return ends ? fail(err, option->name, "%s %s; remove it", option->name, ends) : CLOUD_OK;
}

static int check_members(const struct cloud_client_options *options, struct cloud_error *err)
{
    for (size_t i = 0; i < CC_COUNT(options_table); i++) {
        const struct cc_option *option = &options_table[i];
        const void *member = (const char *)options + option->at;
        int r = CLOUD_OK;

        if (option->kind == CC_OPTION_TEXT || option->kind == CC_OPTION_PATH) {
            r = check_text(option, *(const char *const *)member, err);
        } else if (option->kind == CC_OPTION_INT) {
            int value = *(const int *)member;

            if (value != 0 && (value < option->min || value > option->max))
                r = range_error(option, err);
        }
        if (r != CLOUD_OK)
            return r;
    }
    if ((size_t)options->mode >= CC_COUNT(mode_names))
        return fail(err, "mode", "mode must be normal, no_spend or read_only");
    return CLOUD_OK;
}

static int check_provider(const struct cloud_client_options *options,
                          const struct cloud_provider **ret_provider, struct cloud_error *err)
{
    cc_auto_buf struct cc_buf known = { 0 };
    struct cc_nearest nearest = { .word = options->provider ? options->provider : "" };
    const char *name, *found;

    *ret_provider = options->provider ? cc_provider_find(options->provider) : NULL;
    if (*ret_provider)
        return CLOUD_OK;
    for (size_t n = 0; (name = cloud_provider_name(n)); n++) {
        cc_buf_printf(&known, "%s%s", n > 0 ? ", " : "", name);
        cc_nearest_try(&nearest, name);
    }
    found = cc_nearest_found(&nearest);
    if (!options->provider)
        return fail(err, "provider", "the provider is missing; name one of %s",
                    cc_buf_text(&known));
    return fail(err, "provider", "there is no provider '%.60s'; %s%s%sthe known providers are %s",
                options->provider, found ? "the nearest is '" : "", found ? found : "",
                found ? "', " : "", cc_buf_text(&known));
}

static int check_signature(const struct cloud_client_options *options,
                           const struct cloud_provider *provider, struct cloud_error *err)
{
    const char *given = options->signature;
    const char *names[] = { provider->sign_name, provider->sign_other_name };

    if (!given)
        return CLOUD_OK;
    for (size_t i = 0; i < CC_COUNT(names); i++)
        if (names[i] && strcmp(names[i], given) == 0)
            return CLOUD_OK;
    if (!provider->sign_other_name)
        return fail(err, "signature", "%s signs in one way only; leave signature out",
                    provider->name);
    return fail(err, "signature", "signature must be %s or %s for %s", provider->sign_name,
                provider->sign_other_name, provider->name);
}

/* The host of an endpoint; "[::1]" without its brackets. */
struct address {
    char host[256];
    bool bracketed;
};

static bool read_port(const char *text)
{
    int port;

    return cc_yaml_int(text, 1, 65535, &port);
}

static bool read_address(const char *authority, struct address *ret_address)
{
    bool bracketed = authority[0] == '[';
    const char *host = authority + bracketed;
    size_t length = strspn(
        host, bracketed ? "0123456789abcdefABCDEF:."
                        : "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_");
    const char *rest = host + length;
    unsigned char raw[16];

    if (length == 0 || length >= sizeof(ret_address->host) || (bracketed && *rest++ != ']'))
        return false;
    memcpy(ret_address->host, host, length);
    ret_address->host[length] = '\0';
    ret_address->bracketed = bracketed;
    if (bracketed && inet_pton(AF_INET6, ret_address->host, raw) != 1)
        return false;
    return !*rest || (*rest == ':' && read_port(rest + 1));
}

/* True for 127.0.0.0/8, ::1 and localhost; false for names like "127.0.0.1.example.com". */
static bool is_loopback(const struct address *address)
{
    struct in6_addr six;
    unsigned char four[4];

    if (address->bracketed)
        return inet_pton(AF_INET6, address->host, &six) == 1 && IN6_IS_ADDR_LOOPBACK(&six);
    return strcmp(address->host, "localhost") == 0 ||
           (inet_pton(AF_INET, address->host, four) == 1 && four[0] == 127);
}

/* Messages do not quote the endpoint, because a user may have written a password into it. */
static int check_endpoint(const struct cloud_client_options *options, struct cloud_error *err)
{
    static const char *const schemes[] = { "emulator:", "https://", "http://" };
    const char *endpoint = options->endpoint ? options->endpoint : schemes[0];
    struct address address;
    size_t scheme = 0;

    while (scheme < CC_COUNT(schemes) &&
           strncmp(endpoint, schemes[scheme], strlen(schemes[scheme])) != 0)
        scheme++;
    if (scheme == 0)
        return CLOUD_OK;
    if (scheme == CC_COUNT(schemes))
        return fail(err, "endpoint", "the endpoint must begin with https://, http:// or emulator:");
    endpoint += strlen(schemes[scheme]);
    if (strchr(endpoint, '@'))
        return fail(err, "endpoint",
                    "the endpoint has a user name or password; keys go into access_key_id "
                    "and access_key_secret");
    if (endpoint[strcspn(endpoint, "/?#")])
        return fail(err, "endpoint",
                    "the endpoint has more than a host and a port; write scheme://host or "
                    "scheme://host:port, without path, query or a slash at the end");
    if (!read_address(endpoint, &address))
        return fail(err, "endpoint",
                    "the endpoint has no good host and port; write scheme://host or "
                    "scheme://host:port");
    if (strcmp(schemes[scheme], "http://") == 0 && !options->allow_http && !is_loopback(&address))
        return fail(err, "endpoint",
                    "plain http: is for this machine only (127.0.0.0/8, [::1], localhost); write "
                    "https:, or set allow_http: true if you trust the network");
    return CLOUD_OK;
}

static int check_rate(const struct cloud_client_options *options, struct cloud_error *err)
{
    struct cc_rate rate;
    struct cloud_error why;

    if (!options->rate_limit || !cc_rate_read(options->rate_limit, &rate, &why))
        return CLOUD_OK;
    return fail(err, "rate_limit", "%s", why.message);
}

static int check_credentials(const struct cloud_client_options *options, struct cloud_error *err)
{
    bool emulator = options->endpoint && strncmp(options->endpoint, "emulator:", 9) == 0;

    if (emulator && !options->access_key_id && !options->access_key_secret)
        return CLOUD_OK;
    if (!options->access_key_id)
        return fail(err, "access_key_id",
                    "the access key's id is missing; give access_key_id (only an emulator: "
                    "endpoint needs no key)");
    if (!options->access_key_secret)
        return fail(err, "access_key_secret",
                    "the access key's secret is missing; give access_key_secret (only an "
                    "emulator: endpoint needs no key)");
    return CLOUD_OK;
}

int cc_options_check(const struct cloud_client_options *options, struct cloud_error *err)
{
    const struct cloud_provider *provider = NULL;
    int r;

    if (!options || options->size < sizeof(*options))
        return fail(err, "size",
                    "the options are not complete; start from CLOUD_CLIENT_OPTIONS_INIT");
    r = check_members(options, err);
    if (r == CLOUD_OK)
        r = check_provider(options, &provider, err);
    if (r == CLOUD_OK)
        r = check_signature(options, provider, err);
    if (r == CLOUD_OK && provider->needs_region && !options->region)
        r = fail(err, "region", "the region is missing; %s needs one", provider->name);
    if (r == CLOUD_OK)
        r = check_rate(options, err);
    if (r == CLOUD_OK)
        r = check_endpoint(options, err);
    return r == CLOUD_OK ? check_credentials(options, err) : r;
}
