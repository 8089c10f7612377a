/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Finds the parameter that a vendor's refusal names. The message has the vendor's name, such as
 * "instanceType"; the argument rows lead to the caller's, such as instance_type.
 */
#include <string.h>

#include "core/base/error.h"
#include "core/engine/call.h"
#include "core/engine/decode.h"

struct found {
    const char *name; /* NULL: none */
    size_t len;       /* of the text in the message; a longer one is surer */
    bool given;       /* the caller gave it */
    bool unsure;      /* two parameters are named alike */
};

/* whether the caller can repair the refusal by another value of a parameter */
static bool is_about_values(int code)
{
    return code == CLOUD_EINVAL || code == CLOUD_ENOTFOUND || code == CLOUD_ECONFLICT ||
           code == CLOUD_EQUOTA || code == CLOUD_ESOLDOUT;
}

/* "instanceType", not a word of a sentence such as "name" */
static bool is_compound(const char *name)
{
    for (name++; *name; name++) {
        if (*name >= 'A' && *name <= 'Z')
            return true;
    }
    return false;
}

/* keeps the longer text; of two alike, the one that the caller gave */
static void keep(struct found *found, const char *name, size_t len, bool given)
{
    bool alike = len == found->len && given == found->given;

    if (len < found->len || (len == found->len && found->given && !given))
        return;
    found->unsure = alike && (found->unsure || strcmp(found->name, name) != 0);
    found->name = name;
    found->len = len;
    found->given = given;
}

/* tries the longest end of the path first: "instanceSpec.az", then "az" */
static void look_for(const struct cc_call *call, const char *path, const char *name,
                     struct found *found)
{
    const struct cloud_error *err = &call->error;
    const struct cloud_param_info *info = cloud_param_find(name);

    while (path && *path && !cc_words_in(err->message, path)) {
        path = strchr(path, '.');
        path = path ? path + 1 : NULL;
    }
    if (path && *path && (err->code == CLOUD_EINVAL || is_compound(path)))
        keep(found, name, strlen(path), info && cloud_params_has(&call->params, info->param));
}

static const char *parameter_of(const struct cc_arg *arg, const char *outer)
{
    if (arg->disk == CC_DISK_TYPE && outer && !strcmp(outer, "system_disk_gb"))
        return "system_disk_type";
    if (arg->disk)
        return outer;
    switch ((enum cc_arg_kind)arg->kind) {
    case CC_ARG_CONST:
    case CC_ARG_MARK:
        if (!arg->with && !arg->without)
            return NULL;
        break;
    case CC_ARG_REGION: return "region";
    case CC_ARG_TOKEN: return "operation_key";
    case CC_ARG_FOUND: return NULL;
    case CC_ARG_OBJECT:
    case CC_ARG_EACH_PREPAID: return outer;
    default: break;
    }
    return cloud_param_info((enum cloud_param)arg->param)->name;
}

static void look_in_args(const struct cc_call *call, const struct cc_arg *args, const char *outer,
                         struct found *found)
{
    for (const struct cc_arg *arg = args; arg && arg->path; arg++) {
        const char *name = parameter_of(arg, outer);

        if (name)
            look_for(call, arg->kind == CC_ARG_FILTER ? arg->text : arg->path, name, found);
        look_in_args(call, arg->each, name, found);
    }
}

void cc_name_parameter(struct cc_call *call)
{
    const struct cc_step *step = cc_call_step(call);
    struct cloud_error *err = &call->error;
    struct found found = { 0 };

    if (!is_about_values(err->code))
        return;
    if (call->op == CLOUD_OP_INVOKE) {
        for (const struct cc_action_param *p = step->action->params; p && p->name; p++)
            look_for(call, p->name, p->name, &found);
    } else {
        look_in_args(call, call->client->provider->common, NULL, &found);
        look_in_args(call, step->args, NULL, &found);
    }
    if (found.name && !found.unsure)
        CC_ERROR_SET(err->parameter, found.name);
}
