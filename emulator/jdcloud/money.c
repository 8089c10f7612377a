/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Prices at JD Cloud. calculateTotalPrice and the charges use the same functions, so a quote is
 * exact. Our conventions, where the vendor's pages say nothing:
 *
 * - A year costs ten months; its original price is twelve.
 * - Changing a prepaid object costs, for each remaining day (a begun day counts), a thirtieth of
 *   the difference of the monthly list prices. So a quote is valid until the next day begins.
 * - The world's switch "discount" ("0.85") lowers every price; it has up to six decimal places.
 * - An order is paid in whole cents, the rest is cut off. The ledger shows each of its lines in
 *   whole cents as well; the first line gets the cents that the lines lose, so the sum is the
 *   amount of the order.
 */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

enum { CENT = 10000 };

/* Elastic IPs: for a month and for an hour, each Mbps. */
static const int64_t ip_month = INT64_C(23000000), ip_hour = 53240;

bool emu_jd_goods_known(const struct emu_jd_goods *goods)
{
    if (strcmp(goods->service, "vm") == 0)
        return emu_jd_type_find(goods->key) != NULL;
    if (strcmp(goods->service, "disk") == 0)
        return emu_jd_disk_type_find(goods->key) != NULL;
    return strcmp(goods->service, "ip") == 0;
}

int64_t emu_jd_month(const struct emu_jd_goods *goods)
{
    if (strcmp(goods->service, "vm") == 0)
        return emu_jd_type_find(goods->key)->month;
    if (strcmp(goods->service, "disk") == 0)
        return emu_jd_disk_type_find(goods->key)->month * goods->value;
    return ip_month * goods->value;
}

int64_t emu_jd_hour(const struct emu_jd_goods *goods)
{
    if (strcmp(goods->service, "vm") == 0)
        return emu_jd_type_find(goods->key)->hour;
    if (strcmp(goods->service, "disk") == 0)
        return emu_jd_disk_type_find(goods->key)->hour * goods->value;
    return ip_hour * goods->value;
}

struct emu_jd_goods emu_jd_goods_of(const struct emu_object *object)
{
    struct emu_jd_goods ret = { .value = 1 };

    if (strcmp(object->kind, "instance") == 0) {
        ret.service = "vm";
        ret.key = emu_get_text(object->body, "instanceType");
    } else if (strcmp(object->kind, "disk") == 0) {
        ret.service = "disk";
        ret.key = emu_get_text(object->body, "diskType");
        ret.value = emu_get_int(object->body, "diskSizeGB", 0);
        ret.iops = emu_get_int(object->body, "iops", 0);
    } else {
        ret.service = "ip";
        ret.key = emu_get_text(object->body, "provider");
        ret.value = emu_get_int(object->body, "bandwidthMbps", 0);
    }
    return ret;
}

/* Sets the discounted price from the total. */
static void discount(struct emu_world *world, struct emu_jd_line *line)
{
    const char *text = emu_switch(world, "discount");
    int64_t ratio;

    line->after = line->total;
    if (text && emu_money_read(text, &ratio) && ratio > 0 && ratio <= 1000000)
        line->after = (int64_t)((__int128)line->total * ratio / 1000000);
    line->discount = line->total - line->after;
}

void emu_jd_price_term(struct emu_world *world, const struct emu_jd_goods *goods, bool year,
                       int64_t span, struct emu_jd_line *ret)
{
    ret->service = goods->service;
    ret->total = emu_jd_month(goods) * span * (year ? 10 : 1);
    ret->original = emu_jd_month(goods) * span * (year ? 12 : 1);
    discount(world, ret);
}

void emu_jd_price_hour(struct emu_world *world, const struct emu_jd_goods *goods,
                       struct emu_jd_line *ret)
{
    ret->service = goods->service;
    ret->total = ret->original = emu_jd_hour(goods);
    discount(world, ret);
}

void emu_jd_price_change(struct emu_world *world, const struct emu_object *object,
                         const struct emu_jd_goods *to, struct emu_jd_line *ret)
{
    struct emu_jd_goods from = emu_jd_goods_of(object);
    int64_t more = emu_jd_month(to) - emu_jd_month(&from);

    ret->resource_id = object->id;
    if (!emu_jd_is_prepaid(object)) {
        emu_jd_price_hour(world, to, ret);
        return;
    }
    ret->service = to->service;
    ret->process = more >= 0 ? 1 : 2;
    ret->total = ret->original =
        more > 0 ? (int64_t)((__int128)more * emu_jd_days_left(world, object) / 30) : 0;
    discount(world, ret);
}

int64_t emu_jd_payable(const struct emu_jd_line *lines, size_t count)
{
    int64_t sum = 0;

    for (size_t i = 0; i < count; i++)
        sum += lines[i].after;
    return sum - sum % CENT;
}

bool emu_jd_affordable(struct emu_world *world, struct emu_jd_call *call, const char *account,
                       int64_t payable)
{
    int64_t balance = emu_balance(world, EMU_JD, account);

    if (balance >= payable)
        return true;
    if (call)
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "the account balance %s is not enough for %s",
                    emu_money_plain(world, balance), emu_money_plain(world, payable));
    return false;
}
