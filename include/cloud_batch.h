/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud_batch: many calls at the same time, on one thread.
 *
 * A batch takes calls of any operations and clients, keeps many of them in progress, and returns
 * each result when it is ready. It starts no thread. Everything happens inside cloud_batch_run(),
 * or inside the event loop of an application, which watches cloud_batch_fd() and calls
 * cloud_batch_run(batch, 0) when the descriptor becomes readable. A blocking function of
 * cloud_client.h is a batch of one call, so retries, deadlines, modes, limits and outcomes are the
 * same.
 *
 *     struct cloud_batch *batch;
 *     struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
 *
 *     cloud_batch_new(NULL, &batch, &err);
 *     for (i = 0; i < n; i++)
 *         cloud_batch_add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, &params[i], &rows[i], NULL,
 *         &err);
 *     while (cloud_batch_left(batch)) {
 *         cloud_batch_run(batch, -1); while (cloud_batch_next(batch, &done))
 *             use(done.user_data, done.code, &done.result, &done.error);
 *     }
 *     cloud_batch_done_clear(&done);
 *     cloud_batch_free(batch);
 *
 * Threads and fork(): one thread at a time may use a batch and its clients. After a fork() both
 * processes have the batch with its calls, and both may use and free it. Reads continue in both;
 * the child sends its own. A call of an operation that changes something continues in the parent
 * only: in the child it ends with CLOUD_ECANCELLED and CLOUD_OUTCOME_UNKNOWN. cloud_batch_fd() has
 * the same number in the child, but watches the child's connections: an event loop must add it
 * again.
 *
 * Clients: a client may be freed at any time, also inside the callback, but not inside its change
 * hook. Its calls that have not ended then end with CLOUD_ECANCELLED, as by cloud_batch_cancel().
 * Results that wait to be taken stay valid; their member client is NULL. The batch works without
 * any client, and with clients that are added later.
 *
 * Shares: each client that has work may use an equal share of max_in_flight, so a vendor that does
 * not answer delays no other client. When earlier clients have more than their share in flight, a
 * later one may exceed max_in_flight; all later ones together by an eighth. A request that has its
 * permit of rate_limit is sent at once, too.
 *
 * Connections: all clients of a batch that use HTTP share one connection pool, with host names and
 * TLS sessions. HTTP/2 is used when the vendor's server offers it. Whether libcurl looks up a host
 * name in a thread of its own is decided when libcurl is built (`curl -V` then prints AsynchDNS).
 * When this process may not open more files (ulimit -n), a request waits until others have ended.
 */
#ifndef CLOUD_BATCH_H
#define CLOUD_BATCH_H

#include "cloud_client.h"

