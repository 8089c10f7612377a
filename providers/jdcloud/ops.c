/* SPDX-License-Identifier: Apache-2.0 */
/* What JD Cloud does: a row an operation. What rows cannot say is in hooks.c. */
#include "providers/jdcloud/hooks.h"

#define ACTION(name) .action = &jdcloud_actions[JDCLOUD_##name]

/* clang-format off */
/* ------------------------------------------------------------------------------------------- what answers hold */

/* model "Charge"; times are ISO 8601, UTC */
#define CHARGE(type, at)                                                                                             \
    CC_WORD(type, at "chargeMode", charge_mode, enum cloud_charge_mode, jdcloud_charge_modes),                       \
    CC_WORD(type, at "chargeStatus", billing_state, enum cloud_billing_state, jdcloud_billing_states),               \
    CC_TEXT(type, at "chargeStatus", vendor_billing_state),                                                          \
    CC_TIME(type, at "chargeExpiredTime", expires_at)

/* model "Disk", inside what attaches it or alone */
#define DISK(at)                                                                                                     \
    CC_TEXT(struct cloud_disk, at "diskId", id),                                                                     \
    CC_TEXT(struct cloud_disk, at "name", name),                                                                     \
    CC_TEXT(struct cloud_disk, at "description", description),                                                       \
    CC_TEXT(struct cloud_disk, at "diskType", type),                                                                 \
    CC_NUMBER_INT(struct cloud_disk, at "diskSizeGB", size_gb),                                                      \
    CC_NUMBER_INT(struct cloud_disk, at "iops", iops),                                                               \
    CC_TEXT(struct cloud_disk, at "az", zone),                                                                       \
    CC_WORD(struct cloud_disk, at "status", state, enum cloud_disk_state, jdcloud_disk_states),                      \
    CC_REASON(struct cloud_disk, at "status", state_reason, jdcloud_disk_states),                                    \
    CC_TEXT(struct cloud_disk, at "status", vendor_state),                                                           \
    CC_TEXT(struct cloud_disk, at "snapshotId", snapshot_id),                                                        \
    CC_TIME(struct cloud_disk, at "createTime", created_at),                                                         \
    CC_FLAG(struct cloud_disk, at "multiAttachable", shared),                                                        \
    CC_FLAG(struct cloud_disk, at "encrypted", encrypted),                                                           \
    CHARGE(struct cloud_disk, at "charge.")

/* model "InstanceDiskAttachment": a local disk, or a cloud disk with a state of its own */
static const struct cc_field attached_disk[] = {
    CC_WORD(struct cloud_disk, "status", state, enum cloud_disk_state, jdcloud_attachment_states),
    CC_REASON(struct cloud_disk, "status", state_reason, jdcloud_attachment_states),
    CC_TEXT(struct cloud_disk, "status", vendor_state),
    CC_TEXT(struct cloud_disk, "diskCategory", type),
    CC_NUMBER_INT(struct cloud_disk, "localDisk.diskSizeGB", size_gb),
    CC_TEXT(struct cloud_disk, "deviceName", device),
    CC_FLAG(struct cloud_disk, "autoDelete", delete_with_instance),
    DISK("cloudDisk."),
    { 0 }
};
static const struct cc_list system_disk = { .fields = attached_disk };
static const struct cc_list data_disks = CC_LIST_IN(struct cloud_instance, data_disk_count, struct cloud_disk, attached_disk);

static const struct cc_field tag[] = {
    CC_TEXT(struct cloud_tag, "key", key), CC_TEXT(struct cloud_tag, "value", value), { 0 }
};
static const struct cc_list tags = CC_LIST_IN(struct cloud_instance, tag_count, struct cloud_tag, tag);
static const struct cc_list key_names = CC_STRING_LIST(struct cloud_instance, key_name_count);

/* model "SecurityGroupSimple": only the id is kept */
struct group { const char *id; };
static const struct cc_field group[] = { CC_TEXT_REQUIRED(struct group, "groupId", id), { 0 } };
static const struct cc_list groups = CC_LIST_IN(struct cloud_instance, security_group_count, struct group, group);

