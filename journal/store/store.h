/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the interface of a store: a connection that runs SQL. Both stores understand the same
 * statements, with $1, $2, ... for values. The members of struct cc_store have the SQL that
 * differs. entries.c builds the statements.
 */
#ifndef CC_STORE_H
#define CC_STORE_H

#include "core/base/error.h"
#include "core/base/memory.h"

/* The result of a statement: cells as text, row by row; "" for NULL. They are in the arena. */
struct cc_rows {
    struct cc_arena *arena;
    const char **cells;
    size_t rows, columns;
    size_t changed; /* number of rows that were written */
};
#define cc_auto_rows __attribute__((cleanup(cc_rows_clear)))

/* a zeroed struct is empty */
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
    /* Runs one statement. Outside of a transaction it is a transaction itself, synced before it
       returns.
       @ret may be NULL; else it is empty. With CLOUD_EJOURNAL the message says what to fix. */
    int (*run)(struct cc_store *store, const char *sql, const char *const *values, size_t count,
               struct cc_rows *ret, struct cloud_error *err);
    void (*free)(struct cc_store *store);
    const char *begin;  /* begins a transaction that writes */
    const char *serial; /* the type of an automatic primary key */
    const char *now_ms; /* an expression: Unix milliseconds, by the clock that all processes of the
                           store share */
    const char
        *for_update; /* the end of a SELECT that locks its rows; "" when begin locks everything */
    const char *skip_busy; /* the same, without the rows that other processes have locked */
    const char *lock;      /* a statement that serialises transactions; NULL: not needed */
};

int cc_store_sqlite(const char *path, struct cc_store **ret_store, struct cloud_error *err);
int cc_store_postgres(const char *uri, struct cc_store **ret_store, struct cloud_error *err);

#endif
