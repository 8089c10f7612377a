/* SPDX-License-Identifier: Apache-2.0 */
/* What JD Cloud does: what rows cannot say, then a row an operation. Who it is stands in
 * provider.c. */
#include <string.h>
#include <strings.h>

#include "providers/jdcloud/jdcloud.h"

#define DISK_TYPE "ssd.gp1" /* the cloud disk to buy when no type is named: general purpose SSD */

static int check_quota(struct cc_hook *hook)
{
    const struct cc_value *quota = cc_value_find(hook->envelope->data, "quotas.0");

    return jdcloud_check_quota(hook, cc_value_text(cc_value_find(quota, "limit")),
                               cc_value_text(cc_value_find(quota, "used")));
}

static int check_price(struct cc_hook *hook)
{
    return cc_hook_check_price(hook, "subnet and security group are the VPC service's to judge");
}

static int price_renew(struct cc_hook *hook)
{
    return cc_hook_price(hook, hook->params->period, "the instance and its prepaid cloud disks");
}

static int price_change(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct cloud_price *price = &hook->result->price;

    if (instance->charge_mode != CLOUD_CHARGE_PREPAID)
        return cc_hook_price(hook, (struct cloud_period){ 1, price->period.unit },
                             "the new price of an hour");
    price->valid_until = instance->expires_at;
    return cc_hook_price(hook, (struct cloud_period){ 0 },
                         "the difference for the rest of the term");
}

static int renewal_set(struct cc_hook *hook)
{
    const char *set = cc_value_text(
        cc_value_find(hook->envelope->data, "stringResult")); /* the number of entries set */

    hook->undone = set && !strcmp(set, "0");
    if (hook->undone)
        return cc_fail(hook->err, CLOUD_ESTATE, "nothing was set: is %s prepaid?",
                       hook->params->instance_id);
    return CLOUD_OK;
}

static int console_life(struct cc_hook *hook)
{
    hook->result->console.expires_at =
        hook->now + 3600; /* page "describeInstanceVncUrl": one hour */
    return CLOUD_OK;
}

/* page "resizeInstance": what makes it refuse, as far as the size tells */
static bool may_become(const struct cloud_instance *instance, const struct cloud_instance_type *own,
                       const struct cloud_instance_type *type)
{
    bool local = !instance->system_disk.id;
    int disks = (int)instance->data_disk_count + !local;

    if (!cc_type_in_stock(type, instance->zone ? instance->zone : ""))
        return false;
    if (own->architecture && type->architecture && strcmp(own->architecture, type->architecture))
        return false;
    if (local && own->generation && type->generation && own->generation != type->generation)
        return false;
    return !type->disk_limit || disks <= type->disk_limit;
}

static int keep_targets(struct cc_hook *hook)
{
    const struct cloud_disk *disk = &hook->result->instances[0].system_disk;

    cc_hook_keep_targets(hook, may_become);
    return disk->id ? cc_hook_growth(hook, disk, 500, 10) : CLOUD_OK;
}

/* private images have no constraints, and the vendor may refuse to tell of them */
static int image_constraints(struct cc_hook *hook)
{
    const struct cc_value *rule =
        cc_value_find(hook->envelope->data, "imageConstraints.imageInstanceTypeConstraint");
    const char *kind = cc_value_text(cc_value_find(rule, "constraintsType"));

    if (hook->refused || !kind)
        return CLOUD_OK;
    return jdcloud_keep_types(hook, cc_value_find(rule, "instanceTypes"),
                              !strcasecmp(kind, "includes"));
}

/* clang-format off */
#define D(kind, path, member) CC_##kind(struct cloud_disk, path, member)
#define I(kind, path, member) CC_##kind(struct cloud_instance, path, member)
#define T(kind, path, member) CC_##kind(struct cloud_instance_type, path, member)
#define M(kind, path, member) CC_##kind(struct cloud_image, path, member)
#define FOUND(path, member) { CC_ARRAY_REQUIRED(struct cloud_result, path, member, &member), { 0 } }
#define PAGES(array, count) { .page_param = "pageNumber", .size_param = "pageSize", .size = 100, .total = "totalCount", CC_COLLECT(array, count) }

