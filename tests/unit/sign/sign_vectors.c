/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs files of signing vectors in the two formats that tests/fixtures/vectors/README.md describes.
 * Prints each failure with the first stage that differs, then "N passed, M failed". Exits with 0;
 * with 1 when a vector failed; with 2 when a file could not be used.
 *
 * usage: sign_vectors FILE...
 */
#include <stdio.h>
#include <strings.h>

#include "core/base/error.h"
#include "core/base/file.h"
#include "core/json/json.h"
#include "core/sign/sign.h"
#include "core/base/time.h"

enum { FILE_MAX = 64 * 1024 * 1024 };

/* One vector under test. Only the first stage that differs is reported. */
struct trial {
    const char *id;
    const struct cc_value *vector;
    const struct cc_value *input;
    const struct cc_value *expect;
    bool failed;
};

__attribute__((format(printf, 3, 4))) static void differ(struct trial *trial, const char *stage,
                                                         const char *format, ...)
{
    va_list args;

    if (trial->failed)
        return;
    trial->failed = true;
    printf("FAIL %s: %s\n", trial->id, stage);
    va_start(args, format);
    vprintf(format, args);
    va_end(args);
    putchar('\n');
}

static void compare(struct trial *trial, const char *stage, const char *expected, const char *got)
{
    if (strcmp(expected, got) != 0)
        differ(trial, stage, "  expected: %s\n  got:      %s", expected, got);
}

/* Compares with the stage of that name. A vector may lack some stages. */
static void check(struct trial *trial, const char *stage, const char *got)
{
    const struct cc_value *expected = cc_value_find(trial->expect, stage);

    if (expected && cc_value_kind(expected) != CC_JSON_STRING)
        differ(trial, stage, "  the vector's value is no string");
    else if (expected)
        compare(trial, stage, cc_value_text(expected), got);
}

/* Returns a string of the input. When it is missing, the vector fails and "" is returned. */
static const char *need(struct trial *trial, const char *name)
{
    const struct cc_value *value = cc_value_find(trial->input, name);

    if (cc_value_kind(value) == CC_JSON_STRING)
        return cc_value_text(value);
    differ(trial, "input", "  the vector has no string input.%s", name);
    return "";
}

static const char *or_empty(const struct cc_value *value, const char *name)
{
    const char *text = cc_value_text(cc_value_find(value, name));

    return text ? text : "";
}

/* Adds a list of [name, value] to @pairs. */
static void read_pairs(struct trial *trial, const struct cc_value *list, const char *what,
                       struct cc_pairs *pairs)
{
    struct cc_iter each = { .container = list };
    const struct cc_value *item;

    while ((item = cc_iter_next(&each, NULL))) {
        struct cc_iter both = { .container = item };
        const char *name = cc_value_text(cc_iter_next(&both, NULL));
        const char *value = cc_value_text(cc_iter_next(&both, NULL));

        if (!name || !value)
            differ(trial, what, "  an element is no pair of strings");
        else
            cc_pairs_add(pairs, name, value);
    }
}

/* Writes the query that the vendor's program signs. Some programs change the given one (see "Odd
 * programs" in tests/fixtures/vectors/README.md). */
static void odd_query(const char *signer, const char *query, struct cc_buf *out)
{
    bool python = strstr(signer, "python"), cpp = strstr(signer, "cpp");
    bool any_equals = strchr(query, '=');
    struct cc_pairs seen = { 0 };
    const char *end;

    for (const char *at = query; *at; at = *end ? end + 1 : end) {
        size_t name_len = strcspn(at, "=&");
        bool bare = at[name_len] != '=';
        cc_auto_free char *name = strndup(at, name_len);

        end = at + strcspn(at, "&");
        if (end == at || (python && bare) || (cpp && cc_pairs_find(&seen, name)))
            continue;
        cc_pairs_add(&seen, name, "");
        if (out->len > 0)
            cc_buf_putc(out, '&');
        cc_buf_add(out, at, (size_t)(end - at));
        if (cpp && bare && any_equals)
            cc_buf_printf(out, "=%s", name);
    }
    cc_pairs_clear(&seen);
}

/* Writes the path that the vendor's program signs. The C++ program decodes nothing and removes
 * empty segments. */
static void odd_path(const char *signer, const char *path, struct cc_buf *out)
{
    cc_auto_buf struct cc_buf joined = { 0 };

    if (!strstr(signer, "cpp")) {
        cc_buf_puts(out, path);
        return;
    }
    for (const char *at = path; *at; at++) {
        if (*at != '/' || at == path || at[-1] != '/')
            cc_buf_putc(&joined, *at);
    }
    cc_encode(out, cc_buf_text(&joined), joined.len, "/");
}

/*
 * Picks the headers that the vector signs, with their values. Host, date and nonce are members of
 * the input; the others come from @from.
 */