/* model "Instance": it has neither cores nor memory; instanceType names them */
static const struct cc_field instance[] = {
    CC_TEXT_REQUIRED(struct cloud_instance, "instanceId", id),
    CC_TEXT(struct cloud_instance, "instanceName", name),
    CC_WORD(struct cloud_instance, "status", state, enum cloud_instance_state, jdcloud_instance_states),
    CC_REASON(struct cloud_instance, "status", state_reason, jdcloud_instance_states),
    CC_TEXT_REQUIRED(struct cloud_instance, "status", vendor_state),
    CC_TEXT(struct cloud_instance, "charge.chargeMode", vendor_charge_mode),
    CHARGE(struct cloud_instance, "charge."),
    CC_TIME(struct cloud_instance, "charge.chargeRetireTime", released_at),
    CC_TIME(struct cloud_instance, "launchTime", created_at),
    CC_TEXT(struct cloud_instance, "az", zone),
    CC_TEXT(struct cloud_instance, "instanceType", instance_type),
    CC_TEXT(struct cloud_instance, "imageId", image_id),
    CC_TEXT(struct cloud_instance, "osType", os_type),
    CC_TEXT(struct cloud_instance, "osVersion", os_version),
    CC_TEXT(struct cloud_instance, "hostname", hostname),
    CC_TEXT(struct cloud_instance, "description", description),
    CC_TEXT(struct cloud_instance, "vpcId", vpc_id),
    CC_TEXT(struct cloud_instance, "subnetId", subnet_id),
    CC_TEXT(struct cloud_instance, "privateIpAddress", private_ip),
    CC_TEXT(struct cloud_instance, "elasticIpAddress", public_ip),
    CC_TEXT(struct cloud_instance, "elasticIpId", public_ip_id),
    { .path = "chargeOnStopped", .kind = CC_FIELD_FLAG, .words = jdcloud_stop_charging,
      .at = CC_AT(struct cloud_instance, stop_charging, enum cloud_flag) },
    CC_INSIDE(struct cloud_instance, "systemDisk", system_disk, &system_disk),
    CC_ARRAY(struct cloud_instance, "dataDisks", data_disks, &data_disks),
    CC_TEXTS(struct cloud_instance, "keyNames", key_names, &key_names),
    CC_ARRAY(struct cloud_instance, "primaryNetworkInterface.networkInterface.securityGroups", security_group_ids, &groups),
    CC_ARRAY(struct cloud_instance, "tags", tags, &tags),
    { 0 }
};
static const struct cc_list instances = CC_LIST_IN(struct cloud_result, instance_count, struct cloud_instance, instance);

/* describeInstance: older pages have the instance itself as the result */
static const struct cc_field found_instance[] = {
    CC_ARRAY_REQUIRED(struct cloud_result, "instance", instances, &instances), { 0 }
};
static const struct cc_field found_instances[] = {
    CC_ARRAY_REQUIRED(struct cloud_result, "instances", instances, &instances), { 0 }
};
static const struct cc_paging instance_pages = {
    .page_param = "pageNumber", .size_param = "pageSize", .size = 100, .total = "totalCount",
    .count_at = offsetof(struct cloud_result, instance_count), .array_at = offsetof(struct cloud_result, instances),
    .element_size = sizeof(struct cloud_instance),
};

/* an attachment names the instance; only a shared disk has several */
static const struct cc_field disk[] = {
    DISK(""),
    CC_TEXT(struct cloud_disk, "attachments.0.instanceId", instance_id),
    { 0 }
};
static const struct cc_list disks = CC_LIST_IN(struct cloud_result, disk_count, struct cloud_disk, disk);
static const struct cc_field found_disks[] = { CC_ARRAY_REQUIRED(struct cloud_result, "disks", disks, &disks), { 0 } };
static const struct cc_field found_disk[] = { CC_ARRAY_REQUIRED(struct cloud_result, "disk", disks, &disks), { 0 } };
static const struct cc_paging disk_pages = {
    .page_param = "pageNumber", .size_param = "pageSize", .size = 100, .total = "totalCount",
    .count_at = offsetof(struct cloud_result, disk_count), .array_at = offsetof(struct cloud_result, disks),
    .element_size = sizeof(struct cloud_disk),
};

