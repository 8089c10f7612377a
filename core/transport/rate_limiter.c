/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits the rate of requests with a token bucket that all processes of a user share. Its state is
 * a record in a file in shared memory: the time at which the bucket is full again, and the time
 * before which the vendor wants no request. A process that takes a permit moves the first one
 * forward.
 *
 * The file is opened for each change, locked, read and written. It is never mapped, so a file that
 * is cut cannot end the process, and one that was removed or replaced is found again. The kernel
 * releases the lock of a process that dies. A record that is damaged, or that is of another boot of
 * the machine, counts as empty. The process keeps a copy of the latest record. The copy replaces
 * what the file lost, and limits this process alone while there is no usable file.
 *
 * With n requests allowed in a window w, the bucket has a burst size b (n / 100) and is refilled
 * with n - b + 1 permits in w + w / 25. So requests that arrive up to w / 25 after their permit's
 * time still leave at most n in any window. A throttled reply lowers the rate for all processes,
 * and successful replies raise it again.
 */
#include "core/transport/rate_limiter.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/memory.h"
#include "core/sign/sign.h"

#define FULL_SHARE 1000 /* thousandths of the configured rate */
#define MIN_SHARE 50    /* the rate is never lower */
#define REDUCED(x) ((x)*7 / 10)
#define SLACK_PART 25  /* w / 25: how long after its permit's time a request may arrive */
#define LATE_PART 100  /* w / 100: how late a permit may be used; the network may take the rest */
#define BURST_PART 100 /* n / 100: how many requests may be sent at once */
/* A longer Retry-After is cut to this: a hundred years, which the numbers can hold. */
#define LONGEST_HOLD_MS (INT64_C(100) * 365 * 86400 * 1000)
#define LOCK_TRIES 1000 /* of 100 microseconds: a stopped process may hold the lock */

/* Times are by cc_rate_limiter_now(); 0: never. An empty record is all zero. */
struct record {
    int64_t full_at;    /* when the bucket is full again */
    int64_t hold_until; /* the vendor's Retry-After: no request before */
    int64_t reduced_at, raised_at;
    int64_t written_at;
    int32_t reduction; /* thousandths of the configured rate that are not used now */
    uint32_t check;    /* of the members before it */
};

struct cc_rate_limiter {
    int64_t late_ns, step_ns, burst_ns;
    char name[96];       /* of the file, for shm_open() */
    struct record known; /* the latest record */
    char problem[256];   /* why the file cannot be used; "": it can */
};

/* FNV-1a */
static uint32_t check_of(const struct record *record)
{
    const unsigned char *bytes = (const unsigned char *)record;
    uint32_t hash = UINT32_C(2166136261);

    for (size_t i = 0; i < offsetof(struct record, check); i++)
        hash = (hash ^ bytes[i]) * UINT32_C(16777619);
    return hash;
}

static bool is_good(const struct record *record)
{
    return record->check == check_of(record) && record->full_at >= 0 && record->hold_until >= 0 &&
           record->reduction >= 0 && record->reduction <= FULL_SHARE - MIN_SHARE &&
           record->written_at <= cc_rate_limiter_now();
}

static int share_of(const struct record *record)
{
    return FULL_SHARE - record->reduction;
}

/* @reason: NULL: errno's. Returns -1. */
static int note_problem(struct cc_rate_limiter *limiter, const char *action, const char *reason)
{
    char text[128];

    snprintf(limiter->problem, sizeof(limiter->problem),
             "cannot %s /dev/shm%s, through which rate_limit is shared: %s", action, limiter->name,
             reason ? reason : strerror_r(errno, text, sizeof(text)));
    return -1;
}

