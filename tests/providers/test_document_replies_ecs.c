/* SPDX-License-Identifier: Apache-2.0 */
/* Gives the library every reply that CapitalOnline's ECS and EBS document prints: as the reply to
 * the operation, and as the reply to the invoked action. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "core/json/json.h"
#include "tests/support/fake_transport.h"
#include "tests/providers/document_replies.h"

static struct fake script;
static struct fake_reply reply;
static struct cloud_result result = CLOUD_RESULT_INIT;
static struct cloud_error err;
static char *body;

/* Makes the printed reply the only reply of the script. */
static void play(const char *file)
{
    free(body);
    body = document_reply_read(file);
    reply = (struct fake_reply){ .status = 200, .body = body };
    fake_play(&script, &reply, 1);
}

static void call(enum cloud_op op, const struct cloud_params *params)
{
    if (cloud_call(script.client, op, params, &result, &err))
        fail_msg("%s: %s", cloud_op_info(op)->word, err.message);
    assert_int_equal(script.sent, 1);
}

static int open_client(void **state)
{
    (void)state;
    fake_open(&script, "capitalonline_ecs", NULL);
    return 0;
}

static int close_client(void **state)
{
    (void)state;
    cloud_result_clear(&result);
    fake_close(&script);
    free(body);
    body = NULL;
    return 0;
}

#define INSTANCE \
    { \
        .size = sizeof(struct cloud_params), .instance_id = "ins-ajgaioirpwvdjynj" \
    }

static void test_document_replies_ecs__regions_are_read(void **state)
{
    (void)state;
    play("document-ecs-DescribeRegions.json");
    call(CLOUD_OP_DESCRIBE_REGIONS, NULL);
    assert_int_equal(result.region_count, 3);
    assert_string_equal(result.regions[0].id, "CN_Huhhot");
    assert_string_equal(result.regions[0].name, "呼和浩特");
    assert_int_equal(result.regions[0].zone_count, 1);
    assert_string_equal(result.regions[0].zones[0].id, "CN_Hohhot_B");
    assert_string_equal(result.regions[0].zones[0].name, "呼和浩特B");
    assert_string_equal(result.regions[1].id, "CN_Dongguan");
    assert_string_equal(result.regions[1].zones[0].id, "CN_Dongguan_A");
    assert_string_equal(result.regions[2].id, "CN_Suqian");
    assert_int_equal(result.regions[2].zone_count, 2);
    assert_string_equal(result.regions[2].zones[1].id, "CN_Suqian_B");
    assert_string_equal(result.request_id, "8749860c118311ed843bc2b5d7e451cd");
}

static void test_document_replies_ecs__families_are_read(void **state)
{
    struct cloud_params params = { .size = sizeof(params), .zone = "CN_Hohhot_B" };

    (void)state;
    play("document-ecs-DescribeEcsFamilyInfo.json");
    call(CLOUD_OP_DESCRIBE_INSTANCE_TYPES, &params);
    assert_int_equal(result.type_count, 8);
    assert_string_equal(result.types[0].family, "Cpu计算型C4");
    assert_int_equal(result.types[0].cpu, 2);
    assert_int_equal(result.types[0].memory_mb, 4096);
    assert_int_equal(result.types[0].gpu, 0);
    assert_null(result.types[0].gpu_type);
    assert_null(result.types[0].instance_type);
    assert_string_equal(result.types[2].family, "Cpu计算型C3");
    assert_string_equal(result.types[7].family, "专业渲染型rp2");
    assert_int_equal(result.types[7].cpu, 32);
    assert_int_equal(result.types[7].memory_mb, 65536);
    assert_int_equal(result.types[7].gpu, 2);
    assert_string_equal(result.types[7].gpu_type, "NVIDIA RTX A5000");
    assert_string_equal(result.types[7].description, "Datacenter");
    assert_int_equal(result.types[7].zone_count, 1);
    assert_string_equal(result.types[7].zones[0].id, "CN_Hohhot_B");
    assert_int_equal(result.types[7].zones[0].stock, CLOUD_STOCK_UNKNOWN);
}

