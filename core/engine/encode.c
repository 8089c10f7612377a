/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encodes the parameters of an action as a request: checks them, and writes each to path, query or
 * body as its row of the action catalogue requires. encode_args.c fills the parameters; sign/ signs
 * the request.
 */
#include "core/engine/encode.h"

#include <stdio.h>
#include <string.h>

#include "core/base/error.h"

const struct cc_action_param *cc_action_param_find(const struct cc_action *action, const char *name)
{
    for (const struct cc_action_param *p = action->params; p && p->name; p++) {
        if (!strcmp(p->name, name))
            return p;
    }
    return NULL;
}

static bool is_whole_number(const char *text)
{
    if (*text == '-')
        text++;
    return *text && strspn(text, "0123456789") == strlen(text);
}

static const char *const type_names[] = { "a string",         "a whole number", "a number",
                                          "true or false",    "an object",      "a list",
                                          "a list of strings" };

/* Whether a value that is no list is accepted for a list: its text when the query has the list as
 * one text, or its only element for a parameter of the kind CC_OR_ONE. */
static bool is_accepted_as_list(const struct cc_action_param *p, enum cc_json_kind kind)
{
    if (p->where == CC_BODY)
        return p->list == CC_OR_ONE && kind == CC_JSON_OBJECT;
    return p->list != CC_INDEXED && kind == CC_JSON_STRING;
}

static bool type_fits(const struct cc_action_param *p, struct cc_node *value)
{
    enum cc_json_kind kind = cc_node_kind(value);

    switch ((enum cc_type)p->type) {
    case CC_STRING: return kind == CC_JSON_STRING;
    case CC_INT: return kind == CC_JSON_NUMBER && is_whole_number(cc_node_text(value));
    case CC_NUMBER: return kind == CC_JSON_NUMBER;
    case CC_BOOL: return kind == CC_JSON_BOOL;
    case CC_OBJECT: return kind == CC_JSON_OBJECT;
    case CC_LIST:
    case CC_STRINGS: return kind == CC_JSON_LIST || is_accepted_as_list(p, kind);
    }
    return false;
}

/* whether it or an alternative to it is given */
static bool is_given(const struct cc_action *action, const struct cc_action_param *wanted,
                     struct cc_node *root)
{
    if (cc_node_find(root, wanted->name))
        return true;
    for (const struct cc_action_param *p = action->params; p->name; p++) {
        if (p->instead && !strcmp(p->instead, wanted->name) && cc_node_find(root, p->name))
            return true;
    }
    return false;
}

/* "InstanceId (or EcsId)" */
static const char *name_with_alternatives(const struct cc_action *action,
                                          const struct cc_action_param *wanted, char ret[160])
{
    snprintf(ret, 160, "%s", wanted->name);
    for (const struct cc_action_param *p = action->params; p->name; p++) {
        if (p->instead && !strcmp(p->instead, wanted->name))
            snprintf(ret + strlen(ret), 160 - strlen(ret), " (or %s)", p->name);
    }
    return ret;
}

int cc_action_check(const struct cc_action *action, struct cc_node *root, struct cloud_error *err)
{
    struct cc_node_iter iter = { .container = root };
    struct cc_node *value;
    const char *name;
    char names[160];

    while ((value = cc_node_next(&iter, &name))) {
        const struct cc_action_param *p = cc_action_param_find(action, name);

        if (!p)
            return cc_fail_param(err, name, "%s has no parameter %s", action->name, name);
        if (!type_fits(p, value))
            return cc_fail_param(err, name, "%s of %s must be %s", name, action->name,
                                 type_names[p->type]);
    }
    for (const struct cc_action_param *p = action->params; p && p->name; p++) {
        if (p->required && !is_given(action, p, root))
            return cc_fail_param(err, p->name, "%s needs %s, %s", action->name,
                                 name_with_alternatives(action, p, names), type_names[p->type]);
    }
    return CLOUD_OK;
}

/* /regions/{regionId}/instances/{instanceId}:startInstance */
static int write_path(struct cc_buf *out, const struct cc_action *action, struct cc_node *root,
                      struct cloud_error *err)
{
    const char *p = action->path, *brace;

    while ((brace = strchr(p, '{'))) {
        const char *end = strchr(brace, '}');
        size_t len = (size_t)(end - brace - 1);
        char name[64] = "";
        const char *value;

        memcpy(name, brace + 1, len < sizeof(name) ? len : sizeof(name) - 1);
        value = cc_node_text(cc_node_find(root, name));
        if (!value || !*value || !strcmp(value, ".") || !strcmp(value, ".."))
            return cc_fail_param(err, name,
                                 "%s of %s is part of the URL path; it must not be empty, \".\" or "
                                 "\"..\"",
                                 name, action->name);
        cc_buf_add(out, p, (size_t)(brace - p));
        cc_encode(out, value, strlen(value), NULL);
        p = end + 1;
    }
    cc_buf_puts(out, p);
    return CLOUD_OK;
}

