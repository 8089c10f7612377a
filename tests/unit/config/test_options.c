/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/config/options.c: an error names the wrong option and does not show its value. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/config/options.h"
#include "tests/support/fake_providers.h"

#define CANARY "CANARY5ecret"

static struct cloud_error err;
static struct cloud_client_options o;
static const struct cloud_client_options good = { .size = sizeof(good),
                                                  .provider = "jdcloud",
                                                  .region = "cn-north-1",
                                                  .access_key_id = "i",
                                                  .access_key_secret = "s" };

static void expect_option(const struct cloud_client_options *options, const char *name)
{
    memset(&err, 0xff, sizeof(err));
    assert_int_equal(cc_options_check(options, &err), name ? CLOUD_ECONFIG : CLOUD_OK);
    if (name)
        assert_string_equal(err.parameter, name);
}

/* Checks good options with some changed ones. The option @name must be refused; NULL: none. */
#define WITH(name, ...) (o = good, __VA_ARGS__, expect_option(&o, (name)))

static void test_options__the_wrong_one_is_named(void **state)
{
    (void)state;
    WITH(NULL, o.attempts = 0);
    WITH("size", o.size = 0);
    WITH("provider", o.provider = NULL);
    WITH("provider", o.provider = "aws");
    WITH("region", o.region = NULL);
    WITH("region", o.region = "");
    WITH("region", o.region = "a\r\nX-Evil: 1");
    WITH("access_key_id", o.access_key_id = "a\nb");
    WITH("access_key_secret", o.access_key_secret = "");
    WITH("timeout_ms", o.timeout_ms = -1);
    WITH("connect_timeout_ms", o.connect_timeout_ms = -1);
    WITH("attempts", o.attempts = 21);
    WITH("max_reply_bytes", o.max_reply_bytes = 1023);
    WITH("mode", o.mode = (enum cloud_mode)3);
    WITH("signature", o.signature = "JDCLOUD1");
    WITH("endpoint", o.endpoint = "http://example.com");
    WITH(NULL, (o.endpoint = "http://example.com", o.allow_http = true));
    WITH("price_book", o.price_book = "");
    expect_option(NULL, "size");
    assert_int_equal(cc_options_check(&good, NULL), CLOUD_OK);
    assert_int_equal(cc_options_check(NULL, NULL), CLOUD_ECONFIG);
}

static void test_options__endpoints_are_checked(void **state)
{
    static const char *const fine[] = { "https://vm.example.com",
                                        "https://vm.example.com:8443",
                                        "http://127.0.0.1:80",
                                        "http://127.255.0.9",
                                        "http://localhost:8080",
                                        "http://[::1]",
                                        "http://[0:0:0:0:0:0:0:1]:65535",
                                        "https://[2001:db8::1]:443",
                                        "https://10.0.0.1",
                                        "emulator:",
                                        "emulator:world.db" };
    static const char *const plain[] = { "http://10.0.0.1",
                                         "http://127.0.0.1.example.com",
                                         "http://128.0.0.1",
                                         "http://example.com:80",
                                         "http://localhost.example.com",
                                         "http://[::2]",
                                         "http://[::ffff:127.0.0.1]",
                                         "http://127.1",
                                         "http://2130706433" };
    static const struct {
        const char *endpoint, *says;
    } bad[] = { { "vm.example.com", "must begin with" },
                { "ftp://x", "must begin with" },
                { "HTTPS://x", "must begin with" },
                { "https:/x", "must begin with" },
                { "emulator", "must begin with" },
                { "https://x/", "more than a host and a port" },
                { "https://x/v1", "more than a host and a port" },
                { "https://x?a=b", "more than a host and a port" },
                { "https://x#f", "more than a host and a port" },
                { "https://u:" CANARY "@x", "user name or password" },
                { "https://u@x/y", "user name or password" },
                { "https://", "no good host" },
                { "https://:80", "no good host" },
                { "https://x:", "no good host" },
                { "https://x:0", "no good host" },
                { "https://x:65536", "no good host" },
                { "https://x:8a", "no good host" },
                { "https://x:1:2", "no good host" },
                { "https://[::1", "no good host" },
                { "https://[::g]", "no good host" },
                { "https://[]", "no good host" },
                { "https://::1", "no good host" },
                { "https://a b", "no good host" },
                { "https://a%2fb", "no good host" },
                { "https://a\\b", "no good host" },
                { "https://[::1]x", "no good host" } };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(fine); i++)
        WITH(NULL, o.endpoint = fine[i]);
    for (size_t i = 0; i < CC_COUNT(plain); i++) {
        WITH("endpoint", o.endpoint = plain[i]);
        assert_non_null(strstr(err.message, "set allow_http: true"));
        WITH(NULL, (o.endpoint = plain[i], o.allow_http = true));
    }
    for (size_t i = 0; i < CC_COUNT(bad); i++) {
        WITH("endpoint", o.endpoint = bad[i].endpoint);
        assert_non_null(strstr(err.message, bad[i].says));
        assert_null(strstr(err.message, CANARY));
    }
}

/* Options given as text are checked by the same rules. */
static void test_options__text_becomes_a_value(void **state)
{
    (void)state;
    o = good;
    assert_int_equal(cc_option_set(&o, cc_option_find("attempts"), "7", &err), CLOUD_OK);
    assert_int_equal(cc_option_set(&o, cc_option_find("mode"), "read_only", &err), CLOUD_OK);
    assert_int_equal(cc_option_set(&o, cc_option_find("allow_http"), "on", &err), CLOUD_OK);
    assert_int_equal(cc_option_set(&o, cc_option_find("region"), "r", &err), CLOUD_OK);
    assert_int_equal(o.attempts, 7);
    assert_int_equal(o.mode, CLOUD_MODE_READ_ONLY);
    assert_true(o.allow_http);
    assert_string_equal(o.region, "r");
    assert_int_equal(cc_option_set(&o, cc_option_find("attempts"), CANARY, &err), CLOUD_ECONFIG);
    assert_string_equal(err.parameter, "attempts");
    assert_null(strstr(err.message, CANARY));
    assert_int_equal(o.attempts, 7);
    assert_null(cc_option_find("size"));
    assert_null(cc_option_find("defaults"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_options__the_wrong_one_is_named),
        cmocka_unit_test(test_options__endpoints_are_checked),
        cmocka_unit_test(test_options__text_becomes_a_value),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
