/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Encodes the arguments of an operation as the parameters of an action, by argument rows. encode.c
 * writes the parameters to the request.
 */
#include <stdio.h>
#include <string.h>

#include "core/hooks/hooks.h"
#include "core/model/operations.h"
#include "core/engine/encode.h"

static const char *vendor_word(const struct cc_word *words, int value)
{
    for (; words && words->word; words++) {
        if (words->value == value)
            return words->word;
    }
    return NULL;
}

static void set_typed(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg,
                      const char *text)
{
    if (!text)
        return;
    if (arg->as == CC_INT || arg->as == CC_NUMBER)
        cc_tree_set_number(hook->tree, node, arg->path, text);
    else if (arg->as == CC_BOOL)
        cc_tree_set_bool(hook->tree, node, arg->path, !strcmp(text, "true"));
    else
        cc_tree_set_text(hook->tree, node, arg->path, text);
}

static void set_int(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg, int value)
{
    char digits[16];

    snprintf(digits, sizeof(digits), "%d", value);
    if (arg->as == CC_STRINGS) /* the vendor takes the number as text */
        cc_tree_set_text(hook->tree, node, arg->path, digits);
    else
        cc_tree_set_number(hook->tree, node, arg->path, digits);
}

static void set_param(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg)
{
    enum cloud_param param = (enum cloud_param)arg->param;

    if (!cloud_params_has(hook->params, param)) {
        set_typed(hook, node, arg, arg->text);
        return;
    }
    switch (cc_param_kind(param)) {
    case CC_PARAM_INT: set_int(hook, node, arg, cc_params_int(hook->params, param)); break;
    case CC_PARAM_FLAG:
        cc_tree_set_bool(hook->tree, node, arg->path,
                         cc_params_int(hook->params, param) == CLOUD_YES);
        break;
    default:
        cc_tree_set_text(hook->tree, node, arg->path, cc_params_text(hook->params, param));
        break;
    }
}

/* the disk that an object describes: one to buy, or one of an existing instance */
struct disk {
    const char *id, *type;
    int gb;
};

static void write_arg(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg,
                      const char *token, const struct disk *disk);

static void write_object(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg,
                         const char *token, const struct disk *disk)
{
    struct cc_node *object =
        arg->as == CC_OBJECT ? node : cc_tree_append(hook->tree, node, arg->path);

    for (const struct cc_arg *each = arg->each; object && each->path; each++)
        write_arg(hook, object, each, token, disk);
}

static void write_system_disk(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg,
                              const char *token)
{
    const struct disk disk = { .type = hook->params->system_disk_type,
                               .gb = hook->params->system_disk_gb };

    if (!disk.type || cc_ascii_casecmp(disk.type, "local"))
        write_object(hook, node, arg, token, &disk);
}

static void write_disks(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg,
                        const char *token)
{
    for (size_t i = 0; i < hook->params->data_disk_count; i++) {
        const struct cloud_disk_spec *spec = &hook->params->data_disks[i];

        write_object(hook, node, arg, token,
                     &(struct disk){ .type = spec->type, .gb = spec->size_gb });
    }
}

static void write_prepaid_disks(struct cc_hook *hook, struct cc_node *node,
                                const struct cc_arg *arg, const char *token)
{
    const struct cloud_disk *found;
    const char *ids = "";

    for (size_t n = 0; ids && (found = cc_hook_prepaid_disk(hook, n)); n++) {
        const struct disk disk = { found->id, found->type, found->size_gb };

        if (arg->each)
            write_object(hook, node, arg, token, &disk);
        else
            ids = cc_arena_printf(hook->arena, "%s%s%s", ids, n ? "," : "", disk.id);
    }
    if (!ids || *ids) /* NULL: out of memory; the tree then fails */
        cc_tree_set_text(hook->tree, node, arg->path, ids);
}

static void write_disk_member(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg,
                              const struct disk *disk)
{
    if (arg->disk == CC_DISK_GB)
        set_int(hook, node, arg, disk->gb);
    else if (arg->disk == CC_DISK_ID)
        cc_tree_set_text(hook->tree, node, arg->path, disk->id);
    else
        cc_tree_set_text(hook->tree, node, arg->path, disk->type ? disk->type : arg->text);
}

static void write_found(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg)
{
    const char *text = NULL;

    if (hook->result->instance_count)
        memcpy(&text, (const char *)&hook->result->instances[0] + arg->found, sizeof(text));
    if (text)
        cc_tree_set_text(hook->tree, node, arg->path, text);
}

/* Writes the fingerprint, after the parameter's value if the row has one. Without an operation key
 * writes the value alone. */
static void write_mark(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg)
{
    const char *text =
        arg->with ? cc_params_text(hook->params, (enum cloud_param)arg->param) : NULL;

    if (hook->mark && arg->as == CC_STRINGS)
        cc_tree_append_text(hook->tree, node, arg->path, hook->mark);
    else if (hook->mark && !arg->with)
        cc_tree_set_text(hook->tree, node, arg->path, hook->mark);
    else if (hook->mark)
        cc_tree_set_text(
            hook->tree, node, arg->path,
            cc_arena_printf(hook->arena, "%s-%s", text ? text : arg->text, hook->mark));
    else if (text)
        cc_tree_set_text(hook->tree, node, arg->path, text);
}

static bool has_many_ids(const struct cc_hook *hook, const struct cc_arg *arg)
{
    return hook->id_count && arg->param == CLOUD_PARAM_INSTANCE_ID;
}

