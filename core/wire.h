/* SPDX-License-Identifier: Apache-2.0 */
/* A request as it goes out and a reply as it comes in; the encodings both signing families share. */
#ifndef CC_WIRE_H
#define CC_WIRE_H

#include "core/mem.h"
#include "include/cloud_client.h"

struct cc_pair {
    const char *name;
    const char *value;
};

/* A growing list of pairs; the strings are copied. Names may repeat. A failure sticks. */
struct cc_pairs {
    struct cc_pair *items;
    size_t count;
    size_t cap;
    bool failed;
};
void cc_pairs_add(struct cc_pairs *pairs, const char *name, const char *value);
/* replaces the first of that name (ASCII case ignored) or adds it */
void cc_pairs_set(struct cc_pairs *pairs, const char *name, const char *value);
const char *cc_pairs_find(const struct cc_pairs *pairs, const char *name); /* first, ASCII case ignored; NULL */
void cc_pairs_clear(struct cc_pairs *pairs);

struct cc_request {
    const char *method; /* static */
    char *base;         /* "https://vm.jdcloud-api.com": scheme and authority as dialled; owned */
    char *host;         /* authority to sign and send as Host, default port left out; owned */
    char *path;         /* percent-encoded, as on the wire, begins with '/'; owned */
    struct cc_pairs query;   /* decoded names and values */
    struct cc_pairs headers; /* own headers, then those signing adds */
    struct cc_buf body;
    struct cc_buf query_text; /* the encoded query as on the wire, written by the signing family */
};
void cc_request_clear(struct cc_request *request);

/* appends text percent-encoded (RFC 3986 unreserved kept, plus @also), upper-case hex */
void cc_encode(struct cc_buf *out, const char *text, size_t len, const char *also);
/* appends "name=value" of each pair, encoded, joined with '&' */
void cc_encode_pairs(struct cc_buf *out, const struct cc_pair *pairs, size_t count);
/* percent-decodes; '+' becomes a space when @plus; a '%' without two hex digits stays */
void cc_decode(struct cc_buf *out, const char *text, size_t len, bool plus);

/* What was on the wire when an exchange ended. */
enum cc_wire {
    CC_WIRE_ANSWERED = 0, /* a whole reply came */
    CC_WIRE_UNSENT,       /* the request surely did not arrive whole: no connection, or cut while sending */
    CC_WIRE_LOST          /* it may have arrived; no whole reply came */
};

struct cc_reply {
    enum cc_wire wire;
    int code;   /* enum cloud_code of a transport failure (ENETWORK, ETIMEDOUT, ETLS, ETOOBIG); CLOUD_OK when answered */
    int status; /* HTTP */
    struct cc_buf body;  /* with CC_JSON_PADDING spare bytes behind it */
    char date[40];       /* Date header; "": none */
    char retry_after[40];
    char request_id[64]; /* x-jdcloud-request-id, cds-request-id, x-request-id: whichever came */
    char reason[160];    /* one line on a transport failure, safe to show */
};
void cc_reply_clear(struct cc_reply *reply);

#endif
