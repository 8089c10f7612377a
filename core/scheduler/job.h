/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the structures that the files of the scheduler share. A job is a call of a batch with
 * its parameters and its result. A client queue holds the state that all jobs of one client share.
 * A heap holds the jobs that wait for a time. scheduler.c drives all of them.
 */
#ifndef CC_JOB_H
#define CC_JOB_H

#include <sys/queue.h>

#include "core/engine/call.h"
#include "core/transport/rate_limiter.h"
#include "include/cloud_batch.h"

TAILQ_HEAD(cc_jobs, cc_job);

enum cc_job_state {
    CC_JOB_QUEUED = 0,   /* not begun */
    CC_JOB_READY,        /* continues when cc_batch_may_start() allows it */
    CC_JOB_RATE_LIMITED, /* waits for a permit of the rate limiter */
    CC_JOB_WAITING,      /* waits for a time */
    CC_JOB_SENT,         /* its request is in flight */
    CC_JOB_COALESCED,    /* the request of another job, its leader, includes it */
    CC_JOB_STREAMING,    /* its pages are jobs of their own */
    CC_JOB_DONE          /* its result waits for the caller */
};

/* The jobs of one client. It exists while it has a job; the client may be freed before that. */
struct cc_client_queue {
    LIST_ENTRY(cc_client_queue) link;       /* in batch->queues */
    LIST_ENTRY(cc_client_queue) of_client;  /* in client->queues */
    TAILQ_ENTRY(cc_client_queue) startable; /* in batch->startable if @is_startable */
    struct cloud_batch *batch;
    struct cloud_client *client; /* NULL: freed */
    struct cc_transport_slot *slot;
    struct cc_jobs queued, ready, sent;
    struct cc_jobs idle;    /* waiting for a time or a permit, or streaming */
    struct cc_job *limited; /* the job that waits for a permit; NULL: none */
    size_t job_count;
    int sent_count;
    bool is_startable;
};

/* a transport with the number of this batch's requests in flight */
struct cc_transport_slot {
    LIST_ENTRY(cc_transport_slot) link;
    struct cc_transport *transport;
    char *endpoint; /* of an emulator in this process, whose transport the slot owns; NULL: another
                       transport, not owned */
    size_t queue_count;
    int sent_count;
};

struct cc_stream;

struct cc_job {
    /* job.c, batch.c */
    TAILQ_ENTRY(cc_job) link;
    struct cc_jobs *list; /* the list it is in; NULL: none */
    struct cc_client_queue *queue;
    uint64_t id; /* 0: made by the batch itself (a leader or a page), never returned */
    void *user_data;
    enum cloud_op op;
    struct cc_arena *arena; /* of the job itself and the strings in params */
    struct cloud_params params;
    int64_t deadline_ms; /* 0: the client's timeout, from its start */
    bool fixed;          /* the caller gave the deadline: waiting for a permit counts */
    int timeout_ms;      /* of deadline_ms, as the caller gave it */
    /* scheduler.c */
    enum cc_job_state state;
    struct cc_call *call;          /* NULL until begun */
    struct cloud_batch_done *done; /* NULL until it has ended */
    enum cloud_outcome outcome;    /* of a change when there was no memory for @done */
    bool granted;                  /* the next request has its permit */
    int64_t permit_ns;             /* time of the permit that it waits for; 0: none */
    int64_t limited_ms;            /* since when it waits for a permit; 0: it does not */
    /* job.c: the heap */
    size_t heap_at; /* index in the heap, from 1; 0: not in it */
    int64_t due_ms;
    /* coalesce.c: leaders and followers */
    struct cc_jobs followers;
    const char **ids; /* of a leader; NULL: it leads none */
    size_t id_count;
    struct cc_job *leader; /* of a follower; of a page: the job of the listing */
    bool alone;            /* must not be coalesced: a request for several was refused */
    /* stream.c: listings and their pages */
    struct cc_stream *stream;
    int page;                /* number of the page; 0: not a page */
    int page_size;           /* 0: the provider's */
    struct cc_totals totals; /* reported by the page */
};

