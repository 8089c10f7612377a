/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field rows of CapitalOnline CCS: which member of an answer fills which member of the result.
 *
 * Source: pages "云主机概览" and "首云OpenAPI(v1.2)"; each table names the section of its action
 * and follows its order. Members that only an SDK or another reader has are marked.
 * providers/rows.h explains the row macros.
 */
#include "providers/capitalonline_ccs/ccs.h"

/* clang-format off */

/* Disks */

/*
 * Three forms: {IOPS, Size} on the page, {Size, IopsSize} in an older example, and {DiskId,
 * DiskType, Size, IopsSize, Iops} in the SDK.
 */
static const struct cc_field disk[] = {
    DISK_TEXT("DiskId", id),
    DISK_TEXT("DiskType|Type", type),
    DISK_INT("Size", size_gb),
    DISK_INT("IOPS|IopsSize", iops),
    { 0 }
};
static const struct cc_list system_disk = OBJECT(disk);
static const struct cc_list data_disks =
    ELEMENTS(struct cloud_instance, data_disks, data_disk_count, disk);
/* the system disk as the only element of a list */
static const struct cc_field listed_system_disk[] = {
    INSTANCE_SYSTEM_DISK("", &system_disk),
    { 0 }
};
static const struct cc_list listed_system_disks = OBJECT(listed_system_disk);

/* Instances: section "DescribeInstances" */

static const struct cc_field tag[] = {
    CC_TEXT(struct cloud_tag, "TagName", key),
    CC_TEXT(struct cloud_tag, "TagId", value),
    { 0 }
};
static const struct cc_list tags = ELEMENTS(struct cloud_instance, tags, tag_count, tag);

/* interfaces are a list, a single object, or "" */
static const struct cc_field private_interface[] = {
    INSTANCE_TEXT_IF_UNSET("IP", private_ip),
    INSTANCE_TEXT_IF_UNSET("PrivateId", subnet_id),
    { 0 }
};
static const struct cc_list private_interfaces = OBJECT(private_interface);
static const struct cc_field public_interface[] = {
    INSTANCE_TEXT_IF_UNSET("IP", public_ip),
    { 0 }
};
static const struct cc_list public_interfaces = OBJECT(public_interface);

/*
 * Neither the expiry nor automatic renewal is in the answer; where a price needs the expiry, the
 * caller gives expires_at.
 *
 * Open: InstanceType and ImageInfo were seen by a reader in production and are not documented.
 * Where they are missing, a price uses family and image_id of the cloud's parameters and says so,
 * or is refused and names the parameter.
 */
static const struct cc_field instance[] = {
    INSTANCE_TEXT_REQUIRED("InstanceId", id),
    INSTANCE_TEXT("InstanceName", name),
    INSTANCE_STATE("InstanceStatus", ccs_instance_states),
    INSTANCE_CHARGE_MODE("InstanceChargeType", ccs_charge_modes),
    INSTANCE_TEXT("VdcId", vpc_id),
    INSTANCE_TEXT("RegionId", region),
    INSTANCE_TEXT("RegionId", zone),
    INSTANCE_TIME("CreateTime", created_at),
    INSTANCE_BILLING_STATE("InstanceChargeStatus", ccs_billing_states),
    INSTANCE_INT("Cpu", cpu),
    INSTANCE_MB_FROM_GB("Ram", memory_mb),
    INSTANCE_SYSTEM_DISK("Disks.SystemDisk", &system_disk),
    INSTANCE_DATA_DISKS("Disks.DataDisks", &data_disks),
    /* the same, as the section's table has them */
    CC_EACH("SystemDisk", &listed_system_disks),
    INSTANCE_DATA_DISKS("DataDisks", &data_disks),
    CC_EACH("PrivateNetworkInterface", &private_interfaces),
    CC_EACH("PublicNetworkInterface", &public_interfaces),
    INSTANCE_TAGS("Tags", &tags),
    /* seen, not documented */
    INSTANCE_TEXT("InstanceType", family),
    INSTANCE_TEXT("ImageInfo.ImageId", image_id),
    INSTANCE_TEXT("ImageInfo.ImageName", image_name),
    { 0 }
};
RESULT_LIST(ccs_found_instances, "Instances", instances, instance_count, instance);
const struct cc_paging ccs_instance_pages = {
    .page_param = "PageNumber",
    .size_param = "PageSize",
    .size = 100,
    .pages = "PageCount",
    .total = "Total", /* vendor's SDK only */
    CC_COLLECT(instances, instance_count),
};

/* Tasks: section "DescribeTask"; ResourceIds is in the SDK only */

