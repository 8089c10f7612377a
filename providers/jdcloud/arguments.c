/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Argument rows of JD Cloud: which of the caller's parameters fills which parameter of an action.
 *
 * Source: the page of the action, which each table names. Rows are in the order in which the
 * parameters are sent. An argument is left out when the caller has not given its parameter.
 */
#include "providers/jdcloud/jdcloud.h"

/* clang-format off */

#define INSTANCE_ID_IN_PATH CC_ARG("instanceId", INSTANCE_ID)
#define SYSTEM_DISK_ID      CC_ARG_FROM_INSTANCE("diskId", system_disk.id)
/* the type of a disk that is bought; JDCLOUD_DISK_TYPE when the caller names none */
#define DISK_TYPE(path_)    { .path = path_, .disk = CC_DISK_TYPE, .text = JDCLOUD_DISK_TYPE }

/* One instance, pages "startInstance" to "deleteInstance" */

const struct cc_arg jdcloud_by_id[] = {
    INSTANCE_ID_IN_PATH,
    { 0 }
};
const struct cc_arg jdcloud_stop[] = {
    INSTANCE_ID_IN_PATH,
    CC_ARG_WORDS("chargeOnStopped", STOP_CHARGING, jdcloud_stop_charging, CC_STRING),
    { 0 }
};
const struct cc_arg jdcloud_set_password[] = {
    INSTANCE_ID_IN_PATH,
    CC_ARG("password", PASSWORD),
    { 0 }
};
const struct cc_arg jdcloud_resize[] = {
    INSTANCE_ID_IN_PATH,
    CC_ARG("instanceType", INSTANCE_TYPE),
    { 0 }
};

/* Its system disk, pages "detachDisk", "describeDisk", "extendDisk", "attachDisk" */

const struct cc_arg jdcloud_detach_system_disk[] = {
    INSTANCE_ID_IN_PATH,
    SYSTEM_DISK_ID,
    { 0 }
};
const struct cc_arg jdcloud_system_disk[] = {
    SYSTEM_DISK_ID,
    { 0 }
};
const struct cc_arg jdcloud_extend_system_disk[] = {
    CC_ARG("diskSizeGB", SYSTEM_DISK_GB),
    SYSTEM_DISK_ID,
    { 0 }
};
const struct cc_arg jdcloud_attach_system_disk[] = {
    INSTANCE_ID_IN_PATH,
    TEXT_ARGUMENT("deviceName", "vda"),
    SYSTEM_DISK_ID,
    { 0 }
};

/* Listings */

/* model "Filter" */
const struct cc_arg jdcloud_by_ids[] = {
    CC_ARG_FILTERS("filters", "instanceId", INSTANCE_ID),
    { 0 }
};
const struct cc_arg jdcloud_in_zone[] = {
    CC_ARG_FILTERS("filters", "az", ZONE),
    { 0 }
};
const struct cc_arg jdcloud_list_instances[] = {
    CC_ARG_FILTERS("filters", "name", NAME),
    CC_ARG_FILTERS("filters", "az", ZONE),
    { 0 }
};
const struct cc_arg jdcloud_list_disks[] = {
    CC_ARG_FILTERS("filters", "instanceId", INSTANCE_ID),
    CC_ARG_FILTERS("filters", "az", ZONE),
    { 0 }
};
const struct cc_arg jdcloud_one_type[] = {
    CC_ARG_FILTERS("filters", "instanceTypes", INSTANCE_TYPE),
    { 0 }
};
/* page "describeImages": imageSource is required unless ids are given; public when neither is */
const struct cc_arg jdcloud_list_images[] = {
    CC_ARG_TEXT_WITHOUT("imageSource", "public", CC_STRING, IMAGE_ID),
    CC_ARG("imageSource", IMAGE_SOURCE),
    CC_ARG_IN_LIST("ids", IMAGE_ID),
    { 0 }
};
const struct cc_arg jdcloud_one_image[] = {
    CC_ARG_IN_LIST("ids", IMAGE_ID),
    { 0 }
};
const struct cc_arg jdcloud_image_of_instance[] = {
    CC_ARG_FROM_INSTANCE("imageId", image_id),
    { 0 }
};
/* page "describeQuotas": one filter object */
static const struct cc_arg quota_filter[] = {
    TEXT_ARGUMENT("name", "resourceTypes"),
    CC_ARG_TEXT("values", "instance", CC_STRINGS),
    { 0 }
};
const struct cc_arg jdcloud_instance_quota[] = {
    CC_ARG_ONE("filters", quota_filter),
    { 0 }
};
/* queryOrder [no page: from the vendor's SDKs] */
const struct cc_arg jdcloud_by_order[] = {
    CC_ARG("orderNumber", TASK_ID),
    { 0 }
};

