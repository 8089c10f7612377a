/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Computes prices from a price book. Computes with integers, and refuses an amount that is not
 * exact. The rows are read and checked in price_book_load.c.
 */
#include "core/pricing/price_book.h"
#include "core/base/error.h"
#include "core/pricing/price_book_rows.h"

enum { HOURS_A_DAY = 24, MB_A_GB = 1024 };

/* clang-format off */
static const char *const list_names[] = {
    [CC_PRICES_INSTANCES] = "instances",
    [CC_PRICES_DISKS]     = "disks",
    [CC_PRICES_BANDWIDTH] = "bandwidth",
    [CC_PRICES_DISCOUNTS] = "discounts",
};
static const char *const unit_names[] = {
    [CC_PRICE_HOUR]  = "hour",
    [CC_PRICE_DAY]   = "day",
    [CC_PRICE_MONTH] = "month",
    [CC_PRICE_YEAR]  = "year",
};
/* clang-format on */
_Static_assert(CC_COUNT(list_names) == CC_PRICES__COUNT, "a name for every list");
_Static_assert(CC_COUNT(unit_names) == CC_PRICE_UNITS, "a name for every unit");

const char *cc_price_list_name(enum cc_price_list list)
{
    return list_names[list];
}

const char *cc_price_unit_name(size_t unit)
{
    return unit_names[unit];
}

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

bool cc_price_same(const char *a, const char *b)
{
    if (!a || !b)
        return a == b;
    while (*a && lower(*a) == lower(*b)) {
        a++;
        b++;
    }
    return *a == *b;
}

bool cc_price_period(struct cloud_period *period)
{
    if (period->unit != CLOUD_PERIOD_YEAR)
        return true;
    period->unit = CLOUD_PERIOD_MONTH;
    return !__builtin_mul_overflow(period->count, 12, &period->count);
}

/* An item while its price is computed. */
struct pricing {
    const struct cc_pricebook *book;
    const struct cc_price_section *section;
    const struct cc_price_item *item;
    struct cloud_period period; /* hours, days or months */
    int64_t now;
    const struct cc_price_row *discount; /* NULL: none for this length */
    int64_t list, total;
    int64_t valid_until;
    struct cc_buf covers;
    struct cloud_error *err;
};

/* A component of an item, or its discount: the conditions that its row must match. */
struct component {
    enum cc_price_list list;
    int64_t quantity;
    const char *disk_type;
};

/*
 * The price of a row for the period: @ret_each for one unit, and the number of units @ret_times.
 * False when the row has no price for that unit.
 */
static bool charge(const struct pricing *pricing, const struct cc_price_row *row,
                   struct cloud_money *ret_each, int64_t *ret_times, bool *ret_yearly)
{
    const struct cloud_money *prices = row->prices;
    int count = pricing->period.count;
    size_t unit = CC_PRICE_HOUR;
    int64_t times = count;

    *ret_yearly = false;
    if (pricing->period.unit == CLOUD_PERIOD_MONTH) {
        *ret_yearly = count % 12 == 0 && prices[CC_PRICE_YEAR].currency[0];
        unit = *ret_yearly ? CC_PRICE_YEAR : CC_PRICE_MONTH;
        times = *ret_yearly ? count / 12 : count;
    } else if (pricing->period.unit == CLOUD_PERIOD_DAY) {
        unit = prices[CC_PRICE_DAY].currency[0] ? CC_PRICE_DAY : CC_PRICE_HOUR;
        times = unit == CC_PRICE_DAY ? count : (int64_t)count * HOURS_A_DAY;
    }
    *ret_each = prices[unit];
    *ret_times = times;
    return prices[unit].currency[0];
}

static bool is_instance(const struct cc_price_row *row, const struct cc_price_item *item)
{
    if (row->instance_type)
        return cc_price_same(row->instance_type, item->instance_type);
    return cc_price_same(row->family, item->family) && row->cpu == item->cpu &&
           (int64_t)row->memory_gb * MB_A_GB == item->memory_mb && row->gpu == item->gpu;
}

static bool matches(const struct pricing *pricing, const struct cc_price_row *row,
                    const struct component *component)
{
    struct cloud_money each;
    int64_t times;
    bool yearly;

    if (component->list == CC_PRICES_DISCOUNTS)
        return row->period.unit == pricing->period.unit &&
               row->period.count == pricing->period.count;
    if (component->list == CC_PRICES_INSTANCES && !is_instance(row, pricing->item))
        return false;
    if (component->list == CC_PRICES_DISKS && !cc_price_same(row->disk_type, component->disk_type))
        return false;
    return charge(pricing, row, &each, &times, &yearly);
}

