/* SPDX-License-Identifier: Apache-2.0 */
/* The world: one SQLite database, one transaction for each request, one clock. This file has the
 * schema, keys, settings, nonces and client tokens; objects.c, ledger.c and faults.c use the other
 * tables. */
#include "emulator/engine/emulator.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

static const char schema[] =
    "CREATE TABLE IF NOT EXISTS settings(name TEXT PRIMARY KEY, value TEXT);"
    "DROP TABLE IF EXISTS keys;" /* older worlds: it has secrets */
    "CREATE TABLE IF NOT EXISTS access_keys(id TEXT PRIMARY KEY, salt TEXT NOT NULL, digest TEXT "
    "NOT NULL, account TEXT NOT NULL);"
    "CREATE TABLE IF NOT EXISTS nonces(key_id TEXT, nonce TEXT, at INTEGER, PRIMARY KEY(key_id, "
    "nonce));"
    "CREATE TABLE IF NOT EXISTS tokens(scope TEXT, token TEXT, digest TEXT, result TEXT, at "
    "INTEGER,"
    " PRIMARY KEY(scope, token));"
    "CREATE TABLE IF NOT EXISTS objects(serial INTEGER PRIMARY KEY AUTOINCREMENT, provider TEXT, "
    "kind TEXT,"
    " id TEXT, account TEXT, region TEXT, body TEXT, UNIQUE(provider, kind, id));"
    "CREATE TABLE IF NOT EXISTS events(serial INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER, polls "
    "INTEGER,"
    " object INTEGER, name TEXT, arg TEXT, transition INTEGER, failed INTEGER);"
    "CREATE INDEX IF NOT EXISTS events_at ON events(at);"
    "CREATE INDEX IF NOT EXISTS events_object ON events(object);"
    "CREATE TABLE IF NOT EXISTS timeline(serial INTEGER PRIMARY KEY AUTOINCREMENT, transition TEXT,"
    " ms INTEGER, polls INTEGER, failed INTEGER, times INTEGER);"
    "CREATE TABLE IF NOT EXISTS faults(serial INTEGER PRIMARY KEY AUTOINCREMENT, action TEXT, "
    "service TEXT,"
    " kind TEXT, times INTEGER, skip INTEGER, spec TEXT);"
    "CREATE TABLE IF NOT EXISTS balances(provider TEXT, account TEXT, micros INTEGER,"
    " PRIMARY KEY(provider, account));"
    "CREATE TABLE IF NOT EXISTS charges(serial INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER, "
    "provider TEXT,"
    " account TEXT, region TEXT, kind TEXT, resource_id TEXT, order_id TEXT, client_token TEXT,"
    " currency TEXT, micros INTEGER);"
    "CREATE TABLE IF NOT EXISTS requests(serial INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER, "
    "provider TEXT,"
    " service TEXT, action TEXT, method TEXT, path TEXT, query TEXT, body TEXT, status INTEGER,"
    " request_id TEXT, key_id TEXT, verified INTEGER, applied INTEGER, fault TEXT);";

static int64_t real_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int64_t emu_now_ms(const struct emu_world *world)
{
    return world->now_ms;
}

int64_t emu_now(const struct emu_world *world)
{
    return world->now_ms / 1000;
}

int64_t emu_signing_now(struct emu_world *world)
{
    return real_ms() / 1000 + emu_setting_int(world, "skew_s", 0);
}

char *emu_time_text(struct emu_world *world, const char *format, int64_t seconds, int64_t offset_s)
{
    time_t when = (time_t)(seconds + offset_s);
    char text[64];
    struct tm parts;

    gmtime_r(&when, &parts);
    strftime(text, sizeof(text), format, &parts);
    return emu_text(world, "%s", text);
}

