/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Injects every fault into every request of every operation, and compares the outcome that the
 * library reports with the state of the world.
 */
#include "tests/conformance/kit.h"

#include <string.h>

#include "cli/cli.h"

static const enum kit_fault wire_faults[] = { KIT_REFUSED,    KIT_RESET, KIT_LOST_BEFORE,
                                              KIT_LOST_AFTER, KIT_CUT,   KIT_GARBAGE,
                                              KIT_GATEWAY };

static void read_is_retried(struct kit *kit, const struct cloud_op_info *info)
{
    struct kit_params params;
    struct kit_call normal = { 0 }, call = { 0 };
    const char *id;

    if (!kit_begin(kit, "a read that fails once is sent again, once",
                   "networks fail for moments; more retries would make an outage worse",
                   "%s/read-again", info->word))
        return;
    id = kit_instance_for(kit, info->op);
    kit_usual_params(kit, info->op, id, &params);
    kit_proxy_reset();
    kit_call_op(kit, info->op, &params, &normal);
    for (size_t i = 0; !normal.code && normal.requests && i < KIT_COUNT(wire_faults); i++) {
        if (wire_faults[i] == KIT_GARBAGE)
            continue;
        kit_new_client(kit);
        kit_proxy_fault(wire_faults[i], normal.requests, normal.requests);
        kit_call_op(kit, info->op, &params, &call);
        KIT_CHECK(kit, !call.code, "after one %s it ended as %s: %s",
                  kit_fault_name(wire_faults[i]), cloud_code_name(call.code), call.err.message);
        KIT_CHECK(kit, call.requests == normal.requests + 1,
                  "after one %s it took %zu requests, not %zu", kit_fault_name(wire_faults[i]),
                  call.requests, normal.requests + 1);
    }
    kit_call_clear(&normal);
    kit_call_clear(&call);
    kit_end(kit);
}

static void read_gives_up(struct kit *kit)
{
    struct kit_call call = { 0 };

    if (!kit_begin(kit, "a read is given up after three attempts when the vendor is down",
                   "more retries would make an outage worse", "list/gives-up"))
        return;
    kit_new_client(kit);
    kit_proxy_fault(KIT_GATEWAY, 1, 0);
    kit_call_op(kit, CLOUD_OP_DESCRIBE_INSTANCES, NULL, &call);
    KIT_CHECK(kit, call.code == CLOUD_EVENDOR, "it ended as %s", cloud_code_name(call.code));
    KIT_CHECK(kit, !kit->no_defaults || call.requests == 3, "%zu attempts were made",
              call.requests);
    kit_call_clear(&call);
    kit_end(kit);
}

static const enum cloud_op changing[] = {
    CLOUD_OP_START_INSTANCE,
    CLOUD_OP_STOP_INSTANCE,
    CLOUD_OP_REBOOT_INSTANCE,
    CLOUD_OP_CREATE_INSTANCE,
    CLOUD_OP_RENEW_INSTANCE,
    CLOUD_OP_DELETE_INSTANCE,
    CLOUD_OP_MODIFY_INSTANCE_PASSWD,
    CLOUD_OP_UPGRADE_INSTANCE,
    CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE,
};

/* Returns whether instances and charges show that the operation was applied. */
static bool is_visible(enum cloud_op op)
{
    return op != CLOUD_OP_MODIFY_INSTANCE_PASSWD &&
           op != CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE && op != CLOUD_OP_REBOOT_INSTANCE;
}

static size_t count_handled(size_t from)
{
    size_t count = 0;

    for (size_t n = from; n < kit_proxy_count(); n++)
        count += kit_proxy_request(n) && kit_proxy_request(n)->handled &&
                 kit_proxy_request(n)->status == 200;
    return count;
}

static void check_outcome(struct kit *kit, enum cloud_op op, enum kit_fault fault,
                          const struct kit_call *call, bool changed)
{
    const char *name = kit_fault_name(fault), *outcome = cloud_outcome_name(call->err.outcome);

    KIT_CHECK(kit, call->code || call->err.outcome == CLOUD_APPLIED,
              "%s: success, but its outcome is %s", name, outcome);
    if (is_visible(op)) {
        KIT_CHECK(kit, call->err.outcome != CLOUD_NOT_APPLIED || !changed,
                  "%s: the outcome says not applied, but it was applied", name);
        KIT_CHECK(kit, call->err.outcome != CLOUD_APPLIED || changed,
                  "%s: the outcome says applied, but it was not applied", name);
    }
}

/* Lets changes end. A deleted or upgraded instance cannot be used by another case. */
static void advance_until_settled(struct kit *kit, enum cloud_op op, const char *id)
{
    kit_clock_advance(600000);
    if (id && (op == CLOUD_OP_DELETE_INSTANCE || op == CLOUD_OP_UPGRADE_INSTANCE))
        kit_remove_id(kit, id);
}

