/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the errors of the CCS emulator and their documented codes: missing and malformed
 * parameters, wrong states, sold out types. A refused request changes nothing. */
#include "tests/emulator/test_ccs.h"

/* The required parameters of each action. */
static const struct {
    const char *method, *path, *action, *params;
} least[] = {
    { "POST", "/ccs", "CreateInstance",
      "{\"RegionId\":\"CN_Beijing_A\",\"VdcId\":\"" VDC
      "\",\"Password\":\"123abc,.;\",\"InstanceName\":\"a\","
      "\"Cpu\":1,\"Ram\":1,\"InstanceType\":\"Standard\"}" },
    { "POST", "/ccs", "DeleteInstance", "{\"InstanceIds\":[\"" UNKNOWN_ID "\"]}" },
    { "GET", "/ccs", "StopInstance", "{\"InstanceId\":\"" UNKNOWN_ID "\"}" },
    { "GET", "/ccs", "RebootInstance", "{\"InstanceId\":\"" UNKNOWN_ID "\"}" },
    { "GET", "/ccs", "StartInstance", "{\"InstanceId\":\"" UNKNOWN_ID "\"}" },
    { "GET", "/ccs", "StopInstances", "{\"InstanceIds\":\"" UNKNOWN_ID "\"}" },
    { "GET", "/ccs", "StartInstances", "{\"InstanceIds\":\"" UNKNOWN_ID "\"}" },
    { "GET", "/ccs", "RebootInstances", "{\"InstanceIds\":\"" UNKNOWN_ID "\"}" },
    { "POST", "/ccs", "ModifyInstanceChargeType",
      "{\"InstanceId\":\"" UNKNOWN_ID "\",\"InstanceChargeType\":\"PrePaid\"}" },
    { "POST", "/ccs", "ModifyInstanceSpec", "{\"InstanceId\":\"" UNKNOWN_ID "\"}" },
    { "POST", "/ccs", "CreateDisk", "{\"InstanceId\":\"" UNKNOWN_ID "\"}" },
    { "POST", "/ccs", "ResizeDisk",
      "{\"InstanceId\":\"" UNKNOWN_ID "\",\"DiskId\":\"" UNKNOWN_ID "\",\"DataSize\":100}" },
    { "POST", "/ccs", "DeleteDisk",
      "{\"InstanceId\":\"" UNKNOWN_ID "\",\"DiskIds\":[\"" UNKNOWN_ID "\"]}" },
    { "POST", "/ccs", "ConnectNetworkInterface",
      "{\"InterfaceId\":\"" UNKNOWN_ID "\",\"InstanceId\":\"" UNKNOWN_ID "\"}" },
    { "POST", "/ccs", "DisconnectNetworkInterface",
      "{\"InterfaceId\":\"" UNKNOWN_ID "\",\"InstanceId\":\"" UNKNOWN_ID "\"}" },
    { "POST", "/ccs", "ModifyIpAddress",
      "{\"InstanceId\":\"" UNKNOWN_ID "\",\"InterfaceId\":\"" UNKNOWN_ID
      "\",\"Address\":\"None\",\"Password\":\"x\"}" },
    { "POST", "/ccs", "DescribeInstanceMonitor",
      "{\"InstanceId\":\"" UNKNOWN_ID "\",\"MetricName\":\"CPUUtilization\",\"Period\":60,"
      "\"StartTime\":\"2019-10-09 15:30:00\",\"EndTime\":\"2019-10-09 16:30:00\"}" },
    { "POST", "/ccs", "ModifyInstanceName",
      "{\"InstanceId\":\"" UNKNOWN_ID "\",\"InstanceName\":\"a\"}" },
    { "POST", "/ccs", "CreateTag", "{\"TagName\":\"a\"}" },
    { "POST", "/ccs", "DeleteTag", "{\"TagId\":\"1\"}" },
    { "POST", "/ccs", "AddInstancesTags", "{\"InstanceIds\":\"" UNKNOWN_ID "\"}" },
    { "POST", "/ccs", "DeleteInstancesTags", "{\"InstanceIds\":\"" UNKNOWN_ID "\"}" },
    { "POST", "/ccs", "DescribeInstanceType",
      "{\"RegionId\":\"CN_Beijing_A\",\"InstanceType\":\"High\"}" },
    { "POST", "/network", "DescribePublicIp",
      "{\"VdcId\":\"" VDC "\",\"PublicId\":\"" PUBLIC "\"}" },
    { "POST", "/network", "DescribePrivateIp",
      "{\"VdcId\":\"" VDC "\",\"PrivateId\":\"" PRIVATE "\"}" },
    { "POST", "/ccs", "ResetInstancesPassword",
      "{\"InstanceIds\":\"" UNKNOWN_ID "\",\"Password\":\"123QWEqwe\"}" },
    { "POST", "/ccs", "CreateInstanceHtmlConsoleURL", "{\"InstanceId\":\"" UNKNOWN_ID "\"}" },
    { "POST", "/ccs", "DescribeInstancePrice",
      "{" SPEC ",\"SystemDisk\":{\"Size\":60},\"Amount\":1}" },
    { "POST", "/ccs", "BatchAddNetworkInterfaces",
      "{\"InstanceIds\":[\"" UNKNOWN_ID "\"],\"PublicId\":\"" PUBLIC "\",\"VdcId\":\"" VDC
      "\",\"Password\":\"x\"}" },
    { "POST", "/ccs", "BatchDeleteNetworkInterfaces",
      "{\"InstanceIds\":[\"" UNKNOWN_ID "\"],\"PublicId\":\"" PUBLIC "\",\"VdcId\":\"" VDC "\"}" },
    { "POST", "/ccs", "DescribeNetworkCardFlow",
      "{\"InstanceId\":\"" UNKNOWN_ID "\",\"InterfaceId\":\"" UNKNOWN_ID
      "\",\"MetricName\":\"NetworkCardFlow\","
      "\"StartTime\":\"2019-10-09 15:30:00\",\"EndTime\":\"2019-10-09 16:30:00\"}" },
    { "POST", "/ccs", "GetIpInfoBySegment",
      "{\"PrivateId\":\"" PRIVATE "\",\"Segment\":\"10.240.0.0/28\"}" },
    { "POST", "/ccs", "ModifyInstanceAttribute",
      "{\"InstanceIds\":[\"" UNKNOWN_ID "\"],\"DeletionProtection\":true}" },
    { "POST", "/ccs", "DescribeDedicatedHostTypes", "{\"RegionId\":\"CN_Beijing_A\"}" },
    { "POST", "/ccs", "AllocateDedicatedHosts",
      "{\"RegionId\":\"CN_Beijing_A\",\"DedicatedHostType\":\"x\",\"DedicatedHostGoodId\":\"6195\","
      "\"DedicatedHostName\":\"t\",\"DedicatedHostCpu\":24,\"DedicatedHostRam\":300,"
      "\"DedicatedHostLimit\":1,"
      "\"PrepaidMonth\":1,\"AutoRenew\":true,\"Amount\":1}" },
    { "GET", "/ccs", "DescribeTask", "{\"TaskId\":\"1\"}" },
    { "GET", "/ccs", "DescribeAvailableResource", "{\"RegionId\":\"CN_Beijing_A\"}" },
    { "POST", "/ccs", "DescribeTemplateInfo", "{\"PageNumber\":1,\"PageSize\":10}" },
};

