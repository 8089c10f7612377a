/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests CapitalOnline ECS from end to end, against the emulator: in this process and over HTTP.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <cmocka.h>

#include "core/model/operation_key.h"
#include "core/base/money.h"
#include "core/base/time.h"
#include "tests/support/emulator_client.h"

#define MOST 128
#define WAIT_MS (10 * 60000) /* longer than a test may last */
#define ZONE "CN_Hohhot_B"
#define SHANGHAI (8 * 3600)

static struct emulated emulated;
static struct cloud_result result = CLOUD_RESULT_INIT;
static struct cloud_error err;
static struct emulated_charge charges[MOST];
static char id[64];

static void open_with(bool http, const char *price_book)
{
    struct cloud_client_options options = CLOUD_CLIENT_OPTIONS_INIT;

    options.provider = "capitalonline_ecs";
    options.price_book = price_book;
    emulated_open(&emulated, http, &options);
    free(emulated_control(&emulated, "world", "{\"balance\":\"1000000.00\"}"));
}

static int open_in_process(void **state)
{
    (void)state;
    open_with(false, NULL);
    return 0;
}

static int open_http(void **state)
{
    (void)state;
    open_with(true, NULL);
    return 0;
}

static int open_with_book(void **state)
{
    (void)state;
    open_with(false, PRICE_BOOK);
    return 0;
}

static int close_all(void **state)
{
    (void)state;
    cloud_result_clear(&result);
    emulated_close(&emulated);
    return 0;
}

static void expect(int rc, int expected)
{
    if (rc != expected)
        fail_msg("%s: %s", cloud_code_name(rc), err.message);
}

#define OK(call) expect(call, CLOUD_OK)

static struct cloud_params order(void)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.zone = ZONE;
    p.family = "Cpu计算型C3";
    p.cpu = 2;
    p.memory_gb = 4;
    p.image_id = "img-demo000000000001";
    p.system_disk_gb = 40;
    p.vpc_id = "11111111-1111-4111-8111-111111111111";
    p.subnet_id = "22222222-2222-4222-8222-222222222222";
    p.password = "Gre7n$Tea-9";
    return p;
}

static struct cloud_params for_months(int months)
{
    struct cloud_params p = order();

    p.period = (struct cloud_period){ months, CLOUD_PERIOD_MONTH };
    return p;
}

/* Returns only the parameters that a price depends on. */
static struct cloud_params priced(struct cloud_params p)
{
    p.vpc_id = p.subnet_id = p.password = p.security_group_id = p.name = NULL;
    return p;
}

static void wait_for_task(void)
{
    struct cloud_params wait = { .size = sizeof(wait),
                                 .task_id = result.task_id,
                                 .instance_id = id };

    OK(cloud_wait(emulated.client, &wait, WAIT_MS, NULL, NULL, &result, &err));
}

static void buy(const struct cloud_params *params)
{
    OK(cloud_create_instance(emulated.client, params, &result, &err));
    snprintf(id, sizeof(id), "%s", result.ids[0]);
    wait_for_task();
    assert_int_equal(result.instances[0].state, CLOUD_STATE_RUNNING);
}

static void power(enum cloud_op op, const struct cloud_params *params,
                  enum cloud_instance_state expected)
{
    OK(cloud_call(emulated.client, op, params, &result, &err));
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    assert_non_null(result.task_id);
    wait_for_task();
    assert_int_equal(result.instances[0].state, expected);
}

static struct cloud_params by_id(void)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.instance_id = id;
    return p;
}

/* Checks that the charges since @*seen are of this kind, and that their sum is @quoted. */
static void check_charged(size_t *seen, const char *kind, struct cloud_money quoted)
{
    size_t count = emulated_ledger(&emulated, charges, MOST);

    assert_true(count > *seen);
    for (size_t i = *seen; i < count; i++)
        assert_string_equal(charges[i].kind, kind);
    assert_int_equal(emulated_sum(charges, *seen, count), quoted.micros);
    *seen = count;
}