/* The fault meets the last request, which is the one that changes; those before it read or wait. */
static void change_with_fault(struct kit *kit, const struct cloud_op_info *info,
                              enum kit_fault fault, size_t requests, bool once)
{
    struct cloud_money before_total, after_total;
    struct kit_call call = { 0 };
    struct kit_params params;
    size_t before_count, after_count;
    bool ledger, changed, buys = info->op == CLOUD_OP_CREATE_INSTANCE;
    const char *id = buys ? NULL : kit_instance_for(kit, info->op), *before;

    if (!id && !buys)
        return;
    kit_usual_params(kit, info->op, id, &params);
    kit_new_client(kit);
    before = kit_account_state(kit);
    ledger = kit_ledger(kit, &before_count, &before_total);
    kit_proxy_fault(fault, requests, once ? requests : 0);
    kit_call_op(kit, info->op, &params, &call);
    kit_clock_advance(600000); /* until the change is visible */
    changed = strcmp(before, kit_account_state(kit)) != 0;
    check_outcome(kit, info->op, fault, &call, changed);
    if (fault == KIT_REFUSED || fault == KIT_RESET)
        KIT_CHECK(kit, once ? !call.code : changed || call.err.outcome == CLOUD_NOT_APPLIED,
                  "%s: the request was not delivered, but the call ended as %s %s, %s",
                  kit_fault_name(fault), cloud_code_name(call.code), call.err.message,
                  cloud_outcome_name(call.err.outcome));
    if (call.code && !once &&
        (fault == KIT_LOST_BEFORE || fault == KIT_LOST_AFTER || fault == KIT_CUT ||
         fault == KIT_GARBAGE))
        KIT_CHECK(kit, call.err.outcome == CLOUD_OUTCOME_UNKNOWN,
                  "%s: the outcome cannot be known, but the call says %s", kit_fault_name(fault),
                  cloud_outcome_name(call.err.outcome));
    if (fault >= KIT_LOST_BEFORE && fault <= KIT_GATEWAY && !(buys && kit_fact_text(kit, "token")))
        KIT_CHECK(kit, call.requests == requests,
                  "%s: sent again although it may be applied: %zu requests, not %zu",
                  kit_fault_name(fault), call.requests, requests);
    KIT_CHECK(kit, call.requests <= requests + 2, "%s: %zu requests", kit_fault_name(fault),
              call.requests);
    if (ledger && kit_ledger(kit, &after_count, &after_total) && buys)
        KIT_CHECK(kit, count_handled(requests - 1) <= 1 || after_count - before_count <= 2,
                  "%s: %zu charges for one order", kit_fault_name(fault),
                  after_count - before_count);
    kit_call_clear(&call);
    advance_until_settled(kit, info->op, id);
}

static size_t usual_requests(struct kit *kit, const struct cloud_op_info *info)
{
    bool buys = info->op == CLOUD_OP_CREATE_INSTANCE;
    const char *id = buys ? NULL : kit_instance_for(kit, info->op);
    struct kit_params params;
    struct kit_call call = { 0 };
    size_t requests;

    if (!id && !buys)
        return 0;
    kit_usual_params(kit, info->op, id, &params);
    kit_proxy_reset();
    kit_call_op(kit, info->op, &params, &call);
    KIT_CHECK(kit, !call.code, "without any fault it ended as %s: %s", cloud_code_name(call.code),
              call.err.message);
    requests = call.code ? 0 : call.requests;
    kit_add_created(kit, &call);
    advance_until_settled(kit, info->op, id);
    kit_call_clear(&call);
    return requests;
}

static void change_with_faults(struct kit *kit, const struct cloud_op_info *info)
{
    for (size_t i = 0; i < KIT_COUNT(wire_faults); i++) {
        size_t requests;

        if (!kit_begin(kit,
                       "the outcome of a change that met a fault is true, and the change was "
                       "charged at most once",
                       "with a wrong outcome a caller pays twice or loses an order", "%s/broken-%s",
                       info->word, kit_fault_name(wire_faults[i])))
            continue;
        requests = usual_requests(kit, info);
        if (requests) {
            change_with_fault(kit, info, wire_faults[i], requests, true);
            change_with_fault(kit, info, wire_faults[i], requests, false);
        }
        kit_end(kit);
    }
}

/* A throttled change was not processed, so it may be sent again. The facts have the vendor's error.
 */
