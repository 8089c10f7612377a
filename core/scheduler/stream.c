/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Streams listings: pages are jobs of their own, a few of them are requested in advance, and they
 * are delivered in order. Memory holds those pages, and the first and the last id of each earlier
 * page. These ids show that a page was returned twice, or that the list changed while it was read.
 */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>

#include "core/base/error.h"
#include "core/scheduler/job.h"

#define AHEAD 4

struct cc_stream {
    struct cc_job *pages[AHEAD]; /* requested and not delivered, by page number modulo AHEAD */
    int requested, delivered;    /* numbers of the last such page; 0: none */
    int last_page;               /* 0 until the first page was read */
    int size;                    /* of a page, as the server gives it */
    size_t first_count;          /* instances on the first page */
    struct cc_totals totals;     /* reported by the first page */
    int64_t count;               /* instances so far */
    struct cc_id_set boundaries; /* first and last ids of the pages */
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
    cc_id_set_clear(&stream->boundaries);
    free(stream);
}

static const struct cc_paging *paging_of(const struct cloud_client *client, enum cloud_op op)
{
    const struct cc_op_row *row = &client->provider->ops[op];

    return row->step_count == 1 ? row->steps[0].paging : NULL;
}

bool cc_stream_possible(const struct cloud_client *client, enum cloud_op op)
{
    const struct cc_paging *paging = paging_of(client, op);

    return op == CLOUD_OP_DESCRIBE_INSTANCES && paging && paging->page_param;
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

/*
 * A stream is read once. So it is not known whether the listing changed, or whether the server's
 * pages are wrong: the message says what was seen.
 */
__attribute__((format(printf, 4, 5))) static int fail_pages(const struct cc_stream *stream,
                                                            const struct cc_paging *paging,
                                                            struct cloud_error *err,
                                                            const char *format, ...)
{
    char first[CC_LISTING_TEXT_MAX], why[160];
    va_list args;

    va_start(args, format);
    vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    return cc_fail(err, CLOUD_ECONFLICT,
                   "the pages do not add up: %s; %s; discard them and read the listing again",
                   cc_listing_describe(paging, &stream->totals, stream->first_count, first), why);
}

static bool add_boundary(struct cc_stream *stream, uint64_t hash)
{
    return cc_id_set_add(&stream->boundaries, hash);
}

/* refuses a page with an id twice, or with a boundary id of an earlier page */
static int check_ids(struct cc_stream *stream, const struct cc_paging *paging,
                     const struct cc_job *page, struct cloud_error *err)
{
    const struct cloud_result *result = &page->done->result;
    size_t count = result->instance_count;
    cc_auto_free uint64_t *hashes = calloc(count + 1, sizeof(*hashes));
    uint64_t first, last;
    bool repeated = false;

    if (!hashes)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (!count)
        return CLOUD_OK;
    for (size_t i = 0; i < count; i++) {
        hashes[i] = cc_id_hash(result->instances[i].id);
        repeated |= cc_id_set_has(&stream->boundaries, hashes[i]);
    }
    first = hashes[0];
    last = hashes[count - 1];
    qsort(hashes, count, sizeof(*hashes), by_value);
    for (size_t i = 1; i < count; i++)
        repeated |= hashes[i] == hashes[i - 1];
    if (repeated)
        return fail_pages(stream, paging, err, "an instance of page %d was returned twice",
                          page->page);
    if (!add_boundary(stream, first) || !add_boundary(stream, last))
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    return CLOUD_OK;
}

static void read_first_page(struct cc_stream *stream, const struct cc_paging *paging,
                            const struct cc_job *page, size_t here)
{
    int64_t pages;

    stream->totals = page->totals;
    stream->first_count = here;
    stream->size = cc_listing_size(paging, &stream->totals, here);
    pages = cc_listing_pages(paging, &stream->totals, stream->size);
    stream->last_page = pages < INT_MAX ? (int)pages : INT_MAX;
}

static int check_totals(struct cc_stream *stream, const struct cc_paging *paging,
                        const struct cc_job *page, struct cloud_error *err)
{
    const struct cc_totals *totals = &page->totals;
    size_t here = page->done->result.instance_count;

    if (!stream->last_page)
        read_first_page(stream, paging, page, here);
    if (totals->elements != stream->totals.elements || totals->pages != stream->totals.pages)
        return fail_pages(stream, paging, err, "the total changed on page %d", page->page);
    stream->count += (int64_t)here;
    if (page->page < stream->last_page && here != (size_t)stream->size)
        return fail_pages(stream, paging, err, "a page has too few instances: page %d holds %zu",
                          page->page, here);
    if (page->page == stream->last_page && totals->elements >= 0 &&
        stream->count != totals->elements)
        return fail_pages(stream, paging, err,
                          "the total is not the number of instances: all pages hold %lld",
                          (long long)stream->count);
    return CLOUD_OK;
}

static int check_page(struct cc_job *job, const struct cc_job *page, struct cloud_error *err)
{
    const struct cc_paging *paging = paging_of(job->queue->client, job->op);
    int rc = check_totals(job->stream, paging, page, err);

    return rc ? rc : check_ids(job->stream, paging, page, err);
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
    page->page_size = job->stream->size;
    page->deadline_ms = job->deadline_ms;
    page->fixed = job->fixed;
    page->timeout_ms = job->timeout_ms;
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
