/* SPDX-License-Identifier: Apache-2.0 */
/* The network interfaces of an instance of CCS: connect, disconnect, change the address, add,
 * delete. Addresses come from ccs_address.c. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <string.h>

static const char *const sides[] = { "PrivateNetworkInterface", "PublicNetworkInterface" };

/* Finds the interface among the copies in @change; *ret_side says which list has it. */
static yyjson_mut_val *find_card(yyjson_mut_val *change, const char *id, size_t *ret_side)
{
    yyjson_mut_val *card;
    size_t i, count;

    for (*ret_side = 0; *ret_side < EMU_COUNT(sides); ++*ret_side) {
        yyjson_mut_arr_foreach(emu_get(change, sides[*ret_side]), i, count, card)
        {
            if (strcmp(emu_get_text(card, "InterfaceId"), id) == 0)
                return card;
        }
    }
    return NULL;
}

/* Copies both lists; the copies are changed and then replace the originals. */
static yyjson_mut_val *copies(struct emu_world *world, const struct emu_object *instance)
{
    yyjson_mut_val *ret = emu_obj(world);

    for (size_t i = 0; i < EMU_COUNT(sides); i++)
        emu_set(world, ret, sides[i], emu_json_copy(world, emu_get(instance->body, sides[i])));
    return ret;
}

/* Returns the instance that the parameters name and its interface; NULL when the call has failed.
 */
static struct emu_object *named(struct emu_co *call, yyjson_mut_val **ret_change,
                                yyjson_mut_val **ret_card, size_t *ret_side)
{
    struct emu_object *instance = emu_ccs_instance(call);

    if (!instance || !emu_ccs_state_good(call, instance, "running stop"))
        return NULL;
    *ret_change = copies(call->world, instance);
    *ret_card = find_card(*ret_change, emu_get_text(call->params, "InterfaceId"), ret_side);
    if (*ret_card)
        return instance;
    emu_co_fail(call, "InvalidInterfaceID.Malformed", NULL);
    return NULL;
}

void emu_ccs_switch_interface(struct emu_co *call)
{
    bool connect = strcmp(call->action->name, "ConnectNetworkInterface") == 0;
    struct emu_ccs_change change = { .name = "network" };
    yyjson_mut_val *card;
    size_t side;
    struct emu_object *instance = named(call, &change.change, &card, &side);

    if (!instance)
        return;
    if (emu_get_int(card, "Connected", 0) == connect) {
        emu_ccs_wrong_state(call);
        return;
    }
    emu_set_int(call->world, card, "Connected", connect);
    emu_ccs_change_one(call, instance, true, &change);
}

/* Returns whether the body has the member at all. An empty Address unbinds (the vendor's Go
 * example), a missing one is an error. */
static bool body_has(struct emu_co *call, const char *name)
{
    return emu_query_param(call->request, name) ||
           yyjson_mut_obj_get(
               emu_json_read(call->world, call->request->body, call->request->body_size, NULL),
               name);
}

void emu_ccs_modify_ip(struct emu_co *call)
{
    struct emu_world *world = call->world;
    const char *address = emu_get_text(call->params, "Address"), *new_address = "";
    const char *lax = emu_switch(world, "ccs_go_example");
    struct emu_ccs_change change = { .name = "network" };
    struct emu_ccs_wish wish = { .address = address };
    struct emu_ccs_pool pool = emu_ccs_pool_open(world);
    bool ipv6 = emu_get_bool(call->params, "Ipv6Bind", false);
    yyjson_mut_val *card;
    size_t side;
    struct emu_object *instance, *network;

    if (!body_has(call, "Address") ||
        (!emu_get(call->params, "Password") && !(lax && *lax == '1'))) {
        emu_co_fail(call, "IncompleteParamter", NULL);
        return;
    }
    instance = named(call, &change.change, &card, &side);
    if (!instance)
        return;
    network = emu_ccs_network(call, emu_get_text(card, side ? "PublicId" : "PrivateId"), NULL);
    if (strcmp(address, "None") != 0 && *address &&
        strcmp(address, emu_get_text(card, "IP")) != 0 &&
        !emu_ccs_address(call, &pool, network, &wish, &new_address))
        return;
    if (strcmp(address, emu_get_text(card, "IP")) == 0)
        new_address = address;
    emu_set_str(world, card, "IP", new_address);
    if (side)
        emu_set_str(world, card, "IPv6",
                    ipv6 && *new_address ? emu_ccs_ipv6(world, new_address) : "");
    emu_ccs_change_one(call, instance, true, &change);
}