static void check_bought(const struct cloud_instance *i)
{
    assert_string_equal(i->id, id);
    assert_string_equal(i->name, "life 1");
    assert_string_equal(i->vendor_state, "running");
    assert_int_equal(i->charge_mode, CLOUD_CHARGE_PREPAID);
    assert_int_equal(i->billing_state, CLOUD_BILLING_ACTIVE);
    assert_int_equal(i->auto_renew, CLOUD_NO); /* the vendor's default is yes */
    assert_string_equal(i->family, "Cpu计算型C3");
    assert_int_equal(i->cpu, 2);
    assert_int_equal(i->memory_mb, 4096);
    assert_string_equal(i->image_id, "img-demo000000000001");
    assert_int_equal(i->system_disk.size_gb, 40);
    assert_string_equal(i->system_disk.type, "ssd");
    assert_int_equal(i->data_disk_count, 1);
    assert_int_equal(i->data_disks[0].size_gb, 24);
    /* a prepaid disk remains after the instance is deleted */
    assert_int_equal(i->data_disks[0].delete_with_instance, CLOUD_NO);
    assert_non_null(i->public_ip);
    assert_int_equal(i->expires_at,
                     cc_time_add_period(i->created_at,
                                        (struct cloud_period){ 3, CLOUD_PERIOD_MONTH }, SHANGHAI));
}

static void check_reads(void)
{
    struct cloud_params here = { .size = sizeof(here), .zone = ZONE },
                        of = { .size = sizeof(of), .instance_id = id };

    OK(cloud_describe_instances(emulated.client, &here, &result, &err));
    assert_int_equal(result.instance_count, 1);
    assert_string_equal(result.instances[0].zone, ZONE);
    here.zone = "CN_Suqian_A";
    OK(cloud_describe_instances(emulated.client, &here, &result, &err));
    assert_int_equal(result.instance_count, 0);
    OK(cloud_describe_disks(emulated.client, &of, &result, &err));
    assert_int_equal(result.disk_count, 2);
    assert_string_equal(result.disks[0].role, "system");
    assert_int_equal(result.disks[0].state, CLOUD_DISK_IN_USE);
    assert_string_equal(result.disks[1].instance_id, id);
    OK(cloud_describe_disks(emulated.client, NULL, &result, &err));
    assert_int_equal(result.disk_count, 2);
    OK(cloud_describe_instance_vnc_url(emulated.client, id, &result, &err));
    assert_non_null(strstr(result.console.url, "://"));
}

static void change(const struct cloud_params *params, size_t *seen)
{
    struct cloud_money quoted;

    OK(cloud_describe_upgrade_price(emulated.client, params, &result, &err));
    assert_int_equal(result.price.source, CLOUD_PRICE_COMPUTED);
    assert_int_equal(result.price.period.unit, CLOUD_PERIOD_DAY);
    assert_null(result.instances);
    quoted = result.price.total;
    OK(cloud_upgrade_instance(emulated.client, params, &result, &err));
    wait_for_task();
    check_charged(seen, "upgrade", quoted);
}

static void check_options(void)
{
    OK(cloud_describe_resources_modification(emulated.client, id, NULL, &result, &err));
    assert_true(result.type_count > 0);
    for (size_t i = 0; i < result.type_count; i++) { /* prepaid: only larger; no GPU */
        assert_true(result.types[i].cpu >= 2 && result.types[i].memory_mb >= 4096 &&
                    !result.types[i].gpu);
        assert_string_equal(result.types[i].zones[0].id, ZONE);
        assert_int_equal(result.types[i].zones[0].stock, CLOUD_STOCK_AVAILABLE);
    }
    assert_int_equal(result.disk_range_count, 1);
    assert_int_equal(result.disk_ranges[0].min_gb, 48);
    assert_int_equal(result.disk_ranges[0].step_gb, 8);
    assert_true(result.disk_ranges[0].max_gb > 48);
    OK(cloud_describe_resources_modification(emulated.client, id, "system_disk", &result, &err));
    assert_int_equal(result.type_count, 0);
    assert_int_equal(result.disk_range_count, 1);
    OK(cloud_describe_resources_modification(emulated.client, id, "instance_type", &result, &err));
    assert_true(result.type_count > 0);
    assert_int_equal(result.disk_range_count, 0);
}

