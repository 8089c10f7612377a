/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whether an instance was renewed: by the vendor's order where its number is known, else by the
 * expiry now against the expiry then. No other operation of this journal touched it meanwhile.
 * JD Cloud's renewal service takes one product at a time, so that a renewal is an order for the
 * instance and one for its disks: what was done in part is brought to its end.
 */
#include "journal/journal.h"

#include <inttypes.h>
#include <stdio.h>

#define DAY_S INT64_C(86400)
/* vendors renew by themselves some days before the end, at most */
#define AUTO_RENEW_DAYS 10

/* one of the two orders: whether what it was for was renewed */
enum part { PART_OPEN, PART_DONE, PART_NOT };

struct renewal {
    const struct cloud_instance *now;
    struct cc_vendor_task vm, disk;
    struct cc_buf *behind; /* disks that were to be renewed and were not, parted by commas */
    bool disks_moved;      /* some were */
};

/* how far the expiry before may be from what was written down */
static int64_t slack_s(const struct cc_case *c)
{
    return cc_kv_number(c->entry->before, "estimated") ? CC_ESTIMATE_S : 0;
}

/* whether the calendar could make @moved_s of the period */
static bool fits(const struct cc_case *c, int64_t moved_s)
{
    const char *text = cc_kv_find(c->entry->arena, c->entry->params, "period", 0, NULL);
    struct cloud_period p;
    int64_t least, most;

    if (!text || cloud_period_parse(text, &p, NULL))
        return false;
    least = p.unit == CLOUD_PERIOD_YEAR ? 365 : p.unit == CLOUD_PERIOD_MONTH ? 28 : 1;
    most = p.unit == CLOUD_PERIOD_YEAR ? 366 : p.unit == CLOUD_PERIOD_MONTH ? 31 : 1;
    return moved_s >= (p.count * least - 1) * DAY_S - slack_s(c) &&
           moved_s <= (p.count * most + 1) * DAY_S + slack_s(c);
}

/* expired before: the new term may begin when it was paid */
static bool moved_by_period(const struct cc_case *c, int64_t now_expires)
{
    const struct cc_entry *entry = c->entry;

    return fits(c, now_expires - entry->expires_before) ||
           (entry->expires_before < entry->sent_at && fits(c, now_expires - entry->sent_at));
}

static bool has_moved(const struct cc_case *c, const struct cloud_instance *now)
{
    return now->expires_at > c->entry->expires_before + slack_s(c);
}

bool cc_vendor_may_renew(const struct cc_entry *entry, int64_t by)
{
    return cc_kv_number(entry->before, "vendor_renews") &&
           by > entry->expires_before - AUTO_RENEW_DAYS * DAY_S;
}

/* the vendor may have renewed it by itself since */
static bool vendor_may_have(const struct cc_case *c)
{
    return cc_vendor_may_renew(c->entry, cloud_client_vendor_time(c->client));
}

static const struct cloud_disk *disk_of(const struct cloud_instance *instance, const char *id)
{
    for (size_t i = 0; i <= instance->data_disk_count; i++) {
        const struct cloud_disk *disk = i ? &instance->data_disks[i - 1] : &instance->system_disk;

        if (disk->id && strcmp(disk->id, id) == 0)
            return disk;
    }
    return NULL;
}

/* the disks that were to be renewed with the instance; those that are gone need it no more */
static int look_at_disks(struct cc_case *c, struct renewal *r, struct cloud_error *err)
{
    const char *before, *id;

    for (size_t n = 0;
         (before = cc_kv_find(c->entry->arena, c->entry->before, "disk_expires:", n, &id)); n++) {
        const struct cloud_disk *disk = disk_of(r->now, id);

        if (disk && disk->expires_at > strtoll(before, NULL, 10) + slack_s(c))
            r->disks_moved = true;
        else if (disk)
            cc_buf_puts_all(r->behind, r->behind->len ? "," : "", id, NULL);
    }
    return r->behind->failed ? cc_fail(err, CLOUD_ENOMEM, "out of memory") : CLOUD_OK;
}

/* "orderNumber" of an answer as cloud_invoke() writes it; NULL: it has none */
static const char *number_in(struct cc_arena *arena, const char *json)
{
    static const char name[] = "\"orderNumber\":\"";
    const char *at = json ? strstr(json, name) : NULL;

    at = at ? at + sizeof(name) - 1 : NULL;
    return at ? cc_arena_strndup(arena, at, strcspn(at, "\"")) : NULL;
}

/* orders one product for the same period; the code, and the new order */
static int order_again(struct cc_case *c, const char *product, const char *ids,
                       struct cc_vendor_task *ret_order, struct cloud_error *err)
{
    struct cc_send spend = { .journal = c->journal, .client = c->client, .entry = c->entry };
    const char *text = cc_kv_find(c->entry->arena, c->entry->params, "period", 0, NULL), *number;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    cc_auto_buf struct cc_buf json = { 0 };
    struct cloud_period period;
    int rc = cloud_period_parse(text ? text : "", &period, err);

