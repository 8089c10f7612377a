/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Serves the requests of the measurements. It makes the replies once, before the first request, and
 * writes only the ids and the total of a page for each request. It is one epoll loop that allocates
 * nothing for a request, and parses only enough to choose the reply.
 */
#include "bench/server.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/queue.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define PAGE 100
#define ID_DIGITS 10
#define HEAD_MAX 256

/* JD Cloud's model "Instance" with the members of a real prepaid instance */
#define INSTANCE \
    "{\"instanceId\":\"i-0000000000\",\"instanceName\":\"web-000001\",\"instanceType\":\"g.n2." \
    "medium\"," \
    "\"vpcId\":\"vpc-0a1b2c3d4e\",\"subnetId\":\"subnet-5f6a7b8c9d\",\"privateIpAddress\":\"10.0." \
    "12.34\"," \
    "\"elasticIpId\":\"fip-1a2b3c4d5e\",\"elasticIpAddress\":\"116.196.0.12\",\"status\":" \
    "\"running\"," \
    "\"description\":\"\",\"imageId\":\"img-3f2a1b0c9d\",\"ebsOptimized\":true,\"systemDisk\":{" \
    "\"diskCategory\":\"cloud\",\"autoDelete\":true,\"deviceName\":\"vda\",\"status\":" \
    "\"attached\",\"cloudDisk\":{" \
    "\"diskId\":\"vol-0123456789\",\"az\":\"cn-north-1b\",\"name\":\"web-system\"," \
    "\"description\":\"\"," \
    "\"diskType\":\"ssd.gp1\",\"diskSizeGB\":40,\"status\":\"in-use\",\"createTime\":\"2026-01-" \
    "02 03:04:05\"," \
    "\"iops\":1800,\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeStatus\":" \
    "\"normal\"," \
    "\"chargeStartTime\":\"2026-01-02T03:04:05Z\",\"chargeExpiredTime\":\"2026-12-02T03:04:05Z\"}" \
    "}}," \
    "\"dataDisks\":[],\"primaryNetworkInterface\":{\"deviceIndex\":1,\"autoDelete\":true," \
    "\"networkInterface\":{" \
    "\"networkInterfaceId\":\"port-aabbccddee\",\"macAddress\":\"fa:16:3e:12:34:56\",\"vpcId\":" \
    "\"vpc-0a1b2c3d4e\"," \
    "\"subnetId\":\"subnet-5f6a7b8c9d\",\"securityGroups\":[{\"groupId\":\"sg-1122334455\"," \
    "\"groupName\":\"default\"}],\"sanityCheck\":1,\"primaryIp\":{\"privateIpAddress\":\"10.0.12." \
    "34\"," \
    "\"elasticIpId\":\"fip-1a2b3c4d5e\",\"elasticIpAddress\":\"116.196.0.12\"},\"secondaryIps\":[" \
    "]}}," \
    "\"secondaryNetworkInterfaces\":[],\"launchTime\":\"2026-01-02 " \
    "03:04:05\",\"az\":\"cn-north-1b\"," \
    "\"keyNames\":[\"ops\"],\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeStatus\":" \
    "\"normal\"," \
    "\"chargeStartTime\":\"2026-01-02T03:04:05Z\",\"chargeExpiredTime\":\"2026-12-02T03:04:05Z\"," \
    "\"chargeRetireTime\":\"\"},\"faultDomain\":0,\"tags\":[{\"key\":\"owner\",\"value\":\"team-" \
    "1\"}]," \
    "\"chargeOnStopped\":\"keepCharging\",\"osType\":\"linux\",\"hostname\":\"web-000001\"," \
    "\"osVersion\":\"22.04\"}"
#define ID_AT (sizeof("{\"instanceId\":\"i-") - 1)
#define TOTAL_AT_END \
    (sizeof("000000}}") - 1) /* distance from the start of the total to the end of a page */

/* a connection; its index is its descriptor */
struct connection {
    char in[16384];
    size_t in_len;
    const char *out; /* rest of the reply; NULL: none */
    size_t out_len;
    char *page; /* the page of this connection: several replies are in flight at once */
    TAILQ_ENTRY(connection) link;
    int64_t due_ns; /* when a delayed reply is due; 0: none is waiting */
    int fd;
    bool writing; /* epoll also waits until the socket is writable */
};
TAILQ_HEAD(connections, connection);

static struct {
    int epoll, listener;
    struct connection *by_fd[65536];
    struct connections delayed; /* ordered by due_ns, because all delays are equal */
    struct bench_counts *counts;
    char one[4096];
    size_t one_len;
    char *page; /* the template of all pages */
    size_t page_len, first_at, instance_len;
} server;

static int64_t now_ns(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * INT64_C(1000000000) + now.tv_nsec;
}

static size_t write_head(char *out, size_t body_len)
{
    return (size_t)sprintf(
        out,
        "HTTP/1.1 200 OK\r\nDate: Fri, 20 Nov 2026 08:00:00 GMT\r\nContent-Type: "
        "application/json\r\n"
        "Content-Length: %zu\r\nConnection: keep-alive\r\nx-jdcloud-request-id: bench0001\r\n\r\n",
        body_len);
}

