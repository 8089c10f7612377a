/* SPDX-License-Identifier: Apache-2.0 */
/* Describes the prices that vendors return: their period, source and coverage. */
#include "core/model/provider.h"

int cc_hook_price(struct cc_hook *hook, struct cloud_period period, const char *covers)
{
    hook->result->price.period = period;
    hook->result->price.source = CLOUD_PRICE_VENDOR;
    hook->result->price.covers = covers;
    return CLOUD_OK;
}

int cc_parse_price_new(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    struct cloud_period period = hook->result->price.period;

    period.count = period.unit ? 1 : 0; /* on demand: one unit, which the vendor named */
    if (p->to_month_end == CLOUD_YES)
        return cc_hook_price(hook, (struct cloud_period){ 0 },
                             "instance, system disk, data disks, to the end of the month and "
                             "for the rest of the period after it; not a public address");
    if (p->charge_mode == CLOUD_CHARGE_PREPAID)
        period = p->period;
    return cc_hook_price(
        hook, period,
        period.unit ? "instance, system disk, data disks; not a public address"
                    : "instance, system disk, data disks, on demand, for a time that the vendor "
                      "does not state; not a public address");
}