/* -1: there is no usable file. *ret_foreign: it is not ours */
static int open_file(struct cc_rate_limiter *limiter, bool *ret_foreign)
{
    int file =
        shm_open(limiter->name, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0600);
    struct stat status;

    *ret_foreign = false;
    if (file < 0)
        return note_problem(limiter, "open", NULL);
    if (!fstat(file, &status) && S_ISREG(status.st_mode) && status.st_uid == geteuid() &&
        ((status.st_mode & 0777) == 0600 || !fchmod(file, 0600))) /* whatever the umask was */
        return file;
    close(file);
    *ret_foreign = true;
    return note_problem(limiter, "use", "the file belongs to another user, or is none; remove it");
}

static void lock(int file)
{
    const struct timespec pause = { .tv_nsec = 100000 };

    for (int i = 0; i < LOCK_TRIES && flock(file, LOCK_EX | LOCK_NB) && errno == EWOULDBLOCK; i++)
        nanosleep(&pause, NULL);
}

static int64_t later(int64_t a, int64_t b)
{
    return a > b ? a : b;
}

/* Updates the copy. Times are never moved back: the file may be another one than before. */
static void read_record(struct cc_rate_limiter *limiter, int file)
{
    struct record record;

    if (file < 0 || pread(file, &record, sizeof(record), 0) != sizeof(record) || !is_good(&record))
        return;
    record.full_at = later(record.full_at, limiter->known.full_at);
    record.hold_until = later(record.hold_until, limiter->known.hold_until);
    limiter->known = record;
}

static void refresh(struct cc_rate_limiter *limiter)
{
    bool foreign;
    int file = open_file(limiter, &foreign);

    read_record(limiter, file);
    if (file >= 0)
        close(file);
}

/* opens the file for a change and updates the copy; -1: only the copy will be changed */
static int begin_change(struct cc_rate_limiter *limiter)
{
    bool foreign;
    int file = open_file(limiter, &foreign);

    if (file >= 0)
        lock(file);
    read_record(limiter, file);
    return file;
}

/* writes the copy, and closes the file */
static void end_change(struct cc_rate_limiter *limiter, int file)
{
    struct record *record = &limiter->known;

    record->written_at = cc_rate_limiter_now();
    record->check = check_of(record);
    if (file < 0)
        return;
    if (pwrite(file, record, sizeof(*record), 0) == sizeof(*record))
        limiter->problem[0] = '\0';
    else
        note_problem(limiter, "write", NULL);
    close(file);
}

/* A file of another user is an error: with it, the limit would not be shared for as long as that
 * user wants. A file system that is full, read-only or missing is not. */
static int check_file(struct cc_rate_limiter *limiter, struct cloud_error *err)
{
    bool foreign;
    int file = open_file(limiter, &foreign);

    if (foreign) {
        cc_fail_param(err, "rate_limit", "%s", limiter->problem);
        if (err)
            err->code = CLOUD_ECONFIG;
        return CLOUD_ECONFIG;
    }
    if (file < 0)
        return CLOUD_OK;
    close(file);
    end_change(limiter, begin_change(limiter));
    return CLOUD_OK;
}

int cc_rate_limiter_open(struct cc_rate rate, const char *provider, const char *key_id,
                         struct cc_rate_limiter **ret_limiter, struct cloud_error *err)
{
    struct cc_rate_limiter *limiter = calloc(1, sizeof(*limiter));
    int burst = rate.count / BURST_PART > 1 ? rate.count / BURST_PART : 1;
    cc_auto_buf struct cc_buf account = { 0 };
    char digest[65];
    int rc;

    cc_buf_puts_all(&account, provider, "/", key_id, NULL);
    if (!limiter || account.failed || !cc_sha256_hex(account.data, account.len, digest)) {
        free(limiter);
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    }
    limiter->late_ns = rate.window_ns / LATE_PART;
    limiter->step_ns =
        (rate.window_ns + rate.window_ns / SLACK_PART) / (rate.count - burst + 1) + 1;
    limiter->burst_ns = (burst - 1) * limiter->step_ns;
    /* a digest: other users can list the file names and must not see the key's id */
    snprintf(limiter->name, sizeof(limiter->name), "/cloud_client-%u-%.32s", (unsigned)geteuid(),
             digest);
    rc = check_file(limiter, err);
    if (rc)
        free(limiter);
    else
        *ret_limiter = limiter;
    return rc;
}

