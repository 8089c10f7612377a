/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests that one odd record of a reply does not hide the others: lists and objects that are nothing
 * in any spelling, states and dates that are missing or cannot be read, and numbers with a point.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/support/fake_transport.h"

static struct fake script;
static struct cloud_error err;
static struct cloud_result result = CLOUD_RESULT_INIT;

/* the answer of one call of @provider to every request */
static int call(const char *provider, enum cloud_op op, const struct cloud_params *params,
                const char *body)
{
    struct fake_reply replies[8];
    int code;

    for (size_t i = 0; i < CC_COUNT(replies); i++)
        replies[i] = (struct fake_reply){ .status = 200, .body = body };
    fake_open(&script, provider, NULL);
    fake_play(&script, replies, CC_COUNT(replies));
    code = cloud_call(script.client, op, params, &result, &err);
    return code;
}

static int list(const char *provider, const char *body)
{
    return call(provider, CLOUD_OP_DESCRIBE_INSTANCES, NULL, body);
}

static int show(const char *provider, const char *body)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = "i-1";
    return call(provider, CLOUD_OP_DESCRIBE_INSTANCE, &params, body);
}

static void end(void)
{
    cloud_result_clear(&result);
    fake_close(&script);
}

#define JD(result) "{\"requestId\":\"r\",\"result\":" result "}"
#define ECS(data, total) "{\"Code\":\"Success\",\"Data\":" data ",\"TotalCount\":" total "}"
#define CCS(data) "{\"Code\":\"Success\",\"Data\":" data "}"

static void test_odd__a_list_that_is_nothing_is_empty(void **state)
{
    static const struct {
        const char *provider, *body;
    } rows[] = {
        { "jdcloud", JD("{\"instances\":null,\"totalCount\":0}") },
        { "jdcloud", JD("{\"totalCount\":0}") },
        { "jdcloud", JD("{\"instances\":\"\",\"totalCount\":\"0\"}") },
        { "jdcloud", JD("{\"instances\":{},\"totalCount\":0.0}") },
        { "jdcloud", JD("{\"instances\":null}") },
        { "jdcloud", JD("[]") },
        { "capitalonline_ecs", ECS("{\"EcsList\":null}", "0") },
        { "capitalonline_ecs", ECS("{\"EcsList\":{}}", "0") },
        { "capitalonline_ecs", ECS("null", "0") },
        { "capitalonline_ecs", ECS("\"\"", "0") },
        { "capitalonline_ecs", ECS("{}", "null") },
        { "capitalonline_ccs", CCS("{\"Instances\":null,\"PageCount\":0}") },
        { "capitalonline_ccs", CCS("{\"Instances\":null,\"PageCount\":1}") },
        { "capitalonline_ccs", CCS("{\"Instances\":\"\"}") },
        { "capitalonline_ccs", CCS("[]") },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (list(rows[i].provider, rows[i].body))
            fail_msg("row %zu: %s", i, err.message);
        assert_int_equal(result.instance_count, 0);
        end();
    }
}

static void test_odd__nothing_where_the_total_says_more_is_an_error(void **state)
{
    static const struct {
        const char *provider, *body;
    } rows[] = {
        { "jdcloud", JD("{\"instances\":null,\"totalCount\":2}") },
        { "jdcloud", JD("null") },
        { "jdcloud", "{\"requestId\":\"r\"}" },
        { "jdcloud", JD("[{\"instanceId\":\"i-1\"}]") },
        { "jdcloud", JD("\"busy\"") },
        { "jdcloud", JD("{\"instances\":[{\"instanceId\":\"i-1\"}]}") }, /* no total */
        { "capitalonline_ecs", ECS("{\"EcsList\":null}", "2") },
        { "capitalonline_ecs", ECS("null", "2") },
        { "capitalonline_ecs", "{\"Code\":\"Success\"}" },
        { "capitalonline_ccs", "{\"Code\":\"Success\"}" },
        { "capitalonline_ccs", CCS("{\"Instances\":null,\"PageCount\":1,\"Total\":2}") },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        if (list(rows[i].provider, rows[i].body) != CLOUD_EPROTOCOL)
            fail_msg("row %zu: %s", i, err.message);
        assert_int_equal(result.instance_count, 0);
        end();
    }
}

