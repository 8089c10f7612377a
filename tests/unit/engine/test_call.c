/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/engine/: retries and backoff, outcomes of changes, preconditions, pagination, invoke,
 * and replies that are not as documented. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/support/fake_transport.h"

#define RUNNING \
    "{\"requestId\":\"r\",\"result\":{\"instance\":{\"instanceId\":\"i-1\",\"status\":" \
    "\"running\"}}}"
#define DONE "{\"requestId\":\"r-done\",\"result\":{}}"
#define ERROR(code, status) \
    "{\"requestId\":\"r-err\",\"error\":{\"code\":" #code ",\"status\":\"" status \
    "\",\"message\":\"no\"}}"
#define CREATED "{\"requestId\":\"r\",\"result\":{\"instanceIds\":[\"i-1\"]}}"
#define ORDERED "{\"requestId\":\"r\",\"result\":{\"orderNumber\":\"o-1\"}}"
#define PREPAID \
    "{\"requestId\":\"r\",\"result\":{\"instance\":{\"instanceId\":\"i-1\",\"status\":" \
    "\"running\",\"charge\":" \
    "{\"chargeMode\":\"prepaid_by_duration\",\"chargeExpiredTime\":\"2022-09-22T00:00:00Z\"}}}}"
#define PRICED "{\"requestId\":\"r\",\"result\":{\"discountedTotalPrice\":120.5}}"

static const struct fake_reply unsent = { .wire = CC_WIRE_UNSENT, .code = CLOUD_ENETWORK };
static const struct fake_reply lost = { .wire = CC_WIRE_LOST, .code = CLOUD_ETIMEDOUT };

static struct fake script;
static struct cloud_error err;
static struct cloud_result result = CLOUD_RESULT_INIT;

static int open_script(void **state)
{
    (void)state;
    fake_open(&script, "jdcloud", NULL);
    return 0;
}

static int close_script(void **state)
{
    (void)state;
    cloud_result_clear(&result);
    fake_close(&script);
    return 0;
}

#define PLAY(...) \
    const struct fake_reply replies[] = { __VA_ARGS__ }; \
    fake_play(&script, replies, CC_COUNT(replies))

static int describe(void)
{
    return cloud_describe_instance(script.client, "i-1", &result, &err);
}

static int renew(void)
{
    return cloud_renew_instance(script.client, "i-1",
                                (struct cloud_period){ 1, CLOUD_PERIOD_MONTH }, &result, &err);
}

static struct cloud_params purchase(void)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.name = "web-1";
    p.zone = "cn-north-1a";
    p.instance_type = "g.n2.medium";
    p.image_id = "img-1";
    p.subnet_id = "subnet-1";
    p.system_disk_gb = 40;
    p.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return p;
}

static void test_call__a_read_is_retried_until_it_succeeds(void **state)
{
    (void)state;
    PLAY(unsent, { .status = 503, .body = ERROR(503, "UNAVAILABLE") },
         { .status = 200, .body = RUNNING });
    assert_int_equal(describe(), CLOUD_OK);
    assert_int_equal(script.sent, 3);
    assert_string_equal(result.instances[0].vendor_state, "running");
}

static void test_call__each_attempt_has_a_new_signature(void **state)
{
    (void)state;
    PLAY(lost, { .status = 200, .body = RUNNING });
    assert_int_equal(describe(), CLOUD_OK);
    assert_non_null(strstr(script.requests[0], "nonce: 00000000-0000-4000-8000-000000000002"));
    assert_non_null(strstr(script.requests[1], "nonce: 00000000-0000-4000-8000-000000000003"));
}

static void test_call__the_number_of_attempts_is_limited(void **state)
{
    (void)state;
    PLAY(unsent, unsent, unsent, unsent);
    assert_int_equal(describe(), CLOUD_ENETWORK);
    assert_int_equal(script.sent, 3);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
}

