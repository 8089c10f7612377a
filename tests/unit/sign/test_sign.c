/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests core/sign/: digests, the examples of the vendors' pages, each rule of the signatures, and
 * signed requests. sign_vectors compares with the vendors' own programs.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/base/error.h"
#include "core/sign/sign.h"

static const struct cc_credentials fake = { .id = "TESTAK", .secret = "TESTSK" };

/* FIPS 180-2, RFC 4231 cases 1 and 2, RFC 2202 case 2. */
static void test_digest__digests_equal_published_vectors(void **state)
{
    unsigned char key[20], mac[32];
    char hex[65], text[32];
    cc_auto_free char *encoded = cc_base64("fake-token", 10);
    cc_auto_free char *empty = cc_base64("", 0);

    (void)state;
    memset(key, 0x0b, sizeof(key));
    assert_true(cc_sha256_hex("abc", 3, hex));
    assert_string_equal(hex, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    assert_true(cc_sha256_hex(NULL, 0, hex));
    assert_string_equal(hex, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_true(cc_hmac_sha256(key, 20, "Hi There", 8, mac));
    cc_hex(mac, 32, hex);
    assert_string_equal(hex, "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    assert_true(cc_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, mac));
    cc_hex(mac, 32, hex);
    assert_string_equal(hex, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    assert_true(cc_hmac_sha1_base64("Jefe", 4, "what do ya want for nothing?", 28, text));
    assert_string_equal(text, "7/zfauXrL6LSdBbV8YTfnCWafHk=");
    assert_true(cc_hmac_sha1_base64("", 0, "", 0, text));
    assert_string_equal(text, "+9sdGxiqbAgyS31ktx+3Y3BpDh0=");
    assert_string_equal(encoded, "ZmFrZS10b2tlbg==");
    assert_string_equal(empty, "");
}

/* The last key is cached. Another key must replace it, also a longer one (RFC 4231, 2 and 6). */
static void test_digest__another_key_replaces_the_cached_one(void **state)
{
    static const char large[] = "Test Using Larger Than Block-Size Key - Hash Key First";
    static const char *const expected[] = {
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
        "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    };
    unsigned char key[131], mac[32];
    char hex[65];

    (void)state;
    memset(key, 0xaa, sizeof(key));
    for (int i = 0; i < 8; i++) {
        bool longer = i / 2 % 2; /* each key twice: when it is new, and when it is cached */

        if (longer)
            assert_true(cc_hmac_sha256(key, sizeof(key), large, sizeof(large) - 1, mac));
        else
            assert_true(cc_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28, mac));
        cc_hex(mac, 32, hex);
        assert_string_equal(hex, expected[longer]);
    }
}

/* JD Cloud's page on signing (JDCLOUD2); its example does not sign the host. */
static void test_sign__equals_the_example_of_the_vendors_page(void **state)
{
    static const struct cc_pair headers[] = { { "x-my-header_blank", " blank" },
                                              { "X-My-Header", "test" },
                                              { "x-jdcloud-nonce", "testnonce" },
                                              { "x-jdcloud-date", "20190214T104514Z" } };
    struct cc_v4_stages stages;

    (void)state;
    assert_int_equal(cc_v4_sign(&(struct cc_v4_input){ .algorithm = "JDCLOUD2-HMAC-SHA256",
                                                       .method = "POST",
                                                       .path = "/v1/resource:action",
                                                       .query = "p1=p1&p0=p0&o=%&u=u",
                                                       .headers = headers,
                                                       .header_count = CC_COUNT(headers),
                                                       .body = "body data",
                                                       .body_len = 9,
                                                       .date = "20190214T104514Z",
                                                       .region = "cn-north-1",
                                                       .service = "test",
                                                       .credentials = &fake },
                                &stages, NULL),
                     CLOUD_OK);
    assert_string_equal(stages.canonical_uri.data, "/v1/resource%3Aaction");
    assert_string_equal(stages.canonical_query.data, "o=%25&p0=p0&p1=p1&u=u");
    assert_string_equal(stages.signing_key_hex,
                        "a4e50bcb6001be0008696b173c30172b5ce22a77db00d21c6a9d69de2ba33b7d");
    assert_string_equal(stages.signature,
                        "2a98f83c074e7bee260bfc8ef64f009c07595bd93f7f0c3f4e156bf6479ed9bf");
    cc_v4_stages_clear(&stages);
    assert_string_equal(stages.signing_key_hex, "");
}

static void sign_plain(const char *algorithm, const char *path, const char *query,
                       const struct cc_pair *headers, size_t count, struct cc_v4_stages *stages)
{
    assert_int_equal(cc_v4_sign(&(struct cc_v4_input){ .algorithm = algorithm,
                                                       .method = "GET",
                                                       .path = path,
                                                       .query = query,
                                                       .headers = headers,
                                                       .header_count = count,
                                                       .date = "20240315T081530Z",
                                                       .region = "r",
                                                       .service = "s",
                                                       .credentials = &fake },
                                stages, NULL),
                     CLOUD_OK);
}

static void test_sign__paths_and_queries_are_normalised(void **state)
{
    static const struct {
        const char *path, *query;
        const char *uri3, *query3, *uri2, *query2;
    } rows[] = {
        { "", "", "/", "", "/", "" },
        { "x", "&&", "/x", "", "/x", "" },
        { "//a//b/", "=x&b&a=1=2", "/a/b/", "a=1%3D2&b=", "//a//b/", "=x&a=1%3D2&b=" },
        { "/a%2F%2fb+c%2B", "a+b=+&%61=%zz", "/a/b%20c%2B", "a=%25zz&a%20b=%20", "/a//b%2Bc%2B",
          "a=%25zz&a%2Bb=%2B" },
        { "/100%/%E4%b8%AD~*", "a=%e4%b8%ad&a=%E4", "/100%25/%E4%B8%AD~%2A", "a=%E4&a=%E4%B8%AD",
          "/100%25/%E4%B8%AD~%2A", "a=%E4&a=%E4%B8%AD" },
        { "/a%00b", "n%00=%00&f.10=x&f.2=y&f.1=z&F=1", "/a%00b", "F=1&f.1=z&f.10=x&f.2=y&n%00=%00",
          "/a%00b", "F=1&f.1=z&f.10=x&f.2=y&n%00=%00" },
        { "/", "a-b=1&a%20b=2&a=&a=0", "/", "a=&a=0&a%20b=2&a-b=1", "/", "a=&a=0&a%20b=2&a-b=1" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        struct cc_v4_stages stages;

        sign_plain("JDCLOUD3-HMAC-SHA256", rows[i].path, rows[i].query, NULL, 0, &stages);
        assert_string_equal(cc_buf_text(&stages.canonical_uri), rows[i].uri3);
        assert_string_equal(cc_buf_text(&stages.canonical_query), rows[i].query3);
        cc_v4_stages_clear(&stages);
        sign_plain("JDCLOUD2-HMAC-SHA256", rows[i].path, rows[i].query, NULL, 0, &stages);
        assert_string_equal(cc_buf_text(&stages.canonical_uri), rows[i].uri2);
        assert_string_equal(cc_buf_text(&stages.canonical_query), rows[i].query2);
        cc_v4_stages_clear(&stages);
    }
}

static void test_sign__header_values_are_normalised(void **state)
{
    static const struct cc_pair headers[] = { { "X-A_B", " \t\r\n" },   { "x-a1", "  a   b \tc  " },
                                              { "X-Rep", " two  " },    { "x-a-b", "" },
                                              { "x-rep", "one   one" }, { "HOST", "h:81" } };
    struct cc_v4_stages stages;

    (void)state;
    sign_plain("JDCLOUD3-HMAC-SHA256", "/", "", headers, CC_COUNT(headers), &stages);
    assert_string_equal(stages.canonical_headers.data, "host:h:81\nx-a-b:\nx-a1:a   b \tc\nx-a_b:\n"
                                                       "x-rep:two,one   one\n");
    assert_string_equal(stages.signed_headers.data, "host;x-a-b;x-a1;x-a_b;x-rep");
    cc_v4_stages_clear(&stages);
    sign_plain("JDCLOUD2-HMAC-SHA256", "/", "", headers, CC_COUNT(headers), &stages);
    assert_string_equal(stages.canonical_headers.data, "host:h:81\nx-a-b:\nx-a1:a b \tc\nx-a_b:\n"
                                                       "x-rep:two,one one\n");
    cc_v4_stages_clear(&stages);
}

static void test_sign__a_given_content_hash_is_signed_unchanged(void **state)
{
    static const struct cc_pair headers[] = { { "X-Jdcloud-Content-Sha256",
                                                " UNSIGNED-PAYLOAD " } };
    struct cc_v4_stages stages;

    (void)state;
    sign_plain("JDCLOUD3-HMAC-SHA256", "/", "", headers, 1, &stages);
    assert_string_equal(stages.payload_sha256, "UNSIGNED-PAYLOAD");
    cc_v4_stages_clear(&stages);
}

static void test_sign__an_unknown_algorithm_or_bad_date_is_refused(void **state)
{
    struct cc_v4_input input = { .algorithm = "JDCLOUD1-HMAC-SHA256", .date = "20240315T081530Z" };
    struct cc_v4_stages stages;
    struct cloud_error err;

    (void)state;
    assert_int_equal(cc_v4_sign(&input, &stages, &err), CLOUD_EINVAL);
    input.algorithm = "JDCLOUD3-HMAC-SHA256";
    input.date = "2024";
    assert_int_equal(cc_v4_sign(&input, &stages, &err), CLOUD_EINVAL);
    cc_v4_stages_clear(&stages);
}

static void fill(struct cc_request *request)
{
    *request = (struct cc_request){ .method = "GET",
                                    .host = strdup("vm.jdcloud-api.com"),
                                    .path = strdup("/v1/regions/cn-north-1/instances") };
    cc_pairs_add(&request->query, "pageSize", "100");
    cc_pairs_add(&request->query, "filters.1.values.1", "a b/\xe4\xb8\xad");
    cc_pairs_add(&request->headers, "User-Agent", "x");
    cc_pairs_add(&request->headers, "Content-Type", "application/json");
}

static void test_sign__a_jdcloud3_request_signs_the_required_headers(void **state)
{
    struct cc_credentials credentials = { "AK", "SK", "fake-token" };
    struct cc_signing signing = { .credentials = &credentials,
                                  .region = "cn-north-1",
                                  .service = "vm",
                                  .time = 1710490530,
                                  .nonce = "n-1" };
    struct cc_request request;

    (void)state;
    fill(&request);
    assert_int_equal(cc_sign_jdcloud3(&request, &signing, NULL), CLOUD_OK);
    assert_string_equal(request.query_text.data,
                        "filters.1.values.1=a%20b%2F%E4%B8%AD&pageSize=100");
    assert_string_equal(cc_pairs_find(&request.headers, "x-jdcloud-date"), "20240315T081530Z");
    assert_string_equal(cc_pairs_find(&request.headers, "x-jdcloud-nonce"), "n-1");
    assert_string_equal(cc_pairs_find(&request.headers, "x-jdcloud-security-token"),
                        "ZmFrZS10b2tlbg==");
    assert_non_null(strstr(cc_pairs_find(&request.headers, "Authorization"),
                           "JDCLOUD3-HMAC-SHA256 Credential=AK/20240315/cn-north-1/vm/"
                           "jdcloud3_request, SignedHeaders=content-type;host;x-jdcloud-date;"
                           "x-jdcloud-nonce;x-jdcloud-security-token, Signature="));
    cc_request_clear(&request);
}

/* The signature of vector go-001: the same request, made by the vendor's Go SDK. */
static void test_sign__a_jdcloud2_request_equals_that_of_the_sdk(void **state)
{
    struct cc_credentials credentials = { "FAKEAK0000000000JDCLOUDTEST00001",
                                          "FAKESK0000000000JDCLOUDTEST0000000000001", NULL };
    struct cc_signing signing = { .credentials = &credentials,
                                  .region = "cn-north-1",
                                  .service = "vm",
                                  .time = 1710490530,
                                  .nonce = "0f8c2f0e-6f2c-4f0d-9a51-000000000002" };
    struct cc_request request = { .method = "GET",
                                  .host = strdup("vm.jdcloud-api.com"),
                                  .path = strdup("/v1/regions/cn-north-1/instances/i-fake000001") };

    (void)state;
    assert_int_equal(cc_sign_jdcloud2(&request, &signing, NULL), CLOUD_OK);
    assert_string_equal(cc_pairs_find(&request.headers, "content-type"), "application/json");
    assert_non_null(
        strstr(cc_pairs_find(&request.headers, "authorization"),
               "Signature=4b788e1685a080acd29979ca7720046d94416272240afa346718b9efd08afce4"));
    cc_request_clear(&request);
}

static void test_sign__a_second_signature_replaces_the_first(void **state)
{
    struct cc_signing signing = {
        .credentials = &fake, .region = "r", .service = "s", .time = 1710490530, .nonce = "n-1"
    };
    cc_auto_free char *first = NULL;
    struct cc_request request;
    size_t count;

    (void)state;
    fill(&request);
    assert_int_equal(cc_sign_jdcloud3(&request, &signing, NULL), CLOUD_OK);
    first = strdup(cc_pairs_find(&request.headers, "authorization"));
    count = request.headers.count;
    signing.nonce = "n-2";
    assert_int_equal(cc_sign_jdcloud3(&request, &signing, NULL), CLOUD_OK);
    assert_int_equal(request.headers.count, count);
    assert_string_not_equal(cc_pairs_find(&request.headers, "authorization"), first);
    signing.nonce = "n-1";
    assert_int_equal(cc_sign_jdcloud3(&request, &signing, NULL), CLOUD_OK);
    assert_string_equal(cc_pairs_find(&request.headers, "authorization"), first);
    cc_request_clear(&request);
}

static void test_sign__the_key_cache_holds_one_scope(void **state)
{
    struct cc_sign_key_cache cache = { 0 };
    struct cc_signing signing = {
        .credentials = &fake, .region = "r", .service = "s", .time = 1710490530, .nonce = "n"
    };
    char *plain[2] = { NULL, NULL };

    (void)state;
    for (int round = 0; round < 6; round++) {
        struct cc_request request;
        const char *got;

        fill(&request);
        signing.time = 1710490530 + round % 2 * 86400;
        signing.cache = round < 2 ? NULL : &cache;
        assert_int_equal(cc_sign_jdcloud3(&request, &signing, NULL), CLOUD_OK);
        got = cc_pairs_find(&request.headers, "authorization");
        if (round < 2)
            plain[round] = strdup(got);
        else
            assert_string_equal(got, plain[round % 2]);
        cc_request_clear(&request);
    }
    assert_true(cache.set);
    assert_string_equal(cache.scope, "20240316/r/s/jdcloud3_request");
    free(plain[0]);
    free(plain[1]);
}

/* The example of CapitalOnline's page on signing, vector co-sign-017. */
static void test_sign__a_capitalonline_request_equals_the_vendors_example(void **state)
{
    struct cc_credentials credentials = { "FAKEAK00000000000000000000000001",
                                          "fake-secret-not-a-real-key-000001", NULL };
    struct cc_signing signing = { .credentials = &credentials,
                                  .action = "DescribeInstanceList",
                                  .version = "2019-08-08",
                                  .time = 1659248099,
                                  .nonce = "00000000-0000-11ed-8000-000000000011" };
    struct cc_request request = { .method = "GET" };
    static const char expected[] =
        "Action=DescribeInstanceList&AccessKeyId=FAKEAK00000000000000000000000001&SignatureMethod="
        "HMAC-SHA1&SignatureNonce=00000000-0000-11ed-8000-000000000011&SignatureVersion=1.0&"
        "Timestamp=2022-07-31T06%3A14%3A59Z&Version=2019-08-08&SearchInfo=web%20server%2001&"
        "Signature=ZR0vmK%2F4JxjJvbfzEU7LSTl8cqs%3D";

    (void)state;
    cc_pairs_add(&request.query, "SearchInfo", "web server 01");
    for (int round = 0; round < 2; round++) {
        assert_int_equal(cc_sign_capitalonline(&request, &signing, NULL), CLOUD_OK);
        assert_string_equal(request.query_text.data, expected);
    }
    cc_request_clear(&request);
}

static void test_sign__a_parameter_of_the_action_overrides_a_common_one(void **state)
{
    struct cc_signing signing = { .credentials = &fake,
                                  .action = "A",
                                  .version = "2019-08-08",
                                  .time = 1659248099,
                                  .nonce = "n" };
    struct cc_request request = { .method = "POST" };

    (void)state;
    cc_pairs_add(&request.query, "Version", "2020-01-01");
    cc_pairs_add(&request.query, "version", "kept");
    cc_pairs_add(&request.query, "Signature", "forged");
    assert_int_equal(cc_sign_capitalonline(&request, &signing, NULL), CLOUD_OK);
    assert_non_null(strstr(request.query_text.data, "&Version=2020-01-01&version=kept&Signature="));
    assert_null(strstr(request.query_text.data, "2019-08-08"));
    assert_null(strstr(request.query_text.data, "forged"));
    cc_request_clear(&request);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digest__digests_equal_published_vectors),
        cmocka_unit_test(test_digest__another_key_replaces_the_cached_one),
        cmocka_unit_test(test_sign__equals_the_example_of_the_vendors_page),
        cmocka_unit_test(test_sign__paths_and_queries_are_normalised),
        cmocka_unit_test(test_sign__header_values_are_normalised),
        cmocka_unit_test(test_sign__a_given_content_hash_is_signed_unchanged),
        cmocka_unit_test(test_sign__an_unknown_algorithm_or_bad_date_is_refused),
        cmocka_unit_test(test_sign__a_jdcloud3_request_signs_the_required_headers),
        cmocka_unit_test(test_sign__a_jdcloud2_request_equals_that_of_the_sdk),
        cmocka_unit_test(test_sign__a_second_signature_replaces_the_first),
        cmocka_unit_test(test_sign__the_key_cache_holds_one_scope),
        cmocka_unit_test(test_sign__a_capitalonline_request_equals_the_vendors_example),
        cmocka_unit_test(test_sign__a_parameter_of_the_action_overrides_a_common_one),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
