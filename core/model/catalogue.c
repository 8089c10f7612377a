/* SPDX-License-Identifier: Apache-2.0 */
/* Describes the actions of a provider and their parameters to programs. */
#include "core/model/catalogue.h"

#include <string.h>

#include "core/base/arguments.h"

static bool has_name(const struct cloud_provider *provider, const struct cc_action *action,
                     const char *name)
{
    const char *service = provider->services[action->service].name;
    size_t len = strlen(service);

    if (!strcmp(action->name, name))
        return true;
    return !strncmp(name, service, len) && name[len] == ':' &&
           !strcmp(name + len + 1, action->name);
}

const struct cc_action *cc_action_find(const struct cloud_provider *provider, const char *name)
{
    for (const struct cc_action *a = provider->actions; a && a->name; a++) {
        if (has_name(provider, a, name))
            return a;
    }
    return NULL;
}

static const struct cc_action *action_at(const struct cloud_provider *provider, size_t n)
{
    const struct cc_action *a = provider ? provider->actions : NULL;

    while (a && a->name && n--)
        a++;
    return a && a->name ? a : NULL;
}

/* Copies as much of the structure as the caller knows: its first member is its size. False when it
 * is not. */
static bool copy_known(void *ret, enum cc_struct kind, const void *whole, size_t whole_size)
{
    size_t size;

    if (cc_need_struct(kind, ret, NULL))
        return false;
    memcpy(&size, ret, sizeof(size));
    memcpy((char *)ret + sizeof(size), (const char *)whole + sizeof(size),
           (size < whole_size ? size : whole_size) - sizeof(size));
    return true;
}

static bool describe(const struct cloud_provider *provider, const struct cc_action *action,
                     struct cloud_action_info *ret)
{
    const struct cc_service *service = action ? &provider->services[action->service] : NULL;
    struct cloud_action_info info;

    if (!action)
        return false;
    info = (struct cloud_action_info){
        .number = (size_t)(action - provider->actions),
        .name = action->name,
        .service = service->name,
        .about = action->about,
        .effect = (enum cloud_effect)action->effect,
        .method = action->method,
        .host = service->host,
        .base = service->path,
        .path = action->path,
        .version = service->version,
    };
    while (action->params && action->params[info.param_count].name)
        info.param_count++;
    return copy_known(ret, CC_STRUCT_ACTION_INFO, &info, sizeof(info));
}

bool cloud_action_info(const char *provider, size_t n, struct cloud_action_info *ret_info)
{
    const struct cloud_provider *p = cc_provider_find(provider);

    return describe(p, action_at(p, n), ret_info);
}

bool cloud_action_find(const char *provider, const char *name, struct cloud_action_info *ret_info)
{
    const struct cloud_provider *p = cc_provider_find(provider);

    return describe(p, p && name ? cc_action_find(p, name) : NULL, ret_info);
}

/* True when the library sets the parameter: for every action, or as the client token. */
static bool is_supplied(const struct cloud_provider *provider, const struct cc_action *action,
                        const char *name)
{
    for (const struct cc_arg *arg = provider->common; arg && arg->path; arg++) {
        if (!strcmp(arg->path, name))
            return true;
    }
    return action->token && !strcmp(action->token, name);
}

bool cloud_action_param(const char *provider, size_t action, size_t n,
                        struct cloud_action_param *ret_param)
{
    static const char *const places[] = {
        [CC_BODY] = "body", [CC_QUERY] = "query", [CC_PATH] = "path"
    };
    static const char *const types[] = {
        [CC_STRING] = "string", [CC_INT] = "int",   [CC_NUMBER] = "number",   [CC_BOOL] = "bool",
        [CC_OBJECT] = "object", [CC_LIST] = "list", [CC_STRINGS] = "strings",
    };
    const struct cloud_provider *p = cc_provider_find(provider);
    const struct cc_action *a = action_at(p, action);
    const struct cc_action_param *row = a ? a->params : NULL;
    struct cloud_action_param param;

    while (row && row->name && n--)
        row++;
    if (!row || !row->name)
        return false;
    param = (struct cloud_action_param){
        .name = row->name,
        .where = places[row->where],
        .type = types[row->type],
        .required = row->required,
        .supplied = is_supplied(p, a, row->name),
        .secret = row->secret,
        .instead_of = row->instead,
    };
    return copy_known(ret_param, CC_STRUCT_ACTION_PARAM, &param, sizeof(param));
}
