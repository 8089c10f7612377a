/* SPDX-License-Identifier: Apache-2.0 */
/* Parses a request as received and builds a reply. Sockets are in server.c. */
#include "emulator/engine/emulator.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

static int hex_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c = (char)(c | 0x20);
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

char *emu_url_decode(struct emu_world *world, const char *text, size_t size, bool plus)
{
    char *ret = emu_alloc(world, size + 1), *out = ret;

    for (size_t i = 0; i < size; i++) {
        if (text[i] == '%' && i + 2 < size && hex_value(text[i + 1]) >= 0 &&
            hex_value(text[i + 2]) >= 0) {
            *out++ = (char)(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2]));
            i += 2;
        } else {
            *out++ = plus && text[i] == '+' ? ' ' : text[i];
        }
    }
    return ret;
}

char *emu_url_encode(struct emu_world *world, const char *text, const char *also)
{
    static const char digits[] = "0123456789ABCDEF";
    char *ret = emu_alloc(world, strlen(text) * 3 + 1), *out = ret;

    for (const unsigned char *p = (const unsigned char *)text; *p; p++) {
        if ((*p < 128 && isalnum(*p)) || strchr("-_.~", *p) || (*also && strchr(also, *p))) {
            *out++ = (char)*p;
        } else {
            *out++ = '%';
            *out++ = digits[*p >> 4];
            *out++ = digits[*p & 15];
        }
    }
    return ret;
}

static const char *find_pair(const struct emu_pair *pairs, size_t count, const char *name,
                             int (*compare)(const char *, const char *))
{
    for (size_t i = 0; i < count; i++) {
        if (compare(pairs[i].name, name) == 0)
            return pairs[i].value;
    }
    return NULL;
}

const char *emu_header(const struct emu_request *request, const char *name)
{
    return find_pair(request->headers, request->header_count, name, strcasecmp);
}

const char *emu_query_param(const struct emu_request *request, const char *name)
{
    return find_pair(request->params, request->param_count, name, strcmp);
}

static void read_query(struct emu_world *world, struct emu_request *request)
{
    size_t capacity = 1;

    for (const char *p = request->query; *p; p++)
        capacity += *p == '&';
    request->params = emu_alloc(world, capacity * sizeof(struct emu_pair));
    for (const char *p = request->query; *p;) {
        size_t size = strcspn(p, "&");
        size_t name = 0;

        while (name < size && p[name] != '=')
            name++;
        if (size) {
            struct emu_pair *pair = &request->params[request->param_count++];

            pair->name = emu_url_decode(world, p, name, true);
            pair->value =
                name < size ? emu_url_decode(world, p + name + 1, size - name - 1, true) : "";
        }
        p += size + (p[size] == '&');
    }
}

static void read_headers(struct emu_world *world, const char *const *lines,
                         struct emu_request *request)
{
    size_t count = 0;

    while (lines && lines[count])
        count++;
    request->headers = emu_alloc(world, (count + 1) * sizeof(struct emu_pair));
    for (size_t i = 0; i < count; i++) {
        const char *colon = strchr(lines[i], ':');

        if (!colon)
            continue;
        request->headers[request->header_count++] = (struct emu_pair){
            emu_text_n(world, lines[i], (size_t)(colon - lines[i])),
            emu_text(world, "%s", colon + 1 + strspn(colon + 1, " \t")),
        };
    }
}

bool emu_request_read(struct emu_world *world, const struct cloud_emulator_request *from,
                      struct emu_request *ret)
{
    const char *authority, *path, *end;
    size_t path_size;

    *ret = (struct emu_request){ .product = "", .action = "", .query = "" };
    if (!from->method || !from->url || !(authority = strstr(from->url, "://")))
        return false;
    authority += 3;
    end = authority + strcspn(authority, "/?#");
    path = *end == '/' ? end : "/";
    path_size = strcspn(path, "?#");
    ret->path = emu_text_n(world, path, path_size);
    end += strcspn(end, "?#");
    if (*end == '?')
        ret->query = emu_text_n(world, end + 1, strcspn(end + 1, "#"));
    ret->plain_path = emu_url_decode(world, ret->path, path_size, false);
    ret->method = emu_text(world, "%s", from->method);
    for (char *p = (char *)(uintptr_t)ret->method; *p; p++)
        *p = (char)toupper((unsigned char)*p);
    read_query(world, ret);
    read_headers(world, from->headers, ret);
    if (!emu_header(ret, "host")) {
        ret->headers[ret->header_count++] =
            (struct emu_pair){ "Host", emu_text_n(world, authority, strcspn(authority, "/?#")) };
    }
    ret->host = emu_header(ret, "host");
    ret->body = emu_text_n(world, from->body, from->body_size);
    ret->body_size = from->body_size;
    ret->request_id = emu_new_id(world, "", 32);
    return true;
}

void emu_reply_header(struct emu_world *world, struct emu_reply *reply, const char *name,
                      const char *value)
{
    reply->headers =
        emu_text(world, "%s%s: %s\r\n", reply->headers ? reply->headers : "", name, value);
}

void emu_reply_header_remove(struct emu_world *world, struct emu_reply *reply, const char *name)
{
    const char *rest = reply->headers ? reply->headers : "";
    size_t name_size = strlen(name);
    struct emu_buf kept = { 0 };

    while (*rest) {
        size_t size = strcspn(rest, "\n");

        size += rest[size] == '\n';
        if (strncasecmp(rest, name, name_size) != 0 || rest[name_size] != ':')
            emu_buf_add(world, &kept, rest, size);
        rest += size;
    }
    reply->headers = kept.text;
}

struct emu_page emu_page(struct emu_request *request, int64_t number, int64_t size)
{
    int64_t shown = number;

    request->paged = true;
    if (request->page_cap && size > request->page_cap)
        size = request->page_cap;
    if (request->page_circle)
        shown = (number - 1) % request->page_circle + 1;
    return (struct emu_page){ number, size, (size_t)((shown - 1) * size), (size_t)(shown * size) };
}

void emu_reply_json(struct emu_world *world, struct emu_reply *reply, int status,
                    yyjson_mut_val *value)
{
    reply->status = status;
    reply->body = emu_json_write(world, value, &reply->body_size);
    if (!reply->headers || !strcasestr(reply->headers, "content-type:"))
        emu_reply_header(world, reply, "Content-Type", "application/json");
}
