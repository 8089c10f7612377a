/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every operation of every provider, and a batch, while an allocation of the whole process fails:
 * first the n-th alone, then all from the n-th on. No call crashes or outlasts its deadline, and no
 * outcome contradicts the ledger of the emulator, which is another process.
 *
 * usage: test_malloc_fail STEP URL; every STEP-th allocation fails, with
 * tests/support/malloc_fail.c preloaded
 */
#include <arpa/inet.h>
#include <dlfcn.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "include/cloud_batch.h"
#include "include/cloud_client.h"
#include "include/cloud_emulator.h"

enum { TIMEOUT_MS = 3000, LATE_MS = 1000 };

static long (*arm)(long n, int and_all_later);
static const char *url;
static int failures;
static long calls, short_of_memory, hidden;

static const struct vendor {
    const char *provider, *region, *zone, *type, *family, *image, *vpc, *subnet, *password, *disk;
} vendors[] = {
    { "jdcloud", "cn-north-1", "cn-north-1a", "g.n2.medium", NULL, "img-demoubuntu22", NULL,
      "subnet-demo000001", NULL, NULL },
    { "capitalonline_ecs", "CN_Huhhot", "CN_Hohhot_B", NULL, "Cpu计算型C4", "img-demo000000000002",
      "11111111-1111-4111-8111-111111111111", "22222222-2222-4222-8222-222222222222",
      "Xk7#mQp2vLw9", "ssd" },
    { "capitalonline_ccs", "CN_Beijing_A", "CN_Beijing_A", NULL, "CCS.C3", "Ubuntu_22.04_64",
      "33333333-3333-4333-8333-333333333333", "44444444-4444-4444-8444-444444444444",
      "Xk7#mQp2vLw9", NULL },
};

static void complain(const struct vendor *vendor, const char *what, long n, int all,
                     const struct cloud_error *err, const char *why)
{
    failures++;
    fprintf(stderr, "%s %s, allocation %ld%s: %s; %s: %s (%s)\n", vendor->provider, what, n,
            all ? " and later" : "", why, cloud_code_name(err->code), err->message,
            cloud_outcome_name(err->outcome));
}

/* charges in the ledger */
static long charges(void)
{
    static char text[1 << 22];
    char request[200];
    struct sockaddr_in address = { .sin_family = AF_INET };
    size_t size = 0;
    ssize_t got;
    long count = 0;
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    address.sin_port = htons((uint16_t)atoi(strrchr(url, ':') + 1));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    snprintf(request, sizeof(request),
             "GET /_emulator/ledger HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n");
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof(address)) != 0 ||
        write(fd, request, strlen(request)) < 0)
        exit(2);
    while (size < sizeof(text) - 1 && (got = read(fd, text + size, sizeof(text) - 1 - size)) > 0)
        size += (size_t)got;
    close(fd);
    text[size] = '\0';
    for (const char *at = text; (at = strstr(at, "\"kind\"")); at++)
        count++;
    return count;
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static int open_client(const struct vendor *vendor, struct cloud_client **ret,
                       struct cloud_error *err)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;

    options.provider = vendor->provider;
    options.region = vendor->region;
    options.endpoint = url;
    options.access_key_id = CLOUD_EMULATOR_KEY_ID;
    options.access_key_secret = CLOUD_EMULATOR_KEY_SECRET;
    options.timeout_ms = TIMEOUT_MS;
    options.attempts = 2;
    return cloud_client_new(&options, ret, err);
}

