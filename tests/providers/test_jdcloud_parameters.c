/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests invalid parameters for JD Cloud: each one that is missing, too long, out of range or not
 * allowed is refused by name before anything is sent. The rules are from the models
 * "InstanceSpec", "DiskSpec" and "ChargeSpec" and from the common rules for passwords.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include <limits.h>

#include "tests/support/emulator_client.h"

static struct emulated emulated;

static int open_world(void **state)
{
    (void)state;
    emulated_open(&emulated, false, NULL);
    return 0;
}

static int close_world(void **state)
{
    (void)state;
    emulated_close(&emulated);
    return 0;
}

/* Calls the operation. It must be refused with the name of @parameter before anything is sent. */
static void expect_refused(enum cloud_op op, const struct cloud_params *params,
                           const char *parameter, const char *value)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    long before = emulated_requests(&emulated);
    int rc = cloud_call(emulated.client, op, params, &result, &err);

    if (rc != CLOUD_EINVAL || strcmp(err.parameter, parameter))
        fail_msg("%s, %s \"%s\": %s, parameter \"%s\": %s", cloud_op_info(op)->word, parameter,
                 value, cloud_code_name(rc), err.parameter, err.message);
    if (emulated_requests(&emulated) != before || err.outcome != CLOUD_NOT_APPLIED ||
        result.check_count || !*err.message)
        fail_msg("%s, %s \"%s\": a request was sent, or a result returned", cloud_op_info(op)->word,
                 parameter, value);
    cloud_result_clear(&result);
}

static void test_jdcloud_parameters__a_missing_one_is_named(void **state)
{
    static const enum cloud_param needed[] = {
        CLOUD_PARAM_NAME,     CLOUD_PARAM_ZONE,      CLOUD_PARAM_INSTANCE_TYPE,
        CLOUD_PARAM_IMAGE_ID, CLOUD_PARAM_SUBNET_ID, CLOUD_PARAM_SYSTEM_DISK_GB
    };
    static const enum cloud_op buying[] = { CLOUD_OP_CREATE_INSTANCE,
                                            CLOUD_OP_CREATE_INSTANCE_DRY_RUN };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(needed); i++) {
        for (size_t k = 0; k < CC_COUNT(buying); k++) {
            struct cloud_params p = emulated_purchase("web-1");

            p.name = needed[i] == CLOUD_PARAM_NAME ? NULL : p.name;
            p.zone = needed[i] == CLOUD_PARAM_ZONE ? NULL : p.zone;
            p.instance_type = needed[i] == CLOUD_PARAM_INSTANCE_TYPE ? NULL : p.instance_type;
            p.image_id = needed[i] == CLOUD_PARAM_IMAGE_ID ? NULL : p.image_id;
            p.subnet_id = needed[i] == CLOUD_PARAM_SUBNET_ID ? NULL : p.subnet_id;
            p.system_disk_gb = needed[i] == CLOUD_PARAM_SYSTEM_DISK_GB ? 0 : p.system_disk_gb;
            expect_refused(buying[k], &p, cloud_param_info(needed[i])->name, "(missing)");
        }
    }
}

static void test_jdcloud_parameters__every_operation_names_a_missing_one(void **state)
{
    /* clang-format off */
    static const struct {
        enum cloud_op op;
        const char *given, *missing; /* given: i instance_id, p period, a/o auto_renew yes/no */
    } cases[] = {
        { CLOUD_OP_START_INSTANCE, "", "instance_id" },
        { CLOUD_OP_STOP_INSTANCE, "", "instance_id" },
        { CLOUD_OP_REBOOT_INSTANCE, "", "instance_id" },
        { CLOUD_OP_DELETE_INSTANCE, "", "instance_id" },
        { CLOUD_OP_DESCRIBE_INSTANCE, "", "instance_id" },
        { CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL, "", "instance_id" },
        { CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION, "", "instance_id" },
        { CLOUD_OP_DESCRIBE_TASK, "", "task_id" },
        { CLOUD_OP_MODIFY_INSTANCE_PASSWD, "i", "password" },
        { CLOUD_OP_RENEW_INSTANCE, "i", "period" },
        { CLOUD_OP_RENEW_INSTANCE, "p", "instance_id" },
        { CLOUD_OP_DESCRIBE_RENEW_PRICE, "i", "period" },
        { CLOUD_OP_DESCRIBE_RENEW_PRICE, "p", "instance_id" },
        { CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, "i", "auto_renew" },
        { CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, "ia", "period" },
        { CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, "ipo", "period" },
        { CLOUD_OP_UPGRADE_INSTANCE, "i", "system_disk_gb" },
        { CLOUD_OP_DESCRIBE_UPGRADE_PRICE, "i", "system_disk_gb" },
        { CLOUD_OP_DESCRIBE_PRICE, "", "instance_type" },
        { CLOUD_OP_INVOKE, "", "action" },
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        struct cloud_params p = CLOUD_PARAMS_INIT;

        p.instance_id = strchr(cases[i].given, 'i') ? "i-1" : NULL;
        p.period.count = strchr(cases[i].given, 'p') ? 1 : 0;
        p.period.unit = strchr(cases[i].given, 'p') ? CLOUD_PERIOD_MONTH : CLOUD_PERIOD_NONE;
        p.auto_renew = strchr(cases[i].given, 'a')   ? CLOUD_YES
                       : strchr(cases[i].given, 'o') ? CLOUD_NO
                                                     : CLOUD_UNSET;
        expect_refused(cases[i].op, &p, cases[i].missing, "(missing)");
    }
}

