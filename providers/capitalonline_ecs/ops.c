/* SPDX-License-Identifier: Apache-2.0 */
/* What CapitalOnline ECS does: a row an operation, and hooks for what rows cannot say. Who it is
 * stands in provider.c. */
#include <string.h>
#include <strings.h>

#include "providers/capitalonline_ecs/ecs.h"

#define CLOUD_DISK "ssd"

/* What the steps of one call hand on. */
struct scratch {
    union {
        struct capitalonline_change change;     /* prices of a change */
        struct capitalonline_families families; /* what it can become */
    };
    const char *zone_id; /* AzId of the instance, which no action takes */
};

static bool is_local(const char *disk_type)
{
    return disk_type && !strcasecmp(disk_type, "local");
}

/* pages "CreateInstance" and "CreateDisk"; for system disks see the rules in provider.c */
static int check_order(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    bool local = is_local(p->system_disk_type);

    if (!local && (p->system_disk_gb < 24 || p->system_disk_gb % 8))
        return cc_fail_param(hook->err, "system_disk_gb",
                             "system_disk_gb is %d; a cloud disk has 24 or more, in steps of 8",
                             p->system_disk_gb);
    if (local && p->data_disk_count)
        return cc_fail_param(hook->err, "data_disks",
                             "a local system disk and data disks cannot be mixed");
    if (p->data_disk_count >
        15) /* the vendor's Kubernetes driver counts to 16 with the system disk */
        return cc_fail_param(hook->err, "data_disks",
                             "an instance has 15 data disks at most, not %zu", p->data_disk_count);
    return cc_check_purchase(hook);
}

static int check_quota(struct cc_hook *hook)
{
    return ecs_check_disk_quota(hook, CLOUD_DISK);
}

static int listed(struct cc_hook *hook)
{
    for (size_t i = 0; i < hook->result->instance_count; i++)
        hook->result->instances[i].zone =
            hook->params->zone; /* the filter's, for the record has no code */
    return CLOUD_OK;
}

static int found(struct cc_hook *hook)
{
    struct scratch *scratch = hook->scratch;

    scratch->zone_id = cc_value_text(cc_value_find(hook->envelope->data, "AzId"));
    hook->params->charge_mode = hook->result->instances[0].charge_mode;
    return capitalonline_take_configuration(hook);
}

static int found_to_renew(struct cc_hook *hook)
{
    int rc = cc_parse_need_prepaid(hook);

    return rc ? rc : found(hook);
}

/* the rules of ChangeInstanceConfigure, as far as the shapes tell */
static int judge_change(struct cc_hook *hook, bool size)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    const struct cloud_params *p = hook->params;

    if (instance->charge_mode == CLOUD_CHARGE_SPOT)
        return cc_fail(hook->err, CLOUD_ESTATE, "%s is a spot instance: it cannot be changed",
                       instance->id);
    if (!size)
        return CLOUD_OK;
    if (!p->gpu != !instance->gpu)
        return cc_fail_param(hook->err, "gpu",
                             "a size with GPU and one without cannot become each other");
    if (is_local(instance->system_disk.type) && instance->family &&
        strcasecmp(p->family, instance->family))
        return cc_fail_param(hook->err, "family", "%s has local disks: it stays in family %s",
                             instance->id, instance->family);
    return ecs_need_larger_size(hook);
}

static int found_to_change(struct cc_hook *hook)
{
    struct scratch *scratch = hook->scratch;
    bool size = scratch->change.size = cc_when_size_changes(hook);
    int rc = CLOUD_OK;

    if (!size && is_local(hook->result->instances[0].system_disk.type))
        return cc_fail_param(hook->err, "system_disk_gb",
                             "the system disk is local: its size is fixed");
    if (size && hook->result->op == CLOUD_OP_UPGRADE_INSTANCE) /* ExtendDisk asks for no state */
        rc = cc_parse_need_stopped(hook);
    rc = rc ? rc : cc_hook_need_larger_disk(hook);
    rc = rc ? rc : found(hook);
    hook->params->period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return rc ? rc : judge_change(hook, size);
}

/* DescribeRegions: AzId to the code that actions take */
static int zone_of_instance(struct cc_hook *hook)
{
    const struct scratch *scratch = hook->scratch;
    const struct cc_value *zone =
        scratch->zone_id ? ecs_seek(hook->envelope->data, "AzId", scratch->zone_id) : NULL;

    hook->params->zone = cc_value_text(cc_value_find(zone, "AvailableZoneCode"));
    if (hook->params->zone)
        return CLOUD_OK;
    return cc_fail(hook->err, CLOUD_ENOTFOUND, "the zone of %s is not among those on sale",
                   hook->params->instance_id);
}

