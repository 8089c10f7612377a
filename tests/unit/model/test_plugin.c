/* SPDX-License-Identifier: Apache-2.0 */
/* Tests core/model/plugin.c: loads plug-ins, refuses broken ones with the reason, and reads their
 * paths from clouds.yaml. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include <cmocka.h>

#include "core/model/plugin.h"

static char *folder; /* the samples are FOLDER/plugin_N.so */

static const char *path_of(int sample)
{
    static char path[512];

    snprintf(path, sizeof(path), "%s/plugin_%d.so", folder, sample);
    return path;
}

static size_t providers(void)
{
    size_t n = 0;

    while (cloud_provider_name(n))
        n++;
    return n;
}

static void expect_refused(const char *path, const char *reason)
{
    size_t before = providers();
    struct cloud_error err;

    assert_int_equal(cloud_provider_load(path, &err), CLOUD_ECONFIG);
    if (!strstr(err.message, reason))
        fail_msg("\"%s\" does not say \"%s\"", err.message, reason);
    assert_string_equal(err.parameter, "providers");
    assert_int_equal(providers(), before);
}

static void test_plugin__a_correct_one_becomes_a_provider(void **state)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_client *client = NULL;
    struct cloud_error err;
    size_t before = providers();

    (void)state;
    assert_int_equal(cloud_provider_load(path_of(0), &err), CLOUD_OK);
    assert_int_equal(err.code, CLOUD_OK);
    assert_int_equal(providers(), before + 1);
    assert_string_equal(cloud_provider_name(before), "sample");
    assert_int_equal(cloud_supports("sample", CLOUD_OP_DESCRIBE_INSTANCES, NULL), CLOUD_NATIVE);
    assert_int_equal(cloud_supports("sample", CLOUD_OP_CREATE_INSTANCE, NULL), CLOUD_UNSUPPORTED);
    options.provider = "sample";
    options.endpoint = "http://127.0.0.1:1";
    options.access_key_id = options.access_key_secret = "k";
    assert_int_equal(cloud_client_new(&options, &client, &err), CLOUD_OK);
    assert_int_equal(cloud_start_instance(client, "i-1", &err), CLOUD_EUNSUPPORTED);
    cloud_client_free(client);
}

static void test_plugin__the_same_one_may_be_loaded_twice(void **state)
{
    size_t before;

    (void)state;
    assert_int_equal(cloud_provider_load(path_of(0), NULL), CLOUD_OK);
    before = providers();
    assert_int_equal(cloud_provider_load(path_of(0), NULL), CLOUD_OK);
    assert_int_equal(providers(), before);
}

static void test_plugin__members_that_an_older_header_lacks_are_zero(void **state)
{
    const struct cloud_provider *older;
    struct cloud_error err;

    (void)state;
    assert_int_equal(cloud_provider_load(path_of(1), &err), CLOUD_OK);
    older = cc_provider_find("older");
    assert_non_null(older);
    assert_null(older->host);
    assert_int_equal(cloud_supports("older", CLOUD_OP_DESCRIBE_INSTANCES, NULL), CLOUD_NATIVE);
    for (int op = CLOUD_OP_DESCRIBE_TASK; op < CLOUD_OP__COUNT; op++)
        assert_int_equal(cloud_supports("older", (enum cloud_op)op, NULL), CLOUD_UNSUPPORTED);
}

static void test_plugin__its_entry_may_ask_for_providers(void **state)
{
    struct cloud_error err;

    (void)state;
    alarm(20); /* it would wait for ever */
    assert_int_equal(cloud_provider_load(path_of(12), &err), CLOUD_OK);
    alarm(0);
    assert_non_null(cc_provider_find("asks"));
}

static void test_plugin__a_newer_or_broken_one_is_refused_with_the_reason(void **state)
{
    static const struct {
        int sample;
        const char *reason;
    } rows[] = {
        { 2, "newer cloud_provider.h" },
        { 3, "newer cloud_provider.h" },
        { 4, "CLOUD_PROVIDER_INIT" },
        { 5, "cloud_provider_entry" },
        { 6, "returned NULL" },
        { 7, "name" },
        { 8, "built-in provider" },
        { 9, "describe_instances" },
        { 10, "envelope" },
        { 11, "build it again" },
        { 13, "Gone" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++)
        expect_refused(path_of(rows[i].sample), rows[i].reason);
}

static void test_plugin__a_file_that_is_no_shared_object_is_refused(void **state)
{
    (void)state;
    expect_refused("/nowhere/provider.so", "No such file");
    expect_refused(folder, "cannot");
    expect_refused("", "no path");
    expect_refused(NULL, "no path");
}

static void write_config(const char *path, const char *providers_line)
{
    FILE *file = fopen(path, "w");

    assert_non_null(file);
    fprintf(file, "%s\nclouds:\n  here: { provider: sample, endpoint: \"emulator:\" }\n",
            providers_line);
    fclose(file);
}

static void test_plugin__paths_in_clouds_yaml_are_relative_to_the_file(void **state)
{
    char path[600];
    struct cloud_config *config = NULL;
    struct cloud_error err;

    (void)state;
    snprintf(path, sizeof(path), "%s/plugin-test.yaml", folder);
    write_config(path, "providers: [ plugin_0.so ]");
    assert_int_equal(cloud_config_load(path, &config, &err), CLOUD_OK);
    assert_string_equal(cloud_config_cloud(config, 0)->provider, "sample");
    cloud_config_free(config);
    write_config(path, "providers:\n  - plugin_0.so\n  - plugin_2.so");
    assert_int_equal(cloud_config_load(path, &config, &err), CLOUD_ECONFIG);
    assert_non_null(strstr(err.message, "plugin-test.yaml:3"));
    assert_non_null(strstr(err.message, "newer cloud_provider.h"));
    write_config(path, "providers: plugin_0.so");
    assert_int_equal(cloud_config_load(path, &config, &err), CLOUD_ECONFIG);
    remove(path);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plugin__a_correct_one_becomes_a_provider),
        cmocka_unit_test(test_plugin__the_same_one_may_be_loaded_twice),
        cmocka_unit_test(test_plugin__members_that_an_older_header_lacks_are_zero),
        cmocka_unit_test(test_plugin__its_entry_may_ask_for_providers),
        cmocka_unit_test(test_plugin__a_newer_or_broken_one_is_refused_with_the_reason),
        cmocka_unit_test(test_plugin__a_file_that_is_no_shared_object_is_refused),
        cmocka_unit_test(test_plugin__paths_in_clouds_yaml_are_relative_to_the_file),
    };

    folder = argc > 1 ? argv[1] : (char[]){ "." };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