static void test_document_replies_ecs__instance_types_of_a_zone_are_read(void **state)
{
    struct cloud_params params = { .size = sizeof(params),
                                   .zone = "CN_Suqian_B",
                                   .family = "专业渲染型rp3" };

    (void)state;
    play("document-ecs-DescribeZoneInstanceType.json");
    call(CLOUD_OP_DESCRIBE_INSTANCE_TYPES, &params);
    assert_int_equal(result.type_count, 1);
    assert_string_equal(result.types[0].family, "专业渲染型rp3");
    assert_int_equal(result.types[0].cpu, 12);
    assert_int_equal(result.types[0].memory_mb, 24576);
    assert_int_equal(result.types[0].gpu, 1);
    assert_string_equal(result.types[0].gpu_type, "专业显卡");
    assert_string_equal(result.types[0].architecture, "Intel第八代处理器");
    assert_string_equal(result.types[0].zones[0].id, "CN_Suqian_B");
    assert_string_equal(result.types[0].zones[0].name, "宿迁B");
    assert_int_equal(result.types[0].zones[0].stock, CLOUD_STOCK_SOLD_OUT);
}

static void test_document_replies_ecs__images_are_read(void **state)
{
    (void)state;
    play("document-ecs-DescribeImages.json");
    call(CLOUD_OP_DESCRIBE_IMAGES, NULL);
    assert_int_equal(result.image_count, 1);
    assert_string_equal(result.images[0].id, "667a49df-20ff-4569-9cdc-35180b28d16f");
    assert_string_equal(result.images[0].name, "Ubuntu 20.04 64位");
    assert_int_equal(result.images[0].state, CLOUD_IMAGE_AVAILABLE);
    assert_string_equal(result.images[0].vendor_state, "running");
    assert_string_equal(result.images[0].source, "public");
    assert_string_equal(result.images[0].os_type, "Ubuntu");
    assert_string_equal(result.images[0].os_version, "20.04");
    assert_int_equal(result.images[0].min_disk_gb, 24);
    assert_string_equal(result.images[0].zone, "CN_DaBieShan_A");
    assert_int_equal(result.images[0].created_at, 1643017577); /* 2022-01-24 17:46:17 +08:00 */
    assert_non_null(strstr(script.requests[0], "GET /ecs/v1.1/?"));
}

static void test_document_replies_ecs__a_list_of_instances_is_read(void **state)
{
    const struct cloud_instance *instance;

    (void)state;
    play("document-ecs-DescribeInstanceList.json");
    call(CLOUD_OP_DESCRIBE_INSTANCES, NULL);
    assert_int_equal(result.instance_count, 1);
    instance = &result.instances[0];
    assert_string_equal(instance->id, "ins-tevgfaaronl12h11");
    assert_string_equal(instance->name, "openAPI-MPUB--101");
    assert_int_equal(instance->state, CLOUD_STATE_RUNNING);
    assert_string_equal(instance->vendor_state, "running");
    assert_int_equal(instance->charge_mode, CLOUD_CHARGE_POSTPAID);
    assert_string_equal(instance->vendor_charge_mode, "0");
    assert_int_equal(instance->created_at, 1659248099); /* 2022-07-31 14:14:59 +08:00 */
    assert_int_equal(instance->expires_at, CLOUD_TIME_NONE);
    assert_int_equal(instance->auto_renew, CLOUD_YES);
    assert_string_equal(instance->region, "呼和浩特");
    assert_null(instance->zone);
    assert_string_equal(instance->family, "CPU密集计算型I3");
    assert_int_equal(instance->cpu, 4);
    assert_int_equal(instance->memory_mb, 4096);
    assert_int_equal(instance->gpu, 0);
    assert_string_equal(instance->image_name, "Centos 7.4 64位");
    assert_string_equal(instance->os_type, "Centos");
    assert_string_equal(instance->os_version, "7.4");
    assert_string_equal(instance->vpc_id, "9a25d704-fe63-11ec-a994-2e3db9adf607");
    assert_string_equal(instance->private_ip, "10.15.100.147");
    assert_string_equal(instance->public_ip, "117.161.233.90");
    assert_int_equal(instance->stop_charging, CLOUD_NO);
    assert_string_equal(instance->system_disk.type, "local");
    assert_int_equal(instance->system_disk.size_gb, 50);
    assert_string_equal(result.request_id, "0343bc60-e876-11eb-aa87-30c9ab46699c");
}

