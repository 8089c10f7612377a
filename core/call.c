/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One operation as a state machine. Steps of a provider's rows are built, handed out to be sent, and read when their
 * answer is fed back; no I/O, no clock but the client's world. What is safe to repeat is decided in retry.c.
 */
#include "core/call.h"

#include <stdio.h>
#include <string.h>

#include "core/check.h"
#include "core/error.h"
#include "core/ops.h"
#include "core/reply.h"
#include "core/request.h"

#define NO_WAIT (-1)

static int64_t tick(const struct cc_call *call)
{
    return call->client->world.tick_ms(call->client->world.data);
}

/* the vendor's time, for hooks and for the signature: looked up when something happens, not whenever it is asked for */
static void look_at_clock(struct cc_call *call)
{
    call->now = (call->client->world.now_ms(call->client->world.data) + call->client->skew_ms) / 1000;
}

const struct cc_step *cc_call_step(const struct cc_call *call)
{
    return &call->legs[call->leg].row->steps[call->step];
}

enum cloud_effect cc_call_effect(const struct cc_call *call)
{
    const struct cc_action *action = cc_call_step(call)->action;

    if (!action || cloud_op_info(call->legs[call->leg].op)->effect == CLOUD_READS)
        return CLOUD_READS;
    return (enum cloud_effect)action->effect;
}

void cc_call_scrub(struct cc_call *call, const char *secret)
{
    char *fields[] = { call->error.message, call->error.vendor_code, call->error.request_id };

    if (!secret || strlen(secret) < 4)
        return;
    for (size_t i = 0; i < CC_COUNT(fields); i++) {
        for (char *at = fields[i]; *at && (at = strstr(at, secret));)
            memset(at, '*', strlen(secret));
    }
}

/* a vendor may repeat what it was sent */
static void scrub(struct cc_call *call)
{
    cc_call_scrub(call, call->client->credentials.id);
    cc_call_scrub(call, call->client->credentials.secret);
    cc_call_scrub(call, call->client->credentials.token);
    cc_call_scrub(call, call->params.password);
    if (call->op == CLOUD_OP_INVOKE && call->error.code)
        cc_invoke_scrub(call);
}

static enum cloud_outcome outcome_of_failure(const struct cc_call *call)
{
    return call->maybe_applied || call->applied ? CLOUD_OUTCOME_UNKNOWN : CLOUD_NOT_APPLIED;
}

void cc_call_fail(struct cc_call *call, int code)
{
    call->code = code;
    call->error.code = code;
    call->error.outcome = outcome_of_failure(call);
    if (call->applied) {
        const struct cc_action *action = cc_call_step(call)->action;
        char text[sizeof(call->error.message)];

        snprintf(text, sizeof(text), "part of it was done, then %.64s: %.400s", action ? action->name : "a check",
                 call->error.message);
        CC_ERROR_SET(call->error.message, text);
    }
    scrub(call);
    call->done = true;
}

/* Instances looked up on the way are as they were before; only what was asked for is an answer. */
static void drop_scaffolding(struct cc_call *call)
{
    if (call->op == CLOUD_OP_DESCRIBE_INSTANCE || call->op == CLOUD_OP_DESCRIBE_INSTANCES ||
        call->op == CLOUD_OP_DESCRIBE_TASK)
        return;
    call->result.instances = NULL;
    call->result.instance_count = 0;
}

static void succeed(struct cc_call *call)
{
    drop_scaffolding(call);
    if (call->op == CLOUD_OP_DESCRIBE_TASK && !call->result.task.id)
        call->result.task.id = cc_arena_strdup(call->arena, call->params.task_id);
    call->code = call->failed_check;
    if (call->failed_check)
        call->error = call->failed_story;
    else
        cc_error_clear(&call->error);
    call->error.outcome =
        cloud_op_info(call->op)->effect == CLOUD_READS ? CLOUD_NOT_APPLIED : CLOUD_APPLIED;
    call->done = true;
}