/* the driver of its GPU: only its size among those on sale tells */
static bool may_become(const struct cloud_instance *instance, const struct cloud_instance_type *own,
                       const struct cloud_instance_type *type)
{
    bool smaller = type->cpu < instance->cpu || type->memory_mb < instance->memory_mb ||
                   type->gpu < instance->gpu;

    if (type->zones[0].stock == CLOUD_STOCK_SOLD_OUT || !type->gpu != !instance->gpu ||
        instance->charge_mode == CLOUD_CHARGE_SPOT ||
        (smaller && instance->charge_mode == CLOUD_CHARGE_PREPAID))
        return false;
    if (own->description && type->description && strcasecmp(own->description, type->description))
        return false;
    return !is_local(instance->system_disk.type) ||
           (instance->family && !strcasecmp(type->family, instance->family));
}

static int keep_targets(struct cc_hook *hook)
{
    cc_hook_keep_targets(hook, may_become);
    return ecs_types_here(hook);
}

static int growth(struct cc_hook *hook)
{
    if (is_local(hook->result->instances[0].system_disk.type))
        hook->result->disk_range_count = 0; /* its size is fixed */
    return ecs_growth_within(hook, 8);
}

/* clang-format off */
#define D(kind, path, member) CC_##kind(struct cloud_disk, path, member)
#define I(kind, path, member) CC_##kind(struct cloud_instance, path, member)
#define T(kind, path, member) CC_##kind(struct cloud_instance_type, path, member)
#define M(kind, path, member) CC_##kind(struct cloud_image, path, member)

static const struct cc_word charge_modes[] = { { "0", CLOUD_CHARGE_POSTPAID, NULL }, { "1", CLOUD_CHARGE_PREPAID, NULL }, { "3", CLOUD_CHARGE_SPOT, NULL }, { 0 } };

/* a disk of EBS, or in DescribeInstance, where Name is the user's and DiskName the kind's */
static const struct cc_field disk[] = {
    D(TEXT, "DiskId|Id", id), D(TEXT, "Name|DiskName", name), D(TEXT, "DiskFeature", type), D(TEXT, "Property|DiskType", role),
    CC_STATE(struct cloud_disk, "Status", enum cloud_disk_state, capitalonline_ecs_disk_states),
    CC_WORD(struct cloud_disk, "Status", billing_state, enum cloud_billing_state, capitalonline_ecs_billing),
    CC_WORD(struct cloud_disk, "BillingMethod", charge_mode, enum cloud_charge_mode, charge_modes),
    D(NUMBER_INT, "Size", size_gb), D(NUMBER_INT, "DiskIops", iops), D(TEXT, "AvailableZoneCode", zone),
    D(TEXT, "EcsId", instance_id), D(FLAG, "ReleaseWithInstance|IsFollowDelete", delete_with_instance), { 0 }
};
static const struct cc_list disks = CC_LIST_IN(struct cloud_result, disk_count, struct cloud_disk, disk);
#define FOUND(path, member) { CC_ARRAY_REQUIRED(struct cloud_result, path, member, &member), { 0 } }
static const struct cc_field found_disks[] = FOUND("DiskList", disks);
static const struct cc_paging disk_pages = {
    .page_param = "PageNumber", .size_param = "PageSize", .size = 100, .total = "^TotalCount", CC_COLLECT(disks, disk_count),
};
static const struct cc_list system_disk = { .fields = disk }, data_disks = CC_LIST_IN(struct cloud_instance, data_disk_count, struct cloud_disk, disk);
/* EipInfo: by private or gateway address; the first that has a public one */
static const struct cc_field eip[] = { I(FIRST, "EipIp", public_ip), { 0 } };
static const struct cc_list eips = { .fields = eip };
struct group { const char *id; };
static const struct cc_field group[] = { CC_TEXT_REQUIRED(struct group, "SecurityGroupId", id), { 0 } };
static const struct cc_list groups = CC_LIST_IN(struct cloud_instance, security_group_count, struct group, group);

#define PLACE(at) \
    I(TEXT, at "VpcId", vpc_id), I(TEXT, at "SubnetId", subnet_id), I(TEXT, at "PrivateNet", private_ip), CC_EACH_MEMBER(at "EipInfo", &eips)
#define CHARGE(at) \
    CC_WORD(struct cloud_instance, at "BillingMethod", charge_mode, enum cloud_charge_mode, charge_modes), I(TEXT, at "BillingMethod", vendor_charge_mode)