void cc_rate_limiter_free(struct cc_rate_limiter *limiter)
{
    free(limiter);
}

const char *cc_rate_limiter_problem(const struct cc_rate_limiter *limiter)
{
    return limiter->problem[0] ? limiter->problem : NULL;
}

int64_t cc_rate_limiter_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * CC_SECOND_NS + now.tv_nsec;
}

int cc_rate_limiter_share(struct cc_rate_limiter *limiter)
{
    refresh(limiter);
    return share_of(&limiter->known);
}

int64_t cc_rate_limiter_reserve(struct cc_rate_limiter *limiter, int64_t now_ns, int64_t latest_ns)
{
    int file = begin_change(limiter);
    struct record *record = &limiter->known;
    int64_t permit = later(later(now_ns, record->hold_until), record->full_at - limiter->burst_ns);

    if (permit > latest_ns) {
        if (file >= 0)
            close(file);
        return 0;
    }
    record->full_at =
        later(record->full_at, now_ns) + limiter->step_ns * FULL_SHARE / share_of(record);
    end_change(limiter, file);
    return permit;
}

bool cc_rate_limiter_missed(struct cc_rate_limiter *limiter, int64_t permit_ns, int64_t now_ns)
{
    if (now_ns - permit_ns > limiter->late_ns)
        return true;
    refresh(limiter);
    return limiter->known.hold_until > now_ns;
}

/* false if a time is in the last @pause_ns: many replies report the same overload */
static bool has_passed(int64_t time_ns, int64_t now_ns, int64_t pause_ns)
{
    return !time_ns || time_ns > now_ns || time_ns <= now_ns - pause_ns;
}

/* no process sends before the vendor's Retry-After; then the bucket is empty */
static void hold(struct cc_rate_limiter *limiter, int64_t now_ns, int64_t retry_after_ms)
{
    struct record *record = &limiter->known;
    int64_t hold_ms = retry_after_ms < LONGEST_HOLD_MS ? retry_after_ms : LONGEST_HOLD_MS;
    int64_t until = now_ns + hold_ms * (CC_SECOND_NS / 1000);

    if (hold_ms <= 0)
        return;
    record->hold_until = later(record->hold_until, until);
    record->full_at = later(record->full_at, until + limiter->burst_ns);
}

void cc_rate_limiter_refused(struct cc_rate_limiter *limiter, int64_t now_ns,
                             int64_t retry_after_ms)
{
    int file = begin_change(limiter);
    struct record *record = &limiter->known;

    if (has_passed(record->reduced_at, now_ns, CC_SECOND_NS / 2)) {
        int share = REDUCED(share_of(record));

        record->reduction = FULL_SHARE - (share < MIN_SHARE ? MIN_SHARE : share);
        record->reduced_at = now_ns;
    }
    hold(limiter, now_ns, retry_after_ms);
    end_change(limiter, file);
}

void cc_rate_limiter_hold(struct cc_rate_limiter *limiter, int64_t now_ns, int64_t retry_after_ms)
{
    int file = begin_change(limiter);

    hold(limiter, now_ns, retry_after_ms);
    end_change(limiter, file);
}

void cc_rate_limiter_served(struct cc_rate_limiter *limiter, int64_t now_ns)
{
    struct record *record = &limiter->known;
    int file;

    if (!record->reduction) /* the last permit showed what other processes learned */
        return;
    file = begin_change(limiter);
    if (record->reduction && has_passed(record->reduced_at, now_ns, CC_SECOND_NS) &&
        has_passed(record->raised_at, now_ns, CC_SECOND_NS)) {
        record->reduction =
            record->reduction > FULL_SHARE / 20 ? record->reduction - FULL_SHARE / 20 : 0;
        record->raised_at = now_ns;
    }
    end_change(limiter, file);
}
