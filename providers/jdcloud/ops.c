/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The operations of JD Cloud: hooks for what rows cannot express, the steps, and a row an
 * operation.
 */
#include <string.h>
#include <strings.h>

#include "providers/jdcloud/jdcloud.h"

/* Hooks: dry run and prices */

/* page "describeQuotas" */
static int check_instance_quota(struct cc_hook *hook)
{
    const struct cc_value *quota = cc_value_find(hook->envelope->data, "quotas.0");
    const char *limit = cc_value_text(cc_value_find(quota, "limit"));
    const char *used = cc_value_text(cc_value_find(quota, "used"));

    return jdcloud_check_quota(hook, limit, used);
}

static int check_price(struct cc_hook *hook)
{
    return cc_hook_check_price(
        hook, "subnet and security group are not checked: they belong to the VPC service");
}

static int read_renewal_price(struct cc_hook *hook)
{
    return cc_hook_price(hook, hook->params->period, "the instance and its prepaid cloud disks");
}

/*
 * a prepaid change is charged for the rest of the term, a postpaid one changes the price per hour
 */
static int read_change_price(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct cloud_price *price = &hook->result->price;
    const struct cloud_period one = { 1, price->period.unit }, none = { 0 };

    if (instance->charge_mode != CLOUD_CHARGE_PREPAID)
        return cc_hook_price(hook, one, "the new price per hour");
    price->valid_until = instance->expires_at;
    return cc_hook_price(hook, none, "the difference for the rest of the term");
}

/* Hooks: renewal and console */

/* page "setRenewal": stringResult is the number of resources that were set */
static int need_renewal_set(struct cc_hook *hook)
{
    const char *count = cc_value_text(cc_value_find(hook->envelope->data, "stringResult"));

    hook->undone = count && !strcmp(count, "0");
    if (!hook->undone)
        return CLOUD_OK;
    return cc_fail(hook->err, CLOUD_ESTATE,
                   "JD Cloud set the renewal of no resource; check that %s is prepaid",
                   hook->params->instance_id);
}

/* page "describeInstanceVncUrl": the address is valid for one hour */
static int set_console_expiry(struct cc_hook *hook)
{
    hook->result->console.expires_at = hook->now + 3600;
    return CLOUD_OK;
}

/* Hooks: what an instance can be changed to */

/* page "resizeInstance": its refusals, as far as an instance type shows them */
static bool may_resize(const struct cloud_instance *instance, const struct cloud_instance_type *own,
                       const struct cloud_instance_type *type)
{
    bool local = !instance->system_disk.id;
    int disks = (int)instance->data_disk_count + !local;

    if (!cc_type_in_stock(type, instance->zone ? instance->zone : ""))
        return false;
    if (own->architecture && type->architecture && strcmp(own->architecture, type->architecture))
        return false;
    if (local && own->generation && type->generation && own->generation != type->generation)
        return false;
    return !type->disk_limit || disks <= type->disk_limit;
}

/* model "DiskSpec": a cloud disk that is a system disk has at most 500 GB, in steps of 10 */
static int keep_targets(struct cc_hook *hook)
{
    const struct cloud_disk *disk = &hook->result->instances[0].system_disk;

    cc_hook_keep_targets(hook, may_resize);
    return disk->id ? cc_hook_growth(hook, disk, 500, 10) : CLOUD_OK;
}

/*
 * Page "describeImageConstraints". Open: what it answers for a private image. An image without
 * constraints, or one whose constraints are refused, excludes no type: resizeInstance then decides.
 */
static int keep_types_of_image(struct cc_hook *hook)
{
    const struct cc_value *data = hook->envelope->data;
    const struct cc_value *rule =
        cc_value_find(data, "imageConstraints.imageInstanceTypeConstraint");
    const char *kind = cc_value_text(cc_value_find(rule, "constraintsType"));

    if (hook->refused || !kind)
        return CLOUD_OK;
    return jdcloud_keep_types(hook, cc_value_find(rule, "instanceTypes"),
                              !strcasecmp(kind, "includes"));
}

/* clang-format off */

/* Steps */

#define STEP(action_, ...) { .action = &jdcloud_actions[JDCLOUD_##action_], __VA_ARGS__ }
#define FIND_INSTANCE(parse_, ...) \
    STEP(describeInstance, .args = jdcloud_by_id, .fields = jdcloud_found_instance, \
         .id_sent = "instanceId", .id_answered = "instance.instanceId", .parse = parse_, \
         __VA_ARGS__)
