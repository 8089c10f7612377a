/* SPDX-License-Identifier: Apache-2.0 */
/* Addresses of CCS's networks: their range, the ones in use, the next free one, and new interfaces.
 * ccs_network.c finds networks; ccs_interface.c changes interfaces. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

enum { RESERVED = 2 };

bool emu_ccs_address_read(const char *text, uint32_t *ret)
{
    struct in_addr address;

    if (!text || inet_pton(AF_INET, text, &address) != 1)
        return false;
    *ret = ntohl(address.s_addr);
    return true;
}

char *emu_ccs_address_text(struct emu_world *world, uint32_t address)
{
    return emu_text(world, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255,
                    address & 255);
}

bool emu_ccs_segment_read(struct emu_world *world, const char *text, uint32_t *ret_first,
                          uint32_t *ret_last)
{
    const char *slash = strchr(text, '/');
    char *end;
    unsigned long bits = slash ? strtoul(slash + 1, &end, 10) : 0;
    uint32_t mask;

    if (!slash || end == slash + 1 || *end || bits < 8 || bits > 32 ||
        !emu_ccs_address_read(emu_text_n(world, text, (size_t)(slash - text)), ret_first))
        return false;
    mask = bits == 32 ? 0 : UINT32_MAX >> bits;
    *ret_first &= ~mask;
    *ret_last = *ret_first | mask;
    return true;
}

void emu_ccs_range(const struct emu_object *network, uint32_t *ret_first, uint32_t *ret_last)
{
    uint32_t base = 0;
    int64_t bits = emu_get_int(network->body, "_bits", 32);

    emu_ccs_address_read(emu_get_text(network->body, "_base"), &base);
    *ret_first = base + RESERVED;
    *ret_last = (base | (UINT32_MAX >> bits)) - 1;
}

static size_t pool_find(const struct emu_ccs_pool *pool, uint32_t address)
{
    size_t i = 0;

    while (i < pool->count && pool->used[i] != address)
        i++;
    return i;
}

bool emu_ccs_pool_has(const struct emu_ccs_pool *pool, uint32_t address)
{
    return pool_find(pool, address) < pool->count;
}

static void pool_add(struct emu_ccs_pool *pool, uint32_t address)
{
    if (pool->count == pool->capacity) {
        size_t capacity = pool->capacity ? 2 * pool->capacity : 64;
        uint32_t *used = emu_alloc(pool->world, capacity * sizeof(*used));

        if (pool->count)
            memcpy(used, pool->used, pool->count * sizeof(*used));
        pool->used = used;
        pool->capacity = capacity;
    }
    pool->used[pool->count++] = address;
}

static void pool_add_all(struct emu_ccs_pool *pool, yyjson_mut_val *cards)
{
    yyjson_mut_val *card;
    size_t i, count;
    uint32_t address;

    yyjson_mut_arr_foreach(cards, i, count, card)
    {
        if (emu_ccs_address_read(emu_get_text(card, "IP"), &address) &&
            !emu_ccs_pool_has(pool, address))
            pool_add(pool, address);
    }
}

struct emu_ccs_pool emu_ccs_pool_open(struct emu_world *world)
{
    struct emu_ccs_pool ret = { .world = world };
    struct emu_object **list;
    size_t count = emu_object_list(world, EMU_CCS, "instance", NULL, NULL, &list);

    for (size_t i = 0; i < count; i++) {
        pool_add_all(&ret, emu_get(list[i]->body, "PrivateNetworkInterface"));
        pool_add_all(&ret, emu_get(list[i]->body, "PublicNetworkInterface"));
        /* An address that a running change adds or removes counts as in use until the change has
         * ended. */
        pool_add_all(&ret, emu_get(list[i]->body, "_change.PrivateNetworkInterface"));
        pool_add_all(&ret, emu_get(list[i]->body, "_change.PublicNetworkInterface"));
    }
    ret.old = ret.count;
    return ret;
}