/* model "Charge"; times are ISO 8601, UTC */
#define CHARGE(type, at) \
    CC_WORD(type, at "chargeMode", charge_mode, enum cloud_charge_mode, jdcloud_charge_modes), \
    CC_WORD(type, at "chargeStatus", billing_state, enum cloud_billing_state, jdcloud_billing_states), \
    CC_TEXT(type, at "chargeStatus", vendor_billing_state), CC_TIME(type, at "chargeExpiredTime", expires_at)

/* model "Disk", inside what attaches it or alone */
#define DISK(at) \
    D(TEXT, at "diskId", id), D(TEXT, at "name", name), D(TEXT, at "description", description), D(TEXT, at "diskType", type), \
    D(NUMBER_INT, at "diskSizeGB", size_gb), D(NUMBER_INT, at "iops", iops), D(TEXT, at "az", zone), D(TEXT, at "snapshotId", snapshot_id), \
    CC_STATE(struct cloud_disk, at "status", enum cloud_disk_state, jdcloud_disk_states), D(TIME, at "createTime", created_at), \
    D(FLAG, at "multiAttachable", shared), D(FLAG, at "encrypted", encrypted), CHARGE(struct cloud_disk, at "charge.")

/* model "InstanceDiskAttachment": a local disk, or a cloud disk with a state of its own */
static const struct cc_field attached_disk[] = {
    CC_STATE(struct cloud_disk, "status", enum cloud_disk_state, jdcloud_attachment_states),
    D(TEXT, "diskCategory", type), D(NUMBER_INT, "localDisk.diskSizeGB", size_gb), D(TEXT, "deviceName", device),
    D(FLAG, "autoDelete", delete_with_instance), DISK("cloudDisk."), { 0 }
};
static const struct cc_list system_disk = { .fields = attached_disk }, data_disks = CC_LIST_IN(struct cloud_instance, data_disk_count, struct cloud_disk, attached_disk);

static const struct cc_field tag[] = { CC_TEXT(struct cloud_tag, "key", key), CC_TEXT(struct cloud_tag, "value", value), { 0 } };
static const struct cc_list tags = CC_LIST_IN(struct cloud_instance, tag_count, struct cloud_tag, tag), key_names = CC_STRING_LIST(struct cloud_instance, key_name_count);

/* model "SecurityGroupSimple": only the id is kept */
struct group { const char *id; };
static const struct cc_field group[] = { CC_TEXT_REQUIRED(struct group, "groupId", id), { 0 } };
static const struct cc_list groups = CC_LIST_IN(struct cloud_instance, security_group_count, struct group, group);

/* model "Instance": it has neither cores nor memory; instanceType names them */
static const struct cc_word stop_charging[] = { { "stopCharging", CLOUD_YES, NULL }, { "keepCharging", CLOUD_NO, NULL }, { 0 } };
static const struct cc_field instance[] = {
    I(TEXT_REQUIRED, "instanceId", id), I(TEXT, "instanceName", name), I(TEXT_REQUIRED, "status", vendor_state),
    CC_STATE(struct cloud_instance, "status", enum cloud_instance_state, jdcloud_instance_states),
    I(TEXT, "charge.chargeMode", vendor_charge_mode), CHARGE(struct cloud_instance, "charge."),
    I(TIME, "charge.chargeRetireTime", released_at), I(TIME, "launchTime", created_at), I(TEXT, "az", zone),
    I(TEXT, "instanceType", instance_type), I(TEXT, "imageId", image_id), I(TEXT, "osType", os_type), I(TEXT, "osVersion", os_version),
    I(TEXT, "hostname", hostname), I(TEXT, "description", description), I(TEXT, "vpcId", vpc_id), I(TEXT, "subnetId", subnet_id),
    I(TEXT, "privateIpAddress", private_ip), I(TEXT, "elasticIpAddress", public_ip), I(TEXT, "elasticIpId", public_ip_id),
    { .path = "chargeOnStopped", .kind = CC_FIELD_FLAG, .words = stop_charging, .at = CC_AT(struct cloud_instance, stop_charging, enum cloud_flag) },
    CC_INSIDE(struct cloud_instance, "systemDisk", system_disk, &system_disk), CC_ARRAY(struct cloud_instance, "dataDisks", data_disks, &data_disks),
    CC_ARRAY(struct cloud_instance, "primaryNetworkInterface.networkInterface.securityGroups", security_group_ids, &groups),
    CC_TEXTS(struct cloud_instance, "keyNames", key_names, &key_names), CC_ARRAY(struct cloud_instance, "tags", tags, &tags), { 0 }
};
static const struct cc_list instances = CC_LIST_IN(struct cloud_result, instance_count, struct cloud_instance, instance);
/* describeInstance: an older page prints the instance itself as the result; every SDK reads result.instance, and so do we */
static const struct cc_field found_instance[] = FOUND("instance", instances), found_instances[] = FOUND("instances", instances);
static const struct cc_paging instance_pages = PAGES(instances, instance_count);

