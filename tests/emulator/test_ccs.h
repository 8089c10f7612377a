/* SPDX-License-Identifier: Apache-2.0 */
/* Shares a world, an order and common steps between the tests of the CCS emulator. */
#ifndef TESTS_EMULATOR_TEST_CCS_H
#define TESTS_EMULATOR_TEST_CCS_H

#include "tests/emulator/capitalonline_client.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define VDC "33333333-3333-4333-8333-333333333333"
#define PRIVATE "44444444-4444-4444-8444-444444444444"
#define PUBLIC "55555555-5555-4555-8555-555555555555"
#define TEMPLATE "bbf63749-0186-4c68-8adc-9bf584bc1376"
#define UNKNOWN_ID "99999999-9999-4999-8999-999999999999"
#define SPEC \
    "\"RegionId\":\"CN_Beijing_A\",\"Cpu\":4,\"Ram\":8,\"InstanceType\":\"CCS.C3\"," \
    "\"ImageId\":\"Ubuntu_20.04_64\""
#define DISKS \
    "\"SystemDisk\":{\"Size\":60,\"Type\":\"ssd_system_disk\"}," \
    "\"DataDisks\":[{\"Size\":100,\"Type\":\"ssd_disk\",\"IOPS\":5}]"
#define IDENTITY "\"VdcId\":\"" VDC "\",\"InstanceName\":\"web\",\"Password\":\"123abc,.;\""

static struct co_client ccs;

static inline int post(const char *action, const char *params)
{
    return co_call(&ccs, "POST", "/ccs", action, "%s", params);
}

static inline void advance(long long seconds)
{
    assert_int_equal(co_control(&ccs, "POST", "clock", "{\"advance_s\":%lld}", seconds), 200);
}

static inline void world(const char *json)
{
    assert_int_equal(co_control(&ccs, "POST", "world", "%s", json), 200);
}

/* Orders an instance with the additional members @more (",\"Amount\":2"), waits for it, and returns
 * its id. */
static inline void buy(const char *more, char ret[40])
{
    char task[40];

    co_call(&ccs, "POST", "/ccs", "CreateInstance", "{" SPEC "," DISKS "," IDENTITY "%s}", more);
    assert_string_equal(co_code(&ccs), "Success");
    snprintf(task, sizeof(task), "%s", co_text(&ccs, "/TaskId"));
    advance(2);
    co_call(&ccs, "GET", "/ccs", "DescribeTask", "{\"TaskId\":\"%s\"}", task);
    assert_string_equal(co_text(&ccs, "/Data/Status"), "FINISH");
    snprintf(ret, 40, "%s", co_text(&ccs, "/Data/ResourceId"));
}

/* Returns the state; "" when the instance is not listed. */
static inline const char *state_of(const char *id)
{
    co_call(&ccs, "POST", "/ccs", "DescribeInstances", "{\"InstanceId\":\"%s\"}", id);
    assert_int_equal(ccs.status, 200);
    return co_text(&ccs, "/Data/Instances/0/InstanceStatus");
}

static inline int power(const char *action, const char *id)
{
    return co_call(&ccs, "GET", "/ccs", action, "{\"InstanceId\":\"%s\"}", id);
}

/* Replaces %s, %n, %d and %t in @format by the ids. */
static inline void substitute(char ret[1024], const char *format, const char *instance,
                              const char *nic, const char *disk, const char *tag)
{
    char *out = ret;

    for (const char *p = format; *p; p++) {
        const char *id = *p != '%'     ? NULL
                         : p[1] == 's' ? instance
                         : p[1] == 'n' ? nic
                         : p[1] == 'd' ? disk
                                       : tag;

        if (id)
            out += sprintf(out, "%s", id), p++;
        else
            *out++ = *p;
    }
    *out = '\0';
}

static inline int set_up(void **state)
{
    (void)state;
    co_open(&ccs, NULL);
    return 0;
}

static inline int tear_down(void **state)
{
    (void)state;
    co_close(&ccs);
    return 0;
}

#endif
