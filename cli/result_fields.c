/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the members of every result, and which of them are columns of a table. result_values.c
 * reads them.
 */
#include "cli/result_fields.h"

#include <string.h>

#define COL CTL_COLUMN
#define CUT (CTL_COLUMN | CTL_CUT)
#define RIGHT (CTL_COLUMN | CTL_RIGHT)
#define WRAP (CTL_COLUMN | CTL_WRAP)
#define MINOR (CTL_COLUMN | CTL_MINOR)

/* clang-format off */
#define T struct cloud_disk
static const struct ctl_field disk_fields[] = {
    CTL_F_TEXT(T, id, COL),
    CTL_F_TEXT(T, name, CUT),
    CTL_FIELD(T, state, CTL_DISK_STATE, enum cloud_disk_state, COL),
    CTL_F_TEXT(T, vendor_state, 0),
    CTL_F_TEXT(T, state_reason, 0),
    CTL_F_TEXT(T, type, COL),
    CTL_F_INT(T, size_gb, RIGHT),
    CTL_F_INT(T, iops, 0),
    CTL_F_TEXT(T, role, MINOR),
    CTL_F_TEXT(T, device, 0),
    CTL_F_TEXT(T, zone, MINOR),
    CTL_F_TEXT(T, instance_id, COL),
    CTL_FIELD(T, charge_mode, CTL_CHARGE_MODE, enum cloud_charge_mode, 0),
    CTL_FIELD(T, billing_state, CTL_BILLING_STATE, enum cloud_billing_state, 0),
    CTL_F_TEXT(T, vendor_billing_state, 0),
    CTL_F_TIME(T, created_at, 0),
    CTL_F_TIME(T, expires_at, 0),
    CTL_F_FLAG(T, delete_with_instance, 0),
    CTL_F_FLAG(T, shared, 0),
    CTL_F_FLAG(T, encrypted, 0),
    CTL_F_TEXT(T, snapshot_id, 0),
    CTL_F_TEXT(T, description, 0),
    { 0 }
};
static const struct ctl_type disk_type = { "disks", sizeof(T), disk_fields };
#undef T

#define T struct cloud_tag
static const struct ctl_field tag_fields[] = {
    CTL_F_TEXT(T, key, COL),
    CTL_F_TEXT(T, value, COL),
    { 0 }
};
static const struct ctl_type tag_type = { "tags", sizeof(T), tag_fields };
#undef T

#define T struct cloud_instance
static const struct ctl_field instance_fields[] = {
    CTL_F_TEXT(T, id, COL),
    CTL_F_TEXT(T, name, CUT),
    CTL_FIELD(T, state, CTL_INSTANCE_STATE, enum cloud_instance_state, COL),
    CTL_F_TEXT(T, vendor_state, 0),
    CTL_F_TEXT(T, state_reason, 0),
    CTL_FIELD(T, billing_state, CTL_BILLING_STATE, enum cloud_billing_state, 0),
    CTL_F_TEXT(T, vendor_billing_state, 0),
    CTL_FIELD(T, charge_mode, CTL_CHARGE_MODE, enum cloud_charge_mode, MINOR),
    CTL_F_TEXT(T, vendor_charge_mode, 0),
    CTL_F_TIME(T, created_at, 0),
    CTL_F_TIME(T, expires_at, COL),
    CTL_F_TIME(T, released_at, 0),
    CTL_F_FLAG(T, auto_renew, 0),
    CTL_F_TEXT(T, region, 0),
    CTL_F_TEXT(T, zone, MINOR),
    CTL_F_TEXT(T, instance_type, COL),
    CTL_F_TEXT(T, family, 0),
    CTL_F_INT(T, cpu, RIGHT | CTL_MINOR),
    CTL_F_INT(T, memory_mb, RIGHT | CTL_MINOR),
    CTL_F_INT(T, gpu, 0),
    CTL_F_TEXT(T, image_id, 0),
    CTL_F_TEXT(T, image_name, 0),
    CTL_F_TEXT(T, os_type, 0),
    CTL_F_TEXT(T, os_version, 0),
    CTL_F_TEXT(T, hostname, 0),
    CTL_F_TEXT(T, description, 0),
    CTL_F_TEXT(T, vpc_id, 0),
    CTL_F_TEXT(T, subnet_id, 0),
    CTL_F_TEXT(T, private_ip, COL),
    CTL_F_TEXT(T, public_ip, MINOR),
    CTL_F_TEXT(T, public_ip_id, 0),
    CTL_F_FLAG(T, stop_charging, 0),
    CTL_F_OBJECT(T, system_disk, struct cloud_disk, disk_type),
    CTL_F_LIST(T, data_disks, struct cloud_disk, data_disk_count, disk_type, 0),
    CTL_F_TEXTS(T, key_names, key_name_count),
    CTL_F_TEXTS(T, security_group_ids, security_group_count),
    CTL_F_LIST(T, tags, struct cloud_tag, tag_count, tag_type, 0),
    { 0 }
};
const struct ctl_type ctl_instance_type = { "instances", sizeof(T), instance_fields };
#undef T

