/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the call: a state machine that runs one operation. It does no I/O; its driver sends the
 * requests and waits. The structure has parts. Each part is written by one file, which its comment
 * names, and is read by all. The functions of each file follow.
 */
#ifndef CC_CALL_H
#define CC_CALL_H

#include "core/base/id_set.h"
#include "core/engine/client.h"

#define CC_NO_WAIT (-1)
#define CC_LISTING_TEXT_MAX 112

enum cc_next { CC_SEND, CC_WAIT, CC_DONE };

/* How a call differs from a plain call of its operation; all zero: it does not. */
struct cc_call_options {
    const char *const *ids; /* instances for one request, in place of params->instance_id */
    size_t id_count;
    int page;            /* of a listing: only this page; 0: all pages */
    int page_size;       /* of that page; 0: the provider's */
    int64_t deadline_ms; /* monotonic; 0: from the client's timeout */
    int timeout_ms;      /* of deadline_ms, as it was configured, for messages */
};

/* One operation of the provider inside a call, with the row it runs. */
struct cc_stage {
    enum cloud_op op;
    const struct cc_op_row *row;
};

/* preconditions.c: the stages in order. The preconditions come first, the operation itself is last.
 */
struct cc_call_plan {
    struct cc_stage stages[4];
    size_t count;
};

/* steps.c: where the call is in its plan. */
struct cc_progress {
    const struct cc_stage *stage;
    size_t step;
    struct cloud_params params; /* of the stage; hooks may change them */
    void *scratch;              /* of the stage's row */
    int64_t wait_ms;            /* before the next request; CC_NO_WAIT: none */
};

/* attempt.c: the request that is sent, and its reply. */
struct cc_attempt {
    struct cc_exchange exchange; /* .user belongs to the driver */
    struct cc_reply reply;       /* filled by the transport */
    enum cc_proof proof;         /* of a failed attempt that was answered */
    const char **ids;            /* answered_id.c: what an answer about one thing must be about */
    size_t id_count;
    int code; /* of the refusal or failure that the reply is */
};

/* retry.c */
struct cc_retry {
    int failures;         /* attempts of this step that failed and are repeated */
    char last[160];       /* the last of all failures that were repeated; "": none */
    bool clock_corrected; /* an attempt was repeated with a corrected clock */
    int64_t server_ms;    /* Retry-After of the last failed attempt; 0: none */
};

/* The size of the whole listing, as a page reports it; -1: it does not. */
struct cc_totals {
    int64_t elements;
    int64_t pages;
};

/* paging.c: the listing that the current step reads. */
struct cc_listing {
    int page;                /* from 1 */
    int size;                /* of a page: as requested, or what the server gives at most */
    int restarts;            /* of the whole call */
    uint64_t digest;         /* of the ids that the previous reading found; 0: there was none */
    uint64_t failed_digest;  /* of the previous reading that did not add up; 0: there was none */
    size_t before;           /* elements of the earlier pages */
    struct cc_totals totals; /* as the last page reported */
    struct cc_totals first;  /* as the first page of this reading reported */
    size_t first_count;      /* elements on the first page */
    struct cc_id_set ids;    /* of this reading */
};

/* outcome.c: what is known of the changes, and how the call ended. */
struct cc_outcome {
    bool done;
    bool maybe_applied;              /* an attempt of this step may have been applied */
    bool applied;                    /* an earlier step was applied */
    struct cloud_error failed_check; /* of a dry run: the first check that failed; code 0: none */
};

/* invoke.c: the row and the steps made from an action of the catalogue: its guard and itself. */
struct cc_invoke {
    struct cc_op_row row;
    struct cc_step steps[2];
};

/* attempt.c: memory that the next call uses again. Nothing else survives cc_call_clear(). */
struct cc_reuse {
    struct cc_request request;
    struct cc_sign_work sign_work;
};

