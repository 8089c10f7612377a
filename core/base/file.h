/* SPDX-License-Identifier: Apache-2.0 */
/* Declares reading a small file. */
#ifndef CC_FILE_H
#define CC_FILE_H

#include <stddef.h>

/*
 * The content of a small file as a string, which the caller frees. NULL with errno when the file
 * cannot be read, has more than @max bytes (EFBIG), or has a NUL byte (EILSEQ).
 */
char *cc_file_read(const char *path, size_t max);

#endif
