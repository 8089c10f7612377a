/* SPDX-License-Identifier: Apache-2.0 */
/* Tests JD Cloud's emulator: orders and their states, and changes that are visible late. */
#include "tests/emulator/jdcloud_client.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#define RENEW(id) \
    "{\"renewInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\"," \
    "\"timeUnit\":\"MONTH\",\"timeSpan\":2,\"instanceIds\":\"%s\"}}", \
        id

static void renew(struct jd_client *c, const char *id, char order[64])
{
    assert_int_equal(jd_call(c, "renewal", "POST", "v2/instances:renew", RENEW(id)), 200);
    snprintf(order, 64, "%s", jd_text(c, "/result/orderNumber"));
    assert_true(*order);
}

static const char *order_status(struct jd_client *c, const char *order)
{
    char path[128];

    snprintf(path, sizeof(path), "v2/order/%s", order);
    jd_call(c, "order", "GET", path, NULL);
    return jd_text(c, "/result/data/status");
}

static int charges(struct jd_client *c, const char *kind)
{
    yyjson_val *charge;
    size_t i, count;
    int ret = 0;

    jd_control(c, "GET", "ledger", NULL);
    yyjson_arr_foreach(yyjson_doc_ptr_get(c->json, "/charges"), i, count, charge) ret +=
        strcmp(yyjson_get_str(yyjson_obj_get(charge, "kind")), kind) == 0;
    return ret;
}

/* Returns the expiry of an instance, "" when it is not visible. The renewal service must agree. */
static const char *expiry(struct jd_client *c, const char *id)
{
    static char ret[32];

    jd_call(c, "renewal", "POST", "v2/instances",
            "{\"queryInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"vm\","
            "\"instanceId\":\"%s\"}}",
            id);
    snprintf(ret, sizeof(ret), "%s", jd_text(c, "/result/listQueries/0/expireTime"));
    jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL);
    assert_string_equal(jd_text(c, "/result/instance/charge/chargeExpiredTime"), ret);
    return ret;
}

static void lag(struct jd_client *c, int seconds)
{
    assert_int_equal(jd_control(c, "POST", "world", "{\"visibility_lag_s\":%d}", seconds), 200);
}

static void test_order__of_a_renewal_is_reported(void **state)
{
    struct jd_client *c = *state;
    char id[64], order[64], path[128], before[32];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    snprintf(before, sizeof(before), "%s", expiry(c, id));
    renew(c, id, order);
    assert_string_equal(order_status(c, order), "PAID");
    assert_string_equal(jd_text(c, "/result/data/orderNumber"), order);
    assert_string_equal(jd_text(c, "/result/data/orderType"), "RENEW");
    assert_int_equal(jd_int(c, "/result/data/totalFee"), 23960); /* fen: 2 x 119.80 */
    assert_int_equal(jd_int(c, "/result/data/paidFee"), 23960);
    assert_int_equal(strlen(jd_text(c, "/result/data/createTime")), 19);
    assert_null(yyjson_doc_ptr_get(c->json, "/result/data/orderItemDetails"));
    snprintf(path, sizeof(path), "v2/order/%s?includeDetail=true", order);
    jd_call(c, "order", "GET", path, NULL);
    assert_string_equal(jd_text(c, "/result/data/orderItemDetails/0/itemId"), id);
    assert_string_equal(jd_text(c, "/result/data/orderItemDetails/0/resizeFormulaType"), "RENEW");
    assert_int_equal(jd_int(c, "/result/data/orderItemDetails/0/chargeDuration"), 2);
    assert_true(strcmp(jd_text(c, "/result/data/orderItemDetails/0/expireDateAfter"), before) > 0);
    assert_int_equal(charges(c, "renew"), 1);
    jd_control(c, "GET", "ledger", NULL);
    assert_non_null(strstr(c->text, order));
    assert_int_equal(jd_call(c, "order", "GET", "v2/order/0", NULL), 404);
    /* Another account cannot read it. */
    assert_int_equal(cloud_emulator_add_key(c->emulator, "other", "its-secret"), 0);
    c->key_id = "other";
    c->secret = "its-secret";
    assert_int_equal(jd_call(c, "order", "GET", path, NULL), 404);
}

static int orders_like(struct jd_client *c, const char *query)
{
    assert_int_equal(jd_call(c, "order", "POST", "v2/orders", "{\"queryVo\":%s}", query), 200);
    return (int)jd_int(c, "/result/totalCount");
}

