/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloud_batch: many calls at once, on one thread.
 *
 * A batch takes any mixture of operations and clients, keeps many of them under way, and hands each
 * result over as it comes. It starts no thread: everything happens inside cloud_batch_run(), or
 * inside an application's own loop, which watches cloud_batch_fd() and calls cloud_batch_run(batch,
 * 0) when it stirs. The blocking functions of cloud_client.h are the same machine with one call in
 * it: retries, deadlines, modes, limits and outcomes are alike.
 *
 *     struct cloud_batch *batch;
 *     struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
 *
 *     cloud_batch_new(NULL, &batch, &err);
 *     for (i = 0; i < n; i++)
 *         cloud_batch_add(batch, client, CLOUD_OP_DESCRIBE_INSTANCE, &params[i], &rows[i], NULL,
 * &err); while (cloud_batch_left(batch)) { cloud_batch_run(batch, -1); while
 * (cloud_batch_next(batch, &done)) use(done.user_data, done.code, &done.result, &done.error);
 *     }
 *     cloud_batch_done_clear(&done);
 *     cloud_batch_free(batch);
 *
 * Threads: a batch and its clients belong to one thread at a time. Clients must outlive the calls
 * made with them.
 *
 * Connections: all clients of a batch that talk HTTP share one pool of connections, names and TLS
 * sessions; HTTP/2 is used where a vendor's server offers it. Whether libcurl looks names up in a
 * thread of its own for the length of a look-up is decided where libcurl is built (`curl -V` says
 * AsynchDNS). A request for which this process may open no more files (ulimit -n) waits until
 * others have ended.
 */
#ifndef CLOUD_BATCH_H
#define CLOUD_BATCH_H

#include "cloud_client.h"

