/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests the rate limiter: no window has more requests than configured, and nearly all of them are
 * used. The rate falls when the vendor refuses requests and recovers later. Processes share the
 * limit, also when one of them is killed. The tests pass the time where they can.
 */
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include <cmocka.h>

#include "core/transport/rate_limiter.h"
#include "core/sign/sign.h"

#define S INT64_C(1000000000)

/* an account that only this test uses, and the name of its file */
static char account[64], file[96];

static int set_up(void **state)
{
    static int number;
    char text[128], digest[65];

    (void)state;
    snprintf(account, sizeof(account), "test-%d-%d", (int)getpid(), number++);
    snprintf(text, sizeof(text), "jdcloud/%s", account);
    assert_true(cc_sha256_hex(text, strlen(text), digest));
    snprintf(file, sizeof(file), "/cloud_client-%u-%.32s", (unsigned)geteuid(), digest);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    shm_unlink(file);
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

static void test_rate_limiter__a_value_that_is_no_rate_is_refused(void **state)
{
    static const char *const wrong[] = { "",     "15",    "15/",   "/s",    "0/s",      "-1/s",
                                         "15/d", "15 /s", "1.5/s", "15/s ", "9999999/s" };
    struct cc_rate rate;
    struct cloud_error err;

    (void)state;
    for (size_t i = 0; i < CC_COUNT(wrong); i++) {
        assert_int_equal(cc_rate_read(wrong[i], &rate, &err), CLOUD_EINVAL);
        assert_string_equal(err.parameter, "rate_limit");
    }
    assert_int_equal(cc_rate_read("1000/min", &rate, &err), CLOUD_OK);
    assert_int_equal(rate.count, 1000);
    assert_int_equal(rate.window_ns, 60 * S);
}

/* Callers reserve as fast as they can and use each reservation as late as is allowed. Checks the
 * highest number in any window, and how much of the limit is used. */
static void test_rate_limiter__holds_in_every_window_and_is_used_fully(void **state)
{
    static const struct {
        const char *text;
        int count;
        int64_t window;
    } rows[] = { { "1/s", 1, S },
                 { "15/s", 15, S },
                 { "100/s", 100, S },
                 { "1000/s", 1000, S },
                 { "1000/min", 1000, 60 * S } };
    enum { MANY = 20000 };
    int64_t *used = calloc(MANY, sizeof(*used));

    (void)state;
    assert_non_null(used);
    for (size_t row = 0; row < CC_COUNT(rows); row++) {
        struct cc_rate_limiter *limit = open_limit(rows[row].text);
        int64_t begin = cc_rate_limiter_now(), now = begin, window = rows[row].window;
        size_t first = 0, most = 0, n = (size_t)rows[row].count * 10;

        for (size_t i = 0; i < n; i++) {
            int64_t turn = cc_rate_limiter_reserve(limit, now, INT64_MAX);

            assert_true(turn >= now);
            /* the delay varies up to the tolerance */
            used[i] = turn + (int64_t)(i * 7919 % 1000) * (window / 25) / 1000;
            assert_false(cc_rate_limiter_missed(limit, turn, turn + window / 100));
            assert_true(cc_rate_limiter_missed(limit, turn, turn + window / 50));
            now = turn;
        }
        for (size_t i = 0; i < n; i++) {
            while (used[i] - used[first] >= window)
                first++;
            if (i - first + 1 > most)
                most = i - first + 1;
        }
        assert_true(most <= (size_t)rows[row].count);
        assert_true((double)(now - begin) * 0.95 <= 10.0 * (double)window);
        assert_true(cc_rate_limiter_missed(limit, now, now + window / 10));
        cc_rate_limiter_free(limit);
        shm_unlink(file);
    }
    free(used);
}

static void test_rate_limiter__falls_after_refusals_and_recovers(void **state)
{
    struct cc_rate_limiter *limit = open_limit("100/s");
    int64_t now = cc_rate_limiter_now();

    (void)state;
    assert_int_equal(cc_rate_limiter_share(limit), 1000);
    cc_rate_limiter_refused(limit, now, 0);
    cc_rate_limiter_refused(limit, now + 1, 0); /* a refusal at nearly the same time */
    assert_int_equal(cc_rate_limiter_share(limit), 700);
    for (int i = 1; i < 40; i++)
        cc_rate_limiter_refused(limit, now + i * S, 0);
    assert_int_equal(cc_rate_limiter_share(limit), 50);
    for (int i = 40; i < 80; i++)
        cc_rate_limiter_served(limit, now + i * S);
    assert_int_equal(cc_rate_limiter_share(limit), 1000);
    cc_rate_limiter_free(limit);
}

static void test_rate_limiter__no_client_sends_before_retry_after(void **state)
{
    struct cc_rate_limiter *limit = open_limit("100/s"), *other = open_limit("100/s");
    int64_t now = cc_rate_limiter_now();

    (void)state;
    cc_rate_limiter_refused(limit, now, 5000);
    assert_int_equal(cc_rate_limiter_reserve(other, now, now + 4 * S), 0);
    assert_true(cc_rate_limiter_reserve(other, now, INT64_MAX) >= now + 5 * S);
    cc_rate_limiter_free(limit);
    cc_rate_limiter_free(other);
}

static void test_rate_limiter__invalid_contents_of_the_file_are_corrected(void **state)
{
    struct cc_rate_limiter *limit = open_limit("100/s");
    int64_t now = cc_rate_limiter_now(), turn;
    int fd = shm_open(file, O_RDWR, 0);
    unsigned char *bytes;

    (void)state;
    assert_true(fd >= 0);
    bytes = mmap(NULL, 16, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    close(fd);
    assert_true(bytes != MAP_FAILED);
    memset(bytes, 0x7f, 16);
    turn = cc_rate_limiter_reserve(limit, now, INT64_MAX);
    assert_true(turn >= now && turn <= now + S);
    memset(bytes, 0xff, 16);
    turn = cc_rate_limiter_reserve(limit, now, INT64_MAX);
    assert_true(turn >= now && turn <= now + S);
    munmap(bytes, 16);
    cc_rate_limiter_free(limit);
}

/* Processes are killed at any moment. The remaining process still gets its reservations, and all
 * together keep the limit. */
static void test_rate_limiter__killed_processes_do_not_block_others(void **state)
{
    enum { PROCESSES = 4, TURNS = 200 };
    struct cc_rate_limiter *limit = open_limit("100000/s");
    int64_t begin = cc_rate_limiter_now(), turn = begin;
    pid_t processes[PROCESSES];

    (void)state;
    for (int i = 0; i < PROCESSES; i++) {
        processes[i] = fork();
        if (processes[i] == 0) {
            struct cc_rate_limiter *own = open_limit("100000/s");

            for (;;)
                cc_rate_limiter_reserve(own, cc_rate_limiter_now(),
                                        cc_rate_limiter_now() + S / 100);
        }
        assert_true(processes[i] > 0);
    }
    usleep(50000);
    for (int i = 0; i < PROCESSES; i++) {
        kill(processes[i], SIGKILL);
        waitpid(processes[i], NULL, 0);
    }
    for (int i = 0; i < TURNS; i++) {
        turn = cc_rate_limiter_reserve(limit, cc_rate_limiter_now(), INT64_MAX);
        assert_true(turn > 0);
    }
    /* the processes reserve at most S / 100 ahead */
    assert_true(turn - cc_rate_limiter_now() < S / 10);
    cc_rate_limiter_free(limit);
}

static void test_rate_limiter__a_file_of_another_user_is_refused(void **state)
{
    struct cc_rate rate = { 10, S };
    struct cc_rate_limiter *limit = NULL;
    struct cloud_error err;
    int fd;

    (void)state;
    if (geteuid() != 0)
        skip();
    fd = shm_open(file, O_RDWR | O_CREAT | O_EXCL, 0666);
    assert_true(fd >= 0);
    assert_int_equal(fchown(fd, 12345, 12345), 0);
    close(fd);
    assert_int_equal(cc_rate_limiter_open(rate, "jdcloud", account, &limit, &err), CLOUD_ECONFIG);
    assert_string_equal(err.parameter, "rate_limit");
    assert_null(limit);
}

static void test_rate_limiter__its_file_is_private_whatever_the_umask(void **state)
{
    static const mode_t masks[] = { 0, 022, 0277, 0777 };
    struct cc_rate rate = { 10, S };

    (void)state;
    for (size_t i = 0; i < sizeof(masks) / sizeof(masks[0]); i++) {
        mode_t before = umask(masks[i]);
        struct cc_rate_limiter *limit = NULL;
        struct cloud_error err;
        struct stat status;
        int fd;

        shm_unlink(file);
        assert_int_equal(cc_rate_limiter_open(rate, "jdcloud", account, &limit, &err), CLOUD_OK);
        umask(before);
        fd = shm_open(file, O_RDONLY, 0);
        assert_true(fd >= 0);
        assert_int_equal(fstat(fd, &status), 0);
        assert_int_equal(status.st_mode & 07777, 0600);
        close(fd);
        cc_rate_limiter_free(limit);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_rate_limiter__a_value_that_is_no_rate_is_refused),
        TEST(test_rate_limiter__holds_in_every_window_and_is_used_fully),
        TEST(test_rate_limiter__falls_after_refusals_and_recovers),
        TEST(test_rate_limiter__no_client_sends_before_retry_after),
        TEST(test_rate_limiter__invalid_contents_of_the_file_are_corrected),
        TEST(test_rate_limiter__killed_processes_do_not_block_others),
        TEST(test_rate_limiter__a_file_of_another_user_is_refused),
        TEST(test_rate_limiter__its_file_is_private_whatever_the_umask),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
