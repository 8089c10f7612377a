/* SPDX-License-Identifier: Apache-2.0 */
/* Checks JD Cloud's signatures: both algorithms, any set of signed headers. The signed text is
 * rebuilt from the request as received, by the rules that all of the vendor's signers share. Where
 * they differ (a default port in Host, doubled slashes), each of their readings is tried. */
#include "emulator/jdcloud/jdcloud.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { WINDOW_S = 15 * 60 };

struct algorithm {
    const char *name, *terminator, *key_prefix;
    bool plus_is_space;   /* JDCLOUD3 decodes '+' in path and query */
    bool collapse_spaces; /* JDCLOUD2: several spaces within a header's value become one */
};

static const struct algorithm algorithms[] = {
    { "JDCLOUD2-HMAC-SHA256", "jdcloud2_request", "JDCLOUD2", false, true },
    { "JDCLOUD3-HMAC-SHA256", "jdcloud3_request", "JDCLOUD3", true, false },
};

struct claim {
    const struct algorithm *algorithm;
    const char *key_id, *day, *region, *service, *scope;
    const char *signed_headers, *signature;
    const char *date;
};

/* Returns the text before @end and moves @at behind it; NULL when @end is missing. */
static const char *cut(struct emu_world *world, const char **at, const char *end)
{
    const char *stop = *end ? strstr(*at, end) : *at + strlen(*at);
    const char *ret;

    if (!stop)
        return NULL;
    ret = emu_text_n(world, *at, (size_t)(stop - *at));
    *at = stop + strlen(end);
    return ret;
}

static bool skip(const char **at, const char *word)
{
    if (strncmp(*at, word, strlen(word)) != 0)
        return false;
    *at += strlen(word);
    return true;
}

static const struct algorithm *find_algorithm(const char *name)
{
    for (size_t i = 0; i < EMU_COUNT(algorithms); i++) {
        if (name && strcmp(algorithms[i].name, name) == 0)
            return &algorithms[i];
    }
    return NULL;
}

static const char *read_claim(struct emu_world *world, const struct emu_request *request,
                              struct claim *ret)
{
    const char *at = emu_header(request, "authorization"), *scope, *terminator;

    if (!at || !*at)
        return "lack of header authorization[gw]";
    ret->algorithm = find_algorithm(cut(world, &at, " "));
    if (!ret->algorithm)
        return "unknown algorithm in header authorization[gw]";
    if (!skip(&at, "Credential=") || !(ret->key_id = cut(world, &at, "/")) ||
        !(scope = cut(world, &at, ", ")) || !skip(&at, "SignedHeaders=") ||
        !(ret->signed_headers = cut(world, &at, ", ")) || !skip(&at, "Signature="))
        return "header authorization is malformed[gw]";
    ret->signature = at;
    ret->scope = scope;
    ret->day = cut(world, &scope, "/");
    ret->region = ret->day ? cut(world, &scope, "/") : NULL;
    ret->service = ret->region ? cut(world, &scope, "/") : NULL;
    terminator = scope;
    if (!ret->service || strcmp(terminator, ret->algorithm->terminator) != 0)
        return "credential scope is malformed[gw]";
    return NULL;
}

/* "20240315T081530Z", or -1. */
static int64_t read_date(const char *text)
{
    struct tm parts = { 0 };

    if (strlen(text) != 16 || strspn(text, "0123456789") != 8 || text[8] != 'T' ||
        strspn(text + 9, "0123456789") != 6 || text[15] != 'Z')
        return -1;
    if (strptime(text, "%Y%m%dT%H%M%SZ", &parts) == NULL)
        return -1;
    return (int64_t)timegm(&parts);
}

static const char *collapse(struct emu_world *world, const char *text, char sign)
{
    char *ret = emu_alloc(world, strlen(text) + 1), *out = ret;

    for (; *text; text++) {
        if (*text != sign || out == ret || out[-1] != sign)
            *out++ = *text;
    }
    return ret;
}