static void play_order(size_t *seen)
{
    static const struct cloud_disk_spec disk = { NULL, 24 };
    struct cloud_params p = for_months(3);
    struct cloud_params question, size = by_id(), disk_size = by_id(), one = by_id(),
                                  forced = by_id();
    struct cloud_money quoted;

    p.data_disks = &disk;
    p.data_disk_count = 1;
    p.name = "life 1";
    question = priced(p);
    OK(cloud_describe_price(emulated.client, &question, &result, &err));
    assert_int_equal(result.price.period.count, 3);
    assert_int_equal(result.price.period.unit, CLOUD_PERIOD_MONTH);
    quoted = result.price.total;
    OK(cloud_create_instance_dry_run(emulated.client, &p, &result, &err));
    assert_int_equal(result.price.total.micros, quoted.micros);
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), *seen);
    p.public_mbps = 5;
    buy(&p);
    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    check_bought(&result.instances[0]);
    check_charged(seen, "create", quoted);
    check_reads();
    check_options();

    forced.force = CLOUD_YES;
    power(CLOUD_OP_STOP_INSTANCE, &forced, CLOUD_STATE_STOPPED);
    size.cpu = 4;
    size.memory_gb = 8;
    change(&size, seen);
    assert_int_equal(result.instances[0].cpu, 4);
    disk_size.system_disk_gb = 80;
    change(&disk_size, seen);
    assert_int_equal(result.instances[0].system_disk.size_gb, 80);
    power(CLOUD_OP_START_INSTANCE, &one, CLOUD_STATE_RUNNING);
    power(CLOUD_OP_REBOOT_INSTANCE, &one, CLOUD_STATE_RUNNING);
    one.password = "Another$Tea-9";
    power(CLOUD_OP_MODIFY_INSTANCE_PASSWD, &one, CLOUD_STATE_RUNNING);
    one.password = NULL;
    power(CLOUD_OP_STOP_INSTANCE, &one, CLOUD_STATE_STOPPED);
    OK(cloud_delete_instance(emulated.client, id, &err));
    expect(cloud_describe_instance(emulated.client, "ins-0000000000000000", &result, &err),
           CLOUD_ENOTFOUND);
}

static void test_capitalonline_ecs__an_order_from_purchase_to_deletion(void **state)
{
    size_t seen = 0;

    (void)state;
    play_order(&seen);
}

/* The documents disagree about some types and spellings. */
static void test_capitalonline_ecs__every_reading_of_the_documents_works(void **state)
{
    size_t seen = 0;

    (void)state;
    for (int reading = 1; reading <= 3; reading++) {
        char body[60];

        snprintf(body, sizeof(body), "{\"capitalonline_types\":%d}", reading);
        free(emulated_control(&emulated, "world", body));
        play_order(&seen);
        free(emulated_control(&emulated, "reset", "{}"));
        free(emulated_control(&emulated, "world", "{\"balance\":\"1000000.00\"}"));
        free(emulated_control(&emulated, "timeline", "{\"transition\":\"*\",\"seconds\":0}"));
        seen = 0;
    }
}

static void test_capitalonline_ecs__on_demand_is_priced_and_changed(void **state)
{
    struct cloud_params p = order(), question = priced(p), smaller, stop;

    (void)state;
    OK(cloud_describe_price(emulated.client, &question, &result, &err));
    assert_int_equal(result.price.period.count, 1);
    assert_int_equal(result.price.period.unit, CLOUD_PERIOD_DAY);
    buy(&p);
    assert_int_equal(result.instances[0].charge_mode, CLOUD_CHARGE_POSTPAID);
    assert_int_equal(result.instances[0].expires_at, CLOUD_TIME_NONE);
    smaller = by_id();
    smaller.family = "Cpu密集计算型I3";
    smaller.cpu = 1;
    smaller.memory_gb = 1;
    OK(cloud_describe_upgrade_price(emulated.client, &smaller, &result, &err));
    assert_int_equal(result.price.period.unit, CLOUD_PERIOD_DAY);
    assert_int_equal(result.price.source, CLOUD_PRICE_VENDOR);
    expect(cloud_describe_renew_price(
               emulated.client, id, (struct cloud_period){ 1, CLOUD_PERIOD_MONTH }, &result, &err),
           CLOUD_ESTATE);
    expect(cloud_upgrade_instance(emulated.client, &smaller, &result, &err),
           CLOUD_ESTATE); /* running */
    stop = by_id();
    stop.stop_charging = CLOUD_YES;
    power(CLOUD_OP_STOP_INSTANCE, &stop, CLOUD_STATE_STOPPED);
    assert_int_equal(result.instances[0].stop_charging, CLOUD_YES);
}

