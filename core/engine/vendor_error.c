/* SPDX-License-Identifier: Apache-2.0 */
/* Maps a vendor's refusal to an error code, by the provider's error rows. */
#include <string.h>

#include "core/base/error.h"
#include "core/engine/decode.h"

static int by_status(int http_status, const struct cc_envelope *envelope)
{
    if (http_status < 400) /* a refusal with HTTP 200 has a vendor code */
        return envelope->code ? CLOUD_EVENDOR : CLOUD_EPROTOCOL;
    switch (http_status) {
    case 401: return CLOUD_EAUTH;
    case 403: return CLOUD_EDENIED;
    case 404: return CLOUD_ENOTFOUND;
    case 409: return CLOUD_ECONFLICT;
    case 429: return CLOUD_ETHROTTLED;
    default:
        return http_status < 500 && http_status != 408 && http_status != 499 ? CLOUD_EINVAL
                                                                             : CLOUD_EVENDOR;
    }
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
           (!row->has || (envelope->message && cc_ascii_contains(envelope->message, row->has)));
}

int cc_vendor_error_read(const struct cloud_provider *provider, int http_status,
                         const struct cc_envelope *envelope, struct cloud_error *err)
{
    int code = by_status(http_status, envelope);

    for (const struct cc_error_row *row = provider->errors; row && row->means; row++) {
        if (row_fits(row, http_status, envelope)) {
            code = row->means;
            break;
        }
    }
    if (envelope->message && *envelope->message)
        cc_fail(err, code, "%s", envelope->message);
    else if (envelope->code)
        cc_fail(err, code, "%s refused: %s", provider->title, envelope->code);
    else
        cc_fail(err, code, "%s answered HTTP %d", provider->title, http_status);
    err->http_status = http_status;
    CC_ERROR_SET(err->vendor_code, envelope->code);
    CC_ERROR_SET(err->request_id, envelope->request_id);
    return code;
}
