/* SPDX-License-Identifier: Apache-2.0 */
/* Faults that a test has asked for: kept in the world, picked for a request, done to its reply. */
#include "emulator/engine/emulator.h"

#include <string.h>

/* What each kind needs, and whether it strikes before the body of the request was read. */
static const struct kind {
    const char *name;
    bool early;
    const char *needs;
} kinds[] = {
    { "refuse", true, NULL },
    { "reset", true, NULL },
    { "drop_before_apply", false, NULL },
    { "drop_after_apply", false, NULL },
    { "truncate", false, "bytes" },
    { "garbage", false, NULL },
    { "wrong_type", false, NULL },
    { "huge", false, "bytes" },
    { "delay", false, "delay_ms" },
    { "http", false, "status" },
    { "code", false, "code" },
    { "duplicate", false, NULL },
};

static const struct kind *kind_find(const char *name)
{
    for (size_t i = 0; i < EMU_COUNT(kinds); i++) {
        if (strcmp(kinds[i].name, name) == 0)
            return &kinds[i];
    }
    return NULL;
}

/* The kind that is meant when none is named. */
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
    const struct kind *kind = kind_find(kind_of(spec));

    if (!*emu_get_text(spec, "action"))
        return "action is missing: the vendor's name of an action, or \"*\"";
    if (!kind)
        return emu_text(world, "kind \"%s\" is not one that can be asked for", kind_of(spec));
    if (kind->needs && !emu_get(spec, kind->needs))
        return emu_text(world, "kind \"%s\" needs %s", kind->name, kind->needs);
    for (size_t i = 0; i < EMU_COUNT(numbers); i++) {
        if (bad_number(spec, numbers[i].name, numbers[i].least, numbers[i].most))
            return emu_text(world, "%s is not a whole number from %lld to %lld", numbers[i].name,
                            (long long)numbers[i].least, (long long)numbers[i].most);
    }
    emu_sql(world,
            "INSERT INTO faults(action, service, kind, times, skip, spec) VALUES(?,?,?,?,?,?)",
            "sssiis", emu_get_text(spec, "action"), emu_get_str(spec, "service"), kind->name,
            emu_get_int(spec, "times", 1), emu_get_int(spec, "skip", 0),
            emu_json_write(world, spec, NULL));
    return NULL;
}

struct emu_fault *emu_fault_take(struct emu_world *world, const struct emu_request *request,
                                 bool early)
{
    sqlite3_stmt *row =
        emu_sql_query(world,
                      "SELECT serial, kind, skip, spec FROM faults WHERE times > 0"
                      " AND (action = '*' OR lower(action) = lower(?1)) AND (service IS NULL OR "
                      "lower(service) IN (?2, ?3))"
                      " AND (kind IN ('refuse', 'reset')) = ?4 ORDER BY serial",
                      "sssi", request->action, emu_lower(world, request->product),
                      request->service ? request->service->provider : "", (int64_t)early);
    struct emu_fault *ret = NULL;
    int64_t serial = 0, skip = 0;

    while (emu_sql_step(world, row)) {
        const char *spec = emu_sql_text(world, row, 3);

        if (ret)
            continue;
        ret = emu_alloc(world, sizeof(*ret));
        serial = sqlite3_column_int64(row, 0);
        skip = sqlite3_column_int64(row, 2);
        ret->kind = emu_sql_text(world, row, 1);
        ret->spec = emu_json_read(world, spec, strlen(spec), NULL);
        ret->delay_ms = emu_get_int(ret->spec, "delay_ms", 0);
    }
    if (!ret)
        return NULL;
    emu_sql(world,
            skip ? "UPDATE faults SET skip = skip - 1 WHERE serial = ?"
                 : "UPDATE faults SET times = times - 1 WHERE serial = ?",
            "i", serial);
    return skip ? NULL : ret;
}

/* A page as a gateway in front of a vendor sends it. */
static void http_page(struct emu_world *world, const struct emu_fault *fault,
                      struct emu_reply *reply)
{
    int64_t wait = emu_get_int(fault->spec, "retry_after", -1);
    int status = (int)emu_get_int(fault->spec, "status", 502);
    const char *text =
        emu_text(world, "<html><head><title>%d</title></head><body><h1>%d</h1></body></html>\n",
                 status, status);

    *reply = (struct emu_reply){ .status = status, .body = text, .body_size = strlen(text) };
    emu_reply_header(world, reply, "Content-Type", "text/html");
    if (wait >= 0)
        emu_reply_header(world, reply, "Retry-After", emu_text(world, "%lld", (long long)wait));
}

static void make_huge(struct emu_world *world, const struct emu_fault *fault,
                      struct emu_reply *reply)
{
    size_t more = (size_t)emu_get_int(fault->spec, "bytes", 0);
    char *body = emu_alloc(world, reply->body_size + more + 1);

    /* White space behind a JSON text: as large as wanted, and still as right as before. */
    memcpy(body, reply->body, reply->body_size);
    memset(body + reply->body_size, ' ', more);
    reply->body = body;
    reply->body_size += more;
}

/* Another type for one member ("path"), or for every list and object of the reply. */
static void make_wrong(struct emu_world *world, const struct emu_fault *fault,
                       struct emu_reply *reply)
{
    yyjson_mut_val *root = emu_json_read(world, reply->body, reply->body_size, NULL);
    const char *path = emu_get_str(fault->spec, "path");
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

enum cloud_emulator_wire emu_fault_spoil(struct emu_world *world, const struct emu_fault *fault,
                                         struct emu_reply *reply)
{
    size_t bytes = (size_t)emu_get_int(fault->spec, "bytes", 0);

    if (strcmp(fault->kind, "drop_after_apply") == 0 ||
        strcmp(fault->kind, "drop_before_apply") == 0)
        return CLOUD_EMULATOR_LOST;
    if (strcmp(fault->kind, "http") == 0)
        http_page(world, fault, reply);
    if (strcmp(fault->kind, "huge") == 0)
        make_huge(world, fault, reply);
    if (strcmp(fault->kind, "wrong_type") == 0)
        make_wrong(world, fault, reply);
    if (strcmp(fault->kind, "garbage") == 0) {
        reply->status = 200;
        reply->body = "\x01\xff{garbage, not JSON";
        reply->body_size = strlen(reply->body);
    }
    if (strcmp(fault->kind, "truncate") != 0)
        return CLOUD_EMULATOR_ANSWERED;
    if (bytes < reply->body_size)
        reply->body_size = bytes;
    return CLOUD_EMULATOR_CUT;
}
