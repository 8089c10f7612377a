/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A server that misbehaves as told, for the tests of the transport: raw sockets on loopback, with
 * TLS or without. It reads requests only as far as it must to know where they end, and takes what
 * to do with each from a list of steps.
 */
#ifndef TESTS_WIRE_SERVER_H
#define TESTS_WIRE_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* what becomes of one request; steps are taken in turn, the last one for all that follow */
struct wire_step {
    bool at_accept;      /* closes the connection before a byte of it is read */
    size_t stop_after;   /* reads no more than these bytes of it; 0: the whole */
    const char *interim; /* sent once the headers are in; NULL: nothing */
    const char *reply;   /* sent as it is once the request is read; NULL: nothing */
    size_t fill;         /* so many 'x' behind the reply */
    int delay_ms;        /* before the reply, or before the end without one */
    bool close;          /* ends the connection behind the reply; without a reply it ends anyway */
    bool reset;          /* ends it by RST where it ends */
};

struct wire_server;

/*
 * Listens on a free port of 127.0.0.1. With @names ("IP:127.0.0.1", "DNS:other.example") it speaks
 * TLS, with a certificate for them that nobody but itself has signed. The steps are borrowed. Fails
 * the test when it cannot.
 */
struct wire_server *wire_server_new(const struct wire_step *steps, size_t count, const char *names);
void wire_server_free(struct wire_server *server);

const char *wire_server_base(const struct wire_server *server);      /* "http://127.0.0.1:PORT" */
const char *wire_server_authority(const struct wire_server *server); /* "127.0.0.1:PORT" */
const char *wire_server_ca(const struct wire_server *server);        /* file of its certificate */
int wire_server_connections(struct wire_server *server);             /* accepted so far */
int wire_server_requests(struct wire_server *server); /* of which a byte came so far */
int wire_server_resumed(struct wire_server *server);  /* TLS sessions taken up again */
/* the last request that was read, headers and as much of the body as fits; into @text */
void wire_server_last(struct wire_server *server, char *text, size_t size);

/* a port of 127.0.0.1 that nobody listens on */
int wire_closed_port(void);

#endif