static void test_call__a_refusal_is_not_retried(void **state)
{
    (void)state;
    PLAY({ .status = 400, .body = ERROR(400, "INVALID_ARGUMENT") });
    assert_int_equal(describe(), CLOUD_EINVAL);
    assert_int_equal(script.sent, 1);
    assert_string_equal(err.vendor_code, "INVALID_ARGUMENT");
    assert_string_equal(err.request_id, "r-err");
    assert_int_equal(err.http_status, 400);
}

static void test_call__quota_is_not_throttling(void **state)
{
    (void)state;
    PLAY({ .status = 429, .body = ERROR(429, "QUOTA_EXCEEDED") });
    assert_int_equal(describe(), CLOUD_EQUOTA);
    assert_int_equal(script.sent, 1);
}

static void test_call__retry_after_overrides_the_backoff(void **state)
{
    (void)state;
    PLAY({ .status = 429, .body = ERROR(429, "RATE_LIMIT"), .retry_after = "7" },
         { .status = 200, .body = RUNNING });
    assert_int_equal(describe(), CLOUD_OK);
    assert_int_equal(script.slept[0], 7000);
}

static void test_call__a_retry_after_past_the_deadline_is_an_error(void **state)
{
    (void)state;
    PLAY({ .status = 429, .body = ERROR(429, "RATE_LIMIT"), .retry_after = "3600" });
    assert_int_equal(describe(), CLOUD_ETHROTTLED);
    assert_int_equal(script.sleeps, 0);
    assert_int_equal(err.retry_after_ms, 3600000);
}

static void test_call__the_backoff_with_full_jitter_grows(void **state)
{
    (void)state;
    PLAY(unsent, unsent, { .status = 200, .body = RUNNING });
    script.jitter = UINT32_MAX;
    assert_int_equal(describe(), CLOUD_OK);
    assert_int_equal(script.slept[0], 400);
    assert_int_equal(script.slept[1], 800);
}

static void test_call__the_retry_budget_limits_retries_in_an_outage(void **state)
{
    size_t sent = 0;

    (void)state;
    for (int i = 0; i < 8; i++) {
        fake_play(&script, NULL, 0);
        assert_int_equal(describe(), CLOUD_ENETWORK);
        sent += script.sent;
    }
    assert_int_equal(sent, 8 + 10); /* ten retries in all, then one attempt a call */
}

static void test_call__the_deadline_covers_attempts_and_backoff(void **state)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;

    (void)state;
    fake_close(&script);
    options.timeout_ms = 1000;
    options.attempts = 10;
    fake_open(&script, "jdcloud", &options);
    script.jitter = UINT32_MAX;
    fake_play(&script, NULL, 0);
    assert_int_equal(describe(), CLOUD_ENETWORK);
    assert_int_equal(script.sent, 2);
}

static void test_call__a_wrong_clock_is_corrected_by_the_vendors_date(void **state)
{
    (void)state;
    PLAY({ .status = 401,
           .body = ERROR(401, "ACCESS_ERROR"),
           .date = "Mon, 22 Aug 2022 09:41:28 GMT" },
         { .status = 200, .body = RUNNING }, { .status = 200, .body = RUNNING });
    assert_int_equal(describe(), CLOUD_OK);
    assert_non_null(strstr(script.requests[0], "x-jdcloud-date: 20220822T084128Z"));
    assert_non_null(strstr(script.requests[1], "x-jdcloud-date: 20220822T094128Z"));
    assert_int_equal(describe(), CLOUD_OK); /* the correction is kept */
    assert_non_null(strstr(script.requests[2], "x-jdcloud-date: 20220822T094128Z"));
}

