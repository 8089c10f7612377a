/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Gives NULL, and structures of zeroes, to every public function: each refuses them, and none
 * crashes, sends or buys. The headers are read to see that no function is forgotten.
 *
 * usage: test_arguments SOURCE-DIRECTORY
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "include/cloud_batch.h"
#include "include/cloud_client.h"
#include "include/cloud_emulator.h"
#include "include/cloud_journal.h"

static const char *source;
static const char *tested[256];
static size_t tested_count;
static struct cloud_client *client;
static struct cloud_error err;

static void note(const char *call)
{
    for (size_t i = 0; i < tested_count; i++) {
        if (!strcmp(tested[i], call))
            return;
    }
    assert_true(tested_count < sizeof(tested) / sizeof(tested[0]));
    tested[tested_count++] = call;
}

static void expect(const char *call, bool good)
{
    note(call);
    if (!good)
        fail_msg("%s: %s", call, err.message);
}

/* the call returns CLOUD_EINVAL and says which argument is wrong */
#define REFUSES(parameter_, function_, ...) \
    do { \
        memset(&err, 0, sizeof(err)); \
        expect(#function_, function_(__VA_ARGS__) == CLOUD_EINVAL); \
        if (strcmp(err.parameter, parameter_)) \
            fail_msg("%s names \"%s\": %s", #function_, err.parameter, err.message); \
        assert_string_not_equal(err.message, ""); \
    } while (0)
/* the call returns this */
#define RETURNS(value_, function_, ...) expect(#function_, function_(__VA_ARGS__) == (value_))
#define RETURNS_TEXT(value_, function_, ...) \
    expect(#function_, strcmp(function_(__VA_ARGS__), value_) == 0)
/* the call does nothing and returns nothing */
#define SURVIVES(function_, ...) (note(#function_), function_(__VA_ARGS__))

static int open_client(void **state)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;

    (void)state;
    options.provider = "jdcloud";
    options.region = "cn-north-1";
    options.endpoint = "emulator:";
    options.attempts = 1;
    return cloud_client_new(&options, &client, &err);
}

static int close_client(void **state)
{
    (void)state;
    cloud_client_free(client);
    return 0;
}

static struct cloud_params purchase(void)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    params.name = "size-zero";
    params.zone = "cn-north-1a";
    params.instance_type = "g.n2.medium";
    params.image_id = "img-demoubuntu22";
    params.subnet_id = "subnet-demo000001";
    params.system_disk_gb = 40;
    params.period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    return params;
}

static size_t instances(void)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    size_t count;

    assert_int_equal(cloud_describe_instances(client, NULL, &result, &err), CLOUD_OK);
    count = result.instance_count;
    cloud_result_clear(&result);
    return count;
}

static void test_arguments__structures_of_zeroes_buy_nothing(void **state)
{
    struct cloud_params params = purchase(), none = { 0 };
    struct cloud_result result = CLOUD_RESULT_INIT, nothing = { 0 };
    size_t before = instances();

    (void)state;
    params.size = 0;
    REFUSES("params", cloud_create_instance, client, &params, &result, &err);
    assert_non_null(strstr(err.message, "size is 0: start from CLOUD_PARAMS_INIT"));
    params.size = offsetof(struct cloud_params, expires_at);
    REFUSES("params", cloud_create_instance, client, &params, &result, &err);
    assert_non_null(strstr(err.message, "start from CLOUD_PARAMS_INIT"));
    params.size = SIZE_MAX;
    REFUSES("params", cloud_create_instance, client, &params, &result, &err);
    REFUSES("params", cloud_create_instance, client, &none, &result, &err);
    params.size = sizeof(params);
    REFUSES("result", cloud_create_instance, client, &params, &nothing, &err);
    assert_non_null(strstr(err.message, "size is 0: start from CLOUD_RESULT_INIT"));
    nothing.size = sizeof(nothing) - 1;
    REFUSES("result", cloud_create_instance, client, &params, &nothing, &err);
    assert_int_equal(instances(), before);
    assert_int_equal(cloud_create_instance(client, &params, &result, &err), CLOUD_OK);
    assert_int_equal(instances(), before + 1);
    cloud_result_clear(&result);
}

