/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the n-th allocation of a batch fail, for every n. Each call that was added ends once, with
 * success or CLOUD_ENOMEM. The error of a change that the vendor accepted does not say "not
 * applied"; the error of a change that was never sent does. Nothing crashes or leaks. A fake vendor
 * makes each reply from its request, so the order of requests does not matter. The same vendor
 * tests coalescing by listings.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/queue.h>
#include <cmocka.h>

#include "include/cloud_batch.h"
#include "tests/support/alloc_fail.h"
#include "tests/support/fake_transport.h"

char *__wrap_strdup(const char *text);
void *__real_reallocarray(void *memory, size_t count, size_t size);
void *__wrap_reallocarray(void *memory, size_t count, size_t size);

void *__wrap_reallocarray(void *memory, size_t count, size_t size)
{
    return alloc_fail_refuses() ? NULL : __real_reallocarray(memory, count, size);
}

/* --wrap=malloc does not affect the C library's own strdup(). */
char *__wrap_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

enum { MAX_EXCHANGES = 32, CALLS = 5, LISTED = 250, PAGE = 100 };

static struct vendor {
    struct cc_transport transport; /* the first member: the pointers are cast */
    struct cc_exchange *in_flight[MAX_EXCHANGES];
    size_t count;
    bool holds; /* it sends no reply while this is set */
    int requests;
    unsigned requested; /* a bit for each instance whose change was sent */
    unsigned stopped;   /* a bit for each instance whose change was accepted */
    int pages;          /* reported in a listing; 0: the true number */
    int missing;        /* an instance that the pages of a listing lack; -1: none */
} vendor;

static int number_after(const char *text, const char *name)
{
    const char *at = text ? strstr(text, name) : NULL;

    return at ? atoi(at + strlen(name)) : 0;
}

/* Returns a bit for each instance that the text names. */
static unsigned named(const char *text)
{
    unsigned ret = 0;

    for (const char *at = text; (at = strstr(at, "i-")); at += 2)
        ret |= 1u << (atoi(at + 2) % 32);
    return ret;
}

static void add_instance(struct cc_buf *body, int number, bool *first)
{
    cc_buf_printf(body, "%s{\"instanceId\":\"i-%d\",\"status\":\"running\"}", *first ? "" : ",",
                  number);
    *first = false;
}

/* Writes a reply to describeInstances: the instances of a filter, or a page. */
static void answer_list(const char *query, struct cc_buf *body)
{
    int page = number_after(query, "pageNumber=");
    bool first = true;
    int total = LISTED;

    cc_buf_puts(body, "{\"requestId\":\"r\",\"result\":{\"instances\":[");
    if (strstr(query, "filters")) {
        total = 0;
        for (const char *at = query; (at = strstr(at, "=i-")); at++, total++)
            add_instance(body, atoi(at + 3), &first);
    } else {
        for (int i = (page - 1) * PAGE; i < page * PAGE && i < LISTED; i++)
            add_instance(body, i, &first);
    }
    cc_buf_printf(body, "],\"totalCount\":%d}}", total);
}

/* Writes a reply of CapitalOnline CCS: a page of the listing, or one instance. */
static void answer_ccs(const char *request, struct cc_buf *body)
{
    const char *one = strstr(request, "\"InstanceId\":\"");
    int page = number_after(request, "\"PageNumber\":");
    bool first = true;

    cc_buf_puts(body, "{\"Code\":\"Success\",\"Message\":\"\",\"Data\":{\"Instances\":[");
    for (int at = one ? 0 : (page - 1) * PAGE; at < (one ? LISTED : page * PAGE) && at < LISTED;
         at++) {
        int i = !one && vendor.missing >= 0 && at >= vendor.missing ? at + 1 : at;
        char id[48];

        snprintf(id, sizeof(id), "%08d-0000-4000-8000-000000000000", i);
        if (one && strncmp(one + 14, id, strlen(id)) != 0)
            continue;
        cc_buf_printf(body, "%s{\"InstanceId\":\"%s\",\"InstanceStatus\":\"running\"}",
                      first ? "" : ",", id);
        first = false;
    }
    cc_buf_printf(body, "],\"PageNumber\":%d,\"PageCount\":%d}}", one ? 1 : page,
                  one            ? 1
                  : vendor.pages ? vendor.pages
                                 : (LISTED + PAGE - 1) / PAGE);
}

