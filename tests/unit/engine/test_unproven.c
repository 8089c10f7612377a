/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests that a change whose answer does not prove a refusal ends as "unknown" and is not sent
 * again, whatever the HTTP status is, and that a proven refusal ends as "not applied".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/support/fake_transport.h"

#define JD(status) \
    "{\"requestId\":\"r\",\"error\":{\"code\":400,\"status\":\"" status "\",\"message\":\"no\"}}"
#define CO(code) "{\"Code\":" code ",\"Msg\":\"no\",\"Data\":{},\"RequestId\":\"r\"}"

static struct fake script;
static struct cloud_error err;
static struct cloud_result result = CLOUD_RESULT_INIT;

static const int statuses[] = { 200, 400, 403 };

static void end(void)
{
    cloud_result_clear(&result);
    fake_close(&script);
}

static struct cloud_params jd_purchase(void)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.name = "web-1";
    p.zone = "cn-north-1a";
    p.instance_type = "g.n2.medium";
    p.image_id = "img-1";
    p.subnet_id = "subnet-1";
    p.system_disk_gb = 40;
    return p;
}

static struct cloud_params ecs_purchase(void)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.zone = "CN_Hohhot_B";
    p.family = "C3";
    p.cpu = 2;
    p.memory_gb = 4;
    p.system_disk_gb = 40;
    p.image_id = "img-1";
    p.vpc_id = "vpc-1";
    p.subnet_id = "net-1";
    p.password = "Gre7n$Tea-9";
    return p;
}

static struct cloud_params ccs_purchase(void)
{
    struct cloud_params p = ecs_purchase();

    p.zone = "CN_Beijing_A";
    p.name = "web";
    return p;
}

static struct cloud_params of_instance(void)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.instance_id = "i-1";
    return p;
}

static struct cloud_params invoking(const char *action, const char *parameters)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.action = action;
    p.parameters = parameters;
    return p;
}

static void expect_unknown(const char *provider, enum cloud_op op, const struct cloud_params *p,
                           int status, const char *body)
{
    struct fake_reply replies[] = { { .status = status, .body = body },
                                    { .status = status, .body = body } };

    fake_open(&script, provider, NULL);
    fake_play(&script, replies, CC_COUNT(replies));
    if (!cloud_call(script.client, op, p, &result, &err))
        fail_msg("%s %s: HTTP %d %s is a success", provider, cloud_op_info(op)->word, status, body);
    if (script.sent != 1 || err.outcome != CLOUD_OUTCOME_UNKNOWN)
        fail_msg("%s %s: HTTP %d %s: %zu requests, %s", provider, cloud_op_info(op)->word, status,
                 body, script.sent, cloud_outcome_name(err.outcome));
    end();
}

static void test_unproven__capitalonline_is_not_asked_twice(void **state)
{
    static const char *const bodies[] = {
        CO("\"InternalError\""),
        CO("\"NewCode\""),
        CO("\"Succeeded\""),
        CO("\"OK\""),
        CO("\"\""),
        CO("0"),
        CO("200"),
        CO("true"),
        CO("null"),
        CO("{}"),
        "{\"Data\":{}}",
        "{}",
        "{\"Code\":\"OK\",\"Msg\":\"created, account balance 100.00\"}",
    };
    const struct cloud_params ecs = ecs_purchase(), ccs = ccs_purchase(), one = of_instance();
    const struct cloud_params stop_ecs = invoking("DeleteInstance", "{\"EcsIds\":[\"ins-1\"]}"),
                              stop_ccs = invoking("ModifyInstanceSpec", "{\"InstanceId\":\"i-1\"}");

    (void)state;
    for (size_t i = 0; i < CC_COUNT(bodies); i++) {
        for (size_t k = 0; k < CC_COUNT(statuses); k++) {
            if (statuses[k] != 200 && i == CC_COUNT(bodies) - 1)
                continue; /* lack of money behind an error status: a refusal */
            expect_unknown("capitalonline_ecs", CLOUD_OP_CREATE_INSTANCE, &ecs, statuses[k],
                           bodies[i]);
            expect_unknown("capitalonline_ecs", CLOUD_OP_STOP_INSTANCE, &one, statuses[k],
                           bodies[i]);
            expect_unknown("capitalonline_ecs", CLOUD_OP_DELETE_INSTANCE, &one, statuses[k],
                           bodies[i]);
            expect_unknown("capitalonline_ecs", CLOUD_OP_INVOKE, &stop_ecs, statuses[k], bodies[i]);
            expect_unknown("capitalonline_ccs", CLOUD_OP_CREATE_INSTANCE, &ccs, statuses[k],
                           bodies[i]);
            expect_unknown("capitalonline_ccs", CLOUD_OP_REBOOT_INSTANCE, &one, statuses[k],
                           bodies[i]);
            expect_unknown("capitalonline_ccs", CLOUD_OP_INVOKE, &stop_ccs, statuses[k], bodies[i]);
        }
    }
}

