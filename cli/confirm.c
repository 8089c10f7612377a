/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Asks on a terminal before a command spends money or deletes something: shows what it is for, its
 * price and its period. Without a terminal, and with --yes, nothing is asked.
 */
#include "include/cloud_provider/ascii.h"
#include "cli/cli.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum cloud_effect ctl_effect_of(struct cloud_client *client, const struct ctl_options *options)
{
    struct cloud_action_info action = CLOUD_ACTION_INFO_INIT;

    if (options->op->op == CLOUD_OP_INVOKE &&
        cloud_action_find(cloud_client_provider(client), options->params.action, &action))
        return action.effect;
    return options->op->effect;
}

/* The operations with a price operation. */
static const struct {
    enum cloud_op op, price;
} prices[] = {
    { CLOUD_OP_CREATE_INSTANCE, CLOUD_OP_DESCRIBE_PRICE },
    { CLOUD_OP_RENEW_INSTANCE, CLOUD_OP_DESCRIBE_RENEW_PRICE },
    { CLOUD_OP_UPGRADE_INSTANCE, CLOUD_OP_DESCRIBE_UPGRADE_PRICE },
    { CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, CLOUD_OP_DESCRIBE_RENEW_PRICE },
};

/* The catalogue says that an action changes something, but not that it deletes. Its name does. */
static bool deletes(const struct ctl_options *options)
{
    static const char *const words[] = { "delete", "release", "terminate", "destroy" };

    if (options->op->op != CLOUD_OP_INVOKE)
        return options->op->op == CLOUD_OP_DELETE_INSTANCE;
    for (size_t i = 0; i < CTL_COUNT(words); i++)
        if (cc_ascii_contains(options->params.action, words[i]))
            return true;
    return false;
}

static bool spends(struct cloud_client *client, const struct ctl_options *options)
{
    return ctl_effect_of(client, options) == CLOUD_SPENDS &&
           !(options->op->op == CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE &&
             options->params.auto_renew == CLOUD_NO);
}

bool ctl_confirm_needed(struct cloud_client *client, const struct ctl_options *options)
{
    return !options->yes && isatty(STDIN_FILENO) && isatty(STDERR_FILENO) &&
           ctl_effect_of(client, options) != CLOUD_READS &&
           (spends(client, options) || deletes(options));
}

/* The price depends on these parameters. A price operation refuses parameters that it does not
 * take. */
static struct cloud_params price_params(const struct cloud_params *given, enum cloud_op price)
{
    struct cloud_params params = *given;

    params.name = params.description = params.password = params.key_name = NULL;
    params.vpc_id = params.subnet_id = params.security_group_id = params.operation_key = NULL;
    params.max_charge = (struct cloud_money){ 0 };
    params.if_expiry = CLOUD_TIME_NONE;
    if (price == CLOUD_OP_DESCRIBE_RENEW_PRICE)
        params.auto_renew = 0;
    return params;
}

static void show_parameters(const struct cloud_params *params)
{
    char text[256];

    for (int i = 0; i < CLOUD_PARAM__COUNT; i++) {
        const struct cloud_param_info *info = cloud_param_info((enum cloud_param)i);

        /* the parameters of invoke may hold secrets */
        if (info->secret || i == CLOUD_PARAM_INSTANCE_ID || i == CLOUD_PARAM_PARAMETERS ||
            !cloud_params_has(params, info->param))
            continue;
        cloud_params_text(params, info->param, text, sizeof(text));
        ctl_note("  %s: %s", info->name, text);
    }
}

static void show_instance(struct cloud_client *client, const char *id)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err = { 0 };
    char expires[CLOUD_TIME_MAX];

    if (cloud_describe_instance(client, id, &result, &err) != CLOUD_OK ||
        result.instance_count != 1) {
        ctl_note("  instance: %s (%s)", id, err.message);
    } else {
        const struct cloud_instance *instance = &result.instances[0];

        ctl_note("  instance: %s, name %s, %s, expires %s", id,
                 instance->name ? instance->name : "-", cloud_instance_state_name(instance->state),
                 cloud_time_format(instance->expires_at, expires));
    }
    cloud_result_clear(&result);
}

/* Shows the price, or why there is none. It becomes the limit when no other limit was given. */
static void show_price(struct cloud_client *client, const struct ctl_options *options,
                       struct cloud_money *max_charge)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err = { .message = "no operation returns it" };
    char money[CLOUD_MONEY_MAX], period[CLOUD_PERIOD_MAX];
    int code = CLOUD_EUNSUPPORTED;

    for (size_t i = 0; i < CTL_COUNT(prices); i++) {
        struct cloud_params params = price_params(&options->params, prices[i].price);

        if (prices[i].op == options->op->op)
            code = cloud_call(client, prices[i].price, &params, &result, &err);
    }
    if (code != CLOUD_OK) {
        ctl_note("  price: not known: %s", err.message);
    } else {
        const struct cloud_price *price = &result.price;

        ctl_note("  price: %s for %s (%s)%s%s", cloud_money_format(price->total, money),
                 cloud_period_format(price->period.count ? price->period : options->params.period,
                                     period),
                 cloud_price_source_name(price->source), price->covers ? "; " : "",
                 price->covers ? price->covers : "");
        if (options->op->optional & UINT64_C(1) << CLOUD_PARAM_MAX_CHARGE &&
            !max_charge->currency[0] && price->total.currency[0])
            *max_charge = price->total;
    }
    cloud_result_clear(&result);
}

static bool answer_is_yes(void)
{
    char line[16] = "";

    if (!fgets(line, sizeof(line), stdin))
        return false;
    line[strcspn(line, "\r\n")] = '\0';
    return cc_ascii_casecmp(line, "y") == 0 || cc_ascii_casecmp(line, "yes") == 0;
}

int ctl_confirm(struct cloud_client *client, const struct ctl_options *options,
                const char *const *ids, size_t count, struct cloud_money *max_charge,
                struct cloud_error *err)
{
    if (!ctl_confirm_needed(client, options))
        return CLOUD_OK;
    ctl_note("%s at %s%s%s:", options->command_name, cloud_client_provider(client),
             *cloud_client_region(client) ? ", region " : "", cloud_client_region(client));
    for (size_t i = 0; i < count; i++)
        if (ids[i])
            show_instance(client, ids[i]);
    show_parameters(&options->params);
    if (spends(client, options))
        show_price(client, options, max_charge);
    fprintf(stderr, "%s? [y/N] ", deletes(options) ? "Delete" : "Continue");
    if (answer_is_yes())
        return CLOUD_OK;
    return ctl_refuse(err, CLOUD_ECANCELLED, "", "not confirmed; --yes skips the question");
}
