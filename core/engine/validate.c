/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Validates parameters before anything is sent, by the provider's rows and rules. An error names
 * the parameter.
 */
#include "core/engine/validate.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/pattern.h"
#include "core/base/utf8.h"
#include "core/model/operations.h"

/* parameters that the engine itself reads, for every provider */
#define ENGINE_READS \
    (CC_BIT(OPERATION_KEY) | CC_BIT(MAX_CHARGE) | CC_BIT(IF_EXPIRY) | CC_BIT(PRICE_SOURCE) | \
     CC_BIT(ACTION) | CC_BIT(PARAMETERS) | CC_BIT(CHARGE_MODE))

static uint64_t arg_reads(const struct cc_arg *arg)
{
    switch ((enum cc_arg_kind)arg->kind) {
    case CC_ARG_REGION:
    case CC_ARG_TOKEN:
    case CC_ARG_FOUND:
    case CC_ARG_EACH_PREPAID: return 0;
    case CC_ARG_CONST:
    case CC_ARG_MARK:
    case CC_ARG_OBJECT: return arg->with || arg->without ? UINT64_C(1) << arg->param : 0;
    default: return UINT64_C(1) << arg->param;
    }
}

uint64_t cc_row_reads(const struct cc_op_row *row)
{
    uint64_t reads = row->reads | row->required | ENGINE_READS;

    for (size_t i = 0; i < row->step_count; i++) {
        for (const struct cc_arg *arg = row->steps[i].args; arg && arg->path; arg++)
            reads |= arg_reads(arg);
    }
    return reads;
}

static bool applies_to(uint32_t only, enum cloud_op op)
{
    return !only || (only >> op & 1);
}

static size_t characters(const char *utf8)
{
    size_t n = 0;

    for (; *utf8; utf8++)
        n += ((unsigned char)*utf8 & 0xC0) != 0x80;
    return n;
}

static int check_number(const struct cc_rule *rule, const char *name, long value,
                        struct cloud_error *err)
{
    if (value >= rule->min && value <= rule->max &&
        (!rule->step || !((value - rule->min) % rule->step)))
        return CLOUD_OK;
    if (rule->step)
        return cc_fail_param(err, name, "%s is %ld; it must be from %ld to %ld in steps of %ld",
                             name, value, rule->min, rule->max, rule->step);
    return cc_fail_param(err, name, "%s is %ld; it must be from %ld to %ld", name, value, rule->min,
                         rule->max);
}

static int check_one_of(const struct cc_rule *rule, const char *name, int value,
                        struct cloud_error *err)
{
    char *end;

    for (const char *at = rule->text; *at; at = end + strspn(end, ", ")) {
        if (strtol(at, &end, 10) == value)
            return CLOUD_OK;
    }
    return cc_fail_param(err, name, "%s is %d; it can be %s", name, value, rule->text);
}

static int check_text(const struct cc_rule *rule, const char *name, const char *text,
                      struct cloud_error *err)
{
    size_t length = characters(text);

    if (rule->kind == CC_RULE_LENGTH && (length < (size_t)rule->min || length > (size_t)rule->max))
        return cc_fail_param(err, name, "%s has %zu characters; it must have %ld to %ld", name,
                             length, rule->min, rule->max);
    if (rule->kind == CC_RULE_PATTERN && !cc_pattern_matches(rule->pattern, text))
        return cc_fail_param(err, name, "the value of %s is not allowed: %s", name, rule->text);
    return CLOUD_OK;
}

static int check_rule(const struct cc_rule *rule, const struct cloud_params *params,
                      struct cloud_error *err)
{
    const char *name = cc_param_name((enum cloud_param)rule->param);
    int rc = CLOUD_OK;

    if (rule->param == CLOUD_PARAM_DATA_DISKS) {
        for (size_t i = 0; !rc && i < params->data_disk_count; i++) {
            const struct cloud_disk_spec *disk = &params->data_disks[i];

            if (rule->kind == CC_RULE_PATTERN && disk->type)
                rc = check_text(rule, name, disk->type, err);
            if (rule->kind == CC_RULE_RANGE &&
                (!rule->text || (disk->type && !cc_ascii_casecmp(rule->text, disk->type))))
                rc = check_number(rule, name, disk->size_gb, err);
        }
        return rc;
    }
    if (rule->kind == CC_RULE_ONE_OF)
        return check_one_of(rule, name, cc_params_int(params, (enum cloud_param)rule->param), err);
    if (rule->kind == CC_RULE_RANGE)
        return check_number(rule, name, cc_params_int(params, (enum cloud_param)rule->param), err);
    return check_text(rule, name, cc_params_text(params, (enum cloud_param)rule->param), err);
}

