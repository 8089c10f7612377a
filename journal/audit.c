/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Writes, lists and verifies the audit: one JSON line for every spending operation that ended,
 * written in the transaction that ends it. Each line has the digest of the line before it. The
 * store keeps the number and the digest of the last line, so removed last lines are detected too.
 */
#include "journal/journal.h"

#include <inttypes.h>
#include <stdio.h>

static const char no_previous[] = "-"; /* in the first line */

static void put_text(struct cc_buf *out, const char *name, const char *text)
{
    cc_buf_printf(out, ",\"%s\":", name);
    if (!*text) {
        cc_buf_puts(out, "null");
        return;
    }
    cc_buf_putc(out, '"');
    for (; *text; text++) {
        if (*text == '"' || *text == '\\')
            cc_buf_printf(out, "\\%c", *text);
        else if ((unsigned char)*text < 0x20)
            cc_buf_printf(out, "\\u%04x", (unsigned char)*text);
        else
            cc_buf_putc(out, *text);
    }
    cc_buf_putc(out, '"');
}

static void put_time(struct cc_buf *out, const char *name, int64_t time)
{
    char text[CLOUD_TIME_MAX];

    put_text(out, name, time ? cloud_time_format(time, text) : "");
}

static void put_amount(struct cc_buf *out, const struct cc_entry *r)
{
    struct cloud_money money = { .micros = r->micros };
    char text[CLOUD_MONEY_MAX];

    snprintf(money.currency, sizeof(money.currency), "%s", r->currency);
    put_text(out, "amount", *r->currency ? cloud_money_format(money, text) : "");
}

static void write_line(struct cc_buf *out, const struct cc_entry *r, int64_t seq,
                       const char *previous)
{
    cc_buf_printf(out, "{\"seq\":%" PRId64 ",\"entry\":%" PRId64 ",\"attempt\":%" PRId64, seq,
                  r->id, r->attempt);
    put_time(out, "time", r->ended_at);
    put_text(out, "who", r->who);
    put_text(out, "key", r->key);
    put_text(out, "operation", r->op);
    put_text(out, "provider", r->provider);
    put_text(out, "account", r->account);
    put_text(out, "region", r->region);
    put_text(out, "instance_id", r->instance_id);
    put_text(out, "outcome", r->state);
    put_text(out, "reason", r->reason);
    put_text(out, "warning", r->warning);
    put_text(out, "ids", r->ids);
    put_amount(out, r);
    put_time(out, "expires_before", r->expires_before);
    put_time(out, "expires_after", r->expires_after);
    put_text(out, "request_id", r->request_id);
    put_text(out, "order_id", r->order_id);
    put_text(out, "task_id", r->task_id);
    put_text(out, "parameters", r->params);
    put_text(out, "previous", previous);
    cc_buf_putc(out, '}');
}

/* reads the number and the digest of the last line, stored as "SEQ DIGEST" */
static int read_head(struct cloud_journal *journal, int64_t *ret_seq,
                     char ret_digest[CLOUD_DIGEST_MAX], struct cloud_error *err)
{
    char head[CLOUD_DIGEST_MAX + 24], *space;
    int rc = cc_meta_get(journal, "audit", head, sizeof(head), err);

    *ret_seq = strtoll(head, &space, 10);
    snprintf(ret_digest, CLOUD_DIGEST_MAX, "%s", !rc && *space ? space + 1 : no_previous);
    return rc;
}

static int append(struct cloud_journal *journal, struct cc_entry *entry, struct cloud_error *err)
{
    char digest[CLOUD_DIGEST_MAX], head[CLOUD_DIGEST_MAX + 24], seq[24];
    const char *values[] = { seq, NULL };
    cc_auto_buf struct cc_buf line = { 0 };
    int rc = read_head(journal, &entry->audited, digest, err);

    if (rc)
        return rc;
    entry->audited++;
    snprintf(seq, sizeof(seq), "%" PRId64, entry->audited);
    write_line(&line, entry, entry->audited, digest);
    if (line.failed)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    values[1] = cc_buf_text(&line);
    rc = journal->store->run(journal->store, "INSERT INTO audit(seq, line) VALUES($1, $2)", values,
                             2, NULL, err);
    if (!rc)
        rc = cloud_digest(NULL, cc_buf_text(&line), digest, err);
    snprintf(head, sizeof(head), "%s %s", seq, digest);
    return rc ? rc : cc_meta_put(journal, "audit", head, err);
}

int cc_audit_end(struct cloud_journal *journal, struct cc_entry *entry, struct cloud_error *err)
{
    struct cc_store *store = journal->store;
    int rc = cc_entries_begin(journal, err);

    if (rc)
        return rc;
    if (!entry->ended_at)
        entry->ended_at = cc_wall_time();
    if (store->lock)
        rc = store->run(store, store->lock, NULL, 0, NULL, err);
    if (!rc)
        rc = append(journal, entry, err);
    if (!rc)
        rc = cc_entries_save(journal, entry, false, err);
    rc = cc_entries_end(journal, rc, err);
    if (rc)
        entry->audited = 0;
    return rc;
}

