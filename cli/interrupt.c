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

static const int signals[] = { SIGINT, SIGTERM, SIGHUP };
static struct sigaction usual[sizeof(signals) / sizeof(signals[0])];
static bool armed;

/* A signal that is ignored stays ignored: nohup, and commands that a shell runs in the background.
 */
static void set_handlers(void)
{
    struct sigaction action = { .sa_handler = leave };

    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof(signals) / sizeof(signals[0]); i++) {
        if (!armed)
            sigaction(signals[i], NULL, &usual[i]);
        if (usual[i].sa_handler != SIG_IGN)
            sigaction(signals[i], &action, NULL);
    }
    armed = true;
}

static void restore_handlers(void)
{
    for (size_t i = 0; armed && i < sizeof(signals) / sizeof(signals[0]); i++)
        sigaction(signals[i], &usual[i], NULL);
    armed = false;
}

void ctl_interrupt_arm(const char *to_stdout, const char *to_stderr, enum ctl_exit status)
{
    exit_texts[0] = to_stdout;
    exit_texts[1] = to_stderr;
    exit_status = (sig_atomic_t)status;
    set_handlers();
}

void ctl_interrupt_disarm(void)
{
    restore_handlers();
    exit_texts[0] = NULL;
    exit_texts[1] = NULL;
}
