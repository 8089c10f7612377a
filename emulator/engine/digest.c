/* SPDX-License-Identifier: Apache-2.0 */
/* Digests, their encodings, random bytes and random ids: the only file that includes OpenSSL. */
#include "emulator/engine/emulator.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void need(bool good, const char *what)
{
    if (good)
        return;
    fprintf(stderr, "cloud_emulator: OpenSSL has no %s\n", what);
    abort();
}

char *emu_hex(struct emu_world *world, const unsigned char *bytes, size_t size)
{
    static const char digits[] = "0123456789abcdef";
    char *ret = emu_alloc(world, size * 2 + 1);

    for (size_t i = 0; i < size; i++) {
        ret[2 * i] = digits[bytes[i] >> 4];
        ret[2 * i + 1] = digits[bytes[i] & 15];
    }
    return ret;
}

char *emu_sha256_hex(struct emu_world *world, const void *data, size_t size)
{
    unsigned char digest[32];

    need(EVP_Digest(size ? data : "", size, digest, NULL, EVP_sha256(), NULL) == 1, "SHA-256");
    return emu_hex(world, digest, sizeof(digest));
}

static void hmac(const EVP_MD *type, const void *key, size_t key_size, const void *data,
                 size_t size, unsigned char *ret)
{
    need(HMAC(type, key_size ? key : "", (int)key_size, size ? data : (const void *)"", size, ret,
              NULL),
         "HMAC");
}

void emu_hmac_sha256(const void *key, size_t key_size, const void *data, size_t size,
                     unsigned char ret[32])
{
    hmac(EVP_sha256(), key, key_size, data, size, ret);
}

void emu_hmac_sha1(const void *key, size_t key_size, const void *data, size_t size,
                   unsigned char ret[20])
{
    hmac(EVP_sha1(), key, key_size, data, size, ret);
}

char *emu_base64(struct emu_world *world, const unsigned char *bytes, size_t size)
{
    char *ret = emu_alloc(world, (size + 2) / 3 * 4 + 1);

    EVP_EncodeBlock((unsigned char *)ret, bytes, (int)size);
    return ret;
}

bool emu_base64_decode(struct emu_world *world, const char *text, char **ret, size_t *ret_size)
{
    size_t size = strlen(text);
    char *bytes = emu_alloc(world, size / 4 * 3 + 1);
    int got;

    if (size % 4)
        return false;
    got = EVP_DecodeBlock((unsigned char *)bytes, (const unsigned char *)text, (int)size);
    if (got < 0)
        return false;
    /* EVP_DecodeBlock counts the padding as zero bytes. */
    for (size_t i = size; i && text[i - 1] == '=' && got; i--)
        got--;
    bytes[got] = '\0';
    *ret = bytes;
    *ret_size = (size_t)got;
    return true;
}

bool emu_same_secret(const char *a, const char *b)
{
    size_t size = strlen(a);

    return size == strlen(b) && CRYPTO_memcmp(a, b, size) == 0;
}

void emu_random(void *ret, size_t size)
{
    need(RAND_bytes(ret, (int)size) == 1, "random bytes");
}

char *emu_new_id(struct emu_world *world, const char *prefix, size_t count)
{
    static const char signs[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t start = strlen(prefix);
    char *ret = emu_alloc(world, start + count + 1);
    unsigned char *dice = emu_alloc(world, count + 1);

    memcpy(ret, prefix, start);
    emu_random(dice, count);
    for (size_t i = 0; i < count; i++)
        ret[start + i] = signs[dice[i] % (start + i ? 36 : 26)];
    return ret;
}
