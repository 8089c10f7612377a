/* SPDX-License-Identifier: Apache-2.0 */
/* Changes a finished reply as a fault says. */
#include "emulator/engine/emulator.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* A page as a gateway in front of a vendor sends it. */
static void http_page(struct emu_world *world, const struct emu_fault *fault,
                      struct emu_reply *reply)
{
    const char *text =
        emu_text(world, "<html><head><title>%d</title></head><body><h1>%d</h1></body></html>\n",
                 fault->status, fault->status);

    *reply = (struct emu_reply){ .status = fault->status, .body = text, .body_size = strlen(text) };
    emu_reply_header(world, reply, "Content-Type", "text/html");
    if (fault->retry_after_s >= 0)
        emu_reply_header(world, reply, "Retry-After",
                         emu_text(world, "%lld", (long long)fault->retry_after_s));
}

static void make_huge(struct emu_world *world, size_t more, struct emu_reply *reply)
{
    char *body = emu_alloc(world, reply->body_size + more + 1);

    /* White space after a JSON text changes its length, not its meaning. */
    memcpy(body, reply->body, reply->body_size);
    memset(body + reply->body_size, ' ', more);
    reply->body = body;
    reply->body_size += more;
}

/* Changes the type of one member ("path"), or of every list and object of the reply. */
static void make_wrong(struct emu_world *world, const char *path, struct emu_reply *reply)
{
    yyjson_mut_val *root = emu_json_read(world, reply->body, reply->body_size, NULL);
    yyjson_mut_val *found = path ? emu_get(root, path) : NULL;
    size_t i, count;
    yyjson_mut_val *key, *item;

    if (found && yyjson_mut_is_num(found))
        yyjson_mut_set_str(found, "wrong type");
    else if (found)
        yyjson_mut_set_sint(found, 12345);
    yyjson_mut_obj_foreach(root, i, count, key, item)
    {
        if (!path && yyjson_mut_is_ctn(item))
            yyjson_mut_set_str(item, "wrong type");
    }
    reply->body = emu_json_write(world, root, &reply->body_size);
}

static void make_garbage(struct emu_reply *reply)
{
    reply->status = 200;
    reply->body = "\x01\xff{garbage, not JSON";
    reply->body_size = strlen(reply->body);
}

/* The position that a segment of a path names in a list of @count elements; @count itself is the
 * place behind the last one. Returns false for anything else. */
static bool read_position(const char *segment, size_t count, size_t *ret)
{
    char *end;

    *ret = strtoul(segment, &end, 10);
    return *segment >= '0' && *segment <= '9' && !*end && *ret <= count;
}

static yyjson_mut_val *child_of(yyjson_mut_val *parent, const char *segment)
{
    size_t position;

    if (yyjson_mut_is_arr(parent))
        return read_position(segment, yyjson_mut_arr_size(parent), &position)
                   ? yyjson_mut_arr_get(parent, position)
                   : NULL;
    return yyjson_mut_obj_get(parent, segment);
}

/* Replaces, adds or, with a NULL @value, removes one member or element. */
static bool put(struct emu_world *world, yyjson_mut_val *parent, const char *segment,
                yyjson_mut_val *value)
{
    bool is_list = yyjson_mut_is_arr(parent);
    size_t count = yyjson_mut_arr_size(parent), position = 0;

    if (!is_list && !yyjson_mut_is_obj(parent))
        return false;
    if (!value && !child_of(parent, segment))
        return false;
    if (is_list && !read_position(segment, count, &position))
        return false;
    if (!is_list)
        emu_set(world, parent, segment, value);
    else if (!value)
        yyjson_mut_arr_remove(parent, position);
    else if (position < count)
        yyjson_mut_arr_replace(parent, position, value);
    else
        emu_push(parent, value);
    return true;
}

/* Puts @value at a path of member names and element numbers, separated by dots. */
static bool put_at(struct emu_world *world, yyjson_mut_val *root, const char *path,
                   yyjson_mut_val *value)
{
    for (;;) {
        size_t size = strcspn(path, ".");
        const char *segment = emu_text_n(world, path, size);

        if (!path[size])
            return put(world, root, segment, value);
        root = child_of(root, segment);
        path += size + 1;
    }
}

