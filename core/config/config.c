/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads clouds.yaml and creates clients from it. The options are in options.c, the parameters in
 * model/parameters.c.
 *
 * An entry is read twice. Loading the file checks everything that does not depend on the
 * environment, so that listing the clouds needs neither keys nor variables. Creating a client reads
 * its entry again and resolves every value.
 */
#include "core/config/config.h"
#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/base/file.h"
#include "core/config/options.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

struct cloud_config {
    struct cc_yaml *yaml;
    struct cc_arena *arena;
    const char *directory; /* paths in the file are relative to it */
    const struct cc_yaml_node *entries;
    const struct cc_yaml_node *defaults; /* NULL: none */
    struct cloud_config_cloud *clouds;   /* one for each entry, in the order of the file */
    size_t count;
    const char *journal; /* NULL: none */
    bool loads_plugins;  /* else a provider that no plug-in has brought yet may be one of theirs */
};

static int no_memory(struct cloud_error *err)
{
    return cc_fail(err, CLOUD_ENOMEM, "out of memory while reading the configuration");
}

static void close_entry(struct cc_entry *entry)
{
    cloud_params_clear(&entry->params);
}
#define auto_entry __attribute__((cleanup(close_entry)))

static struct cc_entry open_entry(const struct cloud_config *config,
                                  const struct cc_yaml_node *node, struct cc_arena *arena,
                                  struct cloud_error *err)
{
    return (struct cc_entry){ .yaml = config->yaml,
                              .node = node,
                              .defaults = config->defaults,
                              .directory = config->directory,
                              .plugins_pending = !config->loads_plugins &&
                                                 cc_yaml_find(config->yaml->root, "providers"),
                              .checkable = true,
                              .arena = arena,
                              .options = CLOUD_CLIENT_OPTIONS_INIT,
                              .params = CLOUD_PARAMS_INIT,
                              .err = err };
}

static int load_entry(struct cloud_config *config, const struct cc_yaml_node *node,
                      struct cloud_error *err)
{
    auto_entry struct cc_entry entry = open_entry(config, node, config->arena, err);
    const struct cc_yaml_node *zone = cc_yaml_find(node, "zone");
    int r = cc_entry_read(&entry);

    if (r != CLOUD_OK)
        return r;
    if (!zone)
        zone = cc_yaml_find(cc_yaml_find(node, "parameters"), "zone");
    config->clouds[config->count++] = (struct cloud_config_cloud){
        .name = node->key,
        .provider = entry.options.provider,
        .region = entry.options.region,
        .zone = entry.params.zone ? entry.params.zone
                : zone            ? zone->text
                                  : NULL,
        .endpoint = entry.options.endpoint,
        .mode = entry.options.mode,
    };
    return CLOUD_OK;
}

static int check_privacy(const struct cloud_config *config, const struct cc_yaml_node *node,
                         const char *what, struct cloud_error *err)
{
    cc_auto_buf struct cc_buf command = { 0 };
    struct stat st;

    if (stat(config->yaml->path, &st) != 0 || !(st.st_mode & (S_IRGRP | S_IROTH)))
        return CLOUD_OK;
    cc_buf_puts(&command, "chmod 600 ");
    cc_shell_word(&command, config->yaml->path);
    return cc_yaml_fail(config->yaml, node, NULL, err,
                        "%s in plain text, and other users can read this file; run: %s", what,
                        cc_buf_text(&command));
}

static int check_secrets(const struct cloud_config *config, struct cloud_error *err)
{
    for (const struct cc_yaml_node *entry = config->entries->first; entry; entry = entry->next) {
        for (const struct cc_yaml_node *node = entry->first; node; node = node->next) {
            const struct cc_option *option = node->key ? cc_option_find(node->key) : NULL;
            int r = CLOUD_OK;

            if (option && (option->flags & CC_OPTION_SECRET) && node->text &&
                cc_value_is_plain_text(node->text))
                r = check_privacy(config, node, "is a secret", err);
            if (r != CLOUD_OK)
                return r;
        }
    }
    return CLOUD_OK;
}

static enum cc_yaml_kind kind_of_top(const char *key)
{
    if (strcmp(key, "journal") == 0)
        return CC_YAML_TEXT;
    return strcmp(key, "providers") == 0 ? CC_YAML_LIST : CC_YAML_MAP;
}

/* Whether a URI has a password: postgresql://USER:PASSWORD@HOST or ?password=PASSWORD. */
static bool has_password(const char *uri)
{
    const char *scheme = strchr(uri, ':'), *colon = scheme ? strchr(scheme + 1, ':') : NULL;

    return cc_ascii_contains(uri, "password") || (colon && strchr(colon, '@'));
}

/* The PATH of "sqlite:PATH" is relative to the directory of clouds.yaml, like every path in it. */
static int read_journal(struct cloud_config *config, struct cloud_error *err)
{
    const struct cc_yaml_node *node = cc_yaml_find(config->yaml->root, "journal");
    const char *path = node && strncmp(node->text, "sqlite:", 7) == 0 ? node->text + 7 : NULL;

    if (!node)
        return CLOUD_OK;
    if (!path && has_password(node->text) &&
        check_privacy(config, node, "has a password", err) != CLOUD_OK)
        return CLOUD_ECONFIG;
    config->journal = path && *path != '/'
                          ? cc_arena_printf(config->arena, "sqlite:%s/%s", config->directory, path)
                          : cc_arena_strdup(config->arena, node->text);
    return config->journal ? CLOUD_OK : no_memory(err);
}