/* ----------------------------------------------------------------------------------------------------- begin */

/* The same for every attempt of one call, and for one operation key: vendors recognise a repetition by it. */
static int make_token(struct cc_call *call)
{
    const char *key = call->params.operation_key;

    if (!key) {
        call->client->world.nonce(call->client->world.data, call->token);
        return CLOUD_OK;
    }
    if (!cc_token(key, call->token) || !cc_mark(call->token, call->mark))
        return cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    return CLOUD_OK;
}

static int refuse_unsupported(struct cc_call *call)
{
    const struct cloud_provider *provider = call->client->provider;
    const char *why;

    if (cloud_supports(provider->name, call->op, &why) != CLOUD_UNSUPPORTED)
        return CLOUD_OK;
    return cc_fail(&call->error, CLOUD_EUNSUPPORTED, "%s cannot %s: %s", provider->title,
                   cloud_op_info(call->op)->word, why);
}

static int refuse_mode(struct cc_call *call)
{
    enum cloud_effect effect = cloud_op_info(call->op)->effect;

    if (call->op == CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE && call->params.auto_renew == CLOUD_NO)
        effect = CLOUD_CHANGES; /* turning it off costs nothing */
    if (call->op == CLOUD_OP_INVOKE)
        effect = (enum cloud_effect)call->own_action->effect;
    if (call->client->options.mode == CLOUD_MODE_READ_ONLY && effect != CLOUD_READS)
        return cc_fail(&call->error, CLOUD_EMODE, "mode: read_only of this cloud forbids %s", cloud_op_info(call->op)->word);
    if (call->client->options.mode == CLOUD_MODE_NO_SPEND && effect == CLOUD_SPENDS)
        return cc_fail(&call->error, CLOUD_EMODE, "mode: no_spend of this cloud forbids %s", cloud_op_info(call->op)->word);
    return CLOUD_OK;
}

static void enter_leg(struct cc_call *call)
{
    const struct cc_leg *leg = &call->legs[call->leg];
    const struct cloud_op_info *info = cloud_op_info(leg->op);

    call->step = 0;
    call->attempt = 0;
    call->page = 0;
    call->total = -1;
    call->leg_params = call->params;
    if (!leg->row->goes_on)
        call->result = (struct cloud_result){ .size = sizeof(call->result), .op = call->op, .price = call->result.price };
    if (leg->op != call->op)
        cc_params_keep(&call->leg_params, (info->required | info->optional) & cc_row_reads(leg->row));
    call->scratch = leg->row->scratch_size ? cc_arena_alloc(call->arena, leg->row->scratch_size) : NULL;
}

static struct cc_hook hook_of(struct cc_call *call)
{
    return (struct cc_hook){
        .provider = call->client->provider,
        .params = &call->leg_params,
        .result = &call->result,
        .arena = call->arena,
        .err = &call->error,
        .region = call->client->options.region,
        .mark = call->mark[0] ? call->mark : NULL,
        .now = call->now,
        .scratch = call->scratch,
        .options = &call->client->options,
        .defaults = &call->client->defaults,
        .price_book = call->client->price_book,
        .again_ms = NO_WAIT,
        .failed_check = call->failed_check,
        .ids = call->ids,
        .id_count = call->id_count,
    };
}

/* what the provider's rules cannot say of the parameters */
static int run_check(struct cc_call *call)
{
    const struct cc_op_row *row = &call->client->provider->ops[call->op];
    struct cc_hook hook = hook_of(call);

    hook.params = &call->params;
    return row->check ? row->check(&hook) : CLOUD_OK;
}

