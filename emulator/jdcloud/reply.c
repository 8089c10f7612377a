/* SPDX-License-Identifier: Apache-2.0 */
/* Writes the envelopes of JD Cloud's answers and errors. */
#include "emulator/jdcloud/jdcloud.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

void emu_jd_answer(struct emu_jd_call *call)
{
    struct emu_world *world = call->world;
    const char *id = call->request->request_id;
    yyjson_mut_val *root = emu_obj(world);

    emu_set_str(world, root, "requestId", id);
    emu_set(world, root, "result", call->result);
    emu_reply_header(world, call->reply, "x-jdcloud-request-id", id);
    emu_reply_json(world, call->reply, 200, root);
}

static void put_envelope(struct emu_world *world, const struct emu_request *request,
                         int http_status, yyjson_mut_val *code, yyjson_mut_val *status,
                         const char *message, struct emu_reply *reply)
{
    yyjson_mut_val *root = emu_obj(world), *error = emu_obj(world);

    emu_set(world, error, "code", code);
    emu_set(world, error, "status", status);
    emu_set_str(world, error, "message", message);
    emu_set_str(world, root, "requestId", request->request_id);
    emu_set(world, root, "error", error);
    emu_reply_header(world, reply, "x-jdcloud-request-id", request->request_id);
    emu_reply_json(world, reply, http_status, root);
}

static void put_error(struct emu_world *world, const struct emu_request *request, int code,
                      const char *status, const char *message, struct emu_reply *reply)
{
    put_envelope(world, request, code, yyjson_mut_sint(world->doc, code),
                 yyjson_mut_strcpy(world->doc, status), message, reply);
}

void emu_jd_error(struct emu_world *world, struct emu_request *request, int status,
                  yyjson_mut_val *code, const char *message, struct emu_reply *reply)
{
    if (yyjson_mut_is_str(code))
        put_envelope(world, request, status, yyjson_mut_sint(world->doc, status), code, message,
                     reply);
    else
        put_envelope(world, request, status, code, NULL, message, reply);
}

bool emu_jd_fail(struct emu_jd_call *call, int code, const char *status, const char *format, ...)
{
    char message[512];
    va_list args;

    if (call->reply->status)
        return false;
    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    put_error(call->world, call->request, code, status, message, call->reply);
    return false;
}

bool emu_jd_failed(const struct emu_jd_call *call)
{
    return call->reply->status != 0;
}

static const struct {
    int code;
    const char *status;
} usual[] = {
    { 400, "INVALID_ARGUMENT" },
    { 400, "FAILED_PRECONDITION" },
    { 400, "OUT_OF_RANGE" },
    { 401, "UNAUTHENTICATED" },
    { 401, "ACCESS_ERROR" },
    { 403, "HTTP_FORBIDDEN" },
    { 403, "PERMISSION_DENIED" },
    { 404, "NOT_FOUND" },
    { 409, "ABORTED" },
    { 409, "ALREADY_EXISTS" },
    { 429, "RATE_LIMIT" },
    { 429, "QUOTA_EXCEEDED" },
    { 499, "CANCELLED" },
    { 500, "INTERNAL" },
    { 500, "UNKNOWN" },
    { 501, "NOT_IMPLEMENTED" },
    { 502, "SOURCE_UNAVAILABLE" },
    { 503, "UNAVAILABLE" },
};

void emu_jd_refuse(struct emu_world *world, struct emu_request *request, int status,
                   const char *code, const char *message, struct emu_reply *reply)
{
    /* A status alone implies its code, a code alone its status, by the common error table. */
    for (size_t i = 0; i < EMU_COUNT(usual); i++) {
        if (!status && code && strcmp(code, usual[i].status) == 0)
            status = usual[i].code;
        if (!code && status == usual[i].code)
            code = usual[i].status;
    }
    put_error(world, request, status ? status : 500, code ? code : "INTERNAL",
              message ? message : "Unknown server error", reply);
}
