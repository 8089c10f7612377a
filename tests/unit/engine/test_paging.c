/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests listings whose server does not page as documented: totals that do not add up, capped pages,
 * and pages that repeat. A server in the test answers by the page and the size of each request.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "core/engine/call.h"
#include "include/cloud_batch.h"
#include "tests/support/fake_transport.h"

/* How the server pages. */
static struct server {
    int count;     /* instances that exist */
    int total;     /* that it reports */
    int cap;       /* elements on a page at most; 0: as many as requested */
    int circle;    /* after so many pages the first comes again; 0: never */
    bool by_asked; /* its pages begin where those of the requested size would */
    const char *provider;
} server;

static struct fake script;
static struct cloud_error err;
static struct cloud_result result = CLOUD_RESULT_INIT;
static struct fake_reply reply = { .status = 200 };
static int (*fake_start)(struct cc_transport *, struct cc_exchange *, struct cloud_error *);

static int number_after(const char *text, const char *name)
{
    const char *at = strstr(text, name);

    return at ? atoi(at + strlen(name) + (strncmp(at + strlen(name), "\":", 2) == 0 ? 2 : 0)) : 0;
}

static void write_page(struct cc_buf *text, int first, int end, int pages)
{
    bool jd = strcmp(server.provider, "jdcloud") == 0;
    bool ecs = strcmp(server.provider, "capitalonline_ecs") == 0;

    cc_buf_puts(text, jd    ? "{\"requestId\":\"r\",\"result\":{\"instances\":["
                      : ecs ? "{\"Code\":\"Success\",\"Data\":{\"EcsList\":["
                            : "{\"Code\":\"Success\",\"Data\":{\"Instances\":[");
    for (int i = first; i < end; i++)
        cc_buf_printf(text, "%s{\"%s\":\"i-%d\"}", i > first ? "," : "",
                      jd    ? "instanceId"
                      : ecs ? "EcsId"
                            : "InstanceId",
                      i);
    if (jd)
        cc_buf_printf(text, "],\"totalCount\":%d}}", server.total);
    else if (ecs)
        cc_buf_printf(text, "]},\"TotalCount\":%d}", server.total);
    else
        cc_buf_printf(text, "],\"PageCount\":%d}}", pages);
}

static int start(struct cc_transport *transport, struct cc_exchange *exchange,
                 struct cloud_error *ret_err)
{
    const char *query = cc_buf_text(&exchange->request->query_text);
    const char *body = cc_buf_text(&exchange->request->body);
    int page = number_after(query, "pageNumber=") + number_after(body, "PageNumber");
    int asked = number_after(query, "pageSize=") + number_after(body, "PageSize");
    int size = server.cap && (!asked || server.cap < asked) ? server.cap : asked, first, end;
    struct cc_buf text = { 0 };
    int rc;

    page = page ? page : 1;
    size = size ? size : server.count;
    if (server.circle)
        page = (page - 1) % server.circle + 1;
    first = (page - 1) * (server.by_asked ? asked : size);
    end = first + size < server.count ? first + size : server.count;
    write_page(&text, first, end, size ? (server.total + size - 1) / size : 0);
    script.replies = &reply;
    script.reply_count = FAKE_MAX;
    reply.body = cc_buf_text(&text);
    script.replies = &reply - script.sent; /* the next answer is this one, whatever its number */
    rc = fake_start(transport, exchange, ret_err);
    cc_buf_clear(&text);
    return rc;
}

static void open_server(const struct server *how)
{
    server = *how;
    server.provider = server.provider ? server.provider : "jdcloud";
    server.total = server.total ? server.total : server.count;
    fake_open(&script, server.provider, NULL);
    fake_start = script.transport.start;
    script.transport.start = start;
}

static void close_server(void)
{
    cloud_result_clear(&result);
    script.replies = NULL;
    fake_close(&script);
}