#define T struct cloud_zone
static const struct ctl_field zone_fields[] = {
    CTL_F_TEXT(T, id, COL),
    CTL_F_TEXT(T, name, CUT),
    CTL_FIELD(T, stock, CTL_STOCK, enum cloud_stock, COL),
    { 0 }
};
static const struct ctl_type zone_type = { "zones", sizeof(T), zone_fields };
#undef T

#define T struct cloud_region
static const struct ctl_field region_fields[] = {
    CTL_F_TEXT(T, id, COL),
    CTL_F_TEXT(T, name, CUT),
    CTL_F_LIST(T, zones, struct cloud_zone, zone_count, zone_type, WRAP),
    { 0 }
};
static const struct ctl_type region_type = { "regions", sizeof(T), region_fields };
#undef T

#define T struct cloud_instance_type
static const struct ctl_field type_fields[] = {
    CTL_F_TEXT(T, instance_type, COL),
    CTL_F_TEXT(T, family, COL),
    CTL_F_INT(T, cpu, RIGHT),
    CTL_F_INT(T, memory_mb, RIGHT),
    CTL_F_INT(T, gpu, RIGHT),
    CTL_F_TEXT(T, gpu_type, 0),
    CTL_F_TEXT(T, architecture, 0),
    CTL_F_TEXT(T, description, 0),
    CTL_F_INT(T, generation, 0),
    CTL_F_INT(T, nic_limit, 0),
    CTL_F_INT(T, disk_limit, 0),
    CTL_F_LIST(T, zones, struct cloud_zone, zone_count, zone_type, WRAP),
    { 0 }
};
static const struct ctl_type type_type = { "instance types", sizeof(T), type_fields };
#undef T

#define T struct cloud_disk_range
static const struct ctl_field range_fields[] = {
    CTL_F_TEXT(T, type, COL),
    CTL_F_TEXT(T, role, COL),
    CTL_F_INT(T, min_gb, RIGHT),
    CTL_F_INT(T, max_gb, RIGHT),
    CTL_F_INT(T, step_gb, RIGHT),
    { 0 }
};
static const struct ctl_type range_type = { "disk sizes", sizeof(T), range_fields };
#undef T

#define T struct cloud_image
static const struct ctl_field image_fields[] = {
    CTL_F_TEXT(T, id, COL),
    CTL_F_TEXT(T, name, CUT),
    CTL_FIELD(T, state, CTL_IMAGE_STATE, enum cloud_image_state, COL),
    CTL_F_TEXT(T, vendor_state, 0),
    CTL_F_TEXT(T, source, MINOR),
    CTL_F_TEXT(T, os_type, MINOR),
    CTL_F_TEXT(T, platform, 0),
    CTL_F_TEXT(T, os_version, MINOR),
    CTL_F_TEXT(T, architecture, 0),
    CTL_F_INT(T, min_disk_gb, RIGHT | CTL_MINOR),
    CTL_F_TEXT(T, root_device, 0),
    CTL_F_TEXT(T, zone, 0),
    CTL_F_TEXT(T, description, 0),
    CTL_F_TIME(T, created_at, 0),
    { 0 }
};
static const struct ctl_type image_type = { "images", sizeof(T), image_fields };
#undef T

#define T struct cloud_price
static const struct ctl_field price_fields[] = {
    CTL_F_MONEY(T, total, RIGHT),
    CTL_F_MONEY(T, list, RIGHT),
    CTL_F_MONEY(T, refund, RIGHT),
    CTL_F_PERIOD(T, period, COL),
    CTL_FIELD(T, source, CTL_PRICE_SOURCE, enum cloud_price_source, COL),
    CTL_F_TEXT(T, covers, WRAP),
    CTL_F_TIME(T, valid_until, COL),
    { 0 }
};
const struct ctl_type ctl_price_type = { "prices", sizeof(T), price_fields };
#undef T

#define T struct cloud_console
static const struct ctl_field console_fields[] = {
    CTL_F_TEXT(T, url, COL),
    CTL_F_TIME(T, expires_at, COL),
    { 0 }
};
static const struct ctl_type console_type = { "consoles", sizeof(T), console_fields };
#undef T

#define T struct cloud_task
static const struct ctl_field task_fields[] = {
    CTL_F_TEXT(T, id, COL),
    CTL_FIELD(T, state, CTL_TASK_STATE, enum cloud_task_state, COL),
    CTL_F_TEXT(T, vendor_state, 0),
    CTL_F_TEXT(T, reason, WRAP),
    CTL_F_TEXTS(T, resource_ids, resource_id_count),
    CTL_F_TIME(T, created_at, COL),
    CTL_F_TIME(T, ended_at, COL),
    { 0 }
};
static const struct ctl_type task_type = { "tasks", sizeof(T), task_fields };
#undef T

