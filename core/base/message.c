/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A request as it goes out and a reply as it comes in, and the encodings that paths, queries,
 * digests and both signing families share. What is signed, sent or retried is decided elsewhere.
 */
#include "core/base/message.h"

#include <endian.h>
#include <stdint.h>

static char *copy_of(struct cc_pairs *pairs, const char *text)
{
    text = text ? text : "";
    return pairs->arena ? cc_arena_strdup(pairs->arena, text) : strdup(text);
}

static struct cc_pair *grown_items(struct cc_pairs *pairs, size_t cap)
{
    struct cc_pair *items;

    if (!pairs->arena)
        return reallocarray(pairs->items, cap, sizeof(*items));
    items = cc_arena_alloc(pairs->arena, cap * sizeof(*items));
    if (items && pairs->count)
        memcpy(items, pairs->items, pairs->count * sizeof(*items));
    return items;
}

void cc_pairs_add(struct cc_pairs *pairs, const char *name, const char *value)
{
    char *own_name, *own_value;

    if (pairs->failed)
        return;
    if (pairs->count == pairs->cap) {
        size_t cap = pairs->cap ? pairs->cap * 2 : 8;
        struct cc_pair *items = grown_items(pairs, cap);

        pairs->failed = !items;
        if (!items)
            return;
        pairs->items = items;
        pairs->cap = cap;
    }
    own_name = copy_of(pairs, name);
    own_value = copy_of(pairs, value);
    if (!own_name || !own_value) {
        if (!pairs->arena) {
            free(own_name);
            cc_free_secret(own_value);
        }
        pairs->failed = true;
        return;
    }
    pairs->items[pairs->count++] = (struct cc_pair){ own_name, own_value };
}

void cc_pairs_set(struct cc_pairs *pairs, const char *name, const char *value)
{
    for (size_t i = 0; i < pairs->count; i++) {
        char *copy;

        if (!cc_same_name(pairs->items[i].name, name))
            continue;
        copy = copy_of(pairs, value);
        if (!copy) {
            pairs->failed = true;
            return;
        }
        if (!pairs->arena)
            cc_free_secret((char *)pairs->items[i].value);
        pairs->items[i].value = copy;
        return;
    }
    cc_pairs_add(pairs, name, value);
}

const char *cc_pairs_find(const struct cc_pairs *pairs, const char *name)
{
    for (size_t i = 0; i < pairs->count; i++) {
        if (cc_same_name(pairs->items[i].name, name))
            return pairs->items[i].value;
    }
    return NULL;
}

void cc_pairs_clear(struct cc_pairs *pairs)
{
    /* values may be tokens, names may not */
    for (size_t i = 0; !pairs->arena && i < pairs->count; i++) {
        free((char *)pairs->items[i].name);
        cc_free_secret((char *)pairs->items[i].value);
    }
    if (!pairs->arena)
        free(pairs->items);
    *pairs = (struct cc_pairs){ 0 };
}

void cc_request_clear(struct cc_request *request)
{
    if (!request->arena) {
        free(request->base);
        free(request->host);
        free(request->path);
    }
    cc_pairs_clear(&request->query);
    cc_pairs_clear(&request->headers);
    cc_buf_clear(&request->body);
    cc_buf_clear(&request->query_text);
    cc_arena_free(request->arena);
    *request = (struct cc_request){ 0 };
}

bool cc_request_reset(struct cc_request *request)
{
    struct cc_arena *arena = request->arena;

    if (!arena) {
        cc_request_clear(request);
        arena = cc_arena_new();
        if (!arena)
            return false;
    } else {
        cc_arena_reset(arena);
    }
    cc_buf_reset(&request->body);
    cc_buf_reset(&request->query_text);
    *request = (struct cc_request){
        .body = request->body,
        .query_text = request->query_text,
        .arena = arena,
        .query.arena = arena,
        .headers.arena = arena,
    };
    return true;
}

void cc_reply_clear(struct cc_reply *reply)
{
    cc_buf_clear(&reply->body);
    *reply = (struct cc_reply){ 0 };
}

/* RFC 3986 "unreserved": letters, digits and four marks */
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
    size_t kept = 0; /* start of the run that needs no encoding */

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

/* The eight digits of four bytes at once, each in a byte of its own: three digests of 64 are
 * written for each call. */
static uint64_t digits_of(const unsigned char bytes[4])
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
        memcpy(ret_hex, &(uint64_t){ digits_of(bytes) }, 8);
    for (; len > 0; len--, bytes++) {
        *ret_hex++ = digits[*bytes >> 4];
        *ret_hex++ = digits[*bytes & 15];
    }
    *ret_hex = '\0';
}

void cc_decode(struct cc_buf *out, const char *text, size_t len, bool plus)
{
    size_t kept = 0; /* start of the run that stays as it is */

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
