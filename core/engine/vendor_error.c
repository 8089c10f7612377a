/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Maps a vendor's error to an error code, by the provider's error rows, and decides whether the
 * error proves that the request changed nothing.
 */
#include <stddef.h>
#include <string.h>

#include "core/base/error.h"
#include "core/engine/decode.h"

static int by_status(int http_status, const struct cc_envelope *envelope)
{
    if (http_status < 400) /* an error with HTTP 200 has a vendor code */
        return envelope->code && *envelope->code ? CLOUD_EVENDOR : CLOUD_EPROTOCOL;
    switch (http_status) {
    case 401: return CLOUD_EAUTH;
    case 403: return CLOUD_EDENIED;
    case 404: return CLOUD_ENOTFOUND;
    case 407: return CLOUD_ENETWORK; /* the answer of a proxy */
    case 409: return CLOUD_ECONFLICT;
    case 429: return CLOUD_ETHROTTLED;
    default:
        return http_status < 500 && http_status != 408 && http_status != 499 ? CLOUD_EINVAL
                                                                             : CLOUD_EVENDOR;
    }
}

static bool is_letter(char c)
{
    return cc_ascii_is_lower(c) || cc_ascii_is_upper(c) || cc_ascii_is_digit(c);
}

/* whether the word of @len bytes ends right before @at, or with blanks or hyphens between */
static bool is_behind(const char *message, const char *at, const char *word, size_t len)
{
    while (at > message && strchr(" -_", at[-1]))
        at--;
    return (size_t)(at - message) >= len && !cc_ascii_ncasecmp(at - len, word, len) &&
           ((size_t)(at - message) == len || !is_letter(at[-(ptrdiff_t)len - 1]));
}

const char *cc_words_in(const char *message, const char *words)
{
    size_t len = strlen(words);

    for (const char *at = message; at && *at; at++) {
        if (!cc_ascii_ncasecmp(at, words, len) &&
            !(is_letter(words[0]) && at > message && is_letter(at[-1])) &&
            !(is_letter(words[len - 1]) && is_letter(at[len])))
            return at;
    }
    return NULL;
}

static bool message_fits(const char *row, const char *message)
{
    const char *words = *row == '!' ? strchr(row, ' ') + 1 : row;

    for (const char *at = message; at && (at = cc_words_in(at, words)); at++) {
        if (words == row || !is_behind(message, at, row + 1, (size_t)(words - row) - 2))
            return true;
    }
    return false;
}

/* "InvalidOperation*" fits all codes with that prefix */
static bool code_fits(const char *row, const char *code)
{
    size_t len = strlen(row);

    return row[len - 1] == '*' ? !cc_ascii_ncasecmp(row, code, len - 1)
                               : !cc_ascii_casecmp(row, code);
}

static bool row_fits(const struct cc_error_row *row, int http_status,
                     const struct cc_envelope *envelope)
{
    return (!row->http || row->http == http_status) &&
           (!row->code || (envelope->code && code_fits(row->code, envelope->code))) &&
           (!row->has || message_fits(row->has, envelope->message));
}

/* the first row that fits, of those with a code only if @with_code; NULL: none */
static const struct cc_error_row *find_row(const struct cloud_provider *provider, int http_status,
                                           const struct cc_envelope *envelope, bool with_code)
{
    for (const struct cc_error_row *row = provider->errors; row && row->means; row++) {
        if ((row->code || !with_code) && row_fits(row, http_status, envelope))
            return row;
    }
    return NULL;
}

enum cc_proof cc_vendor_error_proof(const struct cloud_provider *provider, int http_status,
                                    const struct cc_envelope *envelope)
{
    const struct cc_error_row *row = find_row(provider, http_status, envelope, true);

    if (http_status >= 500 || http_status == 408 || http_status == 499)
        return CC_UNPROVEN;
    if (!row && http_status >= 400)
        row = find_row(provider, http_status, envelope, false);
    if (row && !row->code && !row->has && envelope->code && *envelope->code)
        row = NULL; /* a status alone does not explain a code that no row has */
    return row ? (enum cc_proof)row->proof : CC_UNPROVEN;
}

static int fail(const struct cloud_provider *provider, int code, int http_status,
                const struct cc_envelope *envelope, struct cloud_error *err)
{
    bool refused = cc_vendor_error_proof(provider, http_status, envelope) != CC_UNPROVEN;

    if (http_status == 407 && code == CLOUD_ENETWORK)
        return cc_fail(err, code,
                       "the proxy answered HTTP 407: it asks for a user and a password; set them "
                       "in the proxy's URL");
    if (envelope->message && *envelope->message)
        return cc_fail(err, code, "%s", envelope->message);
    if (!envelope->code || !*envelope->code)
        return cc_fail(err, code, "%s answered HTTP %d%s", provider->title, http_status,
                       http_status < 400 ? " without a code" : "");
    return cc_fail(err, code, refused ? "%s refused: %s" : "%s answered with the code %s",
                   provider->title, envelope->code);
}

int cc_vendor_error_read(const struct cloud_provider *provider, int http_status,
                         const struct cc_envelope *envelope, struct cloud_error *err)
{
    const struct cc_error_row *row = find_row(provider, http_status, envelope, false);
    int code = row ? row->means : by_status(http_status, envelope);

    fail(provider, code, http_status, envelope, err);
    err->http_status = http_status;
    CC_ERROR_SET(err->vendor_code, envelope->code);
    CC_ERROR_SET(err->request_id, envelope->request_id);
    return code;
}
