/* SPDX-License-Identifier: Apache-2.0 */
/* A request as it goes out and a reply as it comes in; the encodings both signing families share.
 */
#ifndef CC_WIRE_H
#define CC_WIRE_H

#include <strings.h>

#include "core/base/memory.h"
#include "include/cloud_provider.h"

/* the value of the first pair of that name, ASCII case ignored; NULL: none */
const char *cc_pairs_find(const struct cc_pairs *pairs, const char *name);
void cc_request_clear(struct cc_request *request);
/* percent-decodes; '+' becomes a space with @plus; a '%' without two hexadecimal digits stays */
void cc_decode(struct cc_buf *out, const char *text, size_t len, bool plus);

/* Empties a request for another, and keeps its memory; it gets an arena if it has none. False when
 * out of memory. */
bool cc_request_reset(struct cc_request *request);

/* percent-encoding would change nothing in it, where @also stays as it is */
bool cc_is_encoded(const char *text, char also);

/* header names: the case of letters is nothing; most differ in their first letter already */
static inline bool cc_same_name(const char *a, const char *b)
{
    return (((unsigned char)*a ^ (unsigned char)*b) & ~0x20u) == 0 && strcasecmp(a, b) == 0;
}

/* What was on the wire when an exchange ended. */
enum cc_wire {
    CC_WIRE_ANSWERED = 0, /* a whole reply came */
    CC_WIRE_UNSENT, /* the request surely did not arrive whole: no connection, or cut while sending
                     */
    CC_WIRE_LOST    /* it may have arrived; no whole reply came */
};

struct cc_reply {
    enum cc_wire wire;
    int code;   /* enum cloud_code of a transport failure (ENETWORK, ETIMEDOUT, ETLS, ETOOBIG);
                   CLOUD_OK when answered */
    int status; /* HTTP */
    struct cc_buf body; /* with CC_JSON_PADDING spare bytes behind it */
    char date[40];      /* Date header; "": none */
    char retry_after[40];
    char request_id[64]; /* x-jdcloud-request-id, cds-request-id, x-request-id: whichever came */
    char reason[160];    /* one line on a transport failure, safe to show */
};
void cc_reply_clear(struct cc_reply *reply);

#endif