static void test_order__is_listed_by_its_attributes(void **state)
{
    struct jd_client *c = *state;
    char id[64], first[64], second[64];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    renew(c, id, first);
    jd_advance(c, 60);
    jd_control(c, "POST", "world", "{\"switches\":{\"jd_order_status\":\"NO_PAY\"}}");
    renew(c, id, second);
    assert_int_equal(orders_like(c, "{\"orderType\":\"RENEW\",\"serviceCode\":\"vm\"}"), 2);
    assert_string_equal(jd_text(c, "/result/resultList/0/orderNumber"),
                        second); /* the newest first */
    assert_string_equal(jd_text(c, "/result/resultList/0/status"), "NO_PAY");
    assert_string_equal(jd_text(c, "/result/resultList/1/orderNumber"), first);
    assert_null(yyjson_doc_ptr_get(c->json, "/result/resultList/0/orderItemDetails"));
    assert_int_equal(orders_like(c, "{\"orderType\":\"RENEW\",\"status\":\"PAID\"}"), 1);
    assert_string_equal(jd_text(c, "/result/resultList/0/orderNumber"), first);
    assert_int_equal(orders_like(c, "{\"orderType\":\"RENEW\",\"serviceCode\":\"disk\"}"), 0);
    assert_int_equal(orders_like(c, "{\"orderType\":\"NEW\"}"), 1);
    assert_int_equal(orders_like(c, "{\"endTime\":1}"), 0);
    assert_int_equal(orders_like(c, "{\"startTime\":1}"), 3);
    assert_int_equal(orders_like(c, "{\"pageNumber\":2,\"pageSize\":2}"), 3);
    assert_int_equal(jd_int(c, "/result/totalPage"), 2);
    assert_int_equal(yyjson_arr_size(yyjson_doc_ptr_get(c->json, "/result/resultList")), 1);
    assert_int_equal(jd_call(c, "order", "POST", "v2/orders", "{\"queryVo\":{\"pageSize\":101}}"),
                     400);
    lag(c, 100);
    renew(c, id, second);
    assert_int_equal(orders_like(c, "{\"orderType\":\"RENEW\"}"), 2);
    jd_advance(c, 101);
    assert_int_equal(orders_like(c, "{\"orderType\":\"RENEW\"}"), 3);
}

/* "If payment fails the order is cancelled." */
static void test_order__that_is_not_paid_renews_nothing(void **state)
{
    static const char *const words[] = { "CANCELED", "FAILED", "NO_PAY" };
    struct jd_client *c = *state;
    char id[64], order[64], before[32];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    snprintf(before, sizeof(before), "%s", expiry(c, id));
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        jd_control(c, "POST", "world", "{\"switches\":{\"jd_order_status\":\"%s\"}}", words[i]);
        renew(c, id, order);
        jd_advance(c, 60);
        assert_string_equal(order_status(c, order), words[i]);
        assert_int_equal(jd_int(c, "/result/data/paidFee"), 0);
        assert_string_equal(expiry(c, id), before);
        assert_int_equal(charges(c, "renew"), 0);
    }
}

static void test_order__may_be_paid_later_or_never(void **state)
{
    struct jd_client *c = *state;
    char id[64], order[64], before[32], paid[32];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    snprintf(before, sizeof(before), "%s", expiry(c, id));
    jd_control(c, "POST", "world", "{\"switches\":{\"jd_order_status\":\"DEALING\"}}");
    jd_control(c, "POST", "timeline", "{\"transition\":\"pay\",\"seconds\":600}");
    renew(c, id, order);
    jd_advance(c, 300);
    assert_string_equal(order_status(c, order), "DEALING");
    assert_string_equal(expiry(c, id), before);
    assert_int_equal(charges(c, "renew"), 0);
    jd_advance(c, 300);
    assert_string_equal(order_status(c, order), "PAID");
    snprintf(paid, sizeof(paid), "%s", expiry(c, id));
    assert_true(strcmp(paid, before) > 0);
    assert_int_equal(charges(c, "renew"), 1);
    /* Then one that fails, and one without a balance. */
    jd_control(c, "POST", "timeline", "{\"transition\":\"pay\",\"outcome\":\"error\",\"times\":1}");
    for (int i = 0; i < 2; i++) {
        renew(c, id, order);
        jd_control(c, "POST", "world", "{\"balance\":\"0.00\"}");
        jd_advance(c, 600);
        assert_string_equal(order_status(c, order), "CANCELED");
        assert_string_equal(expiry(c, id), paid);
        assert_int_equal(charges(c, "renew"), 1);
    }
}

static void test_order__of_a_failed_resize_is_refunded(void **state)
{
    struct jd_client *c = *state;
    char id[64], order[64] = "";
    yyjson_val *charge;
    size_t i, count;

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    jd_act(c, id, ":stopInstance");
    jd_control(c, "POST", "timeline",
               "{\"transition\":\"resize\",\"outcome\":\"error\",\"times\":1}");
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":resizeInstance"),
                             "{\"instanceType\":\"m.n2.xlarge\"}"),
                     200);
    jd_advance(c, 1);
    jd_control(c, "GET", "ledger", NULL);
    yyjson_arr_foreach(yyjson_doc_ptr_get(c->json, "/charges"), i, count, charge)
    {
        if (strcmp(yyjson_get_str(yyjson_obj_get(charge, "kind")), "upgrade") == 0)
            snprintf(order, sizeof(order), "%s",
                     yyjson_get_str(yyjson_obj_get(charge, "order_id")));
    }
    assert_string_equal(order_status(c, order), "REFUND_ALL");
    assert_string_equal(jd_text(c, "/result/data/orderType"), "RESIZE_FORMULA");
    assert_int_equal(jd_int(c, "/result/data/refundFee"), jd_int(c, "/result/data/paidFee"));
    assert_true(jd_int(c, "/result/data/refundFee") > 0);
}

