/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Signs requests by signature version 4: a canonical request, a credential scope, and a key derived
 * for one day. JD Cloud has two algorithms, JDCLOUD3 and JDCLOUD2. They differ in literals and in
 * how paths, queries and header values are normalised. The table below holds the differences.
 */
#include "core/base/error.h"
#include "core/sign/sign.h"

#define PAYLOAD_HEADER "x-jdcloud-content-sha256"

static const struct algorithm {
    const char *name;
    const char *key_prefix;
    const char *terminator;
    bool plus_is_space; /* in paths and queries */
    bool joins_slashes; /* "//" in a path becomes "/" */
    bool drops_unnamed; /* "=x" in a query is dropped */
    bool joins_spaces;  /* several spaces inside a header's value become one */
} algorithms[] = {
    { "JDCLOUD3-HMAC-SHA256", "JDCLOUD3", "jdcloud3_request", true, true, true, false },
    { "JDCLOUD2-HMAC-SHA256", "JDCLOUD2", "jdcloud2_request", false, false, false, true },
};

static const struct algorithm *find_algorithm(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(algorithms); i++) {
        if (strcmp(algorithms[i].name, name) == 0)
            return &algorithms[i];
    }
    return NULL;
}

static void write_uri(const struct algorithm *how, const char *path, struct cc_buf *plain,
                      struct cc_buf *out)
{
    size_t kept = 0;

    if (*path == '/' && cc_is_encoded(path, '/') && !strstr(path, "//")) {
        cc_buf_puts(out, path);
        return;
    }
    cc_buf_reset(plain);
    if (*path != '/')
        cc_buf_putc(plain, '/');
    cc_decode(plain, path, strlen(path), how->plus_is_space);
    for (size_t i = 0; i < plain->len; i++) {
        if (how->joins_slashes && i > 0 && plain->data[i] == '/' && plain->data[i - 1] == '/')
            continue;
        plain->data[kept++] = plain->data[i];
    }
    cc_encode(out, cc_buf_text(plain), kept, "/");
    out->failed = out->failed || plain->failed;
}

static int by_text(const void *left, const void *right)
{
    const struct cc_pair *a = left, *b = right;
    int order = strcmp(a->name, b->name);

    return order ? order : strcmp(a->value, b->value);
}

/* Sorts pairs, which are encoded already, and joins them. */
static void write_sorted(struct cc_pairs *pairs, struct cc_buf *out)
{
    if (pairs->count > 1)
        qsort(pairs->items, pairs->count, sizeof(*pairs->items), by_text);
    for (size_t i = 0; i < pairs->count; i++) {
        if (i > 0)
            cc_buf_putc(out, '&');
        cc_buf_puts(out, pairs->items[i].name);
        cc_buf_putc(out, '=');
        cc_buf_puts(out, pairs->items[i].value);
    }
    out->failed = out->failed || pairs->failed;
}

static void normalise(const struct algorithm *how, const char *text, size_t len, struct cc_buf *out)
{
    cc_auto_buf struct cc_buf plain = { 0 };

    cc_decode(&plain, text, len, how->plus_is_space);
    cc_encode(out, cc_buf_text(&plain), plain.len, NULL);
    out->failed = out->failed || plain.failed;
}

static void write_query(const struct algorithm *how, const char *query, struct cc_buf *out)
{
    cc_auto_buf struct cc_buf name = { 0 };
    cc_auto_buf struct cc_buf value = { 0 };
    struct cc_pairs pairs = { 0 };
    const char *end;

    for (const char *at = query; *at; at = *end ? end + 1 : end) {
        size_t name_len = strcspn(at, "=&");
        const char *text = at + name_len + (at[name_len] == '=');

        end = at + strcspn(at, "&");
        if (end == at || (name_len == 0 && how->drops_unnamed))
            continue;
        cc_buf_reset(&name);
        cc_buf_reset(&value);
        normalise(how, at, name_len, &name);
        normalise(how, text, (size_t)(end - text), &value);
        pairs.failed = pairs.failed || name.failed || value.failed;
        cc_pairs_add(&pairs, cc_buf_text(&name), cc_buf_text(&value));
    }
    write_sorted(&pairs, out);
    cc_pairs_clear(&pairs);
}

/* A header to sign; .index keeps the order of headers with the same name. */
struct header {
    const struct cc_pair *pair;
    size_t index;
};

