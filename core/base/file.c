/* SPDX-License-Identifier: Apache-2.0 */
/* Opens and reads small files, and refuses those that other users can change or read. */
#include "core/base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/memory.h"

enum { OTHERS_WRITE = S_IWGRP | S_IWOTH, OTHERS_READ = S_IRGRP | S_IROTH };

void cc_shell_word(struct cc_buf *out, const char *word)
{
    if (*word &&
        !word[strspn(word,
                     "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-")]) {
        cc_buf_puts(out, word);
        return;
    }
    cc_buf_putc(out, '\'');
    for (; *word; word++)
        cc_buf_puts(out, *word == '\'' ? "'\\''" : (char[]){ *word, '\0' });
    cc_buf_putc(out, '\'');
}

/* "WHAT; run: COMMAND PATH" */
static int distrust(const char *what, const char *command, const char *path,
                    struct cloud_error *err)
{
    cc_auto_buf struct cc_buf word = { 0 };

    cc_shell_word(&word, path);
    return cc_fail(err, CLOUD_ECONFIG, "%s; run: %s %s", what, command, cc_buf_text(&word));
}

static int unreadable(int error, size_t max, struct cloud_error *err)
{
    char text[128];

    switch (error) {
    case ENOMEM: return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    case EFBIG:
        return cc_fail(err, CLOUD_ENOTFOUND, "cannot be read: it is larger than %zu %s",
                       max >> 20 ? max >> 20 : max >> 10, max >> 20 ? "MiB" : "KiB");
    case EILSEQ:
        return cc_fail(err, CLOUD_ENOTFOUND,
                       "cannot be read: it has a zero byte, so it is not UTF-8 text");
    case ENODEV:
        return cc_fail(err, CLOUD_ENOTFOUND,
                       "cannot be read: it is a FIFO or a device; name a regular file");
    default:
        return cc_fail(err, CLOUD_ENOTFOUND, "cannot be read: %s",
                       strerror_r(error, text, sizeof(text)));
    }
}

static bool is_owner_trusted(const struct stat *status)
{
    return status->st_uid == geteuid() || status->st_uid == 0;
}

/* Who can write the directory can replace the file, except in one with the sticky bit (/tmp). */
static int check_directory(const char *path, struct cloud_error *err)
{
    cc_auto_free char *whole = realpath(path, NULL);
    const char *directory = whole ? dirname(whole) : NULL;
    struct stat status;

    if (!directory || stat(directory, &status) != 0)
        return unreadable(errno, 0, err);
    if (!is_owner_trusted(&status))
        return distrust("is in a directory of another user, who can replace it",
                        "chown \"$(id -u)\"", directory, err);
    if ((status.st_mode & OTHERS_WRITE) && !(status.st_mode & S_ISVTX))
        return distrust("is in a directory that other users can write", "chmod go-w", directory,
                        err);
    return CLOUD_OK;
}

static int check_trust(const char *path, const struct stat *status, enum cc_file_trust trust,
                       struct cloud_error *err)
{
    if (!is_owner_trusted(status))
        return distrust("belongs to another user, who can change it", "chown \"$(id -u)\"", path,
                        err);
    if (trust == CC_FILE_SECRET && (status->st_mode & (OTHERS_READ | OTHERS_WRITE)))
        return distrust("is a secret that other users can read or change", "chmod 600", path, err);
    if (status->st_mode & OTHERS_WRITE)
        return distrust("can be written by other users", "chmod go-w", path, err);
    return check_directory(path, err);
}

/* -1 with errno. Does not wait for the writer of a FIFO. */
static int open_regular(const char *path, struct stat *ret_status)
{
    int file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY), why;

    if (file < 0)
        return -1;
    why = fstat(file, ret_status) ? errno : 0;
    if (!why && !S_ISREG(ret_status->st_mode))
        why = S_ISDIR(ret_status->st_mode) ? EISDIR : ENODEV;
    if (!why)
        return file;
    close(file);
    errno = why;
    return -1;
}

static int open_trusted(const char *path, enum cc_file_trust trust, int *ret_file,
                        struct cloud_error *err)
{
    struct stat status;
    int file = open_regular(path, &status);
    int rc = file < 0 ? unreadable(errno, 0, err) : check_trust(path, &status, trust, err);

    if (!rc)
        *ret_file = file;
    else if (file >= 0)
        close(file);
    return rc;
}

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

/* reads and closes the file */
static char *read_and_close(int file, size_t max)
{
    char *text = read_all(file, max);
    int why = errno;

    close(file);
    errno = why;
    return text;
}

char *cc_file_read(const char *path, size_t max)
{
    struct stat status;
    int file = open_regular(path, &status);

    return file < 0 ? NULL : read_and_close(file, max);
}

int cc_file_check(const char *path, enum cc_file_trust trust, struct cloud_error *err)
{
    int file, rc = open_trusted(path, trust, &file, err);

    if (!rc)
        close(file);
    return rc;
}

char *cc_file_read_trusted(const char *path, size_t max, enum cc_file_trust trust,
                           struct cloud_error *err)
{
    char *text = NULL;
    int file;

    if (open_trusted(path, trust, &file, err))
        return NULL;
    text = read_and_close(file, max);
    if (!text)
        unreadable(errno, max, err);
    return text;
}
