/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JD Cloud's orders: an order is made, then paid. queryOrder shows one, queryOrders lists them.
 * Names are those of the models in the vendor's own Go SDK (order 0.1.0-v2). The SDK leaves open:
 *
 * - [INF] Amounts are integers and no unit is named. They are fen here, because whole yuan could
 *   not hold them.
 * - [INF] Times are yyyy-MM-dd HH:mm:ss without a zone: China's here.
 * - [INF] orderItemDetails come only with includeDetail true.
 * - [INF] Only its owner finds an order, in the region where it was made; otherwise 404.
 * - [INF] The list is of that region, the newest first, ten to a page. startTime and endTime are
 *   milliseconds of the creation, both included. An order becomes visible after the world's lag.
 */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

enum { CENT = 10000, CHINA_S = 8 * 3600 };

static void set_line(struct emu_world *world, yyjson_mut_val *to, const struct emu_jd_line *line)
{
    emu_set_str(world, to, "service", line->service);
    emu_set_str(world, to, "id", line->resource_id);
    emu_set_int(world, to, "total", line->total);
    emu_set_int(world, to, "after", line->after);
}

struct emu_jd_line *emu_jd_order_lines(struct emu_world *world, const struct emu_object *order,
                                       size_t *ret_count)
{
    yyjson_mut_val *list = emu_get(order->body, "lines"), *item;
    struct emu_jd_line *ret =
        emu_alloc(world, (yyjson_mut_arr_size(list) + 1) * sizeof(struct emu_jd_line));
    size_t i;

    yyjson_mut_arr_foreach(list, i, *ret_count, item)
    {
        ret[i].service = emu_get_text(item, "service");
        ret[i].resource_id = emu_get_text(item, "id");
        ret[i].total = emu_get_int(item, "total", 0);
        ret[i].after = emu_get_int(item, "after", 0);
    }
    return ret;
}

struct emu_object *emu_jd_order_new(struct emu_world *world, const char *account,
                                    const char *region, const char *kind,
                                    const struct emu_jd_line *lines, size_t count)
{
    yyjson_mut_val *body = emu_obj(world), *list = emu_arr(world);
    struct emu_object *ret;
    const char *id;
    unsigned dice;

    emu_random(&dice, sizeof(dice));
    id = emu_text(world, "%lld%06u", (long long)emu_now_ms(world), dice % 1000000);
    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *line = emu_obj(world);

        set_line(world, line, &lines[i]);
        emu_push(list, line);
    }
    emu_set_str(world, body, "status", "NO_PAY");
    emu_set_str(world, body, "kind", kind);
    emu_set_int(world, body, "made", emu_now(world));
    emu_set_int(world, body, "changed", emu_now(world));
    emu_set(world, body, "lines", list);
    ret = emu_object_add(world, EMU_JD, "order", id, account, region, body);
    emu_late(world, ret, NULL);
    emu_object_save(world, ret);
    return ret;
}

void emu_jd_order_set_status(struct emu_world *world, struct emu_object *order, const char *status)
{
    emu_set_int(world, order->body, "changed", emu_now(world));
    emu_jd_set_status(world, order, status);
}

void emu_jd_order_pay(struct emu_world *world, struct emu_object *order, const char *token)
{
    struct emu_charge charge = { .provider = EMU_JD,
                                 .account = order->account,
                                 .region = order->region,
                                 .kind = emu_get_text(order->body, "kind"),
                                 .order_id = order->id,
                                 .client_token = token };
    size_t count;
    struct emu_jd_line *lines = emu_jd_order_lines(world, order, &count);
    int64_t payable = emu_jd_payable(lines, count), rest = payable;

    for (size_t i = 0; i < count; i++)
        rest -= lines[i].after - lines[i].after % CENT;
    for (size_t i = 0; i < count; i++) {
        charge.resource_id = lines[i].resource_id;
        charge.micros = lines[i].after - lines[i].after % CENT + (i ? 0 : rest);
        if (charge.micros)
            emu_ledger_add(world, &charge);
    }
    emu_set_int(world, order->body, "paid", payable);
    emu_set_int(world, order->body, "paid_at", emu_now(world));
    emu_jd_order_set_status(world, order, "PAID");
}

const char *emu_jd_pay(struct emu_world *world, struct emu_jd_call *call, const char *account,
                       const char *region, const char *kind, const struct emu_jd_line *lines,
                       size_t count, const char *token)
{
    struct emu_object *order;

    if (!emu_jd_affordable(world, call, account, emu_jd_payable(lines, count)))
        return NULL;
    order = emu_jd_order_new(world, account, region, kind, lines, count);
    emu_jd_order_pay(world, order, token);
    return order->id;
}

