/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the vendor states of the vendors' pages with their common states. The list is written from
 * the pages, not from the providers' tables; test_vendor_states.c compares.
 */
#ifndef TESTS_DOCUMENTED_STATES_H
#define TESTS_DOCUMENTED_STATES_H

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
static const struct documented_state {
    const char *provider;
    enum role role;
    const char *word, *is; /* @is: the common state's name; never "unknown" */
} documented_states[] = {
    /* pages "Vm_Status", "lifecycle" and "Image_Status"; models "Disk", "InstanceDiskAttachment"
     * and "Charge" */
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

    /* the tables of 17 instance states and 13 disk states; states of events are from the vendor's
     * own tools */
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

    /* collected from examples, because no page has a table */
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
/* clang-format on */

#endif
