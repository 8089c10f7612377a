/* SPDX-License-Identifier: Apache-2.0 */
/* Tests the life cycle of instances in the CCS emulator: states and tasks, batches, networks,
 * templates, and the forms of replies on which the documents disagree. */
#include "tests/emulator/test_ccs.h"

static void expect_task(const char *id, const char *status)
{
    co_call(&ccs, "GET", "/ccs", "DescribeTask", "{\"TaskId\":\"%s\"}", id);
    assert_string_equal(co_text(&ccs, "/Data/Status"), status);
}

static void test_ccs__an_order_is_listed_once_its_task_has_started(void **state)
{
    char task[40], id[40];

    (void)state;
    co_control(&ccs, "POST", "timeline", "{\"transition\":\"create\",\"seconds\":600}");
    world("{\"switches\":{\"ccs_task_start_ms\":300000}}");
    post("CreateInstance", "{" SPEC "," IDENTITY "}");
    snprintf(task, sizeof(task), "%s", co_text(&ccs, "/TaskId"));
    expect_task(task, "NEW");
    snprintf(id, sizeof(id), "%s", co_text(&ccs, "/Data/ResourceId"));
    assert_string_equal(state_of(id), "");
    advance(300);
    expect_task(task, "DOING");
    assert_string_equal(state_of(id), "updating");
    assert_int_equal(power("StopInstance", id), 403);
    advance(300);
    expect_task(task, "FINISH");
    assert_string_equal(state_of(id), "running");
}

static void test_ccs__a_new_instance_can_be_listed_late(void **state)
{
    char id[40];

    (void)state;
    world("{\"switches\":{\"visibility_lag_s\":60}}");
    buy("", id);
    assert_string_equal(state_of(id), "");
    assert_int_equal(power("StopInstance", id), 200);
    advance(60);
    assert_string_equal(state_of(id), "stop");
}

static void check_size(const char *id, int cpu, int disk_gb, const char *charge)
{
    state_of(id);
    assert_int_equal(co_int(&ccs, "/Data/Instances/0/Cpu"), cpu);
    assert_int_equal(co_int(&ccs, "/Data/Instances/0/Disks/SystemDisk/Size"), disk_gb);
    assert_string_equal(co_text(&ccs, "/Data/Instances/0/InstanceChargeType"), charge);
}

static void test_ccs__an_upgrade_can_be_shown_late(void **state)
{
    char id[40];

    (void)state;
    buy("", id);
    power("StopInstance", id);
    advance(2);
    world("{\"visibility_lag_s\":600}");
    co_call(&ccs, "POST", "/ccs", "ModifyInstanceSpec",
            "{\"InstanceId\":\"%s\",\"Cpu\":8,\"Ram\":16}", id);
    assert_int_equal(ccs.status, 200);
    advance(100);
    co_call(&ccs, "POST", "/ccs", "ExtendSystemDisk", "{\"InstanceId\":\"%s\",\"Size\":100}", id);
    assert_int_equal(ccs.status, 200);
    advance(100);
    co_call(&ccs, "POST", "/ccs", "ModifyInstanceChargeType",
            "{\"InstanceId\":\"%s\",\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":1}", id);
    assert_int_equal(ccs.status, 200);
    assert_string_equal(state_of(id), "stop");
    check_size(id, 4, 60, "PostPaid");
    advance(450);
    check_size(id, 8, 60, "PostPaid");
    advance(100);
    check_size(id, 8, 100, "PostPaid");
    advance(100);
    check_size(id, 8, 100, "PrePaid");
}

static void test_ccs__power_goes_through_its_states(void **state)
{
    static const struct {
        const char *action, *during, *after;
    } steps[] = {
        { "StopInstance", "stopping", "stop" },
        { "StartInstance", "starting", "running" },
        { "RebootInstance", "updating", "running" },
    };
    char id[40], task[40];

    (void)state;
    buy("", id);
    assert_int_equal(power("StartInstance", id), 403);
    assert_string_equal(co_code(&ccs), "IncorrectInstanceStatus");
    co_control(&ccs, "POST", "timeline", "{\"transition\":\"*\",\"seconds\":20}");
    for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
        assert_int_equal(power(steps[i].action, id), 200);
        snprintf(task, sizeof(task), "%s", co_text(&ccs, "/TaskId"));
        advance(10);
        assert_string_equal(state_of(id), steps[i].during);
        expect_task(task, "DOING");
        assert_int_equal(power("StopInstance", id), 403);
        advance(10);
        assert_string_equal(state_of(id), steps[i].after);
        expect_task(task, "FINISH");
    }
    assert_int_equal(power("StopInstance", id), 200);
    advance(20);
    assert_int_equal(power("RebootInstance", id), 403);
}