static void pick_headers(struct trial *trial, const struct cc_pairs *from, struct cc_pairs *picked)
{
    cc_auto_free char *names = strdup(or_empty(trial->expect, "signed_headers"));
    struct cc_pairs own = { 0 };
    char *rest = names;

    cc_pairs_add(&own, "host", need(trial, "host_header"));
    cc_pairs_add(&own, "x-jdcloud-date", need(trial, "date"));
    cc_pairs_add(&own, "x-jdcloud-nonce", need(trial, "nonce"));
    for (char *name = strsep(&rest, ";"); name && *name; name = strsep(&rest, ";")) {
        const struct cc_pairs *source = cc_pairs_find(&own, name) ? &own : from;
        size_t before = picked->count;

        for (size_t i = 0; i < source->count; i++) {
            if (strcasecmp(source->items[i].name, name) == 0)
                cc_pairs_add(picked, name, source->items[i].value);
        }
        if (picked->count == before)
            differ(trial, "signed_headers", "  no value is given for the signed header %s", name);
    }
    cc_pairs_clear(&own);
}

/* Signs a path and query, with those of @headers that the vector signs. */
static void sign_v4(struct trial *trial, const char *path, const char *query,
                    const struct cc_pairs *headers, struct cc_v4_stages *ret_stages)
{
    const char *body = need(trial, "body");
    struct cc_credentials credentials = { .id = need(trial, "access_key"),
                                          .secret = need(trial, "secret_key") };
    struct cc_pairs picked = { 0 };
    struct cloud_error err;

    *ret_stages = (struct cc_v4_stages){ 0 };
    pick_headers(trial, headers, &picked);
    if (!trial->failed &&
        cc_v4_sign(&(struct cc_v4_input){ .algorithm = or_empty(trial->vector, "algorithm"),
                                          .method = need(trial, "method"),
                                          .path = path,
                                          .query = query,
                                          .headers = picked.items,
                                          .header_count = picked.count,
                                          .body = body,
                                          .body_len = strlen(body),
                                          .date = need(trial, "date"),
                                          .region = need(trial, "region"),
                                          .service = need(trial, "service"),
                                          .credentials = &credentials },
                   ret_stages, &err))
        differ(trial, "sign", "  %s", err.message);
    cc_pairs_clear(&picked);
}

static void check_stages(struct trial *trial, const struct cc_v4_stages *stages)
{
    const struct cc_pair parts[] = {
        { "canonical_uri", cc_buf_text(&stages->canonical_uri) },
        { "canonical_query", cc_buf_text(&stages->canonical_query) },
        { "canonical_headers", cc_buf_text(&stages->canonical_headers) },
        { "signed_headers", cc_buf_text(&stages->signed_headers) },
        { "payload_sha256", stages->payload_sha256 },
        { "canonical_request", cc_buf_text(&stages->canonical_request) },
        { "canonical_request_sha256", stages->canonical_request_sha256 },
        { "credential_scope", cc_buf_text(&stages->credential_scope) },
        { "string_to_sign", cc_buf_text(&stages->string_to_sign) },
        { "signing_key_hex", stages->signing_key_hex },
        { "signature", stages->signature },
        { "authorization", cc_buf_text(&stages->authorization) },
    };

    for (size_t i = 0; i < CC_COUNT(parts) && !trial->failed; i++)
        check(trial, parts[i].name, parts[i].value);
}

/* Compares the emitted headers whose values follow from the input and the stages. */
static void check_emitted(struct trial *trial, const struct cc_pairs *emitted,
                          const struct cc_v4_stages *stages)
{
    const struct cc_pair known[] = {
        { "authorization", cc_buf_text(&stages->authorization) },
        { "x-jdcloud-date", need(trial, "date") },
        { "x-jdcloud-nonce", need(trial, "nonce") },
        { "x-jdcloud-content-sha256", stages->payload_sha256 },
        { "host", need(trial, "host_header") },
    };

    for (size_t i = 0; i < CC_COUNT(known) && !trial->failed; i++) {
        const char *sent = cc_pairs_find(emitted, known[i].name);

        if (sent)
            compare(trial, "emitted_headers", known[i].value, sent);
        else if (i == 0)
            differ(trial, "emitted_headers", "  the vector emits no Authorization");
    }
}

/* Verifies the signature as the vendor's server does, from the bytes on the wire alone. */
static void check_wire(struct trial *trial, const char *signer, const struct cc_pairs *emitted,
                       const char *signature)
{
    const char *target = cc_value_text(cc_value_find(trial->vector, "wire_target"));
    cc_auto_buf struct cc_buf path = { 0 };
    cc_auto_buf struct cc_buf query = { 0 };
    struct cc_v4_stages stages;
    size_t len;

    if (!target || trial->failed)
        return;
    len = strcspn(target, "?");
    cc_buf_add(&path, target, len);
    odd_query(signer, target + len + (target[len] == '?'), &query);
    sign_v4(trial, cc_buf_text(&path), cc_buf_text(&query), emitted, &stages);
    compare(trial, "wire_target", signature, stages.signature);
    cc_v4_stages_clear(&stages);
}

