/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams listings: pages are jobs of their own, a few of them are requested in advance, and they
 * are delivered in order. Memory holds those pages, and the first and the last id of each earlier
 * page. These ids show that a page was returned twice, or that the list changed while it was read.
 */
#include "core/base/error.h"
#include "core/scheduler/job.h"

#define AHEAD 4

struct cc_stream {
    struct cc_job *pages[AHEAD]; /* requested and not delivered, by page number modulo AHEAD */
    int requested, delivered;    /* numbers of the last such page; 0: none */
    int last_page;               /* 0 until the first page was read */
    int64_t total;               /* reported by the first page */
    int64_t count;               /* instances so far */
    uint64_t *boundary_ids;      /* hash table of the hashes of first and last ids; 0: empty */
    size_t boundary_count, boundary_cap;
    bool ended;
};

struct cc_stream *cc_stream_new(void)
{
    return calloc(1, sizeof(struct cc_stream));
}

void cc_stream_free(struct cc_stream *stream)
{
    if (!stream)
        return;
    free(stream->boundary_ids);
    free(stream);
}

static const struct cc_paging *paging_of(const struct cloud_client *client, enum cloud_op op)
{
    const struct cc_op_row *row = &client->provider->ops[op];

    return row->step_count == 1 ? row->steps[0].paging : NULL;
}

bool cc_stream_possible(const struct cloud_client *client, enum cloud_op op)
{
    return op == CLOUD_OP_DESCRIBE_INSTANCES && paging_of(client, op);
}

/* never 0 */
static uint64_t hash_of(const char *id)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (; id && *id; id++)
        hash = (hash ^ (unsigned char)*id) * UINT64_C(1099511628211);
    return hash ? hash : 1;
}

static uint64_t *slot_of(const struct cc_stream *stream, uint64_t hash)
{
    size_t at = (size_t)hash & (stream->boundary_cap - 1);

    while (stream->boundary_ids[at] && stream->boundary_ids[at] != hash)
        at = (at + 1) & (stream->boundary_cap - 1);
    return &stream->boundary_ids[at];
}

static bool is_boundary(const struct cc_stream *stream, uint64_t hash)
{
    return stream->boundary_cap && *slot_of(stream, hash);
}

static int add_boundary(struct cc_stream *stream, uint64_t hash)
{
    if (stream->boundary_count * 2 >= stream->boundary_cap) {
        struct cc_stream grown = { .boundary_cap =
                                       stream->boundary_cap ? stream->boundary_cap * 2 : 64 };

        grown.boundary_ids = calloc(grown.boundary_cap, sizeof(*grown.boundary_ids));
        if (!grown.boundary_ids)
            return CLOUD_ENOMEM;
        for (size_t i = 0; i < stream->boundary_cap; i++) {
            if (stream->boundary_ids[i])
                *slot_of(&grown, stream->boundary_ids[i]) = stream->boundary_ids[i];
        }
        free(stream->boundary_ids);
        stream->boundary_ids = grown.boundary_ids;
        stream->boundary_cap = grown.boundary_cap;
    }
    *slot_of(stream, hash) = hash;
    stream->boundary_count++;
    return CLOUD_OK;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

static int fail_changed(struct cloud_error *err, const char *what)
{
    return cc_fail(err, CLOUD_ECONFLICT,
                   "the listing changed while it was read: %s; discard its pages and read it again",
                   what);
}

/* refuses a page with an id twice, or with a boundary id of an earlier page */
static int check_ids(struct cc_stream *stream, const struct cloud_result *page,
                     struct cloud_error *err)
{
    size_t count = page->instance_count;
    cc_auto_free uint64_t *hashes = calloc(count + 1, sizeof(*hashes));
    uint64_t first, last;
    bool repeated = false;

    if (!hashes)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (!count)
        return CLOUD_OK;
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash_of(page->instances[i].id);
        repeated |= is_boundary(stream, hashes[i]);
    }
    first = hashes[0];
    last = hashes[count - 1];
    qsort(hashes, count, sizeof(*hashes), by_value);
    for (size_t i = 1; i < count; i++)
        repeated |= hashes[i] == hashes[i - 1];
    if (repeated)
        return fail_changed(err, "an instance was returned twice");
    if (add_boundary(stream, first) || (last != first && add_boundary(stream, last)))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return CLOUD_OK;
}

