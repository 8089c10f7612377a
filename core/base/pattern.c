/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Matches patterns by trying: each function matches its part, and then what follows it. Only
 * whether there is a match is asked, so the order of the attempts does not matter, and the shortest
 * is tried first.
 */
#include "core/base/pattern.h"

#include <limits.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "core/base/utf8.h"
#include "include/cloud_provider/ascii.h"

enum { MAX_STEPS = 1000000, MAX_DEPTH = 500 };

struct run {
    const char *text; /* the whole text */
    int steps, depth;
};

/* a group with what follows it */
struct group {
    const char *begin, *end; /* the content of the parentheses */
    int min, max;            /* how often */
    const char *after, *branch_end;
    const struct rest *rest;
};

/* what follows the content of a group: the group again, or what follows the group */
struct rest {
    const struct group *group;
    int count;        /* how often it matched */
    const char *from; /* where the last of them began */
};

static bool match_branch(struct run *run, const char *p, const char *end, const char *text,
                         const struct rest *rest);

static size_t character(const char *text, const char *end)
{
    size_t size = cc_utf8_length(text, (size_t)(end - text));

    return size ? size : 1;
}

/* the order of UTF-8 is that of the characters */
static int order(const char *a, size_t a_size, const char *b, size_t b_size)
{
    int differs = memcmp(a, b, a_size < b_size ? a_size : b_size);

    return differs ? differs : (a_size > b_size) - (a_size < b_size);
}

static const struct {
    const char *name;
    const char *ranges; /* pairs of first and last */
} classes[] = {
    { "alpha", "azAZ" },   { "digit", "09" },     { "alnum", "azAZ09" },
    { "upper", "AZ" },     { "lower", "az" },     { "xdigit", "09afAF" },
    { "blank", "  \t\t" }, { "space", "  \t\r" }, { "punct", "!/:@[`{~" },
    { "print", " ~" },     { "graph", "!~" },     { "cntrl", "\x01\x1f\x7f\x7f" },
};

/* the row of "alpha:]..."; NULL when there is none */
static const char *class_ranges(const char *name)
{
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++) {
        size_t size = strlen(classes[i].name);

        if (strncmp(name, classes[i].name, size) == 0 && strncmp(name + size, ":]", 2) == 0)
            return classes[i].ranges;
    }
    return NULL;
}

static bool in_class(const char *ranges, const char *text, size_t size)
{
    if (size == 2 && *ranges == '\x01') /* the control characters after ASCII */
        return text[0] == '\xc2' && (unsigned char)text[1] < 0xa0;
    for (; size == 1 && *ranges; ranges += 2) {
        if (*text >= ranges[0] && *text <= ranges[1])
            return true;
    }
    return false;
}

/* the end of "[...]"; NULL when there is none, or a class is not known */
static const char *skip_bracket(const char *p, const char *end)
{
    p += p[1] == '^' ? 2 : 1;
    if (p < end && *p == ']')
        p++;
    for (; p < end && *p != ']'; p++) {
        if (p[0] != '[' || !p[1] || !strchr(":.=", p[1]))
            continue;
        if (p[1] != ':' || !class_ranges(p + 2))
            return NULL;
        p = strstr(p + 2, ":]") + 1;
    }
    return p < end ? p + 1 : NULL;
}

/* the end of a character, a bracket expression or a group; NULL: there is none, or it is not valid
 */
static const char *skip_atom(const char *p, const char *end)
{
    if (strchr("*+?{)", *p))
        return NULL;
    if (*p == '\\')
        return p + 1 < end && !cc_ascii_is_digit(p[1]) ? p + 1 + character(p + 1, end) : NULL;
    if (*p == '[')
        return skip_bracket(p, end);
    if (*p != '(')
        return p + character(p, end);
    for (p++; p && p < end && *p != ')';)
        p = strchr("*+?|{", *p) ? p + 1 : skip_atom(p, end);
    return p && p < end ? p + 1 : NULL;
}

/* Reads "{1,4}"; NULL when it is something else. */
static const char *read_bounds(const char *p, int *ret_min, int *ret_max)
{
    char *at;

    if (!cc_ascii_is_digit(*p))
        return NULL;
    *ret_min = *ret_max = (int)strtol(p, &at, 10);
    if (*at == ',') {
        *ret_max = INT_MAX;
        if (cc_ascii_is_digit(*++at))
            *ret_max = (int)strtol(at, &at, 10);
    }
    return *at == '}' && *ret_min <= *ret_max ? at + 1 : NULL;
}

/* Reads how often the atom before @p is repeated; returns what follows, NULL when it is not valid.
 */
