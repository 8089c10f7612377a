/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Many calls, one request: questions about single instances of one client, and power operations
 * where the vendor takes several ids (struct cc_op_row, .many). A leader asks for all of them and
 * each is answered for itself. What a vendor refuses as a whole, and surely did not do, is asked
 * for one by one; so is what the listing of an account does not show, and everything when that has
 * more pages than there are questions. Nothing else is asked twice.
 */
#include "core/base/error.h"
#include "core/scheduler/job.h"
#include "core/model/operations.h"

#define LOOKED_THROUGH 4096 /* of the queue, for others to take along */
#define WORTH_A_LISTING 20  /* calls, before the listing of a whole account is read for them */

static const struct cc_op_row *row_of(const struct cc_job *job)
{
    return &job->queue->client->provider->ops[job->op];
}

/* an instance, and how: nothing else may differ between calls that become one */
static bool can_join(const struct cc_job *job)
{
    static const uint64_t may = CC_BIT(INSTANCE_ID) | CC_BIT(FORCE) | CC_BIT(STOP_CHARGING);

    return job->params.instance_id && *job->params.instance_id &&
           !(cc_params_given(&job->params) & ~may);
}

static bool alike(const struct cc_job *a, const struct cc_job *b)
{
    return a->queue == b->queue && a->op == b->op && !b->alone && can_join(b) &&
           a->params.force == b->params.force && a->params.stop_charging == b->params.stop_charging;
}

static bool changes(const struct cc_job *job)
{
    return cloud_op_info(job->op)->effect != CLOUD_READS;
}

/* a second change of one instance is another request */
static bool asked_already(const struct cc_job *leader, const char *id)
{
    const struct cc_job *follower;

    TAILQ_FOREACH(follower, &leader->followers, link)
    {
        if (!strcmp(follower->params.instance_id, id))
            return true;
    }
    return false;
}

static void follow(struct cloud_batch *batch, struct cc_job *leader, struct cc_job *job)
{
    cc_job_wake_never(batch, job);
    cc_job_move(job, &leader->followers);
    job->state = CC_JOB_COALESCED;
    job->leader = leader;
    if (job->deadline_ms && (!leader->deadline_ms || job->deadline_ms < leader->deadline_ms))
        leader->deadline_ms = job->deadline_ms;
}

/* takes along what stands in the queue and is alike; how many there are then */
static size_t gather(struct cloud_batch *batch, struct cc_job *leader, size_t most)
{
    struct cc_job *job = TAILQ_FIRST(&batch->queued), *after;
    size_t count = 1;

    for (int looked = 0; job && count < most && looked < LOOKED_THROUGH; job = after) {
        after = TAILQ_NEXT(job, link);
        looked++;
        if (!alike(leader, job) || (changes(job) && asked_already(leader, job->params.instance_id)))
            continue;
        follow(batch, leader, job);
        looked = 0;
        count++;
    }
    return count;
}

/* the ids, each its own copy: a follower may be cancelled */
static bool list_ids(struct cc_job *leader, size_t count)
{
    const struct cc_job *follower;
    size_t i = 0;

    leader->ids = calloc(count + 1, sizeof(*leader->ids));
    if (!leader->ids)
        return false;
    TAILQ_FOREACH(follower, &leader->followers, link)
    {
        leader->ids[i] = cc_arena_strdup(leader->arena, follower->params.instance_id);
        if (!leader->ids[i++])
            return false;
    }
    return true;
}

/* to be made on its own */
static void let_one_go(struct cloud_batch *batch, struct cc_job *job)
{
    job->alone = true;
    job->leader = NULL;
    cc_batch_begin(batch, job);
}

static void let_go(struct cloud_batch *batch, struct cc_job *leader)
{
    struct cc_job *job;

    while ((job = TAILQ_FIRST(&leader->followers)))
        let_one_go(batch, job);
}

struct cc_job *cc_coalesce(struct cloud_batch *batch, struct cc_job *job)
{
    const struct cc_op_row *row = row_of(job);
    struct cc_job *leader;
    size_t count;

    /* who keeps a record of each change wants each to be a request of its own */
    if (!row->many || job->alone || !can_join(job) ||
        (changes(job) && job->queue->client->change_hook))
        return job;
    leader = cc_job_new(job->queue, job->op, &job->params);
    if (!leader)
        return job;
    follow(batch, leader, job);
    count = gather(batch, leader, row->many == CC_MANY_ALL ? SIZE_MAX : (size_t)row->many);
    if (count >= (row->many == CC_MANY_ALL ? WORTH_A_LISTING : 2) && list_ids(leader, count)) {
        leader->id_count = count;
        return leader;
    }
    /* nobody to share with: they go as they came, this one first */
    cc_job_move(job, NULL);
    job->leader = NULL;
    let_go(batch, leader);
    cc_job_free(leader);
    return job;
}

static int by_id(const void *a, const void *b)
{
    const struct cloud_instance *const *left = a, *const *right = b;

    return strcmp((*left)->id, (*right)->id);
}

