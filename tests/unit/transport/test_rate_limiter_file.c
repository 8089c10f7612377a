/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests the file of a rate limiter when it is cut, removed, replaced or cannot be used, and limits
 * that last longer than an hour. A limiter must keep to its limit in all of these cases, and the
 * process must survive.
 */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/sign/sign.h"
#include "core/transport/rate_limiter.h"

#define S INT64_C(1000000000)
#define DAY (86400 * S)

int __real_shm_open(const char *name, int flags, mode_t mode);
ssize_t __real_pwrite64(int file, const void *data, size_t len, off_t at);
int __wrap_shm_open(const char *name, int flags, mode_t mode);
ssize_t __wrap_pwrite64(int file, const void *data, size_t len, off_t at);

static int open_errno, write_errno; /* 0: the call works */

int __wrap_shm_open(const char *name, int flags, mode_t mode)
{
    errno = open_errno;
    return open_errno ? -1 : __real_shm_open(name, flags, mode);
}

ssize_t __wrap_pwrite64(int file, const void *data, size_t len, off_t at)
{
    errno = write_errno;
    return write_errno ? -1 : __real_pwrite64(file, data, len, at);
}

/* an account that no one else has, and the name of its file */
static char account[64], file[96], path[128];

static int set_up(void **state)
{
    static int number;
    char text[128], digest[65];

    (void)state;
    snprintf(account, sizeof(account), "file-%d-%d", (int)getpid(), number++);
    snprintf(text, sizeof(text), "jdcloud/%s", account);
    assert_true(cc_sha256_hex(text, strlen(text), digest));
    snprintf(file, sizeof(file), "/cloud_client-%u-%.32s", (unsigned)geteuid(), digest);
    snprintf(path, sizeof(path), "/dev/shm%s", file);
    open_errno = write_errno = 0;
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    if (unlink(path))
        rmdir(path);
    return 0;
}

static struct cc_rate_limiter *open_limit(const char *text)
{
    struct cc_rate_limiter *limit = NULL;
    struct cc_rate rate;
    struct cloud_error err;

    assert_int_equal(cc_rate_read(text, &rate, &err), CLOUD_OK);
    if (cc_rate_limiter_open(rate, "jdcloud", account, &limit, &err))
        fail_msg("%s", err.message);
    return limit;
}

static void test_limit__a_rate_may_be_one_in_a_day(void **state)
{
    static const struct {
        const char *text;
        int64_t window;
    } rows[] = { { "1/day", DAY }, { "1/h", 3600 * S }, { "1/min", 60 * S } };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct cc_rate_limiter *limit = open_limit(rows[i].text), *other = open_limit(rows[i].text);
        int64_t now = cc_rate_limiter_now();

        assert_int_equal(cc_rate_limiter_reserve(limit, now, INT64_MAX), now);
        assert_int_equal(cc_rate_limiter_reserve(other, now, now + rows[i].window), 0);
        assert_true(cc_rate_limiter_reserve(other, now, INT64_MAX) > now + rows[i].window);
        assert_true(cc_rate_limiter_reserve(limit, now, INT64_MAX) > now + 2 * rows[i].window);
        cc_rate_limiter_free(limit);
        cc_rate_limiter_free(other);
        unlink(path);
    }
}

static void test_limit__a_retry_after_may_be_long(void **state)
{
    static const int64_t seconds[] = { 1, 3601, 86400, 40 * 86400, INT64_C(999999999) };

    (void)state;
    for (size_t i = 0; i < sizeof(seconds) / sizeof(*seconds); i++) {
        struct cc_rate_limiter *limit = open_limit("100/s"), *other = open_limit("100/s");
        int64_t now = cc_rate_limiter_now(), until = now + seconds[i] * S;

        cc_rate_limiter_refused(limit, now, seconds[i] * 1000);
        assert_int_equal(cc_rate_limiter_reserve(other, now, until - 1), 0);
        assert_true(cc_rate_limiter_reserve(other, now, INT64_MAX) >= until);
        cc_rate_limiter_free(limit);
        cc_rate_limiter_free(other);
        unlink(path);
    }
}

