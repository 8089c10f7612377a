/* SPDX-License-Identifier: Apache-2.0 */
/* The HTTP server on a loopback address: the only file that includes libmicrohttpd. It calls the
 * same functions as a program that uses the library, and turns the result into what happens on a
 * socket. */
#include "emulator/engine/emulator.h"

#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { MOST_BODY = 16 * 1024 * 1024 };

struct emu_server {
    struct cloud_emulator *emulator;
    struct MHD_Daemon *daemon;
    pthread_mutex_t lock;
    pthread_cond_t wake; /* wakes every delay when the server stops */
    bool stopping;
};

/* One request in progress. */
struct exchange {
    struct emu_server *server;
    char *target; /* path and query as received, before any decoding */
    char *url;
    char **headers;
    size_t header_count;
    char *body;
    size_t body_size, body_capacity;
    bool begun, too_large;
    struct cloud_emulator_reply reply;
};

static void *begin(void *user_data, const char *uri, struct MHD_Connection *connection)
{
    struct exchange *ret = calloc(1, sizeof(*ret));

    (void)connection;
    if (ret) {
        ret->server = user_data;
        ret->target = strdup(uri);
        ret->reply.size = sizeof(ret->reply);
    }
    return ret;
}

static void finish(void *user_data, struct MHD_Connection *connection, void **state,
                   enum MHD_RequestTerminationCode why)
{
    struct exchange *exchange = *state;

    (void)user_data, (void)connection, (void)why;
    if (!exchange)
        return;
    for (size_t i = 0; i < exchange->header_count; i++)
        free(exchange->headers[i]);
    free(exchange->headers);
    free(exchange->target);
    free(exchange->url);
    free(exchange->body);
    cloud_emulator_reply_clear(&exchange->reply);
    free(exchange);
    *state = NULL;
}

static enum MHD_Result add_header(void *user_data, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    struct exchange *exchange = user_data;
    char **more = realloc(exchange->headers, (exchange->header_count + 2) * sizeof(*more));

    (void)kind;
    if (!more)
        return MHD_NO;
    exchange->headers = more;
    if (asprintf(&more[exchange->header_count], "%s: %s", name, value ? value : "") < 0)
        return MHD_NO;
    more[++exchange->header_count] = NULL;
    return MHD_YES;
}

static struct cloud_emulator_request request_of(const struct exchange *exchange, const char *method)
{
    return (struct cloud_emulator_request){
        .size = sizeof(struct cloud_emulator_request),
        .method = method,
        .url = exchange->url,
        .headers = (const char *const *)exchange->headers,
        .body = exchange->body,
        .body_size = exchange->body_size,
    };
}

static void wait_ms(struct emu_server *server, int ms)
{
    struct timespec until;

    if (ms <= 0)
        return;
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    until.tv_sec += until.tv_nsec / 1000000000;
    until.tv_nsec %= 1000000000;
    pthread_mutex_lock(&server->lock);
    while (!server->stopping && pthread_cond_timedwait(&server->wake, &server->lock, &until) == 0)
        ;
    pthread_mutex_unlock(&server->lock);
}

/* Closes the connection so that the peer sees a reset. Dissolving the association does that; the
 * server's own close would end it in order. */
static enum MHD_Result reset(struct MHD_Connection *connection)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    struct sockaddr unspecified = { .sa_family = AF_UNSPEC };

    if (info)
        connect(info->connect_fd, &unspecified, sizeof(unspecified));
    return MHD_NO;
}

/* Called when the head of a request has arrived and its body has not. */
static enum MHD_Result take_head(struct exchange *exchange, struct MHD_Connection *connection,
                                 const char *method)
{
    const char *host = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Host");
    const char *target = exchange->target ? exchange->target : "/";
    struct cloud_emulator_request request;
    int delay_ms;

    exchange->begun = true;
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, exchange);
    /* A proxy sends an absolute target, which is a URL already. */
    if (asprintf(&exchange->url, "%s%s%s", *target == '/' ? "http://" : "",
                 *target != '/' ? ""
                 : host         ? host
                                : "127.0.0.1",
                 target) < 0)
        return MHD_NO;
    request = request_of(exchange, method);
    if (emu_serve_early(exchange->server->emulator, &request, &delay_ms) == CLOUD_EMULATOR_ANSWERED)
        return MHD_YES;
    wait_ms(exchange->server, delay_ms);
    return reset(connection);
}

