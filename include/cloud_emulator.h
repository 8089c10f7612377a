/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Emulated cloud vendors, for the tests of programs that use cloud_client.
 *
 * An emulator owns one world: keys, instances, disks, orders, a ledger of charges, requested
 * faults. It answers the vendors' own HTTP requests, verifies their signatures and applies their
 * rules. The world is in this process, or in a file that several processes share. Neither this
 * header nor the emulator needs the library.
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

/** The key pair that every new world has. It is valid at emulators only. */
#define CLOUD_EMULATOR_KEY_ID "EMULATORDEMOKEY0000000000000001"
#define CLOUD_EMULATOR_KEY_SECRET "emulatordemosecret00000000000001"

/** One world with its vendors. Every function below may be called from any thread, except close. */
struct cloud_emulator;

/** An HTTP request. Borrowed during the call. */
struct cloud_emulator_request {
    size_t size;                /* sizeof(struct cloud_emulator_request) */
    const char *method;         /* "GET", "POST", ... */
    const char *url;            /* absolute, already encoded: scheme://host[:port]/path?query */
    const char *const *headers; /* "Name: value" strings, NULL at the end; NULL means none. Without
                                   a Host header the host of the URL counts */
    const void *body;           /* may be NULL when body_size is 0 */
    size_t body_size;
};

/** What happened to the connection. All but ANSWERED happen only when a fault was requested. */
enum cloud_emulator_wire {
    CLOUD_EMULATOR_ANSWERED = 0, /* the whole reply arrived */
    CLOUD_EMULATOR_REFUSED,      /* no connection: nothing was sent */
    CLOUD_EMULATOR_RESET,        /* closed while the request was being sent: it was not applied */
    CLOUD_EMULATOR_LOST, /* the whole request was sent, no byte of a reply arrived; it may or may
                            not have been applied */
    CLOUD_EMULATOR_CUT   /* closed after body_size bytes of the reply's body */
};

/** A reply. It owns its strings; cloud_emulator_reply_clear() frees them. */
struct cloud_emulator_reply {
    size_t size; /* set by the caller to sizeof(struct cloud_emulator_reply) before the call */
    enum cloud_emulator_wire wire;
    int status;    /* 0 unless ANSWERED or CUT */
    char *headers; /* "Name: value\r\n" lines; NULL when there is no reply */
    void *body;    /* body_size bytes, then a NUL; NULL when there is no reply */
    size_t body_size;
    int delay_ms; /* the caller waits this long before it reads the rest, or times out */
};

/**
 * Open a world.
 *
 * @param path          NULL or ":memory:" for a world of this emulator alone; otherwise a file,
 *                      created when it is missing, which other processes may open too
 * @param ret           the emulator, on success only; the caller closes it
 * @param message       on failure one line with the reason; may be NULL
 * @param message_size  size of @message in bytes
 * @return 0, or -1
 */
CLOUD_EMULATOR_API int cloud_emulator_open(const char *path, struct cloud_emulator **ret,
                                           char *message, size_t message_size);

/** Stop listening and free everything; a world in a file stays. NULL is allowed. */
CLOUD_EMULATOR_API void cloud_emulator_close(struct cloud_emulator *emulator);

/**
 * Add a key pair to the world. Each key id is an account of its own.
 *
 * @return 0, also when the world has the same pair already; -1 when it has the id with another
 *         secret, when either text is empty, or when the world cannot be written
 */
CLOUD_EMULATOR_API int cloud_emulator_add_key(struct cloud_emulator *emulator, const char *id,
                                              const char *secret);

/**
 * Answer one request: a vendor's, or one to /_emulator/... .
 *
 * The function does not wait for delay_ms; the caller does. Requests to one world are handled one
 * after the other, also those of other processes. When memory runs out the process ends: this is a
 * tool for tests.
 *
 * @param ret  filled on success; its size member must be set
 * @return 0, or -1 when the request is invalid (no method, no URL, or a size too small)
 */
CLOUD_EMULATOR_API int cloud_emulator_handle(struct cloud_emulator *emulator,
                                             const struct cloud_emulator_request *request,
                                             struct cloud_emulator_reply *ret);

/** Free the strings of a reply and empty it; its size stays. NULL is allowed. */
CLOUD_EMULATOR_API void cloud_emulator_reply_clear(struct cloud_emulator_reply *reply);

/**
 * Listen for HTTP on a loopback address, with threads of the emulator's own.
 *
 * A fault has its effect on the socket. A TCP server must accept a connection before it can refuse
 * it, so REFUSED is a reset of the connection before any byte of the request's body was read.
 *
 * @param address   "127.0.0.1:PORT", "[::1]:PORT" or "localhost:PORT"; port 0 takes a free one.
 *                  Any other address is refused
 * @param ret_port  the port; may be NULL
 * @return 0, or -1 with @message filled; also -1 when it listens already
 */
CLOUD_EMULATOR_API int cloud_emulator_listen(struct cloud_emulator *emulator, const char *address,
                                             int *ret_port, char *message, size_t message_size);

/** Stop listening; running requests are answered first. NULL or not listening is allowed. */
CLOUD_EMULATOR_API void cloud_emulator_stop(struct cloud_emulator *emulator);

#ifdef __cplusplus
}
#endif

#endif
