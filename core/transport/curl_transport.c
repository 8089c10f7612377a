/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sends exchanges over HTTP with libcurl's multi handle: limits how many are in flight and waits
 * for them. Connections are kept alive for reading requests. curl_exchange.c configures the single
 * exchange.
 */
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/fork.h"
#include "core/transport/curl_exchange.h"
#include "core/transport/poller.h"
#include "core/base/env.h"

enum {
    DEFAULT_CONNECTIONS = 256, /* a process may usually open 1024 files; other exchanges wait */
    MAX_IDLE = 64,             /* connections kept alive */
    TICK_MS = 100,
    MAX_SPARE = 64, /* handles kept for reuse */
    TRY_MS = 20     /* how often a descriptor that is not watched is tried */
};

static int64_t now_ms(void)
{
    return cc_real_env.tick_ms(cc_real_env.data);
}

/*
 * Whether an exchange must wait for a connection that another opens now and that it can share. When
 * all streams of an HTTP/2 connection are in use (100 for libcurl and most servers), libcurl opens
 * a connection for each further request. So libcurl gets one request, and the next ones when that
 * request has its connection: a thousand requests use ten connections. There is nothing to share
 * when the last answer of the server used HTTP/1.1 or no connection could be made.
 */
static bool must_wait(const struct curl_exchange *curl)
{
    return curl->host && curl->host->connecting_count && !curl->host->no_multiplexing;
}

/* NULL when out of memory: the exchange then shares no connection that is being made */
static struct curl_host *host_of(struct curl_transport *transport, const char *base)
{
    size_t size = strlen(base) + 1;
    struct curl_host *host;

    LIST_FOREACH(host, &transport->hosts, link)
    {
        if (!strcmp(host->base, base))
            return host;
    }
    host = calloc(1, sizeof(*host) + size);
    if (!host)
        return NULL;
    memcpy(host->base, base, size);
    LIST_INSERT_HEAD(&transport->hosts, host, link);
    return host;
}

static void move(struct curl_exchange *curl, struct curl_exchange_list *to)
{
    if (curl->list)
        TAILQ_REMOVE(curl->list, curl, link);
    if (to)
        TAILQ_INSERT_TAIL(to, curl, link);
    curl->list = to;
}

/* how long after its deadline an exchange is ended when libcurl did not do it */
#define LATE_MS 100

static bool open_handles(struct curl_transport *transport);
static void leave_parent(struct curl_transport *transport);

/* also makes sure that the connections are those of this process */
static struct curl_transport *from_base(struct cc_transport *base)
{
    struct curl_transport *transport = (struct curl_transport *)base;

    if (transport->forks != cc_fork_count()) {
        leave_parent(transport);
        open_handles(transport);
    }
    return transport;
}

/* removes it from the multi handle */
static void withdraw(struct curl_transport *transport, struct curl_exchange *curl)
{
    if (!curl->in_flight)
        return;
    curl_multi_remove_handle(transport->multi, curl->easy);
    curl->in_flight = false;
    if (curl->connecting && curl->host) /* the others must not wait for its connection */
        curl->host->no_multiplexing = true;
    cc_curl_exchange_set_connecting(curl, false);
    transport->active_count--;
}

/* keeps its handle and memory for another exchange, without the content */
static void recycle(struct curl_transport *transport, struct curl_exchange *curl)
{
    withdraw(transport, curl);
    move(curl, NULL);
    if (transport->spare_count >= MAX_SPARE) {
        cc_curl_exchange_free(curl);
        return;
    }
    transport->spare_count++;
    curl->exchange = NULL;
    cc_buf_reset(&curl->text.buf); /* it contained a signature */
    TAILQ_INSERT_HEAD(&transport->spare, curl, link);
}

static struct curl_exchange *new_exchange(struct curl_transport *transport)
{
    struct curl_exchange *curl = TAILQ_FIRST(&transport->spare);

    if (!curl)
        return calloc(1, sizeof(*curl));
    TAILQ_REMOVE(&transport->spare, curl, link);
    transport->spare_count--;
    cc_curl_exchange_reset(curl);
    return curl;
}

