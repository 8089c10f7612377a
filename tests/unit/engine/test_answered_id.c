/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that an answer about another id than the request's is CLOUD_EPROTOCOL at every vendor. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/fake_transport.h"

#define JD(result) "{\"requestId\":\"r\",\"result\":" result "}"
#define JD_INSTANCE(id) \
    JD("{\"instance\":{\"instanceId\":\"" id "\",\"status\":\"stopped\"," \
       "\"charge\":{\"chargeMode\":\"prepaid_by_duration\"},\"systemDisk\":{\"cloudDisk\":{" \
       "\"diskId\":\"vol-1\",\"diskSizeGB\":40}}}}")
#define CO(data) "{\"Code\":\"Success\",\"Data\":" data "}"
#define ECS_INSTANCE(id) CO("{\"EcsId\":\"" id "\",\"Status\":\"running\"}")
#define CCS_INSTANCE(id) \
    CO("{\"Instances\":[{\"InstanceId\":\"" id "\",\"InstanceStatus\":\"running\"}]," \
       "\"PageCount\":1}")
#define CCS_TASK(id) "{\"Code\":\"Success\",\"Data\":{\"Status\":\"DOING\"},\"TaskId\":" id "}"

static struct fake script;
static struct cloud_error err;
static struct cloud_result result = CLOUD_RESULT_INIT;

enum { INSTANCE, TASK, TASK_OF_INSTANCE, DISKS };

static int ask(const char *provider, int what, const char *body)
{
    struct fake_reply reply = { .status = 200, .body = body };
    struct cloud_params p = CLOUD_PARAMS_INIT;
    int rc;

    fake_open(&script, provider, NULL);
    fake_play(&script, &reply, 1);
    if (what == TASK)
        p.task_id = "7";
    else
        p.instance_id = "i-1";
    rc = cloud_call(script.client,
                    what == INSTANCE ? CLOUD_OP_DESCRIBE_INSTANCE
                    : what == DISKS  ? CLOUD_OP_DESCRIBE_DISKS
                                     : CLOUD_OP_DESCRIBE_TASK,
                    &p, &result, &err);
    assert_int_equal(script.sent, 1);
    assert_true(!rc == (result.storage != NULL));
    cloud_result_clear(&result);
    fake_close(&script);
    return rc;
}

static void test_answered_id__must_be_the_one_that_was_asked_for(void **state)
{
    static const struct {
        const char *provider;
        int what;
        const char *right, *other;
    } cases[] = {
        { "jdcloud", INSTANCE, JD_INSTANCE("i-1"), JD_INSTANCE("i-2") },
        { "jdcloud", INSTANCE, JD_INSTANCE("i-1"), JD_INSTANCE("I-1") },
        { "jdcloud", TASK_OF_INSTANCE, JD_INSTANCE("i-1"), JD_INSTANCE("i-10") },
        { "jdcloud", TASK, JD("{\"data\":{\"orderNumber\":\"7\",\"status\":\"PAID\"}}"),
          JD("{\"data\":{\"orderNumber\":\"8\",\"status\":\"PAID\"}}") },
        { "jdcloud", TASK, JD("{\"data\":{\"orderNumber\":7,\"status\":\"PAID\"}}"),
          JD("{\"data\":{\"orderNumber\":8,\"status\":\"PAID\"}}") },
        { "capitalonline_ecs", INSTANCE, ECS_INSTANCE("i-1"), ECS_INSTANCE("i-2") },
        { "capitalonline_ecs", TASK_OF_INSTANCE, ECS_INSTANCE("i-1"), ECS_INSTANCE("i-2") },
        { "capitalonline_ecs", TASK, CO("{\"EventId\":\"7\",\"EventStatus\":\"doing\"}"),
          CO("{\"EventId\":\"8\",\"EventStatus\":\"doing\"}") },
        { "capitalonline_ecs", DISKS, CO("{\"DiskList\":[{\"DiskId\":\"d\",\"EcsId\":\"i-1\"}]}"),
          CO("{\"DiskList\":[{\"DiskId\":\"d\",\"EcsId\":\"i-1\"},{\"DiskId\":\"e\",\"EcsId\":"
             "\"i-2\"}]}") },
        { "capitalonline_ccs", INSTANCE, CCS_INSTANCE("i-1"), CCS_INSTANCE("i-2") },
        { "capitalonline_ccs", TASK_OF_INSTANCE, CCS_INSTANCE("i-1"), CCS_INSTANCE("i-2") },
        { "capitalonline_ccs", DISKS, CCS_INSTANCE("i-1"), CCS_INSTANCE("i-2") },
        { "capitalonline_ccs", TASK, CCS_TASK("\"7\""), CCS_TASK("\"8\"") },
        { "capitalonline_ccs", TASK, CCS_TASK("7"), CCS_TASK("8") },
        { "capitalonline_ccs", TASK, CCS_TASK("\"0\""), CCS_TASK("\"70\"") },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        if (ask(cases[i].provider, cases[i].what, cases[i].right))
            fail_msg("case %zu: %s", i, err.message);
        if (ask(cases[i].provider, cases[i].what, cases[i].other) != CLOUD_EPROTOCOL)
            fail_msg("case %zu: another id is %s", i, cloud_code_name(err.code));
        assert_non_null(strstr(err.message, "but the request was for"));
    }
}