/* model "InstanceType"; not paged */
static const struct cc_word stock_words[] = {
    { "true", CLOUD_STOCK_AVAILABLE, NULL }, { "false", CLOUD_STOCK_SOLD_OUT, NULL }, { 0 }
};
static const struct cc_field zone_stock[] = {
    CC_TEXT_REQUIRED(struct cloud_zone, "az", id),
    CC_WORD(struct cloud_zone, "inStock", stock, enum cloud_stock, stock_words),
    { 0 }
};
static const struct cc_list zones_of_type = CC_LIST_IN(struct cloud_instance_type, zone_count, struct cloud_zone, zone_stock);
static const struct cc_field type[] = {
    CC_TEXT_REQUIRED(struct cloud_instance_type, "instanceType", instance_type),
    CC_TEXT(struct cloud_instance_type, "family", family),
    CC_NUMBER_INT(struct cloud_instance_type, "cpu", cpu),
    CC_NUMBER_INT(struct cloud_instance_type, "memoryMB", memory_mb),
    CC_TEXT(struct cloud_instance_type, "architecture", architecture),
    CC_TEXT(struct cloud_instance_type, "desc", description),
    CC_NUMBER_INT(struct cloud_instance_type, "generation", generation),
    CC_NUMBER_INT(struct cloud_instance_type, "nicLimit", nic_limit),
    CC_NUMBER_INT(struct cloud_instance_type, "cloudDiskCountLimit", disk_limit),
    CC_ARRAY(struct cloud_instance_type, "state", zones, &zones_of_type),
    { 0 }
};
static const struct cc_list types = CC_LIST_IN(struct cloud_result, type_count, struct cloud_instance_type, type);
static const struct cc_field found_types[] = { CC_ARRAY_REQUIRED(struct cloud_result, "instanceTypes", types, &types), { 0 } };

/* model "Image" */
static const struct cc_field image[] = {
    CC_TEXT_REQUIRED(struct cloud_image, "imageId", id),
    CC_TEXT(struct cloud_image, "name", name),
    CC_WORD(struct cloud_image, "status", state, enum cloud_image_state, jdcloud_image_states),
    CC_TEXT(struct cloud_image, "status", vendor_state),
    CC_TEXT(struct cloud_image, "imageSource", source),
    CC_TEXT(struct cloud_image, "osType", os_type),
    CC_TEXT(struct cloud_image, "platform", platform),
    CC_TEXT(struct cloud_image, "osVersion", os_version),
    CC_TEXT(struct cloud_image, "architecture", architecture),
    CC_NUMBER_INT(struct cloud_image, "systemDiskSizeGB", min_disk_gb),
    CC_TEXT(struct cloud_image, "rootDeviceType", root_device),
    CC_TEXT(struct cloud_image, "desc", description),
    CC_TIME(struct cloud_image, "createTime", created_at),
    { 0 }
};
static const struct cc_list images = CC_LIST_IN(struct cloud_result, image_count, struct cloud_image, image);
static const struct cc_field found_images[] = { CC_ARRAY_REQUIRED(struct cloud_result, "images", images, &images), { 0 } };
static const struct cc_paging image_pages = {
    .page_param = "pageNumber", .size_param = "pageSize", .size = 100, .total = "totalCount",
    .count_at = offsetof(struct cloud_result, image_count), .array_at = offsetof(struct cloud_result, images),
    .element_size = sizeof(struct cloud_image),
};

static const struct cc_list ids = CC_STRING_LIST(struct cloud_result, id_count);
static const struct cc_field created[] = {
    { .path = "instanceIds", .kind = CC_FIELD_TEXTS, .required = true, .at = CC_AT(struct cloud_result, ids, const char **), .list = &ids },
    { 0 }
};
static const struct cc_field ordered[] = {
    { .path = "orderNumber", .kind = CC_FIELD_TEXT, .required = true, .at = CC_AT(struct cloud_result, order_id, const char *) },
    { 0 }
};
static const struct cc_field console[] = { CC_TEXT_REQUIRED(struct cloud_result, "vncUrl", console.url), { 0 } };

