/* SPDX-License-Identifier: Apache-2.0 */
/* Stores the journal in a file: SQLite in WAL mode, every commit synced. The only file of this
 * folder that includes SQLite. */
#include "journal/store/store.h"

#include <errno.h>
#include <sqlite3.h>
#include <stdio.h>
#include <sys/stat.h>

#define BUSY_MS 10000

struct sqlite_store {
    struct cc_store store;
    sqlite3 *db;
};

/* Advice for a person, by SQLite's error code. */
static const struct {
    int code;
    const char *advice;
} advices[] = {
    { SQLITE_FULL, "the disk is full: free some space" },
    { SQLITE_READONLY, "it is read-only: make the file and its folder writable for this user" },
    { SQLITE_CANTOPEN, "it cannot be opened: check that the folder exists and is writable" },
    { SQLITE_PERM, "it may not be opened: check who owns the file" },
    { SQLITE_CORRUPT, "it is damaged: move it away and restore its last backup" },
    { SQLITE_NOTADB, "it is not an SQLite file: check the path" },
    { SQLITE_BUSY, "another process has locked it: look for a process that hangs" },
    { SQLITE_LOCKED, "another connection has locked it: look for a process that hangs" },
    { SQLITE_IOERR, "the disk fails to read or write: check it" },
    { SQLITE_NOMEM, "memory ran out" },
};

/* Prefers the system's error number: SQLite has one code for all failures of reading and writing.
 */
static int code_of(const struct sqlite_store *s, int code)
{
    int system = s->db ? sqlite3_system_errno(s->db) : 0;

    if ((code & 0xff) != SQLITE_IOERR && (code & 0xff) != SQLITE_CANTOPEN)
        return code & 0xff;
    if (system == ENOSPC || system == EDQUOT)
        return SQLITE_FULL;
    return system == EROFS || system == EACCES ? SQLITE_READONLY : code & 0xff;
}

static int fail(const struct sqlite_store *s, int code, struct cloud_error *err)
{
    const char *advice = "an unexpected error, please report it";

    for (size_t i = 0; i < CC_COUNT(advices); i++) {
        if (advices[i].code == code_of(s, code))
            advice = advices[i].advice;
    }
    return cc_fail(err, CLOUD_EJOURNAL, "the journal: %s (%s)", advice,
                   s->db ? sqlite3_errmsg(s->db) : "no memory");
}

static bool add_row(struct cc_rows *rows, sqlite3_stmt *row, size_t *capacity)
{
    if ((rows->rows + 1) * rows->columns > *capacity) {
        size_t more = *capacity ? *capacity * 2 : rows->columns * 8;
        const char **cells = cc_arena_alloc(rows->arena, more * sizeof(*cells));

        if (!cells)
            return false;
        if (*capacity)
            memcpy(cells, rows->cells, rows->rows * rows->columns * sizeof(*cells));
        rows->cells = cells;
        *capacity = more;
    }
    for (size_t i = 0; i < rows->columns; i++) {
        const char *text = (const char *)sqlite3_column_text(row, (int)i);
        const char *kept = cc_arena_strdup(rows->arena, text ? text : "");

        if (!kept)
            return false;
        rows->cells[rows->rows * rows->columns + i] = kept;
    }
    rows->rows++;
    return true;
}

static int collect(struct sqlite_store *s, sqlite3_stmt *statement, struct cc_rows *ret,
                   struct cloud_error *err)
{
    size_t capacity = 0;
    int rc;

    ret->arena = cc_arena_new();
    ret->columns = (size_t)sqlite3_column_count(statement);
    if (!ret->arena)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW) {
        if (!add_row(ret, statement, &capacity))
            return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    }
    ret->changed = (size_t)sqlite3_changes(s->db);
    return rc == SQLITE_DONE ? CLOUD_OK : fail(s, rc, err);
}

static int bind(struct sqlite_store *s, sqlite3_stmt *statement, const char *const *values,
                size_t count, struct cloud_error *err)
{
    for (size_t i = 0; i < count; i++) {
        char name[24];
        int at, rc;

        snprintf(name, sizeof(name), "$%zu", i + 1);
        at = sqlite3_bind_parameter_index(statement, name);
        rc = at ? sqlite3_bind_text(statement, at, values[i], -1, SQLITE_STATIC) : SQLITE_OK;
        if (rc)
            return fail(s, rc, err);
    }
    return CLOUD_OK;
}