static struct cloud_params params_of(const struct vendor *vendor, enum cloud_op op, const char *id)
{
    const struct cloud_op_info *info = cloud_op_info(op);
    uint64_t may = info->required | info->optional;
    struct cloud_params p = CLOUD_PARAMS_INIT;

#define IF(param) if (may >> CLOUD_PARAM_##param & 1)
    if (info->required >> CLOUD_PARAM_INSTANCE_ID & 1)
        p.instance_id = id;
    if (op == CLOUD_OP_DESCRIBE_TASK)
        p.instance_id = id;
    if (op == CLOUD_OP_DESCRIBE_PRICE || op == CLOUD_OP_CREATE_INSTANCE ||
        op == CLOUD_OP_CREATE_INSTANCE_DRY_RUN) {
        p.zone = vendor->zone;
        p.instance_type = vendor->type;
        p.family = vendor->family;
        p.cpu = vendor->family ? 2 : 0;
        p.memory_gb = vendor->family ? 4 : 0;
        p.system_disk_type = vendor->disk;
        p.system_disk_gb = strstr(vendor->provider, "ccs") ? 0 : 40;
    }
    IF(IMAGE_ID) p.image_id = op == CLOUD_OP_DESCRIBE_IMAGES ? NULL : vendor->image;
    IF(VPC_ID) p.vpc_id = vendor->vpc;
    IF(SUBNET_ID) p.subnet_id = vendor->subnet;
    if (op == CLOUD_OP_CREATE_INSTANCE || op == CLOUD_OP_CREATE_INSTANCE_DRY_RUN) {
        p.name = "memory";
        p.password = vendor->password;
    }
    if (op == CLOUD_OP_MODIFY_INSTANCE_PASSWD)
        p.password = "Xk7#mQp2vLw9";
    IF(PERIOD) p.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    if (op == CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE)
        p.auto_renew = CLOUD_YES;
    if (op == CLOUD_OP_UPGRADE_INSTANCE || op == CLOUD_OP_DESCRIBE_UPGRADE_PRICE)
        p.system_disk_gb = 60;
    if (op == CLOUD_OP_INVOKE)
        p.action = !strcmp(vendor->provider, "jdcloud") ? "describeInstances" : "DescribeInstances";
    return p;
#undef IF
}

/* One call with a client of its own. Returns whether memory was enough. */
static bool run_one(const struct vendor *vendor, enum cloud_op op, const char *id, long n, int all,
                    int usual)
{
    const char *name = cloud_op_info(op)->name;
    bool spends = cloud_op_info(op)->effect == CLOUD_SPENDS && op != CLOUD_OP_INVOKE;
    struct cloud_params params = params_of(vendor, op, id);
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_client *client = NULL;
    struct cloud_error err = { 0 };
    long before = spends ? charges() : 0, charged;
    int64_t began = now_ms();
    bool enough;
    int rc;

    arm(n, all);
    rc = open_client(vendor, &client, &err);
    if (!rc)
        rc = cloud_call(client, op, &params, &result, &err);
    enough = arm(-1, 0) >= 0;
    calls++;
    short_of_memory += rc == CLOUD_ENOMEM;
    if (now_ms() - began > TIMEOUT_MS + LATE_MS)
        complain(vendor, name, n, all, &err, "it took longer than its deadline");
    if (rc && rc != CLOUD_ENOMEM && rc != usual) {
        hidden++;
        if (rc != CLOUD_ENETWORK && rc != CLOUD_ETOOBIG && rc != CLOUD_ESTATE &&
            rc != CLOUD_ETIMEDOUT)
            complain(vendor, name, n, all, &err, "another code than CLOUD_ENOMEM");
    }
    charged = spends ? charges() - before : 0;
    if (spends && rc && err.outcome == CLOUD_NOT_APPLIED && charged)
        complain(vendor, name, n, all, &err, "said to be not applied, but charged");
    if (spends && !rc && op != CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE && !charged)
        complain(vendor, name, n, all, &err, "said to be applied, but not charged");
    cloud_result_clear(&result);
    cloud_client_free(client);
    return enough;
}