/* The price of a renewal is an estimate: the price of an equal purchase. */
static void test_capitalonline_ecs__a_renewal_is_priced_as_a_purchase(void **state)
{
    static const struct cloud_period periods[] = { { 1, CLOUD_PERIOD_MONTH },
                                                   { 11, CLOUD_PERIOD_MONTH },
                                                   { 2, CLOUD_PERIOD_YEAR } };
    struct cloud_params p = for_months(1), question = priced(p);

    (void)state;
    buy(&p);
    for (size_t i = 0; i < CC_COUNT(periods); i++) {
        struct cloud_money purchase;

        question.period = periods[i];
        OK(cloud_describe_price(emulated.client, &question, &result, &err));
        purchase = result.price.total;
        OK(cloud_describe_renew_price(emulated.client, id, periods[i], &result, &err));
        assert_int_equal(result.price.total.micros, purchase.micros);
        assert_int_equal(result.price.period.count, periods[i].count);
        assert_non_null(strstr(result.price.covers, "estimate"));
    }
}

static void test_capitalonline_ecs__the_price_book_is_used_on_request(void **state)
{
    struct cloud_params p = for_months(1), question = priced(p), renew;

    (void)state;
    question.family = p.family = "CPU计算型C1";
    question.system_disk_type = "ssd";
    question.price_source = CLOUD_PRICE_BOOK;
    OK(cloud_describe_price(emulated.client, &question, &result, &err));
    assert_int_equal(result.price.source, CLOUD_PRICE_BOOK);
    assert_int_equal(result.price.total.micros, 128000000); /* 96 and 40 times 0.80 */
    buy(&p);
    renew = by_id();
    renew.period = p.period;
    renew.price_source = CLOUD_PRICE_BOOK;
    OK(cloud_call(emulated.client, CLOUD_OP_DESCRIBE_RENEW_PRICE, &renew, &result, &err));
    assert_int_equal(result.price.total.micros, 128000000);
}

/* Advances the world's clock to the next day of the month @day in Shanghai. */
static void advance_to_day(int day)
{
    struct cc_date date;
    int64_t now, at;
    char body[60];

    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    now = result.instances[0].created_at;
    for (at = now; date = cc_date_of(at, SHANGHAI), date.day != day; at += 86400)
        ;
    snprintf(body, sizeof(body), "{\"advance_s\":%lld}", (long long)(at - now + 3600));
    free(emulated_control(&emulated, "clock", body));
}

static void check_length(int months, bool in_years)
{
    struct cloud_params p = for_months(months);
    const struct cloud_instance *instance;

    if (in_years)
        p.period = (struct cloud_period){ months / 12, CLOUD_PERIOD_YEAR };
    buy(&p);
    instance = &result.instances[0];
    assert_int_equal(instance->expires_at,
                     cc_time_add_period(instance->created_at, p.period, SHANGHAI));
}

static void test_capitalonline_ecs__the_expiry_follows_the_period(void **state)
{
    static const int days[] = { 1, 15, 28, 29, 30, 31 },
                     lengths[] = { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 24, 36 };

    (void)state;
    free(emulated_control(&emulated, "world", "{\"balance\":\"100000000.00\"}"));
    check_length(1, false);
    for (size_t d = 0; d < CC_COUNT(days); d++) {
        advance_to_day(days[d]);
        for (size_t i = 0; i < CC_COUNT(lengths); i++)
            check_length(lengths[i], false);
        for (int years = 1; years <= 3; years++)
            check_length(12 * years, true);
    }
}

