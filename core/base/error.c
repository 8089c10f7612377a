/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes errors: fixed in size, and safe to show on any terminal. Also holds the names and the
 * advice of error codes, and the names of outcomes.
 */
#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/base/utf8.h"

#include <stdio.h>

/*
 * The length of a sequence that must not reach a terminal or a log line: a control character (C0,
 * DEL, C1) or invalid UTF-8. 0 when the sequence is printable.
 */
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
        field[out] = text[out]; /* most texts are ASCII only */
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

/* The arguments may point into @err itself, so all texts are formatted before @err is cleared. */
static int fail(struct cloud_error *err, int code, const char *parameter, const char *format,
                va_list args)
{
    char message[sizeof(err->message) + 1];
    char name[sizeof(err->parameter)];

    if (!err)
        return code;
    vsnprintf(message, sizeof(message), format, args);
    cc_error_text(name, sizeof(name), parameter);
    cc_error_clear(err);
    err->code = code;
    memcpy(err->parameter, name, sizeof(name));
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

/* Codes count down from 0: the index of a row is the negated code. */
struct code_row {
    const char *name;
    const char *advice;
};

#define CODE(code, advice) [-(code)] = { #code, advice }

static const struct code_row codes[] = {
    CODE(CLOUD_OK, "Nothing needs to be done"),
    CODE(CLOUD_EINVAL, "Fix the parameter that the error names, then call again"),
    CODE(CLOUD_ECONFIG, "Fix the configuration at the place that the message names"),
    CODE(CLOUD_ENOMEM, "Free some memory on this machine, then call again"),
    CODE(CLOUD_EAUTH, "Check the access key id and its secret, and this machine's clock"),
    CODE(CLOUD_EDENIED,
         "Grant this key the permission in the vendor's console, or use another key"),
    CODE(CLOUD_ENOTFOUND, "Check the id and the region; list the existing objects"),
    CODE(CLOUD_ESTATE,
         "Check the state; wait until it is settled, or change it to the state that is needed"),
    CODE(CLOUD_ECONFLICT, "Check what exists already, then decide"),
    CODE(CLOUD_EQUOTA, "Ask the vendor to raise the quota, or delete something"),
    CODE(CLOUD_ESOLDOUT, "Choose another type or another zone"),
    CODE(CLOUD_EBALANCE, "Top up the account at the vendor, then call again"),
    CODE(CLOUD_ETHROTTLED, "Wait a while, then call again less often"),
    CODE(CLOUD_EVENDOR, "Try later; if it persists, send the request id to the vendor's support"),
    CODE(CLOUD_EUNSUPPORTED, "Nothing was sent; use another operation or another vendor"),
    CODE(CLOUD_ETIMEDOUT,
         "Check the outcome before calling again; allow more time with timeout_ms"),
    CODE(CLOUD_ENETWORK,
         "Check the network and the endpoint; check the outcome before calling again"),
    CODE(CLOUD_ETLS, "Check the endpoint's name, this machine's certificates and clock, or name "
                     "the CA with ca_file"),
    CODE(CLOUD_EPROTOCOL,
         "Check that the endpoint is the vendor's; if it is, report the message as a bug"),
    CODE(CLOUD_ETOOBIG, "Request less at once, or raise max_reply_bytes"),
    CODE(CLOUD_EPRICE,
         "Nothing was bought; check the new price and raise max_charge if it is right"),
    CODE(CLOUD_EMODE, "Nothing was sent; use a cloud whose mode allows it, or change the mode"),
    CODE(CLOUD_EFAILED,
         "Read the vendor's reason; if it is not clear, send the request id to its support"),
    CODE(CLOUD_ECANCELLED, "The call was cancelled; check the outcome before calling again"),
    CODE(CLOUD_EJOURNAL, "Fix the journal's store as the message says, then resolve its open "
                         "entries"),
};

_Static_assert(CC_COUNT(codes) == 1 - CLOUD_EJOURNAL, "a row for every code, including the last");

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

    return row ? row->advice : "This is not a code of this library: read the message";
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
