/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The answers printed in a vendor's document, kept as they stand there. What is no JSON in them is
 * mended here: comments are cut out, so are commas before a closing bracket, and a list with keys
 * is a list of one object.
 */
#ifndef TESTS_SEEDS_H
#define TESTS_SEEDS_H

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/memory.h"

static const char *seed_skip(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n");
        if (at[0] != '/' || at[1] != '/')
            return at;
        at += strcspn(at, "\n");
    }
}

/* behind the string that begins at @at */
static const char *seed_string_end(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        at += *at == '\\';
    return at + (*at == '"');
}

static bool seed_list_with_keys(const char *at)
{
    const char *first = seed_skip(at + 1);

    return *at == '[' && *first == '"' && *seed_skip(seed_string_end(first)) == ':';
}

static void seed_mend(struct cc_buf *out, const char *at)
{
    bool keyed[64] = { false };
    size_t depth = 0;

    for (at = seed_skip(at); *at; at = seed_skip(at)) {
        const char *end = *at == '"' ? seed_string_end(at) : at + 1;

        if (*at == ',' && strchr("]}", *seed_skip(end))) {
            at = end;
            continue;
        }
        if (*at == ']' && keyed[depth])
            cc_buf_putc(out, '}');
        cc_buf_add(out, at, (size_t)(end - at));
        if (*at == '[' || *at == '{')
            keyed[++depth] = seed_list_with_keys(at);
        if (*at == '[' && keyed[depth])
            cc_buf_putc(out, '{');
        depth -= *at == ']' || *at == '}';
        at = end;
    }
}

/* the answer in @file below SEEDS, as JSON; to free() */
static char *seed_read(const char *file)
{
    char path[512];
    cc_auto_free char *text = NULL;
    struct cc_buf out = { 0 };

    snprintf(path, sizeof(path), "%s/%s", SEEDS, file);
    text = cc_file_read(path, 1 << 20);
    if (!text) {
        fprintf(stderr, "cannot read %s\n", path);
        abort();
    }
    seed_mend(&out, text);
    return cc_buf_take(&out);
}

#endif