/* a program that was built with a later header: what it gives beyond this one is not ignored */
static void test_arguments__members_that_are_not_known_are_refused(void **state)
{
    struct {
        struct cloud_params params;
        int64_t later;
    } params = { .params = purchase() };
    struct {
        struct cloud_result result;
        int64_t later;
    } result = { .later = 7 };

    (void)state;
    params.params.size = sizeof(params);
    result.result.size = sizeof(result);
    params.later = 1;
    REFUSES("params", cloud_create_instance_dry_run, client, &params.params, NULL, &err);
    params.later = 0;
    assert_int_equal(cloud_create_instance_dry_run(client, &params.params, &result.result, &err),
                     CLOUD_OK);
    cloud_result_clear(&result.result);
}

static void check_client_functions(void)
{
    struct cloud_client_options options = { 0 }, whole = CLOUD_CLIENT_OPTIONS_INIT;
    struct cloud_params none = { 0 };
    struct cloud_client *made;
    char account[CLOUD_ACCOUNT_MAX];
    void *data = &data;

    REFUSES("options", cloud_client_new, NULL, &made, &err);
    REFUSES("options", cloud_client_new, &options, &made, &err);
    assert_non_null(strstr(err.message, "size is 0: start from CLOUD_CLIENT_OPTIONS_INIT"));
    REFUSES("ret_client", cloud_client_new, &whole, NULL, &err);
    whole.provider = "jdcloud";
    whole.defaults = &none;
    REFUSES("params", cloud_client_new, &whole, &made, &err);
    SURVIVES(cloud_client_free, NULL);
    RETURNS_TEXT("", cloud_client_provider, NULL);
    RETURNS_TEXT("", cloud_client_region, NULL);
    RETURNS(NULL, cloud_client_defaults, NULL);
    SURVIVES(cloud_client_set_log, NULL, NULL, NULL);
    REFUSES("client", cloud_client_account, NULL, account, &err);
    REFUSES("ret_account", cloud_client_account, client, NULL, &err);
    RETURNS(CLOUD_TIME_NONE, cloud_client_vendor_time, NULL);
    SURVIVES(cloud_client_set_change_hook, NULL, NULL, NULL);
    RETURNS(NULL, cloud_client_change_hook, NULL, &data);
    assert_null(data);
    RETURNS(NULL, cloud_client_change_hook, NULL, NULL);
}

