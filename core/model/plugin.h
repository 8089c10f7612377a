/* SPDX-License-Identifier: Apache-2.0 */
/* Providers that were loaded (plugin.c), for the list of all (registry.c). */
#ifndef CC_PLUGIN_H
#define CC_PLUGIN_H

#include "core/model/provider.h"

const struct cloud_provider *cc_plugin_at(size_t n); /* NULL past the last */
/* registry.c: one of the library's own; NULL when there is none of that name */
const struct cloud_provider *cc_provider_built_in(const char *name);

#endif