static void throttled_is_retried(struct kit *kit, const struct cloud_op_info *info)
{
    yyjson_val *row = kit_fact(kit, "throttled");
    size_t requests;

    if (!row || !kit_begin(kit, "a throttled change is sent again", "the vendor did not process it",
                           "%s/throttled", info->word))
        return;
    requests = usual_requests(kit, info);
    if (requests) {
        const char *id =
            info->op == CLOUD_OP_CREATE_INSTANCE ? NULL : kit_instance_for(kit, info->op);
        struct kit_params params;
        struct kit_call call = { 0 };

        kit_usual_params(kit, info->op, id, &params);
        kit_new_client(kit);
        kit_proxy_error(yyjson_get_int(kit_at(row, "0")), yyjson_get_str(kit_at(row, "1")));
        kit_proxy_fault(KIT_VENDOR, requests, requests);
        kit_call_op(kit, info->op, &params, &call);
        KIT_CHECK(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code),
                  call.err.message);
        kit_call_clear(&call);
        advance_until_settled(kit, info->op, id);
    }
    kit_end(kit);
}

/* An error that no document lists does not prove a refusal, whatever the HTTP status is. */
static void unproven_with(struct kit *kit, const struct cloud_op_info *info, size_t requests,
                          int http, const char *code)
{
    const char *id = info->op == CLOUD_OP_CREATE_INSTANCE ? NULL : kit_instance_for(kit, info->op);
    ctl_auto_free char *body =
        kit_fill_in(kit_fact_text(kit, "errors.body"), http, code, "something went wrong");
    bool token = info->op == CLOUD_OP_CREATE_INSTANCE && kit_fact_text(kit, "token");
    struct kit_params params;
    struct kit_call call = { 0 };

    kit_usual_params(kit, info->op, id, &params);
    kit_new_client(kit);
    kit_proxy_error(http, body);
    kit_proxy_fault(KIT_VENDOR, requests, 0);
    kit_call_op(kit, info->op, &params, &call);
    KIT_CHECK(kit, call.code && call.err.outcome == CLOUD_OUTCOME_UNKNOWN,
              "%s behind HTTP %d ended as %s, %s", code, http, cloud_code_name(call.code),
              cloud_outcome_name(call.err.outcome));
    KIT_CHECK(kit, token || call.requests == requests,
              "after %s behind HTTP %d it took %zu requests, not %zu", code, http, call.requests,
              requests);
    kit_call_clear(&call);
    advance_until_settled(kit, info->op, id);
}

static void unproven(struct kit *kit, const struct cloud_op_info *info)
{
    static const int statuses[] = { 200, 400, 403 };
    const char *internal = kit_fact_text(kit, "errors.unproven");
    size_t requests;

    if (!kit_fact_text(kit, "errors.body") ||
        !kit_begin(kit, "an error of unknown meaning is an unknown outcome, and is not repeated",
                   "the vendor may have done it: a repetition pays twice", "%s/unknown-code",
                   info->word))
        return;
    requests = usual_requests(kit, info);
    for (size_t i = 0; requests && i < KIT_COUNT(statuses); i++) {
        unproven_with(kit, info, requests, statuses[i], "KitNoSuchCode");
        if (internal)
            unproven_with(kit, info, requests, statuses[i], internal);
    }
    kit_end(kit);
}

/* A purchase repeated with the same operation key must have the same client token, where the vendor
 * takes one. */
static void same_key_is_charged_once(struct kit *kit)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    struct cloud_money total;
    size_t before = 0, once = 0, twice = 0;
    const char *place = kit_fact_text(kit, "token");

    if (!place || !kit_begin(kit, "a purchase repeated with its operation key is charged once",
                             "the vendor recognises the repetition only by the same client token",
                             "create/same-key"))
        return;
    kit_usual_params(kit, CLOUD_OP_CREATE_INSTANCE, NULL, &params);
    kit_set(&params, CLOUD_PARAM_OPERATION_KEY, "kit-order-1");
    kit_ledger(kit, &before, &total);
    kit_call_op(kit, CLOUD_OP_CREATE_INSTANCE, &params, &call);
    KIT_CHECK(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code), call.err.message);
    kit_ledger(kit, &once, &total);
    kit_call_op(kit, CLOUD_OP_CREATE_INSTANCE, &params, &call);
    kit_ledger(kit, &twice, &total);
    KIT_CHECK(kit, once == twice, "%zu charges the first time, %zu the second", once - before,
              twice - once);
    kit_add_created(kit, &call);
    kit_call_clear(&call);
    kit_clock_advance(600000);
    kit_end(kit);
}

void kit_cases_faults(struct kit *kit)
{
    if (!kit->wire_seen)
        return;
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cloud_op_info *info = cloud_op_info((enum cloud_op)op);

        if (info->effect == CLOUD_READS && kit_offers(kit, info->op))
            read_is_retried(kit, info);
    }
    read_gives_up(kit);
    for (size_t i = 0; i < KIT_COUNT(changing); i++) {
        if (kit_offers(kit, changing[i])) {
            kit_empty_world(kit);
            change_with_faults(kit, cloud_op_info(changing[i]));
            throttled_is_retried(kit, cloud_op_info(changing[i]));
            unproven(kit, cloud_op_info(changing[i]));
        }
    }
    if (kit_offers(kit, CLOUD_OP_CREATE_INSTANCE))
        same_key_is_charged_once(kit);
}
