/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Tests orders of JD Cloud from end to end, against the emulator: purchases, charges, changes of
 * the state, renewal and expiry.
 */
#include "tests/providers/jdcloud_world.h"

/* Checks that the charges since @*seen are of this kind, and that their sum is @quoted. */
static void check_charged(size_t *seen, const char *kind, struct cloud_money quoted)
{
    size_t count = emulated_ledger(&emulated, charges, MOST);

    assert_true(count > *seen || !quoted.micros);
    for (size_t i = *seen; i < count; i++)
        assert_string_equal(charges[i].kind, kind);
    assert_int_equal(emulated_sum(charges, *seen, count), quoted.micros);
    *seen = count;
}

static struct cloud_params bigger_order(void)
{
    static const struct cloud_disk_spec disks[] = { { NULL, 100 }, { "hdd.std1", 500 } };
    struct cloud_params p = emulated_purchase("life-1");

    p.description = "前端 front";
    p.security_group_id = "sg-demo000001";
    p.password = "Gre7n$Tea-9";
    p.data_disks = disks;
    p.data_disk_count = CC_COUNT(disks);
    return p;
}

static void check_instance(const struct cloud_instance *i)
{
    assert_string_equal(i->id, id);
    assert_string_equal(i->name, "life-1");
    assert_string_equal(i->vendor_state, "running");
    assert_int_equal(i->billing_state, CLOUD_BILLING_ACTIVE);
    assert_int_equal(i->charge_mode, CLOUD_CHARGE_PREPAID);
    assert_in_range(i->expires_at - i->created_at, 28 * 86400 - 5, 31 * 86400 + 5);
    assert_string_equal(i->zone, "cn-north-1a");
    assert_string_equal(i->instance_type, "g.n2.medium");
    assert_string_equal(i->image_id, "img-demoubuntu22");
    assert_string_equal(i->os_type, "linux");
    assert_string_equal(i->description, "前端 front");
    assert_string_equal(i->subnet_id, "subnet-demo000001");
    assert_true(i->private_ip && i->hostname && i->vpc_id);
    assert_int_equal(i->security_group_count, 1);
    assert_string_equal(i->security_group_ids[0], "sg-demo000001");
    assert_true(i->system_disk.id && i->system_disk.size_gb == 40);
    assert_string_equal(i->system_disk.type, "ssd.gp1");
    assert_int_equal(i->system_disk.state, CLOUD_DISK_IN_USE);
    assert_int_equal(i->data_disk_count, 2);
    assert_string_equal(i->data_disks[1].type, "hdd.std1");
    assert_int_equal(i->data_disks[1].size_gb, 500);
}

static void buy_and_check(size_t *seen)
{
    struct cloud_params order = bigger_order(), quote = order;

    quote.name = quote.description = quote.subnet_id = quote.security_group_id = quote.password =
        NULL;
    OK(cloud_describe_price(emulated.client, &quote, &result, &err));
    assert_int_equal(result.price.source, CLOUD_PRICE_VENDOR);
    assert_true(result.price.total.micros > 0);
    order.max_charge = result.price.total;
    OK(cloud_create_instance_dry_run(emulated.client,
                                     &(struct cloud_params){ .size = sizeof(quote),
                                                             .name = order.name,
                                                             .zone = order.zone,
                                                             .instance_type = order.instance_type,
                                                             .image_id = order.image_id,
                                                             .subnet_id = order.subnet_id,
                                                             .system_disk_gb = 40,
                                                             .period = order.period },
                                     &result, &err));
    assert_int_equal(result.check_count, 6);
    buy(&order);
    check_instance(&result.instances[0]);
    check_charged(seen, "create", order.max_charge);
}

static void change(size_t *seen, struct cloud_params change)
{
    struct cloud_money quoted;

    stop();
    OK(cloud_describe_upgrade_price(emulated.client, &change, &result, &err));
    quoted = result.price.total;
    assert_true(quoted.micros > 0);
    OK(cloud_upgrade_instance(emulated.client, &change, &result, &err));
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    check_charged(seen, "upgrade", quoted);
    OK(cloud_start_instance(emulated.client, id, &err));
}

static void upgrade_both(size_t *seen)
{
    struct cloud_params p = CLOUD_PARAMS_INIT;

    p.instance_id = id;
    p.instance_type = "g.n2.large";
    change(seen, p);
    p.instance_type = NULL;
    p.system_disk_gb = 80;
    change(seen, p);
    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    assert_string_equal(result.instances[0].instance_type, "g.n2.large");
    assert_int_equal(result.instances[0].system_disk.size_gb, 80);
    assert_string_equal(result.instances[0].system_disk.device, "vda");
    assert_int_equal(result.instances[0].state, CLOUD_STATE_RUNNING);
}

