/* SPDX-License-Identifier: Apache-2.0 */
/* Money: a price is what is charged, a limit holds, a term grows by what was bought; and nobody's
 * secret is told. */
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

/* what the operation would cost, and what it does */
static void charged_as_priced(struct kit *kit, enum cloud_op asks, enum cloud_op spends)
{
    const struct cloud_op_info *info = cloud_op_info(spends);
    struct cloud_money before, after, price;
    char said[CLOUD_MONEY_MAX], done[CLOUD_MONEY_MAX];
    struct kit_params ask, spend;
    struct kit_call call = { 0 };
    size_t count;
    const char *id = NULL;

    if (!kit_offers(kit, asks) || !kit_offers(kit, spends) ||
        !kit_begin(kit, "what is charged is the price that was told, to the last digit",
                   "the marketplace bills its customer by it", "%s/charged-as-priced", info->word))
        return;
    if (kit_fact_text(kit, kit_text(kit, "estimate.%s", info->word))) {
        kit_skip(kit, "%s", kit_fact_text(kit, kit_text(kit, "estimate.%s", info->word)));
        kit_end(kit);
        return;
    }
    if (spends != CLOUD_OP_CREATE_INSTANCE)
        id = kit_instance_paid(kit, spends, true);
    kit_usual(kit, asks, id, &ask);
    kit_usual(kit, spends, id, &spend);
    if (spends == CLOUD_OP_CREATE_INSTANCE) {
        prepaid(kit, &ask);
        prepaid(kit, &spend);
    }
    kit_ask(kit, asks, &ask, &call);
    price = call.result.price.total;
    KIT_WANT(kit, !call.code && price.currency[0], "there is no price: %s", call.err.message);
    if (spends != CLOUD_OP_UPGRADE_INSTANCE && call.result.price.source != CLOUD_PRICE_VENDOR &&
        !call.code) {
        kit_skip(kit, "the price is not the vendor's own");
    } else if (!call.code) {
        const char *period = kit_member(kit, &call, "price.period");

        KIT_WANT(kit, spends == CLOUD_OP_UPGRADE_INSTANCE || !strcmp(period, usual_period(kit)),
                 "the price is for \"%s\", not %s", period, usual_period(kit));
        kit_ledger(kit, &count, &before);
        kit_ask(kit, spends, &spend, &call);
        KIT_WANT(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code),
                 call.err.message);
        kit_clock_advance(600000);
        kit_leftover(kit, &call);
        if (call.result.task_id)
            kit_wait(kit, kit_text(kit, "%s", call.result.task_id), NULL, &call);
        kit_ledger(kit, &count, &after);
        after.micros -= before.micros;
        KIT_WANT(kit, after.micros == price.micros && !strcmp(after.currency, price.currency),
                 "the price was %s, the charge %s", amount(price, said), amount(after, done));
        if (id && spends == CLOUD_OP_UPGRADE_INSTANCE)
            kit_forget(kit, id);
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void limit_holds(struct kit *kit, enum cloud_op asks, enum cloud_op spends)
{
    const struct cloud_op_info *info = cloud_op_info(spends);
    struct cloud_money before, after, price;
    struct kit_params ask, spend;
    struct kit_call call = { 0 };
    char text[CLOUD_MONEY_MAX];
    const char *id = NULL;
    size_t count;

    if (!kit_offers(kit, asks) || !kit_offers(kit, spends) ||
        !kit_begin(kit, "max_charge a millionth below the price is CLOUD_EPRICE and buys nothing",
                   "a price may grow between the quote and the order", "%s/max-charge", info->word))
        return;
    if (spends != CLOUD_OP_CREATE_INSTANCE)
        id = kit_instance_for(kit, spends);
    kit_usual(kit, asks, id, &ask);
    kit_usual(kit, spends, id, &spend);
    if (spends == CLOUD_OP_CREATE_INSTANCE) {
        prepaid(kit, &ask);
        prepaid(kit, &spend);
    }
    kit_ask(kit, asks, &ask, &call);
    price = call.result.price.total;
    if (call.code || !price.micros) {
        kit_skip(kit, "there is no price to hold it against: %s", call.err.message);
    } else {
        price.micros--;
        kit_set(&spend, CLOUD_PARAM_MAX_CHARGE, kit_text(kit, "%s", amount(price, text)));
        kit_ledger(kit, &count, &before);
        kit_ask(kit, spends, &spend, &call);
        kit_ledger(kit, &count, &after);
        KIT_WANT(kit, call.code == CLOUD_EPRICE, "it ended as %s: %s", cloud_code_name(call.code),
                 call.err.message);
        KIT_WANT(kit, call.err.outcome == CLOUD_NOT_APPLIED, "its outcome is %s",
                 cloud_outcome_name(call.err.outcome));
        KIT_WANT(kit, before.micros == after.micros, "something was charged");
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static int64_t later(int64_t time, struct cloud_period period)
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
        seconds -= (time_t)date.tm_mday * 86400; /* the month is shorter: its last day */
    return (int64_t)seconds - 8 * 3600;
}

static void term_grows(struct kit *kit)
{
    struct cloud_period period;
    struct kit_params about = { 0 }, renew;
    struct kit_call call = { 0 };
    int64_t before, after;
    const char *id;

    if (!kit_offers(kit, CLOUD_OP_RENEW_INSTANCE) ||
        !kit_begin(kit, "a renewal moves the expiry by the period that was bought",
                   "a period that is rounded is paid for and not given", "renew/term"))
        return;
    id = kit_instance_for(kit, CLOUD_OP_RENEW_INSTANCE);
    if (id) {
        kit_set(&about, CLOUD_PARAM_INSTANCE_ID, id);
        kit_look(kit, CLOUD_OP_DESCRIBE_INSTANCE, &about, &call);
        before = call.result.instance_count ? call.result.instances[0].expires_at : CLOUD_TIME_NONE;
        if (!before) {
            kit_skip(kit, "the vendor does not say when an instance expires");
        } else {
            kit_usual(kit, CLOUD_OP_RENEW_INSTANCE, id, &renew);
            kit_set(&renew, CLOUD_PARAM_IF_EXPIRY, kit_text(kit, "%lld", (long long)before + 60));
            kit_ask(kit, CLOUD_OP_RENEW_INSTANCE, &renew, &call);
            KIT_WANT(kit, call.code == CLOUD_ECONFLICT, "if_expiry with another time ended as %s",
                     cloud_code_name(call.code));
            kit_set(&renew, CLOUD_PARAM_IF_EXPIRY, kit_text(kit, "%lld", (long long)before));
            kit_ask(kit, CLOUD_OP_RENEW_INSTANCE, &renew, &call);
            KIT_WANT(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code),
                     call.err.message);
            kit_clock_advance(600000);
            kit_look(kit, CLOUD_OP_DESCRIBE_INSTANCE, &about, &call);
            after =
                call.result.instance_count ? call.result.instances[0].expires_at : CLOUD_TIME_NONE;
            cloud_period_parse(usual_period(kit), &period, NULL);
            KIT_WANT(kit, after == later(before, period), "%s more made %lld days of it",
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
        !kit_begin(kit, "a check buys nothing, and says which of its checks were real",
                   "it is asked before the customer has paid", "check/buys-nothing"))
        return;
    kit_usual(kit, CLOUD_OP_CREATE_INSTANCE_DRY_RUN, NULL, &params);
    prepaid(kit, &params);
    truth = kit_truth(kit);
    kit_ledger(kit, &count, &before);
    kit_ask(kit, CLOUD_OP_CREATE_INSTANCE_DRY_RUN, &params, &call);
    kit_ledger(kit, &count, &after);
    KIT_WANT(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code), call.err.message);
    KIT_WANT(kit, before.micros == after.micros && !strcmp(truth, kit_truth(kit)),
             "something was bought");
    for (size_t i = 0; i < call.result.check_count; i++) {
        const struct cloud_check *check = &call.result.checks[i];

        KIT_WANT(kit, check->name && check->message && *check->message,
                 "a check without name or message");
    }
    kit_set(&params, CLOUD_PARAM_IMAGE_ID,
            kit_absent(kit, kit_get(&params, CLOUD_PARAM_IMAGE_ID)
                                ? kit_get(&params, CLOUD_PARAM_IMAGE_ID)
                                : "img-000000"));
    kit_ask(kit, CLOUD_OP_CREATE_INSTANCE_DRY_RUN, &params, &call);
    KIT_WANT(kit, call.code, "an image that is not there passed");
    kit_call_clear(&call);
    kit_end(kit);
}

/* the price of more is more: of several at once, of a longer period */
static void price_grows(struct kit *kit)
{
    struct kit_params params;
    struct kit_call one = { 0 }, more = { 0 };
    const char *longer = kit_fact_text(kit, "longer_period");

    if (!kit_offers(kit, CLOUD_OP_DESCRIBE_PRICE) ||
        !kit_begin(kit, "two cost twice as much as one, and a longer period more than a shorter",
                   "a parameter that is dropped sells below cost", "price/grows"))
        return;
    kit_usual(kit, CLOUD_OP_DESCRIBE_PRICE, NULL, &params);
    prepaid(kit, &params);
    kit_ask(kit, CLOUD_OP_DESCRIBE_PRICE, &params, &one);
    kit_set(&params, CLOUD_PARAM_COUNT, "2");
    kit_ask(kit, CLOUD_OP_DESCRIBE_PRICE, &params, &more);
    KIT_WANT(kit,
             more.code == CLOUD_EINVAL ||
                 more.result.price.total.micros == 2 * one.result.price.total.micros,
             "one costs %s, two %s", kit_member(kit, &one, "price.total.amount"),
             kit_member(kit, &more, "price.total.amount"));
    kit_set(&params, CLOUD_PARAM_COUNT, NULL);
    if (longer) {
        kit_set(&params, CLOUD_PARAM_PERIOD, longer);
        kit_ask(kit, CLOUD_OP_DESCRIBE_PRICE, &params, &more);
        KIT_WANT(kit, !more.code && more.result.price.total.micros > one.result.price.total.micros,
                 "%s cost %s: %s", longer, kit_member(kit, &more, "price.total.amount"),
                 more.err.message);
    }
    kit_set(&params, CLOUD_PARAM_PERIOD, usual_period(kit));
    kit_set(&params, CLOUD_PARAM_DATA_DISKS, kit_fact_text(kit, "data_disk"));
    if (kit_fact_text(kit, "data_disk")) {
        kit_ask(kit, CLOUD_OP_DESCRIBE_PRICE, &params, &more);
        KIT_WANT(kit, !more.code && more.result.price.total.micros > one.result.price.total.micros,
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
    if (kit->control) {
        charged_as_priced(kit, CLOUD_OP_DESCRIBE_PRICE, CLOUD_OP_CREATE_INSTANCE);
        charged_as_priced(kit, CLOUD_OP_DESCRIBE_RENEW_PRICE, CLOUD_OP_RENEW_INSTANCE);
        charged_as_priced(kit, CLOUD_OP_DESCRIBE_UPGRADE_PRICE, CLOUD_OP_UPGRADE_INSTANCE);
        limit_holds(kit, CLOUD_OP_DESCRIBE_PRICE, CLOUD_OP_CREATE_INSTANCE);
        limit_holds(kit, CLOUD_OP_DESCRIBE_RENEW_PRICE, CLOUD_OP_RENEW_INSTANCE);
        limit_holds(kit, CLOUD_OP_DESCRIBE_UPGRADE_PRICE, CLOUD_OP_UPGRADE_INSTANCE);
        dry_run_buys_nothing(kit);
    }
    price_grows(kit);
    term_grows(kit);
}

void kit_cases_redaction(struct kit *kit)
{
    static const char *const secrets[] = { KIT_PASSWORD, "emulatordemosecret00000000000001",
                                           "short", "onlylowercaseletters" };
    const char *said = kit->said ? kit->said : "";

    if (!kit_begin(kit,
                   "no password, secret, signature or console token stands in any log line or "
                   "error message",
                   "logs are read by people who may not know them", "all/redaction"))
        return;
    KIT_WANT(kit, !strstr(said, secrets[0]), "a password was told");
    KIT_WANT(kit, !strstr(said, secrets[1]), "the secret key was told");
    KIT_WANT(kit, !strstr(said, secrets[3]), "a password that was refused was told");
    KIT_WANT(kit, !kit_secret_was_sent(said), "a signature was told");
    KIT_WANT(kit, *said, "nothing was logged: nothing was proved");
    kit_end(kit);
}
