/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives the library every reply that the page of CapitalOnline CCS prints: as the reply to the
 * invoked action, and as the reply to the operation that sends the action.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/model/provider.h"
#include "tests/support/fake_transport.h"
#include "tests/providers/document_replies.h"

#define VM "f9053ea8-fc23-4032-8a7f-01def77b4cc0"
#define TASK "bbf63749-0186-4c68-8adc-9bf584bc1376"

/* A call, its replies and its result. */
struct play {
    struct fake script;
    struct fake_reply replies[2];
    char *texts[2];
    struct cloud_params params;
    struct cloud_result result;
    struct cloud_error err;
    int rc;
};

static struct play *play_new(const char *action, const char *second)
{
    struct play *play = calloc(1, sizeof(*play));
    const struct cloud_client_options options = { .size = sizeof(options),
                                                  .region = "CN_Beijing_A" };
    char name[128];

    assert_non_null(play);
    snprintf(name, sizeof(name), "document-%s.json", action);
    play->texts[0] = document_reply_read(name);
    play->replies[0] = (struct fake_reply){ .status = 200, .body = play->texts[0] };
    if (second) {
        snprintf(name, sizeof(name), "document-%s.json", second);
        play->texts[1] = document_reply_read(name);
        play->replies[1] = (struct fake_reply){ .status = 200, .body = play->texts[1] };
    }
    fake_open(&play->script, "capitalonline_ccs", &options);
    fake_play(&play->script, play->replies, second ? 2 : 1);
    play->params = (struct cloud_params)CLOUD_PARAMS_INIT;
    play->result = (struct cloud_result)CLOUD_RESULT_INIT;
    return play;
}

static void run(struct play *play, enum cloud_op op)
{
    play->rc = cloud_call(play->script.client, op, &play->params, &play->result, &play->err);
    if (play->rc)
        print_error("%s\n", play->err.message);
    assert_int_equal(play->rc, CLOUD_OK);
}

static void play_free(struct play *play)
{
    cloud_result_clear(&play->result);
    fake_close(&play->script);
    free(play->texts[0]);
    free(play->texts[1]);
    free(play);
}

