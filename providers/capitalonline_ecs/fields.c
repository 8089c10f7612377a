/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Field rows of CapitalOnline ECS: which member of an answer fills which member of the result.
 *
 * Source: page "弹性云服务器ECS相关"; each table names the section of its action and follows its
 * order. Members that only the vendor's Go SDK or Kubernetes driver has are marked.
 * providers/rows.h explains the row macros.
 */
#include "providers/capitalonline_ecs/ecs.h"

/* clang-format off */

/* BillingMethod: "0" 按需计费, "1" 包年包月, "3" 竞价 */
static const struct cc_word charge_modes[] = {
    { "0", CLOUD_CHARGE_POSTPAID, NULL },
    { "1", CLOUD_CHARGE_PREPAID,  NULL },
    { "3", CLOUD_CHARGE_SPOT,     NULL },
    { 0 }
};

/* Disks */

/*
 * A disk of EBS (section "DescribeDiskList"), or in "DescribeInstance". There, Name is the disk's
 * name and DiskName the name of its type; the id of a data disk is Id (document, Go SDK) or DiskId
 * (Kubernetes driver).
 */
static const struct cc_field disk[] = {
    DISK_TEXT("DiskId|Id", id),
    DISK_TEXT("Name|DiskName", name),
    DISK_INT("Size", size_gb),
    DISK_INT("DiskIops", iops),
    DISK_TEXT("EcsId", instance_id),
    DISK_CHARGE_MODE("BillingMethod", charge_modes),
    DISK_FLAG("ReleaseWithInstance|IsFollowDelete", delete_with_instance),
    DISK_TEXT("AvailableZoneCode", zone),
    DISK_STATE("Status", ecs_disk_states),
    DISK_BILLING_STATE("Status", ecs_billing_states),
    DISK_TEXT("DiskFeature", type),
    DISK_TEXT("Property|DiskType", role),
    { 0 }
};
RESULT_LIST(ecs_found_disks, "DiskList", disks, disk_count, disk);
const struct cc_paging ecs_disk_pages = {
    .page_param = "PageNumber",
    .size_param = "PageSize",
    .size = 100,
    .total = "^TotalCount",
    CC_COLLECT(disks, disk_count),
};
const struct cc_paging ecs_disk_total = {
    .total = "^TotalCount",
    CC_COLLECT(disks, disk_count),
};
static const struct cc_list system_disk = OBJECT(disk);
static const struct cc_list data_disks =
    ELEMENTS(struct cloud_instance, data_disks, data_disk_count, disk);

/* section "DescribeDiskQuota": the free GB of each disk type */
static const struct cc_field quota[] = {
    CC_NUMBER_INT(struct cloud_disk_range, "FreeQuota", max_gb),
    CC_TEXT(struct cloud_disk_range, "DiskFeature", type),
    { 0 }
};
static const struct cc_list quotas =
    ELEMENTS(struct cloud_result, disk_ranges, disk_range_count, quota);
const struct cc_field ecs_found_quota[] = {
    CC_ARRAY(struct cloud_result, "QuotaList", disk_ranges, &quotas),
    { 0 }
};

/* Instances */

/* EipInfo: an object by private or gateway address; the first public address is kept */
static const struct cc_field public_address[] = {
    INSTANCE_TEXT_IF_UNSET("EipIp", public_ip),
    { 0 }
};
static const struct cc_list public_addresses = OBJECT(public_address);

static const struct cc_field security_group[] = {
    CC_TEXT_REQUIRED(struct security_group, "SecurityGroupId", id),
    { 0 }
};
static const struct cc_list security_groups =
    ELEMENTS(struct cloud_instance, security_group_ids, security_group_count, security_group);

/*
 * Sections "DescribeInstanceList" (flat) and "DescribeInstance" (in groups).
 *
 * Neither has the code of the zone. The zone stays empty where no filter names it: its name would
 * be refused wherever a code is required.
 *
 * Open: the members of a Tag. No document shows them, so tags are not read.
 */
