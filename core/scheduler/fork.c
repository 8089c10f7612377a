/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Separates a batch from the one of the parent after fork(). Both have the same calls. Reads
 * continue in both processes. A change is sent once: the parent continues it, and in the child it
 * ends with CLOUD_ECANCELLED and an unknown outcome.
 */
#include "core/base/error.h"
#include "core/base/fork.h"
#include "core/model/operations.h"
#include "core/scheduler/job.h"
#include "core/scheduler/run_one.h"

static bool is_change(const struct cc_job *job)
{
    return job->id && cloud_op_info(job->op)->effect != CLOUD_READS;
}

static struct cc_job *first_change(const struct cc_jobs *jobs)
{
    struct cc_job *job, *follower;

    TAILQ_FOREACH(job, jobs, link)
    {
        if (is_change(job))
            return job;
        TAILQ_FOREACH(follower, &job->followers, link)
        {
            if (is_change(follower))
                return follower;
        }
    }
    return NULL;
}

static void end_changes(struct cloud_batch *batch, const struct cc_jobs *jobs)
{
    struct cc_job *job;

    while ((job = first_change(jobs))) {
        cc_batch_stop(batch, job, CLOUD_ECANCELLED, CC_PARENT_CONTINUES);
        job->outcome = CLOUD_OUTCOME_UNKNOWN;
        if (job->done)
            job->done->error.outcome = CLOUD_OUTCOME_UNKNOWN;
    }
}

void cc_batch_leave_parent(struct cloud_batch *batch)
{
    const struct cc_jobs *lists[] = { &batch->sent, &batch->ready, &batch->idle, &batch->queued };
    struct cc_client_queue *queue;

    if (batch->forks == cc_fork_count())
        return;
    batch->forks = cc_fork_count();
    for (size_t i = 0; i < CC_COUNT(lists); i++)
        end_changes(batch, lists[i]);
    LIST_FOREACH(queue, &batch->queues, link)
    {
        end_changes(batch, &queue->limiter_queue);
        cc_batch_renew_permit(batch, queue);
    }
}
