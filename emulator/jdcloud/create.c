/* SPDX-License-Identifier: Apache-2.0 */
/* createInstances after all checks: makes the instances and pays for them; an event ends the
 * creation. */
#include "emulator/jdcloud/jdcloud.h"

#include <stdlib.h>
#include <string.h>

enum { TOKEN_LIFE_S = 86400 };

/* "vm-[001]" makes vm-001, vm-002, ...: the number of digits stays. */
static const char *numbered(struct emu_world *world, const char *name, int64_t at)
{
    const char *open = strchr(name, '['), *close = open ? strchr(open, ']') : NULL;

    if (!close)
        return name;
    return emu_text(world, "%.*s%0*lld%s", (int)(open - name), name, (int)(close - open - 1),
                    strtoll(open + 1, NULL, 10) + at, close + 1);
}

static const char *hostname_of(struct emu_world *world, const struct emu_jd_plan *plan, int64_t at,
                               const char *id)
{
    const char *given = emu_get_str(plan->spec, "hostname");

    if (!given)
        return emu_text(world, "%s", id);
    if (plan->count > 1 && !strchr(given, '['))
        return emu_text(world, "%s%lld", given, (long long)at + 1);
    return numbered(world, given, at);
}

static void add_line(struct emu_jd_call *call, struct emu_jd_plan *plan, struct emu_object *object)
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

static struct emu_object *new_instance(struct emu_jd_call *call, const struct emu_jd_plan *plan,
                                       int64_t at)
{
    static const char *const from_image[] = { "imageId",      "osType",   "osVersion", "platform",
                                              "architecture", "bootMode", NULL };
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
    emu_set(world, body, "keyNames", emu_jd_keys_shown(world, emu_get(plan->spec, "keyNames")));
    emu_set(world, body, "tags", tags ? emu_json_copy(world, tags) : emu_arr(world));
    emu_set(world, body, "policies", emu_arr(world));
    emu_set_str(world, body, "chargeOnStopped",
                emu_get(plan->spec, "chargeOnStopped") ? emu_get_text(plan->spec, "chargeOnStopped")
                                                       : "keepCharging");
    emu_set_str(world, body, "resourceGroupId", emu_get_text(plan->spec, "resourceGroupId"));
    emu_set(world, body, "ag", ag);
    emu_set_str(world, burst, "burstMode", "standard");
    emu_set_str(world, burst, "creditChargeStatus", "normal");
    emu_set(world, body, "burstInfo", burst);
    emu_set(world, body, "_disks", emu_arr(world));
    emu_set(world, body, "_nics", emu_arr(world));
    return emu_object_add(world, EMU_JD, "instance", id, call->request->account, call->region,
                          body);
}

static bool add_interface(struct emu_jd_call *call, const struct emu_jd_plan *plan,
                          struct emu_object *instance)
{
    struct emu_object *nic =
        emu_jd_nic_new(call, emu_get(plan->spec, "primaryNetworkInterface.networkInterface"));
    yyjson_mut_val *body = instance->body;

    if (!nic)
        return false;
    /* The primary interface is always removed with its VM. */
    emu_set_str(call->world, nic->body, "_instance", instance->id);
    emu_set_bool(call->world, nic->body, "_autoDelete", true);
    emu_object_save(call->world, nic);
    emu_push_str(call->world, emu_get(body, "_nics"), nic->id);
    emu_set_str(call->world, body, "vpcId", emu_get_text(nic->body, "vpcId"));
    emu_set_str(call->world, body, "subnetId", emu_get_text(nic->body, "subnetId"));
    emu_set_str(call->world, body, "privateIpAddress",
                emu_get_text(nic->body, "primaryIp.privateIpAddress"));
    return true;
}

static bool add_elastic_ip(struct emu_jd_call *call, struct emu_jd_plan *plan,
                           struct emu_object *instance)
{
    yyjson_mut_val *spec = emu_get(plan->spec, "elasticIp");
    struct emu_object *eip;

    if (!spec)
        return true;
    eip = emu_jd_eip_new(call, spec);
    if (!eip)
        return false;
    emu_jd_eip_bind(call->world, eip, instance);
    /* By usage it has its own charge; otherwise it is charged as the VM is. */
    if (strcmp(emu_get_text(spec, "chargeSpec.chargeMode"), "postpaid_by_usage") == 0)
        emu_jd_charge_start(call->world, eip, emu_get(spec, "chargeSpec"));
    else
        add_line(call, plan, eip);
    return true;
}