static const char *canonical_uri(struct emu_world *world, const struct emu_request *request,
                                 const struct algorithm *algorithm, bool collapsed)
{
    const char *plain =
        emu_url_decode(world, request->path, strlen(request->path), algorithm->plus_is_space);

    if (collapsed)
        plain = collapse(world, plain, '/');
    plain = emu_url_encode(world, plain, "/");
    return *plain == '/' ? plain : emu_text(world, "/%s", plain);
}

static int by_name_then_value(const void *a, const void *b)
{
    const struct emu_pair *left = a, *right = b;
    int ret = strcmp(left->name, right->name);

    return ret ? ret : strcmp(left->value, right->value);
}

static const char *canonical_query(struct emu_world *world, const struct emu_request *request,
                                   const struct algorithm *algorithm)
{
    struct emu_pair *pairs = emu_alloc(world, (request->param_count + 1) * sizeof(*pairs));
    struct emu_buf buf = { 0 };
    size_t count = 0;

    for (const char *p = request->query; *p;) {
        size_t size = strcspn(p, "&"), name = 0;
        bool plus = algorithm->plus_is_space;

        while (name < size && p[name] != '=')
            name++;
        if (name) {
            const char *value =
                name < size ? emu_url_decode(world, p + name + 1, size - name - 1, plus) : "";

            pairs[count].name = emu_url_encode(world, emu_url_decode(world, p, name, plus), "");
            pairs[count++].value = emu_url_encode(world, value, "");
        }
        p += size + (p[size] == '&');
    }
    qsort(pairs, count, sizeof(*pairs), by_name_then_value);
    for (size_t i = 0; i < count; i++)
        emu_buf_addf(world, &buf, "%s%s=%s", i ? "&" : "", pairs[i].name, pairs[i].value);
    return buf.text ? buf.text : "";
}

static const char *trimmed(struct emu_world *world, const char *value, bool collapse_spaces)
{
    size_t size;

    value += strspn(value, " \t\r\n");
    size = strlen(value);
    while (size && strchr(" \t\r\n", value[size - 1]))
        size--;
    value = emu_text_n(world, value, size);
    return collapse_spaces ? collapse(world, value, ' ') : value;
}

/* The value of a signed header: each of its lines trimmed, joined by commas; NULL when it was not
 * sent. */
static const char *header_value(struct emu_world *world, const struct emu_request *request,
                                const char *name, bool collapse_spaces)
{
    const char *ret = NULL;

    for (size_t i = 0; i < request->header_count; i++) {
        if (emu_ascii_casecmp(request->headers[i].name, name) == 0) {
            const char *value = trimmed(world, request->headers[i].value, collapse_spaces);

            ret = ret ? emu_text(world, "%s,%s", ret, value) : value;
        }
    }
    return ret;
}

static const char *canonical_headers(struct emu_world *world, const struct emu_request *request,
                                     const struct claim *claim, const char *host)
{
    struct emu_buf buf = { 0 };
    const char *rest = claim->signed_headers;

    while (*rest) {
        size_t size = strcspn(rest, ";");
        const char *name = emu_text_n(world, rest, size);
        const char *value =
            strcmp(name, "host") == 0
                ? host
                : header_value(world, request, name, claim->algorithm->collapse_spaces);

        if (!value)
            return NULL;
        emu_buf_addf(world, &buf, "%s:%s\n", name, value);
        rest += size + (rest[size] == ';');
    }
    return buf.text ? buf.text : "";
}

static const char *signature_of(struct emu_world *world, const struct claim *claim,
                                const char *secret, const char *canonical)
{
    const char *steps[] = { claim->day, claim->region, claim->service, claim->algorithm->terminator,
                            NULL };
    const char *first = emu_text(world, "%s%s", claim->algorithm->key_prefix, secret);
    unsigned char key[32];

    steps[4] = emu_text(world, "%s\n%s\n%s\n%s", claim->algorithm->name, claim->date, claim->scope,
                        emu_sha256_hex(world, canonical, strlen(canonical)));
    emu_hmac_sha256(first, strlen(first), steps[0], strlen(steps[0]), key);
    for (size_t i = 1; i < EMU_COUNT(steps); i++)
        emu_hmac_sha256(key, sizeof(key), steps[i], strlen(steps[i]), key);
    return emu_hex(world, key, sizeof(key));
}

