/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Creates, checks, prepares and clears calls. It covers all work before the first request; steps.c
 * has the state machine.
 */
#include "core/engine/call.h"

#include <string.h>

#include "core/engine/validate.h"
#include "core/base/error.h"
#include "core/base/fork.h"
#include "core/model/operation_key.h"
#include "core/model/operations.h"
#include "core/hooks/hooks.h"

static int64_t tick(const struct cc_call *call)
{
    return call->client->env.tick_ms(call->client->env.data);
}

int64_t cc_call_left_ms(const struct cc_call *call)
{
    return call->options.deadline_ms - tick(call);
}

int cc_call_timeout_ms(const struct cc_call *call)
{
    return call->options.timeout_ms ? call->options.timeout_ms : call->client->options.timeout_ms;
}

int cc_call_fail_deadline(struct cc_call *call)
{
    const char *last = call->retry.last;

    return cc_fail(&call->error, CLOUD_ETIMEDOUT, "not done within %d ms%s%s",
                   cc_call_timeout_ms(call), *last ? "; last: " : "", last);
}

void cc_call_read_clock(struct cc_call *call)
{
    call->now = cc_client_vendor_ms(call->client) / 1000;
}

enum cloud_effect cc_call_effect(const struct cc_call *call)
{
    const struct cc_action *action = cc_call_step(call)->action;

    if (!action || cloud_op_info(call->progress.stage->op)->effect == CLOUD_READS)
        return CLOUD_READS;
    return (enum cloud_effect)action->effect;
}

struct cc_hook cc_call_hook(struct cc_call *call)
{
    return (struct cc_hook){
        .provider = call->client->provider,
        .params = &call->progress.params,
        .result = &call->result,
        .arena = call->arena,
        .err = &call->error,
        .region = call->client->options.region,
        .mark = call->mark[0] ? call->mark : NULL,
        .now = call->now,
        .scratch = call->progress.scratch,
        .options = &call->client->options,
        .defaults = &call->client->defaults,
        .price_book = call->client->price_book,
        .again_ms = CC_NO_WAIT,
        .failed_check = call->outcome.failed_check.code,
        .ids = call->options.ids,
        .id_count = call->options.id_count,
    };
}

/*
 * The client token is the same for every attempt of one call, and for every call with the same
 * operation key: vendors recognise a repeated request by it.
 */
static int make_token(struct cc_call *call)
{
    const char *key = call->params.operation_key;

    if (!key) {
        call->client->env.nonce(call->client->env.data, call->token);
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
    const struct cloud_op_info *info = cloud_op_info(call->op);
    enum cloud_mode mode = call->client->options.mode;
    enum cloud_effect effect = info->effect;

    if (call->op == CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE &&
        call->params.auto_renew == CLOUD_NO)
        effect = CLOUD_CHANGES; /* turning it off costs nothing */
    if (call->op == CLOUD_OP_INVOKE)
        effect = cc_invoke_effect(call);
    if (mode == CLOUD_MODE_READ_ONLY && effect != CLOUD_READS)
        return cc_fail(&call->error, CLOUD_EMODE, "mode: read_only of this cloud forbids %s",
                       info->word);
    if (mode == CLOUD_MODE_NO_SPEND && effect == CLOUD_SPENDS)
        return cc_fail(&call->error, CLOUD_EMODE, "mode: no_spend of this cloud forbids %s",
                       info->word);
    return CLOUD_OK;
}

/* checks of the parameters that the provider's rules cannot express */
static int run_check(struct cc_call *call)
{
    const struct cc_op_row *row = &call->client->provider->ops[call->op];
    struct cc_hook hook = cc_call_hook(call);

    hook.params = &call->params;
    return row->check ? cc_hook_code(hook.provider, "check", row->check(&hook), hook.err)
                      : CLOUD_OK;
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
    rc =
        cc_check_params(client->provider, call->op, &client->defaults, &call->params, &call->error);
    if (!rc && call->op == CLOUD_OP_INVOKE)
        rc = cc_invoke_prepare(call);
    if (!rc)
        rc = refuse_mode(call);
    if (!rc)
        rc = make_token(call);
    if (rc)
        return rc;
    cc_preconditions_plan(call);
    rc = run_check(call);
    if (!rc)
        cc_call_start(call);
    return rc;
}

void cc_call_init(struct cc_call *call, struct cloud_client *client, enum cloud_op op,
                  const struct cloud_params *params, const struct cc_call_options *options)
{
    int rc;

    memset(call, 0, offsetof(struct cc_call, reuse));
    call->client = client;
    call->op = op;
    call->forks = cc_fork_count();
    if (options)
        call->options = *options;
    if (!call->options.deadline_ms)
        call->options.deadline_ms = tick(call) + client->options.timeout_ms;
    call->result = (struct cloud_result)CLOUD_RESULT_INIT;
    call->result.op = op;
    call->arena = cc_arena_new();
    cc_call_read_clock(call);
    rc = prepare(call, params);
    if (rc)
        cc_call_fail(call, rc);
}

void cc_call_clear(struct cc_call *call)
{
    if (call->reuse.request.arena)
        cc_request_reset(&call->reuse.request);
    cc_reply_clear(&call->attempt.reply);
    cc_listing_clear(&call->listing);
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
    cc_request_clear(&call->reuse.request);
    cc_sign_work_clear(&call->reuse.sign_work);
    free(call);
}