#define X10 "xxxxxxxxxx"
#define X40 X10 X10 X10 X10
#define X130 X40 X40 X40 X10
#define X260 X130 X130

static void test_jdcloud_parameters__an_invalid_value_is_refused(void **state)
{
    /* parameter and value; the name in the error, when it is another one */
    /* clang-format off */
    static const char *const cases[][3] = {
        { "name", "a" }, { "name", X130 }, { "name", ".web" }, { "name", "web." },
        { "name", "web 1" }, { "name", "web/1" }, { "name", "web,1" }, { "name", "web&1" },
        { "name", "web\t1" }, { "name", "web\"1" }, { "name", "\xff\xfe" }, { "name", "[1]web" },
        { "name", "web[10000]" }, { "name", "web[a]" }, { "name", "web[1" }, { "name", "中" },
        { "description", X260 }, { "description", "\xc3(" },
        { "count", "101" }, { "count", "1000000" },
        { "zone", "cn north" }, { "zone", X130 }, { "zone", "a/b" },
        { "instance_type", X130 }, { "instance_type", "g n" },
        { "image_id", X130 }, { "image_id", "a?b" }, { "image_id", "a/../b" },
        { "subnet_id", X130 }, { "subnet_id", "a b" },
        { "security_group_id", X130 }, { "security_group_id", "sg#1" },
        { "key_name", X130 },
        { "system_disk_type", "ssd gp1" }, { "system_disk_type", X130 },
        { "system_disk_type", "local", "system_disk_gb" },
        { "system_disk_gb", "39" }, { "system_disk_gb", "501" }, { "system_disk_gb", "2147483647" },
        { "data_disks", "10" }, { "data_disks", "25" }, { "data_disks", "16010" },
        { "data_disks", "ssd:1010" }, { "data_disks", "premium-hdd:3010" },
        { "data_disks", "100,ssd.gp1:19" },
        { "public_mbps", "1001" },
        { "period", "10months" }, { "period", "4years" }, { "period", "30days" },
        { "period", "0months" },
        { "charge_mode", "postpaid", "period" }, { "charge_mode", "spot", "period" },
        { "password", "Ab1$xyz" }, { "password", "Ab1$wyzAb1$wyzAb1$wyzAb1$wyzAb1" },
        { "password", "adgjmpadg" }, { "password", "Adgjmpadg" }, { "password", "1357924680" },
        { "password", "Gre7n Tea-9" }, { "password", "Gre7n$Tea\t9" }, { "password", "Gre7n$Té-9" },
        { "password", "Gre7n$jdTea" }, { "password", "Gre7n$JDTea" }, { "password", "Gre360$Tean" },
        { "password", "Gre7n$bugTea" }, { "password", "Gre7n$BUGTea" },
        { "password", "Gre7n$comTea" }, { "password", "Gre7n$COMTea" },
        { "password", "Gre7n$cloud-9" }, { "password", "Gre7n$CLOUD-9" },
        { "password", "password$T7" }, { "password", "PASSWORD$t7" }, { "password", "Gre123$Tean" },
        { "password", "Gre987$Tean" }, { "password", "Gre7n$abcT" }, { "password", "Gre7n$CBAt" },
        { "password", "Gre7n$qazT" }, { "password", "Gre7n$wsxT" }, { "password", "Gre7n$qweT" },
        { "password", "Gre7n$rewqT" },
        { "vpc_id", "vpc-1" },
        { "gpu", "1" },
        { "to_month_end", "yes" },
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        struct cloud_params p = emulated_purchase("web-1");
        const struct cloud_param_info *info = cloud_param_find(cases[i][0]);
        struct cloud_error err;

        if (cloud_params_set(&p, info->param, cases[i][1], &err)) /* the text is refused already */
            assert_string_equal(err.parameter, cases[i][2] ? cases[i][2] : cases[i][0]);
        else
            expect_refused(CLOUD_OP_CREATE_INSTANCE, &p, cases[i][2] ? cases[i][2] : cases[i][0],
                           cases[i][1]);
        if (info->param == CLOUD_PARAM_DATA_DISKS)
            free((void *)p.data_disks);
    }
}