    if (!rc) /* until this one is answered it is not known what became of it */
        rc = cc_order_keep(c->entry, product, "", err);
    cc_buf_printf(&json,
                  "{\"renewInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"%s\","
                  "\"instanceIds\":\"%s\",\"timeUnit\":\"%s\",\"timeSpan\":%d}}",
                  product, ids, period.unit == CLOUD_PERIOD_YEAR ? "YEAR" : "MONTH",
                  rc ? 0 : period.count);
    params.action = "renewInstance";
    params.parameters = cc_buf_text(&json);
    if (!rc)
        rc = cc_send_call(&spend, CLOUD_OP_INVOKE, &params, &result, err);
    number = rc ? NULL : number_in(c->entry->arena, result.json);
    cloud_result_clear(&result);
    if (!rc && number)
        rc = cc_order_keep(c->entry, product, number, err);
    return rc ? rc : cc_vendor_task_look(c, number, ret_order, err);
}

/* brings a renewal to its end of which the other half was done */
static int renew_rest(struct cc_case *c, const char *product, const char *ids,
                      struct cloud_error *err)
{
    const char *what = strcmp(product, CC_VM) == 0 ? "its disks were renewed, the instance was not"
                                                   : "the instance was renewed, its disks were not";
    struct cc_vendor_task order;
    int rc = order_again(c, product, ids, &order, err);

    if (rc == CLOUD_ENOMEM || rc == CLOUD_EJOURNAL)
        return rc;
    if (rc)
        return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                               "%s (%.150s): %.250s; renew the rest in the console, or mend that "
                               "and resolve again",
                               what, ids, err->message);
    if (order.state == CC_VENDOR_TASK_DONE)
        return cc_case_applied(c);
    return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                           "%s (%.150s): it was ordered again, order %.64s, of which the vendor "
                           "says: %.100s; see that it is paid, then resolve again",
                           what, ids, order.id, order.says);
}

/* the order of a part says neither that it was paid nor that it never will be */
static int not_yet(struct cc_case *c, const char *what, const struct cc_vendor_task *order)
{
    if (*order->id)
        return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                               "%s, and of order %.64s the vendor says: %.200s; resolve again "
                               "later, or look at it in the vendor's list of orders",
                               what, order->id, order->says);
    return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                           "%s, which may still change: resolve again in %d minutes%s%s", what,
                           15 + c->journal->lag_s / 60 + 1, *order->says ? "; " : "", order->says);
}

/* orders of that time are for it, and not all of them can be its own */
static int whose(struct cc_case *c, const char *what, const struct cc_vendor_task *order)
{
    bool vendors = cc_kv_number(c->entry->before, "vendor_renews");

    return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                           "its answer was lost, and which order of that time is its own is not "
                           "known: for %s there is %.200s, of which the vendor says: %.150s%s; "
                           "look at it in the vendor's list of orders",
                           what, order->id, order->says,
                           vendors ? ", and its automatic renewal may have made one" : "");
}

/* nothing is to be seen of a part */
static enum part unseen(struct cc_case *c, const struct cc_vendor_task *order)
{
    return order->state == CC_VENDOR_TASK_NONE && cc_case_in_time(c) ? PART_NOT : PART_OPEN;
}

static enum part judge_vm(struct cc_case *c, struct renewal *r)
{
    char from[CLOUD_TIME_MAX], to[CLOUD_TIME_MAX];

    if (r->vm.state == CC_VENDOR_TASK_DONE || r->vm.state == CC_VENDOR_TASK_FAILED)
        return r->vm.state == CC_VENDOR_TASK_DONE ? PART_DONE : PART_NOT;
    if (r->vm.state == CC_VENDOR_TASK_MAYBE) {
        whose(c, "the instance", &r->vm);
        return PART_OPEN;
    }
    if (!has_moved(c, r->now)) {
        not_yet(c, "the expiry has not moved yet", &r->vm);
        return unseen(c, &r->vm);
    }
    cloud_time_format(c->entry->expires_before, from);
    cloud_time_format(r->now->expires_at, to);
    if (moved_by_period(c, r->now->expires_at) && !vendor_may_have(c))
        return PART_DONE;
    cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN, "the expiry moved from %s to %s, %s%s%.64s", from, to,
                    vendor_may_have(c)
                        ? "but the vendor's automatic renewal is on and may have done it: look at "
                          "its list of orders"
                        : "which is not the period that was ordered: look at the vendor's list of "
                          "orders for who renewed it",
                    *r->vm.id ? ", at order " : "", r->vm.id);
    return PART_OPEN;
}

