/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests spending while the network fails: every operation that spends, with every fault of the
 * emulator, at the request that spends and at each request around it, in this process and over
 * HTTP. Nothing is ever charged twice, and no outcome contradicts the ledger. Prints the number of
 * each outcome.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/support/emulator_client.h"

#define MOST 4096
#define SHORT_MS 1000        /* the deadline of calls whose reply comes too late */
#define LONG_MS (10 * 60000) /* longer than a test may last */

static struct emulated emulated;
static struct emulated_charge charges[MOST];
static const struct cloud_period month = { 1, CLOUD_PERIOD_MONTH };
static bool http;
static int serial;  /* makes names and keys of the cases unique */
static char id[64]; /* the instance of the case; "": none yet */
static char name[32];

/* the operations, and the number of their cases: seen[outcome][charged] */
/* clang-format off */
static struct {
    const char *name, *action, *kind;
    bool charges; /* false: automatic renewal charges later */
    int seen[3][2];
} ops[] = {
    { "create", "createInstances", "create", true, { { 0 } } },
    { "renew", "renewInstance", "renew", true, { { 0 } } },
    { "upgrade size", "resizeInstance", "upgrade", true, { { 0 } } },
    { "upgrade disk", "extendDisk", "upgrade", true, { { 0 } } },
    { "auto-renew", "setRenewal", NULL, false, { { 0 } } },
};
/* clang-format on */
enum { CREATE, RENEW, SIZE, DISK, AUTO_RENEW };

/* The members of a fault other than its action. The delay is longer than the deadline. */
static const char *const faults[] = {
    "\"kind\":\"refuse\"",
    "\"kind\":\"refuse\",\"times\":9",
    "\"kind\":\"reset\"",
    "\"kind\":\"drop_before_apply\"",
    "\"kind\":\"drop_before_apply\",\"times\":9",
    "\"kind\":\"drop_after_apply\"",
    "\"kind\":\"drop_after_apply\",\"times\":9",
    "\"kind\":\"truncate\",\"bytes\":0",
    "\"kind\":\"truncate\",\"bytes\":1",
    "\"kind\":\"truncate\",\"bytes\":40",
    "\"kind\":\"garbage\"",
    "\"kind\":\"wrong_type\"",
    "\"kind\":\"huge\",\"bytes\":200000",
    "\"kind\":\"http\",\"status\":500",
    "\"kind\":\"http\",\"status\":500,\"apply\":true",
    "\"kind\":\"http\",\"status\":502,\"apply\":true,\"times\":9",
    "\"kind\":\"http\",\"status\":503,\"apply\":true",
    "\"kind\":\"http\",\"status\":504,\"apply\":true",
    "\"kind\":\"http\",\"status\":429,\"retry_after\":0",
    "\"kind\":\"http\",\"status\":302",
    "\"kind\":\"code\",\"status\":500,\"code\":\"INTERNAL\",\"message\":\"server fault\"",
    "\"kind\":\"code\",\"status\":400,\"code\":\"FAILED_PRECONDITION\",\"message\":\"busy\"",
    "\"kind\":\"delay\",\"delay_ms\":600000",
};

static void control(const char *path, const char *body)
{
    free(emulated_control(&emulated, path, body));
}

static void clear_faults(void)
{
    struct cloud_emulator_request request = { .size = sizeof(request),
                                              .method = "DELETE",
                                              .url = "http://localhost/_emulator/fail" };
    struct cloud_emulator_reply reply = { .size = sizeof(reply) };

    assert_int_equal(cloud_emulator_handle(emulated.emulator, &request, &reply), 0);
    assert_int_equal(reply.status, 200);
    cloud_emulator_reply_clear(&reply);
}

static void check_prepared(int rc, const struct cloud_error *err)
{
    if (rc)
        fail_msg("the case cannot be prepared: %s", err->message);
}

static struct cloud_client *client_with_long_timeout(void)
{
    emulated.client->options.timeout_ms = LONG_MS;
    emulated.client->retry_budget = 10000;
    return emulated.client;
}