static void check_calls(void)
{
    const struct cloud_period month = { 1, CLOUD_PERIOD_MONTH };
    struct cloud_params params = purchase(), none = { 0 };
    struct cloud_result zero = { 0 };

    REFUSES("client", cloud_call, NULL, CLOUD_OP_DESCRIBE_INSTANCES, NULL, NULL, &err);
    RETURNS(CLOUD_EINVAL, cloud_call, NULL, CLOUD_OP_DESCRIBE_INSTANCES, NULL, NULL, NULL);
    REFUSES("op", cloud_call, client, CLOUD_OP__COUNT, NULL, NULL, &err);
    REFUSES("client", cloud_call_check, NULL, CLOUD_OP_CREATE_INSTANCE, &params, &err);
    REFUSES("params", cloud_call_check, client, CLOUD_OP_CREATE_INSTANCE, &none, &err);
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        REFUSES("client", cloud_call, NULL, (enum cloud_op)op, &params, NULL, &err);
        REFUSES("params", cloud_call, client, (enum cloud_op)op, &none, NULL, &err);
        REFUSES("result", cloud_call, client, (enum cloud_op)op, &params, &zero, &err);
        RETURNS(CLOUD_EINVAL, cloud_call, NULL, (enum cloud_op)op, NULL, NULL, NULL);
        if (cloud_op_info((enum cloud_op)op)->required)
            RETURNS(CLOUD_EINVAL, cloud_call, client, (enum cloud_op)op, NULL, NULL, &err);
    }
    REFUSES("client", cloud_start_instance, NULL, "i-1", &err);
    REFUSES("instance_id", cloud_start_instance, client, NULL, &err);
    REFUSES("client", cloud_stop_instance, NULL, "i-1", false, &err);
    REFUSES("instance_id", cloud_stop_instance, client, NULL, false, &err);
    REFUSES("client", cloud_reboot_instance, NULL, "i-1", &err);
    REFUSES("instance_id", cloud_reboot_instance, client, NULL, &err);
    REFUSES("client", cloud_modify_instance_passwd, NULL, "i-1", "x", &err);
    RETURNS(CLOUD_EINVAL, cloud_modify_instance_passwd, client, NULL, NULL, &err);
    REFUSES("client", cloud_describe_price, NULL, &params, NULL, &err);
    REFUSES("params", cloud_describe_price, client, &none, NULL, &err);
    REFUSES("client", cloud_describe_renew_price, NULL, "i-1", month, NULL, &err);
    REFUSES("result", cloud_describe_renew_price, client, "i-1", month, &zero, &err);
    REFUSES("client", cloud_describe_upgrade_price, NULL, &params, NULL, &err);
    REFUSES("client", cloud_create_instance, NULL, &params, NULL, &err);
    REFUSES("client", cloud_create_instance_dry_run, NULL, &params, NULL, &err);
    REFUSES("client", cloud_renew_instance, NULL, "i-1", month, NULL, &err);
    REFUSES("result", cloud_renew_instance, client, "i-1", month, &zero, &err);
    REFUSES("instance_id", cloud_renew_instance, client, NULL, month, NULL, &err);
    REFUSES("client", cloud_describe_instance_vnc_url, NULL, "i-1", NULL, &err);
    REFUSES("client", cloud_describe_regions, NULL, NULL, &err);
    REFUSES("client", cloud_describe_resources_modification, NULL, "i-1", NULL, NULL, &err);
    REFUSES("client", cloud_upgrade_instance, NULL, &params, NULL, &err);
    REFUSES("params", cloud_upgrade_instance, client, &none, NULL, &err);
    REFUSES("client", cloud_modify_instance_auto_renew_attribute, NULL, "i-1", true, month, &err);
    REFUSES("client", cloud_describe_instances, NULL, NULL, NULL, &err);
    REFUSES("client", cloud_describe_instance, NULL, "i-1", NULL, &err);
    REFUSES("instance_id", cloud_describe_instance, client, NULL, NULL, &err);
    REFUSES("client", cloud_delete_instance, NULL, "i-1", &err);
    REFUSES("client", cloud_describe_disks, NULL, NULL, NULL, &err);
    REFUSES("client", cloud_describe_instance_types, NULL, NULL, NULL, &err);
    REFUSES("client", cloud_describe_images, NULL, NULL, NULL, &err);
    REFUSES("client", cloud_describe_task, NULL, NULL, NULL, &err);
    REFUSES("client", cloud_invoke, NULL, "describeInstances", NULL, NULL, &err);
    REFUSES("action", cloud_invoke, client, NULL, NULL, NULL, &err);
}

static void check_waits(void)
{
    struct cloud_params params = CLOUD_PARAMS_INIT, none = { 0 };
    struct cloud_wait_options options = CLOUD_WAIT_INIT, nothing = { 0 };
    struct cloud_result zero = { 0 };

    params.instance_id = "i-1";
    REFUSES("client", cloud_wait, NULL, &params, 1, NULL, NULL, NULL, &err);
    REFUSES("params", cloud_wait, client, NULL, 1, NULL, NULL, NULL, &err);
    REFUSES("result", cloud_wait, client, &params, 1, NULL, NULL, &zero, &err);
    REFUSES("client", cloud_wait_until, NULL, &params, &options, NULL, &err);
    REFUSES("params", cloud_wait_until, client, &none, &options, NULL, &err);
    REFUSES("options", cloud_wait_until, client, &params, &nothing, NULL, &err);
    assert_non_null(strstr(err.message, "size is 0: start from CLOUD_WAIT_INIT"));
    REFUSES("options", cloud_wait_until, client, &params, NULL, NULL, &err);
}

