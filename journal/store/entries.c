/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads and writes entries, with the same SQL for both stores. Acquiring an entry raises its
 * fencing token, and every write names the token it was acquired with. So an owner that was paused
 * cannot overwrite the entry of its successor. A unique index, not this code, ensures that at most
 * one attempt of a key and of an instance is unsettled.
 */
#include "journal/journal.h"

#include <inttypes.h>
#include <stdio.h>

struct column {
    const char *name;
    bool number;
    bool fixed; /* never changes */
    size_t at;
};
#define AT(member) offsetof(struct cc_entry, member)
/* clang-format off */
#define FIXED_TEXT(member)   { #member, false, true,  AT(member) }
#define FIXED_NUMBER(member) { #member, true,  true,  AT(member) }
#define TEXT(member)         { #member, false, false, AT(member) }
#define NUMBER(member)       { #member, true,  false, AT(member) }
/* a column that keeps its name from earlier releases */
#define TEXT_AS(member, column)   { column, false, false, AT(member) }
#define NUMBER_AS(member, column) { column, true,  false, AT(member) }
static const struct column columns[] = {
    FIXED_TEXT(key), FIXED_NUMBER(attempt), FIXED_TEXT(provider), FIXED_TEXT(account),
    FIXED_TEXT(region), FIXED_TEXT(op), FIXED_TEXT(instance_id), FIXED_TEXT(params),
    FIXED_TEXT(who), FIXED_NUMBER(written_at),
    TEXT(state), TEXT_AS(owner, "holder"), NUMBER_AS(fencing_token, "fence"), NUMBER(lease_ms),
    TEXT(before), NUMBER(sent_at), NUMBER(sent_by), NUMBER(looked_at), NUMBER(ended_at),
    TEXT(reason), TEXT(warning), TEXT(ids), TEXT(task_id), TEXT(order_id), TEXT(request_id),
    NUMBER(micros), TEXT(currency), NUMBER(expires_before), NUMBER(expires_after), NUMBER(audited),
};
/* clang-format on */
#define COLUMNS CC_COUNT(columns)
#define UNSETTLED "state IN ('intent', 'sent', 'unknown')"
/* bought, but the vendor replied with a task instead of ids; a warning ends the search for them */
#define WITHOUT_IDS \
    "(state = 'applied' AND op = 'create_instance' AND ids = '' AND task_id <> '' AND warning = " \
    "'')"

void cc_entry_clear(struct cc_entry *entry)
{
    cc_arena_free(entry->arena);
    *entry = (struct cc_entry){ 0 };
}

bool cc_entry_init(struct cc_entry *entry)
{
    cc_entry_clear(entry);
    entry->arena = cc_arena_new();
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *nothing = "";

        if (!columns[i].number)
            memcpy((char *)entry + columns[i].at, &nothing, sizeof(nothing));
    }
    return entry->arena;
}

bool cc_entry_text(struct cc_entry *entry, const char **member, const char *text)
{
    if (!entry->arena)
        entry->arena = cc_arena_new();
    *member = entry->arena ? cc_arena_strdup(entry->arena, text ? text : "") : NULL;
    if (*member)
        return true;
    *member = "";
    return false;
}

bool cc_entry_is(const struct cc_entry *entry, enum cloud_journal_state state)
{
    return strcmp(entry->state, cloud_journal_state_name(state)) == 0;
}

bool cc_entry_settled(const struct cc_entry *entry)
{
    return cc_entry_is(entry, CLOUD_JOURNAL_APPLIED) ||
           cc_entry_is(entry, CLOUD_JOURNAL_NOT_APPLIED);
}

enum cloud_op cc_entry_op(const struct cc_entry *entry)
{
    const struct cloud_op_info *info = cloud_op_find(entry->op);

    return info ? info->op : CLOUD_OP__COUNT;
}

static const char *text_of(struct cc_entry *entry, const struct column *column)
{
    const char *text;
    int64_t number;

    if (column->number) {
        memcpy(&number, (char *)entry + column->at, sizeof(number));
        return cc_arena_printf(entry->arena, "%" PRId64, number);
    }
    memcpy(&text, (char *)entry + column->at, sizeof(text));
    return text ? text : "";
}

/* makes an entry from a row that was selected with list_columns(); it borrows the rows' strings */
static void read_row(const struct cc_rows *rows, size_t row, struct cc_entry *ret)
{
    ret->id = strtoll(cc_cell(rows, row, 0), NULL, 10);
    ret->now_ms = strtoll(cc_cell(rows, row, 1), NULL, 10);
    for (size_t i = 0; i < COLUMNS; i++) {
        const char *cell = cc_cell(rows, row, i + 2);
        int64_t number = columns[i].number ? strtoll(cell, NULL, 10) : 0;

        if (columns[i].number)
            memcpy((char *)ret + columns[i].at, &number, sizeof(number));
        else
            memcpy((char *)ret + columns[i].at, &cell, sizeof(cell));
    }
}

