/* SPDX-License-Identifier: Apache-2.0 */
/* What rows cannot say of JD Cloud: choices, orders to be priced, rules of changes. */
#include "providers/jdcloud/hooks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>


#define CONSOLE_LIFE_S 3600 /* page "describeInstanceVncUrl": one hour */

const struct cc_word jdcloud_stop_charging[] = {
    { "stopCharging", CLOUD_YES, NULL }, { "keepCharging", CLOUD_NO, NULL }, { 0 }
};

static bool is_local(const char *type)
{
    return type && !strcasecmp(type, "local");
}

/* ------------------------------------------------------------------------------------- before anything is sent */

static int check_size_given(struct cc_hook *hook)
{
    if (hook->params->instance_type || cc_when_size_unnamed(hook))
        return CLOUD_OK;
    return cc_fail_param(hook->err, "instance_type", "a size is needed: instance_type, or family, cpu and memory_gb; "
                                                     "`cloudctl types` lists them");
}

int jdcloud_check_purchase(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    int rc = check_size_given(hook);

    if (rc)
        return rc;
    if (is_local(p->system_disk_type) && p->system_disk_gb)
        return cc_fail_param(hook->err, "system_disk_gb", "a local system disk has a fixed size; leave system_disk_gb out");
    if (!is_local(p->system_disk_type) && !p->system_disk_gb)
        return cc_fail_param(hook->err, "system_disk_gb", "system_disk_gb is needed: 40 to 500, not below the image's");
    if (p->charge_mode == CLOUD_CHARGE_SPOT)
        return cc_fail_param(hook->err, "charge_mode", "createInstances sells no spot instances: prepaid or postpaid");
    return cc_check_purchase(hook);
}

int jdcloud_check_auto_renew(struct cc_hook *hook)
{
    bool on = hook->params->auto_renew == CLOUD_YES, period = hook->params->period.unit != CLOUD_PERIOD_NONE;

    if (on && !period)
        return cc_fail_param(hook->err, "period", "turning automatic renewal on needs the period to buy each time");
    if (!on && period)
        return cc_fail_param(hook->err, "period", "turning automatic renewal off takes no period");
    return CLOUD_OK;
}

/* ---------------------------------------------------------------------------------------------------- purchase */

/* model "InstanceSpec": a tag outlives the clientToken, and can be looked for without knowing all of the order */
static void set_mark(struct cc_hook *hook)
{
    struct cc_node *tag = hook->mark ? cc_tree_append(hook->tree, hook->root, "instanceSpec.userTags") : NULL;

    if (!tag)
        return;
    cc_tree_set_text(hook->tree, tag, "key", "operation");
    cc_tree_set_text(hook->tree, tag, "value", hook->mark);
}

int jdcloud_system_disk(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;
    bool local = is_local(p->system_disk_type);

    set_mark(hook);
    cc_tree_set_text(hook->tree, hook->root, "instanceSpec.systemDisk.diskCategory", local ? "local" : "cloud");
    if (local)
        return CLOUD_OK;
    cc_tree_set_text(hook->tree, hook->root, "instanceSpec.systemDisk.cloudDiskSpec.diskType",
                     p->system_disk_type ? p->system_disk_type : JDCLOUD_DISK_TYPE);
    cc_tree_set_int(hook->tree, hook->root, "instanceSpec.systemDisk.cloudDiskSpec.diskSizeGB", p->system_disk_gb);
    return CLOUD_OK;
}

/* describeImages needs imageSource unless ids are given */
int jdcloud_image_source(struct cc_hook *hook)
{
    if (!hook->params->image_source && !hook->params->image_id)
        cc_tree_set_text(hook->tree, hook->root, "imageSource", "public");
    return CLOUD_OK;
}

int jdcloud_check_stock(struct cc_hook *hook)
{
    return cc_hook_check_stock(hook, "instance_type", hook->params->instance_type);
}

int jdcloud_quota_filter(struct cc_hook *hook)
{
    cc_hook_filter(hook, "filters", "resourceTypes", "instance");
    return CLOUD_OK;
}

