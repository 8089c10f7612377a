/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests what an error of a vendor means: HTTP statuses, words of messages, the parameter that a
 * message names, forms of answers that are no JSON, and every form of Retry-After.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "tests/support/fake_transport.h"

#define JD(status, message) \
    "{\"requestId\":\"r\",\"error\":{\"code\":400,\"status\":\"" status \
    "\",\"message\":\"" message "\"}}"
#define CO(code, message) "{\"Code\":\"" code "\",\"Msg\":\"" message "\",\"Data\":{}}"
#define RUNNING \
    "{\"requestId\":\"r\",\"result\":{\"instance\":{\"instanceId\":\"i-1\",\"status\":" \
    "\"running\"}}}"

static struct fake script;
static size_t sent;
static struct cloud_error err;
static struct cloud_result result = CLOUD_RESULT_INIT;

static int show(const char *provider, const struct fake_reply *reply)
{
    int rc;

    fake_open(&script, provider, NULL);
    fake_play(&script, (struct fake_reply[]){ *reply, *reply, *reply }, 3);
    rc = cloud_describe_instance(script.client, "i-1", &result, &err);
    sent = script.sent;
    cloud_result_clear(&result);
    fake_close(&script);
    return rc;
}

static void test_error_meaning__by_code_status_and_words(void **state)
{
    static const struct {
        const char *provider;
        int status;
        const char *body;
        int means;
    } cases[] = {
        { "jdcloud", 407, "<html>", CLOUD_ENETWORK },
        { "capitalonline_ecs", 407, "", CLOUD_ENETWORK },
        { "capitalonline_ecs", 403, CO("Weird", "no"), CLOUD_EDENIED },
        { "capitalonline_ccs", 403, CO("Weird", "no"), CLOUD_EDENIED },
        { "capitalonline_ccs", 401, CO("Weird", "no"), CLOUD_EAUTH },
        { "capitalonline_ecs", 403, CO("TaskDuplicate", "busy"), CLOUD_ESTATE },
        { "capitalonline_ccs", 403, CO("TaskDuplicate", "busy"), CLOUD_ESTATE },
        { "capitalonline_ccs", 403, CO("InvalidDiskSize.TooSmall", "no"), CLOUD_EINVAL },
        { "capitalonline_ccs", 403, CO("InvalidIp.IpAssigned", "no"), CLOUD_ECONFLICT },
        { "capitalonline_ecs", 403, CO("InvalidOperation", "The spec is sold out."),
          CLOUD_ESOLDOUT },
        { "capitalonline_ecs", 403, CO("InvalidOperation", "SOLD OUT"), CLOUD_ESOLDOUT },
        { "capitalonline_ecs", 400, CO("Weird", "it is out of stock"), CLOUD_ESOLDOUT },
        { "capitalonline_ecs", 403, CO("InvalidOperation", "The balance is not enough."),
          CLOUD_EBALANCE },
        { "capitalonline_ecs", 403, CO("InvalidOperation", "used by a load balance"),
          CLOUD_ESTATE },
        { "capitalonline_ecs", 403, CO("InvalidOperation", "load-balancer lb-1"), CLOUD_ESTATE },
        { "jdcloud", 400, JD("FAILED_PRECONDITION", "account balance is too low"), CLOUD_EBALANCE },
        { "jdcloud", 400, JD("FAILED_PRECONDITION", "Balance: 3.00"), CLOUD_EBALANCE },
        { "jdcloud", 400, JD("FAILED_PRECONDITION", "in a load balance group"), CLOUD_ESTATE },
        { "jdcloud", 400, JD("FAILED_PRECONDITION", "Load  balance group"), CLOUD_ESTATE },
        { "jdcloud", 400, JD("FAILED_PRECONDITION", "the LoadBalancer"), CLOUD_ESTATE },
        { "jdcloud", 400, JD("FAILED_PRECONDITION", "rebalance is running"), CLOUD_ESTATE },
        { "jdcloud", 400, JD("INVALID_ARGUMENT", "load balance: balance is too low"),
          CLOUD_EBALANCE },
        { "jdcloud", 429, JD("QUOTA_EXCEEDED", "Stockholm is full"), CLOUD_EQUOTA },
        { "jdcloud", 429, JD("QUOTA_EXCEEDED", "no stock left"), CLOUD_ESOLDOUT },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        struct fake_reply reply = { .status = cases[i].status, .body = cases[i].body };
        int code = show(cases[i].provider, &reply);

        if (code != cases[i].means)
            fail_msg("%s, HTTP %d %s: %s", cases[i].provider, cases[i].status, cases[i].body,
                     cloud_code_name(code));
        if (code == CLOUD_ENETWORK) {
            assert_non_null(strstr(err.message, "proxy"));
            assert_int_equal(sent, 1);
        }
    }
}

