/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Operations that cost money, written down before they are sent and settled after: one operation
 * key, at most one charge, whatever dies when.
 *
 * A journal lives in an SQLite file ("sqlite:/var/lib/shop/journal.db") or, where several machines
 * share the work, in PostgreSQL ("postgresql://..."). Link libcloud_journal for it; whoever only
 * reads needs neither. A journal belongs to one thread at a time; any number of processes may open
 * the same store, each with a journal of its own.
 *
 * The life of a key: intent (written, nothing was sent) -> sent (a request may be on its way) ->
 * applied, not applied, or unknown (no answer came, and no evidence yet). A key that ended as not
 * applied may be tried again with the same parameters; one that was applied answers with its first
 * result; an unknown one is resolved first.
 */
#ifndef CLOUD_JOURNAL_H
#define CLOUD_JOURNAL_H

#include "cloud_client.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cloud_journal;

/** How a journal is kept. Zero is every member's default. Strings are copied. */
struct cloud_journal_options {
    size_t size;
    const char *who; /* who spends, for the audit; NULL: the user and the machine */
    int lease_s;     /* how long a worker that falls silent keeps a key; 0: 120 */
    int lag_s;       /* how long a vendor may take to show what was done; 0: 300 */
    int wait_ms; /* how long a call waits for another worker at the same key or instance; 0: 30000
                  */
};
#define CLOUD_JOURNAL_OPTIONS_INIT \
    { \
        .size = sizeof(struct cloud_journal_options) \
    }

/**
 * Opens a journal, and makes it when its store is empty.
 *
 * @param uri      "sqlite:PATH", or what libpq takes, "postgresql://user@host/database"
 * @param options  NULL: the defaults
 * @return CLOUD_OK; CLOUD_EINVAL for another kind of URI; CLOUD_EJOURNAL saying what to mend: no
 * such folder, read-only, not a journal, damaged, no connection, a server that does not sync
 */
CLOUD_API int cloud_journal_open(const char *uri, const struct cloud_journal_options *options,
                                 struct cloud_journal **ret_journal, struct cloud_error *err);

/** Closes it. NULL is fine. */
CLOUD_API void cloud_journal_close(struct cloud_journal *journal);

/**
 * Any operation, through the journal. What costs nothing goes straight to cloud_call() and is not
 * written down.
 *
 * Create, renew, upgrade, turning automatic renewal on, and invoking an action that spends need
 * params->operation_key, the caller's own name for the intent. The intent is written and synced
 * before the first byte leaves; the key again, with the same parameters, returns the first result
 * without a request. Guards (max_charge, if_expiry) are no part of what is compared. At most one
 * operation of an instance is under way at a time.
 *
 * A renewal at JD Cloud that was answered with an order is applied when the order was paid, which
 * is asked: a cancelled one is CLOUD_EBALANCE, not applied.
 *
 * While it runs, the client's change hook is the journal's; the function that the caller set with
 * cloud_client_set_change_hook() is asked after it, and is set again when it returns.
 *
 * @param ret_result  as for cloud_call(); of a key answered from the journal: ids, task_id,
 * order_id, request_id, price
 * @return CLOUD_OK or a code, with err->outcome. CLOUD_ECONFLICT: the key was used for something
 * else, the message names what differs. CLOUD_ESTATE with CLOUD_OUTCOME_UNKNOWN: the key, or
 * another on the same instance, has an unknown outcome, the message says what to look at.
 * CLOUD_EJOURNAL: the store cannot be written; with CLOUD_NOT_APPLIED nothing was sent, with
 * CLOUD_APPLIED it was done and is still to be written: resolve later
 */
CLOUD_API int cloud_journal_call(struct cloud_journal *journal, struct cloud_client *client,
                                 enum cloud_op op, const struct cloud_params *params,
                                 struct cloud_result *ret_result, struct cloud_error *err);

