/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Lists the actions that invoke accepts, from the library's catalogue: a table of the actions that
 * match a text, one action with all its parameters when only one matches, JSON, or the Markdown of
 * docs/user/actions.md.
 */
#include "cli/output.h"
#include "include/cloud_provider/ascii.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct action {
    const char *provider;
    const char *name;
    const char *service;
    const char *about;
    const char *effect;
    const char *method;
    const char *url;
    const char *version;
    struct cloud_action_param *parameters;
    size_t parameter_count;
    bool shared; /* another service also has this name and comes first in the catalogue */
};

struct list {
    struct action *actions;
    size_t count;
};

/* clang-format off */
#define T struct cloud_action_param
static const struct ctl_field parameter_fields[] = {
    CTL_F_TEXT(T, name, CTL_COLUMN),
    CTL_F_TEXT(T, type, CTL_COLUMN),
    CTL_F_TEXT(T, where, CTL_COLUMN),
    CTL_F_BOOL(T, required, CTL_COLUMN),
    CTL_F_BOOL(T, supplied, CTL_COLUMN),
    CTL_F_BOOL(T, secret, CTL_COLUMN),
    CTL_F_TEXT(T, instead_of, CTL_COLUMN),
    { 0 }
};
static const struct ctl_type parameter_type = { "parameters", sizeof(T), parameter_fields };
#undef T

#define T struct action
static const struct ctl_field action_fields[] = {
    CTL_F_TEXT(T, provider, 0),
    CTL_F_TEXT(T, name, 0),
    CTL_F_TEXT(T, service, 0),
    CTL_F_TEXT(T, about, 0),
    CTL_F_TEXT(T, effect, 0),
    CTL_F_TEXT(T, method, 0),
    CTL_F_TEXT(T, url, 0),
    CTL_F_TEXT(T, version, 0),
    CTL_F_LIST(T, parameters, struct cloud_action_param, parameter_count, parameter_type, 0),
    { 0 }
};
static const struct ctl_type action_type = { "actions", sizeof(T), action_fields };
#undef T
/* clang-format on */

static struct action read_action(const char *provider, const struct cloud_action_info *info)
{
    static const char *const effects[] = { "reads", "changes", "spends" };
    struct cloud_action_info first = CLOUD_ACTION_INFO_INIT;
    struct action action = {
        .provider = provider,
        .name = info->name,
        .service = info->service,
        .about = info->about,
        .effect = effects[info->effect],
        .method = info->method,
        .url = ctl_format("https://%s%s%s", info->host, info->base, info->path),
        .version = info->version,
        .parameters = ctl_alloc((info->param_count + 1) * sizeof(*action.parameters)),
        .parameter_count = info->param_count,
    };

    for (size_t n = 0; n < info->param_count; n++) {
        action.parameters[n].size = sizeof(action.parameters[n]);
        cloud_action_param(provider, info->number, n, &action.parameters[n]);
    }
    action.shared = cloud_action_find(provider, info->name, &first) && first.number != info->number;
    return action;
}

static bool has_name(const struct cloud_action_info *info, const char *name)
{
    ctl_auto_free char *whole = ctl_format("%s:%s", info->service, info->name);

    return cc_ascii_casecmp(info->name, name) == 0 || cc_ascii_casecmp(whole, name) == 0;
}

static bool matches(const struct cloud_action_info *info, const char *text, bool exactly)
{
    if (!text || has_name(info, text))
        return true;
    return !exactly &&
           (cc_ascii_contains(info->name, text) || cc_ascii_contains(info->about, text));
}

/* Adds the actions of the provider @only (NULL: of all providers) that match @text. */
static void collect(struct list *list, const char *only, const char *text, bool exactly)
{
    struct cloud_action_info info = CLOUD_ACTION_INFO_INIT;
    const char *provider;

    for (size_t p = 0; (provider = cloud_provider_name(p)); p++) {
        if (only && strcmp(only, provider) != 0)
            continue;
        for (size_t n = 0; cloud_action_info(provider, n, &info); n++) {
            if (!matches(&info, text, exactly))
                continue;
            list->actions =
                ctl_checked(reallocarray(list->actions, list->count + 1, sizeof(*list->actions)));
            list->actions[list->count++] = read_action(provider, &info);
        }
    }
}

