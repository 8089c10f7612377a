/* SPDX-License-Identifier: Apache-2.0 */
/* Handles one request: reads the world's clock, takes a fault, calls the vendor's service, writes
 * the log. */
#include "emulator/engine/emulator.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char control_path[] = "/_emulator/";

static void find_service(struct emu_world *world, struct emu_request *request)
{
    for (size_t i = 0; emu_services[i]; i++) {
        if (emu_services[i]->match(world, request)) {
            request->service = emu_services[i];
            return;
        }
    }
}

static void refuse_unknown(struct emu_world *world, struct emu_reply *reply)
{
    yyjson_mut_val *root = emu_obj(world);

    emu_set_str(world, root, "error", "no vendor of this emulator answers at this address");
    emu_reply_json(world, reply, 404, root);
}

/* Executes a request once and rolls it back when it was refused: a refusal changes nothing. */
static void apply(struct emu_world *world, struct emu_request *request, struct emu_reply *reply)
{
    emu_sql(world, "SAVEPOINT apply", "");
    request->service->handle(world, request, reply);
    if (!reply->status)
        request->service->refuse(world, request, 500, NULL, NULL, reply);
    if (reply->status >= 400) {
        emu_sql(world, "ROLLBACK TO apply", "");
        world->known = NULL;
    }
    emu_sql(world, "RELEASE apply", "");
}

/* Calls the vendor's service, with the faults that act before and after it. Returns true when
 * something was applied. */
static bool answer(struct emu_world *world, struct emu_request *request,
                   const struct emu_fault *fault, struct emu_reply *reply)
{
    const struct emu_service *service = request->service;

    if (fault->kind == EMU_FAULT_DROP_BEFORE_APPLY ||
        (fault->kind == EMU_FAULT_HTTP && !fault->apply))
        return false;
    request->verified = service->verify(world, request, reply);
    if (!request->verified)
        return false;
    if (fault->kind == EMU_FAULT_CODE) {
        service->refuse(world, request, fault->status, yyjson_mut_get_str(fault->code),
                        fault->message, reply);
        return false;
    }
    request->page_cap = fault->page_size;
    request->page_circle = fault->pages;
    apply(world, request, reply);
    if (fault->kind == EMU_FAULT_DUPLICATE) {
        struct emu_reply second = { 0 };

        world->known = NULL;
        apply(world, request, &second);
    }
    return reply->status < 400;
}

/* Takes a fault that acts before the body is read: sets the delay, writes the log and returns what
 * happens to the connection; ANSWERED when there is no fault. */
static enum cloud_emulator_wire serve_early(struct emu_world *world,
                                            const struct emu_request *request, int *ret_delay_ms)
{
    struct emu_fault fault = emu_fault_take(world, request, true);

    if (fault.kind == EMU_FAULT_NONE)
        return CLOUD_EMULATOR_ANSWERED;
    *ret_delay_ms = fault.delay_ms;
    emu_log_add(world, request, 0, false, emu_fault_name(fault.kind));
    return emu_fault_wire(fault.kind);
}

static enum cloud_emulator_wire serve_vendor(struct emu_world *world, struct emu_request *request,
                                             struct emu_reply *reply, bool early_done,
                                             int *ret_delay_ms)
{
    enum cloud_emulator_wire wire = CLOUD_EMULATOR_ANSWERED;
    struct emu_fault fault;
    bool applied;

    find_service(world, request);
    if (!request->service) {
        refuse_unknown(world, reply);
        emu_log_add(world, request, reply->status, false, NULL);
        return wire;
    }
    if (!early_done)
        wire = serve_early(world, request, ret_delay_ms);
    if (wire != CLOUD_EMULATOR_ANSWERED)
        return wire;
    fault = emu_fault_take(world, request, false);
    applied = answer(world, request, &fault, reply);
    emu_fault_spoil(world, request, applied, &fault, reply);
    wire = emu_fault_wire(fault.kind);
    *ret_delay_ms = fault.delay_ms;
    emu_log_add(world, request, wire == CLOUD_EMULATOR_LOST ? 0 : reply->status, applied,
                emu_fault_name(fault.kind));
    return wire;
}

static void broken(struct emu_world *world, struct emu_reply *reply)
{
    yyjson_mut_val *root = emu_obj(world);

    *reply = (struct emu_reply){ 0 };
    emu_set_str(world, root, "error", world->failed);
    emu_reply_json(world, reply, 503, root);
}