yyjson_mut_val *emu_ccs_free_list(struct emu_world *world, uint32_t first, uint32_t last)
{
    struct emu_ccs_pool pool = emu_ccs_pool_open(world);
    yyjson_mut_val *ret = emu_arr(world);

    for (uint32_t address = first; address <= last; address++) {
        if (!emu_ccs_pool_has(&pool, address))
            emu_push_str(world, ret, emu_ccs_address_text(world, address));
    }
    return ret;
}

static bool address_failed(struct emu_co *call, const struct emu_object *network,
                           const struct emu_ccs_wish *wish, const char *what, const char *ordered)
{
    const char *code = emu_text(call->world, "Invalid%sIpAddress.%s",
                                emu_ccs_is_public(network) ? "Public" : "Private", what);

    return emu_co_fail(call, wish->ordered ? ordered : code, wish->ordered ? wish->address : NULL);
}

/* Takes the next free address, or the requested one. [CONV] OrderedIP fails with the InvalidIp
 * codes, PublicIp and PrivateIp with the codes named after them; an address given twice in one
 * request fails with IpRepeated. */
bool emu_ccs_address(struct emu_co *call, struct emu_ccs_pool *pool, struct emu_object *network,
                     const struct emu_ccs_wish *wish, const char **ret)
{
    uint32_t first, last, from, to, address;
    size_t at;

    emu_ccs_range(network, &first, &last);
    if (wish->segment && *wish->segment) {
        if (!emu_ccs_segment_read(call->world, wish->segment, &from, &to))
            return address_failed(call, network, wish, "Malformed", "InvalidIp.Address");
        first = from > first ? from : first;
        last = to < last ? to : last;
    }
    if (strcmp(wish->address, "auto") == 0) {
        for (address = first; address <= last && emu_ccs_pool_has(pool, address); address++)
            ;
        if (address > last)
            return emu_co_fail(call, "InvalidIp.Address", "There is no free address left.");
    } else {
        if (!emu_ccs_address_read(wish->address, &address))
            return address_failed(call, network, wish, "Malformed", "InvalidIp.Address");
        if (address < first || address > last)
            return emu_co_fail(call, "InvalidIp.Address", wish->address);
        at = pool_find(pool, address);
        if (at < pool->old)
            return address_failed(call, network, wish, "Duplicated", "InvalidIp.IpAssigned");
        if (at < pool->count)
            return emu_co_fail(call, "InvalidIp.IpRepeated", wish->address);
    }
    pool_add(pool, address);
    *ret = emu_ccs_address_text(call->world, address);
    return true;
}

const char *emu_ccs_ipv6(struct emu_world *world, const char *address)
{
    uint32_t number = 0;

    emu_ccs_address_read(address, &number);
    return emu_text(world, "2001:db8:%x::%x", number >> 16, number & 0xffff);
}

yyjson_mut_val *emu_ccs_interface(struct emu_co *call, struct emu_ccs_pool *pool,
                                  struct emu_object *network, const struct emu_ccs_wish *wish)
{
    struct emu_world *world = call->world;
    bool public = emu_ccs_is_public(network);
    yyjson_mut_val *ret = emu_obj(world);
    const char *address = "";
    unsigned char tail[3];

    if (*wish->address && !emu_ccs_address(call, pool, network, wish, &address))
        return NULL;
    emu_random(tail, sizeof(tail));
    emu_set_str(world, ret, "InterfaceId", emu_co_uuid(world));
    emu_set_str(world, ret, "Name", emu_get_text(network->body, "Name"));
    emu_set_str(world, ret, "IP", address);
    if (public)
        emu_set_str(world, ret, "IPv6", wish->ipv6 && *address ? emu_ccs_ipv6(world, address) : "");
    emu_set_str(world, ret, "MAC",
                emu_text(world, "00:50:56:%02x:%02x:%02x", tail[0] & 0x3f, tail[1], tail[2]));
    emu_set_int(world, ret, "Connected", 1);
    emu_set_str(world, ret, public ? "PublicId" : "PrivateId", network->id);
    return ret;
}
