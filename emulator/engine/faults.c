/* SPDX-License-Identifier: Apache-2.0 */
/* Faults that a test requested: checks and stores them in the world, picks one for a request. */
#include "emulator/engine/emulator.h"

#include <string.h>
#include <strings.h>

static const struct kind {
    const char *name; /* in the control API and in the world */
    bool early;       /* acts before the body of the request is read */
    bool opaque;      /* the answer is not the vendor's JSON: "set" and "remove" cannot change it */
    enum cloud_emulator_wire wire;
    const char *needs; /* the specification has one of these members; separated by blanks */
} kinds[EMU_FAULT__COUNT] = {
    [EMU_FAULT_REFUSE] = { .name = "refuse", .early = true, .wire = CLOUD_EMULATOR_REFUSED },
    [EMU_FAULT_RESET] = { .name = "reset", .early = true, .wire = CLOUD_EMULATOR_RESET },
    [EMU_FAULT_DROP_BEFORE_APPLY] = { .name = "drop_before_apply", .wire = CLOUD_EMULATOR_LOST },
    [EMU_FAULT_DROP_AFTER_APPLY] = { .name = "drop_after_apply", .wire = CLOUD_EMULATOR_LOST },
    [EMU_FAULT_TRUNCATE] = { .name = "truncate", .wire = CLOUD_EMULATOR_CUT, .needs = "bytes" },
    [EMU_FAULT_GARBAGE] = { .name = "garbage", .opaque = true },
    [EMU_FAULT_WRONG_TYPE] = { .name = "wrong_type" },
    [EMU_FAULT_HUGE] = { .name = "huge", .needs = "bytes" },
    [EMU_FAULT_DELAY] = { .name = "delay", .needs = "delay_ms" },
    [EMU_FAULT_HTTP] = { .name = "http", .opaque = true, .needs = "status" },
    [EMU_FAULT_CODE] = { .name = "code", .needs = "code" },
    [EMU_FAULT_DUPLICATE] = { .name = "duplicate" },
    [EMU_FAULT_ERROR_AFTER_APPLY] = { .name = "error_after_apply", .needs = "status" },
    [EMU_FAULT_EDIT] = { .name = "edit", .needs = "set remove status" },
    [EMU_FAULT_HEADERS] = { .name = "headers", .needs = "headers" },
    [EMU_FAULT_BODY] = { .name = "body", .needs = "body body_base64 body_prefix" },
    [EMU_FAULT_PAGE_CAP] = { .name = "page_cap", .needs = "page_size" },
    [EMU_FAULT_REPEAT_PAGE] = { .name = "repeat_page" },
};

const char *emu_fault_name(enum emu_fault_kind kind)
{
    return kinds[kind].name;
}

