/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests streams of listings that change meanwhile: a lost or repeated instance that can be noticed
 * is an error. The fake transport plays replies in a fixed order, so one page is requested at a
 * time.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "include/cloud_batch.h"
#include "tests/support/fake_transport.h"

/* A page whose instances are numbered from @first. The one at index @twice has the number @as. */
struct page {
    int total, first, count, twice, as;
};

static char *write_page(const struct page *page)
{
    cc_auto_buf struct cc_buf text = { 0 };

    cc_buf_puts(&text, "{\"requestId\":\"r\",\"result\":{\"instances\":[");
    for (int i = 0; i < page->count; i++)
        cc_buf_printf(&text, "%s{\"instanceId\":\"i-%d\",\"status\":\"running\"}", i ? "," : "",
                      page->twice && i == page->twice ? page->as : page->first + i);
    cc_buf_printf(&text, "],\"totalCount\":%d}}", page->total);
    return cc_buf_take(&text);
}

/* Returns the code with which the stream of these pages ends. *ret_seen counts the instances that
 * it returned before. */
static int stream(const struct page *pages, size_t count, size_t *ret_seen,
                  struct cloud_error *ret_err)
{
    struct fake script;
    struct fake_reply replies[8] = { { 0 } };
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_batch *batch;
    int code = 1;

    fake_open(&script, "jdcloud", NULL);
    for (size_t i = 0; i < count; i++) {
        replies[i].status = 200;
        replies[i].body = write_page(&pages[i]);
    }
    fake_play(&script, replies, count);
    options.max_in_flight = 1;
    assert_int_equal(cloud_batch_new(&options, &batch, ret_err), CLOUD_OK);
    call.client = script.client;
    call.op = CLOUD_OP_DESCRIBE_INSTANCES;
    call.stream = true;
    assert_int_equal(cloud_batch_add_call(batch, &call, NULL, ret_err), CLOUD_OK);
    *ret_seen = 0;
    while (cloud_batch_left(batch)) {
        cloud_batch_run(batch, -1);
        while (cloud_batch_next(batch, &done)) {
            *ret_seen += done.result.instance_count;
            if (!done.more) {
                code = done.code;
                *ret_err = done.error;
            }
        }
    }
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
    fake_close(&script);
    for (size_t i = 0; i < count; i++)
        free((char *)replies[i].body);
    return code;
}

static void test_batch_stream__returns_every_instance(void **state)
{
    static const struct page pages[] = { { 250, 0, 100, 0, 0 },
                                         { 250, 100, 100, 0, 0 },
                                         { 250, 200, 50, 0, 0 } };
    static const struct page none[] = { { 0, 0, 0, 0, 0 } };
    struct cloud_error err;
    size_t seen;

    (void)state;
    assert_int_equal(stream(pages, 3, &seen, &err), CLOUD_OK);
    assert_int_equal(seen, 250);
    assert_int_equal(stream(none, 1, &seen, &err), CLOUD_OK);
    assert_int_equal(seen, 0);
}

static void test_batch_stream__a_listing_that_changed_is_an_error(void **state)
{
    static const struct {
        struct page pages[3];
        const char *says;
        size_t seen;
    } rows[] = {
        { { { 250, 0, 100, 0, 0 }, { 251, 100, 100, 0, 0 }, { 250, 200, 50, 0, 0 } },
          "the total changed",
          100 },
        { { { 250, 0, 100, 0, 0 }, { 250, 0, 100, 0, 0 }, { 250, 200, 50, 0, 0 } },
          "returned twice",
          100 },
        { { { 250, 0, 100, 0, 0 }, { 250, 99, 100, 0, 0 }, { 250, 200, 50, 0, 0 } },
          "returned twice",
          100 },
        { { { 250, 0, 100, 0, 0 }, { 250, 100, 100, 7, 199 }, { 250, 200, 50, 0, 0 } },
          "returned twice",
          100 },
        { { { 250, 0, 100, 0, 0 }, { 250, 100, 99, 0, 0 }, { 250, 200, 50, 0, 0 } },
          "a page has too few",
          100 },
        { { { 250, 0, 100, 0, 0 }, { 250, 100, 100, 0, 0 }, { 250, 200, 49, 0, 0 } },
          "the total is not the number",
          200 },
        { { { 250, 0, 100, 0, 0 }, { 250, 100, 100, 0, 0 }, { 250, 200, 0, 0, 0 } },
          "the total is not the number",
          200 },
        { { { 250, 0, 100, 0, 0 }, { 250, 100, 100, 0, 0 }, { 250, 50, 50, 0, 0 } },
          "returned twice",
          200 },
    };
    struct cloud_error err;
    size_t seen;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        assert_int_equal(stream(rows[i].pages, 3, &seen, &err), CLOUD_ECONFLICT);
        if (!strstr(err.message, rows[i].says))
            fail_msg("row %zu: %s", i, err.message);
        assert_int_equal(seen, rows[i].seen);
    }
}

/* Backpressure: besides the page that the caller takes next, at most four pages are read ahead. */
static void test_batch_stream__pages_are_read_as_the_caller_takes_them(void **state)
{
    enum { PAGES = 10, READY = 1, AHEAD = 4 };
    struct fake_reply replies[PAGES] = { { 0 } };
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct cloud_batch *batch;
    struct fake script;
    struct cloud_error err;
    int taken = 0;

    (void)state;
    fake_open(&script, "jdcloud", NULL);
    for (int i = 0; i < PAGES; i++)
        replies[i] = (struct fake_reply){
            .status = 200, .body = write_page(&(struct page){ PAGES * 100, i * 100, 100, 0, 0 })
        };
    fake_play(&script, replies, PAGES);
    options.max_in_flight = 1;
    assert_int_equal(cloud_batch_new(&options, &batch, &err), CLOUD_OK);
    call.client = script.client;
    call.op = CLOUD_OP_DESCRIBE_INSTANCES;
    call.stream = true;
    assert_int_equal(cloud_batch_add_call(batch, &call, NULL, &err), CLOUD_OK);
    while (cloud_batch_left(batch)) {
        int fetched = taken + READY + AHEAD < PAGES ? taken + READY + AHEAD : PAGES;

        for (int i = 0; i < 20; i++)
            cloud_batch_run(batch, 0);
        assert_int_equal(script.sent, fetched);
        assert_true(cloud_batch_next(batch, &done));
        assert_int_equal(done.code, CLOUD_OK);
        assert_int_equal(done.result.instance_count, done.more ? 100 : 0);
        for (size_t i = 0; i < done.result.instance_count; i++) {
            char id[24];

            snprintf(id, sizeof(id), "i-%d", taken * 100 + (int)i);
            assert_string_equal(done.result.instances[i].id, id);
        }
        taken += done.more;
    }
    assert_int_equal(taken, PAGES);
    cloud_batch_done_clear(&done);
    cloud_batch_free(batch);
    fake_close(&script);
    for (int i = 0; i < PAGES; i++)
        free((char *)replies[i].body);
}

static void test_batch_stream__a_failed_page_ends_it(void **state)
{
    static const struct page pages[] = { { 250, 0, 100, 0, 0 } };
    struct cloud_error err;
    size_t seen;

    (void)state;
    assert_int_equal(stream(pages, 1, &seen, &err),
                     CLOUD_ENETWORK); /* the script has no second reply */
    assert_int_equal(seen, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_stream__returns_every_instance),
        cmocka_unit_test(test_batch_stream__a_listing_that_changed_is_an_error),
        cmocka_unit_test(test_batch_stream__pages_are_read_as_the_caller_takes_them),
        cmocka_unit_test(test_batch_stream__a_failed_page_ends_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
