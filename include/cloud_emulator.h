/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Emulated vendors, for the tests of applications that embed cloud_client.
 *
 * An emulator owns one world: keys, instances, disks, orders, a ledger of charges, and faults on
 * request. It answers the vendors' own HTTP requests, checks their signatures and applies their
 * rules. The world is in the memory of this process, or in a file that several processes share.
 * This header includes nothing of the library, and the library does not need the emulator.
 *
 * Threads: every function but cloud_emulator_close() may be called from any thread at any time.
 * After a fork() the child must not use an emulator that its parent opened; it opens its own, with
 * the same file if they share a world.
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

/** The key pair that every world has from the start. It is valid in emulators only. */
#define CLOUD_EMULATOR_KEY_ID "EMULATORDEMOKEY0000000000000001"
#define CLOUD_EMULATOR_KEY_SECRET "emulatordemosecret00000000000001"

/** One world with its vendors. */
struct cloud_emulator;

/** A request as it is sent over the network. Borrowed for the length of the call. */
struct cloud_emulator_request {
    size_t size;                /* sizeof(struct cloud_emulator_request) */
    const char *method;         /* "GET", "POST", ... */
    const char *url;            /* absolute and already encoded: scheme://host[:port]/path?query */
    const char *const *headers; /* "Name: value" strings, ended by NULL; NULL: none. Without a Host
                                   header the host of the URL is used */
    const void *body;           /* may be NULL when body_size is 0 */
    size_t body_size;
};

/** The end of an exchange on the network. Every value but ANSWERED needs fault injection. */
enum cloud_emulator_wire {
    CLOUD_EMULATOR_ANSWERED = 0, /* a whole reply came back */
    CLOUD_EMULATOR_REFUSED,      /* there was no connection: nothing was sent */
    CLOUD_EMULATOR_RESET, /* the connection broke while the request was sent: it was not applied */
    CLOUD_EMULATOR_LOST, /* the request arrived, and no byte of a reply came; it may or may not have
                            been applied */
    CLOUD_EMULATOR_CUT   /* the reply ended after body_size bytes of its body */
};

/** A reply. Its strings belong to it; cloud_emulator_reply_clear() frees them. */
struct cloud_emulator_reply {
    size_t size; /* the caller sets it to sizeof(struct cloud_emulator_reply) before the call */
    enum cloud_emulator_wire wire;
    int status;    /* HTTP status; 0 unless ANSWERED or CUT */
    char *headers; /* "Name: value\r\n" lines, ended by a NUL; NULL when there is no reply */
    void *body;    /* body_size bytes and a NUL after them; NULL when there is no reply */
    size_t body_size;
    int delay_ms; /* the caller waits so long before it reads the other members, or times out */
};

/**
 * Opens a world.
 *
 * @param path          NULL or ":memory:": a world of this emulator alone. Otherwise a file, which
 *                      is created if it does not exist; emulators of other processes may open it
 *                      too
 * @param ret           the emulator, on success only; the caller closes it
 * @param message       receives one line with the reason on failure; may be NULL
 * @param message_size  the size of @message in bytes
 * @return 0, or -1
 */
CLOUD_EMULATOR_API int cloud_emulator_open(const char *path, struct cloud_emulator **ret,
                                           char *message, size_t message_size);

/**
 * Stops listening and frees everything. A world in a file stays. No other thread may use the
 * emulator. NULL is allowed.
 */
CLOUD_EMULATOR_API void cloud_emulator_close(struct cloud_emulator *emulator);

/**
 * Adds a key pair to the world. Each key id is an account of its own. The secret stays in the
 * memory of this process: a world in a file stores a digest of it. So each process that shares the
 * world adds the keys of the requests that it answers.
 *
 * @return 0, also when the world has the same pair already; -1 when it has the id with another
 *         secret, when one of the two is empty, or when the world cannot be written
 */
CLOUD_EMULATOR_API int cloud_emulator_add_key(struct cloud_emulator *emulator, const char *id,
                                              const char *secret);

/**
 * Answers one request, of a vendor or to /_emulator/... .
 *
 * It does not wait for delay_ms itself. The requests to one world are handled one after the other,
 * also those of other processes. It ends the process when memory runs out: this is a tool for
 * tests.
 *
 * @param ret  filled on success; its size must be set
 * @return 0, or -1 when the request is not valid: no method, no URL, or a size that is too small
 */
CLOUD_EMULATOR_API int cloud_emulator_handle(struct cloud_emulator *emulator,
                                             const struct cloud_emulator_request *request,
                                             struct cloud_emulator_reply *ret);

/** Frees the contents of a reply and empties it; its size stays. */
CLOUD_EMULATOR_API void cloud_emulator_reply_clear(struct cloud_emulator_reply *reply);

/**
 * Listens for HTTP on a loopback address, in threads of the emulator's own.
 *
 * Faults happen on the socket. A TCP server cannot refuse a single connection before it has
 * accepted it: REFUSED is therefore a connection that is reset before the body of the request is
 * read.
 *
 * @param address   "127.0.0.1:PORT", "[::1]:PORT" or "localhost:PORT"; port 0 takes a free one.
 *                  Other addresses are refused
 * @param ret_port  the port; may be NULL
 * @return 0, or -1 with the reason in @message; also -1 when it is listening already
 */
CLOUD_EMULATOR_API int cloud_emulator_listen(struct cloud_emulator *emulator, const char *address,
                                             int *ret_port, char *message, size_t message_size);

/**
 * Stops listening, after the requests in progress are answered. Allowed when it is not listening,
 * and for NULL.
 */
CLOUD_EMULATOR_API void cloud_emulator_stop(struct cloud_emulator *emulator);

#ifdef __cplusplus
}
#endif

#endif