/* an attachment names the instance; only a shared disk has several */
static const struct cc_field disk[] = { DISK(""), D(TEXT, "attachments.0.instanceId", instance_id), { 0 } };
static const struct cc_list disks = CC_LIST_IN(struct cloud_result, disk_count, struct cloud_disk, disk);
static const struct cc_field found_disks[] = FOUND("disks", disks), found_disk[] = FOUND("disk", disks);
static const struct cc_paging disk_pages = PAGES(disks, disk_count);

/* model "InstanceType"; not paged */
static const struct cc_word stock_words[] = { { "true", CLOUD_STOCK_AVAILABLE, NULL }, { "false", CLOUD_STOCK_SOLD_OUT, NULL }, { 0 } };
static const struct cc_field zone_stock[] = {
    CC_TEXT_REQUIRED(struct cloud_zone, "az", id), CC_WORD(struct cloud_zone, "inStock", stock, enum cloud_stock, stock_words), { 0 }
};
static const struct cc_list zones_of_type = CC_LIST_IN(struct cloud_instance_type, zone_count, struct cloud_zone, zone_stock);
static const struct cc_field type[] = {
    T(TEXT_REQUIRED, "instanceType", instance_type), T(TEXT, "family", family), T(NUMBER_INT, "cpu", cpu), T(NUMBER_INT, "memoryMB", memory_mb),
    T(TEXT, "architecture", architecture), T(TEXT, "desc", description), T(NUMBER_INT, "generation", generation), T(NUMBER_INT, "nicLimit", nic_limit),
    T(NUMBER_INT, "cloudDiskCountLimit", disk_limit), CC_ARRAY(struct cloud_instance_type, "state", zones, &zones_of_type), { 0 }
};
static const struct cc_list types = CC_LIST_IN(struct cloud_result, type_count, struct cloud_instance_type, type);
static const struct cc_field found_types[] = FOUND("instanceTypes", types);

/* model "Image" */
static const struct cc_field image[] = {
    M(TEXT_REQUIRED, "imageId", id), M(TEXT, "name", name), M(TEXT, "status", vendor_state), M(TEXT, "imageSource", source),
    CC_WORD(struct cloud_image, "status", state, enum cloud_image_state, jdcloud_image_states), M(TEXT, "osType", os_type),
    M(TEXT, "platform", platform), M(TEXT, "osVersion", os_version), M(TEXT, "architecture", architecture), M(TEXT, "desc", description),
    M(NUMBER_INT, "systemDiskSizeGB", min_disk_gb), M(TEXT, "rootDeviceType", root_device), M(TIME, "createTime", created_at), { 0 }
};
static const struct cc_list images = CC_LIST_IN(struct cloud_result, image_count, struct cloud_image, image);
static const struct cc_field found_images[] = FOUND("images", images);
static const struct cc_paging image_pages = PAGES(images, image_count);

static const struct cc_list ids = CC_STRING_LIST(struct cloud_result, id_count);
static const struct cc_field created[] = {
    { .path = "instanceIds", .kind = CC_FIELD_TEXTS, .required = true, .at = CC_AT(struct cloud_result, ids, const char **), .list = &ids }, { 0 }
};
/* an order for the instance, and one for its disks */
static const struct cc_field ordered[] = { CC_TEXT_REQUIRED(struct cloud_result, "orderNumber", order_id), { 0 } };
static const struct cc_field ordered_too[] = { CC_JOINED_REQUIRED(struct cloud_result, "orderNumber", order_id), { 0 } };
/* queryOrder [from the vendor's SDKs: no page]: what was given back had been paid */
#define O(word, state, ...) { word, CLOUD_TASK_##state, __VA_ARGS__ }
static const struct cc_word order_states[] = { O("NO_PAY", PENDING, NULL), O("DEALING", RUNNING, NULL), O("PAID", SUCCEEDED, NULL), O("REFUND_PART", SUCCEEDED, NULL),
    O("REFUND_ALL", SUCCEEDED, NULL), O("FAILED", FAILED, "the order failed"), O("CANCELED", FAILED, "the order was cancelled, unpaid"), { 0 } };