static void test_unproven__jdcloud_is_not_asked_twice(void **state)
{
    static const char *const bodies[] = {
        JD("INTERNAL"),
        JD("INNER_ERROR"),
        JD("UNKNOWN"),
        JD("UNAVAILABLE"),
        JD("ABORTED"),
        JD("NEW_WORD"),
        JD("OK"),
        JD(""),
        "{\"requestId\":\"r\",\"error\":{\"code\":0}}",
        "{\"requestId\":\"r\",\"error\":{\"code\":200,\"status\":\"OK\"}}",
        "{\"requestId\":\"r\",\"error\":{}}",
    };
    const struct cloud_params one = of_instance();
    struct cloud_params passwd = of_instance();
    const struct cloud_params renew =
        invoking("renewInstance",
                 "{\"renewInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\"}}");

    (void)state;
    passwd.password = "Gre7n$Tea-9";
    for (size_t i = 0; i < CC_COUNT(bodies); i++) {
        for (size_t k = 0; k < CC_COUNT(statuses); k++) {
            expect_unknown("jdcloud", CLOUD_OP_STOP_INSTANCE, &one, statuses[k], bodies[i]);
            expect_unknown("jdcloud", CLOUD_OP_DELETE_INSTANCE, &one, statuses[k], bodies[i]);
            expect_unknown("jdcloud", CLOUD_OP_MODIFY_INSTANCE_PASSWD, &passwd, statuses[k],
                           bodies[i]);
            expect_unknown("jdcloud", CLOUD_OP_INVOKE, &renew, statuses[k], bodies[i]);
        }
    }
}

/* the purchase has a client token, so it may be repeated */
static void test_unproven__a_purchase_that_jdcloud_recognises_is_repeated(void **state)
{
    const struct cloud_params p = jd_purchase();

    (void)state;
    for (size_t k = 0; k < CC_COUNT(statuses); k++) {
        struct fake_reply replies[] = {
            { .status = statuses[k], .body = JD("INTERNAL") },
            { .status = 200,
              .body = "{\"requestId\":\"r\",\"result\":{\"instanceIds\":[\"i-1\"]}}" },
        };

        fake_open(&script, "jdcloud", NULL);
        fake_play(&script, replies, CC_COUNT(replies));
        assert_int_equal(cloud_create_instance(script.client, &p, &result, &err), CLOUD_OK);
        assert_int_equal(script.sent, 2);
        fake_play(&script, replies, 1);
        assert_int_not_equal(cloud_create_instance(script.client, &p, &result, &err), CLOUD_OK);
        assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
        end();
    }
}

/* an answer that may come from something between us and the vendor */
static void test_unproven__a_success_needs_a_code_or_a_request_id(void **state)
{
    struct cloud_params resize = invoking("resizeInstance", "{\"instanceId\":\"i-1\","
                                                            "\"instanceType\":\"g.n2.large\"}");

    (void)state;
    expect_unknown("jdcloud", CLOUD_OP_INVOKE, &resize, 200, "{}");
    assert_int_equal(err.code, CLOUD_EPROTOCOL);
    expect_unknown("jdcloud", CLOUD_OP_INVOKE, &resize, 200, "{\"requestId\":\"\",\"result\":{}}");
    expect_unknown("jdcloud", CLOUD_OP_INVOKE, &resize, 200, "{\"result\":{\"ok\":true}}");
}