static int prepare(struct cc_call *call, const struct cloud_params *params)
{
    struct cloud_client *client = call->client;
    int rc = CLOUD_OK;

    if (!call->arena)
        return cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    if ((unsigned)call->op >= CLOUD_OP__COUNT)
        return cc_fail_param(&call->error, "op", "there is no such operation");
    rc = refuse_unsupported(call);
    if (rc)
        return rc;
    cc_params_read(&call->params, params);
    rc = cc_check_params(client->provider, call->op, &client->defaults, &call->params, &call->error);
    if (!rc && call->op == CLOUD_OP_INVOKE)
        rc = cc_invoke_prepare(call);
    if (!rc)
        rc = refuse_mode(call);
    if (!rc)
        rc = make_token(call);
    if (rc)
        return rc;
    cc_guards_plan(call);
    rc = run_check(call);
    if (!rc)
        enter_leg(call);
    return rc;
}

static void begin(struct cc_call *call, struct cloud_client *client, enum cloud_op op, const struct cloud_params *params)
{
    int rc;

    call->client = client;
    call->op = op;
    call->wait_ms = NO_WAIT;
    call->result = (struct cloud_result)CLOUD_RESULT_INIT;
    call->result.op = op;
    call->arena = cc_arena_new();
    call->deadline_ms = tick(call) + client->options.timeout_ms;
    look_at_clock(call);
    rc = prepare(call, params);
    if (rc)
        cc_call_fail(call, rc);
}

void cc_call_init(struct cc_call *call, struct cloud_client *client, enum cloud_op op, const struct cloud_params *params)
{
    memset(call, 0, offsetof(struct cc_call, request));
    begin(call, client, op, params);
}

void cc_call_init_many(struct cc_call *call, struct cloud_client *client, enum cloud_op op,
                       const struct cloud_params *params, const char *const *ids, size_t id_count)
{
    memset(call, 0, offsetof(struct cc_call, request));
    call->ids = ids;
    call->id_count = id_count;
    begin(call, client, op, params);
}

void cc_call_init_page(struct cc_call *call, struct cloud_client *client, enum cloud_op op,
                       const struct cloud_params *params, int page)
{
    memset(call, 0, offsetof(struct cc_call, request));
    call->only_page = page;
    begin(call, client, op, params);
}

/* ------------------------------------------------------------------------------------------------------ steps */

static void next_step(struct cc_call *call)
{
    call->step++;
    call->attempt = 0;
    call->page = 0;
    call->total = -1;
}

/* what a parse hook decided; code of a failure */
static int obey(struct cc_call *call, const struct cc_hook *hook)
{
    if (hook->failed_check && !call->failed_check)
        call->failed_story = call->error; /* later steps clear the error */
    call->failed_check = hook->failed_check;
    if (hook->again_ms != NO_WAIT) {
        call->attempt = 0;
        call->wait_ms = hook->again_ms;
        if (tick(call) + call->wait_ms >= call->deadline_ms)
            return cc_fail(&call->error, CLOUD_ETIMEDOUT, "not done within %d ms; look again later",
                           call->client->options.timeout_ms);
        return CLOUD_OK;
    }
    if (hook->finish)
        call->step = call->legs[call->leg].row->step_count;
    else
        next_step(call);
    return CLOUD_OK;
}

static int compute(struct cc_call *call, const struct cc_step *step)
{
    static const struct cc_envelope nothing;
    struct cc_hook hook = hook_of(call);
    int rc;

    hook.envelope = &nothing;
    rc = step->parse(&hook);
    return rc ? rc : obey(call, &hook);
}

static int sign(struct cc_call *call, const struct cc_action *action)
{
    struct cloud_client *client = call->client;
    const struct cc_service *service = &client->provider->services[action->service];
    char nonce[37];
    struct cc_signing signing = {
        .credentials = &client->credentials,
        .region = client->options.region,
        .service = service->name,
        .action = action->name,
        .version = service->version,
        .time = call->now,
        .nonce = nonce,
        .cache = action->service < CC_SERVICES_MAX ? &client->keys[action->service] : NULL,
        .work = &call->sign_work,
    };

    client->world.nonce(client->world.data, nonce);
    return client->sign(&call->request, &signing, &call->error);
}