/* discountedTotalPrice is the amount payable, cut to cents */
static const struct cc_field price[] = {
    CC_AMOUNT_REQUIRED(struct cloud_result, "discountedTotalPrice", price.total),
    CC_AMOUNT(struct cloud_result, "totalOriginalPrice|totalPrice", price.list),
    CC_AMOUNT(struct cloud_result, "refundTotalPrice", price.refund),
    { 0 }
};

/* ---------------------------------------------------------------------------------------------- what is sent */

static const struct cc_arg by_id[] = { CC_ARG("instanceId", INSTANCE_ID), { 0 } };

static const struct cc_word stop_words[] = { { "stopCharging", CLOUD_YES, NULL }, { "keepCharging", CLOUD_NO, NULL }, { 0 } };
static const struct cc_arg stop[] = {
    CC_ARG("instanceId", INSTANCE_ID),
    CC_ARG_WORDS("chargeOnStopped", STOP_CHARGING, stop_words, CC_STRING),
    { 0 }
};
static const struct cc_arg passwd[] = { CC_ARG("instanceId", INSTANCE_ID), CC_ARG("password", PASSWORD), { 0 } };

/* model "ChargeSpec": disks follow the instance */
static const struct cc_word charge_words[] = {
    { "prepaid_by_duration", CLOUD_CHARGE_PREPAID, NULL }, { "postpaid_by_duration", CLOUD_CHARGE_POSTPAID, NULL }, { 0 }
};
static const struct cc_word unit_words[] = { { "month", CLOUD_PERIOD_MONTH, NULL }, { "year", CLOUD_PERIOD_YEAR, NULL }, { 0 } };
static const struct cc_arg data_disk[] = {
    CC_ARG_TEXT("diskCategory", "cloud", CC_STRING),
    CC_ARG_TEXT("cloudDiskSpec.name", "data", CC_STRING), /* wanted, and 32 characters at most: an instance's may be longer */
    CC_ARG("cloudDiskSpec.az", ZONE),
    { .path = "cloudDiskSpec.diskType", .disk = CC_DISK_TYPE, .text = JDCLOUD_DISK_TYPE },
    CC_ARG_DISK("cloudDiskSpec.diskSizeGB", CC_DISK_GB),
    { 0 }
};
/* createInstances, model "InstanceSpec"; the token is in the body, as the SDKs send it */
static const struct cc_arg create[] = {
    CC_ARG_CLIENT_TOKEN("clientToken"),
    CC_ARG_DEFAULT("maxCount", COUNT, "1"),
    CC_ARG("instanceSpec.name", NAME),
    CC_ARG("instanceSpec.description", DESCRIPTION),
    CC_ARG("instanceSpec.az", ZONE),
    CC_ARG("instanceSpec.instanceType", INSTANCE_TYPE),
    CC_ARG("instanceSpec.imageId", IMAGE_ID),
    CC_ARG("instanceSpec.password", PASSWORD),
    CC_ARG_IN_LIST("instanceSpec.keyNames", KEY_NAME),
    CC_ARG("instanceSpec.primaryNetworkInterface.networkInterface.subnetId", SUBNET_ID),
    CC_ARG_IN_LIST("instanceSpec.primaryNetworkInterface.networkInterface.securityGroups", SECURITY_GROUP_ID),
    CC_ARG_DISKS("instanceSpec.dataDisks", data_disk),
    CC_ARG_WORDS("instanceSpec.charge.chargeMode", CHARGE_MODE, charge_words, CC_STRING),
    CC_ARG_PERIOD_UNIT("instanceSpec.charge.chargeUnit", unit_words, CC_STRING),
    CC_ARG_PERIOD_COUNT("instanceSpec.charge.chargeDuration"),
    CC_ARG("instanceSpec.charge.autoRenew", AUTO_RENEW),
    CC_ARG("instanceSpec.elasticIp.bandwidthMbps", PUBLIC_MBPS),
    CC_ARG_TEXT_WITH("instanceSpec.elasticIp.provider", "bgp", CC_STRING, PUBLIC_MBPS),
    { 0 }
};

