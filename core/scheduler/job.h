/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The calls of a batch, as its files share them: a job is a call with its parameters and what
 * became of it; a queue is what the jobs of one client have in common; timers hold the jobs that
 * wait for a time. Whoever drives them is batch.c.
 */
#ifndef CC_JOBS_H
#define CC_JOBS_H

#include <sys/queue.h>

#include "core/engine/call.h"
#include "core/transport/rate_limiter.h"
#include "include/cloud_batch.h"

TAILQ_HEAD(cc_jobs, cc_job);

enum cc_job_state {
    CC_JOB_QUEUED = 0,   /* nothing was done yet */
    CC_JOB_READY,        /* goes on as soon as there is room on the wire */
    CC_JOB_RATE_LIMITED, /* waits for its turn by the rate limit */
    CC_JOB_WAITING,      /* waits for a time */
    CC_JOB_SENT,         /* its request is on the wire */
    CC_JOB_COALESCED,    /* another job asks for it too */
    CC_JOB_STREAMING,    /* its pages are jobs of their own */
    CC_JOB_DONE          /* to be handed over */
};

struct cc_client_queue {
    LIST_ENTRY(cc_client_queue) link;
    struct cloud_batch *batch;
    struct cloud_client *client;
    struct cc_transport_slot *slot;
    struct cc_jobs limiter_queue; /* waiting for the rate limit; the first holds the next turn */
};

/* a transport, and how many requests of ours it has */
struct cc_transport_slot {
    LIST_ENTRY(cc_transport_slot) link;
    struct cc_transport *transport;
    const char *endpoint; /* of an emulator in this process, whose transport is the slot's own;
                             NULL: it is not */
    int sent;
};

struct cc_stream;

struct cc_job {
    /* jobs.c, batch_calls.c */
    TAILQ_ENTRY(cc_job) link;
    struct cc_jobs *in; /* the list it is in; NULL: none */
    struct cc_client_queue *queue;
    uint64_t id; /* 0: one of the batch's own, never handed over */
    void *user_data;
    enum cloud_op op;
    struct cc_arena *arena; /* of the job itself and the strings in params */
    struct cloud_params params;
    int64_t deadline_ms; /* 0: none but the client's */
    /* batch_run.c */
    enum cc_job_state state;
    struct cc_call *call;          /* once begun */
    struct cloud_batch_done *done; /* once it has ended */
    enum cloud_outcome outcome;    /* of a change when there was no memory for @done */
    bool granted;                  /* the rate limit let the next request pass */
    int64_t turn_ns;               /* the turn it holds at the limiter_queue */
    /* jobs.c: timers */
    size_t heap_at; /* its place in the heap, from 1; 0: not in it */
    int64_t due_ms;
    /* coalesce.c: of a job that asks for others, and of those others */
    struct cc_jobs followers;
    const char **ids;
    size_t id_count;
    struct cc_job *leader; /* who asks for it; or the listing that a page is of */
    bool alone;            /* it was refused together with others */
    /* stream.c: of a listing, and of its pages */
    struct cc_stream *stream;
    int page;      /* 0: it is no page */
    int64_t total; /* as the page said */
};

struct cloud_batch {
    struct cloud_batch_options options;
    const struct cc_env *env; /* the clients': its clock decides */
    LIST_HEAD(, cc_client_queue) queues;
    LIST_HEAD(, cc_transport_slot) slots;
    struct cc_transport *shared; /* of all clients that talk HTTP; NULL: not needed yet */
    struct cc_jobs queued, ready, sent, idle,
        done;             /* idle: gated elsewhere, waiting, led or streaming */
    struct cc_job **heap; /* the first due first, from 1 */
    size_t heap_count, heap_cap;
    int sent_count;
    uint64_t last_id;
    size_t left;
    struct cc_call *spare[64]; /* that did their work */
    size_t spare_count;
};

/* jobs.c */
struct cc_job *cc_job_new(struct cc_client_queue *queue, enum cloud_op op,
                          const struct cloud_params *params);
void cc_job_free(struct cc_job *job);
/* from the list it is in to another; NULL: to none */
void cc_job_move(struct cc_job *job, struct cc_jobs *to);
/* in @due_ms, by the batch's clock; CLOUD_ENOMEM when there is no memory for that */
int cc_job_wake_at(struct cloud_batch *batch, struct cc_job *job, int64_t due_ms);
void cc_job_wake_never(struct cloud_batch *batch, struct cc_job *job);
/* the first that is due; NULL: none is in the heap */
struct cc_job *cc_job_next_due(const struct cloud_batch *batch);

/* batch.c */
int64_t cc_batch_now(const struct cloud_batch *batch);
/* a job of the batch's own, to be begun before those that are queued */
void cc_batch_begin(struct cloud_batch *batch, struct cc_job *job);
/* a job has ended, with what stands in job->done: it is to be handed over */
void cc_batch_deliver(struct cloud_batch *batch, struct cc_job *job);
/* ends a job wherever it is; the story is @why */
void cc_batch_stop(struct cloud_batch *batch, struct cc_job *job, int code, const char *why);
/* room for what became of it; NULL when out of memory */
struct cloud_batch_done *cc_job_done(struct cc_job *job);

/* coalesce.c */
/* Before @job is begun: a job that asks for it and for others like it in the queue; @job when there
 * are none. */
struct cc_job *cc_coalesce(struct cloud_batch *batch, struct cc_job *job);
/* the leader has ended: each of its followers is answered, or is made on its own */
void cc_coalesce_end(struct cloud_batch *batch, struct cc_job *leader);

/* stream.c */
struct cc_stream *cc_stream_new(void);
bool cc_stream_possible(const struct cloud_client *client, enum cloud_op op);
/* a listing begins, or has room for more pages: asks for them */
int cc_stream_continue(struct cloud_batch *batch, struct cc_job *job);
/* a page has come, or failed */
void cc_stream_page(struct cloud_batch *batch, struct cc_job *page);
/* the part that was in hand was taken: the next, if there is one */
void cc_stream_part_taken(struct cloud_batch *batch, struct cc_job *job);
/* no more of its pages are wanted */
void cc_stream_end(struct cloud_batch *batch, struct cc_job *job);
void cc_stream_free(struct cc_stream *stream);

#endif