static void test_document_replies_ecs__a_price_is_read(void **state)
{
    struct cloud_params params = { .size = sizeof(params),
                                   .zone = "CN_Hohhot_B",
                                   .family = "Ram专业渲染型rp3",
                                   .cpu = 16,
                                   .memory_gb = 32,
                                   .gpu = 1,
                                   .system_disk_gb = 10,
                                   .count = 2 };

    (void)state;
    play("document-ecs-DescribePrice.json");
    call(CLOUD_OP_DESCRIBE_PRICE, &params);
    assert_int_equal(result.price.total.micros, 9340000);
    assert_string_equal(result.price.total.currency, "CNY");
    assert_int_equal(result.price.period.count, 1);
    assert_int_equal(result.price.period.unit, CLOUD_PERIOD_DAY);
    assert_int_equal(result.price.source, CLOUD_PRICE_VENDOR);
    assert_non_null(result.price.covers);
}

static void check_disks_of(const struct cloud_instance *instance)
{
    assert_string_equal(instance->system_disk.id, "disk-dj3g8odrnwqdrybj");
    assert_string_equal(instance->system_disk.name, "ssd_20220721");
    assert_string_equal(instance->system_disk.role, "system");
    assert_string_equal(instance->system_disk.type, "ssd");
    assert_int_equal(instance->system_disk.size_gb, 24);
    assert_int_equal(instance->system_disk.iops, 2520);
    assert_int_equal(instance->system_disk.delete_with_instance, CLOUD_YES);
    assert_int_equal(instance->data_disk_count, 1);
    assert_string_equal(instance->data_disks[0].id, "disk-dj3g8odrnwqdrybj");
    assert_string_equal(instance->data_disks[0].role, "data");
    assert_int_equal(instance->data_disks[0].size_gb, 24);
    assert_int_equal(instance->data_disks[0].delete_with_instance, CLOUD_NO);
}

static void test_document_replies_ecs__an_instance_is_read(void **state)
{
    struct cloud_params params = INSTANCE;
    const struct cloud_instance *instance;

    (void)state;
    play("document-ecs-DescribeInstance.json");
    call(CLOUD_OP_DESCRIBE_INSTANCE, &params);
    assert_int_equal(result.instance_count, 1);
    instance = &result.instances[0];
    assert_string_equal(instance->id, "ins-ajgaioirpwvdjynj");
    assert_string_equal(instance->name, "宿迁");
    assert_int_equal(instance->state, CLOUD_STATE_RUNNING);
    assert_int_equal(instance->charge_mode, CLOUD_CHARGE_PREPAID);
    assert_string_equal(instance->vendor_charge_mode, "1");
    assert_int_equal(instance->billing_state, CLOUD_BILLING_ACTIVE);
    assert_string_equal(instance->vendor_billing_state, "正常");
    assert_int_equal(instance->created_at, 1658388622); /* 2022-07-21 15:30:22 +08:00 */
    assert_int_equal(instance->expires_at, 1661067438); /* 2022-08-21 15:37:18 +08:00 */
    assert_int_equal(instance->auto_renew, CLOUD_YES);
    assert_string_equal(instance->family, "Cpu密集计算型I3");
    assert_int_equal(instance->cpu, 1);
    assert_int_equal(instance->memory_mb, 1024);
    assert_int_equal(instance->gpu, 0);
    assert_string_equal(instance->image_id, "2a602ae4-d4fd-11ec-bd6f-5ee3d36afa8f");
    assert_string_equal(instance->image_name, "create-image1");
    assert_string_equal(instance->os_type, "Centos");
    assert_string_equal(instance->os_version, "7.4");
    assert_string_equal(instance->vpc_id, "7ab97a9a-8c0f-11ec-9b99-d2fedeecdbd1");
    assert_string_equal(instance->subnet_id, "2cee7596-bbbb-11ec-a287-debf4cca37ce");
    assert_string_equal(instance->private_ip, "10.1.128.53");
    assert_null(instance->public_ip);
    assert_int_equal(instance->stop_charging, CLOUD_NO);
    check_disks_of(instance);
}