#ifdef __cplusplus
extern "C" {
#endif

/** A batch. The caller makes it with cloud_batch_new() and frees it with cloud_batch_free(). */
struct cloud_batch;

/** The end of one call, or one part of a stream. Start from CLOUD_BATCH_DONE_INIT. */
struct cloud_batch_done {
    size_t size;
    uint64_t id;                 /* from cloud_batch_add() */
    void *user_data;             /* given to cloud_batch_add() */
    struct cloud_client *client; /* NULL: it was freed */
    enum cloud_op op;
    int code;  /* CLOUD_OK, or the code of the failure; error has the details */
    bool more; /* a part of a stream: others follow under the same id */
    struct cloud_error error;
    struct cloud_result result; /* cloud_result_take() moves it to the caller */
};
#define CLOUD_BATCH_DONE_INIT \
    { \
        .size = sizeof(struct cloud_batch_done), .result = CLOUD_RESULT_INIT \
    }

/** Frees a result that was not moved away. @done can then be used again. */
CLOUD_API void cloud_batch_done_clear(struct cloud_batch_done *done);

/**
 * Receives each result, only from inside cloud_batch_run(). @done is cleared afterwards unless its
 * result was moved away. The function may add and cancel calls. It must not run or free the batch;
 * blocking calls return CLOUD_EINVAL here.
 */
typedef void (*cloud_batch_fn)(struct cloud_batch *batch, struct cloud_batch_done *done,
                               void *user_data);

/** Options of a batch. Zero is every member's default. Start from CLOUD_BATCH_OPTIONS_INIT. */
struct cloud_batch_options {
    size_t size;
    int max_in_flight; /* requests that are sent at the same time; 0: 256. Other calls wait, and are
                          signed later */
    bool no_coalescing;  /* every call is a request of its own; see cloud_batch_add_call() */
    cloud_batch_fn done; /* NULL: results wait for cloud_batch_next() */
    void *user_data;     /* passed to done */
};
#define CLOUD_BATCH_OPTIONS_INIT \
    { \
        .size = sizeof(struct cloud_batch_options) \
    }

/**
 * Makes a batch.
 *
 * @param options    NULL: the defaults
 * @param ret_batch  the caller frees it with cloud_batch_free()
 * @return CLOUD_OK; CLOUD_EINVAL naming the option; CLOUD_ENOMEM
 */
CLOUD_API int cloud_batch_new(const struct cloud_batch_options *options,
                              struct cloud_batch **ret_batch, struct cloud_error *err);

/**
 * Frees a batch with its calls and results. Calls in progress are cut off: a change among them may
 * have been applied. Must not be called from a callback of the batch. NULL is allowed.
 */
CLOUD_API void cloud_batch_free(struct cloud_batch *batch);

/** A call to add. Zero is the default of every other member. Start from CLOUD_BATCH_CALL_INIT. */
struct cloud_batch_call {
    size_t size;
    struct cloud_client *client;
    enum cloud_op op;
    const struct cloud_params *params; /* copied; NULL: none */
    void *user_data;                   /* returned with the result */
    int timeout_ms; /* deadline of the whole call, counted from now, with every wait; 0: the
                       client's timeout, counted from its start, without waits for rate_limit */
    bool stream;    /* CLOUD_OP_DESCRIBE_INSTANCES: return each page when it is read, each with more
                       set */
};
#define CLOUD_BATCH_CALL_INIT \
    { \
        .size = sizeof(struct cloud_batch_call) \
    }

/**
 * Adds a call. Nothing is sent and no callback runs before cloud_batch_run().
 *
 * Coalescing: calls that the vendor can answer together become one request, unless
 * options.no_coalescing is set. These are describe_instance of several instances of one client,
 * and power operations when the vendor takes several ids. Each call still has a result and a
 * deadline of its own: one that is cancelled or whose deadline passes ends alone.
 * If the vendor refuses the request as a whole, its calls are sent one by one. If the vendor takes
 * no list of ids, 20 or more calls read the listing of the account instead. An instance that it
 * does not show is then asked for alone; all are, when the listing has more pages than there are
 * calls.
 *
 * Stream: with stream set, instances are returned page by page. A few pages are requested in
 * advance, and no more than these are kept in memory. Each page is a result with more set; the
 * last result has no instances. If the list changed while it was read (another total, an element
 * twice, a page lost), the stream ends with CLOUD_ECONFLICT: discard what was returned.
 *
 * @param ret_id  for cloud_batch_cancel(); may be NULL
 * @return CLOUD_OK; CLOUD_EINVAL when there is no client, no such operation, the operation cannot
 * be streamed, or @params has a wrong size; CLOUD_ENOMEM. Any other mistake in @params is reported
 * as the end of the call
 */
CLOUD_API int cloud_batch_add_call(struct cloud_batch *batch, const struct cloud_batch_call *call,
                                   uint64_t *ret_id, struct cloud_error *err);

/** cloud_batch_add_call() with the usual members as parameters. */
CLOUD_API int cloud_batch_add(struct cloud_batch *batch, struct cloud_client *client,
                              enum cloud_op op, const struct cloud_params *params, void *user_data,
                              uint64_t *ret_id, struct cloud_error *err);

/**
 * Cancels a call. It still ends as every call does, with CLOUD_ECANCELLED. The outcome of a change
 * whose request was already sent is unknown. A stream can be cancelled at any point before its last
 * result was taken, also inside the callback that has one of its parts; a part that was not taken
 * is dropped.
 *
 * @return CLOUD_OK; CLOUD_ENOTFOUND when the call has ended already
 */
CLOUD_API int cloud_batch_cancel(struct cloud_batch *batch, uint64_t id);

/**
 * Continues all calls, and runs the callback for those that ended.
 *
 * With a callback it returns when no call is left or the time is over. Without a callback it
 * returns when cloud_batch_next() has a result, no call is left, or the time is over.
 *
 * @param timeout_ms  0: does what can be done at once; -1: no limit
 * @return CLOUD_OK; CLOUD_ETIMEDOUT when the time was over first; CLOUD_EINVAL from inside a
 *         callback, and after a wrong cloud_batch_next()
 */
CLOUD_API int cloud_batch_run(struct cloud_batch *batch, int timeout_ms);

/**
 * Takes one result, for bindings that cannot receive callbacks. Sends nothing and does not wait.
 *
 * @param ret_done  initialised with CLOUD_BATCH_DONE_INIT, or from the call before; its result is
 *                  cleared first
 * @return false when no result is ready. Also when @ret_done has a wrong size: the result is kept,
 * and the next cloud_batch_run() returns CLOUD_EINVAL
 */
CLOUD_API bool cloud_batch_next(struct cloud_batch *batch, struct cloud_batch_done *ret_done);

/** The number of calls that were added and whose end was not returned yet. */
CLOUD_API size_t cloud_batch_left(const struct cloud_batch *batch);

/**
 * A descriptor for the event loop of an application (select, poll, epoll, libuv). It is readable
 * when cloud_batch_run() has work to do. It is always the same and belongs to the batch: do not
 * close it. -1 when out of memory.
 */
CLOUD_API int cloud_batch_fd(struct cloud_batch *batch);

/**
 * When to call cloud_batch_run() if the descriptor stays quiet: in so many milliseconds; 0: at
 * once; -1: no need.
 */
CLOUD_API int cloud_batch_timeout_ms(struct cloud_batch *batch);

#ifdef __cplusplus
}
#endif

#endif