static void test_ccs__each_required_parameter_is_required(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof(least) / sizeof(least[0]); i++) {
        yyjson_doc *doc = yyjson_read(least[i].params, strlen(least[i].params), 0);
        size_t count = yyjson_obj_size(yyjson_doc_get_root(doc));

        co_call(&ccs, least[i].method, least[i].path, least[i].action, "%s", least[i].params);
        assert_string_not_equal(co_code(&ccs), "IncompleteParamter");
        for (size_t gone = 0; gone < count; gone++) {
            yyjson_mut_doc *less = yyjson_doc_mut_copy(doc, NULL);
            yyjson_mut_obj_iter iter;
            char *text;

            yyjson_mut_obj_iter_init(yyjson_mut_doc_get_root(less), &iter);
            for (size_t k = 0; k <= gone; k++)
                yyjson_mut_obj_iter_next(&iter);
            yyjson_mut_obj_iter_remove(&iter);
            text = yyjson_mut_write(less, 0, NULL);
            co_call(&ccs, least[i].method, least[i].path, least[i].action, "%s", text);
            if (ccs.status != 400 || strcmp(co_code(&ccs), "IncompleteParamter") != 0)
                fail_msg("%s %s answers %s", least[i].action, text, ccs.text);
            free(text);
            yyjson_mut_doc_free(less);
        }
        yyjson_doc_free(doc);
    }
    post("ResetImage", "{\"InstanceId\":\"" UNKNOWN_ID "\",\"ImageId\":\"High\"}");
    assert_string_equal(co_code(&ccs), "InstanceNotFound");
}

