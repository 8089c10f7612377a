/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exchanges over HTTP, by libcurl: how many fly at once, and the waiting for them. Connections are
 * kept alive for reads. What one exchange is to libcurl is transfer.c's.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <strings.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/transport/curl_exchange.h"
#include "core/transport/poller.h"
#include "core/base/env.h"

enum {
    MAX_CONNECTIONS = 256, /* at once, as 1024 files are a usual limit; more exchanges wait here */
    MAX_IDLE = 64,         /* connections kept alive */
    MAX_SPARE = 64         /* handles kept for other exchanges */
};

static int64_t now_ms(void)
{
    return cc_real_env.tick_ms(cc_real_env.data);
}

/*
 * Once the streams of an HTTP/2 connection are used up (100, by libcurl and most servers), libcurl
 * opens a connection for each further request that it is given. So it is given one, and the next
 * when that one has its connection, which the others then share: a thousand requests go over ten.
 * Where the last answer came by HTTP/1.1, or nobody answers, nothing is shared.
 */
static bool must_wait(const struct curl_transport *transport, const struct curl_exchange *transfer)
{
    return transport->joining && !transport->unshared && cc_curl_exchange_may_share(transfer);
}

static struct curl_transport *own(struct cc_transport *transport)
{
    return (struct curl_transport *)transport;
}

static void move(struct curl_exchange *transfer, struct curl_exchange_list *to)
{
    if (transfer->in)
        TAILQ_REMOVE(transfer->in, transfer, link);
    if (to)
        TAILQ_INSERT_TAIL(to, transfer, link);
    transfer->in = to;
}

/* takes the handle out of the air */
static void land(struct curl_transport *transport, struct curl_exchange *transfer)
{
    if (!transfer->in_flight)
        return;
    curl_multi_remove_handle(transport->multi, transfer->easy);
    transfer->in_flight = false;
    transport->unshared |=
        transfer->joins; /* it got none: the others are not to wait for each other */
    cc_curl_exchange_set_joining(transfer, false);
    transport->active_count--;
}

/* keeps it for another exchange, with the memory and the handle it has; but not what was in it */
static void retire(struct curl_transport *transport, struct curl_exchange *transfer)
{
    land(transport, transfer);
    move(transfer, NULL);
    if (transport->spare_count >= MAX_SPARE) {
        cc_curl_exchange_free(transfer);
        return;
    }
    transport->spare_count++;
    transfer->exchange = NULL;
    cc_buf_reset(&transfer->text.buf); /* it held a signature */
    TAILQ_INSERT_HEAD(&transport->spare, transfer, link);
}

static struct curl_exchange *new_transfer(struct curl_transport *transport)
{
    struct curl_exchange *transfer = TAILQ_FIRST(&transport->spare);

    if (!transfer)
        return calloc(1, sizeof(*transfer));
    TAILQ_REMOVE(&transport->spare, transfer, link);
    transport->spare_count--;
    cc_curl_exchange_renew_handle(transfer);
    return transfer;
}

/* from waiting to active, or to ended when that cannot be */
static void launch(struct curl_transport *transport, struct curl_exchange *transfer,
                   int64_t left_ms)
{
    if (cc_curl_exchange_configure(transport, transfer, left_ms) &&
        curl_multi_add_handle(transport->multi, transfer->easy) == CURLM_OK) {
        transfer->in_flight = true;
        cc_curl_exchange_set_joining(transfer, cc_curl_exchange_may_share(transfer));
        move(transfer, &transport->active);
        transport->active_count++;
        transport->running++; /* until libcurl counts again */
        return;
    }
    cc_curl_exchange_forget_handle(transfer);
    cc_reply_fail(transfer->exchange->reply, CC_WIRE_UNSENT, CLOUD_ENOMEM, "out of memory");
    move(transfer, &transport->ended);
}

/*
 * The system has no socket to give: it waits like those for which there is no room, and no more
 * than the others that are under way are tried for a while. False when nobody is under way who
 * could leave one.
 */
__attribute__((cold)) static bool wait_for_socket(struct curl_transport *transport,
                                                  struct curl_exchange *transfer)
{
    if (transfer->begun || (transfer->no_socket != EMFILE && transfer->no_socket != ENFILE) ||
        transport->active_count < 2)
        return false;
    land(transport, transfer);
    transport->most = transport->active_count;
    transport->widen_at_ms = now_ms() + 1000;
    transfer->no_socket = 0;
    transfer->words[0] = '\0';
    move(transfer, NULL);
    transfer->in = &transport->waiting;
    TAILQ_INSERT_HEAD(&transport->waiting, transfer, link);
    return true;
}

