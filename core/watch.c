/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors behind one epoll descriptor: what is wanted stands in a table, and the kernel is told the differences
 * when somebody waits for several. One alone, as of a call that blocks, is asked for itself: that costs less, also on the
 * side that wakes it. Who the descriptors belong to, and what their events mean, is the caller's business.
 */
#include "core/watch.h"

#include <errno.h>
#include <poll.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/mem.h"

/* of a descriptor, which is its index in the table */
struct entry {
    uint32_t wanted, told;
    bool dirty; /* stands in the list of those to be compared */
};

struct cc_watch {
    int epoll;
    struct entry *entries;
    size_t count;
    int *dirty;
    size_t dirty_count, dirty_cap;
    size_t wanted_count; /* descriptors of which something is wanted */
    int last;            /* the last that became one of them */
    bool shown;          /* somebody else waits for the epoll descriptor: it has to know of all of them */
};

struct cc_watch *cc_watch_new(void)
{
    struct cc_watch *watch = calloc(1, sizeof(*watch));

    if (!watch)
        return NULL;
    watch->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (watch->epoll >= 0)
        return watch;
    free(watch);
    return NULL;
}

void cc_watch_free(struct cc_watch *watch)
{
    if (!watch)
        return;
    close(watch->epoll);
    free(watch->entries);
    free(watch->dirty);
    free(watch);
}

static struct entry *entry_of(struct cc_watch *watch, int fd)
{
    size_t count = watch->count ? watch->count : 32;
    struct entry *grown;

    if (fd < 0)
        return NULL;
    if ((size_t)fd < watch->count)
        return &watch->entries[fd];
    while (count <= (size_t)fd)
        count *= 2;
    grown = reallocarray(watch->entries, count, sizeof(*grown));
    if (!grown)
        return NULL;
    memset(grown + watch->count, 0, (count - watch->count) * sizeof(*grown));
    watch->entries = grown;
    watch->count = count;
    return &grown[fd];
}

static bool note(struct cc_watch *watch, struct entry *entry, int fd)
{
    if (entry->dirty)
        return true;
    if (watch->dirty_count == watch->dirty_cap) {
        size_t cap = watch->dirty_cap ? watch->dirty_cap * 2 : 16;
        int *grown = reallocarray(watch->dirty, cap, sizeof(*grown));

        if (!grown)
            return false;
        watch->dirty = grown;
        watch->dirty_cap = cap;
    }
    watch->dirty[watch->dirty_count++] = fd;
    entry->dirty = true;
    return true;
}

/* what the kernel knows becomes what is wanted */
static void tell(struct cc_watch *watch, int fd)
{
    struct entry *entry = &watch->entries[fd];
    struct epoll_event event = { .events = entry->wanted, .data.fd = fd };
    int how = !entry->wanted ? EPOLL_CTL_DEL : entry->told ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (entry->wanted == entry->told)
        return;
    if (epoll_ctl(watch->epoll, how, fd, &event) != 0) {
        /* closed and opened again behind our back, either way round */
        if (how == EPOLL_CTL_MOD && errno == ENOENT)
            epoll_ctl(watch->epoll, EPOLL_CTL_ADD, fd, &event);
        else if (how == EPOLL_CTL_ADD && errno == EEXIST)
            epoll_ctl(watch->epoll, EPOLL_CTL_MOD, fd, &event);
    }
    entry->told = entry->wanted;
}

/* changes what is wanted, and keeps count */
static void set_wanted(struct cc_watch *watch, int fd, uint32_t events)
{
    struct entry *entry = &watch->entries[fd];

    watch->wanted_count += (events != 0) - (size_t)(entry->wanted != 0);
    if (events)
        watch->last = fd;
    entry->wanted = events;
}

bool cc_watch_want(struct cc_watch *watch, int fd, uint32_t events, bool lasting)
{
    struct entry *entry = entry_of(watch, fd);

    if (!entry)
        return false;
    set_wanted(watch, fd, events);
    if (!events && !lasting)
        tell(watch, fd);
    /* a lasting one of which nothing is wanted stays known until it stirs or is closed */
    else if (events && events != entry->told)
        return note(watch, entry, fd);
    return true;
}

void cc_watch_closed(struct cc_watch *watch, int fd)
{
    if (fd < 0 || (size_t)fd >= watch->count)
        return;
    set_wanted(watch, fd, 0);
    watch->entries[fd].told = 0;
}

static void tell_all(struct cc_watch *watch)
{
    for (size_t i = 0; i < watch->dirty_count; i++) {
        int fd = watch->dirty[i];

        watch->entries[fd].dirty = false;
        if (watch->entries[fd].wanted)
            tell(watch, fd);
    }
    watch->dirty_count = 0;
}

int cc_watch_fd(struct cc_watch *watch)
{
    watch->shown = true;
    tell_all(watch);
    return watch->epoll;
}

static int wait_for_one(int fd, uint32_t wanted, int timeout_ms, struct cc_watched *ret_seen)
{
    struct pollfd one = { .fd = fd, .events = (short)wanted };

    _Static_assert(EPOLLIN == POLLIN && EPOLLOUT == POLLOUT && EPOLLERR == POLLERR && EPOLLHUP == POLLHUP,
                   "the same bits");
    if (poll(&one, 1, timeout_ms) <= 0)
        return 0;
    *ret_seen = (struct cc_watched){ fd, (uint32_t)one.revents };
    return 1;
}

int cc_watch_wait(struct cc_watch *watch, int timeout_ms, struct cc_watched *ret_seen, int most)
{
    enum { AT_ONCE = 64 };
    struct epoll_event events[AT_ONCE];
    int seen = 0, count;

    if (watch->wanted_count == 1 && watch->entries[watch->last].wanted && !watch->shown)
        return wait_for_one(watch->last, watch->entries[watch->last].wanted, timeout_ms, ret_seen);
    tell_all(watch);
    count = epoll_wait(watch->epoll, events, most < AT_ONCE ? most : AT_ONCE, timeout_ms);

    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;

        if (watch->entries[fd].wanted)
            ret_seen[seen++] = (struct cc_watched){ fd, events[i].events };
        else
            tell(watch, fd); /* nobody cares any more, and it must not wake us again */
    }
    return seen;
}
