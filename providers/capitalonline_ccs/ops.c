/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations of CapitalOnline CCS: hooks for what rows cannot express, the steps, and a row an
 * operation.
 */
#include <string.h>

#include "providers/capitalonline_ccs/ccs.h"

/* Hooks: purchase */

static int check_order(struct cc_hook *hook)
{
    if (hook->params->to_month_end == CLOUD_YES && hook->params->period.unit)
        return cc_fail_param(hook->err, "to_month_end",
                             "to_month_end and period exclude each other; leave one of them out");
    return cc_check_purchase(hook);
}

/* section "CreateInstance", PrivateIp: the vendor chooses a private address for each instance */
static int add_private_addresses(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    int count = p->count ? p->count : 1;
    struct cc_node *network;

    if (!p->subnet_id)
        return CLOUD_OK;
    network = cc_tree_append(hook->tree, hook->root, "PrivateIp");
    for (int i = 0; network && i < count; i++)
        cc_tree_append_text(hook->tree, network, "IP", "auto");
    if (network)
        cc_tree_set_text(hook->tree, network, "PrivateId", p->subnet_id);
    return CLOUD_OK;
}

/* Hooks: prices */

/*
 * The parts of the instance that do not change become parameters. InstanceType, the image and
 * the types of disks were seen in answers and are not documented: without them there is no price.
 * The change of a prepaid instance is priced by the month.
 */
static int take_instance(struct cc_hook *hook)
{
    int rc = capitalonline_take_configuration(hook);

    hook->params->charge_mode = hook->result->instances->charge_mode;
    if (hook->params->charge_mode == CLOUD_CHARGE_PREPAID && !hook->params->period.unit)
        hook->params->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    rc = rc ? rc : ccs_need_known(hook, CLOUD_PARAM_FAMILY);
    return rc ? rc : ccs_need_known(hook, CLOUD_PARAM_IMAGE_ID);
}

/* Hooks: changes */

/*
 * Open: the states in which an instance can be changed. The vendor's terraform stops the instance
 * to change its size, and does not stop it to extend its system disk; so do we.
 */
static int need_changeable(struct cc_hook *hook)
{
    int rc = cc_parse_found(hook);

    if (rc)
        return rc;
    return cc_when_size_changes(hook) ? cc_parse_need_stopped(hook)
                                      : cc_hook_need_larger_disk(hook);
}

static bool when_charge_type_is_guarded(const struct cc_hook *hook)
{
    return !hook->options->allow_prepaid_charge_change;
}

/*
 * Section "ModifyInstanceChargeType", example 6: only from on demand to prepaid. Open: what it does
 * to a prepaid instance. The vendor's terraform calls it for one, which may buy time; so we refuse
 * that.
 */
static int need_on_demand(struct cc_hook *hook)
{
    const struct cloud_instance *instance = hook->result->instances;

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_ENOTFOUND, "there is no such instance");
    if (hook->result->instance_count == 1 && instance->charge_mode == CLOUD_CHARGE_POSTPAID)
        return CLOUD_OK;
    return cc_fail(hook->err, CLOUD_EUNSUPPORTED,
                   "%s is charged as \"%s\"; ModifyInstanceChargeType is documented for on-demand "
                   "instances only and may "
                   "buy time on others; to permit it, set allow_prepaid_charge_change: true in "
                   "this cloud's configuration",
                   instance->id, instance->vendor_charge_mode ? instance->vendor_charge_mode : "");
}

/*
 * Section "DescribeAvailableResource": the family whose sizes are queried next, and how far the
 * system disk may grow. Where the instance's family is not known, the sizes of all families are
 * queried; where the type of its disk is not known, the first type of disk on sale limits the
 * growth.
 */
static int keep_goods_of_instance(struct cc_hook *hook)
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
        bool other_family = family && strcmp(range.role, family);

        if (other_family || !range.type || (disk.type && strcmp(disk.type, range.type)))
            continue;
        disk.type = range.type;
        return cc_hook_growth(hook, &disk, range.max_gb, range.step_gb > 0 ? range.step_gb : 1);
    }
    return CLOUD_OK;
}

