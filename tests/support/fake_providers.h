/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Vendors of the test's own in place of the registered ones, so that tests of core need no
 * provider. A test that includes this is linked with
 * -Wl,--wrap=cc_provider_find,--wrap=cloud_provider_name.
 */
#ifndef TESTS_VENDORS_H
#define TESTS_VENDORS_H

#include "core/model/provider.h"

static const struct cloud_provider vendors[] = {
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
    for (size_t i = 0; i < CC_COUNT(vendors); i++)
        if (strcmp(vendors[i].name, name) == 0)
            return &vendors[i];
    return NULL;
}

const char *__wrap_cloud_provider_name(size_t n)
{
    return n < CC_COUNT(vendors) ? vendors[n].name : NULL;
}

#endif