/* the instance type of the given family, cores and memory, where no instance_type was given */
#define FIND_INSTANCE_TYPE \
    STEP(describeInstanceTypes, .args = jdcloud_in_zone, .fields = jdcloud_found_types, \
         .when = cc_when_size_unnamed, .parse = cc_parse_find_size)
/* model "OrderPriceDetail": an entry repeats the resource, but need not */
#define PRICE_OF_INSTANCE(args_, parse_) \
    PRICE(args_, parse_, .id_sent = "orderList.resourceId", .id_answered = "list.resourceId")
#define PRICE(args_, parse_, ...) \
    STEP(calculateTotalPrice, .args = args_, .fields = jdcloud_price, .parse = parse_, __VA_ARGS__)
/* only where the system disk changes */
#define SYSTEM_DISK_STEP(action_, args_, ...) \
    STEP(action_, .args = args_, .when = cc_when_disk_changes, __VA_ARGS__)
#define WAIT_FOR_SYSTEM_DISK(parse_) \
    SYSTEM_DISK_STEP(describeDisk, jdcloud_system_disk, .fields = jdcloud_found_disk, \
                     .id_sent = "diskId", .id_answered = "disk.diskId", .parse = parse_)

static const struct cc_step start_steps[] = {
    STEP(startInstance, .args = jdcloud_by_id),
};
static const struct cc_step stop_steps[] = {
    STEP(stopInstance, .args = jdcloud_stop),
};
static const struct cc_step reboot_steps[] = {
    STEP(rebootInstance, .args = jdcloud_by_id),
};
static const struct cc_step password_steps[] = {
    STEP(modifyInstancePassword, .args = jdcloud_set_password),
};
static const struct cc_step delete_steps[] = {
    STEP(deleteInstance, .args = jdcloud_by_id),
};
/* the answer has the address only, no id that could be compared */
static const struct cc_step console_steps[] = {
    STEP(describeInstanceVncUrl, .args = jdcloud_by_id, .fields = jdcloud_console,
         .parse = set_console_expiry),
};

static const struct cc_step create_steps[] = {
    FIND_INSTANCE_TYPE,
    STEP(createInstances, .args = jdcloud_create, .fields = jdcloud_created),
};
static const struct cc_step dry_run_steps[] = {
    FIND_INSTANCE_TYPE,
    STEP(describeInstanceTypes, .args = jdcloud_one_type, .fields = jdcloud_found_types,
         .parse = jdcloud_check_type),
    STEP(describeImages, .args = jdcloud_one_image, .fields = jdcloud_found_images,
         .parse = cc_parse_check_image, .tolerate = true),
    STEP(describeQuotas, .args = jdcloud_instance_quota, .parse = check_instance_quota,
         .tolerate = true),
    PRICE(jdcloud_price_new, check_price, .tolerate = true),
};
static const struct cc_step renew_steps[] = {
    FIND_INSTANCE(cc_parse_need_prepaid),
    STEP(renewInstance, .args = jdcloud_renew, .fields = jdcloud_ordered),
    STEP(renewInstance, .args = jdcloud_renew_disks, .fields = jdcloud_ordered_more,
         .when = cc_when_prepaid_disks),
};
static const struct cc_step auto_renew_steps[] = {
    STEP(setRenewal, .args = jdcloud_auto_renew, .parse = need_renewal_set),
};

static const struct cc_step price_steps[] = {
    FIND_INSTANCE_TYPE,
    PRICE(jdcloud_price_new, cc_parse_price_new),
};
static const struct cc_step renew_price_steps[] = {
    FIND_INSTANCE(cc_parse_need_prepaid),
    PRICE_OF_INSTANCE(jdcloud_price_renewal, read_renewal_price),
};
static const struct cc_step upgrade_price_steps[] = {
    FIND_INSTANCE_TYPE,
    FIND_INSTANCE(jdcloud_found_to_change),
    PRICE_OF_INSTANCE(jdcloud_price_change, read_change_price),
};

