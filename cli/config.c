/* SPDX-License-Identifier: Apache-2.0 */
/* Reads clouds.yaml, and finds the cloud and the journal that the command line chooses. */
#include "cli/cli.h"

#include <stdlib.h>

/* A file that was named must exist. A file that was only searched for may be missing. Loads no
 * plug-in: cloud_config_client() does when a cloud needs one. */
int ctl_config_load(const struct ctl_options *options, struct cloud_config **ret_or_null,
                    struct cloud_error *err)
{
    const char *named = options->config ? options->config : getenv("CLOUD_CLIENT_CONFIG");
    int code = cloud_config_read(options->config, ret_or_null, err);

    if (code != CLOUD_ENOTFOUND)
        return code;
    if (named && *named)
        return err->code = CLOUD_ECONFIG;
    *ret_or_null = NULL;
    return CLOUD_OK;
}

int ctl_plugins_load(const struct ctl_options *options, struct cloud_error *err)
{
    struct cloud_config *config = NULL;
    int code = cloud_config_load(options->config, &config, err);

    cloud_config_free(config);
    return code;
}

const char *ctl_cloud_name(const struct ctl_options *options)
{
    const char *name = options->cloud ? options->cloud : getenv("CLOUD_CLIENT_CLOUD");

    return name && *name ? name : NULL;
}

int ctl_journal_uri(const struct ctl_options *options, char **ret_or_null, struct cloud_error *err)
{
    const char *named = options->journal ? options->journal : getenv("CLOUD_CLIENT_JOURNAL");
    struct cloud_config *config = NULL;
    int code = CLOUD_OK;

    *ret_or_null = NULL;
    if (!named || !*named) {
        code = ctl_config_load(options, &config, err);
        named = code == CLOUD_OK && config ? cloud_config_journal(config) : NULL;
    }
    if (code == CLOUD_OK && named && *named)
        *ret_or_null = ctl_strdup(named);
    cloud_config_free(config);
    return code;
}
