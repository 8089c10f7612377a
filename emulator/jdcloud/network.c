/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud's network as far as an instance needs it: interfaces, addresses, elastic IPs. */
#include "emulator/jdcloud/jdcloud.h"

#include <string.h>

/* Every account has these in every region. */
static const struct {
    const char *subnet, *vpc, *net;
} subnets[] = {
    { "subnet-demo000001", "vpc-demo000001", "10.0" },
    { "subnet-demo000002", "vpc-demo000001", "10.1" },
    { "subnet-demo000003", "vpc-demo000002", "10.2" },
};
static const struct {
    const char *id, *name, *vpc;
} groups[] = {
    { "sg-demo000001", "default", "vpc-demo000001" },
    { "sg-demo000002", "web", "vpc-demo000001" },
    { "sg-demo000003", "default", "vpc-demo000002" },
};

/* The next address of a net: "10.0" gives 10.0.0.10, 10.0.0.11, ... */
static const char *next_address(struct emu_world *world, const char *net)
{
    const char *name = emu_text(world, "jdcloud.net.%s", net);
    int64_t number = emu_setting_int(world, name, 10);
    int64_t next = number % 256 == 250 ? number + 14 : number + 1;

    emu_setting_put(world, name, emu_text(world, "%lld", (long long)next));
    return emu_text(world, "%s.%lld.%lld", net, (long long)(number / 256 % 256),
                    (long long)(number % 256));
}

static yyjson_mut_val *group_shown(struct emu_world *world, size_t i)
{
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_str(world, ret, "groupId", groups[i].id);
    emu_set_str(world, ret, "groupName", groups[i].name);
    return ret;
}

/* The named groups, or the default group of the VPC; NULL after a refusal. */
static yyjson_mut_val *groups_of(struct emu_jd_call *call, yyjson_mut_val *wanted, const char *vpc)
{
    yyjson_mut_val *ret = emu_arr(call->world);

    if (yyjson_mut_arr_size(wanted) > 5) {
        emu_jd_fail(call, 400, "INVALID_ARGUMENT", "at most 5 securityGroups");
        return NULL;
    }
    for (size_t i = 0; i < EMU_COUNT(groups); i++) {
        bool named = yyjson_mut_arr_size(wanted) ? emu_has_str(wanted, groups[i].id)
                                                 : strcmp(groups[i].name, "default") == 0;

        if (named && strcmp(groups[i].vpc, vpc) == 0)
            emu_push(ret, group_shown(call->world, i));
    }
    if (yyjson_mut_arr_size(wanted) && yyjson_mut_arr_size(ret) != yyjson_mut_arr_size(wanted)) {
        emu_jd_fail(call, 404, "NOT_FOUND", "a security group is not found in %s", vpc);
        return NULL;
    }
    return ret;
}

static bool address_taken(struct emu_jd_call *call, const char *address, const char *vpc)
{
    struct emu_object **nics;
    size_t count = emu_jd_mine(call, "nic", &nics);

    for (size_t i = 0; i < count; i++) {
        if (strcmp(emu_get_text(nics[i]->body, "vpcId"), vpc) == 0 &&
            strcmp(emu_get_text(nics[i]->body, "primaryIp.privateIpAddress"), address) == 0)
            return true;
    }
    return false;
}

static bool fill_nic(struct emu_jd_call *call, yyjson_mut_val *spec, size_t at,
                     yyjson_mut_val *body)
{
    struct emu_world *world = call->world;
    const char *given = emu_get_str(spec, "primaryIpAddress");
    const char *address = given ? given : next_address(world, subnets[at].net);
    yyjson_mut_val *primary = emu_obj(world),
                   *list = groups_of(call, emu_get(spec, "securityGroups"), subnets[at].vpc);
    unsigned char mac[3];

    if (!list)
        return false;
    if (given && strncmp(given, subnets[at].net, strlen(subnets[at].net)) != 0)
        return emu_jd_fail(call, 400, "INVALID_ARGUMENT",
                           "primaryIpAddress %s is not in the subnet", given);
    if (given && address_taken(call, given, subnets[at].vpc))
        return emu_jd_fail(call, 409, "ALREADY_EXISTS", "primaryIpAddress %s is taken", given);
    emu_random(mac, sizeof(mac));
    emu_set_str(world, body, "macAddress",
                emu_text(world, "fa:16:3e:%02x:%02x:%02x", mac[0], mac[1], mac[2]));
    emu_set_str(world, body, "vpcId", subnets[at].vpc);
    emu_set_str(world, body, "subnetId", subnets[at].subnet);
    emu_set(world, body, "securityGroups", list);
    emu_set_int(world, body, "sanityCheck", emu_get_int(spec, "sanityCheck", 1));
    emu_set_str(world, primary, "privateIpAddress", address);
    emu_set_str(world, primary, "elasticIpId", "");
    emu_set_str(world, primary, "elasticIpAddress", "");
    emu_set(world, body, "primaryIp", primary);
    emu_set(world, body, "secondaryIps", emu_arr(world));
    emu_set(world, body, "ipv6Addresses", emu_arr(world));
    return true;
}