static const struct invocation {
    const char *action, *parameters;
    const char *task_id; /* NULL: the action has no task */
    const char *holds;   /* a part of the data as compact JSON */
} invocations[] = {
    { "CreateInstance",
      "{\"RegionId\":\"CN_Beijing_A\",\"VdcId\":\"v\",\"Password\":\"123abc,.;\",\"InstanceName\":"
      "\"n\","
      "\"Cpu\":4,\"Ram\":8,\"InstanceType\":\"Standard\",\"PrepaidMonth\":1,\"PublicIp\":[\"auto\"]"
      ",\"PrivateIp\":[]}",
      "63749", "null" },
    { "DeleteInstance", "{\"InstanceIds\":[\"" VM "\"]}", TASK, "null" },
    { "StopInstance", "{\"InstanceId\":\"" VM "\",\"StopType\":\"HARD\"}", TASK, "null" },
    { "RebootInstance", "{\"InstanceId\":\"" VM "\"}", "63749", "null" },
    { "ModifyInstanceSpec", "{\"InstanceId\":\"" VM "\",\"Cpu\":4,\"Ram\":4}", TASK, "null" },
    { "CreateDisk",
      "{\"InstanceId\":\"" VM "\",\"DataDisks\":[{\"Size\":100,\"Type\":\"high_disk\"}]}", TASK,
      "null" },
    { "ResizeDisk", "{\"InstanceId\":\"" VM "\",\"DiskId\":\"d\",\"DataSize\":100,\"IOPS\":5}",
      TASK, "null" },
    { "DeleteDisk", "{\"InstanceId\":\"" VM "\",\"DiskIds\":[\"d\"]}", TASK, "null" },
    { "ResetImage", "{\"InstanceId\":\"" VM "\",\"ImageId\":\"i\",\"Password\":\"123abc,.;\"}",
      TASK, "null" },
    { "DescribeInstances", "{}", NULL, "\"InstanceId\":\"e0dfea2e-a7b6-11e9-a7ea-0242ac1102f8\"" },
    { "ConnectNetworkInterface", "{\"InterfaceId\":\"n\",\"InstanceId\":\"" VM "\"}", TASK,
      "null" },
    { "DisconnectNetworkInterface", "{\"InterfaceId\":\"n\",\"InstanceId\":\"" VM "\"}", TASK,
      "null" },
    { "ModifyIpAddress",
      "{\"InstanceId\":\"" VM
      "\",\"InterfaceId\":\"n\",\"Address\":\"None\",\"Password\":\"123abc,.;\"}",
      TASK, "null" },
    { "DescribeInstanceMonitor",
      "{\"InstanceId\":\"" VM "\",\"MetricName\":\"CPUUtilization\",\"Period\":60,"
      "\"StartTime\":\"2019-10-09 15:30:00\",\"EndTime\":\"2019-10-09 16:30:00\"}",
      NULL, "\"Value\":49.67" },
    { "StartInstance", "{\"InstanceId\":\"" VM "\"}", TASK, "null" },
    { "ModifyInstanceName", "{\"InstanceId\":\"" VM "\",\"InstanceName\":\"n\"}", NULL, "{}" },
    { "DescribeTags", "{}", NULL, "{\"TagId\":257,\"TagName\":\"sdfasdfasdfasdf\"}" },
    { "CreateTag", "{\"TagName\":\"abcd\"}", NULL, "{}" },
    { "DeleteTag", "{\"TagId\":\"257\"}", NULL, "{}" },
    { "AddInstancesTags", "{\"InstanceIds\":\"a,b\",\"AddTagIds\":\"123,456\"}", NULL, "{}" },
    { "DeleteInstancesTags", "{\"InstanceIds\":\"a,b\",\"DelTagIds\":\"123,456\"}", NULL, "{}" },
    { "DescribeInstanceType", "{\"RegionId\":\"CN_Beijing_A\",\"InstanceType\":\"Standard\"}", NULL,
      "\"Name\":\"1核1G\"" },
    { "DescribePublicIp", "{\"VdcId\":\"v\",\"PublicId\":\"w\"}", NULL,
      "\"Address\":\"111.222.14.111\"" },
    { "DescribePrivateIp", "{\"VdcId\":\"v\",\"PrivateId\":\"p\"}", NULL, "\"UnusedTotal\":2" },
    { "ResetInstancesPassword", "{\"InstanceIds\":\"" VM "\",\"Password\":\"123abc,.;\"}",
      "12334545", "\"TaskId\":233454556" },
    { "CreateInstanceHtmlConsoleURL", "{\"InstanceId\":\"" VM "\"}", NULL, "web_console" },
    { "ExtendSystemDisk", "{\"InstanceId\":\"" VM "\",\"Size\":200}", "111111",
      "{\"order_audit\":0}" },
    { "DescribeInstancePrice",
      "{\"RegionId\":\"CN_Beijing_A\",\"Cpu\":4,\"Ram\":8,\"InstanceType\":\"Standard\","
      "\"ImageId\":\"i\","
      "\"SystemDisk\":{\"Size\":200,\"Type\":\"ssd_system_disk\",\"IOPS\":5},\"Amount\":1}",
      NULL, "{\"TotalPrice\":244.8}" },
    { "StopInstances", "{\"InstanceIds\":\"a,b\"}", TASK, "null" },
    { "StartInstances", "{\"InstanceIds\":\"a,b\"}", TASK, "null" },
    { "RebootInstances", "{\"InstanceIds\":\"a,b\"}", "63749", "null" },
    { "BatchAddNetworkInterfaces",
      "{\"InstanceIds\":[\"a\"],\"PrivateId\":\"p\",\"VdcId\":\"v\",\"Password\":\"xxxx\"}",
      "12804345", "{}" },
    { "BatchDeleteNetworkInterfaces",
      "{\"InstanceIds\":[\"a\"],\"PublicId\":\"w\",\"VdcId\":\"v\"}", "12804345", "{}" },
    { "DescribeNetworkCardFlow",
      "{\"InstanceId\":\"" VM "\",\"InterfaceId\":\"n\",\"MetricName\":\"NetworkCardFlow\","
      "\"StartTime\":\"2019-10-09 15:30:00\",\"EndTime\":\"2019-10-09 16:30:00\"}",
      NULL, "\"Input\":0.89531" },
    { "GetIpInfoBySegment", "{\"PrivateId\":\"p\",\"Segment\":\"10.12.19.234/24\"}", NULL,
      "\"AvailableIPTotal\":2" },
    { "ModifyInstanceAttribute", "{\"InstanceIds\":[\"" VM "\"],\"DeletionProtection\":true}", NULL,
      "{}" },
    { "DescribeDedicatedHostTypes", "{\"RegionId\":\"CN_Beijing_A\"}", NULL, "{}" },
    { "DescribeDedicatedHosts", "{\"PageNumber\":1,\"PageSize\":20}", NULL, "{}" },
    { "AllocateDedicatedHosts",
      "{\"RegionId\":\"CN_Beijing_A\",\"DedicatedHostType\":\"t\",\"DedicatedHostGoodId\":\"6195\","
      "\"DedicatedHostName\":\"n\",\"DedicatedHostCpu\":24,\"DedicatedHostRam\":300,"
      "\"DedicatedHostLimit\":1,\"PrepaidMonth\":1,"
      "\"AutoRenew\":true,\"Amount\":1}",
      NULL, "{}" },
};