/* "+" is replaced by a complete order. %s is a running instance. */
static const struct {
    const char *action, *params;
    int status;
    const char *code;
} refusals[] = {
    { "CreateInstance", "+,\"RegionId\":\"XX\"", 400, "InvalidRegionID.Malformed" },
    { "CreateInstance", "+,\"RegionId\":\"APAC_Mumbai_B\"", 403, "Zone.NotOnSale" },
    { "CreateInstance", "+,\"VdcId\":\"nowhere\"", 400, "InvalidVDCID.Malformed" },
    { "CreateInstance", "+,\"VdcId\":\"" UNKNOWN_ID "\"", 400, "VDCNotFound" },
    { "CreateInstance", "+,\"RegionId\":\"CN_Beijing_B\"", 400, "VDCNotFound" },
    { "CreateInstance", "+,\"InstanceType\":\"Nothing\"", 400,
      "InvalidInstanceType.ValueUnauthorized" },
    { "CreateInstance", "+,\"Cpu\":3", 400, "InvalidInstanceType.ValueUnauthorized" },
    { "CreateInstance", "+,\"Ram\":128", 400, "InvalidInstanceType.ValueUnauthorized" },
    { "CreateInstance", "+,\"DescriptionNum\":\"x\"", 400, "InvalidInstanceName.Malformed" },
    { "CreateInstance", "+,\"Password\":\"12345678\"", 400, "InvalidPassword.Malformed" },
    { "CreateInstance", "+,\"Password\":\"aA1,\"", 400, "InvalidPassword.Malformed" },
    { "CreateInstance", "+,\"ImageId\":\"" UNKNOWN_ID "\"", 404,
      "InvalidLaunchTemplateVersion.NotFound" },
    { "CreateInstance", "+,\"DataDisks\":[{\"Size\":70,\"Type\":\"ssd_disk\"}]", 400,
      "InvalidDataDiskSize.ValueNotSupported" },
    { "CreateInstance", "+,\"DataDisks\":[{\"Size\":4100,\"Type\":\"high_disk\"}]", 400,
      "InvalidDataDiskSize.ValueNotSupported" },
    { "CreateInstance", "+,\"SystemDisk\":{\"Size\":10}", 400,
      "InvalidDataDiskSize.ValueNotSupported" },
    { "CreateInstance", "+,\"SystemDisk\":{\"Size\":60,\"IOPS\":1}", 400,
      "InvalidInstanceTypeDisk.ValueUnauthorized" },
    { "CreateInstance", "+,\"PrivateIp\":[{\"PrivateId\":\"" PRIVATE "\",\"IP\":[\"10.240\"]}]",
      400, "InvalidPrivateIpAddress.Malformed" },
    { "CreateInstance", "+,\"PrivateIp\":[{\"PrivateId\":\"" PRIVATE "\",\"IP\":[\"10.240.0.2\"]}]",
      400, "InvalidPrivateIpAddress.Duplicated" },
    { "CreateInstance", "+,\"PrivateIp\":[{\"PrivateId\":\"" UNKNOWN_ID "\",\"IP\":[\"auto\"]}]",
      400, "InvalidPrivateIpAddress.Malformed" },
    { "CreateInstance", "+,\"PublicIp\":[\"203.0.113\"]", 400, "InvalidPublicIpAddress.Malformed" },
    { "CreateInstance", "+,\"PublicIp\":[\"203.0.113.2\"]", 400,
      "InvalidPublicIpAddress.Duplicated" },
    { "CreateInstance", "+,\"Amount\":2,\"PublicIp\":[\"203.0.113.9\",\"203.0.113.9\"]", 403,
      "InvalidIp.IpRepeated" },
    { "CreateInstance", "+,\"OrderedIP\":[{\"PipeId\":\"" PUBLIC "\",\"IP\":[\"203.0.113.2\"]}]",
      403, "InvalidIp.IpAssigned" },
    { "CreateInstance", "+,\"PublicIp\":[\"203.0.113.200\"]", 403, "InvalidIp.Address" },
    { "CreateInstance", "+,\"Amount\":100", 400, "InvalidAmount.Malformed" },
    { "CreateInstance", "+,\"InstanceChargeType\":\"Free\"", 400,
      "InvalidInstanceChargeType.Malformed" },
    { "CreateInstance", "+,\"PrepaidMonth\":-1", 400, "InvalidPrepaidMonth.Malformed" },
    { "CreateInstance", "+,\"UserData\":[\"*\"]", 400, "InvalidUserData.Malformed" },
    { "CreateInstance", "+,\"DedicatedHostId\":\"" UNKNOWN_ID "\"", 400,
      "InvalidDedicatedHostId.Malformed" },
    { "ModifyInstanceSpec", "{\"InstanceId\":\"%s\",\"Cpu\":8}", 403, "IncorrectInstanceStatus" },
    { "ResetImage",
      "{\"InstanceId\":\"%s\",\"ImageId\":\"Centos_7.6_64\",\"Password\":\"123abc,.;\"}", 403,
      "IncorrectInstanceStatus" },
    { "ResetImage", "{\"InstanceId\":\"%s\",\"ImageId\":\"Centos_7.6_64\"}", 400,
      "IncompleteParamter" },
    { "ResetImage", "{\"InstanceId\":\"%s\",\"ImageId\":\"x\",\"Password\":\"123abc,.;\"}", 404,
      "InvalidLaunchTemplateVersion.NotFound" },
    { "ResetImage", "{\"InstanceId\":\"x\",\"ImageId\":\"x\",\"Password\":\"123abc,.;\"}", 400,
      "InvalidInstanceId.Malformed" },
    { "ModifyInstanceChargeType", "{\"InstanceId\":\"x\",\"InstanceChargeType\":\"PrePaid\"}", 400,
      "InvalidInstanceId.Malformed" },
    { "ModifyInstanceChargeType", "{\"InstanceId\":\"%s\",\"InstanceChargeType\":\"PostPaid\"}",
      403, "IncorrectInstanceStatus" },
    { "ModifyInstanceName", "{\"InstanceId\":\"x\",\"InstanceName\":\"a\"}", 400,
      "InvalidInstanceID.Malformed" },
    { "ModifyInstanceName", "{\"InstanceId\":\"" UNKNOWN_ID "\",\"InstanceName\":\"a\"}", 400,
      "InstanceNotFound" },
    { "DescribeInstances", "{\"InstanceId\":\"x\"}", 400, "InvalidInstanceID.Malformed" },
    { "CreateDisk", "{\"InstanceId\":\"%s\",\"DataDisks\":[{\"Size\":100,\"Type\":\"tape\"}]}", 400,
      "InvalidInstanceTypeDisk.ValueUnauthorized" },
    { "ResizeDisk", "{\"InstanceId\":\"%s\",\"DiskId\":\"%d\",\"DataSize\":50}", 403,
      "InvalidDiskSize.TooSmall" },
    { "ResizeDisk", "{\"InstanceId\":\"%s\",\"DiskId\":\"%d\",\"DataSize\":170}", 400,
      "InvalidDataDiskSize.ValueNotSupported" },
    { "ResizeDisk", "{\"InstanceId\":\"%s\",\"DiskId\":\"x\",\"DataSize\":200}", 400,
      "InvalidDiskID.Malformed" },
    { "ExtendSystemDisk", "{\"InstanceId\":\"%s\",\"Size\":50}", 403, "InvalidDiskSize.TooSmall" },
    { "ExtendSystemDisk", "{\"InstanceId\":\"%s\"}", 400, "IncompleteParamter" },
    { "ConnectNetworkInterface", "{\"InstanceId\":\"%s\",\"InterfaceId\":\"x\"}", 400,
      "InvalidInterfaceID.Malformed" },
    { "ConnectNetworkInterface", "{\"InstanceId\":\"%s\",\"InterfaceId\":\"%n\"}", 403,
      "IncorrectInstanceStatus" },
    { "ModifyIpAddress", "{\"InstanceId\":\"%s\",\"InterfaceId\":\"%n\",\"Address\":\"None\"}", 400,
      "IncompleteParamter" },
    { "DescribeInstanceMonitor",
      "{\"InstanceId\":\"%s\",\"MetricName\":\"InterfaceInRate\",\"Period\":60,"
      "\"StartTime\":\"2019-10-09 15:30:00\",\"EndTime\":\"2019-10-09 16:30:00\"}",
      400, "InvalidInterfaceID.Malformed" },
    { "ResetInstancesPassword", "{\"InstanceIds\":\"%s\",\"Password\":\"short\"}", 400,
      "InvalidPassword.Malformed" },
    { "DeleteTag", "{\"TagId\":\"%t\"}", 400, "20101" },
    { "BatchAddNetworkInterfaces",
      "{\"InstanceIds\":[\"%s\"],\"PrivateId\":\"" PUBLIC "\",\"VdcId\":\"" VDC
      "\",\"Password\":\"x\"}",
      400, "InvalidPrivateNetworkID.Malformed" },
    { "DescribeInstanceType", "{\"RegionId\":\"XX\",\"InstanceType\":\"High\"}", 400,
      "InvalidRegionID.Malformed" },
    { "DescribeInstanceType", "{\"RegionId\":\"CN_Beijing_A\",\"InstanceType\":\"x\"}", 400,
      "InvalidInstanceType.ValueUnauthorized" },
};