static int follow_instance(struct cc_hook *hook)
{
    int rc = cc_parse_found(hook);

    return rc ? rc : cc_parse_instance_task(hook);
}

/* clang-format off */

/* Steps */

#define STEP(action_, ...) { .action = &ccs_actions[CCS_##action_], __VA_ARGS__ }
/* a listing with a filter: cc_parse_found() compares the ids */
#define FIND_INSTANCE(parse_, ...) \
    STEP(DescribeInstances, .args = ccs_by_id, .fields = ccs_found_instances, .parse = parse_, \
         __VA_ARGS__)
#define PRICE(parse_) \
    STEP(DescribeInstancePrice, .args = ccs_price_query, .fields = ccs_price, .parse = parse_)
/* the sizes of each family that a step before has found */
#define SIZES_OF_FAMILIES(args_, ...) \
    STEP(DescribeInstanceType, .args = args_, .fields = ccs_found_types, \
         .parse = capitalonline_next_family, .tolerate = true, __VA_ARGS__)

const struct cc_step ccs_charge_type_guard =
    STEP(DescribeInstances, .fields = ccs_found_instances, .when = when_charge_type_is_guarded,
         .id_sent = "InstanceId", .id_answered = "Instances.InstanceId", .parse = need_on_demand);

static const struct cc_step start_steps[] = {
    STEP(StartInstance, .args = ccs_by_id),
};
static const struct cc_step stop_steps[] = {
    STEP(StopInstance, .args = ccs_stop),
};
static const struct cc_step reboot_steps[] = {
    STEP(RebootInstance, .args = ccs_by_id),
};
static const struct cc_step password_steps[] = {
    STEP(ResetInstancesPassword, .args = ccs_set_password),
};
static const struct cc_step delete_steps[] = {
    STEP(DeleteInstance, .args = ccs_by_ids),
};
/* the answer has the address only, no id that could be compared */
static const struct cc_step console_steps[] = {
    STEP(CreateInstanceHtmlConsoleURL, .args = ccs_by_id, .fields = ccs_console),
};

static const struct cc_step price_steps[] = {
    PRICE(cc_parse_price_new),
};
static const struct cc_step renew_price_steps[] = {
    FIND_INSTANCE(cc_parse_found),
    { .parse = cc_parse_need_prepaid },
    { .parse = take_instance },
    PRICE(capitalonline_price_renew),
};
static const struct cc_step upgrade_price_steps[] = {
    FIND_INSTANCE(cc_parse_found),
    { .parse = cc_parse_need_term },
    { .parse = cc_hook_need_larger_disk },
    { .parse = take_instance },
    PRICE(capitalonline_price_after),
    PRICE(capitalonline_price_before),
};

static const struct cc_step create_steps[] = {
    STEP(CreateInstance, .args = ccs_create, .build = add_private_addresses),
};
static const struct cc_step dry_run_steps[] = {
    STEP(CreateInstance, .args = ccs_dry_run, .build = add_private_addresses,
         .parse = cc_parse_check_order, .tolerate = true),
};

static const struct cc_step upgrade_steps[] = {
    FIND_INSTANCE(need_changeable),
    STEP(ModifyInstanceSpec, .args = ccs_change_size, .when = cc_when_size_changes),
    STEP(ExtendSystemDisk, .args = ccs_extend_system_disk, .when = cc_when_disk_changes),
};
static const struct cc_step targets_steps[] = {
    FIND_INSTANCE(cc_parse_found),
    STEP(DescribeAvailableResource, .args = ccs_in_zone_of_instance, .fields = ccs_found_goods,
         .parse = keep_goods_of_instance),
    SIZES_OF_FAMILIES(ccs_one_family_in_zone_of_instance, .when = cc_when_sizes_wanted),
    { .parse = ccs_keep_larger },
};