static void check_values(void)
{
    struct cloud_params params = CLOUD_PARAMS_INIT, none = { 0 };
    struct cloud_result result = CLOUD_RESULT_INIT, zero = { 0 };
    struct cloud_money money;
    struct cloud_period period;
    int64_t time;
    char text[80];

    REFUSES("params", cloud_params_set, NULL, CLOUD_PARAM_CPU, "2", &err);
    REFUSES("params", cloud_params_set, &none, CLOUD_PARAM_CPU, "2", &err);
    RETURNS(CLOUD_EINVAL, cloud_params_set, &params, CLOUD_PARAM_CPU, NULL, &err);
    RETURNS(CLOUD_EINVAL, cloud_params_set, &params, CLOUD_PARAM__COUNT, "2", NULL);
    RETURNS(false, cloud_params_has, NULL, CLOUD_PARAM_CPU);
    RETURNS(false, cloud_params_has, &none, CLOUD_PARAM_CPU);
    RETURNS(0, cloud_params_text, NULL, CLOUD_PARAM_CPU, text, sizeof(text));
    RETURNS(0, cloud_params_text, &params, CLOUD_PARAM_CPU, NULL, 0);
    RETURNS(0, cloud_params_text, &params, CLOUD_PARAM_CPU, NULL, 5);
    SURVIVES(cloud_params_clear, NULL);
    SURVIVES(cloud_params_clear, &none);
    SURVIVES(cloud_result_clear, NULL);
    SURVIVES(cloud_result_clear, &zero);
    SURVIVES(cloud_result_take, NULL, &result);
    SURVIVES(cloud_result_take, &result, NULL);
    SURVIVES(cloud_result_take, &zero, &result);
    SURVIVES(cloud_result_take, &result, &zero);
    SURVIVES(cloud_result_take, &result, &result);
    RETURNS(NULL, cloud_param_info, CLOUD_PARAM__COUNT);
    RETURNS(NULL, cloud_param_find, NULL);
    RETURNS(NULL, cloud_op_info, CLOUD_OP__COUNT);
    RETURNS(NULL, cloud_op_find, NULL);
    RETURNS(CLOUD_EINVAL, cloud_money_parse, NULL, "CNY", &money, &err);
    REFUSES("currency", cloud_money_parse, "1", NULL, &money, &err);
    REFUSES("ret_money", cloud_money_parse, "1", "CNY", NULL, &err);
    money = (struct cloud_money){ 1, "CNY" };
    RETURNS_TEXT("-", cloud_money_format, money, NULL);
    RETURNS(CLOUD_EINVAL, cloud_period_parse, NULL, &period, &err);
    REFUSES("ret_period", cloud_period_parse, "1 month", NULL, &err);
    period = (struct cloud_period){ 1, CLOUD_PERIOD_MONTH };
    RETURNS_TEXT("-", cloud_period_format, period, NULL);
    RETURNS(CLOUD_EINVAL, cloud_time_parse, NULL, &time, &err);
    REFUSES("ret_time", cloud_time_parse, "0", NULL, &err);
    RETURNS_TEXT("-", cloud_time_format, 1, NULL);
    REFUSES("operation_key", cloud_operation_mark, NULL, text, &err);
    REFUSES("ret_mark", cloud_operation_mark, "k", NULL, &err);
    REFUSES("text", cloud_digest, NULL, NULL, text, &err);
    REFUSES("ret_hex", cloud_digest, NULL, "x", NULL, &err);
}

static void check_numbers(void)
{
    RETURNS_TEXT("CLOUD_E?", cloud_code_name, 99);
    expect("cloud_code_advice", cloud_code_advice(99)[0] != '\0');
    RETURNS_TEXT("unknown", cloud_outcome_name, (enum cloud_outcome)99);
    expect("cloud_version", cloud_version()[0] != '\0');
    RETURNS(NULL, cloud_price_source_name, (enum cloud_price_source)99);
    RETURNS(NULL, cloud_instance_state_name, (enum cloud_instance_state)99);
    RETURNS(NULL, cloud_disk_state_name, (enum cloud_disk_state)99);
    RETURNS(NULL, cloud_image_state_name, (enum cloud_image_state)99);
    RETURNS(NULL, cloud_task_state_name, (enum cloud_task_state)99);
    RETURNS(NULL, cloud_billing_state_name, (enum cloud_billing_state)99);
    RETURNS(NULL, cloud_charge_mode_name, (enum cloud_charge_mode)99);
    RETURNS(NULL, cloud_stock_name, (enum cloud_stock)99);
    RETURNS(false, cloud_state_is_settled, (enum cloud_instance_state)99);
    RETURNS(false, cloud_state_can, (enum cloud_instance_state)99, CLOUD_OP_START_INSTANCE);
    RETURNS(false, cloud_state_can_start, (enum cloud_instance_state)99);
    RETURNS(false, cloud_state_can_stop, (enum cloud_instance_state)99);
    RETURNS(false, cloud_state_can_reboot, (enum cloud_instance_state)99);
    RETURNS(false, cloud_disk_state_is_settled, (enum cloud_disk_state)99);
    RETURNS(NULL, cloud_support_name, (enum cloud_support)99);
    RETURNS(CLOUD_UNSUPPORTED, cloud_supports, NULL, CLOUD_OP_START_INSTANCE, NULL);
    RETURNS(NULL, cloud_provider_name, 99);
    RETURNS(CLOUD_ECONFIG, cloud_provider_load, NULL, &err);
    RETURNS(NULL, cloud_journal_state_name, (enum cloud_journal_state)99);
    RETURNS(NULL, cloud_finding_name, (enum cloud_finding_kind)99);
}

