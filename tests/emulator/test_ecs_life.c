/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the life cycle of instances in CapitalOnline's ECS emulator: states, events, batches,
 * lists. */
#include "tests/emulator/ecs_steps.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

/* Tries each action in each stable state, and checks the states that follow. */
static void test_ecs__states_and_what_they_allow(void **state)
{
    static const struct {
        const char *action, *from, *during, *after;
    } rows[] = {
        { "start_up_ecs", "running", NULL, NULL },
        { "restart_ecs", "running", "restarting", "running" },
        { "shutdown_ecs", "running", "shutting_down", "shutdown" },
        { "shutdown_ecs", "shutdown", NULL, NULL },
        { "hard_shutdown_ecs", "shutdown", NULL, NULL },
        { "restart_ecs", "shutdown", NULL, NULL },
        { "start_up_ecs", "shutdown", "starting_up", "running" },
        { "hard_shutdown_ecs", "running", "shutting_down", "shutdown" },
    };
    struct co_client *client = *state;
    struct made made = create(client, "\"BillingMethod\":\"0\"");

    status_is(client, made.id, "building");
    operate(client, made.id, "shutdown_ecs");
    refused(client, 403, WRONG_STATE);
    advance(client, DONE);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        status_is(client, made.id, rows[i].from);
        operate(client, made.id, rows[i].action);
        if (!rows[i].during) {
            refused(client, 403, WRONG_STATE);
            continue;
        }
        assert_int_equal(client->status, 200);
        status_is(client, made.id, rows[i].during);
        operate(client, made.id, rows[i].action);
        refused(client, 403, WRONG_STATE);
        advance(client, DONE);
        status_is(client, made.id, rows[i].after);
    }
}

static void test_ecs__deletion_keeps_some_disks(void **state)
{
    struct co_client *client = *state;
    struct made made =
        created(client, "\"BillingMethod\":\"0\",\"DataDisk\":["
                        "{\"DiskFeature\":\"ssd\",\"Size\":24},"
                        "{\"DiskFeature\":\"ssd\",\"Size\":32,\"ReleaseWithInstance\":0}]");

    assert_int_equal(
        co_call(client, "POST", ECS, "DeleteInstance", "{\"EcsIds\":[\"%s\"]}", made.id), 200);
    status_is(client, made.id, "deleting");
    advance(client, DONE);
    status_is(client, made.id, "deleted");
    operate(client, made.id, "start_up_ecs");
    refused(client, 404, "InvalidResourceId.NotFound");
    co_call(client, "GET", ECS, "DescribeInstanceList", NULL);
    assert_int_equal(co_int(client, "/TotalCount"), 0);
    co_call(client, "GET", EBS, "DescribeDiskList", NULL);
    assert_int_equal(co_int(client, "/TotalCount"), 1);
    assert_int_equal(co_int(client, "/Data/DiskList/0/Size"), 32);
    assert_string_equal(co_text(client, "/Data/DiskList/0/Status"), "waiting");
    assert_string_equal(co_text(client, "/Data/DiskList/0/EcsId"), "");
    advance(client, 86400);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    refused(client, 404, "InvalidResourceId.NotFound");
}