static bool is_valid_here(const struct pricing *pricing, const struct cc_price_row *row)
{
    const struct cc_price_item *item = pricing->item;

    return (!row->region || cc_price_same(row->region, item->region)) &&
           (!row->zone || cc_price_same(row->zone, item->zone)) &&
           (!row->valid_from || pricing->now >= row->valid_from) &&
           (!row->valid_until || pricing->now < row->valid_until);
}

/*
 * Finds the most specific row: an instance type before a family, a zone before a region before
 * everywhere.
 */
static const struct cc_price_row *find_row(const struct pricing *pricing,
                                           const struct component *component)
{
    const struct cc_price_row *best = NULL;
    int best_score = -1;

    for (const struct cc_price_row *row = pricing->section->lists[component->list]; row;
         row = row->next) {
        int score = (row->instance_type ? 4 : 0) + (row->zone ? 2 : 0) + (row->region ? 1 : 0);

        if (score <= best_score || !is_valid_here(pricing, row) ||
            !matches(pricing, row, component))
            continue;
        best = row;
        best_score = score;
    }
    return best;
}

/* Reports the missing row as the user would write it in the file. */
static int missing_row(const struct pricing *pricing, const struct component *component)
{
    const struct cc_price_item *item = pricing->item;
    cc_auto_buf struct cc_buf row = { 0 };
    const char *unit = cc_price_unit_name((size_t)pricing->period.unit - CLOUD_PERIOD_HOUR);
    const char *place = item->zone ? item->zone : item->region;

    if (component->list == CC_PRICES_DISKS)
        cc_buf_printf(&row, "type: %.60s, ", component->disk_type);
    else if (component->list == CC_PRICES_INSTANCES && item->instance_type)
        cc_buf_printf(&row, "instance_type: %.60s, ", item->instance_type);
    else if (component->list == CC_PRICES_INSTANCES)
        cc_buf_printf(&row, "family: %.60s, cpu: %d, memory_gb: %d, ", item->family, item->cpu,
                      item->memory_mb / MB_A_GB);
    if (component->list == CC_PRICES_INSTANCES && !item->instance_type && item->gpu > 0)
        cc_buf_printf(&row, "gpu: %d, ", item->gpu);
    return cc_fail(pricing->err, CLOUD_ENOTFOUND,
                   "the price book has no such price%s%.60s; add { %s%s: PRICE } to %.150s under "
                   "prices.%.40s.%s",
                   place ? " for " : "", place ? place : "", cc_buf_text(&row), unit,
                   pricing->book->path, pricing->section->name,
                   cc_price_list_name(component->list));
}

static int overflow_error(const struct pricing *pricing, const struct cc_price_row *row)
{
    return cc_fail(pricing->err, CLOUD_ECONFIG,
                   "%.200s:%d: prices.%.40s: the price is too large; fix the row, or price "
                   "fewer items",
                   pricing->book->path, row->line, pricing->section->name);
}

/*
 * Applies the discount to an amount. A number of paid months is always exact. A percentage may give
 * more than six decimal places, which is an error.
 */
static int reduce(const struct pricing *pricing, int64_t amount, int64_t *ret_amount)
{
    const struct cc_price_row *discount = pricing->discount;
    const __int128 whole = 100000000; /* 100 percent */
    __int128 reduced;

    if (!discount->percent_micros) {
        *ret_amount = amount / discount->period.count * discount->pay.count;
        return CLOUD_OK;
    }
    reduced = (__int128)amount * discount->percent_micros;
    if (reduced % whole)
        return cc_fail(pricing->err, CLOUD_ECONFIG,
                       "%.200s:%d: prices.%.40s.discounts: this percentage gives an amount of more "
                       "than six decimal places, and nothing is rounded; change it, or the price, "
                       "or write pay instead",
                       pricing->book->path, discount->line, pricing->section->name);
    *ret_amount = (int64_t)(reduced / whole);
    return CLOUD_OK;
}

static bool multiply(int64_t *amount, int64_t factor)
{
    return !__builtin_mul_overflow(*amount, factor, amount);
}

static void limit_validity(struct pricing *pricing, int64_t until)
{
    if (until && (!pricing->valid_until || until < pricing->valid_until))
        pricing->valid_until = until;
}