/* Writes two digits of @number into the members that differ between instances of an account. */
static void number_instance(char *instance, size_t number)
{
    static const char *const own[] = { "web-000001",       "-0123456789",    "10.0.12.34",
                                       "116.196.0.12",     "fip-1a2b3c4d5e", "port-aabbccddee",
                                       "fa:16:3e:12:34:56" };

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++) {
        for (char *at = instance; (at = strstr(at, own[i])); at += strlen(own[i])) {
            char *end = at + strlen(own[i]);

            end[-1] = (char)('0' + number % 10);
            end[-2] = (char)('0' + number / 10 % 10);
        }
    }
}

/* Writes the reply with a page of @count instances. */
static size_t write_page(char *out, size_t count)
{
    static const char begin[] = "{\"requestId\":\"bench0001\",\"result\":{\"instances\":[";
    static const char end[] = "],\"totalCount\":000000}}";
    size_t body = sizeof(begin) - 1 + count * sizeof(INSTANCE) - (count > 0) + sizeof(end) - 1;
    size_t len = write_head(out, body);
    char *at = out + len;

    at = stpcpy(at, begin);
    server.first_at = (size_t)(at - out);
    server.instance_len = sizeof(INSTANCE); /* with its comma */
    for (size_t i = 0; i < count; i++) {
        char *instance = stpcpy(at, i ? "," : "");

        at = stpcpy(instance, INSTANCE);
        number_instance(instance, i);
    }
    at = stpcpy(at, end);
    return (size_t)(at - out);
}

static void make_replies(void)
{
    char body[4096];
    int len = sprintf(body, "{\"requestId\":\"bench0001\",\"result\":{\"instance\":%s}}", INSTANCE);

    server.one_len = write_head(server.one, (size_t)len);
    memcpy(server.one + server.one_len, body, (size_t)len);
    server.one_len += (size_t)len;
    server.page = malloc(HEAD_MAX + (PAGE + 1) * sizeof(INSTANCE));
    server.page_len = write_page(server.page, PAGE);
}

/* Writes the last digits of the number, from right to left. */
static void write_digits(char *at, int digits, uint64_t number)
{
    while (digits-- > 0) {
        at[digits] = (char)('0' + number % 10);
        number /= 10;
    }
}

static long number_after(const char *text, const char *name, long default_value)
{
    const char *at = strstr(text, name);

    return at ? strtol(at + strlen(name), NULL, 10) : default_value;
}

/* The length of the page is fixed, and JSON allows no leading zeros: pads the total with spaces. */
static void write_total(char *page, size_t len, long total)
{
    char digits[16];

    snprintf(digits, sizeof(digits), "%6ld", total);
    memcpy(page + len - TOTAL_AT_END, digits, 6);
}

static void answer_page(struct connection *c, const char *query)
{
    long total = number_after(c->in, "/bench-t", PAGE),
         number = number_after(query, "pageNumber=", 1);
    long first = (number - 1) * PAGE, count = total - first < PAGE ? total - first : PAGE;
    const char *filter = strstr(query, "filters.1.values.");

    if (!c->page && !(c->page = malloc(server.page_len + HEAD_MAX)))
        abort();
    if (filter) {
        count = 0;
        for (const char *at = filter; (at = strstr(at, "filters.1.values.")); at++)
            count++;
        total = count;
    }
    c->out = c->page;
    c->out_len = server.page_len;
    if (count == PAGE)
        memcpy(c->page, server.page, server.page_len);
    else
        c->out_len = write_page(c->page, count > 0 ? (size_t)count : 0);
    for (long i = 0; i < count; i++) {
        char *id = c->page + server.first_at + (size_t)i * server.instance_len + ID_AT;

        if (filter) {
            filter = strstr(filter, "=i-");
            memcpy(id, filter + 3, ID_DIGITS);
            filter++;
        } else {
            write_digits(id, ID_DIGITS, (uint64_t)(first + i));
        }
    }
    write_total(c->page, c->out_len, total);
}

static void watch(struct connection *c, bool writing)
{
    struct epoll_event event = { .events = writing ? EPOLLIN | EPOLLOUT : EPOLLIN,
                                 .data.fd = c->fd };

    if (writing != c->writing)
        epoll_ctl(server.epoll, EPOLL_CTL_MOD, c->fd, &event);
    c->writing = writing;
}

static void close_connection(struct connection *c)
{
    if (c->due_ns)
        TAILQ_REMOVE(&server.delayed, c, link);
    close(c->fd);
    server.by_fd[c->fd] = NULL;
    free(c->page);
    free(c);
}

