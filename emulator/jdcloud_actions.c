/* SPDX-License-Identifier: Apache-2.0 */
/*
 * JD Cloud's actions and their parameters, as the vendor's pages list them: vm v1, disk v1, renewal v2,
 * billing v1. A model's name stands at its table.
 */
#include "emulator/jdcloud.h"

#include <stddef.h>

#define FIELDS static const struct emu_jd_field

/* clang-format off */

/* ---- models ------------------------------------------------------------------------------------------ */

FIELDS filter[] = { { "name", 's', true, NULL }, { "operator", 's', false, NULL }, { "values", 'S', true, NULL }, { 0 } };
FIELDS tag_filter[] = { { "key", 's', false, NULL }, { "values", 'S', false, NULL }, { 0 } };
FIELDS pair[] = { { "key", 's', true, NULL }, { "value", 's', false, NULL }, { 0 } };
FIELDS order_by[] = { { "name", 's', true, NULL }, { "direction", 'i', false, NULL }, { 0 } };

FIELDS charge_spec[] = {
    { "chargeMode", 's', false, NULL }, { "chargeUnit", 's', false, NULL }, { "chargeDuration", 'i', false, NULL },
    { "autoRenew", 'b', false, NULL }, { "autoChangeChargeMode", 'b', false, NULL },
    { "autoChangeChargeModeDate", 's', false, NULL }, { "buyScenario", 's', false, NULL }, { 0 }
};
/* DiskSpec. az and name are required by createDisks only: inside createInstances the VM's own count. */
FIELDS disk_spec[] = {
    { "az", 's', false, NULL }, { "name", 's', false, NULL }, { "description", 's', false, NULL },
    { "diskType", 's', true, NULL }, { "diskSizeGB", 'i', true, NULL }, { "iops", 'i', false, NULL },
    { "snapshotId", 's', false, NULL }, { "policyId", 's', false, NULL }, { "charge", 'o', false, charge_spec },
    { "multiAttachable", 'b', false, NULL }, { "encrypt", 'b', false, NULL }, { 0 }
};
/* A system disk may leave size and type to the image. */
FIELDS system_disk_spec[] = {
    { "az", 's', false, NULL }, { "name", 's', false, NULL }, { "description", 's', false, NULL },
    { "diskType", 's', false, NULL }, { "diskSizeGB", 'i', false, NULL }, { "iops", 'i', false, NULL },
    { "snapshotId", 's', false, NULL }, { "policyId", 's', false, NULL }, { "charge", 'o', false, charge_spec },
    { "multiAttachable", 'b', false, NULL }, { "encrypt", 'b', false, NULL }, { 0 }
};
FIELDS data_disk[] = {
    { "diskCategory", 's', false, NULL }, { "autoDelete", 'b', false, NULL }, { "cloudDiskSpec", 'o', false, disk_spec },
    { "deviceName", 's', false, NULL }, { "noDevice", 'b', false, NULL }, { 0 }
};
FIELDS system_disk[] = {
    { "diskCategory", 's', false, NULL }, { "autoDelete", 'b', false, NULL },
    { "cloudDiskSpec", 'o', false, system_disk_spec }, { "deviceName", 's', false, NULL },
    { "noDevice", 'b', false, NULL }, { 0 }
};
FIELDS nic_spec[] = {
    { "subnetId", 's', true, NULL }, { "az", 's', false, NULL }, { "networkInterfaceName", 's', false, NULL },
    { "primaryIpAddress", 's', false, NULL }, { "secondaryIpAddresses", 'S', false, NULL },
    { "secondaryIpCount", 'i', false, NULL }, { "securityGroups", 'S', false, NULL },
    { "sanityCheck", 'i', false, NULL }, { "description", 's', false, NULL }, { "ipv6Address", 's', false, NULL },
    { "ipv6AddressCount", 'i', false, NULL }, { 0 }
};
FIELDS nic_attachment[] = {
    { "deviceIndex", 'i', false, NULL }, { "autoDelete", 'b', false, NULL },
    { "networkInterface", 'o', true, nic_spec }, { 0 }
};
FIELDS eip_spec[] = {
    { "bandwidthMbps", 'i', true, NULL }, { "provider", 's', true, NULL }, { "chargeSpec", 'o', false, charge_spec }, { 0 }
};
FIELDS instance_spec[] = {
    { "name", 's', true, NULL }, { "az", 's', false, NULL }, { "instanceType", 's', false, NULL },
    { "imageId", 's', false, NULL }, { "primaryNetworkInterface", 'o', false, nic_attachment },
    { "systemDisk", 'o', false, system_disk }, { "dataDisks", 'a', false, data_disk },
    { "charge", 'o', false, charge_spec }, { "password", 's', false, NULL }, { "keyNames", 'S', false, NULL },
    { "passwordAuth", 's', false, NULL }, { "imageInherit", 's', false, NULL }, { "hostname", 's', false, NULL },
    { "description", 's', false, NULL }, { "elasticIp", 'o', false, eip_spec }, { "metadata", 'a', false, pair },
    { "userdata", 'a', false, pair }, { "userTags", 'a', false, pair }, { "chargeOnStopped", 's', false, NULL },
    { "agId", 's', false, NULL }, { "instanceTemplateId", 's', false, NULL }, { "isManaged", 'b', false, NULL },
    { "noPassword", 'b', false, NULL }, { "noKeyNames", 'b', false, NULL }, { "noElasticIp", 'b', false, NULL },
    { "noInstanceTags", 'b', false, NULL }, { "dedicatedPoolId", 's', false, NULL },
    { "dedicatedHostId", 's', false, NULL }, { "burstSpec", 'o', false, NULL },
    { "autoImagePolicyId", 's', false, NULL }, { "resourceGroupId", 's', false, NULL },
    { "cpuTopology", 'o', false, NULL }, { 0 }
};
FIELDS disk_switch[] = { { "diskId", 's', true, NULL }, { "autoDelete", 'b', false, NULL }, { 0 } };
FIELDS nic_switch[] = { { "networkInterfaceId", 's', true, NULL }, { "autoDelete", 'b', false, NULL }, { 0 } };

