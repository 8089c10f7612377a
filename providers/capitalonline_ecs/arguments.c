/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Argument rows of CapitalOnline ECS: which of the caller's parameters fills which parameter of an
 * action.
 *
 * Source: page "弹性云服务器ECS相关", the section of the action, which each table names. Rows are
 * in the order in which the parameters are sent. An argument is left out when the caller has not
 * given its parameter.
 */
#include "providers/capitalonline_ecs/ecs.h"

/* clang-format off */

#define INSTANCE_IDS CC_ARG_IN_LIST("EcsIds", INSTANCE_ID)
#define IN_ZONE      CC_ARG("AvailableZoneCode", ZONE)
/* a size has no name: zone, family, cores, memory and GPUs together select it */
#define SIZE_ARGUMENTS \
    IN_ZONE, \
    CC_ARG("EcsFamilyName", FAMILY), \
    CC_ARG("Cpu", CPU), \
    CC_ARG("Ram", MEMORY_GB), \
    CC_ARG("Gpu", GPU)

/* One instance, or several */

const struct cc_arg ecs_by_id[] = {
    CC_ARG("EcsId", INSTANCE_ID),
    { 0 }
};
const struct cc_arg ecs_by_ids[] = {
    INSTANCE_IDS,
    { 0 }
};

/* section "OperateInstance" */
const struct cc_arg ecs_start[] = {
    INSTANCE_IDS,
    TEXT_ARGUMENT("OpType", "start_up_ecs"),
    { 0 }
};
const struct cc_arg ecs_reboot[] = {
    INSTANCE_IDS,
    TEXT_ARGUMENT("OpType", "restart_ecs"),
    { 0 }
};
/*
 * free_shutdown_ecs is for on-demand instances on cloud disks, of accounts on a white list; the
 * vendor stops other instances and continues to charge them. Its DeleteEip is 1 by default, which
 * releases the public address: 0 keeps it.
 */
static const struct cc_word stop_words[] = {
    { "hard_shutdown_ecs", CLOUD_YES, NULL },
    { "shutdown_ecs",      CLOUD_NO,  NULL },
    { 0 }
};
static const struct cc_word stop_charging_words[] = {
    { "free_shutdown_ecs", CLOUD_YES, NULL },
    { 0 }
};
static const struct cc_word keep_address_words[] = {
    { "0", CLOUD_YES, NULL },
    { 0 }
};
const struct cc_arg ecs_stop[] = {
    INSTANCE_IDS,
    { .path = "OpType", .kind = CC_ARG_WORD, .param = CLOUD_PARAM_FORCE, .words = stop_words,
      .text = "shutdown_ecs" },
    CC_ARG_WORDS("OpType", STOP_CHARGING, stop_charging_words, CC_STRING),
    CC_ARG_WORDS("DeleteEip", STOP_CHARGING, keep_address_words, CC_INT),
    { 0 }
};

/* section "ModifyInstancePassword" */
const struct cc_arg ecs_set_password[] = {
    INSTANCE_IDS,
    CC_ARG("Password", PASSWORD),
    { 0 }
};
/* section "DeleteInstance": DeleteEip 0 unbinds public addresses and does not release them */
const struct cc_arg ecs_delete[] = {
    INSTANCE_IDS,
    INT_ARGUMENT("DeleteEip", "0"),
    { 0 }
};

/* Sections "DescribePrice" and "CreateInstance" */

/* spot ("3") needs SpotType and SpotAmount, which only `cloudctl invoke CreateInstance` can give */
static const struct cc_word buy_words[] = {
    { "0", CLOUD_CHARGE_POSTPAID, NULL },
    { "1", CLOUD_CHARGE_PREPAID,  NULL },
    { 0 }
};
/* the default of IsToMonth is 1; Duration 1 with IsToMonth 1 buys the rest of this month alone */
#define TERM_ARGUMENTS \
    CC_ARG_DEFAULT("Number", COUNT, "1"), \
    CC_ARG_WORDS("BillingMethod", CHARGE_MODE, buy_words, CC_STRING), \
    ON_OFF_ARGUMENT("IsToMonth", TO_MONTH_END), \
    { .path = "Duration", .kind = CC_ARG_MONTHS, .param = CLOUD_PARAM_PERIOD, .text = "1" }
#define SYSTEM_DISK_ARGUMENTS(at) \
    { .path = at ".DiskFeature", .param = CLOUD_PARAM_SYSTEM_DISK_TYPE, .text = ECS_DISK_TYPE }, \
    CC_ARG(at ".Size", SYSTEM_DISK_GB)
#define DATA_DISK_ARGUMENTS \
    { .path = "DiskFeature", .disk = CC_DISK_TYPE, .text = ECS_DISK_TYPE }, \
    CC_ARG_DISK("Size", CC_DISK_GB)

