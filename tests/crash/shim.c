/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Counts every write, sync and send of the program that preloads it, and kills the program with
 * SIGKILL at the n-th one. Environment variables:
 *   - SHIM_AT: n.
 *   - SHIM_TORN: half of the data is written before the kill, as when the power fails.
 *   - SHIM_STOP: stops the program with SIGSTOP instead.
 *   - SHIM_FULL: the disk is full from the n-th one on instead.
 *   - SHIM_COUNT: a file that gets the count at the end.
 *   - SHIM_READONLY: a folder in which no file can be opened for writing.
 */
#undef _FILE_OFFSET_BITS /* both variants of a function are defined below */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static atomic_long counted;
static long at = -1;
static bool stops, torn, fills;
static atomic_bool full;
static const char *read_only;

__attribute__((constructor)) static void begin(void)
{
    const char *text = getenv("SHIM_AT");

    at = text ? atol(text) : 0;
    stops = getenv("SHIM_STOP") != NULL;
    torn = getenv("SHIM_TORN") != NULL;
    fills = getenv("SHIM_FULL") != NULL;
    read_only = getenv("SHIM_READONLY");
}

__attribute__((destructor)) static void end(void)
{
    const char *path = getenv("SHIM_COUNT");
    char line[32];
    int fd = path ? open(path, O_WRONLY | O_CREAT | O_TRUNC, 0600) : -1;

    if (fd < 0)
        return;
    syscall(SYS_write, fd, line,
            (size_t)snprintf(line, sizeof(line), "%ld\n", atomic_load(&counted)));
    close(fd);
}

/* Whether this call is the n-th one. The caller then writes the torn half and calls die(). */
static bool is_nth(void)
{
    return atomic_fetch_add(&counted, 1) + 1 == at;
}

static void die(void)
{
    if (fills) {
        atomic_store(&full, true);
        return;
    }
    syscall(SYS_kill, getpid(), stops ? SIGSTOP : SIGKILL);
}

/* whether the write to a file fails because the disk is full; sets errno */
static bool disk_is_full(int fd)
{
    struct stat found;

    if (!atomic_load(&full) || fstat(fd, &found) != 0 || !S_ISREG(found.st_mode))
        return false;
    errno = ENOSPC;
    return true;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))
/* Runs before the real call: @half writes the torn half, if that is set. */
#define BEFORE(half) \
    do { \
        if (is_nth()) { \
            if (torn && !stops && !fills) \
                (void)!(half); \
            die(); \
        } \
    } while (0)

#pragma GCC visibility push(default)

ssize_t write(int fd, const void *data, size_t size)
{
    BEFORE(REAL(write)(fd, data, size / 2));
    if (disk_is_full(fd))
        return -1;
    return REAL(write)(fd, data, size);
}

ssize_t pwrite(int fd, const void *data, size_t size, off_t offset)
{
    BEFORE(REAL(pwrite)(fd, data, size / 2, offset));
    if (disk_is_full(fd))
        return -1;
    return REAL(pwrite)(fd, data, size, offset);
}

ssize_t pwrite64(int fd, const void *data, size_t size, off64_t offset)
{
    BEFORE(REAL(pwrite64)(fd, data, size / 2, offset));
    if (disk_is_full(fd))
        return -1;
    return REAL(pwrite64)(fd, data, size, offset);
}

ssize_t writev(int fd, const struct iovec *parts, int count)
{
    BEFORE(REAL(writev)(fd, parts, count / 2));
    if (disk_is_full(fd))
        return -1;
    return REAL(writev)(fd, parts, count);
}

ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
    BEFORE(REAL(pwritev)(fd, parts, count / 2, offset));
    if (disk_is_full(fd))
        return -1;
    return REAL(pwritev)(fd, parts, count, offset);
}

ssize_t send(int fd, const void *data, size_t size, int flags)
{
    BEFORE(REAL(send)(fd, data, size / 2, flags));
    return REAL(send)(fd, data, size, flags);
}

ssize_t sendto(int fd, const void *data, size_t size, int flags, const struct sockaddr *to,
               socklen_t to_size)
{
    BEFORE(REAL(sendto)(fd, data, size / 2, flags, to, to_size));
    return REAL(sendto)(fd, data, size, flags, to, to_size);
}

ssize_t sendmsg(int fd, const struct msghdr *message, int flags)
{
    BEFORE(0);
    return REAL(sendmsg)(fd, message, flags);
}

int fsync(int fd)
{
    BEFORE(0);
    return REAL(fsync)(fd);
}

int fdatasync(int fd)
{
    BEFORE(0);
    return REAL(fdatasync)(fd);
}

int ftruncate(int fd, off_t size)
{
    BEFORE(0);
    return REAL(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
    BEFORE(0);
    return REAL(ftruncate64)(fd, size);
}

/* whether the file is in the read-only folder and opened for writing; sets errno */
static bool is_refused(const char *path, int flags)
{
    if (!read_only || (flags & O_ACCMODE) == O_RDONLY ||
        strncmp(path, read_only, strlen(read_only)) != 0)
        return false;
    errno = EROFS;
    return true;
}

#define OPEN(name) \
    int name(const char *path, int flags, ...) \
    { \
        mode_t mode = 0; \
        va_list more; \
\
        va_start(more, flags); \
        if (flags & (O_CREAT | __O_TMPFILE)) \
            mode = va_arg(more, mode_t); \
        va_end(more); \
        return is_refused(path, flags) ? -1 : REAL(name)(path, flags, mode); \
    }

OPEN(open)
OPEN(open64)