/* Returns an order in which the member in @more replaces its own. */
static void changed_order(char ret[1024], const char *more)
{
    static const char order[] = "{" SPEC "," IDENTITY "}";
    yyjson_doc *doc = yyjson_read(order, strlen(order), 0), *spoil;
    yyjson_mut_doc *both = yyjson_doc_mut_copy(doc, NULL);
    yyjson_val *key, *value;
    size_t i, count;
    char *text;

    snprintf(ret, 1024, "{%s}", more + 2);
    spoil = yyjson_read(ret, strlen(ret), 0);
    yyjson_obj_foreach(yyjson_doc_get_root(spoil), i, count, key, value)
    {
        yyjson_mut_obj_put(yyjson_mut_doc_get_root(both), yyjson_val_mut_copy(both, key),
                           yyjson_val_mut_copy(both, value));
    }
    text = yyjson_mut_write(both, 0, NULL);
    snprintf(ret, 1024, "%s", text);
    free(text);
    yyjson_doc_free(spoil);
    yyjson_doc_free(doc);
    yyjson_mut_doc_free(both);
}

static void test_ccs__refusals_have_the_codes_of_the_pages(void **state)
{
    char id[40], nic[40], disk[40], params[1024];

    (void)state;
    buy(",\"PublicIp\":[\"auto\"],\"PrivateIp\":[{\"PrivateId\":\"" PRIVATE
        "\",\"IP\":[\"auto\"]}],"
        "\"LabelNames\":[\"a\"]",
        id);
    state_of(id);
    snprintf(nic, sizeof(nic), "%s",
             co_text(&ccs, "/Data/Instances/0/PublicNetworkInterface/0/InterfaceId"));
    snprintf(disk, sizeof(disk), "%s", co_text(&ccs, "/Data/Instances/0/Disks/DataDisks/0/DiskId"));
    for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++) {
        if (refusals[i].params[0] == '+')
            changed_order(params, refusals[i].params);
        else
            substitute(params, refusals[i].params, id, nic, disk, "257");
        post(refusals[i].action, params);
        if (ccs.status != refusals[i].status || strcmp(co_code(&ccs), refusals[i].code) != 0)
            fail_msg("%s %s answers %d %s, not %s", refusals[i].action, params, ccs.status,
                     ccs.text, refusals[i].code);
    }
    /* None of these requests changed anything. */
    post("DescribeInstances", "{}");
    assert_int_equal(co_count(&ccs, "/Data/Instances"), 1);
    assert_string_equal(co_text(&ccs, "/Data/Instances/0/InstanceStatus"), "running");
}

