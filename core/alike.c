/* SPDX-License-Identifier: Apache-2.0 */
/* Lists of objects that look alike: an element is held against a mould, byte by byte, and only
 * values may differ. */
#include "core/alike.h"

#include <stdlib.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

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

#define STRIDE 16u

/* of a stride's bytes, the first that ends a string or cannot stand in one as it is: a quote, a
 * backslash, a control character */
static inline unsigned first_odd(const char *text)
{
#ifdef __SSE2__
    __m128i bytes = _mm_loadu_si128((const __m128i *)text), control = _mm_set1_epi8(' ' - 1);
    __m128i odd = _mm_cmpeq_epi8(_mm_min_epu8(bytes, control), bytes);
    unsigned found;

    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')));
    odd = _mm_or_si128(odd, _mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')));
    found = (unsigned)_mm_movemask_epi8(odd);
    return found ? (unsigned)__builtin_ctz(found) : STRIDE;
#else
    unsigned at = 0;

    while (at < STRIDE && text[at] != '"' && text[at] != '\\' && (unsigned char)text[at] >= ' ')
        at++;
    return at;
#endif
}

static const char *skip_space(const char *at, const char *end)
{
    while (at < end && (*at == ' ' || *at == '\n' || *at == '\r' || *at == '\t'))
        at++;
    return at;
}

/* behind it; NULL: what stands here is none, or not a plain one. All three take only what the JSON
 * library takes */

static const char *end_of_text(const char *at, const char *end)
{
    for (; end - at >= (ptrdiff_t)STRIDE; at += STRIDE) {
        unsigned odd = first_odd(at);

        if (odd < STRIDE)
            return at[odd] == '"' ? at + odd
                                  : NULL; /* what an escape means is for the JSON library to say */
    }
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= ' ')
        at++;
    return at < end && *at == '"' ? at : NULL;
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

static bool add_token(struct cc_alike *alike, enum cc_alike_kind kind, size_t from, size_t to)
{
    if (!room(&alike->tokens, alike->token_count, &alike->token_cap, sizeof(*alike->tokens)))
        return false;
    alike->tokens[alike->token_count++] =
        (struct cc_alike_token){ .from = (uint32_t)from, .to = (uint32_t)to, .kind = kind };
    return true;
}

/* behind the closing quote, whatever stands between; NULL: there is none */
static const char *skip_string(const char *at, const char *end)
{
    const char *quote = end_of_text(++at, end);

    if (quote)
        return quote + 1;
    for (; at < end && *at != '"'; at++)
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

/* A new mould, from its opening bracket on; behind it. Brackets that do not fit are found when it
 * is parsed. */
static const char *add_mould(struct cc_alike *alike, const char *text, const char *from,
                             const char *end)
{
    struct cc_alike_mould mould = { .from = (uint32_t)(from - text),
                                    .first_token = alike->token_count,
                                    .differing = CC_ALIKE_NONE };
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

static size_t same_bytes(const char *a, const char *b, size_t most)
{
    size_t count = 0;

    if (memcmp(a, b, most) == 0)
        return most; /* as nearly always, and quicker to see */
    while (most - count >= STRIDE && memcmp(a + count, b + count, STRIDE) == 0)
        count += STRIDE;
    while (a[count] == b[count])
        count++;
    return count;
}

/* the token that a byte of the mould belongs to, from @token on */
static uint32_t token_at(const struct cc_alike *alike, const struct cc_alike_mould *mould,
                         uint32_t token, size_t at)
{
    uint32_t end = mould->first_token + mould->tokens;

    while (token < end && alike->tokens[token].to < at)
        token++;
    return token < end && alike->tokens[token].from <= at ? token : CC_ALIKE_NONE;
}

/*
 * Holds what stands at @at against a mould; behind it, and its changes added. NULL: it has another
 * shape. What differed in one element is taken to differ in the next.
 */
static const char *fit(struct cc_alike *alike, struct cc_alike_mould *mould, const char *text,
                       const char *at, const char *end)
{
    uint32_t *link = &mould->differing, token = mould->first_token;
    size_t in_mould = mould->from;

    for (;;) {
        size_t until = *link == CC_ALIKE_NONE ? mould->to : alike->tokens[*link].from;
        size_t left = until - in_mould, there = (size_t)(end - at);
        size_t same = same_bytes(text + in_mould, at, left < there ? left : there);
        const char *behind;

        in_mould += same;
        at += same;
        if (in_mould < until) {
            token = token_at(alike, mould, token, in_mould);
            if (token == CC_ALIKE_NONE)
                return NULL;
            at -= in_mould - alike->tokens[token].from; /* where the value begins */
            alike->tokens[token].next = *link;
            *link = token;
        } else if (*link == CC_ALIKE_NONE) {
            return at;
        }
        token = *link;
        behind = end_of_value(alike->tokens[token].kind, at, end);
        if (!behind || !room(&alike->changes, alike->change_count, &alike->change_cap,
                             sizeof(*alike->changes)))
            return NULL;
        alike->changes[alike->change_count++] =
            (struct cc_alike_change){ token, (uint32_t)(at - text), (uint32_t)(behind - text) };
        at = behind;
        in_mould = alike->tokens[token].to;
        link = &alike->tokens[token++].next;
    }
}

/* the mould that was last right, then the newest */
static const char *fit_any(struct cc_alike *alike, uint32_t *right, const char *text,
                           const char *at, const char *end)
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
static const char *add_element(struct cc_alike *alike, uint32_t *right, const char *text,
                               const char *at, const char *end)
{
    struct cc_alike_element element = { .first_change = alike->change_count };
    const char *behind = fit_any(alike, right, text, at, end);

    if (!behind) {
        *right = alike->mould_count;
        if (alike->mould_count > TRIED && alike->mould_count > alike->element_count / 2)
            return NULL;
        behind = add_mould(alike, text, at, end);
    }
    if (!behind ||
        !room(&alike->elements, alike->element_count, &alike->element_cap, sizeof(element)))
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