static const struct cc_step targets_steps[] = {
    FIND_INSTANCE(jdcloud_found_to_change),
    STEP(describeInstanceTypes, .args = jdcloud_in_zone, .fields = jdcloud_found_types,
         .parse = keep_targets),
    STEP(describeImageConstraints, .args = jdcloud_image_of_instance, .parse = keep_types_of_image,
         .when = jdcloud_when_targets, .tolerate = true),
};
/* page "extendDisk": the disk must be detached, also a system disk */
static const struct cc_step upgrade_steps[] = {
    FIND_INSTANCE_TYPE,
    FIND_INSTANCE(cc_parse_need_stopped),
    STEP(resizeInstance, .args = jdcloud_resize, .when = cc_when_size_changes),
    SYSTEM_DISK_STEP(detachDisk, jdcloud_detach_system_disk),
    WAIT_FOR_SYSTEM_DISK(jdcloud_until_available),
    SYSTEM_DISK_STEP(extendDisk, jdcloud_extend_system_disk),
    WAIT_FOR_SYSTEM_DISK(jdcloud_until_available),
    SYSTEM_DISK_STEP(attachDisk, jdcloud_attach_system_disk),
    WAIT_FOR_SYSTEM_DISK(jdcloud_until_in_use),
};

static const struct cc_step regions_steps[] = {
    { .parse = cc_parse_regions },
};
static const struct cc_step instances_steps[] = {
    STEP(describeInstances, .args = jdcloud_list_instances, .fields = jdcloud_found_instances,
         .paging = &jdcloud_instance_pages),
};
static const struct cc_step instance_steps[] = {
    FIND_INSTANCE(NULL),
};
static const struct cc_step disks_steps[] = {
    STEP(describeDisks, .args = jdcloud_list_disks, .fields = jdcloud_found_disks,
         .paging = &jdcloud_disk_pages),
};
static const struct cc_step types_steps[] = {
    STEP(describeInstanceTypes, .args = jdcloud_in_zone, .fields = jdcloud_found_types,
         .parse = jdcloud_keep_family),
};
static const struct cc_step images_steps[] = {
    STEP(describeImages, .args = jdcloud_list_images, .fields = jdcloud_found_images,
         .paging = &jdcloud_image_pages),
};
static const struct cc_step task_steps[] = {
    STEP(queryOrder, .args = jdcloud_by_order, .fields = jdcloud_found_order, .when = cc_when_task,
         .id_sent = "orderNumber", .id_answered = "data.orderNumber"),
    FIND_INSTANCE(cc_parse_instance_task, .when = cc_when_no_task),
};

/* coalescing: describeInstances reports as much of each instance as describeInstance does */
static const struct cc_step many_instances_steps[] = {
    STEP(describeInstances, .args = jdcloud_by_ids, .fields = jdcloud_found_instances,
         .id_sent = "filters.values", .id_answered = "instances.instanceId",
         .paging = &jdcloud_instance_pages),
};
static const struct cc_op_row many_instances = { NATIVE(many_instances_steps) };

/* Operations */

/* parameters that name an instance type */
#define TYPE_PARAMS (CC_BIT(INSTANCE_TYPE) | CC_BIT(FAMILY) | CC_BIT(CPU) | CC_BIT(MEMORY_GB))
/* parameters that a price depends on */
#define PRICE_PARAMS \
    (TYPE_PARAMS | CC_BIT(SYSTEM_DISK_TYPE) | CC_BIT(SYSTEM_DISK_GB) | CC_BIT(DATA_DISKS) | \
     CC_BIT(PERIOD) | CC_BIT(CHARGE_MODE) | CC_BIT(PUBLIC_MBPS) | CC_BIT(IMAGE_ID) | \
     CC_BIT(AUTO_RENEW))
/* parameters that createInstances needs in addition to those of the operation */
#define CREATE_PARAMS (CC_BIT(NAME) | CC_BIT(ZONE) | CC_BIT(IMAGE_ID) | CC_BIT(SUBNET_ID))

#define TYPE_LOOKED_UP "an instance type given by cores and memory is looked up first"
/* see the formulas in arguments.c */
#define CONFIRM_KEYS \
    "; the keys of calculateTotalPrice's formulas are not public, so confirm them with JD Cloud " \
    "before you rely on a quote"

