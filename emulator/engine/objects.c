/* SPDX-License-Identifier: Apache-2.0 */
/* Objects and their events: a table of JSON bodies, a queue of events, and the timeline with which
 * tests lengthen, shorten or break a transition. The vendor's service defines what an event does.
 */
#include "emulator/engine/emulator.h"

#include <string.h>

enum { BUCKETS = 256 };

static struct emu_object **bucket(struct emu_world *world, const char *id)
{
    unsigned hash = 5381;

    if (!world->known)
        world->known = emu_alloc(world, BUCKETS * sizeof(struct emu_object *));
    for (const char *p = id; *p; p++)
        hash = hash * 33 + (unsigned char)*p;
    return &world->known[hash % BUCKETS];
}

static struct emu_object *remember(struct emu_world *world, struct emu_object *object)
{
    struct emu_object **head = bucket(world, object->id);

    object->next_known = *head;
    *head = object;
    return object;
}

#define COLUMNS "serial, provider, kind, id, account, region, body"

/* Makes the object of a row, or returns the one known already, so that two finds return the same.
 */
static struct emu_object *from_row(struct emu_world *world, sqlite3_stmt *row)
{
    int64_t serial = sqlite3_column_int64(row, 0);
    struct emu_object *ret = *bucket(world, (const char *)sqlite3_column_text(row, 3));
    const char *body;

    while (ret && ret->serial != serial)
        ret = ret->next_known;
    if (ret)
        return ret;
    ret = emu_alloc(world, sizeof(*ret));
    ret->serial = serial;
    ret->provider = emu_sql_text(world, row, 1);
    ret->kind = emu_sql_text(world, row, 2);
    ret->id = emu_sql_text(world, row, 3);
    ret->account = emu_sql_text(world, row, 4);
    ret->region = emu_sql_text(world, row, 5);
    body = emu_sql_text(world, row, 6);
    ret->body = emu_json_read(world, body, strlen(body), NULL);
    return remember(world, ret);
}

static struct emu_object *one(struct emu_world *world, sqlite3_stmt *query)
{
    struct emu_object *ret = NULL;

    while (emu_sql_step(world, query))
        ret = from_row(world, query);
    return ret && !ret->removed ? ret : NULL;
}

struct emu_object *emu_object_find(struct emu_world *world, const char *provider, const char *kind,
                                   const char *id)
{
    return one(world, emu_sql_query(world,
                                    "SELECT " COLUMNS " FROM objects"
                                    " WHERE provider = ? AND kind = ? AND id = ?",
                                    "sss", provider, kind, id));
}

struct emu_object *emu_object_add(struct emu_world *world, const char *provider, const char *kind,
                                  const char *id, const char *account, const char *region,
                                  yyjson_mut_val *body)
{
    struct emu_object *ret = emu_alloc(world, sizeof(*ret));

    *ret = (struct emu_object){ .provider = provider, .kind = kind, .body = body };
    ret->id = emu_text(world, "%s", id);
    ret->account = emu_text(world, "%s", account);
    ret->region = emu_text(world, "%s", region);
    emu_sql(world,
            "INSERT INTO objects(provider, kind, id, account, region, body) VALUES(?,?,?,?,?,?)",
            "ssssss", provider, kind, id, account, region, emu_json_write(world, body, NULL));
    ret->serial = sqlite3_last_insert_rowid(world->db);
    return remember(world, ret);
}

void emu_object_save(struct emu_world *world, struct emu_object *object)
{
    emu_sql(world, "UPDATE objects SET body = ?, account = ?, region = ? WHERE serial = ?", "sssi",
            emu_json_write(world, object->body, NULL), object->account, object->region,
            object->serial);
}

void emu_object_remove(struct emu_world *world, struct emu_object *object)
{
    emu_sql(world, "DELETE FROM events WHERE object = ?", "i", object->serial);
    emu_sql(world, "DELETE FROM objects WHERE serial = ?", "i", object->serial);
    object->removed = true;
}

size_t emu_object_list(struct emu_world *world, const char *provider, const char *kind,
                       const char *account, const char *region, struct emu_object ***ret)
{
    sqlite3_stmt *query =
        emu_sql_query(world,
                      "SELECT " COLUMNS " FROM objects WHERE provider = ?1 AND kind = ?2"
                      " AND (?3 IS NULL OR account = ?3) AND (?4 IS NULL OR region = ?4)"
                      " ORDER BY serial",
                      "ssss", provider, kind, account, region);
    struct emu_object **list = emu_alloc(world, 16 * sizeof(*list));
    size_t count = 0, capacity = 16;

    while (emu_sql_step(world, query)) {
        if (count == capacity) {
            struct emu_object **more = emu_alloc(world, 2 * capacity * sizeof(*more));

            memcpy(more, list, count * sizeof(*list));
            list = more;
            capacity *= 2;
        }
        list[count++] = from_row(world, query);
    }
    *ret = list;
    return count;
}

void emu_event_drop(struct emu_world *world, struct emu_object *object, const char *name)
{
    emu_sql(world, "DELETE FROM events WHERE object = ? AND name = ?", "is", object->serial, name);
}

