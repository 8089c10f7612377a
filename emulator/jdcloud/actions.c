/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud's actions and their parameters, as the vendor's pages list them: vm v1, disk v1, renewal
 * v2, billing v1, order v2. Each table has the name of the page's model. */
#include "emulator/jdcloud/jdcloud.h"

#include <stddef.h>

/* clang-format off */
#define FIELDS static const struct emu_jd_field
#define OPT(name, type)         { #name, type, false, NULL }
#define REQ(name, type)         { #name, type, true, NULL }
#define OPT_OF(name, type, of)  { #name, type, false, of }
#define REQ_OF(name, type, of)  { #name, type, true, of }

FIELDS filter[] = { REQ(name, 's'), OPT(operator, 's'), REQ(values, 'S'), { 0 } };
FIELDS tag_filter[] = { OPT(key, 's'), OPT(values, 'S'), { 0 } };
FIELDS pair[] = { REQ(key, 's'), OPT(value, 's'), { 0 } };
FIELDS order_by[] = { REQ(name, 's'), OPT(direction, 'i'), { 0 } };

FIELDS charge_spec[] = {
    OPT(chargeMode, 's'), OPT(chargeUnit, 's'), OPT(chargeDuration, 'i'), OPT(autoRenew, 'b'),
    OPT(autoChangeChargeMode, 'b'), OPT(autoChangeChargeModeDate, 's'), OPT(buyScenario, 's'), { 0 }
};
/* DiskSpec. Only createDisks requires az and name: the disks of a VM take its own. */
FIELDS disk_spec[] = {
    OPT(az, 's'), OPT(name, 's'), OPT(description, 's'), REQ(diskType, 's'), REQ(diskSizeGB, 'i'),
    OPT(iops, 'i'), OPT(snapshotId, 's'), OPT(policyId, 's'), OPT_OF(charge, 'o', charge_spec),
    OPT(multiAttachable, 'b'), OPT(encrypt, 'b'), { 0 }
};
/* A system disk may take size and type from the image. */
FIELDS system_disk_spec[] = {
    OPT(az, 's'), OPT(name, 's'), OPT(description, 's'), OPT(diskType, 's'), OPT(diskSizeGB, 'i'),
    OPT(iops, 'i'), OPT(snapshotId, 's'), OPT(policyId, 's'), OPT_OF(charge, 'o', charge_spec),
    OPT(multiAttachable, 'b'), OPT(encrypt, 'b'), { 0 }
};
FIELDS data_disk[] = {
    OPT(diskCategory, 's'), OPT(autoDelete, 'b'), OPT_OF(cloudDiskSpec, 'o', disk_spec),
    OPT(deviceName, 's'), OPT(noDevice, 'b'), { 0 }
};
FIELDS system_disk[] = {
    OPT(diskCategory, 's'), OPT(autoDelete, 'b'), OPT_OF(cloudDiskSpec, 'o', system_disk_spec),
    OPT(deviceName, 's'), OPT(noDevice, 'b'), { 0 }
};
FIELDS nic_spec[] = {
    REQ(subnetId, 's'), OPT(az, 's'), OPT(networkInterfaceName, 's'), OPT(primaryIpAddress, 's'),
    OPT(secondaryIpAddresses, 'S'), OPT(secondaryIpCount, 'i'), OPT(securityGroups, 'S'),
    OPT(sanityCheck, 'i'), OPT(description, 's'), OPT(ipv6Address, 's'), OPT(ipv6AddressCount, 'i'),
    { 0 }
};
FIELDS nic_attachment[] = {
    OPT(deviceIndex, 'i'), OPT(autoDelete, 'b'), REQ_OF(networkInterface, 'o', nic_spec), { 0 }
};
FIELDS eip_spec[] = {
    REQ(bandwidthMbps, 'i'), REQ(provider, 's'), OPT_OF(chargeSpec, 'o', charge_spec), { 0 }
};
FIELDS instance_spec[] = {
    REQ(name, 's'), OPT(az, 's'), OPT(instanceType, 's'), OPT(imageId, 's'),
    OPT_OF(primaryNetworkInterface, 'o', nic_attachment), OPT_OF(systemDisk, 'o', system_disk),
    OPT_OF(dataDisks, 'a', data_disk), OPT_OF(charge, 'o', charge_spec), OPT(password, 's'),
    OPT(keyNames, 'S'), OPT(passwordAuth, 's'), OPT(imageInherit, 's'), OPT(hostname, 's'),
    OPT(description, 's'), OPT_OF(elasticIp, 'o', eip_spec), OPT_OF(metadata, 'a', pair),
    OPT_OF(userdata, 'a', pair), OPT_OF(userTags, 'a', pair), OPT(chargeOnStopped, 's'),
    OPT(agId, 's'), OPT(instanceTemplateId, 's'), OPT(isManaged, 'b'), OPT(noPassword, 'b'),
    OPT(noKeyNames, 'b'), OPT(noElasticIp, 'b'), OPT(noInstanceTags, 'b'),
    OPT(dedicatedPoolId, 's'), OPT(dedicatedHostId, 's'), OPT(burstSpec, 'o'),
    OPT(autoImagePolicyId, 's'), OPT(resourceGroupId, 's'), OPT(cpuTopology, 'o'), { 0 }
};
FIELDS disk_switch[] = { REQ(diskId, 's'), OPT(autoDelete, 'b'), { 0 } };
FIELDS nic_switch[] = { REQ(networkInterfaceId, 's'), OPT(autoDelete, 'b'), { 0 } };

