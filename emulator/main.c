/* SPDX-License-Identifier: Apache-2.0 */
/* The program cloud-emulator: opens a world, adds keys, and serves HTTP until a signal ends it. */
#include "include/cloud_emulator.h"

#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

static const char usage[] =
    "usage: cloud-emulator [--listen 127.0.0.1:PORT] [--world :memory:|PATH] [--key "
    "AKID:SECRET]...\n"
    "       cloud-emulator --world PATH ask METHOD /_emulator/... [JSON]\n"
    "\n"
    "Emulates the cloud vendors, for tests. The first line of output is the URL it listens on.\n"
    "\n"
    "  --listen ADDRESS  a loopback address and a port; port 0 takes a free one (127.0.0.1:0)\n"
    "  --world PATH      a file that several emulators may share; :memory: (the default) keeps "
    "nothing\n"
    "  --key ID:SECRET   adds a key pair to the one that every world has; may be repeated\n"
    "  --help            prints this text\n"
    "\n"
    "The second form sends one request to a world in a file and prints the answer, without a "
    "server.\n"
    "Paths under /_emulator/: clock, timeline, fail, ledger, requests, world, reset.\n";

struct options {
    const char *address, *world;
    const char *keys[64];
    size_t key_count;
    char **ask; /* method, path and optional body; NULL: serve */
};

/* Returns 0 to continue, else an exit code plus one, so that --help can end with 0. */
static int read_options(int argc, char **argv, struct options *ret)
{
    static const struct option names[] = {
        { "listen", required_argument, NULL, 'l' },
        { "world", required_argument, NULL, 'w' },
        { "key", required_argument, NULL, 'k' },
        { "help", no_argument, NULL, 'h' },
        { NULL, 0, NULL, 0 },
    };
    int c;

    while ((c = getopt_long(argc, argv, "h", names, NULL)) != -1) {
        if (c == 'l')
            ret->address = optarg;
        else if (c == 'w')
            ret->world = optarg;
        else if (c == 'k' && ret->key_count < 64 && strchr(optarg, ':'))
            ret->keys[ret->key_count++] = optarg;
        else if (c == 'h')
            return fputs(usage, stdout), 1;
        else
            return fputs(c == 'k' ? "cloud-emulator: --key must be ID:SECRET and may be given at "
                                    "most 64 times\n"
                                  : usage,
                         stderr),
                   3;
    }
    if (optind < argc && !strcmp(argv[optind], "ask") && argc - optind >= 3 && argc - optind <= 4)
        return ret->ask = argv + optind + 1, 0;
    if (optind < argc)
        return fprintf(stderr, "cloud-emulator: unknown argument \"%s\"\n%s", argv[optind], usage),
               3;
    return 0;
}

static int add_keys(struct cloud_emulator *emulator, const struct options *options)
{
    for (size_t i = 0; i < options->key_count; i++) {
        const char *colon = strchr(options->keys[i], ':');
        char id[256];

        snprintf(id, sizeof(id), "%.*s", (int)(colon - options->keys[i]), options->keys[i]);
        if (cloud_emulator_add_key(emulator, id, colon + 1) != 0)
            return fprintf(stderr,
                           "cloud-emulator: the key %s is empty, or the world has it with another "
                           "secret\n",
                           id),
                   -1;
    }
    return 0;
}

/* Sends one request to a world without a server. */
static int ask(struct cloud_emulator *emulator, char **args)
{
    char url[512];
    struct cloud_emulator_request request = { .size = sizeof(request),
                                              .method = args[0],
                                              .url = url };
    struct cloud_emulator_reply reply = { .size = sizeof(reply) };
    int status;

    snprintf(url, sizeof(url), "http://127.0.0.1%s", args[1]);
    request.body = args[2];
    request.body_size = args[2] ? strlen(args[2]) : 0;
    if (cloud_emulator_handle(emulator, &request, &reply) != 0)
        return fputs("cloud-emulator: out of memory\n", stderr), 1;
    status = reply.status;
    printf("%.*s\n", (int)reply.body_size, (const char *)reply.body);
    cloud_emulator_reply_clear(&reply);
    return status == 200 ? 0 : 1;
}

static int serve(struct cloud_emulator *emulator, const struct options *options,
                 const sigset_t *ends)
{
    char message[256];
    int port, signal_number;

    if (add_keys(emulator, options) != 0)
        return 1;
    if (cloud_emulator_listen(emulator, options->address, &port, message, sizeof(message)) != 0) {
        fprintf(stderr, "cloud-emulator: %s\n", message);
        return 1;
    }
    printf("listening on http://%.*s:%d\n",
           (int)(strrchr(options->address, ':') - options->address), options->address, port);
    fflush(stdout);
    while (sigwait(ends, &signal_number) != 0) /* a signal that is not among them ended it */
        ;
    return 0;
}

/* sigwait() would receive a blocked signal although it is ignored */
static void add_unless_ignored(sigset_t *signals, int signal_number)
{
    struct sigaction action;

    if (sigaction(signal_number, NULL, &action) != 0 || action.sa_handler != SIG_IGN)
        sigaddset(signals, signal_number);
}

int main(int argc, char **argv)
{
    struct options options = { .address = "127.0.0.1:0", .world = ":memory:" };
    struct cloud_emulator *emulator;
    char message[256];
    sigset_t ends;
    int ret = read_options(argc, argv, &options);

    if (ret)
        return ret - 1;
    /* Blocked before any thread exists, so that only sigwait receives them. */
    sigemptyset(&ends);
    add_unless_ignored(&ends, SIGINT);
    add_unless_ignored(&ends, SIGTERM);
    sigprocmask(SIG_BLOCK, &ends, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a write past the limit of file sizes fails with EFBIG instead */
    if (cloud_emulator_open(options.world, &emulator, message, sizeof(message)) != 0) {
        fprintf(stderr, "cloud-emulator: %s\n", message);
        return 1;
    }
    ret = options.ask ? ask(emulator, options.ask) : serve(emulator, &options, &ends);
    cloud_emulator_close(emulator);
    return ret;
}
