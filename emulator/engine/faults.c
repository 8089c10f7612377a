/* SPDX-License-Identifier: Apache-2.0 */
/* Faults that a test requested: stores them in the world, picks one for a request, applies it to
 * the reply. */
#include "emulator/engine/emulator.h"

#include <string.h>

/* Every kind: its name in the control API and in the world, whether it acts before the body of the
 * request is read, and the member that its specification must have. */
static const struct kind {
    const char *name;
    bool early;
    const char *needs;
} kinds[EMU_FAULT__COUNT] = {
    [EMU_FAULT_REFUSE] = { "refuse", true, NULL },
    [EMU_FAULT_RESET] = { "reset", true, NULL },
    [EMU_FAULT_DROP_BEFORE_APPLY] = { "drop_before_apply", false, NULL },
    [EMU_FAULT_DROP_AFTER_APPLY] = { "drop_after_apply", false, NULL },
    [EMU_FAULT_TRUNCATE] = { "truncate", false, "bytes" },
    [EMU_FAULT_GARBAGE] = { "garbage", false, NULL },
    [EMU_FAULT_WRONG_TYPE] = { "wrong_type", false, NULL },
    [EMU_FAULT_HUGE] = { "huge", false, "bytes" },
    [EMU_FAULT_DELAY] = { "delay", false, "delay_ms" },
    [EMU_FAULT_HTTP] = { "http", false, "status" },
    [EMU_FAULT_CODE] = { "code", false, "code" },
    [EMU_FAULT_DUPLICATE] = { "duplicate", false, NULL },
};

const char *emu_fault_name(enum emu_fault_kind kind)
{
    return kinds[kind].name;
}

/* EMU_FAULT_NONE for an unknown name. */
static enum emu_fault_kind kind_find(const char *name)
{
    for (enum emu_fault_kind kind = EMU_FAULT_NONE + 1; kind < EMU_FAULT__COUNT; kind++) {
        if (strcmp(kinds[kind].name, name) == 0)
            return kind;
    }
    return EMU_FAULT_NONE;
}

/* The name of the kind. A specification without one implies it by its members. */
static const char *kind_of(yyjson_mut_val *spec)
{
    if (emu_get(spec, "kind"))
        return emu_get_text(spec, "kind");
    if (emu_get(spec, "code"))
        return "code";
    if (emu_get(spec, "status"))
        return "http";
    return emu_get(spec, "delay_ms") ? "delay" : "";
}

static const char *bad_number(yyjson_mut_val *spec, const char *name, int64_t least, int64_t most)
{
    int64_t value;

    if (!emu_get(spec, name))
        return NULL;
    value = emu_get_int(spec, name, least - 1);
    return value < least || value > most ? name : NULL;
}

const char *emu_fault_add(struct emu_world *world, yyjson_mut_val *spec)
{
    static const struct {
        const char *name;
        int64_t least, most;
    } numbers[] = {
        { "times", 1, 1000000 },    { "skip", 0, 1000000 }, { "bytes", 0, 1 << 30 },
        { "delay_ms", 0, 3600000 }, { "status", 100, 599 }, { "retry_after", 0, 1000000 },
    };
    const char *name = kind_of(spec);
    const char *needs = kinds[kind_find(name)].needs;

    if (!*emu_get_text(spec, "action"))
        return "action is missing: the vendor's name of an action, or \"*\"";
    if (kind_find(name) == EMU_FAULT_NONE)
        return emu_text(world, "unknown kind \"%s\"; docs/user/emulator.md lists the kinds", name);
    if (needs && !emu_get(spec, needs))
        return emu_text(world, "kind \"%s\" needs %s", name, needs);
    for (size_t i = 0; i < EMU_COUNT(numbers); i++) {
        if (bad_number(spec, numbers[i].name, numbers[i].least, numbers[i].most))
            return emu_text(world, "%s is not a whole number from %lld to %lld", numbers[i].name,
                            (long long)numbers[i].least, (long long)numbers[i].most);
    }
    emu_sql(world,
            "INSERT INTO faults(action, service, kind, times, skip, spec) VALUES(?,?,?,?,?,?)",
            "sssiis", emu_get_text(spec, "action"), emu_get_str(spec, "service"), name,
            emu_get_int(spec, "times", 1), emu_get_int(spec, "skip", 0),
            emu_json_write(world, spec, NULL));
    return NULL;
}

static struct emu_fault decode(enum emu_fault_kind kind, yyjson_mut_val *spec)
{
    return (struct emu_fault){
        .kind = kind,
        .delay_ms = (int)emu_get_int(spec, "delay_ms", 0),
        .bytes = (size_t)emu_get_int(spec, "bytes", 0),
        .status = (int)emu_get_int(spec, "status", 0),
        .retry_after_s = emu_get_int(spec, "retry_after", -1),
        .apply = emu_get_bool(spec, "apply", false),
        .code = emu_get_str(spec, "code"),
        .message = emu_get_str(spec, "message"),
        .path = emu_get_str(spec, "path"),
    };
}

struct emu_fault emu_fault_take(struct emu_world *world, const struct emu_request *request,
                                bool early)
{
    sqlite3_stmt *row =
        emu_sql_query(world,
                      "SELECT serial, kind, skip, spec FROM faults WHERE times > 0"
                      " AND (action = '*' OR lower(action) = lower(?1))"
                      " AND (service IS NULL OR lower(service) IN (?2, ?3)) ORDER BY serial",
                      "sss", request->action, emu_lower(world, request->product),
                      request->service ? request->service->provider : "");
    struct emu_fault ret = { .kind = EMU_FAULT_NONE };
    int64_t serial = 0, skip = 0;

    while (emu_sql_step(world, row)) {
        enum emu_fault_kind kind = kind_find(emu_sql_text(world, row, 1));
        const char *spec = emu_sql_text(world, row, 3);

        if (ret.kind != EMU_FAULT_NONE || kinds[kind].early != early)
            continue;
        ret = decode(kind, emu_json_read(world, spec, strlen(spec), NULL));
        serial = sqlite3_column_int64(row, 0);
        skip = sqlite3_column_int64(row, 2);
    }
    if (ret.kind == EMU_FAULT_NONE)
        return ret;
    emu_sql(world,
            skip ? "UPDATE faults SET skip = skip - 1 WHERE serial = ?"
                 : "UPDATE faults SET times = times - 1 WHERE serial = ?",
            "i", serial);
    return skip ? (struct emu_fault){ .kind = EMU_FAULT_NONE } : ret;
}

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

enum cloud_emulator_wire emu_fault_spoil(struct emu_world *world, const struct emu_fault *fault,
                                         struct emu_reply *reply)
{
    switch (fault->kind) {
    case EMU_FAULT_DROP_BEFORE_APPLY:
    case EMU_FAULT_DROP_AFTER_APPLY: return CLOUD_EMULATOR_LOST;
    case EMU_FAULT_HTTP: http_page(world, fault, reply); break;
    case EMU_FAULT_HUGE: make_huge(world, fault->bytes, reply); break;
    case EMU_FAULT_WRONG_TYPE: make_wrong(world, fault->path, reply); break;
    case EMU_FAULT_GARBAGE: make_garbage(reply); break;
    case EMU_FAULT_TRUNCATE:
        if (fault->bytes < reply->body_size)
            reply->body_size = fault->bytes;
        return CLOUD_EMULATOR_CUT;
    default: break;
    }
    return CLOUD_EMULATOR_ANSWERED;
}
