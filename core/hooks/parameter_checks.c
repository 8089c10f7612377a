/* SPDX-License-Identifier: Apache-2.0 */
/* Checks parameters that need or exclude each other, before anything is sent. */
#include "core/base/error.h"
#include "core/model/provider.h"

int cc_check_purchase(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;

    if (p->max_charge.currency[0] && p->public_mbps)
        return cc_fail_param(hook->err, "max_charge",
                             "the vendor quotes no price of a public address, so max_charge "
                             "cannot be checked with public_mbps; leave one of them out");
    return CLOUD_OK;
}

int cc_check_auto_renew(struct cc_hook *hook)
{
    bool on = hook->params->auto_renew == CLOUD_YES,
         period = hook->params->period.unit != CLOUD_PERIOD_NONE;

    if (on && !period)
        return cc_fail_param(hook->err, "period",
                             "turning automatic renewal on needs a period; give the period "
                             "to buy each time");
    if (!on && period)
        return cc_fail_param(hook->err, "period",
                             "turning automatic renewal off takes no period; leave it out");
    return CLOUD_OK;
}
