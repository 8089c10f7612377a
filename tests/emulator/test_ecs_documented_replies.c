/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the structure of every reply of CapitalOnline's ECS and EBS emulator with the example in
 * the vendor's document. The argument is the file of examples. */
#include "tests/emulator/ecs_steps.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

static const char *examples_path;

static yyjson_doc *read_examples(void)
{
    yyjson_doc *ret = yyjson_read_file(examples_path, 0, NULL, NULL);

    if (!ret)
        fail_msg("cannot read %s", examples_path);
    return ret;
}

static const char *kind_of(yyjson_val *value)
{
    return yyjson_is_num(value) ? "number" : yyjson_get_type_desc(value);
}

/* Maps whose keys are ids or addresses. All values have the same structure. */
static bool is_map(const char *name)
{
    return strcmp(name, "EcsStatus") == 0 || strcmp(name, "EipInfo") == 0;
}

static yyjson_val *first_member(yyjson_val *object)
{
    yyjson_obj_iter iter;

    yyjson_obj_iter_init(object, &iter);
    return yyjson_obj_iter_get_val(yyjson_obj_iter_next(&iter));
}

static const char *name_of(yyjson_val *key)
{
    const char *ret = yyjson_get_str(key);

    return ret ? ret : "";
}

static void check_structure(const char *at, yyjson_val *example, yyjson_val *got);

static void check_object(const char *at, yyjson_val *example, yyjson_val *got)
{
    const char *name = strrchr(at, '/') ? strrchr(at, '/') + 1 : at;
    size_t i, max;
    yyjson_val *key, *value;
    char path[512];

    yyjson_obj_foreach(example, i, max, key, value)
    {
        yyjson_val *other = is_map(name) ? first_member(got) : yyjson_obj_get(got, name_of(key));

        snprintf(path, sizeof(path), "%s/%s", at, name_of(key));
        if (!other)
            fail_msg("%s is missing", path);
        check_structure(path, value, other);
    }
    if (is_map(name))
        return;
    yyjson_obj_foreach(got, i, max, key, value)
    {
        /* The page's table calls it IsGpu, its example IsRam. */
        if (!yyjson_obj_get(example, name_of(key)) && strcmp(name_of(key), "IsGpu") != 0)
            fail_msg("%s/%s is not in the example", at, name_of(key));
    }
}

/* Keys, nesting and types must be equal. Each element of a list is compared with the example's
 * first one. */
static void check_structure(const char *at, yyjson_val *example, yyjson_val *got)
{
    size_t i, max;
    yyjson_val *item;
    char path[512];

    /* It is an empty string in the example, but an int in the Go SDK's document and code. */
    if (strstr(at, "/CurrentUseQos"))
        example = got;
    if (strcmp(kind_of(example), kind_of(got)) != 0)
        fail_msg("%s is a %s, in the example a %s", at, kind_of(got), kind_of(example));
    if (yyjson_is_obj(example))
        check_object(at, example, got);
    if (!yyjson_is_arr(example) || !yyjson_arr_size(example))
        return;
    if (!yyjson_arr_size(got))
        fail_msg("%s is empty", at);
    yyjson_arr_foreach(got, i, max, item)
    {
        snprintf(path, sizeof(path), "%s/%zu", at, i);
        check_structure(path, yyjson_arr_get_first(example), item);
    }
}

static void check_example_of(struct co_client *client, yyjson_doc *examples, const char *name)
{
    yyjson_val *example =
        yyjson_obj_get(yyjson_obj_get(yyjson_doc_get_root(examples), "examples"), name);
    yyjson_val *message, *own;

    assert_non_null(example);
    if (client->status != 200)
        fail_msg("%s gave %d %s", name, client->status, client->text);
    check_structure(name, example, yyjson_doc_get_root(client->json));
    message = yyjson_obj_get(example, "Msg");
    own = at(client, "/Msg");
    if (!message) {
        message = yyjson_obj_get(example, "Message");
        own = at(client, "/Message");
    }
    assert_string_equal(yyjson_get_str(own), yyjson_get_str(message));
}

static char *keep(const struct co_client *client, const char *pointer)
{
    char *ret = strdup(co_text(client, pointer));

    assert_true(*ret);
    return ret;
}