static int run(struct cc_store *store, const char *sql, const char *const *values, size_t count,
               struct cc_rows *ret, struct cloud_error *err)
{
    struct sqlite_store *s = (struct sqlite_store *)store;
    cc_auto_rows struct cc_rows rows = { 0 };
    sqlite3_stmt *statement = NULL;
    int rc = sqlite3_prepare_v2(s->db, sql, -1, &statement, NULL);

    if (rc)
        return fail(s, rc, err);
    rc = bind(s, statement, values, count, err);
    if (!rc)
        rc = collect(s, statement, &rows, err);
    sqlite3_finalize(statement);
    if (!rc && ret) {
        *ret = rows;
        rows = (struct cc_rows){ 0 };
    }
    return rc;
}

static void close_store(struct cc_store *store)
{
    struct sqlite_store *s = (struct sqlite_store *)store;

    sqlite3_close(s->db);
    free(s);
}

/* Detects a damaged file when it is opened, before money is spent. */
static int check(struct cc_store *store, struct cloud_error *err)
{
    cc_auto_rows struct cc_rows rows = { 0 };
    int rc = run(store, "PRAGMA quick_check(1)", NULL, 0, &rows, err);

    if (!rc && (rows.rows != 1 || strcmp(cc_cell(&rows, 0, 0), "ok") != 0))
        rc =
            cc_fail(err, CLOUD_EJOURNAL,
                    "the journal: it is damaged: move it away and restore its last backup (%.200s)",
                    rows.rows ? cc_cell(&rows, 0, 0) : "");
    return rc;
}

static int prepare(struct cc_store *store, struct cloud_error *err)
{
    static const char *const settings[] = { "PRAGMA journal_mode=WAL", "PRAGMA synchronous=FULL",
                                            "PRAGMA foreign_keys=ON", "PRAGMA cell_size_check=ON" };
    int rc = CLOUD_OK;

    for (size_t i = 0; !rc && i < CC_COUNT(settings); i++)
        rc = run(store, settings[i], NULL, 0, NULL, err);
    return rc ? rc : check(store, err);
}

/* Refuses a file or folder without write permission also for root, whom the system would let write:
 * the permission was removed on purpose. */
static int check_writable(const char *path, struct cloud_error *err)
{
    const char *slash = strrchr(path, '/');
    cc_auto_free char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    struct stat file, around;

    if (!folder)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (stat(folder, &around) || (around.st_mode & 0222)) {
        if (stat(path, &file) || !S_ISREG(file.st_mode) || (file.st_mode & 0222))
            return CLOUD_OK;
    }
    return cc_fail(err, CLOUD_EJOURNAL,
                   "the journal: it is read-only: make the file and its folder writable for this "
                   "user (%.200s)",
                   path);
}

/*
 * Creates a new file for its owner only, whatever the umask. SQLite gives its mode to the files
 * beside it (-wal, -shm). mknod() needs no descriptor: closing one of the database would drop the
 * locks that this process holds on it.
 */
static int create_private(const char *path, struct cloud_error *err)
{
    struct stat file;

    if (mknod(path, S_IFREG | 0600, 0) == 0 && chmod(path, 0600) != 0)
        return cc_fail(err, CLOUD_EJOURNAL, "the journal: %.200s cannot be made private: %s", path,
                       strerror(errno));
    if (stat(path, &file) == 0 && !S_ISREG(file.st_mode))
        return cc_fail(err, CLOUD_EJOURNAL,
                       "the journal: %.200s is not a regular file: name another path", path);
    return CLOUD_OK; /* SQLite reports why a file cannot be created */
}

int cc_store_sqlite(const char *path, struct cc_store **ret_store, struct cloud_error *err)
{
    struct sqlite_store *s;
    int rc = check_writable(path, err);

    if (!rc && strcmp(path, ":memory:") != 0)
        rc = create_private(path, err);
    if (rc)
        return rc;
    s = calloc(1, sizeof(*s));
    if (!s)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    s->store = (struct cc_store){
        .run = run,
        .free = close_store,
        .begin = "BEGIN IMMEDIATE",
        .serial = "INTEGER PRIMARY KEY AUTOINCREMENT",
        .now_ms = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)",
        .for_update = "",
        .skip_busy = "",
    };
    rc = sqlite3_open_v2(
        path, &s->db, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_PRIVATECACHE, NULL);
    if (rc) {
        rc = fail(s, rc, err);
    } else {
        sqlite3_busy_timeout(s->db, BUSY_MS);
        rc = prepare(&s->store, err);
    }
    if (rc)
        close_store(&s->store);
    else
        *ret_store = &s->store;
    return rc;
}
