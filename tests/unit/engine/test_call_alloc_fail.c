/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whole calls while memory runs out: the n-th allocation fails, for every n. Each ends in
 * CLOUD_ENOMEM or as it would have, never in a crash, a leak or half a result; and a change that
 * was accepted is not said to have been refused.
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

/* the C library's strdup does not feel --wrap=malloc */
char *__wrap_strdup(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);

    return copy ? memcpy(copy, text, size) : NULL;
}

/* clang-format off */
#define INSTANCE(id)                                                                                                   \
    "{\"instanceId\":\"" id "\",\"instanceName\":\"web-1\",\"status\":\"running\",\"az\":\"cn-north-1a\","             \
    "\"launchTime\":\"2022-07-22T08:41:28Z\",\"keyNames\":[\"ops\",\"dev\"],\"tags\":[{\"key\":\"a\",\"value\":\"b\"}]," \
    "\"charge\":{\"chargeMode\":\"prepaid_by_duration\",\"chargeStatus\":\"normal\","                                  \
    "\"chargeExpiredTime\":\"2022-09-22T08:41:28Z\"},"                                                                 \
    "\"primaryNetworkInterface\":{\"networkInterface\":{\"securityGroups\":[{\"groupId\":\"sg-1\"}]}},"                \
    "\"systemDisk\":{\"diskCategory\":\"cloud\",\"cloudDisk\":{\"diskId\":\"vol-1\",\"diskSizeGB\":40,\"charge\":"     \
    "{\"chargeMode\":\"prepaid_by_duration\"}}},"                                                                      \
    "\"dataDisks\":[{\"diskCategory\":\"cloud\",\"cloudDisk\":{\"diskId\":\"vol-2\",\"diskSizeGB\":100}}]}"
#define LISTED "{\"requestId\":\"r-1\",\"result\":{\"instances\":[" INSTANCE("i-1") "," INSTANCE("i-2") "],\"totalCount\":2}}"
#define FOUND "{\"requestId\":\"r-1\",\"result\":{\"instance\":" INSTANCE("i-1") "}}"
#define CREATED "{\"requestId\":\"r-2\",\"result\":{\"instanceIds\":[\"i-1\"]}}"
#define ORDERED(n) "{\"requestId\":\"r-3\",\"result\":{\"orderNumber\":\"" n "\"}}"
#define PRICED "{\"requestId\":\"r-4\",\"result\":{\"discountedTotalPrice\":120.50,\"totalOriginalPrice\":140}}"
#define TYPES                                                                                                          \
    "{\"requestId\":\"r-5\",\"result\":{\"instanceTypes\":[{\"instanceType\":\"g.n2.medium\",\"family\":\"g.n2\","     \
    "\"cpu\":1,\"memoryMB\":4096,\"state\":[{\"az\":\"cn-north-1a\",\"inStock\":true}]}],\"totalCount\":1}}"
#define IMAGES "{\"requestId\":\"r-6\",\"result\":{\"images\":[{\"imageId\":\"img-1\",\"status\":\"ready\"}],\"totalCount\":1}}"
#define QUOTAS "{\"requestId\":\"r-7\",\"result\":{\"quotas\":[{\"resourceType\":\"instance\",\"limit\":20,\"used\":1}]}}"
#define REFUSED "{\"requestId\":\"r-8\",\"error\":{\"code\":400,\"status\":\"FAILED_PRECONDITION\",\"message\":\"busy\"}}"

/* clang-format on */
static struct fake script;

/* One call, whole: a client of its own, so that nothing is cached from before. Returns whether it
 * still went short. */
struct whole {
    enum cloud_op op;
    void (*fill)(struct cloud_params *params);
    struct fake_reply replies[6];
    size_t reply_count;
    int code;                                           /* with memory enough */
    size_t (*count)(const struct cloud_result *result); /* of what was asked for */
    size_t expected;
    int accepted; /* how many answers must have come for the change to be done; 0: it changes
                     nothing */
};

static void need_nothing(struct cloud_params *params)
{
    (void)params;
}

static void need_purchase(struct cloud_params *params)
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
    params->operation_key = "order 77/1"; /* not a token as it stands: it is digested */
}

static void need_purchase_by_size(struct cloud_params *params)
{
    need_purchase(params);
    params->instance_type = NULL;
    params->family = "g.n2";
    params->cpu = 1;
    params->max_charge = (struct cloud_money){ 200000000, "CNY" };
}

static void need_check(struct cloud_params *params)
{
    need_purchase(params);
    params->operation_key = NULL;
}

static void need_renewal(struct cloud_params *params)
{
    params->instance_id = "i-1";
    params->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
}

static void need_id(struct cloud_params *params)
{
    params->instance_id = "i-1";
}

