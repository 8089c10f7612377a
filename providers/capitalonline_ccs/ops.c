/* SPDX-License-Identifier: Apache-2.0 */
/* What CapitalOnline CCS does: what rows cannot say, then a row an operation. Who it is stands in
 * provider.c. */
#include <string.h>

#include "providers/capitalonline_ccs/ccs.h"

#define ACTION(name) .action = &capitalonline_ccs_actions[CCS_##name]

static int check_order(struct cc_hook *hook)
{
    if (hook->params->to_month_end == CLOUD_YES && hook->params->period.unit)
        return cc_fail_param(hook->err, "to_month_end",
                             "it is either to the month's end or for months: leave to_month_end "
                             "or period out");
    return cc_check_purchase(hook);
}

/* one of the private network for each instance, chosen by the vendor */
static int addresses(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    struct cc_node *network =
        p->subnet_id ? cc_tree_append(hook->tree, hook->root, "PrivateIp") : NULL;

    for (int i = 0; network && i < (p->count ? p->count : 1); i++)
        cc_tree_append_text(hook->tree, network, "IP", "auto");
    if (network)
        cc_tree_set_text(hook->tree, network, "PrivateId", p->subnet_id);
    return CLOUD_OK;
}

/* InstanceType, the image and the kinds of disks were seen in answers, but are not in the
   documented one; a change of a prepaid instance is priced by the month */
static int shape(struct cc_hook *hook)
{
    int rc = capitalonline_take_configuration(hook);

    hook->params->charge_mode = hook->result->instances->charge_mode;
    if (hook->params->charge_mode == CLOUD_CHARGE_PREPAID && !hook->params->period.unit)
        hook->params->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    rc = rc ? rc : ccs_need_known(hook, CLOUD_PARAM_FAMILY);
    return rc ? rc : ccs_need_known(hook, CLOUD_PARAM_IMAGE_ID);
}

/* the pages are silent on states: the vendor's terraform stops an instance for another size, not
 * for a larger disk */
static int may_change(struct cc_hook *hook)
{
    int rc = cc_parse_found(hook);

    if (rc)
        return rc;
    return cc_when_size_changes(hook) ? cc_parse_need_stopped(hook)
                                      : cc_hook_need_larger_disk(hook);
}

static bool guarded(const struct cc_hook *hook)
{
    return !hook->options->allow_prepaid_charge_change;
}

/* page "ModifyInstanceChargeType", example 6: only from on demand to prepaid; terraform does more,
 * and may buy time */
static int may_change_charge(struct cc_hook *hook)
{
    const struct cloud_instance *instance = hook->result->instances;

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_ENOTFOUND, "there is no such instance");
    if (hook->result->instance_count == 1 && instance->charge_mode == CLOUD_CHARGE_POSTPAID)
        return CLOUD_OK;
    return cc_fail(hook->err, CLOUD_EUNSUPPORTED,
                   "%s is charged as \"%s\": ModifyInstanceChargeType is documented for "
                   "on-demand instances only, on others it may buy time; "
                   "allow_prepaid_charge_change: true of this cloud's "
                   "configuration permits it",
                   instance->id, instance->vendor_charge_mode ? instance->vendor_charge_mode : "");
}

/* What the zone sells for the instance: how far its system disk may grow, by the limits of the
   disk's kind where that is told; and its family, or where that is not told all of them, to be
   asked for their sizes */