/*
 * A record of DescribeInstanceList, flat, and of DescribeInstance, in groups. Neither has the zone's code: zone stays
 * empty where no filter tells it, as a name in its place would be refused wherever a code is wanted. What a Tag is, no
 * document shows.
 */
static const struct cc_field instance[] = {
    I(TEXT_REQUIRED, "EcsId", id), I(TEXT, "EcsName", name), I(TEXT, "RegionName", region),
    I(TEXT_REQUIRED, "Status", vendor_state), CC_STATE(struct cloud_instance, "Status", enum cloud_instance_state, capitalonline_ecs_states),
    CC_WORD(struct cloud_instance, "BillingInfo.BillingStatus", billing_state, enum cloud_billing_state, capitalonline_ecs_billing),
    CC_KNOWN(struct cloud_instance, "Status", billing_state, enum cloud_billing_state, capitalonline_ecs_billing),
    I(TEXT, "BillingInfo.BillingStatus", vendor_billing_state), CHARGE(""), CHARGE("BillingInfo."),
    I(TIME, "CreateTime", created_at), I(TIME, "EndBillTime", expires_at), I(FLAG, "IsAutoRenewal", auto_renew),
    I(TEXT, "EcsFamilyName", family), I(NUMBER_INT, "CpuSize", cpu), I(GIB_AS_MIB, "RamSize", memory_mb), I(NUMBER_INT, "GpuSize", gpu),
    I(TEXT, "EcsRule.Name", family), I(NUMBER_INT, "EcsRule.CpuNum", cpu), I(GIB_AS_MIB, "EcsRule.Ram", memory_mb), I(NUMBER_INT, "EcsRule.Gpu", gpu),
    I(TEXT, "ImageName", image_name), I(TEXT, "OsType", os_type), I(TEXT, "OsVersion", os_version),
    I(TEXT, "OsInfo.ImageId", image_id), I(TEXT, "OsInfo.ImageName", image_name), I(TEXT, "OsInfo.OsType", os_type), I(TEXT, "OsInfo.Version", os_version),
    PLACE(""), PLACE("Pipe."), I(FLAG, "NoChargeForShutdown", stop_charging),
    I(TEXT, "SystemDiskFeature", system_disk.type), I(NUMBER_INT, "SystemDiskSize", system_disk.size_gb),
    CC_INSIDE(struct cloud_instance, "Disk.SystemDiskConf", system_disk, &system_disk),
    CC_ARRAY(struct cloud_instance, "Disk.DataDiskConf", data_disks, &data_disks),
    CC_ARRAY(struct cloud_instance, "SecurityGroup", security_group_ids, &groups), { 0 }
};
static const struct cc_list instances = CC_LIST_IN(struct cloud_result, instance_count, struct cloud_instance, instance);
static const struct cc_field found_instances[] = FOUND("EcsList", instances), found_instance[] = FOUND("", instances);

/* DescribeInstanceStatus: an object, its members named by the ids */
static const struct cc_field state[] = { I(TEXT_REQUIRED, "@name", id), I(TEXT_REQUIRED, "Status", vendor_state), CC_STATE(struct cloud_instance, "Status", enum cloud_instance_state, capitalonline_ecs_states), { 0 } };
static const struct cc_list stated = CC_LIST_IN(struct cloud_result, instance_count, struct cloud_instance, state);
static const struct cc_field found_states[] = { CC_MEMBERS(struct cloud_result, "EcsStatus", instances, &stated), { 0 } };

static const struct cc_field zone[] = { CC_TEXT_REQUIRED(struct cloud_zone, "AvailableZoneCode", id), CC_TEXT(struct cloud_zone, "AzName", name), { 0 } };
static const struct cc_list zones = CC_LIST_IN(struct cloud_region, zone_count, struct cloud_zone, zone);
static const struct cc_field region[] = {
    CC_TEXT_REQUIRED(struct cloud_region, "RegionCode", id), CC_TEXT(struct cloud_region, "RegionName", name), CC_ARRAY(struct cloud_region, "AzList", zones, &zones), { 0 }
};
static const struct cc_list regions = CC_LIST_IN(struct cloud_result, region_count, struct cloud_region, region);
static const struct cc_field region_group[] = { CC_ARRAY(struct cloud_result, "RegionList", regions, &regions), { 0 } };
static const struct cc_list region_groups = { .fields = region_group };
static const struct cc_field found_regions[] = { CC_EACH_REQUIRED("", &region_groups), { 0 } };