static int check_rules(const struct cloud_provider *provider, enum cloud_op op,
                       const struct cloud_params *params, struct cloud_error *err)
{
    int rc = CLOUD_OK;

    for (const struct cc_rule *rule = provider->rules; !rc && rule && rule->kind; rule++) {
        if (applies_to(rule->only, op) && cloud_params_has(params, (enum cloud_param)rule->param))
            rc = check_rule(rule, params, err);
    }
    return rc;
}

static int count_classes(const char *password, const char *specials)
{
    bool upper = false, lower = false, digit = false, special = false;

    for (const char *p = password; *p; p++) {
        upper |= *p >= 'A' && *p <= 'Z';
        lower |= *p >= 'a' && *p <= 'z';
        digit |= *p >= '0' && *p <= '9';
        special |= strchr(specials, *p) != NULL;
    }
    return upper + lower + digit + special;
}

static bool all_allowed(const char *password, const char *specials)
{
    for (const char *p = password; *p; p++) {
        bool alphanumeric =
            (*p >= 'A' && *p <= 'Z') || (*p >= 'a' && *p <= 'z') || (*p >= '0' && *p <= '9');

        if (!alphanumeric && !strchr(specials, *p))
            return false;
    }
    return true;
}

/* "123", "cBA": consecutive letters or digits, ascending or descending, in any case */
static bool has_sequence(const char *password, int length)
{
    int up = 1, down = 1;

    for (const char *p = password; *p && p[1]; p++) {
        char a = cc_ascii_lower(*p), b = cc_ascii_lower(p[1]);
        bool same_kind = (cc_ascii_is_digit(a) && cc_ascii_is_digit(b)) ||
                         (cc_ascii_is_lower(a) && cc_ascii_is_lower(b));

        up = same_kind && b == a + 1 ? up + 1 : 1;
        down = same_kind && b == a - 1 ? down + 1 : 1;
        if (up >= length || down >= length)
            return true;
    }
    return false;
}

/* whether the password contains @length adjacent characters of @row, forwards or backwards */
static bool has_adjacent_keys(const char *password, const char *row, int length)
{
    size_t n = strlen(row), len = (size_t)length;

    for (size_t i = 0; i + len <= n; i++) {
        for (const char *p = password; strlen(p) >= len; p++) {
            bool forwards = true, backwards = true;

            for (size_t k = 0; k < len; k++) {
                char c = cc_ascii_lower(p[k]);

                forwards &= c == row[i + k];
                backwards &= c == row[i + len - 1 - k];
            }
            if (forwards || backwards)
                return true;
        }
    }
    return false;
}

static int check_password(const struct cc_password_policy *policy, const char *password,
                          struct cloud_error *err)
{
    size_t length = characters(password);

    if (length < (size_t)policy->min || length > (size_t)policy->max)
        return cc_fail_param(err, "password", "password has %zu characters; it must have %d to %d",
                             length, policy->min, policy->max);
    if (!all_allowed(password, policy->specials))
        return cc_fail_param(err, "password", "password may contain only letters, digits and %s",
                             policy->specials);
    if (count_classes(password, policy->specials) < policy->classes)
        return cc_fail_param(err, "password",
                             "password needs %d of upper case, lower case, digits, specials (%s)",
                             policy->classes, policy->specials);
    for (size_t i = 0; policy->forbidden && policy->forbidden[i]; i++) {
        if (strstr(password, policy->forbidden[i]))
            return cc_fail_param(err, "password", "password must not contain \"%s\"",
                                 policy->forbidden[i]);
    }
    if (policy->runs && has_sequence(password, policy->runs))
        return cc_fail_param(
            err, "password",
            "password must not contain %d consecutive letters or digits like 123 or cba",
            policy->runs);
    for (size_t i = 0; policy->keyboard && policy->keyboard[i]; i++) {
        if (has_adjacent_keys(password, policy->keyboard[i], policy->runs))
            return cc_fail_param(err, "password",
                                 "password must not contain %d adjacent keys like qwe",
                                 policy->runs);
    }
    return CLOUD_OK;
}