static void renew_and_check(size_t *seen)
{
    struct cloud_money quoted;
    int64_t expires_at;

    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    expires_at = result.instances[0].expires_at;
    OK(cloud_describe_renew_price(emulated.client, id, month, &result, &err));
    quoted = result.price.total;
    OK(cloud_renew_instance(emulated.client, id, month, &result, &err));
    assert_non_null(strchr(result.order_id, ',')); /* orders of the instance and of its disks */
    check_charged(seen, "renew", quoted);
    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    assert_in_range(result.instances[0].expires_at - expires_at, 28 * 86400, 31 * 86400);
    assert_int_equal(result.instances[0].system_disk.expires_at, result.instances[0].expires_at);
}

static void test_jdcloud_orders__every_charge_equals_its_quote(void **state)
{
    size_t seen = 0;

    (void)state;
    buy_and_check(&seen);
    OK(cloud_describe_instance_vnc_url(emulated.client, id, &result, &err));
    assert_int_equal(strncmp(result.console.url, "http", 4), 0);
    assert_true(result.console.expires_at > 0);
    upgrade_both(&seen);
    renew_and_check(&seen);
    OK(cloud_reboot_instance(emulated.client, id, &err));
    OK(cloud_modify_instance_passwd(emulated.client, id, "Gre7n$Tea-8", &err));
    OK(cloud_modify_instance_auto_renew_attribute(emulated.client, id, true, month, &err));
    OK(cloud_modify_instance_auto_renew_attribute(emulated.client, id, false, month, &err));
    expect(cloud_delete_instance(emulated.client, id, &err),
           CLOUD_ESTATE); /* prepaid, not expired */
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), seen);
}

static void test_jdcloud_orders__a_year_costs_ten_months_and_has_a_list_price(void **state)
{
    struct cloud_params p = emulated_purchase(NULL);
    int64_t of_a_month;
    size_t seen = 0;

    (void)state;
    p.subnet_id = NULL;
    OK(cloud_describe_price(emulated.client, &p, &result, &err));
    of_a_month = result.price.total.micros;
    p.period = (struct cloud_period){ 1, CLOUD_PERIOD_YEAR };
    OK(cloud_describe_price(emulated.client, &p, &result, &err));
    assert_int_equal(result.price.total.micros, 10 * of_a_month);
    assert_int_equal(result.price.list.micros, 12 * of_a_month);
    assert_int_equal(result.price.period.unit, CLOUD_PERIOD_YEAR);
    p.max_charge = result.price.total;
    p.name = "year-1";
    p.subnet_id = "subnet-demo000001";
    p.max_charge.micros--;
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_EPRICE);
    check_charged(&seen, "create", (struct cloud_money){ 0, "CNY" });
    p.max_charge.micros++;
    buy(&p);
    check_charged(&seen, "create", p.max_charge);
}

static void test_jdcloud_orders__an_hourly_instance_can_be_deleted(void **state)
{
    struct cloud_params p = emulated_purchase("hourly-1");

    (void)state;
    p.period = (struct cloud_period){ 0 };
    buy(&p);
    assert_int_equal(result.instances[0].charge_mode, CLOUD_CHARGE_POSTPAID);
    assert_int_equal(result.instances[0].expires_at, CLOUD_TIME_NONE);
    expect(cloud_renew_instance(emulated.client, id, month, &result, &err), CLOUD_ESTATE);
    expect(cloud_describe_renew_price(emulated.client, id, month, &result, &err), CLOUD_ESTATE);
    OK(cloud_delete_instance(emulated.client, id, &err));
    expect(cloud_describe_instance(emulated.client, id, &result, &err), CLOUD_ENOTFOUND);
    assert_int_equal(result.instance_count, 0);
}

static void test_jdcloud_orders__an_operation_key_buys_once(void **state)
{
    struct cloud_params p = emulated_purchase("once-1");
    char first[64];
    size_t count;

    (void)state;
    p.operation_key = "order 2026/77"; /* no valid client token, so it is hashed */
    OK(cloud_create_instance(emulated.client, &p, &result, &err));
    snprintf(first, sizeof(first), "%s", result.ids[0]);
    count = emulated_ledger(&emulated, charges, MOST);
    OK(cloud_create_instance(emulated.client, &p, &result, &err));
    assert_string_equal(result.ids[0], first);
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), count);
    p.system_disk_gb = 50;
    expect(cloud_create_instance(emulated.client, &p, &result, &err), CLOUD_ECONFLICT);
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    assert_int_equal(emulated_ledger(&emulated, charges, MOST), count);
}

static bool count_polls(const struct cloud_result *now, void *user_data)
{
    (*(int *)user_data)++;
    assert_true(now->task.state == CLOUD_TASK_RUNNING || now->task.state == CLOUD_TASK_UNKNOWN);
    return true;
}

