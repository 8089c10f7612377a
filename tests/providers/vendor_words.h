/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the vendors' pages list, kept as data: every state word with the common state it is, every
 * error code with what it may mean. Written from the pages, not from the providers' tables;
 * test_tables.c compares.
 */
#ifndef TESTS_VENDOR_WORDS_H
#define TESTS_VENDOR_WORDS_H

#include "include/cloud_client.h"

enum role {
    INSTANCE_STATE,
    DISK_STATE,
    IMAGE_STATE,
    TASK_STATE,
    BILLING_STATE,
    CHARGE_MODE,
    ROLES
};

/* clang-format off */
static const struct documented_word {
    const char *provider;
    enum role role;
    const char *word, *is; /* the common name; "unknown" is never documented */
} documented_words[] = {
    /* pages "Vm_Status" and "lifecycle", models "Disk", "InstanceDiskAttachment", "Charge", page "Image_Status" */
    { "jdcloud", INSTANCE_STATE, "pending",    "creating" },
    { "jdcloud", INSTANCE_STATE, "starting",   "starting" },
    { "jdcloud", INSTANCE_STATE, "running",    "running" },
    { "jdcloud", INSTANCE_STATE, "stopping",   "stopping" },
    { "jdcloud", INSTANCE_STATE, "stopped",    "stopped" },
    { "jdcloud", INSTANCE_STATE, "rebooting",  "rebooting" },
    { "jdcloud", INSTANCE_STATE, "rebuilding", "updating" },
    { "jdcloud", INSTANCE_STATE, "rebuildin",  "updating" },
    { "jdcloud", INSTANCE_STATE, "resizing",   "updating" },
    { "jdcloud", INSTANCE_STATE, "deleting",   "deleting" },
    { "jdcloud", INSTANCE_STATE, "error",      "error" },
    { "jdcloud", INSTANCE_STATE, "terminated", "deleted" },
    { "jdcloud", DISK_STATE, "creating",      "creating" },
    { "jdcloud", DISK_STATE, "available",     "available" },
    { "jdcloud", DISK_STATE, "in-use",        "in_use" },
    { "jdcloud", DISK_STATE, "extending",     "updating" },
    { "jdcloud", DISK_STATE, "restoring",     "updating" },
    { "jdcloud", DISK_STATE, "deleting",      "deleting" },
    { "jdcloud", DISK_STATE, "deleted",       "deleted" },
    { "jdcloud", DISK_STATE, "in-recyclebin", "deleted" },
    { "jdcloud", DISK_STATE, "error_create",  "error" },
    { "jdcloud", DISK_STATE, "error_delete",  "error" },
    { "jdcloud", DISK_STATE, "error_restore", "error" },
    { "jdcloud", DISK_STATE, "error_extend",  "error" },
    { "jdcloud", DISK_STATE, "attaching",     "attaching" },
    { "jdcloud", DISK_STATE, "attached",      "in_use" },
    { "jdcloud", DISK_STATE, "detaching",     "detaching" },
    { "jdcloud", DISK_STATE, "detached",      "available" },
    { "jdcloud", DISK_STATE, "error_attach",  "error" },
    { "jdcloud", DISK_STATE, "error_detach",  "error" },
    { "jdcloud", IMAGE_STATE, "pending",  "creating" },
    { "jdcloud", IMAGE_STATE, "ready",    "available" },
    { "jdcloud", IMAGE_STATE, "deleting", "deleting" },
    { "jdcloud", IMAGE_STATE, "error",    "error" },
    { "jdcloud", BILLING_STATE, "normal",  "active" },
    { "jdcloud", BILLING_STATE, "overdue", "overdue" },
    { "jdcloud", BILLING_STATE, "arrear",  "arrears" },
    { "jdcloud", CHARGE_MODE, "prepaid_by_duration",  "prepaid" },
    { "jdcloud", CHARGE_MODE, "postpaid_by_duration", "postpaid" },
    { "jdcloud", CHARGE_MODE, "postpaid_by_usage",    "postpaid" },
    { "jdcloud", CHARGE_MODE, "postpaid_by_spot",     "spot" },

    /* the tables of instance and disk states, 17 and 13 words; words of events from the vendor's own tools */
    { "capitalonline_ecs", INSTANCE_STATE, "building",         "creating" },
    { "capitalonline_ecs", INSTANCE_STATE, "running",          "running" },
    { "capitalonline_ecs", INSTANCE_STATE, "restarting",       "rebooting" },
    { "capitalonline_ecs", INSTANCE_STATE, "shutting_down",    "stopping" },
    { "capitalonline_ecs", INSTANCE_STATE, "shutdown",         "stopped" },
    { "capitalonline_ecs", INSTANCE_STATE, "starting_up",      "starting" },
    { "capitalonline_ecs", INSTANCE_STATE, "deleting",         "deleting" },
    { "capitalonline_ecs", INSTANCE_STATE, "deleted",          "deleted" },
    { "capitalonline_ecs", INSTANCE_STATE, "creating_image",   "updating" },
    { "capitalonline_ecs", INSTANCE_STATE, "destroying",       "deleting" },
    { "capitalonline_ecs", INSTANCE_STATE, "destroy",          "deleted" },
    { "capitalonline_ecs", INSTANCE_STATE, "recovering",       "updating" },
    { "capitalonline_ecs", INSTANCE_STATE, "updating",         "updating" },
    { "capitalonline_ecs", INSTANCE_STATE, "error",            "error" },
    { "capitalonline_ecs", INSTANCE_STATE, "failed",           "error" },
    { "capitalonline_ecs", INSTANCE_STATE, "recycling",        "expired" },
    { "capitalonline_ecs", INSTANCE_STATE, "cancel_recycling", "updating" },
    { "capitalonline_ecs", DISK_STATE, "building",          "creating" },
    { "capitalonline_ecs", DISK_STATE, "build_fail",        "error" },
    { "capitalonline_ecs", DISK_STATE, "running",           "in_use" },
    { "capitalonline_ecs", DISK_STATE, "mounting",          "attaching" },
    { "capitalonline_ecs", DISK_STATE, "unmounting",        "detaching" },
    { "capitalonline_ecs", DISK_STATE, "waiting",           "available" },
    { "capitalonline_ecs", DISK_STATE, "updating",          "updating" },
    { "capitalonline_ecs", DISK_STATE, "error",             "error" },
    { "capitalonline_ecs", DISK_STATE, "recovering",        "updating" },
    { "capitalonline_ecs", DISK_STATE, "cancel_recycling",  "updating" },
    { "capitalonline_ecs", DISK_STATE, "recycling",         "expired" },
    { "capitalonline_ecs", DISK_STATE, "creating_snapshot", "snapshotting" },
    { "capitalonline_ecs", DISK_STATE, "rollback",          "updating" },
    { "capitalonline_ecs", IMAGE_STATE, "running", "available" },
    { "capitalonline_ecs", TASK_STATE, "success",   "succeeded" },
    { "capitalonline_ecs", TASK_STATE, "finish",    "succeeded" },
    { "capitalonline_ecs", TASK_STATE, "init",      "pending" },
    { "capitalonline_ecs", TASK_STATE, "doing",     "running" },
    { "capitalonline_ecs", TASK_STATE, "failed",    "failed" },
    { "capitalonline_ecs", TASK_STATE, "part_fail", "failed" },
    { "capitalonline_ecs", TASK_STATE, "error",     "failed" },
    { "capitalonline_ecs", CHARGE_MODE, "0", "postpaid" },
    { "capitalonline_ecs", CHARGE_MODE, "1", "prepaid" },

    /* collected: no page has a table */
    { "capitalonline_ccs", INSTANCE_STATE, "running",  "running" },
    { "capitalonline_ccs", INSTANCE_STATE, "stop",     "stopped" },
    { "capitalonline_ccs", INSTANCE_STATE, "updating", "updating" },
    { "capitalonline_ccs", INSTANCE_STATE, "starting", "starting" },
    { "capitalonline_ccs", INSTANCE_STATE, "stopping", "stopping" },
    { "capitalonline_ccs", INSTANCE_STATE, "error",    "error" },
    { "capitalonline_ccs", INSTANCE_STATE, "CREATING", "creating" },
    { "capitalonline_ccs", TASK_STATE, "NEW",    "pending" },
    { "capitalonline_ccs", TASK_STATE, "DOING",  "running" },
    { "capitalonline_ccs", TASK_STATE, "FINISH", "succeeded" },
    { "capitalonline_ccs", TASK_STATE, "ERROR",  "failed" },
    { "capitalonline_ccs", CHARGE_MODE, "PrePaid",  "prepaid" },
    { "capitalonline_ccs", CHARGE_MODE, "PostPaid", "postpaid" },
};

