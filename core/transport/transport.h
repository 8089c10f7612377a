/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the interface of transports: start exchanges, wait, take those that ended. The layers
 * above do not use sockets.
 */
#ifndef CC_TRANSPORT_H
#define CC_TRANSPORT_H

#include "core/base/message.h"

struct cc_exchange {
    const struct cc_request *request; /* borrowed until the exchange has ended */
    struct cc_reply *reply;           /* filled in; initialised by the transport */
    int64_t timeout_ms;               /* of the whole exchange, from its start */
    int64_t stated_ms; /* the limit that messages state, of which timeout_ms is the rest; 0: that */
    int64_t connect_timeout_ms;
    size_t max_reply_bytes;
    const char *ca_file; /* NULL: the trust store of the system */
    bool fresh;     /* needs a connection of its own: not even the transport may send it twice */
    void *user;     /* belongs to the caller */
    void *internal; /* belongs to the transport */
};

struct cc_transport {
    /* CLOUD_OK, or a code when the exchange could not be started; it is then not in flight */
    int (*start)(struct cc_transport *transport, struct cc_exchange *exchange,
                 struct cloud_error *err);
    /* waits until an exchange may have ended, at most @timeout_ms; 0: does not wait */
    void (*wait)(struct cc_transport *transport, int64_t timeout_ms);
    /* takes an exchange that has ended; NULL: none */
    struct cc_exchange *(*next)(struct cc_transport *transport);
    void (*cancel)(struct cc_transport *transport, struct cc_exchange *exchange);
    void (*free)(struct cc_transport *transport);
    /* time until an exchange may end without a ready descriptor; 0: now; -1: only with one */
    int64_t (*due_ms)(struct cc_transport *transport);
    /* readable when wait() has work to do; -1, or fd NULL: due_ms() is all there is */
    int (*fd)(struct cc_transport *transport);
    bool shareable; /* one transport serves many clients; a batch makes one for all of them */
};

/*
 * The transport over libcurl. NULL when out of memory or of file descriptors, as errno says. In a
 * child of fork() it opens connections of its own, and those of the parent are not touched.
 * Requests that were in flight are sent again, but for fresh ones: these are lost for the child,
 * whose parent gets the answer.
 */
struct cc_transport *cc_transport_curl_new(void);
/* the failure of cc_transport_curl_new(), by errno: CLOUD_ENOMEM */
int cc_transport_curl_fail(struct cloud_error *err);
/* errno's text when this process or the system can open no more files; NULL: another error */
const char *cc_no_more_files(int os_errno);
/* sets the number of connections at the same time; 256 without it */
void cc_transport_curl_set_limit(struct cc_transport *transport, int connections);

/*
 * The transport to an emulator in this process, for the endpoint "emulator:" or "emulator:PATH".
 * Finds libcloud_emulator among the linked libraries or loads it at the first use, opens the world,
 * and adds the key to it.
 */
int cc_transport_emulator_new(const char *endpoint, const char *key_id, const char *secret,
                              struct cc_transport **ret_transport, struct cloud_error *err);

#endif
