/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Decides whether a renewal was applied: by the vendor's order, if its number is known, else by the
 * expiry before and now. No other operation of this journal changed the instance in between. JD
 * Cloud's renewal service accepts one product a request, so a renewal has an order for the instance
 * and one for its disks. A renewal that was applied in part is completed.
 */
#include "journal/journal.h"

#include <stdio.h>

#define DAY_S INT64_C(86400)
/* a vendor's automatic renewal runs at most so many days before the end */
#define AUTO_RENEW_DAYS 10

/* the outcome of one of the two orders */
enum part { PART_OPEN, PART_DONE, PART_NOT };

struct renewal {
    const struct cloud_instance *now;
    struct cc_vendor_task vm, disk;
    struct cc_buf *unrenewed; /* disks whose expiry has not changed, separated by commas */
    bool has_renewed_disks;
};

/* how much the expiry before may differ from the observed one */
static int64_t tolerance_s(const struct cc_settlement *s)
{
    return cc_kv_number(s->entry->before, "estimated") ? CC_CALENDAR_TOLERANCE_S : 0;
}

/* whether @difference_s can be the ordered period; months and years vary, and a day is tolerated */
static bool is_period(const struct cc_settlement *s, int64_t difference_s)
{
    const char *text = cc_kv_find(s->entry->arena, s->entry->params, "period", 0, NULL);
    struct cloud_period p;
    int64_t least, most;

    if (!text || cloud_period_parse(text, &p, NULL))
        return false;
    least = p.unit == CLOUD_PERIOD_YEAR ? 365 : p.unit == CLOUD_PERIOD_MONTH ? 28 : 1;
    most = p.unit == CLOUD_PERIOD_YEAR ? 366 : p.unit == CLOUD_PERIOD_MONTH ? 31 : 1;
    return difference_s >= (p.count * least - 1) * DAY_S - tolerance_s(s) &&
           difference_s <= (p.count * most + 1) * DAY_S + tolerance_s(s);
}

/* The new term of an expired instance may begin when the renewal was paid. */
static bool changed_by_period(const struct cc_settlement *s, int64_t now_expires)
{
    const struct cc_entry *entry = s->entry;

    return is_period(s, now_expires - entry->expires_before) ||
           (entry->expires_before < entry->sent_at && is_period(s, now_expires - entry->sent_at));
}

static bool expiry_has_changed(const struct cc_settlement *s, const struct cloud_instance *now)
{
    return now->expires_at > s->entry->expires_before + tolerance_s(s);
}

bool cc_auto_renew_may_have_run(const struct cc_entry *entry, int64_t by)
{
    return cc_kv_number(entry->before, "vendor_renews") &&
           by > entry->expires_before - AUTO_RENEW_DAYS * DAY_S;
}

