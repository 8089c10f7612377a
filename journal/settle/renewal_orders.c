/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Searches JD Cloud's list of orders for the order of a renewal whose reply was lost. Only the
 * detail of an order names its instance, so the orders of that time are read one by one, the
 * nearest first. No document says how the list is sorted, nor the unit and the zone of its times
 * [inferred: milliseconds, China's zone]. So an order that is found is evidence, and one that is
 * not found proves nothing.
 */
#include "journal/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define PAGE 100
#define MAX_PAGES 10
#define MAX_READ 40
#define MAX_MATCHES 4
#define CLOCKS_S 60 /* how much the clocks of the vendor's services may differ */
#define CHINA_S (8 * 3600)

struct listed {
    const char *number;
    int64_t created_at, distance_s; /* distance: from the time when ours was sent */
};

struct order_search {
    struct cc_settlement *s;
    const char *product;
    int months;              /* the period that was ordered */
    int64_t from, to;        /* the times between which it can have been created */
    struct cc_buf *excluded; /* orders of other renewals, and earlier ones of this: ",a,b," */
    size_t unnumbered;       /* earlier renewals that were applied and whose order is not known */
    struct listed *listed;
    size_t count;       /* of @listed */
    bool is_incomplete; /* there are more orders than were read */
    bool item_matches;  /* the order that was read is for our resource and our period */
    long pages;
    struct cc_vendor_task matches[MAX_MATCHES];
    size_t match_count;
    size_t automatic; /* number of matches that the vendor's automatic renewal may have made */
};

static int months_of(int64_t count, enum cloud_period_unit unit)
{
    return unit == CLOUD_PERIOD_YEAR    ? (int)count * 12
           : unit == CLOUD_PERIOD_MONTH ? (int)count
                                        : 0;
}

static int ordered_months(struct cc_entry *entry)
{
    const char *text = cc_kv_find(entry->arena, entry->params, "period", 0, NULL);
    struct cloud_period period;

    return text && !cloud_period_parse(text, &period, NULL) ? months_of(period.count, period.unit)
                                                            : 0;
}

static void exclude(struct order_search *search, const char *numbers)
{
    if (*numbers)
        cc_buf_puts_all(search->excluded, numbers, ",", NULL);
}

static bool is_excluded(const struct order_search *search, const char *number)
{
    char between[96];

    snprintf(between, sizeof(between), ",%s,", number);
    return strstr(cc_buf_text(search->excluded), between);
}

/* collects the orders of earlier renewals of the instance from the journal, back to @from */
static int exclude_known(struct order_search *search, struct cloud_error *err)
{
    struct cc_entry like = *search->s->entry;

    cc_buf_puts(search->excluded, ",");
    exclude(search, search->s->entry->order_id);
    for (;;) {
        cc_auto_entry struct cc_entry previous = { 0 };
        int rc = cc_entries_previous(search->s->journal, &like, false, &previous, err);

        if (rc)
            return rc;
        if (!previous.id || (previous.sent_at ? previous.sent_at : previous.written_at) <
                                search->from - 2 * CC_SIGNATURE_LIFE_S - CLOCKS_S)
            break;
        exclude(search, previous.order_id);
        search->unnumbered += cc_entry_is(&previous, CLOUD_JOURNAL_APPLIED) && previous.sent_at &&
                              !*cc_order_last(&previous, search->product);
        like.id = previous.id;
    }
    return search->excluded->failed ? cc_fail(err, CLOUD_ENOMEM, "out of memory") : CLOUD_OK;
}

typedef void (*read_fn)(struct order_search *search, const struct cc_value *root);

static int query_vendor(struct order_search *search, const char *action, const char *query,
                        read_fn read, struct cloud_error *err)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    cc_auto_buf struct cc_buf text = { 0 };
    struct cc_doc *doc = NULL;
    int rc = cloud_invoke(search->s->client, action, query, &result, err);

    if (!rc) {
        cc_buf_puts(&text, result.json ? result.json : "null");
        rc = text.failed ? cc_fail(err, CLOUD_ENOMEM, "out of memory")
                         : cc_doc_parse(text.data, text.len, &doc, err);
    }
    if (!rc)
        read(search, cc_doc_root(doc));
    cc_doc_free(doc);
    cloud_result_clear(&result);
    return rc;
}

static const char *text_at(const struct cc_value *value, const char *name)
{
    const char *text = cc_value_text(cc_value_find(value, name));

    return text ? text : "";
}

static int64_t time_at(const struct cc_value *value, const char *name)
{
    struct tm tm = { 0 };
    const char *end = strptime(text_at(value, name), "%Y-%m-%d %H:%M:%S", &tm);

    return end && !*end ? (int64_t)timegm(&tm) - CHINA_S : CLOUD_TIME_NONE;
}

