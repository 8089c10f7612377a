/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the list of loaded plug-ins, for registry.c. */
#ifndef CC_PLUGIN_H
#define CC_PLUGIN_H

#include "core/model/provider.h"

const struct cloud_provider *cc_plugin_at(size_t n); /* NULL past the last */
/* A built-in provider; NULL when there is none of that name. Defined in registry.c. */
const struct cloud_provider *cc_provider_built_in(const char *name);

#endif
