/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the networks of CCS, public and private, that an account may use. */
#include "emulator/capitalonline/ccs/ccs.h"

#include <string.h>

bool emu_ccs_is_public(const struct emu_object *network)
{
    return emu_get_bool(network->body, "_public", false);
}

bool emu_ccs_is_visible(const struct emu_co *call, const struct emu_object *object)
{
    return !*object->account || strcmp(object->account, call->account) == 0;
}

struct emu_object *emu_ccs_network(struct emu_co *call, const char *id, const char *vdc_id)
{
    struct emu_object *ret = emu_object_find(call->world, EMU_CCS, "network", id);

    return ret && emu_ccs_is_visible(call, ret) &&
                   (!vdc_id || strcmp(emu_get_text(ret->body, "_vdc"), vdc_id) == 0)
               ? ret
               : NULL;
}

size_t emu_ccs_networks_of(struct emu_world *world, const char *vdc_id, struct emu_object ***ret)
{
    size_t count = emu_object_list(world, EMU_CCS, "network", NULL, NULL, ret), kept = 0;

    for (size_t i = 0; i < count; i++) {
        if (strcmp(emu_get_text((*ret)[i]->body, "_vdc"), vdc_id) == 0)
            (*ret)[kept++] = (*ret)[i];
    }
    return kept;
}

struct emu_object *emu_ccs_first_network(struct emu_co *call, const char *vdc_id, bool public)
{
    struct emu_object **list;
    size_t count = emu_ccs_networks_of(call->world, vdc_id, &list);

    for (size_t i = 0; i < count; i++) {
        if (emu_ccs_is_public(list[i]) == public)
            return list[i];
    }
    return NULL;
}