static void make_instance(size_t op)
{
    struct cloud_params p = emulated_purchase(name);
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    struct cloud_client *client = client_with_long_timeout();

    id[0] = '\0';
    if (op == CREATE)
        return;
    p.name = "given-1";
    check_prepared(cloud_create_instance(client, &p, &result, &err), &err);
    snprintf(id, sizeof(id), "%s", result.ids[0]);
    cloud_result_clear(&result);
    if (op == SIZE || op == DISK)
        check_prepared(cloud_stop_instance(client, id, false, &err), &err);
}

static int spend(size_t op, struct cloud_error *err)
{
    struct cloud_params p = emulated_purchase(name);
    struct cloud_result result = CLOUD_RESULT_INIT;
    char key[40];
    int rc;

    snprintf(key, sizeof(key), "key-%d", serial);
    if (op != CREATE)
        p = (struct cloud_params)CLOUD_PARAMS_INIT;
    p.instance_id = op == CREATE ? NULL : id;
    p.operation_key = key;
    p.instance_type = op == SIZE ? "g.n2.large" : p.instance_type;
    p.system_disk_gb = op == DISK ? 80 : p.system_disk_gb;
    if (op == RENEW || op == AUTO_RENEW)
        p.period = month;
    p.auto_renew = op == AUTO_RENEW ? CLOUD_YES : CLOUD_UNSET;
    rc = cloud_call(emulated.client,
                    op == CREATE       ? CLOUD_OP_CREATE_INSTANCE
                    : op == RENEW      ? CLOUD_OP_RENEW_INSTANCE
                    : op == AUTO_RENEW ? CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE
                                       : CLOUD_OP_UPGRADE_INSTANCE,
                    &p, &result, err);
    if (rc && result.storage)
        fail_msg("%s: an error, and a result", ops[op].name);
    cloud_result_clear(&result);
    return rc;
}

/* Returns the highest number of charges that one instance or disk got since @from. */
static int most_charges(size_t from, size_t count)
{
    int most = 0;

    for (size_t i = from; i < count; i++) {
        int same = 0;

        for (size_t k = from; k < count; k++)
            same += !strcmp(charges[i].resource, charges[k].resource);
        most = same > most ? same : most;
    }
    return most;
}

static bool renewal_is_on(void)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    char json[160];
    bool on;

    snprintf(json, sizeof(json),
             "{\"queryInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\","
             "\"instanceId\":\"%s\"}}",
             id);
    check_prepared(cloud_invoke(client_with_long_timeout(), "queryInstance", json, &result, &err),
                   &err);
    assert_non_null(strstr(result.json, id));
    on = strstr(result.json, "\"OPENED\"") != NULL;
    cloud_result_clear(&result);
    return on;
}

/* Returns the number of instances with the name of this case's purchase. */
static size_t bought(void)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    size_t count;

    p.name = name;
    check_prepared(cloud_describe_instances(client_with_long_timeout(), &p, &result, &err), &err);
    count = result.instance_count;
    cloud_result_clear(&result);
    return count;
}

/* Returns whether the change was applied. Fails when it was applied more than once. */
static bool was_applied(size_t op, const char *fault, size_t before)
{
    size_t count = emulated_ledger(&emulated, charges, MOST);

    if (most_charges(before, count) > 1 || (op == CREATE && bought() > 1))
        fail_msg("%s, %s: charged twice", ops[op].name, fault);
    for (size_t i = before; i < count; i++) {
        if (!ops[op].kind || strcmp(charges[i].kind, ops[op].kind))
            fail_msg("%s, %s: a charge for \"%s\"", ops[op].name, fault, charges[i].kind);
    }
    if (op == CREATE && (bought() == 1) != (count > before))
        fail_msg("%s, %s: bought without a charge, or charged for nothing", ops[op].name, fault);
    return op == AUTO_RENEW ? renewal_is_on() : count > before;
}

