/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Stores the journal in PostgreSQL, which several machines can share. A lost connection is opened
 * again when the next transaction begins, never within one. The only file that includes libpq.
 */
#include "journal/store/store.h"

#include <libpq-fe.h>

struct postgres_store {
    struct cc_store store;
    PGconn *connection;
    PQconninfoOption *options; /* what libpq read in the URI */
    bool inside;               /* a transaction is open */
};

/* Every wait has a timeout: for the server, and for a process that was stopped in a transaction. */
static const char settings[] =
    "SET synchronous_commit TO on; SET statement_timeout TO '20s'; SET lock_timeout TO '10s';"
    " SET idle_in_transaction_session_timeout TO '5s'; SET client_min_messages TO warning;"
    " SET standard_conforming_strings TO on";

static bool is_one_of(const char *word, const char *const *words)
{
    while (*words && strcmp(*words, word) != 0)
        words++;
    return *words;
}

/* Overwrites the values of the URI's settings in a message of libpq, which quotes what it cannot
 * use. */
static void scrub(char *text, const PQconninfoOption *options)
{
    static const char *const shown[] = { "host",   "hostaddr", "port", "user",
                                         "dbname", "sslmode",  NULL };

    for (const PQconninfoOption *option = options; option && option->keyword; option++) {
        size_t len = option->val ? strlen(option->val) : 0;

        if (len < 4 || is_one_of(option->keyword, shown))
            continue;
        for (char *at = text; (at = strstr(at, option->val)); at += len)
            memset(at, '*', len);
    }
}

/* Whether a setting is what it should be, and not a part of a password in the wrong place: with
 * "u:1/x@host/db" libpq reads the port 1 and the database "x@host/db". */
static bool is_plausible(const PQconninfoOption *option)
{
    static const char *const places[] = { "host", "hostaddr", "dbname", NULL };

    if (!option->val)
        return true;
    if (strcmp(option->keyword, "port") == 0)
        return !option->val[strspn(option->val, "0123456789,")];
    return !is_one_of(option->keyword, places) || !strchr(option->val, '@');
}

/* The error does not quote the URI: whatever is wrong in it may be a part of the password. */
static int read_uri(const char *uri, PQconninfoOption **ret_options, struct cloud_error *err)
{
    char *why = NULL;
    PQconninfoOption *options = PQconninfoParse(uri, &why), *option = options;

    if (!options && !why)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    PQfreemem(why);
    while (option && option->keyword && is_plausible(option))
        option++;
    *ret_options = options;
    if (option && !option->keyword)
        return CLOUD_OK;
    return cc_fail_param(
        err, "journal",
        "the journal's URI cannot be read%s%s; write postgresql://USER:PASSWORD@HOST:PORT/DATABASE,"
        " and in USER and PASSWORD write @ as %%40, : as %%3A, / as %%2F and %% as %%25",
        option ? ": it is not clear what is its " : "", option ? option->keyword : "");
}

static int fail(const struct postgres_store *s, const char *what, struct cloud_error *err)
{
    bool lost = PQstatus(s->connection) != CONNECTION_OK;
    cc_auto_free char *text = strdup(PQerrorMessage(s->connection));

    if (text)
        scrub(text, s->options);
    return cc_fail(
        err, CLOUD_EJOURNAL, "the journal: %s (%.300s)",
        lost ? "no connection to PostgreSQL: check that the server runs and can be reached" : what,
        text ? text : "out of memory");
}

static int prepare(struct postgres_store *s, struct cloud_error *err)
{
    PGresult *result;
    bool good;

    if (PQstatus(s->connection) != CONNECTION_OK)
        return fail(s, "", err);
    PQclear(PQexec(s->connection, settings));
    result = PQexec(s->connection,
                    "SELECT current_setting('fsync'), current_setting('transaction_read_only')");
    if (PQresultStatus(result) != PGRES_TUPLES_OK) {
        PQclear(result);
        return fail(s, "the server does not report its settings", err);
    }
    good = strcmp(PQgetvalue(result, 0, 0), "on") == 0;
    if (!good)
        cc_fail(err, CLOUD_EJOURNAL,
                "the journal: PostgreSQL runs with fsync off and can lose what it confirmed: turn "
                "fsync on");
    if (good && strcmp(PQgetvalue(result, 0, 1), "on") == 0) {
        good = false;
        cc_fail(err, CLOUD_EJOURNAL,
                "the journal: PostgreSQL is read-only, perhaps a standby: connect to the primary");
    }
    PQclear(result);
    return good ? CLOUD_OK : CLOUD_EJOURNAL;
}

static int copy(const PGresult *result, struct cc_rows *ret, struct cloud_error *err)
{
    ret->arena = cc_arena_new();
    ret->rows = (size_t)PQntuples(result);
    ret->columns = (size_t)PQnfields(result);
    ret->changed = (size_t)strtoul(PQcmdTuples((PGresult *)result), NULL, 10);
    ret->cells =
        ret->arena ? cc_arena_alloc(ret->arena, ret->rows * ret->columns * sizeof(*ret->cells) + 1)
                   : NULL;
    if (!ret->cells)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    for (size_t i = 0; i < ret->rows * ret->columns; i++) {
        int row = (int)(i / ret->columns), column = (int)(i % ret->columns);

        ret->cells[i] = cc_arena_strdup(ret->arena, PQgetvalue(result, row, column));
        if (!ret->cells[i])
            return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    }
    return CLOUD_OK;
}