static int list(const struct server *how)
{
    open_server(how);
    return cloud_call(script.client, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &result, &err);
}

static int list_with(const struct server *how, enum cloud_op op)
{
    open_server(how);
    return cloud_call(script.client, op, NULL, &result, &err);
}

#define SERVER(...) (&(const struct server){ __VA_ARGS__ })

static void test_paging__a_server_that_caps_pages_is_followed(void **state)
{
    static const struct server servers[] = {
        { .count = 120, .cap = 50 },
        { .count = 120, .cap = 50, .by_asked = true },
        { .count = 7, .cap = 3 },
        { .count = 100, .cap = 50 },
        { .count = 150, .cap = 200 },
        { .count = 120, .cap = 50, .provider = "capitalonline_ccs" },
        { .count = 25, .cap = 10, .provider = "capitalonline_ccs" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(servers); i++) {
        if (list(&servers[i]))
            fail_msg("server %zu: %s", i, err.message);
        assert_int_equal(result.instance_count, servers[i].count);
        close_server();
    }
}

static void test_paging__every_total_must_add_up(void **state)
{
    static const struct {
        struct server how;
        const char *says;
        size_t sent;
    } rows[] = {
        { { .count = 1, .total = 120, .provider = "capitalonline_ecs" },
          "the listing does not add up: page 1 holds 1, total 120",
          2 },
        { { .count = 3, .total = 2, .provider = "capitalonline_ecs" },
          "page 1 holds 3, total 2",
          2 },
        { { .count = 50, .total = 120 },
          "page 1 holds 50 of 100 asked for, total 120; page 2 holds 0",
          4 },
        { { .count = 3, .total = 2 }, "page 1 holds 3 of 100 asked for, total 2", 2 },
        { { .count = 100, .total = 101 },
          "page 1 holds 100 of 100 asked for, total 101; its 2 pages hold 100",
          4 },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_int_equal(list(&rows[i].how), CLOUD_EPROTOCOL);
        if (!strstr(err.message, rows[i].says))
            fail_msg("row %zu: %s", i, err.message);
        assert_int_equal(script.sent, rows[i].sent);
        assert_int_equal(result.instance_count, 0);
        close_server();
    }
}

static void test_paging__a_page_that_repeats_ends_the_listing_at_once(void **state)
{
    static const struct {
        struct server how;
        size_t sent;
    } rows[] = {
        { { .count = 50, .total = 12000, .cap = 50, .circle = 1 }, 2 },
        { { .count = 300, .total = 100000, .circle = 1 }, 2 },
        { { .count = 300, .total = 100000, .circle = 3 }, 4 },
        { { .count = 1, .total = 120, .circle = 1 }, 2 },
        { { .count = 300, .total = 100000, .circle = 2, .provider = "capitalonline_ccs" }, 3 },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_int_equal(list(&rows[i].how), CLOUD_EPROTOCOL);
        if (script.sent != rows[i].sent ||
            !strstr(err.message, "repeats an earlier page: page 1 holds"))
            fail_msg("row %zu: %zu requests, %s", i, script.sent, err.message);
        close_server();
    }
}

static void test_paging__disks_and_images_are_listings_too(void **state)
{
    /* the server's answers have no such member: a list that is missing, and a total of 5 */
    (void)state;
    assert_int_equal(list_with(SERVER(.total = 5), CLOUD_OP_DESCRIBE_DISKS), CLOUD_EPROTOCOL);
    close_server();
    assert_int_equal(list_with(SERVER(.total = 5), CLOUD_OP_DESCRIBE_IMAGES), CLOUD_EPROTOCOL);
    close_server();
    assert_int_equal(list_with(SERVER(.total = 5), CLOUD_OP_DESCRIBE_INSTANCE_TYPES),
                     CLOUD_EPROTOCOL);
    close_server();
    assert_int_equal(
        list_with(SERVER(.total = 5, .provider = "capitalonline_ecs"), CLOUD_OP_DESCRIBE_IMAGES),
        CLOUD_EPROTOCOL);
    close_server();
}

/* how the stream of the listing ends; *ret_seen: instances delivered before */
static int stream(const struct server *how, size_t *ret_seen)
{
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch *batch;
    int code = 1;

    options.max_in_flight = 1; /* the fake transport has one exchange at a time */
    open_server(how);
    assert_int_equal(cloud_batch_new(&options, &batch, &err), CLOUD_OK);
    call.client = script.client;
    call.op = CLOUD_OP_DESCRIBE_INSTANCES;
    call.stream = true;
    assert_int_equal(cloud_batch_add_call(batch, &call, NULL, &err), CLOUD_OK);
    *ret_seen = 0;
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done)) {
            *ret_seen += done.result.instance_count;
            if (!done.more) {
                code = done.code;
                err = done.error;
            }
        }
    }
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
    close_server();
    return code;
}

