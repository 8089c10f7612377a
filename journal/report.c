/* SPDX-License-Identifier: Apache-2.0 */
/* Compares the journal with the cloud and reports every difference. Changes nothing. */
#include "journal/journal.h"

#include <stdarg.h>
#include <stdio.h>

static const char *const finding_names[] = { "unsettled", "missed", "duplicated", "orphaned",
                                             "expiry",    "flag",   "both_renew" };
_Static_assert(CC_COUNT(finding_names) == CLOUD_FINDING__COUNT, "a name for every finding");

const char *cloud_finding_name(enum cloud_finding_kind kind)
{
    return (unsigned)kind < CLOUD_FINDING__COUNT ? finding_names[kind] : NULL;
}

/* An instance of the cloud, and its last state by the journal. The keys are in the arena. */
struct seen {
    const struct cloud_instance *instance;
    const char *renewal_key;    /* NULL: none whose expiry is known */
    const char *auto_renew_key; /* turned automatic renewal on */
    const char *both_key;       /* renewed while automatic renewal was on */
    int64_t expires_at;
    bool bought; /* a key of the journal has its fingerprint */
};

struct report {
    struct cloud_client *client;
    const struct cc_entry *scope;
    struct cc_arena *arena;
    struct seen *seen; /* sorted by id */
    size_t count;
    int lag_s;
    cloud_finding_fn each;
    void *user_data;
};