static void list_periods(const struct cloud_provider *provider, enum cloud_op op, char *ret_text,
                         size_t size)
{
    static const char *const units[] = { "", "hours", "days", "months", "years" };
    size_t used = 0;

    *ret_text = '\0';
    for (const struct cc_allowed_period *p = provider->periods; p && p->unit && used < size; p++) {
        if (!applies_to(p->only, op))
            continue;
        used += (size_t)snprintf(ret_text + used, size - used, "%s%d", used ? ", " : "", p->min);
        if (used < size && p->max != p->min)
            used += (size_t)snprintf(ret_text + used, size - used, " to %d", p->max);
        if (used < size)
            used += (size_t)snprintf(ret_text + used, size - used, " %s", units[p->unit]);
    }
}

static int check_period(const struct cloud_provider *provider, enum cloud_op op,
                        struct cloud_period period, struct cloud_error *err)
{
    char text[CLOUD_PERIOD_MAX], allowed[160];

    for (const struct cc_allowed_period *p = provider->periods; p && p->unit; p++) {
        if (applies_to(p->only, op) && p->unit == period.unit && period.count >= p->min &&
            period.count <= p->max)
            return CLOUD_OK;
    }
    list_periods(provider, op, allowed, sizeof(allowed));
    return cc_fail_param(err, "period", "%s does not sell %s; choose from %s", provider->title,
                         cloud_period_format(period, text), allowed);
}

/* whether any row sends the charge mode to the vendor */
static bool mode_is_sold(const struct cc_op_row *row, enum cloud_charge_mode mode)
{
    for (size_t i = 0; i < row->step_count; i++) {
        for (const struct cc_arg *arg = row->steps[i].args; arg && arg->path; arg++) {
            if (arg->kind != CC_ARG_WORD || arg->param != CLOUD_PARAM_CHARGE_MODE)
                continue;
            for (const struct cc_word *w = arg->words; w && w->word; w++) {
                if (w->value == (int)mode)
                    return true;
            }
        }
    }
    return false;
}

/* Prepaid and a period belong together: derives the charge mode from the period if it is missing,
 * and refuses combinations that contradict each other. */
static int complete_charge_mode(const struct cloud_provider *provider, enum cloud_op op,
                                struct cloud_params *params, struct cloud_error *err)
{
    bool period = cloud_params_has(params, CLOUD_PARAM_PERIOD);

    if (!(cloud_op_info(op)->optional & CC_BIT(CHARGE_MODE)))
        return CLOUD_OK;
    if (!params->charge_mode)
        params->charge_mode = period || params->to_month_end == CLOUD_YES ? CLOUD_CHARGE_PREPAID
                                                                          : CLOUD_CHARGE_POSTPAID;
    if (params->charge_mode == CLOUD_CHARGE_PREPAID && !period && params->to_month_end != CLOUD_YES)
        return cc_fail_param(err, "period", "prepaid needs a period; give one like 1month");
    if (params->charge_mode != CLOUD_CHARGE_PREPAID && period)
        return cc_fail_param(err, "period", "%s has no period; leave it out or choose prepaid",
                             cloud_charge_mode_name(params->charge_mode));
    if (params->charge_mode == CLOUD_CHARGE_SPOT &&
        !mode_is_sold(&provider->ops[op], CLOUD_CHARGE_SPOT))
        return cc_fail_param(err, "charge_mode",
                             "%s does not sell spot here; choose prepaid or postpaid",
                             provider->title);
    if (params->charge_mode != CLOUD_CHARGE_PREPAID && params->to_month_end == CLOUD_YES)
        return cc_fail_param(
            err, "to_month_end",
            "to_month_end is for prepaid instances; leave it out or choose prepaid");
    if (params->charge_mode != CLOUD_CHARGE_PREPAID && params->auto_renew == CLOUD_YES)
        return cc_fail_param(err, "auto_renew",
                             "auto_renew is for prepaid instances; leave it out or choose prepaid");
    return CLOUD_OK;
}

/* the lowest parameter of a set */
static enum cloud_param first_of(uint64_t set)
{
    return (enum cloud_param)__builtin_ctzll(set);
}

