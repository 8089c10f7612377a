/* SPDX-License-Identifier: Apache-2.0 */
/* What every operation does when all is well, through which states it goes, and what it answers
 * when it is not its time. */
#include "tests/conformance/kit.h"

#include <stdlib.h>
#include <string.h>

static void slow_down(struct kit *kit, bool slow)
{
    if (kit->control)
        free(kit_proxy_control(slow ? "POST" : "DELETE", "timeline",
                               slow ? "{\"transition\":\"*\",\"seconds\":20}" : NULL));
}

struct wanted {
    enum cloud_op op;
    const char *member; /* that must say something */
};

static const struct wanted wanted_members[] = {
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

/* to have something to show */
static bool needs_instance(const struct cloud_op_info *info)
{
    return (info->required | info->optional) >> CLOUD_PARAM_INSTANCE_ID & 1 ||
           info->op == CLOUD_OP_DESCRIBE_INSTANCES;
}

static void read_happily(struct kit *kit, const struct cloud_op_info *info)
{
    struct kit_params params;
    struct kit_call first = { 0 }, second = { 0 };
    const char *id;

    if (!kit_begin(kit, "the operation answers what its page says", "it is what callers rely on",
                   "%s/happy", info->word))
        return;
    id = needs_instance(info) ? kit_instance_for(kit, info->op) : NULL;
    if (needs_instance(info) && !id) {
        kit_end(kit); /* it says why */
        return;
    }
    kit_usual(kit, info->op, id, &params);
    if (info->op == CLOUD_OP_DESCRIBE_DISKS)
        kit_set(&params, CLOUD_PARAM_INSTANCE_ID, id);
    kit_proxy_reset();
    kit_ask(kit, info->op, &params, &first);
    KIT_WANT(kit, !first.code, "%s declares it %s, and it ends as %s: %s", kit->provider,
             cloud_support_name(cloud_supports(kit->provider, info->op, NULL)),
             cloud_code_name(first.code), first.err.message);
    for (size_t i = 0; !first.code && i < KIT_COUNT(wanted_members); i++) {
        const char *text = wanted_members[i].op == info->op
                               ? kit_member(kit, &first, wanted_members[i].member)
                               : "-";

        KIT_WANT(kit, *text && strcmp(text, "0") && strcmp(text, "unknown"), "%s is \"%s\"",
                 wanted_members[i].member, text);
    }
    kit_end(kit);
    if (!first.code &&
        kit_begin(kit, "reading twice gives the same answer", "what only looks must change nothing",
                  "%s/idempotent", info->word)) {
        kit_ask(kit, info->op, &params, &second);
        if (info->op !=
            CLOUD_OP_DESCRIBE_INSTANCE_VNC_URL) /* a console's address is made anew each time */
            KIT_WANT(kit, !strcmp(kit_digest(kit, &first), kit_digest(kit, &second)),
                     "first %s then %s", kit_digest(kit, &first),
                     second.code ? second.err.message : kit_digest(kit, &second));
        kit_end(kit);
    }
    kit_call_clear(&first);
    kit_call_clear(&second);
}

static const struct change {
    enum cloud_op op;
    enum cloud_instance_state on_the_way, ends, refused_when;
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

/* facts may name other states on the way: { "on_the_way": { "reboot": ["updating"] } } */
static bool may_pass(struct kit *kit, const struct cloud_op_info *info, const struct change *change,
                     enum cloud_instance_state state)
{
    yyjson_val *others = kit_fact(kit, kit_text(kit, "on_the_way.%s", info->word)), *other;
    size_t i, count;

    if (state == change->on_the_way || cloud_state_is_settled(state))
        return true;
    yyjson_arr_foreach(others, i, count, other)
    {
        if (!strcmp(yyjson_get_str(other), cloud_instance_state_name(state)))
            return true;
    }
    return false;
}

static void follow(struct kit *kit, const struct cloud_op_info *info, const struct change *change,
                   const char *id, const char *task_id)
{
    struct cloud_params params = CLOUD_PARAMS_INIT;
    struct cloud_result result = CLOUD_RESULT_INIT;
    struct cloud_error err;
    struct seen seen = { .kit = kit };

    params.instance_id = id;
    params.task_id = task_id;
    kit_proxy_quiet(true);
    if (cloud_wait(kit->client, &params, 0, note_state, &seen, &result, &err))
        kit_fail(kit, "waiting for its end failed: %s", err.message);
    kit_proxy_quiet(false);
    cloud_result_clear(&result);
    for (size_t i = 0; i < seen.count; i++)
        KIT_WANT(kit, may_pass(kit, info, change, seen.states[i]), "on the way it was %s",
                 cloud_instance_state_name(seen.states[i]));
    if (change->ends)
        KIT_WANT(kit, kit_state(kit, id) == change->ends, "it ended %s, not %s",
                 cloud_instance_state_name(kit_state(kit, id)),
                 cloud_instance_state_name(change->ends));
}

static void change_happily(struct kit *kit, const struct change *change)
{
    const struct cloud_op_info *info = cloud_op_info(change->op);
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id, *before;

    if (!kit_begin(kit, "the operation does what its page says, through the states of its kind",
                   "it is what callers rely on; a state that does not belong there misleads them",
                   "%s/happy", info->word))
        return;
    id = kit_instance_for(kit, change->op);
    if (id) {
        kit_usual(kit, change->op, id, &params);
        before = kit_truth(kit);
        slow_down(kit, true);
        kit_proxy_reset();
        kit_ask(kit, change->op, &params, &call);
        KIT_WANT(kit, !call.code, "%s declares it %s, and it ends as %s: %s", kit->provider,
                 cloud_support_name(cloud_supports(kit->provider, change->op, NULL)),
                 cloud_code_name(call.code), call.err.message);
        KIT_WANT(kit, call.code || call.err.outcome == CLOUD_APPLIED, "its outcome is %s",
                 cloud_outcome_name(call.err.outcome));
        if (!call.code)
            follow(kit, info, change, id, call.result.task_id);
        slow_down(kit, false);
        kit_clock_advance(600000); /* work that shows in no state ends too */
        if (change->op == CLOUD_OP_UPGRADE_INSTANCE)
            kit_forget(kit, id);
        if (change->op == CLOUD_OP_START_INSTANCE || change->op == CLOUD_OP_STOP_INSTANCE)
            KIT_WANT(kit, strcmp(before, kit_truth(kit)), "nothing has changed");
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void refused_now(struct kit *kit, const struct change *change)
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
            "a caller then waits or brings the instance into another state", "%s/wrong-state",
            info->word))
        return;
    id = kit_instance_for(kit, change->op);
    if (id && kit_bring_to(kit, id, change->refused_when)) {
        before = kit_truth(kit);
        kit_usual(kit, change->op, id, &params);
        kit_proxy_reset();
        kit_ask(kit, change->op, &params, &call);
        if (!call.code && kit_fact(kit, kit_text(kit, "forgiving.%s", info->word)))
            kit_skip(kit, "%s", kit_fact_text(kit, kit_text(kit, "forgiving.%s", info->word)));
        else
            KIT_WANT(kit, call.code == CLOUD_ESTATE, "on a %s instance it ended as %s %s",
                     cloud_instance_state_name(change->refused_when), cloud_code_name(call.code),
                     call.err.message);
        KIT_WANT(kit, !call.code || call.err.outcome == CLOUD_NOT_APPLIED, "its outcome is %s",
                 cloud_outcome_name(call.err.outcome));
        KIT_WANT(kit, !call.code || !strcmp(before, kit_truth(kit)),
                 "refused, but something has changed");
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void absent(struct kit *kit, const struct cloud_op_info *info)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id;

    if (!(info->required >> CLOUD_PARAM_INSTANCE_ID & 1) && info->op != CLOUD_OP_DESCRIBE_TASK)
        return;
    if (!kit_begin(kit, "an instance that is not there is CLOUD_ENOTFOUND",
                   "a caller then stops billing for it", "%s/absent", info->word))
        return;
    id = kit_instance_for(kit, info->op);
    if (id) {
        kit_usual(kit, info->op, id, &params);
        kit_set(&params, CLOUD_PARAM_INSTANCE_ID, kit_absent(kit, id));
        kit_proxy_reset();
        kit_ask(kit, info->op, &params, &call);
        KIT_WANT(kit, call.code == CLOUD_ENOTFOUND, "it ended as %s %s", cloud_code_name(call.code),
                 call.err.message);
        KIT_WANT(kit, call.err.outcome == CLOUD_NOT_APPLIED, "its outcome is %s",
                 cloud_outcome_name(call.err.outcome));
        KIT_WANT(kit, call.err.message[0], "the error has no message");
    }
    kit_call_clear(&call);
    kit_end(kit);
}

/* time is bought for what is paid in advance; an instance on demand has none to be added to */
static void renew_on_demand(struct kit *kit)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id, *before;

    if (!kit_offers(kit, CLOUD_OP_RENEW_INSTANCE) ||
        !kit_begin(kit,
                   "an instance that is paid on demand is not renewed: CLOUD_ESTATE, and nothing "
                   "is charged",
                   "it would buy what the customer did not order", "renew/on-demand"))
        return;
    id = kit_instance_paid(kit, CLOUD_OP_RENEW_INSTANCE, false);
    if (id) {
        before = kit_truth(kit);
        kit_usual(kit, CLOUD_OP_RENEW_INSTANCE, id, &params);
        kit_proxy_reset();
        kit_ask(kit, CLOUD_OP_RENEW_INSTANCE, &params, &call);
        KIT_WANT(kit, call.code == CLOUD_ESTATE, "it ended as %s %s", cloud_code_name(call.code),
                 call.err.message);
        KIT_WANT(kit, !strcmp(before, kit_truth(kit)), "something has changed");
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void create_happily(struct kit *kit)
{
    static const enum cloud_param told[] = {
        CLOUD_PARAM_NAME,      CLOUD_PARAM_INSTANCE_TYPE, CLOUD_PARAM_IMAGE_ID,
        CLOUD_PARAM_SUBNET_ID, CLOUD_PARAM_CPU,
    };
    struct kit_params params, about = { 0 };
    struct kit_call call = { 0 };
    const char *id;

    if (!kit_begin(kit, "what was bought is there under its name, as it was ordered",
                   "it is what the customer paid for", "create/happy"))
        return;
    kit_usual(kit, CLOUD_OP_CREATE_INSTANCE, NULL, &params);
    id = kit_buy(kit, false);
    if (id) {
        kit_set(&about, CLOUD_PARAM_INSTANCE_ID, id);
        kit_look(kit, CLOUD_OP_DESCRIBE_INSTANCE, &about, &call);
        KIT_WANT(kit, !call.code, "it cannot be shown: %s", call.err.message);
        KIT_WANT(kit, !strcmp(kit_member(kit, &call, "instances.0.state"), "running"), "it is %s",
                 kit_member(kit, &call, "instances.0.vendor_state"));
        for (size_t i = 0; !call.code && i < KIT_COUNT(told); i++) {
            const char *name = cloud_param_info(told[i])->name, *given = kit_get(&params, told[i]);
            const char *shown = kit_member(kit, &call, kit_text(kit, "instances.0.%s", name));

            KIT_WANT(kit, !given || !*shown || !strcmp(shown, "0") || !strcmp(shown, given),
                     "%s was ordered as %s and is %s", name, given, shown);
        }
        KIT_WANT(kit, !strcmp(kit_member(kit, &call, "instances.0.charge_mode"), "postpaid"),
                 "it is charged as %s", kit_member(kit, &call, "instances.0.charge_mode"));
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void create_prepaid(struct kit *kit)
{
    struct kit_params about = { 0 };
    struct kit_call call = { 0 };
    const char *id;

    if (!kit_begin(kit, "what was bought for a period is shown as paid in advance",
                   "renewals and refunds depend on it", "create/prepaid"))
        return;
    id = kit_buy(kit, true);
    if (id) {
        kit_set(&about, CLOUD_PARAM_INSTANCE_ID, id);
        kit_look(kit, CLOUD_OP_DESCRIBE_INSTANCE, &about, &call);
        KIT_WANT(kit, !strcmp(kit_member(kit, &call, "instances.0.charge_mode"), "prepaid"),
                 "it is charged as \"%s\"", kit_member(kit, &call, "instances.0.charge_mode"));
    }
    kit_call_clear(&call);
    kit_end(kit);
}

static void delete_happily(struct kit *kit)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id;

    if (!kit_begin(kit, "what was deleted is gone, or on its way",
                   "a customer pays for what is not", "delete/happy"))
        return;
    id = kit_buy(kit, false);
    if (id && kit_fact_text(kit, "state.delete") &&
        !strcmp(kit_fact_text(kit, "state.delete"), "stopped"))
        kit_bring_to(kit, id, CLOUD_STATE_STOPPED);
    if (id) {
        kit_usual(kit, CLOUD_OP_DELETE_INSTANCE, id, &params);
        kit_proxy_reset();
        kit_ask(kit, CLOUD_OP_DELETE_INSTANCE, &params, &call);
        KIT_WANT(kit, !call.code, "it ended as %s: %s", cloud_code_name(call.code),
                 call.err.message);
        KIT_WANT(kit, call.code || call.err.outcome == CLOUD_APPLIED, "its outcome is %s",
                 cloud_outcome_name(call.err.outcome));
        if (!call.code) {
            enum cloud_instance_state state;

            kit_wait(kit, call.result.task_id ? kit_text(kit, "%s", call.result.task_id) : NULL, id,
                     &call);
            state = kit_state(kit, id);
            KIT_WANT(kit,
                     state == CLOUD_STATE_DELETED || state == CLOUD_STATE_DELETING ||
                         state == CLOUD_STATE_EXPIRED,
                     "it is still %s", cloud_instance_state_name(state));
            kit_forget(kit, id);
        }
    }
    kit_call_clear(&call);
    kit_end(kit);
}

/* a vendor keeps what was paid for; one that does not says so in its facts */
static void delete_prepaid(struct kit *kit)
{
    struct kit_params params;
    struct kit_call call = { 0 };
    const char *id;

    if (!kit_begin(kit,
                   "an instance that is paid for is not deleted by mistake: CLOUD_ESTATE, and it "
                   "is still there",
                   "the money would be gone", "delete/prepaid"))
        return;
    id = kit_instance_for(kit, CLOUD_OP_RENEW_INSTANCE);
    if (id) {
        kit_usual(kit, CLOUD_OP_DELETE_INSTANCE, id, &params);
        kit_proxy_reset();
        kit_ask(kit, CLOUD_OP_DELETE_INSTANCE, &params, &call);
        if (!call.code && kit_fact_text(kit, "forgiving.delete"))
            kit_skip(kit, "%s", kit_fact_text(kit, "forgiving.delete"));
        else
            KIT_WANT(kit, call.code == CLOUD_ESTATE, "it ended as %s %s",
                     cloud_code_name(call.code), call.err.message);
    }
    kit_call_clear(&call);
    kit_end(kit);
}

void kit_cases_life(struct kit *kit)
{
    if (kit_offers(kit, CLOUD_OP_CREATE_INSTANCE)) {
        create_happily(kit);
        create_prepaid(kit);
    }
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        const struct cloud_op_info *info = cloud_op_info((enum cloud_op)op);

        if (info->effect == CLOUD_READS && kit_offers(kit, info->op))
            read_happily(kit, info);
    }
    for (size_t i = 0; i < KIT_COUNT(changes); i++) {
        bool spends = cloud_op_info(changes[i].op)->effect == CLOUD_SPENDS;

        if (kit_offers(kit, changes[i].op) && !(kit->options.real && spends)) {
            change_happily(kit, &changes[i]);
            refused_now(kit, &changes[i]);
        }
    }
    for (int op = 0; op < CLOUD_OP__COUNT; op++) {
        if (kit_offers(kit, (enum cloud_op)op) &&
            !(kit->options.real && cloud_op_info((enum cloud_op)op)->effect == CLOUD_SPENDS))
            absent(kit, cloud_op_info((enum cloud_op)op));
    }
    if (!kit->options.real)
        renew_on_demand(kit);
    if (kit_offers(kit, CLOUD_OP_DELETE_INSTANCE)) {
        delete_happily(kit);
        delete_prepaid(kit);
    }
}