static void take_body(struct exchange *exchange, const char *data, size_t size)
{
    if (exchange->body_size + size > MOST_BODY)
        exchange->too_large = true;
    if (exchange->too_large)
        return;
    if (exchange->body_size + size > exchange->body_capacity) {
        size_t capacity = (exchange->body_size + size) * 2;
        char *more = realloc(exchange->body, capacity);

        exchange->too_large = !more;
        if (!more)
            return;
        exchange->body = more;
        exchange->body_capacity = capacity;
    }
    memcpy(exchange->body + exchange->body_size, data, size);
    exchange->body_size += size;
}

/* Returns the bytes that exist and then fails, so that fewer arrive than Content-Length announced.
 */
static ssize_t read_cut(void *user_data, uint64_t at, char *ret, size_t capacity)
{
    const struct exchange *exchange = user_data;
    size_t rest = exchange->reply.body_size - (size_t)at;

    if (!rest)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (capacity > rest)
        capacity = rest;
    memcpy(ret, (const char *)exchange->reply.body + at, capacity);
    return (ssize_t)capacity;
}

static void put_headers(struct MHD_Response *response, char *lines)
{
    char *rest = NULL;

    for (char *line = strtok_r(lines, "\r\n", &rest); line; line = strtok_r(NULL, "\r\n", &rest)) {
        char *colon = strchr(line, ':');

        if (!colon)
            continue;
        *colon = '\0';
        MHD_add_response_header(response, line, colon + 1 + strspn(colon + 1, " "));
    }
}

static enum MHD_Result send_reply(struct exchange *exchange, struct MHD_Connection *connection)
{
    struct cloud_emulator_reply *reply = &exchange->reply;
    struct MHD_Response *response;
    enum MHD_Result ret;