static const char *read_repeat(const char *p, const char *end, int *ret_min, int *ret_max)
{
    char kind = p < end ? *p : '\0';

    *ret_min = kind == '*' || kind == '?' ? 0 : 1;
    *ret_max = kind == '*' || kind == '+' ? INT_MAX : 1;
    if (kind == '{')
        return read_bounds(p + 1, ret_min, ret_max);
    return kind && strchr("*+?", kind) ? p + 1 : p;
}

/* whether the character is in "[...]" */
static bool in_bracket(const char *p, const char *end, const char *text, size_t size)
{
    bool inverse = p[1] == '^', found = false;

    p += inverse ? 2 : 1;
    end--;
    while (p < end && !found) {
        size_t low = character(p, end), high;

        if (p[0] == '[' && p[1] == ':' && p + 2 < end) {
            found = in_class(class_ranges(p + 2), text, size);
            p = strstr(p, ":]") + 2;
        } else if (p + low + 1 < end && p[low] == '-') {
            high = character(p + low + 1, end);
            found = order(text, size, p, low) >= 0 && order(text, size, p + low + 1, high) <= 0;
            p += low + 1 + high;
        } else {
            found = order(text, size, p, low) == 0;
            p += low;
        }
    }
    return found != inverse;
}

/* the size of the first character of the text when the atom [p, end) matches it, else 0 */
static size_t match_character(const char *p, const char *end, const char *text)
{
    size_t size = *text ? character(text, text + strnlen(text, 4)) : 0;
    bool found;

    if (!size)
        return 0;
    if (*p == '[')
        found = in_bracket(p, end, text, size);
    else if (*p == '.')
        found = true;
    else
        found = order(text, size, p + (*p == '\\'), (size_t)(end - p - (*p == '\\'))) == 0;
    return found ? size : 0;
}

static bool match_alternatives(struct run *run, const char *p, const char *end, const char *text,
                               const struct rest *rest)
{
    const char *begin = p;

    while (p && p < end) {
        if (*p == '|') {
            if (match_branch(run, begin, p, text, rest))
                return true;
            begin = ++p;
        } else {
            p = strchr("*+?{", *p) ? p + 1 : skip_atom(p, end);
        }
    }
    return p && match_branch(run, begin, end, text, rest);
}

/* matches what follows the group, or the group once more */
static bool match_group(struct run *run, const struct group *group, int count, const char *text,
                        const char *from)
{
    const struct rest again = { group, count + 1, text };
    bool found;

    if ((count >= group->min || text == from) &&
        match_branch(run, group->after, group->branch_end, text, group->rest))
        return true;
    if (count >= group->max || text == from || run->depth >= MAX_DEPTH)
        return false;
    run->depth++;
    found = match_alternatives(run, group->begin, group->end, text, &again);
    run->depth--;
    return found;
}

static bool match_branch(struct run *run, const char *p, const char *end, const char *text,
                         const struct rest *rest)
{
    const char *atom_end, *after;
    int min, max;

    for (; p < end && (*p == '^' || *p == '$'); p++) {
        if (*p == '^' ? text != run->text : *text != '\0')
            return false;
    }
    if (++run->steps > MAX_STEPS)
        return false;
    if (p == end)
        return !rest || match_group(run, rest->group, rest->count, text, rest->from);
    atom_end = skip_atom(p, end);
    after = atom_end ? read_repeat(atom_end, end, &min, &max) : NULL;
    if (!after)
        return false;
    if (*p == '(') {
        const struct group group = { p + 1, atom_end - 1, min, max, after, end, rest };

        return match_group(run, &group, 0, text, NULL);
    }
    for (int count = 0;; count++) {
        size_t size;

        if (count >= min && match_branch(run, after, end, text, rest))
            return true;
        size = count < max ? match_character(p, atom_end, text) : 0;
        if (!size)
            return false;
        text += size;
    }
}

static bool is_valid(const char *p, const char *end)
{
    const char *atom_end;
    int min, max;

    while (p < end) {
        if (strchr("^$|", *p)) {
            p++;
            continue;
        }
        atom_end = skip_atom(p, end);
        if (!atom_end || (*p == '(' && !is_valid(p + 1, atom_end - 1)))
            return false;
        p = read_repeat(atom_end, end, &min, &max);
        if (!p)
            return false;
    }
    return true;
}

bool cc_pattern_is_valid(const char *pattern)
{
    return is_valid(pattern, pattern + strlen(pattern));
}

bool cc_pattern_matches(const char *pattern, const char *text)
{
    const char *end = pattern + strlen(pattern);
    struct run run = { .text = text };

    for (const char *at = text;; at += character(at, at + strnlen(at, 4))) {
        if (match_alternatives(&run, pattern, end, at, NULL))
            return true;
        if (!*at || *pattern == '^')
            return false;
    }
}