/* ---- parameters of vm -------------------------------------------------------------------------------- */

FIELDS none[] = { { 0 } };
FIELDS paged[] = {
    { "pageNumber", 'i', false, NULL }, { "pageSize", 'i', false, NULL }, { "filters", 'a', false, filter }, { 0 }
};
FIELDS describe_instances[] = {
    { "pageNumber", 'i', false, NULL }, { "pageSize", 'i', false, NULL }, { "tags", 'a', false, tag_filter },
    { "filters", 'a', false, filter }, { 0 }
};
FIELDS create_instances[] = {
    { "instanceSpec", 'o', true, instance_spec }, { "maxCount", 'i', false, NULL }, { "clientToken", 's', false, NULL }, { 0 }
};
FIELDS stop_instance[] = { { "chargeOnStopped", 's', false, NULL }, { 0 } };
FIELDS password[] = { { "password", 's', true, NULL }, { 0 } };
FIELDS resize[] = { { "instanceType", 's', true, NULL }, { "force", 'b', false, NULL }, { 0 } };
FIELDS rebuild[] = {
    { "password", 's', false, NULL }, { "imageId", 's', false, NULL }, { "keyNames", 'S', false, NULL },
    { "hostname", 's', false, NULL }, { "metadata", 'a', false, pair }, { "userdata", 'a', false, pair },
    { "passWordAuth", 's', false, NULL }, { "imageInherit", 's', false, NULL }, { 0 }
};
FIELDS delete_instance[] = { { "deletePrimaryNetworkInterfaceAllElasticIp", 'b', false, NULL }, { 0 } };
FIELDS attach_disk[] = {
    { "diskId", 's', true, NULL }, { "deviceName", 's', false, NULL }, { "autoDelete", 'b', false, NULL }, { 0 }
};
FIELDS detach_disk[] = { { "diskId", 's', true, NULL }, { "force", 'b', false, NULL }, { 0 } };
FIELDS attach_nic[] = { { "networkInterfaceId", 's', true, NULL }, { "autoDelete", 'b', false, NULL }, { 0 } };
FIELDS detach_nic[] = { { "networkInterfaceId", 's', true, NULL }, { 0 } };
FIELDS eip[] = { { "elasticIpId", 's', true, NULL }, { 0 } };
FIELDS instance_attribute[] = {
    { "name", 's', false, NULL }, { "description", 's', false, NULL }, { "hostname", 's', false, NULL },
    { "metadata", 'a', false, pair }, { "userdata", 'a', false, pair }, { 0 }
};
FIELDS disk_attribute[] = { { "dataDisks", 'a', false, disk_switch }, { 0 } };
FIELDS network_attribute[] = { { "networks", 'a', true, nic_switch }, { 0 } };
FIELDS describe_types[] = {
    { "serviceName", 's', false, NULL }, { "chargeMode", 's', false, NULL }, { "filters", 'a', false, filter }, { 0 }
};
FIELDS describe_images[] = {
    { "imageSource", 's', false, NULL }, { "offline", 'b', false, NULL }, { "platform", 's', false, NULL },
    { "ids", 'S', false, NULL }, { "imageName", 's', false, NULL }, { "rootDeviceType", 's', false, NULL },
    { "launchPermission", 's', false, NULL }, { "status", 's', false, NULL }, { "serviceCode", 's', false, NULL },
    { "architecture", 's', false, NULL }, { "instanceIds", 'S', false, NULL }, { "bootMode", 's', false, NULL },
    { "pageNumber", 'i', false, NULL }, { "pageSize", 'i', false, NULL }, { 0 }
};
FIELDS create_image[] = {
    { "name", 's', true, NULL }, { "description", 's', false, NULL }, { "dataDisks", 'a', false, data_disk }, { 0 }
};
FIELDS copy_images[] = {
    { "sourceImageIds", 'S', true, NULL }, { "destinationRegion", 's', true, NULL }, { "name", 's', false, NULL },
    { "description", 's', false, NULL }, { 0 }
};
FIELDS delete_image[] = { { "deleteSnapshot", 'b', false, NULL }, { 0 } };
FIELDS image_attribute[] = { { "name", 's', false, NULL }, { "description", 's', false, NULL }, { 0 } };
FIELDS share[] = { { "pins", 'S', false, NULL }, { "loginNames", 'S', false, NULL }, { 0 } };
FIELDS ids[] = { { "ids", 'S', false, NULL }, { 0 } };
FIELDS quotas[] = { { "filters", 'a', false, filter }, { "imageId", 's', false, NULL }, { 0 } };

