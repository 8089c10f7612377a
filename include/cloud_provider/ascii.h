/* SPDX-License-Identifier: Apache-2.0 */
/*
 * ASCII letters and digits, whatever the locale of the process is. The functions of <ctype.h> and
 * <strings.h> follow the locale: in a Turkish one "RUNNING" and "running" are different words.
 * Bytes above 127 are neither letters nor digits, and are compared as they are.
 */
#ifndef CLOUD_PROVIDER_ASCII_H
#define CLOUD_PROVIDER_ASCII_H

#include <stdbool.h>
#include <stddef.h>

static inline bool cc_ascii_is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static inline bool cc_ascii_is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static inline bool cc_ascii_is_upper(char c)
{
    return c >= 'A' && c <= 'Z';
}

static inline char cc_ascii_lower(char c)
{
    return cc_ascii_is_upper(c) ? (char)(c + ('a' - 'A')) : c;
}

static inline char cc_ascii_upper(char c)
{
    return cc_ascii_is_lower(c) ? (char)(c - ('a' - 'A')) : c;
}

/** strncasecmp() of ASCII: below 0, 0 or above 0. */
static inline int cc_ascii_ncasecmp(const char *a, const char *b, size_t size)
{
    for (; size > 0; a++, b++, size--) {
        unsigned char left = (unsigned char)cc_ascii_lower(*a);
        unsigned char right = (unsigned char)cc_ascii_lower(*b);

        if (left != right)
            return left < right ? -1 : 1;
        if (!left)
            return 0;
    }
    return 0;
}

/** strcasecmp() of ASCII. */
static inline int cc_ascii_casecmp(const char *a, const char *b)
{
    return cc_ascii_ncasecmp(a, b, (size_t)-1);
}

/** strcasestr() of ASCII: whether @text contains @part. */
static inline bool cc_ascii_contains(const char *text, const char *part)
{
    size_t size = 0;

    while (part[size])
        size++;
    for (; *text && cc_ascii_ncasecmp(text, part, size) != 0; text++)
        ;
    return *text || !size;
}

#endif