/* DescribeEcsFamilyInfo and DescribeZoneInstanceType: families with their sizes; only the latter knows of stock, in a zone by name */
static const struct cc_word stock_words[] = { { "SELL", CLOUD_STOCK_AVAILABLE, NULL }, { "SELLOUT", CLOUD_STOCK_SOLD_OUT, NULL }, { 0 } };
static const struct cc_field zone_of_type[] = {
    CC_TEXT(struct cloud_zone, "../AvailableZone", name), CC_WORD(struct cloud_zone, "Status", stock, enum cloud_stock, stock_words), { 0 }
};
static const struct cc_list zones_of_type = CC_LIST_IN(struct cloud_instance_type, zone_count, struct cloud_zone, zone_of_type);
static const struct cc_field type[] = {
    T(TEXT_REQUIRED, "../EcsFamilyName", family), T(NUMBER_INT, "Cpu", cpu), T(GIB_AS_MIB, "Ram", memory_mb), T(NUMBER_INT, "Gpu", gpu),
    T(TEXT, "GpuShowType|GpuType", gpu_type), T(TEXT, "CpuName", architecture), T(TEXT, "SupportGpuDriver", description),
    CC_ARRAY(struct cloud_instance_type, "", zones, &zones_of_type), { 0 }
};
static const struct cc_list types = CC_LIST_IN(struct cloud_result, type_count, struct cloud_instance_type, type);
static const struct cc_field family[] = { CC_ARRAY(struct cloud_result, "SpecList", types, &types), { 0 } };
static const struct cc_list families = { .fields = family };
static const struct cc_field found_families[] = { CC_EACH_REQUIRED("EcsFamilyInfo", &families), { 0 } }, found_stock[] = { CC_EACH_REQUIRED("", &families), { 0 } };

static const struct cc_word image_states[] = { { "running", CLOUD_IMAGE_AVAILABLE, NULL }, { 0 } }; /* the only one printed */
static const struct cc_field image[] = {
    M(TEXT_REQUIRED, "ImageId", id), M(TEXT, "ImageName", name), M(TEXT, "Status", vendor_state), M(TEXT, "TemplateType", source),
    CC_WORD(struct cloud_image, "Status", state, enum cloud_image_state, image_states), M(TEXT, "OsType", os_type), M(TEXT, "OsVersion", os_version),
    M(NUMBER_INT, "OsSize", min_disk_gb), M(TEXT, "AvailableZoneCode", zone), M(TIME, "CreateTime", created_at), { 0 }
};
static const struct cc_list images = CC_LIST_IN(struct cloud_result, image_count, struct cloud_image, image);
static const struct cc_field found_images[] = FOUND("ImageList", images);
/* DescribeEvent: only "success" is documented; the others are from the vendor's Kubernetes driver */
static const struct cc_word event_states[] = {
    { "init", CLOUD_TASK_PENDING, NULL }, { "doing", CLOUD_TASK_RUNNING, NULL }, { "success", CLOUD_TASK_SUCCEEDED, NULL }, { "finish", CLOUD_TASK_SUCCEEDED, NULL },
    { "failed", CLOUD_TASK_FAILED, "the event failed" }, { "error", CLOUD_TASK_FAILED, "the event ended in an error" },
    { "part_fail", CLOUD_TASK_FAILED, "a part of the event failed" }, { 0 }
};
static const struct cc_list resource_ids = CC_STRING_LIST(struct cloud_task, resource_id_count);
static const struct cc_field part[] = { CC_TEXTS(struct cloud_task, "ResourceId", resource_ids, &resource_ids), CC_TIME(struct cloud_task, "EndTime", ended_at), { 0 } };
static const struct cc_list parts = { .fields = part };
static const struct cc_field event[] = {
    CC_TEXT_REQUIRED(struct cloud_task, "EventId", id), CC_TEXT_REQUIRED(struct cloud_task, "EventStatus", vendor_state),
    CC_WORD(struct cloud_task, "EventStatus", state, enum cloud_task_state, event_states), CC_REASON(struct cloud_task, "EventStatus", reason, event_states),
    CC_TIME(struct cloud_task, "CreateTime", created_at), CC_EACH("TaskList", &parts), { 0 }
};
static const struct cc_list events = { .fields = event };
static const struct cc_field found_event[] = { CC_INSIDE(struct cloud_result, "", task, &events), { 0 } };

