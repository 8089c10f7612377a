/* SPDX-License-Identifier: Apache-2.0 */
/* CLOUD_API, which marks what the library exports, and the version of the library. */
#ifndef CLOUD_CLIENT_API_H
#define CLOUD_CLIENT_API_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define CLOUD_API __attribute__((visibility("default")))
#else
#define CLOUD_API
#endif

/** The version of the library at run time, "0.1.0". Static, never NULL. */
CLOUD_API const char *cloud_version(void);

#ifdef __cplusplus
}
#endif

#endif
