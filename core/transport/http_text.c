/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Converts between requests or replies and HTTP text, for all transports: writes URL and header
 * lines, keeps the headers of a reply that the engine reads, limits its body, and writes the reason
 * when there is no reply. engine/decode.c interprets the body.
 */
#include "core/transport/http_text.h"

#include <arpa/inet.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <strings.h>

#include "core/base/error.h"
#include "core/json/json.h"

_Static_assert(CC_BUF_SPARE >= CC_JSON_PADDING, "a body in a cc_buf can be parsed in place");

const char *cc_request_authority(const struct cc_request *request)
{
    const char *start = strstr(request->base, "://");
    const char *at;

    start = start ? start + 3 : request->base;
    at = strrchr(start, '@'); /* user name and password are not shown */
    return at ? at + 1 : start;
}

bool cc_is_loopback(const char *authority)
{
    size_t len = authority[0] == '[' ? strcspn(authority, "]") + 1 : strcspn(authority, ":/");
    char name[INET_ADDRSTRLEN];
    struct in_addr address;

    if (len == 5 && strncmp(authority, "[::1]", 5) == 0)
        return true;
    if (len >= sizeof(name))
        return false;
    memcpy(name, authority, len);
    name[len] = '\0';
    if (strcasecmp(name, "localhost") == 0)
        return true;
    return inet_pton(AF_INET, name, &address) == 1 && ntohl(address.s_addr) >> 24 == 127;
}

/* sets the pointers to the lines after the buffer has its final address */
static int point_at_lines(struct cc_request_text *text, struct cloud_error *err)
{
    const char *line = text->buf.data;

    if (text->buf.failed)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (text->cap < text->count + 1) {
        const char **grown = reallocarray(text->lines, text->count + 1, sizeof(*grown));

        if (!grown)
            return cc_fail(err, CLOUD_ENOMEM, "out of memory");
        text->lines = grown;
        text->cap = text->count + 1;
    }
    for (size_t i = 0; i < text->count; i++) {
        line += strlen(line) + 1; /* skips the URL first */
        text->lines[i] = line;
    }
    text->lines[text->count] = NULL;
    return CLOUD_OK;
}

int cc_request_text_write(struct cc_request_text *text, const struct cc_request *request,
                          const char *const *more, const char *no_value, struct cloud_error *err)
{
    struct cc_buf *buf = &text->buf;
    size_t headers;

    text->count = 1;
    cc_buf_reset(buf);
    cc_buf_puts_all(buf, request->base, request->path, request->query_text.len > 0 ? "?" : "",
                    cc_buf_text(&request->query_text), NULL);
    cc_buf_putc(buf, '\0');
    headers = buf->len;
    cc_buf_puts_all(buf, "Host: ", request->host, NULL);
    cc_buf_putc(buf, '\0');
    for (; *more; more++, text->count++)
        cc_buf_add(buf, *more, strlen(*more) + 1);
    for (size_t i = 0; i < request->headers.count; i++) {
        const char *name = request->headers.items[i].name;
        const char *value = request->headers.items[i].value;

        if (strcasecmp(name, "Host") == 0)
            continue;
        cc_buf_puts_all(buf, name, *value ? ": " : no_value, value, NULL);
        cc_buf_putc(buf, '\0');
        text->count++;
    }
    if (memchr(cc_buf_text(buf) + headers, '\n', buf->len - headers) ||
        memchr(cc_buf_text(buf) + headers, '\r', buf->len - headers))
        return cc_fail(err, CLOUD_EINVAL, "a header of the request contains a line break");
    return point_at_lines(text, err);
}

void cc_request_text_clear(struct cc_request_text *text)
{
    cc_buf_clear(&text->buf);
    free(text->lines);
    *text = (struct cc_request_text){ 0 };
}

struct kept {
    const char *name;
    size_t name_len;
    size_t at;
    size_t size;
    bool weak; /* does not replace a value: proxies add an x-request-id of their own */
};

#define KEPT(name, member, weak) \
    { \
        name, sizeof(name) - 1, offsetof(struct cc_reply, member), \
            sizeof(((struct cc_reply *)0)->member), weak \
    }

static const struct kept kept[] = {
    KEPT("date", date, false),
    KEPT("retry-after", retry_after, false),
    KEPT("content-encoding", content_encoding, false),
    KEPT("x-jdcloud-request-id", request_id, false),
    KEPT("cds-request-id", request_id, false),
    KEPT("x-request-id", request_id, true),
};

void cc_reply_init(struct cc_reply *reply)
{
    *reply = (struct cc_reply){ 0 };
}

void cc_reply_header(struct cc_reply *reply, const char *line, size_t len)
{
    const char *value, *end = line + len;
    char text[128]; /* longer than every field */
    size_t used;

    for (size_t i = 0; i < CC_COUNT(kept); i++) {
        char *field = (char *)reply + kept[i].at;

        /* length and first letter exclude most lines */
        if (len <= kept[i].name_len || line[kept[i].name_len] != ':' ||
            ((unsigned char)*kept[i].name ^ (unsigned char)*line) & ~0x20u ||
            strncasecmp(kept[i].name, line, kept[i].name_len) != 0 || (kept[i].weak && *field))
            continue;
        for (value = line + kept[i].name_len + 1; value < end && strchr(" \t", *value); value++)
            ;
        while (end > value && strchr(" \t\r\n", end[-1]))
            end--;
        used = (size_t)(end - value) < sizeof(text) ? (size_t)(end - value) : sizeof(text) - 1;
        memcpy(text, value, used);
        text[used] = '\0';
        cc_error_text(field, kept[i].size, text);
    }
}

void cc_reply_forget_headers(struct cc_reply *reply)
{
    for (size_t i = 0; i < CC_COUNT(kept); i++)
        *((char *)reply + kept[i].at) = '\0';
}

int cc_reply_add(struct cc_reply *reply, const void *data, size_t len, size_t max)
{
    if (reply->body.len > max || len > max - reply->body.len)
        return CLOUD_ETOOBIG;
    cc_buf_add(&reply->body, data, len);
    return reply->body.failed ? CLOUD_ENOMEM : CLOUD_OK;
}

void cc_reply_fail(struct cc_reply *reply, enum cc_wire wire, int code, const char *format, ...)
{
    char text[sizeof(reply->reason) * 2];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof(text), format, args);
    va_end(args);
    CC_ERROR_SET(reply->reason, text);
    cc_buf_clear(&reply->body);
    reply->wire = wire;
    reply->code = code;
}

void cc_reply_fail_too_big(const struct cc_exchange *exchange, enum cc_wire wire)
{
    cc_reply_fail(exchange->reply, wire, CLOUD_ETOOBIG,
                  "the answer of %s is longer than %zu bytes; raise max_reply_bytes",
                  cc_request_authority(exchange->request), exchange->max_reply_bytes);
}

void cc_reply_fail_timeout(const struct cc_exchange *exchange, enum cc_wire wire, const char *what,
                           int64_t limit_ms)
{
    cc_reply_fail(exchange->reply, wire, CLOUD_ETIMEDOUT, "%s %s within %lld ms", what,
                  cc_request_authority(exchange->request), (long long)limit_ms);
}