static void test_paging__a_stream_follows_a_capped_server(void **state)
{
    size_t seen;

    (void)state;
    if (stream(SERVER(.count = 120, .cap = 50), &seen))
        fail_msg("%s", err.message);
    assert_int_equal(seen, 120);
    if (stream(SERVER(.count = 120, .cap = 50, .by_asked = true), &seen))
        fail_msg("%s", err.message);
    assert_int_equal(seen, 120);
    if (stream(SERVER(.count = 120, .cap = 50, .provider = "capitalonline_ccs"), &seen))
        fail_msg("%s", err.message);
    assert_int_equal(seen, 120);
}

static void test_paging__a_stream_says_what_does_not_add_up(void **state)
{
    size_t seen;

    (void)state;
    assert_int_equal(stream(SERVER(.count = 50, .total = 120), &seen), CLOUD_ECONFLICT);
    assert_non_null(strstr(err.message, "page 1 holds 50 of 100 asked for, total 120"));
    assert_int_equal(stream(SERVER(.count = 300, .total = 100000, .circle = 1), &seen),
                     CLOUD_ECONFLICT);
    assert_int_equal(seen, 100);
    assert_non_null(strstr(err.message, "returned twice"));
}

/* a coalesced listing: each caller gets its own instance, or asks alone */
static void test_paging__a_coalesced_listing_follows_a_capped_server(void **state)
{
    enum { CALLS = 24 };
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_batch *batch;
    char ids[CALLS][16];
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    size_t found = 0;

    (void)state;
    options.max_in_flight = 1;
    open_server(SERVER(.count = 120, .cap = 50, .provider = "capitalonline_ccs"));
    assert_int_equal(cloud_batch_new(&options, &batch, &err), CLOUD_OK);
    for (int i = 0; i < CALLS; i++) {
        snprintf(ids[i], sizeof(ids[i]), "i-%d", i * 5);
        params.instance_id = ids[i];
        assert_int_equal(cloud_batch_add(batch, script.client, CLOUD_OP_DESCRIBE_INSTANCE, &params,
                                         ids[i], NULL, &err),
                         CLOUD_OK);
    }
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done)) {
            if (done.code)
                fail_msg("%s: %s", (const char *)done.user_data, done.error.message);
            assert_string_equal(done.result.instances[0].id, done.user_data);
            found++;
        }
    }
    assert_int_equal(found, CALLS);
    assert_int_equal(script.sent, 3);
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
    close_server();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_paging__a_server_that_caps_pages_is_followed),
        cmocka_unit_test(test_paging__every_total_must_add_up),
        cmocka_unit_test(test_paging__a_page_that_repeats_ends_the_listing_at_once),
        cmocka_unit_test(test_paging__disks_and_images_are_listings_too),
        cmocka_unit_test(test_paging__a_stream_follows_a_capped_server),
        cmocka_unit_test(test_paging__a_stream_says_what_does_not_add_up),
        cmocka_unit_test(test_paging__a_coalesced_listing_follows_a_capped_server),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
