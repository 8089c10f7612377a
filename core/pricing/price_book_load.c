/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads prices.yaml into rows; docs/user/prices.md describes the file. Reports every mistake when
 * the file is read, with file, line and key. Prices are computed in price_book.c.
 */
#include "core/base/error.h"
#include "core/pricing/price_book_rows.h"
#include "core/base/time.h"
#include "core/config/yaml.h"

#include <stdio.h>

enum field_kind {
    FIELD_TEXT = 1,
    FIELD_INT,
    FIELD_PRICE,
    FIELD_FROM,
    FIELD_UNTIL,
    FIELD_PERIOD,
    FIELD_PERCENT
};

/* A key of a row, and the lists that may have it. */
struct field {
    const char *name;
    enum field_kind kind;
    unsigned lists; /* bits (1 << enum cc_price_list) */
    size_t at;      /* offset in struct cc_price_row */
    int min;        /* FIELD_INT */
};

#define IN(LIST) (1U << CC_PRICES_##LIST)
#define IN_ALL (IN(INSTANCES) | IN(DISKS) | IN(BANDWIDTH) | IN(DISCOUNTS))
#define IN_PRICED (IN(INSTANCES) | IN(DISKS) | IN(BANDWIDTH))
#define AT(member) offsetof(struct cc_price_row, member)

/* clang-format off */
static const struct field fields[] = {
    { "region",        FIELD_TEXT,    IN_ALL,        AT(region),                 0 },
    { "zone",          FIELD_TEXT,    IN_ALL,        AT(zone),                   0 },
    { "valid_from",    FIELD_FROM,    IN_ALL,        AT(valid_from),             0 },
    { "valid_until",   FIELD_UNTIL,   IN_ALL,        AT(valid_until),            0 },
    { "instance_type", FIELD_TEXT,    IN(INSTANCES), AT(instance_type),          0 },
    { "family",        FIELD_TEXT,    IN(INSTANCES), AT(family),                 0 },
    { "cpu",           FIELD_INT,     IN(INSTANCES), AT(cpu),                    1 },
    { "memory_gb",     FIELD_INT,     IN(INSTANCES), AT(memory_gb),              1 },
    { "gpu",           FIELD_INT,     IN(INSTANCES), AT(gpu),                    0 },
    { "type",          FIELD_TEXT,    IN(DISKS),     AT(disk_type),              0 },
    { "hour",          FIELD_PRICE,   IN_PRICED,     AT(prices[CC_PRICE_HOUR]),  0 },
    { "day",           FIELD_PRICE,   IN_PRICED,     AT(prices[CC_PRICE_DAY]),   0 },
    { "month",         FIELD_PRICE,   IN_PRICED,     AT(prices[CC_PRICE_MONTH]), 0 },
    { "year",          FIELD_PRICE,   IN_PRICED,     AT(prices[CC_PRICE_YEAR]),  0 },
    { "period",        FIELD_PERIOD,  IN(DISCOUNTS), AT(period),                 0 },
    { "pay",           FIELD_PERIOD,  IN(DISCOUNTS), AT(pay),                    0 },
    { "percent",       FIELD_PERCENT, IN(DISCOUNTS), AT(percent_micros),         0 },
};
static const char *const book_keys[] = { "currency", "valid_from", "valid_until", "prices" };
/* clang-format on */

/* A price book while its file is read. */
struct reading {
    struct cc_pricebook *book;
    const struct cc_yaml *yaml;
    const char *currency; /* of the section that is being read */
    struct cloud_error *err;
};

static int no_memory(const struct reading *reading)
{
    return cc_fail(reading->err, CLOUD_ENOMEM, "out of memory while reading %s",
                   reading->yaml->path);
}

#define mistake(reading, node, missing, ...) \
    cc_yaml_fail((reading)->yaml, (node), (missing), (reading)->err, __VA_ARGS__)

static int read_text(const struct reading *reading, const struct cc_yaml_node *node,
                     const char **ret_text)
{
    *ret_text = cc_arena_strdup(reading->book->arena, node->text);
    return *ret_text ? CLOUD_OK : no_memory(reading);
}

static int read_price(const struct reading *reading, const struct cc_yaml_node *node,
                      struct cloud_money *ret_money)
{
    struct cloud_error why = { 0 };

    if (cloud_money_parse(node->text, reading->currency, ret_money, &why) != CLOUD_OK)
        return mistake(reading, node, NULL, "%s; write an amount like 120.50", why.message);
    if (ret_money->micros < 0)
        return mistake(reading, node, NULL, "is below zero; a price is 0 or more");
    return CLOUD_OK;
}

/*
 * A date alone means midnight UTC. As an end, the whole day is included, so that the validity ends
 * at the next midnight.
 */
