/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Shows how to test a backend with the emulator in the test's own process. The emulator replies to
 * every action of every vendor, so the test needs no mocks, and its ledger records the charges.
 *
 * add_disk() is the code under test, a feature that the common interface does not have: it sends
 * two of JD Cloud's own actions. The tests cover the normal case, a used-up quota, a lost reply,
 * and a refusal of the second action.
 *
 * cc test_with_emulator.c $(pkg-config --cflags --libs cloud_client) -lcloud_emulator
 */
#include <cloud_client.h>
#include <cloud_emulator.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Buys a disk for an instance and attaches it. Deletes the disk if it cannot be attached. */
static int add_disk(struct cloud_client *cloud, const char *instance, int size_gb,
                    char ret_disk[64], struct cloud_error *err)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    char parameters[512];
    int rc;

    snprintf(parameters, sizeof(parameters),
             "{\"maxCount\":1,\"diskSpec\":{\"az\":\"cn-north-1a\",\"name\":\"extra\",\"diskType\":"
             "\"ssd.gp1\",\"diskSizeGB\":%d}}",
             size_gb);
    rc = cloud_invoke(cloud, "createDisks", parameters, &result, err);
    if (!rc && sscanf(result.json, "{\"diskIds\":[\"%63[^\"]", ret_disk) !=
                   1) /* or with your JSON library */
        rc = CLOUD_EPROTOCOL;
    cloud_result_clear(&result);
    if (rc)
        return rc;
    snprintf(parameters, sizeof(parameters),
             "{\"instanceId\":\"%s\",\"diskId\":\"%s\",\"autoDelete\":true}", instance, ret_disk);
    rc = cloud_invoke(cloud, "attachDisk", parameters, NULL, err);
    if (rc) {
        snprintf(parameters, sizeof(parameters), "{\"diskId\":\"%s\"}", ret_disk);
        cloud_invoke(cloud, "deleteDisk", parameters, NULL, NULL);
    }
    return rc;
}

struct world {
    struct cloud_emulator *emulator;
    struct cloud_client *cloud;
    char path[64], instance[64];
};

static int failures;

#define EXPECT(condition) \
    do { \
        if (!(condition)) { \
            fprintf(stderr, "%s:%d: %s\n", __func__, __LINE__, #condition); \
            failures++; \
        } \
    } while (0)

/* Sends GET (without body) or POST to the control API of the emulator. The caller frees the reply.
 */
static char *control(struct world *world, const char *path, const char *body)
{
    struct cloud_emulator_request request = { .size = sizeof(request),
                                              .method = body ? "POST" : "GET",
                                              .body = body,
                                              .body_size = body ? strlen(body) : 0 };
    struct cloud_emulator_reply reply = { .size = sizeof(reply) };
    char url[128], *text;

    snprintf(url, sizeof(url), "http://localhost/_emulator/%s", path);
    request.url = url;
    if (cloud_emulator_handle(world->emulator, &request, &reply) || reply.status != 200)
        abort();
    text = strdup(reply.body);
    cloud_emulator_reply_clear(&reply);
    return text;
}

static void change(struct world *world, const char *path, const char *body)
{
    free(control(world, path, body));
}

/* Counts how often @text occurs in the reply of the control API. */
static int count(struct world *world, const char *path, const char *text)
{
    char *reply = control(world, path, NULL);
    int found = 0;

    for (const char *at = reply; (at = strstr(at, text)); at++)
        found++;
    free(reply);
    return found;
}

static void buy(struct world *world)
{
    struct cloud_params server = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;

    server.name = "web-1";
    server.zone = "cn-north-1a";
    server.instance_type = "g.n2.medium";
    server.image_id = "img-demoubuntu22";
    server.subnet_id = "subnet-demo000001";
    server.system_disk_gb = 40;
    if (cloud_create_instance(world->cloud, &server, &result, NULL))
        abort();
    snprintf(world->instance, sizeof(world->instance), "%s", result.ids[0]);
    cloud_result_clear(&result);
}

/* Opens a world for one test. Transitions that take time at a vendor take none in it. */
static void open_world(struct world *world)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    char endpoint[96];
    int file;

    strcpy(world->path, "/tmp/example_world_XXXXXX");
    file = mkstemp(world->path);
    if (file < 0 || close(file) || cloud_emulator_open(world->path, &world->emulator, NULL, 0))
        abort();
    change(world, "timeline", "{\"transition\":\"*\",\"seconds\":0}");
    snprintf(endpoint, sizeof(endpoint), "emulator:%s", world->path);
    options.provider = "jdcloud";
    options.region = "cn-north-1";
    options.endpoint = endpoint;
    if (cloud_client_new(&options, &world->cloud, NULL))
        abort();
    buy(world);
}