static void check_event(const char *file, const char *id)
{
    struct cloud_params params = { .size = sizeof(params),
                                   .task_id = "2d01ed16-1231-11ed-b805-ae32005fa3a1" };

    play(file);
    call(CLOUD_OP_DESCRIBE_TASK, &params);
    assert_string_equal(result.task.id, "2d01ed16-1231-11ed-b805-ae32005fa3a1");
    assert_int_equal(result.task.state, CLOUD_TASK_SUCCEEDED);
    assert_string_equal(result.task.vendor_state, "success");
    assert_null(result.task.reason);
    assert_int_equal(result.task.created_at, 1659423793); /* 2022-08-02 15:03:13 +08:00 */
    assert_int_equal(result.task.ended_at, 1659597641);   /* 2022-08-04 15:20:41 +08:00 */
    assert_int_equal(result.task.resource_id_count, 1);
    assert_string_equal(result.task.resource_ids[0], id);
}

static void test_document_replies_ecs__an_event_is_read(void **state)
{
    (void)state;
    check_event("document-ecs-DescribeEvent.json", "ins-klkyifuqgmq4cxes");
    check_event("document-ebs-DescribeEvent.json", "disk-y6yknvvr64mvn06a");
}

static void test_document_replies_ecs__create_returns_the_ids_and_the_event(void **state)
{
    struct cloud_params params = { .size = sizeof(params),
                                   .zone = "CN_Hohhot_B",
                                   .family = "极速渲染型re3",
                                   .cpu = 12,
                                   .memory_gb = 24,
                                   .gpu = 1,
                                   .image_id = "Windows 10 64位-GPU-Geforce",
                                   .system_disk_type = "local",
                                   .system_disk_gb = 50,
                                   .password = "123QWEqwe",
                                   .vpc_id = "7ab97a9a-8c0f-11ec-9b99-d2fedeecdbd1",
                                   .subnet_id = "2cee7596-bbbb-11ec-a287-debf4cca37ce" };

    (void)state;
    play("document-ecs-CreateInstance.json");
    call(CLOUD_OP_CREATE_INSTANCE, &params);
    assert_int_equal(result.id_count, 1);
    assert_string_equal(result.ids[0], "ins-72ys37squwzemjlx");
    assert_string_equal(result.task_id, "d0b1d5b7-7549-41dc-972c-c40270b53bd7");
    assert_int_equal(err.outcome, CLOUD_APPLIED);
}

