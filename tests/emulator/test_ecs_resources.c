/* SPDX-License-Identifier: Apache-2.0 */
/* Tests disks, images and addresses of CapitalOnline's ECS and EBS emulator. */
#include "tests/emulator/ecs_steps.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static void disk_call(struct co_client *client, const char *action, const char *disk,
                      const char *more)
{
    co_call(client, "POST", EBS, action, "{\"DiskIds\":[\"%s\"]%s}", disk, more);
}

static void test_ebs__disks_through_their_states(void **state)
{
    struct co_client *client = *state;
    struct made made = created(client, "\"BillingMethod\":\"0\"");
    char disk[32], attach[64];

    assert_int_equal(
        co_call(client, "POST", EBS, "CreateDisk",
                "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"DiskFeature\":\"SSD\",\"Size\":32,"
                "\"DiskName\":\"data-1\"}"),
        200);
    snprintf(disk, sizeof(disk), "%s", co_text(client, "/Data/DiskIdSet/0"));
    snprintf(attach, sizeof(attach), ",\"InstanceId\":\"%s\"", made.id);
    disk_is(client, disk, "building");
    disk_call(client, "AttachDisk", disk, attach);
    refused(client, 403, WRONG_STATE);
    advance(client, DONE);
    disk_is(client, disk, "waiting");
    disk_call(client, "DetachDisk", disk, "");
    refused(client, 403, WRONG_STATE);
    disk_call(client, "AttachDisk", disk, attach);
    assert_int_equal(client->status, 200);
    disk_is(client, disk, "mounting");
    advance(client, DONE);
    disk_is(client, disk, "running");
    assert_string_equal(co_text(client, "/Data/DiskInfo/EcsId"), made.id);
    disk_call(client, "DeleteDisk", disk, "");
    refused(client, 403, WRONG_STATE);
    co_call(client, "POST", EBS, "ExtendDisk", "{\"DiskId\":\"%s\",\"ExtendedSize\":32}", disk);
    refused(client, 400, "MinDiskSizeLess");
    assert_int_equal(
        co_call(client, "POST", EBS, "ExtendDisk", "{\"DiskId\":\"%s\",\"ExtendedSize\":40}", disk),
        200);
    disk_is(client, disk, "updating");
    advance(client, DONE);
    disk_is(client, disk, "running");
    assert_int_equal(co_int(client, "/Data/DiskInfo/Size"), 40);
    disk_call(client, "DetachDisk", disk, "");
    assert_int_equal(client->status, 200);
    disk_is(client, disk, "unmounting");
    advance(client, DONE);
    disk_is(client, disk, "waiting");
    disk_call(client, "DeleteDisk", disk, "");
    assert_int_equal(client->status, 200);
    advance(client, DONE);
    co_call(client, "GET", EBS, "DescribeDisk", "{\"DiskId\":\"%s\"}", disk);
    refused(client, 400, "InvalidParameter");
    assert_non_null(strstr(co_text(client, "/Msg"), "云盘信息不存在"));
    assert_int_equal(charged(client, disk, ""), 32 * 4 * CENT);
}

static void test_ebs__a_disk_created_for_an_instance_is_attached(void **state)
{
    struct co_client *client = *state;
    struct made made = created(client, "\"BillingMethod\":\"0\"");
    char disk[32], event[48];

    assert_int_equal(co_call(client, "POST", EBS, "CreateDisk",
                             "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"DiskFeature\":\"SSD\","
                             "\"Size\":24,\"EcsId\":\"%s\"}",
                             made.id),
                     200);
    snprintf(disk, sizeof(disk), "%s", co_text(client, "/Data/DiskIdSet/0"));
    snprintf(event, sizeof(event), "%s", co_text(client, "/Data/EventId"));
    advance(client, 2 * DONE);
    disk_is(client, disk, "running");
    event_is(client, event, "success");
    co_call(client, "GET", EBS, "DescribeEcsAttachDisks", "{\"InstanceId\":\"%s\"}", made.id);
    assert_int_equal(co_count(client, "/Data/DiskList"), 2);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_string_equal(co_text(client, "/Data/Disk/DataDiskConf/0/Id"), disk);
    disk_call(client, "DetachDisk", co_text(client, "/Data/Disk/SystemDiskConf/DiskId"), "");
    refused(client, 403, "InvalidOperation");
    assert_int_equal(co_call(client, "POST", EBS, "CreateDisk",
                             "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"DiskFeature\":\"SSD\","
                             "\"Size\":24,\"Number\":15,"
                             "\"InstanceId\":\"%s\"}",
                             made.id),
                     403);
    co_call(client, "POST", EBS, "CreateDisk",
            "{\"AvailableZoneCode\":\"CN_Suqian_A\",\"DiskFeature\":\"SSD\",\"Size\":24,"
            "\"InstanceId\":\"%s\"}",
            made.id);
    refused(client, 403, "InvalidOperation.AzMismatch");
}

