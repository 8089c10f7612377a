/* SPDX-License-Identifier: Apache-2.0 */
/* Shares paths, a complete order except for its BillingMethod, and common steps between the tests
 * of CapitalOnline's ECS and EBS emulator. */
#ifndef TESTS_EMULATOR_ECS_STEPS_H
#define TESTS_EMULATOR_ECS_STEPS_H

#include "tests/emulator/capitalonline_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

#define DONE 61             /* seconds after which every change has ended */
#define CENT INT64_C(10000) /* in 10^-6 of the unit */
#define ECS "/ecs/v1"
#define EBS "/ebs/v1"
#define NET \
    "\"VpcInfo\":{\"VpcId\":\"11111111-1111-4111-8111-111111111111\"}," \
    "\"SubnetInfo\":{\"SubnetId\":\"22222222-2222-4222-8222-222222222222\"}"
#define SPEC \
    "\"AvailableZoneCode\":\"CN_Hohhot_B\",\"EcsFamilyName\":\"Cpu计算型C4\",\"Cpu\":2,\"Ram\":4"
#define DISK "\"SystemDisk\":{\"DiskFeature\":\"ssd\",\"Size\":40}"
#define LOGIN "\"Password\":\"123QWEqwe\",\"ImageId\":\"img-demo000000000001\""
#define ORDER SPEC "," NET "," DISK "," LOGIN

#define WRONG_STATE "InvalidOperation.InstanceStatusUnsupported"

/* An instance, or the first of several, and the event of its creation. */
struct made {
    char id[32], event[48];
};

/* Steps. @more contains members that come before ORDER or SPEC: "\"Number\":2". */
struct made create(struct co_client *client, const char *more);
struct made created(struct co_client *client, const char *more);
void status_is(struct co_client *client, const char *id, const char *status);
void disk_is(struct co_client *client, const char *id, const char *status);
void event_is(struct co_client *client, const char *id, const char *status);
int operate(struct co_client *client, const char *id, const char *action);
void stop(struct co_client *client, const char *id);
int64_t price(struct co_client *client, const char *more);
int64_t charged(struct co_client *client, const char *id, const char *kind);
int64_t balance(struct co_client *client);
void refused(struct co_client *client, int status, const char *code);
int64_t emulated_now(struct co_client *client);

static inline int set_up(void **state)
{
    struct co_client *client = malloc(sizeof(*client));

    assert_non_null(client);
    co_open(client, NULL);
    /* Long enough that also a slow machine reads the state before the change ends. */
    assert_int_equal(
        co_control(client, "POST", "timeline", "{\"transition\":\"*\",\"seconds\":60}"), 200);
    *state = client;
    return 0;
}

static inline int tear_down(void **state)
{
    co_close(*state);
    free(*state);
    return 0;
}

static inline yyjson_val *at(const struct co_client *client, const char *pointer)
{
    return yyjson_doc_ptr_get(client->json, pointer);
}

static inline void advance(struct co_client *client, int64_t seconds)
{
    assert_int_equal(
        co_control(client, "POST", "clock", "{\"advance_s\":%lld}", (long long)seconds), 200);
}

#endif
