/* SPDX-License-Identifier: Apache-2.0 */
/* Fills the result of describe_regions from the table of the provider. */
#include "core/model/provider.h"

int cc_parse_regions(struct cc_hook *hook)
{
    struct cloud_result *result = hook->result;

    result->regions = hook->provider->regions;
    while (result->regions && result->regions[result->region_count].id)
        result->region_count++;
    return CLOUD_OK;
}