static void check_actions(void)
{
    struct cloud_action_info info = { 0 };
    struct cloud_action_param param = { 0 };

    RETURNS(false, cloud_action_info, "jdcloud", 0, NULL);
    RETURNS(false, cloud_action_info, "jdcloud", 0, &info);
    RETURNS(false, cloud_action_info, NULL, 0, NULL);
    RETURNS(false, cloud_action_find, "jdcloud", "describeInstances", NULL);
    RETURNS(false, cloud_action_find, "jdcloud", "describeInstances", &info);
    RETURNS(false, cloud_action_param, "jdcloud", 0, 0, NULL);
    RETURNS(false, cloud_action_param, "jdcloud", 0, 0, &param);
    assert_null(info.name);
    assert_null(param.name);
}

static void check_config(void)
{
    struct cloud_client *made;
    char *secret;

    REFUSES("ret_config", cloud_config_load, NULL, NULL, &err);
    REFUSES("ret_config", cloud_config_read, NULL, NULL, &err);
    REFUSES("path", cloud_secret_read, NULL, &secret, &err);
    REFUSES("ret_secret", cloud_secret_read, "secret", NULL, &err);
    SURVIVES(cloud_config_free, NULL);
    RETURNS_TEXT("", cloud_config_path, NULL);
    RETURNS(NULL, cloud_config_journal, NULL);
    RETURNS(NULL, cloud_config_cloud, NULL, 0);
    REFUSES("config", cloud_config_client, NULL, NULL, &made, &err);
}

static void check_batches(void)
{
    struct cloud_batch_options options = { 0 };
    struct cloud_batch_call call = CLOUD_BATCH_CALL_INIT, no_call = { 0 };
    struct cloud_batch_done done = { 0 };
    struct cloud_params none = { 0 };
    struct cloud_batch *batch;

    REFUSES("ret_batch", cloud_batch_new, NULL, NULL, &err);
    REFUSES("options", cloud_batch_new, &options, &batch, &err);
    assert_non_null(strstr(err.message, "size is 0: start from CLOUD_BATCH_OPTIONS_INIT"));
    assert_int_equal(cloud_batch_new(NULL, &batch, &err), CLOUD_OK);
    REFUSES("batch", cloud_batch_add_call, NULL, &call, NULL, &err);
    REFUSES("call", cloud_batch_add_call, batch, NULL, NULL, &err);
    REFUSES("call", cloud_batch_add_call, batch, &no_call, NULL, &err);
    REFUSES("client", cloud_batch_add_call, batch, &call, NULL, &err);
    REFUSES("batch", cloud_batch_add, NULL, client, CLOUD_OP_DESCRIBE_INSTANCES, NULL, NULL, NULL,
            &err);
    REFUSES("client", cloud_batch_add, batch, NULL, CLOUD_OP_DESCRIBE_INSTANCES, NULL, NULL, NULL,
            &err);
    REFUSES("params", cloud_batch_add, batch, client, CLOUD_OP_CREATE_INSTANCE, &none, NULL, NULL,
            &err);
    assert_int_equal(cloud_batch_left(batch), 0);
    RETURNS(CLOUD_EINVAL, cloud_batch_cancel, NULL, 1);
    RETURNS(CLOUD_EINVAL, cloud_batch_run, NULL, 0);
    RETURNS(false, cloud_batch_next, NULL, &done);
    RETURNS(false, cloud_batch_next, batch, NULL);
    RETURNS(0, cloud_batch_left, NULL);
    RETURNS(-1, cloud_batch_fd, NULL);
    RETURNS(-1, cloud_batch_timeout_ms, NULL);
    SURVIVES(cloud_batch_done_clear, NULL);
    SURVIVES(cloud_batch_done_clear, &done);
    SURVIVES(cloud_batch_free, NULL);
    cloud_batch_free(batch);
}

static bool no_entry(const struct cloud_journal_entry *entry, void *data)
{
    (void)entry, (void)data;
    return true;
}

static bool no_finding(const struct cloud_finding *finding, void *data)
{
    (void)finding, (void)data;
    return true;
}