/* calls @each with every line; reads 100 at a time to limit memory */
static int each_line(struct cloud_journal *journal,
                     int (*each)(int64_t seq, const char *line, void *data,
                                 struct cloud_error *err),
                     void *data, struct cloud_error *err)
{
    char after[24] = "-1";
    const char *value = after;

    for (;;) {
        cc_auto_rows struct cc_rows rows = { 0 };
        int rc = journal->store->run(
            journal->store, "SELECT seq, line FROM audit WHERE seq > $1 ORDER BY seq LIMIT 100",
            &value, 1, &rows, err);

        for (size_t i = 0; !rc && i < rows.rows; i++) {
            snprintf(after, sizeof(after), "%s", cc_cell(&rows, i, 0));
            rc = each(strtoll(after, NULL, 10), cc_cell(&rows, i, 1), data, err);
        }
        if (rc || rows.rows < 100)
            return rc;
    }
}

struct listing {
    cloud_audit_fn each;
    void *user_data;
    bool stopped;
};

static int list_line(int64_t seq, const char *line, void *data, struct cloud_error *err)
{
    struct listing *listing = data;

    (void)seq;
    (void)err;
    if (listing->each(line, listing->user_data))
        return CLOUD_OK;
    listing->stopped = true;
    return CLOUD_ECANCELLED;
}

int cloud_journal_audit(struct cloud_journal *journal, cloud_audit_fn each, void *user_data,
                        struct cloud_error *err)
{
    struct listing listing = { .each = each, .user_data = user_data };
    int rc = cc_need_journal(journal, err);

    if (!rc)
        rc = cc_need(each, "each", err);
    if (rc)
        return rc;
    cc_error_clear(err);
    rc = each_line(journal, list_line, &listing, err);
    return listing.stopped ? CLOUD_OK : rc;
}

#define VERIFY_TRIES 10

struct chain {
    int64_t seq;
    char digest[CLOUD_DIGEST_MAX];
};

static int check_line(int64_t seq, const char *line, void *data, struct cloud_error *err)
{
    struct chain *chain = data;
    char begin[64], end[CLOUD_DIGEST_MAX + 32];
    size_t len = strlen(line), tail;

    snprintf(begin, sizeof(begin), "{\"seq\":%" PRId64 ",", ++chain->seq);
    snprintf(end, sizeof(end), ",\"previous\":\"%s\"}", chain->digest);
    tail = strlen(end);
    if (seq != chain->seq || strncmp(line, begin, strlen(begin)) != 0)
        return cc_fail(err, CLOUD_EJOURNAL, "the audit: line %" PRId64 " is missing", chain->seq);
    if (len < tail || strcmp(line + len - tail, end) != 0)
        return cc_fail(
            err, CLOUD_EJOURNAL,
            "the audit: line %" PRId64 " does not match the line before it, which was edited", seq);
    return cloud_digest(NULL, line, chain->digest, err);
}

static int check_entries(struct cloud_journal *journal, struct cloud_error *err)
{
    cc_auto_rows struct cc_rows rows = { 0 };
    int rc = journal->store->run(
        journal->store,
        "SELECT key FROM operations WHERE (audited = 0 AND state = 'not_applied') OR (audited > 0"
        " AND audited NOT IN (SELECT seq FROM audit)) ORDER BY id LIMIT 1",
        NULL, 0, &rows, err);

    if (!rc && rows.rows)
        rc = cc_fail(err, CLOUD_EJOURNAL, "the audit: the line of \"%.60s\" is missing",
                     cc_cell(&rows, 0, 0));
    return rc;
}

/* Reads the chain between two reads of its head. Other processes may write at the same time: the
 * chain is compared only with a head that did not change. */
static int read_chain(struct cloud_journal *journal, struct chain *chain, int64_t *ret_seq,
                      char *ret_digest, struct cloud_error *err)
{
    int64_t before, after;
    int tries = 0, rc = read_head(journal, &after, ret_digest, err);

    do {
        before = after;
        chain->seq = 0;
        snprintf(chain->digest, sizeof(chain->digest), "%s", no_previous);
        if (!rc)
            rc = each_line(journal, check_line, chain, err);
        if (!rc)
            rc = read_head(journal, &after, ret_digest, err);
    } while (!rc && before != after && ++tries < VERIFY_TRIES);
    *ret_seq = after;
    return rc;
}

int cloud_journal_verify(struct cloud_journal *journal, int64_t *ret_count,
                         char ret_digest[CLOUD_DIGEST_MAX], struct cloud_error *err)
{
    struct chain chain = { 0 };
    char digest[CLOUD_DIGEST_MAX];
    int64_t seq = 0;
    int rc = cc_need_journal(journal, err);

    if (rc)
        return rc;
    cc_error_clear(err);
    rc = read_chain(journal, &chain, &seq, digest, err);
    if (!rc && seq != chain.seq)
        rc = cc_fail(err, CLOUD_EJOURNAL,
                     "the audit: it ends at line %" PRId64 ", but %" PRId64 " lines were written",
                     chain.seq, seq);
    if (!rc && strcmp(digest, chain.digest) != 0)
        rc = cc_fail(err, CLOUD_EJOURNAL, "the audit: line %" PRId64 ", the last line, was edited",
                     seq);
    if (!rc)
        rc = check_entries(journal, err);
    if (!rc && ret_count)
        *ret_count = seq;
    if (!rc && ret_digest)
        memcpy(ret_digest, digest, CLOUD_DIGEST_MAX);
    return rc;
}
