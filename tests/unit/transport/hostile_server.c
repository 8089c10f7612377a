/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Runs a server that misbehaves as its steps say: one thread accepts, and each connection has a
 * thread. It parses just enough HTTP to find the end of a request.
 */
#include "tests/unit/transport/hostile_server.h"

#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <setjmp.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "tests/unit/transport/server_certificate.h"

enum { MAX_CONNECTIONS = 2048, HEAD_SIZE = 16384 };

struct connection {
    struct hostile_server *server;
    pthread_t thread;
    int socket;
    SSL *tls;
    char head[HEAD_SIZE]; /* the request so far; bytes that do not fit are dropped */
    size_t got;           /* bytes received of the request, dropped ones included */
};

struct hostile_server {
    const struct server_step *steps;
    size_t count;
    atomic_size_t taken;
    int listener;
    int stop[2]; /* a pipe; readable when the server must stop */
    pthread_t thread;
    SSL_CTX *tls;
    char base[64];
    char ca[64];
    atomic_int connections, requests, resumed;
    pthread_mutex_t lock; /* protects the members below */
    struct connection *open[MAX_CONNECTIONS];
    size_t open_count;
    char last[HEAD_SIZE];
};

static const struct server_step *peek_step(struct hostile_server *server)
{
    size_t at = atomic_load(&server->taken);

    return &server->steps[at < server->count ? at : server->count - 1];
}

static const struct server_step *take_step(struct hostile_server *server)
{
    size_t at = atomic_fetch_add(&server->taken, 1);

    return &server->steps[at < server->count ? at : server->count - 1];
}

/* Returns false when the server was stopped meanwhile. */
static bool pause_for(struct hostile_server *server, int ms)
{
    struct pollfd stop = { .fd = server->stop[0], .events = POLLIN };

    return poll(&stop, 1, ms) == 0;
}

static ssize_t receive(struct connection *one, void *data, size_t size)
{
    return one->tls ? SSL_read(one->tls, data, (int)size) : recv(one->socket, data, size, 0);
}

static bool send_all(struct connection *one, const char *data, size_t len)
{
    while (len > 0) {
        ssize_t sent = one->tls ? SSL_write(one->tls, data, (int)len)
                                : send(one->socket, data, len, MSG_NOSIGNAL);

        if (sent <= 0)
            return false;
        data += sent;
        len -= (size_t)sent;
    }
    return true;
}

/* Returns the length of the request; 0 until its headers are complete. */
static size_t whole_length(const struct connection *one)
{
    const char *end = strstr(one->head, "\r\n\r\n");
    const char *length = strcasestr(one->head, "\r\nContent-Length:");

    if (!end)
        return 0;
    return (size_t)(end - one->head) + 4 +
           (length && length < end ? strtoul(length + 17, NULL, 10) : 0);
}

/* Reads the next request as far as its step says. Returns NULL when there is none. */
static const struct server_step *read_request(struct connection *one)
{
    const struct server_step *step = NULL;
    bool interim_sent = false;

    memset(one->head, 0, sizeof(one->head));
    one->got = 0;
    for (;;) {
        size_t whole = whole_length(one);
        char piece[4096];
        size_t most = sizeof(piece);
        ssize_t got;

        if (step && whole > 0 && step->interim && !interim_sent)
            interim_sent = send_all(one, step->interim, strlen(step->interim));
        if (step && (step->stop_after ? one->got >= step->stop_after : whole && one->got >= whole))
            return step;
        if (step && step->stop_after && step->stop_after - one->got < most)
            most = step->stop_after - one->got;
        got = receive(one, piece, step ? most : 1);
        if (got <= 0)
            return NULL;
        if (!step) {
            step = take_step(one->server);
            atomic_fetch_add(&one->server->requests, 1);
        }
        if (one->got + (size_t)got < HEAD_SIZE)
            memcpy(one->head + one->got, piece, (size_t)got);
        one->got += (size_t)got;
    }
}

static bool answer(struct connection *one, const struct server_step *step)
{
    char fill[8192];
    size_t left = step->fill;

    pthread_mutex_lock(&one->server->lock);
    memcpy(one->server->last, one->head, sizeof(one->head));
    pthread_mutex_unlock(&one->server->lock);
    if (step->delay_ms > 0 && !pause_for(one->server, step->delay_ms))
        return false;
    if (!step->reply || !send_all(one, step->reply, strlen(step->reply)))
        return false;
    memset(fill, 'x', sizeof(fill));
    for (size_t piece; left > 0; left -= piece) {
        piece = left < sizeof(fill) ? left : sizeof(fill);
        if (!send_all(one, fill, piece))
            return false;
    }
    return !step->close;
}

