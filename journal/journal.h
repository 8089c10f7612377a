/* SPDX-License-Identifier: Apache-2.0 */
/* Declares what the files of the journal share: the journal, an entry (one attempt at one key), and
 * the functions of each file. */
#ifndef CC_JOURNAL_H
#define CC_JOURNAL_H

#include "core/base/arguments.h"
#include "include/cloud_journal.h"
#include "journal/store/store.h"

#define CC_OWNER_MAX 160

struct cloud_journal {
    struct cc_store *store;
    char *who;
    int lease_s, lag_s, wait_ms;
    unsigned forks;                /* cc_fork_count() of the process that opened it */
    char owner[CC_OWNER_MAX];      /* this journal of this process; see owner.c */
    char secret[CLOUD_DIGEST_MAX]; /* of the store: the key of the digests of secrets */
};

/* One attempt at a key. The strings are in the arena and are never NULL. */
struct cc_entry {
    struct cc_arena *arena;
    int64_t id;
    const char *key;
    int64_t attempt;
    const char *provider, *account, *region, *op, *instance_id, *params, *who;
    int64_t written_at;
    /* the members from here on change */
    const char *state;
    const char *owner;     /* the journal that works on it; "": none */
    int64_t fencing_token; /* rises with every owner, so a stale owner's write is rejected */
    int64_t lease_ms;      /* the end of the lease: Unix milliseconds by the store's clock */
    const char *before;    /* the observation before sending, as kv text (kv_text.c), and the orders
                              (vendor_task.c) */
    int64_t sent_at;       /* 0: never */
    int64_t sent_by;       /* 1: by the vendor's clock, 0: by ours */
    int64_t looked_at;     /* first look for evidence, by the vendor's clock; 0: none */
    int64_t ended_at;
    const char *reason, *warning, *ids, *task_id, *order_id, *request_id;
    int64_t micros;
    const char *currency;
    int64_t expires_before, expires_after;
    int64_t audited; /* number of its line in the audit; 0: not yet */

    int64_t now_ms; /* time of reading it, by the store's clock */
};
#define cc_auto_entry __attribute__((cleanup(cc_entry_clear)))
void cc_entry_clear(struct cc_entry *entry);
/* empty texts, no numbers; false when out of memory */
bool cc_entry_init(struct cc_entry *entry);
/* sets a text of the entry; false when out of memory (then it is "") */
bool cc_entry_text(struct cc_entry *entry, const char **member, const char *text);
bool cc_entry_is(const struct cc_entry *entry, enum cloud_journal_state state);
bool cc_entry_settled(const struct cc_entry *entry);
enum cloud_op cc_entry_op(const struct cc_entry *entry);

/* store/entries.c: the SQL statements */
int cc_entries_prepare(struct cloud_journal *journal, struct cloud_error *err);
int cc_entries_begin(struct cloud_journal *journal, struct cloud_error *err);
/* commits when @rc is CLOUD_OK, else rolls back; returns @rc or the error of the commit */
int cc_entries_end(struct cloud_journal *journal, int rc, struct cloud_error *err);
/* Reads the last attempt at a key and locks it until the transaction ends. entry->id is 0 when
 * there is none. */
int cc_entries_last(struct cloud_journal *journal, const char *key, struct cc_entry *ret,
                    struct cloud_error *err);
/* reads and locks the unsettled attempt at @like's instance, in the same way */
int cc_entries_unsettled(struct cloud_journal *journal, const struct cc_entry *like,
                         struct cc_entry *ret, struct cloud_error *err);
/* Reads the last attempt before @like that is of the same operation at the same instance. @applied:
 * only one that was applied. Id 0: none. */
int cc_entries_previous(struct cloud_journal *journal, const struct cc_entry *like, bool applied,
                        struct cc_entry *ret, struct cloud_error *err);
/* reads the first entry after the id @after that is not settled or not complete */
int cc_entries_next(struct cloud_journal *journal, int64_t after, struct cc_entry *ret,
                    struct cloud_error *err);
/* *ret_done is false when another process inserted one first, for the same key or instance */
int cc_entries_insert(struct cloud_journal *journal, struct cc_entry *entry, bool *ret_done,
                      struct cloud_error *err);
/* makes this journal the owner of the entry */
int cc_entries_acquire(struct cloud_journal *journal, struct cc_entry *entry,
                       struct cloud_error *err);
/* Writes every member that changes, and renews the lease (@keep) or releases it. CLOUD_ECONFLICT
 * when this journal is not the owner any more. */
int cc_entries_save(struct cloud_journal *journal, struct cc_entry *entry, bool keep,
                    struct cloud_error *err);
/* Calls @each with every entry, or with those of a key, by rising id. Stops when @each fails. */
typedef int (*cc_entry_fn)(struct cloud_journal *journal, struct cc_entry *entry, void *user_data,
                           struct cloud_error *err);
int cc_entries_each(struct cloud_journal *journal, const char *key, cc_entry_fn each,
                    void *user_data, struct cloud_error *err);