struct cc_call {
    /* call.c: the request of the caller */
    struct cloud_client *client;
    enum cloud_op op;
    struct cloud_params params; /* strings borrowed from the caller */
    struct cc_call_options options;
    char token[65];
    char mark[CLOUD_MARK_MAX]; /* fingerprint of the operation key; "": no key */
    unsigned forks;            /* cc_fork_count() of the process that it belongs to */
    int64_t now;               /* Unix seconds by the vendor's clock, at the last event */

    /* all files, field rows and hooks: the failure that is being reported, and the result so far */
    struct cc_arena *arena;
    struct cloud_result result;
    struct cloud_error error;

    struct cc_call_plan plan;
    struct cc_progress progress;
    struct cc_attempt attempt;
    struct cc_retry retry;
    struct cc_listing listing;
    struct cc_outcome outcome;
    struct cc_invoke invoke;
    struct cc_reuse reuse; /* last: cc_call_init() zeroes everything before it */
};

/* for the drivers of calls */

/* Zeroed, ready for cc_call_init(); NULL when out of memory. */
struct cc_call *cc_call_new(void);
void cc_call_free(struct cc_call *call);
/*
 * Checks the parameters and prepares the call, which is new or cleared. A call that is refused is
 * CC_DONE at once. @options may be NULL; its ids are borrowed until the call is cleared.
 */
void cc_call_init(struct cc_call *call, struct cloud_client *client, enum cloud_op op,
                  const struct cloud_params *params, const struct cc_call_options *options);
/* Keeps memory, wiped, for the next cc_call_init(). */
void cc_call_clear(struct cc_call *call);

/* steps.c: as cc_call_next(), but CC_SEND comes before the request is built and signed. */
enum cc_next cc_call_advance(struct cc_call *call, int64_t *ret_wait_ms);
/*
 * steps.c: CC_SEND: perform call->attempt.exchange, then call cc_call_feed().
 * CC_WAIT: wait for *ret_wait_ms, then call this function again.
 */
enum cc_next cc_call_next(struct cc_call *call, int64_t *ret_wait_ms);
/* steps.c: reads the reply after the exchange has ended. */
void cc_call_feed(struct cc_call *call);
/* attempt.c: writes a reply that says that the exchange could not be started. */
void cc_attempt_unsent(struct cc_call *call, int code, const char *reason);

/*
 * outcome.c: moves the result and copies the error, each may be NULL; returns the code. Clear the
 * call afterwards.
 */
int cc_call_take(struct cc_call *call, struct cloud_result *ret_result, struct cloud_error *err);
/* outcome.c: ends a call early. @sent: its request is in flight, and its reply is not read. */
void cc_call_cancel(struct cc_call *call, int code, bool sent, const char *why);

/* call.c */

/* what the current step changes at the vendor; a step of a reading operation only reads */
enum cloud_effect cc_call_effect(const struct cc_call *call);
/* until the deadline; may be negative */
int64_t cc_call_left_ms(const struct cc_call *call);
/* the time that the whole call has, as it was configured: messages never state the rest of it */
int cc_call_timeout_ms(const struct cc_call *call);
/* fails with CLOUD_ETIMEDOUT because the deadline has passed; the message has the last failure */
int cc_call_fail_deadline(struct cc_call *call);
/* sets call->now: hooks and signatures of one event see one time */
void cc_call_read_clock(struct cc_call *call);
struct cc_hook cc_call_hook(struct cc_call *call);

/* steps.c */

const struct cc_step *cc_call_step(const struct cc_call *call);
/* enters the first stage of the plan */
void cc_call_start(struct cc_call *call);

/* attempt.c */

/* builds and signs the request of the current step */
int cc_attempt_begin(struct cc_call *call);
/*
 * Reads the reply's envelope: CLOUD_OK, or the code of the refusal or failure, in call->error. The
 * envelope points into *ret_doc, which the caller frees; NULL when the reply has no JSON.
 */
int cc_attempt_end(struct cc_call *call, struct cc_doc **ret_doc, struct cc_envelope *ret_envelope);
/* adds request id and HTTP status of the reply to call->error */
void cc_attempt_note(struct cc_call *call, const struct cc_envelope *envelope);