static enum part judge_disks(struct cc_case *c, struct renewal *r)
{
    if (r->disk.state == CC_VENDOR_TASK_DONE || r->disk.state == CC_VENDOR_TASK_FAILED)
        return r->disk.state == CC_VENDOR_TASK_DONE ? PART_DONE : PART_NOT;
    if (!r->behind->len)
        return PART_DONE;
    if (r->disk.state == CC_VENDOR_TASK_MAYBE) {
        whose(c, "its disks", &r->disk);
        return PART_OPEN;
    }
    not_yet(c, "the expiry of its disks has not moved yet", &r->disk);
    return unseen(c, &r->disk);
}

static int not_renewed(struct cc_case *c, const struct renewal *r)
{
    if (r->vm.state != CC_VENDOR_TASK_FAILED)
        return cc_case_verdict(c, CLOUD_JOURNAL_NOT_APPLIED,
                               "the expiry has not moved, and cannot move by it any more%s%s",
                               *r->vm.says ? "; " : "", r->vm.says);
    return cc_case_verdict(c, CLOUD_JOURNAL_NOT_APPLIED,
                           "order %.64s was not paid (%.40s), nothing was charged: see that the "
                           "account can pay, then renew again",
                           r->vm.id, r->vm.says);
}

static int renewed(struct cc_case *c, const struct renewal *r)
{
    const struct cc_vendor_task *given_back = strncmp(r->vm.says, "REFUND", 6) == 0     ? &r->vm
                                              : strncmp(r->disk.says, "REFUND", 6) == 0 ? &r->disk
                                                                                        : NULL;
    char text[200];

    if (given_back) {
        snprintf(text, sizeof(text), "order %.64s was paid, and money given back (%.40s)",
                 given_back->id, given_back->says);
        cc_entry_text(c->entry, &c->entry->warning, text);
    }
    return cc_case_applied(c);
}

/* the two parts together */
static int judge_parts(struct cc_case *c, struct renewal *r, struct cloud_error *err)
{
    bool has_disks = r->behind->len || r->disks_moved;
    enum part vm, disks;
    int rc = CLOUD_OK;

    if (has_moved(c, r->now))
        c->entry->expires_after = r->now->expires_at;
    vm = judge_vm(c, r);
    if (vm == PART_OPEN)
        return CLOUD_OK;
    if (!has_disks)
        return vm == PART_DONE ? renewed(c, r) : not_renewed(c, r);
    if (r->behind->len && r->disk.state == CC_VENDOR_TASK_NONE)
        rc = cc_order_search(c, CC_DISK, &r->disk, err);
    if (rc)
        return rc;
    disks = judge_disks(c, r);
    if (disks == PART_OPEN)
        return CLOUD_OK;
    if (vm == disks)
        return vm == PART_DONE ? renewed(c, r) : not_renewed(c, r);
    return vm == PART_DONE ? renew_rest(c, CC_DISK, cc_buf_text(r->behind), err)
                           : renew_rest(c, CC_VM, c->entry->instance_id, err);
}

/* the instance is there no more */
static int judge_gone(struct cc_case *c, const struct renewal *r)
{
    bool had_disks = cc_kv_find(c->entry->arena, c->entry->before, "disk_expires:", 0, NULL);

    if (r->vm.state == CC_VENDOR_TASK_DONE) {
        cc_entry_text(c->entry, &c->entry->warning,
                      "the instance is gone since; whether its disks were renewed is not known");
        return cc_case_applied(c);
    }
    if (r->vm.state == CC_VENDOR_TASK_FAILED &&
        (r->disk.state == CC_VENDOR_TASK_FAILED || !had_disks))
        return not_renewed(c, r);
    return cc_case_verdict(c, CLOUD_JOURNAL_UNKNOWN,
                           "the instance is gone: look at the vendor's list of orders%s%.64s",
                           *r->vm.id ? ", at order " : "", r->vm.id);
}

int cc_judge_renew(struct cc_case *c, struct cloud_error *err)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    cc_auto_buf struct cc_buf behind = { 0 };
    struct renewal r = { .behind = &behind };
    int rc = cc_vendor_task_look(c, cc_order_of(c->entry, CC_VM), &r.vm, err);

    if (!rc && r.vm.state == CC_VENDOR_TASK_NONE)
        rc = cc_order_search(c, CC_VM, &r.vm, err);
    if (!rc)
        rc = cc_vendor_task_look(c, cc_order_of(c->entry, CC_DISK), &r.disk, err);
    if (!rc)
        rc = cc_case_instance(c, &result, err);
    if (rc == CLOUD_ENOTFOUND) {
        rc = judge_gone(c, &r);
    } else if (!rc) {
        r.now = &result.instances[0];
        rc = look_at_disks(c, &r, err);
        if (!rc)
            rc = judge_parts(c, &r, err);
    }
    cloud_result_clear(&result);
    return rc;
}
