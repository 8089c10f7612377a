/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field rows of JD Cloud: which member of an answer fills which member of the result.
 *
 * Source: the models on the pages of vm v1, disk v1, renewal v2 and billing v1. Each table names
 * its model and follows the order of the page. Times are ISO 8601 in UTC (model "Charge").
 *
 * Open: the format of launchTime and createTime. A time without a zone is read as UTC+8
 * (.utc_offset_s in provider.c). They are only shown: no price and no condition rests on them.
 *
 * providers/rows.h explains the row macros.
 */
#include "providers/jdcloud/jdcloud.h"

/* clang-format off */

/* page parameters of vm and disk lists: at most 100 elements a page */
#define PAGES(array, count) \
    { .page_param = "pageNumber", .size_param = "pageSize", .size = 100, .total = "totalCount", \
      CC_COLLECT(array, count) }

/* Disks */

/* model "Disk", alone (@at is "") or inside an attachment (@at is "cloudDisk.") */
#define CLOUD_DISK_FIELDS(at) \
    DISK_TEXT(at "diskId", id), \
    DISK_TEXT(at "az", zone), \
    DISK_TEXT(at "name", name), \
    DISK_TEXT(at "description", description), \
    DISK_TEXT(at "diskType", type), \
    DISK_STATE(at "status", jdcloud_disk_states), \
    DISK_TEXT(at "snapshotId", snapshot_id), \
    DISK_TIME(at "createTime", created_at), \
    DISK_INT(at "diskSizeGB", size_gb), \
    DISK_INT(at "iops", iops), \
    DISK_FLAG(at "multiAttachable", shared), \
    DISK_FLAG(at "encrypted", encrypted), \
    DISK_CHARGE_MODE(at "charge.chargeMode", jdcloud_charge_modes), \
    DISK_BILLING_STATE(at "charge.chargeStatus", jdcloud_billing_states), \
    DISK_TEXT(at "charge.chargeStatus", vendor_billing_state), \
    DISK_EXPIRY(at "charge.chargeExpiredTime", expires_at)

/* an attachment names the instance; only a shared disk has several, of which the first is kept */
static const struct cc_field disk[] = {
    CLOUD_DISK_FIELDS(""),
    DISK_TEXT("attachments.0.instanceId", instance_id),
    { 0 }
};
RESULT_ONE(jdcloud_found_disk, "disk", disks, disk_count, disk);
RESULT_LIST(jdcloud_found_disks, "disks", disks, disk_count, disk);
const struct cc_paging jdcloud_disk_pages = PAGES(disks, disk_count);

/*
 * Model "InstanceDiskAttachment": a local disk or a cloud disk. The rows of the cloud disk are
 * last: its type, size and state replace those of the attachment.
 */
static const struct cc_field attached_disk[] = {
    DISK_TEXT("diskCategory", type),
    DISK_FLAG("autoDelete", delete_with_instance),
    DISK_INT("localDisk.diskSizeGB", size_gb),
    DISK_TEXT("deviceName", device),
    DISK_STATE("status", jdcloud_attachment_states),
    CLOUD_DISK_FIELDS("cloudDisk."),
    { 0 }
};
static const struct cc_list system_disk = OBJECT(attached_disk);
static const struct cc_list data_disks =
    ELEMENTS(struct cloud_instance, data_disks, data_disk_count, attached_disk);

/* Instances */

/* model "SecurityGroupSimple": only the id is kept */
static const struct cc_field security_group[] = {
    CC_TEXT_REQUIRED(struct security_group, "groupId", id),
    { 0 }
};
static const struct cc_list security_groups =
    ELEMENTS(struct cloud_instance, security_group_ids, security_group_count, security_group);

static const struct cc_list key_names = CC_STRING_LIST(struct cloud_instance, key_name_count);