/* named values of the store itself */
int cc_meta_get(struct cloud_journal *journal, const char *name, char *ret, size_t size,
                struct cloud_error *err);
int cc_meta_put(struct cloud_journal *journal, const char *name, const char *value,
                struct cloud_error *err);

/* owner.c: the name of an owner, and whether its process has exited */
int cc_owner_name(char ret_name[CC_OWNER_MAX], struct cloud_error *err);
bool cc_owner_has_exited(const char *ours, const char *theirs);
/* whether the entry has no owner, or one whose lease or process has ended */
bool cc_entry_is_available(const struct cloud_journal *journal, const struct cc_entry *entry);

/* kv_text.c: named values as text, a line each */
void cc_kv_add(struct cc_buf *kv, const char *name, const char *value);
void cc_kv_add_number(struct cc_buf *kv, const char *name, int64_t value);
/* Returns the value, unescaped, of the n-th line whose name begins with @name; NULL after the last.
 * *ret_rest is the rest of the name; with NULL the name must be equal to @name. */
const char *cc_kv_find(struct cc_arena *arena, const char *kv, const char *name, size_t n,
                       const char **ret_rest);
int64_t cc_kv_number(const char *kv, const char *name); /* 0: none */
/* writes the parameters as kv text, secrets as digests; the caller frees it */
int cc_params_to_kv(const struct cloud_journal *journal, const struct cloud_params *params,
                    char **ret_kv, struct cloud_error *err);
/* Reads the parameters whose bit is in @mask from kv text; their strings are in the arena.
 * *ret_secret: one of them was a digest and is left out. */
int cc_params_from_kv(struct cc_arena *arena, const char *kv, uint64_t mask,
                      struct cloud_params *ret_params, bool *ret_secret, struct cloud_error *err);
/* Returns the name of the first parameter that differs; NULL: none. Preconditions are not compared.
 * @ret_name has 64 bytes. */
const char *cc_params_differ(const char *a, const char *b, char ret_name[64]);

/* arguments.c */
/* refuses NULL, and a journal that the parent of this process opened */
int cc_need_journal(const struct cloud_journal *journal, struct cloud_error *err);
/* checks the arguments of a public function; @params and @result may be NULL */
int cc_need_for_call(const struct cloud_journal *journal, const struct cloud_client *client,
                     const struct cloud_params *params, const struct cloud_result *result,
                     struct cloud_error *err);

/* quote.c: compares the entry with the quote of its key. ret_limit->micros is 0 when there is none
 */
int cc_quote_check(struct cloud_journal *journal, const struct cc_entry *requested, int64_t now,
                   struct cloud_money *ret_limit, struct cloud_error *err);

/* claim.c: makes this journal the owner of a key's entry */
enum cc_claim {
    CC_CLAIM_OURS,    /* the entry is an intent of this journal */
    CC_CLAIM_APPLIED, /* the key was applied: the entry has the result */
    CC_CLAIM_STALE,   /* an entry without a live owner, perhaps sent; this journal must settle it */
    CC_CLAIM_BUSY     /* another owner works on it and is alive, as far as can be seen */
};
int cc_claim(struct cloud_journal *journal, const struct cc_entry *requested,
             struct cc_entry *ret_entry, enum cc_claim *ret, struct cloud_error *err);

/* send.c: one call that changes something, with its entry kept up to date */
/* cloud_call() that calls @hook before anything is changed, and then the hook of the client */
int cc_call_with_hook(struct cloud_client *client, cloud_change_fn hook, void *hook_data,
                      enum cloud_op op, const struct cloud_params *params,
                      struct cloud_result *ret_result, struct cloud_error *err);
struct cc_send {
    struct cloud_journal *journal;
    struct cloud_client *client;
    struct cc_entry *entry;
    bool sent;     /* a request may have been sent */
    bool answered; /* the vendor had answered this client before: the access key is valid */
};
/* Calls @op. The entry is saved as "sent" before each request that changes something. Its state is
 * set from the outcome at the end, but is not saved then. */
int cc_send_call(struct cc_send *send, enum cloud_op op, const struct cloud_params *params,
                 struct cloud_result *ret_result, struct cloud_error *err);
/* copies ids, numbers and price of a result to the entry */
int cc_entry_add_result(struct cc_entry *entry, const struct cloud_result *result,
                        struct cloud_error *err);

#define CC_SIGNATURE_LIFE_S 900 /* both vendors refuse a signature that is older */

/* An entry that is being settled, and the client to look with. */
struct cc_settlement {
    struct cloud_journal *journal;
    struct cloud_client *client;
    struct cc_entry *entry;
    const struct cloud_params *params; /* all of them, from the caller; NULL: those of the entry */
};

/* settle/evidence.c: decides the state of an entry from the evidence, and gives the reason */
int cc_evidence_settle(struct cc_settlement *s, struct cloud_error *err);
/* whether an effect that is not visible now will never be visible */
bool cc_absence_is_evidence(struct cc_settlement *s);
/* sets the state of the entry and its reason; returns CLOUD_OK */
int cc_settlement_decide(struct cc_settlement *s, enum cloud_journal_state state,
                         const char *format, ...) __attribute__((format(printf, 3, 4)));
