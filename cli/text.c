/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Provides helpers for text and memory: allocation that ends the program when memory is exhausted,
 * cleaning of strings before they are shown, and the nearest name to a mistyped one.
 */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE_MAX 64

void *ctl_checked(void *memory)
{
    if (memory)
        return memory;
    fputs("cloudctl: out of memory\n", stderr);
    exit(CTL_FAILED);
}

void *ctl_alloc(size_t size)
{
    return ctl_checked(calloc(1, size ? size : 1));
}

char *ctl_strdup(const char *text)
{
    return ctl_checked(strdup(text));
}

char *ctl_format(const char *format, ...)
{
    char *text = NULL;
    va_list args;
    int len;

    va_start(args, format);
    len = vasprintf(&text, format, args);
    va_end(args);
    return ctl_checked(len < 0 ? NULL : text);
}

void ctl_free_pointer(void *pointer)
{
    free(*(void **)pointer);
}

/* Bytes of the UTF-8 character at @text; 0 when it is not valid (overlong forms and surrogates
 * are not). */
static size_t utf8_length(const unsigned char *text)
{
    static const unsigned least[] = { 0, 0, 0x80, 0x800, 0x10000 };
    size_t length = text[0] < 0x80   ? 1
                    : text[0] < 0xc2 ? 0
                    : text[0] < 0xe0 ? 2
                    : text[0] < 0xf0 ? 3
                    : text[0] < 0xf5 ? 4
                                     : 0;
    unsigned code = length < 2 ? text[0] : text[0] & (0x7fU >> length);

    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80)
            return 0;
        code = code << 6 | (text[i] & 0x3f);
    }
    if (length > 1 &&
        (code < least[length] || code > 0x10ffff || (code >= 0xd800 && code < 0xe000)))
        return 0;
    return length;
}

void ctl_clean(char *text, bool controls)
{
    unsigned char *at = (unsigned char *)text;

    while (*at) {
        size_t length = utf8_length(at);
        bool control = *at < 0x20 || *at == 0x7f || (length == 2 && at[0] == 0xc2 && at[1] < 0xa0);

        if (length == 0 || (controls && control))
            memset(at, '?', length ? length : 1);
        at += length ? length : 1;
    }
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* Insertions, deletions and replacements that turn @a into @b (Levenshtein distance); "-" and "_"
 * are equal. */
static size_t edit_distance(const char *a, const char *b)
{
    size_t row[NAME_SIZE_MAX + 1], len = strlen(b);

    if (len > NAME_SIZE_MAX || strlen(a) > NAME_SIZE_MAX)
        return NAME_SIZE_MAX;
    for (size_t j = 0; j <= len; j++)
        row[j] = j;
    for (size_t i = 0; a[i]; i++) {
        size_t diagonal = row[0];

        row[0] = i + 1;
        for (size_t j = 0; j < len; j++) {
            bool same =
                a[i] == b[j] || (a[i] == '-' && b[j] == '_') || (a[i] == '_' && b[j] == '-');
            size_t replaced = diagonal + !same;

            diagonal = row[j + 1];
            row[j + 1] = least(row[j] + 1, diagonal + 1, replaced);
        }
    }
    return row[len];
}

void ctl_nearest_try(struct ctl_nearest *nearest, const char *text, const char *candidate)
{
    size_t distance = edit_distance(text, candidate);

    /* with more than a third of it changed it is not a typing mistake */
    if (distance > strlen(candidate) / 3 + 1 || distance >= strlen(candidate))
        return;
    if (nearest->best && nearest->distance <= distance)
        return;
    nearest->best = candidate;
    nearest->distance = distance;
}
