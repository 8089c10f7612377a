/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a client with a fake environment and a fake transport that plays a script. The clock, the
 * nonces and the jitter are fixed, so a test knows every byte of a call in advance. */
#ifndef TESTS_FAKE_TRANSPORT_H
#define TESTS_FAKE_TRANSPORT_H

#include "core/engine/client.h"

#define FAKE_NOW 1661157688 /* 2022-08-22T08:41:28Z */
#define FAKE_MAX 64

/* One reply of the script. */
struct fake_reply {
    int status; /* 0: the transport fails with @wire and @code */
    const char *body;
    size_t len; /* 0: @body is a string */
    const char *date, *retry_after, *content_encoding;
    enum cc_wire wire;
    int code;
};

struct fake {
    struct cc_transport transport;
    struct cloud_client *client; /* free with fake_close() */
    const struct fake_reply *replies;
    size_t reply_count, sent;
    char *requests[FAKE_MAX]; /* as on the wire: request line, headers, empty line, body */
    bool fresh[FAKE_MAX];
    struct cc_exchange *ended;
    int64_t now_ms; /* advances when the client sleeps */
    int64_t slept[FAKE_MAX];
    size_t sleeps;
    int nonces;
    uint32_t jitter; /* what the random source returns, at most the limit it is called with */
    char log[65536]; /* every log line */
};

/* Opens a client of @provider with fixed keys and region. @options may be NULL; the members that it
 * sets override. */
void fake_open(struct fake *script, const char *provider,
               const struct cloud_client_options *options);
void fake_play(struct fake *script, const struct fake_reply *replies, size_t count);
void fake_close(struct fake *script);

#endif
