/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares a poller: a set of descriptors watched with one epoll descriptor. Changes reach the
 * kernel only when the caller waits. So a connection that is reused many times in between costs no
 * system call.
 */
#ifndef CC_POLLER_H
#define CC_POLLER_H

#include <stdbool.h>
#include <stdint.h>

struct cc_poller;

struct cc_poller *cc_poller_new(void); /* NULL: out of memory or of file descriptors */
void cc_poller_free(struct cc_poller *poller);
/* Records that the caller opened @fd and will close it after cc_poller_closed(). Makes space for
 * it, so that watching it does not fail. False when out of memory. */
bool cc_poller_opened(struct cc_poller *poller, int fd);
/*
 * In a child of fork(): takes a new epoll descriptor with the number of the old one, which the
 * parent uses too, and watches nothing. Puts it in the place of all descriptors of
 * cc_poller_opened(): what is written to them, as at the end of TLS, does not reach the parent's
 * connections. False when the system has no memory for it: they must then not be used.
 */
bool cc_poller_leave_parent(struct cc_poller *poller);
/*
 * Sets the wanted @events (EPOLLIN, EPOLLOUT) of @fd; 0: none. With @lasting, @fd may remain in the
 * epoll set after that, because the caller calls cc_poller_closed() when it closes @fd. False when
 * out of memory.
 */
bool cc_poller_watch(struct cc_poller *poller, int fd, uint32_t events, bool lasting);
/* @fd will be closed now */
void cc_poller_closed(struct cc_poller *poller, int fd);
struct cc_poller_event {
    int fd;
    uint32_t events;
};
/* Waits for wanted events, at most @timeout_ms; -1: no limit. Returns how many of the @max elements
 * it filled. */
int cc_poller_wait(struct cc_poller *poller, int timeout_ms, struct cc_poller_event *ret_events,
                   int max);
/* the epoll descriptor, after passing all changes to the kernel; it is readable when
 * cc_poller_wait() has events to return */
int cc_poller_fd(struct cc_poller *poller);

#endif
