/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rate limits as a token bucket that all processes of a user share: one number in shared memory,
 * the time at which the bucket would be full again, moved on by whoever takes a turn. It is changed
 * by compare-and-swap only, so a process that dies at any point leaves it right; all zeroes are a
 * good beginning; and a number that cannot be (the file was written by somebody else) is put right
 * when it is met.
 *
 * With n requests allowed in a window w, the bucket holds a burst of b (a hundredth of n) and fills
 * at a pace of (n - b + 1) in w and a twenty-fifth: requests that arrive up to a twenty-fifth of w
 * after their turn still leave at most n in any window. A throttling answer slows the pace for
 * everybody, and answers that are none bring it back.
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

#define FULL 1000 /* thousandths of the configured rate */
#define LEAST 50  /* it never slows down further */
#define SLOWER(x) ((x)*7 / 10)
#define SLACK_PART 25 /* of a window: how far apart turns and arrivals may drift */
#define LATE_PART \
    100 /* of a window: how late a turn may be used; the rest of the slack is for the way */
#define BURST_PART 100 /* of the requests in a window: how many may come at once */
#define FAR_NS (INT64_C(3600) * CC_SECOND_NS) /* no turn is further away than that */

/* in shared memory; only lock-free atomics work there */
struct shared {
    _Atomic int64_t full_at;    /* when the bucket would be full, in the clock of turns */
    _Atomic int64_t changed_at; /* the share last changed */
    _Atomic int32_t slower;     /* thousandths of the configured rate that are not used now */
};
_Static_assert(ATOMIC_LLONG_LOCK_FREE == 2 && ATOMIC_INT_LOCK_FREE == 2,
               "shared memory needs atomics without locks");

struct cc_rate_limiter {
    struct cc_rate rate;
    int64_t late_ns, step_ns, burst_ns;
    struct shared *shared;
};

static int cannot(struct cloud_error *err, const char *name, const char *what)
{
    char text[128];

    cc_fail_param(err, "rate_limit",
                  "rate_limit is shared through /dev/shm%s, which cannot be %s: %s", name, what,
                  strerror_r(errno, text, sizeof(text)));
    if (err)
        err->code = CLOUD_ECONFIG;
    return CLOUD_ECONFIG;
}

static int map(struct cc_rate_limiter *limit, const char *name, struct cloud_error *err)
{
    int file = shm_open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
    struct stat status;
    void *memory;

    if (file < 0)
        return cannot(err, name, "opened");
    if (fstat(file, &status) || status.st_uid != geteuid()) {
        close(file);
        errno = EPERM;
        return cannot(err, name, "trusted, as somebody else owns it");
    }
    /* growing it twice at once does no harm: what is there stays, what is added is zero */
    if (status.st_size < (off_t)sizeof(struct shared) && ftruncate(file, sizeof(struct shared))) {
        cannot(err, name, "written");
        close(file);
        return CLOUD_ECONFIG;
    }
    memory = mmap(NULL, sizeof(struct shared), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (memory == MAP_FAILED)
        return cannot(err, name, "mapped");
    limit->shared = memory;
    return CLOUD_OK;
}

int cc_rate_limiter_open(struct cc_rate rate, const char *provider, const char *key_id,
                         struct cc_rate_limiter **ret_limit, struct cloud_error *err)
{
    struct cc_rate_limiter *limit = calloc(1, sizeof(*limit));
    int burst = rate.count / BURST_PART > 1 ? rate.count / BURST_PART : 1;
    cc_auto_buf struct cc_buf account = { 0 };
    char digest[65], name[96];
    int rc;

    cc_buf_puts_all(&account, provider, "/", key_id, NULL);
    if (!limit || account.failed || !cc_sha256_hex(account.data, account.len, digest)) {
        free(limit);
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    }
    limit->rate = rate;
    limit->late_ns = rate.window_ns / LATE_PART;
    limit->step_ns = (rate.window_ns + rate.window_ns / SLACK_PART) / (rate.count - burst + 1) + 1;
    limit->burst_ns = (burst - 1) * limit->step_ns;
    /* the key's id is nobody's business */
    snprintf(name, sizeof(name), "/cloud_client-%u-%.32s", (unsigned)geteuid(), digest);
    rc = map(limit, name, err);
    if (rc)
        free(limit);
    else
        *ret_limit = limit;
    return rc;
}

void cc_rate_limiter_free(struct cc_rate_limiter *limit)
{
    if (limit)
        munmap(limit->shared, sizeof(*limit->shared));
    free(limit);
}

int64_t cc_rate_limiter_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * CC_SECOND_NS + now.tv_nsec;
}

int cc_rate_limiter_share(const struct cc_rate_limiter *limit)
{
    int slower = atomic_load(&limit->shared->slower);

    if (slower < 0)
        return FULL;
    return slower > FULL - LEAST ? LEAST : FULL - slower;
}

int64_t cc_rate_limiter_reserve(struct cc_rate_limiter *limit, int64_t now_ns, int64_t latest_ns)
{
    int64_t step = limit->step_ns * FULL / cc_rate_limiter_share(limit);
    int64_t full_at = atomic_load(&limit->shared->full_at), turn, next;

    do {
        int64_t sane = full_at > now_ns + FAR_NS || full_at < 0 ? now_ns : full_at;

        turn = sane - limit->burst_ns > now_ns ? sane - limit->burst_ns : now_ns;
        if (turn > latest_ns)
            return 0;
        next = (sane > now_ns ? sane : now_ns) + step;
    } while (!atomic_compare_exchange_weak(&limit->shared->full_at, &full_at, next));
    return turn;
}

bool cc_rate_limiter_missed(const struct cc_rate_limiter *limit, int64_t turn_ns, int64_t now_ns)
{
    return now_ns - turn_ns > limit->late_ns;
}

/* the share changes at most once in so much time: many answers tell of one moment */
static bool may_change(struct cc_rate_limiter *limit, int64_t now_ns, int64_t pause_ns)
{
    int64_t changed = atomic_load(&limit->shared->changed_at);

    if (changed <= now_ns && changed > now_ns - pause_ns)
        return false;
    return atomic_compare_exchange_strong(&limit->shared->changed_at, &changed, now_ns);
}

void cc_rate_limiter_refused(struct cc_rate_limiter *limit, int64_t now_ns, int retry_after_ms)
{
    int64_t until = now_ns + (int64_t)retry_after_ms * 1000000,
            full_at = atomic_load(&limit->shared->full_at);

    if (may_change(limit, now_ns, CC_SECOND_NS / 2)) {
        int share = SLOWER(cc_rate_limiter_share(limit));

        atomic_store(&limit->shared->slower, FULL - (share < LEAST ? LEAST : share));
    }
    if (until > now_ns + FAR_NS)
        until = now_ns + FAR_NS;
    /* nobody comes back before the vendor said */
    while (
        retry_after_ms > 0 && full_at < until + limit->burst_ns &&
        !atomic_compare_exchange_weak(&limit->shared->full_at, &full_at, until + limit->burst_ns))
        ;
}

void cc_rate_limiter_served(struct cc_rate_limiter *limit, int64_t now_ns)
{
    int slower = atomic_load(&limit->shared->slower);

    if (slower > 0 && may_change(limit, now_ns, CC_SECOND_NS))
        atomic_store(&limit->shared->slower, slower > FULL / 20 ? slower - FULL / 20 : 0);
}
