/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads listings page by page, and compares them with the total that the vendor reports. No vendor
 * promises a snapshot between pages. So a listing of several pages is read until two readings
 * agree. Elements are never lost silently: a listing that keeps changing, and one that does not add
 * up to its total twice in the same way, end in an error.
 */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "core/engine/call.h"
#include "core/base/error.h"
#include "core/base/money.h"

#define RESTARTS 3
/* smaller pages are not requested, even if the server gives no larger ones: JD Cloud refuses them
 */
#define SIZE_MIN 10

/* the elements that the pages have added to the result; each begins with a pointer to its id */
struct elements {
    const char *array;
    size_t *count, element_size;
};

static void begin_reading(struct cc_call *call)
{
    struct cc_listing *listing = &call->listing;
    const struct cc_paging *paging = cc_call_step(call)->paging;

    listing->page = call->options.page ? call->options.page : 1;
    listing->totals = (struct cc_totals){ -1, -1 };
    if (!paging)
        return;
    listing->size = call->options.page_size ? call->options.page_size : paging->size;
    cc_id_set_clear(&listing->ids);
}

void cc_listing_begin(struct cc_call *call)
{
    if (call->progress.step >= call->progress.stage->row->step_count)
        return;
    call->listing.digest = call->listing.failed_digest = 0;
    begin_reading(call);
}

void cc_listing_clear(struct cc_listing *listing)
{
    cc_id_set_clear(&listing->ids);
}

void cc_listing_add_page(const struct cc_call *call, struct cc_hook *hook)
{
    const struct cc_paging *paging = cc_call_step(call)->paging;
    int size = call->listing.size;

    if (!paging->page_param)
        return;
    cc_tree_set_int(hook->tree, hook->root, paging->page_param, call->listing.page);
    cc_tree_set_int(hook->tree, hook->root, paging->size_param,
                    size < SIZE_MIN ? paging->size : size);
}

static struct elements elements_of(struct cc_call *call, const struct cc_paging *paging)
{
    char *result = (char *)&call->result;
    struct elements elements = {
        .count = (size_t *)(result + paging->count_at),
        .element_size = paging->element_size,
    };

    memcpy(&elements.array, result + paging->array_at, sizeof(elements.array));
    return elements;
}

static const char *id_at(const struct elements *elements, size_t i)
{
    const char *id;

    memcpy(&id, elements->array + i * elements->element_size, sizeof(id));
    return id ? id : "";
}

/* @path: of the number in the envelope's data; after a '^', in the whole reply; NULL: none */
static int read_total(struct cc_call *call, const struct cc_envelope *envelope, const char *path,
                      int64_t *ret_total)
{
    bool is_outside = path && *path == '^';
    const struct cc_value *from = is_outside ? envelope->root : envelope->data;
    const char *text = path ? cc_value_text(cc_value_find(from, path + is_outside)) : NULL;

    *ret_total = -1;
    if (!text || !*text || (cc_whole_read(text, ret_total) && *ret_total >= 0))
        return CLOUD_OK;
    return cc_fail(&call->error, CLOUD_EPROTOCOL, "the answer's %s is \"%.40s\", not a number",
                   path + is_outside, text);
}

int cc_listing_begin_page(struct cc_call *call, const struct cc_envelope *envelope)
{
    const struct cc_paging *paging = cc_call_step(call)->paging;
    struct cc_totals *totals = &call->listing.totals;
    int rc;

    *totals = (struct cc_totals){ -1, -1 };
    if (!paging)
        return CLOUD_OK;
    call->listing.before = *elements_of(call, paging).count;
    rc = read_total(call, envelope, paging->total, &totals->elements);
    return rc ? rc : read_total(call, envelope, paging->pages, &totals->pages);
}

bool cc_listing_is_empty(const struct cc_listing *listing)
{
    return !listing->totals.elements || !listing->totals.pages;
}