void emu_jd_refund(struct emu_world *world, struct emu_object *object, const char *order_kind)
{
    struct emu_charge charge = { .provider = EMU_JD,
                                 .account = object->account,
                                 .region = object->region,
                                 .kind = "refund",
                                 .resource_id = object->id };
    sqlite3_stmt *query =
        emu_sql_query(world,
                      "SELECT micros, order_id FROM charges WHERE provider = 'jdcloud'"
                      " AND resource_id = ? AND kind = ? ORDER BY serial DESC LIMIT 1",
                      "ss", object->id, order_kind);
    const char *order_id = "";
    struct emu_object *order;
    int64_t given;

    while (emu_sql_step(world, query)) {
        charge.micros = -sqlite3_column_int64(query, 0);
        order_id = emu_sql_text(world, query, 1);
    }
    if (!charge.micros)
        return;
    emu_ledger_add(world, &charge);
    order = order_id ? emu_jd_find(world, "order", order_id) : NULL;
    if (!order)
        return;
    given = emu_get_int(order->body, "refunded", 0) - charge.micros;
    emu_set_int(world, order->body, "refunded", given);
    emu_jd_order_set_status(
        world, order, given < emu_get_int(order->body, "paid", 0) ? "REFUND_PART" : "REFUND_ALL");
}

static void set_time(struct emu_world *world, yyjson_mut_val *to, const char *name, int64_t at)
{
    emu_set_str(world, to, name, at ? emu_time_text(world, "%Y-%m-%d %H:%M:%S", at, CHINA_S) : "");
}

static const char *service_name(const char *service)
{
    return strcmp(service, "vm") == 0     ? "云主机"
           : strcmp(service, "disk") == 0 ? "云硬盘"
                                          : "弹性公网IP";
}

static const char *type_of(const struct emu_object *order)
{
    const char *kind = emu_get_text(order->body, "kind");

    if (strcmp(kind, "create") == 0)
        return "NEW";
    return strcmp(kind, "upgrade") == 0 ? "RESIZE_FORMULA" : "RENEW";
}

static const char *item_status(const char *status)
{
    if (strcmp(status, "PAID") == 0)
        return "SUCCESS";
    return strcmp(status, "NO_PAY") == 0 || strcmp(status, "DEALING") == 0 ? "CREATING" : "FAIL";
}

static yyjson_mut_val *shown_item(struct emu_world *world, const struct emu_object *order,
                                  yyjson_mut_val *line)
{
    yyjson_mut_val *ret = emu_obj(world);
    const char *type = type_of(order);

    emu_set_str(world, ret, "orderNumber", order->id);
    emu_set_str(world, ret, "itemId", emu_get_text(line, "id"));
    emu_set_str(world, ret, "serviceName", service_name(emu_get_text(line, "service")));
    emu_set_str(world, ret, "siteType", "MAIN_SITE");
    emu_set_str(world, ret, "chargeMode", "MONTHLY");
    emu_set_int(world, ret, "quantity", 1);
    emu_set_int(world, ret, "totalFee", emu_get_int(line, "total", 0) / CENT);
    emu_set_int(world, ret, "actualFee", emu_get_int(line, "after", 0) / CENT);
    emu_set_str(world, ret, "status", item_status(emu_jd_status(order)));
    set_time(world, ret, "createTime", emu_get_int(order->body, "made", 0));
    if (strcmp(type, "RENEW") == 0)
        emu_set_str(world, ret, "resizeFormulaType", "RENEW");
    if (strcmp(type, "RESIZE_FORMULA") == 0)
        emu_set_str(world, ret, "resizeFormulaType", "UP");
    if (emu_get(order->body, "span")) {
        emu_set_int(world, ret, "chargeDuration", emu_get_int(order->body, "span", 0));
        emu_set_str(world, ret, "unit",
                    emu_get_bool(order->body, "year", false) ? "YEAR" : "MONTH");
    }
    set_time(world, ret, "expireDateBefore", emu_get_int(line, "expire_before", 0));
    set_time(world, ret, "expireDateAfter", emu_get_int(line, "expire_after", 0));
    return ret;
}

static void set_fees(struct emu_world *world, yyjson_mut_val *to, const struct emu_object *order)
{
    int64_t paid = emu_get_int(order->body, "paid", 0) / CENT, total = 0, payable;
    size_t count;
    struct emu_jd_line *lines = emu_jd_order_lines(world, order, &count);

    for (size_t i = 0; i < count; i++)
        total += lines[i].total;
    payable = emu_jd_payable(lines, count);
    emu_set_int(world, to, "totalFee", total / CENT);
    emu_set_int(world, to, "discountFee", total / CENT - payable / CENT);
    emu_set_int(world, to, "actualFee", payable / CENT);
    emu_set_int(world, to, "favorableFee", 0);
    emu_set_int(world, to, "balancePay", paid);
    emu_set_int(world, to, "moneyPay", 0);
    emu_set_int(world, to, "paidFee", paid);
    emu_set_int(world, to, "refundFee", emu_get_int(order->body, "refunded", 0) / CENT);
}

