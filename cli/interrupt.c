/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ctrl-C while something is under way at a vendor. What there is to say is written down beforehand,
 * so that the handler only writes and leaves: at once, whatever the library is waiting for.
 */
#include "cli/cli.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static const char *volatile last_words[2]; /* for stdout and stderr; NULL: nothing */
static volatile sig_atomic_t last_status;

static void write_whole(int fd, const char *text)
{
    size_t left = text ? strlen(text) : 0;

    while (left > 0) {
        ssize_t done = write(fd, text, left);

        if (done <= 0)
            return;
        text += done;
        left -= (size_t)done;
    }
}

static void leave(int signal)
{
    (void)signal;
    write_whole(STDERR_FILENO, last_words[1]);
    write_whole(STDOUT_FILENO, last_words[0]);
    _exit(last_status);
}

static void set_handlers(void (*handler)(int))
{
    struct sigaction action = { .sa_handler = handler };

    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGHUP, &action, NULL);
}

void ctl_interrupt_arm(const char *to_stdout, const char *to_stderr, enum ctl_exit status)
{
    last_words[0] = to_stdout;
    last_words[1] = to_stderr;
    last_status = (sig_atomic_t)status;
    set_handlers(leave);
}

void ctl_interrupt_disarm(void)
{
    set_handlers(SIG_DFL);
    last_words[0] = NULL;
    last_words[1] = NULL;
}
