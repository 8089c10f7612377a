/* SPDX-License-Identifier: Apache-2.0 */
/* Declares the lookup of a provider's action by the vendor's name. */
#ifndef CC_CATALOGUE_H
#define CC_CATALOGUE_H

#include "core/model/provider.h"

/* The first action named "describeInstances", or "vm:describeInstances"; NULL when there is none.
 */
const struct cc_action *cc_action_find(const struct cloud_provider *provider, const char *name);

#endif
