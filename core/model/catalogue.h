/* SPDX-License-Identifier: Apache-2.0 */
/* Finding an action of a provider by the vendor's name. */
#ifndef CC_CATALOGUE_H
#define CC_CATALOGUE_H

#include "core/model/provider.h"

/* "describeInstances", or "vm:describeInstances"; the first of that name. NULL: none */
const struct cc_action *cc_action_find(const struct cloud_provider *provider, const char *name);

#endif
