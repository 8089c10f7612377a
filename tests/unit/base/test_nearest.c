/* SPDX-License-Identifier: Apache-2.0 */
/* Tests of core/base/nearest.c, and of the period of a parameter, which must be clear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "core/base/nearest.h"
#include "include/cloud_client.h"

static void test_nearest__distance_does_not_regard_case(void **state)
{
    (void)state;
    assert_int_equal(cc_edit_distance("CN-North-1", "cn-north-1"), 0);
    assert_int_equal(cc_edit_distance("clods", "clouds"), 1);
    assert_int_equal(cc_edit_distance("", "zone"), 4);
    assert_int_equal(cc_edit_distance("abc", "xyz"), 3);
}

static void test_nearest__more_than_half_of_a_name_is_another_name(void **state)
{
    static const struct {
        const char *word, *candidate;
        int found;
    } rows[] = {
        { "zoen", "zone", 1 }, { "zxxe", "zone", 1 },     { "zxxx", "zone", 0 },
        { "x", "jd", 0 },      { "jx", "jd", 1 },         { "", "clouds", 0 },
        { "ZONE", "zone", 1 }, { "password", "zone", 0 }, { "mars-1", "cn-north-1", 0 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct cc_nearest nearest = { .word = rows[i].word };

        cc_nearest_try(&nearest, rows[i].candidate);
        assert_int_equal(cc_nearest_found(&nearest) != NULL, rows[i].found);
    }
}

static void test_nearest__the_closest_is_kept(void **state)
{
    struct cc_nearest nearest = { .word = "demo-esc" };

    (void)state;
    cc_nearest_try(&nearest, "demo");
    cc_nearest_try(&nearest, "demo-ecs");
    cc_nearest_try(&nearest, "demo-ccs");
    assert_string_equal(cc_nearest_found(&nearest), "demo-ecs");
}

static void test_period__m_alone_is_not_a_month(void **state)
{
    static const char *const unclear[] = { "1m", "12M", "3 m" };
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_error err;

    (void)state;
    for (size_t i = 0; i < sizeof(unclear) / sizeof(unclear[0]); i++) {
        assert_int_equal(cloud_params_set(&params, CLOUD_PARAM_PERIOD, unclear[i], &err),
                         CLOUD_EINVAL);
        assert_string_equal(err.parameter, "period");
        assert_int_equal(params.period.count, 0);
    }
    assert_int_equal(cloud_params_set(&params, CLOUD_PARAM_PERIOD, "1month", &err), CLOUD_OK);
    assert_int_equal(cloud_params_set(&params, CLOUD_PARAM_PERIOD, "2 mons", &err), CLOUD_OK);
    assert_int_equal(cloud_params_set(&params, CLOUD_PARAM_PERIOD, "1y", &err), CLOUD_OK);
    assert_int_equal(params.period.unit, CLOUD_PERIOD_YEAR);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nearest__distance_does_not_regard_case),
        cmocka_unit_test(test_nearest__more_than_half_of_a_name_is_another_name),
        cmocka_unit_test(test_nearest__the_closest_is_kept),
        cmocka_unit_test(test_period__m_alone_is_not_a_month),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
