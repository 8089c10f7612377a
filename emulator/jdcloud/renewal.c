/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud's renewal service: lists expiries, renews now, sets automatic renewal. */
#include "emulator/jdcloud/jdcloud.h"

#include <stdlib.h>
#include <string.h>

/* The kind of object of a serviceCode; NULL after a refusal. */
static const char *kind_of(struct emu_jd_call *call, yyjson_mut_val *param)
{
    const char *service = emu_get_text(param, "serviceCode");

    if (!emu_jd_check_word(call, "appCode", emu_get_text(param, "appCode"), " jcloud ") ||
        !emu_jd_check_word(call, "serviceCode", service, " vm disk ip "))
        return NULL;
    return strcmp(service, "vm") == 0 ? "instance" : strcmp(service, "disk") == 0 ? "disk" : "eip";
}

static const char *billing_type(const struct emu_object *object)
{
    const char *mode = emu_get_text(object->body, "charge.chargeMode");

    if (strcmp(mode, "prepaid_by_duration") == 0)
        return "MONTHLY";
    return strcmp(mode, "postpaid_by_usage") == 0 ? "FLOW" : "CONFIG";
}

static const char *name_of(const struct emu_object *object)
{
    const char *name = emu_get_str(object->body, "instanceName");

    return name ? name : emu_get_text(object->body, "name");
}

/* The expiry as readers see it now. */
static int64_t expire_of(struct emu_world *world, const struct emu_object *object)
{
    return emu_get_int(emu_seen(world, object), "_expire", 0);
}

static yyjson_mut_val *query_entry(struct emu_jd_call *call, struct emu_object *object,
                                   yyjson_mut_val *param)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *ret = emu_obj(world), *automatic = emu_get(object->body, "_auto");
    int64_t expire = expire_of(world, object);
    int64_t months =
        emu_get_int(automatic, "span", 0) * (emu_get_bool(automatic, "year", false) ? 12 : 1);

    emu_set_str(world, ret, "appCode", emu_get_text(param, "appCode"));
    emu_set_str(world, ret, "serviceCode", emu_get_text(param, "serviceCode"));
    emu_set_str(world, ret, "resourceId", object->id);
    emu_set_str(world, ret, "resourceName", name_of(object));
    emu_set_str(world, ret, "region", object->region);
    emu_set_str(world, ret, "billingType", billing_type(object));
    /* No page gives the form of the time; this is the form of the charge models. */
    emu_set_str(world, ret, "expireTime", expire ? emu_time_iso(world, expire) : "");
    emu_set_int(world, ret, "lastTime", expire > emu_now(world) ? expire - emu_now(world) : 0);
    emu_set_str(world, ret, "autoRenewStatus", automatic ? "OPENED" : "UNOPENED");
    emu_set_str(world, ret, "autoRenewPeriod",
                automatic ? emu_text(world, "%lld", (long long)months) : "");
    emu_set_str(world, ret, "associateResource",
                emu_get_bool(automatic, "bound", false) ? "AUTO_RENEW" : "UN_AUTO_RENEW");
    emu_set_str(world, ret, "extendField", "");
    return ret;
}

static bool ends_within(struct emu_world *world, const struct emu_object *object, const char *word)
{
    static const struct {
        const char *word;
        int days;
    } spans[] = { { "ONE", 1 }, { "THREE", 3 }, { "SEVEN", 7 } };
    int64_t rest = expire_of(world, object) - emu_now(world);

    if (!word || strcmp(word, "ALL_TIME") == 0)
        return true;
    if (!emu_jd_is_prepaid(object))
        return false;
    if (strcmp(word, "EXPIRED") == 0 || strcmp(word, "UNEXPIRED") == 0)
        return (rest <= 0) == (*word == 'E');
    for (size_t i = 0; i < EMU_COUNT(spans); i++) {
        if (strcmp(spans[i].word, word) == 0)
            return rest > 0 && rest <= spans[i].days * 86400;
    }
    return false;
}