static const struct cc_step regions_steps[] = {
    { .parse = cc_parse_regions },
};
static const struct cc_step instances_steps[] = {
    STEP(DescribeInstances, .args = ccs_list_instances, .fields = ccs_found_instances,
         .paging = &ccs_instance_pages, .parse = ccs_keep_named),
};
static const struct cc_step instance_steps[] = {
    FIND_INSTANCE(cc_parse_found),
};
static const struct cc_step disks_steps[] = {
    FIND_INSTANCE(ccs_disks_of_instances, .when = capitalonline_when_instance),
    STEP(DescribeInstances, .args = ccs_list_instances, .fields = ccs_found_instances,
         .paging = &ccs_instance_pages, .when = capitalonline_when_no_instance,
         .parse = ccs_disks_of_instances),
};
static const struct cc_step types_steps[] = {
    STEP(DescribeAvailableResource, .args = ccs_in_zone, .fields = ccs_found_families,
         .when = capitalonline_when_no_family, .parse = capitalonline_families),
    SIZES_OF_FAMILIES(ccs_one_family),
};
/* templates first, because their pages are counted in the same list */
static const struct cc_step images_steps[] = {
    STEP(DescribeTemplateInfo, .fields = ccs_found_templates, .paging = &ccs_template_pages),
    STEP(DescribeAvailableResource, .args = ccs_in_zone, .fields = ccs_found_public_images,
         .parse = ccs_keep_image),
    { .parse = capitalonline_keep_source },
};
static const struct cc_step task_steps[] = {
    STEP(DescribeTask, .args = ccs_by_task, .fields = ccs_found_task, .when = cc_when_task,
         .id_sent = "TaskId", .id_answered = "^TaskId"),
    FIND_INSTANCE(follow_instance, .when = cc_when_no_task),
};

/*
 * Coalescing: the power actions have a form for several ids. No filter of DescribeInstances takes
 * several, so all instances are listed.
 */
static const struct cc_step start_many_steps[] = {
    STEP(StartInstances, .args = ccs_by_joined_ids),
};
static const struct cc_step stop_many_steps[] = {
    STEP(StopInstances, .args = ccs_stop_many),
};
static const struct cc_step reboot_many_steps[] = {
    STEP(RebootInstances, .args = ccs_by_joined_ids),
};
static const struct cc_step all_instances_steps[] = {
    STEP(DescribeInstances, .fields = ccs_found_instances, .paging = &ccs_instance_pages),
};
static const struct cc_op_row start_many = { NATIVE(start_many_steps) };
static const struct cc_op_row stop_many = { NATIVE(stop_many_steps) };
static const struct cc_op_row reboot_many = { NATIVE(reboot_many_steps) };
static const struct cc_op_row all_instances = { NATIVE(all_instances_steps) };

/* Operations */

/* parameters that select a size, and those that CreateInstance needs besides */
#define SIZE_PARAMS (CC_BIT(FAMILY) | CC_BIT(CPU) | CC_BIT(MEMORY_GB))
#define CREATE_PARAMS \
    (SIZE_PARAMS | CC_BIT(ZONE) | CC_BIT(VPC_ID) | CC_BIT(NAME) | CC_BIT(PASSWORD))

#define NO_RENEWAL \
    "CCS has no renewal action; choose automatic renewal when buying (auto_renew), or renew in " \
    "the vendor's console"

