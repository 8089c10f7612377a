/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for asynchronous work of the vendor: polls its state with growing intervals. */
#include <limits.h>
#include <stdio.h>

#include "core/engine/client.h"
#include "core/base/arguments.h"
#include "core/base/error.h"
#include "core/scheduler/run_one.h"

#define POLL_FIRST_MS 250
#define POLL_LONGEST_MS 10000
#define WAIT_DEFAULT_MS 600000

struct wait {
    struct cloud_client *client;
    int64_t deadline_ms; /* monotonic */
    int64_t timeout_ms;  /* of the whole wait, for messages */
    char seen[64];       /* the state that was seen last; "": none */
    char failure[256];   /* of the poll that failed last, other than by the end of the wait */
    uint32_t succeeds, fails;
    bool by_default; /* every settled state ends the wait with success */
    cloud_progress_fn progress;
    void *user_data;
    struct cloud_result *result;
    struct cloud_error *err;
};

/* whether a later poll may succeed: a failing service recovers, a wrong key does not */
static bool is_temporary(int code)
{
    return code == CLOUD_EVENDOR || code == CLOUD_ENETWORK || code == CLOUD_ETIMEDOUT ||
           code == CLOUD_ETHROTTLED || code == CLOUD_ECONFLICT;
}

static int fail_wait(const struct wait *w)
{
    const struct cloud_task *task = &w->result->task;

    return cc_fail(w->err, CLOUD_EFAILED, "the wait ended in the state \"%.60s\"%s%.200s",
                   task->vendor_state ? task->vendor_state : "", task->reason ? ": " : "",
                   task->reason ? task->reason : "");
}

/* true when the state of the instance ends the wait */
static bool check_instance(const struct wait *w, const struct cloud_instance *instance, int *ret_rc)
{
    uint32_t state = UINT32_C(1) << instance->state;

    *ret_rc = CLOUD_OK;
    if (state & w->succeeds)
        return true;
    if (state & w->fails)
        *ret_rc = fail_wait(w);
    else if (state & CLOUD_STATE_BIT(DELETED))
        *ret_rc =
            cc_fail(w->err, CLOUD_ENOTFOUND, "instance %s was deleted; its state is \"%.60s\"",
                    instance->id, instance->vendor_state ? instance->vendor_state : "");
    else
        return w->by_default && cloud_state_is_settled(instance->state);
    return true;
}

static bool check_result(const struct wait *w, bool task, int *ret_rc)
{
    if (!task && w->result->instance_count)
        return check_instance(w, &w->result->instances[0], ret_rc);
    *ret_rc = w->result->task.state == CLOUD_TASK_FAILED ? fail_wait(w) : CLOUD_OK;
    return w->result->task.state >= CLOUD_TASK_SUCCEEDED;
}

static int64_t left_ms(const struct wait *w)
{
    return w->deadline_ms - w->client->env.tick_ms(w->client->env.data);
}

/* polls once; the timeout of the call ends with the wait */
static int poll(struct wait *w, const struct cloud_params *params)
{
    int64_t left = left_ms(w);
    struct cc_call_options options = {
        .deadline_ms = left > 0 ? w->deadline_ms : w->deadline_ms - left + 1, /* looks once */
        .timeout_ms = w->timeout_ms < INT_MAX ? (int)w->timeout_ms : INT_MAX,
    };
    bool ends_with_wait = left < w->client->options.timeout_ms;
    int rc = cc_run_call(w->client, CLOUD_OP_DESCRIBE_TASK, params,
                         ends_with_wait ? &options : NULL, w->result, w->err);

    if (rc && (rc != CLOUD_ETIMEDOUT || left_ms(w) > 0))
        CC_ERROR_SET(w->failure, w->err->message);
    return rc;
}

/* keeps the state that a poll found */
static void keep_state(struct wait *w, bool task)
{
    const struct cloud_result *result = w->result;
    const char *state = result->task.vendor_state;

    if (!task && result->instance_count)
        state = result->instances[0].vendor_state;
    CC_ERROR_SET(w->seen, state && *state ? state : "unknown");
}

/* the time is up: reports what was seen last, also when later polls failed */
static int fail_timeout(const struct wait *w, int rc)
{
    long long ms = (long long)w->timeout_ms;

    if (*w->seen)
        return cc_fail(w->err, CLOUD_ETIMEDOUT,
                       "the state is still \"%s\" after %lld ms; wait again%s%s", w->seen, ms,
                       *w->failure && rc ? "; the last look at it failed: " : "",
                       rc ? w->failure : "");
    if (rc == CLOUD_ETIMEDOUT && *w->failure)
        return cc_fail(w->err, CLOUD_ETIMEDOUT, "no state was seen within %lld ms; last: %s", ms,
                       w->failure);
    return rc;
}

