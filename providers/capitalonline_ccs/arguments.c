/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Argument rows of CapitalOnline CCS: which of the caller's parameters fills which parameter of an
 * action.
 *
 * Source: pages "云主机概览" and "首云OpenAPI(v1.2)", the section of the action, which each table
 * names. Rows are in the order in which the parameters are sent. An argument is left out when the
 * caller has not given its parameter.
 */
#include "providers/capitalonline_ccs/ccs.h"

/* clang-format off */

/* One instance, or several */

const struct cc_arg ccs_by_id[] = {
    CC_ARG("InstanceId", INSTANCE_ID),
    { 0 }
};
const struct cc_arg ccs_by_ids[] = {
    CC_ARG_IN_LIST("InstanceIds", INSTANCE_ID),
    { 0 }
};
/* sections "StartInstances", "RebootInstances": several ids as one text */
const struct cc_arg ccs_by_joined_ids[] = {
    CC_ARG_JOINED("InstanceIds", INSTANCE_ID),
    { 0 }
};

/* sections "StopInstance" and "StopInstances" */
static const struct cc_word stop_words[] = {
    { "HARD", CLOUD_YES, NULL },
    { "SOFT", CLOUD_NO,  NULL },
    { 0 }
};
#define STOP_TYPE \
    { .path = "StopType", .kind = CC_ARG_WORD, .param = CLOUD_PARAM_FORCE, .words = stop_words, \
      .text = "SOFT" }
const struct cc_arg ccs_stop[] = {
    CC_ARG("InstanceId", INSTANCE_ID),
    STOP_TYPE,
    { 0 }
};
const struct cc_arg ccs_stop_many[] = {
    CC_ARG_JOINED("InstanceIds", INSTANCE_ID),
    STOP_TYPE,
    { 0 }
};

/* section "ResetInstancesPassword" */
const struct cc_arg ccs_set_password[] = {
    CC_ARG("InstanceIds", INSTANCE_ID),
    CC_ARG("Password", PASSWORD),
    { 0 }
};

/*
 * Sections "CreateInstance" and "DescribeInstancePrice": one set of arguments for both
 *
 * PrepaidMonth is 0 by default, which buys to the end of the month, and AutoRenew is 1: both are
 * always sent. An image of the account's own also needs ImagePassword, which only `cloudctl invoke`
 * can give.
 *
 * Open: the default type of a data disk. We send high_disk, the lower grade of the two;
 * the quote is for the same type.
 * Open: the default size of the system disk. It is left out, and is then the image's.
 */
static const struct cc_word month_end[] = {
    { "0", CLOUD_YES, NULL },
    { 0 }
};
static const struct cc_arg data_disk[] = {
    CC_ARG_DISK("Size", CC_DISK_GB),
    { .path = "Type", .disk = CC_DISK_TYPE, .text = "high_disk" },
    { 0 }
};
/* Ubuntu_16.04_64 and system_disk are the page's defaults */
#define SIZE_ARGUMENTS \
    CC_ARG("RegionId", ZONE), \
    CC_ARG_WORDS("InstanceChargeType", CHARGE_MODE, ccs_charge_modes, CC_STRING), \
    CC_ARG_WORDS("PrepaidMonth", TO_MONTH_END, month_end, CC_INT), \
    CC_ARG_PERIOD_MONTHS("PrepaidMonth"), \
    ON_OFF_ARGUMENT("AutoRenew", AUTO_RENEW), \
    CC_ARG("Cpu", CPU), \
    CC_ARG("Ram", MEMORY_GB), \
    CC_ARG("InstanceType", FAMILY), \
    { .path = "ImageId", .param = CLOUD_PARAM_IMAGE_ID, .text = "Ubuntu_16.04_64" }, \
    { .path = "SystemDisk.Type", .param = CLOUD_PARAM_SYSTEM_DISK_TYPE, .text = "system_disk" }, \
    CC_ARG("SystemDisk.Size", SYSTEM_DISK_GB), \
    CC_ARG_DISKS("DataDisks", data_disk), \
    CC_ARG_DEFAULT("Amount", COUNT, "1")
#define ORDER_ARGUMENTS \
    CC_ARG("VdcId", VPC_ID), \
    CC_ARG("InstanceName", NAME), \
    CC_ARG("Password", PASSWORD)

const struct cc_arg ccs_price_query[] = {
    SIZE_ARGUMENTS,
    { 0 }
};
/*
 * The vendor takes no client token: the fingerprint of the operation key is a label, and a lost
 * purchase is found by it. A label that does not exist is created.
 */
const struct cc_arg ccs_create[] = {
    SIZE_ARGUMENTS,
    ORDER_ARGUMENTS,
    CC_ARG_MARK_IN_LIST("LabelNames"),
    { 0 }
};
const struct cc_arg ccs_dry_run[] = {
    SIZE_ARGUMENTS,
    ORDER_ARGUMENTS,
    CC_ARG_TEXT("DryRun", "true", CC_BOOL),
    { 0 }
};

/* Changes: sections "ModifyInstanceSpec" and "ExtendSystemDisk" */

const struct cc_arg ccs_change_size[] = {
    CC_ARG("InstanceId", INSTANCE_ID),
    CC_ARG("Cpu", CPU),
    CC_ARG("Ram", MEMORY_GB),
    CC_ARG("InstanceType", FAMILY),
    { 0 }
};
const struct cc_arg ccs_extend_system_disk[] = {
    CC_ARG("InstanceId", INSTANCE_ID),
    CC_ARG("Size", SYSTEM_DISK_GB),
    { 0 }
};

/* Listings; what the vendor calls a RegionId is our zone, by default the client's region */

/* section "DescribeInstances" */
const struct cc_arg ccs_list_instances[] = {
    CC_ARG_OF_REGION("RegionId"),
    CC_ARG("RegionId", ZONE),
    { 0 }
};
/* section "DescribeAvailableResource" */
const struct cc_arg ccs_in_zone[] = {
    CC_ARG("RegionId", ZONE),
    { 0 }
};
const struct cc_arg ccs_in_zone_of_instance[] = {
    CC_ARG_FROM_INSTANCE("RegionId", zone),
    { 0 }
};
/* section "DescribeInstanceType" */
const struct cc_arg ccs_one_family[] = {
    CC_ARG("RegionId", ZONE),
    CC_ARG("InstanceType", FAMILY),
    { 0 }
};
const struct cc_arg ccs_one_family_in_zone_of_instance[] = {
    CC_ARG_FROM_INSTANCE("RegionId", zone),
    CC_ARG("InstanceType", FAMILY),
    { 0 }
};
/* section "DescribeTask" */
const struct cc_arg ccs_by_task[] = {
    CC_ARG("TaskId", TASK_ID),
    { 0 }
};
/* clang-format on */
