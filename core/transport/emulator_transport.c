/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Passes exchanges to the emulator in this process, for the endpoints "emulator:" and
 * "emulator:PATH". libcloud_client is not linked with libcloud_emulator. It looks for that library
 * when an endpoint first needs it, so a program that only uses vendors does not load it.
 *
 * All clients of a process share the world of a path. A world in a file is closed with its last
 * client. The world in memory exists as long as the process, so a client finds the purchases of an
 * earlier one.
 *
 * A child of fork() opens the world of a file again, and leaves the handle of its parent, whose
 * file locks must not be touched. The world in memory is a copy from then on.
 */
#include "core/transport/transport.h"

#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <stdio.h>
#include <sys/queue.h>
#include <sys/stat.h>

#include "core/base/error.h"
#include "core/base/fork.h"
#include "core/transport/http_text.h"
#include "core/base/env.h"
#include "include/cloud_emulator.h"

#define LIBRARY "libcloud_emulator.so.0"

static struct {
    __typeof__(cloud_emulator_open) *open;
    __typeof__(cloud_emulator_close) *close;
    __typeof__(cloud_emulator_add_key) *add_key;
    __typeof__(cloud_emulator_handle) *handle;
    __typeof__(cloud_emulator_reply_clear) *reply_clear;
} emulator;

static char missing[256]; /* why the functions were not found; "": they were found */

static bool find_functions(void *library)
{
    const struct {
        const char *name;
        void *pointer;
    } functions[] = {
        { "cloud_emulator_open", &emulator.open },
        { "cloud_emulator_close", &emulator.close },
        { "cloud_emulator_add_key", &emulator.add_key },
        { "cloud_emulator_handle", &emulator.handle },
        { "cloud_emulator_reply_clear", &emulator.reply_clear },
    };

    for (size_t i = 0; i < CC_COUNT(functions); i++) {
        void *function = dlsym(library, functions[i].name);

        if (!function)
            return false;
        memcpy(functions[i].pointer, &function, sizeof(function));
    }
    return true;
}

/* loads the file next to this library, or next to the program that contains its objects */
static void *open_next_to_us(void)
{
    char path[PATH_MAX];
    const char *slash;
    Dl_info self;

    if (!dladdr(missing, &self) || !self.dli_fname || !(slash = strrchr(self.dli_fname, '/')))
        return NULL;
    if (snprintf(path, sizeof(path), "%.*s/" LIBRARY, (int)(slash - self.dli_fname),
                 self.dli_fname) >= (int)sizeof(path))
        return NULL;
    return dlopen(path, RTLD_NOW | RTLD_LOCAL);
}

/* Looks among the linked libraries, in the system's folders, and next to this library. Never
 * unloads the library, because its threads and worlds remain. */
static void load(void)
{
    const char *why = NULL;
    void *library;

    if (find_functions(RTLD_DEFAULT))
        return;
    library = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
    if (!library) {
        why = dlerror();
        snprintf(missing, sizeof(missing), "%s", why ? why : LIBRARY " cannot be loaded");
        library = open_next_to_us();
    }
    if (!library)
        return;
    missing[0] = '\0';
    if (!find_functions(library))
        snprintf(missing, sizeof(missing),
                 LIBRARY " has another version; install the version of libcloud_client");
}

struct shared_world {
    LIST_ENTRY(shared_world) link;
    struct cloud_emulator *emulator;
    size_t users;
    unsigned forks; /* cc_fork_count() of the process that opened it */
    char path[];    /* "": in memory */
};

static LIST_HEAD(, shared_world) worlds = LIST_HEAD_INITIALIZER(worlds);
static pthread_mutex_t worlds_lock = PTHREAD_MUTEX_INITIALIZER;