static void test_ecs__events_go_through_their_states(void **state)
{
    struct co_client *client = *state;
    struct made made;

    co_control(client, "POST", "timeline", "{\"transition\":\"create\",\"seconds\":300}");
    made = create(client, "\"BillingMethod\":\"0\"");
    /* The status is "init" for the first 200 ms, which a slow machine may miss. */
    co_call(client, "GET", ECS, "DescribeEvent", "{\"EventId\":\"%s\"}", made.event);
    if (strcmp(co_text(client, "/Data/EventStatus"), "init") != 0)
        assert_string_equal(co_text(client, "/Data/EventStatus"), "doing");
    assert_string_equal(co_text(client, "/Data/TaskList/0/EndTime"), "");
    advance(client, 5);
    event_is(client, made.event, "doing");
    assert_string_equal(co_text(client, "/Data/TaskList/0/Status"), "doing");
    advance(client, 300);
    event_is(client, made.event, "success");
    assert_string_equal(co_text(client, "/Data/EventType"), "create_ecs");
    assert_string_equal(co_text(client, "/Data/TaskList/0/ResourceId"), made.id);
    assert_int_equal(strlen(co_text(client, "/Data/TaskList/0/EndTime")), 19);
    co_control(client, "POST", "timeline", "{\"transition\":\"stop\",\"polls\":2}");
    assert_int_equal(operate(client, made.id, "shutdown_ecs"), 200);
    advance(client, 86400);
    status_is(client, made.id, "shutting_down");
    status_is(client, made.id, "shutting_down");
    status_is(client, made.id, "shutdown");
    co_control(client, "POST", "timeline", "{\"transition\":\"start\",\"seconds\":0}");
    assert_int_equal(operate(client, made.id, "start_up_ecs"), 200);
    status_is(client, made.id, "running");
}

static void test_ecs__a_failed_creation_is_refunded(void **state)
{
    struct co_client *client = *state;
    struct made made;

    co_control(client, "POST", "timeline", "{\"transition\":\"create\",\"outcome\":\"error\"}");
    made = create(client, "\"BillingMethod\":\"1\",\"Number\":2");
    advance(client, DONE);
    event_is(client, made.event, "part_fail");
    status_is(client, made.id, "failed");
    assert_true(charged(client, made.id, "create") > 0);
    assert_int_equal(charged(client, made.id, ""), 0);
    assert_int_equal(
        co_call(client, "POST", ECS, "DeleteInstance", "{\"EcsIds\":[\"%s\"]}", made.id), 200);
}

static void test_ecs__a_batch_is_all_or_nothing(void **state)
{
    struct co_client *client = *state;
    struct made one = created(client, "\"BillingMethod\":\"0\""),
                two = created(client, "\"BillingMethod\":\"0\"");
    struct made far =
        created(client, "\"BillingMethod\":\"0\",\"AvailableZoneCode\":\"CN_Suqian_A\","
                        "\"VpcInfo\":{\"VpcId\":\"11111111-1111-4111-8111-111111111103\"},"
                        "\"SubnetInfo\":{\"SubnetId\":\"22222222-2222-4222-8222-222222222203\"}");
    struct made other =
        created(client, "\"BillingMethod\":\"0\","
                        "\"VpcInfo\":{\"VpcId\":\"7ab97a9a-8c0f-11ec-9b99-d2fedeecdbd1\"},"
                        "\"SubnetInfo\":{\"SubnetId\":\"2cee7596-bbbb-11ec-a287-debf4cca37ce\"}");

    stop(client, two.id);
    co_call(client, "POST", ECS, "OperateInstance",
            "{\"EcsIds\":[\"%s\",\"%s\"],\"OpType\":\"shutdown_ecs\"}", one.id, two.id);
    refused(client, 403, WRONG_STATE);
    status_is(client, one.id, "running");
    co_call(client, "POST", ECS, "OperateInstance",
            "{\"EcsIds\":[\"%s\",\"%s\"],\"OpType\":\"shutdown_ecs\"}", one.id, far.id);
    refused(client, 403, "InvalidOperation.AzMismatch");
    co_call(client, "POST", ECS, "OperateInstance",
            "{\"EcsIds\":[\"%s\",\"%s\"],\"OpType\":\"shutdown_ecs\"}", one.id, other.id);
    refused(client, 403, "InvalidOperation.VpcMismatch");
    co_call(client, "POST", ECS, "OperateInstance",
            "{\"EcsIds\":[\"%s\",\"ins-none\"],\"OpType\":\"shutdown_ecs\"}", one.id);
    refused(client, 404, "InvalidResourceId.NotFound");
    status_is(client, one.id, "running");
}

