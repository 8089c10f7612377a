/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors behind one epoll descriptor: what is wanted stands in a table, and the kernel is told the differences
 * when somebody waits. Who the descriptors belong to, and what their events mean, is the caller's business.
 */
#include "core/watch.h"

#include <errno.h>
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

bool cc_watch_want(struct cc_watch *watch, int fd, uint32_t events, bool lasting)
{
    struct entry *entry = entry_of(watch, fd);

    if (!entry)
        return false;
    entry->wanted = events;
    if (!events && !lasting)
        tell(watch, fd);
    /* a lasting one of which nothing is wanted stays known until it stirs or is closed */
    else if (events && events != entry->told)
        return note(watch, entry, fd);
    return true;
}

void cc_watch_closed(struct cc_watch *watch, int fd)
{
    if (fd >= 0 && (size_t)fd < watch->count)
        watch->entries[fd].wanted = watch->entries[fd].told = 0;
}

int cc_watch_fd(struct cc_watch *watch)
{
    for (size_t i = 0; i < watch->dirty_count; i++) {
        int fd = watch->dirty[i];

        watch->entries[fd].dirty = false;
        if (watch->entries[fd].wanted)
            tell(watch, fd);
    }
    watch->dirty_count = 0;
    return watch->epoll;
}

int cc_watch_wait(struct cc_watch *watch, int timeout_ms, struct cc_watched *ret_seen, int most)
{
    enum { AT_ONCE = 64 };
    struct epoll_event events[AT_ONCE];
    int seen = 0;
    int count = epoll_wait(cc_watch_fd(watch), events, most < AT_ONCE ? most : AT_ONCE, timeout_ms);

    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;

        if (watch->entries[fd].wanted)
            ret_seen[seen++] = (struct cc_watched){ fd, events[i].events };
        else
            tell(watch, fd); /* nobody cares any more, and it must not wake us again */
    }
    return seen;
}