/* renewal: the business line is always "jcloud" [given by neighbouring products, not by renewal itself] */
#define RENEWAL(param, service)                                                                                      \
    CC_ARG_TEXT(param ".appCode", "jcloud", CC_STRING), CC_ARG_TEXT(param ".serviceCode", service, CC_STRING)
static const struct cc_word renewal_units[] = { { "MONTH", CLOUD_PERIOD_MONTH, NULL }, { "YEAR", CLOUD_PERIOD_YEAR, NULL }, { 0 } };
static const struct cc_arg renew[] = {
    RENEWAL("renewInstanceParam", "vm"),
    CC_ARG("renewInstanceParam.instanceIds", INSTANCE_ID),
    CC_ARG_PERIOD_UNIT("renewInstanceParam.timeUnit", renewal_units, CC_STRING),
    CC_ARG_PERIOD_COUNT("renewInstanceParam.timeSpan"),
    { 0 }
};
static const struct cc_arg renew_disks[] = {
    RENEWAL("renewInstanceParam", "disk"),
    CC_ARG_PERIOD_UNIT("renewInstanceParam.timeUnit", renewal_units, CC_STRING),
    CC_ARG_PERIOD_COUNT("renewInstanceParam.timeSpan"),
    { 0 }
};
/* BIND takes the instance's prepaid disks along */
static const struct cc_word renewal_switch[] = { { "OPEN", CLOUD_YES, NULL }, { "CLOSE", CLOUD_NO, NULL }, { 0 } };
static const struct cc_arg auto_renew[] = {
    RENEWAL("setRenewalParam", "vm"),
    CC_ARG("setRenewalParam.instanceIds", INSTANCE_ID),
    CC_ARG_WORDS("setRenewalParam.autoRenewStatus", AUTO_RENEW, renewal_switch, CC_STRING),
    CC_ARG_PERIOD_UNIT("setRenewalParam.timeUnit", renewal_units, CC_STRING),
    CC_ARG_PERIOD_COUNT("setRenewalParam.timeSpan"),
    CC_ARG_TEXT("setRenewalParam.allAutoPay", "BIND", CC_STRING),
    { 0 }
};

/* calculateTotalPrice: cmd 1 new, 2 renew, 3 change; the orders are in hooks.c */
static const struct cc_arg price_new[] = { CC_ARG_TEXT("cmd", "1", CC_INT), CC_ARG_DEFAULT("packageCount", COUNT, "1"), { 0 } };
static const struct cc_arg price_renew[] = {
    CC_ARG_TEXT("cmd", "2", CC_INT), CC_ARG_TEXT("packageCount", "1", CC_INT), CC_ARG_TEXT("renewMode", "0", CC_INT), { 0 }
};
static const struct cc_arg price_change[] = { CC_ARG_TEXT("cmd", "3", CC_INT), CC_ARG_TEXT("packageCount", "1", CC_INT), { 0 } };

static const struct cc_arg list[] = { CC_ARG_FILTERS("filters", "name", NAME), CC_ARG_FILTERS("filters", "az", ZONE), { 0 } };
static const struct cc_arg list_disks[] = {
    CC_ARG_FILTERS("filters", "instanceId", INSTANCE_ID), CC_ARG_FILTERS("filters", "az", ZONE), { 0 }
};
static const struct cc_arg list_types[] = { CC_ARG_FILTERS("filters", "az", ZONE), { 0 } };
static const struct cc_arg list_images[] = {
    CC_ARG("imageSource", IMAGE_SOURCE), CC_ARG_IN_LIST("ids", IMAGE_ID), { 0 }
};
static const struct cc_arg checked_type[] = { CC_ARG_FILTERS("filters", "instanceTypes", INSTANCE_TYPE), { 0 } };
static const struct cc_arg checked_image[] = { CC_ARG_IN_LIST("ids", IMAGE_ID), { 0 } };
static const struct cc_arg image_of_instance[] = { CC_ARG_FROM_INSTANCE("imageId", image_id), { 0 } };

