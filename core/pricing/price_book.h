/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Declares the price book: prices computed locally from a file that a reseller writes
 * (docs/user/prices.md). It is used when a vendor has no action for a price, or when the caller
 * requests it. It knows no vendor and sends nothing.
 *
 * Amounts are exact: fixed-point amounts of 10^-6 of the currency's unit. A sum, a multiple or a
 * discount that they cannot hold is an error that names the row. Nothing is rounded, not to cents
 * either, except in cc_price_prorate().
 */
#ifndef CC_PRICEBOOK_H
#define CC_PRICEBOOK_H

#include "core/base/memory.h"
#include "include/cloud_client.h"

struct cc_pricebook;

/* The item to price. A string is NULL when it is not known. Names are compared without case. */
struct cc_price_item {
    const char *cloud; /* the section of the price book: the provider's name */
    const char *region;
    const char *zone;
    const char *instance_type; /* or family, cpu and memory_mb */
    const char *family;
    int cpu;
    int memory_mb;
    int gpu;
    const struct cloud_disk_spec *disks; /* all disks, including the system disk */
    size_t disk_count;
    int public_mbps; /* 0: no public address */
    int count;       /* number of instances; 0: one */
};

/*
 * Reads prices.yaml.
 *
 * @return CLOUD_OK; CLOUD_ECONFIG naming file, line and key; CLOUD_ENOMEM
 */
int cc_pricebook_load(const char *path, struct cc_pricebook **ret_book, struct cloud_error *err);
/* NULL is allowed. */
void cc_pricebook_free(struct cc_pricebook *book);

/*
 * Computes the price of an item for a period. On demand, the price is for one hour, or for one day
 * when a component has only a price for a day.
 *
 * @param period  CLOUD_PERIOD_NONE: on demand
 * @param mode    CLOUD_CHARGE_UNKNOWN: prepaid when a period is given
 * @param now     Unix seconds; selects the prices that are valid
 * @param arena   of ret_price->covers
 * @return CLOUD_OK; CLOUD_ENOTFOUND with the row to add; CLOUD_EINVAL naming the parameter;
 *         CLOUD_EUNSUPPORTED for spot prices; CLOUD_ECONFIG when the book is out of date or an
 *         amount is not exact
 */
int cc_pricebook_price(const struct cc_pricebook *book, const struct cc_price_item *item,
                       struct cloud_period period, enum cloud_charge_mode mode, int64_t now,
                       struct cc_arena *arena, struct cloud_price *ret_price,
                       struct cloud_error *err);

/*
 * Computes the price of changing an item for the rest of its term: the difference of the prices of
 * one month, before discounts, by cc_price_prorate(). A smaller item costs nothing, and nothing is
 * refunded. On demand (@expires_at is CLOUD_TIME_NONE) the change itself is free. The price is then
 * that of the new item for one hour or day; its source and period show that.
 *
 * @return as cc_pricebook_price(); CLOUD_ESTATE when the term has ended
 */
int cc_pricebook_upgrade(const struct cc_pricebook *book, const struct cc_price_item *old_item,
                         const struct cc_price_item *new_item, int64_t now, int64_t expires_at,
                         struct cc_arena *arena, struct cloud_price *ret_price,
                         struct cloud_error *err);

#endif