static void test_capitalonline_ecs__the_period_ends_with_the_month_on_request(void **state)
{
    struct cloud_params p = order();
    struct cc_date end;

    (void)state;
    p.to_month_end = CLOUD_YES;
    buy(&p);
    end = cc_date_of(result.instances[0].expires_at, SHANGHAI);
    assert_int_equal(end.day, 1);
    assert_int_equal(end.hour, 0);
    assert_true(result.instances[0].expires_at - result.instances[0].created_at <= 31 * 86400);
}

static void expect_refused(enum cloud_op op, const struct cloud_params *params, int code,
                           const char *parameter)
{
    long before = emulated_requests(&emulated);

    expect(cloud_call(emulated.client, op, params, &result, &err), code);
    if (parameter)
        assert_string_equal(err.parameter, parameter);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(emulated_requests(&emulated), before);
}

static void test_capitalonline_ecs__an_unsupported_operation_sends_nothing(void **state)
{
    static const enum cloud_op ops[] = { CLOUD_OP_RENEW_INSTANCE,
                                         CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE };
    struct cloud_params p = { .size = sizeof(p),
                              .instance_id = "ins-1",
                              .period = { 1, CLOUD_PERIOD_MONTH } };
    const char *why;

    (void)state;
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        bool unsupported = op == (int)ops[0] || op == (int)ops[1];

        assert_true(unsupported == (cloud_supports("capitalonline_ecs", (enum cloud_op)op, &why) ==
                                    CLOUD_UNSUPPORTED));
    }
    for (size_t i = 0; i < CC_COUNT(ops); i++) {
        p.auto_renew = ops[i] == CLOUD_OP_RENEW_INSTANCE ? CLOUD_UNSET : CLOUD_YES;
        expect_refused(ops[i], &p, CLOUD_EUNSUPPORTED, NULL);
        assert_non_null(strstr(err.message, "buy")); /* the alternative */
    }
}

static void test_capitalonline_ecs__other_periods_are_refused(void **state)
{
    static const struct cloud_period wrong[] = {
        { 13, CLOUD_PERIOD_MONTH }, { 18, CLOUD_PERIOD_MONTH }, { 23, CLOUD_PERIOD_MONTH },
        { 48, CLOUD_PERIOD_MONTH }, { 4, CLOUD_PERIOD_YEAR },   { 10, CLOUD_PERIOD_DAY }
    };
    struct cloud_params p = order();

    (void)state;
    for (size_t i = 0; i < CC_COUNT(wrong); i++) {
        p.period = wrong[i];
        expect_refused(CLOUD_OP_CREATE_INSTANCE, &p, CLOUD_EINVAL, "period");
        assert_non_null(strstr(err.message, "1 to 12 months, 24 months, 36 months"));
    }
}

/* Orders with one invalid parameter. */
static void expect_order_refused(enum cloud_param param, const char *text, const char *parameter)
{
    struct cloud_params p = for_months(1);

    OK(cloud_params_set(&p, param, text, &err));
    expect_refused(CLOUD_OP_CREATE_INSTANCE, &p, CLOUD_EINVAL, parameter);
    if (param != CLOUD_PARAM_MAX_CHARGE)
        expect_refused(CLOUD_OP_CREATE_INSTANCE_DRY_RUN, &p, CLOUD_EINVAL, parameter);
    if (param == CLOUD_PARAM_DATA_DISKS)
        free((void *)p.data_disks);
}

