/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Invokes any action of the vendor: the row of the action catalogue becomes the step, and the
 * caller's JSON becomes its parameters.
 */
#include <stdio.h>
#include <string.h>

#include "core/engine/call.h"
#include "core/model/catalogue.h"
#include "core/base/error.h"
#include "core/base/nearest.h"
#include "core/engine/encode.h"

static int fail_unknown_action(struct cc_call *call, const char *name)
{
    const struct cloud_provider *provider = call->client->provider;
    const struct cc_action *best[3] = { 0 };
    char near[256] = "";

    for (const struct cc_action *a = provider->actions; a && a->name; a++) {
        /* two services may have the same name: list it once */
        const struct cc_action *candidate = cc_action_find(provider, a->name) == a ? a : NULL;

        /* a name with more than half of it changed is another name */
        if (candidate && cc_is_far(candidate->name, cc_edit_distance(name, candidate->name)))
            candidate = NULL;
        for (size_t i = 0; candidate && i < CC_COUNT(best); i++) {
            if (!best[i] ||
                cc_edit_distance(name, candidate->name) < cc_edit_distance(name, best[i]->name)) {
                const struct cc_action *pushed = best[i];

                best[i] = candidate;
                candidate = pushed;
            }
        }
    }
    for (size_t i = 0; i < CC_COUNT(best) && best[i]; i++)
        snprintf(near + strlen(near), sizeof(near) - strlen(near), "%s%s", i ? ", " : "",
                 best[i]->name);
    if (!best[0])
        return cc_fail_param(&call->error, "action", "%s has no action %.64s, nor one like it",
                             provider->title, name);
    return cc_fail_param(&call->error, "action", "%s has no action %.64s; the nearest are %s",
                         provider->title, name, near);
}

static void copy_members(struct cc_hook *hook, const struct cc_value *object)
{
    struct cc_iter iter = { .container = object };
    const struct cc_value *member;
    const char *name;

    while ((member = cc_iter_next(&iter, &name))) {
        if (cc_value_kind(member) != CC_JSON_NULL)
            cc_tree_set_value(hook->tree, hook->root, name, member);
    }
}

static int build_invoke(struct cc_hook *hook)
{
    const char *text = hook->params->parameters;
    size_t len = text ? strlen(text) : 0;
    char *copy = cc_arena_alloc(hook->arena, len + CC_JSON_PADDING + 1);
    struct cc_doc *doc;
    int rc;

    if (!text)
        return CLOUD_OK;
    if (!copy)
        return cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
    memcpy(copy, text, len);
    rc = cc_doc_parse(copy, len, &doc, hook->err);
    if (rc) {
        char why[200];

        snprintf(why, sizeof(why), "%.199s", hook->err->message);
        return rc == CLOUD_ENOMEM ? rc
                                  : cc_fail_param(hook->err, "parameters", "parameters: %s", why);
    }
    if (cc_value_kind(cc_doc_root(doc)) == CC_JSON_OBJECT)
        copy_members(hook, cc_doc_root(doc));
    else
        rc = cc_fail_param(hook->err, "parameters", "parameters must be a JSON object");
    cc_doc_free(doc);
    return rc;
}

/* the members "password", "ImagePassword", ... at any depth */
static void scrub_passwords(struct cc_call *call, const struct cc_value *value)
{
    struct cc_iter iter = { .container = value };
    const struct cc_value *member;
    const char *name;

    while ((member = cc_iter_next(&iter, &name))) {
        if (name && cc_ascii_contains(name, "password"))
            cc_call_scrub(call, cc_value_text(member));
        scrub_passwords(call, member);
    }
}

void cc_invoke_scrub(struct cc_call *call)
{
    const char *text = call->params.parameters;
    size_t len = text ? strlen(text) : 0;
    char *copy = text ? calloc(1, len + CC_JSON_PADDING) : NULL;
    struct cc_doc *doc;

    if (!text)
        return;
    if (!copy) {
        CC_ERROR_SET(call->error.message, "the message is not shown: out of memory");
        return;
    }
    memcpy(copy, text, len);
    if (!cc_doc_parse(copy, len, &doc, NULL)) {
        scrub_passwords(call, cc_doc_root(doc));
        cc_doc_free(doc);
    }
    cc_wipe(copy, len);
    free(copy);
}

/* writes the value as text in the arena; NULL when out of memory */
static const char *keep_json(struct cc_hook *hook, const struct cc_value *value)
{
    cc_auto_free char *text = cc_value_write(value);

    return text ? cc_arena_strdup(hook->arena, text) : NULL;
}

static int parse_invoke(struct cc_hook *hook)
{
    const struct cc_envelope *envelope = hook->envelope;
    struct cloud_result *result = hook->result;

    result->json = keep_json(hook, envelope->data);
    result->reply = envelope->root ? keep_json(hook, envelope->root) : NULL;
    result->vendor_code = envelope->code;
    result->vendor_message = envelope->message;
    return result->json && (result->reply || !envelope->root)
               ? CLOUD_OK
               : cc_fail(hook->err, CLOUD_ENOMEM, "out of memory");
}

static bool has_param(const struct cc_action *action, const char *name)
{
    for (const struct cc_action_param *p = action->params; p && p->name; p++) {
        if (!strcmp(p->name, name))
            return true;
    }
    return false;
}

/*
 * Checks the caller's parameters before the guard's request is sent. Keeps only those that the
 * guard has too: they name its object.
 */
static int build_guard(struct cc_hook *hook)
{
    const struct cc_action *action = cc_action_find(hook->provider, hook->params->action);
    int rc = build_invoke(hook);

    if (!rc)
        rc = cc_action_check(action, hook->root, hook->err);
    for (const struct cc_action_param *p = action->params; p->name; p++) {
        if (!has_param(action->guard->action, p->name))
            cc_node_remove(hook->root, p->name);
    }
    return rc;
}

int cc_invoke_prepare(struct cc_call *call)
{
    const struct cc_action *action = cc_action_find(call->client->provider, call->params.action);
    struct cc_invoke *invoke = &call->invoke;
    struct cc_op_row *row = &invoke->row;

    if (!action)
        return fail_unknown_action(call, call->params.action);
    *row = (struct cc_op_row){ .support = CLOUD_NATIVE, .steps = invoke->steps };
    if (action->guard) {
        invoke->steps[0] = *action->guard;
        invoke->steps[row->step_count++].build = build_guard;
    }
    invoke->steps[row->step_count++] =
        (struct cc_step){ .action = action, .build = build_invoke, .parse = parse_invoke };
    return CLOUD_OK;
}

enum cloud_effect cc_invoke_effect(const struct cc_call *call)
{
    const struct cc_invoke *invoke = &call->invoke;

    return (enum cloud_effect)invoke->steps[invoke->row.step_count - 1].action->effect;
}