static const struct cc_field found_order[] = { CC_WORD(struct cloud_result, "data.status", task.state, enum cloud_task_state, order_states),
    CC_TEXT_REQUIRED(struct cloud_result, "data.status", task.vendor_state), CC_REASON(struct cloud_result, "data.status", task.reason, order_states), { 0 } };
static const struct cc_field console[] = { CC_TEXT_REQUIRED(struct cloud_result, "vncUrl", console.url), { 0 } };

/* discountedTotalPrice is the amount payable, cut to cents; postpaid prices are for an hour [inferred: no page says] */
static const struct cc_word hour[] = { { "hour", CLOUD_PERIOD_HOUR, NULL }, { 0 } };
static const struct cc_field price[] = {
    CC_AMOUNT_REQUIRED(struct cloud_result, "discountedTotalPrice", price.total), CC_AMOUNT(struct cloud_result, "refundTotalPrice", price.refund),
    CC_AMOUNT(struct cloud_result, "totalOriginalPrice|totalPrice", price.list),
    CC_WORD(struct cloud_result, "=hour", price.period.unit, enum cloud_period_unit, hour), { 0 }
};

#define ARGS(name_, ...) static const struct cc_arg name_[] = { __VA_ARGS__, { 0 } }
#define S(path, text) CC_ARG_TEXT(path, text, CC_STRING)
#define N(path, digits) CC_ARG_TEXT(path, digits, CC_INT)
#define BY_ID CC_ARG("instanceId", INSTANCE_ID)
#define IN_ZONE CC_ARG_FILTERS("filters", "az", ZONE)

ARGS(by_id, BY_ID);

/* model "ChargeSpec": disks follow the instance */
static const struct cc_word charge_words[] = { { "prepaid_by_duration", CLOUD_CHARGE_PREPAID, NULL }, { "postpaid_by_duration", CLOUD_CHARGE_POSTPAID, NULL }, { 0 } };
static const struct cc_word unit_words[] = { { "month", CLOUD_PERIOD_MONTH, NULL }, { "year", CLOUD_PERIOD_YEAR, NULL }, { 0 } };
#define OF_DISK(path_) { .path = path_, .disk = CC_DISK_TYPE, .text = DISK_TYPE }
/* a name is wanted, and has 32 characters at most: an instance's may be longer */
ARGS(data_disk, S("diskCategory", "cloud"), S("cloudDiskSpec.name", "data"), CC_ARG("cloudDiskSpec.az", ZONE), OF_DISK("cloudDiskSpec.diskType"),
     CC_ARG_DISK("cloudDiskSpec.diskSizeGB", CC_DISK_GB));
#define SYSTEM_DISK(member) "instanceSpec.systemDisk." member
ARGS(cloud_disk, S(SYSTEM_DISK("diskCategory"), "cloud"), OF_DISK(SYSTEM_DISK("cloudDiskSpec.diskType")), CC_ARG_DISK(SYSTEM_DISK("cloudDiskSpec.diskSizeGB"), CC_DISK_GB));
/* model "InstanceSpec": a tag outlives the clientToken, and can be looked for without knowing all of the order */
ARGS(mark, S("key", "operation"), CC_ARG_MARK_ALONE("value"));
/* createInstances; the token is in the body, as the SDKs send it */
#define NETWORK(member) "instanceSpec.primaryNetworkInterface.networkInterface." member
ARGS(create, CC_ARG_CLIENT_TOKEN("clientToken"), CC_ARG_DEFAULT("maxCount", COUNT, "1"),
     CC_ARG("instanceSpec.name", NAME), CC_ARG("instanceSpec.description", DESCRIPTION), CC_ARG("instanceSpec.az", ZONE),
     CC_ARG("instanceSpec.instanceType", INSTANCE_TYPE), CC_ARG("instanceSpec.imageId", IMAGE_ID), CC_ARG("instanceSpec.password", PASSWORD),
     CC_ARG_IN_LIST("instanceSpec.keyNames", KEY_NAME), CC_ARG(NETWORK("subnetId"), SUBNET_ID), CC_ARG_IN_LIST(NETWORK("securityGroups"), SECURITY_GROUP_ID),
     CC_ARG_DISKS("instanceSpec.dataDisks", data_disk), CC_ARG_WORDS("instanceSpec.charge.chargeMode", CHARGE_MODE, charge_words, CC_STRING),
     CC_ARG_PERIOD_UNIT("instanceSpec.charge.chargeUnit", unit_words, CC_STRING), CC_ARG_PERIOD_COUNT("instanceSpec.charge.chargeDuration"),
     CC_ARG("instanceSpec.charge.autoRenew", AUTO_RENEW), CC_ARG("instanceSpec.elasticIp.bandwidthMbps", PUBLIC_MBPS),
     CC_ARG_TEXT_WITH("instanceSpec.elasticIp.provider", "bgp", CC_STRING, PUBLIC_MBPS), CC_ARG_MARK_OBJECT("instanceSpec.userTags", mark),
     S(SYSTEM_DISK("diskCategory"), "local"), CC_ARG_CLOUD_DISK("instanceSpec.systemDisk", CC_OBJECT, cloud_disk)); /* local, unless it is a cloud disk */