static const struct cc_field quota[] = { CC_TEXT(struct cloud_disk_range, "DiskFeature", type), CC_NUMBER_INT(struct cloud_disk_range, "FreeQuota", max_gb), { 0 } };
static const struct cc_list quotas = CC_LIST_IN(struct cloud_result, disk_range_count, struct cloud_disk_range, quota);
static const struct cc_field found_quota[] = { CC_ARRAY(struct cloud_result, "QuotaList", disk_ranges, &quotas), { 0 } };

static const struct cc_list ids = CC_STRING_LIST(struct cloud_result, id_count);
static const struct cc_field created[] = { CC_TEXTS(struct cloud_result, "EcsIdSet", ids, &ids), { 0 } };
static const struct cc_field console[] = { CC_TEXT_REQUIRED(struct cloud_result, "InstanceVncUrl", console.url), { 0 } };
/* the unit of an on-demand price; of a prepaid one no document shows it */
static const struct cc_word unit_words[] = { { "天", CLOUD_PERIOD_DAY, NULL }, { "小时", CLOUD_PERIOD_HOUR, NULL }, { "月", CLOUD_PERIOD_MONTH, NULL }, { 0 } };
static const struct cc_field price[] = {
    CC_AMOUNT_REQUIRED(struct cloud_result, "TotalPrice", price.total),
    CC_WORD(struct cloud_result, "PriceUnit", price.period.unit, enum cloud_period_unit, unit_words), { 0 }
};

#define ARGS(name_, ...) static const struct cc_arg name_[] = { __VA_ARGS__, { 0 } }
#define IDS CC_ARG_IN_LIST("EcsIds", INSTANCE_ID)
#define IN_ZONE CC_ARG("AvailableZoneCode", ZONE)
#define SIZE IN_ZONE, CC_ARG("EcsFamilyName", FAMILY), CC_ARG("Cpu", CPU), CC_ARG("Ram", MEMORY_GB), CC_ARG("Gpu", GPU)
#define ON_OFF(path_, PARAM) { .path = path_, .kind = CC_ARG_WORD, .param = CLOUD_PARAM_##PARAM, .words = capitalonline_on_off, .as = CC_INT, .text = "0" }

ARGS(by_id, CC_ARG("EcsId", INSTANCE_ID));
ARGS(in_zone, IN_ZONE);
ARGS(start, IDS, CC_ARG_TEXT("OpType", "start_up_ecs", CC_STRING));
ARGS(reboot, IDS, CC_ARG_TEXT("OpType", "restart_ecs", CC_STRING));
/*
 * free_shutdown_ecs is for accounts on a white list and on-demand instances on cloud disks; others are then stopped and
 * charged on. Its DeleteEip gives the address back by default: 0 keeps it.
 */
static const struct cc_word stop_words[] = { { "hard_shutdown_ecs", CLOUD_YES, NULL }, { "shutdown_ecs", CLOUD_NO, NULL }, { 0 } }, free_words[] = { { "free_shutdown_ecs", CLOUD_YES, NULL }, { 0 } },
    keep_words[] = { { "0", CLOUD_YES, NULL }, { 0 } };
ARGS(stop, IDS, { .path = "OpType", .kind = CC_ARG_WORD, .param = CLOUD_PARAM_FORCE, .words = stop_words, .text = "shutdown_ecs" },
     CC_ARG_WORDS("OpType", STOP_CHARGING, free_words, CC_STRING), CC_ARG_WORDS("DeleteEip", STOP_CHARGING, keep_words, CC_INT));
ARGS(passwd, IDS, CC_ARG("Password", PASSWORD));
ARGS(delete, IDS, CC_ARG_TEXT("DeleteEip", "0", CC_INT)); /* addresses are unbound, not given back */
/* spot ("3") wants SpotType and SpotAmount: invoke CreateInstance. IsToMonth and IsAutoRenewal are 1 by default: both are always said */
static const struct cc_word buy_words[] = { { "0", CLOUD_CHARGE_POSTPAID, NULL }, { "1", CLOUD_CHARGE_PREPAID, NULL }, { 0 } };
#define TERM                                                                                                         \
    CC_ARG_DEFAULT("Number", COUNT, "1"), CC_ARG_WORDS("BillingMethod", CHARGE_MODE, buy_words, CC_STRING), ON_OFF("IsToMonth", TO_MONTH_END), \
    { .path = "Duration", .kind = CC_ARG_MONTHS, .param = CLOUD_PARAM_PERIOD, .text = "1" } /* this month alone */