static int listed(struct jd_client *c, const char *service, const char *path)
{
    jd_call(c, service, "GET", path, NULL);
    return (int)jd_int(c, "/result/totalCount");
}

static void test_lag__a_new_instance_is_not_visible(void **state)
{
    static const char body[] = SPEC(PREPAID "},\"clientToken\":\"t-1\"");
    struct jd_client *c = *state;
    char id[64], again[64];

    jd_at_once(c);
    lag(c, 600);
    jd_create(c, body, id);
    assert_int_equal(charges(c, "create"), 2);
    for (int i = 0; i < 2; i++) {
        assert_int_equal(listed(c, "vm", "v1/instances"), 0);
        assert_int_equal(listed(c, "vm", "v1/instanceStatus"), 0);
        assert_int_equal(listed(c, "disk", "v1/disks"), 0);
        assert_int_equal(jd_call(c, "vm", "GET", jd_path_of(id, ""), NULL), 404);
        assert_string_equal(jd_text(c, "/error/status"), "NOT_FOUND");
        assert_string_equal(expiry(c, id), "");
        /* The client token finds it at once. */
        jd_create(c, body, again);
        assert_string_equal(again, id);
        jd_advance(c, 250);
    }
    assert_int_equal(charges(c, "create"), 2);
    assert_int_equal(jd_act(c, id, ":stopInstance"), 200); /* it exists nevertheless */
    jd_advance(c, 100);
    assert_int_equal(listed(c, "vm", "v1/instances"), 1);
    assert_int_equal(listed(c, "disk", "v1/disks"), 1);
    assert_string_equal(jd_status_of(c, id), "stopped");
}

static void test_lag__expiry_moves_late(void **state)
{
    struct jd_client *c = *state;
    char id[64], order[64], before[32];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    snprintf(before, sizeof(before), "%s", expiry(c, id));
    lag(c, 600);
    renew(c, id, order);
    assert_int_equal(charges(c, "renew"), 1);
    assert_string_equal(order_status(c, order), "PAID");
    assert_string_equal(expiry(c, id), before);
    jd_advance(c, 599);
    assert_string_equal(expiry(c, id), before);
    jd_advance(c, 2);
    assert_true(strcmp(expiry(c, id), before) > 0);
}

static void test_lag__sizes_change_late(void **state)
{
    struct jd_client *c = *state;
    char id[64], disk[64], path[128];

    jd_at_once(c);
    jd_create(c, SPEC(PREPAID "}"), id);
    jd_call(c, "disk", "POST", "v1/disks",
            "{\"diskSpec\":{\"az\":\"cn-north-1a\",\"name\":\"data\",\"diskType\":\"ssd.gp1\","
            "\"diskSizeGB\":20},\"maxCount\":1,\"clientToken\":\"d\"}");
    snprintf(disk, sizeof(disk), "%s", jd_text(c, "/result/diskIds/0"));
    jd_act(c, id, ":stopInstance");
    jd_advance(c, 1);
    lag(c, 600);
    snprintf(path, sizeof(path), "v1/disks/%s:extend", disk);
    assert_int_equal(jd_call(c, "disk", "POST", path, "{\"diskSizeGB\":40}"), 200);
    assert_int_equal(jd_call(c, "vm", "POST", jd_path_of(id, ":resizeInstance"),
                             "{\"instanceType\":\"m.n2.xlarge\"}"),
                     200);
    snprintf(path, sizeof(path), "v1/disks/%s", disk);
    for (int i = 0; i < 2; i++) {
        assert_string_equal(jd_status_of(c, id), "stopped");
        assert_string_equal(jd_text(c, "/result/instance/instanceType"),
                            i ? "m.n2.xlarge" : "g.n2.medium");
        jd_call(c, "disk", "GET", path, NULL);
        assert_string_equal(jd_text(c, "/result/disk/status"), "available");
        assert_int_equal(jd_int(c, "/result/disk/diskSizeGB"), i ? 40 : 20);
        jd_advance(c, 610);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        JD_WORLD(test_order__of_a_renewal_is_reported),
        JD_WORLD(test_order__is_listed_by_its_attributes),
        JD_WORLD(test_order__that_is_not_paid_renews_nothing),
        JD_WORLD(test_order__may_be_paid_later_or_never),
        JD_WORLD(test_order__of_a_failed_resize_is_refunded),
        JD_WORLD(test_lag__a_new_instance_is_not_visible),
        JD_WORLD(test_lag__expiry_moves_late),
        JD_WORLD(test_lag__sizes_change_late),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