/* The vendor's time is the Date of the last reply that had one, plus the time since then. */
static void test_call__the_vendors_time_follows_its_last_date(void **state)
{
    const int64_t then = 1661161288; /* 2022-08-22T09:41:28Z */

    (void)state;
    PLAY({ .status = 200, .body = RUNNING },
         { .status = 200, .body = RUNNING, .date = "Mon, 22 Aug 2022 09:41:28 GMT" },
         { .status = 200, .body = RUNNING, .date = "Mon, 22 Aug 2022 09:41:28 GMT" },
         { .status = 200, .body = RUNNING }, { .status = 200, .body = RUNNING, .date = "some day" },
         { .status = 200, .body = RUNNING, .date = "Mon, 22 Aug 2022 09:42:28 GMT" });
    assert_int_equal(describe(), CLOUD_OK);
    assert_int_equal(cloud_client_vendor_time(script.client), CLOUD_TIME_NONE);
    assert_int_equal(describe(), CLOUD_OK);
    assert_int_equal(cloud_client_vendor_time(script.client), then);
    script.now_ms += 3000;
    assert_int_equal(cloud_client_vendor_time(script.client), then + 3);
    assert_int_equal(describe(), CLOUD_OK); /* a later reply with the same Date */
    assert_int_equal(cloud_client_vendor_time(script.client), then);
    script.now_ms += 3000;
    assert_int_equal(describe(), CLOUD_OK);
    assert_int_equal(describe(), CLOUD_OK);
    assert_int_equal(cloud_client_vendor_time(script.client), then + 3);
    assert_int_equal(describe(), CLOUD_OK);
    assert_int_equal(cloud_client_vendor_time(script.client), then + 60);
}

static void test_call__a_wrong_key_is_not_retried(void **state)
{
    (void)state;
    PLAY({ .status = 401,
           .body = ERROR(401, "ACCESS_ERROR"),
           .date = "Mon, 22 Aug 2022 08:41:29 GMT" });
    assert_int_equal(describe(), CLOUD_EAUTH);
    assert_int_equal(script.sent, 1);
}

static void test_call__an_unsent_change_is_retried(void **state)
{
    (void)state;
    PLAY(unsent, { .status = 200, .body = DONE });
    assert_int_equal(cloud_start_instance(script.client, "i-1", &err), CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    assert_int_equal(script.sent, 2);
    assert_true(script.fresh[0] && script.fresh[1]);
}

static void test_call__a_throttled_change_is_retried(void **state)
{
    (void)state;
    PLAY({ .status = 429, .body = ERROR(429, "RATE_LIMIT") }, { .status = 200, .body = DONE });
    assert_int_equal(cloud_start_instance(script.client, "i-1", &err), CLOUD_OK);
    assert_int_equal(script.sent, 2);
}

static void test_call__a_change_without_a_reply_is_unknown_and_not_retried(void **state)
{
    (void)state;
    PLAY({ .status = 200, .body = PREPAID }, lost);
    assert_int_equal(renew(), CLOUD_ETIMEDOUT);
    assert_int_equal(script.sent, 2);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
}

static void test_call__a_server_error_after_a_change_is_unknown(void **state)
{
    (void)state;
    PLAY({ .status = 200, .body = PREPAID }, { .status = 500, .body = ERROR(500, "INTERNAL") });
    assert_int_equal(renew(), CLOUD_EVENDOR);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_int_equal(script.sent, 2);
}

static void test_call__a_change_with_an_unreadable_reply_is_unknown(void **state)
{
    (void)state;
    PLAY({ .status = 200, .body = PREPAID }, { .status = 200, .body = "<html>" });
    assert_int_equal(renew(), CLOUD_EPROTOCOL);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
}

static void test_call__a_refused_change_is_not_applied(void **state)
{
    (void)state;
    PLAY({ .status = 200, .body = PREPAID },
         { .status = 400, .body = ERROR(400, "FAILED_PRECONDITION") });
    assert_int_equal(renew(), CLOUD_ESTATE);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
}

static void test_call__a_create_with_a_client_token_is_retried(void **state)
{
    struct cloud_params p = purchase();
    const char *first, *second;

    (void)state;
    PLAY(lost, { .status = 502, .body = "<html>bad gateway" }, { .status = 200, .body = CREATED });
    p.operation_key = "order-77";
    assert_int_equal(cloud_create_instance(script.client, &p, &result, &err), CLOUD_OK);
    assert_int_equal(script.sent, 3);
    first = strstr(script.requests[0], "\"clientToken\":\"order-77\"");
    second = strstr(script.requests[2], "\"clientToken\":\"order-77\"");
    assert_true(first && second);
    assert_string_equal(result.ids[0], "i-1");
}

static void test_call__a_create_without_any_reply_is_unknown(void **state)
{
    struct cloud_params p = purchase();

    (void)state;
    PLAY(lost, unsent, unsent);
    assert_int_equal(cloud_create_instance(script.client, &p, &result, &err), CLOUD_ENETWORK);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN); /* the first may have arrived */
}