static void run_jdcloud(struct trial *trial)
{
    const char *signer = or_empty(trial->vector, "signer");
    cc_auto_buf struct cc_buf path = { 0 };
    cc_auto_buf struct cc_buf query = { 0 };
    struct cc_pairs headers = { 0 }, emitted = { 0 };
    struct cc_v4_stages stages;

    odd_path(signer, need(trial, "path"), &path);
    odd_query(signer, need(trial, "query"), &query);
    read_pairs(trial, cc_value_find(trial->input, "headers"), "input.headers", &headers);
    read_pairs(trial, cc_value_find(trial->expect, "emitted_headers"), "emitted_headers", &emitted);
    sign_v4(trial, cc_buf_text(&path), cc_buf_text(&query), &headers, &stages);
    check_stages(trial, &stages);
    if (emitted.count > 0) {
        check_emitted(trial, &emitted, &stages);
        check_wire(trial, signer, &emitted, stages.signature);
    }
    cc_v4_stages_clear(&stages);
    cc_pairs_clear(&headers);
    cc_pairs_clear(&emitted);
}

/* Decodes a query as a server does. The signature is returned separately. */
static void decode_query(const char *query, struct cc_pairs *pairs, struct cc_buf *signature)
{
    const char *end;

    for (const char *at = query; *at; at = *end ? end + 1 : end) {
        size_t len = strcspn(at, "=&");
        cc_auto_buf struct cc_buf name = { 0 };
        cc_auto_buf struct cc_buf value = { 0 };

        end = at + strcspn(at, "&");
        cc_decode(&name, at, len, true);
        if (at[len] == '=')
            cc_decode(&value, at + len + 1, (size_t)(end - at) - len - 1, true);
        if (strcmp(cc_buf_text(&name), "Signature") == 0)
            cc_buf_puts(signature, cc_buf_text(&value));
        else
            cc_pairs_add(pairs, cc_buf_text(&name), cc_buf_text(&value));
    }
}

/* Compares base URL, separator and query, with a space written as '+' as in forms. */
static void check_url(struct trial *trial, const char *stage, const char *separator,
                      const char *query)
{
    cc_auto_buf struct cc_buf url = { 0 };

    cc_buf_puts(&url, need(trial, "base_url"));
    cc_buf_puts(&url, separator);
    for (const char *at = query; *at; at++) {
        bool space = strncmp(at, "%20", 3) == 0;

        cc_buf_putc(&url, space ? '+' : *at);
        at += space ? 2 : 0;
    }
    check(trial, stage, cc_buf_text(&url));
}

/* Compares the pairs in any order. */
static void check_pairs(struct trial *trial, const struct cc_pairs *sent)
{
    const struct cc_value *list = cc_value_find(trial->expect, "final_pairs");
    struct cc_pairs expected = { 0 };

    read_pairs(trial, list, "final_pairs", &expected);
    if (list && expected.count != sent->count)
        differ(trial, "final_pairs", "  expected: %zu pairs\n  got:      %zu", expected.count,
               sent->count);
    for (size_t i = 0; i < expected.count; i++) {
        bool found = false;

        for (size_t n = 0; n < sent->count; n++)
            found = found || (strcmp(expected.items[i].name, sent->items[n].name) == 0 &&
                              strcmp(expected.items[i].value, sent->items[n].value) == 0);
        if (!found)
            differ(trial, "final_pairs", "  expected: %s=%s\n  got:      no such pair",
                   expected.items[i].name, expected.items[i].value);
    }
    cc_pairs_clear(&expected);
}

static int by_name(const void *left, const void *right)
{
    const struct cc_pair *a = left, *b = right;

    return strcmp(a->name, b->name);
}

/* Checks a query that the library sends, as a server sees it. */
static void check_query(struct trial *trial, const char *method, const char *secret,
                        const char *query)
{
    cc_auto_buf struct cc_buf signature = { 0 };
    cc_auto_buf struct cc_buf sorted = { 0 };
    struct cc_rpc_stages stages = { 0 };
    struct cc_pairs pairs = { 0 };
    struct cloud_error err;

    decode_query(query, &pairs, &signature);
    if (cc_rpc_sign(method, &pairs, secret, &stages, &err))
        differ(trial, "sign", "  %s", err.message);
    check(trial, "canonical_query", cc_buf_text(&stages.canonical_query));
    check(trial, "string_to_sign", cc_buf_text(&stages.string_to_sign));
    check(trial, "signature", stages.signature);
    compare(trial, "query", stages.signature, cc_buf_text(&signature));
    check_url(trial, "final_url", "/?", query);

    cc_pairs_add(&pairs, "Signature", cc_buf_text(&signature));
    check_pairs(trial, &pairs);
    qsort(pairs.items, pairs.count, sizeof(*pairs.items), by_name);
    cc_encode_pairs(&sorted, pairs.items, pairs.count);
    check_url(trial, "final_url_go_sdk", "?", cc_buf_text(&sorted));
    cc_rpc_stages_clear(&stages);
    cc_pairs_clear(&pairs);
}