static void test_ecs__stopping_without_charge(void **state)
{
    struct co_client *client = *state;
    struct made made = created(
        client,
        "\"BillingMethod\":\"0\",\"PubnetInfo\":[{\"SubnetId\":"
        "\"22222222-2222-4222-8222-222222222222\",\"BandwidthType\":\"Bandwidth\",\"Qos\":5}]");
    int64_t before;

    co_call(client, "GET", ECS, "DescribeInstanceList", NULL);
    assert_true(*co_text(client, "/Data/EcsList/0/PubNet"));
    assert_int_equal(operate(client, made.id, "free_shutdown_ecs"), 200);
    advance(client, DONE);
    co_call(client, "GET", ECS, "DescribeInstanceList", NULL);
    assert_int_equal(co_int(client, "/Data/EcsList/0/NoChargeForShutdown"), 1);
    assert_string_equal(co_text(client, "/Data/EcsList/0/PubNet"), "");
    co_call(client, "POST", ECS, "ModifyInstancePassword",
            "{\"EcsIds\":[\"%s\"],\"Password\":\"123QWEqwe\"}", made.id);
    refused(client, 403, WRONG_STATE);
    before = charged(client, made.id, "usage");
    advance(client, 86400);
    assert_int_equal(charged(client, made.id, "usage") - before, 40 * 4 * CENT);
    assert_int_equal(operate(client, made.id, "start_up_ecs"), 200);
    advance(client, DONE);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_int_equal(co_int(client, "/Data/NoChargeForShutdown"), 0);
    co_control(client, "POST", "world", "{\"switches\":{\"ecs_free_shutdown\":0}}");
    assert_int_equal(operate(client, made.id, "free_shutdown_ecs"), 200);
    advance(client, DONE);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_string_equal(co_text(client, "/Data/Status"), "shutdown");
    assert_int_equal(co_int(client, "/Data/NoChargeForShutdown"), 0);
}

static void test_ecs__a_new_instance_can_be_listed_late(void **state)
{
    struct co_client *client = *state;
    struct made made;

    co_control(client, "POST", "world", "{\"visibility_lag_s\":600}");
    made = created(client, "\"BillingMethod\":\"0\"");
    co_call(client, "GET", ECS, "DescribeInstanceList", NULL);
    assert_int_equal(co_int(client, "/TotalCount"), 0);
    co_call(client, "GET", EBS, "DescribeDiskList", NULL);
    assert_int_equal(co_int(client, "/TotalCount"), 0);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_string_equal(co_code(client), "InvalidResourceId.NotFound");
    co_call(client, "GET", ECS, "DescribeInstanceStatus", "{\"EcsIds\":[\"%s\"]}", made.id);
    assert_int_equal(yyjson_obj_size(at(client, "/Data/EcsStatus")), 0);
    /* It exists nevertheless and accepts actions. */
    assert_int_equal(operate(client, made.id, "shutdown_ecs"), 200);
    advance(client, 400);
    co_call(client, "GET", ECS, "DescribeInstanceList", NULL);
    assert_int_equal(co_int(client, "/TotalCount"), 0);
    advance(client, 200);
    co_call(client, "GET", ECS, "DescribeInstanceList", NULL);
    assert_int_equal(co_int(client, "/TotalCount"), 1);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_string_equal(co_text(client, "/Data/Status"), "shutdown");
}

/* Both actions must show the same size. */
static void check_size(struct co_client *client, const char *id, int cpu, int disk_gb)
{
    co_call(client, "GET", ECS, "DescribeInstanceList", NULL);
    assert_int_equal(co_int(client, "/Data/EcsList/0/CpuSize"), cpu);
    assert_int_equal(co_int(client, "/Data/EcsList/0/SystemDiskSize"), disk_gb);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", id);
    assert_int_equal(co_int(client, "/Data/EcsRule/CpuNum"), cpu);
    assert_int_equal(co_int(client, "/Data/Disk/SystemDiskConf/Size"), disk_gb);
    co_call(client, "GET", EBS, "DescribeDiskList", NULL);
    assert_int_equal(co_int(client, "/Data/DiskList/0/Size"), disk_gb);
}