/* answered_id.c */

/* keeps the ids that the parameters at @root ask for; false when out of memory */
bool cc_answered_id_expect(struct cc_call *call, const struct cc_step *step, struct cc_node *root);
/* CLOUD_EPROTOCOL when the answer is about another id */
int cc_answered_id_check(struct cc_call *call, const struct cc_step *step,
                         const struct cc_envelope *envelope);

/* named_parameter.c: sets error.parameter when the vendor's message names one */
void cc_name_parameter(struct cc_call *call);

/* retry.c */

/* after a failed attempt: how long to wait before the next; CC_NO_WAIT: do not repeat it */
int64_t cc_retry_wait_ms(struct cc_call *call, int code);
/* the last attempt of this step has ended, with @code */
void cc_retry_end(struct cc_call *call, int code);
/* number of the current attempt of this step, from 1 */
int cc_retry_attempt(const struct cc_call *call);
/* whether the vendor may have applied a failed attempt of a changing step */
bool cc_may_be_applied(const struct cc_call *call);

/* paging.c */

/* a step begins: its listing is read from the first page, or the only one */
void cc_listing_begin(struct cc_call *call);
/* frees memory */
void cc_listing_clear(struct cc_listing *listing);
/* adds the page's number and size to the request */
void cc_listing_add_page(const struct cc_call *call, struct cc_hook *hook);
/* reads the totals of a reply, before its fields are read */
int cc_listing_begin_page(struct cc_call *call, const struct cc_envelope *envelope);
/* whether the reply reports that the listing has no element */
bool cc_listing_is_empty(const struct cc_listing *listing);
/* checks the listing after a page was added to the result; *ret_more: another page must be read */
int cc_listing_end_page(struct cc_call *call, bool *ret_more);
/*
 * Of a listing whose first page has @first_count elements. The size of the server's pages: a server
 * may give fewer than @size. The number of its pages, at least 1.
 */
int cc_listing_size(const struct cc_paging *paging, const struct cc_totals *totals,
                    size_t first_count);
int64_t cc_listing_pages(const struct cc_paging *paging, const struct cc_totals *totals, int size);
/* "page 1 holds 50 of 100 asked for, total 120" */
const char *cc_listing_describe(const struct cc_paging *paging, const struct cc_totals *totals,
                                size_t first_count, char ret_text[CC_LISTING_TEXT_MAX]);

/* preconditions.c */

/* plans the stages of the call */
void cc_preconditions_plan(struct cc_call *call);
/*
 * Checks the result of a stage: a price is known, not negative and in the provider's currency. A
 * stage that is not the operation itself is compared with the precondition that needed it.
 */
int cc_preconditions_check(struct cc_call *call, enum cloud_op op);

/* invoke.c */

/* makes the step of an action of the catalogue */
int cc_invoke_prepare(struct cc_call *call);
enum cloud_effect cc_invoke_effect(const struct cc_call *call);
/* cc_call_scrub() for every password in the caller's JSON */
void cc_invoke_scrub(struct cc_call *call);

/* outcome.c */

/* ends the call; its message is in call->error */
void cc_call_fail(struct cc_call *call, int code);
void cc_call_succeed(struct cc_call *call);
/* overwrites a secret where call->error repeats it */
void cc_call_scrub(struct cc_call *call, const char *secret);
/* the same for the secrets of client and parameters */
void cc_call_scrub_all(struct cc_call *call);
/* an attempt of the current step failed */
void cc_outcome_attempt_failed(struct cc_call *call);
/*
 * The vendor processed a step. @changes: it changes something; @code: of reading the answer;
 * @undone: the answer says that nothing was changed.
 */
void cc_outcome_step_processed(struct cc_call *call, bool changes, int code, bool undone);
/* a check of a dry run failed: keeps call->error, which later steps clear */
void cc_outcome_check_failed(struct cc_call *call, int code);

#endif