/**
 * Asks what an operation would cost and binds its key to the answer: cloud_journal_call() with that
 * key then takes the same parameters only, refuses a price above the quote (as max_charge does),
 * and refuses a quote past its time.
 *
 * @param op      the operation that would spend: create, renew, upgrade
 * @param params  as for the operation, with operation_key
 * @return as cloud_call() of the price; CLOUD_ECONFLICT when the key was used already
 */
CLOUD_API int cloud_journal_quote(struct cloud_journal *journal, struct cloud_client *client,
                                  enum cloud_op op, const struct cloud_params *params,
                                  struct cloud_result *ret_result, struct cloud_error *err);

enum cloud_journal_state {
    CLOUD_JOURNAL_INTENT = 0,
    CLOUD_JOURNAL_SENT,
    CLOUD_JOURNAL_APPLIED,
    CLOUD_JOURNAL_NOT_APPLIED,
    CLOUD_JOURNAL_UNKNOWN,
    CLOUD_JOURNAL__COUNT
};

/** "intent", "sent", "applied", "not_applied", "unknown"; NULL for a number that is none. Static.
 */
CLOUD_API const char *cloud_journal_state_name(enum cloud_journal_state state);

/** One attempt at one key. Strings are "" where there is nothing; borrowed for the length of the
 * callback. */
struct cloud_journal_entry {
    int64_t id; /* grows with every attempt */
    const char *key;
    int attempt; /* of the key, from 1; only the last counts */
    enum cloud_journal_state state;
    enum cloud_op op;
    const char *provider;
    const char *account; /* cloud_client_account() */
    const char *region;
    const char *instance_id; /* of what was renewed or changed */
    const char *parameters; /* a line "name=value" each; secrets as digests; a line break in a value
                               is "\n" */
    const char *who;
    int64_t written_at;
    int64_t sent_at; /* the last request that changes something; the vendor's clock where it was
                        known */
    int64_t ended_at;
    const char *reason;  /* why it was not applied or is unknown, and what to look at */
    const char *warning; /* what a person should know all the same */
    const char *ids;     /* of what was bought, parted by commas */
    const char *task_id;
    const char *order_id;
    const char *request_id;
    struct cloud_money amount; /* the price that was asked just before */
    int64_t expires_before;    /* of the instance; CLOUD_TIME_NONE: not known */
    int64_t expires_after;
};

/** Return false to stop. It must not use the journal. */
typedef bool (*cloud_journal_entry_fn)(const struct cloud_journal_entry *entry, void *user_data);

/**
 * Entries, oldest first.
 *
 * @param key  only of this key; NULL: all
 */
CLOUD_API int cloud_journal_list(struct cloud_journal *journal, const char *key,
                                 cloud_journal_entry_fn each, void *user_data,
                                 struct cloud_error *err);

/** What resolving has come to. */
struct cloud_journal_summary {
    size_t applied, not_applied, unknown; /* of those that were not settled before */
    size_t elsewhere; /* unsettled, but of other accounts, regions or providers, or held by a worker
                         that is alive */
};

/**
 * Settles what died half-way or got no answer, from evidence: the vendor's token, the operation's
 * mark, the order (looked for in the vendor's list where its number is not known), expiry, shape
 * and disk size before and after. That nothing is to be seen counts
 * only once the request could not arrive any more and the vendor had its time to show it (15
 * minutes and lag_s after it was sent, by the vendor's clock).
 *
 * What can be repeated without a second charge is repeated: a create whose token the vendor still
 * knows, turning automatic renewal on. What was done in part is brought to its end: disks renewed
 * with their instance, a system disk attached again.
 *
 * @param client       looks at its own account and region only
 * @param key          NULL: all
 * @param each         told of every entry that was looked at, as it now stands; may be NULL
 * @param ret_summary  may be NULL
 * @return CLOUD_OK also when something stays unknown; a failure to look at one entry is its reason
 */