static void answer(struct cc_exchange *exchange)
{
    const struct cc_request *request = exchange->request;
    const char *query = cc_buf_text(&request->query_text), *path = request->path;
    struct cc_reply *reply = exchange->reply;
    struct cc_buf *body = &reply->body;

    cc_reply_clear(reply);
    reply->wire = CC_WIRE_ANSWERED;
    reply->status = 200;
    if (strstr(query, "OperateInstance")) {
        vendor.stopped |= named(cc_buf_text(&request->body));
        cc_buf_puts(body, "{\"Code\":\"Success\",\"Msg\":\"\",\"Data\":{\"EventId\":\"e-1\"}}");
    } else if (strstr(query, "DescribeInstances")) {
        answer_ccs(cc_buf_text(&request->body), body);
    } else if (strstr(path, "/instances/")) {
        cc_buf_printf(body,
                      "{\"requestId\":\"r\",\"result\":{\"instance\":{\"instanceId\":\"i-%d\","
                      "\"status\":\"running\"}}}",
                      number_after(path, "/instances/i-"));
    } else {
        answer_list(query, body);
    }
    if (body->failed) { /* as a transport whose reply does not fit into memory */
        reply->wire = CC_WIRE_LOST;
        reply->code = CLOUD_ENOMEM;
    }
}

static int start(struct cc_transport *transport, struct cc_exchange *exchange,
                 struct cloud_error *err)
{
    (void)transport;
    (void)err;
    assert_true(vendor.count < MAX_EXCHANGES);
    vendor.requests++;
    if (strstr(cc_buf_text(&exchange->request->query_text), "OperateInstance"))
        vendor.requested |= named(cc_buf_text(&exchange->request->body));
    vendor.in_flight[vendor.count++] = exchange;
    return CLOUD_OK;
}

static void wait_for(struct cc_transport *transport, int64_t timeout_ms)
{
    (void)transport;
    (void)timeout_ms;
}

static void cancel(struct cc_transport *transport, struct cc_exchange *exchange)
{
    (void)transport;
    for (size_t i = 0; i < vendor.count; i++) {
        if (vendor.in_flight[i] == exchange)
            vendor.in_flight[i] = vendor.in_flight[--vendor.count];
    }
}

static struct cc_exchange *next(struct cc_transport *transport)
{
    struct cc_exchange *exchange = vendor.count && !vendor.holds ? vendor.in_flight[0] : NULL;

    if (!exchange)
        return NULL;
    answer(exchange);
    cancel(transport, exchange);
    return exchange;
}

static void nothing(struct cc_transport *transport)
{
    (void)transport;
}

struct trial {
    struct fake script;
    struct cloud_batch *batch;
    int added, ended, n;
    bool enough;
    bool seen[CALLS];
    size_t listed;
};

static void open_trial(struct trial *t, const char *provider, const char *rate, int n)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;

    options.rate_limit = rate;
    memset(t, 0, sizeof(*t));
    memset(&vendor, 0, sizeof(vendor));
    vendor.missing = -1;
    vendor.transport = (struct cc_transport){
        .start = start, .wait = wait_for, .next = next, .cancel = cancel, .free = nothing
    };
    fake_open(&t->script, provider, &options);
    t->script.client->transport = &vendor.transport;
    t->n = alloc_fail_left = n;
}

/* Returns true when the trial had enough memory. */
static bool close_trial(struct trial *t)
{
    t->enough = alloc_fail_left > 0;
    alloc_fail_left = -1;
    cloud_batch_free(t->batch);
    fake_close(&t->script);
    return t->enough;
}

static bool make_batch(struct trial *t, bool coalesces)
{
    struct cloud_batch_options options = CLOUD_BATCH_OPTIONS_INIT;
    struct cloud_error err;
    int rc;

    options.no_coalescing = !coalesces;
    rc = cloud_batch_new(&options, &t->batch, &err);
    assert_true(rc == CLOUD_OK || rc == CLOUD_ENOMEM);
    return rc == CLOUD_OK;
}

