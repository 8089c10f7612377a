/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads secrets that are not on the command line, where all users of the machine can see them: from
 * the terminal without echo, or from the first line of standard input or of a file.
 */
#include "cli/cli.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>

#define SECRET_MAX 4096

void ctl_secret_free(char *secret)
{
    if (secret)
        explicit_bzero(secret, strlen(secret));
    free(secret);
}

/* The first line without its line end; NULL when there is none or it is too long. Caller frees */
static char *first_line(FILE *file)
{
    char line[SECRET_MAX + 2];
    char *copy = NULL;

    if (fgets(line, sizeof(line), file)) {
        size_t mark = strncmp(line, "\xef\xbb\xbf", 3) == 0 ? 3 : 0; /* a byte order mark */
        size_t len = strcspn(line, "\r\n");

        if (len <= SECRET_MAX) {
            line[len] = '\0';
            copy = ctl_strdup(line + mark);
        }
    }
    explicit_bzero(line, sizeof(line));
    return copy;
}

static volatile sig_atomic_t interrupted;

static void set_interrupted(int signal)
{
    (void)signal;
    interrupted = 1;
}

/* Ctrl-C ends the reading first, so that the echo of the terminal is restored before the exit. */
static char *ask_once(const char *prompt, const char *name)
{
    struct sigaction handler = { .sa_handler = set_interrupted }, usual;
    struct termios before, silent;
    char *answer;

    if (tcgetattr(STDIN_FILENO, &before) != 0)
        return NULL;
    silent = before;
    silent.c_lflag &= ~(tcflag_t)ECHO;
    silent.c_lflag |= ECHONL;
    fprintf(stderr, "%s%s: ", prompt, name);
    sigaction(SIGINT, NULL, &usual);
    if (usual.sa_handler != SIG_IGN)
        sigaction(SIGINT, &handler, NULL);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent);
    answer = first_line(stdin);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
    sigaction(SIGINT, &usual, NULL);
    if (interrupted) {
        fputs("\n", stderr);
        exit(CTL_INTERRUPTED);
    }
    return answer;
}

int ctl_secret_ask(const char *name, char **ret, struct cloud_error *err)
{
    char *secret, *again;
    bool same;

    if (!isatty(STDIN_FILENO)) {
        *ret = first_line(stdin);
        return *ret ? CLOUD_OK
                    : ctl_refuse(err, CLOUD_EINVAL, name,
                                 "standard input has no first line of at most %d bytes for --%s -",
                                 SECRET_MAX, name);
    }
    secret = ask_once("", name);
    again = secret ? ask_once("again, ", name) : NULL;
    same = secret && again && strcmp(secret, again) == 0;
    ctl_secret_free(again);
    if (!same) {
        ctl_secret_free(secret);
        return ctl_refuse(err, CLOUD_EINVAL, name,
                          "the two values typed for --%s differ; run the command again", name);
    }
    *ret = secret;
    return CLOUD_OK;
}

int ctl_secret_file(const char *path, const char *name, char **ret, struct cloud_error *err)
{
    struct cloud_error why = { 0 };

    if (cloud_secret_read(path, ret, &why) == CLOUD_OK)
        return CLOUD_OK;
    return ctl_refuse(err, CLOUD_EINVAL, name, "--%s-file: %s", name, why.message);
}
