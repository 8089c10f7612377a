/* SPDX-License-Identifier: Apache-2.0 */
/* The two signing families. They read neither clock nor entropy: time and nonce are handed in. */
#ifndef CC_SIGN_H
#define CC_SIGN_H

#include "core/wire.h"

struct cc_credentials {
    const char *id;
    const char *secret;
    const char *token; /* NULL: none */
};

struct cc_sign_key_cache { /* the derived key of one day, region and service: wiped by its owner */
    char scope[160];
    unsigned char key[32];
    bool set;
};

struct cc_signing {
    const struct cc_credentials *credentials;
    const char *region;  /* of the scope; families without a scope ignore it */
    const char *service; /* of the scope */
    const char *action;  /* RPC family: the Action parameter */
    const char *version; /* RPC family: the Version parameter */
    int64_t time;        /* Unix seconds */
    const char *nonce;
    struct cc_sign_key_cache *cache; /* may be NULL */
};

/*
 * A signing family: completes @request. Writes request->query_text, with the pairs the family adds, and sets headers
 * (v4). request->query is left as it is, so a request can be signed again with another time and nonce.
 * CLOUD_OK, CLOUD_ENOMEM, CLOUD_EINVAL.
 */
typedef int (*cc_sign_fn)(struct cc_request *request, const struct cc_signing *signing, struct cloud_error *err);
int cc_sign_jdcloud2(struct cc_request *request, const struct cc_signing *signing, struct cloud_error *err);
int cc_sign_jdcloud3(struct cc_request *request, const struct cc_signing *signing, struct cloud_error *err);
int cc_sign_capitalonline(struct cc_request *request, const struct cc_signing *signing, struct cloud_error *err);

/* The stages, for the vectors: what differs first names what is wrong. */
struct cc_v4_input {
    const char *algorithm; /* "JDCLOUD2-HMAC-SHA256" */
    const char *method;
    const char *path;  /* as on the wire or decoded: it is normalised */
    const char *query; /* raw, without '?' */
    const struct cc_pair *headers; /* those to sign, any order and case, values untrimmed, repeats allowed */
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
int cc_v4_sign(const struct cc_v4_input *input, struct cc_v4_stages *ret_stages, struct cloud_error *err);
void cc_v4_stages_clear(struct cc_v4_stages *stages); /* wipes the key */

struct cc_rpc_stages {
    struct cc_buf canonical_query;
    struct cc_buf string_to_sign;
    char signature[32]; /* base64 */
};
/* @pairs: every query parameter but Signature */
int cc_rpc_sign(const char *method, const struct cc_pairs *pairs, const char *secret, struct cc_rpc_stages *ret_stages,
                struct cloud_error *err);
void cc_rpc_stages_clear(struct cc_rpc_stages *stages);

/* crypto.c, the only file that includes OpenSSL; false when out of memory (or OpenSSL has no such algorithm) */
bool cc_sha256_hex(const void *data, size_t len, char ret_hex[65]);
bool cc_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len, unsigned char ret_mac[32]);
bool cc_hmac_sha1_base64(const void *key, size_t key_len, const void *data, size_t len, char ret_text[32]);
char *cc_base64(const void *data, size_t len); /* standard alphabet, padded; to free(); NULL when out of memory */
void cc_hex(const unsigned char *bytes, size_t len, char *ret_hex);

#endif