static int check_result(struct postgres_store *s, const PGresult *result, struct cc_rows *ret,
                        struct cloud_error *err)
{
    cc_auto_rows struct cc_rows rows = { 0 };
    ExecStatusType status = PQresultStatus(result);
    const char *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    int rc;

    if (status != PGRES_TUPLES_OK && status != PGRES_COMMAND_OK) {
        const char *what = "PostgreSQL refuses the statement";

        if (state && strncmp(state, "53", 2) == 0)
            what = "PostgreSQL has no disk space, memory or connections left: free some";
        else if (state && strcmp(state, "25006") == 0)
            what = "PostgreSQL is read-only: connect to the primary";
        else if (state && (strcmp(state, "55P03") == 0 || strcmp(state, "57014") == 0))
            what = "PostgreSQL did not answer in time: look for a process that hangs";
        return fail(s, what, err);
    }
    rc = ret ? copy(result, &rows, err) : CLOUD_OK;
    if (!rc && ret) {
        *ret = rows;
        rows = (struct cc_rows){ 0 };
    }
    return rc;
}

static int reconnect(struct postgres_store *s, struct cloud_error *err)
{
    PQreset(s->connection);
    return prepare(s, err);
}

static PGresult *execute(struct postgres_store *s, const char *sql, const char *const *values,
                         size_t count)
{
    return PQexecParams(s->connection, sql, (int)count, NULL, values, NULL, NULL, 0);
}

/* Begins a transaction. When the connection turns out to be lost, it can be opened again here,
 * because nothing was written. */
static PGresult *begin(struct postgres_store *s)
{
    PGresult *result = execute(s, s->store.begin, NULL, 0);

    if (PQstatus(s->connection) == CONNECTION_OK || reconnect(s, NULL))
        return result;
    PQclear(result);
    return execute(s, s->store.begin, NULL, 0);
}

static int run(struct cc_store *store, const char *sql, const char *const *values, size_t count,
               struct cc_rows *ret, struct cloud_error *err)
{
    struct postgres_store *s = (struct postgres_store *)store;
    PGresult *result;
    int rc;

    if (!s->inside && PQstatus(s->connection) != CONNECTION_OK) {
        rc = reconnect(s, err);
        if (rc)
            return rc;
    }
    result = sql == store->begin ? begin(s) : execute(s, sql, values, count);
    rc = check_result(s, result, ret, err);
    /* PostgreSQL answers the COMMIT of a failed transaction with "ROLLBACK" */
    if (!rc && strcmp(sql, "COMMIT") == 0 && strcmp(PQcmdStatus(result), "COMMIT") != 0)
        rc = cc_fail(err, CLOUD_EJOURNAL, "the journal: PostgreSQL rolled the transaction back");
    PQclear(result);
    s->inside = PQtransactionStatus(s->connection) == PQTRANS_INTRANS ||
                PQtransactionStatus(s->connection) == PQTRANS_INERROR;
    return rc;
}

static void close_store(struct cc_store *store)
{
    struct postgres_store *s = (struct postgres_store *)store;

    PQfinish(s->connection);
    PQconninfoFree(s->options);
    free(s);
}

/* keeps libpq from printing to standard error: the error has the message already */
static void drop_notice(void *user_data, const char *message)
{
    (void)user_data;
    (void)message;
}

int cc_store_postgres(const char *uri, struct cc_store **ret_store, struct cloud_error *err)
{
    /* the settings of the URI override these */
    static const char *const names[] = { "connect_timeout", "tcp_user_timeout", "application_name",
                                         "dbname", NULL };
    const char *const values[] = { "10", "15000", "cloud_journal", uri, NULL };
    struct postgres_store *s = calloc(1, sizeof(*s));
    int rc;

    if (!s)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    s->store = (struct cc_store){
        .run = run,
        .free = close_store,
        .begin = "BEGIN",
        .serial = "BIGSERIAL PRIMARY KEY",
        .now_ms = "(extract(epoch from clock_timestamp()) * 1000)::bigint",
        .for_update = " FOR UPDATE",
        .skip_busy = " FOR UPDATE SKIP LOCKED",
        .lock = "SELECT pg_advisory_xact_lock(7163208401)",
    };
    rc = read_uri(uri, &s->options, err);
    s->connection = rc ? NULL : PQconnectdbParams(names, values, 1);
    if (s->connection)
        PQsetNoticeProcessor(s->connection, drop_notice, NULL);
    if (!rc)
        rc = s->connection ? prepare(s, err) : cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (rc)
        close_store(&s->store);
    else
        *ret_store = &s->store;
    return rc;
}
