/* SPDX-License-Identifier: Apache-2.0 */
/* Returns the version of the library. */
#include "include/cloud_client.h"

const char *cloud_version(void)
{
    return CC_VERSION;
}