/* ---- parameters of disk, renewal, billing ------------------------------------------------------------ */

FIELDS describe_disks[] = {
    { "pageNumber", 'i', false, NULL }, { "pageSize", 'i', false, NULL }, { "orders", 'a', false, order_by },
    { "tags", 'a', false, tag_filter }, { "resourceGroupIds", 'S', false, NULL }, { "filters", 'a', false, filter }, { 0 }
};
FIELDS create_disks[] = {
    { "diskSpec", 'o', true, disk_spec }, { "maxCount", 'i', true, NULL }, { "clientToken", 's', true, NULL },
    { "userTags", 'a', false, pair }, { "resourceGroupId", 's', false, NULL }, { 0 }
};
FIELDS extend_disk[] = { { "diskSizeGB", 'i', true, NULL }, { "iops", 'i', false, NULL }, { 0 } };
FIELDS delete_disk[] = { { "putInRecycleBin", 'b', false, NULL }, { 0 } };
FIELDS modify_disk[] = { { "name", 's', false, NULL }, { "description", 's', false, NULL }, { 0 } };
FIELDS disk_quota[] = { { "type", 's', true, NULL }, { 0 } };

FIELDS query_param[] = {
    { "appCode", 's', true, NULL }, { "serviceCode", 's', true, NULL }, { "instanceName", 's', false, NULL },
    { "instanceId", 's', false, NULL }, { "ipAddress", 's', false, NULL }, { "renewStatus", 's', false, NULL },
    { "billingType", 's', false, NULL }, { "expireType", 's', false, NULL }, { "pageNumber", 'i', false, NULL },
    { "pageSize", 'i', false, NULL }, { 0 }
};
FIELDS renew_param[] = {
    { "appCode", 's', true, NULL }, { "serviceCode", 's', true, NULL }, { "timeUnit", 's', true, NULL },
    { "timeSpan", 'i', true, NULL }, { "instanceIds", 's', true, NULL }, { "unifyDate", 's', false, NULL },
    { "autoPay", 'b', false, NULL }, { "returnURL", 's', false, NULL }, { 0 }
};
FIELDS set_renewal_param[] = {
    { "appCode", 's', true, NULL }, { "serviceCode", 's', true, NULL }, { "instanceIds", 's', true, NULL },
    { "autoRenewStatus", 's', true, NULL }, { "timeUnit", 's', false, NULL }, { "timeSpan", 'i', false, NULL },
    { "allAutoPay", 's', false, NULL }, { 0 }
};
FIELDS query_instance[] = { { "queryInstanceParam", 'o', true, query_param }, { 0 } };
FIELDS renew_instance[] = { { "renewInstanceParam", 'o', true, renew_param }, { 0 } };
FIELDS set_renewal[] = { { "setRenewalParam", 'o', true, set_renewal_param }, { 0 } };