static struct cloud_instance **sort_instances(const struct cloud_result *result)
{
    struct cloud_instance **sorted = calloc(result->instance_count + 1, sizeof(*sorted));

    for (size_t i = 0; sorted && i < result->instance_count; i++)
        sorted[i] = &result->instances[i];
    if (sorted && result->instance_count > 1)
        qsort(sorted, result->instance_count, sizeof(*sorted), by_id);
    return sorted;
}

static struct cloud_instance *find(struct cloud_instance **sorted, size_t count, const char *id)
{
    struct cloud_instance wanted = { .id = id }, *key = &wanted;
    struct cloud_instance **found = bsearch(&key, sorted, count, sizeof(key), by_id);

    return found ? *found : NULL;
}

/* what the operation makes of the instance, as it does when it asks for one */
static int make_of(const struct cc_job *job, struct cloud_batch_done *done)
{
    const struct cc_op_row *row = row_of(job);
    struct cloud_params params = job->params;
    struct cloud_client *client = job->queue->client;
    static const struct cc_envelope nothing;
    struct cc_hook hook = {
        .provider = client->provider,
        .params = &params,
        .result = &done->result,
        .arena = done->result.storage,
        .err = &done->error,
        .region = client->options.region,
        .now = cc_client_vendor_ms(client) / 1000,
        .options = &client->options,
        .defaults = &client->defaults,
        .price_book = client->price_book,
        .envelope = &nothing,
    };

    cc_hook_fn parse = row->steps[row->step_count - 1].parse;

    return parse ? parse(&hook) : CLOUD_OK;
}

/* its share of the leader's answer; the storage is everybody's */
static void answer(struct cloud_batch *batch, const struct cc_job *leader, struct cc_job *job,
                   struct cloud_instance *instance)
{
    struct cloud_batch_done *done = cc_job_done(job);
    const struct cloud_result *all = &leader->done->result;

    job->outcome = leader->outcome;
    if (done && !changes(job) && !instance) {
        done->code = cc_fail(&done->error, CLOUD_ENOTFOUND, "there is no instance %.128s",
                             job->params.instance_id);
        CC_ERROR_SET(done->error.request_id, all->request_id);
    } else if (done) {
        done->error = leader->done->error;
        done->result = *all;
        done->result.storage = cc_arena_share(all->storage);
        done->result.instances = instance;
        done->result.instance_count = instance ? 1 : 0;
        if (instance)
            done->code = make_of(job, done);
    }
    cc_batch_deliver(batch, job);
}

static void answer_all(struct cloud_batch *batch, struct cc_job *leader)
{
    const struct cloud_result *all = &leader->done->result;
    cc_auto_free struct cloud_instance **sorted = sort_instances(all);
    bool listed = row_of(leader)->many == CC_MANY_ALL;
    struct cc_job *job;

    while ((job = TAILQ_FIRST(&leader->followers))) {
        struct cloud_instance *found =
            sorted ? find(sorted, all->instance_count, job->params.instance_id) : NULL;

        if (!sorted)
            cc_batch_stop(batch, job, CLOUD_ENOMEM, "out of memory");
        else if (!found && listed) /* it may have slid past the pages while they were read */
            let_one_go(batch, job);
        else
            answer(batch, leader, job, found);
    }
}

/* whether the fault may lie with one of the ids, and nothing was done for any */
static bool may_be_one(const struct cloud_batch_done *done)
{
    switch (done->code) {
    case CLOUD_EINVAL:
    case CLOUD_ENOTFOUND:
    case CLOUD_EDENIED:
    case CLOUD_ESTATE:
    case CLOUD_ECONFLICT:
    case CLOUD_EPROTOCOL:
    case CLOUD_ETOOBIG:
    case CLOUD_EVENDOR: return done->error.outcome == CLOUD_NOT_APPLIED;
    default: return false;
    }
}

/* where there was no memory even for what became of the leader, it still knows whether a change was
 * made */
static void fail_all(struct cloud_batch *batch, struct cc_job *leader)
{
    struct cc_job *job;

    while ((job = TAILQ_FIRST(&leader->followers))) {
        struct cloud_batch_done *done = cc_job_done(job);

        if (done && leader->done) {
            done->code = leader->done->code;
            done->error = leader->done->error;
        } else if (done) {
            done->code = cc_fail(&done->error, CLOUD_ENOMEM, "out of memory");
            done->error.outcome = leader->outcome;
        }
        job->outcome = leader->outcome;
        cc_batch_deliver(batch, job);
    }
}

void cc_coalesce_end(struct cloud_batch *batch, struct cc_job *leader)
{
    const struct cloud_batch_done *done = leader->done;

    if (done && !done->code)
        answer_all(batch, leader);
    else if (done && may_be_one(done))
        let_go(batch, leader);
    else
        fail_all(batch, leader);
    cc_job_free(leader);
}
