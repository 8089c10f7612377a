/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations of CapitalOnline ECS: hooks for what rows cannot express, the steps, and a row an
 * operation.
 */
#include <string.h>
#include <strings.h>

#include "providers/capitalonline_ecs/ecs.h"

/* the scratch of a call, kept from step to step; hooks.c reads the member of the union */
struct scratch {
    union {
        struct capitalonline_change change;     /* upgrade and its price */
        struct capitalonline_families families; /* what an instance can be changed to */
    };
    const char *zone_id; /* AzId of the instance, which no action takes */
};

static bool is_local(const char *disk_type)
{
    return disk_type && !strcasecmp(disk_type, "local");
}

/* Hooks: purchase */

/*
 * Sections "CreateInstance" and "CreateDisk"; the rules in provider.c hold the rest. The vendor's
 * Kubernetes driver counts to 16 disks with the system disk, which leaves 15 data disks.
 */
static int check_order(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    bool local = is_local(p->system_disk_type);

    if (!local && (p->system_disk_gb < 24 || p->system_disk_gb % 8))
        return cc_fail_param(hook->err, "system_disk_gb",
                             "system_disk_gb is %d; a cloud disk has 24 or more, in steps of 8",
                             p->system_disk_gb);
    if (local && p->data_disk_count)
        return cc_fail_param(hook->err, "data_disks",
                             "a local system disk and data disks cannot be combined; leave "
                             "data_disks out or set system_disk_type to ssd");
    if (p->data_disk_count > 15)
        return cc_fail_param(hook->err, "data_disks",
                             "an instance can have at most 15 data disks, not %zu",
                             p->data_disk_count);
    return cc_check_purchase(hook);
}

static int check_disk_quota(struct cc_hook *hook)
{
    return ecs_check_disk_quota(hook, ECS_DISK_TYPE);
}

/* Hooks: instances */

/* section "DescribeInstanceList": no record has the code of the zone, but the filter has */
static int set_zone_of_filter(struct cc_hook *hook)
{
    for (size_t i = 0; i < hook->result->instance_count; i++)
        hook->result->instances[i].zone = hook->params->zone;
    return CLOUD_OK;
}

/* the parts of the instance that do not change become parameters */
static int take_instance(struct cc_hook *hook)
{
    struct scratch *scratch = hook->scratch;

    scratch->zone_id = cc_value_text(cc_value_find(hook->envelope->data, "AzId"));
    hook->params->charge_mode = hook->result->instances[0].charge_mode;
    return capitalonline_take_configuration(hook);
}

static int take_instance_to_renew(struct cc_hook *hook)
{
    int rc = cc_parse_need_prepaid(hook);

    return rc ? rc : take_instance(hook);
}

/* section "ChangeInstanceConfigure": its rules, as far as the sizes show them */
static int check_change(struct cc_hook *hook, bool size)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    const struct cloud_params *p = hook->params;

    if (instance->charge_mode == CLOUD_CHARGE_SPOT)
        return cc_fail(hook->err, CLOUD_ESTATE, "%s is a spot instance and cannot be changed",
                       instance->id);
    if (!size)
        return CLOUD_OK;
    if (!p->gpu != !instance->gpu)
        return cc_fail_param(
            hook->err, "gpu",
            "an instance cannot be changed between a size with GPU and one without");
    if (is_local(instance->system_disk.type) && instance->family &&
        strcasecmp(p->family, instance->family))
        return cc_fail_param(hook->err, "family", "%s has local disks and must stay in family %s",
                             instance->id, instance->family);
    return ecs_need_larger_size(hook);
}

/* only a change of the size needs a stopped instance; section "ExtendDisk" names no state */
static int take_instance_to_change(struct cc_hook *hook)
{
    struct scratch *scratch = hook->scratch;
    bool size = scratch->change.size = cc_when_size_changes(hook);
    int rc = CLOUD_OK;

    if (size && hook->result->op == CLOUD_OP_UPGRADE_INSTANCE)
        rc = cc_parse_need_stopped(hook);
    rc = rc ? rc : cc_hook_need_larger_disk(hook);
    rc = rc ? rc : take_instance(hook);
    hook->params->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return rc ? rc : check_change(hook, size);
}

