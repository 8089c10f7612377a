/* SPDX-License-Identifier: Apache-2.0 */
/* CapitalOnline ECS, who it is: services, catalogue, rules, words, errors. What it does is in
 * ops.c. */
#include "providers/capitalonline_ecs/ecs.h"

#include <limits.h>

/* clang-format off */
#define SERVICE(name_, path_) { .name = name_, .host = "api.capitalonline.net", .path = path_, .version = "2019-08-08" }
static const struct cc_service services[] = {
    [SERVICE_ECS]   = SERVICE("ecs", "/ecs/v1"),
    [SERVICE_ECS11] = SERVICE("ecs", "/ecs/v1.1"), /* DescribeImages only */
    [SERVICE_EBS]   = SERVICE("ebs", "/ebs/v1"),
    { 0 }
};

#define ECS_NAMED(id_, name_, service_, effect_, method_, about_, ...) \
    [ECS_##id_] = CAPITALONLINE_ACTION(name_, SERVICE_##service_, effect_, method_, about_, __VA_ARGS__),
#define ECS_ACTION(name_, ...) ECS_NAMED(name_, #name_, __VA_ARGS__)
const struct cc_action capitalonline_ecs_actions[] = {
#include "providers/capitalonline_ecs/actions.def"
    [ECS__COUNT] = { 0 }, /* ends the table */
};

/* section "云服务器ECS状态(Status)说明": all seventeen */
const struct cc_word capitalonline_ecs_states[] = {
    { "building", CLOUD_STATE_CREATING, NULL }, { "running", CLOUD_STATE_RUNNING, NULL }, { "restarting", CLOUD_STATE_REBOOTING, NULL },
    { "shutting_down", CLOUD_STATE_STOPPING, NULL }, { "shutdown", CLOUD_STATE_STOPPED, NULL }, { "starting_up", CLOUD_STATE_STARTING, NULL },
    { "deleting", CLOUD_STATE_DELETING, NULL }, { "deleted", CLOUD_STATE_DELETED, NULL },
    { "destroying", CLOUD_STATE_DELETING, "being destroyed for good" }, { "destroy", CLOUD_STATE_DELETED, "destroyed for good" },
    { "recovering", CLOUD_STATE_UPDATING, "being recovered" }, { "updating", CLOUD_STATE_UPDATING, NULL }, { "error", CLOUD_STATE_ERROR, NULL },
    { "failed", CLOUD_STATE_ERROR, "creation failed" }, { "recycling", CLOUD_STATE_EXPIRED, "kept for arrears" },
    { "cancel_recycling", CLOUD_STATE_UPDATING, "being taken back after arrears" }, { "creating_image", CLOUD_STATE_UPDATING, "making an image" },
    { 0 }
};

/* what a state says of the bill, and DescribeInstance's BillingStatus, of which one word is printed */
const struct cc_word capitalonline_ecs_billing[] = {
    { "正常", CLOUD_BILLING_ACTIVE, NULL }, { "recycling", CLOUD_BILLING_ARREARS, NULL }, { "deleted", CLOUD_BILLING_RELEASED, NULL },
    { "destroy", CLOUD_BILLING_RELEASED, NULL }, { 0 }
};

/* section "云盘状态(Status)说明"; the last four are from the vendor's Kubernetes driver */
const struct cc_word capitalonline_ecs_disk_states[] = {
    { "building", CLOUD_DISK_CREATING, NULL }, { "build_fail", CLOUD_DISK_ERROR, "creation failed" }, { "running", CLOUD_DISK_IN_USE, NULL },
    { "mounting", CLOUD_DISK_ATTACHING, NULL }, { "unmounting", CLOUD_DISK_DETACHING, NULL }, { "waiting", CLOUD_DISK_AVAILABLE, NULL },
    { "updating", CLOUD_DISK_UPDATING, NULL }, { "error", CLOUD_DISK_ERROR, NULL }, { "recovering", CLOUD_DISK_UPDATING, "being recovered" },
    { "cancel_recycling", CLOUD_DISK_UPDATING, "being taken back after arrears" }, { "recycling", CLOUD_DISK_EXPIRED, "kept for arrears" },
    { "creating_snapshot", CLOUD_DISK_SNAPSHOTTING, NULL }, { "rollback", CLOUD_DISK_UPDATING, "going back to a snapshot" },
    { "deleting", CLOUD_DISK_DELETING, NULL }, { "deleted", CLOUD_DISK_DELETED, NULL }, { "mount_failed", CLOUD_DISK_ERROR, "attaching failed" },
    { "unmount_failed", CLOUD_DISK_ERROR, "detaching failed" }, { 0 }
};

/* the error table of ECS and EBS; stock and balance have no code there: the message is what there is to go by */
static const struct cc_error_row errors[] = {
    { 0, "InvalidParameter", "云盘信息不存在", CLOUD_ENOTFOUND }, /* seen for a disk that is not there */
    { 0, NULL, "余额", CLOUD_EBALANCE }, { 0, NULL, "售罄", CLOUD_ESOLDOUT },
    { 0, "ParamParseError", NULL, CLOUD_EINVAL },                                  { 0, "InvalidParameter", NULL, CLOUD_EINVAL },
    { 0, "MissingParameter", NULL, CLOUD_EINVAL },                                 { 0, "InvalidParameter.IsNull", NULL, CLOUD_EINVAL },
    { 0, "UnsupportedHTTPMethod", NULL, CLOUD_EUNSUPPORTED },                      { 0, "UnsupportedAction", NULL, CLOUD_EUNSUPPORTED },
    { 0, "MaxEcsCountExceed", NULL, CLOUD_EQUOTA },                                { 0, "InvalidInstanceSpec.ValueNotSupported", NULL, CLOUD_EINVAL },
    { 0, "InvalidInstanceType.ValueNotSupported", NULL, CLOUD_EINVAL },            { 0, "MaxDiskSizeExceed", NULL, CLOUD_EINVAL },
    { 0, "MinDiskSizeLess", NULL, CLOUD_EINVAL },                                  { 0, "InvalidDiskSize.ValueNotSupported", NULL, CLOUD_EINVAL },
    { 0, "UnSupportedMixingLocalAndEbs", NULL, CLOUD_EINVAL },                     { 0, "InvalidOperation.VpcMismatch", NULL, CLOUD_EINVAL },
    { 0, "InvalidOperation.AzMismatch", NULL, CLOUD_EINVAL },
    { 0, "InvalidOperation*", NULL, CLOUD_ESTATE }, /* .InstanceStatusUnsupported, and bare */
    { 0, "InvalidUser.NotFound", NULL, CLOUD_EAUTH },                              { 0, "InvalidAccount.NotFound", NULL, CLOUD_EAUTH },
    { 0, "InvalidRegion.NotFound", NULL, CLOUD_ENOTFOUND },                        { 0, "InvalidAvailableZone.NotFound", NULL, CLOUD_ENOTFOUND },
    { 0, "InvalidResourceId.NotFound", NULL, CLOUD_ENOTFOUND },                    { 0, "InvalidVpc.NotFound", NULL, CLOUD_ENOTFOUND },
    { 0, "InvalidImage.NotFound", NULL, CLOUD_ENOTFOUND },                         { 0, "InvalidEvent.NotFound", NULL, CLOUD_ENOTFOUND },
    { 0, "InvalidEvent.InvalidUrl.NotFound", NULL, CLOUD_EPROTOCOL }, /* the address, not a thing at it */
    { 0, "InternalError", NULL, CLOUD_EVENDOR },
    CAPITALONLINE_AUTH_ERRORS,
    { 0 }
};

/*
 * EBS: data disks from 24 GB, multiples of 8. For system disks the Go SDK says the same steps and "usually from 40", the
 * examples have 24: the lower one is let through, the vendor knows the image. No page limits Name: CCS's limit, less
 * what the mark of an operation key takes.
 */
static const struct cc_rule rules[] = {
    { CC_RULE_LENGTH,  CLOUD_PARAM_NAME, .min = 1, .max = 128 - CLOUD_MARK_MAX },
    { CC_RULE_RANGE,   CLOUD_PARAM_COUNT, .min = 1, .max = 100 },
    { CC_RULE_RANGE,   CLOUD_PARAM_PUBLIC_MBPS, .min = 1, .max = INT_MAX },
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS, .min = 1, .max = INT_MAX }, /* DescribePrice's samples have 10 GB */
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS, .min = 24, .max = INT_MAX - 7, .step = 8, .only = CC_OP_BIT(CREATE_INSTANCE) | CC_OP_BIT(CREATE_INSTANCE_DRY_RUN) },
    { CC_RULE_RANGE,   CLOUD_PARAM_SYSTEM_DISK_GB, .min = 24, .max = INT_MAX - 7, .step = 8, .only = CC_OP_BIT(UPGRADE_INSTANCE) | CC_OP_BIT(DESCRIBE_UPGRADE_PRICE) },
    { CC_RULE_PATTERN, CLOUD_PARAM_SYSTEM_DISK_TYPE, .pattern = "^(ssd|local)$", .text = "it is ssd or local" },
    { CC_RULE_PATTERN, CLOUD_PARAM_DATA_DISKS, .pattern = "^ssd$", .text = "data disks are of type ssd" },
    { CC_RULE_PATTERN, CLOUD_PARAM_RESOURCE, .pattern = "^(instance_type|system_disk)$", .text = "it is instance_type or system_disk" },
    { 0 }
};

/* CreateInstance, Duration: months below 12, from then on whole years, three at most */
static const struct cc_allowed_period periods[] = {
    { CLOUD_PERIOD_MONTH, 1, 12, 0 }, { CLOUD_PERIOD_MONTH, 24, 24, 0 }, { CLOUD_PERIOD_MONTH, 36, 36, 0 }, { CLOUD_PERIOD_YEAR, 1, 3, 0 }, { 0 }
};
/* clang-format on */

const struct cloud_provider cc_capitalonline_ecs = {
    CLOUD_PROVIDER_INIT,
    .name = "capitalonline_ecs",
    .title = "CapitalOnline ECS",
    .services = services,
    .actions = capitalonline_ecs_actions,
    .ops = capitalonline_ecs_ops,
    .errors = errors,
    .rules = rules,
    .periods = periods,
    .password = &capitalonline_password,
    .currency = "CNY", /* DescribePrice: 总价,单位为元 */
    .utc_offset_s = CAPITALONLINE_UTC_OFFSET_S,
    .no_expiry = CAPITALONLINE_NO_EXPIRY,
    .sign = cc_sign_capitalonline,
    .envelope = capitalonline_envelope,
};
