/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the envelopes of CapitalOnline's answers and errors, as the switch capitalonline_types
 * chooses their keys and types. */
#include "emulator/capitalonline/common/capitalonline.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

/* The documents print these as a number in one place and as a string in another. */
static const char *const loose[] = {
    "PageNumber",    "PageSize",      "TotalCount",          "PageCount",           "TaskId",
    "IsAutoRenewal", "BillingMethod", "NoChargeForShutdown", "ReleaseWithInstance", "IsToMonth",
    "TagId",         "Connected",     "order_audit",         "CurrentUseQos",       "IsGpu",
};

static bool is_loose(const char *name)
{
    for (size_t i = 0; i < EMU_COUNT(loose); i++) {
        if (strcmp(loose[i], name) == 0)
            return true;
    }
    return false;
}

static bool all_digits(const char *text)
{
    return *text && strlen(text) < 18 && strspn(text, "0123456789") == strlen(text);
}

/* A number becomes a string, a string of digits a number, a bool 0 or 1. */
static void turn_type(struct emu_world *world, yyjson_mut_val *value)
{
    if (yyjson_mut_is_int(value))
        yyjson_mut_set_str(value, emu_text(world, "%lld", (long long)yyjson_mut_get_sint(value)));
    else if (yyjson_mut_is_bool(value))
        yyjson_mut_set_sint(value, yyjson_mut_get_bool(value));
    else if (yyjson_mut_is_str(value) && all_digits(yyjson_mut_get_str(value)))
        yyjson_mut_set_sint(value, (int64_t)strtoll(yyjson_mut_get_str(value), NULL, 10));
}

static void turn_types(struct emu_world *world, yyjson_mut_val *value)
{
    size_t i, count;
    yyjson_mut_val *key, *item;

    if (yyjson_mut_is_arr(value)) {
        yyjson_mut_arr_foreach(value, i, count, item) turn_types(world, item);
        return;
    }
    yyjson_mut_obj_foreach(value, i, count, key, item)
    {
        if (is_loose(yyjson_mut_get_str(key)))
            turn_type(world, item);
        else
            turn_types(world, item);
    }
}

/*
 * The readings that the switch capitalonline_types chooses:
 * - 1: the other key for the code ("code" for "Code") and for the message ("Message" for "Msg")
 * - 2: as 1, and the members above have their other type, TaskId too
 * - 3: the code in lower case, the message under "message", no RequestId, TaskId "0": nothing to
 *   poll
 */
static const struct reading {
    const char *code_lc, *code_uc, *msg, *message;
} readings[] = {
    { "code", "Code", "Msg", "Message" },
    { "Code", "code", "Message", "Msg" },
    { "Code", "code", "Message", "Msg" },
    { "code", "Code", "message", "message" },
};

static int64_t choose_reading(struct emu_world *world)
{
    const char *word = emu_switch(world, "capitalonline_types");
    int64_t turn = emu_setting_int(world, "capitalonline_turn", 0);

    if (!word)
        return 0;
    if (strcmp(word, "vary") == 0) {
        emu_setting_put(world, "capitalonline_turn", emu_text(world, "%lld", (long long)turn + 1));
        return turn % (int64_t)EMU_COUNT(readings);
    }
    return strlen(word) == 1 && *word >= '0' && *word < '0' + (int)EMU_COUNT(readings) ? *word - '0'
                                                                                       : 0;
}

/* Writes @envelope, which has the documents' keys and types, in the chosen reading. */
static void send_envelope(struct emu_world *world, int status, yyjson_mut_val *envelope,
                          struct emu_reply *reply)
{
    int64_t number = choose_reading(world);
    const struct reading *reading = &readings[number];
    yyjson_mut_val *ret = emu_obj(world), *key, *item;
    size_t i, count;