/* --------------------------------------------------------------------------------------------- what is done */

#define ONE(name_, action_, ...) static const struct cc_step name_[] = { { ACTION(action_), __VA_ARGS__ } }
#define FIND { ACTION(describeInstance), .args = by_id, .fields = found_instance }
#define SIZE { ACTION(describeInstanceTypes), .args = list_types, .fields = found_types, .when = cc_when_size_unnamed, .parse = cc_parse_find_size }

ONE(start_steps, startInstance, .args = by_id);
ONE(stop_steps, stopInstance, .args = stop);
ONE(reboot_steps, rebootInstance, .args = by_id);
ONE(passwd_steps, modifyInstancePassword, .args = passwd);
ONE(vnc_steps, describeInstanceVncUrl, .args = by_id, .fields = console, .parse = jdcloud_console);
ONE(auto_renew_steps, setRenewal, .args = auto_renew, .parse = jdcloud_renewal_set);
ONE(list_steps, describeInstances, .args = list, .fields = found_instances, .paging = &instance_pages);
ONE(show_steps, describeInstance, .args = by_id, .fields = found_instance);
ONE(delete_steps, deleteInstance, .args = by_id);
ONE(disks_steps, describeDisks, .args = list_disks, .fields = found_disks, .paging = &disk_pages);
ONE(types_steps, describeInstanceTypes, .args = list_types, .fields = found_types, .parse = cc_parse_keep_family);
ONE(images_steps, describeImages, .args = list_images, .fields = found_images, .paging = &image_pages, .build = jdcloud_image_source);
ONE(task_steps, describeInstance, .args = by_id, .fields = found_instance, .parse = cc_parse_instance_task);

static const struct cc_step price_steps[] = {
    SIZE, { ACTION(calculateTotalPrice), .args = price_new, .fields = price, .build = jdcloud_order_new, .parse = jdcloud_price_new },
};
static const struct cc_step create_steps[] = {
    SIZE, { ACTION(createInstances), .args = create, .fields = created, .build = jdcloud_system_disk },
};
static const struct cc_step check_steps[] = {
    SIZE,
    { ACTION(describeInstanceTypes), .args = checked_type, .fields = found_types, .parse = jdcloud_check_stock },
    { ACTION(describeImages), .args = checked_image, .fields = found_images, .parse = cc_parse_check_image, .tolerate = true },
    { ACTION(describeQuotas), .build = jdcloud_quota_filter, .parse = jdcloud_check_quota, .tolerate = true },
    { ACTION(calculateTotalPrice), .args = price_new, .fields = price, .build = jdcloud_order_new, .parse = jdcloud_check_price, .tolerate = true },
};
static const struct cc_step renew_price_steps[] = {
    { ACTION(describeInstance), .args = by_id, .fields = found_instance, .parse = cc_parse_need_prepaid },
    { ACTION(calculateTotalPrice), .args = price_renew, .fields = price, .build = jdcloud_order_renew, .parse = jdcloud_price_renew },
};
static const struct cc_step renew_steps[] = {
    { ACTION(describeInstance), .args = by_id, .fields = found_instance, .parse = cc_parse_need_prepaid },
    { ACTION(renewInstance), .args = renew, .fields = ordered },
    { ACTION(renewInstance), .args = renew_disks, .when = jdcloud_has_prepaid_disks, .build = jdcloud_disk_ids, .parse = jdcloud_disks_ordered },
};
static const struct cc_step upgrade_price_steps[] = {
    SIZE, FIND, { ACTION(calculateTotalPrice), .args = price_change, .fields = price, .build = jdcloud_order_change, .parse = jdcloud_price_change },
};
/* extendDisk wants the disk detached, even a system disk; page "extendDisk" */
#define POLL_DISK(parse_) { ACTION(describeDisk), .fields = found_disk, .when = cc_when_disk_changes, .build = jdcloud_disk_of, .parse = parse_ }
static const struct cc_step upgrade_steps[] = {
    SIZE,
    { ACTION(describeInstance), .args = by_id, .fields = found_instance, .parse = cc_parse_need_stopped },
    { ACTION(resizeInstance), .args = (const struct cc_arg[]){ CC_ARG("instanceId", INSTANCE_ID), CC_ARG("instanceType", INSTANCE_TYPE), { 0 } }, .when = cc_when_size_changes },
    { ACTION(detachDisk), .args = by_id, .when = cc_when_disk_changes, .build = jdcloud_disk_of },
    POLL_DISK(jdcloud_until_available),
    { ACTION(extendDisk), .args = (const struct cc_arg[]){ CC_ARG("diskSizeGB", SYSTEM_DISK_GB), { 0 } }, .when = cc_when_disk_changes, .build = jdcloud_disk_of },
    POLL_DISK(jdcloud_until_available),
    { ACTION(attachDisk), .args = (const struct cc_arg[]){ CC_ARG("instanceId", INSTANCE_ID), CC_ARG_TEXT("deviceName", "vda", CC_STRING), { 0 } }, .when = cc_when_disk_changes, .build = jdcloud_disk_of },
    POLL_DISK(jdcloud_until_in_use),
};
static const struct cc_step options_steps[] = {
    FIND,
    { ACTION(describeInstanceTypes), .fields = found_types, .build = jdcloud_zone_of, .parse = jdcloud_targets },
    { ACTION(describeImageConstraints), .args = image_of_instance, .parse = jdcloud_image_constraints, .tolerate = true, .when = jdcloud_has_targets },
};
static const struct cc_step regions_steps[] = { { .parse = jdcloud_regions } };

