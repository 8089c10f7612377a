/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the lookup of providers. The structure of a provider is in cloud_provider.h. */
#ifndef CC_PROVIDER_H
#define CC_PROVIDER_H

#include "core/json/json.h"
#include "core/base/memory.h"
#include "core/sign/sign.h"
#include "include/cloud_provider.h"

/* NULL when there is none of that name. */
const struct cloud_provider *cc_provider_find(const char *name);
/* The n-th provider, the built-in ones first; NULL past the last. */
const struct cloud_provider *cc_provider_at(size_t n);

#endif