/* model "Tag" */
static const struct cc_field tag[] = {
    CC_TEXT(struct cloud_tag, "key", key),
    CC_TEXT(struct cloud_tag, "value", value),
    { 0 }
};
static const struct cc_list tags = ELEMENTS(struct cloud_instance, tags, tag_count, tag);

/* model "Instance": it has neither cores nor memory; its instanceType has them */
static const struct cc_field instance[] = {
    INSTANCE_TEXT_REQUIRED("instanceId", id),
    INSTANCE_TEXT("instanceName", name),
    INSTANCE_TEXT("hostname", hostname),
    INSTANCE_TEXT("instanceType", instance_type),
    INSTANCE_TEXT("vpcId", vpc_id),
    INSTANCE_TEXT("subnetId", subnet_id),
    INSTANCE_TEXT("privateIpAddress", private_ip),
    INSTANCE_TEXT("elasticIpId", public_ip_id),
    INSTANCE_TEXT("elasticIpAddress", public_ip),
    INSTANCE_STATE("status", jdcloud_instance_states),
    INSTANCE_TEXT("description", description),
    INSTANCE_TEXT("imageId", image_id),
    INSTANCE_TEXT("az", zone),
    INSTANCE_TIME("launchTime", created_at),
    INSTANCE_SYSTEM_DISK("systemDisk", &system_disk),
    INSTANCE_DATA_DISKS("dataDisks", &data_disks),
    INSTANCE_SECURITY_GROUPS("primaryNetworkInterface.networkInterface.securityGroups",
                             &security_groups),
    INSTANCE_TEXTS("keyNames", key_names, &key_names),
    INSTANCE_CHARGE_MODE("charge.chargeMode", jdcloud_charge_modes),
    INSTANCE_BILLING_STATE("charge.chargeStatus", jdcloud_billing_states),
    INSTANCE_EXPIRY("charge.chargeExpiredTime", expires_at),
    INSTANCE_TIME("charge.chargeRetireTime", released_at),
    INSTANCE_TAGS("tags", &tags),
    INSTANCE_FLAG_WORD("chargeOnStopped", stop_charging, jdcloud_stop_charging),
    INSTANCE_TEXT("osType", os_type),
    INSTANCE_TEXT("osVersion", os_version),
    { 0 }
};
/*
 * Page "describeInstance". Open: an older page prints the instance itself as the result. We read
 * result.instance, as every SDK does; an answer without it fails, so it cannot be misread.
 */
RESULT_ONE(jdcloud_found_instance, "instance", instances, instance_count, instance);
RESULT_LIST(jdcloud_found_instances, "instances", instances, instance_count, instance);
const struct cc_paging jdcloud_instance_pages = PAGES(instances, instance_count);

/* Instance types; page "describeInstanceTypes" has a total, but no pagination */

static const struct cc_word stock_words[] = {
    { "true",  CLOUD_STOCK_AVAILABLE, NULL },
    { "false", CLOUD_STOCK_SOLD_OUT,  NULL },
    { 0 }
};
static const struct cc_field zone_of_type[] = {
    ZONE_TEXT_REQUIRED("az", id),
    ZONE_STOCK("inStock", stock_words),
    { 0 }
};
static const struct cc_list zones_of_type =
    ELEMENTS(struct cloud_instance_type, zones, zone_count, zone_of_type);

/* model "InstanceType" */
static const struct cc_field type[] = {
    TYPE_TEXT("family", family),
    TYPE_TEXT_REQUIRED("instanceType", instance_type),
    TYPE_INT("cpu", cpu),
    TYPE_INT("memoryMB", memory_mb),
    TYPE_TEXT("architecture", architecture),
    TYPE_INT("nicLimit", nic_limit),
    TYPE_INT("cloudDiskCountLimit", disk_limit),
    TYPE_TEXT("desc", description),
    TYPE_INT("generation", generation),
    TYPE_ZONES("state", &zones_of_type),
    { 0 }
};
RESULT_LIST(jdcloud_found_types, "instanceTypes", types, type_count, type);
const struct cc_paging jdcloud_type_total = {
    .total = "totalCount",
    CC_COLLECT(types, type_count),
};

