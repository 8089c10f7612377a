/* SPDX-License-Identifier: Apache-2.0 */
/* Implements the growing byte buffer. Its memory is wiped before it is freed or replaced. */
#include "core/base/buffer.h"

#include <stdint.h>
#include <stdio.h>

#include "core/base/memory.h"

void cc_buf_init(struct cc_buf *buf, size_t max)
{
    *buf = (struct cc_buf){ .max = max };
}

void cc_buf_clear(struct cc_buf *buf)
{
    cc_wipe(buf->data, buf->cap);
    free(buf->data);
    *buf = (struct cc_buf){ .max = buf->max };
}

/* Bytes past the spare ones were never written, unless an append failed half-way. */
void cc_buf_reset(struct cc_buf *buf)
{
    if (buf->data)
        cc_wipe(buf->data, buf->failed ? buf->cap : buf->len + CC_BUF_SPARE);
    buf->len = 0;
    buf->failed = false;
}

/* Does not use realloc(), which could free the old bytes without wiping them. */
static bool move_to(struct cc_buf *buf, size_t cap)
{
    char *data = cc_alloc_large(cap);

    if (!data)
        return false;
    if (buf->len > 0)
        memcpy(data, buf->data, buf->len);
    data[buf->len] = '\0';
    cc_wipe(buf->data, buf->cap);
    free(buf->data);
    buf->data = data;
    buf->cap = cap;
    return true;
}

static bool has_space(const struct cc_buf *buf, size_t more)
{
    return !buf->failed && more < buf->cap && buf->len + more + CC_BUF_SPARE <= buf->cap &&
           (buf->max == 0 || buf->len + more <= buf->max);
}

/* Makes space for @more bytes and the spare ones. */
static bool grow(struct cc_buf *buf, size_t more)
{
    size_t cap = buf->cap < 256 ? 256 : buf->cap;

    if (has_space(buf, more))
        return true;
    if (buf->failed || more > SIZE_MAX / 4 || buf->len > SIZE_MAX / 4 ||
        (buf->max > 0 && (buf->len > buf->max || more > buf->max - buf->len))) {
        buf->failed = true;
        return false;
    }
    while (cap < buf->len + more + CC_BUF_SPARE)
        cap *= 2;
    buf->failed = !move_to(buf, cap);
    return !buf->failed;
}

void cc_buf_reserve(struct cc_buf *buf, size_t more)
{
    if (!buf->failed && more < SIZE_MAX / 4 && buf->len + more + CC_BUF_SPARE > buf->cap)
        move_to(buf, buf->len + more + CC_BUF_SPARE);
}

void cc_buf_add(struct cc_buf *buf, const void *data, size_t len)
{
    if (!has_space(buf, len) && !grow(buf, len))
        return;
    if (len > 0)
        memcpy(buf->data + buf->len, data, len);
    buf->len += len;
    memset(buf->data + buf->len, 0, CC_BUF_SPARE);
}

void cc_buf_puts(struct cc_buf *buf, const char *text)
{
    cc_buf_add(buf, text, strlen(text));
}

void cc_buf_putc(struct cc_buf *buf, char c)
{
    cc_buf_add(buf, &c, 1);
}

/* Makes space for all texts first, so that copying needs no further check. */
void cc_buf_puts_all(struct cc_buf *buf, ...)
{
    const char *text;
    size_t more = 0;
    va_list args;
    char *at;

    va_start(args, buf);
    while ((text = va_arg(args, const char *)))
        more +=
            text[0] && !text[1] ? 1 : strlen(text); /* many texts are one character, a separator */
    va_end(args);
    if (!has_space(buf, more) && !grow(buf, more))
        return;
    at = buf->data + buf->len;
    va_start(args, buf);
    while ((text = va_arg(args, const char *))) {
        *at = text[0];
        at = text[0] && !text[1] ? at + 1 : stpcpy(at, text);
    }
    va_end(args);
    buf->len += more;
    memset(buf->data + buf->len, 0, CC_BUF_SPARE);
}

/* Formats into the space that is left. Most texts fit there and are formatted once. */
void cc_buf_vprintf(struct cc_buf *buf, const char *format, va_list args)
{
    size_t space;
    va_list again;
    int len;

    if (!grow(buf, 0))
        return;
    space = buf->cap - buf->len - CC_BUF_SPARE;
    va_copy(again, args);
    len = vsnprintf(buf->data + buf->len, space + 1, format, again);
    va_end(again);
    if (len < 0 || !grow(buf, (size_t)len)) {
        buf->failed = true;
        len = 0;
    } else if ((size_t)len > space) {
        vsnprintf(buf->data + buf->len, (size_t)len + 1, format, args);
    }
    buf->len += (size_t)len;
    memset(buf->data + buf->len, 0, CC_BUF_SPARE);
}

void cc_buf_printf(struct cc_buf *buf, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    cc_buf_vprintf(buf, format, args);
    va_end(args);
}

char *cc_buf_take(struct cc_buf *buf)
{
    char *data = NULL;

    cc_buf_add(buf, "", 0);
    if (!buf->failed)
        data = cc_take(buf->data);
    cc_buf_clear(buf);
    return data;
}

const char *cc_buf_text(const struct cc_buf *buf)
{
    return buf->data ? buf->data : "";
}
