/* SPDX-License-Identifier: Apache-2.0 */
/* The two signing families. They read neither clock nor entropy: time and nonce are handed in. */
#ifndef CC_SIGN_H
#define CC_SIGN_H

#include "core/base/time.h"
#include "core/base/message.h"

/* standard alphabet, padded, which the caller frees; NULL when out of memory */
char *cc_base64(const void *data, size_t len);

struct cc_sign_key_cache { /* the derived key of one day, region and service: its owner wipes it */
    char scope[160];
    unsigned char key[32];
    bool set;
};

/* The stages, for the vectors: what differs first names what is wrong. */
struct cc_v4_input {
    const char *algorithm; /* "JDCLOUD2-HMAC-SHA256" */
    const char *method;
    const char *path;        /* as on the wire or decoded: it is normalised */
    const char *query;       /* raw, without '?' */
    bool query_is_canonical; /* it was written in that form: need not be done again */
    const struct cc_pair
        *headers; /* those to sign, any order and case, values untrimmed, repeats allowed */
    size_t header_count;
    const char *body;
    size_t body_len;
    const char *date; /* YYYYMMDDTHHMMSSZ */
    const char *region;
    const char *service;
    const struct cc_credentials *credentials;
    struct cc_sign_key_cache *cache; /* may be NULL */
};
struct cc_v4_stages {
    struct cc_buf canonical_uri;
    struct cc_buf canonical_query;
    struct cc_buf canonical_headers;
    struct cc_buf signed_headers;
    char payload_sha256[65];
    struct cc_buf canonical_request;
    char canonical_request_sha256[65];
    struct cc_buf credential_scope;
    struct cc_buf string_to_sign;
    char signing_key_hex[65];
    char signature[65];
    struct cc_buf authorization;
};
int cc_v4_sign(const struct cc_v4_input *input, struct cc_v4_stages *ret_stages,
               struct cloud_error *err);
void cc_v4_stages_clear(struct cc_v4_stages *stages); /* wipes the key */

/* what signing may use again: memory, and how the second was written that a request was last signed
 * in */
struct cc_sign_work {
    struct cc_v4_stages stages;
    struct cc_buf plain;
    int64_t dated;
    char date[CC_TIME_BASIC_MAX]; /* "": none yet */
};
void cc_sign_work_clear(struct cc_sign_work *work);

struct cc_rpc_stages {
    struct cc_buf canonical_query;
    struct cc_buf string_to_sign;
    char signature[32]; /* base64 */
};
/* @pairs: every query parameter but Signature */
int cc_rpc_sign(const char *method, const struct cc_pairs *pairs, const char *secret,
                struct cc_rpc_stages *ret_stages, struct cloud_error *err);
void cc_rpc_stages_clear(struct cc_rpc_stages *stages);

#endif