FIELDS formula[] = {
    { "key", 's', true, NULL }, { "value", 'n', false, NULL }, { "unit", 's', false, NULL }, { "number", 'n', false, NULL }, { 0 }
};
FIELDS order_price[] = {
    { "resourceId", 's', false, NULL }, { "appCode", 's', false, NULL }, { "serviceCode", 's', true, NULL },
    { "site", 'i', false, NULL }, { "region", 's', false, NULL }, { "az", 's', false, NULL },
    { "billingType", 'i', true, NULL }, { "timeSpan", 'i', false, NULL }, { "timeUnit", 'i', false, NULL },
    { "networkOperator", 'i', false, NULL }, { "formula", 'a', false, formula }, { "formulaStr", 's', false, NULL },
    { "pin", 's', false, NULL }, { "startTime", 's', false, NULL }, { "endTime", 's', false, NULL },
    { "taskId", 's', false, NULL }, { "sourceId", 's', false, NULL }, { "count", 'i', false, NULL },
    { "protectionPeriod", 'i', false, NULL }, { 0 }
};
FIELDS total_price[] = {
    { "cmd", 'i', true, NULL }, { "packageCount", 'i', true, NULL }, { "orderList", 'a', false, order_price },
    { "operateTime", 's', false, NULL }, { "promotionInfo", 's', false, NULL }, { "clientType", 'i', false, NULL },
    { "processType", 'i', false, NULL }, { "renewMode", 'i', false, NULL }, { "unifyExpireDay", 'i', false, NULL },
    { "totalPriceRule", 'i', false, NULL }, { 0 }
};

/* ---- actions ----------------------------------------------------------------------------------------- */