static const struct documented_error {
    const char *provider;
    int http;
    const char *code, *message;
    int means;
} documented_errors[] = {
    /* the common error table, and what its notes tell apart by the message */
    { "jdcloud", 400, "INVALID_ARGUMENT",    "bad parameter",                    CLOUD_EINVAL },
    { "jdcloud", 400, "FAILED_PRECONDITION", "Conflict with underlay task",      CLOUD_ESTATE },
    { "jdcloud", 400, "FAILED_PRECONDITION", "the account balance is too low",   CLOUD_EBALANCE },
    { "jdcloud", 400, "FAILED_PRECONDITION", "余额不足",                         CLOUD_EBALANCE },
    { "jdcloud", 400, "FAILED_PRECONDITION", "g.n2.medium is sold out",          CLOUD_ESOLDOUT },
    { "jdcloud", 400, "OUT_OF_RANGE",        "pageSize",                         CLOUD_EINVAL },
    { "jdcloud", 401, "UNAUTHENTICATED",     "verification failed",              CLOUD_EAUTH },
    { "jdcloud", 401, "ACCESS_ERROR",        "sign result is not same [gw]",     CLOUD_EAUTH },
    { "jdcloud", 403, "HTTP_FORBIDDEN",      "no permission",                    CLOUD_EDENIED },
    { "jdcloud", 403, "PERMISSION_DENIED",   "no permission",                    CLOUD_EDENIED },
    { "jdcloud", 403, "PERMISSION_DENIED",   "Can't delete no charged resource", CLOUD_ESTATE },
    { "jdcloud", 404, "NOT_FOUND",           "no such object",                   CLOUD_ENOTFOUND },
    { "jdcloud", 409, "ABORTED",             "aborted",                          CLOUD_ECONFLICT },
    { "jdcloud", 409, "ALREADY_EXISTS",      "exists",                           CLOUD_ECONFLICT },
    { "jdcloud", 429, "QUOTA_EXCEEDED",      "instance quota",                   CLOUD_EQUOTA },
    { "jdcloud", 429, "QUOTA_EXCEEDED",      "out of stock",                     CLOUD_ESOLDOUT },
    { "jdcloud", 429, "RATE_LIMIT",          "too many requests",                CLOUD_ETHROTTLED },
    { "jdcloud", 499, "CANCELLED",           "cancelled",                        CLOUD_EVENDOR },
    { "jdcloud", 500, "UNKNOWN",             "Unknown server error",             CLOUD_EVENDOR },
    { "jdcloud", 500, "INTERNAL",            "server fault",                     CLOUD_EVENDOR },
    { "jdcloud", 500, "INNER_ERROR",         "billing",                          CLOUD_EVENDOR },
    { "jdcloud", 501, "NOT_IMPLEMENTED",     "not implemented",                  CLOUD_EUNSUPPORTED },
    { "jdcloud", 502, "SOURCE_UNAVAILABLE",  "backend is down",                  CLOUD_EVENDOR },
    { "jdcloud", 503, "UNAVAILABLE",         "unavailable",                      CLOUD_EVENDOR },

    /* one table for ECS and EBS; a missing disk as the vendor's storage driver met it */
    { "capitalonline_ecs", 400, "ParamParseError",        "Parameter parsing error.",        CLOUD_EINVAL },
    { "capitalonline_ecs", 400, "InvalidParameter",       "The parameter is not valid.",     CLOUD_EINVAL },
    { "capitalonline_ecs", 400, "InvalidParameter",       "云盘信息不存在",                  CLOUD_ENOTFOUND },
    { "capitalonline_ecs", 400, "MissingParameter",       "Missing required parameter.",     CLOUD_EINVAL },
    { "capitalonline_ecs", 400, "InvalidParameter.IsNull", "Required parameter is empty.",   CLOUD_EINVAL },
    { "capitalonline_ecs", 400, "MaxEcsCountExceed",      "Exceeding the maximum number.",   CLOUD_EQUOTA },
    { "capitalonline_ecs", 400, "InvalidInstanceSpec.ValueNotSupported", "beyond the range", CLOUD_EINVAL },
    { "capitalonline_ecs", 400, "InvalidInstanceType.ValueNotSupported", "beyond the range", CLOUD_EINVAL },
    { "capitalonline_ecs", 400, "MaxDiskSizeExceed",      "exceeds",                         CLOUD_EINVAL },
    { "capitalonline_ecs", 400, "MinDiskSizeLess",        "below",                           CLOUD_EINVAL },
    { "capitalonline_ecs", 400, "InvalidDiskSize.ValueNotSupported", "beyond the range",     CLOUD_EINVAL },
    { "capitalonline_ecs", 400, "UnSupportedMixingLocalAndEbs", "not supported",             CLOUD_EINVAL },
    { "capitalonline_ecs", 403, "InvalidOperation.InstanceStatusUnsupported", "the state",   CLOUD_ESTATE },
    { "capitalonline_ecs", 404, "InvalidResourceId.NotFound", "does not exist",              CLOUD_ENOTFOUND },
    { "capitalonline_ecs", 404, "InvalidVpc.NotFound",    "does not exist",                  CLOUD_ENOTFOUND },
    { "capitalonline_ecs", 404, "InvalidImage.NotFound",  "does not exist",                  CLOUD_ENOTFOUND },
    { "capitalonline_ecs", 404, "InvalidEvent.NotFound",  "does not exist",                  CLOUD_ENOTFOUND },
    { "capitalonline_ecs", 404, "InvalidRegion.NotFound", "does not exist",                  CLOUD_ENOTFOUND },
    { "capitalonline_ecs", 404, "InvalidAvailableZone.NotFound", "does not exist",           CLOUD_ENOTFOUND },
    { "capitalonline_ecs", 500, "InternalError",          "has failed",                      CLOUD_EVENDOR },
    { "capitalonline_ecs", 401, "Whatever",               "bad signature",                   CLOUD_EAUTH },
    { "capitalonline_ecs", 403, "Whatever",               "something else",                CLOUD_EDENIED },

    { "capitalonline_ccs", 403, "IncorrectInstanceStatus", "The   current status",           CLOUD_ESTATE },
    { "capitalonline_ccs", 400, "InstanceNotFound",       "the Instance has   deleted",      CLOUD_ENOTFOUND },
    { "capitalonline_ccs", 400, "InvalidInstanceID.Malformed", "is not valid",               CLOUD_EINVAL },
    { "capitalonline_ccs", 400, "InvalidInstanceId.Malformed", "is not valid",               CLOUD_EINVAL },
    { "capitalonline_ccs", 400, "InvalidInstanceName.Malformed", "name",                     CLOUD_EINVAL },
    { "capitalonline_ccs", 400, "InvalidPassword.Malformed", "password",                     CLOUD_EINVAL },
    { "capitalonline_ccs", 400, "InvalidDataDiskSize.ValueNotSupported", "size",             CLOUD_EINVAL },
    { "capitalonline_ccs", 400, "InvalidPrivateIpAddress.Malformed", "address",              CLOUD_EINVAL },
    { "capitalonline_ccs", 400, "NotEnoughBalance",       "balance",                         CLOUD_EBALANCE },
    { "capitalonline_ccs", 403, "Zone.NotOnSale",         "sold out",                        CLOUD_ESOLDOUT },
    { "capitalonline_ccs", 404, "InvalidLaunchTemplateVersion.NotFound", "image",            CLOUD_ENOTFOUND },
    { "capitalonline_ccs", 403, "InvalidDiskSize.TooSmall", "smaller",                       CLOUD_EINVAL },
    { "capitalonline_ccs", 400, "IncompleteParamter",     "missing",                         CLOUD_EINVAL },
    { "capitalonline_ccs", 400, "InvalidTaskID.Malformed", "task",                           CLOUD_EINVAL },
    { "capitalonline_ccs", 401, "Whatever",               "bad signature",                   CLOUD_EAUTH },
    { "capitalonline_ccs", 403, "Whatever",               "something else",                  CLOUD_EDENIED },
};
/* clang-format on */

#endif
