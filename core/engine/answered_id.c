/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Compares the id in an answer about one thing with the id in its request. A cache or a proxy that
 * mixes up answers must not make a caller renew, stop or delete the wrong instance.
 */
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/engine/call.h"
#include "core/json/json.h"

/* cuts the first name of a path of names; returns the rest, "" at the end */
static const char *cut_name(const char *path, char *ret_name, size_t size)
{
    size_t len = strcspn(path, ".");

    snprintf(ret_name, size, "%.*s", (int)len, path);
    return path + len + (path[len] == '.');
}

static bool add_id(struct cc_call *call, const char *id)
{
    struct cc_attempt *attempt = &call->attempt;
    size_t size = attempt->id_count * sizeof(*attempt->ids);
    const char **ids =
        id ? cc_arena_grow(call->arena, attempt->ids, size, size + sizeof(*ids)) : attempt->ids;

    if (!id)
        return true;
    if (!ids)
        return false;
    attempt->ids = ids;
    ids[attempt->id_count] = cc_arena_strdup(call->arena, id);
    return ids[attempt->id_count++] != NULL;
}

static bool add_ids(struct cc_call *call, struct cc_node *node, const char *path)
{
    struct cc_node_iter iter = { .container = node };
    char name[64];
    bool good = true;

    if (!node)
        return true;
    if (cc_node_kind(node) == CC_JSON_LIST) {
        while (good && (node = cc_node_next(&iter, NULL)))
            good = add_ids(call, node, path);
        return good;
    }
    if (!*path)
        return add_id(call, cc_node_text(node));
    path = cut_name(path, name, sizeof(name));
    return add_ids(call, cc_node_find(node, name), path);
}

bool cc_answered_id_expect(struct cc_call *call, const struct cc_step *step, struct cc_node *root)
{
    call->attempt.id_count = 0;
    call->attempt.ids = NULL;
    return !step->id_sent || add_ids(call, root, step->id_sent);
}

static bool was_sent(const struct cc_attempt *attempt, const char *id)
{
    for (size_t i = 0; i < attempt->id_count; i++) {
        if (!strcmp(attempt->ids[i], id))
            return true;
    }
    return !attempt->id_count;
}

/* the first id at the path that was not sent; NULL: none */
static const char *find_foreign(const struct cc_attempt *attempt, const struct cc_value *value,
                                const char *path)
{
    struct cc_iter iter = { .container = value };
    const char *id, *found = NULL;
    char name[64];

    if (value && cc_value_kind(value) == CC_JSON_LIST) {
        while (!found && (value = cc_iter_next(&iter, NULL)))
            found = find_foreign(attempt, value, path);
        return found;
    }
    if (value && *path) {
        path = cut_name(path, name, sizeof(name));
        return find_foreign(attempt, cc_value_find(value, name), path);
    }
    id = value ? cc_value_text(value) : NULL;
    return id && *id && strcmp(id, "0") && !was_sent(attempt, id) ? id : NULL;
}

int cc_answered_id_check(struct cc_call *call, const struct cc_step *step,
                         const struct cc_envelope *envelope)
{
    const struct cc_attempt *attempt = &call->attempt;

    for (const char *at = step->id_answered; at && *at;) {
        size_t len = strcspn(at, "|");
        bool in_reply = *at == '^';
        char path[128];
        const char *foreign;

        snprintf(path, sizeof(path), "%.*s", (int)len - in_reply, at + in_reply);
        foreign = find_foreign(attempt, in_reply ? envelope->root : envelope->data, path);
        if (foreign)
            return cc_fail(&call->error, CLOUD_EPROTOCOL,
                           "the answer's %s is \"%.100s\", but the request was for \"%.100s\"",
                           path, foreign, attempt->ids[0]);
        at += len + (at[len] == '|');
    }
    return CLOUD_OK;
}
