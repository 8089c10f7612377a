/* SPDX-License-Identifier: Apache-2.0 */
/* Errors: what a caller can do about a failure, what became of a change, and the details. */
#ifndef CLOUD_CLIENT_ERROR_H
#define CLOUD_CLIENT_ERROR_H

#include "api.h"

#ifdef __cplusplus
extern "C" {
#endif

/** Error codes, by the action that a caller can take. */
enum cloud_code {
    CLOUD_OK = 0,
    CLOUD_EINVAL = -1,    /* fix the parameter that err.parameter names */
    CLOUD_ECONFIG = -2,   /* fix the configuration: the message names file, line and key */
    CLOUD_ENOMEM = -3,    /* this process is out of memory */
    CLOUD_EAUTH = -4,     /* check the access key and its secret */
    CLOUD_EDENIED = -5,   /* the key is valid but has no permission: grant it, or use another key */
    CLOUD_ENOTFOUND = -6, /* there is no such instance, disk, image or task */
    CLOUD_ESTATE = -7,    /* wrong state or busy: wait, or change the state as the message says */
    CLOUD_ECONFLICT =
        -8, /* it exists already, or another process changed it: read it again, then decide */
    CLOUD_EQUOTA = -9,      /* a quota is used up: raise it, or delete something */
    CLOUD_ESOLDOUT = -10,   /* out of stock: choose another instance type or zone */
    CLOUD_EBALANCE = -11,   /* top up the account */
    CLOUD_ETHROTTLED = -12, /* too many requests: wait */
    CLOUD_EVENDOR =
        -13, /* the vendor failed: try later, quote the request id to the vendor's support */
    CLOUD_EUNSUPPORTED = -14, /* this vendor cannot do it; nothing was sent */
    CLOUD_ETIMEDOUT = -15,    /* the deadline passed */
    CLOUD_ENETWORK = -16,     /* there was no connection, it broke, or a proxy refused it */
    CLOUD_ETLS = -17,         /* the server's certificate was not accepted */
    CLOUD_EPROTOCOL = -18, /* the reply is not what the vendor documents: the message says where */
    CLOUD_ETOOBIG = -19,   /* the reply is larger than max_reply_bytes */
    CLOUD_EPRICE = -20,    /* the price is above max_charge: nothing was bought */
    CLOUD_EMODE = -21,   /* the client's mode (read_only, no_spend) forbids it; nothing was sent */
    CLOUD_EFAILED = -22, /* the vendor accepted the work, and the work failed there */
    CLOUD_ECANCELLED = -23, /* the caller cancelled it */
    CLOUD_EJOURNAL =
        -24 /* the journal cannot be read or written: fix its store as the message says */
};

/** The outcome of a call that changes something. A read that failed is always CLOUD_NOT_APPLIED. */
enum cloud_outcome {
    CLOUD_NOT_APPLIED = 0,    /* certainly nothing changed */
    CLOUD_APPLIED = 1,        /* the vendor confirmed the change */
    CLOUD_OUTCOME_UNKNOWN = 2 /* the request may have arrived without a reply, the reply does not
                                 prove a refusal, or a part was done: do not repeat it */
};

/**
 * The details of a failure. Its size is fixed, so failing never allocates. Every call overwrites
 * all of it; after a success every member but outcome is zero. It is safe to show and to log: it
 * holds no key, signature, password or console URL.
 */
struct cloud_error {
    int code;                   /* enum cloud_code */
    enum cloud_outcome outcome; /* of a call that changes something */
    int http_status;            /* 0: no reply came */
    int retry_after_ms;   /* how long the vendor asks to wait before the next try; 0: it did not say
                           */
    char vendor_code[64]; /* the vendor's error code, as it spells it; "": none */
    char request_id[64];  /* the vendor's support asks for it; "": none */
    char parameter[64];   /* the parameter or configuration key to fix; of a refusal by the vendor:
                             the one that its message names; "": none */
    char message[512];    /* one line without a full stop: what is wrong, where, what to do */
};

/** The name of a code, "CLOUD_ESTATE"; "CLOUD_E?" for any other number. Static, never NULL. */
CLOUD_API const char *cloud_code_name(int code);

/** Advice for a person about a code: one sentence without a full stop. Static, never NULL. */
CLOUD_API const char *cloud_code_advice(int code);

/** "applied", "not applied" or "unknown"; "unknown" for any other number. Static, never NULL. */
CLOUD_API const char *cloud_outcome_name(enum cloud_outcome outcome);

#ifdef __cplusplus
}
#endif

#endif