static void list_columns(const struct cc_store *store, struct cc_buf *sql)
{
    cc_buf_puts_all(sql, "SELECT id, ", store->now_ms, NULL);
    for (size_t i = 0; i < COLUMNS; i++)
        cc_buf_puts_all(sql, ", ", columns[i].name, NULL);
    cc_buf_puts(sql, " FROM operations ");
}

static int run(struct cloud_journal *journal, const struct cc_buf *sql, const char *const *values,
               size_t count, struct cc_rows *ret, struct cloud_error *err)
{
    if (sql->failed)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return journal->store->run(journal->store, cc_buf_text(sql), values, count, ret, err);
}

int cc_entries_begin(struct cloud_journal *journal, struct cloud_error *err)
{
    return journal->store->run(journal->store, journal->store->begin, NULL, 0, NULL, err);
}

int cc_entries_end(struct cloud_journal *journal, int rc, struct cloud_error *err)
{
    struct cc_store *store = journal->store;

    if (!rc)
        rc = store->run(store, "COMMIT", NULL, 0, NULL, err);
    if (rc)
        store->run(store, "ROLLBACK", NULL, 0, NULL, NULL);
    return rc;
}

static int create_operations(struct cloud_journal *journal, struct cloud_error *err)
{
    struct cc_store *store = journal->store;
    cc_auto_buf struct cc_buf sql = { 0 };

    cc_buf_puts_all(&sql, "CREATE TABLE IF NOT EXISTS operations(id ", store->serial, NULL);
    for (size_t i = 0; i < COLUMNS; i++)
        cc_buf_puts_all(&sql, ", ", columns[i].name, columns[i].number ? " BIGINT" : " TEXT",
                        " NOT NULL", NULL);
    cc_buf_puts(&sql, ", UNIQUE(key, attempt))");
    return run(journal, &sql, NULL, 0, NULL, err);
}

static int create_all(struct cloud_journal *journal, struct cloud_error *err)
{
    static const char *const statements[] = {
        "CREATE UNIQUE INDEX IF NOT EXISTS operations_instance ON operations(provider, account, "
        "region, instance_id)"
        " WHERE instance_id <> '' AND " UNSETTLED,
        "CREATE INDEX IF NOT EXISTS operations_past ON operations(instance_id, id)"
        " WHERE instance_id <> ''",
        "CREATE UNIQUE INDEX IF NOT EXISTS operations_key ON operations(key) WHERE " UNSETTLED,
        "CREATE INDEX IF NOT EXISTS operations_unaudited ON operations(id) WHERE audited = 0",
        "CREATE TABLE IF NOT EXISTS meta(name TEXT PRIMARY KEY, value TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS audit(seq BIGINT PRIMARY KEY, line TEXT NOT NULL)",
        "CREATE TABLE IF NOT EXISTS quotes(key TEXT PRIMARY KEY, op TEXT NOT NULL, params TEXT NOT "
        "NULL,"
        " micros BIGINT NOT NULL, currency TEXT NOT NULL, valid_until BIGINT NOT NULL)",
    };
    struct cc_store *store = journal->store;
    int rc = store->lock ? store->run(store, store->lock, NULL, 0, NULL, err) : CLOUD_OK;

    if (!rc)
        rc = create_operations(journal, err);
    for (size_t i = 0; !rc && i < CC_COUNT(statements); i++)
        rc = store->run(store, statements[i], NULL, 0, NULL, err);
    return rc;
}

int cc_entries_prepare(struct cloud_journal *journal, struct cloud_error *err)
{
    int rc = cc_entries_begin(journal, err);

    return rc ? rc : cc_entries_end(journal, create_all(journal, err), err);
}

static int read_one(struct cloud_journal *journal, const struct cc_buf *sql,
                    const char *const *values, size_t count, struct cc_entry *ret,
                    struct cloud_error *err)
{
    cc_auto_rows struct cc_rows rows = { 0 };
    int rc = run(journal, sql, values, count, &rows, err);

    cc_entry_clear(ret);
    if (rc || !rows.rows)
        return rc;
    read_row(&rows, 0, ret);
    ret->arena = cc_take(rows.arena);
    return CLOUD_OK;
}

int cc_entries_last(struct cloud_journal *journal, const char *key, struct cc_entry *ret,
                    struct cloud_error *err)
{
    cc_auto_buf struct cc_buf sql = { 0 };

