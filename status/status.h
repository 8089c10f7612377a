/* SPDX-License-Identifier: Apache-2.0 */
/* The normalised states: their functions are all public and declared in cloud_client.h. */
#ifndef CC_STATUS_H
#define CC_STATUS_H

#include "include/cloud_client.h"

#endif