static const struct cc_field instance[] = {
    /* both */
    INSTANCE_TEXT_REQUIRED("EcsId", id),
    INSTANCE_TEXT("EcsName", name),
    INSTANCE_STATE("Status", ecs_instance_states),
    INSTANCE_TEXT("RegionName", region),
    INSTANCE_TIME("CreateTime", created_at),
    INSTANCE_EXPIRY("EndBillTime", expires_at),
    INSTANCE_FLAG("IsAutoRenewal", auto_renew),
    INSTANCE_FLAG("NoChargeForShutdown", stop_charging),
    INSTANCE_SECURITY_GROUPS("SecurityGroup", &security_groups),   /* Go SDK */

    /* DescribeInstanceList */
    INSTANCE_TEXT("VpcId", vpc_id),
    INSTANCE_TEXT("SubnetId", subnet_id),                          /* Go SDK */
    INSTANCE_TEXT("PrivateNet", private_ip),
    CC_EACH_MEMBER("EipInfo", &public_addresses),
    INSTANCE_INT("CpuSize", cpu),
    INSTANCE_MB_FROM_GB("RamSize", memory_mb),
    INSTANCE_INT("GpuSize", gpu),
    INSTANCE_CHARGE_MODE("BillingMethod", charge_modes),
    INSTANCE_TEXT("OsType", os_type),
    INSTANCE_TEXT("OsVersion", os_version),
    INSTANCE_TEXT("ImageName", image_name),
    INSTANCE_TEXT("SystemDiskFeature", system_disk.type),
    INSTANCE_INT("SystemDiskSize", system_disk.size_gb),
    INSTANCE_TEXT("EcsFamilyName", family),

    /* DescribeInstance */
    INSTANCE_TEXT("EcsRule.Name", family),
    INSTANCE_INT("EcsRule.CpuNum", cpu),
    INSTANCE_MB_FROM_GB("EcsRule.Ram", memory_mb),
    INSTANCE_INT("EcsRule.Gpu", gpu),
    INSTANCE_TEXT("OsInfo.ImageId", image_id),
    INSTANCE_TEXT("OsInfo.ImageName", image_name),
    INSTANCE_TEXT("OsInfo.OsType", os_type),
    INSTANCE_TEXT("OsInfo.Version", os_version),
    INSTANCE_SYSTEM_DISK("Disk.SystemDiskConf", &system_disk),
    INSTANCE_DATA_DISKS("Disk.DataDiskConf", &data_disks),
    INSTANCE_TEXT("Pipe.VpcId", vpc_id),
    INSTANCE_TEXT("Pipe.SubnetId", subnet_id),
    INSTANCE_TEXT("Pipe.PrivateNet", private_ip),
    CC_EACH_MEMBER("Pipe.EipInfo", &public_addresses),
    INSTANCE_CHARGE_MODE("BillingInfo.BillingMethod", charge_modes),
    INSTANCE_BILLING_STATE("BillingInfo.BillingStatus", ecs_billing_states),

    /* after BillingStatus: a vendor state that implies a billing state replaces it */
    INSTANCE_BILLING_STATE_IF_KNOWN("Status", ecs_billing_states),
    { 0 }
};
RESULT_LIST(ecs_found_instances, "EcsList", instances, instance_count, instance);
const struct cc_paging ecs_instance_total = {
    .total = "^TotalCount",
    CC_COLLECT(instances, instance_count),
};
RESULT_ONE(ecs_found_instance, "", instances, instance_count, instance);

/* section "DescribeInstanceStatus": an object whose members are named by the ids */
static const struct cc_field state[] = {
    INSTANCE_TEXT_REQUIRED("@name", id),
    INSTANCE_STATE("Status", ecs_instance_states),
    { 0 }
};
static const struct cc_list states =
    ELEMENTS(struct cloud_result, instances, instance_count, state);
const struct cc_field ecs_found_states[] = {
    CC_MEMBERS(struct cloud_result, "EcsStatus", instances, &states),
    { 0 }
};

/* Regions and zones: section "DescribeRegions" */

static const struct cc_field zone[] = {
    ZONE_TEXT("AzName", name),
    ZONE_TEXT_REQUIRED("AvailableZoneCode", id),
    { 0 }
};
static const struct cc_list zones = ELEMENTS(struct cloud_region, zones, zone_count, zone);
static const struct cc_field region[] = {
    CC_TEXT(struct cloud_region, "RegionName", name),
    CC_TEXT_REQUIRED(struct cloud_region, "RegionCode", id),
    CC_ARRAY(struct cloud_region, "AzList", zones, &zones),
    { 0 }
};
static const struct cc_list regions = ELEMENTS(struct cloud_result, regions, region_count, region);
static const struct cc_field region_group[] = {
    CC_ARRAY(struct cloud_result, "RegionList", regions, &regions),
    { 0 }
};
static const struct cc_list region_groups = OBJECT(region_group);
const struct cc_field ecs_found_regions[] = {
    CC_EACH_REQUIRED("", &region_groups),
    { 0 }
};

/*
 * Families and their sizes: sections "DescribeEcsFamilyInfo" and "DescribeZoneInstanceType"
 *
 * Only the second reports stock, and names the zone by its name, not by its code.
 */
static const struct cc_word stock_words[] = {
    { "SELL",    CLOUD_STOCK_AVAILABLE, NULL },
    { "SELLOUT", CLOUD_STOCK_SOLD_OUT,  NULL },
    { 0 }
};
static const struct cc_field zone_of_type[] = {
    ZONE_TEXT("../AvailableZone", name),
    ZONE_STOCK("Status", stock_words),
    { 0 }
};
static const struct cc_list zones_of_type =
    ELEMENTS(struct cloud_instance_type, zones, zone_count, zone_of_type);