static int read_time(const struct reading *reading, const struct cc_yaml_node *node, bool until,
                     int64_t *ret_time)
{
    const struct cloud_period day = { .count = 1, .unit = CLOUD_PERIOD_DAY };
    struct cloud_error why = { 0 };

    if (cc_time_read(node->text, 0, ret_time, &why) != CLOUD_OK)
        return mistake(reading, node, NULL, "%s; write a date like 2026-12-31", why.message);
    if (until && strlen(node->text) == strlen("2026-12-31"))
        *ret_time = cc_time_add_period(*ret_time, day, 0);
    return CLOUD_OK;
}

static int read_period(const struct reading *reading, const struct cc_yaml_node *node,
                       struct cloud_period *ret_period)
{
    struct cloud_error why = { 0 };

    if (cloud_period_parse(node->text, ret_period, &why) != CLOUD_OK)
        return mistake(reading, node, NULL, "%s; write a length like 12 months", why.message);
    if (!cc_price_period(ret_period))
        return mistake(reading, node, NULL,
                       "is too long to be counted in months; write a shorter one");
    return CLOUD_OK;
}

/* Reads "85" or "97.5". Like an amount, a percentage has at most six decimal places. */
static int read_percent(const struct reading *reading, const struct cc_yaml_node *node,
                        int64_t *ret_micros)
{
    struct cloud_money number;

    if (cloud_money_parse(node->text, reading->currency, &number, NULL) != CLOUD_OK ||
        number.micros <= 0 || number.micros > INT64_C(100000000))
        return mistake(reading, node, NULL,
                       "must be the part of the price that is paid: above 0, at most 100");
    *ret_micros = number.micros;
    return CLOUD_OK;
}

static int read_field(const struct reading *reading, const struct cc_yaml_node *node,
                      const struct field *field, struct cc_price_row *row)
{
    void *member = (char *)row + field->at;
    int r = cc_yaml_expect(reading->yaml, node, CC_YAML_TEXT, reading->err);

    if (r != CLOUD_OK)
        return r;
    switch (field->kind) {
    case FIELD_TEXT: return read_text(reading, node, member);
    case FIELD_PRICE: return read_price(reading, node, member);
    case FIELD_FROM: return read_time(reading, node, false, member);
    case FIELD_UNTIL: return read_time(reading, node, true, member);
    case FIELD_PERIOD: return read_period(reading, node, member);
    case FIELD_PERCENT: return read_percent(reading, node, member);
    case FIELD_INT: break;
    }
    if (!cc_yaml_int(node->text, field->min, 1000000, member))
        return mistake(reading, node, NULL, "must be a whole number from %d to 1000000",
                       field->min);
    return CLOUD_OK;
}

static int check_instance(const struct reading *reading, const struct cc_yaml_node *node,
                          const struct cc_price_row *row)
{
    static const char *const parts[] = { "family", "cpu", "memory_gb", "gpu" };
    size_t needed = CC_COUNT(parts) - 1; /* gpu is optional */

    if (!row->instance_type && !cc_yaml_find(node, parts[0]))
        return mistake(
            reading, node, "instance_type",
            "is missing; name the size by instance_type, or by family, cpu and memory_gb");
    for (size_t i = 0; i < CC_COUNT(parts); i++) {
        const struct cc_yaml_node *part = cc_yaml_find(node, parts[i]);

        if (row->instance_type && part)
            return mistake(reading, part, NULL,
                           "is used with instance_type; name the size in one way only");
        if (!row->instance_type && !part && i < needed)
            return mistake(reading, node, parts[i],
                           "is missing; a size by family needs family, cpu and memory_gb");
    }
    return CLOUD_OK;
}

static int check_discount(const struct reading *reading, const struct cc_yaml_node *node,
                          const struct cc_price_row *row)
{
    const struct cc_yaml_node *pay = cc_yaml_find(node, "pay");

    if (row->period.unit == CLOUD_PERIOD_NONE)
        return mistake(reading, node, "period",
                       "is missing; write the length that is cheaper, like 12 months");
    if (!pay == !row->percent_micros)
        return mistake(reading, node, "pay",
                       "or percent: write one of them, like pay: 10 months or percent: 85");
    if (pay && row->pay.unit != row->period.unit)
        return mistake(reading, pay, NULL,
                       "has another unit than period; write both in months, days or hours");
    if (pay && row->pay.count > row->period.count)
        return mistake(reading, pay, NULL, "is more than period; a discount makes it less");
    return CLOUD_OK;
}

static bool has_price(const struct cc_price_row *row)
{
    for (size_t unit = 0; unit < CC_PRICE_UNITS; unit++)
        if (row->prices[unit].currency[0])
            return true;
    return false;
}

static int check_row(const struct reading *reading, const struct cc_yaml_node *node,
                     enum cc_price_list list, const struct cc_price_row *row)
{
    int r = CLOUD_OK;

