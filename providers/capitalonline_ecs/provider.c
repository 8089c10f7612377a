/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The identity of CapitalOnline ECS: services, action catalogue, state maps, errors and rules for
 * parameters. The operations are in ops.c.
 */
#include "providers/capitalonline_ecs/ecs.h"

#include <limits.h>

/* clang-format off */

/* Services and actions: page "弹性云服务器ECS相关" */

#define SERVICE(name_, path_) \
    { .name = name_, .host = "api.capitalonline.net", .path = path_, .version = "2019-08-08" }
static const struct cc_service services[] = {
    [SERVICE_ECS]   = SERVICE("ecs", "/ecs/v1"),
    [SERVICE_ECS11] = SERVICE("ecs", "/ecs/v1.1"), /* DescribeImages only */
    [SERVICE_EBS]   = SERVICE("ebs", "/ebs/v1"),
    { 0 }
};

#define ECS_ACTION_NAMED(identifier_, name_, service_, effect_, method_, about_, ...) \
    [ECS_##identifier_] = \
        CAPITALONLINE_ACTION(name_, SERVICE_##service_, effect_, method_, about_, __VA_ARGS__),
#define ECS_ACTION(name_, ...) ECS_ACTION_NAMED(name_, #name_, __VA_ARGS__)
const struct cc_action ecs_actions[] = {
#include "providers/capitalonline_ecs/actions.def"
    [ECS__COUNT] = { 0 }, /* ends the table */
};

/* State maps: a vendor state, our state, and a reason where our state does not say it */

/* section "云服务器ECS状态(Status)说明": all seventeen */
const struct cc_word ecs_instance_states[] = {
    { "building",         CLOUD_STATE_CREATING,  NULL },
    { "running",          CLOUD_STATE_RUNNING,   NULL },
    { "restarting",       CLOUD_STATE_REBOOTING, NULL },
    { "shutting_down",    CLOUD_STATE_STOPPING,  NULL },
    { "shutdown",         CLOUD_STATE_STOPPED,   NULL },
    { "starting_up",      CLOUD_STATE_STARTING,  NULL },
    { "deleting",         CLOUD_STATE_DELETING,  NULL },
    { "deleted",          CLOUD_STATE_DELETED,   NULL },
    { "destroying",       CLOUD_STATE_DELETING,  "being destroyed for good" },
    { "destroy",          CLOUD_STATE_DELETED,   "destroyed for good" },
    { "recovering",       CLOUD_STATE_UPDATING,  "being recovered" },
    { "updating",         CLOUD_STATE_UPDATING,  NULL },
    { "error",            CLOUD_STATE_ERROR,     NULL },
    { "failed",           CLOUD_STATE_ERROR,     "creation failed" },
    { "recycling",        CLOUD_STATE_EXPIRED,   "kept for arrears" },
    { "cancel_recycling", CLOUD_STATE_UPDATING,  "being taken back after arrears" },
    { "creating_image",   CLOUD_STATE_UPDATING,  "creating an image" },
    { 0 }
};

/*
 * DescribeInstance, BillingStatus, and the states that imply a billing state. Open: the words of
 * BillingStatus, of which only 正常 is printed. Another word is unknown; no decision rests on it.
 */
const struct cc_word ecs_billing_states[] = {
    { "正常",      CLOUD_BILLING_ACTIVE,   NULL },
    { "recycling", CLOUD_BILLING_ARREARS,  NULL },
    { "deleted",   CLOUD_BILLING_RELEASED, NULL },
    { "destroy",   CLOUD_BILLING_RELEASED, NULL },
    { 0 }
};

/* section "云盘状态(Status)说明"; the last four are from the vendor's Kubernetes driver */
const struct cc_word ecs_disk_states[] = {
    { "building",          CLOUD_DISK_CREATING,     NULL },
    { "build_fail",        CLOUD_DISK_ERROR,        "creation failed" },
    { "running",           CLOUD_DISK_IN_USE,       NULL },
    { "mounting",          CLOUD_DISK_ATTACHING,    NULL },
    { "unmounting",        CLOUD_DISK_DETACHING,    NULL },
    { "waiting",           CLOUD_DISK_AVAILABLE,    NULL },
    { "updating",          CLOUD_DISK_UPDATING,     NULL },
    { "error",             CLOUD_DISK_ERROR,        NULL },
    { "recovering",        CLOUD_DISK_UPDATING,     "being recovered" },
    { "cancel_recycling",  CLOUD_DISK_UPDATING,     "being taken back after arrears" },
    { "recycling",         CLOUD_DISK_EXPIRED,      "kept for arrears" },
    { "creating_snapshot", CLOUD_DISK_SNAPSHOTTING, NULL },
    { "rollback",          CLOUD_DISK_UPDATING,     "restoring a snapshot" },
    { "deleting",          CLOUD_DISK_DELETING,     NULL },
    { "deleted",           CLOUD_DISK_DELETED,      NULL },
    { "mount_failed",      CLOUD_DISK_ERROR,        "attaching failed" },
    { "unmount_failed",    CLOUD_DISK_ERROR,        "detaching failed" },
    { 0 }
};

/* section "DescribeImages", Status. Open: only this one is printed; others are unknown */
const struct cc_word ecs_image_states[] = {
    { "running", CLOUD_IMAGE_AVAILABLE, NULL },
    { 0 }
};

/*
 * section "DescribeEvent", EventStatus: "success"; the others are from the vendor's Kubernetes
 * driver
 */
const struct cc_word ecs_event_states[] = {
    { "init",      CLOUD_TASK_PENDING,   NULL },
    { "doing",     CLOUD_TASK_RUNNING,   NULL },
    { "success",   CLOUD_TASK_SUCCEEDED, NULL },
    { "finish",    CLOUD_TASK_SUCCEEDED, NULL },
    { "failed",    CLOUD_TASK_FAILED,    "the event failed" },
    { "error",     CLOUD_TASK_FAILED,    "the event ended in an error" },
    { "part_fail", CLOUD_TASK_FAILED,    "a part of the event failed" },
    { 0 }
};

/*
 * Errors; the first row that matches decides
 *
 * Source: the error table of ECS and EBS. Open: codes for lack of stock and of balance, and for
 * throttling. The message decides about the first two. A code that is in no row proves nothing: the
 * outcome of a change is then unknown, and it is not repeated.
 */
static const struct cc_error_row errors[] = {
    /* HTTP, code, part of the message, meaning, proof */
    /* DescribeDisk of a missing disk, seen by the vendor's Kubernetes driver */
    { 0, "InvalidParameter", "云盘信息不存在", CLOUD_ENOTFOUND, CC_REFUSED },
    CAPITALONLINE_TEXT_ERRORS,
    { 0, "ParamParseError",                       NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "InvalidParameter",                      NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "MissingParameter",                      NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "InvalidParameter.IsNull",               NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "UnsupportedHTTPMethod",                 NULL, CLOUD_EUNSUPPORTED, CC_REFUSED },
    { 0, "UnsupportedAction",                     NULL, CLOUD_EUNSUPPORTED, CC_REFUSED },
    { 0, "MaxEcsCountExceed",                     NULL, CLOUD_EQUOTA,       CC_REFUSED },
    { 0, "InvalidInstanceSpec.ValueNotSupported", NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "InvalidInstanceType.ValueNotSupported", NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "MaxDiskSizeExceed",                     NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "MinDiskSizeLess",                       NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "InvalidDiskSize.ValueNotSupported",     NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "UnSupportedMixingLocalAndEbs",          NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "InvalidOperation.VpcMismatch",          NULL, CLOUD_EINVAL,       CC_REFUSED },
    { 0, "InvalidOperation.AzMismatch",           NULL, CLOUD_EINVAL,       CC_REFUSED },
    /* InvalidOperation, and InvalidOperation.InstanceStatusUnsupported */
    { 0, "InvalidOperation*",                     NULL, CLOUD_ESTATE,       CC_REFUSED },
    { 0, "InvalidUser.NotFound",                  NULL, CLOUD_EAUTH,        CC_REFUSED },
    { 0, "InvalidAccount.NotFound",               NULL, CLOUD_EAUTH,        CC_REFUSED },
    { 0, "InvalidRegion.NotFound",                NULL, CLOUD_ENOTFOUND,    CC_REFUSED },
    { 0, "InvalidAvailableZone.NotFound",         NULL, CLOUD_ENOTFOUND,    CC_REFUSED },
    { 0, "InvalidResourceId.NotFound",            NULL, CLOUD_ENOTFOUND,    CC_REFUSED },
    { 0, "InvalidVpc.NotFound",                   NULL, CLOUD_ENOTFOUND,    CC_REFUSED },
    { 0, "InvalidImage.NotFound",                 NULL, CLOUD_ENOTFOUND,    CC_REFUSED },
    { 0, "InvalidEvent.NotFound",                 NULL, CLOUD_ENOTFOUND,    CC_REFUSED },
    /* the path of the request is unknown, not a resource */
    { 0, "InvalidEvent.InvalidUrl.NotFound",      NULL, CLOUD_EPROTOCOL,    CC_REFUSED },
    { 0, "InternalError",                         NULL, CLOUD_EVENDOR,      CC_UNPROVEN },
    CAPITALONLINE_COMMON_ERRORS,
    { 0 }
};

/*
 * Rules for parameters
 *
 * Source: sections "CreateInstance" and "CreateDisk" (EBS): data disks from 24 GB, multiples of 8.
 *
 * Open: the smallest system disk. The Go SDK says the same steps and "usually from 40", the
 * examples have 24. We allow 24; the vendor knows the image and refuses what is too small. Open:
 * the length of a name. We take the limit of CCS, less what the fingerprint of an operation key
 * needs; a longer name is refused before anything is sent.
 */
#define PURCHASES (CC_OP_BIT(CREATE_INSTANCE) | CC_OP_BIT(CREATE_INSTANCE_DRY_RUN))
#define CHANGES   (CC_OP_BIT(UPGRADE_INSTANCE) | CC_OP_BIT(DESCRIBE_UPGRADE_PRICE))
#define LAST_STEP (INT_MAX - 7)
static const struct cc_rule rules[] = {
    { CC_RULE_LENGTH,  CLOUD_PARAM_NAME,             .min = 1, .max = 128 - CLOUD_MARK_MAX },
    { CC_RULE_RANGE,   CLOUD_PARAM_COUNT,            .min = 1, .max = 100 },
    { CC_RULE_RANGE,   CLOUD_PARAM_PUBLIC_MBPS,      .min = 1, .max = INT_MAX },
    /* the examples of DescribePrice have disks of 10 GB */
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS,       .min = 1, .max = INT_MAX },
    { CC_RULE_RANGE,   CLOUD_PARAM_DATA_DISKS,       .min = 24, .max = LAST_STEP, .step = 8,
      .only = PURCHASES },
    { CC_RULE_RANGE,   CLOUD_PARAM_SYSTEM_DISK_GB,   .min = 24, .max = LAST_STEP, .step = 8,
      .only = CHANGES },
    { CC_RULE_PATTERN, CLOUD_PARAM_SYSTEM_DISK_TYPE, .pattern = "^(ssd|local)$",
      .text = "it is ssd or local" },
    { CC_RULE_PATTERN, CLOUD_PARAM_DATA_DISKS,       .pattern = "^ssd$",
      .text = "data disks are of type ssd" },
    { CC_RULE_PATTERN, CLOUD_PARAM_RESOURCE,         .pattern = "^(instance_type|system_disk)$",
      .text = "it is instance_type or system_disk" },
    { 0 }
};

/* section "CreateInstance", Duration: months below 12, from then on whole years, at most three */
static const struct cc_allowed_period periods[] = {
    { CLOUD_PERIOD_MONTH, 1,  12, 0 },
    { CLOUD_PERIOD_MONTH, 24, 24, 0 },
    { CLOUD_PERIOD_MONTH, 36, 36, 0 },
    { CLOUD_PERIOD_YEAR,  1,  3,  0 },
    { 0 }
};
/* clang-format on */

const struct cloud_provider cc_capitalonline_ecs = {
    CLOUD_PROVIDER_INIT,
    .name = "capitalonline_ecs",
    .title = "CapitalOnline ECS",
    .services = services,
    .actions = ecs_actions,
    .ops = ecs_ops,
    .errors = errors,
    .rules = rules,
    .periods = periods,
    .password = &capitalonline_password,
    .currency = "CNY", /* section "DescribePrice": 总价,单位为元 */
    .utc_offset_s = CAPITALONLINE_UTC_OFFSET_S,
    .no_expiry = CAPITALONLINE_NO_EXPIRY,
    .sign = cc_sign_capitalonline,
    .envelope = capitalonline_envelope,
};
