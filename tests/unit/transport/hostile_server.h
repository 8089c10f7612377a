/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a server that misbehaves, for the tests of the transport: raw sockets on the loopback
 * interface, with or without TLS. A list of steps says what it does with each request.
 */
#ifndef TESTS_HOSTILE_SERVER_H
#define TESTS_HOSTILE_SERVER_H

#include <stdbool.h>
#include <stddef.h>

/* Says what the server does with one request. Each request takes the next step; when the list ends,
 * the last step is repeated. */
struct server_step {
    bool at_accept;      /* closes the connection before it reads a byte */
    size_t stop_after;   /* reads at most these bytes of the request; 0: all */
    const char *interim; /* is sent when the headers are complete; NULL: nothing */
    const char *reply;   /* is sent unchanged when the request is read; NULL: nothing */
    size_t fill;         /* number of 'x' that follow the reply */
    int delay_ms;        /* before the reply, or before the close without a reply */
    bool close;          /* closes the connection after the reply; always without a reply */
    bool reset;          /* closes it with RST */
};

struct hostile_server;

/*
 * Listens on a free port of 127.0.0.1. With @names ("IP:127.0.0.1", "DNS:other.example") it uses
 * TLS with a self-signed certificate for them. The steps are borrowed. Fails the test when it
 * cannot listen.
 */
struct hostile_server *hostile_server_new(const struct server_step *steps, size_t count,
                                          const char *names);
void hostile_server_free(struct hostile_server *server);

const char *hostile_server_base(const struct hostile_server *server); /* "http://127.0.0.1:PORT" */
const char *hostile_server_authority(const struct hostile_server *server); /* "127.0.0.1:PORT" */
const char *hostile_server_ca(const struct hostile_server *server);        /* certificate's file */
int hostile_server_connections(struct hostile_server *server);             /* accepted so far */
int hostile_server_requests(struct hostile_server *server); /* whose first byte was read so far */
int hostile_server_resumed(struct hostile_server *server);  /* resumed TLS sessions */
/* Copies the last request into @text: headers, and as much of the body as fits. */
void hostile_server_last(struct hostile_server *server, char *text, size_t size);

/* Returns a port of 127.0.0.1 on which no process listens. */
int closed_port(void);

#endif