static void test_capitalonline_ecs__an_invalid_parameter_is_refused_by_name(void **state)
{
    static const struct {
        enum cloud_param param;
        const char *text, *parameter;
    } rows[] = {
        { CLOUD_PARAM_INSTANCE_TYPE, "c3.large", "instance_type" },
        { CLOUD_PARAM_KEY_NAME, "key", "key_name" },
        { CLOUD_PARAM_DESCRIPTION, "text", "description" },
        { CLOUD_PARAM_COUNT, "101", "count" },
        { CLOUD_PARAM_PASSWORD, "12345678", "password" },
        { CLOUD_PARAM_PASSWORD, "Short1$", "password" },
        { CLOUD_PARAM_PASSWORD, "KVMV587!\t", "password" },
        { CLOUD_PARAM_SYSTEM_DISK_GB, "44", "system_disk_gb" },
        { CLOUD_PARAM_SYSTEM_DISK_GB, "16", "system_disk_gb" },
        { CLOUD_PARAM_SYSTEM_DISK_TYPE, "sata", "system_disk_type" },
        { CLOUD_PARAM_DATA_DISKS, "ssd:16", "data_disks" },
        { CLOUD_PARAM_DATA_DISKS, "ssd:33", "data_disks" },
        { CLOUD_PARAM_DATA_DISKS, "local:48", "data_disks" },
        { CLOUD_PARAM_DATA_DISKS, "24,24,24,24,24,24,24,24,24,24,24,24,24,24,24,24", "data_disks" },
        { CLOUD_PARAM_CHARGE_MODE, "spot", "period" },
        { CLOUD_PARAM_CHARGE_MODE, "postpaid", "period" },
        { CLOUD_PARAM_ZONE, "CN/Hohhot", "zone" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++)
        expect_order_refused(rows[i].param, rows[i].text, rows[i].parameter);
}

static void test_capitalonline_ecs__a_missing_parameter_is_named(void **state)
{
    static const struct {
        enum cloud_param param;
        const char *where; /* the place to find it, as the error says */
    } rows[] = {
        { CLOUD_PARAM_ZONE, "cloudctl regions" },
        { CLOUD_PARAM_FAMILY, "cloudctl types" },
        { CLOUD_PARAM_CPU, "cloudctl types" },
        { CLOUD_PARAM_MEMORY_GB, "cloudctl types" },
        { CLOUD_PARAM_IMAGE_ID, "cloudctl images" },
        { CLOUD_PARAM_VPC_ID, "console" },
        { CLOUD_PARAM_SUBNET_ID, "console" },
        { CLOUD_PARAM_PASSWORD, "password" },
        { CLOUD_PARAM_SYSTEM_DISK_GB, "system_disk_gb" },
    };

    (void)state;
    for (size_t i = 0; i < CC_COUNT(rows); i++) {
        const char *name = cloud_param_info(rows[i].param)->name;
        struct cloud_params p = order();

        switch (rows[i].param) {
        case CLOUD_PARAM_CPU: p.cpu = 0; break;
        case CLOUD_PARAM_MEMORY_GB: p.memory_gb = 0; break;
        case CLOUD_PARAM_SYSTEM_DISK_GB: p.system_disk_gb = 0; break;
        default:
            *(rows[i].param == CLOUD_PARAM_ZONE        ? &p.zone
              : rows[i].param == CLOUD_PARAM_FAMILY    ? &p.family
              : rows[i].param == CLOUD_PARAM_IMAGE_ID  ? &p.image_id
              : rows[i].param == CLOUD_PARAM_VPC_ID    ? &p.vpc_id
              : rows[i].param == CLOUD_PARAM_SUBNET_ID ? &p.subnet_id
                                                       : &p.password) = NULL;
            break;
        }
        expect_refused(CLOUD_OP_CREATE_INSTANCE, &p, CLOUD_EINVAL, name);
        assert_non_null(strstr(err.message, rows[i].where));
    }
}

static void test_capitalonline_ecs__invalid_changes_are_refused(void **state)
{
    struct cloud_params p = for_months(1), wrong;

    (void)state;
    buy(&p);
    wrong = by_id();
    expect_refused(CLOUD_OP_UPGRADE_INSTANCE, &wrong, CLOUD_EINVAL, "system_disk_gb");
    wrong.cpu = 4;
    wrong.system_disk_gb = 80;
    expect_refused(CLOUD_OP_UPGRADE_INSTANCE, &wrong, CLOUD_EINVAL, "system_disk_gb");
    wrong.cpu = 0;
    wrong.system_disk_gb = 81;
    expect_refused(CLOUD_OP_UPGRADE_INSTANCE, &wrong, CLOUD_EINVAL, "system_disk_gb");
    wrong.system_disk_gb = 32; /* it has 40 */
    expect(cloud_upgrade_instance(emulated.client, &wrong, &result, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "system_disk_gb");
    wrong.system_disk_gb = 0;
    wrong.cpu = 1; /* prepaid: only larger */
    expect(cloud_describe_upgrade_price(emulated.client, &wrong, &result, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "cpu");
    wrong.cpu = 16;
    wrong.memory_gb = 32;
    wrong.family = "专业渲染型rp3";
    wrong.gpu = 1;
    expect(cloud_describe_upgrade_price(emulated.client, &wrong, &result, &err), CLOUD_EINVAL);
    assert_string_equal(err.parameter, "gpu");
    wrong = by_id();
    wrong.force = wrong.stop_charging = CLOUD_YES;
    expect_refused(CLOUD_OP_STOP_INSTANCE, &wrong, CLOUD_EINVAL, "force");
    wrong = (struct cloud_params)CLOUD_PARAMS_INIT;
    expect_refused(CLOUD_OP_DESCRIBE_TASK, &wrong, CLOUD_EINVAL, "task_id");
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), 1);
}

static const struct cloud_check *find_check(const char *name)
{
    for (size_t i = 0; i < result.check_count; i++) {
        if (!strcmp(result.checks[i].name, name))
            return &result.checks[i];
    }
    fail_msg("no check of %s", name);
    return NULL;
}

static void test_capitalonline_ecs__a_dry_run_marks_real_checks(void **state)
{
    static const char *const real[] = { "family", "image_id", "disk_quota", "price" },
                             *const none[] = { "balance", "subnet_id" };
    struct cloud_params p = for_months(1);

    (void)state;
    OK(cloud_create_instance_dry_run(emulated.client, &p, &result, &err));
    for (size_t i = 0; i < CC_COUNT(real); i++)
        assert_true(find_check(real[i])->real && find_check(real[i])->passed);
    for (size_t i = 0; i < CC_COUNT(none); i++)
        assert_false(find_check(none[i])->real || find_check(none[i])->passed);
    p.image_id = "img-none";
    expect(cloud_create_instance_dry_run(emulated.client, &p, &result, &err), CLOUD_ENOTFOUND);
    assert_false(find_check("image_id")->passed);
    assert_true(find_check("price")->passed);
    p = for_months(1);
    p.system_disk_gb = 4000000;
    expect(cloud_create_instance_dry_run(emulated.client, &p, &result, &err), CLOUD_EQUOTA);
    p = for_months(1);
    p.cpu = 3;
    assert_int_not_equal(cloud_create_instance_dry_run(emulated.client, &p, &result, &err),
                         CLOUD_OK);
    assert_false(find_check("family")->passed);
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), 0);
}

