/* SPDX-License-Identifier: Apache-2.0 */
/* Implements the typed functions: each fills a parameter structure and makes one call. */
#include "include/cloud_client.h"

static int by_id(struct cloud_client *client, enum cloud_op op, const char *id,
                 struct cloud_result *ret_result, struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = id;
    return cloud_call(client, op, &params, ret_result, err);
}

int cloud_start_instance(struct cloud_client *client, const char *id, struct cloud_error *err)
{
    return by_id(client, CLOUD_OP_START_INSTANCE, id, NULL, err);
}

int cloud_stop_instance(struct cloud_client *client, const char *id, bool force,
                        struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = id;
    params.force = force ? CLOUD_YES : CLOUD_UNSET;
    return cloud_call(client, CLOUD_OP_STOP_INSTANCE, &params, NULL, err);
}

int cloud_reboot_instance(struct cloud_client *client, const char *id, struct cloud_error *err)
{
    return by_id(client, CLOUD_OP_REBOOT_INSTANCE, id, NULL, err);
}

int cloud_modify_instance_passwd(struct cloud_client *client, const char *id, const char *password,
                                 struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = id;
    params.password = password;
    return cloud_call(client, CLOUD_OP_MODIFY_INSTANCE_PASSWD, &params, NULL, err);
}

int cloud_describe_price(struct cloud_client *client, const struct cloud_params *params,
                         struct cloud_result *ret_result, struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_DESCRIBE_PRICE, params, ret_result, err);
}

static int for_period(struct cloud_client *client, enum cloud_op op, const char *id,
                      struct cloud_period period, struct cloud_result *ret_result,
                      struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = id;
    params.period = period;
    return cloud_call(client, op, &params, ret_result, err);
}

int cloud_describe_renew_price(struct cloud_client *client, const char *id,
                               struct cloud_period period, struct cloud_result *ret_result,
                               struct cloud_error *err)
{
    return for_period(client, CLOUD_OP_DESCRIBE_RENEW_PRICE, id, period, ret_result, err);
}

int cloud_describe_upgrade_price(struct cloud_client *client, const struct cloud_params *params,
                                 struct cloud_result *ret_result, struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_DESCRIBE_UPGRADE_PRICE, params, ret_result, err);
}

int cloud_create_instance(struct cloud_client *client, const struct cloud_params *params,
                          struct cloud_result *ret_result, struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_CREATE_INSTANCE, params, ret_result, err);
}

int cloud_create_instance_dry_run(struct cloud_client *client, const struct cloud_params *params,
                                  struct cloud_result *ret_result, struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_CREATE_INSTANCE_DRY_RUN, params, ret_result, err);
}

int cloud_renew_instance(struct cloud_client *client, const char *id, struct cloud_period period,
                         struct cloud_result *ret_result, struct cloud_error *err)
{
    return for_period(client, CLOUD_OP_RENEW_INSTANCE, id, period, ret_result, err);
}

int cloud_describe_instance_vnc_url(struct cloud_client *client, const char *id,
                                    struct cloud_result *ret_result, struct cloud_error *err)
{
    return by_id(client, CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL, id, ret_result, err);
}

int cloud_describe_regions(struct cloud_client *client, struct cloud_result *ret_result,
                           struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_DESCRIBE_REGIONS, NULL, ret_result, err);
}

int cloud_describe_resources_modification(struct cloud_client *client, const char *id,
                                          const char *resource, struct cloud_result *ret_result,
                                          struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = id;
    params.resource = resource;
    return cloud_call(client, CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION, &params, ret_result, err);
}

int cloud_upgrade_instance(struct cloud_client *client, const struct cloud_params *params,
                           struct cloud_result *ret_result, struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_UPGRADE_INSTANCE, params, ret_result, err);
}

int cloud_modify_instance_auto_renew_attribute(struct cloud_client *client, const char *id,
                                               bool auto_renew, struct cloud_period period,
                                               struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.instance_id = id;
    params.auto_renew = auto_renew ? CLOUD_YES : CLOUD_NO;
    if (auto_renew)
        params.period = period;
    return cloud_call(client, CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, &params, NULL, err);
}

int cloud_describe_instances(struct cloud_client *client, const struct cloud_params *params,
                             struct cloud_result *ret_result, struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_DESCRIBE_INSTANCES, params, ret_result, err);
}

int cloud_describe_instance(struct cloud_client *client, const char *id,
                            struct cloud_result *ret_result, struct cloud_error *err)
{
    return by_id(client, CLOUD_OP_DESCRIBE_INSTANCE, id, ret_result, err);
}

int cloud_delete_instance(struct cloud_client *client, const char *id, struct cloud_error *err)
{
    return by_id(client, CLOUD_OP_DELETE_INSTANCE, id, NULL, err);
}

int cloud_describe_disks(struct cloud_client *client, const struct cloud_params *params,
                         struct cloud_result *ret_result, struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_DESCRIBE_DISKS, params, ret_result, err);
}

int cloud_describe_instance_types(struct cloud_client *client, const struct cloud_params *params,
                                  struct cloud_result *ret_result, struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_DESCRIBE_INSTANCE_TYPES, params, ret_result, err);
}

int cloud_describe_images(struct cloud_client *client, const struct cloud_params *params,
                          struct cloud_result *ret_result, struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_DESCRIBE_IMAGES, params, ret_result, err);
}

int cloud_describe_task(struct cloud_client *client, const struct cloud_params *params,
                        struct cloud_result *ret_result, struct cloud_error *err)
{
    return cloud_call(client, CLOUD_OP_DESCRIBE_TASK, params, ret_result, err);
}

int cloud_invoke(struct cloud_client *client, const char *action, const char *parameters,
                 struct cloud_result *ret_result, struct cloud_error *err)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.action = action;
    params.parameters = parameters;
    return cloud_call(client, CLOUD_OP_INVOKE, &params, ret_result, err);
}