static void run_capitalonline(struct trial *trial)
{
    const char *timestamp = need(trial, "timestamp");
    struct cc_credentials credentials = { .id = need(trial, "access_key_id"),
                                          .secret = need(trial, "access_key_secret") };
    struct cc_signing signing = { .credentials = &credentials,
                                  .action = need(trial, "action"),
                                  .version = need(trial, "version"),
                                  .nonce = need(trial, "nonce") };
    struct cc_request request = { .method = need(trial, "method") };
    struct cc_iter each = { .container = cc_value_find(trial->input, "params") };
    char written[CC_TIME_ISO_MAX] = "";
    const struct cc_value *value;
    struct cloud_error err;
    const char *name;

    /* The library writes one format of timestamps. A timestamp in another format is passed as a
     * parameter, as the vendor's programs allow. */
    if (!cc_time_read(timestamp, 0, &signing.time, NULL))
        cc_time_iso(signing.time, written);
    if (strcmp(written, timestamp) != 0)
        cc_pairs_add(&request.query, "Timestamp", timestamp);
    while ((value = cc_iter_next(&each, &name)))
        cc_pairs_add(&request.query, name, cc_value_text(value));
    if (cc_sign_capitalonline(&request, &signing, &err))
        differ(trial, "sign", "  %s", err.message);
    if (!trial->failed)
        check_query(trial, request.method, credentials.secret, cc_buf_text(&request.query_text));
    cc_request_clear(&request);
}

struct totals {
    unsigned passed, failed;
};

/* Runs one vector. Returns false when its format is unknown. */
static bool run_vector(const struct cc_value *vector, struct totals *totals)
{
    struct trial trial = { .id = or_empty(vector, "id"),
                           .vector = vector,
                           .input = cc_value_find(vector, "input"),
                           .expect = cc_value_find(vector, "expect") };

    if (!trial.input || !cc_value_find(trial.expect, "signature"))
        return false;
    if (cc_value_find(vector, "algorithm"))
        run_jdcloud(&trial);
    else if (cc_value_find(trial.input, "access_key_id"))
        run_capitalonline(&trial);
    else
        return false;
    totals->failed += trial.failed;
    totals->passed += !trial.failed;
    return true;
}

/* Returns NULL, or the reason why the file cannot be used. */
static const char *run_document(const struct cc_value *root, struct totals *totals)
{
    struct cc_iter each = { .container = cc_value_find(root, "vectors") };
    const struct cc_value *vector;

    if (strcmp(or_empty(root, "format"), "1") != 0)
        return "it has no \"format\": 1";
    if (cc_value_kind(each.container) != CC_JSON_LIST || cc_value_count(each.container) == 0)
        return "it holds no vectors";
    while ((vector = cc_iter_next(&each, NULL))) {
        if (!run_vector(vector, totals))
            return "a vector is of neither known format, or expects no signature";
    }
    return NULL;
}

static bool run_file(const char *path, struct totals *totals)
{
    cc_auto_free char *text = cc_file_read(path, FILE_MAX);
    struct cc_doc *doc = NULL;
    struct cloud_error err = { 0 };
    const char *why;

    if (!text) {
        fprintf(stderr, "sign_vectors: cannot read %s: %m\n", path);
        return false;
    }
    if (cc_doc_parse(text, strlen(text), &doc, &err)) {
        fprintf(stderr, "sign_vectors: %s: %s\n", path, err.message);
        return false;
    }
    why = run_document(cc_doc_root(doc), totals);
    if (why)
        fprintf(stderr, "sign_vectors: %s: %s\n", path, why);
    cc_doc_free(doc);
    return !why;
}

int main(int argc, char **argv)
{
    struct totals totals = { 0 };
    bool usable = argc > 1;

    if (argc < 2) {
        fprintf(stderr, "usage: sign_vectors FILE...\n");
        return 2;
    }
    for (int i = 1; i < argc; i++)
        usable = run_file(argv[i], &totals) && usable;
    printf("%u passed, %u failed\n", totals.passed, totals.failed);
    if (!usable)
        return 2;
    return totals.failed > 0 ? 1 : 0;
}