static void test_ccs__a_task_can_wait_for_polls_and_can_fail(void **state)
{
    char id[40], task[40];

    (void)state;
    buy("", id);
    co_control(&ccs, "POST", "timeline", "{\"transition\":\"stop\",\"polls\":2}");
    power("StopInstance", id);
    snprintf(task, sizeof(task), "%s", co_text(&ccs, "/TaskId"));
    advance(1);
    expect_task(task, "DOING");
    expect_task(task, "DOING");
    expect_task(task, "FINISH");
    assert_string_equal(state_of(id), "stop");
    co_control(&ccs, "POST", "timeline", "{\"transition\":\"start\",\"outcome\":\"error\"}");
    power("StartInstance", id);
    snprintf(task, sizeof(task), "%s", co_text(&ccs, "/TaskId"));
    advance(2);
    expect_task(task, "ERROR");
    assert_string_equal(state_of(id), "error");
    assert_int_equal(power("StartInstance", id), 403);
    co_call(&ccs, "POST", "/ccs", "DeleteInstance", "{\"InstanceIds\":[\"%s\"]}", id);
    assert_int_equal(ccs.status, 200);
    advance(2);
    assert_string_equal(state_of(id), "");
    assert_int_equal(power("StartInstance", id), 400);
    assert_string_equal(co_code(&ccs), "InstanceNotFound");
}

static void test_ccs__a_batch_is_done_for_all_or_for_none(void **state)
{
    char one[40], two[40];

    (void)state;
    buy("", one);
    buy("", two);
    power("StopInstance", one);
    advance(2);
    co_call(&ccs, "GET", "/ccs", "StopInstances", "{\"InstanceIds\":\"%s,%s\"}", two, one);
    assert_int_equal(ccs.status, 403);
    assert_string_equal(state_of(two), "running");
    /* A list can be written in three ways. */
    co_call(&ccs, "GET", "/ccs", "RebootInstances", "{\"InstanceIds\":[\"%s\"]}", two);
    assert_int_equal(ccs.status, 200);
    advance(2);
    co_call(&ccs, "GET", "/ccs", "StopInstances", "{\"InstanceIds.0\":\"%s\"}", two);
    assert_int_equal(ccs.status, 200);
    advance(2);
    co_call(&ccs, "GET", "/ccs", "StartInstances", "{\"InstanceIds\":\"%s,%s\"}", two, one);
    assert_int_equal(ccs.status, 200);
    advance(2);
    assert_string_equal(state_of(one), "running");
    assert_string_equal(state_of(two), "running");
}

static void test_ccs__protection_prevents_deletion(void **state)
{
    char id[40];

    (void)state;
    buy(",\"DeletionProtection\":true", id);
    co_call(&ccs, "POST", "/ccs", "DeleteInstance", "{\"InstanceIds\":[\"%s\"]}", id);
    assert_int_equal(ccs.status, 403);
    co_call(&ccs, "POST", "/ccs", "ModifyInstanceAttribute",
            "{\"InstanceIds\":[\"%s\"],\"DeletionProtection\":false}", id);
    assert_int_equal(ccs.status, 200);
    co_call(&ccs, "POST", "/ccs", "DeleteInstance", "{\"InstanceIds\":[\"%s\"]}", id);
    assert_int_equal(ccs.status, 200);
}

static size_t listed(const char *filter)
{
    post("DescribeInstances", filter);
    assert_int_equal(ccs.status, 200);
    return co_count(&ccs, "/Data/Instances");
}

static void test_ccs__lists_are_paged_and_filtered(void **state)
{
    char id[40], filter[128];

    (void)state;
    buy(",\"Amount\":12,\"DescriptionNum\":\"098\",\"LabelNames\":[\"t1\"]", id);
    buy(",\"PublicIp\":[\"203.0.113.7\"],\"Ipv6Bind\":true", id);
    assert_int_equal(listed("{}"), 10);
    assert_int_equal(co_int(&ccs, "/Data/PageCount"), 2);
    assert_int_equal(co_int(&ccs, "/Data/Total"), 13);
    assert_string_equal(co_text(&ccs, "/Data/Instances/0/InstanceName"), "web098");
    assert_string_equal(co_text(&ccs, "/Data/Instances/2/InstanceName"), "web100");
    assert_int_equal(listed("{\"PageNumber\":2}"), 3);
    assert_int_equal(listed("{\"PageSize\":9999}"), 13);
    assert_int_equal(listed("{\"TagName\":\"t1\",\"PageSize\":50}"), 12);
    assert_int_equal(listed("{\"PublicIp\":[\"203.0.113.7\",\"203.0.113.8\"]}"), 1);
    assert_int_equal(listed("{\"VdcId\":\"" UNKNOWN_ID "\"}"), 0);
    assert_int_equal(
        listed("{\"VdcName\":\"demo-vdc\",\"RegionId\":\"CN_Beijing_A\",\"PageSize\":50}"), 13);
    listed("{\"PublicIp\":[\"203.0.113.7\"]}");
    snprintf(filter, sizeof(filter), "{\"PublicIpv6\":\"%s\"}",
             co_text(&ccs, "/Data/Instances/0/PublicNetworkInterface/0/IPv6"));
    assert_int_equal(listed(filter), 1);
}

