/* SPDX-License-Identifier: Apache-2.0 */
/* createInstances: everything is looked at first, then made and paid; what comes after is an event. */
#include "emulator/jdcloud.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { TOKEN_LIFE_S = 86400, LEAST_BALANCE = 50 * 1000000 };

struct plan {
    yyjson_mut_val *spec;
    const char *name, *az;
    const struct emu_jd_type *type;
    struct emu_object *image;
    bool windows, cloud, prepaid;
    int64_t count;
    struct emu_jd_line *lines;
    struct emu_object **goods; /* of each line */
    size_t line_count;
};

/* ---- looking ------------------------------------------------------------------------------------------ */

static bool need_member(struct emu_jd_call *call, yyjson_mut_val *spec, const char *name)
{
    if (emu_get(spec, name))
        return true;
    return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "parameter instanceSpec.%s is required", name);
}

/* What may be named in a spec but is not there in this world. */
static bool check_absent(struct emu_jd_call *call, yyjson_mut_val *spec)
{
    static const char *const names[] = { "agId", "instanceTemplateId", "dedicatedPoolId", "dedicatedHostId",
                                         "autoImagePolicyId" };

    for (size_t i = 0; i < EMU_COUNT(names); i++) {
        if (emu_get(spec, names[i]))
            return emu_jd_fail(call, 404, "NOT_FOUND", "%s %s is not found", names[i],
                               emu_get_text(spec, names[i]));
    }
    return true;
}

static bool check_login(struct emu_jd_call *call, const struct plan *plan)
{
    const char *password = emu_get_str(plan->spec, "password"), *hostname = emu_get_str(plan->spec, "hostname");
    const char *by_password = emu_get_str(plan->spec, "passwordAuth");
    yyjson_mut_val *keys = emu_get(plan->spec, "keyNames");

    if (by_password && !emu_jd_check_word(call, "passwordAuth", by_password, " yes no "))
        return false;
    if (yyjson_mut_arr_size(keys) > 1 || (plan->windows && yyjson_mut_arr_size(keys)))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "keyNames takes one key, on Linux only");
    if (yyjson_mut_arr_size(keys))
        return emu_jd_fail(call, 404, "NOT_FOUND", "keypair %s is not found",
                           yyjson_mut_get_str(yyjson_mut_arr_get_first(keys)));
    if (hostname && !emu_jd_check_hostname(call, hostname, plan->windows))
        return false;
    return !password || emu_jd_check_password(call, password, plan->windows ? "administrator" : "root");
}

static bool check_texts(struct emu_jd_call *call, yyjson_mut_val *spec)
{
    yyjson_mut_val *tag;
    size_t i, count;
    const char *stopped = emu_get_str(spec, "chargeOnStopped");

    if (!emu_jd_check_description(call, emu_get_str(spec, "description")))
        return false;
    if (stopped && !emu_jd_check_word(call, "chargeOnStopped", stopped, " keepCharging stopCharging "))
        return false;
    if (yyjson_mut_arr_size(emu_get(spec, "userTags")) > 10 || yyjson_mut_arr_size(emu_get(spec, "metadata")) > 40)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "at most 10 userTags and 40 metadata");
    yyjson_mut_arr_foreach(emu_get(spec, "userTags"), i, count, tag) {
        const char *key = emu_get_text(tag, "key");

        if (strncmp(key, "jrn:", 4) == 0 || strncmp(key, "jdc-", 4) == 0)
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "userTags key %s is reserved", key);
    }
    yyjson_mut_arr_foreach(emu_get(spec, "userdata"), i, count, tag) {
        char *bytes;
        size_t size;

        if (strcmp(emu_get_text(tag, "key"), "launch-script") != 0 ||
            !emu_base64_decode(call->world, emu_get_text(tag, "value"), &bytes, &size) || size > 16384)
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                               "userdata takes launch-script, base64 of at most 16 KB");
    }
    return true;
}

static bool check_system_disk(struct emu_jd_call *call, const struct plan *plan)
{
    yyjson_mut_val *disk = emu_get(plan->spec, "systemDisk"), *spec = emu_get(disk, "cloudDiskSpec");
    const char *category = emu_get_str(disk, "diskCategory"), *device = emu_get_str(disk, "deviceName");
    int64_t least = emu_get_int(plan->image->body, "systemDiskSizeGB", 40), size;

    if (category && strcmp(category, plan->cloud ? "cloud" : "local") != 0)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "systemDisk.diskCategory %s does not fit the image", category);
    if (device && strcmp(device, "vda") != 0)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "systemDisk.deviceName can only be vda");
    size = emu_get_int(spec, "diskSizeGB", least);
    if (!plan->cloud || !spec)
        return true;
    if (!emu_jd_check_int(call, "systemDisk.diskSizeGB", size, least > 40 ? least : 40, 500))
        return false;
    return emu_jd_check_disk_size(call, emu_get_str(spec, "diskType") ? emu_get_str(spec, "diskType") : "hdd.std1",
                                  size);
}