/* many at once: describeInstances says as much of each as describeInstance does */
static const struct cc_arg by_ids[] = { CC_ARG_FILTERS("filters", "instanceId", INSTANCE_ID), { 0 } };
ONE(show_many_steps, describeInstances, .args = by_ids, .fields = found_instances, .paging = &instance_pages);
static const struct cc_op_row show_many = { CLOUD_NATIVE, NULL, CC_STEPS(show_many_steps) };

#define SIZED (CC_BIT(INSTANCE_TYPE) | CC_BIT(FAMILY) | CC_BIT(CPU) | CC_BIT(MEMORY_GB))
#define PRICED (SIZED | CC_BIT(SYSTEM_DISK_TYPE) | CC_BIT(SYSTEM_DISK_GB) | CC_BIT(DATA_DISKS) | CC_BIT(PERIOD) | CC_BIT(CHARGE_MODE) | CC_BIT(PUBLIC_MBPS) | CC_BIT(IMAGE_ID) | CC_BIT(AUTO_RENEW))
#define BOUGHT (CC_BIT(NAME) | CC_BIT(ZONE) | CC_BIT(IMAGE_ID) | CC_BIT(SUBNET_ID))
/* the vocabulary of the formulas is not public: hooks.c marks the row */
#define FORMULA " calculateTotalPrice names what is priced by formulas whose keys JD Cloud gives on request: confirm them with JD Cloud before relying on a quote"

