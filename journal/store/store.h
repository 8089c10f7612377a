/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one door for stores: a connection that runs SQL. Both stores understand the same statements,
 * with $1, $2, … for values; what they spell differently stands in the members. What the statements
 * mean is left to entries.c.
 */
#ifndef CC_STORE_H
#define CC_STORE_H

#include "core/base/error.h"
#include "core/base/memory.h"

/* What a statement gave: cells as text, row by row; "" for NULL. Lives in its arena. */
struct cc_rows {
    struct cc_arena *arena;
    const char **cells;
    size_t rows, columns;
    size_t changed; /* how many rows it wrote */
};
#define cc_auto_rows __attribute__((cleanup(cc_rows_clear)))

/* zeroes are empty */
static inline void cc_rows_clear(struct cc_rows *rows)
{
    cc_arena_free(rows->arena);
    *rows = (struct cc_rows){ 0 };
}

static inline const char *cc_cell(const struct cc_rows *rows, size_t row, size_t column)
{
    return rows->cells[row * rows->columns + column];
}

struct cc_store {
    /* Runs one statement; outside of begin and commit it is a transaction of its own, synced before
       it returns.
       @ret may be NULL; else it was cleared. CLOUD_EJOURNAL says what to mend. */
    int (*run)(struct cc_store *store, const char *sql, const char *const *values, size_t count,
               struct cc_rows *ret, struct cloud_error *err);
    void (*free)(struct cc_store *store);
    const char *begin;  /* opens a transaction that will write */
    const char *serial; /* the type of a key that counts by itself */
    const char *now_ms; /* an expression: Unix milliseconds by the clock that all who share the
                           store go by */
    const char
        *for_update; /* behind a SELECT: its rows are to be written; "" where begin locks all */
    const char *skip_busy; /* the same, leaving out rows that others hold */
    const char *lock; /* a statement that lets one at a time pass, until the transaction ends; NULL:
                         not needed */
};

int cc_store_sqlite(const char *path, struct cc_store **ret_store, struct cloud_error *err);
int cc_store_postgres(const char *uri, struct cc_store **ret_store, struct cloud_error *err);

#endif
