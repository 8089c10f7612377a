/* SPDX-License-Identifier: Apache-2.0 */
/* Following asynchronous work to its end: asks again and again, with growing pauses. */
#include "core/engine/client.h"
#include "core/base/error.h"

#define POLL_FIRST_MS 250
#define POLL_LONGEST_MS 10000
#define WAIT_DEFAULT_MS 600000

struct waiting {
    struct cloud_client *client;
    int64_t deadline_ms; /* monotonic */
    uint32_t succeeds, fails;
    bool by_default; /* every settled state is as wanted */
    cloud_progress_fn progress;
    void *user_data;
    struct cloud_result *result;
    struct cloud_error *err;
};

/* vendors that flap come back; a wrong key or a deleted instance does not */
static bool passes(int code)
{
    return code == CLOUD_EVENDOR || code == CLOUD_ENETWORK || code == CLOUD_ETIMEDOUT ||
           code == CLOUD_ETHROTTLED || code == CLOUD_ECONFLICT;
}

static int failed(const struct waiting *w)
{
    const struct cloud_task *task = &w->result->task;

    return cc_fail(w->err, CLOUD_EFAILED, "it ended as \"%.60s\"%s%.200s",
                   task->vendor_state ? task->vendor_state : "", task->reason ? ": " : "",
                   task->reason ? task->reason : "");
}

/* what was seen of an instance: true when the wait is over */
static bool judge_instance(const struct waiting *w, const struct cloud_instance *instance,
                           int *ret_rc)
{
    uint32_t state = UINT32_C(1) << instance->state;

    *ret_rc = CLOUD_OK;
    if (state & w->succeeds)
        return true;
    if (state & w->fails)
        *ret_rc = failed(w);
    else if (state & CLOUD_STATE_BIT(DELETED))
        *ret_rc = cc_fail(w->err, CLOUD_ENOTFOUND, "%s is gone: it is \"%.60s\"", instance->id,
                          instance->vendor_state);
    else
        return w->by_default && cloud_state_is_settled(instance->state);
    return true;
}

static bool judge(const struct waiting *w, bool task, int *ret_rc)
{
    if (!task && w->result->instance_count)
        return judge_instance(w, &w->result->instances[0], ret_rc);
    *ret_rc = w->result->task.state == CLOUD_TASK_FAILED ? failed(w) : CLOUD_OK;
    return w->result->task.state >= CLOUD_TASK_SUCCEEDED;
}

/* one poll, which has no more time than the wait */
static int poll(const struct waiting *w, const struct cloud_params *params, int64_t left)
{
    int *timeout_ms = &w->client->options.timeout_ms, usual = *timeout_ms, rc;

    if (left < usual)
        *timeout_ms = left > 0 ? (int)left : 1;
    rc = cloud_call(w->client, CLOUD_OP_DESCRIBE_TASK, params, w->result, w->err);
    *timeout_ms = usual;
    return rc;
}

/* polls one thing, a task or an instance, until it has ended */
static int follow(const struct waiting *w, const struct cloud_params *params)
{
    struct cc_env *env = &w->client->env;
    int64_t pause = POLL_FIRST_MS, left;

    for (;;) {
        int rc = poll(w, params, w->deadline_ms - env->tick_ms(env->data)), end;

        if (rc == CLOUD_ENOTFOUND && !params->task_id && (w->succeeds & CLOUD_STATE_BIT(DELETED))) {
            cc_error_clear(w->err);
            return CLOUD_OK;
        }
        if (rc && !passes(rc))
            return rc;
        if (!rc && judge(w, params->task_id != NULL, &end))
            return end;
        if (!rc && w->progress && !w->progress(w->result, w->user_data))
            return cc_fail(w->err, CLOUD_ECANCELLED,
                           "stopped waiting; the work goes on at the vendor's");
        left = w->deadline_ms - env->tick_ms(env->data);
        if (left <= 0)
            return rc ? rc
                      : cc_fail(w->err, CLOUD_ETIMEDOUT,
                                "still \"%.60s\" when the wait's time was up; wait again",
                                w->result->task.vendor_state ? w->result->task.vendor_state
                                                             : "under way");
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

int cloud_wait_until(struct cloud_client *client, const struct cloud_params *params,
                     const struct cloud_wait_options *options, struct cloud_result *ret_result,
                     struct cloud_error *err)
{
    struct cloud_result own = CLOUD_RESULT_INIT;
    struct cloud_error own_err;
    struct cloud_params task = *params, instance = *params;
    struct waiting w = {
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
        rc = follow(&w, &task);
    if (!rc && (params->instance_id || !params->task_id))
        rc = follow(&w, &instance);
    cloud_result_clear(&own);
    return rc;
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
