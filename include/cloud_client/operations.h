/* SPDX-License-Identifier: Apache-2.0 */
/* The list of operations. It says what each operation is called, does and needs. */
#ifndef CLOUD_CLIENT_OPERATIONS_H
#define CLOUD_CLIENT_OPERATIONS_H

#include "api.h"

#ifdef __cplusplus
extern "C" {
#endif

/**
 * Every operation. The first fifteen are the common interface of the marketplace; the others are
 * inventory, tasks and the vendor's own actions. cloud_op_info() describes each.
 */
enum cloud_op {
    CLOUD_OP_START_INSTANCE,
    CLOUD_OP_STOP_INSTANCE,
    CLOUD_OP_REBOOT_INSTANCE,
    CLOUD_OP_MODIFY_INSTANCE_PASSWD,
    CLOUD_OP_DESCRIBE_PRICE,
    CLOUD_OP_DESCRIBE_RENEW_PRICE,
    CLOUD_OP_DESCRIBE_UPGRADE_PRICE,
    CLOUD_OP_CREATE_INSTANCE,
    CLOUD_OP_CREATE_INSTANCE_DRY_RUN,
    CLOUD_OP_RENEW_INSTANCE,
    CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL,
    CLOUD_OP_DESCRIBE_REGIONS,
    CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION,
    CLOUD_OP_UPGRADE_INSTANCE,
    CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE,
    CLOUD_OP_DESCRIBE_INSTANCES,
    CLOUD_OP_DESCRIBE_INSTANCE,
    CLOUD_OP_DELETE_INSTANCE,
    CLOUD_OP_DESCRIBE_DISKS,
    CLOUD_OP_DESCRIBE_INSTANCE_TYPES,
    CLOUD_OP_DESCRIBE_IMAGES,
    CLOUD_OP_DESCRIBE_TASK,
    CLOUD_OP_INVOKE,
    CLOUD_OP__COUNT
};

/** The effect of an operation at the vendor. It decides what may be repeated after a failure. */
enum cloud_effect {
    CLOUD_READS,   /* changes nothing; repeated freely */
    CLOUD_CHANGES, /* repeated only when the first request certainly did not arrive or was refused
                      unprocessed */
    CLOUD_SPENDS   /* as CLOUD_CHANGES, and costs money */
};

/** One row of the list of operations. Its strings are static and never NULL. */
struct cloud_op_info {
    enum cloud_op op;
    const char *name;    /* "describe_renew_price": the function without "cloud_" */
    const char *word;    /* "renew-price": the command of cloudctl */
    const char *summary; /* one line without a full stop */
    enum cloud_effect effect;
    uint64_t required; /* bit (1 << enum cloud_param) of each parameter that must be given */
    uint64_t optional; /* and of each parameter that may be given */
};

/** The row of an operation; NULL when there is no such operation. Static. */
CLOUD_API const struct cloud_op_info *cloud_op_info(enum cloud_op op);

/**
 * Finds an operation by its command ("renew-price") or name ("describe_renew_price"); NULL when
 * there is none. Static.
 */
CLOUD_API const struct cloud_op_info *cloud_op_find(const char *word_or_name);

#ifdef __cplusplus
}
#endif

#endif
