/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares a price book in memory. price_book_load.c fills it and price_book.c computes prices from
 * it; no other file uses it.
 */
#ifndef CC_PRICEBOOK_ROWS_H
#define CC_PRICEBOOK_ROWS_H

#include "core/pricing/price_book.h"

enum cc_price_list {
    CC_PRICES_INSTANCES,
    CC_PRICES_DISKS,     /* per GB */
    CC_PRICES_BANDWIDTH, /* per Mbps */
    CC_PRICES_DISCOUNTS,
    CC_PRICES__COUNT
};

enum { CC_PRICE_HOUR, CC_PRICE_DAY, CC_PRICE_MONTH, CC_PRICE_YEAR, CC_PRICE_UNITS };

struct cc_price_row {
    struct cc_price_row *next;
    int line;
    const char *region, *zone; /* NULL: everywhere */
    int64_t valid_from,
        valid_until; /* the first second after the validity; CLOUD_TIME_NONE: no limit, for both */

    const char *instance_type, *family, *disk_type;
    int cpu, memory_gb, gpu;
    struct cloud_money prices[CC_PRICE_UNITS]; /* without a currency: none */

    struct cloud_period period, pay; /* of a discount: hours, days or months */
    int64_t percent_micros;          /* of a discount: 85 percent is 85000000; 0: .pay is used */
};

struct cc_price_section {
    struct cc_price_section *next;
    const char *name;
    char currency[4];
    struct cc_price_row *lists[CC_PRICES__COUNT];
};

struct cc_pricebook {
    struct cc_arena *arena;
    const char *path;
    int64_t valid_from, valid_until;
    struct cc_price_section *sections;
};

/* The key of a list in the file: "instances", "disks", "bandwidth", "discounts". */
const char *cc_price_list_name(enum cc_price_list list);
/* "hour", "day", "month", "year". */
const char *cc_price_unit_name(size_t unit);

/* True when two names are equal, ASCII case ignored. Two NULLs are equal. */
bool cc_price_same(const char *a, const char *b);

/* Converts years to months. False when the number does not fit. */
bool cc_price_period(struct cloud_period *period);

#endif