static int check_unread(const struct cloud_provider *provider, const struct cc_op_row *row,
                        const struct cloud_op_info *info, uint64_t given, struct cloud_error *err)
{
    uint64_t unread = given & ~(info->required | info->optional);

    if (unread)
        return cc_fail_param(err, cc_param_name(first_of(unread)),
                             "%s is not a parameter of %s; leave it out",
                             cc_param_name(first_of(unread)), info->word);
    unread = given & ~cc_row_reads(row);
    if (unread)
        return cc_fail_param(err, cc_param_name(first_of(unread)),
                             "%s does not support %s in %s; leave it out", provider->title,
                             cc_param_name(first_of(unread)), info->word);
    return CLOUD_OK;
}

static int check_missing(const struct cc_op_row *row, const struct cloud_op_info *info,
                         uint64_t given, struct cloud_error *err)
{
    uint64_t missing = (info->required | row->required) & ~given;
    const char *hint;

    if (!missing)
        return CLOUD_OK;
    hint = cc_param_hint(first_of(missing));
    return cc_fail_param(err, cc_param_name(first_of(missing)), "%s needs %s%s%s", info->word,
                         cc_param_name(first_of(missing)), hint ? ": " : "", hint ? hint : "");
}

/*
 * Fills in defaults: in a purchase for all parameters that the row reads, elsewhere only for
 * required ones, so that no default narrows a listing. True when such a parameter was missing.
 */
static bool fill_defaults(const struct cc_op_row *row, const struct cloud_op_info *info,
                          const struct cloud_params *defaults, uint64_t given,
                          struct cloud_params *params)
{
    bool buying = info->optional & CC_BIT(CHARGE_MODE);
    uint64_t wanted = buying ? (info->required | info->optional) & cc_row_reads(row)
                             : info->required | row->required;
    uint64_t missing = wanted & ~given;

    for (uint64_t left = missing; left; left &= left - 1)
        cc_params_copy_one(params, defaults, first_of(left));
    return missing;
}

/* refuses negative numbers */
static int check_signs(const struct cloud_params *params, uint64_t given, struct cloud_error *err)
{
    for (uint64_t left = given; left; left &= left - 1) {
        enum cloud_param param = first_of(left);

        if (cc_param_kind(param) == CC_PARAM_INT && cc_params_int(params, param) < 0)
            return cc_fail_param(err, cc_param_name(param), "%s is %d; it must not be negative",
                                 cc_param_name(param), cc_params_int(params, param));
    }
    return CLOUD_OK;
}

/* refuses a limit without a currency, which would otherwise be no limit, and one in another one */
static int check_money(const struct cloud_provider *provider, const struct cloud_params *params,
                       struct cloud_error *err)
{
    const struct cloud_money *limit = &params->max_charge;

    if (!limit->currency[0] && !limit->micros)
        return CLOUD_OK;
    if (!limit->currency[0])
        return cc_fail_param(err, "max_charge",
                             "max_charge has no currency; set it to the price's currency (%s)",
                             provider->currency);
    if (strncmp(limit->currency, provider->currency, sizeof(limit->currency)))
        return cc_fail_param(err, "max_charge",
                             "the currency of max_charge is %.4s; set it to the price's currency "
                             "(%s)",
                             limit->currency, provider->currency);
    if (limit->micros < 0)
        return cc_fail_param(err, "max_charge",
                             "max_charge is negative; give an amount of 0 or more");
    return CLOUD_OK;
}

/* refuses numbers outside of an enum: a caller in another language may pass any number */
static int check_choices(const struct cloud_params *params, uint64_t given, struct cloud_error *err)
{
    for (uint64_t left = given; left; left &= left - 1) {
        enum cloud_param param = first_of(left);
        int last, value;

        switch (cc_param_kind(param)) {
        case CC_PARAM_FLAG: last = CLOUD_YES; break;
        case CC_PARAM_CHARGE: last = CLOUD_CHARGE__COUNT - 1; break;
        case CC_PARAM_SOURCE: last = CLOUD_PRICE_BOOK; break;
        default: continue;
        }
        value = cc_params_int(params, param);
        if (value < 0 || value > last)
            return cc_fail_param(err, cc_param_name(param), "%s is %d; it must be from 0 to %d",
                                 cc_param_name(param), value, last);
    }
    return CLOUD_OK;
}