static int check_totals(struct cc_stream *stream, const struct cc_paging *paging,
                        const struct cc_job *page, struct cloud_error *err)
{
    int64_t size = paging->size, here = (int64_t)page->done->result.instance_count;

    if (!stream->last_page) {
        stream->total = page->total;
        stream->last_page = (int)(paging->pages ? page->total : (page->total + size - 1) / size);
        stream->last_page = stream->last_page > 0 ? stream->last_page : 1;
    }
    if (page->total != stream->total)
        return fail_changed(err, "the total changed");
    stream->count += here;
    if (page->page < stream->last_page && here != size)
        return fail_changed(err, "a page has too few instances");
    if (page->page == stream->last_page && !paging->pages && stream->count != stream->total)
        return fail_changed(err, "the total is not the number of instances");
    return CLOUD_OK;
}

static int check_page(struct cc_job *job, const struct cc_job *page, struct cloud_error *err)
{
    int rc = check_totals(job->stream, paging_of(job->queue->client, job->op), page, err);

    return rc ? rc : check_ids(job->stream, &page->done->result, err);
}

void cc_stream_end(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_stream *stream = job->stream;

    stream->ended = true;
    for (int i = 0; i < AHEAD; i++) {
        if (stream->pages[i])
            cc_batch_drop(batch, stream->pages[i]);
        stream->pages[i] = NULL;
    }
}

static int request_page(struct cloud_batch *batch, struct cc_job *job, int number)
{
    struct cc_job *page = cc_job_new(job->queue, job->op, &job->params);

    if (!page)
        return CLOUD_ENOMEM;
    page->page = number;
    page->leader = job;
    page->deadline_ms = job->deadline_ms;
    page->fixed = job->fixed;
    job->stream->pages[number % AHEAD] = page;
    cc_batch_make_ready(batch, page);
    return CLOUD_OK;
}

int cc_stream_continue(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_stream *stream = job->stream;

    while (stream->requested < (stream->last_page ? stream->last_page : 1) &&
           stream->requested - stream->delivered < AHEAD) {
        if (request_page(batch, job, stream->requested + 1))
            return CLOUD_ENOMEM;
        stream->requested++;
    }
    return CLOUD_OK;
}

static void end_stream(struct cloud_batch *batch, struct cc_job *job, int code)
{
    struct cloud_batch_done *done = job->done;

    done->code = code;
    done->more = false;
    if (code)
        cloud_result_clear(&done->result);
    cc_stream_end(batch, job);
    cc_batch_deliver(batch, job);
}

/* delivers the next page if it was read and the caller has taken the one before */
static void deliver_next(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_stream *stream = job->stream;
    struct cc_job *page = stream->pages[(stream->delivered + 1) % AHEAD];
    struct cloud_batch_done *done = cc_job_done(job);
    int rc = CLOUD_OK;

    if (job->state != CC_JOB_STREAMING)
        return;
    if (!done) { /* a job without a result is reported as out of memory */
        cc_stream_end(batch, job);
        cc_batch_deliver(batch, job);
        return;
    }
    if (stream->last_page && stream->delivered == stream->last_page) {
        end_stream(batch, job, CLOUD_OK);
        return;
    }
    if (!page || page->state != CC_JOB_DONE)
        return;
    if (!page->done) {
        rc = cc_fail(&done->error, CLOUD_ENOMEM, "out of memory");
    } else if (page->done->code) {
        done->error = page->done->error;
        rc = page->done->code;
    } else {
        rc = check_page(job, page, &done->error);
    }
    if (!rc) {
        cloud_result_take(&done->result, &page->done->result);
        stream->delivered++;
        stream->pages[stream->delivered % AHEAD] = NULL;
        cc_job_free(page);
        done->more = true;
        if (cc_stream_continue(batch, job))
            rc = cc_fail(&done->error, CLOUD_ENOMEM, "out of memory");
    }
    if (rc)
        end_stream(batch, job, rc);
    else
        cc_batch_deliver(batch, job);
}

void cc_stream_page(struct cloud_batch *batch, struct cc_job *page)
{
    struct cc_job *job = page->leader;

    page->state = CC_JOB_DONE;
    cc_job_move(page, NULL);
    if (!job->stream->ended)
        deliver_next(batch, job);
}

void cc_stream_part_taken(struct cloud_batch *batch, struct cc_job *job)
{
    job->state = CC_JOB_STREAMING;
    cc_job_move(job, &job->queue->idle);
    deliver_next(batch, job);
}
