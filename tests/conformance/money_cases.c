/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that charges equal prices, that max_charge holds, and that a renewal moves the expiry by
 * its period; and that logs contain no secrets. */
#include "tests/conformance/kit.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "cli/cli.h"

static const char *usual_period(const struct kit *kit)
{
    const char *period = kit_fact_text(kit, "usual.period");

    return period ? period : "1 month";
}

static void prepaid(struct kit *kit, struct kit_params *params)
{
    kit_set(params, CLOUD_PARAM_CHARGE_MODE, "prepaid");
    kit_set(params, CLOUD_PARAM_PERIOD, usual_period(kit));
}

static const char *amount(struct cloud_money money, char text[CLOUD_MONEY_MAX])
{
    return cloud_money_format(money, text);
}

/* Compares the price of an operation with its charge. */
static void charged_as_priced(struct kit *kit, enum cloud_op quote_op, enum cloud_op order_op)
{
    const struct cloud_op_info *info = cloud_op_info(order_op);
    struct cloud_money before, after, price;
    char quoted[CLOUD_MONEY_MAX], charged[CLOUD_MONEY_MAX];
    struct kit_params quote, order;
    struct kit_call call = { 0 };
    size_t count;
    const char *id = NULL;

    if (!kit_offers(kit, quote_op) || !kit_offers(kit, order_op) ||
        !kit_begin(kit, "the charge equals the quoted price, to the last digit",
                   "the marketplace bills its customer by the price", "%s/charged-as-priced",
                   info->word))
        return;
    if (kit_fact_text(kit, kit_text(kit, "estimate.%s", info->word))) {
        kit_skip(kit, "%s", kit_fact_text(kit, kit_text(kit, "estimate.%s", info->word)));
        kit_end(kit);
        return;
    }
    if (order_op != CLOUD_OP_CREATE_INSTANCE)
        id = kit_instance_paid(kit, order_op, true);
    kit_usual_params(kit, quote_op, id, &quote);
    kit_usual_params(kit, order_op, id, &order);
    if (order_op == CLOUD_OP_CREATE_INSTANCE) {
        prepaid(kit, &quote);
        prepaid(kit, &order);
    }
    kit_call_op(kit, quote_op, &quote, &call);
    price = call.result.price.total;
    KIT_CHECK(kit, !call.code && price.currency[0], "there is no price: %s", call.err.message);
    if (order_op != CLOUD_OP_UPGRADE_INSTANCE && call.result.price.source != CLOUD_PRICE_VENDOR &&
        !call.code) {
        kit_skip(kit, "the price is not the vendor's own");
    } else if (!call.code) {
        const char *period = kit_member(kit, &call, "price.period");

        KIT_CHECK(kit, order_op == CLOUD_OP_UPGRADE_INSTANCE || !strcmp(period, usual_period(kit)),
                  "the price is for \"%s\", not %s", period, usual_period(kit));
        kit_ledger(kit, &count, &before);
        kit_call_op(kit, order_op, &order, &call);
        KIT_CHECK(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code),
                  call.err.message);
        kit_clock_advance(600000);
        kit_add_created(kit, &call);
        if (call.result.task_id)
            kit_wait(kit, kit_text(kit, "%s", call.result.task_id), NULL, &call);
        kit_ledger(kit, &count, &after);
        after.micros -= before.micros;
        KIT_CHECK(kit, after.micros == price.micros && !strcmp(after.currency, price.currency),
                  "the price was %s, the charge %s", amount(price, quoted), amount(after, charged));
        if (id && order_op == CLOUD_OP_UPGRADE_INSTANCE)
            kit_remove_id(kit, id);
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void max_charge_holds(struct kit *kit, enum cloud_op quote_op, enum cloud_op order_op)
{
    const struct cloud_op_info *info = cloud_op_info(order_op);
    struct cloud_money before, after, price;
    struct kit_params quote, order;
    struct kit_call call = { 0 };
    char text[CLOUD_MONEY_MAX];
    const char *id = NULL;
    size_t count;

    if (!kit_offers(kit, quote_op) || !kit_offers(kit, order_op) ||
        !kit_begin(kit,
                   "a max_charge of one millionth below the price is CLOUD_EPRICE and buys nothing",
                   "a price may rise between the quote and the order", "%s/max-charge", info->word))
        return;
    if (order_op != CLOUD_OP_CREATE_INSTANCE)
        id = kit_instance_for(kit, order_op);
    kit_usual_params(kit, quote_op, id, &quote);
    kit_usual_params(kit, order_op, id, &order);
    if (order_op == CLOUD_OP_CREATE_INSTANCE) {
        prepaid(kit, &quote);
        prepaid(kit, &order);
    }
    kit_call_op(kit, quote_op, &quote, &call);
    price = call.result.price.total;
    if (call.code || !price.micros) {
        kit_skip(kit, "there is no price to compare it with: %s", call.err.message);
    } else {
        price.micros--;
        kit_set(&order, CLOUD_PARAM_MAX_CHARGE,
                kit_text(kit, "%.*s", (int)strcspn(amount(price, text), " "), amount(price, text)));
        kit_ledger(kit, &count, &before);
        kit_call_op(kit, order_op, &order, &call);
        kit_ledger(kit, &count, &after);
        KIT_CHECK(kit, call.code == CLOUD_EPRICE, "it ended as %s: %s", cloud_code_name(call.code),
                  call.err.message);
        KIT_CHECK(kit, call.err.outcome == CLOUD_NOT_APPLIED, "its outcome is %s",
                  cloud_outcome_name(call.err.outcome));
        KIT_CHECK(kit, before.micros == after.micros, "something was charged");
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static int64_t add_period(int64_t time, struct cloud_period period)
{
    time_t seconds = (time_t)(time + 8 * 3600); /* the vendors' calendar */
    struct tm date;
    int day;

    gmtime_r(&seconds, &date);
    day = date.tm_mday;
    if (period.unit == CLOUD_PERIOD_DAY)
        date.tm_mday += period.count;
    date.tm_mon += period.unit == CLOUD_PERIOD_MONTH ? period.count : 0;
    date.tm_year += period.unit == CLOUD_PERIOD_YEAR ? period.count : 0;
    seconds = timegm(&date);
    gmtime_r(&seconds, &date);
    if (period.unit != CLOUD_PERIOD_DAY && date.tm_mday != day)
        seconds -= (time_t)date.tm_mday * 86400; /* the month is shorter: use its last day */
    return (int64_t)seconds - 8 * 3600;
}

static void term_grows(struct kit *kit)
{
    struct cloud_period period;
    struct kit_params show = { 0 }, renew;
    struct kit_call call = { 0 };
    int64_t before, after;
    const char *id;

    if (!kit_offers(kit, CLOUD_OP_RENEW_INSTANCE) ||
        !kit_begin(kit, "a renewal moves the expiry by the period that was bought",
                   "the customer pays for the whole period", "renew/term"))
        return;
    id = kit_instance_for(kit, CLOUD_OP_RENEW_INSTANCE);
    if (id) {
        kit_set(&show, CLOUD_PARAM_INSTANCE_ID, id);
        kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCE, &show, &call);
        before = call.result.instance_count ? call.result.instances[0].expires_at : CLOUD_TIME_NONE;
        if (!before) {
            kit_skip(kit, "the vendor does not say when an instance expires");
        } else {
            kit_usual_params(kit, CLOUD_OP_RENEW_INSTANCE, id, &renew);
            kit_set(&renew, CLOUD_PARAM_IF_EXPIRY, kit_text(kit, "%lld", (long long)before + 60));
            kit_call_op(kit, CLOUD_OP_RENEW_INSTANCE, &renew, &call);
            KIT_CHECK(kit, call.code == CLOUD_ECONFLICT, "if_expiry with another time ended as %s",
                      cloud_code_name(call.code));
            kit_set(&renew, CLOUD_PARAM_IF_EXPIRY, kit_text(kit, "%lld", (long long)before));
            kit_call_op(kit, CLOUD_OP_RENEW_INSTANCE, &renew, &call);
            KIT_CHECK(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code),
                      call.err.message);
            kit_clock_advance(600000);
            kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCE, &show, &call);
            after =
                call.result.instance_count ? call.result.instances[0].expires_at : CLOUD_TIME_NONE;
            cloud_period_parse(usual_period(kit), &period, NULL);
            KIT_CHECK(kit, after == add_period(before, period), "%s moved the expiry by %lld days",
                      usual_period(kit), (long long)(after - before) / 86400);
        }
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void dry_run_buys_nothing(struct kit *kit)
{
    struct cloud_money before, after;
    struct kit_params params;
    struct kit_call call = { 0 };
    size_t count;
    const char *truth;

    if (!kit_offers(kit, CLOUD_OP_CREATE_INSTANCE_DRY_RUN) ||
        !kit_begin(kit, "a dry run buys nothing, and names its checks",
                   "it runs before the customer has paid", "check/buys-nothing"))
        return;
    kit_usual_params(kit, CLOUD_OP_CREATE_INSTANCE_DRY_RUN, NULL, &params);
    prepaid(kit, &params);
    truth = kit_account_state(kit);
    kit_ledger(kit, &count, &before);
    kit_call_op(kit, CLOUD_OP_CREATE_INSTANCE_DRY_RUN, &params, &call);
    kit_ledger(kit, &count, &after);
    KIT_CHECK(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code), call.err.message);
    KIT_CHECK(kit, before.micros == after.micros && !strcmp(truth, kit_account_state(kit)),
              "something was bought");
    for (size_t i = 0; i < call.result.check_count; i++) {
        const struct cloud_check *check = &call.result.checks[i];

        KIT_CHECK(kit, check->name && check->message && *check->message,
                  "a check without name or message");
    }
    kit_set(&params, CLOUD_PARAM_IMAGE_ID,
            kit_absent_id(kit, kit_get(&params, CLOUD_PARAM_IMAGE_ID)
                                   ? kit_get(&params, CLOUD_PARAM_IMAGE_ID)
                                   : "img-000000"));
    kit_call_op(kit, CLOUD_OP_CREATE_INSTANCE_DRY_RUN, &params, &call);
    KIT_CHECK(kit, call.code, "an image that does not exist was accepted");
    kit_call_clear(&call);
    kit_end(kit);
}

/* Checks that count, period and disks change the price. */
static void price_grows(struct kit *kit)
{
    struct kit_params params;
    struct kit_call one = { 0 }, more = { 0 };
    const char *longer = kit_fact_text(kit, "longer_period");

    if (!kit_offers(kit, CLOUD_OP_DESCRIBE_PRICE) ||
        !kit_begin(kit, "two cost twice as much as one, and a longer period costs more",
                   "a dropped parameter would sell below cost", "price/grows"))
        return;
    kit_usual_params(kit, CLOUD_OP_DESCRIBE_PRICE, NULL, &params);
    prepaid(kit, &params);
    kit_call_op(kit, CLOUD_OP_DESCRIBE_PRICE, &params, &one);
    kit_set(&params, CLOUD_PARAM_COUNT, "2");
    kit_call_op(kit, CLOUD_OP_DESCRIBE_PRICE, &params, &more);
    KIT_CHECK(kit,
              more.code == CLOUD_EINVAL ||
                  more.result.price.total.micros == 2 * one.result.price.total.micros,
              "one costs %s, two %s", kit_member(kit, &one, "price.total.amount"),
              kit_member(kit, &more, "price.total.amount"));
    kit_set(&params, CLOUD_PARAM_COUNT, NULL);
    if (longer) {
        kit_set(&params, CLOUD_PARAM_PERIOD, longer);
        kit_call_op(kit, CLOUD_OP_DESCRIBE_PRICE, &params, &more);
        KIT_CHECK(kit, !more.code && more.result.price.total.micros > one.result.price.total.micros,
                  "%s cost %s: %s", longer, kit_member(kit, &more, "price.total.amount"),
                  more.err.message);
    }
    kit_set(&params, CLOUD_PARAM_PERIOD, usual_period(kit));
    kit_set(&params, CLOUD_PARAM_DATA_DISKS, kit_fact_text(kit, "data_disk"));
    if (kit_fact_text(kit, "data_disk")) {
        kit_call_op(kit, CLOUD_OP_DESCRIBE_PRICE, &params, &more);
        KIT_CHECK(kit, !more.code && more.result.price.total.micros > one.result.price.total.micros,
                  "with another disk it costs %s: %s", kit_member(kit, &more, "price.total.amount"),
                  more.err.message);
    }
    kit_call_clear(&one);
    kit_call_clear(&more);
    kit_end(kit);
}

void kit_cases_money(struct kit *kit)
{
    if (kit->options.real)
        return;
    if (kit->has_control) {
        charged_as_priced(kit, CLOUD_OP_DESCRIBE_PRICE, CLOUD_OP_CREATE_INSTANCE);
        charged_as_priced(kit, CLOUD_OP_DESCRIBE_RENEW_PRICE, CLOUD_OP_RENEW_INSTANCE);
        charged_as_priced(kit, CLOUD_OP_DESCRIBE_UPGRADE_PRICE, CLOUD_OP_UPGRADE_INSTANCE);
        max_charge_holds(kit, CLOUD_OP_DESCRIBE_PRICE, CLOUD_OP_CREATE_INSTANCE);
        max_charge_holds(kit, CLOUD_OP_DESCRIBE_RENEW_PRICE, CLOUD_OP_RENEW_INSTANCE);
        max_charge_holds(kit, CLOUD_OP_DESCRIBE_UPGRADE_PRICE, CLOUD_OP_UPGRADE_INSTANCE);
        dry_run_buys_nothing(kit);
    }
    price_grows(kit);
    term_grows(kit);
}

void kit_cases_redaction(struct kit *kit)
{
    static const char *const secrets[] = { KIT_PASSWORD, "emulatordemosecret00000000000001",
                                           "short", "onlylowercaseletters" };
    const char *log = kit->log ? kit->log : "";

    if (!kit_begin(kit,
                   "no log line and no error message contains a password, secret, signature or "
                   "console token",
                   "people who may not know the secrets read the logs", "all/redaction"))
        return;
    KIT_CHECK(kit, !strstr(log, secrets[0]), "a password was logged");
    KIT_CHECK(kit, !strstr(log, secrets[1]), "the secret key was logged");
    KIT_CHECK(kit, !strstr(log, secrets[3]), "a refused password was logged");
    KIT_CHECK(kit, !kit_secret_was_sent(log), "a signature was logged");
    KIT_CHECK(kit, *log, "nothing was logged, so the case proves nothing");
    kit_end(kit);
}