static void run_case(size_t op, const char *action, int skip, const char *fault)
{
    bool late = strstr(fault, "delay") != NULL, done;
    struct cloud_error err;
    char text[256];
    size_t before;
    int rc;

    snprintf(name, sizeof(name), "case-%04d", ++serial);
    make_instance(op);
    before = emulated_ledger(&emulated, charges, MOST);
    snprintf(text, sizeof(text), "{\"action\":\"%s\",\"skip\":%d,%s}", action, skip, fault);
    control("fail", text);
    client_with_long_timeout();
    emulated.client->options.timeout_ms = late ? SHORT_MS : LONG_MS;
    rc = spend(op, &err);
    clear_faults();
    done = was_applied(op, fault, before);
    if (!rc != (err.outcome == CLOUD_APPLIED))
        fail_msg("%s, %s: %s, but the outcome is %s", ops[op].name, fault, cloud_code_name(rc),
                 cloud_outcome_name(err.outcome));
    if ((err.outcome == CLOUD_APPLIED && !done) || (err.outcome == CLOUD_NOT_APPLIED && done))
        fail_msg("%s at request %d of %s, %s: the outcome is %s (%s), but the ledger has %s",
                 ops[op].name, skip, action, fault, cloud_outcome_name(err.outcome), err.message,
                 done ? "the charge" : "none");
    ops[op].seen[err.outcome][done]++;
}

static int open_world(void **state)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;

    (void)state;
    options.max_reply_bytes = 100000; /* less than the "huge" reply */
    options.connect_timeout_ms = LONG_MS;
    emulated_open(&emulated, http, &options);
    control("world",
            "{\"quota\":{\"instance\":100000,\"disk\":100000},\"balance\":\"9000000.00\"}");
    for (size_t i = 0; i < CC_COUNT(ops); i++)
        memset(ops[i].seen, 0, sizeof(ops[i].seen));
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    printf("%-16s%-14s%14s%22s%22s\n", http ? "over HTTP" : "in this process", "applied",
           "not applied", "unknown, charged", "unknown, not");
    for (size_t i = 0; i < CC_COUNT(ops); i++)
        printf("%-16s%-14d%14d%22d%22d\n", ops[i].name, ops[i].seen[CLOUD_APPLIED][1],
               ops[i].seen[CLOUD_NOT_APPLIED][0], ops[i].seen[CLOUD_OUTCOME_UNKNOWN][1],
               ops[i].seen[CLOUD_OUTCOME_UNKNOWN][0]);
    emulated_close(&emulated);
    return 0;
}

static void test_jdcloud_faults__outcomes_are_true_at_the_request_that_spends(void **state)
{
    (void)state;
    for (size_t op = 0; op < CC_COUNT(ops); op++) {
        for (size_t i = 0; i < CC_COUNT(faults); i++)
            run_case(op, ops[op].action, 0, faults[i]);
    }
}

/* Requests before and after may fail too: the instance is read before; a disk is detached, polled
 * and attached. */
static void test_jdcloud_faults__outcomes_are_true_at_every_other_request(void **state)
{
    static const int requests[] = {
        [CREATE] = 1, [RENEW] = 3, [SIZE] = 2, [DISK] = 7, [AUTO_RENEW] = 1
    };
    static const char *const some[] = {
        "\"kind\":\"refuse\",\"times\":9",
        "\"kind\":\"drop_before_apply\",\"times\":9",
        "\"kind\":\"drop_after_apply\",\"times\":9",
        "\"kind\":\"truncate\",\"bytes\":40",
        "\"kind\":\"garbage\"",
        "\"kind\":\"http\",\"status\":502,\"apply\":true,\"times\":9",
        "\"kind\":\"code\",\"status\":400,\"code\":\"FAILED_PRECONDITION\",\"message\":\"busy\"",
    };

    (void)state;
    for (size_t op = 0; op < CC_COUNT(ops); op++) {
        for (int skip = 0; skip < requests[op]; skip++) {
            for (size_t i = 0; i < CC_COUNT(some); i++)
                run_case(op, "*", skip, some[i]);
        }
    }
}

