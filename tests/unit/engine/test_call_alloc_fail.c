/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Makes the n-th allocation of a whole call fail, for every n. The call ends with CLOUD_ENOMEM or
 * as usual, without a crash, a leak or a part of a result. The error of a change that the vendor
 * accepted does not say "not applied".
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

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

/* clang-format off */
#define INSTANCE(id) \
    "{\"instanceId\":\"" id "\",\"instanceName\":\"web-1\",\"status\":\"running\"," \
    "\"az\":\"cn-north-1a\",\"launchTime\":\"2022-07-22T08:41:28Z\"," \
    "\"keyNames\":[\"ops\",\"dev\"],\"tags\":[{\"key\":\"a\",\"value\":\"b\"}]," \
    "\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeStatus\":\"normal\"," \
    "\"chargeExpiredTime\":\"2022-09-22T08:41:28Z\"}," \
    "\"primaryNetworkInterface\":{\"networkInterface\":" \
    "{\"securityGroups\":[{\"groupId\":\"sg-1\"}]}}," \
    "\"systemDisk\":{\"diskCategory\":\"cloud\",\"cloudDisk\":{\"diskId\":\"vol-1\"," \
    "\"diskSizeGB\":40,\"charge\":{\"chargeMode\":\"prepaid_by_duration\"}}}," \
    "\"dataDisks\":[{\"diskCategory\":\"cloud\",\"cloudDisk\":{\"diskId\":\"vol-2\"," \
    "\"diskSizeGB\":100}}]}"
#define LISTED \
    "{\"requestId\":\"r-1\",\"result\":{\"instances\":[" INSTANCE("i-1") "," INSTANCE("i-2") "]," \
    "\"totalCount\":2}}"
#define FOUND "{\"requestId\":\"r-1\",\"result\":{\"instance\":" INSTANCE("i-1") "}}"
#define CREATED "{\"requestId\":\"r-2\",\"result\":{\"instanceIds\":[\"i-1\"]}}"
#define ORDERED(n) "{\"requestId\":\"r-3\",\"result\":{\"orderNumber\":\"" n "\"}}"
#define PRICED \
    "{\"requestId\":\"r-4\",\"result\":{\"discountedTotalPrice\":120.50," \
    "\"totalOriginalPrice\":140}}"
#define TYPES \
    "{\"requestId\":\"r-5\",\"result\":{\"instanceTypes\":[{\"instanceType\":\"g.n2.medium\"," \
    "\"family\":\"g.n2\",\"cpu\":1,\"memoryMB\":4096," \
    "\"state\":[{\"az\":\"cn-north-1a\",\"inStock\":true}]}],\"totalCount\":1}}"
#define IMAGES \
    "{\"requestId\":\"r-6\",\"result\":{\"images\":[" \
    "{\"imageId\":\"img-1\",\"status\":\"ready\"}],\"totalCount\":1}}"
#define QUOTAS \
    "{\"requestId\":\"r-7\",\"result\":{\"quotas\":[{\"resourceType\":\"instance\",\"limit\":20," \
    "\"used\":1}]}}"
#define REFUSED \
    "{\"requestId\":\"r-8\",\"error\":{\"code\":400,\"status\":\"FAILED_PRECONDITION\"," \
    "\"message\":\"busy\"}}"
/* clang-format on */

static struct fake script;

/* One call. Each has a new client, so nothing is cached. */
struct trial {
    enum cloud_op op;
    void (*fill)(struct cloud_params *params);
    struct fake_reply replies[6];
    size_t reply_count;
    int code;                                           /* with enough memory */
    size_t (*count)(const struct cloud_result *result); /* of the elements in the result */
    size_t expected;
    int accepted; /* replies after which the change is applied; 0: it changes nothing */
};

static void fill_nothing(struct cloud_params *params)
{
    (void)params;
}

static void fill_purchase(struct cloud_params *params)
{
    static const struct cloud_disk_spec disks[] = { { "ssd.gp1", 100 }, { NULL, 200 } };

    params->name = "web-1";
    params->description = "front end";
    params->zone = "cn-north-1a";
    params->instance_type = "g.n2.medium";
    params->image_id = "img-1";
    params->subnet_id = "subnet-1";
    params->security_group_id = "sg-1";
    params->key_name = "ops";
    params->password = "Gre7n$Tea-9";
    params->system_disk_gb = 40;
    params->data_disks = disks;
    params->data_disk_count = CC_COUNT(disks);
    params->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    params->operation_key = "order 77/1"; /* no valid client token, so it is hashed */
}

static void fill_purchase_by_size(struct cloud_params *params)
{
    fill_purchase(params);
    params->instance_type = NULL;
    params->family = "g.n2";
    params->cpu = 1;
    params->max_charge = (struct cloud_money){ 200000000, "CNY" };
}

static void fill_dry_run(struct cloud_params *params)
{
    fill_purchase(params);
    params->operation_key = NULL;
}

static void fill_renewal(struct cloud_params *params)
{
    params->instance_id = "i-1";
    params->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
}

static void fill_id(struct cloud_params *params)
{
    params->instance_id = "i-1";
}

static void fill_action(struct cloud_params *params)
{
    params->action = "describeInstances";
    params->parameters = "{\"filters\":[{\"name\":\"status\",\"values\":[\"running\",\"stopped\"]}]"
                         ",\"pageSize\":20}";
}

static size_t instances(const struct cloud_result *result)
{
    return result->instance_count;
}

static size_t ids(const struct cloud_result *result)
{
    return result->id_count;
}

static size_t orders(const struct cloud_result *result)
{
    return result->order_id && !strcmp(result->order_id, "o-1,o-2");
}

