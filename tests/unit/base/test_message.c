/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/base/message.c: requests and replies. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "core/base/message.h"

static void test_message__a_cleared_request_or_reply_can_be_used_again(void **state)
{
    struct cc_request request = { .method = "GET", .path = strdup("/"), .host = strdup("h") };
    struct cc_reply reply = { .status = 200 };

    (void)state;
    cc_buf_puts(&request.body, "secret");
    cc_pairs_add(&request.headers, "a", "b");
    cc_request_clear(&request);
    assert_null(request.path);
    assert_int_equal(request.body.len, 0);
    cc_buf_puts(&reply.body, "{}");
    cc_reply_clear(&reply);
    assert_int_equal(reply.status, 0);
    cc_request_clear(&request);
    cc_reply_clear(&reply);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_message__a_cleared_request_or_reply_can_be_used_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