    yyjson_mut_obj_foreach(envelope, i, count, key, item)
    {
        const char *name = yyjson_mut_get_str(key);
        yyjson_mut_val *value = emu_json_copy(world, item);

        if (strcasecmp(name, "code") == 0) {
            if (number == 3 && yyjson_mut_equals_str(item, "Success"))
                value = yyjson_mut_str(world->doc, "success");
            name = *name == 'c' ? reading->code_lc : reading->code_uc;
        } else if (strcmp(name, "Msg") == 0) {
            name = reading->msg;
        } else if (strcmp(name, "Message") == 0) {
            name = reading->message;
        } else if (number == 3 && strcmp(name, "RequestId") == 0) {
            continue;
        } else if (number == 3 && strcmp(name, "TaskId") == 0) {
            value = yyjson_mut_str(world->doc, "0");
        }
        emu_set(world, ret, name, value);
    }
    if (number == 2)
        turn_types(world, ret);
    emu_reply_json(world, reply, status, ret);
}

void emu_co_answer(struct emu_co *call, yyjson_mut_val *data)
{
    struct emu_world *world = call->world;
    unsigned flags = call->action->flags;
    yyjson_mut_val *ret = emu_obj(world);

    emu_set_str(world, ret, flags & EMU_CO_LC ? "code" : "Code", "Success");
    if (flags & EMU_CO_CM)
        emu_set_str(world, ret, "CodeMsg", "success");
    if (call->action->message)
        emu_set_str(world, ret, flags & EMU_CO_MESSAGE ? "Message" : "Msg", call->action->message);
    if (!(flags & EMU_CO_NO_DATA))
        emu_set(world, ret, "Data", data ? data : emu_obj(world));
    if (flags & EMU_CO_PAGED) {
        emu_set_int(world, ret, "PageNumber", call->page_number);
        emu_set_int(world, ret, "PageSize", call->page_size);
        emu_set_int(world, ret, "TotalCount", call->total_count);
    }
    if (flags & EMU_CO_TASK)
        emu_set_str(world, ret, "TaskId", call->task_id ? call->task_id : "");
    if (flags & EMU_CO_RID)
        emu_set_str(world, ret, "RequestId", call->request->request_id);
    send_envelope(world, 200, ret, call->reply);
}

static const struct emu_co_error *find_error(const struct emu_co_product *product, const char *code)
{
    const struct emu_co_error *row = product->errors;

    while (row->status && strcmp(row->code, code) != 0)
        row++;
    return row->status ? row : NULL;
}

static void send_error(const struct emu_co_product *product, struct emu_world *world,
                       const struct emu_request *request, int status, yyjson_mut_val *code,
                       const char *message, struct emu_reply *reply)
{
    yyjson_mut_val *ret = emu_obj(world);

    emu_set(world, ret, "Code", code);
    emu_set_str(world, ret, product->message_key, message);
    emu_set(world, ret, "Data", emu_obj(world));
    if (product->error_request_id)
        emu_set_str(world, ret, "RequestId", request->request_id);
    send_envelope(world, status, ret, reply);
}

bool emu_co_fail(struct emu_co *call, const char *code, const char *detail)
{
    const struct emu_co_error *row = find_error(call->product, code);
    const char *text = row ? row->message : "";

    send_error(
        call->product, call->world, call->request, row ? row->status : 400,
        yyjson_mut_strcpy(call->world->doc, code),
        emu_text(call->world, "%s%s%s", text, detail && *text ? " " : "", detail ? detail : ""),
        call->reply);
    return false;
}

void emu_co_refuse(const struct emu_co_product *product, struct emu_world *world,
                   struct emu_request *request, int status, const char *code, const char *message,
                   struct emu_reply *reply)
{
    const struct emu_co_error *row;

    if (!code)
        code = product->refusals[EMU_CO_INTERNAL];
    row = find_error(product, code);
    if (!status)
        status = row ? row->status : 500;
    if (!message)
        message = row ? row->message : "";
    send_error(product, world, request, status, yyjson_mut_strcpy(world->doc, code), message,
               reply);
}

void emu_co_error(const struct emu_co_product *product, struct emu_world *world,
                  struct emu_request *request, int status, yyjson_mut_val *code,
                  const char *message, struct emu_reply *reply)
{
    send_error(product, world, request, status, code, message, reply);
}
