/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What several providers check before anything is sent, beyond their rules: parameters that need or
 * exclude each other. Knows no vendor. Checks that ask the vendor are in hooks.c.
 */
#include <strings.h>

#include "core/base/error.h"
#include "core/model/provider.h"

int cc_check_stop(struct cc_hook *hook)
{
    if (hook->params->force != CLOUD_YES || hook->params->stop_charging != CLOUD_YES)
        return CLOUD_OK;
    return cc_fail_param(hook->err, "force",
                         "force and stop_charging are two ways to stop: leave one of them out");
}

int cc_check_purchase(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;

    if (p->max_charge.currency[0] && p->public_mbps)
        return cc_fail_param(hook->err, "max_charge",
                             "the price of a public address cannot be asked, so max_charge "
                             "cannot be held with public_mbps; leave one of them out");
    return CLOUD_OK;
}

static int need_system_disk(struct cc_hook *hook)
{
    const struct cc_rule *rule = hook->provider->rules;

    while (rule && rule->kind &&
           (rule->kind != CC_RULE_RANGE || rule->param != CLOUD_PARAM_SYSTEM_DISK_GB))
        rule++;
    return cc_fail_param(hook->err, "system_disk_gb",
                         "system_disk_gb is needed: %ld to %ld, not below the image's",
                         rule ? rule->min : 0, rule ? rule->max : 0);
}

int cc_check_sized_purchase(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    bool local = p->system_disk_type && !strcasecmp(p->system_disk_type, "local");

    if (!cc_when_size_changes(hook))
        return cc_fail_param(hook->err, "instance_type",
                             "a size is needed: instance_type, or family, cpu and memory_gb; "
                             "`cloudctl types` lists them");
    if (local && p->system_disk_gb)
        return cc_fail_param(hook->err, "system_disk_gb",
                             "a local system disk has a fixed size; leave system_disk_gb out");
    if (!local && !p->system_disk_gb)
        return need_system_disk(hook);
    return cc_check_purchase(hook);
}

int cc_check_auto_renew(struct cc_hook *hook)
{
    bool on = hook->params->auto_renew == CLOUD_YES,
         period = hook->params->period.unit != CLOUD_PERIOD_NONE;

    if (on && !period)
        return cc_fail_param(hook->err, "period",
                             "turning automatic renewal on needs the period to buy each time");
    if (!on && period)
        return cc_fail_param(hook->err, "period", "turning automatic renewal off takes no period");
    return CLOUD_OK;
}