char *emu_time_http(struct emu_world *world, int64_t seconds)
{
    static const char days[][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
    static const char months[][4] = { "Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
    time_t when = (time_t)seconds;
    struct tm parts;

    gmtime_r(&when, &parts);
    return emu_text(world, "%s, %02d %s %04d %02d:%02d:%02d GMT", days[parts.tm_wday],
                    parts.tm_mday, months[parts.tm_mon], parts.tm_year + 1900, parts.tm_hour,
                    parts.tm_min, parts.tm_sec);
}

char *emu_time_iso(struct emu_world *world, int64_t seconds)
{
    return emu_time_text(world, "%Y-%m-%dT%H:%M:%SZ", seconds, 0);
}

int64_t emu_time_add_months(int64_t seconds, int months)
{
    time_t when = (time_t)seconds;
    struct tm parts;
    int day;

    gmtime_r(&when, &parts);
    day = parts.tm_mday;
    parts.tm_mon += months;
    when = timegm(&parts);
    gmtime_r(&when, &parts);
    /* The 31st of a shorter month ran into the next month: go back to the last day. */
    if (parts.tm_mday != day)
        when -= (time_t)parts.tm_mday * 86400;
    return (int64_t)when;
}

void emu_world_fail(struct emu_world *world, const char *what)
{
    if (!world->failed[0])
        snprintf(world->failed, sizeof(world->failed), "%s: %s", what, sqlite3_errmsg(world->db));
}

static sqlite3_stmt *prepare(struct emu_world *world, const char *sql, const char *types,
                             va_list args)
{
    sqlite3_stmt *ret = NULL;

    if (world->failed[0])
        return NULL;
    if (sqlite3_prepare_v2(world->db, sql, -1, &ret, NULL) != SQLITE_OK) {
        emu_world_fail(world, "cannot query the world");
        return NULL;
    }
    for (int i = 1; *types; types++, i++) {
        if (*types == 's')
            sqlite3_bind_text(ret, i, va_arg(args, const char *), -1, SQLITE_TRANSIENT);
        else
            sqlite3_bind_int64(ret, i, va_arg(args, int64_t));
    }
    return ret;
}

bool emu_sql_step(struct emu_world *world, sqlite3_stmt *query)
{
    int code;

    if (!query)
        return false;
    code = sqlite3_step(query);
    if (code == SQLITE_ROW)
        return true;
    if (code != SQLITE_DONE)
        emu_world_fail(world, "cannot read or write the world");
    sqlite3_finalize(query);
    return false;
}

sqlite3_stmt *emu_sql_query(struct emu_world *world, const char *sql, const char *types, ...)
{
    va_list args;
    sqlite3_stmt *ret;

    va_start(args, types);
    ret = prepare(world, sql, types, args);
    va_end(args);
    return ret;
}

void emu_sql(struct emu_world *world, const char *sql, const char *types, ...)
{
    va_list args;
    sqlite3_stmt *query;

    va_start(args, types);
    query = prepare(world, sql, types, args);
    va_end(args);
    while (emu_sql_step(world, query))
        ;
}

int64_t emu_sql_int(struct emu_world *world, const char *sql, const char *types, ...)
{
    va_list args;
    sqlite3_stmt *query;
    int64_t ret = 0;

    va_start(args, types);
    query = prepare(world, sql, types, args);
    va_end(args);
    while (emu_sql_step(world, query))
        ret = sqlite3_column_int64(query, 0);
    return ret;
}

const char *emu_sql_text(struct emu_world *world, sqlite3_stmt *query, int column)
{
    const char *text = (const char *)sqlite3_column_text(query, column);

    return text ? emu_text_n(world, text, strlen(text)) : NULL;
}

const char *emu_setting(struct emu_world *world, const char *name)
{
    sqlite3_stmt *query =
        emu_sql_query(world, "SELECT value FROM settings WHERE name = ?", "s", name);
    const char *ret = NULL;

    while (emu_sql_step(world, query))
        ret = emu_sql_text(world, query, 0);
    return ret;
}

int64_t emu_setting_int(struct emu_world *world, const char *name, int64_t fallback)
{
    const char *text = emu_setting(world, name);

    return text ? strtoll(text, NULL, 10) : fallback;
}

void emu_setting_put(struct emu_world *world, const char *name, const char *value)
{
    if (value)
        emu_sql(world,
                "INSERT INTO settings VALUES(?, ?) ON CONFLICT(name) DO UPDATE SET value = "
                "excluded.value",
                "ss", name, value);
    else
        emu_sql(world, "DELETE FROM settings WHERE name = ?", "s", name);
}

int64_t emu_quota(struct emu_world *world, const char *name, int64_t fallback)
{
    return emu_setting_int(world, emu_text(world, "quota.%s", name), fallback);
}

const char *emu_switch(struct emu_world *world, const char *name)
{
    return emu_setting(world, emu_text(world, "switch.%s", name));
}

bool emu_is_sold_out(struct emu_world *world, const char *name)
{
    const char *list = emu_setting(world, "sold_out");

    return list && emu_has_str(emu_json_read(world, list, strlen(list), NULL), name);
}

static const char *key_column(struct emu_world *world, const char *sql, const char *key_id)
{
    sqlite3_stmt *query = emu_sql_query(world, sql, "s", key_id);
    const char *ret = NULL;

    while (emu_sql_step(world, query))
        ret = emu_sql_text(world, query, 0);
    return ret;
}

/* The secrets are in the memory of this process only: a world in a file stores digests of them. */
struct emu_key {
    struct emu_key *next;
    char *id, *secret;
};

const char *emu_key_secret(struct emu_world *world, const char *key_id)
{
    for (const struct emu_key *key = key_id ? world->keys : NULL; key; key = key->next) {
        if (strcmp(key->id, key_id) == 0)
            return key->secret;
    }
    return NULL;
}

const char *emu_key_account(struct emu_world *world, const char *key_id)
{
    return key_column(world, "SELECT account FROM access_keys WHERE id = ?", key_id);
}

static const char *digest_of(struct emu_world *world, const char *secret, const char *salt)
{
    unsigned char digest[32];

    emu_hmac_sha256(salt, strlen(salt), secret, strlen(secret), digest);
    return emu_hex(world, digest, sizeof(digest));
}

static void remember(struct emu_world *world, const char *id, const char *secret)
{
    struct emu_key *key = calloc(1, sizeof(*key));

    if (key)
        *key = (struct emu_key){ .next = world->keys, .id = strdup(id), .secret = strdup(secret) };
    if (!key || !key->id || !key->secret)
        abort();
    world->keys = key;
}

static void forget_keys(struct emu_world *world)
{
    while (world->keys) {
        struct emu_key *key = world->keys;

        world->keys = key->next;
        explicit_bzero(key->secret, strlen(key->secret));
        free(key->secret);
        free(key->id);
        free(key);
    }
}

bool emu_key_add(struct emu_world *world, const char *id, const char *secret)
{
    const char *salt, *known;

    if (!id || !*id || !secret || !*secret)
        return false;
    salt = key_column(world, "SELECT salt FROM access_keys WHERE id = ?", id);
    known = key_column(world, "SELECT digest FROM access_keys WHERE id = ?", id);
    if (salt && known && strcmp(known, digest_of(world, secret, salt)) != 0)
        return false;
    if (!salt) {
        salt = emu_new_id(world, "", 32);
        emu_sql(world, "INSERT INTO access_keys VALUES(?, ?, ?, ?)", "ssss", id, salt,
                digest_of(world, secret, salt), id);
    }
    if (!world->failed[0] && !emu_key_secret(world, id))
        remember(world, id, secret);
    return !world->failed[0];
}

bool emu_nonce_take(struct emu_world *world, const char *key_id, const char *nonce,
                    int64_t window_s)
{
    int64_t now = real_ms() / 1000;

    emu_sql(world, "DELETE FROM nonces WHERE at < ?", "i", now - window_s);
    emu_sql(world, "INSERT OR IGNORE INTO nonces VALUES(?, ?, ?)", "ssi", key_id, nonce, now);
    return sqlite3_changes(world->db) == 1;
}

bool emu_token_find(struct emu_world *world, const char *scope, const char *token, int64_t life_s,
                    struct emu_token *ret)
{
    sqlite3_stmt *query = emu_sql_query(
        world, "SELECT digest, result FROM tokens WHERE scope = ? AND token = ? AND at > ?", "ssi",
        scope, token, emu_now(world) - life_s);
    bool found = false;

    while (emu_sql_step(world, query)) {
        ret->digest = emu_sql_text(world, query, 0);
        ret->result = emu_sql_text(world, query, 1);
        found = true;
    }
    return found;
}

void emu_token_put(struct emu_world *world, const char *scope, const char *token,
                   const char *digest, const char *result)
{
    emu_sql(world, "INSERT OR REPLACE INTO tokens VALUES(?, ?, ?, ?, ?)", "ssssi", scope, token,
            digest, result, emu_now(world));
}

static void seed(struct emu_world *world)
{
    for (size_t i = 0; emu_services[i]; i++) {
        if (emu_services[i]->seed)
            emu_services[i]->seed(world);
    }
    emu_setting_put(world, "seeded", "1");
}

static bool set_up(struct emu_world *world)
{
    sqlite3_busy_timeout(world->db, 30000);
    if (sqlite3_exec(
            world->db,
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA secure_delete = ON;",
            NULL, NULL, NULL) != SQLITE_OK)
        return false;
    emu_world_begin(world);
    if (world->failed[0])
        return false;
    if (sqlite3_exec(world->db, schema, NULL, NULL, NULL) != SQLITE_OK)
        emu_world_fail(world, "cannot create the tables of the world");
    emu_key_add(world, CLOUD_EMULATOR_KEY_ID, CLOUD_EMULATOR_KEY_SECRET);
    if (!emu_setting(world, "seeded"))
        seed(world);
    return emu_world_end(world);
}

/*
 * Creates a new file for its owner only, whatever the umask. SQLite gives its mode to the files
 * beside it. mknod() needs no descriptor: closing one of the database would drop the locks that
 * this process holds on it. SQLite reports why a file cannot be created.
 */
static bool create_private(const char *path)
{
    if (strcmp(path, ":memory:") == 0 || mknod(path, S_IFREG | 0600, 0) != 0)
        return true;
    return chmod(path, 0600) == 0;
}

bool emu_world_open(struct emu_world *world, const char *path, char *message, size_t message_size)
{
    bool good = create_private(path) &&
                sqlite3_open_v2(path, &world->db,
                                SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX,
                                NULL) == SQLITE_OK;

    emu_mem_clear(world);
    if (good && set_up(world))
        return true;
    if (message)
        snprintf(message, message_size, "cannot open the world %s: %s", path,
                 world->failed[0] ? world->failed
                 : world->db      ? sqlite3_errmsg(world->db)
                                  : strerror(errno));
    emu_world_close(world);
    return false;
}

void emu_world_close(struct emu_world *world)
{
    emu_mem_clear(world);
    forget_keys(world);
    yyjson_mut_doc_free(world->doc);
    world->doc = NULL;
    sqlite3_close(world->db);
    world->db = NULL;
}

void emu_world_begin(struct emu_world *world)
{
    world->failed[0] = '\0';
    if (sqlite3_exec(world->db, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        emu_world_fail(world, "cannot lock the world");
    world->now_ms = real_ms();
    /* In the first transaction of a new world there are no tables, so there is no offset. */
    if (sqlite3_table_column_metadata(world->db, NULL, "settings", "value", NULL, NULL, NULL, NULL,
                                      NULL) == SQLITE_OK)
        world->now_ms += emu_setting_int(world, "clock_offset_ms", 0);
}

bool emu_world_end(struct emu_world *world)
{
    if (!world->failed[0] && sqlite3_exec(world->db, "COMMIT", NULL, NULL, NULL) != SQLITE_OK)
        emu_world_fail(world, "cannot write the world");
    if (!world->failed[0])
        return true;
    if (!sqlite3_get_autocommit(world->db))
        sqlite3_exec(world->db, "ROLLBACK", NULL, NULL, NULL);
    return false;
}

void emu_world_reset(struct emu_world *world)
{
    static const char *const tables[] = { "settings", "nonces",   "tokens",         "objects",
                                          "events",   "timeline", "faults",         "balances",
                                          "charges",  "requests", "sqlite_sequence" };

    /* The keys stay: a caller that empties the world continues with the pair it uses. */
    for (size_t i = 0; i < EMU_COUNT(tables); i++)
        emu_sql(world, emu_text(world, "DELETE FROM %s", tables[i]), "");
    emu_mem_clear(world);
    world->now_ms = real_ms();
    seed(world);
}