static void test_error_meaning__answers_that_are_no_json_are_named(void **state)
{
    static const struct {
        int status;
        const char *body, *encoding, *named;
    } cases[] = {
        { 200, "\x1f\x8b\x08", NULL, "compressed (gzip)" },
        { 200, "\x1f\x8b\x08", "gzip", "compressed (gzip)" },
        { 200, "\x8b\x02\x80", "br", "compressed (br)" },
        { 200, "\x28\xb5\x2f\xfd", NULL, "compressed (zstd)" },
        { 200, "\x1f\x8b\x08", "identity", "compressed (gzip)" },
        { 200, "\xef\xbb\xbf{}", NULL, "byte order mark" },
        { 200, "\xff\xfe{", NULL, "byte order mark" },
        { 200, "<!DOCTYPE html><html>", NULL, "HTML" },
        { 200, "\r\n  <HTML><body>", NULL, "HTML" },
        { 200, "<?xml version='1.0'?>", NULL, "XML" },
        { 400, "<html>", NULL, "HTTP 400; the answer is HTML" },
        { 403, "\x1f\x8b\x08", NULL, "HTTP 403; the answer is compressed (gzip)" },
        { 200, "slow down", NULL, "not JSON" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        struct fake_reply reply = { .status = cases[i].status,
                                    .body = cases[i].body,
                                    .content_encoding = cases[i].encoding };
        int code = show("jdcloud", &reply);

        if (!strstr(err.message, cases[i].named))
            fail_msg("case %zu: %s", i, err.message);
        assert_true(cases[i].status != 200 || code == CLOUD_EPROTOCOL);
    }
    /* an answer that can be read is read, whatever its header says */
    assert_int_equal(
        show("jdcloud",
             &(struct fake_reply){ .status = 200, .body = RUNNING, .content_encoding = "gzip" }),
        CLOUD_OK);
}

static void test_error_meaning__the_named_parameter_is_kept(void **state)
{
    static const struct {
        const char *body, *parameter;
    } cases[] = {
        { JD("INVALID_ARGUMENT", "instanceType is malformed"), "instance_type" },
        { JD("INVALID_ARGUMENT", "instanceSpec.az is missing"), "zone" },
        { JD("INVALID_ARGUMENT", "Parameter 'Password' is too weak"), "password" },
        { JD("NOT_FOUND", "imageId img-1 does not exist"), "image_id" },
        { JD("QUOTA_EXCEEDED", "instanceType is sold out"), "instance_type" },
        { JD("INVALID_ARGUMENT", "regionId is unknown"), "region" },
        { JD("INVALID_ARGUMENT", "diskSizeGB is too small"), "system_disk_gb" },
        { JD("INVALID_ARGUMENT", "something is wrong"), "" },
        { JD("INVALID_ARGUMENT", "notInstanceType is wrong"), "" },
        { JD("FAILED_PRECONDITION", "instanceType cannot be changed now"), "" },
        { JD("NOT_FOUND", "the name of the region is unknown"), "" },
    };
    struct cloud_params p = CLOUD_PARAMS_INIT;

    (void)state;
    p.name = "web-1";
    p.zone = "cn-north-1a";
    p.instance_type = "g.n2.medium";
    p.image_id = "img-1";
    p.subnet_id = "subnet-1";
    p.system_disk_gb = 40;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        struct fake_reply reply = { .status = 400, .body = cases[i].body };

        fake_open(&script, "jdcloud", NULL);
        fake_play(&script, &reply, 1);
        assert_int_not_equal(cloud_create_instance(script.client, &p, &result, &err), CLOUD_OK);
        if (strcmp(err.parameter, cases[i].parameter) != 0)
            fail_msg("%s names \"%s\"", err.message, err.parameter);
        fake_close(&script);
    }
}