/* Images: model "Image" */

static const struct cc_field image[] = {
    IMAGE_TEXT_REQUIRED("imageId", id),
    IMAGE_TEXT("name", name),
    IMAGE_TEXT("platform", platform),
    IMAGE_TEXT("osVersion", os_version),
    IMAGE_TEXT("architecture", architecture),
    IMAGE_TEXT("osType", os_type),
    IMAGE_TEXT("imageSource", source),
    IMAGE_STATE("status", jdcloud_image_states),
    IMAGE_TEXT("status", vendor_state),
    IMAGE_TIME("createTime", created_at),
    IMAGE_TEXT("desc", description),
    IMAGE_TEXT("rootDeviceType", root_device),
    IMAGE_INT("systemDiskSizeGB", min_disk_gb),
    { 0 }
};
RESULT_LIST(jdcloud_found_images, "images", images, image_count, image);
const struct cc_paging jdcloud_image_pages = PAGES(images, image_count);

/* Orders */

/* page "createInstances" */
static const struct cc_list ids = CC_STRING_LIST(struct cloud_result, id_count);
const struct cc_field jdcloud_created[] = {
    { .path = "instanceIds", .kind = CC_FIELD_TEXTS, .required = true, .list = &ids,
      .at = CC_AT(struct cloud_result, ids, const char **) },
    { 0 }
};

/*
 * page "renewInstance": an order for the instance; the number of the disks' order is appended to it
 */
const struct cc_field jdcloud_ordered[] = {
    CC_TEXT_REQUIRED(struct cloud_result, "orderNumber", order_id),
    { 0 }
};
const struct cc_field jdcloud_ordered_more[] = {
    CC_JOINED_REQUIRED(struct cloud_result, "orderNumber", order_id),
    { 0 }
};

/* queryOrder [no page: from the vendor's SDKs] */
const struct cc_field jdcloud_found_order[] = {
    CC_WORD(struct cloud_result, "data.status", task.state, enum cloud_task_state,
            jdcloud_order_states),
    CC_TEXT(struct cloud_result, "data.status", task.vendor_state),
    CC_REASON(struct cloud_result, "data.status", task.reason, jdcloud_order_states),
    { 0 }
};

/* The rest */

/* page "describeInstanceVncUrl" */
const struct cc_field jdcloud_console[] = {
    CC_TEXT_REQUIRED(struct cloud_result, "vncUrl", console.url),
    { 0 }
};

/*
 * Page "calculateTotalPrice". discountedTotalPrice is the amount payable, cut off to cents.
 *
 * Open: the period of a postpaid price. We read one hour, the shortest unit of a postpaid charge.
 * That cannot cost money: max_charge is compared with the amount, not with the period.
 *
 * Open: the currency. The page names none, and the bills of other pages know USD, HKD and IDR. If a
 * reply names one, it must be the provider's.
 */
static const struct cc_word currency_symbols[] = {
    { "￥", 1, NULL },
    { "¥",  1, NULL },
    { 0 },
};
static const struct cc_word hour[] = {
    { "hour", CLOUD_PERIOD_HOUR, NULL },
    { 0 }
};
const struct cc_field jdcloud_price[] = {
    CC_CURRENCY("currency|priceSymbol", currency_symbols),
    CC_AMOUNT_REQUIRED(struct cloud_result, "discountedTotalPrice", price.total),
    CC_AMOUNT(struct cloud_result, "refundTotalPrice", price.refund),
    CC_AMOUNT(struct cloud_result, "totalOriginalPrice|totalPrice", price.list),
    CC_WORD(struct cloud_result, "=hour", price.period.unit, enum cloud_period_unit, hour),
    { 0 }
};
/* clang-format on */
