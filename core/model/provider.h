/* SPDX-License-Identifier: Apache-2.0 */
/* The list of providers (registry.c, plugin.c). What a provider is stands in cloud_provider.h. */
#ifndef CC_PROVIDER_H
#define CC_PROVIDER_H

#include "core/json/json.h"
#include "core/base/memory.h"
#include "core/sign/sign.h"
#include "include/cloud_provider.h"

/* registry.c */
const struct cloud_provider *cc_provider_find(const char *name);
const struct cloud_provider *cc_provider_at(size_t n);

#endif