/* A batch of reads and reboots: every call that was added ends once. */
static bool run_batch(const struct vendor *vendor, const char *id, long n, int all)
{
    const enum cloud_op ops[] = { CLOUD_OP_DESCRIBE_INSTANCES, CLOUD_OP_DESCRIBE_INSTANCE,
                                  CLOUD_OP_DESCRIBE_REGIONS, CLOUD_OP_DESCRIBE_INSTANCE };
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_client *client = NULL;
    struct cloud_batch *batch = NULL;
    struct cloud_error err = { 0 };
    int64_t began = now_ms();
    size_t added = 0, ended = 0;
    bool enough;

    arm(n, all);
    if (!open_client(vendor, &client, &err) && !cloud_batch_new(NULL, &batch, &err)) {
        for (size_t i = 0; i < sizeof(ops) / sizeof(ops[0]); i++) {
            struct cloud_params params = params_of(vendor, ops[i], id);

            added += !cloud_batch_add(batch, client, ops[i], &params, NULL, NULL, &err);
        }
        while (cloud_batch_left(batch) && now_ms() - began < TIMEOUT_MS + LATE_MS) {
            cloud_batch_run(batch, 100);
            while (cloud_batch_next(batch, &done))
                ended++;
        }
    }
    enough = arm(-1, 0) >= 0;
    calls++;
    if (added != ended)
        complain(vendor, "batch", n, all, &err, "a call was added and did not end");
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
    cloud_client_free(client);
    return enough;
}

static char *buy(const struct vendor *vendor)
{
    struct cloud_params params = params_of(vendor, CLOUD_OP_CREATE_INSTANCE, NULL);
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_client *client;
    struct cloud_error err;
    char *id = NULL;

    if (open_client(vendor, &client, &err) ||
        cloud_create_instance(client, &params, &result, &err)) {
        fprintf(stderr, "%s: %s\n", vendor->provider, err.message);
        exit(2);
    }
    if (result.id_count)
        id = strdup(result.ids[0]);
    cloud_result_clear(&result);
    if (!id && !cloud_describe_instances(client, NULL, &result, &err) && result.instance_count)
        id = strdup(result.instances[0].id);
    cloud_result_clear(&result);
    cloud_client_free(client);
    return id;
}

static int usual_code(const struct vendor *vendor, enum cloud_op op, const char *id)
{
    struct cloud_params params = params_of(vendor, op, id);
    struct cloud_client *client;
    struct cloud_error err = { 0 };
    int rc = open_client(vendor, &client, &err);

    rc = rc ? rc : cloud_call(client, op, &params, NULL, &err);
    cloud_client_free(client);
    return rc;
}

int main(int argc, char **argv)
{
    long step = argc > 2 ? atol(argv[1]) : 0, offset = 0;

    arm = (__typeof__(arm))dlsym(RTLD_DEFAULT, "malloc_fail_arm");
    if (!arm || step < 1) {
        fprintf(stderr, "usage: test_malloc_fail STEP URL, with malloc_fail.so preloaded\n");
        return 2;
    }
    url = argv[2];
    for (size_t i = 0; i < sizeof(vendors) / sizeof(vendors[0]); i++) {
        char *id = buy(&vendors[i]);

        for (int op = 0; op < CLOUD_OP__COUNT; op++) {
            int usual;

            if (op == CLOUD_OP_DELETE_INSTANCE)
                continue; /* the others need the instance */
            usual = usual_code(&vendors[i], (enum cloud_op)op, id);
            for (int all = 0; all < 2; all++) {
                for (long n = offset++ % step;
                     !run_one(&vendors[i], (enum cloud_op)op, id, n, all, usual); n += step)
                    ;
            }
        }
        for (int all = 0; all < 2; all++) {
            for (long n = offset++ % step; !run_batch(&vendors[i], id, n, all); n += step)
                ;
        }
        free(id);
    }
    printf("%ld calls, %ld ended with CLOUD_ENOMEM, %ld with another code, %d failures\n", calls,
           short_of_memory, hidden, failures);
    return failures != 0 || short_of_memory < 10;
}