static void check_sales(struct co_client *client, yyjson_doc *examples)
{
    co_call(client, "GET", ECS, "DescribeRegions", NULL);
    check_example_of(client, examples, ECS " DescribeRegions");
    co_call(client, "GET", ECS, "DescribeEcsFamilyInfo",
            "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"BillingMethod\":\"0\"}");
    check_example_of(client, examples, ECS " DescribeEcsFamilyInfo");
    co_call(client, "POST", "/ecs/v1.1", "DescribeImages", "{\"AvailableZoneCode\":\"\"}");
    check_example_of(client, examples, "/ecs/v1.1 DescribeImages");
    co_call(client, "POST", ECS, "DescribePrice",
            "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"EcsFamilyName\":\"Ram专业渲染型rp3\",\"Cpu\":"
            "16,\"Ram\":32,"
            "\"Gpu\":1,\"BillingMethod\":\"0\",\"Duration\":12,\"SystemDiskInfo\":{\"DiskFeature\":"
            "\"ssd\","
            "\"Size\":10},\"Number\":2,\"DataDiskInfo\":[{\"DiskFeature\":\"ssd\",\"Size\":10}]}");
    check_example_of(client, examples, ECS " DescribePrice");
    co_call(client, "GET", ECS, "DescribeAccountSubject", NULL);
    check_example_of(client, examples, ECS " DescribeAccountSubject");
    co_call(client, "GET", ECS, "DescribeZoneInstanceType",
            "{\"EcsFamilyName\":\"专业渲染型rp3\",\"AvailableZoneCode\":\"CN_Suqian_B\"}");
    check_example_of(client, examples, ECS " DescribeZoneInstanceType");
    assert_string_equal(co_text(client, "/Data/0/AvailableZone"), "宿迁B");
    assert_string_equal(co_text(client, "/Data/0/SpecList/2/Status"), "SELLOUT");
}

static void check_instance(struct co_client *client, yyjson_doc *examples, const char *id,
                           const char *event)
{
    co_call(client, "GET", ECS, "DescribeEvent", "{\"EventId\":\"%s\"}", event);
    check_example_of(client, examples, ECS " DescribeEvent");
    co_call(client, "GET", EBS, "DescribeEvent", "{\"EventId\":\"%s\"}", event);
    check_example_of(client, examples, EBS " DescribeEvent");
    co_call(client, "GET", ECS, "DescribeInstanceList", NULL);
    check_example_of(client, examples, ECS " DescribeInstanceList");
    co_call(client, "GET", ECS, "DescribeInstance", "{\"EcsId\":\"%s\"}", id);
    check_example_of(client, examples, ECS " DescribeInstance");
    co_call(client, "POST", ECS, "DescribeInstanceStatus", "{\"EcsIds\":[\"%s\"]}", id);
    check_example_of(client, examples, ECS " DescribeInstanceStatus");
    co_call(client, "POST", ECS, "DescribeInstanceMonitor",
            "{\"EcsId\":\"%s\",\"Indicators\":[\"CpuUsage\"]}", id);
    check_example_of(client, examples, ECS " DescribeInstanceMonitor");
    co_call(client, "GET", ECS, "DescribeInstanceVncUrl", "{\"EcsId\":\"%s\"}", id);
    check_example_of(client, examples, ECS " DescribeInstanceVncUrl");
    co_call(client, "GET", EBS, "DescribeEcsAttachDisks", "{\"EcsId\":\"%s\"}", id);
    check_example_of(client, examples, EBS " DescribeEcsAttachDisks");
    co_call(client, "POST", ECS, "ModifyInstanceName", "{\"EcsId\":\"%s\",\"Name\":\"测试测试1\"}",
            id);
    check_example_of(client, examples, ECS " ModifyInstanceName");
    assert_string_equal(co_text(client, "/Data/Name"), "测试测试1");
    co_call(client, "POST", ECS, "ModifyInstancePassword",
            "{\"EcsIds\":[\"%s\"],\"Password\":\"KVMV587!x\"}", id);
    check_example_of(client, examples, ECS " ModifyInstancePassword");
    advance(client, DONE);
}

