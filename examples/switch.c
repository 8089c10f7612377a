/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gets the price of one size from each cloud of clouds.yaml, with the same code for every vendor.
 * The configuration has the vendor, and the parameters that only this vendor needs (zone, network,
 * family).
 *
 *   switch [clouds.yaml]
 */
#include <cloud_client.h>
#include <stdio.h>

static void price(const struct cloud_config *config, const struct cloud_config_cloud *cloud)
{
    struct cloud_params size = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_client *client = NULL;
    struct cloud_error err;
    char total[CLOUD_MONEY_MAX], period[CLOUD_PERIOD_MAX];
    const char *why;

    size.cpu = 2;
    size.memory_gb = 4;
    size.system_disk_gb = 40;
    size.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    if (cloud_config_client(config, cloud->name, &client, &err) ||
        cloud_describe_price(client, &size, &result, &err))
        printf("%-12s %s; %s\n", cloud->name, err.message, cloud_code_advice(err.code));
    else
        printf("%-12s %s for %s\n", cloud->name, cloud_money_format(result.price.total, total),
               cloud_period_format(result.price.period, period));
    if (!cloud_supports(cloud->provider, CLOUD_OP_RENEW_INSTANCE, &why))
        printf("%-12s cannot renew: %s\n", "", why);
    cloud_result_clear(&result);
    cloud_client_free(client);
}

int main(int argc, char **argv)
{
    const struct cloud_config_cloud *cloud;
    struct cloud_config *config;
    struct cloud_error err;

    if (cloud_config_load(argc > 1 ? argv[1] : NULL, &config, &err))
        return fprintf(stderr, "%s\n", err.message), 2;
    for (size_t i = 0; (cloud = cloud_config_cloud(config, i)) != NULL; i++)
        price(config, cloud);
    cloud_config_free(config);
    return 0;
}