/* Adds the price of a row. A price for a year gets no discount; all others may. */
static int add_row(struct pricing *pricing, const struct cc_price_row *row, int64_t quantity)
{
    struct cloud_money each = { 0 };
    int64_t list, total, count = 0;
    bool yearly = false;
    int r = CLOUD_OK;

    charge(pricing, row, &each, &count, &yearly);
    total = each.micros;
    if (!multiply(&total, count) || !multiply(&total, quantity))
        return overflow_error(pricing, row);
    list = total;
    if (yearly && row->prices[CC_PRICE_MONTH].currency[0]) {
        list = row->prices[CC_PRICE_MONTH].micros;
        if (!multiply(&list, pricing->period.count) || !multiply(&list, quantity))
            return overflow_error(pricing, row);
    } else if (!yearly && pricing->discount) {
        r = reduce(pricing, total, &total);
        limit_validity(pricing, pricing->discount->valid_until);
    }
    if (r != CLOUD_OK)
        return r;
    if (__builtin_add_overflow(pricing->list, list, &pricing->list) ||
        __builtin_add_overflow(pricing->total, total, &pricing->total))
        return overflow_error(pricing, row);
    limit_validity(pricing, row->valid_until);
    return CLOUD_OK;
}

static int add_component(struct pricing *pricing, const struct component *component)
{
    const struct cc_price_row *row = find_row(pricing, component);

    return row ? add_row(pricing, row, component->quantity) : missing_row(pricing, component);
}

static int add_instance(struct pricing *pricing)
{
    const struct cc_price_item *item = pricing->item;
    const struct component component = { .list = CC_PRICES_INSTANCES, .quantity = 1 };

    if (!item->instance_type && (!item->family || item->cpu <= 0 || item->memory_mb <= 0))
        return cc_fail_param(
            pricing->err, item->family ? "cpu" : "instance_type",
            "the size is not known; give instance_type, or family, cpu and memory_gb");
    if (item->instance_type)
        cc_buf_puts(&pricing->covers, item->instance_type);
    else
        cc_buf_printf(&pricing->covers, "%s %d cores %d GB", item->family, item->cpu,
                      item->memory_mb / MB_A_GB);
    return add_component(pricing, &component);
}

static int add_disks(struct pricing *pricing)
{
    const struct cc_price_item *item = pricing->item;
    int r = CLOUD_OK;

    for (size_t i = 0; i < item->disk_count && r == CLOUD_OK; i++) {
        const struct cloud_disk_spec *disk = &item->disks[i];
        const struct component component = { .list = CC_PRICES_DISKS,
                                             .quantity = disk->size_gb,
                                             .disk_type = disk->type };

        if (!disk->type || disk->size_gb <= 0)
            return cc_fail_param(
                pricing->err, i == 0 ? "system_disk_type" : "data_disks",
                "a disk's type or size is not known, and the price book has a price for each type; "
                "give both");
        cc_buf_printf(&pricing->covers, ", %d GB %s", disk->size_gb, disk->type);
        r = add_component(pricing, &component);
    }
    return r;
}

static int add_bandwidth(struct pricing *pricing)
{
    const struct component component = { .list = CC_PRICES_BANDWIDTH,
                                         .quantity = pricing->item->public_mbps };

    if (component.quantity == 0)
        return CLOUD_OK;
    if (component.quantity < 0)
        return cc_fail_param(pricing->err, "public_mbps",
                             "public_mbps is below zero; give 0 or more");
    cc_buf_printf(&pricing->covers, ", %d Mbps", pricing->item->public_mbps);
    return add_component(pricing, &component);
}

static int apply_count(struct pricing *pricing)
{
    int count = pricing->item->count ? pricing->item->count : 1;

    if (count < 0 || !multiply(&pricing->list, count) || !multiply(&pricing->total, count))
        return cc_fail_param(pricing->err, "count",
                             "count is %d, which cannot be priced; give a smaller count above 0",
                             count);
    if (count > 1)
        cc_buf_printf(&pricing->covers, "; %d of them", count);
    cc_buf_puts(&pricing->covers, "; without images, traffic and snapshots");
    return CLOUD_OK;
}

/* Fills list, total, valid_until and covers of a pricing whose section, item and period are set. */
static int compute(struct pricing *pricing)
{
    const struct component discount = { .list = CC_PRICES_DISCOUNTS };
    int r;

    pricing->list = pricing->total = 0;
    pricing->valid_until = pricing->book->valid_until;
    cc_buf_reset(&pricing->covers);
    pricing->discount = find_row(pricing, &discount);
    r = add_instance(pricing);
    if (r == CLOUD_OK)
        r = add_disks(pricing);
    if (r == CLOUD_OK)
        r = add_bandwidth(pricing);
    return r == CLOUD_OK ? apply_count(pricing) : r;
}

/* On demand is priced for an hour; for a day when a component has no price for an hour. */
static int compute_on_demand(struct pricing *pricing)
{
    struct cloud_error *err = pricing->err;
    struct cloud_error first = { 0 };
    int r;

    pricing->period = (struct cloud_period){ .count = 1, .unit = CLOUD_PERIOD_HOUR };
    pricing->err = &first;
    r = compute(pricing);
    if (r == CLOUD_ENOTFOUND) {
        pricing->period.unit = CLOUD_PERIOD_DAY;
        pricing->err = NULL;
        r = compute(pricing);
    }
    pricing->err = err;
    if (r != CLOUD_OK && err)
        *err = first;
    return r == CLOUD_OK ? r : first.code;
}