#define SYSTEM_DISK(at) { .path = at ".DiskFeature", .param = CLOUD_PARAM_SYSTEM_DISK_TYPE, .text = CLOUD_DISK }, CC_ARG(at ".Size", SYSTEM_DISK_GB)
#define DATA_DISK { .path = "DiskFeature", .disk = CC_DISK_TYPE, .text = CLOUD_DISK }, CC_ARG_DISK("Size", CC_DISK_GB)
ARGS(priced_disk, DATA_DISK);
ARGS(priced, SIZE, TERM, SYSTEM_DISK("SystemDiskInfo"), CC_ARG_DISKS("DataDiskInfo", priced_disk));
/* as the Go SDK has it: prepaid data disks outlive the instance */
static const struct cc_word release_words[] = { { "1", CLOUD_CHARGE_POSTPAID, NULL }, { "0", CLOUD_CHARGE_PREPAID, NULL }, { 0 } };
ARGS(bought_disk, DATA_DISK, CC_ARG_WORDS("ReleaseWithInstance", CHARGE_MODE, release_words, CC_INT));
static const struct cc_word bandwidth_words[] = { { "Bandwidth", CLOUD_CHARGE_POSTPAID, NULL }, { "BandwidthMonth", CLOUD_CHARGE_PREPAID, NULL }, { 0 } };
ARGS(new_address, CC_ARG("SubnetId", SUBNET_ID), CC_ARG_TEXT("IpType", "default_gateway", CC_STRING), CC_ARG("Qos", PUBLIC_MBPS),
     CC_ARG_WORDS("BandwidthType", CHARGE_MODE, bandwidth_words, CC_STRING));
ARGS(one_group, CC_ARG("SecurityGroupId", SECURITY_GROUP_ID));
/* no token is known here: the mark of an operation key behind the name is what a lost purchase is found by */
ARGS(create, SIZE, TERM, SYSTEM_DISK("SystemDisk"), CC_ARG_DISKS("DataDisk", bought_disk), ON_OFF("IsAutoRenewal", AUTO_RENEW), CC_ARG_MARKED("Name", NAME, "ecs"),
     CC_ARG("Password", PASSWORD), CC_ARG("ImageId", IMAGE_ID), CC_ARG("VpcInfo.VpcId", VPC_ID), CC_ARG("SubnetInfo.SubnetId", SUBNET_ID),
     CC_ARG_ONE_OBJECT("PubnetInfo", PUBLIC_MBPS, new_address), CC_ARG_ONE_OBJECT("SecurityGroups", SECURITY_GROUP_ID, one_group));
ARGS(change_size, SIZE, IDS);
ARGS(change_disk, CC_ARG_FROM_INSTANCE("DiskId", system_disk.id), CC_ARG("ExtendedSize", SYSTEM_DISK_GB));
ARGS(list, IN_ZONE, CC_ARG("SearchInfo", NAME));
ARGS(attached, CC_ARG("InstanceId", INSTANCE_ID));
ARGS(of_family, IN_ZONE, CC_ARG("EcsFamilyName", FAMILY));
ARGS(of_size, SIZE);
/* families are sold by charge mode: the instance's, else on demand */
ARGS(families_sold, IN_ZONE, { .path = "BillingMethod", .kind = CC_ARG_WORD, .param = CLOUD_PARAM_CHARGE_MODE, .words = buy_words, .text = "0" });
ARGS(list_images, IN_ZONE, CC_ARG_IN_LIST("ImageIds", IMAGE_ID));
ARGS(followed, CC_ARG("EventId", TASK_ID));

#define DO(action_, ...) { .action = &capitalonline_ecs_actions[ECS_##action_], __VA_ARGS__ }
#define STEPS(name_, ...) static const struct cc_step name_##_steps[] = { __VA_ARGS__ }
#define FIND(parse_) DO(DescribeInstance, .args = by_id, .fields = found_instance, .parse = parse_)
#define PRICE(parse_, ...) DO(DescribePrice, .args = priced, .fields = price, .parse = parse_, __VA_ARGS__)

STEPS(start, DO(OperateInstance, .args = start));
STEPS(stop, DO(OperateInstance, .args = stop));
STEPS(reboot, DO(OperateInstance, .args = reboot));
STEPS(passwd, DO(ModifyInstancePassword, .args = passwd));
STEPS(price, PRICE(cc_parse_price_new));
STEPS(create, DO(CreateInstance, .args = create, .fields = created));
STEPS(check, DO(DescribeZoneInstanceType, .args = of_size, .fields = found_stock, .parse = ecs_check_size, .tolerate = true),
      DO(DescribeImages, .args = in_zone, .fields = found_images, .parse = cc_parse_check_image, .tolerate = true),
      DO(DescribeDiskQuota, .args = in_zone, .fields = found_quota, .parse = check_quota, .tolerate = true), PRICE(ecs_check_price, .tolerate = true));
