/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that a key, secret, id or operation key with a blank or a control character at an end is
 * refused by name, before anything is sent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/utf8.h"
#include "tests/support/fake_transport.h"

#define NBSP "\xc2\xa0"
#define WIDE_BLANK "\xe3\x80\x80"
#define ZERO_WIDTH "\xe2\x80\x8b"
#define BOM "\xef\xbb\xbf"
#define NEXT_LINE "\xc2\x85"
#define RTL_OVERRIDE "\xe2\x80\xae"

static const struct {
    const char *text;
    const char *says;
} bad[] = {
    { "A1 ", "ends with a blank" },
    { " A1", "begins with a blank" },
    { "A1\t", "ends with a blank" },
    { "\tA1", "begins with a blank" },
    { "A1\n", "ends with a control character" },
    { "A1\r\n", "ends with a control character" },
    { "\x01"
      "A1",
      "begins with a control character" },
    { "A1\x7f", "ends with a control character" },
    { "A1" NBSP, "ends with a blank" },
    { WIDE_BLANK "A1", "begins with a blank" },
    { "A1" ZERO_WIDTH, "ends with a control character" },
    { BOM "A1", "begins with a control character" },
    { "A1" NEXT_LINE, "ends with a control character" },
    { "A1" RTL_OVERRIDE, "ends with a control character" },
    { " ", "begins with a blank" },
};

static const char *const good[] = { "A1", "A 1", "订单", "订单-1", "é", "a\xcc\x81", "😀", "" };

static struct cloud_error err;

static void expect(const char *name, const char *says)
{
    char want[100];

    snprintf(want, sizeof(want), "%s %s; remove it", name, says);
    assert_string_equal(err.message, want);
    assert_string_equal(err.parameter, name);
}

static void test_ends__are_found_in_unicode(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(bad); i++)
        assert_string_equal(cc_text_ends(bad[i].text), bad[i].says);
    for (size_t i = 0; i < CC_COUNT(good); i++)
        assert_null(cc_text_ends(good[i]));
}

static const enum cloud_param checked[] = {
    CLOUD_PARAM_OPERATION_KEY,     CLOUD_PARAM_INSTANCE_ID,
    CLOUD_PARAM_TASK_ID,           CLOUD_PARAM_ZONE,
    CLOUD_PARAM_INSTANCE_TYPE,     CLOUD_PARAM_FAMILY,
    CLOUD_PARAM_IMAGE_ID,          CLOUD_PARAM_VPC_ID,
    CLOUD_PARAM_SUBNET_ID,         CLOUD_PARAM_KEY_NAME,
    CLOUD_PARAM_SECURITY_GROUP_ID,
};

/* clouds.yaml and cloudctl set parameters in this way. */
static void test_ends__are_refused_in_text(void **state)
{
    (void)state;
    for (size_t p = 0; p < CC_COUNT(checked); p++) {
        struct cloud_params params = CLOUD_PARAMS_INIT;

        for (size_t i = 0; i < CC_COUNT(bad); i++) {
            assert_int_equal(cloud_params_set(&params, checked[p], bad[i].text, &err),
                             CLOUD_EINVAL);
            expect(cloud_param_info(checked[p])->name, bad[i].says);
        }
        assert_int_equal(cloud_params_set(&params, checked[p], "A1", &err), CLOUD_OK);
    }
}

static void test_ends__are_refused_in_calls(void **state)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    char name[CLOUD_MARK_MAX];
    struct fake script;

    (void)state;
    fake_open(&script, "jdcloud", NULL);
    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        struct cloud_params params = CLOUD_PARAMS_INIT;

        assert_int_equal(cloud_stop_instance(script.client, bad[i].text, false, &err),
                         CLOUD_EINVAL);
        expect("instance_id", bad[i].says);
        params.instance_id = "i-1";
        params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
        params.operation_key = bad[i].text;
        assert_int_equal(cloud_call(script.client, CLOUD_OP_RENEW_INSTANCE, &params, &result, &err),
                         CLOUD_EINVAL);
        expect("operation_key", bad[i].says);
        assert_int_equal(cloud_operation_mark(bad[i].text, name, &err), CLOUD_EINVAL);
        expect("operation_key", bad[i].says);
    }
    assert_int_equal(cloud_operation_mark("A\n1", name, &err), CLOUD_EINVAL);
    assert_string_equal(err.message, "operation_key has a control character; remove it");
    assert_int_equal(script.sent, 0);
    fake_close(&script);
}

static void test_ends__are_refused_in_options(void **state)
{
    static const size_t members[] = {
        offsetof(struct cloud_client_options, access_key_id),
        offsetof(struct cloud_client_options, access_key_secret),
        offsetof(struct cloud_client_options, security_token),
        offsetof(struct cloud_client_options, region),
        offsetof(struct cloud_client_options, provider),
    };
    static const char *const names[] = { "access_key_id", "access_key_secret", "security_token",
                                         "region", "provider" };

    (void)state;
    for (size_t m = 0; m < CC_COUNT(members); m++) {
        for (size_t i = 0; i < CC_COUNT(bad); i++) {
            struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
            struct cloud_client *client = NULL;

            options.provider = "jdcloud";
            options.region = "cn-north-1";
            options.access_key_id = options.access_key_secret = "key";
            memcpy((char *)&options + members[m], &bad[i].text, sizeof(bad[i].text));
            assert_int_equal(cloud_client_new(&options, &client, &err), CLOUD_ECONFIG);
            assert_string_equal(err.parameter, names[m]);
            assert_non_null(strstr(err.message, names[m]));
            assert_non_null(strstr(err.message, "remove it"));
            assert_null(client);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends__are_found_in_unicode),
        cmocka_unit_test(test_ends__are_refused_in_text),
        cmocka_unit_test(test_ends__are_refused_in_calls),
        cmocka_unit_test(test_ends__are_refused_in_options),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