static const struct cc_list resource_ids = CC_STRING_LIST(struct cloud_task, resource_id_count);
static const struct cc_field task[] = {
    CC_WORD(struct cloud_task, "Status", state, enum cloud_task_state, ccs_task_states),
    CC_TEXT(struct cloud_task, "Status", vendor_state),
    CC_TEXTS(struct cloud_task, "ResourceIds|ResourceId", resource_ids, &resource_ids),
    { 0 }
};
static const struct cc_list tasks = OBJECT(task);
const struct cc_field ccs_found_task[] = {
    CC_INSIDE_REQUIRED(struct cloud_result, "", task, &tasks),
    { 0 }
};

/* Sizes: section "DescribeInstanceType"; its data is the list itself */

static const struct cc_field type[] = {
    TYPE_INT("Cpu", cpu),
    TYPE_MB_FROM_GB("Ram", memory_mb),
    TYPE_TEXT("Name", description),
    { 0 }
};
RESULT_LIST(ccs_found_types, "", types, type_count, type);

/*
 * The instance types and disks that a zone sells: section "DescribeAvailableResource", its
 * InstanceGoods by InstanceType
 *
 * The role of a disk range is the InstanceType until keep_goods_of_instance() in ops.c has chosen.
 */
static const struct cc_field family[] = {
    TYPE_TEXT_REQUIRED("InstanceType", family),
    { 0 }
};
RESULT_LIST(ccs_found_families, "InstanceGoods", types, type_count, family);

static const struct cc_field disk_range[] = {
    CC_TEXT(struct cloud_disk_range, "../InstanceType", role),
    CC_TEXT(struct cloud_disk_range, "Type", type),
    CC_NUMBER_INT(struct cloud_disk_range, "MaxSize", max_gb),
    CC_NUMBER_INT(struct cloud_disk_range, "Step", step_gb),
    { 0 }
};
static const struct cc_list disk_ranges =
    ELEMENTS(struct cloud_result, disk_ranges, disk_range_count, disk_range);
static const struct cc_field goods_of_type[] = {
    CC_ARRAY(struct cloud_result, "SystemDiskGoods", disk_ranges, &disk_ranges),
    { 0 }
};
static const struct cc_list goods = OBJECT(goods_of_type);
const struct cc_field ccs_found_goods[] = {
    CC_ARRAY_REQUIRED(struct cloud_result, "InstanceGoods", types, &ccs_found_families_list),
    CC_EACH("InstanceGoods", &goods),
    { 0 }
};

/* an image that is listed can be installed */
static const struct cc_field public_image[] = {
    IMAGE_TEXT("GicDisplayName", name),
    IMAGE_TEXT("ImageType", os_type),
    IMAGE_TEXT_REQUIRED("ImageId", id),
    IMAGE_TEXT("=public", source),
    IMAGE_STATE("=normal", ccs_template_states),
    { 0 }
};
static const struct cc_list public_images =
    ELEMENTS(struct cloud_result, images, image_count, public_image);
static const struct cc_field images_of_type[] = {
    CC_ARRAY(struct cloud_result, "ImageGoods.PublicImage", images, &public_images),
    { 0 }
};
static const struct cc_list images_of_types = OBJECT(images_of_type);
const struct cc_field ccs_found_public_images[] = {
    CC_EACH_REQUIRED("InstanceGoods", &images_of_types),
    { 0 }
};

/* Templates: section "DescribeTemplateInfo" */

static const struct cc_field template_image[] = {
    IMAGE_STATE("Status", ccs_template_states),
    IMAGE_TEXT("Status", vendor_state),
    IMAGE_TEXT("Name", name),
    IMAGE_TEXT_REQUIRED("TemplateId", id),
    IMAGE_TEXT("OSType", os_type),
    IMAGE_TIME("CreateTime", created_at),
    IMAGE_TEXT("=private", source),
    { 0 }
};
RESULT_LIST(ccs_found_templates, "TemplateList", images, image_count, template_image);
const struct cc_paging ccs_template_pages = {
    .page_param = "PageNumber",
    .size_param = "PageSize",
    .size = 100,
    .pages = "TotalPage",
    CC_COLLECT(images, image_count),
};

/* The rest */

/*
 * Section "DescribeInstancePrice". Open: the period of an on-demand price. The price has no period
 * then, and says so; max_charge is compared with the amount.
 *
 * Open: the currency, which the section does not name. Where a reply names one, it must be the
 * provider's.
 */
static const struct cc_word currency_symbols[] = {
    { "￥", 1, NULL },
    { "¥",  1, NULL },
    { 0 },
};
const struct cc_field ccs_price[] = {
    CC_CURRENCY("PriceSymbol|Currency", currency_symbols),
    CC_AMOUNT_REQUIRED(struct cloud_result, "TotalPrice", price.total),
    { 0 }
};

/* section "CreateInstanceHtmlConsoleURL" */
const struct cc_field ccs_console[] = {
    CC_TEXT_REQUIRED(struct cloud_result, "URL", console.url),
    { 0 }
};
/* clang-format on */