    if (row->valid_from && row->valid_until && row->valid_from >= row->valid_until)
        return mistake(reading, cc_yaml_find(node, "valid_until"), NULL,
                       "is before valid_from; fix one of them");
    if (list == CC_PRICES_DISCOUNTS)
        return check_discount(reading, node, row);
    if (list == CC_PRICES_INSTANCES)
        r = check_instance(reading, node, row);
    if (list == CC_PRICES_DISKS && !row->disk_type)
        r = mistake(reading, node, "type", "is missing; write the vendor's name of the disk type");
    if (r == CLOUD_OK && !has_price(row))
        r = mistake(reading, node, "month",
                    "or year, day, hour: there is no price; write at least one");
    return r;
}

/* True when both rows could be the price of one thing at one time, and neither is more specific. */
static bool conflict(const struct cc_price_row *a, const struct cc_price_row *b)
{
    bool apart = (a->valid_until && b->valid_from && a->valid_until <= b->valid_from) ||
                 (b->valid_until && a->valid_from && b->valid_until <= a->valid_from);

    return !apart && cc_price_same(a->instance_type, b->instance_type) &&
           cc_price_same(a->family, b->family) && a->cpu == b->cpu &&
           a->memory_gb == b->memory_gb && a->gpu == b->gpu &&
           cc_price_same(a->disk_type, b->disk_type) && cc_price_same(a->region, b->region) &&
           cc_price_same(a->zone, b->zone) && a->period.count == b->period.count &&
           a->period.unit == b->period.unit;
}

static int read_key(const struct reading *reading, const struct cc_yaml_node *node,
                    enum cc_price_list list, struct cc_price_row *row)
{
    struct cc_nearest nearest = { .word = node->key };

    for (size_t i = 0; i < CC_COUNT(fields); i++) {
        if (!(fields[i].lists & 1U << list))
            continue;
        if (strcmp(fields[i].name, node->key) == 0)
            return read_field(reading, node, &fields[i], row);
        cc_nearest_try(&nearest, fields[i].name);
    }
    return cc_yaml_unknown(reading->yaml, node, &nearest, reading->err);
}

static int read_row(const struct reading *reading, const struct cc_yaml_node *node,
                    enum cc_price_list list, struct cc_price_row **rows)
{
    struct cc_price_row *row = cc_arena_alloc(reading->book->arena, sizeof(*row));
    int r = cc_yaml_expect(reading->yaml, node, CC_YAML_MAP, reading->err);

    if (!row)
        return no_memory(reading);
    row->line = node->line;
    for (const struct cc_yaml_node *key = node->first; key && r == CLOUD_OK; key = key->next)
        r = read_key(reading, key, list, row);
    if (r == CLOUD_OK)
        r = check_row(reading, node, list, row);
    if (r != CLOUD_OK)
        return r;
    for (; *rows; rows = &(*rows)->next)
        if (conflict(*rows, row))
            return mistake(reading, node, NULL,
                           "is for the same thing at the same time as line %d; keep one of them",
                           (*rows)->line);
    *rows = row;
    return CLOUD_OK;
}

static int read_currency(const struct reading *reading, const struct cc_yaml_node *node,
                         char ret_currency[4])
{
    struct cloud_money nothing;
    int r = cc_yaml_expect(reading->yaml, node, CC_YAML_TEXT, reading->err);

    if (r != CLOUD_OK)
        return r;
    if (cloud_money_parse("0", node->text, &nothing, NULL) != CLOUD_OK)
        return mistake(reading, node, NULL, "must be a code of three capital letters, like CNY");
    memcpy(ret_currency, nothing.currency, sizeof(nothing.currency));
    return CLOUD_OK;
}

static int read_list(const struct reading *reading, const struct cc_yaml_node *node,
                     struct cc_price_section *section)
{
    struct cc_nearest nearest = { .word = node->key };
    int list = CC_PRICES__COUNT;
    int r;

    cc_nearest_try(&nearest, "currency");
    for (int i = 0; i < CC_PRICES__COUNT; i++) {
        const char *name = cc_price_list_name((enum cc_price_list)i);

        cc_nearest_try(&nearest, name);
        if (strcmp(node->key, name) == 0)
            list = i;
    }
    if (list == CC_PRICES__COUNT)
        return cc_yaml_unknown(reading->yaml, node, &nearest, reading->err);
    r = cc_yaml_expect(reading->yaml, node, CC_YAML_LIST, reading->err);
    for (const struct cc_yaml_node *row = node->first; row && r == CLOUD_OK; row = row->next)
        r = read_row(reading, row, (enum cc_price_list)list, &section->lists[list]);
    return r;
}

