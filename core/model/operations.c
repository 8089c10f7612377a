/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the operations, once: functions, commands, the support matrix, bindings and tests derive
 * from this table.
 */
#include "core/model/operations.h"

#include <string.h>

#include "core/model/provider.h"

#define ID CC_BIT(INSTANCE_ID)
#define SIZE \
    (CC_BIT(INSTANCE_TYPE) | CC_BIT(FAMILY) | CC_BIT(CPU) | CC_BIT(MEMORY_GB) | CC_BIT(GPU))
#define SYSTEM_DISK (CC_BIT(SYSTEM_DISK_TYPE) | CC_BIT(SYSTEM_DISK_GB))
/* everything that a price depends on */
#define PRICED \
    (SIZE | SYSTEM_DISK | CC_BIT(DATA_DISKS) | CC_BIT(ZONE) | CC_BIT(IMAGE_ID) | \
     CC_BIT(PUBLIC_MBPS) | CC_BIT(COUNT) | CC_BIT(CHARGE_MODE) | CC_BIT(PERIOD) | \
     CC_BIT(TO_MONTH_END) | CC_BIT(AUTO_RENEW))
#define BOUGHT \
    (PRICED | CC_BIT(NAME) | CC_BIT(DESCRIPTION) | CC_BIT(VPC_ID) | CC_BIT(SUBNET_ID) | \
     CC_BIT(SECURITY_GROUP_ID) | CC_BIT(PASSWORD) | CC_BIT(KEY_NAME) | CC_BIT(OPERATION_KEY))
#define CHANGED (SIZE | CC_BIT(SYSTEM_DISK_GB) | CC_BIT(EXPIRES_AT))
#define GUARDED (CC_BIT(OPERATION_KEY) | CC_BIT(MAX_CHARGE))

/* clang-format off */
#define OP(OP_, name_, word_, effect_, required_, optional_, summary_) \
    [CLOUD_OP_##OP_] = { .op = CLOUD_OP_##OP_, .name = name_, .word = word_, .effect = effect_, \
                         .required = required_, .optional = optional_, .summary = summary_ }