static void play_jd(enum cloud_op op, const struct fake_reply *replies, size_t count)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    fake_open(&script, "jdcloud", NULL);
    fake_play(&script, replies, count);
    p.instance_id = "i-1";
    if (op == CLOUD_OP_UPGRADE_INSTANCE)
        p.system_disk_gb = 80;
    else
        p.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    assert_int_equal(cloud_call(script.client, op, &p, &result, &err), CLOUD_EPROTOCOL);
    cloud_result_clear(&result);
    fake_close(&script);
}

/* nothing is bought for another instance than the request names */
static void test_answered_id__a_renewal_stops_at_another_instance(void **state)
{
    const struct fake_reply other = { .status = 200, .body = JD_INSTANCE("i-2") };

    (void)state;
    play_jd(CLOUD_OP_RENEW_INSTANCE, &other, 1);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
}

static void test_answered_id__a_price_is_of_the_instance(void **state)
{
    const struct fake_reply replies[] = {
        { .status = 200, .body = JD_INSTANCE("i-1") },
        { .status = 200,
          .body = JD("{\"discountedTotalPrice\":1.00,\"list\":[{\"resourceId\":\"i-1\"},{"
                     "\"resourceId\":\"i-2\"}]}") },
    };

    (void)state;
    play_jd(CLOUD_OP_DESCRIBE_RENEW_PRICE, replies, CC_COUNT(replies));
    assert_non_null(strstr(err.message, "i-2"));
}

static void test_answered_id__a_disk_is_the_one_that_was_detached(void **state)
{
    const struct fake_reply replies[] = {
        { .status = 200, .body = JD_INSTANCE("i-1") },
        { .status = 200, .body = JD("{}") },
        { .status = 200, .body = JD("{\"disk\":{\"diskId\":\"vol-2\",\"status\":\"available\"}}") },
    };

    (void)state;
    play_jd(CLOUD_OP_UPGRADE_INSTANCE, replies, CC_COUNT(replies));
    assert_non_null(strstr(err.message, "vol-2"));
}

/* the guard of an action that may buy time looks at the instance of the request */
static void test_answered_id__a_guard_looks_at_the_right_instance(void **state)
{
    const struct fake_reply reply = {
        .status = 200,
        .body = CO("{\"Instances\":[{\"InstanceId\":\"i-2\",\"InstanceStatus\":\"running\","
                   "\"InstanceChargeType\":\"PostPaid\"}],\"PageCount\":1}")
    };

    (void)state;
    fake_open(&script, "capitalonline_ccs", NULL);
    fake_play(&script, &reply, 1);
    assert_int_equal(cloud_invoke(script.client, "ModifyInstanceChargeType",
                                  "{\"InstanceId\":\"i-1\",\"InstanceChargeType\":\"PrePaid\"}",
                                  &result, &err),
                     CLOUD_EPROTOCOL);
    assert_int_equal(script.sent, 1);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    cloud_result_clear(&result);
    fake_close(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_answered_id__must_be_the_one_that_was_asked_for),
        cmocka_unit_test(test_answered_id__a_renewal_stops_at_another_instance),
        cmocka_unit_test(test_answered_id__a_price_is_of_the_instance),
        cmocka_unit_test(test_answered_id__a_disk_is_the_one_that_was_detached),
        cmocka_unit_test(test_answered_id__a_guard_looks_at_the_right_instance),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