static bool check_data_disks(struct emu_jd_call *call, const struct plan *plan)
{
    yyjson_mut_val *disks = emu_get(plan->spec, "dataDisks"), *disk, *names = emu_arr(call->world);
    size_t i, count, most = (size_t)plan->type->disks - (plan->cloud ? 1 : 0);

    if (yyjson_mut_arr_size(disks) > most)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "at most %zu dataDisks with this type", most);
    yyjson_mut_arr_foreach(disks, i, count, disk) {
        const char *category = emu_get_str(disk, "diskCategory"), *device = emu_get_str(disk, "deviceName");

        if (category && !emu_jd_check_word(call, "dataDisks.diskCategory", category, " cloud "))
            return false;
        if (!emu_get(disk, "cloudDiskSpec"))
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "parameter dataDisks.cloudDiskSpec is required");
        if (device && (strlen(device) != 3 || strncmp(device, "vd", 2) != 0 || device[2] < 'b' ||
                       device[2] > 'm' || emu_has_str(names, device)))
            return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "dataDisks.deviceName %s is not a free one of vdb to vdm", device);
        if (device)
            emu_push_str(call->world, names, device);
        if (!emu_jd_check_disk_spec(call, emu_get(disk, "cloudDiskSpec"), plan->az, true))
            return false;
    }
    return true;
}

static bool check_place(struct emu_jd_call *call, struct plan *plan)
{
    plan->az = emu_get_text(plan->spec, "az");
    plan->type = emu_jd_type_find(emu_get_text(plan->spec, "instanceType"));
    if (!emu_jd_zone_known(call->region, plan->az))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "az %s is not in region %s", plan->az, call->region);
    if (!plan->type)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "instanceType %s is not sold",
                           emu_get_text(plan->spec, "instanceType"));
    if (emu_is_sold_out(call->world, plan->type->name))
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "instanceType %s is sold out", plan->type->name);
    plan->image = emu_jd_image_for(call, emu_get_text(plan->spec, "imageId"), plan->type->name);
    if (!plan->image)
        return false;
    plan->windows = strcmp(emu_get_text(plan->image->body, "osType"), "windows") == 0;
    plan->cloud = strcmp(emu_get_text(plan->image->body, "rootDeviceType"), "cloudDisk") == 0;
    return true;
}

static bool check_charge(struct emu_jd_call *call, struct plan *plan)
{
    yyjson_mut_val *charge = emu_get(plan->spec, "charge");
    const char *mode = emu_get_text(charge, "chargeMode");

    if (!emu_jd_check_charge(call, charge))
        return false;
    if (strcmp(mode, "postpaid_by_usage") == 0)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "charge.chargeMode of a VM cannot be postpaid_by_usage");
    plan->prepaid = strcmp(mode, "prepaid_by_duration") == 0;
    if (emu_get(plan->spec, "chargeOnStopped") && (plan->prepaid || !plan->cloud) &&
        strcmp(emu_get_text(plan->spec, "chargeOnStopped"), "stopCharging") == 0)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "stopCharging is for postpaid VMs with a cloud system disk");
    if (!plan->prepaid && emu_balance(call->world, EMU_JD, call->request->account) < LEAST_BALANCE)
        return emu_jd_fail(call, 400, "FAILED_PRECONDITION", "a balance of 50 yuan is needed for postpaid resources");
    return true;
}

static bool check_quota(struct emu_jd_call *call, const struct plan *plan)
{
    struct emu_object **list;
    int64_t used = (int64_t)emu_jd_mine(call, "instance", &list);

    if (used + plan->count > emu_jd_quota_limit(call->world, "instance"))
        return emu_jd_fail(call, 429, "QUOTA_EXCEEDED", "the quota of instances is used up: %lld of %lld",
                           (long long)used, (long long)emu_jd_quota_limit(call->world, "instance"));
    return true;
}