static void free_list(struct list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        ctl_free_pointer(&list->actions[i].url);
        ctl_free_pointer(&list->actions[i].parameters);
    }
    free(list->actions);
}

static char *invoke_name(const struct action *action)
{
    return action->shared ? ctl_format("%s:%s", action->service, action->name)
                          : ctl_strdup(action->name);
}

/* "instanceId password [hostname]": optional parameters are in brackets */
static char *parameter_names(const struct action *action)
{
    char *names = ctl_strdup("");

    for (size_t i = 0; i < action->parameter_count; i++) {
        const struct cloud_action_param *p = &action->parameters[i];
        ctl_auto_free char *before = names;

        names = ctl_format(p->required && !p->supplied ? "%s%s%s" : "%s%s[%s]", before,
                           i ? " " : "", p->name);
    }
    return names;
}

static void print_table(const struct ctl_options *options, const struct list *list,
                        bool one_provider)
{
    struct ctl_table *table = ctl_table_new(options, !options->no_header);

    if (!one_provider)
        ctl_table_column(table, "PROVIDER", CTL_COLUMN | CTL_MINOR);
    ctl_table_column(table, "ACTION", CTL_COLUMN);
    ctl_table_column(table, "EFFECT", CTL_COLUMN);
    ctl_table_column(table, "WHAT IT DOES", CTL_COLUMN | CTL_WRAP);
    ctl_table_column(table, "PARAMETERS", CTL_COLUMN | CTL_WRAP | CTL_MINOR);
    for (size_t i = 0; i < list->count; i++) {
        const struct action *action = &list->actions[i];
        ctl_auto_free char *name = invoke_name(action), *parameters = parameter_names(action);

        ctl_table_row(table);
        if (!one_provider)
            ctl_table_cell(table, action->provider, NULL);
        ctl_table_cell(table, name, NULL);
        ctl_table_cell(table, action->effect, NULL);
        ctl_table_cell(table, action->about, NULL);
        ctl_table_cell(table, *parameters ? parameters : "-", NULL);
    }
    ctl_table_print(table);
}

/* "required", "optional", "has a default", "instead of InstanceId" */
static char *need_of(const struct cloud_action_param *p)
{
    const char *secret = p->secret ? ", secret" : "";

    if (p->instead_of)
        return ctl_format("instead of %s%s", p->instead_of, secret);
    if (p->supplied)
        return ctl_format("has a default%s", secret);
    return ctl_format("%s%s", p->required ? "required" : "optional", secret);
}

static void print_one(const struct ctl_options *options, const struct action *action)
{
    ctl_auto_free char *name = invoke_name(action);
    struct ctl_table *table;

    printf("%s %s: %s (%s)\n%s %s\n", action->provider, name, action->about, action->effect,
           action->method, action->url);
    if (action->parameter_count) {
        putchar('\n');
        table = ctl_table_new(options, !options->no_header);
        ctl_table_column(table, "PARAMETER", CTL_COLUMN);
        ctl_table_column(table, "TYPE", CTL_COLUMN);
        ctl_table_column(table, "WHERE", CTL_COLUMN);
        ctl_table_column(table, "NEED", CTL_COLUMN);
        for (size_t i = 0; i < action->parameter_count; i++) {
            const struct cloud_action_param *p = &action->parameters[i];
            ctl_auto_free char *need = need_of(p);

            ctl_table_row(table);
            ctl_table_cell(table, p->name, NULL);
            ctl_table_cell(table, p->type, NULL);
            ctl_table_cell(table, p->where, NULL);
            ctl_table_cell(table, need, NULL);
        }
        ctl_table_print(table);
    }
    printf("\ncloudctl invoke %s", name);
    for (size_t i = 0; i < action->parameter_count; i++)
        if (action->parameters[i].required && !action->parameters[i].supplied)
            printf(" %s=%s", action->parameters[i].name,
                   action->parameters[i].secret ? "-" : "...");
    putchar('\n');
}