static void test_jdcloud_orders__a_wait_follows_the_states(void **state)
{
    struct cloud_params p = emulated_purchase("slow-1"), wait = CLOUD_PARAMS_INIT;
    int polls = 0;

    (void)state;
    control("timeline", "{\"transition\":\"create\",\"polls\":2}");
    OK(cloud_create_instance(emulated.client, &p, &result, &err));
    snprintf(id, sizeof(id), "%s", result.ids[0]);
    wait.instance_id = id;
    OK(cloud_wait(emulated.client, &wait, WAIT_MS, count_polls, &polls, &result, &err));
    assert_true(polls > 0);
    assert_int_equal(result.task.state, CLOUD_TASK_SUCCEEDED);
    assert_int_equal(result.instances[0].state, CLOUD_STATE_RUNNING);
    control("timeline", "{\"transition\":\"stop\",\"seconds\":3600}");
    OK(cloud_stop_instance(emulated.client, id, false, &err));
    expect(cloud_wait(emulated.client, &wait, 300, NULL, NULL, &result, &err), CLOUD_ETIMEDOUT);
    expect(cloud_start_instance(emulated.client, id, &err), CLOUD_ESTATE); /* busy */
    assert_int_equal(err.outcome, CLOUD_NOT_APPLIED);
    control("clock", "{\"advance_s\":3601}");
    OK(cloud_wait(emulated.client, &wait, WAIT_MS, NULL, NULL, &result, &err));
    assert_int_equal(result.instances[0].state, CLOUD_STATE_STOPPED);
}

static void test_jdcloud_orders__a_failed_creation_ends_the_wait(void **state)
{
    struct cloud_params p = emulated_purchase("fails-1"), wait = CLOUD_PARAMS_INIT;
    int rc;

    (void)state;
    control("timeline", "{\"transition\":\"create\",\"outcome\":\"error\",\"times\":1}");
    OK(cloud_create_instance(emulated.client, &p, &result, &err));
    snprintf(id, sizeof(id), "%s", result.ids[0]);
    wait.instance_id = id;
    rc = cloud_wait(emulated.client, &wait, WAIT_MS, NULL, NULL, &result, &err);
    assert_true(rc == CLOUD_EFAILED || rc == CLOUD_ENOTFOUND); /* it is listed for a short time */
}

static void test_jdcloud_orders__expiry_stops_renewal_starts_and_later_it_is_deleted(void **state)
{
    struct cloud_params p = emulated_purchase("expires-1");

    (void)state;
    buy(&p);
    control("clock", "{\"advance_s\":2764800}"); /* 32 days */
    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    assert_int_equal(result.instances[0].state, CLOUD_STATE_STOPPED);
    assert_int_equal(result.instances[0].billing_state, CLOUD_BILLING_OVERDUE);
    assert_string_equal(result.instances[0].vendor_billing_state, "overdue");
    expect(cloud_start_instance(emulated.client, id, &err), CLOUD_ESTATE);
    OK(cloud_renew_instance(emulated.client, id, month, &result, &err));
    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    assert_int_equal(result.instances[0].billing_state, CLOUD_BILLING_ACTIVE);
    assert_int_equal(result.instances[0].state, CLOUD_STATE_RUNNING);
    control("clock", "{\"advance_s\":6048000}"); /* 70 days */
    expect(cloud_describe_instance(emulated.client, id, &result, &err), CLOUD_ENOTFOUND);
}

static void test_jdcloud_orders__automatic_renewal_renews(void **state)
{
    struct cloud_params p = emulated_purchase("auto-1");
    size_t count;

    (void)state;
    buy(&p);
    count = emulated_ledger(&emulated, charges, MOST);
    OK(cloud_modify_instance_auto_renew_attribute(emulated.client, id, true, month, &err));
    assert_int_equal(err.outcome, CLOUD_APPLIED);
    control("clock", "{\"advance_s\":2764800}");
    OK(cloud_describe_instance(emulated.client, id, &result, &err));
    assert_int_equal(result.instances[0].state, CLOUD_STATE_RUNNING);
    assert_true(emulated_ledger(&emulated, charges, MOST) > count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOTH(test_jdcloud_orders__every_charge_equals_its_quote),
        IN_PROCESS(test_jdcloud_orders__a_year_costs_ten_months_and_has_a_list_price),
        IN_PROCESS(test_jdcloud_orders__an_hourly_instance_can_be_deleted),
        IN_PROCESS(test_jdcloud_orders__an_operation_key_buys_once),
        BOTH(test_jdcloud_orders__a_wait_follows_the_states),
        IN_PROCESS(test_jdcloud_orders__a_failed_creation_ends_the_wait),
        IN_PROCESS(test_jdcloud_orders__expiry_stops_renewal_starts_and_later_it_is_deleted),
        IN_PROCESS(test_jdcloud_orders__automatic_renewal_renews),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