static void need_action(struct cloud_params *params)
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
    size_t whole = 0;

    for (size_t i = 0; i < result->check_count; i++)
        whole += result->checks[i].name && result->checks[i].message;
    return whole;
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
static const struct whole calls[] = {
    { CLOUD_OP_DESCRIBE_INSTANCES, need_nothing, { ANSWER(LISTED) }, 1, CLOUD_OK, instances, 2, 0 },
    { CLOUD_OP_DESCRIBE_INSTANCE, need_id, { ANSWER(FOUND) }, 1, CLOUD_OK, instances, 1, 0 },
    { CLOUD_OP_CREATE_INSTANCE, need_purchase, { ANSWER(CREATED) }, 1, CLOUD_OK, ids, 1, 1 },
    { CLOUD_OP_CREATE_INSTANCE, need_purchase_by_size, { ANSWER(TYPES), ANSWER(PRICED), ANSWER(TYPES), ANSWER(CREATED) }, 4,
      CLOUD_OK, ids, 1, 4 },
    { CLOUD_OP_CREATE_INSTANCE, need_purchase, { { .status = 400, .body = REFUSED } }, 1, CLOUD_ESTATE, ids, 0, 0 },
    { CLOUD_OP_CREATE_INSTANCE_DRY_RUN, need_check, { ANSWER(TYPES), ANSWER(IMAGES), ANSWER(QUOTAS), ANSWER(PRICED) }, 4,
      CLOUD_OK, checks, 6, 0 },
    { CLOUD_OP_RENEW_INSTANCE, need_renewal, { ANSWER(FOUND), ANSWER(ORDERED("o-1")), ANSWER(ORDERED("o-2")) }, 3, CLOUD_OK,
      orders, 1, 2 },
    { CLOUD_OP_DESCRIBE_RENEW_PRICE, need_renewal, { ANSWER(FOUND), ANSWER(PRICED) }, 2, CLOUD_OK, NULL, 0, 0 },
    { CLOUD_OP_DESCRIBE_REGIONS, need_nothing, { { 0 } }, 0, CLOUD_OK, regions, 4, 0 },
    { CLOUD_OP_INVOKE, need_action, { ANSWER(LISTED) }, 1, CLOUD_OK, texts, 1, 0 },
};
/* clang-format on */

/* true: memory did not run out any more */
static bool run_short(const struct whole *whole, int n)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    const char *name = cloud_op_info(whole->op)->name;
    struct cloud_error err;
    bool enough;
    int rc;

    fake_open(&script, "jdcloud", NULL);
    fake_play(&script, whole->replies, whole->reply_count);
    whole->fill(&params);
    alloc_fail_left = n;
    rc = cloud_call(script.client, whole->op, &params, &result, &err);
    enough = alloc_fail_left > 0;
    alloc_fail_left = -1;
    if (rc != whole->code && rc != CLOUD_ENOMEM)
        fail_msg("%s, allocation %d: %s, %s", name, n, cloud_code_name(rc), err.message);
    if (enough && rc != whole->code)
        fail_msg("%s: %s, with memory enough", name, cloud_code_name(rc));
    if (rc == CLOUD_OK && whole->count && whole->count(&result) != whole->expected)
        fail_msg("%s, allocation %d: half a result", name, n);
    if (rc && result.storage && whole->op != CLOUD_OP_CREATE_INSTANCE_DRY_RUN)
        fail_msg("%s, allocation %d: an error and a result", name, n);
    if (rc && whole->accepted && (int)script.sent >= whole->accepted &&
        err.outcome == CLOUD_NOT_APPLIED)
        fail_msg("%s, allocation %d: accepted by the vendor, said to be not applied", name, n);
    if (rc && whole->accepted && (int)script.sent < whole->accepted &&
        err.outcome != CLOUD_NOT_APPLIED)
        fail_msg("%s, allocation %d: nothing was sent that changes anything: %s", name, n,
                 err.message);
    cloud_result_clear(&result);
    fake_close(&script);
    return enough;
}

static void test_scarce_call__every_allocation_may_fail(void **state)
{
    (void)state;
    for (size_t i = 0; i < CC_COUNT(calls); i++) {
        int n = 0;

        while (!run_short(&calls[i], n))
            n++;
        if (calls[i].reply_count && n < 10)
            fail_msg("%s: only %d allocations were seen; is the wrapping gone?",
                     cloud_op_info(calls[i].op)->name, n);
    }
}

/* a client that went short works again */
static void test_scarce_call__a_client_recovers(void **state)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    int short_of = 0;

    (void)state;
    fake_open(&script, "jdcloud", NULL);
    for (int n = 0; n < 60; n++) {
        fake_play(&script, calls[0].replies, 1);
        alloc_fail_left = n;
        short_of += cloud_describe_instances(script.client, NULL, &result, &err) == CLOUD_ENOMEM;
        alloc_fail_left = -1;
        fake_play(&script, calls[0].replies, 1);
        assert_int_equal(cloud_describe_instances(script.client, NULL, &result, &err), CLOUD_OK);
        assert_int_equal(result.instance_count, 2);
    }
    assert_true(short_of > 3); /* a client keeps memory: its later calls need little */
    cloud_result_clear(&result);
    fake_close(&script);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scarce_call__every_allocation_may_fail),
        cmocka_unit_test(test_scarce_call__a_client_recovers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
