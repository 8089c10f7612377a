/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Which cloud a command goes to: the configured ones, and the built-in ones where no configuration
 * bears their name. Tells a newcomer without any configuration how to begin.
 */
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char begin[] =
    "  to look around, no configuration is needed:  cloudctl --cloud demo regions\n"
    "  for a cloud of yours, write clouds.yaml:\n"
    "    clouds:\n"
    "      beijing: { provider: jdcloud, region: cn-north-1,\n"
    "                 access_key_id: \"${JD_ACCESS_KEY_ID}\",\n"
    "                 access_key_secret: \"${JD_ACCESS_KEY_SECRET}\" }\n"
    "  and ask it:  cloudctl --cloud beijing regions\n";

void ctl_clouds_explain(void)
{
    fputs(begin, stderr);
}

/* A file that was named has to be there; one that was only looked for need not. */
int ctl_clouds_load(const struct ctl_options *options, struct cloud_config **ret_or_null,
                    struct cloud_error *err)
{
    const char *named = options->config ? options->config : getenv("CLOUD_CLIENT_CONFIG");
    int code = cloud_config_load(options->config, ret_or_null, err);

    if (code != CLOUD_ENOTFOUND)
        return code;
    if (named && *named)
        return err->code = CLOUD_ECONFIG;
    *ret_or_null = NULL;
    return CLOUD_OK;
}

static void log_line(enum cloud_log_level level, const char *line, void *user_data)
{
    static const char *const names[] = { "error", "info", "debug" };

    (void)user_data;
    fprintf(stderr, "%s: %s\n", names[level <= CLOUD_LOG_DEBUG ? level : CLOUD_LOG_DEBUG], line);
}

static bool is_configured(const struct cloud_config *config, const char *name)
{
    const struct cloud_config_cloud *cloud;

    for (size_t n = 0; config && (cloud = cloud_config_cloud(config, n)); n++)
        if (strcmp(cloud->name, name) == 0)
            return true;
    return false;
}

int ctl_cloud_open(const struct ctl_options *options, const struct cloud_config *config,
                   const char *name, struct cloud_client **ret, struct cloud_error *err)
{
    const struct cloud_config_cloud *demo = name ? ctl_demo_find(name) : NULL;
    int code;

    if (demo && !is_configured(config, name)) {
        code = ctl_demo_client(demo, options, ret, err);
    } else if (!config) {
        return ctl_refuse(err, CLOUD_ECONFIG, CTL_NO_CONFIGURATION, "no cloud is configured%s%s",
                          name ? ", so there is none called " : "", name ? name : "");
    } else if (options->region) {
        return ctl_refuse(
            err, CLOUD_EINVAL, "region",
            "--region is for built-in clouds; %s says the region of each other cloud, "
            "so give this one an entry for region %s",
            cloud_config_path(config), options->region);
    } else {
        code = cloud_config_client(config, name, ret, err);
    }
    if (code == CLOUD_OK && options->debug)
        cloud_client_set_log(*ret, log_line, NULL);
    return code;
}

int ctl_client_open(const struct ctl_options *options, struct cloud_client **ret,
                    struct cloud_error *err)
{
    const char *name = options->cloud ? options->cloud : getenv("CLOUD_CLIENT_CLOUD");
    struct cloud_config *config = NULL;
    int code = ctl_clouds_load(options, &config, err);

    if (code == CLOUD_OK)
        code = ctl_cloud_open(options, config, name && *name ? name : NULL, ret, err);
    cloud_config_free(config);
    return code;
}

/* A row of the list: what the configuration says, and where it stands. */
struct cloud_row {
    struct cloud_config_cloud cloud;
    const char *from;
};