static int check_validity(const struct pricing *pricing)
{
    const struct cc_pricebook *book = pricing->book;
    bool early = book->valid_from && pricing->now < book->valid_from;
    bool late = book->valid_until && pricing->now >= book->valid_until;
    char text[CLOUD_TIME_MAX];

    if (!early && !late)
        return CLOUD_OK;
    cc_fail(pricing->err, CLOUD_ECONFIG, "%.200s: %s: its prices %s at %s; update the price book",
            book->path, early ? "valid_from" : "valid_until", early ? "begin" : "ended",
            cloud_time_format(early ? book->valid_from : book->valid_until, text));
    if (pricing->err)
        CC_ERROR_SET(pricing->err->parameter, early ? "valid_from" : "valid_until");
    return CLOUD_ECONFIG;
}

static int find_section(struct pricing *pricing)
{
    const char *name = pricing->item->cloud ? pricing->item->cloud : "";

    for (pricing->section = pricing->book->sections; pricing->section;
         pricing->section = pricing->section->next)
        if (strcmp(pricing->section->name, name) == 0)
            return CLOUD_OK;
    return cc_fail(pricing->err, CLOUD_ENOTFOUND,
                   "the price book has no prices for %.60s; add them to %.200s under prices.%.60s",
                   name, pricing->book->path, name);
}

static int check_period(struct pricing *pricing, enum cloud_charge_mode mode)
{
    enum cloud_period_unit unit = pricing->period.unit;

    if (mode == CLOUD_CHARGE_SPOT)
        return cc_fail(pricing->err, CLOUD_EUNSUPPORTED,
                       "a price book has no spot prices, because they change all the time; use "
                       "price_source vendor");
    if (unit == CLOUD_PERIOD_NONE && mode == CLOUD_CHARGE_PREPAID)
        return cc_fail_param(pricing->err, "period",
                             "the period is missing; give one like 1 month");
    if (unit == CLOUD_PERIOD_NONE)
        return CLOUD_OK;
    if (mode == CLOUD_CHARGE_POSTPAID && (unit == CLOUD_PERIOD_MONTH || unit == CLOUD_PERIOD_YEAR))
        return cc_fail_param(
            pricing->err, "period",
            "on demand is priced by the hour or day; leave the period out, or buy it prepaid");
    if (pricing->period.count <= 0 || !cc_price_period(&pricing->period))
        return cc_fail_param(pricing->err, "period",
                             "a period of %d units cannot be priced; give a shorter one above 0",
                             pricing->period.count);
    return CLOUD_OK;
}

static int fill_price(const struct pricing *pricing, struct cloud_period period,
                      struct cc_arena *arena, struct cloud_price *ret_price)
{
    const char *covers =
        pricing->covers.failed ? NULL : cc_arena_strdup(arena, cc_buf_text(&pricing->covers));
    struct cloud_price price = { .period = period, .source = CLOUD_PRICE_BOOK, .covers = covers };

    if (!covers)
        return cc_fail(pricing->err, CLOUD_ENOMEM, "out of memory while computing a price");
    price.total.micros = pricing->total;
    price.list.micros = pricing->list;
    memcpy(price.total.currency, pricing->section->currency, sizeof(price.total.currency));
    memcpy(price.list.currency, pricing->section->currency, sizeof(price.list.currency));
    price.valid_until = pricing->valid_until;
    *ret_price = price;
    return CLOUD_OK;
}

int cc_pricebook_price(const struct cc_pricebook *book, const struct cc_price_item *item,
                       struct cloud_period period, enum cloud_charge_mode mode, int64_t now,
                       struct cc_arena *arena, struct cloud_price *ret_price,
                       struct cloud_error *err)
{
    struct pricing pricing = {
        .book = book, .item = item, .period = period, .now = now, .err = err
    };
    int r = check_period(&pricing, mode);

    if (r == CLOUD_OK)
        r = check_validity(&pricing);
    if (r == CLOUD_OK)
        r = find_section(&pricing);
    if (r == CLOUD_OK)
        r = period.unit == CLOUD_PERIOD_NONE ? compute_on_demand(&pricing) : compute(&pricing);
    if (r == CLOUD_OK)
        r = fill_price(&pricing, period.unit == CLOUD_PERIOD_NONE ? pricing.period : period, arena,
                       ret_price);
    cc_buf_clear(&pricing.covers);
    return r;
}
