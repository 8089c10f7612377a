/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Limits the rate of requests with a token bucket that all processes of a user share. Its state is
 * one number in shared memory: the time at which the bucket is full again. A process that takes a
 * permit moves that time forward. It is changed by compare-and-swap only, so a process that dies at
 * any point leaves a valid state. A new file of zeroes is a valid state too. An impossible number
 * (another program wrote the file) is corrected when it is read.
 *
 * With n requests allowed in a window w, the bucket has a burst size b (n / 100) and is refilled
 * with n - b + 1 permits in w + w / 25. So requests that arrive up to w / 25 after their permit's
 * time still leave at most n in any window. A throttled reply lowers the rate for all processes,
 * and successful replies raise it again.
 */
#include "core/transport/rate_limiter.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
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
#define MAX_AHEAD_NS (INT64_C(3600) * CC_SECOND_NS) /* the latest permit, from now */

/* in shared memory, where only lock-free atomics work */
struct shared {
    _Atomic int64_t full_at;    /* when the bucket is full again, by cc_rate_limiter_now() */
    _Atomic int64_t changed_at; /* when the reduction last changed */
    _Atomic int32_t reduction;  /* thousandths of the configured rate that are not used now */
};
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2,
               "shared memory needs lock-free atomics");

struct cc_rate_limiter {
    struct cc_rate rate;
    int64_t late_ns, step_ns, burst_ns;
    struct shared *shared;
};

/* @reason: NULL: errno's */
static int fail_shm(struct cloud_error *err, const char *name, const char *action,
                    const char *reason)
{
    char text[128];

    cc_fail_param(err, "rate_limit", "cannot %s /dev/shm%s, through which rate_limit is shared: %s",
                  action, name, reason ? reason : strerror_r(errno, text, sizeof(text)));
    if (err)
        err->code = CLOUD_ECONFIG;
    return CLOUD_ECONFIG;
}

static int map(struct cc_rate_limiter *limiter, const char *name, struct cloud_error *err)
{
    int file = shm_open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    struct stat status;
    void *memory;

    if (file < 0)
        return fail_shm(err, name, "open", NULL);
    if (fstat(file, &status) || status.st_uid != geteuid()) {
        close(file);
        return fail_shm(err, name, "use", "the file belongs to another user; remove it");
    }
    if ((status.st_mode & 0777) != 0600 && fchmod(file, 0600)) { /* whatever the umask was */
        fail_shm(err, name, "change", NULL);
        close(file);
        return CLOUD_ECONFIG;
    }
    /* two processes may grow it at once: content stays, and added bytes are zero */
    if (status.st_size < (off_t)sizeof(struct shared) && ftruncate(file, sizeof(struct shared))) {
        fail_shm(err, name, "write", NULL);
        close(file);
        return CLOUD_ECONFIG;
    }
    memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED)
        return fail_shm(err, name, "map", NULL);
    limiter->shared = memory;
    return CLOUD_OK;
}

int cc_rate_limiter_open(struct cc_rate rate, const char *provider, const char *key_id,
                         struct cc_rate_limiter **ret_limiter, struct cloud_error *err)
{
    struct cc_rate_limiter *limiter = calloc(1, sizeof(*limiter));
    int burst = rate.count / BURST_PART > 1 ? rate.count / BURST_PART : 1;
    cc_auto_buf struct cc_buf account = { 0 };
    char digest[65], name[96];
    int rc;

    cc_buf_puts_all(&account, provider, "/", key_id, NULL);
    if (!limiter || account.failed || !cc_sha256_hex(account.data, account.len, digest)) {
        free(limiter);
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    }
    limiter->rate = rate;
    limiter->late_ns = rate.window_ns / LATE_PART;
    limiter->step_ns =
        (rate.window_ns + rate.window_ns / SLACK_PART) / (rate.count - burst + 1) + 1;
    limiter->burst_ns = (burst - 1) * limiter->step_ns;
    /* a digest: other users can list the file names and must not see the key's id */
    snprintf(name, sizeof(name), "/cloud_client-%u-%.32s", (unsigned)geteuid(), digest);
    rc = map(limiter, name, err);
    if (rc)
        free(limiter);
    else
        *ret_limiter = limiter;
    return rc;
}

void cc_rate_limiter_free(struct cc_rate_limiter *limiter)
{
    if (limiter)
        munmap(limiter->shared, sizeof(*limiter->shared));
    free(limiter);
}

int64_t cc_rate_limiter_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * CC_SECOND_NS + now.tv_nsec;
}

int cc_rate_limiter_share(const struct cc_rate_limiter *limiter)
{
    int reduction = atomic_load(&limiter->shared->reduction);

    if (reduction < 0)
        return FULL_SHARE;
    return reduction > FULL_SHARE - MIN_SHARE ? MIN_SHARE : FULL_SHARE - reduction;
}

int64_t cc_rate_limiter_reserve(struct cc_rate_limiter *limiter, int64_t now_ns, int64_t latest_ns)
{
    int64_t step = limiter->step_ns * FULL_SHARE / cc_rate_limiter_share(limiter);
    int64_t full_at = atomic_load(&limiter->shared->full_at), permit, next;

    do {
        int64_t sane = full_at > now_ns + MAX_AHEAD_NS || full_at < 0 ? now_ns : full_at;

        permit = sane - limiter->burst_ns > now_ns ? sane - limiter->burst_ns : now_ns;
        if (permit > latest_ns)
            return 0;
        next = (sane > now_ns ? sane : now_ns) + step;
    } while (!atomic_compare_exchange_weak(&limiter->shared->full_at, &full_at, next));
    return permit;
}

bool cc_rate_limiter_missed(const struct cc_rate_limiter *limiter, int64_t permit_ns,
                            int64_t now_ns)
{
    return now_ns - permit_ns > limiter->late_ns;
}

/* limits changes to one in @pause_ns: many replies report the same overload */
static bool may_change(struct cc_rate_limiter *limiter, int64_t now_ns, int64_t pause_ns)
{
    int64_t changed = atomic_load(&limiter->shared->changed_at);

    if (changed <= now_ns && changed > now_ns - pause_ns)
        return false;
    return atomic_compare_exchange_strong(&limiter->shared->changed_at, &changed, now_ns);
}

void cc_rate_limiter_refused(struct cc_rate_limiter *limiter, int64_t now_ns, int retry_after_ms)
{
    int64_t until = now_ns + (int64_t)retry_after_ms * 1000000,
            full_at = atomic_load(&limiter->shared->full_at);

    if (may_change(limiter, now_ns, CC_SECOND_NS / 2)) {
        int share = REDUCED(cc_rate_limiter_share(limiter));

        atomic_store(&limiter->shared->reduction,
                     FULL_SHARE - (share < MIN_SHARE ? MIN_SHARE : share));
    }
    if (until > now_ns + MAX_AHEAD_NS)
        until = now_ns + MAX_AHEAD_NS;
    /* no process sends again before the vendor's Retry-After */
    while (retry_after_ms > 0 && full_at < until + limiter->burst_ns &&
           !atomic_compare_exchange_weak(&limiter->shared->full_at, &full_at,
                                         until + limiter->burst_ns))
        ;
}

void cc_rate_limiter_served(struct cc_rate_limiter *limiter, int64_t now_ns)
{
    int reduction = atomic_load(&limiter->shared->reduction);

    if (reduction > 0 && may_change(limiter, now_ns, CC_SECOND_NS))
        atomic_store(&limiter->shared->reduction,
                     reduction > FULL_SHARE / 20 ? reduction - FULL_SHARE / 20 : 0);
}
