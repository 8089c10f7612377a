/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The journal: operations that cost money are written before they are sent, and settled
 * afterwards. One operation key causes at most one charge, no matter which process ends when.
 *
 * The journal is a write-ahead log. It is an SQLite file ("sqlite:/var/lib/billing/journal.db"),
 * or a PostgreSQL database when several machines share the work ("postgresql://..."). Link
 * libcloud_journal for it; applications that only read clouds need neither.
 *
 * The states of a key: intent (written, nothing was sent) -> sent (a request may have been sent)
 * -> applied, not applied, or unknown (no reply came, and there is no evidence yet). A key that
 * ended as not applied may be tried again with the same parameters. A key that was applied returns
 * its first result. A key that is unknown must be resolved first.
 *
 * Threads and fork(): one thread at a time may use a journal. Any number of processes may open the
 * same store, each with a journal of its own. A child of fork() opens its own: one that existed
 * before is refused with CLOUD_EINVAL there, and closing it does not touch the parent's store.
 */
#ifndef CLOUD_JOURNAL_H
#define CLOUD_JOURNAL_H

#include "cloud_client.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * A journal. The caller opens it with cloud_journal_open() and closes it with
 * cloud_journal_close().
 */
struct cloud_journal;

/**
 * How a journal works. Zero is every member's default. Strings are copied. Start from
 * CLOUD_JOURNAL_OPTIONS_INIT.
 */
struct cloud_journal_options {
    size_t size;
    const char *who; /* who spends, for the audit; NULL: the user and the machine */
    int lease_s;     /* the lease: how long a process that does not answer owns a key; 0: 120 */
    int lag_s;       /* how long the vendor may take to show a change; 0: 300 */
    int wait_ms; /* how long a call waits for another owner of the key or the instance; 0: 30000 */
};
#define CLOUD_JOURNAL_OPTIONS_INIT \
    { \
        .size = sizeof(struct cloud_journal_options) \
    }

/**
 * Opens a journal. Creates it when its store is empty. New files are for their owner only. No
 * message quotes a URI of PostgreSQL, because it may have a password.
 *
 * @param uri          "sqlite:PATH", or a URI of libpq, "postgresql://user@host/database"
 * @param options      NULL: the defaults
 * @param ret_journal  the caller closes it with cloud_journal_close()
 * @return CLOUD_OK; CLOUD_EINVAL for another kind of URI; CLOUD_EJOURNAL when the store cannot be
 *         used, the message says what to fix: no such folder, read-only, not a journal, damaged,
 *         no connection, a server that does not sync
 */
CLOUD_API int cloud_journal_open(const char *uri, const struct cloud_journal_options *options,
                                 struct cloud_journal **ret_journal, struct cloud_error *err);

/** Closes a journal. NULL is allowed. */
CLOUD_API void cloud_journal_close(struct cloud_journal *journal);

/**
 * Runs any operation through the journal. An operation that costs nothing is passed to
 * cloud_call() and is not written.
 *
 * These need params->operation_key, the caller's own name for the intent: create, renew, upgrade,
 * turning automatic renewal on, and invoking an action that spends. The intent is written and
 * synced before the first byte is sent. The same key with the same parameters returns the first
 * result without a request. Preconditions (max_charge, if_expiry) are not compared. At most one
 * operation of an instance is in progress at a time. A key with a blank at an end or a control
 * character is refused: "A1 " would be another intent than "A1".
 *
 * JD Cloud answers a renewal with an order, and cancels the order when it cannot be paid. The
 * journal asks for the order: if it was paid, the renewal is applied; if it was cancelled, the
 * call returns CLOUD_EBALANCE, not applied.
 *
 * While the call runs, the client's change hook is the journal's. It calls the function that the
 * caller set with cloud_client_set_change_hook() after its own work, and sets it again at the end.
 *
 * @param ret_result  as for cloud_call(); from the journal: ids, task_id, order_id, request_id,
 *                    price
 * @param err         may be NULL
 * @return CLOUD_OK or a code, with err->outcome. CLOUD_ECONFLICT: the key was used for another
 *         operation or other parameters; the message names the difference. CLOUD_ESTATE with
 *         CLOUD_OUTCOME_UNKNOWN: the outcome of the key, or of another key of the instance, is
 *         unknown; the message says what to look at. CLOUD_EJOURNAL: the store cannot be written.
 *         With CLOUD_NOT_APPLIED nothing was sent. With CLOUD_APPLIED the change was made but is
 *         not written yet: resolve it later
 */
