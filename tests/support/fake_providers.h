/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Replaces the registered providers by fake ones, so that tests of core/ need no provider. A test
 * that includes this header is linked with
 * -Wl,--wrap=cc_provider_find,--wrap=cloud_provider_name.
 */
#ifndef TESTS_FAKE_PROVIDERS_H
#define TESTS_FAKE_PROVIDERS_H

#include "core/model/provider.h"

static const struct cloud_provider fake_providers[] = {
    { .name = "jdcloud",
      .needs_region = true,
      .sign_name = "JDCLOUD3",
      .sign_other_name = "JDCLOUD2" },
    { .name = "capitalonline_ecs" },
    { .name = "capitalonline_ccs", .needs_region = true },
};

const struct cloud_provider *__wrap_cc_provider_find(const char *name);
const char *__wrap_cloud_provider_name(size_t n);
const struct cloud_provider *__wrap_cc_provider_find(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(fake_providers); i++)
        if (strcmp(fake_providers[i].name, name) == 0)
            return &fake_providers[i];
    return NULL;
}

const char *__wrap_cloud_provider_name(size_t n)
{
    return n < CC_COUNT(fake_providers) ? fake_providers[n].name : NULL;
}

#endif
