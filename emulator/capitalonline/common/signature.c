/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks CapitalOnline's signature from the decoded query: HMAC-SHA1 over every parameter but
 * Signature, sorted by the raw key, encoded twice. Scheme, host, path, headers and body are not
 * signed.
 *
 * No document gives the time window, the lifetime of a nonce or an error code for any of this. Here
 * the window is 15 minutes, and the codes are those that the vendor's Go SDK knows.
 */
#include "emulator/capitalonline/common/capitalonline.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WINDOW_S = 15 * 60 };

/* The common parameters; a NULL value accepts any that is not empty. */
static const struct emu_pair common[] = {
    { "Action", NULL },
    { "AccessKeyId", NULL },
    { "Signature", NULL },
    { "SignatureMethod", "HMAC-SHA1" },
    { "SignatureVersion", "1.0" },
    { "SignatureNonce", NULL },
    { "Timestamp", NULL },
    { "Version", "2019-08-08" },
};

static int by_name_and_value(const void *a, const void *b)
{
    const struct emu_pair *left = a, *right = b;
    int ret = strcmp(left->name, right->name);

    return ret ? ret : strcmp(left->value, right->value);
}

/* The query without Signature, sorted. An equal pair counts once, because the newest sample of the
 * documents repeats pairs. NULL when one name has two values: it is not known which one was signed.
 */
static struct emu_pair *sorted_pairs(struct emu_world *world, const struct emu_request *request,
                                     size_t *ret_count)
{
    struct emu_pair *ret = emu_alloc(world, (request->param_count + 1) * sizeof(*ret));
    size_t count = 0, kept = 0;

    for (size_t i = 0; i < request->param_count; i++) {
        if (strcmp(request->params[i].name, "Signature") != 0)
            ret[count++] = request->params[i];
    }
    qsort(ret, count, sizeof(*ret), by_name_and_value);
    for (size_t i = 0; i < count; i++) {
        if (kept && by_name_and_value(&ret[kept - 1], &ret[i]) == 0)
            continue;
        if (kept && strcmp(ret[kept - 1].name, ret[i].name) == 0)
            return NULL;
        ret[kept++] = ret[i];
    }
    *ret_count = kept;
    return ret;
}

/* With @plus a space becomes '+', as in cds-cloudos-go-sdk: its replacement of '+' by %20 has no
 * effect. */
static const char *canonical_query(struct emu_world *world, const struct emu_pair *pairs,
                                   size_t count, bool plus)
{
    struct emu_buf buf = { 0 };
    char *out;

    for (size_t i = 0; i < count; i++)
        emu_buf_addf(world, &buf, "%s%s=%s", i ? "&" : "", emu_url_encode(world, pairs[i].name, ""),
                     emu_url_encode(world, pairs[i].value, ""));
    if (!plus || !buf.text)
        return buf.text ? buf.text : "";
    out = buf.text;
    for (const char *p = buf.text; *p; p++) {
        bool space = strncmp(p, "%20", 3) == 0;

        *out++ = space ? '+' : *p;
        p += space ? 2 : 0;
    }
    *out = '\0';
    return buf.text;
}

static bool signed_so(struct emu_world *world, const struct emu_request *request,
                      const char *secret, bool plus)
{
    size_t count = 0;
    const struct emu_pair *pairs = sorted_pairs(world, request, &count);
    unsigned char digest[20];
    char *text;

    if (!pairs)
        return false;
    text = emu_text(world, "%s&%%2F&%s", request->method,
                    emu_url_encode(world, canonical_query(world, pairs, count, plus), ""));
    emu_hmac_sha1(secret, strlen(secret), text, strlen(text), digest);
    return emu_same_secret(emu_base64(world, digest, sizeof(digest)),
                           emu_query_param(request, "Signature"));
}

static bool takes_go_space(struct emu_world *world)
{
    const char *word = emu_switch(world, "go_sdk_space");

    return word && strcmp(word, "0") != 0 && strcmp(word, "false") != 0;
}

static bool read_timestamp(const char *text, int64_t *ret)
{
    struct tm parts = { 0 };
    const char *end = strlen(text) == 20 ? strptime(text, "%Y-%m-%dT%H:%M:%S", &parts) : NULL;

    if (!end || strcmp(end, "Z") != 0)
        return false;
    *ret = (int64_t)timegm(&parts);
    return true;
}

static const char *check_common(struct emu_world *world, const struct emu_request *request,
                                const char **ret_why)
{
    for (size_t i = 0; i < EMU_COUNT(common); i++) {
        const char *value = emu_query_param(request, common[i].name);

        if (value && *value && (!common[i].value || strcmp(value, common[i].value) == 0))
            continue;
        *ret_why = emu_text(
            world, value && *value ? "%s is not %s." : "The common parameter %s is missing.",
            common[i].name, common[i].value);
        return "AccessDenied";
    }
    /* The text behind a NUL byte would not be visible, so the signed text is not known. */
    if (strstr(request->query, "%00")) {
        *ret_why = "There is a NUL byte in the query.";
        return "AccessDenied";
    }
    return NULL;
}

const char *emu_co_check_signature(struct emu_world *world, struct emu_request *request,
                                   const char **ret_why)
{
    const char *code = check_common(world, request, ret_why);
    const char *key_id, *secret;
    int64_t when;

    if (code)
        return code;
    key_id = emu_query_param(request, "AccessKeyId");
    request->key_id = key_id;
    secret = emu_key_secret(world, key_id);
    *ret_why = "The AccessKeyId does not exist.";
    if (!secret)
        return "InvalidAccessKeyId";
    *ret_why = "The Signature does not match the request.";
    if (!signed_so(world, request, secret, false) &&
        !(takes_go_space(world) && signed_so(world, request, secret, true)))
        return "SignatureDoesNotMatch";
    *ret_why = "The Timestamp is not a time like 2018-01-01T12:00:00Z within 15 minutes of now.";
    if (!read_timestamp(emu_query_param(request, "Timestamp"), &when) ||
        llabs((long long)(when - emu_signing_now(world))) > WINDOW_S)
        return "RequestExpired";
    *ret_why = "The SignatureNonce was used before.";
    /* Twice the window: a request dated in the future stays valid that long. */
    if (!emu_nonce_take(world, key_id, emu_query_param(request, "SignatureNonce"), 2 * WINDOW_S))
        return "AccessDenied";
    request->account = emu_key_account(world, key_id);
    return NULL;
}
