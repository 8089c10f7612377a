/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors that somebody wants to hear of, behind one epoll descriptor. What is wanted is told to the kernel only
 * when there is something to wait for: a connection that is asked again and again costs no call for it.
 */
#ifndef CC_WATCH_H
#define CC_WATCH_H

#include <stdbool.h>
#include <stdint.h>

struct cc_watch;

struct cc_watch *cc_watch_new(void); /* NULL: no memory, or no descriptor left */
void cc_watch_free(struct cc_watch *watch);
/*
 * From now on EPOLLIN and EPOLLOUT in @events are wanted of @fd; 0: nothing. With @lasting the kernel need not forget
 * it at once: cc_watch_closed() will be called when it is closed. False when out of memory.
 */
bool cc_watch_want(struct cc_watch *watch, int fd, uint32_t events, bool lasting);
/* it is being closed: the kernel forgets it by itself */
void cc_watch_closed(struct cc_watch *watch, int fd);
/* waits for what is wanted, at most @timeout_ms (-1: for ever) */
struct cc_watched {
    int fd;
    uint32_t events;
};
int cc_watch_wait(struct cc_watch *watch, int timeout_ms, struct cc_watched *ret_seen, int most);
/* the epoll descriptor, with all that is wanted now: it is readable when cc_watch_wait() would see something */
int cc_watch_fd(struct cc_watch *watch);

#endif