static bool matches(struct emu_world *world, const struct emu_request *request,
                    const struct claim *claim, const char *secret, const char *host, bool collapsed)
{
    const char *headers = canonical_headers(world, request, claim, host);
    const char *canonical;

    if (!headers)
        return false;
    canonical =
        emu_text(world, "%s\n%s\n%s\n%s\n%s\n%s", request->method,
                 canonical_uri(world, request, claim->algorithm, collapsed),
                 canonical_query(world, request, claim->algorithm), headers, claim->signed_headers,
                 emu_sha256_hex(world, request->body, request->body_size));
    return emu_same_secret(signature_of(world, claim, secret, canonical), claim->signature);
}

/* Some signers sign the host without the default port that the request has. */
static const char *portless(struct emu_world *world, const char *host)
{
    const char *colon = strrchr(host, ':');

    if (colon && (strcmp(colon, ":80") == 0 || strcmp(colon, ":443") == 0))
        return emu_text_n(world, host, (size_t)(colon - host));
    return NULL;
}

static bool signature_holds(struct emu_world *world, const struct emu_request *request,
                            const struct claim *claim, const char *secret)
{
    const char *host = trimmed(world, request->host, false);
    const char *hosts[] = { host, portless(world, host) };

    for (size_t i = 0; i < EMU_COUNT(hosts) && hosts[i]; i++) {
        if (matches(world, request, claim, secret, hosts[i], true) ||
            (!claim->algorithm->plus_is_space &&
             matches(world, request, claim, secret, hosts[i], false)))
            return true;
    }
    return false;
}

static const char *check_side_headers(struct emu_world *world, const struct emu_request *request,
                                      const struct claim *claim)
{
    const char *algorithm = emu_header(request, "x-jdcloud-algorithm");
    const char *digest = emu_header(request, "x-jdcloud-content-sha256");

    if (algorithm && strcmp(algorithm, claim->algorithm->name) != 0)
        return "x-jdcloud-algorithm differs from header authorization[gw]";
    if (digest &&
        emu_ascii_casecmp(digest, emu_sha256_hex(world, request->body, request->body_size)) != 0)
        return "x-jdcloud-content-sha256 is not that of the body[gw]";
    return NULL;
}

static const char *check_date(struct emu_world *world, const struct emu_request *request,
                              struct claim *claim)
{
    int64_t when, distance;

    claim->date = emu_header(request, "x-jdcloud-date");
    if (!claim->date)
        return "lack of header x-jdcloud-date[gw]";
    when = read_date(claim->date);
    if (when < 0 || strlen(claim->day) != 8 || strncmp(claim->date, claim->day, 8) != 0)
        return "x-jdcloud-date is malformed or not of the scope's day[gw]";
    distance = when - emu_signing_now(world);
    if (distance > WINDOW_S || distance < -WINDOW_S)
        return "x-jdcloud-date is more than 15 minutes from the server's time[gw]";
    return NULL;
}

const char *emu_jd_check_signature(struct emu_world *world, struct emu_request *request,
                                   const char *region)
{
    const char *nonce = emu_header(request, "x-jdcloud-nonce");
    struct claim claim = { 0 };
    const char *secret, *why;

    if ((why = read_claim(world, request, &claim)) || (why = check_date(world, request, &claim)) ||
        (why = check_side_headers(world, request, &claim)))
        return why;
    if (!nonce || !*nonce)
        return "lack of header x-jdcloud-nonce[gw]";
    secret = emu_key_secret(world, claim.key_id);
    if (!secret)
        return "access key is not known[gw]";
    if (!signature_holds(world, request, &claim, secret))
        return "sign result is not same [gw]";
    if (region && strcmp(region, claim.region) != 0)
        return "the region of the credential scope is not that of the path[gw]";
    if (*request->product && strcmp(request->product, claim.service) != 0)
        return "the service of the credential scope is not that of the path[gw]";
    /* A request dated at the window's far end can be repeated until its near end has passed. */
    if (!emu_nonce_take(world, claim.key_id, nonce, 2 * WINDOW_S))
        return "x-jdcloud-nonce was used before[gw]";
    request->key_id = claim.key_id;
    request->account = emu_key_account(world, claim.key_id);
    return NULL;
}
