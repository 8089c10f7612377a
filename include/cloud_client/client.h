/* SPDX-License-Identifier: Apache-2.0 */
/* Clients: one account at one vendor, its options, its log and its change hook. */
#ifndef CLOUD_CLIENT_CLIENT_H
#define CLOUD_CLIENT_CLIENT_H

#include "error.h"
#include "operations.h"
#include "params.h"

#ifdef __cplusplus
extern "C" {
#endif

/** The level of a log line. */
enum cloud_log_level { CLOUD_LOG_ERROR = 0, CLOUD_LOG_INFO, CLOUD_LOG_DEBUG };

/**
 * Receives one log line without a newline, borrowed for the call. The line never contains a
 * secret. Called on the thread that makes the call.
 */
typedef void (*cloud_log_fn)(enum cloud_log_level level, const char *line, void *user_data);

/** The mode of a client: the requests that it may send. */
enum cloud_mode {
    CLOUD_MODE_NORMAL = 0,
    CLOUD_MODE_NO_SPEND, /* sends nothing that costs money */
    CLOUD_MODE_READ_ONLY /* sends nothing that changes anything */
};

/**
 * How to reach one account at one vendor. Strings are copied. Start from
 * CLOUD_CLIENT_OPTIONS_INIT.
 */
struct cloud_client_options {
    size_t size;
    const char *provider; /* "jdcloud"; required */
    const char *region;   /* "cn-north-1"; required when the vendor needs one */
    const char *access_key_id;
    const char *access_key_secret; /* secret; with "emulator:" it and the id may be NULL */
    const char *security_token;    /* secret; NULL: none */
    const char *endpoint;          /* NULL: the vendor's own; "http://127.0.0.1:PORT"; "emulator:",
                                      "emulator:PATH" */
    const char *signature;         /* for jdcloud: "JDCLOUD3" (the default) or "JDCLOUD2" */
    const char *ca_file;           /* NULL: the certificates of the system */
    bool allow_http;               /* accept http: for addresses that are not loopback */
    bool allow_prepaid_charge_change; /* for CapitalOnline CCS: ModifyInstanceChargeType on a
                                         prepaid instance */
    enum cloud_mode mode;
    int timeout_ms;                      /* of a whole call with its retries; 0: 30000 */
    int connect_timeout_ms;              /* 0: 10000 */
    int attempts;                        /* how often one request is sent at most; 0: 3 */
    int max_reply_bytes;                 /* 0: 8 MiB */
    const char *price_book;              /* the path of prices.yaml; NULL: none */
    const struct cloud_params *defaults; /* used where a call gives nothing; NULL: none */
    cloud_log_fn log;                    /* NULL: no log */
    void *log_user_data;
    /* "15/s", "1000/min", "20000/h", "500/day": how many requests this access key may send. All
       programs of this user on this machine share the limit through /dev/shm; where that cannot be
       used, the limit holds for the client alone, and the log says why. It becomes slower when the
       vendor throttles, and keeps to the vendor's Retry-After. NULL: no limit */
    const char *rate_limit;
    /* How long a request may wait for rate_limit. The call then ends with CLOUD_ETHROTTLED, and the
       request is not sent. This wait does not count in timeout_ms; it does in timeout_ms of struct
       cloud_batch_call. 0: a blocking call waits as long as timeout_ms, a call of a batch as long
       as it takes */
    int rate_limit_wait_ms;
};
#define CLOUD_CLIENT_OPTIONS_INIT \
    { \
        .size = sizeof(struct cloud_client_options) \
    }

/**
 * One account at one vendor. One thread at a time may use it. After fork() both processes may, each
 * with connections of its own.
 */
struct cloud_client;

/**
 * Makes a client. Sends nothing.
 *
 * @param ret_client  the caller frees it with cloud_client_free()
 * @return CLOUD_OK; CLOUD_ECONFIG or CLOUD_EINVAL naming the option; CLOUD_ENOMEM; an error of the
 *         price book
 */
CLOUD_API int cloud_client_new(const struct cloud_client_options *options,
                               struct cloud_client **ret_client, struct cloud_error *err);

/**
 * Frees a client with its connections, and wipes its secrets. No call or batch may still use it.
 * NULL is allowed.
 */
CLOUD_API void cloud_client_free(struct cloud_client *client);

/** The provider's name. Static. */
CLOUD_API const char *cloud_client_provider(const struct cloud_client *client);

/**
 * Sets the log function of a client; NULL for no log. @user_data is passed to @log and is not
 * freed.
 */
CLOUD_API void cloud_client_set_log(struct cloud_client *client, cloud_log_fn log, void *user_data);

/** The client's region; "" when it has none. Owned by the client. */
CLOUD_API const char *cloud_client_region(const struct cloud_client *client);

/** The parameters that the client uses where a call gives nothing. Owned by the client. */
CLOUD_API const struct cloud_params *cloud_client_defaults(const struct cloud_client *client);

/** The size of a buffer for the name of an account and the NUL. */
#define CLOUD_ACCOUNT_MAX 20

/**
 * A name for the account of the client's access key. It is the same in every process. It is made
 * from a digest of the key's id and does not reveal the id.
 *
 * @return CLOUD_OK; CLOUD_ENOMEM
 */
CLOUD_API int cloud_client_account(const struct cloud_client *client,
                                   char ret_account[CLOUD_ACCOUNT_MAX], struct cloud_error *err);

/**
 * The vendor's present time, by the Date of its last reply to this client; CLOUD_TIME_NONE before
 * the first reply.
 */
CLOUD_API int64_t cloud_client_vendor_time(const struct cloud_client *client);

/**
 * A request that changes something and is about to be sent. Borrowed for the length of the
 * callback.
 */
struct cloud_change {
    enum cloud_op op;
    const char *action;       /* the vendor's action */
    enum cloud_effect effect; /* CLOUD_CHANGES or CLOUD_SPENDS */
    int attempt;              /* of this action in this call, from 1 */
    const char *order_id;     /* from the replies to earlier requests of this call; NULL: none */
};

/**
 * Called before each request that changes something, also before a repeated one, on the thread of
 * the call. CLOUD_OK allows the request. With any other code nothing is sent, and the call ends
 * with that code and the details that the function wrote to @err (never NULL). The function must
 * not use the client.
 */
typedef int (*cloud_change_fn)(const struct cloud_change *change, void *user_data,
                               struct cloud_error *err);

/**
 * Sets the function that is called before anything is changed; NULL for none. cloud_journal_call()
 * sets its own function while it runs; that one calls this one after itself.
 */
CLOUD_API void cloud_client_set_change_hook(struct cloud_client *client, cloud_change_fn hook,
                                            void *user_data);

/**
 * The change hook that is set, or NULL. *ret_user_data receives its user data; @ret_user_data may
 * be NULL.
 */
CLOUD_API cloud_change_fn cloud_client_change_hook(const struct cloud_client *client,
                                                   void **ret_user_data);

#ifdef __cplusplus
}
#endif

#endif