static yyjson_mut_val *shown_order(struct emu_world *world, const struct emu_object *order)
{
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_str(world, ret, "orderNumber", order->id);
    emu_set_str(world, ret, "status", emu_jd_status(order));
    emu_set_str(world, ret, "orderType", type_of(order));
    emu_set_str(world, ret, "appCode", "jcloud");
    emu_set_str(world, ret, "chargeMode", "MONTHLY");
    emu_set_str(world, ret, "payType", "PRE_PAID");
    emu_set_str(world, ret, "activityType", "NORMAL");
    emu_set_str(world, ret, "selfSupportType", "SELF_SUPPORT");
    emu_set_str(world, ret, "siteType", "MAIN_SITE");
    emu_set_str(world, ret, "paymentChannel", "BALANCE_PAYMENT");
    emu_set_str(world, ret, "pin", order->account);
    emu_set_str(world, ret, "payer", order->account);
    emu_set_str(world, ret, "proposer", order->account);
    set_fees(world, ret, order);
    set_time(world, ret, "createTime", emu_get_int(order->body, "made", 0));
    set_time(world, ret, "payTime", emu_get_int(order->body, "paid_at", 0));
    set_time(world, ret, "updatedTime", emu_get_int(order->body, "changed", 0));
    return ret;
}

void emu_jd_queryOrder(struct emu_jd_call *call)
{
    struct emu_object *order = emu_jd_need(call, "order", call->id);
    yyjson_mut_val *data, *items = emu_arr(call->world), *line;
    size_t i, count;

    if (!order)
        return;
    emu_object_polled(call->world, order);
    data = shown_order(call->world, order);
    yyjson_mut_arr_foreach(emu_get(order->body, "lines"), i, count, line)
        emu_push(items, shown_item(call->world, order, line));
    if (emu_get_bool(call->params, "includeDetail", false))
        emu_set(call->world, data, "orderItemDetails", items);
    emu_set(call->world, call->result, "data", data);
}

static bool is(yyjson_mut_val *query, const char *name, const char *value)
{
    const char *wanted = emu_get_str(query, name);

    return !wanted || !*wanted || strcmp(wanted, value) == 0;
}

static bool is_for(const struct emu_object *order, const char *service)
{
    yyjson_mut_val *line;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(order->body, "lines"), i, count, line)
    {
        if (strcmp(emu_get_text(line, "service"), service) == 0)
            return true;
    }
    return false;
}

static bool is_asked_for(const struct emu_object *order, yyjson_mut_val *query)
{
    int64_t made_ms = emu_get_int(order->body, "made", 0) * 1000;
    const char *service = emu_get_str(query, "serviceCode");

    return is(query, "appCode", "jcloud") && is(query, "chargeMode", "MONTHLY") &&
           is(query, "payType", "PRE_PAID") && is(query, "orderType", type_of(order)) &&
           is(query, "status", emu_jd_status(order)) &&
           (!service || !*service || is_for(order, service)) &&
           made_ms >= emu_get_int(query, "startTime", 0) &&
           made_ms <= emu_get_int(query, "endTime", INT64_MAX);
}

static yyjson_mut_val *shown_in_list(struct emu_world *world, const struct emu_object *order)
{
    static const char *const members[] = { "orderNumber",    "status",     "orderType",
                                           "appCode",        "chargeMode", "payType",
                                           "createTime",     "payTime",    "pin",
                                           "actualFee",      "totalFee",   "discountFee",
                                           "selfSupportType" };
    yyjson_mut_val *whole = shown_order(world, order), *ret = emu_obj(world);

    for (size_t i = 0; i < sizeof(members) / sizeof(members[0]); i++)
        emu_set(world, ret, members[i], emu_json_copy(world, emu_get(whole, members[i])));
    return ret;
}

void emu_jd_queryOrders(struct emu_jd_call *call)
{
    yyjson_mut_val *query = emu_get(call->params, "queryVo"), *list = emu_arr(call->world);
    int64_t page = emu_get_int(query, "pageNumber", 1), size = emu_get_int(query, "pageSize", 10);
    struct emu_object **orders;
    struct emu_page shown;
    size_t count, total = 0;

    if (!emu_jd_check_int(call, "queryVo.pageNumber", page, 1, INT32_MAX) ||
        !emu_jd_check_int(call, "queryVo.pageSize", size, 1, 100))
        return;
    shown = emu_page(call->request, page, size);
    count = emu_jd_mine(call, "order", &orders);
    for (size_t i = count; i-- > 0;) {
        if (emu_is_hidden(call->world, orders[i]) || !is_asked_for(orders[i], query))
            continue;
        if (total >= shown.first && total < shown.end) {
            emu_object_polled(call->world, orders[i]);
            emu_push(list, shown_in_list(call->world, orders[i]));
        }
        total++;
    }
    emu_set(call->world, call->result, "resultList", list);
    emu_set_int(call->world, call->result, "totalCount", (int64_t)total);
    emu_set_int(call->world, call->result, "totalPage",
                ((int64_t)total + shown.size - 1) / shown.size);
}