/* section "DescribeRegions": the code of the zone, by the AzId of the instance */
static int take_zone_of_instance(struct cc_hook *hook)
{
    const struct scratch *scratch = hook->scratch;
    const struct cc_value *zone = NULL;

    if (scratch->zone_id)
        zone = ecs_seek(hook->envelope->data, "AzId", scratch->zone_id);
    hook->params->zone = cc_value_text(cc_value_find(zone, "AvailableZoneCode"));
    if (hook->params->zone)
        return CLOUD_OK;
    return cc_fail(hook->err, CLOUD_ENOTFOUND,
                   "the zone of %s is not on sale: DescribeRegions does not list it",
                   hook->params->instance_id);
}

/* Hooks: what an instance can be changed to */

/*
 * Section "ChangeInstanceConfigure". The driver of the instance's GPU must stay; only the
 * instance's own size among those on sale shows it.
 */
static bool may_change_to(const struct cloud_instance *instance,
                          const struct cloud_instance_type *own,
                          const struct cloud_instance_type *type)
{
    bool smaller = type->cpu < instance->cpu || type->memory_mb < instance->memory_mb ||
                   type->gpu < instance->gpu;

    if (type->zones[0].stock == CLOUD_STOCK_SOLD_OUT || !type->gpu != !instance->gpu)
        return false;
    if (instance->charge_mode == CLOUD_CHARGE_SPOT)
        return false;
    if (smaller && instance->charge_mode == CLOUD_CHARGE_PREPAID)
        return false;
    if (own->description && type->description && strcasecmp(own->description, type->description))
        return false;
    if (!is_local(instance->system_disk.type))
        return true;
    return instance->family && !strcasecmp(type->family, instance->family);
}

static int keep_targets(struct cc_hook *hook)
{
    cc_hook_keep_targets(hook, may_change_to);
    return ecs_types_here(hook);
}

/* section "ExtendDisk": steps of 8 GB; the size of a local disk is fixed */
static int set_disk_growth(struct cc_hook *hook)
{
    if (is_local(hook->result->instances[0].system_disk.type))
        hook->result->disk_range_count = 0;
    return ecs_growth_within(hook, 8);
}

/* clang-format off */

/* Steps */

#define STEP(action_, ...) { .action = &ecs_actions[ECS_##action_], __VA_ARGS__ }
#define FIND_INSTANCE(parse_, ...) \
    STEP(DescribeInstance, .args = ecs_by_id, .fields = ecs_found_instance, \
         .id_sent = "EcsId", .id_answered = "EcsId", .parse = parse_, __VA_ARGS__)
#define FIND_ZONE_OF_INSTANCE(...) \
    STEP(DescribeRegions, .parse = take_zone_of_instance, __VA_ARGS__)
#define PRICE(parse_, ...) \
    STEP(DescribePrice, .args = ecs_price_query, .fields = ecs_price, .parse = parse_, __VA_ARGS__)

static const struct cc_step start_steps[] = {
    STEP(OperateInstance, .args = ecs_start),
};
static const struct cc_step stop_steps[] = {
    STEP(OperateInstance, .args = ecs_stop),
};
static const struct cc_step reboot_steps[] = {
    STEP(OperateInstance, .args = ecs_reboot),
};
static const struct cc_step password_steps[] = {
    STEP(ModifyInstancePassword, .args = ecs_set_password),
};
static const struct cc_step delete_steps[] = {
    STEP(DeleteInstance, .args = ecs_delete),
};
/* the answer has the address only, no id that could be compared */
static const struct cc_step console_steps[] = {
    STEP(DescribeInstanceVncUrl, .args = ecs_by_id, .fields = ecs_console),
};

static const struct cc_step price_steps[] = {
    PRICE(cc_parse_price_new),
};
static const struct cc_step renew_price_steps[] = {
    FIND_INSTANCE(take_instance_to_renew),
    FIND_ZONE_OF_INSTANCE(),
    PRICE(capitalonline_price_renew),
};
static const struct cc_step upgrade_price_steps[] = {
    FIND_INSTANCE(take_instance_to_change),
    FIND_ZONE_OF_INSTANCE(),
    PRICE(capitalonline_price_after),
    PRICE(capitalonline_price_before),
};

static const struct cc_step create_steps[] = {
    STEP(CreateInstance, .args = ecs_create, .fields = ecs_created),
};
static const struct cc_step dry_run_steps[] = {
    STEP(DescribeZoneInstanceType, .args = ecs_one_size, .fields = ecs_found_stock,
         .parse = ecs_check_size, .tolerate = true),
    STEP(DescribeImages, .args = ecs_in_zone, .fields = ecs_found_images,
         .parse = cc_parse_check_image, .tolerate = true),
    STEP(DescribeDiskQuota, .args = ecs_in_zone, .fields = ecs_found_quota,
         .parse = check_disk_quota, .tolerate = true),
    PRICE(ecs_check_price, .tolerate = true),
};

