/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Computes digests, HMACs and base64 for the signature algorithms. This is the only file of the
 * library that includes OpenSSL.
 */
#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/sign/sign.h"

#include <limits.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Fetching an algorithm costs more than using it on a request, so each is fetched once in a process
 * and lives as long as the process. The library context is our own, so that the program's settings
 * of OpenSSL's default context do not affect signatures.
 */
enum digest { SHA256, SHA1, DIGESTS };
enum { BLOCK = 64 }; /* bytes; of both algorithms */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool fetched;
static OSSL_LIB_CTX *library;
static EVP_MD *digests[DIGESTS];

/*
 * Creating a context costs about as much as using it, so each thread keeps its own. HMAC is
 * computed here from two digests that have read the key already: a signing key is used for a day,
 * and reading it each time would be half the work of a signature. (An EVP_MAC can take another
 * message for the key that it has, but not in the first releases of OpenSSL 3.0.) A context holds
 * its key until the next key, or until the thread ends.
 */
struct keyed {
    EVP_MD_CTX *inner, *outer;
    unsigned char key[BLOCK];
    bool set;
};
struct contexts {
    EVP_MD_CTX *digest;
    struct keyed keyed[DIGESTS];
};
static pthread_key_t thread_key;
static bool have_thread_key;

static void free_contexts(void *user)
{
    struct contexts *mine = user;

    if (!mine)
        return;
    EVP_MD_CTX_free(mine->digest);
    for (int i = 0; i < DIGESTS; i++) {
        EVP_MD_CTX_free(mine->keyed[i].inner);
        EVP_MD_CTX_free(mine->keyed[i].outer);
    }
    cc_wipe(mine, sizeof(*mine));
    free(mine);
}

static struct contexts *my_contexts(void)
{
    struct contexts *mine = pthread_getspecific(thread_key);
    bool good;

    if (mine)
        return mine;
    mine = calloc(1, sizeof(*mine));
    if (!mine)
        return NULL;
    good = (mine->digest = EVP_MD_CTX_new());
    for (int i = 0; i < DIGESTS; i++) {
        good &= (mine->keyed[i].inner = EVP_MD_CTX_new()) != NULL;
        good &= (mine->keyed[i].outer = EVP_MD_CTX_new()) != NULL;
    }
    if (good && !pthread_setspecific(thread_key, mine))
        return mine;
    free_contexts(mine);
    return NULL;
}

__attribute__((destructor)) static void free_digests(void)
{
    if (have_thread_key) {
        free_contexts(pthread_getspecific(thread_key));
        pthread_key_delete(thread_key);
        have_thread_key = false;
    }
    for (int i = 0; i < DIGESTS; i++) {
        EVP_MD_free(digests[i]);
        digests[i] = NULL;
    }
    OSSL_LIB_CTX_free(library);
    library = NULL;
}

static bool fetch_digests(void)
{
    library = OSSL_LIB_CTX_new();
    digests[SHA256] = library ? EVP_MD_fetch(library, "SHA256", NULL) : NULL;
    digests[SHA1] = library ? EVP_MD_fetch(library, "SHA1", NULL) : NULL;
    have_thread_key = !pthread_key_create(&thread_key, free_contexts);
    if (digests[SHA256] && digests[SHA1] && have_thread_key)
        return true;
    free_digests();
    return false;
}

/* After a failure, the next call tries again: memory may be available then. */
static bool ready(void)
{
    bool good = atomic_load(&fetched);

    if (good)
        return true;
    pthread_mutex_lock(&lock);
    good = atomic_load(&fetched) || fetch_digests();
    atomic_store(&fetched, good);
    pthread_mutex_unlock(&lock);
    return good;
}

static bool begin(EVP_MD_CTX *context, enum digest which, const void *data, size_t len)
{
    return EVP_DigestInit_ex2(context, digests[which], NULL) &&
           EVP_DigestUpdate(context, data, len);
}

bool cc_sha256_hex(const void *data, size_t len, char ret_hex[65])
{
    static const char empty_digest[] =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    struct contexts *mine = len > 0 && ready() ? my_contexts() : NULL;
    unsigned char digest[32];

    if (len == 0) { /* most requests have no body */
        memcpy(ret_hex, empty_digest, sizeof(empty_digest));
        return true;
    }
    if (!mine || !begin(mine->digest, SHA256, data, len) ||
        !EVP_DigestFinal_ex(mine->digest, digest, NULL))
        return false;
    cc_hex(digest, sizeof(digest), ret_hex);
    return true;
}

/* Starts one of the two digests of HMAC (RFC 2104): reads the key, each byte XOR @byte. */
static bool read_key(EVP_MD_CTX *context, enum digest which, const unsigned char key[BLOCK],
                     unsigned char byte)
{
    unsigned char pad[BLOCK];
    bool good;

    for (size_t i = 0; i < BLOCK; i++)
        pad[i] = key[i] ^ byte;
    good = begin(context, which, pad, BLOCK);
    cc_wipe(pad, sizeof(pad));
    return good;
}

static bool set_key(struct contexts *mine, enum digest which, const void *key, size_t key_len)
{
    struct keyed *keyed = &mine->keyed[which];
    unsigned char block[BLOCK] = { 0 };
    bool good = true;

    if (key_len > BLOCK)
        good = begin(mine->digest, which, key, key_len) &&
               EVP_DigestFinal_ex(mine->digest, block, NULL);
    else if (key_len > 0)
        memcpy(block, key, key_len);
    if (good && !(keyed->set && memcmp(block, keyed->key, BLOCK) == 0)) {
        memcpy(keyed->key, block, BLOCK);
        good = read_key(keyed->inner, which, block, 0x36) &&
               read_key(keyed->outer, which, block, 0x5c);
        keyed->set = good;
    }
    cc_wipe(block, sizeof(block));
    return good;
}

static bool hmac(enum digest which, const void *key, size_t key_len, const void *data, size_t len,
                 unsigned char *ret_mac)
{
    struct contexts *mine = ready() ? my_contexts() : NULL;
    const struct keyed *keyed = mine ? &mine->keyed[which] : NULL;
    unsigned size;

    return mine && set_key(mine, which, key, key_len) &&
           EVP_MD_CTX_copy_ex(mine->digest, keyed->inner) &&
           EVP_DigestUpdate(mine->digest, data, len) &&
           EVP_DigestFinal_ex(mine->digest, ret_mac, &size) &&
           EVP_MD_CTX_copy_ex(mine->digest, keyed->outer) &&
           EVP_DigestUpdate(mine->digest, ret_mac, size) &&
           EVP_DigestFinal_ex(mine->digest, ret_mac, &size);
}

bool cc_hmac_sha256(const void *key, size_t key_len, const void *data, size_t len,
                    unsigned char ret_mac[32])
{
    return hmac(SHA256, key, key_len, data, len, ret_mac);
}

int cloud_digest(const char *key, const char *text, char ret_hex[CLOUD_DIGEST_MAX],
                 struct cloud_error *err)
{
    unsigned char mac[32];
    bool good = true;
    int rc = cc_need(text, "text", err);

    if (!rc)
        rc = cc_need(ret_hex, "ret_hex", err);
    if (rc)
        return rc;
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

    if (!hmac(SHA1, key, key_len, data, len, mac))
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
