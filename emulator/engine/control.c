/* SPDX-License-Identifier: Apache-2.0 */
/* The control API, /_emulator/...: moves the clock, requests faults, reads and sets the world. */
#include "emulator/engine/emulator.h"

#include <string.h>

struct control_action {
    const char *method, *path;
    const char
        *keys; /* allowed members of the body, separated by blanks; NULL: the body is ignored */
    /* Returns NULL, or the reason of the refusal. Fills *ret_shown for an answer other than {}. */
    const char *(*run)(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret_shown);
};

static const char *clock_get(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    (void)body;
    *ret = emu_obj(world);
    emu_set_str(world, *ret, "now", emu_time_iso(world, emu_now(world)));
    emu_set_int(world, *ret, "offset_s", emu_setting_int(world, "clock_offset_ms", 0) / 1000);
    emu_set_int(world, *ret, "skew_s", emu_setting_int(world, "skew_s", 0));
    return NULL;
}

static const char *clock_set(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    const int64_t most = INT64_C(100) * 366 * 86400;
    int64_t advance = emu_get_int(body, "advance_s", emu_get(body, "advance_s") ? -1 : 0);
    int64_t skew = emu_get_int(body, "skew_s", emu_get(body, "skew_s") ? most + 1 : 0);
    int64_t offset = emu_setting_int(world, "clock_offset_ms", 0) + advance * 1000;

    if (advance < 0 || advance > most || offset > most * 1000)
        return "advance_s is not a whole number of seconds from 0 to a hundred years";
    if (skew < -most || skew > most)
        return "skew_s is not a whole number of seconds";
    if (!emu_get(body, "advance_s") && !emu_get(body, "skew_s"))
        return "neither advance_s nor skew_s is given";
    if (emu_get(body, "skew_s"))
        emu_setting_put(world, "skew_s", emu_text(world, "%lld", (long long)skew));
    emu_setting_put(world, "clock_offset_ms", emu_text(world, "%lld", (long long)offset));
    world->now_ms += advance * 1000;
    return clock_get(world, NULL, ret);
}

static const char *timeline_set(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    const char *name = emu_get_text(body, "transition"), *outcome = emu_get_str(body, "outcome");
    yyjson_mut_val *seconds = emu_get(body, "seconds"), *polls = emu_get(body, "polls");
    yyjson_mut_val number = emu_get_number(body, "seconds");
    double length = yyjson_mut_get_num(&number);

    (void)ret;
    if (!*name)
        return "transition is missing: its name, or \"*\"";
    if ((seconds && (!yyjson_mut_is_num(&number) || !(length >= 0 && length <= 1e9))))
        return "seconds is not a number from 0 up";
    if (polls && (emu_get_int(body, "polls", -1) < 0 || seconds))
        return "polls is not a whole number from 0 up, or is given together with seconds";
    if (outcome && strcmp(outcome, "error") != 0)
        return "outcome can only be \"error\"";
    if (emu_get(body, "times") && (!outcome || emu_get_int(body, "times", 0) < 1))
        return "times is not a whole number from 1 up, or is given without outcome";
    if (!outcome && !seconds && !polls)
        return "none of seconds, polls and outcome is given";
    if (seconds || polls) {
        emu_sql(world, "DELETE FROM timeline WHERE failed = 0 AND (transition = ?1 OR ?1 = '*')",
                "s", name);
        emu_sql(world,
                "INSERT INTO timeline(transition, ms, polls, failed, times) VALUES(?,?,?,0,0)",
                "sii", name, (int64_t)(length * 1000), emu_get_int(body, "polls", -1));
    }
    if (outcome)
        emu_sql(world,
                "INSERT INTO timeline(transition, ms, polls, failed, times) VALUES(?,0,-1,1,?)",
                "si", name, emu_get_int(body, "times", 1));
    return NULL;
}

static const char *timeline_clear(struct emu_world *world, yyjson_mut_val *body,
                                  yyjson_mut_val **ret)
{
    (void)body, (void)ret;
    emu_sql(world, "DELETE FROM timeline", "");
    return NULL;
}

static const char *fail_add(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    (void)ret;
    return emu_fault_add(world, body);
}

static const char *fail_get(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    (void)body;
    *ret = emu_faults_shown(world);
    return NULL;
}

static const char *fail_clear(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    (void)body, (void)ret;
    emu_sql(world, "DELETE FROM faults", "");
    return NULL;
}