const struct cc_op_row jdcloud_ops[CLOUD_OP__COUNT] = {
    [CLOUD_OP_START_INSTANCE] = { NATIVE(start_steps) },
    [CLOUD_OP_STOP_INSTANCE] = { NATIVE(stop_steps) },
    [CLOUD_OP_REBOOT_INSTANCE] = { NATIVE(reboot_steps) },
    [CLOUD_OP_MODIFY_INSTANCE_PASSWD] = { NATIVE(password_steps) },
    [CLOUD_OP_DESCRIBE_PRICE] = {
        COMPOSED(price_steps, TYPE_LOOKED_UP CONFIRM_KEYS),
        .check = jdcloud_check_purchase,
        .reads = PRICE_PARAMS | CC_BIT(ZONE),
    },
    [CLOUD_OP_DESCRIBE_RENEW_PRICE] = {
        COMPOSED(renew_price_steps,
                 "the instance and its prepaid cloud disks are looked up, then priced together"),
        .reads = CC_BIT(PERIOD) | CC_BIT(INSTANCE_ID),
    },
    [CLOUD_OP_DESCRIBE_UPGRADE_PRICE] = {
        COMPOSED(upgrade_price_steps,
                 "the instance is looked up, then the change is priced" CONFIRM_KEYS),
        .check = cc_check_change,
        .reads = TYPE_PARAMS | CC_BIT(SYSTEM_DISK_GB),
    },
    [CLOUD_OP_CREATE_INSTANCE] = {
        COMPOSED(create_steps, TYPE_LOOKED_UP "; createInstances then buys"),
        .check = jdcloud_check_purchase,
        .reads = PRICE_PARAMS,
        .required = CREATE_PARAMS,
    },
    [CLOUD_OP_CREATE_INSTANCE_DRY_RUN] = {
        COMPOSED(dry_run_steps,
                 "JD Cloud has no dry run; stock, image, quota and price are queried, but balance "
                 "and subnet cannot be checked"),
        .check = jdcloud_check_purchase,
        .reads = PRICE_PARAMS | CC_BIT(DESCRIPTION) | CC_BIT(PASSWORD) | CC_BIT(KEY_NAME) |
                 CC_BIT(SECURITY_GROUP_ID),
        .required = CREATE_PARAMS,
    },
    [CLOUD_OP_RENEW_INSTANCE] = {
        COMPOSED(renew_steps,
                 "renewInstance takes one product at a time, so the instance and its prepaid cloud "
                 "disks are renewed by two orders"),
    },
    [CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL] = { NATIVE(console_steps) },
    [CLOUD_OP_DESCRIBE_REGIONS] = {
        DERIVED(regions_steps,
                "no action lists regions; the list is from the vendor's documentation"),
    },
    [CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION] = {
        COMPOSED(targets_steps,
                 "instance types on sale are filtered by the rules of resizeInstance and the "
                 "image's constraints; disk sizes are from the documentation"),
        .reads = CC_BIT(RESOURCE),
    },
    [CLOUD_OP_UPGRADE_INSTANCE] = {
        COMPOSED(upgrade_steps,
                 "the instance must be stopped; extendDisk requires a detached disk, so a system "
                 "disk is detached, extended and attached again"),
        .check = cc_check_change,
        .reads = TYPE_PARAMS | CC_BIT(SYSTEM_DISK_GB),
    },
    [CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE] = {
        NATIVE(auto_renew_steps),
        .check = cc_check_auto_renew,
    },
    [CLOUD_OP_DESCRIBE_INSTANCES] = { NATIVE(instances_steps) },
    [CLOUD_OP_DESCRIBE_INSTANCE] = {
        NATIVE(instance_steps),
        .many = 100,
        .many_row = &many_instances,
    },
    [CLOUD_OP_DELETE_INSTANCE] = { NATIVE(delete_steps) },
    [CLOUD_OP_DESCRIBE_DISKS] = { NATIVE(disks_steps) },
    [CLOUD_OP_DESCRIBE_INSTANCE_TYPES] = { NATIVE(types_steps), .reads = CC_BIT(FAMILY) },
    [CLOUD_OP_DESCRIBE_IMAGES] = { NATIVE(images_steps) },
    [CLOUD_OP_DESCRIBE_TASK] = {
        COMPOSED(task_steps,
                 "JD Cloud has no tasks; an order is followed until it is paid or cancelled, an "
                 "instance until its state is stable"),
        .check = cc_check_task,
        .many = 100,
        .many_row = &many_instances,
    },
    [CLOUD_OP_INVOKE] = { .support = CLOUD_NATIVE },
};
/* clang-format on */