/* renewal: the business line is always "jcloud" [given by neighbouring products, not by renewal itself]; instanceIds is one string */
#define RENEWAL(at, service) S(at ".appCode", "jcloud"), S(at ".serviceCode", service)
#define RENEWED_FOR(at) CC_ARG_PERIOD_UNIT(at ".timeUnit", renewal_units, CC_STRING), CC_ARG_PERIOD_COUNT(at ".timeSpan")
static const struct cc_word renewal_units[] = { { "MONTH", CLOUD_PERIOD_MONTH, NULL }, { "YEAR", CLOUD_PERIOD_YEAR, NULL }, { 0 } };
ARGS(renew, RENEWAL("renewInstanceParam", "vm"), CC_ARG("renewInstanceParam.instanceIds", INSTANCE_ID), RENEWED_FOR("renewInstanceParam"));
ARGS(renew_disks, RENEWAL("renewInstanceParam", "disk"), RENEWED_FOR("renewInstanceParam"), CC_ARG_PREPAID_IDS("renewInstanceParam.instanceIds"));
/* BIND takes the instance's prepaid disks along */
static const struct cc_word renewal_switch[] = { { "OPEN", CLOUD_YES, NULL }, { "CLOSE", CLOUD_NO, NULL }, { 0 } };
ARGS(auto_renew, RENEWAL("setRenewalParam", "vm"), CC_ARG("setRenewalParam.instanceIds", INSTANCE_ID),
     CC_ARG_WORDS("setRenewalParam.autoRenewStatus", AUTO_RENEW, renewal_switch, CC_STRING), RENEWED_FOR("setRenewalParam"), S("setRenewalParam.allAutoPay", "BIND"));

/*
 * calculateTotalPrice: cmd 1 new, 2 renew, 3 change, each with a list of orders. The vocabulary of formula keys is not
 * public ("ask when integrating"). Assumed here, and in one place: an instance is its type, once; a disk is its type, in GB.
 */
