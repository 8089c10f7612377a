/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares HTTP requests and replies. Includes the encodings and lists of pairs that they consist
 * of.
 */
#ifndef CC_MESSAGE_H
#define CC_MESSAGE_H

#include "core/base/encoding.h"
#include "core/base/memory.h"
#include "core/base/pairs.h"
#include "include/cloud_provider.h"

void cc_request_clear(struct cc_request *request);
/*
 * Empties a request and keeps its memory for the next one. A request without an arena gets one.
 * False when out of memory.
 */
bool cc_request_reset(struct cc_request *request);

/* The point that an exchange reached before it ended. */
enum cc_wire {
    CC_WIRE_ANSWERED = 0, /* a whole reply arrived */
    CC_WIRE_UNSENT, /* the request did not reach the server whole: no connection, or cut while it
                       was sent */
    CC_WIRE_LOST    /* the request may have arrived; no whole reply came */
};

struct cc_reply {
    enum cc_wire wire;
    int code;   /* CLOUD_OK when answered; else enum cloud_code of a transport failure (ENETWORK,
                   ETIMEDOUT, ETLS, ETOOBIG) */
    int status; /* of HTTP */
    struct cc_buf body; /* CC_JSON_PADDING zero bytes follow its end */
    char date[40];      /* the Date header; "" when there is none */
    char retry_after[40];
    char content_encoding[24];
    char request_id[64]; /* x-jdcloud-request-id, cds-request-id or x-request-id */
    char reason[160];    /* one printable line that describes a transport failure */
};
void cc_reply_clear(struct cc_reply *reply);

#endif
