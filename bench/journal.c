/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Measures the cost of the journal: time and syncs of a renewal with and without it, and of a read,
 * with the emulator in this process. $CLOUD_TEST_POSTGRES adds that store; its server does the
 * syncs.
 *
 *   bench_journal [TIMES]
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
static bool is_remote_store; /* its syncs are in another process and are not counted */

/* SQLite calls these functions, because those of the program replace those of the system. */
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

static void require(int rc, const struct cloud_error *err)
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
        require(
            cloud_params_set(&params, cloud_param_find(wanted[i][0])->param, wanted[i][1], &err),
            &err);
    require(cloud_create_instance(client, &params, &result, &err), &err);
    snprintf(id, 64, "%s", result.ids[0]);
    cloud_result_clear(&result);
}

/* @journal NULL: without the journal */
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
        require(journal ? cloud_journal_call(journal, client, op, &params, NULL, &err)
                        : cloud_call(client, op, &params, NULL, &err),
                &err);
    }
    printf("%s: %.2f ms each", what, (now_ms() - began) / times);
    if (!journal || !is_remote_store)
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
        NULL); /* makes the linker keep the emulator, which the library finds at run time */
    if (!mkdtemp(directory))
        return 1;
    options.provider = "jdcloud";
    options.region = "cn-north-1";
    options.endpoint = "emulator:";
    require(cloud_client_new(&options, &client, &err), &err);
    buy(client, id);
    measure("renewal without the journal", NULL, client, CLOUD_OP_RENEW_INSTANCE, id, times);
    snprintf(uri, sizeof(uri), "sqlite:%s/journal.db", directory);
    require(cloud_journal_open(uri, NULL, &journal, &err), &err);
    measure("renewal through SQLite", journal, client, CLOUD_OP_RENEW_INSTANCE, id, times);
    measure("read without the journal", NULL, client, CLOUD_OP_DESCRIBE_INSTANCE, id, times);
    measure("read through the journal", journal, client, CLOUD_OP_DESCRIBE_INSTANCE, id, times);
    cloud_journal_close(journal);
    if (postgres) {
        is_remote_store = true;
        require(cloud_journal_open(postgres, NULL, &journal, &err), &err);
        measure("renewal through PostgreSQL", journal, client, CLOUD_OP_RENEW_INSTANCE, id, times);
        cloud_journal_close(journal);
    }
    cloud_client_free(client);
    snprintf(command, sizeof(command), "rm -rf %s", directory);
    return system(command) ? 1 : 0;
}
