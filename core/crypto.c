/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests, keyed digests and base64 for the signing families: the only file that includes OpenSSL.
 * What is signed, and in which order, is theirs to say.
 */
#include "core/error.h"
#include "core/sign.h"

#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Looking an algorithm up costs more than using it on a request, so each is looked up once in a
 * process. The HMAC contexts are patterns that are only ever copied, which threads may do at once.
 * All of it lives as long as the process, in a library context of its own: what the program around
 * us does to OpenSSL's does not touch our signatures.
 */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool looked_up;
static OSSL_LIB_CTX *library;
static EVP_MD *sha256;
static EVP_MAC_CTX *hmac_sha256;
static EVP_MAC_CTX *hmac_sha1;

/*
 * Making a context costs about as much as using it, so each thread keeps its own, copies of the patterns. What a keyed
 * one was keyed with stays in it until the next key, or until the thread ends.
 */
struct contexts {
    EVP_MD_CTX *digest;
    EVP_MAC_CTX *hmac_sha256, *hmac_sha1;
};
static pthread_key_t of_thread;
static bool have_key;

static void free_contexts(void *user)
{
    struct contexts *mine = user;

    if (!mine)
        return;
    EVP_MD_CTX_free(mine->digest);
    EVP_MAC_CTX_free(mine->hmac_sha256);
    EVP_MAC_CTX_free(mine->hmac_sha1);
    free(mine);
}

static struct contexts *my_contexts(void)
{
    struct contexts *mine = pthread_getspecific(of_thread);

    if (mine)
        return mine;
    mine = calloc(1, sizeof(*mine));
    if (!mine)
        return NULL;
    mine->digest = EVP_MD_CTX_new();
    mine->hmac_sha256 = EVP_MAC_CTX_dup(hmac_sha256);
    mine->hmac_sha1 = EVP_MAC_CTX_dup(hmac_sha1);
    if (mine->digest && mine->hmac_sha256 && mine->hmac_sha1 && !pthread_setspecific(of_thread, mine))
        return mine;
    free_contexts(mine);
    return NULL;
}

static EVP_MAC_CTX *hmac_pattern(EVP_MAC *mac, const char *digest)
{
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, (char *)digest, 0),
        OSSL_PARAM_construct_end(),
    };
    EVP_MAC_CTX *pattern = mac ? EVP_MAC_CTX_new(mac) : NULL;

    if (pattern && !EVP_MAC_CTX_set_params(pattern, params)) {
        EVP_MAC_CTX_free(pattern);
        return NULL;
    }
    return pattern;
}

__attribute__((destructor)) static void let_go(void)
{
    if (have_key) {
        free_contexts(pthread_getspecific(of_thread));
        pthread_key_delete(of_thread);
        have_key = false;
    }
    EVP_MAC_CTX_free(hmac_sha1);
    EVP_MAC_CTX_free(hmac_sha256);
    EVP_MD_free(sha256);
    OSSL_LIB_CTX_free(library);
    hmac_sha1 = hmac_sha256 = NULL;
    sha256 = NULL;
    library = NULL;
}

static bool look_up(void)
{
    EVP_MAC *mac;

    library = OSSL_LIB_CTX_new();
    mac = library ? EVP_MAC_fetch(library, "HMAC", NULL) : NULL;
    sha256 = mac ? EVP_MD_fetch(library, "SHA256", NULL) : NULL;
    hmac_sha256 = hmac_pattern(mac, "SHA256");
    hmac_sha1 = hmac_pattern(mac, "SHA1");
    EVP_MAC_free(mac);
    have_key = !pthread_key_create(&of_thread, free_contexts);
    if (sha256 && hmac_sha256 && hmac_sha1 && have_key)
        return true;
    let_go();
    return false;
}

/* Memory may come back: what failed is tried again at the next call. */
static bool ready(void)
{
    bool good = atomic_load(&looked_up);

    if (good)
        return true;
    pthread_mutex_lock(&lock);
    good = atomic_load(&looked_up) || look_up();
    atomic_store(&looked_up, good);
    pthread_mutex_unlock(&lock);
    return good;
}

void cc_hex(const unsigned char *bytes, size_t len, char *ret_hex)
{
    static const char digits[] = "0123456789abcdef";

    for (size_t i = 0; i < len; i++) {
        ret_hex[2 * i] = digits[bytes[i] >> 4];
        ret_hex[2 * i + 1] = digits[bytes[i] & 15];
    }
    ret_hex[2 * len] = '\0';
}

bool cc_sha256_hex(const void *data, size_t len, char ret_hex[65])
{
    struct contexts *mine = ready() ? my_contexts() : NULL;
    unsigned char digest[EVP_MAX_MD_SIZE];

    if (!mine || !EVP_DigestInit_ex2(mine->digest, sha256, NULL) ||
        !EVP_DigestUpdate(mine->digest, data ? data : "", len) || !EVP_DigestFinal_ex(mine->digest, digest, NULL))
        return false;
    cc_hex(digest, 32, ret_hex);
    return true;
}

static bool hmac(EVP_MAC_CTX *context, const void *key, size_t key_len, const void *data, size_t len,
                 unsigned char *ret_mac, size_t size)
{
    size_t written = 0;

    /* an empty key must still be given: without one the key of before would be kept */
    return EVP_MAC_init(context, key_len > 0 ? key : (const unsigned char *)"", key_len, NULL) &&
           EVP_MAC_update(context, data, len) && EVP_MAC_final(context, ret_mac, &written, size) &&
           written == size;
}

bool cc_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
                    unsigned char ret_mac[32])
{
    struct contexts *mine = ready() ? my_contexts() : NULL;

    return mine && hmac(mine->hmac_sha256, key, key_len, data, len, ret_mac, 32);
}

int cloud_digest(const char *key, const char *text, char ret_hex[CLOUD_DIGEST_MAX],
                 struct cloud_error *err)
{
    unsigned char mac[32];
    bool good = true;

    if (!key)
        good = cc_sha256_hex(text, strlen(text), ret_hex);
    else if ((good = cc_hmac_sha256(key, strlen(key), text, strlen(text), mac)))
        cc_hex(mac, sizeof(mac), ret_hex);
    return good ? CLOUD_OK : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

bool cc_hmac_sha1_base64(const void *key, size_t key_len, const void *data, size_t len,
                         char ret_text[32])
{
    unsigned char mac[20];
    struct contexts *mine = ready() ? my_contexts() : NULL;

    if (!mine || !hmac(mine->hmac_sha1, key, key_len, data, len, mac, sizeof(mac)))
        return false;
    EVP_EncodeBlock((unsigned char *)ret_text, mac, sizeof(mac));
    return true;
}

char *cc_base64(const void *data, size_t len)
{
    char *text = len < INT_MAX / 2 ? malloc(len / 3 * 4 + 5) : NULL;

    if (text)
        EVP_EncodeBlock((unsigned char *)text, data, (int)len);
    return text;
}