static void test_ccs__a_sold_out_type_is_refused(void **state)
{
    char params[1024];

    (void)state;
    changed_order(params, "+,\"Amount\":1");
    world("{\"sold_out\":[\"CN_Beijing_A/CCS.C3\"]}");
    assert_int_equal(post("CreateInstance", params), 403);
    assert_string_equal(co_code(&ccs), "Zone.NotOnSale");
    world("{\"sold_out\":[]}");
    assert_int_equal(post("CreateInstance", params), 200);
}

static void test_ccs__an_empty_list_is_refused(void **state)
{
    static const char *const spellings[] = { "[]", ",", "[\"\"]" };

    (void)state;
    for (size_t i = 0; i < sizeof(spellings) / sizeof(spellings[0]); i++) {
        yyjson_mut_doc *doc = yyjson_mut_doc_new(NULL);
        yyjson_mut_val *params = yyjson_mut_obj(doc);
        char *text;

        yyjson_mut_obj_add_str(doc, params, "InstanceIds", spellings[i]);
        text = yyjson_mut_val_write(params, 0, NULL);
        assert_int_equal(co_call(&ccs, "GET", "/ccs", "StartInstances", "%s", text), 400);
        free(text);
        yyjson_mut_doc_free(doc);
    }
}

static void test_ccs__vdcs_have_a_quota(void **state)
{
    (void)state;
    world("{\"quota\":{\"ccs_vdcs\":1}}");
    co_call(&ccs, "POST", "/network", "CreateVdc", "{\"RegionId\":\"cn_beijing_a\"}");
    assert_int_equal(ccs.status, 200);
    co_call(&ccs, "POST", "/network", "CreateVdc", "{\"RegionId\":\"CN_Beijing_A\"}");
    assert_string_equal(co_code(&ccs), "QuotaExceed.Vdc");
    co_call(&ccs, "GET", "/network", "DeleteVdc", "{\"VdcId\":\"" VDC "\"}");
    assert_int_equal(ccs.status, 403);
    assert_string_equal(co_code(&ccs), "IncorrectVdcStatus");
}

#define CASE(name) cmocka_unit_test_setup_teardown(test_ccs__##name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(each_required_parameter_is_required),
        CASE(refusals_have_the_codes_of_the_pages),
        CASE(a_sold_out_type_is_refused),
        CASE(an_empty_list_is_refused),
        CASE(vdcs_have_a_quota),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