FIELDS none[] = { { 0 } };
FIELDS paged[] = { OPT(pageNumber, 'i'), OPT(pageSize, 'i'), OPT_OF(filters, 'a', filter), { 0 } };
FIELDS describe_instances[] = {
    OPT(pageNumber, 'i'), OPT(pageSize, 'i'), OPT_OF(tags, 'a', tag_filter),
    OPT_OF(filters, 'a', filter), { 0 }
};
FIELDS create_instances[] = {
    REQ_OF(instanceSpec, 'o', instance_spec), OPT(maxCount, 'i'), OPT(clientToken, 's'), { 0 }
};
FIELDS stop_instance[] = { OPT(chargeOnStopped, 's'), { 0 } };
FIELDS password[] = { REQ(password, 's'), { 0 } };
FIELDS resize[] = { REQ(instanceType, 's'), OPT(force, 'b'), { 0 } };
FIELDS rebuild[] = {
    OPT(password, 's'), OPT(imageId, 's'), OPT(keyNames, 'S'), OPT(hostname, 's'),
    OPT_OF(metadata, 'a', pair), OPT_OF(userdata, 'a', pair), OPT(passWordAuth, 's'),
    OPT(imageInherit, 's'), { 0 }
};
FIELDS delete_instance[] = { OPT(deletePrimaryNetworkInterfaceAllElasticIp, 'b'), { 0 } };
FIELDS attach_disk[] = { REQ(diskId, 's'), OPT(deviceName, 's'), OPT(autoDelete, 'b'), { 0 } };
FIELDS detach_disk[] = { REQ(diskId, 's'), OPT(force, 'b'), { 0 } };
FIELDS attach_nic[] = { REQ(networkInterfaceId, 's'), OPT(autoDelete, 'b'), { 0 } };
FIELDS detach_nic[] = { REQ(networkInterfaceId, 's'), { 0 } };
FIELDS eip[] = { REQ(elasticIpId, 's'), { 0 } };
FIELDS instance_attribute[] = {
    OPT(name, 's'), OPT(description, 's'), OPT(hostname, 's'), OPT_OF(metadata, 'a', pair),
    OPT_OF(userdata, 'a', pair), { 0 }
};
FIELDS disk_attribute[] = { OPT_OF(dataDisks, 'a', disk_switch), { 0 } };
FIELDS network_attribute[] = { REQ_OF(networks, 'a', nic_switch), { 0 } };
FIELDS describe_types[] = {
    OPT(serviceName, 's'), OPT(chargeMode, 's'), OPT_OF(filters, 'a', filter), { 0 }
};
FIELDS describe_images[] = {
    OPT(imageSource, 's'), OPT(offline, 'b'), OPT(platform, 's'), OPT(ids, 'S'),
    OPT(imageName, 's'), OPT(rootDeviceType, 's'), OPT(launchPermission, 's'), OPT(status, 's'),
    OPT(serviceCode, 's'), OPT(architecture, 's'), OPT(instanceIds, 'S'), OPT(bootMode, 's'),
    OPT(pageNumber, 'i'), OPT(pageSize, 'i'), { 0 }
};
FIELDS create_image[] = {
    REQ(name, 's'), OPT(description, 's'), OPT_OF(dataDisks, 'a', data_disk), { 0 }
};
FIELDS copy_images[] = {
    REQ(sourceImageIds, 'S'), REQ(destinationRegion, 's'), OPT(name, 's'), OPT(description, 's'),
    { 0 }
};
FIELDS delete_image[] = { OPT(deleteSnapshot, 'b'), { 0 } };
FIELDS image_attribute[] = { OPT(name, 's'), OPT(description, 's'), { 0 } };
FIELDS share[] = { OPT(pins, 'S'), OPT(loginNames, 'S'), { 0 } };
FIELDS ids[] = { OPT(ids, 'S'), { 0 } };
FIELDS quotas[] = { OPT_OF(filters, 'a', filter), OPT(imageId, 's'), { 0 } };