/* moves it from waiting to active, or to ended when out of memory */
static void submit(struct curl_transport *transport, struct curl_exchange *curl, int64_t left_ms)
{
    if (cc_curl_exchange_configure(transport, curl, left_ms) &&
        curl_multi_add_handle(transport->multi, curl->easy) == CURLM_OK) {
        curl->in_flight = true;
        if (!transport->connecting_count)
            transport->tick_at_ms = now_ms() + TICK_MS;
        cc_curl_exchange_set_connecting(curl, true);
        move(curl, &transport->active);
        transport->active_count++;
        if (curl->deadline_ms + LATE_MS < transport->check_ms)
            transport->check_ms = curl->deadline_ms + LATE_MS;
        transport->running++; /* libcurl sets the exact number at its next call */
        return;
    }
    cc_curl_exchange_free_handle(curl);
    cc_reply_fail(curl->exchange->reply, CC_WIRE_UNSENT, CLOUD_ENOMEM, "out of memory");
    move(curl, &transport->ended);
}

/*
 * No socket could be opened: returns the exchange to the waiting list and lowers the limit to the
 * number of the other active exchanges. False when no other exchange is active, so none can release
 * a socket.
 */
static bool wait_for_socket(struct curl_transport *transport, struct curl_exchange *curl)
{
    if (!cc_curl_exchange_lacks_files(curl) || transport->active_count < 2)
        return false;
    withdraw(transport, curl);
    transport->limit = transport->active_count;
    transport->raise_at_ms = now_ms() + 1000;
    curl->socket_errno = 0;
    curl->message[0] = '\0';
    move(curl, NULL);
    curl->list = &transport->waiting;
    TAILQ_INSERT_HEAD(&transport->waiting, curl, link);
    return true;
}

/* raises a lowered limit by a quarter, once a second */
static void raise_limit(struct curl_transport *transport, int64_t now)
{
    if (transport->limit >= transport->max_limit || now < transport->raise_at_ms)
        return;
    transport->limit += transport->limit / 4 + 1;
    if (transport->limit > transport->max_limit)
        transport->limit = transport->max_limit;
    transport->raise_at_ms = now + 1000;
}

/* Submits waiting exchanges up to the limit, and ends those whose deadline passed. Returns
 * @wait_ms, or the time to the first deadline of the others if that is sooner. */
static int64_t admit(struct curl_transport *transport, int64_t now, int64_t wait_ms)
{
    struct curl_exchange *curl, *next;

    if (TAILQ_EMPTY(&transport->waiting))
        return wait_ms;
    raise_limit(transport, now);
    for (curl = TAILQ_FIRST(&transport->waiting); curl; curl = next) {
        int64_t left_ms = curl->deadline_ms - now;

        next = TAILQ_NEXT(curl, link);
        if (left_ms <= 0) {
            move(curl, &transport->ended);
            cc_curl_exchange_time_out(curl, CC_WIRE_UNSENT);
        } else if (transport->active_count < transport->limit && !must_wait(curl)) {
            submit(transport, curl, left_ms);
        } else if (left_ms < wait_ms) {
            wait_ms = left_ms;
        }
    }
    return wait_ms;
}

static int start(struct cc_transport *base, struct cc_exchange *exchange, struct cloud_error *err)
{
    struct curl_transport *transport = from_base(base);
    struct curl_exchange *curl = new_exchange(transport);
    int64_t now = now_ms();
    int code;

    cc_reply_init(exchange->reply);
    exchange->internal = NULL;
    if (!curl)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (!transport->multi && !open_handles(transport)) {
        recycle(transport, curl);
        return cc_transport_curl_fail(err);
    }
    code = cc_curl_exchange_write(transport, curl, exchange->request, err);
    if (code) {
        recycle(transport, curl);
        return code;
    }
    curl->exchange = exchange;
    curl->transport = transport;
    curl->deadline_ms = now + (exchange->timeout_ms < INT_MAX ? exchange->timeout_ms : INT_MAX);
    curl->host =
        cc_curl_exchange_may_share(curl) ? host_of(transport, exchange->request->base) : NULL;
    exchange->internal = curl;
    move(curl, &transport->waiting);
    if (transport->active_count < transport->limit)
        admit(transport, now, 0);
    return CLOUD_OK;
}

static void close_multi(struct curl_transport *transport)
{
    curl_multi_cleanup(transport->multi);
    transport->multi = NULL;
    transport->running = 0;
    transport->timer_ms = -1;
    transport->unwatched_fd = -1;
    transport->check_ms = INT64_MAX;
}

/* ends an exchange in flight; libcurl knows whether its request was sent */
static void end_active(struct curl_transport *transport, struct curl_exchange *curl, int code,
                       const char *why)
{
    enum cc_wire wire = cc_curl_exchange_wire(curl);

    if (code == CLOUD_ETIMEDOUT)
        cc_curl_exchange_time_out(curl, wire);
    else
        cc_reply_fail(curl->exchange->reply, wire, code, "%s", why);
    withdraw(transport, curl);
    move(curl, &transport->ended);
}

