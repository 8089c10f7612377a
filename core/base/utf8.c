/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that text is well-formed UTF-8. */
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