FIELDS describe_disks[] = {
    OPT(pageNumber, 'i'), OPT(pageSize, 'i'), OPT_OF(orders, 'a', order_by),
    OPT_OF(tags, 'a', tag_filter), OPT(resourceGroupIds, 'S'), OPT_OF(filters, 'a', filter), { 0 }
};
FIELDS create_disks[] = {
    REQ_OF(diskSpec, 'o', disk_spec), REQ(maxCount, 'i'), REQ(clientToken, 's'),
    OPT_OF(userTags, 'a', pair), OPT(resourceGroupId, 's'), { 0 }
};
FIELDS extend_disk[] = { REQ(diskSizeGB, 'i'), OPT(iops, 'i'), { 0 } };
FIELDS delete_disk[] = { OPT(putInRecycleBin, 'b'), { 0 } };
FIELDS modify_disk[] = { OPT(name, 's'), OPT(description, 's'), { 0 } };
FIELDS disk_quota[] = { REQ(type, 's'), { 0 } };

FIELDS query_param[] = {
    REQ(appCode, 's'), REQ(serviceCode, 's'), OPT(instanceName, 's'), OPT(instanceId, 's'),
    OPT(ipAddress, 's'), OPT(renewStatus, 's'), OPT(billingType, 's'), OPT(expireType, 's'),
    OPT(pageNumber, 'i'), OPT(pageSize, 'i'), { 0 }
};
FIELDS renew_param[] = {
    REQ(appCode, 's'), REQ(serviceCode, 's'), REQ(timeUnit, 's'), REQ(timeSpan, 'i'),
    REQ(instanceIds, 's'), OPT(unifyDate, 's'), OPT(autoPay, 'b'), OPT(returnURL, 's'), { 0 }
};
FIELDS set_renewal_param[] = {
    REQ(appCode, 's'), REQ(serviceCode, 's'), REQ(instanceIds, 's'), REQ(autoRenewStatus, 's'),
    OPT(timeUnit, 's'), OPT(timeSpan, 'i'), OPT(allAutoPay, 's'), { 0 }
};
FIELDS query_instance[] = { REQ_OF(queryInstanceParam, 'o', query_param), { 0 } };
FIELDS renew_instance[] = { REQ_OF(renewInstanceParam, 'o', renew_param), { 0 } };
FIELDS set_renewal[] = { REQ_OF(setRenewalParam, 'o', set_renewal_param), { 0 } };

FIELDS formula[] = { REQ(key, 's'), OPT(value, 'n'), OPT(unit, 's'), OPT(number, 'n'), { 0 } };
FIELDS order_price[] = {
    OPT(resourceId, 's'), OPT(appCode, 's'), REQ(serviceCode, 's'), OPT(site, 'i'),
    OPT(region, 's'), OPT(az, 's'), REQ(billingType, 'i'), OPT(timeSpan, 'i'), OPT(timeUnit, 'i'),
    OPT(networkOperator, 'i'), OPT_OF(formula, 'a', formula), OPT(formulaStr, 's'), OPT(pin, 's'),
    OPT(startTime, 's'), OPT(endTime, 's'), OPT(taskId, 's'), OPT(sourceId, 's'), OPT(count, 'i'),
    OPT(protectionPeriod, 'i'), { 0 }
};
FIELDS total_price[] = {
    REQ(cmd, 'i'), REQ(packageCount, 'i'), OPT_OF(orderList, 'a', order_price),
    OPT(operateTime, 's'), OPT(promotionInfo, 's'), OPT(clientType, 'i'), OPT(processType, 'i'),
    OPT(renewMode, 'i'), OPT(unifyExpireDay, 'i'), OPT(totalPriceRule, 'i'), { 0 }
};

FIELDS query_order[] = { OPT(includeDetail, 'b'), { 0 } };
FIELDS list_order_request[] = {
    OPT(appCode, 's'), OPT(chargeMode, 's'), OPT(startTime, 'i'), OPT(endTime, 'i'), OPT(orderType,
      's'),
    OPT(pageNumber, 'i'), OPT(pageSize, 'i'), OPT(payType, 's'), OPT(serviceCode, 's'), OPT(status,
      's'), { 0 }
};
FIELDS query_orders[] = { OPT_OF(queryVo, 'o', list_order_request), { 0 } };

