/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Watches descriptors with one epoll set. A table holds the events that the caller wants and those
 * that the kernel has; the differences are passed to the kernel when the caller waits.
 */
#include "core/transport/poller.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/base/memory.h"

/* the descriptor is the index of its entry in the table */
struct entry {
    uint32_t wanted;     /* by the caller */
    uint32_t registered; /* in the epoll set */
    int next_dirty;      /* the next entry to compare, plus 1; 0: none */
    bool dirty;          /* in the list of entries to compare */
    bool opened;         /* by the caller, see cc_poller_opened() */
};

struct cc_poller {
    int epoll;
    struct entry *entries;
    size_t count;
    int first_dirty; /* the first entry to compare, plus 1; 0: none */
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

static void mark_dirty(struct cc_poller *poller, struct entry *entry, int fd)
{
    if (entry->dirty)
        return;
    entry->next_dirty = poller->first_dirty;
    entry->dirty = true;
    poller->first_dirty = fd + 1;
}

/* makes the epoll set agree with the entry */
static void update(struct cc_poller *poller, int fd)
{
    struct entry *entry = &poller->entries[fd];
    struct epoll_event event = { .events = entry->wanted, .data.fd = fd };
    int operation = !entry->wanted      ? EPOLL_CTL_DEL
                    : entry->registered ? EPOLL_CTL_MOD
                                        : EPOLL_CTL_ADD;

    if (entry->wanted == entry->registered)
        return;
    if (epoll_ctl(poller->epoll, operation, fd, &event) != 0) {
        /* the descriptor was closed and opened again without a call of cc_poller_closed() */
        if (operation == EPOLL_CTL_MOD && errno == ENOENT)
            epoll_ctl(poller->epoll, EPOLL_CTL_ADD, fd, &event);
        else if (operation == EPOLL_CTL_ADD && errno == EEXIST)
            epoll_ctl(poller->epoll, EPOLL_CTL_MOD, fd, &event);
    }
    entry->registered = entry->wanted;
}

bool cc_poller_watch(struct cc_poller *poller, int fd, uint32_t events, bool lasting)
{
    struct entry *entry = entry_of(poller, fd);

    if (!entry)
        return false;
    entry->wanted = events;
    if (!events && !lasting)
        update(poller, fd);
    /* a lasting one without wanted events remains in the epoll set until it has an event or is
     * closed */
    else if (events && events != entry->registered)
        mark_dirty(poller, entry, fd);
    return true;
}

bool cc_poller_opened(struct cc_poller *poller, int fd)
{
    struct entry *entry = entry_of(poller, fd);

    if (entry)
        entry->opened = true;
    return entry != NULL;
}

void cc_poller_closed(struct cc_poller *poller, int fd)
{
    if (fd < 0 || (size_t)fd >= poller->count)
        return;
    /* A child of fork() may have the connection still: then it stays in the epoll set when it is
     * closed here, and nothing can remove it any more. */
    if (poller->entries[fd].registered)
        epoll_ctl(poller->epoll, EPOLL_CTL_DEL, fd, NULL);
    poller->entries[fd].wanted = poller->entries[fd].registered = 0;
    poller->entries[fd].opened = false;
}

static bool replace_epoll(struct cc_poller *poller)
{
    int fd = epoll_create1(EPOLL_CLOEXEC);

    if (fd < 0) { /* perhaps there is no descriptor but the old one */
        close(poller->epoll);
        fd = epoll_create1(EPOLL_CLOEXEC);
    }
    if (fd < 0)
        return false;
    if (fd != poller->epoll) {
        dup3(fd, poller->epoll, O_CLOEXEC);
        close(fd);
    }
    return true;
}

bool cc_poller_leave_parent(struct cc_poller *poller)
{
    if (!replace_epoll(poller))
        return false;
    poller->first_dirty = 0;
    for (size_t fd = 0; fd < poller->count; fd++) {
        bool opened = poller->entries[fd].opened;

        if (opened)
            dup3(poller->epoll, (int)fd, O_CLOEXEC);
        poller->entries[fd] = (struct entry){ .opened = opened };
    }
    return true;
}

static void update_all(struct cc_poller *poller)
{
    while (poller->first_dirty) {
        int fd = poller->first_dirty - 1;

        poller->first_dirty = poller->entries[fd].next_dirty;
        poller->entries[fd].dirty = false;
        if (poller->entries[fd].wanted)
            update(poller, fd);
    }
}

int cc_poller_fd(struct cc_poller *poller)
{
    update_all(poller);
    return poller->epoll;
}

int cc_poller_wait(struct cc_poller *poller, int timeout_ms, struct cc_poller_event *ret_events,
                   int max)
{
    enum { EVENTS = 64 };
    struct epoll_event events[EVENTS];
    int returned = 0, count;

    update_all(poller);
    count = epoll_wait(poller->epoll, events, max < EVENTS ? max : EVENTS, timeout_ms);
    for (int i = 0; i < count; i++) {
        int fd = events[i].data.fd;

        if (poller->entries[fd].wanted)
            ret_events[returned++] = (struct cc_poller_event){ fd, events[i].events };
        else
            update(poller, fd); /* removes it: nothing is wanted of it any more */
    }
    return returned;
}
