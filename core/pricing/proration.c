/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Computes the price of a change for the rest of a term. This is the only place where money is
 * rounded.
 */
#include "core/base/error.h"
#include "core/pricing/price_book.h"

#include <limits.h>

enum { DAY_S = 86400, DAYS_A_MONTH = 30, MICROS_A_CENT = 10000 };

int cc_price_prorate(struct cloud_money monthly, int64_t now, int64_t expires_at,
                     struct cloud_money *ret_share, int *ret_days, struct cloud_error *err)
{
    const __int128 step = (__int128)DAYS_A_MONTH * MICROS_A_CENT;
    int64_t left, days;
    __int128 cents;

    if (__builtin_sub_overflow(expires_at, now, &left) || left <= 0)
        return cc_fail(err, CLOUD_ESTATE, "nothing of the term is left; renew the instance first");
    days = left / DAY_S + (left % DAY_S > 0); /* a part of a day counts as one, so that a quote
                                                 still holds just after the purchase */
    cents = monthly.micros > 0 ? (__int128)monthly.micros * days / step : 0;
    if (days > INT_MAX || cents > INT64_MAX / MICROS_A_CENT)
        return cc_fail(err, CLOUD_EINVAL, "the price for the rest of the term is too large");
    *ret_share = monthly;
    ret_share->micros = (int64_t)cents * MICROS_A_CENT;
    if (ret_days)
        *ret_days = (int)days;
    return CLOUD_OK;
}

static int upgrade_on_demand(const struct cc_pricebook *book, const struct cc_price_item *new_item,
                             int64_t now, struct cc_arena *arena, struct cloud_price *ret_price,
                             struct cloud_error *err)
{
    const struct cloud_period none = { 0 };
    struct cloud_price price = { 0 };
    int r =
        cc_pricebook_price(book, new_item, none, CLOUD_CHARGE_POSTPAID, now, arena, &price, err);

    if (r != CLOUD_OK)
        return r;
    price.covers =
        cc_arena_printf(arena, "on demand the change itself is free; afterwards: %s", price.covers);
    if (!price.covers)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory while computing a price");
    *ret_price = price;
    return CLOUD_OK;
}

int cc_pricebook_upgrade(const struct cc_pricebook *book, const struct cc_price_item *old_item,
                         const struct cc_price_item *new_item, int64_t now, int64_t expires_at,
                         struct cc_arena *arena, struct cloud_price *ret_price,
                         struct cloud_error *err)
{
    const struct cloud_period month = { .count = 1, .unit = CLOUD_PERIOD_MONTH };
    struct cloud_price before = { 0 }, after = { 0 };
    char text[CLOUD_MONEY_MAX];
    struct cloud_money more;
    int days = 0;
    int r;

    if (expires_at == CLOUD_TIME_NONE)
        return upgrade_on_demand(book, new_item, now, arena, ret_price, err);
    r = cc_pricebook_price(book, old_item, month, CLOUD_CHARGE_PREPAID, now, arena, &before, err);
    if (r == CLOUD_OK)
        r = cc_pricebook_price(book, new_item, month, CLOUD_CHARGE_PREPAID, now, arena, &after,
                               err);
    if (r != CLOUD_OK)
        return r;
    more = after.list;
    more.micros -= before.list.micros; /* cannot overflow: neither is below zero */
    r = cc_price_prorate(more, now, expires_at, &after.total, &days, err);
    if (r != CLOUD_OK)
        return r;
    after.covers = cc_arena_printf(arena, "%s more a month, for %d days of 30: %s",
                                   cloud_money_format(more, text), days, after.covers);
    if (!after.covers)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory while computing a price");
    after.list = (struct cloud_money){ 0 };
    after.period = (struct cloud_period){ days, days ? CLOUD_PERIOD_DAY : CLOUD_PERIOD_NONE };
    after.source = CLOUD_PRICE_COMPUTED;
    *ret_price = after;
    return CLOUD_OK;
}
