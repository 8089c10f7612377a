/* SPDX-License-Identifier: Apache-2.0 */
/* Checks that every operation succeeds, passes through the right states, and is refused in a wrong
 * state or for an unknown instance. */
#include "tests/conformance/kit.h"

#include <stdlib.h>
#include <string.h>

static void set_slow_transitions(struct kit *kit, bool slow)
{
    if (kit->has_control)
        free(kit_proxy_control(slow ? "POST" : "DELETE", "timeline",
                               slow ? "{\"transition\":\"*\",\"seconds\":20}" : NULL));
}

struct required_member {
    enum cloud_op op;
    const char *member; /* must have a value */
};

static const struct required_member required_members[] = {
    { CLOUD_OP_DESCRIBE_PRICE, "price.total.amount" },
    { CLOUD_OP_DESCRIBE_PRICE, "price.total.currency" },
    { CLOUD_OP_DESCRIBE_PRICE, "price.source" },
    { CLOUD_OP_DESCRIBE_PRICE, "price.covers" },
    { CLOUD_OP_DESCRIBE_RENEW_PRICE, "price.total.amount" },
    { CLOUD_OP_DESCRIBE_RENEW_PRICE, "price.period" },
    { CLOUD_OP_DESCRIBE_UPGRADE_PRICE, "price.total.amount" },
    { CLOUD_OP_CREATE_INSTANCE_DRY_RUN, "checks.0.name" },
    { CLOUD_OP_CREATE_INSTANCE_DRY_RUN, "checks.0.message" },
    { CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL, "console.url" },
    { CLOUD_OP_DESCRIBE_REGIONS, "regions.0.id" },
    { CLOUD_OP_DESCRIBE_REGIONS, "regions.0.zones.0.id" },
    { CLOUD_OP_DESCRIBE_INSTANCES, "instances.0.id" },
    { CLOUD_OP_DESCRIBE_INSTANCES, "instances.0.vendor_state" },
    { CLOUD_OP_DESCRIBE_INSTANCE, "instances.0.id" },
    { CLOUD_OP_DESCRIBE_INSTANCE, "instances.0.name" },
    { CLOUD_OP_DESCRIBE_INSTANCE, "instances.0.vendor_state" },
    { CLOUD_OP_DESCRIBE_DISKS, "disks.0.size_gb" },
    { CLOUD_OP_DESCRIBE_INSTANCE_TYPES, "types.0.cpu" },
    { CLOUD_OP_DESCRIBE_INSTANCE_TYPES, "types.0.memory_mb" },
    { CLOUD_OP_DESCRIBE_IMAGES, "images.0.id" },
    { CLOUD_OP_DESCRIBE_TASK, "task.state" },
};

static bool needs_instance(const struct cloud_op_info *info)
{
    return (info->required | info->optional) >> CLOUD_PARAM_INSTANCE_ID & 1 ||
           info->op == CLOUD_OP_DESCRIBE_INSTANCES;
}

static void read_succeeds(struct kit *kit, const struct cloud_op_info *info)
{
    struct kit_params params;
    struct kit_call first = { 0 }, second = { 0 };
    const char *id;

    if (!kit_begin(kit, "the operation returns what its documentation says", "callers rely on it",
                   "%s/happy", info->word))
        return;
    id = needs_instance(info) ? kit_instance_for(kit, info->op) : NULL;
    if (needs_instance(info) && !id) {
        kit_end(kit); /* kit_instance_for() has set the reason */
        return;
    }
    kit_usual_params(kit, info->op, id, &params);
    if (info->op == CLOUD_OP_DESCRIBE_DISKS)
        kit_set(&params, CLOUD_PARAM_INSTANCE_ID, id);
    kit_proxy_reset();
    kit_call_op(kit, info->op, &params, &first);
    KIT_CHECK(kit, !first.code, "%s declares it %s, but it ended as %s: %s", kit->provider,
              cloud_support_name(cloud_supports(kit->provider, info->op, NULL)),
              cloud_code_name(first.code), first.err.message);
    for (size_t i = 0; !first.code && i < KIT_COUNT(required_members); i++) {
        const char *text = required_members[i].op == info->op
                               ? kit_member(kit, &first, required_members[i].member)
                               : "-";

        KIT_CHECK(kit, *text && strcmp(text, "0") && strcmp(text, "unknown"), "%s is \"%s\"",
                  required_members[i].member, text);
    }
    kit_end(kit);
    if (!first.code && kit_begin(kit, "reading twice gives the same result",
                                 "a read must not change anything", "%s/idempotent", info->word)) {
        kit_call_op(kit, info->op, &params, &second);
        if (info->op != CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL) /* each call creates another URL */
            KIT_CHECK(kit, !strcmp(kit_result_text(kit, &first), kit_result_text(kit, &second)),
                      "first %s then %s", kit_result_text(kit, &first),
                      second.code ? second.err.message : kit_result_text(kit, &second));
        kit_end(kit);
    }
    kit_call_clear(&first);
    kit_call_clear(&second);
}

