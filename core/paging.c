/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Listings in pages. No vendor promises a snapshot between pages, so a listing of several is read until two readings
 * agree; one that keeps changing while it is read is an error in the end: never silence.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "core/call.h"
#include "core/error.h"

#define RESTARTS 3

void cc_page_ask(struct cc_call *call, struct cc_hook *hook)
{
    const struct cc_paging *paging = cc_call_step(call)->paging;

    if (!call->page)
        call->page = call->only_page ? call->only_page : 1;
    cc_tree_set_int(hook->tree, hook->root, paging->page_param, call->page);
    cc_tree_set_int(hook->tree, hook->root, paging->size_param, paging->size);
}

static size_t *count_of(struct cc_call *call, const struct cc_paging *paging)
{
    return (size_t *)((char *)&call->result + paging->count_at);
}

static const char *id_of(const void *element)
{
    const char *id;

    memcpy(&id, element, sizeof(id));
    return id ? id : "";
}

static int by_id(const void *a, const void *b)
{
    const char *const *left = a, *const *right = b;

    return strcmp(*left, *right);
}

/* does any element stand twice? */
static int find_repeated(struct cc_call *call, const struct cc_paging *paging, bool *ret_repeated)
{
    size_t count = *count_of(call, paging);
    const char *array;
    cc_auto_free const char **ids = calloc(count + 1, sizeof(*ids));

    *ret_repeated = false;
    if (!ids)
        return cc_fail(&call->error, CLOUD_ENOMEM, "out of memory");
    memcpy(&array, (char *)&call->result + paging->array_at, sizeof(array));
    for (size_t i = 0; i < count; i++)
        ids[i] = id_of(array + i * paging->element_size);
    qsort(ids, count, sizeof(*ids), by_id);
    for (size_t i = 1; i < count; i++)
        *ret_repeated |= !strcmp(ids[i - 1], ids[i]);
    return CLOUD_OK;
}

static int read_total(struct cc_call *call, const struct cc_envelope *envelope, const struct cc_value *root,
                      const char *path, int64_t *ret_total)
{
    const struct cc_value *value = *path == '^' ? cc_value_find(root, path + 1) : cc_value_find(envelope->data, path);
    const char *text = cc_value_text(value);
    char *end;

    path += *path == '^';
    if (!text)
        return cc_fail(&call->error, CLOUD_EPROTOCOL, "the answer has no %s", path);
    errno = 0;
    *ret_total = strtoll(text, &end, 10);
    if (end == text || *end || errno || *ret_total < 0)
        return cc_fail(&call->error, CLOUD_EPROTOCOL, "the answer's %s is \"%.40s\", not a number", path, text);
    return CLOUD_OK;
}

static int start_again(struct cc_call *call, const struct cc_paging *paging, bool *ret_more)
{
    if (call->listing_restarts++ == RESTARTS)
        return cc_fail(&call->error, CLOUD_ECONFLICT, "the listing changed while it was read, %d times; try again",
                       RESTARTS + 1);
    *count_of(call, paging) = 0;
    call->page = 1;
    call->total = -1;
    call->attempt = 0;
    *ret_more = true;
    return CLOUD_OK;
}

/*
 * Neither a number of pages nor a total tells that one element went, or one went and another came, and the next slid
 * over the edge of a page: only the same ids in the same order, twice, do (FNV-1a).
 */
static bool is_as_before(struct cc_call *call, const struct cc_paging *paging)
{
    uint64_t before = call->listing_digest, digest = UINT64_C(14695981039346656037);
    const char *array;

    memcpy(&array, (char *)&call->result + paging->array_at, sizeof(array));
    for (size_t i = 0; i < *count_of(call, paging); i++) {
        for (const char *id = id_of(array + i * paging->element_size);; id++) {
            digest = (digest ^ (unsigned char)*id) * UINT64_C(1099511628211);
            if (!*id)
                break;
        }
    }
    call->listing_digest = digest;
    return digest == before;
}

/*
 * Of a listing that is read for some instances of it only one reading is needed: each is answered for itself, and whoever
 * slid from one page to another meanwhile is asked for alone (coalesce.c). One of more pages than questions is not worth it.
 */
static int judge_for_some(struct cc_call *call, const struct cc_paging *paging, int64_t total, bool *ret_more)
{
    int64_t pages = paging->pages ? total : (total + paging->size - 1) / paging->size;
    bool whole = *count_of(call, paging) >= (size_t)call->page * (size_t)paging->size;

    if (call->page == 1 && pages > (int64_t)call->id_count)
        return cc_fail(&call->error, CLOUD_ETOOBIG, "the listing has %lld pages", (long long)pages);
    *ret_more = whole && call->page < pages;
    call->page += *ret_more;
    if (*ret_more)
        call->attempt = 0;
    return CLOUD_OK;
}

int cc_page_judge(struct cc_call *call, const struct cc_envelope *envelope, const struct cc_value *root, bool *ret_more)
{
    const struct cc_paging *paging = cc_call_step(call)->paging;
    bool pages = paging->pages != NULL, repeated, last;
    int64_t total = 0;
    int rc = read_total(call, envelope, root, pages ? paging->pages : paging->total, &total);
    size_t count = *count_of(call, paging);

    if (rc)
        return rc;
    if (call->ids)
        return judge_for_some(call, paging, total, ret_more);
    if (call->total >= 0 && total != call->total)
        return start_again(call, paging, ret_more);
    call->total = total;
    if (call->only_page) {
        call->only_total = total;
        return CLOUD_OK; /* whether it fits the others is for whoever asked for it */
    }
    last = pages ? call->page >= total : (int64_t)count >= total;
    if (!last && count < (size_t)call->page * (size_t)paging->size)
        return start_again(call, paging, ret_more); /* a short page that is not the last */
    if (!last) {
        call->page++;
        call->attempt = 0;
        *ret_more = true;
        return CLOUD_OK;
    }
    rc = find_repeated(call, paging, &repeated);
    if (rc)
        return rc;
    if (repeated || (!pages && (int64_t)count != total) || (call->page > 1 && !is_as_before(call, paging)))
        return start_again(call, paging, ret_more);
    return CLOUD_OK;
}
