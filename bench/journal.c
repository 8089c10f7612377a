/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the journal costs: time and syncs of a renewal with it and without, and of a read through
 * it, against the emulator in this process. $CLOUD_TEST_POSTGRES adds that store; its syncs are the
 * server's.
 *
 *   bench_journal [SPENDS]
 */
#include "include/cloud_emulator.h"
#include "include/cloud_journal.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long syncs;
static bool is_elsewhere; /* the store: its syncs are not ours to count */

/* SQLite's calls end here, as the program's own functions go before the system's */
__attribute__((visibility("default"))) int fsync(int fd)
{
    syncs++;
    return ((int (*)(int))dlsym(RTLD_NEXT, "fsync"))(fd);
}

__attribute__((visibility("default"))) int fdatasync(int fd)
{
    syncs++;
    return ((int (*)(int))dlsym(RTLD_NEXT, "fdatasync"))(fd);
}

static double now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1000 + (double)now.tv_nsec / 1e6;
}

static void need(int rc, const struct cloud_error *err)
{
    if (!rc)
        return;
    fprintf(stderr, "bench_journal: %s: %s\n", cloud_code_name(rc), err->message);
    exit(1);
}

static void buy(struct cloud_client *client, char id[64])
{
    static const char *const wanted[][2] = {
        { "name", "bench" },
        { "zone", "cn-north-1a" },
        { "instance_type", "g.n2.medium" },
        { "image_id", "img-demoubuntu22" },
        { "subnet_id", "subnet-demo000001" },
        { "system_disk_gb", "40" },
        { "period", "1month" },
    };
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;

    for (size_t i = 0; i < sizeof(wanted) / sizeof(wanted[0]); i++)
        need(cloud_params_set(&params, cloud_param_find(wanted[i][0])->param, wanted[i][1], &err),
             &err);
    need(cloud_create_instance(client, &params, &result, &err), &err);
    snprintf(id, 64, "%s", result.ids[0]);
    cloud_result_clear(&result);
}

/* @journal NULL: past it */
static void measure(const char *what, struct cloud_journal *journal, struct cloud_client *client,
                    enum cloud_op op, const char *id, int times)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;
    double began = now_ms();
    long before = syncs;

    params.instance_id = id;
    if (op == CLOUD_OP_RENEW_INSTANCE)
        params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    for (int i = 0; i < times; i++) {
        char key[64];

        snprintf(key, sizeof(key), "%s %d %ld", what, i, (long)getpid());
        if (op == CLOUD_OP_RENEW_INSTANCE)
            params.operation_key = key;
        need(journal ? cloud_journal_call(journal, client, op, &params, NULL, &err)
                     : cloud_call(client, op, &params, NULL, &err),
             &err);
    }
    printf("%s: %.2f ms each", what, (now_ms() - began) / times);
    if (!journal || !is_elsewhere)
        printf(", %.2f syncs each", (double)(syncs - before) / times);
    putchar('\n');
}

int main(int argc, char **argv)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    const char *postgres = getenv("CLOUD_TEST_POSTGRES");
    int times = argc > 1 ? atoi(argv[1]) : 20;
    char directory[] = "/tmp/cloud_bench_XXXXXX", uri[96], command[96], id[64];
    struct cloud_journal *journal = NULL;
    struct cloud_client *client = NULL;
    struct cloud_error err;

    cloud_emulator_reply_clear(
        NULL); /* so that the linker keeps the emulator, which the library looks for */
    if (!mkdtemp(directory))
        return 1;
    options.provider = "jdcloud";
    options.region = "cn-north-1";
    options.endpoint = "emulator:";
    need(cloud_client_new(&options, &client, &err), &err);
    buy(client, id);
    measure("renewal past the journal", NULL, client, CLOUD_OP_RENEW_INSTANCE, id, times);
    snprintf(uri, sizeof(uri), "sqlite:%s/journal.db", directory);
    need(cloud_journal_open(uri, NULL, &journal, &err), &err);
    measure("renewal through SQLite", journal, client, CLOUD_OP_RENEW_INSTANCE, id, times);
    measure("read past the journal", NULL, client, CLOUD_OP_DESCRIBE_INSTANCE, id, times);
    measure("read through it", journal, client, CLOUD_OP_DESCRIBE_INSTANCE, id, times);
    cloud_journal_close(journal);
    if (postgres) {
        is_elsewhere = true;
        need(cloud_journal_open(postgres, NULL, &journal, &err), &err);
        measure("renewal through PostgreSQL", journal, client, CLOUD_OP_RENEW_INSTANCE, id, times);
        cloud_journal_close(journal);
    }
    cloud_client_free(client);
    snprintf(command, sizeof(command), "rm -rf %s", directory);
    return system(command) ? 1 : 0;
}
