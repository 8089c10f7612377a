/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests the CCS emulator against the vendor's pages: signatures, and the structure of every reply.
 * test_ccs_error_codes.c tests errors, test_ccs_life.c states, test_ccs_money.c money. The first
 * argument is the file of example replies.
 */
#include "tests/emulator/test_ccs.h"

static const char *examples_path;

static void test_ccs__every_byte_of_the_query_counts(void **state)
{
    char *url = co_sign(&ccs, "GET", "/ccs", "StartInstance", "{\"InstanceId\":\"a b/~*+\"}");
    char *from = strchr(url, '?') + 1;

    (void)state;
    for (char *p = from; *p; p++) {
        char was = *p;

        *p = was == 'A' ? 'B' : 'A';
        assert_int_equal(co_send(&ccs, "GET", url, NULL), 401);
        *p = was;
    }
    /* The method is signed, too. The unchanged request is accepted once. */
    assert_int_equal(co_send(&ccs, "POST", url, NULL), 401);
    co_send(&ccs, "GET", url, NULL);
    assert_string_equal(co_code(&ccs), "InvalidInstanceID.Malformed");
    assert_int_equal(co_send(&ccs, "GET", url, NULL), 401);
    free(url);
}

static void test_ccs__wrong_entry_points(void **state)
{
    (void)state;
    assert_int_equal(co_call(&ccs, "GET", "/ccs", "DescribeInstances", NULL), 400);
    assert_string_equal(co_code(&ccs), "UnsupportedHTTPMethod");
    assert_int_equal(post("DescribeNothing", "{}"), 400);
    assert_string_equal(co_code(&ccs), "UnsupportedAction");
    assert_int_equal(co_call(&ccs, "POST", "/ccs/v9", "DescribeInstances", NULL), 404);
    assert_int_equal(post("DescribeInstances", "[1"), 400);
    assert_string_equal(co_code(&ccs), "InvalidParameter.Malformed");
}

static yyjson_doc *examples;

static const char *kind_of(yyjson_val *value)
{
    return yyjson_is_num(value) ? "number" : yyjson_get_type_desc(value);
}

/* Checks that the reply has every member of the example, with its type. null allows every type. */
static void check_structure(yyjson_val *example, yyjson_val *reply, const char *where)
{
    yyjson_val *key, *value;
    size_t i, count;
    char path[512];

    if (yyjson_is_null(example))
        return;
    if (strcmp(kind_of(example), kind_of(reply)) != 0)
        fail_msg("%s is a %s, in the example a %s", where, kind_of(reply), kind_of(example));
    yyjson_obj_foreach(example, i, count, key, value)
    {
        const char *name = yyjson_get_str(key);

        snprintf(path, sizeof(path), "%s/%s", where, name ? name : "");
        if (!yyjson_obj_get(reply, name))
            fail_msg("%s is missing", path);
        check_structure(value, yyjson_obj_get(reply, name), path);
    }
    if (yyjson_arr_size(example)) {
        snprintf(path, sizeof(path), "%s/0", where);
        if (!yyjson_arr_size(reply))
            fail_msg("%s is missing", path);
        check_structure(yyjson_arr_get_first(example), yyjson_arr_get_first(reply), path);
    }
}

/* Compares the last reply with the example of the action. The envelope must not have more members,
 * except for CreateInstance, whose page shows its shorter form. */
static void check_example(const char *action)
{
    yyjson_val *all = yyjson_obj_get(yyjson_doc_get_root(examples), "replies");
    yyjson_val *example = yyjson_obj_get(all, action), *reply = yyjson_doc_get_root(ccs.json);

    if (ccs.status != 200)
        fail_msg("%s answers %d %s", action, ccs.status, ccs.text);
    assert_non_null(example);
    /* The page shows an empty object for dedicated hosts, but the vendor's SDK reads lists. */
    if (!strstr(action, "DedicatedHost"))
        check_structure(example, reply, action);
    if (strcmp(action, "CreateInstance") != 0)
        assert_int_equal(yyjson_obj_size(example), yyjson_obj_size(reply));
}

static void call_and_check(const char *method, const char *action, const char *params)
{
    bool network =
        strcmp(action, "DescribePublicIp") == 0 || strcmp(action, "DescribePrivateIp") == 0;

    co_call(&ccs, method, network ? "/network" : "/ccs", action, "%s", params);
    check_example(action);
}

