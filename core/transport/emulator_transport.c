/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Exchanges with the emulator in this process: "emulator:" and "emulator:PATH", behind the same
 * door as libcurl. The library is not linked with libcloud_emulator: it is looked up when an
 * endpoint first asks for it, so that a program that only talks to vendors carries none of it. What
 * it answers, and the world it keeps, are the emulator's own.
 *
 * Clients of one process share the world of a path. A world in a file is closed with its last
 * client; the one in memory lives as long as the process, so that a client finds what the one
 * before it bought.
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

static char missing[256]; /* why they were not found; "": they were */

static bool find_functions(void *library)
{
    const struct {
        const char *name;
        void *place;
    } wanted[] = {
        { "cloud_emulator_open", &emulator.open },
        { "cloud_emulator_close", &emulator.close },
        { "cloud_emulator_add_key", &emulator.add_key },
        { "cloud_emulator_handle", &emulator.handle },
        { "cloud_emulator_reply_clear", &emulator.reply_clear },
    };

    for (size_t i = 0; i < CC_COUNT(wanted); i++) {
        void *function = dlsym(library, wanted[i].name);

        if (!function)
            return false;
        memcpy(wanted[i].place, &function, sizeof(function));
    }
    return true;
}

/* the file beside the library itself, or beside the program that holds the library's objects */
static void *open_beside(void)
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

/* Linked already, where the system looks, or beside us. It is never unloaded: its threads and
 * worlds stay. */
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
        library = open_beside();
    }
    if (!library)
        return;
    missing[0] = '\0';
    if (!find_functions(library))
        snprintf(missing, sizeof(missing), LIBRARY " is of another version");
}

struct shared_world {
    LIST_ENTRY(shared_world) link;
    struct cloud_emulator *emulator;
    size_t users;
    char path[]; /* "": in memory */
};

static LIST_HEAD(, shared_world) worlds = LIST_HEAD_INITIALIZER(worlds);
static pthread_mutex_t worlds_lock = PTHREAD_MUTEX_INITIALIZER;

/* SQLite would only say that it is unable to open the file */
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
        return cc_fail(err, CLOUD_ECONFIG, "endpoint emulator:%s: %s is no directory", path,
                       parent);
    return CLOUD_OK;
}

/* under the lock */
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
    if (emulator.open(*path ? path : NULL, &world->emulator, why, sizeof(why)) != 0)
        return cc_fail(err, CLOUD_ECONFIG, "endpoint emulator:%s: %s", path, why);
    LIST_INSERT_HEAD(&worlds, world, link);
    *ret_world = cc_take(world);
    return CLOUD_OK;
}

static int take_world(const char *path, struct shared_world **ret_world, struct cloud_error *err)
{
    struct shared_world *world;
    int code = CLOUD_OK;

    pthread_mutex_lock(&worlds_lock);
    LIST_FOREACH(world, &worlds, link)
    {
        if (strcmp(world->path, path) == 0)
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

static void drop_world(struct shared_world *world)
{
    pthread_mutex_lock(&worlds_lock);
    world->users--;
    if (world->users == 0 && *world->path) {
        LIST_REMOVE(world, link);
        emulator.close(world->emulator);
        free(world);
    }
    pthread_mutex_unlock(&worlds_lock);
}

/* answered at once, handed out when it is due */
struct answer {
    TAILQ_ENTRY(answer) link;
    struct cc_exchange *exchange;
    int64_t due_ms;
};

TAILQ_HEAD(answers, answer);

struct emulator_transport {
    struct cc_transport base; /* first: the two are cast into each other */
    struct shared_world *world;
    struct answers answers; /* the first due first */
};

static struct emulator_transport *own(struct cc_transport *transport)
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

static void read_answered(const struct cc_exchange *exchange,
                          const struct cloud_emulator_reply *answer)
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
        [CLOUD_EMULATOR_RESET] = { CC_WIRE_UNSENT, "the connection broke in mid-request to" },
        [CLOUD_EMULATOR_LOST] = { CC_WIRE_LOST, "the connection broke before an answer of" },
        [CLOUD_EMULATOR_CUT] = { CC_WIRE_LOST, "the connection broke in mid-answer of" },
    };
    struct cc_reply *reply = exchange->reply;
    enum cc_wire wire = CC_WIRE_LOST;

    reply->status = answer->status;
    read_headers(reply, answer->headers);
    if (answer->wire == CLOUD_EMULATOR_ANSWERED) {
        read_answered(exchange, answer);
    } else {
        const char *what = "no understandable answer of";

        if ((size_t)answer->wire < CC_COUNT(rows)) {
            wire = rows[answer->wire].wire;
            what = rows[answer->wire].what;
        }
        cc_reply_fail(reply, wire, CLOUD_ENETWORK, "%s the emulator", what);
    }
}

/* kept in the order in which they are due; most are the last */
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

