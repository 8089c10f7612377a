/* SPDX-License-Identifier: Apache-2.0 */
/* Common states of instances and disks: names and predicates, all public; what the room is for is
 * in status.c. */
#ifndef CC_STATUS_H
#define CC_STATUS_H

#include "include/cloud_client.h"

#endif
