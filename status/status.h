/* SPDX-License-Identifier: Apache-2.0 */
/* Declares nothing of its own: the names and predicates of states are public. */
#ifndef CC_STATUS_H
#define CC_STATUS_H

#include "include/cloud_client.h"

#endif
