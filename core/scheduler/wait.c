/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for asynchronous work of the vendor: polls its state with growing intervals. */
#include "core/engine/client.h"
#include "core/base/arguments.h"
#include "core/base/error.h"

#define POLL_FIRST_MS 250
#define POLL_LONGEST_MS 10000
#define WAIT_DEFAULT_MS 600000

struct wait {
    struct cloud_client *client;
    int64_t deadline_ms; /* monotonic */
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
                    instance->id, instance->vendor_state);
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

/* polls once; the timeout of the call ends with the wait */
static int poll(const struct wait *w, const struct cloud_params *params, int64_t left)
{
    int *timeout_ms = &w->client->options.timeout_ms, usual = *timeout_ms, rc;

    if (left < usual)
        *timeout_ms = left > 0 ? (int)left : 1;
    rc = cloud_call(w->client, CLOUD_OP_DESCRIBE_TASK, params, w->result, w->err);
    *timeout_ms = usual;
    return rc;
}

/* polls a task or an instance until it has ended */
static int poll_until_done(const struct wait *w, const struct cloud_params *params)
{
    struct cc_env *env = &w->client->env;
    int64_t pause = POLL_FIRST_MS, left;

    for (;;) {
        int rc = poll(w, params, w->deadline_ms - env->tick_ms(env->data)), end;

        if (rc == CLOUD_ENOTFOUND && !params->task_id && (w->succeeds & CLOUD_STATE_BIT(DELETED))) {
            cc_error_clear(w->err);
            return CLOUD_OK;
        }
        if (rc && !is_temporary(rc))
            return rc;
        if (!rc && check_result(w, params->task_id != NULL, &end))
            return end;
        if (!rc && w->progress && !w->progress(w->result, w->user_data))
            return cc_fail(w->err, CLOUD_ECANCELLED,
                           "stopped waiting; the work at the vendor continues");
        left = w->deadline_ms - env->tick_ms(env->data);
        if (left <= 0)
            return rc ? rc
                      : cc_fail(w->err, CLOUD_ETIMEDOUT,
                                "the state is still \"%.60s\" after the timeout; wait again",
                                w->result->task.vendor_state ? w->result->task.vendor_state
                                                             : "in progress");
        env->sleep_ms(env->data, pause < left ? pause : left);
        pause = pause * 3 / 2 < POLL_LONGEST_MS ? pause * 3 / 2 : POLL_LONGEST_MS;
    }
}

static int64_t deadline_of(const struct cloud_client *client,
                           const struct cloud_wait_options *options)
{
    const struct cc_env *env = &client->env;
    int64_t tick = env->tick_ms(env->data);
    int64_t longest = options->timeout_ms > 0 ? options->timeout_ms : WAIT_DEFAULT_MS, left;

    if (!options->deadline)
        return tick + longest;
    left = options->deadline * 1000 - env->now_ms(env->data);
    return tick + (left < longest || !options->timeout_ms ? left : longest);
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
        .deadline_ms = deadline_of(client, options),
        .succeeds = options->succeeds,
        .fails = options->fails ? options->fails : CLOUD_STATE_BIT(ERROR),
        .by_default = !options->succeeds,
        .progress = options->progress,
        .user_data = options->user_data,
        .result = ret_result ? ret_result : &own,
        .err = err ? err : &own_err,
    };
    int rc = CLOUD_OK;

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