static void write_ids(struct cc_hook *hook, struct cc_node *node, const char *path)
{
    for (size_t i = 0; i < hook->id_count; i++)
        cc_tree_append_text(hook->tree, node, path, hook->ids[i]);
}

/* writes the ids as one text, separated by the row's text */
static void write_joined(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg)
{
    cc_auto_buf struct cc_buf joined = { 0 };

    if (!has_many_ids(hook, arg))
        cc_buf_puts(&joined, cc_params_text(hook->params, (enum cloud_param)arg->param));
    for (size_t i = 0; has_many_ids(hook, arg) && i < hook->id_count; i++)
        cc_buf_puts_all(&joined, i ? arg->text : "", hook->ids[i], NULL);
    cc_tree_set_text(hook->tree, node, arg->path, joined.failed ? NULL : cc_buf_text(&joined));
}

static void write_filter_of_ids(struct cc_hook *hook, struct cc_node *node,
                                const struct cc_arg *arg)
{
    struct cc_node *filter = cc_tree_append(hook->tree, node, arg->path);

    if (!filter)
        return;
    cc_tree_set_text(hook->tree, filter, "name", arg->text);
    write_ids(hook, filter, "values");
}

static void write_const(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg)
{
    if (arg->as == CC_STRINGS)
        cc_tree_append_text(hook->tree, node, arg->path, arg->text);
    else
        set_typed(hook, node, arg, arg->text);
}

static void write_arg(struct cc_hook *hook, struct cc_node *node, const struct cc_arg *arg,
                      const char *token, const struct disk *disk)
{
    const struct cloud_period *period = &hook->params->period;
    bool given = cloud_params_has(hook->params, (enum cloud_param)arg->param);

    if (given ? arg->without : arg->with && arg->kind != CC_ARG_MARK)
        return;
    if (arg->disk) {
        write_disk_member(hook, node, arg, disk);
        return;
    }
    switch ((enum cc_arg_kind)arg->kind) {
    case CC_ARG_PARAM: set_param(hook, node, arg); break;
    case CC_ARG_LIST_OF:
        if (arg->text && given)
            write_joined(hook, node, arg);
        else if (has_many_ids(hook, arg))
            write_ids(hook, node, arg->path);
        else if (given)
            cc_tree_append_text(hook->tree, node, arg->path,
                                cc_params_text(hook->params, (enum cloud_param)arg->param));
        break;
    case CC_ARG_WORD:
        set_typed(hook, node, arg,
                  given ? vendor_word(arg->words,
                                      cc_params_int(hook->params, (enum cloud_param)arg->param))
                        : arg->text);
        break;
    case CC_ARG_COUNT:
        if (given)
            set_int(hook, node, arg, period->count);
        break;
    case CC_ARG_UNIT:
        set_typed(hook, node, arg, given ? vendor_word(arg->words, (int)period->unit) : NULL);
        break;
    case CC_ARG_MONTHS:
        if (given)
            set_int(hook, node, arg, period->count * (period->unit == CLOUD_PERIOD_YEAR ? 12 : 1));
        else if (arg->text && hook->params->to_month_end == CLOUD_YES)
            cc_tree_set_number(hook->tree, node, arg->path, arg->text);
        break;
    case CC_ARG_REGION:
        if (hook->region)
            cc_tree_set_text(hook->tree, node, arg->path, hook->region);
        break;
    case CC_ARG_CONST: write_const(hook, node, arg); break;
    case CC_ARG_TOKEN: cc_tree_set_text(hook->tree, node, arg->path, token); break;
    case CC_ARG_MARK:
        if (!arg->each)
            write_mark(hook, node, arg);
        else if (hook->mark)
            write_object(hook, node, arg, token, disk);
        break;
    case CC_ARG_FOUND: write_found(hook, node, arg); break;
    case CC_ARG_FILTER:
        if (has_many_ids(hook, arg))
            write_filter_of_ids(hook, node, arg);
        else if (given)
            cc_hook_filter(hook, arg->path, arg->text,
                           cc_params_text(hook->params, (enum cloud_param)arg->param));
        break;
    case CC_ARG_OBJECT: write_object(hook, node, arg, token, disk); break;
    case CC_ARG_SYSTEM_DISK: write_system_disk(hook, node, arg, token); break;
    case CC_ARG_EACH_DISK: write_disks(hook, node, arg, token); break;
    case CC_ARG_EACH_PREPAID: write_prepaid_disks(hook, node, arg, token); break;
    }
}

int cc_args_write(const struct cc_step *step, struct cc_hook *hook, const char *token)
{
    int rc;

    for (const struct cc_arg *arg = hook->provider->common; arg && arg->path; arg++) {
        if (cc_action_param_find(step->action, arg->path))
            write_arg(hook, hook->root, arg, token, NULL);
    }
    for (const struct cc_arg *arg = step->args; arg && arg->path; arg++)
        write_arg(hook, hook->root, arg, token, NULL);
    rc = step->build ? cc_hook_code(hook->provider, "build", step->build(hook), hook->err)
                     : CLOUD_OK;
    /* a retry is safe only if the vendor recognises it, so the token is always sent */
    if (!rc && step->action->token && !cc_node_find(hook->root, step->action->token))
        cc_tree_set_text(hook->tree, hook->root, step->action->token, token);
    return rc;
}