static void expect_refused(const char *provider, enum cloud_op op, const struct cloud_params *p,
                           int status, const char *body, int code)
{
    struct fake_reply reply = { .status = status, .body = body };

    fake_open(&script, provider, NULL);
    fake_play(&script, &reply, 1);
    if (cloud_call(script.client, op, p, &result, &err) != code || script.sent != 1 ||
        err.outcome != CLOUD_NOT_APPLIED)
        fail_msg("%s: HTTP %d %s: %s, %zu requests, %s", provider, status, body,
                 cloud_code_name(err.code), script.sent, cloud_outcome_name(err.outcome));
    end();
}

static void test_unproven__a_known_refusal_is_not_applied(void **state)
{
    const struct cloud_params jd = jd_purchase(), ecs = ecs_purchase(), ccs = ccs_purchase(),
                              one = of_instance();

    (void)state;
    expect_refused("jdcloud", CLOUD_OP_CREATE_INSTANCE, &jd, 429, JD("QUOTA_EXCEEDED"),
                   CLOUD_EQUOTA);
    expect_refused("jdcloud", CLOUD_OP_CREATE_INSTANCE, &jd, 200, JD("INVALID_ARGUMENT"),
                   CLOUD_EINVAL);
    expect_refused("jdcloud", CLOUD_OP_STOP_INSTANCE, &one, 401, JD("ACCESS_ERROR"), CLOUD_EAUTH);
    expect_refused("capitalonline_ecs", CLOUD_OP_CREATE_INSTANCE, &ecs, 401,
                   CO("\"SignatureDoesNotMatch\""), CLOUD_EAUTH);
    expect_refused("capitalonline_ecs", CLOUD_OP_CREATE_INSTANCE, &ecs, 400,
                   CO("\"MaxEcsCountExceed\""), CLOUD_EQUOTA);
    expect_refused("capitalonline_ecs", CLOUD_OP_STOP_INSTANCE, &one, 403,
                   CO("\"InvalidOperation.InstanceStatusUnsupported\""), CLOUD_ESTATE);
    expect_refused("capitalonline_ecs", CLOUD_OP_CREATE_INSTANCE, &ecs, 403,
                   "{\"Code\":\"InvalidOperation\",\"Msg\":\"The size is Sold Out.\"}",
                   CLOUD_ESOLDOUT);
    expect_refused("capitalonline_ecs", CLOUD_OP_CREATE_INSTANCE, &ecs, 400,
                   "{\"Code\":\"Stock\",\"Msg\":\"sold out\"}", CLOUD_ESOLDOUT);
    expect_refused("capitalonline_ccs", CLOUD_OP_CREATE_INSTANCE, &ccs, 403,
                   CO("\"Zone.NotOnSale\""), CLOUD_ESOLDOUT);
    expect_refused("capitalonline_ccs", CLOUD_OP_CREATE_INSTANCE, &ccs, 400,
                   CO("\"NotEnoughBalance\""), CLOUD_EBALANCE);
    expect_refused("capitalonline_ccs", CLOUD_OP_STOP_INSTANCE, &one, 403,
                   CO("\"IncorrectInstanceStatus\""), CLOUD_ESTATE);
}