    /* "Date" is among the reply's own headers, because it includes the skew that a test may have
     * set. */
    if (reply->wire == CLOUD_EMULATOR_CUT)
        response = MHD_create_response_from_callback(reply->body_size + 64, 4096, read_cut,
                                                     exchange, NULL);
    else
        response =
            MHD_create_response_from_buffer(reply->body_size, reply->body, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    put_headers(response, reply->headers);
    ret = MHD_queue_response(connection, (unsigned)reply->status, response);
    MHD_destroy_response(response);
    return ret;
}

static enum MHD_Result take(void *user_data, struct MHD_Connection *connection, const char *url,
                            const char *method, const char *version, const char *data, size_t *size,
                            void **state)
{
    struct exchange *exchange = *state;
    struct cloud_emulator_request request;

    (void)user_data, (void)url, (void)version;
    if (!exchange || !exchange->target)
        return MHD_NO;
    if (!exchange->begun)
        return take_head(exchange, connection, method);
    if (*size) {
        take_body(exchange, data, *size);
        *size = 0;
        return MHD_YES;
    }
    request = request_of(exchange, method);
    if (exchange->too_large ||
        emu_serve(exchange->server->emulator, &request, &exchange->reply, true))
        return MHD_NO;
    wait_ms(exchange->server, exchange->reply.delay_ms);
    if (exchange->reply.wire == CLOUD_EMULATOR_LOST)
        return MHD_NO;
    return send_reply(exchange, connection);
}

/* Keeps percent-encoded text as it is: the signature covers the bytes as sent. */
static size_t keep(void *user_data, struct MHD_Connection *connection, char *text)
{
    (void)user_data, (void)connection;
    return strlen(text);
}

union address {
    struct sockaddr any;
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
};

/* Accepts "127.0.0.1:0", "[::1]:0", "localhost:0"; refuses what another machine could reach. */
static bool read_address(const char *text, union address *ret)
{
    const char *colon = strrchr(text, ':');
    char host[64], *end;
    unsigned long port;

    if (!colon || (size_t)(colon - text) >= sizeof(host) || colon[1] < '0' || colon[1] > '9')
        return false;
    port = strtoul(colon + 1, &end, 10);
    if (*end || port > 65535)
        return false;
    snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
    memset(ret, 0, sizeof(*ret));
    if (strcmp(host, "[::1]") == 0) {
        ret->v6.sin6_family = AF_INET6;
        ret->v6.sin6_port = htons((uint16_t)port);
        ret->v6.sin6_addr = in6addr_loopback;
        return true;
    }
    ret->v4.sin_family = AF_INET;
    ret->v4.sin_port = htons((uint16_t)port);
    if (inet_pton(AF_INET, emu_ascii_casecmp(host, "localhost") == 0 ? "127.0.0.1" : host,
                  &ret->v4.sin_addr) != 1)
        return false;
    return ntohl(ret->v4.sin_addr.s_addr) >> 24 == 127;
}

static void set_message(char *message, size_t message_size, const char *text, const char *detail)
{
    if (message)
        snprintf(message, message_size, "%s%s", text, detail);
}

static int open_socket(const union address *address, int *ret_port)
{
    socklen_t size = address->any.sa_family == AF_INET ? sizeof(address->v4) : sizeof(address->v6);
    union address bound;
    int yes = 1;
    int fd = socket(address->any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof(yes));
    if (bind(fd, &address->any, size) != 0 || listen(fd, 128) != 0 ||
        getsockname(fd, &bound.any, &size) != 0) {
        close(fd);
        return -1;
    }
    if (ret_port)
        *ret_port =
            ntohs(address->any.sa_family == AF_INET ? bound.v4.sin_port : bound.v6.sin6_port);
    return fd;
}

static struct MHD_Daemon *start_daemon(struct emu_server *server, int fd, bool v6)
{
    unsigned flags = MHD_USE_INTERNAL_POLLING_THREAD | MHD_USE_THREAD_PER_CONNECTION |
                     MHD_USE_POLL | MHD_USE_SUPPRESS_DATE_NO_CLOCK | MHD_USE_ITC |
                     (v6 ? MHD_USE_IPv6 : 0u);

    return MHD_start_daemon(flags, 0, NULL, NULL, take, server, MHD_OPTION_LISTEN_SOCKET, fd,
                            MHD_OPTION_URI_LOG_CALLBACK, begin, server, MHD_OPTION_NOTIFY_COMPLETED,
                            finish, server, MHD_OPTION_UNESCAPE_CALLBACK, keep, NULL,
                            MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)(256 * 1024),
                            MHD_OPTION_END);
}

struct emu_server *emu_server_start(struct cloud_emulator *emulator, const char *address,
                                    int *ret_port, char *message, size_t message_size)
{
    struct emu_server *server;
    union address where;
    int fd;

    if (!read_address(address, &where)) {
        set_message(message, message_size,
                    "not a loopback address with a port, like 127.0.0.1:0: ", address);
        return NULL;
    }
    fd = open_socket(&where, ret_port);
    if (fd < 0) {
        set_message(message, message_size, "cannot listen: ", strerror(errno));
        return NULL;
    }
    server = calloc(1, sizeof(*server));
    if (server) {
        server->emulator = emulator;
        pthread_mutex_init(&server->lock, NULL);
        pthread_cond_init(&server->wake, NULL);
        server->daemon = start_daemon(server, fd, where.any.sa_family == AF_INET6);
    }
    if (server && server->daemon)
        return server;
    set_message(message, message_size, "cannot start the HTTP server", "");
    close(fd);
    free(server);
    return NULL;
}

void emu_server_stop(struct emu_server *server)
{
    if (!server)
        return;
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    pthread_cond_broadcast(&server->wake);
    pthread_mutex_unlock(&server->lock);
    MHD_stop_daemon(server->daemon);
    pthread_cond_destroy(&server->wake);
    pthread_mutex_destroy(&server->lock);
    free(server);
}
