/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that text is well-formed UTF-8, and finds blanks and control characters. */
#include "core/base/utf8.h"

#include <stdint.h>
#include <string.h>

#include "include/cloud_provider.h"

size_t cc_utf8_length(const char *text, size_t len)
{
    static const struct {
        unsigned char mask, lead;
        size_t length;
        uint32_t least;
    } forms[] = { { 0x80, 0x00, 1, 0 },
                  { 0xe0, 0xc0, 2, 0x80 },
                  { 0xf0, 0xe0, 3, 0x800 },
                  { 0xf8, 0xf0, 4, 0x10000 } };
    const unsigned char *bytes = (const unsigned char *)text;

    for (size_t i = 0; i < CC_COUNT(forms) && len > 0; i++) {
        uint32_t point = bytes[0] & (unsigned char)~forms[i].mask;

        if ((bytes[0] & forms[i].mask) != forms[i].lead)
            continue;
        if (forms[i].length > len)
            return 0;
        for (size_t n = 1; n < forms[i].length; n++) {
            if ((bytes[n] & 0xc0) != 0x80)
                return 0;
            point = point << 6 | (bytes[n] & 0x3f);
        }
        /* overlong forms, surrogates, and code points past the last plane */
        if (point < forms[i].least || (point >= 0xd800 && point <= 0xdfff) || point > 0x10ffff)
            return 0;
        return forms[i].length;
    }
    return 0;
}

bool cc_is_utf8(const char *text)
{
    size_t len = strlen(text);

    for (size_t i = 0, step; i < len; i += step) {
        step = (unsigned char)text[i] < 0x80 ? 1 : cc_utf8_length(text + i, len - i);
        if (step == 0)
            return false;
    }
    return true;
}

enum kind { PLAIN, BLANK, CONTROL };

/* Unicode's White_Space, Cc and Cf, as far as texts of people have them at their ends. */
static enum kind kind_of(uint32_t point)
{
    /* clang-format off */
    static const struct { uint32_t first, last; enum kind kind; } rows[] = {
        { '\t', '\t', BLANK },       { 0x00, 0x1f, CONTROL },     { 0x20, 0x20, BLANK },
        { 0x7f, 0x9f, CONTROL },
        { 0xa0, 0xa0, BLANK },       { 0xad, 0xad, CONTROL },     { 0x061c, 0x061c, CONTROL },
        { 0x1680, 0x1680, BLANK },   { 0x180e, 0x180e, CONTROL }, { 0x2000, 0x200a, BLANK },
        { 0x200b, 0x200f, CONTROL }, { 0x2028, 0x202e, CONTROL }, { 0x202f, 0x202f, BLANK },
        { 0x205f, 0x205f, BLANK },   { 0x2060, 0x206f, CONTROL }, { 0x3000, 0x3000, BLANK },
        { 0xfeff, 0xfeff, CONTROL }, { 0xfff9, 0xfffb, CONTROL },
    };
    /* clang-format on */

    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (point >= rows[i].first && point <= rows[i].last)
            return rows[i].kind;
    }
    return PLAIN;
}

/* The kind of the character that @text begins with, and its length. */
static enum kind read_kind(const char *text, size_t *ret_length)
{
    size_t length = cc_utf8_length(text, strlen(text));
    uint32_t point = (unsigned char)*text;

    *ret_length = length ? length : 1;
    if (length < 2)
        return point < 0x80 ? kind_of(point) : PLAIN;
    point &= 0x7fu >> length;
    for (size_t i = 1; i < length; i++)
        point = point << 6 | ((unsigned char)text[i] & 0x3f);
    return kind_of(point);
}

const char *cc_text_ends(const char *text)
{
    enum kind first = PLAIN, last = PLAIN;

    for (const char *at = text; *at;) {
        size_t length;

        last = read_kind(at, &length);
        if (at == text)
            first = last;
        at += length;
    }
    if (first != PLAIN)
        return first == BLANK ? "begins with a blank" : "begins with a control character";
    if (last != PLAIN)
        return last == BLANK ? "ends with a blank" : "ends with a control character";
    return NULL;
}

bool cc_has_control(const char *text)
{
    size_t length;

    for (; *text; text += length) {
        if (read_kind(text, &length) == CONTROL)
            return true;
    }
    return false;
}
