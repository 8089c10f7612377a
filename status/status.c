/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Holds the normalised states: their names, which are settled, and which allow an operation. The
 * state maps from vendor states are in providers/.
 */
#include "include/cloud_client.h"

#define CC_COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const char *const instance_names[] = {
    [CLOUD_STATE_UNKNOWN] = "unknown",     [CLOUD_STATE_CREATING] = "creating",
    [CLOUD_STATE_RUNNING] = "running",     [CLOUD_STATE_STARTING] = "starting",
    [CLOUD_STATE_STOPPING] = "stopping",   [CLOUD_STATE_STOPPED] = "stopped",
    [CLOUD_STATE_REBOOTING] = "rebooting", [CLOUD_STATE_UPDATING] = "updating",
    [CLOUD_STATE_DELETING] = "deleting",   [CLOUD_STATE_DELETED] = "deleted",
    [CLOUD_STATE_ERROR] = "error",         [CLOUD_STATE_EXPIRED] = "expired",
};
static const char *const disk_names[] = {
    [CLOUD_DISK_UNKNOWN] = "unknown",     [CLOUD_DISK_CREATING] = "creating",
    [CLOUD_DISK_AVAILABLE] = "available", [CLOUD_DISK_ATTACHING] = "attaching",
    [CLOUD_DISK_IN_USE] = "in_use",       [CLOUD_DISK_DETACHING] = "detaching",
    [CLOUD_DISK_UPDATING] = "updating",   [CLOUD_DISK_SNAPSHOTTING] = "snapshotting",
    [CLOUD_DISK_DELETING] = "deleting",   [CLOUD_DISK_DELETED] = "deleted",
    [CLOUD_DISK_ERROR] = "error",         [CLOUD_DISK_EXPIRED] = "expired",
};
static const char *const image_names[] = {
    [CLOUD_IMAGE_UNKNOWN] = "unknown",     [CLOUD_IMAGE_CREATING] = "creating",
    [CLOUD_IMAGE_AVAILABLE] = "available", [CLOUD_IMAGE_DELETING] = "deleting",
    [CLOUD_IMAGE_ERROR] = "error",
};
static const char *const task_names[] = {
    [CLOUD_TASK_UNKNOWN] = "unknown", [CLOUD_TASK_PENDING] = "pending",
    [CLOUD_TASK_RUNNING] = "running", [CLOUD_TASK_SUCCEEDED] = "succeeded",
    [CLOUD_TASK_FAILED] = "failed",
};
static const char *const billing_names[] = {
    [CLOUD_BILLING_UNKNOWN] = "unknown", [CLOUD_BILLING_ACTIVE] = "active",
    [CLOUD_BILLING_OVERDUE] = "overdue", [CLOUD_BILLING_ARREARS] = "arrears",
    [CLOUD_BILLING_EXPIRED] = "expired", [CLOUD_BILLING_RELEASED] = "released",
};
static const char *const charge_names[] = {
    [CLOUD_CHARGE_UNKNOWN] = "unknown",
    [CLOUD_CHARGE_PREPAID] = "prepaid",
    [CLOUD_CHARGE_POSTPAID] = "postpaid",
    [CLOUD_CHARGE_SPOT] = "spot",
};
static const char *const stock_names[] = {
    [CLOUD_STOCK_UNKNOWN] = "unknown",
    [CLOUD_STOCK_AVAILABLE] = "available",
    [CLOUD_STOCK_SOLD_OUT] = "sold_out",
};
static const char *const source_names[] = {
    [CLOUD_PRICE_ANY] = "any",
    [CLOUD_PRICE_VENDOR] = "vendor",
    [CLOUD_PRICE_BOOK] = "price_book",
    [CLOUD_PRICE_COMPUTED] = "derived",
};
_Static_assert(CC_COUNT(instance_names) == CLOUD_STATE__COUNT, "a name for every state");
_Static_assert(CC_COUNT(disk_names) == CLOUD_DISK__COUNT, "a name for every state");
_Static_assert(CC_COUNT(image_names) == CLOUD_IMAGE__COUNT, "a name for every state");
_Static_assert(CC_COUNT(task_names) == CLOUD_TASK__COUNT, "a name for every state");
_Static_assert(CC_COUNT(billing_names) == CLOUD_BILLING__COUNT, "a name for every state");
_Static_assert(CC_COUNT(charge_names) == CLOUD_CHARGE__COUNT, "a name for every mode");

#define NAME_OF(function, type, names) \
    const char *function(type value) \
    { \
        return (size_t)value < CC_COUNT(names) ? (names)[value] : NULL; \
    }
NAME_OF(cloud_instance_state_name, enum cloud_instance_state, instance_names)
NAME_OF(cloud_disk_state_name, enum cloud_disk_state, disk_names)
NAME_OF(cloud_image_state_name, enum cloud_image_state, image_names)
NAME_OF(cloud_task_state_name, enum cloud_task_state, task_names)
NAME_OF(cloud_billing_state_name, enum cloud_billing_state, billing_names)
NAME_OF(cloud_charge_mode_name, enum cloud_charge_mode, charge_names)
NAME_OF(cloud_stock_name, enum cloud_stock, stock_names)
NAME_OF(cloud_price_source_name, enum cloud_price_source, source_names)

#define S(STATE) (1u << CLOUD_STATE_##STATE)
#define ALIVE (S(RUNNING) | S(STOPPED))

/* The states that allow an operation; 0 when every state does. */
static const unsigned allowed[CLOUD_OP__COUNT] = {
    [CLOUD_OP_START_INSTANCE] = S(STOPPED),
    [CLOUD_OP_STOP_INSTANCE] = S(RUNNING),
    [CLOUD_OP_REBOOT_INSTANCE] = S(RUNNING),
    [CLOUD_OP_MODIFY_INSTANCE_PASSWD] = ALIVE,
    [CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL] = S(RUNNING),
    [CLOUD_OP_UPGRADE_INSTANCE] = S(STOPPED),
    [CLOUD_OP_RENEW_INSTANCE] = ALIVE | S(EXPIRED),
    [CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE] = ALIVE,
    [CLOUD_OP_DELETE_INSTANCE] = ALIVE | S(ERROR) | S(EXPIRED),
};

bool cloud_state_can(enum cloud_instance_state state, enum cloud_op op)
{
    if ((unsigned)state >= CLOUD_STATE__COUNT || (unsigned)op >= CLOUD_OP__COUNT)
        return false;
    return !allowed[op] || (allowed[op] >> state & 1);
}

bool cloud_state_is_settled(enum cloud_instance_state state)
{
    const unsigned settled = ALIVE | S(DELETED) | S(ERROR) | S(EXPIRED);

    return (unsigned)state < CLOUD_STATE__COUNT && (settled >> state & 1);
}

bool cloud_state_can_start(enum cloud_instance_state state)
{
    return cloud_state_can(state, CLOUD_OP_START_INSTANCE);
}

bool cloud_state_can_stop(enum cloud_instance_state state)
{
    return cloud_state_can(state, CLOUD_OP_STOP_INSTANCE);
}

bool cloud_state_can_reboot(enum cloud_instance_state state)
{
    return cloud_state_can(state, CLOUD_OP_REBOOT_INSTANCE);
}

bool cloud_disk_state_is_settled(enum cloud_disk_state state)
{
    switch (state) {
    case CLOUD_DISK_AVAILABLE:
    case CLOUD_DISK_IN_USE:
    case CLOUD_DISK_DELETED:
    case CLOUD_DISK_ERROR:
    case CLOUD_DISK_EXPIRED: return true;
    default: return false;
    }
}