/* Returns false when the connection was closed. */
static bool send_reply(struct connection *c)
{
    while (c->out_len > 0) {
        ssize_t sent = send(c->fd, c->out, c->out_len, MSG_NOSIGNAL | MSG_DONTWAIT);

        if (sent < 0 && errno == EAGAIN) {
            watch(c, true);
            return true;
        }
        if (sent < 0) {
            close_connection(c);
            return false;
        }
        c->out += sent;
        c->out_len -= (size_t)sent;
    }
    watch(c, false);
    return true;
}

static void count_request(void)
{
    uint64_t number = atomic_fetch_add(&server.counts->requests, 1);

    server.counts->at_ns[number % 65536] = now_ns();
}

static bool answer(struct connection *c)
{
    char *query = strstr(c->in, "/instances?");
    long delay_ms = number_after(c->in, "/bench-d", 0);

    count_request();
    if (query) {
        answer_page(c, query);
    } else {
        c->out = server.one;
        c->out_len = server.one_len;
    }
    if (!delay_ms)
        return send_reply(c);
    c->due_ns = now_ns() + delay_ms * 1000000;
    TAILQ_INSERT_TAIL(&server.delayed, c, link);
    return true;
}

static void on_input(struct connection *c)
{
    ssize_t got = recv(c->fd, c->in + c->in_len, sizeof(c->in) - 1 - c->in_len, MSG_DONTWAIT);
    char *end;

    if (got <= 0) {
        if (got == 0 || errno != EAGAIN)
            close_connection(c);
        return;
    }
    c->in_len += (size_t)got;
    c->in[c->in_len] = '\0';
    end = strstr(c->in, "\r\n\r\n");
    if (!end || (size_t)(end + 4 - c->in) + (size_t)number_after(c->in, "\r\nContent-Length:", 0) >
                    c->in_len)
        return;
    c->in_len = 0; /* a client sends its next request after this reply */
    answer(c);
}

static void on_connection(void)
{
    int on = 1, fd = accept4(server.listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    struct epoll_event event = { .events = EPOLLIN, .data.fd = fd };
    struct connection *c = fd >= 0 && fd < 65536 ? calloc(1, sizeof(*c)) : NULL;

    if (!c) {
        close(fd);
        return;
    }
    c->fd = fd;
    server.by_fd[fd] = c;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    epoll_ctl(server.epoll, EPOLL_CTL_ADD, fd, &event);
    atomic_fetch_add(&server.counts->connections, 1);
}

/* In nanoseconds, because epoll_wait() can be a millisecond late; NULL: no reply is delayed. */
static const struct timespec *until_due(void)
{
    static struct timespec left;
    const struct connection *first = TAILQ_FIRST(&server.delayed);
    int64_t left_ns = first ? first->due_ns - now_ns() : 0;

    left_ns = left_ns > 0 ? left_ns : 0;
    left = (struct timespec){ left_ns / INT64_C(1000000000), left_ns % INT64_C(1000000000) };
    return first ? &left : NULL;
}

static void serve(void)
{
    struct epoll_event events[256];
    struct connection *c;

    for (;;) {
        int count = epoll_pwait2(server.epoll, events, 256, until_due(), NULL);

        for (int i = 0; i < count; i++) {
            int fd = events[i].data.fd;

            c = server.by_fd[fd];
            if (fd == server.listener)
                on_connection();
            else if (c && (events[i].events & EPOLLOUT) && !send_reply(c))
                continue;
            else if (c && (events[i].events & (EPOLLIN | EPOLLHUP | EPOLLERR)))
                on_input(c);
        }
        while ((c = TAILQ_FIRST(&server.delayed)) && c->due_ns <= now_ns()) {
            TAILQ_REMOVE(&server.delayed, c, link);
            c->due_ns = 0;
            send_reply(c);
        }
    }
}

static int listen_on_free_port(int *ret_port)
{
    struct sockaddr_in address = { .sin_family = AF_INET,
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(address);
    struct epoll_event event = { .events = EPOLLIN };

    server.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    server.epoll = epoll_create1(EPOLL_CLOEXEC);
    event.data.fd = server.listener;
    if (server.listener < 0 || bind(server.listener, (struct sockaddr *)&address, len) ||
        listen(server.listener, 1024) ||
        getsockname(server.listener, (struct sockaddr *)&address, &len) ||
        epoll_ctl(server.epoll, EPOLL_CTL_ADD, server.listener, &event))
        return 0;
    *ret_port = ntohs(address.sin_port);
    return 1;
}

int bench_server_start(struct bench_server *ret)
{
    void *shared = mmap(NULL, sizeof(struct bench_counts), PROT_READ | PROT_WRITE,
                        MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    if (shared == MAP_FAILED || !listen_on_free_port(&ret->port))
        return 0;
    ret->counts = server.counts = shared;
    ret->process = fork();
    if (ret->process == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* ends with the measuring process */
        TAILQ_INIT(&server.delayed);
        make_replies();
        serve();
    }
    close(server.listener);
    close(server.epoll);
    return ret->process > 0;
}

void bench_server_stop(struct bench_server *stopped)
{
    kill(stopped->process, SIGKILL);
    munmap(stopped->counts, sizeof(*stopped->counts));
}