/* A reply without a total: it is that of this page when there is only one, or when it is empty. */
static int complete_totals(struct cc_call *call, const struct cc_paging *paging, size_t here)
{
    struct cc_totals *totals = &call->listing.totals;
    const char *name = paging->pages ? paging->pages : paging->total;

    if (paging->pages ? totals->pages >= 0 : totals->elements >= 0)
        return CLOUD_OK;
    if (here && paging->page_param)
        return cc_fail(&call->error, CLOUD_EPROTOCOL, "the answer has no %s",
                       name + (*name == '^'));
    if (paging->pages)
        totals->pages = call->listing.page;
    else
        totals->elements = (int64_t)here;
    return CLOUD_OK;
}

int cc_listing_size(const struct cc_paging *paging, const struct cc_totals *totals,
                    size_t first_count)
{
    bool has_more = paging->pages ? totals->pages > 1 : (int64_t)first_count < totals->elements;

    return has_more && first_count && first_count < (size_t)paging->size ? (int)first_count
                                                                         : paging->size;
}

int64_t cc_listing_pages(const struct cc_paging *paging, const struct cc_totals *totals, int size)
{
    int64_t pages = totals->pages;

    if (!paging->page_param)
        return 1;
    if (!paging->pages)
        pages = totals->elements / size + (totals->elements % size != 0);
    return pages > 0 ? pages : 1;
}

const char *cc_listing_describe(const struct cc_paging *paging, const struct cc_totals *totals,
                                size_t first_count, char ret_text[CC_LISTING_TEXT_MAX])
{
    char asked[32] = "", pages[32] = "", total[32] = "";

    if (paging->page_param)
        snprintf(asked, sizeof(asked), " of %d asked for", paging->size);
    if (paging->pages)
        snprintf(pages, sizeof(pages), ", %lld pages", (long long)totals->pages);
    if (totals->elements >= 0)
        snprintf(total, sizeof(total), ", total %lld", (long long)totals->elements);
    snprintf(ret_text, CC_LISTING_TEXT_MAX, "page 1 holds %zu%s%s%s", first_count, asked, pages,
             total);
    return ret_text;
}

/*
 * A digest of the ids of this reading in their order. Page counts and totals do not show that an
 * element moved to another page because an earlier one was deleted, or that one was deleted and
 * another created.
 */
static uint64_t digest_of(const struct elements *elements)
{
    uint64_t digest = *elements->count + 1;

    for (size_t i = 0; elements->element_size && i < *elements->count; i++)
        digest = (digest ^ cc_id_hash(id_at(elements, i))) * UINT64_C(1099511628211);
    return digest ? digest : 1;
}

static int restart(struct cc_call *call, const struct elements *elements, bool *ret_more)
{
    if (call->listing.restarts++ == RESTARTS)
        return cc_fail(&call->error, CLOUD_ECONFLICT,
                       "the listing changed while it was read, %d times; try again", RESTARTS + 1);
    *elements->count = 0;
    begin_reading(call);
    *ret_more = true;
    return CLOUD_OK;
}

/*
 * This reading does not add up, for the reason @format. Reads again, unless the reading before was
 * equal: then the listing has not changed, and the server's pages are wrong; @code.
 */
__attribute__((format(printf, 5, 6))) static int read_again(struct cc_call *call,
                                                            const struct elements *elements,
                                                            bool *ret_more, int code,
                                                            const char *format, ...)
{
    struct cc_listing *listing = &call->listing;
    char first[CC_LISTING_TEXT_MAX], why[200];
    uint64_t digest;
    va_list args;

    va_start(args, format);
    vsnprintf(why, sizeof(why), format, args);
    va_end(args);
    digest = digest_of(elements) ^ cc_id_hash(why);
    if (digest != listing->failed_digest) {
        listing->failed_digest = digest;
        return restart(call, elements, ret_more);
    }
    return cc_fail(&call->error, code, "the listing does not add up: %s%s",
                   cc_listing_describe(cc_call_step(call)->paging, &listing->first,
                                       listing->first_count, first),
                   why);
}

/*
 * A listing that is read for some of its instances needs only one reading: each call gets its own
 * instance, and one that moved between pages meanwhile is requested alone (coalesce.c). A listing
 * with more pages than wanted instances is not read: single requests are cheaper.
 */
