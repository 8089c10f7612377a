/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Descriptors that somebody wants to hear of, behind one epoll descriptor. What is wanted is told
 * to the kernel only when there is something to wait for: a connection that is asked again and
 * again costs no call for it.
 */
#ifndef CC_POLLER_H
#define CC_POLLER_H

#include <stdbool.h>
#include <stdint.h>

struct cc_poller;

struct cc_poller *cc_poller_new(void); /* NULL: no memory, or no descriptor left */
void cc_poller_free(struct cc_poller *poller);
/*
 * From now on EPOLLIN and EPOLLOUT in @events are wanted of @fd; 0: nothing. With @lasting the
 * kernel need not forget it at once: cc_poller_closed() will be called when it is closed. False
 * when out of memory.
 */
bool cc_poller_want(struct cc_poller *poller, int fd, uint32_t events, bool lasting);
/* it is being closed: the kernel forgets it by itself */
void cc_poller_closed(struct cc_poller *poller, int fd);
/* waits for what is wanted, at most @timeout_ms (-1: for ever) */
struct cc_poller_event {
    int fd;
    uint32_t events;
};
int cc_poller_wait(struct cc_poller *poller, int timeout_ms, struct cc_poller_event *ret_seen,
                   int most);
/* the epoll descriptor, with all that is wanted now: it is readable when cc_poller_wait() would see
 * something */
int cc_poller_fd(struct cc_poller *poller);

#endif