/* After an error the multi handle does nothing any more: all its exchanges end, and another takes
 * its place. */
static void replace_multi(struct curl_transport *transport, CURLMcode error)
{
    bool memory = error == CURLM_OUT_OF_MEMORY || error == CURLM_ABORTED_BY_CALLBACK;
    struct curl_exchange *curl, *next;

    for (curl = TAILQ_FIRST(&transport->active); curl; curl = next) {
        next = TAILQ_NEXT(curl, link);
        end_active(transport, curl, memory ? CLOUD_ENOMEM : CLOUD_ENETWORK,
                   memory ? "out of memory" : curl_multi_strerror(error));
    }
    close_multi(transport);
    open_handles(transport);
}

static void run_socket(struct curl_transport *transport, curl_socket_t fd, int events)
{
    CURLMcode code = curl_multi_socket_action(transport->multi, fd, events, &transport->running);

    if (code != CURLM_OK && transport->multi)
        replace_multi(transport, code);
}

/* The transport has a clock of its own: ends what is in flight past its deadline. */
static void check_deadlines(struct curl_transport *transport, int64_t now)
{
    struct curl_exchange *curl, *next;

    if (now < transport->check_ms)
        return;
    transport->check_ms = INT64_MAX;
    for (curl = TAILQ_FIRST(&transport->active); curl; curl = next) {
        int64_t late_ms = curl->deadline_ms + LATE_MS;

        next = TAILQ_NEXT(curl, link);
        if (late_ms <= now)
            end_active(transport, curl, CLOUD_ETIMEDOUT, "");
        else if (late_ms < transport->check_ms)
            transport->check_ms = late_ms;
    }
}

static void run_timer(struct curl_transport *transport, int64_t now)
{
    if (transport->timer_ms < 0 || transport->timer_ms > now)
        return;
    transport->timer_ms = -1; /* libcurl sets another when it needs one */
    run_socket(transport, CURL_SOCKET_TIMEOUT, 0);
}

/*
 * libcurl tries the next address of a host when one has used its part of the connect timeout. But
 * it sets no timer for that, an address that drops packets has no event, and between two addresses
 * there is no descriptor. Only this function, which libcurl does not recommend, looks at every
 * exchange all the same.
 */
static void run_tick(struct curl_transport *transport, int64_t now)
{
    if (!transport->connecting_count || now < transport->tick_at_ms)
        return;
    transport->tick_at_ms = now + TICK_MS;
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
    curl_multi_socket_all(transport->multi, &transport->running);
#pragma GCC diagnostic pop
}

static bool has_ended(const struct curl_transport *transport)
{
    return !TAILQ_EMPTY(&transport->ended) || transport->running < transport->active_count;
}

static int64_t ms_until_due(struct curl_transport *transport, int64_t now)
{
    int64_t due = INT64_MAX;

    if (has_ended(transport))
        return 0;
    if (transport->timer_ms >= 0)
        due = transport->timer_ms > now ? transport->timer_ms - now : 0;
    if (transport->active_count && transport->check_ms - now < due)
        due = transport->check_ms > now ? transport->check_ms - now : 0;
    if (transport->unwatched_fd >= 0 && due > TRY_MS)
        due = TRY_MS;
    if (transport->connecting_count && transport->tick_at_ms - now < due)
        due = transport->tick_at_ms > now ? transport->tick_at_ms - now : 0;
    due = admit(transport, now, due);
    return due == INT64_MAX ? -1 : due;
}

static int64_t due_ms(struct cc_transport *base)
{
    return ms_until_due(from_base(base), now_ms());
}