    list_columns(journal->store, &sql);
    cc_buf_puts_all(&sql, "WHERE key = $1 ORDER BY attempt DESC LIMIT 1",
                    journal->store->for_update, NULL);
    return read_one(journal, &sql, (const char *const[]){ key }, 1, ret, err);
}

int cc_entries_unsettled(struct cloud_journal *journal, const struct cc_entry *like,
                         struct cc_entry *ret, struct cloud_error *err)
{
    const char *const values[] = { like->provider, like->account, like->region, like->instance_id };
    cc_auto_buf struct cc_buf sql = { 0 };

    list_columns(journal->store, &sql);
    cc_buf_puts_all(&sql,
                    "WHERE provider = $1 AND account = $2 AND region = $3 AND instance_id = $4"
                    " AND instance_id <> '' AND " UNSETTLED " LIMIT 1",
                    journal->store->for_update, NULL);
    return read_one(journal, &sql, values, CC_COUNT(values), ret, err);
}

int cc_entries_previous(struct cloud_journal *journal, const struct cc_entry *like, bool applied,
                        struct cc_entry *ret, struct cloud_error *err)
{
    cc_auto_buf struct cc_buf sql = { 0 };
    char id[24];
    const char *const values[] = { like->provider,    like->account, like->region,
                                   like->instance_id, like->op,      id };

    snprintf(id, sizeof(id), "%" PRId64, like->id);
    list_columns(journal->store, &sql);
    cc_buf_puts_all(&sql,
                    "WHERE provider = $1 AND account = $2 AND region = $3 AND instance_id = $4"
                    " AND instance_id <> '' AND op = $5 AND id < $6",
                    applied ? " AND state = 'applied'" : "", " ORDER BY id DESC LIMIT 1", NULL);
    return read_one(journal, &sql, values, CC_COUNT(values), ret, err);
}

int cc_entries_next(struct cloud_journal *journal, int64_t after, struct cc_entry *ret,
                    struct cloud_error *err)
{
    cc_auto_buf struct cc_buf sql = { 0 };
    char id[24];

    snprintf(id, sizeof(id), "%" PRId64, after);
    list_columns(journal->store, &sql);
    cc_buf_puts_all(&sql,
                    "WHERE id > $1 AND (" UNSETTLED " OR audited = 0 OR " WITHOUT_IDS
                    ") ORDER BY id LIMIT 1",
                    journal->store->skip_busy, NULL);
    return read_one(journal, &sql, (const char *const[]){ id }, 1, ret, err);
}

/* reads 100 entries at a time to limit memory */
int cc_entries_each(struct cloud_journal *journal, const char *key, cc_entry_fn each,
                    void *user_data, struct cloud_error *err)
{
    char after[24] = "0";
    int rc = CLOUD_OK;

    for (;;) {
        cc_auto_buf struct cc_buf sql = { 0 };
        cc_auto_rows struct cc_rows rows = { 0 };

        list_columns(journal->store, &sql);
        cc_buf_puts_all(&sql, "WHERE id > $1", key ? " AND key = $2" : "", " ORDER BY id LIMIT 100",
                        NULL);
        rc = run(journal, &sql, (const char *const[]){ after, key }, key ? 2 : 1, &rows, err);
        for (size_t i = 0; !rc && i < rows.rows; i++) {
            struct cc_entry entry = { .arena = rows.arena };

            read_row(&rows, i, &entry);
            snprintf(after, sizeof(after), "%" PRId64, entry.id);
            rc = each(journal, &entry, user_data, err);
        }
        if (rc || rows.rows < 100)
            return rc;
    }
}

int cc_entries_insert(struct cloud_journal *journal, struct cc_entry *entry, bool *ret_done,
                      struct cloud_error *err)
{
    cc_auto_buf struct cc_buf sql = { 0 };
    cc_auto_rows struct cc_rows rows = { 0 };
    const char *values[COLUMNS];
    int rc;

