/* SPDX-License-Identifier: Apache-2.0 */
/* What a client holds: one account at one vendor. */
#ifndef CC_CLIENT_H
#define CC_CLIENT_H

#include "core/model/provider.h"
#include "core/transport/transport.h"
#include "core/base/env.h"

#define CC_SERVICES_MAX 8

struct cloud_client {
    const struct cloud_provider *provider;
    struct cc_arena *arena;              /* of the strings in options and defaults */
    struct cloud_client_options options; /* its secrets are below */
    struct cloud_params defaults;
    struct cc_credentials credentials; /* owned, wiped */
    const char *endpoint; /* NULL: the vendor's hosts (also behind the emulator in this process) */
    cc_sign_fn sign;
    struct cc_sign_key_cache keys[CC_SERVICES_MAX];
    struct cc_transport *transport;
    struct cc_pricebook *price_book; /* NULL: none */
    struct cc_rate_limiter *limit;   /* of requests, shared with other processes; NULL: none */
    struct cc_env env;
    int64_t skew_ms;       /* the vendor's clock minus ours, as learned */
    int retry_budget;      /* thousandths of a retry */
    struct cc_call *call;  /* the one that blocks, kept for its memory; NULL: there was none yet */
    bool busy;             /* a call is running: a callback must not start another */
    char vendor_date[40];  /* the Date of the last answer that had one that can be read; "": none */
    int64_t vendor_date_s; /* the same in Unix seconds */
    int64_t vendor_ahead_ms;     /* the Date of the last answer minus our clock */
    bool vendor_seen;            /* there was one */
    cloud_change_fn change_hook; /* asked before anything is changed; NULL: none */
    void *change_user_data;
};

/* Unix milliseconds by the vendor's clock, as far as it is known */
static inline int64_t cc_client_vendor_ms(const struct cloud_client *client)
{
    return client->env.now_ms(client->env.data) + client->skew_ms;
}

void cc_client_log(const struct cloud_client *client, enum cloud_log_level level,
                   const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