static int check_id(const char *name, const char *text, bool spaces, struct cloud_error *err)
{
    if (!*text)
        return cc_fail_param(err, name, "%s is empty; leave it out or give a value", name);
    if (strlen(text) > 128)
        return cc_fail_param(err, name, "%s is too long: %zu bytes, 128 at most", name,
                             strlen(text));
    if (!strcmp(text, ".") || !strcmp(text, ".."))
        return cc_fail_param(err, name, "%s is \"%s\", which is not an id", name, text);
    for (const char *p = text; *p; p++) {
        if ((*p != ' ' || !spaces) &&
            ((unsigned char)*p <= ' ' || *p == 0x7f || *p == '/' || *p == '?' || *p == '#'))
            return cc_fail_param(err, name,
                                 "%s contains a character that no id has: a %scontrol character, "
                                 "\"/\", \"?\" or \"#\"",
                                 name, spaces ? "" : "space, ");
    }
    return CLOUD_OK;
}

/* an id becomes a path segment or a query value; no vendor has control characters or slashes in it
 */
static int check_ids(const struct cloud_params *params, struct cloud_error *err)
{
    static const enum cloud_param ids[] = {
        CLOUD_PARAM_INSTANCE_ID,      CLOUD_PARAM_TASK_ID,           CLOUD_PARAM_ZONE,
        CLOUD_PARAM_INSTANCE_TYPE,    CLOUD_PARAM_IMAGE_ID,          CLOUD_PARAM_VPC_ID,
        CLOUD_PARAM_SUBNET_ID,        CLOUD_PARAM_SECURITY_GROUP_ID, CLOUD_PARAM_KEY_NAME,
        CLOUD_PARAM_SYSTEM_DISK_TYPE, CLOUD_PARAM_IMAGE_SOURCE,
    };
    int rc = CLOUD_OK;

    for (size_t i = 0; !rc && i < CC_COUNT(ids); i++) {
        const char *text = cc_params_text(params, ids[i]);

        if (text) /* some vendors accept the name of an image */
            rc = check_id(cc_param_name(ids[i]), text, ids[i] == CLOUD_PARAM_IMAGE_ID, err);
    }
    for (size_t i = 0; !rc && i < params->data_disk_count; i++) {
        if (params->data_disks[i].type)
            rc = check_id("data_disks", params->data_disks[i].type, false, err);
    }
    return rc;
}

static int check_texts(const struct cloud_params *params, uint64_t given, struct cloud_error *err)
{
    for (uint64_t left = given; left; left &= left - 1) {
        enum cloud_param param = first_of(left);
        const char *text =
            cc_param_kind(param) == CC_PARAM_TEXT ? cc_params_text(params, param) : NULL;

        if (text && !*text) /* an empty operation key does not protect from a second purchase */
            return cc_fail_param(err, cc_param_name(param),
                                 "%s is empty; leave it out or give a value", cc_param_name(param));
        if (text && !cc_is_utf8(text))
            return cc_fail_param(err, cc_param_name(param), "%s is not UTF-8",
                                 cc_param_name(param));
        if (text && cc_param_check_text(param, text, err))
            return CLOUD_EINVAL;
    }
    return CLOUD_OK;
}

int cc_check_params(const struct cloud_provider *provider, enum cloud_op op,
                    const struct cloud_params *defaults, struct cloud_params *params,
                    struct cloud_error *err)
{
    const struct cloud_op_info *info = cloud_op_info(op);
    const struct cc_op_row *row = &provider->ops[op];
    uint64_t given = cc_params_given(params);
    int rc = check_unread(provider, row, info, given, err);

    if (!rc)
        rc = check_money(provider, params, err);
    if (!rc && params->data_disk_count && !params->data_disks)
        rc = cc_fail_param(err, "data_disks", "data_disks is NULL but its count is not 0");
    if (!rc && defaults && fill_defaults(row, info, defaults, given, params))
        given = cc_params_given(params);
    if (!rc)
        rc = check_missing(row, info, given, err);
    if (!rc)
        rc = check_signs(params, given, err);
    if (!rc)
        rc = check_choices(params, given, err);
    if (!rc)
        rc = check_texts(params, given, err);
    if (!rc)
        rc = check_ids(params, err);
    if (!rc)
        rc = complete_charge_mode(provider, op, params, err);
    if (!rc && cloud_params_has(params, CLOUD_PARAM_PERIOD))
        rc = check_period(provider, op, params->period, err);
    if (!rc && params->password && provider->password)
        rc = check_password(provider->password, params->password, err);
    if (!rc)
        rc = check_rules(provider, op, params, err);
    return rc;
}