/* Page "createInstances", models "InstanceSpec", "DiskSpec", "ChargeSpec", "ElasticIpSpec" */

static const struct cc_word charge_words[] = {
    { "prepaid_by_duration",  CLOUD_CHARGE_PREPAID,  NULL },
    { "postpaid_by_duration", CLOUD_CHARGE_POSTPAID, NULL },
    { 0 }
};
static const struct cc_word unit_words[] = {
    { "month", CLOUD_PERIOD_MONTH, NULL },
    { "year",  CLOUD_PERIOD_YEAR,  NULL },
    { 0 }
};
/* the name is required and has at most 32 characters; an instance's name may be longer */
static const struct cc_arg data_disk[] = {
    TEXT_ARGUMENT("diskCategory", "cloud"),
    TEXT_ARGUMENT("cloudDiskSpec.name", "data"),
    CC_ARG("cloudDiskSpec.az", ZONE),
    DISK_TYPE("cloudDiskSpec.diskType"),
    CC_ARG_DISK("cloudDiskSpec.diskSizeGB", CC_DISK_GB),
    { 0 }
};
static const struct cc_arg cloud_system_disk[] = {
    TEXT_ARGUMENT("instanceSpec.systemDisk.diskCategory", "cloud"),
    DISK_TYPE("instanceSpec.systemDisk.cloudDiskSpec.diskType"),
    CC_ARG_DISK("instanceSpec.systemDisk.cloudDiskSpec.diskSizeGB", CC_DISK_GB),
    { 0 }
};
/*
 * The fingerprint of the operation key is a tag. The lifetime of a clientToken is open; a tag
 * stays, and a lost purchase is found by it without knowing the whole order.
 */
static const struct cc_arg operation_tag[] = {
    TEXT_ARGUMENT("key", "operation"),
    CC_ARG_MARK_ALONE("value"),
    { 0 }
};
#define PRIMARY_INTERFACE "instanceSpec.primaryNetworkInterface.networkInterface."
/*
 * Open: the old specification puts maxCount and clientToken into the query, the SDKs put them into
 * the body. We follow the SDKs, which buy with it; if the token were not read, the tag would still
 * find the purchase. Disks are charged as the instance is.
 */
const struct cc_arg jdcloud_create[] = {
    CC_ARG_CLIENT_TOKEN("clientToken"),
    CC_ARG_DEFAULT("maxCount", COUNT, "1"),
    CC_ARG("instanceSpec.name", NAME),
    CC_ARG("instanceSpec.description", DESCRIPTION),
    CC_ARG("instanceSpec.az", ZONE),
    CC_ARG("instanceSpec.instanceType", INSTANCE_TYPE),
    CC_ARG("instanceSpec.imageId", IMAGE_ID),
    CC_ARG("instanceSpec.password", PASSWORD),
    CC_ARG_IN_LIST("instanceSpec.keyNames", KEY_NAME),
    CC_ARG(PRIMARY_INTERFACE "subnetId", SUBNET_ID),
    CC_ARG_IN_LIST(PRIMARY_INTERFACE "securityGroups", SECURITY_GROUP_ID),
    CC_ARG_DISKS("instanceSpec.dataDisks", data_disk),
    CC_ARG_WORDS("instanceSpec.charge.chargeMode", CHARGE_MODE, charge_words, CC_STRING),
    CC_ARG_PERIOD_UNIT("instanceSpec.charge.chargeUnit", unit_words, CC_STRING),
    CC_ARG_PERIOD_COUNT("instanceSpec.charge.chargeDuration"),
    CC_ARG("instanceSpec.charge.autoRenew", AUTO_RENEW),
    CC_ARG("instanceSpec.elasticIp.bandwidthMbps", PUBLIC_MBPS),
    CC_ARG_TEXT_WITH("instanceSpec.elasticIp.provider", "bgp", CC_STRING, PUBLIC_MBPS),
    CC_ARG_MARK_OBJECT("instanceSpec.userTags", operation_tag),
    /* "local", which the next row replaces when the system disk is a cloud disk */
    TEXT_ARGUMENT("instanceSpec.systemDisk.diskCategory", "local"),
    CC_ARG_CLOUD_DISK("instanceSpec.systemDisk", CC_OBJECT, cloud_system_disk),
    { 0 }
};

