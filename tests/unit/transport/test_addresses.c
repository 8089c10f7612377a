/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests connections to a name with several addresses: an address that drops packets costs a part of
 * the connect timeout, and the next address is tried. The name is resolved by a getaddrinfo() of
 * the test, which libcurl finds first. An address drops packets when the queue of its listening
 * socket is full.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/transport/transport.h"
#include "tests/unit/transport/hostile_server.h"

#define OK "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
#define CONNECT_MS 2000

static const char *const addresses[] = { "127.0.0.2", "127.0.0.1" }; /* the first drops packets */
static size_t address_count;

__attribute__((visibility("default"))) void freeaddrinfo(struct addrinfo *list)
{
    while (list) {
        struct addrinfo *next = list->ai_next;

        free(list);
        list = next;
    }
}

__attribute__((visibility("default"))) int getaddrinfo(const char *name, const char *service,
                                                       const struct addrinfo *hints,
                                                       struct addrinfo **ret_list)
{
    struct entry {
        struct addrinfo info; /* first: freeaddrinfo() frees the entry */
        struct sockaddr_in address;
    };

    (void)name, (void)hints;
    *ret_list = NULL;
    for (size_t i = address_count; i-- > 0;) {
        struct entry *entry = calloc(1, sizeof(*entry));

        if (!entry)
            return EAI_MEMORY;
        entry->address.sin_family = AF_INET;
        entry->address.sin_port = htons((uint16_t)atoi(service ? service : "0"));
        inet_pton(AF_INET, addresses[i], &entry->address.sin_addr);
        entry->info = (struct addrinfo){ .ai_family = AF_INET,
                                         .ai_socktype = SOCK_STREAM,
                                         .ai_addrlen = sizeof(entry->address),
                                         .ai_addr = (struct sockaddr *)&entry->address,
                                         .ai_next = *ret_list };
        *ret_list = &entry->info;
    }
    return 0;
}

/* listens on the first address and fills the queue; the descriptors stay open */
static void drop_packets(int port)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1;

    inet_pton(AF_INET, addresses[0], &address.sin_addr);
    assert_true(listener >= 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof(one));
    assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(listener, 0), 0);
    for (int i = 0; i < 4; i++) {
        int filler = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);

        assert_true(filler >= 0);
        if (connect(filler, (struct sockaddr *)&address, sizeof(address)))
            assert_int_equal(errno, EINPROGRESS);
    }
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* waits as cloud_batch_run() does, or as an event loop of an application */
static void wait_for(struct cc_transport *transport, bool own_loop)
{
    struct pollfd ready = { .fd = transport->fd(transport), .events = POLLIN };
    int64_t due = transport->due_ms(transport);

    if (own_loop)
        poll(&ready, 1, due < 0 || due > 20000 ? 20000 : (int)due);
    transport->wait(transport, own_loop ? 0 : 20000);
}

/* one request; how long it took, in milliseconds */
static int64_t ask(const char *base, bool fresh, bool own_loop, struct cc_reply *ret_reply)
{
    struct cc_transport *transport = cc_transport_curl_new();
    struct cc_request request = { .method = "GET", .base = (char *)base, .path = (char *)"/" };
    struct cc_exchange exchange = { .request = &request,
                                    .reply = ret_reply,
                                    .timeout_ms = 20000,
                                    .connect_timeout_ms = CONNECT_MS,
                                    .max_reply_bytes = 1000,
                                    .fresh = fresh };
    struct cloud_error err;
    int64_t begin = now_ms();

    request.host = strdup(strstr(base, "://") + 3);
    assert_non_null(transport);
    assert_int_equal(transport->start(transport, &exchange, &err), CLOUD_OK);
    while (!transport->next(transport))
        wait_for(transport, own_loop);
    transport->free(transport);
    free((char *)request.host);
    return now_ms() - begin;
}