static void test_call__a_partly_applied_change_is_reported(void **state)
{
    (void)state;
    PLAY({ .status = 200,
           .body = "{\"requestId\":\"r\",\"result\":{\"instance\":{\"instanceId\":\"i-1\","
                   "\"status\":\"running\","
                   "\"charge\":{\"chargeMode\":\"prepaid_by_duration\"},\"systemDisk\":{"
                   "\"cloudDisk\":{\"diskId\":"
                   "\"vol-1\",\"charge\":{\"chargeMode\":\"prepaid_by_duration\"}}}}}}" },
         { .status = 200, .body = ORDERED },
         { .status = 400, .body = ERROR(400, "FAILED_PRECONDITION") });
    assert_int_equal(renew(), CLOUD_ESTATE);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_non_null(strstr(err.message, "part of the operation was done"));
}

static void test_call__max_charge_refuses_a_higher_price(void **state)
{
    struct cloud_params p = purchase();

    (void)state;
    PLAY({ .status = 200, .body = PRICED });
    assert_int_equal(cloud_money_parse("120.49", "CNY", &p.max_charge, &err), CLOUD_OK);
    assert_int_equal(cloud_create_instance(script.client, &p, &result, &err), CLOUD_EPRICE);
    assert_int_equal(script.sent, 1);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
}

static void test_call__max_charge_accepts_an_equal_price(void **state)
{
    struct cloud_params p = purchase();

    (void)state;
    PLAY({ .status = 200, .body = PRICED }, { .status = 200, .body = CREATED });
    assert_int_equal(cloud_money_parse("120.50", "CNY", &p.max_charge, &err), CLOUD_OK);
    assert_int_equal(cloud_create_instance(script.client, &p, &result, &err), CLOUD_OK);
    assert_int_equal(result.price.total.micros, 120500000);
}

static void test_call__if_expiry_refuses_an_instance_renewed_meanwhile(void **state)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    (void)state;
    PLAY({ .status = 200, .body = PREPAID });
    p.instance_id = "i-1";
    p.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    p.if_expiry = FAKE_NOW;
    assert_int_equal(cloud_call(script.client, CLOUD_OP_RENEW_INSTANCE, &p, &result, &err),
                     CLOUD_ECONFLICT);
    assert_int_equal(script.sent, 1);
}

static void with_mode(enum cloud_mode mode)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;

    fake_close(&script);
    options.mode = mode;
    fake_open(&script, "jdcloud", &options);
}

static void test_call__a_mode_refuses_before_anything_is_sent(void **state)
{
    (void)state;
    with_mode(CLOUD_MODE_READ_ONLY);
    PLAY({ .status = 200, .body = RUNNING });
    assert_int_equal(cloud_start_instance(script.client, "i-1", &err), CLOUD_EMODE);
    assert_int_equal(renew(), CLOUD_EMODE);
    assert_int_equal(
        cloud_invoke(script.client, "stopInstance", "{\"instanceId\":\"i-1\"}", &result, &err),
        CLOUD_EMODE);
    assert_int_equal(script.sent, 0);
    assert_int_equal(describe(), CLOUD_OK);
    with_mode(CLOUD_MODE_NO_SPEND);
    assert_int_equal(renew(), CLOUD_EMODE);
    assert_int_equal(script.sent, 0);
    assert_int_equal(
        cloud_modify_instance_auto_renew_attribute(
            script.client, "i-1", true, (struct cloud_period){ 1, CLOUD_PERIOD_MONTH }, &err),
        CLOUD_EMODE);
    assert_int_equal(script.sent, 0);
}