static int emit(struct report *r, enum cloud_finding_kind kind, const char *key,
                const char *instance_id, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* CLOUD_ECANCELLED: the caller stops the report */
static int emit(struct report *r, enum cloud_finding_kind kind, const char *key,
                const char *instance_id, const char *format, ...)
{
    struct cloud_finding finding = { .kind = kind,
                                     .key = key ? key : "",
                                     .instance_id = instance_id ? instance_id : "" };
    char message[600];
    va_list args;

    va_start(args, format);
    vsnprintf(message, sizeof(message), format, args);
    va_end(args);
    finding.message = message;
    return r->each(&finding, r->user_data) ? CLOUD_OK : CLOUD_ECANCELLED;
}

static int by_id(const void *a, const void *b)
{
    return strcmp(((const struct seen *)a)->instance->id, ((const struct seen *)b)->instance->id);
}

static struct seen *find(const struct report *r, const char *id)
{
    const struct cloud_instance instance = { .id = id };
    const struct seen like = { .instance = &instance };

    return r->count ? bsearch(&like, r->seen, r->count, sizeof(like), by_id) : NULL;
}

/* whether it was bought so recently that the vendor may not show it yet */
static bool is_fresh(const struct report *r, const struct cc_entry *entry)
{
    int64_t now = cloud_client_vendor_time(r->client);

    return now != CLOUD_TIME_NONE && now < entry->sent_at + r->lag_s;
}

/* counts the instances with the fingerprint of a key */
static int count_fingerprints(struct report *r, const char *key, size_t *ret_count,
                              struct cloud_error *err)
{
    char fingerprint[CLOUD_MARK_MAX];
    int rc = cloud_operation_mark(key, fingerprint, err);

    *ret_count = 0;
    for (size_t i = 0; !rc && i < r->count; i++) {
        if (!cc_instance_has_fingerprint(r->seen[i].instance, fingerprint))
            continue;
        r->seen[i].bought = true;
        ++*ret_count;
    }
    return rc;
}

static int check_bought(struct report *r, const struct cc_entry *entry, struct cloud_error *err)
{
    char *ids = cc_arena_strdup(r->arena, entry->ids), *id;
    int64_t ordered = cc_kv_number(entry->params, "count");
    size_t bought = 0, found;
    int rc = count_fingerprints(r, entry->key, &found, err);

    while (!rc && ids && *ids && (id = strsep(&ids, ","))) {
        bought++;
        if (!find(r, id) && !is_fresh(r, entry))
            rc = emit(r, CLOUD_FINDING_MISSED, entry->key, id,
                      "it was bought, but the cloud does not list it; if it was not deleted since, "
                      "look at the vendor's list of orders");
        if (!ids)
            break;
    }
    if (!rc && !bought && !found && !is_fresh(r, entry))
        rc = emit(r, CLOUD_FINDING_MISSED, entry->key, "",
                  "it was bought, but no instance has its fingerprint; if it was not deleted "
                  "since, look at the vendor's list of orders");
    if (!bought) /* the vendor's reply named a task instead */
        bought = ordered > 0 ? (size_t)ordered : 1;
    if (!rc && found > bought)
        rc = emit(r, CLOUD_FINDING_DUPLICATED, entry->key, entry->ids,
                  "%zu instances have the fingerprint of this key, but %zu were bought; look at "
                  "the vendor's list of orders",
                  found, bought);
    return rc;
}

static int note_change(struct report *r, const struct cc_entry *entry, struct cloud_error *err)
{
    enum cloud_op op = cc_entry_op(entry);
    struct seen *seen = find(r, entry->instance_id);
    const char *key = seen ? cc_arena_strdup(r->arena, entry->key) : NULL;

    if (!seen)
        return CLOUD_OK;
    if (!key)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (op == CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE)
        seen->auto_renew_key = key;
    if (op == CLOUD_OP_RENEW_INSTANCE) {
        /* an expiry that the vendor did not show yet is not compared */
        seen->renewal_key = entry->expires_after ? key : NULL;
        seen->expires_at = entry->expires_after;
    }
    if (op == CLOUD_OP_RENEW_INSTANCE && cc_kv_number(entry->before, "vendor_renews"))
        seen->both_key = key;
    return CLOUD_OK;
}

static int check_entry(struct cloud_journal *journal, struct cc_entry *entry, void *user_data,
                       struct cloud_error *err)
{
    struct report *r = user_data;

    (void)journal;
    if (strcmp(entry->provider, r->scope->provider) != 0 ||
        strcmp(entry->account, r->scope->account) != 0 ||
        strcmp(entry->region, r->scope->region) != 0)
        return CLOUD_OK;
    if (!cc_entry_settled(entry))
        return emit(r, CLOUD_FINDING_UNSETTLED, entry->key, entry->instance_id,
                    "%s is \"%s\"; resolve it. %s", entry->op, entry->state, entry->reason);
    if (!cc_entry_is(entry, CLOUD_JOURNAL_APPLIED))
        return CLOUD_OK;
    return cc_entry_op(entry) == CLOUD_OP_CREATE_INSTANCE ? check_bought(r, entry, err)
                                                          : note_change(r, entry, err);
}

static bool is_fingerprint(const char *text)
{
    return text && strncmp(text, "op", 2) == 0 &&
           strspn(text + 2, "0123456789abcdef") == CLOUD_MARK_MAX - 3;
}

static bool has_fingerprint(const struct cloud_instance *instance)
{
    for (size_t i = 0; i < instance->tag_count; i++) {
        if (is_fingerprint(instance->tags[i].key) || is_fingerprint(instance->tags[i].value))
            return true;
    }
    for (const char *at = instance->name; at && (at = strstr(at, "-op")); at++) {
        if (is_fingerprint(at + 1))
            return true;
    }
    return false;
}

static int check_instance(struct report *r, const struct seen *seen)
{
    const struct cloud_instance *i = seen->instance;
    char is[CLOUD_TIME_MAX], was[CLOUD_TIME_MAX];
    int rc = CLOUD_OK;

    if (!seen->bought && has_fingerprint(i))
        rc = emit(
            r, CLOUD_FINDING_ORPHANED, "", i->id,
            "it has the fingerprint of an operation key with which this journal did not buy it");
    if (!rc && seen->renewal_key && i->expires_at != seen->expires_at)
        rc = emit(r, CLOUD_FINDING_EXPIRY, seen->renewal_key, i->id,
                  "it expires at %s, but at %s after the last renewal",
                  cloud_time_format(i->expires_at, is), cloud_time_format(seen->expires_at, was));
    if (rc || !(seen->auto_renew_key || seen->both_key || seen->renewal_key))
        return rc;
    if (!cc_auto_renew_is_on(r->client, i)) {
        if (seen->auto_renew_key)
            rc = emit(r, CLOUD_FINDING_FLAG, seen->auto_renew_key, i->id,
                      "automatic renewal was turned on, but is off now");
        return rc;
    }
    if (seen->renewal_key || seen->both_key)
        rc = emit(r, CLOUD_FINDING_BOTH_RENEW,
                  seen->renewal_key ? seen->renewal_key : seen->both_key, i->id,
                  "it was renewed through the journal, and the vendor's automatic renewal is on: "
                  "both are charged; keep one of them");
    return rc;
}

static int compare(struct report *r, struct cloud_journal *journal, const struct cloud_result *list,
                   struct cloud_error *err)
{
    int rc;

    r->seen = cc_arena_alloc(r->arena, (list->instance_count + 1) * sizeof(*r->seen));
    if (!r->seen)
        return cc_fail(err, CLOUD_ENOMEM, "out of memory");
    for (; r->count < list->instance_count; r->count++)
        r->seen[r->count].instance = &list->instances[r->count];
    qsort(r->seen, r->count, sizeof(*r->seen), by_id);
    rc = cc_entries_each(journal, NULL, check_entry, r, err);
    for (size_t i = 0; !rc && i < r->count; i++)
        rc = check_instance(r, &r->seen[i]);
    return rc == CLOUD_ECANCELLED ? CLOUD_OK : rc;
}

int cloud_journal_report(struct cloud_journal *journal, struct cloud_client *client,
                         cloud_finding_fn each, void *user_data, struct cloud_error *err)
{
    struct report r = { .client = client, .each = each, .user_data = user_data };
    cc_auto_entry struct cc_entry scope = { 0 };
    struct cloud_result list = CLOUD_RESULT_INIT;
    int rc = cc_need_for_call(journal, client, NULL, NULL, err);

    if (!rc)
        rc = cc_need(each, "each", err);
    if (rc)
        return rc;
    cc_error_clear(err);
    r.lag_s = journal->lag_s;
    r.arena = cc_arena_new();
    r.scope = &scope;
    rc = r.arena ? cc_entry_set_scope(&scope, client, err)
                 : cc_fail(err, CLOUD_ENOMEM, "out of memory");
    if (!rc)
        rc = cloud_call(client, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &list, err);
    if (!rc)
        rc = compare(&r, journal, &list, err);
    cloud_result_clear(&list);
    cc_arena_free(r.arena);
    return rc;
}