STEPS(renew_price, FIND(found_to_renew), DO(DescribeRegions, .parse = zone_of_instance), PRICE(capitalonline_price_renew));
STEPS(upgrade_price, FIND(found_to_change), DO(DescribeRegions, .parse = zone_of_instance), PRICE(capitalonline_price_after), PRICE(capitalonline_price_before));
STEPS(upgrade, FIND(found_to_change), DO(DescribeRegions, .parse = zone_of_instance, .when = capitalonline_when_size),
      DO(ChangeInstanceConfigure, .args = change_size, .when = capitalonline_when_size), DO(ExtendDisk, .args = change_disk, .when = capitalonline_when_disk));
STEPS(options, FIND(found), DO(DescribeRegions, .parse = zone_of_instance),
      DO(DescribeEcsFamilyInfo, .args = families_sold, .fields = found_families, .when = cc_when_sizes_wanted, .parse = capitalonline_families),
      DO(DescribeZoneInstanceType, .args = of_family, .fields = found_stock, .when = capitalonline_when_families, .parse = capitalonline_next_family, .tolerate = true),
      { .parse = keep_targets }, DO(DescribeDiskQuota, .args = in_zone, .fields = found_quota, .when = cc_when_disk_wanted, .parse = growth, .tolerate = true));
STEPS(vnc, DO(DescribeInstanceVncUrl, .args = by_id, .fields = console));
STEPS(regions, DO(DescribeRegions, .fields = found_regions));
/* "without paging parameters everything is returned": one answer, so nothing can move between pages */
STEPS(list, DO(DescribeInstanceList, .args = list, .fields = found_instances, .parse = listed));
STEPS(show, DO(DescribeInstance, .args = by_id, .fields = found_instance));
STEPS(delete, DO(DeleteInstance, .args = delete));
STEPS(disks, DO(DescribeEcsAttachDisks, .args = attached, .fields = found_disks, .when = capitalonline_when_instance),
      DO(DescribeDiskList, .args = in_zone, .fields = found_disks, .paging = &disk_pages, .when = capitalonline_when_no_instance));
STEPS(types, DO(DescribeZoneInstanceType, .args = of_family, .fields = found_stock, .when = capitalonline_when_family, .parse = ecs_types_here),
      DO(DescribeEcsFamilyInfo, .args = families_sold, .fields = found_families, .when = capitalonline_when_no_family, .parse = ecs_types_here));
STEPS(images, DO(DescribeImages, .args = list_images, .fields = found_images, .parse = capitalonline_keep_source));
STEPS(task, DO(DescribeEvent, .args = followed, .fields = found_event, .when = cc_when_task),
      DO(DescribeInstance, .args = by_id, .fields = found_instance, .when = capitalonline_when_instance, .parse = cc_parse_instance_task));

/* how many instances are doing: one action says it of all; the length of its list is nowhere limited */
ARGS(by_ids, IDS);
STEPS(states, DO(DescribeInstanceStatus, .args = by_ids, .fields = found_states));
static const struct cc_op_row states = { CLOUD_NATIVE, NULL, CC_STEPS(states_steps) };

#define NEEDED (CC_BIT(ZONE) | CC_BIT(FAMILY) | CC_BIT(CPU) | CC_BIT(MEMORY_GB) | CC_BIT(SYSTEM_DISK_GB))
#define BOUGHT (NEEDED | CC_BIT(PASSWORD) | CC_BIT(IMAGE_ID) | CC_BIT(VPC_ID) | CC_BIT(SUBNET_ID))
#define SCRATCH .scratch_size = sizeof(struct scratch)