/* whether the text can be an order's number: safe in a query and in a list with commas */
static bool is_number(const char *text)
{
    static const char letters[] =
        "0123456789-_ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t len = strspn(text, letters);

    return len && len < 64 && !text[len];
}

static void add_listed(struct order_search *search, const struct cc_value *order)
{
    const char *number = text_at(order, "orderNumber"), *type = text_at(order, "orderType");
    int64_t created_at = time_at(order, "createTime"), sent = search->s->entry->sent_at;
    struct listed listed = { .created_at = created_at,
                             .distance_s =
                                 created_at < sent ? sent - created_at : created_at - sent };

    if (!is_number(number) || (*type && strcmp(type, "RENEW") != 0) || created_at < search->from ||
        created_at > search->to || is_excluded(search, number))
        return;
    for (size_t i = 0; i < search->count; i++) {
        if (strcmp(search->listed[i].number, number) == 0)
            return;
    }
    listed.number = cc_arena_strdup(search->s->entry->arena, number);
    if (listed.number && search->count < PAGE * MAX_PAGES)
        search->listed[search->count++] = listed;
    else
        search->is_incomplete = true;
}

static void read_page(struct order_search *search, const struct cc_value *root)
{
    struct cc_iter iter = { .container = cc_value_find(root, "resultList") };
    const struct cc_value *order;

    search->pages = strtol(text_at(root, "totalPage"), NULL, 10);
    while ((order = cc_iter_next(&iter, NULL)))
        add_listed(search, order);
}

static int read_list(struct order_search *search, struct cloud_error *err)
{
    int rc = CLOUD_OK;

    search->pages = 1;
    for (int page = 1; !rc && page <= search->pages && page <= MAX_PAGES; page++) {
        char query[400];

        snprintf(query, sizeof(query),
                 "{\"queryVo\":{\"appCode\":\"jcloud\",\"serviceCode\":\"%s\","
                 "\"orderType\":\"RENEW\",\"startTime\":%" PRId64 ",\"endTime\":%" PRId64
                 ",\"pageNumber\":%d,\"pageSize\":%d}}",
                 search->product, search->from * 1000, search->to * 1000, page, PAGE);
        rc = query_vendor(search, "queryOrders", query, read_page, err);
    }
    search->is_incomplete |= search->pages > MAX_PAGES;
    return rc;
}

static bool is_our_item(const struct order_search *search, const char *item)
{
    const struct cc_entry *entry = search->s->entry;
    char name[64];

    if (strcmp(search->product, CC_VM) == 0)
        return strcmp(item, entry->instance_id) == 0;
    snprintf(name, sizeof(name), "disk_expires:%.48s", item);
    return *item && cc_kv_number(entry->before, name);
}

static bool has_our_period(const struct order_search *search, const struct cc_value *item)
{
    const char *unit = text_at(item, "unit");
    int64_t count = strtoll(text_at(item, "chargeDuration"), NULL, 10);

    return count > 0 && count <= 1200 &&
           search->months == months_of(count, strcmp(unit, "YEAR") == 0    ? CLOUD_PERIOD_YEAR
                                              : strcmp(unit, "MONTH") == 0 ? CLOUD_PERIOD_MONTH
                                                                           : CLOUD_PERIOD_DAY);
}

/* Items are in the order, in its sub-orders, and in other items. */
static void read_items(struct order_search *search, const struct cc_value *value)
{
    struct cc_iter iter = { .container = value };
    const struct cc_value *below;

    if (is_our_item(search, text_at(value, "itemId")) && has_our_period(search, value))
        search->item_matches = true;
    while (!search->item_matches && (below = cc_iter_next(&iter, NULL)))
        read_items(search, below);
}

static int read_order(struct order_search *search, const struct listed *listed,
                      struct cloud_error *err)
{
    char query[160];
    int rc;

    snprintf(query, sizeof(query), "{\"orderNumber\":\"%.64s\",\"includeDetail\":true}",
             listed->number);
    search->item_matches = false;
    rc = query_vendor(search, "queryOrder", query, read_items, err);
    if (rc || !search->item_matches)
        return rc == CLOUD_ENOTFOUND ? CLOUD_OK : rc;
    if (search->match_count == MAX_MATCHES) {
        search->is_incomplete = true;
        return CLOUD_OK;
    }
    search->automatic += cc_auto_renew_may_have_run(search->s->entry, listed->created_at);
    return cc_vendor_task_read(search->s, listed->number, &search->matches[search->match_count++],
                               err);
}

static int by_distance(const void *a, const void *b)
{
    const struct listed *one = a, *other = b;

    return (one->distance_s > other->distance_s) - (one->distance_s < other->distance_s);
}