/* whether the vendor's automatic renewal may have renewed it since */
static bool auto_renew_may_have_run(const struct cc_settlement *s)
{
    return cc_auto_renew_may_have_run(s->entry, cloud_client_vendor_time(s->client));
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

/* Compares the disks that should be renewed with the instance. A deleted disk needs no renewal. */
static int compare_disks(struct cc_settlement *s, struct renewal *r, struct cloud_error *err)
{
    const char *before, *id;

    for (size_t n = 0;
         (before = cc_kv_find(s->entry->arena, s->entry->before, "disk_expires:", n, &id)); n++) {
        const struct cloud_disk *disk = disk_of(r->now, id);

        if (disk && disk->expires_at > strtoll(before, NULL, 10) + tolerance_s(s))
            r->has_renewed_disks = true;
        else if (disk)
            cc_buf_puts_all(r->unrenewed, r->unrenewed->len ? "," : "", id, NULL);
    }
    return r->unrenewed->failed ? cc_fail(err, CLOUD_ENOMEM, "out of memory") : CLOUD_OK;
}

/* returns "orderNumber" of a reply as cloud_invoke() writes it; NULL: there is none */
static const char *number_in(struct cc_arena *arena, const char *json)
{
    static const char name[] = "\"orderNumber\":\"";
    const char *at = json ? strstr(json, name) : NULL;

    at = at ? at + sizeof(name) - 1 : NULL;
    return at ? cc_arena_strndup(arena, at, strcspn(at, "\"")) : NULL;
}

/* orders one product again for the same period, and reads the new order */
static int order_again(struct cc_settlement *s, const char *product, const char *ids,
                       struct cc_vendor_task *ret_order, struct cloud_error *err)
{
    struct cc_send send = { .journal = s->journal, .client = s->client, .entry = s->entry };
    const char *text = cc_kv_find(s->entry->arena, s->entry->params, "period", 0, NULL), *number;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_params params = CLOUD_PARAMS_INIT;
    cc_auto_buf struct cc_buf json = { 0 };
    struct cloud_period period;
    int rc = cloud_period_parse(text ? text : "", &period, err);

    if (!rc) /* no number is known until the vendor replies */
        rc = cc_order_add(s->entry, product, "", err);
    cc_buf_printf(&json,
                  "{\"renewInstanceParam\":{\"appCode\":\"jcloud\",\"serviceCode\":\"%s\","
                  "\"instanceIds\":\"%s\",\"timeUnit\":\"%s\",\"timeSpan\":%d}}",
                  product, ids, period.unit == CLOUD_PERIOD_YEAR ? "YEAR" : "MONTH",
                  rc ? 0 : period.count);
    params.action = "renewInstance";
    params.parameters = cc_buf_text(&json);
    if (!rc)
        rc = cc_send_call(&send, CLOUD_OP_INVOKE, &params, &result, err);
    number = rc ? NULL : number_in(s->entry->arena, result.json);
    cloud_result_clear(&result);
    if (!rc && number)
        rc = cc_order_add(s->entry, product, number, err);
    return rc ? rc : cc_vendor_task_read(s, number, ret_order, err);
}

/* completes a renewal of which the other part was applied */
static int renew_other_part(struct cc_settlement *s, const char *product, const char *ids,
                            struct cloud_error *err)
{
    const char *what = strcmp(product, CC_VM) == 0 ? "its disks were renewed, the instance was not"
                                                   : "the instance was renewed, its disks were not";
    struct cc_vendor_task order;
    int rc = order_again(s, product, ids, &order, err);

    if (rc == CLOUD_ENOMEM || rc == CLOUD_EJOURNAL)
        return rc;
    if (rc)
        return cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN,
                                    "%s (%.150s): %.250s; renew the rest in the console, or fix "
                                    "the cause and resolve again",
                                    what, ids, err->message);
    if (order.state == CC_VENDOR_TASK_DONE)
        return cc_settlement_applied(s);
    return cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN,
                                "%s (%.150s): it was ordered again, and order %.64s is %.100s; pay "
                                "that order, then resolve again",
                                what, ids, order.id, order.vendor_state);
}

/* decides unknown: the order of a part is neither paid nor failed */
static int decide_open(struct cc_settlement *s, const char *what,
                       const struct cc_vendor_task *order)
{
    if (*order->id)
        return cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN,
                                    "%s, and the state of order %.64s is: %.200s; resolve again "
                                    "later, or look at it in the vendor's list of orders",
                                    what, order->id, order->vendor_state);
    return cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN, "%s: resolve again in %d minutes%s%s",
                                what, cc_settlement_wait_minutes(s),
                                *order->vendor_state ? "; " : "", order->vendor_state);
}

/* decides unknown: there are orders of that time, and not all can be of this renewal */
static int decide_ambiguous(struct cc_settlement *s, const char *what,
                            const struct cc_vendor_task *order)
{
    bool vendors = cc_kv_number(s->entry->before, "vendor_renews");

    return cc_settlement_decide(
        s, CLOUD_JOURNAL_UNKNOWN,
        "the reply was lost, and it is not known which order belongs to the renewal: for %s there "
        "is %.200s, in state %.150s%s; look at it in the vendor's list of orders",
        what, order->id, order->vendor_state,
        vendors ? ", and the automatic renewal may have made one" : "");
}

