/* SPDX-License-Identifier: Apache-2.0 */
/* Checks parameters: a missing, unknown or invalid one is refused by name and nothing is sent; an
 * allowed one is sent. */
#include "tests/conformance/kit.h"

#include <string.h>

static bool takes(const struct cloud_op_info *info, int param)
{
    return (info->required | info->optional) >> param & 1;
}

/* Checks that the library refused the call and named the parameter. */
static void check_refused(struct kit *kit, const struct kit_call *call, const char *name,
                          const char *what)
{
    KIT_CHECK(kit, call->code == CLOUD_EINVAL, "%s: it ended as %s %s", what,
              cloud_code_name(call->code), call->err.message);
    KIT_CHECK(kit, !strcmp(call->err.parameter, name), "%s: the error names \"%s\", not \"%s\"",
              what, call->err.parameter, name);
    KIT_CHECK(kit, !call->requests && !call->err.http_status, "%s: %zu requests were sent", what,
              call->requests);
}

static void missing(struct kit *kit, const struct cloud_op_info *info, int param, const char *id)
{
    const char *name = cloud_param_info((enum cloud_param)param)->name;
    struct kit_params params;
    struct kit_call call = { 0 };

    if (!kit_begin(
            kit, "a required parameter that is missing is refused by name before anything is sent",
            "a caller cannot use the vendor's own message", "%s/missing-%s", info->word, name))
        return;
    kit_usual_params(kit, info->op, id, &params);
    kit_set(&params, (enum cloud_param)param, NULL);
    kit_call_op(kit, info->op, &params, &call);
    check_refused(kit, &call, name, "left out");
    kit_call_clear(&call);
    kit_end(kit);
}

/* The facts name parameters that the vendor requires beyond the operation's own list. Defaults of a
 * configuration could replace them. */
static void missing_at_vendor(struct kit *kit, const struct cloud_op_info *info, const char *id)
{
    yyjson_val *names = kit_fact(kit, kit_text(kit, "required.%s", info->word)), *name;
    size_t i, count;

    yyjson_arr_foreach(names, i, count, name)
    {
        const struct cloud_param_info *param = cloud_param_find(yyjson_get_str(name));

        if (kit->no_defaults && param && !(info->required >> param->param & 1))
            missing(kit, info, (int)param->param, id);
    }
}

static const char *sample(enum cloud_param param)
{
    switch (param) {
    case CLOUD_PARAM_DATA_DISKS: return "ssd:100";
    case CLOUD_PARAM_CHARGE_MODE: return "prepaid";
    case CLOUD_PARAM_PERIOD: return "1 month";
    case CLOUD_PARAM_MAX_CHARGE: return "1.00";
    case CLOUD_PARAM_IF_EXPIRY: return "2030-01-01T00:00:00Z";
    case CLOUD_PARAM_PRICE_SOURCE: return "vendor";
    case CLOUD_PARAM_TO_MONTH_END:
    case CLOUD_PARAM_AUTO_RENEW:
    case CLOUD_PARAM_FORCE:
    case CLOUD_PARAM_STOP_CHARGING: return "yes";
    default: return "40";
    }
}

