/* SPDX-License-Identifier: Apache-2.0 */
/* Lists the providers, the built-in ones first. This is the only file of core that names one. */
#include <string.h>

#include "core/model/operations.h"
#include "core/model/plugin.h"
#include "core/model/provider.h"

extern const struct cloud_provider cc_jdcloud, cc_capitalonline_ecs, cc_capitalonline_ccs;

static const struct cloud_provider *const providers[] = {
    &cc_jdcloud,
    &cc_capitalonline_ecs,
    &cc_capitalonline_ccs,
};

const struct cloud_provider *cc_provider_at(size_t n)
{
    return n < CC_COUNT(providers) ? providers[n] : cc_plugin_at(n - CC_COUNT(providers));
}

const struct cloud_provider *cc_provider_built_in(const char *name)
{
    for (size_t i = 0; i < CC_COUNT(providers); i++) {
        if (cc_name_equal(providers[i]->name, name))
            return providers[i];
    }
    return NULL;
}

const struct cloud_provider *cc_provider_find(const char *name)
{
    const struct cloud_provider *provider;

    for (size_t n = 0; name && (provider = cc_provider_at(n)); n++) {
        if (cc_name_equal(provider->name, name))
            return provider;
    }
    return NULL;
}

const char *cloud_provider_name(size_t n)
{
    const struct cloud_provider *provider = cc_provider_at(n);

    return provider ? provider->name : NULL;
}

const char *cloud_support_name(enum cloud_support support)
{
    static const char *const names[] = { "unsupported", "native", "composed", "derived" };

    return (size_t)support < CC_COUNT(names) ? names[support] : NULL;
}

enum cloud_support cloud_supports(const char *provider, enum cloud_op op, const char **ret_why)
{
    const struct cloud_provider *p = cc_provider_find(provider);
    const char *why = "there is no such provider";
    enum cloud_support support = CLOUD_UNSUPPORTED;

    if (p && (unsigned)op < CLOUD_OP__COUNT) {
        support = p->ops[op].support;
        why = support == CLOUD_NATIVE ? NULL : p->ops[op].why;
        if (support == CLOUD_UNSUPPORTED && !why)
            why = "the vendor's documents have no such action";
    }
    if (ret_why)
        *ret_why = why;
    return support;
}