static void test_odd__the_one_instance_asked_for_is_never_nothing(void **state)
{
    static const char *const bodies[] = { JD("{}"), JD("{\"instance\":null}"),
                                          JD("{\"instance\":{}}"), JD("{\"instance\":[]}"),
                                          JD("{\"instance\":\"\"}") };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(bodies); i++) {
        assert_int_equal(show("jdcloud", bodies[i]), CLOUD_EPROTOCOL);
        end();
    }
    assert_int_equal(show("capitalonline_ecs", ECS("{}", "0")), CLOUD_EPROTOCOL);
    end();
}

/* the second of three instances has the member @odd; all three are read */
static void expect_three(const char *odd)
{
    char body[1024];

    snprintf(body, sizeof(body),
             JD("{\"instances\":[{\"instanceId\":\"i-1\",\"status\":\"running\"},"
                "{\"instanceId\":\"i-2\",%s},"
                "{\"instanceId\":\"i-3\",\"status\":\"stopped\"}],\"totalCount\":3}"),
             odd);
    if (list("jdcloud", body))
        fail_msg("%s: %s", odd, err.message);
    assert_int_equal(result.instance_count, 3);
    assert_string_equal(result.instances[1].id, "i-2");
    assert_int_equal(result.instances[2].state, CLOUD_STATE_STOPPED);
}

static void test_odd__one_record_does_not_hide_the_others(void **state)
{
    static const char *const odd[] = {
        "\"systemDisk\":[]",
        "\"systemDisk\":\"\"",
        "\"systemDisk\":null",
        "\"systemDisk\":\"x\"",
        "\"dataDisks\":{}",
        "\"dataDisks\":null",
        "\"dataDisks\":[null]",
        "\"dataDisks\":[{}]",
        "\"dataDisks\":[7]",
        "\"dataDisks\":\"none\"",
        "\"tags\":{}",
        "\"charge\":[]",
        "\"keyNames\":{}",
        "\"keyNames\":[null]",
        "\"instanceName\":{}",
        "\"instanceName\":[1]",
        "\"systemDisk\":{\"cloudDisk\":{\"iops\":\"many\"}}",
        "\"primaryNetworkInterface\":{\"networkInterface\":{\"securityGroups\":[{\"x\":1}]}}",
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(odd); i++) {
        expect_three(odd[i]);
        end();
    }
}

static void test_odd__an_element_left_out_leaves_nothing_behind(void **state)
{
    (void)state;
    expect_three("\"primaryNetworkInterface\":{\"networkInterface\":{\"securityGroups\":"
                 "[{\"x\":1},{\"groupId\":\"sg-2\"}]}}");
    assert_int_equal(result.instances[1].security_group_count, 1);
    assert_string_equal(result.instances[1].security_group_ids[0], "sg-2");
    assert_non_null(strstr(script.log, "warning: the answer has no groupId"));
    end();
}

static void test_odd__a_state_that_is_nothing_is_unknown(void **state)
{
    static const char *const odd[] = { "\"status\":null", "\"status\":\"\"", "\"status\":[]",
                                       "\"x\":1" };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(odd); i++) {
        expect_three(odd[i]);
        assert_int_equal(result.instances[1].state, CLOUD_STATE_UNKNOWN);
        assert_null(result.instances[1].vendor_state);
        end();
    }
}

static void test_odd__a_date_that_cannot_be_read_is_absent_with_a_warning(void **state)
{
    (void)state;
    expect_three("\"launchTime\":\"soon\\u0007\"");
    assert_int_equal(result.instances[1].created_at, CLOUD_TIME_NONE);
    assert_non_null(strstr(script.log,
                           "jdcloud: warning: the answer's launchTime is \"soon \", not "
                           "a time; it is left out"));
    end();
}

static void test_odd__an_expiry_that_cannot_be_read_is_marked(void **state)
{
    char text[CLOUD_TIME_MAX];

    (void)state;
    expect_three("\"charge\":{\"chargeExpiredTime\":\"next week\"},"
                 "\"systemDisk\":{\"cloudDisk\":{\"diskId\":\"d\",\"charge\":"
                 "{\"chargeExpiredTime\":\"31/12/2022\"}}}");
    assert_true(result.instances[1].expires_at == CLOUD_TIME_UNREADABLE);
    assert_true(result.instances[1].system_disk.expires_at == CLOUD_TIME_UNREADABLE);
    assert_int_equal(result.instances[0].expires_at, CLOUD_TIME_NONE);
    assert_string_equal(cloud_time_format(result.instances[1].expires_at, text), "unreadable");
    assert_non_null(
        strstr(script.log, "\"next week\", not a time; the expiry is marked unreadable"));
    end();
}