#define FORMULA(key_, value_) key_, value_, N("number", "1")
ARGS(size_formula, FORMULA(CC_ARG("key", INSTANCE_TYPE), N("value", "1")));
ARGS(disk_formula, FORMULA(OF_DISK("key"), CC_ARG_DISK("value", CC_DISK_GB)), S("unit", "GB"));
ARGS(grown_formula, FORMULA(CC_ARG_FROM_INSTANCE("key", system_disk.type), CC_ARG("value", SYSTEM_DISK_GB)), S("unit", "GB"));
static const struct cc_word billing_types[] = { { "3", CLOUD_CHARGE_PREPAID, NULL }, { "1", CLOUD_CHARGE_POSTPAID, NULL }, { "1", CLOUD_CHARGE_SPOT, NULL }, { 0 } };
static const struct cc_word time_units[] = { { "3", CLOUD_PERIOD_MONTH, NULL }, { "4", CLOUD_PERIOD_YEAR, NULL }, { 0 } };
#define ORDER(service) S("serviceCode", service), CC_ARG_OF_REGION("region"), S("taskId", "1")
#define AS_CHARGED { .path = "billingType", .kind = CC_ARG_WORD, .param = CLOUD_PARAM_CHARGE_MODE, .words = billing_types, .as = CC_INT, .text = "1" }
#define PREPAID N("billingType", "3")
#define TERM CC_ARG_PERIOD_COUNT("timeSpan"), CC_ARG_PERIOD_UNIT("timeUnit", time_units, CC_INT)
ARGS(new_vm, ORDER("vm"), AS_CHARGED, CC_ARG("az", ZONE), TERM, CC_ARG_ONE("formula", size_formula));
ARGS(new_disk, ORDER("disk"), AS_CHARGED, CC_ARG("az", ZONE), TERM, CC_ARG_ONE("formula", disk_formula));
ARGS(renewed_vm, ORDER("vm"), PREPAID, CC_ARG("resourceId", INSTANCE_ID), TERM);
ARGS(renewed_disk, ORDER("disk"), PREPAID, CC_ARG_DISK("resourceId", CC_DISK_ID), TERM);
ARGS(changed_vm, ORDER("vm"), AS_CHARGED, CC_ARG("resourceId", INSTANCE_ID), CC_ARG_ONE("formula", size_formula));
ARGS(changed_disk, ORDER("disk"), AS_CHARGED, CC_ARG_FROM_INSTANCE("resourceId", system_disk.id), CC_ARG_ONE("formula", grown_formula));
ARGS(price_new, N("cmd", "1"), CC_ARG_DEFAULT("packageCount", COUNT, "1"), CC_ARG_ONE("orderList", new_vm),
     CC_ARG_CLOUD_DISK("orderList", CC_STRING, new_disk), CC_ARG_DISKS("orderList", new_disk));
ARGS(price_renewal, N("cmd", "2"), N("packageCount", "1"), N("renewMode", "0"), CC_ARG_ONE("orderList", renewed_vm), CC_ARG_PREPAID_DISKS("orderList", renewed_disk));
ARGS(price_changed, N("cmd", "3"), N("packageCount", "1"), CC_ARG_ONE_OBJECT("orderList", INSTANCE_TYPE, changed_vm), CC_ARG_ONE_OBJECT("orderList", SYSTEM_DISK_GB, changed_disk));

/* describeImages needs imageSource unless ids are given */
ARGS(list_images, CC_ARG_TEXT_WITHOUT("imageSource", "public", CC_STRING, IMAGE_ID), CC_ARG("imageSource", IMAGE_SOURCE), CC_ARG_IN_LIST("ids", IMAGE_ID));
ARGS(by_ids, CC_ARG_FILTERS("filters", "instanceId", INSTANCE_ID)); ARGS(in_zone, IN_ZONE);
ARGS(instance_quota, S("name", "resourceTypes"), CC_ARG_TEXT("values", "instance", CC_STRINGS));
#define ITS_DISK CC_ARG_FROM_INSTANCE("diskId", system_disk.id)
ARGS(its_disk, ITS_DISK);

#define SIZED (CC_BIT(INSTANCE_TYPE) | CC_BIT(FAMILY) | CC_BIT(CPU) | CC_BIT(MEMORY_GB))
#define PRICED (SIZED | CC_BIT(SYSTEM_DISK_TYPE) | CC_BIT(SYSTEM_DISK_GB) | CC_BIT(DATA_DISKS) | CC_BIT(PERIOD) | CC_BIT(CHARGE_MODE) | CC_BIT(PUBLIC_MBPS) | CC_BIT(IMAGE_ID) | CC_BIT(AUTO_RENEW))
#define BOUGHT (CC_BIT(NAME) | CC_BIT(ZONE) | CC_BIT(IMAGE_ID) | CC_BIT(SUBNET_ID))
/* the vocabulary of the formulas is not public: the rows of calculateTotalPrice say what is assumed */
#define KEYS_UNKNOWN " calculateTotalPrice names what is priced by formulas whose keys JD Cloud gives on request: confirm them with JD Cloud before relying on a quote"