const struct cc_op_row capitalonline_ecs_ops[CLOUD_OP__COUNT] = {
    [CLOUD_OP_START_INSTANCE]         = { CLOUD_NATIVE, NULL, CC_STEPS(start_steps), .many = 100 },
    [CLOUD_OP_STOP_INSTANCE]          = { CLOUD_NATIVE, NULL, CC_STEPS(stop_steps), .check = ecs_check_stop, .many = 100 },
    [CLOUD_OP_REBOOT_INSTANCE]        = { CLOUD_NATIVE, NULL, CC_STEPS(reboot_steps), .many = 100 },
    [CLOUD_OP_MODIFY_INSTANCE_PASSWD] = { CLOUD_NATIVE, NULL, CC_STEPS(passwd_steps) },
    /* image, automatic renewal and a public address have no place in DescribePrice; only the last has a price of its own */
    [CLOUD_OP_DESCRIBE_PRICE]         = { CLOUD_NATIVE, NULL, CC_STEPS(price_steps), .required = NEEDED, .reads = CC_BIT(IMAGE_ID) | CC_BIT(AUTO_RENEW) | CC_BIT(PUBLIC_MBPS) },
    [CLOUD_OP_DESCRIBE_RENEW_PRICE]   = { CLOUD_COMPOSED, "no action prices a renewal: it is what buying the same shape and disks for that time costs now; discounts of the order are not known",
                                          CC_STEPS(renew_price_steps), SCRATCH },
    [CLOUD_OP_DESCRIBE_UPGRADE_PRICE] = { CLOUD_DERIVED, "no action prices a change: it is the difference of the two shapes' monthly prices for the days that are left; on demand, the new price",
                                          CC_STEPS(upgrade_price_steps), .check = cc_check_change, .reads = CC_BIT(EXPIRES_AT), SCRATCH },
    [CLOUD_OP_CREATE_INSTANCE]        = { CLOUD_NATIVE, NULL, CC_STEPS(create_steps), .check = check_order, .required = BOUGHT },
    [CLOUD_OP_CREATE_INSTANCE_DRY_RUN] = { CLOUD_COMPOSED, "there is no dry run: stock, image, disk quota and price are asked; balance and free addresses cannot be",
                                          CC_STEPS(check_steps), .check = check_order, .required = BOUGHT,
                                          .reads = CC_BIT(PUBLIC_MBPS) | CC_BIT(SECURITY_GROUP_ID) | CC_BIT(NAME) | CC_BIT(AUTO_RENEW) },
    [CLOUD_OP_RENEW_INSTANCE]         = { .support = CLOUD_UNSUPPORTED, .why = "ECS has no renewal action: buy with auto_renew=yes, renew in CapitalOnline's console, or buy a new instance" },
    [CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL] = { CLOUD_NATIVE, NULL, CC_STEPS(vnc_steps) },
    [CLOUD_OP_DESCRIBE_REGIONS]       = { CLOUD_NATIVE, NULL, CC_STEPS(regions_steps) },
    [CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION] = { CLOUD_COMPOSED, "sizes on sale in its zone are filtered by the rules of ChangeInstanceConfigure; the system disk grows in steps of 8 GB within the quota",
                                          CC_STEPS(options_steps), .reads = CC_BIT(RESOURCE), SCRATCH },
    [CLOUD_OP_UPGRADE_INSTANCE]       = { CLOUD_NATIVE, NULL, CC_STEPS(upgrade_steps), .check = cc_check_change, .reads = CC_BIT(EXPIRES_AT), SCRATCH },
    [CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE] = { .support = CLOUD_UNSUPPORTED, .why = "it is chosen when buying (create with auto_renew=yes) and shown by `cloudctl show`; afterwards only CapitalOnline's console changes it" },
    [CLOUD_OP_DESCRIBE_INSTANCES]     = { CLOUD_NATIVE, NULL, CC_STEPS(list_steps) },
    /* one request each: a record of DescribeInstanceList, which takes EcsIds, has no image id, no data disks, no BillingStatus */
    [CLOUD_OP_DESCRIBE_INSTANCE]      = { CLOUD_NATIVE, NULL, CC_STEPS(show_steps) },
    [CLOUD_OP_DELETE_INSTANCE]        = { CLOUD_NATIVE, NULL, CC_STEPS(delete_steps) },
    [CLOUD_OP_DESCRIBE_DISKS]         = { CLOUD_NATIVE, NULL, CC_STEPS(disks_steps) },
    [CLOUD_OP_DESCRIBE_INSTANCE_TYPES] = { CLOUD_NATIVE, NULL, CC_STEPS(types_steps), .required = CC_BIT(ZONE) },
    [CLOUD_OP_DESCRIBE_IMAGES]        = { CLOUD_NATIVE, NULL, CC_STEPS(images_steps), .reads = CC_BIT(IMAGE_SOURCE) },
    [CLOUD_OP_DESCRIBE_TASK]          = { CLOUD_NATIVE, NULL, CC_STEPS(task_steps), .check = cc_check_task, .many = 100, .many_row = &states },
    [CLOUD_OP_INVOKE]                 = { .support = CLOUD_NATIVE },
};
/* clang-format on */
