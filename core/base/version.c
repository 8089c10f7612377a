/* SPDX-License-Identifier: Apache-2.0 */
/* The version of the library. */
#include "include/cloud_client.h"

const char *cloud_version(void)
{
    return CC_VERSION;
}