/* polls a task or an instance until it has ended */
static int poll_until_done(struct wait *w, const struct cloud_params *params)
{
    struct cc_env *env = &w->client->env;
    int64_t pause = POLL_FIRST_MS, left;

    for (;;) {
        int rc = poll(w, params), end;

        if (rc == CLOUD_ENOTFOUND && !params->task_id && (w->succeeds & CLOUD_STATE_BIT(DELETED))) {
            cc_error_clear(w->err);
            return CLOUD_OK;
        }
        if (rc && !is_temporary(rc))
            return rc;
        if (!rc)
            keep_state(w, params->task_id != NULL);
        if (!rc && check_result(w, params->task_id != NULL, &end))
            return end;
        if (!rc && w->progress && !w->progress(w->result, w->user_data))
            return cc_fail(w->err, CLOUD_ECANCELLED,
                           "stopped waiting; the work at the vendor continues");
        left = left_ms(w);
        if (left <= 0)
            return fail_timeout(w, rc);
        env->sleep_ms(env->data, pause < left ? pause : left);
        pause = pause * 3 / 2 < POLL_LONGEST_MS ? pause * 3 / 2 : POLL_LONGEST_MS;
    }
}

/* how long the wait may take */
static int64_t timeout_of(const struct cloud_client *client,
                          const struct cloud_wait_options *options)
{
    const struct cc_env *env = &client->env;
    int64_t longest = options->timeout_ms > 0 ? options->timeout_ms : WAIT_DEFAULT_MS, left;

    if (!options->deadline)
        return longest;
    left = options->deadline * 1000 - env->now_ms(env->data);
    return left < longest || !options->timeout_ms ? left : longest;
}

static int wait_until(struct cloud_client *client, const struct cloud_params *params,
                      const struct cloud_wait_options *options, struct cloud_result *ret_result,
                      struct cloud_error *err)
{
    struct cloud_result own = CLOUD_RESULT_INIT;
    struct cloud_error own_err;
    struct cloud_params task = *params, instance = *params;
    struct wait w = {
        .client = client,
        .timeout_ms = timeout_of(client, options),
        .succeeds = options->succeeds,
        .fails = options->fails ? options->fails : CLOUD_STATE_BIT(ERROR),
        .by_default = !options->succeeds,
        .progress = options->progress,
        .user_data = options->user_data,
        .result = ret_result ? ret_result : &own,
        .err = err ? err : &own_err,
    };
    int rc = CLOUD_OK;

    w.deadline_ms = client->env.tick_ms(client->env.data) + w.timeout_ms;
    w.timeout_ms = w.timeout_ms > 0 ? w.timeout_ms : 1;
    task.instance_id = NULL;
    instance.task_id = NULL;
    if (params->task_id)
        rc = poll_until_done(&w, &task);
    if (!rc && (params->instance_id || !params->task_id))
        rc = poll_until_done(&w, &instance);
    cloud_result_clear(&own);
    return rc;
}

int cloud_wait_until(struct cloud_client *client, const struct cloud_params *params,
                     const struct cloud_wait_options *options, struct cloud_result *ret_result,
                     struct cloud_error *err)
{
    struct cloud_wait_options wanted = CLOUD_WAIT_INIT;
    struct cloud_params given = CLOUD_PARAMS_INIT;
    int rc = cc_need(client, "client", err);

    if (!rc)
        rc = cc_need_struct(CC_STRUCT_PARAMS, params, err);
    if (!rc)
        rc = cc_need_struct(CC_STRUCT_WAIT_OPTIONS, options, err);
    if (!rc && ret_result)
        rc = cc_need_struct(CC_STRUCT_RESULT, ret_result, err);
    if (rc)
        return rc;
    cc_copy_struct(&given, sizeof(given), params);
    cc_copy_struct(&wanted, sizeof(wanted), options);
    return wait_until(client, &given, &wanted, ret_result, err);
}

int cloud_wait(struct cloud_client *client, const struct cloud_params *params, int timeout_ms,
               cloud_progress_fn progress, void *user_data, struct cloud_result *ret_result,
               struct cloud_error *err)
{
    struct cloud_wait_options options = CLOUD_WAIT_INIT;

    options.timeout_ms = timeout_ms;
    options.progress = progress;
    options.user_data = user_data;
    return cloud_wait_until(client, params, &options, ret_result, err);
}