/* the outcome of a part without a visible effect */
static enum part part_without_effect(struct cc_settlement *s, const struct cc_vendor_task *order)
{
    return order->state == CC_VENDOR_TASK_NONE && cc_absence_is_evidence(s) ? PART_NOT : PART_OPEN;
}

static enum part instance_part(struct cc_settlement *s, struct renewal *r)
{
    char from[CLOUD_TIME_MAX], to[CLOUD_TIME_MAX];

    if (r->vm.state == CC_VENDOR_TASK_DONE || r->vm.state == CC_VENDOR_TASK_FAILED)
        return r->vm.state == CC_VENDOR_TASK_DONE ? PART_DONE : PART_NOT;
    if (r->vm.state == CC_VENDOR_TASK_AMBIGUOUS) {
        decide_ambiguous(s, "the instance", &r->vm);
        return PART_OPEN;
    }
    if (!expiry_has_changed(s, r->now)) {
        decide_open(s, "the expiry has not changed yet", &r->vm);
        return part_without_effect(s, &r->vm);
    }
    cloud_time_format(s->entry->expires_before, from);
    cloud_time_format(r->now->expires_at, to);
    if (changed_by_period(s, r->now->expires_at) && !auto_renew_may_have_run(s))
        return PART_DONE;
    cc_settlement_decide(
        s, CLOUD_JOURNAL_UNKNOWN, "the expiry changed from %s to %s, %s%s%.64s", from, to,
        auto_renew_may_have_run(s) ? "but the vendor's automatic renewal is on and may have "
                                     "changed it: look at the vendor's list of orders"
                                   : "which is not the period that was ordered: look at the "
                                     "vendor's list of orders for another renewal",
        *r->vm.id ? ", at order " : "", r->vm.id);
    return PART_OPEN;
}

static enum part disks_part(struct cc_settlement *s, struct renewal *r)
{
    if (r->disk.state == CC_VENDOR_TASK_DONE || r->disk.state == CC_VENDOR_TASK_FAILED)
        return r->disk.state == CC_VENDOR_TASK_DONE ? PART_DONE : PART_NOT;
    if (!r->unrenewed->len)
        return PART_DONE;
    if (r->disk.state == CC_VENDOR_TASK_AMBIGUOUS) {
        decide_ambiguous(s, "its disks", &r->disk);
        return PART_OPEN;
    }
    decide_open(s, "the expiry of the disks has not changed yet", &r->disk);
    return part_without_effect(s, &r->disk);
}

static int decide_not_applied(struct cc_settlement *s, const struct renewal *r)
{
    if (r->vm.state != CC_VENDOR_TASK_FAILED)
        return cc_settlement_decide(
            s, CLOUD_JOURNAL_NOT_APPLIED,
            "the expiry has not changed, and the request cannot change it any more%s%s",
            *r->vm.vendor_state ? "; " : "", r->vm.vendor_state);
    return cc_settlement_decide(s, CLOUD_JOURNAL_NOT_APPLIED,
                                "order %.64s was not paid (%.40s), and nothing was charged; add "
                                "money to the account, then renew again",
                                r->vm.id, r->vm.vendor_state);
}

static int decide_applied(struct cc_settlement *s, const struct renewal *r)
{
    const struct cc_vendor_task *refunded = strncmp(r->vm.vendor_state, "REFUND", 6) == 0 ? &r->vm
                                            : strncmp(r->disk.vendor_state, "REFUND", 6) == 0
                                                ? &r->disk
                                                : NULL;
    char text[200];

    if (refunded) {
        snprintf(
            text, sizeof(text),
            "order %.64s was paid and then refunded (%.40s); look at the vendor's list of orders",
            refunded->id, refunded->vendor_state);
        cc_entry_text(s->entry, &s->entry->warning, text);
    }
    return cc_settlement_applied(s);
}