static bool no_line(const char *line, void *data)
{
    (void)line, (void)data;
    return true;
}

static void check_journals(void)
{
    struct cloud_journal_options options = { 0 };
    struct cloud_params params = purchase(), none = { 0 };
    struct cloud_result zero = { 0 };
    struct cloud_journal *journal;
    char path[] = "/tmp/cloud_test_XXXXXX", uri[64];
    int file = mkstemp(path);

    assert_true(file >= 0);
    snprintf(uri, sizeof(uri), "sqlite:%s", path);
    REFUSES("uri", cloud_journal_open, NULL, NULL, &journal, &err);
    REFUSES("ret_journal", cloud_journal_open, uri, NULL, NULL, &err);
    REFUSES("options", cloud_journal_open, uri, &options, &journal, &err);
    assert_non_null(strstr(err.message, "size is 0: start from CLOUD_JOURNAL_OPTIONS_INIT"));
    assert_int_equal(cloud_journal_open(uri, NULL, &journal, &err), CLOUD_OK);
    SURVIVES(cloud_journal_close, NULL);
    params.operation_key = "key";
    REFUSES("journal", cloud_journal_call, NULL, client, CLOUD_OP_CREATE_INSTANCE, &params, NULL,
            &err);
    REFUSES("client", cloud_journal_call, journal, NULL, CLOUD_OP_CREATE_INSTANCE, &params, NULL,
            &err);
    REFUSES("params", cloud_journal_call, journal, client, CLOUD_OP_CREATE_INSTANCE, &none, NULL,
            &err);
    REFUSES("result", cloud_journal_call, journal, client, CLOUD_OP_CREATE_INSTANCE, &params, &zero,
            &err);
    RETURNS(CLOUD_EINVAL, cloud_journal_call, journal, client, CLOUD_OP_CREATE_INSTANCE, NULL, NULL,
            &err);
    REFUSES("journal", cloud_journal_quote, NULL, client, CLOUD_OP_CREATE_INSTANCE, &params, NULL,
            &err);
    REFUSES("client", cloud_journal_quote, journal, NULL, CLOUD_OP_CREATE_INSTANCE, &params, NULL,
            &err);
    REFUSES("params", cloud_journal_quote, journal, client, CLOUD_OP_CREATE_INSTANCE, &none, NULL,
            &err);
    REFUSES("journal", cloud_journal_list, NULL, NULL, no_entry, NULL, &err);
    REFUSES("each", cloud_journal_list, journal, NULL, NULL, NULL, &err);
    REFUSES("journal", cloud_journal_resolve, NULL, client, NULL, NULL, NULL, NULL, &err);
    REFUSES("client", cloud_journal_resolve, journal, NULL, NULL, NULL, NULL, NULL, &err);
    REFUSES("journal", cloud_journal_settle, NULL, "key", CLOUD_JOURNAL_APPLIED, NULL, "seen",
            &err);
    RETURNS(CLOUD_EINVAL, cloud_journal_settle, journal, NULL, CLOUD_JOURNAL_APPLIED, NULL, NULL,
            &err);
    REFUSES("journal", cloud_journal_report, NULL, client, no_finding, NULL, &err);
    REFUSES("client", cloud_journal_report, journal, NULL, no_finding, NULL, &err);
    REFUSES("each", cloud_journal_report, journal, client, NULL, NULL, &err);
    REFUSES("journal", cloud_journal_audit, NULL, no_line, NULL, &err);
    REFUSES("each", cloud_journal_audit, journal, NULL, NULL, &err);
    REFUSES("journal", cloud_journal_verify, NULL, NULL, NULL, &err);
    cloud_journal_close(journal);
    remove(path);
}

static void check_emulators(void)
{
    struct cloud_emulator_request request = { 0 };
    struct cloud_emulator_reply reply = { 0 };
    struct cloud_emulator *emulator;
    char message[80];

    RETURNS(-1, cloud_emulator_open, NULL, NULL, message, sizeof(message));
    assert_int_equal(cloud_emulator_open(NULL, &emulator, message, sizeof(message)), 0);
    RETURNS(-1, cloud_emulator_add_key, NULL, "id", "secret");
    RETURNS(-1, cloud_emulator_add_key, emulator, NULL, NULL);
    RETURNS(-1, cloud_emulator_handle, NULL, &request, &reply);
    RETURNS(-1, cloud_emulator_handle, emulator, NULL, NULL);
    RETURNS(-1, cloud_emulator_handle, emulator, &request, &reply);
    RETURNS(-1, cloud_emulator_listen, NULL, "127.0.0.1:0", NULL, NULL, 0);
    RETURNS(-1, cloud_emulator_listen, emulator, NULL, NULL, message, sizeof(message));
    SURVIVES(cloud_emulator_reply_clear, NULL);
    SURVIVES(cloud_emulator_stop, NULL);
    SURVIVES(cloud_emulator_close, NULL);
    cloud_emulator_close(emulator);
}

