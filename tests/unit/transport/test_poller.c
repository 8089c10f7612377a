/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of core/transport/poller.c: what is left of a descriptor when it is closed, and in a child
 * of fork(). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <poll.h>
#include <sys/epoll.h>
#include <unistd.h>

#include "core/transport/poller.h"

static bool is_readable(int fd)
{
    struct pollfd poll_fd = { .fd = fd, .events = POLLIN };

    return poll(&poll_fd, 1, 0) == 1;
}

/* a pipe that is readable, and watched */
static struct cc_poller *open_poller(int pipe_fds[2])
{
    struct cc_poller *poller = cc_poller_new();

    assert_non_null(poller);
    assert_int_equal(pipe(pipe_fds), 0);
    assert_int_equal(write(pipe_fds[1], "x", 1), 1);
    assert_true(cc_poller_opened(poller, pipe_fds[0]));
    assert_true(cc_poller_watch(poller, pipe_fds[0], EPOLLIN, true));
    assert_true(is_readable(cc_poller_fd(poller)));
    return poller;
}

/* a copy, as a child of fork() has one, keeps the pipe in the epoll set for ever */
static void test_poller__a_closed_descriptor_is_gone_although_a_copy_is_open(void **state)
{
    int fds[2], copy;
    struct cc_poller *poller = open_poller(fds);

    (void)state;
    copy = dup(fds[0]);
    cc_poller_closed(poller, fds[0]);
    close(fds[0]);
    assert_false(is_readable(cc_poller_fd(poller)));
    close(copy);
    close(fds[1]);
    cc_poller_free(poller);
}

/* the descriptor keeps its number; what is written to the old ones does not reach the parent */
static void test_poller__leaves_the_descriptors_of_the_parent(void **state)
{
    int fds[2];
    struct cc_poller *poller = open_poller(fds);
    int fd = cc_poller_fd(poller), parents = dup(fd), pipe_copy = dup(fds[0]);
    char byte;

    (void)state;
    assert_true(cc_poller_leave_parent(poller));
    assert_int_equal(cc_poller_fd(poller), fd);
    assert_false(is_readable(fd));
    assert_true(is_readable(parents));
    assert_int_equal(read(fds[0], &byte, 1), -1);
    assert_int_equal(read(pipe_copy, &byte, 1), 1);
    close(parents);
    close(pipe_copy);
    close(fds[0]);
    close(fds[1]);
    cc_poller_free(poller);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_poller__a_closed_descriptor_is_gone_although_a_copy_is_open),
        cmocka_unit_test(test_poller__leaves_the_descriptors_of_the_parent),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