static void test_ccs__addresses_are_allocated_and_released(void **state)
{
    char id[40], nic[40];

    (void)state;
    buy(",\"OrderedIP\":[{\"PipeId\":\"" PUBLIC "\",\"IP\":[\"auto\"]},{\"PipeId\":\"" PRIVATE
        "\",\"IP\":[\"auto\"]}]",
        id);
    state_of(id);
    assert_string_equal(co_text(&ccs, "/Data/Instances/0/PublicNetworkInterface/0/IP"),
                        "203.0.113.2");
    assert_string_equal(co_text(&ccs, "/Data/Instances/0/PrivateNetworkInterface/0/IP"),
                        "10.240.0.2");
    snprintf(nic, sizeof(nic), "%s",
             co_text(&ccs, "/Data/Instances/0/PublicNetworkInterface/0/InterfaceId"));
    co_call(&ccs, "POST", "/network", "DescribePublicIp",
            "{\"VdcId\":\"" VDC "\",\"PublicId\":\"" PUBLIC "\"}");
    assert_int_equal(co_int(&ccs, "/Data/UsedTotal"), 1);
    assert_string_equal(co_text(&ccs, "/Data/UsedList/0/Address"), "203.0.113.2");
    assert_string_equal(co_text(&ccs, "/Data/UnusedList/0"), "203.0.113.3");
    co_call(&ccs, "POST", "/ccs", "ModifyIpAddress",
            "{\"InstanceId\":\"%s\",\"InterfaceId\":\"%s\",\"Address\":\"203.0.113.9\","
            "\"Password\":\"x\"}",
            id, nic);
    assert_int_equal(ccs.status, 200);
    advance(2);
    state_of(id);
    assert_string_equal(co_text(&ccs, "/Data/Instances/0/PublicNetworkInterface/0/IP"),
                        "203.0.113.9");
    co_call(&ccs, "POST", "/ccs", "DisconnectNetworkInterface",
            "{\"InstanceId\":\"%s\",\"InterfaceId\":\"%s\"}", id, nic);
    advance(2);
    state_of(id);
    assert_int_equal(co_int(&ccs, "/Data/Instances/0/PublicNetworkInterface/0/Connected"), 0);
    /* An empty address unbinds, as in the vendor's Go example. */
    co_call(&ccs, "POST", "/ccs", "ModifyIpAddress",
            "{\"InstanceId\":\"%s\",\"InterfaceId\":\"%s\",\"Address\":\"\",\"Password\":\"x\"}",
            id, nic);
    assert_int_equal(ccs.status, 200);
    advance(2);
    co_call(&ccs, "POST", "/network", "DescribePublicIp",
            "{\"VdcId\":\"" VDC "\",\"PublicId\":\"" PUBLIC "\"}");
    assert_int_equal(co_int(&ccs, "/Data/UsedTotal"), 0);
    post("GetIpInfoBySegment", "{\"PrivateId\":\"" PRIVATE "\",\"Segment\":\"10.240.0.0/30\"}");
    assert_int_equal(co_int(&ccs, "/Data/AvailableIPTotal"), 1);
    assert_string_equal(co_text(&ccs, "/Data/AvailableIPList/0"), "10.240.0.3");
}

static void test_ccs__a_network_runs_out(void **state)
{
    char id[40];

    (void)state;
    /* 61 addresses: 64 without those of the network and the gateway, and the last one. */
    buy(",\"Amount\":60,\"PublicIp\":[\"auto\"]", id);
    post("CreateInstance", "{" SPEC "," IDENTITY ",\"Amount\":2,\"PublicIp\":[\"auto\"]}");
    assert_int_equal(ccs.status, 403);
    assert_string_equal(co_code(&ccs), "InvalidIp.Address");
    buy(",\"PublicIp\":[\"auto\"]", id);
}

