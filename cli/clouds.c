/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens the cloud that a command uses, and lists the clouds: the configured ones, and the built-in
 * ones where no configured cloud has their name. Without a configuration it explains how to begin.
 */
#include "cli/output.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void log_line(enum cloud_log_level level, const char *line, void *user_data)
{
    static const char *const names[] = { "error", "info", "debug" };

    (void)user_data;
    ctl_note("%s: %s", names[level <= CLOUD_LOG_DEBUG ? level : CLOUD_LOG_DEBUG], line);
}

static bool is_configured(const struct cloud_config *config, const char *name)
{
    const struct cloud_config_cloud *cloud;

    for (size_t n = 0; config && (cloud = cloud_config_cloud(config, n)); n++)
        if (strcmp(cloud->name, name) == 0)
            return true;
    return false;
}

/* A region that the provider's table does not have may be new, so it is not refused. An answer from
 * it can be an error or an empty list. */
static void check_region(struct cloud_client *client)
{
    const char *region = cloud_client_region(client), *provider = cloud_client_provider(client);
    struct cloud_result table = CLOUD_RESULT_INIT;
    struct cloud_error err = { 0 };
    struct ctl_nearest nearest = { 0 };
    char note[256] = "";
    bool known = !*region;

    ctl_set_region_note("");
    if (known || cloud_supports(provider, CLOUD_OP_DESCRIBE_REGIONS, NULL) != CLOUD_DERIVED)
        return;
    if (cloud_describe_regions(client, &table, &err) == CLOUD_OK) {
        for (size_t n = 0; n < table.region_count; n++) {
            known |= strcmp(table.regions[n].id, region) == 0;
            ctl_nearest_try(&nearest, region, table.regions[n].id);
        }
        if (!known)
            snprintf(note, sizeof(note),
                     "region %.60s is not in the table of %s's regions%s%s%s; \"cloudctl regions\" "
                     "lists them",
                     region, provider, nearest.best ? " (did you mean " : "",
                     nearest.best ? nearest.best : "", nearest.best ? "?)" : "");
    }
    cloud_result_clear(&table);
    if (note[0])
        ctl_note("note: %s", note);
    ctl_set_region_note(note);
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
                          name ? ", so there is no cloud called " : "", name ? name : "");
    } else if (options->region) {
        return ctl_refuse(
            err, CLOUD_EINVAL, "region",
            "--region is only for built-in clouds; to use region %s, add a cloud with "
            "this region to %s",
            options->region, cloud_config_path(config));
    } else {
        code = cloud_config_client(config, name, ret, err);
    }
    if (code != CLOUD_OK)
        return code;
    check_region(*ret);
    if (options->debug)
        cloud_client_set_log(*ret, log_line, NULL);
    return CLOUD_OK;
}

int ctl_client_open(const struct ctl_options *options, struct cloud_client **ret,
                    struct cloud_error *err)
{
    struct cloud_config *config = NULL;
    int code = ctl_config_load(options, &config, err);

    if (code == CLOUD_OK)
        code = ctl_cloud_open(options, config, ctl_cloud_name(options), ret, err);
    cloud_config_free(config);
    return code;
}

/* A row of the list. */
struct cloud_row {
    struct cloud_config_cloud cloud;
    const char *from; /* path of the configuration, or "built in" */
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

struct search {
    const char *name;
    char *provider;
};

static void match_name(const struct cloud_config_cloud *cloud, void *user_data)
{
    struct search *search = user_data;

    if (!search->provider && strcmp(cloud->name, search->name) == 0)
        search->provider = ctl_strdup(cloud->provider);
}

int ctl_cloud_provider(const struct ctl_options *options, char **ret_or_null,
                       struct cloud_error *err)
{
    struct search search = { .name = ctl_cloud_name(options) };
    struct cloud_config *config = NULL;

    *ret_or_null = NULL;
    if (!search.name)
        return CLOUD_OK;
    if (ctl_config_load(options, &config, err) != CLOUD_OK)
        return err->code;
    ctl_clouds_walk(config, match_name, &search);
    cloud_config_free(config);
    if (!search.provider)
        return ctl_refuse(err, CLOUD_ECONFIG, "cloud",
                          "there is no cloud called %s; \"cloudctl clouds\" lists all clouds",
                          search.name);
    *ret_or_null = search.provider;
    return CLOUD_OK;
}

static size_t list_clouds(const struct cloud_config *config, struct cloud_row *rows, size_t max)
{
    const struct cloud_config_cloud *cloud;
    size_t count = 0;

    for (size_t n = 0; config && count < max && (cloud = cloud_config_cloud(config, n)); n++)
        rows[count++] = (struct cloud_row){ *cloud, cloud_config_path(config) };
    for (size_t n = 0; count < max && (cloud = ctl_demo_cloud(n)); n++)
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
    const struct ctl_type *const type = &row_type;
    ctl_auto_free struct cloud_row *rows = NULL;
    struct cloud_config *config = NULL;
    struct cloud_error err = { 0 };
    size_t count;

    if (ctl_rows_check(options, &type, 1, &err) != CLOUD_OK ||
        ctl_config_load(options, &config, &err) != CLOUD_OK)
        return ctl_stop(options, &err);
    count = count_clouds(config);
    rows = ctl_alloc(count * sizeof(*rows));
    count = list_clouds(config, rows, count);
    ctl_rows_sort(options, &row_type, rows, count);
    if (ctl_is_document(options)) {
        struct ctl_json *json = ctl_json_new();

        ctl_json_list(json, ctl_json_root(json), "clouds", &row_type, rows, count);
        ctl_json_print(json, options);
    } else {
        ctl_show_list(options, &row_type, rows, count);
    }
    if (!config) {
        fputs("no cloud is configured yet\n", stderr);
        ctl_explain_setup();
    }
    cloud_config_free(config);
    return CTL_DONE;
}