/* Returns the number of the call; 0 when it could not be added. */
static uint64_t add(struct trial *t, enum cloud_op op, int number, bool stream)
{
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;
    uint64_t id = 0;
    char text[48];
    int rc;

    snprintf(text, sizeof(text),
             strstr(t->script.client->provider->name, "ccs") ? "%08d-0000-4000-8000-000000000000"
                                                             : "i-%d",
             number);
    params.instance_id = stream ? NULL : text;
    call.client = t->script.client;
    call.op = op;
    call.params = &params;
    call.user_data = (void *)(uintptr_t)number;
    call.stream = stream;
    call.timeout_ms = t->script.client->limiter ? 0 : 5000; /* both kinds of timers */
    rc = cloud_batch_add_call(t->batch, &call, &id, &err);
    if (rc && rc != CLOUD_ENOMEM)
        fail_msg("allocation %d: %s", t->n, err.message);
    t->added += !rc;
    return rc ? 0 : id;
}

static void check_done(struct trial *t, const struct cloud_batch_done *done)
{
    uintptr_t number = (uintptr_t)done->user_data;
    bool changes = cloud_op_info(done->op)->effect != CLOUD_READS;

    if (done->code && done->code != CLOUD_ENOMEM && done->code != CLOUD_ECANCELLED)
        fail_msg("allocation %d, call %d: %s", t->n, (int)number, done->error.message);
    if (done->op == CLOUD_OP_DESCRIBE_INSTANCES) {
        t->listed += done->result.instance_count;
        if (!done->more && !done->code && t->listed != LISTED)
            fail_msg("allocation %d: %zu of %d were listed", t->n, t->listed, LISTED);
    } else if (!done->code && !changes) {
        if (done->result.instance_count != 1)
            fail_msg("allocation %d, call %d: no instance", t->n, (int)number);
        if (number_after(done->result.instances[0].id, "i-") != (int)number)
            fail_msg("allocation %d, call %d: the result of another call", t->n, (int)number);
    }
    if (done->code && changes && (vendor.stopped & 1u << number) &&
        done->error.outcome == CLOUD_NOT_APPLIED)
        fail_msg("allocation %d: the vendor accepted it, the error says \"not applied\"", t->n);
    if (done->code && changes && !(vendor.requested & 1u << number) &&
        done->error.outcome != CLOUD_NOT_APPLIED)
        fail_msg("allocation %d: nothing was sent, the error says \"unknown\"", t->n);
    if (done->more)
        return;
    assert_false(t->seen[number]);
    t->seen[number] = true;
    t->ended++;
}

static void run(struct trial *t)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;

    for (int turns = 0; cloud_batch_left(t->batch); turns++) {
        if (turns > 1000)
            fail_msg("allocation %d: %zu calls do not end", t->n, cloud_batch_left(t->batch));
        cloud_batch_run(t->batch, 0);
        while (cloud_batch_next(t->batch, &done))
            check_done(t, &done);
    }
    cloud_batch_done_clear(&done);
    if (t->ended != t->added)
        fail_msg("allocation %d: %d calls were added, %d ended", t->n, t->added, t->ended);
}

static void describe_all(struct trial *t)
{
    for (int i = 0; i < CALLS; i++)
        add(t, CLOUD_OP_DESCRIBE_INSTANCE, i, false);
    run(t);
}

static void stop_all(struct trial *t)
{
    for (int i = 0; i < CALLS; i++)
        add(t, CLOUD_OP_STOP_INSTANCE, i, false);
    run(t);
}

static void stream_listing(struct trial *t)
{
    add(t, CLOUD_OP_DESCRIBE_INSTANCES, 0, true);
    run(t);
}

/* Cancels a call before it begins, a call that shares its request in flight, and a listing. */
static void cancel_some(struct trial *t)
{
    uint64_t ids[CALLS];

    for (int i = 0; i < CALLS - 1; i++)
        ids[i] = add(t, CLOUD_OP_DESCRIBE_INSTANCE, i, false);
    ids[CALLS - 1] = add(t, CLOUD_OP_DESCRIBE_INSTANCES, CALLS - 1, true);
    cloud_batch_cancel(t->batch, ids[0]);
    vendor.holds = true;
    cloud_batch_run(t->batch, 0);
    cloud_batch_cancel(t->batch, ids[1]);
    cloud_batch_cancel(t->batch, ids[CALLS - 1]);
    vendor.holds = false;
    run(t);
}