static void test_addresses__one_that_drops_packets_costs_one_attempt(void **state)
{
    static const struct server_step steps[] = { { .reply = OK } };
    struct hostile_server *server = hostile_server_new(steps, 1, NULL);
    int port = atoi(strrchr(hostile_server_base(server), ':') + 1);
    char base[64];

    (void)state;
    drop_packets(port);
    address_count = 2;
    snprintf(base, sizeof(base), "http://two.example:%d", port);
    for (int i = 0; i < 4; i++) {
        struct cc_reply reply = { 0 };
        int64_t took = ask(base, i % 2, i / 2, &reply);

        if (reply.wire != CC_WIRE_ANSWERED)
            fail_msg("%s", reply.reason);
        assert_int_equal(reply.status, 200);
        assert_in_range(took, 0, CONNECT_MS * 3 / 4);
        cc_reply_clear(&reply);
    }
    hostile_server_free(server);
}

static void test_addresses__when_all_drop_packets_the_connect_timeout_ends_it(void **state)
{
    struct cc_reply reply = { 0 };
    int port = closed_port();
    int64_t took;
    char base[64];

    (void)state;
    drop_packets(port);
    address_count = 1;
    snprintf(base, sizeof(base), "http://one.example:%d", port);
    took = ask(base, false, false, &reply);
    assert_int_equal(reply.wire, CC_WIRE_UNSENT);
    assert_int_equal(reply.code, CLOUD_ETIMEDOUT);
    assert_in_range(took, CONNECT_MS - 10, CONNECT_MS * 3 / 2);
    cc_reply_clear(&reply);
}

static void begin(struct cc_transport *transport, struct cc_request *request,
                  struct cc_exchange *exchange, struct cc_reply *reply, const char *base,
                  const char *ca_file)
{
    struct cloud_error err;

    *request = (struct cc_request){ .method = "GET", .base = (char *)base, .path = (char *)"/" };
    request->host = strdup(strstr(base, "://") + 3);
    *exchange = (struct cc_exchange){ .request = request,
                                      .reply = reply,
                                      .timeout_ms = 20000,
                                      .connect_timeout_ms = CONNECT_MS,
                                      .max_reply_bytes = 1000,
                                      .ca_file = ca_file };
    assert_int_equal(transport->start(transport, exchange, &err), CLOUD_OK);
}

/* by TLS: requests to one host wait until its first connection shows whether they can share it */
static void test_addresses__a_host_that_drops_packets_delays_no_other(void **state)
{
    static const struct server_step steps[] = { { .reply = OK } };
    struct hostile_server *server = hostile_server_new(steps, 1, "IP:127.0.0.1");
    struct cc_transport *transport = cc_transport_curl_new();
    struct cc_request requests[3];
    struct cc_exchange exchanges[3], *ended;
    struct cc_reply replies[3] = { 0 };
    int port = closed_port();
    int64_t started = now_ms();
    char base[64];

    (void)state;
    drop_packets(port);
    snprintf(base, sizeof(base), "https://%s:%d", addresses[0], port);
    for (int i = 0; i < 3; i++)
        begin(transport, &requests[i], &exchanges[i], &replies[i],
              i == 2 ? hostile_server_base(server) : base,
              i == 2 ? hostile_server_ca(server) : NULL);
    while (!(ended = transport->next(transport)))
        transport->wait(transport, 20000);
    assert_ptr_equal(ended, &exchanges[2]);
    assert_int_equal(replies[2].status, 200);
    assert_in_range(now_ms() - started, 0, CONNECT_MS / 2);
    transport->free(transport);
    for (int i = 0; i < 3; i++) {
        free((char *)requests[i].host);
        cc_reply_clear(&replies[i]);
    }
    hostile_server_free(server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_addresses__one_that_drops_packets_costs_one_attempt),
        cmocka_unit_test(test_addresses__when_all_drop_packets_the_connect_timeout_ends_it),
        cmocka_unit_test(test_addresses__a_host_that_drops_packets_delays_no_other),
    };

    unsetenv("http_proxy");
    unsetenv("all_proxy");
    unsetenv("ALL_PROXY");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
