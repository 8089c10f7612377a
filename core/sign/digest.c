/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Digests, keyed digests and base64 for the signing families: the only file that includes OpenSSL.
 * What is signed, and in which order, is theirs to say.
 */
#include "core/base/error.h"
#include "core/sign/sign.h"

#include <limits.h>
#include <openssl/evp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

/*
 * Looking an algorithm up costs more than using it on a request, so each is looked up once in a
 * process. They live as long as the process, in a library context of its own: what the program
 * around us does to OpenSSL's does not touch our signatures.
 */
enum digest { SHA256, SHA1, DIGESTS };
enum { BLOCK = 64 }; /* of either */
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static atomic_bool looked_up;
static OSSL_LIB_CTX *library;
static EVP_MD *digests[DIGESTS];

/*
 * Making a context costs about as much as using it, so each thread keeps its own. HMAC is made here
 * of two digests that have read the key: a signing key is used for a day, and reading it each time
 * would be half the work of a signature. (An EVP_MAC can take another message for the key it has,
 * but not in the first releases of OpenSSL 3.0.) What they were keyed with stays in them until the
 * next key, or until the thread ends.
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
static pthread_key_t of_thread;
static bool have_key;

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
    struct contexts *mine = pthread_getspecific(of_thread);
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
    if (good && !pthread_setspecific(of_thread, mine))
        return mine;
    free_contexts(mine);
    return NULL;
}

__attribute__((destructor)) static void let_go(void)
{
    if (have_key) {
        free_contexts(pthread_getspecific(of_thread));
        pthread_key_delete(of_thread);
        have_key = false;
    }
    for (int i = 0; i < DIGESTS; i++) {
        EVP_MD_free(digests[i]);
        digests[i] = NULL;
    }
    OSSL_LIB_CTX_free(library);
    library = NULL;
}

static bool look_up(void)
{
    library = OSSL_LIB_CTX_new();
    digests[SHA256] = library ? EVP_MD_fetch(library, "SHA256", NULL) : NULL;
    digests[SHA1] = library ? EVP_MD_fetch(library, "SHA1", NULL) : NULL;
    have_key = !pthread_key_create(&of_thread, free_contexts);
    if (digests[SHA256] && digests[SHA1] && have_key)
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

static bool begin(EVP_MD_CTX *context, enum digest which, const void *data, size_t len)
{
    return EVP_DigestInit_ex2(context, digests[which], NULL) &&
           EVP_DigestUpdate(context, data, len);
}

bool cc_sha256_hex(const void *data, size_t len, char ret_hex[65])
{
    static const char of_nothing[] =
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    struct contexts *mine = len > 0 && ready() ? my_contexts() : NULL;
    unsigned char digest[32];

    if (len == 0) /* as of most requests' bodies */
        memcpy(ret_hex, of_nothing, sizeof(of_nothing));
    if (len == 0)
        return true;
    if (!mine || !begin(mine->digest, SHA256, data, len) ||
        !EVP_DigestFinal_ex(mine->digest, digest, NULL))
        return false;
    cc_hex(digest, sizeof(digest), ret_hex);
    return true;
}

/* lets a digest read a key under one of HMAC's two bytes (RFC 2104) */
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

static bool take_key(struct contexts *mine, enum digest which, const void *key, size_t key_len)
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

    return mine && take_key(mine, which, key, key_len) &&
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
