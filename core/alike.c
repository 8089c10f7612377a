/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of objects that look alike: an element is held against a mould, byte by byte, and only values may differ. */
#include "core/alike.h"

#include <stdlib.h>
#include <string.h>

#define TRIED 8 /* moulds that an element is held against, the newest */

void cc_alike_clear(struct cc_alike *alike)
{
    free(alike->tokens);
    free(alike->moulds);
    free(alike->changes);
    free(alike->elements);
    *alike = (struct cc_alike){ 0 };
}

/* room for one more */
static bool room(void *array_at, uint32_t count, uint32_t *cap, size_t size)
{
    uint32_t more = *cap ? *cap * 2 : 64;
    void *array;

    if (count < *cap)
        return true;
    memcpy(&array, array_at, sizeof(array));
    array = reallocarray(array, more, size);
    if (!array)
        return false;
    memcpy(array_at, &array, sizeof(array));
    *cap = more;
    return true;
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

/* ------------------------------------------------------------------------------------------------------- values */

/* behind it; NULL: what stands here is none, or not a plain one. All three take only what the JSON library takes */

static const char *end_of_text(const char *at, const char *end)
{
    while (at < end && *at != '"') {
        if (*at == '\\' || (unsigned char)*at < ' ')
            return NULL; /* what an escape means is for the JSON library to say */
        at++;
    }
    return at < end ? at : NULL;
}

static const char *skip_digits(const char *at, const char *end)
{
    while (at < end && *at >= '0' && *at <= '9')
        at++;
    return at;
}

static const char *end_of_number(const char *at, const char *end)
{
    const char *digits = at + (at < end && *at == '-');

    at = skip_digits(digits, end);
    if (at == digits || (*digits == '0' && at > digits + 1))
        return NULL;
    if (at < end && *at == '.') {
        digits = at + 1;
        at = skip_digits(digits, end);
        if (at == digits)
            return NULL;
    }
    if (at < end && (*at == 'e' || *at == 'E')) {
        at++;
        digits = at + (at < end && (*at == '+' || *at == '-'));
        at = skip_digits(digits, end);
        if (at == digits)
            return NULL;
    }
    return at;
}

static const char *end_of_flag(const char *at, const char *end)
{
    if (end - at >= 4 && memcmp(at, "true", 4) == 0)
        return at + 4;
    return end - at >= 5 && memcmp(at, "false", 5) == 0 ? at + 5 : NULL;
}

static const char *end_of_value(enum cc_alike_kind kind, const char *at, const char *end)
{
    if (kind == CC_ALIKE_TEXT)
        return end_of_text(at, end);
    return kind == CC_ALIKE_NUMBER ? end_of_number(at, end) : end_of_flag(at, end);
}

/* ------------------------------------------------------------------------------------------------------- moulds */

static bool add_token(struct cc_alike *alike, enum cc_alike_kind kind, size_t from, size_t to)
{
    if (!room(&alike->tokens, alike->token_count, &alike->token_cap, sizeof(*alike->tokens)))
        return false;
    alike->tokens[alike->token_count++] = (struct cc_alike_token){ (uint32_t)from, (uint32_t)to, kind };
    return true;
}

/* behind the closing quote, whatever stands between; NULL: there is none */
static const char *skip_string(const char *at, const char *end)
{
    for (at++; at < end && *at != '"'; at++)
        at += *at == '\\';
    return at < end ? at + 1 : NULL;
}

/* one step through a mould; NULL: this is not understood */
static const char *step(struct cc_alike *alike, const char *text, const char *at, const char *end)
{
    enum cc_alike_kind kind = CC_ALIKE_TEXT;
    const char *behind = at + 1;
    size_t from = (size_t)(at - text);

    if (*at == '"') {
        behind = skip_string(at, end);
        if (!behind || *skip_space(behind, end - 1) == ':')
            return behind; /* a name */
        return add_token(alike, kind, from + 1, (size_t)(behind - 1 - text)) ? behind : NULL;
    }
    if (*at == '-' || (*at >= '0' && *at <= '9'))
        kind = CC_ALIKE_NUMBER;
    else if (*at == 't' || *at == 'f')
        kind = CC_ALIKE_FLAG;
    else
        return behind;
    behind = end_of_value(kind, at, end);
    return behind && add_token(alike, kind, from, (size_t)(behind - text)) ? behind : NULL;
}

/* A new mould, from its opening bracket on; behind it. Brackets that do not fit are found when it is parsed. */
static const char *add_mould(struct cc_alike *alike, const char *text, const char *from, const char *end)
{
    struct cc_alike_mould mould = { .from = (uint32_t)(from - text), .first_token = alike->token_count };
    const char *at = from;
    size_t depth = 0;

    do {
        depth += *at == '{' || *at == '[';
        depth -= *at == '}' || *at == ']';
        at = step(alike, text, at, end);
    } while (at && at < end && depth);
    if (!at || depth || !room(&alike->moulds, alike->mould_count, &alike->mould_cap, sizeof(mould)))
        return NULL;
    mould.to = (uint32_t)(at - text);
    mould.tokens = alike->token_count - mould.first_token;
    alike->moulds[alike->mould_count++] = mould;
    return at;
}

/* ----------------------------------------------------------------------------------------------------- elements */

static size_t same_bytes(const char *a, const char *b, size_t most)
{
    size_t count = 0;

    while (most - count >= 256 && memcmp(a + count, b + count, 256) == 0)
        count += 256;
    while (most - count >= 32 && memcmp(a + count, b + count, 32) == 0)
        count += 32;
    for (; most - count >= 8; count += 8) {
        uint64_t left, right;

        memcpy(&left, a + count, 8);
        memcpy(&right, b + count, 8);
        if (left != right)
            break;
    }
    while (count < most && a[count] == b[count])
        count++;
    return count;
}

/* Holds what stands at @at against a mould; behind it, and its changes added. NULL: it has another shape. */
static const char *fit(struct cc_alike *alike, const struct cc_alike_mould *mould, const char *text, const char *at,
                       const char *end)
{
    const struct cc_alike_token *token = alike->tokens + mould->first_token, *last = token + mould->tokens;
    size_t in_mould = mould->from;

    for (;;) {
        size_t left = mould->to - in_mould, there = (size_t)(end - at);
        size_t same = same_bytes(text + in_mould, at, left < there ? left : there);
        const char *behind;

        in_mould += same;
        at += same;
        if (in_mould == mould->to)
            return at;
        while (token < last && token->to < in_mould)
            token++;
        if (token == last || token->from > in_mould || at == end)
            return NULL;
        at -= in_mould - token->from; /* where the value begins */
        behind = end_of_value(token->kind, at, end);
        if (!behind || !room(&alike->changes, alike->change_count, &alike->change_cap, sizeof(*alike->changes)))
            return NULL;
        alike->changes[alike->change_count++] = (struct cc_alike_change){ (uint32_t)(token - alike->tokens),
                                                                          (uint32_t)(at - text), (uint32_t)(behind - text) };
        at = behind;
        in_mould = token++->to;
    }
}

/* the mould that was last right, then the newest */
static const char *fit_any(struct cc_alike *alike, uint32_t *right, const char *text, const char *at, const char *end)
{
    uint32_t count = alike->mould_count, changes = alike->change_count;

    for (uint32_t tried = 0; tried <= TRIED && tried <= count; tried++) {
        uint32_t mould = tried ? count - tried : *right;
        const char *behind;

        if (mould >= count || (tried && mould == *right))
            continue;
        behind = fit(alike, &alike->moulds[mould], text, at, end);
        if (behind) {
            *right = mould;
            return behind;
        }
        alike->change_count = changes;
    }
    return NULL;
}

/* an element and the place behind it; NULL: no more of them are worth it */
static const char *add_element(struct cc_alike *alike, uint32_t *right, const char *text, const char *at, const char *end)
{
    struct cc_alike_element element = { .first_change = alike->change_count };
    const char *behind = fit_any(alike, right, text, at, end);

    if (!behind) {
        *right = alike->mould_count;
        if (alike->mould_count > TRIED && alike->mould_count > alike->element_count / 2)
            return NULL;
        behind = add_mould(alike, text, at, end);
    }
    if (!behind || !room(&alike->elements, alike->element_count, &alike->element_cap, sizeof(element)))
        return NULL;
    element.mould = *right;
    element.changes = alike->change_count - element.first_change;
    alike->elements[alike->element_count++] = element;
    return behind;
}

/* the bracket of the first object in a list */
static const char *first_object(const char *text, const char *end)
{
    const char *at = text;

    while ((at = memchr(at, '[', (size_t)(end - at)))) {
        at = skip_space(at + 1, end);
        if (at < end && *at == '{')
            return at;
    }
    return NULL;
}

bool cc_alike_read(struct cc_alike *alike, const char *text, size_t len)
{
    const char *end = text + len, *at = len < UINT32_MAX ? first_object(text, end) : NULL;
    uint32_t right = 0;

    alike->token_count = alike->mould_count = alike->change_count = alike->element_count = 0;
    if (!at)
        return false;
    alike->begin = (uint32_t)(at - text);
    for (;;) {
        at = add_element(alike, &right, text, at, end);
        if (!at)
            return false;
        alike->end = (uint32_t)(at - text);
        at = skip_space(at, end);
        if (at == end || *at != ',')
            break;
        at = skip_space(at + 1, end);
        if (at == end || *at != '{')
            break;
    }
    return alike->element_count > 1;
}