static void not_taken(struct kit *kit, const struct cloud_op_info *info, const char *id)
{
    struct kit_params params;
    struct kit_call call = { 0 };

    if (!kit_begin(kit, "a parameter that the operation does not take is refused by name",
                   "no parameter is dropped silently", "%s/foreign", info->word))
        return;
    for (int param = 0; param < CLOUD_PARAM__COUNT; param++) {
        const char *name = cloud_param_info((enum cloud_param)param)->name;

        if (takes(info, param))
            continue;
        kit_usual_params(kit, info->op, id, &params);
        kit_set(&params, (enum cloud_param)param, sample((enum cloud_param)param));
        kit_call_op(kit, info->op, &params, &call);
        check_refused(kit, &call, name, name);
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static bool is_id(int param)
{
    switch (param) {
    case CLOUD_PARAM_INSTANCE_ID:
    case CLOUD_PARAM_TASK_ID:
    case CLOUD_PARAM_ZONE:
    case CLOUD_PARAM_INSTANCE_TYPE:
    case CLOUD_PARAM_IMAGE_ID:
    case CLOUD_PARAM_VPC_ID:
    case CLOUD_PARAM_SUBNET_ID:
    case CLOUD_PARAM_SECURITY_GROUP_ID:
    case CLOUD_PARAM_KEY_NAME: return true;
    default: return false;
    }
}

/* Checks that the value is refused. */
static void check_invalid(struct kit *kit, const struct cloud_op_info *info, const char *id,
                          int param, const char *text, const char *what)
{
    struct kit_params params;
    struct kit_call call = { 0 };

    kit_usual_params(kit, info->op, id, &params);
    if (param == CLOUD_PARAM_PERIOD && takes(info, CLOUD_PARAM_CHARGE_MODE))
        kit_set(&params, CLOUD_PARAM_CHARGE_MODE, "prepaid");
    kit_set(&params, (enum cloud_param)param, text);
    kit_call_op(kit, info->op, &params, &call);
    check_refused(kit, &call, cloud_param_info((enum cloud_param)param)->name, what);
    kit_call_clear(&call);
}

static void invalid_ids(struct kit *kit, const struct cloud_op_info *info, const char *id)
{
    static const char *const bad[] = { "", "a/b", "a?b", "a#b", "a b\nc", "\x01", "\xff\xfe" };
    char longest[201];

    memset(longest, 'i', 200);
    longest[200] = '\0';
    for (int param = 0; param < CLOUD_PARAM__COUNT; param++) {
        if (!takes(info, param) || !is_id(param))
            continue;
        if (!kit_begin(kit, "an invalid id is refused by name before anything is sent",
                       "a slash or a control character in an id would change the request",
                       "%s/illegal-%s", info->word,
                       cloud_param_info((enum cloud_param)param)->name))
            continue;
        for (size_t i = 0; i < KIT_COUNT(bad); i++)
            check_invalid(kit, info, id, param, bad[i], bad[i]);
        check_invalid(kit, info, id, param, longest, "200 characters");
        kit_end(kit);
    }
}

static void invalid_period(struct kit *kit, const struct cloud_op_info *info, const char *id)
{
    if (!takes(info, CLOUD_PARAM_PERIOD))
        return;
    if (!kit_begin(kit, "a period that is not sold is refused by name, and never rounded",
                   "a rounded period would charge for time that was not ordered",
                   "%s/illegal-period", info->word))
        return;
    check_invalid(kit, info, id, CLOUD_PARAM_PERIOD, "7 hours", "7 hours");
    check_invalid(kit, info, id, CLOUD_PARAM_PERIOD, "900 months", "900 months");
    check_invalid(kit, info, id, CLOUD_PARAM_PERIOD, "100 years", "100 years");
    kit_end(kit);
}

static void invalid_password(struct kit *kit, const struct cloud_op_info *info, const char *id)
{
    if (!takes(info, CLOUD_PARAM_PASSWORD))
        return;
    if (!kit_begin(kit, "a password against the vendor's rules is refused before anything is sent",
                   "it must not be sent in vain, and the caller learns what is wrong with it",
                   "%s/illegal-password", info->word))
        return;
    check_invalid(kit, info, id, CLOUD_PARAM_PASSWORD, "short", "too short");
    check_invalid(kit, info, id, CLOUD_PARAM_PASSWORD, "onlylowercaseletters",
                  "one kind of characters");
    check_invalid(kit, info, id, CLOUD_PARAM_PASSWORD,
                  "Kx9!vTq4Wm2zKx9!vTq4Wm2zKx9!vTq4Wm2zKx9!vTq4Wm2z", "48 characters");
    kit_end(kit);
}

/* Facts: { "legal": { "create": [["system_disk_gb", "40"]] }, "illegal": ... } */
static void limits(struct kit *kit, const struct cloud_op_info *info, const char *id, bool allowed)
{
    yyjson_val *rows =
                   kit_fact(kit, kit_text(kit, "%s.%s", allowed ? "legal" : "illegal", info->word)),
               *row;
    size_t i, count;

    yyjson_arr_foreach(rows, i, count, row)
    {
        const struct cloud_param_info *param = cloud_param_find(yyjson_get_str(kit_at(row, "0")));
        const char *text = yyjson_get_str(kit_at(row, "1"));
        struct kit_params params;
        struct kit_call call = { 0 };

        if (!param || !text)
            continue;
        if (!kit_begin(kit,
                       allowed ? "a value that the vendor's page allows is sent"
                               : "a value that the vendor's page forbids is refused by name",
                       allowed ? "a rule that is too strict loses a sale"
                               : "the error says which parameter to fix",
                       "%s/%s-%s-%s", info->word, allowed ? "allowed" : "forbidden", param->name,
                       text))
            continue;
        kit_usual_params(kit, info->op, id, &params);
        if (param->param == CLOUD_PARAM_PERIOD && takes(info, CLOUD_PARAM_CHARGE_MODE))
            kit_set(&params, CLOUD_PARAM_CHARGE_MODE, "prepaid");
        kit_set(&params, param->param, text);
        if (allowed) {
            kit_proxy_fault(KIT_LOST_BEFORE, 1, 0);
            kit_call_op(kit, info->op, &params, &call);
            KIT_CHECK(kit, call.requests, "nothing was sent: %s", call.err.message);
        } else {
            kit_call_op(kit, info->op, &params, &call);
            check_refused(kit, &call, param->name, text);
        }
        kit_call_clear(&call);
        kit_end(kit);
    }
}

void kit_cases_params(struct kit *kit)
{
    const char *id = kit->id_count && !kit->options.real ? kit->ids[0] : "i-none";

    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cloud_op_info *info = cloud_op_info((enum cloud_op)op);

        if (!kit_offers(kit, info->op) || (kit->options.real && info->effect == CLOUD_SPENDS))
            continue; /* a provider that wrongly accepts it would spend */
        for (int param = 0; param < CLOUD_PARAM__COUNT; param++) {
            if (info->required >> param & 1)
                missing(kit, info, param, id);
        }
        missing_at_vendor(kit, info, id);
        not_taken(kit, info, id);
        invalid_ids(kit, info, id);
        invalid_period(kit, info, id);
        invalid_password(kit, info, id);
        if (kit->wire_seen) {
            limits(kit, info, id, true);
            limits(kit, info, id, false);
        }
    }
}