static int build(struct cc_call *call, const struct cc_step *step)
{
    struct cc_tree *tree = call->json || (call->json = cc_json_memory_new()) ? cc_tree_new_in(call->json) : NULL;
    struct cc_hook hook = hook_of(call);
    int rc;

    if (!tree)
        return cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    hook.tree = tree;
    hook.root = cc_tree_root(tree);
    rc = cc_args_write(step, &hook, call->token);
    if (!rc && step->paging)
        cc_page_ask(call, &hook);
    if (!rc && !cc_request_reset(&call->request))
        rc = cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    if (!rc)
        rc = cc_request_write(call->client->provider, step->action, call->client->options.region,
                              call->client->endpoint, tree, &call->request, &call->error);
    cc_tree_free(tree);
    return rc ? rc : sign(call, step->action);
}

static int offer(struct cc_call *call, const struct cc_step *step)
{
    const struct cloud_client_options *options = &call->client->options;
    int64_t left = call->deadline_ms - tick(call);
    int rc;

    if (left <= 0)
        return cc_fail(&call->error, CLOUD_ETIMEDOUT, "not done within %d ms", options->timeout_ms);
    look_at_clock(call);
    rc = build(call, step);
    if (rc)
        return rc;
    call->attempt++;
    call->exchange = (struct cc_exchange){
        .request = &call->request,
        .reply = &call->reply,
        .timeout_ms = left,
        .connect_timeout_ms = options->connect_timeout_ms < left ? options->connect_timeout_ms : left,
        .max_reply_bytes = (size_t)options->max_reply_bytes,
        .ca_file = options->ca_file,
        .fresh = cc_call_effect(call) != CLOUD_READS,
        .user = call,
    };
    cc_client_log(call->client, CLOUD_LOG_DEBUG, "%s: %s, attempt %d: %s %s%s", call->client->provider->name,
                  step->action->name, call->attempt, call->request.method, call->request.base, call->request.path);
    return CLOUD_OK;
}

/* Goes on to the next step that is to be sent, which is left to be offered; CC_DONE when there is none. */
static enum cc_next go_on(struct cc_call *call)
{
    while (!call->done && call->wait_ms == NO_WAIT) {
        const struct cc_leg *leg = &call->legs[call->leg];
        const struct cc_step *step = &leg->row->steps[call->step];
        struct cc_hook hook;
        int rc = CLOUD_OK;

        if (call->step >= leg->row->step_count) {
            rc = leg->op == call->op ? CLOUD_OK : cc_guards_judge(call, leg->op);
            if (rc) {
                cc_call_fail(call, rc);
            } else if (++call->leg == call->leg_count) {
                call->leg--;
                succeed(call);
            } else {
                enter_leg(call);
            }
            continue;
        }
        if (step->when) {
            hook = hook_of(call);
            if (!step->when(&hook)) {
                next_step(call);
                continue;
            }
        }
        if (step->action)
            return CC_SEND;
        rc = compute(call, step);
        if (rc)
            cc_call_fail(call, rc);
    }
    return call->done ? CC_DONE : CC_WAIT;
}

enum cc_next cc_call_settle(struct cc_call *call, int64_t *ret_wait_ms)
{
    enum cc_next next;

    if (call->done)
        return CC_DONE;
    next = go_on(call);
    if (next == CC_WAIT) {
        *ret_wait_ms = call->wait_ms;
        call->wait_ms = NO_WAIT;
    }
    return next;
}

enum cc_next cc_call_next(struct cc_call *call, int64_t *ret_wait_ms)
{
    enum cc_next next = cc_call_settle(call, ret_wait_ms);
    int rc = next == CC_SEND ? offer(call, cc_call_step(call)) : CLOUD_OK;

