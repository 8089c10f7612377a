/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that an error shows no part of a secret where a field cut the vendor's text. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/support/fake_transport.h"

#define SECRET "fake-secret-not-a-real-key-000001" /* of fake_open() */

/* The vendor repeats the secret after @lead bytes of its message. */
static void expect_hidden(int lead)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    struct fake script;
    char body[2000], padding[600];
    struct fake_reply reply = { .status = 400, .body = body };

    memset(padding, 'x', sizeof(padding));
    snprintf(body, sizeof(body),
             "{\"requestId\":\"r\",\"error\":{\"code\":400,\"status\":\"INVALID_ARGUMENT\","
             "\"message\":\"%.*s" SECRET " was sent\"}}",
             lead, padding);
    fake_open(&script, "jdcloud", NULL);
    fake_play(&script, &reply, 1);
    assert_int_not_equal(cloud_describe_instance(script.client, "i-1", &result, &err), CLOUD_OK);
    if (strstr(err.message, "fake") || strstr(script.log, "fake"))
        fail_msg("%d: %s", lead, err.message);
    cloud_result_clear(&result);
    fake_close(&script);
}

static void test_secret__is_hidden_wherever_a_field_ends(void **state)
{
    (void)state;
    for (int lead = 0; lead < 560; lead++)
        expect_hidden(lead);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(
        test_secret__is_hidden_wherever_a_field_ends) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