static void check_images(struct co_client *client, yyjson_doc *examples, const char *id)
{
    char *image;

    co_call(client, "POST", ECS, "OperateInstance",
            "{\"EcsIds\":[\"%s\"],\"OpType\":\"shutdown_ecs\"}", id);
    check_example_of(client, examples, ECS " OperateInstance");
    advance(client, DONE);
    co_call(client, "POST", ECS, "CreateImage", "{\"EcsId\":\"%s\",\"Name\":\"私有镜像xx\"}", id);
    check_example_of(client, examples, ECS " CreateImage");
    image = keep(client, "/Data/ImageId");
    advance(client, DONE);
    co_call(client, "POST", ECS, "SyncImage",
            "{\"ImageId\":\"%s\",\"AvailableZoneCodes\":[\"CN_Suqian_A\"]}", image);
    check_example_of(client, examples, ECS " SyncImage");
    advance(client, DONE);
    co_call(client, "POST", ECS, "DeleteImage", "{\"ImageIds\":[\"%s\"]}", image);
    check_example_of(client, examples, ECS " DeleteImage");
    free(image);
}

static void check_disks(struct co_client *client, yyjson_doc *examples, const char *id)
{
    char *disk;

    co_call(client, "POST", EBS, "CreateDisk",
            "{\"AvailableZoneCode\":\"CN_Hohhot_B\",\"DiskName\":\"\",\"DiskFeature\":\"SSD\","
            "\"Size\":32,\"Number\":1,"
            "\"BillingMethod\":\"0\"}");
    check_example_of(client, examples, EBS " CreateDisk");
    disk = keep(client, "/Data/DiskIdSet/0");
    advance(client, DONE);
    co_call(client, "POST", EBS, "AttachDisk", "{\"DiskIds\":[\"%s\"],\"EcsId\":\"%s\"}", disk, id);
    check_example_of(client, examples, EBS " AttachDisk");
    advance(client, DONE);
    co_call(client, "POST", EBS, "ExtendDisk", "{\"DiskId\":\"%s\",\"ExtendedSize\":64}", disk);
    check_example_of(client, examples, EBS " ExtendDisk");
    advance(client, DONE);
    co_call(client, "GET", EBS, "DescribeDiskList", "{\"AvailableZoneCode\":\"CN_Hohhot_B\"}");
    check_example_of(client, examples, EBS " DescribeDiskList");
    co_call(client, "GET", EBS, "DescribeDisk", "{\"DiskId\":\"%s\"}", disk);
    check_example_of(client, examples, EBS " DescribeDisk");
    assert_int_equal(co_int(client, "/Data/DiskInfo/Size"), 64);
    co_call(client, "GET", EBS, "DescribeDiskQuota", "{\"AvailableZoneCode\":\"CN_Hohhot_B\"}");
    check_example_of(client, examples, EBS " DescribeDiskQuota");
    assert_int_equal(co_int(client, "/Data/QuotaList/0/UsedQuota"), 40 + 48 + 64);
    co_call(client, "POST", EBS, "DetachDisk", "{\"DiskIds\":[\"%s\"]}", disk);
    check_example_of(client, examples, EBS " DetachDisk");
    advance(client, DONE);
    co_call(client, "POST", EBS, "DeleteDisk", "{\"DiskIds\":[\"%s\"]}", disk);
    check_example_of(client, examples, EBS " DeleteDisk");
    free(disk);
}

static void test_ecs__each_reply_matches_its_example(void **state)
{
    struct co_client *client = *state;
    yyjson_doc *examples = read_examples();
    char *id, *event;

    check_sales(client, examples);
    co_call(client, "POST", ECS, "CreateInstance",
            "{" ORDER ",\"BillingMethod\":\"0\",\"Number\":1,\"Name\":\"\",\"StartNumber\":0,"
            "\"DataDisk\":{\"DiskFeature\":\"ssd\",\"Size\":48,\"ReleaseWithInstance\":0}}");
    check_example_of(client, examples, ECS " CreateInstance");
    id = keep(client, "/Data/EcsIdSet/0");
    event = keep(client, "/Data/EventId");
    advance(client, DONE);
    check_instance(client, examples, id, event);
    check_images(client, examples, id);
    check_disks(client, examples, id);
    co_call(client, "POST", ECS, "DeleteInstance", "{\"EcsIds\":[\"%s\"]}", id);
    check_example_of(client, examples, ECS " DeleteInstance");
    free(id);
    free(event);
    yyjson_doc_free(examples);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
        TEST(test_ecs__each_reply_matches_its_example),
    };

    if (argc != 2) {
        fprintf(stderr, "usage: %s FILE\n", argv[0]);
        return 2;
    }
    examples_path = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
