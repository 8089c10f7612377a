/* SPDX-License-Identifier: Apache-2.0 */
/* Makes calls with parameters as text, reads their results as JSON, and reads the account without
 * faults. */
#include "tests/conformance/kit.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/output.h"

char *kit_text(struct kit *kit, const char *format, ...)
{
    va_list args;
    char *text;

    va_start(args, format);
    ctl_checked(vasprintf(&text, format, args) < 0 ? NULL : text);
    va_end(args);
    kit->texts = ctl_checked(realloc(kit->texts, (kit->text_count + 1) * sizeof(*kit->texts)));
    kit->texts[kit->text_count++] = text;
    return text;
}

void kit_record(struct kit *kit, const char *text)
{
    size_t length = strlen(text);

    if (kit->log_length + length + 2 > kit->log_capacity) {
        kit->log_capacity = 2 * (kit->log_capacity + length + 2);
        kit->log = ctl_checked(realloc(kit->log, kit->log_capacity));
    }
    memcpy(kit->log + kit->log_length, text, length);
    kit->log_length += length;
    memcpy(kit->log + kit->log_length, "\n", 2);
    kit->log_length++;
}

void kit_set(struct kit_params *params, enum cloud_param param, const char *text)
{
    size_t kept = 0;

    for (size_t i = 0; i < params->count; i++) {
        if (params->rows[i].param != param)
            params->rows[kept++] = params->rows[i];
    }
    params->count = kept;
    if (text && kept < KIT_COUNT(params->rows)) {
        params->rows[kept].param = param;
        params->rows[kept].text = text;
        params->count++;
    }
}

const char *kit_get(const struct kit_params *params, enum cloud_param param)
{
    for (size_t i = 0; i < params->count; i++) {
        if (params->rows[i].param == param)
            return params->rows[i].text;
    }
    return NULL;
}

static void read_json(struct kit_call *call)
{
    struct ctl_json *json = ctl_json_new();
    ctl_auto_free char *text = NULL;

    ctl_json_result(json, ctl_json_root(json), &call->result);
    text = ctl_json_write(json);
    ctl_json_free(json);
    call->json = ctl_checked(yyjson_read(text, strlen(text), 0));
}

void kit_call_clear(struct kit_call *call)
{
    cloud_result_clear(&call->result);
    yyjson_doc_free(call->json);
    memset(call, 0, sizeof(*call));
    call->result.size = sizeof(call->result);
}

static void call_op(struct kit *kit, enum cloud_op op, const struct kit_params *params,
                    struct kit_call *call)
{
    struct cloud_params built = CLOUD_PARAMS_INIT;
    size_t before = kit_proxy_count();

    kit_call_clear(call);
    for (size_t i = 0; params && !call->code && i < params->count; i++)
        call->code =
            cloud_params_set(&built, params->rows[i].param, params->rows[i].text, &call->err);
    if (!call->code)
        call->code = cloud_call(kit->client, op, &built, &call->result, &call->err);
    cloud_params_clear(&built);
    kit_record(kit, call->err.message);
    if (!call->code || op == CLOUD_OP_CREATE_INSTANCE_DRY_RUN)
        read_json(call);
    if (!call->code && call->result.task_id && *call->result.task_id)
        kit->task = kit_text(kit, "%s", call->result.task_id);
    call->requests = kit_proxy_count() - before;
}

void kit_call_op(struct kit *kit, enum cloud_op op, const struct kit_params *params,
                 struct kit_call *call)
{
    call_op(kit, op, params, call);
}

void kit_call_op_directly(struct kit *kit, enum cloud_op op, const struct kit_params *params,
                          struct kit_call *call)
{
    kit_proxy_pause(true);
    call_op(kit, op, params, call);
    kit_proxy_pause(false);
}

int kit_wait(struct kit *kit, const char *task_id, const char *id, struct kit_call *call)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;

    kit_call_clear(call);
    params.task_id = task_id;
    params.instance_id = id;
    kit_proxy_pause(true);
    call->code = cloud_wait(kit->client, &params, 0, NULL, NULL, &call->result, &call->err);
    kit_proxy_pause(false);
    if (!call->code)
        read_json(call);
    return call->code;
}

const char *kit_member(struct kit *kit, const struct kit_call *call, const char *path)
{
    ctl_auto_free char *text = kit_leaf_text(kit_at(yyjson_doc_get_root(call->json), path));

    return kit_text(kit, "%s", text);
}

const char *kit_result_text(struct kit *kit, const struct kit_call *call)
{
    yyjson_mut_doc *doc = call->json ? yyjson_doc_mut_copy(call->json, NULL) : NULL;
    ctl_auto_free char *text = NULL;

    if (!doc)
        return "";
    yyjson_mut_obj_remove_key(yyjson_mut_doc_get_root(doc), "request_id");
    text = ctl_checked(yyjson_mut_write(doc, 0, NULL));
    yyjson_mut_doc_free(doc);
    return kit_text(kit, "%s", text);
}

void kit_new_client(struct kit *kit)
{
    struct cloud_client *client;

    if (kit->make_client(kit, &client, NULL))
        return;
    cloud_client_free(kit->client);
    kit->client = client;
}

bool kit_offers(struct kit *kit, enum cloud_op op)
{
    return cloud_supports(kit->provider, op, NULL) != CLOUD_UNSUPPORTED;
}

bool kit_ledger(struct kit *kit, size_t *ret_count, struct cloud_money *ret_total)
{
    ctl_auto_free char *text = kit->has_control ? kit_proxy_control("GET", "ledger", NULL) : NULL;
    yyjson_doc *doc = text ? yyjson_read(text, strlen(text), 0) : NULL;
    yyjson_val *charges = kit_at(yyjson_doc_get_root(doc), "charges"), *charge;
    size_t i, count;
    bool known = yyjson_is_arr(charges);

    *ret_count = 0;
    *ret_total = (struct cloud_money){ 0, "" };
    yyjson_arr_foreach(charges, i, count, charge)
    {
        const char *kind = yyjson_get_str(yyjson_obj_get(charge, "kind"));
        const char *currency = yyjson_get_str(yyjson_obj_get(charge, "currency"));
        struct cloud_money one;

        if (kind && !strcmp(kind, "usage")) /* billed by the hour, not part of an order */
            continue;
        known &= currency && !cloud_money_parse(yyjson_get_str(yyjson_obj_get(charge, "amount")),
                                                currency, &one, NULL);
        if (!known)
            break;
        ret_total->micros += one.micros;
        memcpy(ret_total->currency, one.currency, sizeof(one.currency));
        ++*ret_count;
    }
    yyjson_doc_free(doc);
    return known;
}

const char *kit_account_state(struct kit *kit)
{
    struct kit_call call = { 0 };
    struct cloud_money total;
    size_t charges = 0;
    const char *truth;

    kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &call);
    kit_ledger(kit, &charges, &total);
    truth = kit_text(kit, "%s, %zu charges of %lld",
                     call.code ? call.err.message : kit_result_text(kit, &call), charges,
                     (long long)total.micros);
    kit_call_clear(&call);
    return truth;
}
