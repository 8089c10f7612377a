/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares signature version 4 and RPC signing. Neither reads a clock or a random source: the
 * caller passes time and nonce.
 */
#ifndef CC_SIGN_H
#define CC_SIGN_H

#include "core/base/time.h"
#include "core/base/message.h"

/* Base64 with the standard alphabet and padding. The caller frees it. NULL when out of memory. */
char *cc_base64(const void *data, size_t len);

/* The derived key of one day, region and service. Its owner wipes it. */
struct cc_sign_key_cache {
    char scope[160];
    unsigned char key[32];
    bool set;
};

/* The input of signature version 4. */
struct cc_v4_input {
    const char *algorithm; /* "JDCLOUD2-HMAC-SHA256" */
    const char *method;
    const char *path;        /* as sent, or decoded; it is normalised */
    const char *query;       /* raw, without '?' */
    bool query_is_canonical; /* it is in canonical form already */
    const struct cc_pair
        *headers; /* to sign; any order and case, values untrimmed, names may repeat */
    size_t header_count;
    const char *body;
    size_t body_len;
    const char *date; /* YYYYMMDDTHHMMSSZ */
    const char *region;
    const char *service;
    const struct cc_credentials *credentials;
    struct cc_sign_key_cache *cache; /* may be NULL */
};
/*
 * The intermediate results. The tests of the signing vectors compare each of them, so that the
 * first difference shows which step is wrong.
 */
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

/* Memory that signing reuses, and the text of the second in which it last signed. */
struct cc_sign_work {
    struct cc_v4_stages stages;
    struct cc_buf plain;
    int64_t dated;                /* the time that .date is the text of */
    char date[CC_TIME_BASIC_MAX]; /* "": none yet */
};
void cc_sign_work_clear(struct cc_sign_work *work);

struct cc_rpc_stages {
    struct cc_buf canonical_query;
    struct cc_buf string_to_sign;
    char signature[32]; /* base64 */
};
/* @pairs has every query parameter except Signature. */
int cc_rpc_sign(const char *method, const struct cc_pairs *pairs, const char *secret,
                struct cc_rpc_stages *ret_stages, struct cloud_error *err);
void cc_rpc_stages_clear(struct cc_rpc_stages *stages);

#endif
