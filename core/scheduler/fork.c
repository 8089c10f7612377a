/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Separates a batch from the one of the parent after fork(). Both have the same calls. Reads
 * continue in both processes. A change is sent once: the parent continues it, and in the child it
 * ends with CLOUD_ECANCELLED and an unknown outcome.
 */
#include "core/base/error.h"
#include "core/base/fork.h"
#include "core/scheduler/job.h"
#include "core/scheduler/run_one.h"

static struct cc_job *first_change_in(const struct cc_jobs *jobs)
{
    struct cc_job *job, *follower;

    TAILQ_FOREACH(job, jobs, link)
    {
        if (job->id && cc_job_changes(job))
            return job;
        TAILQ_FOREACH(follower, &job->followers, link)
        {
            if (follower->id && cc_job_changes(follower))
                return follower;
        }
    }
    return NULL;
}

/* a change that has not ended; NULL: none is left */
static struct cc_job *first_change(const struct cloud_batch *batch)
{
    const struct cc_client_queue *queue;

    LIST_FOREACH(queue, &batch->queues, link)
    {
        const struct cc_jobs *lists[] = { &queue->sent, &queue->ready, &queue->idle,
                                          &queue->queued };
        struct cc_job *job = NULL;

        for (size_t i = 0; !job && i < CC_COUNT(lists); i++)
            job = first_change_in(lists[i]);
        if (job)
            return job;
    }
    return NULL;
}

void cc_batch_leave_parent(struct cloud_batch *batch)
{
    struct cc_client_queue *queue;
    struct cc_job *job;

    if (batch->forks == cc_fork_count())
        return;
    batch->forks = cc_fork_count();
    while ((job = first_change(batch))) {
        cc_batch_stop(batch, job, CLOUD_ECANCELLED, CC_PARENT_CONTINUES);
        job->outcome = CLOUD_OUTCOME_UNKNOWN;
        if (job->done)
            job->done->error.outcome = CLOUD_OUTCOME_UNKNOWN;
    }
    LIST_FOREACH(queue, &batch->queues, link)
    {
        cc_batch_renew_permit(batch, queue);
    }
}
