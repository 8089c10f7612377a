/* SPDX-License-Identifier: Apache-2.0 */
/* Declares opening and reading small files, and the check of who can change or read them. */
#ifndef CC_FILE_H
#define CC_FILE_H

#include "include/cloud_provider.h"

/*
 * The content of a small file as a string, which the caller frees. NULL with errno when the file
 * cannot be read, is a FIFO or a device (ENODEV), has more than @max bytes (EFBIG), or has a NUL
 * byte (EILSEQ). It never waits.
 */
char *cc_file_read(const char *path, size_t max);

enum cc_file_trust {
    CC_FILE_TRUSTED, /* this user or root owns it, and no other user can change or replace it */
    CC_FILE_SECRET   /* and no other user can read it */
};

/*
 * Checks that a file is regular and trusted. It never waits.
 *
 * @param err  the message continues after the file's name: "cannot be read: Is a directory", "can
 * be written by other users; run: chmod go-w PATH"; may be NULL
 * @return CLOUD_OK; CLOUD_ENOTFOUND: it cannot be read; CLOUD_ECONFIG: it is not trusted
 */
int cc_file_check(const char *path, enum cc_file_trust trust, struct cloud_error *err);
/* cc_file_read() of a trusted file. NULL as cc_file_check(), and CLOUD_ENOMEM. */
char *cc_file_read_trusted(const char *path, size_t max, enum cc_file_trust trust,
                           struct cloud_error *err);
/* Appends a word for a shell command, in quotes when it needs them. */
void cc_shell_word(struct cc_buf *out, const char *word);

#endif