static void test_document_replies_ecs__changes_return_their_event(void **state)
{
    static const struct {
        enum cloud_op op;
        const char *file, *task;
    } rows[] = {
        { CLOUD_OP_START_INSTANCE, "document-ecs-OperateInstance.json",
          "7e782a16-0bc9-11ed-a942-92d3bb445445" },
        { CLOUD_OP_STOP_INSTANCE, "document-ecs-OperateInstance.json",
          "7e782a16-0bc9-11ed-a942-92d3bb445445" },
        { CLOUD_OP_REBOOT_INSTANCE, "document-ecs-OperateInstance.json",
          "7e782a16-0bc9-11ed-a942-92d3bb445445" },
        { CLOUD_OP_DELETE_INSTANCE, "document-ecs-DeleteInstance.json",
          "47be5182-0ca8-11ed-bd9c-62b5fae1caf2" },
        { CLOUD_OP_MODIFY_INSTANCE_PASSWD, "document-ecs-ModifyInstancePassword.json",
          "fd97952e-0c9c-11ed-bd9c-62b5fae1caf2" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cloud_params params = INSTANCE;

        params.password = rows[i].op == CLOUD_OP_MODIFY_INSTANCE_PASSWD ? "123QWEqwe" : NULL;
        play(rows[i].file);
        call(rows[i].op, &params);
        assert_string_equal(result.task_id, rows[i].task);
        assert_int_equal(err.outcome, CLOUD_APPLIED);
    }
}

static void test_document_replies_ecs__the_console_url_is_read(void **state)
{
    struct cloud_params params = INSTANCE;

    (void)state;
    play("document-ecs-DescribeInstanceVncUrl.json");
    call(CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL, &params);
    assert_string_equal(result.console.url, "http://xxx.capitalonline.net/xxx");
    assert_int_equal(result.console.expires_at, CLOUD_TIME_NONE);
}

static void check_disk(void)
{
    const struct cloud_disk *disk = &result.disks[0];

    assert_int_equal(result.disk_count, 1);
    assert_string_equal(disk->id, "disk-khpw24dr6wcyfzxh");
    assert_string_equal(disk->name, "ssd_20220804_01");
    assert_int_equal(disk->size_gb, 64);
    assert_string_equal(disk->instance_id, "ins-z684q1prultrf7rj");
    assert_int_equal(disk->charge_mode, CLOUD_CHARGE_POSTPAID);
    assert_int_equal(disk->delete_with_instance, CLOUD_YES);
    assert_string_equal(disk->zone, "CN_Hohhot_B");
    assert_int_equal(disk->state, CLOUD_DISK_IN_USE);
    assert_string_equal(disk->vendor_state, "running");
    assert_string_equal(disk->type, "SSD");
    assert_string_equal(disk->role, "system");
}

static void test_document_replies_ecs__disks_are_read(void **state)
{
    struct cloud_params params = { .size = sizeof(params), .instance_id = "ins-z684q1prultrf7rj" };

    (void)state;
    play("document-ebs-DescribeDiskList.json");
    call(CLOUD_OP_DESCRIBE_DISKS, NULL);
    check_disk();
    play("document-ebs-DescribeEcsAttachDisks.json");
    call(CLOUD_OP_DESCRIBE_DISKS, &params);
    check_disk();
    assert_non_null(strstr(script.requests[0], "InstanceId=ins-z684q1prultrf7rj"));
}

/* the printed replies of invoked actions: the data must be unchanged, the task id found */
static const struct {
    const char *action, *parameters, *file, *task, *request_id;
} actions[] = {
    { "DescribeRegions", NULL, "document-ecs-DescribeRegions.json", NULL,
      "8749860c118311ed843bc2b5d7e451cd" },
    { "DescribeEcsFamilyInfo", "{\"AvailableZoneCode\":\"z\",\"BillingMethod\":\"0\"}",
      "document-ecs-DescribeEcsFamilyInfo.json", NULL, "f73056a01050e1626a1a9f5b5ae6143d" },
    { "DescribeImages", "{\"ImageIds\":\"[\\\"img-xx\\\", \\\"img-xx\\\"]\"}",
      "document-ecs-DescribeImages.json", NULL, "13c88ede54e011edb7f6c2b5d7e451cd" },
    { "DescribeInstanceList", "{}", "document-ecs-DescribeInstanceList.json", NULL,
      "0343bc60-e876-11eb-aa87-30c9ab46699c" },
    { "DescribePrice",
      "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"EcsFamilyName\":\"Ram专业渲染型rp3\",\"Cpu\":16,"
      "\"Ram\":32,\"Gpu\":1,\"BillingMethod\":\"0\",\"Duration\":12,\"SystemDiskInfo\":{"
      "\"DiskFeature\":\"ssd\",\"Size\":10},\"Number\":2,\"DataDiskInfo\":[{\"DiskFeature\":"
      "\"ssd\",\"Size\":10}]}",
      "document-ecs-DescribePrice.json", NULL, NULL },
    { "DescribeInstance", "{\"EcsId\":\"ins-1\"}", "document-ecs-DescribeInstance.json", NULL,
      NULL },
    { "DescribeInstanceStatus", "{\"EcsIds\":[\"ins-1\",\"ins-2\"]}",
      "document-ecs-DescribeInstanceStatus.json", NULL, NULL },
    { "DescribeEvent", "{\"EventId\":\"e\"}", "document-ecs-DescribeEvent.json",
      "2d01ed16-1231-11ed-b805-ae32005fa3a1", "a00aa52e119211ed93f1c2b5d7e451cd" },
    { "DescribeInstanceMonitor",
      "{\"EcsId\":\"XXX\",\"StartTime\":\"2022-09-03  01:29:28\",\"EndTime\":\"2022-09-03  "
      "01:29:28\",\"Indicators\":[\"CpuUsage\"]}",
      "document-ecs-DescribeInstanceMonitor.json", NULL, "94fa404a34d511eda939e454e81c0d47" },
    { "DescribeAccountSubject", NULL, "document-ecs-DescribeAccountSubject.json", NULL,
      "df93f6d51bc5e95c89a96fc976964523" },
    { "OperateInstance", "{\"EcsIds\":[\"ins-1\"],\"OpType\":\"shutdown_ecs\"}",
      "document-ecs-OperateInstance.json", "7e782a16-0bc9-11ed-a942-92d3bb445445", NULL },
    { "DeleteInstance", "{\"EcsIds\":[\"ins-1\"]}", "document-ecs-DeleteInstance.json",
      "47be5182-0ca8-11ed-bd9c-62b5fae1caf2", NULL },
    { "ModifyInstancePassword", "{\"EcsIds\":[\"ins-1\"],\"Password\":\"123QWEqwe\"}",
      "document-ecs-ModifyInstancePassword.json", "fd97952e-0c9c-11ed-bd9c-62b5fae1caf2", NULL },
    { "ModifyInstanceName", "{\"EcsId\":\"ins-1\",\"Name\":\"测试测试1\"}",
      "document-ecs-ModifyInstanceName.json", NULL, "7cafad69fb02ea43ae0fb92699600d5c" },
    { "CreateImage", "{\"EcsId\":\"ins-xx\",\"Name\":\"私有镜像xx\"}",
      "document-ecs-CreateImage.json", "d0b1d5b7-7549-41dc-972c-c40270b53bd7", NULL },
    { "DeleteImage", "{\"ImageIds\":[\"img-1\"]}", "document-ecs-DeleteImage.json",
      "d0b1d5b7-7549-41dc-972c-c40270b53bd7", NULL },
    { "SyncImage", "{\"ImageId\":\"img-1\",\"AvailableZoneCodes\":[\"CN_Beijing_A\"]}",
      "document-ecs-SyncImage.json", "d0b1d5b7-7549-41dc-972c-c40270b53bd7", NULL },
    { "DescribeInstanceVncUrl", "{\"EcsId\":\"ins-1\"}", "document-ecs-DescribeInstanceVncUrl.json",
      NULL, NULL },
    { "DescribeZoneInstanceType",
      "{\"EcsFamilyName\":\"专业渲染型rp3\",\"AvailableZoneCode\":\"CN_Suqian_B\"}",
      "document-ecs-DescribeZoneInstanceType.json", NULL, "5987dcd6-3fed-41ac-9e75-de17d675cb64" },
    { "CreateDisk",
      "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"DiskName\":\"\",\"DiskFeature\":\"SSD\",\"Size\":"
      "32,\"Number\":1,\"BillingMethod\":\"0\"}",
      "document-ebs-CreateDisk.json", "11c4ad90-122c-11ed-b996-7ae483eaf4a4", NULL },
    { "DeleteDisk", "{\"DiskIds\":[\"disk1\",\"disk2\"]}", "document-ebs-DeleteDisk.json",
      "11c4ad90-122c-11ed-b996-7ae483eaf4a4", NULL },
    { "DetachDisk", "{\"DiskIds\":[\"disk1\",\"disk2\"]}", "document-ebs-DetachDisk.json",
      "11c4ad90-122c-11ed-b996-7ae483eaf4a4", NULL },
    { "AttachDisk", "{\"DiskIds\":[\"disk1\",\"disk2\"],\"InstanceId\":\"ins-1\"}",
      "document-ebs-AttachDisk.json", "11c4ad90-122c-11ed-b996-7ae483eaf4a4", NULL },
    { "ExtendDisk", "{\"DiskId\":\"disk-1\",\"ExtendedSize\":64}", "document-ebs-ExtendDisk.json",
      "24f4cbee-13c0-11ed-9d3b-6a3e8fbcc464", NULL },
    { "DescribeDiskQuota", "{\"AvailableZoneCode\":\"CN_Hohhot_B\"}",
      "document-ebs-DescribeDiskQuota.json", NULL, "2759cebe146211edb481e454e81c0d47" },
    { "DescribeDiskList",
      "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"DiskIds\":[\"disk-xx\",\"disk-yy\"]}",
      "document-ebs-DescribeDiskList.json", NULL, NULL },
    { "DescribeDisk", "{\"DiskId\":\"disk-1\"}", "document-ebs-DescribeDisk.json", NULL, NULL },
    { "DescribeEcsAttachDisks", "{\"InstanceId\":\"ins-1\"}",
      "document-ebs-DescribeEcsAttachDisks.json", NULL, NULL },
    { "DescribeEvent", "{\"EventId\":\"e\"}", "document-ebs-DescribeEvent.json",
      "2d01ed16-1231-11ed-b805-ae32005fa3a1", NULL },
    { "CreateInstance",
      "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"EcsFamilyName\":\"极速渲染型re3\",\"Cpu\":12,"
      "\"Ram\":24,\"Gpu\":1,\"Number\":1,\"BillingMethod\":\"0\",\"ImageId\":\"i\",\"SystemDisk\":{"
      "\"DiskFeature\":\"local\",\"Size\":50},\"VpcInfo\":{\"VpcId\":\"v\"},\"SubnetInfo\":{"
      "\"SubnetId\":\"s\"},\"SecurityGroups\":[{\"SecurityGroupId\":\"sg-1\"}],\"Name\":\"\","
      "\"StartNumber\":0,\"Password\":\"123QWEqwe\"}",
      "document-ecs-CreateInstance.json", "d0b1d5b7-7549-41dc-972c-c40270b53bd7", NULL },
};

/* Returns the data of the printed reply as the library writes JSON. */
static char *data_of_body(void)
{
    size_t len = strlen(body);
    cc_auto_free char *copy = calloc(1, len + CC_JSON_PADDING + 1);
    struct cc_doc *doc;
    char *text;

    assert_non_null(copy);
    memcpy(copy, body, len);
    assert_int_equal(cc_doc_parse(copy, len, &doc, NULL), CLOUD_OK);
    text = cc_value_write(cc_value_find(cc_doc_root(doc), "Data"));
    cc_doc_free(doc);
    return text;
}

static void test_document_replies_ecs__every_action_reads_its_printed_reply(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(actions); i++) {
        struct cloud_params params = { .size = sizeof(params),
                                       .action = actions[i].action,
                                       .parameters = actions[i].parameters };
        cc_auto_free char *data = NULL;

        play(actions[i].file);
        data = data_of_body();
        call(CLOUD_OP_INVOKE, &params);
        assert_string_equal(result.json, data);
        if (actions[i].task)
            assert_string_equal(result.task_id, actions[i].task);
        else
            assert_null(result.task_id);
        if (actions[i].request_id)
            assert_string_equal(result.request_id, actions[i].request_id);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document_replies_ecs__regions_are_read),
        cmocka_unit_test(test_document_replies_ecs__families_are_read),
        cmocka_unit_test(test_document_replies_ecs__instance_types_of_a_zone_are_read),
        cmocka_unit_test(test_document_replies_ecs__images_are_read),
        cmocka_unit_test(test_document_replies_ecs__a_list_of_instances_is_read),
        cmocka_unit_test(test_document_replies_ecs__a_price_is_read),
        cmocka_unit_test(test_document_replies_ecs__an_instance_is_read),
        cmocka_unit_test(test_document_replies_ecs__an_event_is_read),
        cmocka_unit_test(test_document_replies_ecs__create_returns_the_ids_and_the_event),
        cmocka_unit_test(test_document_replies_ecs__changes_return_their_event),
        cmocka_unit_test(test_document_replies_ecs__the_console_url_is_read),
        cmocka_unit_test(test_document_replies_ecs__disks_are_read),
        cmocka_unit_test(test_document_replies_ecs__every_action_reads_its_printed_reply),
    };

    return cmocka_run_group_tests(tests, open_client, close_client);
}
