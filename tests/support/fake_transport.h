/* SPDX-License-Identifier: Apache-2.0 */
/* A client whose world stands still and whose transport plays a script: every byte of a call can be
 * foretold. */
#ifndef TESTS_SCRIPTED_H
#define TESTS_SCRIPTED_H

#include "core/engine/client.h"

#define SCRIPTED_NOW 1661157688 /* 2022-08-22T08:41:28Z */
#define SCRIPTED_MAX 64

/* One answer of the script. */
struct fake_reply {
    int status; /* 0: a failure of the transport, by the members below */
    const char *body;
    size_t len; /* 0: of the string */
    const char *date, *retry_after, *content_encoding;
    enum cc_wire wire;
    int code;
};

struct fake {
    struct cc_transport transport;
    struct cloud_client *client; /* free with fake_close() */
    const struct fake_reply *replies;
    size_t reply_count, sent;
    char *requests[SCRIPTED_MAX]; /* as on the wire: request line, headers, empty line, body */
    bool fresh[SCRIPTED_MAX];
    struct cc_exchange *ended;
    int64_t now_ms; /* moves when the client sleeps */
    int64_t slept[SCRIPTED_MAX];
    size_t sleeps;
    int nonces;
    uint32_t jitter; /* what the world answers; more than the limit: the limit */
    char log[65536]; /* every log line */
};

/* Opens a client of @provider with fixed keys in @region; @options may be NULL, its members
 * override. */
void fake_open(struct fake *script, const char *provider,
               const struct cloud_client_options *options);
void fake_play(struct fake *script, const struct fake_reply *replies, size_t count);
void fake_close(struct fake *script);

#endif