static void check_invocation(const struct invocation *i, struct play *play)
{
    play->params.action = i->action;
    play->params.parameters = i->parameters;
    run(play, CLOUD_OP_INVOKE);
    if (i->task_id)
        assert_string_equal(play->result.task_id, i->task_id);
    else
        assert_null(play->result.task_id);
    assert_non_null(strstr(play->result.json, i->holds));
    assert_int_equal(play->script.sent, play->script.reply_count);
    play_free(play);
}

static void test_document_replies_ccs__every_action_reads_its_printed_reply(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(invocations); i++)
        check_invocation(&invocations[i], play_new(invocations[i].action, NULL));
}

/* A precondition reads the instance first. The page's example is on demand. */
static void test_document_replies_ccs__changing_the_charge_type_returns_the_task(void **state)
{
    static const struct invocation change = {
        "ModifyInstanceChargeType",
        /* the instance of the page's example */
        "{\"InstanceId\":\"e0dfea2e-a7b6-11e9-a7ea-0242ac1102f8\","
        "\"InstanceChargeType\":\"PrePaid\",\"PrepaidMonth\":1}",
        TASK, "null"
    };

    (void)state;
    check_invocation(&change, play_new("DescribeInstances", "ModifyInstanceChargeType"));
}

static void test_document_replies_ccs__no_action_of_the_page_is_missing(void **state)
{
    const struct cloud_provider *provider = cc_provider_find("capitalonline_ccs");
    /* actions of other pages and of the SDK, which have no printed reply */
    static const char elsewhere[] =
        " ModifyInstanceChargeType ModifyInstanceHostName DescribeHistoryInstance DescribeTask "
        "DescribeAvailableResource DescribeTemplateInfo CreateTemplate DeleteTemplate SyncTemplate "
        "DescribeVdc CreateVdc DeleteVdc ";
    char name[128];

    (void)state;
    for (const struct cc_action *a = provider->actions; a->name; a++) {
        size_t found = 0;

        for (size_t i = 0; i < CC_COUNT(invocations); i++)
            found += !strcmp(invocations[i].action, a->name);
        snprintf(name, sizeof(name), " %s ", a->name);
        assert_int_equal(found, strstr(elsewhere, name) ? 0 : 1);
    }
}