static const char *ledger_get(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    (void)body;
    *ret = emu_ledger_shown(world);
    return NULL;
}

static const char *requests_get(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    (void)body;
    *ret = emu_log_shown(world);
    return NULL;
}

static const char *requests_clear(struct emu_world *world, yyjson_mut_val *body,
                                  yyjson_mut_val **ret)
{
    (void)body, (void)ret;
    emu_sql(world, "DELETE FROM requests", "");
    return NULL;
}

static const char *world_get(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    sqlite3_stmt *row = emu_sql_query(world, "SELECT provider, account, micros FROM balances", "");
    yyjson_mut_val *balances = emu_arr(world), *settings = emu_obj(world),
                   *objects = emu_obj(world);

    (void)body;
    while (emu_sql_step(world, row)) {
        yyjson_mut_val *entry = emu_obj(world);

        emu_set_str(world, entry, "provider", emu_sql_text(world, row, 0));
        emu_set_str(world, entry, "account", emu_sql_text(world, row, 1));
        emu_set_str(world, entry, "balance", emu_money_plain(world, sqlite3_column_int64(row, 2)));
        emu_push(balances, entry);
    }
    row = emu_sql_query(
        world, "SELECT name, value FROM settings WHERE name <> 'seeded' ORDER BY name", "");
    while (emu_sql_step(world, row))
        emu_set_str(world, settings, emu_sql_text(world, row, 0), emu_sql_text(world, row, 1));
    row = emu_sql_query(
        world, "SELECT provider || '/' || kind, count(*) FROM objects GROUP BY 1 ORDER BY 1", "");
    while (emu_sql_step(world, row))
        emu_set_int(world, objects, emu_sql_text(world, row, 0), sqlite3_column_int64(row, 1));
    *ret = emu_obj(world);
    emu_set(world, *ret, "balances", balances);
    emu_set(world, *ret, "settings", settings);
    emu_set(world, *ret, "objects", objects);
    return NULL;
}

static const char *set_balance(struct emu_world *world, yyjson_mut_val *body)
{
    const char *provider = emu_get_str(body, "provider"), *account = emu_get_str(body, "account");
    int64_t micros;

    if (!emu_get(body, "balance"))
        return provider || account ? "provider and account are only for a balance" : NULL;
    if (!emu_get_str(body, "balance") || !emu_money_read(emu_get_str(body, "balance"), &micros))
        return "balance is not an amount as text, like \"100.00\"";
    for (size_t i = 0; emu_services[i]; i++) {
        sqlite3_stmt *row = emu_sql_query(world, "SELECT account FROM access_keys", "");

        /* Creates a row for every account of every vendor, so that the UPDATE finds it. */
        while (emu_sql_step(world, row))
            emu_balance(world, emu_services[i]->provider, emu_sql_text(world, row, 0));
    }
    emu_sql(world,
            "UPDATE balances SET micros = ?1 WHERE (?2 IS NULL OR provider = ?2) AND (?3 IS NULL "
            "OR account = ?3)",
            "iss", micros, provider, account);
    if (!provider && !account)
        emu_setting_put(world, "first_balance", emu_text(world, "%lld", (long long)micros));
    return NULL;
}

/* Stores members as settings "@prefix.NAME"; a null removes one. */
static const char *set_all(struct emu_world *world, yyjson_mut_val *members, const char *prefix)
{
    size_t i, count;
    yyjson_mut_val *key, *value;

    if (members && !yyjson_mut_is_obj(members))
        return emu_text(world, "%s is not an object", prefix);
    yyjson_mut_obj_foreach(members, i, count, key, value)
    {
        const char *name = emu_text(world, "%s.%s", prefix, yyjson_mut_get_str(key));

        if (yyjson_mut_is_null(value))
            emu_setting_put(world, name, NULL);
        else
            emu_setting_put(world, name,
                            yyjson_mut_is_str(value) ? yyjson_mut_get_str(value)
                                                     : emu_json_write(world, value, NULL));
    }
    return NULL;
}

/* Switches that are also members of the request itself. */
static const char *const named_switches[] = { "visibility_lag_s", "capitalonline_types",
                                              "go_sdk_space" };

