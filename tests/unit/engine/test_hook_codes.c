/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that the engine checks what the hooks of a provider return. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/error.h"
#include "tests/support/fake_transport.h"

#define NO_CODE 7777

static struct fake script;
static struct cloud_error err;
static struct cloud_provider provider; /* jdcloud, with the hooks of a test */
static struct cc_op_row rows[CLOUD_OP__COUNT];
static struct cc_step step;
static int code; /* what the hooks return */

static int bad_hook(struct cc_hook *hook)
{
    hook->undone = true;
    return code;
}

static int bad_sign(struct cc_request *request, const struct cc_signing *signing,
                    struct cloud_error *error)
{
    (void)request, (void)signing, (void)error;
    return code;
}

static const char *no_host(const struct cc_service *service, const char *region)
{
    (void)service, (void)region;
    return NULL;
}

static int open_script(void **state)
{
    (void)state;
    fake_open(&script, "jdcloud", NULL);
    provider = *script.client->provider;
    memcpy(rows, provider.ops, sizeof(rows));
    step = rows[CLOUD_OP_REBOOT_INSTANCE].steps[0];
    rows[CLOUD_OP_REBOOT_INSTANCE].steps = &step;
    rows[CLOUD_OP_REBOOT_INSTANCE].step_count = 1;
    provider.ops = rows;
    script.client->provider = &provider;
    return 0;
}

static int close_script(void **state)
{
    (void)state;
    fake_close(&script);
    return 0;
}

/* Reboots an instance. The vendor accepts the request, if one is sent. */
static void expect(int want, const char *says, enum cloud_outcome outcome)
{
    static const struct fake_reply done = { .status = 200,
                                            .body = "{\"requestId\":\"r\",\"result\":{}}" };

    while (script.sent)
        free(script.requests[--script.sent]);
    fake_play(&script, &done, 1);
    assert_int_equal(cloud_reboot_instance(script.client, "i-1", &err), want);
    assert_int_equal(err.code, want);
    if (!strstr(err.message, says))
        fail_msg("\"%s\" does not say \"%s\"", err.message, says);
    assert_int_equal(err.outcome, outcome);
}

static const int bad_codes[] = { NO_CODE, 1, -1000, CLOUD_EJOURNAL - 1 };

static void test_hook_code__before_a_request_nothing_is_sent(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(bad_codes); i++) {
        code = bad_codes[i];
        rows[CLOUD_OP_REBOOT_INSTANCE].check = bad_hook;
        expect(CLOUD_EPROTOCOL, "a check hook of provider jdcloud returned", CLOUD_NOT_APPLIED);
        rows[CLOUD_OP_REBOOT_INSTANCE].check = NULL;
        step.build = bad_hook;
        expect(CLOUD_EPROTOCOL, "a build hook of provider jdcloud returned", CLOUD_NOT_APPLIED);
        step.build = NULL;
        script.client->sign = bad_sign;
        expect(CLOUD_EPROTOCOL, "a sign hook of provider jdcloud returned", CLOUD_NOT_APPLIED);
        script.client->sign = provider.sign;
        assert_int_equal(script.sent, 0);
    }
}

/* Also when the hook says that nothing was changed: its other answer makes no sense. */
static void test_hook_code__after_a_request_the_outcome_is_unknown(void **state)
{
    (void)state;
    step.parse = bad_hook;
    for (size_t i = 0; i < CC_COUNT(bad_codes); i++) {
        code = bad_codes[i];
        expect(CLOUD_EPROTOCOL, "a parse hook of provider jdcloud returned", CLOUD_OUTCOME_UNKNOWN);
        assert_int_equal(script.sent, 1);
    }
}

static void test_hook_code__a_computing_step_is_checked(void **state)
{
    (void)state;
    step.action = NULL;
    step.parse = bad_hook;
    code = NO_CODE;
    expect(CLOUD_EPROTOCOL, "a parse hook of provider jdcloud returned 7777", CLOUD_NOT_APPLIED);
}

static void test_hook_code__a_failure_without_a_reason_gets_one(void **state)
{
    (void)state;
    rows[CLOUD_OP_REBOOT_INSTANCE].check = bad_hook;
    code = CLOUD_ESTATE;
    expect(CLOUD_ESTATE, "a check hook of provider jdcloud failed without a reason",
           CLOUD_NOT_APPLIED);
}

static void test_hook_host__null_is_the_host_of_the_service(void **state)
{
    (void)state;
    provider.host = no_host;
    expect(CLOUD_OK, "", CLOUD_APPLIED);
    assert_non_null(strstr(script.requests[0], "vm.jdcloud-api.com"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_hook_code__before_a_request_nothing_is_sent,
                                        open_script, close_script),
        cmocka_unit_test_setup_teardown(test_hook_code__after_a_request_the_outcome_is_unknown,
                                        open_script, close_script),
        cmocka_unit_test_setup_teardown(test_hook_code__a_computing_step_is_checked, open_script,
                                        close_script),
        cmocka_unit_test_setup_teardown(test_hook_code__a_failure_without_a_reason_gets_one,
                                        open_script, close_script),
        cmocka_unit_test_setup_teardown(test_hook_host__null_is_the_host_of_the_service,
                                        open_script, close_script),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