static bool query_fits(struct emu_jd_call *call, struct emu_object *object, yyjson_mut_val *param)
{
    const char *name = emu_get_str(param, "instanceName"), *id = emu_get_str(param, "instanceId");
    const char *ip = emu_get_str(param, "ipAddress"), *billing = emu_get_str(param, "billingType");
    const char *renew = emu_get_str(param, "renewStatus");
    bool automatic = emu_get(object->body, "_auto") != NULL;

    if (renew && strcmp(renew, "ALL") != 0 && automatic != (strcmp(renew, "AUTO") == 0))
        return false;
    return (!name || strstr(name_of(object), name)) && (!id || strcmp(object->id, id) == 0) &&
           (!ip || strcmp(emu_get_text(object->body, "privateIpAddress"), ip) == 0) &&
           (!billing || strcmp(billing_type(object), billing) == 0) &&
           ends_within(call->world, object, emu_get_str(param, "expireType"));
}

static bool check_query(struct emu_jd_call *call, yyjson_mut_val *param)
{
    const char *renew = emu_get_str(param, "renewStatus"),
               *billing = emu_get_str(param, "billingType");
    const char *expire = emu_get_str(param, "expireType");

    return (!renew || emu_jd_check_word(call, "renewStatus", renew, " AUTO MANUAL ALL ")) &&
           (!billing || emu_jd_check_word(call, "billingType", billing, " CONFIG FLOW MONTHLY ")) &&
           (!expire || emu_jd_check_word(call, "expireType", expire,
                                         " EXPIRED UNEXPIRED ONE THREE SEVEN ALL_TIME ")) &&
           emu_jd_check_int(call, "pageNumber", emu_get_int(param, "pageNumber", 1), 1,
                            INT32_MAX) &&
           emu_jd_check_int(call, "pageSize", emu_get_int(param, "pageSize", 10), 1, 100);
}

void emu_jd_queryInstance(struct emu_jd_call *call)
{
    yyjson_mut_val *param = emu_get(call->params, "queryInstanceParam"),
                   *list = emu_arr(call->world);
    const char *kind = kind_of(call, param);
    struct emu_object **objects;
    struct emu_page shown;
    size_t count, total = 0;

    if (!kind || !check_query(call, param))
        return;
    shown = emu_page(call->request, emu_get_int(param, "pageNumber", 1),
                     emu_get_int(param, "pageSize", 10));
    count = emu_jd_mine(call, kind, &objects);
    for (size_t i = 0; i < count; i++) {
        if (!emu_get(objects[i]->body, "charge") || emu_is_hidden(call->world, objects[i]) ||
            strcmp(emu_jd_status(objects[i]), "deleted") == 0 ||
            !query_fits(call, objects[i], param))
            continue;
        if (total >= shown.first && total < shown.end)
            emu_push(list, query_entry(call, objects[i], param));
        total++;
    }
    emu_set(call->world, call->result, "listQueries", list);
    emu_set_int(call->world, call->result, "totalCount", (int64_t)total);
}

/* The objects of instanceIds: one string, separated by commas. */
static size_t read_ids(struct emu_jd_call *call, yyjson_mut_val *param, const char *kind,
                       struct emu_object ***ret)
{
    const char *rest = emu_get_text(param, "instanceIds");
    struct emu_object **list =
        emu_alloc(call->world, (strlen(rest) + 1) * sizeof(struct emu_object *));
    size_t count = 0;

    while (*rest) {
        size_t size = strcspn(rest, ",");
        struct emu_object *object = emu_jd_need(call, kind, emu_text_n(call->world, rest, size));

        if (!object)
            return 0;
        if (!emu_jd_is_prepaid(object) || strcmp(emu_jd_status(object), "deleted") == 0) {
            emu_jd_fail(call, 400, "FAILED_PRECONDITION", "%s is not prepaid", object->id);
            return 0;
        }
        for (size_t i = 0; i < count; i++) {
            if (list[i] == object) {
                emu_jd_fail(call, 400, "INVALID_ARGUMENT", "instanceIds names %s twice",
                            object->id);
                return 0;
            }
        }
        list[count++] = object;
        rest += size + (rest[size] == ',');
    }
    *ret = list;
    return count;
}

static bool read_term(struct emu_jd_call *call, yyjson_mut_val *param, bool *ret_year,
                      int64_t *ret_span)
{
    const char *unit = emu_get_text(param, "timeUnit");

    *ret_year = strcmp(unit, "YEAR") == 0;
    *ret_span = emu_get_int(param, "timeSpan", 0);
    return emu_jd_check_word(call, "timeUnit", unit, " MONTH YEAR ") &&
           emu_jd_check_int(call, "timeSpan", *ret_span, 1, *ret_year ? 3 : 9);
}

