/* SPDX-License-Identifier: Apache-2.0 */
/* Finds an instance by its name, where commands take an id. */
#include "cli/cli.h"

#include <string.h>

static int not_unique(const char *name, const struct cloud_result *found, struct cloud_error *err)
{
    ctl_auto_free char *ids = ctl_strdup("");

    for (size_t i = 0; i < found->instance_count; i++) {
        ctl_auto_free char *before = ids;
        const struct cloud_instance *instance = &found->instances[i];
        bool same = instance->id && instance->name && strcmp(instance->name, name) == 0;

        ids = ctl_format("%s%s%s", before, same && *before ? ", " : "", same ? instance->id : "");
    }
    return ctl_refuse(err, CLOUD_ECONFLICT, "instance_id",
                      "several instances have the name \"%s\": %s; give the id", name, ids);
}

int ctl_find_by_name(struct cloud_client *client, const char *name, char **ret_id_or_null,
                     struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result found = CLOUD_RESULT_INIT;
    const char *id = NULL;
    int code;

    *ret_id_or_null = NULL;
    params.name = name;
    code = cloud_describe_instances(client, &params, &found, err);
    for (size_t i = 0; i < found.instance_count && code == CLOUD_OK; i++) {
        const struct cloud_instance *instance = &found.instances[i];

        if (!instance->id || !instance->name || strcmp(instance->name, name) != 0)
            continue;
        if (id)
            code = not_unique(name, &found, err);
        id = instance->id;
    }
    if (code == CLOUD_OK && id)
        *ret_id_or_null = ctl_strdup(id);
    cloud_result_clear(&found);
    return code;
}
