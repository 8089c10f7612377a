/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streamed listings: pages are jobs of their own, a few of them asked for ahead, handed over in
 * their order. What is kept is those pages and, of each page that went before, the first and the
 * last id: by them a page that came twice, or a list that moved while it was read, is known.
 */
#include "core/base/error.h"
#include "core/scheduler/job.h"

#define AHEAD 4

struct cc_stream {
    struct cc_job *pages[AHEAD]; /* asked for and not handed over, by number modulo AHEAD */
    int asked, handed, last;     /* numbers of pages; last is 0 until the first has come */
    int64_t total, count;        /* as the first page said; elements so far */
    uint64_t *edges;             /* a table of hashes of ids; 0: empty */
    size_t edge_count, edge_cap;
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
    free(stream->edges);
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

static uint64_t *place_of(const struct cc_stream *stream, uint64_t hash)
{
    size_t at = (size_t)hash & (stream->edge_cap - 1);

    while (stream->edges[at] && stream->edges[at] != hash)
        at = (at + 1) & (stream->edge_cap - 1);
    return &stream->edges[at];
}

static bool is_edge(const struct cc_stream *stream, uint64_t hash)
{
    return stream->edge_cap && *place_of(stream, hash);
}

static int add_edge(struct cc_stream *stream, uint64_t hash)
{
    if (stream->edge_count * 2 >= stream->edge_cap) {
        struct cc_stream grown = { .edge_cap = stream->edge_cap ? stream->edge_cap * 2 : 64 };

        grown.edges = calloc(grown.edge_cap, sizeof(*grown.edges));
        if (!grown.edges)
            return CLOUD_ENOMEM;
        for (size_t i = 0; i < stream->edge_cap; i++) {
            if (stream->edges[i])
                *place_of(&grown, stream->edges[i]) = stream->edges[i];
        }
        free(stream->edges);
        stream->edges = grown.edges;
        stream->edge_cap = grown.edge_cap;
    }
    *place_of(stream, hash) = hash;
    stream->edge_count++;
    return CLOUD_OK;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

static int moved(struct cloud_error *err, const char *what)
{
    return cc_fail(
        err, CLOUD_ECONFLICT,
        "the listing changed while it was read: %s; throw away what came and read it again", what);
}

/* does an id stand twice, here or at the edge of another page? */
static int check_ids(struct cc_stream *stream, const struct cloud_result *page,
                     struct cloud_error *err)
{
    size_t count = page->instance_count;
    cc_auto_free uint64_t *hashes = calloc(count + 1, sizeof(*hashes));
    uint64_t first, last;
    bool twice = false;

    if (!hashes)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (!count)
        return CLOUD_OK;
    for (size_t i = 0; i < count; i++) {
        hashes[i] = hash_of(page->instances[i].id);
        twice |= is_edge(stream, hashes[i]);
    }
    first = hashes[0];
    last = hashes[count - 1];
    qsort(hashes, count, sizeof(*hashes), by_value);
    for (size_t i = 1; i < count; i++)
        twice |= hashes[i] == hashes[i - 1];
    if (twice)
        return moved(err, "an instance came twice");
    if (add_edge(stream, first) || (last != first && add_edge(stream, last)))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return CLOUD_OK;
}

static int check_totals(struct cc_stream *stream, const struct cc_paging *paging,
                        const struct cc_job *page, struct cloud_error *err)
{
    int64_t size = paging->size, here = (int64_t)page->done->result.instance_count;

    if (!stream->last) {
        stream->total = page->total;
        stream->last = (int)(paging->pages ? page->total : (page->total + size - 1) / size);
        stream->last = stream->last > 0 ? stream->last : 1;
    }
    if (page->total != stream->total)
        return moved(err, "its total did");
    stream->count += here;
    if (page->page < stream->last && here != size)
        return moved(err, "a page came short");
    if (page->page == stream->last && !paging->pages && stream->count != stream->total)
        return moved(err, "its total does not add up");
    return CLOUD_OK;
}

static int judge(struct cc_job *job, const struct cc_job *page, struct cloud_error *err)
{
    int rc = check_totals(job->stream, paging_of(job->queue->client, job->op), page, err);

    return rc ? rc : check_ids(job->stream, &page->done->result, err);
}

/* no more of its pages are wanted */
void cc_stream_end(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_stream *stream = job->stream;

    stream->ended = true;
    for (int i = 0; i < AHEAD; i++) {
        struct cc_job *page = stream->pages[i];

        if (page && page->state != CC_JOB_DONE)
            cc_batch_stop(batch, page, CLOUD_ECANCELLED, "the listing has ended");
        if (page)
            cc_job_free(page);
        stream->pages[i] = NULL;
    }
}

static int ask(struct cloud_batch *batch, struct cc_job *job, int number)
{
    struct cc_job *page = cc_job_new(job->queue, job->op, &job->params);

    if (!page)
        return CLOUD_ENOMEM;
    page->page = number;
    page->leader = job;
    page->deadline_ms = job->deadline_ms;
    job->stream->pages[number % AHEAD] = page;
    cc_batch_begin(batch, page);
    return CLOUD_OK;
}

int cc_stream_continue(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_stream *stream = job->stream;

    while (stream->asked < (stream->last ? stream->last : 1) &&
           stream->asked - stream->handed < AHEAD) {
        if (ask(batch, job, stream->asked + 1))
            return CLOUD_ENOMEM;
        stream->asked++;
    }
    return CLOUD_OK;
}

static void end_with(struct cloud_batch *batch, struct cc_job *job, int code)
{
    struct cloud_batch_done *done = job->done;

    done->code = code;
    done->more = false;
    if (code)
        cloud_result_clear(&done->result);
    cc_stream_end(batch, job);
    cc_batch_deliver(batch, job);
}

/* the next page in their order, if it is there and nobody has one in hand */
static void deliver_next(struct cloud_batch *batch, struct cc_job *job)
{
    struct cc_stream *stream = job->stream;
    struct cc_job *page = stream->pages[(stream->handed + 1) % AHEAD];
    struct cloud_batch_done *done = cc_job_done(job);
    int rc = CLOUD_OK;

    if (job->state != CC_JOB_STREAMING)
        return;
    if (!done) { /* handed over without: that says enough */
        cc_stream_end(batch, job);
        cc_batch_deliver(batch, job);
        return;
    }
    if (stream->last && stream->handed == stream->last) {
        end_with(batch, job, CLOUD_OK);
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
        rc = judge(job, page, &done->error);
    }
    if (!rc) {
        cloud_result_take(&done->result, &page->done->result);
        stream->handed++;
        stream->pages[stream->handed % AHEAD] = NULL;
        cc_job_free(page);
        done->more = true;
        if (cc_stream_continue(batch, job))
            rc = cc_fail(&done->error, CLOUD_ENOMEM, "out of memory");
    }
    if (rc)
        end_with(batch, job, rc);
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
    cc_job_move(job, &batch->idle);
    deliver_next(batch, job);
}