#define T struct cloud_check
static const struct ctl_field check_fields[] = {
    CTL_F_TEXT(T, name, COL),
    CTL_F_BOOL(T, real, COL),
    CTL_FIELD(T, passed, CTL_PASSED, bool, COL),
    CTL_F_TEXT(T, message, WRAP),
    { 0 }
};
static const struct ctl_type check_type = { "checks", sizeof(T), check_fields };
#undef T

#define T struct cloud_result
static const struct ctl_field result_fields[] = {
    CTL_FIELD(T, op, CTL_OP, enum cloud_op, 0),
    CTL_F_TEXT(T, request_id, 0),
    CTL_F_TEXT(T, task_id, 0),
    CTL_F_TEXT(T, order_id, 0),
    CTL_F_TEXTS(T, ids, id_count),
    CTL_F_LIST(T, instances, struct cloud_instance, instance_count, ctl_instance_type, 0),
    CTL_F_LIST(T, disks, struct cloud_disk, disk_count, disk_type, 0),
    CTL_F_LIST(T, types, struct cloud_instance_type, type_count, type_type, 0),
    CTL_F_LIST(T, disk_ranges, struct cloud_disk_range, disk_range_count, range_type, 0),
    CTL_F_LIST(T, images, struct cloud_image, image_count, image_type, 0),
    CTL_F_LIST(T, regions, struct cloud_region, region_count, region_type, 0),
    CTL_F_OBJECT(T, price, struct cloud_price, ctl_price_type),
    CTL_F_OBJECT(T, console, struct cloud_console, console_type),
    CTL_F_OBJECT(T, task, struct cloud_task, task_type),
    CTL_F_LIST(T, checks, struct cloud_check, check_count, check_type, 0),
    CTL_FIELD(T, json, CTL_DATA, const char *, 0),
    CTL_F_TEXT(T, vendor_code, CTL_IF_SET),
    CTL_F_TEXT(T, vendor_message, CTL_IF_SET),
    CTL_FIELD(T, reply, CTL_DATA, const char *, CTL_IF_SET),
    { 0 }
};
const struct ctl_type ctl_result_type = { "results", sizeof(T), result_fields };
#undef T

#define T struct cloud_error
static const struct ctl_field error_fields[] = {
    CTL_FIELD(T, code, CTL_CODE, int, COL),
    CTL_F_CHARS(T, message, WRAP),
    CTL_FIELD(T, outcome, CTL_OUTCOME, enum cloud_outcome, 0),
    CTL_F_CHARS(T, parameter, 0),
    CTL_F_CHARS(T, vendor_code, 0),
    CTL_F_CHARS(T, request_id, 0),
    CTL_F_INT(T, http_status, 0),
    CTL_F_INT(T, retry_after_ms, 0),
    { 0 }
};
const struct ctl_type ctl_error_type = { "errors", sizeof(T), error_fields };
#undef T

/* The members that each operation returns, as the public header says at each function. */
static const struct {
    enum cloud_op op;
    const char *members[2];
} answers[] = {
    { CLOUD_OP_DESCRIBE_PRICE,                  { "price" } },
    { CLOUD_OP_DESCRIBE_RENEW_PRICE,            { "price" } },
    { CLOUD_OP_DESCRIBE_UPGRADE_PRICE,          { "price" } },
    { CLOUD_OP_CREATE_INSTANCE_DRY_RUN,         { "checks" } },
    { CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL,       { "console" } },
    { CLOUD_OP_DESCRIBE_REGIONS,                { "regions" } },
    { CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION, { "types", "disk_ranges" } },
    { CLOUD_OP_DESCRIBE_INSTANCES,              { "instances" } },
    { CLOUD_OP_DESCRIBE_INSTANCE,               { "instances" } },
    { CLOUD_OP_DESCRIBE_DISKS,                  { "disks" } },
    { CLOUD_OP_DESCRIBE_INSTANCE_TYPES,         { "types" } },
    { CLOUD_OP_DESCRIBE_IMAGES,                 { "images" } },
    { CLOUD_OP_DESCRIBE_TASK,                   { "task", "instances" } },
    { CLOUD_OP_INVOKE,                          { "json" } },
};
/* clang-format on */

size_t ctl_result_types(enum cloud_op op, const struct ctl_type *ret[2])
{
    size_t count = 0;

    for (const struct ctl_field *field = ctl_result_type.fields; field->name; field++)
        if (field->type && ctl_result_has(op, field))
            ret[count++] = field->type;
    return count;
}

bool ctl_result_has(enum cloud_op op, const struct ctl_field *field)
{
    for (size_t i = 0; i < CTL_COUNT(answers); i++)
        for (size_t j = 0; answers[i].op == op && j < 2 && answers[i].members[j]; j++)
            if (strcmp(answers[i].members[j], field->name) == 0)
                return true;
    return false;
}