static void print_markdown_parameters(const struct action *action)
{
    for (size_t i = 0; i < action->parameter_count; i++) {
        const struct cloud_action_param *p = &action->parameters[i];

        if (i)
            printf(", ");
        printf(p->required && !p->supplied ? "**`%s`**" : "`%s`", p->name);
        printf(" %s%s", p->type, p->secret ? " secret" : "");
        if (p->instead_of)
            printf(" instead of `%s`", p->instead_of);
    }
}

static void print_markdown(const struct list *list)
{
    const char *provider = "";

    printf(
        "<!-- SPDX-License-Identifier: Apache-2.0 -->\n"
        "# Every action, by vendor\n\n"
        "This page is the output of `cloudctl actions -o markdown`; a test compares the two. "
        "The library uses the same\n"
        "tables to check, sign and send each action. Required parameters are **bold**. Run "
        "`cloudctl actions NAME` to see\n"
        "where each parameter goes: into the path, the query or the body. Invoke an action with\n"
        "`cloudctl invoke NAME KEY=VALUE...` or `cloud_invoke()`.\n");
    for (size_t i = 0; i < list->count; i++) {
        const struct action *action = &list->actions[i];
        ctl_auto_free char *name = invoke_name(action);

        if (strcmp(provider, action->provider) != 0)
            printf("\n## %s\n\n| action | what it does | effect | request | parameters |\n"
                   "|---|---|---|---|---|\n",
                   action->provider);
        provider = action->provider;
        printf("| `%s` | %s | %s | %s `%s` | ", name, action->about, action->effect, action->method,
               action->url + strlen("https://"));
        print_markdown_parameters(action);
        printf(" |\n");
    }
}

static void print_document(const struct ctl_options *options, const struct list *list)
{
    struct ctl_json *json = ctl_json_new();

    ctl_json_list(json, ctl_json_root(json), "actions", &action_type, list->actions, list->count);
    ctl_json_print(json, options);
}

static bool is_known(const char *provider)
{
    const char *name;

    for (size_t n = 0; (name = cloud_provider_name(n)); n++)
        if (strcmp(name, provider) == 0)
            return true;
    return false;
}

int ctl_actions_run(const struct ctl_options *options)
{
    const struct ctl_type *const type = &action_type;
    ctl_auto_free char *provider = NULL;
    struct cloud_error err = { 0 };
    struct list list = { 0 };

    if (ctl_rows_check(options, &type, 1, &err) != CLOUD_OK ||
        ctl_cloud_provider(options, &provider, &err) != CLOUD_OK ||
        (provider && !is_known(provider) && ctl_plugins_load(options, &err) != CLOUD_OK))
        return ctl_stop(options, &err);
    collect(&list, provider, options->argument, true);
    if (!list.count)
        collect(&list, provider, options->argument, false);
    if (!list.count) {
        ctl_refuse(
            &err, CLOUD_EINVAL, "action",
            "no action has \"%s\" in its name or description; \"cloudctl actions\" lists all",
            options->argument);
        return ctl_stop(options, &err);
    }
    ctl_rows_sort(options, &action_type, list.actions, list.count);
    if (ctl_is_document(options))
        print_document(options, &list);
    else if (options->output == CTL_MARKDOWN)
        print_markdown(&list);
    else if (options->output == CTL_CSV || options->columns || options->sort)
        ctl_show_list(options, &action_type, list.actions, list.count);
    else if (list.count == 1)
        print_one(options, &list.actions[0]);
    else
        print_table(options, &list, provider != NULL);
    free_list(&list);
    return CTL_DONE;
}