#ifdef __cplusplus
extern "C" {
#endif

struct cloud_batch;

/** How one call ended, or a part of a streamed listing. Start from CLOUD_BATCH_DONE_INIT. */
struct cloud_batch_done {
    size_t size;
    uint64_t id;     /* as cloud_batch_add() said */
    void *user_data; /* as given there */
    struct cloud_client *client;
    enum cloud_op op;
    int code;  /* CLOUD_OK, or why it failed: error tells */
    bool more; /* a part of a streamed listing: others follow under the same id */
    struct cloud_error error;
    struct cloud_result result; /* may be taken over with cloud_result_take() */
};
#define CLOUD_BATCH_DONE_INIT \
    { \
        .size = sizeof(struct cloud_batch_done), .result = CLOUD_RESULT_INIT \
    }

/** Frees the result that nobody took. It can then be used again. */
CLOUD_API void cloud_batch_done_clear(struct cloud_batch_done *done);

/**
 * Receives each result, from inside cloud_batch_run() only. What is in @done is cleared afterwards
 * unless it was taken over. It may add calls and cancel others; it must not run or free the batch,
 * and blocking calls are refused here.
 */
typedef void (*cloud_batch_fn)(struct cloud_batch *batch, struct cloud_batch_done *done,
                               void *user_data);

/** Zero is every member's default. Start from CLOUD_BATCH_OPTIONS_INIT. */
struct cloud_batch_options {
    size_t size;
    int max_in_flight;   /* requests on the wire at once; 0: 256. More calls wait, unsigned, until
                            there is room */
    bool no_coalescing;  /* every call is a request of its own; see cloud_batch_add() */
    cloud_batch_fn done; /* NULL: results wait for cloud_batch_next() */
    void *user_data;     /* of done */
};
#define CLOUD_BATCH_OPTIONS_INIT \
    { \
        .size = sizeof(struct cloud_batch_options) \
    }

/**
 * Makes a batch.
 *
 * @param options  NULL: the defaults
 * @return CLOUD_OK; CLOUD_EINVAL naming the option; CLOUD_ENOMEM
 */
CLOUD_API int cloud_batch_new(const struct cloud_batch_options *options,
                              struct cloud_batch **ret_batch, struct cloud_error *err);

/**
 * Frees a batch with all that is in it. Calls under way are cut off: what they were changing may
 * have been changed. Not from inside a callback. NULL is fine.
 */
CLOUD_API void cloud_batch_free(struct cloud_batch *batch);

/** One call to add. Zero is every other member's default. Start from CLOUD_BATCH_CALL_INIT. */
struct cloud_batch_call {
    size_t size;
    struct cloud_client *client;
    enum cloud_op op;
    const struct cloud_params *params; /* copied; NULL: none */
    void *user_data;                   /* handed back */
    int timeout_ms; /* a deadline for all of it, counted from now; 0: the client's time-out, counted
                       from its start */
    bool stream; /* CLOUD_OP_DESCRIBE_INSTANCES: hand pages over as they come, each with more set */
};
#define CLOUD_BATCH_CALL_INIT \
    { \
        .size = sizeof(struct cloud_batch_call) \
    }

/**
 * Adds a call. Nothing is sent and no callback comes before cloud_batch_run().
 *
 * Calls that the vendor can do together become one request, unless the batch was told not to:
 * describe_instance of many instances of one client, and power operations where the vendor takes
 * several ids. Each is answered for itself. Where a vendor refuses such a request as a whole, its
 * calls are made one by one. Where it takes no list of ids, the listing of the account is read for
 * 20 calls or more; what that does not show is asked for alone, and everything is when it has more
 * pages than there are calls.
 *
 * With @stream set the instances come page by page: some pages are asked for ahead while the last
 * is handed over, and no more is kept than those, however long the list. Each page is a result with
 * more set; the end is one without instances. A list that changed while it was read (another total,
 * an element twice, a page lost) ends with CLOUD_ECONFLICT: what was handed over is then to be
 * thrown away.
 *
 * @param ret_id  may be NULL; for cloud_batch_cancel()
 * @return CLOUD_OK; CLOUD_EINVAL for no client, no such operation, or a listing that cannot be
 * streamed; CLOUD_ENOMEM. Mistakes in @params are told as the call's own failure
 */
CLOUD_API int cloud_batch_add_call(struct cloud_batch *batch, const struct cloud_batch_call *call,
                                   uint64_t *ret_id, struct cloud_error *err);

/** The same with the usual members in a line. */
CLOUD_API int cloud_batch_add(struct cloud_batch *batch, struct cloud_client *client,
                              enum cloud_op op, const struct cloud_params *params, void *user_data,
                              uint64_t *ret_id, struct cloud_error *err);

/**
 * Cancels a call. It still ends in the usual way, with CLOUD_ECANCELLED; the outcome of a change
 * whose request was on its way is unknown.
 *
 * @return CLOUD_OK; CLOUD_ENOTFOUND when it has ended already
 */
CLOUD_API int cloud_batch_cancel(struct cloud_batch *batch, uint64_t id);

/**
 * Goes on with all calls, and calls back for those that ended.
 *
 * With a callback: until no call is left or the time is up. Without: until there is something for
 * cloud_batch_next(), no call is left, or the time is up.
 *
 * @param timeout_ms  0: does what can be done at once; -1: no limit
 * @return CLOUD_OK; CLOUD_ETIMEDOUT when the time was up first; CLOUD_EINVAL from inside a callback
 */
CLOUD_API int cloud_batch_run(struct cloud_batch *batch, int timeout_ms);

/**
 * Takes one result: for bindings that must not be called back. Sends nothing and waits for nothing.
 *
 * @param ret_done  initialised with CLOUD_BATCH_DONE_INIT or from the call before; its result is
 * cleared first
 * @return false when none is ready
 */
CLOUD_API bool cloud_batch_next(struct cloud_batch *batch, struct cloud_batch_done *ret_done);

/** Calls that were added and whose end was not handed over yet. */
CLOUD_API size_t cloud_batch_left(const struct cloud_batch *batch);

/**
 * A descriptor for an application's loop (select, poll, epoll, libuv): readable when
 * cloud_batch_run() has something to do. Always the same; owned by the batch. -1 when out of
 * memory.
 */
CLOUD_API int cloud_batch_fd(struct cloud_batch *batch);

/** When to call cloud_batch_run() though the descriptor is quiet: milliseconds from now, 0: at
 * once, -1: no need. */
CLOUD_API int cloud_batch_timeout_ms(struct cloud_batch *batch);

#ifdef __cplusplus
}
#endif

#endif
