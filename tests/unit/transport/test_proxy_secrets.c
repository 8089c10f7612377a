/* SPDX-License-Identifier: Apache-2.0 */
/* Tests that no error repeats a part of a proxy's URL: libcurl's own texts do, and what is misspelt
 * may be a part of the password. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "core/transport/transport.h"

static const char *const variables[] = { "http_proxy", "https_proxy", "HTTPS_PROXY", "all_proxy",
                                         "ALL_PROXY" };

static const char *const proxies[] = {
    "http://user:CANARY7@127.0.0.1:1",
    "http://user:CANARY7@127.0.0.1:1x",
    "http://user:CANARY7@127.0.0.1:99999",
    "http://user:CANARY7@127.0.0.1 :1",
    "http://user:CANARY7@",
    "http://user:CANARY7@:1",
    "http://user:CANARY7@[127.0.0.1",
    "http://user:CANARY7%zz@[::1:1",
    "http://user:x/CANARY7@127.0.0.1:1",
    "http://user:1/CANARY7@127.0.0.1:1",
    "http://user:CANARY7/x@127.0.0.1:1",
    "http://user:x@CANARY7@127.0.0.1:1",
    "http://user:x#CANARY7@127.0.0.1:1",
    "http://user:x?CANARY7@127.0.0.1:1",
    "http://user:CANARY7#x@127.0.0.1:1",
    "http://user:CANARY7 x@127.0.0.1:1",
    "http:/user:CANARY7@127.0.0.1:1",
    "http//user:CANARY7@127.0.0.1:1",
    "htp://user:CANARY7@127.0.0.1:1",
    "https://user:CANARY7@127.0.0.1:1",
    "ftp://user:CANARY7@127.0.0.1:1",
    "socks4://user:CANARY7@127.0.0.1:1",
    "socks5h://user:CANARY7@127.0.0.1:1",
    "socks9://user:CANARY7@127.0.0.1:1",
    "CANARY7://user:x@127.0.0.1:1",
    "user:CANARY7@127.0.0.1:1",
    "user:CANARY7",
    "CANARY7",
    "127.0.0.1:CANARY7",
    "://user:CANARY7@127.0.0.1:1",
};

static void expect_no_secret(struct cc_transport *transport, const char *base, const char *proxy)
{
    struct cc_request request = { .method = "GET" };
    struct cc_reply reply;
    struct cc_exchange exchange = { .request = &request,
                                    .reply = &reply,
                                    .timeout_ms = 3000,
                                    .connect_timeout_ms = 3000,
                                    .max_reply_bytes = 1000 };
    struct cloud_error err;

    request.base = strdup(base);
    request.host = strdup(strstr(base, "://") + 3);
    request.path = strdup("/");
    assert_int_equal(transport->start(transport, &exchange, &err), CLOUD_OK);
    while (!transport->next(transport))
        transport->wait(transport, 3000);
    assert_int_not_equal(reply.code, CLOUD_OK);
    assert_int_equal(reply.wire, CC_WIRE_UNSENT);
    if (strcasestr(reply.reason, "canary"))
        fail_msg("%s through %s: %s", base, proxy, reply.reason);
    cc_request_clear(&request);
    cc_reply_clear(&reply);
}

static void test_proxy__no_error_repeats_its_url(void **state)
{
    struct cc_transport *transport = cc_transport_curl_new();

    (void)state;
    for (size_t i = 0; i < CC_COUNT(proxies); i++) {
        for (size_t v = 0; v < CC_COUNT(variables); v++) {
            setenv(variables[v], proxies[i], 1);
            if (v != 1 && v != 2)
                expect_no_secret(transport, "http://vm.vendor.invalid", proxies[i]);
            if (v != 0)
                expect_no_secret(transport, "https://vm.vendor.invalid", proxies[i]);
            unsetenv(variables[v]);
        }
    }
    transport->free(transport);
}

static void test_proxy__an_error_names_the_variables(void **state)
{
    struct cc_transport *transport = cc_transport_curl_new();
    struct cc_request request = { .method = "GET" };
    struct cc_reply reply;
    struct cc_exchange exchange = {
        .request = &request, .reply = &reply, .timeout_ms = 3000, .max_reply_bytes = 1000
    };
    struct cloud_error err;

    (void)state;
    setenv("https_proxy", "http://user:CANARY7@127.0.0.1:1x", 1);
    request.base = strdup("https://vm.vendor.invalid");
    request.host = strdup("vm.vendor.invalid");
    request.path = strdup("/");
    assert_int_equal(transport->start(transport, &exchange, &err), CLOUD_OK);
    while (!transport->next(transport))
        transport->wait(transport, 3000);
    if (!strstr(reply.reason, "check the proxy in http_proxy, https_proxy or all_proxy"))
        fail_msg("%s", reply.reason);
    unsetenv("https_proxy");
    cc_request_clear(&request);
    cc_reply_clear(&reply);
    transport->free(transport);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_proxy__no_error_repeats_its_url),
        cmocka_unit_test(test_proxy__an_error_names_the_variables),
    };

    for (size_t v = 0; v < CC_COUNT(variables); v++)
        unsetenv(variables[v]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