static int read_top(struct cloud_config *config, struct cloud_error *err)
{
    for (const struct cc_yaml_node *node = config->yaml->root->first; node; node = node->next) {
        struct cc_nearest nearest = { .word = node->key };
        int r;

        cc_nearest_try(&nearest, "clouds");
        cc_nearest_try(&nearest, "defaults");
        cc_nearest_try(&nearest, "providers");
        cc_nearest_try(&nearest, "journal");
        if (strcmp(nearest.best, node->key) != 0)
            return cc_yaml_unknown(config->yaml, node, &nearest, err);
        r = cc_yaml_expect(config->yaml, node, kind_of_top(node->key), err);
        if (r != CLOUD_OK)
            return r;
    }
    config->entries = cc_yaml_find(config->yaml->root, "clouds");
    config->defaults = cc_yaml_find(config->yaml->root, "defaults");
    if (!config->entries)
        return cc_yaml_fail(
            config->yaml, config->yaml->root, "clouds", err,
            "is missing; write a map of clouds, each with provider, region and keys");
    if (!config->entries->first)
        return cc_yaml_fail(
            config->yaml, config->entries, NULL, err,
            "has no cloud in it; write a name, and below it provider, region and keys");
    return read_journal(config, err);
}

/* Loads the plug-ins. A relative path starts at the directory of clouds.yaml. */
static int load_providers(const struct cloud_config *config, struct cloud_error *err)
{
    const struct cc_yaml_node *list = cc_yaml_find(config->yaml->root, "providers");

    for (const struct cc_yaml_node *node = list ? list->first : NULL; node; node = node->next) {
        cc_auto_buf struct cc_buf path = { 0 };
        struct cloud_error why = { 0 };
        int r = cc_yaml_expect(config->yaml, node, CC_YAML_TEXT, err);

        if (r != CLOUD_OK)
            return r;
        cc_buf_puts_all(&path, *node->text == '/' ? "" : config->directory,
                        *node->text == '/' ? "" : "/", node->text, NULL);
        if (path.failed)
            return no_memory(err);
        r = cloud_provider_load(cc_buf_text(&path), &why);
        if (r != CLOUD_OK)
            return cc_yaml_fail(config->yaml, node, NULL, err, "%s", why.message);
    }
    return CLOUD_OK;
}

static int load(struct cloud_config *config, struct cloud_error *err)
{
    int r = read_top(config, err);

    if (r == CLOUD_OK && config->loads_plugins)
        r = load_providers(config, err);
    if (r != CLOUD_OK)
        return r;
    config->clouds =
        cc_arena_alloc(config->arena, (config->entries->last->index + 1) * sizeof(*config->clouds));
    if (!config->clouds)
        return no_memory(err);
    r = check_secrets(config, err);
    for (const struct cc_yaml_node *entry = config->entries->first; entry && r == CLOUD_OK;
         entry = entry->next)
        r = load_entry(config, entry, err);
    return r;
}

/* True also for a file that cannot be read: reading it is then an error, and no other file replaces
 * it. */
static bool exists(const char *path)
{
    return access(path, F_OK) == 0 || (errno != ENOENT && errno != ENOTDIR);
}

static const char *from_environment(const char *name)
{
    const char *value = getenv(name);

    return value && *value ? value : NULL;
}

static char *user_file(void)
{
    const char *base = from_environment("XDG_CONFIG_HOME");
    const char *home = from_environment("HOME");
    char *path = NULL;

    if (asprintf(&path, "%s%s/cloud-client/clouds.yaml",
                 base   ? base
                 : home ? home
                        : "",
                 base ? "" : "/.config") < 0)
        return NULL;
    return path;
}

static int find_file(char **ret_path, struct cloud_error *err)
{
    const char *named = from_environment("CLOUD_CLIENT_CONFIG");
    cc_auto_free char *user = user_file();
    const char *places[] = { user, "/etc/cloud-client/clouds.yaml" };
    const char *found = named;

    if (!user)
        return no_memory(err);
    if (named && !exists(named))
        return cc_fail(err, CLOUD_ENOTFOUND,
                       "there is no file %s, which $CLOUD_CLIENT_CONFIG names", named);
    /* a relative path would begin in the current directory, which is not trusted */
    for (size_t i = 0; i < CC_COUNT(places) && !found; i++)
        found = *places[i] == '/' && exists(places[i]) ? places[i] : NULL;
    if (!found)
        return cc_fail(err, CLOUD_ENOTFOUND,
                       "there is no configuration file; searched $CLOUD_CLIENT_CONFIG (not set), "
                       "%s%s, %s%s",
                       places[0], *places[0] == '/' ? "" : " (not used: it is relative)", places[1],
                       exists("clouds.yaml") ? "; clouds.yaml in the current directory is read "
                                               "only when it is named"
                                             : "");
    *ret_path = strdup(found);
    return *ret_path ? CLOUD_OK : no_memory(err);
}