static bool check_all(struct emu_jd_call *call, struct plan *plan)
{
    static const char *const needed[] = { "az", "instanceType", "imageId", "primaryNetworkInterface" };

    plan->spec = emu_get(call->params, "instanceSpec");
    plan->name = emu_get_text(plan->spec, "name");
    plan->count = emu_get_int(call->params, "maxCount", 1);
    if (!emu_jd_check_int(call, "maxCount", plan->count, 1, 100) || !check_absent(call, plan->spec) ||
        !emu_jd_check_name(call, plan->name, 128, "instanceSpec.name"))
        return false;
    for (size_t i = 0; i < EMU_COUNT(needed); i++) {
        if (!need_member(call, plan->spec, needed[i]))
            return false;
    }
    if (plan->count > 1 && emu_get(plan->spec, "primaryNetworkInterface.networkInterface.primaryIpAddress"))
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT", "primaryIpAddress allows a maxCount of 1 only");
    return check_place(call, plan) && check_charge(call, plan) && check_login(call, plan) &&
           check_texts(call, plan->spec) && check_system_disk(call, plan) && check_data_disks(call, plan) &&
           check_quota(call, plan);
}

/* ---- making ------------------------------------------------------------------------------------------- */

/* "vm-[001]" makes vm-001, vm-002, ...: the number of digits is kept. */
static const char *numbered(struct emu_world *world, const char *name, int64_t at)
{
    const char *open = strchr(name, '['), *close = open ? strchr(open, ']') : NULL;

    if (!close)
        return name;
    return emu_text(world, "%.*s%0*lld%s", (int)(open - name), name, (int)(close - open - 1),
                    strtoll(open + 1, NULL, 10) + at, close + 1);
}

static const char *hostname_of(struct emu_world *world, const struct plan *plan, int64_t at, const char *id)
{
    const char *given = emu_get_str(plan->spec, "hostname");

    if (!given)
        return emu_text(world, "%s", id);
    if (plan->count > 1 && !strchr(given, '['))
        return emu_text(world, "%s%lld", given, (long long)at + 1);
    return numbered(world, given, at);
}

static void add_line(struct emu_jd_call *call, struct plan *plan, struct emu_object *object)
{
    yyjson_mut_val *charge = emu_get(plan->spec, "charge");
    struct emu_jd_goods goods = emu_jd_goods_of(object);
    struct emu_jd_line *line = &plan->lines[plan->line_count];

    emu_jd_price_term(call->world, &goods, strcmp(emu_get_text(charge, "chargeUnit"), "year") == 0,
                      emu_get_int(charge, "chargeDuration", 1), line);
    line->resource_id = object->id;
    plan->goods[plan->line_count++] = object;
}

static void copy_texts(struct emu_world *world, yyjson_mut_val *from, yyjson_mut_val *to,
                       const char *const *names)
{
    for (; *names; names++)
        emu_set_str(world, to, *names, emu_get_text(from, *names));
}

static struct emu_object *new_instance(struct emu_jd_call *call, const struct plan *plan, int64_t at)
{
    static const char *const from_image[] = { "imageId", "osType", "osVersion", "platform", "architecture",
                                              "bootMode", NULL };
    struct emu_world *world = call->world;
    const char *id = emu_new_id(world, "i-", 10);
    yyjson_mut_val *body = emu_obj(world), *ag = emu_obj(world), *burst = emu_obj(world);
    yyjson_mut_val *tags = emu_get(plan->spec, "userTags");

    emu_set_str(world, body, "instanceId", id);
    emu_set_str(world, body, "instanceName", numbered(world, plan->name, at));
    emu_set_str(world, body, "hostname", hostname_of(world, plan, at, id));
    emu_set_str(world, body, "instanceType", plan->type->name);
    emu_set_str(world, body, "status", "pending");
    emu_set_str(world, body, "description", emu_get_text(plan->spec, "description"));
    emu_set_str(world, body, "az", plan->az);
    emu_set_str(world, body, "faultDomain", "1");
    emu_set_str(world, body, "launchTime", emu_time_iso(world, emu_now(world)));
    copy_texts(world, plan->image->body, body, from_image);
    emu_set(world, body, "keyNames", emu_arr(world));
    emu_set(world, body, "tags", tags ? emu_json_copy(world, tags) : emu_arr(world));
    emu_set(world, body, "policies", emu_arr(world));
    emu_set_str(world, body, "chargeOnStopped",
                emu_get(plan->spec, "chargeOnStopped") ? emu_get_text(plan->spec, "chargeOnStopped") : "keepCharging");
    emu_set_str(world, body, "resourceGroupId", emu_get_text(plan->spec, "resourceGroupId"));
    emu_set(world, body, "ag", ag);
    emu_set_str(world, burst, "burstMode", "standard");
    emu_set_str(world, burst, "creditChargeStatus", "normal");
    emu_set(world, body, "burstInfo", burst);
    emu_set(world, body, "_disks", emu_arr(world));
    emu_set(world, body, "_nics", emu_arr(world));
    return emu_object_add(world, EMU_JD, "instance", id, call->request->account, call->region, body);
}