static void close_world(struct world *world)
{
    static const char *const files[] = { "", "-wal", "-shm" };
    char path[80];

    cloud_client_free(world->cloud);
    cloud_emulator_close(world->emulator);
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        snprintf(path, sizeof(path), "%s%s", world->path, files[i]);
        unlink(path);
    }
}

/* The number of data disks, from the common interface. */
static size_t disks_of(struct world *world)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    size_t ret = 0;

    if (!cloud_describe_instance(world->cloud, world->instance, &result, NULL))
        ret = result.instances[0].data_disk_count;
    cloud_result_clear(&result);
    return ret;
}

/* 1 when the account has disks that are not attached, 0 when not; from the vendor's own action. */
static int stray_disks(struct world *world)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    int ret = -1;

    if (!cloud_invoke(world->cloud, "describeDisks",
                      "{\"filters\":[{\"name\":\"status\",\"values\":[\"available\"]}]}", &result,
                      NULL))
        ret = strstr(result.json, "\"totalCount\":0") ? 0 : 1;
    cloud_result_clear(&result);
    return ret;
}

static void test_a_disk_is_bought_and_attached(struct world *world)
{
    struct cloud_error err;
    char disk[64];

    EXPECT(add_disk(world->cloud, world->instance, 100, disk, &err) == CLOUD_OK);
    EXPECT(disks_of(world) == 1);
    EXPECT(count(world, "requests", "\"createDisks\"") == 1);
    change(world, "clock", "{\"advance_s\":7200}"); /* postpaid: charged every hour */
    EXPECT(count(world, "ledger", disk) > 0);
}

static void test_a_used_up_quota_buys_nothing(struct world *world)
{
    struct cloud_error err;
    char disk[64];

    change(world, "world", "{\"quota\":{\"disk\":0}}");
    EXPECT(add_disk(world->cloud, world->instance, 100, disk, &err) == CLOUD_EQUOTA);
    EXPECT(err.outcome == CLOUD_NOT_APPLIED);
    EXPECT(disks_of(world) == 0);
}

/* The vendor bought the disk and its reply was lost: the library repeats the request with the same
 * client token. */
static void test_a_lost_reply_buys_no_second_disk(struct world *world)
{
    struct cloud_error err;
    char disk[64];

    change(world, "fail", "{\"action\":\"createDisks\",\"kind\":\"drop_after_apply\",\"times\":1}");
    EXPECT(add_disk(world->cloud, world->instance, 100, disk, &err) == CLOUD_OK);
    EXPECT(count(world, "requests", "\"createDisks\"") == 2);
    EXPECT(disks_of(world) == 1);
    EXPECT(stray_disks(world) == 0);
}

static void test_a_disk_that_cannot_be_attached_is_deleted(struct world *world)
{
    struct cloud_error err;
    char disk[64];

    change(
        world, "fail",
        "{\"action\":\"attachDisk\",\"kind\":\"code\",\"code\":\"FAILED_PRECONDITION\",\"status\":"
        "400}");
    EXPECT(add_disk(world->cloud, world->instance, 100, disk, &err) == CLOUD_ESTATE);
    EXPECT(disks_of(world) == 0);
    EXPECT(stray_disks(world) == 0);
}

/* The library finds a mistyped name before it sends anything. */
static void test_a_mistake_names_the_parameter(struct world *world)
{
    struct cloud_error err;

    EXPECT(cloud_invoke(world->cloud, "attachDisk", "{\"instanceId\":\"i-1\",\"diskID\":\"vol-1\"}",
                        NULL, &err) == CLOUD_EINVAL);
    EXPECT(!strcmp(err.parameter, "diskID"));
    EXPECT(count(world, "requests", "\"attachDisk\"") == 0);
}

int main(void)
{
    static void (*const tests[])(struct world * world) = {
        test_a_disk_is_bought_and_attached,    test_a_used_up_quota_buys_nothing,
        test_a_lost_reply_buys_no_second_disk, test_a_disk_that_cannot_be_attached_is_deleted,
        test_a_mistake_names_the_parameter,
    };
    size_t run = sizeof(tests) / sizeof(tests[0]);

    for (size_t i = 0; i < run; i++) {
        struct world world = { 0 };

        open_world(&world);
        tests[i](&world);
        close_world(&world);
    }
    printf("%zu tests, %d failures\n", run, failures);
    return failures ? 1 : 0;
}
