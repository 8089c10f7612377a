/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud's words and what they are here: states, charge modes, errors. */
#include "providers/jdcloud/jdcloud.h"

/* clang-format off */
/* pages "Vm_Status" and "lifecycle"; the status page misprints rebuildin */
const struct cc_word jdcloud_instance_states[] = {
    { "pending",    CLOUD_STATE_CREATING,  NULL },
    { "starting",   CLOUD_STATE_STARTING,  NULL },
    { "running",    CLOUD_STATE_RUNNING,   NULL },
    { "stopping",   CLOUD_STATE_STOPPING,  NULL },
    { "stopped",    CLOUD_STATE_STOPPED,   NULL },
    { "rebooting",  CLOUD_STATE_REBOOTING, NULL },
    { "reboot",     CLOUD_STATE_REBOOTING, NULL },
    { "rebuilding", CLOUD_STATE_UPDATING,  "installing an image" },
    { "rebuildin",  CLOUD_STATE_UPDATING,  "installing an image" },
    { "resizing",   CLOUD_STATE_UPDATING,  "changing size" },
    { "deleting",   CLOUD_STATE_DELETING,  NULL },
    { "terminated", CLOUD_STATE_DELETED,   NULL },
    { "error",      CLOUD_STATE_ERROR,     NULL },
    { 0 }
};

/* model "Disk", status */
const struct cc_word jdcloud_disk_states[] = {
    { "creating",      CLOUD_DISK_CREATING,  NULL },
    { "available",     CLOUD_DISK_AVAILABLE, NULL },
    { "in-use",        CLOUD_DISK_IN_USE,    NULL },
    { "extending",     CLOUD_DISK_UPDATING,  "extending" },
    { "restoring",     CLOUD_DISK_UPDATING,  "restoring a snapshot" },
    { "deleting",      CLOUD_DISK_DELETING,  NULL },
    { "deleted",       CLOUD_DISK_DELETED,   NULL },
    { "in-recyclebin", CLOUD_DISK_DELETED,   "in the recycle bin" },
    { "error_create",  CLOUD_DISK_ERROR,     "creation failed" },
    { "error_delete",  CLOUD_DISK_ERROR,     "deletion failed" },
    { "error_restore", CLOUD_DISK_ERROR,     "restoring a snapshot failed" },
    { "error_extend",  CLOUD_DISK_ERROR,     "extending failed" },
    { 0 }
};

/* model "InstanceDiskAttachment", status */
const struct cc_word jdcloud_attachment_states[] = {
    { "attaching",    CLOUD_DISK_ATTACHING, NULL },
    { "attached",     CLOUD_DISK_IN_USE,    NULL },
    { "detaching",    CLOUD_DISK_DETACHING, NULL },
    { "detached",     CLOUD_DISK_AVAILABLE, NULL },
    { "error_attach", CLOUD_DISK_ERROR,     "attaching failed" },
    { "error_detach", CLOUD_DISK_ERROR,     "detaching failed" },
    { 0 }
};

/* page "Image_Status" */
const struct cc_word jdcloud_image_states[] = {
    { "pending",  CLOUD_IMAGE_CREATING,  NULL },
    { "ready",    CLOUD_IMAGE_AVAILABLE, NULL },
    { "deleting", CLOUD_IMAGE_DELETING,  NULL },
    { "error",    CLOUD_IMAGE_ERROR,     NULL },
    { 0 }
};

/* model "Charge", chargeStatus and chargeMode */
const struct cc_word jdcloud_billing_states[] = {
    { "normal",  CLOUD_BILLING_ACTIVE,  NULL },
    { "overdue", CLOUD_BILLING_OVERDUE, NULL },
    { "arrear",  CLOUD_BILLING_ARREARS, NULL },
    { 0 }
};

const struct cc_word jdcloud_charge_modes[] = {
    { "prepaid_by_duration",  CLOUD_CHARGE_PREPAID,  NULL },
    { "postpaid_by_duration", CLOUD_CHARGE_POSTPAID, NULL },
    { "postpaid_by_usage",    CLOUD_CHARGE_POSTPAID, NULL },
    { "postpaid_by_spot",     CLOUD_CHARGE_SPOT,     NULL },
    { 0 }
};

/*
 * The common error table, by its words: an answer may come with an error behind HTTP 200, as the vendor's own SDKs
 * expect. 429 is quota or throttling, told apart by the word. No word is documented for lack of balance or stock: the
 * message is what there is to go by, in Chinese or English. Below the words, what a gateway answers without one.
 */
const struct cc_error_row jdcloud_errors[] = {
    { 0,   "QUOTA_EXCEEDED",      "sold",                CLOUD_ESOLDOUT },
    { 0,   "QUOTA_EXCEEDED",      "stock",               CLOUD_ESOLDOUT },
    { 0,   "QUOTA_EXCEEDED",      NULL,                  CLOUD_EQUOTA },
    { 0,   "RATE_LIMIT",          NULL,                  CLOUD_ETHROTTLED },
    { 400, NULL,                  "balance",             CLOUD_EBALANCE },
    { 400, NULL,                  "余额",                CLOUD_EBALANCE },
    { 400, NULL,                  "sold out",            CLOUD_ESOLDOUT },
    { 400, NULL,                  "out of stock",        CLOUD_ESOLDOUT },
    { 400, NULL,                  "售罄",                CLOUD_ESOLDOUT },
    { 0,   "INVALID_ARGUMENT",    NULL,                  CLOUD_EINVAL },
    { 0,   "FAILED_PRECONDITION", NULL,                  CLOUD_ESTATE },
    { 0,   "OUT_OF_RANGE",        NULL,                  CLOUD_EINVAL },
    { 0,   "UNAUTHENTICATED",     NULL,                  CLOUD_EAUTH },
    { 0,   "ACCESS_ERROR",        NULL,                  CLOUD_EAUTH },
    { 0,   "HTTP_FORBIDDEN",      NULL,                  CLOUD_EDENIED },
    /* deleteInstance before billing has a record of the instance; it works later */
    { 0,   "PERMISSION_DENIED",   "no charged resource", CLOUD_ESTATE },
    { 0,   "PERMISSION_DENIED",   NULL,                  CLOUD_EDENIED },
    { 0,   "NOT_FOUND",           NULL,                  CLOUD_ENOTFOUND },
    { 0,   "ABORTED",             NULL,                  CLOUD_ECONFLICT },
    { 0,   "ALREADY_EXISTS",      NULL,                  CLOUD_ECONFLICT },
    { 0,   "CANCELLED",           NULL,                  CLOUD_EVENDOR },
    { 0,   "UNKNOWN",             NULL,                  CLOUD_EVENDOR },
    { 0,   "INTERNAL",            NULL,                  CLOUD_EVENDOR },
    { 0,   "INNER_ERROR",         NULL,                  CLOUD_EVENDOR }, /* billing's */
    { 0,   "NOT_IMPLEMENTED",     NULL,                  CLOUD_EUNSUPPORTED },
    { 0,   "SOURCE_UNAVAILABLE",  NULL,                  CLOUD_EVENDOR },
    { 0,   "UNAVAILABLE",         NULL,                  CLOUD_EVENDOR },
    { 501, NULL,                  NULL,                  CLOUD_EUNSUPPORTED },
    { 0 }
};
/* clang-format on */