#define ACTION(product, name, method, version, path, params) \
    { product, #name, method, version, path, params, emu_jd_##name }
/* Most actions on an instance have a path that ends with their own name. */
#define ON_INSTANCE(name, params) \
    ACTION("vm", name, "POST", "v1", "/instances/{}:" #name, params)

const struct emu_jd_action emu_jd_actions[] = {
    ACTION("vm", createInstances, "POST", "v1", "/instances", create_instances),
    ACTION("vm", describeInstances, "GET", "v1", "/instances", describe_instances),
    ACTION("vm", describeInstance, "GET", "v1", "/instances/{}", none),
    ACTION("vm", describeInstanceStatus, "GET", "v1", "/instanceStatus", paged),
    ACTION("vm", describeInstancePrivateIpAddress, "GET", "v1", "/instancePrivateIpAddress", paged),
    ON_INSTANCE(startInstance, none),
    ON_INSTANCE(stopInstance, stop_instance),
    ON_INSTANCE(rebootInstance, none),
    ON_INSTANCE(modifyInstancePassword, password),
    ON_INSTANCE(resizeInstance, resize),
    ON_INSTANCE(rebuildInstance, rebuild),
    ACTION("vm", deleteInstance, "DELETE", "v1", "/instances/{}", delete_instance),
    ACTION("vm", describeInstanceVncUrl, "GET", "v1", "/instances/{}/vnc", none),
    ON_INSTANCE(modifyInstanceAttribute, instance_attribute),
    ON_INSTANCE(modifyInstanceDiskAttribute, disk_attribute),
    ON_INSTANCE(modifyInstanceNetworkAttribute, network_attribute),
    ON_INSTANCE(attachDisk, attach_disk),
    ON_INSTANCE(detachDisk, detach_disk),
    ON_INSTANCE(attachNetworkInterface, attach_nic),
    ON_INSTANCE(detachNetworkInterface, detach_nic),
    ON_INSTANCE(associateElasticIp, eip),
    ON_INSTANCE(disassociateElasticIp, eip),
    ACTION("vm", describeInstanceTypes, "GET", "v1", "/instanceTypes", describe_types),
    ACTION("vm", describeQuotas, "GET", "v1", "/quotas", quotas),
    ACTION("vm", describeImages, "GET", "v1", "/images", describe_images),
    ACTION("vm", describeImage, "GET", "v1", "/images/{}", none),
    ON_INSTANCE(createImage, create_image),
    ACTION("vm", copyImages, "POST", "v1", "/images:copyImages", copy_images),
    ACTION("vm", deleteImage, "DELETE", "v1", "/images/{}", delete_image),
    ACTION("vm", modifyImageAttribute, "POST", "v1", "/images/{}:modifyImageAttribute",
           image_attribute),
    ACTION("vm", shareImage, "POST", "v1", "/images/{}:share", share),
    ACTION("vm", unShareImage, "POST", "v1", "/images/{}:unshare", share),
    ACTION("vm", describeImageMembers, "GET", "v1", "/images/{}/members", none),
    ACTION("vm", describeImageConstraints, "GET", "v1", "/images/{}/constraints", none),
    ACTION("vm", describeImageConstraintsBatch, "GET", "v1", "/imageConstraints", ids),
    ACTION("disk", describeDisk, "GET", "v1", "/disks/{}", none),
    ACTION("disk", describeDisks, "GET", "v1", "/disks", describe_disks),
    ACTION("disk", createDisks, "POST", "v1", "/disks", create_disks),
    ACTION("disk", extendDisk, "POST", "v1", "/disks/{}:extend", extend_disk),
    ACTION("disk", deleteDisk, "DELETE", "v1", "/disks/{}", delete_disk),
    ACTION("disk", modifyDiskAttribute, "PATCH", "v1", "/disks/{}", modify_disk),
    ACTION("disk", describeQuota, "GET", "v1", "/quotas", disk_quota),
    ACTION("renewal", queryInstance, "POST", "v2", "/instances", query_instance),
    ACTION("renewal", renewInstance, "POST", "v2", "/instances:renew", renew_instance),
    ACTION("renewal", setRenewal, "PUT", "v2", "/instances:autoRenewStatus", set_renewal),
    ACTION("billing", calculateTotalPrice, "POST", "v1", "/calculateTotalPrice", total_price),
    ACTION("order", queryOrder, "GET", "v2", "/order/{}", query_order),
    ACTION("order", queryOrders, "POST", "v2", "/orders", query_orders),
    { 0 }
};
/* clang-format on */
