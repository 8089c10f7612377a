/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Opens the built-in demo clouds: one for each vendor, on the emulator inside this process. They
 * need no configuration and cost nothing. They share one world, a file under $XDG_STATE_HOME, so
 * their state persists between commands.
 */
#include "cli/cli.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* A default parameter, as in "parameters:" of clouds.yaml. { 0 } ends a table. */
struct demo_default {
    enum cloud_param param;
    const char *text;
};

struct demo {
    struct cloud_config_cloud cloud;
    struct demo_default defaults[8];
};

/* clang-format off */
static const struct demo demos[] = {
    { { "demo", "jdcloud", "cn-north-1", "cn-north-1a", "emulator:", CLOUD_MODE_NORMAL },
      { { CLOUD_PARAM_FAMILY, "c.n2" },
        { CLOUD_PARAM_IMAGE_ID, "img-demoubuntu22" },
        { CLOUD_PARAM_SUBNET_ID, "subnet-demo000001" },
        { CLOUD_PARAM_SYSTEM_DISK_TYPE, "ssd.gp1" },
        { CLOUD_PARAM_SYSTEM_DISK_GB, "40" },
        { 0 } } },
    { { "demo-ecs", "capitalonline_ecs", "CN_Huhhot", "CN_Hohhot_B", "emulator:",
        CLOUD_MODE_NORMAL },
      { { CLOUD_PARAM_FAMILY, "Cpu计算型C4" },
        { CLOUD_PARAM_IMAGE_ID, "img-demo000000000002" },
        { CLOUD_PARAM_VPC_ID, "11111111-1111-4111-8111-111111111111" },
        { CLOUD_PARAM_SUBNET_ID, "22222222-2222-4222-8222-222222222222" },
        { CLOUD_PARAM_SYSTEM_DISK_TYPE, "ssd" },
        { CLOUD_PARAM_SYSTEM_DISK_GB, "40" },
        { 0 } } },
    { { "demo-ccs", "capitalonline_ccs", "CN_Beijing_A", "CN_Beijing_A", "emulator:",
        CLOUD_MODE_NORMAL },
      { { CLOUD_PARAM_FAMILY, "CCS.C3" },
        { CLOUD_PARAM_IMAGE_ID, "Ubuntu_22.04_64" },
        { CLOUD_PARAM_VPC_ID, "33333333-3333-4333-8333-333333333333" },
        { CLOUD_PARAM_SUBNET_ID, "44444444-4444-4444-8444-444444444444" },
        { CLOUD_PARAM_SYSTEM_DISK_TYPE, "ssd_system_disk" },
        { CLOUD_PARAM_SYSTEM_DISK_GB, "40" },
        { 0 } } },
};
/* clang-format on */

const struct cloud_config_cloud *ctl_demo_cloud(size_t n)
{
    return n < CTL_COUNT(demos) ? &demos[n].cloud : NULL;
}

const struct cloud_config_cloud *ctl_demo_find(const char *name)
{
    for (size_t n = 0; n < CTL_COUNT(demos); n++)
        if (strcmp(demos[n].cloud.name, name) == 0)
            return &demos[n].cloud;
    return NULL;
}

/* Creates the missing directories of the path; only this user can read them. */
static int make_directories(const char *path, struct cloud_error *err)
{
    ctl_auto_free char *part = ctl_strdup(path);

    for (char *slash = strchr(part + 1, '/');; slash = strchr(slash + 1, '/')) {
        if (slash)
            *slash = '\0';
        if (mkdir(part, 0700) != 0 && errno != EEXIST)
            return ctl_refuse(err, CLOUD_ECONFIG, "XDG_STATE_HOME",
                              "cannot create the directory %s: %s", part, strerror(errno));
        if (!slash)
            return CLOUD_OK;
        *slash = '/';
    }
}

/* "emulator:/home/x/.local/state/cloud-client/demo.world" */
static int make_endpoint(char **ret, struct cloud_error *err)
{
    const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
    ctl_auto_free char *directory = NULL;

    /* the XDG base directory specification says to ignore relative paths */
    if (state && state[0] == '/')
        directory = ctl_format("%s/cloud-client", state);
    else if (home && home[0] == '/')
        directory = ctl_format("%s/.local/state/cloud-client", home);
    else
        return ctl_refuse(
            err, CLOUD_ECONFIG, "XDG_STATE_HOME",
            "the built-in clouds have no folder for their state: set XDG_STATE_HOME or HOME to an "
            "absolute path");
    if (make_directories(directory, err) != CLOUD_OK)
        return err->code;
    *ret = ctl_format("emulator:%s/demo.world", directory);
    return CLOUD_OK;
}

/* The zone belongs to the cloud's own region; in another region the caller names a zone. */
static int set_defaults(const struct demo *demo, bool own_region, struct cloud_params *ret,
                        struct cloud_error *err)
{
    int code = CLOUD_OK;

    if (own_region)
        code = cloud_params_set(ret, CLOUD_PARAM_ZONE, demo->cloud.zone, err);
    for (const struct demo_default *row = demo->defaults; code == CLOUD_OK && row->text; row++)
        code = cloud_params_set(ret, row->param, row->text, err);
    return code;
}

int ctl_demo_client(const struct cloud_config_cloud *cloud, const struct ctl_options *options,
                    struct cloud_client **ret, struct cloud_error *err)
{
    const struct demo *demo = (const struct demo *)(const void *)cloud;
    struct cloud_client_options made = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_params defaults = CLOUD_PARAMS_INIT;
    ctl_auto_free char *endpoint = NULL;
    int code;

    _Static_assert(offsetof(struct demo, cloud) == 0, "a demo begins with its cloud");
    if (make_endpoint(&endpoint, err) != CLOUD_OK)
        return err->code;
    made.provider = cloud->provider;
    made.region = options->region ? options->region : cloud->region;
    made.endpoint = endpoint;
    made.defaults = &defaults;
    code = set_defaults(demo, strcmp(made.region, cloud->region) == 0, &defaults, err);
    if (code == CLOUD_OK)
        code = cloud_client_new(&made, ret, err);
    cloud_params_clear(&defaults);
    return code;
}
