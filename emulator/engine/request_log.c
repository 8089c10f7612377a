/* SPDX-License-Identifier: Apache-2.0 */
/* The log of received requests. Secrets are masked before an entry is stored. */
#include "emulator/engine/emulator.h"

#include <string.h>

enum { KEPT = 10000 };

static bool is_secret(const char *name)
{
    static const char *const words[] = { "password",  "passwd", "secret",
                                         "signature", "token",  "userdata" };

    /* A client token is the caller's own name for an order; tests read it. */
    if (emu_ascii_casecmp(name, "clientToken") == 0)
        return false;
    for (size_t i = 0; i < EMU_COUNT(words); i++) {
        if (emu_ascii_contains(name, words[i]) && emu_ascii_casecmp(name, "passwordAuth") != 0)
            return true;
    }
    return false;
}

static void mask(yyjson_mut_val *value)
{
    size_t i, count;
    yyjson_mut_val *key, *item;

    if (yyjson_mut_is_arr(value)) {
        yyjson_mut_arr_foreach(value, i, count, item) mask(item);
        return;
    }
    yyjson_mut_obj_foreach(value, i, count, key, item)
    {
        if (is_secret(yyjson_mut_get_str(key)) && !yyjson_mut_is_null(item))
            yyjson_mut_set_str(item, "***");
        else
            mask(item);
    }
}

static const char *masked_body(struct emu_world *world, const struct emu_request *request)
{
    yyjson_mut_val *root;

    if (!request->body_size)
        return "";
    root = emu_json_read(world, request->body, request->body_size, NULL);
    if (!root)
        return emu_text(world, "(%zu bytes that are not JSON)", request->body_size);
    mask(root);
    return emu_json_write(world, root, NULL);
}

static const char *masked_query(struct emu_world *world, const struct emu_request *request)
{
    struct emu_buf buf = { 0 };

    for (size_t i = 0; i < request->param_count; i++) {
        const struct emu_pair *pair = &request->params[i];

        emu_buf_addf(world, &buf, "%s%s=%s", i ? "&" : "", emu_url_encode(world, pair->name, ""),
                     is_secret(pair->name) ? "***" : emu_url_encode(world, pair->value, ""));
    }
    return buf.text ? buf.text : "";
}

void emu_log_add(struct emu_world *world, const struct emu_request *request, int status,
                 bool applied, const char *fault)
{
    emu_sql(world,
            "INSERT INTO requests(at, provider, service, action, method, path, query, body, status,"
            " request_id, key_id, verified, applied, fault) VALUES(?,?,?,?,?,?,?,?,?,?,?,?,?,?)",
            "isssssssissiis", emu_now(world), request->service ? request->service->provider : "",
            request->product, request->action, request->method, request->plain_path,
            masked_query(world, request), masked_body(world, request), (int64_t)status,
            request->request_id, request->key_id, (int64_t)request->verified, (int64_t)applied,
            fault);
    emu_sql(world, "DELETE FROM requests WHERE serial <= ?", "i",
            sqlite3_last_insert_rowid(world->db) - KEPT);
}

yyjson_mut_val *emu_log_shown(struct emu_world *world)
{
    static const char *const texts[] = { "provider",      "service", "action", "method",
                                         "path",          "query",   "body",   "request_id",
                                         "access_key_id", "fault" };
    sqlite3_stmt *row =
        emu_sql_query(world,
                      "SELECT provider, service, action, method, path, query, body,"
                      " request_id, key_id, fault, at, status, verified, applied, serial"
                      " FROM requests ORDER BY serial",
                      "");
    yyjson_mut_val *ret = emu_obj(world), *list = emu_arr(world);

    while (emu_sql_step(world, row)) {
        yyjson_mut_val *entry = emu_obj(world);

        emu_set_int(world, entry, "id", sqlite3_column_int64(row, 14));
        emu_set_str(world, entry, "time", emu_time_iso(world, sqlite3_column_int64(row, 10)));
        for (size_t i = 0; i < EMU_COUNT(texts); i++)
            emu_set_str(world, entry, texts[i], emu_sql_text(world, row, (int)i));
        emu_set_int(world, entry, "status", sqlite3_column_int64(row, 11));
        emu_set_bool(world, entry, "verified", sqlite3_column_int(row, 12) != 0);
        emu_set_bool(world, entry, "applied", sqlite3_column_int(row, 13) != 0);
        emu_push(list, entry);
    }
    emu_set(world, ret, "requests", list);
    return ret;
}
