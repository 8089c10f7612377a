/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Checks that debuggers and crash handlers can unwind through the library: a backtrace taken in a
 * log callback shows the frames from the callback to main(). The program links the shared library,
 * as callers do. A library without unwind tables fails, because the unwinder stops at its first
 * frame.
 */
#include <dlfcn.h>
#include <execinfo.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "include/cloud_client.h"
#include "include/cloud_emulator.h"

enum { FRAMES_MAX = 64 };

/* exported, because dladdr() finds exported functions only */
__attribute__((visibility("default"))) int main(void);

static void *frames[FRAMES_MAX];
static int frame_count;

static void take_backtrace(enum cloud_log_level level, const char *line, void *user_data)
{
    (void)level, (void)line, (void)user_data;
    frame_count = backtrace(frames, FRAMES_MAX);
}

/* Finds the code of a frame. A frame holds the address after the call. */
static Dl_info where_is(int frame)
{
    Dl_info info = { 0 };

    dladdr((char *)frames[frame] - 1, &info);
    return info;
}

static bool is_in_library(int frame)
{
    Dl_info library;

    assert_int_not_equal(dladdr((void *)(uintptr_t)cloud_call, &library), 0);
    return where_is(frame).dli_fbase == library.dli_fbase;
}

static void test_backtrace__shows_the_frames_up_to_main(void **state)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_client *client;
    int in_library = 0, at = 0;

    (void)state;
    cloud_emulator_reply_clear(NULL); /* keeps the emulator linked; the library loads it */
    options.provider = "jdcloud";
    options.region = "cn-north-1";
    options.endpoint = "emulator:";
    options.log = take_backtrace;
    assert_int_equal(cloud_client_new(&options, &client, NULL), CLOUD_OK);
    assert_int_equal(cloud_describe_instances(client, NULL, &result, NULL), CLOUD_OK);
    cloud_result_clear(&result);
    cloud_client_free(client);

    while (at < frame_count && !is_in_library(at))
        at++; /* the callback, and a sanitizer's own backtrace() */
    for (; at < frame_count && is_in_library(at); at++)
        in_library++;
    assert_in_range(in_library, 2, FRAMES_MAX);
    while (at < frame_count && where_is(at).dli_saddr != (void *)(uintptr_t)main)
        at++;
    assert_int_not_equal(at, frame_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_backtrace__shows_the_frames_up_to_main),
    };

    return cmocka_run_group_tests_name("backtrace", tests, NULL, NULL);
}