    cc_entry_text(entry, &entry->owner, journal->owner);
    cc_entry_text(entry, &entry->state, cloud_journal_state_name(CLOUD_JOURNAL_INTENT));
    entry->fencing_token = 1;
    cc_buf_puts(&sql, "INSERT INTO operations(");
    for (size_t i = 0; i < COLUMNS; i++)
        cc_buf_puts_all(&sql, i ? ", " : "", columns[i].name, NULL);
    cc_buf_puts(&sql, ") VALUES(");
    for (size_t i = 0; i < COLUMNS; i++) {
        bool lease = columns[i].at == AT(lease_ms);

        values[i] = text_of(entry, &columns[i]);
        cc_buf_puts(&sql, i ? ", " : "");
        if (lease)
            cc_buf_printf(&sql, "%s + $%zu", journal->store->now_ms, i + 1);
        else
            cc_buf_printf(&sql, "$%zu", i + 1);
        if (lease)
            values[i] = cc_arena_printf(entry->arena, "%" PRId64, (int64_t)journal->lease_s * 1000);
    }
    cc_buf_puts(&sql, ") ON CONFLICT DO NOTHING RETURNING id");
    rc = run(journal, &sql, values, COLUMNS, &rows, err);
    *ret_done = !rc && rows.rows == 1;
    if (*ret_done)
        entry->id = strtoll(cc_cell(&rows, 0, 0), NULL, 10);
    return rc;
}

/* writes one row; when none matches, another process owns the entry */
static int write_one(struct cloud_journal *journal, const struct cc_buf *sql,
                     const char *const *values, size_t count, const struct cc_entry *entry,
                     struct cloud_error *err)
{
    cc_auto_rows struct cc_rows rows = { 0 };
    int rc = run(journal, sql, values, count, &rows, err);

    if (!rc && rows.changed != 1)
        rc = cc_fail(err, CLOUD_ECONFLICT,
                     "another process has taken over \"%.60s\"; call again with the same key for "
                     "its outcome",
                     entry->key);
    return rc;
}

int cc_entries_acquire(struct cloud_journal *journal, struct cc_entry *entry,
                       struct cloud_error *err)
{
    cc_auto_buf struct cc_buf sql = { 0 };
    char id[24], fencing_token[24], lease[24];
    int rc;

    snprintf(id, sizeof(id), "%" PRId64, entry->id);
    snprintf(fencing_token, sizeof(fencing_token), "%" PRId64, entry->fencing_token);
    snprintf(lease, sizeof(lease), "%" PRId64, (int64_t)journal->lease_s * 1000);
    cc_buf_printf(&sql,
                  "UPDATE operations SET holder = $1, lease_ms = %s + $2, fence = fence + 1 WHERE "
                  "id = $3 AND fence = $4",
                  journal->store->now_ms);
    rc = write_one(journal, &sql, (const char *const[]){ journal->owner, lease, id, fencing_token },
                   4, entry, err);
    if (!rc)
        entry->fencing_token++;
    return rc;
}

int cc_entries_save(struct cloud_journal *journal, struct cc_entry *entry, bool keep,
                    struct cloud_error *err)
{
    cc_auto_buf struct cc_buf sql = { 0 };
    const char *values[COLUMNS + 2];
    size_t count = 0;

    cc_entry_text(entry, &entry->owner, keep ? journal->owner : "");
    cc_buf_puts(&sql, "UPDATE operations SET ");
    for (size_t i = 0; i < COLUMNS; i++) {
        bool lease = columns[i].at == AT(lease_ms);

        if (columns[i].fixed)
            continue;
        values[count] =
            lease ? cc_arena_printf(entry->arena, "%d", keep ? journal->lease_s * 1000 : 0)
                  : text_of(entry, &columns[i]);
        if (!values[count])
            return cc_fail(err, CLOUD_ENOMEM, "out of memory");
        cc_buf_printf(&sql, "%s%s = %s%s$%zu", count ? ", " : "", columns[i].name,
                      lease ? journal->store->now_ms : "", lease ? " + " : "", count + 1);
        count++;
    }
    values[count] = cc_arena_printf(entry->arena, "%" PRId64, entry->id);
    values[count + 1] = cc_arena_printf(entry->arena, "%" PRId64, entry->fencing_token);
    if (!values[count] || !values[count + 1])
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    cc_buf_printf(&sql, " WHERE id = $%zu AND fence = $%zu", count + 1, count + 2);
    return write_one(journal, &sql, values, count + 2, entry, err);
}

int cc_meta_get(struct cloud_journal *journal, const char *name, char *ret, size_t size,
                struct cloud_error *err)
{
    cc_auto_rows struct cc_rows rows = { 0 };
    int rc = journal->store->run(journal->store, "SELECT value FROM meta WHERE name = $1", &name, 1,
                                 &rows, err);

    if (!rc)
        snprintf(ret, size, "%s", rows.rows ? cc_cell(&rows, 0, 0) : "");
    return rc;
}

int cc_meta_put(struct cloud_journal *journal, const char *name, const char *value,
                struct cloud_error *err)
{
    const char *const values[] = { name, value };

    return journal->store->run(journal->store,
                               "INSERT INTO meta(name, value) VALUES($1, $2)"
                               " ON CONFLICT(name) DO UPDATE SET value = excluded.value",
                               values, 2, NULL, err);
}