const struct cc_op_row jdcloud_ops[CLOUD_OP__COUNT] = {
    [CLOUD_OP_START_INSTANCE]         = { CLOUD_NATIVE, NULL, CC_STEPS(start_steps) },
    [CLOUD_OP_STOP_INSTANCE]          = { CLOUD_NATIVE, NULL, CC_STEPS(stop_steps) },
    [CLOUD_OP_REBOOT_INSTANCE]        = { CLOUD_NATIVE, NULL, CC_STEPS(reboot_steps) },
    [CLOUD_OP_MODIFY_INSTANCE_PASSWD] = { CLOUD_NATIVE, NULL, CC_STEPS(passwd_steps) },
    [CLOUD_OP_DESCRIBE_PRICE]         = { CLOUD_COMPOSED, "a size given by cores and memory is looked up first;" FORMULA,
                                          CC_STEPS(price_steps), .check = jdcloud_check_purchase, .reads = PRICED | CC_BIT(ZONE) },
    [CLOUD_OP_DESCRIBE_RENEW_PRICE]   = { CLOUD_COMPOSED, "the instance and its prepaid cloud disks are looked up, then priced together",
                                          CC_STEPS(renew_price_steps), .reads = CC_BIT(PERIOD) | CC_BIT(INSTANCE_ID) },
    [CLOUD_OP_DESCRIBE_UPGRADE_PRICE] = { CLOUD_COMPOSED, "the instance is looked up, then the change is priced;" FORMULA,
                                          CC_STEPS(upgrade_price_steps), .check = cc_check_change, .reads = SIZED | CC_BIT(SYSTEM_DISK_GB) },
    [CLOUD_OP_CREATE_INSTANCE]        = { CLOUD_COMPOSED, "a size given by cores and memory is looked up first; createInstances then buys",
                                          CC_STEPS(create_steps), .check = jdcloud_check_purchase, .reads = PRICED, .required = BOUGHT },
    [CLOUD_OP_CREATE_INSTANCE_DRY_RUN] = { CLOUD_COMPOSED, "there is no dry run: stock, image, quota and price are asked, balance and subnet cannot be",
                                          CC_STEPS(check_steps), .check = jdcloud_check_purchase,
                                          .reads = PRICED | CC_BIT(DESCRIPTION) | CC_BIT(PASSWORD) | CC_BIT(KEY_NAME) | CC_BIT(SECURITY_GROUP_ID), .required = BOUGHT },
    [CLOUD_OP_RENEW_INSTANCE]         = { CLOUD_COMPOSED, "the instance and its prepaid cloud disks are renewed by an order each, as the renewal service takes one product at a time",
                                          CC_STEPS(renew_steps) },
    [CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL] = { CLOUD_NATIVE, NULL, CC_STEPS(vnc_steps) },
    [CLOUD_OP_DESCRIBE_REGIONS]       = { CLOUD_DERIVED, "no action lists regions: the table of the vendor's documentation", CC_STEPS(regions_steps) },
    [CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION] = { CLOUD_COMPOSED, "sizes on sale are filtered by the rules of resizeInstance and the image's constraints; disk sizes are from the documentation",
                                          CC_STEPS(options_steps), .reads = CC_BIT(RESOURCE) },
    [CLOUD_OP_UPGRADE_INSTANCE]       = { CLOUD_COMPOSED, "the instance must be stopped; a system disk is detached, extended and attached again, as extendDisk demands",
                                          CC_STEPS(upgrade_steps), .check = cc_check_change, .reads = SIZED | CC_BIT(SYSTEM_DISK_GB) },
    [CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE] = { CLOUD_NATIVE, NULL, CC_STEPS(auto_renew_steps), .check = jdcloud_check_auto_renew },
    [CLOUD_OP_DESCRIBE_INSTANCES]     = { CLOUD_NATIVE, NULL, CC_STEPS(list_steps) },
    [CLOUD_OP_DESCRIBE_INSTANCE]      = { CLOUD_NATIVE, NULL, CC_STEPS(show_steps), .many = 100, .many_row = &show_many },
    [CLOUD_OP_DELETE_INSTANCE]        = { CLOUD_NATIVE, NULL, CC_STEPS(delete_steps) },
    [CLOUD_OP_DESCRIBE_DISKS]         = { CLOUD_NATIVE, NULL, CC_STEPS(disks_steps) },
    [CLOUD_OP_DESCRIBE_INSTANCE_TYPES] = { CLOUD_NATIVE, NULL, CC_STEPS(types_steps), .reads = CC_BIT(FAMILY) },
    [CLOUD_OP_DESCRIBE_IMAGES]        = { CLOUD_NATIVE, NULL, CC_STEPS(images_steps) },
    [CLOUD_OP_DESCRIBE_TASK]          = { CLOUD_COMPOSED, "JD Cloud has no tasks: the instance itself is followed until it has settled",
                                          CC_STEPS(task_steps), .required = CC_BIT(INSTANCE_ID), .many = 100, .many_row = &show_many },
    [CLOUD_OP_INVOKE]                 = { .support = CLOUD_NATIVE },
};
/* clang-format on */