enum cloud_emulator_wire emu_fault_wire(enum emu_fault_kind kind)
{
    return kinds[kind].wire;
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

static const char *bad_number(struct emu_world *world, yyjson_mut_val *spec)
{
    static const struct {
        const char *name;
        int64_t least, most;
    } numbers[] = {
        { "times", 1, 1000000 },     { "skip", 0, 1000000 },  { "bytes", 0, 1 << 30 },
        { "delay_ms", 0, 3600000 },  { "status", 100, 599 },  { "retry_after", 0, 1000000 },
        { "page_size", 1, 1000000 }, { "pages", 1, 1000000 },
    };

    for (size_t i = 0; i < EMU_COUNT(numbers); i++) {
        int64_t value = emu_get_int(spec, numbers[i].name, numbers[i].least - 1);

        if (emu_get(spec, numbers[i].name) && (value < numbers[i].least || value > numbers[i].most))
            return emu_text(world, "%s is not a whole number from %lld to %lld", numbers[i].name,
                            (long long)numbers[i].least, (long long)numbers[i].most);
    }
    return NULL;
}

static const char *bad_type(struct emu_world *world, yyjson_mut_val *spec)
{
    static const struct {
        const char *name;
        yyjson_type type;
        const char *what;
    } members[] = {
        { "message", YYJSON_TYPE_STR, "text" },
        { "path", YYJSON_TYPE_STR, "text" },
        { "body", YYJSON_TYPE_STR, "text" },
        { "body_base64", YYJSON_TYPE_STR, "text" },
        { "body_prefix", YYJSON_TYPE_STR, "text" },
        { "set", YYJSON_TYPE_OBJ, "an object of paths and values" },
        { "remove", YYJSON_TYPE_ARR, "a list of paths" },
        { "headers", YYJSON_TYPE_OBJ, "an object of names and texts" },
    };
    yyjson_mut_val *path;
    size_t i, count;

    for (i = 0; i < EMU_COUNT(members); i++) {
        yyjson_mut_val *value = yyjson_mut_obj_get(spec, members[i].name);

        if (value && yyjson_mut_get_type(value) != members[i].type)
            return emu_text(world, "%s is not %s", members[i].name, members[i].what);
    }
    yyjson_mut_arr_foreach(emu_get(spec, "remove"), i, count, path)
    {
        if (!yyjson_mut_is_str(path))
            return "remove is not a list of paths";
    }
    return NULL;
}

/* The HTTP server sends the length itself and cannot send an empty header. */
static const char *bad_headers(struct emu_world *world, yyjson_mut_val *headers)
{
    yyjson_mut_val *key, *value;
    size_t i, count;

    yyjson_mut_obj_foreach(headers, i, count, key, value)
    {
        const char *name = yyjson_mut_get_str(key), *text = yyjson_mut_get_str(value);

        if (!*name || strpbrk(name, ": \t\r\n") || strlen(name) != yyjson_mut_get_len(key))
            return emu_text(world, "\"%s\" is not the name of a header", name);
        if (strcasecmp(name, "Content-Length") == 0 || strcasecmp(name, "Transfer-Encoding") == 0)
            return emu_text(world, "%s cannot be changed; use kind truncate", name);
        if (!yyjson_mut_is_null(value) && (!text || !*text || strpbrk(text, "\r\n")))
            return emu_text(world, "header %s is neither null nor a line of text", name);
    }
    return NULL;
}

/* Members that change the answer, for a kind that has none, or none in JSON. */
static const char *bad_change(struct emu_world *world, enum emu_fault_kind kind,
                              yyjson_mut_val *spec)
{
    static const struct {
        const char *name;
        bool json;
    } changes[] = {
        { "set", true },   { "remove", true },       { "headers", false },
        { "body", false }, { "body_base64", false }, { "body_prefix", false },
    };
    const struct kind *row = &kinds[kind];
    bool answered = row->wire == CLOUD_EMULATOR_ANSWERED || row->wire == CLOUD_EMULATOR_CUT;
    bool json = answered && !row->opaque;
    char *body;
    size_t size;

    for (size_t i = 0; i < EMU_COUNT(changes); i++) {
        if (emu_get(spec, changes[i].name) && !(changes[i].json ? json : answered))
            return emu_text(world, "kind \"%s\" has no answer that %s can change", row->name,
                            changes[i].name);
    }
    if (emu_get(spec, "body") && emu_get(spec, "body_base64"))
        return "body and body_base64 are given together";
    if (emu_get(spec, "body_base64") &&
        !emu_base64_decode(world, emu_get_text(spec, "body_base64"), &body, &size))
        return "body_base64 is not base64";
    return bad_headers(world, emu_get(spec, "headers"));
}

static bool has_needed(struct emu_world *world, enum emu_fault_kind kind, yyjson_mut_val *spec)
{
    const char *rest = kinds[kind].needs;

    if (!rest)
        return true;
    while (*rest) {
        size_t size = strcspn(rest, " ");

        if (emu_get(spec, emu_text_n(world, rest, size)))
            return true;
        rest += size + (rest[size] == ' ');
    }
    return false;
}

const char *emu_fault_add(struct emu_world *world, yyjson_mut_val *spec)
{
    const char *name = kind_of(spec), *why;
    enum emu_fault_kind kind = kind_find(name);

    if (!*emu_get_text(spec, "action"))
        return "action is missing: the vendor's name of an action, or \"*\"";
    if (kind == EMU_FAULT_NONE)
        return emu_text(world, "unknown kind \"%s\"; docs/user/emulator.md lists the kinds", name);
    if (!has_needed(world, kind, spec))
        return emu_text(world, "kind \"%s\" needs %s%s", name,
                        strchr(kinds[kind].needs, ' ') ? "one of " : "", kinds[kind].needs);
    if ((why = bad_number(world, spec)) || (why = bad_type(world, spec)) ||
        (why = bad_change(world, kind, spec)))
        return why;
    emu_sql(world,
            "INSERT INTO faults(action, service, kind, times, skip, spec) VALUES(?,?,?,?,?,?)",
            "sssiis", emu_get_text(spec, "action"), emu_get_str(spec, "service"), name,
            emu_get_int(spec, "times", 1), emu_get_int(spec, "skip", 0),
            emu_json_write(world, spec, NULL));
    return NULL;
}

yyjson_mut_val *emu_faults_shown(struct emu_world *world)
{
    sqlite3_stmt *row =
        emu_sql_query(world, "SELECT serial, times, spec FROM faults ORDER BY serial", "");
    yyjson_mut_val *ret = emu_obj(world), *list = emu_arr(world);

    while (emu_sql_step(world, row)) {
        const char *text = emu_sql_text(world, row, 2);
        yyjson_mut_val *spec = emu_json_read_as_written(world, text, strlen(text), NULL);

        emu_set_int(world, spec, "id", sqlite3_column_int64(row, 0));
        emu_set_int(world, spec, "applied",
                    emu_get_int(spec, "times", 1) - sqlite3_column_int64(row, 1));
        emu_push(list, spec);
    }
    emu_set(world, ret, "faults", list);
    return ret;
}

static struct emu_fault decode(struct emu_world *world, enum emu_fault_kind kind,
                               yyjson_mut_val *spec)
{
    struct emu_fault ret = {
        .kind = kind,
        .delay_ms = (int)emu_get_int(spec, "delay_ms", 0),
        .bytes = (size_t)emu_get_int(spec, "bytes", 0),
        .status = (int)emu_get_int(spec, "status", 0),
        .retry_after_s = emu_get_int(spec, "retry_after", -1),
        .apply = emu_get_bool(spec, "apply", false),
        .code = emu_json_copy(world, yyjson_mut_obj_get(spec, "code")),
        .message = emu_get_str(spec, "message"),
        .path = emu_get_str(spec, "path"),
        .page_size = emu_get_int(spec, "page_size", 0),
        .pages = emu_get_int(spec, "pages", kind == EMU_FAULT_REPEAT_PAGE),
        .set = emu_get(spec, "set"),
        .remove = emu_get(spec, "remove"),
        .headers = emu_get(spec, "headers"),
        .body = emu_get_str(spec, "body"),
        .body_size = yyjson_mut_get_len(emu_get(spec, "body")),
        .prefix = emu_get_text(spec, "body_prefix"),
    };
    const char *encoded = emu_get_str(spec, "body_base64");
    char *bytes;

    if (encoded && emu_base64_decode(world, encoded, &bytes, &ret.body_size))
        ret.body = bytes;
    return ret;
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
    int64_t skip = 0;

    while (emu_sql_step(world, row)) {
        enum emu_fault_kind kind = kind_find(emu_sql_text(world, row, 1));
        const char *spec = emu_sql_text(world, row, 3);

        if (ret.kind != EMU_FAULT_NONE || kinds[kind].early != early)
            continue;
        ret = decode(world, kind, emu_json_read_as_written(world, spec, strlen(spec), NULL));
        ret.serial = sqlite3_column_int64(row, 0);
        skip = sqlite3_column_int64(row, 2);
    }
    if (ret.kind == EMU_FAULT_NONE)
        return ret;
    emu_sql(world,
            skip ? "UPDATE faults SET skip = skip - 1 WHERE serial = ?"
                 : "UPDATE faults SET times = times - 1 WHERE serial = ?",
            "i", ret.serial);
    return skip ? (struct emu_fault){ .kind = EMU_FAULT_NONE } : ret;
}