/* A purchase whose reply is lost is not repeated. Its fingerprint finds the instance. */
static void test_capitalonline_ecs__a_lost_purchase_is_found_by_its_fingerprint(void **state)
{
    struct cloud_params p = for_months(1), by_name = CLOUD_PARAMS_INIT;
    char token[65], fingerprint[CLOUD_MARK_MAX], name[64];

    (void)state;
    p.name = "web";
    p.operation_key = "order 4711/1";
    free(emulated_control(
        &emulated, "fail",
        "{\"action\":\"CreateInstance\",\"kind\":\"drop_after_apply\",\"times\":1}"));
    assert_int_not_equal(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_OK);
    assert_int_equal(err.outcome, CLOUD_OUTCOME_UNKNOWN);
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), 1);
    OK(cloud_describe_instances(emulated.client, NULL, &result, &err));
    assert_int_equal(result.instance_count, 1);
    /* the key is no valid client token, so it is hashed */
    assert_true(cc_sha256_hex(p.operation_key, strlen(p.operation_key), token));
    assert_true(cc_mark(token, fingerprint));
    snprintf(name, sizeof(name), "web-%s", fingerprint);
    assert_string_equal(result.instances[0].name, name);
    by_name.name = fingerprint;
    OK(cloud_describe_instances(emulated.client, &by_name, &result, &err));
    assert_int_equal(result.instance_count, 1);
    p.operation_key = NULL;
    p.name = "plain";
    buy(&p);
    assert_string_equal(result.instances[0].name, "plain");
}