static const struct cloud_op_info ops[] = {
    OP(START_INSTANCE, "start_instance", "start", CLOUD_CHANGES, ID, 0,
       "Start an instance"),
    OP(STOP_INSTANCE, "stop_instance", "stop", CLOUD_CHANGES,
       ID, CC_BIT(FORCE) | CC_BIT(STOP_CHARGING),
       "Stop an instance"),
    OP(REBOOT_INSTANCE, "reboot_instance", "reboot", CLOUD_CHANGES, ID, 0,
       "Restart an instance"),
    OP(MODIFY_INSTANCE_PASSWD, "modify_instance_passwd", "passwd", CLOUD_CHANGES,
       ID | CC_BIT(PASSWORD), 0,
       "Set the administrator's password"),
    OP(DESCRIBE_PRICE, "describe_price", "price", CLOUD_READS, 0, PRICED | CC_BIT(PRICE_SOURCE),
       "Price of buying this"),
    OP(DESCRIBE_RENEW_PRICE, "describe_renew_price", "renew-price", CLOUD_READS,
       ID | CC_BIT(PERIOD), CC_BIT(PRICE_SOURCE),
       "Price of renewing this instance"),
    OP(DESCRIBE_UPGRADE_PRICE, "describe_upgrade_price", "upgrade-price", CLOUD_READS,
       ID, CHANGED | CC_BIT(PRICE_SOURCE),
       "Price of changing an instance, for the rest of its term"),
    OP(CREATE_INSTANCE, "create_instance", "create", CLOUD_SPENDS, 0, BOUGHT | CC_BIT(MAX_CHARGE),
       "Buy an instance"),
    OP(CREATE_INSTANCE_DRY_RUN, "create_instance_dry_run", "check", CLOUD_READS, 0, BOUGHT,
       "Check a purchase without buying, and report which checks asked the vendor"),
    OP(RENEW_INSTANCE, "renew_instance", "renew", CLOUD_SPENDS,
       ID | CC_BIT(PERIOD), GUARDED | CC_BIT(IF_EXPIRY),
       "Extend the term of an instance"),
    OP(DESCRIBE_INSTANCE_VNC_URL, "describe_instance_vnc_url", "vnc", CLOUD_READS, ID, 0,
       "Console address, and when it expires"),
    OP(DESCRIBE_REGIONS, "describe_regions", "regions", CLOUD_READS, 0, 0,
       "Regions and their zones"),
    OP(DESCRIBE_RESOURCES_MODIFICATION, "describe_resources_modification", "upgrade-options",
       CLOUD_READS, ID, CC_BIT(RESOURCE),
       "Sizes that this instance, or its system disk, can be changed to"),
    OP(UPGRADE_INSTANCE, "upgrade_instance", "upgrade", CLOUD_SPENDS, ID, CHANGED | GUARDED,
       "Change the size or the system disk"),
    OP(MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, "modify_instance_auto_renew_attribute", "auto-renew",
       CLOUD_SPENDS, ID | CC_BIT(AUTO_RENEW), CC_BIT(PERIOD) | CC_BIT(OPERATION_KEY),
       "Turn the vendor's automatic renewal on or off"),
    OP(DESCRIBE_INSTANCES, "describe_instances", "list", CLOUD_READS,
       0, CC_BIT(NAME) | CC_BIT(ZONE),
       "All instances"),
    OP(DESCRIBE_INSTANCE, "describe_instance", "show", CLOUD_READS, ID, 0,
       "One instance"),
    OP(DELETE_INSTANCE, "delete_instance", "delete", CLOUD_CHANGES, ID, 0,
       "Delete an instance"),
    OP(DESCRIBE_DISKS, "describe_disks", "disks", CLOUD_READS, 0, ID | CC_BIT(ZONE),
       "Disks, of one instance or of all"),
    OP(DESCRIBE_INSTANCE_TYPES, "describe_instance_types", "types", CLOUD_READS,
       0, CC_BIT(ZONE) | CC_BIT(FAMILY),
       "Sizes for sale"),
    OP(DESCRIBE_IMAGES, "describe_images", "images", CLOUD_READS,
       0, CC_BIT(ZONE) | CC_BIT(IMAGE_SOURCE) | CC_BIT(IMAGE_ID),
       "Images to install"),
    OP(DESCRIBE_TASK, "describe_task", "wait", CLOUD_READS, 0, CC_BIT(TASK_ID) | ID,
       "Wait for asynchronous work to end"),
    OP(INVOKE, "invoke", "invoke", CLOUD_SPENDS,
       CC_BIT(ACTION), CC_BIT(PARAMETERS) | CC_BIT(OPERATION_KEY),
       "Any action of the vendor, by the vendor's name"),
};
/* clang-format on */
_Static_assert(CC_COUNT(ops) == CLOUD_OP__COUNT, "a row for every operation");
_Static_assert(CLOUD_PARAM__COUNT <= 64, "a bit for every parameter");

const struct cloud_op_info *cloud_op_info(enum cloud_op op)
{
    return (unsigned)op < CLOUD_OP__COUNT ? &ops[op] : NULL;
}

bool cc_name_equal(const char *a, const char *b)
{
    for (; *a && *b; a++, b++) {
        if (*a != *b && !((*a == '-' || *a == '_') && (*b == '-' || *b == '_')))
            return false;
    }
    return *a == *b;
}

const struct cloud_op_info *cloud_op_find(const char *word_or_name)
{
    for (size_t i = 0; word_or_name && i < CC_COUNT(ops); i++) {
        if (cc_name_equal(word_or_name, ops[i].word) || cc_name_equal(word_or_name, ops[i].name))
            return &ops[i];
    }
    return NULL;
}