static int by_header(const void *left, const void *right)
{
    const struct header *a = left, *b = right;
    int order = cc_ascii_casecmp(a->pair->name, b->pair->name);

    if (order)
        return order;
    return a->index < b->index ? -1 : a->index > b->index;
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static void write_value(const struct algorithm *how, const char *value, struct cc_buf *out)
{
    const char *from = value, *to = value + strlen(value);

    while (is_space(*from))
        from++;
    while (to > from && is_space(to[-1]))
        to--;
    for (const char *at = from; at < to && how->joins_spaces; at++) {
        if (at[0] == ' ' && at[1] == ' ') {
            cc_buf_add(out, from, (size_t)(at - from));
            from = at + 1;
        }
    }
    cc_buf_add(out, from, (size_t)(to - from));
}

static void write_lower(const char *name, struct cc_buf *out)
{
    size_t from = out->len;

    cc_buf_puts(out, name);
    for (size_t i = from; i < out->len; i++) {
        if (out->data[i] >= 'A' && out->data[i] <= 'Z')
            out->data[i] = (char)(out->data[i] + 32);
    }
}

static void write_headers(const struct algorithm *how, const struct cc_pair *pairs, size_t count,
                          struct cc_buf *out, struct cc_buf *names)
{
    struct header few[8];
    cc_auto_free struct header *many = count > CC_COUNT(few) ? calloc(count, sizeof(*many)) : NULL;
    struct header *sorted = count > CC_COUNT(few) ? many : few;
    bool plain = true; /* sorted already, and no name twice */
    size_t lower;      /* offset of the current name in @names */

    if (!sorted) {
        out->failed = true;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        sorted[i] = (struct header){ &pairs[i], i };
        plain = plain && (i == 0 || cc_ascii_casecmp(pairs[i - 1].name, pairs[i].name) < 0);
    }
    if (!plain)
        qsort(sorted, count, sizeof(*sorted), by_header);
    for (size_t i = 0; i < count; i++) {
        bool again =
            !plain && i > 0 && cc_same_name(sorted[i].pair->name, sorted[i - 1].pair->name);

        if (again) {
            cc_buf_putc(out, ',');
        } else {
            if (i > 0)
                cc_buf_putc(names, ';');
            lower = names->len;
            write_lower(sorted[i].pair->name, names);
            cc_buf_puts_all(out, i > 0 ? "\n" : "", cc_buf_text(names) + lower, ":", NULL);
        }
        write_value(how, sorted[i].pair->value, out);
    }
    if (count > 0)
        cc_buf_putc(out, '\n');
}

/* A content hash in a header replaces the digest of the body ("validate" of JD Cloud's Java
 * signer). */
static bool hash_payload(const struct algorithm *how, const struct cc_v4_input *input,
                         struct cc_v4_stages *stages)
{
    cc_auto_buf struct cc_buf given = { 0 };

    for (size_t i = 0; i < input->header_count; i++) {
        if (cc_same_name(input->headers[i].name, PAYLOAD_HEADER))
            write_value(how, input->headers[i].value, &given);
    }
    if (given.len == 0)
        return !given.failed && cc_sha256_hex(input->body, input->body_len, stages->payload_sha256);
    if (given.failed || given.len >= sizeof(stages->payload_sha256))
        return false;
    memcpy(stages->payload_sha256, given.data, given.len + 1);
    return true;
}

static bool write_request(const struct algorithm *how, const struct cc_v4_input *input,
                          struct cc_buf *plain, struct cc_v4_stages *stages)
{
    struct cc_buf *out = &stages->canonical_request;

    write_uri(how, input->path, plain, &stages->canonical_uri);
    if (input->query_is_canonical)
        cc_buf_puts(&stages->canonical_query, input->query);
    else
        write_query(how, input->query ? input->query : "", &stages->canonical_query);
    write_headers(how, input->headers, input->header_count, &stages->canonical_headers,
                  &stages->signed_headers);
    if (!hash_payload(how, input, stages))
        return false;
    cc_buf_puts_all(out, input->method, "\n", cc_buf_text(&stages->canonical_uri), "\n",
                    cc_buf_text(&stages->canonical_query), "\n",
                    cc_buf_text(&stages->canonical_headers), "\n",
                    cc_buf_text(&stages->signed_headers), "\n", stages->payload_sha256, NULL);
    return !out->failed && !stages->canonical_uri.failed && !stages->canonical_query.failed &&
           !stages->canonical_headers.failed && !stages->signed_headers.failed &&
           cc_sha256_hex(out->data, out->len, stages->canonical_request_sha256);
}

/* Derives the key of one day, region and service, or takes it from the cache. */
static bool derive_key(const struct algorithm *how, const struct cc_v4_input *input,
                       const char *scope, unsigned char ret_key[32])
{
    cc_auto_buf struct cc_buf secret = { 0 };
    struct cc_sign_key_cache *cache = input->cache;
    const char *const steps[] = { input->region, input->service, how->terminator };
    bool good;

    if (cache && cache->set && strcmp(cache->scope, scope) == 0) {
        memcpy(ret_key, cache->key, sizeof(cache->key));
        return true;
    }
    cc_buf_puts(&secret, how->key_prefix);
    cc_buf_puts(&secret, input->credentials->secret);
    good = !secret.failed && cc_hmac_sha256(secret.data, secret.len, input->date, 8, ret_key);
    for (size_t i = 0; i < CC_COUNT(steps) && good; i++)
        good = cc_hmac_sha256(ret_key, 32, steps[i], strlen(steps[i]), ret_key);
    if (good && cache && strlen(scope) < sizeof(cache->scope)) {
        strcpy(cache->scope, scope);
        memcpy(cache->key, ret_key, sizeof(cache->key));
        cache->set = true;
    }
    return good;
}

static bool write_signature(const struct algorithm *how, const struct cc_v4_input *input,
                            struct cc_v4_stages *stages)
{
    unsigned char key[32], mac[32];
    struct cc_buf *scope = &stages->credential_scope;
    struct cc_buf *text = &stages->string_to_sign;
    bool good;

    cc_buf_add(scope, input->date, 8);
    cc_buf_puts_all(scope, "/", input->region, "/", input->service, "/", how->terminator, NULL);
    cc_buf_puts_all(text, how->name, "\n", input->date, "\n", cc_buf_text(scope), "\n",
                    stages->canonical_request_sha256, NULL);
    good = !scope->failed && !text->failed && derive_key(how, input, scope->data, key) &&
           cc_hmac_sha256(key, sizeof(key), text->data, text->len, mac);
    if (good) {
        cc_hex(key, sizeof(key), stages->signing_key_hex);
        cc_hex(mac, sizeof(mac), stages->signature);
    }
    cc_wipe(key, sizeof(key));
    cc_buf_puts_all(&stages->authorization, how->name, " Credential=", input->credentials->id, "/",
                    cc_buf_text(scope), ", SignedHeaders=", cc_buf_text(&stages->signed_headers),
                    ", Signature=", stages->signature, NULL);
    return good && !stages->authorization.failed;
}

/* @stages is empty. The caller clears or empties it, also after a failure. */
static int write_stages(const struct cc_v4_input *input, struct cc_buf *plain,
                        struct cc_v4_stages *stages, struct cloud_error *err)
{
    const struct algorithm *how = find_algorithm(input->algorithm);

    if (!how)
        return cc_fail(err, CLOUD_EINVAL,
                       "there is no signing algorithm \"%.40s\"; use JDCLOUD3-HMAC-SHA256 or "
                       "JDCLOUD2-HMAC-SHA256",
                       input->algorithm);
    if (strlen(input->date) < 8)
        return cc_fail(err, CLOUD_EINVAL,
                       "the signing date \"%.20s\" is too short; write YYYYMMDDTHHMMSSZ",
                       input->date);
    if (write_request(how, input, plain, stages) && write_signature(how, input, stages))
        return CLOUD_OK;
    return cc_fail(err, CLOUD_ENOMEM, "out of memory while signing");
}

int cc_v4_sign(const struct cc_v4_input *input, struct cc_v4_stages *ret_stages,
               struct cloud_error *err)
{
    cc_auto_buf struct cc_buf plain = { 0 };
    int code;

    *ret_stages = (struct cc_v4_stages){ 0 };
    code = write_stages(input, &plain, ret_stages, err);
    if (code)
        cc_v4_stages_clear(ret_stages);
    return code;
}

static void empty_stages(struct cc_v4_stages *stages)
{
    struct cc_buf *bufs[] = { &stages->canonical_uri,     &stages->canonical_query,
                              &stages->canonical_headers, &stages->signed_headers,
                              &stages->canonical_request, &stages->credential_scope,
                              &stages->string_to_sign,    &stages->authorization };

    for (size_t i = 0; i < CC_COUNT(bufs); i++)
        cc_buf_reset(bufs[i]);
    cc_wipe(stages->signing_key_hex, sizeof(stages->signing_key_hex));
    cc_wipe(stages->signature, sizeof(stages->signature));
}

void cc_sign_work_clear(struct cc_sign_work *work)
{
    cc_v4_stages_clear(&work->stages);
    cc_buf_clear(&work->plain);
}

void cc_v4_stages_clear(struct cc_v4_stages *stages)
{
    cc_buf_clear(&stages->canonical_uri);
    cc_buf_clear(&stages->canonical_query);
    cc_buf_clear(&stages->canonical_headers);
    cc_buf_clear(&stages->signed_headers);
    cc_buf_clear(&stages->canonical_request);
    cc_buf_clear(&stages->credential_scope);
    cc_buf_clear(&stages->string_to_sign);
    cc_buf_clear(&stages->authorization);
    cc_wipe(stages, sizeof(*stages));
}

/* Writes the query in canonical form, so that the same bytes are signed and sent. */
static bool write_query_text(struct cc_request *request)
{
    cc_auto_buf struct cc_buf name = { 0 };
    cc_auto_buf struct cc_buf value = { 0 };
    struct cc_pairs encoded = { .failed = request->query.failed, .arena = request->query.arena };

    for (size_t i = 0; i < request->query.count; i++) {
        const struct cc_pair *pair = &request->query.items[i];

        cc_buf_reset(&name);
        cc_buf_reset(&value);
        cc_encode(&name, pair->name, strlen(pair->name), NULL);
        cc_encode(&value, pair->value, strlen(pair->value), NULL);
        encoded.failed = encoded.failed || name.failed || value.failed;
        cc_pairs_add(&encoded, cc_buf_text(&name), cc_buf_text(&value));
    }
    cc_buf_reset(&request->query_text);
    write_sorted(&encoded, &request->query_text);
    cc_pairs_clear(&encoded);
    return !request->query_text.failed;
}

/* Sets the headers of signing. The security token is sent as base64, as the vendor's SDKs do. */
static bool set_headers(struct cc_request *request, const struct cc_signing *signing,
                        const char *date)
{
    const char *token = signing->credentials->token;

    if (!cc_pairs_find(&request->headers, "content-type"))
        cc_pairs_add(&request->headers, "Content-Type", "application/json");
    cc_pairs_set(&request->headers, "x-jdcloud-date", date);
    cc_pairs_set(&request->headers, "x-jdcloud-nonce", signing->nonce);
    if (token && *token) {
        char *text = cc_base64(token, strlen(token));

        if (!text)
            return false;
        cc_pairs_set(&request->headers, "x-jdcloud-security-token", text);
        cc_free_secret(text);
    }
    return !request->headers.failed;
}

static int sign(struct cc_request *request, const struct cc_signing *signing, const char *algorithm,
                struct cloud_error *err)
{
    static const char *const signed_names[] = { "content-type", "host", "x-jdcloud-date",
                                                "x-jdcloud-nonce", "x-jdcloud-security-token" };
    struct cc_pair headers[CC_COUNT(signed_names)];
    struct cc_sign_work own = { 0 }, *work = signing->work ? signing->work : &own;
    struct cc_v4_input input = {
        .query_is_canonical = true,
        .algorithm = algorithm,
        .method = request->method,
        .path = request->path,
        .headers = headers,
        .body = cc_buf_text(&request->body),
        .body_len = request->body.len,
        .region = signing->region,
        .service = signing->service,
        .credentials = signing->credentials,
        .cache = signing->cache,
    };
    int code;

    if (!*work->date || work->dated != signing->time)
        cc_time_basic(signing->time, work->date);
    work->dated = signing->time;
    if (!write_query_text(request) || !set_headers(request, signing, work->date))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory while signing");
    for (size_t i = 0; i < CC_COUNT(signed_names); i++) {
        const char *value = strcmp(signed_names[i], "host") == 0
                                ? request->host
                                : cc_pairs_find(&request->headers, signed_names[i]);

        if (value)
            headers[input.header_count++] = (struct cc_pair){ signed_names[i], value };
    }
    input.query = cc_buf_text(&request->query_text);
    input.date = work->date;
    code = write_stages(&input, &work->plain, &work->stages, err);
    if (!code)
        cc_pairs_set(&request->headers, "Authorization", work->stages.authorization.data);
    empty_stages(&work->stages);
    cc_sign_work_clear(&own);
    if (code)
        return code;
    return request->headers.failed ? cc_fail(err, CLOUD_ENOMEM, "out of memory while signing")
                                   : CLOUD_OK;
}

int cc_sign_jdcloud3(struct cc_request *request, const struct cc_signing *signing,
                     struct cloud_error *err)
{
    return sign(request, signing, "JDCLOUD3-HMAC-SHA256", err);
}

int cc_sign_jdcloud2(struct cc_request *request, const struct cc_signing *signing,
                     struct cloud_error *err)
{
    return sign(request, signing, "JDCLOUD2-HMAC-SHA256", err);
}