/* clang-format off */
#define T struct cloud_row
#define CLOUD_TEXT(member) \
    { .name = #member, .at = CTL_AT(T, cloud.member, const char *), .column = CTL_COLUMN }
static const struct ctl_field row_fields[] = {
    CLOUD_TEXT(name),
    CLOUD_TEXT(provider),
    CLOUD_TEXT(region),
    CLOUD_TEXT(zone),
    CLOUD_TEXT(endpoint),
    { .name = "mode", .kind = CTL_MODE, .at = CTL_AT(T, cloud.mode, enum cloud_mode),
      .column = CTL_COLUMN },
    CTL_F_TEXT(T, from, CTL_COLUMN),
    { 0 }
};
static const struct ctl_type row_type = { "clouds", sizeof(T), row_fields };
#undef T
/* clang-format on */

void ctl_clouds_walk(const struct cloud_config *config,
                     void (*take)(const struct cloud_config_cloud *cloud, void *user_data),
                     void *user_data)
{
    const struct cloud_config_cloud *cloud;

    for (size_t n = 0; config && (cloud = cloud_config_cloud(config, n)); n++)
        take(cloud, user_data);
    for (size_t n = 0; (cloud = ctl_demo_cloud(n)); n++)
        if (!is_configured(config, cloud->name))
            take(cloud, user_data);
}

struct wanted {
    const char *name;
    char *provider;
};

static void take_wanted(const struct cloud_config_cloud *cloud, void *user_data)
{
    struct wanted *wanted = user_data;

    if (!wanted->provider && strcmp(cloud->name, wanted->name) == 0)
        wanted->provider = ctl_strdup(cloud->provider);
}

int ctl_cloud_provider(const struct ctl_options *options, char **ret_or_null,
                       struct cloud_error *err)
{
    struct wanted wanted = { .name =
                                 options->cloud ? options->cloud : getenv("CLOUD_CLIENT_CLOUD") };
    struct cloud_config *config = NULL;

    *ret_or_null = NULL;
    if (!wanted.name || !*wanted.name)
        return CLOUD_OK;
    if (ctl_clouds_load(options, &config, err) != CLOUD_OK)
        return err->code;
    ctl_clouds_walk(config, take_wanted, &wanted);
    cloud_config_free(config);
    if (!wanted.provider)
        return ctl_refuse(err, CLOUD_ECONFIG, "cloud", "there is no cloud called %s", wanted.name);
    *ret_or_null = wanted.provider;
    return CLOUD_OK;
}

static size_t list_clouds(const struct cloud_config *config, struct cloud_row *rows, size_t most)
{
    const struct cloud_config_cloud *cloud;
    size_t count = 0;

    for (size_t n = 0; config && count < most && (cloud = cloud_config_cloud(config, n)); n++)
        rows[count++] = (struct cloud_row){ *cloud, cloud_config_path(config) };
    for (size_t n = 0; count < most && (cloud = ctl_demo_cloud(n)); n++)
        if (!is_configured(config, cloud->name))
            rows[count++] = (struct cloud_row){ *cloud, "built in" };
    return count;
}

static size_t count_clouds(const struct cloud_config *config)
{
    size_t n = 0, demos = 0;

    while (config && cloud_config_cloud(config, n))
        n++;
    while (ctl_demo_cloud(demos))
        demos++;
    return n + demos;
}

int ctl_clouds_run(const struct ctl_options *options)
{
    ctl_auto_free struct cloud_row *rows = NULL;
    struct cloud_config *config = NULL;
    struct cloud_error err = { 0 };
    size_t count;

    if (ctl_clouds_load(options, &config, &err) != CLOUD_OK)
        return ctl_stop(options, &err);
    count = count_clouds(config);
    rows = ctl_alloc(count * sizeof(*rows));
    count = list_clouds(config, rows, count);
    if (options->output == CTL_JSON) {
        struct ctl_json *json = ctl_json_new();
        ctl_auto_free char *text = NULL;

        ctl_json_list(json, ctl_json_root(json), "clouds", &row_type, rows, count);
        text = ctl_json_write(json);
        fputs(text, stdout);
        ctl_json_free(json);
    } else {
        ctl_show_list(&row_type, rows, count);
    }
    if (!config) {
        fputs("no cloud is configured yet\n", stderr);
        ctl_clouds_explain();
    }
    cloud_config_free(config);
    return CTL_DONE;
}