#define ACTION(product, name, method, version, path, params) \
    { product, #name, method, version, path, params, emu_jd_##name }

const struct emu_jd_action emu_jd_actions[] = {
    ACTION("vm", createInstances,               "POST",   "v1", "/instances", create_instances),
    ACTION("vm", describeInstances,             "GET",    "v1", "/instances", describe_instances),
    ACTION("vm", describeInstance,              "GET",    "v1", "/instances/{}", none),
    ACTION("vm", describeInstanceStatus,        "GET",    "v1", "/instanceStatus", paged),
    ACTION("vm", describeInstancePrivateIpAddress, "GET", "v1", "/instancePrivateIpAddress", paged),
    ACTION("vm", startInstance,                 "POST",   "v1", "/instances/{}:startInstance", none),
    ACTION("vm", stopInstance,                  "POST",   "v1", "/instances/{}:stopInstance", stop_instance),
    ACTION("vm", rebootInstance,                "POST",   "v1", "/instances/{}:rebootInstance", none),
    ACTION("vm", modifyInstancePassword,        "POST",   "v1", "/instances/{}:modifyInstancePassword", password),
    ACTION("vm", resizeInstance,                "POST",   "v1", "/instances/{}:resizeInstance", resize),
    ACTION("vm", rebuildInstance,               "POST",   "v1", "/instances/{}:rebuildInstance", rebuild),
    ACTION("vm", deleteInstance,                "DELETE", "v1", "/instances/{}", delete_instance),
    ACTION("vm", describeInstanceVncUrl,        "GET",    "v1", "/instances/{}/vnc", none),
    ACTION("vm", modifyInstanceAttribute,       "POST",   "v1", "/instances/{}:modifyInstanceAttribute", instance_attribute),
    ACTION("vm", modifyInstanceDiskAttribute,   "POST",   "v1", "/instances/{}:modifyInstanceDiskAttribute", disk_attribute),
    ACTION("vm", modifyInstanceNetworkAttribute, "POST",  "v1", "/instances/{}:modifyInstanceNetworkAttribute", network_attribute),
    ACTION("vm", attachDisk,                    "POST",   "v1", "/instances/{}:attachDisk", attach_disk),
    ACTION("vm", detachDisk,                    "POST",   "v1", "/instances/{}:detachDisk", detach_disk),
    ACTION("vm", attachNetworkInterface,        "POST",   "v1", "/instances/{}:attachNetworkInterface", attach_nic),
    ACTION("vm", detachNetworkInterface,        "POST",   "v1", "/instances/{}:detachNetworkInterface", detach_nic),
    ACTION("vm", associateElasticIp,            "POST",   "v1", "/instances/{}:associateElasticIp", eip),
    ACTION("vm", disassociateElasticIp,         "POST",   "v1", "/instances/{}:disassociateElasticIp", eip),
    ACTION("vm", describeInstanceTypes,         "GET",    "v1", "/instanceTypes", describe_types),
    ACTION("vm", describeQuotas,                "GET",    "v1", "/quotas", quotas),
    ACTION("vm", describeImages,                "GET",    "v1", "/images", describe_images),
    ACTION("vm", describeImage,                 "GET",    "v1", "/images/{}", none),
    ACTION("vm", createImage,                   "POST",   "v1", "/instances/{}:createImage", create_image),
    ACTION("vm", copyImages,                    "POST",   "v1", "/images:copyImages", copy_images),
    ACTION("vm", deleteImage,                   "DELETE", "v1", "/images/{}", delete_image),
    ACTION("vm", modifyImageAttribute,          "POST",   "v1", "/images/{}:modifyImageAttribute", image_attribute),
    ACTION("vm", shareImage,                    "POST",   "v1", "/images/{}:share", share),
    ACTION("vm", unShareImage,                  "POST",   "v1", "/images/{}:unshare", share),
    ACTION("vm", describeImageMembers,          "GET",    "v1", "/images/{}/members", none),
    ACTION("vm", describeImageConstraints,      "GET",    "v1", "/images/{}/constraints", none),
    ACTION("vm", describeImageConstraintsBatch, "GET",    "v1", "/imageConstraints", ids),
    ACTION("disk", describeDisk,                "GET",    "v1", "/disks/{}", none),
    ACTION("disk", describeDisks,               "GET",    "v1", "/disks", describe_disks),
    ACTION("disk", createDisks,                 "POST",   "v1", "/disks", create_disks),
    ACTION("disk", extendDisk,                  "POST",   "v1", "/disks/{}:extend", extend_disk),
    ACTION("disk", deleteDisk,                  "DELETE", "v1", "/disks/{}", delete_disk),
    ACTION("disk", modifyDiskAttribute,         "PATCH",  "v1", "/disks/{}", modify_disk),
    ACTION("disk", describeQuota,               "GET",    "v1", "/quotas", disk_quota),
    ACTION("renewal", queryInstance,            "POST",   "v2", "/instances", query_instance),
    ACTION("renewal", renewInstance,            "POST",   "v2", "/instances:renew", renew_instance),
    ACTION("renewal", setRenewal,               "PUT",    "v2", "/instances:autoRenewStatus", set_renewal),
    ACTION("billing", calculateTotalPrice,      "POST",   "v1", "/calculateTotalPrice", total_price),
    { 0 }
};
/* clang-format on */
