/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Requests and their signatures: pairs, percent-encoding, signature algorithms and the digests for
 * your own.
 */
#ifndef CLOUD_PROVIDER_REQUEST_H
#define CLOUD_PROVIDER_REQUEST_H

#include <stdint.h>

#include "memory.h"

struct cc_pair {
    const char *name;
    const char *value;
};

/**
 * A growing list of pairs. The strings are copied. Names may repeat. A failure (memory) is sticky.
 * All zero is empty.
 */
struct cc_pairs {
    struct cc_pair *items;
    size_t count;
    size_t cap;
    bool failed;
    struct cc_arena *arena; /* holds all of it; NULL: each string is allocated on its own */
};
CLOUD_API void cc_pairs_add(struct cc_pairs *pairs, const char *name, const char *value)
    CC_AS(cc_pairs_add);
/**
 * Replaces the first pair of that name, or adds one. For headers: it ignores ASCII case. Query
 * parameters whose names differ in case are different; add them with cc_pairs_add().
 */
CLOUD_API void cc_pairs_set(struct cc_pairs *pairs, const char *name, const char *value)
    CC_AS(cc_pairs_set);
/** Frees a list that has no arena, and empties it. */
CLOUD_API void cc_pairs_clear(struct cc_pairs *pairs) CC_AS(cc_pairs_clear);

/** A request to the vendor, before and after it is signed. */
struct cc_request {
    const char *method; /* static */
    char *base; /* scheme and authority of the connection, "https://vm.jdcloud-api.com"; owned */
    char *host; /* authority that is signed and sent as Host, without the default port; owned */
    char *path; /* percent-encoded as it is sent, begins with '/'; owned */
    struct cc_pairs query;   /* decoded names and values */
    struct cc_pairs headers; /* of the request, then those that signing sets */
    struct cc_buf body;
    struct cc_buf query_text; /* the encoded query as it is sent; signing writes it */
    struct cc_arena *arena;   /* of its strings and pairs; NULL: each is allocated on its own */
};

/**
 * Appends text percent-encoded. RFC 3986's unreserved characters and those of @also stay.
 * Upper-case hexadecimal.
 */
CLOUD_API void cc_encode(struct cc_buf *out, const char *text, size_t len, const char *also)
    CC_AS(cc_encode);
/** Appends "name=value" of each pair, encoded, joined with '&'. */
CLOUD_API void cc_encode_pairs(struct cc_buf *out, const struct cc_pair *pairs, size_t count)
    CC_AS(cc_encode_pairs);

struct cc_credentials {
    const char *id;
    const char *secret;
    const char *token; /* NULL: none */
};

struct cc_sign_key_cache; /* for the library only: the derived key of one day, region and service */
struct cc_sign_work;      /* for the library only: memory that signing uses again */

/**
 * The input of a signature algorithm besides the request. The algorithm reads neither clock nor
 * random source itself.
 */
struct cc_signing {
    const struct cc_credentials *credentials;
    const char *region;  /* of the credential scope; algorithms without a scope ignore it */
    const char *service; /* of the credential scope */
    const char *action;  /* RPC signing: the Action parameter */
    const char *version; /* RPC signing: the Version parameter */
    int64_t time;        /* Unix seconds */
    const char *nonce;
    struct cc_sign_key_cache *cache; /* may be NULL */
    struct cc_sign_work *work;       /* may be NULL */
};

/**
 * A signature algorithm: completes @request. It writes request->query_text with the pairs it adds
 * itself, and sets headers. It leaves request->query unchanged, so that the request can be signed
 * again with another time and nonce.
 *
 * @return CLOUD_OK, CLOUD_ENOMEM, CLOUD_EINVAL
 */
typedef int (*cc_sign_fn)(struct cc_request *request, const struct cc_signing *signing,
                          struct cloud_error *err);
/** Signature version 4 (HMAC-SHA-256, headers) of JD Cloud in its two forms. */
CLOUD_API int cc_sign_jdcloud2(struct cc_request *request, const struct cc_signing *signing,
                               struct cloud_error *err) CC_AS(cc_sign_jdcloud2);
CLOUD_API int cc_sign_jdcloud3(struct cc_request *request, const struct cc_signing *signing,
                               struct cloud_error *err) CC_AS(cc_sign_jdcloud3);
/** RPC signing (HMAC-SHA-1, query parameters) of CapitalOnline. */
CLOUD_API int cc_sign_capitalonline(struct cc_request *request, const struct cc_signing *signing,
                                    struct cloud_error *err) CC_AS(cc_sign_capitalonline);

/** For a signature algorithm of your own. False when out of memory. */
CLOUD_API bool cc_sha256_hex(const void *data, size_t len, char ret_hex[65]) CC_AS(cc_sha256_hex);
CLOUD_API bool cc_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
                              unsigned char ret_mac[32]) CC_AS(cc_hmac_sha256);
CLOUD_API bool cc_hmac_sha1_base64(const void *key, size_t key_len, const void *data, size_t len,
                                   char ret_text[32]) CC_AS(cc_hmac_sha1_base64);
/** Writes 2 * @len lower-case digits and a NUL. */
CLOUD_API void cc_hex(const unsigned char *bytes, size_t len, char *ret_hex) CC_AS(cc_hex);

#endif
