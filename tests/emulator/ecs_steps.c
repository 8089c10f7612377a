/* SPDX-License-Identifier: Apache-2.0 */
/* Implements the steps of the tests of CapitalOnline's ECS and EBS emulator. */
#include "tests/emulator/ecs_steps.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

struct made create(struct co_client *client, const char *more)
{
    struct made ret;

    if (co_call(client, "POST", ECS, "CreateInstance", "{%s," ORDER "}", more) != 200)
        fail_msg("CreateInstance %s: %s", more, client->text);
    snprintf(ret.id, sizeof(ret.id), "%s", co_text(client, "/Data/EcsIdSet/0"));
    snprintf(ret.event, sizeof(ret.event), "%s", co_text(client, "/Data/EventId"));
    assert_int_equal(strlen(ret.id), 20);
    return ret;
}

struct made created(struct co_client *client, const char *more)
{
    struct made ret = create(client, more);

    advance(client, DONE);
    return ret;
}

void status_is(struct co_client *client, const char *id, const char *status)
{
    char pointer[96];

    assert_int_equal(
        co_call(client, "POST", ECS, "DescribeInstanceStatus", "{\"EcsIds\":[\"%s\"]}", id), 200);
    snprintf(pointer, sizeof(pointer), "/Data/EcsStatus/%s/Status", id);
    assert_string_equal(co_text(client, pointer), status);
}

void disk_is(struct co_client *client, const char *id, const char *status)
{
    assert_int_equal(co_call(client, "GET", EBS, "DescribeDisk", "{\"DiskId\":\"%s\"}", id), 200);
    assert_string_equal(co_text(client, "/Data/DiskInfo/Status"), status);
}

void event_is(struct co_client *client, const char *id, const char *status)
{
    assert_int_equal(co_call(client, "GET", ECS, "DescribeEvent", "{\"EventId\":\"%s\"}", id), 200);
    assert_string_equal(co_text(client, "/Data/EventStatus"), status);
}

int operate(struct co_client *client, const char *id, const char *action)
{
    return co_call(client, "POST", ECS, "OperateInstance",
                   "{\"EcsIds\":[\"%s\"],\"OpType\":\"%s\"}", id, action);
}

void stop(struct co_client *client, const char *id)
{
    assert_int_equal(operate(client, id, "shutdown_ecs"), 200);
    advance(client, DONE);
    status_is(client, id, "shutdown");
}

int64_t price(struct co_client *client, const char *more)
{
    if (co_call(client, "POST", ECS, "DescribePrice",
                "{%s," SPEC ",\"SystemDiskInfo\":{\"DiskFeature\":\"ssd\",\"Size\":40}}",
                more) != 200)
        fail_msg("DescribePrice %s: %s", more, client->text);
    return co_money(client, "/Data/TotalPrice");
}

/* Adds up the charges of a kind ("" for all) on a resource. */
int64_t charged(struct co_client *client, const char *id, const char *kind)
{
    int64_t ret = 0;
    char pointer[64];

    assert_int_equal(co_control(client, "GET", "ledger", NULL), 200);
    for (size_t i = 0; i < co_count(client, "/charges"); i++) {
        snprintf(pointer, sizeof(pointer), "/charges/%zu/resource_id", i);
        if (strcmp(co_text(client, pointer), id) != 0)
            continue;
        snprintf(pointer, sizeof(pointer), "/charges/%zu/kind", i);
        if (*kind && strcmp(co_text(client, pointer), kind) != 0)
            continue;
        snprintf(pointer, sizeof(pointer), "/charges/%zu/amount", i);
        ret += co_money(client, pointer);
    }
    return ret;
}

/* Returns the balance of the key's account. */
int64_t balance(struct co_client *client)
{
    char pointer[64];

    co_control(client, "GET", "world", NULL);
    for (size_t i = 0; i < co_count(client, "/balances"); i++) {
        snprintf(pointer, sizeof(pointer), "/balances/%zu/provider", i);
        if (strcmp(co_text(client, pointer), "capitalonline_ecs") != 0)
            continue;
        snprintf(pointer, sizeof(pointer), "/balances/%zu/account", i);
        if (strcmp(co_text(client, pointer), client->key_id) != 0)
            continue;
        snprintf(pointer, sizeof(pointer), "/balances/%zu/balance", i);
        return co_money(client, pointer);
    }
    fail_msg("no balance");
    return 0;
}

void refused(struct co_client *client, int status, const char *code)
{
    if (client->status != status || strcmp(co_code(client), code) != 0)
        fail_msg("%d %s wanted, got %d %s", status, code, client->status, client->text);
}

int64_t emulated_now(struct co_client *client)
{
    struct tm parts = { 0 };

    co_control(client, "GET", "clock", NULL);
    assert_non_null(strptime(co_text(client, "/now"), "%Y-%m-%dT%H:%M:%SZ", &parts));
    return (int64_t)timegm(&parts);
}
