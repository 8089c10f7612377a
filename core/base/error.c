/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Error objects: written where it went wrong, fixed in size, safe to show on any terminal. Also the
 * words for codes and outcomes. Which failure deserves which code is decided by whoever meets it.
 */
#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

#include <stdio.h>

/* Length of what must not reach a terminal or a log line: controls (C0, DEL, C1), broken UTF-8. */
static size_t unprintable(const char *text, size_t length)
{
    unsigned char first = (unsigned char)text[0];

    if (length == 0 || first < 0x20 || first == 0x7f)
        return 1;
    if (length == 2 && first == 0xc2 && (unsigned char)text[1] < 0xa0)
        return 2;
    return 0;
}

void cc_error_text(char *field, size_t size, const char *text)
{
    size_t len = text ? strlen(text) : 0;
    size_t out = 0;

    for (; out < len && out + 1 < size && (unsigned char)text[out] >= 0x20 &&
           (unsigned char)text[out] < 0x7f;
         out++)
        field[out] = text[out]; /* most of what comes is plain */
    for (size_t in = out; in < len;) {
        size_t length = cc_utf8_length(text + in, len - in);
        size_t bad = unprintable(text + in, length);
        size_t width = bad ? 1 : length;

        if (out + width >= size)
            break;
        if (bad)
            field[out] = length ? ' ' : '?';
        else
            memcpy(field + out, text + in, length);
        out += width;
        in += bad ? bad : length;
    }
    field[out] = '\0';
}

void cc_error_clear(struct cloud_error *err)
{
    if (err)
        *err = (struct cloud_error){ 0 };
}

/* The arguments may point into @err itself, so everything is written before anything is cleared. */
static int fail(struct cloud_error *err, int code, const char *parameter, const char *format,
                va_list args)
{
    char message[sizeof(err->message) + 1];
    char named[sizeof(err->parameter)];

    if (!err)
        return code;
    vsnprintf(message, sizeof(message), format, args);
    cc_error_text(named, sizeof(named), parameter);
    cc_error_clear(err);
    err->code = code;
    memcpy(err->parameter, named, sizeof(named));
    CC_ERROR_SET(err->message, message);
    return code;
}

int cc_fail(struct cloud_error *err, int code, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(err, code, "", format, args);
    va_end(args);
    return code;
}

int cc_fail_param(struct cloud_error *err, const char *parameter, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    fail(err, CLOUD_EINVAL, parameter, format, args);
    va_end(args);
    return CLOUD_EINVAL;
}

/* Codes count downwards from 0: the row of a code is at its negation. */
struct code_row {
    const char *name;
    const char *advice;
};

#define CODE(code, advice) [-(code)] = { #code, advice }

static const struct code_row codes[] = {
    CODE(CLOUD_OK, "Nothing needs to be done"),
    CODE(CLOUD_EINVAL, "Mend the parameter that is named, then call again"),
    CODE(CLOUD_ECONFIG, "Mend the configuration at the place that is named"),
    CODE(CLOUD_ENOMEM, "Free some memory on this machine, then call again"),
    CODE(CLOUD_EAUTH, "Check the access key id and its secret, and this machine's clock"),
    CODE(CLOUD_EDENIED,
         "Grant this key the permission in the vendor's console, or use another key"),
    CODE(CLOUD_ENOTFOUND, "Check the id and the region; list what there is"),
    CODE(CLOUD_ESTATE,
         "Look at the state; wait until it has settled or bring it into the state that is needed"),
    CODE(CLOUD_ECONFLICT, "Look at what is there already, then decide"),
    CODE(CLOUD_EQUOTA, "Ask the vendor to raise the quota, or delete something"),
    CODE(CLOUD_ESOLDOUT, "Pick another type or another zone"),
    CODE(CLOUD_EBALANCE, "Top up the account at the vendor, then call again"),
    CODE(CLOUD_ETHROTTLED, "Wait a while, then call again less often"),
    CODE(CLOUD_EVENDOR, "Try later; if it stays, quote the request id to the vendor's support"),
    CODE(CLOUD_EUNSUPPORTED, "Nothing was sent; do it another way, or at another vendor"),
    CODE(CLOUD_ETIMEDOUT,
         "Look at the outcome before calling again; allow more time with timeout_ms"),
    CODE(CLOUD_ENETWORK,
         "Check the network and the endpoint; look at the outcome before calling again"),
    CODE(CLOUD_ETLS, "Check the endpoint's name, this machine's certificates and clock, or name "
                     "the CA with ca_file"),
    CODE(CLOUD_EPROTOCOL,
         "Check that the endpoint is the vendor's; if it is, report the place that is named"),
    CODE(CLOUD_ETOOBIG, "Ask for less at once, or raise max_reply_bytes"),
    CODE(CLOUD_EPRICE,
         "Nothing was bought; look at the new price and raise max_charge if it is right"),
    CODE(CLOUD_EMODE, "Nothing was sent; use a cloud whose mode allows it, or change the mode"),
    CODE(CLOUD_EFAILED,
         "Look at the vendor's reason; quote the request id to its support if that is not clear"),
    CODE(CLOUD_ECANCELLED, "It was stopped on request; look at the outcome before calling again"),
    CODE(CLOUD_EJOURNAL, "Mend the journal's store as the message says; what was sent before is "
                         "settled by resolving"),
};

_Static_assert(CC_COUNT(codes) == 1 - CLOUD_EJOURNAL,
               "a row for every code, the last one included");

static const struct code_row *find_code(int code)
{
    return code <= 0 && code > -(int)CC_COUNT(codes) ? &codes[-code] : NULL;
}

const char *cloud_code_name(int code)
{
    const struct code_row *row = find_code(code);

    return row ? row->name : "CLOUD_E?";
}

const char *cloud_code_advice(int code)
{
    const struct code_row *row = find_code(code);

    return row ? row->advice : "This is no code of this library: read the message";
}

const char *cloud_outcome_name(enum cloud_outcome outcome)
{
    switch (outcome) {
    case CLOUD_NOT_APPLIED: return "not applied";
    case CLOUD_APPLIED: return "applied";
    case CLOUD_OUTCOME_UNKNOWN: break;
    }
    return "unknown";
}
