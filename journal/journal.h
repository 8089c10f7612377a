/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the journal share: the journal itself, an entry (one attempt at one key), and
 * who does what. */
#ifndef CC_JOURNAL_H
#define CC_JOURNAL_H

#include "include/cloud_journal.h"
#include "journal/store/store.h"

#define CC_OWNER_MAX 160

struct cloud_journal {
    struct cc_store *store;
    char *who;
    int lease_s, lag_s, wait_ms;
    char owner[CC_OWNER_MAX];      /* this journal of this process */
    char secret[CLOUD_DIGEST_MAX]; /* of the store: what secrets are digested with */
};

/* One attempt. Strings live in the arena, and are never NULL. */
struct cc_entry {
    struct cc_arena *arena;
    int64_t id;
    const char *key;
    int64_t attempt;
    const char *provider, *account, *region, *op, *instance_id, *params, *who;
    int64_t written_at;
    /* from here on it changes */
    const char *state;
    const char *owner;     /* who works at it; "": nobody */
    int64_t fencing_token; /* grows when it changes hands: an old hand cannot write any more */
    int64_t lease_ms;      /* until when, Unix milliseconds by the store's clock */
    const char *before;    /* what was there before, lines as in lines.c; and orders, work.c */
    int64_t sent_at;       /* 0: never */
    int64_t sent_by;       /* 1: by the vendor's clock, 0: by ours */
    int64_t looked_at;     /* first look for evidence, the vendor's clock; 0: none */
    int64_t ended_at;
    const char *reason, *warning, *ids, *task_id, *order_id, *request_id;
    int64_t micros;
    const char *currency;
    int64_t expires_before, expires_after;
    int64_t audited; /* its line of the audit; 0: not yet */