static void test_ccs__a_vdc_is_created_used_and_deleted(void **state)
{
    char vdc[40], id[40], more[512];

    (void)state;
    co_call(&ccs, "POST", "/network", "CreateVdc",
            "{\"RegionId\":\"APAC_Seoul_A\",\"VdcName\":\"mine\",\"PublicNetwork\":{\"Name\":\"p\","
            "\"Qos\":20}}");
    assert_int_equal(ccs.status, 200);
    co_call(&ccs, "GET", "/network", "DescribeVdc", "{\"Keyword\":\"mine\"}");
    assert_int_equal(co_count(&ccs, "/Data"), 1);
    snprintf(vdc, sizeof(vdc), "%s", co_text(&ccs, "/Data/0/VdcId"));
    snprintf(more, sizeof(more),
             "{\"RegionId\":\"APAC_Seoul_A\",\"VdcId\":\"%s\",\"InstanceName\":\"a\",\"Password\":"
             "\"123abc,.;\","
             "\"Cpu\":1,\"Ram\":1,\"InstanceType\":\"Standard\",\"PublicIp\":[\"auto\"]}",
             vdc);
    assert_int_equal(post("CreateInstance", more), 200);
    advance(2);
    post("DescribeInstances", "{\"RegionId\":\"APAC_Seoul_A\"}");
    snprintf(id, sizeof(id), "%s", co_text(&ccs, "/Data/Instances/0/InstanceId"));
    assert_string_equal(co_text(&ccs, "/Data/Instances/0/ImageInfo/ImageName"), "Ubuntu_16.04_64");
    co_call(&ccs, "GET", "/network", "DeleteVdc", "{\"VdcId\":\"%s\"}", vdc);
    assert_int_equal(ccs.status, 403);
    co_call(&ccs, "POST", "/ccs", "DeleteInstance", "{\"InstanceIds\":[\"%s\"]}", id);
    advance(2);
    co_call(&ccs, "GET", "/network", "DeleteVdc", "{\"VdcId\":\"%s\"}", vdc);
    assert_int_equal(ccs.status, 200);
    co_call(&ccs, "GET", "/network", "DescribeVdc", "{\"VdcId\":\"%s\"}", vdc);
    assert_string_equal(co_code(&ccs), "VDCNotFound");
}

static void test_ccs__a_template_is_created_and_used(void **state)
{
    char id[40], template[40], params[512];

    (void)state;
    buy("", id);
    co_call(&ccs, "POST", "/ccs", "CreateTemplate",
            "{\"InstanceId\":\"%s\",\"DisplayName\":\"mine\",\"PowerOn\":true}", id);
    assert_int_equal(ccs.status, 200);
    post("DescribeTemplateInfo", "{\"PageNumber\":1,\"PageSize\":10,\"Keyword\":\"min\"}");
    assert_string_equal(co_text(&ccs, "/Data/TemplateList/0/Name"), "mine");
    assert_string_equal(co_text(&ccs, "/Data/TemplateList/0/OSType"), "ubuntu 20.04 64位");
    assert_string_equal(co_text(&ccs, "/Data/TemplateList/0/Region/0/RegionName"), "北京-可用区A");
    snprintf(template, sizeof(template), "%s", co_text(&ccs, "/Data/TemplateList/0/TemplateId"));
    power("StopInstance", id);
    advance(2);
    snprintf(params, sizeof(params),
             "{\"InstanceId\":\"%s\",\"ImageId\":\"%s\",\"Password\":\"123abc,.;\"%s}", id,
             template, "");
    assert_int_equal(post("ResetImage", params), 400);
    assert_string_equal(co_code(&ccs), "IncompleteParamter");
    snprintf(params, sizeof(params),
             "{\"InstanceId\":\"%s\",\"ImageId\":\"%s\",\"Password\":\"123abc,.;\"%s}", id,
             template, ",\"ImagePassword\":\"x\"");
    assert_int_equal(post("ResetImage", params), 200);
    advance(2);
    state_of(id);
    assert_string_equal(co_text(&ccs, "/Data/Instances/0/ImageInfo/ImageName"), "mine");
    co_call(&ccs, "POST", "/ccs", "SyncTemplate",
            "{\"TemplateId\":\"%s\",\"RegionId\":\"CN_Beijing_B\"}", template);
    post("DescribeTemplateInfo", "{\"PageNumber\":2,\"PageSize\":1}");
    assert_int_equal(co_int(&ccs, "/Data/TotalPage"), 2);
    assert_int_equal(co_int(&ccs, "/Data/TemplateList/0/Count"), 2);
    co_call(&ccs, "GET", "/ccs", "DescribeAvailableResource", "{\"RegionId\":\"CN_Beijing_B\"}");
    assert_string_equal(co_text(&ccs, "/Data/InstanceGoods/0/ImageGoods/PrivateImages/0/ImageId"),
                        template);
}