/* a known code does not prove more than the status lets it */
static void test_unproven__a_server_error_proves_nothing(void **state)
{
    const struct cloud_params ecs = ecs_purchase(), one = of_instance();

    (void)state;
    expect_unknown("capitalonline_ecs", CLOUD_OP_CREATE_INSTANCE, &ecs, 500,
                   CO("\"InvalidParameter\""));
    expect_unknown("capitalonline_ecs", CLOUD_OP_CREATE_INSTANCE, &ecs, 429, "slow down");
    expect_unknown("capitalonline_ecs", CLOUD_OP_CREATE_INSTANCE, &ecs, 400,
                   "{\"Code\":\"InternalError\",\"Msg\":\"sold out\"}");
    expect_unknown("jdcloud", CLOUD_OP_STOP_INSTANCE, &one, 408, JD("INVALID_ARGUMENT"));
    expect_unknown("jdcloud", CLOUD_OP_STOP_INSTANCE, &one, 404, "<html>not found</html>");
}

static void test_unproven__a_busy_vendor_is_asked_again(void **state)
{
    const struct fake_reply replies[] = {
        { .status = 403, .body = CO("\"TaskDuplicate\"") },
        { .status = 200, .body = "{\"Code\":\"Success\",\"TaskId\":\"7\"}" },
    };

    (void)state;
    fake_open(&script, "capitalonline_ccs", NULL);
    fake_play(&script, replies, 2);
    assert_int_equal(cloud_reboot_instance(script.client, "i-1", &err), CLOUD_OK);
    assert_int_equal(script.sent, 2);
    fake_play(&script, (struct fake_reply[]){ replies[0], replies[0], replies[0] }, 3);
    assert_int_equal(cloud_reboot_instance(script.client, "i-1", &err), CLOUD_ESTATE);
    assert_int_equal(script.sent, 3);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    end();
}

/* the clock is learned for the next call, but a change that is not refused is not sent again */
static void test_unproven__a_wrong_clock_repeats_only_what_was_refused(void **state)
{
    const char *date = "Mon, 22 Aug 2022 09:41:28 GMT";
    const struct fake_reply denied = { .status = 403, .body = CO("\"Weird\""), .date = date },
                            expired = { .status = 403,
                                        .body = CO("\"RequestExpired\""),
                                        .date = date },
                            done = { .status = 200, .body = "{\"Code\":\"Success\"}" };

    (void)state;
    fake_open(&script, "capitalonline_ccs", NULL);
    fake_play(&script, (struct fake_reply[]){ denied, done }, 2);
    assert_int_equal(cloud_stop_instance(script.client, "i-1", false, &err), CLOUD_EDENIED);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_int_equal(script.sent, 1);
    end();
    fake_open(&script, "capitalonline_ccs", NULL);
    fake_play(&script, (struct fake_reply[]){ expired, done }, 2);
    assert_int_equal(cloud_stop_instance(script.client, "i-1", false, &err), CLOUD_OK);
    assert_int_equal(script.sent, 2);
    end();
}

static void test_unproven__reading_is_repeated_as_before(void **state)
{
    const struct fake_reply replies[] = {
        { .status = 200, .body = CO("\"InternalError\"") },
        { .status = 429, .body = "slow down" },
        { .status = 200,
          .body = "{\"Code\":\"Success\",\"Data\":{\"EcsId\":\"i-1\",\"Status\":"
                  "\"running\"}}" },
    };

    (void)state;
    fake_open(&script, "capitalonline_ecs", NULL);
    fake_play(&script, replies, CC_COUNT(replies));
    assert_int_equal(cloud_describe_instance(script.client, "i-1", &result, &err), CLOUD_OK);
    assert_int_equal(script.sent, 3);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unproven__capitalonline_is_not_asked_twice),
        cmocka_unit_test(test_unproven__jdcloud_is_not_asked_twice),
        cmocka_unit_test(test_unproven__a_purchase_that_jdcloud_recognises_is_repeated),
        cmocka_unit_test(test_unproven__a_success_needs_a_code_or_a_request_id),
        cmocka_unit_test(test_unproven__a_known_refusal_is_not_applied),
        cmocka_unit_test(test_unproven__a_server_error_proves_nothing),
        cmocka_unit_test(test_unproven__a_busy_vendor_is_asked_again),
        cmocka_unit_test(test_unproven__a_wrong_clock_repeats_only_what_was_refused),
        cmocka_unit_test(test_unproven__reading_is_repeated_as_before),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