const struct cc_op_row ccs_ops[CLOUD_OP__COUNT] = {
    [CLOUD_OP_START_INSTANCE] = { NATIVE(start_steps), .many = 100, .many_row = &start_many },
    [CLOUD_OP_STOP_INSTANCE] = { NATIVE(stop_steps), .many = 100, .many_row = &stop_many },
    [CLOUD_OP_REBOOT_INSTANCE] = { NATIVE(reboot_steps), .many = 100, .many_row = &reboot_many },
    [CLOUD_OP_MODIFY_INSTANCE_PASSWD] = { NATIVE(password_steps) },
    [CLOUD_OP_DESCRIBE_PRICE] = {
        NATIVE(price_steps),
        .check = check_order,
        .required = SIZE_PARAMS | CC_BIT(ZONE),
    },
    [CLOUD_OP_DESCRIBE_RENEW_PRICE] = {
        COMPOSED(renew_price_steps,
                 "no action prices a renewal, so a new purchase of the same size and disks for "
                 "that period is priced"),
    },
    [CLOUD_OP_DESCRIBE_UPGRADE_PRICE] = {
        DERIVED(upgrade_price_steps,
                "no action prices a change; on demand it is free, and the new price is returned; "
                "for a prepaid instance the difference of the two sizes' monthly prices is "
                "computed for the remaining days, until expires_at, which the caller must give "
                "because no answer has it"),
        .check = cc_check_change,
        .reads = CC_BIT(EXPIRES_AT),
        .scratch_size = sizeof(struct capitalonline_change),
    },
    [CLOUD_OP_CREATE_INSTANCE] = {
        NATIVE(create_steps),
        .check = check_order,
        .reads = CC_BIT(SUBNET_ID),
        .required = CREATE_PARAMS,
    },
    [CLOUD_OP_CREATE_INSTANCE_DRY_RUN] = {
        NATIVE(dry_run_steps),
        .check = check_order,
        .reads = CC_BIT(SUBNET_ID),
        .required = CREATE_PARAMS,
    },
    [CLOUD_OP_RENEW_INSTANCE] = {
        UNSUPPORTED(NO_RENEWAL "; `cloudctl invoke ModifyInstanceChargeType` makes an on-demand "
                    "instance prepaid"),
    },
    [CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL] = { NATIVE(console_steps) },
    [CLOUD_OP_DESCRIBE_REGIONS] = {
        DERIVED(regions_steps,
                "no action lists regions; the list is from the vendor's documentation"),
    },
    [CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION] = {
        COMPOSED(targets_steps,
                 "no action lists targets; sizes on sale that are not smaller are listed, and the "
                 "zone's limits of system disks"),
        .reads = CC_BIT(RESOURCE),
        .scratch_size = sizeof(struct capitalonline_families),
    },
    [CLOUD_OP_UPGRADE_INSTANCE] = {
        NATIVE(upgrade_steps),
        .check = cc_check_change,
        .reads = CC_BIT(EXPIRES_AT),
    },
    [CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE] = { UNSUPPORTED(NO_RENEWAL) },
    [CLOUD_OP_DESCRIBE_INSTANCES] = { NATIVE(instances_steps), .reads = CC_BIT(NAME) },
    [CLOUD_OP_DESCRIBE_INSTANCE] = {
        NATIVE(instance_steps),
        .many = CC_MANY_ALL,
        .many_row = &all_instances,
    },
    [CLOUD_OP_DELETE_INSTANCE] = { NATIVE(delete_steps) },
    [CLOUD_OP_DESCRIBE_DISKS] = {
        COMPOSED(disks_steps,
                 "no action lists disks; the disks of the instances are listed, without a state of "
                 "their own"),
    },
    [CLOUD_OP_DESCRIBE_INSTANCE_TYPES] = {
        COMPOSED(types_steps,
                 "the zone's instance types are listed, then the sizes on sale of each"),
        .required = CC_BIT(ZONE),
        .scratch_size = sizeof(struct capitalonline_families),
    },
    [CLOUD_OP_DESCRIBE_IMAGES] = {
        COMPOSED(images_steps,
                 "two actions list the account's templates and the zone's public images"),
        .reads = CC_BIT(IMAGE_SOURCE) | CC_BIT(IMAGE_ID),
        .required = CC_BIT(ZONE),
    },
    [CLOUD_OP_DESCRIBE_TASK] = {
        NATIVE(task_steps),
        .check = cc_check_task,
        .many = CC_MANY_ALL,
        .many_row = &all_instances,
    },
    [CLOUD_OP_INVOKE] = { .support = CLOUD_NATIVE },
};
/* clang-format on */
