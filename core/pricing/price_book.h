/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The price book: prices answered at home, from a file that a reseller keeps (docs/user/prices.md),
 * where a vendor has no call for them or the caller asks for them. Knows no vendor and asks nobody.
 *
 * Exactness: amounts are integers of 10^-6 of the currency's unit, as everywhere. A sum, a multiple
 * or a discount that does not come out in them is an error that names the row; it is never rounded,
 * not to cents either. The one rounding there is stands in cc_price_prorate().
 */
#ifndef CC_PRICEBOOK_H
#define CC_PRICEBOOK_H

#include "core/base/memory.h"
#include "include/cloud_client.h"

struct cc_pricebook;

/* What is to be priced. Strings may be NULL where nothing is known; names compare without case. */
struct cc_price_item {
    const char *cloud; /* the book's section: the provider's name */
    const char *region;
    const char *zone;
    const char *instance_type; /* or family, cpu and memory_mb */
    const char *family;
    int cpu;
    int memory_mb;
    int gpu;
    const struct cloud_disk_spec *disks; /* all of them, the system disk too */
    size_t disk_count;
    int public_mbps; /* 0: no public address */
    int count;       /* how many of it; 0: one */
};

/*
 * Reads prices.yaml.
 *
 * @return CLOUD_OK; CLOUD_ECONFIG naming file, line and key; CLOUD_ENOMEM
 */
int cc_pricebook_load(const char *path, struct cc_pricebook **ret_book, struct cloud_error *err);
/* NULL is fine */
void cc_pricebook_free(struct cc_pricebook *book);

/*
 * What a shape costs for a period; on demand for one hour or, where only days have a price, one
 * day.
 *
 * @param period  CLOUD_PERIOD_NONE: on demand
 * @param mode    CLOUD_CHARGE_UNKNOWN: prepaid when a period is given
 * @param now     Unix seconds: which prices are valid
 * @param arena   of ret_price->covers
 * @return CLOUD_OK; CLOUD_ENOTFOUND with the row to add; CLOUD_EINVAL naming the parameter;
 * CLOUD_EUNSUPPORTED for spot prices; CLOUD_ECONFIG when the book is out of date or an amount does
 * not come out exactly
 */
int cc_pricebook_price(const struct cc_pricebook *book, const struct cc_price_item *shape,
                       struct cloud_period period, enum cloud_charge_mode mode, int64_t now,
                       struct cc_arena *arena, struct cloud_price *ret_price,
                       struct cloud_error *err);

/*
 * What changing a shape costs for the rest of its term: the difference of the prices of one month,
 * before discounts, by cc_price_prorate(). A smaller shape costs nothing, and nothing is given
 * back. On demand (@expires_at is none) the change itself is free; the price is then the new
 * shape's for one hour or day, source and period say so.
 *
 * @return as cc_pricebook_price(); CLOUD_ESTATE when it has expired
 */
int cc_pricebook_upgrade(const struct cc_pricebook *book, const struct cc_price_item *old_shape,
                         const struct cc_price_item *new_shape, int64_t now, int64_t expires_at,
                         struct cc_arena *arena, struct cloud_price *ret_price,
                         struct cloud_error *err);

#endif
