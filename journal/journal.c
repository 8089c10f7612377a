/* SPDX-License-Identifier: Apache-2.0 */
/* Opens and closes a journal, and lists its entries as callers see them. */
#include "journal/journal.h"

#include "core/base/fork.h"

#include <pwd.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

int64_t cc_wall_time(void)
{
    return (int64_t)time(NULL);
}

static char *default_who(void)
{
    char host[256] = "", text[600], buffer[2048];
    struct passwd user, *found = NULL;

    gethostname(host, sizeof(host) - 1);
    if (getpwuid_r(geteuid(), &user, buffer, sizeof(buffer), &found) == 0 && found)
        snprintf(text, sizeof(text), "%.256s@%s", found->pw_name, host);
    else
        snprintf(text, sizeof(text), "uid %ld@%s", (long)geteuid(), host);
    return strdup(text);
}

static int read_options(struct cloud_journal *journal, const struct cloud_journal_options *options,
                        struct cloud_error *err)
{
    struct cloud_journal_options o = CLOUD_JOURNAL_OPTIONS_INIT;

    if (options)
        cc_copy_struct(&o, sizeof(o), options);
    if (o.lease_s < 0 || o.lag_s < 0 || o.wait_ms < 0)
        return cc_fail_param(err, "lease_s", "lease_s, lag_s and wait_ms must not be negative");
    journal->lease_s = o.lease_s ? o.lease_s : 120;
    journal->lag_s = o.lag_s ? o.lag_s : 300;
    journal->wait_ms = o.wait_ms ? o.wait_ms : 30000;
    journal->who = o.who ? strdup(o.who) : default_who();
    return journal->who ? CLOUD_OK : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

static int open_store(const char *uri, struct cc_store **ret_store, struct cloud_error *err)
{
    if (strncmp(uri, "sqlite:", 7) == 0 && uri[7])
        return cc_store_sqlite(uri + 7, ret_store, err);
    if (strncmp(uri, "postgresql://", 13) == 0 || strncmp(uri, "postgres://", 11) == 0)
        return cc_store_postgres(uri, ret_store, err);
    return cc_fail_param(
        err, "journal",
        "the journal's URI is not known; write sqlite:PATH or postgresql://USER@HOST/DATABASE");
}

static int create_secret(struct cloud_journal *journal, struct cloud_error *err)
{
    unsigned char bytes[32];

    if (getrandom(bytes, sizeof(bytes), 0) != (ssize_t)sizeof(bytes))
        return cc_fail(err, CLOUD_EJOURNAL, "the journal: the system returned no random numbers");
    for (size_t i = 0; i < sizeof(bytes); i++)
        snprintf(journal->secret + 2 * i, 3, "%02x", bytes[i]);
    return cc_meta_put(journal, "secret", journal->secret, err);
}

/* reads the secret of the store; the first process that opens the store creates it */
static int load_secret(struct cloud_journal *journal, struct cloud_error *err)
{
    struct cc_store *store = journal->store;
    int rc = cc_entries_begin(journal, err);

    if (rc)
        return rc;
    if (store->lock)
        rc = store->run(store, store->lock, NULL, 0, NULL, err);
    if (!rc)
        rc = cc_meta_get(journal, "secret", journal->secret, sizeof(journal->secret), err);
    if (!rc && !journal->secret[0])
        rc = create_secret(journal, err);
    return cc_entries_end(journal, rc, err);
}

int cloud_journal_open(const char *uri, const struct cloud_journal_options *options,
                       struct cloud_journal **ret_journal, struct cloud_error *err)
{
    struct cloud_journal *journal;
    int rc = cc_need(uri, "uri", err);

    if (!rc)
        rc = cc_need(ret_journal, "ret_journal", err);
    if (!rc && options)
        rc = cc_need_struct(CC_STRUCT_JOURNAL_OPTIONS, options, err);
    if (rc)
        return rc;
    cc_error_clear(err);
    journal = calloc(1, sizeof(*journal));
    if (!journal)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    journal->forks = cc_fork_count();
    rc = read_options(journal, options, err);
    if (!rc)
        rc = cc_owner_name(journal->owner, err);
    if (!rc)
        rc = open_store(uri, &journal->store, err);
    if (!rc)
        rc = cc_entries_prepare(journal, err);
    if (!rc)
        rc = load_secret(journal, err);
    if (rc)
        cloud_journal_close(journal);
    else
        *ret_journal = journal;
    return rc;
}

void cloud_journal_close(struct cloud_journal *journal)
{
    if (!journal)
        return;
    /* else it is left: closing it would end the parent's connection, or touch its file */
    if (journal->store && journal->forks == cc_fork_count())
        journal->store->free(journal->store);
    free(journal->who);
    cc_wipe(journal, sizeof(*journal));
    free(journal);
}

int cc_entry_set_scope(struct cc_entry *entry, const struct cloud_client *client,
                       struct cloud_error *err)
{
    char account[CLOUD_ACCOUNT_MAX];
    int rc = cloud_client_account(client, account, err);

    if (!rc && !(cc_entry_text(entry, &entry->account, account) &&
                 cc_entry_text(entry, &entry->provider, cloud_client_provider(client)) &&
                 cc_entry_text(entry, &entry->region, cloud_client_region(client))))
        rc = cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return rc;
}

static enum cloud_journal_state state_of(const struct cc_entry *entry)
{
    for (int state = 0; state < CLOUD_JOURNAL__COUNT; state++) {
        if (cc_entry_is(entry, (enum cloud_journal_state)state))
            return (enum cloud_journal_state)state;
    }
    return CLOUD_JOURNAL_UNKNOWN;
}

struct cloud_journal_entry cc_entry_view(const struct cc_entry *r)
{
    struct cloud_journal_entry view = {
        .id = r->id,
        .key = r->key,
        .attempt = (int)r->attempt,
        .state = state_of(r),
        .op = cc_entry_op(r),
        .provider = r->provider,
        .account = r->account,
        .region = r->region,
        .instance_id = r->instance_id,
        .parameters = r->params,
        .who = r->who,
        .written_at = r->written_at,
        .sent_at = r->sent_at,
        .ended_at = r->ended_at,
        .reason = r->reason,
        .warning = r->warning,
        .ids = r->ids,
        .task_id = r->task_id,
        .order_id = r->order_id,
        .request_id = r->request_id,
        .expires_before = r->expires_before,
        .expires_after = r->expires_after,
    };

    view.amount.micros = r->micros;
    snprintf(view.amount.currency, sizeof(view.amount.currency), "%s", r->currency);
    return view;
}

struct listing {
    cloud_journal_entry_fn each;
    void *user_data;
    bool stopped;
};

static int list_one(struct cloud_journal *journal, struct cc_entry *entry, void *user_data,
                    struct cloud_error *err)
{
    struct listing *listing = user_data;
    struct cloud_journal_entry view = cc_entry_view(entry);

    (void)journal;
    (void)err;
    if (listing->each(&view, listing->user_data))
        return CLOUD_OK;
    listing->stopped = true;
    return CLOUD_ECANCELLED;
}

int cloud_journal_list(struct cloud_journal *journal, const char *key, cloud_journal_entry_fn each,
                       void *user_data, struct cloud_error *err)
{
    struct listing listing = { .each = each, .user_data = user_data };
    int rc = cc_need_journal(journal, err);

    if (!rc)
        rc = cc_need(each, "each", err);
    if (rc)
        return rc;
    cc_error_clear(err);
    rc = cc_entries_each(journal, key, list_one, &listing, err);
    return listing.stopped ? CLOUD_OK : rc;
}
