/* SPDX-License-Identifier: Apache-2.0 */
/* calculateTotalPrice of the billing service: each entry of the order list becomes a line with the
 * price that an order would have. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

enum {
    CMD_NEW = 1,
    CMD_RENEW = 2,
    CMD_CHANGE = 3,
    PREPAID = 3,
    POSTPAID = 1,
    UNIT_MONTH = 3,
    UNIT_YEAR = 4
};

/* The vendor does not publish the texts of a formula. Our convention: the key is the instance type,
 * the disk type, or the kind of line; the value is 1, GiB, or Mbps. */
static bool read_formula(struct emu_jd_call *call, yyjson_mut_val *entry, struct emu_jd_goods *ret)
{
    yyjson_mut_val *formula = yyjson_mut_arr_get_first(emu_get(entry, "formula"));
    double value = yyjson_mut_get_num(emu_get(formula, "value"));

    ret->service = emu_get_text(entry, "serviceCode");
    ret->key = emu_get_text(formula, "key");
    ret->value = emu_get(formula, "value") && value >= 1 && value <= 100000 ? (int64_t)value : 1;
    if (!formula)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                           "parameter orderList.formula is required");
    if (!emu_jd_goods_known(ret))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "there is no price for %s \"%s\"",
                           ret->service, ret->key);
    return true;
}

static bool read_term(struct emu_jd_call *call, yyjson_mut_val *entry, bool *ret_year,
                      int64_t *ret_span)
{
    int64_t unit = emu_get_int(entry, "timeUnit", 0), span = emu_get_int(entry, "timeSpan", 0);

    if (unit != UNIT_MONTH && unit != UNIT_YEAR)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                           "timeUnit is neither 3 (month) nor 4 (year)");
    *ret_year = unit == UNIT_YEAR;
    *ret_span = span;
    return emu_jd_check_int(call, "timeSpan", span, 1, unit == UNIT_YEAR ? 3 : 9);
}

static struct emu_object *need_resource(struct emu_jd_call *call, yyjson_mut_val *entry)
{
    const char *service = emu_get_text(entry, "serviceCode");
    const char *kind = strcmp(service, "vm") == 0     ? "instance"
                       : strcmp(service, "disk") == 0 ? "disk"
                                                      : "eip";

    if (emu_get(entry, "resourceId"))
        return emu_jd_need(call, kind, emu_get_str(entry, "resourceId"));
    emu_jd_fail(call, 400, "INVALID_ARGUMENT", "parameter orderList.resourceId is required");
    return NULL;
}

static bool price_new(struct emu_jd_call *call, yyjson_mut_val *entry, struct emu_jd_line *line)
{
    struct emu_jd_goods goods;
    int64_t span = 0;
    bool year = false;

    if (!read_formula(call, entry, &goods))
        return false;
    if (emu_get_int(entry, "billingType", 0) == PREPAID) {
        if (!read_term(call, entry, &year, &span))
            return false;
        emu_jd_price_term(call->world, &goods, year, span, line);
        return true;
    }
    emu_jd_price_hour(call->world, &goods, line);
    return true;
}

static bool price_renew(struct emu_jd_call *call, yyjson_mut_val *entry, struct emu_jd_line *line)
{
    struct emu_object *object = need_resource(call, entry);
    struct emu_jd_goods goods;
    int64_t span = 0;
    bool year = false;

    if (!object || !read_term(call, entry, &year, &span))
        return false;
    if (!emu_jd_is_prepaid(object))
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "%s is not prepaid", object->id);
    goods = emu_jd_goods_of(object);
    emu_jd_price_term(call->world, &goods, year, span, line);
    return true;
}

static bool price_change(struct emu_jd_call *call, yyjson_mut_val *entry, struct emu_jd_line *line)
{
    struct emu_object *object = need_resource(call, entry);
    struct emu_jd_goods goods;

    if (!object || !read_formula(call, entry, &goods))
        return false;
    emu_jd_price_change(call->world, object, &goods, line);
    return true;
}

static bool price_entry(struct emu_jd_call *call, int64_t cmd, yyjson_mut_val *entry,
                        struct emu_jd_line *line)
{
    int64_t type = emu_get_int(entry, "billingType", 0);

    if (!emu_jd_check_word(call, "serviceCode", emu_get_text(entry, "serviceCode"), " vm disk ip "))
        return false;
    if (type != PREPAID && type != POSTPAID)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "billingType %lld is not sold: 1 or 3",
                           (long long)type);
    if (cmd == CMD_NEW)
        return price_new(call, entry, line);
    return cmd == CMD_RENEW ? price_renew(call, entry, line) : price_change(call, entry, line);
}

static void put(struct emu_world *world, yyjson_mut_val *object, const char *name, int64_t micros,
                int digits)
{
    emu_set_number(world, object, name, emu_money_text(world, micros, digits));
}

/* An entry counts its own count times the packages. */
static void multiply(struct emu_jd_line *line, int64_t times)
{
    line->total *= times;
    line->original *= times;
    line->discount *= times;
    line->after *= times;
}

