/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Handles Ctrl-C while the vendor works on a request. The texts are made beforehand, so the signal
 * handler only writes them and exits; it never waits for the library.
 */
#include "cli/cli.h"

#include <signal.h>
#include <string.h>
#include <unistd.h>

static const char *volatile exit_texts[2]; /* for stdout and stderr; NULL: none */
static volatile sig_atomic_t exit_status;

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
    write_whole(STDERR_FILENO, exit_texts[1]);
    write_whole(STDOUT_FILENO, exit_texts[0]);
    _exit(exit_status);
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
    exit_texts[0] = to_stdout;
    exit_texts[1] = to_stderr;
    exit_status = (sig_atomic_t)status;
    set_handlers(leave);
}

void ctl_interrupt_disarm(void)
{
    set_handlers(SIG_DFL);
    exit_texts[0] = NULL;
    exit_texts[1] = NULL;
}