/* decides from both parts */
static int settle_parts(struct cc_settlement *s, struct renewal *r, struct cloud_error *err)
{
    bool has_disks = r->unrenewed->len || r->has_renewed_disks;
    enum part vm, disks;
    int rc = CLOUD_OK;

    if (expiry_has_changed(s, r->now))
        s->entry->expires_after = r->now->expires_at;
    vm = instance_part(s, r);
    if (vm == PART_OPEN)
        return CLOUD_OK;
    if (!has_disks)
        return vm == PART_DONE ? decide_applied(s, r) : decide_not_applied(s, r);
    if (r->unrenewed->len && r->disk.state == CC_VENDOR_TASK_NONE)
        rc = cc_order_search(s, CC_DISK, &r->disk, err);
    if (rc)
        return rc;
    disks = disks_part(s, r);
    if (disks == PART_OPEN)
        return CLOUD_OK;
    if (vm == disks)
        return vm == PART_DONE ? decide_applied(s, r) : decide_not_applied(s, r);
    return vm == PART_DONE ? renew_other_part(s, CC_DISK, cc_buf_text(r->unrenewed), err)
                           : renew_other_part(s, CC_VM, s->entry->instance_id, err);
}

/* decides about an instance that does not exist any more */
static int settle_gone(struct cc_settlement *s, const struct renewal *r)
{
    bool had_disks = cc_kv_find(s->entry->arena, s->entry->before, "disk_expires:", 0, NULL);

    if (r->vm.state == CC_VENDOR_TASK_DONE) {
        cc_entry_text(s->entry, &s->entry->warning,
                      "the instance is gone, and it is not known whether its disks were renewed; "
                      "look at the vendor's list of orders");
        return cc_settlement_applied(s);
    }
    if (r->vm.state == CC_VENDOR_TASK_FAILED &&
        (r->disk.state == CC_VENDOR_TASK_FAILED || !had_disks))
        return decide_not_applied(s, r);
    return cc_settlement_decide(
        s, CLOUD_JOURNAL_UNKNOWN,
        "the instance does not exist any more: look at the vendor's list of orders%s%.64s",
        *r->vm.id ? ", at order " : "", r->vm.id);
}

/* An expiry that cannot be read is no evidence that it has not changed. */
static int decide_unreadable(struct cc_settlement *s)
{
    return cc_settlement_decide(s, CLOUD_JOURNAL_UNKNOWN,
                                "the expiry of the instance or of one of its disks is unreadable, "
                                "as the vendor returns it: look at it in the console, or resolve "
                                "again later");
}

int cc_settle_renew(struct cc_settlement *s, struct cloud_error *err)
{
    struct cloud_result result = CLOUD_RESULT_INIT;
    cc_auto_buf struct cc_buf unrenewed = { 0 };
    struct renewal r = { .unrenewed = &unrenewed };
    int rc = cc_vendor_task_read(s, cc_order_last(s->entry, CC_VM), &r.vm, err);

    if (!rc && r.vm.state == CC_VENDOR_TASK_NONE)
        rc = cc_order_search(s, CC_VM, &r.vm, err);
    if (!rc)
        rc = cc_vendor_task_read(s, cc_order_last(s->entry, CC_DISK), &r.disk, err);
    if (!rc)
        rc = cc_settlement_instance(s, &result, err);
    if (rc == CLOUD_ENOTFOUND) {
        rc = settle_gone(s, &r);
    } else if (!rc) {
        r.now = &result.instances[0];
        rc = cc_expiry_is_unreadable(r.now) ? decide_unreadable(s) : compare_disks(s, &r, err);
        if (!rc && !cc_expiry_is_unreadable(r.now))
            rc = settle_parts(s, &r, err);
    }
    cloud_result_clear(&result);
    return rc;
}
