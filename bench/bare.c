/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends the same requests with libcurl alone, as a program without this library would: it keeps the
 * handles, signs the request once, and collects and discards the reply. It also counts allocations.
 */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench/measure.h"

unsigned long bench_allocations, bench_curl_allocations;

struct transfer {
    CURL *easy;
    char *data;
    size_t len, cap;
};

struct bare {
    char base[256];
    struct curl_slist *headers;
    CURLM *multi;
    struct transfer *transfers;
    int count;
};

/* replaces the function in the libraries too */
#define COUNTED __attribute__((visibility("default")))

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *memory, size_t size);

COUNTED void *malloc(size_t size)
{
    bench_allocations++;
    return __libc_malloc(size);
}

COUNTED void *calloc(size_t count, size_t size)
{
    bench_allocations++;
    return __libc_calloc(count, size);
}

COUNTED void *realloc(void *memory, size_t size)
{
    bench_allocations++;
    return __libc_realloc(memory, size);
}

static void *curl_malloc(size_t size)
{
    bench_curl_allocations++;
    return malloc(size);
}

static void *curl_calloc(size_t count, size_t size)
{
    bench_curl_allocations++;
    return calloc(count, size);
}

static void *curl_realloc(void *memory, size_t size)
{
    bench_curl_allocations++;
    return realloc(memory, size);
}

static char *curl_strdup(const char *text)
{
    bench_curl_allocations++;
    return strdup(text);
}

void bare_count_memory(void)
{
    bench_need(curl_global_init_mem(CURL_GLOBAL_DEFAULT, curl_malloc, free, curl_realloc,
                                    curl_strdup, curl_calloc) == CURLE_OK,
               "libcurl");
}

static size_t collect(char *data, size_t one, size_t len, void *user)
{
    struct transfer *transfer = user;

    (void)one;
    if (transfer->len + len > transfer->cap) {
        transfer->cap = (transfer->len + len) * 2;
        transfer->data = realloc(transfer->data, transfer->cap);
        bench_need(transfer->data != NULL, "memory");
    }
    memcpy(transfer->data + transfer->len, data, len);
    transfer->len += len;
    return len;
}

struct bare *bare_new(const struct bench_server *server, const char *region)
{
    static const char *const lines[] = {
        "Content-Type: application/json",
        "x-jdcloud-date: 20261120T080000Z",
        "x-jdcloud-nonce: 00000000-0000-4000-8000-000000000001",
        "Authorization: JDCLOUD3-HMAC-SHA256 "
        "Credential=BENCHKEY000000000000000000000001/20261120/cn-north-1/vm/"
        "jdcloud3_request, SignedHeaders=content-type;host;x-jdcloud-date;x-jdcloud-nonce, "
        "Signature=0000000000000000000000000000000000000000000000000000000000000000",
    };
    struct bare *bare = calloc(1, sizeof(*bare));

    bench_need(bare != NULL, "memory");
    snprintf(bare->base, sizeof(bare->base), "http://127.0.0.1:%d/v1/regions/%s", server->port,
             region);
    for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++)
        bare->headers = curl_slist_append(bare->headers, lines[i]);
    bare->multi = curl_multi_init();
    return bare;
}

static void make_transfers(struct bare *bare, int count)
{
    if (bare->count >= count)
        return;
    bare->transfers = realloc(bare->transfers, (size_t)count * sizeof(*bare->transfers));
    bench_need(bare->transfers != NULL, "memory");
    for (int i = 0; i < count; i++) {
        if (i >= bare->count)
            bare->transfers[i] = (struct transfer){ .easy = curl_easy_init() };
        curl_easy_setopt(bare->transfers[i].easy, CURLOPT_NOSIGNAL, 1L);
        curl_easy_setopt(bare->transfers[i].easy, CURLOPT_HTTPHEADER, bare->headers);
        curl_easy_setopt(bare->transfers[i].easy, CURLOPT_WRITEFUNCTION, collect);
        curl_easy_setopt(bare->transfers[i].easy, CURLOPT_WRITEDATA, &bare->transfers[i]);
        curl_easy_setopt(bare->transfers[i].easy, CURLOPT_PRIVATE, &bare->transfers[i]);
    }
    bare->count = count;
}

static void set_target(const struct bare *bare, struct transfer *transfer, const char *target)
{
    char url[512];

    snprintf(url, sizeof(url), "%s%s", bare->base, target);
    curl_easy_setopt(transfer->easy, CURLOPT_URL, url);
    transfer->len = 0;
}

void bare_many(struct bare *bare, const char *target, int count)
{
    make_transfers(bare, 1);
    while (count-- > 0) {
        set_target(bare, &bare->transfers[0], target);
        bench_need(curl_easy_perform(bare->transfers[0].easy) == CURLE_OK, "a bare transfer");
    }
}

void bare_at_once(struct bare *bare, const char *target, int count, int in_flight)
{
    int running = 0, started = 0, finished = 0, left;
    CURLMsg *message;

    make_transfers(bare, in_flight);
    for (; started < in_flight && started < count; started++) {
        set_target(bare, &bare->transfers[started], target);
        curl_multi_add_handle(bare->multi, bare->transfers[started].easy);
    }
    while (finished < count) {
        curl_multi_perform(bare->multi, &running);
        while ((message = curl_multi_info_read(bare->multi, &left))) {
            struct transfer *transfer = NULL;
            CURL *easy = message->easy_handle;

            bench_need(message->data.result == CURLE_OK, "a bare transfer");
            curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
            curl_multi_remove_handle(bare->multi, easy);
            finished++;
            if (started++ < count) {
                set_target(bare, transfer, target);
                curl_multi_add_handle(bare->multi, easy);
                running = 0;
            }
        }
        if (finished < count && running)
            curl_multi_poll(bare->multi, NULL, 0, 1000, NULL);
    }
}

size_t bare_got(const struct bare *bare)
{
    return bare->count ? bare->transfers[0].len : 0;
}

void bare_free(struct bare *bare)
{
    for (int i = 0; i < bare->count; i++) {
        curl_multi_remove_handle(bare->multi, bare->transfers[i].easy);
        curl_easy_cleanup(bare->transfers[i].easy);
        free(bare->transfers[i].data);
    }
    curl_multi_cleanup(bare->multi);
    curl_slist_free_all(bare->headers);
    free(bare->transfers);
    free(bare);
}
