/* SPDX-License-Identifier: Apache-2.0 */
/* JD Cloud's service: finds the action of a request, executes it, passes events on. */
#include "emulator/jdcloud/jdcloud.h"

#include <stdio.h>
#include <string.h>

/* Compares @path with @pattern, in which "{}" is one id. An id has neither '/' nor ':'. */
static bool path_fits(const char *pattern, const char *path, const char **ret_id, size_t *ret_size)
{
    for (; *pattern; pattern++, path++) {
        if (pattern[0] == '{' && pattern[1] == '}') {
            *ret_id = path;
            *ret_size = strcspn(path, "/:");
            if (!*ret_size)
                return false;
            path += *ret_size - 1;
            pattern++;
        } else if (*pattern != *path) {
            return false;
        }
    }
    return !*path;
}

/* Compares the service that the request was signed for: vm and disk both have /quotas. */
static bool scope_names(const struct emu_request *request, const char *product)
{
    const char *claim = emu_header(request, "authorization");
    char word[32];

    snprintf(word, sizeof(word), "/%s/jdcloud", product);
    return claim && strstr(claim, word);
}

struct route {
    const struct emu_jd_action *action;
    const char *region, *id;
};

static struct route find_route(struct emu_world *world, const struct emu_request *request)
{
    struct route ret = { 0 };
    const char *path = request->plain_path, *id = NULL;
    char version[3] = "";
    size_t size = 0;

    if (strncmp(path, "/v", 2) != 0 || strncmp(path + 3, "/regions/", 9) != 0)
        return ret;
    memcpy(version, path + 1, 2);
    path += strlen("/v1/regions/");
    size = strcspn(path, "/");
    ret.region = emu_text_n(world, path, size);
    path += size;
    for (const struct emu_jd_action *row = emu_jd_actions; row->name; row++) {
        id = NULL;
        if (strcmp(row->method, request->method) != 0 || strcmp(row->version, version) != 0 ||
            !path_fits(row->path, path, &id, &size))
            continue;
        /* Two services have this path: the later row counts only if the scope names it. */
        if (ret.action && !scope_names(request, row->product))
            continue;
        ret.action = row;
        ret.id = id ? emu_text_n(world, id, size) : NULL;
    }
    return ret;
}

static bool match(struct emu_world *world, struct emu_request *request)
{
    const char *claim = emu_header(request, "authorization");
    struct route route = find_route(world, request);

    if (!route.region && !(claim && strncmp(claim, "JDCLOUD", 7) == 0))
        return false;
    if (route.action) {
        request->product = route.action->product;
        request->action = route.action->name;
    }
    return true;
}

static bool verify(struct emu_world *world, struct emu_request *request, struct emu_reply *reply)
{
    const char *why = emu_jd_check_signature(world, request, find_route(world, request).region);

    if (!why)
        return true;
    emu_jd_refuse(world, request, 401, "ACCESS_ERROR", why, reply);
    return false;
}

static void handle(struct emu_world *world, struct emu_request *request, struct emu_reply *reply)
{
    struct route route = find_route(world, request);
    struct emu_jd_call call = { .world = world,
                                .request = request,
                                .reply = reply,
                                .action = route.action,
                                .region = route.region,
                                .id = route.id };

    if (!route.action || !emu_jd_region_known(route.region)) {
        emu_jd_fail(&call, 404, "NOT_FOUND", "%s %s is not found", request->method,
                    request->plain_path);
        return;
    }
    call.params = emu_jd_read_params(&call);
    call.result = emu_obj(world);
    if (call.params)
        route.action->handle(&call);
    if (!emu_jd_failed(&call))
        emu_jd_answer(&call);
}

static void event(struct emu_world *world, const struct emu_event *what)
{
    const char *kind = what->object->kind;

    if (strncmp(what->name, "charge.", 7) == 0)
        emu_jd_charge_event(world, what);
    else if (strcmp(kind, "instance") == 0)
        emu_jd_instance_event(world, what);
    else if (strcmp(kind, "disk") == 0)
        emu_jd_disk_event(world, what);
    else if (strcmp(kind, "image") == 0)
        emu_jd_image_event(world, what);
    else if (strcmp(kind, "order") == 0)
        emu_jd_order_event(world, what);
}

extern const struct emu_service emu_jdcloud;
const struct emu_service emu_jdcloud = {
    .provider = EMU_JD,
    .match = match,
    .verify = verify,
    .handle = handle,
    .refuse = emu_jd_refuse,
    .error = emu_jd_error,
    .event = event,
    .seed = emu_jd_seed,
};