void emu_event_add(struct emu_world *world, struct emu_object *object, const char *name,
                   int64_t at_ms, const char *arg)
{
    emu_event_drop(world, object, name);
    emu_sql(world,
            "INSERT INTO events(at, polls, object, name, arg, transition, failed) "
            "VALUES(?,-1,?,?,?,0,0)",
            "iiss", at_ms, object->serial, name, arg ? arg : "");
}

/* The timeline's values for a transition: its own last row, else the last row for "*". */
struct pace {
    int64_t ms, polls, failed;
};

static struct pace pace_of(struct emu_world *world, const char *name)
{
    sqlite3_stmt *query = emu_sql_query(
        world,
        "SELECT serial, ms, polls, times FROM timeline WHERE failed = 0 AND transition IN (?, '*')"
        " ORDER BY transition = '*' DESC, serial",
        "s", name);
    struct pace ret = { 1000, -1, 0 };
    int64_t failing;

    while (emu_sql_step(world, query)) {
        ret.ms = sqlite3_column_int64(query, 1);
        ret.polls = sqlite3_column_int64(query, 2);
    }
    failing = emu_sql_int(
        world,
        "SELECT serial FROM timeline WHERE failed = 1 AND times > 0 AND transition IN (?, '*')"
        " ORDER BY serial DESC",
        "s", name);
    if (failing) {
        emu_sql(world, "UPDATE timeline SET times = times - 1 WHERE serial = ?", "i", failing);
        ret.failed = 1;
    }
    return ret;
}

void emu_transition_begin(struct emu_world *world, struct emu_object *object, const char *name,
                          const char *arg)
{
    struct pace pace = pace_of(world, name);
    /* A transition that ends by polls waits for them, however far the clock moves. */
    int64_t at = pace.polls >= 0 ? INT64_MAX : world->now_ms + pace.ms;

    emu_sql(world,
            "INSERT INTO events(at, polls, object, name, arg, transition, failed) "
            "VALUES(?,?,?,?,?,1,?)",
            "iiissi", at, pace.polls, object->serial, name, arg ? arg : "", pace.failed);
}

const char *emu_transition_of(struct emu_world *world, const struct emu_object *object)
{
    sqlite3_stmt *query = emu_sql_query(
        world,
        "SELECT name FROM events WHERE object = ? AND transition = 1 ORDER BY serial LIMIT 1", "i",
        object->serial);
    const char *ret = NULL;

    while (emu_sql_step(world, query))
        ret = emu_sql_text(world, query, 0);
    return ret;
}

static const struct emu_service *service_of(const struct emu_object *object)
{
    for (size_t i = 0; emu_services[i]; i++) {
        if (strcmp(emu_services[i]->provider, object->provider) == 0)
            return emu_services[i];
    }
    return NULL;
}

/* Runs the first event that @sql selects; returns false when there is none. */
static bool run_one(struct emu_world *world, const char *sql, int64_t value)
{
    sqlite3_stmt *query = emu_sql_query(world, sql, "i", value);
    struct emu_event event = { 0 };
    int64_t serial = 0, owner = 0;

    while (emu_sql_step(world, query)) {
        serial = sqlite3_column_int64(query, 0);
        owner = sqlite3_column_int64(query, 1);
        event.name = emu_sql_text(world, query, 2);
        event.arg = emu_sql_text(world, query, 3);
        event.failed = sqlite3_column_int(query, 4) != 0;
        if (sqlite3_column_int64(query, 5) < world->now_ms)
            world->now_ms = sqlite3_column_int64(query, 5);
    }
    if (!serial)
        return false;
    emu_sql(world, "DELETE FROM events WHERE serial = ?", "i", serial);
    event.object =
        one(world,
            emu_sql_query(world, "SELECT " COLUMNS " FROM objects WHERE serial = ?", "i", owner));
    if (event.object && service_of(event.object))
        service_of(event.object)->event(world, &event);
    return true;
}

#define EVENT_COLUMNS "serial, object, name, arg, failed, at"

void emu_events_run(struct emu_world *world)
{
    int64_t until = world->now_ms;

    /* Each event runs at its own time and may add further ones. */
    while (!world->failed[0] &&
           run_one(world,
                   "SELECT " EVENT_COLUMNS " FROM events WHERE at <= ? ORDER BY at, serial LIMIT 1",
                   until)) {
        world->now_ms = until;
        emu_mem_clear(world);
    }
    world->now_ms = until;
}

void emu_object_polled(struct emu_world *world, struct emu_object *object)
{
    int64_t now = world->now_ms;

    while (!world->failed[0] && !object->removed &&
           run_one(world,
                   "SELECT " EVENT_COLUMNS
                   " FROM events WHERE object = ? AND polls = 0 ORDER BY serial LIMIT 1",
                   object->serial))
        world->now_ms = now;
    emu_sql(world, "UPDATE events SET polls = polls - 1 WHERE object = ? AND polls > 0", "i",
            object->serial);
}