/* a little more than what went well, once a second */
__attribute__((cold)) static void widen(struct curl_transport *transport, int64_t now)
{
    if (transport->most >= transport->wanted || now < transport->widen_at_ms)
        return;
    transport->most += transport->most / 4 + 1;
    if (transport->most > transport->wanted)
        transport->most = transport->wanted;
    transport->widen_at_ms = now + 1000;
}

/* Launches what there is room for, ends what waited past its deadline; tells how long the others
 * may wait. */
static int64_t admit(struct curl_transport *transport, int64_t now, int64_t wait_ms)
{
    struct curl_exchange *transfer, *next;

    if (TAILQ_EMPTY(&transport->waiting))
        return wait_ms;
    widen(transport, now);
    for (transfer = TAILQ_FIRST(&transport->waiting); transfer; transfer = next) {
        int64_t left_ms = transfer->deadline_ms - now;

        next = TAILQ_NEXT(transfer, link);
        if (left_ms <= 0) {
            move(transfer, &transport->ended);
            cc_curl_exchange_time_out(transfer, CC_WIRE_UNSENT);
        } else if (transport->active_count < transport->most && !must_wait(transport, transfer)) {
            launch(transport, transfer, left_ms);
        } else if (left_ms < wait_ms) {
            wait_ms = left_ms;
        }
    }
    return wait_ms;
}

static int start(struct cc_transport *door, struct cc_exchange *exchange, struct cloud_error *err)
{
    struct curl_transport *transport = own(door);
    struct curl_exchange *transfer = new_transfer(transport);
    int64_t now = now_ms();
    int code;

    cc_reply_init(exchange->reply);
    exchange->internal = NULL;
    if (!transfer)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    code = cc_curl_exchange_build(transport, transfer, exchange->request, err);
    if (code) {
        retire(transport, transfer);
        return code;
    }
    transfer->exchange = exchange;
    transfer->transport = transport;
    transfer->deadline_ms = now + (exchange->timeout_ms < INT_MAX ? exchange->timeout_ms : INT_MAX);
    exchange->internal = transfer;
    move(transfer, &transport->waiting);
    if (transport->active_count < transport->most)
        admit(transport, now, 0);
    return CLOUD_OK;
}

static void act(struct curl_transport *transport, curl_socket_t fd, int events)
{
    curl_multi_socket_action(transport->multi, fd, events, &transport->running);
}

/* what libcurl wants done by now */
static void act_on_timer(struct curl_transport *transport, int64_t now)
{
    if (transport->timer_ms < 0 || transport->timer_ms > now)
        return;
    transport->timer_ms = -1; /* it says so again when it wants another */
    act(transport, CURL_SOCKET_TIMEOUT, 0);
}

static bool some_ended(const struct curl_transport *transport)
{
    return !TAILQ_EMPTY(&transport->ended) || transport->running < transport->active_count;
}

static int64_t due_in(struct curl_transport *transport, int64_t now)
{
    int64_t due = INT64_MAX;

    if (some_ended(transport))
        return 0;
    if (transport->timer_ms >= 0)
        due = transport->timer_ms > now ? transport->timer_ms - now : 0;
    due = admit(transport, now, due);
    return due == INT64_MAX ? -1 : due;
}

static int64_t due_ms(struct cc_transport *door)
{
    return due_in(own(door), now_ms());
}