int jdcloud_check_quota(struct cc_hook *hook)
{
    const struct cc_value *quota = cc_value_find(hook->envelope->data, "quotas.0");
    const char *limit = cc_value_text(cc_value_find(quota, "limit")), *used = cc_value_text(cc_value_find(quota, "used"));
    int wanted = hook->params->count ? hook->params->count : 1, left;

    if (hook->refused || !limit || !used)
        return cc_hook_check(hook, "quota", CC_CHECK_NONE, CLOUD_OK, "the quota of instances could not be learned");
    left = atoi(limit) - atoi(used);
    return cc_hook_check(hook, "quota", CC_CHECK_REAL, left >= wanted ? CLOUD_OK : CLOUD_EQUOTA,
                         "%d more instances are allowed, %d wanted", left > 0 ? left : 0, wanted);
}

int jdcloud_check_price(struct cc_hook *hook)
{
    int rc = cc_hook_check_price(hook);

    if (!hook->refused)
        jdcloud_price_new(hook);
    return rc ? rc : cc_hook_check(hook, "subnet_id", CC_CHECK_NONE, CLOUD_OK,
                                   "subnet and security group are the VPC service's to judge");
}

/* ------------------------------------------------------------------------------------------ orders to be priced */

static struct cc_node *add_order(struct cc_hook *hook, const char *service, const char *resource_id, bool prepaid)
{
    struct cc_node *order = cc_tree_append(hook->tree, hook->root, "orderList");

    if (!order)
        return NULL;
    cc_tree_set_text(hook->tree, order, "serviceCode", service);
    cc_tree_set_text(hook->tree, order, "region", hook->region);
    cc_tree_set_text(hook->tree, order, "taskId", "1");
    cc_tree_set_int(hook->tree, order, "billingType", prepaid ? 3 : 1);
    if (resource_id)
        cc_tree_set_text(hook->tree, order, "resourceId", resource_id);
    return order;
}

static void set_time(struct cc_hook *hook, struct cc_node *order)
{
    const struct cloud_period *period = &hook->params->period;

    if (!order || !period->unit)
        return;
    cc_tree_set_int(hook->tree, order, "timeSpan", period->count);
    cc_tree_set_int(hook->tree, order, "timeUnit", period->unit == CLOUD_PERIOD_YEAR ? 4 : 3);
}

/*
 * The vocabulary of formula keys is not public ("ask when integrating"). Assumed here, and in one place: an instance is
 * its type, once; a disk is its type, in GB.
 */
static void set_formula(struct cc_hook *hook, struct cc_node *order, const char *key, int value, const char *unit)
{
    struct cc_node *formula = order ? cc_tree_append(hook->tree, order, "formula") : NULL;

    if (!formula)
        return;
    cc_tree_set_text(hook->tree, formula, "key", key);
    cc_tree_set_int(hook->tree, formula, "value", value);
    cc_tree_set_int(hook->tree, formula, "number", 1);
    if (unit)
        cc_tree_set_text(hook->tree, formula, "unit", unit);
}

static void add_new(struct cc_hook *hook, const char *service, const char *key, int value, const char *unit)
{
    struct cc_node *order = add_order(hook, service, NULL, hook->params->charge_mode == CLOUD_CHARGE_PREPAID);

    if (order && hook->params->zone)
        cc_tree_set_text(hook->tree, order, "az", hook->params->zone);
    set_time(hook, order);
    set_formula(hook, order, key, value, unit);
}

int jdcloud_order_new(struct cc_hook *hook)
{
    const struct cloud_params *p = hook->params;

    add_new(hook, "vm", p->instance_type, 1, NULL);
    if (!is_local(p->system_disk_type))
        add_new(hook, "disk", p->system_disk_type ? p->system_disk_type : JDCLOUD_DISK_TYPE, p->system_disk_gb, "GB");
    for (size_t i = 0; i < p->data_disk_count; i++)
        add_new(hook, "disk", p->data_disks[i].type ? p->data_disks[i].type : JDCLOUD_DISK_TYPE, p->data_disks[i].size_gb, "GB");
    return CLOUD_OK;
}

/* the n-th prepaid cloud disk of the instance found, the system disk first; NULL past the last */
static const struct cloud_disk *prepaid_disk(const struct cc_hook *hook, size_t n)
{
    const struct cloud_instance *instance = &hook->result->instances[0];

    for (size_t i = 0; i <= instance->data_disk_count; i++) {
        const struct cloud_disk *disk = i ? &instance->data_disks[i - 1] : &instance->system_disk;

        if (disk->id && disk->charge_mode == CLOUD_CHARGE_PREPAID && !n--)
            return disk;
    }
    return NULL;
}