struct emu_object *emu_jd_nic_new(struct emu_jd_call *call, yyjson_mut_val *spec)
{
    const char *subnet = emu_get_text(spec, "subnetId"), *id = emu_new_id(call->world, "port-", 10);
    yyjson_mut_val *body = emu_obj(call->world);

    for (size_t i = 0; i < EMU_COUNT(subnets); i++) {
        if (strcmp(subnets[i].subnet, subnet) != 0)
            continue;
        emu_set_str(call->world, body, "networkInterfaceId", id);
        if (!fill_nic(call, spec, i, body))
            return NULL;
        return emu_object_add(call->world, EMU_JD, "nic", id, call->request->account, call->region,
                              body);
    }
    emu_jd_fail(call, 404, "NOT_FOUND", "subnet %s is not found", subnet);
    return NULL;
}

void emu_jd_attachNetworkInterface(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need_instance(call, " running stopped ");
    struct emu_object *nic =
        instance ? emu_jd_need(call, "nic", emu_get_str(call->params, "networkInterfaceId")) : NULL;
    const struct emu_jd_type *type;

    if (!nic)
        return;
    type = emu_jd_type_find(emu_get_text(instance->body, "instanceType"));
    if (emu_get(nic->body, "_instance"))
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "interface %s is attached already", nic->id);
    else if (strcmp(emu_get_text(nic->body, "vpcId"), emu_get_text(instance->body, "vpcId")) != 0)
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "interface %s is in another VPC", nic->id);
    else if (yyjson_mut_arr_size(emu_get(instance->body, "_nics")) >= (size_t)type->nics)
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "instanceType %s takes no more interfaces",
                    type->name);
    if (emu_jd_failed(call))
        return;
    emu_set_str(call->world, nic->body, "_instance", instance->id);
    emu_set_bool(call->world, nic->body, "_autoDelete",
                 emu_get_bool(call->params, "autoDelete", false));
    emu_push_str(call->world, emu_get(instance->body, "_nics"), nic->id);
    emu_object_save(call->world, nic);
    emu_object_save(call->world, instance);
}

/* Returns an interface of this instance other than its primary one, or refuses. */
static struct emu_object *need_secondary(struct emu_jd_call *call, struct emu_object *instance,
                                         const char *id)
{
    struct emu_object *nic = emu_jd_need(call, "nic", id);
    yyjson_mut_val *first = yyjson_mut_arr_get_first(emu_get(instance->body, "_nics"));

    if (!nic)
        return NULL;
    if (strcmp(emu_get_text(nic->body, "_instance"), instance->id) == 0 &&
        strcmp(yyjson_mut_get_str(first), nic->id) != 0)
        return nic;
    emu_jd_fail(call, 400, "FAILED_PRECONDITION", "interface %s is not a secondary one of %s", id,
                instance->id);
    return NULL;
}

void emu_jd_detachNetworkInterface(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need_instance(call, " running stopped ");
    const char *id = emu_get_str(call->params, "networkInterfaceId");
    struct emu_object *nic = instance ? need_secondary(call, instance, id) : NULL;
    yyjson_mut_val *rest = emu_arr(call->world), *item;
    size_t i, count;

    if (!nic)
        return;
    yyjson_mut_arr_foreach(emu_get(instance->body, "_nics"), i, count, item)
    {
        if (strcmp(yyjson_mut_get_str(item), id) != 0)
            emu_push_str(call->world, rest, yyjson_mut_get_str(item));
    }
    emu_set(call->world, instance->body, "_nics", rest);
    emu_set_str(call->world, nic->body, "_instance", NULL);
    emu_object_save(call->world, nic);
    emu_object_save(call->world, instance);
}

void emu_jd_modifyInstanceNetworkAttribute(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need(call, "instance", call->id), *nic;
    yyjson_mut_val *item;
    size_t i, count;

    yyjson_mut_arr_foreach(instance ? emu_get(call->params, "networks") : NULL, i, count, item)
    {
        nic = need_secondary(call, instance, emu_get_text(item, "networkInterfaceId"));
        if (!nic)
            return;
        emu_set_bool(call->world, nic->body, "_autoDelete",
                     emu_get_bool(item, "autoDelete", false));
        emu_object_save(call->world, nic);
    }
}

struct emu_object *emu_jd_eip_new(struct emu_jd_call *call, yyjson_mut_val *spec)
{
    struct emu_world *world = call->world;
    bool usage = strcmp(emu_get_text(spec, "chargeSpec.chargeMode"), "postpaid_by_usage") == 0;
    const char *id = emu_new_id(world, "fip-", 10);
    yyjson_mut_val *body = emu_obj(world);