static const struct change {
    enum cloud_op op;
    enum cloud_instance_state transitional, final, refused_when;
} changes[] = {
    { CLOUD_OP_START_INSTANCE, CLOUD_STATE_STARTING, CLOUD_STATE_RUNNING, CLOUD_STATE_RUNNING },
    { CLOUD_OP_STOP_INSTANCE, CLOUD_STATE_STOPPING, CLOUD_STATE_STOPPED, CLOUD_STATE_STOPPED },
    { CLOUD_OP_REBOOT_INSTANCE, CLOUD_STATE_REBOOTING, CLOUD_STATE_RUNNING, CLOUD_STATE_STOPPED },
    { CLOUD_OP_MODIFY_INSTANCE_PASSWD, CLOUD_STATE_UPDATING, CLOUD_STATE_UNKNOWN,
      CLOUD_STATE_UNKNOWN },
    { CLOUD_OP_UPGRADE_INSTANCE, CLOUD_STATE_UPDATING, CLOUD_STATE_UNKNOWN, CLOUD_STATE_RUNNING },
    { CLOUD_OP_RENEW_INSTANCE, CLOUD_STATE_UNKNOWN, CLOUD_STATE_UNKNOWN, CLOUD_STATE_UNKNOWN },
    { CLOUD_OP_MODIFY_INSTANCE_AUTO_RENEW_ATTRIBUTE, CLOUD_STATE_UNKNOWN, CLOUD_STATE_UNKNOWN,
      CLOUD_STATE_UNKNOWN },
};

struct seen {
    enum cloud_instance_state states[16];
    size_t count;
    struct kit *kit;
};

static bool note_state(const struct cloud_result *now, void *user_data)
{
    struct seen *seen = user_data;
    enum cloud_instance_state state =
        now->instance_count ? now->instances[0].state : CLOUD_STATE_UNKNOWN;

    if (now->instance_count && seen->count < KIT_COUNT(seen->states) &&
        (!seen->count || seen->states[seen->count - 1] != state))
        seen->states[seen->count++] = state;
    return true;
}

/* Facts may name other transitional states: { "on_the_way": { "reboot": ["updating"] } }. */
static bool is_expected_state(struct kit *kit, const struct cloud_op_info *info,
                              const struct change *change, enum cloud_instance_state state)
{
    yyjson_val *others = kit_fact(kit, kit_text(kit, "on_the_way.%s", info->word)), *other;
    size_t i, count;

    if (state == change->transitional || cloud_state_is_settled(state))
        return true;
    yyjson_arr_foreach(others, i, count, other)
    {
        if (!strcmp(yyjson_get_str(other), cloud_instance_state_name(state)))
            return true;
    }
    return false;
}

static void check_states(struct kit *kit, const struct cloud_op_info *info,
                         const struct change *change, const char *id, const char *task_id)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    struct seen seen = { .kit = kit };

    params.instance_id = id;
    params.task_id = task_id;
    kit_proxy_pause(true);
    if (cloud_wait(kit->client, &params, 0, note_state, &seen, &result, &err))
        kit_fail(kit, "waiting for the change failed: %s", err.message);
    kit_proxy_pause(false);
    cloud_result_clear(&result);
    for (size_t i = 0; i < seen.count; i++)
        KIT_CHECK(kit, is_expected_state(kit, info, change, seen.states[i]),
                  "meanwhile its state was %s", cloud_instance_state_name(seen.states[i]));
    if (change->final)
        KIT_CHECK(kit, kit_state(kit, id) == change->final, "its final state is %s, not %s",
                  cloud_instance_state_name(kit_state(kit, id)),
                  cloud_instance_state_name(change->final));
}