static const struct cc_field type[] = {
    TYPE_TEXT_REQUIRED("../EcsFamilyName", family),
    TYPE_ZONES("", &zones_of_type),
    TYPE_INT("Cpu", cpu),
    TYPE_MB_FROM_GB("Ram", memory_mb),
    TYPE_INT("Gpu", gpu),
    TYPE_TEXT("GpuShowType|GpuType", gpu_type),
    TYPE_TEXT("SupportGpuDriver", description),
    TYPE_TEXT("CpuName", architecture),
    { 0 }
};
static const struct cc_list types = ELEMENTS(struct cloud_result, types, type_count, type);
static const struct cc_field family[] = {
    CC_ARRAY(struct cloud_result, "SpecList", types, &types),
    { 0 }
};
static const struct cc_list families = OBJECT(family);
const struct cc_field ecs_found_families[] = {
    CC_EACH_REQUIRED("EcsFamilyInfo", &families),
    { 0 }
};
const struct cc_field ecs_found_stock[] = {
    CC_EACH_REQUIRED("", &families),
    { 0 }
};

/* Images: section "DescribeImages" */

static const struct cc_field image[] = {
    IMAGE_TEXT("TemplateType", source),
    IMAGE_TEXT_REQUIRED("ImageId", id),
    IMAGE_TEXT("ImageName", name),
    IMAGE_STATE("Status", ecs_image_states),
    IMAGE_TEXT("Status", vendor_state),
    IMAGE_TEXT("OsType", os_type),
    IMAGE_TEXT("OsVersion", os_version),
    IMAGE_INT("OsSize", min_disk_gb),
    IMAGE_TEXT("AvailableZoneCode", zone),
    IMAGE_TIME("CreateTime", created_at),
    { 0 }
};
RESULT_LIST(ecs_found_images, "ImageList", images, image_count, image);
const struct cc_paging ecs_image_total = {
    .total = "^TotalCount",
    CC_COLLECT(images, image_count),
};

/* Events: section "DescribeEvent" */

static const struct cc_list resource_ids = CC_STRING_LIST(struct cloud_task, resource_id_count);
static const struct cc_field event_task[] = {
    CC_TEXTS(struct cloud_task, "ResourceId", resource_ids, &resource_ids),
    CC_TIME(struct cloud_task, "EndTime", ended_at),
    { 0 }
};
static const struct cc_list event_tasks = OBJECT(event_task);
static const struct cc_field event[] = {
    CC_TEXT_REQUIRED(struct cloud_task, "EventId", id),
    CC_TEXT(struct cloud_task, "EventStatus", vendor_state),
    CC_WORD(struct cloud_task, "EventStatus", state, enum cloud_task_state, ecs_event_states),
    CC_REASON(struct cloud_task, "EventStatus", reason, ecs_event_states),
    CC_TIME(struct cloud_task, "CreateTime", created_at),
    CC_EACH("TaskList", &event_tasks),
    { 0 }
};
static const struct cc_list events = OBJECT(event);
const struct cc_field ecs_found_event[] = {
    CC_INSIDE_REQUIRED(struct cloud_result, "", task, &events),
    { 0 }
};

/* The rest */

/* section "CreateInstance" */
static const struct cc_list ids = CC_STRING_LIST(struct cloud_result, id_count);
const struct cc_field ecs_created[] = {
    CC_TEXTS(struct cloud_result, "EcsIdSet", ids, &ids),
    { 0 }
};

/* section "DescribeInstanceVncUrl" */
const struct cc_field ecs_console[] = {
    CC_TEXT_REQUIRED(struct cloud_result, "InstanceVncUrl", console.url),
    { 0 }
};

/*
 * Section "DescribePrice". Open: the unit of a prepaid price; only 天 is printed. The unit is used
 * for on-demand prices only: a prepaid price is for the period that was asked for, and max_charge
 * is compared with the amount.
 */
static const struct cc_word price_units[] = {
    { "天",   CLOUD_PERIOD_DAY,   NULL },
    { "小时", CLOUD_PERIOD_HOUR,  NULL },
    { "月",   CLOUD_PERIOD_MONTH, NULL },
    { 0 }
};
/* PriceSymbol is "￥" (U+FFE5) on the page; "¥" (U+00A5) is the same sign */
static const struct cc_word currency_symbols[] = {
    { "￥", 1, NULL },
    { "¥",  1, NULL },
    { 0 },
};
const struct cc_field ecs_price[] = {
    CC_CURRENCY("PriceSymbol|Currency", currency_symbols),
    CC_WORD(struct cloud_result, "PriceUnit", price.period.unit, enum cloud_period_unit,
            price_units),
    CC_AMOUNT_REQUIRED(struct cloud_result, "TotalPrice", price.total),
    { 0 }
};
/* clang-format on */
