/* SPDX-License-Identifier: Apache-2.0 */
/* Implements hooks of describe_task: conditions of steps, and an instance that is its own task. */
#include "core/base/error.h"
#include "core/model/provider.h"

int cc_check_task(struct cc_hook *hook)
{
    if (hook->params->task_id || hook->params->instance_id)
        return CLOUD_OK;
    return cc_fail_param(hook->err, "task_id",
                         "no task was given; give task_id, from an earlier result, or instance_id");
}

bool cc_when_task(const struct cc_hook *hook)
{
    return hook->params->task_id != NULL;
}

bool cc_when_no_task(const struct cc_hook *hook)
{
    return !hook->params->task_id;
}

int cc_parse_instance_task(struct cc_hook *hook)
{
    struct cloud_task *task = &hook->result->task;
    const struct cloud_instance *instance = &hook->result->instances[0];

    if (!hook->result->instance_count)
        return cc_fail(hook->err, CLOUD_ENOTFOUND, "there is no instance %s",
                       hook->params->instance_id);
    task->id = instance->id;
    task->vendor_state = instance->vendor_state;
    task->reason = instance->state_reason;
    if (instance->state == CLOUD_STATE_ERROR)
        task->state = CLOUD_TASK_FAILED;
    else if (instance->state != CLOUD_STATE_UNKNOWN)
        task->state =
            cloud_state_is_settled(instance->state) ? CLOUD_TASK_SUCCEEDED : CLOUD_TASK_RUNNING;
    return CLOUD_OK;
}