static void test_error_meaning__an_invoked_action_keeps_the_vendors_name(void **state)
{
    struct fake_reply reply = { .status = 400,
                                .body = CO("InvalidParameter", "DiskIds is not a list") };

    (void)state;
    fake_open(&script, "capitalonline_ecs", NULL);
    fake_play(&script, &reply, 1);
    assert_int_equal(
        cloud_invoke(script.client, "DeleteDisk", "{\"DiskIds\":[\"d-1\"]}", &result, &err),
        CLOUD_EINVAL);
    assert_string_equal(err.parameter, "DiskIds");
    fake_close(&script);
}

static void test_error_meaning__every_retry_after_is_waited_for(void **state)
{
    /* the fake clock: Monday, 22 August 2022, 08:41:28 */
    static const struct {
        const char *text, *date;
        int ms;
    } cases[] = {
        { "3", NULL, 3000 },
        { "0", NULL, 0 },
        { "2.5", NULL, 2500 },
        { "0.0001", NULL, 1 },
        { "1.", NULL, 0 },
        { "-3", NULL, 0 },
        { "3 s", NULL, 0 },
        { "soon", NULL, 0 },
        { "99999999999999999999", NULL, INT32_MAX },
        { "Mon, 22 Aug 2022 08:41:32 GMT", NULL, 4000 },
        { "Monday, 22-Aug-22 08:41:32 GMT", NULL, 4000 },
        { "Mon Aug 22 08:41:32 2022", NULL, 4000 },
        { "Mon, 22 Aug 2022 08:41:20 GMT", NULL, 0 },
        { "Sat Aug  6 08:41:32 2022", NULL, 0 },
        { "Fri, 31 Dec 9999 23:59:59 GMT", NULL, INT32_MAX },
        { "Tuesday, 23-Aug-22 08:41:28 GMT", NULL, 86400000 },
        /* by the clock of the server */
        { "Mon, 22 Aug 2022 10:00:05 GMT", "Mon, 22 Aug 2022 10:00:00 GMT", 5000 },
        { "Mon Aug 22 10:00:05 2022", "Monday, 22-Aug-22 10:00:00 GMT", 5000 },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        struct fake_reply reply = {
            .status = 429, .body = "slow down", .retry_after = cases[i].text, .date = cases[i].date
        };
        struct cloud_client_options once = CLOUD_CLIENT_OPTIONS_INIT;

        once.attempts = 1;
        fake_open(&script, "jdcloud", &once);
        fake_play(&script, &reply, 1);
        assert_int_equal(cloud_describe_instance(script.client, "i-1", &result, &err),
                         CLOUD_ETHROTTLED);
        if (err.retry_after_ms != cases[i].ms)
            fail_msg("\"%s\" is %d ms", cases[i].text, err.retry_after_ms);
        fake_close(&script);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_error_meaning__by_code_status_and_words),
        cmocka_unit_test(test_error_meaning__answers_that_are_no_json_are_named),
        cmocka_unit_test(test_error_meaning__the_named_parameter_is_kept),
        cmocka_unit_test(test_error_meaning__an_invoked_action_keeps_the_vendors_name),
        cmocka_unit_test(test_error_meaning__every_retry_after_is_waited_for),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