int jdcloud_order_renew(struct cc_hook *hook)
{
    const struct cloud_disk *disk;

    set_time(hook, add_order(hook, "vm", hook->params->instance_id, true));
    for (size_t n = 0; (disk = prepaid_disk(hook, n)); n++)
        set_time(hook, add_order(hook, "disk", disk->id, true));
    return CLOUD_OK;
}

int jdcloud_order_change(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    const struct cloud_disk *disk = &instance->system_disk;

    if (!hook->params->system_disk_gb) {
        set_formula(hook, add_order(hook, "vm", instance->id, instance->charge_mode == CLOUD_CHARGE_PREPAID),
                    hook->params->instance_type, 1, NULL);
        return CLOUD_OK;
    }
    if (!disk->id)
        return cc_fail_param(hook->err, "system_disk_gb", "the system disk is local: its size is fixed");
    set_formula(hook, add_order(hook, "disk", disk->id, disk->charge_mode == CLOUD_CHARGE_PREPAID), disk->type,
                hook->params->system_disk_gb, "GB");
    return CLOUD_OK;
}

/* postpaid prices are for an hour [inferred: no page says] */
static struct cloud_period period_of(const struct cc_hook *hook)
{
    struct cloud_period hour = { 1, CLOUD_PERIOD_HOUR };

    return hook->params->period.unit ? hook->params->period : hour;
}

int jdcloud_price_new(struct cc_hook *hook)
{
    return cc_hook_price(hook, period_of(hook), "instance, system disk, data disks; not a public address");
}

int jdcloud_price_renew(struct cc_hook *hook)
{
    return cc_hook_price(hook, hook->params->period, "the instance and its prepaid cloud disks");
}

int jdcloud_price_change(struct cc_hook *hook)
{
    const struct cloud_instance *instance = &hook->result->instances[0];
    struct cloud_period rest = { 0, CLOUD_PERIOD_NONE };
    bool prepaid = instance->charge_mode == CLOUD_CHARGE_PREPAID;

    hook->result->price.valid_until = prepaid ? instance->expires_at : CLOUD_TIME_NONE;
    return cc_hook_price(hook, prepaid ? rest : period_of(hook),
                         prepaid ? "the difference for the rest of the term" : "the new price of an hour");
}

/* ----------------------------------------------------------------------------------------------------- renewal */

bool jdcloud_has_prepaid_disks(const struct cc_hook *hook)
{
    return prepaid_disk(hook, 0) != NULL;
}

/* instanceIds is one string, joined by commas */
int jdcloud_disk_ids(struct cc_hook *hook)
{
    cc_auto_buf struct cc_buf ids = { 0 };
    const struct cloud_disk *disk;

    for (size_t n = 0; (disk = prepaid_disk(hook, n)); n++)
        cc_buf_printf(&ids, "%s%s", n ? "," : "", disk->id);
    if (ids.failed)
        return cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
    cc_tree_set_text(hook->tree, hook->root, "renewInstanceParam.instanceIds", ids.data);
    return CLOUD_OK;
}

/* two orders, both named */
int jdcloud_disks_ordered(struct cc_hook *hook)
{
    const char *order = cc_value_text(cc_value_find(hook->envelope->data, "orderNumber"));

    if (!order)
        return cc_fail(hook->err, CLOUD_EPROTOCOL, "the answer has no orderNumber");
    hook->result->order_id = cc_arena_printf(hook->arena, "%s,%s", hook->result->order_id, order);
    return hook->result->order_id ? CLOUD_OK : cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
}

/* "stringResult" is the number of entries set */
int jdcloud_renewal_set(struct cc_hook *hook)
{
    const char *set = cc_value_text(cc_value_find(hook->envelope->data, "stringResult"));

    hook->undone = set && !strcmp(set, "0");
    if (hook->undone)
        return cc_fail(hook->err, CLOUD_ESTATE, "nothing was set: is %s prepaid?", hook->params->instance_id);
    return CLOUD_OK;
}

/* ------------------------------------------------------------------------------------------------------ change */

int jdcloud_disk_of(struct cc_hook *hook)
{
    cc_tree_set_text(hook->tree, hook->root, "diskId", hook->result->instances[0].system_disk.id);
    return CLOUD_OK;
}

int jdcloud_until_available(struct cc_hook *hook)
{
    return cc_hook_until_disk(hook, CLOUD_DISK_AVAILABLE);
}

int jdcloud_until_in_use(struct cc_hook *hook)
{
    return cc_hook_until_disk(hook, CLOUD_DISK_IN_USE);
}