static const char *directory_of(struct cc_arena *arena, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return cc_arena_strdup(arena, ".");
    return cc_arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path));
}

static struct cloud_config *new_config(const char *path)
{
    struct cc_arena *arena = cc_arena_new();
    struct cloud_config *config = arena ? cc_arena_alloc(arena, sizeof(*config)) : NULL;

    if (config) {
        *config = (struct cloud_config){ .arena = arena, .directory = directory_of(arena, path) };
        if (config->directory)
            return config;
    }
    cc_arena_free(arena);
    return NULL;
}

static int read_file(const char *path, bool loads_plugins, struct cloud_config **ret_config,
                     struct cloud_error *err)
{
    cc_auto_free char *found = NULL;
    struct cloud_config *config;
    int r = cc_need(ret_config, "ret_config", err);

    if (r)
        return r;
    cc_error_clear(err);
    if (path && !exists(path))
        return cc_fail(err, CLOUD_ENOTFOUND, "there is no file %s", path);
    r = path ? CLOUD_OK : find_file(&found, err);
    if (r != CLOUD_OK)
        return r;
    config = new_config(path ? path : found);
    if (!config)
        return no_memory(err);
    config->loads_plugins = loads_plugins;
    r = cc_yaml_load(path ? path : found, &config->yaml, err);
    if (r == CLOUD_OK)
        r = load(config, err);
    if (r == CLOUD_OK)
        *ret_config = config;
    else
        cloud_config_free(config);
    return r;
}

int cloud_config_load(const char *path, struct cloud_config **ret_config, struct cloud_error *err)
{
    return read_file(path, true, ret_config, err);
}

int cloud_config_read(const char *path, struct cloud_config **ret_config, struct cloud_error *err)
{
    return read_file(path, false, ret_config, err);
}

void cloud_config_free(struct cloud_config *config)
{
    if (!config)
        return;
    cc_yaml_free(config->yaml);
    cc_arena_free(config->arena);
}

const char *cloud_config_journal(const struct cloud_config *config)
{
    return config ? config->journal : NULL;
}

const char *cloud_config_path(const struct cloud_config *config)
{
    return config ? config->yaml->path : "";
}

const struct cloud_config_cloud *cloud_config_cloud(const struct cloud_config *config, size_t n)
{
    return config && n < config->count ? &config->clouds[n] : NULL;
}

static int find_entry(const struct cloud_config *config, const char *name,
                      const struct cc_yaml_node **ret_entry, struct cloud_error *err)
{
    cc_auto_buf struct cc_buf names = { 0 };
    struct cc_nearest nearest = { .word = name ? name : "" };
    const char *found;

    *ret_entry = name                 ? cc_yaml_find(config->entries, name)
                 : config->count == 1 ? config->entries->first
                                      : NULL;
    if (*ret_entry)
        return CLOUD_OK;
    for (size_t n = 0; n < config->count; n++) {
        cc_buf_printf(&names, "%s%s", n > 0 ? ", " : "", config->clouds[n].name);
        cc_nearest_try(&nearest, config->clouds[n].name);
    }
    found = cc_nearest_found(&nearest);
    if (!name)
        return cc_yaml_fail(config->yaml, config->entries, NULL, err,
                            "has more than one cloud; name one of %s", cc_buf_text(&names));
    return cc_yaml_fail(config->yaml, config->entries, NULL, err,
                        "there is no cloud '%.60s'; %s%s%sthe clouds are %s", name,
                        found ? "the nearest is '" : "", found ? found : "", found ? "', " : "",
                        cc_buf_text(&names));
}

static int make_client(const struct cloud_config *config, struct cc_entry *entry,
                       cc_client_new_fn new_client, struct cloud_client **ret_client)
{
    struct cloud_error why = { 0 };
    int r = cc_entry_read(entry);

    if (r == CLOUD_OK && cc_entry_needs_plugins(entry))
        r = load_providers(config, entry->err);
    if (r != CLOUD_OK)
        return r;
    entry->options.defaults = &entry->params;
    r = new_client(&entry->options, ret_client, &why);
    return r == CLOUD_OK ? CLOUD_OK : cc_entry_fail(entry, &why);
}

int cc_config_client(const struct cloud_config *config, const char *name,
                     cc_client_new_fn new_client, struct cloud_client **ret_client,
                     struct cloud_error *err)
{
    const struct cc_yaml_node *node = NULL;
    struct cc_entry entry;
    struct cc_arena *arena;
    int r;

    cc_error_clear(err);
    r = find_entry(config, name, &node, err);
    if (r != CLOUD_OK)
        return r;
    arena = cc_arena_new();
    if (!arena)
        return no_memory(err);
    entry = open_entry(config, node, arena, err);
    entry.resolve_all = true;
    r = make_client(config, &entry, new_client, ret_client);
    close_entry(&entry);
    cc_arena_free(arena);
    return r;
}