static void wait_for_exchanges(struct cc_transport *base, int64_t timeout_ms)
{
    struct curl_transport *transport = from_base(base);
    struct cc_poller_event seen[64];
    int64_t now = now_ms(), due;
    int count;

    admit(transport, now, 0);
    run_timer(transport, now);
    run_tick(transport, now);
    if (transport->running == 0 && has_ended(transport))
        return; /* the answer was read already, and no other is awaited */
    due = ms_until_due(transport, now);
    if (due >= 0 && due < timeout_ms)
        timeout_ms = due;
    count = cc_poller_wait(transport->poller, (int)(timeout_ms < INT_MAX ? timeout_ms : INT_MAX),
                           seen, CC_COUNT(seen));
    for (int i = 0; i < count; i++) {
        int events = (seen[i].events & EPOLLIN ? CURL_CSELECT_IN : 0) |
                     (seen[i].events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
                     (seen[i].events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);

        run_socket(transport, seen[i].fd, events); /* also runs libcurl's timers */
    }
    if (transport->unwatched_fd >= 0)
        run_socket(transport, transport->unwatched_fd, 0); /* libcurl looks at it itself */
    now = now_ms();
    if (count <= 0)
        run_timer(transport, now);
    run_tick(transport, now);
    check_deadlines(transport, now);
}

static int get_fd(struct cc_transport *base)
{
    return cc_poller_fd(from_base(base)->poller);
}

/* libcurl watches its connections, and a pipe while a host name is looked up */
static int on_socket(CURL *easy, curl_socket_t fd, int what, void *user, void *socket_data)
{
    struct curl_transport *transport = user;
    uint32_t events = (what == CURL_POLL_IN || what == CURL_POLL_INOUT ? EPOLLIN : 0u) |
                      (what == CURL_POLL_OUT || what == CURL_POLL_INOUT ? EPOLLOUT : 0u);
    struct curl_exchange *curl = NULL;

    (void)socket_data;
    if (easy)
        curl_easy_getinfo(easy, CURLINFO_PRIVATE, &curl);
    /* on_close() reports the end of a connection. libcurl closes other descriptors without a call;
     * none of them has begun a request. */
    if (transport->unwatched_fd == fd)
        transport->unwatched_fd = -1;
    /* never fails: libcurl would stop all exchanges */
    if (!cc_poller_watch(transport->poller, fd, events, curl && curl->connected))
        transport->unwatched_fd = fd;
    return 0;
}

static int on_timer(CURLM *multi, long timeout_ms, void *user)
{
    struct curl_transport *transport = user;

    (void)multi;
    transport->timer_ms = timeout_ms <= 0 ? timeout_ms : now_ms() + timeout_ms; /* 0: due now */
    return 0;
}

/* moves the exchanges that libcurl has finished to the list of the ended ones */
static struct curl_exchange *first_ended(struct curl_transport *transport)
{
    struct curl_exchange *curl = TAILQ_FIRST(&transport->ended);
    CURLMsg *message;
    int left;

    while (!curl && (message = curl_multi_info_read(transport->multi, &left))) {
        CURLcode result = message->data.result;

        if (message->msg != CURLMSG_DONE)
            continue;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &curl);
        if (result != CURLE_OK && wait_for_socket(transport, curl)) {
            curl = NULL;
            continue;
        }
        cc_curl_exchange_finish(curl, result);
        withdraw(transport, curl);
        move(curl, &transport->ended);
    }
    return curl;
}

static void cancel(struct cc_transport *base, struct cc_exchange *exchange)
{
    if (exchange->internal)
        recycle(from_base(base), exchange->internal);
    exchange->internal = NULL;
}

static struct cc_exchange *next(struct cc_transport *base)
{
    struct curl_exchange *curl = first_ended(from_base(base));
    struct cc_exchange *exchange = curl ? curl->exchange : NULL;

    if (exchange)
        cancel(base, exchange);
    return exchange;
}

static void free_spare(struct curl_transport *transport)
{
    while (!TAILQ_EMPTY(&transport->spare)) {
        struct curl_exchange *curl = TAILQ_FIRST(&transport->spare);

        TAILQ_REMOVE(&transport->spare, curl, link);
        cc_curl_exchange_free(curl);
    }
    transport->spare_count = 0;
}

static void free_transport(struct cc_transport *base)
{
    struct curl_transport *transport = (struct curl_transport *)base;
    struct curl_exchange_list *lists[] = { &transport->waiting, &transport->active,
                                           &transport->ended };

    if (transport->forks != cc_fork_count())
        leave_parent(transport);
    for (size_t i = 0; i < CC_COUNT(lists); i++) {
        while (!TAILQ_EMPTY(lists[i]))
            cancel(base, TAILQ_FIRST(lists[i])->exchange);
    }
    free_spare(transport);
    while (!LIST_EMPTY(&transport->hosts)) {
        struct curl_host *host = LIST_FIRST(&transport->hosts);

        LIST_REMOVE(host, link);
        free(host);
    }
    close_multi(transport);
    curl_share_cleanup(transport->share);
    cc_poller_free(transport->poller); /* last: on_close() uses it */
    free(transport);
}

static bool global_ready;

static void global_init(void)
{
    global_ready = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK;
}

/*
 * In a child of fork(): the parent continues with the connections, so nothing may be sent on them,
 * not even the end of TLS. Requests in flight cannot be freed, because libcurl may have looked up a
 * host name in a thread that the child does not have: they are left, once for each fork.
 */