/* SQLite does not report why it cannot open a file */
static int check_directory(const char *path, struct cloud_error *err)
{
    cc_auto_free char *parent = strdup(path);
    char *slash = parent ? strrchr(parent, '/') : NULL;
    struct stat status;
    char text[128];

    if (!parent)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (!slash || slash == parent)
        return CLOUD_OK;
    *slash = '\0';
    if (stat(parent, &status) != 0)
        return cc_fail(err, CLOUD_ECONFIG, "endpoint emulator:%s: directory %s: %s", path, parent,
                       strerror_r(errno, text, sizeof(text)));
    if (!S_ISDIR(status.st_mode))
        return cc_fail(err, CLOUD_ECONFIG, "endpoint emulator:%s: %s is not a directory", path,
                       parent);
    return CLOUD_OK;
}

/* the caller holds worlds_lock */
static int open_world(const char *path, struct shared_world **ret_world, struct cloud_error *err)
{
    cc_auto_free struct shared_world *world = NULL;
    char why[256] = "";
    int code = check_directory(path, err);

    if (code)
        return code;
    world = calloc(1, sizeof(*world) + strlen(path) + 1);
    if (!world)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    strcpy(world->path, path);
    world->forks = cc_fork_count();
    if (emulator.open(*path ? path : NULL, &world->emulator, why, sizeof(why)) != 0)
        return cc_fail(err, CLOUD_ECONFIG, "endpoint emulator:%s: %s", path, why);
    LIST_INSERT_HEAD(&worlds, world, link);
    *ret_world = cc_take(world);
    return CLOUD_OK;
}

static bool is_ours(const struct shared_world *world)
{
    return !*world->path || world->forks == cc_fork_count();
}

static int take_world(const char *path, struct shared_world **ret_world, struct cloud_error *err)
{
    struct shared_world *world;
    int code = CLOUD_OK;

    pthread_mutex_lock(&worlds_lock);
    LIST_FOREACH(world, &worlds, link)
    {
        if (strcmp(world->path, path) == 0 && is_ours(world))
            break;
    }
    if (!world)
        code = open_world(path, &world, err);
    if (code == CLOUD_OK) {
        world->users++;
        *ret_world = world;
    }
    pthread_mutex_unlock(&worlds_lock);
    return code;
}

static void release_world(struct shared_world *world)
{
    pthread_mutex_lock(&worlds_lock);
    world->users--;
    if (world->users == 0 && *world->path) {
        LIST_REMOVE(world, link);
        if (is_ours(world)) /* else it is left: closing it would write to the parent's file */
            emulator.close(world->emulator);
        free(world);
    }
    pthread_mutex_unlock(&worlds_lock);
}

/* An answer is computed at once and returned when it is due. */
struct answer {
    TAILQ_ENTRY(answer) link;
    struct cc_exchange *exchange;
    int64_t due_ms;
};

TAILQ_HEAD(answers, answer);

struct emulator_transport {
    struct cc_transport base; /* first: pointers to the two are cast into each other */
    struct shared_world *world;
    struct answers answers; /* sorted by due_ms */
};

static struct emulator_transport *from_base(struct cc_transport *transport)
{
    return (struct emulator_transport *)transport;
}

static int64_t now_ms(void)
{
    return cc_real_env.tick_ms(cc_real_env.data);
}

static void read_headers(struct cc_reply *reply, const char *headers)
{
    while (headers && *headers) {
        size_t len = strcspn(headers, "\n");

        cc_reply_header(reply, headers, len);
        headers += len + (headers[len] == '\n');
    }
}

static void read_body(const struct cc_exchange *exchange, const struct cloud_emulator_reply *answer)
{
    struct cc_reply *reply = exchange->reply;

    switch (cc_reply_add(reply, answer->body_size ? answer->body : "", answer->body_size,
                         exchange->max_reply_bytes)) {
    case CLOUD_OK: break;
    case CLOUD_ETOOBIG: cc_reply_fail_too_big(exchange, CC_WIRE_LOST); break;
    default: cc_reply_fail(reply, CC_WIRE_LOST, CLOUD_ENOMEM, "out of memory");
    }
}

