/* SPDX-License-Identifier: Apache-2.0 */
/* Following asynchronous work to its end: asks again and again, with growing pauses. */
#include "core/client.h"
#include "core/error.h"

#define POLL_FIRST_MS 250
#define POLL_LONGEST_MS 10000
#define WAIT_DEFAULT_MS 600000

struct waiting {
    struct cloud_client *client;
    int64_t deadline_ms;
    cloud_progress_fn progress;
    void *user_data;
    struct cloud_result *result;
    struct cloud_error *err;
};

/* vendors that flap come back; a wrong key or a deleted instance does not */
static bool passes(int code)
{
    return code == CLOUD_EVENDOR || code == CLOUD_ENETWORK || code == CLOUD_ETIMEDOUT || code == CLOUD_ETHROTTLED ||
           code == CLOUD_ECONFLICT;
}

static int judge(const struct waiting *w)
{
    const struct cloud_task *task = &w->result->task;

    if (task->state == CLOUD_TASK_FAILED)
        return cc_fail(w->err, CLOUD_EFAILED, "it ended as \"%.60s\"%s%.200s", task->vendor_state ? task->vendor_state : "",
                       task->reason ? ": " : "", task->reason ? task->reason : "");
    return CLOUD_OK;
}

/* polls one thing, a task or an instance, until it has ended */
static int follow(const struct waiting *w, const struct cloud_params *params)
{
    struct cc_world *world = &w->client->world;
    int64_t pause = POLL_FIRST_MS, left;
    struct cloud_error own, *err = w->err ? w->err : &own;

    for (;;) {
        int rc = cloud_call(w->client, CLOUD_OP_DESCRIBE_TASK, params, w->result, err);

        if (rc && !passes(rc))
            return rc;
        if (!rc && w->result->task.state >= CLOUD_TASK_SUCCEEDED)
            return judge(w);
        if (!rc && w->progress && !w->progress(w->result, w->user_data))
            return cc_fail(err, CLOUD_ECANCELLED, "stopped waiting; the work goes on at the vendor's");
        left = w->deadline_ms - world->tick_ms(world->data);
        if (left <= 0)
            return rc ? rc : cc_fail(err, CLOUD_ETIMEDOUT, "still \"%.60s\" when the wait's time was up; wait again",
                                     w->result->task.vendor_state ? w->result->task.vendor_state : "under way");
        world->sleep_ms(world->data, pause < left ? pause : left);
        pause = pause * 3 / 2 < POLL_LONGEST_MS ? pause * 3 / 2 : POLL_LONGEST_MS;
    }
}

int cloud_wait(struct cloud_client *client, const struct cloud_params *params, int timeout_ms,
               cloud_progress_fn progress, void *user_data, struct cloud_result *ret_result, struct cloud_error *err)
{
    struct cloud_result own = CLOUD_RESULT_INIT;
    struct cloud_params task = *params, instance = *params;
    struct waiting w = { .client = client, .progress = progress, .user_data = user_data, .err = err };
    int rc = CLOUD_OK;

    w.result = ret_result ? ret_result : &own;
    w.deadline_ms = client->world.tick_ms(client->world.data) + (timeout_ms > 0 ? timeout_ms : WAIT_DEFAULT_MS);
    task.instance_id = NULL;
    instance.task_id = NULL;
    if (params->task_id)
        rc = follow(&w, &task);
    if (!rc && (params->instance_id || !params->task_id))
        rc = follow(&w, &instance);
    cloud_result_clear(&own);
    return rc;
}