/* The template of the page's examples exists from the beginning and cannot be deleted. */
static void test_ccs__a_public_template_belongs_to_all_accounts(void **state)
{
    char id[40];

    (void)state;
    post("DescribeTemplateInfo", "{\"PageNumber\":1,\"PageSize\":10}");
    assert_string_equal(co_text(&ccs, "/Data/TemplateList/0/TemplateId"), TEMPLATE);
    co_call(&ccs, "POST", "/ccs", "DeleteTemplate",
            "{\"TemplateId\":\"" TEMPLATE "\",\"RegionId\":\"CN_Beijing_A\"}");
    assert_int_equal(ccs.status, 403);
    buy("", id);
    power("StopInstance", id);
    advance(2);
    co_call(&ccs, "POST", "/ccs", "ResetImage",
            "{\"InstanceId\":\"%s\",\"ImageId\":\"" TEMPLATE "\",\"Password\":\"EcsV587!\","
            "\"ImagePassword\":\"tpl-password\"}",
            id);
    assert_int_equal(ccs.status, 200);
}

static void test_ccs__reply_forms_vary_on_request(void **state)
{
    bool lower = false, number = false, zero = false, object = false;
    char id[40];

    (void)state;
    buy(",\"PublicIp\":[\"auto\"]", id);
    world("{\"switches\":{\"capitalonline_types\":\"vary\"}}");
    for (int i = 0; i < 8; i++) {
        co_call(&ccs, "POST", "/ccs", "ModifyInstanceAttribute",
                "{\"InstanceIds\":[\"%s\"],\"DeletionProtection\":false}", id);
        assert_int_equal(ccs.status, 200);
        assert_true(strcasecmp(co_code(&ccs), "success") == 0);
        lower |= *co_text(&ccs, "/code") != '\0';
    }
    for (int i = 1; i <= 3; i++) {
        world(i == 1   ? "{\"switches\":{\"capitalonline_types\":\"1\"}}"
              : i == 2 ? "{\"switches\":{\"capitalonline_types\":\"2\"}}"
                       : "{\"switches\":{\"capitalonline_types\":\"3\"}}");
        post("DescribeInstances", "{}");
        object |=
            yyjson_is_obj(yyjson_doc_ptr_get(ccs.json, "/Data/Instances/0/PublicNetworkInterface"));
        power("RebootInstance", id);
        assert_int_equal(ccs.status, 200);
        number |= co_int(&ccs, "/TaskId") > 0;
        zero |= strcmp(co_text(&ccs, "/TaskId"), "0") == 0;
        advance(2);
    }
    assert_true(lower && number && zero && object);
}

static void test_ccs__two_accounts_do_not_see_each_other(void **state)
{
    char id[40];

    (void)state;
    buy("", id);
    assert_int_equal(cloud_emulator_add_key(ccs.emulator, "another", "secret"), 0);
    ccs.key_id = "another";
    ccs.secret = "secret";
    assert_string_equal(state_of(id), "");
    assert_int_equal(power("StopInstance", id), 400);
    assert_string_equal(co_code(&ccs), "InstanceNotFound");
    /* All accounts use the VDC of the emulator. */
    buy(",\"PrivateIp\":[{\"PrivateId\":\"" PRIVATE "\",\"IP\":[\"auto\"]}]", id);
    assert_string_equal(state_of(id), "running");
}

#define CASE(name) cmocka_unit_test_setup_teardown(test_ccs__##name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(an_order_is_listed_once_its_task_has_started),
        CASE(a_new_instance_can_be_listed_late),
        CASE(an_upgrade_can_be_shown_late),
        CASE(power_goes_through_its_states),
        CASE(a_task_can_wait_for_polls_and_can_fail),
        CASE(a_batch_is_done_for_all_or_for_none),
        CASE(protection_prevents_deletion),
        CASE(lists_are_paged_and_filtered),
        CASE(addresses_are_allocated_and_released),
        CASE(a_network_runs_out),
        CASE(a_vdc_is_created_used_and_deleted),
        CASE(a_template_is_created_and_used),
        CASE(a_public_template_belongs_to_all_accounts),
        CASE(reply_forms_vary_on_request),
        CASE(two_accounts_do_not_see_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
