/* SPDX-License-Identifier: Apache-2.0 */
/* Encodes and decodes: percent-encoding (RFC 3986) and hexadecimal digits. */
#include "core/base/encoding.h"

#include <endian.h>
#include <stdint.h>
#include <string.h>

#include "core/base/buffer.h"

/* The "unreserved" characters of RFC 3986: letters, digits and four punctuation marks. */
static const bool unreserved[256] = {
    ['A' ... 'Z'] = true, ['a' ... 'z'] = true, ['0' ... '9'] = true, ['-'] = true,
    ['_'] = true,         ['.'] = true,         ['~'] = true,
};

bool cc_is_encoded(const char *text, char also)
{
    while (unreserved[(unsigned char)*text] || (*text && *text == also))
        text++;
    return !*text;
}

void cc_encode(struct cc_buf *out, const char *text, size_t len, const char *also)
{
    static const char digits[] = "0123456789ABCDEF";
    size_t kept = 0; /* start of the bytes that need no encoding */

    for (size_t i = 0; i < len; i++) {
        unsigned char byte = (unsigned char)text[i];
        char escape[3] = "%";

        if (unreserved[byte] || (also && byte && strchr(also, text[i])))
            continue;
        escape[1] = digits[byte >> 4];
        escape[2] = digits[byte & 15];
        cc_buf_add(out, text + kept, i - kept);
        cc_buf_add(out, escape, sizeof(escape));
        kept = i + 1;
    }
    cc_buf_add(out, text + kept, len - kept);
}

void cc_encode_pairs(struct cc_buf *out, const struct cc_pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (i > 0)
            cc_buf_putc(out, '&');
        cc_encode(out, pairs[i].name, strlen(pairs[i].name), NULL);
        cc_buf_putc(out, '=');
        cc_encode(out, pairs[i].value, strlen(pairs[i].value), NULL);
    }
}

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return -1;
}

/* Computes the eight digits of four bytes at once, because each call writes three digests. */
static uint64_t hex_digits(const unsigned char bytes[4])
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    uint64_t x;
    uint32_t four;

    memcpy(&four, bytes, sizeof(four));
    x = le32toh(four);
    x = (x | x << 16) & UINT64_C(0x0000ffff0000ffff);
    x = (x | x << 8) & UINT64_C(0x00ff00ff00ff00ff);
    x = (x >> 4 | x << 8) & (15 * ones);
    return htole64(x + '0' * ones + ((x + 6 * ones) >> 4 & ones) * ('a' - '0' - 10));
}

void cc_hex(const unsigned char *bytes, size_t len, char *ret_hex)
{
    static const char digits[] = "0123456789abcdef";

    for (; len >= 4; len -= 4, bytes += 4, ret_hex += 8)
        memcpy(ret_hex, &(uint64_t){ hex_digits(bytes) }, 8);
    for (; len > 0; len--, bytes++) {
        *ret_hex++ = digits[*bytes >> 4];
        *ret_hex++ = digits[*bytes & 15];
    }
    *ret_hex = '\0';
}

void cc_decode(struct cc_buf *out, const char *text, size_t len, bool plus)
{
    size_t kept = 0; /* start of the bytes that stay unchanged */

    for (size_t i = 0; i < len; i++) {
        int high = text[i] == '%' && len - i > 2 ? hex_value(text[i + 1]) : -1;
        int low = high >= 0 ? hex_value(text[i + 2]) : -1;
        char c = low >= 0 ? (char)(high * 16 + low) : ' ';

        if (low < 0 && !(plus && text[i] == '+'))
            continue;
        cc_buf_add(out, text + kept, i - kept);
        cc_buf_putc(out, c);
        i += low >= 0 ? 2 : 0;
        kept = i + 1;
    }
    cc_buf_add(out, text + kept, len - kept);
}