static void add_disk(struct emu_jd_call *call, struct emu_jd_plan *plan,
                     struct emu_object *instance, yyjson_mut_val *attachment, yyjson_mut_val *spec,
                     const char *device)
{
    const char *fallback = emu_text(call->world, "%s-%s", instance->id, device);
    const char *name = emu_get_str(spec, "name") ? emu_get_str(spec, "name") : fallback;
    struct emu_object *disk = emu_jd_disk_new(call, spec, plan->az, name);
    yyjson_mut_val *last;

    emu_jd_disk_put(call->world, disk, instance, "attaching");
    last = yyjson_mut_arr_get_last(emu_get(disk->body, "attachments"));
    emu_set_str(call->world, last, "_device", device);
    emu_set_bool(call->world, last, "_autoDelete",
                 emu_get_bool(attachment, "autoDelete", strcmp(device, "vda") == 0));
    emu_set_str(call->world, disk->body, "status", "in-use");
    if (strcmp(device, "vda") == 0)
        emu_set_str(call->world, disk->body, "_system_of", instance->id);
    emu_object_save(call->world, disk);
    add_line(call, plan, disk);
}

static void add_system_disk(struct emu_jd_call *call, struct emu_jd_plan *plan,
                            struct emu_object *instance)
{
    struct emu_world *world = call->world;
    yyjson_mut_val *attachment = emu_get(plan->spec, "systemDisk"),
                   *spec = emu_get(attachment, "cloudDiskSpec");
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

static void add_data_disks(struct emu_jd_call *call, struct emu_jd_plan *plan,
                           struct emu_object *instance)
{
    yyjson_mut_val *disk, *taken = emu_arr(call->world);
    size_t i, count;
    char next[] = "vdb";

    yyjson_mut_arr_foreach(emu_get(plan->spec, "dataDisks"), i, count, disk)
    {
        if (emu_get(disk, "deviceName"))
            emu_push_str(call->world, taken, emu_get_text(disk, "deviceName"));
    }
    yyjson_mut_arr_foreach(emu_get(plan->spec, "dataDisks"), i, count, disk)
    {
        const char *device = emu_get_str(disk, "deviceName");

        while (!device && emu_has_str(taken, next))
            next[2]++;
        add_disk(call, plan, instance, disk, emu_get(disk, "cloudDiskSpec"),
                 device ? device : emu_text(call->world, "%s", next));
        if (!device)
            next[2]++;
    }
}

static bool make_one(struct emu_jd_call *call, struct emu_jd_plan *plan, int64_t at)
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

static bool pay_and_begin(struct emu_jd_call *call, struct emu_jd_plan *plan)
{
    yyjson_mut_val *charge = emu_get(plan->spec, "charge");
    struct emu_object *instance = NULL;

    if (plan->prepaid &&
        !emu_jd_pay(call->world, call, call->request->account, call->region, "create", plan->lines,
                    plan->line_count, emu_get_str(call->params, "clientToken")))
        return false;
    for (size_t i = 0; i < plan->line_count; i++) {
        emu_jd_charge_start(call->world, plan->goods[i], charge);
        instance = strcmp(plan->goods[i]->kind, "instance") == 0 ? plan->goods[i] : NULL;
        if (instance)
            emu_transition_begin(call->world, instance, "create", NULL);
    }
    return true;
}

static bool make_all(struct emu_jd_call *call, struct emu_jd_plan *plan)
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

/* Our convention for clientToken: it is valid for one account, region and action, for a day. An
 * equal body gets the first result again, a different one ALREADY_EXISTS. A refused call stores
 * nothing. */
void emu_jd_createInstances(struct emu_jd_call *call)
{
    const char *token = emu_get_str(call->params, "clientToken");
    const char *scope =
        emu_text(call->world, "vm/%s/createInstances/%s", call->region, call->request->account);
    size_t size;
    const char *text = emu_json_write(call->world, call->params, &size);
    struct emu_token known;
    struct emu_jd_plan plan = { 0 };

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
    if (!emu_jd_check_plan(call, &plan) || !make_all(call, &plan))
        return;
    if (token)
        emu_token_put(call->world, scope, token, emu_sha256_hex(call->world, text, size),
                      emu_json_write(call->world, call->result, NULL));
}
