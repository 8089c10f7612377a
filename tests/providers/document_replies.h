/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the replies that a vendor's document prints. The files keep the printed text; this code
 * turns it into valid JSON: it removes comments and commas before a closing bracket, and makes a
 * list with keys a list of one object.
 */
#ifndef TESTS_DOCUMENT_REPLIES_H
#define TESTS_DOCUMENT_REPLIES_H

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/file.h"
#include "core/base/memory.h"

static const char *skip_space(const char *at)
{
    for (;;) {
        at += strspn(at, " \t\r\n");
        if (at[0] != '/' || at[1] != '/')
            return at;
        at += strcspn(at, "\n");
    }
}

/* Returns the end of the string that begins at @at. */
static const char *string_end(const char *at)
{
    for (at++; *at && *at != '"'; at++)
        at += *at == '\\';
    return at + (*at == '"');
}

static bool is_list_with_keys(const char *at)
{
    const char *first = skip_space(at + 1);

    return *at == '[' && *first == '"' && *skip_space(string_end(first)) == ':';
}

static void fix_json(struct cc_buf *out, const char *at)
{
    bool keyed[64] = { false };
    size_t depth = 0;

    for (at = skip_space(at); *at; at = skip_space(at)) {
        const char *end = *at == '"' ? string_end(at) : at + 1;

        if (*at == ',' && strchr("]}", *skip_space(end))) {
            at = end;
            continue;
        }
        if (*at == ']' && keyed[depth])
            cc_buf_putc(out, '}');
        cc_buf_add(out, at, (size_t)(end - at));
        if (*at == '[' || *at == '{')
            keyed[++depth] = is_list_with_keys(at);
        if (*at == '[' && keyed[depth])
            cc_buf_putc(out, '{');
        depth -= *at == ']' || *at == '}';
        at = end;
    }
}

/* Returns the reply in @file below DOCUMENT_REPLIES as JSON, to be freed with free(). */
static char *document_reply_read(const char *file)
{
    char path[512];
    cc_auto_free char *text = NULL;
    struct cc_buf out = { 0 };

    snprintf(path, sizeof(path), "%s/%s", DOCUMENT_REPLIES, file);
    text = cc_file_read(path, 1 << 20);
    if (!text) {
        fprintf(stderr, "cannot read %s\n", path);
        abort();
    }
    fix_json(&out, text);
    return cc_buf_take(&out);
}

#endif