/* Returns false when a path does not exist. */
static bool edit(struct emu_world *world, const struct emu_fault *fault, struct emu_reply *reply)
{
    yyjson_mut_val *root, *key, *value;
    size_t i, count;

    if (!fault->set && !fault->remove)
        return true;
    root = emu_json_read_as_written(world, reply->body, reply->body_size, NULL);
    yyjson_mut_obj_foreach(fault->set, i, count, key, value)
    {
        if (!put_at(world, root, yyjson_mut_get_str(key), emu_json_copy(world, value)))
            return false;
    }
    yyjson_mut_arr_foreach(fault->remove, i, count, value)
    {
        if (!put_at(world, root, yyjson_mut_get_str(value), NULL))
            return false;
    }
    reply->body = emu_json_write(world, root, &reply->body_size);
    return true;
}

static void change_body(struct emu_world *world, const struct emu_fault *fault,
                        struct emu_reply *reply)
{
    struct emu_buf body = { 0 };

    if (fault->body) {
        reply->body = fault->body;
        reply->body_size = fault->body_size;
    }
    if (!*fault->prefix)
        return;
    emu_buf_add(world, &body, fault->prefix, strlen(fault->prefix));
    emu_buf_add(world, &body, reply->body, reply->body_size);
    reply->body = body.text;
    reply->body_size = body.size;
}

static void change_headers(struct emu_world *world, const struct emu_fault *fault,
                           struct emu_reply *reply)
{
    yyjson_mut_val *key, *value;
    size_t i, count;

    yyjson_mut_obj_foreach(fault->headers, i, count, key, value)
    {
        const char *name = yyjson_mut_get_str(key);

        emu_reply_header_remove(world, reply, name);
        if (yyjson_mut_is_str(value))
            emu_reply_header(world, reply, name, yyjson_mut_get_str(value));
        if (strcasecmp(name, "Date") == 0)
            reply->own_date = true;
    }
}

static bool fits(const struct emu_request *request, bool applied, const struct emu_fault *fault)
{
    switch (fault->kind) {
    case EMU_FAULT_ERROR_AFTER_APPLY: return applied;
    case EMU_FAULT_PAGE_CAP:
    case EMU_FAULT_REPEAT_PAGE: return applied && request->paged;
    default: return true;
    }
}

/* The answer that a kind puts in the place of the vendor's. */
static void replace(struct emu_world *world, struct emu_request *request,
                    const struct emu_fault *fault, struct emu_reply *reply)
{
    if (fault->kind == EMU_FAULT_HTTP) {
        http_page(world, fault, reply);
    } else if (fault->kind == EMU_FAULT_ERROR_AFTER_APPLY) {
        *reply = (struct emu_reply){ 0 };
        request->service->error(world, request, fault->status, fault->code, fault->message, reply);
    }
}

static void damage(struct emu_world *world, const struct emu_fault *fault, struct emu_reply *reply)
{
    switch (fault->kind) {
    case EMU_FAULT_HUGE: make_huge(world, fault->bytes, reply); break;
    case EMU_FAULT_WRONG_TYPE: make_wrong(world, fault->path, reply); break;
    case EMU_FAULT_GARBAGE: make_garbage(reply); break;
    case EMU_FAULT_TRUNCATE:
        if (fault->bytes < reply->body_size)
            reply->body_size = fault->bytes;
        break;
    default: break;
    }
}

void emu_fault_spoil(struct emu_world *world, struct emu_request *request, bool applied,
                     struct emu_fault *fault, struct emu_reply *reply)
{
    struct emu_reply spoilt = *reply;
    bool good = fits(request, applied, fault);

    if (fault->kind == EMU_FAULT_NONE)
        return;
    if (good) {
        replace(world, request, fault, &spoilt);
        good = edit(world, fault, &spoilt);
    }
    if (!good) {
        emu_sql(world, "UPDATE faults SET times = times + 1 WHERE serial = ?", "i", fault->serial);
        *fault = (struct emu_fault){ .kind = EMU_FAULT_NONE };
        return;
    }
    if (fault->status)
        spoilt.status = fault->status;
    change_body(world, fault, &spoilt);
    damage(world, fault, &spoilt);
    change_headers(world, fault, &spoilt);
    *reply = spoilt;
}
