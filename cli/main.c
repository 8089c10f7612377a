/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Starts cloudctl and runs its command. Prepares locale, descriptors and signals before, and checks
 * after that the output was written.
 */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* Opens closed standard descriptors: the first file opened would get their number, and output would
 * be written into it. */
static void open_standard_descriptors(void)
{
    for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
        if (fcntl(fd, F_GETFD) == -1 && errno == EBADF)
            (void)open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

/* Vendors return Chinese texts. In the "C" locale, tables would show them as escaped bytes. */
static void set_locale(void)
{
    setlocale(LC_CTYPE, "");
    if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0 && strcmp(setlocale(LC_CTYPE, NULL), "C") == 0)
        setlocale(LC_CTYPE, "C.UTF-8");
}

/* Whether the reader of a pipe closed it, like head does. errno does not say it reliably: an
 * earlier write may have got the EPIPE. */
static bool reader_closed(void)
{
    struct pollfd out = { .fd = STDOUT_FILENO, .events = POLLOUT };

    return poll(&out, 1, 0) > 0 && out.revents & POLLERR;
}

/* Fails when output was lost, unless the reader of a pipe closed it. After a change, each lost
 * answer is reported with what was done. */
static int close_output(int status)
{
    bool failed = ferror(stdout) != 0;

    errno = 0;
    if (fflush(stdout) != 0)
        failed = true;
    if (failed && reader_closed() && !ctl_change_made())
        return status;
    if (!failed && close(STDOUT_FILENO) != 0 && errno != EBADF)
        failed = true;
    if (!failed)
        return status;
    fprintf(stderr, "cloudctl: cannot write to standard output%s%s\n", errno ? ": " : "",
            errno ? strerror(errno) : "");
    return ctl_change_report(status == CTL_DONE ? CTL_FAILED : status);
}

static int print_version(const struct ctl_options *options)
{
    struct ctl_json *json;

    if (!ctl_is_document(options)) {
        printf("cloudctl %s\n", cloud_version());
        return CTL_DONE;
    }
    json = ctl_json_new();
    ctl_json_text(json, ctl_json_root(json), "version", cloud_version());
    ctl_json_print(json, options);
    return CTL_DONE;
}

static int run_command(const struct ctl_options *options)
{
    switch (options->command->id) {
    case CTL_COMMAND_CLOUDS: return ctl_clouds_run(options);
    case CTL_COMMAND_SUPPORT: return ctl_support_run(options);
    case CTL_COMMAND_ACTIONS: return ctl_actions_run(options);
    case CTL_COMMAND_JOURNAL: return ctl_journal_run(options);
    case CTL_COMMAND_HELP: return ctl_help_run(options);
    case CTL_COMMAND_VERSION: return print_version(options);
    case CTL_COMMAND_NONE: break;
    }
    return CTL_USAGE;
}

static int dispatch(const struct ctl_options *options, const struct cloud_error *err)
{
    if (err->code != CLOUD_OK)
        return ctl_stop(options, err);
    if (options->version)
        return print_version(options);
    if (options->help || !options->command_name) {
        ctl_help(options);
        return options->help ? CTL_DONE : CTL_USAGE;
    }
    if (options->command)
        return run_command(options);
    if (options->all_clouds)
        return ctl_compare_run(options);
    return ctl_operation_run(options);
}

int main(int argc, char **argv)
{
    struct ctl_options options = { .params = CLOUD_PARAMS_INIT };
    struct cloud_error err = { 0 };
    int status;

    open_standard_descriptors();
    set_locale();
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a write past the limit of file sizes fails with EFBIG instead */
    if (argc > 1 && strcmp(argv[1], CTL_COMPLETE) == 0)
        return close_output(ctl_complete_run(argc - 2, argv + 2));
    ctl_options_read(argc, argv, &options, &err);
    status = dispatch(&options, &err);
    ctl_options_clear(&options);
    return close_output(status);
}