static void test_limit__the_longest_retry_after_is_no_overflow(void **state)
{
    struct cc_rate_limiter *limit = open_limit("100/s");
    int64_t now = cc_rate_limiter_now();

    (void)state;
    cc_rate_limiter_hold(limit, now, INT64_MAX);
    assert_true(cc_rate_limiter_reserve(limit, now, INT64_MAX) > now + 365 * DAY);
    cc_rate_limiter_free(limit);
}

/* another process reserved its permit before the vendor's Retry-After was known */
static void test_limit__a_permit_ends_with_a_retry_after(void **state)
{
    struct cc_rate_limiter *limit = open_limit("2/s"), *other = open_limit("2/s");
    int64_t now = cc_rate_limiter_now(), permit;

    (void)state;
    cc_rate_limiter_reserve(limit, now, INT64_MAX);
    permit = cc_rate_limiter_reserve(other, now, INT64_MAX);
    assert_true(permit > now);
    assert_false(cc_rate_limiter_missed(other, permit, permit));
    cc_rate_limiter_hold(limit, now, 5000);
    assert_true(cc_rate_limiter_missed(other, permit, permit));
    assert_int_equal(cc_rate_limiter_share(limit), 1000); /* it was no throttling */
    assert_true(cc_rate_limiter_reserve(other, permit, INT64_MAX) >= now + 5 * S);
    cc_rate_limiter_free(limit);
    cc_rate_limiter_free(other);
}

/* a reply of success just before does not hide a refusal */
static void test_limit__a_refusal_after_a_rise_lowers_the_rate(void **state)
{
    struct cc_rate_limiter *limit = open_limit("100/s");
    int64_t now = cc_rate_limiter_now();

    (void)state;
    cc_rate_limiter_refused(limit, now, 0);
    assert_int_equal(cc_rate_limiter_share(limit), 700);
    cc_rate_limiter_served(limit, now + 2 * S);
    assert_int_equal(cc_rate_limiter_share(limit), 750);
    cc_rate_limiter_refused(limit, now + 2 * S + 1, 0);
    assert_int_equal(cc_rate_limiter_share(limit), 525);
    cc_rate_limiter_served(limit, now + 2 * S + 2); /* it was sent before */
    assert_int_equal(cc_rate_limiter_share(limit), 525);
    cc_rate_limiter_free(limit);
}

static void cut(void)
{
    assert_int_equal(truncate(path, 0), 0);
}

static void cut_short(void)
{
    assert_int_equal(truncate(path, 9), 0);
}

static void damage(void)
{
    int fd = open(path, O_WRONLY);

    assert_true(fd >= 0);
    assert_int_equal(__real_pwrite64(fd, "damaged!damaged!damaged!", 24, 0), 24);
    close(fd);
}

static void take_away(void)
{
    assert_int_equal(unlink(path), 0);
}

static void replace_by_empty(void)
{
    take_away();
    close(open(path, O_CREAT | O_WRONLY | O_EXCL, 0600));
}

static void replace_by_directory(void)
{
    take_away();
    assert_int_equal(mkdir(path, 0700), 0);
}

static void replace_by_fifo(void)
{
    take_away();
    assert_int_equal(mkfifo(path, 0600), 0);
}

static void replace_by_link(void)
{
    take_away();
    assert_int_equal(symlink("/dev/null", path), 0);
}

static void end_opening(void)
{
    open_errno = EROFS;
}

static void end_descriptors(void)
{
    open_errno = EMFILE;
}

static void end_writing(void)
{
    take_away();
    write_errno = ENOSPC;
}

/* Whatever becomes of the file, this process keeps to the limit and to a Retry-After that it knows,
 * and shares the limit again when it can. */