    if (rc)
        cc_call_fail(call, rc);
    return rc ? CC_DONE : next;
}

/* ---------------------------------------------------------------------------------------------------- answers */

/* its elements are many, and few shapes */
static bool is_listing(const struct cc_call *call)
{
    return cc_call_step(call)->paging || call->legs[call->leg].op == CLOUD_OP_DESCRIBE_INSTANCES;
}

/* The body belongs to the result from here on: strings of the result point into it. */
static int parse_body(struct cc_call *call, const struct cc_value **ret_root)
{
    struct cc_reply *reply = &call->reply;
    size_t len = reply->body.len;
    struct cc_doc *doc;
    char *text;
    int rc;

    *ret_root = NULL;
    if (!len)
        return reply->status == 204 ? CLOUD_OK : cc_fail(&call->error, CLOUD_EPROTOCOL, "the answer is empty");
    text = cc_buf_take(&reply->body);
    if (!text || !cc_arena_adopt(call->arena, text, cc_free_large)) {
        free(text);
        return cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    }
    /* values are of use until the next step; the strings of the result are in the text */
    rc = cc_doc_parse_answer(call->json, is_listing(call) ? call->arena : NULL, text, len, &doc, &call->error);
    if (rc)
        return rc;
    *ret_root = cc_doc_root(doc);
    if (cc_value_kind(*ret_root) != CC_JSON_OBJECT)
        return cc_fail(&call->error, CLOUD_EPROTOCOL, "the answer is %s, not an object",
                       cc_json_kind_name(cc_value_kind(*ret_root)));
    return CLOUD_OK;
}

static int refused(struct cc_call *call, const struct cc_envelope *envelope)
{
    return cc_reply_refused(call->client->provider, call->reply.status, envelope, &call->error);
}

/* Reads the envelope; a refusal's code and story, or CLOUD_OK. */
static int judge(struct cc_call *call, const struct cc_value **ret_root, struct cc_envelope *ret_envelope)
{
    int status = call->reply.status;
    int rc = parse_body(call, ret_root);

    *ret_envelope = (struct cc_envelope){ 0 };
    if (status < 200 || (status >= 300 && status < 400))
        return cc_fail(&call->error, CLOUD_EPROTOCOL, "HTTP %d from %s: redirects are not followed, check the endpoint",
                       status, call->request.host);
    if (rc && (status < 400 || rc == CLOUD_ENOMEM))
        return rc;
    if (!rc)
        call->client->provider->envelope(*ret_root, status, ret_envelope);
    ret_envelope->root = *ret_root;
    if (!ret_envelope->request_id && call->reply.request_id[0])
        ret_envelope->request_id = cc_arena_strdup(call->arena, call->reply.request_id);
    if (status >= 400 || ret_envelope->failed)
        return refused(call, ret_envelope);
    return CLOUD_OK;
}

static int read_answer(struct cc_call *call, const struct cc_value *root, const struct cc_envelope *envelope, int refusal)
{
    const struct cc_step *step = cc_call_step(call);
    struct cc_hook hook = hook_of(call);
    bool more = false;
    int rc = CLOUD_OK;

    hook.envelope = envelope;
    hook.refused = refusal;
    if (!refusal) {
        call->result.request_id = envelope->request_id;
        if (envelope->task_id)
            call->result.task_id = envelope->task_id;
        rc = cc_fields_read(call->client->provider, step->fields, envelope->data, &call->result, call->arena,
                            &call->error);
    }
    if (!rc && step->paging && !refusal)
        rc = cc_page_judge(call, envelope, root, &more);
    if (rc || more)
        return rc;
    rc = step->parse ? step->parse(&hook) : CLOUD_OK;
    call->undone = hook.undone;
    return rc ? rc : obey(call, &hook);
}