static void test_capitalonline_ecs__invoke_sends_any_action(void **state)
{
    struct cloud_params p = order();
    char parameters[160];

    (void)state;
    buy(&p);
    snprintf(parameters, sizeof(parameters), "{\"EcsId\":\"%s\",\"Name\":\"renamed\"}", id);
    OK(cloud_invoke(emulated.client, "ModifyInstanceName", parameters, &result, &err));
    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    assert_string_equal(result.instances[0].name, "renamed");
    snprintf(parameters, sizeof(parameters), "{\"EcsIds\":[\"%s\"]}", id);
    OK(cloud_invoke(emulated.client, "DescribeInstanceStatus", parameters, &result, &err));
    assert_non_null(strstr(result.json, "\"Status\":\"running\""));
    OK(cloud_invoke(emulated.client, "CreateDisk",
                    "{\"AvailableZoneCode\":\"" ZONE "\",\"DiskFeature\":\"SSD\",\"Size\":24}",
                    &result, &err));
    assert_non_null(result.task_id);
    OK(cloud_describe_disks(emulated.client, NULL, &result, &err));
    assert_int_equal(result.disk_count, 2);
    expect(cloud_invoke(emulated.client, "DescribeDisk", "{\"DiskId\":\"disk-0000000000000000\"}",
                        &result, &err),
           CLOUD_ENOTFOUND);
    expect(cloud_invoke(emulated.client, "DescribeInstances", NULL, &result, &err), CLOUD_EINVAL);
    assert_non_null(strstr(err.message, "DescribeInstance"));
}

/* DescribeImages lists a public image once for each zone, with the same id. */
static void test_capitalonline_ecs__images_of_all_zones_are_listed(void **state)
{
    (void)state;
    OK(cloud_describe_images(emulated.client, NULL, &result, &err));
    assert_true(result.image_count > 1);
}

int main(void)
{
#define IN_PROCESS(test) cmocka_unit_test_setup_teardown(test, open_in_process, close_all)
    const struct CMUnitTest tests[] = {
        IN_PROCESS(test_capitalonline_ecs__an_order_from_purchase_to_deletion),
        cmocka_unit_test_setup_teardown(test_capitalonline_ecs__an_order_from_purchase_to_deletion,
                                        open_http, close_all),
        IN_PROCESS(test_capitalonline_ecs__every_reading_of_the_documents_works),
        IN_PROCESS(test_capitalonline_ecs__on_demand_is_priced_and_changed),
        IN_PROCESS(test_capitalonline_ecs__a_renewal_is_priced_as_a_purchase),
        cmocka_unit_test_setup_teardown(test_capitalonline_ecs__the_price_book_is_used_on_request,
                                        open_with_book, close_all),
        IN_PROCESS(test_capitalonline_ecs__the_expiry_follows_the_period),
        IN_PROCESS(test_capitalonline_ecs__the_period_ends_with_the_month_on_request),
        IN_PROCESS(test_capitalonline_ecs__an_unsupported_operation_sends_nothing),
        IN_PROCESS(test_capitalonline_ecs__other_periods_are_refused),
        IN_PROCESS(test_capitalonline_ecs__an_invalid_parameter_is_refused_by_name),
        IN_PROCESS(test_capitalonline_ecs__a_missing_parameter_is_named),
        IN_PROCESS(test_capitalonline_ecs__invalid_changes_are_refused),
        IN_PROCESS(test_capitalonline_ecs__a_dry_run_marks_real_checks),
        IN_PROCESS(test_capitalonline_ecs__a_lost_purchase_is_found_by_its_fingerprint),
        IN_PROCESS(test_capitalonline_ecs__invoke_sends_any_action),
        IN_PROCESS(test_capitalonline_ecs__images_of_all_zones_are_listed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