static int read_section(struct reading *reading, const struct cc_yaml_node *node,
                        const char *currency, struct cc_price_section **place)
{
    struct cc_price_section *section = cc_arena_alloc(reading->book->arena, sizeof(*section));
    const struct cc_yaml_node *own = cc_yaml_find(node, "currency");
    int r = cc_yaml_expect(reading->yaml, node, CC_YAML_MAP, reading->err);

    if (!section)
        return no_memory(reading);
    if (r == CLOUD_OK && own)
        r = read_currency(reading, own, section->currency);
    else if (r == CLOUD_OK)
        snprintf(section->currency, sizeof(section->currency), "%s", currency);
    if (r == CLOUD_OK && !section->currency[0])
        r = mistake(reading, reading->yaml->root, "currency",
                    "is missing; write it once for all, like currency: CNY");
    reading->currency = section->currency;
    for (const struct cc_yaml_node *key = node->first; key && r == CLOUD_OK; key = key->next)
        if (key != own)
            r = read_list(reading, key, section);
    if (r == CLOUD_OK)
        r = read_text(reading, &(struct cc_yaml_node){ .text = node->key }, &section->name);
    *place = section;
    return r;
}

static int check_book_keys(const struct reading *reading)
{
    for (const struct cc_yaml_node *node = reading->yaml->root->first; node; node = node->next) {
        struct cc_nearest nearest = { .word = node->key };

        for (size_t i = 0; i < CC_COUNT(book_keys); i++)
            cc_nearest_try(&nearest, book_keys[i]);
        if (nearest.distance > 0)
            return cc_yaml_unknown(reading->yaml, node, &nearest, reading->err);
    }
    return CLOUD_OK;
}

static int read_validity(const struct reading *reading, const char *key, int64_t *ret_time)
{
    const struct cc_yaml_node *node = cc_yaml_find(reading->yaml->root, key);
    int r = node ? cc_yaml_expect(reading->yaml, node, CC_YAML_TEXT, reading->err) : CLOUD_OK;

    return r == CLOUD_OK && node
               ? read_time(reading, node, strcmp(key, "valid_until") == 0, ret_time)
               : r;
}

static int read_head(const struct reading *reading, char ret_currency[4])
{
    const struct cc_yaml_node *root = reading->yaml->root;
    const struct cc_yaml_node *currency = cc_yaml_find(root, "currency");
    struct cc_pricebook *book = reading->book;
    int r = check_book_keys(reading);

    if (r == CLOUD_OK && currency)
        r = read_currency(reading, currency, ret_currency);
    if (r == CLOUD_OK)
        r = read_validity(reading, "valid_from", &book->valid_from);
    if (r == CLOUD_OK)
        r = read_validity(reading, "valid_until", &book->valid_until);
    if (r == CLOUD_OK && book->valid_from && book->valid_until &&
        book->valid_from >= book->valid_until)
        r = mistake(reading, cc_yaml_find(root, "valid_until"), NULL,
                    "is before valid_from; fix one of them");
    return r;
}

static int read_book(struct reading *reading)
{
    const struct cc_yaml_node *prices = cc_yaml_find(reading->yaml->root, "prices");
    struct cc_price_section **place = &reading->book->sections;
    char currency[4] = "";
    int r = read_head(reading, currency);

    if (r != CLOUD_OK)
        return r;
    if (!prices)
        return mistake(reading, reading->yaml->root, "prices",
                       "is missing; write a map of providers, each with prices");
    r = cc_yaml_expect(reading->yaml, prices, CC_YAML_MAP, reading->err);
    for (const struct cc_yaml_node *node = prices->first; node && r == CLOUD_OK;
         node = node->next) {
        r = read_section(reading, node, currency, place);
        if (r == CLOUD_OK)
            place = &(*place)->next;
    }
    return r;
}

static struct cc_pricebook *new_book(const char *path)
{
    struct cc_arena *arena = cc_arena_new();
    struct cc_pricebook *book = arena ? cc_arena_alloc(arena, sizeof(*book)) : NULL;

    if (book) {
        *book = (struct cc_pricebook){ .arena = arena, .path = cc_arena_strdup(arena, path) };
        if (book->path)
            return book;
    }
    cc_arena_free(arena);
    return NULL;
}

int cc_pricebook_load(const char *path, struct cc_pricebook **ret_book, struct cloud_error *err)
{
    struct cc_yaml *yaml = NULL;
    struct reading reading = { .err = err };
    int r = cc_yaml_load(path, &yaml, err);

    if (r != CLOUD_OK)
        return r;
    reading.yaml = yaml;
    reading.book = new_book(path);
    r = reading.book ? read_book(&reading) : no_memory(&reading);
    cc_yaml_free(yaml);
    if (r == CLOUD_OK)
        *ret_book = reading.book;
    else
        cc_pricebook_free(reading.book);
    return r;
}

void cc_pricebook_free(struct cc_pricebook *book)
{
    if (book)
        cc_arena_free(book->arena);
}
