/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One operation as a state machine: it asks for a request to be sent or a while to be waited, and does no I/O itself.
 * Retries, pages and operations of several steps live here; which retry is safe is in retry.c.
 */
#ifndef CC_CALL_H
#define CC_CALL_H

#include "core/client.h"

enum cc_next { CC_SEND, CC_WAIT, CC_DONE };

/* A part of a call: an operation of the provider's, run with the parameters it takes. */
struct cc_leg {
    enum cloud_op op;
    const struct cc_op_row *row;
};

struct cc_call {
    struct cloud_client *client;
    enum cloud_op op;
    struct cc_leg legs[4]; /* what guards ask first, then the operation itself */
    size_t leg_count, leg;
    size_t step;
    const struct cc_action *own_action; /* invoke: what was asked for, and the steps made from it */
    struct cc_step own_steps[2];
    struct cc_op_row own_row;

    struct cloud_params params; /* strings borrowed from the caller */
    const char *const *ids; /* of several instances that one request is to be for; NULL: the parameters name one */
    size_t id_count;
    struct cloud_params leg_params;
    struct cc_arena *arena;
    struct cloud_result result;
    struct cloud_error error;
    int code;
    int failed_check;
    struct cloud_error failed_story; /* of that check */
    void *scratch;
    char token[65];
    char mark[CC_MARK_MAX]; /* "": no operation key */

    struct cc_reply reply;
    struct cc_exchange exchange;
    int64_t now;         /* Unix seconds by the vendor's clock, when something happened last */
    int64_t deadline_ms; /* monotonic */
    int64_t wait_ms;     /* to be waited before the next attempt; -1: none */
    int attempt;         /* of this step, from 1 */
    int page, listing_restarts;
    uint64_t listing_digest; /* of the ids that the reading before found; 0: there was none */
    int only_page; /* of a listing: this page and no other; 0: all */
    int64_t only_total; /* what that page said of the whole */
    int64_t total; /* of a listing, as its first page said; -1: not yet */
    bool maybe_applied; /* an attempt of this step may have been applied */
    bool applied;       /* an earlier step was applied */
    bool undone;        /* the answer said that nothing was changed after all */
    bool clock_tried;   /* an attempt was repeated with a corrected clock */
    bool done;

    /* what the next call may use again: memory, and nothing else */
    struct cc_request request;
    struct cc_sign_work sign_work;
    struct cc_json_memory *json; /* of the tree that becomes the request, then of the answer's values */
};

/* Zeroed, ready for cc_call_init(); NULL when out of memory. */
struct cc_call *cc_call_new(void);
void cc_call_free(struct cc_call *call);

/* Of a call that is new or cleared: checks the parameters and makes it ready; a refusal makes it CC_DONE at once. */
void cc_call_init(struct cc_call *call, struct cloud_client *client, enum cloud_op op,
                  const struct cloud_params *params);
/* The same for one question about many instances, or one change to them: params->instance_id is not asked for. */
void cc_call_init_many(struct cc_call *call, struct cloud_client *client, enum cloud_op op,
                       const struct cloud_params *params, const char *const *ids, size_t id_count);
/* The same for one page of a listing. */
void cc_call_init_page(struct cc_call *call, struct cloud_client *client, enum cloud_op op,
                       const struct cloud_params *params, int page);
/* As cc_call_next(), but CC_SEND only says that a request is next: it is neither built nor signed yet. */
enum cc_next cc_call_settle(struct cc_call *call, int64_t *ret_wait_ms);
/* What to do now. CC_SEND: call->exchange is to be performed, then cc_call_feed(). CC_WAIT: *ret_wait_ms, then ask again. */
enum cc_next cc_call_next(struct cc_call *call, int64_t *ret_wait_ms);
/* The exchange has ended. */
void cc_call_feed(struct cc_call *call);
/* Hands over result (may be NULL) and error (may be NULL); the code. The call is then to be cleared. */
int cc_call_take(struct cc_call *call, struct cloud_result *ret_result, struct cloud_error *err);
/* Ready for another cc_call_init(): keeps memory, wiped. */
void cc_call_clear(struct cc_call *call);
/* Ends it before it is done. @sent: its request is on its way, and nobody will see the answer. */
void cc_call_cancel(struct cc_call *call, int code, bool sent, const char *why);

/* what the current step does to the world; a step of a reading operation only reads */
enum cloud_effect cc_call_effect(const struct cc_call *call);
const struct cc_step *cc_call_step(const struct cc_call *call);
/* ends the call; the story is in call->error */
void cc_call_fail(struct cc_call *call, int code);

/* retry.c: after a failure of the current step, told in call->error: tries again (returns true) or not */
bool cc_retry(struct cc_call *call, int code);
/* retry.c: whether a failed attempt of a changing step may have been applied all the same */
bool cc_may_be_applied(const struct cc_call *call, int code);

/* paging.c: adds the page to the parameters; judges what a page brought: *ret_more says whether another follows */
void cc_page_ask(struct cc_call *call, struct cc_hook *hook);
int cc_page_judge(struct cc_call *call, const struct cc_envelope *envelope, const struct cc_value *root, bool *ret_more);

/* makes a secret unreadable where the error holds it */
void cc_call_scrub(struct cc_call *call, const char *secret);
/* invoke.c: the same for every password in the caller's JSON */
void cc_invoke_scrub(struct cc_call *call);
/* invoke.c: the step of an action in the vendor's own words */
int cc_invoke_prepare(struct cc_call *call);

/* guards.c: what must be asked before (legs), and what it must have said */
void cc_guards_plan(struct cc_call *call);
int cc_guards_judge(struct cc_call *call, enum cloud_op asked);

#endif
