/* SPDX-License-Identifier: Apache-2.0 */
/* Makes the client of a cloud in clouds.yaml. */
#include "core/base/arguments.h"
#include "core/config/config.h"

int cloud_config_client(const struct cloud_config *config, const char *name,
                        struct cloud_client **ret_client, struct cloud_error *err)
{
    int rc = cc_need(config, "config", err);

    if (!rc)
        rc = cc_need(ret_client, "ret_client", err);
    return rc ? rc : cc_config_client(config, name, cloud_client_new, ret_client, err);
}