static void wait_for_some(struct cc_transport *door, int64_t timeout_ms)
{
    struct curl_transport *transport = own(door);
    struct cc_poller_event seen[64];
    int64_t now = now_ms(), due;
    int count;

    admit(transport, now, 0);
    act_on_timer(transport, now);
    if (transport->running == 0 && some_ended(transport))
        return; /* the answer is here already, and there is no other to wait for */
    due = due_in(transport, now);
    if (due >= 0 && due < timeout_ms)
        timeout_ms = due;
    count = cc_poller_wait(transport->poller, (int)(timeout_ms < INT_MAX ? timeout_ms : INT_MAX),
                           seen, CC_COUNT(seen));
    for (int i = 0; i < count; i++) {
        int events = (seen[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                     (seen[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                     (seen[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);

        act(transport, seen[i].fd, events); /* which looks after timers too */
    }
    if (count <= 0)
        act_on_timer(transport, now_ms());
}

static int descriptor(struct cc_transport *door)
{
    return cc_poller_fd(own(door)->poller);
}

/* what libcurl wants to hear of: connections, and while a name is looked up a pipe of its own */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *of_socket)
{
    struct curl_transport *transport = user;
    uint32_t events = (what == CURL_POLL_IN || what == CURL_POLL_INOUT ? EPOLLIN : 0u) |
                      (what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? EPOLLOUT : 0u);
    struct curl_exchange *transfer = NULL;

    (void)of_socket;
    if (easy)
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &transfer);
    /* a connection closes through on_close(); what libcurl closes without a word never began a
     * request */
    return cc_poller_want(transport->poller, fd, events, transfer && transfer->begun) ? 0 : -1;
}

static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
    struct curl_transport *transport = user;

    (void)multi;
    transport->timer_ms = timeout_ms <= 0 ? timeout_ms : now_ms() + timeout_ms; /* 0: is past */
    return 0;
}

/* what libcurl has done with moves over to the others that ended */
static struct curl_exchange *first_ended(struct curl_transport *transport)
{
    struct curl_exchange *transfer = TAILQ_FIRST(&transport->ended);
    CURLMsg *message;
    int left;

    while (!transfer && (message = curl_multi_info_read(transport->multi, &left))) {
        CURLcode result = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &transfer);
        if (result == CURLE_COULDNT_CONNECT && wait_for_socket(transport, transfer)) {
            transfer = NULL;
            continue;
        }
        cc_curl_exchange_finish(transfer, result);
        land(transport, transfer);
        move(transfer, &transport->ended);
    }
    return transfer;
}

static void cancel(struct cc_transport *door, struct cc_exchange *exchange)
{
    if (exchange->internal)
        retire(own(door), exchange->internal);
    exchange->internal = NULL;
}

static struct cc_exchange *next(struct cc_transport *door)
{
    struct curl_exchange *transfer = first_ended(own(door));
    struct cc_exchange *exchange = transfer ? transfer->exchange : NULL;

    if (exchange)
        cancel(door, exchange);
    return exchange;
}

__attribute__((cold)) static void free_transport(struct cc_transport *door)
{
    struct curl_transport *transport = own(door);
    struct curl_exchange_list *lists[] = { &transport->waiting, &transport->active,
                                           &transport->ended };

    for (size_t i = 0; i < CC_COUNT(lists); i++) {
        while (!TAILQ_EMPTY(lists[i]))
            cancel(door, TAILQ_FIRST(lists[i])->exchange);
    }
    while (!TAILQ_EMPTY(&transport->spare)) {
        struct curl_exchange *transfer = TAILQ_FIRST(&transport->spare);

        TAILQ_REMOVE(&transport->spare, transfer, link);
        cc_curl_exchange_free(transfer);
    }
    curl_multi_cleanup(transport->multi);
    curl_share_cleanup(transport->share);
    cc_poller_free(transport->poller); /* last: connections that close ask for it */
    free(transport);
}

static bool global_ready;

__attribute__((cold)) static void global_init(void)
{
    global_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

__attribute__((cold)) static bool set_multi(struct curl_transport *transport)
{
    CURLM *multi = transport->multi;

    return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)MAX_IDLE) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, transport) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_TIMERDATA, transport) == CURLM_OK &&
           curl_share_setopt(transport->share, CURLSHOPT_SHARE, CURL_LOCK_DATA_SSL_SESSION) ==
               CURLSHE_OK;
}

__attribute__((cold)) struct cc_transport *cc_transport_curl_new(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct curl_transport *transport;

    pthread_once(&once, global_init);
    if (!global_ready || !(transport = calloc(1, sizeof(*transport))))
        return NULL;
    transport->base = (struct cc_transport){ .start = start,
                                             .wait = wait_for_some,
                                             .next = next,
                                             .cancel = cancel,
                                             .free = free_transport,
                                             .due_ms = due_ms,
                                             .fd = descriptor,
                                             .common = true };
    TAILQ_INIT(&transport->waiting);
    TAILQ_INIT(&transport->active);
    TAILQ_INIT(&transport->ended);
    TAILQ_INIT(&transport->spare);
    snprintf(transport->agent, sizeof(transport->agent), "User-Agent: cloud_client/%s",
             cloud_version());
    transport->timer_ms = -1;
    transport->most = transport->wanted = MAX_CONNECTIONS;
    transport->poller = cc_poller_new();
    transport->multi = curl_multi_init();
    transport->share = curl_share_init();
    if (transport->poller && transport->multi && transport->share && set_multi(transport))
        return &transport->base;
    free_transport(&transport->base);
    return NULL;
}

void cc_transport_curl_widen(struct cc_transport *door, int connections)
{
    struct curl_transport *transport = own(door);
    int idle = connections < MAX_IDLE ? MAX_IDLE : connections;

    transport->most = transport->wanted = connections;
    curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS, (long)idle);
}