static void test_odd__zero_dates_are_none(void **state)
{
    static const char *const zeros[] = {
        "0001-01-01T00:00:00Z", "0001-01-01 00:00:00", "0001-01-01T08:05:43+08:05",
        "0000-00-00 00:00:00",  "0000-00-00",          "0000-12-31T16:00:00-08:00"
    };
    char member[200];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(zeros); i++) {
        snprintf(member, sizeof(member),
                 "\"launchTime\":\"%s\",\"charge\":{\"chargeExpiredTime\":\"%s\"}", zeros[i],
                 zeros[i]);
        expect_three(member);
        assert_int_equal(result.instances[1].created_at, CLOUD_TIME_NONE);
        assert_int_equal(result.instances[1].expires_at, CLOUD_TIME_NONE);
        assert_null(strstr(script.log, "warning"));
        end();
    }
}

static void test_odd__a_whole_number_may_have_a_point(void **state)
{
    static const struct {
        const char *text;
        int value; /* -1: CLOUD_EPROTOCOL */
    } rows[] = { { "3", 3 },          { "3.0", 3 },   { "3.000", 3 },    { "3e0", 3 },
                 { "30E-1", 3 },      { "\"3\"", 3 }, { "\"3.0\"", 3 },  { "3.5", -1 },
                 { "\"three\"", -1 }, { "3e99", -1 }, { "\"3 GB\"", -1 } };
    char body[300];

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        snprintf(body, sizeof(body),
                 JD("{\"instance\":{\"instanceId\":\"i-1\",\"systemDisk\":{\"cloudDisk\":"
                    "{\"diskSizeGB\":%s}}}}"),
                 rows[i].text);
        if (rows[i].value < 0) { /* of one instance: a price may rest on it */
            assert_int_equal(show("jdcloud", body), CLOUD_EPROTOCOL);
        } else {
            if (show("jdcloud", body))
                fail_msg("%s: %s", rows[i].text, err.message);
            assert_int_equal(result.instances[0].system_disk.size_gb, rows[i].value);
        }
        end();
    }
}

static void test_odd__a_word_may_be_a_number_with_a_point(void **state)
{
    (void)state;
    assert_int_equal(
        list("capitalonline_ecs", ECS("{\"EcsList\":[{\"EcsId\":\"i\",\"BillingMethod\":1.0,"
                                      "\"IsAutoRenewal\":1.0}]}",
                                      "1.0")),
        CLOUD_OK);
    assert_int_equal(result.instances[0].charge_mode, CLOUD_CHARGE_PREPAID);
    assert_int_equal(result.instances[0].auto_renew, CLOUD_YES);
    end();
}

static void test_odd__an_instance_of_unreadable_expiry_is_not_renewed(void **state)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    static const char body[] =
        JD("{\"instance\":{\"instanceId\":\"i-1\",\"status\":\"running\",\"charge\":"
           "{\"chargeMode\":\"prepaid_by_duration\",\"chargeExpiredTime\":\"soon\"}}}");

    (void)state;
    params.instance_id = "i-1";
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    assert_int_equal(call("jdcloud", CLOUD_OP_RENEW_INSTANCE, &params, body), CLOUD_EPROTOCOL);
    assert_non_null(strstr(err.message, "unreadable"));
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(script.sent, 1);
    end();
    params.if_expiry = FAKE_NOW;
    assert_int_equal(call("jdcloud", CLOUD_OP_RENEW_INSTANCE, &params, body), CLOUD_EPROTOCOL);
    assert_non_null(strstr(err.message, "if_expiry"));
    assert_int_equal(script.sent, 1);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_odd__a_list_that_is_nothing_is_empty),
        cmocka_unit_test(test_odd__nothing_where_the_total_says_more_is_an_error),
        cmocka_unit_test(test_odd__the_one_instance_asked_for_is_never_nothing),
        cmocka_unit_test(test_odd__one_record_does_not_hide_the_others),
        cmocka_unit_test(test_odd__an_element_left_out_leaves_nothing_behind),
        cmocka_unit_test(test_odd__a_state_that_is_nothing_is_unknown),
        cmocka_unit_test(test_odd__a_date_that_cannot_be_read_is_absent_with_a_warning),
        cmocka_unit_test(test_odd__an_expiry_that_cannot_be_read_is_marked),
        cmocka_unit_test(test_odd__zero_dates_are_none),
        cmocka_unit_test(test_odd__a_whole_number_may_have_a_point),
        cmocka_unit_test(test_odd__a_word_may_be_a_number_with_a_point),
        cmocka_unit_test(test_odd__an_instance_of_unreadable_expiry_is_not_renewed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
