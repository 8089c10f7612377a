/* SPDX-License-Identifier: Apache-2.0 */
/* Declares reading a file that holds one secret. */
#ifndef CC_SECRET_FILE_H
#define CC_SECRET_FILE_H

#include "core/base/memory.h"
#include "include/cloud_client.h"

/*
 * The first line of a file that no other user can read or change, without a byte order mark before
 * it. The caller frees it with cc_free_secret().
 *
 * @param err  the message continues after the file's name, as that of cc_file_check()
 * @return CLOUD_OK; CLOUD_ENOTFOUND: it cannot be read; CLOUD_ECONFIG: it is not trusted;
 *         CLOUD_EINVAL: its first line is empty; CLOUD_ENOMEM
 */
int cc_secret_file_read(const char *path, char **ret_text, struct cloud_error *err);

#endif