static void check_task(enum cloud_op op, const char *action, const char *task_id)
{
    struct play *play = play_new(action, NULL);

    play->params.instance_id = VM;
    if (op == CLOUD_OP_MODIFY_INSTANCE_PASSWD)
        play->params.password = "123abc,.;";
    run(play, op);
    assert_string_equal(play->result.task_id, task_id);
    assert_int_equal(play->err.outcome, CLOUD_APPLIED);
    play_free(play);
}

static void test_document_replies_ccs__changes_return_their_task(void **state)
{
    (void)state;
    check_task(CLOUD_OP_START_INSTANCE, "StartInstance", TASK);
    check_task(CLOUD_OP_STOP_INSTANCE, "StopInstance", TASK);
    check_task(CLOUD_OP_REBOOT_INSTANCE, "RebootInstance", "63749");
    check_task(CLOUD_OP_DELETE_INSTANCE, "DeleteInstance", TASK);
    check_task(CLOUD_OP_MODIFY_INSTANCE_PASSWD, "ResetInstancesPassword", "12334545");
}

static void test_document_replies_ccs__delete_returns_the_request_id(void **state)
{
    struct play *play = play_new("DeleteInstance", NULL);

    (void)state;
    play->params.instance_id = VM;
    run(play, CLOUD_OP_DELETE_INSTANCE);
    assert_string_equal(play->result.request_id, "bbf63749-0186-4c68-8adc-9bf584b1234");
    play_free(play);
}

static void order(struct cloud_params *p)
{
    p->name = "web";
    p->family = "Standard";
    p->cpu = 4;
    p->memory_gb = 8;
    p->vpc_id = "v";
    p->password = "123abc,.;";
    p->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
}

static void test_document_replies_ccs__create_returns_the_task(void **state)
{
    struct play *play = play_new("CreateInstance", NULL);

    (void)state;
    order(&play->params);
    run(play, CLOUD_OP_CREATE_INSTANCE);
    assert_string_equal(play->result.task_id, "63749");
    assert_int_equal(play->result.id_count, 0);
    play_free(play);
}

static void test_document_replies_ccs__the_price_is_read(void **state)
{
    struct play *play = play_new("DescribeInstancePrice", NULL);

    (void)state;
    order(&play->params);
    play->params.name = play->params.vpc_id = play->params.password = NULL;
    run(play, CLOUD_OP_DESCRIBE_PRICE);
    assert_int_equal(play->result.price.total.micros, 244800000);
    assert_string_equal(play->result.price.total.currency, "CNY");
    assert_int_equal(play->result.price.source, CLOUD_PRICE_VENDOR);
    assert_int_equal(play->result.price.period.count, 1);
    play_free(play);
}

static void test_document_replies_ccs__the_console_url_is_read(void **state)
{
    struct play *play = play_new("CreateInstanceHtmlConsoleURL", NULL);

    (void)state;
    play->params.instance_id = VM;
    run(play, CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL);
    assert_string_equal(play->result.console.url,
                        "https://console.capitalonline.net/web_console/"
                        "xxxxxx?os_type=centos&instance=xxx&info=xxxxxxxx");
    assert_null(play->result.task_id);
    play_free(play);
}

static void test_document_replies_ccs__instance_types_are_read(void **state)
{
    struct play *play = play_new("DescribeInstanceType", NULL);

    (void)state;
    play->params.family = "Standard";
    run(play, CLOUD_OP_DESCRIBE_INSTANCE_TYPES);
    assert_int_equal(play->result.type_count, 2);
    assert_string_equal(play->result.types[1].family, "Standard");
    assert_int_equal(play->result.types[1].cpu, 1);
    assert_int_equal(play->result.types[1].memory_mb, 2048);
    assert_string_equal(play->result.types[1].description, "1核2G");
    play_free(play);
}