static bool add_interface(struct emu_jd_call *call, const struct plan *plan, struct emu_object *instance)
{
    struct emu_object *nic = emu_jd_nic_new(call, emu_get(plan->spec, "primaryNetworkInterface.networkInterface"));
    yyjson_mut_val *body = instance->body;

    if (!nic)
        return false;
    /* The primary interface always goes with its VM. */
    emu_set_str(call->world, nic->body, "_instance", instance->id);
    emu_set_bool(call->world, nic->body, "_autoDelete", true);
    emu_object_save(call->world, nic);
    emu_push_str(call->world, emu_get(body, "_nics"), nic->id);
    emu_set_str(call->world, body, "vpcId", emu_get_text(nic->body, "vpcId"));
    emu_set_str(call->world, body, "subnetId", emu_get_text(nic->body, "subnetId"));
    emu_set_str(call->world, body, "privateIpAddress", emu_get_text(nic->body, "primaryIp.privateIpAddress"));
    return true;
}

static bool add_elastic_ip(struct emu_jd_call *call, struct plan *plan, struct emu_object *instance)
{
    yyjson_mut_val *spec = emu_get(plan->spec, "elasticIp");
    struct emu_object *eip;

    if (!spec)
        return true;
    eip = emu_jd_eip_new(call, spec);
    if (!eip)
        return false;
    emu_jd_eip_bind(call->world, eip, instance);
    /* By usage it is charged by itself; otherwise as the VM is. */
    if (strcmp(emu_get_text(spec, "chargeSpec.chargeMode"), "postpaid_by_usage") == 0)
        emu_jd_charge_start(call->world, eip, emu_get(spec, "chargeSpec"));
    else
        add_line(call, plan, eip);
    return true;
}

static void add_disk(struct emu_jd_call *call, struct plan *plan, struct emu_object *instance,
                     yyjson_mut_val *attachment, yyjson_mut_val *spec, const char *device)
{
    const char *fallback = emu_text(call->world, "%s-%s", instance->id, device);
    const char *name = emu_get_str(spec, "name") ? emu_get_str(spec, "name") : fallback;
    struct emu_object *disk = emu_jd_disk_new(call, spec, plan->az, name);
    yyjson_mut_val *last;

    emu_jd_disk_put(call->world, disk, instance, "attaching");
    last = yyjson_mut_arr_get_last(emu_get(disk->body, "attachments"));
    emu_set_str(call->world, last, "_device", device);
    emu_set_bool(call->world, last, "_autoDelete", emu_get_bool(attachment, "autoDelete", strcmp(device, "vda") == 0));
    emu_set_str(call->world, disk->body, "status", "in-use");
    if (strcmp(device, "vda") == 0)
        emu_set_str(call->world, disk->body, "_system_of", instance->id);
    emu_object_save(call->world, disk);
    add_line(call, plan, disk);
}

static void add_system_disk(struct emu_jd_call *call, struct plan *plan, struct emu_object *instance)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *attachment = emu_get(plan->spec, "systemDisk"), *spec = emu_get(attachment, "cloudDiskSpec");
    yyjson_mut_val *local = emu_obj(world), *disk = emu_obj(world);
    int64_t size = emu_get_int(plan->image->body, "systemDiskSizeGB", 40);

    if (plan->cloud) {
        spec = spec ? emu_json_copy(world, spec) : emu_obj(world);
        if (!emu_get(spec, "diskType"))
            emu_set_str(world, spec, "diskType", "hdd.std1");
        if (!emu_get(spec, "diskSizeGB"))
            emu_set_int(world, spec, "diskSizeGB", size);
        add_disk(call, plan, instance, attachment, spec, "vda");
        return;
    }
    emu_set_str(world, disk, "diskType", "premium-hdd");
    emu_set_int(world, disk, "diskSizeGB", size);
    emu_set_str(world, local, "diskCategory", "local");
    emu_set_bool(world, local, "autoDelete", true);
    emu_set(world, local, "localDisk", disk);
    emu_set_str(world, local, "deviceName", "vda");
    emu_set_str(world, local, "status", "attached");
    emu_set(world, instance->body, "systemDisk", local);
}