/* The vendor recognises a purchase that is delivered twice by its client token. Other actions have
 * no client token. */
static void test_jdcloud_faults__a_purchase_delivered_twice_is_one(void **state)
{
    (void)state;
    run_case(CREATE, "createInstances", 0, "\"kind\":\"duplicate\"");
    assert_true(ops[CREATE].seen[CLOUD_APPLIED][1] > 0);
}

/* Code that always reports "unknown" would pass the tests above. */
static void test_jdcloud_faults__the_outcome_is_known_where_it_can_be(void **state)
{
    /* clang-format off */
    static const struct {
        size_t op;
        const char *fault;
        enum cloud_outcome is;
        bool in_process; /* only there: over HTTP the server accepts first, then resets */
    } cases[] = {
        /* CREATE is retried with the same client token */
        { CREATE, "\"kind\":\"drop_after_apply\"", CLOUD_APPLIED, false },
        { CREATE, "\"kind\":\"drop_before_apply\"", CLOUD_APPLIED, false },
        { CREATE, "\"kind\":\"truncate\",\"bytes\":40", CLOUD_APPLIED, false },
        { CREATE, "\"kind\":\"http\",\"status\":502,\"apply\":true", CLOUD_APPLIED, false },
        { RENEW, "\"kind\":\"refuse\"", CLOUD_APPLIED, true }, /* it did not arrive: is retried */
        { RENEW, "\"kind\":\"refuse\",\"times\":9", CLOUD_NOT_APPLIED, true },
        { RENEW, "\"kind\":\"drop_after_apply\"", CLOUD_OUTCOME_UNKNOWN, false },
        { RENEW, "\"kind\":\"drop_before_apply\"", CLOUD_OUTCOME_UNKNOWN, false },
        /* a throttling that the vendor names was not processed; 429 alone may be a gateway's */
        { RENEW, "\"kind\":\"code\",\"status\":429,\"code\":\"RATE_LIMIT\",\"message\":\"slow\"",
          CLOUD_APPLIED, false },
        { RENEW, "\"kind\":\"http\",\"status\":429", CLOUD_OUTCOME_UNKNOWN, false },
        { RENEW, "\"kind\":\"code\",\"status\":400,\"code\":\"OUT_OF_RANGE\",\"message\":\"no\"",
          CLOUD_NOT_APPLIED, false },
        { SIZE, "\"kind\":\"garbage\"", CLOUD_OUTCOME_UNKNOWN, false },
        { AUTO_RENEW, "\"kind\":\"delay\",\"delay_ms\":600000", CLOUD_OUTCOME_UNKNOWN, false },
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        int before = ops[cases[i].op].seen[cases[i].is][0] + ops[cases[i].op].seen[cases[i].is][1];

        if (cases[i].in_process && http)
            continue;
        run_case(cases[i].op, ops[cases[i].op].action, 0, cases[i].fault);
        if (ops[cases[i].op].seen[cases[i].is][0] + ops[cases[i].op].seen[cases[i].is][1] !=
            before + 1)
            fail_msg("%s, %s: not %s", ops[cases[i].op].name, cases[i].fault,
                     cloud_outcome_name(cases[i].is));
    }
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jdcloud_faults__outcomes_are_true_at_the_request_that_spends),
        cmocka_unit_test(test_jdcloud_faults__outcomes_are_true_at_every_other_request),
        cmocka_unit_test(test_jdcloud_faults__a_purchase_delivered_twice_is_one),
        cmocka_unit_test(test_jdcloud_faults__the_outcome_is_known_where_it_can_be),
    };
    int failed = cmocka_run_group_tests_name("in this process", tests, open_world, close_world);

    http = true;
    return failed + cmocka_run_group_tests_name("over HTTP", tests, open_world, close_world);
}