static int read_orders(struct order_search *search, struct cloud_error *err)
{
    int rc = CLOUD_OK;

    qsort(search->listed, search->count, sizeof(*search->listed), by_distance);
    for (size_t i = 0; !rc && i < search->count && i < MAX_READ; i++)
        rc = read_order(search, &search->listed[i], err);
    search->is_incomplete |= search->count > MAX_READ;
    return rc;
}

static size_t count_of(const struct order_search *search, enum cc_vendor_task_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < search->match_count; i++)
        count += search->matches[i].state == state;
    return count;
}

/* lists all matches as text: their numbers in ret->id, their states in ret->vendor_state */
static int list_matches(struct order_search *search, struct cc_vendor_task *ret,
                        struct cloud_error *err)
{
    cc_auto_buf struct cc_buf numbers = { 0 }, states = { 0 };
    struct cc_arena *arena = search->s->entry->arena;

    for (size_t i = 0; i < search->match_count; i++) {
        cc_buf_puts_all(&numbers, i ? ", " : "", search->matches[i].id, NULL);
        cc_buf_puts_all(&states, i ? ", " : "", search->matches[i].vendor_state, NULL);
    }
    ret->state = CC_VENDOR_TASK_AMBIGUOUS;
    ret->id = cc_arena_strdup(arena, cc_buf_text(&numbers));
    ret->vendor_state = cc_arena_strdup(arena, cc_buf_text(&states));
    return ret->id && ret->vendor_state ? CLOUD_OK : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

/*
 * Decides whether our order is among the matches, and its state. The vendor's automatic renewal
 * makes at most one order. Each earlier renewal without a known order made one, which was paid.
 * When there are more matches than these and all have the same state, our order has that state too.
 */
static int find_ours(struct order_search *search, struct cc_vendor_task *ret,
                     struct cloud_error *err)
{
    size_t done = count_of(search, CC_VENDOR_TASK_DONE),
           failed = count_of(search, CC_VENDOR_TASK_FAILED), automatic = search->automatic ? 1 : 0;
    bool ours;

    if (!search->match_count || (failed == search->match_count && automatic >= failed))
        return CLOUD_OK;
    if (done == search->match_count) {
        if (!automatic && done <= search->unnumbered)
            return CLOUD_OK;
        ours = done > automatic + search->unnumbered;
    } else {
        /* A failed order may be made by a person, while ours may still arrive. */
        ours = (failed == search->match_count && cc_absence_is_evidence(search->s)) ||
               (search->match_count == 1 && !automatic &&
                search->matches[0].state == CC_VENDOR_TASK_OPEN);
    }
    if (!ours)
        return list_matches(search, ret, err);
    *ret = search->matches[0];
    return cc_order_add(search->s->entry, search->product, ret->id, err);
}

static int explain(struct order_search *search, struct cc_vendor_task *ret,
                   const struct cloud_error *why, struct cloud_error *err)
{
    struct cc_arena *arena = search->s->entry->arena;

    if (ret->state != CC_VENDOR_TASK_NONE || !(why->code || search->is_incomplete))
        return CLOUD_OK;
    if (why->code)
        ret->vendor_state = cc_arena_printf(
            arena, "the vendor's list of orders cannot be read: %.150s", why->message);
    else
        ret->vendor_state = cc_arena_printf(
            arena, "the vendor has more orders of that time than the %d that were read", MAX_READ);
    return ret->vendor_state ? CLOUD_OK : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

int cc_order_search(struct cc_settlement *s, const char *product, struct cc_vendor_task *ret,
                    struct cloud_error *err)
{
    struct cc_entry *entry = s->entry;
    cc_auto_buf struct cc_buf excluded = { 0 };
    /* A signature by our clock is accepted when that clock is up to 15 minutes off. */
    int64_t early = entry->sent_by ? 0 : CC_SIGNATURE_LIFE_S;
    struct order_search search = { .s = s,
                                   .product = product,
                                   .months = ordered_months(entry),
                                   .from = entry->sent_at - early - CLOCKS_S,
                                   .to = entry->sent_at + CC_SIGNATURE_LIFE_S + CLOCKS_S,
                                   .excluded = &excluded };
    struct cloud_error why = { 0 };
    int rc;

    *ret = (struct cc_vendor_task){ .id = "", .vendor_state = "", .ids = "" };
    if (strcmp(entry->provider, "jdcloud") != 0 || !entry->sent_at || !search.months)
        return CLOUD_OK;
    search.listed = cc_arena_alloc(entry->arena, PAGE * MAX_PAGES * sizeof(*search.listed));
    if (!search.listed)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    rc = exclude_known(&search, err);
    if (rc)
        return rc;
    if (!read_list(&search, &why))
        read_orders(&search, &why);
    rc = find_ours(&search, ret, err);
    return rc ? rc : explain(&search, ret, &why, err);
}