static void change_succeeds(struct kit *kit, const struct change *change)
{
    const struct cloud_op_info *info = cloud_op_info(change->op);
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id, *before;

    if (!kit_begin(kit, "the operation does what its documentation says, through its own states",
                   "callers rely on it, and a wrong state misleads them", "%s/happy", info->word))
        return;
    id = kit_instance_for(kit, change->op);
    if (id) {
        kit_usual_params(kit, change->op, id, &params);
        before = kit_account_state(kit);
        set_slow_transitions(kit, true);
        kit_proxy_reset();
        kit_call_op(kit, change->op, &params, &call);
        KIT_CHECK(kit, !call.code, "%s declares it %s, but it ended as %s: %s", kit->provider,
                  cloud_support_name(cloud_supports(kit->provider, change->op, NULL)),
                  cloud_code_name(call.code), call.err.message);
        KIT_CHECK(kit, call.code || call.err.outcome == CLOUD_APPLIED, "its outcome is %s",
                  cloud_outcome_name(call.err.outcome));
        if (!call.code)
            check_states(kit, info, change, id, call.result.task_id);
        set_slow_transitions(kit, false);
        kit_clock_advance(600000); /* also ends work that no state shows */
        if (change->op == CLOUD_OP_UPGRADE_INSTANCE)
            kit_remove_id(kit, id);
        if (change->op == CLOUD_OP_START_INSTANCE || change->op == CLOUD_OP_STOP_INSTANCE)
            KIT_CHECK(kit, strcmp(before, kit_account_state(kit)), "the account has not changed");
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void wrong_state_is_refused(struct kit *kit, const struct change *change)
{
    const struct cloud_op_info *info = cloud_op_info(change->op);
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id, *before;

    if (!change->refused_when)
        return;
    if (!kit_begin(
            kit,
            "in a state that does not allow it, it is refused as CLOUD_ESTATE and changes nothing",
            "a caller then waits, or starts or stops the instance", "%s/wrong-state", info->word))
        return;
    id = kit_instance_for(kit, change->op);
    if (id && kit_bring_to(kit, id, change->refused_when)) {
        before = kit_account_state(kit);
        kit_usual_params(kit, change->op, id, &params);
        kit_proxy_reset();
        kit_call_op(kit, change->op, &params, &call);
        if (!call.code && kit_fact(kit, kit_text(kit, "forgiving.%s", info->word)))
            kit_skip(kit, "%s", kit_fact_text(kit, kit_text(kit, "forgiving.%s", info->word)));
        else
            KIT_CHECK(kit, call.code == CLOUD_ESTATE, "on a %s instance it ended as %s %s",
                      cloud_instance_state_name(change->refused_when), cloud_code_name(call.code),
                      call.err.message);
        KIT_CHECK(kit, !call.code || call.err.outcome == CLOUD_NOT_APPLIED, "its outcome is %s",
                  cloud_outcome_name(call.err.outcome));
        KIT_CHECK(kit, !call.code || !strcmp(before, kit_account_state(kit)),
                  "refused, but the account has changed");
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void absent_is_not_found(struct kit *kit, const struct cloud_op_info *info)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id;

    if (!(info->required >> CLOUD_PARAM_INSTANCE_ID & 1) && info->op != CLOUD_OP_DESCRIBE_TASK)
        return;
    if (!kit_begin(kit, "an instance that does not exist is CLOUD_ENOTFOUND",
                   "a caller then stops billing for it", "%s/absent", info->word))
        return;
    id = kit_instance_for(kit, info->op);
    if (id) {
        kit_usual_params(kit, info->op, id, &params);
        kit_set(&params, CLOUD_PARAM_INSTANCE_ID, kit_absent_id(kit, id));
        kit_proxy_reset();
        kit_call_op(kit, info->op, &params, &call);
        KIT_CHECK(kit, call.code == CLOUD_ENOTFOUND, "it ended as %s %s",
                  cloud_code_name(call.code), call.err.message);
        KIT_CHECK(kit, call.err.outcome == CLOUD_NOT_APPLIED, "its outcome is %s",
                  cloud_outcome_name(call.err.outcome));
        KIT_CHECK(kit, call.err.message[0], "the error has no message");
    }
    kit_call_clear(&call);
    kit_end(kit);
}

/* Only a prepaid instance has an expiry that a renewal can move. */
static void renew_on_demand_is_refused(struct kit *kit)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id, *before;

    if (!kit_offers(kit, CLOUD_OP_RENEW_INSTANCE) ||
        !kit_begin(kit, "a postpaid instance is not renewed: CLOUD_ESTATE, and nothing is charged",
                   "the customer did not order a term", "renew/on-demand"))
        return;
    id = kit_instance_paid(kit, CLOUD_OP_RENEW_INSTANCE, false);
    if (id) {
        before = kit_account_state(kit);
        kit_usual_params(kit, CLOUD_OP_RENEW_INSTANCE, id, &params);
        kit_proxy_reset();
        kit_call_op(kit, CLOUD_OP_RENEW_INSTANCE, &params, &call);
        KIT_CHECK(kit, call.code == CLOUD_ESTATE, "it ended as %s %s", cloud_code_name(call.code),
                  call.err.message);
        KIT_CHECK(kit, !strcmp(before, kit_account_state(kit)), "the account has changed");
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void create_succeeds(struct kit *kit)
{
    static const enum cloud_param echoed[] = {
        CLOUD_PARAM_NAME,      CLOUD_PARAM_INSTANCE_TYPE, CLOUD_PARAM_IMAGE_ID,
        CLOUD_PARAM_SUBNET_ID, CLOUD_PARAM_CPU,
    };
    struct kit_params params, about = { 0 };
    struct kit_call call = { 0 };
    const char *id;

    if (!kit_begin(kit, "a new instance has the name and the parameters that were ordered",
                   "the customer paid for them", "create/happy"))
        return;
    kit_usual_params(kit, CLOUD_OP_CREATE_INSTANCE, NULL, &params);
    id = kit_buy(kit, false);
    if (id) {
        kit_set(&about, CLOUD_PARAM_INSTANCE_ID, id);
        kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCE, &about, &call);
        KIT_CHECK(kit, !call.code, "it cannot be described: %s", call.err.message);
        KIT_CHECK(kit, !strcmp(kit_member(kit, &call, "instances.0.state"), "running"),
                  "its state is %s", kit_member(kit, &call, "instances.0.vendor_state"));
        for (size_t i = 0; !call.code && i < KIT_COUNT(echoed); i++) {
            const char *name = cloud_param_info(echoed[i])->name,
                       *given = kit_get(&params, echoed[i]);
            const char *shown = kit_member(kit, &call, kit_text(kit, "instances.0.%s", name));

            KIT_CHECK(kit, !given || !*shown || !strcmp(shown, "0") || !strcmp(shown, given),
                      "%s was ordered as %s, but is %s", name, given, shown);
        }
        KIT_CHECK(kit, !strcmp(kit_member(kit, &call, "instances.0.charge_mode"), "postpaid"),
                  "its charge mode is %s", kit_member(kit, &call, "instances.0.charge_mode"));
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void create_prepaid_succeeds(struct kit *kit)
{
    struct kit_params about = { 0 };
    struct kit_call call = { 0 };
    const char *id;

    if (!kit_begin(kit, "an instance that was bought for a period is shown as prepaid",
                   "renewals and refunds depend on it", "create/prepaid"))
        return;
    id = kit_buy(kit, true);
    if (id) {
        kit_set(&about, CLOUD_PARAM_INSTANCE_ID, id);
        kit_call_op_directly(kit, CLOUD_OP_DESCRIBE_INSTANCE, &about, &call);
        KIT_CHECK(kit, !strcmp(kit_member(kit, &call, "instances.0.charge_mode"), "prepaid"),
                  "its charge mode is \"%s\"", kit_member(kit, &call, "instances.0.charge_mode"));
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void delete_succeeds(struct kit *kit)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id;

    if (!kit_begin(kit, "a deleted instance is deleted, or is being deleted",
                   "otherwise the customer pays for it", "delete/happy"))
        return;
    id = kit_buy(kit, false);
    if (id && kit_fact_text(kit, "state.delete") &&
        !strcmp(kit_fact_text(kit, "state.delete"), "stopped"))
        kit_bring_to(kit, id, CLOUD_STATE_STOPPED);
    if (id) {
        kit_usual_params(kit, CLOUD_OP_DELETE_INSTANCE, id, &params);
        kit_proxy_reset();
        kit_call_op(kit, CLOUD_OP_DELETE_INSTANCE, &params, &call);
        KIT_CHECK(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code),
                  call.err.message);
        KIT_CHECK(kit, call.code || call.err.outcome == CLOUD_APPLIED, "its outcome is %s",
                  cloud_outcome_name(call.err.outcome));
        if (!call.code) {
            enum cloud_instance_state state;

            kit_wait(kit, call.result.task_id ? kit_text(kit, "%s", call.result.task_id) : NULL, id,
                     &call);
            state = kit_state(kit, id);
            KIT_CHECK(kit,
                      state == CLOUD_STATE_DELETED || state == CLOUD_STATE_DELETING ||
                          state == CLOUD_STATE_EXPIRED,
                      "it is still %s", cloud_instance_state_name(state));
            kit_remove_id(kit, id);
        }
    }
    kit_call_clear(&call);
    kit_end(kit);
}

/* Vendors refuse to delete a prepaid instance. The facts name those that do not ("forgiving"). */
static void delete_prepaid_is_refused(struct kit *kit)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id;

    if (!kit_begin(kit,
                   "a prepaid instance is not deleted by mistake: CLOUD_ESTATE, and it "
                   "is still there",
                   "the money would be lost", "delete/prepaid"))
        return;
    id = kit_instance_for(kit, CLOUD_OP_RENEW_INSTANCE);
    if (id) {
        kit_usual_params(kit, CLOUD_OP_DELETE_INSTANCE, id, &params);
        kit_proxy_reset();
        kit_call_op(kit, CLOUD_OP_DELETE_INSTANCE, &params, &call);
        if (!call.code && kit_fact_text(kit, "forgiving.delete"))
            kit_skip(kit, "%s", kit_fact_text(kit, "forgiving.delete"));
        else
            KIT_CHECK(kit, call.code == CLOUD_ESTATE, "it ended as %s %s",
                      cloud_code_name(call.code), call.err.message);
    }
    kit_call_clear(&call);
    kit_end(kit);
}

void kit_cases_life(struct kit *kit)
{
    if (kit_offers(kit, CLOUD_OP_CREATE_INSTANCE)) {
        create_succeeds(kit);
        create_prepaid_succeeds(kit);
    }
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cloud_op_info *info = cloud_op_info((enum cloud_op)op);

        if (info->effect == CLOUD_READS && kit_offers(kit, info->op))
            read_succeeds(kit, info);
    }
    for (size_t i = 0; i < KIT_COUNT(changes); i++) {
        bool spends = cloud_op_info(changes[i].op)->effect == CLOUD_SPENDS;

        if (kit_offers(kit, changes[i].op) && !(kit->options.real && spends)) {
            change_succeeds(kit, &changes[i]);
            wrong_state_is_refused(kit, &changes[i]);
        }
    }
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        if (kit_offers(kit, (enum cloud_op)op) &&
            !(kit->options.real && cloud_op_info((enum cloud_op)op)->effect == CLOUD_SPENDS))
            absent_is_not_found(kit, cloud_op_info((enum cloud_op)op));
    }
    if (!kit->options.real)
        renew_on_demand_is_refused(kit);
    if (kit_offers(kit, CLOUD_OP_DELETE_INSTANCE)) {
        delete_succeeds(kit);
        delete_prepaid_is_refused(kit);
    }
}