/* Copies the reply for the caller, who owns the copy. */
static void copy_reply(struct emu_world *world, const struct emu_reply *reply,
                       enum cloud_emulator_wire wire, int delay_ms,
                       struct cloud_emulator_reply *ret)
{
    const char *date =
        emu_time_text(world, "Date: %a, %d %b %Y %H:%M:%S GMT\r\n", emu_signing_now(world), 0);
    char *body;

    ret->wire = wire;
    ret->delay_ms = delay_ms;
    ret->status = 0;
    ret->headers = NULL;
    ret->body = NULL;
    ret->body_size = 0;
    if (wire != CLOUD_EMULATOR_ANSWERED && wire != CLOUD_EMULATOR_CUT)
        return;
    ret->status = reply->status;
    ret->headers = strdup(
        emu_text(world, "%s%s", reply->headers ? reply->headers : "", reply->own_date ? "" : date));
    body = malloc(reply->body_size + 1);
    if (!body || !ret->headers)
        abort();
    if (reply->body_size)
        memcpy(body, reply->body, reply->body_size);
    body[reply->body_size] = '\0';
    ret->body = body;
    ret->body_size = reply->body_size;
}

static void open_request(struct cloud_emulator *emulator)
{
    struct emu_world *world = &emulator->world;

    pthread_mutex_lock(&emulator->lock);
    emu_mem_clear(world);
    emu_world_begin(world);
    emu_events_run(world);
}

static void close_request(struct cloud_emulator *emulator)
{
    emu_mem_clear(&emulator->world);
    pthread_mutex_unlock(&emulator->lock);
}

int emu_serve(struct cloud_emulator *emulator, const struct cloud_emulator_request *from,
              struct cloud_emulator_reply *ret, bool early_done)
{
    struct emu_world *world = &emulator->world;
    struct emu_request request;
    struct emu_reply reply = { 0 };
    enum cloud_emulator_wire wire = CLOUD_EMULATOR_ANSWERED;
    int delay_ms = 0;
    bool good;

    open_request(emulator);
    good = emu_request_read(world, from, &request);
    if (good && strncmp(request.plain_path, control_path, strlen(control_path)) == 0)
        emu_control_handle(world, &request, &reply);
    else if (good)
        wire = serve_vendor(world, &request, &reply, early_done, &delay_ms);
    if (!emu_world_end(world)) {
        broken(world, &reply);
        wire = CLOUD_EMULATOR_ANSWERED;
    }
    if (good)
        copy_reply(world, &reply, wire, delay_ms, ret);
    close_request(emulator);
    return good ? 0 : -1;
}

enum cloud_emulator_wire emu_serve_early(struct cloud_emulator *emulator,
                                         const struct cloud_emulator_request *from,
                                         int *ret_delay_ms)
{
    struct emu_world *world = &emulator->world;
    struct emu_request request;
    enum cloud_emulator_wire ret = CLOUD_EMULATOR_ANSWERED;

    *ret_delay_ms = 0;
    open_request(emulator);
    if (emu_request_read(world, from, &request) &&
        strncmp(request.plain_path, control_path, strlen(control_path)) != 0) {
        find_service(world, &request);
        if (request.service)
            ret = serve_early(world, &request, ret_delay_ms);
    }
    emu_world_end(world);
    close_request(emulator);
    return ret;
}

int cloud_emulator_add_key(struct cloud_emulator *emulator, const char *id, const char *secret)
{
    bool good;

    open_request(emulator);
    good = emu_key_add(&emulator->world, id, secret);
    good = emu_world_end(&emulator->world) && good;
    close_request(emulator);
    return good ? 0 : -1;
}

int cloud_emulator_handle(struct cloud_emulator *emulator,
                          const struct cloud_emulator_request *request,
                          struct cloud_emulator_reply *ret)
{
    if (request->size < sizeof(*request) || ret->size < sizeof(*ret))
        return -1;
    return emu_serve(emulator, request, ret, false);
}

void cloud_emulator_reply_clear(struct cloud_emulator_reply *reply)
{
    if (!reply)
        return;
    free(reply->headers);
    free(reply->body);
    *reply = (struct cloud_emulator_reply){ .size = reply->size };
}