struct cloud_batch {
    struct cloud_batch_options options;
    struct cc_env env; /* a copy of a client's; its clock is used for deadlines */
    LIST_HEAD(, cc_client_queue) queues;
    TAILQ_HEAD(, cc_client_queue) startable; /* queues with queued or ready jobs, next one first */
    LIST_HEAD(, cc_transport_slot) slots;
    struct cc_transport *shared; /* of all clients that use HTTP; NULL: not needed yet */
    struct cc_jobs done;
    size_t job_count;
    struct cc_job **heap; /* min-heap by due_ms, from index 1 */
    size_t heap_count, heap_cap;
    int sent_count;
    uint64_t last_id;
    size_t left;
    unsigned forks;            /* cc_fork_count() of the process that its calls belong to */
    bool misused;              /* cloud_batch_next() was given a structure that it cannot fill */
    struct cc_call *spare[64]; /* free list */
    size_t spare_count;
};

/* job.c */
struct cc_job *cc_job_new(struct cc_client_queue *queue, enum cloud_op op,
                          const struct cloud_params *params);
void cc_job_free(struct cc_job *job);
/* moves it from its list to another; NULL: to none */
void cc_job_move(struct cc_job *job, struct cc_jobs *to);
/* whether its operation changes something at the vendor */
bool cc_job_changes(const struct cc_job *job);
/* sets the time, by the batch's clock, at which it is due */
void cc_job_wake_at(struct cloud_batch *batch, struct cc_job *job, int64_t due_ms);
void cc_job_cancel_wake(struct cloud_batch *batch, struct cc_job *job);
/* the job that is due first; NULL: the heap is empty */
struct cc_job *cc_job_next_due(const struct cloud_batch *batch);

/* batch.c */

/* frees the queue of a client, and the slot of its transport if no other queue uses it */
void cc_batch_drop_queue(struct cc_client_queue *queue);

/* scheduler.c */

/* requests in flight at most, whatever the clients */
int cc_batch_most_in_flight(const struct cloud_batch *batch);
int64_t cc_batch_now(const struct cloud_batch *batch);
/* appends a job that has not begun */
void cc_batch_enqueue(struct cloud_batch *batch, struct cc_job *job);
/* makes a job begin or continue before the queued ones */
void cc_batch_make_ready(struct cloud_batch *batch, struct cc_job *job);
/* queues the result of a job that has ended, job->done, for the caller */
void cc_batch_deliver(struct cloud_batch *batch, struct cc_job *job);
/* ends a job in any state, with @code and the message @why */
void cc_batch_stop(struct cloud_batch *batch, struct cc_job *job, int code, const char *why);
/* frees a job that the batch made itself, in any state; its request is cut off */
void cc_batch_drop(struct cloud_batch *batch, struct cc_job *job);
/* job->done, allocated if it is NULL; NULL when out of memory */
struct cloud_batch_done *cc_job_done(struct cc_job *job);

/* fork.c */

/* in a child of fork(), before anything else: ends the changes that the parent continues */
void cc_batch_leave_parent(struct cloud_batch *batch);
/* reserves another permit for the first job of a queue, in place of the parent's */
void cc_batch_renew_permit(struct cloud_batch *batch, struct cc_client_queue *queue);

/* coalesce.c */

/* Before @job begins: returns a new leader whose request includes it and similar queued jobs; @job
 * when there are none. */
struct cc_job *cc_coalesce(struct cloud_batch *batch, struct cc_job *job);
/* the leader has ended: delivers the result of each follower, or lets it run alone */
void cc_coalesce_end(struct cloud_batch *batch, struct cc_job *leader);
/* Takes a follower out of its group; the leader ends with its last follower. Returns the outcome of
 * the follower's change: unknown if a request with it may have arrived. */
enum cloud_outcome cc_coalesce_leave(struct cloud_batch *batch, struct cc_job *job);
/* The leader begins to wait for a permit, which does not count in the deadlines of its followers;
 * or ends, after @waited_ms. */
void cc_coalesce_pause(struct cloud_batch *batch, struct cc_job *leader);
void cc_coalesce_resume(struct cloud_batch *batch, struct cc_job *leader, int64_t waited_ms);

/* stream.c */

struct cc_stream *cc_stream_new(void);
bool cc_stream_possible(const struct cloud_client *client, enum cloud_op op);
/* requests pages up to the limit of pages in advance */
int cc_stream_continue(struct cloud_batch *batch, struct cc_job *job);
/* a page was read, or failed */
void cc_stream_page(struct cloud_batch *batch, struct cc_job *page);
/* the caller has taken a page: delivers the next if it was read */
void cc_stream_part_taken(struct cloud_batch *batch, struct cc_job *job);
/* cancels and frees the pages that were not delivered */
void cc_stream_end(struct cloud_batch *batch, struct cc_job *job);
void cc_stream_free(struct cc_stream *stream);

#endif