static yyjson_mut_val *items_of(struct emu_world *world, yyjson_mut_val *entry,
                                const struct emu_jd_line *line)
{
    yyjson_mut_val *formula = yyjson_mut_arr_get_first(emu_get(entry, "formula"));
    yyjson_mut_val *ret = emu_arr(world), *item = emu_obj(world);

    if (!formula)
        return ret;
    emu_set_str(world, item, "itemCode", emu_get_text(formula, "key"));
    emu_set(world, item, "itemValue", emu_json_copy(world, emu_get(formula, "value")));
    emu_set(world, item, "itemNumber", emu_json_copy(world, emu_get(formula, "number")));
    put(world, item, "itemPrice", line->total, 6);
    put(world, item, "itemDiscount", line->discount, 6);
    put(world, item, "itemAfterFavorablePrice", line->after, 6);
    put(world, item, "itemDiscountedPrice", line->after, 2);
    emu_push(ret, item);
    return ret;
}

static yyjson_mut_val *line_shown(struct emu_world *world, yyjson_mut_val *entry,
                                  const struct emu_jd_line *line)
{
    static const char *const nothing[] = { "refundPrice", "cashRefundPrice", "balanceRefundPrice",
                                           "couponRefundPrice" };
    yyjson_mut_val *ret = emu_json_copy(world, entry);

    put(world, ret, "price", line->total, 6);
    put(world, ret, "priceScale4", line->total, 6);
    put(world, ret, "originalPrice", line->original, 6);
    put(world, ret, "discount", line->discount, 6);
    put(world, ret, "afterFavorablePrice", line->after, 6);
    put(world, ret, "discountedPrice", line->after, 2);
    put(world, ret, "erasePrice", line->after % 10000, 6);
    for (size_t i = 0; i < EMU_COUNT(nothing); i++)
        put(world, ret, nothing[i], 0, 2);
    if (line->process)
        emu_set_int(world, ret, "processType", line->process);
    emu_set(world, ret, "billingItemPriceList", items_of(world, entry, line));
    emu_set(world, ret, "refundOrderList", emu_arr(world));
    return ret;
}

static void put_totals(struct emu_jd_call *call, const struct emu_jd_line *lines, size_t count)
{
    static const char *const nothing[] = { "refundTotalPrice", "cashRefundTotalPrice",
                                           "balanceRefundTotalPrice", "couponRefundTotalPrice" };
    struct emu_jd_line sum = { 0 };
    int64_t payable = emu_jd_payable(lines, count);

    for (size_t i = 0; i < count; i++) {
        sum.total += lines[i].total;
        sum.original += lines[i].original;
        sum.discount += lines[i].discount;
        sum.after += lines[i].after;
    }
    put(call->world, call->result, "totalPrice", sum.total, 6);
    put(call->world, call->result, "totalPriceScale4", sum.total, 6);
    put(call->world, call->result, "totalOriginalPrice", sum.original, 6);
    put(call->world, call->result, "totalDiscount", sum.discount, 6);
    put(call->world, call->result, "afterFavorableTotalPrice", sum.after, 6);
    put(call->world, call->result, "discountedTotalPrice", payable, 2);
    put(call->world, call->result, "eraseTotalPrice", sum.after - payable, 6);
    put(call->world, call->result, "totalUnitPrice", sum.total, 6);
    for (size_t i = 0; i < EMU_COUNT(nothing); i++)
        put(call->world, call->result, nothing[i], 0, 2);
    emu_set_str(call->world, call->result, "favorableInfos", "[]");
    emu_set_str(call->world, call->result, "remark", "");
}

static bool check_head(struct emu_jd_call *call, int64_t cmd)
{
    yyjson_mut_val *params = call->params;

    if (!emu_jd_check_int(call, "cmd", cmd, CMD_NEW, CMD_CHANGE) ||
        !emu_jd_check_int(call, "packageCount", emu_get_int(params, "packageCount", 0), 1, 100))
        return false;
    if (!yyjson_mut_arr_size(emu_get(params, "orderList")))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "parameter orderList is required");
    if (emu_get_int(params, "renewMode", 0) || emu_get_int(params, "processType", 0))
        return emu_jd_fail(call, 501, "NOT_IMPLEMENTED",
                           "neither unified expiry days nor temporary upgrades are sold");
    return true;
}

void emu_jd_calculateTotalPrice(struct emu_jd_call *call)
{
    int64_t cmd = emu_get_int(call->params, "cmd", 0),
            packages = emu_get_int(call->params, "packageCount", 1);
    yyjson_mut_val *entries = emu_get(call->params, "orderList"), *entry,
                   *list = emu_arr(call->world);
    bool prepaid_only = emu_get_int(call->params, "totalPriceRule", 0) == 1;
    struct emu_jd_line *lines =
        emu_alloc(call->world, (yyjson_mut_arr_size(entries) + 1) * sizeof(*lines));
    size_t i, count, used = 0;

    if (!check_head(call, cmd))
        return;
    yyjson_mut_arr_foreach(entries, i, count, entry)
    {
        struct emu_jd_line line = { 0 };

        if (!emu_jd_check_int(call, "orderList.count", emu_get_int(entry, "count", 1), 1, 100) ||
            !price_entry(call, cmd, entry, &line))
            return;
        multiply(&line, emu_get_int(entry, "count", 1));
        emu_push(list, line_shown(call->world, entry, &line));
        multiply(&line, packages);
        if (!prepaid_only || emu_get_int(entry, "billingType", 0) == PREPAID)
            lines[used++] = line;
    }
    put_totals(call, lines, used);
    emu_set(call->world, call->result, "list", list);
}
