/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads listings page by page. No vendor promises a snapshot between pages. So a listing of several
 * pages is read until two readings agree, and one that keeps changing ends in an error: elements
 * are never lost silently.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/engine/call.h"
#include "core/base/error.h"

#define RESTARTS 3

/* the elements that the pages have added to the result; each begins with a pointer to its id */
struct elements {
    const char *array;
    size_t *count, element_size;
};

void cc_listing_begin(struct cc_call *call)
{
    call->listing.page = call->options.page ? call->options.page : 1;
}

void cc_listing_add_page(const struct cc_call *call, struct cc_hook *hook)
{
    const struct cc_paging *paging = cc_call_step(call)->paging;

    cc_tree_set_int(hook->tree, hook->root, paging->page_param, call->listing.page);
    cc_tree_set_int(hook->tree, hook->root, paging->size_param, paging->size);
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

static int by_id(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;

    return strcmp(*left, *right);
}

static int find_repeated(const struct elements *elements, bool *ret_repeated,
                         struct cloud_error *err)
{
    size_t count = *elements->count;
    cc_auto_free const char **ids = calloc(count + 1, sizeof(*ids));

    *ret_repeated = false;
    if (!ids)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    for (size_t i = 0; i < count; i++)
        ids[i] = id_at(elements, i);
    qsort(ids, count, sizeof(*ids), by_id);
    for (size_t i = 1; i < count; i++)
        *ret_repeated |= !strcmp(ids[i - 1], ids[i]);
    return CLOUD_OK;
}

/* @path: path of the number in the envelope's data; after a '^', in the whole answer */
static int read_total(const struct cc_envelope *envelope, const char *path, int64_t *ret_total,
                      struct cloud_error *err)
{
    const struct cc_value *from = *path == '^' ? envelope->root : envelope->data;
    const char *text;
    char *end;

    path += *path == '^';
    text = cc_value_text(cc_value_find(from, path));
    if (!text)
        return cc_fail(err, CLOUD_EPROTOCOL, "the answer has no %s", path);
    errno = 0;
    *ret_total = strtoll(text, &end, 10);
    if (end == text || *end || errno || *ret_total < 0)
        return cc_fail(err, CLOUD_EPROTOCOL, "the answer's %s is \"%.40s\", not a number", path,
                       text);
    return CLOUD_OK;
}

static int restart(struct cc_listing *listing, const struct elements *elements, bool *ret_more,
                   struct cloud_error *err)
{
    if (listing->restarts++ == RESTARTS)
        return cc_fail(err, CLOUD_ECONFLICT,
                       "the listing changed while it was read, %d times; try again", RESTARTS + 1);
    *elements->count = 0;
    listing->page = 1;
    *ret_more = true;
    return CLOUD_OK;
}

/*
 * Whether this reading found the same ids in the same order as the reading before (FNV-1a). Page
 * counts and totals do not show that an element moved to another page because an earlier one was
 * deleted, or that one was deleted and another created.
 */
static bool matches_previous(struct cc_listing *listing, const struct elements *elements)
{
    uint64_t before = listing->digest, digest = UINT64_C(14695981039346656037);

    for (size_t i = 0; i < *elements->count; i++) {
        for (const char *id = id_at(elements, i);; id++) {
            digest = (digest ^ (unsigned char)*id) * UINT64_C(1099511628211);
            if (!*id)
                break;
        }
    }
    listing->digest = digest;
    return digest == before;
}

/*
 * A listing that is read for @wanted of its instances needs only one reading: each call gets its
 * own instance, and one that moved between pages meanwhile is requested alone (coalesce.c). A
 * listing with more pages than wanted instances is not read: single requests are cheaper.
 */
static int end_page_of_some(struct cc_listing *listing, const struct cc_paging *paging,
                            size_t count, size_t wanted, bool *ret_more, struct cloud_error *err)
{
    int64_t total = listing->total, size = paging->size;
    int64_t pages = paging->pages ? total : (total + size - 1) / size;
    bool is_full = count >= (size_t)listing->page * (size_t)size;

    if (listing->page == 1 && pages > (int64_t)wanted)
        return cc_fail(err, CLOUD_ETOOBIG, "the listing has %lld pages", (long long)pages);
    *ret_more = is_full && listing->page < pages;
    listing->page += *ret_more;
    return CLOUD_OK;
}

/* after the last page: whether all pages together are one consistent listing */
static int check_whole(struct cc_listing *listing, const struct cc_paging *paging,
                       const struct elements *elements, bool *ret_consistent,
                       struct cloud_error *err)
{
    bool repeated, incomplete = !paging->pages && (int64_t)*elements->count != listing->total;
    int rc = find_repeated(elements, &repeated, err);

    *ret_consistent =
        !repeated && !incomplete && (listing->page == 1 || matches_previous(listing, elements));
    return rc;
}

int cc_listing_end_page(struct cc_call *call, const struct cc_envelope *envelope, bool *ret_more)
{
    const struct cc_paging *paging = cc_call_step(call)->paging;
    struct cc_listing *listing = &call->listing;
    struct elements elements = elements_of(call, paging);
    size_t count = *elements.count;
    int64_t before = listing->total;
    bool last, consistent;
    int rc = read_total(envelope, paging->pages ? paging->pages : paging->total, &listing->total,
                        &call->error);

    if (rc)
        return rc;
    if (call->options.ids)
        return end_page_of_some(listing, paging, count, call->options.id_count, ret_more,
                                &call->error);
    if (call->options.page)
        return CLOUD_OK; /* the caller compares it with the other pages */
    if (listing->page > 1 && listing->total != before)
        return restart(listing, &elements, ret_more, &call->error);
    last = paging->pages ? listing->page >= listing->total : (int64_t)count >= listing->total;
    if (!last && count < (size_t)listing->page * (size_t)paging->size)
        return restart(listing, &elements, ret_more, &call->error); /* a page was short */
    if (!last) {
        listing->page++;
        *ret_more = true;
        return CLOUD_OK;
    }
    rc = check_whole(listing, paging, &elements, &consistent, &call->error);
    return rc || consistent ? rc : restart(listing, &elements, ret_more, &call->error);
}