static void test_call__the_error_of_an_undocumented_reply_names_the_place(void **state)
{
    static const struct {
        int status, code;
        const char *body, *where;
    } cases[] = {
        { 200, CLOUD_EPROTOCOL, "", "empty" },
        { 200, CLOUD_EPROTOCOL, "{\"requestId\":\"r\",\"result\":{\"instance\":{\"inst", "" },
        { 200, CLOUD_EPROTOCOL, "[]", "list" },
        { 200, CLOUD_EPROTOCOL, "{\"result\":{}}", "instance" },
        { 200, CLOUD_EPROTOCOL, "{\"result\":{\"instance\":7}}", "instance" },
        { 200, CLOUD_EPROTOCOL, "{\"result\":{\"instance\":{\"status\":\"running\"}}}",
          "instanceId" },
        { 200, CLOUD_EPROTOCOL,
          "{\"result\":{\"instance\":{\"instanceId\":\"i-1\",\"status\":[\"running\"]}}}",
          "status" },
        { 200, CLOUD_EPROTOCOL,
          "{\"result\":{\"instance\":{\"instanceId\":\"i-1\",\"status\":\"x\",\"systemDisk\":{"
          "\"localDisk\":{\"diskSizeGB\":1e99}}}}}",
          "diskSizeGB" },
        { 302, CLOUD_EPROTOCOL, "{}", "redirects" },
        { 403, CLOUD_EDENIED, "<html>forbidden</html>", "403" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        struct fake_reply reply = { .status = cases[i].status, .body = cases[i].body };

        fake_play(&script, &reply, 1);
        assert_int_equal(describe(), cases[i].code);
        if (!strstr(err.message, cases[i].where))
            fail_msg("case %zu: %s", i, err.message);
        assert_int_equal(result.instance_count, 0);
        assert_null(result.storage);
    }
}

static void test_call__every_truncated_reply_is_an_error(void **state)
{
    (void)state;
    for (size_t len = 1; len < strlen(PREPAID); len++) {
        struct fake_reply reply = { .status = 200, .body = PREPAID, .len = len };

        fake_play(&script, &reply, 1);
        assert_int_equal(describe(), CLOUD_EPROTOCOL);
        assert_null(result.storage);
    }
}

static void test_call__an_unknown_vendor_state_is_kept(void **state)
{
    (void)state;
    PLAY({ .status = 200,
           .body =
               "{\"result\":{\"instance\":{\"instanceId\":\"i-1\",\"status\":\"Hibernating\"}}}" });
    assert_int_equal(describe(), CLOUD_OK);
    assert_int_equal(result.instances[0].state, CLOUD_STATE_UNKNOWN);
    assert_string_equal(result.instances[0].vendor_state, "Hibernating");
}

static char pages[4][16384];

static void write_page(char *page, size_t capacity, int from, int count, int total)
{
    size_t used =
        (size_t)snprintf(page, capacity, "{\"result\":{\"totalCount\":%d,\"instances\":[", total);

    for (int i = 0; i < count; i++)
        used += (size_t)snprintf(page + used, capacity - used,
                                 "%s{\"instanceId\":\"i-%d\",\"status\":\"running\"}", i ? "," : "",
                                 from + i);
    snprintf(page + used, capacity - used, "]}}");
}

static int list_pages(const struct fake_reply *replies, size_t count)
{
    fake_play(&script, replies, count);
    return cloud_describe_instances(script.client, NULL, &result, &err);
}

static void test_call__a_listing_has_the_instances_of_all_pages(void **state)
{
    struct fake_reply replies[] = { { .status = 200, .body = pages[0] },
                                    { .status = 200, .body = pages[1] },
                                    { .status = 200, .body = pages[0] },
                                    { .status = 200, .body = pages[1] } };

    (void)state;
    write_page(pages[0], sizeof(pages[0]), 0, 100, 101);
    write_page(pages[1], sizeof(pages[1]), 100, 1, 101);
    assert_int_equal(list_pages(replies, CC_COUNT(replies)), CLOUD_OK);
    assert_int_equal(result.instance_count, 101);
    assert_string_equal(result.instances[100].id, "i-100");
    assert_non_null(strstr(script.requests[1], "pageNumber=2&pageSize=100"));
}

static void test_call__a_listing_that_changed_meanwhile_is_read_again(void **state)
{
    struct fake_reply replies[] = { { .status = 200, .body = pages[0] },
                                    { .status = 200, .body = pages[1] },
                                    { .status = 200, .body = pages[2] } };

    (void)state;
    write_page(pages[0], sizeof(pages[0]), 0, 100, 101);
    /* i-99 again: an instance of the first page was deleted meanwhile */
    write_page(pages[1], sizeof(pages[1]), 99, 1, 101);
    write_page(pages[2], sizeof(pages[2]), 0, 100, 100);
    assert_int_equal(list_pages(replies, 3), CLOUD_OK);
    assert_int_equal(result.instance_count, 100);
}

static void test_call__an_instance_between_two_pages_is_not_lost(void **state)
{
    struct fake_reply replies[] = {
        { .status = 200, .body = pages[0] }, { .status = 200, .body = pages[1] },
        { .status = 200, .body = pages[2] }, { .status = 200, .body = pages[1] },
        { .status = 200, .body = pages[2] }, { .status = 200, .body = pages[1] }
    };

    (void)state;
    /* i-0 is deleted and i-101 is created, so i-100 moves to the first page */
    write_page(pages[0], sizeof(pages[0]), 0, 100, 101);
    write_page(pages[1], sizeof(pages[1]), 101, 1, 101);
    write_page(pages[2], sizeof(pages[2]), 1, 100, 101);
    assert_int_equal(list_pages(replies, CC_COUNT(replies)), CLOUD_OK);
    assert_int_equal(result.instance_count, 101);
    assert_string_equal(result.instances[99].id, "i-100");
}

static void test_call__a_listing_without_its_total_is_an_error(void **state)
{
    struct fake_reply replies[8];

    (void)state;
    write_page(pages[0], sizeof(pages[0]), 0, 3, 5);
    for (size_t i = 0; i < CC_COUNT(replies); i++)
        replies[i] = (struct fake_reply){ .status = 200, .body = pages[0] };
    assert_int_equal(list_pages(replies, CC_COUNT(replies)), CLOUD_EPROTOCOL);
    assert_int_equal(script.sent, 2);
    assert_non_null(strstr(err.message, "page 1 holds 3 of 100 asked for, total 5"));
    assert_int_equal(result.instance_count, 0);
}

static void test_call__invoke_checks_parameters_before_it_sends(void **state)
{
    (void)state;
    PLAY({ .status = 200,
           .body = "{\"requestId\":\"r-1\",\"result\":{\"quotas\":[{\"limit\":20.50}]}}" });
    assert_int_equal(cloud_invoke(script.client, "describeQuota5", NULL, &result, &err),
                     CLOUD_EINVAL);
    assert_non_null(strstr(err.message, "describeQuotas"));
    assert_int_equal(cloud_invoke(script.client, "startInstance", NULL, &result, &err),
                     CLOUD_EINVAL);
    assert_string_equal(err.parameter, "instanceId");
    assert_int_equal(
        cloud_invoke(script.client, "startInstance", "{\"instanceId\":7}", &result, &err),
        CLOUD_EINVAL);
    assert_string_equal(err.parameter, "instanceId");
    assert_int_equal(cloud_invoke(script.client, "startInstance",
                                  "{\"instanceId\":\"i-1\",\"x\":1}", &result, &err),
                     CLOUD_EINVAL);
    assert_string_equal(err.parameter, "x");
    assert_int_equal(cloud_invoke(script.client, "startInstance", "[", &result, &err),
                     CLOUD_EINVAL);
    assert_int_equal(script.sent, 0);
    assert_int_equal(cloud_invoke(script.client, "describeQuotas", NULL, &result, &err), CLOUD_OK);
    assert_string_equal(result.json, "{\"quotas\":[{\"limit\":20.50}]}");
    assert_string_equal(result.request_id, "r-1");
}

static void test_call__no_log_and_no_error_has_a_secret(void **state)
{
    (void)state;
    PLAY({ .status = 400,
           .body = "{\"requestId\":\"fake-secret-not-a-real-key-000001\",\"error\":{\"status\":"
                   "\"INVALID_ARGUMENT\","
                   "\"message\":\"password Zq7!canary and FAKEAK00000000000000000000000001 are "
                   "bad\"}}" });
    assert_int_equal(cloud_modify_instance_passwd(script.client, "i-1", "Zq7!canary", &err),
                     CLOUD_EINVAL);
    assert_null(strstr(err.message, "Zq7!canary"));
    assert_null(strstr(err.message, "FAKEAK"));
    assert_null(strstr(err.request_id, "fake-secret"));
    assert_true(*script.log);
    assert_null(strstr(script.log, "Zq7!canary"));
    assert_null(strstr(script.log, "FAKEAK"));
    assert_null(strstr(script.log, "fake-secret"));
    assert_null(strstr(script.log, "Signature"));
}

static void test_call__a_callback_must_not_start_a_call(void **state)
{
    (void)state;
    script.client->busy = true;
    assert_int_equal(describe(), CLOUD_EINVAL);
    script.client->busy = false;
}

#define T(name) cmocka_unit_test_setup_teardown(name, open_script, close_script)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(test_call__a_read_is_retried_until_it_succeeds),
        T(test_call__each_attempt_has_a_new_signature),
        T(test_call__the_number_of_attempts_is_limited),
        T(test_call__a_refusal_is_not_retried),
        T(test_call__quota_is_not_throttling),
        T(test_call__retry_after_overrides_the_backoff),
        T(test_call__a_retry_after_past_the_deadline_is_an_error),
        T(test_call__the_backoff_with_full_jitter_grows),
        T(test_call__the_retry_budget_limits_retries_in_an_outage),
        T(test_call__the_deadline_covers_attempts_and_backoff),
        T(test_call__a_wrong_clock_is_corrected_by_the_vendors_date),
        T(test_call__the_vendors_time_follows_its_last_date),
        T(test_call__a_wrong_key_is_not_retried),
        T(test_call__an_unsent_change_is_retried),
        T(test_call__a_throttled_change_is_retried),
        T(test_call__a_change_without_a_reply_is_unknown_and_not_retried),
        T(test_call__a_server_error_after_a_change_is_unknown),
        T(test_call__a_change_with_an_unreadable_reply_is_unknown),
        T(test_call__a_refused_change_is_not_applied),
        T(test_call__a_create_with_a_client_token_is_retried),
        T(test_call__a_create_without_any_reply_is_unknown),
        T(test_call__a_partly_applied_change_is_reported),
        T(test_call__max_charge_refuses_a_higher_price),
        T(test_call__max_charge_accepts_an_equal_price),
        T(test_call__if_expiry_refuses_an_instance_renewed_meanwhile),
        T(test_call__a_mode_refuses_before_anything_is_sent),
        T(test_call__the_error_of_an_undocumented_reply_names_the_place),
        T(test_call__every_truncated_reply_is_an_error),
        T(test_call__an_unknown_vendor_state_is_kept),
        T(test_call__a_listing_has_the_instances_of_all_pages),
        T(test_call__a_listing_that_changed_meanwhile_is_read_again),
        T(test_call__an_instance_between_two_pages_is_not_lost),
        T(test_call__a_listing_without_its_total_is_an_error),
        T(test_call__invoke_checks_parameters_before_it_sends),
        T(test_call__no_log_and_no_error_has_a_secret),
        T(test_call__a_callback_must_not_start_a_call),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