/* Every action of the page once, in an order in which each is possible. %s is the instance, %n an
 * interface, %d a disk, %t a tag. */
static const struct {
    const char *method, *action, *params;
} life[] = {
    { "POST", "DescribeInstances", "{}" },
    { "POST", "DescribeInstancePrice", "{" SPEC "," DISKS ",\"Amount\":1}" },
    { "POST", "DescribeInstanceType",
      "{\"RegionId\":\"CN_Beijing_A\",\"InstanceType\":\"Standard\"}" },
    { "POST", "DescribePublicIp", "{\"VdcId\":\"" VDC "\",\"PublicId\":\"" PUBLIC "\"}" },
    { "POST", "DescribePrivateIp", "{\"VdcId\":\"" VDC "\",\"PrivateId\":\"" PRIVATE "\"}" },
    { "POST", "GetIpInfoBySegment",
      "{\"PrivateId\":\"" PRIVATE "\",\"Segment\":\"10.240.0.0/28\"}" },
    { "POST", "ModifyInstanceName", "{\"InstanceId\":\"%s\",\"InstanceName\":\"new\"}" },
    { "POST", "DescribeTags", "{}" },
    { "POST", "CreateTag", "{\"TagName\":\"abcd\"}" },
    { "POST", "DeleteInstancesTags", "{\"InstanceIds\":\"%s\",\"DelTagIds\":\"%t\"}" },
    { "POST", "AddInstancesTags", "{\"InstanceIds\":\"%s\",\"AddTagIds\":\"%t\"}" },
    { "POST", "DeleteInstancesTags", "{\"InstanceIds\":\"%s\",\"DelTagIds\":\"%t\"}" },
    { "POST", "DeleteTag", "{\"TagId\":\"%t\"}" },
    { "POST", "CreateInstanceHtmlConsoleURL", "{\"InstanceId\":\"%s\"}" },
    { "POST", "DescribeInstanceMonitor",
      "{\"InstanceId\":\"%s\",\"MetricName\":\"CPUUtilization\",\"Period\":60,"
      "\"StartTime\":\"2019-10-09 15:30:00\",\"EndTime\":\"2019-10-09 16:30:00\"}" },
    { "POST", "DescribeNetworkCardFlow",
      "{\"InstanceId\":\"%s\",\"InterfaceId\":\"%n\",\"MetricName\":\"NetworkCardFlow\","
      "\"StartTime\":\"2019-10-09 15:30:00\",\"EndTime\":\"2019-10-09 16:30:00\"}" },
    { "POST", "DisconnectNetworkInterface", "{\"InterfaceId\":\"%n\",\"InstanceId\":\"%s\"}" },
    { "POST", "ConnectNetworkInterface", "{\"InterfaceId\":\"%n\",\"InstanceId\":\"%s\"}" },
    { "POST", "ModifyIpAddress",
      "{\"InstanceId\":\"%s\",\"InterfaceId\":\"%n\",\"Address\":\"None\",\"Password\":\"123abc,.;"
      "\"}" },
    { "POST", "BatchAddNetworkInterfaces",
      "{\"InstanceIds\":[\"%s\"],\"PrivateId\":\"" PRIVATE "\",\"VdcId\":\"" VDC
      "\",\"Password\":\"x\"}" },
    { "POST", "BatchDeleteNetworkInterfaces",
      "{\"InstanceIds\":[\"%s\"],\"PrivateId\":\"" PRIVATE "\",\"VdcId\":\"" VDC "\"}" },
    { "POST", "ResetInstancesPassword", "{\"InstanceIds\":\"%s\",\"Password\":\"123QWEqwe\"}" },
    { "POST", "CreateDisk",
      "{\"InstanceId\":\"%s\",\"DataDisks\":[{\"Size\":100,\"Type\":\"high_disk\"}]}" },
    { "POST", "ResizeDisk", "{\"InstanceId\":\"%s\",\"DiskId\":\"%d\",\"DataSize\":200}" },
    { "POST", "DeleteDisk", "{\"InstanceId\":\"%s\",\"DiskIds\":[\"%d\"]}" },
    { "POST", "ExtendSystemDisk", "{\"InstanceId\":\"%s\",\"Size\":100,\"IOPS\":5}" },
    { "GET", "RebootInstance", "{\"InstanceId\":\"%s\"}" },
    { "GET", "RebootInstances", "{\"InstanceIds\":\"%s\"}" },
    { "GET", "StopInstance", "{\"InstanceId\":\"%s\",\"StopType\":\"HARD\"}" },
    { "GET", "StartInstance", "{\"InstanceId\":\"%s\"}" },
    { "GET", "StopInstances", "{\"InstanceIds\":\"%s\",\"StopType\":\"SOFT\"}" },
    { "POST", "ModifyInstanceSpec", "{\"InstanceId\":\"%s\",\"Cpu\":8,\"Ram\":16}" },
    { "POST", "ResetImage",
      "{\"InstanceId\":\"%s\",\"ImageId\":\"Centos_7.6_64\",\"Password\":\"123QWEqwe\"}" },
    { "GET", "StartInstances", "{\"InstanceIds\":\"%s\"}" },
    { "POST", "ModifyInstanceChargeType",
      "{\"InstanceId\":\"%s\",\"InstanceChargeType\":\"PrePaid\"}" },
    { "POST", "DescribeDedicatedHostTypes", "{\"RegionId\":\"CN_Beijing_A\"}" },
    { "POST", "AllocateDedicatedHosts",
      "{\"RegionId\":\"CN_Beijing_A\",\"DedicatedHostType\":\"3d658304-bdb1-4b34-a097-"
      "d59f42c9548a\","
      "\"DedicatedHostGoodId\":\"6195\",\"DedicatedHostName\":\"test\",\"DedicatedHostCpu\":24,"
      "\"DedicatedHostRam\":300,\"DedicatedHostLimit\":1,\"PrepaidMonth\":1,\"AutoRenew\":true,"
      "\"Amount\":1}" },
    { "POST", "DescribeDedicatedHosts", "{\"HostName\":\"test\"}" },
    { "GET", "DescribeAvailableResource", "{\"RegionId\":\"CN_Taipei_A\"}" },
    { "POST", "ModifyInstanceAttribute",
      "{\"InstanceIds\":[\"%s\"],\"DeletionProtection\":false}" },
    { "POST", "DeleteInstance", "{\"InstanceIds\":[\"%s\"]}" },
};