static const struct cc_arg priced_data_disk[] = {
    DATA_DISK_ARGUMENTS,
    { 0 }
};
const struct cc_arg ecs_price_query[] = {
    SIZE_ARGUMENTS,
    TERM_ARGUMENTS,
    SYSTEM_DISK_ARGUMENTS("SystemDiskInfo"),
    CC_ARG_DISKS("DataDiskInfo", priced_data_disk),
    { 0 }
};

/* as in the Go SDK: the data disks of a prepaid instance stay when the instance is released */
static const struct cc_word release_words[] = {
    { "1", CLOUD_CHARGE_POSTPAID, NULL },
    { "0", CLOUD_CHARGE_PREPAID,  NULL },
    { 0 }
};
static const struct cc_arg bought_data_disk[] = {
    DATA_DISK_ARGUMENTS,
    CC_ARG_WORDS("ReleaseWithInstance", CHARGE_MODE, release_words, CC_INT),
    { 0 }
};
static const struct cc_word bandwidth_words[] = {
    { "Bandwidth",      CLOUD_CHARGE_POSTPAID, NULL },
    { "BandwidthMonth", CLOUD_CHARGE_PREPAID,  NULL },
    { 0 }
};
static const struct cc_arg public_address[] = {
    CC_ARG("SubnetId", SUBNET_ID),
    TEXT_ARGUMENT("IpType", "default_gateway"),
    CC_ARG("Qos", PUBLIC_MBPS),
    CC_ARG_WORDS("BandwidthType", CHARGE_MODE, bandwidth_words, CC_STRING),
    { 0 }
};
static const struct cc_arg security_group[] = {
    CC_ARG("SecurityGroupId", SECURITY_GROUP_ID),
    { 0 }
};
/*
 * The default of IsAutoRenewal is 1. The vendor takes no client token: the fingerprint of the
 * operation key follows the name, and a lost purchase is found by it.
 */
const struct cc_arg ecs_create[] = {
    SIZE_ARGUMENTS,
    TERM_ARGUMENTS,
    SYSTEM_DISK_ARGUMENTS("SystemDisk"),
    CC_ARG_DISKS("DataDisk", bought_data_disk),
    ON_OFF_ARGUMENT("IsAutoRenewal", AUTO_RENEW),
    CC_ARG_MARKED("Name", NAME, "ecs"),
    CC_ARG("Password", PASSWORD),
    CC_ARG("ImageId", IMAGE_ID),
    CC_ARG("VpcInfo.VpcId", VPC_ID),
    CC_ARG("SubnetInfo.SubnetId", SUBNET_ID),
    CC_ARG_ONE_OBJECT("PubnetInfo", PUBLIC_MBPS, public_address),
    CC_ARG_ONE_OBJECT("SecurityGroups", SECURITY_GROUP_ID, security_group),
    { 0 }
};

/* Changes: sections "ChangeInstanceConfigure" and "ExtendDisk" (EBS) */

const struct cc_arg ecs_change_size[] = {
    SIZE_ARGUMENTS,
    INSTANCE_IDS,
    { 0 }
};
const struct cc_arg ecs_extend_system_disk[] = {
    CC_ARG_FROM_INSTANCE("DiskId", system_disk.id),
    CC_ARG("ExtendedSize", SYSTEM_DISK_GB),
    { 0 }
};

/* Listings */

const struct cc_arg ecs_in_zone[] = {
    IN_ZONE,
    { 0 }
};
/* section "DescribeInstanceList" */
const struct cc_arg ecs_list_instances[] = {
    IN_ZONE,
    CC_ARG("SearchInfo", NAME),
    { 0 }
};
/* section "DescribeEcsAttachDisks" */
const struct cc_arg ecs_disks_of_instance[] = {
    CC_ARG("InstanceId", INSTANCE_ID),
    { 0 }
};
/* section "DescribeZoneInstanceType" */
const struct cc_arg ecs_one_family[] = {
    IN_ZONE,
    CC_ARG("EcsFamilyName", FAMILY),
    { 0 }
};
const struct cc_arg ecs_one_size[] = {
    SIZE_ARGUMENTS,
    { 0 }
};
/*
 * section "DescribeEcsFamilyInfo": the families of a charge mode, the instance's or else on demand
 */
const struct cc_arg ecs_families_on_sale[] = {
    IN_ZONE,
    { .path = "BillingMethod", .kind = CC_ARG_WORD, .param = CLOUD_PARAM_CHARGE_MODE,
      .words = buy_words, .text = "0" },
    { 0 }
};
/* section "DescribeImages" */
const struct cc_arg ecs_list_images[] = {
    IN_ZONE,
    CC_ARG_IN_LIST("ImageIds", IMAGE_ID),
    { 0 }
};
/* section "DescribeEvent" */
const struct cc_arg ecs_by_event[] = {
    CC_ARG("EventId", TASK_ID),
    { 0 }
};
/* clang-format on */
