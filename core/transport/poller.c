/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors behind one epoll descriptor: what is wanted stands in a table, and the kernel is told
 * the differences when the caller waits. Who the descriptors belong to, and what their events mean,
 * is the caller's business.
 */
#include "core/transport/poller.h"

#include <errno.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/base/memory.h"

/* of a descriptor, which is its index in the table */
struct entry {
    uint32_t wanted, told;
    bool dirty; /* stands in the list of those to be compared */
};

struct cc_poller {
    int epoll;
    struct entry *entries;
    size_t count;
    int *dirty;
    size_t dirty_count, dirty_cap;
};

struct cc_poller *cc_poller_new(void)
{
    struct cc_poller *poller = calloc(1, sizeof(*poller));

    if (!poller)
        return NULL;
    poller->epoll = epoll_create1(EPOLL_CLOEXEC);
    if (poller->epoll >= 0)
        return poller;
    free(poller);
    return NULL;
}

void cc_poller_free(struct cc_poller *poller)
{
    if (!poller)
        return;
    close(poller->epoll);
    free(poller->entries);
    free(poller->dirty);
    free(poller);
}

static struct entry *entry_of(struct cc_poller *poller, int fd)
{
    size_t count = poller->count ? poller->count : 32;
    struct entry *grown;

    if (fd < 0)
        return NULL;
    if ((size_t)fd < poller->count)
        return &poller->entries[fd];
    while (count <= (size_t)fd)
        count *= 2;
    grown = reallocarray(poller->entries, count, sizeof(*grown));
    if (!grown)
        return NULL;
    memset(grown + poller->count, 0, (count - poller->count) * sizeof(*grown));
    poller->entries = grown;
    poller->count = count;
    return &grown[fd];
}

static bool note(struct cc_poller *poller, struct entry *entry, int fd)
{
    if (entry->dirty)
        return true;
    if (poller->dirty_count == poller->dirty_cap) {
        size_t cap = poller->dirty_cap ? poller->dirty_cap * 2 : 16;
        int *grown = reallocarray(poller->dirty, cap, sizeof(*grown));

        if (!grown)
            return false;
        poller->dirty = grown;
        poller->dirty_cap = cap;
    }
    poller->dirty[poller->dirty_count++] = fd;
    entry->dirty = true;
    return true;
}

/* what the kernel knows becomes what is wanted */
static void tell(struct cc_poller *poller, int fd)
{
    struct entry *entry = &poller->entries[fd];
    struct epoll_event event = { .events = entry->wanted, .data.fd = fd };
    int how = !entry->wanted ? EPOLL_CTL_DEL : entry->told ? EPOLL_CTL_MOD : EPOLL_CTL_ADD;

    if (entry->wanted == entry->told)
        return;
    if (epoll_ctl(poller->epoll, how, fd, &event) != 0) {
        /* closed and opened again behind our back, either way round */
        if (how == EPOLL_CTL_MOD && errno == ENOENT)
            epoll_ctl(poller->epoll, EPOLL_CTL_ADD, fd, &event);
        else if (how == EPOLL_CTL_ADD && errno == EEXIST)
            epoll_ctl(poller->epoll, EPOLL_CTL_MOD, fd, &event);
    }
    entry->told = entry->wanted;
}

bool cc_poller_want(struct cc_poller *poller, int fd, uint32_t events, bool lasting)
{
    struct entry *entry = entry_of(poller, fd);

    if (!entry)
        return false;
    entry->wanted = events;
    if (!events && !lasting)
        tell(poller, fd);
    /* a lasting one of which nothing is wanted stays known until it stirs or is closed */
    else if (events && events != entry->told)
        return note(poller, entry, fd);
    return true;
}

void cc_poller_closed(struct cc_poller *poller, int fd)
{
    if (fd < 0 || (size_t)fd >= poller->count)
        return;
    poller->entries[fd].wanted = poller->entries[fd].told = 0;
}

static void tell_all(struct cc_poller *poller)
{
    for (size_t i = 0; i < poller->dirty_count; i++) {
        int fd = poller->dirty[i];

        poller->entries[fd].dirty = false;
        if (poller->entries[fd].wanted)
            tell(poller, fd);
    }
    poller->dirty_count = 0;
}

int cc_poller_fd(struct cc_poller *poller)
{
    tell_all(poller);
    return poller->epoll;
}

int cc_poller_wait(struct cc_poller *poller, int timeout_ms, struct cc_poller_event *ret_seen,
                   int most)
{
    enum { AT_ONCE = 64 };
    struct epoll_event events[AT_ONCE];
    int seen = 0, count;

    tell_all(poller);
    count = epoll_wait(poller->epoll, events, most < AT_ONCE ? most : AT_ONCE, timeout_ms);

    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;

        if (poller->entries[fd].wanted)
            ret_seen[seen++] = (struct cc_poller_event){ fd, events[i].events };
        else
            tell(poller, fd); /* nobody cares any more, and it must not wake us again */
    }
    return seen;
}
