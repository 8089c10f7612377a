/* SPDX-License-Identifier: Apache-2.0 */
/* How exchanges travel: start some, wait, take what ended. Nothing above knows that sockets exist.
 */
#ifndef CC_TRANSPORT_H
#define CC_TRANSPORT_H

#include "core/base/message.h"

struct cc_exchange {
    const struct cc_request *request; /* borrowed until the exchange has ended */
    struct cc_reply *reply;           /* filled in; initialised by the transport */
    int64_t timeout_ms;               /* from now, for all of it */
    int64_t connect_timeout_ms;
    size_t max_reply_bytes;
    const char *ca_file; /* NULL: the system's */
    bool fresh; /* must go over a connection of its own: it may not be sent twice, not even by the
                   transport */
    void *user; /* the caller's */
    void *internal; /* the transport's */
};

struct cc_transport {
    /* CLOUD_OK, or a code when it could not even be started (the exchange is then not in flight) */
    int (*start)(struct cc_transport *transport, struct cc_exchange *exchange,
                 struct cloud_error *err);
    /* waits until something may have ended, at most @timeout_ms (0: just looks) */
    void (*wait)(struct cc_transport *transport, int64_t timeout_ms);
    /* an exchange that ended; NULL: none now */
    struct cc_exchange *(*next)(struct cc_transport *transport);
    void (*cancel)(struct cc_transport *transport, struct cc_exchange *exchange);
    void (*free)(struct cc_transport *transport);
    /* how long until something may have ended though no descriptor stirs: 0: now; -1: only a
     * descriptor will tell */
    int64_t (*due_ms)(struct cc_transport *transport);
    /* readable when wait() has something to do; -1: none, due_ms() says it all. NULL is the same */
    int (*fd)(struct cc_transport *transport);
    bool common; /* one of its kind serves any number of clients: a batch has one of its own for
                    them all */
};

/* libcurl; NULL when out of memory, or of files: nothing tells which */
#define CC_NO_TRANSPORT "out of memory, or of files that may be open (ulimit -n)"
struct cc_transport *cc_transport_curl_new(void);
/* at most so many connections at once, instead of 256 */
void cc_transport_curl_widen(struct cc_transport *transport, int connections);

/*
 * The emulator in this process: "emulator:" or "emulator:PATH" behind the same door. Loads
 * libcloud_emulator when it is first needed (already linked or dlopen), opens the world, and makes
 * the key known there.
 */
int cc_transport_emulator_new(const char *endpoint, const char *key_id, const char *secret,
                              struct cc_transport **ret_transport, struct cloud_error *err);

#endif
