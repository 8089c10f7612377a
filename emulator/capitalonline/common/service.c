/* SPDX-License-Identifier: Apache-2.0 */
/* Finds the action of a request to CapitalOnline and calls it. capitalonline_sign.c checks
 * signatures, capitalonline_params.c reads parameters, capitalonline_reply.c writes envelopes; a
 * product's files execute its actions. */
#include "emulator/capitalonline/common/capitalonline.h"

#include <string.h>
#include <stdlib.h>

/* The path without a slash at its end: "/ecs/v1/?Action=" and "/ecs/v1?Action=" are equal. */
static const char *bare_path(struct emu_world *world, const struct emu_request *request)
{
    size_t size = strlen(request->plain_path);

    return emu_text_n(world, request->plain_path,
                      size > 1 && request->plain_path[size - 1] == '/' ? size - 1 : size);
}

static const struct emu_co_action *find_action(const struct emu_co_product *product,
                                               const char *path, const char *name)
{
    const struct emu_co_action *row = product->actions;

    while (row->name && (strcmp(row->name, name) != 0 || strcmp(row->path, path) != 0))
        row++;
    return row->name ? row : NULL;
}

static bool is_path(const struct emu_co_product *product, const char *path)
{
    const struct emu_co_action *row = product->actions;

    while (row->name && strcmp(row->path, path) != 0)
        row++;
    return row->name != NULL;
}

bool emu_co_match(const struct emu_co_product *product, struct emu_world *world,
                  struct emu_request *request)
{
    const char *path = bare_path(world, request), *name = emu_query_param(request, "Action");
    const char *root = emu_text_n(world, path + 1, strcspn(path + 1, "/"));
    const struct emu_co_action *action;
    unsigned char id[16];

    for (size_t i = 0; product->roots[i]; i++) {
        if (strcmp(product->roots[i], root) != 0)
            continue;
        action = name ? find_action(product, path, name) : NULL;
        emu_random(id, sizeof(id));
        request->request_id = emu_hex(world, id, sizeof(id));
        request->product = root;
        request->action = action ? action->name : "";
        return true;
    }
    return false;
}

bool emu_co_verify(const struct emu_co_product *product, struct emu_world *world,
                   struct emu_request *request, struct emu_reply *reply)
{
    const char *why = "";
    const char *code = emu_co_check_signature(world, request, &why);

    if (!code)
        return true;
    emu_co_refuse(product, world, request, 401, code, why, reply);
    return false;
}

void emu_co_handle(const struct emu_co_product *product, struct emu_world *world,
                   struct emu_request *request, struct emu_reply *reply)
{
    const char *path = bare_path(world, request);
    struct emu_co call = { .world = world,
                           .request = request,
                           .reply = reply,
                           .product = product,
                           .account = request->account };
    unsigned method = strcmp(request->method, "GET") == 0    ? EMU_CO_GET
                      : strcmp(request->method, "POST") == 0 ? EMU_CO_POST
                                                             : 0;

    call.action = find_action(product, path, emu_query_param(request, "Action"));
    if (!is_path(product, path))
        emu_co_fail(&call, product->refusals[EMU_CO_BAD_PATH], NULL);
    else if (!call.action)
        emu_co_fail(&call, product->refusals[EMU_CO_BAD_ACTION], NULL);
    else if (!(call.action->methods & method))
        emu_co_fail(&call, product->refusals[EMU_CO_BAD_METHOD], NULL);
    else if (emu_co_read_params(&call, call.action->params))
        call.action->run(&call);
}