/* The network of PrivateId or PublicId, exactly one of which is given; NULL when the call has
 * failed. */
static struct emu_object *batch_network(struct emu_co *call)
{
    const char *private = emu_get_str(call->params, "PrivateId");
    const char *public = emu_get_str(call->params, "PublicId");
    struct emu_object *vdc = emu_ccs_vdc(call, emu_get_text(call->params, "VdcId")), *ret;

    if (!vdc)
        return NULL;
    if (!private == !public) {
        emu_co_fail(call, "IncompleteParamter", NULL);
        return NULL;
    }
    ret = emu_ccs_network(call, private ? private : public, vdc->id);
    if (ret && emu_ccs_is_public(ret) == !private)
        return ret;
    emu_co_fail(call,
                private ? "InvalidPrivateNetworkID.Malformed" : "InvalidPublicNetworkID.Malformed",
                NULL);
    return NULL;
}

/* The instances, all in that VDC and in a state that allows changes; 0 when the call has failed. */
static size_t batch_instances(struct emu_co *call, struct emu_object ***ret)
{
    size_t count = emu_ccs_instances(call, ret);

    for (size_t i = 0; i < count; i++) {
        if (!emu_ccs_state_good(call, (*ret)[i], "running stop"))
            return 0;
        if (strcmp(emu_get_text((*ret)[i]->body, "VdcId"), emu_get_text(call->params, "VdcId")) !=
            0) {
            emu_co_fail(call, "VDCNotFound", NULL);
            return 0;
        }
    }
    return count;
}

void emu_ccs_add_interfaces(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *network = batch_network(call), **list, *task;
    struct emu_ccs_pool pool = emu_ccs_pool_open(world);
    struct emu_ccs_wish wish = { .address = "auto" };
    size_t count = network ? batch_instances(call, &list) : 0;
    struct emu_ccs_change *changes = emu_alloc(world, (count + 1) * sizeof(*changes));

    for (size_t i = 0; i < count; i++) {
        yyjson_mut_val *card = emu_ccs_interface(call, &pool, network, &wish);

        if (!card)
            return;
        changes[i] = (struct emu_ccs_change){ .name = "network", .change = copies(world, list[i]) };
        emu_push(emu_get(changes[i].change, sides[emu_ccs_is_public(network)]), card);
    }
    if (!count)
        return;
    task = emu_ccs_task_new(call, "newOrderUpdateVM", false);
    for (size_t i = 0; i < count; i++)
        emu_ccs_change(call, list[i], task, &changes[i]);
    emu_co_answer(call, NULL);
}

/* Copies without the interfaces in @network; *ret_found is false when there was none. */
static yyjson_mut_val *copies_without(struct emu_world *world, const struct emu_object *instance,
                                      const struct emu_object *network, bool *ret_found)
{
    bool public = emu_ccs_is_public(network);
    yyjson_mut_val *ret = copies(world, instance), *left = emu_arr(world), *card;
    size_t i, count;

    *ret_found = false;
    yyjson_mut_arr_foreach(emu_get(ret, sides[public]), i, count, card)
    {
        if (strcmp(emu_get_text(card, public ? "PublicId" : "PrivateId"), network->id) == 0)
            *ret_found = true;
        else
            emu_push(left, emu_json_copy(world, card));
    }
    emu_set(world, ret, sides[public], left);
    return ret;
}

void emu_ccs_delete_interfaces(struct emu_co *call)
{
    struct emu_world *world = call->world;
    struct emu_object *network = batch_network(call), **list, *task;
    size_t count = network ? batch_instances(call, &list) : 0;
    struct emu_ccs_change *changes = emu_alloc(world, (count + 1) * sizeof(*changes));
    bool found;

    for (size_t i = 0; i < count; i++) {
        changes[i] = (struct emu_ccs_change){ .name = "network" };
        changes[i].change = copies_without(world, list[i], network, &found);
        if (!found) {
            emu_co_fail(call, "InvalidInterfaceID.Malformed", NULL);
            return;
        }
    }
    if (!count)
        return;
    task = emu_ccs_task_new(call, "newOrderUpdateVM", false);
    for (size_t i = 0; i < count; i++)
        emu_ccs_change(call, list[i], task, &changes[i]);
    emu_co_answer(call, NULL);
}