static int goods(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    struct cloud_disk disk = result->instances->system_disk;
    const char *family = result->instances->family;
    size_t count = result->disk_range_count;

    hook->params->family = family;
    if (family)
        result->type_count = 0;
    else
        capitalonline_families(hook);
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

static int instance_task(struct cc_hook *hook)
{
    int rc = cc_parse_found(hook);

    return rc ? rc : cc_parse_instance_task(hook);
}

/* clang-format off */
/* {IOPS, Size} on the page; {Size, IopsSize} in an older example; {DiskId, DiskType, Size, IopsSize, Iops} in the SDK */
static const struct cc_field disk[] = {
    CC_TEXT(struct cloud_disk, "DiskId", id), CC_TEXT(struct cloud_disk, "DiskType|Type", type),
    CC_NUMBER_INT(struct cloud_disk, "Size", size_gb), CC_NUMBER_INT(struct cloud_disk, "IOPS|IopsSize", iops), { 0 }
};
static const struct cc_list inside_disk = { .fields = disk };
static const struct cc_list data_disks = CC_LIST_IN(struct cloud_instance, data_disk_count, struct cloud_disk, disk);
static const struct cc_field only_disk[] = { CC_INSIDE(struct cloud_instance, "", system_disk, &inside_disk), { 0 } };
static const struct cc_list system_disks = { .fields = only_disk };

static const struct cc_field tag[] = { CC_TEXT(struct cloud_tag, "TagName", key), CC_TEXT(struct cloud_tag, "TagId", value), { 0 } };
static const struct cc_list tags = CC_LIST_IN(struct cloud_instance, tag_count, struct cloud_tag, tag);

/* interfaces come as a list, a lone object, or "" */
static const struct cc_field private_network[] = {
    CC_FIRST(struct cloud_instance, "IP", private_ip), CC_FIRST(struct cloud_instance, "PrivateId", subnet_id), { 0 }
};
static const struct cc_list private_networks = { .fields = private_network };
static const struct cc_field public_network[] = { CC_FIRST(struct cloud_instance, "IP", public_ip), { 0 } };
static const struct cc_list public_networks = { .fields = public_network };

/* DescribeInstances: neither expiry nor automatic renewal is in it; InstanceType and ImageInfo were seen, not documented */
static const struct cc_field instance[] = {
    CC_TEXT_REQUIRED(struct cloud_instance, "InstanceId", id),
    CC_TEXT(struct cloud_instance, "InstanceName", name),
    CC_WORD(struct cloud_instance, "InstanceStatus", state, enum cloud_instance_state, capitalonline_ccs_states),
    CC_TEXT_REQUIRED(struct cloud_instance, "InstanceStatus", vendor_state),
    CC_WORD(struct cloud_instance, "InstanceChargeType", charge_mode, enum cloud_charge_mode, capitalonline_ccs_charge_modes),
    CC_TEXT(struct cloud_instance, "InstanceChargeType", vendor_charge_mode),
    CC_WORD(struct cloud_instance, "InstanceChargeStatus", billing_state, enum cloud_billing_state, capitalonline_ccs_billing),
    CC_TEXT(struct cloud_instance, "InstanceChargeStatus", vendor_billing_state),
    CC_TIME(struct cloud_instance, "CreateTime", created_at),
    CC_TEXT(struct cloud_instance, "RegionId", region),
    CC_TEXT(struct cloud_instance, "RegionId", zone),
    CC_TEXT(struct cloud_instance, "InstanceType", family),
    CC_NUMBER_INT(struct cloud_instance, "Cpu", cpu),
    CC_GIB_AS_MIB(struct cloud_instance, "Ram", memory_mb),
    CC_TEXT(struct cloud_instance, "ImageInfo.ImageId", image_id),
    CC_TEXT(struct cloud_instance, "ImageInfo.ImageName", image_name),
    CC_TEXT(struct cloud_instance, "VdcId", vpc_id),
    CC_INSIDE(struct cloud_instance, "Disks.SystemDisk", system_disk, &inside_disk),
    CC_ARRAY(struct cloud_instance, "Disks.DataDisks", data_disks, &data_disks),
    CC_EACH("SystemDisk", &system_disks), /* these two: as the page's table has them */
    CC_ARRAY(struct cloud_instance, "DataDisks", data_disks, &data_disks),
    CC_EACH("PrivateNetworkInterface", &private_networks),
    CC_EACH("PublicNetworkInterface", &public_networks),
    CC_ARRAY(struct cloud_instance, "Tags", tags, &tags),
    { 0 }
};
static const struct cc_list instances = CC_LIST_IN(struct cloud_result, instance_count, struct cloud_instance, instance);
static const struct cc_field found_instances[] = { CC_ARRAY_REQUIRED(struct cloud_result, "Instances", instances, &instances), { 0 } };
static const struct cc_paging instance_pages = {
    .page_param = "PageNumber", .size_param = "PageSize", .size = 100, .pages = "PageCount", CC_COLLECT(instances, instance_count),
};

static const struct cc_word task_states[] = {
    { "NEW",    CLOUD_TASK_PENDING,   NULL }, { "DOING", CLOUD_TASK_RUNNING, NULL },
    { "FINISH", CLOUD_TASK_SUCCEEDED, NULL }, { "ERROR", CLOUD_TASK_FAILED,  NULL }, { 0 }
};
static const struct cc_list resource_ids = CC_STRING_LIST(struct cloud_task, resource_id_count);
static const struct cc_field task[] = {
    CC_WORD(struct cloud_task, "Status", state, enum cloud_task_state, task_states),
    CC_TEXT_REQUIRED(struct cloud_task, "Status", vendor_state),
    CC_TEXTS(struct cloud_task, "ResourceIds|ResourceId", resource_ids, &resource_ids),
    { 0 }
};
static const struct cc_list tasks = { .fields = task };
static const struct cc_field found_task[] = { { .path = "", .kind = CC_FIELD_OBJECT, .required = true, .at = offsetof(struct cloud_result, task), .list = &tasks }, { 0 } };

/* DescribeInstanceType: the data is the list itself */
static const struct cc_field type[] = {
    CC_NUMBER_INT(struct cloud_instance_type, "Cpu", cpu), CC_GIB_AS_MIB(struct cloud_instance_type, "Ram", memory_mb),
    CC_TEXT(struct cloud_instance_type, "Name", description), { 0 }
};
static const struct cc_list types = CC_LIST_IN(struct cloud_result, type_count, struct cloud_instance_type, type);
static const struct cc_field found_types[] = { CC_ARRAY_REQUIRED(struct cloud_result, "", types, &types), { 0 } };

/* DescribeAvailableResource: what a zone sells, by InstanceType; in a range that stands as the role until hooks.c has chosen */
static const struct cc_field family[] = { CC_TEXT_REQUIRED(struct cloud_instance_type, "InstanceType", family), { 0 } };
static const struct cc_list families = CC_LIST_IN(struct cloud_result, type_count, struct cloud_instance_type, family);
static const struct cc_word template_states[] = { { "normal", CLOUD_IMAGE_AVAILABLE, NULL }, { 0 } };
static const struct cc_field range[] = {
    CC_TEXT(struct cloud_disk_range, "Type", type), CC_TEXT(struct cloud_disk_range, "../InstanceType", role),
    CC_NUMBER_INT(struct cloud_disk_range, "MaxSize", max_gb), CC_NUMBER_INT(struct cloud_disk_range, "Step", step_gb), { 0 }
};
static const struct cc_list ranges = CC_LIST_IN(struct cloud_result, disk_range_count, struct cloud_disk_range, range);
static const struct cc_field public_image[] = {
    CC_TEXT_REQUIRED(struct cloud_image, "ImageId", id),
    CC_TEXT(struct cloud_image, "GicDisplayName", name),
    CC_TEXT(struct cloud_image, "ImageType", os_type),
    CC_TEXT(struct cloud_image, "=public", source),
    CC_WORD(struct cloud_image, "=normal", state, enum cloud_image_state, template_states), /* what is listed can be installed */
    { 0 }
};
static const struct cc_list public_images = CC_LIST_IN(struct cloud_result, image_count, struct cloud_image, public_image);
static const struct cc_field ranges_of_type[] = { CC_ARRAY(struct cloud_result, "SystemDiskGoods", disk_ranges, &ranges), { 0 } };
static const struct cc_list all_ranges = { .fields = ranges_of_type };
static const struct cc_field images_of_type[] = { CC_ARRAY(struct cloud_result, "ImageGoods.PublicImage", images, &public_images), { 0 } };
static const struct cc_list all_images = { .fields = images_of_type };
static const struct cc_field found_goods[] = {
    CC_ARRAY_REQUIRED(struct cloud_result, "InstanceGoods", types, &families), CC_EACH("InstanceGoods", &all_ranges), { 0 }
};
static const struct cc_field found_families[] = { CC_ARRAY_REQUIRED(struct cloud_result, "InstanceGoods", types, &families), { 0 } };
static const struct cc_field found_public[] = { CC_EACH_REQUIRED("InstanceGoods", &all_images), { 0 } };

static const struct cc_field template[] = {
    CC_TEXT_REQUIRED(struct cloud_image, "TemplateId", id),
    CC_TEXT(struct cloud_image, "Name", name),
    CC_WORD(struct cloud_image, "Status", state, enum cloud_image_state, template_states),
    CC_TEXT(struct cloud_image, "Status", vendor_state),
    CC_TEXT(struct cloud_image, "OSType", os_type),
    CC_TEXT(struct cloud_image, "=private", source),
    CC_TIME(struct cloud_image, "CreateTime", created_at),
    { 0 }
};
static const struct cc_list templates = CC_LIST_IN(struct cloud_result, image_count, struct cloud_image, template);
static const struct cc_field found_templates[] = { CC_ARRAY_REQUIRED(struct cloud_result, "TemplateList", images, &templates), { 0 } };
static const struct cc_paging template_pages = {
    .page_param = "PageNumber", .size_param = "PageSize", .size = 100, .pages = "TotalPage", CC_COLLECT(images, image_count),
};

static const struct cc_field price[] = { CC_AMOUNT_REQUIRED(struct cloud_result, "TotalPrice", price.total), { 0 } };
static const struct cc_field console[] = { CC_TEXT_REQUIRED(struct cloud_result, "URL", console.url), { 0 } };

static const struct cc_arg by_id[] = { CC_ARG("InstanceId", INSTANCE_ID), { 0 } };
static const struct cc_arg by_ids[] = { CC_ARG_IN_LIST("InstanceIds", INSTANCE_ID), { 0 } };
static const struct cc_word stop_words[] = { { "HARD", CLOUD_YES, NULL }, { "SOFT", CLOUD_NO, NULL }, { 0 } };
static const struct cc_arg stop[] = {
    CC_ARG("InstanceId", INSTANCE_ID),
    { .path = "StopType", .kind = CC_ARG_WORD, .param = CLOUD_PARAM_FORCE, .words = stop_words, .text = "SOFT" },
    { 0 }
};
static const struct cc_arg passwd[] = { CC_ARG("InstanceIds", INSTANCE_ID), CC_ARG("Password", PASSWORD), { 0 } };

/*
 * What is bought and what it costs are asked in the same words. PrepaidMonth 0 buys to the month's end and is the
 * vendor's default, as AutoRenew 1 is: both are always said. The documents' default type of a data disk is nowhere said;
 * high_disk is the lesser. An image of the account's own also wants ImagePassword, which only invoke can say.
 */
static const struct cc_word month_end[] = { { "0", CLOUD_YES, NULL }, { 0 } };
static const struct cc_arg data_disk[] = { CC_ARG_DISK("Size", CC_DISK_GB), { .path = "Type", .disk = CC_DISK_TYPE, .text = "high_disk" }, { 0 } };
#define SHAPE                                                                                                        \
    CC_ARG("RegionId", ZONE),                                                                                        \
    CC_ARG_WORDS("InstanceChargeType", CHARGE_MODE, capitalonline_ccs_charge_modes, CC_STRING),                      \
    CC_ARG_WORDS("PrepaidMonth", TO_MONTH_END, month_end, CC_INT),                                                   \
    CC_ARG_PERIOD_MONTHS("PrepaidMonth"),                                                                            \
    { .path = "AutoRenew", .kind = CC_ARG_WORD, .param = CLOUD_PARAM_AUTO_RENEW, .words = capitalonline_on_off, .text = "0", .as = CC_INT }, \
    CC_ARG("Cpu", CPU), CC_ARG("Ram", MEMORY_GB), CC_ARG("InstanceType", FAMILY),                                    \
    { .path = "ImageId", .param = CLOUD_PARAM_IMAGE_ID, .text = "Ubuntu_16.04_64" }, /* the page's default */        \
    { .path = "SystemDisk.Type", .param = CLOUD_PARAM_SYSTEM_DISK_TYPE, .text = "system_disk" },                     \
    CC_ARG("SystemDisk.Size", SYSTEM_DISK_GB), /* left out: the image's */                                           \
    CC_ARG_DISKS("DataDisks", data_disk),                                                                            \
    CC_ARG_DEFAULT("Amount", COUNT, "1")
#define ORDER CC_ARG("VdcId", VPC_ID), CC_ARG("InstanceName", NAME), CC_ARG("Password", PASSWORD)
static const struct cc_arg priced[] = { SHAPE, { 0 } };
static const struct cc_arg create[] = { SHAPE, ORDER, CC_ARG_MARK_IN_LIST("LabelNames"), { 0 } }; /* a label that is not there is made */
static const struct cc_arg dry_run[] = { SHAPE, ORDER, CC_ARG_TEXT("DryRun", "true", CC_BOOL), { 0 } };

static const struct cc_arg change_size[] = { CC_ARG("InstanceId", INSTANCE_ID), CC_ARG("Cpu", CPU), CC_ARG("Ram", MEMORY_GB), CC_ARG("InstanceType", FAMILY), { 0 } };
static const struct cc_arg extend_disk[] = { CC_ARG("InstanceId", INSTANCE_ID), CC_ARG("Size", SYSTEM_DISK_GB), { 0 } };

static const struct cc_arg list[] = { CC_ARG_OF_REGION("RegionId"), CC_ARG("RegionId", ZONE), { 0 } };
static const struct cc_arg of_zone[] = { CC_ARG("RegionId", ZONE), { 0 } };
static const struct cc_arg of_family[] = { CC_ARG("RegionId", ZONE), CC_ARG("InstanceType", FAMILY), { 0 } };
static const struct cc_arg of_its_zone[] = { CC_ARG_FROM_INSTANCE("RegionId", zone), { 0 } };
static const struct cc_arg of_its_family[] = { CC_ARG_FROM_INSTANCE("RegionId", zone), CC_ARG("InstanceType", FAMILY), { 0 } };
static const struct cc_arg followed[] = { CC_ARG("TaskId", TASK_ID), { 0 } };

#define ONE(name_, action_, ...) static const struct cc_step name_[] = { { ACTION(action_), __VA_ARGS__ } }
#define FIND(...) { ACTION(DescribeInstances), .args = by_id, .fields = found_instances, __VA_ARGS__ }
#define PRICE(parse_) { ACTION(DescribeInstancePrice), .args = priced, .fields = price, .parse = parse_ }
#define SIZES(args_, when_) { ACTION(DescribeInstanceType), .args = args_, .fields = found_types, .parse = capitalonline_next_family, .tolerate = true, .when = when_ }

const struct cc_step capitalonline_ccs_charge_guard = {
    ACTION(DescribeInstances), .fields = found_instances, .when = guarded, .parse = may_change_charge,
};

ONE(start_steps, StartInstance, .args = by_id);
ONE(stop_steps, StopInstance, .args = stop);
ONE(reboot_steps, RebootInstance, .args = by_id);
ONE(passwd_steps, ResetInstancesPassword, .args = passwd);
ONE(create_steps, CreateInstance, .args = create, .build = addresses);
ONE(check_steps, CreateInstance, .args = dry_run, .build = addresses, .parse = cc_parse_check_order, .tolerate = true);
ONE(vnc_steps, CreateInstanceHtmlConsoleURL, .args = by_id, .fields = console);
ONE(list_steps, DescribeInstances, .args = list, .fields = found_instances, .paging = &instance_pages, .parse = ccs_keep_named);
ONE(delete_steps, DeleteInstance, .args = by_ids);
static const struct cc_step disks_steps[] = {
    FIND(.when = capitalonline_when_instance, .parse = ccs_disks_of_instances),
    { ACTION(DescribeInstances), .args = list, .fields = found_instances, .paging = &instance_pages, .when = capitalonline_when_no_instance, .parse = ccs_disks_of_instances },
};
static const struct cc_step show_steps[] = { FIND(.parse = cc_parse_found) };
static const struct cc_step price_steps[] = { PRICE(cc_parse_price_new) };
static const struct cc_step regions_steps[] = { { .parse = cc_parse_regions } };
static const struct cc_step renew_price_steps[] = {
    FIND(.parse = cc_parse_found), { .parse = cc_parse_need_prepaid }, { .parse = shape }, PRICE(capitalonline_price_renew),
};
static const struct cc_step upgrade_price_steps[] = {
    FIND(.parse = cc_parse_found), { .parse = cc_parse_need_term }, { .parse = cc_hook_need_larger_disk }, { .parse = shape },
    PRICE(capitalonline_price_after), PRICE(capitalonline_price_before),
};
static const struct cc_step upgrade_steps[] = {
    FIND(.parse = may_change),
    { ACTION(ModifyInstanceSpec), .args = change_size, .when = cc_when_size_changes },
    { ACTION(ExtendSystemDisk), .args = extend_disk, .when = cc_when_disk_changes },
};
static const struct cc_step options_steps[] = {
    FIND(.parse = cc_parse_found),
    { ACTION(DescribeAvailableResource), .args = of_its_zone, .fields = found_goods, .parse = goods },
    SIZES(of_its_family, cc_when_sizes_wanted), { .parse = ccs_keep_larger },
};
static const struct cc_step types_steps[] = {
    { ACTION(DescribeAvailableResource), .args = of_zone, .fields = found_families, .when = capitalonline_when_no_family, .parse = capitalonline_families },
    SIZES(of_family, NULL),
};
/* templates first: their pages are counted in the same list */
static const struct cc_step images_steps[] = {
    { ACTION(DescribeTemplateInfo), .fields = found_templates, .paging = &template_pages },
    { ACTION(DescribeAvailableResource), .args = of_zone, .fields = found_public, .parse = ccs_keep_image },
    { .parse = capitalonline_keep_source },
};
static const struct cc_step task_steps[] = {
    { ACTION(DescribeTask), .args = followed, .fields = found_task, .when = cc_when_task },
    FIND(.when = cc_when_no_task, .parse = instance_task),
};

/* many at once: the power actions have a form for several ids; no filter of DescribeInstances takes several, so all are listed */
#define MANY(name_, action_, ...) ONE(name_##_steps, action_, __VA_ARGS__); static const struct cc_op_row name_ = { CLOUD_NATIVE, NULL, CC_STEPS(name_##_steps) }
static const struct cc_arg of_many[] = { CC_ARG_JOINED("InstanceIds", INSTANCE_ID), { 0 } }, stop_several[] = { CC_ARG_JOINED("InstanceIds", INSTANCE_ID),
    { .path = "StopType", .kind = CC_ARG_WORD, .param = CLOUD_PARAM_FORCE, .words = stop_words, .text = "SOFT" }, { 0 } };
MANY(start_many, StartInstances, .args = of_many);
MANY(stop_many, StopInstances, .args = stop_several);
MANY(reboot_many, RebootInstances, .args = of_many);
MANY(list_all, DescribeInstances, .fields = found_instances, .paging = &instance_pages);
#define SIZED (CC_BIT(FAMILY) | CC_BIT(CPU) | CC_BIT(MEMORY_GB))
#define BOUGHT (SIZED | CC_BIT(ZONE) | CC_BIT(VPC_ID) | CC_BIT(NAME) | CC_BIT(PASSWORD))
#define NO_RENEWAL "CCS has no action for renewals: choose automatic renewal when buying (auto_renew), or renew in the vendor's console"
#define WALK .scratch_size = sizeof(struct capitalonline_families)

const struct cc_op_row capitalonline_ccs_ops[CLOUD_OP__COUNT] = {
    [CLOUD_OP_START_INSTANCE]         = { CLOUD_NATIVE, NULL, CC_STEPS(start_steps), .many = 100, .many_row = &start_many },
    [CLOUD_OP_STOP_INSTANCE]          = { CLOUD_NATIVE, NULL, CC_STEPS(stop_steps), .many = 100, .many_row = &stop_many },
    [CLOUD_OP_REBOOT_INSTANCE]        = { CLOUD_NATIVE, NULL, CC_STEPS(reboot_steps), .many = 100, .many_row = &reboot_many },
    [CLOUD_OP_MODIFY_INSTANCE_PASSWD] = { CLOUD_NATIVE, NULL, CC_STEPS(passwd_steps) },
    [CLOUD_OP_DESCRIBE_PRICE]         = { CLOUD_NATIVE, NULL, CC_STEPS(price_steps), .check = check_order, .required = SIZED | CC_BIT(ZONE) },
    [CLOUD_OP_DESCRIBE_RENEW_PRICE]   = { CLOUD_COMPOSED, "no action prices a renewal: it is what buying the same shape and disks for that time costs now", CC_STEPS(renew_price_steps) },
    [CLOUD_OP_DESCRIBE_UPGRADE_PRICE] = { CLOUD_DERIVED, "no action prices a change: on demand it is free, and what the new shape costs is told; for prepaid instances both shapes are asked and shared out by the rest of the term, which the caller tells (expires_at), as no answer does",
                                          CC_STEPS(upgrade_price_steps), .check = cc_check_change, .reads = CC_BIT(EXPIRES_AT), .scratch_size = sizeof(struct capitalonline_change) },
    [CLOUD_OP_CREATE_INSTANCE]        = { CLOUD_NATIVE, NULL, CC_STEPS(create_steps), .check = check_order, .reads = CC_BIT(SUBNET_ID), .required = BOUGHT },
    [CLOUD_OP_CREATE_INSTANCE_DRY_RUN] = { CLOUD_NATIVE, NULL, CC_STEPS(check_steps), .check = check_order, .reads = CC_BIT(SUBNET_ID), .required = BOUGHT },
    [CLOUD_OP_RENEW_INSTANCE]         = { .support = CLOUD_UNSUPPORTED, .why = NO_RENEWAL "; an on-demand instance becomes prepaid by ModifyInstanceChargeType (invoke)" },
    [CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL] = { CLOUD_NATIVE, NULL, CC_STEPS(vnc_steps) },
    [CLOUD_OP_DESCRIBE_REGIONS]       = { CLOUD_DERIVED, "no action lists regions: the table of the vendor's documentation", CC_STEPS(regions_steps) },
    [CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION] = { CLOUD_COMPOSED, "no action lists targets: sizes on sale that are not smaller, and the zone's limits of system disks",
                                          CC_STEPS(options_steps), .reads = CC_BIT(RESOURCE), WALK },
    [CLOUD_OP_UPGRADE_INSTANCE]       = { CLOUD_NATIVE, NULL, CC_STEPS(upgrade_steps), .check = cc_check_change, .reads = CC_BIT(EXPIRES_AT) },
    [CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE] = { .support = CLOUD_UNSUPPORTED, .why = NO_RENEWAL },
    [CLOUD_OP_DESCRIBE_INSTANCES]     = { CLOUD_NATIVE, NULL, CC_STEPS(list_steps), .reads = CC_BIT(NAME) },
    [CLOUD_OP_DESCRIBE_INSTANCE]      = { CLOUD_NATIVE, NULL, CC_STEPS(show_steps), .many = CC_MANY_ALL, .many_row = &list_all },
    [CLOUD_OP_DELETE_INSTANCE]        = { CLOUD_NATIVE, NULL, CC_STEPS(delete_steps) },
    [CLOUD_OP_DESCRIBE_DISKS]         = { CLOUD_COMPOSED, "no action lists disks: those of the instances are shown, without a state of their own", CC_STEPS(disks_steps) },
    [CLOUD_OP_DESCRIBE_INSTANCE_TYPES] = { CLOUD_COMPOSED, "the zone's types are listed, then the sizes on sale of each", CC_STEPS(types_steps), .required = CC_BIT(ZONE), WALK },
    [CLOUD_OP_DESCRIBE_IMAGES]        = { CLOUD_COMPOSED, "the account's templates and the zone's public images are two actions", CC_STEPS(images_steps),
                                          .reads = CC_BIT(IMAGE_SOURCE) | CC_BIT(IMAGE_ID), .required = CC_BIT(ZONE) },
    [CLOUD_OP_DESCRIBE_TASK]          = { CLOUD_NATIVE, NULL, CC_STEPS(task_steps), .check = cc_check_task, .many = CC_MANY_ALL, .many_row = &list_all },
    [CLOUD_OP_INVOKE]                 = { .support = CLOUD_NATIVE },
};
/* clang-format on */
