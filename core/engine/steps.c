/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Drives the state machine of a call through the stages of its plan, and through the steps of each
 * stage's row. A step that has an action sends a request; the others only compute.
 */
#include "core/engine/call.h"
#include "core/json/json.h"
#include "core/engine/validate.h"
#include "core/base/error.h"
#include "core/model/operations.h"
#include "core/engine/decode.h"
#include "core/hooks/hooks.h"

const struct cc_step *cc_call_step(const struct cc_call *call)
{
    return &call->progress.stage->row->steps[call->progress.step];
}

static void enter_step(struct cc_call *call, size_t step)
{
    call->progress.step = step;
    cc_listing_begin(call);
}

static void enter_stage(struct cc_call *call, const struct cc_stage *stage)
{
    const struct cloud_op_info *info = cloud_op_info(stage->op);
    const struct cc_op_row *row = stage->row;
    struct cc_progress *progress = &call->progress;

    progress->stage = stage;
    progress->params = call->params;
    if (stage->op != call->op)
        cc_params_keep(&progress->params, (info->required | info->optional) & cc_row_reads(row));
    progress->scratch = row->scratch_size ? cc_arena_alloc(call->arena, row->scratch_size) : NULL;
    if (!row->keeps_result)
        call->result = (struct cloud_result){ .size = sizeof(call->result),
                                              .op = call->op,
                                              .price = call->result.price };
    enter_step(call, 0);
}

void cc_call_start(struct cc_call *call)
{
    call->progress.wait_ms = CC_NO_WAIT;
    enter_stage(call, call->plan.stages);
}

static int end_stage(struct cc_call *call)
{
    const struct cc_stage *stage = call->progress.stage;
    int rc = cc_preconditions_check(call, stage->op);

    if (rc)
        return rc;
    if (stage + 1 == call->plan.stages + call->plan.count)
        cc_call_succeed(call);
    else
        enter_stage(call, stage + 1);
    return CLOUD_OK;
}

/* ends the step, or repeats it later, as its parse hook decided */
static int end_step(struct cc_call *call, const struct cc_hook *hook)
{
    struct cc_progress *progress = &call->progress;

    if (hook->failed_check && !call->outcome.failed_check.code)
        cc_outcome_check_failed(call, hook->failed_check);
    if (hook->again_ms >= 0) {
        progress->wait_ms = hook->again_ms;
        if (progress->wait_ms >= cc_call_left_ms(call))
            return cc_fail(&call->error, CLOUD_ETIMEDOUT, "not done within %d ms; look again later",
                           cc_call_timeout_ms(call));
        return CLOUD_OK;
    }
    enter_step(call, hook->finish ? progress->stage->row->step_count : progress->step + 1);
    return CLOUD_OK;
}

static int compute(struct cc_call *call, const struct cc_step *step)
{
    static const struct cc_envelope no_envelope;
    struct cc_hook hook = cc_call_hook(call);
    int rc;

    hook.envelope = &no_envelope;
    rc = cc_hook_code(hook.provider, "parse", step->parse(&hook), hook.err);
    return rc ? rc : end_step(call, &hook);
}

static bool is_skipped(struct cc_call *call, const struct cc_step *step)
{
    struct cc_hook hook;

    if (!step->when)
        return false;
    hook = cc_call_hook(call);
    return !step->when(&hook);
}

enum cc_next cc_call_advance(struct cc_call *call, int64_t *ret_wait_ms)
{
    struct cc_progress *progress = &call->progress;

    while (!call->outcome.done && progress->wait_ms == CC_NO_WAIT) {
        const struct cc_step *step = cc_call_step(call);
        int rc = CLOUD_OK;

        if (progress->step >= progress->stage->row->step_count)
            rc = end_stage(call);
        else if (is_skipped(call, step))
            enter_step(call, progress->step + 1);
        else if (step->action)
            return CC_SEND;
        else
            rc = compute(call, step);
        if (rc)
            cc_call_fail(call, rc);
    }
    if (call->outcome.done)
        return CC_DONE;
    *ret_wait_ms = progress->wait_ms;
    progress->wait_ms = CC_NO_WAIT;
    return CC_WAIT;
}

