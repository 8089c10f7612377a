/* SPDX-License-Identifier: Apache-2.0 */
/* What rows cannot say of CapitalOnline CCS. */
#include <string.h>

#include "core/error.h"
#include "providers/capitalonline_ccs/ccs.h"

int capitalonline_ccs_check_order(struct cc_hook *hook)
{
    if (hook->params->to_month_end == CLOUD_YES && hook->params->period.unit)
        return cc_fail_param(hook->err, "to_month_end", "it is either to the month's end or for months: leave to_month_end "
                                                        "or period out");
    return cc_check_purchase(hook);
}

/* one of the private network for each instance, chosen by the vendor */
int capitalonline_ccs_addresses(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    struct cc_node *network = p->subnet_id ? cc_tree_append(hook->tree, hook->root, "PrivateIp") : NULL;

    for (int i = 0; network && i < (p->count ? p->count : 1); i++)
        cc_tree_append_text(hook->tree, network, "IP", "auto");
    if (network)
        cc_tree_set_text(hook->tree, network, "PrivateId", p->subnet_id);
    return CLOUD_OK;
}

/* InstanceType, the image and the kinds of disks were seen in answers, but are not in the documented one */
int capitalonline_ccs_shape(struct cc_hook *hook)
{
    int rc = cc_hook_take_shape(hook);

    hook->params->charge_mode = hook->result->instances->charge_mode;
    rc = rc ? rc : cc_hook_need_known(hook, CLOUD_PARAM_FAMILY);
    return rc ? rc : cc_hook_need_known(hook, CLOUD_PARAM_IMAGE_ID);
}

bool capitalonline_ccs_guarded(const struct cc_hook *hook)
{
    return !hook->options->allow_prepaid_charge_change;
}

/* page "ModifyInstanceChargeType", example 6: only from on demand to prepaid; terraform does more, and may buy time */
int capitalonline_ccs_may_change_charge(struct cc_hook *hook)
{
    const struct cloud_instance *instance = hook->result->instances;

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_ENOTFOUND, "there is no such instance");
    if (hook->result->instance_count == 1 && instance->charge_mode == CLOUD_CHARGE_POSTPAID)
        return CLOUD_OK;
    return cc_fail(hook->err, CLOUD_EUNSUPPORTED, "%s is charged as \"%s\": ModifyInstanceChargeType is documented for "
                   "on-demand instances only, on others it may buy time; allow_prepaid_charge_change: true of this cloud's "
                   "configuration permits it", instance->id, instance->vendor_charge_mode ? instance->vendor_charge_mode : "");
}

/* What the zone sells for the instance: how far its system disk may grow, by the limits of the disk's kind where that is
   told; and its family, or where that is not told all of them, to be asked for their sizes */
int capitalonline_ccs_goods(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    struct cloud_disk disk = result->instances->system_disk;
    const char *family = result->instances->family;
    size_t count = result->disk_range_count;

    hook->params->family = family;
    if (family)
        result->type_count = 0;
    else
        cc_parse_families(hook);
    result->disk_range_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct cloud_disk_range range = result->disk_ranges[i];
        bool owner = !family || !strcmp(range.role, family);

        if (!owner || !range.type || (disk.type && strcmp(disk.type, range.type)))
            continue;
        disk.type = range.type;
        return cc_hook_growth(hook, &disk, range.max_gb, range.step_gb > 0 ? range.step_gb : 1);
    }
    return CLOUD_OK;
}

int capitalonline_ccs_task(struct cc_hook *hook)
{
    hook->result->task.id = hook->params->task_id;
    return CLOUD_OK;
}