CLOUD_API int cloud_journal_call(struct cloud_journal *journal, struct cloud_client *client,
                                 enum cloud_op op, const struct cloud_params *params,
                                 struct cloud_result *ret_result, struct cloud_error *err);

/**
 * Asks for the price of an operation and binds its key to this quote. cloud_journal_call() with
 * that key then accepts the same parameters only, and refuses a price above the quote (as with
 * max_charge) and a quote that has expired.
 *
 * @param op      the operation that would spend: create, renew, upgrade
 * @param params  as for the operation, with operation_key
 * @return as cloud_call() of the price; CLOUD_ECONFLICT when the key was used already
 */
CLOUD_API int cloud_journal_quote(struct cloud_journal *journal, struct cloud_client *client,
                                  enum cloud_op op, const struct cloud_params *params,
                                  struct cloud_result *ret_result, struct cloud_error *err);

/** The state of an entry. */
enum cloud_journal_state {
    CLOUD_JOURNAL_INTENT = 0,
    CLOUD_JOURNAL_SENT,
    CLOUD_JOURNAL_APPLIED,
    CLOUD_JOURNAL_NOT_APPLIED,
    CLOUD_JOURNAL_UNKNOWN,
    CLOUD_JOURNAL__COUNT
};

/** "intent", "sent", "applied", "not_applied", "unknown"; NULL for any other number. Static. */
CLOUD_API const char *cloud_journal_state_name(enum cloud_journal_state state);

/**
 * One attempt at one key. A string without a value is "". Borrowed for the length of the callback.
 */
struct cloud_journal_entry {
    int64_t id; /* rises with every attempt */
    const char *key;
    int attempt; /* of the key, from 1; only the last one counts */
    enum cloud_journal_state state;
    enum cloud_op op;
    const char *provider;
    const char *account; /* cloud_client_account() */
    const char *region;
    const char *instance_id; /* the instance that was renewed or changed */
    const char *parameters;  /* one line "name=value" each; secrets as digests; a line break in a
                                value is "\n" */
    const char *who;
    int64_t written_at;
    int64_t sent_at; /* of the last request that changes something, by the vendor's clock if it was
                        known */
    int64_t ended_at;
    const char *reason;  /* why it was not applied or is unknown, and what to look at */
    const char *warning; /* what a person should know although it ended well */
    const char *ids;     /* of what was bought, separated by commas */
    const char *task_id;
    const char *order_id;
    const char *request_id;
    struct cloud_money amount; /* the price that the vendor quoted just before */
    int64_t expires_before;    /* of the instance; CLOUD_TIME_NONE: not known */
    int64_t expires_after;
};

/** Receives an entry. Return false to stop. It must not use the journal. */
typedef bool (*cloud_journal_entry_fn)(const struct cloud_journal_entry *entry, void *user_data);

/**
 * Lists entries, the oldest first.
 *
 * @param key  only this key; NULL: all
 * @return CLOUD_OK; CLOUD_EJOURNAL
 */
CLOUD_API int cloud_journal_list(struct cloud_journal *journal, const char *key,
                                 cloud_journal_entry_fn each, void *user_data,
                                 struct cloud_error *err);

/** The result of resolving: how many entries that were not settled before are settled now. */
struct cloud_journal_summary {
    size_t applied, not_applied, unknown;
    size_t elsewhere; /* not settled, but of other accounts, regions or providers, or owned by a
                         process that is alive */
};

/**
 * Settles entries whose call was interrupted or got no reply. The evidence is the vendor's client
 * token, the fingerprint of the key, the order (searched in the vendor's list when its number is
 * not known), and expiry, size and disk size before and after. That nothing is visible counts only
 * when the request cannot arrive any more and the vendor had time to show it: 15 minutes and lag_s
 * after it was sent, by the vendor's clock.
 *
 * It repeats what can be repeated without a second charge: a create whose client token the vendor
 * still knows, turning automatic renewal on. It completes what was done in part: disks are renewed
 * with their instance, a system disk is attached again.
 *
 * @param client       its account and region only are looked at
 * @param key          NULL: all
 * @param each         receives every entry that was looked at, in its new state; may be NULL
 * @param ret_summary  may be NULL
 * @return CLOUD_OK, also when entries stay unknown; a failure to look at one entry becomes its
 *         reason. CLOUD_EJOURNAL
 */