static void test_ecs__a_change_can_be_shown_late(void **state)
{
    struct co_client *client = *state;
    struct made made = created(client, "\"BillingMethod\":\"1\",\"IsToMonth\":0");
    char disk[32], end[32];

    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    snprintf(disk, sizeof(disk), "%s", co_text(client, "/Data/Disk/SystemDiskConf/DiskId"));
    snprintf(end, sizeof(end), "%s", co_text(client, "/Data/EndBillTime"));
    stop(client, made.id);
    co_control(client, "POST", "world", "{\"visibility_lag_s\":600}");
    assert_int_equal(co_call(client, "POST", ECS, "ChangeInstanceConfigure",
                             "{\"EcsIds\":[\"%s\"],\"AvailableZoneCode\":\"CN_Hohhot_B\","
                             "\"EcsFamilyName\":\"Cpu计算型C4\",\"Cpu\":4,\"Ram\":8}",
                             made.id),
                     200);
    advance(client, DONE);
    assert_int_equal(
        co_call(client, "POST", EBS, "ExtendDisk", "{\"DiskId\":\"%s\",\"ExtendedSize\":80}", disk),
        200);
    advance(client, DONE);
    status_is(client, made.id, "shutdown");
    check_size(client, made.id, 2, 40);
    advance(client, 600 - DONE);
    check_size(client, made.id, 4, 40);
    advance(client, DONE);
    check_size(client, made.id, 4, 80);
    /* The vendor renews it, and shows this late. */
    co_control(client, "POST", "world", "{\"visibility_lag_s\":%d}", 3 * 86400);
    advance(client, 32 * 86400);
    assert_true(charged(client, made.id, "auto_renew") > 0);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_string_equal(co_text(client, "/Data/EndBillTime"), end);
    advance(client, 3 * 86400);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_true(strcmp(co_text(client, "/Data/EndBillTime"), end) > 0);
}

static void test_ecs__lists_by_page_and_filter(void **state)
{
    struct co_client *client = *state;
    char ip[32];

    created(client, "\"BillingMethod\":\"0\",\"Number\":5,\"Name\":\"web\",\"StartNumber\":7");
    co_call(client, "GET", ECS, "DescribeInstanceList", "{\"PageNumber\":2,\"PageSize\":2}");
    assert_int_equal(co_count(client, "/Data/EcsList"), 2);
    assert_int_equal(co_int(client, "/TotalCount"), 5);
    assert_int_equal(co_int(client, "/PageNumber"), 2);
    assert_string_equal(co_text(client, "/Data/EcsList/0/EcsName"), "web-9");
    snprintf(ip, sizeof(ip), "%s", co_text(client, "/Data/EcsList/1/PrivateNet"));
    co_call(client, "GET", ECS, "DescribeInstanceList", "{\"SearchInfo\":\"%s\"}", ip);
    assert_string_equal(co_text(client, "/Data/EcsList/0/EcsName"), "web-10");
    co_call(client, "GET", ECS, "DescribeInstanceList", "{\"AvailableZoneCode\":\"CN_Suqian_A\"}");
    assert_int_equal(co_int(client, "/TotalCount"), 0);
    co_call(client, "GET", ECS, "DescribeInstanceList",
            "{\"VpcId\":\"11111111-1111-4111-8111-111111111111\"}");
    assert_int_equal(co_int(client, "/TotalCount"), 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_ecs__states_and_what_they_allow),
        TEST(test_ecs__deletion_keeps_some_disks),
        TEST(test_ecs__events_go_through_their_states),
        TEST(test_ecs__a_failed_creation_is_refunded),
        TEST(test_ecs__a_batch_is_all_or_nothing),
        TEST(test_ecs__stopping_without_charge),
        TEST(test_ecs__a_new_instance_can_be_listed_late),
        TEST(test_ecs__a_change_can_be_shown_late),
        TEST(test_ecs__lists_by_page_and_filter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