/* an action and its arguments, from a table (.args) or here (WITH); a row's support and steps: one, or several and why */
#define DO(action_, ...) { .action = &jdcloud_actions[JDCLOUD_##action_], __VA_ARGS__ }
#define WITH(...) .args = (const struct cc_arg[]){ __VA_ARGS__, { 0 } }
#define ONE(...) .support = CLOUD_NATIVE, CC_STEPS(((const struct cc_step[]){ DO(__VA_ARGS__) }))
#define SEVERAL(why_, ...) .support = CLOUD_COMPOSED, .why = why_, CC_STEPS(((const struct cc_step[]){ __VA_ARGS__ }))
#define FIND(parse_, ...) DO(describeInstance, .args = by_id, .fields = found_instance, .parse = parse_, __VA_ARGS__)
#define SIZE DO(describeInstanceTypes, .args = in_zone, .fields = found_types, .when = cc_when_size_unnamed, .parse = cc_parse_find_size)
#define PRICE(args_, parse_, ...) DO(calculateTotalPrice, .args = args_, .fields = price, .parse = parse_, __VA_ARGS__)
#define ON_DISK(action_, ...) DO(action_, .when = cc_when_disk_changes, __VA_ARGS__)
#define UNTIL(parse_) ON_DISK(describeDisk, .args = its_disk, .fields = found_disk, .parse = parse_)
/* many at once: describeInstances says as much of each as describeInstance does */
static const struct cc_op_row show_many = { ONE(describeInstances, .args = by_ids, .fields = found_instances, .paging = &instance_pages) };
static const struct cc_step regions_steps[] = { { .parse = cc_parse_regions } };
#define MANY .many = 100, .many_row = &show_many

