/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The pretend vendors, for the tests of whoever embeds cloud_client.
 *
 * An emulator owns one world: keys, instances, disks, orders, a ledger of charges, faults on
 * request. It answers the vendors' own HTTP requests, checks their signatures, and keeps their
 * rules. The world lives in this process, or in a file that several processes share. This header
 * stands alone: it needs nothing of the library, and the library needs nothing of the emulator.
 */
#ifndef CLOUD_EMULATOR_H
#define CLOUD_EMULATOR_H

#include <stddef.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef CLOUD_EMULATOR_API
#define CLOUD_EMULATOR_API __attribute__((visibility("default")))
#endif

/** The key pair that every world knows from its first moment; it opens nothing anywhere else. */
#define CLOUD_EMULATOR_KEY_ID "EMULATORDEMOKEY0000000000000001"
#define CLOUD_EMULATOR_KEY_SECRET "emulatordemosecret00000000000001"

/** One world with its vendors. Every function below may be called from any thread, except close. */
struct cloud_emulator;

/** A request as it would go over the wire. Borrowed for the length of the call. */
struct cloud_emulator_request {
    size_t size;                /* sizeof(struct cloud_emulator_request) */
    const char *method;         /* "GET", "POST", ... */
    const char *url;            /* absolute, already encoded: scheme://host[:port]/path?query */
    const char *const *headers; /* "Name: value" strings, ended by NULL; NULL means none. Without a
                                   Host among them the one of the URL counts */
    const void *body;           /* may be NULL when body_size is 0 */
    size_t body_size;
};

/** What the wire did. Everything but ANSWERED happens only when a fault was asked for. */
enum cloud_emulator_wire {
    CLOUD_EMULATOR_ANSWERED = 0, /* a whole reply came back */
    CLOUD_EMULATOR_REFUSED,      /* no connection: nothing was sent */
    CLOUD_EMULATOR_RESET,        /* cut while the request was being sent: it was not applied */
    CLOUD_EMULATOR_LOST, /* the request arrived whole, no byte of a reply came; it may or may
                            not have been applied */
    CLOUD_EMULATOR_CUT   /* the reply was cut after body_size bytes of its body */
};

/** A reply. Its strings belong to it; cloud_emulator_reply_clear() frees them. */
struct cloud_emulator_reply {
    size_t size; /* set by the caller to sizeof(struct cloud_emulator_reply) before the call */
    enum cloud_emulator_wire wire;
    int status;    /* 0 unless ANSWERED or CUT */
    char *headers; /* "Name: value\r\n" lines, ended by NUL; NULL when there is no reply */
    void *body;    /* body_size bytes and a NUL behind them; NULL when there is no reply */
    size_t body_size;
    int delay_ms; /* the caller waits this long before it looks at the rest, or times out */
};

/**
 * Open a world.
 *
 * @param path          NULL or ":memory:" for a world of this emulator alone; otherwise a file,
 * created when it is missing, that other emulators in other processes may open too
 * @param ret           the emulator, on success only; the caller closes it
 * @param message       on failure one line that says why; may be NULL
 * @param message_size  size of @message in bytes
 * @return 0, or -1
 */
CLOUD_EMULATOR_API int cloud_emulator_open(const char *path, struct cloud_emulator **ret,
                                           char *message, size_t message_size);

/** Stop listening and free everything; a world in a file stays. NULL is fine. */
CLOUD_EMULATOR_API void cloud_emulator_close(struct cloud_emulator *emulator);

/**
 * Make a key pair known to the world. Each key id is an account of its own.
 *
 * @return 0, also when the same pair is known already; -1 when the id is known with another secret,
 * when either text is empty, or when the world cannot be written
 */
CLOUD_EMULATOR_API int cloud_emulator_add_key(struct cloud_emulator *emulator, const char *id,
                                              const char *secret);

/**
 * Answer one request: a vendor's, or one to /_emulator/... .
 *
 * Never waits for @delay_ms itself. Requests to one world are handled one after the other, also
 * those of other processes. Running out of memory ends the process: this is a tool for tests.
 *
 * @param ret  filled on success; its size member must be set
 * @return 0, or -1 when the request is not one at all (no method, no URL, or a size too small)
 */
CLOUD_EMULATOR_API int cloud_emulator_handle(struct cloud_emulator *emulator,
                                             const struct cloud_emulator_request *request,
                                             struct cloud_emulator_reply *ret);

/** Free what a reply holds and make it empty; its size stays. */
CLOUD_EMULATOR_API void cloud_emulator_reply_clear(struct cloud_emulator_reply *reply);

/**
 * Listen for HTTP on a loopback address, with threads of the emulator's own.
 *
 * Faults become what they say on the socket. A TCP server cannot refuse a single connection before
 * it has accepted it: REFUSED is shown as a connection reset before anything of the request's body
 * was read.
 *
 * @param address   "127.0.0.1:PORT", "[::1]:PORT" or "localhost:PORT"; port 0 takes a free one.
 *                  Anything that is not loopback is refused
 * @param ret_port  the port; may be NULL
 * @return 0, or -1 with @message filled; also -1 when it is listening already
 */
CLOUD_EMULATOR_API int cloud_emulator_listen(struct cloud_emulator *emulator, const char *address,
                                             int *ret_port, char *message, size_t message_size);

/** Stop listening; requests under way are answered first. Fine when it is not listening, or NULL.
 */
CLOUD_EMULATOR_API void cloud_emulator_stop(struct cloud_emulator *emulator);

#ifdef __cplusplus
}
#endif

#endif
