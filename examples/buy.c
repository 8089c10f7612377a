/* SPDX-License-Identifier: Apache-2.0 */
/* Buys a server from the emulator in this process. */
#include <cloud_client.h>
#include <stdio.h>

int main(void)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_params server = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_client *cloud;
    struct cloud_error err;

    options.provider = "jdcloud";
    options.region = "cn-north-1";
    options.endpoint = "emulator:"; /* leave it out, and name access_key_id and access_key_secret,
                                       to buy for real */
    if (cloud_client_new(&options, &cloud, &err))
        return fprintf(stderr, "%s\n", err.message), 2;
    server.name = "web-1";
    server.zone = "cn-north-1a";
    server.instance_type = "g.n2.medium";
    server.image_id = "img-demoubuntu22";
    server.subnet_id = "subnet-demo000001";
    server.system_disk_gb = 40;
    server.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    server.operation_key = "order-1001"; /* at JD Cloud it buys once; elsewhere use a journal */
    if (cloud_create_instance(cloud, &server, &result, &err))
        fprintf(stderr, "%s (%s)\n", err.message, cloud_outcome_name(err.outcome));
    else
        printf("bought %s\n", result.ids[0]);
    cloud_result_clear(&result);
    cloud_client_free(cloud);
    return err.code ? 1 : 0;
}
