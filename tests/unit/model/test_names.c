/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/model/operations.c and core/model/parameters.c: lookup of operations and parameters by
 * name. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/model/operations.h"

static void test_names__operations_are_found_by_command_and_name(void **state)
{
    (void)state;
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cloud_op_info *info = cloud_op_info((enum cloud_op)op);
        char dashes[64];

        assert_int_equal(info->op, op);
        assert_ptr_equal(cloud_op_find(info->word), info);
        assert_ptr_equal(cloud_op_find(info->name), info);
        snprintf(dashes, sizeof(dashes), "%s", info->name);
        for (char *p = dashes; *p; p++)
            *p = *p == '_' ? '-' : *p;
        assert_ptr_equal(cloud_op_find(dashes), info);
        assert_int_equal(info->required & info->optional, 0);
        assert_true(*info->summary && info->summary[strlen(info->summary) - 1] != '.');
    }
    assert_null(cloud_op_info(CLOUD_OP__COUNT));
    assert_null(cloud_op_find("fly"));
    assert_null(cloud_op_find(""));
}

static void test_names__parameters_are_found_by_name(void **state)
{
    uint64_t read = 0;

    (void)state;
    for (int param = 0; param < CLOUD_PARAM__COUNT; param++) {
        const struct cloud_param_info *info = cloud_param_info((enum cloud_param)param);

        assert_int_equal(info->param, param);
        assert_ptr_equal(cloud_param_find(info->name), info);
        assert_int_equal(info->secret, param == CLOUD_PARAM_PASSWORD);
    }
    assert_ptr_equal(cloud_param_find("system-disk-gb"),
                     cloud_param_info(CLOUD_PARAM_SYSTEM_DISK_GB));
    assert_null(cloud_param_info(CLOUD_PARAM__COUNT));
    assert_null(cloud_param_find("colour"));
    for (int op = 0; op < CLOUD_OP__COUNT; op++)
        read |=
            cloud_op_info((enum cloud_op)op)->required | cloud_op_info((enum cloud_op)op)->optional;
    assert_true(read == (UINT64_C(1) << CLOUD_PARAM__COUNT) - 1); /* an operation reads each one */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names__operations_are_found_by_command_and_name),
        cmocka_unit_test(test_names__parameters_are_found_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