enum cc_next cc_call_next(struct cc_call *call, int64_t *ret_wait_ms)
{
    enum cc_next next = cc_call_advance(call, ret_wait_ms);
    int rc = next == CC_SEND ? cc_attempt_begin(call) : CLOUD_OK;

    if (rc)
        cc_call_fail(call, rc);
    return rc ? CC_DONE : next;
}

/* A vendor that accepts a purchase names what was bought, or the task that makes it. */
static int check_purchase(struct cc_call *call)
{
    const struct cloud_result *result = &call->result;

    if (call->progress.stage->op != CLOUD_OP_CREATE_INSTANCE ||
        cc_call_effect(call) != CLOUD_SPENDS || result->id_count || result->task_id ||
        result->order_id)
        return CLOUD_OK;
    return cc_fail(&call->error, CLOUD_EPROTOCOL, "the answer has neither an id nor a task");
}

/* reads the fields of an accepted reply; *ret_more: another page must be read */
static int read_fields(struct cc_call *call, const struct cc_envelope *envelope, bool *ret_more)
{
    const struct cc_step *step = cc_call_step(call);
    int rc;

    call->result.request_id = envelope->request_id;
    if (envelope->task_id)
        call->result.task_id = envelope->task_id;
    rc = cc_answered_id_check(call, step, envelope);
    if (!rc)
        rc = cc_listing_begin_page(call, envelope);
    if (!rc)
        rc = cc_fields_read(call, step->fields, envelope->data);
    if (!rc)
        rc = check_purchase(call);
    return rc || !step->paging ? rc : cc_listing_end_page(call, ret_more);
}

/* @refusal: the code of a refusal that the step tolerates; CLOUD_OK: none */
static int read_answer(struct cc_call *call, const struct cc_envelope *envelope, int refusal,
                       bool *ret_undone)
{
    const struct cc_step *step = cc_call_step(call);
    struct cc_hook hook = cc_call_hook(call);
    bool more = false;
    int rc = refusal ? CLOUD_OK : read_fields(call, envelope, &more);

    if (rc || more)
        return rc;
    hook.envelope = envelope;
    hook.refused = refusal;
    if (step->parse)
        rc = cc_hook_code(hook.provider, "parse", step->parse(&hook), hook.err);
    *ret_undone = hook.undone && rc != CLOUD_EPROTOCOL;
    return rc ? rc : end_step(call, &hook);
}

static bool is_tolerated(const struct cc_call *call)
{
    const struct cc_reply *reply = &call->attempt.reply;

    return cc_call_step(call)->tolerate && reply->wire == CC_WIRE_ANSWERED && reply->status < 500;
}

void cc_call_feed(struct cc_call *call)
{
    bool changes = cc_call_effect(call) != CLOUD_READS, undone = false;
    cc_auto_doc struct cc_doc *doc = NULL;
    struct cc_envelope envelope;
    int refusal = cc_attempt_end(call, &doc, &envelope), rc;

    call->attempt.code = refusal;
    if (refusal) {
        cc_outcome_attempt_failed(call);
        call->progress.wait_ms = cc_retry_wait_ms(call, refusal);
        if (call->progress.wait_ms != CC_NO_WAIT)
            return;
        if (!is_tolerated(call)) {
            cc_call_fail(call, refusal);
            return;
        }
    }
    cc_retry_end(call, refusal);
    rc = read_answer(call, &envelope, refusal, &undone);
    if (!refusal)
        cc_outcome_step_processed(call, changes, rc, undone);
    if (rc) {
        cc_attempt_note(call, &envelope);
        cc_call_fail(call, rc);
    }
}