/* Renewal: pages "renewInstance", "setRenewal" */

/*
 * Open: the values of appCode. The models of monitoring and billing have "jcloud", which we send.
 * With a wrong value the vendor finds no resource, and an order for nothing cannot cost money.
 */
#define RENEWED_PRODUCT(at, service) \
    TEXT_ARGUMENT(at ".appCode", "jcloud"), \
    TEXT_ARGUMENT(at ".serviceCode", service)
#define RENEWED_FOR(at) \
    CC_ARG_PERIOD_UNIT(at ".timeUnit", renewal_units, CC_STRING), \
    CC_ARG_PERIOD_COUNT(at ".timeSpan")

static const struct cc_word renewal_units[] = {
    { "MONTH", CLOUD_PERIOD_MONTH, NULL },
    { "YEAR",  CLOUD_PERIOD_YEAR,  NULL },
    { 0 }
};
/* instanceIds is one string, its ids joined by commas */
const struct cc_arg jdcloud_renew[] = {
    RENEWED_PRODUCT("renewInstanceParam", "vm"),
    CC_ARG("renewInstanceParam.instanceIds", INSTANCE_ID),
    RENEWED_FOR("renewInstanceParam"),
    { 0 }
};
const struct cc_arg jdcloud_renew_disks[] = {
    RENEWED_PRODUCT("renewInstanceParam", "disk"),
    RENEWED_FOR("renewInstanceParam"),
    CC_ARG_PREPAID_IDS("renewInstanceParam.instanceIds"),
    { 0 }
};
static const struct cc_word renewal_switch[] = {
    { "OPEN",  CLOUD_YES, NULL },
    { "CLOSE", CLOUD_NO,  NULL },
    { 0 }
};
/* BIND includes the prepaid disks of the instance */
const struct cc_arg jdcloud_auto_renew[] = {
    RENEWED_PRODUCT("setRenewalParam", "vm"),
    CC_ARG("setRenewalParam.instanceIds", INSTANCE_ID),
    CC_ARG_WORDS("setRenewalParam.autoRenewStatus", AUTO_RENEW, renewal_switch, CC_STRING),
    RENEWED_FOR("setRenewalParam"),
    TEXT_ARGUMENT("setRenewalParam.allAutoPay", "BIND"),
    { 0 }
};

/*
 * Page "calculateTotalPrice": cmd 1 is new, 2 renew, 3 change, each with a list of orders
 *
 * Open: the keys of a formula ("ask when integrating"). We assume, in this place only, that an
 * instance is its instance type with value 1, and that a disk is its disk type with its size in GB.
 * If a key is wrong, the price is wrong or refused: the support matrix says to confirm the keys
 * before relying on a quote, and the vendor charges its own price, not the quote.
 */
#define FORMULA(key_, value_) key_, value_, INT_ARGUMENT("number", "1")

static const struct cc_arg instance_formula[] = {
    FORMULA(CC_ARG("key", INSTANCE_TYPE), INT_ARGUMENT("value", "1")),
    { 0 }
};
static const struct cc_arg disk_formula[] = {
    FORMULA(DISK_TYPE("key"), CC_ARG_DISK("value", CC_DISK_GB)),
    TEXT_ARGUMENT("unit", "GB"),
    { 0 }
};
static const struct cc_arg extended_disk_formula[] = {
    FORMULA(CC_ARG_FROM_INSTANCE("key", system_disk.type), CC_ARG("value", SYSTEM_DISK_GB)),
    TEXT_ARGUMENT("unit", "GB"),
    { 0 }
};

