/* SPDX-License-Identifier: Apache-2.0 */
/* Defines a client: one account at one vendor. */
#ifndef CC_CLIENT_H
#define CC_CLIENT_H

#include <sys/queue.h>

#include "core/model/provider.h"
#include "core/transport/transport.h"
#include "core/base/env.h"

#define CC_SERVICES_MAX 8

struct cc_client_queue;

struct cloud_client {
    LIST_HEAD(cc_client_queues, cc_client_queue) queues; /* in batches; scheduler/batch.c */
    const struct cloud_provider *provider;
    struct cc_arena *arena;              /* of the strings in options and defaults */
    struct cloud_client_options options; /* without secrets, which are in credentials */
    struct cloud_params defaults;
    struct cc_credentials credentials; /* owned, wiped */
    const char *endpoint; /* NULL: the vendor's hosts (also with the emulator in this process) */
    cc_sign_fn sign;
    struct cc_sign_key_cache keys[CC_SERVICES_MAX];
    struct cc_transport *transport;
    struct cc_pricebook *price_book; /* NULL: none */
    struct cc_rate_limiter *limiter; /* shared with other processes; NULL: none */
    struct cc_env env;
    int64_t skew_ms;             /* the vendor's clock minus ours, as learned from refusals */
    int retry_budget;            /* thousandths of a retry */
    struct cc_call *call;        /* of blocking calls, reused; NULL before the first */
    bool busy;                   /* a call is running: a callback must not start another */
    char vendor_date[40];        /* the last readable Date header; "": none */
    int64_t vendor_date_s;       /* the same in Unix seconds */
    int64_t vendor_ahead_ms;     /* the last Date header minus our clock */
    bool vendor_seen;            /* vendor_ahead_ms is known */
    cloud_change_fn change_hook; /* called before anything is changed; NULL: none */
    void *change_user_data;
};

/* Unix milliseconds by the vendor's clock, corrected by the known skew */
static inline int64_t cc_client_vendor_ms(const struct cloud_client *client)
{
    return client->env.now_ms(client->env.data) + client->skew_ms;
}

void cc_client_log(const struct cloud_client *client, enum cloud_log_level level,
                   const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