CLOUD_API int cloud_journal_resolve(struct cloud_journal *journal, struct cloud_client *client,
                                    const char *key, cloud_journal_entry_fn each, void *user_data,
                                    struct cloud_journal_summary *ret_summary,
                                    struct cloud_error *err);

/**
 * Settles an unknown outcome by a person's word, where no evidence can: after a look at the
 * vendor's console and its list of orders, as the entry's reason says. Asks no vendor. The audit
 * tells it as what it is.
 *
 * @param state  CLOUD_JOURNAL_APPLIED or CLOUD_JOURNAL_NOT_APPLIED
 * @param ids    of what was bought, parted by commas, when it was applied; NULL: as they are
 * @param note   what was seen; goes into the entry and the audit with options->who. Not NULL, not
 * ""
 * @return CLOUD_OK; CLOUD_ENOTFOUND: no such key; CLOUD_ESTATE: it is settled, at work, or not
 * resolved yet, or not applied is said before 15 minutes and lag_s have passed, by this machine's
 * clock; CLOUD_EJOURNAL
 */
CLOUD_API int cloud_journal_settle(struct cloud_journal *journal, const char *key,
                                   enum cloud_journal_state state, const char *ids,
                                   const char *note, struct cloud_error *err);

/** What a report has found. */
enum cloud_finding_kind {
    CLOUD_FINDING_UNSETTLED = 0, /* intent, sent or unknown: resolve it */
    CLOUD_FINDING_MISSED,        /* applied in the journal, not in the cloud */
    CLOUD_FINDING_DUPLICATED,    /* more in the cloud than was bought under the key */
    CLOUD_FINDING_ORPHANED,      /* bears a mark of which the journal has no purchase */
    CLOUD_FINDING_EXPIRY,        /* the expiry is not what the last renewal left */
    CLOUD_FINDING_FLAG,          /* automatic renewal is not as it was set */
    CLOUD_FINDING_BOTH_RENEW,    /* renewed here, and by the vendor's automatic renewal too */
    CLOUD_FINDING__COUNT
};

/** "unsettled", "missed", "duplicated", "orphaned", "expiry", "flag", "both_renew". Static. */
CLOUD_API const char *cloud_finding_name(enum cloud_finding_kind kind);

/** One finding. Borrowed for the length of the callback; "" where there is nothing. */
struct cloud_finding {
    enum cloud_finding_kind kind;
    const char *key;
    const char *instance_id;
    const char *message; /* one line: what is so, and what should be */
};
typedef bool (*cloud_finding_fn)(const struct cloud_finding *finding, void *user_data);

/** Compares the journal with the client's account and region; tells every difference. Changes
 * nothing. */
CLOUD_API int cloud_journal_report(struct cloud_journal *journal, struct cloud_client *client,
                                   cloud_finding_fn each, void *user_data, struct cloud_error *err);

/** Receives one line of the audit, a JSON object without line break. */
typedef bool (*cloud_audit_fn)(const char *line, void *user_data);

/**
 * The audit: a line for every spend that ended, in order, each with the digest of the one before
 * ("previous"), so that a line that was removed, added or edited shows.
 */
CLOUD_API int cloud_journal_audit(struct cloud_journal *journal, cloud_audit_fn each,
                                  void *user_data, struct cloud_error *err);

/**
 * Checks the whole audit against its digests and the entries.
 *
 * @param ret_count   how many lines; may be NULL
 * @param ret_digest  of the last line: kept elsewhere, it shows a chain that was made anew; may be
 * NULL
 * @return CLOUD_OK; CLOUD_EJOURNAL naming the first line that is wrong
 */
CLOUD_API int cloud_journal_verify(struct cloud_journal *journal, int64_t *ret_count,
                                   char ret_digest[CLOUD_DIGEST_MAX], struct cloud_error *err);

#ifdef __cplusplus
}
#endif

#endif
