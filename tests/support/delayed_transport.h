/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares a transport that passes requests to the transport of a client, and returns each answer
 * later, by a clock of the test. The test chooses how long an answer takes, and whether it is lost.
 * The emulator behind it has then processed the request all the same, and its ledger shows that.
 */
#ifndef TESTS_DELAYED_TRANSPORT_H
#define TESTS_DELAYED_TRANSPORT_H

#include <sys/queue.h>

#include "core/engine/client.h"

enum delayed_kind {
    DELAYED_ANSWER = 0,
    DELAYED_LOST,   /* processed; the connection fails before the answer */
    DELAYED_UNSENT, /* not processed: there is no connection */
    DELAYED_BROKEN, /* processed; the answer is an internal error behind HTTP 500 */
    DELAYED_SILENT  /* processed; there is never an answer */
};

struct delayed_fate {
    enum delayed_kind kind;
    int64_t delay_ms;
};

TAILQ_HEAD(delayed_answers, delayed_answer);

struct delayed {
    struct cc_transport transport; /* first: pointers to the two are cast into each other */
    struct cc_transport *inner;    /* owned */
    int64_t *now_ms;               /* the clock; waiting moves it */
    struct delayed_answers answers;
    int in_flight, most_in_flight;
    long started;
    /* how the next request ends; NULL: an answer at once */
    struct delayed_fate (*choose)(void *user, const struct cc_exchange *exchange);
    void *user;
};

/* Gives a client the transport and the clock. The client frees the transport that it had. @delayed
 * must outlive it. */
void delayed_open(struct delayed *delayed, struct cloud_client *client, int64_t *now_ms);

#endif
