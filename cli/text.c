/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Provides helpers for text and memory: allocation that ends the program when memory is exhausted,
 * cleaning and quoting of strings before they are shown, and the nearest name to a mistyped one.
 */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME_SIZE_MAX 64

void (*ctl_on_no_memory)(void);

void *ctl_checked(void *memory)
{
    if (memory)
        return memory;
    fputs("cloudctl: out of memory\n", stderr);
    if (ctl_on_no_memory)
        ctl_on_no_memory();
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

/* Characters that change the order in which a terminal shows a line: they can show one id as
 * another. https://www.unicode.org/reports/tr9/#Directional_Formatting_Characters */
static bool is_bidirectional(const unsigned char *at, size_t length)
{
    if (length == 2)
        return at[0] == 0xd8 && at[1] == 0x9c; /* U+061C */
    if (length != 3 || at[0] != 0xe2)
        return false;
    if (at[1] == 0x80) /* U+200E, U+200F, U+202A to U+202E */
        return at[2] == 0x8e || at[2] == 0x8f || (at[2] >= 0xaa && at[2] <= 0xae);
    return at[1] == 0x81 && at[2] >= 0xa6 && at[2] <= 0xa9; /* U+2066 to U+2069 */
}

/* Bytes of the control character at @text; 0 when it is none. */
static size_t control_length(const char *text)
{
    const unsigned char *at = (const unsigned char *)text;
    size_t length = utf8_length(at);

    if ((*at && *at < 0x20) || *at == 0x7f)
        return 1;
    if (length == 2 && at[0] == 0xc2 && at[1] < 0xa0)
        return 2;
    return is_bidirectional(at, length) ? length : 0;
}

void ctl_clean(char *text, bool controls)
{
    char *at = text;

    while (*at) {
        size_t length = utf8_length((const unsigned char *)at);

        if (length == 0 || (controls && control_length(at)))
            memset(at, '?', length ? length : 1);
        at += length ? length : 1;
    }
}

bool ctl_has_control(const char *text)
{
    for (const char *at = text; *at;) {
        size_t length = utf8_length((const unsigned char *)at);

        if (length == 0 || control_length(at))
            return true;
        at += length;
    }
    return false;
}

static unsigned code_of(const char *text, size_t length)
{
    unsigned code = length < 2 ? (unsigned char)*text : (unsigned char)*text & (0x7fU >> length);

    for (size_t i = 1; i < length; i++)
        code = code << 6 | ((unsigned char)text[i] & 0x3f);
    return code;
}

char *ctl_escape_controls(const char *json)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = ctl_checked(open_memstream(&text, &size));

    for (const char *at = json; *at;) {
        size_t length = *at == '\n' ? 0 : control_length(at);

        if (length)
            fprintf(out, "\\u%04x", code_of(at, length));
        else
            putc(*at, out);
        at += length ? length : 1;
    }
    ctl_checked(fclose(out) == 0 ? text : NULL);
    return text;
}

char *ctl_quote(const char *text)
{
    static const char plain[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./:=,@%+";
    char *quoted = NULL;
    size_t size = 0;
    FILE *out;

    if (*text && *text != '=' && text[strspn(text, plain)] == '\0')
        return ctl_strdup(text);
    out = ctl_checked(open_memstream(&quoted, &size));
    putc('\'', out);
    for (; *text; text++)
        fprintf(out, *text == '\'' ? "'\\'%c" : "%c", *text);
    putc('\'', out);
    ctl_checked(fclose(out) == 0 ? quoted : NULL);
    return quoted;
}

static size_t least(size_t a, size_t b, size_t c)
{
    size_t ab = a < b ? a : b;

    return ab < c ? ab : c;
}

/* "-" and "_" are equal, and so are capital and small letters. */
static bool is_same(char a, char b)
{
    a = a == '-' ? '_' : (char)(a >= 'A' && a <= 'Z' ? a + 'a' - 'A' : a);
    b = b == '-' ? '_' : (char)(b >= 'A' && b <= 'Z' ? b + 'a' - 'A' : b);
    return a == b;
}

/* Insertions, deletions and replacements that turn @a into @b (Levenshtein distance). */
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
            size_t replaced = diagonal + !is_same(a[i], b[j]);

            diagonal = row[j + 1];
            row[j + 1] = least(row[j] + 1, diagonal + 1, replaced);
        }
    }
    return row[len];
}

void ctl_nearest_try(struct ctl_nearest *nearest, const char *text, const char *candidate)
{
    size_t distance = edit_distance(text, candidate), length = strlen(candidate);

    /* with more than a third of it changed it is not a typing mistake; of a short name, half */
    if (distance > length / 3 + 1 || distance > length / 2)
        return;
    if (nearest->best && nearest->distance <= distance)
        return;
    nearest->best = candidate;
    nearest->distance = distance;
}
