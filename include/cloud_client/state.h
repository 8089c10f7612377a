/* SPDX-License-Identifier: Apache-2.0 */
/* Normalised states, charge modes and flags: their names, and what a state allows. */
#ifndef CLOUD_CLIENT_STATE_H
#define CLOUD_CLIENT_STATE_H

#include "operations.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * The normalised states of an instance. The vendor's own state is always next to it
 * (vendor_state).
 */
enum cloud_instance_state {
    CLOUD_STATE_UNKNOWN =
        0, /* a vendor state that is not in the state map: never an error, never a guess */
    CLOUD_STATE_CREATING,
    CLOUD_STATE_RUNNING,
    CLOUD_STATE_STARTING,
    CLOUD_STATE_STOPPING,
    CLOUD_STATE_STOPPED,
    CLOUD_STATE_REBOOTING,
    CLOUD_STATE_UPDATING, /* size, password, image or disks are being changed */
    CLOUD_STATE_DELETING,
    CLOUD_STATE_DELETED,
    CLOUD_STATE_ERROR,
    CLOUD_STATE_EXPIRED, /* the vendor keeps it, but it is unusable until it is paid */
    CLOUD_STATE__COUNT
};

/** The normalised states of a disk. */
enum cloud_disk_state {
    CLOUD_DISK_UNKNOWN = 0,
    CLOUD_DISK_CREATING,
    CLOUD_DISK_AVAILABLE,
    CLOUD_DISK_ATTACHING,
    CLOUD_DISK_IN_USE,
    CLOUD_DISK_DETACHING,
    CLOUD_DISK_UPDATING,
    CLOUD_DISK_SNAPSHOTTING,
    CLOUD_DISK_DELETING,
    CLOUD_DISK_DELETED,
    CLOUD_DISK_ERROR,
    CLOUD_DISK_EXPIRED,
    CLOUD_DISK__COUNT
};

/** The normalised states of an image. */
enum cloud_image_state {
    CLOUD_IMAGE_UNKNOWN = 0,
    CLOUD_IMAGE_CREATING,
    CLOUD_IMAGE_AVAILABLE,
    CLOUD_IMAGE_DELETING,
    CLOUD_IMAGE_ERROR,
    CLOUD_IMAGE__COUNT
};

/** The normalised states of a task. */
enum cloud_task_state {
    CLOUD_TASK_UNKNOWN = 0,
    CLOUD_TASK_PENDING,
    CLOUD_TASK_RUNNING,
    CLOUD_TASK_SUCCEEDED,
    CLOUD_TASK_FAILED,
    CLOUD_TASK__COUNT
};

/** Whether something is paid. */
enum cloud_billing_state {
    CLOUD_BILLING_UNKNOWN = 0,
    CLOUD_BILLING_ACTIVE,
    CLOUD_BILLING_OVERDUE,  /* prepaid and expired */
    CLOUD_BILLING_ARREARS,  /* on demand and not paid */
    CLOUD_BILLING_EXPIRED,  /* its term has ended; the vendor keeps it for a while */
    CLOUD_BILLING_RELEASED, /* the vendor has taken it back */
    CLOUD_BILLING__COUNT
};

/** How something is paid. */
enum cloud_charge_mode {
    CLOUD_CHARGE_UNKNOWN =
        0, /* as a parameter: the default, prepaid when a period is given, else on demand */
    CLOUD_CHARGE_PREPAID,  /* a period is paid in advance */
    CLOUD_CHARGE_POSTPAID, /* on demand */
    CLOUD_CHARGE_SPOT,
    CLOUD_CHARGE__COUNT
};

/** Yes, no, or not given. */
enum cloud_flag { CLOUD_UNSET = 0, CLOUD_NO, CLOUD_YES };

/** Whether an instance type can be bought in a zone. */
enum cloud_stock { CLOUD_STOCK_UNKNOWN = 0, CLOUD_STOCK_AVAILABLE, CLOUD_STOCK_SOLD_OUT };

/**
 * Names in lower case with underscores ("in_use"); "unknown" for 0; NULL for any other number.
 * Static.
 */
CLOUD_API const char *cloud_instance_state_name(enum cloud_instance_state state);
CLOUD_API const char *cloud_disk_state_name(enum cloud_disk_state state);
CLOUD_API const char *cloud_image_state_name(enum cloud_image_state state);
CLOUD_API const char *cloud_task_state_name(enum cloud_task_state state);
CLOUD_API const char *cloud_billing_state_name(enum cloud_billing_state state);
CLOUD_API const char *cloud_charge_mode_name(enum cloud_charge_mode mode);
CLOUD_API const char *cloud_stock_name(enum cloud_stock stock);

/**
 * True when no work is in progress, so the state does not change by itself. CLOUD_STATE_UNKNOWN is
 * not settled.
 */
CLOUD_API bool cloud_state_is_settled(enum cloud_instance_state state);
/**
 * True when the state allows @op. An operation that needs no particular state is always allowed;
 * CLOUD_STATE_UNKNOWN allows only those. False for numbers that are no state or no operation.
 */
CLOUD_API bool cloud_state_can(enum cloud_instance_state state, enum cloud_op op);
/** cloud_state_can() of the three power operations. */
CLOUD_API bool cloud_state_can_start(enum cloud_instance_state state);
CLOUD_API bool cloud_state_can_stop(enum cloud_instance_state state);
CLOUD_API bool cloud_state_can_reboot(enum cloud_instance_state state);
/** As cloud_state_is_settled(), for disks. */
CLOUD_API bool cloud_disk_state_is_settled(enum cloud_disk_state state);

#ifdef __cplusplus
}
#endif

#endif