static void test_limit__survives_the_loss_of_its_file(void **state)
{
    static const struct {
        void (*lose)(void);
        bool is_recreated;
    } rows[] = {
        { cut, true },
        { cut_short, true },
        { damage, true },
        { take_away, true },
        { replace_by_empty, true },
        { replace_by_directory, false },
        { replace_by_fifo, false },
        { replace_by_link, false },
        { end_opening, false },
        { end_descriptors, false },
        { end_writing, false },
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
        struct cc_rate_limiter *limit;
        int64_t now = cc_rate_limiter_now(), permit;

        set_up(state);
        limit = open_limit("1/min");
        assert_null(cc_rate_limiter_problem(limit));
        cc_rate_limiter_hold(limit, now, 3600000);
        rows[i].lose();
        assert_int_equal(cc_rate_limiter_reserve(limit, now, now + 3600 * S - 1), 0);
        permit = cc_rate_limiter_reserve(limit, now, INT64_MAX);
        assert_true(permit >= now + 3600 * S);
        assert_true(cc_rate_limiter_reserve(limit, now, INT64_MAX) >= permit + 60 * S);
        assert_int_equal(cc_rate_limiter_problem(limit) == NULL, rows[i].is_recreated);
        if (rows[i].is_recreated) {
            struct cc_rate_limiter *other = open_limit("1/min");

            assert_int_equal(cc_rate_limiter_reserve(other, now, permit + 60 * S), 0);
            cc_rate_limiter_free(other);
        }
        cc_rate_limiter_free(limit);
        tear_down(state);
    }
}

static void test_limit__a_new_client_works_without_a_file(void **state)
{
    static const int failures[][2] = { { ENOSPC, 0 }, { EROFS, 0 },  { ENOENT, 0 },
                                       { EACCES, 0 }, { 0, ENOSPC }, { 0, EIO } };

    (void)state;
    for (size_t i = 0; i < sizeof(failures) / sizeof(*failures); i++) {
        struct cc_rate_limiter *limit;
        int64_t now = cc_rate_limiter_now();

        open_errno = failures[i][0];
        write_errno = failures[i][1];
        limit = open_limit("1/min");
        assert_non_null(strstr(cc_rate_limiter_problem(limit), file));
        assert_int_equal(cc_rate_limiter_reserve(limit, now, INT64_MAX), now);
        assert_true(cc_rate_limiter_reserve(limit, now, INT64_MAX) > now + 60 * S);
        open_errno = write_errno = 0;
        assert_int_equal(cc_rate_limiter_reserve(limit, now, now), 0);
        cc_rate_limiter_reserve(limit, now, INT64_MAX);
        assert_null(cc_rate_limiter_problem(limit)); /* shared from now on */
        cc_rate_limiter_free(limit);
        unlink(path);
    }
}

/* a file that survived a restart of the machine has times of the earlier boot */
static void test_limit__a_record_of_the_future_is_of_another_boot(void **state)
{
    struct cc_rate_limiter *limit = open_limit("1/min"), *other;
    int64_t now = cc_rate_limiter_now();
    unsigned char record[48], *bytes = record;
    int fd = open(path, O_RDWR);
    uint32_t hash = UINT32_C(2166136261);
    int64_t later = now + 30 * DAY;

    (void)state;
    cc_rate_limiter_hold(limit, now, 1000);
    assert_int_equal(pread(fd, record, sizeof(record), 0), sizeof(record));
    memcpy(record, &later, sizeof(later));
    memcpy(record + 8, &later, sizeof(later));
    memcpy(record + 32, &later, sizeof(later)); /* when it was written */
    for (int i = 0; i < 44; i++)
        hash = (hash ^ bytes[i]) * UINT32_C(16777619);
    memcpy(record + 44, &hash, sizeof(hash));
    assert_int_equal(__real_pwrite64(fd, record, sizeof(record), 0), sizeof(record));
    close(fd);
    other = open_limit("1/min");
    assert_int_equal(cc_rate_limiter_reserve(other, now, INT64_MAX), now);
    cc_rate_limiter_free(limit);
    cc_rate_limiter_free(other);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_limit__a_rate_may_be_one_in_a_day),
        TEST(test_limit__a_retry_after_may_be_long),
        TEST(test_limit__the_longest_retry_after_is_no_overflow),
        TEST(test_limit__a_permit_ends_with_a_retry_after),
        TEST(test_limit__a_refusal_after_a_rise_lowers_the_rate),
        TEST(test_limit__survives_the_loss_of_its_file),
        TEST(test_limit__a_new_client_works_without_a_file),
        TEST(test_limit__a_record_of_the_future_is_of_another_boot),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