static void test_ccs__replies_match_the_examples(void **state)
{
    char id[40], nic[40], disk[40], params[1024], task[64];
    size_t answered = 0;

    (void)state;
    call_and_check("POST", "CreateInstance", "{" SPEC "," DISKS "," IDENTITY "}");
    snprintf(task, sizeof(task), "{\"TaskId\":\"%s\"}", co_text(&ccs, "/TaskId"));
    call_and_check("GET", "DescribeTask", task);
    buy(",\"PublicIp\":[\"auto\"],\"PrivateIp\":[{\"PrivateId\":\"" PRIVATE
        "\",\"IP\":[\"auto\"]}],"
        "\"Ipv6Bind\":true,\"LabelNames\":[\"tag_abc\"]",
        id);
    assert_string_equal(state_of(id), "running");
    snprintf(nic, sizeof(nic), "%s",
             co_text(&ccs, "/Data/Instances/0/PublicNetworkInterface/0/InterfaceId"));
    snprintf(disk, sizeof(disk), "%s", co_text(&ccs, "/Data/Instances/0/Disks/DataDisks/0/DiskId"));
    for (size_t i = 0; i < sizeof(life) / sizeof(life[0]); i++) {
        substitute(params, life[i].params, id, nic, disk, "257");
        /* The first instance has no interfaces, so the list must show the second. */
        if (i == 0)
            snprintf(params, sizeof(params), "{\"InstanceId\":\"%s\"}", id);
        call_and_check(life[i].method, life[i].action, params);
        advance(2);
        answered++;
    }
    assert_true(answered >= 40);
    assert_string_equal(state_of(id), "");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_ccs__every_byte_of_the_query_counts, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(test_ccs__wrong_entry_points, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_ccs__replies_match_the_examples, set_up, tear_down),
    };
    int ret;

    examples_path =
        argc > 1 ? argv[1] : "tests/fixtures/vendor_examples/capitalonline-ccs-examples.json";
    examples = yyjson_read_file(examples_path, 0, NULL, NULL);
    if (!examples) {
        fprintf(stderr, "cannot read %s\n", examples_path);
        return 1;
    }
    ret = cmocka_run_group_tests(tests, NULL, NULL);
    yyjson_doc_free(examples);
    return ret;
}
