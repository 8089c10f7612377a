/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads the keys of one cloud in clouds.yaml: which key is allowed where, and on which line a
 * mistake is. The options are in options.c, the parameters in model/parameters.c.
 */
#include "core/config/config.h"
#include "core/base/error.h"
#include "core/config/options.h"
#include "core/model/provider.h"

static int no_memory(const struct cc_entry *entry)
{
    return cc_fail(entry->err, CLOUD_ENOMEM, "out of memory while reading %s", entry->yaml->path);
}

/*
 * Reads a value, as far as it can be known now.
 *
 * @param ret_unresolved  true: the value stays as it is written, and is not a number or keyword yet
 */
static int read_value(struct cc_entry *entry, const struct cc_yaml_node *node, bool credential,
                      const char **ret_text, bool *ret_unresolved)
{
    struct cloud_error *err = entry->err;
    int r = cc_value_check(entry, node);

    if (r != CLOUD_OK)
        return r;
    *ret_unresolved = false;
    if (!entry->resolve_all && (credential || cc_value_refers(node->text))) {
        entry->err = NULL; /* a failure now is no error: the value is read again later */
        r = credential ? CLOUD_ECONFIG : cc_value_resolve(entry, node, ret_text);
        entry->err = err;
        if (r == CLOUD_ENOMEM)
            return no_memory(entry);
        *ret_unresolved = r != CLOUD_OK;
        if (*ret_unresolved)
            *ret_text = node->text;
        return CLOUD_OK;
    }
    return cc_value_resolve(entry, node, ret_text);
}

/* Parameters of a single call. As a default, each would make different orders look the same. */
static const enum cloud_param call_only[] = { CLOUD_PARAM_INSTANCE_ID, CLOUD_PARAM_TASK_ID,
                                              CLOUD_PARAM_OPERATION_KEY, CLOUD_PARAM_IF_EXPIRY };

static int unknown_param(const struct cc_entry *entry, const struct cc_yaml_node *node)
{
    struct cc_nearest nearest = { .word = node->key };

    for (int p = 0; p < CLOUD_PARAM__COUNT; p++)
        cc_nearest_try(&nearest, cloud_param_info((enum cloud_param)p)->name);
    return cc_yaml_unknown(entry->yaml, node, &nearest, entry->err);
}

static int check_param(const struct cc_entry *entry, const struct cc_yaml_node *node,
                       const struct cloud_param_info *info)
{
    const struct cc_yaml *yaml = entry->yaml;

    if (info->secret)
        return cc_yaml_fail(
            yaml, node, NULL, entry->err,
            "is a secret of one instance and cannot be a default; give it with the call");
    for (size_t i = 0; i < CC_COUNT(call_only); i++)
        if (info->param == call_only[i])
            return cc_yaml_fail(
                yaml, node, NULL, entry->err,
                "belongs to one call and cannot be a default; give it with the call");
    if (cloud_params_has(&entry->params, info->param))
        return cc_yaml_fail(yaml, node, NULL, entry->err,
                            "is given twice for this cloud; keep one of them");
    return CLOUD_OK;
}

static int read_param(struct cc_entry *entry, const struct cc_yaml_node *node)
{
    const struct cloud_param_info *info = cloud_param_find(node->key);
    struct cloud_error why = { 0 };
    const char *text = NULL;
    bool unresolved = false;
    int r = info ? check_param(entry, node, info) : unknown_param(entry, node);

    if (r == CLOUD_OK)
        r = read_value(entry, node, false, &text, &unresolved);
    if (r != CLOUD_OK || unresolved)
        return r;
    r = cloud_params_set(&entry->params, info->param, text, &why);
    if (r == CLOUD_OK)
        return CLOUD_OK;
    if (r == CLOUD_ENOMEM)
        return no_memory(entry);
    /* the message quotes the text, which may be a secret when it came from another place */
    if (cc_value_refers(node->text))
        return cc_yaml_fail(entry->yaml, node, NULL, entry->err,
                            "the value that it refers to is not a valid %s; fix it there",
                            info->name);
    return cc_yaml_fail(entry->yaml, node, NULL, entry->err, "%s", why.message);
}