static void read_answer(const struct cc_exchange *exchange,
                        const struct cloud_emulator_reply *answer)
{
    static const struct {
        enum cc_wire wire;
        const char *what;
    } rows[] = {
        [CLOUD_EMULATOR_REFUSED] = { CC_WIRE_UNSENT, "no connection to" },
        [CLOUD_EMULATOR_RESET] = { CC_WIRE_UNSENT, "the connection failed during the request to" },
        [CLOUD_EMULATOR_LOST] = { CC_WIRE_LOST, "the connection failed before the answer of" },
        [CLOUD_EMULATOR_CUT] = { CC_WIRE_LOST, "the connection failed during the answer of" },
    };
    struct cc_reply *reply = exchange->reply;
    enum cc_wire wire = CC_WIRE_LOST;

    reply->status = answer->status;
    read_headers(reply, answer->headers);
    if (answer->wire == CLOUD_EMULATOR_ANSWERED) {
        read_body(exchange, answer);
    } else {
        const char *what = "an answer of unknown kind from";

        if ((size_t)answer->wire < CC_COUNT(rows)) {
            wire = rows[answer->wire].wire;
            what = rows[answer->wire].what;
        }
        cc_reply_fail(reply, wire, CLOUD_ENETWORK, "%s the emulator", what);
    }
}

/* keeps the list sorted; searches from the end, where most answers belong */
static void enqueue(struct emulator_transport *transport, struct answer *answer)
{
    struct answer *before = TAILQ_LAST(&transport->answers, answers);

    while (before && before->due_ms > answer->due_ms)
        before = TAILQ_PREV(before, answers, link);
    if (before)
        TAILQ_INSERT_AFTER(&transport->answers, before, answer, link);
    else
        TAILQ_INSERT_HEAD(&transport->answers, answer, link);
}

/* in a child of fork(): takes the world of a file anew */
static int leave_parent(struct emulator_transport *transport, struct cloud_error *err)
{
    struct shared_world *own;
    int code;

    if (is_ours(transport->world))
        return CLOUD_OK;
    code = take_world(transport->world->path, &own, err);
    if (code)
        return code;
    release_world(transport->world);
    transport->world = own;
    return CLOUD_OK;
}

static int handle(struct cloud_emulator *world, const struct cc_request *request,
                  struct cloud_emulator_reply *ret_answer, struct cloud_error *err)
{
    static const char *const no_headers[] = { NULL };
    struct cc_request_text text = { 0 };
    struct cloud_emulator_request emulator_request = { .size = sizeof(emulator_request) };
    int code = cc_request_text_write(&text, request, no_headers, ":", err);

    if (code == CLOUD_OK) {
        emulator_request.method = request->method;
        emulator_request.url = text.buf.data;
        emulator_request.headers = text.lines;
        emulator_request.body = request->body.data;
        emulator_request.body_size = request->body.len;
        if (emulator.handle(world, &emulator_request, ret_answer) != 0)
            code = cc_fail(err, CLOUD_EINVAL, "the emulator cannot process the request %s %s",
                           request->method, request->path);
    }
    cc_request_text_clear(&text);
    return code;
}

static int start(struct cc_transport *base, struct cc_exchange *exchange, struct cloud_error *err)
{
    struct emulator_transport *transport = from_base(base);
    struct cloud_emulator_reply emulator_reply = { .size = sizeof(emulator_reply) };
    cc_auto_free struct answer *answer = calloc(1, sizeof(*answer));
    int64_t started_ms = now_ms(), took_ms = 0;
    int code;

    cc_reply_init(exchange->reply);
    exchange->internal = NULL;
    if (!answer)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (exchange->timeout_ms <= 0) {
        cc_reply_fail_timeout(exchange, CC_WIRE_UNSENT, "no connection to", 0);
    } else {
        code = leave_parent(transport, err);
        if (!code)
            code = handle(transport->world->emulator, exchange->request, &emulator_reply, err);
        if (code)
            return code;
        read_answer(exchange, &emulator_reply);
        took_ms = now_ms() - started_ms;
        took_ms = took_ms > emulator_reply.delay_ms ? took_ms : emulator_reply.delay_ms;
        emulator.reply_clear(&emulator_reply);
        if (took_ms >= exchange->timeout_ms) {
            enum cc_wire wire = exchange->reply->wire;

            cc_reply_fail_timeout(exchange, wire == CC_WIRE_UNSENT ? wire : CC_WIRE_LOST,
                                  "no answer from", 0);
            took_ms = exchange->timeout_ms;
        }
    }
    answer->exchange = exchange;
    answer->due_ms = started_ms + took_ms;
    exchange->internal = answer;
    enqueue(transport, cc_take(answer));
    return CLOUD_OK;
}

