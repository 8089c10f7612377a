/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Ends calls: decides the outcome of their changes (applied, not applied, unknown), completes the
 * error, removes secrets from it, and moves the result to the caller.
 */
#include <stdio.h>
#include <string.h>

#include "core/engine/call.h"
#include "core/base/error.h"

/* Also overwrites the beginning of a secret where the end of the field cut it off. */
static void scrub_field(char *field, size_t size, const char *secret)
{
    size_t secret_len = strlen(secret), len;

    for (char *at = field; *at && (at = strstr(at, secret));)
        memset(at, '*', secret_len);
    len = strlen(field);
    if (len + 4 < size) /* a cut at a character of UTF-8 leaves up to 3 bytes */
        return;
    for (size_t n = secret_len < len ? secret_len : len; n >= 4; n--) {
        if (strncmp(field + len - n, secret, n) == 0) {
            memset(field + len - n, '*', n);
            return;
        }
    }
}

void cc_call_scrub(struct cc_call *call, const char *secret)
{
    struct cloud_error *err = &call->error;

    if (!secret || strlen(secret) < 4)
        return;
    scrub_field(err->message, sizeof(err->message), secret);
    scrub_field(err->vendor_code, sizeof(err->vendor_code), secret);
    scrub_field(err->request_id, sizeof(err->request_id), secret);
}

/* a vendor may repeat parts of the request in its message */
void cc_call_scrub_all(struct cc_call *call)
{
    cc_call_scrub(call, call->client->credentials.id);
    cc_call_scrub(call, call->client->credentials.secret);
    cc_call_scrub(call, call->client->credentials.token);
    cc_call_scrub(call, call->params.password);
    if (call->op == CLOUD_OP_INVOKE && call->error.code)
        cc_invoke_scrub(call);
}

void cc_outcome_attempt_failed(struct cc_call *call)
{
    if (cc_call_effect(call) != CLOUD_READS && cc_may_be_applied(call))
        call->outcome.maybe_applied = true;
}

void cc_outcome_step_processed(struct cc_call *call, bool changes, int code, bool undone)
{
    call->outcome.maybe_applied = changes && code && !undone;
    call->outcome.applied |= changes && !code;
}

void cc_outcome_check_failed(struct cc_call *call, int code)
{
    call->outcome.failed_check = call->error;
    call->outcome.failed_check.code = code;
}

void cc_call_fail(struct cc_call *call, int code)
{
    const struct cc_outcome *outcome = &call->outcome;
    bool unknown = outcome->maybe_applied || outcome->applied;

    call->error.code = code;
    call->error.outcome = unknown ? CLOUD_OUTCOME_UNKNOWN : CLOUD_NOT_APPLIED;
    if (outcome->applied) {
        const struct cc_action *action = cc_call_step(call)->action;
        char text[sizeof(call->error.message)];

        snprintf(text, sizeof(text), "part of the operation was done, then %.64s failed: %.380s",
                 action ? action->name : "a check", call->error.message);
        CC_ERROR_SET(call->error.message, text);
    }
    cc_call_scrub_all(call);
    call->outcome.done = true;
}

/* Stages and steps before the last may have read instances; they are not part of the result. */
static void drop_instances(struct cc_call *call)
{
    if (call->op == CLOUD_OP_DESCRIBE_INSTANCE || call->op == CLOUD_OP_DESCRIBE_INSTANCES ||
        call->op == CLOUD_OP_DESCRIBE_TASK)
        return;
    call->result.instances = NULL;
    call->result.instance_count = 0;
}

void cc_call_succeed(struct cc_call *call)
{
    bool reads = cloud_op_info(call->op)->effect == CLOUD_READS;

    drop_instances(call);
    if (call->op == CLOUD_OP_DESCRIBE_TASK && !call->result.task.id)
        call->result.task.id = cc_arena_strdup(call->arena, call->params.task_id);
    cc_error_clear(&call->error);
    if (call->outcome.failed_check.code)
        call->error = call->outcome.failed_check;
    call->error.outcome = reads ? CLOUD_NOT_APPLIED : CLOUD_APPLIED;
    call->outcome.done = true;
}

void cc_call_cancel(struct cc_call *call, int code, bool sent, const char *why)
{
    if (call->outcome.done)
        return;
    call->outcome.maybe_applied |= sent && cc_call_effect(call) != CLOUD_READS;
    cc_call_fail(call, cc_fail(&call->error, code, "%s", why));
}

int cc_call_take(struct cc_call *call, struct cloud_result *ret_result, struct cloud_error *err)
{
    int code = call->error.code;

    if (ret_result) {
        size_t size = ret_result->size;

        cc_arena_free(ret_result->storage);
        memset((char *)ret_result + sizeof(size), 0, size - sizeof(size));
        if (!code || call->op == CLOUD_OP_CREATE_INSTANCE_DRY_RUN) {
            call->result.size = size;
            call->result.storage = cc_take(call->arena);
            memcpy(ret_result, &call->result,
                   size < sizeof(call->result) ? size : sizeof(call->result));
        }
    }
    if (err)
        *err = call->error;
    return code;
}