static void free_in_flight(struct trial *t)
{
    for (int i = 0; i < CALLS - 1; i++)
        add(t, CLOUD_OP_DESCRIBE_INSTANCE, i, false);
    add(t, CLOUD_OP_DESCRIBE_INSTANCES, CALLS - 1, true);
    vendor.holds = true;
    cloud_batch_run(t->batch, 0);
}

static const struct {
    const char *name, *provider, *rate;
    bool coalesces;
    void (*try)(struct trial *t);
    int requests; /* with enough memory */
} trials[] = {
    { "reads", "jdcloud", NULL, false, describe_all, CALLS },
    { "coalesced reads", "jdcloud", NULL, true, describe_all, 1 },
    { "coalesced changes", "capitalonline_ecs", NULL, true, stop_all, 1 },
    { "changes", "capitalonline_ecs", NULL, false, stop_all, CALLS },
    { "a listing", "jdcloud", NULL, true, stream_listing, 3 },
    { "reads, rate limited", "jdcloud", "100000/s", false, describe_all, CALLS },
    { "coalesced reads, rate limited", "jdcloud", "100000/s", true, describe_all, 1 },
    { "a listing, rate limited", "jdcloud", "100000/s", true, stream_listing, 3 },
    { "cancelled", "jdcloud", NULL, true, cancel_some, 2 },
    { "freed", "jdcloud", NULL, true, free_in_flight, 2 },
};

static void test_batch_alloc_fail__every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(trials); i++) {
        bool enough = false;
        int n = 0;

        for (; !enough; n++) {
            struct trial t;

            open_trial(&t, trials[i].provider, trials[i].rate, n);
            if (make_batch(&t, trials[i].coalesces))
                trials[i].try(&t);
            enough = close_trial(&t);
        }
        if (vendor.requests != trials[i].requests)
            fail_msg("%s: %d requests with enough memory", trials[i].name, vendor.requests);
        assert_int_equal(vendor.stopped, trials[i].try == stop_all ? (1u << CALLS) - 1 : 0);
        print_message("%s: %d allocations\n", trials[i].name, n - 1);
        assert_true(n > 10);
    }
}

/* Reads twenty instances of an account with 250, which are three pages. Returns the number of
 * requests. */
static int describe_twenty(int pages, int missing)
{
    struct cloud_batch_done done = CLOUD_BATCH_DONE_INIT;
    struct trial t;
    int good = 0;

    open_trial(&t, "capitalonline_ccs", NULL, -1);
    vendor.pages = pages;
    vendor.missing = missing;
    assert_true(make_batch(&t, true));
    for (int i = 0; i < 20; i++)
        add(&t, CLOUD_OP_DESCRIBE_INSTANCE, i, false);
    while (cloud_batch_left(t.batch)) {
        cloud_batch_run(t.batch, 0);
        while (cloud_batch_next(t.batch, &done)) {
            if (done.code)
                fail_msg("%s", done.error.message);
            assert_int_equal(atoi(done.result.instances[0].id), (uintptr_t)done.user_data);
            good++;
        }
    }
    assert_int_equal(good, 20);
    cloud_batch_done_clear(&done);
    close_trial(&t);
    return vendor.requests;
}

static void test_coalesce__one_listing_answers_all_reads(void **state)
{
    (void)state;
    assert_int_equal(describe_twenty(0, -1), 3);
}

static void test_coalesce__an_instance_missing_in_the_listing_is_read_alone(void **state)
{
    (void)state;
    assert_int_equal(describe_twenty(0, 7), 4);
}

static void test_coalesce__a_listing_with_more_pages_than_reads_is_not_used(void **state)
{
    (void)state;
    assert_int_equal(describe_twenty(21, -1), 1 + 20);
    assert_int_equal(describe_twenty(20, -1), 3); /* a short page ends it before page 20 */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_batch_alloc_fail__every_allocation_may_fail),
        cmocka_unit_test(test_coalesce__one_listing_answers_all_reads),
        cmocka_unit_test(test_coalesce__an_instance_missing_in_the_listing_is_read_alone),
        cmocka_unit_test(test_coalesce__a_listing_with_more_pages_than_reads_is_not_used),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