static size_t checks(const struct cloud_result *result)
{
    size_t complete = 0;

    for (size_t i = 0; i < result->check_count; i++)
        complete += result->checks[i].name && result->checks[i].message;
    return complete;
}

static size_t texts(const struct cloud_result *result)
{
    return result->json && strstr(result->json, "i-2");
}

static size_t regions(const struct cloud_result *result)
{
    return result->region_count;
}

#define ANSWER(text) \
    { \
        .status = 200, .body = text \
    }
/* clang-format off */
static const struct trial trials[] = {
    { CLOUD_OP_DESCRIBE_INSTANCES, fill_nothing, { ANSWER(LISTED) }, 1,
      CLOUD_OK, instances, 2, 0 },
    { CLOUD_OP_DESCRIBE_INSTANCE, fill_id, { ANSWER(FOUND) }, 1,
      CLOUD_OK, instances, 1, 0 },
    { CLOUD_OP_CREATE_INSTANCE, fill_purchase, { ANSWER(CREATED) }, 1,
      CLOUD_OK, ids, 1, 1 },
    { CLOUD_OP_CREATE_INSTANCE, fill_purchase_by_size,
      { ANSWER(TYPES), ANSWER(PRICED), ANSWER(TYPES), ANSWER(CREATED) }, 4,
      CLOUD_OK, ids, 1, 4 },
    { CLOUD_OP_CREATE_INSTANCE, fill_purchase, { { .status = 400, .body = REFUSED } }, 1,
      CLOUD_ESTATE, ids, 0, 0 },
    { CLOUD_OP_CREATE_INSTANCE_DRY_RUN, fill_dry_run,
      { ANSWER(TYPES), ANSWER(IMAGES), ANSWER(QUOTAS), ANSWER(PRICED) }, 4,
      CLOUD_OK, checks, 6, 0 },
    { CLOUD_OP_RENEW_INSTANCE, fill_renewal,
      { ANSWER(FOUND), ANSWER(ORDERED("o-1")), ANSWER(ORDERED("o-2")) }, 3,
      CLOUD_OK, orders, 1, 2 },
    { CLOUD_OP_DESCRIBE_RENEW_PRICE, fill_renewal, { ANSWER(FOUND), ANSWER(PRICED) }, 2,
      CLOUD_OK, NULL, 0, 0 },
    { CLOUD_OP_DESCRIBE_REGIONS, fill_nothing, { { 0 } }, 0,
      CLOUD_OK, regions, 4, 0 },
    { CLOUD_OP_INVOKE, fill_action, { ANSWER(LISTED) }, 1,
      CLOUD_OK, texts, 1, 0 },
};
/* clang-format on */

/* Returns true when the call had enough memory. */
static bool run_short(const struct trial *trial, int n)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    const char *name = cloud_op_info(trial->op)->name;
    struct cloud_error err;
    bool enough;
    int rc;

    fake_open(&script, "jdcloud", NULL);
    fake_play(&script, trial->replies, trial->reply_count);
    trial->fill(&params);
    alloc_fail_left = n;
    rc = cloud_call(script.client, trial->op, &params, &result, &err);
    enough = alloc_fail_left > 0;
    alloc_fail_left = -1;
    if (rc != trial->code && rc != CLOUD_ENOMEM)
        fail_msg("%s, allocation %d: %s, %s", name, n, cloud_code_name(rc), err.message);
    if (enough && rc != trial->code)
        fail_msg("%s: %s, with enough memory", name, cloud_code_name(rc));
    if (rc == CLOUD_OK && trial->count && trial->count(&result) != trial->expected)
        fail_msg("%s, allocation %d: a part of a result", name, n);
    if (rc && result.storage && trial->op != CLOUD_OP_CREATE_INSTANCE_DRY_RUN)
        fail_msg("%s, allocation %d: an error and a result", name, n);
    if (rc && trial->accepted && (int)script.sent >= trial->accepted &&
        err.outcome == CLOUD_NOT_APPLIED)
        fail_msg("%s, allocation %d: the vendor accepted it, the error says \"not applied\"", name,
                 n);
    if (rc && trial->accepted && (int)script.sent < trial->accepted &&
        err.outcome != CLOUD_NOT_APPLIED)
        fail_msg("%s, allocation %d: no change was sent, the error says \"%s\"", name, n,
                 err.message);
    cloud_result_clear(&result);
    fake_close(&script);
    return enough;
}

static void test_call_alloc_fail__every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(trials); i++) {
        int n = 0;

        while (!run_short(&trials[i], n))
            n++;
        if (trials[i].reply_count && n < 10)
            fail_msg("%s: only %d allocations were seen; link with --wrap=malloc",
                     cloud_op_info(trials[i].op)->name, n);
    }
}

static void test_call_alloc_fail__a_client_works_again_afterwards(void **state)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    int failures = 0;

    (void)state;
    fake_open(&script, "jdcloud", NULL);
    for (int n = 0; n < 60; n++) {
        fake_play(&script, trials[0].replies, 1);
        alloc_fail_left = n;
        failures += cloud_describe_instances(script.client, NULL, &result, &err) == CLOUD_ENOMEM;
        alloc_fail_left = -1;
        fake_play(&script, trials[0].replies, 1);
        assert_int_equal(cloud_describe_instances(script.client, NULL, &result, &err), CLOUD_OK);
        assert_int_equal(result.instance_count, 2);
    }
    assert_true(failures > 3); /* a client reuses memory, so later calls allocate little */
    cloud_result_clear(&result);
    fake_close(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_call_alloc_fail__every_allocation_may_fail),
        cmocka_unit_test(test_call_alloc_fail__a_client_works_again_afterwards),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