int cc_settlement_applied(struct cc_settlement *s);
/* the reason "resolve again in N minutes" uses: minutes until absence is evidence, at most */
int cc_settlement_wait_minutes(const struct cc_settlement *s);
/* reads the instance of the entry, the only one in the result */
int cc_settlement_instance(struct cc_settlement *s, struct cloud_result *ret_result,
                           struct cloud_error *err);
/* settle/evidence_create.c, evidence_renew.c, evidence_upgrade.c */
int cc_settle_create(struct cc_settlement *s, struct cloud_error *err);
int cc_settle_renew(struct cc_settlement *s, struct cloud_error *err);
int cc_settle_upgrade(struct cc_settlement *s, struct cloud_error *err);
/* whether the vendor's automatic renewal is on and may have renewed by the time @by */
bool cc_auto_renew_may_have_run(const struct cc_entry *entry, int64_t by);
bool cc_instance_has_fingerprint(const struct cloud_instance *instance, const char *fingerprint);

/* settle/observe.c: reads the instance and the price before sending, and the expiry afterwards */
int cc_observe_before(struct cc_settlement *s, struct cloud_error *err);
/* sets expires_after, if the vendor shows it already */
void cc_observe_after(struct cc_settlement *s);
/* whether the vendor's automatic renewal is on; asks the vendor when the instance does not say it
 */
bool cc_auto_renew_is_on(struct cloud_client *client, const struct cloud_instance *instance);
/* whether the expiry of the instance or of one of its disks is unreadable */
bool cc_expiry_is_unreadable(const struct cloud_instance *instance);

/* settle/pending_effects.c: applies the effects of the previous operation of the entry's instance
 * that the vendor does not show yet. *ret_hidden: there were such effects. The texts are of
 * @ret_previous. */
#define CC_CALENDAR_TOLERANCE_S \
    (4 * INT64_C(86400)) /* how far a vendor's calendar may differ from ours */
int cc_pending_effects_apply(struct cc_settlement *s, struct cc_entry *ret_previous,
                             struct cloud_instance *instance, bool *ret_hidden,
                             struct cloud_error *err);

/* settle/vendor_task.c: the state of an order, an event or a task of the vendor */
enum cc_vendor_task_state {
    CC_VENDOR_TASK_NONE, /* there is none, or its number is not known */
    CC_VENDOR_TASK_OPEN, /* neither done nor failed yet */
    CC_VENDOR_TASK_DONE,
    CC_VENDOR_TASK_FAILED,   /* all or a part of it */
    CC_VENDOR_TASK_UNKNOWN,  /* the vendor does not report it, or reports an unknown state */
    CC_VENDOR_TASK_AMBIGUOUS /* it may be an order of another renewal: cc_order_search() only */
};
struct cc_vendor_task { /* the strings are in the entry's arena */
    enum cc_vendor_task_state state;
    const char *id;
    const char *vendor_state; /* or why it is not known */
    const char *ids;          /* of what was created, separated by commas */
};
int cc_vendor_task_read(struct cc_settlement *s, const char *id, struct cc_vendor_task *ret,
                        struct cloud_error *err);
/* the products that JD Cloud renews with an order each */
#define CC_VM "vm"
#define CC_DISK "disk"
/* the number of the last order of a product; "": not known */
const char *cc_order_last(struct cc_entry *entry, const char *product);
/* adds an order to the entry; "": another order was sent and is not answered yet */
int cc_order_add(struct cc_entry *entry, const char *product, const char *number,
                 struct cloud_error *err);
/* adds the numbers that answer a renewal so far, separated by commas; NULL is allowed */
int cc_orders_add(struct cc_entry *entry, const char *numbers, struct cloud_error *err);

/* settle/renewal_orders.c: searches the vendor's list for the last order of a product whose number
 * is not known. An order that is certainly ours is added to the entry and returned as by
 * cc_vendor_task_read(). CC_VENDOR_TASK_AMBIGUOUS names the orders that may be ours.
 * CC_VENDOR_TASK_NONE proves nothing; ret->vendor_state says why the search is not complete. */
int cc_order_search(struct cc_settlement *s, const char *product, struct cc_vendor_task *ret,
                    struct cloud_error *err);

/* settle/resolve.c: settles an entry that this journal owns, and saves it */
int cc_resolve_one(struct cc_settlement *s, struct cloud_error *err);

/* audit.c: ends an entry: writes its final state and its line of the audit in one transaction */
int cc_audit_end(struct cloud_journal *journal, struct cc_entry *entry, struct cloud_error *err);

/* journal.c */
/* the entry as callers see it; it borrows the strings */
struct cloud_journal_entry cc_entry_view(const struct cc_entry *entry);
int64_t cc_wall_time(void); /* Unix seconds */
/* sets provider, account and region from the client */
int cc_entry_set_scope(struct cc_entry *entry, const struct cloud_client *client,
                       struct cloud_error *err);

#endif