/* the names of all functions that a header declares were tested */
static void check_header(const char *path)
{
    static char text[65536];
    char name[512];
    FILE *file;
    size_t size;

    snprintf(name, sizeof(name), "%s/include/%s", source, path);
    file = fopen(name, "r");
    assert_non_null(file);
    size = fread(text, 1, sizeof(text) - 1, file);
    fclose(file);
    text[size] = '\0';
    for (const char *at = text; (at = strpbrk(at, "CE"));) {
        size_t length = 0;
        bool found = false;

        if ((strncmp(at, "CLOUD_API ", 10) != 0 && strncmp(at, "CLOUD_EMULATOR_API ", 19) != 0) ||
            (at > text && at[-1] != '\n')) {
            at++;
            continue;
        }
        at += strcspn(at, "(");
        while (at[-1 - (ptrdiff_t)length] == '_' ||
               (at[-1 - (ptrdiff_t)length] >= 'a' && at[-1 - (ptrdiff_t)length] <= 'z'))
            length++;
        for (size_t i = 0; i < tested_count; i++)
            found |= strlen(tested[i]) == length && !strncmp(tested[i], at - length, length);
        if (!found)
            fail_msg("%s: %.*s() has no test here", path, (int)length, at - length);
    }
}

static void test_arguments__every_function_survives_null(void **state)
{
    static const char *const headers[] = {
        "cloud_client/actions.h", "cloud_client/api.h",       "cloud_client/calls.h",
        "cloud_client/client.h",  "cloud_client/config.h",    "cloud_client/digest.h",
        "cloud_client/error.h",   "cloud_client/money.h",     "cloud_client/operations.h",
        "cloud_client/params.h",  "cloud_client/providers.h", "cloud_client/result.h",
        "cloud_client/state.h",   "cloud_client/wait.h",      "cloud_batch.h",
        "cloud_journal.h",        "cloud_emulator.h",
    };

    (void)state;
    check_client_functions();
    check_calls();
    check_waits();
    check_values();
    check_numbers();
    check_actions();
    check_config();
    check_batches();
    check_journals();
    check_emulators();
    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++)
        check_header(headers[i]);
}

/* results of a batch are not written into a structure of zeroes, and the loop ends with a code */
static void test_arguments__a_batch_keeps_its_results(void **state)
{
    struct cloud_batch_done done = { 0 }, good = CLOUD_BATCH_DONE_INIT;
    struct cloud_batch *batch;

    (void)state;
    assert_int_equal(cloud_batch_new(NULL, &batch, &err), CLOUD_OK);
    assert_int_equal(
        cloud_batch_add(batch, client, CLOUD_OP_DESCRIBE_REGIONS, NULL, NULL, NULL, &err),
        CLOUD_OK);
    assert_int_equal(cloud_batch_run(batch, -1), CLOUD_OK);
    assert_false(cloud_batch_next(batch, &done));
    assert_int_equal(cloud_batch_run(batch, -1), CLOUD_EINVAL);
    done.size = sizeof(done); /* the result in it has size 0 still */
    assert_false(cloud_batch_next(batch, &done));
    assert_int_equal(cloud_batch_run(batch, -1), CLOUD_EINVAL);
    assert_int_equal(cloud_batch_run(batch, -1), CLOUD_OK);
    assert_true(cloud_batch_next(batch, &good));
    assert_int_equal(good.code, CLOUD_OK);
    cloud_batch_done_clear(&good);
    cloud_batch_free(batch);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arguments__structures_of_zeroes_buy_nothing),
        cmocka_unit_test(test_arguments__members_that_are_not_known_are_refused),
        cmocka_unit_test(test_arguments__every_function_survives_null),
        cmocka_unit_test(test_arguments__a_batch_keeps_its_results),
    };

    source = argc > 1 ? argv[1] : ".";
    return cmocka_run_group_tests(tests, open_client, close_client);
}