void emu_jd_renewInstance(struct emu_jd_call *call)
{
    yyjson_mut_val *param = emu_get(call->params, "renewInstanceParam");
    const char *kind = kind_of(call, param), *unify = emu_get_str(param, "unifyDate");
    struct emu_object **objects = NULL, *order;
    struct emu_jd_line *lines;
    int64_t span = 0;
    bool year = false;
    size_t count;

    if (!kind || !read_term(call, param, &year, &span) ||
        (unify && !emu_jd_check_word(call, "unifyDate", unify, " YES NO ")))
        return;
    if ((unify && strcmp(unify, "YES") == 0) || !emu_get_bool(param, "autoPay", true)) {
        emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                    "this account has no unified expiry day and always pays at once");
        return;
    }
    count = read_ids(call, param, kind, &objects);
    lines = emu_alloc(call->world, (count + 1) * sizeof(*lines));
    for (size_t i = 0; i < count; i++) {
        struct emu_jd_goods goods = emu_jd_goods_of(objects[i]);

        emu_jd_price_term(call->world, &goods, year, span, &lines[i]);
        lines[i].resource_id = objects[i]->id;
    }
    order = count ? emu_jd_order_renewal(call, lines, count, year, span) : NULL;
    if (order)
        emu_set_str(call->world, call->result, "orderNumber", order->id);
}

static void set_one(struct emu_jd_call *call, struct emu_object *object, bool open, bool year,
                    int64_t span, bool bound)
{
    yyjson_mut_val *automatic = emu_obj(call->world);

    emu_set_bool(call->world, automatic, "year", year);
    emu_set_int(call->world, automatic, "span", span);
    emu_set_bool(call->world, automatic, "bound", bound);
    emu_set(call->world, object->body, "_auto", open ? automatic : NULL);
    emu_object_save(call->world, object);
}

/* BIND: includes attached prepaid disks. */
static void set_attached(struct emu_jd_call *call, struct emu_object *object, bool open, bool year,
                         int64_t span)
{
    yyjson_mut_val *id;
    size_t i, count;

    yyjson_mut_arr_foreach(emu_get(object->body, "_disks"), i, count, id)
    {
        struct emu_object *disk = emu_jd_find(call->world, "disk", yyjson_mut_get_str(id));

        if (disk && emu_jd_is_prepaid(disk))
            set_one(call, disk, open, year, span, true);
    }
}

void emu_jd_setRenewal(struct emu_jd_call *call)
{
    yyjson_mut_val *param = emu_get(call->params, "setRenewalParam");
    const char *kind = kind_of(call, param), *status = emu_get_text(param, "autoRenewStatus");
    const char *all = emu_get_str(param, "allAutoPay");
    bool open = strcmp(status, "CLOSE") != 0, year = false, bind = all && strcmp(all, "BIND") == 0;
    struct emu_object **objects = NULL;
    int64_t span = 1;
    size_t count;

    if (!kind || !emu_jd_check_word(call, "autoRenewStatus", status, " OPEN CLOSE MODIFY ") ||
        (all && !emu_jd_check_word(call, "allAutoPay", all, " UNBIND BIND ")))
        return;
    /* Without a period it is one month. */
    if (open && (emu_get(param, "timeUnit") || emu_get(param, "timeSpan")) &&
        !read_term(call, param, &year, &span))
        return;
    count = read_ids(call, param, kind, &objects);
    for (size_t i = 0; i < count; i++) {
        if (strcmp(status, "MODIFY") == 0 && !emu_get(objects[i]->body, "_auto")) {
            emu_jd_fail(call, 400, "FAILED_PRECONDITION", "automatic renewal of %s is not open",
                        objects[i]->id);
            return;
        }
        set_one(call, objects[i], open, year, span, bind);
        if (bind)
            set_attached(call, objects[i], open, year, span);
    }
    if (count)
        emu_set_str(call->world, call->result, "stringResult", emu_text(call->world, "%zu", count));
    else
        emu_jd_fail(call, 400, "INVALID_ARGUMENT", "instanceIds names nothing");
}