    if (!emu_jd_check_word(call, "elasticIp.provider", emu_get_text(spec, "provider"),
                           " bgp no_bgp ") ||
        !emu_jd_check_int(call, "elasticIp.bandwidthMbps", emu_get_int(spec, "bandwidthMbps", 0), 1,
                          usage ? 200 : 1000) ||
        !emu_jd_check_charge(call, emu_get(spec, "chargeSpec")))
        return NULL;
    emu_set_str(world, body, "elasticIpId", id);
    emu_set_str(world, body, "elasticIpAddress", next_address(world, "198.18"));
    emu_set_str(world, body, "provider", emu_get_text(spec, "provider"));
    emu_set_int(world, body, "bandwidthMbps", emu_get_int(spec, "bandwidthMbps", 0));
    return emu_object_add(world, EMU_JD, "eip", id, call->request->account, call->region, body);
}

static void show_at(struct emu_world *world, struct emu_object *instance, const char *id,
                    const char *address)
{
    yyjson_mut_val *first = yyjson_mut_arr_get_first(emu_get(instance->body, "_nics"));
    struct emu_object *nic = first ? emu_jd_find(world, "nic", yyjson_mut_get_str(first)) : NULL;

    emu_set_str(world, instance->body, "elasticIpId", id);
    emu_set_str(world, instance->body, "elasticIpAddress", address);
    emu_object_save(world, instance);
    if (!nic)
        return;
    emu_set_str(world, emu_get(nic->body, "primaryIp"), "elasticIpId", id);
    emu_set_str(world, emu_get(nic->body, "primaryIp"), "elasticIpAddress", address);
    emu_object_save(world, nic);
}

void emu_jd_eip_bind(struct emu_world *world, struct emu_object *eip, struct emu_object *instance)
{
    emu_set_str(world, eip->body, "_instance", instance->id);
    emu_object_save(world, eip);
    show_at(world, instance, eip->id, emu_get_text(eip->body, "elasticIpAddress"));
}

void emu_jd_eip_unbind(struct emu_world *world, struct emu_object *eip)
{
    const char *id = emu_get_str(eip->body, "_instance");
    struct emu_object *instance = id ? emu_jd_find(world, "instance", id) : NULL;

    if (instance)
        show_at(world, instance, "", "");
    emu_set_str(world, eip->body, "_instance", NULL);
    emu_object_save(world, eip);
}

void emu_jd_associateElasticIp(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need(call, "instance", call->id);
    struct emu_object *eip =
        instance ? emu_jd_need(call, "eip", emu_get_str(call->params, "elasticIpId")) : NULL;

    if (!eip)
        return;
    if (*emu_get_text(instance->body, "elasticIpId") || emu_get(eip->body, "_instance"))
        emu_jd_fail(call, 400, "FAILED_PRECONDITION",
                    "the instance has an elastic IP, or %s is bound", eip->id);
    else
        emu_jd_eip_bind(call->world, eip, instance);
}

void emu_jd_disassociateElasticIp(struct emu_jd_call *call)
{
    struct emu_object *instance = emu_jd_need(call, "instance", call->id);
    struct emu_object *eip =
        instance ? emu_jd_need(call, "eip", emu_get_str(call->params, "elasticIpId")) : NULL;

    if (!eip)
        return;
    if (strcmp(emu_get_text(eip->body, "_instance"), instance->id) != 0)
        emu_jd_fail(call, 400, "FAILED_PRECONDITION", "elastic IP %s is not bound to %s", eip->id,
                    instance->id);
    else
        emu_jd_eip_unbind(call->world, eip);
}

/* Two free addresses and two free interfaces for the demo account. */
void emu_jd_seed_network(struct emu_world *world)
{
    static const char *const ips[] = { "fip-demo000001", "fip-demo000002" };
    static const char *const ports[] = { "port-demo000001", "port-demo000002" };
    struct emu_request request = { .account = CLOUD_EMULATOR_KEY_ID };
    struct emu_reply reply = { 0 };
    struct emu_jd_call call = {
        .world = world, .request = &request, .reply = &reply, .region = "cn-north-1"
    };

    for (size_t i = 0; i < EMU_COUNT(ips); i++) {
        yyjson_mut_val *eip = emu_obj(world), *nic = emu_obj(world);

        emu_set_str(world, eip, "elasticIpId", ips[i]);
        emu_set_str(world, eip, "elasticIpAddress", next_address(world, "198.18"));
        emu_set_str(world, eip, "provider", "bgp");
        emu_set_int(world, eip, "bandwidthMbps", 5);
        emu_object_add(world, EMU_JD, "eip", ips[i], request.account, call.region, eip);
        emu_set_str(world, nic, "networkInterfaceId", ports[i]);
        fill_nic(&call, emu_obj(world), i ? 2 : 1, nic);
        emu_object_add(world, EMU_JD, "nic", ports[i], request.account, call.region, nic);
    }
}