/* Values that a caller can write into the structure, but not give as text. */
static void test_jdcloud_parameters__an_invalid_number_is_refused(void **state)
{
    static const struct cloud_disk_spec bad_disks[] = {
        { NULL, 0 }, { "ssd.gp1", -20 }, { "", 100 }, { "ssd gp1", 100 }
    };
    struct cloud_params p;

    (void)state;
#define WITH(member, value, name) \
    p = emulated_purchase("web-1"); \
    p.member = value; \
    expect_refused(CLOUD_OP_CREATE_INSTANCE, &p, name, #value)
    WITH(count, -1, "count");
    WITH(count, INT_MIN, "count");
    WITH(system_disk_gb, -40, "system_disk_gb");
    WITH(public_mbps, -1, "public_mbps");
    WITH(data_disk_count, 3, "data_disks");
    WITH(auto_renew, (enum cloud_flag)7, "auto_renew");
    WITH(charge_mode, (enum cloud_charge_mode)99, "charge_mode");
    WITH(charge_mode, (enum cloud_charge_mode) - 1, "charge_mode");
    WITH(period.count, 0, "period");
    WITH(period.count, -1, "period");
    WITH(period.unit, CLOUD_PERIOD_NONE, "period");
    WITH(period.unit, (enum cloud_period_unit)77, "period");
    WITH(operation_key, "", "operation_key");
    WITH(operation_key, "\xff", "operation_key");
    WITH(description, "", "description");
    WITH(system_disk_type, "", "system_disk_type");
    WITH(zone, "", "zone");
    for (size_t i = 0; i < CC_COUNT(bad_disks); i++) {
        p = emulated_purchase("web-1");
        p.data_disks = &bad_disks[i];
        p.data_disk_count = 1;
        expect_refused(CLOUD_OP_CREATE_INSTANCE, &p, "data_disks", "(disk)");
    }
    p = emulated_purchase("web-1");
    p.period = (struct cloud_period){ 0 };
    p.auto_renew = CLOUD_YES;
    expect_refused(CLOUD_OP_CREATE_INSTANCE, &p, "auto_renew", "postpaid");
    p.auto_renew = CLOUD_UNSET;
    p.charge_mode = CLOUD_CHARGE_PREPAID;
    expect_refused(CLOUD_OP_CREATE_INSTANCE, &p, "period", "prepaid");
    p.charge_mode = CLOUD_CHARGE_SPOT;
    expect_refused(CLOUD_OP_CREATE_INSTANCE, &p, "charge_mode", "spot");
    p.name = p.subnet_id = NULL;
    expect_refused(CLOUD_OP_DESCRIBE_PRICE, &p, "charge_mode", "spot");
}

static void test_jdcloud_parameters__other_operations_check_values_too(void **state)
{
    /* clang-format off */
    static const struct {
        enum cloud_op op;
        const char *param, *value, *names;
    } cases[] = {
        { CLOUD_OP_START_INSTANCE, "instance_id", X130, NULL },
        { CLOUD_OP_START_INSTANCE, "instance_id", "i-1/../../disks", NULL },
        { CLOUD_OP_START_INSTANCE, "instance_id", "i-1?x=y", NULL },
        { CLOUD_OP_START_INSTANCE, "instance_id", "i 1", NULL },
        { CLOUD_OP_START_INSTANCE, "instance_id", "\xff", NULL },
        { CLOUD_OP_DESCRIBE_INSTANCE, "instance_id", "..", NULL },
        { CLOUD_OP_STOP_INSTANCE, "force", "yes", NULL },
        { CLOUD_OP_STOP_INSTANCE, "period", "1month", NULL },
        { CLOUD_OP_MODIFY_INSTANCE_PASSWD, "password", "short1$", NULL },
        { CLOUD_OP_RENEW_INSTANCE, "period", "10months", NULL },
        { CLOUD_OP_RENEW_INSTANCE, "period", "4years", NULL },
        { CLOUD_OP_DESCRIBE_RENEW_PRICE, "period", "12months", NULL },
        { CLOUD_OP_UPGRADE_INSTANCE, "system_disk_gb", "501", NULL },
        { CLOUD_OP_UPGRADE_INSTANCE, "instance_type", "g n", NULL },
        { CLOUD_OP_DESCRIBE_RESOURCES_MODIFICATION, "resource", "memory", NULL },
        { CLOUD_OP_DESCRIBE_TASK, "task_id", "1/../2", NULL },
        { CLOUD_OP_DESCRIBE_TASK, "task_id", "1?x=y", NULL },
        { CLOUD_OP_DESCRIBE_INSTANCES, "name", "a", NULL },
        { CLOUD_OP_DESCRIBE_INSTANCES, "zone", "a b", NULL },
        { CLOUD_OP_INVOKE, "action", "flyInstance", NULL },
        { CLOUD_OP_INVOKE, "action", "startInstance", "instanceId" },
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        struct cloud_params p = CLOUD_PARAMS_INIT;
        struct cloud_error err;

        if (cloud_op_info(cases[i].op)->required & CC_BIT(INSTANCE_ID))
            p.instance_id = "i-1";
        assert_int_equal(
            cloud_params_set(&p, cloud_param_find(cases[i].param)->param, cases[i].value, &err),
            CLOUD_OK);
        expect_refused(cases[i].op, &p, cases[i].names ? cases[i].names : cases[i].param,
                       cases[i].value);
    }
}

/* Code that refuses everything would pass the tests above. */
static void test_jdcloud_parameters__values_at_the_limits_are_accepted(void **state)
{
    /* clang-format off */
    static const char *const cases[][2] = {
        { "name", "ab" }, { "name", X40 X40 X40 "xxxxxxxx" }, { "name", "中文" },
        { "name", "web-[001]" }, { "name", "a.b_c-d" },
        { "description", X40 X40 X40 X40 X40 X40 "xxxxxxxxxxxxxxxx" },
        { "count", "1" }, { "count", "100" },
        { "system_disk_gb", "500" },
        { "data_disks", "20" }, { "data_disks", "16000" },
        { "data_disks", "ssd:1000,premium-hdd:3000" },
        { "public_mbps", "1" }, { "public_mbps", "200" },
        { "period", "9months" }, { "period", "3years" },
        { "auto_renew", "yes" },
        { "password", "Gre7n$Tea" }, { "password", "Aa1()`~!@#$%^&*_-+=|{}[]:\";'" },
        { "password", "Aa1<>,.?/xzA1<>,.?/xzA1<>,.?/z" },
    };
    /* clang-format on */
    struct cloud_result result = CLOUD_RESULT_INIT;

    (void)state;
    free(emulated_control(
        &emulated, "world",
        "{\"quota\":{\"instance\":10000,\"disk\":10000},\"balance\":\"900000000.00\"}"));
    for (size_t i = 0; i < CC_COUNT(cases); i++) {
        /* the name of a disk must be shorter than this one */
        struct cloud_params p = emulated_purchase(X40 X40 "-[01]");
        struct cloud_error err;

        assert_int_equal(
            cloud_params_set(&p, cloud_param_find(cases[i][0])->param, cases[i][1], &err),
            CLOUD_OK);
        if (cloud_create_instance(emulated.client, &p, &result, &err))
            fail_msg("%s \"%s\": %s", cases[i][0], cases[i][1], err.message);
        if (cloud_param_find(cases[i][0])->param == CLOUD_PARAM_DATA_DISKS)
            free((void *)p.data_disks);
    }
    cloud_result_clear(&result);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_jdcloud_parameters__a_missing_one_is_named),
        cmocka_unit_test(test_jdcloud_parameters__every_operation_names_a_missing_one),
        cmocka_unit_test(test_jdcloud_parameters__an_invalid_value_is_refused),
        cmocka_unit_test(test_jdcloud_parameters__an_invalid_number_is_refused),
        cmocka_unit_test(test_jdcloud_parameters__other_operations_check_values_too),
        cmocka_unit_test(test_jdcloud_parameters__values_at_the_limits_are_accepted),
    };

    return cmocka_run_group_tests(tests, open_world, close_world);
}
