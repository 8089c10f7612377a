/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The order of a renewal whose answer was lost, looked for in JD Cloud's list of orders. For whom
 * an order is stands in its detail only, so that those of the time are read one by one, the nearest
 * first. What the list is sorted by, and in what unit and zone it tells time, no document says
 * [inferred: milliseconds, China's]: what is found counts, what is not found says nothing.
 */
#include "journal/journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>

#define PAGE 100
#define MOST_PAGES 10
#define MOST_READ 40
#define MOST_MATCHES 4
#define CLOCKS_S 60 /* as far as the clocks of the vendor's services may be apart */
#define CHINA_S (8 * 3600)

struct listed {
    const char *number;
    int64_t made, far; /* from when ours was sent */
};

struct seek {
    struct cc_case *c;
    const char *product;
    int months;           /* what was ordered */
    int64_t from, to;     /* when it can have been made */
    struct cc_buf *owned; /* known to be others', or earlier ones of ours: ",a,b," */
    size_t earlier;       /* renewals of the instance before, done, whose order is not known */
    struct listed *listed;
    size_t count;   /* of those that are listed */
    bool more;      /* than were looked at */
    bool item_ours; /* the order that was read is for what is ours, for as long */
    long pages;
    struct cc_vendor_task matches[MOST_MATCHES];
    size_t match_count;
    size_t vendors; /* of them the vendor may have made by itself */
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

static void own(struct seek *s, const char *numbers)
{
    if (*numbers)
        cc_buf_puts_all(s->owned, numbers, ",", NULL);
}

static bool is_owned(const struct seek *s, const char *number)
{
    char between[96];

    snprintf(between, sizeof(between), ",%s,", number);
    return strstr(cc_buf_text(s->owned), between);
}

/* what the renewals of this instance before were answered with; those too old to matter end it */
static int ask_journal(struct seek *s, struct cloud_error *err)
{
    struct cc_entry like = *s->c->entry;

    cc_buf_puts(s->owned, ",");
    own(s, s->c->entry->order_id);
    for (;;) {
        cc_auto_entry struct cc_entry past = { 0 };
        int rc = cc_entries_before(s->c->journal, &like, false, &past, err);

        if (rc)
            return rc;
        if (!past.id || (past.sent_at ? past.sent_at : past.written_at) <
                            s->from - 2 * CC_SIGNATURE_LIFE_S - CLOCKS_S)
            break;
        own(s, past.order_id);
        s->earlier += cc_entry_is(&past, CLOUD_JOURNAL_APPLIED) && past.sent_at &&
                      !*cc_order_of(&past, s->product);
        like.id = past.id;
    }
    return s->owned->failed ? cc_fail(err, CLOUD_ENOMEM, "out of memory") : CLOUD_OK;
}

typedef void (*read_fn)(struct seek *s, const struct cc_value *root);

static int ask_vendor(struct seek *s, const char *action, const char *query, read_fn read,
                      struct cloud_error *err)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    cc_auto_buf struct cc_buf text = { 0 };
    struct cc_doc *doc = NULL;
    int rc = cloud_invoke(s->c->client, action, query, &result, err);

    if (!rc) {
        cc_buf_puts(&text, result.json ? result.json : "null");
        rc = text.failed ? cc_fail(err, CLOUD_ENOMEM, "out of memory")
                         : cc_doc_parse(text.data, text.len, &doc, err);
    }
    if (!rc)
        read(s, cc_doc_root(doc));
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

/* one that can be asked for, and be told from others in a list */
static bool is_number(const char *text)
{
    static const char letters[] = "0123456789-_"
                                  "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    size_t len = strspn(text, letters);

    return len && len < 64 && !text[len];
}

static void note_listed(struct seek *s, const struct cc_value *order)
{
    const char *number = text_at(order, "orderNumber"), *type = text_at(order, "orderType");
    int64_t made = time_at(order, "createTime"), sent = s->c->entry->sent_at;
    struct listed listed = { .made = made, .far = made < sent ? sent - made : made - sent };

    if (!is_number(number) || (*type && strcmp(type, "RENEW") != 0) || made < s->from ||
        made > s->to || is_owned(s, number))
        return;
    for (size_t i = 0; i < s->count; i++) {
        if (strcmp(s->listed[i].number, number) == 0)
            return;
    }
    listed.number = cc_arena_strdup(s->c->entry->arena, number);
    if (listed.number && s->count < PAGE * MOST_PAGES)
        s->listed[s->count++] = listed;
    else
        s->more = true;
}

static void read_page(struct seek *s, const struct cc_value *root)
{
    struct cc_iter iter = { .container = cc_value_find(root, "resultList") };
    const struct cc_value *order;

    s->pages = strtol(text_at(root, "totalPage"), NULL, 10);
    while ((order = cc_iter_next(&iter, NULL)))
        note_listed(s, order);
}

static int read_list(struct seek *s, struct cloud_error *err)
{
    int rc = CLOUD_OK;

    s->pages = 1;
    for (int page = 1; !rc && page <= s->pages && page <= MOST_PAGES; page++) {
        char query[400];

        snprintf(query, sizeof(query),
                 "{\"queryVo\":{\"appCode\":\"jcloud\",\"serviceCode\":\"%s\","
                 "\"orderType\":\"RENEW\",\"startTime\":%" PRId64 ",\"endTime\":%" PRId64
                 ",\"pageNumber\":%d,\"pageSize\":%d}}",
                 s->product, s->from * 1000, s->to * 1000, page, PAGE);
        rc = ask_vendor(s, "queryOrders", query, read_page, err);
    }
    s->more |= s->pages > MOST_PAGES;
    return rc;
}

static bool is_ours(const struct seek *s, const char *item)
{
    const struct cc_entry *entry = s->c->entry;
    char name[64];

    if (strcmp(s->product, CC_VM) == 0)
        return strcmp(item, entry->instance_id) == 0;
    snprintf(name, sizeof(name), "disk_expires:%.48s", item);
    return *item && cc_kv_number(entry->before, name);
}

static bool is_as_long(const struct seek *s, const struct cc_value *item)
{
    const char *unit = text_at(item, "unit");
    int64_t count = strtoll(text_at(item, "chargeDuration"), NULL, 10);

    return count > 0 && count <= 1200 &&
           s->months == months_of(count, strcmp(unit, "YEAR") == 0    ? CLOUD_PERIOD_YEAR
                                         : strcmp(unit, "MONTH") == 0 ? CLOUD_PERIOD_MONTH
                                                                      : CLOUD_PERIOD_DAY);
}

/* items stand in the order, in orders below it, and in items */
static void read_items(struct seek *s, const struct cc_value *value)
{
    struct cc_iter iter = { .container = value };
    const struct cc_value *below;

    if (is_ours(s, text_at(value, "itemId")) && is_as_long(s, value))
        s->item_ours = true;
    while (!s->item_ours && (below = cc_iter_next(&iter, NULL)))
        read_items(s, below);
}

static int read_order(struct seek *s, const struct listed *listed, struct cloud_error *err)
{
    char query[160];
    int rc;

    snprintf(query, sizeof(query), "{\"orderNumber\":\"%.64s\",\"includeDetail\":true}",
             listed->number);
    s->item_ours = false;
    rc = ask_vendor(s, "queryOrder", query, read_items, err);
    if (rc || !s->item_ours)
        return rc == CLOUD_ENOTFOUND ? CLOUD_OK : rc;
    if (s->match_count == MOST_MATCHES) {
        s->more = true;
        return CLOUD_OK;
    }
    s->vendors += cc_vendor_may_renew(s->c->entry, listed->made);
    return cc_vendor_task_look(s->c, listed->number, &s->matches[s->match_count++], err);
}

static int by_distance(const void *a, const void *b)
{
    const struct listed *one = a, *other = b;

    return (one->far > other->far) - (one->far < other->far);
}

static int read_orders(struct seek *s, struct cloud_error *err)
{
    int rc = CLOUD_OK;

    qsort(s->listed, s->count, sizeof(*s->listed), by_distance);
    for (size_t i = 0; !rc && i < s->count && i < MOST_READ; i++)
        rc = read_order(s, &s->listed[i], err);
    s->more |= s->count > MOST_READ;
    return rc;
}

static size_t count_of(const struct seek *s, enum cc_vendor_task_state state)
{
    size_t count = 0;

    for (size_t i = 0; i < s->match_count; i++)
        count += s->matches[i].state == state;
    return count;
}

/* those that fit, as text: numbers in @ret->id, what the vendor says of them in @ret->says */
static int name_all(struct seek *s, struct cc_vendor_task *ret, struct cloud_error *err)
{
    cc_auto_buf struct cc_buf numbers = { 0 }, words = { 0 };
    struct cc_arena *arena = s->c->entry->arena;

    for (size_t i = 0; i < s->match_count; i++) {
        cc_buf_puts_all(&numbers, i ? ", " : "", s->matches[i].id, NULL);
        cc_buf_puts_all(&words, i ? ", " : "", s->matches[i].says, NULL);
    }
    ret->state = CC_VENDOR_TASK_MAYBE;
    ret->id = cc_arena_strdup(arena, cc_buf_text(&numbers));
    ret->says = cc_arena_strdup(arena, cc_buf_text(&words));
    return ret->id && ret->says ? CLOUD_OK : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

/*
 * Whether ours is among those that fit, and what became of it. The vendor's automatic renewal makes
 * one, a renewal before this one whose order is not known made one, which was paid: when there are
 * more, and all stand the same, ours stands so, too.
 */
static int weigh(struct seek *s, struct cc_vendor_task *ret, struct cloud_error *err)
{
    size_t done = count_of(s, CC_VENDOR_TASK_DONE), failed = count_of(s, CC_VENDOR_TASK_FAILED),
           vendors = s->vendors ? 1 : 0;
    bool ours;

    if (!s->match_count || (failed == s->match_count && vendors >= failed))
        return CLOUD_OK;
    if (done == s->match_count) {
        if (!vendors && done <= s->earlier)
            return CLOUD_OK;
        ours = done > vendors + s->earlier;
    } else {
        /* one that failed may be a person's, while ours is still to come */
        ours = (failed == s->match_count && cc_case_in_time(s->c)) ||
               (s->match_count == 1 && !vendors && s->matches[0].state == CC_VENDOR_TASK_OPEN);
    }
    if (!ours)
        return name_all(s, ret, err);
    *ret = s->matches[0];
    return cc_order_keep(s->c->entry, s->product, ret->id, err);
}

static int tell(struct seek *s, struct cc_vendor_task *ret, const struct cloud_error *why,
                struct cloud_error *err)
{
    struct cc_arena *arena = s->c->entry->arena;

    if (ret->state != CC_VENDOR_TASK_NONE || !(why->code || s->more))
        return CLOUD_OK;
    if (why->code)
        ret->says = cc_arena_printf(arena, "the vendor's list of orders cannot be read: %.150s",
                                    why->message);
    else
        ret->says = cc_arena_printf(
            arena, "the vendor has more orders of that time than the %d that were looked at",
            MOST_READ);
    return ret->says ? CLOUD_OK : cc_fail(err, CLOUD_ENOMEM, "out of memory");
}

int cc_order_search(struct cc_case *c, const char *product, struct cc_vendor_task *ret,
                    struct cloud_error *err)
{
    struct cc_entry *entry = c->entry;
    cc_auto_buf struct cc_buf owned = { 0 };
    /* signed by a clock that is not the vendor's, it was taken up to 15 minutes off */
    int64_t early = entry->sent_by ? 0 : CC_SIGNATURE_LIFE_S;
    struct seek s = { .c = c,
                      .product = product,
                      .months = ordered_months(entry),
                      .from = entry->sent_at - early - CLOCKS_S,
                      .to = entry->sent_at + CC_SIGNATURE_LIFE_S + CLOCKS_S,
                      .owned = &owned };
    struct cloud_error why = { 0 };
    int rc;

    *ret = (struct cc_vendor_task){ .id = "", .says = "", .ids = "" };
    if (strcmp(entry->provider, "jdcloud") != 0 || !entry->sent_at || !s.months)
        return CLOUD_OK;
    s.listed = cc_arena_alloc(entry->arena, PAGE * MOST_PAGES * sizeof(*s.listed));
    if (!s.listed)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    rc = ask_journal(&s, err);
    if (rc)
        return rc;
    if (!read_list(&s, &why))
        read_orders(&s, &why);
    rc = weigh(&s, ret, err);
    return rc ? rc : tell(&s, ret, &why, err);
}