static int read_params(struct cc_entry *entry, const struct cc_yaml_node *map)
{
    int r = cc_yaml_expect(entry->yaml, map, CC_YAML_MAP, entry->err);

    for (const struct cc_yaml_node *node = map->first; node && r == CLOUD_OK; node = node->next)
        r = read_param(entry, node);
    return r;
}

static int read_option(struct cc_entry *entry, const struct cc_yaml_node *node,
                       const struct cc_option *option)
{
    struct cloud_error why = { 0 };
    const char *text = NULL;
    bool unresolved = false;
    int r = read_value(entry, node, option->flags & CC_OPTION_CREDENTIAL, &text, &unresolved);

    if (r != CLOUD_OK)
        return r;
    if (unresolved && (option->flags & CC_OPTION_CHECK_INPUT))
        entry->checkable = false;
    if (unresolved && option->kind != CC_OPTION_TEXT)
        return CLOUD_OK;
    if (option->kind == CC_OPTION_PATH)
        text = cc_value_path(entry, text);
    if (!text)
        return no_memory(entry);
    r = cc_option_set(&entry->options, option, text, &why);
    if (r == CLOUD_OK)
        return CLOUD_OK;
    return cc_yaml_fail(entry->yaml, node, NULL, entry->err, "%s", why.message);
}

static int unknown_option(const struct cc_entry *entry, const struct cc_yaml_node *node,
                          unsigned flags)
{
    struct cc_nearest nearest = { .word = node->key };
    const struct cc_option *option;

    for (size_t n = 0; (option = cc_option_at(n)); n++)
        if ((option->flags & flags) == flags)
            cc_nearest_try(&nearest, option->name);
    if (!flags) {
        cc_nearest_try(&nearest, "zone");
        cc_nearest_try(&nearest, "parameters");
    }
    return cc_yaml_unknown(entry->yaml, node, &nearest, entry->err);
}

/* Reads a key of an entry or of "defaults". @flags: only options that have these are allowed. */
static int read_key(struct cc_entry *entry, const struct cc_yaml_node *node, unsigned flags)
{
    const struct cc_option *option = cc_option_find(node->key);

    if (option && (option->flags & flags) == flags)
        return read_option(entry, node, option);
    if (!flags && strcmp(node->key, "parameters") == 0)
        return read_params(entry, node);
    if (!flags && strcmp(node->key, "zone") == 0)
        return read_param(entry, node);
    return unknown_option(entry, node, flags);
}

int cc_entry_fail(const struct cc_entry *entry, const struct cloud_error *why)
{
    const struct cc_yaml_node *node = cc_yaml_find(entry->node, why->parameter);

    if (why->code != CLOUD_ECONFIG || !cc_option_find(why->parameter)) {
        if (entry->err)
            *entry->err = *why;
        return why->code;
    }
    if (!node)
        node = cc_yaml_find(entry->defaults, why->parameter);
    return cc_yaml_fail(entry->yaml, node ? node : entry->node, node ? NULL : why->parameter,
                        entry->err, "%s", why->message);
}

bool cc_entry_needs_plugins(const struct cc_entry *entry)
{
    return entry->plugins_pending && entry->options.provider &&
           !cc_provider_find(entry->options.provider);
}

/* The entry is read after the defaults, so that its values replace theirs. */
int cc_entry_read(struct cc_entry *entry)
{
    const struct cc_yaml_node *defaults = entry->defaults;
    struct cloud_error why = { 0 };
    int r = cc_yaml_expect(entry->yaml, entry->node, CC_YAML_MAP, entry->err);

    for (const struct cc_yaml_node *node = defaults ? defaults->first : NULL; node && r == CLOUD_OK;
         node = node->next)
        r = read_key(entry, node, CC_OPTION_DEFAULTS);
    for (const struct cc_yaml_node *node = entry->node->first; node && r == CLOUD_OK;
         node = node->next)
        r = read_key(entry, node, 0);
    if (r != CLOUD_OK || !entry->checkable || cc_entry_needs_plugins(entry))
        return r;
    r = cc_options_check(&entry->options, &why);
    return r == CLOUD_OK ? CLOUD_OK : cc_entry_fail(entry, &why);
}