/* which answer it was that was refused, or could not be used */
static void note_answer(struct cc_call *call, const struct cc_envelope *envelope)
{
    const char *id = envelope->request_id ? envelope->request_id : call->reply.request_id;

    if (!call->error.request_id[0])
        CC_ERROR_SET(call->error.request_id, id);
    if (!call->error.http_status)
        call->error.http_status = call->reply.status;
}

static void note_reply(struct cc_call *call, const struct cc_envelope *envelope, int code)
{
    note_answer(call, envelope);
    scrub(call);
    cc_client_log(call->client, code ? CLOUD_LOG_INFO : CLOUD_LOG_DEBUG, "%s: %s, attempt %d: %s, HTTP %d %s %s",
                  call->client->provider->name, cc_call_step(call)->action->name, call->attempt,
                  code ? cloud_code_name(code) : "ok", call->reply.status, call->error.vendor_code,
                  call->error.request_id);
}

void cc_call_feed(struct cc_call *call)
{
    const struct cc_step *step = cc_call_step(call);
    struct cc_envelope envelope = { 0 };
    const struct cc_value *root = NULL;
    bool changes = cc_call_effect(call) != CLOUD_READS;
    int rc;

    cc_error_clear(&call->error);
    look_at_clock(call);
    if (call->reply.wire == CC_WIRE_ANSWERED)
        rc = judge(call, &root, &envelope);
    else
        rc = cc_fail(&call->error, call->reply.code, "%s", call->reply.reason);
    note_reply(call, &envelope, rc);
    if (rc && changes && cc_may_be_applied(call, rc))
        call->maybe_applied = true;
    if (rc && cc_retry(call, rc))
        return;
    if (rc && !(step->tolerate && call->reply.wire == CC_WIRE_ANSWERED && call->reply.status < 500)) {
        cc_call_fail(call, rc);
        return;
    }
    changes &= !rc;
    if (!rc) {
        call->client->retry_budget += call->client->retry_budget < 10000 ? 100 : 0;
        call->maybe_applied = false;
    }
    rc = read_answer(call, root, &envelope, rc);
    if (rc) {
        call->maybe_applied |= changes && !call->undone;
        note_answer(call, &envelope);
        cc_call_fail(call, rc);
    }
    call->applied |= changes;
}

/* ------------------------------------------------------------------------------------------------------ ending */

static void release_storage(struct cloud_result *result)
{
    cc_arena_free(result->storage);
}

int cc_call_take(struct cc_call *call, struct cloud_result *ret_result, struct cloud_error *err)
{
    bool wanted = ret_result && (!call->code || call->op == CLOUD_OP_CREATE_INSTANCE_DRY_RUN);

    if (ret_result) {
        size_t size = ret_result->size;

        release_storage(ret_result);
        memset((char *)ret_result + sizeof(size), 0, size - sizeof(size));
        if (wanted) {
            call->result.size = size;
            call->result.storage = cc_take(call->arena);
            memcpy(ret_result, &call->result, size < sizeof(call->result) ? size : sizeof(call->result));
        }
    }
    if (err)
        *err = call->error;
    return call->code;
}

void cc_call_cancel(struct cc_call *call, int code, bool sent, const char *why)
{
    if (call->done)
        return;
    call->maybe_applied |= sent && cc_call_effect(call) != CLOUD_READS;
    cc_call_fail(call, cc_fail(&call->error, code, "%s", why));
}

void cc_call_clear(struct cc_call *call)
{
    if (call->request.arena)
        cc_request_reset(&call->request);
    cc_reply_clear(&call->reply);
    cc_arena_free(call->arena);
    call->arena = NULL;
}

struct cc_call *cc_call_new(void)
{
    return calloc(1, sizeof(struct cc_call));
}

void cc_call_free(struct cc_call *call)
{
    if (!call)
        return;
    cc_call_clear(call);
    cc_request_clear(&call->request);
    cc_sign_work_clear(&call->sign_work);
    cc_json_memory_free(call->json);
    free(call);
}
