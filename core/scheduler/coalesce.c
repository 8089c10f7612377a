/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Coalesces calls: one request answers many calls of one client. These are describe_instance calls,
 * and power operations if the vendor takes several ids (struct cc_op_row, .many). A leader sends
 * the request, and each follower gets its own result. Followers are sent one by one in three cases:
 * the vendor refused the request and surely applied nothing; the listing of the account does not
 * show the instance; or the listing has more pages than there are followers. No other request is
 * sent twice.
 */
#include "core/base/error.h"
#include "core/scheduler/job.h"
#include "core/model/operations.h"
#include "core/hooks/hooks.h"

#define MAX_SCANNED 4096   /* queued jobs without a match, before the search ends */
#define MIN_FOR_LISTING 20 /* calls for which the listing of a whole account is read */

static const struct cc_op_row *row_of(const struct cc_job *job)
{
    return &job->queue->client->provider->ops[job->op];
}

/* whether the call has only parameters that a request for several instances supports */
static bool can_join(const struct cc_job *job)
{
    static const uint64_t may = CC_BIT(INSTANCE_ID) | CC_BIT(FORCE) | CC_BIT(STOP_CHARGING);

    return job->params.instance_id && *job->params.instance_id &&
           !(cc_params_given(&job->params) & ~may);
}

static bool can_coalesce(const struct cc_job *a, const struct cc_job *b)
{
    return a->queue == b->queue && a->op == b->op && !b->alone && can_join(b) &&
           a->params.force == b->params.force && a->params.stop_charging == b->params.stop_charging;
}

/* a second change of the same instance needs a request of its own */
static bool has_follower(const struct cc_job *leader, const char *id)
{
    const struct cc_job *follower;

    TAILQ_FOREACH(follower, &leader->followers, link)
    {
        if (!strcmp(follower->params.instance_id, id))
            return true;
    }
    return false;
}

static bool limiter_pauses(const struct cc_job *job)
{
    return job->queue->client->limiter && !job->fixed;
}

/* The follower keeps its deadline; the leader has the latest one. */
static void follow(struct cloud_batch *batch, struct cc_job *leader, struct cc_job *job)
{
    cc_job_move(job, &leader->followers);
    job->state = CC_JOB_COALESCED;
    job->leader = leader;
    if (!job->deadline_ms)
        job->deadline_ms = cc_batch_now(batch) + job->queue->client->options.timeout_ms;
    if (!limiter_pauses(job))
        cc_job_wake_at(batch, job, job->deadline_ms);
    if (job->deadline_ms > leader->deadline_ms) {
        leader->deadline_ms = job->deadline_ms;
        leader->timeout_ms = job->timeout_ms;
    }
    leader->fixed &= job->fixed;
}

void cc_coalesce_pause(struct cloud_batch *batch, struct cc_job *leader)
{
    struct cc_job *job;

    TAILQ_FOREACH(job, &leader->followers, link)
    {
        if (limiter_pauses(job))
            cc_job_cancel_wake(batch, job);
    }
}

void cc_coalesce_resume(struct cloud_batch *batch, struct cc_job *leader, int64_t waited_ms)
{
    struct cc_job *job;

    TAILQ_FOREACH(job, &leader->followers, link)
    {
        if (!limiter_pauses(job))
            continue;
        job->deadline_ms += waited_ms;
        cc_job_wake_at(batch, job, job->deadline_ms);
    }
}

/* makes similar queued jobs followers of the leader; returns the number of its followers */
static size_t gather(struct cloud_batch *batch, struct cc_job *leader, size_t max)
{
    struct cc_job *job = TAILQ_FIRST(&leader->queue->queued), *after;
    size_t count = 1;

    for (int scanned = 0; job && count < max && scanned < MAX_SCANNED; job = after) {
        after = TAILQ_NEXT(job, link);
        scanned++;
        if (!can_coalesce(leader, job) ||
            (cc_job_changes(job) && has_follower(leader, job->params.instance_id)))
            continue;
        follow(batch, leader, job);
        scanned = 0;
        count++;
    }
    return count;
}

/* copies the ids, because a follower may be cancelled and freed */
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

/* lets a follower send a request of its own */
static void run_alone(struct cloud_batch *batch, struct cc_job *job)
{
    job->alone = true;
    job->leader = NULL;
    if (!job->fixed)
        job->deadline_ms = 0; /* the client's timeout counts from its own start */
    cc_batch_make_ready(batch, job);
}

static void run_all_alone(struct cloud_batch *batch, struct cc_job *leader)
{
    struct cc_job *job;

    while ((job = TAILQ_FIRST(&leader->followers)))
        run_alone(batch, job);
}