static void wait_for_answer(struct cc_transport *base, int64_t timeout_ms)
{
    const struct answer *first = TAILQ_FIRST(&from_base(base)->answers);
    int64_t left_ms = first ? first->due_ms - now_ms() : timeout_ms;

    cc_real_env.sleep_ms(cc_real_env.data, left_ms < timeout_ms ? left_ms : timeout_ms);
}

static int64_t due_ms(struct cc_transport *base)
{
    const struct answer *first = TAILQ_FIRST(&from_base(base)->answers);
    int64_t left_ms = first ? first->due_ms - now_ms() : -1;

    return first && left_ms < 0 ? 0 : left_ms;
}

static void cancel(struct cc_transport *base, struct cc_exchange *exchange)
{
    struct answer *answer = exchange->internal;

    if (!answer)
        return;
    TAILQ_REMOVE(&from_base(base)->answers, answer, link);
    free(answer);
    exchange->internal = NULL;
}

static struct cc_exchange *next(struct cc_transport *base)
{
    const struct answer *first = TAILQ_FIRST(&from_base(base)->answers);
    struct cc_exchange *exchange = NULL;

    if (first && first->due_ms <= now_ms()) {
        exchange = first->exchange;
        cancel(base, exchange);
    }
    return exchange;
}

static void free_transport(struct cc_transport *base)
{
    struct emulator_transport *transport = from_base(base);

    while (!TAILQ_EMPTY(&transport->answers))
        cancel(base, TAILQ_FIRST(&transport->answers)->exchange);
    if (transport->world)
        release_world(transport->world);
    free(transport);
}

int cc_transport_emulator_new(const char *endpoint, const char *key_id, const char *secret,
                              struct cc_transport **ret_transport, struct cloud_error *err)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    struct emulator_transport *transport;
    const char *path;
    int code;

    if (strncmp(endpoint, "emulator:", strlen("emulator:")) != 0)
        return cc_fail(err, CLOUD_ECONFIG,
                       "endpoint is %s; it must be \"emulator:\" or \"emulator:PATH\"", endpoint);
    pthread_once(&once, load);
    if (*missing)
        return cc_fail(err, CLOUD_ECONFIG,
                       "endpoint emulator: needs the emulator's library (install "
                       "libcloud_emulator next to libcloud_client): %s",
                       missing);
    transport = calloc(1, sizeof(*transport));
    if (!transport)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    transport->base = (struct cc_transport){ .start = start,
                                             .wait = wait_for_answer,
                                             .next = next,
                                             .cancel = cancel,
                                             .free = free_transport,
                                             .due_ms = due_ms,
                                             .shareable = true };
    TAILQ_INIT(&transport->answers);
    path = endpoint + strlen("emulator:");
    code = take_world(strcmp(path, ":memory:") == 0 ? "" : path, &transport->world, err);
    if (code) {
        free_transport(&transport->base);
        return code;
    }
    /* A key that exists with another secret is not changed. The emulator then refuses the
     * signatures, as a vendor does. */
    if (key_id && secret)
        emulator.add_key(transport->world->emulator, key_id, secret);
    *ret_transport = &transport->base;
    return CLOUD_OK;
}