static void test_ebs__a_prepaid_system_disk_grows_for_the_difference(void **state)
{
    struct co_client *client = *state;
    struct made made = created(client, "\"BillingMethod\":\"1\",\"IsToMonth\":0,\"Duration\":12");
    struct tm end = { 0 };
    char disk[32];
    int64_t days;

    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    snprintf(disk, sizeof(disk), "%s", co_text(client, "/Data/Disk/SystemDiskConf/DiskId"));
    assert_non_null(strptime(co_text(client, "/Data/EndBillTime"), "%Y-%m-%d %H:%M:%S", &end));
    days = ((int64_t)timegm(&end) - 8 * 3600 - emulated_now(client) + 86399) / 86400;
    assert_int_equal(
        co_call(client, "POST", EBS, "ExtendDisk", "{\"DiskId\":\"%s\",\"ExtendedSize\":80}", disk),
        200);
    assert_int_equal(charged(client, disk, "upgrade"), 40 * 80 * CENT * days / 30 / CENT * CENT);
    advance(client, DONE);
    co_call(client, "GET", ECS, "DescribeInstanceList", NULL);
    assert_int_equal(co_int(client, "/Data/EcsList/0/SystemDiskSize"), 80);
}

static size_t images_of(struct co_client *client, const char *image)
{
    assert_int_equal(
        co_call(client, "GET", "/ecs/v1.1", "DescribeImages", "{\"ImageIds\":[\"%s\"]}", image),
        200);
    return co_count(client, "/Data/ImageList");
}

static void test_ecs__images_are_created_copied_and_deleted(void **state)
{
    struct co_client *client = *state;
    struct made made = created(client, "\"BillingMethod\":\"0\"");
    char image[32], more[96];

    co_call(client, "POST", ECS, "CreateImage", "{\"EcsId\":\"%s\",\"Name\":\"mine\"}", made.id);
    refused(client, 403, WRONG_STATE);
    stop(client, made.id);
    assert_int_equal(co_call(client, "POST", ECS, "CreateImage",
                             "{\"EcsId\":\"%s\",\"Name\":\"mine\"}", made.id),
                     200);
    snprintf(image, sizeof(image), "%s", co_text(client, "/Data/ImageId"));
    status_is(client, made.id, "creating_image");
    advance(client, DONE);
    status_is(client, made.id, "shutdown");
    assert_int_equal(images_of(client, image), 1);
    assert_string_equal(co_text(client, "/Data/ImageList/0/TemplateType"), "private");
    snprintf(more, sizeof(more), "\"BillingMethod\":\"0\",\"ImageId\":\"%s\"", image);
    create(client, more);
    assert_int_equal(
        co_call(client, "POST", ECS, "SyncImage",
                "{\"ImageId\":\"%s\",\"AvailableZoneCodes\":[\"CN_Suqian_A\",\"CN_Suqian_B\"]}",
                image),
        200);
    advance(client, DONE);
    assert_int_equal(images_of(client, image), 3);
    assert_int_equal(co_call(client, "POST", ECS, "DeleteImage",
                             "{\"ImageIds\":[\"%s\"],\"AvailableZoneCode\":\"CN_Suqian_A\"}",
                             image),
                     200);
    advance(client, DONE);
    assert_int_equal(images_of(client, image), 2);
    assert_int_equal(co_call(client, "POST", ECS, "DeleteImage", "{\"ImageIds\":[\"%s\"]}", image),
                     200);
    advance(client, DONE);
    assert_int_equal(images_of(client, image), 0);
}

static void test_ecs__addresses_private_and_public(void **state)
{
    struct co_client *client = *state;
    struct made made;

#define EIPS \
    "\"BillingMethod\":\"0\",\"PubnetInfo\":[{\"SubnetId\":\"22222222-2222-4222-8222-" \
    "222222222222\"," \
    "\"EipIds\":[\"66666666-6666-4666-8666-666666666601\"]}]"
    made = created(client, EIPS);
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", made.id);
    assert_non_null(strstr(client->text, "\"EipIp\":\"192.0.2.1\",\"CurrentUseQos\":5"));
    co_call(client, "POST", ECS, "CreateInstance", "{" EIPS "," ORDER "}");
    refused(client, 403, "InvalidOperation");
    co_call(client, "POST", ECS, "DeleteInstance", "{\"EcsIds\":[\"%s\"]}", made.id);
    advance(client, DONE);
    created(client, EIPS);
    created(client, "\"BillingMethod\":\"0\",\"SubnetInfo\":{\"SubnetId\":\"22222222-2222-4222-"
                    "8222-222222222222\","
                    "\"IpAddress\":[\"10.15.7.7\"]}");
    co_call(client, "GET", ECS, "DescribeInstanceList", "{\"SearchInfo\":\"10.15.7.7\"}");
    assert_int_equal(co_int(client, "/TotalCount"), 1);
    co_call(client, "POST", ECS, "CreateInstance",
            "{\"BillingMethod\":\"0\",\"SubnetInfo\":{\"SubnetId\":"
            "\"22222222-2222-4222-8222-222222222222\",\"IpAddress\":[\"10.15.7.7\"]}," ORDER "}");
    refused(client, 400, "InvalidParameter");
    co_call(client, "POST", "/vpc", "DescribeSubnet",
            "{\"RegionCode\":\"CN_Huhhot\",\"VPCId\":\"11111111-1111-4111-8111-111111111111\"}");
    assert_int_equal(co_int(client, "/Data/SubnetList/0/UsedIPNum"), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_ebs__disks_through_their_states),
        TEST(test_ebs__a_disk_created_for_an_instance_is_attached),
        TEST(test_ebs__a_prepaid_system_disk_grows_for_the_difference),
        TEST(test_ecs__images_are_created_copied_and_deleted),
        TEST(test_ecs__addresses_private_and_public),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