struct cc_job *cc_coalesce(struct cloud_batch *batch, struct cc_job *job)
{
    const struct cc_op_row *row = row_of(job);
    struct cc_job *leader;
    size_t count;

    /* a change hook records single changes, so each needs a request of its own */
    if (!row->many || job->alone || !can_join(job) ||
        (cc_job_changes(job) && job->queue->client->change_hook))
        return job;
    leader = cc_job_new(job->queue, job->op, &job->params);
    if (!leader)
        return job;
    leader->fixed = true; /* unless a follower is not */
    follow(batch, leader, job);
    count = gather(batch, leader, row->many == CC_MANY_ALL ? SIZE_MAX : (size_t)row->many);
    if (count >= (row->many == CC_MANY_ALL ? MIN_FOR_LISTING : 2) && list_ids(leader, count)) {
        leader->id_count = count;
        return leader;
    }
    /* too few followers: all run alone, this job first */
    run_alone(batch, job);
    run_all_alone(batch, leader);
    cc_job_free(leader);
    cc_job_move(job, NULL);
    job->limited_ms = 0;
    return job;
}

static void remove_id(struct cc_job *leader, const char *id)
{
    size_t at = 0;

    while (at < leader->id_count && strcmp(leader->ids[at], id))
        at++;
    if (at == leader->id_count)
        return;
    leader->id_count--;
    memmove(&leader->ids[at], &leader->ids[at + 1], (leader->id_count - at) * sizeof(*leader->ids));
    leader->call->options.id_count = leader->id_count;
}

/* A read asks for the instance all the same: another follower may ask for it too. */
enum cloud_outcome cc_coalesce_leave(struct cloud_batch *batch, struct cc_job *job)
{
    enum cloud_outcome outcome = CLOUD_NOT_APPLIED;
    struct cc_job *leader = job->leader;
    const struct cc_outcome *so_far = &leader->call->outcome;

    job->leader = NULL;
    cc_job_move(job, NULL);
    if (cc_job_changes(job) &&
        (leader->state == CC_JOB_SENT || so_far->maybe_applied || so_far->applied))
        outcome = CLOUD_OUTCOME_UNKNOWN;
    else if (cc_job_changes(job))
        remove_id(leader, job->params.instance_id);
    if (TAILQ_EMPTY(&leader->followers))
        cc_batch_drop(batch, leader);
    return outcome;
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

/* runs the parse hook on the follower's instance, as for a request for one instance */
static int parse_instance(const struct cc_job *job, struct cloud_batch_done *done)
{
    const struct cc_op_row *row = row_of(job);
    struct cloud_params params = job->params;
    struct cloud_client *client = job->queue->client;
    static const struct cc_envelope no_envelope;
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
        .envelope = &no_envelope,
    };

    cc_hook_fn parse = row->steps[row->step_count - 1].parse;

    return parse ? cc_hook_code(hook.provider, "parse", parse(&hook), hook.err) : CLOUD_OK;
}

/* delivers the follower's part of the leader's result; all of them share its arena */
static void answer(struct cloud_batch *batch, const struct cc_job *leader, struct cc_job *job,
                   struct cloud_instance *instance)
{
    struct cloud_batch_done *done = cc_job_done(job);
    const struct cloud_result *all = &leader->done->result;

    job->outcome = leader->outcome;
    if (done && !cc_job_changes(job) && !instance) {
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
            done->code = parse_instance(job, done);
    }
    cc_batch_deliver(batch, job);
}

/* fails a follower with the error of its leader; NULL: there was no memory */
static void fail(struct cloud_batch *batch, const struct cc_job *leader, struct cc_job *job,
                 const struct cloud_batch_done *why)
{
    struct cloud_batch_done *done = cc_job_done(job);

    job->outcome = leader->outcome;
    if (done && why) {
        done->code = why->code;
        done->error = why->error;
    } else if (done) {
        done->code = cc_fail(&done->error, CLOUD_ENOMEM, "out of memory");
        done->error.outcome = leader->outcome;
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
            fail(batch, leader, job, NULL);
        else if (!found && listed) /* it may have moved to a page that was read already */
            run_alone(batch, job);
        else
            answer(batch, leader, job, found);
    }
}

/* whether one of the ids may be the reason of the failure, and nothing was applied for any */
static bool may_be_one_id(const struct cloud_batch_done *done)
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

void cc_coalesce_end(struct cloud_batch *batch, struct cc_job *leader)
{
    const struct cloud_batch_done *done = leader->done;
    struct cc_job *job;

    if (done && !done->code)
        answer_all(batch, leader);
    else if (done && may_be_one_id(done))
        run_all_alone(batch, leader);
    while ((job = TAILQ_FIRST(&leader->followers)))
        fail(batch, leader, job, done);
    cc_job_free(leader);
}