static void leave_parent(struct curl_transport *transport)
{
    bool in_flight = !TAILQ_EMPTY(&transport->active);
    struct curl_exchange *curl, *next;

    transport->forks = cc_fork_count();
    for (curl = TAILQ_FIRST(&transport->active); curl; curl = next) {
        next = TAILQ_NEXT(curl, link);
        cc_curl_exchange_set_connecting(curl, false);
        cc_curl_exchange_leave_handle(curl);
        cc_reply_clear(curl->exchange->reply);
        cc_reply_init(curl->exchange->reply);
        if (curl->exchange->fresh)
            cc_reply_fail(curl->exchange->reply, CC_WIRE_LOST, CLOUD_ECANCELLED,
                          "sent before fork(): the parent gets the answer");
        move(curl, curl->exchange->fresh ? &transport->ended : &transport->waiting);
    }
    TAILQ_FOREACH(curl, &transport->waiting, link)
    {
        cc_curl_exchange_free_handle(curl);
    }
    TAILQ_FOREACH(curl, &transport->ended, link)
    {
        cc_curl_exchange_free_handle(curl);
    }
    free_spare(transport);
    transport->active_count = 0;
    if (!cc_poller_leave_parent(transport->poller) || in_flight) {
        transport->multi = NULL;
        transport->share = NULL;
    }
    close_multi(transport);
    curl_share_cleanup(transport->share);
    transport->share = NULL;
}

static bool set_multi(struct curl_transport *transport)
{
    CURLM *multi = transport->multi;

    return curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)transport->max_idle) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, on_socket) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, transport) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, on_timer) == CURLM_OK &&
           curl_multi_setopt(multi, CURLMOPT_TIMERDATA, transport) == CURLM_OK;
}

/* the cache of TLS sessions; handles that use it keep it when the multi handle is replaced */
static bool open_share(struct curl_transport *transport)
{
    if (transport->share)
        return true;
    transport->share = curl_share_init();
    if (transport->share && curl_share_setopt(transport->share, CURLSHOPT_SHARE,
                                              CURL_LOCK_DATA_SSL_SESSION) == CURLSHE_OK)
        return true;
    curl_share_cleanup(transport->share);
    transport->share = NULL;
    return false;
}

static bool open_handles(struct curl_transport *transport)
{
    transport->multi = curl_multi_init();
    if (transport->multi && open_share(transport) && set_multi(transport))
        return true;
    close_multi(transport);
    errno = ENOMEM;
    return false;
}

const char *cc_no_more_files(int os_errno)
{
    if (os_errno == EMFILE)
        return "Too many open files in this process; raise the limit (ulimit -n)";
    return os_errno == ENFILE ? "Too many open files in the system" : NULL;
}

int cc_transport_curl_fail(struct cloud_error *err)
{
    const char *files = cc_no_more_files(errno);

    return cc_fail(err, CLOUD_ENOMEM, "%s", files ? files : "out of memory");
}

struct cc_transport *cc_transport_curl_new(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct curl_transport *transport;
    int why;

    pthread_once(&once, global_init);
    errno = ENOMEM;
    if (!global_ready || !(transport = calloc(1, sizeof(*transport))))
        return NULL;
    transport->base = (struct cc_transport){ .start = start,
                                             .wait = wait_for_exchanges,
                                             .next = next,
                                             .cancel = cancel,
                                             .free = free_transport,
                                             .due_ms = due_ms,
                                             .fd = get_fd,
                                             .shareable = true };
    TAILQ_INIT(&transport->waiting);
    TAILQ_INIT(&transport->active);
    TAILQ_INIT(&transport->ended);
    TAILQ_INIT(&transport->spare);
    snprintf(transport->agent, sizeof(transport->agent), "User-Agent: cloud_client/%s",
             cloud_version());
    transport->timer_ms = -1;
    transport->limit = transport->max_limit = DEFAULT_CONNECTIONS;
    transport->max_idle = MAX_IDLE;
    transport->forks = cc_fork_count();
    transport->unwatched_fd = -1;
    transport->check_ms = INT64_MAX;
    transport->poller = cc_poller_new();
    if (transport->poller && open_handles(transport))
        return &transport->base;
    why = errno;
    free_transport(&transport->base);
    errno = why;
    return NULL;
}

void cc_transport_curl_set_limit(struct cc_transport *base, int connections)
{
    struct curl_transport *transport = from_base(base);

    transport->limit = transport->max_limit = connections;
    transport->max_idle = connections < MAX_IDLE ? MAX_IDLE : connections;
    curl_multi_setopt(transport->multi, CURLMOPT_MAXCONNECTS, (long)transport->max_idle);
}