static void end(struct connection *one, bool reset)
{
    const struct linger at_once = { .l_onoff = 1, .l_linger = 0 };

    if (reset)
        setsockopt(one->socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
    else if (one->tls)
        SSL_shutdown(one->tls);
    SSL_free(one->tls);
    pthread_mutex_lock(&one->server->lock);
    close(one->socket);
    one->socket = -1;
    pthread_mutex_unlock(&one->server->lock);
}

static bool begin_tls(struct connection *one)
{
    if (!one->server->tls)
        return true;
    one->tls = SSL_new(one->server->tls);
    if (!one->tls || SSL_set_fd(one->tls, one->socket) != 1 || SSL_accept(one->tls) != 1)
        return false;
    atomic_fetch_add(&one->server->resumed, SSL_session_reused(one->tls));
    return true;
}

static void *serve(void *user)
{
    struct connection *one = user;
    const struct server_step *step = peek_step(one->server);

    if (step->at_accept) {
        take_step(one->server);
        end(one, step->reset);
        return NULL;
    }
    step = NULL;
    if (begin_tls(one)) {
        while ((step = read_request(one)) && answer(one, step))
            ;
    }
    end(one, step && step->reset);
    return NULL;
}

static void *accept_all(void *user)
{
    struct hostile_server *server = user;
    struct pollfd ready[] = { { .fd = server->listener, .events = POLLIN },
                              { .fd = server->stop[0], .events = POLLIN } };

    while (poll(ready, 2, -1) > 0 && !ready[1].revents) {
        struct connection *one = calloc(1, sizeof(*one));
        int socket = accept(server->listener, NULL, NULL);

        if (!one || socket < 0 || server->open_count == MAX_CONNECTIONS)
            abort();
        atomic_fetch_add(&server->connections, 1);
        one->server = server;
        one->socket = socket;
        pthread_mutex_lock(&server->lock);
        if (pthread_create(&one->thread, NULL, serve, one) != 0)
            abort();
        server->open[server->open_count++] = one;
        pthread_mutex_unlock(&server->lock);
    }
    return NULL;
}

static int listen_on_free_port(int *ret_port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t size = sizeof(address);
    const int little = 65536; /* a large request must not fit into the buffers of the sockets */
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    assert_true(listener >= 0);
    assert_int_equal(setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &little, sizeof(little)), 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, size), 0);
    assert_int_equal(listen(listener, 1024), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &size), 0);
    *ret_port = ntohs(address.sin_port);
    return listener;
}

int closed_port(void)
{
    int port;

    close(listen_on_free_port(&port));
    return port;
}

struct hostile_server *hostile_server_new(const struct server_step *steps, size_t count,
                                          const char *names)
{
    struct hostile_server *server = calloc(1, sizeof(*server));
    sigset_t broken_pipe, before;
    int port;

    assert_non_null(server);
    server->steps = steps;
    server->count = count;
    server->listener = listen_on_free_port(&port);
    assert_int_equal(pipe(server->stop), 0);
    pthread_mutex_init(&server->lock, NULL);
    snprintf(server->base, sizeof(server->base), "http%s://127.0.0.1:%d", names ? "s" : "", port);
    if (names) {
        strcpy(server->ca, "/tmp/cloud_client-ca-XXXXXX");
        close(mkstemp(server->ca));
        server->tls = server_tls_new(names, server->ca);
        assert_non_null(server->tls);
    }
    /* OpenSSL's writes raise SIGPIPE. The server's threads inherit the blocked signal; the thread
     * of the client does not keep it. */
    sigemptyset(&broken_pipe);
    sigaddset(&broken_pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken_pipe, &before);
    assert_int_equal(pthread_create(&server->thread, NULL, accept_all, server), 0);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return server;
}

void hostile_server_free(struct hostile_server *server)
{
    assert_int_equal(write(server->stop[1], "", 1), 1);
    pthread_join(server->thread, NULL);
    for (size_t i = 0; i < server->open_count; i++) {
        struct connection *one = server->open[i];

        pthread_mutex_lock(&server->lock);
        if (one->socket >= 0)
            shutdown(one->socket, SHUT_RDWR);
        pthread_mutex_unlock(&server->lock);
        pthread_join(one->thread, NULL);
        free(one);
    }
    close(server->listener);
    close(server->stop[0]);
    close(server->stop[1]);
    SSL_CTX_free(server->tls);
    if (*server->ca)
        unlink(server->ca);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

const char *hostile_server_base(const struct hostile_server *server)
{
    return server->base;
}

const char *hostile_server_authority(const struct hostile_server *server)
{
    return strstr(server->base, "://") + 3;
}

const char *hostile_server_ca(const struct hostile_server *server)
{
    return server->ca;
}

int hostile_server_connections(struct hostile_server *server)
{
    return atomic_load(&server->connections);
}

int hostile_server_requests(struct hostile_server *server)
{
    return atomic_load(&server->requests);
}

int hostile_server_resumed(struct hostile_server *server)
{
    return atomic_load(&server->resumed);
}

void hostile_server_last(struct hostile_server *server, char *text, size_t size)
{
    pthread_mutex_lock(&server->lock);
    snprintf(text, size, "%s", server->last);
    pthread_mutex_unlock(&server->lock);
}
