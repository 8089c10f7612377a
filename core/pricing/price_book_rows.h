/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A price book in memory: what pricebook_load.c reads and pricebook.c counts with. Nobody else
 * needs to see it.
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
        valid_until; /* CLOUD_TIME_NONE: no such end; the second is the first moment after */

    const char *instance_type, *family, *disk_type;
    int cpu, memory_gb, gpu;
    struct cloud_money prices[CC_PRICE_UNITS]; /* without currency: none */

    struct cloud_period period, pay; /* of a discount: hours, days or months */
    int64_t percent_micros;          /* of a discount: 85 percent are 85000000; 0: by .pay */
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

/* "instances", "disks", "bandwidth", "discounts": their keys in the file */
const char *cc_price_list_name(enum cc_price_list list);
/* "hour", "day", "month", "year" */
const char *cc_price_unit_name(size_t unit);

/* the same word, ASCII case aside; two NULLs are the same */
bool cc_price_same(const char *a, const char *b);

/* in hours, days or months: a year is twelve months; false when that does not fit */
bool cc_price_period(struct cloud_period *period);

#endif