CLOUD_API int cloud_journal_resolve(struct cloud_journal *journal, struct cloud_client *client,
                                    const char *key, cloud_journal_entry_fn each, void *user_data,
                                    struct cloud_journal_summary *ret_summary,
                                    struct cloud_error *err);

/**
 * Settles an unknown outcome by the decision of a person, when no evidence can. The person looks
 * at the vendor's console and its list of orders first, as the reason of the entry says. It sends
 * nothing. The audit records it as a decision.
 *
 * @param state  CLOUD_JOURNAL_APPLIED or CLOUD_JOURNAL_NOT_APPLIED
 * @param ids    of what was bought, separated by commas, if it was applied; NULL: as they are
 * @param note   what was seen; written to the entry and the audit with options->who. Not NULL, not
 *               ""
 * @return CLOUD_OK; CLOUD_ENOTFOUND: no such key; CLOUD_ESTATE: it is settled, in progress or not
 *         resolved yet, or "not applied" is given before 15 minutes and lag_s have passed by the
 *         clock of this machine; CLOUD_EJOURNAL
 */
CLOUD_API int cloud_journal_settle(struct cloud_journal *journal, const char *key,
                                   enum cloud_journal_state state, const char *ids,
                                   const char *note, struct cloud_error *err);

/** The kinds of findings of a report. */
enum cloud_finding_kind {
    CLOUD_FINDING_UNSETTLED = 0, /* intent, sent or unknown: resolve it */
    CLOUD_FINDING_MISSED,        /* applied in the journal, but not in the cloud */
    CLOUD_FINDING_DUPLICATED,    /* more in the cloud than was bought with the key */
    CLOUD_FINDING_ORPHANED,   /* an instance with a fingerprint of which the journal has no purchase
                               */
    CLOUD_FINDING_EXPIRY,     /* the expiry is not the one after the last renewal */
    CLOUD_FINDING_FLAG,       /* automatic renewal is not as it was set */
    CLOUD_FINDING_BOTH_RENEW, /* renewed through the journal, and by the vendor's automatic renewal
                                 too */
    CLOUD_FINDING__COUNT
};

/**
 * "unsettled", "missed", "duplicated", "orphaned", "expiry", "flag", "both_renew"; NULL for any
 * other number. Static.
 */
CLOUD_API const char *cloud_finding_name(enum cloud_finding_kind kind);

/** One finding. Borrowed for the length of the callback. A string without a value is "". */
struct cloud_finding {
    enum cloud_finding_kind kind;
    const char *key;
    const char *instance_id;
    const char *message; /* one line: what is found, and what is expected */
};
/** Receives a finding. Return false to stop. It must not use the journal. */
typedef bool (*cloud_finding_fn)(const struct cloud_finding *finding, void *user_data);

/**
 * Compares the journal with the client's account and region, and reports every difference. Changes
 * nothing.
 */
CLOUD_API int cloud_journal_report(struct cloud_journal *journal, struct cloud_client *client,
                                   cloud_finding_fn each, void *user_data, struct cloud_error *err);

/** Receives one line of the audit: a JSON object without a line break. Return false to stop. */
typedef bool (*cloud_audit_fn)(const char *line, void *user_data);

/**
 * Lists the audit: one line for every spend that ended, in order. Each line has the digest of the
 * line before it ("previous"), so that a removed, added or edited line is detected.
 */
CLOUD_API int cloud_journal_audit(struct cloud_journal *journal, cloud_audit_fn each,
                                  void *user_data, struct cloud_error *err);

/**
 * Checks the whole audit against its digests and against the entries.
 *
 * @param ret_count   the number of lines; may be NULL
 * @param ret_digest  of the last line; may be NULL. Kept in another place, it reveals an audit
 *                    that was written anew
 * @return CLOUD_OK; CLOUD_EJOURNAL naming the first line that is wrong
 */
CLOUD_API int cloud_journal_verify(struct cloud_journal *journal, int64_t *ret_count,
                                   char ret_digest[CLOUD_DIGEST_MAX], struct cloud_error *err);

#ifdef __cplusplus
}
#endif

#endif
