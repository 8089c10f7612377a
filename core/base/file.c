/* SPDX-License-Identifier: Apache-2.0 */
/* Reads a small file into memory. */
#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/memory.h"

static char *read_all(int file, size_t max)
{
    cc_auto_buf struct cc_buf text = { .max = max };
    char piece[4096];
    ssize_t got;

    while ((got = read(file, piece, sizeof(piece))) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return NULL;
        cc_buf_add(&text, piece, (size_t)got);
        cc_wipe(piece, (size_t)got);
        if (text.failed) {
            errno = text.len + (size_t)got > max ? EFBIG : ENOMEM;
            return NULL;
        }
    }
    if (text.len > 0 && memchr(text.data, '\0', text.len)) {
        errno = EILSEQ;
        return NULL;
    }
    errno = ENOMEM;
    return cc_buf_take(&text);
}

char *cc_file_read(const char *path, size_t max)
{
    int file = open(path, O_RDONLY | O_CLOEXEC);
    char *text;
    int why;

    if (file < 0)
        return NULL;
    text = read_all(file, max);
    why = errno;
    close(file);
    errno = why;
    return text;
}