static void add_query(struct cc_pairs *query, const char *name, struct cc_node *value)
{
    struct cc_node_iter iter = { .container = value };
    bool list = cc_node_kind(value) == CC_JSON_LIST;
    const char *member;
    struct cc_node *element;

    if (!list && cc_node_kind(value) != CC_JSON_OBJECT) {
        cc_pairs_add(query, name, cc_node_text(value));
        return;
    }
    for (int n = 1; (element = cc_node_next(&iter, &member)); n++) {
        char longer[160];

        if (list)
            snprintf(longer, sizeof(longer), "%s.%d", name, n);
        else
            snprintf(longer, sizeof(longer), "%s.%s", name, member);
        add_query(query, longer, element);
    }
}

static void add_joined(struct cc_pairs *query, const char *name, struct cc_node *value)
{
    struct cc_node_iter iter = { .container = value };
    cc_auto_buf struct cc_buf joined = { 0 };
    struct cc_node *element;

    while ((element = cc_node_next(&iter, NULL))) {
        cc_buf_puts(&joined, joined.len ? "," : "");
        cc_buf_puts(&joined, cc_node_text(element) ? cc_node_text(element) : "");
    }
    cc_pairs_add(query, name, joined.len ? joined.data : "");
    query->failed |= joined.failed;
}

static void write_query(struct cc_pairs *query, struct cc_tree *tree,
                        const struct cc_action_param *p, struct cc_node *value)
{
    bool list = cc_node_kind(value) == CC_JSON_LIST;

    if (list && p->list == CC_JOINED) {
        add_joined(query, p->name, value);
    } else if (list && p->list == CC_JSON) {
        cc_auto_free char *text = cc_tree_write(tree, value, NULL);

        query->failed |= !text;
        cc_pairs_add(query, p->name, text ? text : "");
    } else {
        add_query(query, p->name, value);
    }
}

/* Removes path and query parameters from the tree; the rest of it is the body. */
static int place_params(const struct cc_action *action, struct cc_tree *tree,
                        struct cc_request *request, struct cloud_error *err)
{
    struct cc_node *root = cc_tree_root(tree);
    bool body = false;

    for (const struct cc_action_param *p = action->params; p && p->name; p++) {
        struct cc_node *value = cc_node_find(root, p->name);

        body |= p->where == CC_BODY;
        if (!value || p->where == CC_BODY)
            continue;
        if (p->where == CC_QUERY)
            write_query(&request->query, tree, p, value);
        cc_node_remove(root, p->name);
    }
    if (body || !strcmp(action->method, "POST") || !strcmp(action->method, "PUT")) {
        cc_auto_free char *text = cc_tree_write(tree, root, NULL);

        if (!text)
            return cc_fail(err, CLOUD_ENOMEM, "out of memory");
        cc_buf_puts(&request->body, text);
        cc_wipe(text, strlen(text));
    }
    return CLOUD_OK;
}

/* sets base and host, in the request's arena; NULL when out of memory */
static void write_host(const struct cloud_provider *provider, const struct cc_service *service,
                       const char *region, const char *endpoint, struct cc_request *request)
{
    static const char scheme[] = "https://";
    const char *host = provider->host ? provider->host(service, region) : NULL;
    size_t len;

    if (!host)
        host = service->host;
    len = endpoint ? strlen(endpoint) : sizeof(scheme) - 1 + strlen(host);
    request->base = cc_arena_alloc(request->arena, len + 1);
    if (request->base)
        stpcpy(stpcpy(request->base, endpoint ? endpoint : scheme), endpoint ? "" : host);
    request->host = request->base ? strstr(request->base, "://") + 3 : NULL;
}

int cc_request_write(const struct cloud_provider *provider, const struct cc_action *action,
                     const char *region, const char *endpoint, struct cc_tree *tree,
                     struct cc_request *ret_request, struct cloud_error *err)
{
    const struct cc_service *service = &provider->services[action->service];
    struct cc_buf *path = &ret_request->query_text; /* until the query is written */
    int rc = cc_tree_failed(tree) ? cc_fail(err, CLOUD_ENOMEM, "out of memory")
                                  : cc_action_check(action, cc_tree_root(tree), err);

    if (rc)
        return rc;
    ret_request->method = action->method;
    cc_buf_puts(path, service->path);
    rc = write_path(path, action, cc_tree_root(tree), err);
    if (rc)
        return rc;
    write_host(provider, service, region, endpoint, ret_request);
    ret_request->path =
        path->failed ? NULL : cc_arena_strndup(ret_request->arena, cc_buf_text(path), path->len);
    cc_buf_reset(path);
    cc_pairs_add(&ret_request->headers, "Content-Type", "application/json");
    rc = place_params(action, tree, ret_request, err);
    if (rc)
        return rc;
    if (!ret_request->path || !ret_request->host || ret_request->query.failed ||
        ret_request->headers.failed || ret_request->body.failed)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return CLOUD_OK;
}
