/* SPDX-License-Identifier: Apache-2.0 */
/*
 * cloudctl: the library from the command line. Here is only what a well-behaved program does before
 * and after its work: locale, descriptors, signals, and a last look at whether the output got out.
 */
#include "cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* A closed standard descriptor would be taken by the first file opened, and output would go into
 * it. */
static void hold_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* Vendors have Chinese words; in the "C" locale tables could only show them as numbers. */
static void set_locale(void)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0 && strcmp(setlocale(LC_CTYPE, NULL), "C") == 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

/* A reader that has seen enough, like head; asked of the pipe, since an early write may have met
 * it. */
static bool reader_is_gone(void)
{
    struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

    return poll(&out, 1, 0) > 0 && out.revents & POLLERR;
}

/* Output that did not get out is a failure, if anybody still wanted it. */
static int close_output(int status)
{
    bool failed = ferror(stdout) != 0;

    errno = 0;
    if (fflush(stdout) != 0)
        failed = true;
    if (failed && reader_is_gone())
        return status;
    if (!failed && close(STDOUT_FILENO) != 0 && errno != EBADF)
        failed = true;
    if (!failed)
        return status;
    fprintf(stderr, "cloudctl: cannot write to standard output%s%s\n", errno ? ": " : "",
            errno ? strerror(errno) : "");
    return status == CTL_DONE ? CTL_FAILED : status;
}

static int dispatch(const struct ctl_options *options, const struct cloud_error *err)
{
    if (err->code != CLOUD_OK)
        return ctl_stop(options, err);
    if (options->version)
        return ctl_command_find("version")->run(options);
    if (options->help || !options->word) {
        ctl_help(options);
        return options->help ? CTL_DONE : CTL_USAGE;
    }
    if (options->command)
        return options->command->run(options);
    if (options->all_clouds)
        return ctl_compare_run(options);
    return ctl_operation_run(options);
}

int main(int argc, char **argv)
{
    struct ctl_options options = { .params = CLOUD_PARAMS_INIT };
    struct cloud_error err = { 0 };
    int status;

    hold_standard_descriptors();
    set_locale();
    signal(SIGPIPE, SIG_IGN);
    if (argc > 1 && strcmp(argv[1], CTL_COMPLETE) == 0)
        return close_output(ctl_complete_run(argc - 2, argv + 2));
    ctl_options_read(argc, argv, &options, &err);
    status = dispatch(&options, &err);
    ctl_options_clear(&options);
    return close_output(status);
}