static void add_data_disks(struct emu_jd_call *call, struct plan *plan, struct emu_object *instance)
{
    yyjson_mut_val *disk, *taken = emu_arr(call->world);
    size_t i, count;
    char next[] = "vdb";

    yyjson_mut_arr_foreach(emu_get(plan->spec, "dataDisks"), i, count, disk) {
        if (emu_get(disk, "deviceName"))
            emu_push_str(call->world, taken, emu_get_text(disk, "deviceName"));
    }
    yyjson_mut_arr_foreach(emu_get(plan->spec, "dataDisks"), i, count, disk) {
        const char *device = emu_get_str(disk, "deviceName");

        while (!device && emu_has_str(taken, next))
            next[2]++;
        add_disk(call, plan, instance, disk, emu_get(disk, "cloudDiskSpec"), device ? device : emu_text(call->world, "%s", next));
        if (!device)
            next[2]++;
    }
}

static bool make_one(struct emu_jd_call *call, struct plan *plan, int64_t at)
{
    struct emu_object *instance = new_instance(call, plan, at);

    if (!add_interface(call, plan, instance))
        return false;
    add_line(call, plan, instance);
    add_system_disk(call, plan, instance);
    add_data_disks(call, plan, instance);
    if (!add_elastic_ip(call, plan, instance))
        return false;
    emu_object_save(call->world, instance);
    emu_push_str(call->world, emu_get(call->result, "instanceIds"), instance->id);
    return true;
}

static bool pay_and_begin(struct emu_jd_call *call, struct plan *plan)
{
    yyjson_mut_val *charge = emu_get(plan->spec, "charge");
    struct emu_object *instance = NULL;

    if (plan->prepaid && !emu_jd_pay(call->world, call, call->request->account, call->region, "create",
                                     plan->lines, plan->line_count, emu_get_str(call->params, "clientToken")))
        return false;
    for (size_t i = 0; i < plan->line_count; i++) {
        emu_jd_charge_start(call->world, plan->goods[i], charge);
        instance = strcmp(plan->goods[i]->kind, "instance") == 0 ? plan->goods[i] : NULL;
        if (instance)
            emu_transition_begin(call->world, instance, "create", NULL);
    }
    return true;
}

static bool make_all(struct emu_jd_call *call, struct plan *plan)
{
    size_t each = 3 + yyjson_mut_arr_size(emu_get(plan->spec, "dataDisks"));

    plan->lines = emu_alloc(call->world, (size_t)plan->count * each * sizeof(*plan->lines));
    plan->goods = emu_alloc(call->world, (size_t)plan->count * each * sizeof(*plan->goods));
    emu_set(call->world, call->result, "instanceIds", emu_arr(call->world));
    for (int64_t i = 0; i < plan->count; i++) {
        if (!make_one(call, plan, i))
            return false;
    }
    return pay_and_begin(call, plan);
}

/* Our convention for clientToken: by account, region and action, for a day; an equal body gets the first
 * result again, another one is ALREADY_EXISTS, a refused call leaves no trace. */
void emu_jd_createInstances(struct emu_jd_call *call)
{
    const char *token = emu_get_str(call->params, "clientToken");
    const char *scope = emu_text(call->world, "vm/%s/createInstances/%s", call->region, call->request->account);
    size_t size;
    const char *text = emu_json_write(call->world, call->params, &size);
    struct emu_token known;
    struct plan plan = { 0 };

    if (token && (!*token || emu_jd_letters(token) > 64)) {
        emu_jd_fail(call, 400, "INVALID_ARGUMENT", "clientToken must have 1 to 64 characters");
        return;
    }
    if (token && emu_token_find(call->world, scope, token, TOKEN_LIFE_S, &known)) {
        if (strcmp(known.digest, emu_sha256_hex(call->world, text, size)) == 0)
            call->result = emu_json_read(call->world, known.result, strlen(known.result), NULL);
        else
            emu_jd_fail(call, 409, "ALREADY_EXISTS", "clientToken was used with other parameters");
        return;
    }
    if (!check_all(call, &plan) || !make_all(call, &plan))
        return;
    if (token)
        emu_token_put(call->world, scope, token, emu_sha256_hex(call->world, text, size),
                      emu_json_write(call->world, call->result, NULL));
}