static int handle(struct cloud_emulator *world, const struct cc_request *request,
                  struct cloud_emulator_reply *ret_answer, struct cloud_error *err)
{
    static const char *const no_more[] = { NULL };
    struct cc_request_text text = { 0 };
    struct cloud_emulator_request asked = { .size = sizeof(asked) };
    int code = cc_request_text_write(&text, request, no_more, ":", err);

    if (code == CLOUD_OK) {
        asked.method = request->method;
        asked.url = text.buf.data;
        asked.headers = text.lines;
        asked.body = request->body.data;
        asked.body_size = request->body.len;
        if (emulator.handle(world, &asked, ret_answer) != 0)
            code = cc_fail(err, CLOUD_EINVAL, "the emulator takes no request such as %s %s",
                           request->method, request->path);
    }
    cc_request_text_clear(&text);
    return code;
}

static int start(struct cc_transport *door, struct cc_exchange *exchange, struct cloud_error *err)
{
    struct emulator_transport *transport = own(door);
    struct cloud_emulator_reply said = { .size = sizeof(said) };
    cc_auto_free struct answer *answer = calloc(1, sizeof(*answer));
    int64_t began = now_ms(), took_ms = 0;
    int code;

    cc_reply_init(exchange->reply);
    exchange->internal = NULL;
    if (!answer)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (exchange->timeout_ms <= 0) {
        cc_reply_fail_timeout(exchange, CC_WIRE_UNSENT, "no connection to", exchange->timeout_ms);
    } else {
        code = handle(transport->world->emulator, exchange->request, &said, err);
        if (code)
            return code;
        read_answer(exchange, &said);
        took_ms = now_ms() - began;
        took_ms = took_ms > said.delay_ms ? took_ms : said.delay_ms;
        emulator.reply_clear(&said);
        if (took_ms >= exchange->timeout_ms) {
            enum cc_wire wire = exchange->reply->wire;

            cc_reply_fail_timeout(exchange, wire == CC_WIRE_UNSENT ? wire : CC_WIRE_LOST,
                                  "no answer from", exchange->timeout_ms);
            took_ms = exchange->timeout_ms;
        }
    }
    answer->exchange = exchange;
    answer->due_ms = began + took_ms;
    exchange->internal = answer;
    enqueue(transport, cc_take(answer));
    return CLOUD_OK;
}

static void wait_for_some(struct cc_transport *door, int64_t timeout_ms)
{
    const struct answer *first = TAILQ_FIRST(&own(door)->answers);
    int64_t left_ms = first ? first->due_ms - now_ms() : timeout_ms;

    cc_real_env.sleep_ms(cc_real_env.data, left_ms < timeout_ms ? left_ms : timeout_ms);
}

static int64_t due_ms(struct cc_transport *door)
{
    const struct answer *first = TAILQ_FIRST(&own(door)->answers);
    int64_t left_ms = first ? first->due_ms - now_ms() : -1;

    return first && left_ms < 0 ? 0 : left_ms;
}

static void cancel(struct cc_transport *door, struct cc_exchange *exchange)
{
    struct answer *answer = exchange->internal;

    if (!answer)
        return;
    TAILQ_REMOVE(&own(door)->answers, answer, link);
    free(answer);
    exchange->internal = NULL;
}

static struct cc_exchange *next(struct cc_transport *door)
{
    const struct answer *first = TAILQ_FIRST(&own(door)->answers);
    struct cc_exchange *exchange = NULL;

    if (first && first->due_ms <= now_ms()) {
        exchange = first->exchange;
        cancel(door, exchange);
    }
    return exchange;
}

static void free_transport(struct cc_transport *door)
{
    struct emulator_transport *transport = own(door);

    while (!TAILQ_EMPTY(&transport->answers))
        cancel(door, TAILQ_FIRST(&transport->answers)->exchange);
    if (transport->world)
        drop_world(transport->world);
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
        return cc_fail(err, CLOUD_ECONFIG, "endpoint %s is no \"emulator:\" or \"emulator:PATH\"",
                       endpoint);
    pthread_once(&once, load);
    if (*missing)
        return cc_fail(err, CLOUD_ECONFIG,
                       "endpoint emulator: needs the emulator's library (install "
                       "libcloud_emulator beside libcloud_client): %s",
                       missing);
    transport = calloc(1, sizeof(*transport));
    if (!transport)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    transport->base = (struct cc_transport){ .start = start,
                                             .wait = wait_for_some,
                                             .next = next,
                                             .cancel = cancel,
                                             .free = free_transport,
                                             .due_ms = due_ms,
                                             .common = true };
    TAILQ_INIT(&transport->answers);
    path = endpoint + strlen("emulator:");
    code = take_world(strcmp(path, ":memory:") == 0 ? "" : path, &transport->world, err);
    if (code) {
        free_transport(&transport->base);
        return code;
    }
    /* a key that is known with another secret stays as it is: what it signs is then refused, as a
     * vendor would */
    if (key_id && secret)
        emulator.add_key(transport->world->emulator, key_id, secret);
    *ret_transport = &transport->base;
    return CLOUD_OK;
}