static void set_named(struct emu_world *world, yyjson_mut_val *body)
{
    for (size_t i = 0; i < EMU_COUNT(named_switches); i++) {
        yyjson_mut_val *one = yyjson_mut_obj_get(body, named_switches[i]),
                       *switches = emu_obj(world);

        emu_set(world, switches, named_switches[i], emu_json_copy(world, one));
        set_all(world, switches, "switch");
    }
}

static const char *world_set(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    yyjson_mut_val *sold_out = emu_get(body, "sold_out");
    const char *why;

    if ((why = set_balance(world, body)) ||
        (why = set_all(world, emu_get(body, "quota"), "quota")) ||
        (why = set_all(world, emu_get(body, "switches"), "switch")))
        return why;
    if (sold_out && !yyjson_mut_is_arr(sold_out))
        return "sold_out is not a list of names";
    set_named(world, body);
    if (sold_out)
        emu_setting_put(world, "sold_out", emu_json_write(world, sold_out, NULL));
    return world_get(world, NULL, ret);
}

static const char *reset(struct emu_world *world, yyjson_mut_val *body, yyjson_mut_val **ret)
{
    (void)body, (void)ret;
    emu_world_reset(world);
    return NULL;
}

/* clang-format off */
static const struct control_action actions[] = {
    { "GET",    "clock",    NULL,                                   clock_get },
    { "POST",   "clock",    " advance_s skew_s ",                   clock_set },
    { "POST",   "timeline", " transition seconds polls outcome times ", timeline_set },
    { "DELETE", "timeline", NULL,                                   timeline_clear },
    { "GET",    "fail",     NULL,                                   fail_get },
    { "POST",   "fail",     " action kind service times skip bytes delay_ms status apply"
                          " retry_after code message path set remove headers body body_base64"
                          " body_prefix page_size pages ", fail_add },
    { "DELETE", "fail",     NULL,                                   fail_clear },
    { "GET",    "ledger",   NULL,                                   ledger_get },
    { "GET",    "requests", NULL,                                   requests_get },
    { "DELETE", "requests", NULL,                                   requests_clear },
    { "GET",    "world",    NULL,                                   world_get },
    { "POST",   "world",    " balance provider account quota sold_out switches"
                                 " visibility_lag_s capitalonline_types go_sdk_space ", world_set },
    { "POST",   "reset",    NULL,                                   reset },
};
/* clang-format on */

static void refuse(struct emu_world *world, struct emu_reply *reply, int status, const char *why)
{
    yyjson_mut_val *root = emu_obj(world);

    emu_set_str(world, root, "error", why);
    emu_reply_json(world, reply, status, root);
}

static const char *read_body(struct emu_world *world, const struct emu_request *request,
                             const struct control_action *action, yyjson_mut_val **ret)
{
    const char *why = NULL;
    size_t i, count;
    yyjson_mut_val *key, *value;

    *ret = emu_json_read_as_written(world, request->body, request->body_size, &why);
    if (!*ret)
        return emu_text(world, "the body is not JSON: %s", why);
    if (!yyjson_mut_is_obj(*ret))
        return "the body is not an object";
    yyjson_mut_obj_foreach(*ret, i, count, key, value)
    {
        const char *name = yyjson_mut_get_str(key);

        if (!name || !strstr(action->keys, emu_text(world, " %s ", name)))
            return emu_text(world, "unknown key \"%s\"; known are:%s", name ? name : "",
                            action->keys);
    }
    return NULL;
}

static void run_action(struct emu_world *world, const struct control_action *action,
                       const struct emu_request *request, struct emu_reply *reply)
{
    yyjson_mut_val *body = NULL, *shown = NULL;
    const char *why = action->keys ? read_body(world, request, action, &body) : NULL;

    if (!why)
        why = action->run(world, body, &shown);
    if (why)
        refuse(world, reply, 400, why);
    else
        emu_reply_json(world, reply, 200, shown ? shown : emu_obj(world));
}

void emu_control_handle(struct emu_world *world, struct emu_request *request,
                        struct emu_reply *reply)
{
    const char *path = request->plain_path + strlen("/_emulator/");
    bool known = false;

    for (size_t i = 0; i < EMU_COUNT(actions); i++) {
        if (strcmp(actions[i].path, path) != 0)
            continue;
        known = true;
        if (strcmp(actions[i].method, request->method) == 0) {
            run_action(world, &actions[i], request, reply);
            return;
        }
    }
    refuse(world, reply, known ? 405 : 404,
           emu_text(world, "there is no %s /_emulator/%s", request->method, path));
}