    int64_t now_ms; /* when it was read, by the store's clock */
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

/* entries.c: the statements */
int cc_entries_prepare(struct cloud_journal *journal, struct cloud_error *err);
int cc_entries_begin(struct cloud_journal *journal, struct cloud_error *err);
/* commits when @rc is CLOUD_OK, else rolls back; the code of the whole */
int cc_entries_end(struct cloud_journal *journal, int rc, struct cloud_error *err);
/* the last attempt at a key; entry->id is 0 when there is none. Locks it until the transaction
 * ends */
int cc_entries_last(struct cloud_journal *journal, const char *key, struct cc_entry *ret,
                    struct cloud_error *err);
/* the attempt under way of @like's instance; as above */
int cc_entries_busy(struct cloud_journal *journal, const struct cc_entry *like,
                    struct cc_entry *ret, struct cloud_error *err);
/* the last attempt before @like at its instance by its operation, that was @applied or whatever
 * became of it; id 0: none */
int cc_entries_before(struct cloud_journal *journal, const struct cc_entry *like, bool applied,
                      struct cc_entry *ret, struct cloud_error *err);
/* the next unsettled one behind @after that is free, or belongs to a worker that is gone */
int cc_entries_next(struct cloud_journal *journal, int64_t after, struct cc_entry *ret,
                    struct cloud_error *err);
/* false in *ret_done when another was faster: the same key, or the same instance */
int cc_entries_insert(struct cloud_journal *journal, struct cc_entry *entry, bool *ret_done,
                      struct cloud_error *err);
/* makes the entry ours */
int cc_entries_take(struct cloud_journal *journal, struct cc_entry *entry, struct cloud_error *err);
/* writes all that changes, and holds the lease or lets it go; CLOUD_ECONFLICT when it is not ours
 * any more */
int cc_entries_save(struct cloud_journal *journal, struct cc_entry *entry, bool hold,
                    struct cloud_error *err);
/* every entry by id, or those of a key; stops when @each says so */
typedef int (*cc_entry_fn)(struct cloud_journal *journal, struct cc_entry *entry, void *user_data,
                           struct cloud_error *err);
int cc_entries_each(struct cloud_journal *journal, const char *key, cc_entry_fn each,
                    void *user_data, struct cloud_error *err);
/* named values of the store's own */
int cc_meta_get(struct cloud_journal *journal, const char *name, char *ret, size_t size,
                struct cloud_error *err);
int cc_meta_put(struct cloud_journal *journal, const char *name, const char *value,
                struct cloud_error *err);

/* owner.c: who works at an entry, and whether he is gone */
int cc_owner_name(char ret_name[CC_OWNER_MAX], struct cloud_error *err);
bool cc_owner_gone(const char *ours, const char *theirs);
/* nobody works at it, or nobody can */
bool cc_entry_free(const struct cloud_journal *journal, const struct cc_entry *entry);

/* lines.c: named values as text, a line each */
void cc_kv_add(struct cc_buf *lines, const char *name, const char *value);
void cc_kv_add_number(struct cc_buf *lines, const char *name, int64_t value);
/* the n-th line whose name begins with @name, its value unescaped; NULL past the last. @ret_rest:
 * of the name */
const char *cc_kv_find(struct cc_arena *arena, const char *lines, const char *name, size_t n,
                       const char **ret_rest);
int64_t cc_kv_number(const char *lines, const char *name); /* 0: none */
/* the parameters as lines, secrets as digests; the caller frees */
int cc_params_to_kv(const struct cloud_journal *journal, const struct cloud_params *params,
                    char **ret_kv, struct cloud_error *err);
/* back from lines, those whose bit is in @mask; strings in the arena. *ret_secret: one was a
 * digest, and left out */
int cc_params_from_kv(struct cc_arena *arena, const char *lines, uint64_t mask,
                      struct cloud_params *ret_params, bool *ret_secret, struct cloud_error *err);
/* the name of the first parameter that differs, guards aside; NULL: none. @ret_name needs 64 bytes
 */
const char *cc_params_differ(const char *a, const char *b, char ret_name[64]);

/* quote.c: 0 in ret_micros when there is none */
int cc_quote_check(struct cloud_journal *journal, const struct cc_entry *wanted, int64_t now,
                   struct cloud_money *ret_most, struct cloud_error *err);

/* spend.c: one call that spends, held to its entry */
/* cloud_call() with @hook asked before anything is changed, and after it the hook that the client
 * has */
int cc_call_asking(struct cloud_client *client, cloud_change_fn hook, void *hook_data,
                   enum cloud_op op, const struct cloud_params *params,
                   struct cloud_result *ret_result, struct cloud_error *err);
struct cc_send {
    struct cloud_journal *journal;
    struct cloud_client *client;
    struct cc_entry *entry;
    bool sent;     /* a request may have left */
    bool answered; /* the vendor had answered this client before: the key is good */
};
/* calls @op with the entry's state following what leaves; the record's state is set from the
 * outcome, but not saved */
int cc_send_call(struct cc_send *spend, enum cloud_op op, const struct cloud_params *params,
                 struct cloud_result *ret_result, struct cloud_error *err);
/* keeps what a result tells in the entry */
int cc_send_keep(struct cc_entry *entry, const struct cloud_result *result,
                 struct cloud_error *err);

#define CC_SIGNATURE_LIFE_S 900 /* both vendors refuse an older one */
/* evidence.c: what is there now, and what that says of the entry; judging sets its state and
 * reason */
struct cc_case {
    struct cloud_journal *journal;
    struct cloud_client *client;
    struct cc_entry *entry;
    const struct cloud_params *params; /* whole, from the caller; NULL: what the entry has */
};
int cc_evidence_before(struct cc_case *c, struct cloud_error *err);
int cc_evidence_judge(struct cc_case *c, struct cloud_error *err);
void cc_evidence_after(struct cc_case *c); /* expires_after, as far as it shows */
/* whether the vendor's own automatic renewal is on, asking where the instance does not tell */
bool cc_vendor_renews(struct cloud_client *client, const struct cloud_instance *instance);
bool cc_case_in_time(struct cc_case *c); /* what is not to be seen now was not done */
int cc_case_verdict(struct cc_case *c, enum cloud_journal_state state, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
int cc_case_applied(struct cc_case *c);
/* the instance of the entry, alone in the result */
int cc_case_instance(struct cc_case *c, struct cloud_result *ret_result, struct cloud_error *err);
/* past.c: makes of an instance as the vendor shows it what it is after the operation before this
 * one. *ret_hidden: there was a difference; texts are @ret_before's */
#define CC_ESTIMATE_S (4 * INT64_C(86400)) /* as far as vendors' calendars may differ from ours */
int cc_pending_effects_show(struct cc_case *c, struct cc_entry *ret_before,
                            struct cloud_instance *instance, bool *ret_hidden,
                            struct cloud_error *err);

/* work.c: what an order, an event or a task says of itself */
enum cc_vendor_task_state {
    CC_VENDOR_TASK_NONE, /* there is none, or its number is not known */
    CC_VENDOR_TASK_OPEN, /* neither done nor failed yet */
    CC_VENDOR_TASK_DONE,
    CC_VENDOR_TASK_FAILED,  /* wholly or in part */
    CC_VENDOR_TASK_UNKNOWN, /* the vendor does not tell, or in a word nobody knows */
    CC_VENDOR_TASK_MAYBE    /* it may be another's: cc_order_search() only */
};
struct cc_vendor_task { /* strings are the entry's */
    enum cc_vendor_task_state state;
    const char *id;
    const char *says; /* the vendor's word, or why it does not tell */
    const char *ids;  /* of what was made, parted by commas */
};
int cc_vendor_task_look(struct cc_case *c, const char *id, struct cc_vendor_task *ret,
                        struct cloud_error *err);
/* the products that JD Cloud renews by an order each */
#define CC_VM "vm"
#define CC_DISK "disk"
/* the number of the last order of a product; "": not known */
const char *cc_order_of(struct cc_entry *entry, const char *product);
/* keeps it; "": another was sent, and not answered yet */
int cc_order_keep(struct cc_entry *entry, const char *product, const char *number,
                  struct cloud_error *err);
/* keeps the numbers that a renewal was answered with so far, parted by commas; NULL is fine */
int cc_orders_keep(struct cc_entry *entry, const char *numbers, struct cloud_error *err);

/* orders.c: looks for the last order of a product, whose number is not known, in the vendor's list.
 * What is ours for sure is kept, and told as cc_vendor_task_look() does; CC_VENDOR_TASK_MAYBE names
 * those that may be; CC_VENDOR_TASK_NONE says nothing but, in @ret->says, why it was not looked for
 * to the end */
int cc_order_search(struct cc_case *c, const char *product, struct cc_vendor_task *ret,
                    struct cloud_error *err);

/* evidence_create.c, evidence_renew.c, evidence_change.c */
int cc_judge_create(struct cc_case *c, struct cloud_error *err);
int cc_judge_renew(struct cc_case *c, struct cloud_error *err);
/* whether the vendor's automatic renewal is on and may have renewed by then */
bool cc_vendor_may_renew(const struct cc_entry *entry, int64_t by);
int cc_judge_upgrade(struct cc_case *c, struct cloud_error *err);
bool cc_instance_has_fingerprint(const struct cloud_instance *instance, const char *mark);

/* resolve.c: judges an entry that is ours, and saves it */
int cc_resolve_one(struct cc_case *c, struct cloud_error *err);

/* audit.c: ends an entry: its final state and its line of the audit, in one transaction */
int cc_audit_end(struct cloud_journal *journal, struct cc_entry *entry, struct cloud_error *err);

/* journal.c */
struct cloud_journal_entry cc_entry_public(const struct cc_entry *entry);
int64_t cc_wall_time(void); /* Unix seconds */
/* fills provider, account and region */
int cc_entry_place(struct cc_entry *entry, const struct cloud_client *client,
                   struct cloud_error *err);

#endif