static int end_page_of_some(struct cc_call *call, const struct cc_paging *paging, size_t here,
                            size_t repeated, bool *ret_more)
{
    struct cc_listing *listing = &call->listing;
    int64_t pages = cc_listing_pages(paging, &listing->totals, listing->size);

    if (listing->page == 1 && pages > (int64_t)call->options.id_count)
        return cc_fail(&call->error, CLOUD_ETOOBIG, "the listing has %lld pages", (long long)pages);
    *ret_more = here >= (size_t)listing->size && !repeated && listing->page < pages;
    listing->page += *ret_more;
    return CLOUD_OK;
}

/* adds the ids of this page; *ret_repeated: how many of them were there before */
static int add_ids(struct cc_call *call, const struct elements *elements, size_t *ret_repeated)
{
    struct cc_listing *listing = &call->listing;

    *ret_repeated = 0;
    for (size_t i = listing->before; elements->element_size && i < *elements->count; i++) {
        uint64_t hash = cc_id_hash(id_at(elements, i));

        *ret_repeated += cc_id_set_has(&listing->ids, hash);
        if (!cc_id_set_add(&listing->ids, hash))
            return cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    }
    return CLOUD_OK;
}

/* the last page: whether all pages together are one consistent listing */
static int end_reading(struct cc_call *call, const struct elements *elements, bool *ret_more)
{
    struct cc_listing *listing = &call->listing;
    uint64_t digest = digest_of(elements), before = listing->digest;
    int64_t total = listing->totals.elements;

    if (total >= 0 && (int64_t)*elements->count != total)
        return listing->page == 1
                   ? read_again(call, elements, ret_more, CLOUD_EPROTOCOL, "%s", "")
                   : read_again(call, elements, ret_more, CLOUD_EPROTOCOL,
                                "; its %d pages hold %zu", listing->page, *elements->count);
    if (listing->page == 1 || digest == before)
        return CLOUD_OK;
    listing->digest = digest;
    return restart(call, elements, ret_more);
}

static int end_page(struct cc_call *call, const struct cc_paging *paging,
                    const struct elements *elements, size_t here, size_t repeated, bool *ret_more)
{
    struct cc_listing *listing = &call->listing;
    const struct cc_totals *totals = &listing->totals, *first = &listing->first;
    bool is_full = here == (size_t)listing->size;
    char text[CC_LISTING_TEXT_MAX];

    if (totals->elements != first->elements || totals->pages != first->pages)
        return read_again(call, elements, ret_more, CLOUD_EPROTOCOL,
                          "; page %d: %lld pages, total %lld", listing->page,
                          (long long)totals->pages, (long long)totals->elements);
    if (repeated == here && is_full && listing->page > 1)
        return cc_fail(&call->error, CLOUD_EPROTOCOL,
                       "page %d of the listing repeats an earlier page: %s", listing->page,
                       cc_listing_describe(paging, first, listing->first_count, text));
    /* a listing without pages may name a thing twice: ECS lists an image once for each zone */
    if (repeated && paging->page_param)
        return read_again(call, elements, ret_more, CLOUD_ECONFLICT,
                          "; page %d repeats %zu of its %zu elements", listing->page, repeated,
                          here);
    if (listing->page >= cc_listing_pages(paging, first, listing->size))
        return end_reading(call, elements, ret_more);
    if (!is_full)
        return read_again(call, elements, ret_more, CLOUD_EPROTOCOL, "; page %d holds %zu",
                          listing->page, here);
    listing->page++;
    *ret_more = true;
    return CLOUD_OK;
}

int cc_listing_end_page(struct cc_call *call, bool *ret_more)
{
    const struct cc_paging *paging = cc_call_step(call)->paging;
    struct cc_listing *listing = &call->listing;
    struct elements elements = elements_of(call, paging);
    size_t here = *elements.count - listing->before, repeated;
    int rc = complete_totals(call, paging, here);

    if (rc || call->options.page)
        return rc; /* the caller compares a single page with the others */
    if (listing->page == 1) {
        listing->first = listing->totals;
        listing->first_count = here;
        listing->size = cc_listing_size(paging, &listing->first, here);
    }
    rc = add_ids(call, &elements, &repeated);
    if (rc)
        return rc;
    return call->options.ids ? end_page_of_some(call, paging, here, repeated, ret_more)
                             : end_page(call, paging, &elements, here, repeated, ret_more);
}