const struct cc_op_row jdcloud_ops[CLOUD_OP__COUNT] = {
    [CLOUD_OP_START_INSTANCE]         = { ONE(startInstance, .args = by_id) },
    [CLOUD_OP_STOP_INSTANCE]          = { ONE(stopInstance, WITH(BY_ID, CC_ARG_WORDS("chargeOnStopped", STOP_CHARGING, stop_charging, CC_STRING))) },
    [CLOUD_OP_REBOOT_INSTANCE]        = { ONE(rebootInstance, .args = by_id) },
    [CLOUD_OP_MODIFY_INSTANCE_PASSWD] = { ONE(modifyInstancePassword, WITH(BY_ID, CC_ARG("password", PASSWORD))) },
    [CLOUD_OP_DESCRIBE_PRICE]         = {
        SEVERAL("a size given by cores and memory is looked up first;" KEYS_UNKNOWN, SIZE, PRICE(price_new, cc_parse_price_new)),
        .check = jdcloud_check_purchase, .reads = PRICED | CC_BIT(ZONE) },
    [CLOUD_OP_DESCRIBE_RENEW_PRICE]   = {
        SEVERAL("the instance and its prepaid cloud disks are looked up, then priced together", FIND(cc_parse_need_prepaid), PRICE(price_renewal, price_renew)),
        .reads = CC_BIT(PERIOD) | CC_BIT(INSTANCE_ID) },
    [CLOUD_OP_DESCRIBE_UPGRADE_PRICE] = {
        SEVERAL("the instance is looked up, then the change is priced;" KEYS_UNKNOWN, SIZE, FIND(jdcloud_found_to_change), PRICE(price_changed, price_change)),
        .check = cc_check_change, .reads = SIZED | CC_BIT(SYSTEM_DISK_GB) },
    [CLOUD_OP_CREATE_INSTANCE]        = {
        SEVERAL("a size given by cores and memory is looked up first; createInstances then buys", SIZE, DO(createInstances, .args = create, .fields = created)),
        .check = jdcloud_check_purchase, .reads = PRICED, .required = BOUGHT },
    [CLOUD_OP_CREATE_INSTANCE_DRY_RUN] = {
        SEVERAL("there is no dry run: stock, image, quota and price are asked, balance and subnet cannot be", SIZE,
                DO(describeInstanceTypes, WITH(CC_ARG_FILTERS("filters", "instanceTypes", INSTANCE_TYPE)), .fields = found_types, .parse = jdcloud_check_type),
                DO(describeImages, WITH(CC_ARG_IN_LIST("ids", IMAGE_ID)), .fields = found_images, .parse = cc_parse_check_image, .tolerate = true),
                DO(describeQuotas, WITH(CC_ARG_ONE("filters", instance_quota)), .parse = check_quota, .tolerate = true),
                PRICE(price_new, check_price, .tolerate = true)),
        .check = jdcloud_check_purchase, .reads = PRICED | CC_BIT(DESCRIPTION) | CC_BIT(PASSWORD) | CC_BIT(KEY_NAME) | CC_BIT(SECURITY_GROUP_ID), .required = BOUGHT },
    [CLOUD_OP_RENEW_INSTANCE]         = {
        SEVERAL("the instance and its prepaid cloud disks are renewed by an order each, as the renewal service takes one product at a time",
                FIND(cc_parse_need_prepaid), DO(renewInstance, .args = renew, .fields = ordered),
                DO(renewInstance, .args = renew_disks, .fields = ordered_too, .when = cc_when_prepaid_disks)) },
    [CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL] = { ONE(describeInstanceVncUrl, .args = by_id, .fields = console, .parse = console_life) },
    [CLOUD_OP_DESCRIBE_REGIONS]       = { CLOUD_DERIVED, "no action lists regions: the table of the vendor's documentation", CC_STEPS(regions_steps) },
    [CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION] = {
        SEVERAL("sizes on sale are filtered by the rules of resizeInstance and the image's constraints; disk sizes are from the documentation",
                FIND(jdcloud_found_to_change), DO(describeInstanceTypes, .args = in_zone, .fields = found_types, .parse = keep_targets),
                DO(describeImageConstraints, WITH(CC_ARG_FROM_INSTANCE("imageId", image_id)), .parse = image_constraints, .tolerate = true, .when = jdcloud_when_targets)),
        .reads = CC_BIT(RESOURCE) },
    /* page "extendDisk": it wants the disk detached, even a system disk */
    [CLOUD_OP_UPGRADE_INSTANCE]       = {
        SEVERAL("the instance must be stopped; a system disk is detached, extended and attached again, as extendDisk demands",
                SIZE, FIND(cc_parse_need_stopped), DO(resizeInstance, WITH(BY_ID, CC_ARG("instanceType", INSTANCE_TYPE)), .when = cc_when_size_changes),
                ON_DISK(detachDisk, WITH(BY_ID, ITS_DISK)), UNTIL(jdcloud_until_available),
                ON_DISK(extendDisk, WITH(CC_ARG("diskSizeGB", SYSTEM_DISK_GB), ITS_DISK)), UNTIL(jdcloud_until_available),
                ON_DISK(attachDisk, WITH(BY_ID, S("deviceName", "vda"), ITS_DISK)), UNTIL(jdcloud_until_in_use)),
        .check = cc_check_change, .reads = SIZED | CC_BIT(SYSTEM_DISK_GB) },
    [CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE] = { ONE(setRenewal, .args = auto_renew, .parse = renewal_set), .check = cc_check_auto_renew },
    [CLOUD_OP_DESCRIBE_INSTANCES]     = { ONE(describeInstances, WITH(CC_ARG_FILTERS("filters", "name", NAME), IN_ZONE), .fields = found_instances, .paging = &instance_pages) },
    [CLOUD_OP_DESCRIBE_INSTANCE]      = { ONE(describeInstance, .args = by_id, .fields = found_instance), MANY },
    [CLOUD_OP_DELETE_INSTANCE]        = { ONE(deleteInstance, .args = by_id) },
    [CLOUD_OP_DESCRIBE_DISKS]         = { ONE(describeDisks, WITH(CC_ARG_FILTERS("filters", "instanceId", INSTANCE_ID), IN_ZONE), .fields = found_disks, .paging = &disk_pages) },
    [CLOUD_OP_DESCRIBE_INSTANCE_TYPES] = { ONE(describeInstanceTypes, .args = in_zone, .fields = found_types, .parse = jdcloud_keep_family), .reads = CC_BIT(FAMILY) },
    [CLOUD_OP_DESCRIBE_IMAGES]        = { ONE(describeImages, .args = list_images, .fields = found_images, .paging = &image_pages) },
    [CLOUD_OP_DESCRIBE_TASK]          = {
        SEVERAL("JD Cloud has no tasks: an order is followed until it was paid or cancelled, the instance itself until it has settled",
                DO(queryOrder, WITH(CC_ARG("orderNumber", TASK_ID)), .fields = found_order, .when = cc_when_task), FIND(cc_parse_instance_task, .when = cc_when_no_task)),
        .check = cc_check_task, MANY },
    [CLOUD_OP_INVOKE]                 = { .support = CLOUD_NATIVE },
};
/* clang-format on */