/* model "OrderPriceProtocol" */
static const struct cc_word billing_types[] = {
    { "3", CLOUD_CHARGE_PREPAID,  NULL },
    { "1", CLOUD_CHARGE_POSTPAID, NULL },
    { "1", CLOUD_CHARGE_SPOT,     NULL },
    { 0 }
};
static const struct cc_word time_units[] = {
    { "3", CLOUD_PERIOD_MONTH, NULL },
    { "4", CLOUD_PERIOD_YEAR,  NULL },
    { 0 }
};
#define ORDERED_PRODUCT(service) \
    TEXT_ARGUMENT("serviceCode", service), \
    CC_ARG_OF_REGION("region"), \
    TEXT_ARGUMENT("taskId", "1")
#define BILLING_TYPE \
    { .path = "billingType", .kind = CC_ARG_WORD, .param = CLOUD_PARAM_CHARGE_MODE, \
      .words = billing_types, .as = CC_INT, .text = "1" }
#define BILLING_TYPE_PREPAID INT_ARGUMENT("billingType", "3")
#define ORDER_PERIOD \
    CC_ARG_PERIOD_COUNT("timeSpan"), \
    CC_ARG_PERIOD_UNIT("timeUnit", time_units, CC_INT)

static const struct cc_arg new_instance[] = {
    ORDERED_PRODUCT("vm"),
    BILLING_TYPE,
    CC_ARG("az", ZONE),
    ORDER_PERIOD,
    CC_ARG_ONE("formula", instance_formula),
    { 0 }
};
static const struct cc_arg new_disk[] = {
    ORDERED_PRODUCT("disk"),
    BILLING_TYPE,
    CC_ARG("az", ZONE),
    ORDER_PERIOD,
    CC_ARG_ONE("formula", disk_formula),
    { 0 }
};
const struct cc_arg jdcloud_price_new[] = {
    INT_ARGUMENT("cmd", "1"),
    CC_ARG_DEFAULT("packageCount", COUNT, "1"),
    CC_ARG_ONE("orderList", new_instance),
    CC_ARG_CLOUD_DISK("orderList", CC_STRING, new_disk),
    CC_ARG_DISKS("orderList", new_disk),
    { 0 }
};

static const struct cc_arg renewed_instance[] = {
    ORDERED_PRODUCT("vm"),
    BILLING_TYPE_PREPAID,
    CC_ARG("resourceId", INSTANCE_ID),
    ORDER_PERIOD,
    { 0 }
};
static const struct cc_arg renewed_disk[] = {
    ORDERED_PRODUCT("disk"),
    BILLING_TYPE_PREPAID,
    CC_ARG_DISK("resourceId", CC_DISK_ID),
    ORDER_PERIOD,
    { 0 }
};
const struct cc_arg jdcloud_price_renewal[] = {
    INT_ARGUMENT("cmd", "2"),
    INT_ARGUMENT("packageCount", "1"),
    INT_ARGUMENT("renewMode", "0"),
    CC_ARG_ONE("orderList", renewed_instance),
    CC_ARG_PREPAID_DISKS("orderList", renewed_disk),
    { 0 }
};

static const struct cc_arg changed_instance[] = {
    ORDERED_PRODUCT("vm"),
    BILLING_TYPE,
    CC_ARG("resourceId", INSTANCE_ID),
    CC_ARG_ONE("formula", instance_formula),
    { 0 }
};
static const struct cc_arg changed_disk[] = {
    ORDERED_PRODUCT("disk"),
    BILLING_TYPE,
    CC_ARG_FROM_INSTANCE("resourceId", system_disk.id),
    CC_ARG_ONE("formula", extended_disk_formula),
    { 0 }
};
const struct cc_arg jdcloud_price_change[] = {
    INT_ARGUMENT("cmd", "3"),
    INT_ARGUMENT("packageCount", "1"),
    CC_ARG_ONE_OBJECT("orderList", INSTANCE_TYPE, changed_instance),
    CC_ARG_ONE_OBJECT("orderList", SYSTEM_DISK_GB, changed_disk),
    { 0 }
};
/* clang-format on */