static const struct cc_step upgrade_steps[] = {
    FIND_INSTANCE(take_instance_to_change),
    FIND_ZONE_OF_INSTANCE(.when = capitalonline_when_size),
    STEP(ChangeInstanceConfigure, .args = ecs_change_size, .when = capitalonline_when_size),
    STEP(ExtendDisk, .args = ecs_extend_system_disk, .when = capitalonline_when_disk),
};
static const struct cc_step targets_steps[] = {
    FIND_INSTANCE(take_instance),
    FIND_ZONE_OF_INSTANCE(),
    STEP(DescribeEcsFamilyInfo, .args = ecs_families_on_sale, .fields = ecs_found_families,
         .when = cc_when_sizes_wanted, .parse = capitalonline_families),
    STEP(DescribeZoneInstanceType, .args = ecs_one_family, .fields = ecs_found_stock,
         .when = capitalonline_when_families, .parse = capitalonline_next_family, .tolerate = true),
    { .parse = keep_targets },
    STEP(DescribeDiskQuota, .args = ecs_in_zone, .fields = ecs_found_quota,
         .when = cc_when_disk_wanted, .parse = set_disk_growth, .tolerate = true),
};

static const struct cc_step regions_steps[] = {
    STEP(DescribeRegions, .fields = ecs_found_regions),
};
/*
 * Section "DescribeInstanceList": without paging parameters everything is returned. With one
 * answer, no instance can move from one page to another between two requests.
 */
static const struct cc_step instances_steps[] = {
    STEP(DescribeInstanceList, .args = ecs_list_instances, .fields = ecs_found_instances,
         .parse = set_zone_of_filter),
};
static const struct cc_step instance_steps[] = {
    FIND_INSTANCE(NULL),
};
static const struct cc_step disks_steps[] = {
    STEP(DescribeEcsAttachDisks, .args = ecs_disks_of_instance, .fields = ecs_found_disks,
         .id_sent = "InstanceId", .id_answered = "DiskList.EcsId",
         .when = capitalonline_when_instance),
    STEP(DescribeDiskList, .args = ecs_in_zone, .fields = ecs_found_disks,
         .paging = &ecs_disk_pages, .when = capitalonline_when_no_instance),
};
static const struct cc_step types_steps[] = {
    STEP(DescribeZoneInstanceType, .args = ecs_one_family, .fields = ecs_found_stock,
         .when = capitalonline_when_family, .parse = ecs_types_here),
    STEP(DescribeEcsFamilyInfo, .args = ecs_families_on_sale, .fields = ecs_found_families,
         .when = capitalonline_when_no_family, .parse = ecs_types_here),
};
static const struct cc_step images_steps[] = {
    STEP(DescribeImages, .args = ecs_list_images, .fields = ecs_found_images,
         .parse = capitalonline_keep_source),
};
static const struct cc_step task_steps[] = {
    STEP(DescribeEvent, .args = ecs_by_event, .fields = ecs_found_event, .when = cc_when_task,
         .id_sent = "EventId", .id_answered = "EventId"),
    FIND_INSTANCE(cc_parse_instance_task, .when = capitalonline_when_instance),
};

/*
 * Coalescing: section "DescribeInstanceStatus" reports the states of several instances. The length
 * of its list is not limited there; 100 ids are sent at most.
 */
static const struct cc_step many_states_steps[] = {
    STEP(DescribeInstanceStatus, .args = ecs_by_ids, .fields = ecs_found_states),
};
static const struct cc_op_row many_states = { NATIVE(many_states_steps) };

/* Operations */

/* parameters that DescribePrice needs in addition to those of the operation; and CreateInstance */
#define PRICE_PARAMS \
    (CC_BIT(ZONE) | CC_BIT(FAMILY) | CC_BIT(CPU) | CC_BIT(MEMORY_GB) | CC_BIT(SYSTEM_DISK_GB))
#define CREATE_PARAMS \
    (PRICE_PARAMS | CC_BIT(PASSWORD) | CC_BIT(IMAGE_ID) | CC_BIT(VPC_ID) | CC_BIT(SUBNET_ID))