static void check_instance(const struct cloud_instance *i)
{
    assert_string_equal(i->id, "e0dfea2e-a7b6-11e9-a7ea-0242ac1102f8");
    assert_string_equal(i->name, "root");
    assert_int_equal(i->state, CLOUD_STATE_UPDATING);
    assert_string_equal(i->vendor_state, "updating");
    assert_int_equal(i->charge_mode, CLOUD_CHARGE_POSTPAID);
    assert_string_equal(i->vendor_charge_mode, "PostPaid");
    assert_string_equal(i->zone, "CN_Beijing_A");
    assert_int_equal(i->cpu, 4);
    assert_int_equal(i->memory_mb, 4096);
    assert_int_equal(i->system_disk.size_gb, 60);
    assert_int_equal(i->system_disk.iops, 600);
    assert_int_equal(i->data_disk_count, 0);
    assert_string_equal(i->private_ip, "10.240.59.2");
    assert_string_equal(i->subnet_id, "4e6f6790-a6b3-11e9-8f88-0242ac110041");
    assert_string_equal(i->public_ip, "100.255.1.189");
    assert_int_equal(i->tag_count, 1);
    assert_string_equal(i->tags[0].key, "tag_abc");
    assert_string_equal(i->tags[0].value, "123");
    assert_int_equal(i->expires_at, CLOUD_TIME_NONE);
    assert_int_equal(i->auto_renew, CLOUD_UNSET);
}

static void test_document_replies_ccs__instances_are_read(void **state)
{
    struct play *list = play_new("DescribeInstances", NULL),
                *show = play_new("DescribeInstances", NULL);

    (void)state;
    run(list, CLOUD_OP_DESCRIBE_INSTANCES);
    assert_int_equal(list->result.instance_count, 1);
    check_instance(&list->result.instances[0]);
    show->params.instance_id = "e0dfea2e-a7b6-11e9-a7ea-0242ac1102f8";
    run(show, CLOUD_OP_DESCRIBE_INSTANCE);
    assert_int_equal(show->result.instance_count, 1);
    check_instance(&show->result.instances[0]);
    play_free(list);
    play_free(show);
}

static void test_document_replies_ccs__disks_of_instances_are_read(void **state)
{
    struct play *play = play_new("DescribeInstances", NULL);

    (void)state;
    run(play, CLOUD_OP_DESCRIBE_DISKS);
    assert_int_equal(play->result.disk_count, 1);
    assert_string_equal(play->result.disks[0].role, "system");
    assert_int_equal(play->result.disks[0].size_gb, 60);
    assert_string_equal(play->result.disks[0].instance_id, "e0dfea2e-a7b6-11e9-a7ea-0242ac1102f8");
    assert_int_equal(play->result.instance_count, 0);
    play_free(play);
}

static void test_document_replies_ccs__extending_the_system_disk_returns_the_task(void **state)
{
    struct play *play = play_new("DescribeInstances", "ExtendSystemDisk");

    (void)state;
    play->params.instance_id = "e0dfea2e-a7b6-11e9-a7ea-0242ac1102f8";
    play->params.system_disk_gb = 200;
    run(play, CLOUD_OP_UPGRADE_INSTANCE);
    assert_string_equal(play->result.task_id, "111111");
    play_free(play);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_document_replies_ccs__every_action_reads_its_printed_reply),
        cmocka_unit_test(test_document_replies_ccs__changing_the_charge_type_returns_the_task),
        cmocka_unit_test(test_document_replies_ccs__no_action_of_the_page_is_missing),
        cmocka_unit_test(test_document_replies_ccs__changes_return_their_task),
        cmocka_unit_test(test_document_replies_ccs__delete_returns_the_request_id),
        cmocka_unit_test(test_document_replies_ccs__create_returns_the_task),
        cmocka_unit_test(test_document_replies_ccs__the_price_is_read),
        cmocka_unit_test(test_document_replies_ccs__the_console_url_is_read),
        cmocka_unit_test(test_document_replies_ccs__instance_types_are_read),
        cmocka_unit_test(test_document_replies_ccs__instances_are_read),
        cmocka_unit_test(test_document_replies_ccs__disks_of_instances_are_read),
        cmocka_unit_test(test_document_replies_ccs__extending_the_system_disk_returns_the_task),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
