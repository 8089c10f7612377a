/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a world of JD Cloud's emulator for each test, in this process or over HTTP, and buys
 * instances in it. */
#ifndef TESTS_JDCLOUD_WORLD_H
#define TESTS_JDCLOUD_WORLD_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "tests/support/emulator_client.h"

#define MOST 64
#define WAIT_MS (10 * 60000) /* longer than a test may last */

static struct emulated emulated;
static struct cloud_result result = CLOUD_RESULT_INIT;
static struct cloud_error err;
static struct emulated_charge charges[MOST];
static const struct cloud_period month = { 1, CLOUD_PERIOD_MONTH };
static char id[64];

static int open_in_process(void **state)
{
    (void)state;
    emulated_open(&emulated, false, NULL);
    return 0;
}

static int open_http(void **state)
{
    (void)state;
    emulated_open(&emulated, true, NULL);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    cloud_result_clear(&result);
    emulated_close(&emulated);
    return 0;
}

static void control(const char *path, const char *body)
{
    free(emulated_control(&emulated, path, body));
}

static void expect(int rc, int expected)
{
    if (rc != expected)
        fail_msg("%s: %s", cloud_code_name(rc), err.message);
}

#define OK(call) expect(call, CLOUD_OK)

static void buy(const struct cloud_params *params)
{
    struct cloud_params wait = CLOUD_PARAMS_INIT;

    OK(cloud_create_instance(emulated.client, params, &result, &err));
    assert_int_equal(result.id_count, 1);
    snprintf(id, sizeof(id), "%s", result.ids[0]);
    wait.instance_id = id;
    OK(cloud_wait(emulated.client, &wait, WAIT_MS, NULL, NULL, &result, &err));
    assert_int_equal(result.instances[0].state, CLOUD_STATE_RUNNING);
}

static inline void stop(void)
{
    OK(cloud_stop_instance(emulated.client, id, false, &err));
    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    assert_int_equal(result.instances[0].state, CLOUD_STATE_STOPPED);
}

#define BOTH(name) \
    cmocka_unit_test_setup_teardown(name, open_in_process, close_all), \
        cmocka_unit_test_setup_teardown(name, open_http, close_all)
#define IN_PROCESS(name) cmocka_unit_test_setup_teardown(name, open_in_process, close_all)
#define HTTP(name) cmocka_unit_test_setup_teardown(name, open_http, close_all)

#endif