const struct cc_op_row ecs_ops[CLOUD_OP__COUNT] = {
    [CLOUD_OP_START_INSTANCE] = { NATIVE(start_steps), .many = 100 },
    [CLOUD_OP_STOP_INSTANCE] = { NATIVE(stop_steps), .check = ecs_check_stop, .many = 100 },
    [CLOUD_OP_REBOOT_INSTANCE] = { NATIVE(reboot_steps), .many = 100 },
    [CLOUD_OP_MODIFY_INSTANCE_PASSWD] = { NATIVE(password_steps) },
    /*
     * DescribePrice has no parameters for image, automatic renewal and a public address. Only the
     * last has a price of its own; the price says that it does not cover it, and max_charge
     * excludes it.
     */
    [CLOUD_OP_DESCRIBE_PRICE] = {
        NATIVE(price_steps),
        .reads = CC_BIT(IMAGE_ID) | CC_BIT(AUTO_RENEW) | CC_BIT(PUBLIC_MBPS),
        .required = PRICE_PARAMS,
    },
    [CLOUD_OP_DESCRIBE_RENEW_PRICE] = {
        COMPOSED(renew_price_steps,
                 "no action prices a renewal, so a new purchase of the same size and disks for "
                 "that period is priced; discounts of the existing order are not known"),
        .scratch_size = sizeof(struct scratch),
    },
    [CLOUD_OP_DESCRIBE_UPGRADE_PRICE] = {
        DERIVED(upgrade_price_steps,
                "no action prices a change, so the difference of the two sizes' monthly prices is "
                "computed for the remaining days; on demand, the new price is returned"),
        .check = cc_check_change,
        .reads = CC_BIT(EXPIRES_AT),
        .scratch_size = sizeof(struct scratch),
    },
    [CLOUD_OP_CREATE_INSTANCE] = {
        NATIVE(create_steps),
        .check = check_order,
        .required = CREATE_PARAMS,
    },
    [CLOUD_OP_CREATE_INSTANCE_DRY_RUN] = {
        COMPOSED(dry_run_steps,
                 "ECS has no dry run; stock, image, disk quota and price are queried, but balance "
                 "and free addresses cannot be checked"),
        .check = check_order,
        .reads = CC_BIT(PUBLIC_MBPS) | CC_BIT(SECURITY_GROUP_ID) | CC_BIT(NAME) |
                 CC_BIT(AUTO_RENEW),
        .required = CREATE_PARAMS,
    },
    [CLOUD_OP_RENEW_INSTANCE] = {
        UNSUPPORTED("ECS has no renewal action; buy with auto_renew=yes, renew in CapitalOnline's "
                    "console, or buy a new instance"),
    },
    [CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL] = { NATIVE(console_steps) },
    [CLOUD_OP_DESCRIBE_REGIONS] = { NATIVE(regions_steps) },
    [CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION] = {
        COMPOSED(targets_steps,
                 "sizes on sale in the zone are filtered by the rules of ChangeInstanceConfigure; "
                 "the system disk grows in steps of 8 GB within the quota"),
        .reads = CC_BIT(RESOURCE),
        .scratch_size = sizeof(struct scratch),
    },
    [CLOUD_OP_UPGRADE_INSTANCE] = {
        NATIVE(upgrade_steps),
        .check = cc_check_change,
        .reads = CC_BIT(EXPIRES_AT),
        .scratch_size = sizeof(struct scratch),
    },
    [CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE] = {
        UNSUPPORTED("automatic renewal is set when buying (create with auto_renew=yes) and shown "
                    "by `cloudctl show`; afterwards only CapitalOnline's console can change it"),
    },
    [CLOUD_OP_DESCRIBE_INSTANCES] = { NATIVE(instances_steps) },
    /*
     * One request for each instance: DescribeInstanceList takes several EcsIds, but its records
     * have no image id, no data disks and no BillingStatus.
     */
    [CLOUD_OP_DESCRIBE_INSTANCE] = { NATIVE(instance_steps) },
    [CLOUD_OP_DELETE_INSTANCE] = { NATIVE(delete_steps) },
    [CLOUD_OP_DESCRIBE_DISKS] = { NATIVE(disks_steps) },
    [CLOUD_OP_DESCRIBE_INSTANCE_TYPES] = { NATIVE(types_steps), .required = CC_BIT(ZONE) },
    [CLOUD_OP_DESCRIBE_IMAGES] = { NATIVE(images_steps), .reads = CC_BIT(IMAGE_SOURCE) },
    [CLOUD_OP_DESCRIBE_TASK] = {
        NATIVE(task_steps),
        .check = cc_check_task,
        .many = 100,
        .many_row = &many_states,
    },
    [CLOUD_OP_INVOKE] = { .support = CLOUD_NATIVE },
};
/* clang-format on */