int jdcloud_zone_of(struct cc_hook *hook)
{
    if (hook->result->instances[0].zone)
        cc_hook_filter(hook, "filters", "az", hook->result->instances[0].zone);
    return CLOUD_OK;
}

/* page "resizeInstance": what makes it refuse, as far as the size tells */
static bool may_become(const struct cloud_instance *instance, const struct cloud_instance_type *from,
                       const struct cloud_instance_type *to)
{
    bool local = !instance->system_disk.id;
    int disks = (int)instance->data_disk_count + !local;

    if (!strcmp(from->instance_type, to->instance_type) || !cc_type_in_stock(to, instance->zone ? instance->zone : ""))
        return false;
    if (from->architecture && to->architecture && strcmp(from->architecture, to->architecture))
        return false;
    if (local && from->generation && to->generation && from->generation != to->generation)
        return false;
    return !to->disk_limit || disks <= to->disk_limit;
}

int jdcloud_targets(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;
    const struct cloud_instance *instance = &result->instances[0];
    struct cloud_instance_type *now = NULL, from;
    size_t kept = 0;

    for (size_t i = 0; i < result->type_count; i++) {
        if (instance->instance_type && !strcmp(result->types[i].instance_type, instance->instance_type))
            now = &result->types[i];
    }
    from = now ? *now : (struct cloud_instance_type){ .instance_type = "" };
    for (size_t i = 0; cc_hook_asked_for(hook, "instance_type") && i < result->type_count; i++) {
        if (may_become(instance, &from, &result->types[i]))
            result->types[kept++] = result->types[i];
    }
    result->type_count = kept;
    return instance->system_disk.id ? cc_hook_growth(hook, &instance->system_disk, 500, 10) : CLOUD_OK;
}

bool jdcloud_has_targets(const struct cc_hook *hook)
{
    return hook->result->type_count && hook->result->instances[0].image_id;
}

static bool names(const struct cc_value *list, const char *text)
{
    struct cc_iter iter = { .container = list };
    const struct cc_value *element;

    while ((element = cc_iter_next(&iter, NULL))) {
        if (cc_value_text(element) && !strcmp(cc_value_text(element), text))
            return true;
    }
    return false;
}

/* private images have no constraints, and the vendor may refuse to tell of them */
int jdcloud_image_constraints(struct cc_hook *hook)
{
    const struct cc_value *rule =
        cc_value_find(hook->envelope->data, "imageConstraints.imageInstanceTypeConstraint");
    const char *kind = cc_value_text(cc_value_find(rule, "constraintsType"));
    struct cloud_result *result = hook->result;
    bool listed = kind && !strcasecmp(kind, "includes");
    size_t kept = 0;

    if (hook->refused || !kind)
        return CLOUD_OK;
    for (size_t i = 0; i < result->type_count; i++) {
        if (names(cc_value_find(rule, "instanceTypes"), result->types[i].instance_type) == listed)
            result->types[kept++] = result->types[i];
    }
    result->type_count = kept;
    return CLOUD_OK;
}

/* ----------------------------------------------------------------------------------------------- regions, console */

/* pages "Regions and availability zones"; no action lists them */
#define ZONE(id_) { .id = id_, .name = id_ }
static struct cloud_zone north[] = { ZONE("cn-north-1a"), ZONE("cn-north-1b"), ZONE("cn-north-1c") };
static struct cloud_zone suqian[] = { ZONE("cn-east-1a") };
static struct cloud_zone shanghai[] = { ZONE("cn-east-2a"), ZONE("cn-east-2b") };
static struct cloud_zone south[] = { ZONE("cn-south-1a") };
static struct cloud_region regions[] = {
    { "cn-north-1", "North China - Beijing", north, CC_COUNT(north) },
    { "cn-east-1", "East China - Suqian", suqian, CC_COUNT(suqian) },
    { "cn-east-2", "East China - Shanghai", shanghai, CC_COUNT(shanghai) },
    { "cn-south-1", "South China - Guangzhou", south, CC_COUNT(south) },
};

int jdcloud_regions(struct cc_hook *hook)
{
    hook->result->regions = regions;
    hook->result->region_count = CC_COUNT(regions);
    return CLOUD_OK;
}

int jdcloud_console(struct cc_hook *hook)
{
    hook->result->console.expires_at = hook->now + CONSOLE_LIFE_S;
    return CLOUD_OK;
}
